/* Whom to answer, and how far to trust it: JSON, and the words from there. */
#include "report_doc.h"

/* --- counts that have names ----------------------------------------------- */

static long notes(const long by_origin[4])
{
    return by_origin[MV_ORIGIN_NOTE] + by_origin[MV_ORIGIN_MAIL];
}

/* --- JSON ----------------------------------------------------------------- */

void mv_report_put_row(struct mv_json *json, const struct mv_report_row *row)
{
    mv_json_begin_object(json, NULL);
    mv_json_put_integer(json, "id", row->id);
    mv_json_put_text(json, "name", row->name);
    mv_json_put_text(json, "url", row->url);
    mv_report_put_time(json, "sent_at", row->sent_at);
    mv_json_put_text(json, "language", row->language);
    mv_json_put_real(json, "probability", row->probability);
    mv_json_put_text(json, "origin", mv_origin_name(row->origin));
    mv_json_put_bool(json, "connected", row->connected);
    if (row->has_outcome)
        mv_json_put_bool(json, "useful", row->useful);
    else
        mv_json_put_null(json, "useful");
    mv_json_put_text(json, "message", row->message);
    mv_json_put_text(json, "reason", row->reason);
    mv_json_end(json);
}

static void put_list(struct mv_json *json, const char *key,
                     const struct mv_report_row *row, size_t n, long total)
{
    mv_json_begin_object(json, key);
    mv_json_put_integer(json, "total", total);
    mv_json_put_integer(json, "shown", (long long)n);
    mv_json_begin_array(json, "invitations");
    for (size_t i = 0; i < n; i++)
        mv_report_put_row(json, &row[i]);
    mv_json_end(json);
    mv_json_end(json);
}

static void put_counts(struct mv_json *json, const struct mv_counts *c)
{
    static const enum mv_verdict ORDER[] = {
        MV_VERDICT_PURPOSE, MV_VERDICT_UNSURE, MV_VERDICT_NO_PURPOSE,
        MV_VERDICT_NO_NOTE};

    mv_json_begin_object(json, "counts");
    mv_json_put_integer(json, "incoming", notes(c->invitations[MV_INCOMING]));
    mv_json_put_integer(json, "outgoing", notes(c->invitations[MV_OUTGOING]));
    mv_json_put_integer(json, "with_note", notes(c->with_message[MV_INCOMING]));
    mv_json_put_integer(json, "openings",
                        c->invitations[MV_INCOMING][MV_ORIGIN_OPENING]);
    mv_json_put_integer(json, "texts",
                        c->invitations[MV_INCOMING][MV_ORIGIN_TEXT]);
    mv_json_put_integer(json, "pending", c->pending);
    mv_json_begin_object(json, "verdicts");
    for (size_t i = 0; i < 4; i++)
        mv_json_put_integer(json, mv_verdict_name(ORDER[i]),
                            c->verdicts[ORDER[i]]);
    mv_json_end(json);
    mv_json_put_integer(json, "contacts", c->contacts);
    mv_json_put_integer(json, "two_way", c->two_way);
    mv_json_put_integer(json, "useful", c->useful);
    mv_json_put_integer(json, "not_useful", c->not_useful);
    mv_json_end(json);
}

static void put_basis(struct mv_json *json, const struct mv_report_triage *t)
{
    static const char *const BASES[] = {NULL, "training labels, out of fold",
                                        "audit sample"};

    mv_json_put_text(json, "basis", BASES[t->basis]);
    mv_json_begin_object(json, "audit");
    mv_json_put_integer(json, "labels", t->audit.labels);
    mv_json_put_integer(json, "called", t->audit.called);
    if (t->audit.missing >= 0)
        mv_json_put_integer(json, "missing", t->audit.missing);
    else
        mv_json_put_null(json, "missing");
    mv_json_end(json);
}

static void put_evidence(struct mv_json *json, const struct mv_report_triage *t,
                         const struct mv_fit_record *record)
{
    mv_json_begin_object(json, "evidence");
    if (t->model)
        mv_json_put_integer(json, "model", t->model->id);
    else
        mv_json_put_null(json, "model");
    mv_json_put_integer(json, "examples", record->examples);
    mv_json_put_integer(json, "positives", record->positives);
    mv_json_put_integer(json, "negatives",
                        record->examples - record->positives);
    mv_report_put_examples(json, record);
    mv_report_put_interval(json, "precision", t->precision);
    mv_report_put_interval(json, "recall", t->recall);
    put_basis(json, t);
    mv_report_put_parity(json, &t->parity);
    mv_report_put_interval(json, "useful", t->useful);
    mv_report_put_interval(json, "two_way", t->two_way);
    mv_json_end(json);
}

static void put_plan(struct mv_json *json, const struct mv_report_plan *plan)
{
    mv_json_begin_object(json, "plan");
    mv_json_put_integer(json, "waiting", plan->waiting);
    mv_json_put_integer(json, "reply", plan->reply);
    mv_json_put_integer(json, "review", plan->review);
    mv_json_put_integer(json, "accept", plan->accept);
    mv_report_put_interval(json, "purposes", plan->purposes);
    if (plan->capacity) {
        mv_json_put_integer(json, "capacity", plan->capacity);
        mv_json_put_integer(json, "weeks", plan->weeks);
    } else {
        mv_json_put_null(json, "capacity");
        mv_json_put_null(json, "weeks");
    }
    mv_json_begin_object(json, "shares");
    for (int v = 0; v < 4; v++)
        mv_json_put_real(json, mv_verdict_name((enum mv_verdict)v),
                         plan->share[v]);
    mv_json_end(json);
    mv_json_end(json);
}

/* --- the page ------------------------------------------------------------- */

/* Once all is judged, what helps is labels where the model is unsure. */
static struct mv_report_step next_step(const struct mv_report_triage *t)
{
    struct mv_report_step step = mv_report_next(t->counts, t->model);

    if (!step.command)
        step = t->review_total
                   ? mv_report_step("motivo label", MV_W_NEXT_LABEL)
                   : mv_report_step("motivo explain TEXT", MV_W_NEXT_EXPLAIN);
    return step;
}

static void put_all(struct mv_json *json, const struct mv_report_triage *t,
                    const struct mv_fit_record *record)
{
    mv_json_begin_object(json, NULL);
    put_plan(json, &t->plan);
    put_counts(json, t->counts);
    put_list(json, "reply", t->reply, t->n_reply, t->reply_total);
    put_list(json, "review", t->review, t->n_review, t->review_total);
    put_evidence(json, t, record);
    mv_report_put_batch(json, t->batch);
    mv_report_put_useful(json, t->outcomes);
    mv_report_put_graphs(json, t->graphs);
    mv_report_put_next(json, next_step(t));
    mv_json_end(json);
}

enum mv_status mv_report_triage(struct mv_page *page,
                                const struct mv_report_triage *t,
                                enum mv_report_form form, enum mv_tongue tongue)
{
    struct mv_doc doc = {.page = page, .tongue = tongue};
    struct mv_fit_record record = {0};
    enum mv_status status =
        t->model ? mv_report_read_model(t->model, &record, NULL) : MV_OK;

    if (status != MV_OK)
        return status;
    page->form = form;
    put_all(page->json, t, &record);
    mv_doc_triage(&doc, t, &record, next_step(t));
    if (form == MV_REPORT_HTML)
        mv_doc_write_html(&doc);
    else if (form == MV_REPORT_MARKDOWN)
        mv_doc_write_markdown(&doc);
    else
        mv_doc_write_text(&doc);
    return mv_report_finish(page);
}
