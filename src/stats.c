#include "stats.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct mv_rng {
    gsl_rng *gsl;
};

/* The handler is one of the process, so it is set once, and before any thread
 * can be inside GSL on motivo's behalf. */
static pthread_once_t quiet_once = PTHREAD_ONCE_INIT;

static void turn_handler_off(void)
{
    gsl_set_error_handler_off();
}

static void quiet(void)
{
    pthread_once(&quiet_once, turn_handler_off);
}

struct mv_interval mv_stats_undefined(void)
{
    return (struct mv_interval){NAN, NAN, NAN};
}

/* --- chance ----------------------------------------------------------- */

/* The finaliser of SplitMix64 (Steele, Lea and Flood 2014). */
static uint64_t mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

enum mv_status mv_rng_new(struct mv_rng **out, uint64_t seed)
{
    struct mv_rng *rng = malloc(sizeof *rng);

    quiet();
    if (!rng)
        return MV_NOMEM;
    rng->gsl = gsl_rng_alloc(gsl_rng_mt19937);
    if (!rng->gsl) {
        free(rng);
        return MV_NOMEM;
    }
    mv_rng_seed(rng, seed, 0);
    *out = rng;
    return MV_OK;
}

void mv_rng_free(struct mv_rng *rng)
{
    if (!rng)
        return;
    gsl_rng_free(rng->gsl);
    free(rng);
}

void mv_rng_seed(struct mv_rng *rng, uint64_t seed, uint64_t stream)
{
    unsigned long start = (unsigned long)(mix(mix(seed) ^ stream) >> 32);

    /* GSL takes 0 for "the default seed". */
    gsl_rng_set(rng->gsl, start ? start : 1);
}

static uint64_t draw64(struct mv_rng *rng)
{
    uint64_t high = gsl_rng_get(rng->gsl);

    return high << 32 | gsl_rng_get(rng->gsl);
}

size_t mv_rng_below(struct mv_rng *rng, size_t n)
{
    uint64_t limit, x;

    if (n <= 1)
        return 0;
    if (n <= UINT32_MAX)
        return gsl_rng_uniform_int(rng->gsl, n);
    limit = UINT64_MAX - UINT64_MAX % n;
    do
        x = draw64(rng);
    while (x >= limit);
    return (size_t)(x % n);
}

double mv_rng_real(struct mv_rng *rng)
{
    return gsl_rng_uniform(rng->gsl);
}

size_t mv_rng_binomial(struct mv_rng *rng, size_t n, double p)
{
    if (n == 0 || p <= 0)
        return 0;
    if (p >= 1)
        return n;
    return gsl_ran_binomial(rng->gsl, p, (unsigned)n);
}

void mv_rng_shuffle(struct mv_rng *rng, void *items, size_t n, size_t size)
{
    char *base = items, spare[64];

    if (size == 0 || size > sizeof spare)
        return;
    for (size_t i = n; i > 1; i--) {
        size_t j = mv_rng_below(rng, i);

        memcpy(spare, base + j * size, size);
        memmove(base + j * size, base + (i - 1) * size, size);
        memcpy(base + (i - 1) * size, spare, size);
    }
}

/* --- distributions and order ------------------------------------------ */

double mv_stats_normal_cdf(double x)
{
    quiet();
    return gsl_cdf_ugaussian_P(x);
}

double mv_stats_normal_quantile(double p)
{
    quiet();
    if (!(p >= 0 && p <= 1))
        return NAN;
    if (p == 0)
        return -INFINITY;
    return p == 1 ? INFINITY : gsl_cdf_ugaussian_Pinv(p);
}

static int rising(const void *a, const void *b)
{
    double x, y;

    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

void mv_stats_sort(double *values, size_t n)
{
    if (n)
        qsort(values, n, sizeof *values, rising);
}

double mv_stats_quantile(const double *sorted, size_t n, double q)
{
    double at;
    size_t i;

    if (n == 0 || !(q >= 0 && q <= 1))
        return NAN;
    at = q * (double)(n - 1);
    i = (size_t)at;
    if (i + 1 >= n)
        return sorted[n - 1];
    return sorted[i] + (at - (double)i) * (sorted[i + 1] - sorted[i]);
}

double mv_stats_median(const double *sorted, size_t n)
{
    return mv_stats_quantile(sorted, n, 0.5);
}

/* --- proportions ------------------------------------------------------ */

/* The tails of the binomial are values of the incomplete beta function. */
double mv_stats_binomial_below(long k, long n, double p)
{
    quiet();
    if (n < 0 || !(p >= 0 && p <= 1))
        return NAN;
    if (k < 0)
        return 0;
    if (k >= n || p == 0)
        return 1;
    return p == 1 ? 0 : gsl_cdf_beta_Q(p, (double)k + 1, (double)(n - k));
}

double mv_stats_binomial_above(long k, long n, double p)
{
    quiet();
    if (n < 0 || !(p >= 0 && p <= 1))
        return NAN;
    if (k <= 0)
        return 1;
    if (k > n || p == 0)
        return 0;
    return p == 1 ? 1 : gsl_cdf_beta_P(p, (double)k, (double)(n - k) + 1);
}

static bool is_proportion(long k, long n, double confidence)
{
    return n > 0 && k >= 0 && k <= n && confidence > 0 && confidence < 1;
}

struct mv_interval mv_stats_wilson(long k, long n, double confidence)
{
    double p, z, z2, centre, half, m = (double)n;
    struct mv_interval out;

    if (!is_proportion(k, n, confidence))
        return mv_stats_undefined();
    p = (double)k / m;
    z = -mv_stats_normal_quantile((1 - confidence) / 2);
    z2 = z * z;
    centre = (p + z2 / (2 * m)) / (1 + z2 / m);
    half = z * sqrt(p * (1 - p) / m + z2 / (4 * m * m)) / (1 + z2 / m);
    out.value = p;
    out.low = k == 0 ? 0 : fmax(0, centre - half);
    out.high = k == n ? 1 : fmin(1, centre + half);
    return out;
}

/* The p at which a tail of Binomial(n, p) has the chance `tail`: above(k) when
 * upper is false (it rises with p), else below(k) (it falls). Bisection on
 * the tails themselves: GSL's beta inverse gives up on some of them. */
static double solve_tail(long k, long n, double tail, bool upper)
{
    double low = 0, high = 1;

    for (int i = 0; i < 60 && high - low > 1e-16 * high; i++) {
        double p = low + (high - low) / 2;
        bool beyond = upper ? mv_stats_binomial_below(k, n, p) < tail
                            : mv_stats_binomial_above(k, n, p) > tail;

        if (beyond)
            high = p;
        else
            low = p;
    }
    return low + (high - low) / 2;
}

struct mv_interval mv_stats_clopper_pearson(long k, long n, double confidence)
{
    double tail = (1 - confidence) / 2;
    struct mv_interval out;

    if (!is_proportion(k, n, confidence))
        return mv_stats_undefined();
    out.value = (double)k / (double)n;
    out.low = k == 0 ? 0 : solve_tail(k, n, tail, false);
    out.high = k == n ? 1 : solve_tail(k, n, tail, true);
    return out;
}

/* --- tests ------------------------------------------------------------ */

double mv_stats_mcnemar(long b, long c)
{
    if (b < 0 || c < 0)
        return NAN;
    return fmin(1, 2 * mv_stats_binomial_below(b < c ? b : c, b + c, 0.5));
}

/* na nb times the largest distance of the two distribution functions: an
 * integer, so that ties and rounding do not matter. */
double mv_stats_homogeneity(const long *k, const long *n, size_t groups)
{
    double right = 0, all = 0, sum = 0, share;
    size_t used = 0;

    for (size_t i = 0; i < groups; i++) {
        right += (double)k[i];
        all += (double)n[i];
        used += n[i] > 0;
    }
    if (used < 2 || right == 0 || right == all)
        return 1;
    share = right / all;
    for (size_t i = 0; i < groups; i++) {
        double off = (double)k[i] - share * (double)n[i];

        if (n[i] > 0)
            sum += off * off / (share * (1 - share) * (double)n[i]);
    }
    return gsl_cdf_chisq_Q(sum, (double)used - 1);
}

static double largest_distance(const double *a, size_t na, const double *b,
                               size_t nb)
{
    size_t i = 0, j = 0;
    double most = 0;

    while (i < na && j < nb) {
        double x = fmin(a[i], b[j]);

        while (i < na && a[i] <= x)
            i++;
        while (j < nb && b[j] <= x)
            j++;
        most =
            fmax(most, fabs((double)i * (double)nb - (double)j * (double)na));
    }
    return most;
}

/* The chance that a random path from (0, 0) to (na, nb), one step a row of
 * the pooled sample, ever gets as far from the diagonal as `most` (Hodges
 * 1958). Its last step was one of sample a with chance i / (i + j), whence
 * the recurrence; column holds the row for i. */
static double exact_p(double *column, size_t na, size_t nb, double most)
{
    double m = (double)na, n = (double)nb;

    for (size_t i = 0; i <= na; i++)
        for (size_t j = 0; j <= nb; j++) {
            double x = (double)i, y = (double)j;

            if (fabs(x * n - y * m) >= most)
                column[j] = 1;
            else if (i == 0)
                column[j] = j ? column[j - 1] : 0;
            else
                column[j] =
                    (x * column[j] + (j ? y * column[j - 1] : 0)) / (x + y);
        }
    return column[nb];
}

/* Kolmogorov's limit distribution, upper tail; two series, each where it
 * converges within a few terms. */
static double kolmogorov_above(double lambda)
{
    double sum = 0;

    if (lambda < 0.2)
        return 1;
    if (lambda < 1.18) {
        for (int k = 1; k <= 7; k += 2)
            sum += exp(-k * k * M_PI * M_PI / (8 * lambda * lambda));
        return 1 - sqrt(2 * M_PI) / lambda * sum;
    }
    for (int k = 1; k <= 7; k++)
        sum += (k % 2 ? 2 : -2) * exp(-2 * k * k * lambda * lambda);
    return fmin(1, sum);
}

double mv_stats_ks_p(double d, double na, double nb)
{
    double root = sqrt(na * nb / (na + nb));

    return kolmogorov_above((root + 0.12 + 0.11 / root) * d);
}

static double *sorted_copy(const double *values, size_t n)
{
    double *copy = malloc(n * sizeof *copy);

    if (copy) {
        memcpy(copy, values, n * sizeof *copy);
        mv_stats_sort(copy, n);
    }
    return copy;
}

static bool all_finite(const double *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isfinite(values[i]))
            return false;
    return true;
}

enum mv_status mv_stats_ks(struct mv_ks *out, const double *a, size_t na,
                           const double *b, size_t nb, struct mv_error *error)
{
    double *x = NULL, *y = NULL, *column = NULL, most;
    enum mv_status status = MV_OK;

    *out = (struct mv_ks){NAN, NAN};
    if (!all_finite(a, na) || !all_finite(b, nb))
        return mv_error_set(error, MV_DATA, NULL, 0,
                            "cannot compare two samples: a value is not a "
                            "finite number");
    if (na == 0 || nb == 0)
        return MV_OK;
    x = sorted_copy(a, na);
    y = sorted_copy(b, nb);
    column = malloc((nb + 1) * sizeof *column);
    if (!x || !y || !column) {
        status = mv_error_set(error, MV_NOMEM, NULL, 0,
                              "cannot compare two samples: out of memory");
        goto out;
    }
    most = largest_distance(x, na, y, nb);
    out->d = most / ((double)na * (double)nb);
    if (most == 0)
        out->p = 1;
    else if ((double)na * (double)nb <= 1e6)
        out->p = exact_p(column, na, nb, most);
    else
        out->p = mv_stats_ks_p(out->d, (double)na, (double)nb);
out:
    free(x);
    free(y);
    free(column);
    return status;
}
