/* layer 4: the label history as a session of labelling needs it.
 *
 * Acts that settle several invitations, taking them back, notes, what each
 * annotator says, and the advice worked out last. Everything is appended:
 * nothing that was said is changed or erased. As store.h in all else: errors,
 * borrowing, threads.
 *
 * Thread-safety: as store.h says.
 */
#ifndef MV_STORE_HISTORY_H
#define MV_STORE_HISTORY_H

#include "store.h"

/* Appends n labels of one annotator as one act: all or none. */
enum mv_status mv_store_put_act(struct mv_store *store,
                                const struct mv_labelling *labels, size_t n,
                                struct mv_error *error);

/* What was taken back. */
struct mv_undone {
    int64_t invitation; /* the first of the act */
    enum mv_label value;
    long n; /* labels */
};

/* Takes back the annotator's newest act that still stands, by appending that:
 * nothing is erased. Acts of imported files are left alone.
 * Errors: MV_NOTFOUND: there is none. */
enum mv_status mv_store_undo(struct mv_store *store, const char *annotator,
                             int64_t at, struct mv_undone *out,
                             struct mv_error *error);

/* Something that an annotator noted down about an invitation. */
struct mv_noted {
    int64_t invitation;
    const char *annotator;
    int64_t at;
    const char *text; /* "": the note before no longer holds */
};

/* Appends a note. Errors: as mv_store_put_label. */
enum mv_status mv_store_put_note(struct mv_store *store,
                                 const struct mv_noted *note,
                                 struct mv_error *error);
/* The annotator's newest note about an invitation in *out, NULL when there is
 * none. Owns: it is in arena. */
enum mv_status mv_store_get_note(struct mv_store *store, int64_t invitation,
                                 const char *annotator, struct mv_arena *arena,
                                 const char **out, struct mv_error *error);
/* Tells all notes ever made, in their order. */
enum mv_status
mv_store_each_note(struct mv_store *store,
                   enum mv_status (*each)(const struct mv_noted *,
                                          const struct mv_stored *, void *),
                   void *payload, struct mv_error *error);

/* What one annotator says of an invitation. */
struct mv_vote {
    int64_t invitation;
    const char *annotator;
    enum mv_label value;
    bool has_first;      /* it was asked a second time: */
    enum mv_label first; /* and this had been the answer before */
    enum mv_chosen chosen;
    int64_t label; /* id of the label */
};

/* Tells the newest standing label of each annotator, by invitation, or with
 * again the standing answers to messages asked a second time. */
enum mv_status mv_store_each_vote(struct mv_store *store, bool again,
                                  enum mv_status (*each)(const struct mv_vote *,
                                                         void *),
                                  void *payload, struct mv_error *error);

/* How many invitations an annotator has labelled: by enum mv_label, and how
 * many of them since a time. */
struct mv_labelled {
    long label[3];
    long since;
};
enum mv_status mv_store_get_labelled(struct mv_store *store,
                                     const char *annotator, int64_t since,
                                     struct mv_labelled *out,
                                     struct mv_error *error);

/* What more labels were expected to bring, when that was last worked out. */
struct mv_advised {
    int64_t at;
    int64_t last_label; /* id of the newest label then, 0: none */
    long labels;        /* that it was worked out from */
    bool enough;
    double gain, low, high; /* NaN: could not be told */
    long since; /* entries of the history since then; not read by put */
};
enum mv_status mv_store_put_advice(struct mv_store *store,
                                   const struct mv_advised *advice,
                                   struct mv_error *error);
/* Errors: MV_NOTFOUND: none was ever worked out. */
enum mv_status mv_store_get_advice(struct mv_store *store,
                                   struct mv_advised *out,
                                   struct mv_error *error);

/* Where the sender of an invitation works, when they are a contact: *company
 * and *position, each NULL when not known. Owns: they are in arena. */
enum mv_status mv_store_get_work(struct mv_store *store, int64_t invitation,
                                 struct mv_arena *arena, const char **company,
                                 const char **position, struct mv_error *error);

#endif
