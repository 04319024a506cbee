/* Scoring rows: a verdict behind each, in the form that was asked for. */
#include "motivo_stream.h"

#include "source.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- workers -------------------------------------------------------------- */

enum mv_status mv_rows_worker_init(struct mv_rows_worker *worker,
                                   const struct mv_rows *rows,
                                   struct mv_error *error)
{
    enum mv_status status = mv_memo_new(&worker->memo, rows->model);

    worker->rows = rows;
    worker->json = mv_json_new();
    worker->field = calloc(rows->width + 1, sizeof *worker->field);
    if (status == MV_OK)
        status = mv_csv_splitter_new(&worker->splitter, rows->name, NULL);
    if (status == MV_OK && worker->json && worker->field)
        return MV_OK;
    return mv_error_set(error, MV_NOMEM, rows->name, 0,
                        "cannot score: out of memory");
}

void mv_rows_worker_release(struct mv_rows_worker *worker)
{
    mv_memo_free(worker->memo);
    mv_csv_splitter_free(worker->splitter);
    mv_json_free(worker->json);
    mv_buffer_release(&worker->reason);
    free(worker->field);
    *worker = (struct mv_rows_worker){0};
}

/* --- one row -------------------------------------------------------------- */

static enum mv_status no_memory(const struct mv_rows_worker *worker, long line,
                                struct mv_error *error)
{
    return mv_error_set(error, MV_NOMEM, worker->rows->name, line,
                        "cannot score the row: out of memory");
}

/* Judges a message: worker->opinion and reason. */
static enum mv_status judge(struct mv_rows_worker *worker,
                            struct mv_span message, long line,
                            struct mv_rows_block *block)
{
    const struct mv_model *model = worker->rows->model;
    struct mv_error failure = {0};
    enum mv_status status = mv_model_score(model, worker->memo, message,
                                           &worker->opinion, &failure);

    if (status != MV_OK)
        return mv_error_set(&block->error, status, worker->rows->name, line,
                            "%s", failure.message);
    mv_buffer_clear(&worker->reason);
    if (mv_model_reason(model, worker->memo, message, &worker->opinion,
                        &worker->reason) != MV_OK)
        return no_memory(worker, line, &block->error);
    block->counts.rows++;
    block->counts.verdict[worker->opinion.verdict]++;
    return MV_OK;
}

/* Ten-thousandths, as the table tells a probability. */
static unsigned rounded(double probability)
{
    return (unsigned)(probability * 10000 + 0.5);
}

static struct mv_span language(const struct mv_opinion *opinion)
{
    return mv_span_of(opinion->verdict == MV_VERDICT_NO_NOTE
                          ? NULL
                          : mv_lang_name(opinion->language));
}

/* Appends the five columns of the verdict, and ends the row. */
static enum mv_status end_csv(const struct mv_rows_worker *worker,
                              struct mv_buffer *out)
{
    const struct mv_opinion *opinion = &worker->opinion;
    char digits[6] = "0.0000";
    struct mv_span probability = {digits, sizeof digits};
    enum mv_action action = mv_verdict_action(opinion->verdict);

    if (opinion->verdict == MV_VERDICT_NO_NOTE) {
        probability.len = 0;
    } else {
        unsigned p = rounded(opinion->probability);

        digits[0] = (char)('0' + p / 10000);
        for (int i = 5; i > 1; i--, p /= 10)
            digits[i] = (char)('0' + p % 10);
    }
    if (mv_csv_put_raw(out, mv_span_of(mv_verdict_name(opinion->verdict))) !=
            MV_OK ||
        mv_csv_put_raw(out, probability) != MV_OK ||
        mv_csv_put_raw(out, language(opinion)) != MV_OK ||
        mv_csv_put_raw(out, mv_span_of(mv_action_name(action))) != MV_OK ||
        mv_rows_cell(worker->rows, out, mv_buffer_span(&worker->reason)) !=
            MV_OK)
        return MV_NOMEM;
    return mv_csv_end(out);
}

/* Puts the five members of the verdict into the open object, and writes it. */
static enum mv_status end_json(const struct mv_rows_worker *worker, long line,
                               struct mv_rows_block *block)
{
    const struct mv_opinion *opinion = &worker->opinion;
    const char *const *name = mv_rows_verdict[worker->rows->apart];
    struct mv_json *json = worker->json;
    bool note = opinion->verdict != MV_VERDICT_NO_NOTE;
    struct mv_error failure = {0};
    enum mv_status status;

    mv_json_put_text(json, name[0], mv_verdict_name(opinion->verdict));
    mv_json_put_real(json, name[1],
                     note ? rounded(opinion->probability) / 1e4 : NAN);
    mv_json_put_text(json, name[2], language(opinion).at);
    mv_json_put_text(json, name[3],
                     mv_action_name(mv_verdict_action(opinion->verdict)));
    mv_json_put_span(json, name[4], mv_buffer_span(&worker->reason));
    mv_json_end(json);
    status = mv_json_dump(json, &block->out, false, &failure);
    if (status != MV_OK)
        return mv_error_set(&block->error, status, worker->rows->name, line,
                            "%s", failure.message);
    return mv_buffer_put(&block->out, "\n", 1);
}

/* Appends the row of fields, whose message has been judged. */
static enum mv_status put_fields(struct mv_rows_worker *worker,
                                 struct mv_rows_block *block,
                                 const struct mv_span *field, long line)
{
    const struct mv_rows *rows = worker->rows;
    enum mv_status status = MV_OK;

    if (rows->to == MV_TABLE_CSV) {
        for (size_t i = 0; status == MV_OK && i < rows->width; i++)
            status = mv_rows_cell(rows, &block->out, field[i]);
        return status == MV_OK ? end_csv(worker, &block->out) : status;
    }
    mv_json_clear(worker->json);
    mv_json_begin_object(worker->json, NULL);
    for (size_t i = 0; i < rows->width; i++) {
        if (rows->column[i] && field[i].at)
            mv_json_put_span(worker->json, rows->column[i], field[i]);
        else if (rows->column[i])
            mv_json_put_null(worker->json, rows->column[i]);
    }
    return end_json(worker, line, block);
}

enum mv_status mv_rows_score_fields(struct mv_rows_worker *worker,
                                    struct mv_rows_block *block,
                                    const struct mv_span *fields, long line)
{
    enum mv_status status =
        judge(worker, fields[worker->rows->text], line, block);

    if (status == MV_OK)
        status = put_fields(worker, block, fields, line);
    return status == MV_NOMEM ? no_memory(worker, line, &block->error) : status;
}

/* --- CSV ------------------------------------------------------------------ */

static enum mv_status score_csv_row(struct mv_rows_worker *worker,
                                    struct mv_rows_block *block,
                                    const struct mv_csv_row *row)
{
    const struct mv_rows *rows = worker->rows;
    enum mv_status status;

    if (row->n != rows->width)
        return mv_error_set(&block->error, MV_FORMAT, rows->name, row->line,
                            "%zu fields, but the header has %zu: is there a "
                            "comma or a quote too many or too few?",
                            row->n, rows->width);
    if (rows->to != MV_TABLE_CSV || rows->spreadsheet)
        return mv_rows_score_fields(worker, block, row->fields, row->line);
    status = judge(worker, row->fields[rows->text], row->line, block);
    if (status == MV_OK && (mv_csv_put_raw(&block->out, row->raw) != MV_OK ||
                            end_csv(worker, &block->out) != MV_OK))
        status = no_memory(worker, row->line, &block->error);
    return status;
}

static enum mv_status score_csv(struct mv_rows_worker *worker,
                                struct mv_rows_block *block)
{
    struct mv_csv_row row;
    enum mv_status status = MV_OK;

    mv_csv_splitter_set(worker->splitter, block->in.at, block->in.len,
                        block->line);
    if (block->first)
        status = mv_csv_splitter_next(worker->splitter, &row, &block->error);
    while (status == MV_OK) {
        status = mv_csv_splitter_next(worker->splitter, &row, &block->error);
        if (status != MV_OK || row.n == 0)
            break;
        status = score_csv_row(worker, block, &row);
    }
    return status;
}

/* --- JSON lines ----------------------------------------------------------- */

bool mv_rows_line(struct mv_rows_lines *lines, struct mv_span *line,
                  long *number)
{
    while (lines->rest.len) {
        const char *end = memchr(lines->rest.at, '\n', lines->rest.len);
        size_t len = end ? (size_t)(end - lines->rest.at) : lines->rest.len;

        *line = mv_span_trim((struct mv_span){lines->rest.at, len});
        *number = lines->next++;
        len += end != NULL;
        lines->rest.at += len;
        lines->rest.len -= len;
        if (line->len)
            return true;
    }
    return false;
}

/* Takes the members that the table has columns for; any other one would get
 * lost. */
static enum mv_status take_members(struct mv_rows_worker *worker, long line,
                                   struct mv_rows_block *block)
{
    const struct mv_rows *rows = worker->rows;
    struct mv_span ignored;
    size_t n = 0;

    for (size_t i = 0; i < rows->width; i++) {
        enum mv_status status =
            mv_json_get(worker->json, rows->column[i], &worker->field[i]);

        if (status == MV_NOMEM)
            return status;
        if (status == MV_OK)
            n++;
        else
            worker->field[i] = (struct mv_span){NULL, 0};
    }
    for (size_t i = 0; !rows->apart && i < MV_ROWS_VERDICT; i++)
        n +=
            mv_json_get(worker->json, mv_rows_verdict[0][i], &ignored) == MV_OK;
    if (mv_json_key(worker->json, n))
        return mv_error_set(&block->error, MV_FORMAT, rows->name, line,
                            "a member that the first object does not have, so "
                            "that the table has no column for it: write JSON "
                            "lines instead (--format jsonl)");
    return MV_OK;
}

/* Whether an object has some of the verdict's names, but not all, though the
 * first one did not say so: they would get lost. */
static bool is_in_the_way(const struct mv_rows_worker *worker)
{
    struct mv_span ignored;
    int n = 0;

    for (size_t i = 0; !worker->rows->apart && i < MV_ROWS_VERDICT; i++)
        n +=
            mv_json_get(worker->json, mv_rows_verdict[0][i], &ignored) == MV_OK;
    return n > 0 && n < MV_ROWS_VERDICT;
}

static enum mv_status score_object(struct mv_rows_worker *worker,
                                   struct mv_rows_block *block,
                                   struct mv_span text, long line)
{
    const struct mv_rows *rows = worker->rows;
    struct mv_span message = {NULL, 0};
    enum mv_status status;

    if (text.len > MV_SOURCE_LINE_MAX)
        return mv_error_set(&block->error, MV_FORMAT, rows->name, line,
                            "line longer than 8 MiB");
    status = mv_json_parse(worker->json, text.at, text.len, rows->name, line,
                           &block->error);
    if (status == MV_OK &&
        mv_json_get(worker->json, rows->member, &message) == MV_NOMEM)
        status = MV_NOMEM;
    if (status == MV_OK && is_in_the_way(worker))
        return mv_error_set(&block->error, MV_FORMAT, rows->name, line,
                            "a member with the name of one of the verdict's, "
                            "which the first object does not have: rename it");
    if (status == MV_OK)
        status = judge(worker, message, line, block);
    if (status == MV_OK && rows->to == MV_TABLE_JSONL)
        status = end_json(worker, line, block);
    else if (status == MV_OK)
        status = take_members(worker, line, block);
    if (status == MV_OK && rows->to == MV_TABLE_CSV)
        status = put_fields(worker, block, worker->field, line);
    return status == MV_NOMEM ? no_memory(worker, line, &block->error) : status;
}

static enum mv_status score_jsonl(struct mv_rows_worker *worker,
                                  struct mv_rows_block *block)
{
    struct mv_rows_lines lines = {mv_buffer_span(&block->in), block->line};
    struct mv_span line;
    enum mv_status status = MV_OK;
    long number;

    while (status == MV_OK && mv_rows_line(&lines, &line, &number))
        status = score_object(worker, block, line, number);
    return status;
}

/* --- blocks --------------------------------------------------------------- */

void mv_rows_score(struct mv_rows_worker *worker, struct mv_rows_block *block)
{
    block->status = worker->rows->from == MV_TABLE_CSV
                        ? score_csv(worker, block)
                        : score_jsonl(worker, block);
}
