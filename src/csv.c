#include "csv.h"
#include "csv_scan.h"

#include <stdlib.h>
#include <string.h>

/* Small enough for a core's own cache, large enough to make a read cheap. */
enum { BLOCK = 1 << 18 };

struct mv_csv {
    struct mv_source *source;
    struct mv_csv_splitter *splitter;
    char
        *at; /* size bytes, len used, the first whole of them at the splitter */
    size_t len, size, whole;
    long line; /* on which at starts */
    bool end;  /* nothing more comes from the source */
};

/* --- cutting ---------------------------------------------------------------
 */

static bool odd_quotes(const char *at, size_t len)
{
    uint64_t all = 0;
    size_t i = 0;

    for (; len - i >= 64; i += 64)
        all ^= mv_csv_masks(at + i).quote;
    for (; i < len; i++)
        all ^= at[i] == '"';
    return mv_csv_count(all) & 1;
}

size_t mv_csv_complete(const char *at, size_t len)
{
    bool inside = odd_quotes(at, len);
    size_t i = len;

    if (i && at[i - 1] == '\r')
        i--;
    for (; i > 0; i--) {
        char c = at[i - 1];

        if (!inside && (c == '\n' || c == '\r'))
            return i;
        inside ^= c == '"';
    }
    return 0;
}

long mv_csv_lines(const char *at, size_t len)
{
    uint64_t after_cr = 0; /* whether the byte before the window is a CR */
    size_t i = 0;
    long n = 0;

    for (; len - i >= 64; i += 64) {
        struct mv_csv_masks m = mv_csv_masks(at + i);
        uint64_t crlf = m.lf & (m.cr << 1 | after_cr);

        if (m.cr | m.lf)
            n += (long)mv_csv_count(m.lf & ~crlf) + (long)mv_csv_count(m.cr);
        after_cr = m.cr >> 63;
    }
    for (; i < len; i++) {
        n += at[i] == '\r' || (at[i] == '\n' && !after_cr);
        after_cr = at[i] == '\r';
    }
    return n;
}

/* --- reader ----------------------------------------------------------------
 */

enum mv_status mv_csv_open(struct mv_csv **out, struct mv_source *source,
                           struct mv_error *error)
{
    const char *name = mv_source_name(source);
    struct mv_csv *csv = calloc(1, sizeof *csv);

    *out = NULL;
    if (!csv)
        goto no_memory;
    csv->source = source;
    csv->line = 1;
    csv->size = BLOCK;
    csv->at = malloc(csv->size);
    if (!csv->at || mv_csv_splitter_new(&csv->splitter, name, NULL) != MV_OK)
        goto no_memory;
    mv_csv_splitter_set(csv->splitter, csv->at, 0, csv->line);
    *out = csv;
    return MV_OK;

no_memory:
    mv_csv_close(csv);
    return mv_error_set(error, MV_NOMEM, name, 0, "cannot read: out of memory");
}

void mv_csv_close(struct mv_csv *csv)
{
    if (!csv)
        return;
    mv_csv_splitter_free(csv->splitter);
    free(csv->at);
    free(csv);
}

static enum mv_status grow(struct mv_csv *csv, struct mv_error *error)
{
    char *at;

    if (csv->len < csv->size)
        return MV_OK;
    at = realloc(csv->at, 2 * csv->size);
    if (!at)
        return mv_error_set(error, MV_NOMEM, mv_source_name(csv->source),
                            csv->line, "cannot read the row: out of memory");
    csv->at = at;
    csv->size *= 2;
    return MV_OK;
}

/* Gives the splitter the next block. A record that never ends is handed over
 * as it is once it is longer than allowed: the splitter then says so. */
static enum mv_status next_block(struct mv_csv *csv, struct mv_error *error)
{
    enum mv_status status;
    size_t got;

    csv->line = mv_csv_splitter_line(csv->splitter);
    csv->len -= csv->whole;
    memmove(csv->at, csv->at + csv->whole, csv->len);
    csv->whole = 0;
    while (!csv->whole && !csv->end) {
        status = grow(csv, error);
        if (status != MV_OK)
            return status;
        status = mv_source_read(csv->source, csv->at + csv->len,
                                csv->size - csv->len, &got, error);
        if (status != MV_OK)
            return status;
        csv->len += got;
        csv->end = csv->len < csv->size;
        csv->whole = mv_csv_complete(csv->at, csv->len);
        if (csv->end || (!csv->whole && csv->len >= MV_CSV_RECORD_MAX + 2))
            csv->whole = csv->len;
    }
    mv_csv_splitter_set(csv->splitter, csv->at, csv->whole, csv->line);
    return MV_OK;
}

enum mv_status mv_csv_next(struct mv_csv *csv, struct mv_csv_row *row,
                           struct mv_error *error)
{
    enum mv_status status;

    for (;;) {
        status = mv_csv_splitter_next(csv->splitter, row, error);
        csv->end |= mv_csv_splitter_lost(csv->splitter);
        if (status != MV_OK || row->n)
            return status;
        if (csv->end)
            return MV_OK;
        status = next_block(csv, error);
        if (status != MV_OK)
            return status;
    }
}
