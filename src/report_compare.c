/* Two models side by side. */
#include "report_text.h"

#include <math.h>
#include <stdio.h>

enum { TEXT_COLUMNS = 70, NAME_COLUMNS = 26, REASON_COLUMNS = 62 };

/* --- paired figures ------------------------------------------------------- */

void mv_report_put_comparison(struct mv_json *json,
                              const struct mv_comparison *c, const char *one,
                              const char *two)
{
    char key[64];

    mv_json_put_integer(json, "n", (long long)c->n);
    snprintf(key, sizeof key, "only_%s_right", one);
    mv_json_put_integer(json, key, c->only_first);
    snprintf(key, sizeof key, "only_%s_right", two);
    mv_json_put_integer(json, key, c->only_second);
    mv_json_put_real(json, "p_value", c->p_value);
    snprintf(key, sizeof key, "mcc_%s", one);
    mv_json_put_real(json, key, c->mcc_first);
    snprintf(key, sizeof key, "mcc_%s", two);
    mv_json_put_real(json, key, c->mcc_second);
    mv_report_put_interval(json, "mcc_gain", c->mcc_gain);
}

void mv_report_say_comparison(struct mv_page *page,
                              const struct mv_comparison *c, const char *one,
                              const char *two)
{
    struct mv_report_table table = {.align = "lr"};

    mv_report_cell(page, &table, mv_report_format(page, "right %s only", one));
    mv_report_cell(page, &table, mv_report_format(page, "%ld", c->only_first));
    mv_report_cell(page, &table, mv_report_format(page, "right %s only", two));
    mv_report_cell(page, &table, mv_report_format(page, "%ld", c->only_second));
    mv_report_cell(page, &table,
                   mv_report_format(page, "better than guessing %s", one));
    mv_report_cell(page, &table, mv_report_figure(page, c->mcc_first));
    mv_report_cell(page, &table,
                   mv_report_format(page, "better than guessing %s", two));
    mv_report_cell(page, &table, mv_report_figure(page, c->mcc_second));
    mv_report_table_end(page, &table, "  ");
    mv_report_say(page, "  ",
                  "gain %s; by luck alone a difference in right answers like "
                  "this or larger comes about in %s of cases",
                  mv_report_interval(page, c->mcc_gain),
                  mv_report_percent(page, c->p_value));
}

/* --- JSON ----------------------------------------------------------------- */

static const enum mv_verdict ORDER[] = {MV_VERDICT_PURPOSE, MV_VERDICT_UNSURE,
                                        MV_VERDICT_NO_PURPOSE};

static void put_flip(struct mv_json *json, const struct mv_report_flip *flip)
{
    mv_json_begin_object(json, NULL);
    mv_json_put_integer(json, "id", flip->id);
    mv_json_put_text(json, "name", flip->name);
    mv_json_put_span(json, "text", flip->message);
    for (int k = 0; k < 2; k++) {
        mv_json_begin_object(json, k ? "second" : "first");
        mv_json_put_text(json, "verdict", mv_verdict_name(flip->verdict[k]));
        mv_json_put_real(json, "probability", flip->probability[k]);
        mv_json_put_text(json, "reason", flip->reason[k]);
        mv_json_end(json);
    }
    mv_json_end(json);
}

static void put_counts(struct mv_json *json, const long verdicts[3][3])
{
    mv_json_begin_object(json, "verdicts");
    for (int i = 0; i < 3; i++) {
        mv_json_begin_object(json, mv_verdict_name(ORDER[i]));
        for (int j = 0; j < 3; j++)
            mv_json_put_integer(json, mv_verdict_name(ORDER[j]),
                                verdicts[ORDER[i]][ORDER[j]]);
        mv_json_end(json);
    }
    mv_json_end(json);
}

static void put(struct mv_json *json, const struct mv_report_contrast *c)
{
    mv_json_begin_object(json, NULL);
    mv_json_put_integer(json, "first", c->model[0]);
    mv_json_put_integer(json, "second", c->model[1]);
    put_counts(json, c->verdicts);
    mv_json_begin_array(json, "flips");
    for (size_t i = 0; i < c->flips; i++)
        put_flip(json, &c->flip[i]);
    mv_json_end(json);
    mv_json_begin_object(json, "unseen_labels");
    mv_report_put_comparison(json, &c->unseen, "first", "second");
    mv_json_end(json);
    mv_json_begin_object(json, "all_labels");
    mv_report_put_comparison(json, &c->all, "first", "second");
    mv_json_end(json);
    mv_json_end(json);
}

/* --- text ----------------------------------------------------------------- */

static void say_counts(struct mv_page *page, const struct mv_report_contrast *c)
{
    struct mv_report_table table = {.align = "lrrr"};

    mv_report_cell(page, &table,
                   mv_report_format(page, "model %lld says, model %lld says:",
                                    (long long)c->model[0],
                                    (long long)c->model[1]));
    for (int j = 0; j < 3; j++)
        mv_report_cell(page, &table, mv_verdict_name(ORDER[j]));
    for (int i = 0; i < 3; i++) {
        mv_report_cell(page, &table, mv_verdict_name(ORDER[i]));
        for (int j = 0; j < 3; j++)
            mv_report_cell(
                page, &table,
                mv_report_format(page, "%ld", c->verdicts[ORDER[i]][ORDER[j]]));
    }
    mv_report_table_end(page, &table, "  ");
}

static void say_flip(struct mv_page *page, const struct mv_report_contrast *c,
                     const struct mv_report_flip *flip)
{
    mv_report_put(page, "  %6lld  %s\n          %s\n", (long long)flip->id,
                  mv_report_clean(page, flip->name, NAME_COLUMNS),
                  mv_report_line(page, flip->message, TEXT_COLUMNS - 1));
    for (int k = 0; k < 2; k++)
        mv_report_put(
            page, "          model %lld: %s %s%s%s\n", (long long)c->model[k],
            mv_verdict_name(flip->verdict[k]),
            mv_report_figure(page, flip->probability[k]),
            *flip->reason[k] ? ", because of: " : "",
            mv_report_clean(page, flip->reason[k], REASON_COLUMNS - 28));
}

static void say_labels(struct mv_page *page, const struct mv_report_contrast *c)
{
    const char *one =
        mv_report_format(page, "by model %lld", (long long)c->model[0]);
    const char *two =
        mv_report_format(page, "by model %lld", (long long)c->model[1]);

    if (c->unseen.n) {
        mv_report_put(page, "\n");
        mv_report_say(
            page, "", "On the %s that neither has learnt from",
            mv_report_count(page, (long)c->unseen.n, "label", "labels"));
        mv_report_say_comparison(page, &c->unseen, one, two);
    }
    if (c->all.n > c->unseen.n) {
        mv_report_put(page, "\n");
        mv_report_say(page, "",
                      "On all %lu labels (kind to a model on those that it has "
                      "learnt from)",
                      (unsigned long)c->all.n);
        mv_report_say_comparison(page, &c->all, one, two);
    }
}

enum mv_status mv_report_compare(struct mv_page *page,
                                 const struct mv_report_contrast *c)
{
    long total = 0;

    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            total += c->verdicts[i][j];
    put(page->json, c);
    mv_report_put(page, "Model %lld and model %lld\n\n", (long long)c->model[0],
                  (long long)c->model[1]);
    mv_report_say(
        page, "", "Of the %s to you %s differently.",
        mv_report_count(page, total, "message", "messages"),
        mv_report_count(page, (long)c->flips, "is judged", "are judged"));
    mv_report_put(page, "\n");
    say_counts(page, c);
    if (c->shown)
        mv_report_put(page,
                      "\nJudged differently (%lu of %lu, furthest apart "
                      "first%s)\n",
                      (unsigned long)c->shown, (unsigned long)c->flips,
                      c->shown < c->flips ? "; all: --limit 0" : "");
    for (size_t i = 0; i < c->shown; i++)
        say_flip(page, c, &c->flip[i]);
    say_labels(page, c);
    return mv_report_finish(page);
}
