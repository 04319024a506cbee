/* layer 7: a report as blocks of words, before it is text, Markdown or HTML.
 *
 * Words are made once, of the table of report_words.h, and written by one of
 * three writers. A figure in a sentence is marked with its place in the JSON
 * form and its value, so that HTML can carry both; marks are control
 * characters, which no text from outside holds once it was cleaned. A struct
 * mv_doc lives in its page's arena; a failure of memory sticks to the page.
 *
 * Thread-safety: as struct mv_page.
 */
#ifndef MV_REPORT_DOC_H
#define MV_REPORT_DOC_H

#include "report_text.h"
#include "report_words.h"

enum mv_block_kind {
    MV_BLOCK_HEADING = 0, /* text, id; a note in small letters behind it */
    MV_BLOCK_LEAD,        /* the first screen's sentences */
    MV_BLOCK_TEXT,
    MV_BLOCK_NOTE,    /* in small letters */
    MV_BLOCK_WARNING, /* before all else */
    MV_BLOCK_TABLE,
    MV_BLOCK_CARDS,  /* invitations with their messages */
    MV_BLOCK_LINES,  /* invitations, a line each */
    MV_BLOCK_FIGURE, /* a drawing, and its figures as a table */
    MV_BLOCK_MARKS,  /* how to say which contacts of the cards were useful */
    MV_BLOCK_STEP    /* what to do next: text is the command, note says why */
};

/* The align of a table of figures: name, value, meaning. */
#define MV_DOC_MEANINGS "lll"

struct mv_doc_block {
    enum mv_block_kind kind;
    const char *id;
    const char *text, *note;
    const char *svg;                 /* a figure's; NULL: not drawn */
    const struct mv_report_row *row; /* cards, lines */
    size_t n_row;
    const char *path;  /* of the rows in JSON */
    const char *align; /* tables: one letter a column, 'l' or 'r' */
    const char **cell; /* row by row, the heads first */
    size_t n_cell, room;
};

struct mv_doc {
    struct mv_page *page;
    enum mv_tongue tongue;
    struct mv_doc_block *block, *last;
    size_t n, room;
    struct mv_doc_block spare; /* the last one when memory has run out */
};

/* --- words ---------------------------------------------------------------- */

/* The word in the language of the document. */
const char *mv_doc_word(const struct mv_doc *doc, enum mv_word word);
/* The sentence with its places filled by strings, the last of which is NULL. */
const char *mv_doc_fill_with(struct mv_doc *doc, enum mv_word word,
                             const char *const *parts);
#define mv_doc_fill(doc, word, ...)                                            \
    mv_doc_fill_with((doc), (word), (const char *const[]){__VA_ARGS__})
/* Of the two forms of a sentence that which n goes with. */
enum mv_word mv_doc_plural(long n, enum mv_word one);
/* A command or option, set as such. */
const char *mv_doc_code(struct mv_doc *doc, const char *text);

/* Figures, marked. path: where it is in JSON. "–" when undefined. */
const char *mv_doc_count(struct mv_doc *doc, const char *path, double value);
const char *mv_doc_real(struct mv_doc *doc, const char *path, double value);
const char *mv_doc_percent(struct mv_doc *doc, const char *path, double share);
/* "0.93 (0.90–0.95)" of {value, low, high}. */
const char *mv_doc_interval(struct mv_doc *doc, const char *path,
                            struct mv_interval of);
/* Of 100: rounded down, or up. */
const char *mv_doc_of_100(struct mv_doc *doc, const char *path, double share,
                          bool up);
/* "9 Feb 2026", "–"; in text and Markdown 2026-02-09. */
const char *mv_doc_day(struct mv_doc *doc, int64_t at);
const char *mv_doc_language(const struct mv_doc *doc, const char *code);
const char *mv_doc_verdict(const struct mv_doc *doc, enum mv_verdict verdict);

/* --- blocks --------------------------------------------------------------- */

/* Appends a block; never NULL, valid until the next one. */
struct mv_doc_block *mv_doc_add(struct mv_doc *doc, enum mv_block_kind kind,
                                const char *text);
struct mv_doc_block *mv_doc_heading(struct mv_doc *doc, const char *id,
                                    const char *text, const char *note);
/* Appends a table and its heads. */
void mv_doc_table(struct mv_doc *doc, const char *align,
                  const enum mv_word *head, size_t n);
/* Appends a cell to the last block. */
void mv_doc_cell(struct mv_doc *doc, const char *text);

/* The page's document, block by block (report_page.c, report_evidence.c,
 * report_plots.c). */
void mv_doc_triage(struct mv_doc *doc, const struct mv_report_triage *t,
                   const struct mv_fit_record *record,
                   struct mv_report_step step);
void mv_doc_plots(struct mv_doc *doc, const struct mv_report_triage *t);
/* Its section on trust (report_evidence.c), and what its first figure was
 * measured on. */
void mv_doc_evidence(struct mv_doc *doc, const struct mv_report_triage *t,
                     const struct mv_fit_record *record);
const char *mv_doc_basis(struct mv_doc *doc, const struct mv_report_triage *t);

/* --- writers -------------------------------------------------------------- */

/* What a mark says. Returns what follows the marked figure at text, which
 * begins with a mark. */
struct mv_mark {
    struct mv_span path, value, shown; /* path empty: shown is a command */
};
const char *mv_doc_mark(const char *text, struct mv_mark *out);
/* The words without their marks. */
const char *mv_doc_plain(struct mv_doc *doc, const char *text);

/* Where the reasons of a row stand in its message: at most MV_DOC_REASONS
 * pieces, in order, apart from each other. */
enum { MV_DOC_REASONS = 8 };
struct mv_doc_piece {
    size_t from, to;
};
size_t mv_doc_reasons(const struct mv_report_row *row,
                      struct mv_doc_piece piece[MV_DOC_REASONS]);
/* Its name, or what there is in place of one. Not cleaned. */
const char *mv_doc_name(const struct mv_doc *doc,
                        const struct mv_report_row *row);
/* "first message", "contact already", or "". */
const char *mv_doc_standing(const struct mv_doc *doc,
                            const struct mv_report_row *row);
/* "was useful", "not useful", or "": not known. */
const char *mv_doc_outcome(const struct mv_doc *doc,
                           const struct mv_report_row *row);

/* Puts the rows of a block, one after the other. */
void mv_doc_each_row(struct mv_doc *doc, const struct mv_doc_block *block,
                     void (*show)(struct mv_doc *doc,
                                  const struct mv_report_row *row));

void mv_doc_write_text(struct mv_doc *doc);
void mv_doc_write_markdown(struct mv_doc *doc);
void mv_doc_write_html(struct mv_doc *doc);
/* The style sheet of the HTML form, in parts; NULL behind the last. */
const char *mv_doc_style(size_t part);
/* The script of the HTML form, which marks useful contacts, and what the page
 * allows a browser to run and to load: that script, when it is there, and
 * nothing else (Content Security Policy, level 2). */
const char *mv_doc_script(void);
const char *mv_doc_policy(struct mv_doc *doc, bool script);

#endif
