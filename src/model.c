/* Judging: one walk over the tokens, with what words and pairs add up to
 * remembered from message to message. */
#include "model_parts.h"

#include "canned.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    WORD_SLOTS = 1 << 15, /* words remembered */
    PAIR_SLOTS = 1 << 16, /* pairs remembered */
    VOTING_WORDS = 255    /* see mv_lang_add */
};

/* Decision value that stands for "LinkedIn's own text". */
#define CANNED_SCORE (-10.0)

/* What a word adds to the two blocks it has features in. */
struct word {
    uint64_t key;
    struct mv_weight words, chars;
    uint8_t languages; /* see mv_lang_word */
    uint8_t known;     /* the entry is filled */
};

/* What a pair adds. */
struct pair {
    uint64_t key;
    struct mv_weight words, chars;
};

/* A token's share of each block's sum, before the norm. */
struct share {
    float block[MV_BLOCKS];
};

struct mv_memo {
    const struct mv_model *model;
    struct mv_tokens tokens;
    struct mv_keyset seen;
    struct word *word; /* WORD_SLOTS */
    struct pair *pair; /* PAIR_SLOTS */
    struct mv_piece *piece;
    struct mv_frame *frame;
    struct share *share;
    struct mv_part *part;
    size_t size;             /* tokens that the four have room for */
    double scale[MV_BLOCKS]; /* 1 / norm of the last message's blocks */
    double constant;         /* of the last message */
};

enum mv_status mv_model_new(struct mv_model **out,
                            struct mv_feature_options features)
{
    struct mv_model *model = calloc(1, sizeof *model);
    enum mv_status status = MV_NOMEM;

    if (!model)
        return MV_NOMEM;
    model->features = features;
    model->weight =
        calloc((size_t)MV_BLOCKS << features.bits, sizeof *model->weight);
    if (model->weight)
        status = mv_text_new(&model->text);
    if (status == MV_OK)
        status = mv_lang_new(&model->lang);
    if (status != MV_OK) {
        mv_model_free(model);
        return status;
    }
    *out = model;
    return MV_OK;
}

void mv_model_free(struct mv_model *model)
{
    if (!model)
        return;
    free(model->weight);
    mv_text_free(model->text);
    mv_lang_free(model->lang);
    free(model);
}

const struct mv_fit_record *mv_model_record(const struct mv_model *model)
{
    return &model->record;
}

enum mv_status mv_memo_new(struct mv_memo **out, const struct mv_model *model)
{
    struct mv_memo *memo = calloc(1, sizeof *memo);

    if (!memo)
        return MV_NOMEM;
    memo->model = model;
    memo->word = calloc(WORD_SLOTS, sizeof *memo->word);
    memo->pair = calloc(PAIR_SLOTS, sizeof *memo->pair);
    if (!memo->word || !memo->pair) {
        mv_memo_free(memo);
        return MV_NOMEM;
    }
    *out = memo;
    return MV_OK;
}

void mv_memo_free(struct mv_memo *memo)
{
    if (!memo)
        return;
    mv_tokens_release(&memo->tokens);
    mv_keyset_release(&memo->seen);
    free(memo->word);
    free(memo->pair);
    free(memo->piece);
    free(memo->frame);
    free(memo->share);
    free(memo->part);
    free(memo);
}

static enum mv_status make_room(struct mv_memo *memo)
{
    size_t need = memo->tokens.n, size = memo->size ? memo->size : 64;

    if (need <= memo->size)
        return MV_OK;
    while (size < need)
        size *= 2;
    free(memo->piece);
    free(memo->frame);
    free(memo->share);
    free(memo->part);
    memo->piece = malloc(size * sizeof *memo->piece);
    memo->frame = malloc(mv_feature_frame_room(size) * sizeof *memo->frame);
    memo->share = malloc(size * sizeof *memo->share);
    memo->part = malloc(size * sizeof *memo->part);
    memo->size = size;
    if (memo->piece && memo->frame && memo->share && memo->part)
        return MV_OK;
    memo->size = 0;
    return MV_NOMEM;
}

/* --- what words and pairs add up to --------------------------------------- */

/* Sums the weights of hits into one entry a block. */
static void sum_hits(const struct mv_model *model, const struct mv_hit *hits,
                     size_t n, struct mv_weight *words, struct mv_weight *chars)
{
    *words = *chars = (struct mv_weight){0, 0};
    for (size_t i = 0; i < n; i++) {
        const struct mv_weight *weight = mv_model_weight(model, hits[i]);
        struct mv_weight *sum = hits[i].block == MV_BLOCK_CHAR ? chars : words;

        sum->v += weight->v;
        sum->q += weight->q;
    }
}

static const struct word *recall_word(struct mv_memo *memo,
                                      struct mv_piece piece)
{
    struct word *word = &memo->word[piece.hash & (WORD_SLOTS - 1)];
    struct mv_hit hits[MV_FEATURE_HITS];
    size_t n;

    if (word->known && word->key == piece.hash)
        return word;
    n = mv_feature_word(&memo->model->features, piece, hits);
    sum_hits(memo->model, hits, n, &word->words, &word->chars);
    word->languages = piece.kind == MV_TOKEN_WORD
                          ? mv_lang_word(memo->model->lang,
                                         (struct mv_span){piece.at, piece.len})
                          : 0;
    word->key = piece.hash;
    word->known = 1;
    return word;
}

static const struct pair *recall_pair(struct mv_memo *memo, uint64_t key,
                                      struct mv_piece left,
                                      struct mv_piece right)
{
    struct pair *pair = &memo->pair[key & (PAIR_SLOTS - 1)];
    struct mv_hit hits[MV_FEATURE_HITS];
    size_t n;

    if (pair->key == key)
        return pair;
    n = mv_feature_pair(&memo->model->features, left, right, hits);
    sum_hits(memo->model, hits, n, &pair->words, &pair->chars);
    pair->key = key;
    return pair;
}

/* --- one message ---------------------------------------------------------- */

/* Sums of a message while its tokens are walked. */
struct sums {
    double v[MV_BLOCKS], q[MV_BLOCKS];
    mv_lang_votes votes;
    size_t voters;
};

static void add(struct sums *sums, enum mv_block block, struct mv_weight w)
{
    sums->v[block] += (double)w.v;
    sums->q[block] += (double)w.q;
}

/* Adds token i's own features, and lets it vote on the language. */
static void add_word(struct mv_memo *memo, size_t i, struct mv_piece piece,
                     struct sums *sums)
{
    const struct word *word = recall_word(memo, piece);

    if (piece.kind == MV_TOKEN_WORD && sums->voters < VOTING_WORDS) {
        sums->votes = mv_lang_add(sums->votes, word->languages);
        sums->voters++;
    }
    if (!mv_keyset_add(&memo->seen, piece.hash))
        return;
    add(sums, MV_BLOCK_WORD, word->words);
    add(sums, MV_BLOCK_CHAR, word->chars);
    memo->share[i].block[MV_BLOCK_WORD] += word->words.v;
    memo->share[i].block[MV_BLOCK_CHAR] += word->chars.v;
}

/* Adds what tokens i - 1 and i make together, half to each. */
static void add_pair(struct mv_memo *memo, size_t i, uint64_t key,
                     struct mv_piece left, struct mv_piece right,
                     struct sums *sums)
{
    const struct pair *pair;

    if (!mv_keyset_add(&memo->seen, key))
        return;
    pair = recall_pair(memo, key, left, right);
    add(sums, MV_BLOCK_WORD, pair->words);
    add(sums, MV_BLOCK_CHAR, pair->chars);
    for (size_t k = i - 1; k <= i; k++) {
        memo->share[k].block[MV_BLOCK_WORD] += pair->words.v / 2;
        memo->share[k].block[MV_BLOCK_CHAR] += pair->chars.v / 2;
    }
}

/* Adds what tokens i - 2 to i make together, a third to each. */
static void add_triple(struct mv_memo *memo, size_t i, uint64_t pair,
                       struct mv_piece right, struct sums *sums)
{
    struct mv_hit hit;
    const struct mv_weight *weight;

    if (!mv_keyset_add(&memo->seen, mv_feature_pair_hash(pair, right.hash)) ||
        !mv_feature_triple(&memo->model->features, pair, right, &hit))
        return;
    weight = mv_model_weight(memo->model, hit);
    add(sums, MV_BLOCK_TRIPLE, *weight);
    for (size_t k = i - 2; k <= i; k++)
        memo->share[k].block[MV_BLOCK_TRIPLE] += weight->v / 3;
}

/* Adds the frame, each feature shared among the tokens it is made of. */
static void add_frame(struct mv_memo *memo, struct sums *sums)
{
    size_t n = mv_feature_frame(&memo->model->features, memo->piece,
                                memo->tokens.n, memo->frame);

    for (size_t i = 0; i < n; i++) {
        const struct mv_frame *frame = &memo->frame[i];
        const struct mv_weight *weight =
            mv_model_weight(memo->model, frame->hit);
        float share = weight->v / (float)(frame->last - frame->first + 1);

        if (weight->q <= 0 || !mv_keyset_add(&memo->seen, frame->key))
            continue;
        add(sums, MV_BLOCK_FRAME, *weight);
        for (size_t k = frame->first; k <= frame->last; k++)
            memo->share[k].block[MV_BLOCK_FRAME] += share;
    }
}

static void walk(struct mv_memo *memo, struct sums *sums)
{
    uint64_t last_pair = 0;

    memset(memo->share, 0, memo->tokens.n * sizeof *memo->share);
    for (size_t i = 0; i < memo->tokens.n; i++) {
        struct mv_piece piece =
            mv_feature_piece(&memo->model->features, &memo->tokens, i);
        uint64_t pair = 0;

        memo->piece[i] = piece;
        add_word(memo, i, piece, sums);
        if (i > 0) {
            pair = mv_feature_pair_hash(memo->piece[i - 1].hash, piece.hash);
            add_pair(memo, i, pair, memo->piece[i - 1], piece, sums);
        }
        if (i > 1)
            add_triple(memo, i, last_pair, piece, sums);
        last_pair = pair;
    }
    add_frame(memo, sums);
}

static double decision(struct mv_memo *memo, const struct sums *sums)
{
    double score = memo->model->bias;

    for (int b = 0; b < MV_BLOCKS; b++) {
        memo->scale[b] = sums->q[b] > 0 ? 1 / sqrt(sums->q[b]) : 0;
        score += sums->v[b] * memo->scale[b];
    }
    memo->constant = memo->model->bias;
    return score;
}

/* A language is covered when one example in a hundred, and ten, are in it. */
static bool is_covered(const struct mv_fit_record *record,
                       enum mv_language language)
{
    uint32_t least = record->examples / 100;

    if (language == MV_LANG_UND)
        return true;
    if (least < 10)
        least = 10;
    return record->languages[language] >= least;
}

static enum mv_verdict verdict_of(const struct mv_fit_record *record,
                                  const struct mv_opinion *opinion)
{
    if (opinion->canned)
        return MV_VERDICT_NO_PURPOSE;
    if (!is_covered(record, opinion->language))
        return MV_VERDICT_UNSURE;
    if (opinion->probability >= record->thresholds.purpose)
        return MV_VERDICT_PURPOSE;
    if (opinion->probability < record->thresholds.low)
        return MV_VERDICT_NO_PURPOSE;
    return MV_VERDICT_UNSURE;
}

/* LinkedIn's own text: a score below all others, and no shares. */
static void judge_canned(struct mv_memo *memo, struct mv_opinion *out)
{
    memset(memo->scale, 0, sizeof memo->scale);
    memo->constant = CANNED_SCORE;
    out->canned = true;
    out->score = CANNED_SCORE;
    out->probability = 0;
}

enum mv_status mv_model_score(const struct mv_model *model,
                              struct mv_memo *memo, struct mv_span message,
                              struct mv_opinion *out, struct mv_error *error)
{
    struct sums sums = {0};
    enum mv_status status =
        mv_text_tokens(model->text, message, &memo->tokens, error);

    if (status != MV_OK)
        return status;
    *out = (struct mv_opinion){.verdict = MV_VERDICT_NO_NOTE,
                               .language = MV_LANG_UND,
                               .score = NAN,
                               .probability = NAN};
    if (memo->tokens.n == 0)
        return MV_OK;
    if (make_room(memo) != MV_OK ||
        mv_keyset_begin(&memo->seen,
                        3 * memo->tokens.n +
                            mv_feature_frame_room(memo->tokens.n)) != MV_OK)
        return mv_error_set(error, MV_NOMEM, NULL, 0, "out of memory");
    walk(memo, &sums);
    out->language = mv_lang_decide(sums.votes, sums.voters, message);
    out->score = decision(memo, &sums);
    out->probability = mv_calibrate_apply(&model->calibration, out->score);
    if (mv_canned_match(&memo->tokens))
        judge_canned(memo, out);
    out->forced = out->probability >= model->record.thresholds.forced;
    out->verdict = verdict_of(&model->record, out);
    return MV_OK;
}

static double adds(const struct mv_memo *memo, size_t i)
{
    double sum = 0;

    for (int b = 0; b < MV_BLOCKS; b++)
        sum += (double)memo->share[i].block[b] * memo->scale[b];
    return sum;
}

void mv_model_explain(const struct mv_model *model, struct mv_memo *memo,
                      const struct mv_part **parts, size_t *n, double *constant)
{
    (void)model;
    for (size_t i = 0; i < memo->tokens.n; i++) {
        mv_text_origin(&memo->tokens, i, i, &memo->part[i].from,
                       &memo->part[i].to);
        memo->part[i].adds = adds(memo, i);
    }
    *parts = memo->part;
    *n = memo->tokens.n;
    *constant = memo->constant;
}

/* --- reasons -------------------------------------------------------------- */

enum { PHRASES = 3, PHRASE_TOKENS = 7, PHRASE_BYTES = 80 };

struct phrase {
    size_t first, last; /* tokens */
    double sum;
};

/* The run of tokens, none of them taken, that weighs most in the direction of
 * sign (Kadane's algorithm, held to PHRASE_TOKENS). */
static struct phrase heaviest(const double *weight, size_t n)
{
    struct phrase best = {0, 0, 0}, run = {0, 0, 0};

    for (size_t i = 0; i < n; i++) {
        if (run.sum <= 0 || isnan(weight[i]) || i - run.first >= PHRASE_TOKENS)
            run = (struct phrase){i, i, 0};
        run.sum += isnan(weight[i]) ? 0 : weight[i];
        run.last = i;
        if (run.sum > best.sum)
            best = run;
    }
    return best;
}

/* Whether a phrase may not begin (or end) with the token: punctuation, but for
 * that which belongs to what follows (or came before). */
static bool is_loose(const struct mv_memo *memo, size_t i, const char *bound)
{
    const struct mv_token *token = &memo->tokens.token[i];
    char c = memo->tokens.folded.at[token->at];

    return token->kind == MV_TOKEN_PUNCT && (c > 0 && !strchr(bound, c));
}

static struct phrase trim(const struct mv_memo *memo, struct phrase phrase)
{
    while (phrase.first < phrase.last && is_loose(memo, phrase.first, "({[@#"))
        phrase.first++;
    while (phrase.first < phrase.last && is_loose(memo, phrase.last, "?!)}]%"))
        phrase.last--;
    return phrase;
}

/* Appends the phrase as written, on one line, cut to PHRASE_BYTES. */
static enum mv_status put_phrase(const struct mv_memo *memo,
                                 struct phrase phrase, struct mv_span message,
                                 struct mv_buffer *out)
{
    size_t from, to;
    enum mv_status status = MV_OK;

    mv_text_origin(&memo->tokens, phrase.first, phrase.last, &from, &to);
    while (to > from && (unsigned char)message.at[to - 1] <= ' ')
        to--;
    if (to - from > PHRASE_BYTES) {
        to = from + PHRASE_BYTES;
        while (to > from && ((unsigned char)message.at[to] & 0xC0) == 0x80)
            to--;
    }
    for (size_t i = from; status == MV_OK && i < to; i++) {
        bool control =
            (unsigned char)message.at[i] < ' ' || message.at[i] == 0x7F;

        status = mv_buffer_put(out, control ? " " : message.at + i, 1);
    }
    return status;
}

enum mv_status mv_model_reason(const struct mv_model *model,
                               struct mv_memo *memo, struct mv_span message,
                               const struct mv_opinion *opinion,
                               struct mv_buffer *out)
{
    double weight[512];
    size_t n = memo->tokens.n < 512 ? memo->tokens.n : 512;
    double sign = opinion->forced ? 1 : -1;
    enum mv_status status = MV_OK;

    (void)model;
    if (opinion->verdict == MV_VERDICT_NO_NOTE)
        return MV_OK;
    if (opinion->canned)
        return mv_buffer_puts(out, "LinkedIn's own text");
    for (size_t i = 0; i < n; i++)
        weight[i] = sign * adds(memo, i);
    for (int k = 0; status == MV_OK && k < PHRASES; k++) {
        struct phrase phrase = heaviest(weight, n);

        if (phrase.sum <= 0)
            break;
        if (k > 0)
            status = mv_buffer_puts(out, " | ");
        if (status == MV_OK)
            status = put_phrase(memo, trim(memo, phrase), message, out);
        for (size_t i = phrase.first; i <= phrase.last; i++)
            weight[i] = NAN;
    }
    return status;
}
