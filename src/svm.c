/* Training, by libsvm. */
#include "svm_parts.h"

#include <assert.h>
#include <libsvm/svm.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static_assert(sizeof(struct svm_node) == sizeof(mv_quad_words) &&
                  offsetof(struct svm_node, value) == sizeof(double),
              "the rows of the Gram matrix are no nodes of libsvm's");
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
              "the upper half of a value is not its second one");

/* Row i as libsvm reads it: the upper half of a value is its own word. */
static struct svm_node *nodes_of(const struct mv_gram *gram, size_t i)
{
    const char *own = (const char *)(mv_gram_quads(gram, i) - 2) +
                      (i % MV_QUAD + 1) * sizeof(uint32_t);

    return (struct svm_node *)(uintptr_t)own;
}

/* libsvm talks to stdout unless told otherwise, through a global of its own. */
static pthread_once_t quiet = PTHREAD_ONCE_INIT;

static void print_nothing(const char *text)
{
    (void)text;
}

static void silence(void)
{
    svm_set_print_string_function(print_nothing);
}

static struct svm_parameter parameters(const struct mv_svm_problem *problem,
                                       int *weight_label, double *weight)
{
    struct svm_parameter p = {0};

    p.svm_type = C_SVC;
    p.kernel_type = PRECOMPUTED;
    p.cache_size = 40; /* MB: to copy a row again takes no longer than to
                        * get new memory for it */
    p.eps = 0.001;
    p.C = problem->c;
    p.shrinking = 0; /* takes longer than it saves on so few rows */
    p.nr_weight = 1;
    *weight_label = 1;
    *weight = problem->positive_weight;
    p.weight_label = weight_label;
    p.weight = weight;
    return p;
}

/* Copies the coefficients out of libsvm's model, in our order and sign. */
static void take(const struct svm_model *model, size_t n, double *alpha,
                 double *bias)
{
    /* libsvm's first label is that of the first row it saw. */
    double sign = model->label[0] == 1 ? 1.0 : -1.0;

    memset(alpha, 0, n * sizeof *alpha);
    for (int k = 0; k < model->l; k++)
        alpha[model->sv_indices[k] - 1] = sign * model->sv_coef[0][k];
    *bias = -sign * model->rho[0];
}

/* Copies of the marked rows with their products boosted: x, n pointers, is
 * turned to them. **Owns:** the caller. **Errors:** MV_NOMEM. */
static enum mv_status boost_rows(const struct mv_svm_problem *problem,
                                 struct svm_node **x, struct mv_gram **copies)
{
    const struct mv_gram *gram = problem->gram;
    size_t count = 0, used = 0;
    enum mv_status status;

    for (size_t i = 0; i < problem->n; i++)
        count += problem->marked[problem->row[i]] != 0;
    status = mv_gram_make(copies, count, gram->width);
    for (size_t i = 0; status == MV_OK && i < problem->n; i++) {
        size_t row = problem->row[i], lane = used % MV_QUAD;
        mv_quad_words *to;

        if (!problem->marked[row])
            continue;
        x[i] = nodes_of(*copies, used);
        to = mv_gram_quads(*copies, used++);
        to[-1][lane] = mv_gram_quads(gram, row)[-1][row % MV_QUAD];
        for (size_t j = 0; j < gram->width; j++) {
            float boost = problem->marked[j] ? (float)problem->boost : 1;
            float k = boost * mv_gram_product(gram, row, j);

            to[j][lane] = mv_quad_pack((mv_quad){k})[0];
        }
    }
    return status;
}

static enum mv_status solve(const struct mv_svm_problem *problem,
                            const struct svm_problem *data, double *alpha,
                            double *bias, struct mv_error *error)
{
    int weight_label;
    double weight;
    struct svm_parameter p = parameters(problem, &weight_label, &weight);
    struct svm_model *model = NULL;
    const char *complaint = svm_check_parameter(data, &p);

    pthread_once(&quiet, silence);
    if (!complaint)
        model = svm_train(data, &p);
    if (!complaint && model->nr_class != 2)
        complaint = "one class only";
    if (!complaint)
        take(model, problem->n, alpha, bias);
    if (model)
        svm_free_and_destroy_model(&model);
    return complaint ? mv_error_set(error, MV_DATA, NULL, 0, "cannot train: %s",
                                    complaint)
                     : MV_OK;
}

enum mv_status mv_svm_fit(const struct mv_svm_problem *problem, double *alpha,
                          double *bias, struct mv_error *error)
{
    struct svm_problem data = {.l = (int)problem->n};
    struct mv_gram *copies = NULL;
    bool boosted = problem->marked && problem->boost > 1;
    enum mv_status status = MV_NOMEM;

    data.y = malloc(problem->n * sizeof *data.y);
    data.x = malloc(problem->n * sizeof *data.x);
    for (size_t i = 0; data.x && data.y && i < problem->n; i++) {
        data.x[i] = nodes_of(problem->gram, problem->row[i]);
        data.y[i] = problem->label[problem->row[i]];
    }
    if (data.x && data.y)
        status = boosted ? boost_rows(problem, data.x, &copies) : MV_OK;
    if (status == MV_OK)
        status = solve(problem, &data, alpha, bias, error);
    else
        mv_error_set(error, status, NULL, 0, "out of memory");
    for (size_t i = 0; status == MV_OK && boosted && i < problem->n; i++)
        if (problem->marked[problem->row[i]])
            alpha[i] *= problem->boost;
    mv_gram_free(copies);
    free(data.x);
    free(data.y);
    return status;
}

void mv_svm_decide(const struct mv_svm_problem *problem, const double *alpha,
                   double bias, const uint32_t *row, size_t m, double *out)
{
    for (size_t k = 0; k < m; k++)
        out[k] = bias;
    for (size_t i = 0; i < problem->n; i++) {
        size_t own = problem->row[i], lane = own % MV_QUAD;
        const mv_quad_words *from = mv_gram_quads(problem->gram, own);

        if (alpha[i] != 0.0)
            for (size_t k = 0; k < m; k++)
                out[k] +=
                    alpha[i] * (double)mv_quad_unpack(from[row[k]][lane]);
    }
}
