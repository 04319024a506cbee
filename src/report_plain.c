/* A document as plain text of at most 79 columns. */
#include "report_doc.h"

#include <string.h>

enum { NAME_WIDTH = 24, SURE_WIDTH = 5, INDENT = 9, COLUMNS = 8 };

static const char *plain(struct mv_doc *doc, const char *text)
{
    return mv_doc_plain(doc, text);
}

/* --- invitations ---------------------------------------------------------- */

static void trim(struct mv_page *page)
{
    struct mv_buffer *text = &page->text;

    while (text->len && text->at[text->len - 1] == ' ')
        text->at[--text->len] = '\0';
}

static void put_card(struct mv_doc *doc, const struct mv_report_row *row)
{
    struct mv_page *page = doc->page;
    const char *name = mv_report_clean(page, mv_doc_name(doc, row), NAME_WIDTH);
    const char *language = mv_doc_language(doc, row->language);
    const char *because = mv_doc_word(doc, MV_W_BECAUSE), *sure;
    const char *outcome = mv_doc_outcome(doc, row);
    size_t room = MV_REPORT_WIDTH - INDENT;

    sure = plain(doc, mv_doc_percent(doc, "", row->probability));
    mv_report_put(page, "%7lld  %s%*s  %-10s  %s%*s  %*s%s  %s",
                  (long long)row->id, name,
                  (int)(NAME_WIDTH - mv_report_width(name)), "",
                  mv_report_day(page, row->sent_at), language,
                  (int)(10 - mv_report_width(language)), "",
                  (int)(SURE_WIDTH - mv_report_width(sure)), "", sure,
                  *outcome ? outcome : mv_doc_standing(doc, row));
    trim(page);
    mv_report_put(page, "\n");
    if (row->message && *row->message)
        mv_report_put(page, "%9s%s\n", "",
                      mv_report_clean(page, row->message, room));
    if (row->reason && *row->reason)
        mv_report_put(page, "%9s%s %s\n", "", because,
                      mv_report_clean(page, row->reason,
                                      room - 1 - mv_report_width(because)));
}

static void put_line(struct mv_doc *doc, const struct mv_report_row *row)
{
    mv_report_put(
        doc->page, "%7lld  %s\n", (long long)row->id,
        mv_report_clean(doc->page, row->message, MV_REPORT_WIDTH - INDENT));
}

/* --- blocks --------------------------------------------------------------- */

/* One blank line, however many parts ask for it. */
static void gap(struct mv_page *page)
{
    const struct mv_buffer *text = &page->text;

    if (text->len > 1 &&
        (text->at[text->len - 1] != '\n' || text->at[text->len - 2] != '\n'))
        mv_report_put(page, "\n");
}

/* The last column is broken into lines where the table gets too wide. */
static void put_row(struct mv_doc *doc, const struct mv_doc_block *block,
                    size_t row, size_t columns, const size_t *width)
{
    const char *lead = "  ", *text = "";

    for (size_t c = 0; c < columns; c++) {
        int fill;

        text = plain(doc, block->cell[row + c]);
        fill = (int)(width[c] - mv_report_width(text));
        if (block->align[c] == 'r')
            lead = mv_report_format(doc->page, "%s%*s", lead, fill, "");
        if (c + 1 < columns)
            lead = mv_report_format(doc->page, "%s%s%*s  ", lead, text,
                                    block->align[c] == 'r' ? 0 : fill, "");
    }
    mv_report_say(doc->page, lead, "%s", text);
}

static void put_table(struct mv_doc *doc, const struct mv_doc_block *block)
{
    size_t columns = strlen(block->align), width[COLUMNS] = {0};

    gap(doc->page);
    for (size_t i = 0; i < block->n_cell; i++) {
        size_t w = mv_report_width(plain(doc, block->cell[i]));

        if (w > width[i % columns])
            width[i % columns] = w;
    }
    for (size_t row = 0; row + columns <= block->n_cell; row += columns)
        put_row(doc, block, row, columns, width);
    mv_report_put(doc->page, "\n");
}

static void put_heading(struct mv_doc *doc, const struct mv_doc_block *block)
{
    gap(doc->page);
    if (block->note)
        mv_report_say(doc->page, "", "%s (%s)", plain(doc, block->text),
                      plain(doc, block->note));
    else
        mv_report_put(doc->page, "%s\n", plain(doc, block->text));
}

static void put_step(struct mv_doc *doc, const struct mv_doc_block *block)
{
    const char *next = mv_doc_word(doc, MV_W_NEXT);

    gap(doc->page);
    mv_report_put(doc->page, "%s %s\n", next, block->text);
    mv_report_say(doc->page, "      ", "%s", block->note);
}

static void put_block(struct mv_doc *doc, const struct mv_doc_block *block)
{
    struct mv_page *page = doc->page;

    switch (block->kind) {
    case MV_BLOCK_HEADING: put_heading(doc, block); break;
    case MV_BLOCK_WARNING:
    case MV_BLOCK_LEAD:
    case MV_BLOCK_TEXT:
    case MV_BLOCK_NOTE:
        mv_report_say(page, "", "%s", plain(doc, block->text));
        break;
    case MV_BLOCK_TABLE: put_table(doc, block); break;
    case MV_BLOCK_CARDS: mv_doc_each_row(doc, block, put_card); break;
    case MV_BLOCK_LINES:
        mv_doc_each_row(doc, block, put_line);
        mv_report_put(page, "\n");
        break;
    case MV_BLOCK_MARKS:
        gap(page);
        mv_report_say(page, "", "%s", plain(doc, block->text));
        break;
    case MV_BLOCK_FIGURE: break; /* its figures are in JSON */
    case MV_BLOCK_STEP: put_step(doc, block); break;
    }
}

void mv_doc_write_text(struct mv_doc *doc)
{
    for (size_t i = 0; i < doc->n; i++)
        put_block(doc, &doc->block[i]);
}
