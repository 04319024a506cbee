/* layer 3: how good verdicts are, with intervals, and which of two is better.
 *
 * Takes labels, probabilities and verdicts of rows that the model has not
 * seen; it can not tell whether that is so. Undefined figures are NaN, never
 * 0: writers of JSON turn NaN into null.
 *
 * Thread-safety: no shared state; may be called by several threads at once.
 */
#ifndef MV_METRICS_H
#define MV_METRICS_H

#include "stats.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Counts of the forced two-way decision. */
struct mv_confusion {
    long tp, fp, fn, tn;
};

/* The rows to measure. */
struct mv_metrics_rows {
    size_t n;
    const int *label;   /* 1 (purpose) or 0 */
    const double *p;    /* probabilities of purpose, in [0, 1] */
    double threshold;   /* forced decision: purpose when p >= threshold */
    const int *forced;  /* forced decisions (1 or 0) that go before threshold,
                         * as when rows come from models with thresholds of
                         * their own; or NULL */
    const int *verdict; /* enum mv_verdict values, without MV_VERDICT_NO_NOTE,
                         * or NULL: the three-way block is undefined */
    const int *stratum; /* any ints: the bootstrap draws within stratum ×
                         * label; NULL: within label */
};

/* `= {0}` takes every default. */
struct mv_metrics_options {
    double confidence; /* 0: 0.95 */
    int replicates;    /* 0: 1000; otherwise 2 .. 1,000,000 */
    uint64_t seed;
    int threads; /* as in mv_parallel_for; never changes the result */
};

/* The three-way verdict: how often it abstains and how it does when not. */
struct mv_threeway {
    struct mv_interval share;     /* unsure / all */
    struct mv_interval precision; /* label purpose / verdict purpose */
    struct mv_interval recall;    /* verdict purpose / label purpose */
    struct mv_interval missed;    /* verdict no-purpose / label purpose */
};

struct mv_metrics {
    size_t n;
    double prevalence; /* share of label purpose */
    double threshold;  /* as given; NaN when decisions were given */
    struct mv_confusion confusion;
    struct mv_interval accuracy, precision, recall; /* Wilson */
    struct mv_interval f1, mcc;           /* stratified BCa bootstrap */
    struct mv_interval average_precision; /* stratified BCa bootstrap */
    double brier, ece, log_loss, roc_auc;
    struct mv_interval brier_range; /* normal, from the spread of the rows */
    struct mv_interval ece_range;   /* bootstrap; holds ece */
    struct mv_threeway unsure;      /* Wilson */
};

/* Measures everything. n may be 0: all is NaN.
 * The bootstrap keeps the number of each label (and stratum): its intervals
 * are for the share of purpose at hand. F1 and MCC draw counts, which is the
 * same as drawing rows. When one of the four counts is 0 the bootstrap can
 * not see it vary and is too narrow; the bounds are then those of the
 * Clopper–Pearson limits of the two rates (each at the square root of the
 * confidence), between which both F1 and MCC rise or fall steadily: cautious.
 * Average precision has NaN bounds when no replicate differs from the others
 * (a perfect ranking), for the same reason.
 * Errors: MV_DATA for a label, verdict, decision or probability out of range,
 * with the 0-based row in the message; MV_RANGE for options; MV_NOMEM. */
enum mv_status mv_metrics_measure(struct mv_metrics *out,
                                  const struct mv_metrics_rows *rows,
                                  const struct mv_metrics_options *options,
                                  struct mv_error *error);

/* mv_metrics_measure of the rows whose group[i] equals value (none: NaN).
 * group: rows->n ints, a language code, say. */
enum mv_status
mv_metrics_measure_group(struct mv_metrics *out,
                         const struct mv_metrics_rows *rows, const int *group,
                         int value, const struct mv_metrics_options *options,
                         struct mv_error *error);

/* --- single figures --------------------------------------------------- */

/* Counts of n rows whose decision is p >= threshold. label: 1 or else. */
struct mv_confusion mv_metrics_confusion(size_t n, const int *label,
                                         const double *p, double threshold);
/* (tp + tn) / all; tp / (tp + fp); tp / (tp + fn). NaN for nothing / nothing.
 */
double mv_metrics_accuracy(struct mv_confusion confusion);
double mv_metrics_precision(struct mv_confusion confusion);
double mv_metrics_recall(struct mv_confusion confusion);
/* 2 tp / (2 tp + fp + fn); NaN when no row is purpose (tp + fn = 0). */
double mv_metrics_f1(struct mv_confusion confusion);
/* Matthews (1975); NaN when a label or a decision never occurs. */
double mv_metrics_mcc(struct mv_confusion confusion);

/* The following take n labels (1 or 0) and probabilities in [0, 1], and are
 * NaN when n is 0. */

/* Mean of (p - label)^2 (Brier 1950). */
double mv_metrics_brier(size_t n, const int *label, const double *p);
/* Mean of -log of the probability given to the label, in nats; p is kept
 * 1e-15 off 0 and 1. */
double mv_metrics_log_loss(size_t n, const int *label, const double *p);
/* Sum over the falling distinct scores of (recall gained) × precision, as in
 * scikit-learn; no interpolation. score: any finite numbers. *out is NaN when
 * no label is 1. Errors: MV_NOMEM. */
enum mv_status mv_metrics_average_precision(double *out, size_t n,
                                            const int *label,
                                            const double *score);
/* P(score of a purpose > score of another), ties half. *out is NaN when a
 * class is missing. Errors: MV_NOMEM. */
enum mv_status mv_metrics_roc_auc(double *out, size_t n, const int *label,
                                  const double *score);
/* Expected calibration error over ten bins of equal mass: rows sorted by p,
 * bin j takes rows floor(j n / 10) .. floor((j + 1) n / 10) - 1; within a run
 * of equal p every row counts as the run's mean label, so that the order of
 * equals does not matter. Sum over bins of |mean p - mean label| × share.
 * Errors: MV_NOMEM. */
enum mv_status mv_metrics_ece(double *out, size_t n, const int *label,
                              const double *p);

/* --- two annotators of the same rows ----------------------------------- */

enum { MV_KAPPA_CLASSES = 3 };

/* How far two annotators agree beyond what chance would bring. */
struct mv_agreement {
    long n;
    long cell[MV_KAPPA_CLASSES][MV_KAPPA_CLASSES]; /* [first][second] */
    struct mv_interval same;                       /* share; Wilson */
    struct mv_interval kappa;                      /* Cohen's */
};

/* Cohen's kappa (1960) of the table out->cell, which the caller fills; the
 * other fields are written. The interval is that of the large-sample standard
 * error of Fleiss, Cohen and Everitt (1969), kept within [-1, 1]. Where all
 * answers agree, or none do, that error may be 0, which would be too sure: the
 * bounds are then those of Wilson's interval of the share, put into kappa's
 * formula at the chance agreement seen. kappa is NaN when n is 0 or both say
 * one and the same thing throughout: there is nothing to tell apart then.
 * confidence: 0: 0.95; otherwise in (0, 1). */
void mv_metrics_agree(struct mv_agreement *out, double confidence);

/* --- two classifiers on the same rows --------------------------------- */

struct mv_comparison {
    size_t n;
    long only_first, only_second; /* rows that only one got right */
    double p_value;               /* exact McNemar, two-sided; 1 when both
                                   * are right on the same rows */
    double mcc_first, mcc_second;
    struct mv_interval mcc_gain; /* second minus first; paired BCa bootstrap */
};

/* Compares forced decisions (1 or 0) of two classifiers on n rows.
 * stratum: as in struct mv_metrics_rows. The bootstrap draws pairs of
 * decisions within stratum × label. When the decisions are all the same, the
 * gain is 0 with bounds 0. n may be 0: all undefined, p_value 1.
 * Errors: MV_DATA for a label or decision that is not 0 or 1; MV_RANGE for
 * options; MV_NOMEM. */
enum mv_status mv_metrics_compare(struct mv_comparison *out, size_t n,
                                  const int *label, const int *first,
                                  const int *second, const int *stratum,
                                  const struct mv_metrics_options *options,
                                  struct mv_error *error);

#endif
