/* Which examples keep to one fold. */
#include "model_parts.h"

#include <stdlib.h>

/* Numbers the voices from 0, in the order of first appearance; -1: none.
 * Returns how many there are. */
static int number_voices(int *voice, const struct mv_fit_example *example,
                         size_t n)
{
    int voices = 0;

    for (size_t i = 0; i < n; i++) {
        size_t first = 0;

        voice[i] = -1;
        if (example[i].voice == 0)
            continue;
        while (example[first].voice != example[i].voice)
            first++;
        voice[i] = first == i ? voices++ : voice[first];
    }
    return voices;
}

enum mv_status mv_model_voices(int *apart, const int *group,
                               const struct mv_fit_example *example, size_t n)
{
    int *voice = malloc((n + 1) * sizeof *voice);
    int *joins = malloc((n + 1) * sizeof *joins); /* of each group: a voice */
    int voices = voice && joins ? number_voices(voice, example, n) : 0;
    bool enough = voices >= MV_VOICES;

    for (size_t i = 0; joins && i < n; i++)
        joins[i] = -1;
    for (size_t i = n; enough && i-- > 0;)
        if (voice[i] >= 0)
            joins[group[i]] = voice[i];
    for (size_t i = 0; voice && joins && i < n; i++) {
        int joined = enough && voice[i] >= 0 ? voice[i] : joins[group[i]];

        apart[i] = joined >= 0 ? joined : voices + group[i];
    }
    free(voice);
    free(joins);
    return voice && joins ? MV_OK : MV_NOMEM;
}
