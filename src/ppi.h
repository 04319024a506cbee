/* layer 3: a share over all, from a random sample and predictions of the rest.
 *
 * Prediction-powered inference (Angelopoulos, Bates, Fannjiang, Jordan and
 * Zrnic 2023), with the tuning of Angelopoulos, Duchi and Zrnic (2023): the
 * mean prediction over all, moved by what predictions were off in the sample.
 * Bad predictions cost nothing, good ones narrow the interval. It refuses to
 * say whether the sample was drawn at random: without that the result means
 * nothing.
 *
 * Thread-safety: pure functions.
 */
#ifndef MV_PPI_H
#define MV_PPI_H

#include "stats.h"

#include <stddef.h>

/* What is known: n units whose outcome (0 or 1) is known, drawn at random, with
 * predictions in [0, 1]; m predictions of the others. */
struct mv_ppi_rows {
    size_t n, m;
    const int *outcome;       /* n */
    const double *prediction; /* n: of the same units */
    const double *rest;       /* m; may be NULL when m is 0 */
};

struct mv_ppi {
    struct mv_interval share;
    double error;  /* standard error */
    double lambda; /* how far predictions are used: 0 not at all, 1 in full */
    size_t n, m;
};

/* Estimates the share of outcome 1. With lambda = cov(y, f) / ((1 + n/m)
 * var f), within [0, 1]: value = lambda mean(rest) + mean(y - lambda f),
 * error^2 = lambda^2 var(rest) / m + var(y - lambda f) / n. The interval is
 * Wilson's at the number of units that would have this error (Korn and Graubard
 * 1998): a symmetric one is too short for rare outcomes. With n 0: undefined.
 * With fewer than ten outcomes of either kind predictions have nothing to be
 * held against: lambda is 0. Errors: MV_DATA for numbers out of range; MV_RANGE
 * for confidence outside of (0, 1). */
enum mv_status mv_ppi_share(struct mv_ppi *out, const struct mv_ppi_rows *rows,
                            double confidence, struct mv_error *error);

#endif
