/* Reads back what mv_report_model_json wrote into the model table. */
#include "report_text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- members ---------------------------------------------------------------
 */

/* Opens text in json; what is no object is an empty one. */
static enum mv_status open_text(struct mv_json *json, struct mv_span text)
{
    enum mv_status status = MV_FORMAT;

    if (text.at)
        status = mv_json_parse(json, text.at, text.len, NULL, 0, NULL);
    if (status == MV_FORMAT)
        status = mv_json_parse(json, "{}", 2, NULL, 0, NULL);
    return status;
}

static enum mv_status open_member(struct mv_json *json, struct mv_json *from,
                                  const char *key)
{
    struct mv_span text = {0};

    if (mv_json_get(from, key, &text) == MV_NOMEM)
        return MV_NOMEM;
    return open_text(json, text);
}

static double get_real(struct mv_json *json, const char *key)
{
    struct mv_span text = {0};
    char copy[64], *end;
    double value;

    if (mv_json_get(json, key, &text) != MV_OK || !text.len ||
        text.len >= sizeof copy || !strchr("-0123456789", text.at[0]))
        return NAN;
    memcpy(copy, text.at, text.len);
    copy[text.len] = '\0';
    value = strtod(copy, &end);
    return *end ? NAN : value;
}

/* Counts: 0 for what is no number, or none that fits. */
static long get_count(struct mv_json *json, const char *key)
{
    double value = get_real(json, key);

    return value >= 0 && value <= 1e9 ? (long)value : 0;
}

static struct mv_interval get_interval(struct mv_json *json, const char *key,
                                       struct mv_json *inner,
                                       enum mv_status *status)
{
    struct mv_interval none = mv_stats_undefined();

    if (*status == MV_OK)
        *status = open_member(inner, json, key);
    if (*status != MV_OK)
        return none;
    return (struct mv_interval){get_real(inner, "value"),
                                get_real(inner, "low"),
                                get_real(inner, "high")};
}

/* --- figures ---------------------------------------------------------------
 */

/* The figures of the object that is open in json[0]; json[1] and [2] are at
 * hand for what lies below. */
static enum mv_status read_metrics(struct mv_json **json, struct mv_metrics *m)
{
    struct mv_json *in = json[0];
    enum mv_status status = MV_OK;

    m->n = (size_t)get_count(in, "n");
    m->prevalence = get_real(in, "prevalence");
    m->threshold = get_real(in, "threshold");
    m->accuracy = get_interval(in, "accuracy", json[1], &status);
    m->precision = get_interval(in, "precision", json[1], &status);
    m->recall = get_interval(in, "recall", json[1], &status);
    m->f1 = get_interval(in, "f1", json[1], &status);
    m->mcc = get_interval(in, "mcc", json[1], &status);
    m->average_precision = mv_stats_undefined();
    m->average_precision.value = get_real(in, "average_precision");
    m->brier = get_real(in, "brier");
    m->ece = get_real(in, "ece");
    m->brier_range = m->ece_range = mv_stats_undefined();
    m->brier_range.value = m->brier;
    m->ece_range.value = m->ece;
    m->log_loss = NAN;
    m->roc_auc = get_real(in, "roc_auc");
    if (status == MV_OK)
        status = open_member(json[1], in, "confusion");
    if (status != MV_OK)
        return status;
    m->confusion = (struct mv_confusion){
        get_count(json[1], "tp"), get_count(json[1], "fp"),
        get_count(json[1], "fn"), get_count(json[1], "tn")};
    status = open_member(json[1], in, "unsure");
    m->unsure.share = mv_stats_undefined();
    m->unsure.share.value = get_real(json[1], "share");
    m->unsure.precision = get_interval(json[1], "precision", json[2], &status);
    m->unsure.recall = get_interval(json[1], "recall", json[2], &status);
    m->unsure.missed = get_interval(json[1], "missed", json[2], &status);
    return status;
}

/* The family of languages; json[0] holds the figures. */
static enum mv_status read_parity(struct mv_json **json, struct mv_groups *out)
{
    static const char *const NAMES[] = {"es", "en", "mixed", "other"};
    struct mv_span differs = {0};
    enum mv_status status = open_member(json[3], json[0], "parity");

    out->name = "language";
    out->p_recall = get_real(json[3], "p_recall");
    out->p_alarm = get_real(json[3], "p_false_alarms");
    if (mv_json_get(json[3], "differs", &differs) == MV_OK)
        out->differs = mv_span_equal(differs, mv_span_of("true"));
    if (status == MV_OK)
        status = open_member(json[2], json[3], "languages");
    for (size_t i = 0; status == MV_OK && i < 4; i++) {
        struct mv_group group = {.name = NAMES[i]};

        status = open_member(json[3], json[2], NAMES[i]);
        group.n = get_count(json[3], "n");
        group.purposes = get_count(json[3], "purposes");
        group.accuracy = get_interval(json[3], "accuracy", json[1], &status);
        group.precision = get_interval(json[3], "precision", json[1], &status);
        group.recall = get_interval(json[3], "recall", json[1], &status);
        group.alarm = get_interval(json[3], "false_alarms", json[1], &status);
        if (group.n)
            out->group[out->n++] = group;
    }
    return status;
}

static enum mv_status read_curve(struct mv_json **json,
                                 struct mv_evaluation *out)
{
    enum mv_status status = open_member(json[3], json[0], "curve");
    const char *labels;

    while (status == MV_OK && out->n_curve < MV_CURVE_POINTS &&
           (labels = mv_json_key(json[3], out->n_curve)))
        out->curve[out->n_curve++] =
            (struct mv_learnt){strtol(labels, NULL, 10),
                               get_interval(json[3], labels, json[1], &status)};
    return status;
}

static enum mv_status read_figures(struct mv_json **json, const char *text,
                                   struct mv_evaluation *out)
{
    enum mv_status status = open_text(json[0], mv_span_of(text));
    const char *code;

    *out = (struct mv_evaluation){0};
    if (status == MV_OK)
        status = read_metrics(json, &out->all);
    if (status == MV_OK)
        status = read_parity(json, &out->family[MV_FAMILY_LANGUAGE]);
    if (status == MV_OK)
        status = read_curve(json, out);
    if (status == MV_OK)
        status = open_member(json[3], json[0], "languages");
    while (status == MV_OK && out->parts < MV_LANG_COUNT &&
           (code = mv_json_key(json[3], out->parts))) {
        out->part[out->parts].language = mv_lang_parse(code);
        status = open_member(json[0], json[3], code);
        if (status == MV_OK)
            status = read_metrics(json, &out->part[out->parts].metrics);
        out->parts++;
    }
    return status;
}

/* --- the record ------------------------------------------------------------
 */

static enum mv_threshold_basis get_basis(struct mv_json *json, const char *key)
{
    struct mv_span text = {0};

    if (mv_json_get(json, key, &text) != MV_OK)
        return MV_THRESHOLD_MET;
    if (mv_span_equal(text, mv_span_of("thin")))
        return MV_THRESHOLD_THIN;
    return mv_span_equal(text, mv_span_of("unreachable"))
               ? MV_THRESHOLD_UNREACHABLE
               : MV_THRESHOLD_MET;
}

static enum mv_status read_thresholds(struct mv_json **json,
                                      struct mv_thresholds *t)
{
    enum mv_status status = open_member(json[1], json[0], "thresholds");

    t->low = get_real(json[1], "low");
    t->forced = get_real(json[1], "forced");
    t->purpose = get_real(json[1], "purpose");
    t->mcc = NAN;
    t->purpose_basis = get_basis(json[1], "purpose_basis");
    t->precision = get_interval(json[1], "precision", json[2], &status);
    t->selected = get_count(json[1], "selected");
    t->more_labels = get_real(json[1], "more_labels") < 0
                         ? -1
                         : get_count(json[1], "more_labels");
    t->low_basis = get_basis(json[1], "low_basis");
    t->missed = get_interval(json[1], "missed", json[2], &status);
    return status;
}

static enum mv_status read_record(struct mv_json **json, const char *text,
                                  struct mv_fit_record *out)
{
    enum mv_status status = open_text(json[0], mv_span_of(text));
    struct mv_span seed = {0};

    *out = (struct mv_fit_record){0};
    if (status != MV_OK)
        return status;
    /* A double would not hold all of its digits. */
    if (mv_json_get(json[0], "seed", &seed) == MV_OK && seed.at)
        out->seed = strtoull(seed.at, NULL, 10);
    out->examples = (uint32_t)get_count(json[0], "examples");
    out->positives = (uint32_t)get_count(json[0], "positives");
    out->groups = (uint32_t)get_count(json[0], "groups");
    out->folds = (uint32_t)get_count(json[0], "folds");
    out->repeats = (uint32_t)get_count(json[0], "repeats");
    out->n_trials = (uint32_t)get_count(json[0], "settings_tried");
    out->c = get_real(json[0], "c");
    out->positive_weight = get_real(json[0], "positive_weight");
    out->own = (uint32_t)get_count(json[0], "own");
    out->own_weight = out->own ? get_real(json[0], "own_weight") : 0;
    out->target_precision = get_real(json[0], "target_precision");
    status = read_thresholds(json, &out->thresholds);
    if (status == MV_OK)
        status = open_member(json[1], json[0], "example_languages");
    for (int l = 0; status == MV_OK && l < MV_LANG_COUNT; l++)
        out->languages[l] =
            (uint32_t)get_count(json[1], mv_lang_name((enum mv_language)l));
    return status;
}

enum mv_status mv_report_read_model(const struct mv_model_row *model,
                                    struct mv_fit_record *record,
                                    struct mv_evaluation *figures)
{
    struct mv_json *json[4];
    enum mv_status status = MV_OK;

    for (int i = 0; i < 4; i++)
        if (!(json[i] = mv_json_new()))
            status = MV_NOMEM;
    if (status == MV_OK && record)
        status = read_record(json, model->options, record);
    if (status == MV_OK && figures)
        status = read_figures(json, model->metrics, figures);
    for (int i = 0; i < 4; i++)
        mv_json_free(json[i]);
    return status;
}

enum mv_status mv_report_read_options(const struct mv_model_row *model,
                                      struct mv_fit_record *record)
{
    return mv_report_read_model(model, record, NULL);
}
