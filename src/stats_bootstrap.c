#include "parallel.h"
#include "stats.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

enum { DEFAULT_REPLICATES = 1000, MAX_REPLICATES = 1000000 };

/* The jackknife costs n times the statistic, and the acceleration falls with
 * the square root of n. */
static const size_t MAX_JACKKNIFE = 5000;

/* --- intervals from replicates ---------------------------------------- */

static size_t drop_undefined(double *values, size_t n)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++)
        if (!isnan(values[i]))
            values[kept++] = values[i];
    return kept;
}

/* The level that BCa reads for the nominal normal quantile z (Efron 1987,
 * equation 6.8). */
static double corrected_level(double z0, double acceleration, double z)
{
    double divisor = 1 - acceleration * (z0 + z);

    if (divisor <= 0)
        return z0 + z > 0 ? 1 : 0;
    return mv_stats_normal_cdf(z0 + (z0 + z) / divisor);
}

/* Half of the ties count as below; a share of 0 or 1 would ask for infinite
 * corrections, so one replicate is taken to lie on the other side. */
static double bias_correction(double value, const double *sorted, size_t n)
{
    double below = 0, least = 1 / ((double)n + 1);

    for (size_t i = 0; i < n && sorted[i] <= value; i++)
        below += sorted[i] < value ? 1 : 0.5;
    below /= (double)n;
    return mv_stats_normal_quantile(fmin(fmax(below, least), 1 - least));
}

static struct mv_interval interval(double value, double *replicates,
                                   size_t count, bool correct,
                                   double acceleration, double confidence)
{
    struct mv_interval out = {value, NAN, NAN};
    size_t kept = drop_undefined(replicates, count);
    double z, z0 = 0;

    if (isnan(value) || kept < 2 || kept < count - kept ||
        !(confidence > 0 && confidence < 1))
        return out;
    mv_stats_sort(replicates, kept);
    if (correct)
        z0 = bias_correction(value, replicates, kept);
    z = -mv_stats_normal_quantile((1 - confidence) / 2);
    out.low = mv_stats_quantile(replicates, kept,
                                corrected_level(z0, acceleration, -z));
    out.high = mv_stats_quantile(replicates, kept,
                                 corrected_level(z0, acceleration, z));
    return out;
}

struct mv_interval mv_stats_bca(double value, double *replicates, size_t count,
                                double acceleration, double confidence)
{
    return interval(value, replicates, count, true, acceleration, confidence);
}

struct mv_interval mv_stats_percentile(double value, double *replicates,
                                       size_t count, double confidence)
{
    return interval(value, replicates, count, false, 0, confidence);
}

/* --- acceleration ----------------------------------------------------- */

void mv_jackknife_add(struct mv_jackknife *jackknife, double value,
                      double weight)
{
    if (jackknife->n == 0)
        jackknife->origin = value;
    value -= jackknife->origin;
    jackknife->n += weight;
    jackknife->sum += weight * value;
    jackknife->square += weight * value * value;
    jackknife->cube += weight * value * value * value;
}

/* With influence values l = (n - 1) (mean - value) in a stratum of n rows, the
 * acceleration is 1/6 sum(l^3 / n^3) / sum(l^2 / n^2)^(3/2). */
void mv_jackknife_close(struct mv_jackknife *jackknife)
{
    double n = jackknife->n, mean, second, third, scale;

    if (n > 1) {
        mean = jackknife->sum / n;
        second = jackknife->square - n * mean * mean;
        third = -(jackknife->cube - 3 * mean * jackknife->square +
                  2 * n * mean * mean * mean);
        scale = (n - 1) / n;
        jackknife->second += scale * scale * fmax(0, second);
        jackknife->third += scale * scale * scale * third;
    }
    jackknife->n = jackknife->sum = jackknife->square = jackknife->cube = 0;
}

double mv_jackknife_acceleration(const struct mv_jackknife *jackknife)
{
    /* Below this, what is left of the squares is rounding. */
    if (jackknife->second < 1e-30)
        return 0;
    return jackknife->third / (6 * pow(jackknife->second, 1.5));
}

/* --- the loop over replicates ----------------------------------------- */

struct row {
    size_t at;
    int stratum;
};

struct run {
    size_t n;
    double (*statistic)(void *, const size_t *, size_t);
    void *payload;
    uint64_t seed;
    size_t *order;       /* n rows, stratum by stratum */
    size_t *first;       /* n: for a place in order, where its stratum starts */
    size_t *size;        /* n: ... and how many rows it has */
    size_t *space;       /* workers × n */
    struct mv_rng **rng; /* workers */
    int workers;
    double *values; /* one for each replicate, or each row left out */
};

static void release_run(struct run *run)
{
    for (int i = 0; run->rng && i < run->workers; i++)
        mv_rng_free(run->rng[i]);
    free(run->rng);
    free(run->order);
    free(run->first);
    free(run->size);
    free(run->space);
    free(run->values);
}

static int by_stratum(const void *a, const void *b)
{
    const struct row *x = a, *y = b;

    if (x->stratum != y->stratum)
        return x->stratum < y->stratum ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

static enum mv_status order_rows(struct run *run, const int *stratum)
{
    struct row *rows = malloc(run->n * sizeof *rows);

    if (!rows)
        return MV_NOMEM;
    for (size_t i = 0; i < run->n; i++)
        rows[i] = (struct row){i, stratum ? stratum[i] : 0};
    qsort(rows, run->n, sizeof *rows, by_stratum);
    for (size_t start = 0, end; start < run->n; start = end) {
        for (end = start; end < run->n; end++)
            if (rows[end].stratum != rows[start].stratum)
                break;
        for (size_t i = start; i < end; i++) {
            run->order[i] = rows[i].at;
            run->first[i] = start;
            run->size[i] = end - start;
        }
    }
    free(rows);
    return MV_OK;
}

static enum mv_status prepare_run(struct run *run, size_t values,
                                  const struct mv_bootstrap *options)
{
    size_t n = run->n, more = values > n ? values : n;

    run->workers = mv_parallel_workers(options->threads, more);
    run->order = malloc(n * sizeof *run->order);
    run->first = malloc(n * sizeof *run->first);
    run->size = malloc(n * sizeof *run->size);
    run->space = calloc((size_t)run->workers, n * sizeof *run->space);
    run->values = malloc(more * sizeof *run->values);
    run->rng = calloc((size_t)run->workers, sizeof(struct mv_rng *));
    if (!run->order || !run->first || !run->size || !run->space ||
        !run->values || !run->rng)
        return MV_NOMEM;
    for (int i = 0; i < run->workers; i++)
        if (mv_rng_new(&run->rng[i], run->seed) != MV_OK)
            return MV_NOMEM;
    return order_rows(run, options->stratum);
}

static enum mv_status draw_replicate(void *payload, size_t index, int worker,
                                     struct mv_error *error)
{
    struct run *run = payload;
    struct mv_rng *rng = run->rng[worker];
    size_t *rows = run->space + (size_t)worker * run->n;

    (void)error;
    mv_rng_seed(rng, run->seed, index);
    for (size_t i = 0; i < run->n; i++)
        rows[i] = run->order[run->first[i] + mv_rng_below(rng, run->size[i])];
    run->values[index] = run->statistic(run->payload, rows, run->n);
    return MV_OK;
}

static enum mv_status leave_out(void *payload, size_t index, int worker,
                                struct mv_error *error)
{
    struct run *run = payload;
    size_t *rows = run->space + (size_t)worker * run->n, count = 0;

    (void)error;
    for (size_t i = 0; i < run->n; i++)
        if (i != index)
            rows[count++] = run->order[i];
    run->values[index] = run->statistic(run->payload, rows, count);
    return MV_OK;
}

/* Leaving out a row of a stratum of one row has no meaning, and the stratum
 * does not vary between replicates either: mv_jackknife_close skips it. */
static enum mv_status accelerate(double *out, struct run *run, double value,
                                 int threads, struct mv_error *error)
{
    struct mv_jackknife jackknife = {0};
    enum mv_status status;

    *out = 0;
    if (run->n > MAX_JACKKNIFE)
        return MV_OK;
    status = mv_parallel_for(threads, run->n, leave_out, run, error);
    if (status != MV_OK)
        return status;
    for (size_t i = 0; i < run->n; i++) {
        double without = run->values[i];

        if (i && run->first[i] != run->first[i - 1])
            mv_jackknife_close(&jackknife);
        mv_jackknife_add(&jackknife, isnan(without) ? value : without, 1);
    }
    mv_jackknife_close(&jackknife);
    *out = mv_jackknife_acceleration(&jackknife);
    return MV_OK;
}

static enum mv_status check_options(const struct mv_bootstrap *options,
                                    struct mv_error *error)
{
    double confidence = options->confidence;
    int replicates = options->replicates;

    if (replicates != 0 && (replicates < 2 || replicates > MAX_REPLICATES))
        return mv_error_set(error, MV_RANGE, NULL, 0,
                            "%d bootstrap replicates asked for, expected "
                            "2 to %d",
                            replicates, MAX_REPLICATES);
    if (confidence != 0 && !(confidence > 0 && confidence < 1))
        return mv_error_set(error, MV_RANGE, NULL, 0,
                            "confidence %g asked for, expected a number "
                            "between 0 and 1",
                            confidence);
    if (options->threads < 0)
        return mv_error_set(error, MV_RANGE, NULL, 0,
                            "%d threads asked for, expected 0 or more",
                            options->threads);
    return MV_OK;
}

enum mv_status mv_stats_bootstrap(
    struct mv_interval *out, size_t n,
    double (*statistic)(void *payload, const size_t *rows, size_t count),
    void *payload, const struct mv_bootstrap *options, struct mv_error *error)
{
    struct run run = {.n = n,
                      .statistic = statistic,
                      .payload = payload,
                      .seed = options->seed};
    size_t replicates =
        options->replicates ? (size_t)options->replicates : DEFAULT_REPLICATES;
    double confidence = options->confidence != 0 ? options->confidence : 0.95;
    enum mv_status status = check_options(options, error);
    double value, bend = 0;

    *out = mv_stats_undefined();
    if (status != MV_OK || n == 0)
        return status;
    if (prepare_run(&run, replicates, options) != MV_OK) {
        status = mv_error_set(error, MV_NOMEM, NULL, 0,
                              "cannot bootstrap %zu rows: out of memory", n);
        goto out;
    }
    value = out->value = statistic(payload, run.order, n);
    if (isnan(value) || n < 2)
        goto out;
    if (options->method == MV_BOOTSTRAP_BCA)
        status = accelerate(&bend, &run, value, options->threads, error);
    if (status == MV_OK)
        status = mv_parallel_for(options->threads, replicates, draw_replicate,
                                 &run, error);
    if (status != MV_OK)
        goto out;
    *out = interval(value, run.values, replicates,
                    options->method == MV_BOOTSTRAP_BCA, bend, confidence);
out:
    release_run(&run);
    return status;
}
