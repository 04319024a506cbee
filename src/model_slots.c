/* The weights of the slots that have one; see model_parts.h. */
#include "model_parts.h"

#include <stdlib.h>

enum mv_status mv_slots_init(struct mv_slots *slots, size_t size)
{
    *slots = (struct mv_slots){.size = size};
    slots->group = calloc(size / 32, sizeof *slots->group);
    slots->value = calloc(1, sizeof *slots->value);
    return slots->group && slots->value ? MV_OK : MV_NOMEM;
}

enum mv_status mv_slots_reserve(struct mv_slots *slots, size_t n)
{
    struct mv_weight *value;

    if (n <= slots->room)
        return MV_OK;
    value = realloc(slots->value, (n + 1) * sizeof *value);
    if (!value)
        return MV_NOMEM;
    slots->value = value;
    slots->room = n;
    return MV_OK;
}

void mv_slots_put(struct mv_slots *slots, size_t slot, struct mv_weight weight)
{
    while (slots->ranked <= slot / 32)
        slots->group[slots->ranked++].rank = (uint32_t)slots->n + 1;
    slots->group[slot / 32].used |= (uint32_t)1 << slot % 32;
    slots->value[++slots->n] = weight;
}

void mv_slots_release(struct mv_slots *slots)
{
    free(slots->group);
    free(slots->value);
    *slots = (struct mv_slots){0};
}
