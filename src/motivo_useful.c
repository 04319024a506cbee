/* Which contacts proved useful: said by the user, or taken from threads. */
#include "motivo_parts.h"

#include "csv.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum mv_status mv_useful_parse(const char *word, bool *useful)
{
    /* strcasecmp knows ASCII only; an accent may also be a sign of its own */
    static const char *const WORDS[][2] = {
        {"no", "yes"},        {"n", "y"},          {"0", "1"},
        {"no", "si"},         {"no", "s\xC3\xAD"}, {"no", "s\xC3\x8D"},
        {"no", "si\xCC\x81"}, {"false", "true"},   {"no", "s"}};

    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        for (int said = 0; said < 2; said++)
            if (strcasecmp(word, WORDS[i][said]) == 0) {
                *useful = said;
                return MV_OK;
            }
    return MV_NOTFOUND;
}

/* --- who ------------------------------------------------------------------ */

/* Puts an outcome and counts it. */
static enum mv_status record(struct motivo *motivo, const char *url,
                             const char *name, bool useful, bool said,
                             struct mv_useful_counts *counts,
                             struct mv_error *error)
{
    struct mv_outcome outcome = {.url = url,
                                 .name = name,
                                 .useful = useful,
                                 .said = said,
                                 .at = mv_facade_now()};
    bool changed = false;
    enum mv_status status =
        mv_store_put_outcome(motivo->store, &outcome, &changed, error);

    if (status == MV_OK) {
        counts->told++;
        counts->changed += changed;
        counts->useful += useful;
    }
    return status;
}

static bool is_set(const char *text)
{
    return text && *text;
}

static enum mv_status put_number(struct motivo *motivo, int64_t id, bool useful,
                                 struct mv_useful_counts *counts,
                                 struct mv_error *error)
{
    struct mv_arena arena = {0};
    struct mv_stored stored;
    enum mv_status status =
        mv_store_get_invite(motivo->store, id, &arena, &stored, error);

    if (status == MV_OK && !is_set(stored.invite.url) &&
        !is_set(stored.invite.name))
        status = mv_error_set(error, MV_NOTFOUND, NULL, 0,
                              "invitation %lld names nobody", (long long)id);
    if (status == MV_OK)
        status = record(motivo, stored.invite.url, stored.invite.name, useful,
                        true, counts, error);
    mv_arena_release(&arena);
    return status;
}

static enum mv_status count_one(const struct mv_stored *stored, void *payload)
{
    (void)stored;
    ++*(long *)payload;
    return MV_OK;
}

static enum mv_status put_address(struct motivo *motivo, const char *who,
                                  bool useful, struct mv_useful_counts *counts,
                                  struct mv_error *error)
{
    char key[MV_LINKEDIN_KEY_SIZE];
    bool is_contact = false;
    long invitations = 0;
    enum mv_status status = mv_linkedin_key(mv_span_of(who), key);

    if (status != MV_OK)
        return mv_error_set(error, MV_FORMAT, NULL, 0,
                            "'%.80s' is neither the number of an invitation "
                            "nor the address of a profile",
                            who);
    status =
        mv_store_each_of(motivo->store, key, count_one, &invitations, error);
    if (status == MV_OK && invitations == 0)
        status = mv_store_connected_on(motivo->store, key, NULL, &is_contact,
                                       NULL, error);
    if (status == MV_OK && invitations == 0 && !is_contact)
        return mv_error_set(error, MV_NOTFOUND, NULL, 0,
                            "nobody here is '%.80s': give the number of an "
                            "invitation or the address of a profile that was "
                            "imported",
                            who);
    if (status == MV_OK)
        status = record(motivo, key, NULL, useful, true, counts, error);
    return status;
}

static enum mv_status put(struct motivo *motivo, const char *who, bool useful,
                          struct mv_useful_counts *counts,
                          struct mv_error *error)
{
    char *end;
    long long id;

    errno = 0;
    id = strtoll(who, &end, 10);
    if (*who >= '0' && *who <= '9' && !*end && !errno)
        return put_number(motivo, id, useful, counts, error);
    return put_address(motivo, who, useful, counts, error);
}

enum mv_status mv_useful_put(struct motivo *motivo, const char *who,
                             bool useful, struct mv_useful_counts *counts,
                             struct mv_error *error)
{
    return put(motivo, who, useful, counts, error);
}

/* All or nothing: ends the transaction that the caller began. */
static enum mv_status end(struct motivo *motivo, enum mv_status status,
                          const struct mv_useful_counts *counted,
                          struct mv_useful_counts *counts,
                          struct mv_error *error)
{
    if (status == MV_OK)
        status = mv_store_commit(motivo->store, error);
    if (status == MV_OK) {
        counts->told += counted->told;
        counts->left_out += counted->left_out;
        counts->changed += counted->changed;
        counts->useful += counted->useful;
        counts->undecided += counted->undecided;
        counts->withdrawn += counted->withdrawn;
    } else {
        mv_store_rollback(motivo->store);
    }
    return status;
}

/* --- a file --------------------------------------------------------------- */

static bool copy_field(struct mv_span field, char *to, size_t size)
{
    while (field.len && strchr(" \t", field.at[0]))
        field.at++, field.len--;
    while (field.len && strchr(" \t", field.at[field.len - 1]))
        field.len--;
    if (field.len >= size)
        return false;
    memcpy(to, field.at, field.len);
    to[field.len] = '\0';
    return true;
}

/* A number or a URL: no column is called so. */
static bool names_someone(const char *who)
{
    return (*who && !who[strspn(who, "0123456789")]) || strstr(who, "://") ||
           strstr(who, "linkedin.com/");
}

static enum mv_status put_row(struct motivo *motivo, const char *source,
                              const struct mv_csv_row *row, bool first,
                              struct mv_useful_counts *counts,
                              struct mv_error *error)
{
    char who[2 * MV_LINKEDIN_KEY_SIZE] = "", word[32] = "";
    struct mv_error why = {0};
    bool useful = false;
    enum mv_status status;

    if (row->n < 2 || !copy_field(row->fields[0], who, sizeof who) ||
        !copy_field(row->fields[1], word, sizeof word))
        return mv_error_set(error, MV_FORMAT, source, row->line,
                            "expected two columns: the number of an "
                            "invitation or an address, and yes or no");
    if (mv_useful_parse(word, &useful) != MV_OK) {
        if (first && !names_someone(who)) /* names of columns */
            return MV_OK;
        return mv_error_set(error, MV_FORMAT, source, row->line,
                            "'%s' is neither yes nor no", word);
    }
    status = put(motivo, who, useful, counts, &why);
    if (status == MV_NOTFOUND) {
        /* A page that was saved a while ago marks people forgotten since. */
        counts->left_out++;
        return MV_OK;
    }
    if (status == MV_FORMAT)
        return mv_error_set(error, status, source, row->line, "%s",
                            why.message);
    if (status != MV_OK && error)
        *error = why;
    return status;
}

enum mv_status mv_useful_file(struct motivo *motivo, const char *path,
                              struct mv_useful_counts *counts,
                              struct mv_error *error)
{
    struct mv_useful_counts counted = {0};
    struct mv_source *source = NULL;
    struct mv_csv *csv = NULL;
    struct mv_csv_row row = {0};
    bool first = true;
    enum mv_status status = mv_source_open(&source, path, error);

    if (status == MV_OK)
        status = mv_csv_open(&csv, source, error);
    if (status == MV_OK)
        status = mv_store_begin(motivo->store, error);
    if (status == MV_OK) {
        while ((status = mv_csv_next(csv, &row, error)) == MV_OK && row.n) {
            status = put_row(motivo, mv_source_name(source), &row, first,
                             &counted, error);
            if (status != MV_OK)
                break;
            first = false;
        }
        status = end(motivo, status, &counted, counts, error);
    }
    mv_csv_close(csv);
    mv_source_close(source);
    return status;
}

/* --- conversations -------------------------------------------------------- */

/* Who has not answered is only said to be of no use a month after the last that
 * happened with them: whoever answers at all has mostly done so by then, and
 * the newest contacts would count against their verdicts otherwise. */
enum { PATIENCE = 30 * 86400 };

/* Someone of whom a thread tells. */
struct talker {
    uint64_t hash; /* of the URL or, lacking it, the name */
    bool answered; /* both sides wrote; else they may answer yet */
};

struct taking {
    struct motivo *motivo;
    struct mv_useful_counts *counts;
    struct mv_error *error;
    long threads;
    int64_t newest; /* date of all that was imported, or MV_NO_TIME */
    struct talker *talker;
    size_t n, size;
};

static void see(struct taking *t, int64_t at)
{
    if (at != MV_NO_TIME && (t->newest == MV_NO_TIME || at > t->newest))
        t->newest = at;
}

static enum mv_status date_thread(const struct mv_thread *thread, void *payload)
{
    struct taking *t = payload;

    t->threads++;
    see(t, thread->last_at);
    return MV_OK;
}

static enum mv_status date_contact(const struct mv_contact *contact,
                                   void *payload)
{
    see(payload, contact->connected_on);
    return MV_OK;
}

static enum mv_status date_invite(const struct mv_stored *stored, void *payload)
{
    see(payload, stored->invite.sent_at);
    return MV_OK;
}

static enum mv_status find_newest(struct taking *t)
{
    struct mv_store_filter newest = {
        .inbox = true, .order = MV_ORDER_NEWEST, .limit = 1};
    struct mv_store *store = t->motivo->store;
    enum mv_status status =
        mv_store_each_thread(store, date_thread, t, t->error);

    if (status == MV_OK)
        status = mv_store_each_contact(store, date_contact, t, t->error);
    return status == MV_OK
               ? mv_store_each_invite(store, &newest, date_invite, t, t->error)
               : status;
}

/* Whether what happened at that time is too recent to tell. */
static bool recent(const struct taking *t, int64_t at)
{
    return at == MV_NO_TIME || at > t->newest - PATIENCE;
}

static uint64_t hash_of(const char *text)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a */

    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return hash;
}

static enum mv_status remember(struct taking *t, const char *who, bool answered)
{
    if (t->n == t->size) {
        size_t size = t->size ? 2 * t->size : 64;
        struct talker *talker = realloc(t->talker, size * sizeof *talker);

        if (!talker)
            return MV_NOMEM;
        t->talker = talker;
        t->size = size;
    }
    t->talker[t->n++] = (struct talker){hash_of(who), answered};
    return MV_OK;
}

static int by_hash(const void *a, const void *b)
{
    const struct talker *x = a, *y = b;

    return (x->hash > y->hash) - (x->hash < y->hash);
}

/* Makes one of all threads with a person: an answer in one of them counts. */
static void merge(struct taking *t)
{
    size_t kept = 0;

    if (t->n)
        qsort(t->talker, t->n, sizeof *t->talker, by_hash);
    for (size_t i = 0; i < t->n; i++)
        if (kept && t->talker[kept - 1].hash == t->talker[i].hash)
            t->talker[kept - 1].answered |= t->talker[i].answered;
        else
            t->talker[kept++] = t->talker[i];
    t->n = kept;
}

static const struct talker *find(const struct taking *t, const char *who)
{
    struct talker key = {.hash = who ? hash_of(who) : 0};

    return who && t->n ? bsearch(&key, t->talker, t->n, sizeof key, by_hash)
                       : NULL;
}

/* Counts only what is news: most contacts are known from the last time. */
static enum mv_status take(struct taking *t, const char *url, const char *name,
                           bool useful)
{
    struct mv_useful_counts one = {0};
    enum mv_status status =
        record(t->motivo, url, name, useful, false, &one, t->error);

    t->counts->told += one.changed;
    t->counts->changed += one.changed;
    t->counts->useful += one.changed && useful;
    return status;
}

static enum mv_status take_thread(const struct mv_thread *thread, void *payload)
{
    struct taking *t = payload;
    const char *who = thread->url ? thread->url : thread->name;
    bool answered = thread->received && thread->sent;
    enum mv_status status = MV_OK;

    if (who && (answered || recent(t, thread->last_at)))
        status = remember(t, who, answered);
    if (status == MV_OK && who && answered)
        status = take(t, thread->url, thread->name, true);
    return status;
}

/* Earlier versions said at once that who had not answered was of no use; and
 * someone may have been written to since that was said. */
static enum mv_status leave_open(struct taking *t,
                                 const struct mv_contact *contact)
{
    bool withdrawn = false;
    enum mv_status status = mv_store_withdraw_outcome(
        t->motivo->store, contact->url, contact->name, &withdrawn, t->error);

    t->counts->undecided++;
    t->counts->withdrawn += withdrawn;
    return status;
}

static enum mv_status take_contact(const struct mv_contact *contact,
                                   void *payload)
{
    struct taking *t = payload;
    const struct talker *talker = find(t, contact->url);

    if (!talker)
        talker = find(t, contact->name);
    if (talker && talker->answered)
        return MV_OK;
    if (talker || recent(t, contact->connected_on))
        return leave_open(t, contact);
    return take(t, contact->url, contact->name, false);
}

static enum mv_status take_all(struct taking *t)
{
    struct mv_store *store = t->motivo->store;
    enum mv_status status = find_newest(t);

    if (status == MV_OK && t->threads == 0)
        status = mv_error_set(t->error, MV_DATA, NULL, 0,
                              "no conversation is here: import messages.csv "
                              "(it is in LinkedIn's archive)");
    if (status == MV_OK)
        status = mv_store_each_thread(store, take_thread, t, t->error);
    merge(t);
    if (status == MV_OK)
        status = mv_store_each_contact(store, take_contact, t, t->error);
    return status;
}

enum mv_status mv_useful_threads(struct motivo *motivo,
                                 struct mv_useful_counts *counts,
                                 struct mv_error *error)
{
    struct mv_useful_counts counted = {0};
    struct taking t = {.motivo = motivo,
                       .counts = &counted,
                       .error = error,
                       .newest = MV_NO_TIME};
    enum mv_status status = mv_store_begin(motivo->store, error);

    if (status != MV_OK)
        return status;
    status = end(motivo, take_all(&t), &counted, counts, error);
    free(t.talker);
    return status;
}
