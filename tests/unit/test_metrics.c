#include "metrics.h"

#include "../oracle/oracle.h"
#include "invite.h"
#include "test.h"

#include <time.h>

enum { MOST = 6000 };

struct sample {
    size_t n;
    double p[MOST];
    int label[MOST], verdict[MOST], group[MOST];
};

static struct mv_metrics_rows rows_of(const struct sample *s, double threshold)
{
    return (struct mv_metrics_rows){
        .n = s->n, .label = s->label, .p = s->p, .threshold = threshold};
}

static void invent(struct sample *s, size_t n, uint64_t seed)
{
    struct mv_rng *rng = NULL;

    if (mv_rng_new(&rng, seed) != MV_OK)
        return;
    s->n = n;
    for (size_t i = 0; i < n; i++) {
        s->p[i] = mv_rng_real(rng);
        s->label[i] = mv_rng_real(rng) < s->p[i];
        s->group[i] = (int)mv_rng_below(rng, 3);
        s->verdict[i] = s->p[i] < 0.3   ? MV_VERDICT_NO_PURPOSE
                        : s->p[i] < 0.7 ? MV_VERDICT_UNSURE
                                        : MV_VERDICT_PURPOSE;
    }
    mv_rng_free(rng);
}

static void load_case(struct sample *s, const double *rows, size_t n,
                      double which)
{
    s->n = 0;
    for (const double *r = rows; r < rows + 3 * n; r += 3)
        if (r[0] == which) {
            s->label[s->n] = (int)r[1];
            s->p[s->n++] = r[2];
        }
}

static void check_figures(void)
{
    static struct sample s;
    size_t n, cases;
    double *rows = oracle_read("metrics-rows.csv", 3, &n);
    double *want = oracle_read("metrics.csv", 16, &cases);
    struct mv_metrics_options options = {.replicates = 50};

    for (double *w = want; w < want + 16 * cases; w += 16) {
        struct mv_metrics_rows in;
        struct mv_metrics got;
        struct mv_confusion c;

        load_case(&s, rows, n, w[0]);
        in = rows_of(&s, w[1]);
        EQ(mv_metrics_measure(&got, &in, &options, NULL), MV_OK);
        c = mv_metrics_confusion(s.n, s.label, s.p, w[1]);
        EQ(got.confusion.tp, w[2]);
        EQ(got.confusion.fp, w[3]);
        EQ(got.confusion.fn, w[4]);
        EQ(got.confusion.tn, w[5]);
        OK(memcmp(&c, &got.confusion, sizeof c) == 0);
        NEAR(got.accuracy.value, w[6], 1e-12);
        NEAR(mv_metrics_accuracy(c), w[6], 1e-12);
        NEAR(got.precision.value, w[7], 1e-12);
        NEAR(mv_metrics_precision(c), w[7], 1e-12);
        NEAR(got.recall.value, w[8], 1e-12);
        NEAR(mv_metrics_recall(c), w[8], 1e-12);
        NEAR(got.f1.value, w[9], 1e-12);
        NEAR(got.mcc.value, w[10], 1e-12);
        NEAR(got.average_precision.value, w[11], 1e-12);
        NEAR(got.brier, w[12], 1e-12);
        NEAR(got.ece, w[13], 1e-12);
        NEAR(got.log_loss, w[14], 1e-12);
        NEAR(got.roc_auc, w[15], 1e-12);
        NEAR(got.prevalence, (w[2] + w[4]) / (double)s.n, 1e-12);
        OK(isnan(got.unsure.share.value) && isnan(got.unsure.recall.value));
    }
    free(rows);
    free(want);
}

/* Rows that have these counts at threshold 0.5. */
static void fill(struct sample *s, int tp, int fp, int fn, int tn)
{
    s->n = 0;
    for (int i = 0; i < tp + fp + fn + tn; i++) {
        s->label[s->n] = i < tp + fn;
        s->p[s->n++] = i < tp || (i >= tp + fn && i < tp + fn + fp) ? 0.9 : 0.1;
    }
}

static void check_intervals(void)
{
    static struct sample s;
    size_t n, m;
    double *want = oracle_read("bca-confusion.csv", 10, &n);
    double *precision = oracle_read("bca-precision.csv", 3, &m);
    double *rows = oracle_read("metrics-rows.csv", 3, &m);
    struct mv_metrics_options options = {.replicates = 10000, .seed = 5};
    struct mv_metrics_rows in;
    struct mv_metrics got;

    for (double *w = want; w < want + 10 * n; w += 10) {
        fill(&s, (int)w[0], (int)w[1], (int)w[2], (int)w[3]);
        in = rows_of(&s, 0.5);
        EQ(mv_metrics_measure(&got, &in, &options, NULL), MV_OK);
        NEAR(got.f1.value, w[4], 1e-12);
        NEAR(got.f1.low, w[5], 0.012);
        NEAR(got.f1.high, w[6], 0.012);
        NEAR(got.mcc.value, w[7], 1e-12);
        NEAR(got.mcc.low, w[8], 0.012);
        NEAR(got.mcc.high, w[9], 0.012);
    }
    load_case(&s, rows, m, 1);
    in = rows_of(&s, 0.5);
    options.replicates = 5000;
    EQ(mv_metrics_measure(&got, &in, &options, NULL), MV_OK);
    NEAR(got.average_precision.value, precision[0], 1e-12);
    NEAR(got.average_precision.low, precision[1], 0.006);
    NEAR(got.average_precision.high, precision[2], 0.006);
    free(want);
    free(precision);
    free(rows);
}

/* Drawing counts is drawing rows: the plain bootstrap of stats agrees. */
static double mcc_of(void *payload, const size_t *rows, size_t count)
{
    const struct sample *s = payload;
    struct mv_confusion c = {0, 0, 0, 0};

    for (size_t i = 0; i < count; i++) {
        bool says = s->p[rows[i]] >= 0.5, is = s->label[rows[i]];

        c.tp += says && is;
        c.fp += says && !is;
        c.fn += !says && is;
        c.tn += !says && !is;
    }
    return mv_metrics_mcc(c);
}

static void check_against_rows(void)
{
    static struct sample s;
    static int both[MOST];
    struct mv_bootstrap plain = {.replicates = 20000, .stratum = both};
    struct mv_metrics_options options = {.replicates = 20000};
    struct mv_metrics_rows in;
    struct mv_metrics got;
    struct mv_interval want;

    invent(&s, 150, 12);
    for (size_t i = 0; i < s.n; i++)
        both[i] = 2 * s.group[i] + s.label[i];
    in = rows_of(&s, 0.5);
    in.stratum = s.group;
    EQ(mv_metrics_measure(&got, &in, &options, NULL), MV_OK);
    EQ(mv_stats_bootstrap(&want, s.n, mcc_of, &s, &plain, NULL), MV_OK);
    NEAR(got.mcc.value, want.value, 1e-12);
    NEAR(got.mcc.low, want.low, 0.015);
    NEAR(got.mcc.high, want.high, 0.015);
}

/* The share of invented test sets whose intervals hold the true figures.
 * 300 sets: a standard deviation is 0.013. */
static void check_coverage(double t, double f, int purposes, int others)
{
    static struct sample s;
    struct mv_metrics_options options = {.replicates = 300};
    struct mv_rng *rng = NULL;
    double m = purposes, n = others, called = t * m + f * n;
    double f1 = 2 * t * m / (called + m);
    double mcc = (t - f) * sqrt(m * n / (called * (m + n - called)));
    int f1_held = 0, mcc_held = 0;

    EQ(mv_rng_new(&rng, 99), MV_OK);
    for (int i = 0; i < 300; i++) {
        int tp = (int)mv_rng_binomial(rng, (size_t)purposes, t);
        int fp = (int)mv_rng_binomial(rng, (size_t)others, f);
        struct mv_metrics_rows in;
        struct mv_metrics got;

        fill(&s, tp, fp, purposes - tp, others - fp);
        in = rows_of(&s, 0.5);
        options.seed = (uint64_t)i;
        EQ(mv_metrics_measure(&got, &in, &options, NULL), MV_OK);
        f1_held += got.f1.low <= f1 && f1 <= got.f1.high;
        mcc_held += got.mcc.low <= mcc && mcc <= got.mcc.high;
    }
    printf("# coverage at rates %.2f %.2f of %d + %d: F1 %.3f, MCC %.3f\n", t,
           f, purposes, others, f1_held / 300.0, mcc_held / 300.0);
    OK(f1_held >= 0.91 * 300);
    OK(mcc_held >= 0.91 * 300);
    mv_rng_free(rng);
}

static void check_perfect(void)
{
    static struct sample s;
    struct mv_metrics_options options = {0};
    struct mv_metrics_rows in;
    struct mv_metrics got;

    fill(&s, 10, 0, 0, 30);
    in = rows_of(&s, 0.5);
    EQ(mv_metrics_measure(&got, &in, &options, NULL), MV_OK);
    EQ(got.f1.value, 1);
    EQ(got.f1.high, 1);
    EQ(got.mcc.high, 1);
    EQ(got.average_precision.value, 1);
    OK(isnan(got.average_precision.low));
    OK(got.f1.low > 0.5 && got.f1.low < 0.85);
    OK(got.mcc.low > 0.4 && got.mcc.low < 0.8);
    fill(&s, 10, 3, 0, 30);
    in = rows_of(&s, 0.5);
    EQ(mv_metrics_measure(&got, &in, &options, NULL), MV_OK);
    OK(got.f1.low < got.f1.value && got.f1.value < got.f1.high);
    OK(got.mcc.low < got.mcc.value && got.mcc.value < got.mcc.high);
}

static int same_bytes(const struct mv_metrics *a, const struct mv_metrics *b)
{
    return memcmp(&a->f1, &b->f1, sizeof a->f1) == 0 &&
           memcmp(&a->mcc, &b->mcc, sizeof a->mcc) == 0 &&
           memcmp(&a->average_precision, &b->average_precision,
                  sizeof a->mcc) == 0 &&
           a->ece == b->ece && a->roc_auc == b->roc_auc;
}

static void check_repeats(void)
{
    static struct sample s;
    static double p[MOST];
    static int label[MOST];
    struct mv_metrics_options options = {.seed = 3, .threads = 1};
    struct mv_metrics_rows in;
    struct mv_metrics first, got;

    invent(&s, 700, 4);
    in = rows_of(&s, 0.5);
    EQ(mv_metrics_measure(&first, &in, &options, NULL), MV_OK);
    for (options.threads = 0; options.threads < 6; options.threads++) {
        EQ(mv_metrics_measure(&got, &in, &options, NULL), MV_OK);
        OK(same_bytes(&first, &got));
    }
    options.seed = 4;
    EQ(mv_metrics_measure(&got, &in, &options, NULL), MV_OK);
    OK(got.average_precision.low != first.average_precision.low);
    /* The order of rows changes no figure. */
    for (size_t i = 0; i < s.n; i++) {
        s.p[i] = floor(s.p[i] * 10) / 10;
        p[s.n - 1 - i] = s.p[i];
        label[s.n - 1 - i] = s.label[i];
    }
    EQ(mv_metrics_measure(&first, &in, &options, NULL), MV_OK);
    in.p = p;
    in.label = label;
    EQ(mv_metrics_measure(&got, &in, &options, NULL), MV_OK);
    NEAR(got.ece, first.ece, 1e-12);
    NEAR(got.brier, first.brier, 1e-12);
    NEAR(got.average_precision.value, first.average_precision.value, 1e-12);
    OK(got.mcc.low == first.mcc.low);
}

static void check_verdicts(void)
{
    double p[] = {0.9, 0.8, 0.5, 0.4, 0.2, 0.1, 0.95, 0.6};
    int label[] = {1, 0, 1, 0, 0, 1, 1, 1};
    int verdict[] = {MV_VERDICT_PURPOSE,    MV_VERDICT_PURPOSE,
                     MV_VERDICT_UNSURE,     MV_VERDICT_UNSURE,
                     MV_VERDICT_NO_PURPOSE, MV_VERDICT_NO_PURPOSE,
                     MV_VERDICT_PURPOSE,    MV_VERDICT_UNSURE};
    int forced[] = {1, 1, 0, 0, 0, 0, 1, 1};
    struct mv_metrics_rows rows = {
        .n = 8, .label = label, .p = p, .threshold = 0.5, .verdict = verdict};
    struct mv_metrics_options options = {0};
    struct mv_interval want = mv_stats_wilson(2, 3, 0.95);
    struct mv_metrics got;

    EQ(mv_metrics_measure(&got, &rows, &options, NULL), MV_OK);
    NEAR(got.unsure.share.value, 3.0 / 8, 1e-15);
    NEAR(got.unsure.precision.value, 2.0 / 3, 1e-15);
    NEAR(got.unsure.precision.low, want.low, 1e-15);
    NEAR(got.unsure.recall.value, 2.0 / 5, 1e-15);
    NEAR(got.unsure.missed.value, 1.0 / 5, 1e-15);
    EQ(got.confusion.fn, 1);
    NEAR(got.threshold, 0.5, 0);
    rows.forced = forced;
    EQ(mv_metrics_measure(&got, &rows, &options, NULL), MV_OK);
    EQ(got.confusion.fn, 2);
    OK(isnan(got.threshold));
    verdict[0] = MV_VERDICT_NO_NOTE;
    EQ(mv_metrics_measure(&got, &rows, &options, NULL), MV_DATA);
}

static void check_groups(void)
{
    static struct sample s;
    struct mv_metrics_options options = {0};
    struct mv_metrics_rows in;
    struct mv_metrics got, all;
    size_t sum = 0;
    long tp = 0;

    invent(&s, 300, 6);
    in = rows_of(&s, 0.5);
    in.verdict = s.verdict;
    in.stratum = s.group;
    EQ(mv_metrics_measure(&all, &in, &options, NULL), MV_OK);
    for (int g = 0; g < 3; g++) {
        EQ(mv_metrics_measure_group(&got, &in, s.group, g, &options, NULL),
           MV_OK);
        sum += got.n;
        tp += got.confusion.tp;
        OK(!isnan(got.unsure.precision.value));
    }
    EQ(sum, 300);
    EQ(tp, all.confusion.tp);
    EQ(mv_metrics_measure_group(&got, &in, s.group, 9, &options, NULL), MV_OK);
    EQ(got.n, 0);
    OK(isnan(got.f1.value) && isnan(got.unsure.share.value));
}

static void check_ends(void)
{
    double p[] = {0.7, 0.7, 0.7}, bad[] = {0.5, 1.5, 0.5};
    int label[] = {0, 0, 0}, odd[] = {0, 2, 1};
    struct mv_metrics_rows rows = {
        .n = 0, .label = label, .p = p, .threshold = 0.5};
    struct mv_metrics_options options = {0};
    struct mv_error error = {0};
    struct mv_metrics got;

    EQ(mv_metrics_measure(&got, &rows, &options, NULL), MV_OK);
    OK(isnan(got.prevalence) && isnan(got.accuracy.value));
    OK(isnan(got.f1.value) && isnan(got.mcc.low) && isnan(got.brier));
    OK(isnan(got.ece) && isnan(got.log_loss) && isnan(got.roc_auc));
    OK(isnan(got.average_precision.value));
    rows.n = 3; /* one class, all scores equal, all called purpose */
    EQ(mv_metrics_measure(&got, &rows, &options, NULL), MV_OK);
    EQ(got.confusion.fp, 3);
    EQ(got.precision.value, 0);
    OK(isnan(got.recall.value) && isnan(got.f1.value) && isnan(got.f1.low));
    OK(isnan(got.mcc.value) && isnan(got.mcc.high) && isnan(got.roc_auc));
    OK(isnan(got.average_precision.value));
    NEAR(got.ece, 0.7, 1e-12);
    label[0] = label[1] = label[2] = 1; /* the other class */
    EQ(mv_metrics_measure(&got, &rows, &options, NULL), MV_OK);
    EQ(got.f1.value, 1);
    OK(got.f1.low < 0.6 && got.f1.low > 0.3);
    OK(isnan(got.mcc.value) && isnan(got.mcc.low));
    EQ(got.average_precision.value, 1);
    rows.n = 1;
    EQ(mv_metrics_measure(&got, &rows, &options, NULL), MV_OK);
    EQ(got.accuracy.value, 1);
    OK(isnan(got.mcc.value));
    rows.threshold = 0.9; /* nothing is called purpose */
    rows.n = 3;
    label[0] = 0;
    EQ(mv_metrics_measure(&got, &rows, &options, NULL), MV_OK);
    OK(isnan(got.precision.value) && isnan(got.mcc.value));
    EQ(got.recall.value, 0);
    EQ(got.f1.value, 0);
    NEAR(got.roc_auc, 0.5, 0);
    NEAR(got.average_precision.value, 2.0 / 3, 1e-15);
    rows.label = odd;
    EQ(mv_metrics_measure(&got, &rows, &options, &error), MV_DATA);
    OK(strstr(error.message, "row 1") != NULL);
    rows.label = label;
    rows.p = bad;
    EQ(mv_metrics_measure(&got, &rows, &options, NULL), MV_DATA);
    bad[1] = NAN;
    EQ(mv_metrics_measure(&got, &rows, &options, NULL), MV_DATA);
    rows.p = p;
    rows.threshold = NAN;
    EQ(mv_metrics_measure(&got, &rows, &options, NULL), MV_RANGE);
    rows.threshold = 0.5;
    options.replicates = 1;
    EQ(mv_metrics_measure(&got, &rows, &options, NULL), MV_RANGE);
    options.replicates = 0;
    options.confidence = 1;
    EQ(mv_metrics_measure(&got, &rows, &options, NULL), MV_RANGE);
}

static double gain_of(void *payload, const size_t *rows, size_t count)
{
    const struct sample *s = payload; /* group: first, verdict: second */
    struct mv_confusion c[2] = {{0, 0, 0, 0}, {0, 0, 0, 0}};

    for (size_t i = 0; i < count; i++)
        for (int k = 0; k < 2; k++) {
            int says = (k ? s->verdict : s->group)[rows[i]];
            int is = s->label[rows[i]];

            c[k].tp += says && is;
            c[k].fp += says && !is;
            c[k].fn += !says && is;
            c[k].tn += !says && !is;
        }
    return mv_metrics_mcc(c[1]) - mv_metrics_mcc(c[0]);
}

static void check_compare(void)
{
    static struct sample s;
    struct mv_metrics_options options = {.replicates = 20000};
    struct mv_bootstrap plain = {.replicates = 20000, .stratum = s.label};
    struct mv_comparison got;
    struct mv_interval want;
    struct mv_rng *rng = NULL;

    EQ(mv_rng_new(&rng, 8), MV_OK);
    s.n = 300;
    for (size_t i = 0; i < s.n; i++) {
        s.label[i] = i < 100;
        s.group[i] = mv_rng_real(rng) < 0.8 ? s.label[i] : !s.label[i];
        s.verdict[i] = mv_rng_real(rng) < 0.6 ? s.label[i] : s.group[i];
    }
    EQ(mv_metrics_compare(&got, s.n, s.label, s.group, s.verdict, NULL,
                          &options, NULL),
       MV_OK);
    EQ(mv_stats_bootstrap(&want, s.n, gain_of, &s, &plain, NULL), MV_OK);
    NEAR(got.mcc_gain.value, got.mcc_second - got.mcc_first, 1e-15);
    NEAR(got.mcc_gain.value, want.value, 1e-12);
    NEAR(got.mcc_gain.low, want.low, 0.01);
    NEAR(got.mcc_gain.high, want.high, 0.01);
    EQ(got.only_first, 0); /* the second only repairs */
    OK(got.only_second > 10 && got.p_value < 0.01);
    NEAR(got.p_value, pow(0.5, (double)got.only_second - 1), 1e-9);
    EQ(mv_metrics_compare(&got, s.n, s.label, s.group, s.group, NULL, &options,
                          NULL),
       MV_OK);
    EQ(got.p_value, 1);
    EQ(got.mcc_gain.value, 0);
    EQ(got.mcc_gain.low, 0);
    EQ(got.mcc_gain.high, 0);
    EQ(mv_metrics_compare(&got, 0, NULL, NULL, NULL, NULL, &options, NULL),
       MV_OK);
    EQ(got.p_value, 1);
    OK(isnan(got.mcc_gain.value) && isnan(got.mcc_first));
    s.group[5] = 2;
    EQ(mv_metrics_compare(&got, s.n, s.label, s.group, s.verdict, NULL,
                          &options, NULL),
       MV_DATA);
    mv_rng_free(rng);
}

static void check_speed(void)
{
    static struct sample s;
    struct mv_metrics_options options = {.threads = 1};
    struct mv_metrics_rows in;
    struct mv_metrics got;
    clock_t start;
    double took;

    invent(&s, 5000, 1);
    in = rows_of(&s, 0.5);
    in.stratum = s.group;
    start = clock();
    EQ(mv_metrics_measure(&got, &in, &options, NULL), MV_OK);
    took = (double)(clock() - start) / CLOCKS_PER_SEC;
    printf("# 5,000 rows, 1,000 replicates: %.3f s\n", took);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    OK(took < 0.3);
#endif
}

/* --- annotators ----------------------------------------------------------- */

static void test_agree(void)
{
    TEST("kappa and its standard error are those of the definition")
    {
        size_t n;
        double *rows = oracle_read("kappa.csv", 11, &n);

        for (size_t i = 0; i < n; i++) {
            struct mv_agreement a = {0};
            double *r = rows + 11 * i;

            for (int k = 0; k < 9; k++)
                a.cell[k / 3][k % 3] = (long)r[k];
            mv_metrics_agree(&a, 0.6826894921370859); /* one sigma */
            NEAR(a.kappa.value, r[9], 1e-12);
            NEAR(a.kappa.value - a.kappa.low, r[10], 1e-7);
            NEAR(a.kappa.high - a.kappa.value, r[10], 1e-7);
        }
        free(rows);
    }
    TEST("the table of Fleiss' book: 0.68, standard error 0.087")
    {
        struct mv_agreement a = {.cell = {{75, 1, 4}, {5, 4, 1}, {0, 0, 10}}};

        mv_metrics_agree(&a, 0);
        EQ(a.n, 100);
        NEAR(a.same.value, 0.89, 1e-12);
        NEAR(a.kappa.value, 0.68, 0.005);
        NEAR(a.kappa.high - a.kappa.low, 2 * 1.96 * 0.087, 0.005);
    }
    TEST("complete agreement of a few is not taken for certain")
    {
        struct mv_agreement a = {.cell = {{5, 0, 0}, {0, 5, 0}, {0, 0, 0}}};

        mv_metrics_agree(&a, 0);
        NEAR(a.kappa.value, 1, 1e-12);
        OK(a.kappa.low > 0.3 && a.kappa.low < 0.6);
        EQ(a.kappa.high, 1);
    }
    TEST("nothing to agree about")
    {
        struct mv_agreement none = {0}, one = {.cell = {{9, 0, 0}}};

        mv_metrics_agree(&none, 0);
        OK(isnan(none.kappa.value) && isnan(none.same.value));
        mv_metrics_agree(&one, 0);
        EQ(one.n, 9);
        OK(isnan(one.kappa.value));
        NEAR(one.same.value, 1, 0);
    }
}

/* How often the intervals of Brier score and calibration error hold what they
 * are about: a forecaster whose p is off by a known amount. */
static void check_ranges(void)
{
    static struct sample s;
    struct mv_metrics_options options = {.replicates = 200, .threads = 1};
    int brier = 0, ece = 0, tries = 200;
    double want = 0;

    /* label ~ q, p = q + 0.1 for q uniform on [0.2, 0.8] */
    want = 0.01 + (0.5 * 0.5 - 0.36 / 12);
    for (int t = 0; t < tries; t++) {
        struct mv_metrics_rows in;
        struct mv_metrics got;
        struct mv_rng *rng = NULL;

        if (mv_rng_new(&rng, 900 + (uint64_t)t) != MV_OK)
            return;
        s.n = 500;
        for (size_t i = 0; i < s.n; i++) {
            double q = 0.2 + 0.6 * mv_rng_real(rng);

            s.label[i] = mv_rng_real(rng) < q;
            s.p[i] = q + 0.1;
        }
        mv_rng_free(rng);
        in = rows_of(&s, 0.5);
        EQ(mv_metrics_measure(&got, &in, &options, NULL), MV_OK);
        brier += got.brier_range.low <= want && want <= got.brier_range.high;
        ece += got.ece_range.low <= 0.1 && 0.1 <= got.ece_range.high;
        OK(got.ece_range.low <= got.ece && got.ece <= got.ece_range.high);
    }
    OK(brier >= 180);
    OK(ece >= 178);

}

int main(void)
{
    TEST("figures against scikit-learn")
    check_figures();
    TEST("intervals against an independent bootstrap")
    check_intervals();
    TEST("counts against rows")
    check_against_rows();
    TEST("coverage")
    {
        check_coverage(0.85, 0.10, 60, 140);
        check_coverage(0.95, 0.02, 30, 70);
        check_coverage(0.60, 0.05, 40, 400);
    }
    TEST("a perfect run is not certain")
    check_perfect();
    TEST("the same for any number of threads and any order")
    check_repeats();
    TEST("three-way verdicts")
    check_verdicts();
    TEST("groups")
    check_groups();
    TEST("nothing, one class, bad input")
    check_ends();
    TEST("two classifiers")
    check_compare();
    TEST("speed")
    check_speed();

    test_agree();
    TEST("intervals of the figures about probabilities")
    {
        check_ranges();
    }

    return test_end();
}
