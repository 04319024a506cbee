/* What more labels would bring. */
#include "advise.h"
#include "test.h"

#include <stdlib.h>

enum { N = 120 };

static char text[N][160];
static struct mv_fit_example example[N];

/* Messages of two sorts; share of them that are labelled at random. */
static void make(double noise)
{
    static const char *const WORDS[2][6] = {
        {"great", "network", "grow", "synergy", "profile", "connect"},
        {"question", "course", "sunday", "thesis", "drawing", "permission"}};
    uint64_t x = 12345;

    for (int i = 0; i < N; i++) {
        int label = i % 2, n = 0;

        for (int k = 0; k < 8; k++) {
            int sort;

            x = x * UINT64_C(6364136223846793005) + 1442695040888963407u;
            sort = (double)(x >> 33) / 2147483648.0 < noise ? k % 2 : label;
            n += snprintf(text[i] + n, sizeof text[i] - (size_t)n, "%s%d ",
                          WORDS[sort][(x >> 40) % 6], (int)((x >> 50) % 4));
        }
        example[i] =
            (struct mv_fit_example){.message = mv_span_of(text[i]),
                                    .label = label,
                                    .language = MV_LANG_EN};
    }
}

static struct mv_curve advise(size_t n, int threads)
{
    struct mv_advise_options options = {.seed = 3, .threads = threads};
    struct mv_curve curve = {0};
    struct mv_error error = {0};

    EQ(mv_advise(&curve, example, n, &options, &error), MV_OK);
    STR(error.message, "");
    return curve;
}

static bool refuse(void *payload, const char *what, double done)
{
    (void)what;
    (void)done;
    ++*(int *)payload;
    return false;
}

int main(void)
{
    TEST("an easy task has enough labels")
    {
        struct mv_curve curve;

        make(0);
        curve = advise(N, 0);
        EQ(curve.labels, N);
        EQ(curve.used, N);
        EQ(curve.points, 4);
        EQ(curve.point[3].labels, 96);
        OK(curve.point[3].f1.value > 0.97);
        OK(curve.enough);
        OK(curve.gain.high < MV_ADVISE_ENOUGH);
    }
    TEST("a hard one has not, and threads do not matter")
    {
        struct mv_curve one, two;

        make(0.8);
        one = advise(N, 1);
        two = advise(N, 2);
        OK(!one.enough);
        OK(one.gain.low <= one.gain.value && one.gain.value <= one.gain.high);
        OK(one.gain.low >= 0);
        for (size_t i = 0; i < one.points; i++)
            OK(one.point[i].f1.low <= one.point[i].f1.value &&
               one.point[i].f1.value <= one.point[i].f1.high);
        EQ(one.gain.value == two.gain.value && one.gain.low == two.gain.low &&
               one.gain.high == two.gain.high,
           1);
    }
    TEST("fewer labels make fewer points")
    {
        struct mv_curve curve = advise(50, 0);

        EQ(curve.points, 3); /* a quarter of 40 is too few for a model */
        EQ(curve.point[0].labels, 20);
    }
    TEST("too few, one label only, or told to stop")
    {
        struct mv_curve curve;
        int calls = 0;
        struct mv_advise_options options = {0};
        struct mv_error error = {0};

        EQ(mv_advise(&curve, example, 39, &options, &error), MV_DATA);
        OK(strstr(error.message, "39 of the 40") != NULL);
        for (int i = 0; i < N; i++)
            example[i].label = 1;
        EQ(mv_advise(&curve, example, N, &options, NULL), MV_DATA);
        make(0);
        options = (struct mv_advise_options){
            .threads = 1, .step = refuse, .payload = &calls};
        EQ(mv_advise(&curve, example, N, &options, NULL), MV_STOPPED);
        EQ(calls, 1);
    }
    return test_end();
}
