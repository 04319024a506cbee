/* Judging: one walk over the tokens, with what words and pairs add up to
 * remembered from message to message. */
#include "model_parts.h"

#include "canned.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Both memories are as large as a core's own cache bears, and hold most words
 * and joints of a language: 15 in 16 and 7 in 8 look-ups of mixed messages. */
enum {
    WORD_SLOTS = 1 << 15,  /* words remembered */
    JOINT_SLOTS = 1 << 17, /* joints remembered */
    VOTING_WORDS = 255     /* see mv_lang_add */
};

/* Decision value that stands for "LinkedIn's own text". */
#define CANNED_SCORE (-10.0)

/* What a word adds to the two blocks it has features in. */
struct word {
    uint64_t key;
    struct mv_weight words, chars;
    uint64_t head, tail; /* see mv_feature_head */
    uint8_t languages;   /* see mv_lang_word */
    bool opens;          /* see mv_canned_opens */
    bool known;          /* the entry is filled */
};

/* What the characters about the blank between two words add. */
struct joint {
    uint64_t key;
    struct mv_weight chars;
};

/* What a token adds: by itself, with the one before it, with the two before
 * it, and its share of the frame; zeros where that came before. */
struct gain {
    struct mv_weight words, chars, pair_words, pair_chars, triple;
    float frame;
    uint64_t joint; /* key of the joint before the token */
};

struct mv_memo {
    const struct mv_model *model;
    struct mv_tokens tokens;
    struct mv_keyset seen;
    struct word *word;   /* WORD_SLOTS */
    struct joint *joint; /* JOINT_SLOTS */
    struct mv_piece *piece;
    struct mv_ngram *gram;
    struct mv_frame *frame;
    struct gain *gain; /* and two of zeros behind the last */
    struct mv_part *part;
    size_t size;             /* tokens that the five have room for */
    double scale[MV_BLOCKS]; /* 1 / norm of the last message's blocks */
    double constant;         /* of the last message */
};

enum mv_status mv_model_new(struct mv_model **out,
                            struct mv_feature_options features)
{
    struct mv_model *model = calloc(1, sizeof *model);
    enum mv_status status;

    if (!model)
        return MV_NOMEM;
    model->features = features;
    status = mv_slots_init(&model->slots, (size_t)MV_BLOCKS << features.bits);
    if (status == MV_OK)
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
    mv_slots_release(&model->slots);
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
    memo->joint = calloc(JOINT_SLOTS, sizeof *memo->joint);
    if (!memo->word || !memo->joint) {
        mv_memo_free(memo);
        return MV_NOMEM;
    }
    *out = memo;
    return MV_OK;
}

/* Frees what is as long as the message. */
static void free_message(struct mv_memo *memo)
{
    free(memo->piece);
    free(memo->gram);
    free(memo->frame);
    free(memo->gain);
    free(memo->part);
    memo->piece = NULL;
    memo->gram = NULL;
    memo->frame = NULL;
    memo->gain = NULL;
    memo->part = NULL;
    memo->size = 0;
}

void mv_memo_free(struct mv_memo *memo)
{
    if (!memo)
        return;
    mv_tokens_release(&memo->tokens);
    mv_keyset_release(&memo->seen);
    free(memo->word);
    free(memo->joint);
    free_message(memo);
    free(memo);
}

/* Makes room for the tokens of a message. */
static enum mv_status make_room(struct mv_memo *memo)
{
    size_t need = memo->tokens.n, size = memo->size ? memo->size : 64;

    if (need <= memo->size)
        return MV_OK;
    while (size < need)
        size *= 2;
    free_message(memo);
    memo->piece = malloc(size * sizeof *memo->piece);
    memo->gram = malloc(size * sizeof *memo->gram);
    memo->frame = malloc(mv_feature_frame_room(size) * sizeof *memo->frame);
    memo->gain = malloc((size + 2) * sizeof *memo->gain);
    memo->part = malloc(size * sizeof *memo->part);
    memo->size = size;
    if (memo->piece && memo->gram && memo->frame && memo->gain && memo->part)
        return MV_OK;
    free_message(memo);
    return MV_NOMEM;
}

/* --- what words and joints add up to -------------------------------------- */

/* The sum of the weights of hits, all of one block. */
static struct mv_weight sum_hits(const struct mv_model *model,
                                 const struct mv_hit *hits, size_t n)
{
    struct mv_weight sum = {0, 0};

    for (size_t i = 0; i < n; i++) {
        struct mv_weight weight = mv_model_weight(model, hits[i]);

        sum.v += weight.v;
        sum.q += weight.q;
    }
    return sum;
}

static void learn_word(const struct mv_model *model, struct word *word,
                       struct mv_piece piece)
{
    const struct mv_feature_options *options = &model->features;
    struct mv_span text = {piece.at, piece.len};
    struct mv_hit hits[MV_FEATURE_HITS];
    size_t n = mv_feature_word(options, piece, hits);

    *word = (struct word){
        .key = piece.hash,
        .words = sum_hits(model, hits, 1),
        .chars = sum_hits(model, hits + 1, n - 1),
        .head = mv_feature_head(options, piece),
        .tail = mv_feature_tail(options, piece),
        .opens = mv_canned_opens(text),
        .known = true,
    };
    if (piece.kind == MV_TOKEN_WORD)
        word->languages = mv_lang_word(model->lang, text);
}

static const struct word *recall_word(struct mv_memo *memo,
                                      const struct mv_piece *piece)
{
    struct word *word = &memo->word[piece->hash & (WORD_SLOTS - 1)];

    if (!word->known || word->key != piece->hash)
        learn_word(memo->model, word, *piece);
    return word;
}

static struct mv_weight recall_joint(struct mv_memo *memo, uint64_t key,
                                     const struct mv_piece *right)
{
    struct joint *joint = &memo->joint[key & (JOINT_SLOTS - 1)];
    struct mv_hit hits[MV_FEATURE_HITS];
    size_t n;

    if (joint->key == key)
        return joint->chars;
    n = mv_feature_joint(&memo->model->features, right[-1], *right, hits);
    joint->chars = sum_hits(memo->model, hits, n);
    joint->key = key;
    return joint->chars;
}

/* --- one message ---------------------------------------------------------- */

/* Sums of a message while its tokens are walked. */
struct sums {
    double v[MV_BLOCKS], q[MV_BLOCKS];
    mv_lang_votes votes;
    size_t voters;
    bool is_canned;
};

static void add(struct sums *sums, enum mv_block block, struct mv_weight w)
{
    sums->v[block] += (double)w.v;
    sums->q[block] += (double)w.q;
}

/* What a word says besides its weights: a language, and that a text of
 * LinkedIn's own may begin here. */
static void heed_word(struct mv_memo *memo, size_t i, const struct word *word,
                      struct sums *sums)
{
    if (memo->piece[i].kind == MV_TOKEN_WORD && sums->voters < VOTING_WORDS) {
        sums->votes = mv_lang_add(sums->votes, word->languages);
        sums->voters++;
    }
    if (word->opens && !sums->is_canned)
        sums->is_canned = mv_canned_match_at(&memo->tokens, i);
}

/* What every token is by itself. Returns whether two neighbours came before,
 * each of them: only then can a pair come again. */
static bool walk_words(struct mv_memo *memo, struct sums *sums)
{
    uint64_t tail = 0;
    bool again = false, last_again = false;

    for (size_t i = 0; i < memo->tokens.n; i++) {
        const struct word *word = recall_word(memo, &memo->piece[i]);
        struct gain *gain = &memo->gain[i];

        *gain = (struct gain){.words = word->words, .chars = word->chars};
        gain->joint = mv_feature_pair_hash(tail, word->head);
        __builtin_prefetch(&memo->joint[gain->joint & (JOINT_SLOTS - 1)]);
        tail = word->tail;
        heed_word(memo, i, word, sums);
        if (mv_keyset_add(&memo->seen, memo->piece[i].hash)) {
            last_again = false;
            continue;
        }
        gain->words = gain->chars = (struct mv_weight){0, 0};
        again |= last_again;
        last_again = true;
    }
    return again;
}

/* What neighbours are together. Returns whether two pairs in a row came before:
 * only then can a triple come again. */
static bool walk_pairs(struct mv_memo *memo, bool may_come_again)
{
    bool bigrams = memo->model->features.word_max >= 2;
    bool again = false, last_again = false;

    for (size_t i = 1; i < memo->tokens.n; i++) {
        const struct mv_ngram *gram = &memo->gram[i];
        struct gain *gain = &memo->gain[i];

        if (may_come_again && !mv_keyset_add(&memo->seen, gram->pair)) {
            again |= last_again;
            last_again = true;
            continue;
        }
        last_again = false;
        gain->pair_chars = recall_joint(memo, gain->joint, &memo->piece[i]);
        if (bigrams)
            gain->pair_words = mv_model_weight(memo->model, gram->bigram);
    }
    return again;
}

static void walk_triples(struct mv_memo *memo, bool may_come_again)
{
    if (memo->model->features.word_max < 3)
        return;
    for (size_t i = 2; i < memo->tokens.n; i++) {
        const struct mv_ngram *gram = &memo->gram[i];

        if (!may_come_again || mv_keyset_add(&memo->seen, gram->triple))
            memo->gain[i].triple = mv_model_weight(memo->model, gram->trigram);
    }
}

/* Adds the frame, each feature shared among the tokens it is made of. */
static void add_frame(struct mv_memo *memo, struct sums *sums)
{
    size_t n = mv_feature_frame(&memo->model->features, memo->piece,
                                memo->tokens.n, memo->frame);

    for (size_t i = 0; i < n; i++) {
        const struct mv_frame *frame = &memo->frame[i];
        struct mv_weight weight = mv_model_weight(memo->model, frame->hit);
        float share;

        if (weight.q <= 0 || !mv_keyset_add(&memo->seen, frame->key))
            continue;
        share = weight.v / (float)(frame->last - frame->first + 1);
        add(sums, MV_BLOCK_FRAME, weight);
        for (size_t k = frame->first; k <= frame->last; k++)
            memo->gain[k].frame += share;
    }
}

static void walk(struct mv_memo *memo, struct sums *sums)
{
    const struct mv_feature_options *options = &memo->model->features;
    size_t n = memo->tokens.n;
    bool again;

    mv_feature_pieces(options, &memo->tokens, memo->piece);
    mv_feature_grams(options, memo->piece, n, memo->gram);
    for (size_t i = 0; i < n; i++)
        __builtin_prefetch(&memo->word[memo->piece[i].hash & (WORD_SLOTS - 1)]);
    again = walk_words(memo, sums);
    again = walk_pairs(memo, again);
    walk_triples(memo, again);
    memset(&memo->gain[n], 0, 2 * sizeof *memo->gain);
    for (const struct gain *gain = memo->gain; gain < memo->gain + n; gain++) {
        add(sums, MV_BLOCK_WORD, gain->words);
        add(sums, MV_BLOCK_CHAR, gain->chars);
        add(sums, MV_BLOCK_WORD, gain->pair_words);
        add(sums, MV_BLOCK_CHAR, gain->pair_chars);
        add(sums, MV_BLOCK_TRIPLE, gain->triple);
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
    if (language == MV_LANG_OTHER) /* many languages, none of them learnt */
        return false;
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
    out->language = mv_lang_decide(sums.votes, sums.voters,
                                   mv_buffer_span(&memo->tokens.folded));
    out->score = decision(memo, &sums);
    out->probability = mv_calibrate_apply(&model->calibration, out->score);
    if (sums.is_canned)
        judge_canned(memo, out);
    out->forced = out->probability >= model->record.thresholds.forced;
    out->verdict = verdict_of(&model->record, out);
    return MV_OK;
}

/* Its own features, half of what it makes with either neighbour, a third of
 * each triple, and its share of the frame. */
double mv_memo_adds(const struct mv_memo *memo, size_t i)
{
    const struct gain *gain = &memo->gain[i];
    const float share[MV_BLOCKS] = {
        [MV_BLOCK_WORD] =
            gain->words.v + gain->pair_words.v / 2 + gain[1].pair_words.v / 2,
        [MV_BLOCK_CHAR] =
            gain->chars.v + gain->pair_chars.v / 2 + gain[1].pair_chars.v / 2,
        [MV_BLOCK_TRIPLE] =
            gain->triple.v / 3 + gain[1].triple.v / 3 + gain[2].triple.v / 3,
        [MV_BLOCK_FRAME] = gain->frame,
    };
    double sum = 0;

    for (int b = 0; b < MV_BLOCKS; b++)
        sum += (double)share[b] * memo->scale[b];
    return sum;
}

const struct mv_tokens *mv_memo_tokens(const struct mv_memo *memo)
{
    return &memo->tokens;
}

void mv_model_explain(const struct mv_model *model, struct mv_memo *memo,
                      const struct mv_part **parts, size_t *n, double *constant)
{
    (void)model;
    for (size_t i = 0; i < memo->tokens.n; i++) {
        mv_text_origin(&memo->tokens, i, i, &memo->part[i].from,
                       &memo->part[i].to);
        memo->part[i].adds = mv_memo_adds(memo, i);
    }
    *parts = memo->part;
    *n = memo->tokens.n;
    *constant = memo->constant;
}
