/* Training and evaluation: labels out of the database, models beside it. */
#include "motivo_parts.h"

#include "digest.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    AUDIT_LEAST = 30, /* a smaller audit sample measures nothing */
    ROOM = 1024       /* examples that the first allocation has room for */
};

/* --- examples ------------------------------------------------------------- */

/* A growing list of labelled messages, and the memory behind their texts. */
struct examples {
    struct mv_arena arena;
    struct mv_fit_example *at;
    size_t n, size;
    bool audit;    /* take the audit sample, or all but it */
    long left_out; /* rows labelled unsure */
    long unlabelled;
};

static void release(struct examples *examples)
{
    free(examples->at);
    mv_arena_release(&examples->arena);
}

static enum mv_status append(struct examples *examples, const char *message,
                             size_t len, enum mv_label label, const char *lang)
{
    struct mv_fit_example *example;

    if (examples->n == examples->size) {
        size_t size = examples->size ? 2 * examples->size : ROOM;

        example = realloc(examples->at, size * sizeof *example);
        if (!example)
            return MV_NOMEM;
        examples->at = example;
        examples->size = size;
    }
    example = &examples->at[examples->n];
    *example = (struct mv_fit_example){0};
    example->message.at =
        mv_arena_copy(&examples->arena, (struct mv_span){message, len});
    example->message.len = len;
    example->label = label == MV_LABEL_PURPOSE;
    example->language = mv_lang_parse(lang);
    if (!example->message.at)
        return MV_NOMEM;
    examples->n++;
    return MV_OK;
}

/* What figures are parted by; kinds of the guide only. */
static void note_traits(struct mv_fit_example *example, const char *kind,
                        enum mv_origin origin)
{
    const struct mv_kind *known = mv_kind_find(kind);

    example->kind = known ? known->name : NULL;
    example->origin = (int)origin;
}

static enum mv_status take_stored(const struct mv_example *stored,
                                  void *payload)
{
    struct examples *examples = payload;

    enum mv_status status;

    if (stored->audit != examples->audit || stored->message_len == 0)
        return MV_OK;
    status = append(examples, stored->message, stored->message_len,
                    stored->label, stored->lang);
    if (status == MV_OK)
        note_traits(&examples->at[examples->n - 1], stored->kind,
                    stored->origin);
    return status;
}

static enum mv_status load(struct motivo *motivo, bool audit,
                           struct examples *examples, struct mv_error *error)
{
    examples->audit = audit;
    return mv_store_each_example(motivo->store, 0, take_stored, examples,
                                 error);
}

/* --- model files ---------------------------------------------------------- */

/* Whether a rename to path would put away something that is no plain file: a
 * device, a pipe, a folder. */
static bool is_special(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 && !S_ISREG(info.st_mode);
}

/* Writes a model under a temporary name, brings it to the disk, and renames
 * it: whoever looks sees the old file or the new one. */
static enum mv_status write_file(const struct mv_model *model, const char *path,
                                 struct mv_error *error)
{
    size_t len = strlen(path);
    char *temporary = malloc(len + 8);
    FILE *file = NULL;
    enum mv_status status = MV_OK;
    int fd;

    if (!temporary)
        return mv_error_set(error, MV_NOMEM, NULL, 0, "out of memory");
    if (is_special(path)) {
        free(temporary);
        return mv_error_set(error, MV_IO, path, 0,
                            "not a plain file: name another for the model");
    }
    memcpy(temporary, path, len);
    memcpy(temporary + len, ".XXXXXX", 8);
    fd = mkstemp(temporary);
    if (fd >= 0)
        file = fdopen(fd, "wb");
    if (!file)
        status =
            mv_error_set(error, MV_IO, path, 0,
                         "the model cannot be written: %s", strerror(errno));
    else
        status = mv_model_write(model, file, error);
    if (file && status == MV_OK && fsync(fd) != 0)
        status = MV_IO;
    if (file && fclose(file) != 0 && status == MV_OK)
        status = MV_IO;
    if (status == MV_OK && rename(temporary, path) != 0)
        status = MV_IO;
    if (status != MV_OK) {
        mv_error_set(error, status, path, 0, "the model cannot be written: %s",
                     strerror(errno));
        unlink(temporary);
    }
    free(temporary);
    return status;
}

static enum mv_status file_digest(const char *path, char *hex,
                                  struct mv_error *error)
{
    unsigned char raw[MV_DIGEST_SIZE];
    struct mv_digest *digest = NULL;
    char block[1 << 16];
    size_t got;
    FILE *file = fopen(path, "rb");
    enum mv_status status = file ? mv_digest_new(&digest) : MV_IO;

    while (status == MV_OK && (got = fread(block, 1, sizeof block, file)) > 0)
        mv_digest_put(digest, (struct mv_span){block, got});
    if (status == MV_OK) {
        mv_digest_finish(digest, raw);
        mv_digest_hex(raw, hex);
    } else {
        mv_error_set(error, status, path, 0, "cannot be read back: %s",
                     strerror(errno));
    }
    mv_digest_free(digest);
    if (file)
        fclose(file);
    return status;
}

/* The name of a new model file, relative to the database's folder:
 * "motivo.db-models/1a2b3c4d5e6f.motivo". Made of what the model was fitted on
 * and with, so that the same training gives the same file. */
static char *name_for(const struct motivo *motivo,
                      const struct mv_fit_record *record)
{
    const char *slash = strrchr(motivo->path, '/');
    const char *base = slash ? slash + 1 : motivo->path;
    char hex[MV_DIGEST_HEX_SIZE], *name = NULL, *folder;

    mv_digest_hex(record->corpus, hex);
    if (asprintf(&name, "%s-models/%.12s-%" PRIu64 "-%.0f.motivo", base, hex,
                 record->seed, 1000 * record->target_precision) < 0)
        return NULL;
    *strrchr(name, '/') = '\0';
    folder = mv_facade_beside(motivo, name);
    if (folder)
        mkdir(folder, 0700);
    free(folder);
    name[strlen(name)] = '/';
    return name;
}

/* --- training ------------------------------------------------------------- */

struct training {
    struct motivo *motivo;
    const struct mv_train_options *options;
    struct examples examples;
    struct mv_model *model;
    struct mv_out_of_fold oof;
    struct mv_evaluation evaluation;
    char *name; /* of the model file, relative */
    char sha256[MV_DIGEST_HEX_SIZE];
    int64_t id;
};

static enum mv_status fit(struct training *t,
                          const struct mv_progress *progress,
                          struct mv_error *error)
{
    size_t n = t->examples.n;
    struct mv_fit_options options = {
        .seed = t->options->seed,
        .threads = t->options->threads,
        .target_precision = t->options->target_precision,
        .step = progress ? progress->step : NULL,
        .payload = progress ? progress->payload : NULL,
    };
    struct mv_eval_options measuring = {.seed = t->options->seed,
                                        .threads = t->options->threads};
    enum mv_status status;

    t->oof.decision = calloc(n + 1, sizeof *t->oof.decision);
    t->oof.probability = calloc(n + 1, sizeof *t->oof.probability);
    t->oof.language = calloc(n + 1, sizeof *t->oof.language);
    if (!t->oof.decision || !t->oof.probability || !t->oof.language)
        return MV_NOMEM;
    status =
        mv_model_fit(&t->model, t->examples.at, n, &options, &t->oof, error);
    if (status == MV_OK)
        status = mv_eval_out_of_fold(t->model, t->examples.at, n, &t->oof,
                                     &measuring, &t->evaluation, error);
    return status;
}

/* Writes the model beside the database, and where the user wants it. */
static enum mv_status save(struct training *t, struct mv_error *error)
{
    char *path;
    enum mv_status status;

    t->name = name_for(t->motivo, mv_model_record(t->model));
    path = t->name ? mv_facade_beside(t->motivo, t->name) : NULL;
    if (!path)
        return MV_NOMEM;
    status = write_file(t->model, path, error);
    if (status == MV_OK)
        status = file_digest(path, t->sha256, error);
    if (status == MV_OK && t->options->output)
        status = write_file(t->model, t->options->output, error);
    free(path);
    return status;
}

/* Records the model, and makes it the active one, in one transaction. */
static enum mv_status record(struct training *t, struct mv_error *error)
{
    const struct mv_fit_record *fitted = mv_model_record(t->model);
    struct mv_buffer options = {0}, metrics = {0};
    struct mv_counts counts;
    char corpus[MV_DIGEST_HEX_SIZE];
    struct mv_store *store = t->motivo->store;
    enum mv_status status =
        mv_report_model_json(fitted, &t->evaluation, &options, &metrics);

    mv_digest_hex(fitted->corpus, corpus);
    if (status == MV_OK)
        status = mv_store_begin(store, error);
    if (status == MV_OK)
        status = mv_store_get_counts(store, &counts, error);
    if (status == MV_OK) {
        struct mv_model_row row = {
            .file = t->name,
            .sha256 = t->sha256,
            .corpus = corpus,
            .options = options.at,
            .metrics = metrics.at,
            .last_label = counts.last_label,
            .created_at = mv_facade_now(),
        };

        status = mv_store_put_model(store, &row, &t->id, error);
    }
    if (status == MV_OK && t->options->activate)
        status =
            mv_store_activate(store, t->id, mv_facade_now(), "trained", error);
    if (status == MV_OK)
        status = mv_store_commit(store, error);
    if (status != MV_OK)
        mv_store_rollback(store);
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
        .active = t->options->activate,
        .record = mv_model_record(t->model),
        .out_of_fold = &t->evaluation,
        .seconds = (double)(mv_facade_now() - began),
    };
    struct mv_page *page = NULL;
    enum mv_status status = mv_facade_page(&page, error);

    if (status == MV_OK)
        status = mv_report_train(page, &told);
    return mv_facade_finish(out, page, status, error);
}

enum mv_status mv_train(struct motivo *motivo,
                        const struct mv_train_options *options,
                        const struct mv_progress *progress,
                        struct mv_page **out, struct mv_error *error)
{
    struct training t = {.motivo = motivo, .options = options};
    int64_t began = mv_facade_now();
    enum mv_status status = load(motivo, false, &t.examples, error);

    if (status == MV_OK)
        status = fit(&t, progress, error);
    if (status == MV_OK)
        status = save(&t, error);
    if (status == MV_OK)
        status = record(&t, error);
    if (status == MV_OK)
        status = tell(&t, began, out, error);
    if (status == MV_NOMEM)
        mv_error_set(error, status, NULL, 0, "out of memory");
    mv_model_free(t.model);
    free(t.oof.decision);
    free(t.oof.probability);
    free(t.oof.language);
    free(t.name);
    release(&t.examples);
    return status;
}

/* --- evaluation ----------------------------------------------------------- */

static enum mv_status take_row(void *payload, const struct mv_invite *invite,
                               long line, struct mv_error *error)
{
    struct examples *examples = payload;
    enum mv_status status;

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
    status = append(examples, invite->message, invite->message_len,
                    invite->label, invite->lang);
    if (status == MV_OK)
        note_traits(&examples->at[examples->n - 1], invite->kind,
                    invite->origin);
    return status;
}

/* The labelled rows of a file; the columns are text, label, lang unless the
 * mapping names others. */
static enum mv_status load_file(const struct mv_evaluate_options *options,
                                struct examples *examples,
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
    struct examples examples;
    struct examples trained; /* what the model may have learnt from */
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
        status = load(e->motivo, false, &e->trained, error);
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
    enum mv_status status = load(e->motivo, false, &e->examples, error);

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
    status = load(e->motivo, true, &e->examples, error);
    if (status != MV_OK)
        return status;
    if (e->examples.n < AUDIT_LEAST) {
        release(&e->examples);
        e->examples = (struct examples){0};
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
    release(&e.examples);
    release(&e.trained);
    return status;
}
