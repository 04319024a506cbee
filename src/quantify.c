#include "quantify.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROWS_A_BIN = 8,      /* of the label whose quantile an edge is */
    QUANTILES_MOST = 17, /* edges from either label */
    DEFAULT_REPLICATES = 1000,
    MAX_REPLICATES = 1000000,
    BISECTIONS = 50
};

/* --- the reference ---------------------------------------------------- */

static size_t bin_of(const struct mv_reference *r, double p)
{
    size_t low = 0, high = r->bins - 1;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (p < (double)r->edge[middle])
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static int rising(const void *a, const void *b)
{
    const float *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

/* The quantiles of one label's probabilities (sorted), fewer where the rows
 * are worth less; returns how many. */
static size_t put_quantiles(const double *sorted, size_t n, float effective,
                            float *edge)
{
    size_t pieces = (size_t)effective / ROWS_A_BIN, count = 0;

    if (pieces > QUANTILES_MOST + 1)
        pieces = QUANTILES_MOST + 1;
    for (size_t i = 1; i < pieces; i++)
        edge[count++] =
            (float)mv_stats_quantile(sorted, n, (double)i / (double)pieces);
    return count;
}

/* A threshold is a float wherever it could be one (see calibrate.h); where
 * not, the nearest float does. */
static void set_edges(struct mv_reference *r, float *edge, size_t n,
                      const double *threshold)
{
    size_t kept = 0;

    qsort(edge, n, sizeof *edge, rising);
    for (size_t i = 0; i < n; i++)
        if (edge[i] > 0 && edge[i] <= 1 &&
            (kept == 0 || edge[i] > r->edge[kept - 1]))
            r->edge[kept++] = edge[i];
    r->bins = (uint32_t)kept + 1;
    for (int c = 0; c < MV_REFERENCE_CUTS; c++)
        r->cut[c] = (uint32_t)bin_of(r, (double)(float)threshold[c]);
}

static enum mv_status split_labels(size_t n, const double *p, const int *label,
                                   double *part[2], size_t count[2],
                                   struct mv_error *error)
{
    count[0] = count[1] = 0;
    for (size_t i = 0; i < n; i++) {
        if (!(p[i] >= 0 && p[i] <= 1) || (label[i] != 0 && label[i] != 1))
            return mv_error_set(error, MV_DATA, NULL, 0,
                                "no reference: row %zu has probability %g and "
                                "label %d, expected 0 to 1 and 0 or 1",
                                i, p[i], label[i]);
        part[label[i]][count[label[i]]++] = p[i];
    }
    if (count[0] == 0 || count[1] == 0)
        return mv_error_set(error, MV_DATA, NULL, 0,
                            "no reference: the %zu rows are of one label", n);
    mv_stats_sort(part[0], count[0]);
    mv_stats_sort(part[1], count[1]);
    return MV_OK;
}

/* What the rows of each label are worth, by Kish's formula. */
static enum mv_status weigh(struct mv_reference *r, size_t n, const int *label,
                            const int *group, const size_t count[2])
{
    double *size = calloc(2 * n + 1, sizeof *size), square[2] = {0, 0};

    if (!size)
        return MV_NOMEM;
    for (size_t i = 0; i < n; i++)
        size[2 * (group ? (size_t)group[i] : i) + (size_t)label[i]]++;
    for (size_t i = 0; i < 2 * n; i++)
        square[i % 2] += size[i] * size[i];
    for (int l = 0; l < 2; l++)
        r->effective[l] =
            (float)((double)count[l] * (double)count[l] / square[l]);
    free(size);
    return MV_OK;
}

enum mv_status mv_quantify_reference(struct mv_reference *out, size_t n,
                                     const double *p, const int *label,
                                     const int *group,
                                     const double threshold[MV_REFERENCE_CUTS],
                                     struct mv_error *error)
{
    float edge[2 * QUANTILES_MOST + MV_REFERENCE_CUTS];
    double *part[2] = {malloc((n + 1) * sizeof **part),
                       malloc((n + 1) * sizeof **part)};
    size_t count[2], edges = 0;
    enum mv_status status = part[0] && part[1] ? MV_OK : MV_NOMEM;

    *out = (struct mv_reference){0};
    if (status == MV_OK)
        status = split_labels(n, p, label, part, count, error);
    if (status == MV_OK)
        status = weigh(out, n, label, group, count);
    if (status == MV_OK) {
        for (int l = 0; l < 2; l++)
            edges += put_quantiles(part[l], count[l], out->effective[l],
                                   edge + edges);
        for (int c = 0; c < MV_REFERENCE_CUTS; c++)
            edge[edges++] = (float)threshold[c];
        set_edges(out, edge, edges, threshold);
        for (size_t i = 0; i < n; i++)
            out->count[label[i]][bin_of(out, p[i])]++;
    }
    free(part[0]);
    free(part[1]);
    if (status == MV_NOMEM)
        mv_error_set(error, status, NULL, 0, "out of memory");
    return status;
}

int mv_quantify_valid(const struct mv_reference *r)
{
    uint64_t total[2] = {0, 0};

    if (r->bins == 0)
        return 1;
    if (r->bins > MV_REFERENCE_BINS)
        return 0;
    for (uint32_t i = 0; i + 1 < r->bins; i++)
        if (!(r->edge[i] > (i ? r->edge[i - 1] : 0) && r->edge[i] <= 1))
            return 0;
    for (int c = 0; c < MV_REFERENCE_CUTS; c++)
        if (r->cut[c] >= r->bins || (c && r->cut[c] < r->cut[c - 1]))
            return 0;
    for (uint32_t i = 0; i < r->bins; i++)
        for (int l = 0; l < 2; l++)
            total[l] += r->count[l][i];
    for (int l = 0; l < 2; l++)
        if (!(r->effective[l] >= 1 &&
              (double)r->effective[l] <= (double)total[l] + 1))
            return 0;
    return 1;
}

/* --- estimates --------------------------------------------------------- */

/* Counts by bin: of the messages, of either label of the reference. */
struct counts {
    size_t bins, low, forced, purpose;
    size_t effective[2];
    double target[MV_REFERENCE_BINS];
    double label[2][MV_REFERENCE_BINS];
};

static void divide(double *share, size_t n)
{
    double total = 0;

    for (size_t i = 0; i < n; i++)
        total += share[i];
    for (size_t i = 0; total > 0 && i < n; i++)
        share[i] /= total;
}

static void normalise(struct counts *c)
{
    divide(c->target, c->bins);
    divide(c->label[0], c->bins);
    divide(c->label[1], c->bins);
}

static double above(const double *share, size_t from, size_t bins)
{
    double sum = 0;

    for (size_t i = from; i < bins; i++)
        sum += share[i];
    return sum;
}

/* What lies between the outer thresholds. */
static double between(const struct counts *c, const double *share)
{
    return above(share, c->low, c->bins) - above(share, c->purpose, c->bins);
}

static double adjusted_count(const struct counts *c)
{
    double raw = above(c->target, c->forced, c->bins);
    double tpr = above(c->label[1], c->forced, c->bins);
    double fpr = above(c->label[0], c->forced, c->bins);

    if (!(tpr > fpr))
        return NAN;
    return fmin(fmax((raw - fpr) / (tpr - fpr), 0), 1);
}

/* The median of adjusted counts over all cuts that tell the labels apart at
 * least half as well as the best one. */
static double median_count(const struct counts *c)
{
    double share[MV_REFERENCE_BINS], gap[MV_REFERENCE_BINS] = {0};
    double raw = 0, tpr = 0, fpr = 0, widest = 0;
    size_t n = 0;

    for (size_t i = c->bins - 1; i > 0; i--) {
        raw += c->target[i];
        tpr += c->label[1][i];
        fpr += c->label[0][i];
        gap[i] = tpr - fpr;
        share[i] = raw - fpr;
        widest = fmax(widest, gap[i]);
    }
    for (size_t i = 1; i < c->bins; i++)
        if (gap[i] > 0 && gap[i] >= widest / 2)
            share[n++] = fmin(fmax(share[i] / gap[i], 0), 1);
    mv_stats_sort(share, n);
    return mv_stats_median(share, n);
}

/* The slope of the log likelihood of a share: falls as the share rises. */
static double slope(const struct counts *c, double share)
{
    double sum = 0;

    for (size_t i = 0; i < c->bins; i++) {
        double is = c->label[1][i], other = c->label[0][i];
        double mixed = share * is + (1 - share) * other;

        if (c->target[i] > 0 && (is > 0 || other > 0))
            sum += c->target[i] * (is - other) / fmax(mixed, 1e-12);
    }
    return sum;
}

static double likely_share(const struct counts *c)
{
    double low = 0, high = 1;

    if (slope(c, 0) <= 0)
        return 0;
    if (slope(c, 1) >= 0)
        return 1;
    for (int i = 0; i < BISECTIONS; i++) {
        double middle = (low + high) / 2;

        if (slope(c, middle) > 0)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

/* --- bootstrap ---------------------------------------------------------- */

/* Adds n draws from these shares or counts. */
static void draw_from(struct mv_rng *rng, size_t n, const double *share,
                      size_t bins, double *out)
{
    double left = above(share, 0, bins);

    for (size_t i = 0; i < bins; i++) {
        double p = left > 0 ? fmin(share[i] / left, 1) : 0;
        size_t drawn = n ? mv_rng_binomial(rng, n, p) : 0;

        out[i] += (double)drawn;
        n -= drawn;
        left -= share[i];
    }
}

static size_t total(const double *count, size_t bins)
{
    return (size_t)above(count, 0, bins);
}

/* One replicate: as many messages of either label as the estimate says, their
 * bins drawn from the reference; and the reference drawn anew, by which their
 * share is estimated. */
static void draw(struct mv_rng *rng, const struct counts *c, double share,
                 struct counts *out)
{
    size_t n = total(c->target, c->bins);
    size_t purposes = (size_t)(share * (double)n + 0.5);

    *out = (struct counts){.bins = c->bins, .forced = c->forced};
    draw_from(rng, purposes, c->label[1], c->bins, out->target);
    draw_from(rng, n - purposes, c->label[0], c->bins, out->target);
    for (int l = 0; l < 2; l++)
        draw_from(rng, c->effective[l], c->label[l], c->bins, out->label[l]);
    normalise(out);
}

/* The estimators, in the order of their results in struct mv_quantified. */
typedef double estimator(const struct counts *c);
static estimator *const ESTIMATORS[] = {median_count, adjusted_count,
                                        likely_share};

static enum mv_status draw_interval(struct mv_interval *out,
                                    estimator *estimate, const struct counts *c,
                                    const struct mv_quantify_options *o)
{
    size_t n = (size_t)o->replicates;
    double *value = malloc(n * sizeof *value);
    struct mv_rng *rng = NULL;
    enum mv_status status = value ? mv_rng_new(&rng, o->seed) : MV_NOMEM;

    for (size_t i = 0; status == MV_OK && i < n; i++) {
        struct counts again;

        mv_rng_seed(rng, o->seed, i);
        draw(rng, c, out->value, &again);
        value[i] = estimate(&again);
    }
    if (status == MV_OK)
        *out = mv_stats_percentile(out->value, value, n, o->confidence);
    mv_rng_free(rng);
    free(value);
    return status;
}

/* --- distances ---------------------------------------------------------- */

/* of: shares by bin; share: of label 1 in the mixture they are held against. */
static struct mv_ks distance(const struct counts *c, double share, double n,
                             double m)
{
    double ahead = 0, most = 0;

    for (size_t i = 0; i < c->bins; i++) {
        ahead += c->target[i] - share * c->label[1][i] -
                 (1 - share) * c->label[0][i];
        most = fmax(most, fabs(ahead));
    }
    return (struct mv_ks){most, mv_stats_ks_p(most, n, m)};
}

/* --- the whole ---------------------------------------------------------- */

static enum mv_status complete(struct mv_quantify_options *o,
                               struct mv_error *error)
{
    if (o->replicates == 0)
        o->replicates = DEFAULT_REPLICATES;
    if (o->confidence == 0)
        o->confidence = 0.95;
    if (o->replicates >= 2 && o->replicates <= MAX_REPLICATES &&
        o->confidence > 0 && o->confidence < 1)
        return MV_OK;
    return mv_error_set(error, MV_RANGE, NULL, 0,
                        "cannot estimate with %d replicates and confidence %g: "
                        "expected 2 to %d and 0 to 1",
                        o->replicates, o->confidence, MAX_REPLICATES);
}

static enum mv_status count_bins(struct counts *c, const struct mv_reference *r,
                                 size_t n, const double *p,
                                 struct mv_error *error)
{
    c->bins = r->bins;
    c->low = r->cut[0];
    c->forced = r->cut[1];
    c->purpose = r->cut[2];
    for (size_t i = 0; i < n; i++) {
        if (!(p[i] >= 0 && p[i] <= 1))
            return mv_error_set(error, MV_DATA, NULL, 0,
                                "cannot estimate: message %zu has probability "
                                "%g, expected 0 to 1",
                                i, p[i]);
        c->target[bin_of(r, p[i])]++;
    }
    for (int l = 0; l < 2; l++) {
        c->effective[l] = (size_t)((double)r->effective[l] + 0.5);
        for (uint32_t i = 0; i < r->bins; i++)
            c->label[l][i] = r->count[l][i];
    }
    return MV_OK;
}

static enum mv_status estimate(struct mv_quantified *out,
                               const struct counts *counted,
                               const struct mv_quantify_options *options)
{
    struct mv_interval *result[] = {&out->sweep, &out->adjusted, &out->em};
    enum mv_status status = MV_OK;
    struct counts c = *counted;
    double purposes = above(c.label[1], 0, c.bins);
    double all = purposes + above(c.label[0], 0, c.bins), n = (double)out->n;

    normalise(&c);
    out->raw = above(c.target, c.forced, c.bins);
    out->tpr = above(c.label[1], c.forced, c.bins);
    out->fpr = above(c.label[0], c.forced, c.bins);
    out->trained = purposes / all;
    for (int i = 0; status == MV_OK && i < 3; i++) {
        result[i]->value = ESTIMATORS[i](&c);
        if (isfinite(result[i]->value))
            status = draw_interval(result[i], ESTIMATORS[i], counted, options);
    }
    out->share = out->em;
    out->share.low = fmin(out->em.low, out->sweep.low);
    out->share.high = fmax(out->em.high, out->sweep.high);
    out->drift = distance(&c, out->trained, n, all);
    out->misfit = distance(&c, out->share.value, n, all);
    out->open = between(&c, c.target);
    out->open_expected = out->share.value * between(&c, c.label[1]) +
                         (1 - out->share.value) * between(&c, c.label[0]);
    return status;
}

enum mv_status mv_quantify_share(struct mv_quantified *out,
                                 const struct mv_reference *reference, size_t n,
                                 const double *p,
                                 const struct mv_quantify_options *options,
                                 struct mv_error *error)
{
    struct mv_quantify_options full = *options;
    struct mv_interval none = mv_stats_undefined();
    struct mv_quantified result = {.n = n,
                                   .raw = NAN,
                                   .tpr = NAN,
                                   .fpr = NAN,
                                   .trained = NAN,
                                   .share = none,
                                   .sweep = none,
                                   .adjusted = none,
                                   .em = none,
                                   .open = NAN,
                                   .open_expected = NAN,
                                   .drift = {NAN, NAN},
                                   .misfit = {NAN, NAN}};
    struct counts c = {0};
    enum mv_status status = complete(&full, error);

    if (status == MV_OK && n > 0 && reference->bins > 0) {
        status = count_bins(&c, reference, n, p, error);
        if (status == MV_OK)
            status = estimate(&result, &c, &full);
        if (status == MV_NOMEM)
            mv_error_set(error, status, NULL, 0, "out of memory");
    }
    if (status == MV_OK)
        *out = result;
    return status;
}
