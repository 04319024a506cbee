/* The models of a database, and one of them in full. */
#include "report_text.h"

#include <string.h>

enum { HISTORY_SHOWN = 12, REASON_COLUMNS = 46 };

/* --- JSON ----------------------------------------------------------------- */

static void put_row(struct mv_page *page, const struct mv_model_row *model)
{
    struct mv_json *json = page->json;

    mv_json_put_integer(json, "id", model->id);
    mv_json_put_bool(json, "active", model->active);
    mv_report_put_time(json, "created_at", model->created_at);
    mv_report_put_path(page, "file", model->file);
    mv_json_put_text(json, "sha256", model->sha256);
    mv_json_put_text(json, "corpus", model->corpus);
    mv_json_put_integer(json, "last_label", model->last_label);
    mv_json_put_text(json, "note", model->note);
    mv_json_put_text(json, "card", model->card);
}

static void put_figures(struct mv_json *json,
                        const struct mv_fit_record *record,
                        const struct mv_evaluation *figures)
{
    mv_json_begin_object(json, "options");
    mv_report_put_record(json, record);
    mv_json_end(json);
    mv_json_begin_object(json, "out_of_fold");
    mv_report_put_metrics(json, &figures->all);
    mv_report_put_languages(json, figures);
    mv_json_put_real(json, "roc_auc", figures->all.roc_auc);
    mv_json_end(json);
}

static const char *const WAYS[] = {"by hand", "first", "passed", "forced",
                                   "back"};

/* model: whose; 0: all. */
static void put_history(struct mv_json *json,
                        const struct mv_report_registry *r, int64_t model)
{
    mv_json_begin_array(json, "activations");
    for (size_t i = 0; i < r->activations; i++) {
        const struct mv_activation *a = &r->activation[i];

        if (model && a->model != model)
            continue;
        mv_json_begin_object(json, NULL);
        mv_json_put_integer(json, "model", a->model);
        mv_report_put_time(json, "at", a->at);
        mv_report_put_time(json, "until",
                           i ? r->activation[i - 1].at : MV_NO_TIME);
        mv_json_put_text(json, "how", WAYS[a->how]);
        mv_json_put_text(json, "reason", a->reason);
        mv_json_end(json);
    }
    mv_json_end(json);
}

/* What a model has said; all 0 when nothing. */
static struct mv_verdict_count count_of(const struct mv_report_registry *r,
                                        int64_t model)
{
    for (size_t i = 0; i < r->verdicts; i++)
        if (r->verdict[i].model == model)
            return r->verdict[i];
    return (struct mv_verdict_count){
        .model = model, .first_at = MV_NO_TIME, .last_at = MV_NO_TIME};
}

static void put_verdicts(struct mv_json *json,
                         const struct mv_verdict_count *count)
{
    mv_json_begin_object(json, "verdicts");
    for (int v = 0; v < 4; v++)
        mv_json_put_integer(json, mv_verdict_name((enum mv_verdict)v),
                            count->verdict[v]);
    mv_report_put_time(json, "first_at", count->first_at);
    mv_report_put_time(json, "last_at", count->last_at);
    mv_json_end(json);
}

/* --- which was live when -------------------------------------------------- */

static void say_history(struct mv_page *page,
                        const struct mv_report_registry *r, int64_t model)
{
    struct mv_report_table table = {.align = "llrl"};
    static const char *const HEAD[] = {"from", "until", "model", "why"};
    size_t shown = 0;

    for (size_t i = 0; i < r->activations && shown < HISTORY_SHOWN; i++) {
        const struct mv_activation *a = &r->activation[i];

        if (model && a->model != model)
            continue;
        for (int k = 0; k < 4 && shown == 0; k++)
            mv_report_cell(page, &table, HEAD[k]);
        shown++;
        mv_report_cell(page, &table, mv_report_day(page, a->at));
        mv_report_cell(page, &table,
                       i ? mv_report_day(page, r->activation[i - 1].at)
                         : "now");
        mv_report_cell(page, &table,
                       mv_report_format(page, "%lld", (long long)a->model));
        mv_report_cell(
            page, &table,
            mv_report_clean(page,
                            a->reason && *a->reason ? a->reason : WAYS[a->how],
                            REASON_COLUMNS));
    }
    if (!shown)
        return;
    mv_report_put(page, "\nLive, newest first\n");
    mv_report_table_end(page, &table, "  ");
}

/* --- the list ------------------------------------------------------------- */

static void add_row(struct mv_page *page, struct mv_report_table *table,
                    const struct mv_model_row *model,
                    const struct mv_fit_record *record,
                    const struct mv_evaluation *figures,
                    const struct mv_verdict_count *count)
{
    long judged = 0;
    const char *labels =
        record->examples
            ? mv_report_format(page, "%lu", (unsigned long)record->examples)
            : "-";

    mv_report_cell(page, table,
                   mv_report_format(page, "%lld", (long long)model->id));
    mv_report_cell(page, table, mv_report_day(page, model->created_at));
    mv_report_cell(page, table, labels);
    mv_report_cell(page, table,
                   mv_report_interval(page, figures->all.unsure.precision));
    mv_report_cell(page, table,
                   mv_report_interval(page, figures->all.unsure.recall));
    for (int v = 0; v < 4; v++)
        judged += count->verdict[v];
    mv_report_cell(page, table, mv_report_format(page, "%ld", judged));
    mv_report_cell(page, table, model->active ? "active" : "");
}

static enum mv_status add_models(struct mv_page *page,
                                 struct mv_report_table *table,
                                 const struct mv_report_registry *r)
{
    enum mv_status status = MV_OK;

    mv_json_begin_array(page->json, "models");
    for (size_t i = 0; status == MV_OK && i < r->models; i++) {
        struct mv_verdict_count count = count_of(r, r->model[i].id);
        struct mv_fit_record record;
        struct mv_evaluation figures;

        status = mv_report_read_model(&r->model[i], &record, &figures);
        if (status != MV_OK)
            break;
        mv_json_begin_object(page->json, NULL);
        put_row(page, &r->model[i]);
        put_figures(page->json, &record, &figures);
        put_verdicts(page->json, &count);
        mv_json_end(page->json);
        add_row(page, table, &r->model[i], &record, &figures, &count);
    }
    mv_json_end(page->json);
    return status;
}

enum mv_status mv_report_models(struct mv_page *page,
                                const struct mv_report_registry *registry)
{
    static const char *const HEAD[] = {
        "model", "trained", "labels", "precision", "recall", "judged", ""};
    struct mv_report_table table = {.align = "rlrllrl"};
    size_t n = registry->models;
    enum mv_status status;

    for (size_t i = 0; i < 7; i++)
        mv_report_cell(page, &table, HEAD[i]);
    mv_json_begin_object(page->json, NULL);
    status = add_models(page, &table, registry);
    put_history(page->json, registry, 0);
    mv_json_end(page->json);
    if (n == 0)
        table.n = 0;
    mv_report_table_end(page, &table, "");
    say_history(page, registry, 0);
    if (n == 0)
        mv_report_put(page, "No model has been trained yet.\n\n"
                            "Next: motivo train\n");
    else
        mv_report_put(page, "\n");
    if (n)
        mv_report_say(page, "",
                      "Precision: how many of those that it calls purpose "
                      "are. Recall: how many of all purposes it calls so. Both "
                      "on messages that it had not seen. Judged: messages of "
                      "yours. One model in full: motivo models show N");
    return status == MV_OK ? mv_report_finish(page) : status;
}

/* --- one model ------------------------------------------------------------ */

static void say_verdicts(struct mv_page *page,
                         const struct mv_verdict_count *count)
{
    const long *n = count->verdict;
    const char *when = "";

    if (count->last_at != MV_NO_TIME)
        when = mv_report_format(page, " (last on %s)",
                                mv_report_day(page, count->last_at));
    mv_report_put(page, "\n");
    mv_report_say(page, "",
                  "Verdicts that it gave: %ld purpose, %ld unsure, %ld "
                  "no-purpose, %ld no-note%s.",
                  n[MV_VERDICT_PURPOSE], n[MV_VERDICT_UNSURE],
                  n[MV_VERDICT_NO_PURPOSE], n[MV_VERDICT_NO_NOTE], when);
}

static void say_model(struct mv_page *page, const struct mv_model_row *model)
{
    mv_report_put(page, "Model %lld, trained on %s%s\n", (long long)model->id,
                  mv_report_day(page, model->created_at),
                  model->active ? ", active" : "");
    if (model->note && *model->note)
        mv_report_say(page, "", "%s", mv_report_clean(page, model->note, 0));
    mv_report_put(page, "File %s\n", mv_report_clean(page, model->file, 0));
    mv_report_put(page, "SHA-256 %s\n",
                  mv_report_clean(page, model->sha256, 0));
}

enum mv_status mv_report_model(struct mv_page *page,
                               const struct mv_model_row *model,
                               const struct mv_report_registry *registry)
{
    struct mv_verdict_count count = count_of(registry, model->id);
    struct mv_json *json = page->json;
    struct mv_fit_record record;
    struct mv_evaluation figures;
    enum mv_status status = mv_report_read_model(model, &record, &figures);

    if (status != MV_OK)
        return status;
    mv_json_begin_object(json, NULL);
    put_row(page, model);
    put_figures(json, &record, &figures);
    put_verdicts(json, &count);
    put_history(json, registry, model->id);
    mv_json_end(json);
    say_model(page, model);
    if (record.examples) {
        mv_report_put(page, "\n");
        mv_report_say_record(page, &record);
        mv_report_put(page, "\nOn messages that it had not seen\n\n");
        mv_report_say_evaluation(page, &figures);
    }
    say_verdicts(page, &count);
    say_history(page, registry, model->id);
    return mv_report_finish(page);
}
