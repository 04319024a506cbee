/* Figures, dates and names of languages, in words; tables. */
#include "report_text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* 100 times a share is seldom a whole number in binary. */
static const double SLACK = 1e-9;

const char *mv_report_figure(struct mv_page *page, double value)
{
    if (!isfinite(value))
        return "-";
    /* No "-0.00". */
    if (fabs(value) < 0.005)
        value = 0;
    return mv_report_format(page, "%.2f", value);
}

const char *mv_report_interval(struct mv_page *page, struct mv_interval of)
{
    const char *value = mv_report_figure(page, of.value);
    const char *low = mv_report_figure(page, of.low);
    const char *high = mv_report_figure(page, of.high);

    if (!isfinite(of.value) || !isfinite(of.low) || !isfinite(of.high))
        return value;
    return mv_report_format(page, "%s (%s%s%s)", value, low,
                            low[0] == '-' || high[0] == '-' ? " to " : "-",
                            high);
}

const char *mv_report_percent(struct mv_page *page, double share)
{
    double percent = 100 * share;

    if (!isfinite(share))
        return "-";
    if (percent > SLACK && percent < 0.5)
        return "less than 1 %";
    if (percent >= 99.5 && percent < 100 - SLACK)
        return "over 99 %";
    return mv_report_format(page, "%.0f %%", percent);
}

const char *mv_report_of_100(struct mv_page *page, struct mv_interval of)
{
    double low = floor(100 * of.low + SLACK);
    double high = ceil(100 * of.high - SLACK);

    if (!isfinite(of.value))
        return "-";
    if (!isfinite(low) || !isfinite(high) || low >= high)
        return mv_report_format(page, "%.0f", 100 * of.value);
    return mv_report_format(page, "%.0f to %.0f", low, high);
}

const char *mv_report_at_least(struct mv_page *page, double share)
{
    if (!isfinite(share))
        return "-";
    return mv_report_format(page, "%.0f", floor(100 * share + SLACK));
}

const char *mv_report_day(struct mv_page *page, int64_t at)
{
    time_t clock = (time_t)at;
    struct tm tm;
    char text[16];

    if (at == MV_NO_TIME || !gmtime_r(&clock, &tm) || tm.tm_year > 8099 ||
        !strftime(text, sizeof text, "%Y-%m-%d", &tm))
        return "-";
    return mv_report_format(page, "%s", text);
}

const char *mv_report_count(struct mv_page *page, long n, const char *one,
                            const char *many)
{
    return mv_report_format(page, "%ld %s", n, n == 1 ? one : many);
}

const char *mv_report_language(enum mv_language language)
{
    static const char *const NAMES[MV_LANG_COUNT] = {
        "Spanish", "English", "Portuguese", "French",  "Italian",
        "German",  "Catalan", "another",    "unclear",
    };

    return language >= 0 && (int)language < MV_LANG_COUNT ? NAMES[language]
                                                          : "unclear";
}

const char *mv_report_language_of(const char *code)
{
    return mv_report_language(mv_lang_parse(code));
}

/* --- tables --------------------------------------------------------------- */

enum { COLUMNS_MAX = 12 };

void mv_report_cell(struct mv_page *page, struct mv_report_table *table,
                    const char *text)
{
    size_t size = table->size ? 2 * table->size : 64;
    const char **cell;

    if (table->n == table->size) {
        cell = realloc(table->cell, size * sizeof *cell);
        if (!cell) {
            page->failed = true;
            return;
        }
        table->cell = cell;
        table->size = size;
    }
    table->cell[table->n++] = text;
}

static void put_cell(struct mv_page *page, const char *text, char align,
                     size_t width, bool last)
{
    int fill = (int)(width - mv_report_width(text));

    if (align == 'r')
        mv_report_put(page, "%*s%s", fill, "", text);
    else
        mv_report_put(page, "%s%*s", text, last ? 0 : fill, "");
    mv_report_put(page, "%s", last ? "\n" : "  ");
}

/* A row ends with its last cell that is not empty: no blanks at line ends. */
static void put_row(struct mv_page *page, const struct mv_report_table *table,
                    size_t row, size_t columns, const size_t *width)
{
    const char *const *cell = table->cell + row;
    size_t n = columns < table->n - row ? columns : table->n - row;

    while (n > 1 && !*cell[n - 1])
        n--;
    for (size_t c = 0; c < n; c++)
        put_cell(page, cell[c], table->align[c], width[c], c + 1 == n);
}

void mv_report_table_end(struct mv_page *page, struct mv_report_table *table,
                         const char *lead)
{
    size_t width[COLUMNS_MAX] = {0}, columns = strlen(table->align);

    for (size_t i = 0; i < table->n; i++) {
        size_t w = mv_report_width(table->cell[i]);

        if (w > width[i % columns])
            width[i % columns] = w;
    }
    for (size_t row = 0; row < table->n; row += columns) {
        mv_report_put(page, "%s", lead);
        put_row(page, table, row, columns, width);
    }
    free(table->cell);
    *table = (struct mv_report_table){.align = table->align};
}
