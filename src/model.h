/* layer 5: what was learnt, and what it says of a message.
 *
 * A model is everything that was fitted: hash seed, feature weights, constant,
 * calibration, thresholds, language statistics; so fitting it again inside a
 * fold leaks nothing. It holds no word of any message. The decision value is
 *
 *     f = bias + sum over blocks b of (sum over hits v) / sqrt(sum over hits q)
 *
 * where a hit is a distinct token, pair or triple of the message (see
 * feature.h), v is the weight of its slot times the slot's idf, and q the idf
 * squared: tf-idf with one L2 norm a block, cut so that what a word adds can be
 * remembered. The weights are those of a linear support vector machine, folded
 * from its support vectors into one vector. This module reads no database and
 * no LinkedIn format.
 *
 * Cortes & Vapnik 1995; Joachims 1998 (text); Weinberger et al. 2009 (hashing);
 * Platt 1999 and Lin, Lin & Weng 2007 (probabilities).
 *
 * Thread-safety: a struct mv_model is immutable and may be shared; a struct
 * mv_memo belongs to one thread at a time.
 */
#ifndef MV_MODEL_H
#define MV_MODEL_H

#include "arena.h"
#include "calibrate.h"
#include "feature.h"
#include "invite.h"
#include "lang.h"
#include "metrics.h"
#include "quantify.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* --- fitting -------------------------------------------------------------- */

/* One labelled message. */
struct mv_fit_example {
    struct mv_span message;    /* UTF-8, borrowed during the call */
    int label;                 /* 1 purpose, 0 no-purpose */
    enum mv_language language; /* as said by the file, or MV_LANG_UND: detect */
    bool own; /* of the person whom the model is for: may count more than the
               * others, see mv_model_fit */
    const char *kind; /* for figures only: constant storage, or NULL */
    int origin;       /* likewise: enum mv_origin */
    int64_t voice;    /* who wrote it: one number for all of a writer's; 0:
                       * nobody in particular, see mv_model_fit */
};

struct mv_fit_options {
    uint64_t seed;
    int threads;             /* 0: all processors */
    double target_precision; /* in (0.5, 1); 0: 0.90 */
    int folds;               /* 2..20; 0: 5, or 3 from MV_FIT_MANY on */
    int repeats;             /* of the folds, 1..20; 0: by size */
    /* asked now and then; false stops the fit with MV_STOPPED; or NULL */
    bool (*step)(void *payload, const char *what, double done);
    void *payload;
};

enum { MV_TRIALS_MAX = 24, MV_REPEATS_MAX = 20, MV_SCORE_QUANTILES = 33 };

/* How a model came about and what it did on messages it had not seen. */
struct mv_fit_record {
    uint64_t seed;
    uint32_t examples, positives;
    uint32_t folds, repeats;
    uint32_t groups;        /* sets of near-duplicates */
    double c;               /* the chosen cost of a margin violation */
    double positive_weight; /* the chosen factor on it for purpose */
    uint32_t own;           /* examples that are own, when others are not */
    double own_weight;      /* how many times those count: 1, 2, 4, ... */
    uint32_t n_trials;      /* settings of these that were tried */
    struct mv_trial {
        float c, positive_weight;
        float mcc; /* out of fold, at its best threshold */
        float own_weight;
        float own_mcc; /* at the same threshold, on own examples; or NaN */
    } trial[MV_TRIALS_MAX];
    double target_precision;
    struct mv_thresholds thresholds;
    uint8_t corpus[32]; /* SHA-256 over the ordered examples and labels */
    uint32_t languages[MV_LANG_COUNT]; /* examples in each language */
    /* quantiles of the out-of-fold decision values, for telling drift */
    float score_quantile[MV_SCORE_QUANTILES];
    /* Out-of-fold probabilities by label; bins 0 in older files. */
    struct mv_reference reference;
    /* Share of a message's words that no message has that could be in another
     * fold: mean over the examples that have words, and standard deviation. */
    double unseen_mean, unseen_sd;
};

/* A learning curve: the settings that were chosen, trained on about 25, 50 and
 * 100 % of the folds but one (of two folds, on 50 and 100 %), and judged on
 * that one; where labels are so few
 * that the folds are dealt several times, as many folds are judged so, and the
 * counts added up. As many messages are called purpose there as the labels
 * trained on would suggest. Points that have too few labels to be trained are
 * left out. */
enum { MV_CURVE_POINTS = 3 };
struct mv_learning_curve {
    struct {
        uint32_t labels; /* trained on, on average; rising */
        struct mv_confusion confusion;
    } point[MV_CURVE_POINTS];
    size_t n;
};

/* Out-of-fold results of a fit, one entry an example, in their order. */
struct mv_out_of_fold {
    double *decision;    /* mean over repeats */
    double *probability; /* calibrated across folds */
    int *language;       /* enum mv_language */
    int *group;          /* near-duplicates share a number */
    int *forced; /* two-way decision, by settings and threshold that were
                  * chosen without the example's fold, too */
    int *fold;   /* MV_REPEATS_MAX arrays of n: the folds of each repeat */
    struct mv_learning_curve *curve; /* one for all */
};

struct mv_model;

/* Fits a model on n examples: folds that keep near-duplicates together, a path
 * of C read from one Gram matrix, calibration and thresholds from out-of-fold
 * values, then one training on everything. The same examples in the same order
 * with the same seed give the same model, whatever the threads.
 *
 * Where some examples are own and others are not, own ones count w times as
 * much: w is 1, 2, 4 or 8, whichever does best on the own examples, out of
 * fold (1 when they are more than half). The product of two own messages is
 * then w times as large as others are, and a message that is judged is own: the
 * adaptation of Daumé (2007) as a kernel. A higher cost of own errors would do
 * nothing, since a machine with this many features makes no error in training:
 * measured, see models/README.md. The features keep the weights that single
 * counts give them, so that all trainings of a fold read one Gram matrix.
 *
 * Where examples have MV_VOICES or more voices, a voice keeps to one fold as
 * well: mail is of writers whom the model has never read, and a model that is
 * calibrated on writers it knows is too sure, and too strict, with strangers
 * (blocked cross-validation, Roberts et al. 2017). oof:
 * arrays of n to fill (any may be NULL), or NULL.
 * **Errors:** MV_DATA for fewer than MV_FIT_LEAST examples, fewer than two of a
 * label, or nothing that tells them apart; MV_RANGE for more than MV_FIT_MOST;
 * MV_FORMAT for a message that is not UTF-8; MV_STOPPED; MV_NOMEM. **Owns:**
 * the caller, until mv_model_free. */
enum mv_status mv_model_fit(struct mv_model **out,
                            const struct mv_fit_example *examples, size_t n,
                            const struct mv_fit_options *options,
                            struct mv_out_of_fold *oof, struct mv_error *error);
enum {
    MV_FIT_LEAST = 20,
    MV_FIT_MOST = 18000,
    MV_FIT_MANY = 8000,
    MV_VOICES = 10
};

/* Another model's way of learning, on folds that are given. */
struct mv_cross {
    const struct mv_fit_example *examples; /* labels as it was taught */
    size_t n;
    const uint8_t *learnt; /* n: not 0 for those it was trained on */
    const int *fold;       /* repeats x n; below 0: in no fold */
    int folds, repeats;
    int threads;
    bool (*step)(void *payload, const char *what, double done); /* or NULL */
    void *payload;
};

/* Trains again as `model` was (its C and weights) on the examples that it
 * learnt, once without each fold, and decides the examples of that fold by
 * its threshold; over several repeats the decision values are averaged.
 * Settings and threshold stay those that were chosen with the examples in
 * sight: a comparison with mv_out_of_fold.forced favours `model`.
 * forced: n; 0 for examples in no fold. **Errors:** as mv_model_fit. */
enum mv_status mv_model_cross(const struct mv_model *model,
                              const struct mv_cross *cross, int *forced,
                              struct mv_error *error);

/* SHA-256 (32 bytes) over label, ownership, length and bytes of every example,
 * in order: mv_fit_record.corpus. **Errors:** MV_NOMEM. */
enum mv_status mv_model_corpus(const struct mv_fit_example *examples, size_t n,
                               uint8_t *out);

/* The record of the fit; borrowed from the model. */
const struct mv_fit_record *mv_model_record(const struct mv_model *model);

void mv_model_free(struct mv_model *model);

/* --- judging -------------------------------------------------------------- */

/* What one thread remembers between messages: folded text, and what words and
 * pairs of words add up to under one model. Never changes a result. */
struct mv_memo;
enum mv_status mv_memo_new(struct mv_memo **out, const struct mv_model *model);
void mv_memo_free(struct mv_memo *memo);

/* A verdict on one message. */
struct mv_opinion {
    enum mv_verdict verdict;
    bool forced; /* purpose when the decision is forced two ways */
    bool canned; /* the message is LinkedIn's own text */
    enum mv_language language;
    double score;       /* decision value */
    double probability; /* of purpose, in [0, 1] */
};

/* Judges one message. An empty or blank one is MV_VERDICT_NO_NOTE with score
 * and probability NaN. LinkedIn's own text is no-purpose whatever the weights.
 * A language that the model has hardly seen makes unsure of purpose and of
 * no-purpose. **Errors:** MV_FORMAT for bytes that are not UTF-8; MV_NOMEM. */
enum mv_status mv_model_score(const struct mv_model *model,
                              struct mv_memo *memo, struct mv_span message,
                              struct mv_opinion *out, struct mv_error *error);

/* The phrases that weighed most for the verdict of the message that memo
 * scored last, as written, most telling first, at most three, joined with
 * " | ". message: the same bytes. Appends to *out. **Errors:** MV_NOMEM. */
enum mv_status mv_model_reason(const struct mv_model *model,
                               struct mv_memo *memo, struct mv_span message,
                               const struct mv_opinion *opinion,
                               struct mv_buffer *out);

/* Of the message that memo scored last: its different words, and those that
 * the model has never met. **Errors:** MV_NOMEM. */
struct mv_novelty {
    size_t words, unseen;
};
enum mv_status mv_model_novelty(const struct mv_model *model,
                                struct mv_memo *memo, struct mv_novelty *out);

/* What one token of the message adds to the score: its own features, and an
 * equal share of those it makes with its neighbours. */
struct mv_part {
    size_t from, to; /* bytes of the original message */
    double adds;
};

/* The parts of the message that memo scored last, in their order: *parts is
 * borrowed from memo until its next use. *constant + all adds = score (up to
 * rounding). */
void mv_model_explain(const struct mv_model *model, struct mv_memo *memo,
                      const struct mv_part **parts, size_t *n,
                      double *constant);

/* --- files ---------------------------------------------------------------- */

/* Writes the model: little-endian, versioned, checksummed; see model_file.c.
 * **Errors:** MV_IO. */
enum mv_status mv_model_write(const struct mv_model *model, FILE *out,
                              struct mv_error *error);

/* Reads and validates a model, to the end of the file. source: for
 * messages. **Errors:** MV_FORMAT for what is not a model, is cut short,
 * damaged, inconsistent or of a newer version; MV_IO; MV_NOMEM. */
enum mv_status mv_model_read(struct mv_model **out, FILE *in,
                             const char *source, struct mv_error *error);

#endif
