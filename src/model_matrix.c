/* The training matrix: token lists to sparse rows of counts. */
#include "model_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- sets of keys --------------------------------------------------------- */

enum mv_status mv_keyset_begin(struct mv_keyset *set, size_t n)
{
    size_t size = 256;

    while (size < 2 * n)
        size *= 2;
    if (size > set->size) {
        uint64_t *key = calloc(size, sizeof *key);
        uint32_t *stamp = calloc(size, sizeof *stamp);

        if (!key || !stamp) {
            free(key);
            free(stamp);
            return MV_NOMEM;
        }
        mv_keyset_release(set);
        *set = (struct mv_keyset){key, stamp, 0, size};
    }
    if (++set->now == 0) { /* the stamps have wrapped round */
        memset(set->stamp, 0, set->size * sizeof *set->stamp);
        set->now = 1;
    }
    return MV_OK;
}

bool mv_keyset_add(struct mv_keyset *set, uint64_t key)
{
    size_t at = (size_t)(key >> 20) & (set->size - 1);

    while (set->stamp[at] == set->now) {
        if (set->key[at] == key)
            return false;
        at = (at + 1) & (set->size - 1);
    }
    set->stamp[at] = set->now;
    set->key[at] = key;
    return true;
}

void mv_keyset_release(struct mv_keyset *set)
{
    free(set->key);
    free(set->stamp);
    *set = (struct mv_keyset){0};
}

/* --- hits of one message -------------------------------------------------- */

/* A growing list of hits, each as block << bits | slot; and workspaces. */
struct list {
    uint32_t *at;
    size_t n, size;
    struct mv_piece *piece; /* room tokens */
    struct mv_frame *frame; /* frame_room(room) */
    uint64_t *symbol;       /* room tokens */
    size_t room;
};

static enum mv_status append(struct list *list,
                             const struct mv_feature_options *features,
                             const struct mv_hit *hits, size_t n)
{
    if (list->n + n > list->size) {
        size_t size = 2 * list->size + MV_FEATURE_HITS;
        uint32_t *at = realloc(list->at, size * sizeof *at);

        if (!at)
            return MV_NOMEM;
        list->at = at;
        list->size = size;
    }
    for (size_t i = 0; i < n; i++)
        list->at[list->n++] = hits[i].block << features->bits | hits[i].slot;
    return MV_OK;
}

/* How many features of frame and concepts a message of n tokens can have. */
static size_t frame_room(size_t n)
{
    return mv_feature_frame_room(n) + mv_feature_concept_room(n);
}

static enum mv_status make_room(struct list *list, size_t n)
{
    struct mv_piece *piece;
    struct mv_frame *frame;
    uint64_t *symbol;

    if (n <= list->room)
        return MV_OK;
    piece = realloc(list->piece, n * sizeof *piece);
    if (piece)
        list->piece = piece;
    frame = realloc(list->frame, frame_room(n) * sizeof *frame);
    if (frame)
        list->frame = frame;
    symbol = realloc(list->symbol, n * sizeof *symbol);
    if (symbol)
        list->symbol = symbol;
    if (!piece || !frame || !symbol)
        return MV_NOMEM;
    list->room = n;
    return MV_OK;
}

/* Appends what distinct tokens, pairs and triples hit: the same walk as in
 * scoring (model.c), without its memory. */
static enum mv_status collect_grams(const struct mv_feature_options *features,
                                    const struct mv_piece *piece, size_t count,
                                    struct mv_keyset *seen, struct list *list)
{
    struct mv_hit hits[MV_FEATURE_HITS];
    uint64_t last_pair = 0;
    enum mv_status status = MV_OK;

    for (size_t i = 0; status == MV_OK && i < count; i++) {
        uint64_t pair =
            i ? mv_feature_pair_hash(piece[i - 1].hash, piece[i].hash) : 0;
        uint64_t triple = mv_feature_pair_hash(last_pair, piece[i].hash);
        size_t n = 0;

        if (mv_keyset_add(seen, piece[i].hash))
            n = mv_feature_word(features, piece[i], hits);
        status = append(list, features, hits, n);
        n = 0;
        if (i > 0 && mv_keyset_add(seen, pair))
            n = mv_feature_pair(features, piece[i - 1], piece[i], hits);
        if (status == MV_OK)
            status = append(list, features, hits, n);
        n = 0;
        if (i > 1 && mv_keyset_add(seen, triple))
            n = mv_feature_triple(features, last_pair, piece[i], hits);
        if (status == MV_OK)
            status = append(list, features, hits, n);
        last_pair = pair;
    }
    return status;
}

/* Appends everything that a message hits. */
static enum mv_status collect(const struct mv_model *model,
                              const struct mv_tokens *tokens,
                              struct mv_keyset *seen, struct list *list)
{
    const struct mv_feature_options *features = &model->features;
    size_t n = 0;
    enum mv_status status = make_room(list, tokens->n);

    if (status != MV_OK ||
        mv_keyset_begin(seen, 3 * tokens->n + frame_room(tokens->n)) != MV_OK)
        return MV_NOMEM;
    for (size_t i = 0; i < tokens->n; i++) {
        list->piece[i] = mv_feature_piece(features, tokens, i);
        list->symbol[i] = mv_feature_symbol(features, model->concept,
                                            model->lang, list->piece[i]);
    }
    status = collect_grams(features, list->piece, tokens->n, seen, list);
    if (tokens->n)
        n = mv_feature_frame(features, list->piece, tokens->n, list->frame);
    n +=
        mv_feature_concepts(features, list->symbol, tokens->n, list->frame + n);
    for (size_t i = 0; status == MV_OK && i < n; i++)
        if (mv_keyset_add(seen, list->frame[i].key))
            status = append(list, features, &list->frame[i].hit, 1);
    return status;
}

/* --- columns -------------------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

/* Sorts the hits of a message and counts equal ones into index and value. */
static size_t count_hits(struct list *list, uint32_t *index, float *value)
{
    size_t n = 0;

    qsort(list->at, list->n, sizeof *list->at, by_number);
    for (size_t i = 0; i < list->n; i++) {
        if (n && index[n - 1] == list->at[i]) {
            value[n - 1] += 1.0f;
            continue;
        }
        index[n] = list->at[i];
        value[n++] = 1.0f;
    }
    return n;
}

static enum mv_status reserve_cells(struct mv_matrix *m, size_t *size,
                                    size_t need)
{
    size_t wanted = *size;
    uint32_t *index;
    float *value;

    if (need <= *size)
        return MV_OK;
    while (wanted < need)
        wanted = 2 * wanted + 4096;
    index = realloc(m->index, wanted * sizeof *index);
    if (index)
        m->index = index;
    value = realloc(m->count, wanted * sizeof *value);
    if (value)
        m->count = value;
    if (!index || !value)
        return MV_NOMEM;
    *size = wanted;
    return MV_OK;
}

/* All messages' counted hits, index holding hits. */
static enum mv_status gather(struct mv_matrix *m, const struct mv_model *model,
                             const struct mv_tokens *tokens, size_t n)
{
    struct list list = {0};
    struct mv_keyset seen = {0};
    size_t size = 0, used = 0;
    enum mv_status status = MV_OK;

    for (size_t i = 0; status == MV_OK && i < n; i++) {
        list.n = 0;
        m->start[i] = used;
        status = collect(model, &tokens[i], &seen, &list);
        if (status == MV_OK)
            status = reserve_cells(m, &size, used + list.n + 1);
        if (status == MV_OK)
            used += count_hits(&list, m->index + used, m->count + used);
    }
    m->start[n] = used;
    free(list.at);
    free(list.piece);
    free(list.frame);
    free(list.symbol);
    mv_keyset_release(&seen);
    return status;
}

/* Numbers the hits that occur, in their order, and renumbers the cells. */
static enum mv_status number_columns(struct mv_matrix *m, size_t slots)
{
    uint32_t *column = calloc(slots, sizeof *column);
    size_t cells = m->start[m->rows.n];
    uint32_t n = 0;

    if (!column)
        return MV_NOMEM;
    for (size_t k = 0; k < cells; k++)
        n += column[m->index[k]]++ == 0;
    m->rows.dims = n;
    m->hit = malloc((n + 1) * sizeof *m->hit);
    if (!m->hit) {
        free(column);
        return MV_NOMEM;
    }
    n = 0;
    for (uint32_t hit = 0; hit < slots; hit++)
        if (column[hit]) {
            m->hit[n] = hit;
            column[hit] = n++;
        }
    for (size_t k = 0; k < cells; k++)
        m->index[k] = column[m->index[k]];
    free(column);
    return MV_OK;
}

enum mv_status mv_matrix_build(struct mv_matrix *out,
                               const struct mv_model *model,
                               const struct mv_tokens *tokens, size_t n,
                               struct mv_error *error)
{
    struct mv_matrix m = {.rows = {.n = n}};
    size_t slots = (size_t)MV_BLOCKS << model->features.bits;
    enum mv_status status = MV_NOMEM;

    m.start = calloc(n + 1, sizeof *m.start);
    if (m.start)
        status = gather(&m, model, tokens, n);
    if (status == MV_OK)
        status = number_columns(&m, slots);
    if (status != MV_OK) {
        mv_matrix_release(&m);
        return mv_error_set(error, status, NULL, 0,
                            "no memory for the features of %zu messages", n);
    }
    m.bits = model->features.bits;
    m.rows.start = m.start;
    m.rows.index = m.index;
    m.rows.value = m.count;
    *out = m;
    return MV_OK;
}

void mv_matrix_release(struct mv_matrix *matrix)
{
    if (!matrix)
        return;
    free(matrix->start);
    free(matrix->index);
    free(matrix->count);
    free(matrix->hit);
    *matrix = (struct mv_matrix){0};
}
