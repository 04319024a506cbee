#include "report_fixture.h"

/* --- import --------------------------------------------------------------- */

static const char IMPORT_TEXT[] =
    "Import of Basic_LinkedInDataExport.zip\n"
    "\n"
    "  file             content                     rows  new  known  skipped\n"
    "  Connections.csv  connections                    0    0      0        0\n"
    "  Invitations.csv  invitations (Windows-1252)   400  390      7        3\n"
    "  messages.csv     messages (UTF-16LE)         3120  487      0        0\n"
    "  total                                        3520  877      7        3\n"
    "\n"
    "Connections.csv\n"
    "  No row: the file holds nothing but its header.\n"
    "\n"
    "Invitations.csv\n"
    "  Skipped, because they can not be used:\n"
    "      2  Sent At is not of the form M/D/YY, h:mm AM (lines 14, 88)\n"
    "      1  hidden or closed account: no name and no URL (line 301)\n"
    "  Read, but worth a look:\n"
    "      7  not UTF-8: read as Windows-1252 (lines 2, 3, 4, 5, 6 and more)\n"
    "      2  left alone: several invitations that are here have the same name "
    "and\n"
    "         time\n"
    "\n"
    "messages.csv\n"
    "  Its rows belong to 402 conversations; new and known count those, and "
    "the\n"
    "  first messages by new contacts (85), which are kept as invitations.\n"
    "\n"
    "877 new, 7 here before, 3 skipped.\n";

static void test_import(void)
{
    struct mv_tally invitations = {
        .dialect = "invitations",
        .read = 400,
        .kept = 397,
        .skipped = 3,
        .invites = 397,
        .skips = {{"Sent At is not of the form M/D/YY, h:mm AM", 2, {14, 88}},
                  {"hidden or closed account: no name and no URL", 1, {301}}},
        .warnings = {{"not UTF-8: read as Windows-1252", 7, {2, 3, 4, 5, 6}}},
    };
    struct mv_tally connections = {.dialect = "connections"};
    struct mv_tally messages = {.dialect = "messages",
                                .read = 3120,
                                .kept = 3120,
                                .invites = 85,
                                .threads = 402};
    struct mv_report_file files[] = {
        {"Connections.csv", NULL, &connections, 0, 0, 0},
        {"Invitations.csv", "Windows-1252", &invitations, 390, 7, 2},
        {"messages.csv", "UTF-16LE", &messages, 487, 0, 0},
    };
    struct mv_page *page = open_page();

    TEST("import: what was read, what was not, and why")
    {
        EQ(mv_report_import(page, "Basic_LinkedInDataExport.zip", files, 3),
           MV_OK);
        STR(page->text.at, IMPORT_TEXT);
        NEAR(number_of(page, "total.read"), 3520, 0);
        NEAR(number_of(page, "total.new"), 877, 0);
        NEAR(number_of(page, "total.ambiguous"), 2, 0);
    }
    close_page(page);
}

static void test_import_edges(void)
{
    struct mv_tally tally = {.read = 2, .kept = 2, .invites = 2};
    struct mv_report_file file = {"in\xff\x1b.csv", "UTF-8", &tally, 0, 2, 0};
    struct mv_buffer buffer = {0};
    struct mv_page *page = open_page();

    TEST("import: nothing new, a name that is not UTF-8")
    {
        EQ(mv_report_import(page, "a\xff/b", &file, 1), MV_OK);
        STR(page->text.at,
            "Import of a\ufffd/b\n\n"
            "  file      content  rows  new  known  skipped\n"
            "  in\ufffd\ufffd.csv  -           2    0      2        0\n"
            "  total                 2    0      2        0\n\n"
            "Nothing new: all of it was here before.\n");
        OK(strstr(json_of(page, &buffer), "{\"path\":\"a\ufffd/b\""));
        OK(strstr(buffer.at, "\"dialect\":null"));
    }
    close_page(page);
    page = open_page();
    TEST("import: no file at all")
    {
        EQ(mv_report_import(page, "folder", NULL, 0), MV_OK);
        STR(page->text.at, "Import of folder\n\n\nNothing was in there: no row "
                           "in any file.\n");
        OK(strstr(json_of(page, &buffer), "\"files\":[]"));
    }
    close_page(page);
    mv_buffer_release(&buffer);
}

/* --- evaluation ----------------------------------------------------------- */

static const char EVALUATE_TEXT[] =
    "Measured on test file 'mine.csv': 600 labelled messages, 35 % of them "
    "purpose.\n"
    "12 more are labelled unsure and left out.\n"
    "Judged by model 3.\n"
    "\n"
    "Of 100 messages that it calls purpose, 92 to 99 are.\n"
    "Of 100 messages with a purpose it finds 69 to 81 by itself; it is unsure "
    "about\n"
    "12 % of all messages, which are for you to read.\n"
    "\n" DECISIONS_TEXT;

static const char GROUPS_TEXT[] =
    "By language and by template, when forced\n"
    "                 messages  accuracy          precision         recall\n"
    "  Spanish             400  0.94 (0.91-0.95)  0.93 (0.89-0.96)  0.88 "
    "(0.83-0.92)\n"
    "  mixed                 3  -                 -                 -\n"
    "  seen template        40  0.94 (0.91-0.95)  0.93 (0.89-0.96)  0.88 "
    "(0.83-0.92)\n"
    "\n"
    "Warning: by language it does not do equally well: the share of purposes "
    "that it\n"
    "finds differs (chi-square test, p = 0.0012).\n"
    "\n" BRACKETS_TEXT;

static void add_groups(struct mv_evaluation *e)
{
    const struct mv_metrics *m = &e->all;
    struct mv_interval none = mv_stats_undefined();
    struct mv_groups *languages = &e->family[MV_FAMILY_LANGUAGE];
    struct mv_groups *templates = &e->family[MV_FAMILY_TEMPLATE];

    languages->name = "language";
    languages->n = 2;
    languages->p_recall = 0.0012;
    languages->p_alarm = 0.4;
    languages->differs = true;
    languages->group[0] = (struct mv_group){
        "es", 400, 140, 123, 9, m->accuracy, m->precision, m->recall, none};
    languages->group[1] =
        (struct mv_group){"mixed", 3, 0, 0, 0, none, none, none, none};
    templates->name = "template";
    templates->n = 1;
    templates->group[0] = languages->group[0];
    templates->group[0].name = "seen";
    templates->group[0].n = 40;
}

static void test_evaluate_groups(void)
{
    struct mv_evaluation evaluation = fixture_evaluation();
    struct mv_report_evaluation e = {"test file 'mine.csv'", "model 3", 12,
                                     &evaluation, false};
    struct mv_buffer buffer = {0};
    struct mv_page *page = open_page();

    add_groups(&evaluation);
    TEST("evaluate: groups, and a warning where they differ")
    {
        EQ(mv_report_evaluate(page, &e), MV_OK);
        OK(strstr(page->text.at, GROUPS_TEXT));
        OK(!strstr(page->text.at, "Its probabilities"));
        OK(strstr(json_of(page, &buffer),
                  "\"groups\":[{\"by\":\"language\",\"p_recall\":0.0012,"
                  "\"p_false_alarms\":0.4,\"differs\":true,\"groups\":[{"
                  "\"name\":\"es\",\"n\":400,\"purposes\":140,"));
    }
    close_page(page);
    page = open_page();
    e.details = true;
    TEST("evaluate: details")
    {
        EQ(mv_report_evaluate(page, &e), MV_OK);
        OK(strstr(page->text.at, GROUPS_TEXT));
        OK(strstr(page->text.at, "\nIts probabilities\n"));
        OK(strstr(page->text.at, "\nMessages, when forced (purpose from"));
    }
    close_page(page);
    mv_buffer_release(&buffer);
}

static void test_evaluate(void)
{
    struct mv_evaluation evaluation = fixture_evaluation();
    struct mv_report_evaluation e = {"test file 'mine.csv'", "model 3", 12,
                                     &evaluation, false};
    struct mv_buffer buffer = {0};
    struct mv_page *page = open_page();
    const char *json;

    TEST("evaluate: words")
    {
        EQ(mv_report_evaluate(page, &e), MV_OK);
        OK(strstr(page->text.at, EVALUATE_TEXT) == page->text.at);
        OK(strstr(page->text.at, "perfect\n\n" BRACKETS_TEXT));
    }
    TEST("evaluate: the keys that programs rely on")
    {
        json = json_of(page, &buffer);
        OK(strstr(json,
                  "{\"n\":600,\"prevalence\":0.35,\"threshold\":0.47,"
                  "\"confusion\":{\"tp\":185,\"fp\":14,\"fn\":25,\"tn\":376},"
                  "\"accuracy\":{\"value\":0.935,\"low\":0.912,"
                  "\"high\":0.952},\"precision\":{\"value\":0.93,"
                  "\"low\":0.886,\"high\":0.957},\"recall\":{") == json);
        OK(strstr(json, "\"average_precision\":0.967,\"brier\":0.051,"
                        "\"ece\":0.024,\"unsure\":{\"share\":0.12,"
                        "\"precision\":{\"value\":0.964,\"low\":0.922,"
                        "\"high\":0.983},\"recall\":{\"value\":0.757,"));
        OK(strstr(json, "\"languages\":[{\"language\":\"es\",\"n\":400,"));
        OK(strstr(json, "{\"language\":\"en\",\"n\":200,"));
        OK(strstr(json, "\"precision\":{\"value\":null,\"low\":null,"
                        "\"high\":null}"));
        OK(strstr(json, "\"basis\":\"test file 'mine.csv'\","
                        "\"model\":\"model 3\",\"left_out\":12,"
                        "\"no_note\":0,\"roc_auc\":0.978,"
                        "\"intervals\":{"));
        NEAR(number_of(page, "unsure.precision.low"), 0.922, 0);
        NEAR(number_of(page, "unsure.share"), 0.12, 0);
        NEAR(number_of(page, "mcc.high"), 0.894, 0);
    }
    close_page(page);
    mv_buffer_release(&buffer);
}

static void test_evaluate_undefined(void)
{
    struct mv_evaluation evaluation = {.no_note = 1};
    struct mv_report_evaluation e = {"nested cross-validation of 1 label", NULL,
                                     0, &evaluation, true};
    struct mv_interval none = mv_stats_undefined();
    struct mv_metrics *m = &evaluation.all;
    struct mv_page *page = open_page();

    m->n = 1;
    m->prevalence = m->threshold = m->brier = m->ece = m->roc_auc = NAN;
    m->accuracy = m->precision = m->recall = m->f1 = m->mcc = none;
    m->average_precision = m->unsure.share = m->unsure.precision = none;
    m->brier_range = m->ece_range = none;
    m->unsure.recall = m->unsure.missed = none;
    TEST("evaluate: nothing can be computed")
    {
        EQ(mv_report_evaluate(page, &e), MV_OK);
        OK(strstr(page->text.at, "of 1 label: 1 labelled message.\n"
                                 "1 of them is empty and counted as turned "
                                 "down.\n"));
        OK(strstr(page->text.at, "\nIt called no message purpose.\n"));
        OK(strstr(page->text.at, "  better than guessing        -  MCC"));
        OK(strstr(page->text.at, "\nMessages, when forced\n"));
        OK(strstr(page->text.at, "  squared error                 -  Brier"));
        OK(!strstr(page->text.at, "nan"));
        OK(!strstr(page->text.at, "By language"));
        EQ(number_of(page, "precision"), -999);
    }
    close_page(page);
}

/* --- training ------------------------------------------------------------- */

static const char TRAIN_TEXT[] =
    "Model 3 is trained and active.\n"
    "\n" RECORD_TEXT "\n"
    "How well it does\n"
    "Every message was judged by a model trained without it (\"out of fold\"). "
    "The\n"
    "settings were chosen on the same messages, so expect a little less.\n"
    "\n" EVALUATION_TEXT "\n"
    "Model file: /home/ada/models/3.mv\n"
    "\n"
    "Next: motivo score\n"
    "      judge the invitations with it\n";

static void test_train(void)
{
    struct mv_evaluation evaluation = fixture_evaluation();
    struct mv_fit_record record = fixture_record();
    struct mv_report_training t = {3,           "/home/ada/models/3.mv",
                                   true,        &record,
                                   &evaluation, 3.2,
                                   NULL,        false,
                                   0,           0};
    struct mv_buffer buffer = {0};
    struct mv_page *page = open_page();

    TEST("train: what was learnt and how well")
    {
        EQ(mv_report_train(page, &t), MV_OK);
        STR(page->text.at, TRAIN_TEXT);
        NEAR(number_of(page, "id"), 3, 0);
        NEAR(number_of(page, "seconds"), 3.2, 0);
        NEAR(number_of(page, "example_languages.es"), 400, 0);
        NEAR(number_of(page, "thresholds.precision.low"), 0.907, 0);
        NEAR(number_of(page, "out_of_fold.mcc"), 0.856, 0);
        OK(strstr(json_of(page, &buffer),
                  "\"corpus\":\"ab010000000000000000000000000000"
                  "00000000000000000000000000000000\""));
        OK(strstr(buffer.at, "\"trials\":[{\"c\":0.25,\"positive_weight\":1.5,"
                             "\"mcc\":0.875},{"));
    }
    close_page(page);
    mv_buffer_release(&buffer);
}

static void test_train_shortfall(void)
{
    struct mv_evaluation evaluation = fixture_evaluation();
    struct mv_fit_record record = fixture_record();
    struct mv_report_training t = {4, "4.mv", false, &record, &evaluation,
                                   1, NULL,   false, 0,       0};
    struct mv_page *page = open_page();

    record.thresholds.purpose_basis = MV_THRESHOLD_THIN;
    record.thresholds.more_labels = 120;
    record.thresholds.low_basis = MV_THRESHOLD_THIN;
    record.groups = record.examples;
    TEST("train: too few labels, and a candidate")
    {
        EQ(mv_report_train(page, &t), MV_OK);
        OK(strstr(page->text.at, "Model 4 is trained, as a candidate.\n\n"));
        OK(strstr(page->text.at, "  no-purpose  below 0.34\n"));
        OK(strstr(page->text.at,
                  "\nThe 90 % that you asked for can not be promised yet:"));
        OK(strstr(page->text.at, "About 120 more labels would"));
        OK(!strstr(page->text.at, "near-copies"));
        OK(strstr(page->text.at, "\nNext: motivo models activate 4\n"));
    }
    close_page(page);
    page = open_page();
    record.thresholds.purpose_basis = MV_THRESHOLD_UNREACHABLE;
    record.thresholds.more_labels = -1;
    record.thresholds.precision = mv_stats_undefined();
    record.seed = UINT64_MAX;
    record.thresholds.low = record.thresholds.purpose;
    TEST("train: out of reach")
    {
        struct mv_buffer buffer = {0};

        EQ(mv_report_train(page, &t), MV_OK);
        OK(strstr(page->text.at, "\nThe 90 % that you asked for is out of "
                                 "reach:"));
        OK(strstr(page->text.at, "  purpose     from 0.81 on\n"
                                 "  unsure      only in languages that"));
        NEAR(number_of(page, "thresholds.more_labels"), -1, 0);
        OK(strstr(json_of(page, &buffer), "\"seed\":\"18446744073709551615\""));
        mv_buffer_release(&buffer);
    }
    close_page(page);
}

int main(void)
{
    test_import();
    test_import_edges();
    test_evaluate();
    test_evaluate_groups();
    test_evaluate_undefined();
    test_train();
    test_train_shortfall();
    return test_end();
}
