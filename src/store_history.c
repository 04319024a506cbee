/* The history of labelling: what was taken back, noted down, told by a file. */
#include "store_sql.h"

#include <string.h>

/* --- taking back -----------------------------------------------------------
 */

/* The rows of the act that still stand; copies outlive the statement. */
static enum mv_status read_act(struct mv_store *store, int64_t act,
                               const char *annotator, struct mv_arena *arena,
                               struct mv_labelling **rows, size_t *n,
                               struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_LABEL_ACT);
    size_t size = 0;

    *rows = NULL;
    *n = 0;
    mv_store_bind_int(&query, 1, act);
    mv_store_bind_text(&query, 2, annotator);
    while (mv_store_step(&query)) {
        const char *kind = mv_store_text(&query, 3);

        if (*n == size) {
            struct mv_labelling *more = mv_arena_alloc(
                arena, (size = size ? 2 * size : 16) * sizeof *more);

            if (more && *n)
                memcpy(more, *rows, *n * sizeof *more);
            *rows = more;
        }
        if (kind)
            kind = mv_arena_copy(arena, mv_span_of(kind));
        if (!*rows || (!kind && !mv_store_null(&query, 3))) {
            mv_store_end(&query, NULL);
            return mv_store_fail(store, SQLITE_NOMEM, error);
        }
        (*rows)[(*n)++] = (struct mv_labelling){
            .undoes = mv_store_int(&query, 0),
            .invitation = mv_store_int(&query, 1),
            .value = (enum mv_label)mv_store_int(&query, 2),
            .kind = kind,
            .chosen = mv_store_chosen(mv_store_text(&query, 4)),
            .annotator = annotator};
    }
    return mv_store_end(&query, error);
}

static enum mv_status last_act(struct mv_store *store, const char *annotator,
                               int64_t *act, struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_LABEL_LAST_ACT);
    enum mv_status status;

    *act = 0;
    mv_store_bind_text(&query, 1, annotator);
    if (mv_store_step(&query))
        *act = mv_store_int(&query, 0);
    status = mv_store_end(&query, error);
    if (status == MV_OK && !*act)
        return mv_error_set(error, MV_NOTFOUND, store->path, 0,
                            "there is no label of '%s' to take back",
                            annotator);
    return status;
}

static enum mv_status undo(struct mv_store *store, const char *annotator,
                           int64_t at, struct mv_undone *out,
                           struct mv_error *error)
{
    struct mv_arena arena = {0};
    struct mv_labelling *rows = NULL;
    size_t n = 0;
    int64_t act;
    enum mv_status status = last_act(store, annotator, &act, error);

    if (status == MV_OK)
        status = read_act(store, act, annotator, &arena, &rows, &n, error);
    for (size_t i = 0; status == MV_OK && i < n; i++) {
        rows[i].at = at;
        status = mv_store_add_label(store, &rows[i], false, NULL, error);
    }
    if (status == MV_OK && n)
        *out = (struct mv_undone){rows[0].invitation, rows[0].value, (long)n};
    mv_arena_release(&arena);
    return status;
}

enum mv_status mv_store_undo(struct mv_store *store, const char *annotator,
                             int64_t at, struct mv_undone *out,
                             struct mv_error *error)
{
    bool own = false;
    enum mv_status status = mv_store_enter(store, &own, error);

    if (status != MV_OK)
        return status;
    return mv_store_leave(store, own, undo(store, annotator, at, out, error),
                          error);
}

/* --- what a history in a file tells ----------------------------------------
 */

/* Whether that entry is there; *act: of a label, the act that it is part of. */
static enum mv_status is_told(struct mv_store *store, int64_t id,
                              const struct mv_invite *invite,
                              const char *annotator, int64_t *act, bool *is,
                              struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_LABEL_TOLD);

    mv_store_bind_int(&query, 1, id);
    mv_store_bind_text(&query, 2, annotator);
    mv_store_bind_int(&query, 3, invite->told_at);
    mv_store_bind_int(&query, 4, invite->label);
    mv_store_bind_int(&query, 5, invite->event == MV_EVENT_UNDO);
    *is = mv_store_step(&query);
    if (*is)
        *act = mv_store_int(&query, 1);
    return mv_store_end(&query, error);
}

/* The annotator's newest label that stands, in label->undoes; 0: none. */
static enum mv_status find_last(struct mv_store *store, int64_t id,
                                const char *annotator,
                                struct mv_labelling *label,
                                struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_LABEL_LAST);

    mv_store_bind_int(&query, 1, id);
    mv_store_bind_text(&query, 2, annotator);
    if (mv_store_step(&query))
        label->undoes = mv_store_int(&query, 2);
    return mv_store_end(&query, error);
}

static enum mv_status put_entry(struct mv_store *store, int64_t id,
                                const struct mv_invite *invite,
                                const char *annotator, struct mv_error *error)
{
    struct mv_labelling label = {.invitation = id,
                                 .annotator = annotator,
                                 .value = invite->label,
                                 .kind = invite->kind,
                                 .at = invite->told_at,
                                 .chosen = mv_store_chosen(invite->chosen)};
    bool same_act = invite->act && invite->act == store->told_act;
    bool is = false;
    int64_t row = 0;
    enum mv_status status =
        is_told(store, id, invite, annotator, &row, &is, error);

    if (status == MV_OK && !is && invite->event == MV_EVENT_UNDO) {
        status = find_last(store, id, annotator, &label, error);
        is = label.undoes == 0; /* there is nothing to take back */
    }
    if (status == MV_OK && !is) {
        label.act = same_act ? store->act : 0;
        status = mv_store_add_label(store, &label, true, &row, error);
    }
    if (invite->act && !same_act) {
        store->told_act = invite->act;
        store->act = row;
    }
    return status;
}

static enum mv_status put_noted(struct mv_store *store,
                                const struct mv_noted *note,
                                struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_NOTE_ADD);

    mv_store_bind_int(&query, 1, note->invitation);
    mv_store_bind_text(&query, 2, note->annotator);
    mv_store_bind_int(&query, 3, note->at);
    mv_store_bind_span(&query, 4, mv_span_of(note->text));
    mv_store_step(&query);
    if (query.rc == SQLITE_CONSTRAINT_FOREIGNKEY) {
        mv_store_end(&query, NULL);
        return mv_error_set(error, MV_NOTFOUND, store->path, 0,
                            "there is no invitation %lld",
                            (long long)note->invitation);
    }
    return mv_store_end(&query, error);
}

static enum mv_status put_told_note(struct mv_store *store,
                                    const struct mv_noted *note,
                                    struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_NOTE_TOLD);
    enum mv_status status;
    bool is;

    mv_store_bind_int(&query, 1, note->invitation);
    mv_store_bind_text(&query, 2, note->annotator);
    mv_store_bind_int(&query, 3, note->at);
    mv_store_bind_span(&query, 4, mv_span_of(note->text));
    is = mv_store_step(&query);
    status = mv_store_end(&query, error);
    return status == MV_OK && !is ? put_noted(store, note, error) : status;
}

enum mv_status mv_store_put_told(struct mv_store *store, int64_t id,
                                 const struct mv_invite *invite,
                                 const char *annotator, struct mv_error *error)
{
    struct mv_noted note = {id, annotator, invite->told_at,
                            invite->note ? invite->note : ""};

    return invite->event == MV_EVENT_NOTE
               ? put_told_note(store, &note, error)
               : put_entry(store, id, invite, annotator, error);
}

/* --- notes -----------------------------------------------------------------
 */

enum mv_status mv_store_put_note(struct mv_store *store,
                                 const struct mv_noted *note,
                                 struct mv_error *error)
{
    if (!note->annotator || !*note->annotator || !note->text)
        return mv_error_set(error, MV_RANGE, store->path, 0,
                            "a note needs an annotator and a text");
    return put_noted(store, note, error);
}

enum mv_status mv_store_get_note(struct mv_store *store, int64_t invitation,
                                 const char *annotator, struct mv_arena *arena,
                                 const char **out, struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_NOTE_GET);
    const char *text;

    *out = NULL;
    mv_store_bind_int(&query, 1, invitation);
    mv_store_bind_text(&query, 2, annotator);
    if (mv_store_step(&query) && (text = mv_store_text(&query, 0)) && *text) {
        *out = mv_arena_copy(arena, mv_span_of(text));
        if (!*out)
            query.rc = SQLITE_NOMEM;
    }
    return mv_store_end(&query, error);
}

/* --- what the annotators say ------------------------------------------------
 */

enum mv_status mv_store_each_vote(struct mv_store *store, bool again,
                                  enum mv_status (*each)(const struct mv_vote *,
                                                         void *),
                                  void *payload, struct mv_error *error)
{
    struct mv_query query =
        mv_store_query(store, again ? ST_LABEL_AGAIN : ST_LABEL_VOTES);
    enum mv_status status = MV_OK, ended;

    while (status == MV_OK && mv_store_step(&query)) {
        int n = 2;
        struct mv_vote vote = {.invitation = mv_store_int(&query, 0),
                               .annotator = mv_store_text(&query, 1),
                               .has_first = again};

        if (again)
            vote.first = (enum mv_label)mv_store_int(&query, n++);
        vote.value = (enum mv_label)mv_store_int(&query, n);
        vote.label = mv_store_int(&query, n + 1);
        vote.chosen = mv_store_chosen(mv_store_text(&query, n + 2));
        if (query.rc == SQLITE_ROW)
            status = each(&vote, payload);
    }
    ended = mv_store_end(&query, error);
    return status != MV_OK ? status : ended;
}

enum mv_status mv_store_get_labelled(struct mv_store *store,
                                     const char *annotator, int64_t since,
                                     struct mv_labelled *out,
                                     struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_LABEL_PROGRESS);

    mv_store_bind_text(&query, 1, annotator);
    mv_store_bind_int(&query, 2, since);
    *out = (struct mv_labelled){0};
    if (mv_store_step(&query)) {
        for (int i = 0; i < 3; i++)
            out->label[i] = (long)mv_store_int(&query, i);
        out->since = (long)mv_store_int(&query, 3);
    }
    return mv_store_end(&query, error);
}

/* --- advice ------------------------------------------------------------------
 */

enum mv_status mv_store_put_advice(struct mv_store *store,
                                   const struct mv_advised *advice,
                                   struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_ADVICE_PUT);

    mv_store_bind_int(&query, 1, advice->at);
    mv_store_bind_int(&query, 2, advice->last_label);
    mv_store_bind_int(&query, 3, advice->labels);
    mv_store_bind_int(&query, 4, advice->enough);
    mv_store_bind_real(&query, 5, advice->gain);
    mv_store_bind_real(&query, 6, advice->low);
    mv_store_bind_real(&query, 7, advice->high);
    return mv_store_run(&query, error);
}

enum mv_status mv_store_get_advice(struct mv_store *store,
                                   struct mv_advised *out,
                                   struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_ADVICE_GET);
    bool found = mv_store_step(&query);
    enum mv_status status;

    if (found)
        *out = (struct mv_advised){.at = mv_store_int(&query, 0),
                                   .last_label = mv_store_int(&query, 1),
                                   .labels = (long)mv_store_int(&query, 2),
                                   .enough = mv_store_int(&query, 3) != 0,
                                   .gain = mv_store_real(&query, 4),
                                   .low = mv_store_real(&query, 5),
                                   .high = mv_store_real(&query, 6),
                                   .since = (long)mv_store_int(&query, 7)};
    status = mv_store_end(&query, error);
    if (status == MV_OK && !found)
        return mv_error_set(error, MV_NOTFOUND, store->path, 0,
                            "no advice has been worked out yet");
    return status;
}
