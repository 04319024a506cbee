#include "metrics_draw.h"

#include "parallel.h"

#include <math.h>
#include <stdlib.h>

/* --- cells ------------------------------------------------------------ */

struct keyed {
    int stratum, label;
    size_t at;
};

static int by_cell(const void *a, const void *b)
{
    const struct keyed *x = a, *y = b;

    if (x->stratum != y->stratum)
        return x->stratum < y->stratum ? -1 : 1;
    if (x->label != y->label)
        return x->label < y->label ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

enum mv_status mv_metrics_cells_open(struct mv_metrics_cells *out, size_t n,
                                     const int *label, const int *stratum)
{
    struct keyed *rows = malloc((n + 1) * sizeof *rows);

    *out = (struct mv_metrics_cells){.n = n};
    out->order = malloc((n + 1) * sizeof *out->order);
    out->start = malloc((n + 1) * sizeof *out->start);
    if (!rows || !out->order || !out->start) {
        free(rows);
        return MV_NOMEM;
    }
    for (size_t i = 0; i < n; i++)
        rows[i] = (struct keyed){stratum ? stratum[i] : 0, label[i], i};
    qsort(rows, n, sizeof *rows, by_cell);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || rows[i].stratum != rows[i - 1].stratum ||
            rows[i].label != rows[i - 1].label)
            out->start[out->count++] = i;
        out->order[i] = rows[i].at;
    }
    out->start[out->count] = n;
    free(rows);
    return MV_OK;
}

void mv_metrics_cells_release(struct mv_metrics_cells *cells)
{
    free(cells->order);
    free(cells->start);
    *cells = (struct mv_metrics_cells){0};
}

/* --- tables ----------------------------------------------------------- */

struct mv_confusion mv_metrics_table_first(const struct mv_metrics_table *table)
{
    const long *purpose = table->count[1], *other = table->count[0];

    return (struct mv_confusion){.tp = purpose[1] + purpose[3],
                                 .fp = other[1] + other[3],
                                 .fn = purpose[0] + purpose[2],
                                 .tn = other[0] + other[2]};
}

struct mv_confusion
mv_metrics_table_second(const struct mv_metrics_table *table)
{
    const long *purpose = table->count[1], *other = table->count[0];

    return (struct mv_confusion){.tp = purpose[2] + purpose[3],
                                 .fp = other[2] + other[3],
                                 .fn = purpose[0] + purpose[1],
                                 .tn = other[0] + other[1]};
}

struct cell {
    int label;
    long n, count[4];
};

static struct cell *count_cells(const struct mv_metrics_cells *cells,
                                const int *label, const int *first,
                                const int *second)
{
    struct cell *out = calloc(cells->count + 1, sizeof *out);

    for (size_t c = 0; out && c < cells->count; c++)
        for (size_t i = cells->start[c]; i < cells->start[c + 1]; i++) {
            size_t row = cells->order[i];

            out[c].label = label[row];
            out[c].n++;
            out[c].count[first[row] + 2 * second[row]]++;
        }
    return out;
}

static struct mv_metrics_table sum_cells(const struct cell *cells, size_t n)
{
    struct mv_metrics_table table = {{{0}}};

    for (size_t c = 0; c < n; c++)
        for (int k = 0; k < 4; k++)
            table.count[cells[c].label][k] += cells[c].count[k];
    return table;
}

/* A multinomial is a chain of binomials, each of what the others left. */
static struct mv_metrics_table draw_table(const struct cell *cells, size_t n,
                                          struct mv_rng *rng)
{
    struct mv_metrics_table table = {{{0}}};

    for (size_t c = 0; c < n; c++) {
        long left = cells[c].n, pool = cells[c].n;

        for (int k = 0; k < 4 && pool > 0; k++) {
            double p = (double)cells[c].count[k] / (double)pool;
            long got = (long)mv_rng_binomial(rng, (size_t)left, p);

            table.count[cells[c].label][k] += got;
            left -= got;
            pool -= cells[c].count[k];
        }
    }
    return table;
}

/* Rows of one cell and one outcome are alike, so leaving each out in turn is
 * four evaluations a cell. */
static double table_acceleration(const struct mv_metrics_figure *figure,
                                 double value, const struct cell *cells,
                                 size_t n)
{
    struct mv_metrics_table table = sum_cells(cells, n);
    struct mv_jackknife jackknife = {0};

    for (size_t c = 0; c < n; c++) {
        for (int k = 0; k < 4; k++) {
            double without;

            if (cells[c].count[k] == 0)
                continue;
            table.count[cells[c].label][k]--;
            without = figure->statistic(&table);
            table.count[cells[c].label][k]++;
            mv_jackknife_add(&jackknife, isnan(without) ? value : without,
                             (double)cells[c].count[k]);
        }
        mv_jackknife_close(&jackknife);
    }
    return mv_jackknife_acceleration(&jackknife);
}

enum mv_status mv_metrics_draw_tables(struct mv_metrics_figure *figures,
                                      int count,
                                      const struct mv_metrics_cells *cells,
                                      const int *label, const int *first,
                                      const int *second,
                                      const struct mv_metrics_options *options)
{
    size_t replicates = (size_t)options->replicates, n = cells->count;
    struct cell *counted = count_cells(cells, label, first, second);
    double *values = malloc((size_t)count * replicates * sizeof *values);
    struct mv_rng *rng = NULL;
    struct mv_metrics_table table;
    enum mv_status status = MV_NOMEM;

    if (!counted || !values || mv_rng_new(&rng, options->seed) != MV_OK)
        goto out;
    for (size_t r = 0; r < replicates; r++) {
        mv_rng_seed(rng, options->seed, r);
        table = draw_table(counted, n, rng);
        for (int f = 0; f < count; f++)
            values[(size_t)f * replicates + r] = figures[f].statistic(&table);
    }
    table = sum_cells(counted, n);
    for (int f = 0; f < count; f++) {
        double value = figures[f].statistic(&table);

        figures[f].interval =
            mv_stats_bca(value, values + (size_t)f * replicates, replicates,
                         table_acceleration(&figures[f], value, counted, n),
                         options->confidence);
    }
    status = MV_OK;
out:
    free(counted);
    free(values);
    mv_rng_free(rng);
    return status;
}

/* --- average precision ------------------------------------------------ */

struct place {
    double score;
    size_t row;
};

/* The rows by falling score. */
struct ranking {
    size_t n;
    const struct mv_metrics_cells *cells;
    const struct mv_metrics_options *options;
    int *label;     /* at each rank */
    size_t *end;    /* of the run of equal scores that holds each rank */
    size_t *rank;   /* of cells->order[i] */
    double *before; /* n: values without one purpose, at each rank, */
    double *after;  /* n: ... without one of the others */
    int *drawn;     /* workers × n: how often each rank was drawn */
    double *values; /* replicates */
    struct mv_rng **rng;
    int workers;
};

static int falling(const void *a, const void *b)
{
    const struct place *x = a, *y = b;

    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static void release_ranking(struct ranking *ranking)
{
    for (int i = 0; ranking->rng && i < ranking->workers; i++)
        mv_rng_free(ranking->rng[i]);
    free(ranking->rng);
    free(ranking->label);
    free(ranking->end);
    free(ranking->rank);
    free(ranking->before);
    free(ranking->after);
    free(ranking->drawn);
    free(ranking->values);
}

static enum mv_status open_ranking(struct ranking *ranking)
{
    size_t n = ranking->n, replicates = (size_t)ranking->options->replicates;
    size_t workers;

    ranking->workers =
        mv_parallel_workers(ranking->options->threads, replicates);
    workers = (size_t)ranking->workers;
    ranking->label = malloc((n + 1) * sizeof *ranking->label);
    ranking->end = malloc((n + 1) * sizeof *ranking->end);
    ranking->rank = malloc((n + 1) * sizeof *ranking->rank);
    ranking->before = malloc((n + 1) * sizeof *ranking->before);
    ranking->after = malloc((n + 1) * sizeof *ranking->after);
    ranking->drawn = calloc(workers, (n + 1) * sizeof *ranking->drawn);
    ranking->values = malloc(replicates * sizeof *ranking->values);
    ranking->rng = calloc(workers, sizeof(struct mv_rng *));
    if (!ranking->label || !ranking->end || !ranking->rank ||
        !ranking->before || !ranking->after || !ranking->drawn ||
        !ranking->values || !ranking->rng)
        return MV_NOMEM;
    for (size_t i = 0; i < workers; i++)
        if (mv_rng_new(&ranking->rng[i], 0) != MV_OK)
            return MV_NOMEM;
    return MV_OK;
}

static enum mv_status rank_rows(struct ranking *ranking, const int *label,
                                const double *score)
{
    size_t n = ranking->n;
    struct place *places = malloc((n + 1) * sizeof *places);
    size_t *rank = malloc((n + 1) * sizeof *rank); /* of a row */
    enum mv_status status = places && rank ? MV_OK : MV_NOMEM;

    for (size_t i = 0; status == MV_OK && i < n; i++)
        places[i] = (struct place){score[i], i};
    if (status == MV_OK)
        qsort(places, n, sizeof *places, falling);
    for (size_t i = n; status == MV_OK && i-- > 0;) {
        bool last = i + 1 == n || places[i + 1].score != places[i].score;

        ranking->end[i] = last ? i + 1 : ranking->end[i + 1];
        ranking->label[i] = label[places[i].row];
        rank[places[i].row] = i;
    }
    for (size_t i = 0; status == MV_OK && i < n; i++)
        ranking->rank[i] = rank[ranking->cells->order[i]];
    free(places);
    free(rank);
    return status;
}

/* Average precision when the row at rank i is there drawn[i] times; NULL:
 * each once. */
static double precision_of(const struct ranking *ranking, const int *drawn)
{
    double found = 0, seen = 0, sum = 0;

    for (size_t i = 0; i < ranking->n;) {
        double gained = 0;

        for (size_t end = ranking->end[i]; i < end; i++) {
            double times = drawn ? drawn[i] : 1;

            seen += times;
            gained += ranking->label[i] ? times : 0;
        }
        found += gained;
        if (gained > 0)
            sum += gained * found / seen;
    }
    return found > 0 ? sum / found : NAN;
}

static enum mv_status draw_precision(void *payload, size_t index, int worker,
                                     struct mv_error *error)
{
    struct ranking *ranking = payload;
    const struct mv_metrics_cells *cells = ranking->cells;
    struct mv_rng *rng = ranking->rng[worker];
    int *drawn = ranking->drawn + (size_t)worker * (ranking->n + 1);

    (void)error;
    mv_rng_seed(rng, ranking->options->seed, index);
    for (size_t i = 0; i < ranking->n; i++)
        drawn[i] = 0;
    for (size_t c = 0; c < cells->count; c++) {
        size_t start = cells->start[c], size = cells->start[c + 1] - start;

        for (size_t i = 0; i < size; i++)
            drawn[ranking->rank[start + mv_rng_below(rng, size)]]++;
    }
    ranking->values[index] = precision_of(ranking, drawn);
    return MV_OK;
}

/* All leave-one-out values in two passes. Without a row in a run, the terms of
 * earlier runs stay, its own and those of later runs have one row less to
 * divide by (and one found less when it was a purpose). */
static void leave_each_out(struct ranking *ranking)
{
    double earlier = 0, later[2] = {0, 0}, found = 0, all;
    size_t n = ranking->n;

    for (size_t i = 0, start; i < n;) {
        double gained = 0, end = (double)ranking->end[i];

        for (start = i; i < ranking->end[start]; i++)
            gained += ranking->label[i];
        found += gained;
        for (size_t at = start; at < i; at++) {
            bool only = ranking->end[at] == 1;

            ranking->before[at] =
                earlier + (only ? 0 : (gained - 1) * (found - 1) / (end - 1));
            ranking->after[at] =
                earlier + (only ? 0 : gained * found / (end - 1));
        }
        earlier += gained * found / end;
    }
    all = found;
    for (size_t i = n; i > 0;) {
        double gained = 0, end = (double)i;
        size_t start = i;

        while (start > 0 && ranking->end[start - 1] == i)
            gained += ranking->label[--start];
        for (size_t at = start; at < i; at++) {
            ranking->before[at] = (ranking->before[at] + later[1]) / (all - 1);
            ranking->after[at] = (ranking->after[at] + later[0]) / all;
        }
        later[1] += end > 1 ? gained * (found - 1) / (end - 1) : 0;
        later[0] += end > 1 ? gained * found / (end - 1) : 0;
        found -= gained;
        i = start;
    }
}

static double precision_acceleration(struct ranking *ranking, double value)
{
    const struct mv_metrics_cells *cells = ranking->cells;
    struct mv_jackknife jackknife = {0};

    leave_each_out(ranking);
    for (size_t c = 0; c < cells->count; c++) {
        for (size_t i = cells->start[c]; i < cells->start[c + 1]; i++) {
            size_t rank = ranking->rank[i];
            double without = ranking->label[rank] ? ranking->before[rank]
                                                  : ranking->after[rank];

            mv_jackknife_add(&jackknife, isfinite(without) ? without : value,
                             1);
        }
        mv_jackknife_close(&jackknife);
    }
    return mv_jackknife_acceleration(&jackknife);
}

enum mv_status
mv_metrics_draw_precision(struct mv_interval *out,
                          const struct mv_metrics_cells *cells,
                          const int *label, const double *score,
                          const struct mv_metrics_options *options)
{
    struct ranking ranking = {
        .n = cells->n, .cells = cells, .options = options};
    enum mv_status status = open_ranking(&ranking);
    double value;

    *out = mv_stats_undefined();
    if (status == MV_OK)
        status = rank_rows(&ranking, label, score);
    if (status != MV_OK)
        goto out;
    value = precision_of(&ranking, NULL);
    if (isnan(value))
        goto out;
    status = mv_parallel_for(options->threads, (size_t)options->replicates,
                             draw_precision, &ranking, NULL);
    if (status == MV_OK)
        *out = mv_stats_bca(value, ranking.values, (size_t)options->replicates,
                            precision_acceleration(&ranking, value),
                            options->confidence);
    /* Replicates that are all alike (a perfect ranking) measure nothing. */
    if (out->low == out->high)
        out->low = out->high = NAN;
out:
    release_ranking(&ranking);
    return status;
}
