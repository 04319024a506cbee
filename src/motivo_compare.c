/* Two models side by side: where they differ, and what the labels say. */
#include "motivo_train.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_A_STEP = 512 };

struct side {
    struct mv_model_row row;
    struct mv_model *model;
    struct mv_memo *memo;
    struct mv_examples learnt;
    int64_t *ids; /* learnt.n, rising */
};

struct comparing {
    struct side side[2];
    struct mv_arena arena;
    struct mv_buffer reason;
    const struct mv_progress *progress;
    struct mv_error *error;
    long rows;

    struct mv_report_contrast told;
    struct mv_report_flip *flip;
    size_t flips, size;

    struct mv_examples labelled;
};

/* --- opening -------------------------------------------------------------- */

static int by_id(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static enum mv_status open_side(struct motivo *motivo, int64_t id,
                                struct comparing *c, struct side *side)
{
    enum mv_status status =
        mv_facade_find_model(motivo, id, &c->arena, &side->row, c->error);

    if (status == MV_OK)
        status = mv_facade_open_row(&side->model, motivo, &side->row, c->error);
    if (status == MV_OK)
        status = mv_memo_new(&side->memo, side->model);
    if (status == MV_OK)
        status = mv_examples_load(&side->learnt, motivo, side->row.last_label,
                                  false, c->error);
    if (status != MV_OK || side->row.last_label == 0)
        return status;
    side->ids = malloc((side->learnt.n + 1) * sizeof *side->ids);
    if (!side->ids)
        return MV_NOMEM;
    memcpy(side->ids, side->learnt.id, side->learnt.n * sizeof *side->ids);
    qsort(side->ids, side->learnt.n, sizeof *side->ids, by_id);
    return MV_OK;
}

static void close_side(struct side *side)
{
    mv_memo_free(side->memo);
    mv_model_free(side->model);
    mv_examples_release(&side->learnt);
    free(side->ids);
}

/* --- the inbox ------------------------------------------------------------ */

static const char *reason_of(struct comparing *c, struct side *side,
                             struct mv_span message,
                             const struct mv_opinion *opinion)
{
    mv_buffer_clear(&c->reason);
    if (mv_model_reason(side->model, side->memo, message, opinion,
                        &c->reason) != MV_OK)
        return NULL;
    return mv_arena_copy(&c->arena, mv_buffer_span(&c->reason));
}

static enum mv_status keep_flip(struct comparing *c,
                                const struct mv_stored *stored,
                                const struct mv_opinion opinion[2])
{
    struct mv_span message = {stored->invite.message,
                              stored->invite.message_len};
    struct mv_report_flip *flip;

    if (c->flips == c->size) {
        c->size = c->size ? 2 * c->size : 64;
        flip = realloc(c->flip, c->size * sizeof *flip);
        if (!flip)
            return MV_NOMEM;
        c->flip = flip;
    }
    flip = &c->flip[c->flips++];
    *flip = (struct mv_report_flip){
        .id = stored->id,
        .name = mv_arena_copy(&c->arena, mv_span_of(stored->invite.name)),
        .message = {mv_arena_copy(&c->arena, message), message.len},
    };
    for (int k = 0; k < 2; k++) {
        flip->verdict[k] = opinion[k].verdict;
        flip->probability[k] = opinion[k].probability;
        flip->reason[k] = reason_of(c, &c->side[k], message, &opinion[k]);
    }
    return flip->name && flip->message.at && flip->reason[0] && flip->reason[1]
               ? MV_OK
               : MV_NOMEM;
}

static enum mv_status judge_one(const struct mv_stored *stored, void *payload)
{
    struct comparing *c = payload;
    struct mv_span message = {stored->invite.message,
                              stored->invite.message_len};
    struct mv_opinion opinion[2];
    enum mv_status status = MV_OK;

    if (c->rows++ % ROWS_A_STEP == 0 && c->progress && c->progress->step &&
        !c->progress->step(c->progress->payload, "comparing", 0))
        return mv_error_set(c->error, MV_STOPPED, NULL, 0,
                            "the comparison was interrupted");
    for (int k = 0; status == MV_OK && k < 2; k++)
        status = mv_model_score(c->side[k].model, c->side[k].memo, message,
                                &opinion[k], c->error);
    if (status != MV_OK || opinion[0].verdict == MV_VERDICT_NO_NOTE)
        return status;
    c->told.verdicts[opinion[0].verdict][opinion[1].verdict]++;
    return opinion[0].verdict == opinion[1].verdict
               ? MV_OK
               : keep_flip(c, stored, opinion);
}

static int furthest_first(const void *a, const void *b)
{
    const struct mv_report_flip *x = a, *y = b;
    double dx = fabs(x->probability[0] - x->probability[1]);
    double dy = fabs(y->probability[0] - y->probability[1]);

    if (dx > dy || dx < dy)
        return dx < dy ? 1 : -1;
    return (x->id > y->id) - (x->id < y->id);
}

static enum mv_status judge_inbox(struct motivo *motivo, struct comparing *c,
                                  long limit)
{
    struct mv_store_filter filter = {
        .incoming = true, .inbox = true, .with_message = true};
    enum mv_status status =
        mv_store_each_invite(motivo->store, &filter, judge_one, c, c->error);

    if (c->flips)
        qsort(c->flip, c->flips, sizeof *c->flip, furthest_first);
    c->told.flip = c->flip;
    c->told.flips = c->flips;
    c->told.shown =
        limit > 0 && c->flips > (size_t)limit ? (size_t)limit : c->flips;
    return status;
}

/* --- the labels ----------------------------------------------------------- */

static bool has_learnt(const struct side *side, int64_t id)
{
    return side->ids && bsearch(&id, side->ids, side->learnt.n,
                                sizeof *side->ids, by_id) != NULL;
}

static enum mv_status take_label(const struct mv_example *stored, void *payload)
{
    struct comparing *c = payload;

    if (stored->message_len == 0)
        return MV_OK;
    return mv_examples_add(
        &c->labelled, stored->id,
        &(struct mv_fit_example){
            .message = {stored->message, stored->message_len},
            .label = stored->label == MV_LABEL_PURPOSE,
            .language = mv_lang_parse(stored->lang),
        });
}

static enum mv_status decide(struct side *side,
                             const struct mv_examples *examples, int *forced,
                             struct mv_error *error)
{
    enum mv_status status = MV_OK;

    for (size_t i = 0; status == MV_OK && i < examples->n; i++) {
        struct mv_opinion opinion;

        status = mv_model_score(side->model, side->memo,
                                examples->at[i].message, &opinion, error);
        if (status == MV_OK)
            forced[i] = opinion.verdict != MV_VERDICT_NO_NOTE && opinion.forced;
    }
    return status;
}

/* The paired figures on labels that neither has learnt from, or on all. */
static enum mv_status contrast(const struct comparing *c, bool unseen,
                               const int *label, int *const forced[2],
                               struct mv_comparison *out)
{
    struct mv_metrics_options wanted = {.seed = 1};
    size_t n = c->labelled.n, used = 0;
    int *column = malloc((3 * n + 1) * sizeof *column);
    enum mv_status status;

    if (!column)
        return MV_NOMEM;
    for (size_t i = 0; i < n; i++) {
        if (unseen && (has_learnt(&c->side[0], c->labelled.id[i]) ||
                       has_learnt(&c->side[1], c->labelled.id[i])))
            continue;
        column[used] = label[i];
        column[n + used] = forced[0][i];
        column[2 * n + used++] = forced[1][i];
    }
    status = mv_metrics_compare(out, used, column, column + n, column + 2 * n,
                                NULL, &wanted, c->error);
    free(column);
    return status;
}

static enum mv_status judge_labels(struct motivo *motivo, struct comparing *c)
{
    int *forced[2] = {NULL, NULL}, *label = NULL;
    enum mv_status status =
        mv_store_each_example(motivo->store, 0, take_label, c, c->error);
    size_t n = c->labelled.n;

    if (status == MV_OK) {
        label = malloc((n + 1) * sizeof *label);
        status = label ? MV_OK : MV_NOMEM;
    }
    for (size_t i = 0; status == MV_OK && i < n; i++)
        label[i] = c->labelled.at[i].label;
    for (int k = 0; status == MV_OK && k < 2; k++) {
        forced[k] = malloc((n + 1) * sizeof *forced[k]);
        status = forced[k]
                     ? decide(&c->side[k], &c->labelled, forced[k], c->error)
                     : MV_NOMEM;
    }
    if (status == MV_OK)
        status = contrast(c, false, label, forced, &c->told.all);
    if (status == MV_OK)
        status = contrast(c, true, label, forced, &c->told.unseen);
    free(label);
    free(forced[0]);
    free(forced[1]);
    return status;
}

enum mv_status mv_models_compare(struct motivo *motivo, int64_t first,
                                 int64_t second, long limit,
                                 const struct mv_progress *progress,
                                 struct mv_page **out, struct mv_error *error)
{
    struct comparing c = {.progress = progress, .error = error};
    struct mv_page *page = NULL;
    enum mv_status status = open_side(motivo, first, &c, &c.side[0]);

    if (status == MV_OK)
        status = open_side(motivo, second, &c, &c.side[1]);
    c.told.model[0] = c.side[0].row.id;
    c.told.model[1] = c.side[1].row.id;
    if (status == MV_OK)
        status = judge_inbox(motivo, &c, limit);
    if (status == MV_OK)
        status = judge_labels(motivo, &c);
    if (status == MV_OK)
        status = mv_facade_page(&page, error);
    if (status == MV_OK)
        status = mv_report_compare(page, &c.told);
    status = mv_facade_finish(out, page, status, error);
    close_side(&c.side[0]);
    close_side(&c.side[1]);
    mv_examples_release(&c.labelled);
    mv_buffer_release(&c.reason);
    free(c.flip);
    mv_arena_release(&c.arena);
    return status;
}
