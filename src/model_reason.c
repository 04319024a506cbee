/* Reasons: the phrases of a message that made its verdict. */
#include "model_parts.h"

#include <string.h>

enum { PHRASES = 3, PHRASE_TOKENS = 7, PHRASE_BYTES = 80, LOOKED_AT = 512 };

/* Weight of a token that stands in a phrase already. */
#define TAKEN (-1e300)

struct phrase {
    size_t first, last; /* tokens */
    double sum;
};

/* The run of tokens that ends at a token: where it begins, what it weighs. */
struct run {
    size_t first;
    double sum;
};

/* Finds the runs that end at token `from` and behind it: each goes on as long
 * as it helps (Kadane's algorithm), at most for PHRASE_TOKENS. What was found
 * before for runs that begin behind token `last` still holds. */
static void find_runs(const double *weight, size_t from, size_t last, size_t n,
                      struct run *run)
{
    struct run now = {0, 0};

    if (from > 0)
        now = run[from - 1];
    for (size_t i = from; i < n; i++) {
        if (now.sum <= 0 || i - now.first >= PHRASE_TOKENS)
            now = (struct run){i, 0};
        if (now.first > last && run[i].first == now.first)
            return;
        now.sum += weight[i];
        run[i] = now;
    }
}

/* The heaviest of n runs, the first of equal ones. Doubles above 0 are in the
 * order of their bits, which a processor compares without guessing. */
static struct phrase heaviest(const struct run *run, size_t n)
{
    int64_t bits, most = 0;
    size_t best = 0;

    for (size_t i = 0; i < n; i++) {
        memcpy(&bits, &run[i].sum, sizeof bits);
        best = bits > most ? i : best;
        most = bits > most ? bits : most;
    }
    if (most == 0)
        return (struct phrase){0, 0, 0};
    return (struct phrase){run[best].first, best, run[best].sum};
}

/* Whether a phrase may not begin (or end) with the token: punctuation, but for
 * that which belongs to what follows (or came before). */
static bool is_loose(const struct mv_tokens *tokens, size_t i,
                     const char *bound)
{
    const struct mv_token *token = &tokens->token[i];
    char c = tokens->folded.at[token->at];

    return token->kind == MV_TOKEN_PUNCT && (c > 0 && !strchr(bound, c));
}

static struct phrase trim(const struct mv_tokens *tokens, struct phrase phrase)
{
    while (phrase.first < phrase.last &&
           is_loose(tokens, phrase.first, "({[@#"))
        phrase.first++;
    while (phrase.first < phrase.last &&
           is_loose(tokens, phrase.last, "?!)}]%"))
        phrase.last--;
    return phrase;
}

/* Appends the phrase as written, on one line, cut to PHRASE_BYTES. */
static enum mv_status put_phrase(const struct mv_tokens *tokens,
                                 struct phrase phrase, struct mv_span message,
                                 struct mv_buffer *out)
{
    size_t from, to, start = out->len;

    mv_text_origin(tokens, phrase.first, phrase.last, &from, &to);
    while (to > from && (unsigned char)message.at[to - 1] <= ' ')
        to--;
    if (to - from > PHRASE_BYTES) {
        to = from + PHRASE_BYTES;
        while (to > from && ((unsigned char)message.at[to] & 0xC0) == 0x80)
            to--;
    }
    if (mv_buffer_put(out, message.at + from, to - from) != MV_OK)
        return MV_NOMEM;
    for (char *c = out->at + start; c < out->at + out->len; c++)
        *c = (unsigned char)*c < ' ' || *c == 0x7F ? ' ' : *c;
    return MV_OK;
}

enum mv_status mv_model_reason(const struct mv_model *model,
                               struct mv_memo *memo, struct mv_span message,
                               const struct mv_opinion *opinion,
                               struct mv_buffer *out)
{
    const struct mv_tokens *tokens = mv_memo_tokens(memo);
    double weight[LOOKED_AT];
    struct run run[LOOKED_AT];
    size_t n = tokens->n < LOOKED_AT ? tokens->n : LOOKED_AT;
    double sign = opinion->forced ? 1 : -1;
    enum mv_status status = MV_OK;

    (void)model;
    if (opinion->verdict == MV_VERDICT_NO_NOTE)
        return MV_OK;
    if (opinion->canned)
        return mv_buffer_puts(out, "LinkedIn's own text");
    for (size_t i = 0; i < n; i++)
        weight[i] = sign * mv_memo_adds(memo, i);
    find_runs(weight, 0, n, n, run);
    for (int k = 0; status == MV_OK && k < PHRASES; k++) {
        struct phrase phrase = heaviest(run, n);

        if (phrase.sum <= 0)
            break;
        if (k > 0)
            status = mv_buffer_put(out, " | ", 3);
        if (status == MV_OK)
            status = put_phrase(tokens, trim(tokens, phrase), message, out);
        for (size_t i = phrase.first; i <= phrase.last; i++)
            weight[i] = TAKEN;
        find_runs(weight, phrase.first, phrase.last, n, run);
    }
    return status;
}
