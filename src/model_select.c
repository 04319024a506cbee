/* Selection: many small trainings that share what they have in common. */
#include "model_parts.h"

#include "parallel.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
    C_VALUES = 8, /* tried with both labels counting the same */
    AROUND = 1    /* the weighted trials: this many C's beside the best */
};

/* C times the kernel's diagonal, where it is not chosen. */
static const double FIXED_C = 3.2;

/* One fold of one repeat, in which the trials from `first` on are run. */
struct round {
    struct mv_selection *selection;
    const int *fold; /* n */
    int held;        /* the fold that is held out */
    size_t first, n; /* trials */
    struct mv_gram *gram;
    uint32_t *row; /* the rows trained on, then the rows held out */
    size_t n_train;
    double *sum; /* MV_TRIALS_MAX x rows: decision values, added up */
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
    };
}

/* Trains one trial of the round and adds its held-out decision values. */
static enum mv_status try_one(void *payload, size_t index, int worker,
                              struct mv_error *error)
{
    struct round *round = payload;
    struct mv_selection *selection = round->selection;
    size_t n = rows_of(selection), held = n - round->n_train;
    size_t trial = round->first + index;
    double *work = malloc((n + 1) * sizeof *work), bias;
    struct mv_svm_problem problem =
        problem_of(selection, round->gram, round->row, round->n_train, trial);
    enum mv_status status =
        work ? mv_svm_fit(&problem, work, &bias, error) : MV_NOMEM;

    if (status == MV_OK) {
        double *value = work + round->n_train;
        double *sum = round->sum + trial * n;

        mv_svm_decide(&problem, work, bias, round->row + round->n_train, held,
                      value);
        for (size_t k = 0; k < held; k++)
            sum[round->row[round->n_train + k]] += value[k];
    }
    free(work);
    atomic_fetch_add(&round->finished, 1);
    if (worker == 0 && selection->step &&
        !selection->step(selection->payload, "choosing",
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
    size_t n = rows_of(round->selection), held = 0;

    round->n_train = 0;
    for (size_t i = 0; i < n; i++) {
        used[i] = round->fold[i] != round->held;
        if (used[i])
            round->row[round->n_train++] = (uint32_t)i;
    }
    for (size_t i = 0; i < n; i++)
        if (!used[i])
            round->row[round->n_train + held++] = (uint32_t)i;
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
static enum mv_status run_trials(struct mv_selection *selection, double *sum,
                                 size_t first, double done, double share,
                                 struct mv_error *error)
{
    size_t n = rows_of(selection);
    int rounds = selection->repeats * selection->folds;
    struct round round = {.selection = selection,
                          .first = first,
                          .n = selection->n_trials - first,
                          .sum = sum,
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

/* --- the choice ----------------------------------------------------------- */

struct ranked {
    double value;
    int label;
};

static int by_value(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;

    return (x->value > y->value) - (x->value < y->value);
}

/* The best Matthews correlation over all cuts of the decision values. */
static double best_mcc(struct ranked *row, size_t n)
{
    double below[2] = {0}, all[2] = {0}, best = 0;

    for (size_t i = 0; i < n; i++)
        all[row[i].label]++;
    qsort(row, n, sizeof *row, by_value);
    for (size_t i = 0; i + 1 < n; i++) {
        double tp, fp, root, mcc;

        below[row[i].label]++;
        if (row[i].value >= row[i + 1].value)
            continue;
        tp = all[1] - below[1];
        fp = all[0] - below[0];
        root = sqrt((tp + fp) * all[1] * all[0] * (below[0] + below[1]));
        mcc = root > 0 ? (tp * below[0] - fp * below[1]) / root : 0;
        if (mcc > best)
            best = mcc;
    }
    return best;
}

static enum mv_status rate_trials(struct mv_selection *selection,
                                  const double *sum, size_t first)
{
    size_t n = rows_of(selection);
    struct ranked *row = malloc((n + 1) * sizeof *row);

    if (!row)
        return MV_NOMEM;
    for (size_t t = first; t < selection->n_trials; t++) {
        for (size_t i = 0; i < n; i++)
            row[i] = (struct ranked){sum[t * n + i], selection->label[i]};
        selection->trial[t].mcc = (float)best_mcc(row, n);
    }
    free(row);
    return MV_OK;
}

/* A trial's quality, smoothed over its neighbours on a path of C, because the
 * differences are mostly noise. */
static double smoothed(const struct mv_trial *path, size_t length, size_t t)
{
    double here = (double)path[t].mcc;
    double left = t > 0 ? (double)path[t - 1].mcc : here;
    double right = t + 1 < length ? (double)path[t + 1].mcc : here;

    return (left + 2 * here + right) / 4;
}

/* The best of a path, the smaller C on a tie; *quality: its smoothed MCC. */
static size_t best_of(const struct mv_trial *path, size_t length,
                      double *quality)
{
    size_t best = 0;

    *quality = smoothed(path, length, 0);
    for (size_t t = 1; t < length; t++)
        if (smoothed(path, length, t) > *quality + 1e-9) {
            best = t;
            *quality = smoothed(path, length, t);
        }
    return best;
}

static void add_trial(struct mv_selection *selection, double c, double weight)
{
    selection->trial[selection->n_trials++] =
        (struct mv_trial){(float)c, (float)weight, 0};
}

/* C over powers of two about the inverse of the kernel's diagonal, which is
 * the scale on which the hinge loss lives; or one value when there is too
 * little to choose by. */
static void plan_path(struct mv_selection *selection)
{
    double diagonal = 0;

    for (int b = 0; b < MV_BLOCKS; b++)
        diagonal += (double)(mv_block_factor[b] * mv_block_factor[b]);
    selection->n_trials = 0;
    if (rows_of(selection) < MV_FIT_FEW)
        add_trial(selection, FIXED_C / diagonal, 1);
    else
        for (int k = 0; k < C_VALUES; k++)
            add_trial(selection, ldexp(0.1, k) / diagonal, 1);
}

/* Around the best C once more, with the rarer label counting the square root
 * of the imbalance. Nothing to do when there is hardly any. */
static void plan_weighted(struct mv_selection *selection, size_t best)
{
    size_t n = rows_of(selection), positives = 0;
    size_t low = best > AROUND ? best - AROUND : 0;
    double odds;

    for (size_t i = 0; i < n; i++)
        positives += selection->label[i] == 1;
    odds = (double)(n - positives) / (double)positives;
    if (n < MV_FIT_FEW || (odds < 1.2 && odds > 1 / 1.2))
        return;
    for (size_t t = low; t <= best + AROUND && t < C_VALUES; t++)
        add_trial(selection, (double)selection->trial[t].c, sqrt(odds));
}

/* The first path, then the weighted trials around its best. */
static enum mv_status run_both(struct mv_selection *selection, double *sum,
                               struct mv_error *error)
{
    double even, weighted = 0;
    size_t path;
    enum mv_status status;

    plan_path(selection);
    status = run_trials(selection, sum, 0, 0, 0.7, error);
    if (status == MV_OK)
        status = rate_trials(selection, sum, 0);
    if (status != MV_OK)
        return status;
    path = selection->n_trials;
    selection->chosen = best_of(selection->trial, path, &even);
    plan_weighted(selection, selection->chosen);
    if (selection->n_trials == path)
        return MV_OK;
    status = run_trials(selection, sum, path, 0.7, 0.3, error);
    if (status == MV_OK)
        status = rate_trials(selection, sum, path);
    if (status == MV_OK) {
        size_t best = best_of(selection->trial + path,
                              selection->n_trials - path, &weighted);

        if (weighted > even + 1e-9)
            selection->chosen = path + best;
    }
    return status;
}

enum mv_status mv_selection_run(struct mv_selection *selection,
                                struct mv_error *error)
{
    size_t n = rows_of(selection);
    double *sum = calloc(MV_TRIALS_MAX * n + 1, sizeof *sum);
    enum mv_status status = sum ? run_both(selection, sum, error) : MV_NOMEM;

    for (size_t i = 0; status == MV_OK && i < n; i++)
        selection->mean[i] =
            sum[selection->chosen * n + i] / selection->repeats;
    free(sum);
    return status;
}

/* --- the final training --------------------------------------------------- */

/* w = sum of alpha_i x_i: the support vectors folded into one vector. */
static void fold_vectors(const struct mv_matrix *matrix, const float *value,
                         const double *alpha, double *w)
{
    memset(w, 0, matrix->rows.dims * sizeof *w);
    for (size_t i = 0; i < matrix->rows.n; i++)
        for (size_t k = matrix->start[i]; k < matrix->start[i + 1]; k++)
            w[matrix->index[k]] += alpha[i] * (double)value[k];
}

enum mv_status mv_selection_finish(const struct mv_selection *selection,
                                   float *weight, double *w, double *bias,
                                   struct mv_error *error)
{
    size_t n = rows_of(selection);
    uint8_t *used = malloc(n + 1);
    uint32_t *row = malloc((n + 1) * sizeof *row);
    double *alpha = malloc((n + 1) * sizeof *alpha);
    float *value = NULL;
    struct mv_gram *gram = NULL;
    enum mv_status status = MV_NOMEM;

    if (used && row && alpha) {
        memset(used, 1, n);
        for (size_t i = 0; i < n; i++)
            row[i] = (uint32_t)i;
        status = mv_gram_new(&gram, n, error);
    }
    if (status == MV_OK)
        status = fill_gram(selection, used, gram, weight, &value, error);
    if (status == MV_OK) {
        struct mv_svm_problem problem =
            problem_of(selection, gram, row, n, selection->chosen);

        status = mv_svm_fit(&problem, alpha, bias, error);
    }
    if (status == MV_OK)
        fold_vectors(selection->matrix, value, alpha, w);
    mv_gram_free(gram);
    free(value);
    free(used);
    free(row);
    free(alpha);
    return status;
}
