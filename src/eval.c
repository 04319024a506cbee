#include "eval.h"

#include "split.h"
#include "text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { OUTER_FOLDS = 5 };

/* One entry a message: what metrics.h wants to see. */
struct judged {
    size_t n;
    int *label, *forced, *verdict, *language;
    double *p;
    long no_note;
};

static void judged_release(struct judged *j)
{
    free(j->label);
    free(j->forced);
    free(j->verdict);
    free(j->language);
    free(j->p);
}

static enum mv_status judged_init(struct judged *j,
                                  const struct mv_fit_example *examples,
                                  size_t n, struct mv_error *error)
{
    *j = (struct judged){.n = n};
    if (n == 0)
        return mv_error_set(error, MV_DATA, NULL, 0,
                            "no labelled message to measure on");
    j->label = calloc(n, sizeof *j->label);
    j->forced = calloc(n, sizeof *j->forced);
    j->verdict = calloc(n, sizeof *j->verdict);
    j->language = calloc(n, sizeof *j->language);
    j->p = calloc(n, sizeof *j->p);
    if (!j->label || !j->forced || !j->verdict || !j->language || !j->p) {
        judged_release(j);
        *j = (struct judged){0};
        return mv_error_set(error, MV_NOMEM, NULL, 0, "out of memory");
    }
    for (size_t i = 0; i < n; i++)
        j->label[i] = examples[i].label;
    return MV_OK;
}

/* Lets a model judge message `at` of the examples. */
static enum mv_status judge(const struct mv_model *model, struct mv_memo *memo,
                            const struct mv_fit_example *example, size_t at,
                            struct judged *j, struct mv_error *error)
{
    struct mv_opinion opinion;
    enum mv_status status =
        mv_model_score(model, memo, example->message, &opinion, error);

    if (status != MV_OK)
        return status;
    j->language[at] =
        (int)(example->language == MV_LANG_UND ? opinion.language
                                               : example->language);
    if (opinion.verdict == MV_VERDICT_NO_NOTE) {
        j->no_note++;
        j->verdict[at] = MV_VERDICT_NO_PURPOSE;
        return MV_OK;
    }
    j->p[at] = opinion.probability;
    j->forced[at] = opinion.forced;
    j->verdict[at] = (int)opinion.verdict;
    return MV_OK;
}

/* --- figures -------------------------------------------------------------- */

struct group {
    int language;
    size_t count;
};

static int by_count(const void *a, const void *b)
{
    const struct group *x = a, *y = b;

    if (x->count != y->count)
        return x->count < y->count ? 1 : -1;
    return x->language - y->language;
}

static enum mv_status measure_parts(const struct mv_metrics_rows *rows,
                                    const struct judged *j,
                                    const struct mv_metrics_options *wanted,
                                    struct mv_evaluation *out,
                                    struct mv_error *error)
{
    struct group group[MV_LANG_COUNT];
    enum mv_status status = MV_OK;

    for (int l = 0; l < MV_LANG_COUNT; l++)
        group[l] = (struct group){l, 0};
    for (size_t i = 0; i < j->n; i++)
        group[j->language[i]].count++;
    qsort(group, MV_LANG_COUNT, sizeof *group, by_count);
    for (int l = 0; status == MV_OK && l < MV_LANG_COUNT && group[l].count;
         l++) {
        out->part[l].language = (enum mv_language)group[l].language;
        status =
            mv_metrics_measure_group(&out->part[l].metrics, rows, j->language,
                                     group[l].language, wanted, error);
        out->parts++;
    }
    return status;
}

/* threshold: as shown; the decisions themselves are in j->forced. */
static enum mv_status measure(const struct judged *j, double threshold,
                              const struct mv_fit_example *examples,
                              const struct mv_eval_options *options,
                              struct mv_evaluation *out, struct mv_error *error)
{
    struct mv_metrics_rows rows = {
        .n = j->n,
        .label = j->label,
        .p = j->p,
        .threshold = threshold,
        .forced = j->forced,
        .verdict = j->verdict,
        .stratum = j->language,
    };
    struct mv_metrics_options wanted = {.seed = options->seed,
                                        .threads = options->threads};
    struct mv_evaluation result = {.no_note = j->no_note};
    enum mv_status status =
        mv_metrics_measure(&result.all, &rows, &wanted, error);

    if (status == MV_OK)
        status = measure_parts(&rows, j, &wanted, &result, error);
    if (status == MV_OK && options->families)
        status = mv_eval_groups(result.family, examples, j->n, j->forced,
                                options, error);
    result.all.threshold = threshold;
    for (size_t k = 0; k < result.parts; k++)
        result.part[k].metrics.threshold = threshold;
    if (status == MV_OK)
        *out = result;
    return status;
}

/* --- one model ------------------------------------------------------------ */

enum mv_status mv_eval_model(const struct mv_model *model,
                             const struct mv_fit_example *examples, size_t n,
                             const struct mv_eval_options *options,
                             struct mv_evaluation *out, struct mv_error *error)
{
    struct judged j;
    struct mv_memo *memo = NULL;
    enum mv_status status = judged_init(&j, examples, n, error);

    if (status == MV_OK)
        status = mv_memo_new(&memo, model);
    for (size_t i = 0; status == MV_OK && i < n; i++) {
        status = judge(model, memo, &examples[i], i, &j, error);
        if (status == MV_FORMAT && error && error->line == 0)
            error->line = (long)i + 1;
    }
    if (status == MV_OK)
        status = measure(&j, mv_model_record(model)->thresholds.forced,
                         examples, options, out, error);
    mv_memo_free(memo);
    judged_release(&j);
    return status;
}

static enum mv_verdict verdict_at(const struct mv_thresholds *t, double p)
{
    if (p >= t->purpose)
        return MV_VERDICT_PURPOSE;
    return p < t->low ? MV_VERDICT_NO_PURPOSE : MV_VERDICT_UNSURE;
}

enum mv_status mv_eval_out_of_fold(const struct mv_model *model,
                                   const struct mv_fit_example *examples,
                                   size_t n, const struct mv_out_of_fold *oof,
                                   const struct mv_eval_options *options,
                                   struct mv_evaluation *out,
                                   struct mv_error *error)
{
    const struct mv_thresholds *t = &mv_model_record(model)->thresholds;
    struct judged j;
    enum mv_status status = judged_init(&j, examples, n, error);

    if (status != MV_OK)
        return status;
    for (size_t i = 0; i < n; i++) {
        j.p[i] = oof->probability[i];
        j.forced[i] = j.p[i] >= t->forced;
        j.verdict[i] = (int)verdict_at(t, j.p[i]);
        j.language[i] = oof->language[i];
    }
    status = measure(&j, t->forced, examples, options, out, error);
    judged_release(&j);
    return status;
}

/* --- the learning curve --------------------------------------------------- */

static enum mv_status measure_point(struct mv_confusion counts,
                                    const struct mv_eval_options *options,
                                    struct mv_interval *mcc,
                                    struct mv_error *error)
{
    size_t n = (size_t)(counts.tp + counts.fp + counts.fn + counts.tn);
    size_t purposes = (size_t)(counts.tp + counts.fn);
    int *label = calloc(n + 1, sizeof *label);
    int *forced = calloc(n + 1, sizeof *forced);
    double *p = calloc(n + 1, sizeof *p);
    struct mv_metrics_rows rows = {
        .n = n, .label = label, .p = p, .forced = forced};
    struct mv_metrics_options wanted = {.seed = options->seed,
                                        .threads = options->threads};
    struct mv_metrics metrics;
    enum mv_status status = label && forced && p ? MV_OK : MV_NOMEM;

    for (size_t i = 0; status == MV_OK && i < n; i++) {
        label[i] = i < purposes;
        forced[i] =
            label[i] ? i < (size_t)counts.tp : i < purposes + (size_t)counts.fp;
        p[i] = forced[i];
    }
    if (status == MV_OK)
        status = mv_metrics_measure(&metrics, &rows, &wanted, error);
    if (status == MV_OK)
        *mcc = metrics.mcc;
    free(label);
    free(forced);
    free(p);
    return status;
}

enum mv_status mv_eval_curve(const struct mv_learning_curve *curve,
                             const struct mv_eval_options *options,
                             struct mv_evaluation *out, struct mv_error *error)
{
    enum mv_status status = MV_OK;

    out->n_curve = 0;
    for (size_t i = 0; status == MV_OK && i < curve->n; i++) {
        struct mv_learnt *point = &out->curve[out->n_curve++];

        point->labels = (long)curve->point[i].labels;
        status = measure_point(curve->point[i].confusion, options, &point->mcc,
                               error);
    }
    return status;
}

/* --- nested cross-validation ---------------------------------------------- */

/* Outer folds that keep near-duplicates together, like the inner ones. */
static enum mv_status deal(const struct mv_fit_example *examples,
                           struct judged *j, uint64_t seed, int *fold,
                           int *used, struct mv_error *error)
{
    struct mv_text *text = NULL;
    struct mv_tokens *tokens = calloc(j->n, sizeof *tokens);
    struct mv_span *folded = calloc(j->n, sizeof *folded);
    int *group = calloc(j->n, sizeof *group);
    enum mv_status status =
        tokens && folded && group ? mv_text_new(&text) : MV_NOMEM;

    for (size_t i = 0; status == MV_OK && i < j->n; i++) {
        status = mv_text_tokens(text, examples[i].message, &tokens[i], error);
        folded[i] = mv_buffer_span(&tokens[i].folded);
    }
    if (status == MV_OK)
        status = mv_split_group(group, NULL, j->n, folded, error);
    if (status == MV_OK) {
        struct mv_split_rows rows = {j->n, j->label, NULL, group};

        status = mv_split_folds(fold, used, &rows, OUTER_FOLDS, seed, error);
    }
    for (size_t i = 0; tokens && i < j->n; i++)
        mv_tokens_release(&tokens[i]);
    free(tokens);
    free(folded);
    free(group);
    mv_text_free(text);
    return status;
}

/* Fits on all but one outer fold and judges that one. */
static enum mv_status one_fold(const struct mv_fit_example *examples,
                               const int *fold, int held,
                               const struct mv_fit_options *fit,
                               struct judged *j, struct mv_error *error)
{
    struct mv_fit_example *train = malloc(j->n * sizeof *train);
    struct mv_model *model = NULL;
    struct mv_memo *memo = NULL;
    enum mv_status status = MV_NOMEM;
    size_t n = 0;

    for (size_t i = 0; train && i < j->n; i++)
        if (fold[i] != held)
            train[n++] = examples[i];
    if (train)
        status = mv_model_fit(&model, train, n, fit, NULL, error);
    if (status == MV_OK)
        status = mv_memo_new(&memo, model);
    for (size_t i = 0; status == MV_OK && i < j->n; i++)
        if (fold[i] == held)
            status = judge(model, memo, &examples[i], i, j, error);
    mv_memo_free(memo);
    mv_model_free(model);
    free(train);
    return status;
}

enum mv_status mv_eval_nested(const struct mv_fit_example *examples, size_t n,
                              const struct mv_fit_options *fit,
                              const struct mv_eval_options *options,
                              struct mv_evaluation *out, struct mv_error *error)
{
    struct mv_fit_options inner = *fit;
    struct judged j;
    int *fold = calloc(n + 1, sizeof *fold), used = 0;
    enum mv_status status = judged_init(&j, examples, n, error);

    inner.step = NULL;
    if (status == MV_OK)
        status = fold ? deal(examples, &j, options->seed, fold, &used, error)
                      : MV_NOMEM;
    for (int k = 0; status == MV_OK && k < used; k++) {
        if (options->step &&
            !options->step(options->payload, "cross-validating",
                           (double)k / used))
            status = mv_error_set(error, MV_STOPPED, NULL, 0,
                                  "evaluation was interrupted");
        else
            status = one_fold(examples, fold, k, &inner, &j, error);
    }
    if (status == MV_OK)
        status = measure(&j, NAN, examples, options, out, error);
    if (status == MV_NOMEM)
        mv_error_set(error, status, NULL, 0, "out of memory");
    free(fold);
    judged_release(&j);
    return status;
}
