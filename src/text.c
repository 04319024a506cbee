#include "text_parts.h"

#include "text_scan.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

enum {
    LATIN_END = 0x250, /* Latin, precomputed */
    GENERAL_START = 0x2000,
    GENERAL_END = 0x2070, /* general punctuation */
    PRECOMPUTED = LATIN_END + GENERAL_END - GENERAL_START,
    FOLD_MAX = 18 * 4,   /* longest decomposition is 18 code points */
    SLACK = MV_TEXT_SCAN /* bytes that may be read or written past the text */
};

/* What one code point folds to. */
struct fold {
    uint8_t len;
    char bytes[7];
};

struct mv_text {
    struct fold fold[PRECOMPUTED];
};

static const utf8proc_option_t OPTIONS = UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT |
                                         UTF8PROC_CASEFOLD |
                                         UTF8PROC_STRIPMARK | UTF8PROC_IGNORE;

/* --- folding -------------------------------------------------------------- */

/* Spellings that Unicode keeps apart and people do not. 0 means: drop. */
static utf8proc_int32_t straighten(utf8proc_int32_t c)
{
    if ((c >= 0x2018 && c <= 0x201B) || c == 0x2032 || c == 0x02BC ||
        c == 0x00B4 || c == 0x0060)
        return '\'';
    if ((c >= 0x201C && c <= 0x201F) || c == 0x2033 || c == 0x00AB ||
        c == 0x00BB)
        return '"';
    if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212)
        return '-';
    if (c >= 0x1F3FB && c <= 0x1F3FF)
        return 0;
    return c;
}

static bool is_blank(utf8proc_int32_t c)
{
    if (c <= 0x20 || (c >= 0x7F && c < 0xA0))
        return true;
    switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP: return true;
    default: return false;
    }
}

/* Folds one code point into at most FOLD_MAX bytes; blanks become ' '. */
static size_t fold_code_point(utf8proc_int32_t c, char *out)
{
    utf8proc_int32_t part[32];
    int boundary = 0;
    utf8proc_ssize_t n;
    size_t len = 0;

    if (is_blank(c)) {
        out[0] = ' ';
        return 1;
    }
    c = straighten(c);
    if (c == 0)
        return 0;
    n = utf8proc_decompose_char(c, part, 32, OPTIONS, &boundary);
    for (utf8proc_ssize_t i = 0; i < n && i < 18; i++)
        len += (size_t)utf8proc_encode_char(
            is_blank(part[i]) ? ' ' : straighten(part[i]),
            (utf8proc_uint8_t *)out + len);
    return len;
}

enum mv_status mv_text_new(struct mv_text **out)
{
    struct mv_text *text = calloc(1, sizeof *text);
    char bytes[FOLD_MAX];

    if (!text)
        return MV_NOMEM;
    for (int i = 0; i < PRECOMPUTED; i++) {
        int c = i < LATIN_END ? i : i - LATIN_END + GENERAL_START;
        size_t len = fold_code_point(c, bytes);

        /* Only U+2057 is longer than 7 bytes; 0xFF sends it the slow way. */
        text->fold[i].len =
            len > sizeof text->fold[i].bytes ? 0xFF : (uint8_t)len;
        if (text->fold[i].len != 0xFF)
            memcpy(text->fold[i].bytes, bytes, len);
    }
    *out = text;
    return MV_OK;
}

void mv_text_free(struct mv_text *text)
{
    free(text);
}

/* The folded form of c: from the table where it has one. */
static size_t fold_lookup(const struct mv_text *text, utf8proc_int32_t c,
                          char *out)
{
    int index = -1;

    if (c < LATIN_END)
        index = c;
    else if (c >= GENERAL_START && c < GENERAL_END)
        index = c - GENERAL_START + LATIN_END;
    if (index < 0 || text->fold[index].len == 0xFF)
        return fold_code_point(c, out);
    memcpy(out, text->fold[index].bytes, sizeof text->fold[index].bytes);
    return text->fold[index].len;
}

static enum mv_status add_run(struct mv_tokens *out, size_t folded,
                              size_t original)
{
    if (out->n_runs == out->run_size) {
        size_t size = out->run_size ? 2 * out->run_size : 16;
        struct mv_text_run *run = realloc(out->run, size * sizeof *run);

        if (!run)
            return MV_NOMEM;
        out->run = run;
        out->run_size = size;
    }
    out->run[out->n_runs++] =
        (struct mv_text_run){(uint32_t)folded, (uint32_t)original};
    return MV_OK;
}

/* The state of folding one message: where we read and write, and the distance
 * at which the last run was recorded. */
struct folding {
    const char *in;
    size_t at, len; /* next byte of in; its length */
    char *out;
    size_t written;
    size_t distance; /* at - written of the current run */
};

/* Records where the original continues, when that is not evident. */
static enum mv_status note_run(struct mv_tokens *out, struct folding *f,
                               size_t original)
{
    size_t distance = original - f->written;

    if (out->n_runs && distance == f->distance)
        return MV_OK;
    f->distance = distance;
    return add_run(out, f->written, original);
}

/* Copies printable ASCII, lower-cased, up to the next byte that needs thought
 * (a control, a second blank, a quote to straighten, non-ASCII). */
static void fold_ascii(struct folding *f)
{
    uint32_t after_blank = !f->written || f->out[f->written - 1] == ' ';
    uint32_t stop = 0;

    while (!stop && f->at < f->len) {
        const char *in = f->in + f->at;
        char end[MV_TEXT_SCAN] = {0}; /* a NUL needs thought, too */
        struct mv_text_ascii ascii;
        size_t n = MV_TEXT_SCAN;

        if (f->len - f->at < n)
            in = memcpy(end, in, f->len - f->at);
        ascii = mv_text_lower(in, f->out + f->written);
        stop = ascii.odd | (ascii.blank & (ascii.blank << 1 | after_blank));
        if (stop)
            n = (size_t)__builtin_ctz(stop);
        after_blank = ascii.blank >> (MV_TEXT_SCAN - 1);
        f->at += n;
        f->written += n;
    }
}

/* Folds the one code point at f->at; leading and second blanks are dropped. */
static enum mv_status fold_one(const struct mv_text *text,
                               struct mv_tokens *out, struct folding *f,
                               struct mv_error *error)
{
    utf8proc_int32_t c;
    char bytes[FOLD_MAX];
    size_t len;
    utf8proc_ssize_t used =
        utf8proc_iterate((const utf8proc_uint8_t *)f->in + f->at,
                         (utf8proc_ssize_t)(f->len - f->at), &c);

    if (used <= 0)
        return mv_error_set(error, MV_FORMAT, NULL, 0,
                            "message is not UTF-8 (byte %zu)", f->at + 1);
    len = fold_lookup(text, c, bytes);
    /* What became longer leads back to its own start as a whole. */
    if (len > (size_t)used && add_run(out, f->written, f->at) != MV_OK)
        return mv_error_set(error, MV_NOMEM, NULL, 0, "out of memory");
    for (size_t i = 0; i < len; i++)
        if (bytes[i] != ' ' ||
            (f->written > 0 && f->out[f->written - 1] != ' '))
            f->out[f->written++] = bytes[i];
    f->at += (size_t)used;
    return MV_OK;
}

/* Longest expansion of folding, in bytes out per byte in: U+FDFA, 3 bytes,
 * gives 18 code points of 2 bytes and blanks. */
enum { EXPANSION = 12 };

static enum mv_status fold(const struct mv_text *text, struct mv_span message,
                           struct mv_tokens *out, struct mv_error *error)
{
    struct folding f = {.in = message.at, .len = message.len};
    enum mv_status status;

    mv_buffer_clear(&out->folded);
    out->n_runs = 0;
    if (mv_buffer_reserve(&out->folded,
                          message.len * EXPANSION + FOLD_MAX + SLACK) != MV_OK)
        return mv_error_set(error, MV_NOMEM, NULL, 0, "out of memory");
    f.out = out->folded.at;
    while (f.at < f.len) {
        size_t before = f.at;

        if (note_run(out, &f, f.at) != MV_OK)
            return mv_error_set(error, MV_NOMEM, NULL, 0, "out of memory");
        fold_ascii(&f);
        if (f.at > before || f.at == f.len)
            continue;
        status = fold_one(text, out, &f, error);
        if (status != MV_OK)
            return status;
    }
    if (f.written > 0 && f.out[f.written - 1] == ' ')
        f.written--;
    out->folded.len = f.written;
    memset(f.out + f.written, 0, SLACK);
    return MV_OK;
}

/* --- tokens --------------------------------------------------------------- */

/* The ASCII characters of folded text, each replaced by its glyph. */
static const char GLYPHS[] = "                                "
                             " ...$......$...."
                             "0000000000..$$$."
                             "..............................$."
                             ".aaaaaaaaaaaaaaaaaaaaaaaaaa.$.$.";

static enum mv_glyph glyph_of(utf8proc_int32_t c)
{
    switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO: return MV_GLYPH_DIGIT;
    case UTF8PROC_CATEGORY_PC:
    case UTF8PROC_CATEGORY_PD:
    case UTF8PROC_CATEGORY_PS:
    case UTF8PROC_CATEGORY_PE:
    case UTF8PROC_CATEGORY_PI:
    case UTF8PROC_CATEGORY_PF:
    case UTF8PROC_CATEGORY_PO: return MV_GLYPH_PUNCT;
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO: return MV_GLYPH_LETTER;
    default: return MV_GLYPH_SYMBOL;
    }
}

enum mv_glyph mv_text_look(const char *at, size_t *len)
{
    unsigned char c = (unsigned char)*at;
    utf8proc_int32_t code;

    *len = 1;
    if (c < 0x80)
        return (enum mv_glyph)GLYPHS[c];
    *len = (size_t)utf8proc_iterate((const utf8proc_uint8_t *)at, -1, &code);
    return glyph_of(code);
}

static enum mv_status add_token(struct mv_tokens *out, size_t at, size_t len,
                                enum mv_token_kind kind)
{
    if (out->n == out->token_size) {
        size_t size = out->token_size ? 2 * out->token_size : 128;
        struct mv_token *token = realloc(out->token, size * sizeof *token);

        if (!token)
            return MV_NOMEM;
        out->token = token;
        out->token_size = size;
    }
    out->token[out->n++] = (struct mv_token){(uint32_t)at, (uint32_t)len, kind};
    return MV_OK;
}

/* Cuts at MV_TEXT_MAX, never inside a code point. */
static struct mv_span cut(struct mv_span message)
{
    if (message.len > MV_TEXT_MAX) {
        message.len = MV_TEXT_MAX;
        while (message.len &&
               ((unsigned char)message.at[message.len] & 0xC0) == 0x80)
            message.len--;
    }
    return message;
}

enum mv_status mv_text_tokens(const struct mv_text *text,
                              struct mv_span message, struct mv_tokens *out,
                              struct mv_error *error)
{
    enum mv_status status;
    const char *folded;
    size_t at = 0;

    message = cut(message);
    out->n = 0;
    out->input = message.len;
    status = fold(text, message, out, error);
    if (status != MV_OK)
        return status;
    folded = out->folded.at;
    while (at < out->folded.len) {
        enum mv_token_kind kind;
        size_t len;

        if (folded[at] == ' ') {
            at++;
            continue;
        }
        len = mv_text_token(folded + at, &kind);
        if (add_token(out, at, len, kind) != MV_OK)
            return mv_error_set(error, MV_NOMEM, NULL, 0, "out of memory");
        at += len;
    }
    return MV_OK;
}

/* --- on a terminal -------------------------------------------------------- */

int mv_text_columns(struct mv_span text, size_t *used, uint32_t *code)
{
    utf8proc_int32_t c;
    utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)text.at,
                                          (utf8proc_ssize_t)text.len, &c);

    *used = n > 0 ? (size_t)n : 1;
    *code = n > 0 ? (uint32_t)c : 0xfffd;
    if ((*code >= 0xfe00 && *code <= 0xfe0f) ||
        (*code >= 0x1f3fb && *code <= 0x1f3ff))
        return -1;
    switch (utf8proc_category((utf8proc_int32_t)*code)) {
    case UTF8PROC_CATEGORY_CF: return -1;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_ME: return 0;
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP: *code = 0xfffd; return 1;
    default: return utf8proc_charwidth((utf8proc_int32_t)*code);
    }
}
