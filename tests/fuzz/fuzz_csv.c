/* Fuzz target of source, csv and json. The first byte chooses:
 * 0 CSV read whole, and split in memory: both must give the same rows
 * 1 CSV cut into blocks of (second byte + 1) bytes: the same rows as whole,
 *   and what is written of them must read back as it was
 * 2 one JSON line: what is written of it must read back
 * 3 JSON lines of a source, in whatever encoding */
#include "csv.h"
#include "json.h"
#include "source.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(int condition)
{
    if (!condition)
        abort();
}

static void put_number(struct mv_buffer *out, long number)
{
    demand(mv_buffer_put(out, &number, sizeof number) == MV_OK);
}

static void put_span(struct mv_buffer *out, struct mv_span span)
{
    put_number(out, (long)span.len);
    demand(mv_buffer_put(out, span.at, span.len) == MV_OK);
}

/* All that a row says. */
static void put_row(struct mv_buffer *out, const struct mv_csv_row *row)
{
    size_t i;

    put_number(out, row->line);
    put_number(out, row->recoded);
    put_number(out, (long)row->n);
    put_span(out, row->raw);
    for (i = 0; i < row->n; i++)
        put_span(out, row->fields[i]);
}

static void put_end(struct mv_buffer *out, enum mv_status status,
                    const struct mv_error *error)
{
    demand(status == error->code);
    put_number(out, (long)status);
    put_number(out, error->line);
    put_span(out, mv_span_of(error->message));
}

static enum mv_status split(struct mv_buffer *out, const char *at, size_t len,
                            long line, struct mv_error *error)
{
    struct mv_csv_splitter *splitter;
    struct mv_csv_row row;
    enum mv_status status;

    demand(mv_csv_splitter_new(&splitter, "m", NULL) == MV_OK);
    mv_csv_splitter_set(splitter, at, len, line);
    while (!(status = mv_csv_splitter_next(splitter, &row, error)) && row.n)
        put_row(out, &row);
    mv_csv_splitter_free(splitter);
    return status;
}

static void split_blocks(struct mv_buffer *out, const char *at, size_t len,
                         size_t step)
{
    struct mv_error error = {0};
    enum mv_status status = MV_OK;
    long line = 1;

    while (len && status == MV_OK) {
        size_t room = step, whole = 0;

        for (; !whole && room < len; room += step)
            whole = mv_csv_complete(at, room);
        if (!whole)
            whole = len;
        status = split(out, at, whole, line, &error);
        line += mv_csv_lines(at, whole);
        at += whole;
        len -= whole;
    }
    put_end(out, status, &error);
}

static void read_whole(struct mv_buffer *out, const char *at, size_t len)
{
    struct mv_source *source;
    struct mv_csv *csv;
    struct mv_csv_row row;
    struct mv_error error = {0};
    enum mv_status status;

    demand(mv_source_open_memory(&source, "m", at, len, NULL) == MV_OK);
    demand(mv_csv_open(&csv, source, NULL) == MV_OK);
    while (!(status = mv_csv_next(csv, &row, &error)) && row.n)
        put_row(out, &row);
    put_end(out, status, &error);
    /* After an error the rest must end, whatever it holds. */
    while (mv_csv_next(csv, &row, NULL) != MV_OK || row.n)
        ;
    mv_csv_close(csv);
    mv_source_close(source);
}

static void same(const struct mv_buffer *a, const struct mv_buffer *b)
{
    demand(mv_span_equal(mv_buffer_span(a), mv_buffer_span(b)));
}

/* A UTF-8 text as a source gives it, of one that may be anything. */
static void to_text(struct mv_buffer *out, const char *at, size_t len)
{
    struct mv_source *source;
    size_t got;

    if (mv_source_open_memory(&source, "m", at, len, NULL) != MV_OK)
        return;
    do {
        demand(mv_buffer_reserve(out, 100) == MV_OK);
        demand(mv_source_read(source, out->at + out->len, 100, &got, NULL) ==
               MV_OK);
        out->len += got;
    } while (got);
    mv_source_close(source);
}

static void csv_whole(const char *at, size_t len)
{
    struct mv_buffer a = {0}, b = {0}, text = {0};
    struct mv_error error = {0};
    struct mv_source *source;
    enum mv_status status;

    if (mv_source_open_memory(&source, "m", at, len, NULL) != MV_OK)
        return;
    mv_source_close(source);
    to_text(&text, at, len);
    read_whole(&a, at, len);
    status = split(&b, text.at, text.len, 1, &error);
    put_end(&b, status, &error);
    same(&a, &b);
    mv_buffer_release(&a);
    mv_buffer_release(&b);
    mv_buffer_release(&text);
}

/* Writes every row anew and reads that: the same fields. */
static void csv_again(const char *at, size_t len)
{
    struct mv_csv_splitter *one, *two;
    struct mv_csv_row row, back;
    struct mv_buffer text = {0};
    size_t i;

    demand(mv_csv_splitter_new(&one, "m", NULL) == MV_OK);
    demand(mv_csv_splitter_new(&two, "m", NULL) == MV_OK);
    mv_csv_splitter_set(one, at, len, 1);
    while (mv_csv_splitter_next(one, &row, NULL) == MV_OK && row.n) {
        mv_buffer_clear(&text);
        for (i = 0; i < row.n; i++)
            demand(mv_csv_put(&text, row.fields[i]) == MV_OK);
        demand(mv_csv_end(&text) == MV_OK);
        mv_csv_splitter_set(two, text.at, text.len, 1);
        demand(mv_csv_splitter_next(two, &back, NULL) == MV_OK);
        demand(back.n == row.n && !back.recoded);
        for (i = 0; i < row.n; i++)
            demand(mv_span_equal(row.fields[i], back.fields[i]));
        demand(mv_csv_splitter_next(two, &back, NULL) == MV_OK && !back.n);
    }
    mv_csv_splitter_free(one);
    mv_csv_splitter_free(two);
    mv_buffer_release(&text);
}

static void csv_blocks(const char *at, size_t len, size_t step)
{
    struct mv_buffer a = {0}, b = {0};
    struct mv_error error = {0};
    enum mv_status status;

    status = split(&a, at, len, 1, &error);
    put_end(&a, status, &error);
    split_blocks(&b, at, len, step);
    same(&a, &b);
    csv_again(at, len);
    mv_buffer_release(&a);
    mv_buffer_release(&b);
}

static void json_again(struct mv_json *json)
{
    struct mv_buffer a = {0}, b = {0};
    struct mv_json *other = mv_json_new();
    struct mv_span member;
    const char *key;
    size_t i;

    for (i = 0; i < 20 && (key = mv_json_key(json, i)); i++)
        demand(mv_json_get(json, key, &member) == MV_OK);
    mv_json_put_text(json, "verdict", "purpose");
    mv_json_put_real(json, "probability", 0.95);
    demand(mv_json_dump(json, &a, true, NULL) == MV_OK);
    demand(mv_json_parse(other, a.at, a.len, "m", 1, NULL) == MV_OK);
    demand(mv_json_dump(other, &b, true, NULL) == MV_OK);
    same(&a, &b);
    mv_json_free(other);
    mv_buffer_release(&a);
    mv_buffer_release(&b);
}

static void json_line(const char *at, size_t len)
{
    struct mv_json *json = mv_json_new();

    if (mv_json_parse(json, at, len, "m", 1, NULL) == MV_OK)
        json_again(json);
    mv_json_free(json);
}

static void json_lines(const char *at, size_t len)
{
    struct mv_json *json = mv_json_new();
    struct mv_source *source;
    enum mv_status status;
    long line = 1, last = 0;

    if (mv_source_open_memory(&source, "m", at, len, NULL) == MV_OK) {
        for (;;) {
            status = mv_json_next(json, source, &line, NULL);
            if (!line)
                break;
            demand(line > last);
            last = line;
            if (status == MV_OK)
                json_again(json);
        }
        mv_source_close(source);
    }
    mv_json_free(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *at = (const char *)data;

    if (size < 2)
        return 0;
    switch (data[0] % 4) {
    case 0: csv_whole(at + 1, size - 1); break;
    case 1: csv_blocks(at + 2, size - 2, (size_t)data[1] + 1); break;
    case 2: json_line(at + 1, size - 1); break;
    default: json_lines(at + 1, size - 1);
    }
    return 0;
}
