/* The note in the body of a notification mail.
 *
 * The text part of such a mail is: greeting line; the note or LinkedIn's
 * default text; the sender's name and headline; "View profile:", "Accept:" and
 * their links; a rule and a footer. Newer ones have the name first. So the
 * body is cut at the first line of the footer, divided at its empty lines, and
 * the paragraphs that are greeting, heading or name are dropped. */
#include "linkedin_read.h"

#include <string.h>
#include <strings.h>

enum { LINES_MAX = 400 };

/* Lines that are LinkedIn's heading above the note. */
static const char *const HEADINGS[] = {"you have an invitation",
                                       "you have a new invitation",
                                       "you have 1 new invitation",
                                       "has recibido una invitaci\xc3\xb3n",
                                       "tienes una invitaci\xc3\xb3n",
                                       "linkedin",
                                       NULL};

/* What the footer's first line begins with. A link's text stands alone on its
 * line, or before ':'. */
static const char *const FOOTERS[] = {"view profile",
                                      "see profile",
                                      "accept",
                                      "decline",
                                      "ignore",
                                      "reply to",
                                      "ver perfil",
                                      "ver el perfil",
                                      "aceptar",
                                      "rechazar",
                                      "ignorar",
                                      "responder",
                                      "view invitation",
                                      "ver invitaci\xc3\xb3n",
                                      NULL};
static const char *const FOOTER_STARTS[] = {"unsubscribe",
                                            "cancelar suscripci\xc3\xb3n",
                                            "this email was intended for",
                                            "this message was intended for",
                                            "you are receiving ",
                                            "you received this",
                                            "este correo",
                                            "este mensaje se ha enviado",
                                            "este mensaje est\xc3\xa1 dirigido",
                                            "est\xc3\xa1s recibiendo",
                                            "recibes este",
                                            "\xc2\xa9",
                                            NULL};

static const char *const GREETINGS[] = {"hi",
                                        "hello",
                                        "dear",
                                        "hey",
                                        "hola",
                                        "buenos d\xc3\xad"
                                        "as",
                                        "buenas tardes",
                                        "estimado",
                                        "estimada",
                                        NULL};

/* --- comparing ------------------------------------------------------------ */

void mv_linkedin_lower(struct mv_span text, char *to, size_t size)
{
    size_t n = 0;

    for (size_t i = 0; i < text.len && n + 1 < size; i++) {
        char c = text.at[i];

        if (text.len - i >= 3 && memcmp(text.at + i, "\xe2\x80\x99", 3) == 0) {
            c = '\'';
            i += 2;
        }
        to[n++] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
    }
    to[n] = '\0';
}

static bool starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* --- the body ------------------------------------------------------------- */

struct body {
    struct mv_span lines[LINES_MAX]; /* trimmed */
    int n;
};

static void split(struct mv_span text, struct body *body)
{
    body->n = 0;
    while (text.len && body->n < LINES_MAX) {
        const char *end = memchr(text.at, '\n', text.len);
        size_t len = end ? (size_t)(end - text.at) : text.len;

        body->lines[body->n++] = mv_span_trim((struct mv_span){text.at, len});
        len += end ? 1 : 0;
        text.at += len;
        text.len -= len;
    }
}

/* A line of nothing but dots, dashes, underscores, stars or equal signs. */
static bool is_rule(struct mv_span line)
{
    size_t i = 0;

    while (i < line.len && strchr("._-*=", line.at[i]) && line.at[i])
        i++;
    return line.len >= 3 && i == line.len;
}

static bool is_footer(struct mv_span line)
{
    char text[120];

    mv_linkedin_lower(line, text, sizeof text);
    if (is_rule(line) || strstr(text, "linkedin.com/comm/"))
        return true;
    for (const char *const *word = FOOTER_STARTS; *word; word++)
        if (starts_with(text, *word))
            return true;
    for (const char *const *word = FOOTERS; *word; word++) {
        size_t len = strlen(*word);

        if (starts_with(text, *word) && (text[len] == '\0' || text[len] == ':'))
            return true;
    }
    return false;
}

static bool begins_greeting(struct mv_span line)
{
    char text[40];

    mv_linkedin_lower(line, text, sizeof text);
    for (const char *const *word = GREETINGS; *word; word++) {
        size_t len = strlen(*word);

        if (starts_with(text, *word) && text[len] && strchr(" ,:!/", text[len]))
            return true;
    }
    return false;
}

/* "Hi Ana," alone on its line: at most five words, no sentence. */
static bool is_greeting(struct mv_span line)
{
    int blanks = 0;

    if (line.len == 0 || line.len > 80 || !strchr(",:!", line.at[line.len - 1]))
        return false;
    for (size_t i = 0; i < line.len; i++)
        blanks += line.at[i] == ' ';
    return blanks < 5 && begins_greeting(line);
}

static bool is_heading(struct mv_span line)
{
    char text[120];

    mv_linkedin_lower(line, text, sizeof text);
    if (line.len > 80)
        return false;
    for (const char *const *word = HEADINGS; *word; word++) {
        size_t len = strlen(*word);

        if (starts_with(text, *word) &&
            (text[len] == '\0' || strcmp(*word, "linkedin") != 0))
            return true;
    }
    return false;
}

/* The name alone, after a dash, or with a title behind a comma. */
static bool is_name(struct mv_span line, const char *name)
{
    size_t len = strlen(name);

    if (line.len >= 2 && line.at[0] == '-' && line.at[1] == ' ')
        line.at += 2, line.len -= 2;
    return len && line.len >= len && line.len <= len + 16 &&
           strncasecmp(line.at, name, len) == 0 &&
           (line.len == len || line.at[len] == ',');
}

/* --- the note ------------------------------------------------------------- */

/* Appends a line without the query of any address in it. */
static enum mv_status put_line(struct mv_buffer *out, struct mv_span line)
{
    enum mv_status status = MV_OK;

    while (line.len && status == MV_OK) {
        const char *url = memmem(line.at, line.len, "://", 3);
        size_t n = url ? (size_t)(url - line.at) + 3 : line.len;
        size_t end = n;

        while (url && end < line.len && !strchr(" \t?#", line.at[end]))
            end++;
        status = mv_buffer_put(out, line.at, end);
        while (url && end < line.len && !strchr(" \t", line.at[end]))
            end++;
        line.at += end;
        line.len -= end;
    }
    return status;
}

static enum mv_status put_paragraph(struct mv_buffer *out,
                                    const struct body *body, int from, int to)
{
    enum mv_status status = MV_OK;

    if (out->len)
        status = mv_buffer_puts(out, "\n\n");
    for (int i = from; i < to && status == MV_OK; i++) {
        if (i > from)
            status = mv_buffer_puts(out, "\n");
        if (status == MV_OK)
            status = put_line(out, body->lines[i]);
    }
    return status;
}

/* Where the sender's block starts within a note's paragraph, or to. */
static int name_line(const struct body *body, int from, int to,
                     const char *name)
{
    for (int i = from + 1; i < to; i++)
        if (is_name(body->lines[i], name))
            return i;
    return to;
}

/* The line after a name that stands above the note, when more text follows
 * it: short, no greeting, no sentence. */
static bool is_headline(const struct body *body, int from, int to, int end)
{
    struct mv_span line = body->lines[from];

    while (to < end && body->lines[to].len == 0)
        to++;
    return to < end && line.len <= 150 && !begins_greeting(line) &&
           !strchr(".!?", line.at[line.len - 1]);
}

struct paragraph {
    int from, to; /* lines */
};

/* The next paragraph from line `at` on, or one line of it; false: no more. */
static bool next_paragraph(const struct body *body, int at, int end,
                           bool by_line, struct paragraph *out)
{
    while (at < end && body->lines[at].len == 0)
        at++;
    out->from = out->to = at;
    if (at == end)
        return false;
    do
        out->to++;
    while (!by_line && out->to < end && body->lines[out->to].len);
    return true;
}

enum mv_status mv_linkedin_note(struct mv_span text, const char *name,
                                bool by_line, struct mv_buffer *out)
{
    struct body body;
    struct paragraph p = {0, 0};
    enum mv_status status = MV_OK;
    bool after_name = false;
    int end = 0, cut;

    mv_buffer_clear(out);
    split(text, &body);
    while (end < body.n && !is_footer(body.lines[end]))
        end++;
    while (status == MV_OK && next_paragraph(&body, p.to, end, by_line, &p)) {
        while (
            p.from < p.to && out->len == 0 &&
            (is_greeting(body.lines[p.from]) || is_heading(body.lines[p.from])))
            p.from++;
        if (p.from == p.to)
            continue;
        if (is_name(body.lines[p.from], name)) {
            if (out->len)
                break;
            after_name = p.to == p.from + 1;
            continue;
        }
        if (after_name && p.to == p.from + 1 &&
            is_headline(&body, p.from, p.to, end)) {
            after_name = false;
            continue;
        }
        after_name = false;
        cut = name_line(&body, p.from, p.to, name);
        status = put_paragraph(out, &body, p.from, cut);
        if (cut < p.to)
            break;
    }
    return status;
}
