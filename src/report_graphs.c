/* What the plots of the report show, as JSON. */
#include "report_text.h"

static const enum mv_verdict ORDER[] = {MV_VERDICT_PURPOSE, MV_VERDICT_UNSURE,
                                        MV_VERDICT_NO_PURPOSE,
                                        MV_VERDICT_NO_NOTE};

static void put_histogram(struct mv_json *json,
                          const struct mv_report_graphs *g)
{
    mv_json_begin_array(json, "histogram");
    for (int b = 0; b < MV_REPORT_BINS; b++) {
        mv_json_begin_object(json, NULL);
        mv_json_put_real(json, "from", (double)b / MV_REPORT_BINS);
        mv_json_put_real(json, "to", (double)(b + 1) / MV_REPORT_BINS);
        for (int i = 0; i < 3; i++)
            mv_json_put_integer(json, mv_verdict_name(ORDER[i]),
                                g->histogram[ORDER[i]][b]);
        mv_json_end(json);
    }
    mv_json_end(json);
}

static void put_weeks(struct mv_json *json, const struct mv_report_graphs *g)
{
    mv_json_begin_array(json, "weeks");
    for (size_t w = 0; w < g->n_week; w++) {
        mv_json_begin_object(json, NULL);
        mv_report_put_time(json, "start", g->week[w].start);
        for (int i = 0; i < 4; i++)
            mv_json_put_integer(json, mv_verdict_name(ORDER[i]),
                                g->week[w].verdict[ORDER[i]]);
        mv_json_end(json);
    }
    mv_json_end(json);
}

static void put_cuts(struct mv_json *json, const struct mv_report_graphs *g)
{
    mv_json_begin_array(json, "precision_recall");
    for (size_t i = 0; i < g->n_cut; i++) {
        mv_json_begin_object(json, NULL);
        mv_json_put_real(json, "threshold", g->cut[i].threshold);
        mv_report_put_interval(json, "precision", g->cut[i].precision);
        mv_report_put_interval(json, "recall", g->cut[i].recall);
        mv_json_put_bool(json, "chosen", g->cut[i].chosen);
        mv_json_end(json);
    }
    mv_json_end(json);
}

static void put_bands(struct mv_json *json, const struct mv_report_graphs *g)
{
    mv_json_begin_array(json, "reliability");
    for (size_t i = 0; i < g->n_band; i++) {
        mv_json_begin_object(json, NULL);
        mv_json_put_real(json, "from", g->band[i].from);
        mv_json_put_real(json, "to", g->band[i].to);
        mv_json_put_integer(json, "n", g->band[i].n);
        mv_report_put_interval(json, "share", g->band[i].share);
        mv_json_end(json);
    }
    mv_json_end(json);
}

static void put_learning(struct mv_json *json, const struct mv_report_graphs *g)
{
    mv_json_begin_array(json, "learning");
    for (size_t i = 0; i < g->n_learning; i++) {
        mv_json_begin_object(json, NULL);
        mv_json_put_integer(json, "model", g->learning[i].model);
        mv_json_put_integer(json, "labels", g->learning[i].labels);
        mv_report_put_interval(json, "mcc", g->learning[i].mcc);
        mv_report_put_interval(json, "precision", g->learning[i].precision);
        mv_json_end(json);
    }
    mv_json_end(json);
}

static void put_curve(struct mv_json *json, const struct mv_report_graphs *g)
{
    mv_json_begin_array(json, "curve");
    for (size_t i = 0; i < g->n_curve; i++) {
        mv_json_begin_object(json, NULL);
        mv_json_put_integer(json, "labels", g->curve[i].labels);
        mv_report_put_interval(json, "mcc", g->curve[i].mcc);
        mv_json_end(json);
    }
    mv_json_end(json);
}

void mv_report_put_graphs(struct mv_json *json,
                          const struct mv_report_graphs *graphs)
{
    if (!graphs) {
        mv_json_put_null(json, "graphs");
        return;
    }
    mv_json_begin_object(json, "graphs");
    put_histogram(json, graphs);
    put_weeks(json, graphs);
    put_cuts(json, graphs);
    put_bands(json, graphs);
    put_curve(json, graphs);
    put_learning(json, graphs);
    mv_json_end(json);
}
