/* Messages and models of the simulations; see simulate_learn.h. */
#include "simulate_learn.h"

#include "split.h"
#include "text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FOLDS = 4,
    LEAST_OF_LABEL = 2,
    FIXED = 5 /* of the path of C, the one that few labels take */
};

void sim_need(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "simulate_labels: %s\n", what);
    exit(1);
}

void *sim_make(size_t n, size_t size)
{
    void *memory = calloc(n + 1, size);

    sim_need(memory != NULL, "out of memory");
    return memory;
}

/* --- messages ------------------------------------------------------------- */

static const char *const PART_NAMES[PARTS] = {"pool", "test", "old"};

static void grow(struct messages *m)
{
    m->room = m->room ? 2 * m->room : 1024;
    m->text = realloc(m->text, m->room * sizeof *m->text);
    m->part = realloc(m->part, m->room * sizeof *m->part);
    m->label = realloc(m->label, m->room * sizeof *m->label);
    sim_need(m->text && m->part && m->label, "out of memory");
}

static void read_line(struct messages *m, char *line)
{
    char *label = strchr(line, '\t'), *text;
    int part = 0;

    sim_need(label && (label[1] == '0' || label[1] == '1') && label[2] == '\t',
             "expected part, tab, label, tab, text");
    *label = 0;
    while (part < PARTS && strcmp(line, PART_NAMES[part]) != 0)
        part++;
    sim_need(part < PARTS, "no such part");
    if (m->n == m->room)
        grow(m);
    text = strdup(label + 3);
    sim_need(text != NULL, "out of memory");
    m->text[m->n] = text;
    m->part[m->n] = (enum part)part;
    m->label[m->n++] = label[1] == '1';
}

void sim_read_messages(struct messages *m)
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
    sim_need(m->n > 0, "no messages");
}

void sim_extract(struct messages *m)
{
    struct mv_model *model = NULL;
    struct mv_text *text = NULL;

    m->tokens = sim_make(m->n, sizeof *m->tokens);
    m->folded = sim_make(m->n, sizeof *m->folded);
    m->group = sim_make(m->n, sizeof *m->group);
    m->sign = sim_make(m->n, sizeof *m->sign);
    sim_need(mv_text_new(&text) == MV_OK, "out of memory");
    for (size_t i = 0; i < m->n; i++) {
        sim_need(mv_text_tokens(text, mv_span_of(m->text[i]), &m->tokens[i],
                                NULL) == MV_OK,
                 "a message is not UTF-8");
        m->folded[i] = mv_buffer_span(&m->tokens[i].folded);
        m->sign[i] = (int8_t)m->label[i];
    }
    mv_text_free(text);
    sim_need(mv_model_new(&model, mv_feature_defaults()) == MV_OK,
             "out of memory");
    sim_need(mv_split_group(m->group, NULL, m->n, m->folded, NULL) == MV_OK,
             "groups");
    sim_need(mv_matrix_build(&m->matrix, model, m->tokens, m->n, NULL) ==
                 MV_OK,
             "features");
    mv_model_free(model);
}

void sim_release_messages(struct messages *m)
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
    uint32_t *number = sim_make(all->rows.dims, sizeof *number), dims = 0;
    size_t cells = l->matrix.start[l->n];

    l->column = sim_make(cells, sizeof *l->column);
    l->matrix.hit = sim_make(cells, sizeof *l->matrix.hit);
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
    l->matrix.start = sim_make(n + 1, sizeof *l->matrix.start);
    l->matrix.index = sim_make(cells, sizeof *l->matrix.index);
    l->matrix.count = sim_make(cells, sizeof *l->matrix.count);
    l->sign = sim_make(n, sizeof *l->sign);
    l->label = sim_make(n, sizeof *l->label);
    l->group = sim_make(n, sizeof *l->group);
    l->fold = sim_make(n, sizeof *l->fold);
    l->value = sim_make(n, sizeof *l->value);
    l->p = sim_make(n, sizeof *l->p);
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
    float *g = sim_make(dims, sizeof *g);
    double *w = sim_make(dims, sizeof *w);

    sim_need(mv_selection_finish(selection, g, w, &out->bias, NULL) == MV_OK,
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
void sim_learn(struct learnt *out, const struct messages *m, const size_t *row,
               size_t n)
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

    mv_selection_plan(&selection, true);
    if (selection.n_trials > 1)
        selection.trial[0] = selection.trial[FIXED];
    selection.n_trials = 1;
    out->v = sim_make(dims, sizeof *out->v);
    out->q = sim_make(dims, sizeof *out->q);
    out->ready = learnable(&l) &&
                 mv_split_folds(l.fold, &selection.folds, &rows, FOLDS, 1,
                                NULL) == MV_OK &&
                 judge(&l, &selection, out);
    if (out->ready)
        keep_weights(&l, &selection, out);
    lesson_end(&l);
}

void sim_forget(struct learnt *learnt)
{
    free(learnt->v);
    free(learnt->q);
}

/* The probability of purpose, as a model computes it (see model.h). */
double sim_ask(const struct learnt *learnt, const struct mv_matrix *all,
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
