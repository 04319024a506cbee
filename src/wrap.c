#include "wrap.h"

#include <stdbool.h>

enum { MARKS_MOST = 4 };

/* A text on its way into lines. */
struct wrapping {
    struct mv_buffer *out;
    size_t columns, column; /* of the line */
    const struct mv_mark *mark;
    size_t n, next; /* marks; the first that has not ended */
    bool on;        /* one stands open in the line */
    bool gap;       /* a blank is due before the next word */
    int empty;      /* line breaks since the last word */
    bool begun, failed;
};

static void put(struct wrapping *w, const char *at, size_t len)
{
    if (mv_buffer_put(w->out, at, len) != MV_OK)
        w->failed = true;
}

static void set_mark(struct wrapping *w, bool on)
{
    const char byte = on ? MV_WRAP_ON : MV_WRAP_OFF;

    if (w->on != on)
        put(w, &byte, 1);
    w->on = on;
}

static void end_line(struct wrapping *w)
{
    set_mark(w, false);
    put(w, "\n", 1);
    w->column = 0;
    w->gap = false;
}

static bool is_marked(struct wrapping *w, size_t at)
{
    while (w->next < w->n && w->mark[w->next].to <= at)
        w->next++;
    return w->next < w->n && w->mark[w->next].from <= at;
}

static bool is_blank(uint32_t code)
{
    return code == ' ' || code == '\t' || code == 0xa0 || code == 0x1680 ||
           (code >= 0x2000 && code <= 0x200a) || code == 0x202f ||
           code == 0x205f || code == 0x3000;
}

/* The bytes of a line break at text.at, 0 where there is none. */
static size_t line_break(struct mv_span text)
{
    const unsigned char *at = (const unsigned char *)text.at;

    if (at[0] == '\r')
        return text.len > 1 && at[1] == '\n' ? 2 : 1;
    if (at[0] == '\n' || at[0] == 0x0b || at[0] == 0x0c)
        return 1;
    if (text.len > 2 && at[0] == 0xe2 && at[1] == 0x80 &&
        (at[2] == 0xa8 || at[2] == 0xa9))
        return 3;
    return 0;
}

static struct mv_span from_on(struct mv_span text, size_t at)
{
    return (struct mv_span){text.at + at, text.len - at};
}

/* The bytes of the word that text starts with, and its columns. */
static size_t word_of(struct mv_span text, size_t *columns)
{
    size_t at = 0, used;
    uint32_t code;

    *columns = 0;
    while (at < text.len && !line_break(from_on(text, at))) {
        int width = mv_text_columns(from_on(text, at), &used, &code);

        if (is_blank(code) || text.at[at] == '\t')
            break;
        *columns += width > 0 ? (size_t)width : 0;
        at += used;
    }
    return at;
}

/* Puts the characters of a word, broken where the line is full. */
static void put_word(struct wrapping *w, struct mv_span text, size_t from,
                     size_t len)
{
    int marks = MARKS_MOST; /* none may stand where nothing is before it */
    size_t used;
    uint32_t code;

    for (size_t at = from; at < from + len; at += used) {
        int width = mv_text_columns(from_on(text, at), &used, &code);

        if (width < 0 || (width == 0 && ++marks > MARKS_MOST))
            continue;
        if (width > 0 && w->column + (size_t)width > w->columns)
            end_line(w);
        if (width > 0)
            marks = 0;
        set_mark(w, is_marked(w, at));
        if (code == 0xfffd)
            put(w, "\xef\xbf\xbd", 3);
        else
            put(w, text.at + at, used);
        w->column += (size_t)width;
    }
}

static void start_word(struct wrapping *w, size_t columns, size_t at)
{
    for (; w->begun && w->empty > 0; w->empty--)
        end_line(w);
    w->empty = 0;
    /* A word wider than a line, and writing without blanks, fills the line. */
    if (w->gap && columns <= w->columns && w->column + 1 + columns > w->columns)
        end_line(w);
    if (w->gap && w->column > 0 && w->column < w->columns) {
        set_mark(w, w->on && is_marked(w, at));
        put(w, " ", 1);
        w->column++;
    }
    w->gap = false;
    w->begun = true;
}

enum mv_status mv_wrap(struct mv_buffer *out, struct mv_span text,
                       size_t columns, const struct mv_mark *mark, size_t n)
{
    struct wrapping w = {.out = out, .columns = columns, .mark = mark, .n = n};
    size_t len, width;

    for (size_t at = 0; at < text.len; at += len) {
        len = line_break(from_on(text, at));
        if (len) {
            w.empty += w.empty < 2;
            w.gap = false;
            continue;
        }
        len = word_of(from_on(text, at), &width);
        if (len && width) {
            start_word(&w, width, at);
            put_word(&w, text, at, len);
        } else if (!len) { /* a blank: one character of any length */
            uint32_t code;

            mv_text_columns(from_on(text, at), &len, &code);
            w.gap = w.column > 0 && !w.empty;
        }
    }
    if (w.begun)
        end_line(&w);
    return w.failed ? MV_NOMEM : MV_OK;
}
