#include "svm.h"

#include "parallel.h"

#include <assert.h>
#include <libsvm/svm.h>
#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
    LANES = 16, /* rows whose products are computed side by side */
    HUGE_PAGE = 1 << 21
};

/* LANES sums, added to by the vectors that every x86-64 and ARM has. */
typedef float quad __attribute__((vector_size(16)));
struct lanes {
    quad part[LANES / 4];
};

struct mv_gram {
    size_t n;
    /* n rows of n + 1 values: the first is the row's number, from 1 on; the
     * j-th is K(i, j). libsvm wants nodes of an index and a value, but of a
     * precomputed kernel it reads the values only. So two rows share n + 2
     * nodes: the second begins half a node later, and its values lie where the
     * first one's indices would be. That halves the memory. */
    struct svm_node *node;
};
static_assert(sizeof(struct svm_node) == 2 * sizeof(double) &&
                  offsetof(struct svm_node, value) == sizeof(double),
              "a row can not begin half a node later");

static struct svm_node *row_of(const struct mv_gram *gram, size_t i)
{
    double *pair = (double *)(gram->node + i / 2 * (gram->n + 2));

    return (struct svm_node *)(pair + i % 2);
}

double mv_gram_at(const struct mv_gram *gram, size_t i, size_t j)
{
    return row_of(gram, i)[j + 1].value;
}

/* Nodes on large pages: rows lie far apart, and with small pages every access
 * would miss. */
static struct svm_node *new_nodes(size_t n)
{
    size_t size = (n * sizeof(struct svm_node) / HUGE_PAGE + 1) * HUGE_PAGE;
    struct svm_node *node = aligned_alloc(HUGE_PAGE, size);

    if (node)
        madvise(node, size, MADV_HUGEPAGE);
    return node;
}

enum mv_status mv_gram_new(struct mv_gram **out, size_t n,
                           struct mv_error *error)
{
    struct mv_gram *gram;

    if (n > MV_GRAM_MAX)
        return mv_error_set(error, MV_RANGE, NULL, 0,
                            "%zu rows are more than the %d that fit", n,
                            MV_GRAM_MAX);
    gram = calloc(1, sizeof *gram);
    if (gram)
        gram->node = new_nodes((n / 2 + 1) * (n + 2));
    if (!gram || !gram->node) {
        free(gram);
        return mv_error_set(error, MV_NOMEM, NULL, 0,
                            "no memory for the products of %zu messages "
                            "(%zu MB)",
                            n, (n / 2 + 1) * (n + 2) * sizeof *gram->node >> 20);
    }
    gram->n = n;
    for (size_t i = 0; i < n; i++)
        row_of(gram, i)[0].value = (double)(i + 1);
    *out = gram;
    return MV_OK;
}

void mv_gram_free(struct mv_gram *gram)
{
    if (!gram)
        return;
    free(gram->node);
    free(gram);
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
            dense[rows->index[k]].part[lane / 4][lane % 4] =
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
    quad a = {0}, b = {0}, c = {0}, d = {0};

    for (size_t k = rows->start[j]; k < rows->start[j + 1]; k++) {
        const quad *at = dense[rows->index[k]].part;
        float value = rows->value[k];

        a += value * at[0];
        b += value * at[1];
        c += value * at[2];
        d += value * at[3];
    }
    return (struct lanes){{a, b, c, d}};
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
    for (size_t j = first; j < rows->n; j++) {
        struct lanes sum = multiply(&rows->dense, j, dense);

        for (size_t lane = 0; lane < count && first + lane < j; lane++) {
            double k = (double)(sum.part[lane / 4][lane % 4] +
                                rare[j].part[lane / 4][lane % 4]);

            row_of(p->gram, first + lane)[j + 1].value = k;
            row_of(p->gram, j)[first + lane + 1].value = k;
        }
        row_of(p->gram, j)[j + 1].value = (double)rows->square[j];
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

/* --- training ------------------------------------------------------------- */

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
    p.cache_size = 200; /* MB */
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
 * turned to them. The copies, for the caller to free; NULL: no memory. */
static struct svm_node *boost_rows(const struct mv_svm_problem *problem,
                                   struct svm_node **x)
{
    size_t width = problem->gram->n + 1, count = 0, used = 0;
    struct svm_node *copy, *at;

    for (size_t i = 0; i < problem->n; i++)
        count += problem->marked[problem->row[i]] != 0;
    copy = new_nodes(count * width);
    for (size_t i = 0; copy && i < problem->n; i++) {
        if (!problem->marked[problem->row[i]])
            continue;
        at = copy + used++ * width;
        memcpy(at, x[i], width * sizeof *at);
        x[i] = at;
        for (size_t j = 0; j + 1 < width; j++)
            if (problem->marked[j])
                at[j + 1].value *= problem->boost;
    }
    return copy;
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
    struct svm_node *copy = NULL;
    bool boosted = problem->marked && problem->boost > 1;
    enum mv_status status = MV_NOMEM;

    data.y = malloc(problem->n * sizeof *data.y);
    data.x = malloc(problem->n * sizeof *data.x);
    for (size_t i = 0; data.x && data.y && i < problem->n; i++) {
        data.x[i] = row_of(problem->gram, problem->row[i]);
        data.y[i] = problem->label[problem->row[i]];
    }
    if (data.x && data.y && boosted)
        copy = boost_rows(problem, data.x);
    if (data.x && data.y && (copy || !boosted))
        status = solve(problem, &data, alpha, bias, error);
    else
        mv_error_set(error, status, NULL, 0, "out of memory");
    for (size_t i = 0; status == MV_OK && boosted && i < problem->n; i++)
        if (problem->marked[problem->row[i]])
            alpha[i] *= problem->boost;
    free(copy);
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
        const struct svm_node *from = row_of(problem->gram, problem->row[i]);

        if (alpha[i] != 0.0)
            for (size_t k = 0; k < m; k++)
                out[k] += alpha[i] * from[row[k] + 1].value;
    }
}
