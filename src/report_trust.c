/* Whether a batch of messages is like the training's; useful contacts: JSON. */
#include "report_text.h"

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
    mv_json_put_integer(json, "sample_missing",
                        u->sample < u->least ? u->least - u->sample : 0);
    mv_report_put_interval(json, "estimate", u->estimate.share);
    mv_json_put_real(json, "prediction_weight", u->estimate.lambda);
    mv_json_put_real(json, "reference", MV_REPORT_REFERENCE);
    mv_json_end(json);
}
