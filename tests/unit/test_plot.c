#include "plot.h"
#include "test.h"

#include <math.h>
#include <stdlib.h>

static const double X[] = {1, 2, 3}, Y[] = {.2, NAN, .6}, LOW[] = {.1, 0, .5},
                    HIGH[] = {.3, 1, .7};

static struct mv_plot plot_of(const struct mv_plot_series *series, size_t n)
{
    return (struct mv_plot){.id = "probe",
                            .title = "a < b & c",
                            .x = "axe \"x\" \\ $(id) `id`",
                            .y_to = NAN,
                            .series = series,
                            .n = n};
}

static int count(const char *text, const char *part)
{
    int n = 0;

    for (; (text = strstr(text, part)); text++)
        n++;
    return n;
}

static void test_drawing(void)
{
    const struct mv_plot_series series[] = {
        {MV_PLOT_LINE, "line", 1, 3, X, Y, NULL, NULL},
        {MV_PLOT_POINTS, NULL, 2, 3, X, Y, LOW, HIGH},
        {MV_PLOT_DASHES, NULL, 4, 3, X, X, NULL, NULL},
        {MV_PLOT_DOT, NULL, 5, 1, X, X, NULL, NULL},
        {MV_PLOT_STACK, "stack", 3, 3, X, X, NULL, NULL}};
    struct mv_plot plot = plot_of(series, 5);
    struct mv_buffer out = {0}, again = {0};
    struct mv_error error = {0};

    plot.width = .8;
    TEST("a drawing with the page's colours and ids of its own")
    {
        EQ(mv_plot_draw(&out, &plot, &error), MV_OK);
        OK(strncmp(out.at, "<svg viewBox=", 13) == 0);
        OK(strcmp(out.at + out.len - 6, "</svg>") == 0);
        OK(strstr(out.at,
                  "<title id=\"probe-title\">a &lt; b &amp; c</title>"));
        EQ(count(out.at, "<title"), 1);
        for (int i = 1; i <= 5; i++) {
            char colour[] = "var(--plot-0)";

            colour[11] = (char)('0' + i);
            OK(strstr(out.at, colour));
        }
        OK(strstr(out.at, "id='probe-gpPt6'"));
        OK(strstr(out.at, "href='#probe-gpPt6'"));
        EQ(count(out.at, "id='gp") + count(out.at, "'#gp"), 0);
        EQ(count(out.at, "black") + count(out.at, "rgb("), 0);
        OK(strstr(out.at, "axe \"x\" \\ $(id) `id`") ||
           strstr(out.at, "axe &quot;x&quot; \\ $(id) `id`"));
    }
    TEST("the same bytes each time")
    {
        EQ(mv_plot_draw(&again, &plot, &error), MV_OK);
        STR(again.at, out.at);
    }
    mv_buffer_release(&out);
    mv_buffer_release(&again);
}

static void test_days(void)
{
    static const double DAYS[] = {1767225600, 1772323200, 1777593600};
    const struct mv_plot_series series[] = {
        {MV_PLOT_STACK, NULL, 1, 3, DAYS, X, NULL, NULL}};
    struct mv_plot plot = plot_of(series, 1);
    struct mv_buffer out = {0};

    plot.days = true;
    plot.width = 5 * 86400;
    TEST("an axis of days")
    {
        EQ(mv_plot_draw(&out, &plot, NULL), MV_OK);
        OK(strstr(out.at ? out.at : "", "2026-03"));
    }
    mv_buffer_release(&out);
}

static void test_failures(void)
{
    const struct mv_plot_series none[] = {
        {MV_PLOT_LINE, NULL, 1, 0, X, Y, NULL, NULL}};
    struct mv_plot plot = plot_of(none, 1);
    struct mv_buffer out = {0};
    struct mv_error error = {0};
    char *path = strdup(getenv("PATH") ? getenv("PATH") : "");

    mv_buffer_puts(&out, "before");
    TEST("nothing to draw is an error, and what was there stays")
    {
        EQ(mv_plot_draw(&out, &plot, &error), MV_IO);
        STR(out.at, "before");
        STR(error.message, "gnuplot did not draw the plot 'probe'");
    }
    setenv("PATH", "/nowhere::/", 1);
    TEST("without gnuplot")
    {
        OK(!mv_plot_available());
        error = (struct mv_error){0};
        EQ(mv_plot_draw(&out, &plot, &error), MV_NOTFOUND);
        STR(error.message, "gnuplot is not installed");
    }
    setenv("PATH", path, 1);
    free(path);
    mv_buffer_release(&out);
}

int main(void)
{
    test_failures();
    if (mv_plot_available()) {
        test_drawing();
        test_days();
    }
    return test_end();
}
