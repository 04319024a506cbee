#include "csv.h"

#include <string.h>

/* --- header ----------------------------------------------------------------
 */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same_name(struct mv_span a, struct mv_span b)
{
    size_t i;

    if (a.len != b.len)
        return false;
    for (i = 0; i < a.len; i++)
        if (lower(a.at[i]) != lower(b.at[i]))
            return false;
    return true;
}

static ptrdiff_t find_column(const struct mv_span *fields, size_t n,
                             const char *name)
{
    struct mv_span wanted = mv_span_trim(mv_span_of(name));
    size_t i;

    for (i = 0; i < n; i++)
        if (same_name(mv_span_trim(fields[i]), wanted))
            return (ptrdiff_t)i;
    return -1;
}

ptrdiff_t mv_csv_column(const struct mv_span *fields, size_t n,
                        const char *name, const char *const *others)
{
    ptrdiff_t found = find_column(fields, n, name);

    for (; found < 0 && others && *others; others++)
        found = find_column(fields, n, *others);
    return found;
}

/* --- writing ---------------------------------------------------------------
 */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool needs_quotes(struct mv_span field)
{
    size_t i;

    if (!field.len)
        return false;
    if (is_blank(field.at[0]) || is_blank(field.at[field.len - 1]))
        return true;
    for (i = 0; i < field.len; i++) {
        char c = field.at[i];

        if (c == ',' || c == '"' || c == '\r' || c == '\n')
            return true;
    }
    return false;
}

/* Every field is followed by a comma; mv_csv_end makes the last one an LF. */
enum mv_status mv_csv_put_raw(struct mv_buffer *buffer, struct mv_span raw)
{
    if (mv_buffer_reserve(buffer, raw.len + 1) != MV_OK)
        return MV_NOMEM;
    mv_buffer_put(buffer, raw.at, raw.len);
    return mv_buffer_put(buffer, ",", 1);
}

enum mv_status mv_csv_put(struct mv_buffer *buffer, struct mv_span field)
{
    size_t i;
    char *to;

    if (!needs_quotes(field))
        return mv_csv_put_raw(buffer, field);
    if (mv_buffer_reserve(buffer, 2 * field.len + 3) != MV_OK)
        return MV_NOMEM;
    to = buffer->at + buffer->len;
    *to++ = '"';
    for (i = 0; i < field.len; i++) {
        if (field.at[i] == '"')
            *to++ = '"';
        *to++ = field.at[i];
    }
    *to++ = '"';
    *to++ = ',';
    *to = '\0';
    buffer->len = (size_t)(to - buffer->at);
    return MV_OK;
}

static bool is_formula(struct mv_span field)
{
    static const char *const STARTS[] = {"=",
                                         "+",
                                         "-",
                                         "@",
                                         "\t",
                                         "\r",
                                         "\n",
                                         "\xef\xbc\x9d",
                                         "\xef\xbc\x8b",
                                         "\xef\xbc\x8d",
                                         "\xef\xbc\xa0"};
    size_t i;

    while (field.len && *field.at == ' ') { /* some drop these first */
        field.at++;
        field.len--;
    }
    for (i = 0; i < sizeof STARTS / sizeof *STARTS; i++) {
        struct mv_span start = mv_span_of(STARTS[i]);

        if (field.len >= start.len &&
            mv_span_equal((struct mv_span){field.at, start.len}, start))
            return true;
    }
    return false;
}

enum mv_status mv_csv_put_defused(struct mv_buffer *buffer,
                                  struct mv_span field)
{
    struct mv_buffer text = {0};
    enum mv_status status;

    if (!is_formula(field))
        return mv_csv_put(buffer, field);
    status = mv_buffer_puts(&text, "'");
    if (status == MV_OK)
        status = mv_buffer_put(&text, field.at, field.len);
    if (status == MV_OK)
        status = mv_csv_put(buffer, mv_buffer_span(&text));
    mv_buffer_release(&text);
    return status;
}

enum mv_status mv_csv_end(struct mv_buffer *buffer)
{
    size_t len = buffer->len;

    if (!len || buffer->at[len - 1] != ',')
        return mv_buffer_put(buffer, "\n", 1);
    if (len == 1 || buffer->at[len - 2] == '\n') {
        if (mv_buffer_reserve(buffer, 2) != MV_OK)
            return MV_NOMEM;
        buffer->len--;
        return mv_buffer_put(buffer, "\"\"\n", 3);
    }
    buffer->at[len - 1] = '\n';
    return MV_OK;
}
