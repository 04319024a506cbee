/* Looking words up in the lexicon: a hash table of its entries. */
#include "concept.h"

#include "concept_parts.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    SLOTS = 16384, /* a power of two, well above the number of entries */
    ENTRY_MAX = 24 /* longest entry, in bytes */
};

struct entry {
    const char *at; /* in the lexicon */
    uint8_t len;    /* 0: the slot is free */
    uint8_t concept;
    bool is_word; /* stands for that word alone */
};

struct mv_concept {
    struct entry entry[SLOTS];
};

/* FNV-1a, letter by letter. */
static const uint32_t HASH_START = 2166136261u;

static uint32_t hash_more(uint32_t hash, char letter)
{
    return (hash ^ (unsigned char)letter) * 16777619u;
}

/* The entry of len bytes with that hash, or the free one where it belongs. */
static size_t find(const struct mv_concept *concept, uint32_t hash,
                   const char *at, size_t len)
{
    size_t slot = (hash ^ hash >> 15) & (SLOTS - 1);

    while (concept->entry[slot].len &&
           (concept->entry[slot].len != len ||
            memcmp(concept->entry[slot].at, at, len) != 0))
        slot = (slot + 1) & (SLOTS - 1);
    return slot;
}

static void add_row(struct mv_concept *concept, uint8_t number,
                    const char *words)
{
    for (const char *at = words; *at;) {
        size_t len = strcspn(at, " $");
        uint32_t hash = HASH_START;

        for (size_t i = 0; i < len; i++)
            hash = hash_more(hash, at[i]);
        concept->entry[find(concept, hash, at, len)] =
            (struct entry){at, (uint8_t)len, number, at[len] == '$'};
        at += len + strspn(at + len, " $");
    }
}

/* The row of a concept; NULL for numbers of none. */
static const struct mv_concept_row *row_of(unsigned number)
{
    const struct mv_concept_row *const tables[] = {mv_concept_work,
                                                   mv_concept_talk};

    for (int i = 0; i < 2 && number; i++)
        for (const struct mv_concept_row *row = tables[i]; row->name; row++)
            if (--number == 0)
                return row;
    return NULL;
}

enum mv_status mv_concept_new(struct mv_concept **out)
{
    struct mv_concept *concept = calloc(1, sizeof *concept);

    if (!concept)
        return MV_NOMEM;
    for (unsigned number = 1; row_of(number); number++)
        add_row(concept, (uint8_t)number, row_of(number)->words);
    *out = concept;
    return MV_OK;
}

void mv_concept_free(struct mv_concept *concept)
{
    free(concept);
}

/* The concept of the longest entry that fits. */
static uint8_t look_up(const struct mv_concept *concept, const char *at,
                       size_t len)
{
    uint32_t hash = HASH_START;
    uint8_t found = 0;

    for (size_t i = 0; i < len && i < ENTRY_MAX; i++) {
        const struct entry *entry;

        hash = hash_more(hash, at[i]);
        entry = &concept->entry[find(concept, hash, at, i + 1)];
        if (entry->len && (!entry->is_word || i + 1 == len))
        found = entry->concept;
    }
    return found;
}

uint8_t mv_concept_of(const struct mv_concept *concept, struct mv_span word)
{
    uint8_t found = look_up(concept, word.at, word.len);

    if (!found && word.len > 3 && word.at[1] == '\'')
        found = look_up(concept, word.at + 2, word.len - 2);
    if (!found && word.len > 3 && memcmp(word.at + word.len - 2, "'s", 2) == 0)
        found = look_up(concept, word.at, word.len - 2);
    return found;
}

const char *mv_concept_name(uint8_t number)
{
    const struct mv_concept_row *row = row_of(number);

    return row ? row->name : NULL;
}

static uint64_t digest(uint64_t hash, const char *text)
{
    do
        hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
    while (*text++);
    return hash;
}

uint64_t mv_concept_fingerprint(void)
{
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a, 64 bits */

    for (unsigned number = 1; row_of(number); number++)
        hash =
            digest(digest(hash, row_of(number)->name), row_of(number)->words);
    return hash ? hash : 1;
}
