#include "choose.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    BATCH = 10,
    POOL = 5,  /* as many times the batch are looked at for diversity */
    BINS = 64, /* of a sketch */
    GRAM = 4   /* bytes of the pieces that a sketch is made of */
};

#define RANDOM_SHARE 0.2

/* --- chance -----------------------------------------------------------------
 */

/* The finaliser of SplitMix64 (Steele, Lea and Flood 2014). */
static uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

/* A row in the making of an order: highest score first, then least chance. */
struct ranked {
    double score;
    uint64_t chance;
    size_t row;
};

static int by_score(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;

    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    if (x->chance != y->chance)
        return x->chance < y->chance ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

static struct ranked rank_row(const struct mv_choose_rows *rows, size_t row,
                              double score, uint64_t seed)
{
    uint64_t key = rows->key ? rows->key[row] : (uint64_t)row;

    return (struct ranked){score, mix(mix(seed + 1) ^ mix(key)), row};
}

static bool is_done(const struct mv_choose_rows *rows, size_t row)
{
    return rows->done && rows->done[row];
}

/* 1 where the model can not tell, 0 where it is certain. */
static double uncertainty(const struct mv_choose_rows *rows, size_t row)
{
    double p = rows->p ? rows->p[row] : (double)NAN;

    return isnan(p) ? 0.5 : 1 - fabs(2 * p - 1);
}

/* --- sketches ---------------------------------------------------------------
 */

/* One-permutation MinHash of the pieces of a text: the least hash of each bin,
 * 0 for an empty bin. */
static void sketch(struct mv_span text, uint32_t *bin)
{
    memset(bin, 0, BINS * sizeof *bin);
    for (size_t i = 0; i + GRAM <= text.len; i++) {
        const unsigned char *at = (const unsigned char *)text.at + i;
        uint64_t piece = (uint64_t)at[0] | (uint64_t)at[1] << 8 |
                         (uint64_t)at[2] << 16 | (uint64_t)at[3] << 24;
        uint64_t hash = mix(piece + UINT64_C(0x9e3779b97f4a7c15));
        uint32_t value;

        value = (uint32_t)hash | 1u;
        if (!bin[hash >> 58] || value < bin[hash >> 58])
            bin[hash >> 58] = value;
    }
}

/* An estimate of how many pieces two texts share, in [0, 1]. */
static double likeness(const uint32_t *a, const uint32_t *b)
{
    int equal = 0, used = 0;

    for (int i = 0; i < BINS; i++) {
        used += a[i] || b[i];
        equal += a[i] && a[i] == b[i];
    }
    return used ? (double)equal / used : 0;
}

/* --- unsure ------------------------------------------------------------------
 */

struct unsure {
    const struct mv_choose_rows *rows;
    struct ranked *row; /* n: of one pass, most uncertain first */
    size_t n;
    size_t *chance; /* places in row, in the order of chance */
    size_t next;    /* of these */
    size_t least;   /* rows before this place are taken */
    uint8_t *taken; /* by place */
    uint32_t *bins; /* n x BINS by row of the input, or NULL */
    struct near {
        double like;     /* to the most alike row of the batch */
        size_t compared; /* rows put out that this takes into account */
    } * near;            /* by place */
    size_t batch, by_chance;
    size_t *out;
    size_t count;
};

/* How much the row in a place is like the rows put out from `from` on. */
static double likeness_to_batch(struct unsure *u, size_t place, size_t from)
{
    struct near *near = &u->near[place];

    if (near->compared < from)
        *near = (struct near){0, from};
    for (; u->bins && near->compared < u->count; near->compared++)
        near->like =
            fmax(near->like, likeness(u->bins + u->row[place].row * BINS,
                                      u->bins + u->out[near->compared] * BINS));
    return near->like;
}

/* The place in the pool that is most uncertain and least like the batch. */
static size_t pick(struct unsure *u, size_t from)
{
    size_t best = u->n, seen = 0;
    double most = -1;

    while (u->least < u->n && u->taken[u->least])
        u->least++;
    for (size_t i = u->least; i < u->n && seen < POOL * u->batch; i++) {
        double score;

        if (u->taken[i])
            continue;
        seen++;
        score = u->row[i].score * (1 - likeness_to_batch(u, i, from));
        if (score > most) {
            most = score;
            best = i;
        }
    }
    return best;
}

static size_t draw(struct unsure *u)
{
    while (u->next < u->n && u->taken[u->chance[u->next]])
        u->next++;
    return u->next < u->n ? u->chance[u->next] : u->n;
}

/* One batch; the rows drawn by chance are spread over it, not first. */
static bool take_batch(struct unsure *u)
{
    size_t from = u->count;

    for (size_t k = 0; k < u->batch; k++) {
        bool chance =
            (k + 1) * u->by_chance / u->batch > k * u->by_chance / u->batch;
        size_t place = chance ? draw(u) : pick(u, from);

        if (place == u->n)
            return false;
        u->taken[place] = 1;
        u->out[u->count++] = u->row[place].row;
    }
    return true;
}

static int by_chance(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;

    if (x->chance != y->chance)
        return x->chance < y->chance ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

/* Orders the rows of one pass. room: n elements to sort in. */
static void take_pass(struct unsure *u, struct ranked *room)
{
    memset(u->taken, 0, u->n);
    memset(u->near, 0, u->n * sizeof *u->near);
    u->next = u->least = 0;
    for (size_t i = 0; i < u->n; i++)
        /* Another chance than the one that breaks ties. */
        room[i] = (struct ranked){0, mix(u->row[i].chance), i};
    qsort(room, u->n, sizeof *room, by_chance);
    for (size_t i = 0; i < u->n; i++)
        u->chance[i] = room[i].row;
    while (take_batch(u))
        ;
}

/* The rank of each waiting row among its near-duplicates, most uncertain
 * first; all are one behind where one is labelled. all: sorted by uncertainty.
 * Returns the highest rank. */
static int rank_groups(const struct mv_choose_rows *rows,
                       const struct ranked *all, size_t n, int *seen, int *rank)
{
    int most = 0;

    for (size_t i = 0; rows->group && i < rows->n; i++)
        if (is_done(rows, i))
            seen[rows->group[i]] = 1;
    for (size_t i = 0; i < n; i++) {
        rank[i] = rows->group ? seen[rows->group[all[i].row]]++ : 0;
        most = rank[i] > most ? rank[i] : most;
    }
    return most;
}

static size_t groups_of(const struct mv_choose_rows *rows)
{
    int most = 0;

    for (size_t i = 0; rows->group && i < rows->n; i++)
        most = rows->group[i] > most ? rows->group[i] : most;
    return (size_t)most + 1;
}

static void sketch_all(const struct mv_choose_rows *rows, uint32_t *bins)
{
    for (size_t i = 0; i < rows->n; i++)
        if (!is_done(rows, i))
            sketch(rows->texts[i], bins + i * BINS);
}

static void take_passes(struct unsure *u, const struct ranked *all, size_t n,
                        const int *rank, int last, struct ranked *room)
{
    for (int pass = 0; pass <= last; pass++) {
        u->n = 0;
        for (size_t i = 0; i < n; i++)
            if (rank[i] == pass)
                u->row[u->n++] = all[i];
        take_pass(u, room);
    }
}

static enum mv_status choose_unsure(struct ranked *all, size_t n, size_t *out,
                                    size_t *count,
                                    const struct mv_choose_rows *rows,
                                    const struct mv_choose_options *options)
{
    double share = options->random_share;
    struct unsure u = {.rows = rows,
                       .batch = options->batch ? options->batch : BATCH,
                       .out = out};
    int *seen = calloc(groups_of(rows), sizeof *seen);
    int *rank = calloc(n + 1, sizeof *rank);
    struct ranked *room = calloc(n + 1, sizeof *room);
    enum mv_status status = MV_NOMEM;

    share = share < 0 ? 0 : share > 0 ? share : RANDOM_SHARE;
    u.by_chance = (size_t)(share * (double)u.batch + 0.5);
    u.row = calloc(n + 1, sizeof *u.row);
    u.chance = calloc(n + 1, sizeof *u.chance);
    u.taken = calloc(n + 1, 1);
    u.near = calloc(n + 1, sizeof *u.near);
    u.bins = rows->texts ? calloc(rows->n + 1, BINS * sizeof *u.bins) : NULL;
    if (seen && rank && room && u.row && u.chance && u.taken && u.near &&
        (u.bins || !rows->texts)) {
        if (u.bins)
            sketch_all(rows, u.bins);
        take_passes(&u, all, n, rank, rank_groups(rows, all, n, seen, rank),
                    room);
        *count = u.count;
        status = MV_OK;
    }
    free(seen);
    free(rank);
    free(room);
    free(u.row);
    free(u.chance);
    free(u.taken);
    free(u.near);
    free(u.bins);
    return status;
}

/* --- suspect -------------------------------------------------------------- */

static double of_label(double p, int label)
{
    return label ? p : 1 - p;
}

/* The mean probability of a label over the rows that were given it. */
static void confidences(const struct mv_choose_rows *rows, double mean[2])
{
    double sum[2] = {0, 0};
    long n[2] = {0, 0};

    for (size_t i = 0; i < rows->n; i++)
        if (is_done(rows, i) && !isnan(rows->p[i])) {
            int label = rows->label[i] == 1;

            sum[label] += of_label(rows->p[i], label);
            n[label]++;
        }
    for (int label = 0; label < 2; label++)
        mean[label] = n[label] ? sum[label] / (double)n[label] : 1;
}

static bool is_suspect(const struct mv_choose_rows *rows, size_t row,
                       const double mean[2], double *score)
{
    int other = rows->label[row] != 1;

    if (!is_done(rows, row) || isnan(rows->p[row]))
        return false;
    *score = of_label(rows->p[row], other);
    return *score > 0.5 && *score >= mean[other];
}

/* --- all orders ----------------------------------------------------------- */

/* The rows that the order asks about, the first first, as far as a single
 * figure tells. */
static size_t rank_all(struct ranked *all, const struct mv_choose_rows *rows,
                       const struct mv_choose_options *options)
{
    double mean[2] = {1, 1}, score;
    size_t n = 0;

    if (options->order == MV_CHOOSE_SUSPECT)
        confidences(rows, mean);
    for (size_t i = 0; i < rows->n; i++) {
        score = 0;
        if (options->order == MV_CHOOSE_SUSPECT) {
            if (!is_suspect(rows, i, mean, &score))
                continue;
        } else if (is_done(rows, i)) {
            continue;
        } else if (options->order == MV_CHOOSE_NEWEST) {
            score = (double)rows->at[i]; /* whole seconds: exact */
        } else if (options->order == MV_CHOOSE_UNSURE) {
            score = uncertainty(rows, i);
        }
        all[n++] = rank_row(rows, i, score, options->seed);
    }
    qsort(all, n, sizeof *all, by_score);
    return n;
}

enum mv_status mv_choose(size_t *out, size_t *count,
                         const struct mv_choose_rows *rows,
                         const struct mv_choose_options *options,
                         struct mv_error *error)
{
    struct ranked *all;
    enum mv_status status = MV_OK;
    size_t n;

    if (options->random_share > 1 || isnan(options->random_share) ||
        (unsigned)options->order > MV_CHOOSE_SUSPECT)
        return mv_error_set(error, MV_RANGE, NULL, 0,
                            "no such order, or a share above 1");
    all = calloc(rows->n + 1, sizeof *all);
    if (!all)
        return mv_error_set(error, MV_NOMEM, NULL, 0, "out of memory");
    n = rank_all(all, rows, options);
    if (options->order == MV_CHOOSE_UNSURE) {
        status = choose_unsure(all, n, out, count, rows, options);
    } else {
        for (size_t i = 0; i < n; i++)
            out[i] = all[i].row;
        *count = n;
    }
    free(all);
    return status == MV_OK
               ? MV_OK
               : mv_error_set(error, status, NULL, 0, "out of memory");
}
