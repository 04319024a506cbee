/* Import and labels: records into the database. */
#include "motivo_parts.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS_A_STEP = 4096 };

/* One file that was imported, kept for the page. */
struct imported {
    char *name;
    const char *encoding;
    struct mv_tally tally;
    struct mv_run run;
};

/* An import under way. */
struct import {
    struct motivo *motivo;
    const struct mv_import_options *options;
    const struct mv_progress *progress;
    const char *name; /* of the file at hand */
    long rows;
    struct imported *file;
    size_t n;
};

static enum mv_status go_on(struct import *import, struct mv_error *error)
{
    const struct mv_progress *progress = import->progress;

    if (import->rows++ % ROWS_A_STEP != 0 || !progress || !progress->step)
        return MV_OK;
    if (progress->step(progress->payload, "importing", 0))
        return MV_OK;
    return mv_error_set(error, MV_STOPPED, import->name, 0,
                        "import was interrupted; nothing of this file was "
                        "kept");
}

/* --- the sink ------------------------------------------------------------- */

static enum mv_status begin(void *payload, const char *dialect,
                            struct mv_error *error)
{
    struct import *import = payload;
    const char *base = strrchr(import->name, '/');
    struct mv_run run = {
        .file = base ? base + 1 : import->name,
        .dialect = dialect,
        .at = mv_facade_now(),
        .starter = import->options->starter,
    };

    return mv_store_run_start(import->motivo->store, &run, error);
}

static enum mv_status put_invite(void *payload, const struct mv_invite *invite,
                                 long line, struct mv_error *error)
{
    struct import *import = payload;
    struct mv_invite copy = *invite;
    enum mv_status status = go_on(import, error);

    (void)line;
    if (!copy.annotator)
        copy.annotator =
            import->options->starter ? "starter" : import->options->annotator;
    if (status == MV_OK)
        status = mv_store_put_invite(import->motivo->store, &copy, NULL, NULL,
                                     error);
    return status;
}

static enum mv_status put_contact(void *payload,
                                  const struct mv_contact *contact, long line,
                                  struct mv_error *error)
{
    struct import *import = payload;
    enum mv_status status = go_on(import, error);

    (void)line;
    return status == MV_OK ? mv_store_put_contact(import->motivo->store,
                                                  contact, NULL, error)
                           : status;
}

static enum mv_status put_thread(void *payload, const struct mv_thread *thread,
                                 struct mv_error *error)
{
    struct import *import = payload;

    return mv_store_put_thread(import->motivo->store, thread, NULL, error);
}

static enum mv_status connected_on(void *payload, const char *url,
                                   const char *name, int64_t *out,
                                   struct mv_error *error)
{
    struct import *import = payload;
    bool connected = false;
    int64_t on = MV_NO_TIME;
    enum mv_status status = mv_store_connected_on(import->motivo->store, url,
                                                  name, &connected, &on, error);

    if (status == MV_OK && (!connected || on == MV_NO_TIME))
        return MV_NOTFOUND;
    if (status == MV_OK)
        *out = on;
    return status;
}

static enum mv_status has_note(void *payload, const char *url, const char *name,
                               struct mv_span text, bool *out,
                               struct mv_error *error)
{
    struct import *import = payload;

    return mv_store_has_note(import->motivo->store, url, name, text, out,
                             error);
}

/* --- one transaction a file ----------------------------------------------- */

static enum mv_status start(void *payload, const char *name,
                            struct mv_error *error)
{
    struct import *import = payload;

    import->name = name;
    return mv_store_begin(import->motivo->store, error);
}

/* Adds the skips of one more file; the lines, which were in several, go. */
static void add_skips(struct mv_tally *sum, const struct mv_tally *tally)
{
    size_t at = 0;

    for (size_t i = 0; i < MV_TALLY_REASONS && tally->skips[i].what; i++) {
        for (at = 0; at + 1 < MV_TALLY_REASONS && sum->skips[at].what; at++)
            if (strcmp(sum->skips[at].what, tally->skips[i].what) == 0)
                break;
        sum->skips[at].what = tally->skips[i].what;
        sum->skips[at].count += tally->skips[i].count;
        memset(sum->skips[at].lines, 0, sizeof sum->skips[at].lines);
    }
}

/* The files of the starter corpus are told as one. */
static void merge(struct imported *sum, const struct mv_tally *tally,
                  const struct mv_run *run)
{
    add_skips(&sum->tally, tally);
    sum->tally.read += tally->read;
    sum->tally.kept += tally->kept;
    sum->tally.skipped += tally->skipped;
    sum->run.added += run->added;
    sum->run.known += run->known;
    sum->run.ambiguous += run->ambiguous;
}

static enum mv_status remember(struct import *import, const char *name,
                               const char *encoding,
                               const struct mv_tally *tally,
                               const struct mv_run *run)
{
    struct imported *file;

    if (import->options->starter && import->n) {
        merge(import->file, tally, run);
        return MV_OK;
    }
    file = realloc(import->file, (import->n + 1) * sizeof *file);
    if (!file)
        return MV_NOMEM;
    import->file = file;
    if (strcmp(encoding, "UTF-8") == 0)
        encoding = NULL;
    if (import->options->starter)
        name = "starter corpus";
    file[import->n] = (struct imported){strdup(name), encoding, *tally, *run};
    if (!file[import->n].name)
        return MV_NOMEM;
    import->n++;
    return MV_OK;
}

static enum mv_status finish(void *payload, const char *name,
                             const char *encoding, const struct mv_tally *tally,
                             struct mv_error *error)
{
    struct import *import = payload;
    struct mv_run run = {0};
    enum mv_status status = mv_store_run_finish(
        import->motivo->store, tally->read, tally->skipped, &run, error);

    if (status == MV_OK)
        status = remember(import, name, encoding, tally, &run);
    if (status == MV_OK)
        status = mv_store_commit(import->motivo->store, error);
    return status;
}

static enum mv_status tell(const struct import *import, const char *path,
                           struct mv_page **out, struct mv_error *error)
{
    struct mv_report_file *file = calloc(import->n + 1, sizeof *file);
    struct mv_page *page = NULL;
    enum mv_status status = mv_facade_page(&page, error);

    if (!file)
        status = MV_NOMEM;
    for (size_t i = 0; status == MV_OK && i < import->n; i++) {
        const struct imported *from = &import->file[i];

        file[i] = (struct mv_report_file){from->name,      from->encoding,
                                          &from->tally,    from->run.added,
                                          from->run.known, from->run.ambiguous};
    }
    if (status == MV_OK)
        status = mv_report_import(page, path, file, import->n);
    free(file);
    return mv_facade_finish(out, page, status, error);
}

enum mv_status mv_import(struct motivo *motivo, const char *path,
                         const struct mv_import_options *options,
                         const struct mv_progress *progress,
                         struct mv_page **out, struct mv_error *error)
{
    struct import import = {
        .motivo = motivo, .options = options, .progress = progress};
    struct mv_linkedin_owner owner = {{0}, {0}};
    struct mv_linkedin_options reading = {
        .columns = mv_facade_columns(&options->mapping),
        .owner = &owner,
        .training_only = options->starter};
    struct mv_sink sink = {&import,    begin,        put_invite, put_contact,
                           put_thread, connected_on, has_note};
    struct mv_intake intake = {&reading, &sink, &import, start, finish};
    enum mv_status status = options->starter
                                ? mv_facade_read_tables(path, &intake, error)
                                : mv_facade_read(path, &intake, error);

    if (status == MV_OK)
        status = tell(&import, options->starter ? "the starter corpus" : path,
                      out, error);
    else
        mv_store_rollback(motivo->store);
    for (size_t i = 0; i < import.n; i++)
        free(import.file[i].name);
    free(import.file);
    return status;
}
