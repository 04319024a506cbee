/* layer 2: message bodies that may hold HTML, to plain text.
 *
 * Parsing is libxml2's; what counts as HTML is decided before it: a '<' opens
 * a tag only when a known element's name and a '>' follow, a '&' opens an
 * entity only when it is a known one ended by ';'. So "AT&T", "R&D &c",
 * "a < b", "<first name>" and "<ana@example.com>" are text and survive.
 * Nothing is fetched, no entity is expanded into another, nothing is printed,
 * and addresses of links are dropped with their tags.
 *
 * Thread-safety: no shared state.
 */
#ifndef MV_HTML_H
#define MV_HTML_H

#include "arena.h"
#include "status.h"

#include <stdbool.h>

/* The longest body, in bytes, and the deepest nesting of elements, that are
 * parsed: the work is bounded by their product. */
#define MV_HTML_MAX (2u << 20)
#define MV_HTML_DEPTH 256

/* Whether the text has a '<' or a '&'. When it has none, mv_html_text would
 * copy it byte for byte, and a caller can spare the copy. */
bool mv_html_suspect(struct mv_span text);

/* Appends the text of a body to *out.
 * body: UTF-8, any length up to MV_HTML_MAX; at may be NULL when len is 0.
 * A body with neither '<' nor '&' is appended untouched. Otherwise: <br> is a
 * line break; paragraphs, headings, lists and tables are set off by an empty
 * line, other blocks, rows and list items stand on a line of their own;
 * script, style and head are dropped; entities become their characters;
 * control characters are blanks. Once there is a tag that breaks lines, runs
 * of blanks are one blank, as a browser shows them; else blanks and line
 * breaks are kept. Blanks at the two ends are dropped.
 * **Errors:** MV_RANGE when the body is longer than MV_HTML_MAX, MV_FORMAT
 * when it nests deeper than MV_HTML_DEPTH, MV_NOMEM; *out is then as it was.
 * Broken HTML is no error. **Owns:** *out is the caller's. */
enum mv_status mv_html_text(struct mv_span body, struct mv_buffer *out,
                            struct mv_error *error);

#endif
