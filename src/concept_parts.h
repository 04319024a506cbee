/* layer 3: the lexicon of concept.h as two tables; see there.
 *
 * Thread-safety: constant.
 */
#ifndef MV_CONCEPT_PARTS_H
#define MV_CONCEPT_PARTS_H

/* A concept: its words, folded (no accents, lower case), parted by single
 * blanks. An entry stands for all words that begin with it ("abogad":
 * abogada, abogados), with a $ behind it for that word alone. The longest
 * entry that fits a word decides, and no entry stands twice. */
struct mv_concept_row {
    const char *name;
    const char *words;
};

/* Both end with a row without a name. */
extern const struct mv_concept_row mv_concept_work[], mv_concept_talk[];

#endif
