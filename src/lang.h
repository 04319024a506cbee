/* layer 3: which language a message is written in.
 *
 * Two steps. Function words vote first: they are short, frequent and cost one
 * look-up a word, and a caller that remembers words can remember their votes.
 * Where the vote is not clear, CLD2 is asked: on labelled short messages it was
 * right on 0.99 against libexttextcat's 0.97 of texts of 265 characters, on
 * 0.89 against 0.66 of texts of 34, and 13 to 55 times faster. It sees folded
 * text, without accents, which costs two points on texts of 34 characters and
 * nothing that could be seen on longer ones, so that no spelling of a message
 * changes its language. The module never looks at names or countries.
 *
 * Thread-safety: struct mv_lang is immutable after mv_lang_new and may be
 * shared.
 */
#ifndef MV_LANG_H
#define MV_LANG_H

#include "arena.h"
#include "status.h"

#include <stddef.h>
#include <stdint.h>

enum mv_language {
    MV_LANG_ES = 0,
    MV_LANG_EN,
    MV_LANG_PT,
    MV_LANG_FR,
    MV_LANG_IT,
    MV_LANG_DE,
    MV_LANG_CA,
    MV_LANG_OTHER, /* recognised, but none of the above */
    MV_LANG_UND    /* undetermined: too short, or no language at all */
};
enum { MV_LANG_COUNT = 9 };

struct mv_lang;

/* Builds the table of function words. **Errors:** MV_NOMEM. **Owns:** the
 * caller, until mv_lang_free, which accepts NULL. */
enum mv_status mv_lang_new(struct mv_lang **out);
void mv_lang_free(struct mv_lang *lang);

/* The languages in which a folded word (see text.h) is a function word, as a
 * set of bits 1 << enum mv_language; 0 for other words. A pure function of the
 * word. */
uint8_t mv_lang_word(const struct mv_lang *lang, struct mv_span word);

/* Votes of a message, one byte a language, packed. */
typedef uint64_t mv_lang_votes;

/* Adds the set of one word. At most 255 words of a message may be added. */
mv_lang_votes mv_lang_add(mv_lang_votes votes, uint8_t set);

/* Decides from the votes of the message's words, or by CLD2.
 * message: the folded text (see text.h), so that all spellings of a message
 * have one language. words: how many words voted. */
enum mv_language mv_lang_decide(mv_lang_votes votes, size_t words,
                                struct mv_span message);

/* "es", "en", "pt", "fr", "it", "de", "ca", "other", "und". Borrowed:
 * constant storage. */
const char *mv_lang_name(enum mv_language language);

/* The language of that code; MV_LANG_OTHER for a code that is none of ours
 * ("nl"), MV_LANG_UND for NULL, "" and "mix" (several in one message). */
enum mv_language mv_lang_parse(const char *code);

#endif
