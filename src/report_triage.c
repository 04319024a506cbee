/* Whom to answer, and how far to trust it. */
#include "report_text.h"

#include <math.h>

/* --- counts that have names ----------------------------------------------- */

static long notes(const long by_origin[4])
{
    return by_origin[MV_ORIGIN_NOTE] + by_origin[MV_ORIGIN_MAIL];
}

static long judged(const struct mv_counts *c)
{
    return c->verdicts[MV_VERDICT_PURPOSE] + c->verdicts[MV_VERDICT_UNSURE] +
           c->verdicts[MV_VERDICT_NO_PURPOSE] + c->verdicts[MV_VERDICT_NO_NOTE];
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
    mv_json_put_text(json, "message", row->message);
    mv_json_put_text(json, "reason", row->reason);
    mv_json_end(json);
}

static void put_list(struct mv_json *json, const char *key,
                     const struct mv_report_row *row, size_t n, long total)
{
    mv_json_begin_object(json, key);
    mv_json_put_integer(json, "total", total);
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
    mv_report_put_examples(json, record);
    mv_report_put_interval(json, "precision", t->precision);
    mv_report_put_interval(json, "recall", t->recall);
    mv_json_put_text(json, "basis", t->precision_basis);
    mv_report_put_interval(json, "useful", t->useful);
    mv_report_put_interval(json, "two_way", t->two_way);
    mv_json_end(json);
}

/* --- first screen --------------------------------------------------------- */

static const char *others(struct mv_page *page, const struct mv_counts *c)
{
    long openings = c->invitations[MV_INCOMING][MV_ORIGIN_OPENING];
    long texts = c->invitations[MV_INCOMING][MV_ORIGIN_TEXT];
    const char *text = "";

    if (openings)
        text = mv_report_format(
            page, " and %s opened a conversation",
            mv_report_count(page, openings, "more person", "more people"));
    if (texts)
        text = mv_report_format(
            page, "%s; %s from other files", text,
            mv_report_count(page, texts, "message comes", "messages come"));
    return text;
}

static void say_inbox(struct mv_page *page, const struct mv_counts *c)
{
    long incoming = notes(c->invitations[MV_INCOMING]);
    long all = incoming + notes(c->invitations[MV_OUTGOING]);
    long with_note = notes(c->with_message[MV_INCOMING]);

    mv_report_say(
        page, "", "%s here, %ld of them to you; %s a note%s.",
        mv_report_count(page, all, "invitation is", "invitations are"),
        incoming, mv_report_count(page, with_note, "carries", "carry"),
        others(page, c));
}

static void say_actions(struct mv_page *page, const struct mv_report_triage *t)
{
    const struct mv_counts *c = t->counts;
    long rest =
        c->verdicts[MV_VERDICT_NO_PURPOSE] + c->verdicts[MV_VERDICT_NO_NOTE];

    const char *reply =
        t->reply_total ? mv_report_format(page, "%s: answer %s.",
                                          mv_report_count(page, t->reply_total,
                                                          "states a purpose",
                                                          "state a purpose"),
                                          t->reply_total == 1 ? "it" : "these")
                       : "None states a purpose.";
    const char *review =
        t->review_total
            ? mv_report_format(
                  page, " %s your eye.",
                  mv_report_count(page, t->review_total, "needs", "need"))
            : "";

    if (rest)
        mv_report_say(page, "", "%s%s Accept the other %ld without a word.",
                      reply, review, rest);
    else
        mv_report_say(page, "", "%s%s", reply, review);
    if (c->pending)
        mv_report_say(
            page, "", "%s not been judged yet.",
            mv_report_count(page, c->pending, "message has", "messages have"));
}

static void say_trust(struct mv_page *page, const struct mv_report_triage *t)
{
    if (!t->precision_basis || !isfinite(t->precision.value)) {
        mv_report_say(page, "",
                      "How often motivo is right when it says purpose is not "
                      "known.");
        return;
    }
    mv_report_say(page, "",
                  "Of 100 messages that motivo calls purposeful, %s are (%s).",
                  mv_report_of_100(page, t->precision),
                  mv_report_clean(page, t->precision_basis, 0));
    if (isfinite(t->recall.value))
        mv_report_say(page, "",
                      "Of 100 that state a purpose it finds %s by itself; the "
                      "others are under Review, or accepted.",
                      mv_report_of_100(page, t->recall));
}

/* --- lists ---------------------------------------------------------------- */

enum { NAME_WIDTH = 26, INDENT = 9 };

static const char *standing(const struct mv_report_row *row)
{
    if (row->origin == MV_ORIGIN_OPENING)
        return "opening";
    return row->connected ? "contact" : "";
}

static void say_row(struct mv_page *page, const struct mv_report_row *row)
{
    const char *name = row->name && *row->name ? row->name : row->url;
    size_t room = MV_REPORT_WIDTH - INDENT;

    name = mv_report_clean(page, name ? name : "(no name)", NAME_WIDTH);
    mv_report_put(
        page, "%7lld  %s%*s  %-10s  %-10s  %s  %s", (long long)row->id, name,
        (int)(NAME_WIDTH - mv_report_width(name)), "",
        mv_report_day(page, row->sent_at), mv_report_language_of(row->language),
        mv_report_figure(page, row->probability), standing(row));
    while (page->text.len && page->text.at[page->text.len - 1] == ' ')
        page->text.at[--page->text.len] = '\0';
    mv_report_put(page, "\n");
    if (row->message && *row->message)
        mv_report_put(page, "%9s%s\n", "",
                      mv_report_clean(page, row->message, room));
    if (row->reason && *row->reason)
        mv_report_put(page, "%9sbecause of: %s\n", "",
                      mv_report_clean(page, row->reason, room - 12));
}

static void say_list(struct mv_page *page, const char *title, const char *order,
                     const struct mv_report_row *row, size_t n, long total)
{
    if (!total)
        return;
    if ((long)n < total)
        mv_report_put(page,
                      "\n%s (%zu of %ld, %s; all: motivo report --limit "
                      "0)\n",
                      title, n, total, order);
    else
        mv_report_put(page, "\n%s (%ld, %s)\n", title, total, order);
    for (size_t i = 0; i < n; i++)
        say_row(page, &row[i]);
}

static void say_lists(struct mv_page *page, const struct mv_report_triage *t)
{
    if (t->n_reply || t->n_review) {
        mv_report_put(page, "\n     id  %-26s  %-10s  %-10s  %s\n", "name",
                      "sent", "language", "probability");
    }
    say_list(page, "Answer", "most certain first", t->reply, t->n_reply,
             t->reply_total);
    say_list(page, "Review", "closest to a purpose first", t->review,
             t->n_review, t->review_total);
}

/* --- evidence ------------------------------------------------------------- */

static void say_model(struct mv_page *page, const struct mv_model_row *model,
                      const struct mv_fit_record *record)
{
    const char *languages = mv_report_languages(page, record->languages);

    mv_report_say(page, "  model       ", "%lld, trained on %s",
                  (long long)model->id, mv_report_day(page, model->created_at));
    if (record->examples)
        mv_report_say(
            page, "  learnt from ", "%lu labels: %lu purpose, %lu no-purpose",
            (unsigned long)record->examples, (unsigned long)record->positives,
            (unsigned long)(record->examples - record->positives));
    if (*languages)
        mv_report_say(page, "  languages   ", "%s", languages);
}

static void say_verdicts(struct mv_page *page, const struct mv_counts *c)
{
    double all = (double)judged(c);
    static const enum mv_verdict ORDER[] = {
        MV_VERDICT_PURPOSE, MV_VERDICT_UNSURE, MV_VERDICT_NO_PURPOSE,
        MV_VERDICT_NO_NOTE};
    const char *text = "";

    for (size_t i = 0; i < 4; i++)
        text = mv_report_format(
            page, "%s%s%s %ld (%s)", text, i ? ", " : "",
            mv_verdict_name(ORDER[i]), c->verdicts[ORDER[i]],
            mv_report_percent(page, (double)c->verdicts[ORDER[i]] / all));
    mv_report_say(page, "  verdicts    ", "%s", text);
}

static void say_figures(struct mv_page *page, const struct mv_report_triage *t)
{
    const struct mv_counts *c = t->counts;

    if (t->precision_basis) {
        mv_report_say(page, "  precision   ",
                      "%s: share of true ones among those called purpose (%s)",
                      mv_report_interval(page, t->precision),
                      mv_report_clean(page, t->precision_basis, 0));
        mv_report_say(page, "  recall      ",
                      "%s: share of all purposes that it calls purpose",
                      mv_report_interval(page, t->recall));
    }
    if (isfinite(t->two_way.value))
        mv_report_say(
            page, "  two-way     ",
            "%s: share of contacts with whom both sides wrote "
            "(%s of that kind)",
            mv_report_interval(page, t->two_way),
            mv_report_count(page, c->two_way, "conversation", "conversations"));
}

static void say_evidence(struct mv_page *page, const struct mv_report_triage *t,
                         const struct mv_fit_record *record)
{
    if (!t->model)
        return;
    mv_report_put(page, "\nEvidence\n");
    say_model(page, t->model, record);
    if (judged(t->counts))
        say_verdicts(page, t->counts);
    say_figures(page, t);
    mv_report_put(page, "\n");
    mv_report_say(page, "",
                  "In brackets: the range that holds the true figure in 95 of "
                  "100 such measurements. \"Out of fold\": each message was "
                  "judged by a model trained without it.");
}

/* --- the page ------------------------------------------------------------- */

/* Once all is judged, what helps is labels where the model is unsure. */
static struct mv_report_step next_step(const struct mv_report_triage *t)
{
    struct mv_report_step step = mv_report_next(t->counts, t->model);

    if (!step.command)
        step = t->review_total
                   ? (struct mv_report_step){"motivo label",
                                             "settle what is under Review, one "
                                             "key each, then train again: "
                                             "motivo learns most there"}
                   : (struct mv_report_step){"motivo explain TEXT",
                                             "see why a message is judged as "
                                             "it is"};
    return step;
}

enum mv_status mv_report_triage(struct mv_page *page,
                                const struct mv_report_triage *t)
{
    struct mv_json *json = page->json;
    struct mv_fit_record record = {0};
    enum mv_status status =
        t->model ? mv_report_read_model(t->model, &record, NULL) : MV_OK;

    if (status != MV_OK)
        return status;
    mv_json_begin_object(json, NULL);
    put_counts(json, t->counts);
    put_list(json, "reply", t->reply, t->n_reply, t->reply_total);
    put_list(json, "review", t->review, t->n_review, t->review_total);
    put_evidence(json, t, &record);
    mv_report_put_batch(json, t->batch);
    mv_report_put_useful(json, t->outcomes);
    if (t->batch)
        mv_report_say_drift(page, t->batch);
    say_inbox(page, t->counts);
    if (t->model && judged(t->counts)) {
        say_actions(page, t);
        if (t->batch)
            mv_report_say_share(page, t->batch);
        say_trust(page, t);
        say_lists(page, t);
    } else {
        mv_report_say(page, "", "Nothing has been judged yet%s.",
                      t->model ? "" : ": there is no active model");
    }
    if (t->outcomes)
        mv_report_say_useful(page, t->outcomes);
    say_evidence(page, t, &record);
    mv_report_put_step(page, next_step(t));
    mv_json_end(json);
    return mv_report_finish(page);
}
