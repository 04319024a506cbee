/* Reading invitations back. */
#include "store_sql.h"

#include <stdint.h>
#include <string.h>

/* Columns of INVITE in store_sql.c. */
enum {
    C_ID,
    C_PERSON,
    C_ITEM,
    C_ORIGIN,
    C_DIRECTION,
    C_SENT_AT,
    C_STARTER,
    C_NAME,
    C_URL,
    C_NATURAL,
    C_LANG,
    C_MESSAGE,
    C_LABEL,
    C_KIND,
    C_ANNOTATOR,
    C_LABELLED_AT,
    C_CHOSEN,
    C_LABEL_ID,
    C_VERDICT,
    C_PROBABILITY,
    C_LANGUAGE,
    C_VERDICT_AT,
    C_VERDICT_MODEL,
    C_USEFUL,
    C_CONTACT,
    C_CONNECTED_ON,
    C_WORDS,
    C_UNSEEN,
    C_CANNED,
    C_SAID,
    C_MORE /* what a statement has beside */
};

static void read_label(struct mv_query *query, struct mv_stored *out)
{
    out->invite.has_label = true;
    out->invite.label = (enum mv_label)mv_store_int(query, C_LABEL);
    out->invite.kind = mv_store_text(query, C_KIND);
    out->invite.annotator = mv_store_text(query, C_ANNOTATOR);
    out->labelled_at = mv_store_int(query, C_LABELLED_AT);
    out->chosen = mv_store_chosen(mv_store_text(query, C_CHOSEN));
}

static void read_verdict(struct mv_query *query, struct mv_stored *out)
{
    out->has_verdict = true;
    out->verdict = (enum mv_verdict)mv_store_int(query, C_VERDICT);
    out->probability = mv_store_real(query, C_PROBABILITY);
    out->language = mv_store_text(query, C_LANGUAGE);
    out->verdict_at = mv_store_int(query, C_VERDICT_AT);
    out->verdict_model = mv_store_int(query, C_VERDICT_MODEL);
    if (!mv_store_null(query, C_WORDS))
        out->novelty =
            (struct mv_noted_words){true, mv_store_int(query, C_CANNED) != 0,
                                    (long)mv_store_int(query, C_WORDS),
                                    (long)mv_store_int(query, C_UNSEEN)};
}

void mv_store_read_invite(struct mv_query *query, struct mv_stored *out)
{
    struct mv_invite *invite = &out->invite;

    *out = (struct mv_stored){.id = mv_store_int(query, C_ID),
                              .starter = mv_store_int(query, C_STARTER) != 0,
                              .connected_on = MV_NO_TIME};
    out->key.person = (uint64_t)mv_store_int(query, C_PERSON);
    out->key.item = (uint64_t)mv_store_int(query, C_ITEM);
    invite->origin = (enum mv_origin)mv_store_int(query, C_ORIGIN);
    invite->direction = (enum mv_direction)mv_store_int(query, C_DIRECTION);
    invite->sent_at = mv_store_time(query, C_SENT_AT);
    invite->name = mv_store_text(query, C_NAME);
    invite->url = mv_store_text(query, C_URL);
    invite->natural = mv_store_text(query, C_NATURAL);
    invite->lang = mv_store_text(query, C_LANG);
    invite->message = mv_store_text(query, C_MESSAGE);
    invite->message_len =
        (size_t)sqlite3_column_bytes(query->statement, C_MESSAGE);
    if (!mv_store_null(query, C_LABEL))
        read_label(query, out);
    if (!mv_store_null(query, C_VERDICT))
        read_verdict(query, out);
    if (!mv_store_null(query, C_USEFUL)) {
        out->has_outcome = true;
        out->useful = mv_store_int(query, C_USEFUL) != 0;
        out->said = mv_store_int(query, C_SAID) != 0;
    }
    if (!mv_store_null(query, C_CONTACT)) {
        out->connected = true;
        out->connected_on = mv_store_time(query, C_CONNECTED_ON);
    }
}

/* --- copies that outlive the statement -------------------------------------
 */

static bool keep(struct mv_arena *arena, const char **text)
{
    if (*text)
        *text = mv_arena_copy(arena, mv_span_of(*text));
    return *text != NULL;
}

static enum mv_status keep_all(struct mv_arena *arena, struct mv_stored *row)
{
    const char **texts[] = {&row->invite.name,    &row->invite.url,
                            &row->invite.natural, &row->invite.lang,
                            &row->invite.kind,    &row->invite.annotator,
                            &row->language};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (*texts[i] && !keep(arena, texts[i]))
            return MV_NOMEM;
    /* A message may hold a NUL, so its length counts. */
    row->invite.message = mv_arena_copy(
        arena, (struct mv_span){row->invite.message, row->invite.message_len});
    return row->invite.message ? MV_OK : MV_NOMEM;
}

enum mv_status mv_store_get_invite(struct mv_store *store, int64_t id,
                                   struct mv_arena *arena,
                                   struct mv_stored *out,
                                   struct mv_error *error)
{
    struct mv_query query;
    struct mv_stored row;
    int64_t model = 0;
    enum mv_status status = mv_store_active(store, &model, error), ended;

    if (status != MV_OK)
        return status;
    query = mv_store_query(store, ST_INVITE_GET);
    mv_store_bind_int(&query, 1, model);
    mv_store_bind_int(&query, 2, id);
    status = MV_NOTFOUND;
    if (mv_store_step(&query)) {
        mv_store_read_invite(&query, &row);
        status = query.rc == SQLITE_ROW ? keep_all(arena, &row) : MV_NOMEM;
    }
    ended = mv_store_end(&query, error);
    if (ended != MV_OK)
        return ended;
    if (status == MV_NOTFOUND)
        return mv_error_set(error, MV_NOTFOUND, store->path, 0,
                            "there is no invitation %lld", (long long)id);
    if (status != MV_OK)
        return mv_error_set(error, status, store->path, 0, "out of memory");
    *out = row;
    return MV_OK;
}

/* --- walks ------------------------------------------------------------------
 */

static enum mv_status walk(struct mv_query *query,
                           enum mv_status (*each)(const struct mv_stored *,
                                                  void *),
                           void *payload, struct mv_error *error)
{
    enum mv_status status = MV_OK, ended;

    while (status == MV_OK && mv_store_step(query)) {
        struct mv_stored row;

        mv_store_read_invite(query, &row);
        if (query->rc == SQLITE_ROW)
            status = each(&row, payload);
    }
    ended = mv_store_end(query, error);
    return status != MV_OK ? status : ended;
}

enum mv_status
mv_store_each_invite(struct mv_store *store,
                     const struct mv_store_filter *filter,
                     enum mv_status (*each)(const struct mv_stored *, void *),
                     void *payload, struct mv_error *error)
{
    static const struct mv_store_filter ALL = {0};
    struct mv_query query;
    int64_t model;
    enum mv_status status = MV_OK;

    if (!filter)
        filter = &ALL;
    model = filter->model;
    if (!model)
        status = mv_store_active(store, &model, error);
    if (status != MV_OK)
        return status;
    query = mv_store_query(store, filter->order == MV_ORDER_NEWEST
                                      ? ST_INVITE_NEWEST
                                      : ST_INVITE_EACH);
    mv_store_bind_int(&query, 1, model);
    mv_store_bind_int(&query, 2, filter->incoming);
    mv_store_bind_int(&query, 3, filter->inbox);
    mv_store_bind_int(&query, 4, filter->with_message);
    mv_store_bind_int(&query, 5, filter->unlabelled);
    mv_store_bind_text(&query, 6, filter->annotator);
    mv_store_bind_int(&query, 7, filter->pending);
    mv_store_bind_int(&query, 8, filter->limit > 0 ? filter->limit : -1);
    return walk(&query, each, payload, error);
}

enum mv_status mv_store_each_of(struct mv_store *store, const char *url,
                                enum mv_status (*each)(const struct mv_stored *,
                                                       void *),
                                void *payload, struct mv_error *error)
{
    struct mv_query query;
    int64_t model = 0;
    enum mv_status status = mv_store_active(store, &model, error);

    if (status != MV_OK)
        return status;
    query = mv_store_query(store, ST_INVITE_OF);
    mv_store_bind_int(&query, 1, model);
    mv_store_bind_int(&query, 2, mv_store_person_url(url));
    return walk(&query, each, payload, error);
}

/* Whether two texts are the same but for their blanks: the export turns each
 * line break of a note into a blank, a thread keeps it. */
static bool same_words(struct mv_span a, struct mv_span b)
{
    size_t i = 0, j = 0;

    for (;;) {
        while (i < a.len && strchr(" \t\r\n", a.at[i]) && a.at[i])
            i++;
        while (j < b.len && strchr(" \t\r\n", b.at[j]) && b.at[j])
            j++;
        if (i == a.len || j == b.len)
            return i == a.len && j == b.len;
        if (a.at[i++] != b.at[j++])
            return false;
    }
}

enum mv_status mv_store_has_note(struct mv_store *store, const char *url,
                                 const char *name, struct mv_span message,
                                 bool *has, struct mv_error *error)
{
    int64_t by_name = mv_store_person_name(name);
    struct mv_query query = mv_store_query(store, ST_INVITE_NOTES);

    mv_store_bind_int(&query, 1,
                      url && *url ? mv_store_person_url(url) : by_name);
    mv_store_bind_int(&query, 2, by_name);
    *has = false;
    while (!*has && mv_store_step(&query))
        *has = same_words(mv_span_of(mv_store_text(&query, 0)), message);
    return mv_store_end(&query, error);
}

enum mv_status
mv_store_each_label(struct mv_store *store,
                    enum mv_status (*each)(const struct mv_labelling *,
                                           const struct mv_stored *, void *),
                    void *payload, struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_LABEL_EACH);
    enum mv_status status = MV_OK, ended;

    mv_store_bind_int(&query, 1, 0);
    while (status == MV_OK && mv_store_step(&query)) {
        struct mv_stored row;
        struct mv_labelling label;

        mv_store_read_invite(&query, &row);
        label = (struct mv_labelling){.id = mv_store_int(&query, C_LABEL_ID),
                                      .invitation = row.id,
                                      .annotator = row.invite.annotator,
                                      .value = row.invite.label,
                                      .kind = row.invite.kind,
                                      .at = row.labelled_at,
                                      .chosen = row.chosen,
                                      .undoes = mv_store_int(&query, C_MORE),
                                      .act = mv_store_int(&query, C_MORE + 1)};
        if (query.rc == SQLITE_ROW)
            status = each(&label, &row, payload);
    }
    ended = mv_store_end(&query, error);
    return status != MV_OK ? status : ended;
}

enum mv_status
mv_store_each_note(struct mv_store *store,
                   enum mv_status (*each)(const struct mv_noted *,
                                          const struct mv_stored *, void *),
                   void *payload, struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_NOTE_EACH);
    enum mv_status status = MV_OK, ended;

    mv_store_bind_int(&query, 1, 0);
    while (status == MV_OK && mv_store_step(&query)) {
        struct mv_stored row;
        struct mv_noted note;

        mv_store_read_invite(&query, &row);
        note = (struct mv_noted){row.id, mv_store_text(&query, C_MORE),
                                 mv_store_int(&query, C_MORE + 1),
                                 mv_store_text(&query, C_MORE + 2)};
        if (query.rc == SQLITE_ROW)
            status = each(&note, &row, payload);
    }
    ended = mv_store_end(&query, error);
    return status != MV_OK ? status : ended;
}
