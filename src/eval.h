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
    bool (*step)(void *payload, const char *what, double done); /* or NULL */
    void *payload;
};

/* The figures. */
struct mv_evaluation {
    struct mv_metrics all;
    struct {
        enum mv_language language;
        struct mv_metrics metrics;
    } part[MV_LANG_COUNT]; /* languages that occur, most frequent first */
    size_t parts;
    long no_note; /* rows without a message: counted as turned down */
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

/* Measures the method: every outer fold is judged by a model fitted on the
 * others. **Errors:** as mv_model_fit. */
enum mv_status mv_eval_nested(const struct mv_fit_example *examples, size_t n,
                              const struct mv_fit_options *fit,
                              const struct mv_eval_options *options,
                              struct mv_evaluation *out,
                              struct mv_error *error);

#endif
