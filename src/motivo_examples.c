/* Labels out of the database, as examples to learn from or to measure on. */
#include "motivo_train.h"

#include <stdlib.h>

enum { ROOM = 1024 /* examples that the first allocation has room for */ };

void mv_examples_release(struct mv_examples *examples)
{
    free(examples->at);
    free(examples->id);
    mv_arena_release(&examples->arena);
    *examples = (struct mv_examples){0};
}

static enum mv_status grow(struct mv_examples *examples)
{
    size_t size = examples->size ? 2 * examples->size : ROOM;
    struct mv_fit_example *at = realloc(examples->at, size * sizeof *at);
    int64_t *id;

    if (!at)
        return MV_NOMEM;
    examples->at = at;
    id = realloc(examples->id, size * sizeof *id);
    if (!id)
        return MV_NOMEM;
    examples->id = id;
    examples->size = size;
    return MV_OK;
}

enum mv_status mv_examples_add(struct mv_examples *examples, int64_t id,
                               const struct mv_fit_example *example)
{
    const struct mv_kind *kind = mv_kind_find(example->kind);
    struct mv_fit_example *copy;

    if (examples->n == examples->size && grow(examples) != MV_OK)
        return MV_NOMEM;
    examples->id[examples->n] = id;
    copy = &examples->at[examples->n];
    *copy = *example;
    copy->message.at = mv_arena_copy(&examples->arena, example->message);
    copy->kind = kind ? kind->name : NULL;
    if (!copy->message.at)
        return MV_NOMEM;
    examples->n++;
    examples->own += example->own;
    return MV_OK;
}

static enum mv_status take(const struct mv_example *stored, void *payload)
{
    struct mv_examples *examples = payload;

    if (stored->audit != examples->audit || stored->message_len == 0)
        return MV_OK;
    return mv_examples_add(
        examples, stored->id,
        &(struct mv_fit_example){
            .message = {stored->message, stored->message_len},
            .label = stored->label == MV_LABEL_PURPOSE,
            .language = mv_lang_parse(stored->lang),
            .own = !stored->starter,
            .kind = stored->kind,
            .origin = (int)stored->origin,
            .voice = stored->starter ? stored->run : 0,
        });
}

/* Keeps the first `most` of the examples that are own, or that are not, and
 * all others. */
static void keep(struct mv_examples *examples, bool own, size_t most)
{
    size_t kept = 0, met = 0;

    for (size_t i = 0; i < examples->n; i++) {
        if (examples->at[i].own == own && met++ >= most)
            continue;
        examples->id[kept] = examples->id[i];
        examples->at[kept++] = examples->at[i];
    }
    examples->n = kept;
}

/* See mv_examples_load. */
static void settle(struct mv_examples *examples)
{
    if (examples->own == examples->n) {
        for (size_t i = 0; i < examples->n; i++)
            examples->at[i].own = false;
        return;
    }
    if (examples->own < MV_OWN_LEAST) {
        examples->set_aside = examples->own;
        keep(examples, true, 0);
    }
    if (examples->n > MV_FIT_MOST) {
        size_t own = examples->set_aside ? 0 : examples->own;

        keep(examples, false, own < MV_FIT_MOST ? MV_FIT_MOST - own : 0);
    }
}

enum mv_status mv_examples_load(struct mv_examples *examples,
                                struct motivo *motivo, int64_t upto, bool audit,
                                struct mv_error *error)
{
    enum mv_status status;

    examples->audit = audit;
    status = mv_store_each_example(motivo->store, upto, take, examples, error);
    if (status == MV_OK && !audit)
        settle(examples);
    if (status == MV_NOMEM)
        mv_error_set(error, status, NULL, 0, "out of memory");
    return status;
}
