/* layer 7: words, lines, tables and JSON members that all pages share.
 *
 * The first failure of memory sticks to the page (mv_page.failed), so that a
 * page is written without a check a line; mv_report_finish tells it. Functions
 * that return a string never return NULL: it is in the page's arena, or
 * constant, and "" once memory has run out. Nothing here measures anything.
 *
 * Thread-safety: as struct mv_page.
 */
#ifndef MV_REPORT_TEXT_H
#define MV_REPORT_TEXT_H

#include "report.h"

/* MV_OK, or MV_NOMEM when something could not be put into the text. */
enum mv_status mv_report_finish(const struct mv_page *page);

/* --- lines ---------------------------------------------------------------- */

/* Appends to the text as it stands. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
void mv_report_put(struct mv_page *page, const char *format, ...);

/* Appends one paragraph, broken at blanks so that a line has at most
 * MV_REPORT_WIDTH columns. lead stands in front of its first line; the others
 * are indented to the same column. */
enum { MV_REPORT_WIDTH = 79 };
#if defined(__GNUC__)
__attribute__((format(printf, 3, 4)))
#endif
void mv_report_say(struct mv_page *page, const char *lead, const char *format,
                   ...);

/* Formats into the page's arena. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
const char *
mv_report_format(struct mv_page *page, const char *format, ...);

/* Columns that UTF-8 text takes on a terminal: 2 for wide characters (East
 * Asian, emoji), 0 for combining ones. */
size_t mv_report_width(const char *text);

/* The code point at text, which has len bytes, at least one; *size: its bytes.
 * Broken UTF-8 is one byte of U+FFFD. */
uint32_t mv_report_decode(const char *text, size_t len, size_t *size);
/* What could move the cursor, switch colours, or turn the writing around so
 * that a line reads as something else. */
bool mv_report_unsafe(uint32_t code);

/* One line that a terminal shows and nothing more: runs of blanks and line
 * breaks become one blank; controls, escapes, characters that turn the
 * direction of writing and broken bytes become U+FFFD; what does not fit into
 * columns is cut and ends in an ellipsis (0: no limit). */
const char *mv_report_line(struct mv_page *page, struct mv_span text,
                           size_t columns);
/* The same for a NUL-terminated string; NULL gives "". */
const char *mv_report_clean(struct mv_page *page, const char *text,
                            size_t columns);

/* --- figures -------------------------------------------------------------- */

/* "0.93"; "-" when undefined. */
const char *mv_report_figure(struct mv_page *page, double value);
/* "0.93 (0.90-0.95)", "0.93" without bounds, "-" when undefined; " to " for
 * the dash when a bound is negative. */
const char *mv_report_interval(struct mv_page *page, struct mv_interval of);
/* A share in a sentence: "35 %", "less than 1 %", "over 99 %", "-". */
const char *mv_report_percent(struct mv_page *page, double share);
/* Of 100 cases: "88 to 97", the bounds rounded outwards; "93" when both are
 * the same or unknown; "-" when undefined. */
const char *mv_report_of_100(struct mv_page *page, struct mv_interval of);
/* Of 100 cases at least: the share rounded down; "-". */
const char *mv_report_at_least(struct mv_page *page, double share);
/* "2026-02-09"; "-" for MV_NO_TIME and beyond the year 9999. */
const char *mv_report_day(struct mv_page *page, int64_t at);
/* "1 row", "2 rows": n and the word that goes with it. */
const char *mv_report_count(struct mv_page *page, long n, const char *one,
                            const char *many);
/* "Spanish", ..., "another", "unclear"; by code: NULL and "" are "unclear". */
const char *mv_report_language(enum mv_language language);
const char *mv_report_language_of(const char *code);

/* --- tables --------------------------------------------------------------- */

/* Cells of one width a column, two blanks apart. align: one letter a column,
 * 'l' or 'r'. `= {.align = "lr"}` begins one. */
struct mv_report_table {
    const char *align;
    size_t n, size;
    const char **cell;
};

/* Adds the next cell, left to right; a string of the page, or constant. */
void mv_report_cell(struct mv_page *page, struct mv_report_table *table,
                    const char *text);
/* Appends the table with lead in front of each line, and empties it. */
void mv_report_table_end(struct mv_page *page, struct mv_report_table *table,
                         const char *lead);

/* --- JSON ----------------------------------------------------------------- */

/* {"value", "low", "high"} */
void mv_report_put_interval(struct mv_json *json, const char *key,
                            struct mv_interval interval);
/* A path or file name: what is not UTF-8 in it is replaced, for the page would
 * have no JSON at all. NULL is null. */
void mv_report_put_path(struct mv_page *page, const char *key,
                        const char *path);
/* "2026-02-09T01:21:47Z", or null. */
void mv_report_put_time(struct mv_json *json, const char *key, int64_t at);

/* --- trust in a batch, and useful contacts (report_trust.c) ----------------
 */

/* The members "batch" and "useful" of the report. */
void mv_report_put_batch(struct mv_json *json, const struct mv_report_batch *b);
void mv_report_put_useful(struct mv_json *json,
                          const struct mv_report_useful *u);
/* The member "graphs" (report_graphs.c); NULL: null. */
void mv_report_put_graphs(struct mv_json *json,
                          const struct mv_report_graphs *graphs);
/* One invitation of a list, as an object. */
void mv_report_put_row(struct mv_json *json, const struct mv_report_row *row);

/* --- parts that several pages show ---------------------------------------- */

/* The members n .. unsure of `evaluate --json`, into the open object. */
void mv_report_put_metrics(struct mv_json *json, const struct mv_metrics *m);
/* "languages": [{"language": ..., the same}]. */
void mv_report_put_languages(struct mv_json *json,
                             const struct mv_evaluation *e);
/* The figures in words: table of all messages, then one line a language. */
void mv_report_say_evaluation(struct mv_page *page,
                              const struct mv_evaluation *e);

/* "groups": by language, length, source, kind, template. */
void mv_report_put_groups(struct mv_json *json, const struct mv_evaluation *e);
/* Spanish, English, mixed and other, templates that were not seen, and a
 * warning where groups differ; details: every group. */
void mv_report_say_groups(struct mv_page *page, const struct mv_evaluation *e,
                          bool details);

/* The member "parity": {p_recall, p_false_alarms, differs, languages {es, en,
 * mixed, other: {n, purposes, precision, recall, ...}}}; null when empty. */
void mv_report_put_parity(struct mv_json *json, const struct mv_groups *family);

/* What was chosen in a fit, into the open object. */
void mv_report_put_record(struct mv_json *json, const struct mv_fit_record *r);
/* The member "example_languages" of it. */
void mv_report_put_examples(struct mv_json *json,
                            const struct mv_fit_record *r);
/* The same in words: labels, choices, thresholds. */
void mv_report_say_record(struct mv_page *page, const struct mv_fit_record *r);
/* Two models on the same messages: lines of a table and a sentence. one, two:
 * what the figures of each are called ("before", "now"). */
void mv_report_say_comparison(struct mv_page *page,
                              const struct mv_comparison *c, const char *one,
                              const char *two);
/* The same figures into the open object; one, two: ends of member names. */
void mv_report_put_comparison(struct mv_json *json,
                              const struct mv_comparison *c, const char *one,
                              const char *two);
/* What the gate found, as the member "gate" and in words. */
void mv_report_put_gate(struct mv_json *json,
                        const struct mv_report_training *t);
void mv_report_say_gate(struct mv_page *page,
                        const struct mv_report_training *t);
/* "Spanish 400, English 190": examples a language, most frequent first. */
const char *mv_report_languages(struct mv_page *page,
                                const uint32_t languages[MV_LANG_COUNT]);

/* What mv_report_model_json wrote: members that are not there, or not of the
 * right type, leave zeros (record, groups) or NaN (figures). Either may be NULL.
 * **Errors:** MV_NOMEM. */
enum mv_status mv_report_read_model(const struct mv_model_row *model,
                                    struct mv_fit_record *record,
                                    struct mv_evaluation *figures);

/* What to do next. command: to be typed; why: a sentence without its stop. */
struct mv_report_step {
    const char *command, *why;
};
struct mv_report_step mv_report_next(const struct mv_counts *counts,
                                     const struct mv_model_row *model);
/* A step whose reason is a word of the report. */
struct mv_report_step mv_report_step(const char *command, enum mv_word why);
/* As the member "next", and in text as "Next: ...". */
void mv_report_put_next(struct mv_json *json, struct mv_report_step step);
void mv_report_put_step(struct mv_page *page, struct mv_report_step step);

#endif
