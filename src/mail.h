/* layer 2: the mails of an .eml or .mbox file, decoded.
 *
 * Cuts a mailbox into messages and gives sender, subject, date and the text
 * of each one in UTF-8: RFC 2047 words, quoted-printable, base64, charsets
 * and nested multiparts are undone (by GMime). The memory that is used is that
 * of one message, whatever the size of the mailbox. Attachments and attached
 * messages are not looked into, signatures are not checked (so a From line
 * proves nothing by itself), and what a mail means is not known here.
 *
 * Thread-safety: GMime is set up once for the process; a struct mv_mail_reader
 * must not be used by two threads at once.
 */
#ifndef MV_MAIL_H
#define MV_MAIL_H

#include "arena.h"
#include "source.h"
#include "status.h"

#include <stdbool.h>
#include <stdint.h>

/* The most bytes of one message that are kept; of a longer one the rest is
 * dropped (what has attachments of megabytes starts with its text). */
#define MV_MAIL_MAX ((size_t)4 << 20)
/* The most Content-Type lines of one message: bounds the nesting. */
#define MV_MAIL_PARTS_MAX 100

/* One message. All is borrowed until the next call on the reader. Strings are
 * UTF-8, never NULL, "" when the message does not say. */
struct mv_mail {
    long number;              /* 1-based place in the file; 0: the end */
    long line;                /* 1-based line of its start */
    const char *from_name;    /* display name of the sender */
    const char *from_address; /* "" also when there are several senders */
    const char *subject;
    int64_t date;        /* UTC seconds, or INT64_MIN when unknown */
    struct mv_span text; /* first text/plain part, line ends as they are */
    struct mv_span html; /* first text/html part */
    bool cut;            /* was longer than MV_MAIL_MAX */
};

struct mv_mail_reader;

/* Whether bytes, the beginning of a file, look like a mail or a mailbox: a
 * "From " line or a header line. */
bool mv_mail_is_mail(struct mv_span bytes);

/* Makes a reader; reads nothing yet. What starts with "From " is a mailbox
 * (a message starts at a "From " line that holds a time of day and follows an
 * empty line; ">From " is unquoted), anything else is one message.
 * source: borrowed until mv_mail_close, not closed by it; at its start.
 * **Errors:** MV_NOMEM. **Owns:** the caller, until mv_mail_close. */
enum mv_status mv_mail_open(struct mv_mail_reader **out,
                            struct mv_source *source, struct mv_error *error);

/* Reads the next message into *mail; mail->number == 0 is the end.
 * **Errors:** MV_IO, MV_NOMEM; MV_FORMAT with the line: no header line at the
 * start of a file (the next call is then the end), or a message with more than
 * MV_MAIL_PARTS_MAX parts (number and line are then set, and the next call
 * goes on behind it). */
enum mv_status mv_mail_next(struct mv_mail_reader *reader, struct mv_mail *mail,
                            struct mv_error *error);

/* Frees the reader. NULL is allowed. */
void mv_mail_close(struct mv_mail_reader *reader);

#endif
