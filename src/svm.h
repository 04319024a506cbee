/* layer 3: support vector classification by libsvm over a shared Gram matrix.
 *
 * The linear kernel between two messages depends neither on C, nor on the
 * fold, nor on the repeat, so it is computed once and every training of a
 * selection reads it. libsvm's own cross-validation and probability estimates
 * are never used: they draw from the global rand(), which would make models
 * differ from run to run. This module knows vectors and labels, not text.
 *
 * Cortes & Vapnik 1995 (soft margin); Chang & Lin 2011 (libsvm, C-SVC, SMO).
 *
 * Thread-safety: a struct mv_gram may be used by many trainings at the same
 * time, as long as nobody fills it.
 */
#ifndef MV_SVM_H
#define MV_SVM_H

#include "status.h"

#include <stddef.h>
#include <stdint.h>

/* Sparse rows (compressed): row i holds start[i] .. start[i+1]-1 of index and
 * value; indices lie below dims, each at most once a row. Borrowed. */
struct mv_rows {
    size_t n;
    uint32_t dims;
    const size_t *start;   /* n + 1 */
    const uint32_t *index; /* start[n] */
    const float *value;    /* start[n], finite */
};

/* All inner products of n rows, to 20 bits after the point; opaque. Takes 4 n^2
 * bytes. */
struct mv_gram;

/* The most rows that mv_gram_new accepts (1.3 GB). */
enum { MV_GRAM_MAX = 18000 };

/* Makes room for the products of n rows. **Errors:** MV_RANGE for more than
 * MV_GRAM_MAX rows, MV_NOMEM. **Owns:** the caller, until mv_gram_free, which
 * accepts NULL. */
enum mv_status mv_gram_new(struct mv_gram **out, size_t n,
                           struct mv_error *error);
void mv_gram_free(struct mv_gram *gram);

/* Computes the products of rows, as many as room was made for; what was there
 * is lost. The same bits whatever the number of threads (see
 * mv_parallel_for). **Errors:** MV_DATA for a value that is not finite,
 * MV_NOMEM. */
enum mv_status mv_gram_fill(struct mv_gram *gram, const struct mv_rows *rows,
                            int threads, struct mv_error *error);

/* K(i, j). i, j < n. */
double mv_gram_at(const struct mv_gram *gram, size_t i, size_t j);

/* What is to be solved: n of the Gram matrix's rows with their labels. */
struct mv_svm_problem {
    const struct mv_gram *gram;
    const uint32_t *row;    /* n row numbers of the Gram matrix, distinct */
    const int8_t *label;    /* one per row of the *Gram matrix*: 1 or 0 */
    size_t n;               /* >= 2, with both labels among them */
    double c;               /* cost of a margin violation, > 0 */
    double positive_weight; /* C of label 1 is c times this, > 0 */
    const uint8_t *marked;  /* one per row of the Gram matrix, or NULL */
    double boost;           /* products of two marked rows are so many times as
                             * large as K says, >= 1 */
};

/* Trains. alpha: n signed coefficients (y_i alpha_i), parallel to
 * problem->row; *bias: such that f(x) = sum_i alpha_i K(row_i, x) + *bias is
 * positive for label 1, where x counts as marked: the coefficients of marked
 * rows are boosted. **Errors:** MV_DATA with one class only or a bad
 * parameter, MV_NOMEM. */
enum mv_status mv_svm_fit(const struct mv_svm_problem *problem, double *alpha,
                          double *bias, struct mv_error *error);

/* Decision values of m rows of the Gram matrix under a trained problem:
 * out[k] = sum_i alpha_i K(problem->row[i], row[k]) + bias. */
void mv_svm_decide(const struct mv_svm_problem *problem, const double *alpha,
                   double bias, const uint32_t *row, size_t m, double *out);

#endif
