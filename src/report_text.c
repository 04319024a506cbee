#include "report_text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* --- formatting ----------------------------------------------------------- */

static bool append(struct mv_buffer *buffer, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

static bool append(struct mv_buffer *buffer, const char *format, va_list args)
{
    va_list again;
    int len;

    va_copy(again, args);
    len = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (len < 0 || mv_buffer_reserve(buffer, (size_t)len + 1) != MV_OK)
        return false;
    vsnprintf(buffer->at + buffer->len, (size_t)len + 1, format, args);
    buffer->len += (size_t)len;
    return true;
}

static void put_bytes(struct mv_page *page, const char *at, size_t len)
{
    if (mv_buffer_put(&page->text, at, len) != MV_OK)
        page->failed = true;
}

void mv_report_put(struct mv_page *page, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    if (!append(&page->text, format, args))
        page->failed = true;
    va_end(args);
}

static const char *keep(struct mv_page *page, struct mv_buffer *buffer)
{
    const char *copy = mv_arena_copy(&page->arena, mv_buffer_span(buffer));

    mv_buffer_release(buffer);
    if (!copy)
        page->failed = true;
    return copy ? copy : "";
}

const char *mv_report_format(struct mv_page *page, const char *format, ...)
{
    struct mv_buffer buffer = {0};
    va_list args;

    va_start(args, format);
    if (!append(&buffer, format, args))
        page->failed = true;
    va_end(args);
    return keep(page, &buffer);
}

/* --- characters ----------------------------------------------------------- */

/* The code point at text, which has len bytes, at least one; *size: its bytes.
 * Broken UTF-8 is one byte of U+FFFD. */
uint32_t mv_report_decode(const char *text, size_t len, size_t *size)
{
    static const uint32_t LEAST[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *at = (const unsigned char *)text;
    size_t n = *at < 0x80   ? 1
               : *at < 0xc2 ? 0
               : *at < 0xe0 ? 2
               : *at < 0xf0 ? 3
               : *at < 0xf5 ? 4
                            : 0;
    uint32_t code = n == 1 ? *at : *at & (0x7fu >> n);

    *size = 1;
    if (n == 0 || n > len)
        return 0xfffd;
    for (size_t i = 1; i < n; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0xfffd;
        code = code << 6 | (at[i] & 0x3fu);
    }
    if (code < LEAST[n] || code > 0x10ffff || (code >> 11) == 0x1b)
        return 0xfffd;
    *size = n;
    return code;
}

struct range {
    uint32_t first, last;
};

static bool within(uint32_t code, const struct range *range, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (code >= range[i].first && code <= range[i].last)
            return true;
    return false;
}

/* After Unicode's EastAsianWidth.txt, block by block. */
static const struct range WIDE[] = {
    {0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0xa4cf},
    {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe30, 0xfe6f},
    {0xff00, 0xff60},   {0xffe0, 0xffe6},   {0x1f300, 0x1f64f},
    {0x1f680, 0x1f6ff}, {0x1f900, 0x1faff}, {0x20000, 0x3fffd},
};
static const struct range MARKS[] = {
    {0x0300, 0x036f}, {0x1ab0, 0x1aff},   {0x1dc0, 0x1dff},
    {0x200b, 0x200d}, {0x20d0, 0x20ff},   {0xfe00, 0xfe0f},
    {0xfe20, 0xfe2f}, {0x1f3fb, 0x1f3ff}, {0xe0100, 0xe01ef},
};
/* What could move the cursor, switch colours, or turn the writing around so
 * that a line reads as something else. */
static const struct range UNSAFE[] = {
    {0x00, 0x1f},     {0x7f, 0x9f},     {0x061c, 0x061c},
    {0x200e, 0x200f}, {0x202a, 0x202e}, {0x2060, 0x206f},
    {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xe0000, 0xe007f},
};
#define WITHIN(code, ranges)                                                   \
    within(code, ranges, sizeof ranges / sizeof *ranges)

bool mv_report_unsafe(uint32_t code)
{
    return WITHIN(code, UNSAFE);
}

static size_t code_width(uint32_t code)
{
    if (code < 0x300)
        return 1;
    return WITHIN(code, MARKS) ? 0 : WITHIN(code, WIDE) ? 2 : 1;
}

static size_t span_width(const char *text, size_t len)
{
    size_t width = 0, size;

    for (; len; text += size, len -= size)
        width += code_width(mv_report_decode(text, len, &size));
    return width;
}

size_t mv_report_width(const char *text)
{
    return span_width(text, strlen(text));
}

/* --- one clean line ------------------------------------------------------- */

static bool is_blank(uint32_t code)
{
    return code == ' ' || (code >= '\t' && code <= '\r') || code == 0x85 ||
           code == 0xa0 || (code >= 0x2000 && code <= 0x200a) ||
           code == 0x2028 || code == 0x2029 || code == 0x202f || code == 0x3000;
}

/* A line in the making. */
struct line {
    struct mv_buffer text;
    size_t width, limit; /* limit 0: none */
    size_t cut;          /* bytes that leave room for the ellipsis */
    bool failed;
};

/* Returns whether it still fits. */
static bool add(struct line *line, const char *at, size_t len, size_t width)
{
    if (mv_buffer_put(&line->text, at, len) != MV_OK)
        line->failed = true;
    line->width += width;
    if (line->width < line->limit)
        line->cut = line->text.len;
    return !line->limit || line->width <= line->limit;
}

static void shorten(struct line *line)
{
    if (line->failed)
        return;
    while (line->cut && line->text.at[line->cut - 1] == ' ')
        line->cut--;
    line->text.len = line->cut;
    if (mv_buffer_puts(&line->text, "…") != MV_OK)
        line->failed = true;
}

const char *mv_report_line(struct mv_page *page, struct mv_span text,
                           size_t columns)
{
    struct line line = {.limit = columns};
    bool gap = false, fits = true;
    size_t size, i;

    for (i = 0; i < text.len && fits; i += size) {
        uint32_t code = mv_report_decode(text.at + i, text.len - i, &size);

        if (is_blank(code)) {
            gap = line.text.len > 0;
            continue;
        }
        if (gap)
            fits = add(&line, " ", 1, 1);
        gap = false;
        if (code == 0xfffd || WITHIN(code, UNSAFE))
            fits = add(&line, "\xef\xbf\xbd", 3, 1) && fits;
        else
            fits = add(&line, text.at + i, size, code_width(code)) && fits;
    }
    if (!fits)
        shorten(&line);
    if (line.failed)
        page->failed = true;
    return keep(page, &line.text);
}

const char *mv_report_clean(struct mv_page *page, const char *text,
                            size_t columns)
{
    return mv_report_line(page, mv_span_of(text), columns);
}

static bool is_utf8(const char *text)
{
    size_t len = strlen(text), size;

    for (; len; text += size, len -= size)
        if (mv_report_decode(text, len, &size) == 0xfffd && size == 1)
            return false;
    return true;
}

void mv_report_put_path(struct mv_page *page, const char *key, const char *path)
{
    if (path && !is_utf8(path))
        path = mv_report_clean(page, path, 0);
    mv_json_put_text(page->json, key, path);
}

/* --- paragraphs ----------------------------------------------------------- */

static void wrap(struct mv_page *page, size_t indent, const char *text)
{
    size_t column = indent, len, width;
    bool first = true;

    for (; *text; text += len) {
        text += strspn(text, " ");
        len = strcspn(text, " ");
        if (!len)
            break;
        width = span_width(text, len);
        if (!first && column + 1 + width > MV_REPORT_WIDTH) {
            mv_report_put(page, "\n%*s", (int)indent, "");
            column = indent;
        } else if (!first) {
            put_bytes(page, " ", 1);
            column++;
        }
        put_bytes(page, text, len);
        column += width;
        first = false;
    }
    put_bytes(page, "\n", 1);
}

void mv_report_say(struct mv_page *page, const char *lead, const char *format,
                   ...)
{
    struct mv_buffer buffer = {0};
    va_list args;

    va_start(args, format);
    if (append(&buffer, format, args)) {
        mv_report_put(page, "%s", lead);
        wrap(page, mv_report_width(lead), buffer.at);
    } else {
        page->failed = true;
    }
    va_end(args);
    mv_buffer_release(&buffer);
}
