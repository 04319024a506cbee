/* The numbers behind the report's plots. */
#include "motivo_parts.h"

#include "report_text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    WEEK = 7 * 86400,
    MONDAY = 4 * 86400, /* 1970-01-05 was one */
    BANDS = 10,         /* of reliability, about */
    BAND_LEAST = 20     /* messages in each */
};

/* --- what invitations tell ------------------------------------------------ */

/* The first second of the week, UTC; the division rounds down. */
static int64_t week_of(int64_t at)
{
    int64_t since = at - MONDAY, rest = since % WEEK;

    return at - (rest < 0 ? rest + WEEK : rest);
}

enum mv_status mv_facade_graphs_take(struct mv_graphs *graphs,
                                     const struct mv_stored *stored)
{
    double p = stored->probability;
    struct mv_seen *seen;

    if (!stored->has_verdict)
        return MV_OK;
    if (isfinite(p)) {
        int bin = (int)(p * MV_REPORT_BINS);

        bin = bin < 0 ? 0 : bin < MV_REPORT_BINS ? bin : MV_REPORT_BINS - 1;
        graphs->report.histogram[stored->verdict][bin]++;
    }
    if (stored->invite.sent_at == MV_NO_TIME)
        return MV_OK;
    if (graphs->n_seen == graphs->room) {
        size_t room = graphs->room ? 2 * graphs->room : 1024;

        seen = realloc(graphs->seen, room * sizeof *seen);
        if (!seen)
            return MV_NOMEM;
        graphs->seen = seen;
        graphs->room = room;
    }
    graphs->seen[graphs->n_seen++] =
        (struct mv_seen){week_of(stored->invite.sent_at), stored->verdict};
    return MV_OK;
}

static int by_week(const void *a, const void *b)
{
    const struct mv_seen *x = a, *y = b;

    return (x->week > y->week) - (x->week < y->week);
}

static enum mv_status count_weeks(struct mv_graphs *graphs)
{
    struct mv_report_week *week =
        mv_arena_alloc(&graphs->arena, (graphs->n_seen + 1) * sizeof *week);
    size_t n = 0;

    if (!week)
        return MV_NOMEM;
    if (graphs->n_seen)
        qsort(graphs->seen, graphs->n_seen, sizeof *graphs->seen, by_week);
    for (size_t i = 0; i < graphs->n_seen; i++) {
        const struct mv_seen *seen = &graphs->seen[i];

        if (!n || week[n - 1].start != seen->week)
            week[n++] = (struct mv_report_week){.start = seen->week};
        week[n - 1].verdict[seen->verdict]++;
    }
    graphs->report.week = week;
    graphs->report.n_week = n;
    return MV_OK;
}

/* --- what the model's reference tells -------------------------------------
 * Counts of out-of-fold probabilities, by label and bin. */

static double edge(const struct mv_reference *r, uint32_t bin)
{
    return bin == 0 ? 0 : bin >= r->bins ? 1 : (double)r->edge[bin - 1];
}

static enum mv_status cut(struct mv_graphs *graphs,
                          const struct mv_reference *r)
{
    struct mv_report_cut *to =
        mv_arena_alloc(&graphs->arena, (r->bins + 1) * sizeof *to);
    long all = 0, sum[2] = {0, 0};
    size_t n = 0;

    if (!to)
        return MV_NOMEM;
    for (uint32_t bin = 0; bin < r->bins; bin++)
        all += (long)r->count[1][bin];
    for (uint32_t bin = r->bins; bin-- > 0;) {
        sum[0] += (long)r->count[0][bin];
        sum[1] += (long)r->count[1][bin];
        to[n++] = (struct mv_report_cut){
            .threshold = edge(r, bin),
            .precision = mv_stats_wilson(sum[1], sum[0] + sum[1], 0.95),
            .recall = mv_stats_wilson(sum[1], all, 0.95),
            .chosen = bin == r->cut[MV_REFERENCE_CUTS - 1],
        };
    }
    graphs->report.cut = to;
    graphs->report.n_cut = n;
    return MV_OK;
}

/* Bins side by side are joined until a band holds enough messages; what is
 * left over at the end belongs to the last one. */
static enum mv_status band(struct mv_graphs *graphs,
                           const struct mv_reference *r)
{
    struct mv_report_band *to =
        mv_arena_alloc(&graphs->arena, (r->bins + 1) * sizeof *to);
    long all = 0, left, least, good = 0;
    bool open = false;
    size_t n = 0;

    if (!to)
        return MV_NOMEM;
    for (uint32_t bin = 0; bin < r->bins; bin++)
        all += (long)(r->count[0][bin] + r->count[1][bin]);
    left = all;
    least = all / BANDS > BAND_LEAST ? all / BANDS : BAND_LEAST;
    for (uint32_t bin = 0; bin < r->bins; bin++) {
        long here = (long)(r->count[0][bin] + r->count[1][bin]);

        if (!open) {
            to[n++] = (struct mv_report_band){.from = edge(r, bin)};
            good = 0;
        }
        good += (long)r->count[1][bin];
        to[n - 1].n += here;
        to[n - 1].to = edge(r, bin + 1);
        to[n - 1].share = mv_stats_wilson(good, to[n - 1].n, 0.95);
        left -= here;
        open = to[n - 1].n < least || left < least;
    }
    graphs->report.band = to;
    graphs->report.n_band = n;
    return MV_OK;
}

/* --- what earlier models tell --------------------------------------------- */

struct models {
    struct mv_graphs *graphs;
    struct mv_report_learning *at;
    size_t n, size;
};

static enum mv_status learn(const struct mv_model_row *row, void *payload)
{
    struct models *models = payload;
    struct mv_fit_record record;
    struct mv_evaluation figures;
    struct mv_report_learning *at;
    enum mv_status status = mv_report_read_model(row, &record, &figures);

    /* A row by another hand may hold no figures. */
    if (status != MV_OK)
        return status == MV_NOMEM ? status : MV_OK;
    if (models->n == models->size) {
        size_t size = models->size ? 2 * models->size : 16;

        at = realloc(models->at, size * sizeof *at);
        if (!at)
            return MV_NOMEM;
        models->at = at;
        models->size = size;
    }
    if (row->active) {
        struct mv_report_graphs *report = &models->graphs->report;

        report->n_curve = figures.n_curve;
        memcpy(report->curve, figures.curve, sizeof report->curve);
    }
    models->at[models->n++] = (struct mv_report_learning){
        .model = row->id,
        .labels = (long)record.examples,
        .mcc = figures.all.mcc,
        .precision = figures.all.unsure.precision,
    };
    return MV_OK;
}

static enum mv_status remember(struct motivo *motivo, struct mv_graphs *graphs,
                               struct mv_error *error)
{
    struct models models = {.graphs = graphs};
    struct mv_report_learning *copy;
    enum mv_status status =
        mv_store_each_model(motivo->store, learn, &models, error);

    copy = mv_arena_alloc(&graphs->arena, (models.n + 1) * sizeof *copy);
    if (status == MV_OK && !copy)
        status = MV_NOMEM;
    if (status == MV_OK && models.n) {
        memcpy(copy, models.at, models.n * sizeof *copy);
        graphs->report.learning = copy;
        graphs->report.n_learning = models.n;
    }
    free(models.at);
    return status;
}

/* --- the whole ------------------------------------------------------------ */

enum mv_status mv_facade_graphs(struct motivo *motivo,
                                const struct mv_model *model,
                                struct mv_graphs *graphs,
                                struct mv_error *error)
{
    const struct mv_reference *reference = &mv_model_record(model)->reference;
    enum mv_status status = count_weeks(graphs);

    if (status == MV_OK && reference->bins)
        status = cut(graphs, reference);
    if (status == MV_OK && reference->bins)
        status = band(graphs, reference);
    if (status == MV_OK)
        status = remember(motivo, graphs, error);
    return status;
}

void mv_facade_graphs_release(struct mv_graphs *graphs)
{
    free(graphs->seen);
    mv_arena_release(&graphs->arena);
}
