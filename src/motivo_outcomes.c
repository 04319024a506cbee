/* Useful contacts: how many, among which, and how many over all. */
#include "motivo_parts.h"

#include <math.h>
#include <stdlib.h>

enum {
    SAMPLE_LEAST = 30, /* fewer say nothing about all */
    UNJUDGED = 4,      /* beside enum mv_verdict: not scored yet */
    VERDICTS
};

/* One person who invited or wrote. */
struct mv_person {
    uint64_t key;
    int verdict; /* the best one of what they sent, or UNJUDGED */
    bool known, useful, audit;
};

/* How much a verdict says for a person. */
static int rank(int verdict)
{
    static const int RANK[VERDICTS] = {[UNJUDGED] = 0,
                                       [MV_VERDICT_NO_NOTE] = 1,
                                       [MV_VERDICT_NO_PURPOSE] = 2,
                                       [MV_VERDICT_UNSURE] = 3,
                                       [MV_VERDICT_PURPOSE] = 4};

    return RANK[verdict];
}

enum mv_status mv_facade_outcomes_take(struct mv_persons *all,
                                       const struct mv_stored *stored)
{
    struct mv_person *person;

    if (all->n == all->size) {
        size_t size = all->size ? 2 * all->size : 256;

        person = realloc(all->at, size * sizeof *person);
        if (!person)
            return MV_NOMEM;
        all->at = person;
        all->size = size;
    }
    all->at[all->n++] = (struct mv_person){
        .key = stored->key.person,
        .verdict = stored->has_verdict ? (int)stored->verdict : UNJUDGED,
        .known = stored->has_outcome,
        .useful = stored->has_outcome && stored->useful,
        .audit = stored->invite.has_label && stored->chosen == MV_CHOSEN_AUDIT,
    };
    return MV_OK;
}

static int by_key(const void *a, const void *b)
{
    const struct mv_person *x = a, *y = b;

    return (x->key > y->key) - (x->key < y->key);
}

/* Makes one of all that a person sent. */
static void merge(struct mv_persons *all)
{
    size_t kept = 0;

    if (all->n)
        qsort(all->at, all->n, sizeof *all->at, by_key);
    for (size_t i = 0; i < all->n; i++) {
        struct mv_person *last = kept ? &all->at[kept - 1] : NULL;

        if (!last || last->key != all->at[i].key) {
            all->at[kept++] = all->at[i];
            continue;
        }
        last->audit |= all->at[i].audit;
        if (rank(all->at[i].verdict) > rank(last->verdict))
            last->verdict = all->at[i].verdict;
    }
    all->n = kept;
}

static void add(struct mv_report_outcomes *to, const struct mv_person *person)
{
    to->persons++;
    to->known += person->known;
    to->useful += person->useful;
}

static void finish(struct mv_report_outcomes *of, double whole)
{
    of->share = mv_stats_wilson(of->useful, of->known, 0.95);
    of->lift = of->known && whole > 0 ? of->share.value / whole : NAN;
}

/* How likely a person of a verdict is useful, by what is known outside of the
 * sample, kept off 0 and 1. */
static void predict(const struct mv_persons *all, double chance[VERDICTS])
{
    double useful[VERDICTS] = {0}, known[VERDICTS] = {0};

    for (size_t i = 0; i < all->n; i++)
        if (all->at[i].known && !all->at[i].audit) {
            known[all->at[i].verdict]++;
            useful[all->at[i].verdict] += all->at[i].useful;
        }
    for (int v = 0; v < VERDICTS; v++)
        chance[v] = (useful[v] + 1) / (known[v] + 2);
}

static enum mv_status estimate(const struct mv_persons *all,
                               struct mv_report_useful *out,
                               struct mv_error *error)
{
    int *outcome = calloc(all->n + 1, sizeof *outcome);
    double *sample = calloc(all->n + 1, sizeof *sample);
    double *rest = calloc(all->n + 1, sizeof *rest), chance[VERDICTS];
    struct mv_ppi_rows rows = {0, 0, outcome, sample, rest};
    enum mv_status status = outcome && sample && rest ? MV_OK : MV_NOMEM;

    predict(all, chance);
    for (size_t i = 0; status == MV_OK && i < all->n; i++) {
        const struct mv_person *person = &all->at[i];

        if (person->known && person->audit) {
            outcome[rows.n] = person->useful;
            sample[rows.n++] = chance[person->verdict];
        } else {
            rest[rows.m++] = chance[person->verdict];
        }
    }
    out->sample = (long)rows.n;
    out->least = SAMPLE_LEAST;
    if (rows.n < SAMPLE_LEAST)
        rows.n = rows.m = 0;
    if (status == MV_OK)
        status = mv_ppi_share(&out->estimate, &rows, 0.95, error);
    free(outcome);
    free(sample);
    free(rest);
    return status;
}

enum mv_status mv_facade_outcomes(struct mv_persons *persons,
                                  const struct mv_counts *counts, bool *any,
                                  struct mv_report_useful *out,
                                  struct mv_error *error)
{
    struct mv_report_useful result = {0};
    enum mv_status status;

    merge(persons);
    for (size_t i = 0; i < persons->n; i++) {
        add(&result.all, &persons->at[i]);
        if (persons->at[i].verdict != UNJUDGED)
            add(&result.of[persons->at[i].verdict], &persons->at[i]);
    }
    result.said = counts->said;
    result.threads = counts->useful + counts->not_useful - counts->said;
    finish(&result.all, NAN);
    for (int v = 0; v < 4; v++)
        finish(&result.of[v], result.all.share.value);
    status = estimate(persons, &result, error);
    if (status == MV_OK) {
        *any = result.all.known > 0;
        *out = result;
    }
    return status;
}
