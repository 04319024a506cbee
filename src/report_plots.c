/* What the plots show: as drawings, and as tables beside them. */
#include "report_doc.h"

#include "plot.h"

#include <math.h>
#include <string.h>

/* From the ground up: what matters most stands on the axis. */
static const enum mv_verdict ORDER[] = {MV_VERDICT_PURPOSE, MV_VERDICT_UNSURE,
                                        MV_VERDICT_NO_PURPOSE,
                                        MV_VERDICT_NO_NOTE};

/* --- figures -------------------------------------------------------------- */

enum { AXIS = 1024 }; /* points of a plot: weeks of twenty years */

/* Numbers of one plot. */
struct axes {
    double x[AXIS], y[4][AXIS], low[AXIS], high[AXIS];
};

static const char *path(struct mv_doc *doc, const char *list, size_t i,
                        const char *member)
{
    return mv_report_format(doc->page, "graphs.%s.%zu.%s", list, i, member);
}

/* Draws; the block is then the last one, and its table may be filled. */
static void figure(struct mv_doc *doc, struct mv_plot *plot, enum mv_word title,
                   const char *alt, const char *align)
{
    struct mv_buffer svg = {0};
    struct mv_doc_block *block;

    plot->title = mv_doc_plain(doc, alt);
    plot->comma = doc->tongue == MV_TONGUE_ES;
    if (mv_plot_draw(&svg, plot, NULL) == MV_NOMEM)
        doc->page->failed = true;
    block = mv_doc_add(doc, MV_BLOCK_FIGURE, mv_doc_word(doc, title));
    block->id = plot->id;
    block->note = alt;
    block->align = align;
    if (svg.len)
        block->svg = mv_arena_copy(&doc->page->arena, mv_buffer_span(&svg));
    mv_buffer_release(&svg);
}

static void heads(struct mv_doc *doc, const enum mv_word *word, size_t n)
{
    for (size_t i = 0; i < n; i++)
        mv_doc_cell(doc, mv_doc_word(doc, word[i]));
}

static size_t most(size_t n)
{
    return n < AXIS ? n : AXIS;
}

/* --- the plots ------------------------------------------------------------ */

static void plot_weeks(struct mv_doc *doc, const struct mv_report_graphs *g,
                       struct axes *a)
{
    struct mv_plot_series series[4];
    size_t n = most(g->n_week), skip = g->n_week - n;
    struct mv_plot plot = {.id = "weeks",
                           .y = mv_doc_word(doc, MV_W_INVITATIONS),
                           .days = true,
                           .y_to = NAN,
                           .width = 6.0 * 86400,
                           .series = series,
                           .n = 4};

    if (g->n_week < 2)
        return;
    for (size_t w = 0; w < n; w++) {
        a->x[w] = (double)g->week[skip + w].start + 3.5 * 86400;
        for (int i = 0; i < 4; i++)
            a->y[i][w] = (double)g->week[skip + w].verdict[ORDER[i]];
    }
    for (int i = 0; i < 4; i++)
        series[i] =
            (struct mv_plot_series){.style = MV_PLOT_STACK,
                                    .title = mv_doc_verdict(doc, ORDER[i]),
                                    .colour = i + 1,
                                    .n = n,
                                    .x = a->x,
                                    .y = a->y[i]};
    figure(doc, &plot, MV_W_WEEKS, mv_doc_word(doc, MV_W_WEEKS_ALT), "lrrrr");
    mv_doc_cell(doc, mv_doc_word(doc, MV_W_WEEK));
    for (int i = 0; i < 4; i++)
        mv_doc_cell(doc, mv_doc_verdict(doc, ORDER[i]));
    for (size_t w = skip; w < g->n_week; w++) {
        mv_doc_cell(doc, mv_doc_day(doc, g->week[w].start));
        for (int i = 0; i < 4; i++)
            mv_doc_cell(
                doc, mv_doc_count(
                         doc, path(doc, "weeks", w, mv_verdict_name(ORDER[i])),
                         (double)g->week[w].verdict[ORDER[i]]));
    }
}

static void plot_histogram(struct mv_doc *doc, const struct mv_report_graphs *g,
                           struct axes *a)
{
    static const enum mv_word HEAD[] = {MV_W_FROM, MV_W_TO};
    struct mv_plot_series series[3];
    struct mv_plot plot = {.id = "histogram",
                           .x = mv_doc_word(doc, MV_W_PREDICTED),
                           .y = mv_doc_word(doc, MV_W_MESSAGES),
                           .x_to = 1,
                           .y_to = NAN,
                           .width = 0.9 / MV_REPORT_BINS,
                           .series = series,
                           .n = 3};

    for (int b = 0; b < MV_REPORT_BINS; b++) {
        a->x[b] = (b + 0.5) / MV_REPORT_BINS;
        for (int i = 0; i < 3; i++)
            a->y[i][b] = (double)g->histogram[ORDER[i]][b];
    }
    for (int i = 0; i < 3; i++)
        series[i] =
            (struct mv_plot_series){.style = MV_PLOT_STACK,
                                    .title = mv_doc_verdict(doc, ORDER[i]),
                                    .colour = i + 1,
                                    .n = MV_REPORT_BINS,
                                    .x = a->x,
                                    .y = a->y[i]};
    figure(doc, &plot, MV_W_HISTOGRAM, mv_doc_word(doc, MV_W_HISTOGRAM_ALT),
           "rrrrr");
    heads(doc, HEAD, 2);
    for (int i = 0; i < 3; i++)
        mv_doc_cell(doc, mv_doc_verdict(doc, ORDER[i]));
    for (size_t b = 0; b < MV_REPORT_BINS; b++) {
        mv_doc_cell(doc, mv_doc_real(doc, path(doc, "histogram", b, "from"),
                                     (double)b / MV_REPORT_BINS));
        mv_doc_cell(doc, mv_doc_real(doc, path(doc, "histogram", b, "to"),
                                     (double)(b + 1) / MV_REPORT_BINS));
        for (int i = 0; i < 3; i++)
            mv_doc_cell(doc, mv_doc_count(doc,
                                          path(doc, "histogram", b,
                                               mv_verdict_name(ORDER[i])),
                                          (double)g->histogram[ORDER[i]][b]));
    }
}

static void plot_cuts(struct mv_doc *doc, const struct mv_report_graphs *g,
                      struct axes *a)
{
    static const enum mv_word HEAD[] = {MV_W_THRESHOLD, MV_W_PRECISION,
                                        MV_W_RECALL};
    double x = NAN, y = NAN;
    const char *at = "–";
    struct mv_plot_series series[] = {
        {.style = MV_PLOT_LINE,
         .colour = 1,
         .n = most(g->n_cut),
         .x = a->x,
         .y = a->y[0]},
        {.style = MV_PLOT_DOT,
         .title = mv_doc_word(doc, MV_W_THRESHOLD),
         .colour = 5,
         .n = 1,
         .x = &x,
         .y = &y}};
    struct mv_plot plot = {.id = "precision",
                           .x = mv_doc_word(doc, MV_W_RECALL),
                           .y = mv_doc_word(doc, MV_W_PRECISION),
                           .x_to = 1,
                           .y_to = 1.02,
                           .series = series,
                           .n = 2};

    if (g->n_cut < 2)
        return;
    for (size_t i = 0; i < most(g->n_cut); i++) {
        const struct mv_report_cut *cut = &g->cut[i];

        a->x[i] = cut->recall.value;
        a->y[0][i] = cut->precision.value;
        if (cut->chosen) {
            x = cut->recall.value;
            y = cut->precision.value;
            at = mv_doc_real(doc, path(doc, "precision_recall", i, "threshold"),
                             cut->threshold);
        }
    }
    figure(doc, &plot, MV_W_PR, mv_doc_fill(doc, MV_W_PR_ALT, at, NULL), "rll");
    heads(doc, HEAD, 3);
    for (size_t i = 0; i < most(g->n_cut); i++) {
        mv_doc_cell(
            doc, mv_doc_real(doc, path(doc, "precision_recall", i, "threshold"),
                             g->cut[i].threshold));
        mv_doc_cell(doc, mv_doc_interval(
                             doc, path(doc, "precision_recall", i, "precision"),
                             g->cut[i].precision));
        mv_doc_cell(doc, mv_doc_interval(
                             doc, path(doc, "precision_recall", i, "recall"),
                             g->cut[i].recall));
    }
}

static void plot_bands(struct mv_doc *doc, const struct mv_report_graphs *g,
                       struct axes *a)
{
    static const enum mv_word HEAD[] = {MV_W_FROM, MV_W_TO, MV_W_MESSAGES,
                                        MV_W_OBSERVED};
    static const double DIAGONAL[] = {0, 1};
    struct mv_plot_series series[] = {{.style = MV_PLOT_DASHES,
                                       .title = mv_doc_word(doc, MV_W_IDEAL),
                                       .colour = 4,
                                       .n = 2,
                                       .x = DIAGONAL,
                                       .y = DIAGONAL},
                                      {.style = MV_PLOT_POINTS,
                                       .title = mv_doc_word(doc, MV_W_OBSERVED),
                                       .colour = 1,
                                       .n = most(g->n_band),
                                       .x = a->x,
                                       .y = a->y[0],
                                       .low = a->low,
                                       .high = a->high}};
    struct mv_plot plot = {.id = "reliability",
                           .x = mv_doc_word(doc, MV_W_PREDICTED),
                           .y = mv_doc_word(doc, MV_W_OBSERVED),
                           .x_to = 1,
                           .y_to = 1,
                           .series = series,
                           .n = 2};

    if (g->n_band < 2)
        return;
    for (size_t i = 0; i < most(g->n_band); i++) {
        a->x[i] = (g->band[i].from + g->band[i].to) / 2;
        a->y[0][i] = g->band[i].share.value;
        a->low[i] = g->band[i].share.low;
        a->high[i] = g->band[i].share.high;
    }
    figure(doc, &plot, MV_W_RELIABILITY, mv_doc_word(doc, MV_W_RELIABILITY_ALT),
           "rrrl");
    heads(doc, HEAD, 4);
    for (size_t i = 0; i < most(g->n_band); i++) {
        mv_doc_cell(doc, mv_doc_real(doc, path(doc, "reliability", i, "from"),
                                     g->band[i].from));
        mv_doc_cell(doc, mv_doc_real(doc, path(doc, "reliability", i, "to"),
                                     g->band[i].to));
        mv_doc_cell(doc, mv_doc_count(doc, path(doc, "reliability", i, "n"),
                                      (double)g->band[i].n));
        mv_doc_cell(doc,
                    mv_doc_interval(doc, path(doc, "reliability", i, "share"),
                                    g->band[i].share));
    }
}

static void plot_useful(struct mv_doc *doc, const struct mv_report_useful *u,
                        struct axes *a)
{
    static const enum mv_word HEAD[] = {MV_W_VERDICT, MV_W_USEFUL_SHARE};
    static const double ENDS[] = {0.5, 4.5};
    static const double REFERENCE[] = {MV_REPORT_REFERENCE,
                                       MV_REPORT_REFERENCE};
    const char *names[4];
    struct mv_plot_series series[] = {{.style = MV_PLOT_DASHES,
                                       .colour = 4,
                                       .n = 2,
                                       .x = ENDS,
                                       .y = REFERENCE},
                                      {.style = MV_PLOT_POINTS,
                                       .colour = 1,
                                       .n = 4,
                                       .x = a->x,
                                       .y = a->y[0],
                                       .low = a->low,
                                       .high = a->high}};
    struct mv_plot plot = {.id = "useful-plot",
                           .x_from = 0.5,
                           .x_to = 4.5,
                           .y = mv_doc_word(doc, MV_W_USEFUL_COUNT),
                           .y_to = NAN,
                           .names = names,
                           .n_names = 4,
                           .series = series,
                           .n = 2};

    for (int i = 0; i < 4; i++) {
        const struct mv_interval of = u->of[ORDER[i]].share;

        names[i] = mv_doc_verdict(doc, ORDER[i]);
        a->x[i] = i + 1;
        a->y[0][i] = of.value;
        a->low[i] = of.low;
        a->high[i] = of.high;
    }
    figure(doc, &plot, MV_W_USEFUL_PLOT, mv_doc_word(doc, MV_W_USEFUL_ALT),
           "ll");
    heads(doc, HEAD, 2);
    for (int i = 0; i < 4; i++) {
        mv_doc_cell(doc, names[i]);
        mv_doc_cell(
            doc, mv_doc_interval(doc,
                                 mv_report_format(doc->page, "useful.%s.share",
                                                  mv_verdict_name(ORDER[i])),
                                 u->of[ORDER[i]].share));
    }
}

/* MCC by labels; a holds the numbers of n points. */
static void draw_learning(struct mv_doc *doc, struct axes *a, size_t n,
                          const char *id, enum mv_word title)
{
    struct mv_plot_series series[] = {
        {.style = MV_PLOT_LINE, .colour = 1, .n = n, .x = a->x, .y = a->y[0]},
        {.style = MV_PLOT_POINTS,
         .colour = 1,
         .n = n,
         .x = a->x,
         .y = a->y[0],
         .low = a->low,
         .high = a->high}};
    struct mv_plot plot = {.id = id,
                           .x = mv_doc_word(doc, MV_W_LABELS),
                           .y = mv_doc_word(doc, MV_W_MCC),
                           .x_to = NAN,
                           .y_to = 1,
                           .series = series,
                           .n = 2};

    /* What the picture says follows its title. */
    figure(doc, &plot, title, mv_doc_word(doc, title + 1),
           title == MV_W_CURVE ? "rl" : "rll");
}

static void plot_curve(struct mv_doc *doc, const struct mv_report_graphs *g,
                       struct axes *a)
{
    static const enum mv_word HEAD[] = {MV_W_LABELS, MV_W_MCC};

    if (g->n_curve < 2)
        return;
    for (size_t i = 0; i < g->n_curve; i++) {
        a->x[i] = (double)g->curve[i].labels;
        a->y[0][i] = g->curve[i].mcc.value;
        a->low[i] = g->curve[i].mcc.low;
        a->high[i] = g->curve[i].mcc.high;
    }
    draw_learning(doc, a, g->n_curve, "curve", MV_W_CURVE);
    heads(doc, HEAD, 2);
    for (size_t i = 0; i < g->n_curve; i++) {
        mv_doc_cell(doc, mv_doc_count(doc, path(doc, "curve", i, "labels"),
                                      (double)g->curve[i].labels));
        mv_doc_cell(doc, mv_doc_interval(doc, path(doc, "curve", i, "mcc"),
                                         g->curve[i].mcc));
    }
}

static void plot_learning(struct mv_doc *doc, const struct mv_report_graphs *g,
                          struct axes *a)
{
    static const enum mv_word HEAD[] = {MV_W_LABELS, MV_W_MCC, MV_W_PRECISION};
    size_t n = most(g->n_learning);

    if (g->n_learning < 2)
        return;
    for (size_t i = 0; i < n; i++) {
        a->x[i] = (double)g->learning[i].labels;
        a->y[0][i] = g->learning[i].mcc.value;
        a->low[i] = g->learning[i].mcc.low;
        a->high[i] = g->learning[i].mcc.high;
    }
    draw_learning(doc, a, n, "learning", MV_W_LEARNING);
    heads(doc, HEAD, 3);
    for (size_t i = 0; i < n; i++) {
        mv_doc_cell(doc, mv_doc_count(doc, path(doc, "learning", i, "labels"),
                                      (double)g->learning[i].labels));
        mv_doc_cell(doc, mv_doc_interval(doc, path(doc, "learning", i, "mcc"),
                                         g->learning[i].mcc));
        mv_doc_cell(doc,
                    mv_doc_interval(doc, path(doc, "learning", i, "precision"),
                                    g->learning[i].precision));
    }
}

void mv_doc_plots(struct mv_doc *doc, const struct mv_report_triage *t)
{
    struct axes *a = mv_arena_alloc(&doc->page->arena, sizeof *a);
    const struct mv_report_graphs *g = t->graphs;

    if (!a) {
        doc->page->failed = true;
        return;
    }
    if (g->n_week + g->n_cut == 0)
        return;
    mv_doc_heading(doc, "plots", mv_doc_word(doc, MV_W_PLOTS), NULL);
    if (!mv_plot_available())
        mv_doc_add(doc, MV_BLOCK_NOTE, mv_doc_word(doc, MV_W_NO_GNUPLOT));
    plot_weeks(doc, g, a);
    plot_cuts(doc, g, a);
    plot_bands(doc, g, a);
    plot_histogram(doc, g, a);
    if (t->outcomes)
        plot_useful(doc, t->outcomes, a);
    plot_curve(doc, g, a);
    plot_learning(doc, g, a);
}
