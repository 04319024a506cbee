/* layer 4: the database: invitations, people, labels, models and verdicts.
 *
 * One SQLite file in WAL mode, readable by its owner alone. Every row that
 * comes in has a key made from its own content, so importing a file again adds
 * nothing and the order of examples does not depend on the order of imports.
 * Labels and activations are history: they are appended, never changed. The
 * store refuses to judge, to parse files, and to put message text into errors.
 *
 * What a session of labelling needs beside is in store_history.h.
 *
 * Times are UTC seconds; MV_NO_TIME where a field says so. Strings are UTF-8,
 * NUL-terminated; "may be NULL" is said where it holds. A row handed to a
 * callback is borrowed until the callback returns; a callback that returns
 * anything but MV_OK ends the walk, which returns that value. A callback may
 * call any other function of the same store, but must not change the table
 * that is being walked.
 *
 * Errors of every function: MV_NOMEM, and MV_DB (in use by another program,
 * not writable, damaged, disk full) with a message that says what to do;
 * others are named where they occur.
 *
 * Thread-safety: no shared state; one handle belongs to one thread, several
 * handles and processes may have the same file open.
 */
#ifndef MV_STORE_H
#define MV_STORE_H

#include "arena.h"
#include "invite.h"

struct mv_store; /* an open database */

/* How to open. `= {0}`: an existing file, waiting 5 s for other programs. */
struct mv_store_options {
    bool create; /* make the file (0600) and missing folders (0700) */
    int busy_ms; /* wait for locks, milliseconds; 0: 5000, below 0: not */
};

/* Opens the database in the file path, brings an older schema up to date, and
 * gives the handle to *out (NULL on failure). options may be NULL (`{0}`).
 * Errors: MV_NOTFOUND: no such file and options->create is false; MV_IO: the
 * file or a folder could not be made; MV_DB: another program's file, not a
 * database, made by a newer motivo, read-only, in use.
 * Owns: the caller closes *out with mv_store_close. */
enum mv_status mv_store_open(struct mv_store **out, const char *path,
                             const struct mv_store_options *options,
                             struct mv_error *error);

/* Rolls back what was not committed and closes. NULL is allowed. */
void mv_store_close(struct mv_store *store);

/* --- transactions -------------------------------------------------------- */

/* Starts the one write transaction, waiting for other programs' to end. What
 * is put outside of a transaction commits by itself. They do not nest.
 * Errors: MV_RANGE: one is under way already. */
enum mv_status mv_store_begin(struct mv_store *store, struct mv_error *error);
/* Makes all since mv_store_begin durable. On failure nothing is lost: the
 * transaction stays open, to be tried again or rolled back. */
enum mv_status mv_store_commit(struct mv_store *store, struct mv_error *error);
/* Forgets all since mv_store_begin, an import run that was started meanwhile
 * included. Without a transaction: does nothing. */
void mv_store_rollback(struct mv_store *store);

/* --- imports ------------------------------------------------------------- */

/* The import of one file. */
struct mv_run {
    int64_t id;
    const char *file;    /* base name, no folder */
    const char *dialect; /* what the reader took it for ("invitations", ...) */
    int64_t at;          /* when */
    bool starter;        /* the corpus that ships with motivo */
    long read;           /* rows of the file */
    long added, known;   /* rows put: new to the database, or there before */
    long ambiguous;      /* known, but several rows have that name and time */
    long skipped;        /* rows that could not be used */
};

/* Opens an import run; file, dialect, at and starter of run are used. The puts
 * that follow count into it. A run still open ends as it is. */
enum mv_status mv_store_run_start(struct mv_store *store,
                                  const struct mv_run *run,
                                  struct mv_error *error);
/* Ends the run with the caller's counts (>= 0) and gives its tallies to *out,
 * whose strings are NULL; out may be NULL.
 * Errors: MV_RANGE: no run is open. */
enum mv_status mv_store_run_finish(struct mv_store *store, long read,
                                   long skipped, struct mv_run *out,
                                   struct mv_error *error);
/* Tells all runs, oldest first. */
enum mv_status mv_store_each_run(struct mv_store *store,
                                 enum mv_status (*each)(const struct mv_run *,
                                                        void *),
                                 void *payload, struct mv_error *error);

/* What a put found. */
enum mv_put {
    MV_PUT_NEW = 0,
    MV_PUT_KNOWN,    /* the row was there; missing parts may be filled in */
    MV_PUT_AMBIGUOUS /* one of several rows of that name and time: left alone */
};

/* Stores one invitation in the open run; *id and *how (either may be NULL) say
 * which row it is and whether it is new. Empty strings count as NULL.
 *
 * What makes two rows one: origin and direction, with, for a row of a generic
 * file, name, URL, time and message, where the k-th equal row of one run is its
 * own invitation k, unless a natural id says that they are one; for a mail with
 * a natural id, that id; for the rest URL (lacking it: natural id, or name,
 * folded) and time. A row with a URL and one without are one when folded name
 * and time agree: the URL is filled in.
 *
 * A label in the record is appended unless the newest one by the same annotator
 * (NULL: "file") says the same. An entry of a history (invite->told) is
 * appended with its own time unless it is there, so that a history comes back
 * as it was, and coming twice adds nothing. The message kept is the first one
 * seen.
 * Errors: MV_RANGE: no run is open, or a field is outside of its range. */
enum mv_status mv_store_put_invite(struct mv_store *store,
                                   const struct mv_invite *invite, int64_t *id,
                                   enum mv_put *how, struct mv_error *error);

/* Stores or brings up to date one contact, told by URL, or lacking one by
 * folded name and day. A row with neither name nor URL (a closed account) tells
 * nothing and is left out as MV_PUT_KNOWN. how may be NULL. */
enum mv_status mv_store_put_contact(struct mv_store *store,
                                    const struct mv_contact *contact,
                                    enum mv_put *how, struct mv_error *error);

/* Stores one thread, told by its id; of a thread seen twice the larger counts
 * and the wider span of time stay. how may be NULL.
 * Errors: MV_RANGE: no id, or a count below 0. */
enum mv_status mv_store_put_thread(struct mv_store *store,
                                   const struct mv_thread *thread,
                                   enum mv_put *how, struct mv_error *error);

/* Tells all threads, in the order of their ids. */
enum mv_status
mv_store_each_thread(struct mv_store *store,
                     enum mv_status (*each)(const struct mv_thread *, void *),
                     void *payload, struct mv_error *error);

/* Tells all contacts, in the order in which they came. */
enum mv_status
mv_store_each_contact(struct mv_store *store,
                      enum mv_status (*each)(const struct mv_contact *, void *),
                      void *payload, struct mv_error *error);

/* Whether that person is a contact, and since when (*on: MV_NO_TIME when not,
 * or when the day is not known). By URL; where one side has none, by folded
 * name, if only one contact bears it. url, name, on may be NULL. */
enum mv_status mv_store_connected_on(struct mv_store *store, const char *url,
                                     const char *name, bool *connected,
                                     int64_t *on, struct mv_error *error);

/* Whether that person's incoming note (origin note or mail) with this message
 * is stored, blanks and line breaks apart: an opening that repeats it says
 * nothing new. url and name
 * may be NULL. */
enum mv_status mv_store_has_note(struct mv_store *store, const char *url,
                                 const char *name, struct mv_span message,
                                 bool *has, struct mv_error *error);

/* --- invitations --------------------------------------------------------- */

/* How the message came to be labelled. Only audit labels are a fair sample. */
enum mv_chosen {
    MV_CHOSEN_FILE = 0, /* came with an imported file */
    MV_CHOSEN_STARTER,  /* came with the starter corpus */
    MV_CHOSEN_SET,      /* named by the user */
    MV_CHOSEN_AUDIT,    /* drawn at random for the audit sample */
    MV_CHOSEN_RANDOM,   /* asked for in random order */
    MV_CHOSEN_NEWEST,   /* ... newest first */
    MV_CHOSEN_UNSURE,   /* ... where the model is least sure */
    MV_CHOSEN_SUSPECT,  /* ... where label and model disagree */
    MV_CHOSEN_AGAIN,    /* ... a second time, without being shown the first */
    MV_CHOSEN_COPY      /* a copy of a message that was answered */
};

/* "file", "starter", "set", "audit", "random", "newest", "unsure", "suspect",
 * "again", "copy". Borrowed: constant storage. */
const char *mv_store_chosen_name(enum mv_chosen chosen);
/* The value of such a word; MV_CHOSEN_FILE for NULL and any other. */
enum mv_chosen mv_store_chosen(const char *word);

/* The 128-bit key of an invitation: a hash of the person, then of the rest.
 * Not cryptographic: it tells rows apart, it does not hide them. */
struct mv_key {
    uint64_t person, item;
};

/* What a model noted of a message beside its verdict. `= {0}`: nothing. */
struct mv_noted_words {
    bool known;         /* the rest is meaningful */
    bool canned;        /* it is LinkedIn's own text */
    long words, unseen; /* its different words; those the model never met */
};

/* An invitation as it is stored. has_label, label, kind and annotator of
 * invite are those of its newest label. */
struct mv_stored {
    int64_t id;
    struct mv_key key;
    struct mv_invite invite;
    bool starter;          /* of the starter corpus: not the user's inbox */
    int64_t labelled_at;   /* meaningful with invite.has_label */
    enum mv_chosen chosen; /* likewise */
    bool connected;        /* the person is a contact */
    int64_t connected_on;  /* MV_NO_TIME when not, or not known */
    bool has_outcome;      /* known to be useful or not */
    bool useful, said;     /* meaningful with has_outcome; see mv_outcome */
    bool has_verdict;      /* the model asked about has judged it */
    enum mv_verdict verdict;
    double probability;   /* in [0,1], or NaN: none was given */
    const char *language; /* of the verdict, may be NULL */
    int64_t verdict_at, verdict_model;
    struct mv_noted_words novelty; /* with has_verdict */
};

enum mv_store_order {
    MV_ORDER_ID = 0, /* as first imported */
    MV_ORDER_NEWEST  /* latest sent_at first, those without time last */
};

/* Which invitations. `= {0}`: all. The conditions add up. */
struct mv_store_filter {
    bool incoming;         /* only from others */
    bool inbox;            /* not those of the starter corpus */
    bool with_message;     /* only with a message */
    bool unlabelled;       /* only without any label ... */
    const char *annotator; /* ... by this annotator; NULL: by anyone */
    bool pending;          /* only without a verdict of the model */
    int64_t model;         /* whose verdicts; 0: the active model's */
    enum mv_store_order order;
    long limit; /* at most so many; 0: no limit */
};

/* Reads invitation id. Errors: MV_NOTFOUND.
 * Owns: the strings are in arena. */
enum mv_status mv_store_get_invite(struct mv_store *store, int64_t id,
                                   struct mv_arena *arena,
                                   struct mv_stored *out,
                                   struct mv_error *error);
/* Finds the invitation with that key. Errors: MV_NOTFOUND. */
enum mv_status mv_store_find_key(struct mv_store *store, struct mv_key key,
                                 int64_t *id, struct mv_error *error);
/* Tells the invitations that filter lets through; filter may be NULL. */
enum mv_status
mv_store_each_invite(struct mv_store *store,
                     const struct mv_store_filter *filter,
                     enum mv_status (*each)(const struct mv_stored *, void *),
                     void *payload, struct mv_error *error);
/* Tells the invitations from and to the person with that URL key, in order of
 * id, with the active model's verdicts. None is no error. */
enum mv_status mv_store_each_of(struct mv_store *store, const char *url,
                                enum mv_status (*each)(const struct mv_stored *,
                                                       void *),
                                void *payload, struct mv_error *error);

/* --- labels -------------------------------------------------------------- */

/* One entry of the history: a label, or that a label is taken back. */
struct mv_labelling {
    int64_t id; /* grows with time; not read by put */
    int64_t invitation;
    const char *annotator; /* not empty */
    enum mv_label value;
    const char *kind; /* may be NULL */
    int64_t at;
    enum mv_chosen chosen;
    int64_t undoes; /* id of the label that is taken back, or 0; then the
                     * fields above repeat that label's; not read by put */
    int64_t act;    /* id of the first label of an act that settled several
                     * invitations, or 0; not read by put */
};

/* Appends a label, also when it repeats the one before. No two entries of one
 * annotator about one invitation bear the same time: the later one is put a
 * second after. MV_CHOSEN_SET is kept as MV_CHOSEN_AUDIT where the annotator's
 * label before was: a correction is of the audit sample still.
 * Errors: MV_NOTFOUND: no such invitation; MV_RANGE: no annotator. */
enum mv_status mv_store_put_label(struct mv_store *store,
                                  const struct mv_labelling *label,
                                  struct mv_error *error);
/* Tells the whole history in the order it was made, each entry with its
 * invitation (label fields of invite: those of this entry; no verdict). */
enum mv_status
mv_store_each_label(struct mv_store *store,
                    enum mv_status (*each)(const struct mv_labelling *,
                                           const struct mv_stored *, void *),
                    void *payload, struct mv_error *error);

/* A message with a settled label: of each annotator the newest label counts,
 * and the value that strictly most annotators gave wins. Where `unsure` wins,
 * or two values tie, there is no example. */
struct mv_example {
    int64_t id;
    struct mv_key key;
    const char *message; /* may be "" */
    size_t message_len;
    enum mv_label label; /* never MV_LABEL_UNSURE */
    const char *kind;    /* newest given for this label, may be NULL */
    const char *lang;    /* as the file said, may be NULL */
    enum mv_origin origin;
    enum mv_direction direction;
    bool starter; /* all labels that count came with the starter corpus */
    bool audit;   /* drawn for the audit sample at some time */
    int64_t run;  /* the import that was the last to hold it: one file */
};

/* Tells all examples in the order of their keys, which is the same whatever
 * the order of the imports was. upto: only labels with an id <= upto count, to
 * see the corpus as it was then (mv_counts.last_label); 0: all. */
enum mv_status
mv_store_each_example(struct mv_store *store, int64_t upto,
                      enum mv_status (*each)(const struct mv_example *, void *),
                      void *payload, struct mv_error *error);

/* --- models, verdicts, outcomes ------------------------------------------ */

/* A trained model; its bytes are in file, not in the database. */
struct mv_model_row {
    int64_t id;          /* not read by put */
    const char *file;    /* path of the model file */
    const char *sha256;  /* of that file, 64 hexadecimal digits */
    const char *corpus;  /* hash of the examples it was fitted on */
    const char *options; /* JSON */
    const char *metrics; /* JSON */
    const char *card;    /* may be NULL */
    const char *note;    /* may be NULL */
    int64_t last_label;  /* id of the newest label when it was fitted */
    int64_t created_at;
    bool active; /* not read by put */
};

/* Records a model as a candidate and gives its number to *id (may be NULL).
 * Errors: MV_RANGE: one of the strings that must be there is NULL. */
enum mv_status mv_store_put_model(struct mv_store *store,
                                  const struct mv_model_row *model, int64_t *id,
                                  struct mv_error *error);
/* Reads model id, or the active one when id is 0.
 * Errors: MV_NOTFOUND. Owns: the strings are in arena. */
enum mv_status mv_store_get_model(struct mv_store *store, int64_t id,
                                  struct mv_arena *arena,
                                  struct mv_model_row *out,
                                  struct mv_error *error);
/* Tells all models, oldest first. */
enum mv_status
mv_store_each_model(struct mv_store *store,
                    enum mv_status (*each)(const struct mv_model_row *, void *),
                    void *payload, struct mv_error *error);

/* How a model came to be the active one. */
enum mv_activation_how {
    MV_ACTIVATED_BY_HAND = 0,
    MV_ACTIVATED_FIRST,  /* there was none */
    MV_ACTIVATED_PASSED, /* no loss against the one before */
    MV_ACTIVATED_FORCED, /* although there was a loss, on demand */
    MV_ACTIVATED_BACK    /* it was active before: a step back */
};

/* One change of the active model. */
struct mv_activation {
    int64_t id;
    int64_t model;
    int64_t at;
    enum mv_activation_how how;
    const char *reason; /* may be NULL */
};

/* Makes model the active one and appends that to the history, in one step. A
 * model that is active already stays so, and nothing is appended.
 * Errors: MV_NOTFOUND: no such model. */
enum mv_status mv_store_activate(struct mv_store *store, int64_t model,
                                 int64_t at, enum mv_activation_how how,
                                 const char *reason, struct mv_error *error);
/* Makes that model the active one which was so before the active one, and
 * appends that to the history. Steps back are undone in the count: a second
 * step leads further back. Either model number may be NULL.
 * Errors: MV_NOTFOUND: no model was active before. */
enum mv_status mv_store_step_back(struct mv_store *store, int64_t at,
                                  int64_t *from, int64_t *to,
                                  struct mv_error *error);
/* Tells all activations, newest first: the first is the one in force. */
enum mv_status mv_store_each_activation(
    struct mv_store *store,
    enum mv_status (*each)(const struct mv_activation *, void *), void *payload,
    struct mv_error *error);

/* What a model said of an invitation. */
struct mv_verdict_row {
    int64_t invitation, model;
    enum mv_verdict verdict;
    double probability;   /* in [0,1], or NaN: none */
    const char *language; /* may be NULL */
    int64_t at;
    struct mv_noted_words novelty; /* not read by each */
};

/* Keeps a verdict; one by the same model on the same invitation is replaced.
 * Errors: MV_NOTFOUND: no such invitation or model; MV_RANGE: probability. */
enum mv_status mv_store_put_verdict(struct mv_store *store,
                                    const struct mv_verdict_row *verdict,
                                    struct mv_error *error);
/* Tells what the models said of an invitation, by model. */
enum mv_status mv_store_each_verdict(
    struct mv_store *store, int64_t invitation,
    enum mv_status (*each)(const struct mv_verdict_row *, void *),
    void *payload, struct mv_error *error);

/* What a model said in all. */
struct mv_verdict_count {
    int64_t model;
    long verdict[4]; /* how many, by enum mv_verdict */
    int64_t first_at, last_at;
};

/* Tells the counts of all models that have given verdicts, by model. */
enum mv_status mv_store_each_verdict_count(
    struct mv_store *store,
    enum mv_status (*each)(const struct mv_verdict_count *, void *),
    void *payload, struct mv_error *error);

/* Whether a contact proved useful. */
struct mv_outcome {
    const char *url, *name; /* who; one of them may be NULL */
    bool useful;
    bool said; /* by the user; false: taken from a thread */
    int64_t at;
};

/* Keeps an outcome for a person; what the user said is not overwritten by what
 * was taken from threads, and among threads one that is useful wins, in any
 * order. *changed (may be NULL) says whether anything is other than before.
 * Errors: MV_RANGE: neither URL nor name. */
enum mv_status mv_store_put_outcome(struct mv_store *store,
                                    const struct mv_outcome *outcome,
                                    bool *changed, struct mv_error *error);

/* Takes back that a person was of no use, where that was taken from threads.
 * url, name: as in an outcome. *changed says whether there was such a one. */
enum mv_status mv_store_withdraw_outcome(struct mv_store *store,
                                         const char *url, const char *name,
                                         bool *changed, struct mv_error *error);

/* --- figures ------------------------------------------------------------- */

/* Fewer own labels than this do not take part in a training beside those of the
 * starter corpus. */
enum { MV_OWN_LEAST = 50 };

/* What is here. [direction] and [origin] are indexed by their enums. Rows of
 * the starter corpus are in starter only, but their labels count as labels. */
struct mv_counts {
    long invitations[2][4];
    long with_message[2][4]; /* of these */
    long starter;            /* rows of the starter corpus */
    long verdicts[4]; /* incoming, by the active model's enum mv_verdict */
    long pending;     /* incoming with a message and no such verdict */
    long labels;      /* acts of labelling */
    long labelled[2]; /* invitations settled, by enum mv_label */
    long unsettled;   /* labelled, but unsure or tied */
    long audit;       /* settled and in the audit sample */
    long drawn;       /* in the audit sample, settled or not */
    long own;         /* settled by others than the starter corpus */
    long annotators;
    long contacts, threads, two_way; /* two_way: both sides wrote */
    long useful, not_useful;         /* persons */
    long said;                       /* of these: by the user */
    long models, runs;
    int64_t active_model; /* 0: none */
    int64_t learnt_label; /* newest label that some model could learn from */
    int64_t last_label;   /* id of the newest label, 0: none */
    int64_t last_label_at, last_import_at; /* MV_NO_TIME: never */
};

/* Counts everything, in one walk over the invitations. */
enum mv_status mv_store_get_counts(struct mv_store *store,
                                   struct mv_counts *out,
                                   struct mv_error *error);

#endif
