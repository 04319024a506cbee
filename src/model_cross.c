/* A model's way of learning, repeated without each fold. */
#include "model_parts.h"

#include <stdlib.h>

struct cross {
    const struct mv_model *model;
    const struct mv_cross *given;
    struct mv_tokens *tokens; /* n */
    struct mv_matrix matrix;
    int8_t *label; /* n */
    uint8_t *own;  /* n */
    double *sum;   /* n */
};

/* Tokens are given back as soon as they are counted: training needs the
 * memory. */
static enum mv_status read_examples(struct cross *c, struct mv_error *error)
{
    size_t n = c->given->n;
    enum mv_status status = MV_OK;

    c->tokens = calloc(n + 1, sizeof *c->tokens);
    c->label = calloc(n + 1, sizeof *c->label);
    c->own = calloc(n + 1, sizeof *c->own);
    c->sum = calloc(n + 1, sizeof *c->sum);
    if (!c->tokens || !c->label || !c->own || !c->sum)
        return MV_NOMEM;
    for (size_t i = 0; status == MV_OK && i < n; i++) {
        const struct mv_fit_example *example = &c->given->examples[i];

        status = mv_text_tokens(c->model->text, example->message, &c->tokens[i],
                                error);
        c->label[i] = (int8_t)example->label;
        c->own[i] = example->own;
    }
    if (status == MV_OK)
        status = mv_matrix_build(&c->matrix, c->model, c->tokens, n, error);
    for (size_t i = 0; i < n; i++)
        mv_tokens_release(&c->tokens[i]);
    return status;
}

static enum mv_status run(struct cross *c, struct mv_error *error)
{
    const struct mv_fit_record *record = &c->model->record;
    const struct mv_cross *given = c->given;
    struct mv_selection selection = {
        .matrix = &c->matrix,
        .label = c->label,
        .own = record->own ? c->own : NULL,
        .learnt = given->learnt,
        .fold = given->fold,
        .folds = given->folds,
        .repeats = given->repeats,
        .threads = given->threads,
        .step = given->step,
        .payload = given->payload,
        .phase = "comparing",
        .trial = {{(float)record->c, (float)record->positive_weight, 0,
                   (float)record->own_weight, 0}},
        .n_trials = 1,
        .sum = c->sum,
    };

    return mv_selection_try(&selection, error);
}

enum mv_status mv_model_cross(const struct mv_model *model,
                              const struct mv_cross *cross, int *forced,
                              struct mv_error *error)
{
    struct cross c = {.model = model, .given = cross};
    double cut = mv_calibrate_invert(&model->calibration,
                                     model->record.thresholds.forced);
    enum mv_status status = read_examples(&c, error);

    if (status == MV_OK)
        status = run(&c, error);
    for (size_t i = 0; status == MV_OK && i < cross->n; i++)
        forced[i] = cross->fold[i] >= 0 && c.sum[i] / cross->repeats >= cut;
    mv_matrix_release(&c.matrix);
    free(c.tokens);
    free(c.label);
    free(c.own);
    free(c.sum);
    if (status == MV_NOMEM)
        mv_error_set(error, status, NULL, 0, "out of memory");
    if (status == MV_STOPPED)
        mv_error_set(error, status, NULL, 0, "training was interrupted");
    return status;
}
