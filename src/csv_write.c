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
