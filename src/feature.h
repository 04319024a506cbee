/* layer 4: from the tokens of a message to hashed features.
 *
 * Five blocks, normalised apart: words (one token or two), characters (n-grams
 * of code points, inside words and across the blank between two), triples of
 * tokens, the frame (the first and last tokens of the message and of its
 * sentences, where a purpose is said more often than elsewhere), and concepts
 * (the same message with classes of words instead of words: "we look for a
 * nurse with experience" and "buscamos enfermera con experiencia" are nearly
 * one). A feature is a slot of a table of 2^bits, found by hashing (Weinberger
 * et al. 2009), so that no word is ever kept. Every feature is a function of
 * one token, of two neighbours or of three: a caller that scores many messages
 * can therefore remember what a word or a pair adds up to, and this interface
 * is cut along these three seams. Weighting is fitted elsewhere (model).
 *
 * Thread-safety: pure functions.
 */
#ifndef MV_FEATURE_H
#define MV_FEATURE_H

#include "arena.h"
#include "concept.h"
#include "lang.h"
#include "status.h"
#include "text.h"

#include <stddef.h>
#include <stdint.h>

enum mv_block {
    MV_BLOCK_WORD = 0, /* unigrams and bigrams of tokens */
    MV_BLOCK_CHAR,     /* n-grams of characters */
    MV_BLOCK_TRIPLE,   /* trigrams of tokens */
    MV_BLOCK_FRAME,    /* how the message and its sentences begin and end */
    MV_BLOCK_CONCEPT   /* n-grams of concepts */
};
enum { MV_BLOCKS = 5 };

/* What is extracted; part of a model file. */
struct mv_feature_options {
    uint64_t seed;     /* of the hash */
    uint32_t bits;     /* log2 of the number of slots, 10..22 */
    uint32_t word_max; /* word n-grams of 1..word_max, 1..3 */
    uint32_t char_min; /* character n-grams of char_min..char_max */
    uint32_t char_max; /* 1 <= char_min <= char_max <= 6 */
    uint64_t concepts; /* fingerprint of the lexicon (see concept.h); 0: no
                        * features of concepts */
};

/* The options that won the comparison told in models/README.md. */
struct mv_feature_options mv_feature_defaults(void);

/* **Errors:** MV_RANGE when an option is outside of its range, or the lexicon
 * is another one. */
enum mv_status mv_feature_check(const struct mv_feature_options *options,
                                struct mv_error *error);

/* One occurrence of a feature. */
struct mv_hit {
    uint32_t slot; /* < 2^bits */
    uint32_t block;
};

/* The most hits of one call below. A longer token is looked at up to
 * MV_FEATURE_TOKEN_MAX bytes. */
enum { MV_FEATURE_TOKEN_MAX = 64, MV_FEATURE_HITS = 512 };

/* A token ready for hashing: its bytes and their hash. at is borrowed; 8 bytes
 * behind the token can be read, too. */
struct mv_piece {
    const char *at;
    uint32_t len;  /* at most MV_FEATURE_TOKEN_MAX */
    uint32_t kind; /* enum mv_token_kind */
    uint64_t hash;
};

/* The piece of token i of a message. URLs and e-mail addresses each become
 * one and the same piece, so that a model knows that one is there and not
 * where it leads. */
struct mv_piece mv_feature_piece(const struct mv_feature_options *options,
                                 const struct mv_tokens *tokens, size_t i);

/* Mixes 64 bits (the finaliser of MurmurHash3). */
static inline uint64_t mv_feature_mix(uint64_t x)
{
    x ^= x >> 33;
    x *= UINT64_C(0xff51afd7ed558ccd);
    x ^= x >> 33;
    x *= UINT64_C(0xc4ceb9fe1a85ec53);
    x ^= x >> 33;
    return x;
}

/* Hash that identifies an ordered pair of pieces. */
static inline uint64_t mv_feature_pair_hash(uint64_t left, uint64_t right)
{
    return mv_feature_mix(left * UINT64_C(0x9E3779B97F4A7C15) + right);
}

/* What one token adds: its unigram, then the character n-grams inside of it.
 * hits: MV_FEATURE_HITS. Returns how many were written. */
size_t mv_feature_word(const struct mv_feature_options *options,
                       struct mv_piece piece, struct mv_hit *hits);

/* What two neighbours add: their bigram and the character n-grams that cross
 * the blank between them. */
size_t mv_feature_pair(const struct mv_feature_options *options,
                       struct mv_piece left, struct mv_piece right,
                       struct mv_hit *hits);

/* What three neighbours add: their trigram, from the hash of the first pair. */
size_t mv_feature_triple(const struct mv_feature_options *options,
                         uint64_t pair, struct mv_piece right,
                         struct mv_hit *hits);

/* --- the same for a whole message, and cut finer ---------------------------
 */

/* The pieces of all tokens. out: tokens->n. */
void mv_feature_pieces(const struct mv_feature_options *options,
                       const struct mv_tokens *tokens, struct mv_piece *out);

/* What ends at a token together with the one or two before it: the hashes that
 * identify the pair and the triple, and their n-grams of tokens. */
struct mv_ngram {
    uint64_t pair, triple;
    struct mv_hit hit[2]; /* bigram, trigram: features if word_max allows */
};

/* The grams of n pieces, from out[1] on; the triple of out[1] is no triple. */
void mv_feature_grams(const struct mv_feature_options *options,
                      const struct mv_piece *piece, size_t n,
                      struct mv_ngram *out);

/* The n-grams of characters that cross the blank between two neighbours: what
 * mv_feature_pair adds to their bigram. */
size_t mv_feature_joint(const struct mv_feature_options *options,
                        struct mv_piece left, struct mv_piece right,
                        struct mv_hit *hits);

/* Hashes of the first and the last characters of a piece: those that
 * mv_feature_joint looks at when it is the right or the left one. */
uint64_t mv_feature_head(const struct mv_feature_options *options,
                         struct mv_piece piece);
uint64_t mv_feature_tail(const struct mv_feature_options *options,
                         struct mv_piece piece);

/* A feature of the frame or of concepts: what identifies it, and the tokens it
 * is made of. */
struct mv_frame {
    uint64_t key;
    struct mv_hit hit;
    uint32_t first, last; /* tokens, first <= last */
};

/* How many frame features a message of n tokens can have. */
size_t mv_feature_frame_room(size_t n);

/* The frame features of a message of n pieces, in order; the same key may come
 * again. out: mv_feature_frame_room(n). Returns how many were written. */
size_t mv_feature_frame(const struct mv_feature_options *options,
                        const struct mv_piece *piece, size_t n,
                        struct mv_frame *out);

/* What a piece is in the sequence of concepts: its concept if it has one,
 * itself if it is a function word or no word, one and the same for all numbers
 * and one for all other words. */
uint64_t mv_feature_symbol(const struct mv_feature_options *options,
                           const struct mv_concept *concept,
                           const struct mv_lang *lang, struct mv_piece piece);

/* How many features of concepts a message of n tokens can have. */
size_t mv_feature_concept_room(size_t n);

/* The n-grams of n symbols, in order; the same key may come again.
 * out: mv_feature_concept_room(n). Returns how many were written. */
size_t mv_feature_concepts(const struct mv_feature_options *options,
                           const uint64_t *symbol, size_t n,
                           struct mv_frame *out);

#endif
