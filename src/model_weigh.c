/* Weighting: counts to the values that the kernel sees. */
#include "model_parts.h"

#include <math.h>
#include <stdlib.h>

/* The square root of a half: triples and frame count half in the kernel. */
#define HALF 0.70710678f

const float mv_block_factor[MV_BLOCKS] = {1.0f, 1.0f, HALF, HALF, 1.0f};

/* How a feature's log-count ratio is shrunk. */
static const double FLOOR = 1, SHRINK = 10;

/* How many of the used messages have a feature, in all and of label 1. */
struct frequency {
    uint32_t all, positive;
};

static void count_frequencies(const struct mv_matrix *m, const int8_t *label,
                              const uint8_t *used, struct frequency *frequency,
                              double *n)
{
    n[0] = n[1] = 0;
    for (size_t i = 0; i < m->rows.n; i++) {
        if (!used[i])
            continue;
        n[label[i]]++;
        for (size_t k = m->start[i]; k < m->start[i + 1]; k++) {
            frequency[m->index[k]].all++;
            frequency[m->index[k]].positive += label[i] == 1;
        }
    }
}

static float weight_of(struct frequency f, const double *n)
{
    double all = n[0] + n[1], df = f.all, df1 = f.positive;
    double idf = 1 + log((1 + all) / (1 + df));
    double r = log((df1 + 2 * n[1] / all) / (df - df1 + 2 * n[0] / all)) -
               log(n[1] / n[0]);
    double g = idf * (FLOOR + fabs(r) * df / (df + SHRINK));

    return f.all ? (float)(floor(g * 65536 + 0.5) / 65536) : 0;
}

enum mv_status mv_matrix_weights(const struct mv_matrix *matrix,
                                 const int8_t *label, const uint8_t *used,
                                 float *weight)
{
    struct frequency *frequency =
        calloc(matrix->rows.dims + 1, sizeof *frequency);
    double n[2];

    if (!frequency)
        return MV_NOMEM;
    count_frequencies(matrix, label, used, frequency, n);
    for (uint32_t c = 0; c < matrix->rows.dims; c++)
        weight[c] = weight_of(frequency[c], n);
    free(frequency);
    return MV_OK;
}

void mv_matrix_values(const struct mv_matrix *m, const float *weight,
                      float *value)
{
    for (size_t i = 0; i < m->rows.n; i++) {
        double q[MV_BLOCKS] = {0};
        float scale[MV_BLOCKS];

        for (size_t k = m->start[i]; k < m->start[i + 1]; k++) {
            double g = (double)weight[m->index[k]];

            q[m->hit[m->index[k]] >> m->bits] += (double)m->count[k] * g * g;
        }
        for (int b = 0; b < MV_BLOCKS; b++)
            scale[b] =
                q[b] > 0 ? (float)(1 / sqrt(q[b])) * mv_block_factor[b] : 0;
        for (size_t k = m->start[i]; k < m->start[i + 1]; k++)
            value[k] = m->count[k] * weight[m->index[k]] *
                       scale[m->hit[m->index[k]] >> m->bits];
    }
}
