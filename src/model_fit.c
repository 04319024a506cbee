/* Fitting: from labelled messages to a model. */
#include "model_parts.h"

#include "split.h"
#include "stats.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_OF_LABEL = 2 };
static_assert((int)MV_FIT_MOST <= (int)MV_GRAM_MAX, "so many are promised");

/* Decision values and what is known of their rows. */
struct judged {
    size_t n;
    double *value, *weight;
    int *label, *fold;
};

/* What a fit works on, and the workspaces it fills one after the other. */
struct fit {
    const struct mv_fit_example *example;
    size_t n;
    struct mv_fit_options options;
    struct mv_model *model;
    struct mv_error *error;

    struct mv_tokens *tokens;        /* n */
    int *language, *label, *stratum; /* n */
    int *group;                      /* n: near-duplicates share a number */
    int *apart;                      /* n: so do those that keep to one fold */
    int8_t *sign;                    /* n: the labels, as svm.h wants them */
    uint8_t *own;                    /* n */
    struct mv_matrix matrix;
    struct mv_selection selection;

    int folds, repeats;
    bool wants_forced;
    struct mv_learning_curve *curve; /* to be filled; or NULL */
    int *fold;                       /* repeats x n */
    double *sum;                     /* of the selection */
    double *mean;        /* n: out-of-fold decision values, over repeats */
    double *probability; /* n */
    double *weight;      /* n: what each counts in the calibration */
    int *forced;         /* n: see struct mv_out_of_fold */
};

static enum mv_status fail(struct fit *fit, enum mv_status status)
{
    if (status == MV_NOMEM)
        mv_error_set(fit->error, status, NULL, 0, "out of memory");
    if (status == MV_STOPPED)
        mv_error_set(fit->error, status, NULL, 0, "training was interrupted");
    return status;
}

/* --- preparation ---------------------------------------------------------- */

static enum mv_status check(struct fit *fit)
{
    size_t positives = 0, own = 0, negatives;

    for (size_t i = 0; i < fit->n; i++) {
        positives += fit->example[i].label == 1;
        own += fit->example[i].own;
    }
    negatives = fit->n - positives;
    if (fit->n < MV_FIT_LEAST)
        return mv_error_set(fit->error, MV_DATA, NULL, 0,
                            "%zu labels are too few to learn from: at least "
                            "%d are needed, %d more",
                            fit->n, MV_FIT_LEAST, MV_FIT_LEAST - (int)fit->n);
    if (positives < LEAST_OF_LABEL || negatives < LEAST_OF_LABEL)
        return mv_error_set(fit->error, MV_DATA, NULL, 0,
                            "%zu purpose and %zu no-purpose labels: at least "
                            "%d of each are needed",
                            positives, negatives, LEAST_OF_LABEL);
    fit->model->record.examples = (uint32_t)fit->n;
    fit->model->record.positives = (uint32_t)positives;
    fit->model->record.own = own < fit->n ? (uint32_t)own : 0;
    return MV_OK;
}

static enum mv_status allocate(struct fit *fit)
{
    size_t n = fit->n;

    fit->tokens = calloc(n, sizeof *fit->tokens);
    fit->language = calloc(n, sizeof *fit->language);
    fit->label = calloc(n, sizeof *fit->label);
    fit->stratum = calloc(n, sizeof *fit->stratum);
    fit->group = calloc(n, sizeof *fit->group);
    fit->apart = calloc(n, sizeof *fit->apart);
    fit->sign = calloc(n, sizeof *fit->sign);
    fit->own = calloc(n, sizeof *fit->own);
    fit->sum = calloc(MV_TRIALS_MAX * n, sizeof *fit->sum);
    fit->mean = calloc(n, sizeof *fit->mean);
    fit->probability = calloc(n, sizeof *fit->probability);
    fit->weight = calloc(n, sizeof *fit->weight);
    fit->forced = calloc(n, sizeof *fit->forced);
    if (!fit->tokens || !fit->language || !fit->label || !fit->stratum ||
        !fit->group || !fit->apart || !fit->sign || !fit->own || !fit->sum ||
        !fit->mean || !fit->probability || !fit->weight || !fit->forced)
        return MV_NOMEM;
    return MV_OK;
}

/* The language of a message whose tokens are known. */
static enum mv_language detect(const struct mv_model *model,
                               const struct mv_tokens *tokens)
{
    mv_lang_votes votes = 0;
    size_t voters = 0;

    for (size_t i = 0; i < tokens->n && voters < 255; i++) {
        struct mv_piece piece = mv_feature_piece(&model->features, tokens, i);

        if (piece.kind != MV_TOKEN_WORD)
            continue;
        votes = mv_lang_add(
            votes,
            mv_lang_word(model->lang, (struct mv_span){piece.at, piece.len}));
        voters++;
    }
    return mv_lang_decide(votes, voters, mv_buffer_span(&tokens->folded));
}

/* Folds all messages, and tells language, stratum and label of each. */
static enum mv_status read_examples(struct fit *fit)
{
    struct mv_fit_record *record = &fit->model->record;

    for (size_t i = 0; i < fit->n; i++) {
        const struct mv_fit_example *example = &fit->example[i];
        enum mv_status status = mv_text_tokens(
            fit->model->text, example->message, &fit->tokens[i], fit->error);

        if (status != MV_OK)
            return status;
        fit->language[i] = (int)(example->language == MV_LANG_UND
                                     ? detect(fit->model, &fit->tokens[i])
                                     : example->language);
        record->languages[fit->language[i]]++;
        fit->label[i] = example->label;
        fit->sign[i] = (int8_t)example->label;
        fit->own[i] = example->own;
        fit->stratum[i] = example->label * MV_LANG_COUNT + fit->language[i];
    }
    return MV_OK;
}

static enum mv_status find_groups(struct fit *fit)
{
    struct mv_span *folded = malloc(fit->n * sizeof *folded);
    int count = 0;
    enum mv_status status;

    if (!folded)
        return MV_NOMEM;
    for (size_t i = 0; i < fit->n; i++)
        folded[i] = mv_buffer_span(&fit->tokens[i].folded);
    status = mv_split_group(fit->group, &count, fit->n, folded, fit->error);
    fit->model->record.groups = (uint32_t)count;
    free(folded);
    return status;
}

/* Two thirds of so many messages teach what four fifths do, in half the time.
 */
static int folds_for(size_t n)
{
    return n < MV_FIT_MANY ? 5 : 3;
}

/* Small sets are dealt into folds several times: a single dealing of a hundred
 * messages is a matter of luck. */
static int repeats_for(size_t n)
{
    return n < 300 ? 8 : n < 1000 ? 4 : n < 3000 ? 2 : 1;
}

static enum mv_status deal_folds(struct fit *fit)
{
    struct mv_split_rows rows = {fit->n, fit->label, fit->stratum, fit->apart};
    enum mv_status status = MV_OK;

    fit->repeats =
        fit->options.repeats ? fit->options.repeats : repeats_for(fit->n);
    fit->fold = malloc((size_t)fit->repeats * fit->n * sizeof *fit->fold);
    if (!fit->fold)
        return MV_NOMEM;
    for (int r = 0; status == MV_OK && r < fit->repeats; r++)
        status = mv_split_folds(
            fit->fold + (size_t)r * fit->n, &fit->folds, &rows,
            fit->options.folds ? fit->options.folds : folds_for(fit->n),
            fit->options.seed + (uint64_t)r, fit->error);
    fit->model->record.folds = (uint32_t)fit->folds;
    fit->model->record.repeats = (uint32_t)fit->repeats;
    return status;
}

/* --- the model ------------------------------------------------------------ */

/* Chooses the settings; leaves the out-of-fold values in mean. */
static enum mv_status choose(struct fit *fit)
{
    struct mv_fit_record *record = &fit->model->record;
    enum mv_status status = mv_selection_run(&fit->selection, fit->error);
    const struct mv_trial *trial = fit->selection.trial;
    size_t chosen = fit->selection.chosen;

    if (status != MV_OK)
        return status;
    record->n_trials = fit->selection.n_trials;
    memcpy(record->trial, trial, sizeof record->trial);
    record->c = (double)trial[chosen].c;
    record->positive_weight = (double)trial[chosen].positive_weight;
    record->own_weight = (double)trial[chosen].own_weight;
    for (size_t i = 0; i < fit->n; i++) {
        fit->mean[i] = fit->sum[chosen * fit->n + i] / fit->repeats;
        fit->weight[i] = fit->own[i] ? record->own_weight : 1;
    }
    return MV_OK;
}

/* Calibration and thresholds from n decision values. */
static enum mv_status calibrate(struct fit *fit, const struct judged *rows,
                                struct mv_calibration *calibration,
                                struct mv_thresholds *thresholds, double *p)
{
    struct mv_threshold_options wanted = {
        .target_precision = fit->model->record.target_precision,
        .match_below = MV_FIT_FEW,
    };
    enum mv_status status =
        mv_calibrate_fit(calibration, rows->n, rows->value, rows->label,
                         rows->weight, rows->fold, fit->error);

    for (size_t i = 0; status == MV_OK && i < rows->n; i++)
        p[i] = mv_calibrate_apply(calibration, rows->value[i]);
    return status == MV_OK
               ? mv_calibrate_thresholds(thresholds, rows->n, p, rows->label,
                                         &wanted, fit->error)
               : status;
}

static enum mv_status calibrate_all(struct fit *fit)
{
    struct judged rows = {fit->n, fit->mean, fit->weight, fit->label,
                          fit->fold};

    return calibrate(fit, &rows, &fit->model->calibration,
                     &fit->model->record.thresholds, fit->probability);
}

/* Decides the rows of one fold by settings, calibration and threshold that
 * the other folds alone would have led to. p: n doubles to work with. */
static enum mv_status decide_fold(struct fit *fit, int fold,
                                  struct judged *others, double *p)
{
    struct mv_calibration calibration;
    struct mv_thresholds thresholds;
    const double *sum;
    size_t chosen, used = 0;
    enum mv_status status = mv_selection_choice(&fit->selection, fold, &chosen);

    if (status != MV_OK)
        return status;
    sum = fit->sum + chosen * fit->n;
    for (size_t i = 0; i < fit->n; i++) {
        if (fit->fold[i] == fold)
            continue;
        others->value[used] = sum[i] / fit->repeats;
        others->label[used] = fit->label[i];
        others->fold[used] = fit->fold[i];
        others->weight[used++] =
            fit->own[i] ? (double)fit->selection.trial[chosen].own_weight : 1;
    }
    others->n = used;
    status = calibrate(fit, others, &calibration, &thresholds, p);
    for (size_t i = 0; status == MV_OK && i < fit->n; i++)
        if (fit->fold[i] == fold)
            fit->forced[i] =
                mv_calibrate_apply(&calibration, sum[i] / fit->repeats) >=
                thresholds.forced;
    return status;
}

static enum mv_status decide(struct fit *fit)
{
    struct judged others = {
        .value = malloc(fit->n * sizeof *others.value),
        .weight = malloc(fit->n * sizeof *others.weight),
        .label = malloc(fit->n * sizeof *others.label),
        .fold = malloc(fit->n * sizeof *others.fold),
    };
    double *p = malloc(fit->n * sizeof *p);
    enum mv_status status =
        p && others.value && others.weight && others.label && others.fold
            ? MV_OK
            : MV_NOMEM;

    for (int k = 0; status == MV_OK && k < fit->folds; k++)
        status = decide_fold(fit, k, &others, p);
    free(p);
    free(others.value);
    free(others.weight);
    free(others.label);
    free(others.fold);
    return status;
}

/* What a new batch of messages will be held against. */
static enum mv_status note_reference(struct fit *fit)
{
    struct mv_fit_record *record = &fit->model->record;
    const struct mv_thresholds *t = &record->thresholds;
    const double cuts[MV_REFERENCE_CUTS] = {t->low, t->forced, t->purpose};

    return mv_quantify_reference(&record->reference, fit->n, fit->probability,
                                 fit->label, fit->group, cuts, fit->error);
}

static enum mv_status note_quantiles(struct fit *fit)
{
    double *sorted = malloc(fit->n * sizeof *sorted);

    if (!sorted)
        return MV_NOMEM;
    memcpy(sorted, fit->mean, fit->n * sizeof *sorted);
    mv_stats_sort(sorted, fit->n);
    for (int q = 0; q < MV_SCORE_QUANTILES; q++)
        fit->model->record.score_quantile[q] = (float)mv_stats_quantile(
            sorted, fit->n, q / (MV_SCORE_QUANTILES - 1.0));
    free(sorted);
    return MV_OK;
}

/* Trains on everything and writes the weights into their slots. */
static enum mv_status train_on_all(struct fit *fit)
{
    uint32_t dims = fit->matrix.rows.dims, bits = fit->model->features.bits;
    float *g = malloc((dims + 1) * sizeof *g);
    double *w = malloc((dims + 1) * sizeof *w);
    enum mv_status status = MV_NOMEM;

    if (g && w)
        status = mv_selection_finish(&fit->selection, g, w, &fit->model->bias,
                                     fit->error);
    if (status == MV_OK)
        status = mv_slots_reserve(&fit->model->slots, dims);
    for (uint32_t c = 0; status == MV_OK && c < dims; c++) {
        uint32_t hit = fit->matrix.hit[c];
        double scale = (double)(g[c] * mv_block_factor[hit >> bits]);

        if (g[c] > 0)
            mv_slots_put(
                &fit->model->slots, hit,
                (struct mv_weight){(float)(w[c] * scale), g[c] * g[c]});
    }
    free(g);
    free(w);
    return status;
}

static void release_tokens(struct fit *fit)
{
    for (size_t i = 0; fit->tokens && i < fit->n; i++)
        mv_tokens_release(&fit->tokens[i]);
    free(fit->tokens);
    fit->tokens = NULL;
}

/* From tokens to numbers. The tokens are given back: training needs the
 * memory. */
static enum mv_status count_features(struct fit *fit)
{
    enum mv_status status = mv_matrix_build(&fit->matrix, fit->model,
                                            fit->tokens, fit->n, fit->error);

    if (status == MV_OK)
        status =
            mv_model_note_unseen(fit->model, fit->tokens, fit->n, fit->apart);
    release_tokens(fit);
    return status;
}

static void plan(struct fit *fit)
{
    fit->selection = (struct mv_selection){
        .matrix = &fit->matrix,
        .label = fit->sign,
        .own = fit->model->record.own ? fit->own : NULL,
        .fold = fit->fold,
        .folds = fit->folds,
        .repeats = fit->repeats,
        .threads = fit->options.threads,
        .step = fit->options.step,
        .payload = fit->options.payload,
        .phase = "choosing",
        .sum = fit->sum,
    };
}

static enum mv_status run(struct fit *fit)
{
    enum mv_status status;

    if ((status = check(fit)) != MV_OK || (status = allocate(fit)) != MV_OK ||
        (status = read_examples(fit)) != MV_OK ||
        (status = mv_model_corpus(fit->example, fit->n,
                                  fit->model->record.corpus)) != MV_OK ||
        (status = find_groups(fit)) != MV_OK ||
        (status = mv_model_voices(fit->apart, fit->group, fit->example,
                                  fit->n)) != MV_OK ||
        (status = deal_folds(fit)) != MV_OK ||
        (status = count_features(fit)) != MV_OK)
        return status;
    plan(fit);
    if ((status = choose(fit)) != MV_OK ||
        (status = calibrate_all(fit)) != MV_OK ||
        (status = note_quantiles(fit)) != MV_OK ||
        (status = note_reference(fit)) != MV_OK ||
        (fit->wants_forced && (status = decide(fit)) != MV_OK) ||
        (fit->curve && (status = mv_selection_curve(&fit->selection, fit->curve,
                                                    fit->error)) != MV_OK))
        return status;
    return train_on_all(fit);
}

static void give_out_of_fold(const struct fit *fit, struct mv_out_of_fold *oof)
{
    if (!oof)
        return;
    if (oof->decision)
        memcpy(oof->decision, fit->mean, fit->n * sizeof *fit->mean);
    if (oof->probability)
        memcpy(oof->probability, fit->probability,
               fit->n * sizeof *fit->probability);
    if (oof->language)
        memcpy(oof->language, fit->language, fit->n * sizeof *fit->language);
    if (oof->group)
        memcpy(oof->group, fit->group, fit->n * sizeof *fit->group);
    if (oof->forced)
        memcpy(oof->forced, fit->forced, fit->n * sizeof *fit->forced);
    if (oof->fold)
        memcpy(oof->fold, fit->fold,
               (size_t)fit->repeats * fit->n * sizeof *fit->fold);
}

static void release(struct fit *fit)
{
    release_tokens(fit);
    free(fit->language);
    free(fit->label);
    free(fit->stratum);
    free(fit->group);
    free(fit->apart);
    free(fit->sign);
    free(fit->own);
    free(fit->fold);
    free(fit->sum);
    free(fit->mean);
    free(fit->probability);
    free(fit->weight);
    free(fit->forced);
    mv_matrix_release(&fit->matrix);
}

enum mv_status mv_model_fit(struct mv_model **out,
                            const struct mv_fit_example *examples, size_t n,
                            const struct mv_fit_options *options,
                            struct mv_out_of_fold *oof, struct mv_error *error)
{
    struct fit fit = {
        .example = examples, .n = n, .options = *options, .error = error};
    enum mv_status status = mv_model_new(&fit.model, mv_feature_defaults());

    if (status == MV_OK) {
        fit.model->record.seed = options->seed;
        fit.model->record.target_precision =
            options->target_precision > 0 ? options->target_precision : 0.90;
        fit.wants_forced = oof && oof->forced;
        fit.curve = oof ? oof->curve : NULL;
        status = run(&fit);
    }
    if (status == MV_OK) {
        give_out_of_fold(&fit, oof);
        *out = fit.model;
    } else {
        fail(&fit, status);
        mv_model_free(fit.model);
    }
    release(&fit);
    return status;
}
