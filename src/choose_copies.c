/* Templates: messages that differ in the names of their senders only. */
#include "choose.h"

#include <stdlib.h>
#include <string.h>

/* Words that two copies must share, of all that either has. */
#define SAME 0.85

/* The words of a text as sorted hashes, those of the sender's name left out. */
struct words {
    uint64_t *at;
    size_t n;
};

static bool is_inner(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80);
}

/* The next word of text from *at on; false when there is none. */
static bool next_word(struct mv_span text, size_t *at, struct mv_span *word)
{
    size_t from;

    while (*at < text.len && !is_inner(text.at[*at]))
        ++*at;
    from = *at;
    while (*at < text.len && is_inner(text.at[*at]))
        ++*at;
    *word = (struct mv_span){text.at ? text.at + from : NULL, *at - from};
    return word->len > 0;
}

static bool holds(struct mv_span name, struct mv_span word)
{
    struct mv_span part;
    size_t at = 0;

    while (next_word(name, &at, &part))
        if (mv_span_equal(part, word))
            return true;
    return false;
}

/* FNV-1a (Fowler, Noll and Vo). */
static uint64_t hash_of(struct mv_span word)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < word.len; i++)
        hash = (hash ^ (unsigned char)word.at[i]) * UINT64_C(0x100000001b3);
    return hash;
}

static int rising(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;

    return *x < *y ? -1 : *x > *y;
}

static enum mv_status split(struct words *words, struct mv_span text,
                            struct mv_span name)
{
    struct mv_span word;
    size_t at = 0;

    words->at = malloc((text.len / 2 + 2) * sizeof *words->at);
    words->n = 0;
    if (!words->at)
        return MV_NOMEM;
    while (next_word(text, &at, &word))
        if (!holds(name, word))
            words->at[words->n++] = hash_of(word);
    qsort(words->at, words->n, sizeof *words->at, rising);
    return MV_OK;
}

static bool same(const struct words *a, const struct words *b)
{
    size_t i = 0, k = 0, both = 0, all;

    while (i < a->n && k < b->n) {
        uint64_t x = a->at[i], y = b->at[k];

        both += x == y;
        i += x <= y;
        k += y <= x;
    }
    all = a->n + b->n - both;
    return (double)both >= SAME * (double)all;
}

/* The rows of one group, and those of them that a template starts with. */
struct member {
    int group;
    size_t row;
};

static int by_group(const void *a, const void *b)
{
    const struct member *x = a, *y = b;

    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

/* Finds for each member of a group the first one that it is a copy of. */
static enum mv_status match(size_t *first, const struct member *member,
                            size_t n, const struct mv_span *texts,
                            const struct mv_span *names, struct words *heads)
{
    size_t n_heads = 0;
    enum mv_status status = MV_OK;

    for (size_t i = 0; status == MV_OK && i < n; i++) {
        size_t row = member[i].row, k = 0;
        struct words *words = &heads[n_heads];

        status = split(words, texts[row], names[row]);
        while (status == MV_OK && k < n_heads && !same(&heads[k], words))
            k++;
        if (status == MV_OK && k == n_heads) {
            first[row] = row;
            heads[n_heads].n = words->n;
            /* The row that a head stands for, behind its words. */
            words->at[words->n] = row;
            n_heads++;
        } else if (status == MV_OK) {
            first[row] = (size_t)heads[k].at[heads[k].n];
            free(words->at);
        }
    }
    while (n_heads > 0)
        free(heads[--n_heads].at);
    return status;
}

static enum mv_status match_all(size_t *first, struct member *member, size_t n,
                                const struct mv_span *texts,
                                const struct mv_span *names)
{
    struct words *heads = calloc(n + 1, sizeof *heads);
    enum mv_status status = heads ? MV_OK : MV_NOMEM;

    qsort(member, n, sizeof *member, by_group);
    for (size_t i = 0, end; status == MV_OK && i < n; i = end) {
        for (end = i + 1; end < n && member[end].group == member[i].group;)
            end++;
        if (end - i == 1)
            first[member[i].row] = member[i].row;
        else
            status = match(first, member + i, end - i, texts, names, heads);
    }
    free(heads);
    return status;
}

enum mv_status mv_choose_copies(int *copy, size_t n,
                                const struct mv_span *texts,
                                const struct mv_span *names, const int *group,
                                struct mv_error *error)
{
    struct member *member = calloc(n + 1, sizeof *member);
    size_t *first = calloc(n + 1, sizeof *first);
    enum mv_status status = member && first ? MV_OK : MV_NOMEM;
    int count = 0;

    for (size_t i = 0; status == MV_OK && i < n; i++)
        member[i] = (struct member){group[i], i};
    if (status == MV_OK)
        status = match_all(first, member, n, texts, names);
    for (size_t i = 0; status == MV_OK && i < n; i++)
        copy[i] = first[i] == i ? count++ : copy[first[i]];
    free(member);
    free(first);
    return status == MV_OK
               ? MV_OK
               : mv_error_set(error, status, NULL, 0, "out of memory");
}
