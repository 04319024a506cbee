/* layer 3: the share of purpose among messages that nobody labelled.
 *
 * Counting the verdicts is wrong in a known way: of a rare class, most of what
 * is called so may be errors. What a classifier does on labelled messages that
 * it had not seen (a reference) tells its errors, and classical methods take
 * them out: adjusted count and its median over many thresholds (Forman 2008;
 * ACC and MS in QuaPy), and expectation maximisation over the priors (Saerens,
 * Latinne and Decaestecker 2002; EMQ in QuaPy). All assume that only the share
 * has changed, not what the messages of either label look like;
 * mv_quantify_share says how badly that fits. It refuses to guess without a
 * reference.
 *
 * Thread-safety: no shared state.
 */
#ifndef MV_QUANTIFY_H
#define MV_QUANTIFY_H

#include "stats.h"

#include <stddef.h>
#include <stdint.h>

enum {
    MV_REFERENCE_BINS = 40,
    MV_REFERENCE_CUTS = 3 /* low, forced, purpose */
};

/* How out-of-fold probabilities were distributed, by label: bin i takes the
 * probabilities in [edge[i - 1], edge[i]), the first one all below edge[0], the
 * last one all from the last edge on. bins is 0 when nothing is known. Counts
 * only: plain data that a model file can hold. */
struct mv_reference {
    uint32_t bins;
    float edge[MV_REFERENCE_BINS - 1];    /* bins - 1, strictly rising */
    uint32_t count[2][MV_REFERENCE_BINS]; /* [label][bin] */
    uint32_t cut[MV_REFERENCE_CUTS]; /* first bin at or above each threshold */
    /* Of how many independent rows the counts of a label are worth: fewer than
     * there are where rows are near-duplicates of each other. */
    float effective[2];
};

/* Makes the reference of n out-of-fold probabilities (in [0, 1]) and labels
 * (1 or 0; both must occur). group: near-duplicates share a number in [0, n);
 * NULL: there are none. n rows in groups of sizes g are worth n^2 / sum of g^2
 * (Kish 1965). The edges are quantiles of
 * either label, eight such rows or more apart, and the three thresholds.
 * Errors: MV_DATA; MV_NOMEM. */
enum mv_status mv_quantify_reference(struct mv_reference *out, size_t n,
                                     const double *p, const int *label,
                                     const int *group,
                                     const double threshold[MV_REFERENCE_CUTS],
                                     struct mv_error *error);

/* Whether the numbers make a reference (bins 0 included): what a reader of
 * files must ask. */
int mv_quantify_valid(const struct mv_reference *reference);

/* `= {0}` takes every default. */
struct mv_quantify_options {
    int replicates;    /* 0: 1000; otherwise 2 .. 1,000,000 */
    double confidence; /* 0: 0.95 */
    uint64_t seed;
};

/* What n unlabelled messages are thought to hold. */
struct mv_quantified {
    size_t n;
    double raw;      /* share at or above the forced threshold (CC in QuaPy) */
    double tpr, fpr; /* of the reference, at that threshold */
    struct mv_interval share;    /* to quote: em, and the bounds that hold those
                                  * of em and of sweep, which err differently */
    struct mv_interval sweep;    /* median of many adjusted counts */
    struct mv_interval adjusted; /* (raw - fpr) / (tpr - fpr), within [0, 1];
                                  * undefined when tpr <= fpr */
    struct mv_interval em;       /* where expectation maximisation ends */
    double trained;              /* share of purpose in the reference */
    /* Distance (Kolmogorov–Smirnov, over the bins) of these scores from the
     * reference's as they are, and from its two classes mixed in the share
     * that was estimated: the second is what a change of share can not explain.
     */
    struct mv_ks drift, misfit;
    /* Share of messages between the low and the purpose threshold, and that
     * which the mixture would have there. */
    double open, open_expected;
};

/* Estimates the share of purpose among messages with the probabilities p (n
 * numbers in [0, 1] of the model that the reference belongs to).
 *
 * Median sweep: the median of the adjusted counts at all edges where tpr - fpr
 * is at least half of the largest. Probabilities of new messages are a little
 * more extreme than out of fold (the model has learnt from a quarter more),
 * which raises the adjusted count above the middle and lowers it below: the
 * median bears that, EM does less well, but is nearer where labels are told
 * apart well. Hence both (simulated: models/README.md).
 *
 * EM: the posterior of a message is that of its bin, corrected from the share
 * of the reference to the current one, and the new share is their mean, until
 * it stays. That is the maximum of a concave likelihood, found here by
 * bisection. The intervals are for the share among these n messages, not among
 * more of their kind: percentiles of a bootstrap in which the number of
 * purposes is that of the estimate, their bins are drawn from the reference,
 * and the reference, whose rates are estimates, too, is drawn anew. Undefined
 * without messages or reference.
 * Errors: MV_DATA for a probability out of range; MV_RANGE for options;
 * MV_NOMEM. */
enum mv_status mv_quantify_share(struct mv_quantified *out,
                                 const struct mv_reference *reference, size_t n,
                                 const double *p,
                                 const struct mv_quantify_options *options,
                                 struct mv_error *error);

#endif
