/* Import and labels: records into the database. */
#include "motivo_parts.h"

#include "csv.h"

#include <errno.h>
#include <inttypes.h>
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

/* --- labels --------------------------------------------------------------- */

enum mv_status mv_label_put(struct motivo *motivo, int64_t id,
                            enum mv_label label, const char *kind,
                            const char *annotator, struct mv_error *error)
{
    const struct mv_kind *known = mv_kind_find(kind);
    struct mv_labelling labelling = {
        .invitation = id,
        .annotator = annotator ? annotator : "me",
        .value = label,
        .kind = kind,
        .at = mv_facade_now(),
        .chosen = MV_CHOSEN_SET,
    };

    if (kind && !known)
        return mv_error_set(error, MV_RANGE, NULL, 0,
                            "'%s' is no kind of the labelling guide", kind);
    if (kind && known->label != label)
        return mv_error_set(error, MV_RANGE, NULL, 0,
                            "kind '%s' means %s, not %s", kind,
                            mv_label_name(known->label), mv_label_name(label));
    return mv_store_put_label(motivo->store, &labelling, error);
}

/* --- export of labels ----------------------------------------------------- */

static const char EXPORT_HEADER[] =
    "id,origin,direction,date,name,url,natural,text,label,kind,lang,annotator,"
    "chosen,labelled_at\n";

struct label_export {
    FILE *out;
    struct mv_buffer line;
};

static enum mv_status put_text(struct mv_buffer *line, const char *text)
{
    return mv_csv_put(line, mv_span_of(text));
}

static enum mv_status put_time(struct mv_buffer *line, int64_t at)
{
    char text[MV_FACADE_TIME];

    mv_facade_time(at, text);
    return put_text(line, text);
}

static enum mv_status export_one(const struct mv_labelling *label,
                                 const struct mv_stored *stored, void *payload)
{
    struct label_export *export = payload;
    struct mv_buffer *line = &export->line;
    const struct mv_invite *invite = &stored->invite;
    struct mv_span message = {invite->message, invite->message_len};
    char id[24], row[32];
    const char *natural = invite->natural;

    snprintf(id, sizeof id, "%" PRId64, stored->id);
    /* Rows of one invitation must find together again when they come back. */
    snprintf(row, sizeof row, "row:%s", id);
    if (!natural && invite->origin == MV_ORIGIN_TEXT)
        natural = row;
    mv_buffer_clear(line);
    if (put_text(line, id) != MV_OK ||
        put_text(line, mv_origin_name(invite->origin)) != MV_OK ||
        put_text(line, mv_direction_name(invite->direction)) != MV_OK ||
        put_time(line, invite->sent_at) != MV_OK ||
        put_text(line, invite->name) != MV_OK ||
        put_text(line, invite->url) != MV_OK ||
        put_text(line, natural) != MV_OK ||
        mv_csv_put(line, message) != MV_OK ||
        put_text(line, mv_label_name(label->value)) != MV_OK ||
        put_text(line, label->kind) != MV_OK ||
        put_text(line, invite->lang) != MV_OK ||
        put_text(line, label->annotator) != MV_OK ||
        put_text(line, mv_store_chosen_name(label->chosen)) != MV_OK ||
        put_time(line, label->at) != MV_OK || mv_csv_end(line) != MV_OK)
        return MV_NOMEM;
    return fwrite(line->at, 1, line->len, export->out) == line->len ? MV_OK
                                                                    : MV_IO;
}

enum mv_status mv_label_export(struct motivo *motivo, FILE *out,
                               struct mv_error *error)
{
    struct label_export export = {.out = out};
    enum mv_status status = MV_IO;

    if (fputs(EXPORT_HEADER, out) >= 0)
        status = mv_store_each_label(motivo->store, export_one, &export, error);
    mv_buffer_release(&export.line);
    if (status == MV_OK && fflush(out) != 0)
        status = MV_IO;
    if (status == MV_IO)
        mv_error_set(error, status, NULL, 0, "the labels were not written: %s",
                     strerror(errno));
    return status;
}
