/* What words and joints of words add up to, and the walk over a message. */
#include "model_memo.h"

#include "canned.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

/* Both memories are as large as a core's own cache bears, and hold most words
 * and joints of a language: 15 in 16 and 7 in 8 look-ups of mixed messages. */
enum {
    WORD_SLOTS = 1 << 16,  /* words remembered */
    JOINT_SLOTS = 1 << 18, /* joints remembered */
    VOTING_WORDS = 255     /* see mv_lang_add */
};

/* What a word adds to the two blocks it has features in. One line of the
 * processor's cache, so that one fetch brings all of it. */
struct mv_memo_word {
    alignas(64) uint64_t key;
    struct mv_weight words, chars;
    uint64_t head, tail; /* see mv_feature_head */
    mv_lang_votes votes; /* its own */
    uint32_t met;        /* number of the message it was last met in; 0: none */
    uint32_t opens;      /* see mv_canned_opens */
    uint64_t symbol;     /* see mv_feature_symbol */
};

/* What the characters about the blank between two words add. */
struct mv_memo_joint {
    uint64_t key;
    struct mv_weight chars;
};

enum mv_status mv_memo_new(struct mv_memo **out, const struct mv_model *model)
{
    struct mv_memo *memo = calloc(1, sizeof *memo);
    size_t line;

    if (!memo)
        return MV_NOMEM;
    memo->model = model;
    /* calloc gives large memory without touching it; aligned_alloc can not. */
    memo->memory = calloc(WORD_SLOTS + 1, sizeof *memo->word);
    memo->joint = calloc(JOINT_SLOTS, sizeof *memo->joint);
    if (!memo->memory || !memo->joint) {
        mv_memo_free(memo);
        return MV_NOMEM;
    }
    line = alignof(struct mv_memo_word);
    memo->word =
        (struct mv_memo_word *)(void *)((char *)memo->memory + line -
                                        (uintptr_t)memo->memory % line);
    *out = memo;
    return MV_OK;
}

/* Frees what is as long as the message. */
static void free_message(struct mv_memo *memo)
{
    free(memo->piece);
    free(memo->gram);
    free(memo->frame);
    free(memo->symbol);
    free(memo->gain);
    free(memo->part);
    free(memo->kept);
    memo->piece = NULL;
    memo->gram = NULL;
    memo->frame = NULL;
    memo->symbol = NULL;
    memo->gain = NULL;
    memo->part = NULL;
    memo->kept = NULL;
    memo->size = 0;
}

void mv_memo_free(struct mv_memo *memo)
{
    if (!memo)
        return;
    mv_tokens_release(&memo->tokens);
    mv_keyset_release(&memo->seen);
    free(memo->memory);
    free(memo->joint);
    free_message(memo);
    free(memo);
}

/* How many features of frame and concepts a message of n tokens can have. */
static size_t frame_room(size_t n)
{
    return mv_feature_frame_room(n) + mv_feature_concept_room(n);
}

/* Makes room for the tokens of a message. */
static enum mv_status make_room(struct mv_memo *memo)
{
    size_t need = memo->tokens.n, size = memo->size ? memo->size : 64;

    if (need <= memo->size)
        return MV_OK;
    while (size < need)
        size *= 2;
    free_message(memo);
    memo->piece = malloc(size * sizeof *memo->piece);
    memo->gram = malloc(size * sizeof *memo->gram);
    memo->frame = malloc(frame_room(size) * sizeof *memo->frame);
    memo->symbol = malloc(size * sizeof *memo->symbol);
    memo->gain = malloc((size + 2) * sizeof *memo->gain);
    memo->part = malloc(size * sizeof *memo->part);
    memo->kept = malloc(size * sizeof *memo->kept);
    memo->size = size;
    if (memo->piece && memo->gram && memo->frame && memo->symbol &&
        memo->gain && memo->part && memo->kept)
        return MV_OK;
    free_message(memo);
    return MV_NOMEM;
}

/* --- what words and joints add up to -------------------------------------- */

/* The sum of the weights of hits, all of one block. In two rounds, so that the
 * processor waits for the memory of all hits at once. */
static struct mv_weight sum_hits(const struct mv_model *model,
                                 const struct mv_hit *hits, size_t n)
{
    const struct mv_weight *value = model->slots.value;
    uint32_t number[MV_FEATURE_HITS];
    struct mv_weight sum = {0, 0};

    for (size_t i = 0; i < n; i++) {
        number[i] = mv_model_number(model, hits[i]);
        __builtin_prefetch(&value[number[i]]);
    }
    for (size_t i = 0; i < n; i++) {
        sum.v += value[number[i]].v;
        sum.q += value[number[i]].q;
    }
    return sum;
}

static void learn_word(const struct mv_model *model, struct mv_memo_word *word,
                       struct mv_piece piece)
{
    const struct mv_feature_options *options = &model->features;
    struct mv_span text = {piece.at, piece.len};
    struct mv_hit hits[MV_FEATURE_HITS];
    size_t n = mv_feature_word(options, piece, hits);

    *word = (struct mv_memo_word){
        .key = piece.hash,
        .words = sum_hits(model, hits, 1),
        .chars = sum_hits(model, hits + 1, n - 1),
        .head = mv_feature_head(options, piece),
        .tail = mv_feature_tail(options, piece),
        .opens = mv_canned_opens(text),
        .symbol =
            mv_feature_symbol(options, model->concept, model->lang, piece),
    };
    if (piece.kind == MV_TOKEN_WORD)
        word->votes = mv_lang_add(0, mv_lang_word(model->lang, text));
}

/* The entry of a word; *again: whether the message has met it before, unless
 * the message is crowded. */
static const struct mv_memo_word *
recall_word(struct mv_memo *memo, const struct mv_piece *piece, bool *again)
{
    struct mv_memo_word *word = &memo->word[piece->hash & (WORD_SLOTS - 1)];

    *again = word->met == memo->message;
    if (!word->met || word->key != piece->hash) {
        memo->is_crowded |= *again;
        *again = false;
        learn_word(memo->model, word, *piece);
    }
    word->met = memo->message;
    return word;
}

static struct mv_weight recall_joint(struct mv_memo *memo, uint64_t key,
                                     const struct mv_piece *right)
{
    struct mv_memo_joint *joint = &memo->joint[key & (JOINT_SLOTS - 1)];
    struct mv_hit hits[MV_FEATURE_HITS];
    size_t n;

    if (joint->key == key)
        return joint->chars;
    n = mv_feature_joint(&memo->model->features, right[-1], *right, hits);
    joint->chars = sum_hits(memo->model, hits, n);
    joint->key = key;
    return joint->chars;
}

/* --- one message ---------------------------------------------------------- */

static void add(struct mv_memo_sums *sums, enum mv_block block,
                struct mv_weight w)
{
    sums->block[block].v += (double)w.v;
    sums->block[block].q += (double)w.q;
}

/* What a word says besides its weights: a language, and that a text of
 * LinkedIn's own may begin here. */
static void heed_word(struct mv_memo *memo, size_t i,
                      const struct mv_memo_word *word,
                      struct mv_memo_sums *sums)
{
    if (memo->piece[i].kind == MV_TOKEN_WORD && sums->voters < VOTING_WORDS) {
        sums->votes += word->votes;
        sums->voters++;
    }
    if (word->opens && !sums->is_canned)
        sums->is_canned = mv_canned_match_at(&memo->tokens, i, word->opens);
}

/* What every token is by itself, but nothing where it came before. */
static void walk_words(struct mv_memo *memo, struct mv_memo_sums *sums)
{
    uint64_t tail = 0;

    for (size_t i = 0; i < memo->tokens.n; i++) {
        struct mv_gain *gain = &memo->gain[i];
        const struct mv_memo_word *word =
            recall_word(memo, &memo->piece[i], &gain->again);

        memo->symbol[i] = word->symbol;
        gain->joint = mv_feature_pair_hash(tail, word->head);
        __builtin_prefetch(&memo->joint[gain->joint & (JOINT_SLOTS - 1)]);
        tail = word->tail;
        heed_word(memo, i, word, sums);
        if (gain->again)
            continue;
        gain->words = word->words;
        gain->chars = word->chars;
    }
}

/* Finds the words that came before in a crowded message. */
static void drop_repeats(struct mv_memo *memo)
{
    for (size_t i = 0; i < memo->tokens.n; i++) {
        struct mv_gain *gain = &memo->gain[i];

        gain->again = !mv_keyset_add(&memo->seen, memo->piece[i].hash);
        if (gain->again)
            gain->words = gain->chars = (struct mv_weight){0, 0};
    }
}

/* Whether two neighbours came before, each of them: only then can a pair come
 * again. */
static bool has_repeats(const struct mv_memo *memo)
{
    for (size_t i = 1; i < memo->tokens.n; i++)
        if (memo->gain[i].again && memo->gain[i - 1].again)
            return true;
    return false;
}

/* What neighbours are together. Returns whether two pairs in a row came before:
 * only then can a triple come again. */
static bool walk_pairs(struct mv_memo *memo, bool may_come_again)
{
    bool again = false, last_again = false;

    for (size_t i = 1; i < memo->tokens.n; i++) {
        struct mv_gain *gain = &memo->gain[i];

        if (may_come_again && !mv_keyset_add(&memo->seen, memo->gram[i].pair)) {
            again |= last_again;
            last_again = true;
            continue;
        }
        last_again = false;
        gain->pair_chars = recall_joint(memo, gain->joint, &memo->piece[i]);
        gain->pair_words = memo->model->slots.value[gain->gram[0]];
    }
    return again;
}

static void walk_triples(struct mv_memo *memo, bool may_come_again)
{
    for (size_t i = 2; i < memo->tokens.n; i++) {
        struct mv_gain *gain = &memo->gain[i];

        if (!may_come_again || mv_keyset_add(&memo->seen, memo->gram[i].triple))
            gain->triple = memo->model->slots.value[gain->gram[1]];
    }
}

/* Adds n features of frame or concepts, each shared among its tokens. */
static void add_frame(struct mv_memo *memo, size_t n, struct mv_memo_sums *sums)
{
    for (size_t i = 0; i < n; i++) {
        const struct mv_frame *frame = &memo->frame[i];
        struct mv_weight weight = mv_model_weight(memo->model, frame->hit);
        float share = weight.v / (float)(frame->last - frame->first + 1);

        if (!mv_keyset_add(&memo->seen, frame->key))
            continue;
        add(sums, (enum mv_block)frame->hit.block, weight);
        for (size_t k = frame->first; k <= frame->last; k++)
            if (frame->hit.block == MV_BLOCK_FRAME)
                memo->gain[k].frame += share;
            else
        memo->gain[k].concept += share;
    }
}

/* Cuts the message into features. Returns how many the frame has. */
static size_t cut(struct mv_memo *memo)
{
    const struct mv_feature_options *options = &memo->model->features;
    size_t n = memo->tokens.n;

    mv_feature_pieces(options, &memo->tokens, memo->piece);
    for (size_t i = 0; i < n; i++)
        __builtin_prefetch(&memo->word[memo->piece[i].hash & (WORD_SLOTS - 1)]);
    mv_feature_grams(options, memo->piece, n, memo->gram);
    return mv_feature_frame(options, memo->piece, n, memo->frame);
}

/* Looks up which bigrams (which = 0) or trigrams (1) have a weight, and has
 * these weights fetched. Most have none, and which is not to be foreseen:
 * hence lists instead of branches. */
static void look_up_grams(struct mv_memo *memo, size_t which)
{
    const struct mv_model *model = memo->model;
    size_t kept = 0;

    for (size_t i = which + 1; i < memo->tokens.n; i++)
        mv_model_prefetch(model, memo->gram[i].hit[which]);
    for (size_t i = which + 1; i < memo->tokens.n; i++) {
        memo->kept[kept] = (uint32_t)i;
        kept += mv_model_has(model, memo->gram[i].hit[which]);
    }
    for (size_t k = 0; k < kept; k++) {
        size_t i = memo->kept[k];
        uint32_t number = mv_model_number(model, memo->gram[i].hit[which]);

        memo->gain[i].gram[which] = number;
        __builtin_prefetch(&model->slots.value[number]);
    }
}

/* The same for n features of frame or concepts from the first on: moves those
 * that have a weight behind the kept ones before it, and returns how many are
 * kept then. */
static size_t look_up_frame(struct mv_memo *memo, size_t first, size_t n)
{
    const struct mv_model *model = memo->model;
    size_t kept = first;

    for (size_t i = first; i < first + n; i++)
        mv_model_prefetch(model, memo->frame[i].hit);
    for (size_t i = first; i < first + n; i++) {
        memo->frame[kept] = memo->frame[i];
        kept += mv_model_has(model, memo->frame[i].hit);
    }
    for (size_t i = first; i < kept; i++)
        __builtin_prefetch(
            &model->slots.value[mv_model_number(model, memo->frame[i].hit)]);
    return kept;
}

/* Gives the message a number; when they start anew, no word may seem to have
 * been met already. */
static void start_message(struct mv_memo *memo)
{
    memo->is_crowded = false;
    if (++memo->message)
        return;
    memset(memo->word, 0, WORD_SLOTS * sizeof *memo->word);
    memo->message = 1;
}

enum mv_status mv_memo_walk(struct mv_memo *memo, struct mv_memo_sums *sums)
{
    const struct mv_gain *gain;
    size_t n = memo->tokens.n, keys = 3 * n + frame_room(n), frames;
    bool again;

    if (make_room(memo) != MV_OK || mv_keyset_begin(&memo->seen, keys) != MV_OK)
        return MV_NOMEM;
    start_message(memo);
    frames = look_up_frame(memo, 0, cut(memo));
    memset(memo->gain, 0, (n + 2) * sizeof *memo->gain);
    for (uint32_t gram = 2; gram <= memo->model->features.word_max; gram++)
        look_up_grams(memo, gram - 2);
    walk_words(memo, sums);
    frames =
        look_up_frame(memo, frames,
                      mv_feature_concepts(&memo->model->features, memo->symbol,
                                          n, memo->frame + frames));
    if (memo->is_crowded)
        drop_repeats(memo);
    again = walk_pairs(memo, has_repeats(memo));
    walk_triples(memo, again);
    for (gain = memo->gain; gain < memo->gain + n; gain++) {
        add(sums, MV_BLOCK_WORD, gain->words);
        add(sums, MV_BLOCK_CHAR, gain->chars);
        add(sums, MV_BLOCK_WORD, gain->pair_words);
        add(sums, MV_BLOCK_CHAR, gain->pair_chars);
        add(sums, MV_BLOCK_TRIPLE, gain->triple);
    }
    add_frame(memo, frames, sums);
    return MV_OK;
}
