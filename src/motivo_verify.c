/* Verification: the same labels, options and program give the same bytes. */
#include "motivo_train.h"

#include <stdlib.h>
#include <string.h>

static enum mv_status train_again(const struct mv_examples *examples,
                                  const struct mv_fit_record *record,
                                  int threads,
                                  const struct mv_progress *progress,
                                  char *sha256, struct mv_error *error)
{
    struct mv_fit_options options = {
        .seed = record->seed,
        .threads = threads,
        .target_precision = record->target_precision,
        .step = progress ? progress->step : NULL,
        .payload = progress ? progress->payload : NULL,
    };
    struct mv_model *model = NULL;
    enum mv_status status =
        mv_model_fit(&model, examples->at, examples->n, &options, NULL, error);

    if (status == MV_OK)
        status = mv_facade_model_digest(model, sha256, error);
    mv_model_free(model);
    return status;
}

/* What the file says of itself: its digest, and whether its options are those
 * on record. */
static enum mv_status read_file(struct motivo *motivo,
                                const struct mv_model_row *row,
                                const struct mv_fit_record *record,
                                struct mv_report_verification *v,
                                struct mv_error *error)
{
    char *path = mv_facade_beside(motivo, row->file);
    struct mv_model *model = NULL;
    const struct mv_fit_record *inside;
    enum mv_status status =
        path ? mv_facade_digest(path, v->file_sha256, NULL) : MV_NOMEM;

    v->file_missing = status == MV_IO;
    v->file_changed =
        status == MV_OK && strcmp(v->file_sha256, row->sha256) != 0;
    if (status == MV_OK && mv_model_open(&model, path, NULL) == MV_OK) {
        inside = mv_model_record(model);
        v->options_differ =
            inside->seed != record->seed ||
            inside->target_precision < record->target_precision ||
            inside->target_precision > record->target_precision;
    }
    mv_model_free(model);
    free(path);
    return status == MV_NOMEM
               ? mv_error_set(error, status, NULL, 0, "out of memory")
               : MV_OK;
}

static enum mv_status check(struct motivo *motivo,
                            const struct mv_model_row *row, int threads,
                            const struct mv_progress *progress,
                            struct mv_report_verification *v,
                            struct mv_error *error)
{
    struct mv_examples examples = {0};
    struct mv_fit_record record;
    uint8_t corpus[MV_DIGEST_SIZE];
    char hex[MV_DIGEST_HEX_SIZE];
    enum mv_status status = mv_report_read_options(row, &record);

    if (status == MV_OK)
        status = read_file(motivo, row, &record, v, error);
    if (status == MV_OK && row->last_label)
        status =
            mv_examples_load(&examples, motivo, row->last_label, false, error);
    if (status == MV_OK)
        status = mv_model_corpus(examples.at, examples.n, corpus);
    if (status == MV_OK) {
        mv_digest_hex(corpus, hex);
        v->labels_differ = strcmp(hex, row->corpus) != 0;
        v->labels = (long)examples.n;
        v->labels_then = (long)record.examples;
    }
    /* Other labels can not give the same model. */
    if (status == MV_OK && !v->labels_differ)
        status = train_again(&examples, &record, threads, progress,
                             v->again_sha256, error);
    if (status == MV_OK)
        v->equal = !v->labels_differ && !v->file_missing &&
                   strcmp(v->again_sha256, v->file_sha256) == 0 &&
                   !v->file_changed;
    mv_examples_release(&examples);
    return status;
}

enum mv_status mv_verify(struct motivo *motivo, int64_t id, int threads,
                         const struct mv_progress *progress, bool *equal,
                         struct mv_page **out, struct mv_error *error)
{
    struct mv_report_verification v = {0};
    struct mv_arena arena = {0};
    struct mv_page *page = NULL;
    struct mv_model_row row;
    enum mv_status status =
        mv_facade_find_model(motivo, id, &arena, &row, error);

    if (status == MV_OK) {
        v.model = &row;
        status = check(motivo, &row, threads, progress, &v, error);
    }
    if (status == MV_NOMEM)
        mv_error_set(error, status, NULL, 0, "out of memory");
    if (status == MV_OK)
        status = mv_facade_page(&page, error);
    if (status == MV_OK)
        status = mv_report_verify(page, &v);
    if (status == MV_OK)
        *equal = v.equal;
    status = mv_facade_finish(out, page, status, error);
    mv_arena_release(&arena);
    return status;
}
