/* The weights of the slots that have one; see model_parts.h. */
#include "model_parts.h"

#include <stdlib.h>

enum mv_status mv_slots_init(struct mv_slots *slots, size_t size)
{
    *slots = (struct mv_slots){.size = size};
    slots->used = calloc(size / 64, sizeof *slots->used);
    slots->rank = calloc(size / 64, sizeof *slots->rank);
    return slots->used && slots->rank ? MV_OK : MV_NOMEM;
}

enum mv_status mv_slots_reserve(struct mv_slots *slots, size_t n)
{
    struct mv_weight *value;

    if (n <= slots->room)
        return MV_OK;
    value = realloc(slots->value, n * sizeof *value);
    if (!value)
        return MV_NOMEM;
    slots->value = value;
    slots->room = n;
    return MV_OK;
}

void mv_slots_put(struct mv_slots *slots, size_t slot, struct mv_weight weight)
{
    while (slots->ranked <= slot / 64)
        slots->rank[slots->ranked++] = (uint32_t)slots->n;
    slots->used[slot / 64] |= UINT64_C(1) << slot % 64;
    slots->value[slots->n++] = weight;
}

void mv_slots_release(struct mv_slots *slots)
{
    free(slots->used);
    free(slots->rank);
    free(slots->value);
    *slots = (struct mv_slots){0};
}
