#include "report_doc.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The marks: of a figure "\1path\2value\2shown\1", of a command
 * "\3command\3". */
#define FIGURE "\1%s\2%.*g\2%s\1"
static const char NOTHING[] = "–";
/* 100 times a share is seldom a whole number in binary. */
static const double SLACK = 1e-9;

/* --- words ---------------------------------------------------------------- */

const char *mv_doc_word(const struct mv_doc *doc, enum mv_word word)
{
    return mv_report_word(doc->tongue, word);
}

enum mv_word mv_doc_plural(long n, enum mv_word one)
{
    return n == 1 ? one : one + 1;
}

static void put(struct mv_doc *doc, struct mv_buffer *out, const char *at,
                size_t len)
{
    if (mv_buffer_put(out, at, len) != MV_OK)
        doc->page->failed = true;
}

const char *mv_doc_fill_with(struct mv_doc *doc, enum mv_word word,
                             const char *const *parts)
{
    const char *text = mv_doc_word(doc, word), *part[10] = {NULL};
    struct mv_buffer out = {0};
    const char *filled;

    for (int i = 0; i < 10 && parts[i]; i++)
        part[i] = parts[i];
    while (*text) {
        size_t len = strcspn(text, "{");

        put(doc, &out, text, len);
        text += len;
        if (*text) {
            const char *with = part[text[1] - '0'];

            put(doc, &out, with ? with : "", with ? strlen(with) : 0);
            text += 3;
        }
    }
    filled = mv_report_format(doc->page, "%s", out.at ? out.at : "");
    mv_buffer_release(&out);
    return filled;
}

const char *mv_doc_code(struct mv_doc *doc, const char *text)
{
    return mv_report_format(doc->page, "\3%s\3", text);
}

/* --- figures -------------------------------------------------------------- */

/* Digits with a decimal comma where the language has one. */
static const char *localised(struct mv_doc *doc, const char *digits)
{
    char *copy = mv_arena_copy(&doc->page->arena, mv_span_of(digits));
    char *point = copy ? strchr(copy, '.') : NULL;

    if (!copy)
        doc->page->failed = true;
    if (point && doc->tongue == MV_TONGUE_ES)
        *point = ',';
    return copy ? copy : "";
}

static const char *mark(struct mv_doc *doc, const char *path, double value,
                        const char *shown)
{
    int digits = 15; /* the fewest that read back as the value */
    char text[32];

    for (; digits < 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    return mv_report_format(doc->page, FIGURE, path, digits, value, shown);
}

/* 3,200 in English; in Spanish 3200 and 12 345, with a narrow blank. */
static const char *grouped(struct mv_doc *doc, double value)
{
    bool spanish = doc->tongue == MV_TONGUE_ES;
    const char *digits = mv_report_format(doc->page, "%.0f", value);
    size_t len = strlen(digits);
    struct mv_buffer out = {0};
    const char *text;

    if (value < 1000 || (spanish && value < 10000))
        return digits;
    for (size_t i = 0; i < len; i++) {
        if (i && (len - i) % 3 == 0)
            put(doc, &out, spanish ? "\u202f" : ",", spanish ? 3 : 1);
        put(doc, &out, digits + i, 1);
    }
    text = mv_report_format(doc->page, "%s", out.at ? out.at : "");
    mv_buffer_release(&out);
    return text;
}

const char *mv_doc_count(struct mv_doc *doc, const char *path, double value)
{
    if (!isfinite(value))
        return NOTHING;
    return mark(doc, path, value, grouped(doc, value));
}

const char *mv_doc_real(struct mv_doc *doc, const char *path, double value)
{
    if (!isfinite(value))
        return NOTHING;
    return mark(doc, path, value,
                localised(doc, mv_report_figure(doc->page, value)));
}

const char *mv_doc_percent(struct mv_doc *doc, const char *path, double share)
{
    const char *sign = doc->tongue == MV_TONGUE_ES ? "\u00a0%" : "%";
    double percent = 100 * share;

    if (!isfinite(share))
        return NOTHING;
    if (percent > SLACK && percent < 0.5)
        return mark(doc, path, share,
                    mv_report_format(doc->page, "<1%s", sign));
    if (percent >= 99.5 && percent < 100 - SLACK)
        return mark(doc, path, share,
                    mv_report_format(doc->page, ">99%s", sign));
    return mark(doc, path, share,
                mv_report_format(doc->page, "%.0f%s", percent, sign));
}

const char *mv_doc_interval(struct mv_doc *doc, const char *path,
                            struct mv_interval of)
{
    struct mv_page *page = doc->page;
    const char *value =
        mv_doc_real(doc, mv_report_format(page, "%s.value", path), of.value);

    if (!isfinite(of.value) || !isfinite(of.low) || !isfinite(of.high))
        return value;
    return mv_report_format(
        page, "%s (%s%s%s)", value,
        mv_doc_real(doc, mv_report_format(page, "%s.low", path), of.low),
        of.low < 0 ? (doc->tongue == MV_TONGUE_ES ? " a " : " to ") : "–",
        mv_doc_real(doc, mv_report_format(page, "%s.high", path), of.high));
}

const char *mv_doc_of_100(struct mv_doc *doc, const char *path, double share,
                          bool up)
{
    double of = up ? ceil(100 * share - SLACK) : floor(100 * share + SLACK);

    return mark(doc, path, share, mv_report_format(doc->page, "%.0f", of));
}

const char *mv_doc_day(struct mv_doc *doc, int64_t at)
{
    time_t clock = (time_t)at;
    const char *day = mv_report_day(doc->page, at);
    struct tm tm;

    if (*day == '-')
        return NOTHING;
    if (doc->page->form != MV_REPORT_HTML || !gmtime_r(&clock, &tm))
        return day;
    return mv_report_format(
        doc->page, "%d\u00a0%s\u00a0%d", tm.tm_mday,
        mv_doc_word(doc, MV_W_MONTH + (enum mv_word)tm.tm_mon),
        tm.tm_year + 1900);
}

const char *mv_doc_language(const struct mv_doc *doc, const char *code)
{
    return mv_doc_word(doc, MV_W_LANGUAGE + (enum mv_word)mv_lang_parse(code));
}

const char *mv_doc_verdict(const struct mv_doc *doc, enum mv_verdict verdict)
{
    return mv_doc_word(doc, MV_W_NO_PURPOSE + (enum mv_word)verdict);
}

/* --- marks ---------------------------------------------------------------- */

/* What is before the next c; *text goes behind it. */
static struct mv_span until(const char **text, int c)
{
    struct mv_span span = {*text, strcspn(*text, (char[]){(char)c, 0})};

    *text += span.len + ((*text)[span.len] != '\0');
    return span;
}

const char *mv_doc_mark(const char *text, struct mv_mark *out)
{
    *out = (struct mv_mark){0};
    if (*text++ == '\3') {
        out->shown = until(&text, '\3');
        return text;
    }
    out->path = until(&text, '\2');
    out->value = until(&text, '\2');
    out->shown = until(&text, '\1');
    return text;
}

const char *mv_doc_plain(struct mv_doc *doc, const char *text)
{
    struct mv_buffer out = {0};
    struct mv_mark found;
    const char *plain;

    while (text && *text) {
        size_t len = strcspn(text, "\1\3");

        put(doc, &out, text, len);
        text += len;
        if (*text) {
            text = mv_doc_mark(text, &found);
            put(doc, &out, found.shown.at, found.shown.len);
        }
    }
    plain = mv_report_format(doc->page, "%s", out.at ? out.at : "");
    mv_buffer_release(&out);
    return plain;
}

/* --- blocks --------------------------------------------------------------- */

struct mv_doc_block *mv_doc_add(struct mv_doc *doc, enum mv_block_kind kind,
                                const char *text)
{
    static const struct mv_doc_block NONE = {0};
    struct mv_doc_block *block;

    if (doc->n == doc->room) {
        size_t room = doc->room ? 2 * doc->room : 64;

        block = mv_arena_alloc(&doc->page->arena, room * sizeof *block);
        if (!block)
            doc->page->failed = true;
        if (block && doc->n)
            memcpy(block, doc->block, doc->n * sizeof *block);
        if (block) {
            doc->block = block;
            doc->room = room;
        }
    }
    block = doc->n < doc->room ? &doc->block[doc->n++] : &doc->spare;
    doc->last = block;
    *block = NONE;
    block->kind = kind;
    block->text = text;
    return block;
}

struct mv_doc_block *mv_doc_heading(struct mv_doc *doc, const char *id,
                                    const char *text, const char *note)
{
    struct mv_doc_block *block = mv_doc_add(doc, MV_BLOCK_HEADING, text);

    block->id = id;
    block->note = note;
    return block;
}

void mv_doc_cell(struct mv_doc *doc, const char *text)
{
    struct mv_doc_block *block = doc->last;

    if (block->n_cell == block->room) {
        size_t room = block->room ? 2 * block->room : 32;
        const char **cell =
            mv_arena_alloc(&doc->page->arena, room * sizeof *cell);

        if (!cell) {
            doc->page->failed = true;
            return;
        }
        if (block->n_cell)
            memcpy(cell, block->cell, block->n_cell * sizeof *cell);
        block->cell = cell;
        block->room = room;
    }
    block->cell[block->n_cell++] = text;
}

void mv_doc_table(struct mv_doc *doc, const char *align,
                  const enum mv_word *head, size_t n)
{
    mv_doc_add(doc, MV_BLOCK_TABLE, NULL)->align = align;
    for (size_t i = 0; i < n; i++)
        mv_doc_cell(doc, mv_doc_word(doc, head[i]));
}

/* --- invitations ---------------------------------------------------------- */

const char *mv_doc_name(const struct mv_doc *doc,
                        const struct mv_report_row *row)
{
    if (row->name && *row->name)
        return row->name;
    return row->url && *row->url ? row->url : mv_doc_word(doc, MV_W_NO_NAME);
}

const char *mv_doc_standing(const struct mv_doc *doc,
                            const struct mv_report_row *row)
{
    if (row->origin == MV_ORIGIN_OPENING)
        return mv_doc_word(doc, MV_W_OPENING);
    return row->connected ? mv_doc_word(doc, MV_W_CONTACT) : "";
}

const char *mv_doc_outcome(const struct mv_doc *doc,
                           const struct mv_report_row *row)
{
    if (!row->has_outcome)
        return "";
    return mv_doc_word(doc, row->useful ? MV_W_PROVED : MV_W_PROVED_NOT);
}

/* Whether the reason stands at the message: its controls became blanks. */
static bool reads(const char *message, const char *reason, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)message[i];

        if (c == '\0' ||
            (c < ' ' || c == 0x7f ? ' ' : c) != (unsigned char)reason[i])
            return false;
    }
    return true;
}

static bool apart(const struct mv_doc_piece *piece, size_t n, size_t from,
                  size_t to)
{
    for (size_t i = 0; i < n; i++)
        if (from < piece[i].to && piece[i].from < to)
            return false;
    return true;
}

static int by_place(const void *a, const void *b)
{
    const struct mv_doc_piece *x = a, *y = b;

    return (x->from > y->from) - (x->from < y->from);
}

/* Pieces with nothing but blanks between them become one. */
static size_t join(const char *message, struct mv_doc_piece *piece, size_t n)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++) {
        size_t from = kept ? piece[kept - 1].to : 0;

        if (kept && strspn(message + from, " ") >= piece[i].from - from)
            piece[kept - 1].to = piece[i].to;
        else
            piece[kept++] = piece[i];
    }
    return kept;
}

size_t mv_doc_reasons(const struct mv_report_row *row,
                      struct mv_doc_piece piece[MV_DOC_REASONS])
{
    const char *reason = row->reason ? row->reason : "";
    const char *message = row->message ? row->message : "";
    size_t n = 0;

    while (*reason && n < MV_DOC_REASONS) {
        const char *end = strstr(reason, " | ");
        size_t len = end ? (size_t)(end - reason) : strlen(reason);

        for (size_t at = 0; len && message[at]; at++)
            if (reads(message + at, reason, len) &&
                apart(piece, n, at, at + len)) {
                piece[n++] = (struct mv_doc_piece){at, at + len};
                break;
            }
        reason += len + (end ? 3 : 0);
    }
    qsort(piece, n, sizeof *piece, by_place);
    return join(message, piece, n);
}

void mv_doc_each_row(struct mv_doc *doc, const struct mv_doc_block *block,
                     void (*show)(struct mv_doc *doc,
                                  const struct mv_report_row *row))
{
    for (size_t i = 0; i < block->n_row; i++)
        show(doc, &block->row[i]);
}
