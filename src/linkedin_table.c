/* Tables of messages that are not LinkedIn's: CSV rows and JSON objects. */
#include "linkedin_read.h"

#include "json.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* --- columns -------------------------------------------------------------- */

struct mv_columns mv_linkedin_table_columns(const struct mv_columns *columns)
{
    struct mv_columns names = *columns;

    if (names.text)
        return names;
    return (struct mv_columns){
        .text = "text",
        .label = "label",
        .positive = names.positive,
        .lang = "lang",
        .name = "name",
        .url = "url",
        .date = "date",
        .kind = "kind",
        .annotator = "annotator",
        .direction = "direction",
        .origin = "origin",
        .natural = "natural",
        .split = "split",
        .chosen = "chosen",
        .told_at = "labelled_at",
        .event = "event",
        .act = "act",
        .note = "note",
    };
}

const char *mv_linkedin_table_name(const struct mv_columns *columns, int i)
{
    const char *const names[MV_LINKEDIN_ROLES] = {
        columns->text,   columns->label,     columns->lang,
        columns->name,   columns->url,       columns->date,
        columns->kind,   columns->annotator, columns->direction,
        columns->origin, columns->natural,   columns->split,
        columns->chosen, columns->told_at,   columns->event,
        columns->act,    columns->note};

    return names[i];
}

struct mv_span *mv_linkedin_table_cell(struct mv_linkedin_cells *cells, int i)
{
    struct mv_span *const all[MV_LINKEDIN_ROLES] = {
        &cells->text,      &cells->label,   &cells->lang,    &cells->name,
        &cells->url,       &cells->date,    &cells->kind,    &cells->annotator,
        &cells->direction, &cells->origin,  &cells->natural, &cells->split,
        &cells->chosen,    &cells->told_at, &cells->event,   &cells->act,
        &cells->note};

    return all[i];
}

/* A file without a header has data where names are looked for, and data may
 * be somebody's message: only a few short plain words pass for a name. */
static bool looks_like_name(struct mv_span name)
{
    int blanks = 0, digits = 0;

    if (name.len == 0 || name.len > 32)
        return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.at[i];

        blanks += c == ' ';
        digits += c >= '0' && c <= '9';
        if (strchr("@/:.,;!?\"\n\r\t", c) != NULL)
            return false;
    }
    return blanks <= 2 && digits <= 3;
}

void mv_linkedin_list_column(char *list, size_t size, struct mv_span name)
{
    size_t used = strlen(list), len;
    const char *before = used ? ", " : "";

    name = mv_span_trim(name);
    if (!looks_like_name(name))
        name = mv_span_of("(not a name)");
    len = strlen(before) + name.len;
    if (used >= 3 && strcmp(list + used - 3, "...") == 0)
        return;
    if (used + len + sizeof ", ..." > size) {
        if (used + sizeof ", ..." <= size)
            memcpy(list + used, ", ...", sizeof ", ...");
        return;
    }
    memcpy(list + used, before, strlen(before));
    memcpy(list + used + strlen(before), name.at, name.len);
    list[used + len] = '\0';
}

/* --- one row -------------------------------------------------------------- */

static enum mv_status bad_label(struct mv_linkedin_run *run,
                                struct mv_span label, long line)
{
    const bool show = label.len <= 24 && looks_like_name(label);

    return mv_error_set(
        run->error, MV_FORMAT, run->name, line,
        "label '%.*s' is none of purpose, no-purpose, unsure or empty; if "
        "another word means purpose, name it: --positive VALUE",
        show ? (int)label.len : 3, show ? label.at : "...");
}

static enum mv_status set_label(struct mv_linkedin_run *run,
                                struct mv_span label, long line,
                                struct mv_invite *invite)
{
    const char *positive = run->options->columns.positive;

    label = mv_span_trim(label);
    if (label.len == 0)
        return MV_OK;
    invite->has_label = true;
    if (positive) {
        invite->label = mv_span_equal(label, mv_span_trim(mv_span_of(positive)))
                            ? MV_LABEL_PURPOSE
                        : mv_linkedin_is(label, "unsure") ? MV_LABEL_UNSURE
                                                          : MV_LABEL_NO_PURPOSE;
        return MV_OK;
    }
    for (int i = MV_LABEL_NO_PURPOSE; i <= MV_LABEL_UNSURE; i++)
        if (mv_linkedin_is(label, mv_label_name((enum mv_label)i))) {
            invite->label = (enum mv_label)i;
            return MV_OK;
        }
    return bad_label(run, label, line);
}

static void set_kind(struct mv_linkedin_run *run, struct mv_span cell,
                     long line, struct mv_invite *invite)
{
    const char *word = mv_linkedin_row_copy(run, cell);
    const struct mv_kind *kind = mv_kind_find(word);

    if (!word)
        return;
    if (!kind)
        mv_linkedin_warn(run, "unknown kind: left out", line);
    else if (!invite->has_label)
        mv_linkedin_warn(run, "kind without a label: left out", line);
    else if (invite->label != MV_LABEL_UNSURE && kind->label != invite->label)
        mv_linkedin_warn(run, "kind belongs to the other label: left out",
                         line);
    else
        invite->kind = kind->name;
}

/* "es-ES" becomes "es"; what is no language tag is left out. */
static void set_lang(struct mv_linkedin_run *run, struct mv_span cell,
                     long line, struct mv_invite *invite)
{
    char tag[4];
    size_t n = 0;

    cell = mv_span_trim(cell);
    for (; n < cell.len && n < 3; n++) {
        char c = (char)(cell.at[n] | 0x20);

        if (c < 'a' || c > 'z')
            break;
        tag[n] = c;
    }
    tag[n] = '\0';
    if (cell.len == 0)
        return;
    if (n < 2 || (n < cell.len && cell.at[n] != '-' && cell.at[n] != '_'))
        mv_linkedin_warn(run, "language is not a code such as en or es", line);
    else
        invite->lang = mv_linkedin_row_copy(run, mv_span_of(tag));
}

/* Any of the forms of the export, ISO first. */
static void set_date(struct mv_linkedin_run *run, struct mv_span cell,
                     long line, struct mv_invite *invite)
{
    if (mv_span_trim(cell).len == 0 ||
        mv_linkedin_time_utc(cell, &invite->sent_at) == MV_OK ||
        mv_linkedin_time_pacific(cell, &invite->sent_at) == MV_OK ||
        mv_linkedin_time_day(cell, &invite->sent_at) == MV_OK)
        return;
    mv_linkedin_warn(run, "date is not of the form YYYY-MM-DD hh:mm:ss", line);
}

static void set_origin(struct mv_linkedin_run *run,
                       const struct mv_linkedin_cells *cells, long line,
                       struct mv_invite *invite)
{
    struct mv_span origin = mv_span_trim(cells->origin);
    bool known = origin.len == 0;

    for (int i = MV_ORIGIN_NOTE; i <= MV_ORIGIN_TEXT; i++)
        if (mv_linkedin_is(origin, mv_origin_name((enum mv_origin)i))) {
            invite->origin = (enum mv_origin)i;
            known = true;
        }
    if (!known)
        mv_linkedin_warn(run, "unknown origin: taken for text", line);
    if (mv_linkedin_is(cells->direction, "outgoing"))
        invite->direction = MV_OUTGOING;
    else if (mv_span_trim(cells->direction).len &&
             !mv_linkedin_is(cells->direction, "incoming"))
        mv_linkedin_warn(run, "unknown direction: taken for incoming", line);
}

/* An entry of a label history says when it was made and how the message was
 * chosen, or what else than a label it is. */
static void set_told(struct mv_linkedin_run *run,
                     const struct mv_linkedin_cells *cells, long line,
                     struct mv_invite *invite)
{
    struct mv_span event = mv_span_trim(cells->event);
    const char *act;

    if (!event.len && !mv_span_trim(cells->chosen).len)
        return;
    invite->event = MV_EVENT_LABEL;
    for (int i = MV_EVENT_LABEL; i <= MV_EVENT_NOTE; i++)
        if (mv_linkedin_is(event, mv_event_name((enum mv_event)i)))
            invite->event = (enum mv_event)i;
    if (mv_linkedin_time_utc(cells->told_at, &invite->told_at) != MV_OK) {
        mv_linkedin_warn(run, "labelled at no known time: taken for now", line);
        return;
    }
    invite->told = invite->has_label || invite->event == MV_EVENT_NOTE;
    invite->chosen = mv_linkedin_row_copy(run, cells->chosen);
    invite->note = mv_linkedin_row_raw(run, cells->note);
    act = mv_linkedin_row_copy(run, cells->act);
    invite->act = act ? strtol(act, NULL, 10) : 0;
}

enum mv_status mv_linkedin_table_row(struct mv_linkedin_run *run,
                                     const struct mv_linkedin_cells *cells,
                                     long line)
{
    struct mv_invite invite = {.origin = MV_ORIGIN_TEXT,
                               .direction = MV_INCOMING,
                               .sent_at = MV_NO_TIME};
    enum mv_status status;

    set_origin(run, cells, line, &invite);
    if (mv_span_trim(cells->text).len == 0 && !run->options->keep_empty &&
        invite.origin == MV_ORIGIN_TEXT) {
        mv_linkedin_skip(run, "no text", line);
        return MV_OK;
    }
    if (run->options->training_only && mv_linkedin_is(cells->split, "test")) {
        mv_linkedin_skip(run, "held out for testing", line);
        return MV_OK;
    }
    status = set_label(run, cells->label, line, &invite);
    if (status != MV_OK)
        return status;
    invite.message = mv_linkedin_row_raw(run, cells->text);
    invite.message_len = cells->text.len;
    invite.name = mv_linkedin_row_copy(run, cells->name);
    invite.url = mv_linkedin_row_key(run, cells->url);
    invite.annotator = mv_linkedin_row_copy(run, cells->annotator);
    invite.natural = mv_linkedin_row_copy(run, cells->natural);
    set_kind(run, cells->kind, line, &invite);
    set_lang(run, cells->lang, line, &invite);
    set_date(run, cells->date, line, &invite);
    set_told(run, cells, line, &invite);
    if (!invite.url && mv_span_trim(cells->url).len)
        mv_linkedin_warn(run, "not the URL of a LinkedIn profile: left out",
                         line);
    run->tally->kept++;
    return mv_linkedin_give_invite(run, &invite, line);
}

/* --- JSON lines ----------------------------------------------------------- */

static enum mv_status no_text_member(struct mv_linkedin_run *run,
                                     const struct mv_json *json,
                                     const char *name, long line)
{
    char list[140] = "";
    const char *key;

    for (size_t i = 0; i < 40 && (key = mv_json_key(json, i)) != NULL; i++)
        mv_linkedin_list_column(list, sizeof list, mv_span_of(key));
    return mv_error_set(run->error, MV_FORMAT, run->name, line,
                        "no member '%.40s'; the members are: %s; name the one "
                        "of the messages: --text MEMBER",
                        name, list);
}

static enum mv_status read_object(struct mv_linkedin_run *run,
                                  struct mv_json *json,
                                  const struct mv_columns *names, long line)
{
    struct mv_linkedin_cells cells = {0};
    size_t bytes = 2 * (size_t)MV_LINKEDIN_KEY_SIZE;
    enum mv_status status;

    run->tally->read++;
    for (int i = 0; i < MV_LINKEDIN_ROLES; i++) {
        const char *name = mv_linkedin_table_name(names, i);
        struct mv_span *cell = mv_linkedin_table_cell(&cells, i);

        if (!name)
            continue;
        status = mv_json_get(json, name, cell);
        if (status == MV_NOMEM)
            return mv_error_set(run->error, status, run->name, line,
                                "no memory to read an object");
        if (status == MV_OK)
            bytes += cell->len + 1;
        else if (i == 0 && run->tally->read == 1)
            return no_text_member(run, json, name, line);
        else if (i == 1 && run->options->columns.label)
            mv_linkedin_warn(run, "no such member as the label's", line);
    }
    status = mv_linkedin_row_start(run, bytes, MV_LINKEDIN_ROLES + 4);
    if (status == MV_OK)
        status = mv_linkedin_table_row(run, &cells, line);
    return status;
}

/* Reads the next object; a line that is none is skipped, save the first. */
static enum mv_status next_object(struct mv_linkedin_run *run,
                                  struct mv_json *json, long *line)
{
    for (;;) {
        struct mv_error failure = {0};
        enum mv_status status = mv_json_next(json, run->source, line, &failure);

        if (status == MV_OK)
            return MV_OK;
        if (status != MV_FORMAT || run->tally->read == 0) {
            if (run->error && run->error->code == MV_OK)
                *run->error = failure;
            return status;
        }
        run->tally->read++;
        mv_linkedin_skip(run, "not a JSON object", *line);
    }
}

static enum mv_status read_objects(struct mv_linkedin_run *run,
                                   struct mv_json *json)
{
    struct mv_columns names = mv_linkedin_table_columns(&run->options->columns);
    enum mv_status status = MV_OK;
    bool begun = false;
    long line;

    for (;;) {
        status = next_object(run, json, &line);
        if (status != MV_OK || line == 0)
            break;
        if (!begun) {
            begun = true;
            status = mv_linkedin_run_begin(run, "table");
        }
        if (status == MV_OK)
            status = read_object(run, json, &names, line);
        if (status != MV_OK)
            break;
    }
    if (status == MV_OK && !begun)
        status = mv_error_set(run->error, MV_FORMAT, run->name, 0,
                              "empty file: expected one JSON object a line");
    return status;
}

enum mv_status mv_linkedin_read_jsonl(struct mv_source *source,
                                      const struct mv_linkedin_options *options,
                                      const struct mv_sink *sink,
                                      struct mv_tally *tally,
                                      struct mv_error *error)
{
    struct mv_linkedin_run run;
    struct mv_json *json = mv_json_new();
    enum mv_status status =
        mv_linkedin_run_init(&run, source, options, sink, tally, error);

    if (status == MV_OK && !json)
        status = mv_error_set(error, MV_NOMEM, run.name, 0,
                              "no memory to read objects");
    if (status == MV_OK)
        status = read_objects(&run, json);
    mv_json_free(json);
    mv_linkedin_run_release(&run);
    return status;
}
