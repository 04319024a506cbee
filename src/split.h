/* layer 3: near-duplicate groups, folds, and hold-out sets.
 *
 * Copies of one template in both halves of a split make a model look better
 * than it is; so rows are first put into groups of near-duplicates, and a
 * group then goes to one side as a whole. Nothing here looks at languages or
 * labels beyond the ints that the caller gives.
 *
 * Thread-safety: no shared state; may be called by several threads at once.
 */
#ifndef MV_SPLIT_H
#define MV_SPLIT_H

#include "arena.h"

#include <stddef.h>
#include <stdint.h>

/* Two texts are near-duplicates when the Jaccard similarity of their sets of
 * character trigrams, or of word trigrams, is at least this. */
#define MV_SPLIT_JACCARD 0.6

/* Puts near-duplicates into one group, and whoever is joined by a chain of
 * them. texts: n spans of valid UTF-8, folded by the caller (lower case,
 * blanks collapsed); words are what blanks part. Texts with fewer than five
 * trigrams of a sort are compared on that sort only when equal. Empty texts
 * are equal, so they make one group.
 * group: n ints, written on success: numbers from 0 in the order of first
 * appearance, the same on every machine. count: the number of groups, or NULL.
 * Pairs are found by MinHash (Broder 1997) with 40 bands of 4 rows and then
 * verified, so no pair below the threshold is joined, and one of exactly 0.6
 * is missed once in 250 (at 0.7: once in 60,000).
 * Errors: MV_NOMEM; MV_RANGE when n is above INT_MAX. */
enum mv_status mv_split_group(int *group, int *count, size_t n,
                              const struct mv_span *texts,
                              struct mv_error *error);

/* The rows that a split works on. */
struct mv_split_rows {
    size_t n;
    const int *label;   /* class of each row, any ints; must not be NULL */
    const int *stratum; /* label × language, say; any ints; NULL: the label */
    const int *group;   /* rows that stay together; any ints; NULL: none do */
};

/* Deals rows into folds: fold[i] in [0, *used). Groups never straddle folds;
 * folds are as even as whole groups allow, in size and in each stratum
 * (greedy, largest group first, ties broken by seed).
 * k: folds wanted, 2 .. 1000. *used (not NULL) is k, or fewer, at least 2,
 * when a class has fewer than k groups; every fold then still leaves each
 * class to the training rows. fold: n ints, of no meaning after a failure.
 * Errors: MV_RANGE for k; MV_DATA when there is no row or only one class, or
 * when a class has fewer than two rows or all its rows are near-duplicates;
 * MV_NOMEM. */
enum mv_status mv_split_folds(int *fold, int *used,
                              const struct mv_split_rows *rows, int k,
                              uint64_t seed, struct mv_error *error);

/* Sets rows aside: held[i] is 1 for the share `fraction` (in (0, 1)) of the
 * rows, 0 for the others, dealt as mv_split_folds does. Both sides have every
 * class. Errors: as mv_split_folds; MV_RANGE for fraction. */
enum mv_status mv_split_holdout(int *held, const struct mv_split_rows *rows,
                                double fraction, uint64_t seed,
                                struct mv_error *error);

#endif
