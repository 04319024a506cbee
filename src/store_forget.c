/* Erasing a person, without a trace in the file. */
#include "store_forget.h"

#include "store_sql.h"

#include <stdlib.h>
#include <string.h>

void mv_trace_release(struct mv_trace *trace)
{
    free(trace->invitation);
    free(trace->doubtful);
    free(trace->word);
    mv_arena_release(&trace->arena);
    *trace = (struct mv_trace){0};
}

/* --- lists ---------------------------------------------------------------- */

static enum mv_status add_id(int64_t **list, size_t *n, size_t *size,
                             int64_t id)
{
    for (size_t i = 0; i < *n; i++)
        if ((*list)[i] == id)
            return MV_OK;
    if (*n == *size) {
        size_t wanted = *size ? 2 * *size : 16;
        int64_t *grown = realloc(*list, wanted * sizeof *grown);

        if (!grown)
            return MV_NOMEM;
        *list = grown;
        *size = wanted;
    }
    (*list)[(*n)++] = id;
    return MV_OK;
}

static enum mv_status add_word(struct mv_trace *trace, const char *text)
{
    struct mv_span word = mv_span_trim(mv_span_of(text));
    struct mv_span *grown;

    if (!word.len)
        return MV_OK;
    for (size_t i = 0; i < trace->words; i++)
        if (mv_span_equal(trace->word[i], word))
            return MV_OK;
    if (trace->words == trace->words_size) {
        trace->words_size = trace->words_size ? 2 * trace->words_size : 16;
        grown = realloc(trace->word, trace->words_size * sizeof *grown);
        if (!grown)
            return MV_NOMEM;
        trace->word = grown;
    }
    word.at = mv_arena_copy(&trace->arena, word);
    if (!word.at)
        return MV_NOMEM;
    trace->word[trace->words++] = word;
    return MV_OK;
}

static void add_key(int64_t *list, int *n, int64_t key)
{
    for (int i = 0; i < *n; i++)
        if (list[i] == key)
            return;
    if (*n < MV_TRACE_KEYS)
        list[(*n)++] = key;
}

static bool has_key(const int64_t *list, int n, int64_t key)
{
    for (int i = 0; i < n; i++)
        if (list[i] == key)
            return true;
    return false;
}

/* --- who it is ------------------------------------------------------------ */

/* Takes the keys that a statement yields for a key. */
static enum mv_status take_keys(struct mv_store *store,
                                enum mv_store_statement which, int64_t key,
                                int64_t *list, int *n, struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, which);

    mv_store_bind_int(&query, 1, key);
    while (mv_store_step(&query))
        add_key(list, n, mv_store_int(&query, 0));
    return mv_store_end(&query, error);
}

/* A name is the person's own when at most one URL bears it; that URL is the
 * person's, too. *own says so. */
static enum mv_status own_name(struct mv_store *store, struct mv_trace *trace,
                               int64_t named, bool *own, struct mv_error *error)
{
    int64_t urls[MV_TRACE_KEYS];
    int n = 0;
    enum mv_status status =
        take_keys(store, ST_TRACE_URLS, named, urls, &n, error);

    *own = n <= 1;
    if (status == MV_OK && n == 1)
        add_key(trace->person, &trace->persons, urls[0]);
    return status;
}

/* From the first key to all keys and all names that are the person's own. */
static enum mv_status find_keys(struct mv_store *store, struct mv_trace *trace,
                                int64_t *shared, int *n_shared,
                                struct mv_error *error)
{
    enum mv_status status = MV_OK;

    for (int i = 0; status == MV_OK && i < trace->persons; i++) {
        int64_t names[MV_TRACE_KEYS];
        int n = 0;

        status = take_keys(store, ST_TRACE_NAMES, trace->person[i], names, &n,
                           error);
        for (int k = 0; status == MV_OK && k < n; k++) {
            bool own = false;

            status = own_name(store, trace, names[k], &own, error);
            if (own)
                add_key(trace->named, &trace->names, names[k]);
            else
                add_key(shared, n_shared, names[k]);
        }
    }
    return status;
}

/* --- what there is -------------------------------------------------------- */

static enum mv_status take_invitations(struct mv_store *store,
                                       enum mv_store_statement which,
                                       int64_t key, struct mv_trace *trace,
                                       struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, which);
    enum mv_status status = MV_OK, ended;

    mv_store_bind_int(&query, 1, key);
    while (status == MV_OK && mv_store_step(&query)) {
        status = add_id(&trace->invitation, &trace->invitations, &trace->size,
                        mv_store_int(&query, 0));
        for (int c = 1; status == MV_OK && c < 5; c++)
            status = add_word(trace, mv_store_text(&query, c));
    }
    ended = mv_store_end(&query, error);
    return status != MV_OK ? status : ended;
}

/* Rows without URL under a name that several bear. */
static enum mv_status take_doubtful(struct mv_store *store, int64_t named,
                                    struct mv_trace *trace,
                                    struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_TRACE_NAMED);
    enum mv_status status = MV_OK, ended;

    mv_store_bind_int(&query, 1, named);
    while (status == MV_OK && mv_store_step(&query)) {
        int64_t id = mv_store_int(&query, 0);
        bool taken = false;

        for (size_t i = 0; i < trace->invitations; i++)
            taken = taken || trace->invitation[i] == id;
        if (!taken)
            status = add_id(&trace->doubtful, &trace->doubts,
                            &trace->doubts_size, id);
    }
    ended = mv_store_end(&query, error);
    return status != MV_OK ? status : ended;
}

/* A statement of two keys: rows by a person's key, or by a name alone. */
static struct mv_query by_keys(struct mv_store *store,
                               enum mv_store_statement which,
                               const struct mv_trace *trace, int i)
{
    struct mv_query query = mv_store_query(store, which);

    if (i < trace->persons)
        mv_store_bind_int(&query, 1, trace->person[i]);
    else
        mv_store_bind_text(&query, 1, NULL);
    if (i < trace->names)
        mv_store_bind_int(&query, 2, trace->named[i]);
    else
        mv_store_bind_text(&query, 2, NULL);
    return query;
}

static enum mv_status take_people(struct mv_store *store,
                                  enum mv_store_statement which, long *count,
                                  struct mv_trace *trace,
                                  struct mv_error *error)
{
    enum mv_status status = MV_OK, ended;

    for (int i = 0; i < trace->persons || i < trace->names; i++) {
        struct mv_query query = by_keys(store, which, trace, i);

        while (status == MV_OK && mv_store_step(&query)) {
            ++*count;
            for (int c = 0; status == MV_OK && c < 2; c++)
                status = add_word(trace, mv_store_text(&query, c));
        }
        ended = mv_store_end(&query, error);
        status = status != MV_OK ? status : ended;
    }
    return status;
}

static bool is_theirs(const struct mv_trace *trace,
                      const struct mv_thread *thread)
{
    if (thread->url && *thread->url)
        return has_key(trace->person, trace->persons,
                       mv_store_person_url(thread->url));
    return thread->name && *thread->name &&
           has_key(trace->named, trace->names,
                   mv_store_person_name(thread->name));
}

static enum mv_status take_thread(const struct mv_thread *thread, void *payload)
{
    struct mv_trace *trace = payload;
    enum mv_status status;

    if (!is_theirs(trace, thread))
        return MV_OK;
    trace->threads++;
    status = add_word(trace, thread->id);
    if (status == MV_OK)
        status = add_word(trace, thread->name);
    return status == MV_OK ? add_word(trace, thread->url) : status;
}

static enum mv_status count_labels(struct mv_store *store,
                                   struct mv_trace *trace,
                                   struct mv_error *error)
{
    enum mv_status status = MV_OK;

    for (size_t i = 0; status == MV_OK && i < trace->invitations; i++) {
        struct mv_query query = mv_store_query(store, ST_TRACE_LABELS);

        mv_store_bind_int(&query, 1, trace->invitation[i]);
        if (mv_store_step(&query)) {
            trace->labels += (long)mv_store_int(&query, 0);
            trace->verdicts += (long)mv_store_int(&query, 1);
        }
        status = mv_store_end(&query, error);
    }
    return status;
}

static int by_id(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static enum mv_status gather(struct mv_store *store, struct mv_trace *trace,
                             struct mv_error *error)
{
    int64_t shared[MV_TRACE_KEYS];
    int n = 0;
    enum mv_status status = find_keys(store, trace, shared, &n, error);

    for (int i = 0; status == MV_OK && i < trace->persons; i++)
        status = take_invitations(store, ST_TRACE_PERSON, trace->person[i],
                                  trace, error);
    for (int i = 0; status == MV_OK && i < trace->names; i++)
        status = take_invitations(store, ST_TRACE_NAMED, trace->named[i], trace,
                                  error);
    for (int i = 0; status == MV_OK && i < n; i++)
        status = take_doubtful(store, shared[i], trace, error);
    if (status == MV_OK)
        status = take_people(store, ST_TRACE_CONTACTS, &trace->contacts, trace,
                             error);
    if (status == MV_OK)
        status = take_people(store, ST_TRACE_OUTCOMES, &trace->outcomes, trace,
                             error);
    if (status == MV_OK)
        status = mv_store_each_thread(store, take_thread, trace, error);
    if (status == MV_OK)
        status = count_labels(store, trace, error);
    if (trace->invitations)
        qsort(trace->invitation, trace->invitations, sizeof *trace->invitation,
              by_id);
    return status;
}

enum mv_status mv_store_trace(struct mv_store *store, int64_t id,
                              const char *url, struct mv_trace *out,
                              struct mv_error *error)
{
    enum mv_status status = MV_OK;

    if (id)
        status = take_keys(store, ST_TRACE_ID, id, out->person, &out->persons,
                           error);
    else
        add_key(out->person, &out->persons, mv_store_person_url(url));
    if (status == MV_OK && out->persons)
        status = gather(store, out, error);
    if (status == MV_NOMEM)
        mv_error_set(error, status, store->path, 0, "out of memory");
    if (status == MV_OK && !out->invitations && !out->contacts &&
        !out->threads && !out->outcomes)
        status = id ? mv_error_set(error, MV_NOTFOUND, store->path, 0,
                                   "there is no invitation %lld", (long long)id)
                    : mv_error_set(error, MV_NOTFOUND, store->path, 0,
                                   "nobody with that address is here");
    return status;
}

/* --- erasing -------------------------------------------------------------- */

static enum mv_status run_with(struct mv_store *store,
                               enum mv_store_statement which,
                               struct mv_span word, int64_t *changed,
                               struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, which);
    enum mv_status status;

    mv_store_bind_span(&query, 1, word);
    status = mv_store_run(&query, error);
    if (status == MV_OK && changed)
        *changed += sqlite3_changes(store->db);
    return status;
}

static enum mv_status erase_invitations(struct mv_store *store,
                                        const struct mv_trace *trace,
                                        struct mv_error *error)
{
    enum mv_status status = MV_OK;

    for (size_t i = 0; status == MV_OK && i < trace->invitations; i++) {
        struct mv_query query = mv_store_query(store, ST_ERASE_INVITE);

        mv_store_bind_int(&query, 1, trace->invitation[i]);
        status = mv_store_run(&query, error);
    }
    return status;
}

static enum mv_status erase_people(struct mv_store *store,
                                   enum mv_store_statement which,
                                   const struct mv_trace *trace,
                                   struct mv_error *error)
{
    enum mv_status status = MV_OK;

    for (int i = 0; status == MV_OK && (i < trace->persons || i < trace->names);
         i++) {
        struct mv_query query = by_keys(store, which, trace, i);

        status = mv_store_run(&query, error);
    }
    return status;
}

/* Words that are no thread's id delete nothing here; and a short word is in
 * many names of files, so only longer ones count there. */
static enum mv_status erase_words(struct mv_store *store,
                                  const struct mv_trace *trace, int64_t *runs,
                                  struct mv_error *error)
{
    enum { LEAST = 4 };
    enum mv_status status = MV_OK;

    for (size_t i = 0; status == MV_OK && i < trace->words; i++) {
        status = run_with(store, ST_ERASE_THREAD, trace->word[i], NULL, error);
        if (status == MV_OK && trace->word[i].len >= LEAST)
            status =
                run_with(store, ST_ERASE_RUNS, trace->word[i], runs, error);
    }
    return status;
}

enum mv_status mv_store_erase(struct mv_store *store,
                              const struct mv_trace *trace, int64_t *runs,
                              struct mv_error *error)
{
    bool own = false;
    enum mv_status status = mv_store_enter(store, &own, error);

    *runs = 0;
    if (status != MV_OK)
        return status;
    status = erase_invitations(store, trace, error);
    if (status == MV_OK)
        status = erase_people(store, ST_ERASE_CONTACTS, trace, error);
    if (status == MV_OK)
        status = erase_people(store, ST_ERASE_OUTCOMES, trace, error);
    if (status == MV_OK)
        status = erase_words(store, trace, runs, error);
    return mv_store_leave(store, own, status, error);
}

enum mv_status mv_store_empty_log(struct mv_store *store,
                                  struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_TRUNCATE);
    bool busy = true;
    enum mv_status status;

    if (mv_store_step(&query))
        busy = mv_store_int(&query, 0) != 0;
    status = mv_store_end(&query, error);
    if (status == MV_OK && busy)
        return mv_store_fail(store, SQLITE_BUSY, error);
    return status;
}

enum mv_status mv_store_scrub(struct mv_store *store, struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_VACUUM);
    enum mv_status status = mv_store_run(&query, error);

    return status == MV_OK ? mv_store_empty_log(store, error) : status;
}

enum mv_status mv_store_holders(struct mv_store *store, struct mv_span word,
                                int64_t *rows, int64_t *id, size_t *n,
                                struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_HOLDERS);
    enum mv_status status;

    mv_store_bind_span(&query, 1, word);
    if (mv_store_step(&query))
        *rows = mv_store_int(&query, 0);
    status = mv_store_end(&query, error);
    if (status != MV_OK)
        return status;
    *n = 0;
    query = mv_store_query(store, ST_HOLDING);
    mv_store_bind_span(&query, 1, word);
    while (mv_store_step(&query) && *n < MV_HOLDERS)
        id[(*n)++] = mv_store_int(&query, 0);
    return mv_store_end(&query, error);
}
