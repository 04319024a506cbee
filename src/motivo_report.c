/* What is here: triage, overview, models; and the verdicts they rest on. */
#include "motivo_parts.h"

#include "csv.h"
#include "json.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

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
    struct mv_buffer line, reason;
    struct mv_json *json;
};

static enum mv_status keep(struct scoring *s, int64_t id,
                           const struct mv_opinion *opinion)
{
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
    };
    s->counts->rows++;
    s->counts->verdict[opinion->verdict]++;
    return MV_OK;
}

static const char HEADER[] = "id,origin,direction,date,name,url,text,verdict,"
                             "probability,language,action,reason\n";

static enum mv_status put(struct mv_buffer *line, const char *text)
{
    return mv_csv_put(line, mv_span_of(text));
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
    if (put(line, id) != MV_OK ||
        put(line, mv_origin_name(invite->origin)) != MV_OK ||
        put(line, mv_direction_name(invite->direction)) != MV_OK ||
        put(line, date) != MV_OK || put(line, invite->name) != MV_OK ||
        put(line, invite->url) != MV_OK ||
        mv_csv_put(line, (struct mv_span){invite->message,
                                          invite->message_len}) != MV_OK ||
        put(line, mv_verdict_name(opinion->verdict)) != MV_OK ||
        put(line, probability) != MV_OK ||
        put(line, note ? mv_lang_name(opinion->language) : "") != MV_OK ||
        put(line, mv_action_name(mv_verdict_action(opinion->verdict))) !=
            MV_OK ||
        mv_csv_put(line, mv_buffer_span(&s->reason)) != MV_OK ||
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
                        .table = options->table};
    enum mv_status status = mv_model_active(&model, motivo, error);

    s.model = model;
    if (status == MV_OK)
        status = active_id(motivo, &s.model_id);
    if (status == MV_OK)
        status = mv_memo_new(&s.memo, model);
    if (status == MV_OK && out) {
        s.json = mv_json_new();
        status = s.json ? MV_OK : MV_NOMEM;
        if (s.table == MV_TABLE_CSV && fputs(HEADER, out) < 0)
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

/* --- triage --------------------------------------------------------------- */

/* The two lists of the report, and the memory behind them. */
struct lists {
    struct mv_arena arena;
    struct mv_report_row *row[2]; /* reply, review */
    size_t n[2], size[2];
};

static enum mv_status list_one(const struct mv_stored *stored, void *payload)
{
    struct lists *lists = payload;
    const struct mv_invite *invite = &stored->invite;
    int which = stored->verdict == MV_VERDICT_UNSURE;
    struct mv_report_row *row;

    if (!stored->has_verdict || (stored->verdict != MV_VERDICT_PURPOSE &&
                                 stored->verdict != MV_VERDICT_UNSURE))
        return MV_OK;
    if (lists->n[which] == lists->size[which]) {
        size_t size = lists->size[which] ? 2 * lists->size[which] : 64;

        row = realloc(lists->row[which], size * sizeof *row);
        if (!row)
            return MV_NOMEM;
        lists->row[which] = row;
        lists->size[which] = size;
    }
    row = &lists->row[which][lists->n[which]++];
    *row = (struct mv_report_row){
        .id = stored->id,
        .name = mv_arena_copy(&lists->arena, mv_span_of(invite->name)),
        .url = invite->url
                   ? mv_arena_copy(&lists->arena, mv_span_of(invite->url))
                   : NULL,
        .message =
            mv_arena_copy(&lists->arena, (struct mv_span){invite->message,
                                                          invite->message_len}),
        .language = mv_arena_copy(&lists->arena, mv_span_of(stored->language)),
        .sent_at = invite->sent_at,
        .probability = stored->probability,
        .connected = stored->connected,
        .origin = invite->origin,
    };
    return row->name && row->message && row->language ? MV_OK : MV_NOMEM;
}

static int most_certain_first(const void *a, const void *b)
{
    const struct mv_report_row *x = a, *y = b;

    if (x->probability > y->probability || x->probability < y->probability)
        return x->probability < y->probability ? 1 : -1;
    return (x->id > y->id) - (x->id < y->id);
}

/* Finds the reasons of the rows that will be shown. */
static enum mv_status give_reasons(const struct mv_model *model,
                                   struct lists *lists, int which, size_t n,
                                   struct mv_error *error)
{
    struct mv_memo *memo = NULL;
    struct mv_buffer reason = {0};
    enum mv_status status = mv_memo_new(&memo, model);

    for (size_t i = 0; status == MV_OK && i < n; i++) {
        struct mv_report_row *row = &lists->row[which][i];
        struct mv_span message = mv_span_of(row->message);
        struct mv_opinion opinion;

        mv_buffer_clear(&reason);
        status = mv_model_score(model, memo, message, &opinion, error);
        if (status == MV_OK)
            status = mv_model_reason(model, memo, message, &opinion, &reason);
        row->reason = mv_arena_copy(&lists->arena, mv_buffer_span(&reason));
        if (!row->reason)
            status = MV_NOMEM;
    }
    mv_buffer_release(&reason);
    mv_memo_free(memo);
    return status;
}

/* The figure at a path of the metrics that were stored with the model. */
static struct mv_interval stored_figure(const char *metrics, const char *name)
{
    struct mv_interval figure = mv_stats_undefined();
    struct mv_json *json = mv_json_new();
    struct mv_page page = {.json = json};
    char path[64];

    if (json &&
        mv_json_parse(json, metrics, strlen(metrics), NULL, 0, NULL) == MV_OK) {
        snprintf(path, sizeof path, "%s.value", name);
        mv_report_number(&page, path, &figure.value, NULL);
        snprintf(path, sizeof path, "%s.low", name);
        mv_report_number(&page, path, &figure.low, NULL);
        snprintf(path, sizeof path, "%s.high", name);
        mv_report_number(&page, path, &figure.high, NULL);
    }
    mv_json_free(json);
    return figure;
}

/* Fills what is known without looking at single invitations. */
static enum mv_status
gather_evidence(struct motivo *motivo, struct mv_arena *arena,
                struct mv_counts *counts, struct mv_model_row *row,
                struct mv_report_triage *t, struct mv_error *error)
{
    enum mv_status status = mv_store_get_counts(motivo->store, counts, error);

    t->counts = counts;
    t->precision = t->recall = mv_stats_undefined();
    if (status != MV_OK)
        return status;
    t->useful = mv_stats_wilson(counts->useful,
                                counts->useful + counts->not_useful, 0.95);
    t->two_way = mv_stats_wilson(counts->two_way, counts->contacts, 0.95);
    status = mv_store_get_model(motivo->store, 0, arena, row, NULL);
    if (status == MV_NOTFOUND)
        return MV_OK;
    if (status == MV_OK) {
        t->model = row;
        t->precision = stored_figure(row->metrics, "unsure.precision");
        t->recall = stored_figure(row->metrics, "unsure.recall");
        t->precision_basis = "training labels, out of fold";
    }
    return status;
}

static size_t shown(size_t n, long limit)
{
    return limit > 0 && n > (size_t)limit ? (size_t)limit : n;
}

/* Sorts and cuts the lists, and finds the reasons. */
static enum mv_status finish_lists(struct motivo *motivo, struct lists *lists,
                                   long limit, struct mv_report_triage *t,
                                   struct mv_error *error)
{
    struct mv_model *model = NULL;
    enum mv_status status = MV_OK;

    for (int which = 0; which < 2; which++)
        if (lists->n[which])
            qsort(lists->row[which], lists->n[which], sizeof **lists->row,
                  most_certain_first);
    t->reply_total = (long)lists->n[0];
    t->review_total = (long)lists->n[1];
    t->n_reply = shown(lists->n[0], limit);
    t->n_review = shown(lists->n[1], limit);
    t->reply = lists->row[0];
    t->review = lists->row[1];
    if (t->n_reply + t->n_review == 0)
        return MV_OK;
    status = mv_model_active(&model, motivo, error);
    if (status == MV_OK)
        status = give_reasons(model, lists, 0, t->n_reply, error);
    if (status == MV_OK)
        status = give_reasons(model, lists, 1, t->n_review, error);
    mv_model_free(model);
    return status;
}

/* The batch and the outcomes, where there are any. */
static enum mv_status add_trust(struct motivo *motivo, struct mv_batch *batch,
                                struct mv_report_useful *useful,
                                struct mv_report_triage *t,
                                struct mv_error *error)
{
    struct mv_model *model = NULL;
    bool any = false;
    enum mv_status status = MV_OK;

    if (t->model)
        status = mv_model_active(&model, motivo, error);
    if (status == MV_OK && model) {
        status = mv_facade_batch(motivo, model, batch, error);
        t->batch = &batch->report;
    }
    if (status == MV_OK)
        status = mv_facade_outcomes(motivo, &any, useful, error);
    t->outcomes = any ? useful : NULL;
    mv_model_free(model);
    return status;
}

enum mv_status mv_report(struct motivo *motivo, long limit,
                         struct mv_page **out, struct mv_error *error)
{
    struct mv_store_filter filter = {
        .incoming = true, .inbox = true, .with_message = true};
    struct mv_report_triage t = {0};
    struct mv_counts counts;
    struct mv_model_row row;
    struct mv_arena arena = {0};
    struct lists lists = {0};
    struct mv_batch batch = {0};
    struct mv_report_useful useful;
    struct mv_page *page = NULL;
    enum mv_status status =
        gather_evidence(motivo, &arena, &counts, &row, &t, error);

    if (status == MV_OK)
        status = mv_store_each_invite(motivo->store, &filter, list_one, &lists,
                                      error);
    if (status == MV_OK)
        status = finish_lists(motivo, &lists, limit, &t, error);
    if (status == MV_OK)
        status = add_trust(motivo, &batch, &useful, &t, error);
    if (status == MV_OK)
        status = mv_facade_page(&page, error);
    if (status == MV_OK)
        status = mv_report_triage(page, &t);
    status = mv_facade_finish(out, page, status, error);
    free(lists.row[0]);
    free(lists.row[1]);
    mv_arena_release(&lists.arena);
    mv_facade_batch_release(&batch);
    mv_arena_release(&arena);
    return status;
}

enum mv_status mv_overview(struct motivo *motivo, struct mv_page **out,
                           struct mv_error *error)
{
    struct mv_report_triage t = {0};
    struct mv_counts counts;
    struct mv_model_row row;
    struct mv_arena arena = {0};
    struct mv_page *page = NULL;
    enum mv_status status =
        gather_evidence(motivo, &arena, &counts, &row, &t, error);

    if (status == MV_OK)
        status = mv_facade_page(&page, error);
    if (status == MV_OK)
        status = mv_report_overview(page, motivo->path, &counts, t.model);
    status = mv_facade_finish(out, page, status, error);
    mv_arena_release(&arena);
    return status;
}
