/* layer 6: how good a model is, on messages that it has not seen.
 *
 * Joins a model (or the fitting of models) with the figures of metrics.h, for
 * all messages together and for each language apart. It can not know whether
 * messages that it is given were trained on: that is the caller's promise.
 *
 * Nested cross-validation: Varma & Simon 2006; everything that is chosen
 * (weights, C, calibration, thresholds) is chosen again inside each outer fold.
 *
 * Thread-safety: no shared state.
 */
#ifndef MV_EVAL_H
#define MV_EVAL_H

#include "metrics.h"
#include "model.h"

/* Options of all measurements. `= {0}` takes every default. */
struct mv_eval_options {
    uint64_t seed;
    int threads;
    bool families; /* also by language, length, source, kind and template */
    /* What the model was trained on, to tell templates that it has seen; NULL:
     * not known, or nothing that is measured was seen. */
    const struct mv_fit_example *trained;
    size_t n_trained;
    bool (*step)(void *payload, const char *what, double done); /* or NULL */
    void *payload;
};

/* --- groups of messages --------------------------------------------------- */

/* How messages are parted. A family without anything to tell is empty. */
enum mv_family {
    MV_FAMILY_LANGUAGE = 0, /* es, en, mixed, other */
    MV_FAMILY_LENGTH,       /* in characters */
    MV_FAMILY_SOURCE,       /* note, opening, mail, text */
    MV_FAMILY_KIND,         /* of the labelling guide */
    MV_FAMILY_TEMPLATE      /* seen: a near-duplicate of a training message */
};
enum { MV_FAMILIES = 5, MV_GROUPS_MAX = 40 };

/* One group; the decisions are forced two ways, the intervals are Wilson's. */
struct mv_group {
    const char *name; /* constant storage */
    long n, purposes, found, alarms;
    struct mv_interval accuracy, precision;
    struct mv_interval recall; /* found / purposes */
    struct mv_interval alarm;  /* called purpose / no-purpose ones */
};

struct mv_groups {
    const char *name; /* of the family: "language", ... */
    struct mv_group group[MV_GROUPS_MAX];
    size_t n;
    /* That the groups do not differ: Pearson's chi-square test over those of
     * ten messages of a label and more; 1 when there is nothing to compare.
     * differs: the smaller one, times the six tests that are made of language,
     * length and source (Bonferroni), is below 0.05. Kinds are bound to differ
     * and templates to be easier: never said of them. */
    double p_recall, p_alarm;
    bool differs;
};

/* Parts n messages whose forced decisions (1 or 0) are known. out:
 * MV_FAMILIES. **Errors:** MV_FORMAT, MV_NOMEM. */
enum mv_status mv_eval_groups(struct mv_groups *out,
                              const struct mv_fit_example *examples, size_t n,
                              const int *forced,
                              const struct mv_eval_options *options,
                              struct mv_error *error);

/* The figures. */
struct mv_evaluation {
    struct mv_groups family[MV_FAMILIES]; /* empty unless asked for */
    struct mv_metrics all;
    struct {
        enum mv_language language;
        struct mv_metrics metrics;
    } part[MV_LANG_COUNT]; /* languages that occur, most frequent first */
    size_t parts;
    long no_note; /* rows without a message: counted as turned down */
    struct mv_learnt {
        long labels;
        struct mv_interval mcc;
    } curve[MV_CURVE_POINTS]; /* by rising labels; see mv_eval_curve */
    size_t n_curve;
};

/* Measures a model on n labelled messages.
 * **Errors:** MV_FORMAT for a message that is not UTF-8 (line: its number from
 * 1 on), MV_DATA when n is 0, MV_NOMEM. */
enum mv_status mv_eval_model(const struct mv_model *model,
                             const struct mv_fit_example *examples, size_t n,
                             const struct mv_eval_options *options,
                             struct mv_evaluation *out, struct mv_error *error);

/* Measures what a model's own fit said of its examples, out of fold: a little
 * flattering, since C and thresholds were chosen on the same values. */
enum mv_status mv_eval_out_of_fold(const struct mv_model *model,
                                   const struct mv_fit_example *examples,
                                   size_t n, const struct mv_out_of_fold *oof,
                                   const struct mv_eval_options *options,
                                   struct mv_evaluation *out,
                                   struct mv_error *error);

/* Adds what a learning curve says to *out. **Errors:** MV_NOMEM. */
enum mv_status mv_eval_curve(const struct mv_learning_curve *curve,
                             const struct mv_eval_options *options,
                             struct mv_evaluation *out, struct mv_error *error);

/* Measures the method: every outer fold is judged by a model fitted on the
 * others. **Errors:** as mv_model_fit. */
enum mv_status mv_eval_nested(const struct mv_fit_example *examples, size_t n,
                              const struct mv_fit_options *fit,
                              const struct mv_eval_options *options,
                              struct mv_evaluation *out,
                              struct mv_error *error);

#endif
