/* Verdicts on the database. */
#include "motivo_parts.h"

#include "csv.h"
#include "json.h"

#include <inttypes.h>
#include <stdlib.h>

enum { ROWS_A_STEP = 2048 };

/* --- scoring the database ------------------------------------------------- */

struct scoring {
    const struct mv_model *model;
    struct mv_memo *memo;
    int64_t model_id, now;
    struct mv_verdict_row *row; /* to be stored when the walk is over */
    size_t n, size;
    struct mv_score_counts *counts;
    const struct mv_progress *progress;
    struct mv_error *error;

    FILE *out; /* NULL: nothing is written */
    enum mv_table table;
    bool spreadsheet;
    struct mv_buffer line, reason;
    struct mv_json *json;
};

/* What report will ask of the message that was scored last. */
static enum mv_status note(struct scoring *s, const struct mv_opinion *opinion,
                           struct mv_noted_words *out)
{
    struct mv_novelty novelty = {0, 0};
    enum mv_status status = MV_OK;

    if (opinion->verdict != MV_VERDICT_NO_NOTE && !opinion->canned)
        status = mv_model_novelty(s->model, s->memo, &novelty);
    *out = (struct mv_noted_words){true, opinion->canned, (long)novelty.words,
                                   (long)novelty.unseen};
    return status;
}

static enum mv_status keep(struct scoring *s, int64_t id,
                           const struct mv_opinion *opinion)
{
    struct mv_noted_words novelty;

    if (note(s, opinion, &novelty) != MV_OK)
        return MV_NOMEM;
    if (s->n == s->size) {
        size_t size = s->size ? 2 * s->size : 1024;
        struct mv_verdict_row *row = realloc(s->row, size * sizeof *row);

        if (!row)
            return MV_NOMEM;
        s->row = row;
        s->size = size;
    }
    s->row[s->n++] = (struct mv_verdict_row){
        .invitation = id,
        .model = s->model_id,
        .verdict = opinion->verdict,
        .probability = opinion->probability,
        .language = opinion->verdict == MV_VERDICT_NO_NOTE
                        ? NULL
                        : mv_lang_name(opinion->language),
        .at = s->now,
        .novelty = novelty,
    };
    s->counts->rows++;
    s->counts->verdict[opinion->verdict]++;
    return MV_OK;
}

static const char HEADER[] = "id,origin,direction,date,name,url,text,verdict,"
                             "probability,language,action,reason\n";

static enum mv_status put_span(struct scoring *s, struct mv_span field)
{
    return s->spreadsheet ? mv_csv_put_defused(&s->line, field)
                          : mv_csv_put(&s->line, field);
}

static enum mv_status put(struct scoring *s, const char *text)
{
    return put_span(s, mv_span_of(text));
}

static enum mv_status write_csv(struct scoring *s,
                                const struct mv_stored *stored,
                                const struct mv_opinion *opinion)
{
    const struct mv_invite *invite = &stored->invite;
    struct mv_buffer *line = &s->line;
    char id[24], date[MV_FACADE_TIME], probability[16] = "";
    bool note = opinion->verdict != MV_VERDICT_NO_NOTE;

    snprintf(id, sizeof id, "%" PRId64, stored->id);
    mv_facade_time(invite->sent_at, date);
    if (note)
        snprintf(probability, sizeof probability, "%.4f", opinion->probability);
    mv_buffer_clear(line);
    if (put(s, id) != MV_OK ||
        put(s, mv_origin_name(invite->origin)) != MV_OK ||
        put(s, mv_direction_name(invite->direction)) != MV_OK ||
        put(s, date) != MV_OK || put(s, invite->name) != MV_OK ||
        put(s, invite->url) != MV_OK ||
        put_span(s, (struct mv_span){invite->message, invite->message_len}) !=
            MV_OK ||
        put(s, mv_verdict_name(opinion->verdict)) != MV_OK ||
        put(s, probability) != MV_OK ||
        put(s, note ? mv_lang_name(opinion->language) : "") != MV_OK ||
        put(s, mv_action_name(mv_verdict_action(opinion->verdict))) != MV_OK ||
        put_span(s, mv_buffer_span(&s->reason)) != MV_OK ||
        mv_csv_end(line) != MV_OK)
        return MV_NOMEM;
    return MV_OK;
}

static enum mv_status write_jsonl(struct scoring *s,
                                  const struct mv_stored *stored,
                                  const struct mv_opinion *opinion)
{
    const struct mv_invite *invite = &stored->invite;
    char date[MV_FACADE_TIME];
    bool note = opinion->verdict != MV_VERDICT_NO_NOTE;

    mv_facade_time(invite->sent_at, date);
    mv_json_clear(s->json);
    mv_json_begin_object(s->json, NULL);
    mv_json_put_integer(s->json, "id", stored->id);
    mv_json_put_text(s->json, "origin", mv_origin_name(invite->origin));
    mv_json_put_text(s->json, "direction",
                     mv_direction_name(invite->direction));
    mv_json_put_text(s->json, "date", date[0] ? date : NULL);
    mv_json_put_text(s->json, "name", invite->name);
    mv_json_put_text(s->json, "url", invite->url);
    mv_json_put_span(s->json, "text",
                     (struct mv_span){invite->message, invite->message_len});
    mv_json_put_text(s->json, "verdict", mv_verdict_name(opinion->verdict));
    mv_json_put_real(s->json, "probability", opinion->probability);
    mv_json_put_text(s->json, "language",
                     note ? mv_lang_name(opinion->language) : NULL);
    mv_json_put_text(s->json, "action",
                     mv_action_name(mv_verdict_action(opinion->verdict)));
    mv_json_put_span(s->json, "reason", mv_buffer_span(&s->reason));
    mv_json_end(s->json);
    mv_buffer_clear(&s->line);
    if (mv_json_dump(s->json, &s->line, false, s->error) != MV_OK)
        return MV_NOMEM;
    return mv_buffer_put(&s->line, "\n", 1);
}

static enum mv_status write_row(struct scoring *s,
                                const struct mv_stored *stored,
                                const struct mv_opinion *opinion)
{
    struct mv_span message = {stored->invite.message,
                              stored->invite.message_len};
    enum mv_status status;

    if (!s->out)
        return MV_OK;
    mv_buffer_clear(&s->reason);
    status = mv_model_reason(s->model, s->memo, message, opinion, &s->reason);
    if (status == MV_OK)
        status = s->table == MV_TABLE_JSONL ? write_jsonl(s, stored, opinion)
                                            : write_csv(s, stored, opinion);
    if (status == MV_OK &&
        fwrite(s->line.at, 1, s->line.len, s->out) != s->line.len)
        status = mv_error_set(s->error, MV_IO, NULL, 0, "output was refused");
    return status;
}

static enum mv_status score_one(const struct mv_stored *stored, void *payload)
{
    struct scoring *s = payload;
    struct mv_span message = {stored->invite.message,
                              stored->invite.message_len};
    struct mv_opinion opinion;
    enum mv_status status;

    if (s->n % ROWS_A_STEP == 0 && s->progress && s->progress->step &&
        !s->progress->step(s->progress->payload, "scoring", 0))
        return mv_error_set(s->error, MV_STOPPED, NULL, 0,
                            "scoring was interrupted; no verdict was kept");
    status = mv_model_score(s->model, s->memo, message, &opinion, s->error);
    if (status == MV_OK)
        status = keep(s, stored->id, &opinion);
    if (status == MV_OK)
        status = write_row(s, stored, &opinion);
    return status;
}

static enum mv_status store_verdicts(struct motivo *motivo,
                                     const struct scoring *s)
{
    enum mv_status status = mv_store_begin(motivo->store, s->error);

    for (size_t i = 0; status == MV_OK && i < s->n; i++)
        status = mv_store_put_verdict(motivo->store, &s->row[i], s->error);
    if (status == MV_OK)
        status = mv_store_commit(motivo->store, s->error);
    if (status != MV_OK)
        mv_store_rollback(motivo->store);
    return status;
}

static enum mv_status active_id(struct motivo *motivo, int64_t *id)
{
    struct mv_arena arena = {0};
    struct mv_model_row row;
    enum mv_status status =
        mv_store_get_model(motivo->store, 0, &arena, &row, NULL);

    if (status == MV_OK)
        *id = row.id;
    mv_arena_release(&arena);
    return status;
}

enum mv_status mv_score_database(struct motivo *motivo,
                                 const struct mv_score_options *options,
                                 FILE *out, const struct mv_progress *progress,
                                 struct mv_score_counts *counts,
                                 struct mv_error *error)
{
    struct mv_store_filter filter = {.incoming = true, .inbox = true};
    struct mv_score_counts counted = {0};
    struct mv_model *model = NULL;
    struct scoring s = {.now = mv_facade_now(),
                        .counts = &counted,
                        .progress = progress,
                        .error = error,
                        .out = out,
                        .table = options->table,
                        .spreadsheet = options->spreadsheet};
    enum mv_status status = mv_model_active(&model, motivo, error);

    s.model = model;
    if (status == MV_OK)
        status = active_id(motivo, &s.model_id);
    if (status == MV_OK)
        status = mv_memo_new(&s.memo, model);
    if (status == MV_OK && out) {
        s.json = mv_json_new();
        status = s.json ? MV_OK : MV_NOMEM;
        if (s.table == MV_TABLE_CSV &&
            (fputs(s.spreadsheet ? MV_CSV_BOM : "", out) < 0 ||
             fputs(HEADER, out) < 0))
            status = MV_IO;
    }
    if (status == MV_OK)
        status =
            mv_store_each_invite(motivo->store, &filter, score_one, &s, error);
    if (status == MV_OK)
        status = store_verdicts(motivo, &s);
    if (status == MV_OK && counts)
        *counts = counted;
    if (status != MV_OK)
        mv_error_set(error, status, NULL, 0, "the database was not scored");
    mv_json_free(s.json);
    mv_buffer_release(&s.line);
    mv_buffer_release(&s.reason);
    free(s.row);
    mv_memo_free(s.memo);
    mv_model_free(model);
    return status;
}
