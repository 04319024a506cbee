#include "report_fixture.h"

static const char MODELS_TEXT[] =
    "model  trained     labels  precision         recall            judged\n"
    "    2  2026-02-09     600  0.96 (0.92-0.98)  0.76 (0.69-0.81)       0  "
    "active\n"
    "\n"
    "Precision: how many of those that it calls purpose are. Recall: how many "
    "of all\n"
    "purposes it calls so. Both on messages that it had not seen. Judged: "
    "messages\n"
    "of yours. One model in full: motivo models show N\n";

static void test_models(void)
{
    struct mv_buffer options = {0}, metrics = {0};
    struct mv_model_row models[] = {{.id = 1,
                                     .file = "1.mv",
                                     .options = "{}",
                                     .metrics = "{}",
                                     .created_at = MV_NO_TIME},
                                    fixture_model(&options, &metrics)};
    struct mv_page *page = open_page();

    TEST("models: the list")
    {
        EQ(mv_report_models(
               page,
               &(struct mv_report_registry){models + 1, 1, NULL, 0, NULL, 0}),
           MV_OK);
        STR(page->text.at, MODELS_TEXT);
    }
    close_page(page);
    page = open_page();
    TEST("models: one that tells nothing of itself")
    {
        EQ(mv_report_models(
               page, &(struct mv_report_registry){models, 2, NULL, 0, NULL, 0}),
           MV_OK);
        OK(strstr(page->text.at, "    1  -                -  -"));
    }
    close_page(page);
    page = open_page();
    TEST("models: none")
    {
        EQ(mv_report_models(page, &(struct mv_report_registry){0}), MV_OK);
        STR(page->text.at,
            "No model has been trained yet.\n\nNext: motivo train\n");
    }
    close_page(page);
    mv_buffer_release(&options);
    mv_buffer_release(&metrics);
}

static const char MODEL_TEXT[] = "Model 2, trained on 2026-02-09, active\n"
                                 "File /home/ada/models/2.mv\n"
                                 "SHA-256 00ff\n"
                                 "\n" RECORD_TEXT "\n"
                                 "On messages that it had not seen\n"
                                 "\n" EVALUATION_TEXT "\n"
                                 "Verdicts that it gave: 31 purpose, 12 "
                                 "unsure, 70 no-purpose, 334 no-note (last\n"
                                 "on 2026-02-09).\n"
                                 "\n"
                                 "Live, newest first\n"
                                 "  from        until  model  why\n"
                                 "  2026-02-09  now        2  the first "
                                 "model\n";

static void test_model(void)
{
    struct mv_buffer options = {0}, metrics = {0};
    struct mv_model_row model = fixture_model(&options, &metrics);
    struct mv_activation history[] = {
        {1, 2, 1770600107, MV_ACTIVATED_FIRST, "the first model"}};
    struct mv_verdict_count count = {
        2, {70, 31, 12, 334}, 1770600107, 1770600107};
    struct mv_report_registry registry = {&model, 1, history, 1, &count, 1};
    struct mv_page *page = open_page();

    TEST("models: one in full")
    {
        EQ(mv_report_model(page, &model, &registry), MV_OK);
        STR(page->text.at, MODEL_TEXT);
        NEAR(number_of(page, "verdicts.purpose"), 31, 0);
        NEAR(number_of(page, "out_of_fold.mcc.low"), 0.811, 0);
    }
    close_page(page);
    mv_buffer_release(&options);
    mv_buffer_release(&metrics);
}

/* Nothing that the store keeps is lost on the way back. */
static void test_round_trip(void)
{
    struct mv_buffer options = {0}, metrics = {0};
    struct mv_fit_record record = fixture_record(), back;
    struct mv_evaluation figures = fixture_evaluation(), again;
    struct mv_model_row model = {0};

    record.seed = UINT64_MAX;
    record.thresholds.purpose_basis = MV_THRESHOLD_UNREACHABLE;
    record.thresholds.low_basis = MV_THRESHOLD_THIN;
    record.thresholds.more_labels = -1;
    TEST("what was stored of a model comes back")
    {
        figures.family[MV_FAMILY_LANGUAGE] = (struct mv_groups){
            .n = 1,
            .p_recall = 0.01,
            .differs = true,
            .group = {{"mixed", 30, 10, 3, 0, INTERVAL(.77, .59, .88),
                       INTERVAL(1, .44, 1), INTERVAL(.3, .11, .6),
                       INTERVAL(0, 0, .16)}}};
        figures.curve[0] = (struct mv_learnt){120, INTERVAL(.6, .5, .7)};
        figures.curve[1] = (struct mv_learnt){480, INTERVAL(.8, .7, .9)};
        figures.n_curve = 2;
        EQ(mv_report_model_json(&record, &figures, &options, &metrics), MV_OK);
        OK(!strchr(options.at, '\n') && !strchr(metrics.at, '\n'));
        model.options = options.at;
        model.metrics = metrics.at;
        EQ(mv_report_read_model(&model, &back, &again), MV_OK);
        OK(back.seed == UINT64_MAX);
        EQ(back.examples, 600);
        EQ(back.groups, 585);
        EQ(back.n_trials, 2);
        EQ(back.languages[MV_LANG_EN], 200);
        NEAR(back.thresholds.purpose, 0.81, 0);
        NEAR(back.thresholds.missed.high, 0.094, 0);
        EQ(back.thresholds.purpose_basis, MV_THRESHOLD_UNREACHABLE);
        EQ(back.thresholds.low_basis, MV_THRESHOLD_THIN);
        EQ(back.thresholds.more_labels, -1);
        EQ(again.parts, 2);
        EQ(again.part[1].language, MV_LANG_EN);
        EQ(again.part[0].metrics.confusion.tn, 376);
        NEAR(again.part[0].metrics.roc_auc, 0.978, 0);
        NEAR(again.part[1].metrics.mcc.low, -0.11, 0);
        OK(isnan(again.part[1].metrics.precision.value));
        NEAR(again.all.unsure.missed.low, 0.016, 0);
        EQ(again.n_curve, 2);
        EQ(again.curve[1].labels, 480);
        NEAR(again.curve[0].mcc.high, .7, 0);
        EQ(again.family[MV_FAMILY_LANGUAGE].n, 1);
        OK(again.family[MV_FAMILY_LANGUAGE].differs);
        NEAR(again.family[MV_FAMILY_LANGUAGE].p_recall, 0.01, 0);
        STR(again.family[MV_FAMILY_LANGUAGE].group[0].name, "mixed");
        EQ(again.family[MV_FAMILY_LANGUAGE].group[0].purposes, 10);
        NEAR(again.family[MV_FAMILY_LANGUAGE].group[0].recall.high, .6, 0);
    }
    mv_buffer_release(&options);
    mv_buffer_release(&metrics);
}

int main(void)
{
    test_models();
    test_model();
    test_round_trip();
    return test_end();
}
