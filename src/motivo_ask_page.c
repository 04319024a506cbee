/* What a session of labelling shows, as a page and as lines for a terminal. */
#include "motivo_ask.h"

#include "csv.h"
#include "json.h"
#include "wrap.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* --- as a page ------------------------------------------------------------ */

static enum mv_status put_question(struct mv_page *page,
                                   const struct mv_question *q,
                                   const char *chosen)
{
    struct mv_span message = {q->message, q->message_len};
    struct mv_buffer line = {0};
    char id[24], copies[24];
    const char *before[] = {id,      "",      "",         chosen,
                            q->date, q->name, q->company, q->position};
    const char *after[] = {q->language, copies, q->note};
    enum mv_status status = MV_OK;

    snprintf(id, sizeof id, "%" PRId64, q->id);
    snprintf(copies, sizeof copies, "%zu", q->copies);
    for (size_t i = 0; status == MV_OK && i < sizeof before / sizeof *before;
         i++)
        status = mv_csv_put(&line, mv_span_of(before[i]));
    if (status == MV_OK)
        status = mv_csv_put(&line, message);
    for (size_t i = 0; status == MV_OK && i < sizeof after / sizeof *after; i++)
        status = mv_csv_put(&line, mv_span_of(after[i]));
    if (status == MV_OK)
        status = mv_csv_end(&line);
    if (status == MV_OK)
        status = mv_buffer_put(&page->text, line.at, line.len);
    mv_buffer_release(&line);
    mv_json_begin_object(page->json, NULL);
    mv_json_put_integer(page->json, "id", q->id);
    mv_json_put_text(page->json, "chosen", chosen);
    mv_json_put_text(page->json, "date", q->date[0] ? q->date : NULL);
    mv_json_put_text(page->json, "name", q->name);
    mv_json_put_text(page->json, "company", q->company);
    mv_json_put_text(page->json, "position", q->position);
    mv_json_put_text(page->json, "url", q->url);
    mv_json_put_text(page->json, "origin", mv_origin_name(q->origin));
    mv_json_put_text(page->json, "language", q->language);
    mv_json_put_integer(page->json, "copies", (long long)q->copies);
    mv_json_put_text(page->json, "note", q->note);
    mv_json_put_span(page->json, "text", message);
    mv_json_end(page->json);
    return status;
}

enum mv_status mv_ask_page(struct mv_asking *asking, struct mv_page **out,
                           struct mv_error *error)
{
    struct mv_page *page = NULL;
    struct mv_question question;
    enum mv_status status = mv_facade_page(&page, error);

    if (status == MV_OK) {
        status = mv_buffer_puts(&page->text,
                                "id,label,kind,chosen,date,name,company,"
                                "position,text,language,copies,note\n");
        mv_json_begin_object(page->json, NULL);
        mv_json_begin_array(page->json, "next");
    }
    for (size_t i = 0; status == MV_OK && i < asking->n_queue; i++) {
        status = mv_ask_get(asking, i, &question, error);
        if (status == MV_OK)
            status = put_question(page, &question,
                                  mv_store_chosen_name(mv_ask_chosen(asking)));
    }
    if (page) {
        mv_json_end(page->json);
        mv_json_end(page->json);
    }
    return mv_facade_finish(out, page, status, error);
}

/* --- on a terminal -------------------------------------------------------- */

/* Where a phrase stands in text, blanks and line breaks taken as equal; len
 * where it does not. */
static size_t find_phrase(const char *text, size_t len, struct mv_span phrase)
{
    for (size_t at = 0; phrase.len && at + phrase.len <= len; at++) {
        size_t i = 0;

        while (i < phrase.len &&
               (text[at + i] == phrase.at[i] ||
                (phrase.at[i] == ' ' && (unsigned char)text[at + i] < ' ')))
            i++;
        if (i == phrase.len)
            return at;
    }
    return len;
}

static int by_place(const void *a, const void *b)
{
    const struct mv_mark *x = a, *y = b;

    return x->from < y->from ? -1 : x->from > y->from;
}

enum mv_status mv_lines(const char *text, size_t len, size_t columns,
                        const char *phrases, char **out, struct mv_error *error)
{
    enum { MOST = 8 };
    struct mv_mark mark[MOST] = {{0, 0}};
    struct mv_buffer lines = {0};
    size_t n = 0, size;

    for (; phrases && *phrases && n < MOST; phrases += size) {
        const char *bar = strstr(phrases, " | ");
        struct mv_span phrase = {phrases, bar ? (size_t)(bar - phrases)
                                              : strlen(phrases)};
        size_t at = find_phrase(text, len, phrase);

        if (at < len)
            mark[n++] = (struct mv_mark){at, at + phrase.len};
        size = phrase.len + (bar ? 3 : 0);
    }
    qsort(mark, n, sizeof *mark, by_place);
    if (mv_wrap(&lines, (struct mv_span){text, len}, columns, mark, n) !=
            MV_OK ||
        mv_buffer_reserve(&lines, 0) != MV_OK) {
        mv_buffer_release(&lines);
        return mv_error_set(error, MV_NOMEM, NULL, 0, "out of memory");
    }
    *out = lines.at;
    return MV_OK;
}
