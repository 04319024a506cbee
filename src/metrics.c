#include "metrics.h"

#include <math.h>
#include <stdlib.h>

/* --- counts ----------------------------------------------------------- */

static double ratio(long part, long whole)
{
    return whole > 0 ? (double)part / (double)whole : NAN;
}

struct mv_confusion mv_metrics_confusion(size_t n, const int *label,
                                         const double *p, double threshold)
{
    struct mv_confusion out = {0, 0, 0, 0};

    for (size_t i = 0; i < n; i++) {
        bool says = p[i] >= threshold, is = label[i] == 1;

        out.tp += says && is;
        out.fp += says && !is;
        out.fn += !says && is;
        out.tn += !says && !is;
    }
    return out;
}

double mv_metrics_accuracy(struct mv_confusion c)
{
    return ratio(c.tp + c.tn, c.tp + c.fp + c.fn + c.tn);
}

double mv_metrics_precision(struct mv_confusion c)
{
    return ratio(c.tp, c.tp + c.fp);
}

double mv_metrics_recall(struct mv_confusion c)
{
    return ratio(c.tp, c.tp + c.fn);
}

double mv_metrics_f1(struct mv_confusion c)
{
    if (c.tp + c.fn == 0)
        return NAN;
    return ratio(2 * c.tp, 2 * c.tp + c.fp + c.fn);
}

double mv_metrics_mcc(struct mv_confusion c)
{
    double tp = (double)c.tp, fp = (double)c.fp;
    double fn = (double)c.fn, tn = (double)c.tn;
    double spread =
        sqrt(tp + fp) * sqrt(tp + fn) * sqrt(tn + fp) * sqrt(tn + fn);

    return spread > 0 ? (tp * tn - fp * fn) / spread : NAN;
}

/* --- probabilities ---------------------------------------------------- */

double mv_metrics_brier(size_t n, const int *label, const double *p)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += (p[i] - (label[i] == 1)) * (p[i] - (label[i] == 1));
    return n ? sum / (double)n : NAN;
}

double mv_metrics_log_loss(size_t n, const int *label, const double *p)
{
    const double edge = 1e-15;
    double sum = 0;

    for (size_t i = 0; i < n; i++) {
        double q = fmin(fmax(p[i], edge), 1 - edge);

        sum -= label[i] == 1 ? log(q) : log1p(-q);
    }
    return n ? sum / (double)n : NAN;
}

/* A row for the figures that depend on the order of scores. */
struct scored {
    double score;
    int label;
};

static int falling(const void *a, const void *b)
{
    const struct scored *x = a, *y = b;

    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return x->label - y->label;
}

static struct scored *sort_scores(size_t n, const int *label,
                                  const double *score)
{
    struct scored *rows = malloc((n + 1) * sizeof *rows);

    if (!rows)
        return NULL;
    for (size_t i = 0; i < n; i++)
        rows[i] = (struct scored){score[i], label[i] == 1};
    qsort(rows, n, sizeof *rows, falling);
    return rows;
}

/* The end of the run of equal scores that starts at i. */
static size_t run_end(const struct scored *rows, size_t n, size_t i)
{
    size_t end = i + 1;

    while (end < n && rows[end].score == rows[i].score)
        end++;
    return end;
}

static long count_purpose(const struct scored *rows, size_t from, size_t to)
{
    long count = 0;

    for (size_t i = from; i < to; i++)
        count += rows[i].label;
    return count;
}

enum mv_status mv_metrics_average_precision(double *out, size_t n,
                                            const int *label,
                                            const double *score)
{
    struct scored *rows = sort_scores(n, label, score);
    long all, found = 0;

    if (!rows)
        return MV_NOMEM;
    all = count_purpose(rows, 0, n);
    *out = all ? 0 : NAN;
    for (size_t i = 0, end; i < n; i = end) {
        long gained;

        end = run_end(rows, n, i);
        gained = count_purpose(rows, i, end);
        found += gained;
        if (gained)
            *out += (double)gained / (double)all * (double)found / (double)end;
    }
    free(rows);
    return MV_OK;
}

enum mv_status mv_metrics_roc_auc(double *out, size_t n, const int *label,
                                  const double *score)
{
    struct scored *rows = sort_scores(n, label, score);
    double wins = 0, all, above = 0;

    if (!rows)
        return MV_NOMEM;
    all = (double)count_purpose(rows, 0, n);
    for (size_t i = 0, end; i < n; i = end) {
        double purpose, other;

        end = run_end(rows, n, i);
        purpose = (double)count_purpose(rows, i, end);
        other = (double)(end - i) - purpose;
        wins += other * (above + purpose / 2);
        above += purpose;
    }
    *out = all > 0 && all < (double)n ? wins / (all * ((double)n - all)) : NAN;
    free(rows);
    return MV_OK;
}

enum mv_status mv_metrics_ece(double *out, size_t n, const int *label,
                              const double *p)
{
    enum { BINS = 10 };
    struct scored *rows = sort_scores(n, label, p);
    double *gap = malloc((n + 1) * sizeof *gap), sum = 0;
    enum mv_status status = MV_NOMEM;

    if (!rows || !gap)
        goto out;
    for (size_t i = 0, end; i < n; i = end) {
        double mean;

        end = run_end(rows, n, i);
        mean = (double)count_purpose(rows, i, end) / (double)(end - i);
        for (size_t at = i; at < end; at++)
            gap[n - 1 - at] = rows[at].score - mean; /* rising, as the bins */
    }
    for (size_t bin = 0; bin < BINS; bin++) {
        double total = 0;

        for (size_t i = bin * n / BINS; i < (bin + 1) * n / BINS; i++)
            total += gap[i];
        sum += fabs(total);
    }
    *out = n ? sum / (double)n : NAN;
    status = MV_OK;
out:
    free(rows);
    free(gap);
    return status;
}
