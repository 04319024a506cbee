/* Models, and judging by them. */
#include "model_memo.h"

#include "digest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Decision value that stands for "LinkedIn's own text". */
#define CANNED_SCORE (-10.0)

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
    if (status == MV_OK)
        status = mv_concept_new(&model->concept);
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
    mv_concept_free(model->concept);
    free(model);
}

const struct mv_fit_record *mv_model_record(const struct mv_model *model)
{
    return &model->record;
}

enum mv_status mv_model_corpus(const struct mv_fit_example *examples, size_t n,
                               uint8_t *out)
{
    struct mv_digest *digest = NULL;
    enum mv_status status = mv_digest_new(&digest);

    for (size_t i = 0; status == MV_OK && i < n; i++) {
        uint64_t len = examples[i].message.len;
        char head[9] = {(char)(examples[i].label | examples[i].own << 1)};

        for (int k = 0; k < 8; k++)
            head[k + 1] = (char)(len >> 8 * k & 0xFF);
        mv_digest_put(digest, (struct mv_span){head, sizeof head});
        mv_digest_put(digest, examples[i].message);
    }
    if (status == MV_OK)
        mv_digest_finish(digest, out);
    mv_digest_free(digest);
    return status;
}

/* --- one message ---------------------------------------------------------- */

static double decision(struct mv_memo *memo, const struct mv_memo_sums *sums)
{
    double score = memo->model->bias;

    for (int b = 0; b < MV_BLOCKS; b++) {
        memo->scale[b] = sums->block[b].q > 0 ? 1 / sqrt(sums->block[b].q) : 0;
        score += sums->block[b].v * memo->scale[b];
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
    struct mv_memo_sums sums = {0};
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
    if (mv_memo_walk(memo, &sums) != MV_OK)
        return mv_error_set(error, MV_NOMEM, NULL, 0, "out of memory");
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
 * each triple, and its shares of the frame and of the n-grams of concepts. */
double mv_memo_adds(const struct mv_memo *memo, size_t i)
{
    const struct mv_gain *gain = &memo->gain[i];
    const float share[MV_BLOCKS] = {
        [MV_BLOCK_WORD] =
            gain->words.v + gain->pair_words.v / 2 + gain[1].pair_words.v / 2,
        [MV_BLOCK_CHAR] =
            gain->chars.v + gain->pair_chars.v / 2 + gain[1].pair_chars.v / 2,
        [MV_BLOCK_TRIPLE] =
            gain->triple.v / 3 + gain[1].triple.v / 3 + gain[2].triple.v / 3,
        [MV_BLOCK_FRAME] = gain->frame,
        [MV_BLOCK_CONCEPT] = gain->concept,
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
