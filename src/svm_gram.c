/* The Gram matrix: its memory, and the inner products that fill it. */
#include "svm_parts.h"

#include "parallel.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
    LANES = 16, /* rows whose products are computed side by side */
    LINE = 64,  /* bytes of the processor's cache that are read at once */
    HUGE_PAGE = 1 << 21
};

/* LANES sums. */
struct lanes {
    mv_quad part[LANES / MV_QUAD];
};

/* --- memory --------------------------------------------------------------- */

/* Quads of four rows, so that the rows' beginnings, which libsvm reads one
 * after the other, are spread over all of the processor's cache: an odd number
 * of lines. */
static size_t stride_of(size_t width)
{
    size_t a_line = LINE / sizeof(mv_quad_words);

    return ((width + 2 + a_line - 1) / a_line | 1) * a_line;
}

/* Gives the rows their numbers. Where fewer than four rows are left, the others
 * are there all the same, as zeros: their words are read as lower halves. */
static void number_rows(struct mv_gram *gram)
{
    mv_quad_words *last = mv_gram_quads(gram, gram->n) - 2;

    memset(last, 0, gram->stride * sizeof *last);
    for (size_t i = 0; i < gram->n; i += MV_QUAD) {
        float number = (float)(i + 1);

        mv_gram_quads(gram, i)[-2] = (mv_quad_words){0};
        mv_gram_quads(gram, i)[-1] = mv_quad_pack(
            (mv_quad){number, number + 1, number + 2, number + 3});
    }
}

/* On large pages: rows lie far apart, and with small pages every access would
 * miss. */
enum mv_status mv_gram_make(struct mv_gram **out, size_t n, size_t width)
{
    struct mv_gram *gram = calloc(1, sizeof *gram);
    size_t size;

    if (!gram)
        return MV_NOMEM;
    *gram = (struct mv_gram){n, width, stride_of(width), NULL};
    size = (n / MV_QUAD + 1) * gram->stride * sizeof *gram->quad;
    size = (size / HUGE_PAGE + 1) * HUGE_PAGE;
    gram->quad = aligned_alloc(HUGE_PAGE, size);
    if (!gram->quad) {
        free(gram);
        return MV_NOMEM;
    }
    madvise(gram->quad, size, MADV_HUGEPAGE);
    number_rows(gram);
    *out = gram;
    return MV_OK;
}

enum mv_status mv_gram_new(struct mv_gram **out, size_t n,
                           struct mv_error *error)
{
    enum mv_status status;

    if (n > MV_GRAM_MAX)
        return mv_error_set(error, MV_RANGE, NULL, 0,
                            "%zu rows are more than the %d that fit", n,
                            MV_GRAM_MAX);
    status = mv_gram_make(out, n, n);
    return status == MV_OK
               ? MV_OK
               : mv_error_set(error, status, NULL, 0,
                              "no memory for the products of %zu messages "
                              "(%zu MB)",
                              n, n * n * sizeof(uint32_t) >> 20);
}

void mv_gram_free(struct mv_gram *gram)
{
    if (!gram)
        return;
    free(gram->quad);
    free(gram);
}

double mv_gram_at(const struct mv_gram *gram, size_t i, size_t j)
{
    return (double)mv_gram_product(gram, i, j);
}

/* --- inner products ------------------------------------------------------- */

/* The rows without the columns that only one of them has: those matter to the
 * diagonal alone. The others are parted. A column that more than one row in
 * 2 LANES has is frequent: it is read from a dense table, for LANES rows at
 * once. Of a rare one the rows that have it are listed, and only their pairs
 * are looked at. */
struct part {
    size_t *start;   /* n + 1 */
    uint32_t *index; /* columns, numbered anew */
    float *value;
};

struct shared {
    size_t n;
    uint32_t frequent, rare; /* how many columns */
    struct part dense, sparse;
    /* The rare columns: rows (rising) and values of column c lie from
     * column[c] to column[c + 1]. */
    size_t *column;
    struct entry {
        uint32_t row;
        float value;
    } * entry;
    uint32_t *place; /* one a sparse cell: which entry of its column it is */
    float *square;   /* n: K(i, i) */
};

struct products {
    struct mv_gram *gram;
    const struct shared *rows;
    struct lanes *dense; /* a worker's table of frequent columns */
    struct lanes *sum;   /* a worker's n sums over rare columns */
};

static void release_part(struct part *part)
{
    free(part->start);
    free(part->index);
    free(part->value);
}

static void release_shared(struct shared *shared)
{
    release_part(&shared->dense);
    release_part(&shared->sparse);
    free(shared->column);
    free(shared->entry);
    free(shared->place);
    free(shared->square);
}

/* Numbers the columns that two rows share, frequent and rare ones apart, each
 * from 0 on: frequent ones as they are, rare ones with RARE set. Those of one
 * row get ALONE. number: dims. */
static const uint32_t RARE = UINT32_C(1) << 31, ALONE = UINT32_MAX;

static void number_columns(const struct mv_rows *rows, uint32_t *number,
                           struct shared *shared)
{
    memset(number, 0, rows->dims * sizeof *number);
    for (size_t k = 0; k < rows->start[rows->n]; k++)
        number[rows->index[k]] += rows->value[k] != 0.0f;
    for (uint32_t c = 0; c < rows->dims; c++) {
        uint32_t count = number[c];

        number[c] = count < 2                       ? ALONE
                    : count > rows->n / (2 * LANES) ? shared->frequent++
                                                    : RARE | shared->rare++;
    }
}

static void copy_shared(const struct mv_rows *rows, const uint32_t *number,
                        struct shared *out)
{
    size_t dense = 0, sparse = 0;

    for (size_t i = 0; i < rows->n; i++) {
        float square = 0;

        out->dense.start[i] = dense;
        out->sparse.start[i] = sparse;
        for (size_t k = rows->start[i]; k < rows->start[i + 1]; k++) {
            uint32_t c = number[rows->index[k]];
            struct part *part;
            size_t *used;

            square += rows->value[k] * rows->value[k];
            if (c == ALONE)
                continue;
            part = c & RARE ? &out->sparse : &out->dense;
            used = c & RARE ? &sparse : &dense;
            part->index[*used] = c & ~RARE;
            part->value[(*used)++] = rows->value[k];
        }
        out->square[i] = square;
    }
    out->dense.start[rows->n] = dense;
    out->sparse.start[rows->n] = sparse;
}

/* Lists the rows of every rare column. */
static enum mv_status list_entries(struct shared *shared)
{
    const struct part *from = &shared->sparse;
    size_t cells = from->start[shared->n], *column;

    shared->column = calloc((size_t)shared->rare + 2, sizeof *shared->column);
    shared->entry = malloc((cells + 1) * sizeof *shared->entry);
    shared->place = malloc((cells + 1) * sizeof *shared->place);
    if (!shared->column || !shared->entry || !shared->place)
        return MV_NOMEM;
    column = shared->column + 1; /* while filling: where the next entry goes */
    for (size_t k = 0; k < cells; k++)
        if (from->index[k] + 1 < shared->rare)
            column[from->index[k] + 1]++;
    for (uint32_t c = 1; c < shared->rare; c++)
        column[c] += column[c - 1];
    for (size_t i = 0; i < shared->n; i++)
        for (size_t k = from->start[i]; k < from->start[i + 1]; k++) {
            size_t place = column[from->index[k]]++;

            shared->place[k] = (uint32_t)place;
            shared->entry[place] = (struct entry){(uint32_t)i, from->value[k]};
        }
    return MV_OK;
}

static bool part_init(struct part *part, size_t n, size_t cells)
{
    part->start = malloc((n + 1) * sizeof *part->start);
    part->index = malloc(cells * sizeof *part->index);
    part->value = malloc(cells * sizeof *part->value);
    return part->start && part->index && part->value;
}

static enum mv_status make_shared(const struct mv_rows *rows,
                                  struct shared *out)
{
    size_t cells = rows->start[rows->n] + 1;
    uint32_t *number = malloc(((size_t)rows->dims + 1) * sizeof *number);
    enum mv_status status = MV_NOMEM;

    out->n = rows->n;
    out->square = malloc((rows->n + 1) * sizeof *out->square);
    if (number && out->square && part_init(&out->dense, rows->n, cells) &&
        part_init(&out->sparse, rows->n, cells)) {
        number_columns(rows, number, out);
        copy_shared(rows, number, out);
        status = list_entries(out);
    }
    free(number);
    return status;
}

/* Writes up to LANES rows into the lanes of a dense table, or clears them. */
static void spread(const struct part *rows, size_t first, size_t count,
                   struct lanes *dense, bool clear)
{
    for (size_t lane = 0; lane < count; lane++)
        for (size_t k = rows->start[first + lane];
             k < rows->start[first + lane + 1]; k++)
            dense[rows->index[k]].part[lane / MV_QUAD][lane % MV_QUAD] =
                clear ? 0.0f : rows->value[k];
}

/* Adds up the rare columns of up to LANES rows with those of all later rows,
 * in the order of the former's columns: sum[j] in lane i - first. */
static void add_rare(const struct shared *rows, size_t first, size_t count,
                     struct lanes *sum)
{
    const struct part *from = &rows->sparse;

    memset(sum + first, 0, (rows->n - first) * sizeof *sum);
    for (size_t i = first; i < first + count; i++)
        for (size_t k = from->start[i]; k < from->start[i + 1]; k++) {
            const struct entry *at = rows->entry + rows->place[k] + 1;
            const struct entry *end =
                rows->entry + rows->column[from->index[k] + 1];
            float *lane = (float *)sum + (i - first);
            float value = from->value[k];

            for (; at < end; at++)
                lane[at->row * LANES] += value * at->value;
        }
}

/* The products of row j with all lanes, over the frequent columns. Each is
 * summed in the order of j's columns, whatever the lanes hold: the same bits
 * on every machine. */
static struct lanes multiply(const struct part *rows, size_t j,
                             const struct lanes *dense)
{
    mv_quad a = {0}, b = {0}, c = {0}, d = {0};

    for (size_t k = rows->start[j]; k < rows->start[j + 1]; k++) {
        const mv_quad *at = dense[rows->index[k]].part;
        float value = rows->value[k];

        a += value * at[0];
        b += value * at[1];
        c += value * at[2];
        d += value * at[3];
    }
    return (struct lanes){{a, b, c, d}};
}

/* The products of row j with all lanes. */
static struct lanes add_up(const struct shared *rows, size_t j,
                           const struct lanes *dense, const struct lanes *rare)
{
    struct lanes sum = multiply(&rows->dense, j, dense);

    for (int q = 0; q < LANES / MV_QUAD; q++)
        sum.part[q] += rare[j].part[q];
    return sum;
}

/* Writes a product, and its mirror image. */
static void put(struct mv_gram *gram, size_t i, size_t j, float value)
{
    uint32_t word = mv_quad_pack((mv_quad){value})[0];

    mv_gram_quads(gram, i)[j][i % MV_QUAD] = word;
    mv_gram_quads(gram, j)[i][j % MV_QUAD] = word;
}

/* Writes the products of LANES rows with up to four others, and their mirror
 * image. */
static void put_block(struct mv_gram *gram, size_t first, size_t j,
                      const struct lanes sum[MV_QUAD], size_t count)
{
    mv_quad_words *mirror = mv_gram_quads(gram, j) + first;

    for (int q = 0; q < LANES / MV_QUAD; q++) {
        mv_quad_words *to =
            mv_gram_quads(gram, first + (size_t)q * MV_QUAD) + j;
        mv_quad a = sum[0].part[q], b = sum[1].part[q];
        mv_quad c = sum[2].part[q], d = sum[3].part[q];

        for (size_t r = 0; r < count; r++)
            to[r] = mv_quad_pack(sum[r].part[q]);
        for (int lane = 0; lane < MV_QUAD; lane++)
            *mirror++ = mv_quad_pack(
                (mv_quad){a[lane], b[lane], c[lane], d[lane]});
    }
}

/* LANES rows among themselves. */
static void fill_corner(const struct products *p, size_t first, size_t end,
                        const struct lanes *dense, const struct lanes *rare)
{
    for (size_t j = first; j < end; j++) {
        struct lanes sum = add_up(p->rows, j, dense, rare);

        for (size_t i = first; i < j; i++) {
            size_t lane = i - first;

            put(p->gram, i, j, sum.part[lane / MV_QUAD][lane % MV_QUAD]);
        }
        put(p->gram, j, j, p->rows->square[j]);
    }
}

/* One band of LANES rows against all rows from its start on. */
static enum mv_status band(void *payload, size_t index, int worker,
                           struct mv_error *error)
{
    struct products *p = payload;
    const struct shared *rows = p->rows;
    struct lanes *dense = p->dense + (size_t)worker * rows->frequent;
    struct lanes *rare = p->sum + (size_t)worker * rows->n;
    size_t first = index * LANES;
    size_t count = rows->n - first < LANES ? rows->n - first : LANES;

    (void)error;
    spread(&rows->dense, first, count, dense, false);
    add_rare(rows, first, count, rare);
    fill_corner(p, first, first + count, dense, rare);
    for (size_t j = first + count; j < rows->n; j += MV_QUAD) {
        size_t few = rows->n - j < MV_QUAD ? rows->n - j : MV_QUAD;
        struct lanes sum[MV_QUAD] = {0};

        for (size_t r = 0; r < few; r++)
            sum[r] = add_up(rows, j + r, dense, rare);
        put_block(p->gram, first, j, sum, few);
    }
    spread(&rows->dense, first, count, dense, true);
    return MV_OK;
}

static bool all_finite(const struct mv_rows *rows)
{
    for (size_t k = 0; k < rows->start[rows->n]; k++)
        if (!isfinite(rows->value[k]))
            return false;
    return true;
}

enum mv_status mv_gram_fill(struct mv_gram *gram, const struct mv_rows *rows,
                            int threads, struct mv_error *error)
{
    struct shared shared = {0};
    struct products p = {.gram = gram, .rows = &shared};
    size_t bands = (rows->n + LANES - 1) / LANES, workers, size;
    enum mv_status status;

    if (!all_finite(rows))
        return mv_error_set(error, MV_DATA, NULL, 0,
                            "a feature value is not finite");
    status = make_shared(rows, &shared);
    if (status == MV_OK) {
        workers = (size_t)mv_parallel_workers(threads, bands);
        size = workers * shared.frequent + 1;
        p.dense = aligned_alloc(sizeof *p.dense, size * sizeof *p.dense);
        p.sum = aligned_alloc(sizeof *p.sum,
                              (workers * rows->n + 1) * sizeof *p.sum);
        status = p.dense && p.sum ? MV_OK : MV_NOMEM;
    }
    if (status == MV_OK) {
        memset(p.dense, 0, size * sizeof *p.dense);
        status = mv_parallel_for(threads, bands, band, &p, error);
    }
    free(p.sum);
    free(p.dense);
    release_shared(&shared);
    if (status == MV_NOMEM)
        mv_error_set(error, status, NULL, 0, "out of memory");
    return status;
}

