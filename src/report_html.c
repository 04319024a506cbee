/* A document as one HTML file that loads nothing and can be read without its
 * script. */
#include "report_doc.h"

#include <string.h>

/* Bytes that one message may take, escaped: the page stays below 5 MB whatever
 * the messages are. */
enum { MESSAGE_BYTES = 1500 };

/* --- characters ----------------------------------------------------------- */

static void put(struct mv_doc *doc, const char *at, size_t len)
{
    if (mv_buffer_put(&doc->page->text, at, len) != MV_OK)
        doc->page->failed = true;
}

static void puts_(struct mv_doc *doc, const char *text)
{
    put(doc, text, strlen(text));
}

/* One character of foreign text. What could hide or turn the writing around
 * shows as its number; a tab or line break is a blank or a break. */
static size_t put_char(struct mv_doc *doc, const char *at, size_t len)
{
    size_t size;
    uint32_t code = mv_report_decode(at, len, &size);

    switch (code) {
    case '<': puts_(doc, "&lt;"); break;
    case '>': puts_(doc, "&gt;"); break;
    case '&': puts_(doc, "&amp;"); break;
    case '"': puts_(doc, "&quot;"); break;
    case '\'': puts_(doc, "&#39;"); break;
    case '\n':
    case '\t': put(doc, at, size); break;
    case '\r':
        if (len < 2 || at[1] != '\n')
            puts_(doc, "\n");
        break;
    default:
        if (mv_report_unsafe(code) || code == 0xfffd)
            mv_report_put(doc->page, "<span class=\"c\">U+%04X</span>",
                          (unsigned)code);
        else
            put(doc, at, size);
    }
    return size;
}

static void put_foreign(struct mv_doc *doc, const char *text)
{
    size_t len = strlen(text);

    for (size_t i = 0; i < len; i += put_char(doc, text + i, len - i))
        continue;
}

/* Our own words: figures carry their value and their place in the JSON. */
static void put_words(struct mv_doc *doc, const char *text)
{
    struct mv_mark mark;

    while (text && *text) {
        size_t len = strcspn(text, "\1\3<>&");

        put(doc, text, len);
        text += len;
        if (*text == '<' || *text == '>' || *text == '&') {
            puts_(doc, *text == '<' ? "&lt;" : *text == '>' ? "&gt;" : "&amp;");
            text++;
        } else if (*text) {
            bool command = *text == '\3';
            const char *shown;

            text = mv_doc_mark(text, &mark);
            shown = mv_report_format(doc->page, "%.*s", (int)mark.shown.len,
                                     mark.shown.at);
            if (command)
                puts_(doc, "<code>");
            else
                mv_report_put(doc->page,
                              "<data value=\"%.*s\" data-json=\"%.*s\">",
                              (int)mark.value.len, mark.value.at,
                              (int)mark.path.len, mark.path.at);
            put_words(doc, shown);
            puts_(doc, command ? "</code>" : "</data>");
        }
    }
}

static void put_in(struct mv_doc *doc, const char *open, const char *text,
                   const char *close)
{
    puts_(doc, open);
    put_words(doc, text);
    puts_(doc, close);
}

/* --- invitations ---------------------------------------------------------- */

/* The message with its reasons marked, cut where it gets too long. */
static void put_message(struct mv_doc *doc, const struct mv_report_row *row)
{
    struct mv_doc_piece piece[MV_DOC_REASONS];
    size_t n = mv_doc_reasons(row, piece), p = 0, i;
    const char *text = row->message ? row->message : "";
    size_t len = strlen(text), start = doc->page->text.len;
    bool inside = false;

    for (i = 0; i < len && doc->page->text.len - start < MESSAGE_BYTES;) {
        if (p < n && i == piece[p].from) {
            puts_(doc, "<mark>");
            inside = true;
        }
        i += put_char(doc, text + i, len - i);
        if (p < n && i >= piece[p].to) {
            puts_(doc, "</mark>");
            inside = false;
            p++;
        }
    }
    if (inside)
        puts_(doc, "</mark>");
    if (i < len)
        put_in(doc, "… <em>", mv_doc_word(doc, MV_W_CUT), "</em>");
}

/* Keys of profiles are file names of LinkedIn's: only plain ones make a link.
 */
static bool is_key(const char *url)
{
    return url && *url &&
           strspn(url, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                       "0123456789-_%") == strlen(url);
}

static void put_name(struct mv_doc *doc, const struct mv_report_row *row)
{
    bool link = is_key(row->url);

    if (link)
        mv_report_put(doc->page,
                      "<a rel=\"noreferrer noopener\" "
                      "href=\"https://www.linkedin.com/in/%s\">",
                      row->url);
    puts_(doc, "<bdi>");
    put_foreign(doc, mv_report_clean(doc->page, mv_doc_name(doc, row), 120));
    puts_(doc, "</bdi>");
    if (link)
        puts_(doc, "</a>");
}

static void put_time(struct mv_doc *doc, int64_t at)
{
    const char *day = mv_report_day(doc->page, at);

    if (*day != '-')
        mv_report_put(doc->page, "<time datetime=\"%s\">%s</time>", day,
                      mv_doc_day(doc, at));
}

/* "es" as an attribute, so that it is read aloud and hyphenated as such. */
static void put_lang(struct mv_doc *doc, const char *code)
{
    enum mv_language language = mv_lang_parse(code);

    if (language < MV_LANG_OTHER)
        mv_report_put(doc->page, " lang=\"%s\"", mv_lang_name(language));
}

/* Whether an outcome can be kept of whoever sent it: `motivo useful` needs a
 * name or an address. */
static bool is_somebody(const struct mv_report_row *row)
{
    return (row->name && *row->name) || (row->url && *row->url);
}

/* What was taken from conversations is not the user's word: to agree with it is
 * a mark like any other. */
static void put_card(struct mv_doc *doc, const struct mv_doc_block *block,
                     size_t i)
{
    const struct mv_report_row *row = &block->row[i];
    struct mv_page *page = doc->page;
    const char *standing = mv_doc_standing(doc, row);
    const char *outcome = mv_doc_outcome(doc, row);

    mv_report_put(page, "<li id=\"i%lld\"%s%s><h3>", (long long)row->id,
                  is_somebody(row) ? "" : " data-nobody",
                  !row->has_outcome || !row->said ? ""
                  : row->useful                   ? " data-useful=\"yes\""
                                                  : " data-useful=\"no\"");
    put_name(doc, row);
    puts_(doc, "</h3>\n<p class=\"meta\">");
    put_time(doc, row->sent_at);
    put_in(doc, "<span>", mv_doc_language(doc, row->language), "</span>");
    put_in(
        doc, "<span>",
        mv_doc_fill(doc, MV_W_PROBABILITY,
                    mv_doc_percent(doc,
                                   mv_report_format(page, "%s.%zu.probability",
                                                    block->path, i),
                                   row->probability),
                    NULL),
        "</span>");
    if (*standing)
        put_in(doc, "<span>", standing, "</span>");
    if (*outcome)
        put_in(doc, "<span>", outcome, "</span>");
    put_in(doc, "<span>",
           mv_doc_fill(doc, MV_W_NUMBER,
                       mv_report_format(page, "\1%s.%zu.id\2%lld\2%lld\1",
                                        block->path, i, (long long)row->id,
                                        (long long)row->id),
                       NULL),
           "</span></p>\n<blockquote dir=\"auto\"");
    put_lang(doc, row->language);
    puts_(doc, ">");
    put_message(doc, row);
    puts_(doc, "</blockquote></li>\n");
}

static void put_line(struct mv_doc *doc, const struct mv_doc_block *block,
                     size_t i)
{
    const struct mv_report_row *row = &block->row[i];

    mv_report_put(doc->page,
                  "<li><b><data value=\"%lld\" data-json=\"%s.%zu.id\">%lld"
                  "</data></b> <span dir=\"auto\"",
                  (long long)row->id, block->path, i, (long long)row->id);
    put_lang(doc, row->language);
    puts_(doc, ">");
    put_message(doc, row);
    puts_(doc, "</span></li>\n");
}

/* --- tables and figures --------------------------------------------------- */

static void put_cell(struct mv_doc *doc, const struct mv_doc_block *block,
                     size_t i, size_t columns)
{
    bool top = i < columns, left = i % columns == 0;
    const char *side = block->align[i % columns] == 'r' ? " class=\"r\"" : "";

    if (left)
        puts_(doc, top ? "<thead><tr>" : "<tr>");
    mv_report_put(doc->page, "<t%c%s%s>", top || left ? 'h' : 'd',
                  top    ? " scope=\"col\""
                  : left ? " scope=\"row\""
                         : "",
                  side);
    put_words(doc, block->cell[i]);
    mv_report_put(doc->page, "</t%c>", top || left ? 'h' : 'd');
    if (i % columns + 1 == columns)
        puts_(doc, top ? "</tr></thead>\n<tbody>" : "</tr>\n");
}

/* Figures with what they mean: that stands small below their names, so that
 * the table is no wider than a telephone. */
static void put_meanings(struct mv_doc *doc, const struct mv_doc_block *block)
{
    const char *const *cell = block->cell;

    put_in(doc, "<table class=\"meanings\">\n<thead><tr><th scope=\"col\">",
           cell[0], "</th>");
    put_in(doc, "<th scope=\"col\">", cell[1], "</th></tr></thead>\n<tbody>");
    for (size_t i = 3; i + 3 <= block->n_cell; i += 3) {
        put_in(doc, "<tr><th scope=\"row\">", cell[i], " ");
        put_in(doc, "<small>", cell[i + 2], "</small></th>");
        put_in(doc, "<td>", cell[i + 1], "</td></tr>\n");
    }
    puts_(doc, "</tbody></table>\n");
}

static void put_table(struct mv_doc *doc, const struct mv_doc_block *block)
{
    size_t columns = strlen(block->align);

    if (block->n_cell >= 3 && strcmp(block->align, MV_DOC_MEANINGS) == 0) {
        put_meanings(doc, block);
        return;
    }
    puts_(doc, "<div class=\"wide\" tabindex=\"0\"><table>\n");
    for (size_t i = 0; i < block->n_cell; i++)
        put_cell(doc, block, i, columns);
    puts_(doc, "</tbody></table></div>\n");
}

static void put_figure(struct mv_doc *doc, const struct mv_doc_block *block)
{
    mv_report_put(doc->page, "<figure id=\"%s\">\n", block->id);
    put_in(doc, "<figcaption><h3>", block->text, "</h3><p>");
    put_in(doc, "", block->note, "</p></figcaption>\n");
    if (block->svg)
        puts_(doc, block->svg);
    put_in(doc,
           block->svg ? "\n<details><summary>" : "\n<details open><summary>",
           mv_doc_word(doc, MV_W_DATA), "</summary>\n");
    put_table(doc, block);
    puts_(doc, "</details></figure>\n");
}

/* --- the page ------------------------------------------------------------- */

/* What is open while blocks go by. */
struct place {
    bool section, figures;
};

static void leave(struct mv_doc *doc, struct place *place, bool section)
{
    if (place->figures)
        puts_(doc, "</div>\n");
    place->figures = false;
    if (section && place->section)
        puts_(doc, "</section>\n");
    if (section)
        place->section = false;
}

static void put_heading(struct mv_doc *doc, const struct mv_doc_block *block,
                        struct place *place)
{
    leave(doc, place, true);
    place->section = true;
    mv_report_put(doc->page,
                  "<section id=\"%s\" aria-labelledby=\"%s-h\">\n"
                  "<h2 id=\"%s-h\">",
                  block->id, block->id, block->id);
    put_in(doc, "", block->text, "</h2>\n");
    if (block->note)
        put_in(doc, "<p class=\"note\">", block->note, "</p>\n");
}

static void put_rows(struct mv_doc *doc, const struct mv_doc_block *block)
{
    bool cards = block->kind == MV_BLOCK_CARDS;

    if (cards)
        puts_(doc, "<ol class=\"cards\">\n");
    else
        put_in(doc, "<ul class=\"lines\" tabindex=\"0\" aria-label=\"",
               block->text, "\">\n");
    for (size_t i = 0; i < block->n_row; i++) {
        if (cards)
            put_card(doc, block, i);
        else
            put_line(doc, block, i);
    }
    puts_(doc, cards ? "</ol>\n" : "</ul>\n");
}

static void put_step(struct mv_doc *doc, const struct mv_doc_block *block,
                     struct place *place)
{
    leave(doc, place, true);
    mv_report_put(doc->page, "</main>\n<footer>\n<p><b>%s</b> ",
                  mv_doc_word(doc, MV_W_NEXT));
    put_in(doc, "", mv_doc_code(doc, block->text), " ");
    put_in(doc, "", block->note, ".</p>\n");
    put_in(doc, "<p class=\"note\">",
           mv_doc_fill(doc, MV_W_FOOT, MV_VERSION, NULL), "</p>\n</footer>\n");
}

static void put_block(struct mv_doc *doc, const struct mv_doc_block *block,
                      struct place *place)
{
    if (block->kind != MV_BLOCK_FIGURE)
        leave(doc, place, false);
    switch (block->kind) {
    case MV_BLOCK_HEADING: put_heading(doc, block, place); break;
    case MV_BLOCK_WARNING:
        put_in(doc, "<p class=\"warning\" role=\"note\">", block->text,
               "</p>\n");
        break;
    case MV_BLOCK_LEAD:
        leave(doc, place, true);
        put_in(doc, "<p class=\"lead\">", block->text, "</p>\n");
        break;
    case MV_BLOCK_TEXT: put_in(doc, "<p>", block->text, "</p>\n"); break;
    case MV_BLOCK_NOTE:
        put_in(doc, "<p class=\"note\">", block->text, "</p>\n");
        break;
    case MV_BLOCK_TABLE: put_table(doc, block); break;
    case MV_BLOCK_CARDS:
    case MV_BLOCK_LINES: put_rows(doc, block); break;
    case MV_BLOCK_FIGURE:
        if (!place->figures)
            puts_(doc, "<div class=\"figures\">\n");
        place->figures = true;
        put_figure(doc, block);
        break;
    case MV_BLOCK_MARKS:
        put_in(doc, "<p class=\"note\" id=\"marking\">", block->text, "</p>\n");
        break;
    case MV_BLOCK_STEP: put_step(doc, block, place); break;
    }
}

/* The ways to the sections, in a line. */
static void put_contents(struct mv_doc *doc)
{
    mv_report_put(doc->page, "<nav aria-label=\"%s\"><ul>\n",
                  mv_doc_word(doc, MV_W_CONTENTS));
    for (size_t i = 0; i < doc->n; i++) {
        const struct mv_doc_block *block = &doc->block[i];

        if (block->kind != MV_BLOCK_HEADING)
            continue;
        mv_report_put(doc->page, "<li><a href=\"#%s\">", block->id);
        put_words(doc, mv_doc_plain(doc, block->text));
        puts_(doc, "</a></li>\n");
    }
    puts_(doc, "</ul></nav>\n");
}

/* --- marks ---------------------------------------------------------------- */

static bool has_marks(const struct mv_doc *doc)
{
    for (size_t i = 0; i < doc->n; i++)
        if (doc->block[i].kind == MV_BLOCK_MARKS)
            return true;
    return false;
}

/* What the script puts on each card, and the bar that saves. Without a script
 * neither shows. */
static void put_marks(struct mv_doc *doc)
{
    put_in(doc, "<template id=\"mark\"><fieldset><legend>",
           mv_doc_word(doc, MV_W_MARK), "</legend>");
    put_in(doc, "<button type=\"button\" value=\"yes\">",
           mv_doc_word(doc, MV_W_MARK_YES), "</button>");
    put_in(doc, "<button type=\"button\" value=\"no\">",
           mv_doc_word(doc, MV_W_MARK_NO), "</button></fieldset></template>\n");
    put_in(doc, "<aside id=\"marks\" hidden><p>", mv_doc_word(doc, MV_W_MARKS),
           " <output></output></p>\n");
    put_in(doc, "<button type=\"button\">",
           mv_doc_fill(doc, MV_W_MARKS_SAVE, "useful.csv", NULL),
           "</button>\n");
    put_in(doc, "<p>",
           mv_doc_fill(doc, MV_W_MARKS_THEN,
                       mv_doc_code(doc, "motivo useful --file useful.csv"),
                       NULL),
           "</p></aside>\n");
    mv_report_put(doc->page, "<script>%s</script>\n", mv_doc_script());
}

/* --- all of it ------------------------------------------------------------ */

void mv_doc_write_html(struct mv_doc *doc)
{
    const char *title = mv_doc_word(doc, MV_W_TITLE);
    struct place place = {false, false};
    bool marks = has_marks(doc);

    mv_report_put(doc->page,
                  "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n"
                  "<meta charset=\"utf-8\">\n"
                  "<meta http-equiv=\"Content-Security-Policy\" "
                  "content=\"%s\">\n"
                  "<meta name=\"viewport\" "
                  "content=\"width=device-width, initial-scale=1\">\n"
                  "<meta name=\"color-scheme\" content=\"light dark\">\n"
                  "<meta name=\"referrer\" content=\"no-referrer\">\n"
                  "<title>motivo: %s</title>\n<style>\n",
                  doc->tongue == MV_TONGUE_ES ? "es" : "en",
                  mv_doc_policy(doc, marks), title);
    for (size_t i = 0; mv_doc_style(i); i++)
        puts_(doc, mv_doc_style(i));
    mv_report_put(doc->page,
                  "</style>\n</head>\n<body>\n<header>\n<h1>%s</h1>\n", title);
    put_contents(doc);
    puts_(doc, "</header>\n<main>\n");
    for (size_t i = 0; i < doc->n; i++)
        put_block(doc, &doc->block[i], &place);
    if (marks)
        put_marks(doc);
    puts_(doc, "</body>\n</html>\n");
}
