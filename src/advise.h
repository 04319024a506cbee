/* layer 6: what more labels would bring: a learning curve and where it leads.
 *
 * Models are fitted again on seeded parts of the labelled messages, each judged
 * on messages that none of its parts held; a power law through what they reach
 * (Cortes et al. 1994) tells what the next labels are expected to add. Nothing
 * here knows where the messages come from. It tells what labels like those at
 * hand would bring, not better chosen ones.
 *
 * Thread-safety: no shared state.
 */
#ifndef MV_ADVISE_H
#define MV_ADVISE_H

#include "metrics.h"
#include "model.h"

enum {
    MV_ADVISE_LEAST = 40, /* with fewer labels there is no curve */
    MV_ADVISE_MORE = 50,  /* labels that the gain is told for */
    MV_ADVISE_MOST = 500, /* messages that are looked at, drawn by chance */
    MV_ADVISE_POINTS = 4
};

/* More labels are enough when 50 of them bring less than this with confidence:
 * one message in a hundred. */
#define MV_ADVISE_ENOUGH 0.01

struct mv_curve {
    size_t labels; /* settled, all of them */
    size_t used;   /* of them, that were looked at */
    size_t points;
    struct {
        size_t labels;         /* that the models were fitted on */
        struct mv_interval f1; /* of purpose, on messages held back */
    } point[MV_ADVISE_POINTS];
    struct mv_interval gain; /* of F1 from MV_ADVISE_MORE more labels */
    bool enough;
};

struct mv_advise_options {
    uint64_t seed;
    int threads; /* 0: all processors; never changes the result */
    bool (*step)(void *payload, const char *what, double done); /* or NULL */
    void *payload;
};

/* Works the curve out: five folds, fits on 25, 50, 75 and 100 % of each fold's
 * training messages (those with at least MV_FIT_LEAST), intervals by
 * bootstrap over the messages.
 * Errors: MV_DATA for fewer than MV_ADVISE_LEAST messages or one label only;
 * MV_STOPPED; MV_NOMEM; MV_FORMAT for a message that is not UTF-8. */
enum mv_status mv_advise(struct mv_curve *out,
                         const struct mv_fit_example *examples, size_t n,
                         const struct mv_advise_options *options,
                         struct mv_error *error);

#endif
