#include "ppi.h"

#include <math.h>
#include <stdbool.h>

/* With fewer outcomes of a kind, their covariance with anything is luck. */
enum { LEAST_OF_EACH = 10 };

struct moments {
    double mean, variance;
};

/* Mean and variance. */
static struct moments moments(const double *x, size_t n)
{
    struct moments out = {0, 0};

    for (size_t i = 0; i < n; i++)
        out.mean += x[i] / (double)n;
    for (size_t i = 0; i < n; i++)
        out.variance += (x[i] - out.mean) * (x[i] - out.mean) / (double)n;
    return out;
}

static struct moments residuals(const struct mv_ppi_rows *rows, double lambda)
{
    struct moments out = {0, 0};
    double n = (double)rows->n;

    for (size_t i = 0; i < rows->n; i++)
        out.mean += (rows->outcome[i] - lambda * rows->prediction[i]) / n;
    for (size_t i = 0; i < rows->n; i++) {
        double off = rows->outcome[i] - lambda * rows->prediction[i] - out.mean;

        out.variance += off * off / n;
    }
    return out;
}

/* How far the predictions are worth using. */
static double tune(const struct mv_ppi_rows *rows)
{
    double n = (double)rows->n, m = (double)rows->m, covariance = 0, both;
    struct moments f = moments(rows->prediction, rows->n);
    struct moments rest = moments(rows->rest, rows->m);
    struct moments y = residuals(rows, 0);

    if (rows->m == 0 || y.mean * n < LEAST_OF_EACH - 0.5 ||
        (1 - y.mean) * n < LEAST_OF_EACH - 0.5)
        return 0;
    for (size_t i = 0; i < rows->n; i++)
        covariance +=
            (rows->outcome[i] - y.mean) * (rows->prediction[i] - f.mean) / n;
    /* Variance over both: within and between. */
    both = (n * f.variance + m * rest.variance) / (n + m) +
           n * m * pow((f.mean - rest.mean) / (n + m), 2);
    if (both <= 0)
        return 0;
    return fmin(fmax(covariance / ((1 + n / m) * both), 0), 1);
}

/* Wilson's interval of a share seen in n units, n any number > 0. */
static struct mv_interval wilson(double p, double n, double confidence)
{
    double z = mv_stats_normal_quantile((1 + confidence) / 2), zz = z * z / n;
    double middle = (p + zz / 2) / (1 + zz);
    double half = z / (1 + zz) * sqrt(p * (1 - p) / n + zz / (4 * n));

    return (struct mv_interval){p, fmax(middle - half, 0),
                                fmin(middle + half, 1)};
}

static enum mv_status check(const struct mv_ppi_rows *rows, double confidence,
                            struct mv_error *error)
{
    bool good = true;

    if (!(confidence > 0 && confidence < 1))
        return mv_error_set(error, MV_RANGE, NULL, 0,
                            "confidence is %g, expected 0 to 1", confidence);
    for (size_t i = 0; i < rows->n; i++)
        good = good && (rows->outcome[i] == 0 || rows->outcome[i] == 1) &&
               rows->prediction[i] >= 0 && rows->prediction[i] <= 1;
    for (size_t i = 0; i < rows->m; i++)
        good = good && rows->rest[i] >= 0 && rows->rest[i] <= 1;
    return good ? MV_OK
                : mv_error_set(error, MV_DATA, NULL, 0,
                               "an outcome is not 0 or 1, or a prediction not "
                               "between them");
}

enum mv_status mv_ppi_share(struct mv_ppi *out, const struct mv_ppi_rows *rows,
                            double confidence, struct mv_error *error)
{
    struct mv_ppi result = {mv_stats_undefined(), NAN, NAN, rows->n, rows->m};
    double n = (double)rows->n, m = (double)rows->m, value, units;
    enum mv_status status = check(rows, confidence, error);

    if (status == MV_OK && rows->n > 0) {
        double lambda = tune(rows);
        struct moments rest = moments(rows->rest, rows->m);
        struct moments off = residuals(rows, lambda);

        value = off.mean + (lambda > 0 ? lambda * rest.mean : 0);
        value = fmin(fmax(value, 0), 1);
        result.lambda = lambda;
        result.error = sqrt(off.variance / n +
                            (m > 0 ? lambda * lambda * rest.variance / m : 0));
        units = result.error > 0
                    ? value * (1 - value) / (result.error * result.error)
                    : n;
        units = units > 0 ? fmin(units, n + m) : n;
        result.share = wilson(value, units, confidence);
    }
    if (status == MV_OK)
        *out = result;
    return status;
}
