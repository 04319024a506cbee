/* layer 3: LinkedIn's export, invitation mails and plain tables, to records.
 *
 * Every reader here is a push: it walks a source once and hands each record to
 * the callbacks of a sink, which says by its status whether to go on. A row
 * that can not be used is never dropped in silence: the tally counts it under
 * a reason, with the first lines where that happened. Columns are found by
 * name (any case, any order), never by position. This module stores nothing,
 * judges no message, asks neither the machine's clock nor its time zone, and
 * puts no message text into errors.
 *
 * Dialects of mv_linkedin_read_csv, told by the header:
 *   invitations  From, To, Sent At, Message, Direction; since 2023-07 also
 *                inviterProfileUrn, inviteeProfileUrn, since 2023-12
 *                inviterProfileUrl, inviteeProfileUrl
 *   connections  First Name, Last Name, Connected On and more; the notes that
 *                LinkedIn writes above the header (up to 10 lines) are skipped
 *   messages     From, Date, Content, with Conversation ID (since 2021) or
 *                Direction (2018 to 2020); a folder and drafts are respected
 *   table        text and label, or the columns that the options name; lang,
 *                name, url, date, kind, annotator, direction, origin, natural;
 *                in a label history also chosen, labelled_at, event, act, note
 *
 * Thread-safety: no shared state; calls on different sources may run at the
 * same time.
 */
#ifndef MV_LINKEDIN_H
#define MV_LINKEDIN_H

#include "arena.h"
#include "invite.h"
#include "source.h"
#include "status.h"

#include <stdbool.h>
#include <stdint.h>

/* --- what was read -------------------------------------------------------- */

#define MV_TALLY_REASONS 24 /* different reasons that are told apart */
#define MV_TALLY_LINES 5    /* lines kept of each */

/* A reason and where it applied. */
struct mv_reason {
    const char *what; /* constant storage; NULL: unused */
    long count;
    long lines[MV_TALLY_LINES]; /* first lines, ascending; 0: unused */
};

/* The account of one file; `= {0}` before each reading. read == kept + skipped:
 * rows of a CSV file, objects of a JSONL file, mails. A kept row of
 * messages.csv is part of a thread, not yet a record. */
struct mv_tally {
    const char *dialect; /* "invitations", "connections", "messages", "table"
                          * or "mail"; NULL: not known yet */
    long read, kept, skipped;
    long invites, contacts, threads;             /* records given to the sink */
    struct mv_reason skips[MV_TALLY_REASONS];    /* why rows were skipped */
    struct mv_reason warnings[MV_TALLY_REASONS]; /* kept, but look there */
};

/* --- where it goes -------------------------------------------------------- */

/* Callbacks; payload is given back to each. A status other than MV_OK (save
 * where MV_NOTFOUND is said) ends the reading, which returns it. Records are
 * borrowed until the callback returns. Each one may be NULL. */
struct mv_sink {
    void *payload;
    /* The dialect is known; no record has been given yet. */
    enum mv_status (*begin)(void *payload, const char *dialect,
                            struct mv_error *error);
    /* line: the 1-based line where the row, mail or first message starts. */
    enum mv_status (*invite)(void *payload, const struct mv_invite *invite,
                             long line, struct mv_error *error);
    enum mv_status (*contact)(void *payload, const struct mv_contact *contact,
                              long line, struct mv_error *error);
    enum mv_status (*thread)(void *payload, const struct mv_thread *thread,
                             struct mv_error *error);
    /* When that person became a contact: *out in UTC seconds of the day's
     * start, or MV_NOTFOUND. NULL: nobody is one, so there are no openings.
     * url, name: may be NULL, not both. */
    enum mv_status (*connected_on)(void *payload, const char *url,
                                   const char *name, int64_t *out,
                                   struct mv_error *error);
    /* Whether that person's invitation is known to carry this very text. */
    enum mv_status (*has_note)(void *payload, const char *url, const char *name,
                               struct mv_span text, bool *out,
                               struct mv_error *error);
};

/* --- how to read ---------------------------------------------------------- */

/* Columns of a CSV file or members of JSON objects. NULL: there is none. When
 * text is NULL, the names are those of the fields. */
struct mv_columns {
    const char *text, *label;
    const char *positive; /* a value, not a column: the label that means
                           * purpose. Every other one is no-purpose, "unsure"
                           * and an empty one apart. NULL: the labels must be
                           * purpose, no-purpose, unsure or empty */
    const char *lang, *name, *url, *date, *kind, *annotator;
    const char *direction, *origin, *natural; /* of motivo's own export */
    const char *chosen, *told_at, *event, *act, *note; /* likewise */
    const char *split; /* of the starter corpus: "train" or "test" */
};

/* Whose export it is. `= {0}`: not known. */
struct mv_linkedin_owner {
    char url[256];  /* key, or "" */
    char name[256]; /* as written, or "" */
};

/* `= {0}` and NULL: LinkedIn's own formats and motivo's own export. */
struct mv_linkedin_options {
    struct mv_columns columns;
    bool keep_empty;    /* rows of a table without text are records, too */
    bool training_only; /* rows whose split is "test" are skipped */
    /* Filled in from Invitations.csv, used for messages.csv; NULL allowed. */
    struct mv_linkedin_owner *owner;
};

/* --- readers --------------------------------------------------------------
 * source: at its start; borrowed, not closed. options, sink's callbacks and
 * error may be NULL; tally not.
 * Errors of all three: MV_IO, MV_NOMEM, what the sink returns, and MV_FORMAT
 * with the line where it can be told. */

/* Reads a CSV file of any dialect.
 * A file of a header alone is fine and has tally->read == 0.
 * **Errors:** MV_FORMAT: an empty file; no known header (the columns found are
 * listed, and the option that maps them is named); a mapped column that is not
 * there; a label that is none of the words; a quote that is never closed; one
 * of the siblings of messages.csv that hold no conversations with people. */
enum mv_status mv_linkedin_read_csv(struct mv_source *source,
                                    const struct mv_linkedin_options *options,
                                    const struct mv_sink *sink,
                                    struct mv_tally *tally,
                                    struct mv_error *error);

/* Reads one JSON object a line as a row of a table (blank lines are skipped;
 * a line that is no object is counted as skipped, save the first one).
 * **Errors:** MV_FORMAT: an empty file; a first line that is no JSON object or
 * lacks the member of the text; a label that is none of the words. */
enum mv_status mv_linkedin_read_jsonl(struct mv_source *source,
                                      const struct mv_linkedin_options *options,
                                      const struct mv_sink *sink,
                                      struct mv_tally *tally,
                                      struct mv_error *error);

/* Reads an .eml or .mbox file; each LinkedIn invitation mail is an incoming
 * invitation of origin mail: sender, date, note or default text, and as
 * natural its invitationId. What else the mail holds (greeting line, name,
 * headline, links, footer) is cut off, and so is the query of every address:
 * sharedKey and midToken are secrets. Other mails are skipped and counted:
 * "not a LinkedIn invitation", "acceptance notice", "look-alike: ..." (claims
 * to be an invitation, but the From address is not at linkedin.com). A From
 * address can be forged; signatures are not checked.
 * **Errors:** MV_FORMAT: not a mail. */
enum mv_status mv_linkedin_read_mail(struct mv_source *source,
                                     const struct mv_linkedin_options *options,
                                     const struct mv_sink *sink,
                                     struct mv_tally *tally,
                                     struct mv_error *error);

/* Openings (origin opening) come from messages.csv: the first message of a
 * conversation of two, written by the other side, of 1 to
 * MV_LINKEDIN_OPENING_MAX code points once it is plain text, on the day of
 * connecting, the day before or the day after, which is not the note of an
 * invitation. The owner is options->owner, else the participant common to
 * most conversations; without one there are no threads, and a warning. */
#define MV_LINKEDIN_OPENING_MAX 300

/* --- people --------------------------------------------------------------- */

#define MV_LINKEDIN_KEY_SIZE 256

/* The key of a person from a profile URL: key holds MV_LINKEDIN_KEY_SIZE
 * bytes and is written on success.
 *   https://www.linkedin.com/in/Ana-P%C3%A9rez-1/?x=1  ->  ana-p<C3 A9>rez-1
 * i.e. the path segment behind /in/, ASCII lower case, percent-encoded UTF-8
 * decoded, with or without scheme, "www." or a country before linkedin.com,
 * and /comm. /pub/, /company/, /school/ and /showcase/ keep that word:
 * "company/name". "urn:li:..." is kept as it is. A key is its own key.
 * **Errors:** MV_NOTFOUND: empty, too long, or not of those forms. */
enum mv_status mv_linkedin_key(struct mv_span url, char *key);

/* --- times ----------------------------------------------------------------
 * All give UTC seconds in *out on success, else MV_FORMAT. Blanks at the ends
 * do not count; U+00A0 and U+202F count as blanks. */

/* "M/D/YY, h:mm AM" of Invitations.csv: US Pacific time. Offset from UTC by
 * the rule of the Uniform Time Act, not by the machine's zone: daylight time
 * from the 2nd Sunday of March to the 1st of November since 2007, from the
 * 1st Sunday of April to the last of October in 1987-2006, at 2:00. YY is
 * 20YY. The hour that is skipped in spring (2:00-2:59) is read as standard
 * time; the hour that comes twice in autumn (1:00-1:59) as the first of the
 * two, so that no answer seems to come before its invitation. */
enum mv_status mv_linkedin_time_pacific(struct mv_span text, int64_t *out);

/* The offset of Pacific time in seconds east of UTC (-28800 or -25200) for a
 * local point in time, given as if it were UTC; from 1987 on. */
int64_t mv_linkedin_time_offset(int64_t local);

/* "2026-02-09 01:21:47 UTC", "2019-11-06T02:08:20", "2024-05-01" and the like:
 * - or /, T or blank, seconds and fractions optional, then nothing, UTC, GMT,
 * Z or +hh:mm. Without a zone it is UTC; without a time the day's start. */
enum mv_status mv_linkedin_time_utc(struct mv_span text, int64_t *out);

/* The start of a day: "04 Apr 2021", "4-Apr-21" (a spreadsheet's), "M/D/YY,
 * h:mm AM" (2018), and what mv_linkedin_time_utc reads. The day is taken as
 * written, English month names of three letters, YY is 20YY. */
enum mv_status mv_linkedin_time_day(struct mv_span text, int64_t *out);

#endif
