/* Folded messages once they are there: the way back to the original's bytes. */
#include "text.h"

#include <stdbool.h>
#include <stdlib.h>

void mv_tokens_release(struct mv_tokens *tokens)
{
    if (!tokens)
        return;
    mv_buffer_release(&tokens->folded);
    free(tokens->token);
    free(tokens->run);
    *tokens = (struct mv_tokens){0};
}

/* Where in the original the folded byte at `folded` began; for an end, where
 * what lies before it ended. The bytes of a character that became longer all
 * lead to its start, and as an end to the start of the next one. */
static size_t origin_of(const struct mv_tokens *tokens, size_t folded, bool end)
{
    size_t low = 0, high = tokens->n_runs;
    size_t origin, next = tokens->input;

    while (high - low > 1) {
        size_t middle = (low + high) / 2;

        if (tokens->run[middle].folded <= folded)
            low = middle;
        else
            high = middle;
    }
    if (!tokens->n_runs)
        return 0;
    origin = tokens->run[low].original + (folded - tokens->run[low].folded);
    if (low + 1 < tokens->n_runs)
        next = tokens->run[low + 1].original;
    if (origin < next)
        return origin;
    return end ? next : tokens->run[low].original;
}

void mv_text_origin(const struct mv_tokens *tokens, size_t first, size_t last,
                    size_t *from, size_t *to)
{
    const struct mv_token *end = &tokens->token[last];

    *from = origin_of(tokens, tokens->token[first].at, false);
    *to = origin_of(tokens, end->at + end->len, true);
    if (end->at + end->len >= tokens->folded.len)
        *to = tokens->input;
}
