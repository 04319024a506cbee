/* Selection: many small trainings that share what they have in common. */
#include "model_parts.h"

#include "parallel.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* One fold of one repeat, in which the trials from `first` on are run. */
struct round {
    struct mv_selection *selection;
    const int *fold; /* n */
    int held;        /* the fold that is held out */
    size_t first, n; /* trials */
    struct mv_gram *gram;
    uint32_t *row; /* the rows trained on, then the rows held out */
    size_t n_train, n_held;
    atomic_bool stopped;
    double done, share; /* progress before the round, and all of it */
    atomic_size_t finished;
};

static size_t rows_of(const struct mv_selection *selection)
{
    return selection->matrix->rows.n;
}

/* --- one training --------------------------------------------------------- */

static struct mv_svm_problem problem_of(const struct mv_selection *selection,
                                        const struct mv_gram *gram,
                                        const uint32_t *row, size_t n,
                                        size_t trial)
{
    return (struct mv_svm_problem){
        .gram = gram,
        .row = row,
        .label = selection->label,
        .n = n,
        .c = (double)selection->trial[trial].c,
        .positive_weight = (double)selection->trial[trial].positive_weight,
        .marked = selection->own,
        .boost = (double)selection->trial[trial].own_weight,
    };
}

/* Trains one trial of the round and adds its held-out decision values. */
static enum mv_status try_one(void *payload, size_t index, int worker,
                              struct mv_error *error)
{
    struct round *round = payload;
    struct mv_selection *selection = round->selection;
    const uint32_t *held = round->row + round->n_train;
    size_t trial = round->first + index;
    double *sum = selection->sum + trial * rows_of(selection);
    double *alpha = malloc((round->n_train + 1) * sizeof *alpha), bias;
    double *value = malloc((round->n_held + 1) * sizeof *value);
    struct mv_svm_problem problem =
        problem_of(selection, round->gram, round->row, round->n_train, trial);
    enum mv_status status =
        alpha && value ? mv_svm_fit(&problem, alpha, &bias, error) : MV_NOMEM;

    if (status == MV_OK) {
        mv_svm_decide(&problem, alpha, bias, held, round->n_held, value);
        for (size_t k = 0; k < round->n_held; k++)
            sum[held[k]] += value[k];
    }
    free(alpha);
    free(value);
    atomic_fetch_add(&round->finished, 1);
    if (worker == 0 && selection->step &&
        !selection->step(selection->payload, selection->phase,
                         round->done + round->share * (double)round->finished /
                                           (double)round->n))
        atomic_store(&round->stopped, true);
    return status == MV_OK && atomic_load(&round->stopped) ? MV_STOPPED
                                                           : status;
}

/* --- one fold ------------------------------------------------------------- */

/* Fills the Gram matrix of all rows, weighted by the rows that are used. */
static enum mv_status fill_gram(const struct mv_selection *selection,
                                const uint8_t *used, struct mv_gram *gram,
                                float *weight, float **value,
                                struct mv_error *error)
{
    const struct mv_matrix *matrix = selection->matrix;
    struct mv_rows rows = matrix->rows;
    enum mv_status status =
        mv_matrix_weights(matrix, selection->label, used, weight);

    *value = malloc((matrix->start[rows.n] + 1) * sizeof **value);
    if (status != MV_OK || !*value)
        return MV_NOMEM;
    mv_matrix_values(matrix, weight, *value);
    rows.value = *value;
    return mv_gram_fill(gram, &rows, selection->threads, error);
}

static void part_rows(struct round *round, uint8_t *used)
{
    const uint8_t *learnt = round->selection->learnt;
    size_t n = rows_of(round->selection);

    round->n_train = round->n_held = 0;
    for (size_t i = 0; i < n; i++) {
        used[i] = round->fold[i] != round->held && (!learnt || learnt[i]);
        if (used[i])
            round->row[round->n_train++] = (uint32_t)i;
    }
    for (size_t i = 0; i < n; i++)
        if (round->fold[i] == round->held)
            round->row[round->n_train + round->n_held++] = (uint32_t)i;
}

static enum mv_status run_round(struct round *round, struct mv_error *error)
{
    const struct mv_matrix *matrix = round->selection->matrix;
    size_t n = rows_of(round->selection);
    uint8_t *used = malloc(n + 1);
    float *weight = malloc((matrix->rows.dims + 1) * sizeof *weight);
    float *value = NULL;
    enum mv_status status = MV_NOMEM;

    if (used && weight) {
        part_rows(round, used);
        status = fill_gram(round->selection, used, round->gram, weight, &value,
                           error);
    }
    free(used);
    free(weight);
    free(value);
    if (status == MV_OK)
        status = mv_parallel_for(round->selection->threads, round->n, try_one,
                                 round, error);
    return status;
}

/* Runs trials [first, n_trials) over all folds of all repeats. */
static enum mv_status run_trials(struct mv_selection *selection, size_t first,
                                 double done, double share,
                                 struct mv_error *error)
{
    size_t n = rows_of(selection);
    int rounds = selection->repeats * selection->folds;
    struct round round = {.selection = selection,
                          .first = first,
                          .n = selection->n_trials - first,
                          .share = share / rounds};
    enum mv_status status;

    round.row = malloc((n + 1) * sizeof *round.row);
    status = round.row ? mv_gram_new(&round.gram, n, error) : MV_NOMEM;
    for (int r = 0; status == MV_OK && r < rounds; r++) {
        round.fold = selection->fold + (size_t)(r / selection->folds) * n;
        round.held = r % selection->folds;
        round.done = done + share * r / rounds;
        atomic_store(&round.finished, 0);
        status = run_round(&round, error);
    }
    mv_gram_free(round.gram);
    free(round.row);
    return status;
}

/* --- the runs ------------------------------------------------------------- */

enum mv_status mv_selection_try(struct mv_selection *selection,
                                struct mv_error *error)
{
    return run_trials(selection, 0, 0, 1, error);
}

/* The path of C and own weights. */
static enum mv_status run_path(struct mv_selection *selection, bool whole,
                               struct mv_error *error)
{
    enum mv_status status;

    memset(selection->sum, 0,
           MV_TRIALS_MAX * rows_of(selection) * sizeof *selection->sum);
    mv_selection_plan(selection, whole);
    status = run_trials(selection, 0, 0, 0.7, error);
    if (status == MV_OK)
        status = mv_selection_rate(selection, -1, 0, selection->trial);
    return status;
}

/* The first path, then the weighted trials around its best. */
enum mv_status mv_selection_run(struct mv_selection *selection,
                                struct mv_error *error)
{
    size_t first;
    enum mv_status status = run_path(selection, false, error);

    if (status == MV_OK && mv_selection_is_cut_short(selection))
        status = run_path(selection, true, error);
    if (status != MV_OK)
        return status;
    selection->chosen = mv_selection_best(selection, selection->trial);
    first = selection->n_trials;
    mv_selection_plan_more(selection);
    if (selection->n_trials == first)
        return MV_OK;
    status = run_trials(selection, first, 0.7, 0.3, error);
    if (status == MV_OK)
        status = mv_selection_rate(selection, -1, first, selection->trial);
    if (status == MV_OK)
        selection->chosen = mv_selection_best(selection, selection->trial);
    return status;
}

/* --- the final training --------------------------------------------------- */

/* w = sum of alpha_i x_i: the support vectors folded into one vector. */
static void fold_vectors(const struct mv_matrix *matrix, const float *value,
                         const struct mv_svm_problem *problem,
                         const double *alpha, double *w)
{
    memset(w, 0, matrix->rows.dims * sizeof *w);
    for (size_t i = 0; i < problem->n; i++) {
        size_t row = problem->row[i];

        for (size_t k = matrix->start[row]; k < matrix->start[row + 1]; k++)
            w[matrix->index[k]] += alpha[i] * (double)value[k];
    }
}

enum mv_status mv_selection_finish(const struct mv_selection *selection,
                                   float *weight, double *w, double *bias,
                                   struct mv_error *error)
{
    size_t n = rows_of(selection);
    uint8_t *every = malloc(n + 1);
    uint32_t *row = malloc((n + 1) * sizeof *row);
    double *alpha = malloc((n + 1) * sizeof *alpha);
    float *value = NULL;
    struct mv_gram *gram = NULL;
    struct mv_svm_problem problem;
    enum mv_status status = MV_NOMEM;

    if (every && row && alpha) {
        memset(every, 1, n);
        for (size_t i = 0; i < n; i++)
            row[i] = (uint32_t)i;
        status = mv_gram_new(&gram, n, error);
    }
    if (status == MV_OK)
        status = fill_gram(selection, every, gram, weight, &value, error);
    if (status == MV_OK) {
        problem = problem_of(selection, gram, row, n, selection->chosen);
        status = mv_svm_fit(&problem, alpha, bias, error);
    }
    if (status == MV_OK)
        fold_vectors(selection->matrix, value, &problem, alpha, w);
    mv_gram_free(gram);
    free(value);
    free(every);
    free(row);
    free(alpha);
    return status;
}
