/* Which messages are asked about next. */
#include "choose.h"
#include "test.h"

#include <stdlib.h>

enum { N = 200 };

static char text_of[N][120];
static struct mv_span text[N];
static double p[N];
static int group[N], label[N];
static uint8_t done[N];
static int64_t at[N];
static uint64_t key[N];
static size_t out[N], again[N];

/* Any numbers that are not in order. */
static uint64_t noise(uint64_t i)
{
    return (i + 1) * UINT64_C(0x9e3779b97f4a7c15) >> 11;
}

static struct mv_choose_rows make(size_t n)
{
    for (size_t i = 0; i < n; i++) {
        snprintf(text_of[i], sizeof text_of[i], "%llx %llx %llx %llx",
                 (unsigned long long)noise(4 * i),
                 (unsigned long long)noise(4 * i + 1),
                 (unsigned long long)noise(4 * i + 2),
                 (unsigned long long)noise(4 * i + 3));
        text[i] = mv_span_of(text_of[i]);
        p[i] = (double)(noise(i) % 1000) / 1000;
        group[i] = (int)i;
        label[i] = 0;
        done[i] = 0;
        at[i] = (int64_t)(noise(i + 7) % 100000);
        key[i] = noise(i + 1000);
    }
    return (struct mv_choose_rows){n, text, p, group, done, label, at, key};
}

static size_t choose(const struct mv_choose_rows *rows,
                     struct mv_choose_options options, size_t *to)
{
    size_t count = 0;

    EQ(mv_choose(to, &count, rows, &options, NULL), MV_OK);
    return count;
}

/* Whether out holds each of n rows that are not done once. */
static void is_whole(size_t count, size_t n)
{
    uint8_t seen[N] = {0};
    size_t waiting = 0;

    for (size_t i = 0; i < n; i++)
        waiting += !done[i];
    EQ(count, waiting);
    for (size_t i = 0; i < count; i++) {
        OK(out[i] < n && !done[out[i]] && !seen[out[i]]);
        seen[out[i]] = 1;
    }
}

static double doubt(size_t row)
{
    return 1 - fabs(2 * p[row] - 1);
}

static void test_unsure(void)
{
    TEST("every waiting row comes once, the doubtful ones early")
    {
        struct mv_choose_rows rows = make(N);
        double early = 0, late = 0;
        size_t count;

        for (size_t i = 0; i < N; i += 7)
            done[i] = 1;
        count = choose(&rows, (struct mv_choose_options){0}, out);
        is_whole(count, N);
        for (size_t i = 0; i < 40; i++) {
            early += doubt(out[i]) / 40;
            late += doubt(out[count - 1 - i]) / 40;
        }
        OK(early > 0.75);
        OK(late < 0.35);
    }
    TEST("without diversity or chance it is the order of doubt")
    {
        struct mv_choose_rows rows = make(50);
        size_t count;

        rows.texts = NULL;
        rows.group = NULL;
        count =
            choose(&rows, (struct mv_choose_options){.random_share = -1}, out);
        EQ(count, 50);
        for (size_t i = 1; i < count; i++)
            OK(doubt(out[i - 1]) >= doubt(out[i]));
    }
    TEST("no two near-duplicates in one batch, and none before the others")
    {
        struct mv_choose_rows rows = make(60);
        int seen[60] = {0};
        size_t count;

        for (size_t i = 0; i < 60; i++) {
            group[i] = (int)(i % 30);
            p[i] = 0.5; /* all equally doubtful */
        }
        count = choose(&rows, (struct mv_choose_options){.batch = 10}, out);
        is_whole(count, 60);
        for (size_t i = 0; i < 30; i++)
            OK(seen[group[out[i]]]++ == 0);
        for (size_t from = 0; from < 60; from += 10)
            for (size_t i = from; i < from + 10; i++)
                for (size_t k = from; k < i; k++)
                    OK(group[out[i]] != group[out[k]]);
    }
    TEST("near-duplicates of what is labelled come last")
    {
        struct mv_choose_rows rows = make(20);
        size_t count;

        for (size_t i = 0; i < 20; i++)
            p[i] = i == 3 ? 0.5 : 0.99;
        group[3] = group[4];
        done[4] = 1;
        count = choose(&rows, (struct mv_choose_options){0}, out);
        is_whole(count, 20);
        EQ(out[count - 1], 3);
    }
    TEST("a batch spreads over what is unlike")
    {
        struct mv_choose_rows rows = make(12);
        int sort[2] = {0, 0};

        for (size_t i = 0; i < 12; i++) {
            snprintf(text_of[i], sizeof text_of[i], "%s number %zu",
                     i < 8 ? "your great profile made me write to you today"
                           : "quick question about the course on sundays",
                     i);
            text[i] = mv_span_of(text_of[i]);
            p[i] = i < 8 ? 0.5 : 0.44;
        }
        choose(&rows,
               (struct mv_choose_options){.batch = 4, .random_share = -1}, out);
        for (size_t i = 0; i < 4; i++)
            sort[out[i] >= 8]++;
        OK(sort[0] >= 1 && sort[1] >= 1);
        EQ(out[1] >= 8, 1); /* the second is not one more of the first sort */
    }
    TEST("a share of each batch is drawn by chance")
    {
        struct mv_choose_rows rows = make(100);
        int sure = 0;

        for (size_t i = 0; i < 100; i++)
            p[i] = i < 50 ? 0.5 : 0.999;
        choose(&rows, (struct mv_choose_options){.random_share = 0.5}, out);
        for (size_t i = 0; i < 40; i++)
            sure += out[i] >= 50;
        OK(sure > 2 && sure < 20);
    }
    TEST("unknown probabilities do, and the same seed gives the same order")
    {
        struct mv_choose_rows rows = make(80);
        struct mv_choose_options options = {.seed = 5};
        size_t differ = 0, count;

        for (size_t i = 0; i < 80; i++)
            p[i] = NAN;
        count = choose(&rows, options, out);
        is_whole(count, 80);
        choose(&rows, options, again);
        EQ(memcmp(out, again, count * sizeof *out), 0);
        options.seed = 6;
        choose(&rows, options, again);
        for (size_t i = 0; i < count; i++)
            differ += out[i] != again[i];
        OK(differ > 0);
    }
}

static void test_orders(void)
{
    TEST("random: rows that come in later do not shuffle the others")
    {
        struct mv_choose_rows rows = make(100);
        struct mv_choose_options options = {.order = MV_CHOOSE_RANDOM};
        size_t count = choose(&rows, options, out), n = 0, kept[100];

        is_whole(count, 100);
        for (size_t i = 0; i < count; i++)
            if (out[i] < 60)
                kept[n++] = out[i];
        rows.n = 60;
        EQ(choose(&rows, options, again), 60);
        EQ(memcmp(kept, again, sizeof *again * 60), 0);
    }
    TEST("random: every row is as likely to be early")
    {
        struct mv_choose_rows rows = make(10);
        struct mv_choose_options options = {.order = MV_CHOOSE_RANDOM};
        int first[10] = {0};

        for (options.seed = 0; options.seed < 2000; options.seed++) {
            size_t count = 0;

            mv_choose(out, &count, &rows, &options, NULL);
            first[out[0]]++;
        }
        for (int i = 0; i < 10; i++) /* 200 are expected; 4.5 sigma */
            OK(first[i] > 140 && first[i] < 260);
    }
    TEST("newest: latest first, unknown times last")
    {
        struct mv_choose_rows rows = make(30);
        size_t count;

        at[11] = INT64_MIN;
        count = choose(
            &rows, (struct mv_choose_options){.order = MV_CHOOSE_NEWEST}, out);
        is_whole(count, 30);
        for (size_t i = 1; i < count; i++)
            OK(at[out[i - 1]] >= at[out[i]]);
        EQ(out[29], 11);
    }
    TEST("suspect: confident contradictions only, the worst first")
    {
        struct mv_choose_rows rows = make(10);
        const double said[10] = {0.9,  0.8,  0.95, 0.1,  0.2,
                                 0.05, 0.85, 0.6,  0.02, NAN};
        const int given[10] = {1, 1, 1, 0, 0, 0, 0, 0, 1, 0};
        size_t count;

        for (size_t i = 0; i < 10; i++) {
            p[i] = said[i];
            label[i] = given[i];
            done[i] = 1;
        }
        /* Where purpose was given it has (.9 + .8 + .95 + .02) / 4 = 0.6675 on
         * average, no-purpose (.9+.8+.95+.15+.4)/5 = 0.64. */
        count = choose(
            &rows, (struct mv_choose_options){.order = MV_CHOOSE_SUSPECT}, out);
        EQ(count, 2); /* not row 7: 0.6 is more than a half, and too little */
        EQ(out[0], 8);
        EQ(out[1], 6);
        done[8] = 0;
        EQ(choose(&rows, (struct mv_choose_options){.order = MV_CHOOSE_SUSPECT},
                  out),
           0); /* 0.8833 is wanted now */
    }
    TEST("nothing, and options out of range")
    {
        struct mv_choose_rows rows = {.n = 0};
        struct mv_choose_options bad = {.random_share = 2};
        size_t count = 9;

        EQ(choose(&rows, (struct mv_choose_options){0}, out), 0);
        EQ(mv_choose(out, &count, &rows, &bad, NULL), MV_RANGE);
        bad = (struct mv_choose_options){.order = (enum mv_choose_order)9};
        EQ(mv_choose(out, &count, &rows, &bad, NULL), MV_RANGE);
        EQ(count, 9);
    }
}

static void test_copies(void)
{
    TEST("copies: the same text with other names, and hardly another word")
    {
        static const char *const TEXTS[] = {
            "hola, soy ana ruiz y ayudo a pymes a vender mas en internet",
            "hola, soy bob y ayudo a pymes a vender mas en internet",
            "hola, soy eva y ayudo a ninos con altas capacidades en casa",
            "hola, soy leo diaz y ayudo a pymes a vender mas en internet!",
            "hola, soy ana ruiz y ayudo a pymes a vender mas en internet",
        };
        static const char *const NAMES[] = {"ana ruiz", "bob", "eva",
                                            "leo diaz sanz", ""};
        struct mv_span texts[5], names[5];
        int groups[5] = {0, 0, 0, 0, 1}, copy[5];

        for (int i = 0; i < 5; i++) {
            texts[i] = mv_span_of(TEXTS[i]);
            names[i] = mv_span_of(NAMES[i]);
        }
        EQ(mv_choose_copies(copy, 5, texts, names, groups, NULL), MV_OK);
        EQ(copy[0], 0);
        EQ(copy[1], 0);
        EQ(copy[2], 1);
        EQ(copy[3], 0);
        EQ(copy[4], 2); /* another group is never looked at */
    }
    TEST("copies: short texts must be the same, empty ones are")
    {
        struct mv_span texts[4] = {mv_span_of("hi"),
                                   mv_span_of("hi you"),
                                   mv_span_of("hi"),
                                   {NULL, 0}};
        struct mv_span names[4] = {{NULL, 0}};
        int groups[4] = {0}, copy[4];

        EQ(mv_choose_copies(copy, 4, texts, names, groups, NULL), MV_OK);
        EQ(copy[0], 0);
        EQ(copy[1], 1);
        EQ(copy[2], 0);
        EQ(copy[3], 2);
        EQ(mv_choose_copies(copy, 0, texts, names, groups, NULL), MV_OK);
    }
}

int main(void)
{
    test_unsure();
    test_orders();
    test_copies();
    return test_end();
}
