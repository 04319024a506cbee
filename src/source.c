#include "source.h"

#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    RAW_SIZE = 1 << 16,           /* bytes read ahead of the converter */
    TEXT_SIZE = 3 * RAW_SIZE / 2, /* UTF-8 of RAW_SIZE bytes of UTF-16 */
    LINE_BLOCK = 1 << 16
};

enum encoding { UTF8, UTF8_BOM, UTF16LE, UTF16BE };

static const char replacement[] = "\xEF\xBF\xBD"; /* U+FFFD */

struct mv_source {
    char *name;
    FILE *file; /* NULL: memory */
    bool owns_file;
    const char *memory;
    size_t memory_left;
    enum encoding encoding;
    long replaced;

    /* Bytes as they came: looked at by sniff, or waiting to be converted. */
    char *raw;
    size_t raw_at, raw_len;
    bool raw_end; /* nothing comes after what is in raw */

    iconv_t convert; /* only for UTF-16 */
    bool converts;
    char *text;
    size_t text_at, text_len;

    char *line; /* line_size bytes: a window for mv_source_line */
    size_t line_at, line_len, line_size;
    bool line_end;
    long line_number;
};

static enum mv_status no_memory(struct mv_error *error, const char *name)
{
    return mv_error_set(error, MV_NOMEM, name, 0, "cannot read: out of memory");
}

/* Bytes as they came; *got < room only at the end. */
static enum mv_status read_raw(struct mv_source *source, char *to, size_t room,
                               size_t *got, struct mv_error *error)
{
    if (source->file) {
        errno = 0;
        *got = fread(to, 1, room, source->file);
        if (*got < room && ferror(source->file))
            return mv_error_set(error, MV_IO, source->name, 0,
                                "cannot read: %s",
                                errno ? strerror(errno) : "read error");
        return MV_OK;
    }
    *got = room < source->memory_left ? room : source->memory_left;
    if (*got)
        memcpy(to, source->memory, *got);
    source->memory += *got;
    source->memory_left -= *got;
    return MV_OK;
}

/* Keeps what is in raw and not used yet, and fills up behind it. */
static enum mv_status fill_raw(struct mv_source *source, struct mv_error *error)
{
    size_t got, left = source->raw_len - source->raw_at;
    enum mv_status status;

    memmove(source->raw, source->raw + source->raw_at, left);
    source->raw_at = 0;
    source->raw_len = left;
    if (source->raw_end)
        return MV_OK;
    status = read_raw(source, source->raw + left, RAW_SIZE - left, &got, error);
    if (status != MV_OK)
        return status;
    source->raw_len += got;
    source->raw_end = got < RAW_SIZE - left;
    return MV_OK;
}

/* An ASCII character or line end in one byte, and a NUL in the other: one such
 * unit proves little, so that two are asked for where there are two. */
static bool units_look_ascii(const unsigned char *at, size_t len, size_t low)
{
    size_t i, end = len < 4 ? len : 4;

    if (len < 2 || (len < 4 && len != 2))
        return false;
    for (i = 0; i + 1 < end; i += 2) {
        unsigned char c = at[i + low];

        if (at[i + 1 - low] != 0 || c == 0 || c > 0x7e)
            return false;
    }
    return true;
}

/* Sets encoding and *skip, the length of the byte order mark. */
static enum mv_status sniff(struct mv_source *source, size_t *skip,
                            struct mv_error *error)
{
    const unsigned char *at = (const unsigned char *)source->raw;
    size_t len = source->raw_len;

    *skip = 0;
    if (len >= 4 && (memcmp(at, "\xFF\xFE\0\0", 4) == 0 ||
                     memcmp(at, "\0\0\xFE\xFF", 4) == 0))
        return mv_error_set(error, MV_FORMAT, source->name, 0,
                            "text in UTF-32 cannot be read: save it as UTF-8");
    if (len >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0) {
        source->encoding = UTF8_BOM;
        *skip = 3;
    } else if (len >= 2 && memcmp(at, "\xFF\xFE", 2) == 0) {
        source->encoding = UTF16LE;
        *skip = 2;
    } else if (len >= 2 && memcmp(at, "\xFE\xFF", 2) == 0) {
        source->encoding = UTF16BE;
        *skip = 2;
    } else if (units_look_ascii(at, len, 0)) {
        source->encoding = UTF16LE;
    } else if (units_look_ascii(at, len, 1)) {
        source->encoding = UTF16BE;
    }
    return MV_OK;
}

static enum mv_status start_converter(struct mv_source *source,
                                      struct mv_error *error)
{
    const char *from = source->encoding == UTF16LE ? "UTF-16LE" : "UTF-16BE";

    source->text = malloc(TEXT_SIZE);
    if (!source->text)
        return no_memory(error, source->name);
    source->convert = iconv_open("UTF-8", from);
    if (source->convert == (iconv_t)-1 && errno == ENOMEM)
        return no_memory(error, source->name);
    if (source->convert == (iconv_t)-1)
        return mv_error_set(error, MV_FORMAT, source->name, 0,
                            "text in %s cannot be converted on this system "
                            "(iconv: %s): save it as UTF-8",
                            from, strerror(errno));
    source->converts = true;
    return MV_OK;
}

/* The part that all ways of opening share. */
static enum mv_status start(struct mv_source *source, const char *name,
                            struct mv_error *error)
{
    enum mv_status status;
    size_t skip;

    source->name = strdup(name ? name : "");
    source->raw = malloc(RAW_SIZE);
    if (!source->name || !source->raw)
        return no_memory(error, name);
    status = fill_raw(source, error);
    if (status == MV_OK)
        status = sniff(source, &skip, error);
    if (status != MV_OK)
        return status;
    source->raw_at = skip;
    if (source->encoding == UTF16LE || source->encoding == UTF16BE)
        return start_converter(source, error);
    return MV_OK;
}

static enum mv_status finish(struct mv_source **out, struct mv_source *source,
                             const char *name, struct mv_error *error)
{
    enum mv_status status = start(source, name, error);

    if (status != MV_OK) {
        mv_source_close(source);
        source = NULL;
    }
    *out = source;
    return status;
}

enum mv_status mv_source_open(struct mv_source **out, const char *path,
                              struct mv_error *error)
{
    struct mv_source *source;
    bool is_stdin = strcmp(path, "-") == 0;

    *out = NULL;
    source = calloc(1, sizeof *source);
    if (!source)
        return no_memory(error, path);
    source->file = is_stdin ? stdin : fopen(path, "rb");
    if (!source->file) {
        int cause = errno;

        free(source);
        return mv_error_set(error, MV_IO, path, 0, "cannot open: %s",
                            strerror(cause));
    }
    source->owns_file = !is_stdin;
    return finish(out, source, is_stdin ? "standard input" : path, error);
}

enum mv_status mv_source_open_file(struct mv_source **out, const char *name,
                                   FILE *file, struct mv_error *error)
{
    struct mv_source *source;

    *out = NULL;
    source = calloc(1, sizeof *source);
    if (!source)
        return no_memory(error, name);
    source->file = file;
    return finish(out, source, name, error);
}

enum mv_status mv_source_open_memory(struct mv_source **out, const char *name,
                                     const void *bytes, size_t len,
                                     struct mv_error *error)
{
    struct mv_source *source;

    *out = NULL;
    source = calloc(1, sizeof *source);
    if (!source)
        return no_memory(error, name);
    source->memory = bytes ? bytes : "";
    source->memory_left = len;
    return finish(out, source, name, error);
}

void mv_source_close(struct mv_source *source)
{
    if (!source)
        return;
    if (source->owns_file)
        fclose(source->file);
    if (source->converts)
        iconv_close(source->convert);
    free(source->name);
    free(source->raw);
    free(source->text);
    free(source->line);
    free(source);
}

const char *mv_source_name(const struct mv_source *source)
{
    return source->name;
}

const char *mv_source_encoding(const struct mv_source *source)
{
    switch (source->encoding) {
    case UTF8: return "UTF-8";
    case UTF8_BOM: return "UTF-8 with BOM";
    case UTF16LE: return "UTF-16LE";
    case UTF16BE: return "UTF-16BE";
    }
    return "";
}

long mv_source_replaced(const struct mv_source *source)
{
    return source->replaced;
}

/* Puts U+FFFD for the damaged bytes at the front of raw. text has room: every
 * two bytes of raw were given three of text. */
static void replace_unit(struct mv_source *source)
{
    size_t left = source->raw_len - source->raw_at;

    memcpy(source->text + source->text_len, replacement, 3);
    source->text_len += 3;
    source->raw_at += left < 2 ? left : 2;
    source->replaced++;
}

/* Converts what is in raw, but for a character that is cut at its end. */
static enum mv_status convert(struct mv_source *source, struct mv_error *error)
{
    source->text_at = source->text_len = 0;
    while (source->raw_at < source->raw_len) {
        char *in = source->raw + source->raw_at;
        char *out = source->text + source->text_len;
        size_t in_left = source->raw_len - source->raw_at;
        size_t out_left = TEXT_SIZE - source->text_len;
        size_t done = iconv(source->convert, &in, &in_left, &out, &out_left);
        int cause = errno;

        source->raw_at = source->raw_len - in_left;
        source->text_len = TEXT_SIZE - out_left;
        if (done != (size_t)-1)
            break;
        if (cause == EINVAL && !source->raw_end)
            break;
        if (cause == E2BIG && source->text_len)
            break;
        if (cause != EILSEQ && cause != EINVAL)
            return mv_error_set(error, MV_IO, source->name, 0,
                                "cannot convert from %s: %s",
                                mv_source_encoding(source), strerror(cause));
        if (TEXT_SIZE - source->text_len < 3)
            break;
        replace_unit(source);
    }
    return MV_OK;
}

/* Some bytes of converted text; none only at the end. */
static enum mv_status fill_text(struct mv_source *source,
                                struct mv_error *error)
{
    enum mv_status status;

    while (source->text_at == source->text_len) {
        status = fill_raw(source, error);
        if (status != MV_OK)
            return status;
        if (source->raw_len == 0)
            return MV_OK;
        status = convert(source, error);
        if (status != MV_OK)
            return status;
    }
    return MV_OK;
}

static size_t take(char **to, size_t *room, const char *from, size_t len)
{
    len = len < *room ? len : *room;
    memcpy(*to, from, len);
    *to += len;
    *room -= len;
    return len;
}

enum mv_status mv_source_read(struct mv_source *source, void *to, size_t room,
                              size_t *got, struct mv_error *error)
{
    char *at = to;
    size_t wanted = room, more = 0;
    enum mv_status status;

    *got = 0;
    while (source->converts && room) {
        status = fill_text(source, error);
        if (status != MV_OK)
            return status;
        if (source->text_at == source->text_len)
            break;
        source->text_at += take(&at, &room, source->text + source->text_at,
                                source->text_len - source->text_at);
    }
    if (!source->converts) {
        source->raw_at += take(&at, &room, source->raw + source->raw_at,
                               source->raw_len - source->raw_at);
        if (room && !source->raw_end) {
            status = read_raw(source, at, room, &more, error);
            if (status != MV_OK)
                return status;
            source->raw_end = more < room;
        }
    }
    *got = wanted - room + more;
    return MV_OK;
}

/* Makes room for another block behind the unused part of the line window. */
static enum mv_status fill_line(struct mv_source *source,
                                struct mv_error *error)
{
    size_t left = source->line_len - source->line_at, got;
    enum mv_status status;

    if (source->line_at)
        memmove(source->line, source->line + source->line_at, left);
    source->line_at = 0;
    source->line_len = left;
    if (source->line_size - left < LINE_BLOCK + 1) {
        size_t size =
            source->line_size ? source->line_size * 2 : (size_t)LINE_BLOCK * 2;
        char *line = realloc(source->line, size);

        if (!line)
            return no_memory(error, source->name);
        source->line = line;
        source->line_size = size;
    }
    status =
        mv_source_read(source, source->line + left, LINE_BLOCK, &got, error);
    if (status != MV_OK)
        return status;
    source->line_len += got;
    source->line_end = got < LINE_BLOCK;
    return MV_OK;
}

/* Reads until the window holds a whole line. *len: bytes up to its LF. */
static enum mv_status find_line(struct mv_source *source, size_t *len,
                                bool *has_end, struct mv_error *error)
{
    size_t seen = 0;
    enum mv_status status;

    for (;;) {
        size_t left = source->line_len - source->line_at;
        const char *from, *end = NULL;

        if (left > seen) {
            from = source->line + source->line_at;
            end = memchr(from + seen, '\n', left - seen);
            *len = end ? (size_t)(end - from) : left;
        } else {
            *len = left;
        }
        *has_end = end != NULL;
        if (end || source->line_end || left > MV_SOURCE_LINE_MAX + 1)
            return MV_OK;
        seen = left;
        status = fill_line(source, error);
        if (status != MV_OK)
            return status;
    }
}

enum mv_status mv_source_line(struct mv_source *source, const char **line,
                              size_t *len, long *number, struct mv_error *error)
{
    bool has_end;
    size_t n;
    char *at;
    enum mv_status status;

    *line = NULL;
    *len = 0;
    status = find_line(source, &n, &has_end, error);
    if (status != MV_OK)
        return status;
    if (n == 0 && !has_end)
        return MV_OK;
    source->line_number++;
    if (number)
        *number = source->line_number;
    at = source->line + source->line_at;
    source->line_at += n + has_end;
    if (n && at[n - 1] == '\r')
        n--;
    if (n > MV_SOURCE_LINE_MAX) {
        source->line_at = source->line_len;
        source->line_end = true;
        return mv_error_set(error, MV_FORMAT, source->name, source->line_number,
                            "line longer than 8 MiB");
    }
    at[n] = '\0';
    *line = at;
    *len = n;
    return MV_OK;
}
