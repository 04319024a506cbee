/* Rows: which column holds the message, and a verdict behind each row. */
#include "motivo_stream.h"

#include <stdlib.h>
#include <string.h>

enum { PREAMBLE_LINES = 10, NAME_BYTES = 32 };

const char *const mv_rows_verdict[2][MV_ROWS_VERDICT] = {
    {"verdict", "probability", "language", "action", "reason"},
    {"motivo_verdict", "motivo_probability", "motivo_language", "motivo_action",
     "motivo_reason"}};

static enum mv_status no_memory(const struct mv_rows *rows,
                                struct mv_error *error)
{
    return mv_error_set(error, MV_NOMEM, rows->name, 0,
                        "cannot score: out of memory");
}

/* --- what the columns are ------------------------------------------------- */

/* A file without a header has data where names are looked for, and data may
 * be somebody's message: only a short plain word passes for a name. */
static bool is_name(struct mv_span name)
{
    if (name.len == 0 || name.len > NAME_BYTES)
        return false;
    for (size_t i = 0; i < name.len; i++)
        if ((unsigned char)name.at[i] < ' ' || strchr("@/:.,;!?\"", name.at[i]))
            return false;
    return true;
}

/* "a, b, c" of n names, cut to the size of list. */
static void list_names(const struct mv_span *names, size_t n, char *list,
                       size_t size)
{
    size_t used = 0;

    list[0] = '\0';
    for (size_t i = 0; i < n; i++) {
        struct mv_span name = mv_span_trim(names[i]);
        int len;

        if (!is_name(name))
            name = mv_span_of("(not a name)");
        len = snprintf(list + used, size - used, "%s%.*s", used ? ", " : "",
                       (int)name.len, name.at);
        if ((size_t)len + sizeof ", ..." > size - used) {
            snprintf(list + used, size - used, "%s...", used ? ", " : "");
            return;
        }
        used += (size_t)len;
    }
}

/* A header in one piece that has another separator in it: its name, or NULL.
 */
static const char *separator_of(struct mv_span header)
{
    if (header.len && memchr(header.at, ';', header.len))
        return "';'";
    return header.len && memchr(header.at, '\t', header.len) ? "tabs" : NULL;
}

static enum mv_status no_column(const struct mv_rows *rows, const char *wanted,
                                const struct mv_span *names, size_t n,
                                long line, struct mv_error *error)
{
    const char *what = rows->from == MV_TABLE_CSV ? "column" : "member";
    char list[140];

    if (rows->from == MV_TABLE_CSV && n == 1 && separator_of(names[0]))
        return mv_error_set(error, MV_FORMAT, rows->name, line,
                            "columns are separated by %s: save the file as CSV "
                            "with commas",
                            separator_of(names[0]));
    list_names(names, n, list, sizeof list);
    if (wanted)
        return mv_error_set(error, MV_FORMAT, rows->name, line,
                            "no %s '%.40s'; there are: %s", what, wanted, list);
    return mv_error_set(error, MV_FORMAT, rows->name, line,
                        "no %s is known to hold messages; there are: %s; name "
                        "the one to score: --text %s",
                        what, list, *what == 'c' ? "COLUMN" : "MEMBER");
}

static bool has_columns(const struct mv_csv_row *row, const char *const *names)
{
    for (; *names; names++)
        if (mv_csv_column(row->fields, row->n, *names, NULL) < 0)
            return false;
    return true;
}

/* The column of the messages, or -1. */
static ptrdiff_t text_column(const struct mv_csv_row *row, const char *mapped)
{
    static const char *const INVITATIONS[] = {"From", "To", "Sent At",
                                              "Message", NULL};
    static const char *const MESSAGES[] = {"From", "Date", "Content", NULL};
    static const char *const OTHERS[] = {"message", NULL};
    const char *name = mapped                          ? mapped
                       : has_columns(row, INVITATIONS) ? "Message"
                       : has_columns(row, MESSAGES)    ? "Content"
                                                       : "text";

    return mv_csv_column(row->fields, row->n, name, mapped ? NULL : OTHERS);
}

static enum mv_status allot(struct mv_rows *rows, size_t n)
{
    rows->column = mv_arena_alloc(&rows->arena, (n + 1) * sizeof *rows->column);
    rows->width = 0;
    return rows->column ? MV_OK : MV_NOMEM;
}

static enum mv_status keep_name(struct mv_rows *rows, struct mv_span name)
{
    const char *copy = mv_arena_copy(&rows->arena, name);

    rows->column[rows->width++] = copy;
    return copy ? MV_OK : MV_NOMEM;
}

static bool is_verdict_column(const char *name)
{
    for (int i = 0; i < MV_ROWS_VERDICT; i++)
        if (strcmp(name, mv_rows_verdict[0][i]) == 0)
            return true;
    return false;
}

/* Whether the input has some of the verdict's names for something of its own:
 * nothing of it may get lost. */
static bool is_apart(const struct mv_rows *rows)
{
    int n = 0;

    for (size_t i = 0; i < rows->width; i++)
        n += is_verdict_column(rows->column[i]);
    return n > 0 && n < MV_ROWS_VERDICT;
}

/* JSON can not tell two members of the same name apart: two such columns are
 * an error, and those of an earlier verdict are left out for ours. */
static enum mv_status check_names(struct mv_rows *rows, long line,
                                  struct mv_error *error)
{
    rows->apart = rows->to == MV_TABLE_JSONL && is_apart(rows);
    for (size_t i = 0; rows->to == MV_TABLE_JSONL && i < rows->width; i++) {
        if (!rows->apart && is_verdict_column(rows->column[i]))
            rows->column[i] = NULL;
        for (size_t k = 0; rows->column[i] && k < i; k++)
            if (rows->column[k] &&
                strcmp(rows->column[i], rows->column[k]) == 0)
                return mv_error_set(error, MV_FORMAT, rows->name, line,
                                    "columns %zu and %zu have the same name, "
                                    "which JSON can not keep apart: rename "
                                    "one, or write CSV",
                                    k + 1, i + 1);
    }
    return MV_OK;
}

static enum mv_status keep_header(struct mv_rows *rows,
                                  const struct mv_csv_row *row,
                                  struct mv_error *error)
{
    enum mv_status status = allot(rows, row->n);

    for (size_t i = 0; status == MV_OK && i < row->n; i++)
        status = keep_name(rows, mv_span_trim(row->fields[i]));
    rows->heading.len = row->raw.len;
    rows->heading.at = mv_arena_copy(&rows->arena, row->raw);
    if (status != MV_OK || !rows->heading.at)
        return no_memory(rows, error);
    return check_names(rows, row->line, error);
}

/* Whether Connections.csv lies before us, with the notes above its header. */
static bool is_connections(struct mv_csv_splitter *splitter,
                           struct mv_csv_row *row)
{
    static const char *const CONNECTIONS[] = {"First Name", "Last Name",
                                              "Connected On", NULL};

    do
        if (has_columns(row, CONNECTIONS))
            return true;
    while (mv_csv_splitter_next(splitter, row, NULL) == MV_OK && row->n &&
           row->line <= PREAMBLE_LINES);
    return false;
}

static enum mv_status read_header(struct mv_rows *rows,
                                  struct mv_csv_splitter *splitter,
                                  const char *mapped, struct mv_error *error)
{
    struct mv_csv_row row;
    enum mv_status status = mv_csv_splitter_next(splitter, &row, error);
    ptrdiff_t text;

    if (status != MV_OK)
        return status;
    if (row.n == 0)
        return mv_error_set(error, MV_FORMAT, rows->name, 0,
                            "empty file: expected a CSV with a header line");
    text = text_column(&row, mapped);
    if (text >= 0) {
        rows->text = (size_t)text;
        return keep_header(rows, &row, error);
    }
    status = no_column(rows, mapped, row.fields, row.n, row.line, error);
    if (!mapped && is_connections(splitter, &row)) {
        mv_error_clear(error);
        mv_error_set(error, status, rows->name, row.line,
                     "connections have no messages that could be scored: "
                     "pass Invitations.csv or the whole export");
    }
    return status;
}

static enum mv_status open_csv(struct mv_rows *rows,
                               const struct mv_span *block, const char *mapped,
                               struct mv_error *error)
{
    struct mv_csv_splitter *splitter = NULL;
    enum mv_status status = mv_csv_splitter_new(&splitter, rows->name, error);

    if (status == MV_OK) {
        mv_csv_splitter_set(splitter, block->at, block->len, 1);
        status = read_header(rows, splitter, mapped, error);
    }
    mv_csv_splitter_free(splitter);
    return status;
}

/* --- JSON lines ----------------------------------------------------------- */

/* Finds the member of the messages among those of the first object. */
static enum mv_status find_member(struct mv_rows *rows, struct mv_json *json,
                                  const char *mapped, long line,
                                  struct mv_error *error)
{
    static const char *const USUAL[] = {"text", "message", "Message", NULL};
    const char *const named[] = {mapped, NULL};
    const char *const *name = mapped ? named : USUAL;
    struct mv_span value, *names;

    while (*name && mv_json_get(json, *name, &value) != MV_OK)
        name++;
    if (*name) {
        rows->member = mv_arena_copy(&rows->arena, mv_span_of(*name));
        return rows->member ? MV_OK : no_memory(rows, error);
    }
    names = malloc((rows->width + 1) * sizeof *names);
    if (!names)
        return no_memory(rows, error);
    for (size_t i = 0; i < rows->width; i++)
        names[i] = mv_span_of(rows->column[i]);
    no_column(rows, mapped, names, rows->width, line, error);
    free(names);
    return MV_FORMAT;
}

/* The members of the first object are the columns of a table. */
static enum mv_status keep_members(struct mv_rows *rows,
                                   const struct mv_json *json)
{
    size_t n = 0;
    const char *key;
    enum mv_status status;

    while (mv_json_key(json, n))
        n++;
    status = allot(rows, n);
    for (size_t i = 0; status == MV_OK && i < n; i++) {
        key = mv_json_key(json, i);
        status = keep_name(rows, mv_span_of(key));
    }
    if (status != MV_OK)
        return status;
    rows->apart = is_apart(rows);
    n = rows->width;
    rows->width = 0;
    for (size_t i = 0; i < n; i++)
        if (rows->apart || !is_verdict_column(rows->column[i]))
            rows->column[rows->width++] = rows->column[i];
    return MV_OK;
}

static enum mv_status open_jsonl(struct mv_rows *rows,
                                 const struct mv_span *block,
                                 const char *mapped, struct mv_error *error)
{
    struct mv_rows_lines lines = {*block, 1};
    struct mv_json *json = mv_json_new();
    struct mv_span line = {NULL, 0};
    long number = 0;
    enum mv_status status;

    if (mv_rows_line(&lines, &line, &number))
        status =
            mv_json_parse(json, line.at, line.len, rows->name, number, error);
    else
        status = mv_error_set(error, MV_FORMAT, rows->name, 0,
                              "empty file: expected one JSON object a line");
    if (status == MV_OK && keep_members(rows, json) != MV_OK)
        status = no_memory(rows, error);
    if (status == MV_OK)
        status = find_member(rows, json, mapped, number, error);
    mv_json_free(json);
    return status;
}

/* --- opening -------------------------------------------------------------- */

enum mv_status mv_rows_open(struct mv_rows *rows, const struct mv_span *block,
                            const struct mv_mapping *mapping,
                            struct mv_error *error)
{
    return rows->from == MV_TABLE_CSV
               ? open_csv(rows, block, mapping->text, error)
               : open_jsonl(rows, block, mapping->text, error);
}

enum mv_status mv_rows_name(struct mv_rows *rows, const char *const *columns,
                            size_t n, struct mv_error *error)
{
    enum mv_status status = allot(rows, n);

    for (size_t i = 0; status == MV_OK && i < n; i++)
        status = keep_name(rows, mv_span_of(columns[i]));
    return status == MV_OK ? status : no_memory(rows, error);
}

void mv_rows_close(struct mv_rows *rows)
{
    mv_arena_release(&rows->arena);
}

enum mv_status mv_rows_cell(const struct mv_rows *rows, struct mv_buffer *out,
                            struct mv_span field)
{
    return rows->spreadsheet ? mv_csv_put_defused(out, field)
                             : mv_csv_put(out, field);
}

enum mv_status mv_rows_heading(const struct mv_rows *rows,
                               struct mv_buffer *out, struct mv_error *error)
{
    bool as_written = rows->heading.at && !rows->spreadsheet;
    enum mv_status status = MV_OK;

    if (rows->to == MV_TABLE_JSONL)
        return MV_OK;
    if (rows->spreadsheet)
        status = mv_buffer_puts(out, MV_CSV_BOM);
    if (status == MV_OK && as_written)
        status = mv_csv_put_raw(out, rows->heading);
    for (size_t i = 0; !as_written && i < rows->width; i++)
        if (status == MV_OK)
            status = mv_rows_cell(rows, out, mv_span_of(rows->column[i]));
    for (int i = 0; status == MV_OK && i < MV_ROWS_VERDICT; i++)
        status = mv_csv_put(out, mv_span_of(mv_rows_verdict[rows->apart][i]));
    if (status == MV_OK)
        status = mv_csv_end(out);
    return status == MV_OK ? status : no_memory(rows, error);
}
