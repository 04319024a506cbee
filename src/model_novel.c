/* How much of a message a model has never met. */
#include "model_memo.h"

#include <math.h>
#include <stdlib.h>

bool mv_model_word_slot(const struct mv_feature_options *features,
                        const struct mv_tokens *tokens, size_t i,
                        uint32_t *slot)
{
    struct mv_piece piece = mv_feature_piece(features, tokens, i);
    struct mv_hit hits[MV_FEATURE_HITS];

    if (piece.kind != MV_TOKEN_WORD ||
        mv_feature_word(features, piece, hits) == 0)
        return false;
    *slot = hits[0].slot;
    return true;
}

enum mv_status mv_model_novelty(const struct mv_model *model,
                                struct mv_memo *memo, struct mv_novelty *out)
{
    const struct mv_tokens *tokens = &memo->tokens;
    struct mv_novelty novelty = {0, 0};
    uint32_t slot;

    if (mv_keyset_begin(&memo->seen, tokens->n) != MV_OK)
        return MV_NOMEM;
    for (size_t i = 0; i < tokens->n; i++) {
        if (!mv_model_word_slot(&model->features, tokens, i, &slot) ||
            !mv_keyset_add(&memo->seen, slot))
            continue;
        novelty.words++;
        novelty.unseen +=
            !mv_model_has(model, (struct mv_hit){slot, MV_BLOCK_WORD});
    }
    *out = novelty;
    return MV_OK;
}

/* --- the training messages ------------------------------------------------ */

enum { MANY = -1 }; /* a word of several groups */

/* Notes for every word whether one group alone has it: owner[slot] is that
 * group + 1, MANY, or 0 for no word. */
static void find_owners(const struct mv_feature_options *features,
                        const struct mv_tokens *tokens, size_t n,
                        const int *group, int *owner)
{
    uint32_t slot;

    for (size_t i = 0; i < n; i++)
        for (size_t t = 0; t < tokens[i].n; t++)
            if (mv_model_word_slot(features, &tokens[i], t, &slot))
                owner[slot] = owner[slot] == 0 || owner[slot] == group[i] + 1
                                  ? group[i] + 1
                                  : MANY;
}

/* The share of different words that belong to the message's group alone; NaN
 * for a message without words. **Errors:** MV_NOMEM. */
static enum mv_status own_share(const struct mv_feature_options *features,
                                const struct mv_tokens *tokens,
                                const int *owner, struct mv_keyset *seen,
                                double *out)
{
    size_t words = 0, own = 0;
    uint32_t slot;

    if (mv_keyset_begin(seen, tokens->n) != MV_OK)
        return MV_NOMEM;
    for (size_t t = 0; t < tokens->n; t++)
        if (mv_model_word_slot(features, tokens, t, &slot) &&
            mv_keyset_add(seen, slot)) {
            words++;
            own += owner[slot] != MANY;
        }
    *out = words ? (double)own / (double)words : NAN;
    return MV_OK;
}

enum mv_status mv_model_note_unseen(struct mv_model *model,
                                    const struct mv_tokens *tokens, size_t n,
                                    const int *group)
{
    int *owner = calloc((size_t)1 << model->features.bits, sizeof *owner);
    struct mv_keyset seen = {0};
    double sum = 0, square = 0, count = 0;
    enum mv_status status = owner ? MV_OK : MV_NOMEM;

    if (owner)
        find_owners(&model->features, tokens, n, group, owner);
    for (size_t i = 0; status == MV_OK && i < n; i++) {
        double share = 0;

        status = own_share(&model->features, &tokens[i], owner, &seen, &share);
        if (status != MV_OK || isnan(share))
            continue;
        count++;
        sum += share;
        square += share * share;
    }
    if (status == MV_OK && count > 0) {
        double mean = sum / count;

        model->record.unseen_mean = mean;
        model->record.unseen_sd = sqrt(fmax(square / count - mean * mean, 0));
    }
    mv_keyset_release(&seen);
    free(owner);
    return status;
}
