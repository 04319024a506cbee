#include "arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 1 << 16 };

struct mv_arena_block {
    struct mv_arena_block *next;
    size_t used, size;
    alignas(max_align_t) char bytes[];
};

struct mv_span mv_span_of(const char *text)
{
    return (struct mv_span){text, text ? strlen(text) : 0};
}

bool mv_span_equal(struct mv_span a, struct mv_span b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct mv_span mv_span_trim(struct mv_span span)
{
    while (span.len && is_blank(span.at[0]))
        span.at++, span.len--;
    while (span.len && is_blank(span.at[span.len - 1]))
        span.len--;
    return span;
}

enum mv_status mv_buffer_reserve(struct mv_buffer *buffer, size_t more)
{
    size_t need, size = buffer->size ? buffer->size : 64;
    char *at;

    if (more >= SIZE_MAX / 2 - buffer->len)
        return MV_NOMEM;
    need = buffer->len + more + 1;
    if (need <= buffer->size)
        return MV_OK;
    while (size < need)
        size *= 2;
    at = realloc(buffer->at, size);
    if (!at)
        return MV_NOMEM;
    buffer->at = at;
    buffer->size = size;
    buffer->at[buffer->len] = '\0';
    return MV_OK;
}

enum mv_status mv_buffer_put(struct mv_buffer *buffer, const void *bytes,
                             size_t len)
{
    if (mv_buffer_reserve(buffer, len) != MV_OK)
        return MV_NOMEM;
    if (len)
        memcpy(buffer->at + buffer->len, bytes, len);
    buffer->len += len;
    buffer->at[buffer->len] = '\0';
    return MV_OK;
}

enum mv_status mv_buffer_puts(struct mv_buffer *buffer, const char *text)
{
    return mv_buffer_put(buffer, text, strlen(text));
}

void mv_buffer_clear(struct mv_buffer *buffer)
{
    buffer->len = 0;
    if (buffer->at)
        buffer->at[0] = '\0';
}

void mv_buffer_release(struct mv_buffer *buffer)
{
    if (!buffer)
        return;
    free(buffer->at);
    *buffer = (struct mv_buffer){0};
}

struct mv_span mv_buffer_span(const struct mv_buffer *buffer)
{
    return (struct mv_span){buffer->at, buffer->len};
}

/* Under AddressSanitizer every item is a block of its own, so that an overrun
 * is seen. */
static size_t block_size(size_t size)
{
#if defined(__SANITIZE_ADDRESS__)
    return size;
#else
    return size > BLOCK_SIZE ? size : BLOCK_SIZE;
#endif
}

void *mv_arena_alloc(struct mv_arena *arena, size_t size)
{
    struct mv_arena_block *block = arena->blocks;
    size_t align = alignof(max_align_t);
    void *item;

    if (size > SIZE_MAX / 2)
        return NULL;
    size = (size + align - 1) / align * align;
    if (!block || block->size - block->used < size) {
        size_t room = block_size(size);

        block = calloc(1, sizeof *block + room);
        if (!block)
            return NULL;
        block->size = room;
        block->next = arena->blocks;
        arena->blocks = block;
    }
    item = block->bytes + block->used;
    block->used += size;
    return item;
}

char *mv_arena_copy(struct mv_arena *arena, struct mv_span span)
{
    char *copy = mv_arena_alloc(arena, span.len + 1);

    if (copy && span.len)
        memcpy(copy, span.at, span.len);
    return copy;
}

void mv_arena_release(struct mv_arena *arena)
{
    if (!arena)
        return;
    while (arena->blocks) {
        struct mv_arena_block *next = arena->blocks->next;

        free(arena->blocks);
        arena->blocks = next;
    }
}
