#include "calibrate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Below this many rows isotonic regression overfits whatever the folds say
 * (Niculescu-Mizil and Caruana 2005). */
static const size_t MIN_ISOTONIC = 1000;

/* --- apply ------------------------------------------------------------ */

static double clip(const struct mv_calibration *c, double p)
{
    double floor = (double)c->floor;

    return fmin(fmax(p, floor), 1 - floor);
}

static double apply_platt(const struct mv_calibration *c, double f)
{
    /* a = 0 must not meet an infinite f. */
    double x = c->a == 0 ? (double)c->b : (double)c->a * f + (double)c->b;

    return x >= 0 ? exp(-x) / (1 + exp(-x)) : 1 / (1 + exp(x));
}

static double apply_isotonic(const struct mv_calibration *c, double f)
{
    int low = 0, high = c->knots - 1;
    double f0, f1, p0, p1;

    if (f <= (double)c->f[low])
        return (double)c->p[low];
    if (f >= (double)c->f[high])
        return (double)c->p[high];
    while (high - low > 1) {
        int middle = (low + high) / 2;

        if (f < (double)c->f[middle])
            high = middle;
        else
            low = middle;
    }
    f0 = (double)c->f[low], f1 = (double)c->f[high];
    p0 = (double)c->p[low], p1 = (double)c->p[high];
    /* fmin: rounding must not let the end of a piece pass the next start. */
    return fmin(p1, p0 + (p1 - p0) * ((f - f0) / (f1 - f0)));
}

double mv_calibrate_apply(const struct mv_calibration *calibration, double f)
{
    if (isnan(f))
        return NAN;
    if (calibration->kind == MV_CALIBRATION_ISOTONIC)
        return clip(calibration, apply_isotonic(calibration, f));
    return clip(calibration, apply_platt(calibration, f));
}

static double invert_isotonic(const struct mv_calibration *c, double p)
{
    double f0, f1, p0, p1;
    int i = 0;

    while (i < c->knots - 1 && (double)c->p[i] < p)
        i++;
    if (i == 0)
        return (double)c->f[0];
    f0 = (double)c->f[i - 1], f1 = (double)c->f[i];
    p0 = (double)c->p[i - 1], p1 = (double)c->p[i];
    return f0 + (f1 - f0) * ((p - p0) / (p1 - p0));
}

double mv_calibrate_invert(const struct mv_calibration *calibration, double p)
{
    if (isnan(p))
        return NAN;
    if (p <= mv_calibrate_apply(calibration, -INFINITY))
        return -INFINITY;
    if (p > mv_calibrate_apply(calibration, INFINITY))
        return INFINITY;
    if (calibration->kind == MV_CALIBRATION_ISOTONIC)
        return invert_isotonic(calibration, p);
    return (log((1 - p) / p) - (double)calibration->b) / (double)calibration->a;
}

bool mv_calibrate_valid(const struct mv_calibration *calibration)
{
    const struct mv_calibration *c = calibration;

    if (!(c->floor > 0 && c->floor < 0.5f))
        return false;
    if (c->kind == MV_CALIBRATION_PLATT)
        return c->knots == 0 && isfinite(c->a) && c->a <= 0 && isfinite(c->b);
    if (c->kind != MV_CALIBRATION_ISOTONIC || c->knots < 1 ||
        c->knots > MV_CALIBRATION_KNOTS)
        return false;
    for (int i = 0; i < c->knots; i++) {
        if (!isfinite(c->f[i]) || !(c->p[i] > 0 && c->p[i] < 1))
            return false;
        if (i && !(c->f[i] > c->f[i - 1] && c->p[i] >= c->p[i - 1]))
            return false;
    }
    return true;
}

/* --- choose ----------------------------------------------------------- */

/* The training rows of a fold, copied together, and the losses of all. */
struct contest {
    double *f, *weight;
    int *label;
    double *platt, *isotonic; /* loss of each row; f .. isotonic are one block
                               * of memory */
};

static enum mv_status open_contest(struct contest *contest, size_t n)
{
    contest->f = malloc(4 * n * sizeof *contest->f);
    contest->label = malloc(n * sizeof *contest->label);
    if (!contest->f || !contest->label)
        return MV_NOMEM;
    contest->weight = contest->f + n;
    contest->platt = contest->f + 2 * n;
    contest->isotonic = contest->f + 3 * n;
    return MV_OK;
}

static void release_contest(struct contest *contest)
{
    free(contest->f);
    free(contest->label);
}

static double row_loss(const struct mv_calibration *c, double f, int label)
{
    double p = mv_calibrate_apply(c, f);

    return -log(label ? p : 1 - p);
}

/* Fits both on the rows outside of the fold, measures both on the others. */
static enum mv_status measure_fold(struct contest *contest, size_t n,
                                   const double *f, const int *label,
                                   const double *weight, const int *fold,
                                   int which)
{
    struct mv_calibration platt, isotonic;
    enum mv_status status;
    size_t count = 0;

    for (size_t i = 0; i < n; i++) {
        if (fold[i] == which)
            continue;
        contest->f[count] = f[i];
        contest->label[count] = label[i];
        contest->weight[count++] = weight ? weight[i] : 1;
    }
    if (count == n)
        return MV_OK;
    status = mv_calibrate_platt(&platt, count, contest->f, contest->label,
                                contest->weight, NULL);
    if (status == MV_OK)
        status = mv_calibrate_isotonic(&isotonic, count, contest->f,
                                       contest->label, contest->weight, NULL);
    if (status != MV_OK)
        return status;
    for (size_t i = 0; i < n; i++) {
        if (fold[i] != which)
            continue;
        contest->platt[i] = row_loss(&platt, f[i], label[i]);
        contest->isotonic[i] = row_loss(&isotonic, f[i], label[i]);
    }
    return MV_OK;
}

/* Fills the mean losses in, and says whether isotonic wins by more than one
 * standard error of the paired differences. */
static bool isotonic_wins(struct mv_calibration *out,
                          const struct contest *contest, size_t n,
                          const double *weight)
{
    double total = 0, platt = 0, isotonic = 0, square = 0;

    for (size_t i = 0; i < n; i++) {
        double w = weight ? weight[i] : 1;

        total += w;
        platt += w * contest->platt[i];
        isotonic += w * contest->isotonic[i];
    }
    platt /= total;
    isotonic /= total;
    for (size_t i = 0; i < n; i++) {
        double w = weight ? weight[i] : 1;
        double gain = contest->platt[i] - contest->isotonic[i];

        square += w * w * pow(gain - (platt - isotonic), 2);
    }
    out->loss_platt = (float)platt;
    out->loss_isotonic = (float)isotonic;
    return n >= MIN_ISOTONIC && platt - isotonic > sqrt(square) / total;
}

/* *wins is left false when a fold can not be fitted without its rows. */
static enum mv_status compare(struct mv_calibration *out, bool *wins, size_t n,
                              const double *f, const int *label,
                              const double *weight, const int *fold)
{
    struct contest contest = {0};
    enum mv_status status = open_contest(&contest, n);
    int last = 0;

    for (size_t i = 0; i < n; i++)
        last = fold[i] > last ? fold[i] : last;
    for (int k = 0; status == MV_OK && k <= last; k++)
        status = measure_fold(&contest, n, f, label, weight, fold, k);
    if (status == MV_OK)
        *wins = isotonic_wins(out, &contest, n, weight);
    release_contest(&contest);
    return status == MV_DATA ? MV_OK : status;
}

static enum mv_status check_folds(size_t n, const int *fold,
                                  struct mv_error *error)
{
    for (size_t i = 0; i < n; i++)
        if (fold[i] < 0 || (size_t)fold[i] >= n)
            return mv_error_set(error, MV_RANGE, NULL, 0,
                                "cannot calibrate: row %zu is in fold %d, "
                                "expected 0 to %zu",
                                i, fold[i], n - 1);
    return MV_OK;
}

enum mv_status mv_calibrate_fit(struct mv_calibration *out, size_t n,
                                const double *f, const int *label,
                                const double *weight, const int *fold,
                                struct mv_error *error)
{
    struct mv_calibration isotonic, losses = {0};
    enum mv_status status;
    bool wins = false;

    status = mv_calibrate_platt(out, n, f, label, weight, error);
    if (status != MV_OK || !fold)
        return status;
    status = check_folds(n, fold, error);
    if (status != MV_OK)
        return status;
    losses.loss_platt = losses.loss_isotonic = NAN;
    status = compare(&losses, &wins, n, f, label, weight, fold);
    if (status == MV_OK && wins)
        status = mv_calibrate_isotonic(&isotonic, n, f, label, weight, error);
    if (status != MV_OK)
        return mv_error_set(error, status, NULL, 0,
                            "cannot calibrate %zu rows: %s", n,
                            mv_status_name(status));
    if (wins)
        *out = isotonic;
    out->loss_platt = losses.loss_platt;
    out->loss_isotonic = losses.loss_isotonic;
    return MV_OK;
}
