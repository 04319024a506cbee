/* layer 2: from UTF-8 as people type it to a folded copy and its tokens.
 *
 * Folding makes all spellings of one message equal, so that a verdict can not
 * depend on the keyboard: compatibility decomposition (NFKD), full case
 * folding, marks stripped (accents, variation selectors), default-ignorable
 * code points and emoji skin tones dropped, curly quotes and dashes
 * straightened, runs of blanks and controls made one blank, none at the ends.
 * Every step but the blanks maps one code point at a time, so NFC and NFD
 * inputs fold alike. The original is never changed; tokens lead back to it.
 * This module does not know what tokens are used for.
 *
 * Unicode Standard Annex #15 (normalisation forms), section 3.13 of the
 * Standard (default caseless matching); data from utf8proc.
 *
 * Thread-safety: struct mv_text is immutable after mv_text_new and may be
 * shared; a struct mv_tokens belongs to one thread at a time.
 */
#ifndef MV_TEXT_H
#define MV_TEXT_H

#include "arena.h"
#include "status.h"

#include <stddef.h>
#include <stdint.h>

/* The longest message that is looked at, in bytes; the rest of a longer one
 * is cut off at a code point (LinkedIn's own limit is far below). */
#define MV_TEXT_MAX 65536u

enum mv_token_kind {
    MV_TOKEN_WORD = 0, /* letters, with digits and inner apostrophes */
    MV_TOKEN_NUMBER,   /* digits, with inner . , : */
    MV_TOKEN_PUNCT,    /* one punctuation character, or a run of the same */
    MV_TOKEN_SYMBOL,   /* one symbol: emoji, currency, arithmetic */
    MV_TOKEN_URL,      /* http://..., www..., name.tld/... up to a blank */
    MV_TOKEN_EMAIL     /* name@host.tld */
};

/* One token: len bytes from at on in the folded text. */
struct mv_token {
    uint32_t at, len;
    enum mv_token_kind kind;
};

/* From `folded` on, the original continues at `original`. */
struct mv_text_run {
    uint32_t folded, original;
};

/* A folded message. `= {0}` initialises it; it is reused from message to
 * message without new allocations. */
struct mv_tokens {
    struct mv_buffer folded; /* followed by >= 8 readable bytes */
    struct mv_token *token;
    size_t n;     /* tokens */
    size_t input; /* bytes of the original that were looked at */
    struct mv_text_run *run;
    size_t n_runs;
    size_t token_size, run_size; /* room, in elements */
};

/* Folding tables; opaque. */
struct mv_text;

/* Makes the tables (about 0.1 ms). **Errors:** MV_NOMEM. **Owns:** the caller,
 * until mv_text_free, which accepts NULL. */
enum mv_status mv_text_new(struct mv_text **out);
void mv_text_free(struct mv_text *text);

/* Folds and splits one message into *out, whose previous content is lost.
 * message: UTF-8, any length (see MV_TEXT_MAX); at may be NULL when len is 0.
 * **Errors:** MV_FORMAT with the byte position when the message is not strict
 * UTF-8; MV_NOMEM. **Owns:** the caller releases *out with
 * mv_tokens_release. */
enum mv_status mv_text_tokens(const struct mv_text *text,
                              struct mv_span message, struct mv_tokens *out,
                              struct mv_error *error);

/* Frees the memory of *tokens, which may be used again. NULL is allowed. */
void mv_tokens_release(struct mv_tokens *tokens);

/* How many columns the first character of text takes on a terminal: 2 for wide
 * ones, 0 for marks that stand on the one before, and -1 for what a terminal is
 * not to be given: invisible and direction-changing characters, variation
 * selectors and skin tones, about whose width terminals differ. Controls,
 * broken bytes and what Unicode has not assigned are *code 0xFFFD, of one
 * column. text.len >= 1. *used: its bytes, *code: its code point. */
int mv_text_columns(struct mv_span text, size_t *used, uint32_t *code);

/* The bytes [*from, *to) of the original message that tokens first..last
 * (inclusive) were made of. last < tokens->n. */
void mv_text_origin(const struct mv_tokens *tokens, size_t first, size_t last,
                    size_t *from, size_t *to);

#endif
