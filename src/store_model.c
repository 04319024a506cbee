/* Models, which of them is active, and what they said. */
#include "store_sql.h"

#include <math.h>
#include <stdio.h>

static bool is_set(const char *text)
{
    return text && *text;
}

/* --- models -----------------------------------------------------------------
 */

enum mv_status mv_store_put_model(struct mv_store *store,
                                  const struct mv_model_row *model, int64_t *id,
                                  struct mv_error *error)
{
    const char *texts[] = {model->file, model->sha256, model->corpus,
                           model->options, model->metrics};
    struct mv_query query;
    enum mv_status status;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!is_set(texts[i]))
            return mv_error_set(error, MV_RANGE, store->path, 0,
                                "a model needs file, sha256, corpus, options "
                                "and metrics");
    query = mv_store_query(store, ST_MODEL_ADD);
    for (int i = 0; i < 5; i++)
        mv_store_bind_text(&query, i + 1, texts[i]);
    mv_store_bind_text(&query, 6, model->card);
    mv_store_bind_text(&query, 7, model->note);
    mv_store_bind_int(&query, 8, model->last_label);
    mv_store_bind_int(&query, 9, model->created_at);
    status = mv_store_run(&query, error);
    if (status == MV_OK && id)
        *id = sqlite3_last_insert_rowid(store->db);
    return status;
}

static void read_model(struct mv_query *query, struct mv_model_row *out)
{
    *out = (struct mv_model_row){.id = mv_store_int(query, 0),
                                 .file = mv_store_text(query, 1),
                                 .sha256 = mv_store_text(query, 2),
                                 .corpus = mv_store_text(query, 3),
                                 .options = mv_store_text(query, 4),
                                 .metrics = mv_store_text(query, 5),
                                 .card = mv_store_text(query, 6),
                                 .note = mv_store_text(query, 7),
                                 .last_label = mv_store_int(query, 8),
                                 .created_at = mv_store_int(query, 9),
                                 .active = mv_store_int(query, 10) != 0};
}

static enum mv_status keep(struct mv_arena *arena, struct mv_model_row *row)
{
    const char **texts[] = {&row->file,    &row->sha256,  &row->corpus,
                            &row->options, &row->metrics, &row->card,
                            &row->note};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (*texts[i]) {
            *texts[i] = mv_arena_copy(arena, mv_span_of(*texts[i]));
            if (!*texts[i])
                return MV_NOMEM;
        }
    return MV_OK;
}

enum mv_status mv_store_get_model(struct mv_store *store, int64_t id,
                                  struct mv_arena *arena,
                                  struct mv_model_row *out,
                                  struct mv_error *error)
{
    int64_t wanted = id;
    struct mv_query query;
    struct mv_model_row row = {0};
    enum mv_status status = MV_OK, ended;

    if (!id)
        status = mv_store_active(store, &wanted, error);
    if (status != MV_OK)
        return status;
    query = mv_store_query(store, ST_MODEL_GET);
    mv_store_bind_int(&query, 1, wanted);
    if (mv_store_step(&query)) {
        read_model(&query, &row);
        status = keep(arena, &row);
    }
    ended = mv_store_end(&query, error);
    if (ended != MV_OK)
        return ended;
    if (status != MV_OK)
        return mv_error_set(error, status, store->path, 0, "out of memory");
    if (!row.id && !id)
        return mv_error_set(error, MV_NOTFOUND, store->path, 0,
                            "no model is active: train or activate one");
    if (!row.id)
        return mv_error_set(error, MV_NOTFOUND, store->path, 0,
                            "there is no model %lld", (long long)id);
    *out = row;
    return MV_OK;
}

enum mv_status
mv_store_each_model(struct mv_store *store,
                    enum mv_status (*each)(const struct mv_model_row *, void *),
                    void *payload, struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_MODEL_EACH);
    enum mv_status status = MV_OK, ended;

    while (status == MV_OK && mv_store_step(&query)) {
        struct mv_model_row row;

        read_model(&query, &row);
        if (query.rc == SQLITE_ROW)
            status = each(&row, payload);
    }
    ended = mv_store_end(&query, error);
    return status != MV_OK ? status : ended;
}

/* --- which is active --------------------------------------------------------
 */

enum mv_status mv_store_active(struct mv_store *store, int64_t *id,
                               struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_ACTIVE);

    *id = mv_store_step(&query) ? mv_store_int(&query, 0) : 0;
    return mv_store_end(&query, error);
}

static enum mv_status append(struct mv_store *store,
                             const struct mv_activation *activation,
                             struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_ACTIVATE);

    mv_store_bind_int(&query, 1, activation->model);
    mv_store_bind_int(&query, 2, activation->at);
    mv_store_bind_text(&query, 3, activation->reason);
    mv_store_bind_int(&query, 4, activation->how);
    mv_store_step(&query);
    if (query.rc == SQLITE_CONSTRAINT_FOREIGNKEY) {
        mv_store_end(&query, NULL);
        return mv_error_set(error, MV_NOTFOUND, store->path, 0,
                            "there is no model %lld",
                            (long long)activation->model);
    }
    return mv_store_end(&query, error);
}

enum mv_status mv_store_activate(struct mv_store *store, int64_t model,
                                 int64_t at, enum mv_activation_how how,
                                 const char *reason, struct mv_error *error)
{
    struct mv_activation activation = {
        .model = model, .at = at, .how = how, .reason = reason};
    bool own = false;
    int64_t active = 0;
    enum mv_status status = mv_store_enter(store, &own, error);

    if (status != MV_OK)
        return status;
    status = mv_store_active(store, &active, error);
    if (status == MV_OK && (active != model || !model))
        status = append(store, &activation, error);
    return mv_store_leave(store, own, status, error);
}

enum mv_status mv_store_each_activation(
    struct mv_store *store,
    enum mv_status (*each)(const struct mv_activation *, void *), void *payload,
    struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_ACTIVATION_EACH);
    enum mv_status status = MV_OK, ended;

    while (status == MV_OK && mv_store_step(&query)) {
        struct mv_activation row = {
            .id = mv_store_int(&query, 0),
            .model = mv_store_int(&query, 1),
            .at = mv_store_int(&query, 2),
            .reason = mv_store_text(&query, 3),
            .how = (enum mv_activation_how)mv_store_int(&query, 4)};

        if (query.rc == SQLITE_ROW)
            status = each(&row, payload);
    }
    ended = mv_store_end(&query, error);
    return status != MV_OK ? status : ended;
}

/* Walks back through the history: a step back undoes the change before it, so
 * it and that one count for nothing. */
struct way {
    long undone;      /* changes that later steps back have undone */
    int64_t found[2]; /* the active model, and the one before it */
    int n;
};

static enum mv_status look_back(const struct mv_activation *row, void *payload)
{
    struct way *way = payload;

    if (row->how == MV_ACTIVATED_BACK) {
        way->undone++;
        return MV_OK;
    }
    if (way->undone > 0) {
        way->undone--;
        return MV_OK;
    }
    if (way->n < 2)
        way->found[way->n++] = row->model;
    return MV_OK;
}

enum mv_status mv_store_step_back(struct mv_store *store, int64_t at,
                                  int64_t *from, int64_t *to,
                                  struct mv_error *error)
{
    char reason[64];
    struct way way = {0};
    struct mv_activation back = {
        .at = at, .how = MV_ACTIVATED_BACK, .reason = reason};
    bool own = false;
    enum mv_status status = mv_store_enter(store, &own, error);

    if (status != MV_OK)
        return status;
    status = mv_store_each_activation(store, look_back, &way, error);
    if (status == MV_OK && way.n < 2)
        status = mv_error_set(error, MV_NOTFOUND, store->path, 0,
                              "no model was active before this one: there is "
                              "nothing to go back to");
    if (status == MV_OK) {
        snprintf(reason, sizeof reason, "a step back from model %lld",
                 (long long)way.found[0]);
        back.model = way.found[1];
        status = append(store, &back, error);
    }
    if (status == MV_OK && from)
        *from = way.found[0];
    if (status == MV_OK && to)
        *to = way.found[1];
    return mv_store_leave(store, own, status, error);
}

/* --- verdicts ---------------------------------------------------------------
 */

enum mv_status mv_store_put_verdict(struct mv_store *store,
                                    const struct mv_verdict_row *verdict,
                                    struct mv_error *error)
{
    double p = verdict->probability;
    struct mv_query query;

    if ((unsigned)verdict->verdict > MV_VERDICT_NO_NOTE ||
        (!isnan(p) && !(p >= 0 && p <= 1)))
        return mv_error_set(error, MV_RANGE, store->path, 0,
                            "a verdict or its probability is out of range");
    query = mv_store_query(store, ST_VERDICT_PUT);
    mv_store_bind_int(&query, 1, verdict->invitation);
    mv_store_bind_int(&query, 2, verdict->model);
    mv_store_bind_int(&query, 3, verdict->verdict);
    mv_store_bind_real(&query, 4, p);
    mv_store_bind_text(&query, 5, verdict->language);
    mv_store_bind_int(&query, 6, verdict->at);
    if (verdict->novelty.known) {
        mv_store_bind_int(&query, 7, verdict->novelty.words);
        mv_store_bind_int(&query, 8, verdict->novelty.unseen);
        mv_store_bind_int(&query, 9, verdict->novelty.canned);
    }
    mv_store_step(&query);
    if (query.rc == SQLITE_CONSTRAINT_FOREIGNKEY) {
        mv_store_end(&query, NULL);
        return mv_error_set(error, MV_NOTFOUND, store->path, 0,
                            "there is no invitation %lld or no model %lld",
                            (long long)verdict->invitation,
                            (long long)verdict->model);
    }
    return mv_store_end(&query, error);
}

enum mv_status mv_store_each_verdict(
    struct mv_store *store, int64_t invitation,
    enum mv_status (*each)(const struct mv_verdict_row *, void *),
    void *payload, struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_VERDICT_EACH);
    enum mv_status status = MV_OK, ended;

    mv_store_bind_int(&query, 1, invitation);
    while (status == MV_OK && mv_store_step(&query)) {
        struct mv_verdict_row row = {
            .invitation = invitation,
            .model = mv_store_int(&query, 0),
            .verdict = (enum mv_verdict)mv_store_int(&query, 1),
            .probability = mv_store_real(&query, 2),
            .language = mv_store_text(&query, 3),
            .at = mv_store_int(&query, 4)};

        if (query.rc == SQLITE_ROW)
            status = each(&row, payload);
    }
    ended = mv_store_end(&query, error);
    return status != MV_OK ? status : ended;
}

enum mv_status mv_store_each_verdict_count(
    struct mv_store *store,
    enum mv_status (*each)(const struct mv_verdict_count *, void *),
    void *payload, struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_VERDICT_COUNT);
    enum mv_status status = MV_OK, ended;

    while (status == MV_OK && mv_store_step(&query)) {
        struct mv_verdict_count row = {.model = mv_store_int(&query, 0),
                                       .first_at = mv_store_int(&query, 5),
                                       .last_at = mv_store_int(&query, 6)};

        for (int v = 0; v < 4; v++)
            row.verdict[v] = (long)mv_store_int(&query, v + 1);
        if (query.rc == SQLITE_ROW)
            status = each(&row, payload);
    }
    ended = mv_store_end(&query, error);
    return status != MV_OK ? status : ended;
}
