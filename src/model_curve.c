/* The learning curve: what fewer labels would have brought. */
#include "model_parts.h"

#include <assert.h>
#include <stdlib.h>

enum { LEAST_OF_LABEL = 2 }; /* to be trained at all */

/* A training on some folds alone, judged on one that is held out. */
struct part {
    uint32_t *row;               /* the rows of the whole matrix, rising */
    size_t n, trained, purposes; /* purposes: among the trained */
    struct mv_matrix matrix;     /* of these rows; hit is the whole's */
    int8_t *label;
    uint8_t *own;
    int *fold; /* 0: held out; -1: trained on */
    double *sum;
};

static void release(struct part *part)
{
    part->matrix.hit = NULL;
    mv_matrix_release(&part->matrix);
    free(part->row);
    free(part->label);
    free(part->own);
    free(part->fold);
    free(part->sum);
}

static enum mv_status copy_rows(struct part *part, const struct mv_matrix *from)
{
    struct mv_matrix *to = &part->matrix;
    size_t all = 0, at = 0;

    for (size_t k = 0; k < part->n; k++)
        all += from->start[part->row[k] + 1] - from->start[part->row[k]];
    to->start = malloc((part->n + 1) * sizeof *to->start);
    to->index = malloc((all + 1) * sizeof *to->index);
    to->count = malloc((all + 1) * sizeof *to->count);
    if (!to->start || !to->index || !to->count)
        return MV_NOMEM;
    for (size_t k = 0; k < part->n; k++) {
        to->start[k] = at;
        for (size_t i = from->start[part->row[k]];
             i < from->start[part->row[k] + 1]; i++, at++) {
            to->index[at] = from->index[i];
            to->count[at] = from->count[i];
        }
    }
    to->start[part->n] = at;
    to->hit = from->hit;
    to->bits = from->bits;
    to->rows = (struct mv_rows){part->n, from->rows.dims, to->start, to->index,
                                to->count};
    return MV_OK;
}

/* Takes a fold of the first repeat, to be held out, and the `folds` that follow
 * it, round about. */
static enum mv_status take(struct part *part,
                           const struct mv_selection *selection, int held,
                           int folds)
{
    size_t n = selection->matrix->rows.n;

    part->row = malloc((n + 1) * sizeof *part->row);
    part->label = malloc(n + 1);
    part->own = malloc(n + 1);
    part->fold = malloc((n + 1) * sizeof *part->fold);
    part->sum = calloc(n + 1, sizeof *part->sum);
    if (!part->row || !part->label || !part->own || !part->fold || !part->sum)
        return MV_NOMEM;
    for (size_t i = 0; i < n; i++) {
        int fold =
            (selection->fold[i] - held + selection->folds) % selection->folds;
        size_t k = part->n;

        if (fold > folds)
            continue;
        part->row[k] = (uint32_t)i;
        part->label[k] = selection->label[i];
        part->own[k] = selection->own && selection->own[i];
        part->fold[k] = fold == 0 ? 0 : -1;
        part->trained += fold != 0;
        part->purposes += fold != 0 && selection->label[i] == 1;
        part->n++;
    }
    return MV_OK;
}

/* Leaves the decision values of the rows that are held out in sum. */
static enum mv_status train(struct part *part,
                            const struct mv_selection *selection,
                            struct mv_error *error)
{
    struct mv_selection one = {
        .matrix = &part->matrix,
        .label = part->label,
        .own = selection->own ? part->own : NULL,
        .fold = part->fold,
        .folds = 1,
        .repeats = 1,
        .threads = selection->threads,
        .trial = {selection->trial[selection->chosen]},
        .n_trials = 1,
        .sum = part->sum,
    };
    enum mv_status status = copy_rows(part, selection->matrix);

    return status == MV_OK ? mv_selection_try(&one, error) : status;
}

/* --- judging -------------------------------------------------------------- */

struct held {
    double value;
    size_t at;
    int label;
};

static int highest_first(const void *a, const void *b)
{
    const struct held *x = a, *y = b;

    if (x->value > y->value || x->value < y->value)
        return x->value < y->value ? 1 : -1;
    return (x->at > y->at) - (x->at < y->at);
}

/* Calls as large a share purpose as there was in training: a threshold that
 * has not seen the labels it is judged by. */
static enum mv_status judge(const struct part *part, struct mv_confusion *out)
{
    struct held *held = malloc((part->n + 1) * sizeof *held);
    size_t n = 0, called;

    if (!held)
        return MV_NOMEM;
    for (size_t k = 0; k < part->n; k++)
        if (part->fold[k] == 0)
            held[n++] = (struct held){part->sum[k], k, part->label[k]};
    qsort(held, n, sizeof *held, highest_first);
    called = (2 * n * part->purposes + part->trained) / (2 * part->trained);
    for (size_t i = 0; i < n; i++) {
        bool purpose = held[i].label == 1, says = i < called;

        out->tp += purpose && says;
        out->fp += !purpose && says;
        out->fn += purpose && !says;
        out->tn += !purpose && !says;
    }
    free(held);
    return MV_OK;
}

/* Trains, unless the selection has done so, and adds what came of it. */
static enum mv_status add_part(const struct mv_selection *selection, int held,
                               int folds, size_t *trained,
                               struct mv_confusion *counts,
                               struct mv_error *error)
{
    struct part part = {0};
    enum mv_status status = take(&part, selection, held, folds);

    if (status != MV_OK || part.purposes < LEAST_OF_LABEL ||
        part.trained - part.purposes < LEAST_OF_LABEL) {
        release(&part);
        return status;
    }
    if (selection->repeats == 1 && folds + 1 == selection->folds)
        for (size_t k = 0; k < part.n; k++)
            part.sum[k] = selection->sum[selection->chosen * part.n + k];
    else
        status = train(&part, selection, error);
    if (status == MV_OK)
        status = judge(&part, counts);
    *trained += part.trained;
    release(&part);
    return status;
}

enum mv_status mv_selection_curve(const struct mv_selection *selection,
                                  struct mv_learning_curve *out,
                                  struct mv_error *error)
{
    static const int PARTS[] = {4, 2, 1}; /* a quarter, half, all */
    int folds = selection->folds, last = 0;
    int held = selection->repeats < folds ? selection->repeats : folds;
    enum mv_status status = MV_OK;

    static_assert(sizeof PARTS / sizeof *PARTS == MV_CURVE_POINTS,
                  "a point each");
    *out = (struct mv_learning_curve){0};
    for (int i = 0; status == MV_OK && i < MV_CURVE_POINTS; i++) {
        int some = (folds - 1 + PARTS[i] - 1) / PARTS[i];
        struct mv_confusion counts = {0};
        size_t trained = 0;

        for (int h = 0; status == MV_OK && some > last && h < held; h++)
            status = add_part(selection, h, some, &trained, &counts, error);
        if (trained) {
            out->point[out->n].labels = (uint32_t)(trained / (size_t)held);
            out->point[out->n++].confusion = counts;
        }
        last = some;
    }
    return status;
}
