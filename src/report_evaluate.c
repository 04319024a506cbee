/* How good a model is: the contract of `evaluate --json`, and words. */
#include "report_text.h"

#include <math.h>

/* --- JSON ----------------------------------------------------------------- */

static void put_confusion(struct mv_json *json, struct mv_confusion confusion)
{
    mv_json_begin_object(json, "confusion");
    mv_json_put_integer(json, "tp", confusion.tp);
    mv_json_put_integer(json, "fp", confusion.fp);
    mv_json_put_integer(json, "fn", confusion.fn);
    mv_json_put_integer(json, "tn", confusion.tn);
    mv_json_end(json);
}

void mv_report_put_metrics(struct mv_json *json, const struct mv_metrics *m)
{
    mv_json_put_integer(json, "n", (long long)m->n);
    mv_json_put_real(json, "prevalence", m->prevalence);
    mv_json_put_real(json, "threshold", m->threshold);
    put_confusion(json, m->confusion);
    mv_report_put_interval(json, "accuracy", m->accuracy);
    mv_report_put_interval(json, "precision", m->precision);
    mv_report_put_interval(json, "recall", m->recall);
    mv_report_put_interval(json, "f1", m->f1);
    mv_report_put_interval(json, "mcc", m->mcc);
    mv_json_put_real(json, "average_precision", m->average_precision.value);
    mv_json_put_real(json, "brier", m->brier);
    mv_json_put_real(json, "ece", m->ece);
    mv_json_begin_object(json, "unsure");
    mv_json_put_real(json, "share", m->unsure.share.value);
    mv_report_put_interval(json, "precision", m->unsure.precision);
    mv_report_put_interval(json, "recall", m->unsure.recall);
    mv_report_put_interval(json, "missed", m->unsure.missed);
    mv_json_end(json);
}

void mv_report_put_languages(struct mv_json *json,
                             const struct mv_evaluation *e)
{
    mv_json_begin_array(json, "languages");
    for (size_t i = 0; i < e->parts; i++) {
        mv_json_begin_object(json, NULL);
        mv_json_put_text(json, "language", mv_lang_name(e->part[i].language));
        mv_report_put_metrics(json, &e->part[i].metrics);
        mv_json_put_real(json, "roc_auc", e->part[i].metrics.roc_auc);
        mv_json_end(json);
    }
    mv_json_end(json);
}

/* The figures that the keys of all groups give without an interval. */
static void put_ranges(struct mv_json *json, const struct mv_metrics *m)
{
    mv_json_begin_object(json, "intervals");
    mv_report_put_interval(json, "average_precision", m->average_precision);
    mv_report_put_interval(json, "brier", m->brier_range);
    mv_report_put_interval(json, "ece", m->ece_range);
    mv_json_end(json);
}

/* --- words ---------------------------------------------------------------- */

/* One line: what it means, the figure, its name in the books. */
static void add_line(struct mv_page *page, struct mv_report_table *table,
                     const char *meaning, const char *figure, const char *name)
{
    mv_report_cell(page, table, meaning);
    mv_report_cell(page, table, figure);
    mv_report_cell(page, table, name);
}

static void say_threeway(struct mv_page *page, const struct mv_metrics *m)
{
    struct mv_report_table table = {.align = "lll"};

    mv_report_put(page, "As you will see it (\"unsure\" is an answer, too)\n");
    add_line(page, &table, "right when it says purpose",
             mv_report_interval(page, m->unsure.precision), "precision");
    add_line(page, &table, "of all purposes, found",
             mv_report_interval(page, m->unsure.recall), "recall");
    add_line(page, &table, "of all purposes, turned down",
             mv_report_interval(page, m->unsure.missed), "missed");
    add_line(page, &table, "of all messages, unsure",
             mv_report_figure(page, m->unsure.share.value), "");
    mv_report_table_end(page, &table, "  ");
}

static void say_forced(struct mv_page *page, const struct mv_metrics *m)
{
    struct mv_report_table table = {.align = "lll"};

    mv_report_put(page, "\nForced to decide between purpose and no-purpose\n");
    add_line(page, &table, "right in all",
             mv_report_interval(page, m->accuracy), "accuracy");
    add_line(page, &table, "right when it says purpose",
             mv_report_interval(page, m->precision), "precision");
    add_line(page, &table, "of all purposes, found",
             mv_report_interval(page, m->recall), "recall");
    add_line(page, &table, "the two above in one",
             mv_report_interval(page, m->f1), "F1");
    add_line(page, &table, "better than guessing",
             mv_report_interval(page, m->mcc), "MCC: 0 guesses, 1 is perfect");
    mv_report_table_end(page, &table, "  ");
}

static void say_probabilities(struct mv_page *page, const struct mv_metrics *m)
{
    struct mv_report_table table = {.align = "lll"};

    mv_report_put(page, "\nIts probabilities\n");
    add_line(page, &table, "purposes come first in order",
             mv_report_interval(page, m->average_precision),
             "average precision, 1 at best");
    add_line(page, &table, "off by, on average",
             mv_report_interval(page, m->ece_range),
             "calibration error, 0 at best");
    add_line(page, &table, "squared error",
             mv_report_interval(page, m->brier_range),
             "Brier score, 0 at best");
    mv_report_table_end(page, &table, "  ");
}

static void add_count(struct mv_page *page, struct mv_report_table *table,
                      long n)
{
    mv_report_cell(page, table, mv_report_format(page, "%ld", n));
}

static void say_confusion(struct mv_page *page, const struct mv_metrics *m)
{
    struct mv_report_table table = {.align = "lrr"};

    if (isfinite(m->threshold))
        mv_report_put(page,
                      "\nMessages, when forced (purpose from a "
                      "probability of %s on)\n",
                      mv_report_figure(page, m->threshold));
    else
        mv_report_put(page, "\nMessages, when forced\n");
    mv_report_cell(page, &table, "");
    mv_report_cell(page, &table, "says purpose");
    mv_report_cell(page, &table, "says no-purpose");
    mv_report_cell(page, &table, "labelled purpose");
    add_count(page, &table, m->confusion.tp);
    add_count(page, &table, m->confusion.fn);
    mv_report_cell(page, &table, "labelled no-purpose");
    add_count(page, &table, m->confusion.fp);
    add_count(page, &table, m->confusion.tn);
    mv_report_table_end(page, &table, "  ");
}

static void say_languages(struct mv_page *page, const struct mv_evaluation *e)
{
    struct mv_report_table table = {.align = "lrlll"};

    mv_report_put(page, "\nBy language, when forced\n");
    mv_report_cell(page, &table, "language");
    mv_report_cell(page, &table, "messages");
    mv_report_cell(page, &table, "precision");
    mv_report_cell(page, &table, "recall");
    mv_report_cell(page, &table, "MCC");
    for (size_t i = 0; i < e->parts; i++) {
        const struct mv_metrics *m = &e->part[i].metrics;

        mv_report_cell(page, &table, mv_report_language(e->part[i].language));
        add_count(page, &table, (long)m->n);
        mv_report_cell(page, &table, mv_report_interval(page, m->precision));
        mv_report_cell(page, &table, mv_report_interval(page, m->recall));
        mv_report_cell(page, &table, mv_report_interval(page, m->mcc));
    }
    mv_report_table_end(page, &table, "  ");
}

static void say_brackets(struct mv_page *page)
{
    mv_report_put(page, "\n");
    mv_report_say(page, "",
                  "In brackets: the range that holds the true figure in 95 of "
                  "100 such measurements. \"-\": can not be computed from "
                  "these messages.");
}

void mv_report_say_evaluation(struct mv_page *page,
                              const struct mv_evaluation *e)
{
    say_threeway(page, &e->all);
    say_forced(page, &e->all);
    say_confusion(page, &e->all);
    say_probabilities(page, &e->all);
    if (e->parts)
        say_languages(page, e);
    say_brackets(page);
}

static void say_ground(struct mv_page *page,
                       const struct mv_report_evaluation *e)
{
    const struct mv_metrics *m = &e->evaluation->all;
    const char *purpose =
        isfinite(m->prevalence)
            ? mv_report_format(page, ", %s of them purpose",
                               mv_report_percent(page, m->prevalence))
            : "";

    mv_report_say(page, "", "Measured on %s: %s%s.",
                  mv_report_clean(page, e->basis, 0),
                  mv_report_count(page, (long)m->n, "labelled message",
                                  "labelled messages"),
                  purpose);
    if (e->left_out)
        mv_report_say(
            page, "", "%s labelled unsure and left out.",
            mv_report_count(page, e->left_out, "more is", "more are"));
    if (e->evaluation->no_note)
        mv_report_say(page, "", "%s empty and counted as turned down.",
                      mv_report_count(page, e->evaluation->no_note,
                                      "of them is", "of them are"));
    if (e->model)
        mv_report_say(page, "", "Judged by %s.",
                      mv_report_clean(page, e->model, 0));
    else
        mv_report_say(page, "",
                      "Each message was judged by a model that had not seen "
                      "it, trained in the same way on the others.");
}

/* The two figures that matter to who reads the triage. */
static void say_verdict(struct mv_page *page, const struct mv_metrics *m)
{
    const struct mv_threeway *t = &m->unsure;

    if (isfinite(t->precision.value))
        mv_report_say(page, "",
                      "Of 100 messages that it calls purpose, %s are.",
                      mv_report_of_100(page, t->precision));
    else
        mv_report_say(page, "", "It called no message purpose.");
    if (isfinite(t->recall.value))
        mv_report_say(page, "",
                      "Of 100 messages with a purpose it finds %s by itself; "
                      "it is unsure about %s of all messages, which are for "
                      "you to read.",
                      mv_report_of_100(page, t->recall),
                      mv_report_percent(page, t->share.value));
}

enum mv_status mv_report_evaluate(struct mv_page *page,
                                  const struct mv_report_evaluation *e)
{
    struct mv_json *json = page->json;

    mv_json_begin_object(json, NULL);
    mv_report_put_metrics(json, &e->evaluation->all);
    mv_report_put_languages(json, e->evaluation);
    mv_report_put_path(page, "basis", e->basis);
    mv_report_put_path(page, "model", e->model);
    mv_json_put_integer(json, "left_out", e->left_out);
    mv_json_put_integer(json, "no_note", e->evaluation->no_note);
    mv_json_put_real(json, "roc_auc", e->evaluation->all.roc_auc);
    put_ranges(json, &e->evaluation->all);
    mv_report_put_groups(json, e->evaluation);
    mv_json_end(json);
    say_ground(page, e);
    mv_report_put(page, "\n");
    say_verdict(page, &e->evaluation->all);
    mv_report_put(page, "\n");
    say_threeway(page, &e->evaluation->all);
    say_forced(page, &e->evaluation->all);
    if (e->details) {
        say_confusion(page, &e->evaluation->all);
        say_probabilities(page, &e->evaluation->all);
        if (e->evaluation->parts)
            say_languages(page, e->evaluation);
    }
    mv_report_say_groups(page, e->evaluation, e->details);
    say_brackets(page);
    return mv_report_finish(page);
}
