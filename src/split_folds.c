#include "split.h"

#include "stats.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

enum { ALL = 0, LABEL, STRATUM, MARGINS, MAX_FOLDS = 1000 };

/* One way to sort rows into cells; the folds should have equal shares of each
 * cell. */
struct margin {
    int *cell;      /* of each row, numbered from 0 */
    size_t cells;   /* how many there are */
    double *size;   /* rows of each cell */
    double *filled; /* folds × cells: rows dealt so far */
};

struct deal {
    size_t n;
    int folds;
    const double *share; /* of each fold; only ratios matter */
    struct margin margin[MARGINS];
    int *group; /* of each row, numbered from 0 */
    int groups;
    size_t *rows;  /* n rows, group by group */
    size_t *start; /* groups + 1: where each begins in rows */
    struct mv_rng *rng;
};

static size_t place(const struct margin *margin, int fold, int cell)
{
    return (size_t)fold * margin->cells + (size_t)cell;
}

/* --- numbering -------------------------------------------------------- */

struct keyed {
    int key;
    size_t at;
};

static int by_key(const void *a, const void *b)
{
    const struct keyed *x = a, *y = b;

    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

/* Numbers n keys from 0 in rising order; keys NULL: all one, or all different
 * when apart. sorted, when not NULL, receives the rows by number. */
static enum mv_status number(int *out, int *count, size_t *sorted,
                             const int *keys, bool apart, size_t n)
{
    struct keyed *keyed = malloc((n + 1) * sizeof *keyed);

    if (!keyed)
        return MV_NOMEM;
    for (size_t i = 0; i < n; i++)
        keyed[i] = (struct keyed){keys ? keys[i] : apart ? (int)i : 0, i};
    qsort(keyed, n, sizeof *keyed, by_key);
    *count = 0;
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || keyed[i].key != keyed[i - 1].key)
            ++*count;
        out[keyed[i].at] = *count - 1;
        if (sorted)
            sorted[i] = keyed[i].at;
    }
    free(keyed);
    return MV_OK;
}

static void release_deal(struct deal *deal)
{
    for (int m = 0; m < MARGINS; m++) {
        free(deal->margin[m].cell);
        free(deal->margin[m].size);
        free(deal->margin[m].filled);
    }
    free(deal->group);
    free(deal->rows);
    free(deal->start);
    mv_rng_free(deal->rng);
}

static enum mv_status open_margin(struct margin *margin, const int *keys,
                                  size_t n)
{
    int cells = 0;

    margin->cell = malloc((n + 1) * sizeof *margin->cell);
    if (!margin->cell ||
        number(margin->cell, &cells, NULL, keys, false, n) != MV_OK)
        return MV_NOMEM;
    margin->cells = (size_t)cells;
    margin->size = calloc(margin->cells + 1, sizeof *margin->size);
    if (!margin->size)
        return MV_NOMEM;
    for (size_t i = 0; i < n; i++)
        margin->size[margin->cell[i]]++;
    return MV_OK;
}

static enum mv_status open_deal(struct deal *deal,
                                const struct mv_split_rows *rows, uint64_t seed)
{
    const int *keys[MARGINS] = {NULL, rows->label,
                                rows->stratum ? rows->stratum : rows->label};
    size_t n = rows->n;

    deal->n = n;
    deal->group = malloc((n + 1) * sizeof *deal->group);
    deal->rows = malloc((n + 1) * sizeof *deal->rows);
    deal->start = calloc(n + 2, sizeof *deal->start);
    if (!deal->group || !deal->rows || !deal->start ||
        mv_rng_new(&deal->rng, seed) != MV_OK ||
        number(deal->group, &deal->groups, deal->rows, rows->group, true, n) !=
            MV_OK)
        return MV_NOMEM;
    for (size_t i = 0; i < n; i++)
        deal->start[deal->group[i] + 1]++;
    for (int g = 0; g < deal->groups; g++)
        deal->start[g + 1] += deal->start[g];
    for (int m = 0; m < MARGINS; m++)
        if (open_margin(&deal->margin[m], keys[m], n) != MV_OK)
            return MV_NOMEM;
    return MV_OK;
}

/* --- dealing ---------------------------------------------------------- */

static size_t group_size(const struct deal *deal, size_t group)
{
    return deal->start[group + 1] - deal->start[group];
}

static void put_group(struct deal *deal, size_t group, int fold, double sign)
{
    for (size_t i = deal->start[group]; i < deal->start[group + 1]; i++)
        for (int m = 0; m < MARGINS; m++) {
            struct margin *margin = &deal->margin[m];
            int cell = margin->cell[deal->rows[i]];

            margin->filled[place(margin, fold, cell)] += sign;
        }
}

/* What the group adds to the sum over cells of filled^2 / (size × share):
 * the sum is smallest when every fold has its share of every cell. INFINITY
 * when the fold would swallow a class whole. Leaves the group in the fold. */
static double try_group(struct deal *deal, size_t group, int fold)
{
    double cost = 0;

    for (size_t i = deal->start[group]; i < deal->start[group + 1]; i++)
        for (int m = 0; m < MARGINS; m++) {
            struct margin *margin = &deal->margin[m];
            int cell = margin->cell[deal->rows[i]];
            double *filled = &margin->filled[place(margin, fold, cell)];
            double size = margin->size[cell];

            cost += (2 * *filled + 1) / (size * deal->share[fold]);
            *filled += 1;
            if (m == LABEL && *filled == size)
                cost = INFINITY;
        }
    return cost;
}

static int best_fold(struct deal *deal, size_t group)
{
    size_t ties = 0;
    double least = INFINITY;
    int best = 0;

    for (int fold = 0; fold < deal->folds; fold++) {
        double cost = try_group(deal, group, fold);

        put_group(deal, group, fold, -1);
        if (cost < least) {
            least = cost;
            ties = 0;
        }
        /* Each of the equals ends up chosen with the same chance. */
        if (cost == least && mv_rng_below(deal->rng, ++ties) == 0)
            best = fold;
    }
    return best;
}

struct turn {
    size_t group, size, rank;
};

static int largest_first(const void *a, const void *b)
{
    const struct turn *x = a, *y = b;

    if (x->size != y->size)
        return x->size > y->size ? -1 : 1;
    return (x->rank > y->rank) - (x->rank < y->rank);
}

static struct turn *order_groups(struct deal *deal)
{
    size_t groups = (size_t)deal->groups;
    struct turn *turns = malloc((groups + 1) * sizeof *turns);

    if (!turns)
        return NULL;
    for (size_t g = 0; g < groups; g++)
        turns[g] = (struct turn){g, group_size(deal, g), 0};
    mv_rng_shuffle(deal->rng, turns, groups, sizeof *turns);
    for (size_t i = 0; i < groups; i++)
        turns[i].rank = i;
    qsort(turns, groups, sizeof *turns, largest_first);
    return turns;
}

static enum mv_status deal_groups(int *out, struct deal *deal)
{
    struct turn *turns = order_groups(deal);

    for (int m = 0; m < MARGINS; m++) {
        struct margin *margin = &deal->margin[m];

        margin->filled =
            calloc((size_t)deal->folds * margin->cells, sizeof *margin->filled);
        if (!margin->filled || !turns) {
            free(turns);
            return MV_NOMEM;
        }
    }
    for (int i = 0; i < deal->groups; i++) {
        size_t group = turns[i].group;
        int fold = best_fold(deal, group);

        put_group(deal, group, fold, 1);
        for (size_t r = deal->start[group]; r < deal->start[group + 1]; r++)
            out[deal->rows[r]] = fold;
    }
    free(turns);
    return MV_OK;
}

/* --- checks ----------------------------------------------------------- */

/* *least: the smallest number of groups that a class is found in. */
static enum mv_status count_groups(int *least, const struct deal *deal)
{
    const struct margin *label = &deal->margin[LABEL];
    int *groups = calloc(label->cells + 1, sizeof *groups);
    int *seen = calloc(label->cells + 1, sizeof *seen);
    bool fits = groups && seen;

    if (fits) {
        for (size_t i = 0; i < deal->n; i++) {
            int cell = label->cell[deal->rows[i]];
            int group = deal->group[deal->rows[i]] + 1;

            if (seen[cell] != group)
                groups[cell]++;
            seen[cell] = group;
        }
        *least = groups[0];
        for (size_t c = 1; c < label->cells; c++)
            *least = groups[c] < *least ? groups[c] : *least;
    }
    free(seen);
    free(groups);
    return fits ? MV_OK : MV_NOMEM;
}

static enum mv_status check_classes(const struct deal *deal, int *least,
                                    struct mv_error *error)
{
    const struct margin *label = &deal->margin[LABEL];

    if (deal->n == 0 || label->cells < 2)
        return mv_error_set(error, MV_DATA, NULL, 0,
                            "cannot split %zu rows: they are of %zu class%s, "
                            "expected two; label more messages",
                            deal->n, label->cells,
                            label->cells == 1 ? "" : "es");
    for (size_t c = 0; c < label->cells; c++)
        if (label->size[c] < 2)
            return mv_error_set(error, MV_DATA, NULL, 0,
                                "cannot split %zu rows: a class has only one, "
                                "expected two or more; label more messages",
                                deal->n);
    if (count_groups(least, deal) != MV_OK)
        return mv_error_set(error, MV_NOMEM, NULL, 0,
                            "cannot split %zu rows: out of memory", deal->n);
    if (*least < 2)
        return mv_error_set(error, MV_DATA, NULL, 0,
                            "cannot split %zu rows: all of one class are "
                            "near-duplicates of each other; label messages "
                            "that differ more",
                            deal->n);
    return MV_OK;
}

/* The deal avoids it, but mixed groups can leave it no way out. */
static enum mv_status check_result(const struct deal *deal,
                                   struct mv_error *error)
{
    const struct margin *label = &deal->margin[LABEL];

    for (int f = 0; f < deal->folds; f++)
        for (size_t c = 0; c < label->cells; c++)
            if (label->filled[place(label, f, (int)c)] == label->size[c])
                return mv_error_set(error, MV_DATA, NULL, 0,
                                    "cannot split %zu rows: near-duplicates "
                                    "hold a class together; label messages "
                                    "that differ more",
                                    deal->n);
    return MV_OK;
}

/* Deals into k folds of the given shares; k may be lowered when adapt. */
static enum mv_status split(int *out, int *k, bool adapt, const double *share,
                            const struct mv_split_rows *rows, uint64_t seed,
                            struct mv_error *error)
{
    struct deal deal = {.share = share};
    enum mv_status status = open_deal(&deal, rows, seed);
    int least = 0;

    if (status != MV_OK) {
        mv_error_set(error, status, NULL, 0,
                     "cannot split %zu rows: out of memory", rows->n);
        goto out;
    }
    status = check_classes(&deal, &least, error);
    if (status != MV_OK)
        goto out;
    if (adapt && least < *k)
        *k = least;
    deal.folds = *k;
    status = deal_groups(out, &deal);
    if (status != MV_OK)
        mv_error_set(error, status, NULL, 0,
                     "cannot split %zu rows: out of memory", rows->n);
    else
        status = check_result(&deal, error);
out:
    release_deal(&deal);
    return status;
}

enum mv_status mv_split_folds(int *fold, int *used,
                              const struct mv_split_rows *rows, int k,
                              uint64_t seed, struct mv_error *error)
{
    double share[MAX_FOLDS];
    enum mv_status status;

    if (k < 2 || k > MAX_FOLDS)
        return mv_error_set(error, MV_RANGE, NULL, 0,
                            "%d folds asked for, expected 2 to %d", k,
                            MAX_FOLDS);
    for (int f = 0; f < k; f++)
        share[f] = 1;
    status = split(fold, &k, true, share, rows, seed, error);
    if (status == MV_OK)
        *used = k;
    return status;
}

enum mv_status mv_split_holdout(int *held, const struct mv_split_rows *rows,
                                double fraction, uint64_t seed,
                                struct mv_error *error)
{
    double share[2] = {1 - fraction, fraction};
    int k = 2;

    if (!(fraction > 0 && fraction < 1))
        return mv_error_set(error, MV_RANGE, NULL, 0,
                            "a share of %g to set aside, expected a number "
                            "between 0 and 1",
                            fraction);
    return split(held, &k, false, share, rows, seed, error);
}
