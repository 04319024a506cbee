/* Training: labels out of the database, a model beside it. */
#include "motivo_train.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct training {
    struct motivo *motivo;
    const struct mv_train_options *options;
    const struct mv_progress *progress;
    struct mv_arena arena;
    int64_t last_label; /* labels up to here are learnt */
    struct mv_examples examples;
    struct mv_model *model;
    struct mv_out_of_fold oof;
    struct mv_learning_curve curve;
    struct mv_evaluation evaluation;
    struct mv_report_gate gate;
    char *name; /* of the model file, relative */
    char *path; /* of the same */
    bool fresh; /* that file was not there before */
    char sha256[MV_DIGEST_HEX_SIZE];
    int64_t id;
    bool active, stays;
};

/* --- what to learn from --------------------------------------------------- */

static double target(const struct mv_train_options *options)
{
    return options->target_precision > 0 ? options->target_precision : 0.90;
}

/* Whether the active model is what this training would bring. */
static enum mv_status ask_active(struct training *t, struct mv_error *error)
{
    uint8_t corpus[MV_DIGEST_SIZE];
    char hex[MV_DIGEST_HEX_SIZE];
    struct mv_model_row row;
    struct mv_fit_record record;
    enum mv_status status =
        mv_store_get_model(t->motivo->store, 0, &t->arena, &row, NULL);

    if (status == MV_NOTFOUND)
        return MV_OK;
    if (status == MV_OK)
        status = mv_model_corpus(t->examples.at, t->examples.n, corpus);
    if (status == MV_OK)
        status = mv_report_read_options(&row, &record);
    if (status != MV_OK)
        return mv_error_set(error, status, t->motivo->path, 0,
                            "the active model cannot be looked up");
    mv_digest_hex(corpus, hex);
    t->id = row.id;
    t->stays = strcmp(hex, row.corpus) == 0 &&
               record.seed == t->options->seed &&
               !(record.target_precision < target(t->options)) &&
               !(record.target_precision > target(t->options));
    return MV_OK;
}

static enum mv_status load(struct training *t, struct mv_error *error)
{
    struct mv_counts counts;
    enum mv_status status =
        mv_store_get_counts(t->motivo->store, &counts, error);

    if (status != MV_OK)
        return status;
    t->last_label = counts.last_label;
    status =
        mv_examples_load(&t->examples, t->motivo, t->last_label, false, error);
    if (status == MV_OK && t->examples.set_aside && t->options->activate &&
        !t->options->output)
        status = ask_active(t, error);
    return status;
}

/* --- learning ------------------------------------------------------------- */

static enum mv_status allot(struct mv_out_of_fold *oof, size_t n)
{
    oof->decision = calloc(n + 1, sizeof *oof->decision);
    oof->probability = calloc(n + 1, sizeof *oof->probability);
    oof->language = calloc(n + 1, sizeof *oof->language);
    oof->forced = calloc(n + 1, sizeof *oof->forced);
    oof->fold = calloc(MV_REPEATS_MAX * n + 1, sizeof *oof->fold);
    return oof->decision && oof->probability && oof->language && oof->forced &&
                   oof->fold
               ? MV_OK
               : MV_NOMEM;
}

static void release(struct training *t)
{
    mv_model_free(t->model);
    free(t->oof.decision);
    free(t->oof.probability);
    free(t->oof.language);
    free(t->oof.forced);
    free(t->oof.fold);
    free(t->name);
    free(t->path);
    mv_examples_release(&t->examples);
    mv_arena_release(&t->arena);
}

/* How often what is called purpose is one, and is found, by language: the
 * verdicts that people see, not forced ones. */
static enum mv_status measure_languages(struct training *t,
                                        const struct mv_eval_options *measuring,
                                        struct mv_error *error)
{
    double threshold = mv_model_record(t->model)->thresholds.purpose;
    size_t n = t->examples.n;
    int *called = malloc((n + 1) * sizeof *called);
    enum mv_status status = called ? MV_OK : MV_NOMEM;

    for (size_t i = 0; called && i < n; i++)
        called[i] = t->oof.probability[i] >= threshold;
    if (status == MV_OK)
        status = mv_eval_groups(t->evaluation.family, t->examples.at, n, called,
                                measuring, error);
    free(called);
    return status;
}

static enum mv_status fit(struct training *t, struct mv_error *error)
{
    size_t n = t->examples.n;
    struct mv_fit_options options = {
        .seed = t->options->seed,
        .threads = t->options->threads,
        .target_precision = t->options->target_precision,
        .step = t->progress ? t->progress->step : NULL,
        .payload = t->progress ? t->progress->payload : NULL,
    };
    struct mv_eval_options measuring = {.seed = t->options->seed,
                                        .threads = t->options->threads};
    enum mv_status status = allot(&t->oof, n);

    t->oof.curve = &t->curve;
    if (status == MV_OK)
        status = mv_model_fit(&t->model, t->examples.at, n, &options, &t->oof,
                              error);
    if (status == MV_OK)
        status = mv_eval_out_of_fold(t->model, t->examples.at, n, &t->oof,
                                     &measuring, &t->evaluation, error);
    if (status == MV_OK)
        status = measure_languages(t, &measuring, error);
    if (status == MV_OK)
        status = mv_eval_curve(&t->curve, &measuring, &t->evaluation, error);
    return status;
}

static enum mv_status pass_gate(struct training *t, struct mv_error *error)
{
    struct mv_candidate candidate = {
        .model = t->model,
        .examples = &t->examples,
        .forced = t->oof.forced,
        .fold = t->oof.fold,
    };
    enum mv_status status;

    if (!t->options->activate)
        return MV_OK;
    status = mv_gate_pass(t->motivo, &candidate, t->options, t->progress,
                          &t->arena, &t->gate, error);
    t->active = t->options->force || !t->gate.loss;
    return status;
}

/* --- keeping -------------------------------------------------------------- */

/* The name of a new model file, relative to the database's folder:
 * "motivo.db-models/1a2b3c4d5e6f.motivo". Made of the model's own bytes: the
 * same model is the same file, and no file is ever written over by another. */
static enum mv_status name_file(struct training *t)
{
    const char *slash = strrchr(t->motivo->path, '/');
    const char *base = slash ? slash + 1 : t->motivo->path;
    char *folder;

    if (asprintf(&t->name, "%s-models/%.12s.motivo", base, t->sha256) < 0) {
        t->name = NULL;
        return MV_NOMEM;
    }
    t->path = mv_facade_beside(t->motivo, t->name);
    if (!t->path)
        return MV_NOMEM;
    folder = strrchr(t->path, '/');
    *folder = '\0';
    mkdir(t->path, 0700);
    *folder = '/';
    t->fresh = access(t->path, F_OK) != 0;
    return MV_OK;
}

/* Writes the model beside the database, and where the user wants it. */
static enum mv_status save(struct training *t, struct mv_error *error)
{
    enum mv_status status = mv_facade_model_digest(t->model, t->sha256, error);

    if (status == MV_OK)
        status = name_file(t);
    if (status == MV_OK)
        status = mv_facade_write_model(t->model, t->path, error);
    if (status == MV_OK && t->options->output)
        status = mv_facade_write_model(t->model, t->options->output, error);
    return status;
}

static enum mv_status put_row(struct training *t, const char *options,
                              const char *metrics, const char *words,
                              struct mv_error *error)
{
    char corpus[MV_DIGEST_HEX_SIZE];
    struct mv_model_row row = {
        .file = t->name,
        .sha256 = t->sha256,
        .corpus = corpus,
        .options = options,
        .metrics = metrics,
        .note = t->gate.loss ? words : NULL,
        .last_label = t->last_label,
        .created_at = mv_facade_now(),
    };

    mv_digest_hex(mv_model_record(t->model)->corpus, corpus);
    return mv_store_put_model(t->motivo->store, &row, &t->id, error);
}

static enum mv_activation_how how(const struct training *t)
{
    if (!t->gate.rival)
        return MV_ACTIVATED_FIRST;
    return t->gate.loss ? MV_ACTIVATED_FORCED : MV_ACTIVATED_PASSED;
}

/* Records the model and, if it may be, makes it the active one, in one
 * transaction. */
static enum mv_status record(struct training *t, struct mv_error *error)
{
    struct mv_buffer options = {0}, metrics = {0};
    struct mv_store *store = t->motivo->store;
    char words[MV_GATE_WORDS];
    enum mv_status status = mv_report_model_json(
        mv_model_record(t->model), &t->evaluation, &options, &metrics);

    mv_report_gate_words(&t->gate, words);
    if (status == MV_OK)
        status = mv_store_begin(store, error);
    if (status == MV_OK)
        status = put_row(t, options.at, metrics.at, words, error);
    if (status == MV_OK && t->active)
        status = mv_store_activate(store, t->id, mv_facade_now(), how(t), words,
                                   error);
    if (status == MV_OK)
        status = mv_store_commit(store, error);
    if (status != MV_OK) {
        mv_store_rollback(store);
        if (t->fresh)
            unlink(t->path);
    }
    mv_buffer_release(&options);
    mv_buffer_release(&metrics);
    return status;
}

static enum mv_status tell(const struct training *t, int64_t began,
                           struct mv_page **out, struct mv_error *error)
{
    struct mv_report_training told = {
        .id = t->id,
        .file = t->name,
        .active = t->active,
        .gate = t->options->activate ? &t->gate : NULL,
        .forced = t->active && t->gate.loss,
        .set_aside = t->examples.set_aside,
        .own_least = MV_OWN_LEAST,
        .record = t->model ? mv_model_record(t->model) : NULL,
        .out_of_fold = &t->evaluation,
        .seconds = (double)(mv_facade_now() - began),
    };
    struct mv_page *page = NULL;
    enum mv_status status = mv_facade_page(&page, error);

    if (status == MV_OK)
        status = t->stays ? mv_report_stays(page, &told)
                          : mv_report_train(page, &told);
    return mv_facade_finish(out, page, status, error);
}

enum mv_status mv_train(struct motivo *motivo,
                        const struct mv_train_options *options,
                        const struct mv_progress *progress,
                        struct mv_page **out, struct mv_error *error)
{
    struct training t = {
        .motivo = motivo, .options = options, .progress = progress};
    int64_t began = mv_facade_now();
    enum mv_status status = load(&t, error);

    if (status == MV_OK && !t.stays) {
        status = fit(&t, error);
        if (status == MV_OK)
            status = pass_gate(&t, error);
        if (status == MV_OK)
            status = save(&t, error);
        if (status == MV_OK)
            status = record(&t, error);
    }
    if (status == MV_OK)
        status = tell(&t, began, out, error);
    if (status == MV_NOMEM)
        mv_error_set(error, status, NULL, 0, "out of memory");
    release(&t);
    return status;
}
