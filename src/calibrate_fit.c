#include "calibrate.h"

#include <math.h>
#include <stdlib.h>

/* --- input ------------------------------------------------------------ */

struct totals {
    double purpose, other; /* weight of the two classes */
};

static enum mv_status check_rows(struct totals *totals, size_t n,
                                 const double *f, const int *label,
                                 const double *weight, struct mv_error *error)
{
    *totals = (struct totals){0, 0};
    for (size_t i = 0; i < n; i++) {
        double w = weight ? weight[i] : 1;

        if (!isfinite(f[i]) || !isfinite(w) || w < 0)
            return mv_error_set(error, MV_DATA, NULL, 0,
                                "cannot calibrate: row %zu has decision value "
                                "%g and weight %g, expected finite numbers "
                                "and a weight of 0 or more",
                                i, f[i], w);
        if (label[i] != 0 && label[i] != 1)
            return mv_error_set(error, MV_DATA, NULL, 0,
                                "cannot calibrate: row %zu has label %d, "
                                "expected 0 or 1",
                                i, label[i]);
        if (label[i])
            totals->purpose += w;
        else
            totals->other += w;
    }
    if (!(totals->purpose > 0 && totals->other > 0))
        return mv_error_set(error, MV_DATA, NULL, 0,
                            "cannot calibrate: the %zu rows are of one class, "
                            "expected both; label more messages",
                            n);
    return MV_OK;
}

static void start(struct mv_calibration *out, enum mv_calibration_kind kind,
                  size_t n)
{
    *out = (struct mv_calibration){.kind = kind,
                                   .floor = (float)(1 / ((double)n + 2)),
                                   .loss_platt = NAN,
                                   .loss_isotonic = NAN};
}

/* --- Platt ------------------------------------------------------------ */

/* Rows with decision values of mean 0 and deviation 1, so that one tolerance
 * fits all, and the targets of Platt (1999) instead of 0 and 1. */
struct platt {
    size_t n;
    const double *f, *weight;
    const int *label;
    double mean, scale;
    double high, low; /* targets of purpose and of the others */
    double a, b;
};

static void standardise(struct platt *platt)
{
    double total = 0, sum = 0, square = 0;

    for (size_t i = 0; i < platt->n; i++) {
        double w = platt->weight ? platt->weight[i] : 1;

        total += w;
        sum += w * platt->f[i];
    }
    platt->mean = sum / total;
    for (size_t i = 0; i < platt->n; i++) {
        double w = platt->weight ? platt->weight[i] : 1;

        square += w * pow(platt->f[i] - platt->mean, 2);
    }
    platt->scale = sqrt(square / total);
}

/* The regularised log loss at (a, b), written so that no exponential
 * overflows and no two large numbers are subtracted (Lin, Lin and Weng 2007,
 * section 3); with its gradient and Hessian unless slope is NULL. */
struct slope {
    double ga, gb, haa, hab, hbb;
};

static double loss(const struct platt *platt, double a, double b,
                   struct slope *slope)
{
    double sum = 0;

    if (slope)
        *slope = (struct slope){0};
    for (size_t i = 0; i < platt->n; i++) {
        double w = platt->weight ? platt->weight[i] : 1;
        double f = (platt->f[i] - platt->mean) / platt->scale;
        double t = platt->label[i] ? platt->high : platt->low;
        double x = a * f + b, e = exp(-fabs(x));
        double p = x >= 0 ? e / (1 + e) : 1 / (1 + e);

        sum += w * ((x >= 0 ? t * x : (t - 1) * x) + log1p(e));
        if (!slope)
            continue;
        slope->ga += w * f * (t - p);
        slope->gb += w * (t - p);
        slope->haa += w * f * f * p * (1 - p);
        slope->hab += w * f * p * (1 - p);
        slope->hbb += w * p * (1 - p);
    }
    return sum;
}

/* One Newton step with backtracking; false when it can not go down further. */
static bool descend(struct platt *platt)
{
    struct slope s;
    double now = loss(platt, platt->a, platt->b, &s), det, da, db, gain;

    s.haa += 1e-12;
    s.hbb += 1e-12;
    det = s.haa * s.hbb - s.hab * s.hab;
    da = -(s.hbb * s.ga - s.hab * s.gb) / det;
    db = -(s.haa * s.gb - s.hab * s.ga) / det;
    gain = s.ga * da + s.gb * db;
    for (double step = 1; step >= 1e-10; step /= 2) {
        double a = platt->a + step * da, b = platt->b + step * db;

        if (loss(platt, a, b, NULL) < now + 1e-4 * step * gain) {
            platt->a = a;
            platt->b = b;
            return fabs(step * da) > 1e-10 || fabs(step * db) > 1e-10;
        }
    }
    return false;
}

/* The rows show no rise: all that is known is the share of purpose. With few
 * rows that may be bad luck, and then the order of the decision values is still
 * the best there is, so it is kept by a slope that hardly changes p. */
static void take_base_rate(struct platt *platt, const struct totals *totals)
{
    double mean = (totals->purpose * platt->high + totals->other * platt->low) /
                  (totals->purpose + totals->other);

    platt->a = platt->scale > 0 ? -0.01 : 0;
    platt->b = log((1 - mean) / mean);
}

enum mv_status mv_calibrate_platt(struct mv_calibration *out, size_t n,
                                  const double *f, const int *label,
                                  const double *weight, struct mv_error *error)
{
    struct platt platt = {.n = n, .f = f, .weight = weight, .label = label};
    struct totals totals;
    enum mv_status status = check_rows(&totals, n, f, label, weight, error);

    if (status != MV_OK)
        return status;
    standardise(&platt);
    platt.high = (totals.purpose + 1) / (totals.purpose + 2);
    platt.low = 1 / (totals.other + 2);
    platt.b = log((totals.other + 1) / (totals.purpose + 1));
    if (platt.scale > 0)
        for (int i = 0; i < 100 && descend(&platt); i++)
            continue;
    if (!(platt.scale > 0) || platt.a >= 0)
        take_base_rate(&platt, &totals);
    if (platt.scale > 0) {
        platt.a /= platt.scale;
        platt.b -= platt.a * platt.mean;
    }
    start(out, MV_CALIBRATION_PLATT, n);
    out->a = (float)platt.a;
    out->b = (float)platt.b;
    /* An infinite deviation would pass as equal values. */
    if (!isfinite(platt.scale) || !isfinite(out->a) || !isfinite(out->b))
        return mv_error_set(error, MV_DATA, NULL, 0,
                            "cannot calibrate: the decision values reach from "
                            "too small to too large numbers");
    return MV_OK;
}

/* --- isotonic --------------------------------------------------------- */

/* A run of rows that share a probability. */
struct block {
    double f, p, weight; /* means, and their weight */
};

struct point {
    double f, y, weight;
};

static int by_value(const void *a, const void *b)
{
    const struct point *x = a, *y = b;

    if (x->f != y->f)
        return x->f < y->f ? -1 : 1;
    /* Equal values are pooled; a full order keeps their sums the same on
     * every machine. */
    if (x->y != y->y)
        return x->y < y->y ? -1 : 1;
    return (x->weight > y->weight) - (x->weight < y->weight);
}

static struct block join(struct block a, struct block b)
{
    double weight = a.weight + b.weight;

    return (struct block){(a.weight * a.f + b.weight * b.f) / weight,
                          (a.weight * a.p + b.weight * b.p) / weight, weight};
}

/* Pools adjacent violators. blocks: room for n. Returns how many are left. */
static size_t pool(struct block *blocks, const struct point *points, size_t n)
{
    size_t count = 0;

    for (size_t i = 0; i < n;) {
        struct block next = {points[i].f, points[i].y, points[i].weight};

        for (i++; i < n && points[i].f == next.f; i++) {
            struct block same = {next.f, points[i].y, points[i].weight};

            next = join(next, same);
            next.f = same.f;
        }
        while (count && blocks[count - 1].p >= next.p)
            next = join(blocks[--count], next);
        blocks[count++] = next;
    }
    return count;
}

/* What merging a block with the next one adds to the squared error. */
static double merge_cost(const struct block *b)
{
    return b[0].weight * b[1].weight / (b[0].weight + b[1].weight) *
           pow(b[1].p - b[0].p, 2);
}

static size_t shorten(struct block *blocks, size_t count)
{
    while (count > MV_CALIBRATION_KNOTS) {
        size_t best = 0;

        for (size_t i = 1; i + 1 < count; i++)
            if (merge_cost(blocks + i) < merge_cost(blocks + best))
                best = i;
        blocks[best] = join(blocks[best], blocks[best + 1]);
        for (size_t i = best + 1; i + 1 < count; i++)
            blocks[i] = blocks[i + 1];
        count--;
    }
    return count;
}

static void put_knots(struct mv_calibration *out, const struct block *blocks,
                      size_t count)
{
    float low = out->floor, high = 1 - out->floor;
    int32_t n = 0;

    for (size_t i = 0; i < count; i++) {
        float f = (float)blocks[i].f, p = (float)blocks[i].p;

        p = p < low ? low : p > high ? high : p;
        /* Two values that round to one float can not both be kept. */
        if (n == 0 || f > out->f[n - 1])
            out->f[n++] = f;
        out->p[n - 1] = p;
    }
    out->knots = n;
}

enum mv_status mv_calibrate_isotonic(struct mv_calibration *out, size_t n,
                                     const double *f, const int *label,
                                     const double *weight,
                                     struct mv_error *error)
{
    struct point *points = NULL;
    struct block *blocks = NULL;
    struct totals totals;
    size_t used = 0;
    enum mv_status status = check_rows(&totals, n, f, label, weight, error);

    if (status != MV_OK)
        return status;
    points = malloc(n * sizeof *points);
    blocks = malloc(n * sizeof *blocks);
    if (!points || !blocks) {
        status = mv_error_set(error, MV_NOMEM, NULL, 0,
                              "cannot calibrate %zu rows: out of memory", n);
        goto out;
    }
    for (size_t i = 0; i < n; i++)
        if (!weight || weight[i] > 0)
            points[used++] =
                (struct point){f[i], label[i], weight ? weight[i] : 1};
    qsort(points, used, sizeof *points, by_value);
    start(out, MV_CALIBRATION_ISOTONIC, n);
    put_knots(out, blocks, shorten(blocks, pool(blocks, points, used)));
    if (!mv_calibrate_valid(out))
        status = mv_error_set(error, MV_DATA, NULL, 0,
                              "cannot calibrate: the decision values are too "
                              "large");
out:
    free(points);
    free(blocks);
    return status;
}
