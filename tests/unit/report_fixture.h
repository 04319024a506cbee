/* Invented results that the tests of the pages share. */
#ifndef REPORT_FIXTURE_H
#define REPORT_FIXTURE_H

#include "report.h"
#include "report_text.h"
#include "test.h"

#include <math.h>

#define INTERVAL(value, low, high) ((struct mv_interval){value, low, high})

static inline struct mv_metrics fixture_metrics(size_t n)
{
    return (struct mv_metrics){
        .n = n,
        .prevalence = 0.35,
        .threshold = 0.47,
        .confusion = {185, 14, 25, 376},
        .accuracy = INTERVAL(0.935, 0.912, 0.952),
        .precision = INTERVAL(0.93, 0.886, 0.957),
        .recall = INTERVAL(0.881, 0.83, 0.918),
        .f1 = INTERVAL(0.905, 0.872, 0.93),
        .mcc = INTERVAL(0.856, 0.811, 0.894),
        .average_precision = INTERVAL(0.967, NAN, NAN),
        .brier = 0.051,
        .ece = 0.024,
        .brier_range = INTERVAL(0.051, NAN, NAN),
        .ece_range = INTERVAL(0.024, NAN, NAN),
        .log_loss = 0.19,
        .roc_auc = 0.978,
        .unsure =
            {
                .share = INTERVAL(0.12, 0.096, 0.149),
                .precision = INTERVAL(0.964, 0.922, 0.983),
                .recall = INTERVAL(0.757, 0.695, 0.81),
                .missed = INTERVAL(0.033, 0.016, 0.067),
            },
    };
}

static inline struct mv_evaluation fixture_evaluation(void)
{
    struct mv_evaluation e = {.all = fixture_metrics(600), .parts = 2};

    e.part[0].language = MV_LANG_ES;
    e.part[0].metrics = fixture_metrics(400);
    e.part[1].language = MV_LANG_EN;
    e.part[1].metrics = fixture_metrics(200);
    /* Nothing was called purpose: undefined, and an interval below 0. */
    e.part[1].metrics.precision = mv_stats_undefined();
    e.part[1].metrics.mcc = INTERVAL(-0.002, -0.11, 0.09);
    return e;
}

static inline struct mv_fit_record fixture_record(void)
{
    struct mv_fit_record r = {
        .seed = 1,
        .examples = 600,
        .positives = 210,
        .folds = 5,
        .repeats = 2,
        .groups = 585,
        .c = 0.25,
        .positive_weight = 1.5,
        .n_trials = 2,
        .trial = {{0.25f, 1.5f, 0.875f, 1, 0}, {1.0f, 1.5f, 0.75f, 1, 0}},
        .target_precision = 0.9,
        .thresholds =
            {
                .low = 0.34,
                .forced = 0.47,
                .purpose = 0.81,
                .mcc = 0.86,
                .purpose_basis = MV_THRESHOLD_MET,
                .precision = INTERVAL(0.96, 0.907, 0.98),
                .selected = 165,
                .low_basis = MV_THRESHOLD_MET,
                .missed = INTERVAL(0.05, 0.03, 0.094),
            },
        .corpus = {0xab, 0x01},
    };

    r.languages[MV_LANG_ES] = 400;
    r.languages[MV_LANG_EN] = 200;
    return r;
}

static inline struct mv_counts fixture_counts(void)
{
    struct mv_counts c = {
        .starter = 300,
        .verdicts = {[MV_VERDICT_NO_PURPOSE] = 70,
                     [MV_VERDICT_PURPOSE] = 31,
                     [MV_VERDICT_UNSURE] = 12,
                     [MV_VERDICT_NO_NOTE] = 334},
        .labels = 620,
        .labelled = {390, 210},
        .unsettled = 3,
        .audit = 0,
        .own = 300,
        .annotators = 2,
        .contacts = 812,
        .threads = 402,
        .two_way = 240,
        .useful = 5,
        .not_useful = 15,
        .models = 2,
        .runs = 4,
        .active_model = 2,
        .last_label = 620,
        .last_label_at = 1770600107,
        .last_import_at = 1770600107,
    };

    c.invitations[MV_INCOMING][MV_ORIGIN_NOTE] = 362;
    c.invitations[MV_OUTGOING][MV_ORIGIN_NOTE] = 38;
    c.invitations[MV_INCOMING][MV_ORIGIN_OPENING] = 85;
    c.with_message[MV_INCOMING][MV_ORIGIN_NOTE] = 44;
    c.with_message[MV_INCOMING][MV_ORIGIN_OPENING] = 85;
    return c;
}

/* A row as the store would give it back. The buffers belong to the caller. */
static inline struct mv_model_row fixture_model(struct mv_buffer *options,
                                                struct mv_buffer *metrics)
{
    struct mv_fit_record record = fixture_record();
    struct mv_evaluation figures = fixture_evaluation();

    EQ(mv_report_model_json(&record, &figures, options, metrics), MV_OK);
    return (struct mv_model_row){
        .id = 2,
        .file = "/home/ada/models/2.mv",
        .sha256 = "00ff",
        .corpus = "ab01",
        .options = options->at,
        .metrics = metrics->at,
        .last_label = 620,
        .created_at = 1770600107,
        .active = true,
    };
}

/* Two invitations, one with what a terminal must not see. */
static const struct mv_report_row FIXTURE_ROWS[] = {
    {12, "Ana P\xc3\xa9rez", "ana-perez",
     "Hola Ana, vi tu charla sobre faros. Saludos", "vi tu charla | faros",
     "es", 1770600107, .97, false, MV_ORIGIN_NOTE, true, true, true},
    {13, "Bob \x1b[31m Li", NULL,
     "Hello\r\n\r\nI saw your talk in Lugo about lighthouses and I would like "
     "to ask you three questions",
     NULL, "en", MV_NO_TIME, .5, true, MV_ORIGIN_OPENING, false, false, false},
};

static inline struct mv_report_triage
fixture_triage(const struct mv_counts *counts, const struct mv_model_row *model)
{
    return (struct mv_report_triage){
        .counts = counts,
        .model = model,
        .reply = FIXTURE_ROWS,
        .n_reply = 1,
        .review = FIXTURE_ROWS + 1,
        .n_review = 1,
        .reply_total = 31,
        .review_total = 12,
        .plan = {.waiting = 447,
                 .reply = 31,
                 .review = 12,
                 .accept = 404,
                 .purposes = INTERVAL(35, 29, 44),
                 .share = {.157, .069, .027, .747},
                 .capacity = 10,
                 .weeks = 4},
        .precision = INTERVAL(.94, .88, .97),
        .recall = INTERVAL(.8, .7, .87),
        .basis = MV_BASIS_TRAINING,
        .useful = INTERVAL(.25, .11, .47),
        .two_way = INTERVAL(.3, .26, .33),
    };
}

/* fixture_evaluation and fixture_record in words, as several pages show them.
 */
#define DECISIONS_TEXT                                                         \
    "As you will see it (\"unsure\" is an answer, too)\n"                      \
    "  right when it says purpose    0.96 (0.92-0.98)  precision\n"            \
    "  of all purposes, found        0.76 (0.69-0.81)  recall\n"               \
    "  of all purposes, turned down  0.03 (0.02-0.07)  missed\n"               \
    "  of all messages, unsure       0.12\n"                                   \
    "\n"                                                                       \
    "Forced to decide between purpose and no-purpose\n"                        \
    "  right in all                0.94 (0.91-0.95)  accuracy\n"               \
    "  right when it says purpose  0.93 (0.89-0.96)  precision\n"              \
    "  of all purposes, found      0.88 (0.83-0.92)  recall\n"                 \
    "  the two above in one        0.91 (0.87-0.93)  F1\n"                     \
    "  better than guessing        0.86 (0.81-0.89)  MCC: 0 guesses, 1 is "    \
    "perfect\n"                                                                \
    "\n"

#define BRACKETS_TEXT                                                          \
    "In brackets: the range that holds the true figure in 95 of 100 such\n"    \
    "measurements. \"-\": can not be computed from these messages.\n"

#define EVALUATION_TEXT                                                        \
    DECISIONS_TEXT                                                             \
    "Messages, when forced (purpose from a probability of 0.47 on)\n"          \
    "                       says purpose  says no-purpose\n"                   \
    "  labelled purpose              185               25\n"                   \
    "  labelled no-purpose            14              376\n"                   \
    "\n"                                                                       \
    "Its probabilities\n"                                                      \
    "  purposes come first in order  0.97  average precision, 1 at best\n"     \
    "  off by, on average            0.02  calibration error, 0 at best\n"     \
    "  squared error                 0.05  Brier score, 0 at best\n"           \
    "\n"                                                                       \
    "By language, when forced\n"                                               \
    "  language  messages  precision         recall            MCC\n"          \
    "  Spanish        400  0.93 (0.89-0.96)  0.88 (0.83-0.92)  0.86 "          \
    "(0.81-0.89)\n"                                                            \
    "  English        200  -                 0.88 (0.83-0.92)  0.00 (-0.11 "   \
    "to 0.09)\n"                                                               \
    "\n" BRACKETS_TEXT

#define RECORD_TEXT                                                            \
    "Learnt from 600 labelled messages: 210 purpose, 390 no-purpose (Spanish " \
    "400,\n"                                                                   \
    "English 200).\n"                                                          \
    "Some are near-copies of each other: 585 are different.\n"                 \
    "Chosen among 2 settings, by what they did on messages held back (5 "      \
    "parts, 2\n"                                                               \
    "rounds): C 0.25 (how hard it tries to obey every label), class weight "   \
    "1.5 (how\n"                                                               \
    "much more a purpose counts than the rest).\n"                             \
    "\n"                                                                       \
    "What it says, by the probability of a purpose\n"                          \
    "  purpose     from 0.81 on: of 100 such messages at least 90 are\n"       \
    "  unsure      from 0.34 to 0.81: for you to read\n"                       \
    "  no-purpose  below 0.34: of 100 such messages at most 10 state one all " \
    "the\n"                                                                    \
    "              same\n"

/* The page's JSON as one line; the buffer belongs to the caller. */
static inline const char *json_of(const struct mv_page *page,
                                  struct mv_buffer *buffer)
{
    mv_buffer_clear(buffer);
    EQ(mv_json_dump(page->json, buffer, false, NULL), MV_OK);
    return buffer->at ? buffer->at : "";
}

/* What every page must satisfy: JSON that parses, lines that fit, no control
 * character but the line break, no blank at the end of a line. */
static inline void check_page(const struct mv_page *page)
{
    struct mv_buffer buffer = {0};
    struct mv_json *json = mv_json_new();
    char line[4096];
    const char *at = page->text.at;

    json_of(page, &buffer);
    EQ(mv_json_parse(json, buffer.at, buffer.len, NULL, 0, NULL), MV_OK);
    OK(page->text.len && at[page->text.len - 1] == '\n');
    while (at && *at) {
        size_t len = strcspn(at, "\n");

        OK(len < sizeof line && at[len] == '\n');
        memcpy(line, at, len);
        line[len] = '\0';
        if (mv_report_width(line) > 80)
            STR(line, "a line of 80 columns");
        OK(!len || line[len - 1] != ' ');
        for (size_t i = 0; i < len; i++)
            OK((unsigned char)line[i] >= 0x20 && line[i] != 0x7f);
        at += len + 1;
    }
    mv_json_free(json);
    mv_buffer_release(&buffer);
}

static inline double number_of(const struct mv_page *page, const char *path)
{
    double value = -999;

    return mv_report_number(page, path, &value, NULL) == MV_OK ? value : -999;
}

static inline struct mv_page *open_page(void)
{
    struct mv_page *page = NULL;

    EQ(mv_report_new(&page), MV_OK);
    return page;
}

static inline void close_page(struct mv_page *page)
{
    check_page(page);
    mv_report_free(page);
}

#endif
