/* What is here, what is active, what to do next. */
#include "report_text.h"

/* --- the next step -------------------------------------------------------- */

static bool has_inbox(const struct mv_counts *c)
{
    for (int origin = 0; origin < 4; origin++)
        if (c->invitations[MV_INCOMING][origin])
            return true;
    return false;
}

/* What a fit asks for at least; the rest it tells itself. */
static bool can_train(const struct mv_counts *c)
{
    return c->labelled[0] >= 2 && c->labelled[1] >= 2 &&
           c->labelled[0] + c->labelled[1] >= MV_FIT_LEAST;
}

struct mv_report_step mv_report_step(const char *command, enum mv_word why)
{
    return (struct mv_report_step){command, mv_report_word(MV_TONGUE_EN, why)};
}

static struct mv_report_step step_to_model(const struct mv_counts *c)
{
    if (c->models)
        return mv_report_step("motivo models", MV_W_NEXT_MODELS);
    if (can_train(c))
        return mv_report_step("motivo train", MV_W_NEXT_TRAIN_FIRST);
    if (!c->starter)
        return mv_report_step("motivo import --starter", MV_W_NEXT_STARTER);
    return mv_report_step("motivo label", MV_W_NEXT_FIRST_LABELS);
}

struct mv_report_step mv_report_next(const struct mv_counts *counts,
                                     const struct mv_model_row *model)
{
    if (!has_inbox(counts))
        return mv_report_step("motivo import FILE", MV_W_NEXT_IMPORT);
    if (!model)
        return step_to_model(counts);
    if (counts->pending)
        return mv_report_step("motivo score", MV_W_NEXT_SCORE);
    if (counts->last_label > model->last_label &&
        counts->last_label > counts->learnt_label) {
        if (counts->starter && counts->own && counts->own < MV_OWN_LEAST)
            return mv_report_step("motivo label", MV_W_NEXT_MORE_LABELS);
        return mv_report_step("motivo train", MV_W_NEXT_TRAIN);
    }
    return (struct mv_report_step){NULL, NULL};
}

void mv_report_put_next(struct mv_json *json, struct mv_report_step step)
{
    mv_json_begin_object(json, "next");
    mv_json_put_text(json, "command", step.command);
    mv_json_put_text(json, "why", step.why);
    mv_json_end(json);
}

void mv_report_put_step(struct mv_page *page, struct mv_report_step step)
{
    mv_report_put_next(page->json, step);
    mv_report_put(page, "\nNext: %s\n", step.command);
    mv_report_say(page, "      ", "%s", step.why);
}

/* --- JSON ----------------------------------------------------------------- */

static void put_by_origin(struct mv_json *json, const char *key,
                          const long n[4])
{
    mv_json_begin_object(json, key);
    for (int origin = 0; origin < 4; origin++)
        mv_json_put_integer(json, mv_origin_name((enum mv_origin)origin),
                            n[origin]);
    mv_json_end(json);
}

static void put_labels(struct mv_json *json, const struct mv_counts *c)
{
    mv_json_begin_object(json, "labels");
    mv_json_put_integer(json, "acts", c->labels);
    mv_json_put_integer(json, "purpose", c->labelled[MV_LABEL_PURPOSE]);
    mv_json_put_integer(json, "no-purpose", c->labelled[MV_LABEL_NO_PURPOSE]);
    mv_json_put_integer(json, "unsettled", c->unsettled);
    mv_json_put_integer(json, "own", c->own);
    mv_json_put_integer(json, "audit", c->audit);
    mv_json_put_integer(json, "annotators", c->annotators);
    mv_report_put_time(json, "last_at", c->last_label_at);
    mv_json_end(json);
}

static void put_verdicts(struct mv_json *json, const struct mv_counts *c)
{
    mv_json_begin_object(json, "verdicts");
    for (int v = 0; v < 4; v++)
        mv_json_put_integer(json, mv_verdict_name((enum mv_verdict)v),
                            c->verdicts[v]);
    mv_json_put_integer(json, "pending", c->pending);
    mv_json_end(json);
}

static void put(struct mv_page *page, const char *database,
                const struct mv_counts *c, const struct mv_model_row *model)
{
    struct mv_json *json = page->json;

    mv_json_begin_object(json, NULL);
    mv_report_put_path(page, "database", database);
    put_by_origin(json, "incoming", c->invitations[MV_INCOMING]);
    put_by_origin(json, "incoming_with_message", c->with_message[MV_INCOMING]);
    put_by_origin(json, "outgoing", c->invitations[MV_OUTGOING]);
    mv_json_put_integer(json, "contacts", c->contacts);
    mv_json_put_integer(json, "threads", c->threads);
    mv_json_put_integer(json, "two_way", c->two_way);
    mv_json_put_integer(json, "starter", c->starter);
    mv_json_put_integer(json, "imports", c->runs);
    mv_report_put_time(json, "last_import_at", c->last_import_at);
    put_labels(json, c);
    mv_json_put_integer(json, "models", c->models);
    if (model)
        mv_json_put_integer(json, "active_model", model->id);
    else
        mv_json_put_null(json, "active_model");
    put_verdicts(json, c);
}

/* --- text ----------------------------------------------------------------- */

static void add(struct mv_page *page, struct mv_report_table *table,
                const char *what, long n, const char *more)
{
    mv_report_cell(page, table, what);
    mv_report_cell(page, table, mv_report_format(page, "%ld", n));
    mv_report_cell(page, table, more);
}

static long notes(const long by_origin[4])
{
    return by_origin[MV_ORIGIN_NOTE] + by_origin[MV_ORIGIN_MAIL];
}

static void say_here(struct mv_page *page, const struct mv_counts *c)
{
    struct mv_report_table table = {.align = "lrl"};
    long labelled = c->labelled[0] + c->labelled[1];
    long texts = c->invitations[MV_INCOMING][MV_ORIGIN_TEXT];

    mv_report_put(page, "\nHere\n");
    add(page, &table, "invitations to you", notes(c->invitations[MV_INCOMING]),
        mv_report_format(page, "%ld with a note",
                         notes(c->with_message[MV_INCOMING])));
    add(page, &table, "invitations by you", notes(c->invitations[MV_OUTGOING]),
        "");
    add(page, &table, "openings",
        c->invitations[MV_INCOMING][MV_ORIGIN_OPENING],
        "first messages of new contacts");
    if (texts)
        add(page, &table, "other messages", texts, "from files of other kinds");
    add(page, &table, "contacts", c->contacts, "");
    add(page, &table, "conversations", c->threads,
        mv_report_format(page, "%ld in which both sides wrote", c->two_way));
    add(page, &table, "labelled messages", labelled,
        mv_report_format(page, "%ld purpose, %ld no-purpose; %ld of them yours",
                         c->labelled[1], c->labelled[0], c->own));
    if (c->audit)
        add(page, &table, "audit sample", c->audit,
            "of these drawn at random, to measure on");
    if (c->unsettled)
        add(page, &table, "unsettled labels", c->unsettled,
            "unsure, or people disagree: not used");
    mv_report_table_end(page, &table, "  ");
}

static void say_active(struct mv_page *page, const struct mv_counts *c,
                       const struct mv_model_row *model)
{
    mv_report_put(page, "\nActive\n");
    if (!model) {
        mv_report_put(page, "  no model%s\n",
                      c->models ? "; see: motivo models" : "");
        return;
    }
    mv_report_put(page, "  model %lld, trained on %s\n", (long long)model->id,
                  mv_report_day(page, model->created_at));
    mv_report_say(
        page, "  ",
        "its verdicts: %ld purpose, %ld unsure, %ld no-purpose, %ld "
        "no-note; %s",
        c->verdicts[MV_VERDICT_PURPOSE], c->verdicts[MV_VERDICT_UNSURE],
        c->verdicts[MV_VERDICT_NO_PURPOSE], c->verdicts[MV_VERDICT_NO_NOTE],
        c->pending
            ? mv_report_count(page, c->pending, "message has no verdict yet",
                              "messages have no verdict yet")
            : "all are judged");
}

enum mv_status mv_report_overview(struct mv_page *page, const char *database,
                                  const struct mv_counts *counts,
                                  const struct mv_model_row *model)
{
    struct mv_report_step step = mv_report_next(counts, model);

    if (!step.command)
        step = (struct mv_report_step){"motivo report",
                                       "see whom to answer, and how far to "
                                       "trust that"};
    put(page, database, counts, model);
    mv_report_put(page, "Database %s\n", mv_report_clean(page, database, 0));
    if (counts->last_import_at != MV_NO_TIME)
        mv_report_put(page, "Last import on %s\n",
                      mv_report_day(page, counts->last_import_at));
    say_here(page, counts);
    say_active(page, counts, model);
    mv_report_put_step(page, step);
    mv_json_end(page->json);
    return mv_report_finish(page);
}
