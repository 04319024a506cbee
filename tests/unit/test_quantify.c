#include "quantify.h"

#include "../oracle/oracle.h"
#include "test.h"

enum { MOST = 2000 };

/* A reference and new messages, case by case. */
struct sample {
    size_t n, m;
    double p[MOST], q[MOST];
    int label[MOST];
};

static const double CUTS[MV_REFERENCE_CUTS] = {0.25, 0.5, 0.75};

static void load_case(struct sample *s, const double *rows, size_t n,
                      double which)
{
    s->n = s->m = 0;
    for (const double *r = rows; r < rows + 3 * n; r += 3)
        if (r[0] == which && r[1] < 0) {
            s->q[s->m++] = r[2];
        } else if (r[0] == which) {
            s->label[s->n] = (int)r[1];
            s->p[s->n++] = r[2];
        }
}

/* n rows of which `share` are purpose, by a middling classifier. */
static size_t invent(double *p, int *label, size_t n, double share,
                     uint64_t seed)
{
    struct mv_rng *rng = NULL;
    size_t purposes = (size_t)(share * (double)n + 0.5);

    if (mv_rng_new(&rng, seed) != MV_OK)
        return 0;
    for (size_t i = 0; i < n; i++) {
        double x = mv_rng_real(rng), y = mv_rng_real(rng);
        int is = i < purposes;

        p[i] = is ? fmax(x, y) : fmin(x, y);
        if (label)
            label[i] = is;
    }
    mv_rng_free(rng);
    return n;
}

static void check_oracle(void)
{
    static struct sample s;
    size_t n, cases;
    double *rows = oracle_read("quantify-rows.csv", 3, &n);
    double *want = oracle_read("quantify.csv", 9, &cases);
    struct mv_quantify_options options = {.replicates = 50};

    for (double *w = want; w < want + 9 * cases; w += 9) {
        struct mv_reference r;
        struct mv_quantified got;

        load_case(&s, rows, n, w[0]);
        EQ(mv_quantify_reference(&r, s.n, s.p, s.label, NULL, CUTS, NULL),
           MV_OK);
        OK(mv_quantify_valid(&r));
        EQ(r.bins, w[8]);
        EQ(mv_quantify_share(&got, &r, s.m, s.q, &options, NULL), MV_OK);
        NEAR(got.raw, w[1], 1e-12);
        NEAR(got.tpr, w[2], 1e-12);
        NEAR(got.fpr, w[3], 1e-12);
        NEAR(got.adjusted.value, w[4], 1e-12);
        NEAR(got.em.value, w[5], 1e-6);
        NEAR(got.sweep.value, w[6], 1e-12);
        NEAR(got.trained, w[7], 1e-12);
        NEAR(got.share.value, got.em.value, 0);
        OK(got.share.low <= got.sweep.low && got.share.high >= got.em.high);
    }
    free(rows);
    free(want);
}

/* Batches of five shares: the interval holds most, and the raw count errs
 * twice as much. */
static void check_shift(void)
{
    static struct sample s;
    struct mv_reference r;
    struct mv_quantify_options options = {.replicates = 200};
    double raw = 0, corrected = 0;
    int held = 0, tries = 0;

    for (int i = 0; i < 100; i++) {
        double share = 0.05 + 0.1 * (i % 5);
        struct mv_quantified got;

        s.n = invent(s.p, s.label, 1500, 0.5, 1000 + (uint64_t)i);
        EQ(mv_quantify_reference(&r, s.n, s.p, s.label, NULL, CUTS, NULL),
           MV_OK);
        s.m = invent(s.q, NULL, 400, share, 100 + (uint64_t)i);
        EQ(mv_quantify_share(&got, &r, s.m, s.q, &options, NULL), MV_OK);
        raw += fabs(got.raw - share);
        corrected += fabs(got.share.value - share);
        held += got.share.low <= share && share <= got.share.high;
        tries++;
    }
    OK(held >= 92);
    OK(corrected < raw / 2);
    EQ(tries, 100);
}

static void check_distances(void)
{
    static struct sample s;
    struct mv_reference r;
    struct mv_quantify_options options = {.replicates = 50};
    struct mv_quantified got;

    s.n = invent(s.p, s.label, 1500, 0.5, 1);
    mv_quantify_reference(&r, s.n, s.p, s.label, NULL, CUTS, NULL);
    s.m = invent(s.q, NULL, 500, 0.1, 3);
    mv_quantify_share(&got, &r, s.m, s.q, &options, NULL);
    OK(got.drift.d > 0.15 && got.drift.p < 1e-6);
    OK(got.misfit.d < 0.08 && got.misfit.p > 0.01);
    /* No mixture looks like this. */
    for (size_t i = 0; i < s.m; i++)
        s.q[i] = 0.5;
    mv_quantify_share(&got, &r, s.m, s.q, &options, NULL);
    OK(got.misfit.d > 0.3 && got.misfit.p < 1e-6);
    NEAR(got.open, 1, 1e-12);
    OK(got.open_expected < 0.8);
    /* Clearer messages fit no mixture either, but fewer are open. */
    for (size_t i = 0; i < s.m; i++)
        s.q[i] = i % 2 ? 0.999 : 0.001;
    mv_quantify_share(&got, &r, s.m, s.q, &options, NULL);
    OK(got.misfit.d > 0.2 && got.open < got.open_expected);
}

static void check_edges(void)
{
    static struct sample s;
    struct mv_reference r, none = {0};
    struct mv_quantify_options options = {.replicates = 50};
    struct mv_quantified got;
    int group[4] = {0, 0, 1, 1};
    double p[4] = {0.2, 0.9, 0.4, 0.7};
    int label[4] = {0, 1, 0, 1};

    OK(mv_quantify_valid(&none));
    EQ(mv_quantify_share(&got, &none, 4, p, &options, NULL), MV_OK);
    OK(isnan(got.share.value) && isnan(got.raw) && got.n == 4);
    EQ(mv_quantify_reference(&r, 4, p, label, NULL, CUTS, NULL), MV_OK);
    OK(mv_quantify_valid(&r));
    EQ(mv_quantify_share(&got, &r, 0, p, &options, NULL), MV_OK);
    OK(isnan(got.share.value));
    p[0] = 1.5;
    EQ(mv_quantify_reference(&r, 4, p, label, NULL, CUTS, NULL), MV_DATA);
    p[0] = NAN;
    EQ(mv_quantify_share(&got, &none, 4, p, &options, NULL), MV_OK);
    p[0] = 0.2;
    mv_quantify_reference(&r, 4, p, label, NULL, CUTS, NULL);
    p[0] = NAN;
    EQ(mv_quantify_share(&got, &r, 4, p, &options, NULL), MV_DATA);
    options.replicates = 1;
    EQ(mv_quantify_share(&got, &r, 0, p, &options, NULL), MV_RANGE);
    label[1] = label[3] = 0;
    p[0] = 0.2;
    EQ(mv_quantify_reference(&r, 4, p, label, group, CUTS, NULL), MV_DATA);
    /* Copies are worth one row. */
    s.n = invent(s.p, s.label, 100, 0.5, 9);
    for (int i = 0; i < 4; i++)
        group[i] = i;
    EQ(mv_quantify_reference(&r, s.n, s.p, s.label, NULL, CUTS, NULL), MV_OK);
    NEAR(r.effective[0], 50, 1e-4);
    for (size_t i = 0; i < s.n; i++)
        s.label[i] = i < 50;
    {
        static int copies[100];

        EQ(mv_quantify_reference(&r, s.n, s.p, s.label, copies, CUTS, NULL),
           MV_OK);
        NEAR(r.effective[1], 1, 1e-6);
    }
    r.edge[1] = r.edge[0];
    OK(!mv_quantify_valid(&r));
    r.bins = MV_REFERENCE_BINS + 1;
    OK(!mv_quantify_valid(&r));
}

int main(void)
{
    TEST("as computed by another program")
    {
        check_oracle();
    }
    TEST("shares far from the training's")
    {
        check_shift();
    }
    TEST("what a change of share explains, and what not")
    {
        check_distances();
    }
    TEST("too little, and nonsense")
    {
        check_edges();
    }
    return test_end();
}
