/* Agreement of two annotators. */
#include "metrics.h"

#include <math.h>

enum { K = MV_KAPPA_CLASSES };

/* A table as shares. */
struct shares {
    double p[K][K], first[K], second[K];
    double same, chance; /* p_o and p_e */
};

static struct shares shares_of(const struct mv_agreement *a)
{
    struct shares s = {.same = 0};

    for (int i = 0; i < K; i++)
        for (int k = 0; k < K; k++) {
            s.p[i][k] = (double)a->cell[i][k] / (double)a->n;
            s.first[i] += s.p[i][k];
            s.second[k] += s.p[i][k];
        }
    for (int i = 0; i < K; i++) {
        s.same += s.p[i][i];
        s.chance += s.first[i] * s.second[i];
    }
    return s;
}

static double kappa_of(double same, double chance)
{
    return (same - chance) / (1 - chance);
}

/* Fleiss, Cohen and Everitt 1969, equation 13. */
static double variance(const struct shares *s, long n)
{
    double rest = 1 - s->chance, a = 0, b = 0, c;

    for (int i = 0; i < K; i++) {
        double both = s->first[i] + s->second[i];
        double part = rest - both * (1 - s->same);

        a += s->p[i][i] * part * part;
        for (int k = 0; k < K; k++)
            if (i != k) {
                double cross = s->second[i] + s->first[k];

                b += s->p[i][k] * cross * cross;
            }
    }
    b *= (1 - s->same) * (1 - s->same);
    c = s->same * s->chance - 2 * s->chance + s->same;
    return fmax(0, (a + b - c * c) / ((double)n * pow(rest, 4)));
}

void mv_metrics_agree(struct mv_agreement *out, double confidence)
{
    long same = 0;
    struct shares s;
    double error;

    confidence = confidence > 0 ? confidence : 0.95;
    out->n = 0;
    for (int i = 0; i < K; i++) {
        same += out->cell[i][i];
        for (int k = 0; k < K; k++)
            out->n += out->cell[i][k];
    }
    out->same = mv_stats_wilson(same, out->n, confidence);
    out->kappa = mv_stats_undefined();
    if (!out->n)
        return;
    s = shares_of(out);
    if (s.chance >= 1)
        return;
    out->kappa.value = kappa_of(s.same, s.chance);
    error = mv_stats_normal_quantile(0.5 + confidence / 2) *
            sqrt(variance(&s, out->n));
    if (same == 0 || same == out->n) {
        out->kappa.low = fmax(-1, kappa_of(out->same.low, s.chance));
        out->kappa.high = fmin(1, kappa_of(out->same.high, s.chance));
        return;
    }
    out->kappa.low = fmax(-1, out->kappa.value - error);
    out->kappa.high = fmin(1, out->kappa.value + error);
}
