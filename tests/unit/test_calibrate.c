#include "calibrate.h"

#include "../oracle/oracle.h"
#include "test.h"

enum { MOST = 6000 };

struct sample {
    size_t n;
    double f[MOST], weight[MOST];
    int label[MOST], fold[MOST];
};

static void load_case(struct sample *sample, const double *rows, size_t n,
                      double which)
{
    sample->n = 0;
    for (const double *r = rows; r < rows + 4 * n; r += 4)
        if (r[0] == which) {
            sample->f[sample->n] = r[1];
            sample->label[sample->n] = (int)r[2];
            sample->weight[sample->n++] = r[3];
        }
}

/* Decision values whose true probability is curve(f). */
static void invent(struct sample *sample, size_t n, double (*curve)(double),
                   uint64_t seed)
{
    struct mv_rng *rng = NULL;

    if (mv_rng_new(&rng, seed) != MV_OK)
        return;
    sample->n = n;
    for (size_t i = 0; i < n; i++) {
        sample->f[i] = 8 * mv_rng_real(rng) - 4;
        sample->label[i] = mv_rng_real(rng) < curve(sample->f[i]);
        sample->weight[i] = 1;
        sample->fold[i] = (int)(i % 5);
    }
    mv_rng_free(rng);
}

static double sigmoid(double f)
{
    return 1 / (1 + exp(1 - 1.5 * f));
}

static double staircase(double f)
{
    return f < -1 ? 0.05 : f < 2 ? 0.5 : 0.8;
}

static double falling_curve(double f)
{
    return 1 - sigmoid(f);
}

/* Rises with f, stays within its ends, and invert answers it. */
static void check_shape(const struct mv_calibration *c, double from, double to)
{
    double before = mv_calibrate_apply(c, -INFINITY), f, p;
    double low = before, high = mv_calibrate_apply(c, INFINITY);
    int falls = 0, outside = 0, wrong = 0;

    for (int i = 0; i <= 2000; i++) {
        f = from + (to - from) * i / 2000;
        p = mv_calibrate_apply(c, f);
        falls += p < before;
        outside += !(p >= low && p <= high && p > 0 && p < 1);
        before = p;
        if (p > low && p < high) {
            double back = mv_calibrate_invert(c, p);
            double gap = fabs(mv_calibrate_apply(c, back) - p);

            wrong += gap > 1e-9 || back > f + 1e-6 * fabs(to - from);
        }
    }
    EQ(falls, 0);
    EQ(outside, 0);
    EQ(wrong, 0);
    OK(low <= high && mv_calibrate_valid(c));
    OK(mv_calibrate_invert(c, low) == -INFINITY);
    OK(mv_calibrate_invert(c, 0) == -INFINITY);
    OK(mv_calibrate_invert(c, 1) == INFINITY);
    OK(isnan(mv_calibrate_invert(c, NAN)));
    OK(isnan(mv_calibrate_apply(c, NAN)));
}

static void check_platt(void)
{
    static struct sample sample;
    size_t n, cases;
    double *rows = oracle_read("calibrate-rows.csv", 4, &n);
    double *want = oracle_read("platt.csv", 3, &cases);

    for (double *w = want; w < want + 3 * cases; w += 3) {
        struct mv_calibration c;

        load_case(&sample, rows, n, w[0]);
        EQ(mv_calibrate_platt(&c, sample.n, sample.f, sample.label,
                              sample.weight, NULL),
           MV_OK);
        EQ(c.kind, MV_CALIBRATION_PLATT);
        NEAR((double)c.a, w[1], 2e-7 * fabs(w[1]));
        NEAR((double)c.b, w[2], 2e-7);
        NEAR(mv_calibrate_apply(&c, sample.f[3]),
             fmin(fmax(1 / (1 + exp(w[1] * sample.f[3] + w[2])),
                       1.0 / ((double)sample.n + 2)),
                  1 - 1.0 / ((double)sample.n + 2)),
             1e-6);
        check_shape(&c, -3 / fabs(w[1]), 3 / fabs(w[1]));
    }
    free(rows);
    free(want);
}

static void check_isotonic(void)
{
    static struct sample sample;
    size_t n, all;
    double *rows = oracle_read("calibrate-rows.csv", 4, &n);
    double *want = oracle_read("isotonic.csv", 3, &all);

    for (size_t i = 0; i < all;) {
        struct mv_calibration c;
        int knot = 0;

        load_case(&sample, rows, n, want[3 * i]);
        EQ(mv_calibrate_isotonic(&c, sample.n, sample.f, sample.label,
                                 sample.weight, NULL),
           MV_OK);
        for (double which = want[3 * i]; i < all && want[3 * i] == which;
             i++, knot++) {
            NEAR((double)c.f[knot], want[3 * i + 1],
                 1e-6 * fabs(want[3 * i + 1]) + 1e-9);
            NEAR((double)c.p[knot], want[3 * i + 2], 1e-6);
        }
        EQ(c.knots, knot);
        check_shape(&c, (double)c.f[0] - 1, (double)c.f[c.knots - 1] + 1);
    }
    free(rows);
    free(want);
}

/* Many blocks are shortened to the knots there are, and still calibrate. */
static void check_shortened(void)
{
    static struct sample sample;
    struct mv_calibration c;
    double worst = 0;

    invent(&sample, MOST, sigmoid, 17);
    for (size_t i = 0; i < MOST; i++) /* exact frequencies: many blocks */
        sample.weight[i] =
            sample.label[i] ? sigmoid(sample.f[i]) : 1 - sigmoid(sample.f[i]);
    for (size_t i = 0; i < MOST; i += 2) {
        sample.f[i + 1] = sample.f[i];
        sample.label[i] = 0;
        sample.label[i + 1] = 1;
        sample.weight[i + 1] = sigmoid(sample.f[i]);
        sample.weight[i] = 1 - sample.weight[i + 1];
    }
    EQ(mv_calibrate_isotonic(&c, MOST, sample.f, sample.label, sample.weight,
                             NULL),
       MV_OK);
    EQ(c.knots, MV_CALIBRATION_KNOTS);
    for (double f = -3.5; f < 3.5; f += 0.01)
        worst = fmax(worst, fabs(mv_calibrate_apply(&c, f) - sigmoid(f)));
    OK(worst < 0.02);
    check_shape(&c, -5, 5);
}

static void check_choice(void)
{
    static struct sample s;
    struct mv_calibration c, again;

    invent(&s, MOST, staircase, 1);
    EQ(mv_calibrate_fit(&c, s.n, s.f, s.label, NULL, s.fold, NULL), MV_OK);
    EQ(c.kind, MV_CALIBRATION_ISOTONIC);
    OK(c.loss_isotonic < c.loss_platt);
    NEAR(mv_calibrate_apply(&c, 0.5), 0.5, 0.06);
    check_shape(&c, -5, 5);
    EQ(mv_calibrate_fit(&again, s.n, s.f, s.label, s.weight, s.fold, NULL),
       MV_OK);
    OK(memcmp(&c, &again, sizeof c) == 0); /* weights of 1 change nothing */
    EQ(mv_calibrate_fit(&c, 900, s.f, s.label, NULL, s.fold, NULL), MV_OK);
    EQ(c.kind, MV_CALIBRATION_PLATT); /* too few rows */
    OK(!isnan(c.loss_isotonic));
    EQ(mv_calibrate_fit(&c, s.n, s.f, s.label, NULL, NULL, NULL), MV_OK);
    EQ(c.kind, MV_CALIBRATION_PLATT); /* no folds */
    OK(isnan(c.loss_isotonic) && isnan(c.loss_platt));
    invent(&s, MOST, sigmoid, 2);
    EQ(mv_calibrate_fit(&c, s.n, s.f, s.label, NULL, s.fold, NULL), MV_OK);
    EQ(c.kind, MV_CALIBRATION_PLATT); /* the truth is a sigmoid */
    NEAR((double)c.a, -1.5, 0.1);
    NEAR((double)c.b, 1, 0.1);
}

static void check_bad_input(void)
{
    double f[] = {1, 2, 3, 4}, bad[] = {1, NAN, 3, 4};
    double wild[] = {-1e300, 1e300, -1e308, 1e308};
    double negative[] = {1, -1, 1, 1}, none[] = {1, 0, 1, 0};
    int label[] = {0, 1, 0, 1}, one[] = {1, 1, 1, 1}, odd[] = {0, 1, 2, 0};
    int fold[] = {0, 1, 7, 0}, apart[] = {0, 1, 0, 1};
    struct mv_error error = {0};
    struct mv_calibration c;

    EQ(mv_calibrate_platt(&c, 4, bad, label, NULL, &error), MV_DATA);
    OK(strstr(error.message, "row 1") != NULL);
    bad[1] = INFINITY;
    EQ(mv_calibrate_isotonic(&c, 4, bad, label, NULL, NULL), MV_DATA);
    EQ(mv_calibrate_platt(&c, 4, f, one, NULL, NULL), MV_DATA);
    EQ(mv_calibrate_platt(&c, 4, f, odd, NULL, NULL), MV_DATA);
    EQ(mv_calibrate_platt(&c, 4, f, label, negative, NULL), MV_DATA);
    EQ(mv_calibrate_isotonic(&c, 4, f, label, none, NULL), MV_DATA);
    EQ(mv_calibrate_fit(&c, 0, f, label, NULL, NULL, NULL), MV_DATA);
    EQ(mv_calibrate_platt(&c, 4, wild, label, NULL, NULL), MV_DATA);
    EQ(mv_calibrate_isotonic(&c, 4, wild, label, NULL, NULL), MV_DATA);
    EQ(mv_calibrate_fit(&c, 4, f, label, NULL, fold, NULL), MV_RANGE);
    /* Folds that leave nothing to compare with: Platt, and no complaint. */
    EQ(mv_calibrate_fit(&c, 4, f, label, NULL, apart, NULL), MV_OK);
    EQ(c.kind, MV_CALIBRATION_PLATT);
    OK(isnan(c.loss_platt));
}

static void check_ends(void)
{
    double equal[] = {2, 2, 2, 2}, parted[] = {-2, -1, 1, 2};
    int label[] = {0, 1, 0, 0}, half[] = {0, 0, 1, 1};
    static struct sample s;
    struct mv_calibration c;

    EQ(mv_calibrate_platt(&c, 4, equal, label, NULL, NULL), MV_OK);
    EQ((int)(1000 * c.a), 0);
    NEAR(mv_calibrate_apply(&c, 2), (2.0 / 3 + 3 * 0.2) / 4, 1e-6);
    NEAR(mv_calibrate_apply(&c, INFINITY), mv_calibrate_apply(&c, 2), 0);
    OK(mv_calibrate_invert(&c, 0.1) == -INFINITY);
    OK(mv_calibrate_invert(&c, 0.9) == INFINITY);
    EQ(mv_calibrate_isotonic(&c, 4, equal, label, NULL, NULL), MV_OK);
    EQ(c.knots, 1);
    NEAR(mv_calibrate_apply(&c, -7), 0.25, 1e-7);
    EQ(mv_calibrate_platt(&c, 4, parted, half, NULL, NULL), MV_OK);
    NEAR(mv_calibrate_apply(&c, 100), 5.0 / 6, 1e-6);
    EQ(mv_calibrate_isotonic(&c, 4, parted, half, NULL, NULL), MV_OK);
    EQ(c.knots, 2);
    NEAR(mv_calibrate_apply(&c, 100), 5.0 / 6, 1e-6);
    NEAR(mv_calibrate_apply(&c, 0), 0.5, 1e-6);
    NEAR(mv_calibrate_invert(&c, 0.5), 0, 1e-6);
    /* A model that is worse than none gives the base rate, or nearly: the
     * order of the values is kept. */
    invent(&s, 500, falling_curve, 3);
    EQ(mv_calibrate_platt(&c, s.n, s.f, s.label, NULL, NULL), MV_OK);
    NEAR(mv_calibrate_apply(&c, -4), mv_calibrate_apply(&c, 4), 0.05);
    OK(mv_calibrate_apply(&c, -4) < mv_calibrate_apply(&c, 4));
}

static void check_validity(void)
{
    double f[] = {-2, -1, 1, 2};
    int label[] = {0, 0, 1, 1};
    struct mv_calibration good, c;

    EQ(mv_calibrate_isotonic(&good, 4, f, label, NULL, NULL), MV_OK);
    OK(mv_calibrate_valid(&good));
    c = good, c.kind = 2;
    OK(!mv_calibrate_valid(&c));
    c = good, c.knots = MV_CALIBRATION_KNOTS + 1;
    OK(!mv_calibrate_valid(&c));
    c = good, c.knots = 0;
    OK(!mv_calibrate_valid(&c));
    c = good, c.f[1] = c.f[0];
    OK(!mv_calibrate_valid(&c));
    c = good, c.p[1] = 0.01f;
    OK(!mv_calibrate_valid(&c));
    c = good, c.p[0] = NAN;
    OK(!mv_calibrate_valid(&c));
    c = good, c.floor = 0;
    OK(!mv_calibrate_valid(&c));
    EQ(mv_calibrate_platt(&good, 4, f, label, NULL, NULL), MV_OK);
    c = good, c.a = 1;
    OK(!mv_calibrate_valid(&c));
    c = good, c.b = INFINITY;
    OK(!mv_calibrate_valid(&c));
    memset(&c, 0, sizeof c);
    OK(!mv_calibrate_valid(&c));
}

static void check_thresholds(void)
{
    size_t n, cases, count;
    double *rows = oracle_read("threshold-rows.csv", 3, &n);
    double *want = oracle_read("threshold.csv", 8, &cases);
    static double p[MOST];
    static int label[MOST];

    for (double *w = want; w < want + 8 * cases; w += 8) {
        struct mv_threshold_options options = {.target_precision = w[1]};
        struct mv_thresholds got;

        count = 0;
        for (double *r = rows; r < rows + 3 * n; r += 3)
            if (r[0] == w[0]) {
                label[count] = (int)r[1];
                p[count++] = r[2];
            }
        EQ(mv_calibrate_thresholds(&got, count, p, label, &options, NULL),
           MV_OK);
        NEAR(got.forced, w[2], 1e-7);
        NEAR(got.purpose, w[3], 1e-7);
        NEAR(got.low, w[4], 1e-7);
        EQ(got.purpose_basis, w[5]);
        EQ(got.more_labels, w[6]);
        EQ(got.low_basis, w[7]);
        OK(0 < got.low && got.low <= got.forced);
        OK(got.forced <= got.purpose && got.purpose <= 1);
        if (got.purpose_basis == MV_THRESHOLD_MET)
            OK(got.precision.low >= w[1] - 1e-9);
        if (got.low_basis == MV_THRESHOLD_MET)
            OK(got.missed.high <= 0.1 + 1e-9);
    }
    free(rows);
    free(want);
}

/* Dropping any one row moves the forced threshold little. */
static void check_stable(void)
{
    static struct sample s;
    static double p[MOST], less[MOST];
    static int rest[MOST];
    struct mv_threshold_options options = {0};
    struct mv_thresholds all, got;
    double most = 0;

    invent(&s, 600, sigmoid, 77);
    for (size_t i = 0; i < s.n; i++)
        p[i] = sigmoid(s.f[i]);
    EQ(mv_calibrate_thresholds(&all, s.n, p, s.label, &options, NULL), MV_OK);
    for (size_t out = 0; out < s.n; out++) {
        size_t count = 0;

        for (size_t i = 0; i < s.n; i++)
            if (i != out) {
                less[count] = p[i];
                rest[count++] = s.label[i];
            }
        mv_calibrate_thresholds(&got, count, less, rest, &options, NULL);
        most = fmax(most, fabs(got.forced - all.forced));
    }
    OK(most < 0.06);
}

static void check_threshold_ends(void)
{
    double p[] = {0.1, 0.2, 0.8, 0.9}, equal[] = {0.3, 0.3, 0.3, 0.3};
    double bad[] = {0.1, 1.2, 0.3, NAN}, many[200];
    int label[] = {0, 0, 1, 1}, one[] = {1, 1, 1, 1}, most[200];
    struct mv_threshold_options options = {0};
    struct mv_thresholds got;
    struct mv_error error = {0};

    EQ(mv_calibrate_thresholds(&got, 4, p, label, &options, NULL), MV_OK);
    NEAR(got.forced, 0.5, 1e-7);
    NEAR(got.mcc, 1, 1e-12);
    EQ(got.purpose_basis, MV_THRESHOLD_THIN);
    EQ(got.selected, 2);
    EQ(got.more_labels, 98); /* 51 of 51 prove 0.9: 49 / 2 times 4 labels */
    EQ(got.low_basis, MV_THRESHOLD_THIN);
    NEAR(got.low, 0.1, 0);
    EQ(mv_calibrate_thresholds(&got, 4, equal, label, &options, NULL), MV_OK);
    NEAR(got.forced, 0.5, 0);
    OK(isnan(got.mcc));
    EQ(got.selected, 0);
    EQ(got.purpose_basis, MV_THRESHOLD_UNREACHABLE);
    OK(isnan(got.precision.value));
    EQ(mv_calibrate_thresholds(&got, 4, bad, label, &options, &error), MV_DATA);
    EQ(mv_calibrate_thresholds(&got, 4, p, one, &options, NULL), MV_DATA);
    EQ(mv_calibrate_thresholds(&got, 0, p, label, &options, NULL), MV_DATA);
    options.target_precision = 90;
    EQ(mv_calibrate_thresholds(&got, 4, p, label, &options, NULL), MV_RANGE);
    options.target_precision = 0;
    options.min_selected = -1;
    EQ(mv_calibrate_thresholds(&got, 4, p, label, &options, NULL), MV_RANGE);
    for (int i = 0; i < 200; i++) {
        many[i] = i < 100 ? 0.001 * i : 1 - 0.001 * (200 - i);
        most[i] = i >= 100;
    }
    options.min_selected = 0;
    EQ(mv_calibrate_thresholds(&got, 200, many, most, &options, NULL), MV_OK);
    EQ(got.purpose_basis, MV_THRESHOLD_MET);
    EQ(got.low_basis, MV_THRESHOLD_MET);
    OK(got.low == got.forced && got.forced == got.purpose);
    EQ(got.more_labels, 0);
}

int main(void)
{
    TEST("Platt against a minimiser")
    check_platt();
    TEST("isotonic against scikit-learn")
    check_isotonic();
    TEST("isotonic with more blocks than knots")
    check_shortened();
    TEST("the choice between the two")
    check_choice();
    TEST("bad input")
    check_bad_input();
    TEST("equal values, parted classes, a useless model")
    check_ends();
    TEST("validity of stored bytes")
    check_validity();
    TEST("thresholds against a slow search")
    check_thresholds();
    TEST("the forced threshold is stable")
    check_stable();
    TEST("thresholds at their ends")
    check_threshold_ends();
    return test_end();
}
