#include "stats.h"

#include "../oracle/oracle.h"
#include "test.h"

#include <pthread.h>

/* Whether two numbers agree to a relative tolerance. */
static int same(double got, double want, double tolerance)
{
    return fabs(got - want) <= tolerance * fmax(fabs(want), 1e-300);
}

static double mean_of(void *payload, const size_t *rows, size_t count)
{
    const double *x = payload;
    double sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += x[rows[i]];
    return sum / (double)count;
}

/* Undefined unless row 0 is there. */
static double needs_first(void *payload, const size_t *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i] == 0)
            return mean_of(payload, rows, count);
    return NAN;
}

static double never(void *payload, const size_t *rows, size_t count)
{
    (void)payload;
    (void)rows;
    (void)count;
    return NAN;
}

/* The largest number of stratum-0 rows minus 25: 0 when strata are kept. */
static double strata_moved(void *payload, const size_t *rows, size_t count)
{
    const int *stratum = payload;
    int zero = 0;

    for (size_t i = 0; i < count; i++)
        zero += stratum[rows[i]] == 0;
    return abs(zero - 25);
}

static void *use_gsl(void *token)
{
    return isnan(mv_stats_binomial_below(1, 2, 7)) ? token : NULL;
}

static void check_proportions(void)
{
    size_t n;
    double *rows = oracle_read("proportion.csv", 7, &n);

    OK(n > 100);
    for (double *r = rows; r < rows + 7 * n; r += 7) {
        struct mv_interval wilson =
            mv_stats_wilson((long)r[0], (long)r[1], r[2]);
        struct mv_interval exact =
            mv_stats_clopper_pearson((long)r[0], (long)r[1], r[2]);

        NEAR(wilson.value, r[0] / r[1], 1e-15);
        NEAR(wilson.low, r[3], 1e-12);
        NEAR(wilson.high, r[4], 1e-12);
        OK(same(exact.low, r[5], 1e-9));
        OK(same(exact.high, r[6], 1e-9));
    }
    free(rows);
}

/* How often the interval holds the true p, added up over all k. */
static double coverage(long n, double p,
                       struct mv_interval (*interval)(long, long, double))
{
    double sum = 0;

    for (long k = 0; k <= n; k++) {
        struct mv_interval i = interval(k, n, 0.95);

        if (i.low <= p && p <= i.high)
            sum += mv_stats_binomial_below(k, n, p) -
                   mv_stats_binomial_below(k - 1, n, p);
    }
    return sum;
}

static void check_coverage(void)
{
    double exact_least = 1, wilson_sum = 0, wilson_least = 1;
    int count = 0;

    for (long n = 5; n <= 80; n += 25)
        for (double p = 0.05; p < 0.96; p += 0.0317, count++) {
            double wilson = coverage(n, p, mv_stats_wilson);

            exact_least =
                fmin(exact_least, coverage(n, p, mv_stats_clopper_pearson));
            wilson_sum += wilson;
            wilson_least = fmin(wilson_least, wilson);
        }
    OK(exact_least >= 0.95);
    NEAR(wilson_sum / count, 0.95, 0.01);
    OK(wilson_least > 0.8);
}

static void check_ks(void)
{
    size_t n, cases, na, nb;
    double *rows = oracle_read("ks-rows.csv", 3, &n);
    double *want = oracle_read("ks.csv", 3, &cases);
    double *a = malloc(n * sizeof *a), *b = malloc(n * sizeof *b);
    struct mv_ks ks;

    for (double *w = want; a && b && w < want + 3 * cases; w += 3) {
        na = nb = 0;
        for (double *r = rows; r < rows + 3 * n; r += 3)
            if (r[0] == w[0]) {
                if (r[1] == 0)
                    a[na++] = r[2];
                else
                    b[nb++] = r[2];
            }
        EQ(mv_stats_ks(&ks, a, na, b, nb, NULL), MV_OK);
        NEAR(ks.d, w[1], 1e-12);
        OK(same(ks.p, w[2], 1e-9));
        EQ(mv_stats_ks(&ks, b, nb, a, na, NULL), MV_OK);
        OK(same(ks.p, w[2], 1e-9));
    }
    free(rows);
    free(want);
    free(a);
    free(b);
}

static void check_bootstrap(void)
{
    size_t n, three;
    double *rows = oracle_read("bca-rows.csv", 2, &n);
    double *want = oracle_read("bca-mean.csv", 3, &three), x[100];
    int stratum[100];
    struct mv_bootstrap options = {.replicates = 20000, .seed = 7};
    struct mv_interval got, again;

    EQ(n, 40);
    EQ(three, 3);
    for (size_t i = 0; i < n; i++) {
        stratum[i] = (int)rows[2 * i];
        x[i] = rows[2 * i + 1];
    }
    for (int k = 0; k < 3; k++) {
        options.stratum = k == 0 ? stratum : NULL;
        options.method = k == 2 ? MV_BOOTSTRAP_PERCENTILE : MV_BOOTSTRAP_BCA;
        EQ(mv_stats_bootstrap(&got, n, mean_of, x, &options, NULL), MV_OK);
        NEAR(got.low, want[3 * k + 1], 0.03);
        NEAR(got.high, want[3 * k + 2], 0.05);
    }
    options = (struct mv_bootstrap){.seed = 9, .stratum = stratum};
    EQ(mv_stats_bootstrap(&got, n, mean_of, x, &options, NULL), MV_OK);
    for (options.threads = 1; options.threads < 6; options.threads++) {
        EQ(mv_stats_bootstrap(&again, n, mean_of, x, &options, NULL), MV_OK);
        OK(memcmp(&got, &again, sizeof got) == 0);
    }
    options.seed = 10;
    EQ(mv_stats_bootstrap(&again, n, mean_of, x, &options, NULL), MV_OK);
    OK(again.low != got.low);
    EQ(mv_stats_bootstrap(&got, n, strata_moved, stratum, &options, NULL),
       MV_OK);
    EQ(got.high, 0);
    free(rows);
    free(want);
}

static void check_homogeneity(void)
{
    size_t n;
    double *want = oracle_read("groups.csv", 9, &n);

    for (double *w = want; w < want + 9 * n; w += 9) {
        long k[3], all[3];

        for (int i = 0; i < 3; i++) {
            k[i] = (long)w[1 + i];
            all[i] = (long)w[4 + i];
        }
        NEAR(mv_stats_homogeneity(k, all, 3), w[8], 1e-12);
    }
    free(want);
    {
        long none[2] = {0, 0}, some[2] = {5, 9};

        NEAR(mv_stats_homogeneity(none, some, 2), 1, 0);
        NEAR(mv_stats_homogeneity(some, some, 2), 1, 0);
        NEAR(mv_stats_homogeneity(none, none, 2), 1, 0);
    }
}

/* The chance that Wilson's interval of n holds p, summed over all counts; its
 * mean over p within 0.05 of the middle. */
static double mean_coverage(long n, double middle)
{
    double sum = 0;
    int points = 0;

    for (double p = middle - 0.05; p < middle + 0.0501; p += 0.005, points++)
        for (long k = 0; k <= n; k++) {
            struct mv_interval i = mv_stats_wilson(k, n, 0.95);

            if (i.low <= p && p <= i.high)
                sum += mv_stats_binomial_below(k, n, p) -
                       mv_stats_binomial_below(k - 1, n, p);
        }
    return sum / points;
}

static void check_wilson(void)
{
    static const long SIZES[] = {30, 100, 300};

    for (int i = 0; i < 3; i++)
        for (double p = 0.07; p < 0.94; p += 0.1) {
            double got = mean_coverage(SIZES[i], p);

            OK(got >= 0.94 && got <= 0.965);
        }
}

int main(void)
{
    TEST("GSL does not abort, from many threads at once")
    {
        pthread_t threads[8];
        void *said;

        for (int i = 0; i < 8; i++)
            EQ(pthread_create(&threads[i], NULL, use_gsl, &said), 0);
        for (int i = 0; i < 8; i++) {
            pthread_join(threads[i], &said);
            OK(said != NULL);
        }
    }
    TEST("chance repeats itself, streams differ")
    {
        struct mv_rng *a = NULL, *b = NULL;
        int equal = 0;

        EQ(mv_rng_new(&a, 42), MV_OK);
        EQ(mv_rng_new(&b, 7), MV_OK);
        mv_rng_seed(b, 42, 0);
        for (int i = 0; i < 100; i++)
            equal += mv_rng_real(a) == mv_rng_real(b);
        EQ(equal, 100);
        mv_rng_seed(b, 42, 1);
        for (int i = 0; i < 100; i++)
            equal += mv_rng_real(a) == mv_rng_real(b);
        EQ(equal, 100);
        mv_rng_free(a);
        mv_rng_free(b);
        mv_rng_free(NULL);
    }
    TEST("uniform integers, binomial draws, shuffles")
    {
        struct mv_rng *rng = NULL;
        double chi = 0, sum = 0, high = 0;
        int count[7] = {0}, first[5] = {0}, items[5], left = 0;

        EQ(mv_rng_new(&rng, 1), MV_OK);
        for (int i = 0; i < 70000; i++)
            count[mv_rng_below(rng, 7)]++;
        for (int i = 0; i < 7; i++)
            chi += pow(count[i] - 10000, 2) / 10000;
        OK(chi < 22.5); /* one in a thousand */
        for (int i = 0; i < 1000; i++)
            high += (double)mv_rng_below(rng, (size_t)3 << 61) / pow(2, 61);
        NEAR(high / 1000, 1.5, 0.15);
        EQ(mv_rng_below(rng, 1), 0);
        EQ(mv_rng_below(rng, 0), 0);
        for (int i = 0; i < 10000; i++)
            sum += (double)mv_rng_binomial(rng, 50, 0.3);
        NEAR(sum / 10000, 15, 0.15);
        EQ(mv_rng_binomial(rng, 50, 0), 0);
        EQ(mv_rng_binomial(rng, 50, 1), 50);
        EQ(mv_rng_binomial(rng, 0, 0.5), 0);
        for (int i = 0; i < 5000; i++) {
            for (int k = 0; k < 5; k++)
                items[k] = k;
            mv_rng_shuffle(rng, items, 5, sizeof *items);
            first[items[0]]++;
            left += items[0] + items[1] + items[2] + items[3] + items[4];
        }
        EQ(left, 50000);
        for (int k = 0; k < 5; k++)
            NEAR(first[k], 1000, 130);
        mv_rng_shuffle(rng, NULL, 0, 4);
        mv_rng_free(rng);
    }
    TEST("normal distribution")
    {
        size_t n;
        double *rows = oracle_read("normal.csv", 2, &n);

        for (double *r = rows; r < rows + 2 * n; r += 2) {
            NEAR(mv_stats_normal_quantile(r[0]), r[1], 1e-9);
            OK(same(mv_stats_normal_cdf(r[1]), r[0], 1e-9));
        }
        free(rows);
        OK(mv_stats_normal_quantile(0) == -INFINITY);
        OK(mv_stats_normal_quantile(1) == INFINITY);
        OK(isnan(mv_stats_normal_quantile(1.5)));
        OK(isnan(mv_stats_normal_quantile(NAN)));
    }
    TEST("order statistics")
    {
        double x[] = {4, 1, 3, 2};

        mv_stats_sort(x, 4);
        NEAR(mv_stats_median(x, 4), 2.5, 0);
        NEAR(mv_stats_quantile(x, 4, 0.25), 1.75, 1e-15);
        NEAR(mv_stats_quantile(x, 4, 1), 4, 0);
        NEAR(mv_stats_quantile(x, 1, 0.3), 1, 0);
        OK(isnan(mv_stats_quantile(x, 0, 0.5)));
        OK(isnan(mv_stats_quantile(x, 4, 1.5)));
        mv_stats_sort(NULL, 0);
    }
    TEST("Wilson and Clopper-Pearson against SciPy")
    check_proportions();
    TEST("intervals of nothing and of nonsense")
    {
        OK(isnan(mv_stats_wilson(0, 0, 0.95).value));
        OK(isnan(mv_stats_clopper_pearson(0, 0, 0.95).low));
        OK(isnan(mv_stats_wilson(3, 2, 0.95).high));
        OK(isnan(mv_stats_wilson(-1, 2, 0.95).high));
        OK(isnan(mv_stats_wilson(1, 2, 1).high));
        OK(isnan(mv_stats_clopper_pearson(1, 2, NAN).high));
        OK(isnan(mv_stats_undefined().value));
    }
    TEST("coverage, computed exactly")
    check_coverage();
    TEST("binomial tails against SciPy")
    {
        size_t n;
        double *rows = oracle_read("binomial.csv", 5, &n);

        for (double *r = rows; r < rows + 5 * n; r += 5) {
            long k = (long)r[0], m = (long)r[1];

            OK(same(mv_stats_binomial_below(k, m, r[2]), r[3], 1e-7));
            OK(same(mv_stats_binomial_above(k, m, r[2]), r[4], 1e-7));
        }
        free(rows);
        EQ(mv_stats_binomial_below(-1, 5, 0.5), 0);
        EQ(mv_stats_binomial_below(0, 0, 0.5), 1);
        EQ(mv_stats_binomial_above(6, 5, 0.5), 0);
        OK(isnan(mv_stats_binomial_above(1, 5, -0.1)));
        OK(isnan(mv_stats_binomial_below(1, -5, 0.1)));
    }
    TEST("McNemar against SciPy")
    {
        size_t n;
        double *rows = oracle_read("mcnemar.csv", 3, &n);

        for (double *r = rows; r < rows + 3 * n; r += 3) {
            NEAR(mv_stats_mcnemar((long)r[0], (long)r[1]), r[2], 1e-10);
            NEAR(mv_stats_mcnemar((long)r[1], (long)r[0]), r[2], 1e-10);
        }
        free(rows);
        EQ(mv_stats_mcnemar(0, 0), 1);
        OK(isnan(mv_stats_mcnemar(-1, 0)));
    }
    TEST("Kolmogorov-Smirnov against counted paths")
    check_ks();
    TEST("Kolmogorov-Smirnov at its ends")
    {
        double x[] = {1, 2, 2, 3}, bad[] = {1, NAN};
        struct mv_error error = {0};
        struct mv_ks ks;

        EQ(mv_stats_ks(&ks, x, 4, x, 4, NULL), MV_OK);
        EQ(ks.d, 0);
        EQ(ks.p, 1);
        EQ(mv_stats_ks(&ks, x, 4, NULL, 0, NULL), MV_OK);
        OK(isnan(ks.d) && isnan(ks.p));
        EQ(mv_stats_ks(&ks, bad, 2, x, 4, &error), MV_DATA);
        EQ(error.code, MV_DATA);
    }
    TEST("bootstrap against an independent one")
    check_bootstrap();
    TEST("bootstrap at its ends")
    {
        double x[] = {1, 2, 3, 4, 5};
        struct mv_bootstrap options = {.seed = 1};
        struct mv_error error = {0};
        struct mv_interval got;

        EQ(mv_stats_bootstrap(&got, 0, mean_of, x, &options, NULL), MV_OK);
        OK(isnan(got.value) && isnan(got.low));
        EQ(mv_stats_bootstrap(&got, 1, mean_of, x, &options, NULL), MV_OK);
        EQ(got.value, 1);
        OK(isnan(got.low) && isnan(got.high));
        EQ(mv_stats_bootstrap(&got, 5, never, x, &options, NULL), MV_OK);
        OK(isnan(got.value));
        EQ(mv_stats_bootstrap(&got, 5, needs_first, x, &options, NULL), MV_OK);
        OK(got.low < 3 && got.high > 3); /* a third is undefined */
        x[0] = x[1] = x[2] = x[3] = x[4] = 7;
        EQ(mv_stats_bootstrap(&got, 5, mean_of, x, &options, NULL), MV_OK);
        EQ(got.low, 7);
        EQ(got.high, 7);
        options.replicates = 1;
        EQ(mv_stats_bootstrap(&got, 5, mean_of, x, &options, &error), MV_RANGE);
        options.replicates = 10;
        options.confidence = 95;
        EQ(mv_stats_bootstrap(&got, 5, mean_of, x, &options, NULL), MV_RANGE);
        options.confidence = 0.9;
        options.threads = -1;
        EQ(mv_stats_bootstrap(&got, 5, mean_of, x, &options, NULL), MV_RANGE);
        EQ(error.code, MV_RANGE);
    }
    TEST("replicates that are mostly undefined give no bounds")
    {
        double values[] = {NAN, 1, NAN, 2, NAN};
        struct mv_interval got = mv_stats_bca(1.5, values, 5, 0, 0.95);

        EQ(got.value * 2, 3);
        OK(isnan(got.low) && isnan(got.high));
    }
    TEST("groups that differ")
    {
        check_homogeneity();
    }
    TEST("Wilson's interval holds the truth in 95 of 100 cases")
    {
        check_wilson();
    }
    return test_end();
}
