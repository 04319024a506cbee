#include "svm.h"
#include "test.h"

#include <stdbool.h>
#include <stdlib.h>

enum { N = 60, DIMS = 40, EACH = 6 };

static unsigned long long state = 7;

static double next_random(void)
{
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return (double)(state >> 11) / 9007199254740992.0;
}

static size_t start[N + 1];
static uint32_t indices[N * EACH];
static float values[N * EACH];
static int8_t label[N];

/* Two classes that differ in the mean of the first columns. */
static struct mv_rows make_rows(void)
{
    for (size_t i = 0; i < N; i++) {
        label[i] = (int8_t)(i % 3 == 0);
        start[i] = i * EACH;
        for (uint32_t k = 0; k < EACH; k++) {
            indices[i * EACH + k] =
                (uint32_t)((k * 7 + (unsigned)(next_random() * 7)) % DIMS);
            for (uint32_t e = 0; e < k; e++)
                if (indices[i * EACH + e] == indices[i * EACH + k])
                    indices[i * EACH + k] = (indices[i * EACH + k] + 1) % DIMS;
            values[i * EACH + k] =
                (float)(next_random() + (label[i] && k < 2 ? 0.8 : 0.0));
        }
    }
    start[N] = N * EACH;
    return (struct mv_rows){N, DIMS, start, indices, values};
}

static double dot(size_t i, size_t j)
{
    double dense[DIMS] = {0}, sum = 0;

    for (size_t k = start[i]; k < start[i + 1]; k++)
        dense[indices[k]] += (double)values[k];
    for (size_t k = start[j]; k < start[j + 1]; k++)
        sum += dense[indices[k]] * (double)values[k];
    return sum;
}

/* The dual's optimality conditions (Karush, Kuhn, Tucker) on the rows that were
 * trained on: an oracle that needs no other implementation. */
static void check_optimal(const struct mv_svm_problem *p, const double *alpha,
                          double bias)
{
    double f[N], sum = 0;

    mv_svm_decide(p, alpha, bias, p->row, p->n, f);
    for (size_t i = 0; i < p->n; i++) {
        double y = p->label[p->row[i]] ? 1 : -1, a = y * alpha[i];
        double limit = p->c * (y > 0 ? p->positive_weight : 1);

        sum += alpha[i];
        OK(a >= -1e-12 && a <= limit + 1e-9);
        if (a < 1e-9)
            OK(y * f[i] >= 1 - 2e-3);
        else if (a > limit - 1e-9)
            OK(y * f[i] <= 1 + 2e-3);
        else
            NEAR(y * f[i], 1, 2e-3);
    }
    NEAR(sum, 0, 1e-9);
}

/* Boosted products are those of rows that hold their columns twice: once for
 * all, once, scaled, for marked rows among themselves. */
static void check_boost(const struct mv_gram *gram)
{
    static size_t start2[N + 1];
    static uint32_t indices2[2 * N * EACH];
    static float values2[2 * N * EACH];
    static uint8_t marked[N];
    const double boost = 5;
    struct mv_rows rows = {N, 2 * DIMS, start2, indices2, values2};
    struct mv_gram *twice = NULL;
    uint32_t row[N];
    double a[N], b[N], f[N], g[N], bias_a, bias_b;
    size_t used = 0;

    for (uint32_t i = 0; i < N; i++) {
        marked[i] = i % 4 == 1;
        row[i] = i;
        start2[i] = used;
        for (size_t k = start[i]; k < start[i + 1]; k++) {
            indices2[used] = indices[k];
            values2[used++] = values[k];
            if (!marked[i])
                continue;
            indices2[used] = indices[k] + DIMS;
            values2[used++] = values[k] * (float)sqrt(boost - 1);
        }
    }
    start2[N] = used;
    EQ(mv_gram_new(&twice, N, NULL), MV_OK);
    EQ(mv_gram_fill(twice, &rows, 1, NULL), MV_OK);
    {
        struct mv_svm_problem p = {gram, row, label, N, 0.3, 1, marked, boost};
        struct mv_svm_problem q = {twice, row, label, N, 0.3, 1, NULL, 1};

        EQ(mv_svm_fit(&p, a, &bias_a, NULL), MV_OK);
        EQ(mv_svm_fit(&q, b, &bias_b, NULL), MV_OK);
        mv_svm_decide(&p, a, bias_a, row, N, f);
        mv_svm_decide(&q, b, bias_b, row, N, g);
    }
    for (uint32_t i = 0; i < N; i++)
        if (marked[i])
            NEAR(f[i], g[i], 0.02);
    mv_gram_free(twice);
}

int main(void)
{
    struct mv_rows rows = make_rows();
    struct mv_gram *gram = NULL, *other = NULL;
    uint32_t row[N];
    double alpha[N], bias = 0;

    TEST("products are products, the same under any number of threads")
    {
        OK(mv_gram_new(&gram, N, NULL) == MV_OK);
        OK(mv_gram_new(&other, N, NULL) == MV_OK);
        EQ(mv_gram_fill(gram, &rows, 1, NULL), MV_OK);
        EQ(mv_gram_fill(other, &rows, 3, NULL), MV_OK);
        for (size_t i = 0; i < N; i++)
            for (size_t j = 0; j < N; j++) {
                NEAR(mv_gram_at(gram, i, j), dot(i, j), 1e-5);
                OK(mv_gram_at(gram, i, j) == mv_gram_at(other, i, j));
                OK(mv_gram_at(gram, i, j) == mv_gram_at(gram, j, i));
            }
    }
    TEST("solutions meet the optimality conditions")
    {
        const double C[] = {0.01, 0.3, 5}, WEIGHT[] = {1, 2.5};

        for (int c = 0; c < 3; c++)
            for (int w = 0; w < 2; w++) {
                struct mv_svm_problem p = {gram, row,       label, 0,
                                           C[c], WEIGHT[w], NULL,  1};

                for (uint32_t i = 0; i < N; i++)
                    if (i % 5)
                        row[p.n++] = i;
                EQ(mv_svm_fit(&p, alpha, &bias, NULL), MV_OK);
                check_optimal(&p, alpha, bias);
            }
    }
    TEST("products of marked rows are boosted") check_boost(gram);
    TEST("what can not be trained is refused")
    {
        struct mv_svm_problem p = {gram, row, label, 0, 1, 1, NULL, 1};
        struct mv_error error = {0};

        for (uint32_t i = 0; i < N; i += 3)
            row[p.n++] = i;
        EQ(mv_svm_fit(&p, alpha, &bias, &error), MV_DATA);
        OK(strstr(error.message, "class") != NULL);
        mv_error_clear(&error);
        values[3] = NAN;
        EQ(mv_gram_fill(gram, &rows, 1, &error), MV_DATA);
        mv_error_clear(&error);
        mv_gram_free(other);
        EQ(mv_gram_new(&other, MV_GRAM_MAX + 1, &error), MV_RANGE);
        other = NULL;
    }
    mv_gram_free(gram);
    mv_gram_free(NULL);
    return test_end();
}
