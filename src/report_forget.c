/* What is erased of a person, and what the proof found. After the erasure no
 * name, address or text of the person is shown: what is said may be kept. */
#include "report_text.h"

enum { NAME_COLUMNS = 60 };

static const char *ids(struct mv_page *page, const int64_t *id, size_t n)
{
    const char *text = "";

    for (size_t i = 0; i < n; i++)
        text = mv_report_format(page, "%s%s%lld", text, i ? ", " : "",
                                (long long)id[i]);
    return text;
}

static void put_ids(struct mv_json *json, const char *key, const int64_t *id,
                    size_t n)
{
    mv_json_begin_array(json, key);
    for (size_t i = 0; i < n; i++)
        mv_json_put_integer(json, NULL, id[i]);
    mv_json_end(json);
}

static void put(struct mv_json *json, const struct mv_report_erasure *e)
{
    const struct mv_trace *t = e->trace;

    mv_json_begin_object(json, NULL);
    mv_json_put_bool(json, "erased", e->done);
    put_ids(json, "invitations", t->invitation, t->invitations);
    mv_json_put_integer(json, "labels", t->labels);
    mv_json_put_integer(json, "verdicts", t->verdicts);
    mv_json_put_integer(json, "contacts", t->contacts);
    mv_json_put_integer(json, "conversations", t->threads);
    mv_json_put_integer(json, "outcomes", t->outcomes);
    mv_json_put_integer(json, "imports", e->runs);
    put_ids(json, "doubtful", t->doubtful, t->doubts);
    put_ids(json, "models", e->model, e->models);
    if (e->done) {
        mv_json_begin_object(json, "proof");
        mv_json_put_bool(json, "proved", e->proved);
        mv_json_put_integer(json, "files", e->files);
        mv_json_put_integer(json, "pieces", e->pieces);
        mv_json_put_integer(json, "too_short", e->skipped);
        mv_json_put_integer(json, "found_before", e->before);
        mv_json_put_integer(json, "found_after", e->after);
        mv_json_put_integer(json, "of_others", e->explained);
        mv_json_put_integer(json, "unexplained", e->unexplained);
        put_ids(json, "others", e->holder, e->holders);
        mv_json_end(json);
    }
    mv_json_end(json);
}

/* Whom one is about to erase: the first word of the rows, a name where there
 * is one. */
static const char *who(struct mv_page *page, const struct mv_trace *trace)
{
    return trace->words ? mv_report_line(page, trace->word[0], NAME_COLUMNS)
                        : "this person";
}

/* --- text ----------------------------------------------------------------- */

static void add(struct mv_page *page, struct mv_report_table *table,
                const char *what, long n)
{
    if (!n)
        return;
    mv_report_cell(page, table, what);
    mv_report_cell(page, table, mv_report_format(page, "%ld", n));
}

static void say_rows(struct mv_page *page, const struct mv_report_erasure *e)
{
    const struct mv_trace *t = e->trace;
    struct mv_report_table table = {.align = "lr"};

    add(page, &table, "invitations and openings", (long)t->invitations);
    add(page, &table, "labels on them", t->labels);
    add(page, &table, "verdicts on them", t->verdicts);
    add(page, &table, "contacts", t->contacts);
    add(page, &table, "conversations", t->threads);
    add(page, &table, "outcomes", t->outcomes);
    add(page, &table, "names of imported files", e->runs);
    mv_report_table_end(page, &table, "  ");
    if (t->doubts)
        mv_report_say(
            page, "",
            "Left alone, since several people bear the name and these "
            "have no address: %s. (motivo forget ID erases one of them, "
            "with whoever alone bears its name by then.)",
            ids(page, t->doubtful, t->doubts));
}

static void say_proof(struct mv_page *page, const struct mv_report_erasure *e)
{
    mv_report_put(page, "\nProof\n");
    mv_report_say(page, "",
                  "The names, addresses and texts, in %s, were looked for in "
                  "the bytes of %s (database, log, models): found %ld before, "
                  "%ld now.",
                  mv_report_count(page, e->pieces, "piece", "pieces"),
                  mv_report_count(page, e->files, "file", "files"), e->before,
                  e->after);
    if (e->skipped)
        mv_report_say(
            page, "",
            "%s too short to look for: it may stand anywhere by "
            "chance.",
            mv_report_count(page, e->skipped, "word is", "words are"));
    if (e->explained)
        mv_report_say(page, "",
                      "What is found now stands in rows of others, who bear "
                      "the same name, mention it or wrote the same: %s.",
                      e->holders ? ids(page, e->holder, e->holders)
                                 : "contacts or conversations");
    if (e->proved)
        mv_report_say(page, "",
                      "Nothing of the person is left in them. "
                      "Backups and the export itself are yours to "
                      "delete.");
    else
        mv_report_say(page, "",
                      "%s could not be accounted for: close other programs "
                      "that use the database, and try again.",
                      mv_report_count(page, e->unexplained, "piece", "pieces"));
}

static void say_models(struct mv_page *page, const struct mv_report_erasure *e)
{
    const char *list = ids(page, e->model, e->models);

    mv_report_put(page, "\n");
    if (!e->models)
        mv_report_say(page, "", "No model has learnt from it.");
    else if (e->done)
        mv_report_say(page, "",
                      "Learnt from what is gone: model %s. They hold numbers, "
                      "no words; motivo train makes one without it.",
                      list);
    else
        mv_report_say(page, "",
                      "Learnt from it: model %s. They hold numbers, no words, "
                      "and stay.",
                      list);
}

enum mv_status mv_report_forget(struct mv_page *page,
                                const struct mv_report_erasure *e)
{
    put(page->json, e);
    if (e->done)
        mv_report_put(page, "Erased\n");
    else
        mv_report_put(page, "There is of %s\n", who(page, e->trace));
    say_rows(page, e);
    if (e->done)
        say_proof(page, e);
    say_models(page, e);
    return mv_report_finish(page);
}
