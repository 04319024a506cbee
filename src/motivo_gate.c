/* The gate: whether a new model may take the place of the active one. */
#include "motivo_train.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A two-sided p-value from here on is no loss. */
static const double ALPHA = 0.05;

struct gate {
    struct motivo *motivo;
    const struct mv_candidate *candidate;
    const struct mv_train_options *options;
    const struct mv_progress *progress;
    struct mv_model_row row; /* of the rival */
    struct mv_model *rival;
    struct mv_examples audit;

    /* The messages that both have judged. */
    const struct mv_examples *from;
    size_t n;
    size_t *at; /* n: which of them */
    int *label, *old, *new;
};

static enum mv_status allot(struct gate *g, const struct mv_examples *from)
{
    size_t size = from->n + 1;

    g->from = from;
    g->at = calloc(size, sizeof *g->at);
    g->label = calloc(size, sizeof *g->label);
    g->old = calloc(size, sizeof *g->old);
    g->new = calloc(size, sizeof *g->new);
    return g->at && g->label && g->old && g->new ? MV_OK : MV_NOMEM;
}

/* --- on the audit sample -------------------------------------------------- */

static enum mv_status judge_all(const struct mv_model *model,
                                const struct mv_examples *examples, int *forced,
                                struct mv_error *error)
{
    struct mv_memo *memo = NULL;
    enum mv_status status = mv_memo_new(&memo, model);

    for (size_t i = 0; status == MV_OK && i < examples->n; i++) {
        struct mv_opinion opinion;

        status = mv_model_score(model, memo, examples->at[i].message, &opinion,
                                error);
        if (status == MV_OK)
            forced[i] = opinion.verdict != MV_VERDICT_NO_NOTE && opinion.forced;
    }
    mv_memo_free(memo);
    return status;
}

static enum mv_status on_audit(struct gate *g, struct mv_error *error)
{
    enum mv_status status = allot(g, &g->audit);

    g->n = g->audit.n;
    for (size_t i = 0; status == MV_OK && i < g->n; i++) {
        g->at[i] = i;
        g->label[i] = g->audit.at[i].label;
    }
    if (status == MV_OK)
        status = judge_all(g->rival, &g->audit, g->old, error);
    if (status == MV_OK)
        status = judge_all(g->candidate->model, &g->audit, g->new, error);
    return status;
}

/* --- by cross-validation -------------------------------------------------- */

/* The messages of both models as one list: the candidate's, then those that
 * only the rival has learnt from. */
struct both {
    struct mv_fit_example *example;
    uint8_t *learnt; /* by the rival */
    int *fold;       /* repeats x n */
    int *forced;
    size_t n;
};

struct place {
    int64_t id;
    size_t at;
};

static int by_id(const void *a, const void *b)
{
    const struct place *x = a, *y = b;

    return (x->id > y->id) - (x->id < y->id);
}

static struct place *sort_places(const struct mv_examples *examples)
{
    struct place *place = malloc((examples->n + 1) * sizeof *place);

    for (size_t i = 0; place && i < examples->n; i++)
        place[i] = (struct place){examples->id[i], i};
    if (place)
        qsort(place, examples->n, sizeof *place, by_id);
    return place;
}

/* The rival's examples go where the candidate has the same message, with the
 * label that the rival was taught; or to the end. */
static enum mv_status merge(const struct mv_examples *mine,
                            const struct mv_examples *theirs, struct both *b)
{
    struct place *place = sort_places(mine);

    if (!place)
        return MV_NOMEM;
    memcpy(b->example, mine->at, mine->n * sizeof *b->example);
    b->n = mine->n;
    for (size_t i = 0; i < theirs->n; i++) {
        struct place wanted = {theirs->id[i], 0};
        const struct place *found =
            bsearch(&wanted, place, mine->n, sizeof *place, by_id);
        size_t at = found ? found->at : b->n++;

        b->example[at] = theirs->at[i];
        b->learnt[at] = 1;
    }
    free(place);
    return MV_OK;
}

static void spread_folds(const struct mv_candidate *c, size_t repeats,
                         struct both *b)
{
    for (size_t r = 0; r < repeats; r++)
        for (size_t i = 0; i < b->n; i++)
            b->fold[r * b->n + i] =
                i < c->examples->n ? c->fold[r * c->examples->n + i] : -1;
}

static enum mv_status teach_again(struct gate *g, struct both *b,
                                  struct mv_error *error)
{
    const struct mv_fit_record *fitted = mv_model_record(g->candidate->model);
    struct mv_cross cross = {
        .examples = b->example,
        .n = b->n,
        .learnt = b->learnt,
        .fold = b->fold,
        .folds = (int)fitted->folds,
        .repeats = (int)fitted->repeats,
        .threads = g->options->threads,
        .step = g->progress ? g->progress->step : NULL,
        .payload = g->progress ? g->progress->payload : NULL,
    };

    spread_folds(g->candidate, fitted->repeats, b);
    return mv_model_cross(g->rival, &cross, b->forced, error);
}

/* Takes the messages that count: own ones where there are such. */
static void take_judged(struct gate *g, const struct both *b)
{
    const struct mv_examples *mine = g->candidate->examples;
    bool own = mv_model_record(g->candidate->model)->own > 0;

    for (size_t i = 0; i < mine->n; i++) {
        if (own && !mine->at[i].own)
            continue;
        g->at[g->n] = i;
        g->label[g->n] = mine->at[i].label;
        g->old[g->n] = b->forced[i];
        g->new[g->n++] = g->candidate->forced[i];
    }
}

static enum mv_status by_folds(struct gate *g, struct mv_error *error)
{
    const struct mv_examples *mine = g->candidate->examples;
    struct mv_examples theirs = {0};
    struct both b = {0};
    size_t repeats = mv_model_record(g->candidate->model)->repeats, most;
    enum mv_status status =
        mv_examples_load(&theirs, g->motivo, g->row.last_label, false, error);

    most = mine->n + theirs.n + 1;
    if (status == MV_OK) {
        b.example = calloc(most, sizeof *b.example);
        b.learnt = calloc(most, sizeof *b.learnt);
        b.fold = calloc(most * repeats, sizeof *b.fold);
        b.forced = calloc(most, sizeof *b.forced);
        status = b.example && b.learnt && b.fold && b.forced ? allot(g, mine)
                                                             : MV_NOMEM;
    }
    if (status == MV_OK)
        status = merge(mine, &theirs, &b);
    if (status == MV_OK)
        status = teach_again(g, &b, error);
    if (status == MV_OK)
        take_judged(g, &b);
    free(b.example);
    free(b.learnt);
    free(b.fold);
    free(b.forced);
    mv_examples_release(&theirs);
    return status;
}

/* --- the verdict ---------------------------------------------------------- */

static enum mv_status list_lost(const struct gate *g, struct mv_arena *arena,
                                struct mv_report_gate *out)
{
    struct mv_report_lost *lost =
        mv_arena_alloc(arena, (g->n + 1) * sizeof *lost);

    if (!lost)
        return MV_NOMEM;
    out->lost = lost;
    for (size_t i = 0; i < g->n; i++) {
        const struct mv_fit_example *example = &g->from->at[g->at[i]];

        if (g->old[i] != g->label[i] || g->new[i] == g->label[i])
            continue;
        lost[out->n_lost] = (struct mv_report_lost){
            g->from->id[g->at[i]],
            g->label[i] ? MV_LABEL_PURPOSE : MV_LABEL_NO_PURPOSE,
            {mv_arena_copy(arena, example->message), example->message.len}};
        if (!lost[out->n_lost++].message.at)
            return MV_NOMEM;
    }
    return MV_OK;
}

static enum mv_status compare(const struct gate *g, struct mv_arena *arena,
                              struct mv_report_gate *out,
                              struct mv_error *error)
{
    struct mv_metrics_options wanted = {.seed = g->options->seed,
                                        .threads = g->options->threads};
    struct mv_comparison *c = &out->compared;
    enum mv_status status = mv_metrics_compare(c, g->n, g->label, g->old,
                                               g->new, NULL, &wanted, error);

    if (status != MV_OK)
        return status;
    out->compares = true;
    out->loss = (c->only_first > c->only_second && c->p_value < ALPHA) ||
                c->mcc_gain.high < 0;
    return list_lost(g, arena, out);
}

/* Whether a model could not be compared with for reasons of its own. */
static bool is_beyond(enum mv_status status)
{
    return status == MV_IO || status == MV_FORMAT || status == MV_DATA;
}

static enum mv_status meet(struct gate *g, struct mv_report_gate *out,
                           struct mv_error *error)
{
    const struct mv_fit_record *fitted = mv_model_record(g->candidate->model);
    enum mv_status status =
        mv_examples_load(&g->audit, g->motivo, 0, true, error);

    if (status != MV_OK)
        return status;
    out->basis = g->audit.n >= MV_AUDIT_LEAST ? MV_GATE_AUDIT
                 : fitted->own                ? MV_GATE_OWN
                                              : MV_GATE_ALL;
    return out->basis == MV_GATE_AUDIT ? on_audit(g, error)
                                       : by_folds(g, error);
}

enum mv_status mv_gate_pass(struct motivo *motivo,
                            const struct mv_candidate *candidate,
                            const struct mv_train_options *options,
                            const struct mv_progress *progress,
                            struct mv_arena *arena, struct mv_report_gate *out,
                            struct mv_error *error)
{
    struct gate g = {.motivo = motivo,
                     .candidate = candidate,
                     .options = options,
                     .progress = progress};
    struct mv_error reason = {0};
    enum mv_status status =
        mv_store_get_model(motivo->store, 0, arena, &g.row, &reason);

    *out = (struct mv_report_gate){0};
    if (status == MV_NOTFOUND)
        return MV_OK;
    out->rival = g.row.id;
    if (status == MV_OK)
        status = mv_facade_open_row(&g.rival, motivo, &g.row, &reason);
    if (status == MV_OK)
        status = meet(&g, out, &reason);
    if (status == MV_OK)
        status = compare(&g, arena, out, &reason);
    if (is_beyond(status)) {
        out->why = mv_arena_copy(arena, mv_span_of(reason.message));
        status = out->why ? MV_OK : MV_NOMEM;
    } else if (status != MV_OK) {
        mv_error_set(error, status, *reason.source ? reason.source : NULL,
                     reason.line, "%s", reason.message);
    }
    mv_model_free(g.rival);
    mv_examples_release(&g.audit);
    free(g.at);
    free(g.label);
    free(g.old);
    free(g.new);
    return status;
}
