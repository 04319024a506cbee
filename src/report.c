#include "report_text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* --- a page --------------------------------------------------------------- */

enum mv_status mv_report_new(struct mv_page **out)
{
    struct mv_page *page = calloc(1, sizeof *page);

    if (page)
        page->json = mv_json_new();
    /* An empty text is a text: writers need no special case. */
    if (!page || !page->json || mv_buffer_reserve(&page->text, 1024) != MV_OK) {
        mv_report_free(page);
        return MV_NOMEM;
    }
    *out = page;
    return MV_OK;
}

void mv_report_free(struct mv_page *page)
{
    if (!page)
        return;
    mv_json_free(page->json);
    mv_buffer_release(&page->text);
    mv_arena_release(&page->arena);
    free(page);
}

enum mv_status mv_report_finish(const struct mv_page *page)
{
    return page->failed ? MV_NOMEM : MV_OK;
}

/* --- a number of a page --------------------------------------------------- */

static enum mv_status no_number(struct mv_error *error, const char *path)
{
    return mv_error_set(error, MV_NOTFOUND, NULL, 0,
                        "the page has no number '%s', or it is undefined",
                        path);
}

/* Numbers of a page are written by json.c, so strtod need not be feared for
 * its other spellings: they begin with a letter. */
static bool read_number(struct mv_span text, double *out)
{
    char copy[64], *end;

    if (!text.at || !text.len || text.len >= sizeof copy ||
        !strchr("-0123456789", text.at[0]))
        return false;
    memcpy(copy, text.at, text.len);
    copy[text.len] = '\0';
    *out = strtod(copy, &end);
    return !*end && isfinite(*out);
}

/* The member of the object in *at, which becomes the value found. */
static enum mv_status descend(struct mv_json *json, const char *path,
                              size_t len, struct mv_span *at)
{
    char key[64];

    if (len >= sizeof key)
        return MV_NOTFOUND;
    memcpy(key, path, len);
    key[len] = '\0';
    return mv_json_get(json, key, at);
}

/* An object in *at is opened in json; anything else is the end of the way. */
static enum mv_status open_object(struct mv_json *json, struct mv_span at)
{
    if (!at.at || !at.len || at.at[0] != '{')
        return MV_NOTFOUND;
    return mv_json_parse(json, at.at, at.len, NULL, 0, NULL);
}

static enum mv_status find(const struct mv_page *page, struct mv_json **json,
                           const char *path, struct mv_span *at)
{
    size_t len = strcspn(path, ".");
    enum mv_status status = descend(page->json, path, len, at);
    int turn = 0;

    for (path += len; status == MV_OK && *path; path += len) {
        path++;
        len = strcspn(path, ".");
        status = open_object(json[turn], *at);
        if (status == MV_OK)
            status = descend(json[turn], path, len, at);
        turn = !turn;
    }
    if (status == MV_OK && open_object(json[turn], *at) == MV_OK)
        status = mv_json_get(json[turn], "value", at);
    return status;
}

enum mv_status mv_report_number(const struct mv_page *page, const char *path,
                                double *out, struct mv_error *error)
{
    /* Two, in turn: what is found is borrowed from the one before. */
    struct mv_json *json[2] = {mv_json_new(), mv_json_new()};
    struct mv_span at = {0};
    enum mv_status status = MV_NOMEM;

    if (json[0] && json[1])
        status = find(page, json, path, &at);
    if (status == MV_NOMEM)
        mv_error_set(error, MV_NOMEM, NULL, 0, "out of memory");
    else if (status != MV_OK || !read_number(at, out))
        status = no_number(error, path);
    mv_json_free(json[0]);
    mv_json_free(json[1]);
    return status;
}

/* --- members of JSON ------------------------------------------------------ */

void mv_report_put_interval(struct mv_json *json, const char *key,
                            struct mv_interval interval)
{
    mv_json_begin_object(json, key);
    mv_json_put_real(json, "value", interval.value);
    mv_json_put_real(json, "low", interval.low);
    mv_json_put_real(json, "high", interval.high);
    mv_json_end(json);
}

void mv_report_put_time(struct mv_json *json, const char *key, int64_t at)
{
    time_t clock = (time_t)at;
    struct tm tm;
    char text[32];

    if (at == MV_NO_TIME || !gmtime_r(&clock, &tm) || tm.tm_year > 8099 ||
        !strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm))
        mv_json_put_null(json, key);
    else
        mv_json_put_text(json, key, text);
}
