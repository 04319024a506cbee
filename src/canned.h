/* layer 3: recognises the texts that LinkedIn itself writes for a sender.
 *
 * The default texts seen in mails and exports since 2009, in several languages,
 * with or without a greeting before and a signature behind. The module knows
 * texts only, nothing of models: what it recognises is no-purpose without fail.
 *
 * Thread-safety: pure function.
 */
#ifndef MV_CANNED_H
#define MV_CANNED_H

#include "arena.h"
#include "text.h"

#include <stdbool.h>

/* Whether the message is one of LinkedIn's own texts and nothing besides. */
bool mv_canned_match(const struct mv_tokens *tokens);

/* The same in two steps, for a caller who remembers words: the number of the
 * first text that begins with a folded word (len > 0), 0 when none does; and
 * whether such a text stands at token first, which is that word, and nothing
 * besides. */
unsigned mv_canned_opens(struct mv_span word);
bool mv_canned_match_at(const struct mv_tokens *tokens, size_t first,
                        unsigned number);

#endif
