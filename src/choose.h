/* layer 6: which messages to ask a person about next, and which are copies.
 *
 * Arrays in, an order out: nothing here knows a database, a model or a person,
 * so a simulation asks in the same order as the program does. The same rows
 * with the same seed give the same order on every machine; which of two rows
 * comes first by chance depends on their keys alone, so that rows which come
 * in later do not shuffle the others.
 *
 * Uncertainty: Lewis and Gale 1994; diversity within a batch: maximal marginal
 * relevance (Carbonell and Goldstein 1998) on MinHash sketches (Broder 1997);
 * suspect labels: confident learning (Northcutt, Jiang and Chuang 2021).
 *
 * Thread-safety: no shared state; may be called by several threads at once.
 */
#ifndef MV_CHOOSE_H
#define MV_CHOOSE_H

#include "arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum mv_choose_order {
    MV_CHOOSE_UNSURE = 0, /* where the model is least sure, no two alike */
    MV_CHOOSE_RANDOM,     /* by chance: a fair sample from any first part */
    MV_CHOOSE_NEWEST,     /* latest first */
    MV_CHOOSE_SUSPECT     /* labelled rows whose label the model contradicts */
};

/* The rows, each array n long. Those that an order does not use may be NULL. */
struct mv_choose_rows {
    size_t n;
    const struct mv_span *texts; /* folded (see text.h); NULL: all differ */
    const double *p;             /* probability of purpose in [0, 1], NaN: not
                                  * known; for SUSPECT out of fold */
    const int *group;    /* near-duplicates share a number (see split.h), any
                          * ints >= 0; NULL: there are none */
    const uint8_t *done; /* 1: labelled. SUSPECT asks these, the others the
                          * rest; NULL: none is */
    const int *label;    /* of labelled rows: 1 purpose, 0 no-purpose */
    const int64_t *at;   /* times, for NEWEST; the least comes last */
    const uint64_t *key; /* tells rows apart; NULL: their place */
};

/* `= {0}` takes every default. */
struct mv_choose_options {
    enum mv_choose_order order;
    uint64_t seed;
    size_t batch; /* rows of UNSURE among which no two are alike; 0: 10 */
    double random_share; /* of each batch drawn by chance, [0, 1]; 0: 0.2;
                          * below 0: none */
};

/* Writes the places of the rows to ask about to out (room for n), the first
 * to be asked first, and how many they are to *count.
 * UNSURE: near-duplicates of what is labelled, or of what comes earlier, come
 * after everything else; rows of unknown probability count as half sure.
 * SUSPECT: only the rows whose label is contradicted with confidence: the
 * other label is at least as probable as it is on average where it was given,
 * and more probable than not; the least believable first.
 * Errors: MV_RANGE for options; MV_NOMEM. */
enum mv_status mv_choose(size_t *out, size_t *count,
                         const struct mv_choose_rows *rows,
                         const struct mv_choose_options *options,
                         struct mv_error *error);

/* Numbers the templates: rows that are the same text but for the names of
 * their senders, and hardly a word more, share a number; copy: n ints,
 * numbered from 0 in the order of first appearance. texts: folded; names:
 * folded, empty where not known; group: as mv_split_group gives it, only rows
 * of one group are compared.
 * Errors: MV_NOMEM. */
enum mv_status mv_choose_copies(int *copy, size_t n,
                                const struct mv_span *texts,
                                const struct mv_span *names, const int *group,
                                struct mv_error *error);

#endif
