/* Simulations of what labels bring; run by scripts/bench labels.
 *
 *     simulate_labels curve SEED ORDER[:MOST]...   labels chosen in each order
 *     simulate_labels stream EVERY                 predict, then learn
 *
 * Reads labelled messages from standard input, one a line: the part, a tab, 0
 * or 1, a tab, the text. Parts: `pool` waits for labels, `test` judges, and
 * `old` was labelled before, as a starter corpus is. ORDER is unsure or random,
 * MOST ends it after so many labels. Prints a table of numbers that are parted
 * by tabs, with a line of names. */
#include "simulate_learn.h"

#include "choose.h"
#include "stats.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST = 20, EVERY = 50 };

/* --- figures -------------------------------------------------------------- */

struct cells {
    double n[2][2]; /* [label][said] */
};

static double f1_of(const struct cells *c)
{
    double under = 2 * c->n[1][1] + c->n[0][1] + c->n[1][0];

    return under > 0 ? 2 * c->n[1][1] / under : 0;
}

/* What a model does on the test part: F1 at its own threshold, and at the
 * threshold that would have been best there. */
struct tested {
    double f1, best;
};

struct ranked {
    double p;
    int label;
};

static int by_p(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;

    return (x->p < y->p) - (x->p > y->p);
}

static double best_f1(struct ranked *row, size_t n)
{
    double positives = 0, found = 0, best = 0;

    for (size_t i = 0; i < n; i++)
        positives += row[i].label;
    qsort(row, n, sizeof *row, by_p);
    for (size_t i = 0; i < n; i++) {
        found += row[i].label;
        if (i + 1 == n || row[i].p > row[i + 1].p)
            best = fmax(best, 2 * found / ((double)(i + 1) + positives));
    }
    return best;
}

static struct tested test(const struct learnt *learnt, const struct messages *m)
{
    struct ranked *row = sim_make(m->n, sizeof *row);
    struct cells cells = {{{0}}};
    struct tested tested = {0, 0};
    size_t n = 0;

    for (size_t i = 0; learnt->ready && i < m->n; i++) {
        double p;

        if (m->part[i] != TEST)
            continue;
        p = sim_ask(learnt, &m->matrix, i);
        cells.n[m->label[i]][p >= learnt->forced]++;
        row[n++] = (struct ranked){p, m->label[i]};
    }
    if (n)
        tested = (struct tested){f1_of(&cells), best_f1(row, n)};
    free(row);
    return tested;
}

/* --- curve ---------------------------------------------------------------- */

/* What one order has asked so far. */
struct asked {
    size_t *row; /* labelled, those of OLD first */
    size_t n, old;
    uint8_t *done;
    size_t positives; /* without OLD */
};

static void asked_begin(struct asked *a, const struct messages *m)
{
    *a = (struct asked){.row = sim_make(m->n, sizeof *a->row),
                        .done = sim_make(m->n, 1)};
    for (size_t i = 0; i < m->n; i++)
        if (m->part[i] == OLD)
            a->row[a->n++] = i;
    a->old = a->n;
}

static void asked_end(struct asked *a)
{
    free(a->row);
    free(a->done);
}

/* The pool as the program sees it: waiting and labelled messages alone. */
struct pool {
    size_t n, *row; /* of the messages */
    struct mv_choose_rows rows;
    struct mv_span *texts;
    double *p;
    int *group, *label;
    uint8_t *done;
    uint64_t *key;
};

static void pool_begin(struct pool *pool, const struct messages *m)
{
    *pool = (struct pool){.row = sim_make(m->n, sizeof *pool->row),
                          .texts = sim_make(m->n, sizeof *pool->texts),
                          .p = sim_make(m->n, sizeof *pool->p),
                          .group = sim_make(m->n, sizeof *pool->group),
                          .label = sim_make(m->n, sizeof *pool->label),
                          .done = sim_make(m->n, 1),
                          .key = sim_make(m->n, sizeof *pool->key)};
    for (size_t i = 0; i < m->n; i++) {
        if (m->part[i] != POOL)
            continue;
        pool->row[pool->n] = i;
        pool->texts[pool->n] = m->folded[i];
        pool->group[pool->n] = m->group[i];
        pool->label[pool->n] = m->label[i];
        pool->key[pool->n++] = i;
    }
    pool->rows =
        (struct mv_choose_rows){pool->n,    pool->texts, pool->p, pool->group,
                                pool->done, pool->label, NULL,    pool->key};
}

static void pool_end(struct pool *pool)
{
    free(pool->row);
    free(pool->texts);
    free(pool->p);
    free(pool->group);
    free(pool->label);
    free(pool->done);
    free(pool->key);
}

static void ask_for(struct asked *a, struct pool *pool,
                    const struct messages *m, const struct learnt *learnt,
                    const struct mv_choose_options *options, size_t most)
{
    size_t *order = sim_make(pool->n, sizeof *order), count = 0;

    for (size_t i = 0; i < pool->n; i++) {
        pool->done[i] = a->done[pool->row[i]];
        pool->p[i] =
            learnt ? sim_ask(learnt, &m->matrix, pool->row[i]) : (double)NAN;
    }
    sim_need(mv_choose(order, &count, &pool->rows, options, NULL) == MV_OK,
             "choosing");
    for (size_t i = 0; i < count && a->n < most; i++) {
        size_t row = pool->row[order[i]];

        a->row[a->n++] = row;
        a->done[row] = 1;
        a->positives += (size_t)m->label[row];
    }
    free(order);
}

/* After n labels it learns again at so many, and at the most there are. What
 * knows nothing yet learns more often. */
static size_t next_size(size_t n, size_t most, bool warm)
{
    size_t step = warm ? 2 * EVERY : n < 100 ? 10 : n < 200 ? 25 : EVERY;
    size_t next = n + (n < 1000 ? step : 10 * EVERY);

    return n < most && next > most ? most : next;
}

static enum mv_choose_order order_of(char *order, size_t *most)
{
    char *colon = strchr(order, ':');

    *most = SIZE_MAX;
    if (colon) {
        *most = strtoull(colon + 1, NULL, 10);
        *colon = 0;
    }
    sim_need(strcmp(order, "unsure") == 0 || strcmp(order, "random") == 0,
             "orders are unsure and random");
    return *order == 'u' ? MV_CHOOSE_UNSURE : MV_CHOOSE_RANDOM;
}

static void curve(const struct messages *m, uint64_t seed, char *order)
{
    struct mv_choose_options options = {.seed = seed};
    struct learnt learnt = {0};
    struct asked asked;
    struct pool pool;
    size_t most, want;

    options.order = order_of(order, &most);
    asked_begin(&asked, m);
    pool_begin(&pool, m);
    most = most < pool.n ? most : pool.n;
    for (want = asked.old ? 0 : FIRST; want <= most;
         want = next_size(want, most, asked.old)) {
        struct tested tested;

        ask_for(&asked, &pool, m, learnt.v ? &learnt : NULL, &options,
                asked.old + want);
        sim_forget(&learnt);
        sim_learn(&learnt, m, asked.row, asked.n);
        tested = test(&learnt, m);
        printf("%s\t%zu\t%.5f\t%.5f\t%zu\n", order, want, tested.f1,
               tested.best, asked.positives);
    }
    sim_forget(&learnt);
    pool_end(&pool);
    asked_end(&asked);
}

/* --- stream --------------------------------------------------------------- */

static void stream_tell(size_t seen, struct cells cells[2], long only[2])
{
    printf("%zu", seen);
    for (int arm = 0; arm < 2; arm++)
        printf("\t%.0f\t%.5f", cells[arm].n[0][1] + cells[arm].n[1][0],
               f1_of(&cells[arm]));
    printf("\t%.3g\n", mv_stats_mcnemar(only[0], only[1]));
}

/* The TREC spam track's protocol: each message is judged, then its label
 * becomes known. Arm 0 keeps the first model, arm 1 learns again from all that
 * is known after every so many labels. Without OLD messages the first labels
 * make the first model, and are not judged. */
static void stream(const struct messages *m, size_t every)
{
    struct learnt learnt[2] = {{0}};
    struct cells cells[2] = {{{{0}}}};
    struct asked asked;
    long only[2] = {0, 0}; /* messages that one arm alone got right */
    size_t seen = 0;

    asked_begin(&asked, m);
    if (asked.old)
        sim_learn(&learnt[0], m, asked.row, asked.n);
    printf("seen\tnever wrong\tnever F1\tretrained wrong\tretrained F1\tp\n");
    for (size_t i = 0; i < m->n; i++) {
        bool right[2];

        if (m->part[i] != POOL)
            continue;
        for (int arm = 0; arm < 2 && learnt[0].ready; arm++) {
            const struct learnt *by = &learnt[learnt[arm].ready ? arm : 0];
            int said = sim_ask(by, &m->matrix, i) >= by->forced;

            cells[arm].n[m->label[i]][said]++;
            right[arm] = said == m->label[i];
            if (arm == 1)
                for (int k = 0; k < 2; k++)
                    only[k] += right[k] && !right[!k];
        }
        asked.row[asked.n++] = i;
        if (++seen % every)
            continue;
        if (learnt[0].ready)
            stream_tell(seen, cells, only);
        sim_forget(&learnt[learnt[0].ready]);
        sim_learn(&learnt[learnt[0].ready], m, asked.row, asked.n);
    }
    sim_forget(&learnt[0]);
    sim_forget(&learnt[1]);
    asked_end(&asked);
}

/* -------------------------------------------------------------------------- */

int main(int argc, char **argv)
{
    struct messages m = {0};
    unsigned long long number = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;
    bool curves = argc > 1 && strcmp(argv[1], "curve") == 0;

    sim_need((curves ? argc > 3 : argc > 2) &&
                 (curves || (strcmp(argv[1], "stream") == 0 && number)),
             "curve SEED ORDER[:MOST]..., or stream EVERY");
    sim_read_messages(&m);
    sim_extract(&m);
    if (curves) {
        printf("order\tlabels\tF1\tbest F1\tpurpose\n");
        for (int k = 3; k < argc; k++)
            curve(&m, number, argv[k]);
    } else {
        stream(&m, (size_t)number);
    }
    sim_release_messages(&m);
    return 0;
}
