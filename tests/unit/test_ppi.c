#include "ppi.h"

#include "../oracle/oracle.h"
#include "test.h"

enum { MOST = 4000 };

static int outcome[MOST];
static double prediction[MOST], rest[MOST];

static struct mv_ppi_rows load_case(const double *rows, size_t n, double which)
{
    struct mv_ppi_rows out = {0, 0, outcome, prediction, rest};

    for (const double *r = rows; r < rows + 3 * n; r += 3)
        if (r[0] == which && r[1] < 0) {
            rest[out.m++] = r[2];
        } else if (r[0] == which) {
            outcome[out.n] = (int)r[1];
            prediction[out.n++] = r[2];
        }
    return out;
}

static void check_oracle(void)
{
    size_t n, cases;
    double *rows = oracle_read("ppi-rows.csv", 3, &n);
    double *want = oracle_read("ppi.csv", 4, &cases);

    for (double *w = want; w < want + 4 * cases; w += 4) {
        struct mv_ppi_rows in = load_case(rows, n, w[0]);
        struct mv_ppi got;

        EQ(mv_ppi_share(&got, &in, 0.95, NULL), MV_OK);
        NEAR(got.share.value, w[1], 1e-12);
        NEAR(got.error, w[2], 1e-12);
        NEAR(got.lambda, w[3], 1e-12);
        OK(got.share.low < got.share.value && got.share.value < got.share.high);
    }
    free(rows);
    free(want);
}

/* How often the interval of a sample of 100 of 1,000 holds the true share of a
 * rare outcome, with predictions that know something. */
static int covered(double share, double strength, int tries)
{
    struct mv_rng *rng = NULL;
    int held = 0;

    if (mv_rng_new(&rng, 3) != MV_OK)
        return 0;
    for (int t = 0; t < tries; t++) {
        struct mv_ppi_rows in = {100, 900, outcome, prediction, rest};
        struct mv_ppi got;

        for (size_t i = 0; i < in.n + in.m; i++) {
            int y = mv_rng_real(rng) < share;
            double f = share + strength * (y - share) * mv_rng_real(rng);

            if (i < in.n) {
                outcome[i] = y;
                prediction[i] = f;
            } else {
                rest[i - in.n] = f;
            }
        }
        EQ(mv_ppi_share(&got, &in, 0.95, NULL), MV_OK);
        held += got.share.low <= share && share <= got.share.high;
    }
    mv_rng_free(rng);
    return held;
}

static void check_edges(void)
{
    struct mv_ppi_rows in = {0, 0, outcome, prediction, NULL};
    struct mv_interval plain = mv_stats_wilson(3, 10, 0.95);
    struct mv_ppi got;

    EQ(mv_ppi_share(&got, &in, 0.95, NULL), MV_OK);
    OK(isnan(got.share.value));
    in.n = 10;
    for (size_t i = 0; i < in.n; i++) {
        outcome[i] = i < 3;
        prediction[i] = 0.3;
    }
    EQ(mv_ppi_share(&got, &in, 0.95, NULL), MV_OK);
    NEAR(got.share.value, 0.3, 1e-12);
    NEAR(got.share.low, plain.low, 1e-12);
    NEAR(got.share.high, plain.high, 1e-12);
    for (size_t i = 0; i < in.n; i++)
        outcome[i] = 0;
    EQ(mv_ppi_share(&got, &in, 0.95, NULL), MV_OK);
    NEAR(got.share.high, mv_stats_wilson(0, 10, 0.95).high, 1e-12);
    EQ(mv_ppi_share(&got, &in, 1, NULL), MV_RANGE);
    outcome[4] = 2;
    EQ(mv_ppi_share(&got, &in, 0.95, NULL), MV_DATA);
}

int main(void)
{
    TEST("as computed by another program")
    {
        check_oracle();
    }
    TEST("95 of 100 intervals hold the share")
    {
        OK(covered(0.05, 0.8, 600) >= 555);
        OK(covered(0.3, 0.5, 600) >= 555);
        OK(covered(0.3, 0, 600) >= 555);
    }
    TEST("nothing known, nothing useful, nonsense")
    {
        check_edges();
    }
    return test_end();
}
