/* What the labeller looks like. */
#include "cmd_label_screen.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MEASURE = 74 }; /* columns of text that are comfortable to read */

/* Where things stand on a screen of this size. */
struct layout {
    int rows, columns;
    int left, right; /* of the text; right is one behind */
    int top, bottom; /* rows of the body; bottom is one behind */
    int keys;        /* row of the first keys */
};

static struct layout layout_of(struct mv_ui *ui)
{
    struct layout l = {0};
    int margin, hints;

    mv_screen_size(ui->screen, &l.rows, &l.columns);
    margin = l.columns > MEASURE + 4 ? (l.columns - MEASURE) / 2
             : l.columns > 24        ? 1 + (l.columns > 44)
                                     : 0;
    l.left = margin;
    l.right = l.columns - margin;
    hints = mv_label_hints(ui, l.left, l.right, -1);
    l.keys = l.rows - hints;
    l.top = l.rows > 12 ? 2 : 1;
    /* Status, rule, tally, keys. */
    l.bottom = l.keys - (l.rows > 12 ? 3 : 1);
    return l;
}

/* --- the frame --------------------------------------------------------------
 */

/* Puts text at the right end, unless it would run into what ends at `from`. */
static bool put_right(struct mv_ui *ui, const struct layout *l, int row,
                      int from, const char *text)
{
    int column = l->right - mv_screen_width(text);

    if (column < from + 2)
        return false;
    mv_screen_put(ui->screen, row, column, l->right, MV_LOOK_DIM, text);
    return true;
}

static void draw_head(struct mv_ui *ui, const struct layout *l)
{
    char text[160];
    size_t count = mv_ask_count(ui->asking);
    bool wide = l->right - l->left >= 60;
    int end;

    snprintf(text, sizeof text, "%s%s", wide ? "motivo label   " : "",
             ui->title);
    end = mv_screen_put(ui->screen, 0, l->left, l->right, MV_LOOK_DIM, text);
    if (ui->has_question)
        snprintf(text, sizeof text, wide ? "message %zu of %zu" : "%zu/%zu",
                 ui->index + 1, count);
    else
        snprintf(text, sizeof text, "%zu answered", count - ui->headway.left);
    put_right(ui, l, 0, end, text);
    if (l->rows > 12)
        mv_screen_rule(ui->screen, 1, l->left, l->right);
}

/* What the next 50 labels are expected to bring, in points of F1; words: how
 * many may be used, 2 to 0. */
static void put_expected(const struct mv_headway *h, int words, char *text,
                         size_t size)
{
    static const char *const UNKNOWN[] = {
        "e: 50 more?", "e: what 50 more bring", "e: what 50 more bring"};
    double gain = 100 * h->gain, low = 100 * h->low, high = 100 * h->high;

    if (!h->advised || isnan(h->gain))
        snprintf(text, size, "%s", UNKNOWN[words]);
    else if (h->enough)
        snprintf(text, size,
                 words ? "enough labels (next 50: +%.1f)" : "enough (+%.1f)",
                 gain);
    else if (words == 2)
        snprintf(text, size, "next 50: +%.1f points (%.1f to %.1f)", gain, low,
                 high);
    else if (words == 1)
        snprintf(text, size, "next 50: +%.1f (%.1f-%.1f)", gain, low, high);
    else
        snprintf(text, size, "50: +%.1f", gain);
}

static void draw_tally(struct mv_ui *ui, const struct layout *l, int row)
{
    const struct mv_headway *h = &ui->headway;
    char text[160];
    long all = h->label[0] + h->label[1] + h->label[2];
    bool wide = l->right - l->left >= 70;
    int end, words = wide ? 2 : 0;

    snprintf(text, sizeof text,
             wide ? "today %ld, all %ld: %ld purpose, %ld no, %ld unsure"
                  : "%ld/%ld: %ld p %ld n %ld s",
             h->today, all, h->label[MV_LABEL_PURPOSE],
             h->label[MV_LABEL_NO_PURPOSE], h->label[MV_LABEL_UNSURE]);
    end = mv_screen_put(ui->screen, row, l->left, l->right, MV_LOOK_DIM, text);
    do
        put_expected(h, words, text, sizeof text);
    while (!put_right(ui, l, row, end, text) && words-- > 0);
}

static void draw_foot(struct mv_ui *ui, const struct layout *l)
{
    mv_screen_put(ui->screen, l->bottom, l->left, l->right, ui->look,
                  ui->status);
    if (l->rows > 12) {
        mv_screen_rule(ui->screen, l->bottom + 1, l->left, l->right);
        draw_tally(ui, l, l->bottom + 2);
    }
    mv_label_hints(ui, l->left, l->right, l->keys);
}

/* --- a body of lines that scrolls ----------------------------------------- */

/* Lines that are drawn from the first that shows on. */
struct body {
    struct mv_ui *ui;
    struct layout l;
    size_t line; /* how many lines went by */
};

static void put_line(struct body *b, enum mv_look look, int indent,
                     const char *text)
{
    size_t skip = b->ui->scroll;

    if (b->line >= skip && b->line - skip < (size_t)(b->l.bottom - b->l.top))
        mv_screen_put(b->ui->screen, b->l.top + (int)(b->line - skip),
                      b->l.left + indent, b->l.right, look, text);
    b->line++;
}

/* Text that anybody may have written, broken into lines. most: lines; 0: all.
 */
static void put_text(struct body *b, enum mv_look look, int indent,
                     const char *text, size_t len, const char *phrases,
                     size_t most)
{
    int columns = b->l.right - b->l.left - indent;
    char *lines = NULL;

    if (mv_lines(text, len, columns > 2 ? (size_t)columns : 2, phrases, &lines,
                 NULL) != MV_OK)
        return;
    for (char *at = lines, *end; (end = strchr(at, '\n')); at = end + 1) {
        *end = '\0';
        put_line(b, look, indent, at);
        if (most && --most == 0)
            break;
    }
    free(lines);
}

/* The message itself, with a bar beside it where there is room. */
static void put_message(struct body *b, const struct mv_question *q,
                        const char *phrases)
{
    size_t from = b->line, top = b->ui->scroll;
    int indent = b->l.right - b->l.left >= 50 ? 3 : 0;

    put_text(b, MV_LOOK_PLAIN, indent, q->message, q->message_len, phrases, 0);
    for (size_t i = from; indent && i < b->line; i++)
        if (i >= top && i - top < (size_t)(b->l.bottom - b->l.top))
            mv_screen_put(b->ui->screen, b->l.top + (int)(i - top), b->l.left,
                          b->l.right, MV_LOOK_KEY, "│");
}

static void put_string(struct body *b, enum mv_look look, int indent,
                       const char *text)
{
    put_text(b, look, indent, text, strlen(text), NULL, 0);
}

/* Clamps the scroll, and says where there is more. Returns whether the scroll
 * had to change, so that the body must be drawn again. */
static bool end_body(struct body *b)
{
    struct mv_ui *ui = b->ui;
    size_t page = b->l.bottom > b->l.top ? (size_t)(b->l.bottom - b->l.top) : 0;

    ui->page = page;
    ui->most = b->line > page ? b->line - page : 0;
    if (ui->scroll > ui->most) {
        ui->scroll = ui->most;
        return true;
    }
    if (ui->scroll < ui->most && !*ui->status && ui->view != MV_VIEW_NOTE)
        mv_screen_put(ui->screen, b->l.bottom, b->l.left, b->l.right,
                      MV_LOOK_WARN, "… more below: Space or ↓");
    return false;
}

/* --- a message --------------------------------------------------------------
 */

static const char *origin_word(enum mv_origin origin)
{
    switch (origin) {
    case MV_ORIGIN_NOTE: return "note";
    case MV_ORIGIN_OPENING: return "opening of a conversation";
    case MV_ORIGIN_MAIL: return "note, from a mail";
    case MV_ORIGIN_TEXT: break;
    }
    return "text";
}

static void put_sender(struct body *b, const struct mv_question *q)
{
    char text[512];

    put_string(b, MV_LOOK_BOLD, 0, q->name && *q->name ? q->name : "(no name)");
    if (q->position || q->company) {
        snprintf(text, sizeof text, "%s%s%s", q->position ? q->position : "",
                 q->position && q->company ? ", " : "",
                 q->company ? q->company : "");
        put_string(b, MV_LOOK_PLAIN, 0, text);
    }
    snprintf(text, sizeof text, "%s%s%s%s%s", q->date, q->date[0] ? " · " : "",
             q->language ? q->language : "", q->language ? " · " : "",
             origin_word(q->origin));
    put_string(b, MV_LOOK_DIM, 0, text);
}

static enum mv_look look_of(enum mv_label label)
{
    return label == MV_LABEL_PURPOSE      ? MV_LOOK_GOOD
           : label == MV_LABEL_NO_PURPOSE ? MV_LOOK_BAD
                                          : MV_LOOK_WARN;
}

static void put_extras(struct body *b, const struct mv_question *q)
{
    char text[MV_NOTE_MAX + 80];

    if (q->answered) {
        snprintf(text, sizeof text, "Your answer: %s%s%s",
                 mv_label_name(q->label), q->kind ? ", " : "",
                 q->kind ? q->kind : "");
        put_line(b, MV_LOOK_PLAIN, 0, "");
        put_string(b, look_of(q->label), 0, text);
    }
    if (q->note) {
        snprintf(text, sizeof text, "Note: %s", q->note);
        put_line(b, MV_LOOK_PLAIN, 0, "");
        put_string(b, MV_LOOK_WARN, 0, text);
    }
    if (q->copies) {
        snprintf(text, sizeof text,
                 "%zu more %s this text, names apart: c shows them and lets "
                 "one answer settle all",
                 q->copies, q->copies == 1 ? "message has" : "messages have");
        put_line(b, MV_LOOK_PLAIN, 0, "");
        put_string(b, MV_LOOK_DIM, 0, text);
    }
}

static void put_disagreement(struct body *b)
{
    struct mv_ui *ui = b->ui;
    char text[512];

    snprintf(text, sizeof text, "The model says %s (%.2f), because of: %s",
             mv_verdict_name(ui->guess), ui->probability, ui->reason);
    put_line(b, MV_LOOK_PLAIN, 0, "");
    put_string(b, MV_LOOK_WARN, 0, text);
}

static void draw_message(struct body *b)
{
    struct mv_ui *ui = b->ui;
    const struct mv_question *q = &ui->question;
    bool why = ui->view == MV_VIEW_DISAGREE;

    put_sender(b, q);
    put_line(b, MV_LOOK_PLAIN, 0, "");
    put_message(b, q, why ? ui->reason : NULL);
    put_extras(b, q);
    if (why)
        put_disagreement(b);
}

/* --- other views ---------------------------------------------------------- */

const struct mv_kind *mv_label_kind(int32_t key)
{
    const struct mv_kind *kind = mv_kinds();

    for (int32_t letter = 'a'; kind->name; kind++, letter++)
        if (letter == key)
            return kind;
    return NULL;
}

/* The two labels side by side: the menu needs few rows. */
static void draw_kinds(struct mv_ui *ui, const struct layout *l)
{
    int row[2] = {l->top + 1, l->top + 1};
    int column[2];
    char letter = 'a';

    column[MV_LABEL_PURPOSE] = l->left;
    column[MV_LABEL_NO_PURPOSE] = l->left + (l->right - l->left < 44 ? 18 : 26);
    for (int i = 0; i < 2; i++)
        mv_screen_put(ui->screen, l->top, column[i], l->right,
                      look_of((enum mv_label)i),
                      mv_label_name((enum mv_label)i));
    for (const struct mv_kind *kind = mv_kinds(); kind->name; kind++) {
        const char key[2] = {letter++, '\0'};
        int *at = &row[kind->label];

        if (*at >= l->bottom)
            continue;
        mv_screen_put(ui->screen, *at, column[kind->label], l->right,
                      MV_LOOK_KEY, key);
        mv_screen_put(ui->screen, *at, column[kind->label] + 2, l->right,
                      MV_LOOK_PLAIN, kind->name);
        ++*at;
    }
}

static void draw_copies(struct body *b)
{
    struct mv_ui *ui = b->ui;
    struct mv_question copy;
    char text[128];
    size_t n = ui->question.copies;

    snprintf(text, sizeof text,
             "One answer will settle this message and %zu more:", n);
    put_string(b, MV_LOOK_BOLD, 0, text);
    for (size_t k = 0; k < n; k++) {
        if (mv_ask_copy(ui->asking, ui->index, k, &copy, NULL) != MV_OK)
            break;
        put_line(b, MV_LOOK_PLAIN, 0, "");
        put_text(b, MV_LOOK_BOLD, 0, copy.name ? copy.name : "(no name)",
                 copy.name ? strlen(copy.name) : 9, NULL, 1);
        put_text(b, MV_LOOK_PLAIN, 2, copy.message, copy.message_len, NULL, 0);
    }
    /* What is shown belongs to the copy now: get the message back. */
    mv_ask_get(ui->asking, ui->index, &ui->question, NULL);
}

static void draw_help(struct body *b)
{
    static const struct mv_hint KEYS[] = {
        {"p", "purpose: states a concrete reason for writing to you"},
        {"n", "no-purpose: everything else, however friendly"},
        {"s", "unsure: skip it; it is left out of training"},
        {"u", "take the last answer back; again for the one before"},
        {"k", "answer with the finer reason: a short menu"},
        {"c", "copies: one answer for all messages with this text"},
        {"o", "note something down about this message"},
        {"b ←", "go back one message, to look or to answer anew"},
        {"f →", "go on without an answer"},
        {"↑ ↓", "scroll; Space and Page keys too"},
        {"e", "estimate what the next 50 labels would bring"},
        {"q", "quit; everything is saved already"},
        {NULL, NULL}};
    bool wide = b->l.right - b->l.left >= 44;

    for (const struct mv_hint *hint = KEYS; hint->key; hint++) {
        size_t line = b->line;

        put_text(b, MV_LOOK_PLAIN, wide ? 6 : 4, hint->what, strlen(hint->what),
                 NULL, 0);
        if (line >= b->ui->scroll &&
            line - b->ui->scroll < (size_t)(b->l.bottom - b->l.top))
            mv_screen_put(b->ui->screen, b->l.top + (int)(line - b->ui->scroll),
                          b->l.left, b->l.right, MV_LOOK_KEY, hint->key);
    }
    put_line(b, MV_LOOK_PLAIN, 0, "");
    put_string(b, MV_LOOK_DIM, 0,
               "Every key is saved at once. What the model thinks shows only "
               "after your answer.");
}

static void draw_end(struct body *b)
{
    put_string(b, MV_LOOK_BOLD, 0, "Nothing is left to ask.");
    put_line(b, MV_LOOK_PLAIN, 0, "");
    put_string(b, MV_LOOK_PLAIN, 0,
               "Train again to learn from your labels: motivo train");
}

/* The tail of the note that fits, with the cursor behind it. */
static void draw_note(struct mv_ui *ui, const struct layout *l, int *column)
{
    const char *text = ui->note;
    int room = l->right - l->left - 8;

    while (*text && mv_screen_width(text) > room)
        do
            text++;
        while (((unsigned char)*text & 0xc0) == 0x80);
    mv_screen_put(ui->screen, l->bottom, l->left, l->right, MV_LOOK_WARN,
                  "Note: ");
    *column = mv_screen_put(ui->screen, l->bottom, l->left + 6, l->right,
                            MV_LOOK_PLAIN, text);
}

/* --- all of it ------------------------------------------------------------ */

static void draw_body(struct mv_ui *ui, const struct layout *l)
{
    struct body b;
    int tries = 0;

    do {
        b = (struct body){.ui = ui, .l = *l};
        mv_screen_clear(ui->screen);
        if (ui->view == MV_VIEW_KIND)
            draw_kinds(ui, l);
        else if (ui->view == MV_VIEW_COPIES)
            draw_copies(&b);
        else if (ui->view == MV_VIEW_HELP)
            draw_help(&b);
        else if (ui->view == MV_VIEW_END || !ui->has_question)
            draw_end(&b);
        else
            draw_message(&b);
    } while (end_body(&b) && ++tries < 3);
}

void mv_label_draw(struct mv_ui *ui)
{
    struct layout l = layout_of(ui);
    int column = 0;
    bool writing = ui->view == MV_VIEW_NOTE;

    if (writing)
        ui->status[0] = '\0';
    draw_body(ui, &l);
    draw_head(ui, &l);
    draw_foot(ui, &l);
    if (writing)
        draw_note(ui, &l, &column);
    mv_screen_show(ui->screen, writing ? l.bottom : -1, column);
}
