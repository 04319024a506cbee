/* Which contacts proved useful: said by the user, or taken from threads. */
#include "motivo_parts.h"

#include "csv.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum mv_status mv_useful_parse(const char *word, bool *useful)
{
    static const char *const WORDS[][2] = {
        {"no", "yes"},       {"n", "y"},        {"0", "1"}, {"no", "si"},
        {"no", "s\xC3\xAD"}, {"false", "true"}, {"no", "s"}};

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

static enum mv_status put_number(struct motivo *motivo, int64_t id, bool useful,
                                 struct mv_useful_counts *counts,
                                 struct mv_error *error)
{
    struct mv_arena arena = {0};
    struct mv_stored stored;
    enum mv_status status =
        mv_store_get_invite(motivo->store, id, &arena, &stored, error);

    if (status == MV_OK && !stored.invite.url && !stored.invite.name)
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

    if (status == MV_OK)
        status = mv_store_each_of(motivo->store, key, count_one, &invitations,
                                  error);
    if (status == MV_OK && invitations == 0)
        status = mv_store_connected_on(motivo->store, key, NULL, &is_contact,
                                       NULL, error);
    if (status == MV_NOTFOUND ||
        (status == MV_OK && invitations == 0 && !is_contact))
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
        counts->changed += counted->changed;
        counts->useful += counted->useful;
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

static enum mv_status put_row(struct motivo *motivo, const char *source,
                              const struct mv_csv_row *row, bool first,
                              struct mv_useful_counts *counts,
                              struct mv_error *error)
{
    char who[2 * MV_LINKEDIN_KEY_SIZE] = "", word[32] = "";
    bool useful = false;
    enum mv_status status;

    if (row->n < 2 || !copy_field(row->fields[0], who, sizeof who) ||
        !copy_field(row->fields[1], word, sizeof word))
        return mv_error_set(error, MV_FORMAT, source, row->line,
                            "expected two columns: the number of an "
                            "invitation or an address, and yes or no");
    if (mv_useful_parse(word, &useful) != MV_OK) {
        if (first) /* names of columns */
            return MV_OK;
        return mv_error_set(error, MV_FORMAT, source, row->line,
                            "'%s' is neither yes nor no", word);
    }
    status = put(motivo, who, useful, counts, error);
    if (status == MV_NOTFOUND && error) {
        snprintf(error->source, sizeof error->source, "%s", source);
        error->line = row->line;
    }
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

struct taking {
    struct motivo *motivo;
    struct mv_useful_counts *counts;
    struct mv_error *error;
    long threads;
};

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

    t->threads++;
    if (!thread->received || !thread->sent || (!thread->url && !thread->name))
        return MV_OK;
    return take(t, thread->url, thread->name, true);
}

static enum mv_status take_contact(const struct mv_contact *contact,
                                   void *payload)
{
    return take(payload, contact->url, contact->name, false);
}

enum mv_status mv_useful_threads(struct motivo *motivo,
                                 struct mv_useful_counts *counts,
                                 struct mv_error *error)
{
    struct mv_useful_counts counted = {0};
    struct taking t = {motivo, &counted, error, 0};
    enum mv_status status = mv_store_begin(motivo->store, error);

    if (status != MV_OK)
        return status;
    status = mv_store_each_thread(motivo->store, take_thread, &t, error);
    if (status == MV_OK && t.threads == 0)
        status = mv_error_set(error, MV_DATA, NULL, 0,
                              "no conversation is here: import messages.csv "
                              "(it is in LinkedIn's archive)");
    if (status == MV_OK)
        status = mv_store_each_contact(motivo->store, take_contact, &t, error);
    return end(motivo, status, &counted, counts, error);
}
