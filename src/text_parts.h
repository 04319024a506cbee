/* layer 2: what the files of text share; see text.h.
 *
 * Thread-safety: no state.
 */
#ifndef MV_TEXT_PARTS_H
#define MV_TEXT_PARTS_H

#include "text.h"

enum mv_glyph {
    MV_GLYPH_BLANK = ' ',
    MV_GLYPH_LETTER = 'a',
    MV_GLYPH_DIGIT = '0',
    MV_GLYPH_PUNCT = '.',
    MV_GLYPH_SYMBOL = '$'
};

/* Reads the character at `at` of the folded text: its glyph, and its length in
 * *len. Folded text is valid UTF-8 and NUL-padded. */
enum mv_glyph mv_text_look(const char *at, size_t *len);

/* Length of the token at `at` of the folded text, which is no blank; *kind says
 * what it is. */
size_t mv_text_token(const char *at, enum mv_token_kind *kind);

#endif
