/* layer 5: what one thread remembers from message to message; see model.h.
 *
 * Private to the model module. A message is cut into words, pairs and triples;
 * what a word adds up to, and what the characters about the blank between two
 * words do, is remembered. A processor waits a hundred times longer for memory
 * far away than for arithmetic, so the walk is cut into rounds over all tokens:
 * one finds out what memory will be needed, the next one uses it.
 *
 * Thread-safety: a struct mv_memo belongs to one thread at a time.
 */
#ifndef MV_MODEL_MEMO_H
#define MV_MODEL_MEMO_H

#include "model_parts.h"

/* What a token adds: by itself, with the one before it, with the two before
 * it, and its shares of frame and concepts; zeros where that came before. */
struct mv_gain {
    struct mv_weight words, chars, pair_words, pair_chars, triple;
    float frame, concept;
    bool again;       /* the word came before */
    uint32_t gram[2]; /* numbers of the weights of bigram and trigram */
    uint64_t joint;   /* key of the joint before the token */
};

struct mv_memo {
    const struct mv_model *model;
    uint32_t message; /* number of the one at hand, never 0 */
    bool is_crowded;  /* two of its words want the same entry */
    struct mv_tokens tokens;
    struct mv_keyset seen;
    void *memory; /* behind word, which is aligned */
    struct mv_memo_word *word;
    struct mv_memo_joint *joint;
    struct mv_piece *piece;
    struct mv_ngram *gram;
    struct mv_frame *frame;
    uint64_t *symbol;     /* see mv_feature_symbol */
    struct mv_gain *gain; /* and two of zeros behind the last */
    struct mv_part *part;
    uint32_t *kept;          /* tokens: a list on the way */
    size_t size;             /* tokens that the last seven have room for */
    double scale[MV_BLOCKS]; /* 1 / norm of the last message's blocks */
    double constant;         /* of the last message */
};

/* Sums over a message: of weights and squares, and what its words say. */
struct mv_memo_sums {
    struct {
        double v, q;
    } block[MV_BLOCKS];
    mv_lang_votes votes;
    size_t voters;
    bool is_canned; /* see mv_canned_match */
};

/* Walks over memo->tokens, at least one: fills in memo->gain, and adds up what
 * they add. sums: zeros. **Errors:** MV_NOMEM. */
enum mv_status mv_memo_walk(struct mv_memo *memo, struct mv_memo_sums *sums);

#endif
