/* What is here: triage and overview. */
#include "motivo_parts.h"

#include "json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- triage --------------------------------------------------------------- */

/* The two lists of the report, and the memory behind them. */
struct lists {
    struct mv_arena arena;
    struct mv_report_row *row[2]; /* reply, review */
    size_t n[2], size[2];
    struct mv_graphs graphs;
    struct mv_batch batch;
    struct mv_persons persons;
};

static enum mv_status list_one(const struct mv_stored *stored, void *payload)
{
    struct lists *lists = payload;
    const struct mv_invite *invite = &stored->invite;
    int which = stored->verdict == MV_VERDICT_UNSURE;
    struct mv_report_row *row;
    enum mv_status status = mv_facade_graphs_take(&lists->graphs, stored);

    if (status == MV_OK && lists->batch.reading)
        status = mv_facade_batch_take(&lists->batch, stored);
    if (status == MV_OK)
        status = mv_facade_outcomes_take(&lists->persons, stored);
    if (status != MV_OK)
        return status;
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
        .has_outcome = stored->has_outcome,
        .useful = stored->useful,
        .said = stored->said,
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

static size_t shown(size_t n, long limit)
{
    return limit > 0 && n > (size_t)limit ? (size_t)limit : n;
}

/* Sorts and cuts the lists, and finds the reasons. */
static enum mv_status finish_lists(const struct mv_model *model,
                                   struct lists *lists, long limit,
                                   struct mv_report_triage *t,
                                   struct mv_error *error)
{
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
    if (t->n_reply)
        status = give_reasons(model, lists, 0, t->n_reply, error);
    if (status == MV_OK && t->n_review)
        status = give_reasons(model, lists, 1, t->n_review, error);
    return status;
}

/* The batch and the outcomes, where there are any. */
static enum mv_status
add_trust(struct motivo *motivo, const struct mv_model *model,
          struct lists *lists, struct mv_report_useful *useful,
          struct mv_report_triage *t, struct mv_error *error)
{
    bool any = false;
    enum mv_status status = MV_OK;

    if (model) {
        status = mv_facade_batch(motivo, &lists->batch);
        t->batch = &lists->batch.report;
    }
    if (status == MV_OK && model) {
        status = mv_facade_graphs(motivo, model, &lists->graphs, error);
        t->graphs = &lists->graphs.report;
    }
    if (status == MV_OK)
        status =
            mv_facade_outcomes(&lists->persons, t->counts, &any, useful, error);
    t->outcomes = any ? useful : NULL;
    return status;
}

/* How many of all state a purpose: those that are labelled, and the share of
 * the others. Nothing for messages of
 * another sort than the model learnt from. */
static struct mv_interval purposes(const struct mv_report_batch *b)
{
    double labelled, n;

    if (!b || b->drift || !isfinite(b->share.share.value))
        return mv_stats_undefined();
    labelled = (double)b->labelled[MV_LABEL_PURPOSE];
    n = (double)b->n;
    return (struct mv_interval){
        .value = labelled + floor(b->share.share.value * n + 0.5),
        .low = labelled + floor(b->share.share.low * n),
        .high = labelled + ceil(b->share.share.high * n)};
}

static struct mv_report_plan make_plan(const struct mv_report_triage *t,
                                       long capacity)
{
    const long *verdicts = t->counts->verdicts;
    struct mv_report_plan plan = {.reply = t->reply_total,
                                  .review = t->review_total,
                                  .accept = verdicts[MV_VERDICT_NO_PURPOSE] +
                                            verdicts[MV_VERDICT_NO_NOTE],
                                  .purposes = purposes(t->batch),
                                  .capacity = capacity};
    long judged = plan.reply + plan.review + plan.accept;

    plan.waiting = judged + t->counts->pending;
    for (int v = 0; v < 4; v++)
        plan.share[v] = judged ? (double)verdicts[v] / (double)judged : NAN;
    if (capacity > 0)
        plan.weeks = (plan.reply + capacity - 1) / capacity;
    return plan;
}

static enum mv_status write_page(struct mv_page *page,
                                 const struct mv_report_triage *t,
                                 const struct mv_report_options *options,
                                 struct mv_error *error)
{
    const char *language = options->language ? options->language : "en";
    bool spanish = strcmp(language, "es") == 0;

    if (!spanish && strcmp(language, "en") != 0)
        return mv_error_set(error, MV_RANGE, NULL, 0,
                            "no report in the language '%.20s'; there are: en, "
                            "es",
                            language);
    return mv_report_triage(page, t,
                            options->format == MV_FORMAT_HTML ? MV_REPORT_HTML
                            : options->format == MV_FORMAT_MARKDOWN
                                ? MV_REPORT_MARKDOWN
                                : MV_REPORT_TEXT,
                            spanish ? MV_TONGUE_ES : MV_TONGUE_EN);
}

enum mv_status mv_report(struct motivo *motivo,
                         const struct mv_report_options *options,
                         struct mv_page **out, struct mv_error *error)
{
    struct mv_store_filter filter = {.incoming = true, .inbox = true};
    struct mv_report_triage t = {0};
    struct mv_evidence evidence = {0};
    struct lists lists = {0};
    struct mv_report_useful useful;
    struct mv_model *model = NULL;
    struct mv_page *page = NULL;
    enum mv_status status = mv_facade_evidence(motivo, &evidence, &t, error);

    if (status == MV_OK && t.model)
        status = mv_model_active(&model, motivo, error);
    if (status == MV_OK && model)
        status = mv_facade_audit(motivo, model, &t, error);
    if (status == MV_OK && model)
        status = mv_facade_batch_open(motivo, model, &lists.batch, error);
    if (status == MV_OK)
        status = mv_store_each_invite(motivo->store, &filter, list_one, &lists,
                                      error);
    if (status == MV_OK)
        status = finish_lists(model, &lists, options->limit, &t, error);
    if (status == MV_OK)
        status = add_trust(motivo, model, &lists, &useful, &t, error);
    if (status == MV_OK)
        status = mv_facade_page(&page, error);
    if (status == MV_OK) {
        t.plan = make_plan(&t, options->capacity);
        status = write_page(page, &t, options, error);
    }
    status = mv_facade_finish(out, page, status, error);
    mv_model_free(model);
    free(lists.row[0]);
    free(lists.row[1]);
    mv_arena_release(&lists.arena);
    mv_facade_graphs_release(&lists.graphs);
    mv_facade_batch_release(&lists.batch);
    free(lists.persons.at);
    mv_arena_release(&evidence.arena);
    return status;
}

enum mv_status mv_overview(struct motivo *motivo, struct mv_page **out,
                           struct mv_error *error)
{
    struct mv_report_triage t = {0};
    struct mv_evidence evidence = {0};
    struct mv_page *page = NULL;
    enum mv_status status = mv_facade_evidence(motivo, &evidence, &t, error);

    if (status == MV_OK)
        status = mv_facade_page(&page, error);
    if (status == MV_OK)
        status = mv_report_overview(page, motivo->path, t.counts, t.model);
    status = mv_facade_finish(out, page, status, error);
    mv_arena_release(&evidence.arena);
    return status;
}
