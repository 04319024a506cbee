/* Invitations and import runs: what is new, what is known. */
#include "store_sql.h"

#include <string.h>

static bool is_set(const char *text)
{
    return text && *text;
}

/* --- runs ------------------------------------------------------------------
 */

enum mv_status mv_store_run_start(struct mv_store *store,
                                  const struct mv_run *run,
                                  struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_RUN_ADD);
    enum mv_status status;

    mv_store_bind_span(&query, 1, mv_span_of(run->file));
    mv_store_bind_span(&query, 2, mv_span_of(run->dialect));
    mv_store_bind_int(&query, 3, run->at);
    mv_store_bind_int(&query, 4, run->starter);
    status = mv_store_run(&query, error);
    if (status != MV_OK)
        return status;
    store->run = (struct mv_run){.id = sqlite3_last_insert_rowid(store->db),
                                 .at = run->at,
                                 .starter = run->starter};
    store->run_inside = !sqlite3_get_autocommit(store->db);
    store->ordinal = 0;
    store->told_act = 0;
    return MV_OK;
}

enum mv_status mv_store_run_finish(struct mv_store *store, long read,
                                   long skipped, struct mv_run *out,
                                   struct mv_error *error)
{
    struct mv_run *run = &store->run;
    struct mv_query query;
    enum mv_status status;

    if (!run->id || read < 0 || skipped < 0)
        return mv_error_set(error, MV_RANGE, store->path, 0,
                            "no import run is open, or a count is below 0");
    run->read = read;
    run->skipped = skipped;
    query = mv_store_query(store, ST_RUN_END);
    mv_store_bind_int(&query, 1, run->id);
    mv_store_bind_int(&query, 2, run->read);
    mv_store_bind_int(&query, 3, run->added);
    mv_store_bind_int(&query, 4, run->known);
    mv_store_bind_int(&query, 5, run->ambiguous);
    mv_store_bind_int(&query, 6, run->skipped);
    status = mv_store_run(&query, error);
    if (status != MV_OK)
        return status;
    if (out)
        *out = *run;
    *run = (struct mv_run){0};
    return MV_OK;
}

enum mv_status mv_store_each_run(struct mv_store *store,
                                 enum mv_status (*each)(const struct mv_run *,
                                                        void *),
                                 void *payload, struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_RUN_EACH);
    enum mv_status status = MV_OK, ended;

    while (status == MV_OK && mv_store_step(&query)) {
        struct mv_run run = {.id = mv_store_int(&query, 0),
                             .file = mv_store_text(&query, 1),
                             .dialect = mv_store_text(&query, 2),
                             .at = mv_store_int(&query, 3),
                             .starter = mv_store_int(&query, 4) != 0,
                             .read = (long)mv_store_int(&query, 5),
                             .added = (long)mv_store_int(&query, 6),
                             .known = (long)mv_store_int(&query, 7),
                             .ambiguous = (long)mv_store_int(&query, 8),
                             .skipped = (long)mv_store_int(&query, 9)};

        if (query.rc == SQLITE_ROW)
            status = each(&run, payload);
    }
    ended = mv_store_end(&query, error);
    return status != MV_OK ? status : ended;
}

/* --- which row it is -------------------------------------------------------
 */

/* What a put is about, and what it found. id 0: no such row yet. */
struct found {
    struct mv_key key;
    int64_t id;
    int64_t seen_run;
    enum mv_put how;
};

static enum mv_status find_key(struct mv_store *store, struct found *found,
                               struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_INVITE_BY_KEY);

    mv_store_bind_int(&query, 1, (int64_t)found->key.person);
    mv_store_bind_int(&query, 2, (int64_t)found->key.item);
    found->id = 0;
    if (mv_store_step(&query)) {
        found->id = mv_store_int(&query, 0);
        found->seen_run = mv_store_int(&query, 1);
    }
    found->how = found->id ? MV_PUT_KNOWN : MV_PUT_NEW;
    return mv_store_end(&query, error);
}

/* Looks at the k-th of equal rows: *seen says whether this run has had it. */
static enum mv_status probe(struct mv_store *store,
                            const struct mv_invite *invite, uint64_t k,
                            struct found *found, bool *seen,
                            struct mv_error *error)
{
    enum mv_status status;

    found->key = mv_store_key(invite, k);
    status = find_key(store, found, error);
    *seen = status == MV_OK && found->id && found->seen_run == store->run.id;
    return status;
}

/* Halves the room between a row that this run has had and one it has not. */
static enum mv_status narrow(struct mv_store *store,
                             const struct mv_invite *invite, uint64_t below,
                             uint64_t *above, struct mv_error *error)
{
    struct found found;
    bool seen;

    while (*above - below > 1) {
        uint64_t middle = below + (*above - below) / 2;
        enum mv_status status =
            probe(store, invite, middle, &found, &seen, error);

        if (status != MV_OK)
            return status;
        if (seen)
            below = middle;
        else
            *above = middle;
    }
    return MV_OK;
}

/* Finds the first of equal rows that this run has not had, or the first of all
 * when the row says which invitation it is (a natural id, as in an export of
 * labels, where an invitation comes once a label). Those it has had come first,
 * so doubling and halving find the place: a file of a million equal rows takes
 * a few looks a row, not a million. */
static enum mv_status find_text(struct mv_store *store,
                                const struct mv_invite *invite,
                                struct found *found, struct mv_error *error)
{
    uint64_t below = 0, step = 1;
    struct mv_key first;
    bool seen;
    enum mv_status status = probe(store, invite, 0, found, &seen, error);

    if (status != MV_OK || !seen || is_set(invite->natural))
        return status;
    first = found->key;
    if (store->equal.person == first.person && store->equal.item == first.item)
        below = store->ordinal;
    for (; status == MV_OK && seen; step *= 2) {
        if (step > 1)
            below += step / 2;
        status = probe(store, invite, below + step, found, &seen, error);
    }
    if (status != MV_OK)
        return status;
    step = below + step / 2;
    status = narrow(store, invite, below, &step, error);
    if (status != MV_OK)
        return status;
    store->equal = first;
    store->ordinal = step;
    return probe(store, invite, step, found, &seen, error);
}

/* Whether the row, which has another key, may be the same invitation: one of
 * the two lacks what tells persons apart. */
static bool may_be(const struct mv_invite *invite, const char *url,
                   const char *natural)
{
    if (is_set(invite->url) && is_set(url))
        return false;
    return !is_set(invite->natural) || !is_set(natural) ||
           strcmp(invite->natural, natural) == 0;
}

/* Gives the row what it lacked, and the key that follows. */
static enum mv_status identify(struct mv_store *store,
                               const struct mv_invite *merged,
                               struct found *found, struct mv_error *error)
{
    struct mv_query query;

    found->key = mv_store_key(merged, 0);
    query = mv_store_query(store, ST_INVITE_IDENTIFY);
    mv_store_bind_int(&query, 1, found->id);
    mv_store_bind_text(&query, 2, merged->url);
    mv_store_bind_text(&query, 3, merged->natural);
    mv_store_bind_int(&query, 4, (int64_t)found->key.person);
    mv_store_bind_int(&query, 5, (int64_t)found->key.item);
    return mv_store_run(&query, error);
}

/* Exports of before mid-2023 have names only; later ones of the same months
 * have URLs, too. Name, time and direction join the two. */
static enum mv_status find_name(struct mv_store *store,
                                const struct mv_invite *invite,
                                struct found *found, struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_INVITE_BY_NAME);
    bool fills = false;
    int fits = 0;
    enum mv_status status;

    mv_store_bind_int(&query, 1, mv_store_person_name(invite->name));
    mv_store_bind_int(&query, 2, invite->sent_at);
    mv_store_bind_int(&query, 3, invite->origin);
    mv_store_bind_int(&query, 4, invite->direction);
    while (mv_store_step(&query)) {
        const char *url = mv_store_text(&query, 1);
        const char *natural = mv_store_text(&query, 2);

        if (!may_be(invite, url, natural) || fits++)
            continue;
        found->id = mv_store_int(&query, 0);
        fills = (is_set(invite->url) && !url) ||
                (is_set(invite->natural) && !natural && !url);
    }
    status = mv_store_end(&query, error);
    if (status != MV_OK || !fits)
        return status;
    found->how = fits == 1 ? MV_PUT_KNOWN : MV_PUT_AMBIGUOUS;
    return fits == 1 && fills ? identify(store, invite, found, error) : MV_OK;
}

static enum mv_status find(struct mv_store *store,
                           const struct mv_invite *invite, struct found *found,
                           struct mv_error *error)
{
    bool mail = invite->origin == MV_ORIGIN_MAIL && is_set(invite->natural);
    enum mv_status status;

    if (invite->origin == MV_ORIGIN_TEXT)
        return find_text(store, invite, found, error);
    found->key = mv_store_key(invite, 0);
    status = find_key(store, found, error);
    if (status == MV_OK && !found->id && !mail && is_set(invite->name) &&
        invite->sent_at != MV_NO_TIME)
        status = find_name(store, invite, found, error);
    return status;
}

/* --- putting it ------------------------------------------------------------
 */

/* The starter corpus, or a history of its labels. */
static bool is_starter(const struct mv_store *store,
                       const struct mv_invite *invite)
{
    return store->run.starter ||
           (invite->told &&
            mv_store_chosen(invite->chosen) == MV_CHOSEN_STARTER);
}

static enum mv_status add(struct mv_store *store,
                          const struct mv_invite *invite, struct found *found,
                          struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_INVITE_ADD);
    struct mv_span message = {invite->message, invite->message_len};
    enum mv_status status;

    mv_store_bind_int(&query, 1, (int64_t)found->key.person);
    mv_store_bind_int(&query, 2, (int64_t)found->key.item);
    if (is_set(invite->name))
        mv_store_bind_int(&query, 3, mv_store_person_name(invite->name));
    else
        mv_store_bind_text(&query, 3, NULL);
    mv_store_bind_int(&query, 4, invite->origin);
    mv_store_bind_int(&query, 5, invite->direction);
    mv_store_bind_time(&query, 6, invite->sent_at);
    mv_store_bind_int(&query, 7, store->run.id);
    mv_store_bind_int(&query, 8, is_starter(store, invite));
    mv_store_bind_text(&query, 9, invite->name);
    mv_store_bind_text(&query, 10, invite->url);
    mv_store_bind_text(&query, 11, invite->natural);
    mv_store_bind_text(&query, 12, invite->lang);
    mv_store_bind_span(&query, 13, message);
    status = mv_store_run(&query, error);
    found->id = sqlite3_last_insert_rowid(store->db);
    return status;
}

static enum mv_status mark_seen(struct mv_store *store, int64_t id,
                                struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_INVITE_SEEN);

    mv_store_bind_int(&query, 1, id);
    mv_store_bind_int(&query, 2, store->run.id);
    return mv_store_run(&query, error);
}

/* Whether the annotator's newest label already says what the record says; a
 * record without a kind says nothing against one. */
static enum mv_status is_said(struct mv_store *store, int64_t id,
                              const struct mv_invite *invite,
                              const char *annotator, bool *said,
                              struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_LABEL_LAST);

    mv_store_bind_int(&query, 1, id);
    mv_store_bind_text(&query, 2, annotator);
    *said = false;
    if (mv_store_step(&query)) {
        const char *kind = mv_store_text(&query, 1);

        *said = mv_store_int(&query, 0) == (int64_t)invite->label &&
                (!is_set(invite->kind) ||
                 (kind && strcmp(kind, invite->kind) == 0));
    }
    return mv_store_end(&query, error);
}

static enum mv_status put_said(struct mv_store *store, int64_t id, bool is_new,
                               const struct mv_invite *invite,
                               struct mv_error *error)
{
    struct mv_labelling label = {
        .invitation = id,
        .annotator = is_set(invite->annotator) ? invite->annotator : "file",
        .value = invite->label,
        .kind = invite->kind,
        .at = store->run.at,
        .chosen = store->run.starter ? MV_CHOSEN_STARTER : MV_CHOSEN_FILE};
    bool said = false;
    enum mv_status status = MV_OK;

    if (invite->told)
        return mv_store_put_told(store, id, invite, label.annotator, error);
    if (!is_new)
        status = is_said(store, id, invite, label.annotator, &said, error);
    if (status != MV_OK || said)
        return status;
    return mv_store_add_label(store, &label, false, NULL, error);
}

static enum mv_status check(struct mv_store *store,
                            const struct mv_invite *invite,
                            struct mv_error *error)
{
    if (!store->run.id)
        return mv_error_set(error, MV_RANGE, store->path, 0,
                            "no import run is open");
    if ((unsigned)invite->origin > MV_ORIGIN_TEXT ||
        (unsigned)invite->direction > MV_OUTGOING ||
        ((invite->has_label || invite->told) &&
         (unsigned)invite->label > MV_LABEL_UNSURE) ||
        (!invite->message && invite->message_len))
        return mv_error_set(error, MV_RANGE, store->path, 0,
                            "an invitation has a field outside of its range");
    return MV_OK;
}

static enum mv_status put(struct mv_store *store,
                          const struct mv_invite *invite, struct found *found,
                          struct mv_error *error)
{
    enum mv_status status = find(store, invite, found, error);

    if (status != MV_OK)
        return status;
    if (found->how == MV_PUT_NEW)
        status = add(store, invite, found, error);
    else if (invite->origin == MV_ORIGIN_TEXT)
        status = mark_seen(store, found->id, error);
    if (status != MV_OK || found->how == MV_PUT_AMBIGUOUS ||
        (!invite->has_label && !invite->told))
        return status;
    return put_said(store, found->id, found->how == MV_PUT_NEW, invite, error);
}

enum mv_status mv_store_put_invite(struct mv_store *store,
                                   const struct mv_invite *invite, int64_t *id,
                                   enum mv_put *how, struct mv_error *error)
{
    struct found found = {0};
    bool own = false;
    enum mv_status status = check(store, invite, error);

    if (status == MV_OK)
        status = mv_store_enter(store, &own, error);
    if (status != MV_OK)
        return status;
    status = put(store, invite, &found, error);
    status = mv_store_leave(store, own, status, error);
    if (status != MV_OK)
        return status;
    store->run.added += found.how == MV_PUT_NEW;
    store->run.known += found.how != MV_PUT_NEW;
    store->run.ambiguous += found.how == MV_PUT_AMBIGUOUS;
    if (id)
        *id = found.id;
    if (how)
        *how = found.how;
    return MV_OK;
}

enum mv_status mv_store_find_key(struct mv_store *store, struct mv_key key,
                                 int64_t *id, struct mv_error *error)
{
    struct found found = {.key = key};
    enum mv_status status = find_key(store, &found, error);

    if (status == MV_OK && !found.id)
        return mv_error_set(error, MV_NOTFOUND, store->path, 0,
                            "no invitation has that key");
    if (status == MV_OK)
        *id = found.id;
    return status;
}
