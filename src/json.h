/* layer 2: JSON: reports going out, JSON lines coming in.
 *
 * A struct mv_json holds one value and a place in it. Building is a walk:
 * begin_object, put_*, end. Members keep the order in which they were put; a
 * member put twice keeps its place and takes the new value. The first failure
 * while building sticks and is told by mv_json_dump or mv_json_write, so that
 * the calls in between need no checks. Parsing a line leaves the place inside
 * its object: what is put then becomes its last members.
 * Nothing here knows what a report or a row means.
 *
 * Thread-safety: no shared state; one struct mv_json must not be used by two
 * threads at once. (The library below seeds its hash tables once for the
 * process; the order of members does not depend on that seed.)
 */
#ifndef MV_JSON_H
#define MV_JSON_H

#include "arena.h"
#include "source.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct mv_json;

/* Makes an empty one. Errors: NULL when memory runs out (all functions below
 * accept NULL, and dump and write then say MV_NOMEM).
 * Owns: the caller frees it with mv_json_free. */
struct mv_json *mv_json_new(void);
/* Empties it for another value, and forgets a failure. NULL is allowed. */
void mv_json_clear(struct mv_json *json);
/* Frees it. NULL is allowed. */
void mv_json_free(struct mv_json *json);

/* --- building ---------------------------------------------------------------
 * key: the member's name, UTF-8, inside an object; ignored (NULL) inside an
 * array and for the outermost value. At most 32 levels.
 * Failures that stick: MV_NOMEM; MV_FORMAT (text or key is not UTF-8, or holds
 * a NUL byte); MV_RANGE (a value that has no place, too many levels). */

/* Opens an object or array, to be closed by mv_json_end. */
void mv_json_begin_object(struct mv_json *json, const char *key);
void mv_json_begin_array(struct mv_json *json, const char *key);
/* Closes the innermost open object or array. */
void mv_json_end(struct mv_json *json);

/* text: NUL-terminated UTF-8; NULL becomes null. */
void mv_json_put_text(struct mv_json *json, const char *key, const char *text);
/* text: UTF-8; a span whose at is NULL becomes "". */
void mv_json_put_span(struct mv_json *json, const char *key,
                      struct mv_span text);
void mv_json_put_integer(struct mv_json *json, const char *key,
                         long long value);
/* Written with 15 digits, 16 or 17, the fewest that read back as value, and
 * never without a point or an exponent (0.95, 1.0, 1e-07). NaN and infinite
 * values become null. */
void mv_json_put_real(struct mv_json *json, const char *key, double value);
void mv_json_put_bool(struct mv_json *json, const char *key, bool value);
void mv_json_put_null(struct mv_json *json, const char *key);

/* Appends the value as JSON (no line break at its end). indented: two blanks
 * a level, one member a line; else all in one line. Open objects and arrays
 * are written as they are. Errors: the failure that stuck; MV_NOMEM; MV_RANGE
 * (there is no value). The buffer is then as it was. */
enum mv_status mv_json_dump(const struct mv_json *json,
                            struct mv_buffer *buffer, bool indented,
                            struct mv_error *error);
/* The same and a line break, into a stream. Errors: MV_IO too. */
enum mv_status mv_json_write(const struct mv_json *json, FILE *file,
                             bool indented, struct mv_error *error);

/* --- reading JSON lines ----------------------------------------------------
 * Numbers are 64-bit integers or doubles. */

/* Reads one JSON object from len bytes; what json held is dropped.
 * name, line: for messages; name may be NULL, line 0.
 * Errors: MV_FORMAT with line and column (bad syntax, invalid UTF-8, a member
 * twice, too many levels, a NUL character, an integer beyond 64 bits, not an
 * object); MV_NOMEM. json is then empty. */
enum mv_status mv_json_parse(struct mv_json *json, const char *at, size_t len,
                             const char *name, long line,
                             struct mv_error *error);

/* Reads the next line of source that is not blank. *line: its 1-based number,
 * 0 at the end.
 * Errors: as mv_json_parse (the next call goes on with the next line), and
 * those of mv_source_line; *line is set for MV_FORMAT too. */
enum mv_status mv_json_next(struct mv_json *json, struct mv_source *source,
                            long *line, struct mv_error *error);

/* A member of the outermost object as text: a string's own characters, true,
 * false, a number, nested values as compact JSON; null is a span whose at is
 * NULL. Errors: MV_NOTFOUND (out is left alone), MV_NOMEM.
 * Owns: borrowed until json changes. */
enum mv_status mv_json_get(struct mv_json *json, const char *key,
                           struct mv_span *out);

/* The name of member index (from 0) of the outermost object, in their order;
 * NULL behind the last. Borrowed until json changes. Walks: index steps. */
const char *mv_json_key(const struct mv_json *json, size_t index);

#endif
