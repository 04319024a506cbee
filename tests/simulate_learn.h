/* What simulations of labelling learn from, and how; see simulate_labels.c.
 *
 * Learns as the program does, but with the C of fewer than MV_FIT_FEW labels at
 * any number, and folds that are dealt once: calibration and threshold are all
 * that is chosen. Features are extracted once. What goes wrong ends the
 * process. */
#ifndef SIMULATE_LEARN_H
#define SIMULATE_LEARN_H

#include "calibrate.h"
#include "model_parts.h"

#include <stdbool.h>
#include <stddef.h>

/* Ends the process, saying what was needed, where it is not so. */
void sim_need(bool ok, const char *what);

/* Room for n elements, all zero; at least one. */
void *sim_make(size_t n, size_t size);

enum part { POOL, TEST, OLD, PARTS };

struct messages {
    size_t n, room;
    char **text;
    struct mv_tokens *tokens;
    struct mv_span *folded;
    enum part *part;
    int *label, *group;
    int8_t *sign; /* the labels, as svm.h wants them */
    struct mv_matrix matrix;
};

/* One message a line from standard input: part, tab, 0 or 1, tab, text. */
void sim_read_messages(struct messages *m);

/* Tokens, groups of near-duplicates and features of all messages. */
void sim_extract(struct messages *m);
void sim_release_messages(struct messages *m);

/* What was learnt: what a column adds to the score and to the squared norm,
 * and what the score means. */
struct learnt {
    bool ready;
    double *v, *q; /* columns of the whole matrix */
    double bias, forced;
    struct mv_calibration calibration;
};

/* Learns from n rows; out is not ready where they are too few. Owns: the
 * caller, until sim_forget. */
void sim_learn(struct learnt *out, const struct messages *m, const size_t *row,
               size_t n);
void sim_forget(struct learnt *learnt);

/* The probability of purpose, as a model computes it (see model.h); NaN where
 * nothing was learnt. */
double sim_ask(const struct learnt *learnt, const struct mv_matrix *all,
               size_t row);

#endif
