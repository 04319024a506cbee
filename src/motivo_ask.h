/* layer 8: a session of labelling, shared by the files that make it up.
 *
 * Thread-safety: as motivo.h.
 */
#ifndef MOTIVO_ASK_H
#define MOTIVO_ASK_H

#include "motivo_parts.h"

/* An invitation that may be asked about. */
struct mv_item {
    int64_t id;
    uint64_t key;
    int64_t sent_at;
    int copy;      /* rows of one template share a number */
    bool labelled; /* by anyone, before the session */
    bool answered; /* in the session: */
    enum mv_label label;
    const char *kind; /* of mv_kinds(), or NULL */
};

struct mv_asking {
    struct motivo *motivo;
    enum mv_ask ask;
    const char *annotator;        /* in arena */
    int64_t midnight;             /* when the day began, local time */
    const struct mv_model *model; /* may be NULL */
    struct mv_scratch *scratch;   /* of model */
    struct mv_item *item;         /* n_items */
    size_t n_items, size_items;
    size_t n_loaded; /* of them in the order of their ids; what an undo brought
                      * in stands behind */
    size_t *queue;   /* n_queue places in item, in the order of asking */
    size_t n_queue, size_queue;
    struct mv_arena arena; /* dies with the session */
    struct mv_arena shown; /* what mv_ask_get gave last */
};

/* The texts behind the items while the order is worked out: arrays of
 * asking->n_items. */
struct mv_ask_texts {
    struct mv_arena arena;
    struct mv_span *message, *folded, *name; /* name: folded */
    size_t size;
    double *p;
    int *group, *label;
    uint8_t *done;
    int64_t *at;
    uint64_t *key;
};

/* Loads the items: the inbox's incoming invitations with a message. */
enum mv_status mv_ask_load(struct mv_asking *asking, struct mv_ask_texts *texts,
                           struct mv_error *error);
/* Puts the queue into the order that options ask for. */
enum mv_status mv_ask_order(struct mv_asking *asking,
                            struct mv_ask_texts *texts,
                            const struct mv_ask_options *options,
                            const struct mv_progress *progress,
                            struct mv_error *error);
void mv_ask_texts_release(struct mv_ask_texts *texts);

/* How the messages of the session come to be labelled. */
enum mv_chosen mv_ask_chosen(const struct mv_asking *asking);

/* Appends a place to the queue. Errors: MV_NOMEM. */
enum mv_status mv_ask_enqueue(struct mv_asking *asking, size_t item);
/* The place of an invitation among the items, n_items when it is not there. */
size_t mv_ask_find(const struct mv_asking *asking, int64_t id);

#endif
