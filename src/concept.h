/* layer 3: which concept a word stands for: a profession, a document, a day.
 *
 * A closed lexicon of word classes, typed by hand. Spanish and English words
 * stand in the same class, with the most frequent ones of Portuguese, French,
 * Italian, German and Catalan, so that what is learnt from one language serves
 * in another, and a profession that no training message names is still one.
 * The classes were chosen by what decides whether a message has a purpose (see
 * corpus/GUIDE.md): what is asked for, by whom, about which thing, when; and
 * what everybody who sells or collects contacts says. The idea of classes of
 * words as features is old: Brown et al. 1992; in text classification, the
 * categories of the General Inquirer (Stone et al. 1966) and of LIWC
 * (Pennebaker et al. 2001). No list of theirs was used. The module knows
 * nothing of weights: what a concept says is learnt (model).
 *
 * Thread-safety: struct mv_concept is immutable after mv_concept_new and may
 * be shared.
 */
#ifndef MV_CONCEPT_H
#define MV_CONCEPT_H

#include "arena.h"
#include "status.h"

#include <stdint.h>

struct mv_concept;

/* Builds the table (about 0.1 ms). **Errors:** MV_NOMEM. **Owns:** the caller,
 * until mv_concept_free, which accepts NULL. */
enum mv_status mv_concept_new(struct mv_concept **out);
void mv_concept_free(struct mv_concept *concept);

/* The concept of a folded word (see text.h), from 1 on; 0 when it has none.
 * An article before an apostrophe ("l'ingegnere") and an English "'s" are
 * seen through. A pure function of the word. */
uint8_t mv_concept_of(const struct mv_concept *concept, struct mv_span word);

/* "role", "document", ...; NULL for 0 and for numbers of no concept. Borrowed:
 * constant storage. */
const char *mv_concept_name(uint8_t number);

/* Identifies the lexicon: another number for any change to it, never 0. What
 * was learnt over one lexicon means nothing over another. */
uint64_t mv_concept_fingerprint(void);

#endif
