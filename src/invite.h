/* layer 1: the records that flow through motivo, and its closed word lists.
 *
 * Only types and the names of their values; nothing here reads, stores or
 * judges. The words are those of users, files and JSON: they never change.
 *
 * Thread-safety: everything is constant.
 */
#ifndef MV_INVITE_H
#define MV_INVITE_H

#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What an annotator says of a message. MV_LABEL_UNSURE is kept out of training
 * and of every figure. */
enum mv_label {
    MV_LABEL_NO_PURPOSE = 0,
    MV_LABEL_PURPOSE = 1,
    MV_LABEL_UNSURE = 2
};

/* What motivo says of an invitation. */
enum mv_verdict {
    MV_VERDICT_NO_PURPOSE = 0,
    MV_VERDICT_PURPOSE = 1,
    MV_VERDICT_UNSURE = 2,
    MV_VERDICT_NO_NOTE = 3
};

/* What to do with it: reply (purpose), review (unsure), accept (the rest). */
enum mv_action { MV_ACTION_ACCEPT = 0, MV_ACTION_REPLY, MV_ACTION_REVIEW };

/* Where a message comes from. */
enum mv_origin {
    MV_ORIGIN_NOTE = 0, /* the message of an invitation (may be empty) */
    MV_ORIGIN_OPENING,  /* first message of a thread by the other side */
    MV_ORIGIN_MAIL,     /* a notification mail */
    MV_ORIGIN_TEXT      /* a row of a generic CSV or JSONL file */
};

enum mv_direction { MV_INCOMING = 0, MV_OUTGOING = 1 };

/* What an entry of a label history does: gives a label, takes the annotator's
 * newest label of the message back, or notes something down. */
enum mv_event { MV_EVENT_LABEL = 0, MV_EVENT_UNDO, MV_EVENT_NOTE };

/* Unknown point in time. All times are seconds since 1970-01-01 UTC. */
#define MV_NO_TIME INT64_MIN

/* One invitation. All strings are UTF-8, NUL-terminated, borrowed from whoever
 * made the record; NULL means "not known". */
struct mv_invite {
    enum mv_origin origin;
    enum mv_direction direction;
    int64_t sent_at;       /* UTC seconds, or MV_NO_TIME */
    const char *name;      /* the other person's name as written */
    const char *url;       /* the other person's key: see mv_linkedin_key */
    const char *message;   /* as received, never changed; "" = no note */
    size_t message_len;    /* bytes of message */
    const char *natural;   /* a natural id (invitationId of a mail), or NULL */
    const char *lang;      /* language said by the file ("es"), or NULL */
    const char *kind;      /* finer reason of the label, or NULL */
    const char *annotator; /* who gave the label in the file, or NULL */
    bool has_label;        /* label is meaningful */
    enum mv_label label;   /* label said by the file */
    bool told;             /* an entry of a label history; it alone has the
                            * fields below */
    enum mv_event event;
    int64_t told_at;    /* UTC seconds */
    const char *chosen; /* how the message came to be labelled, or NULL */
    long act;           /* number of an act that settled several messages, as
                         * the file counts them, or 0 */
    const char *note;   /* what a MV_EVENT_NOTE notes; may be "" */
};

/* One row of Connections.csv. Strings as in struct mv_invite. */
struct mv_contact {
    const char *name;
    const char *url; /* key, or NULL in exports before 2023 */
    const char *company;
    const char *position;
    int64_t connected_on; /* UTC seconds of the day's start, or MV_NO_TIME */
};

/* One conversation of messages.csv: counts and times, never text. */
struct mv_thread {
    const char *id;            /* conversation id */
    const char *name;          /* the other person */
    const char *url;           /* the other person's key, or NULL */
    long received;             /* messages from the other side, >= 0 */
    long sent;                 /* messages from the owner, >= 0 */
    int64_t first_at, last_at; /* UTC seconds, or MV_NO_TIME */
};

/* Words for the values, as used in files and JSON: "purpose", "no-purpose",
 * "unsure", "no-note"; "reply", "review", "accept"; "note", "opening", "mail",
 * "text"; "incoming", "outgoing". Borrowed: constant storage. */
const char *mv_label_name(enum mv_label label);
const char *mv_verdict_name(enum mv_verdict verdict);
const char *mv_action_name(enum mv_action action);
const char *mv_origin_name(enum mv_origin origin);
const char *mv_direction_name(enum mv_direction direction);
const char *mv_event_name(enum mv_event event); /* "label", "undo", "note" */

/* Finds a label by its word ("purpose", "no-purpose", "unsure").
 * Errors: MV_NOTFOUND, and *out is left alone. */
enum mv_status mv_label_parse(const char *word, enum mv_label *out);

/* The action that follows from a verdict. */
enum mv_action mv_verdict_action(enum mv_verdict verdict);

/* A kind of the labelling guide and the label that it implies. */
struct mv_kind {
    const char *name;
    enum mv_label label;
};

/* The closed list of kinds, ended by an entry whose name is NULL. */
const struct mv_kind *mv_kinds(void);
/* The kind of that name, or NULL. name may be NULL. */
const struct mv_kind *mv_kind_find(const char *name);

#ifdef __cplusplus
}
#endif
#endif
