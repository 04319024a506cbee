#include "html.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <string.h>
#include <strings.h>

/* What an element does to the lines of the text around it. */
enum effect { INLINE = 0, BREAK, LINE, BLANK_LINE, CELL, DROP };

static const struct {
    const char *name;
    enum effect effect;
} EFFECTS[] = {
    {"br", BREAK},
    {"p", BLANK_LINE},
    {"li", LINE},
    {"div", LINE},
    {"tr", LINE},
    {"td", CELL},
    {"th", CELL},
    {"table", BLANK_LINE},
    {"ul", BLANK_LINE},
    {"ol", BLANK_LINE},
    {"dl", BLANK_LINE},
    {"dt", LINE},
    {"dd", LINE},
    {"h1", BLANK_LINE},
    {"h2", BLANK_LINE},
    {"h3", BLANK_LINE},
    {"h4", BLANK_LINE},
    {"h5", BLANK_LINE},
    {"h6", BLANK_LINE},
    {"hr", BLANK_LINE},
    {"blockquote", BLANK_LINE},
    {"pre", BLANK_LINE},
    {"center", LINE},
    {"form", LINE},
    {"address", LINE},
    {"option", LINE},
    {"body", LINE},
    {"section", BLANK_LINE},
    {"article", LINE},
    {"header", LINE},
    {"footer", LINE},
    {"main", LINE},
    {"nav", LINE},
    {"figure", LINE},
    {"script", DROP},
    {"style", DROP},
    {"head", DROP},
    {"title", DROP},
    {"noscript", DROP},
    {"template", DROP},
    {"object", DROP},
    {"select", DROP},
    {"textarea", DROP},
    {"svg", DROP},
};

/* Elements of HTML 5 that libxml2's table of HTML 4 does not know and that
 * have no effect of their own. */
static const char *const MORE_ELEMENTS[] = {"mark", "time", "wbr", "picture",
                                            "source"};

struct parse {
    struct mv_buffer *out;
    size_t start;        /* where this body's text begins in out */
    htmlParserCtxtPtr p; /* to stop the parser */
    int dropping;        /* open elements whose text is dropped */
    int depth;
    bool collapse; /* runs of blanks are one */
    bool blank;    /* a blank is owed before the next character */
    bool too_deep;
    bool no_memory;
};

static enum effect effect_of(const char *name)
{
    for (size_t i = 0; i < sizeof EFFECTS / sizeof *EFFECTS; i++)
        if (strcmp(EFFECTS[i].name, name) == 0)
            return EFFECTS[i].effect;
    return INLINE;
}

/* --- which of the bytes are HTML ----------------------------------------- */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_known(const char *name)
{
    if (effect_of(name) != INLINE ||
        htmlTagLookup((const xmlChar *)name) != NULL)
        return true;
    for (size_t i = 0; i < sizeof MORE_ELEMENTS / sizeof *MORE_ELEMENTS; i++)
        if (strcmp(MORE_ELEMENTS[i], name) == 0)
            return true;
    return false;
}

/* Where a search has failed once it need not be tried again: this keeps the
 * scan linear in the length of the body, whatever the body is. */
struct scan {
    bool no_close;    /* no '>' from here on */
    bool no_comment;  /* no "-->" from here on */
    bool odd_quotes;  /* a tag's quote stayed open: quotes mean nothing */
    bool breaks_line; /* a tag was seen that breaks lines */
};

/* The length of the tag body up to and with its '>', or 0. */
static size_t tag_end(const char *at, const char *end, struct scan *scan)
{
    const char *close;
    char quote = 0;

    if (scan->no_close)
        return 0;
    for (const char *p = at; p < end && !scan->odd_quotes; p++) {
        if (quote ? *p == quote : *p == '"' || *p == '\'')
            quote = quote ? 0 : *p;
        else if (*p == '>' && !quote)
            return (size_t)(p - at) + 1;
    }
    scan->odd_quotes = true;
    close = memchr(at, '>', (size_t)(end - at));
    scan->no_close = !close;
    return close ? (size_t)(close - at) + 1 : 0;
}

static size_t comment_length(const char *at, const char *end, struct scan *scan)
{
    const char *close;

    if (scan->no_comment)
        return 0;
    close = memmem(at + 4, (size_t)(end - at) - 4, "-->", 3);
    scan->no_comment = !close;
    return close ? (size_t)(close - at) + 3 : 0;
}

/* The length of the tag, comment or declaration at a '<', or 0: just text. */
static size_t tag_length(const char *at, const char *end, struct scan *scan)
{
    char name[16];
    size_t n = 0, rest;
    const char *p = at + 1;

    if (end - at >= 4 && memcmp(at, "<!--", 4) == 0)
        return comment_length(at, end, scan);
    if (end - at >= 9 && strncasecmp(at, "<!doctype", 9) == 0)
        return tag_end(at, end, scan);
    if (p < end && *p == '/')
        p++;
    while (p < end && n + 1 < sizeof name && (is_letter(*p) || is_digit(*p)))
        name[n++] = *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p, p++;
    name[n] = '\0';
    if (n == 0 || !is_letter(name[0]) || p == end || !strchr(" \t\r\n/>", *p))
        return 0;
    if (!is_known(name) || (rest = tag_end(p, end, scan)) == 0)
        return 0;
    if (effect_of(name) != INLINE)
        scan->breaks_line = true;
    return (size_t)(p - at) + rest;
}

/* The length of the entity at a '&', or 0: just text. */
static size_t entity_length(const char *at, const char *end)
{
    char name[12];
    size_t n = 0;
    const char *p = at + 1;
    bool hex = false;

    if (p < end && *p == '#') {
        p++;
        if (p < end && (*p == 'x' || *p == 'X'))
            hex = true, p++;
        for (; p < end && n < 8; p++, n++)
            if (!is_digit(*p) && !(hex && strchr("abcdefABCDEF", *p)))
                break;
        return n && p < end && *p == ';' ? (size_t)(p - at) + 1 : 0;
    }
    while (p < end && n + 1 < sizeof name && (is_letter(*p) || is_digit(*p)))
        name[n++] = *p++;
    name[n] = '\0';
    if (n == 0 || p == end || *p != ';')
        return 0;
    if (strcmp(name, "apos") != 0 && !htmlEntityLookup((const xmlChar *)name))
        return 0;
    return (size_t)(p - at) + 1;
}

static size_t text_length(const char *at, const char *end)
{
    const char *p = at;

    while (p < end && *p != '<' && *p != '&')
        p++;
    return (size_t)(p - at);
}

/* A NUL would end the body for the parser, the others are errors to it. */
static void blank_controls(struct mv_buffer *safe)
{
    for (size_t i = 0; i < safe->len; i++)
        if ((unsigned char)safe->at[i] < 0x20 && safe->at[i] != '\n' &&
            safe->at[i] != '\r' && safe->at[i] != '\t')
            safe->at[i] = ' ';
}

/* Copies the body with all that is not HTML made harmless. The <body> before
 * it keeps the parser from making up a paragraph around each run of text. */
static enum mv_status guard(struct mv_span body, struct mv_buffer *safe,
                            struct scan *scan)
{
    const char *at = body.at, *end = body.at + body.len;
    enum mv_status status = mv_buffer_puts(safe, "<body>");

    while (at < end && status == MV_OK) {
        size_t len = text_length(at, end);

        if (len == 0 && *at == '<')
            len = tag_length(at, end, scan);
        else if (len == 0 && *at == '&')
            len = entity_length(at, end);
        if (len) {
            status = mv_buffer_put(safe, at, len);
        } else {
            status = mv_buffer_puts(safe, *at == '<' ? "&lt;" : "&amp;");
            len = 1;
        }
        at += len;
    }
    blank_controls(safe);
    return status;
}

/* --- the parser's events ------------------------------------------------- */

static void put(struct parse *parse, const char *bytes, size_t len)
{
    if (mv_buffer_put(parse->out, bytes, len) != MV_OK) {
        parse->no_memory = true;
        xmlStopParser(parse->p);
    }
}

/* Ends the text so far with at least n line breaks, unless it is empty. */
static void break_lines(struct parse *parse, int n)
{
    const struct mv_buffer *out = parse->out;
    size_t at = out->len;

    parse->blank = false;
    if (at == parse->start)
        return;
    for (; n && at > parse->start && out->at[at - 1] == '\n'; at--)
        n--;
    while (n-- > 0)
        put(parse, "\n", 1);
}

static void apply(struct parse *parse, enum effect effect)
{
    switch (effect) {
    case LINE: break_lines(parse, 1); break;
    case BLANK_LINE: break_lines(parse, 2); break;
    case CELL: parse->blank = true; break;
    case INLINE:
    case BREAK:
    case DROP: break;
    }
}

static void on_start(void *user, const xmlChar *name, const xmlChar **attr)
{
    struct parse *parse = user;
    enum effect effect = effect_of((const char *)name);

    (void)attr;
    if (++parse->depth > MV_HTML_DEPTH && !parse->too_deep) {
        parse->too_deep = true;
        xmlStopParser(parse->p);
    }
    if (effect == DROP)
        parse->dropping++;
    if (parse->dropping)
        return;
    if (effect == BREAK) {
        parse->blank = false;
        if (parse->out->len > parse->start)
            put(parse, "\n", 1);
    }
    apply(parse, effect);
}

static void on_end(void *user, const xmlChar *name)
{
    struct parse *parse = user;
    enum effect effect = effect_of((const char *)name);

    parse->depth--;
    if (effect == DROP && parse->dropping)
        parse->dropping--;
    else if (!parse->dropping)
        apply(parse, effect);
}

static void on_text(void *user, const xmlChar *text, int n)
{
    struct parse *parse = user;
    const char *at = (const char *)text;

    if (parse->dropping)
        return;
    if (!parse->collapse) {
        put(parse, at, (size_t)n);
        return;
    }
    for (int i = 0, len; i < n; i += len) {
        len = (int)strcspn(at + i, " \t\r\n");
        len = len < n - i ? len : n - i;
        if (len == 0) {
            parse->blank = true;
            len = 1;
            continue;
        }
        if (parse->blank && parse->out->len > parse->start &&
            parse->out->at[parse->out->len - 1] != '\n')
            put(parse, " ", 1);
        parse->blank = false;
        put(parse, at + i, (size_t)len);
    }
}

static void on_cdata(void *user, const xmlChar *text, int n)
{
    (void)user, (void)text, (void)n; /* script and style */
}

static void on_error(void *user, xmlErrorPtr error)
{
    (void)user, (void)error; /* mail is full of broken HTML: no news */
}

static void cut(struct mv_buffer *out, size_t len)
{
    out->len = len;
    if (out->at)
        out->at[len] = '\0';
}

static void trim(struct parse *parse)
{
    struct mv_buffer *out = parse->out;
    struct mv_span text;

    if (!out->at)
        return;
    text = (struct mv_span){out->at + parse->start, out->len - parse->start};
    text = mv_span_trim(text);
    if (text.len)
        memmove(out->at + parse->start, text.at, text.len);
    cut(out, parse->start + text.len);
}

static enum mv_status run(struct mv_span safe, struct parse *parse)
{
    xmlSAXHandler sax = {0};
    htmlParserCtxtPtr p = htmlCreateMemoryParserCtxt(safe.at, (int)safe.len);

    if (!p)
        return MV_NOMEM;
    sax.startElement = on_start;
    sax.endElement = on_end;
    sax.characters = on_text;
    sax.ignorableWhitespace = on_text;
    sax.cdataBlock = on_cdata;
    sax.serror = on_error;
    sax.initialized = XML_SAX2_MAGIC;
    *p->sax = sax;
    p->userData = parse;
    parse->p = p;
    htmlCtxtUseOptions(p, HTML_PARSE_RECOVER | HTML_PARSE_NONET |
                              HTML_PARSE_NODEFDTD | HTML_PARSE_NOIMPLIED |
                              HTML_PARSE_IGNORE_ENC);
    p->sax->serror = on_error;
    xmlSwitchEncoding(p, XML_CHAR_ENCODING_UTF8);
    htmlParseDocument(p);
    if (p->myDoc)
        xmlFreeDoc(p->myDoc);
    htmlFreeParserCtxt(p);
    return parse->no_memory ? MV_NOMEM : MV_OK;
}

bool mv_html_suspect(struct mv_span text)
{
    return text.len && (memchr(text.at, '<', text.len) != NULL ||
                        memchr(text.at, '&', text.len) != NULL);
}

enum mv_status mv_html_text(struct mv_span body, struct mv_buffer *out,
                            struct mv_error *error)
{
    struct mv_buffer safe = {0};
    struct scan scan = {0};
    struct parse parse = {.out = out, .start = out->len};
    enum mv_status status;

    if (!mv_html_suspect(body))
        return mv_buffer_put(out, body.at, body.len);
    if (body.len > MV_HTML_MAX)
        return mv_error_set(error, MV_RANGE, NULL, 0,
                            "message of %zu bytes: the limit for HTML is %u",
                            body.len, MV_HTML_MAX);
    status = guard(body, &safe, &scan);
    if (status != MV_OK)
        goto out;
    parse.collapse = scan.breaks_line;
    status = run(mv_buffer_span(&safe), &parse);
    if (status == MV_OK && parse.too_deep)
        status =
            mv_error_set(error, MV_FORMAT, NULL, 0,
                         "HTML nested deeper than %d elements", MV_HTML_DEPTH);
    if (status == MV_OK)
        trim(&parse);
    else
        cut(out, parse.start);
out:
    if (status == MV_NOMEM)
        mv_error_set(error, MV_NOMEM, NULL, 0, "no memory for an HTML body");
    mv_buffer_release(&safe);
    return status;
}
