#include "cli.h"

#include <string.h>

enum { LONGEST = 32 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Letters to change, add, drop or swap with their neighbour (Damerau 1964),
 * both words at most LONGEST long. */
static size_t distance(const char *a, const char *b)
{
    size_t cost[LONGEST + 1][LONGEST + 1], i, j;
    size_t m = strlen(a), n = strlen(b);

    for (i = 0; i <= m; i++)
        cost[i][0] = i;
    for (j = 0; j <= n; j++)
        cost[0][j] = j;
    for (i = 1; i <= m; i++)
        for (j = 1; j <= n; j++) {
            size_t same = a[i - 1] == b[j - 1] ? 0 : 1;

            cost[i][j] = least(least(cost[i - 1][j], cost[i][j - 1]) + 1,
                               cost[i - 1][j - 1] + same);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                cost[i][j] = least(cost[i][j], cost[i - 2][j - 2] + 1);
        }
    return cost[m][n];
}

const char *mv_cli_nearest(const char *word, const char *const *words)
{
    size_t len = strlen(word), best = len / 3 + 1, d;
    const char *near = NULL;

    if (len < 2 || len > LONGEST)
        return NULL;
    for (; *words; words++) {
        if (strlen(*words) > LONGEST)
            continue;
        /* A beginning of the word is as good as one wrong letter. */
        d = strncmp(*words, word, len) == 0 ? 1 : distance(word, *words);
        if (d < best || (d == best && !near)) {
            best = d;
            near = *words;
        }
    }
    return near;
}
