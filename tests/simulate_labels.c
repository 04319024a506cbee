/* Simulations of what labels bring; run by scripts/bench labels.
 *
 *     simulate_labels curve SEED ORDER[:MOST]...   labels chosen in each order
 *     simulate_labels stream EVERY                 predict, then learn
 *
 * Reads labelled messages from standard input, one a line: the part, a tab, 0
 * or 1, a tab, the text. Parts: `pool` waits for labels, `test` judges, and
 * `old` was labelled before, as a starter corpus is. ORDER is unsure or random,
 * MOST ends it after so many labels. Prints a table of numbers that are parted
 * by tabs, with a line of names.
 *
 * Learns as the program does with fewer than MV_FIT_FEW labels, at any number:
 * C is fixed, the folds are dealt once, and nothing but calibration and
 * threshold is chosen. Features are extracted once. */
#include "calibrate.h"
#include "choose.h"
#include "model_parts.h"
#include "split.h"
#include "stats.h"
#include "text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FOLDS = 4, FIRST = 20, EVERY = 50, LEAST_OF_LABEL = 2 };

static void need(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "simulate_labels: %s\n", what);
    exit(1);
}

static void *make(size_t n, size_t size)
{
    void *memory = calloc(n + 1, size);

    need(memory != NULL, "out of memory");
    return memory;
}

/* --- messages ------------------------------------------------------------- */

enum part { POOL, TEST, OLD, PARTS };
static const char *const PART_NAMES[PARTS] = {"pool", "test", "old"};

struct messages {
    size_t n, room;
    char **text;
    struct mv_tokens *tokens;
    struct mv_span *folded;
    enum part *part;
    int *label, *group;
    int8_t *sign; /* the labels, as svm.h wants them */
    struct mv_matrix matrix;
};

static void grow(struct messages *m)
{
    m->room = m->room ? 2 * m->room : 1024;
    m->text = realloc(m->text, m->room * sizeof *m->text);
    m->part = realloc(m->part, m->room * sizeof *m->part);
    m->label = realloc(m->label, m->room * sizeof *m->label);
    need(m->text && m->part && m->label, "out of memory");
}

static void read_line(struct messages *m, char *line)
{
    char *label = strchr(line, '\t'), *text;
    int part = 0;

    need(label && (label[1] == '0' || label[1] == '1') && label[2] == '\t',
         "expected part, tab, label, tab, text");
    *label = 0;
    while (part < PARTS && strcmp(line, PART_NAMES[part]) != 0)
        part++;
    need(part < PARTS, "no such part");
    if (m->n == m->room)
        grow(m);
    text = strdup(label + 3);
    need(text != NULL, "out of memory");
    m->text[m->n] = text;
    m->part[m->n] = (enum part)part;
    m->label[m->n++] = label[1] == '1';
}

static void read_messages(struct messages *m)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t len;

    while ((len = getline(&line, &size, stdin)) > 0) {
        if (line[len - 1] == '\n')
            line[len - 1] = 0;
        read_line(m, line);
    }
    free(line);
    need(m->n > 0, "no messages");
}

static void extract(struct messages *m)
{
    struct mv_feature_options features = mv_feature_defaults();
    struct mv_text *text = NULL;

    m->tokens = make(m->n, sizeof *m->tokens);
    m->folded = make(m->n, sizeof *m->folded);
    m->group = make(m->n, sizeof *m->group);
    m->sign = make(m->n, sizeof *m->sign);
    need(mv_text_new(&text) == MV_OK, "out of memory");
    for (size_t i = 0; i < m->n; i++) {
        need(mv_text_tokens(text, mv_span_of(m->text[i]), &m->tokens[i],
                            NULL) == MV_OK,
             "a message is not UTF-8");
        m->folded[i] = mv_buffer_span(&m->tokens[i].folded);
        m->sign[i] = (int8_t)m->label[i];
    }
    mv_text_free(text);
    need(mv_split_group(m->group, NULL, m->n, m->folded, NULL) == MV_OK,
         "groups");
    need(mv_matrix_build(&m->matrix, &features, m->tokens, m->n, NULL) == MV_OK,
         "features");
}

static void release_messages(struct messages *m)
{
    for (size_t i = 0; i < m->n; i++) {
        mv_tokens_release(&m->tokens[i]);
        free(m->text[i]);
    }
    mv_matrix_release(&m->matrix);
    free(m->text);
    free(m->tokens);
    free(m->folded);
    free(m->part);
    free(m->label);
    free(m->group);
    free(m->sign);
}

/* --- learning ------------------------------------------------------------- */

/* What was learnt: what a column adds to the score and to the squared norm,
 * and what the score means. */
struct learnt {
    bool ready;
    double *v, *q; /* columns of the whole matrix */
    double bias, forced;
    struct mv_calibration calibration;
};

/* The labelled messages as a training set of their own. */
struct lesson {
    size_t n;
    struct mv_matrix matrix;
    uint32_t *column; /* of the whole matrix, by column of this */
    int8_t *sign;
    int *label, *group, *fold;
    double *value, *p;
};

static void lesson_columns(struct lesson *l, const struct mv_matrix *all)
{
    uint32_t *number = make(all->rows.dims, sizeof *number), dims = 0;
    size_t cells = l->matrix.start[l->n];

    l->column = make(cells, sizeof *l->column);
    l->matrix.hit = make(cells, sizeof *l->matrix.hit);
    for (size_t k = 0; k < cells; k++) {
        uint32_t c = l->matrix.index[k];

        if (!number[c]) {
            l->column[dims] = c;
            l->matrix.hit[dims] = all->hit[c];
            number[c] = ++dims;
        }
        l->matrix.index[k] = number[c] - 1;
    }
    l->matrix.rows.dims = dims;
    free(number);
}

static void lesson_begin(struct lesson *l, const struct messages *m,
                         const size_t *row, size_t n)
{
    const struct mv_matrix *all = &m->matrix;
    size_t cells = 0;

    *l = (struct lesson){.n = n, .matrix = {.bits = all->bits}};
    for (size_t i = 0; i < n; i++)
        cells += all->start[row[i] + 1] - all->start[row[i]];
    l->matrix.start = make(n + 1, sizeof *l->matrix.start);
    l->matrix.index = make(cells, sizeof *l->matrix.index);
    l->matrix.count = make(cells, sizeof *l->matrix.count);
    l->sign = make(n, sizeof *l->sign);
    l->label = make(n, sizeof *l->label);
    l->group = make(n, sizeof *l->group);
    l->fold = make(n, sizeof *l->fold);
    l->value = make(n, sizeof *l->value);
    l->p = make(n, sizeof *l->p);
    for (size_t i = 0; i < n; i++) {
        size_t from = all->start[row[i]], len = all->start[row[i] + 1] - from;
        size_t to = l->matrix.start[i];

        memcpy(l->matrix.index + to, all->index + from,
               len * sizeof *all->index);
        memcpy(l->matrix.count + to, all->count + from,
               len * sizeof *all->count);
        l->matrix.start[i + 1] = to + len;
        l->sign[i] = m->sign[row[i]];
        l->label[i] = m->label[row[i]];
        l->group[i] = m->group[row[i]];
    }
    lesson_columns(l, all);
    l->matrix.rows = (struct mv_rows){n, l->matrix.rows.dims, l->matrix.start,
                                      l->matrix.index, l->matrix.count};
}

static void lesson_end(struct lesson *l)
{
    mv_matrix_release(&l->matrix);
    free(l->column);
    free(l->sign);
    free(l->label);
    free(l->group);
    free(l->fold);
    free(l->value);
    free(l->p);
}

/* Calibration and threshold by what is said of labels held out. */
static bool judge(struct lesson *l, struct mv_selection *selection,
                  struct learnt *out)
{
    struct mv_threshold_options options = {.match_below = MV_FIT_FEW};
    struct mv_thresholds thresholds;

    if (mv_selection_try(selection, NULL) != MV_OK ||
        mv_calibrate_fit(&out->calibration, l->n, l->value, l->label, NULL,
                         l->fold, NULL) != MV_OK)
        return false;
    for (size_t i = 0; i < l->n; i++)
        l->p[i] = mv_calibrate_apply(&out->calibration, l->value[i]);
    if (mv_calibrate_thresholds(&thresholds, l->n, l->p, l->label, &options,
                                NULL) != MV_OK)
        return false;
    out->forced = thresholds.forced;
    return true;
}

static void keep_weights(const struct lesson *l,
                         const struct mv_selection *selection,
                         struct learnt *out)
{
    uint32_t dims = l->matrix.rows.dims;
    float *g = make(dims, sizeof *g);
    double *w = make(dims, sizeof *w);

    need(mv_selection_finish(selection, g, w, &out->bias, NULL) == MV_OK,
         "training");
    for (uint32_t c = 0; c < dims; c++) {
        float factor = mv_block_factor[l->matrix.hit[c] >> l->matrix.bits];

        out->v[l->column[c]] = w[c] * (double)(g[c] * factor);
        out->q[l->column[c]] = (double)(g[c] * g[c]);
    }
    free(g);
    free(w);
}

static bool learnable(const struct lesson *l)
{
    size_t n[2] = {0, 0};

    for (size_t i = 0; i < l->n; i++)
        n[l->label[i]]++;
    return n[0] >= LEAST_OF_LABEL && n[1] >= LEAST_OF_LABEL;
}

/* Learns from n rows; out is not ready where they are too few. */
static void learn(struct learnt *out, const struct messages *m,
                  const size_t *row, size_t n)
{
    size_t dims = m->matrix.rows.dims;
    struct lesson l;
    struct mv_selection selection;

    lesson_begin(&l, m, row, n);
    selection = (struct mv_selection){.matrix = &l.matrix,
                                      .label = l.sign,
                                      .fold = l.fold,
                                      .repeats = 1,
                                      .threads = 1,
                                      .trial = {{0}},
                                      .n_trials = 1,
                                      .sum = l.value};
    struct mv_split_rows rows = {n, l.label, NULL, l.group};

    mv_selection_plan(&selection); /* for the C that is not chosen, */
    if (selection.n_trials > 1)    /* which of several is the sixth */
        selection.trial[0] = selection.trial[5];
    selection.n_trials = 1;
    out->v = make(dims, sizeof *out->v);
    out->q = make(dims, sizeof *out->q);
    out->ready = learnable(&l) &&
                 mv_split_folds(l.fold, &selection.folds, &rows, FOLDS, 1,
                                NULL) == MV_OK &&
                 judge(&l, &selection, out);
    if (out->ready)
        keep_weights(&l, &selection, out);
    lesson_end(&l);
}

static void forget(struct learnt *learnt)
{
    free(learnt->v);
    free(learnt->q);
}

/* The probability of purpose, as a model computes it (see model.h). */
static double ask(const struct learnt *learnt, const struct mv_matrix *all,
                  size_t row)
{
    double sum[MV_BLOCKS] = {0}, norm[MV_BLOCKS] = {0}, f = learnt->bias;

    if (!learnt->ready)
        return (double)NAN;
    for (size_t k = all->start[row]; k < all->start[row + 1]; k++) {
        uint32_t c = all->index[k], block = all->hit[c] >> all->bits;

        sum[block] += (double)all->count[k] * learnt->v[c];
        norm[block] += (double)all->count[k] * learnt->q[c];
    }
    for (int b = 0; b < MV_BLOCKS; b++)
        f += norm[b] > 0 ? sum[b] / sqrt(norm[b]) : 0;
    return mv_calibrate_apply(&learnt->calibration, f);
}

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
    struct ranked *row = make(m->n, sizeof *row);
    struct cells cells = {{{0}}};
    struct tested tested = {0, 0};
    size_t n = 0;

    for (size_t i = 0; learnt->ready && i < m->n; i++) {
        double p;

        if (m->part[i] != TEST)
            continue;
        p = ask(learnt, &m->matrix, i);
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
    *a = (struct asked){.row = make(m->n, sizeof *a->row),
                        .done = make(m->n, 1)};
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
    *pool = (struct pool){.row = make(m->n, sizeof *pool->row),
                          .texts = make(m->n, sizeof *pool->texts),
                          .p = make(m->n, sizeof *pool->p),
                          .group = make(m->n, sizeof *pool->group),
                          .label = make(m->n, sizeof *pool->label),
                          .done = make(m->n, 1),
                          .key = make(m->n, sizeof *pool->key)};
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
    size_t *order = make(pool->n, sizeof *order), count = 0;

    for (size_t i = 0; i < pool->n; i++) {
        pool->done[i] = a->done[pool->row[i]];
        pool->p[i] =
            learnt ? ask(learnt, &m->matrix, pool->row[i]) : (double)NAN;
    }
    need(mv_choose(order, &count, &pool->rows, options, NULL) == MV_OK,
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
    need(strcmp(order, "unsure") == 0 || strcmp(order, "random") == 0,
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
        forget(&learnt);
        learn(&learnt, m, asked.row, asked.n);
        tested = test(&learnt, m);
        printf("%s\t%zu\t%.5f\t%.5f\t%zu\n", order, want, tested.f1,
               tested.best, asked.positives);
    }
    forget(&learnt);
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
        learn(&learnt[0], m, asked.row, asked.n);
    printf("seen\tnever wrong\tnever F1\tretrained wrong\tretrained F1\tp\n");
    for (size_t i = 0; i < m->n; i++) {
        bool right[2];

        if (m->part[i] != POOL)
            continue;
        for (int arm = 0; arm < 2 && learnt[0].ready; arm++) {
            const struct learnt *by = &learnt[learnt[arm].ready ? arm : 0];
            int said = ask(by, &m->matrix, i) >= by->forced;

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
        forget(&learnt[learnt[0].ready]);
        learn(&learnt[learnt[0].ready], m, asked.row, asked.n);
    }
    forget(&learnt[0]);
    forget(&learnt[1]);
    asked_end(&asked);
}

/* -------------------------------------------------------------------------- */

int main(int argc, char **argv)
{
    struct messages m = {0};
    unsigned long long number = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;
    bool curves = argc > 1 && strcmp(argv[1], "curve") == 0;

    need((curves ? argc > 3 : argc > 2) &&
             (curves || (strcmp(argv[1], "stream") == 0 && number)),
         "curve SEED ORDER[:MOST]..., or stream EVERY");
    read_messages(&m);
    extract(&m);
    if (curves) {
        printf("order\tlabels\tF1\tbest F1\tpurpose\n");
        for (int k = 3; k < argc; k++)
            curve(&m, number, argv[k]);
    } else {
        stream(&m, (size_t)number);
    }
    release_messages(&m);
    return 0;
}
