/* Whether a batch of messages is like the training's; useful contacts. */
#include "report_text.h"

#include <math.h>

/* --- JSON ----------------------------------------------------------------- */

static void put_ks(struct mv_json *json, const char *key, struct mv_ks ks)
{
    mv_json_begin_object(json, key);
    mv_json_put_real(json, "distance", ks.d);
    mv_json_put_real(json, "p", ks.p);
    mv_json_end(json);
}

static void put_share(struct mv_json *json, const struct mv_quantified *q)
{
    mv_json_begin_object(json, "share");
    mv_json_put_real(json, "counted", q->raw);
    mv_report_put_interval(json, "corrected", q->share);
    mv_report_put_interval(json, "adjusted_count", q->adjusted);
    mv_report_put_interval(json, "median_sweep", q->sweep);
    mv_report_put_interval(json, "em", q->em);
    mv_json_put_real(json, "trained", q->trained);
    mv_json_put_real(json, "true_positive_rate", q->tpr);
    mv_json_put_real(json, "false_positive_rate", q->fpr);
    mv_json_end(json);
}

static void put_drift(struct mv_json *json, const struct mv_report_batch *b)
{
    mv_json_begin_object(json, "drift");
    mv_json_put_bool(json, "drifted", b->drift != 0);
    mv_json_put_bool(json, "words", b->drift & MV_DRIFT_WORDS);
    mv_json_put_bool(json, "languages", b->drift & MV_DRIFT_LANGUAGES);
    mv_json_put_bool(json, "scores", b->drift & MV_DRIFT_SCORES);
    mv_json_put_real(json, "new_words", b->unseen);
    mv_json_put_real(json, "new_words_trained", b->unseen_trained);
    mv_json_put_real(json, "new_words_p", b->unseen_p);
    mv_json_put_real(json, "language_distance", b->languages);
    mv_json_put_real(json, "languages_hardly_learnt", b->foreign);
    put_ks(json, "score_drift", b->share.drift);
    put_ks(json, "score_misfit", b->share.misfit);
    mv_json_put_real(json, "open", b->share.open);
    mv_json_put_real(json, "open_expected", b->share.open_expected);
    mv_json_end(json);
}

void mv_report_put_batch(struct mv_json *json, const struct mv_report_batch *b)
{
    if (!b) {
        mv_json_put_null(json, "batch");
        return;
    }
    mv_json_begin_object(json, "batch");
    mv_json_put_integer(json, "messages", (long long)b->n);
    mv_json_begin_object(json, "labelled");
    mv_json_put_integer(json, "purpose", b->labelled[MV_LABEL_PURPOSE]);
    mv_json_put_integer(json, "no-purpose", b->labelled[MV_LABEL_NO_PURPOSE]);
    mv_json_end(json);
    put_share(json, &b->share);
    put_drift(json, b);
    mv_json_begin_array(json, "label_first");
    for (size_t i = 0; i < b->n_label; i++)
        mv_report_put_row(json, &b->label[i]);
    mv_json_end(json);
    mv_json_end(json);
}

static void put_outcomes(struct mv_json *json, const char *key,
                         const struct mv_report_outcomes *o)
{
    mv_json_begin_object(json, key);
    mv_json_put_integer(json, "persons", o->persons);
    mv_json_put_integer(json, "known", o->known);
    mv_json_put_integer(json, "useful", o->useful);
    mv_report_put_interval(json, "share", o->share);
    mv_json_put_real(json, "lift", o->lift);
    mv_json_end(json);
}

void mv_report_put_useful(struct mv_json *json,
                          const struct mv_report_useful *u)
{
    if (!u) {
        mv_json_put_null(json, "useful");
        return;
    }
    mv_json_begin_object(json, "useful");
    mv_json_put_integer(json, "said", u->said);
    mv_json_put_integer(json, "from_threads", u->threads);
    put_outcomes(json, "all", &u->all);
    for (int v = 0; v < 4; v++)
        put_outcomes(json, mv_verdict_name((enum mv_verdict)v), &u->of[v]);
    mv_json_put_integer(json, "sample", u->sample);
    mv_json_put_integer(json, "sample_needed", u->least);
    mv_report_put_interval(json, "estimate", u->estimate.share);
    mv_json_put_real(json, "prediction_weight", u->estimate.lambda);
    mv_json_put_real(json, "reference", 0.05);
    mv_json_end(json);
}

/* --- words ---------------------------------------------------------------- */

static const char *reasons(struct mv_page *page,
                           const struct mv_report_batch *b)
{
    const char *text = "";

    if (b->drift & MV_DRIFT_WORDS)
        text = mv_report_format(
            page, "; %s of their words are new to it (%s in training)",
            mv_report_percent(page, b->unseen),
            mv_report_percent(page, b->unseen_trained));
    if (b->drift & MV_DRIFT_LANGUAGES)
        text = mv_report_format(
            page, "%s; %s are in languages that it has hardly learnt", text,
            mv_report_percent(page, b->foreign));
    if (b->drift & MV_DRIFT_SCORES)
        text = mv_report_format(
            page, "%s; it is unsure of %s of them (%s expected)", text,
            mv_report_percent(page, b->share.open),
            mv_report_percent(page, b->share.open_expected));
    return *text ? text + 2 : text;
}

void mv_report_say_drift(struct mv_page *page, const struct mv_report_batch *b)
{
    if (!b->drift)
        return;
    mv_report_say(page, "",
                  "These messages are not like those that the model learnt "
                  "from: %s. What follows may be wrong.",
                  reasons(page, b));
    if (!b->n_label)
        return;
    mv_report_put(page, "\n");
    mv_report_say(page, "",
                  "Label %s first (motivo label --set ID=purpose, or "
                  "ID=no-purpose), then train and score again",
                  b->n_label == 1
                      ? "this one"
                      : mv_report_format(page, "these %zu", b->n_label));
    for (size_t i = 0; i < b->n_label; i++)
        mv_report_put(page, "%7lld  %s\n", (long long)b->label[i].id,
                      mv_report_clean(page, b->label[i].message, 70));
    mv_report_put(page, "\n");
}

void mv_report_say_share(struct mv_page *page, const struct mv_report_batch *b)
{
    const struct mv_quantified *q = &b->share;
    double n = (double)b->n;

    if (!isfinite(q->share.value) || b->drift)
        return;
    mv_report_say(page, "",
                  "Corrected for its errors, between %.0f and %.0f of the %zu "
                  "messages without a label state a purpose (about %.0f; a "
                  "plain count says %.0f).",
                  floor(q->share.low * n + 0.5), floor(q->share.high * n + 0.5),
                  b->n, q->share.value * n, q->raw * n);
}

static void say_outcomes(struct mv_page *page, struct mv_report_table *table,
                         const char *name, const struct mv_report_outcomes *o)
{
    if (!o->known)
        return;
    mv_report_cell(page, table, name);
    mv_report_cell(page, table, mv_report_format(page, "%ld", o->useful));
    mv_report_cell(page, table, mv_report_format(page, "%ld", o->known));
    mv_report_cell(page, table, mv_report_interval(page, o->share));
    mv_report_cell(page, table,
                   isfinite(o->lift) ? mv_report_format(page, "%.1f", o->lift)
                                     : "-");
}

static void say_source(struct mv_page *page, const struct mv_report_useful *u)
{
    if (u->said && u->threads)
        mv_report_say(page, "",
                      "Useful: you said so (%ld known), or both sides wrote "
                      "(%ld).",
                      u->said, u->threads);
    else
        mv_report_say(page, "", "Useful: %s.",
                      u->said ? "you said so"
                              : "both sides wrote (motivo useful "
                                "--from-threads)");
    if (isfinite(u->estimate.share.value))
        mv_report_say(page, "",
                      "Over all %ld persons, estimated from %ld of the audit "
                      "sample: %s.",
                      u->all.persons, u->sample,
                      mv_report_interval(page, u->estimate.share));
    else
        mv_report_say(page, "",
                      "The known ones were not drawn at random; an estimate "
                      "over all needs the outcome of %ld more persons of the "
                      "audit sample.",
                      u->least - u->sample);
}

void mv_report_say_useful(struct mv_page *page,
                          const struct mv_report_useful *u)
{
    static const enum mv_verdict ORDER[] = {
        MV_VERDICT_PURPOSE, MV_VERDICT_UNSURE, MV_VERDICT_NO_PURPOSE,
        MV_VERDICT_NO_NOTE};
    struct mv_report_table table = {.align = "lrrlr"};

    mv_report_put(page,
                  "\nUseful contacts (for comparison only: 5 of 100 were so "
                  "to a blogger)\n");
    mv_report_cell(page, &table, "called");
    mv_report_cell(page, &table, "useful");
    mv_report_cell(page, &table, "known");
    mv_report_cell(page, &table, "share");
    mv_report_cell(page, &table, "lift");
    for (int i = 0; i < 4; i++)
        say_outcomes(page, &table, mv_verdict_name(ORDER[i]), &u->of[ORDER[i]]);
    say_outcomes(page, &table, "all", &u->all);
    mv_report_table_end(page, &table, "  ");
    say_source(page, u);
}
