/* Erasing a person, and the proof that nothing is left. */
#include "linkedin.h"
#include "motivo_train.h"
#include "store_forget.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    BLOCK = 1 << 20,
    PIECE = 64,  /* bytes of a text that are looked for at a time: a longer one
                  * may be parted by the pages of the file */
    LEAST = 6,   /* fewer bytes may be anywhere by chance */
    HOLDERS = 32 /* invitations of others that are told */
};

/* What to look for. */
struct hunt {
    struct mv_span *piece;
    bool *found; /* in a file, after the erasure */
    size_t n;
    long skipped; /* words that are too short to look for */
};

/* --- pieces --------------------------------------------------------------- */

static void add_pieces(struct hunt *hunt, struct mv_span word)
{
    size_t at = 0;

    if (word.len < LEAST) {
        hunt->skipped++;
        return;
    }
    for (; at + PIECE <= word.len; at += PIECE)
        hunt->piece[hunt->n++] = (struct mv_span){word.at + at, PIECE};
    if (at < word.len)
        hunt->piece[hunt->n++] =
            at ? (struct mv_span){word.at + word.len - PIECE, PIECE} : word;
}

static enum mv_status plan_hunt(struct hunt *hunt, const struct mv_trace *trace)
{
    size_t most = 1;

    for (size_t i = 0; i < trace->words; i++)
        most += trace->word[i].len / PIECE + 1;
    hunt->piece = calloc(most, sizeof *hunt->piece);
    hunt->found = calloc(most, sizeof *hunt->found);
    if (!hunt->piece || !hunt->found)
        return MV_NOMEM;
    for (size_t i = 0; i < trace->words; i++)
        add_pieces(hunt, trace->word[i]);
    return MV_OK;
}

static void search(struct hunt *hunt, const char *at, size_t len, long *hits)
{
    for (size_t i = 0; i < hunt->n; i++)
        if (memmem(at, len, hunt->piece[i].at, hunt->piece[i].len)) {
            ++*hits;
            hunt->found[i] = true;
        }
}

/* Looks through a file, block by block, each with the end of the one before.
 * One that is not there holds nothing. */
static enum mv_status search_file(struct hunt *hunt, const char *path,
                                  long *files, long *hits,
                                  struct mv_error *error)
{
    FILE *file = fopen(path, "rb");
    char *block;
    size_t kept = 0, got;
    bool bad;

    if (!file && errno == ENOENT)
        return MV_OK;
    block = malloc(BLOCK + PIECE);
    if (!file || !block) {
        if (file)
            fclose(file);
        free(block);
        return mv_error_set(error, MV_IO, path, 0,
                            "erased, but it cannot be read to prove it: %s",
                            strerror(errno));
    }
    while ((got = fread(block + kept, 1, BLOCK, file)) > 0) {
        search(hunt, block, kept + got, hits);
        got += kept;
        kept = got < PIECE - 1 ? got : PIECE - 1;
        memmove(block, block + got - kept, kept);
    }
    bad = ferror(file) != 0;
    fclose(file);
    free(block);
    ++*files;
    return bad ? mv_error_set(error, MV_IO, path, 0,
                              "erased, but it cannot be read to prove it")
               : MV_OK;
}

/* Looks through the database's files and those of all models. */
static enum mv_status search_all(struct motivo *motivo, struct hunt *hunt,
                                 char *const *models, size_t n, long *files,
                                 long *hits, struct mv_error *error)
{
    static const char *const ENDS[] = {"", "-wal", "-shm", "-journal"};
    enum mv_status status = MV_OK;

    *files = *hits = 0;
    memset(hunt->found, 0, hunt->n * sizeof *hunt->found);
    for (size_t i = 0; status == MV_OK && i < 4; i++) {
        char *path = NULL;

        if (asprintf(&path, "%s%s", motivo->path, ENDS[i]) < 0)
            return mv_error_set(error, MV_NOMEM, NULL, 0, "out of memory");
        status = search_file(hunt, path, files, hits, error);
        free(path);
    }
    for (size_t i = 0; status == MV_OK && i < n; i++)
        status = search_file(hunt, models[i], files, hits, error);
    return status;
}

/* The same while the database is closed: closing a second descriptor of a file
 * would drop the locks that SQLite holds on it. */
static enum mv_status search_apart(struct motivo *motivo, struct hunt *hunt,
                                   char *const *models, size_t n, long *files,
                                   long *hits, struct mv_error *error)
{
    enum mv_status status, opened;

    mv_store_close(motivo->store);
    motivo->store = NULL;
    status = search_all(motivo, hunt, models, n, files, hits, error);
    opened = mv_store_open(&motivo->store, motivo->path, NULL, error);
    return status == MV_OK ? opened : status;
}

/* --- models --------------------------------------------------------------- */

struct models {
    struct motivo *motivo;
    const struct mv_trace *trace;
    struct mv_error *error;
    char **path;
    int64_t *taught; /* those that have learnt from the person */
    size_t n, n_taught;
};

static int by_id(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static enum mv_status has_learnt(struct models *m, int64_t last_label,
                                 bool *learnt)
{
    const struct mv_trace *t = m->trace;
    struct mv_examples examples = {0};
    enum mv_status status = MV_OK;

    if (last_label)
        status =
            mv_examples_load(&examples, m->motivo, last_label, false, m->error);
    for (size_t i = 0; !*learnt && i < examples.n; i++)
        *learnt = t->invitations &&
                  bsearch(&examples.id[i], t->invitation, t->invitations,
                          sizeof *t->invitation, by_id) != NULL;
    mv_examples_release(&examples);
    return status;
}

static enum mv_status take_model(const struct mv_model_row *row, void *payload)
{
    struct models *m = payload;
    char **path = realloc(m->path, (m->n + 1) * sizeof *path);
    int64_t *taught;
    bool learnt = false;
    enum mv_status status;

    if (path)
        m->path = path;
    taught = realloc(m->taught, (m->n_taught + 1) * sizeof *taught);
    if (taught)
        m->taught = taught;
    if (!path || !taught)
        return MV_NOMEM;
    m->path[m->n] = mv_facade_beside(m->motivo, row->file);
    if (!m->path[m->n])
        return MV_NOMEM;
    m->n++;
    status = has_learnt(m, row->last_label, &learnt);
    if (learnt)
        m->taught[m->n_taught++] = row->id;
    return status;
}

static void release_models(struct models *m)
{
    for (size_t i = 0; i < m->n; i++)
        free(m->path[i]);
    free(m->path);
    free(m->taught);
}

/* --- what is left --------------------------------------------------------- */

static void add_holder(struct mv_report_erasure *e, int64_t *holder, int64_t id)
{
    for (size_t i = 0; i < e->holders; i++)
        if (holder[i] == id)
            return;
    if (e->holders < HOLDERS)
        holder[e->holders++] = id;
}

/* What was found still must stand in rows of others. */
static enum mv_status explain(struct motivo *motivo, const struct hunt *hunt,
                              struct mv_report_erasure *e, int64_t *holder,
                              struct mv_error *error)
{
    enum mv_status status = MV_OK;

    e->holder = holder;
    for (size_t i = 0; status == MV_OK && i < hunt->n; i++) {
        int64_t rows = 0, id[MV_HOLDERS];
        size_t n = 0;

        if (!hunt->found[i])
            continue;
        status = mv_store_holders(motivo->store, hunt->piece[i], &rows, id, &n,
                                  error);
        e->unexplained += rows == 0;
        e->explained += rows != 0;
        for (size_t k = 0; k < n; k++)
            add_holder(e, holder, id[k]);
    }
    e->proved = e->unexplained == 0;
    return status;
}

static enum mv_status erase(struct motivo *motivo, const struct mv_trace *trace,
                            const struct models *models, struct hunt *hunt,
                            int64_t *holder, struct mv_report_erasure *e,
                            struct mv_error *error)
{
    int64_t runs = 0;
    enum mv_status status = search_apart(motivo, hunt, models->path, models->n,
                                         &e->files, &e->before, error);

    if (status == MV_OK) /* whoever would be in the way later is so now */
        status = mv_store_empty_log(motivo->store, error);
    if (status == MV_OK)
        status = mv_store_erase(motivo->store, trace, &runs, error);
    if (status == MV_OK)
        status = mv_store_scrub(motivo->store, error);
    if (status == MV_OK)
        status = search_apart(motivo, hunt, models->path, models->n, &e->files,
                              &e->after, error);
    e->runs = (long)runs;
    e->done = true;
    return status == MV_OK ? explain(motivo, hunt, e, holder, error) : status;
}

/* --- the whole ------------------------------------------------------------ */

/* By number, or by address as the store keeps it. */
static enum mv_status find(struct motivo *motivo, const char *who,
                           struct mv_trace *trace, struct mv_error *error)
{
    char key[MV_LINKEDIN_KEY_SIZE];
    char *end;
    int64_t id;

    errno = 0;
    id = strtoll(who, &end, 10);
    if (*who >= '0' && *who <= '9' && !*end)
        return errno || id < 1
                   ? mv_error_set(error, MV_RANGE, NULL, 0,
                                  "'%s' is not the number of an "
                                  "invitation",
                                  who)
                   : mv_store_trace(motivo->store, id, NULL, trace, error);
    if (mv_linkedin_key(mv_span_of(who), key) == MV_OK) {
        enum mv_status status =
            mv_store_trace(motivo->store, 0, key, trace, NULL);

        if (status != MV_NOTFOUND)
            return status;
        mv_trace_release(trace);
    }
    return mv_store_trace(motivo->store, 0, who, trace, error);
}

enum mv_status mv_forget(struct motivo *motivo, const char *who, bool look_only,
                         bool *proved, struct mv_page **out,
                         struct mv_error *error)
{
    struct mv_trace trace = {0};
    struct models models = {.motivo = motivo, .trace = &trace, .error = error};
    struct hunt hunt = {0};
    int64_t holder[HOLDERS];
    struct mv_report_erasure e = {.trace = &trace};
    struct mv_page *page = NULL;
    enum mv_status status = find(motivo, who, &trace, error);

    if (status == MV_OK)
        status = plan_hunt(&hunt, &trace);
    if (status == MV_OK)
        status = mv_store_each_model(motivo->store, take_model, &models, error);
    e.model = models.taught;
    e.models = models.n_taught;
    e.pieces = (long)hunt.n;
    e.skipped = hunt.skipped;
    if (status == MV_OK && !look_only)
        status = erase(motivo, &trace, &models, &hunt, holder, &e, error);
    if (status == MV_NOMEM)
        mv_error_set(error, status, NULL, 0, "out of memory");
    if (status == MV_OK)
        status = mv_facade_page(&page, error);
    if (status == MV_OK)
        status = mv_report_forget(page, &e);
    if (status == MV_OK)
        *proved = e.proved;
    status = mv_facade_finish(out, page, status, error);
    release_models(&models);
    mv_trace_release(&trace);
    free(hunt.piece);
    free(hunt.found);
    return status;
}
