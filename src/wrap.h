/* layer 3: a message as lines for a terminal.
 *
 * What anybody may have written becomes lines that a terminal shows and
 * nothing more: no escapes, no controls, nothing that turns the direction of
 * writing around or whose width terminals differ about. Lines are broken at
 * blanks, and inside of words that are wider than a line. This module draws
 * nothing.
 *
 * Thread-safety: no shared state.
 */
#ifndef MV_WRAP_H
#define MV_WRAP_H

#include "text.h"

/* Bytes [from, to) of a text that are to stand out. */
struct mv_mark {
    size_t from, to;
};

/* What stands around them in the lines; opened and closed within a line. */
enum { MV_WRAP_ON = 1, MV_WRAP_OFF = 2 };

/* Appends text as lines of at most `columns` (>= 2), each ended by LF. Line
 * breaks of the text are kept, more than one empty line in a row are one, and
 * there is none at the ends. At most 4 marks stand on a character. mark: n,
 * rising, apart; NULL when n is 0. Errors: MV_NOMEM. */
enum mv_status mv_wrap(struct mv_buffer *out, struct mv_span text,
                       size_t columns, const struct mv_mark *mark, size_t n);

#endif
