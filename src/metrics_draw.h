/* layer 3: how mv_metrics draws replicates; for the files of metrics only.
 *
 * A cell is what a stratified bootstrap keeps fixed: the rows of one stratum
 * and one label.
 *
 * Thread-safety: no shared state.
 */
#ifndef MV_METRICS_DRAW_H
#define MV_METRICS_DRAW_H

#include "metrics.h"

/* The rows, cell by cell: order[start[c]] .. order[start[c + 1] - 1]. */
struct mv_metrics_cells {
    size_t n, count;
    size_t *order; /* n row numbers */
    size_t *start; /* count + 1 */
};

/* Sorts n rows into cells. stratum may be NULL: one stratum.
 * Errors: MV_NOMEM. Owns: the caller calls mv_metrics_cells_release, also
 * after a failure. */
enum mv_status mv_metrics_cells_open(struct mv_metrics_cells *out, size_t n,
                                     const int *label, const int *stratum);
void mv_metrics_cells_release(struct mv_metrics_cells *cells);

/* Rows counted by label and by the decisions of two classifiers: the second
 * index is first + 2 × second. One classifier is two that agree. */
struct mv_metrics_table {
    long count[2][4];
};

struct mv_confusion
mv_metrics_table_first(const struct mv_metrics_table *table);
struct mv_confusion
mv_metrics_table_second(const struct mv_metrics_table *table);

/* A figure of a table, and its interval. */
struct mv_metrics_figure {
    double (*statistic)(const struct mv_metrics_table *table);
    struct mv_interval interval;
};

/* Fills the intervals of some figures from common replicates: in each cell
 * the four counts are drawn from a multinomial, which is the distribution
 * that drawing its rows gives. options: complete, no field 0 by default.
 * Errors: MV_NOMEM. */
enum mv_status mv_metrics_draw_tables(struct mv_metrics_figure *figures,
                                      int count,
                                      const struct mv_metrics_cells *cells,
                                      const int *label, const int *first,
                                      const int *second,
                                      const struct mv_metrics_options *options);

/* Average precision with its interval. Parameters and errors as above. */
enum mv_status
mv_metrics_draw_precision(struct mv_interval *out,
                          const struct mv_metrics_cells *cells,
                          const int *label, const double *score,
                          const struct mv_metrics_options *options);

/* mv_metrics_brier with its interval: a mean of many rows. */
struct mv_interval mv_metrics_brier_range(size_t n, const int *label,
                                          const double *p, double confidence);

/* mv_metrics_ece with its interval, over all rows: the bounds of the basic and
 * the percentile bootstrap (Davison and Hinkley 1997, 5.2 and 5.3) together,
 * since the error of few rows is too large on average. Errors: MV_NOMEM. */
enum mv_status mv_metrics_ece_range(struct mv_interval *out, size_t n,
                                    const int *label, const double *p,
                                    const struct mv_metrics_options *options);

/* Puts the defaults in. Errors: MV_RANGE. */
enum mv_status mv_metrics_complete(struct mv_metrics_options *out,
                                   const struct mv_metrics_options *options,
                                   struct mv_error *error);

#endif
