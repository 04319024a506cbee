/* Intervals of the figures about probabilities. */
#include "metrics.h"

#include "metrics_draw.h"

#include <math.h>
#include <stdlib.h>

struct mv_interval mv_metrics_brier_range(size_t n, const int *label,
                                          const double *p, double confidence)
{
    struct mv_interval out = mv_stats_undefined();
    double square = 0, z = mv_stats_normal_quantile((1 + confidence) / 2), half;

    out.value = mv_metrics_brier(n, label, p);
    if (n < 2)
        return out;
    for (size_t i = 0; i < n; i++) {
        double off = (p[i] - label[i]) * (p[i] - label[i]) - out.value;

        square += off * off;
    }
    half = z * sqrt(square / (double)(n - 1) / (double)n);
    out.low = fmax(out.value - half, 0);
    out.high = fmin(out.value + half, 1);
    return out;
}

/* --- expected calibration error ------------------------------------------- */

struct pair {
    double p;
    int label;
};

static int rising(const void *a, const void *b)
{
    const struct pair *x = a, *y = b;

    if (x->p != y->p)
        return x->p < y->p ? -1 : 1;
    return x->label - y->label;
}

/* The error when row i of the sorted ones occurs count[i] times, n in all, in
 * ten bins of equal mass; rows of equal p are not kept together, which hardly
 * counts here. */
static double error_of(const struct pair *row, const unsigned *count, size_t n)
{
    enum { BINS = 10 };
    double sum = 0, gap = 0;
    size_t bin = 1, taken = 0;

    for (size_t i = 0; i < n; i++)
        for (unsigned k = 0; k < count[i]; k++) {
            if (taken == bin * n / BINS) {
                sum += fabs(gap);
                gap = 0;
                bin++;
            }
            gap += row[i].p - row[i].label;
            taken++;
        }
    return (sum + fabs(gap)) / (double)n;
}

/* The bounds of the basic and of the percentile bootstrap together. A drawn
 * sample is further off than the rows it is drawn from, by as much as these
 * are further off than the truth when it is near 0, by less when it is not. */
static struct mv_interval both(double value, double *drawn, size_t n,
                               double confidence)
{
    double tail = (1 - confidence) / 2, low, high;

    mv_stats_sort(drawn, n);
    low = mv_stats_quantile(drawn, n, tail);
    high = mv_stats_quantile(drawn, n, 1 - tail);
    return (struct mv_interval){
        value, fmax(fmin(fmin(low, 2 * value - high), value), 0),
        fmax(fmax(high, 2 * value - low), value)};
}

enum mv_status mv_metrics_ece_range(struct mv_interval *out, size_t n,
                                    const int *label, const double *p,
                                    const struct mv_metrics_options *options)
{
    size_t replicates = (size_t)options->replicates;
    struct pair *row = malloc((n + 1) * sizeof *row);
    unsigned *count = malloc((n + 1) * sizeof *count);
    double *drawn = malloc(replicates * sizeof *drawn), value;
    struct mv_rng *rng = NULL;
    enum mv_status status = row && count && drawn ? MV_OK : MV_NOMEM;

    if (status == MV_OK)
        status = mv_rng_new(&rng, options->seed);
    if (status == MV_OK)
        status = mv_metrics_ece(&value, n, label, p);
    if (status == MV_OK)
        *out = (struct mv_interval){value, NAN, NAN};
    if (status == MV_OK && n >= 2) {
        for (size_t i = 0; i < n; i++)
            row[i] = (struct pair){p[i], label[i] == 1};
        qsort(row, n, sizeof *row, rising);
        for (size_t r = 0; r < replicates; r++) {
            for (size_t i = 0; i < n; i++)
                count[i] = 0;
            for (size_t i = 0; i < n; i++)
                count[mv_rng_below(rng, n)]++;
            drawn[r] = error_of(row, count, n);
        }
        *out = both(value, drawn, replicates, options->confidence);
    }
    mv_rng_free(rng);
    free(row);
    free(count);
    free(drawn);
    return status;
}
