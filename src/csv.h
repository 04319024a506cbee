/* layer 2: comma-separated values (RFC 4180), in and out.
 *
 * Records are cut by the parity of quotes, so that the bytes of each one are
 * known and blocks can be cut for several threads; fields that need unquoting
 * are unquoted by libcsv in its strict mode. Lines may end in LF, CRLF or CR.
 * Blanks (space, tab) round a field are dropped unless they stand in quotes,
 * and lines of nothing but blanks are skipped, both as libcsv does it.
 * Nothing here knows what a column means, checks that rows have equally many
 * fields, or guesses another separator.
 *
 * Text is UTF-8: a row that is not is taken for Windows-1252 and converted.
 *
 * Thread-safety: no shared state; one reader or splitter must not be used by
 * two threads at once. A thread that cuts blocks with mv_csv_complete and
 * workers with a splitter each give the rows that one reader gives.
 */
#ifndef MV_CSV_H
#define MV_CSV_H

#include "arena.h"
#include "source.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>

/* The longest record, in bytes without its line end. */
#define MV_CSV_RECORD_MAX ((size_t)8 << 20)
/* The most fields of a record. */
#define MV_CSV_FIELDS_MAX ((size_t)65536)

/* One row. All spans are borrowed until the next call on the same reader or
 * splitter (they may point into the block that a splitter was given). */
struct mv_csv_row {
    const struct mv_span *fields; /* n of them, unquoted, UTF-8 */
    size_t n;                     /* >= 1; 0: there are no more rows */
    struct mv_span raw;           /* the record as written, no line end */
    long line;                    /* 1-based physical line of its start */
    bool recoded;                 /* was not UTF-8: fields and raw are now
                                     converted from Windows-1252 */
};

/* --- one reader over a source ------------------------------------------- */

struct mv_csv;

/* Makes a reader; nothing is read yet. source: borrowed until mv_csv_close,
 * and not closed by it. Errors: MV_NOMEM.
 * Owns: *out is the caller's, closed with mv_csv_close; NULL on failure. */
enum mv_status mv_csv_open(struct mv_csv **out, struct mv_source *source,
                           struct mv_error *error);

/* Reads the next row; row->n == 0 is the end.
 * Errors: MV_IO, MV_NOMEM; MV_FORMAT with the line: a quote that is never
 * closed, a record longer than MV_CSV_RECORD_MAX (the next call is then the
 * end), text next to a quoted field, a NUL byte, more fields than
 * MV_CSV_FIELDS_MAX (the next call then goes on behind that record). */
enum mv_status mv_csv_next(struct mv_csv *csv, struct mv_csv_row *row,
                           struct mv_error *error);

/* Frees the reader. NULL is allowed. */
void mv_csv_close(struct mv_csv *csv);

/* --- blocks, for several threads ----------------------------------------- */

/* How many leading bytes of a block form whole records, line ends included:
 * 0 when not one does. The block must start where a record starts. A CR that
 * is the last byte is not taken for a line end, for an LF may follow; at the
 * end of the input all bytes count as whole.
 * at: len bytes. Costs one fast pass. */
size_t mv_csv_complete(const char *at, size_t len);

/* How many line ends a block holds (LF, CRLF, CR; inside quotes too): the
 * first line of the block after it is its own first line plus this. */
long mv_csv_lines(const char *at, size_t len);

/* Splits blocks of whole records, one block after the other. */
struct mv_csv_splitter;

/* Makes a splitter. name: the source name in errors; borrowed until free;
 * NULL allowed. Errors: MV_NOMEM.
 * Owns: *out is the caller's, freed with mv_csv_splitter_free. */
enum mv_status mv_csv_splitter_new(struct mv_csv_splitter **out,
                                   const char *name, struct mv_error *error);

/* Gives the splitter its next block: len bytes, borrowed until the next call
 * of this function or the last of mv_csv_splitter_next; the last record may
 * lack its line end. line: the 1-based line on which the block starts. */
void mv_csv_splitter_set(struct mv_csv_splitter *splitter, const char *at,
                         size_t len, long line);

/* The next row of the block; row->n == 0 is its end.
 * Errors: as mv_csv_next, MV_IO apart. */
enum mv_status mv_csv_splitter_next(struct mv_csv_splitter *splitter,
                                    struct mv_csv_row *row,
                                    struct mv_error *error);

/* Frees the splitter. NULL is allowed. */
void mv_csv_splitter_free(struct mv_csv_splitter *splitter);

/* --- header --------------------------------------------------------------- */

/* The index of the column of that name among n fields of a header row, -1
 * when there is none. Case of ASCII letters and blanks at the ends do not
 * count; the first of equal columns wins. others: further names, NULL-ended,
 * tried in order after name; NULL allowed. */
ptrdiff_t mv_csv_column(const struct mv_span *fields, size_t n,
                        const char *name, const char *const *others);

/* --- writing ---------------------------------------------------------------
 * A row is any number of put calls and one end; rows end in LF. */

/* Appends one field, quoted when it holds a comma, a quote, CR or LF, or
 * starts or ends in a blank (space, tab). Errors: MV_NOMEM (the buffer then
 * holds what it held). */
enum mv_status mv_csv_put(struct mv_buffer *buffer, struct mv_span field);

/* The same for a table that a spreadsheet will open: a field that such a
 * program could take for a formula (it begins, blanks apart, with =, +, -, @, a
 * tab, CR or LF, or a full-width form of the first four) gets an apostrophe in front. */
enum mv_status mv_csv_put_defused(struct mv_buffer *buffer,
                                  struct mv_span field);
/* What such a table starts with, lest its UTF-8 be taken for something else. */
#define MV_CSV_BOM "\xef\xbb\xbf"

/* Appends fields that are written already, such as a row's raw bytes. */
enum mv_status mv_csv_put_raw(struct mv_buffer *buffer, struct mv_span raw);

/* Ends the row. A row of one empty field becomes "", lest it be a blank line.
 * Errors: MV_NOMEM. */
enum mv_status mv_csv_end(struct mv_buffer *buffer);

#endif
