#include "mail.h"

#include <gmime/gmime.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { WINDOW = 1 << 16, DEPTH_MAX = 32 };

struct mv_mail_reader {
    struct mv_source *source;
    char *window;
    size_t at, len; /* unread bytes of window */
    long line;      /* of the next byte */
    long number;
    bool ended, started, is_mbox;
    bool line_start;        /* the next byte starts a line */
    bool after_blank;       /* ... after an empty line */
    struct mv_buffer bytes; /* the message as it came */
    bool cut;
    struct mv_buffer name, address, subject, text, html;
};

static pthread_once_t once = PTHREAD_ONCE_INIT;

enum mv_status mv_mail_open(struct mv_mail_reader **out,
                            struct mv_source *source, struct mv_error *error)
{
    struct mv_mail_reader *reader = calloc(1, sizeof *reader);

    *out = NULL;
    if (reader)
        reader->window = malloc(WINDOW);
    if (!reader || !reader->window) {
        free(reader);
        return mv_error_set(error, MV_NOMEM, mv_source_name(source), 0,
                            "no memory to read mails");
    }
    pthread_once(&once, g_mime_init);
    reader->source = source;
    reader->line = 1;
    reader->line_start = true;
    *out = reader;
    return MV_OK;
}

void mv_mail_close(struct mv_mail_reader *reader)
{
    if (!reader)
        return;
    mv_buffer_release(&reader->bytes);
    mv_buffer_release(&reader->name);
    mv_buffer_release(&reader->address);
    mv_buffer_release(&reader->subject);
    mv_buffer_release(&reader->text);
    mv_buffer_release(&reader->html);
    free(reader->window);
    free(reader);
}

/* --- cutting the file into messages -------------------------------------- */

static bool is_header_line(struct mv_span line)
{
    size_t n = 0;

    while (n < line.len && line.at[n] > ' ' && line.at[n] < 0x7f &&
           line.at[n] != ':')
        n++;
    while (n && n < line.len && line.at[n] == ' ')
        n++; /* "Subject : x" is written by some old programs */
    return n && n < line.len && line.at[n] == ':';
}

static bool starts_with(struct mv_span line, const char *prefix)
{
    size_t len = strlen(prefix);

    return line.len >= len && memcmp(line.at, prefix, len) == 0;
}

/* "From ana@example.com Mon Jan  5 10:00:00 2026". Asking for the time keeps
 * an unquoted "From here on" in a text from cutting the message. */
static bool is_separator(struct mv_span line)
{
    if (!starts_with(line, "From "))
        return false;
    for (size_t i = 5; i + 4 < line.len; i++)
        if (g_ascii_isdigit(line.at[i]) && g_ascii_isdigit(line.at[i + 1]) &&
            line.at[i + 2] == ':' && g_ascii_isdigit(line.at[i + 3]))
            return true;
    return false;
}

bool mv_mail_is_mail(struct mv_span bytes)
{
    const char *end = bytes.len ? memchr(bytes.at, '\n', bytes.len) : NULL;

    if (end)
        bytes.len = (size_t)(end - bytes.at);
    return is_separator(bytes) || is_header_line(bytes);
}

/* Makes the window hold a whole line where it can. */
static enum mv_status fill(struct mv_mail_reader *reader,
                           struct mv_error *error)
{
    size_t left = reader->len - reader->at, got;
    enum mv_status status;

    if (reader->ended || left == WINDOW ||
        (left && memchr(reader->window + reader->at, '\n', left)))
        return MV_OK;
    memmove(reader->window, reader->window + reader->at, left);
    reader->at = 0;
    reader->len = left;
    while (reader->len < WINDOW) {
        status = mv_source_read(reader->source, reader->window + reader->len,
                                WINDOW - reader->len, &got, error);
        if (status != MV_OK)
            return status;
        reader->len += got;
        reader->ended = got == 0;
        if (got == 0)
            break;
    }
    return MV_OK;
}

/* The next line with its line end, or as much of it as the window holds;
 * it stays unread until take() is called. Empty: the end. */
static struct mv_span peek(struct mv_mail_reader *reader)
{
    const char *at = reader->window + reader->at;
    size_t len = reader->len - reader->at;
    const char *end = len ? memchr(at, '\n', len) : NULL;

    return (struct mv_span){at, end ? (size_t)(end - at) + 1 : len};
}

static void take(struct mv_mail_reader *reader, struct mv_span line)
{
    bool whole = line.at[line.len - 1] == '\n';

    reader->after_blank =
        reader->line_start && whole && mv_span_trim(line).len == 0;
    reader->line_start = whole;
    reader->line += whole;
    reader->at += line.len;
}

static enum mv_status keep(struct mv_mail_reader *reader, struct mv_span line)
{
    size_t quotes = 0;

    while (reader->is_mbox && reader->line_start && quotes < line.len &&
           line.at[quotes] == '>')
        quotes++;
    if (quotes && line.len - quotes >= 5 &&
        memcmp(line.at + quotes, "From ", 5) == 0)
        line.at++, line.len--;
    if (line.len > MV_MAIL_MAX - reader->bytes.len) {
        line.len = MV_MAIL_MAX - reader->bytes.len;
        reader->cut = true;
    }
    return mv_buffer_put(&reader->bytes, line.at, line.len);
}

/* Looks at the first line: a mailbox, a message, or neither. */
static enum mv_status start(struct mv_mail_reader *reader,
                            struct mv_error *error)
{
    enum mv_status status = fill(reader, error);
    struct mv_span line;

    reader->started = true;
    if (status != MV_OK)
        return status;
    line = peek(reader);
    reader->is_mbox = starts_with(line, "From ");
    if (reader->is_mbox || is_header_line(line))
        return MV_OK;
    reader->at = reader->len;
    reader->ended = true;
    return mv_error_set(error, MV_FORMAT, mv_source_name(reader->source), 1,
                        "not a mail: expected a header line such as "
                        "'From: ...' or the 'From ' line of a mailbox");
}

/* Reads one message's bytes; *line is where it starts, 0 at the end. */
static enum mv_status collect(struct mv_mail_reader *reader, long *line,
                              struct mv_error *error)
{
    enum mv_status status = MV_OK;

    mv_buffer_clear(&reader->bytes);
    reader->cut = false;
    *line = 0;
    while (status == MV_OK) {
        struct mv_span next;

        status = fill(reader, error);
        next = peek(reader);
        if (status != MV_OK || next.len == 0)
            break;
        if (reader->is_mbox && reader->line_start &&
            (*line == 0 || (reader->after_blank && is_separator(next)))) {
            if (*line)
                break;
            *line = reader->line;
            take(reader, next); /* the separator itself */
            continue;
        }
        if (*line == 0)
            *line = reader->line;
        status = keep(reader, next);
        take(reader, next);
    }
    return status;
}

/* --- decoding one message ------------------------------------------------ */

/* Each nested part needs a Content-Type line of its own, so that their number
 * bounds the recursion of the parser. */
static bool has_many_parts(struct mv_span bytes)
{
    static const char NAME[] = "content-type";
    const char *at = bytes.at, *end;
    int n = 0;

    if (bytes.len == 0)
        return false;
    end = at + bytes.len;
    while (at && at < end && n <= MV_MAIL_PARTS_MAX) {
        if ((size_t)(end - at) >= sizeof NAME - 1 &&
            strncasecmp(at, NAME, sizeof NAME - 1) == 0)
            n++;
        at = memchr(at, '\n', (size_t)(end - at));
        at = at ? at + 1 : NULL;
    }
    return n > MV_MAIL_PARTS_MAX;
}

/* Replaces what is in the buffer; text that is not UTF-8 in spite of all
 * decoding is taken for Windows-1252. */
static enum mv_status set(struct mv_buffer *buffer, const char *text)
{
    enum mv_status status;
    char *converted = NULL;

    mv_buffer_clear(buffer);
    if (text && !g_utf8_validate(text, -1, NULL)) {
        converted = g_convert_with_fallback(text, -1, "UTF-8", "WINDOWS-1252",
                                            "?", NULL, NULL, NULL);
        if (!converted)
            converted = g_utf8_make_valid(text, -1);
        text = converted;
    }
    status = mv_buffer_puts(buffer, text ? text : "");
    g_free(converted);
    return status;
}

static int count_headers(GMimeObject *object, const char *name)
{
    GMimeHeaderList *list = g_mime_object_get_header_list(object);
    int n = 0;

    for (int i = 0; i < g_mime_header_list_get_count(list); i++)
        n += g_ascii_strcasecmp(g_mime_header_get_name(
                                    g_mime_header_list_get_header_at(list, i)),
                                name) == 0;
    return n;
}

/* A second From line or a second address in it would let one be shown and
 * another be checked: such a mail has no sender. */
static enum mv_status set_sender(struct mv_mail_reader *reader,
                                 GMimeMessage *message)
{
    InternetAddressList *from = g_mime_message_get_from(message);
    InternetAddress *address = NULL;
    enum mv_status status;

    if (from && internet_address_list_length(from) == 1 &&
        count_headers(GMIME_OBJECT(message), "From") == 1)
        address = internet_address_list_get_address(from, 0);
    if (!address || !INTERNET_ADDRESS_IS_MAILBOX(address)) {
        status = set(&reader->name, "");
        return status == MV_OK ? set(&reader->address, "") : status;
    }
    status = set(&reader->name, internet_address_get_name(address));
    if (status == MV_OK)
        status = set(&reader->address, internet_address_mailbox_get_addr(
                                           INTERNET_ADDRESS_MAILBOX(address)));
    return status;
}

/* The part's bytes without a change of charset, and a NUL. */
static GByteArray *bytes_of(GMimeTextPart *part)
{
    GMimeDataWrapper *content = g_mime_part_get_content(GMIME_PART(part));
    GByteArray *bytes = g_byte_array_new();
    GMimeStream *stream = g_mime_stream_mem_new_with_byte_array(bytes);

    g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
    if (content)
        g_mime_data_wrapper_write_to_stream(content, stream);
    g_object_unref(stream);
    g_byte_array_append(bytes, (const guint8 *)"", 1);
    return bytes;
}

/* GMime drops the bytes that are wrong in what claims to be UTF-8; so that
 * case is left to set(), which guesses what they are. */
static enum mv_status set_body(struct mv_buffer *to, GMimeTextPart *part)
{
    const char *charset = g_mime_text_part_get_charset(part);
    enum mv_status status;
    GByteArray *bytes;
    char *text;

    if (charset && g_ascii_strcasecmp(charset, "utf-8") != 0 &&
        g_ascii_strcasecmp(charset, "us-ascii") != 0) {
        text = g_mime_text_part_get_text(part);
        status = set(to, text);
        g_free(text);
        return status;
    }
    bytes = bytes_of(part);
    status = set(to, (const char *)bytes->data);
    g_byte_array_free(bytes, TRUE);
    return status;
}

static enum mv_status set_text(struct mv_mail_reader *reader,
                               GMimeTextPart *part)
{
    GMimeObject *object = GMIME_OBJECT(part);
    GMimeContentType *type = g_mime_object_get_content_type(object);
    const char *disposition = g_mime_object_get_disposition(object);
    struct mv_buffer *to = NULL;

    if (disposition && g_ascii_strcasecmp(disposition, "attachment") == 0)
        return MV_OK;
    if (g_mime_content_type_is_type(type, "text", "plain"))
        to = &reader->text;
    else if (g_mime_content_type_is_type(type, "text", "html"))
        to = &reader->html;
    if (!to || to->len)
        return MV_OK;
    return set_body(to, part);
}

static enum mv_status walk(struct mv_mail_reader *reader, GMimeObject *part,
                           int depth)
{
    enum mv_status status = MV_OK;

    if (GMIME_IS_TEXT_PART(part))
        return set_text(reader, GMIME_TEXT_PART(part));
    if (!GMIME_IS_MULTIPART(part) || depth == DEPTH_MAX)
        return MV_OK;
    for (int i = 0; status == MV_OK &&
                    i < g_mime_multipart_get_count(GMIME_MULTIPART(part));
         i++)
        status =
            walk(reader, g_mime_multipart_get_part(GMIME_MULTIPART(part), i),
                 depth + 1);
    return status;
}

static enum mv_status extract(struct mv_mail_reader *reader,
                              GMimeMessage *message, struct mv_mail *mail)
{
    GDateTime *date = g_mime_message_get_date(message);
    GMimeObject *body = g_mime_message_get_mime_part(message);
    enum mv_status status = set_sender(reader, message);

    mail->date = date ? g_date_time_to_unix(date) : INT64_MIN;
    if (status == MV_OK)
        status = set(&reader->subject, g_mime_message_get_subject(message));
    if (status == MV_OK && body)
        status = walk(reader, body, 0);
    return status;
}

static enum mv_status decode(struct mv_mail_reader *reader,
                             struct mv_mail *mail)
{
    GMimeStream *stream;
    GMimeParser *parser;
    GMimeMessage *message;
    enum mv_status status = MV_OK;

    mail->date = INT64_MIN;
    mv_buffer_clear(&reader->name);
    mv_buffer_clear(&reader->address);
    mv_buffer_clear(&reader->subject);
    mv_buffer_clear(&reader->text);
    mv_buffer_clear(&reader->html);
    if (reader->bytes.len == 0)
        return MV_OK;
    stream =
        g_mime_stream_mem_new_with_buffer(reader->bytes.at, reader->bytes.len);
    parser = g_mime_parser_new_with_stream(stream);
    message = g_mime_parser_construct_message(parser, NULL);
    if (message) {
        status = extract(reader, message, mail);
        g_object_unref(message);
    }
    g_object_unref(parser);
    g_object_unref(stream);
    return status;
}

static const char *text_of(const struct mv_buffer *buffer)
{
    return buffer->at ? buffer->at : "";
}

enum mv_status mv_mail_next(struct mv_mail_reader *reader, struct mv_mail *mail,
                            struct mv_error *error)
{
    const char *source = mv_source_name(reader->source);
    enum mv_status status = MV_OK;
    long line = 0;

    *mail = (struct mv_mail){.date = INT64_MIN};
    if (!reader->started)
        status = start(reader, error);
    if (status == MV_OK)
        status = collect(reader, &line, error);
    if (status == MV_OK && line) {
        mail->number = ++reader->number;
        mail->line = line;
        mail->cut = reader->cut;
        if (has_many_parts(mv_buffer_span(&reader->bytes)))
            return mv_error_set(error, MV_FORMAT, source, line,
                                "a mail of more than %d parts",
                                MV_MAIL_PARTS_MAX);
        status = decode(reader, mail);
    }
    if (status == MV_NOMEM)
        mv_error_set(error, status, source, line, "no memory to read a mail");
    mail->from_name = text_of(&reader->name);
    mail->from_address = text_of(&reader->address);
    mail->subject = text_of(&reader->subject);
    mail->text = mv_buffer_span(&reader->text);
    mail->html = mv_buffer_span(&reader->html);
    return status;
}
