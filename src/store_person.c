/* Contacts, threads and outcomes: what is known of persons. */
#include "store_sql.h"

static bool is_set(const char *text)
{
    return text && *text;
}

static void count(struct mv_store *store, enum mv_put how, enum mv_put *out)
{
    store->run.added += how == MV_PUT_NEW;
    store->run.known += how != MV_PUT_NEW;
    if (out)
        *out = how;
}

static void bind_named(struct mv_query *query, int n, const char *name)
{
    if (is_set(name))
        mv_store_bind_int(query, n, mv_store_person_name(name));
    else
        mv_store_bind_text(query, n, NULL);
}

static int64_t person_of(const char *url, const char *name)
{
    return is_set(url) ? mv_store_person_url(url) : mv_store_person_name(name);
}

/* --- contacts ---------------------------------------------------------------
 */

static enum mv_status find_contact(struct mv_store *store,
                                   const struct mv_contact *contact,
                                   int64_t *id, struct mv_error *error)
{
    struct mv_query query;
    enum mv_status status = MV_OK;

    *id = 0;
    if (is_set(contact->url)) {
        query = mv_store_query(store, ST_CONTACT_BY_PERSON);
        mv_store_bind_int(&query, 1, mv_store_person_url(contact->url));
        if (mv_store_step(&query))
            *id = mv_store_int(&query, 0);
        status = mv_store_end(&query, error);
    }
    if (status != MV_OK || *id || !is_set(contact->name))
        return status;
    query = mv_store_query(store, ST_CONTACT_BY_NAME);
    mv_store_bind_int(&query, 1, mv_store_person_name(contact->name));
    mv_store_bind_time(&query, 2, contact->connected_on);
    mv_store_bind_text(&query, 3, contact->url);
    if (mv_store_step(&query))
        *id = mv_store_int(&query, 0);
    return mv_store_end(&query, error);
}

static enum mv_status write_contact(struct mv_store *store,
                                    const struct mv_contact *contact,
                                    int64_t id, struct mv_error *error)
{
    struct mv_query query =
        mv_store_query(store, id ? ST_CONTACT_SET : ST_CONTACT_ADD);

    mv_store_bind_int(&query, 1, person_of(contact->url, contact->name));
    bind_named(&query, 2, contact->name);
    mv_store_bind_text(&query, 3, contact->name);
    mv_store_bind_text(&query, 4, contact->url);
    mv_store_bind_text(&query, 5, contact->company);
    mv_store_bind_text(&query, 6, contact->position);
    mv_store_bind_time(&query, 7, contact->connected_on);
    if (id)
        mv_store_bind_int(&query, 8, id);
    return mv_store_run(&query, error);
}

enum mv_status mv_store_put_contact(struct mv_store *store,
                                    const struct mv_contact *contact,
                                    enum mv_put *how, struct mv_error *error)
{
    bool own = false;
    int64_t id = 0;
    enum mv_status status;

    if (!is_set(contact->url) && !is_set(contact->name)) {
        count(store, MV_PUT_KNOWN, how);
        return MV_OK;
    }
    status = mv_store_enter(store, &own, error);
    if (status != MV_OK)
        return status;
    status = find_contact(store, contact, &id, error);
    if (status == MV_OK)
        status = write_contact(store, contact, id, error);
    status = mv_store_leave(store, own, status, error);
    if (status == MV_OK)
        count(store, id ? MV_PUT_KNOWN : MV_PUT_NEW, how);
    return status;
}

enum mv_status
mv_store_each_contact(struct mv_store *store,
                      enum mv_status (*each)(const struct mv_contact *, void *),
                      void *payload, struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_CONTACT_EACH);
    enum mv_status status = MV_OK, ended;

    while (status == MV_OK && mv_store_step(&query)) {
        struct mv_contact contact = {.name = mv_store_text(&query, 0),
                                     .url = mv_store_text(&query, 1),
                                     .company = mv_store_text(&query, 2),
                                     .position = mv_store_text(&query, 3),
                                     .connected_on = mv_store_time(&query, 4)};

        if (query.rc == SQLITE_ROW)
            status = each(&contact, payload);
    }
    ended = mv_store_end(&query, error);
    return status != MV_OK ? status : ended;
}

enum mv_status mv_store_connected_on(struct mv_store *store, const char *url,
                                     const char *name, bool *connected,
                                     int64_t *on, struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_CONTACT_CONNECTED);
    int64_t since = MV_NO_TIME;

    mv_store_bind_int(&query, 1, person_of(url, name));
    bind_named(&query, 2, name);
    mv_store_bind_text(&query, 3, url);
    *connected = mv_store_step(&query);
    if (*connected)
        since = mv_store_time(&query, 0);
    if (on)
        *on = since;
    return mv_store_end(&query, error);
}

/* --- threads ----------------------------------------------------------------
 */

static enum mv_status is_known(struct mv_store *store, const char *id,
                               bool *known, struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_THREAD_KNOWN);

    mv_store_bind_text(&query, 1, id);
    *known = mv_store_step(&query);
    return mv_store_end(&query, error);
}

static enum mv_status write_thread(struct mv_store *store,
                                   const struct mv_thread *thread,
                                   struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_THREAD_PUT);

    mv_store_bind_text(&query, 1, thread->id);
    mv_store_bind_text(&query, 2, thread->name);
    mv_store_bind_text(&query, 3, thread->url);
    mv_store_bind_int(&query, 4, thread->received);
    mv_store_bind_int(&query, 5, thread->sent);
    mv_store_bind_time(&query, 6, thread->first_at);
    mv_store_bind_time(&query, 7, thread->last_at);
    return mv_store_run(&query, error);
}

enum mv_status mv_store_put_thread(struct mv_store *store,
                                   const struct mv_thread *thread,
                                   enum mv_put *how, struct mv_error *error)
{
    bool own = false, known = false;
    enum mv_status status;

    if (!is_set(thread->id) || thread->received < 0 || thread->sent < 0)
        return mv_error_set(error, MV_RANGE, store->path, 0,
                            "a thread needs an id and counts of 0 or more");
    status = mv_store_enter(store, &own, error);
    if (status != MV_OK)
        return status;
    status = is_known(store, thread->id, &known, error);
    if (status == MV_OK)
        status = write_thread(store, thread, error);
    status = mv_store_leave(store, own, status, error);
    if (status == MV_OK)
        count(store, known ? MV_PUT_KNOWN : MV_PUT_NEW, how);
    return status;
}

enum mv_status
mv_store_each_thread(struct mv_store *store,
                     enum mv_status (*each)(const struct mv_thread *, void *),
                     void *payload, struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_THREAD_EACH);
    enum mv_status status = MV_OK, ended;

    while (status == MV_OK && mv_store_step(&query)) {
        struct mv_thread thread = {.id = mv_store_text(&query, 0),
                                   .name = mv_store_text(&query, 1),
                                   .url = mv_store_text(&query, 2),
                                   .received = (long)mv_store_int(&query, 3),
                                   .sent = (long)mv_store_int(&query, 4),
                                   .first_at = mv_store_time(&query, 5),
                                   .last_at = mv_store_time(&query, 6)};

        if (query.rc == SQLITE_ROW)
            status = each(&thread, payload);
    }
    ended = mv_store_end(&query, error);
    return status != MV_OK ? status : ended;
}

/* --- outcomes ---------------------------------------------------------------
 */

enum mv_status mv_store_put_outcome(struct mv_store *store,
                                    const struct mv_outcome *outcome,
                                    bool *changed, struct mv_error *error)
{
    struct mv_query query;
    int before = sqlite3_total_changes(store->db);
    enum mv_status status;

    if (!is_set(outcome->url) && !is_set(outcome->name))
        return mv_error_set(error, MV_RANGE, store->path, 0,
                            "an outcome needs the person's URL or name");
    query = mv_store_query(store, ST_OUTCOME_PUT);
    mv_store_bind_int(&query, 1, person_of(outcome->url, outcome->name));
    mv_store_bind_text(&query, 2, outcome->name);
    mv_store_bind_text(&query, 3, outcome->url);
    mv_store_bind_int(&query, 4, outcome->useful);
    mv_store_bind_int(&query, 5, outcome->said);
    mv_store_bind_int(&query, 6, outcome->at);
    status = mv_store_run(&query, error);
    if (changed)
        *changed = sqlite3_total_changes(store->db) != before;
    return status;
}

enum mv_status mv_store_withdraw_outcome(struct mv_store *store,
                                         const char *url, const char *name,
                                         bool *changed, struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_OUTCOME_WITHDRAW);
    int before = sqlite3_total_changes(store->db);
    enum mv_status status;

    mv_store_bind_int(&query, 1, person_of(url, name));
    status = mv_store_run(&query, error);
    *changed = sqlite3_total_changes(store->db) != before;
    return status;
}

/* A copy in arena of a text column, or NULL; false when memory runs out. */
static bool keep(struct mv_query *query, int n, struct mv_arena *arena,
                 const char **out)
{
    const char *text = mv_store_text(query, n);

    *out = text ? mv_arena_copy(arena, mv_span_of(text)) : NULL;
    return *out || mv_store_null(query, n);
}

enum mv_status mv_store_get_work(struct mv_store *store, int64_t invitation,
                                 struct mv_arena *arena, const char **company,
                                 const char **position, struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_CONTACT_WORK);

    *company = *position = NULL;
    mv_store_bind_int(&query, 1, invitation);
    if (mv_store_step(&query) &&
        (!keep(&query, 0, arena, company) || !keep(&query, 1, arena, position)))
        query.rc = SQLITE_NOMEM;
    return mv_store_end(&query, error);
}
