/* Evaluation: how far a model, or the way of training, can be trusted. */
#include "motivo_train.h"

static enum mv_status take_row(void *payload, const struct mv_invite *invite,
                               long line, struct mv_error *error)
{
    struct mv_examples *examples = payload;

    (void)line;
    (void)error;
    if (!invite->has_label) {
        examples->unlabelled++;
        return MV_OK;
    }
    if (invite->label == MV_LABEL_UNSURE) {
        examples->left_out++;
        return MV_OK;
    }
    return mv_examples_add(
        examples, 0,
        &(struct mv_fit_example){
            .message = {invite->message, invite->message_len},
            .label = invite->label == MV_LABEL_PURPOSE,
            .language = mv_lang_parse(invite->lang),
            .kind = invite->kind,
            .origin = (int)invite->origin,
        });
}

/* The labelled rows of a file; the columns are text, label, lang unless the
 * mapping names others. */
static enum mv_status load_file(const struct mv_evaluate_options *options,
                                struct mv_examples *examples,
                                struct mv_error *error)
{
    struct mv_linkedin_options reading = {
        .columns = mv_facade_columns(&options->mapping), .keep_empty = true};
    struct mv_sink sink = {.payload = examples, .invite = take_row};
    struct mv_intake intake = {.options = &reading, .sink = &sink};
    enum mv_status status;

    /* Names given in part: the others are the usual ones. Without any, the
     * reader takes those that the file has. */
    if (!reading.columns.text &&
        (reading.columns.label || reading.columns.lang)) {
        reading.columns.text = "text";
        if (!reading.columns.label)
            reading.columns.label = "label";
    }
    status = mv_facade_read(options->test, &intake, error);
    if (status == MV_OK && examples->n == 0)
        status = mv_error_set(error, MV_DATA, options->test, 0,
                              "no labelled row (%ld without a label, %ld "
                              "unsure): name the columns with --text and "
                              "--label",
                              examples->unlabelled, examples->left_out);
    return status;
}

struct evaluation {
    struct motivo *motivo;
    const struct mv_evaluate_options *options;
    struct mv_eval_options measuring;
    struct mv_examples examples;
    struct mv_examples trained; /* what the model may have learnt from */
    struct mv_model *model;
    struct mv_evaluation result;
    char basis[256];
};

static enum mv_status open_model(struct evaluation *e, struct mv_error *error)
{
    if (e->options->model)
        return mv_model_open(&e->model, e->options->model, error);
    if (!e->motivo)
        return mv_error_set(error, MV_NOTFOUND, NULL, 0,
                            "no model: pass --model FILE or open a database");
    return mv_model_active(&e->model, e->motivo, error);
}

/* The labels of the database, to tell templates that were seen. */
static enum mv_status load_trained(struct evaluation *e, struct mv_error *error)
{
    enum mv_status status = MV_OK;

    if (e->motivo)
        status = mv_examples_load(&e->trained, e->motivo, 0, false, error);
    e->measuring.trained = e->trained.at;
    e->measuring.n_trained = e->trained.n;
    return status;
}

static enum mv_status on_file(struct evaluation *e, struct mv_error *error)
{
    enum mv_status status = open_model(e, error);

    snprintf(e->basis, sizeof e->basis, "test file '%s'", e->options->test);
    if (status == MV_OK)
        status = load_file(e->options, &e->examples, error);
    if (status == MV_OK)
        status = load_trained(e, error);
    if (status == MV_OK)
        status = mv_eval_model(e->model, e->examples.at, e->examples.n,
                               &e->measuring, &e->result, error);
    return status;
}

/* The method on the database's labels, refitted in every outer fold. */
static enum mv_status on_labels(struct evaluation *e, struct mv_error *error)
{
    struct mv_fit_options options = {.seed = e->options->seed,
                                     .threads = e->options->threads};
    enum mv_status status =
        mv_examples_load(&e->examples, e->motivo, 0, false, error);

    snprintf(e->basis, sizeof e->basis, "nested cross-validation of %zu labels",
             e->examples.n);
    if (status == MV_OK)
        status = mv_eval_nested(e->examples.at, e->examples.n, &options,
                                &e->measuring, &e->result, error);
    return status;
}

/* The audit sample, when it is large enough; else the labels. */
static enum mv_status on_database(struct evaluation *e, struct mv_error *error)
{
    enum mv_status status;

    if (!e->motivo)
        return mv_error_set(error, MV_NOTFOUND, NULL, 0,
                            "nothing to measure on: pass --test FILE");
    status = mv_examples_load(&e->examples, e->motivo, 0, true, error);
    if (status != MV_OK)
        return status;
    if (e->examples.n < MV_AUDIT_LEAST) {
        mv_examples_release(&e->examples);
        return on_labels(e, error);
    }
    snprintf(e->basis, sizeof e->basis, "audit sample of %zu", e->examples.n);
    status = open_model(e, error);
    if (status == MV_OK)
        status = load_trained(e, error);
    if (status == MV_OK)
        status = mv_eval_model(e->model, e->examples.at, e->examples.n,
                               &e->measuring, &e->result, error);
    return status;
}

enum mv_status mv_evaluate(struct motivo *motivo,
                           const struct mv_evaluate_options *options,
                           const struct mv_progress *progress,
                           struct mv_page **out, struct mv_error *error)
{
    struct evaluation e = {.motivo = motivo,
                           .options = options,
                           .measuring = {.seed = options->seed,
                                         .threads = options->threads,
                                         .families = true}};
    struct mv_page *page = NULL;
    enum mv_status status;

    if (progress) {
        e.measuring.step = progress->step;
        e.measuring.payload = progress->payload;
    }
    status = options->test ? on_file(&e, error) : on_database(&e, error);
    if (status == MV_OK)
        status = mv_facade_page(&page, error);
    if (status == MV_OK) {
        struct mv_report_evaluation told = {
            e.basis,
            e.model ? (options->model ? options->model : "active model") : NULL,
            e.examples.left_out, &e.result, options->details};

        status =
            mv_facade_finish(out, page, mv_report_evaluate(page, &told), error);
    }
    if (status == MV_NOMEM)
        mv_error_set(error, status, NULL, 0, "out of memory");
    mv_model_free(e.model);
    mv_examples_release(&e.examples);
    mv_examples_release(&e.trained);
    return status;
}
