#include "split.h"

#include "stats.h"
#include "test.h"

#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

static struct mv_span span(const char *text)
{
    return mv_span_of(text);
}

/* Similarity by the definition, the slow way; -1 when a text is too short.
 * Only for ASCII, words of one blank between. */
enum { MOST = 400 };

struct bag {
    char item[MOST][64];
    int count;
};

static void put(struct bag *bag, const char *at, size_t len)
{
    char item[64] = {0};

    memcpy(item, at, len < 63 ? len : 63);
    for (int i = 0; i < bag->count; i++)
        if (strcmp(bag->item[i], item) == 0)
            return;
    memcpy(bag->item[bag->count++], item, sizeof item);
}

static void put_all(struct bag *bag, const char *text, bool words)
{
    const char *starts[MOST + 3];
    size_t n = 0;

    bag->count = 0;
    if (!words) {
        for (size_t i = 0; i + 3 <= strlen(text); i++)
            put(bag, text + i, 3);
        return;
    }
    for (const char *at = text; *at; at++)
        if (at == text || at[-1] == ' ')
            starts[n++] = at;
    starts[n] = text + strlen(text) + 1;
    for (size_t i = 0; i + 3 <= n; i++)
        put(bag, starts[i], (size_t)(starts[i + 3] - starts[i]) - 1);
}

static double likeness(const char *a, const char *b, bool words)
{
    static struct bag x, y;
    int common = 0;

    put_all(&x, a, words);
    put_all(&y, b, words);
    if (x.count < 5 || y.count < 5)
        return strcmp(a, b) == 0 ? 1 : -1;
    for (int i = 0; i < x.count; i++)
        for (int j = 0; j < y.count; j++)
            common += strcmp(x.item[i], y.item[j]) == 0;
    return (double)common / (x.count + y.count - common);
}

static const char *WORDS[] = {
    "hello",  "I",       "would", "like",   "to",     "talk",    "about",
    "sensor", "ceramic", "meet",  "next",   "week",   "Tuesday", "budget",
    "thanks", "project", "kiln",  "glaze",  "export", "harbour", "invoice",
    "remote", "colour",  "paper", "bridge", "lamp",   "orchard", "violin"};

static void invent(char *out, size_t size, struct mv_rng *rng, int words)
{
    size_t len = 0;

    out[0] = '\0';
    for (int i = 0; i < words && len + 20 < size; i++)
        len += (size_t)snprintf(out + len, size - len, "%s%s", i ? " " : "",
                                WORDS[mv_rng_below(rng, 28)]);
}

/* Words of two or three syllables, some of them far more often than others,
 * as in a language. */
static void babble(char *out, size_t size, struct mv_rng *rng)
{
    static const char *syllable[] = {
        "ba", "ter", "mi",  "con", "lo", "ra", "sen", "ti", "ga",  "per",
        "do", "nu",  "vel", "ar",  "is", "ke", "mon", "pa", "ri",  "shu",
        "so", "ta",  "ul",  "wen", "xi", "ya", "zor", "fe", "gli", "hun"};
    size_t len = 0;

    out[0] = '\0';
    while (len + 40 < size) {
        double common = mv_rng_real(rng);
        size_t word = (size_t)(2000 * common * common * common);

        for (int i = 0; i < 3; i++, word /= 30)
            if (i < 2 || word)
                len += (size_t)snprintf(out + len, size - len, "%s%s",
                                        len && i == 0 ? " " : "",
                                        syllable[(word * 7 + 3) % 30]);
    }
}

/* Puts another word in the place of one. */
static void alter(char *text, size_t size, struct mv_rng *rng)
{
    size_t at = mv_rng_below(rng, strlen(text));
    const char *word = WORDS[mv_rng_below(rng, 28)];
    char *from = strchr(text + at, ' '), *to = from ? strchr(from + 1, ' ') : 0;
    size_t rest = to ? strlen(to) + 1 : 0, len = strlen(word);

    if (!to || (size_t)(from - text) + 1 + len + rest > size)
        return;
    memmove(from + 1 + len, to, rest);
    memcpy(from + 1, word, len);
}

enum { TEXTS = 240 };

/* Compares with the transitive closure of the definition. Pairs so close to
 * the threshold that MinHash may miss them are counted, not failed. */
static void check_groups(void)
{
    static char text[TEXTS][512];
    struct mv_span spans[TEXTS];
    int group[TEXTS], want[TEXTS], count, differ = 0, joined = 0, far = 0;
    struct mv_rng *rng = NULL;

    EQ(mv_rng_new(&rng, 3), MV_OK);
    for (int i = 0; i < TEXTS; i++) {
        if (i % 3 == 0)
            invent(text[i], sizeof text[i], rng, 3 + (int)(i % 28));
        else
            memcpy(text[i], text[i - 1], sizeof text[i]);
        for (int k = 0; i % 3 && k < i % 5; k++)
            alter(text[i], sizeof text[i], rng);
        spans[i] = span(text[i]);
        want[i] = i;
    }
    EQ(mv_split_group(group, &count, TEXTS, spans, NULL), MV_OK);
    for (int i = 0; i < TEXTS; i++)
        for (int j = 0; j < i; j++) {
            double most = fmax(likeness(text[i], text[j], false),
                               likeness(text[i], text[j], true));
            int from = want[i], to = want[j];

            if (most < 0.6)
                continue;
            joined++;
            far += most > 0.65 && group[i] != group[j];
            for (int k = 0; from != to && k < TEXTS; k++)
                want[k] = want[k] == from ? to : want[k];
        }
    for (int i = 0; i < TEXTS; i++)
        for (int j = 0; j < i; j++) {
            differ += (group[i] == group[j]) != (want[i] == want[j]);
            OK(group[i] != group[j] || want[i] == want[j]);
        }
    EQ(far, 0);
    EQ(differ, 0);
    OK(joined > 80 && count > 80);
    mv_rng_free(rng);
}

static double seconds(clock_t from)
{
    return (double)(clock() - from) / CLOCKS_PER_SEC;
}

static void check_speed(void)
{
    enum { N = 10000, SIZE = 260 };
    char *text = malloc(N * SIZE);
    struct mv_span *spans = malloc(N * sizeof *spans);
    int *group = malloc(N * sizeof *group), count = 0;
    struct mv_rng *rng = NULL;
    clock_t start;

    EQ(mv_rng_new(&rng, 4), MV_OK);
    for (size_t i = 0; text && spans && i < N; i++) {
        babble(text + i * SIZE, 240, rng);
        if (i % 4 == 1) /* a quarter: copies of one template */
            snprintf(text + i * SIZE, SIZE,
                     "hello number %zu, I would like to tell you about our "
                     "fine services for kilns and glazes, shall we talk next "
                     "week about what we could do for your workshop",
                     i);
        spans[i] = span(text + i * SIZE);
    }
    start = clock();
    EQ(mv_split_group(group, &count, N, spans, NULL), MV_OK);
    printf("# 10,000 texts grouped in %.2f s, %d groups\n", seconds(start),
           count);
#if !defined(__SANITIZE_ADDRESS__)
    OK(seconds(start) < 1);
#endif
    EQ(group[1], group[9997]);
    OK(count > 7000 && count <= 7501);
    mv_rng_free(rng);
    free(text);
    free(spans);
    free(group);
}

/* The largest and smallest number of rows with this label in a fold. */
static void extremes(const int *fold, int folds, const int *label, int value,
                     size_t n, int *least, int *most)
{
    *least = (int)n;
    *most = 0;
    for (int f = 0; f < folds; f++) {
        int count = 0;

        for (size_t i = 0; i < n; i++)
            count += fold[i] == f && label[i] == value;
        *least = count < *least ? count : *least;
        *most = count > *most ? count : *most;
    }
}

enum { ROWS = 600 };

static void check_folds(void)
{
    int label[ROWS], stratum[ROWS], group[ROWS], fold[ROWS], again[ROWS];
    int used = 0, least, most, straddle = 0, changed = 0;
    struct mv_split_rows rows = {ROWS, label, stratum, group};

    for (int i = 0; i < ROWS; i++) {
        label[i] = i % 7 == 0 || i % 5 == 0;
        stratum[i] = label[i] + 2 * (i % 3);
        group[i] = i < 60 ? i / 20 - 9 : i; /* three groups of 20 */
    }
    EQ(mv_split_folds(fold, &used, &rows, 5, 1, NULL), MV_OK);
    EQ(used, 5);
    for (int i = 0; i < ROWS; i++)
        for (int j = 0; j < i; j++)
            straddle += group[i] == group[j] && fold[i] != fold[j];
    EQ(straddle, 0);
    for (int s = 0; s < 6; s++) {
        extremes(fold, 5, stratum, s, ROWS, &least, &most);
        OK(most - least <= 2);
        OK(least >= 0 && most < ROWS);
    }
    extremes(fold, 5, label, 1, ROWS, &least, &most);
    OK(most - least <= 2);
    EQ(mv_split_folds(again, &used, &rows, 5, 1, NULL), MV_OK);
    OK(memcmp(fold, again, sizeof fold) == 0);
    EQ(mv_split_folds(again, &used, &rows, 5, 2, NULL), MV_OK);
    for (int i = 0; i < ROWS; i++)
        changed += fold[i] != again[i];
    OK(changed > ROWS / 2);
}

static void check_holdout(void)
{
    int label[ROWS], stratum[ROWS], group[ROWS], held[ROWS];
    int total = 0, of_class = 0, class_size = 0, straddle = 0;
    struct mv_split_rows rows = {ROWS, label, stratum, group};

    for (int i = 0; i < ROWS; i++) {
        label[i] = i % 4 == 0;
        stratum[i] = label[i] + 2 * (i % 3);
        group[i] = i / 3;
    }
    EQ(mv_split_holdout(held, &rows, 0.2, 9, NULL), MV_OK);
    for (int i = 0; i < ROWS; i++) {
        OK(held[i] == 0 || held[i] == 1);
        total += held[i];
        of_class += held[i] && label[i];
        class_size += label[i];
        straddle += i % 3 && held[i] != held[i - 1];
    }
    EQ(straddle, 0);
    NEAR(total, ROWS * 0.2, 6);
    NEAR(of_class, class_size * 0.2, 4);
}

int main(void)
{
    TEST("groups of a few texts")
    {
        const char *text[] = {
            "hola ana, me gustar\xc3\xad"
            "a hablar contigo sobre el horno",
            "hola eva, me gustar\xc3\xad"
            "a hablar contigo sobre el horno",
            "",
            "hi",
            "the glaze of your last bowl: which kiln did you use?",
            "hi",
            "ho",
            "",
            "hola ana, me gustar\xc3\xad"
            "a hablar contigo sobre el horno"};
        int want[] = {0, 0, 1, 2, 3, 2, 4, 1, 0}, group[9], count = 0;
        struct mv_span spans[9];

        for (int i = 0; i < 9; i++)
            spans[i] = span(text[i]);
        EQ(mv_split_group(group, &count, 9, spans, NULL), MV_OK);
        EQ(count, 5);
        for (int i = 0; i < 9; i++)
            EQ(group[i], want[i]);
        EQ(mv_split_group(group, NULL, 9, spans, NULL), MV_OK);
    }
    TEST("short texts join only when equal")
    {
        /* four trigrams of five in common, and three of four */
        struct mv_span spans[] = {span("abcdef"), span("abcdeg"),
                                  span("abcdefg"), span("abcdefgh"),
                                  span("xyzabcdef")};
        int group[5], count;

        EQ(mv_split_group(group, &count, 5, spans, NULL), MV_OK);
        EQ(count, 4);
        EQ(group[2], group[3]); /* 5 and 6 trigrams, 5 in common */
    }
    TEST("nothing, and bytes that are not UTF-8")
    {
        struct mv_span spans[] = {{"\xff\x80\x80\x80\x80\xc3", 6},
                                  {"\xff\x80\x80\x80\x80\xc3", 6},
                                  {"\x80", 1},
                                  {NULL, 0}};
        int group[4], count = -1;

        EQ(mv_split_group(group, &count, 0, NULL, NULL), MV_OK);
        EQ(count, 0);
        EQ(mv_split_group(group, &count, 4, spans, NULL), MV_OK);
        EQ(count, 3);
        EQ(group[0], group[1]);
    }
    TEST("groups by the definition")
    check_groups();
    TEST("many texts")
    check_speed();
    TEST("folds")
    check_folds();
    TEST("hold-out")
    check_holdout();
    TEST("fewer folds when a class is small")
    {
        int label[12] = {1, 1, 1},
            group[12] = {0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
        int fold[12], used = 0, with_class = 0;
        struct mv_split_rows rows = {12, label, NULL, NULL};

        EQ(mv_split_folds(fold, &used, &rows, 10, 1, NULL), MV_OK);
        EQ(used, 3);
        OK(fold[0] != fold[1] && fold[1] != fold[2] && fold[0] != fold[2]);
        rows.group = group;
        EQ(mv_split_folds(fold, &used, &rows, 10, 1, NULL), MV_OK);
        EQ(used, 2);
        OK(fold[0] == fold[1] && fold[0] != fold[2]);
        for (uint64_t seed = 0; seed < 50; seed++) {
            EQ(mv_split_holdout(fold, &rows, 0.1, seed, NULL), MV_OK);
            with_class += fold[0] + fold[1] + fold[2];
            OK(fold[0] + fold[1] + fold[2] > 0);
            OK(fold[0] + fold[1] + fold[2] < 3);
        }
        OK(with_class >= 50);
    }
    TEST("no fold swallows a class, even with one huge group")
    {
        int label[200] = {0}, group[200], fold[200], used;
        struct mv_split_rows rows = {200, label, NULL, group};

        for (int i = 0; i < 200; i++)
            group[i] = i < 190 ? 0 : i;
        label[198] = label[199] = 1;
        for (uint64_t seed = 0; seed < 20; seed++) {
            EQ(mv_split_folds(fold, &used, &rows, 5, seed, NULL), MV_OK);
            EQ(used, 2);
            OK(fold[198] != fold[199]);
        }
    }
    TEST("too little")
    {
        int label[4] = {0, 0, 0, 1}, group[4] = {0, 1, 2, 2}, fold[4], used;
        struct mv_split_rows rows = {4, label, NULL, NULL};
        struct mv_error error = {0};

        EQ(mv_split_folds(fold, &used, &rows, 2, 1, &error), MV_DATA);
        OK(strstr(error.message, "only one") != NULL);
        label[2] = 1;
        rows.group = group;
        mv_error_clear(&error);
        EQ(mv_split_folds(fold, &used, &rows, 2, 1, &error), MV_DATA);
        OK(strstr(error.message, "near-duplicates") != NULL);
        rows.group = NULL;
        EQ(mv_split_folds(fold, &used, &rows, 2, 1, NULL), MV_OK);
        EQ(used, 2);
        label[0] = label[1] = 1;
        EQ(mv_split_folds(fold, &used, &rows, 2, 1, NULL), MV_DATA);
        rows.n = 0;
        EQ(mv_split_folds(fold, &used, &rows, 2, 1, NULL), MV_DATA);
        EQ(mv_split_folds(fold, &used, &rows, 1, 1, NULL), MV_RANGE);
        EQ(mv_split_folds(fold, &used, &rows, 1001, 1, NULL), MV_RANGE);
        EQ(mv_split_holdout(fold, &rows, 0, 1, NULL), MV_RANGE);
        EQ(mv_split_holdout(fold, &rows, NAN, 1, NULL), MV_RANGE);
        EQ(mv_split_holdout(fold, &rows, 0.5, 1, NULL), MV_DATA);
    }
    return test_end();
}
