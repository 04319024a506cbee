/* layer 1: borrowed spans, growing buffers, and arenas that die in one call.
 *
 * Three ways to hold bytes, told apart by type: a span never owns, a buffer
 * owns one growing block, an arena owns many small ones. Nothing here knows
 * about text or encodings.
 *
 * Thread-safety: no shared state; one object must not be used by two threads
 * at once.
 */
#ifndef MV_ARENA_H
#define MV_ARENA_H

#include "status.h"

#include <stdbool.h>
#include <stddef.h>

/* Borrowed bytes: len of them from at on, not NUL-terminated. The empty span
 * may have at == NULL. Valid as long as the owner of the bytes says. */
struct mv_span {
    const char *at;
    size_t len;
};

/* The span over a NUL-terminated string; text may be NULL (empty span). */
struct mv_span mv_span_of(const char *text);

/* Whether two spans hold the same bytes. */
bool mv_span_equal(struct mv_span a, struct mv_span b);

/* The span without the ASCII blanks (space, \t, \r, \n) at its two ends. */
struct mv_span mv_span_trim(struct mv_span span);

/* An owned, growing run of bytes, always followed by a NUL that len does not
 * count (at is NULL until something was put). `= {0}` initialises it. */
struct mv_buffer {
    char *at;
    size_t len;
    size_t size;
};

/* Makes room for more bytes beyond len. MV_NOMEM leaves the buffer as it was.
 */
enum mv_status mv_buffer_reserve(struct mv_buffer *buffer, size_t more);
/* Appends len bytes; bytes may be NULL when len is 0. Errors: MV_NOMEM. */
enum mv_status mv_buffer_put(struct mv_buffer *buffer, const void *bytes,
                             size_t len);
/* Appends a NUL-terminated string. Errors: MV_NOMEM. */
enum mv_status mv_buffer_puts(struct mv_buffer *buffer, const char *text);
/* Empties the buffer and keeps its memory. */
void mv_buffer_clear(struct mv_buffer *buffer);
/* Gives the memory back; the buffer may be used again. NULL is allowed. */
void mv_buffer_release(struct mv_buffer *buffer);
/* The bytes in the buffer; borrowed until the next call that changes it. */
struct mv_span mv_buffer_span(const struct mv_buffer *buffer);

/* Many small allocations with one end of life. `= {0}` initialises it. */
struct mv_arena {
    struct mv_arena_block *blocks;
};

/* size bytes, aligned for any type, zero-filled; NULL when memory runs out.
 * Borrowed until mv_arena_release. size may be 0. */
void *mv_arena_alloc(struct mv_arena *arena, size_t size);
/* A NUL-terminated copy of the span's bytes; NULL when memory runs out. */
char *mv_arena_copy(struct mv_arena *arena, struct mv_span span);
/* Frees all that came from the arena, which may be used again. NULL allowed. */
void mv_arena_release(struct mv_arena *arena);

#endif
