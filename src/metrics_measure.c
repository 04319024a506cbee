#include "metrics.h"

#include "invite.h"
#include "metrics_draw.h"

#include <math.h>
#include <stdlib.h>

enum { DEFAULT_REPLICATES = 1000, MAX_REPLICATES = 1000000 };

/* --- input ------------------------------------------------------------ */

enum mv_status mv_metrics_complete(struct mv_metrics_options *out,
                                   const struct mv_metrics_options *options,
                                   struct mv_error *error)
{
    *out = *options;
    if (out->confidence == 0)
        out->confidence = 0.95;
    if (out->replicates == 0)
        out->replicates = DEFAULT_REPLICATES;
    if (out->confidence > 0 && out->confidence < 1 && out->replicates >= 2 &&
        out->replicates <= MAX_REPLICATES && out->threads >= 0)
        return MV_OK;
    return mv_error_set(error, MV_RANGE, NULL, 0,
                        "cannot measure with confidence %g, %d replicates and "
                        "%d threads: expected 0 to 1, 2 to %d, 0 or more",
                        out->confidence, out->replicates, out->threads,
                        MAX_REPLICATES);
}

static bool is_bit(int x)
{
    return x == 0 || x == 1;
}

static bool is_verdict(int x)
{
    return x == MV_VERDICT_NO_PURPOSE || x == MV_VERDICT_PURPOSE ||
           x == MV_VERDICT_UNSURE;
}

static enum mv_status check_rows(const struct mv_metrics_rows *rows,
                                 struct mv_error *error)
{
    for (size_t i = 0; i < rows->n; i++) {
        if (!is_bit(rows->label[i]) || !(rows->p[i] >= 0 && rows->p[i] <= 1))
            return mv_error_set(error, MV_DATA, NULL, 0,
                                "cannot measure: row %zu has label %d and "
                                "probability %g, expected 0 or 1 and 0 to 1",
                                i, rows->label[i], rows->p[i]);
        if ((rows->forced && !is_bit(rows->forced[i])) ||
            (rows->verdict && !is_verdict(rows->verdict[i])))
            return mv_error_set(error, MV_DATA, NULL, 0,
                                "cannot measure: row %zu has a decision or "
                                "verdict that does not exist",
                                i);
    }
    if (!rows->forced && isnan(rows->threshold))
        return mv_error_set(error, MV_RANGE, NULL, 0,
                            "cannot measure: the threshold is not a number");
    return MV_OK;
}

/* --- F1 and MCC ------------------------------------------------------- */

static double table_f1(const struct mv_metrics_table *table)
{
    return mv_metrics_f1(mv_metrics_table_first(table));
}

static double table_mcc(const struct mv_metrics_table *table)
{
    return mv_metrics_mcc(mv_metrics_table_first(table));
}

static double table_gain(const struct mv_metrics_table *table)
{
    return mv_metrics_mcc(mv_metrics_table_second(table)) -
           mv_metrics_mcc(mv_metrics_table_first(table));
}

/* F1 and MCC from the rates at which purposes and others are called purpose,
 * given the numbers of both. */
static double rates_f1(double t, double f, double purposes, double others)
{
    return 2 * t * purposes / (t * purposes + purposes + f * others);
}

static double rates_mcc(double t, double f, double purposes, double others)
{
    double called = t * purposes + f * others, n = purposes + others;
    double spread = called * (n - called);

    return spread > 0 ? (t - f) * sqrt(purposes * others / spread) : 0;
}

/* The bounds for when the bootstrap can not see a count vary: the corners of
 * the rectangle of the two rates' exact limits. */
static void widen(struct mv_metrics *out, double confidence)
{
    struct mv_confusion c = out->confusion;
    long purposes = c.tp + c.fn, others = c.fp + c.tn;
    double each = others > 0 ? sqrt(confidence) : confidence;
    double m = (double)purposes, n = (double)others;
    struct mv_interval t = mv_stats_clopper_pearson(c.tp, purposes, each);
    struct mv_interval f = mv_stats_clopper_pearson(c.fp, others, each);

    if (others == 0)
        f = (struct mv_interval){0, 0, 0};
    if (!isnan(out->f1.value)) {
        out->f1.low = rates_f1(t.low, f.high, m, n);
        out->f1.high = rates_f1(t.high, f.low, m, n);
    }
    if (!isnan(out->mcc.value)) {
        out->mcc.low = rates_mcc(t.low, f.high, m, n);
        out->mcc.high = rates_mcc(t.high, f.low, m, n);
    }
}

/* --- blocks of the result --------------------------------------------- */

static void measure_counts(struct mv_metrics *out, const int *decision,
                           const struct mv_metrics_rows *rows,
                           double confidence)
{
    struct mv_confusion c = {0, 0, 0, 0};

    for (size_t i = 0; i < rows->n; i++) {
        c.tp += decision[i] && rows->label[i];
        c.fp += decision[i] && !rows->label[i];
        c.fn += !decision[i] && rows->label[i];
        c.tn += !decision[i] && !rows->label[i];
    }
    out->confusion = c;
    out->prevalence = rows->n ? (double)(c.tp + c.fn) / (double)rows->n : NAN;
    out->accuracy = mv_stats_wilson(c.tp + c.tn, (long)rows->n, confidence);
    out->precision = mv_stats_wilson(c.tp, c.tp + c.fp, confidence);
    out->recall = mv_stats_wilson(c.tp, c.tp + c.fn, confidence);
}

static void measure_verdicts(struct mv_threeway *out,
                             const struct mv_metrics_rows *rows,
                             double confidence)
{
    long count[2][3] = {{0}}, called, purposes;

    for (size_t i = 0; rows->verdict && i < rows->n; i++)
        count[rows->label[i]][rows->verdict[i]]++;
    called = count[0][MV_VERDICT_PURPOSE] + count[1][MV_VERDICT_PURPOSE];
    purposes = count[1][MV_VERDICT_NO_PURPOSE] + count[1][MV_VERDICT_PURPOSE] +
               count[1][MV_VERDICT_UNSURE];
    out->share = mv_stats_wilson(count[0][MV_VERDICT_UNSURE] +
                                     count[1][MV_VERDICT_UNSURE],
                                 rows->verdict ? (long)rows->n : 0, confidence);
    out->precision =
        mv_stats_wilson(count[1][MV_VERDICT_PURPOSE], called, confidence);
    out->recall =
        mv_stats_wilson(count[1][MV_VERDICT_PURPOSE], purposes, confidence);
    out->missed =
        mv_stats_wilson(count[1][MV_VERDICT_NO_PURPOSE], purposes, confidence);
}

static enum mv_status
measure_probabilities(struct mv_metrics *out,
                      const struct mv_metrics_rows *rows,
                      const struct mv_metrics_options *options)
{
    size_t n = rows->n;
    enum mv_status status;

    out->brier = mv_metrics_brier(n, rows->label, rows->p);
    out->log_loss = mv_metrics_log_loss(n, rows->label, rows->p);
    out->brier_range =
        mv_metrics_brier_range(n, rows->label, rows->p, options->confidence);
    status =
        mv_metrics_ece_range(&out->ece_range, n, rows->label, rows->p, options);
    out->ece = out->ece_range.value;
    if (status == MV_OK)
        status = mv_metrics_roc_auc(&out->roc_auc, n, rows->label, rows->p);
    return status;
}

static enum mv_status bootstrap(struct mv_metrics *out, const int *decision,
                                const struct mv_metrics_rows *rows,
                                const struct mv_metrics_options *options)
{
    struct mv_metrics_figure figures[2] = {{.statistic = table_f1},
                                           {.statistic = table_mcc}};
    struct mv_confusion c = out->confusion;
    struct mv_metrics_cells cells;
    enum mv_status status =
        mv_metrics_cells_open(&cells, rows->n, rows->label, rows->stratum);

    if (status == MV_OK)
        status = mv_metrics_draw_tables(figures, 2, &cells, rows->label,
                                        decision, decision, options);
    if (status == MV_OK)
        status = mv_metrics_draw_precision(&out->average_precision, &cells,
                                           rows->label, rows->p, options);
    mv_metrics_cells_release(&cells);
    out->f1 = figures[0].interval;
    out->mcc = figures[1].interval;
    if (status == MV_OK && (c.tp == 0 || c.fp == 0 || c.fn == 0 || c.tn == 0))
        widen(out, options->confidence);
    return status;
}

/* --- the whole -------------------------------------------------------- */

enum mv_status mv_metrics_measure(struct mv_metrics *out,
                                  const struct mv_metrics_rows *rows,
                                  const struct mv_metrics_options *options,
                                  struct mv_error *error)
{
    struct mv_metrics_options full;
    int *decision = NULL;
    enum mv_status status = mv_metrics_complete(&full, options, error);

    if (status == MV_OK)
        status = check_rows(rows, error);
    if (status != MV_OK)
        return status;
    *out = (struct mv_metrics){
        .n = rows->n, .threshold = rows->forced ? NAN : rows->threshold};
    decision = malloc((rows->n + 1) * sizeof *decision);
    for (size_t i = 0; decision && i < rows->n; i++)
        decision[i] =
            rows->forced ? rows->forced[i] : rows->p[i] >= rows->threshold;
    if (decision) {
        measure_counts(out, decision, rows, full.confidence);
        measure_verdicts(&out->unsure, rows, full.confidence);
        status = measure_probabilities(out, rows, &full);
        if (status == MV_OK)
            status = bootstrap(out, decision, rows, &full);
    }
    if (!decision || status != MV_OK)
        status =
            mv_error_set(error, MV_NOMEM, NULL, 0,
                         "cannot measure %zu rows: out of memory", rows->n);
    free(decision);
    return status;
}

/* A copy of the rows of one group; one block of memory for each type. */
struct subset {
    double *p;
    int *ints; /* label, forced, verdict, stratum: n of each */
};

static size_t copy_group(struct subset *to, const struct mv_metrics_rows *rows,
                         const int *group, int value)
{
    size_t count = 0, n = rows->n;
    const int *from[4] = {rows->label, rows->forced, rows->verdict,
                          rows->stratum};

    for (size_t i = 0; i < n; i++) {
        if (group[i] != value)
            continue;
        to->p[count] = rows->p[i];
        for (size_t k = 0; k < 4; k++)
            to->ints[k * n + count] = from[k] ? from[k][i] : 0;
        count++;
    }
    return count;
}

enum mv_status
mv_metrics_measure_group(struct mv_metrics *out,
                         const struct mv_metrics_rows *rows, const int *group,
                         int value, const struct mv_metrics_options *options,
                         struct mv_error *error)
{
    size_t n = rows->n;
    struct subset subset = {malloc((n + 1) * sizeof *subset.p),
                            malloc((n + 1) * 4 * sizeof *subset.ints)};
    struct mv_metrics_rows part = {.threshold = rows->threshold};
    enum mv_status status;

    if (subset.p && subset.ints) {
        part.n = copy_group(&subset, rows, group, value);
        part.p = subset.p;
        part.label = subset.ints;
        part.forced = rows->forced ? subset.ints + n : NULL;
        part.verdict = rows->verdict ? subset.ints + 2 * n : NULL;
        part.stratum = rows->stratum ? subset.ints + 3 * n : NULL;
        status = mv_metrics_measure(out, &part, options, error);
    } else {
        status = mv_error_set(error, MV_NOMEM, NULL, 0,
                              "cannot measure %zu rows: out of memory", n);
    }
    free(subset.p);
    free(subset.ints);
    return status;
}

enum mv_status mv_metrics_compare(struct mv_comparison *out, size_t n,
                                  const int *label, const int *first,
                                  const int *second, const int *stratum,
                                  const struct mv_metrics_options *options,
                                  struct mv_error *error)
{
    struct mv_metrics_figure gain = {.statistic = table_gain};
    struct mv_metrics_options full;
    struct mv_metrics_table table = {{{0}}};
    struct mv_metrics_cells cells;
    enum mv_status status = mv_metrics_complete(&full, options, error);

    if (status != MV_OK)
        return status;
    for (size_t i = 0; i < n; i++) {
        if (!is_bit(label[i]) || !is_bit(first[i]) || !is_bit(second[i]))
            return mv_error_set(error, MV_DATA, NULL, 0,
                                "cannot compare: row %zu has label %d and "
                                "decisions %d and %d, expected 0 or 1",
                                i, label[i], first[i], second[i]);
        table.count[label[i]][first[i] + 2 * second[i]]++;
    }
    *out = (struct mv_comparison){.n = n};
    out->only_first = table.count[1][1] + table.count[0][2];
    out->only_second = table.count[1][2] + table.count[0][1];
    out->p_value = mv_stats_mcnemar(out->only_first, out->only_second);
    out->mcc_first = mv_metrics_mcc(mv_metrics_table_first(&table));
    out->mcc_second = mv_metrics_mcc(mv_metrics_table_second(&table));
    status = mv_metrics_cells_open(&cells, n, label, stratum);
    if (status == MV_OK)
        status = mv_metrics_draw_tables(&gain, 1, &cells, label, first, second,
                                        &full);
    mv_metrics_cells_release(&cells);
    out->mcc_gain = gain.interval;
    if (status != MV_OK)
        mv_error_set(error, status, NULL, 0,
                     "cannot compare on %zu rows: out of memory", n);
    return status;
}
