/* Selection: what is tried, how it is rated, and which is taken. */
#include "model_parts.h"

#include <math.h>
#include <stdlib.h>

enum {
    C_VALUES = 7, /* tried with both labels counting the same; beyond them
                   * hardly an error is left that C could forgive */
    C_SMALL = 3,  /* the smallest of these, which do worse ... */
    MANY = 3000,  /* ... where so many messages tell */
    AROUND = 1,   /* the weighted trials: this many C's beside the best */
    OWN_AT = 5,   /* the C on that path with which own weights are tried */
    OWN_MOST = 8  /* the largest of these */
};

/* What an inexact solution may change about a trial's quality. */
static const double NOISE = 1e-4;

/* C times the kernel's diagonal, where it is not chosen. */
static const double FIXED_C = 3.2;

static size_t rows_of(const struct mv_selection *selection)
{
    return selection->matrix->rows.n;
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

/* The best Matthews correlation over all cuts of the decision values, and the
 * cut: what is above it is purpose. */
static double best_mcc(struct ranked *row, size_t n, double *cut)
{
    double below[2] = {0}, all[2] = {0}, best = 0;

    *cut = 0;
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
        if (mcc > best) {
            best = mcc;
            *cut = row[i].value;
        }
    }
    return best;
}

/* The rows by which trials are rated: all, or those outside of one fold. */
static bool counts(const struct mv_selection *selection, int without, size_t i)
{
    return without < 0 || selection->fold[i] != without;
}

static double own_mcc(const struct mv_selection *selection, const double *value,
                      int without, double cut)
{
    double n[2][2] = {{0}}, root; /* [label][above the cut] */

    for (size_t i = 0; i < rows_of(selection); i++)
        if (selection->own[i] && counts(selection, without, i))
            n[selection->label[i]][value[i] > cut]++;
    root = sqrt((n[1][1] + n[0][1]) * (n[1][1] + n[1][0]) *
                (n[0][0] + n[0][1]) * (n[0][0] + n[1][0]));
    return root > 0 ? (n[1][1] * n[0][0] - n[0][1] * n[1][0]) / root : 0;
}

/* Rates trials from first on into trial, which is parallel to the selection's.
 */
enum mv_status mv_selection_rate(const struct mv_selection *selection,
                                 int without, size_t first,
                                 struct mv_trial *trial)
{
    size_t n = rows_of(selection);
    struct ranked *row = malloc((n + 1) * sizeof *row);

    if (!row)
        return MV_NOMEM;
    for (size_t t = first; t < selection->n_trials; t++) {
        const double *value = selection->sum + t * n;
        size_t used = 0;
        double cut;

        for (size_t i = 0; i < n; i++)
            if (counts(selection, without, i))
                row[used++] = (struct ranked){value[i], selection->label[i]};
        trial[t].mcc = (float)best_mcc(row, used, &cut);
        trial[t].own_mcc = selection->own
                               ? (float)own_mcc(selection, value, without, cut)
                               : NAN;
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
        if (smoothed(path, length, t) > *quality + NOISE) {
            best = t;
            *quality = smoothed(path, length, t);
        }
    return best;
}

static void add_trial(struct mv_selection *selection, double c, double weight,
                      double own_weight)
{
    selection->trial[selection->n_trials++] =
        (struct mv_trial){(float)c, (float)weight, 0, (float)own_weight, NAN};
}

/* Own examples once more with each weight, at one C; not where they are the
 * more numerous already. */
static void plan_own(struct mv_selection *selection, double c)
{
    size_t n = rows_of(selection), own = 0;

    for (size_t i = 0; selection->own && i < n; i++)
        own += selection->own[i];
    if (own > n - own)
        return;
    for (int w = 2; selection->own && w <= OWN_MOST; w *= 2)
        add_trial(selection, c, 1, w);
}

/* C over powers of two about the inverse of the kernel's diagonal, which is
 * the scale on which the hinge loss lives; or one value when there is too
 * little to choose by. Then the weights of own examples. */
void mv_selection_plan(struct mv_selection *selection, bool whole)
{
    double diagonal = 0;

    selection->left_out =
        whole || rows_of(selection) < MANY ? 0 : (uint32_t)C_SMALL;

    for (int b = 0; b < MV_BLOCKS; b++)
        diagonal += (double)(mv_block_factor[b] * mv_block_factor[b]);
    selection->n_trials = 0;
    if (rows_of(selection) < MV_FIT_FEW)
        add_trial(selection, FIXED_C / diagonal, 1, 1);
    else
        for (int k = (int)selection->left_out; k < C_VALUES; k++)
            add_trial(selection, ldexp(0.1, k) / diagonal, 1, 1);
    selection->path = selection->n_trials;
    plan_own(selection, FIXED_C / diagonal);
    selection->owned = selection->n_trials - selection->path;
}

bool mv_selection_is_cut_short(const struct mv_selection *selection)
{
    double quality;

    return selection->left_out &&
           best_of(selection->trial, selection->path, &quality) == 0;
}

/* Around the best C once more, with the rarer label counting the square root
 * of the imbalance. Nothing to do when there is hardly any. */
void mv_selection_plan_more(struct mv_selection *selection)
{
    size_t n = rows_of(selection), positives = 0;
    size_t best = selection->chosen < selection->path
                      ? selection->chosen
                      : OWN_AT - selection->left_out;
    size_t low = best > AROUND ? best - AROUND : 0;
    double odds, own = (double)selection->trial[selection->chosen].own_weight;

    for (size_t i = 0; i < n; i++)
        positives += selection->label[i] == 1;
    odds = (double)(n - positives) / (double)positives;
    if (n < MV_FIT_FEW || (odds < 1.2 && odds > 1 / 1.2))
        return;
    for (size_t t = low; t <= best + AROUND && t < selection->path; t++)
        add_trial(selection, (double)selection->trial[t].c, sqrt(odds), own);
}

/* The weight of own examples that does best on them, as the number of its
 * trial, or 0 when it is 1. */
static size_t best_own(const struct mv_selection *selection,
                       const struct mv_trial *trial)
{
    struct mv_trial weight[MV_TRIALS_MAX];
    size_t n = 0, best, at = OWN_AT - selection->left_out;
    double quality;

    weight[n++].mcc = trial[at < selection->path ? at : 0].own_mcc;
    for (; n <= selection->owned; n++)
        weight[n].mcc = trial[selection->path + n - 1].own_mcc;
    best = best_of(weight, n, &quality);
    return best ? selection->path + best - 1 : 0;
}

/* The best by rated trials: of the path, unless another weight of own examples
 * does better on these, or another weight of purpose on all. */
size_t mv_selection_best(const struct mv_selection *selection,
                         const struct mv_trial *trial)
{
    size_t first = selection->path + selection->owned, own;
    double even, weighted;
    size_t best = best_of(trial, selection->path, &even);

    own = selection->owned ? best_own(selection, trial) : 0;
    if (own) {
        best = own;
        even = (double)trial[own].mcc;
    }
    if (selection->n_trials > first) {
        size_t other =
            best_of(trial + first, selection->n_trials - first, &weighted);

        if (weighted > even + NOISE)
            best = first + other;
    }
    return best;
}

enum mv_status mv_selection_choice(const struct mv_selection *selection,
                                   int without, size_t *chosen)
{
    struct mv_trial trial[MV_TRIALS_MAX];
    enum mv_status status = mv_selection_rate(selection, without, 0, trial);

    if (status == MV_OK)
        *chosen = mv_selection_best(selection, trial);
    return status;
}
