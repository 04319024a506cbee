/* The models of a database, and one of them in full. */
#include "report_text.h"

#include <string.h>

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

static void put_history(struct mv_json *json,
                        const struct mv_activation *history, size_t n)
{
    mv_json_begin_array(json, "activations");
    for (size_t i = 0; i < n; i++) {
        mv_json_begin_object(json, NULL);
        mv_json_put_integer(json, "model", history[i].model);
        mv_report_put_time(json, "at", history[i].at);
        mv_json_put_text(json, "reason", history[i].reason);
        mv_json_end(json);
    }
    mv_json_end(json);
}

/* --- the list ------------------------------------------------------------- */

static void add_row(struct mv_page *page, struct mv_report_table *table,
                    const struct mv_model_row *model,
                    const struct mv_fit_record *record,
                    const struct mv_evaluation *figures)
{
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
    mv_report_cell(page, table, model->active ? "active" : "");
}

static enum mv_status add_models(struct mv_page *page,
                                 struct mv_report_table *table,
                                 const struct mv_model_row *models, size_t n)
{
    enum mv_status status = MV_OK;

    mv_json_begin_array(page->json, "models");
    for (size_t i = 0; status == MV_OK && i < n; i++) {
        struct mv_fit_record record;
        struct mv_evaluation figures;

        status = mv_report_read_model(&models[i], &record, &figures);
        if (status != MV_OK)
            break;
        mv_json_begin_object(page->json, NULL);
        put_row(page, &models[i]);
        put_figures(page->json, &record, &figures);
        mv_json_end(page->json);
        add_row(page, table, &models[i], &record, &figures);
    }
    mv_json_end(page->json);
    return status;
}

enum mv_status mv_report_models(struct mv_page *page,
                                const struct mv_model_row *models, size_t n)
{
    static const char *const HEAD[] = {"model",     "trained", "labels",
                                       "precision", "recall",  ""};
    struct mv_report_table table = {.align = "rlrlll"};
    enum mv_status status;

    for (size_t i = 0; i < 6; i++)
        mv_report_cell(page, &table, HEAD[i]);
    mv_json_begin_object(page->json, NULL);
    status = add_models(page, &table, models, n);
    mv_json_end(page->json);
    if (n == 0)
        table.n = 0;
    mv_report_table_end(page, &table, "");
    if (n == 0)
        mv_report_put(page, "No model has been trained yet.\n\n"
                            "Next: motivo train\n");
    else
        mv_report_put(page, "\n");
    if (n)
        mv_report_say(page, "",
                      "Precision: how many of those that it calls purpose "
                      "are. Recall: how many of all purposes it calls so. Both "
                      "on messages that it had not seen. One model in full: "
                      "motivo models show N");
    return status == MV_OK ? mv_report_finish(page) : status;
}

/* --- one model ------------------------------------------------------------ */

static void say_verdicts(struct mv_page *page, const long verdicts[4])
{
    mv_report_put(page, "\n");
    mv_report_say(page, "",
                  "Verdicts that it gave: %ld purpose, %ld unsure, %ld "
                  "no-purpose, %ld no-note.",
                  verdicts[MV_VERDICT_PURPOSE], verdicts[MV_VERDICT_UNSURE],
                  verdicts[MV_VERDICT_NO_PURPOSE],
                  verdicts[MV_VERDICT_NO_NOTE]);
}

static void say_history(struct mv_page *page,
                        const struct mv_activation *history, size_t n)
{
    struct mv_report_table table = {.align = "lll"};

    if (!n)
        return;
    mv_report_put(page, "\nMade the active one, newest first\n");
    for (size_t i = 0; i < n; i++) {
        mv_report_cell(page, &table, mv_report_day(page, history[i].at));
        mv_report_cell(
            page, &table,
            mv_report_format(page, "model %lld", (long long)history[i].model));
        mv_report_cell(page, &table,
                       mv_report_clean(page, history[i].reason, 50));
    }
    mv_report_table_end(page, &table, "  ");
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
                               const struct mv_activation *history, size_t n,
                               const long verdicts[4])
{
    struct mv_json *json = page->json;
    struct mv_fit_record record;
    struct mv_evaluation figures;
    enum mv_status status = mv_report_read_model(model, &record, &figures);

    if (status != MV_OK)
        return status;
    mv_json_begin_object(json, NULL);
    put_row(page, model);
    put_figures(json, &record, &figures);
    mv_json_begin_object(json, "verdicts");
    for (int v = 0; v < 4; v++)
        mv_json_put_integer(json, mv_verdict_name((enum mv_verdict)v),
                            verdicts[v]);
    mv_json_end(json);
    put_history(json, history, n);
    mv_json_end(json);
    say_model(page, model);
    if (record.examples) {
        mv_report_put(page, "\n");
        mv_report_say_record(page, &record);
        mv_report_put(page, "\nOn messages that it had not seen\n\n");
        mv_report_say_evaluation(page, &figures);
    }
    say_verdicts(page, verdicts);
    say_history(page, history, n);
    return mv_report_finish(page);
}
