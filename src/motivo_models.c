/* Models: which there are, which one judges. */
#include "motivo_train.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Everything that the database knows of models. */
struct registry {
    struct mv_arena arena;
    struct mv_model_row *model;
    struct mv_activation *activation;
    struct mv_verdict_count *count;
    size_t models, activations, counts;
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

static enum mv_status take_count(const struct mv_verdict_count *row,
                                 void *payload)
{
    struct registry *r = payload;
    struct mv_verdict_count *count =
        realloc(r->count, (r->counts + 1) * sizeof *count);

    if (!count)
        return MV_NOMEM;
    r->count = count;
    r->count[r->counts++] = *row;
    return MV_OK;
}

static enum mv_status read_registry(struct motivo *motivo, struct registry *r,
                                    struct mv_error *error)
{
    enum mv_status status =
        mv_store_each_model(motivo->store, take_model, r, error);

    if (status == MV_OK)
        status =
            mv_store_each_activation(motivo->store, take_activation, r, error);
    if (status == MV_OK)
        status =
            mv_store_each_verdict_count(motivo->store, take_count, r, error);
    return status;
}

static struct mv_report_registry tell(const struct registry *r)
{
    return (struct mv_report_registry){r->model,       r->models, r->activation,
                                       r->activations, r->count,  r->counts};
}

static void release(struct registry *r)
{
    free(r->model);
    free(r->activation);
    free(r->count);
    mv_arena_release(&r->arena);
}

enum mv_status mv_models_list(struct motivo *motivo, struct mv_page **out,
                              struct mv_error *error)
{
    struct registry r = {0};
    struct mv_page *page = NULL;
    enum mv_status status = read_registry(motivo, &r, error);

    if (status == MV_OK)
        status = mv_facade_page(&page, error);
    if (status == MV_OK) {
        struct mv_report_registry told = tell(&r);

        status = mv_report_models(page, &told);
    }
    status = mv_facade_finish(out, page, status, error);
    release(&r);
    return status;
}

/* --- one model ------------------------------------------------------------ */

static enum mv_status no_model(const struct motivo *motivo, int64_t id,
                               struct mv_error *error)
{
    return mv_error_set(
        error, MV_NOTFOUND, motivo->path, 0,
        "there is no model %" PRId64 ": see 'motivo models list'", id);
}

enum mv_status mv_facade_find_model(struct motivo *motivo, int64_t id,
                                    struct mv_arena *arena,
                                    struct mv_model_row *row,
                                    struct mv_error *error)
{
    enum mv_status status =
        mv_store_get_model(motivo->store, id, arena, row, NULL);

    if (status == MV_NOTFOUND && id)
        return no_model(motivo, id, error);
    if (status == MV_NOTFOUND)
        return mv_error_set(error, status, motivo->path, 0,
                            "no model is active yet: run 'motivo train' first");
    if (status != MV_OK)
        return mv_error_set(error, status, motivo->path, 0,
                            "the model cannot be looked up");
    return MV_OK;
}

enum mv_status mv_models_show(struct motivo *motivo, int64_t id,
                              struct mv_page **out, struct mv_error *error)
{
    struct registry r = {0};
    struct mv_page *page = NULL;
    const struct mv_model_row *row = NULL;
    enum mv_status status = read_registry(motivo, &r, error);

    for (size_t i = 0; i < r.models; i++)
        if (r.model[i].id == id)
            row = &r.model[i];
    if (status == MV_OK && !row)
        status = no_model(motivo, id, error);
    if (status == MV_OK)
        status = mv_facade_page(&page, error);
    if (status == MV_OK) {
        struct mv_report_registry told = tell(&r);

        status = mv_report_model(page, row, &told);
    }
    status = mv_facade_finish(out, page, status, error);
    release(&r);
    return status;
}

/* --- which one judges ----------------------------------------------------- */

/* Opens a model's file: what can not be read must not go live. */
static enum mv_status try_file(struct motivo *motivo, int64_t id,
                               struct mv_error *error)
{
    struct mv_arena arena = {0};
    struct mv_model *model = NULL;
    struct mv_model_row row;
    enum mv_status status =
        mv_facade_find_model(motivo, id, &arena, &row, error);

    if (status == MV_OK)
        status = mv_facade_open_row(&model, motivo, &row, error);
    mv_model_free(model);
    mv_arena_release(&arena);
    return status;
}

enum mv_status mv_models_activate(struct motivo *motivo, int64_t id,
                                  struct mv_error *error)
{
    enum mv_status status = try_file(motivo, id, error);

    return status == MV_OK
               ? mv_store_activate(motivo->store, id, mv_facade_now(),
                                   MV_ACTIVATED_BY_HAND, "by hand", error)
               : status;
}

enum mv_status mv_models_rollback(struct motivo *motivo, int64_t *from,
                                  int64_t *to, struct mv_error *error)
{
    enum mv_status status = mv_store_begin(motivo->store, error);

    if (status == MV_OK)
        status =
            mv_store_step_back(motivo->store, mv_facade_now(), from, to, error);
    if (status == MV_OK)
        status = try_file(motivo, *to, error);
    if (status == MV_OK)
        status = mv_store_commit(motivo->store, error);
    if (status != MV_OK)
        mv_store_rollback(motivo->store);
    return status;
}
