/* layer 8: what the files of the batch scorer share; see mv_score_file.
 *
 * An input is cut into blocks of whole records; a block is scored by whichever
 * thread is free, and written when its turn comes. So what is written does not
 * depend on the number of threads, and memory not on the length of the input.
 * motivo_stream.c cuts, hands out and writes; motivo_rows.c knows what a row
 * is; motivo_records.c scores archives and mails, which are no rows.
 *
 * Thread-safety: a struct mv_rows is immutable once opened and may be shared;
 * a worker and a block belong to one thread at a time.
 */
#ifndef MOTIVO_STREAM_H
#define MOTIVO_STREAM_H

#include "arena.h"
#include "csv.h"
#include "json.h"
#include "model.h"
#include "motivo.h"

/* How much is cut off at a time, in bytes. A block and its result then fit
 * into a core's own cache, and a million rows are still a thousand blocks. */
enum { MV_ROWS_BLOCK = (1 << 18) - 1 };

/* The columns that are appended to every row. */
enum { MV_ROWS_VERDICT = 5 };
/* [1]: with "motivo_" in front, for input that has some of these names, but not
 * all, of its own: with all of them it is an earlier result. */
extern const char *const mv_rows_verdict[2][MV_ROWS_VERDICT];

/* What is the same for all rows of an input. */
struct mv_rows {
    const struct mv_model *model;
    const char *name; /* of the input, for errors; borrowed */
    enum mv_table from, to;
    bool spreadsheet;       /* CSV: cells are defused; see csv.h */
    const char **column;    /* columns or members, as they are written; NULL:
                             * left out of JSON, for a verdict has that name */
    size_t width;           /* how many */
    size_t text;            /* CSV: which of them holds the message */
    const char *member;     /* JSONL: which member holds it */
    bool apart;             /* which names the verdict takes */
    struct mv_span heading; /* CSV: the header as it was */
    struct mv_arena arena;  /* of the strings above */
};

/* Whole records, and what became of them. */
struct mv_rows_block {
    struct mv_buffer in;
    long line;  /* on which it starts */
    bool first; /* it begins with the header */

    struct mv_buffer out;
    struct mv_score_counts counts;
    enum mv_status status; /* of the first row that failed; out ends there */
    struct mv_error error;
};

/* What a thread needs to score rows. */
struct mv_rows_worker {
    const struct mv_rows *rows;
    struct mv_memo *memo;
    struct mv_csv_splitter *splitter;
    struct mv_json *json;
    struct mv_buffer reason;
    struct mv_span *field; /* rows->width */
    struct mv_opinion opinion;
};

/* --- what the rows are ----------------------------------------------------
 * rows->model, name, from and to are set by the caller, the rest is 0. */

/* Reads the header, or the first object, off the first block, and finds the
 * column of the messages: mapping.text or, when that is NULL, the one of
 * Invitations.csv or messages.csv, or one called text or message.
 * **Errors:** MV_FORMAT: an empty input, no such column (and says which there
 * are), a header of Connections.csv, columns that JSON can not keep apart;
 * MV_NOMEM. **Owns:** the caller calls mv_rows_close, also on failure. */
enum mv_status mv_rows_open(struct mv_rows *rows, const struct mv_span *block,
                            const struct mv_mapping *mapping,
                            struct mv_error *error);

/* Makes rows of columns that the caller names (n of them, constant storage).
 * **Errors:** MV_NOMEM. */
enum mv_status mv_rows_name(struct mv_rows *rows, const char *const *columns,
                            size_t n, struct mv_error *error);
void mv_rows_close(struct mv_rows *rows);

/* Appends a cell, defused where that is asked for. **Errors:** MV_NOMEM. */
enum mv_status mv_rows_cell(const struct mv_rows *rows, struct mv_buffer *out,
                            struct mv_span field);

/* Appends the header of the result, if it has one. **Errors:** MV_NOMEM. */
enum mv_status mv_rows_heading(const struct mv_rows *rows,
                               struct mv_buffer *out, struct mv_error *error);

/* --- scoring -------------------------------------------------------------- */

/* **Errors:** MV_NOMEM. **Owns:** the caller calls mv_rows_worker_release,
 * also on failure; worker is {0} before. */
enum mv_status mv_rows_worker_init(struct mv_rows_worker *worker,
                                   const struct mv_rows *rows,
                                   struct mv_error *error);
void mv_rows_worker_release(struct mv_rows_worker *worker);

/* Scores block->in and fills out, counts, status and error. */
void mv_rows_score(struct mv_rows_worker *worker, struct mv_rows_block *block);

/* Scores one row of fields (rows->width of them; at == NULL: not known) that
 * stands at line, and appends it to block->out. **Errors:** MV_FORMAT,
 * MV_NOMEM; block->error tells. */
enum mv_status mv_rows_score_fields(struct mv_rows_worker *worker,
                                    struct mv_rows_block *block,
                                    const struct mv_span *fields, long line);

/* Lines of a block, one after the other. */
struct mv_rows_lines {
    struct mv_span rest;
    long next; /* the number of the line that comes next */
};

/* The next line that is not blank, without blanks at its ends, and its number;
 * false at the end. */
bool mv_rows_line(struct mv_rows_lines *lines, struct mv_span *line,
                  long *number);

/* --- the two ways to go through an input ---------------------------------- */

/* Asks whether to go on: at once, then at most 20 times a second.
 * `= {progress}` initialises it; progress may be NULL. */
struct mv_rows_pace {
    const struct mv_progress *progress;
    int64_t next; /* ns of a clock that only rises */
};
/* done: 0..1. **Errors:** MV_STOPPED. */
enum mv_status mv_rows_pace(struct mv_rows_pace *pace, double done,
                            struct mv_error *error);

/* Writes what is in block->out, adds to counts and empties the block.
 * **Errors:** block->status; MV_IO. */
enum mv_status mv_rows_write(struct mv_rows_block *block, FILE *out,
                             struct mv_score_counts *counts,
                             struct mv_error *error);

/* Scores an archive, a folder or mails: the incoming invitations as a table.
 * Parameters as mv_score_file. */
enum mv_status
mv_rows_score_records(const struct mv_model *model, const char *path,
                      const struct mv_score_options *options, FILE *out,
                      const struct mv_progress *progress,
                      struct mv_score_counts *counts, struct mv_error *error);

#endif
