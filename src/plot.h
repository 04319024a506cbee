/* layer 2: plots as SVG, drawn by gnuplot in a process of its own.
 *
 * A plot is told as axes and series; gnuplot (Debian: gnuplot-nox) chooses
 * tics and draws. The drawing has no colours of its own: strokes and texts are
 * currentColor, series var(--plot-1) to var(--plot-5), the ground var(--paper),
 * so that the page's style serves a light and a dark scheme. Its ids begin with
 * the plot's id. Labels come from the caller's constant words, never from
 * messages. Nothing here computes a figure.
 *
 * Thread-safety: no shared state.
 */
#ifndef MV_PLOT_H
#define MV_PLOT_H

#include "arena.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>

enum mv_plot_style {
    MV_PLOT_LINE = 0,
    MV_PLOT_DASHES,
    MV_PLOT_POINTS, /* with bars from low to high where these are not NULL */
    MV_PLOT_DOT,    /* one large point */
    MV_PLOT_STACK   /* bars; each such series stands on the one before */
};

struct mv_plot_series {
    enum mv_plot_style style;
    const char *title; /* for the key; NULL: not in it */
    int colour;        /* 1 .. 5 */
    size_t n;
    const double *x, *y;      /* n numbers; those that are not finite are
                               * left out */
    const double *low, *high; /* n numbers each, or NULL */
};

struct mv_plot {
    const char *id;           /* letters and digits */
    const char *title;        /* of the drawing, for those who do not see it */
    const char *x, *y;        /* what the axes are; may be NULL */
    double x_from, x_to;      /* equal: chosen */
    double y_from, y_to;      /* likewise; y_to NaN: chosen */
    bool days;                /* x is UTC seconds */
    double width;             /* of bars, in units of x */
    const char *const *names; /* of x 1, 2, ...; NULL: numbers */
    size_t n_names;
    bool comma; /* numbers have a decimal comma */
    const struct mv_plot_series *series;
    size_t n;
};

/* Whether gnuplot is there to be run. */
bool mv_plot_available(void);

/* Appends <svg ...>...</svg>, to stand in HTML. **Errors:** MV_NOTFOUND:
 * gnuplot is not there; MV_IO: it failed; MV_NOMEM. *out is then as it was. */
enum mv_status mv_plot_draw(struct mv_buffer *out, const struct mv_plot *plot,
                            struct mv_error *error);

#endif
