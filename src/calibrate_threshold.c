#include "calibrate.h"

#include <math.h>
#include <stdlib.h>

struct row {
    double p;
    int label;
};

/* The rows by rising p. A cut is an index i: rows i .. n - 1 are selected. */
struct cuts {
    size_t n;
    struct row *rows;
    long *below; /* n + 1: rows of label 1 among the first i */
    double target, proof, tail, miss;
    size_t min_selected;
    long match_below;
};

static int by_probability(const void *a, const void *b)
{
    const struct row *x = a, *y = b;

    if (x->p != y->p)
        return x->p < y->p ? -1 : 1;
    return x->label - y->label;
}

/* Whether equal probabilities stay together at cut i. */
static bool is_cut(const struct cuts *cuts, size_t i)
{
    return i > 0 && i < cuts->n && cuts->rows[i - 1].p < cuts->rows[i].p;
}

/* The middle of (low, high], as a float where that is inside. */
static double between(double low, double high)
{
    double middle = low + (high - low) / 2, rounded = (double)(float)middle;

    if (rounded > low && rounded <= high)
        return rounded;
    return middle > low ? middle : high;
}

static double cut_value(const struct cuts *cuts, size_t i)
{
    return between(cuts->rows[i - 1].p, cuts->rows[i].p);
}

static size_t rows_below(const struct cuts *cuts, double threshold)
{
    size_t i = 0;

    while (i < cuts->n && cuts->rows[i].p < threshold)
        i++;
    return i;
}

static double mcc_at(const struct cuts *cuts, size_t i)
{
    double n = (double)cuts->n, fn = (double)cuts->below[i];
    double all = (double)cuts->below[cuts->n], tp = all - fn;
    double negative = (double)i, positive = n - negative;
    double spread = all * (n - all) * positive * negative;

    return spread > 0 ? (tp * n - all * positive) / sqrt(spread) : NAN;
}

/* --- forced ----------------------------------------------------------- */

static size_t best_cut(const struct cuts *cuts)
{
    size_t best = 0;

    for (size_t i = 1; i < cuts->n; i++) {
        double gain;

        if (!is_cut(cuts, i))
            continue;
        gain = best ? mcc_at(cuts, i) - mcc_at(cuts, best) : 1;
        if (gain > 0 || (gain == 0 && fabs(cut_value(cuts, i) - 0.5) <
                                          fabs(cut_value(cuts, best) - 0.5)))
            best = i;
    }
    return best;
}

/* The cut that selects as many rows as are purpose, or nearly. */
static void match_share(struct mv_thresholds *out, const struct cuts *cuts)
{
    size_t wanted = cuts->n - (size_t)cuts->below[cuts->n], best = 0,
           miss = cuts->n;

    for (size_t i = 1; i < cuts->n; i++) {
        size_t off = i > wanted ? i - wanted : wanted - i;

        if (is_cut(cuts, i) && off < miss) {
            miss = off;
            best = i;
        }
    }
    if (best) {
        out->forced = cut_value(cuts, best);
        out->mcc = mcc_at(cuts, best);
    }
}

static void choose_forced(struct mv_thresholds *out, const struct cuts *cuts)
{
    size_t best = best_cut(cuts), first = best, last = best;
    double least;

    out->forced = 0.5;
    out->mcc = NAN;
    if ((long)cuts->n < cuts->match_below) {
        match_share(out, cuts);
        return;
    }
    if (best == 0)
        return;
    least = mcc_at(cuts, best) - (0.01 + 1 / (double)cuts->n);
    for (size_t i = best; i > 0; i--)
        if (is_cut(cuts, i)) {
            if (mcc_at(cuts, i) < least)
                break;
            first = i;
        }
    for (size_t i = best; i < cuts->n; i++)
        if (is_cut(cuts, i)) {
            if (mcc_at(cuts, i) < least)
                break;
            last = i;
        }
    out->forced = between(cuts->rows[first - 1].p, cuts->rows[last].p);
    out->mcc = mcc_at(cuts, rows_below(cuts, out->forced));
}

/* --- purpose ---------------------------------------------------------- */

static long selected_at(const struct cuts *cuts, size_t i)
{
    return (long)(cuts->n - i);
}

static long right_at(const struct cuts *cuts, size_t i)
{
    return cuts->below[cuts->n] - cuts->below[i];
}

/* Whether the Clopper–Pearson lower bound on k of m is >= the target: the
 * bound solves "tail above k = proof", so asking the tail is the same. */
static bool is_proven(const struct cuts *cuts, long k, long m)
{
    return mv_stats_binomial_above(k, m, cuts->target) <= cuts->proof;
}

/* The number of selected rows at which a precision would be proven; 0 when
 * there is none below a hundred million. */
static long rows_needed(const struct cuts *cuts, double precision)
{
    long low = 0, high = 1;

    while (!is_proven(cuts, (long)(precision * (double)high), high)) {
        low = high;
        high *= 2;
        if (high > 100000000)
            return 0;
    }
    while (high - low > 1) {
        long m = low + (high - low) / 2;

        if (is_proven(cuts, (long)(precision * (double)m), m))
            high = m;
        else
            low = m;
    }
    return high;
}

static void estimate_need(struct mv_thresholds *out, const struct cuts *cuts)
{
    double precision = out->precision.value, more;
    long need = 0, least = (long)cuts->min_selected;

    out->purpose_basis = MV_THRESHOLD_UNREACHABLE;
    out->more_labels = -1;
    if (out->selected > 0 && precision > cuts->target)
        need = rows_needed(cuts, precision);
    if (need == 0)
        return;
    need = need < least ? least : need;
    more = (double)(need - out->selected) / (double)out->selected;
    out->purpose_basis = MV_THRESHOLD_THIN;
    out->more_labels = (long)fmax(1, ceil(more * (double)cuts->n));
}

/* The cut that promises most while none keeps the promise. */
static size_t fall_back(const struct cuts *cuts, size_t forced, double sure)
{
    double best = -1;
    size_t at = forced;

    for (size_t i = forced; i + cuts->min_selected <= cuts->n; i++) {
        struct mv_interval precision;

        if (i != forced && !is_cut(cuts, i))
            continue;
        precision =
            mv_stats_wilson(right_at(cuts, i), selected_at(cuts, i), sure);
        if (precision.low > best) {
            best = precision.low;
            at = i;
        }
    }
    return at;
}

static void choose_purpose(struct mv_thresholds *out, const struct cuts *cuts)
{
    size_t forced = rows_below(cuts, out->forced), at = forced;
    double confidence = 1 - 2 * cuts->tail;
    bool met = false;

    for (; at + cuts->min_selected <= cuts->n; at++)
        if ((at == forced || is_cut(cuts, at)) &&
            is_proven(cuts, right_at(cuts, at), selected_at(cuts, at))) {
            met = true;
            break;
        }
    if (!met)
        at = fall_back(cuts, forced, confidence);
    out->purpose = at == forced ? out->forced : cut_value(cuts, at);
    out->selected = selected_at(cuts, at);
    out->precision =
        mv_stats_clopper_pearson(right_at(cuts, at), out->selected, confidence);
    out->purpose_basis = MV_THRESHOLD_MET;
    out->more_labels = 0;
    if (!met)
        estimate_need(out, cuts);
}

/* --- low -------------------------------------------------------------- */

static void choose_low(struct mv_thresholds *out, const struct cuts *cuts)
{
    size_t forced = rows_below(cuts, out->forced), at = forced;

    for (; at > 0; at--)
        if ((at == forced || is_cut(cuts, at)) &&
            mv_stats_binomial_below(cuts->below[at], (long)at, cuts->miss) <=
                cuts->tail)
            break;
    if (at > 0) {
        out->low = at == forced ? out->forced : cut_value(cuts, at);
        out->low_basis = MV_THRESHOLD_MET;
    } else {
        out->low = fmin(cuts->miss, out->forced);
        out->low_basis = MV_THRESHOLD_THIN;
        at = rows_below(cuts, out->low);
    }
    out->missed =
        mv_stats_clopper_pearson(cuts->below[at], (long)at, 1 - 2 * cuts->tail);
}

/* --- input ------------------------------------------------------------ */

static bool inside(double x)
{
    return x > 0 && x < 1;
}

static enum mv_status read_options(struct cuts *cuts,
                                   const struct mv_threshold_options *options,
                                   struct mv_error *error)
{
    double sure = options->confidence != 0 ? options->confidence : 0.95;
    double promise = options->promise != 0 ? options->promise : 0.99;

    cuts->target =
        options->target_precision != 0 ? options->target_precision : 0.90;
    cuts->miss = options->miss_rate != 0 ? options->miss_rate : 0.10;
    cuts->tail = (1 - sure) / 2;
    cuts->proof = (1 - promise) / 2;
    cuts->min_selected =
        options->min_selected ? (size_t)options->min_selected : 10;
    cuts->match_below = options->match_below;
    if (inside(cuts->target) && inside(cuts->miss) && inside(sure) &&
        inside(promise) && options->min_selected >= 0)
        return MV_OK;
    return mv_error_set(error, MV_RANGE, NULL, 0,
                        "cannot choose thresholds for target precision %g, "
                        "miss rate %g, confidence %g, %d selected rows: "
                        "expected numbers between 0 and 1, and 1 row or more",
                        cuts->target, cuts->miss, sure, options->min_selected);
}

static enum mv_status read_rows(struct cuts *cuts, const double *p,
                                const int *label, struct mv_error *error)
{
    size_t n = cuts->n;

    for (size_t i = 0; i < n; i++) {
        if (!(p[i] >= 0 && p[i] <= 1) || (label[i] != 0 && label[i] != 1))
            return mv_error_set(error, MV_DATA, NULL, 0,
                                "cannot choose thresholds: row %zu has "
                                "probability %g and label %d, expected 0 to 1 "
                                "and 0 or 1",
                                i, p[i], label[i]);
        cuts->rows[i] = (struct row){p[i], label[i]};
    }
    qsort(cuts->rows, n, sizeof *cuts->rows, by_probability);
    for (size_t i = 0; i < n; i++)
        cuts->below[i + 1] = cuts->below[i] + cuts->rows[i].label;
    if (cuts->below[n] == 0 || cuts->below[n] == (long)n)
        return mv_error_set(error, MV_DATA, NULL, 0,
                            "cannot choose thresholds: the %zu rows are of "
                            "one class, expected both; label more messages",
                            n);
    return MV_OK;
}

enum mv_status mv_calibrate_thresholds(
    struct mv_thresholds *out, size_t n, const double *p, const int *label,
    const struct mv_threshold_options *options, struct mv_error *error)
{
    struct cuts cuts = {.n = n};
    enum mv_status status = read_options(&cuts, options, error);

    if (status != MV_OK)
        return status;
    cuts.rows = malloc((n + 1) * sizeof *cuts.rows);
    cuts.below = calloc(n + 1, sizeof *cuts.below);
    if (!cuts.rows || !cuts.below)
        status = mv_error_set(error, MV_NOMEM, NULL, 0,
                              "cannot choose thresholds: out of memory");
    else
        status = read_rows(&cuts, p, label, error);
    if (status == MV_OK) {
        choose_forced(out, &cuts);
        choose_purpose(out, &cuts);
        choose_low(out, &cuts);
    }
    free(cuts.rows);
    free(cuts.below);
    return status;
}
