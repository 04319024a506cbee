/* layer 2: seeded chance, intervals, exact tests, and the bootstrap.
 *
 * The only place that knows GSL. Nothing here reads the clock or any other
 * source of chance: the same seed gives the same numbers. What is undefined is
 * NaN, never 0. GSL's handler, which aborts the process, is turned off for the
 * whole process, once (pthread_once), before the first call into GSL; motivo
 * looks at GSL's return values instead. A host program that wants a handler of
 * its own sets it after its first call of motivo.
 *
 * Thread-safety: no other shared state; a struct mv_rng belongs to one thread
 * at a time, everything else may be called by several threads at once.
 */
#ifndef MV_STATS_H
#define MV_STATS_H

#include "status.h"

#include <stddef.h>
#include <stdint.h>

/* A figure and its interval. All NaN: undefined (nothing was counted). A
 * defined value with NaN bounds: the interval could not be computed. */
struct mv_interval {
    double value, low, high;
};

/* The undefined interval: three times NaN. */
struct mv_interval mv_stats_undefined(void);

/* --- chance ----------------------------------------------------------- */

/* A Mersenne twister (MT19937; Matsumoto and Nishimura 1998). */
struct mv_rng;

/* Makes a generator at the start of stream 0 of seed.
 * Errors: MV_NOMEM. Owns: the caller frees *out with mv_rng_free. */
enum mv_status mv_rng_new(struct mv_rng **out, uint64_t seed);
/* NULL is allowed. */
void mv_rng_free(struct mv_rng *rng);
/* Restarts at the beginning of a stream of seed. Streams make loops
 * reproducible under any number of threads: one stream for each index. The
 * pair is hashed to the 32 bits that the twister is seeded with, so streams
 * are unrelated, and two of a million share a start rarely, not never. */
void mv_rng_seed(struct mv_rng *rng, uint64_t seed, uint64_t stream);
/* A uniform integer in [0, n), without bias. n: 1 .. SIZE_MAX (0 gives 0). */
size_t mv_rng_below(struct mv_rng *rng, size_t n);
/* A uniform number in [0, 1). */
double mv_rng_real(struct mv_rng *rng);
/* Successes in n trials of probability p in [0, 1]. n: 0 .. UINT_MAX. */
size_t mv_rng_binomial(struct mv_rng *rng, size_t n, double p);
/* Puts n items of size bytes (1 .. 64) into random order (Fisher–Yates). */
void mv_rng_shuffle(struct mv_rng *rng, void *items, size_t n, size_t size);

/* --- distributions and order ------------------------------------------ */

double mv_stats_normal_cdf(double x);
/* p in [0, 1]: 0 gives -INFINITY, 1 gives INFINITY; otherwise NaN. */
double mv_stats_normal_quantile(double p);

/* Sorts n finite numbers, rising. */
void mv_stats_sort(double *values, size_t n);
/* The q-quantile (q in [0, 1]) of n sorted numbers, linear between order
 * statistics (type 7 of Hyndman and Fan 1996). NaN when n is 0. */
double mv_stats_quantile(const double *sorted, size_t n, double q);
/* mv_stats_quantile at 0.5. */
double mv_stats_median(const double *sorted, size_t n);

/* --- proportions ------------------------------------------------------ */

/* P(X <= k) and P(X >= k) for X ~ Binomial(n, p), exact in the tail asked
 * for. k: any; n >= 0; p in [0, 1], otherwise NaN. */
double mv_stats_binomial_below(long k, long n, double p);
double mv_stats_binomial_above(long k, long n, double p);

/* Two-sided intervals for k successes of n at a confidence in (0, 1), say
 * 0.95. Undefined when n is 0, k is not in [0, n] or confidence is not in
 * (0, 1). Wilson (1927): near the confidence on average, may fall below it.
 * Clopper and Pearson (1934): never below it, so wider. */
struct mv_interval mv_stats_wilson(long k, long n, double confidence);
struct mv_interval mv_stats_clopper_pearson(long k, long n, double confidence);

/* --- tests ------------------------------------------------------------ */

/* The two-sided p-value of the exact McNemar test: b and c (>= 0) count the
 * rows that only the first and only the second of two classifiers got right.
 * 1 when b + c is 0; NaN when one is negative. */
double mv_stats_mcnemar(long b, long c);

/* The p-value of Pearson's chi-square test of whether the chance of a success
 * is the same in all groups: k[i] of n[i] in each. Empty groups are left out.
 * 1 when fewer than two groups are there, or all or none are successes. */
double mv_stats_homogeneity(const long *k, const long *n, size_t groups);

/* Distance of two samples and the chance of one at least as large when both
 * come from one distribution. */
struct mv_ks {
    double d; /* in [0, 1] */
    double p; /* in [0, 1] */
};

/* The two-sample Kolmogorov–Smirnov test. a, b: na and nb finite numbers, in
 * any order, not changed. The p-value is exact (for distributions without
 * ties, otherwise cautious) up to na * nb = 1,000,000, beyond that asymptotic
 * with the correction of Stephens (1970). Both NaN when a sample is empty.
 * Errors: MV_DATA for NaN or infinity; MV_NOMEM. */
enum mv_status mv_stats_ks(struct mv_ks *out, const double *a, size_t na,
                           const double *b, size_t nb, struct mv_error *error);

/* The asymptotic p-value of a distance d of samples of na and nb (> 0). */
double mv_stats_ks_p(double d, double na, double nb);

/* --- bootstrap (Efron and Tibshirani 1993) ---------------------------- */

enum mv_bootstrap_method {
    MV_BOOTSTRAP_BCA = 0,   /* bias-corrected and accelerated (Efron 1987) */
    MV_BOOTSTRAP_PERCENTILE /* plain quantiles of the replicates */
};

struct mv_bootstrap {
    enum mv_bootstrap_method method;
    int replicates;     /* 0: 1000; otherwise 2 .. 1,000,000 */
    double confidence;  /* 0: 0.95; otherwise in (0, 1) */
    uint64_t seed;      /* replicate i draws from stream i of this seed */
    int threads;        /* as in mv_parallel_for; never changes the result */
    const int *stratum; /* one for each row, any ints, or NULL: one stratum;
                         * rows are drawn within their stratum */
};

/* The interval of a statistic of n rows.
 * statistic: called as (payload, rows, count) with row numbers in [0, n) that
 * may repeat, and count n (n - 1 for the jackknife of BCa); returns NaN when
 * undefined; must be thread-safe unless options->threads is 1, and must not
 * depend on the order of rows. The jackknife calls it n times more; beyond
 * 5,000 rows it is left out (acceleration 0), as it would hardly count.
 * Replicates in which the statistic is undefined are left out; when they are
 * more than half, or the value itself is undefined, or fewer than two rows
 * exist, the bounds are NaN. n may be 0: undefined.
 * Errors: MV_RANGE for options out of range; MV_NOMEM. */
enum mv_status mv_stats_bootstrap(
    struct mv_interval *out, size_t n,
    double (*statistic)(void *payload, const size_t *rows, size_t count),
    void *payload, const struct mv_bootstrap *options, struct mv_error *error);

/* The last step of the above, for those who draw replicates in a cheaper way:
 * value is the statistic of the data; the count replicates are sorted in
 * place, NaN ones left out. acceleration: 0 when not known. */
struct mv_interval mv_stats_bca(double value, double *replicates, size_t count,
                                double acceleration, double confidence);
struct mv_interval mv_stats_percentile(double value, double *replicates,
                                       size_t count, double confidence);

/* The acceleration of BCa from the jackknife, stratum by stratum (Davison and
 * Hinkley 1997, 5.3.2). Start with = {0}; for each stratum add its left-out
 * values, `weight` rows at a time for rows that are alike; close the stratum;
 * then ask. */
struct mv_jackknife {
    double origin; /* the open stratum's first value: the others are taken
                    * relative to it, against rounding */
    double n, sum, square, cube;
    double second, third; /* of the closed ones */
};

/* value: the statistic without one of weight (>= 0) like rows; NaN counts as
 * "no change" and must be given as the full value by the caller. */
void mv_jackknife_add(struct mv_jackknife *jackknife, double value,
                      double weight);
void mv_jackknife_close(struct mv_jackknife *jackknife);
/* The acceleration; 0 when nothing varies. */
double mv_jackknife_acceleration(const struct mv_jackknife *jackknife);

#endif
