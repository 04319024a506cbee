/* layer 1: the one way in for bytes: a file, standard input, memory.
 *
 * Delivers the bytes of an input as UTF-8, in blocks or in lines, in constant
 * memory. A byte order mark is dropped; UTF-16, told by its mark or by the NUL
 * bytes that Latin text leaves in it, is converted on the way. What claims to
 * be UTF-8 is passed on unchecked: the csv and json modules judge it line by
 * line. Nothing here knows CSV, JSON or mail. (Layer 1 and not 2 because csv
 * and json read from it: hence plain pointers where others have spans.)
 *
 * Thread-safety: no shared state; one source must not be used by two threads
 * at once.
 */
#ifndef MV_SOURCE_H
#define MV_SOURCE_H

#include "status.h"

#include <stddef.h>
#include <stdio.h>

/* The longest line of mv_source_line, in bytes without its line end. */
#define MV_SOURCE_LINE_MAX ((size_t)8 << 20)

struct mv_source;

/* Opens the file path ("-": standard input, which is never closed) and looks
 * at its first bytes to tell the encoding. An empty file is fine.
 * Errors: MV_IO (missing, unreadable, a directory), MV_FORMAT (UTF-32),
 * MV_NOMEM.
 * Owns: *out is the caller's, closed with mv_source_close; NULL on failure. */
enum mv_status mv_source_open(struct mv_source **out, const char *path,
                              struct mv_error *error);

/* The same over a stream that stays the caller's: it is read from where it
 * stands, and never closed. name: for messages; copied; NULL allowed. */
enum mv_status mv_source_open_file(struct mv_source **out, const char *name,
                                   FILE *file, struct mv_error *error);

/* The same over len bytes, borrowed until mv_source_close; bytes may be NULL
 * when len is 0. name: for messages; copied; NULL allowed. */
enum mv_status mv_source_open_memory(struct mv_source **out, const char *name,
                                     const void *bytes, size_t len,
                                     struct mv_error *error);

/* Closes the file that mv_source_open opened, and frees the source. NULL is
 * allowed. */
void mv_source_close(struct mv_source *source);

/* The path or name ("standard input" for "-", "" for NULL). Borrowed. */
const char *mv_source_name(const struct mv_source *source);

/* What the input is written in: "UTF-8", "UTF-8 with BOM", "UTF-16LE" or
 * "UTF-16BE"; the last two mean that it was converted. Constant storage. */
const char *mv_source_encoding(const struct mv_source *source);

/* How many damaged UTF-16 characters have become U+FFFD so far, >= 0. */
long mv_source_replaced(const struct mv_source *source);

/* Reads UTF-8: room bytes, or what is left when that is less; *got == 0 is
 * the end. A character may be cut by the end of a block.
 * to: room bytes, room > 0. *got: written on success.
 * Errors: MV_IO, MV_NOMEM. */
enum mv_status mv_source_read(struct mv_source *source, void *to, size_t room,
                              size_t *got, struct mv_error *error);

/* The next line without its line end (LF, CRLF), blank ones too; the last one
 * may lack the line end. *line == NULL is the end. *number: its 1-based line;
 * may be NULL. Must not be mixed with mv_source_read.
 * Errors: MV_IO, MV_NOMEM; MV_FORMAT when the line is longer than
 * MV_SOURCE_LINE_MAX (the next call is then the end).
 * Owns: *line is borrowed until the next call; len bytes, then a NUL. */
enum mv_status mv_source_line(struct mv_source *source, const char **line,
                              size_t *len, long *number,
                              struct mv_error *error);

#endif
