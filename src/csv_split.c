#include "csv_scan.h"

/* libcsv's own header, which is called csv.h like ours: the detour keeps a
 * search path that starts in src/ from finding ours. */
#include <../include/csv.h>
#include <stdlib.h>
#include <string.h>

enum { WINDOW = 64, CSV_GROWTH = 1 << 16 };

struct mv_csv_splitter {
    const char *name;
    const char *at; /* the block */
    size_t len;

    /* The window: 64 bytes of the block from base on, as masks from which
     * what belongs to earlier records has been taken away. */
    size_t base;
    uint64_t separator; /* commas and line ends outside of quotes */
    uint64_t quote, high, nul, line_end;
    uint64_t in_quotes; /* all ones when the next window starts in quotes */

    /* The record on the way. */
    size_t start, field_start;
    size_t quotes;
    long line, lines; /* where it starts; line ends in it so far */
    bool has_high, has_nul, has_many;
    bool lost; /* a record without an end: nothing behind it can be told */

    struct mv_span *fields;
    size_t n, size;
    struct csv_parser parser;
    bool parser_ready;
    bool failed;              /* a call-back of the parser ran out of room */
    struct mv_buffer text;    /* unquoted fields of libcsv */
    struct mv_buffer recoded; /* a record converted from Windows-1252 */
};

static enum mv_status no_memory(const struct mv_csv_splitter *s,
                                struct mv_error *error)
{
    return mv_error_set(error, MV_NOMEM, s->name, s->line,
                        "cannot read the row: out of memory");
}

enum mv_status mv_csv_splitter_new(struct mv_csv_splitter **out,
                                   const char *name, struct mv_error *error)
{
    struct mv_csv_splitter *s = calloc(1, sizeof *s);

    *out = s;
    if (!s)
        return mv_error_set(error, MV_NOMEM, name, 0,
                            "cannot read: out of memory");
    s->name = name;
    return MV_OK;
}

void mv_csv_splitter_free(struct mv_csv_splitter *s)
{
    if (!s)
        return;
    if (s->parser_ready)
        csv_free(&s->parser);
    mv_buffer_release(&s->text);
    mv_buffer_release(&s->recoded);
    free(s->fields);
    free(s);
}

long mv_csv_splitter_line(const struct mv_csv_splitter *s)
{
    return s->line;
}

bool mv_csv_splitter_lost(const struct mv_csv_splitter *s)
{
    return s->lost;
}

/* --- windows ---------------------------------------------------------------
 */

static void load_window(struct mv_csv_splitter *s)
{
    size_t left = s->len - s->base;
    uint64_t valid = ~(uint64_t)0, inside = s->in_quotes, next_lf = 0;
    struct mv_csv_masks m;
    char last[WINDOW];

    if (left >= WINDOW) {
        m = mv_csv_masks(s->at + s->base);
        if (left > WINDOW)
            next_lf = s->at[s->base + WINDOW] == '\n';
    } else {
        memset(last, 0, sizeof last);
        memcpy(last, s->at + s->base, left);
        m = mv_csv_masks(last);
        valid = ((uint64_t)1 << left) - 1;
    }
    if (m.quote) {
        inside ^= mv_csv_parity(m.quote);
        s->in_quotes = 0 - (inside >> 63);
    }
    s->separator = (m.comma | m.cr | m.lf) & ~inside;
    s->quote = m.quote;
    s->high = m.high;
    s->nul = m.nul & valid;
    s->line_end = m.lf | (m.cr & ~(m.lf >> 1 | next_lf << 63));
}

/* Books the bytes of the window under mask to the record on the way. */
static void account(struct mv_csv_splitter *s, uint64_t mask)
{
    if (s->quote & mask)
        s->quotes += mv_csv_count(s->quote & mask);
    if (s->line_end & mask)
        s->lines += (long)mv_csv_count(s->line_end & mask);
    s->has_high |= (s->high & mask) != 0;
    s->has_nul |= (s->nul & mask) != 0;
    s->quote &= ~mask;
    s->line_end &= ~mask;
    s->high &= ~mask;
    s->nul &= ~mask;
}

static void begin_record(struct mv_csv_splitter *s, size_t start)
{
    s->line += s->lines;
    s->start = s->field_start = start;
    s->quotes = 0;
    s->lines = 0;
    s->n = 0;
    s->has_high = s->has_nul = s->has_many = false;
}

void mv_csv_splitter_set(struct mv_csv_splitter *s, const char *at, size_t len,
                         long line)
{
    s->at = at;
    s->len = len;
    s->base = 0;
    s->in_quotes = 0;
    s->lost = false;
    s->line = line;
    s->lines = 0;
    s->separator = s->quote = s->high = s->nul = s->line_end = 0;
    begin_record(s, 0);
    if (len)
        load_window(s);
}

/* --- libcsv ----------------------------------------------------------------
 */

static void on_field(void *bytes, size_t len, void *data)
{
    struct mv_csv_splitter *s = data;

    /* Both find the same separators, so that this can not happen; libcsv has
     * no way to be stopped. */
    if (s->n == s->size || s->text.size - s->text.len <= len) {
        s->failed = true;
        return;
    }
    if (len)
        memcpy(s->text.at + s->text.len, bytes, len);
    s->fields[s->n++] = (struct mv_span){s->text.at + s->text.len, len};
    s->text.len += len;
}

static void on_row(int last, void *data)
{
    (void)last;
    (void)data;
}

static enum mv_status ready_parser(struct mv_csv_splitter *s,
                                   struct mv_error *error)
{
    if (s->parser_ready)
        return MV_OK;
    if (csv_init(&s->parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
        return no_memory(s, error);
    /* 128 bytes a step, its default, makes long messages slow. */
    csv_set_blk_size(&s->parser, CSV_GROWTH);
    s->parser_ready = true;
    return MV_OK;
}

/* After a failure libcsv's state is of no further use. */
static void reset_parser(struct mv_csv_splitter *s)
{
    csv_free(&s->parser);
    s->parser_ready = false;
}

/* Tells why libcsv stopped at byte offset of the record. */
static enum mv_status explain(struct mv_csv_splitter *s, struct mv_span record,
                              size_t offset, struct mv_error *error)
{
    bool memory = csv_error(&s->parser) != CSV_EPARSE;
    bool quoted = s->parser.quoted != 0;

    reset_parser(s);
    if (memory)
        return no_memory(s, error);
    if (offset >= record.len)
        return mv_error_set(error, MV_FORMAT, s->name, s->line,
                            "quote is never closed in the record that starts "
                            "here: add the missing '\"' or double the one too "
                            "many");
    return mv_error_set(
        error, MV_FORMAT, s->name, s->line + mv_csv_lines(record.at, offset),
        quoted ? "text after a closing quote: inside a quoted field a quote "
                 "is written twice"
               : "quote inside a field that does not start with one: put the "
                 "field in quotes and write the inner quote twice");
}

/* Splits and unquotes one record. *stopped: the byte at which libcsv gave up,
 * record.len when at the end, and MV_FORMAT is returned without a message. */
static enum mv_status run_parser(struct mv_csv_splitter *s,
                                 struct mv_span record, size_t *stopped,
                                 struct mv_error *error)
{
    if (ready_parser(s, error) != MV_OK)
        return MV_NOMEM;
    mv_buffer_clear(&s->text);
    if (mv_buffer_reserve(&s->text, record.len + 1) != MV_OK)
        return no_memory(s, error);
    s->n = 0;
    s->failed = false;
    *stopped =
        csv_parse(&s->parser, record.at, record.len, on_field, on_row, s);
    if (*stopped < record.len)
        return MV_FORMAT;
    return csv_fini(&s->parser, on_field, on_row, s) == 0 ? MV_OK : MV_FORMAT;
}

static enum mv_status parse_record(struct mv_csv_splitter *s,
                                   struct mv_span record,
                                   struct mv_error *error)
{
    size_t stopped;
    enum mv_status status = run_parser(s, record, &stopped, error);

    if (status == MV_FORMAT)
        return explain(s, record, stopped, error);
    if (status == MV_OK && s->failed)
        return no_memory(s, error);
    return status;
}

/* A record that is too long or ends in quotes: the cause is a quote, and if
 * libcsv finds one that is out of place, that is the one to name. */
static enum mv_status fail_record(struct mv_csv_splitter *s,
                                  struct mv_span record, struct mv_error *error)
{
    struct mv_span front = record;
    size_t stopped;
    enum mv_status status;

    if (front.len > MV_CSV_RECORD_MAX)
        front.len = MV_CSV_RECORD_MAX;
    status = run_parser(s, front, &stopped, error);
    if (status == MV_NOMEM)
        return status;
    if (status == MV_FORMAT && (stopped < front.len || front.len == record.len))
        return explain(s, record, stopped, error);
    if (status == MV_FORMAT)
        reset_parser(s);
    return mv_error_set(error, MV_FORMAT, s->name, s->line,
                        "record longer than 8 MiB: is a quote left open?");
}

/* --- fields ----------------------------------------------------------------
 */

static struct mv_span trim(struct mv_span span)
{
    while (span.len && (*span.at == ' ' || *span.at == '\t'))
        span.at++, span.len--;
    while (span.len &&
           (span.at[span.len - 1] == ' ' || span.at[span.len - 1] == '\t'))
        span.len--;
    return span;
}

/* Unquotes fields in place when all quotes of the record stand at the two ends
 * of fields, so that nothing is doubled and nothing wrong: the same answer as
 * libcsv's at several times its speed. False: libcsv must judge. */
static bool take_fields(struct mv_csv_splitter *s)
{
    size_t i, quotes = 0;

    for (i = 0; i < s->n; i++) {
        struct mv_span *field = &s->fields[i];

        if (field->len >= 2 && field->at[0] == '"' &&
            field->at[field->len - 1] == '"') {
            field->at++;
            field->len -= 2;
            quotes += 2;
        } else {
            *field = trim(*field);
        }
    }
    if (quotes == s->quotes && s->n == 1 && !quotes && !s->fields[0].len)
        s->n = 0; /* nothing but blanks */
    return quotes == s->quotes;
}

static enum mv_status grow_fields(struct mv_csv_splitter *s,
                                  struct mv_error *error)
{
    size_t size = s->size ? 2 * s->size : 32;
    struct mv_span *fields = realloc(s->fields, size * sizeof *fields);

    if (!fields)
        return no_memory(s, error);
    s->fields = fields;
    s->size = size;
    return MV_OK;
}

static enum mv_status push_field(struct mv_csv_splitter *s, size_t end,
                                 struct mv_error *error)
{
    if (s->n == MV_CSV_FIELDS_MAX) {
        s->has_many = true;
        return MV_OK;
    }
    if (s->n == s->size && grow_fields(s, error) != MV_OK)
        return MV_NOMEM;
    s->fields[s->n++] =
        (struct mv_span){s->at + s->field_start, end - s->field_start};
    s->field_start = end + 1;
    return MV_OK;
}

/* --- records ---------------------------------------------------------------
 */

static enum mv_status check_record(struct mv_csv_splitter *s,
                                   struct mv_span record,
                                   struct mv_error *error)
{
    if (s->has_nul) {
        const char *nul = memchr(record.at, 0, record.len);
        size_t before = nul ? (size_t)(nul - record.at) : 0;

        return mv_error_set(error, MV_FORMAT, s->name,
                            s->line + mv_csv_lines(record.at, before),
                            "NUL byte: text was expected");
    }
    if (s->has_many)
        return mv_error_set(error, MV_FORMAT, s->name, s->line,
                            "more than %zu fields in one record",
                            MV_CSV_FIELDS_MAX);
    return MV_OK;
}

/* Turns the record [start, end) of the block into a row; row->n == 0 when it
 * is blank. */
static enum mv_status make_row(struct mv_csv_splitter *s, size_t end,
                               struct mv_csv_row *row, struct mv_error *error)
{
    struct mv_span record = {s->at + s->start, end - s->start};
    enum mv_status status;

    status = push_field(s, end, error);
    if (status == MV_OK)
        status = check_record(s, record, error);
    if (status != MV_OK)
        return status;
    row->recoded = s->has_high && !mv_csv_is_utf8(record);
    if (row->recoded) {
        if (mv_csv_recode(&s->recoded, record) != MV_OK)
            return no_memory(s, error);
        record = mv_buffer_span(&s->recoded);
    }
    if (row->recoded || !take_fields(s))
        status = parse_record(s, record, error);
    if (status != MV_OK)
        return status;
    row->fields = s->fields;
    row->n = s->n;
    row->raw = record;
    row->line = s->line;
    return MV_OK;
}

/* Walks to the end of the record on the way, noting its fields. *end: its line
 * end, or the length of the block. */
static enum mv_status find_end(struct mv_csv_splitter *s, size_t *end,
                               struct mv_error *error)
{
    for (;;) {
        while (s->separator) {
            unsigned bit = (unsigned)__builtin_ctzll(s->separator);
            size_t at = s->base + bit;

            s->separator &= s->separator - 1;
            if (s->at[at] != ',') {
                account(s, ((uint64_t)2 << bit) - 1);
                *end = at;
                return MV_OK;
            }
            if (push_field(s, at, error) != MV_OK)
                return MV_NOMEM;
        }
        account(s, ~(uint64_t)0);
        if (s->len - s->base <= WINDOW) {
            *end = s->len;
            return MV_OK;
        }
        s->base += WINDOW;
        load_window(s);
    }
}

enum mv_status mv_csv_splitter_next(struct mv_csv_splitter *s,
                                    struct mv_csv_row *row,
                                    struct mv_error *error)
{
    enum mv_status status;
    size_t end;

    memset(row, 0, sizeof *row);
    while (s->start < s->len) {
        status = find_end(s, &end, error);
        if (status != MV_OK)
            return status;
        if (end - s->start > MV_CSV_RECORD_MAX ||
            (end == s->len && s->in_quotes)) {
            struct mv_span record = {s->at + s->start, end - s->start};

            s->start = s->len;
            s->lost = true;
            return fail_record(s, record, error);
        }
        if (end > s->start)
            status = make_row(s, end, row, error);
        begin_record(s, end < s->len ? end + 1 : s->len);
        if (status != MV_OK || row->n)
            return status;
    }
    return MV_OK;
}
