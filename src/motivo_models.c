/* Models: which there are, which one judges. */
#include "motivo_parts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Everything that the database knows of models. */
struct registry {
    struct mv_arena arena;
    struct mv_model_row *model;
    struct mv_activation *activation;
    size_t models, activations;
};

static const char *copy(struct mv_arena *arena, const char *text)
{
    return text ? mv_arena_copy(arena, mv_span_of(text)) : NULL;
}

static enum mv_status take_model(const struct mv_model_row *row, void *payload)
{
    struct registry *r = payload;
    struct mv_model_row *model =
        realloc(r->model, (r->models + 1) * sizeof *model);

    if (!model)
        return MV_NOMEM;
    r->model = model;
    model += r->models++;
    *model = *row;
    model->file = copy(&r->arena, row->file);
    model->sha256 = copy(&r->arena, row->sha256);
    model->corpus = copy(&r->arena, row->corpus);
    model->options = copy(&r->arena, row->options);
    model->metrics = copy(&r->arena, row->metrics);
    model->card = copy(&r->arena, row->card);
    model->note = copy(&r->arena, row->note);
    return model->file && model->sha256 && model->corpus && model->options &&
                   model->metrics
               ? MV_OK
               : MV_NOMEM;
}

static enum mv_status take_activation(const struct mv_activation *row,
                                      void *payload)
{
    struct registry *r = payload;
    struct mv_activation *activation =
        realloc(r->activation, (r->activations + 1) * sizeof *activation);

    if (!activation)
        return MV_NOMEM;
    r->activation = activation;
    activation += r->activations++;
    *activation = *row;
    activation->reason = copy(&r->arena, row->reason);
    return MV_OK;
}

static void release(struct registry *r)
{
    free(r->model);
    free(r->activation);
    mv_arena_release(&r->arena);
}

enum mv_status mv_models_list(struct motivo *motivo, struct mv_page **out,
                              struct mv_error *error)
{
    struct registry r = {0};
    struct mv_page *page = NULL;
    enum mv_status status =
        mv_store_each_model(motivo->store, take_model, &r, error);

    if (status == MV_OK)
        status = mv_facade_page(&page, error);
    if (status == MV_OK)
        status = mv_report_models(page, r.model, r.models);
    status = mv_facade_finish(out, page, status, error);
    release(&r);
    return status;
}

/* --- one model ------------------------------------------------------------ */

struct tally {
    long verdict[4];
};

static enum mv_status count_verdict(const struct mv_stored *stored,
                                    void *payload)
{
    struct tally *tally = payload;

    if (stored->has_verdict)
        tally->verdict[stored->verdict]++;
    return MV_OK;
}

static size_t keep_activations_of(struct registry *r, int64_t model)
{
    size_t kept = 0;

    for (size_t i = 0; i < r->activations; i++)
        if (r->activation[i].model == model)
            r->activation[kept++] = r->activation[i];
    return kept;
}

enum mv_status mv_models_show(struct motivo *motivo, int64_t id,
                              struct mv_page **out, struct mv_error *error)
{
    struct mv_store_filter filter = {.incoming = true, .model = id};
    struct registry r = {0};
    struct tally tally = {{0}};
    struct mv_page *page = NULL;
    struct mv_model_row row;
    enum mv_status status =
        mv_store_get_model(motivo->store, id, &r.arena, &row, NULL);

    if (status != MV_OK)
        mv_error_set(error, status, motivo->path, 0,
                     "there is no model %" PRId64 ": see 'motivo models list'",
                     id);
    if (status == MV_OK)
        status =
            mv_store_each_activation(motivo->store, take_activation, &r, error);
    if (status == MV_OK)
        status = mv_store_each_invite(motivo->store, &filter, count_verdict,
                                      &tally, error);
    if (status == MV_OK)
        status = mv_facade_page(&page, error);
    if (status == MV_OK)
        status = mv_report_model(page, &row, r.activation,
                                 keep_activations_of(&r, id), tally.verdict);
    status = mv_facade_finish(out, page, status, error);
    release(&r);
    return status;
}

enum mv_status mv_models_activate(struct motivo *motivo, int64_t id,
                                  struct mv_error *error)
{
    struct mv_arena arena = {0};
    struct mv_model *model = NULL;
    struct mv_model_row row;
    char *path = NULL;
    enum mv_status status =
        mv_store_get_model(motivo->store, id, &arena, &row, NULL);

    if (status != MV_OK)
        mv_error_set(error, status, motivo->path, 0,
                     "there is no model %" PRId64 ": see 'motivo models list'",
                     id);
    if (status == MV_OK)
        path = mv_facade_beside(motivo, row.file);
    if (status == MV_OK) /* a model that can not be read must not go live */
        status = path ? mv_model_open(&model, path, error) : MV_NOMEM;
    if (status == MV_OK)
        status = mv_store_activate(motivo->store, id, mv_facade_now(),
                                   "activated by hand", error);
    mv_model_free(model);
    free(path);
    mv_arena_release(&arena);
    return status;
}
