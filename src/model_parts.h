/* layer 5: what the files of the model module share; see model.h.
 *
 * Thread-safety: as model.h.
 */
#ifndef MV_MODEL_PARTS_H
#define MV_MODEL_PARTS_H

#include "model.h"
#include "svm.h"
#include "text.h"

/* One slot: what a hit adds to the score and to the squared norm. */
struct mv_weight {
    float v, q;
};

/* 32 slots: which of them have a weight, and which number the first of these
 * weights has. */
struct mv_slot_group {
    uint32_t used, rank;
};

/* The weights of the slots that were met in training, one in ten or fewer: a
 * bit a slot, and behind it the weights in the order of their slots. Most
 * look-ups end at a bit, and all of it stays near the processor. */
struct mv_slots {
    struct mv_slot_group *group; /* size / 32 */
    struct mv_weight *value;     /* from 1 to n; value[0] is of all others */
    size_t size, n, room;
    size_t ranked; /* groups whose rank is known */
};

/* size: of slots, a multiple of 32; at first all are without a weight.
 * **Errors:** MV_NOMEM. **Owns:** the caller, until mv_slots_release. */
enum mv_status mv_slots_init(struct mv_slots *slots, size_t size);
/* Makes room for n weights in all. **Errors:** MV_NOMEM. */
enum mv_status mv_slots_reserve(struct mv_slots *slots, size_t n);
/* Gives the next slot its weight; slots rise, and there is room. */
void mv_slots_put(struct mv_slots *slots, size_t slot, struct mv_weight weight);
void mv_slots_release(struct mv_slots *slots);

static inline bool mv_slots_has(const struct mv_slots *slots, size_t slot)
{
    return slots->group[slot / 32].used >> slot % 32 & 1;
}

/* How many bits of x are set (the compiler's own is a call). */
static inline uint32_t mv_slots_count(uint32_t x)
{
    x = x - (x >> 1 & 0x55555555);
    x = (x & 0x33333333) + (x >> 2 & 0x33333333);
    return ((x + (x >> 4)) & 0x0f0f0f0f) * 0x01010101 >> 24;
}

/* The number of a slot's weight; 0 when it has none. Without a branch, which
 * would be guessed wrong, and cost a wait for the memory behind it. */
static inline uint32_t mv_slots_number(const struct mv_slots *slots,
                                       size_t slot)
{
    struct mv_slot_group group = slots->group[slot / 32];
    uint32_t bit = (uint32_t)1 << slot % 32;
    uint32_t has = 0 - (group.used >> slot % 32 & 1);
    uint32_t number = group.rank + mv_slots_count(group.used & (bit - 1));

    return number & has;
}

struct mv_model {
    struct mv_feature_options features;
    struct mv_slots slots; /* MV_BLOCKS tables of 2^bits, block by block */
    double bias;
    struct mv_calibration calibration;
    struct mv_fit_record record;
    struct mv_text *text;
    struct mv_lang *lang;
    struct mv_concept *concept;
};

/* A model without weights, its tables made. **Errors:** MV_NOMEM. */
enum mv_status mv_model_new(struct mv_model **out,
                            struct mv_feature_options features);

static inline size_t mv_model_slot(const struct mv_model *model,
                                   struct mv_hit hit)
{
    return ((size_t)hit.block << model->features.bits) + hit.slot;
}

/* Has what says whether a hit has a weight fetched. */
static inline void mv_model_prefetch(const struct mv_model *model,
                                     struct mv_hit hit)
{
    __builtin_prefetch(&model->slots.group[mv_model_slot(model, hit) / 32]);
}

/* Whether a hit has a weight. */
static inline bool mv_model_has(const struct mv_model *model, struct mv_hit hit)
{
    return mv_slots_has(&model->slots, mv_model_slot(model, hit));
}

/* The number of a hit's weight, 0 when it has none, and the weight. */
static inline uint32_t mv_model_number(const struct mv_model *model,
                                       struct mv_hit hit)
{
    return mv_slots_number(&model->slots, mv_model_slot(model, hit));
}

static inline struct mv_weight mv_model_weight(const struct mv_model *model,
                                               struct mv_hit hit)
{
    return model->slots.value[mv_model_number(model, hit)];
}

/* Of the message that memo scored last: its tokens, and what token i of them
 * adds to the score. Borrowed from memo until its next use. */
const struct mv_tokens *mv_memo_tokens(const struct mv_memo *memo);
double mv_memo_adds(const struct mv_memo *memo, size_t i);

/* The slot of token i among the single words; false when it is no word. */
bool mv_model_word_slot(const struct mv_feature_options *features,
                        const struct mv_tokens *tokens, size_t i,
                        uint32_t *slot);

/* Fills the record's unseen_mean and unseen_sd from the tokens of n examples
 * and the groups that keep to one fold. **Errors:** MV_NOMEM. */
enum mv_status mv_model_note_unseen(struct mv_model *model,
                                    const struct mv_tokens *tokens, size_t n,
                                    const int *group);

/* A set of 64-bit keys that is emptied in no time: the keys of one message. */
struct mv_keyset {
    uint64_t *key;
    uint32_t *stamp;
    uint32_t now;
    size_t size; /* a power of two */
};

/* Empties the set and makes room for n keys. **Errors:** MV_NOMEM. */
enum mv_status mv_keyset_begin(struct mv_keyset *set, size_t n);
/* Adds a key; false when it was there. */
bool mv_keyset_add(struct mv_keyset *set, uint64_t key);
void mv_keyset_release(struct mv_keyset *set);

/* The training matrix: messages as sparse rows over the features that occur. */
struct mv_matrix {
    struct mv_rows rows; /* values: how often, as floats */
    size_t *start;       /* the arrays behind rows */
    uint32_t *index;
    float *count;
    uint32_t *hit; /* dims: block << bits | slot of each column */
    uint32_t bits;
};

/* Builds the matrix of n token lists: distinct words, pairs and triples, frame
 * and concepts. model: of which options and tables are used.
 * **Errors:** MV_NOMEM. */
enum mv_status mv_matrix_build(struct mv_matrix *out,
                               const struct mv_model *model,
                               const struct mv_tokens *tokens, size_t n,
                               struct mv_error *error);
void mv_matrix_release(struct mv_matrix *matrix);

/* The weight g of every column (dims floats), fitted on the rows for which
 * used[i] is not 0: 0 for a column that none of them has, else
 *
 *     g = idf x (1 + |r| df / (df + 10))
 *     idf = 1 + ln((1 + n) / (1 + df))
 *     r = ln((df1 + 2 n1/n) / (df0 + 2 n0/n)) - ln(n1 / n0)
 *
 * with df, df1, df0 the messages that have the feature, in all and of either
 * label, and n, n1, n0 all messages likewise: the log-count ratio of Wang &
 * Manning (2012), shrunk towards a constant where little is known (see the
 * comparison in models/README.md). Rounded, so that the last bit of another
 * machine's logarithm can not change a model. **Errors:** MV_NOMEM. */
enum mv_status mv_matrix_weights(const struct mv_matrix *matrix,
                                 const int8_t *label, const uint8_t *used,
                                 float *weight);

/* The values (start[n] floats) of all rows under these weights: count x g,
 * divided by the norm of the block, in which every occurrence counts apart,
 * times the block's factor. Rows without a weighted feature are all 0. */
void mv_matrix_values(const struct mv_matrix *matrix, const float *weight,
                      float *value);

/* What each block weighs in the kernel, as a factor on its features. */
extern const float mv_block_factor[MV_BLOCKS];

/* With fewer examples than this nothing is selected: C is fixed and the forced
 * threshold keeps the share of purpose, because choosing among so few is worse
 * than not choosing (see models/README.md). */
enum { MV_FIT_FEW = 400 };

/* Model selection: what it reads, and what it leaves. */
struct mv_selection {
    const struct mv_matrix *matrix;
    const int8_t *label;   /* n: 1 or 0, both there */
    const uint8_t *own;    /* n: 1 for own examples; NULL: no difference */
    const uint8_t *learnt; /* n: 0 for rows never trained on; NULL: none */
    const int *fold;       /* repeats x n, in [0, folds); below 0: in none */
    int folds, repeats, threads;
    bool (*step)(void *payload, const char *what, double done); /* or NULL */
    void *payload;
    const char *phase; /* what step is told */

    struct mv_trial trial[MV_TRIALS_MAX]; /* out */
    uint32_t n_trials;
    uint32_t path, owned; /* how many of them are about C alone; then about
                           * the weight of own examples; the rest is about
                           * the weight of purpose */
    uint32_t left_out;    /* how many of the smallest C's the path lacks */
    size_t chosen;
    double *sum; /* out: n out-of-fold decision values a trial, added up over
                  * repeats; the caller's storage, MV_TRIALS_MAX x n, zeroed */
};

/* Tries C, own weight and class weight over all folds; within a fold, feature
 * weights and Gram matrix are made once. **Errors:** MV_STOPPED, MV_NOMEM,
 * MV_RANGE, MV_DATA. */
enum mv_status mv_selection_run(struct mv_selection *selection,
                                struct mv_error *error);

/* Its steps: the trials to begin with, without the smallest C's where many
 * messages tell, unless the whole path is wanted; whether these, once rated,
 * point to C's that were left out; those about the weight of purpose, when
 * the first have been rated and one is chosen; rating all from first on into
 * trial, parallel to the selection's, by the rows whose fold in the first
 * repeat is not `without` (-1: all); the best of rated ones. **Errors:**
 * MV_NOMEM. */
void mv_selection_plan(struct mv_selection *selection, bool whole);
bool mv_selection_is_cut_short(const struct mv_selection *selection);
void mv_selection_plan_more(struct mv_selection *selection);
enum mv_status mv_selection_rate(const struct mv_selection *selection,
                                 int without, size_t first,
                                 struct mv_trial *trial);
size_t mv_selection_best(const struct mv_selection *selection,
                         const struct mv_trial *trial);

/* Runs the trials that are there, and chooses nothing. */
enum mv_status mv_selection_try(struct mv_selection *selection,
                                struct mv_error *error);

/* Which of the trials that were run one would choose by the rows whose fold
 * in the first repeat is not `without` alone. **Errors:** MV_NOMEM. */
enum mv_status mv_selection_choice(const struct mv_selection *selection,
                                   int without, size_t *chosen);

/* The learning curve of the chosen trial, once mv_selection_run has filled
 * sum. **Errors:** as mv_selection_try. */
enum mv_status mv_selection_curve(const struct mv_selection *selection,
                                  struct mv_learning_curve *out, struct mv_error *error);

/* Trains on all rows with the chosen trial. weight: dims, out: g of every
 * column; w: dims doubles, out: the separating vector; *bias likewise. */
enum mv_status mv_selection_finish(const struct mv_selection *selection,
                                   float *weight, double *w, double *bias,
                                   struct mv_error *error);

/* --- folds ---------------------------------------------------------------- */

/* apart: n numbers; examples of the same number keep to one fold. With
 * MV_VOICES or more voices that is a voice and whatever of no voice is a
 * near-duplicate of a message of it; else a group of near-duplicates. group: n,
 * in [0, n), from mv_split_group. **Errors:** MV_NOMEM. */
enum mv_status mv_model_voices(int *apart, const int *group,
                               const struct mv_fit_example *example, size_t n);

#endif
