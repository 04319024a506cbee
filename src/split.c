#include "split.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    BANDS = 40,
    ROWS = 4, /* a band: rows that must agree for a pair to be looked at */
    HASHES = BANDS * ROWS,
    MIN_TRIGRAMS = 5,
    /* In larger buckets a text is compared with the nearest few only, so that
     * thousands of copies of a template do not cost their square. */
    FULL_BUCKET = 256,
    NEAR_IN_BUCKET = 64
};

/* --- hashing ---------------------------------------------------------- */

/* The finaliser of SplitMix64 (Steele, Lea and Flood 2014). */
static uint64_t mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

static uint64_t hash_bytes(const char *at, size_t len)
{
    uint64_t hash = 0xcbf29ce484222325u; /* FNV-1a */

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)at[i]) * 0x100000001b3u;
    return mix(hash);
}

/* --- trigrams --------------------------------------------------------- */

/* For each text the rising distinct hashes of its trigrams:
 * items[start[i]] .. items[start[i + 1] - 1]. */
struct sets {
    uint32_t *items;
    size_t *start;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* The hash of the character at *at, which moves on to the next one. A byte
 * that starts no character (invalid input) counts as one. */
static uint64_t next_character(const char **at, const char *end)
{
    const char *from = (*at)++;

    while (*at < end && ((unsigned char)**at & 0xc0) == 0x80 && *at - from < 4)
        (*at)++;
    return hash_bytes(from, (size_t)(*at - from));
}

/* The hash of the next word, 0 when there is none. */
static uint64_t next_word(const char **at, const char *end)
{
    const char *from;

    while (*at < end && is_blank(**at))
        (*at)++;
    from = *at;
    while (*at < end && !is_blank(**at))
        (*at)++;
    return *at > from ? hash_bytes(from, (size_t)(*at - from)) | 1 : 0;
}

/* Writes the trigrams of characters, or of words; returns how many. items:
 * room for text.len. */
static size_t put_trigrams(uint32_t *items, struct mv_span text, bool words)
{
    const char *at = text.at, *end = text.at + text.len;
    uint64_t last[3] = {0, 0, 0};
    size_t seen = 0, count = 0;

    while (at < end) {
        uint64_t hash = words ? next_word(&at, end) : next_character(&at, end);

        if (words && hash == 0)
            break;
        last[0] = last[1];
        last[1] = last[2];
        last[2] = hash;
        if (++seen >= 3)
            items[count++] =
                (uint32_t)(mix(mix(last[0] + 3 * last[1]) + last[2]) >> 32);
    }
    return count;
}

static int rising(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static size_t sort_distinct(uint32_t *items, size_t n)
{
    size_t kept = 0;

    qsort(items, n, sizeof *items, rising);
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || items[i] != items[kept - 1])
            items[kept++] = items[i];
    return kept;
}

static void release_sets(struct sets *sets)
{
    free(sets->items);
    free(sets->start);
    *sets = (struct sets){0};
}

static enum mv_status make_sets(struct sets *sets, const struct mv_span *texts,
                                size_t n, bool words)
{
    size_t bytes = 0;

    for (size_t i = 0; i < n; i++)
        bytes += texts[i].len;
    sets->items = malloc((bytes + 1) * sizeof *sets->items);
    sets->start = malloc((n + 1) * sizeof *sets->start);
    if (!sets->items || !sets->start) {
        release_sets(sets);
        return MV_NOMEM;
    }
    sets->start[0] = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t *items = sets->items + sets->start[i];
        size_t count = put_trigrams(items, texts[i], words);

        sets->start[i + 1] = sets->start[i] + sort_distinct(items, count);
    }
    return MV_OK;
}

static size_t set_size(const struct sets *sets, size_t i)
{
    return sets->start[i + 1] - sets->start[i];
}

static size_t count_common(const struct sets *sets, size_t i, size_t j)
{
    const uint32_t *a = sets->items + sets->start[i];
    const uint32_t *b = sets->items + sets->start[j];
    const uint32_t *a_end = a + set_size(sets, i);
    const uint32_t *b_end = b + set_size(sets, j);
    size_t common = 0;

    while (a < a_end && b < b_end) {
        uint32_t x = *a, y = *b;

        common += x == y;
        a += x <= y;
        b += y <= x;
    }
    return common;
}

/* --- groups (union–find) ---------------------------------------------- */

static size_t find(size_t *parent, size_t i)
{
    while (parent[i] != i)
        i = parent[i] = parent[parent[i]];
    return i;
}

/* The smaller number becomes the root, so the order of unions is forgotten. */
static void unite(size_t *parent, size_t i, size_t j)
{
    i = find(parent, i);
    j = find(parent, j);
    if (i < j)
        parent[j] = i;
    else
        parent[i] = j;
}

/* --- MinHash ---------------------------------------------------------- */

struct search {
    const struct sets *sets;
    size_t *parent;
    uint32_t *signature; /* HASHES a text */
};

struct entry {
    uint64_t key;
    size_t at;
};

static int by_key(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;

    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

/* For each of HASHES random orders of all trigrams the first one of the set.
 * Multiplying an already mixed number by an odd one and adding another is
 * order enough (Dietzfelbinger et al. 1997). */
static void sign(uint32_t *restrict out, const uint32_t *items, size_t n)
{
    uint32_t least[HASHES], factor[HASHES], shift[HASHES];

    for (unsigned k = 0; k < HASHES; k++) {
        uint64_t random = mix(k + 1);

        factor[k] = (uint32_t)random | 1;
        shift[k] = (uint32_t)(random >> 32);
        least[k] = UINT32_MAX;
    }
    for (size_t i = 0; i < n; i++)
        for (unsigned k = 0; k < HASHES; k++) {
            uint32_t hash = factor[k] * items[i] + shift[k];

            least[k] = hash < least[k] ? hash : least[k];
        }
    memcpy(out, least, sizeof least);
}

/* Whether the exact similarity reaches the threshold. The sizes and then the
 * signatures settle most pairs: 0.4 is five standard deviations below 0.6. */
static bool is_near(const struct search *search, size_t i, size_t j)
{
    const uint32_t *a = search->signature + i * HASHES;
    const uint32_t *b = search->signature + j * HASHES;
    size_t m = set_size(search->sets, i), n = set_size(search->sets, j);
    size_t common;
    int equal = 0;

    if ((double)(m < n ? m : n) / (double)(m < n ? n : m) < MV_SPLIT_JACCARD)
        return false;
    for (int k = 0; k < HASHES; k++)
        equal += a[k] == b[k];
    if (equal < HASHES * 2 / 5)
        return false;
    common = count_common(search->sets, i, j);
    return (double)common / (double)(m + n - common) >= MV_SPLIT_JACCARD;
}

static void join_bucket(const struct search *search, const struct entry *bucket,
                        size_t n)
{
    for (size_t i = 1; i < n; i++) {
        size_t from =
            n > FULL_BUCKET && i > NEAR_IN_BUCKET ? i - NEAR_IN_BUCKET : 0;

        for (size_t j = i; j-- > from;)
            if (find(search->parent, bucket[i].at) !=
                    find(search->parent, bucket[j].at) &&
                is_near(search, bucket[i].at, bucket[j].at))
                unite(search->parent, bucket[i].at, bucket[j].at);
    }
}

static void join_band(const struct search *search, struct entry *entries,
                      size_t n, size_t band)
{
    for (size_t i = 0; i < n; i++) {
        const uint32_t *row =
            search->signature + entries[i].at * HASHES + band * ROWS;
        uint64_t key = 0;

        for (int k = 0; k < ROWS; k++)
            key = mix(key + row[k]);
        entries[i].key = key;
    }
    qsort(entries, n, sizeof *entries, by_key);
    for (size_t start = 0, end; start < n; start = end) {
        for (end = start + 1; end < n; end++)
            if (entries[end].key != entries[start].key)
                break;
        join_bucket(search, entries + start, end - start);
    }
}

/* Unites the near-duplicates of n distinct texts by one sort of trigram. */
static enum mv_status join_near(size_t *parent, const struct mv_span *texts,
                                size_t n, bool words)
{
    struct sets sets = {0};
    struct search search = {.sets = &sets, .parent = parent};
    struct entry *entries = malloc((n + 1) * sizeof *entries);
    enum mv_status status = make_sets(&sets, texts, n, words);
    size_t used = 0;

    search.signature = calloc(n + 1, HASHES * sizeof *search.signature);
    if (status != MV_OK || !entries || !search.signature) {
        status = MV_NOMEM;
        goto out;
    }
    for (size_t i = 0; i < n; i++)
        if (set_size(&sets, i) >= MIN_TRIGRAMS) {
            sign(search.signature + i * HASHES, sets.items + sets.start[i],
                 set_size(&sets, i));
            entries[used++].at = i;
        }
    for (size_t band = 0; band < BANDS; band++)
        join_band(&search, entries, used, band);
out:
    release_sets(&sets);
    free(search.signature);
    free(entries);
    return status;
}

/* --- equal texts ------------------------------------------------------ */

struct text {
    uint64_t hash;
    struct mv_span span;
    size_t at;
};

static int by_text(const void *a, const void *b)
{
    const struct text *x = a, *y = b;
    int order;

    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    if (x->span.len != y->span.len)
        return x->span.len < y->span.len ? -1 : 1;
    order = x->span.len ? memcmp(x->span.at, y->span.at, x->span.len) : 0;
    return order ? order : (x->at > y->at) - (x->at < y->at);
}

/* first[i]: the first row with the text of row i. */
static enum mv_status find_equal(size_t *first, const struct mv_span *texts,
                                 size_t n)
{
    struct text *sorted = malloc((n + 1) * sizeof *sorted);

    if (!sorted)
        return MV_NOMEM;
    for (size_t i = 0; i < n; i++)
        sorted[i] =
            (struct text){hash_bytes(texts[i].at, texts[i].len), texts[i], i};
    qsort(sorted, n, sizeof *sorted, by_text);
    for (size_t i = 0; i < n; i++) {
        bool same = i && sorted[i].hash == sorted[i - 1].hash &&
                    mv_span_equal(sorted[i].span, sorted[i - 1].span);

        first[sorted[i].at] = same ? first[sorted[i - 1].at] : sorted[i].at;
    }
    free(sorted);
    return MV_OK;
}

/* Numbers the groups by first appearance. number: n zeros. */
static int number_groups(int *group, int *number, const size_t *first,
                         const size_t *place, size_t *parent, size_t n)
{
    int count = 0;

    for (size_t i = 0; i < n; i++) {
        size_t root = find(parent, place[first[i]]);

        if (number[root] == 0)
            number[root] = ++count;
        group[i] = number[root] - 1;
    }
    return count;
}

enum mv_status mv_split_group(int *group, int *count, size_t n,
                              const struct mv_span *texts,
                              struct mv_error *error)
{
    size_t *first = malloc((n + 1) * sizeof *first);
    size_t *place = malloc((n + 1) * sizeof *place); /* among the distinct */
    size_t *parent = malloc((n + 1) * sizeof *parent);
    struct mv_span *distinct = malloc((n + 1) * sizeof *distinct);
    int *number = calloc(n + 1, sizeof *number), groups;
    enum mv_status status = MV_NOMEM;
    size_t used = 0;

    if (n > INT_MAX)
        status = MV_RANGE;
    if (status == MV_RANGE || !first || !place || !parent || !distinct ||
        !number || find_equal(first, texts, n) != MV_OK)
        goto out;
    for (size_t i = 0; i < n; i++)
        if (first[i] == i) {
            place[i] = parent[used] = used;
            distinct[used++] = texts[i];
        }
    status = join_near(parent, distinct, used, false);
    if (status == MV_OK)
        status = join_near(parent, distinct, used, true);
    if (status != MV_OK)
        goto out;
    groups = number_groups(group, number, first, place, parent, n);
    if (count)
        *count = groups;
out:
    free(first);
    free(place);
    free(parent);
    free(distinct);
    free(number);
    if (status != MV_OK)
        mv_error_set(error, status, NULL, 0,
                     "cannot group %zu messages by likeness: %s", n,
                     mv_status_name(status));
    return status;
}
