/* What a training chose and how well it does. */
#include "report_text.h"

#include <math.h>
#include <stdio.h>

/* --- JSON ----------------------------------------------------------------- */

static const char *const BASES[] = {"met", "thin", "unreachable"};

static void put_thresholds(struct mv_json *json, const struct mv_thresholds *t)
{
    mv_json_begin_object(json, "thresholds");
    mv_json_put_real(json, "low", t->low);
    mv_json_put_real(json, "forced", t->forced);
    mv_json_put_real(json, "purpose", t->purpose);
    mv_json_put_text(json, "purpose_basis", BASES[t->purpose_basis]);
    mv_report_put_interval(json, "precision", t->precision);
    mv_json_put_integer(json, "selected", t->selected);
    mv_json_put_integer(json, "more_labels", t->more_labels);
    mv_json_put_text(json, "low_basis", BASES[t->low_basis]);
    mv_report_put_interval(json, "missed", t->missed);
    mv_json_end(json);
}

static void put_trials(struct mv_json *json, const struct mv_fit_record *r)
{
    mv_json_begin_array(json, "trials");
    for (uint32_t i = 0; i < r->n_trials && i < MV_TRIALS_MAX; i++) {
        mv_json_begin_object(json, NULL);
        mv_json_put_real(json, "c", (double)r->trial[i].c);
        mv_json_put_real(json, "positive_weight",
                         (double)r->trial[i].positive_weight);
        mv_json_put_real(json, "mcc", (double)r->trial[i].mcc);
        if (r->own) {
            mv_json_put_real(json, "own_weight",
                             (double)r->trial[i].own_weight);
            mv_json_put_real(json, "own_mcc", (double)r->trial[i].own_mcc);
        }
        mv_json_end(json);
    }
    mv_json_end(json);
}

static void put_corpus(struct mv_json *json, const struct mv_fit_record *r)
{
    char text[2 * sizeof r->corpus + 1];

    for (size_t i = 0; i < sizeof r->corpus; i++)
        snprintf(text + 2 * i, 3, "%02x", r->corpus[i]);
    mv_json_put_text(json, "corpus", text);
}

void mv_report_put_examples(struct mv_json *json, const struct mv_fit_record *r)
{
    mv_json_begin_object(json, "example_languages");
    for (int l = 0; l < MV_LANG_COUNT; l++)
        if (r->languages[l])
            mv_json_put_integer(json, mv_lang_name((enum mv_language)l),
                                r->languages[l]);
    mv_json_end(json);
}

void mv_report_put_record(struct mv_json *json, const struct mv_fit_record *r)
{
    char seed[24];

    snprintf(seed, sizeof seed, "%llu", (unsigned long long)r->seed);
    if (r->seed <= INT64_MAX)
        mv_json_put_integer(json, "seed", (long long)r->seed);
    else
        mv_json_put_text(json, "seed", seed);
    mv_json_put_integer(json, "examples", r->examples);
    mv_json_put_integer(json, "positives", r->positives);
    mv_report_put_examples(json, r);
    mv_json_put_integer(json, "groups", r->groups);
    mv_json_put_integer(json, "folds", r->folds);
    mv_json_put_integer(json, "repeats", r->repeats);
    mv_json_put_integer(json, "settings_tried", r->n_trials);
    mv_json_put_real(json, "c", r->c);
    mv_json_put_real(json, "positive_weight", r->positive_weight);
    mv_json_put_integer(json, "own", r->own);
    if (r->own)
        mv_json_put_real(json, "own_weight", r->own_weight);
    mv_json_put_real(json, "target_precision", r->target_precision);
    put_thresholds(json, &r->thresholds);
}

/* --- words ---------------------------------------------------------------- */

const char *mv_report_languages(struct mv_page *page,
                                const uint32_t languages[MV_LANG_COUNT])
{
    bool told[MV_LANG_COUNT] = {false};
    const char *text = "";

    for (int n = 0; n < MV_LANG_COUNT; n++) {
        int best = -1;

        for (int l = 0; l < MV_LANG_COUNT; l++)
            if (!told[l] && languages[l] &&
                (best < 0 || languages[l] > languages[best]))
                best = l;
        if (best < 0)
            break;
        told[best] = true;
        text = mv_report_format(page, "%s%s%s %lu", text, n ? ", " : "",
                                mv_report_language((enum mv_language)best),
                                (unsigned long)languages[best]);
    }
    return text;
}

/* The weights of own labels that were tried, and how each did: the trials at
 * the one C at which there are several. */
static const char *weights_tried(struct mv_page *page,
                                 const struct mv_fit_record *r)
{
    const struct mv_trial *first = NULL;
    const char *text = "";

    for (uint32_t i = 0; !first && i < r->n_trials && i < MV_TRIALS_MAX; i++)
        if (r->trial[i].own_weight > 1)
            first = &r->trial[i];
    for (uint32_t i = 0; first && i < r->n_trials && i < MV_TRIALS_MAX; i++) {
        const struct mv_trial *t = &r->trial[i];

        if (fabsf(t->c - first->c) > 0 || fabsf(t->positive_weight - 1) > 0)
            continue;
        text = mv_report_format(
            page, "%s%s%s %s", text, *text ? ", " : "",
            t->own_weight > 1
                ? mv_report_format(page, "%.0f times", (double)t->own_weight)
                : "once",
            mv_report_figure(page, (double)t->own_mcc));
    }
    return text;
}

static void say_own(struct mv_page *page, const struct mv_fit_record *r)
{
    const char *tried = weights_tried(page, r);

    if (!r->own)
        return;
    mv_report_say(
        page, "",
        "%lu of them are your own, and each of these counts %s one "
        "of the starter corpus.%s%s%s",
        (unsigned long)r->own,
        r->own_weight > 1
            ? mv_report_format(page, "%.0f times as much as", r->own_weight)
            : "as much as",
        *tried ? " Tried, and how well your own were then judged "
                 "(MCC, held back): "
               : "",
        tried, *tried ? "." : "");
}

static void say_labels(struct mv_page *page, const struct mv_fit_record *r)
{
    mv_report_say(page, "",
                  "Learnt from %lu labelled messages: %lu purpose, %lu "
                  "no-purpose (%s).",
                  (unsigned long)r->examples, (unsigned long)r->positives,
                  (unsigned long)(r->examples - r->positives),
                  mv_report_languages(page, r->languages));
    if (r->groups < r->examples)
        mv_report_say(page, "",
                      "Some are near-copies of each other: %lu are different.",
                      (unsigned long)r->groups);
    say_own(page, r);
    mv_report_say(
        page, "",
        "Chosen among %s, by what they did on messages "
        "held back (%lu parts, %s): C %.3g (how hard it tries to "
        "obey every label), class weight %.3g (how much more a "
        "purpose counts than the rest).",
        mv_report_count(page, (long)r->n_trials, "setting", "settings"),
        (unsigned long)r->folds,
        mv_report_count(page, (long)r->repeats, "round", "rounds"), r->c,
        r->positive_weight);
}

/* Why the threshold of purpose does not give what was asked for. */
static void say_shortfall(struct mv_page *page, const struct mv_fit_record *r)
{
    const struct mv_thresholds *t = &r->thresholds;
    const char *asked = mv_report_percent(page, r->target_precision);

    if (t->purpose_basis == MV_THRESHOLD_MET)
        return;
    mv_report_put(page, "\n");
    if (t->purpose_basis == MV_THRESHOLD_THIN)
        mv_report_say(
            page, "",
            "The %s that you asked for can not be promised yet: "
            "there are too few labels to tell. About %s would do.",
            asked,
            mv_report_count(page, t->more_labels, "more label", "more labels"));
    else
        mv_report_say(page, "",
                      "The %s that you asked for is out of reach: more labels "
                      "of the same kind would not do. Check the labels for "
                      "mistakes, or ask for less (motivo train "
                      "--target-precision).",
                      asked);
}

static void say_thresholds(struct mv_page *page, const struct mv_fit_record *r)
{
    const struct mv_thresholds *t = &r->thresholds;
    const char *low = mv_report_figure(page, t->low);
    const char *purpose = mv_report_figure(page, t->purpose);

    mv_report_put(page, "\nWhat it says, by the probability of a purpose\n");
    if (isfinite(t->precision.low))
        mv_report_say(page, "  purpose     ",
                      "from %s on: of 100 such messages at least %s are",
                      purpose, mv_report_at_least(page, t->precision.low));
    else
        mv_report_say(page, "  purpose     ", "from %s on", purpose);
    if (t->low < t->purpose)
        mv_report_say(page, "  unsure      ", "from %s to %s: for you to read",
                      low, purpose);
    else
        mv_report_say(page, "  unsure      ",
                      "only in languages that it has hardly seen");
    if (isfinite(t->missed.high) && t->low_basis == MV_THRESHOLD_MET)
        mv_report_say(page, "  no-purpose  ",
                      "below %s: of 100 such messages at most %.0f state one "
                      "all the same",
                      low, ceil(100 * t->missed.high - 1e-9));
    else
        mv_report_say(page, "  no-purpose  ", "below %s", low);
    say_shortfall(page, r);
}

void mv_report_say_record(struct mv_page *page, const struct mv_fit_record *r)
{
    say_labels(page, r);
    say_thresholds(page, r);
}

/* --- pages ---------------------------------------------------------------- */

static void put_training(struct mv_page *page,
                         const struct mv_report_training *t)
{
    struct mv_json *json = page->json;

    mv_json_begin_object(json, NULL);
    mv_json_put_integer(json, "id", t->id);
    mv_report_put_path(page, "file", t->file);
    mv_json_put_bool(json, "active", t->active);
    mv_json_put_bool(json, "trained", true);
    mv_json_put_integer(json, "own_set_aside", (long long)t->set_aside);
    mv_report_put_gate(json, t);
    mv_json_put_real(json, "seconds", t->seconds);
    mv_report_put_record(json, t->record);
    put_corpus(json, t->record);
    put_trials(json, t->record);
    mv_json_begin_object(json, "out_of_fold");
    mv_report_put_metrics(json, &t->out_of_fold->all);
    mv_report_put_languages(json, t->out_of_fold);
    mv_json_put_real(json, "roc_auc", t->out_of_fold->all.roc_auc);
    mv_json_end(json);
}

/* Own labels that do not take part yet. */
static void say_set_aside(struct mv_page *page,
                          const struct mv_report_training *t)
{
    size_t missing = t->own_least - t->set_aside;

    mv_report_say(page, "",
                  "%s of your own %s set aside: so few say more about chance "
                  "than about you. From %lu on they take part, and count more "
                  "than the starter corpus where that helps (%lu more).",
                  mv_report_count(page, (long)t->set_aside, "label", "labels"),
                  t->set_aside == 1 ? "is" : "are", (unsigned long)t->own_least,
                  (unsigned long)missing);
}

enum mv_status mv_report_stays(struct mv_page *page,
                               const struct mv_report_training *t)
{
    struct mv_report_step step = {
        "motivo label", "give labels: motivo learns from yours, too, when "
                        "there are enough"};

    mv_json_begin_object(page->json, NULL);
    mv_json_put_integer(page->json, "id", t->id);
    mv_json_put_bool(page->json, "active", true);
    mv_json_put_bool(page->json, "trained", false);
    mv_json_put_integer(page->json, "own_set_aside", (long long)t->set_aside);
    mv_json_put_integer(page->json, "own_needed", (long long)t->own_least);
    mv_report_put(page, "Model %lld stays active; nothing was trained.\n\n",
                  (long long)t->id);
    say_set_aside(page, t);
    mv_report_put(page, "\n");
    mv_report_say(page, "",
                  "It has learnt all that the starter corpus has to "
                  "teach with these options.");
    mv_report_put_step(page, step);
    mv_json_end(page->json);
    return mv_report_finish(page);
}

enum mv_status mv_report_train(struct mv_page *page,
                               const struct mv_report_training *t)
{
    struct mv_report_step step = {"motivo score",
                                  "judge the invitations with it"};

    put_training(page, t);
    if (!t->active)
        step = (struct mv_report_step){
            mv_report_format(page, "motivo models activate %lld",
                             (long long)t->id),
            "take it into use; the model before it is still the active one"};
    mv_report_put(page, "Model %lld is trained%s\n\n", (long long)t->id,
                  t->active ? " and active." : ", as a candidate.");
    mv_report_say_record(page, t->record);
    if (t->set_aside) {
        mv_report_put(page, "\n");
        say_set_aside(page, t);
    }
    mv_report_say_gate(page, t);
    mv_report_put(page, "\nHow well it does\n");
    mv_report_say(page, "",
                  "Every message was judged by a model trained without it "
                  "(\"out of fold\"). The settings were chosen on the same "
                  "messages, so expect a little less.");
    mv_report_put(page, "\n");
    mv_report_say_evaluation(page, t->out_of_fold);
    mv_report_put(page, "\nModel file: %s\n",
                  mv_report_clean(page, t->file, 0));
    mv_report_put_step(page, step);
    mv_json_end(page->json);
    return mv_report_finish(page);
}

/* Languages are members here, so that one can be asked for by its name. */
static void put_by_language(struct mv_json *json, const struct mv_evaluation *e)
{
    mv_json_begin_object(json, "languages");
    for (size_t i = 0; i < e->parts; i++) {
        mv_json_begin_object(json, mv_lang_name(e->part[i].language));
        mv_report_put_metrics(json, &e->part[i].metrics);
        mv_json_put_real(json, "roc_auc", e->part[i].metrics.roc_auc);
        mv_json_end(json);
    }
    mv_json_end(json);
}

/* The learning curve: MCC by labels. */
static void put_curve(struct mv_json *json, const struct mv_evaluation *e)
{
    char key[24];

    mv_json_begin_object(json, "curve");
    for (size_t i = 0; i < e->n_curve; i++) {
        snprintf(key, sizeof key, "%ld", e->curve[i].labels);
        mv_report_put_interval(json, key, e->curve[i].mcc);
    }
    mv_json_end(json);
}

enum mv_status mv_report_model_json(const struct mv_fit_record *record,
                                    const struct mv_evaluation *out_of_fold,
                                    struct mv_buffer *options,
                                    struct mv_buffer *metrics)
{
    struct mv_json *json = mv_json_new();
    enum mv_status status;

    mv_json_begin_object(json, NULL);
    mv_report_put_record(json, record);
    put_trials(json, record);
    mv_json_end(json);
    status = mv_json_dump(json, options, false, NULL);
    mv_json_clear(json);
    mv_json_begin_object(json, NULL);
    mv_report_put_metrics(json, &out_of_fold->all);
    mv_json_put_real(json, "roc_auc", out_of_fold->all.roc_auc);
    put_by_language(json, out_of_fold);
    mv_report_put_parity(json, &out_of_fold->family[MV_FAMILY_LANGUAGE]);
    put_curve(json, out_of_fold);
    mv_json_end(json);
    if (status == MV_OK)
        status = mv_json_dump(json, metrics, false, NULL);
    mv_json_free(json);
    return status;
}
