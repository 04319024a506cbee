#include "report_fixture.h"

static const char *const MESSAGE =
    "Hola Ana, vi tu charla sobre faros. Saludos";

/* --- one message ---------------------------------------------------------- */

static const char EXPLAIN_TEXT[] =
    "purpose: this one deserves an answer\n"
    "Probability of a purpose 0.93, language Spanish.\n"
    "The model says purpose from 0.81 on and no-purpose below 0.34.\n"
    "Because of: vi tu charla | faros\n"
    "\n"
    "What each piece adds (+ speaks for a purpose, - against)\n"
    "    -0.41  Hola Ana,\n"
    "    +1.90  vi tu charla sobre faros\n"
    "    -0.65  . Saludos\n"
    "    -0.10  (where every message starts)\n"
    "    +0.74  in all\n";

static void test_explain(void)
{
    const struct mv_part parts[] = {{0, 4, -.31}, {5, 8, 0},     {8, 9, -.1},
                                    {10, 12, .5}, {13, 15, .25}, {16, 22, .75},
                                    {23, 28, 0},  {29, 34, .4},  {34, 35, -.05},
                                    {36, 43, -.6}};
    struct mv_thresholds thresholds = fixture_record().thresholds;
    struct mv_opinion opinion = {MV_VERDICT_PURPOSE, true, false,
                                 MV_LANG_ES,         .74,  .93};
    struct mv_report_explanation e = {.message = mv_span_of(MESSAGE),
                                      .opinion = &opinion,
                                      .thresholds = &thresholds,
                                      .parts = parts,
                                      .n = 10,
                                      .constant = -.1,
                                      .reason = "vi tu charla | faros"};
    struct mv_buffer buffer = {0};
    struct mv_page *page = open_page();

    TEST("explain: pieces of one sign are joined, and sum to the score")
    {
        EQ(mv_report_explain(page, &e), MV_OK);
        STR(page->text.at, EXPLAIN_TEXT);
        OK(strstr(json_of(page, &buffer),
                  "{\"verdict\":\"purpose\",\"probability\":0.93,"
                  "\"score\":0.74,\"language\":\"es\",\"action\":\"reply\","
                  "\"reason\":\"vi tu charla | faros\",\"thresholds\":{") ==
           buffer.at);
        OK(strstr(buffer.at, "\"parts\":[{\"text\":\"Hola\",\"from\":0,"
                             "\"to\":4,\"adds\":-0.31},"));
    }
    close_page(page);
    mv_buffer_release(&buffer);
}

static const char *explain_text(struct mv_page *page,
                                const struct mv_opinion *opinion)
{
    static const struct mv_part PART = {0, 4, 0};
    struct mv_thresholds thresholds = fixture_record().thresholds;
    struct mv_report_explanation e = {.message = mv_span_of("Hola"),
                                      .opinion = opinion,
                                      .thresholds = &thresholds,
                                      .parts = &PART,
                                      .n = 1,
                                      .reason = ""};

    EQ(mv_report_explain(page, &e), MV_OK);
    return page->text.at;
}

static void test_explain_exceptions(void)
{
    struct mv_opinion opinion = {MV_VERDICT_NO_NOTE, false, false,
                                 MV_LANG_UND,        NAN,   NAN};
    struct mv_page *page = open_page();

    TEST("explain: no message")
    {
        STR(explain_text(page, &opinion),
            "no-note: there is no message to judge\n");
        EQ(number_of(page, "score"), -999);
    }
    close_page(page);
    page = open_page();
    opinion =
        (struct mv_opinion){MV_VERDICT_UNSURE, true, false, MV_LANG_FR, 1, .97};
    TEST("explain: unsure of a language in spite of the probability")
    {
        OK(strstr(explain_text(page, &opinion),
                  "\nThe model has learnt from too few messages in this "
                  "language"));
    }
    close_page(page);
    page = open_page();
    opinion.probability = 0.5;
    TEST("explain: unsure for its probability")
    {
        OK(!strstr(explain_text(page, &opinion), "too few messages"));
    }
    close_page(page);
    page = open_page();
    opinion = (struct mv_opinion){
        MV_VERDICT_NO_PURPOSE, false, true, MV_LANG_ES, -9, 0};
    TEST("explain: LinkedIn's own text")
    {
        OK(strstr(explain_text(page, &opinion), "\nThis is the text that "
                                                "LinkedIn itself puts in"));
    }
    close_page(page);
}

/* --- triage --------------------------------------------------------------- */

static const char TRIAGE_TEXT[] =
    "362 invitations wait, and 85 contacts have opened a conversation.\n"
    "31 state a purpose (in all between 29 and 44, after correction): answer "
    "these;\n"
    "at 10 a week that takes 4 weeks.\n"
    "12 need your eye. Accept the other 404 without a word.\n"
    "Of 100 that motivo calls purposeful, 88 to 97 are.\n"
    "Of 100 that state a purpose it finds 70 to 87 by itself; the others are "
    "under\n"
    "Review, or accepted. (Measured on: training labels, out of fold.)\n"
    "\n"
    "Answer (1 of 31, most certain first; all: motivo report --limit 0)\n"
    "     12  Ana Pérez                 2026-02-09  Spanish       97%  was "
    "useful\n"
    "         Hola Ana, vi tu charla sobre faros. Saludos\n"
    "         because of: vi tu charla | faros\n"
    "\n"
    "Review (1 of 12, closest to a purpose first; all: motivo report --limit "
    "0)\n"
    "     13  Bob �[31m Li              -           English       50%  first "
    "message\n"
    "         Hello I saw your talk in Lugo about lighthouses and I would like "
    "to a…\n"
    "\n"
    "Was a contact useful? Say so by number: motivo useful ID yes (or no).\n"
    "\n"
    "How far to trust this\n"
    "\n"
    "  figure     value (95% range)  what it is\n"
    "  precision  0.94 (0.88–0.97)   true ones among those called purpose "
    "(training\n"
    "                                labels, out of fold)\n"
    "  recall     0.80 (0.70–0.87)   of all purposes, those called purpose\n"
    "  two-way    0.30 (0.26–0.33)   contacts with whom both sides wrote: 240 "
    "of 812\n"
    "\n"
    "Model 2, trained on 2026-02-09, learnt from 600 labelled messages: 210 "
    "with a\n"
    "purpose, 390 without (Spanish 400, English 200).\n"
    "In brackets: the range that holds the true figure in 95 of 100 such\n"
    "measurements. \"Out of fold\": each message was judged by a model trained "
    "without\n"
    "it.\n"
    "\n"
    "Next: motivo label\n"
    "      settle what is under Review, one key each, then train again: "
    "motivo\n"
    "      learns most there\n";

static void test_triage(void)
{
    struct mv_buffer options = {0}, metrics = {0}, buffer = {0};
    struct mv_model_row model = fixture_model(&options, &metrics);
    struct mv_counts counts = fixture_counts();
    struct mv_report_triage t = fixture_triage(&counts, &model);
    struct mv_page *page = open_page();

    TEST("triage: whom to answer, and how far to trust it")
    {
        EQ(mv_report_triage(page, &t, MV_REPORT_TEXT, MV_TONGUE_EN), MV_OK);
        STR(page->text.at, TRIAGE_TEXT);
        NEAR(number_of(page, "reply.total"), 31, 0);
        NEAR(number_of(page, "counts.verdicts.no-note"), 334, 0);
        NEAR(number_of(page, "evidence.precision.low"), 0.88, 0);
        NEAR(number_of(page, "evidence.example_languages.en"), 200, 0);
        /* JSON keeps what the terminal must not see. */
        OK(strstr(json_of(page, &buffer), "\"name\":\"Bob \\u001b[31m Li\""));
        OK(strstr(buffer.at, "\"sent_at\":\"2026-02-09T01:21:47Z\""));
        OK(strstr(buffer.at, "\"url\":null,\"sent_at\":null"));
    }
    close_page(page);
    mv_buffer_release(&options);
    mv_buffer_release(&metrics);
    mv_buffer_release(&buffer);
}

static const char TRUST_TEXT[] =
    "  purposes  0.30 (0.20–0.38)   share among 120 unlabelled messages, "
    "corrected\n"
    "  counted   0.40               the same, as plainly counted\n";

static const char DRIFT_TEXT[] =
    "These messages are not like those that the model learnt from: 31% of "
    "their\n"
    "words are new to it (12% in training); 20% are in languages that it has "
    "hardly\n"
    "learnt; motivo is unsure of 60% of them (25% expected). The figures below "
    "may\n"
    "be wrong.\n"
    "\n"
    "Label these 2 first\n"
    "Say what each one is with motivo label --set ID=purpose (or "
    "ID=no-purpose),\n"
    "then train and score again: motivo learns most from these.\n"
    "     12  Hola Ana, vi tu charla sobre faros. Saludos\n";

static const char USEFUL_TEXT[] =
    "Useful contacts\n"
    "Useful: what you said of 18 contacts; of 2 more, whether both sides "
    "wrote.\n"
    "\n"
    "  verdict     useful  known  share (95% range)  lift\n"
    "  purpose          4      8  0.50 (0.21–0.79)   2.00\n"
    "  no purpose       1     12  0.08 (0.01–0.35)   0.33\n"
    "  all              5     20  0.25 (0.11–0.47)      –\n";

static struct mv_report_useful outcomes(void)
{
    struct mv_report_useful u = {
        .said = 18, .threads = 2, .sample = 7, .least = 30};

    u.all =
        (struct mv_report_outcomes){362, 20, 5, INTERVAL(.25, .11, .47), NAN};
    u.of[MV_VERDICT_PURPOSE] =
        (struct mv_report_outcomes){31, 8, 4, INTERVAL(.5, .21, .79), 2};
    u.of[MV_VERDICT_NO_PURPOSE] = (struct mv_report_outcomes){
        70, 12, 1, INTERVAL(.083, .015, .354), 1 / 3.0};
    u.estimate.share = mv_stats_undefined();
    return u;
}

/* A corrected count, or a warning instead; useful contacts. */
static void test_triage_trust(void)
{
    struct mv_interval none = mv_stats_undefined();
    struct mv_counts counts = fixture_counts();
    struct mv_buffer options = {0}, metrics = {0}, buffer = {0};
    struct mv_model_row model = fixture_model(&options, &metrics);
    struct mv_report_useful useful = outcomes();
    struct mv_report_batch batch = {.n = 120,
                                    .unseen = .31,
                                    .unseen_trained = .12,
                                    .foreign = .2,
                                    .label = FIXTURE_ROWS,
                                    .n_label = 2};
    struct mv_report_triage t = {.counts = &counts,
                                 .model = &model,
                                 .precision = none,
                                 .recall = none,
                                 .useful = none,
                                 .two_way = none,
                                 .batch = &batch,
                                 .outcomes = &useful};
    struct mv_page *page = open_page();

    batch.share.share = INTERVAL(.3, .2, .38);
    batch.share.raw = .4;
    batch.share.open = .6;
    batch.share.open_expected = .25;
    TEST("triage: the corrected number, and useful contacts")
    {
        EQ(mv_report_triage(page, &t, MV_REPORT_TEXT, MV_TONGUE_EN), MV_OK);
        OK(strstr(page->text.at, TRUST_TEXT));
        OK(strstr(page->text.at, USEFUL_TEXT));
        OK(strstr(page->text.at, "of 23 more persons"));
        OK(strstr(json_of(page, &buffer), "\"drifted\":false"));
        NEAR(number_of(page, "batch.share.corrected.low"), .2, 0);
        NEAR(number_of(page, "useful.purpose.share"), .5, 0);
        EQ(number_of(page, "useful.estimate"), -999);
    }
    close_page(page);
    page = open_page();
    batch.drift = MV_DRIFT_WORDS | MV_DRIFT_LANGUAGES | MV_DRIFT_SCORES;
    useful.sample = 40;
    useful.estimate.share = INTERVAL(.07, .03, .12);
    TEST("triage: a batch that is not like the training's")
    {
        EQ(mv_report_triage(page, &t, MV_REPORT_TEXT, MV_TONGUE_EN), MV_OK);
        OK(strstr(page->text.at, DRIFT_TEXT) == page->text.at);
        OK(!strstr(page->text.at, "corrected"));
        OK(strstr(page->text.at, "from 40 of the audit sample: 0.07"));
        OK(strstr(json_of(page, &buffer), "\"drifted\":true,\"words\":true"));
        OK(strstr(buffer.at, "\"label_first\":[{\"id\":12,"));
    }
    close_page(page);
    mv_buffer_release(&options);
    mv_buffer_release(&metrics);
    mv_buffer_release(&buffer);
}

static void test_triage_bare(void)
{
    struct mv_interval none = mv_stats_undefined();
    struct mv_counts counts = {.last_label_at = MV_NO_TIME,
                               .last_import_at = MV_NO_TIME};
    struct mv_report_triage t = {.counts = &counts,
                                 .precision = none,
                                 .recall = none,
                                 .useful = none,
                                 .two_way = none};
    struct mv_page *page = open_page();

    TEST("triage: an empty database says what to type")
    {
        EQ(mv_report_triage(page, &t, MV_REPORT_TEXT, MV_TONGUE_EN), MV_OK);
        STR(page->text.at,
            "0 invitations wait.\n"
            "Nothing has been judged yet: there is no active model.\n\n"
            "Next: motivo import FILE\n"
            "      read your invitations: FILE is the ZIP archive of your data "
            "that LinkedIn\n      gives you on request\n");
        EQ(number_of(page, "evidence.model"), -999);
    }
    close_page(page);
}

/* A model whose JSON is not ours, a person without a name, one of each. */
static void test_triage_odd(void)
{
    struct mv_interval none = mv_stats_undefined();
    struct mv_counts counts = {.verdicts = {[MV_VERDICT_PURPOSE] = 1},
                               .pending = 1};
    struct mv_model_row model = {.id = 9,
                                 .file = "9.mv",
                                 .options = "[]",
                                 .metrics = "nonsense",
                                 .created_at = MV_NO_TIME};
    struct mv_report_row row = {.id = 1,
                                .name = "",
                                .message = "Hi",
                                .sent_at = MV_NO_TIME,
                                .probability = .9};
    struct mv_report_triage t = {
        .counts = &counts,
        .model = &model,
        .reply = &row,
        .n_reply = 1,
        .reply_total = 1,
        .plan = {.reply = 1, .purposes = mv_stats_undefined()},
        .precision = none,
        .recall = none,
        .useful = none,
        .two_way = none};
    struct mv_page *page = open_page();

    counts.invitations[MV_INCOMING][MV_ORIGIN_NOTE] = 1;
    counts.invitations[MV_INCOMING][MV_ORIGIN_TEXT] = 2;
    counts.with_message[MV_INCOMING][MV_ORIGIN_NOTE] = 1;
    TEST("triage: one of each, and a model that says nothing of itself")
    {
        EQ(mv_report_triage(page, &t, MV_REPORT_TEXT, MV_TONGUE_EN), MV_OK);
        OK(strstr(page->text.at,
                  "1 invitation waits; 2 messages come from other files.\n"
                  "1 states a purpose: answer it.\n"
                  "1 message has not been judged yet.\n"
                  "How often motivo is right when it says purpose is not "
                  "known.\n") == page->text.at);
        OK(strstr(page->text.at, "\nAnswer (1, most certain first)\n"
                                 "      1  (no name)"));
        OK(strstr(page->text.at, "\nModel 9, trained on –.\n"));
        OK(!strstr(page->text.at, "Review"));
        OK(strstr(page->text.at, "\nNext: motivo score\n"));
    }
    close_page(page);
}

/* --- overview ------------------------------------------------------------- */

static const char OVERVIEW_TEXT[] =
    "Database /home/ada/.local/share/motivo/motivo.db\n"
    "Last import on 2026-02-09\n"
    "\n"
    "Here\n"
    "  invitations to you  362  44 with a note\n"
    "  invitations by you   38\n"
    "  openings             85  first messages of new contacts\n"
    "  contacts            812\n"
    "  conversations       402  240 in which both sides wrote\n"
    "  labelled messages   600  210 purpose, 390 no-purpose; 300 of them "
    "yours\n"
    "  unsettled labels      3  unsure, or people disagree: not used\n"
    "\n"
    "Active\n"
    "  model 2, trained on 2026-02-09\n"
    "  its verdicts: 31 purpose, 12 unsure, 70 no-purpose, 334 no-note; all "
    "are\n"
    "  judged\n"
    "\n"
    "Next: motivo report\n"
    "      see whom to answer, and how far to trust that\n";

static void test_overview(void)
{
    struct mv_buffer options = {0}, metrics = {0};
    struct mv_model_row model = fixture_model(&options, &metrics);
    struct mv_counts counts = fixture_counts();
    struct mv_page *page = open_page();

    TEST("overview")
    {
        EQ(mv_report_overview(page, "/home/ada/.local/share/motivo/motivo.db",
                              &counts, &model),
           MV_OK);
        STR(page->text.at, OVERVIEW_TEXT);
        NEAR(number_of(page, "active_model"), 2, 0);
        NEAR(number_of(page, "labels.purpose"), 210, 0);
        NEAR(number_of(page, "incoming.opening"), 85, 0);
    }
    close_page(page);
    mv_buffer_release(&options);
    mv_buffer_release(&metrics);
}

/* What is said to be next as things come in. */
static void test_next(void)
{
    struct mv_counts c = {0};
    struct mv_model_row model = {.last_label = 5};

    TEST("the next step")
    {
        STR(mv_report_next(&c, NULL).command, "motivo import FILE");
        c.invitations[MV_INCOMING][MV_ORIGIN_MAIL] = 1;
        STR(mv_report_next(&c, NULL).command, "motivo import --starter");
        c.starter = 10;
        STR(mv_report_next(&c, NULL).command, "motivo label");
        c.labelled[0] = 40;
        STR(mv_report_next(&c, NULL).command, "motivo label");
        c.labelled[1] = 2;
        STR(mv_report_next(&c, NULL).command, "motivo train");
        c.models = 1;
        STR(mv_report_next(&c, NULL).command, "motivo models");
        c.pending = 1;
        STR(mv_report_next(&c, &model).command, "motivo score");
        c.pending = 0;
        c.last_label = 6;
        STR(mv_report_next(&c, &model).command, "motivo train");
        c.own = 49;
        STR(mv_report_next(&c, &model).command, "motivo label");
        c.own = 50;
        STR(mv_report_next(&c, &model).command, "motivo train");
        c.learnt_label = 6; /* by a candidate */
        OK(!mv_report_next(&c, &model).command);
        c.last_label = 5;
        OK(!mv_report_next(&c, &model).command);
    }
}

int main(void)
{
    test_explain();
    test_explain_exceptions();
    test_triage();
    test_triage_trust();
    test_triage_bare();
    test_triage_odd();
    test_overview();
    test_next();
    return test_end();
}
