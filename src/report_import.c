/* What an import did, file by file. */
#include "report_text.h"

#include <string.h>

/* --- JSON ----------------------------------------------------------------- */

static void put_reasons(struct mv_json *json, const char *key,
                        const struct mv_reason *reason)
{
    mv_json_begin_array(json, key);
    for (int i = 0; i < MV_TALLY_REASONS && reason[i].what; i++) {
        mv_json_begin_object(json, NULL);
        mv_json_put_text(json, "reason", reason[i].what);
        mv_json_put_integer(json, "count", reason[i].count);
        mv_json_begin_array(json, "lines");
        for (int k = 0; k < MV_TALLY_LINES && reason[i].lines[k]; k++)
            mv_json_put_integer(json, NULL, reason[i].lines[k]);
        mv_json_end(json);
        mv_json_end(json);
    }
    mv_json_end(json);
}

static void put_file(struct mv_page *page, const struct mv_report_file *file)
{
    struct mv_json *json = page->json;
    const struct mv_tally *tally = file->tally;

    mv_json_begin_object(json, NULL);
    mv_report_put_path(page, "file", file->name);
    mv_json_put_text(json, "dialect", tally->dialect);
    mv_json_put_text(json, "encoding", file->encoding);
    mv_json_put_integer(json, "read", tally->read);
    mv_json_put_integer(json, "new", file->added);
    mv_json_put_integer(json, "known", file->known);
    mv_json_put_integer(json, "ambiguous", file->ambiguous);
    mv_json_put_integer(json, "skipped", tally->skipped);
    mv_json_put_integer(json, "invitations", tally->invites);
    mv_json_put_integer(json, "contacts", tally->contacts);
    mv_json_put_integer(json, "threads", tally->threads);
    put_reasons(json, "skips", tally->skips);
    put_reasons(json, "warnings", tally->warnings);
    mv_json_end(json);
}

/* --- text ----------------------------------------------------------------- */

struct total {
    long read, added, known, ambiguous, skipped;
};

static void add_total(struct total *total, const struct mv_report_file *file)
{
    total->read += file->tally->read;
    total->added += file->added;
    total->known += file->known;
    total->ambiguous += file->ambiguous;
    total->skipped += file->tally->skipped;
}

static const char *content(struct mv_page *page,
                           const struct mv_report_file *file)
{
    const char *dialect = file->tally->dialect ? file->tally->dialect : "-";

    if (!file->encoding || strcmp(file->encoding, "UTF-8") == 0)
        return dialect;
    return mv_report_format(page, "%s (%s)", dialect,
                            mv_report_clean(page, file->encoding, 20));
}

static void add_counts(struct mv_page *page, struct mv_report_table *table,
                       const struct total *of)
{
    mv_report_cell(page, table, mv_report_format(page, "%ld", of->read));
    mv_report_cell(page, table, mv_report_format(page, "%ld", of->added));
    mv_report_cell(page, table, mv_report_format(page, "%ld", of->known));
    mv_report_cell(page, table, mv_report_format(page, "%ld", of->skipped));
}

static void say_table(struct mv_page *page, const struct mv_report_file *files,
                      size_t n, const struct total *total)
{
    static const char *const HEAD[] = {"file", "content", "rows",
                                       "new",  "known",   "skipped"};
    struct mv_report_table table = {.align = "llrrrr"};

    for (size_t i = 0; i < 6; i++)
        mv_report_cell(page, &table, HEAD[i]);
    for (size_t i = 0; i < n; i++) {
        struct total one = {0};

        add_total(&one, &files[i]);
        mv_report_cell(page, &table, mv_report_clean(page, files[i].name, 32));
        mv_report_cell(page, &table, content(page, &files[i]));
        add_counts(page, &table, &one);
    }
    mv_report_cell(page, &table, "total");
    mv_report_cell(page, &table, "");
    add_counts(page, &table, total);
    mv_report_table_end(page, &table, "  ");
}

/* "line 7", "lines 7, 9", "lines 1, 2, 3, 4, 5 and more" */
static const char *lines(struct mv_page *page, const struct mv_reason *reason)
{
    const char *text = "";
    int n = 0;

    while (n < MV_TALLY_LINES && reason->lines[n]) {
        text = mv_report_format(page, "%s%s%ld", text, n ? ", " : "",
                                reason->lines[n]);
        n++;
    }
    if (!n)
        return "";
    return mv_report_format(page, " (%s %s%s)", n == 1 ? "line" : "lines", text,
                            reason->count > n ? " and more" : "");
}

static void say_reasons(struct mv_page *page, const struct mv_reason *reason)
{
    for (int i = 0; i < MV_TALLY_REASONS && reason[i].what; i++)
        mv_report_say(page, mv_report_format(page, "%7ld  ", reason[i].count),
                      "%s%s", reason[i].what, lines(page, &reason[i]));
}

static void say_threads(struct mv_page *page, const struct mv_report_file *file)
{
    const struct mv_tally *tally = file->tally;

    if (!tally->threads)
        return;
    mv_report_say(
        page, "  ",
        "Its rows belong to %s; new and known count those, and the "
        "first messages by new contacts (%ld), which are kept as invitations.",
        mv_report_count(page, tally->threads, "conversation", "conversations"),
        tally->invites);
}

/* What there is to say about one file beyond its line of the table. */
static void say_file(struct mv_page *page, const struct mv_report_file *file)
{
    const struct mv_tally *tally = file->tally;

    if (tally->read && !tally->threads && !tally->skips[0].what &&
        !tally->warnings[0].what && !file->ambiguous)
        return;
    mv_report_put(page, "\n%s\n", mv_report_clean(page, file->name, 78));
    if (!tally->read)
        mv_report_say(page, "  ",
                      "No row: the file holds nothing but its header.");
    say_threads(page, file);
    if (tally->skips[0].what)
        mv_report_put(page, "  Skipped, because they can not be used:\n");
    say_reasons(page, tally->skips);
    if (tally->warnings[0].what)
        mv_report_put(page, "  Read, but worth a look:\n");
    say_reasons(page, tally->warnings);
    if (file->ambiguous)
        mv_report_say(page, mv_report_format(page, "%7ld  ", file->ambiguous),
                      "left alone: several invitations that are here have the "
                      "same name and time");
}

static void say_outcome(struct mv_page *page, const struct total *total)
{
    if (!total->read)
        mv_report_say(page, "", "Nothing was in there: no row in any file.");
    else if (!total->added)
        mv_report_say(page, "", "Nothing new: all of it was here before%s.",
                      total->skipped ? " or could not be used" : "");
    else
        mv_report_say(page, "", "%ld new, %ld here before, %ld skipped.",
                      total->added, total->known, total->skipped);
}

static void say(struct mv_page *page, const char *path,
                const struct mv_report_file *files, size_t n,
                const struct total *total)
{
    mv_report_put(page, "Import of %s\n\n", mv_report_clean(page, path, 0));
    if (n)
        say_table(page, files, n, total);
    for (size_t i = 0; i < n; i++)
        say_file(page, &files[i]);
    mv_report_put(page, "\n");
    say_outcome(page, total);
}

enum mv_status mv_report_import(struct mv_page *page, const char *path,
                                const struct mv_report_file *files, size_t n)
{
    struct mv_json *json = page->json;
    struct total total = {0};

    mv_json_begin_object(json, NULL);
    mv_report_put_path(page, "path", path);
    mv_json_begin_array(json, "files");
    for (size_t i = 0; i < n; i++) {
        put_file(page, &files[i]);
        add_total(&total, &files[i]);
    }
    mv_json_end(json);
    mv_json_begin_object(json, "total");
    mv_json_put_integer(json, "files", (long long)n);
    mv_json_put_integer(json, "read", total.read);
    mv_json_put_integer(json, "new", total.added);
    mv_json_put_integer(json, "known", total.known);
    mv_json_put_integer(json, "ambiguous", total.ambiguous);
    mv_json_put_integer(json, "skipped", total.skipped);
    mv_json_end(json);
    mv_json_end(json);
    say(page, path, files, n, &total);
    return mv_report_finish(page);
}
