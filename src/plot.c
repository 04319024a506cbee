#include "plot.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { WIDTH = 440, HEIGHT = 300 };

/* --- the program ---------------------------------------------------------- */

/* The program along $PATH: its path in *out. */
static bool find_program(char *out, size_t size)
{
    const char *path = getenv("PATH");

    while (path && *path) {
        size_t len = strcspn(path, ":");

        if (len &&
            (size_t)snprintf(out, size, "%.*s/gnuplot", (int)len, path) <
                size &&
            access(out, X_OK) == 0)
            return true;
        path += len + (path[len] == ':');
    }
    return false;
}

bool mv_plot_available(void)
{
    char program[4096];

    return find_program(program, sizeof program);
}

/* The child: script as standard input, out as standard output, no talk. */
static void become(const char *program, int script, int out)
{
    int null = open("/dev/null", O_WRONLY);
    char *const argument[] = {(char *)(uintptr_t)program, (char[]){"-d"}, NULL};
    char *const environment[] = {(char[]){"LC_ALL=C.UTF-8"}, (char[]){"HOME=/"},
                                 NULL};

    if (dup2(script, 0) < 0 || dup2(out, 1) < 0 || dup2(null, 2) < 0)
        _exit(127);
    execve(program, argument, environment);
    _exit(127);
}

static enum mv_status drain(int from, struct mv_buffer *out)
{
    ssize_t got;

    do {
        if (mv_buffer_reserve(out, 65536) != MV_OK)
            return MV_NOMEM;
        got = read(from, out->at + out->len, 65536 - 1);
        if (got > 0)
            out->len += (size_t)got;
        out->at[out->len] = '\0';
    } while (got > 0 || (got < 0 && errno == EINTR));
    return got < 0 ? MV_IO : MV_OK;
}

/* Runs program on a script that is in a file, so that neither waits for the
 * other. */
static enum mv_status run_program(const char *program, int script,
                                  struct mv_buffer *out)
{
    int ends[2], told = 0;
    enum mv_status status;
    pid_t child;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return MV_IO;
    child = fork();
    if (child == 0)
        become(program, script, ends[1]);
    close(ends[1]);
    status = child < 0 ? MV_IO : drain(ends[0], out);
    close(ends[0]);
    while (child > 0 && waitpid(child, &told, 0) < 0 && errno == EINTR)
        continue;
    if (status == MV_OK && !(WIFEXITED(told) && WEXITSTATUS(told) == 0))
        status = MV_IO;
    return status;
}

/* --- the script ----------------------------------------------------------- */

/* A string of gnuplot, of the kind in which nothing is expanded. */
static void put_string(FILE *to, const char *text)
{
    fputc('\'', to);
    for (; text && *text; text++) {
        if (*text == '\'')
            fputc('\'', to);
        fputc((unsigned char)*text < ' ' ? ' ' : *text, to);
    }
    fputc('\'', to);
}

static void put_range(FILE *to, char axis, double from, double high)
{
    if (from < high)
        fprintf(to, "set %crange [%.17g:%.17g]\n", axis, from, high);
    else if (isnan(high))
        fprintf(to, "set %crange [%.17g:*]\n", axis, from);
}

static void put_names(FILE *to, const struct mv_plot *plot)
{
    fputs("set xtics scale 0 (", to);
    for (size_t i = 0; i < plot->n_names; i++) {
        if (i)
            fputc(',', to);
        put_string(to, plot->names[i]);
        fprintf(to, " %zu", i + 1);
    }
    fputs(")\n", to);
}

static void put_axes(FILE *to, const struct mv_plot *plot)
{
    fprintf(to,
            "set encoding utf8\n"
            "set terminal svg noenhanced size %d,%d dynamic "
            "font 'sans-serif,13'\n"
            "set border 3 lw 0.6\n"
            "set tics nomirror out scale 0.5\n"
            "set grid ytics lt 1 lw 0.5 lc rgb '#010106'\n"
            "set key above left Left reverse samplen 1.4 spacing 1.1 width -1\n"
            "set style fill solid noborder\n",
            WIDTH, HEIGHT);
    if (plot->x) {
        fputs("set xlabel ", to);
        put_string(to, plot->x);
        fputc('\n', to);
    }
    if (plot->y) {
        fputs("set ylabel ", to);
        put_string(to, plot->y);
        fputs(" offset 0.8,0\n", to);
    }
    if (plot->comma)
        fputs("set decimalsign ','\n", to);
    put_range(to, 'x', plot->x_from, plot->x_to);
    put_range(to, 'y', plot->y_from, plot->y_to);
    if (plot->names)
        put_names(to, plot);
    if (plot->days)
        fputs("set xdata time\nset timefmt '%s'\nset format x '%Y-%m'\n"
              "set xtics rotate by -40\nset rmargin 5\n",
              to);
    if (plot->width > 0)
        fprintf(to, "set boxwidth %.17g absolute\n", plot->width);
}

static bool drawn(const struct mv_plot_series *s, size_t i)
{
    return isfinite(s->x[i]) && isfinite(s->y[i]);
}

/* What series i stands on: those of its kind before it. */
static double ground(const struct mv_plot *plot, const struct mv_plot_series *s,
                     size_t i)
{
    double sum = 0;

    for (const struct mv_plot_series *b = plot->series; b < s; b++)
        if (b->style == MV_PLOT_STACK && i < b->n)
            sum += b->y[i];
    return sum;
}

static void put_data(FILE *to, const struct mv_plot *plot,
                     const struct mv_plot_series *s, size_t number)
{
    fprintf(to, "$d%zu << EOD\n", number);
    for (size_t i = 0; i < s->n; i++) {
        double base = s->style == MV_PLOT_STACK ? ground(plot, s, i) : 0;

        if (!drawn(s, i))
            continue;
        if (s->style == MV_PLOT_STACK)
            fprintf(to, "%.15g %.15g %.15g %.15g %.15g\n", s->x[i],
                    s->x[i] - plot->width / 2, s->x[i] + plot->width / 2, base,
                    base + s->y[i]);
        else
            fprintf(to, "%.15g %.15g %.15g %.15g\n", s->x[i], s->y[i],
                    s->low ? s->low[i] : s->y[i],
                    s->high ? s->high[i] : s->y[i]);
    }
    fputs("EOD\n", to);
}

static const char *style_of(const struct mv_plot_series *s)
{
    switch (s->style) {
    case MV_PLOT_LINE: return "using 1:2 with lines lw 2.4";
    case MV_PLOT_DASHES: return "using 1:2 with lines lw 1.2 dt (8,6)";
    case MV_PLOT_POINTS:
        return s->low ? "using 1:2:3:4 with yerrorbars pt 7 ps 0.7 lw 1.8"
                      : "using 1:2 with points pt 7 ps 0.7";
    case MV_PLOT_DOT: return "using 1:2 with points pt 7 ps 1.3";
    case MV_PLOT_STACK: break;
    }
    return "using 1:4:2:3:4:5 with boxxyerror";
}

static bool empty(const struct mv_plot_series *s)
{
    for (size_t i = 0; i < s->n; i++)
        if (drawn(s, i))
            return false;
    return true;
}

static void put_script(FILE *to, const struct mv_plot *plot)
{
    const char *between = "plot ";

    put_axes(to, plot);
    for (size_t i = 0; i < plot->n; i++)
        put_data(to, plot, &plot->series[i], i);
    for (size_t i = 0; i < plot->n; i++) {
        const struct mv_plot_series *s = &plot->series[i];

        if (empty(s))
            continue;
        fprintf(to, "%s$d%zu %s lc rgb '#01010%d' ", between, i, style_of(s),
                s->colour);
        if (s->title) {
            fputs("title ", to);
            put_string(to, s->title);
        } else {
            fputs("notitle", to);
        }
        between = ", \\\n     ";
    }
    fputs("\n", to);
}

/* --- the drawing ---------------------------------------------------------- */

/* What gnuplot writes, and what stands there instead; %: the plot's id. */
static const struct swap {
    const char *from, *to;
} SWAPS[] = {
    {"rgb(  1,   1,   1)", "var(--plot-1)"},
    {"rgb(  1,   1,   2)", "var(--plot-2)"},
    {"rgb(  1,   1,   3)", "var(--plot-3)"},
    {"rgb(  1,   1,   4)", "var(--plot-4)"},
    {"rgb(  1,   1,   5)", "var(--plot-5)"},
    {"rgb(  1,   1,   6)", "var(--line)"},
    {"\"black\"", "\"currentColor\""},
    {"'black'", "'currentColor'"},
    {"\"white\"", "\"var(--paper)\""},
    {"'white'", "'var(--paper)'"},
    {"id='", "id='%-"},
    {"id=\"", "id=\"%-"},
    {"'#", "'#%-"},
    {"(#", "(#%-"},
    {" font-family=\"sans-serif\" ", ""},
    {" font-family=\"sans-serif\"", ""},
};

static enum mv_status put_swapped(struct mv_buffer *out, const char *text,
                                  const char *id)
{
    for (; *text; text++) {
        size_t before = strcspn(text, "%");

        if (mv_buffer_put(out, text, before) != MV_OK)
            return MV_NOMEM;
        text += before;
        if (!*text)
            break;
        if (mv_buffer_puts(out, id) != MV_OK)
            return MV_NOMEM;
    }
    return MV_OK;
}

/* The length of a <title> element at text, which names a series for a pointer
 * to rest on; 0 when there is none. */
static size_t title_length(const char *text)
{
    const char *end;

    if (strncmp(text, "<title>", 7) != 0)
        return 0;
    end = strstr(text, "</title>");
    return end ? (size_t)(end - text) + 8 : 0;
}

static enum mv_status put_body(struct mv_buffer *out, const char *at,
                               const char *end, const char *id)
{
    const size_t n = sizeof SWAPS / sizeof *SWAPS;

    while (at < end) {
        size_t i, skip = *at == '<' ? title_length(at) : 0;
        enum mv_status status = MV_OK;

        if (skip) {
            at += skip;
            continue;
        }
        for (i = 0; i < n; i++)
            if (*at == *SWAPS[i].from &&
                strncmp(at, SWAPS[i].from, strlen(SWAPS[i].from)) == 0)
                break;
        if (i < n) {
            status = put_swapped(out, SWAPS[i].to, id);
            at += strlen(SWAPS[i].from);
        } else {
            status = mv_buffer_put(out, at, 1);
            at++;
        }
        if (status != MV_OK)
            return status;
    }
    return MV_OK;
}

static enum mv_status put_escaped(struct mv_buffer *out, const char *text)
{
    enum mv_status status = MV_OK;

    for (; status == MV_OK && text && *text; text++)
        status = *text == '<'   ? mv_buffer_puts(out, "&lt;")
                 : *text == '&' ? mv_buffer_puts(out, "&amp;")
                                : mv_buffer_put(out, text, 1);
    return status;
}

static enum mv_status put_drawing(struct mv_buffer *out, const char *svg,
                                  const struct mv_plot *plot)
{
    const char *from = strstr(svg, "<g id=\"gnuplot_canvas\">"), *end = NULL;
    char head[256];

    for (const char *at = svg; (at = strstr(at, "</svg>")); at++)
        end = at;
    if (!from || !end || end < from)
        return MV_IO;
    snprintf(head, sizeof head,
             "<svg viewBox=\"0 0 %d %d\" role=\"img\" "
             "aria-labelledby=\"%s-title\"><title id=\"%s-title\">",
             WIDTH, HEIGHT, plot->id, plot->id);
    if (mv_buffer_puts(out, head) != MV_OK ||
        put_escaped(out, plot->title) != MV_OK ||
        mv_buffer_puts(out, "</title>") != MV_OK ||
        put_body(out, from, end, plot->id) != MV_OK)
        return MV_NOMEM;
    return mv_buffer_puts(out, "</svg>");
}

/* --- the whole ------------------------------------------------------------ */

enum mv_status mv_plot_draw(struct mv_buffer *out, const struct mv_plot *plot,
                            struct mv_error *error)
{
    char program[4096];
    struct mv_buffer svg = {0};
    size_t before = out->len;
    enum mv_status status = MV_IO;
    FILE *script;

    if (!find_program(program, sizeof program))
        return mv_error_set(error, MV_NOTFOUND, NULL, 0,
                            "gnuplot is not installed");
    script = tmpfile();
    if (script) {
        put_script(script, plot);
        if (fflush(script) == 0 && !ferror(script) &&
            lseek(fileno(script), 0, SEEK_SET) == 0)
            status = run_program(program, fileno(script), &svg);
        fclose(script);
    }
    if (status == MV_OK)
        status = put_drawing(out, svg.at, plot);
    mv_buffer_release(&svg);
    if (status == MV_OK)
        return MV_OK;
    out->len = before;
    if (out->at)
        out->at[before] = '\0';
    return mv_error_set(error, status, NULL, 0,
                        "gnuplot did not draw the plot '%s'", plot->id);
}
