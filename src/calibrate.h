/* layer 3: decision values to probabilities, and probabilities to thresholds.
 *
 * Everything is fitted on out-of-fold values: fitting on the values of rows
 * that the model was trained on gives probabilities that are far too sure, and
 * nothing here can notice. The results are plain data of fixed size, rounded
 * to float, so that a model file can hold them and two machines agree.
 *
 * Thread-safety: no shared state; a calibration is immutable once fitted.
 */
#ifndef MV_CALIBRATE_H
#define MV_CALIBRATE_H

#include "stats.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MV_CALIBRATION_KNOTS 64

enum mv_calibration_kind {
    MV_CALIBRATION_PLATT = 0, /* p = 1 / (1 + exp(a f + b)), a <= 0 */
    MV_CALIBRATION_ISOTONIC   /* linear between knots, flat outside */
};

/* A rising map from decision values to [floor, 1 - floor]. */
struct mv_calibration {
    int32_t kind;  /* enum mv_calibration_kind */
    int32_t knots; /* 1 .. MV_CALIBRATION_KNOTS when isotonic, else 0 */
    float a, b;    /* Platt's parameters, 0 when isotonic */
    float floor;   /* 1 / (n + 2): no probability is below it or above
                    * 1 - floor */
    float loss_platt, loss_isotonic; /* cross-validated log loss of the two
                                      * (nats a row), NaN when not measured */
    float f[MV_CALIBRATION_KNOTS];   /* strictly rising decision values */
    float p[MV_CALIBRATION_KNOTS];   /* never falling probabilities */
};

/* Fits Platt scaling and isotonic regression, and keeps the better.
 * f: n finite decision values. label: 1 (purpose) or 0. weight: n finite
 * numbers >= 0, or NULL: all 1. fold: n ints >= 0, or NULL: Platt is taken.
 * The two are compared by log loss over the folds (fit on the others, measured
 * on each); isotonic is taken only when n >= 1000 and its mean loss is lower
 * by more than one standard error of the paired differences.
 * Platt: Newton's method on smoothed targets (Lin, Lin and Weng 2007). Values
 * of a useless model give the base rate, with a slope so small that only their
 * order is kept, never a falling map. Isotonic: pool adjacent violators, each
 * block a knot at its mean (centered isotonic regression; Oron and Flournoy
 * 2017), closest neighbours merged down to MV_CALIBRATION_KNOTS. Errors:
 * MV_DATA when n is 0, only one class has weight, a number is not finite or a
 * label is not 0 or 1; MV_NOMEM. */
enum mv_status mv_calibrate_fit(struct mv_calibration *out, size_t n,
                                const double *f, const int *label,
                                const double *weight, const int *fold,
                                struct mv_error *error);

/* One of the two without the comparison. Parameters and errors as above. */
enum mv_status mv_calibrate_platt(struct mv_calibration *out, size_t n,
                                  const double *f, const int *label,
                                  const double *weight, struct mv_error *error);
enum mv_status mv_calibrate_isotonic(struct mv_calibration *out, size_t n,
                                     const double *f, const int *label,
                                     const double *weight,
                                     struct mv_error *error);

/* The probability in (0, 1) of a decision value: never falls as f rises.
 * f: any; infinities give the ends; NaN gives NaN. */
double mv_calibrate_apply(const struct mv_calibration *calibration, double f);

/* The smallest decision value whose probability is >= p, to rounding; the way
 * to say a threshold in decision values. -INFINITY when all probabilities
 * are >= p, INFINITY when none is, NaN for NaN. */
double mv_calibrate_invert(const struct mv_calibration *calibration, double p);

/* Whether the bytes make a calibration: what a reader of files must ask. */
bool mv_calibrate_valid(const struct mv_calibration *calibration);

/* --- thresholds ------------------------------------------------------- */

/* What is asked of the thresholds. `= {0}` takes every default. */
struct mv_threshold_options {
    double target_precision; /* P, in (0, 1); 0: 0.90 */
    double confidence;       /* of the two-sided intervals; 0: 0.95 */
    double promise;          /* of the interval whose lower bound must reach
                              * P; 0: 0.99 */
    double miss_rate;        /* share of purpose among the turned-down that is
                              * put up with, in (0, 1); 0: 0.10 */
    int min_selected;        /* rows at or above the purpose threshold, at
                              * least; 0: 10 */
    long match_below; /* with fewer rows than this the forced threshold selects
                       * as many rows as are purpose, instead of looking for
                       * the best MCC, which is luck with few rows; 0: never */
};

/* How a threshold came about. */
enum mv_threshold_basis {
    MV_THRESHOLD_MET = 0,    /* the bound is met on these rows */
    MV_THRESHOLD_THIN,       /* more labels are needed */
    MV_THRESHOLD_UNREACHABLE /* more labels would not do: quality */
};

/* The three-way verdict of a probability p: purpose when p >= purpose,
 * no-purpose when p < low, else unsure. Forced to decide: purpose when
 * p >= forced. Always low <= forced <= purpose, so that no forced decision
 * contradicts a verdict. All within (0, 1]. */
struct mv_thresholds {
    double low, forced, purpose;
    double mcc; /* at forced */

    enum mv_threshold_basis purpose_basis;
    struct mv_interval precision; /* of the rows p >= purpose */
    long selected;                /* rows p >= purpose */
    long more_labels; /* THIN: labels needed beyond the n given, about; MET: 0;
                       * UNREACHABLE: -1 */

    enum mv_threshold_basis low_basis; /* MET, else the fall-back was taken */
    struct mv_interval missed; /* share of purpose among the rows p < low */
};

/* Chooses the three thresholds from n out-of-fold probabilities (calibrated,
 * in [0, 1]) and labels (0 or 1). A cut lies half-way between two neighbouring
 * probabilities, rounded to float where that leaves every row on its side.
 *
 * - forced: the run of neighbouring cuts around the best Matthews correlation
 *   (the one nearest 0.5 of several) in which none is more than 0.01 + 1/n
 *   below it; the threshold is the middle of that run, so that it moves little
 *   when a few rows change. 0.5 when all probabilities are equal.
 *
 * - purpose: the smallest cut >= forced with at least min_selected rows whose
 *   Clopper–Pearson lower bound on precision is >= P, at the confidence of
 *   the promise. The search may stop at many cuts, so one that is lucky on
 *   these rows is likely to be among them: with a bound of 95 % the precision
 *   seen on other rows was below P in 7 of 100 splits, with 99 % in 3 or
 *   fewer (simulated: models/README.md). When there is none: the
 *   cut with the highest lower bound (by Wilson's, forced itself when all are
 *   too small), and more_labels solves for the n at which the precision seen
 *   there would do (THIN), or is -1 when that precision is not above P or
 *   nothing was selected (UNREACHABLE).
 *
 * - low: the largest cut <= forced such that the Clopper–Pearson upper bound
 *   on the share of purpose among the rows below is <= miss_rate. When there
 *   is none (too few rows): min(miss_rate, forced), which calibration alone
 *   supports.
 *
 * Choosing on these rows favours them: report figures from other rows.
 * Errors: MV_DATA when n is 0, a class is missing, or a value is no
 * probability or label; MV_RANGE for options; MV_NOMEM. */
enum mv_status mv_calibrate_thresholds(
    struct mv_thresholds *out, size_t n, const double *p, const int *label,
    const struct mv_threshold_options *options, struct mv_error *error);

#endif
