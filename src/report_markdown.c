/* A document as Markdown (CommonMark, with GitHub's tables). */
#include "report_doc.h"

#include <string.h>

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

/* One character of foreign text: what Markdown could take for its own gets a
 * backslash, or an entity, and what a terminal could obey shows as text. */
static size_t put_char(struct mv_doc *doc, const char *text, size_t i,
                       size_t len)
{
    const char *at = text + i;
    size_t size;
    uint32_t code = mv_report_decode(at, len - i, &size);
    unsigned char before = i ? (unsigned char)at[-1] : '\n';
    /* Lists and rules begin at the start of a line, or behind a digit. */
    const char *special = before <= ' ' ? "-+=:\\`*_[]>#|~$@!"
                          : before >= '0' && before <= '9' ? ".)\\`*_[]>#|~$@!"
                                                           : "\\`*_[]>#|~$@!";

    if (code == '<')
        puts_(doc, "&lt;");
    else if (code == '&')
        puts_(doc, "&amp;");
    else if (code < 0x80 && code > ' ' && strchr(special, (int)code))
        mv_report_put(doc->page, "\\%c", (int)code);
    else if (mv_report_unsafe(code) || code == 0xfffd)
        mv_report_put(doc->page, "[U+%04X]", (unsigned)code);
    else
        put(doc, at, size);
    return size;
}

static void put_foreign(struct mv_doc *doc, const char *at, size_t len)
{
    for (size_t i = 0; i < len; i += put_char(doc, at, i, len))
        continue;
}

/* Our own words, with figures in bold where strong is set. */
static void put_words(struct mv_doc *doc, const char *text, bool strong)
{
    struct mv_mark mark;

    while (text && *text) {
        size_t len = strcspn(text, "\1\3<>");

        put(doc, text, len);
        text += len;
        if (*text == '<' || *text == '>') {
            puts_(doc, *text++ == '<' ? "&lt;" : "&gt;");
        } else if (*text) {
            const char *about = *text == '\3' ? "`" : strong ? "**" : "";

            text = mv_doc_mark(text, &mark);
            puts_(doc, about);
            if (*about == '`')
                put(doc, mark.shown.at, mark.shown.len);
            else
                put_words(doc,
                          mv_report_format(doc->page, "%.*s",
                                           (int)mark.shown.len, mark.shown.at),
                          false);
            puts_(doc, about);
        }
    }
}

/* --- invitations ---------------------------------------------------------- */

/* A message as a quotation of as many lines, its reasons in bold. */
static void put_message(struct mv_doc *doc, const struct mv_report_row *row)
{
    struct mv_doc_piece piece[MV_DOC_REASONS];
    size_t n = mv_doc_reasons(row, piece), p = 0;
    const char *text = row->message ? row->message : "";
    size_t len = strlen(text);

    puts_(doc, "   > ");
    for (size_t i = 0; i < len;) {
        if (p < n && i == piece[p].from)
            puts_(doc, "**");
        if (text[i] == '\r' || text[i] == '\n') {
            i += text[i] == '\r' && text[i + 1] == '\n' ? 2 : 1;
            puts_(doc, p < n && i > piece[p].from ? " " : "  \n   > ");
        } else {
            i += put_char(doc, text, i, len);
        }
        if (p < n && i >= piece[p].to) {
            puts_(doc, "**");
            p++;
        }
    }
    puts_(doc, "\n\n");
}

static void put_card(struct mv_doc *doc, const struct mv_report_row *row)
{
    const char *name = mv_report_clean(doc->page, mv_doc_name(doc, row), 0);
    const char *standing = mv_doc_standing(doc, row);
    const char *outcome = mv_doc_outcome(doc, row);

    puts_(doc, "1. **");
    put_foreign(doc, name, strlen(name));
    mv_report_put(doc->page, "** (%lld), %s, %s, ", (long long)row->id,
                  mv_report_day(doc->page, row->sent_at),
                  mv_doc_language(doc, row->language));
    put_words(doc,
              mv_doc_fill(doc, MV_W_PROBABILITY,
                          mv_doc_percent(doc, "", row->probability), NULL),
              false);
    mv_report_put(doc->page, "%s%s%s%s\n\n", *standing ? ", " : "", standing,
                  *outcome ? ", " : "", outcome);
    put_message(doc, row);
}

static void put_line(struct mv_doc *doc, const struct mv_report_row *row)
{
    const char *message = mv_report_clean(doc->page, row->message, 100);

    mv_report_put(doc->page, "- %lld: ", (long long)row->id);
    put_foreign(doc, message, strlen(message));
    puts_(doc, "\n");
}

/* --- blocks --------------------------------------------------------------- */

static void put_table(struct mv_doc *doc, const struct mv_doc_block *block)
{
    size_t columns = strlen(block->align);

    for (size_t i = 0; i < block->n_cell; i++) {
        puts_(doc, i % columns ? " | " : "| ");
        put_words(doc, block->cell[i], false);
        if (i % columns + 1 == columns)
            puts_(doc, " |\n");
        if (i + 1 == columns) {
            for (size_t c = 0; c < columns; c++)
                puts_(doc, block->align[c] == 'r' ? "| ---: " : "| --- ");
            puts_(doc, "|\n");
        }
    }
    puts_(doc, "\n");
}

static void put_block(struct mv_doc *doc, const struct mv_doc_block *block)
{
    struct mv_page *page = doc->page;

    switch (block->kind) {
    case MV_BLOCK_HEADING:
        puts_(doc, "## ");
        put_words(doc, block->text, false);
        puts_(doc, "\n\n");
        if (block->note) {
            put_words(doc, block->note, false);
            puts_(doc, "\n\n");
        }
        break;
    case MV_BLOCK_WARNING:
        puts_(doc, "> ");
        /* fallthrough */
    case MV_BLOCK_LEAD:
    case MV_BLOCK_TEXT:
    case MV_BLOCK_NOTE:
    case MV_BLOCK_MARKS:
        put_words(doc, block->text, block->kind == MV_BLOCK_LEAD);
        puts_(doc, "\n\n");
        break;
    case MV_BLOCK_TABLE: put_table(doc, block); break;
    case MV_BLOCK_CARDS: mv_doc_each_row(doc, block, put_card); break;
    case MV_BLOCK_LINES:
        mv_doc_each_row(doc, block, put_line);
        puts_(doc, "\n");
        break;
    case MV_BLOCK_FIGURE: break;
    case MV_BLOCK_STEP:
        mv_report_put(page, "**%s** `%s`: ", mv_doc_word(doc, MV_W_NEXT),
                      block->text);
        put_words(doc, block->note, false);
        puts_(doc, "\n");
        break;
    }
}

void mv_doc_write_markdown(struct mv_doc *doc)
{
    mv_report_put(doc->page, "# %s\n\n", mv_doc_word(doc, MV_W_TITLE));
    for (size_t i = 0; i < doc->n; i++)
        put_block(doc, &doc->block[i]);
}
