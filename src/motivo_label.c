/* Labels without a terminal: given, read from a file, taken back, written out.
 */
#include "motivo_parts.h"

#include "csv.h"
#include "source.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* --- one label ------------------------------------------------------------ */

static enum mv_status check_kind(const char *name, enum mv_label label,
                                 enum mv_status code, const char *source,
                                 long line, struct mv_error *error)
{
    const struct mv_kind *kind = mv_kind_find(name);

    if (name && !kind)
        return mv_error_set(error, code, source, line,
                            "'%.40s' is no kind of the labelling guide", name);
    if (kind && kind->label != label)
        return mv_error_set(error, code, source, line,
                            "kind '%s' means %s, not %s", name,
                            mv_label_name(kind->label), mv_label_name(label));
    return MV_OK;
}

enum mv_status mv_label_put(struct motivo *motivo, int64_t id,
                            enum mv_label label, const char *kind,
                            const char *annotator, struct mv_error *error)
{
    struct mv_labelling labelling = {
        .invitation = id,
        .annotator = annotator ? annotator : "me",
        .value = label,
        .kind = kind,
        .at = mv_facade_now(),
        .chosen = MV_CHOSEN_SET,
    };
    enum mv_status status = check_kind(kind, label, MV_RANGE, NULL, 0, error);

    return status == MV_OK
               ? mv_store_put_label(motivo->store, &labelling, error)
               : status;
}

enum mv_status mv_label_undo(struct motivo *motivo, const char *annotator,
                             struct mv_taken_back *out, struct mv_error *error)
{
    struct mv_undone undone;
    enum mv_status status =
        mv_store_undo(motivo->store, annotator ? annotator : "me",
                      mv_facade_now(), &undone, error);

    if (status == MV_OK)
        *out =
            (struct mv_taken_back){undone.invitation, undone.value, undone.n};
    return status;
}

/* --- a batch -------------------------------------------------------------- */

struct batch {
    struct motivo *motivo;
    const char *name; /* of the file */
    const char *annotator;
    int64_t now;
    ptrdiff_t id, label, kind, note, chosen; /* columns; -1: there is none */
    bool lines;                              /* ID=LABEL, no header */
    struct mv_arena arena;                   /* cells of one row */
    long n;
};

static struct mv_span cell(const struct mv_csv_row *row, ptrdiff_t column)
{
    return column >= 0 && (size_t)column < row->n
               ? mv_span_trim(row->fields[column])
               : (struct mv_span){NULL, 0};
}

/* NULL for an empty cell; MV_NOMEM sticks in *status. */
static const char *text_of(struct batch *batch, struct mv_span span,
                           enum mv_status *status)
{
    const char *copy = span.len ? mv_arena_copy(&batch->arena, span) : NULL;

    if (span.len && !copy)
        *status = MV_NOMEM;
    return copy;
}

static enum mv_status put_note(struct batch *batch, int64_t id,
                               const char *text, struct mv_error *error)
{
    struct mv_noted note = {id, batch->annotator, batch->now, text};

    return text ? mv_store_put_note(batch->motivo->store, &note, error) : MV_OK;
}

/* How the row came to be asked about, as mv_ask_page said; what is imported is
 * never chosen in a batch. */
static enum mv_chosen chosen_of(const char *word)
{
    enum mv_chosen chosen = mv_store_chosen(word);

    return chosen == MV_CHOSEN_FILE || chosen == MV_CHOSEN_STARTER
               ? MV_CHOSEN_SET
               : chosen;
}

static enum mv_status no_number(const struct batch *batch, long line,
                                struct mv_error *error)
{
    return mv_error_set(error, MV_FORMAT, batch->name, line,
                        batch->lines
                            ? "neither a header with id and label, nor the "
                              "number of an invitation, '=' and a label, as "
                              "in 12=purpose"
                            : "the id is not the number of an invitation");
}

/* What a row says; all but id and label may be NULL. */
struct row {
    const char *id, *label, *kind, *note, *chosen;
    long line;
};

static enum mv_status put_row(struct batch *batch, const struct row *row,
                              struct mv_error *error)
{
    const char *id = row->id, *label = row->label, *kind = row->kind;
    long line = row->line;
    struct mv_labelling labelling = {.annotator = batch->annotator,
                                     .kind = kind,
                                     .at = batch->now,
                                     .chosen = chosen_of(row->chosen)};
    struct mv_error inner = {0};
    enum mv_status status = MV_OK;
    char *end;

    errno = 0;
    labelling.invitation = strtoll(id, &end, 10);
    if (*id < '0' || *id > '9' || *end || errno)
        return no_number(batch, line, error);
    if (mv_label_parse(label, &labelling.value) != MV_OK)
        return mv_error_set(error, MV_FORMAT, batch->name, line,
                            "label '%.40s' is not known; allowed: purpose, "
                            "no-purpose, unsure",
                            label);
    status =
        check_kind(kind, labelling.value, MV_FORMAT, batch->name, line, error);
    if (status == MV_OK)
        status = mv_store_put_label(batch->motivo->store, &labelling, &inner);
    if (status == MV_OK)
        status = put_note(batch, labelling.invitation, row->note, &inner);
    if (status != MV_OK)
        return mv_error_set(error, status, batch->name, line, "%s",
                            inner.message);
    batch->n++;
    return MV_OK;
}

/* "12=purpose" as the only field of a row; blanks do not count. */
static enum mv_status put_line(struct batch *batch,
                               const struct mv_csv_row *row,
                               struct mv_error *error)
{
    struct mv_span field = mv_span_trim(row->fields[0]);
    const char *equals = field.len ? memchr(field.at, '=', field.len) : NULL;
    struct mv_span id = {field.at, equals ? (size_t)(equals - field.at) : 0};
    const char *number, *label;

    if (field.len && *field.at == '#')
        return MV_OK;
    if (!equals || row->n > 1)
        return no_number(batch, row->line, error);
    field = (struct mv_span){equals + 1, field.len - id.len - 1};
    number = mv_arena_copy(&batch->arena, mv_span_trim(id));
    label = mv_arena_copy(&batch->arena, mv_span_trim(field));
    if (!number || !label)
        return MV_NOMEM;
    return put_row(batch,
                   &(struct row){number, label, NULL, NULL, NULL, row->line},
                   error);
}

static enum mv_status put_cells(struct batch *batch,
                                const struct mv_csv_row *row,
                                struct mv_error *error)
{
    enum mv_status status = MV_OK;
    const char *id = text_of(batch, cell(row, batch->id), &status);
    const char *label = text_of(batch, cell(row, batch->label), &status);
    const char *kind = text_of(batch, cell(row, batch->kind), &status);
    const char *note = text_of(batch, cell(row, batch->note), &status);
    const char *chosen = text_of(batch, cell(row, batch->chosen), &status);

    if (status != MV_OK || !label)
        return status;
    return put_row(
        batch,
        &(struct row){id ? id : "", label, kind, note, chosen, row->line},
        error);
}

/* Whether the first row is a header; else the file is one of lines. */
static void look_at_header(struct batch *batch, const struct mv_csv_row *row)
{
    batch->id = mv_csv_column(row->fields, row->n, "id", NULL);
    batch->label = mv_csv_column(row->fields, row->n, "label", NULL);
    batch->kind = mv_csv_column(row->fields, row->n, "kind", NULL);
    batch->note = mv_csv_column(row->fields, row->n, "note", NULL);
    batch->chosen = mv_csv_column(row->fields, row->n, "chosen", NULL);
    batch->lines = batch->id < 0 || batch->label < 0;
}

static enum mv_status read_batch(struct batch *batch, struct mv_csv *csv,
                                 struct mv_error *error)
{
    struct mv_csv_row row;
    enum mv_status status = mv_csv_next(csv, &row, error);

    if (status == MV_OK && !row.n)
        return mv_error_set(error, MV_FORMAT, batch->name, 0,
                            "there is nothing in it");
    if (status == MV_OK)
        look_at_header(batch, &row);
    if (status == MV_OK && !batch->lines)
        status = mv_csv_next(csv, &row, error);
    while (status == MV_OK && row.n) {
        status = batch->lines ? put_line(batch, &row, error)
                              : put_cells(batch, &row, error);
        mv_arena_release(&batch->arena);
        if (status == MV_OK)
            status = mv_csv_next(csv, &row, error);
    }
    return status;
}

enum mv_status mv_label_batch(struct motivo *motivo, const char *path,
                              const char *annotator, long *n,
                              struct mv_error *error)
{
    struct batch batch = {.motivo = motivo,
                          .annotator = annotator ? annotator : "me",
                          .now = mv_facade_now()};
    struct mv_source *source = NULL;
    struct mv_csv *csv = NULL;
    enum mv_status status = mv_source_open(&source, path, error);

    if (status == MV_OK) {
        batch.name = mv_source_name(source);
        status = mv_csv_open(&csv, source, error);
    }
    if (status == MV_OK)
        status = mv_store_begin(motivo->store, error);
    if (status == MV_OK) {
        status = read_batch(&batch, csv, error);
        if (status == MV_OK)
            status = mv_store_commit(motivo->store, error);
        if (status != MV_OK)
            mv_store_rollback(motivo->store);
    }
    if (status == MV_OK)
        *n = batch.n;
    mv_arena_release(&batch.arena);
    mv_csv_close(csv);
    mv_source_close(source);
    return status == MV_NOMEM
               ? mv_error_set(error, status, NULL, 0, "out of memory")
               : status;
}

/* --- export --------------------------------------------------------------- */

static const char EXPORT_HEADER[] =
    "id,origin,direction,date,name,url,natural,text,label,kind,lang,annotator,"
    "chosen,labelled_at,event,act,note\n";

struct label_export {
    FILE *out;
    struct mv_buffer line;
    int64_t act; /* the one at hand; acts are numbered as they come */
    long acts;
};

/* What an entry says; strings may be NULL. */
struct entry {
    const char *label, *kind, *annotator, *chosen, *note;
    enum mv_event event;
    int64_t at;
    long act; /* 0: none */
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

/* Rows of one invitation must find together again when they come back. */
static enum mv_status put_natural(struct mv_buffer *line,
                                  const struct mv_stored *stored)
{
    char row[32];

    snprintf(row, sizeof row, "row:%" PRId64, stored->id);
    if (!stored->invite.natural && stored->invite.origin == MV_ORIGIN_TEXT)
        return put_text(line, row);
    return put_text(line, stored->invite.natural);
}

static enum mv_status put_invitation(struct mv_buffer *line,
                                     const struct mv_stored *stored)
{
    const struct mv_invite *invite = &stored->invite;
    char id[24];

    snprintf(id, sizeof id, "%" PRId64, stored->id);
    if (put_text(line, id) != MV_OK ||
        put_text(line, mv_origin_name(invite->origin)) != MV_OK ||
        put_text(line, mv_direction_name(invite->direction)) != MV_OK ||
        put_time(line, invite->sent_at) != MV_OK ||
        put_text(line, invite->name) != MV_OK ||
        put_text(line, invite->url) != MV_OK ||
        put_natural(line, stored) != MV_OK ||
        mv_csv_put(line, (struct mv_span){invite->message,
                                          invite->message_len}) != MV_OK)
        return MV_NOMEM;
    return MV_OK;
}

static enum mv_status write_entry(struct label_export *export,
                                  const struct mv_stored *stored,
                                  const struct entry *entry)
{
    struct mv_buffer *line = &export->line;
    char act[24] = "";

    if (entry->act)
        snprintf(act, sizeof act, "%ld", entry->act);
    mv_buffer_clear(line);
    if (put_invitation(line, stored) != MV_OK ||
        put_text(line, entry->label) != MV_OK ||
        put_text(line, entry->kind) != MV_OK ||
        put_text(line, stored->invite.lang) != MV_OK ||
        put_text(line, entry->annotator) != MV_OK ||
        put_text(line, entry->chosen) != MV_OK ||
        put_time(line, entry->at) != MV_OK ||
        put_text(line, mv_event_name(entry->event)) != MV_OK ||
        put_text(line, act) != MV_OK || put_text(line, entry->note) != MV_OK ||
        mv_csv_end(line) != MV_OK)
        return MV_NOMEM;
    return fwrite(line->at, 1, line->len, export->out) == line->len ? MV_OK
                                                                    : MV_IO;
}

static enum mv_status export_label(const struct mv_labelling *label,
                                   const struct mv_stored *stored,
                                   void *payload)
{
    struct label_export *export = payload;
    struct entry entry = {
        .label = mv_label_name(label->value),
        .kind = label->kind,
        .annotator = label->annotator,
        .chosen = mv_store_chosen_name(label->chosen),
        .event = label->undoes ? MV_EVENT_UNDO : MV_EVENT_LABEL,
        .at = label->at,
    };

    if (label->act && label->act != export->act) {
        export->act = label->act;
        export->acts++;
    }
    entry.act = label->act ? export->acts : 0;
    return write_entry(export, stored, &entry);
}

static enum mv_status export_note(const struct mv_noted *note,
                                  const struct mv_stored *stored, void *payload)
{
    struct entry entry = {.annotator = note->annotator,
                          .note = note->text,
                          .event = MV_EVENT_NOTE,
                          .at = note->at};

    return write_entry(payload, stored, &entry);
}

enum mv_status mv_label_export(struct motivo *motivo, FILE *out,
                               struct mv_error *error)
{
    struct label_export export = {.out = out};
    enum mv_status status = MV_IO;

    if (fputs(EXPORT_HEADER, out) >= 0)
        status =
            mv_store_each_label(motivo->store, export_label, &export, error);
    if (status == MV_OK)
        status = mv_store_each_note(motivo->store, export_note, &export, error);
    mv_buffer_release(&export.line);
    if (status == MV_OK && fflush(out) != 0)
        status = MV_IO;
    if (status == MV_IO)
        mv_error_set(error, status, NULL, 0, "the labels were not written: %s",
                     strerror(errno));
    return status;
}
