/* A session of labelling: what is shown, and what is said. */
#include "motivo_ask.h"

#include "advise.h"
#include "report_text.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static enum mv_status no_memory(struct mv_error *error)
{
    return mv_error_set(error, MV_NOMEM, NULL, 0, "out of memory");
}

/* --- opening -------------------------------------------------------------- */

static int64_t start_of_day(void)
{
    time_t now = (time_t)mv_facade_now();
    struct tm day;

    if (!localtime_r(&now, &day))
        return (int64_t)now - 86400;
    day.tm_hour = day.tm_min = day.tm_sec = 0;
    day.tm_isdst = -1;
    return (int64_t)mktime(&day);
}

enum mv_status mv_ask_open(struct mv_asking **out, struct motivo *motivo,
                           const struct mv_ask_options *options,
                           const struct mv_progress *progress,
                           struct mv_error *error)
{
    const char *annotator = options->annotator ? options->annotator : "me";
    struct mv_asking *asking = calloc(1, sizeof *asking);
    struct mv_ask_texts texts = {.size = 0};
    enum mv_status status = asking ? MV_OK : MV_NOMEM;

    if (status == MV_OK) {
        asking->motivo = motivo;
        asking->ask = options->ask;
        asking->model = options->model;
        asking->midnight = start_of_day();
        asking->annotator =
            mv_arena_copy(&asking->arena, mv_span_of(annotator));
        status = asking->annotator ? MV_OK : MV_NOMEM;
    }
    if (status == MV_OK && asking->model)
        status = mv_scratch_new(&asking->scratch, asking->model);
    if (status == MV_NOMEM)
        no_memory(error);
    if (status == MV_OK)
        status = mv_ask_load(asking, &texts, error);
    if (status == MV_OK)
        status = mv_ask_order(asking, &texts, options, progress, error);
    mv_ask_texts_release(&texts);
    if (status == MV_OK)
        *out = asking;
    else
        mv_ask_close(asking);
    return status;
}

void mv_ask_close(struct mv_asking *asking)
{
    if (!asking)
        return;
    mv_scratch_free(asking->scratch);
    free(asking->item);
    free(asking->queue);
    mv_arena_release(&asking->arena);
    mv_arena_release(&asking->shown);
    free(asking);
}

/* --- finding -------------------------------------------------------------- */

/* Items come in the order of their ids; those that an undo brought in stand
 * behind them. */
size_t mv_ask_find(const struct mv_asking *asking, int64_t id)
{
    size_t low = 0, high = asking->n_loaded;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (asking->item[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < asking->n_loaded && asking->item[low].id == id)
        return low;
    for (low = asking->n_loaded; low < asking->n_items; low++)
        if (asking->item[low].id == id)
            break;
    return low;
}

size_t mv_ask_count(const struct mv_asking *asking)
{
    return asking->n_queue;
}

size_t mv_ask_next(const struct mv_asking *asking, size_t index)
{
    while (index < asking->n_queue &&
           asking->item[asking->queue[index]].answered)
        index++;
    return index;
}

static struct mv_item *item_at(const struct mv_asking *asking, size_t index)
{
    return &asking->item[asking->queue[index]];
}

/* Whether the item may be settled as a copy of another. */
static bool is_copy(const struct mv_asking *asking, const struct mv_item *of,
                    const struct mv_item *item)
{
    return item != of && item->copy == of->copy && of->copy >= 0 &&
           !item->labelled && !item->answered &&
           (asking->ask == MV_ASK_UNSURE || asking->ask == MV_ASK_RANDOM ||
            asking->ask == MV_ASK_NEWEST);
}

static size_t count_copies(const struct mv_asking *asking,
                           const struct mv_item *of)
{
    size_t n = 0;

    for (size_t i = 0; i < asking->n_items; i++)
        n += is_copy(asking, of, &asking->item[i]);
    return n;
}

/* --- showing -------------------------------------------------------------- */

static void put_day(int64_t at, char *date)
{
    char text[MV_FACADE_TIME];

    mv_facade_time(at, text);
    snprintf(date, 12, "%.10s", text);
}

/* The file's own word, else what the model takes it for. */
static enum mv_status tell_language(struct mv_asking *asking,
                                    const struct mv_invite *invite,
                                    struct mv_question *out)
{
    struct mv_judgement said;
    enum mv_status status;

    out->language = invite->lang ? mv_report_language_of(invite->lang) : NULL;
    if (invite->lang || !asking->model)
        return MV_OK;
    status = mv_judge(asking->model, asking->scratch, invite->message,
                      invite->message_len, &said, NULL);
    if (status == MV_OK)
        out->language = mv_report_language_of(said.language);
    return status == MV_NOMEM ? status : MV_OK;
}

static enum mv_status show(struct mv_asking *asking, const struct mv_item *item,
                           struct mv_question *out, struct mv_error *error)
{
    struct mv_store *store = asking->motivo->store;
    struct mv_question question = {
        .answered = item->answered, .label = item->label, .kind = item->kind};
    struct mv_stored stored;
    enum mv_status status;

    mv_arena_release(&asking->shown);
    status =
        mv_store_get_invite(store, item->id, &asking->shown, &stored, error);
    if (status == MV_OK)
        status =
            mv_store_get_work(store, item->id, &asking->shown,
                              &question.company, &question.position, error);
    if (status == MV_OK)
        status = mv_store_get_note(store, item->id, asking->annotator,
                                   &asking->shown, &question.note, error);
    if (status == MV_OK)
        status = tell_language(asking, &stored.invite, &question);
    if (status != MV_OK)
        return status;
    question.id = item->id;
    question.name = stored.invite.name;
    question.url = stored.invite.url;
    question.origin = stored.invite.origin;
    question.message = stored.invite.message;
    question.message_len = stored.invite.message_len;
    question.copies = count_copies(asking, item);
    put_day(stored.invite.sent_at, question.date);
    *out = question;
    return MV_OK;
}

enum mv_status mv_ask_get(struct mv_asking *asking, size_t index,
                          struct mv_question *out, struct mv_error *error)
{
    if (index >= asking->n_queue)
        return mv_error_set(error, MV_RANGE, NULL, 0, "no such message");
    return show(asking, item_at(asking, index), out, error);
}

enum mv_status mv_ask_copy(struct mv_asking *asking, size_t index, size_t k,
                           struct mv_question *out, struct mv_error *error)
{
    const struct mv_item *of;

    if (index >= asking->n_queue)
        return mv_error_set(error, MV_RANGE, NULL, 0, "no such message");
    of = item_at(asking, index);
    for (size_t i = 0; i < asking->n_items; i++)
        if (is_copy(asking, of, &asking->item[i]) && k-- == 0)
            return show(asking, &asking->item[i], out, error);
    return mv_error_set(error, MV_RANGE, NULL, 0, "no such copy");
}

/* --- saying --------------------------------------------------------------- */

enum mv_chosen mv_ask_chosen(const struct mv_asking *asking)
{
    switch (asking->ask) {
    case MV_ASK_UNSURE: return MV_CHOSEN_UNSURE;
    case MV_ASK_RANDOM: return MV_CHOSEN_RANDOM;
    case MV_ASK_NEWEST: return MV_CHOSEN_NEWEST;
    case MV_ASK_SUSPECT: return MV_CHOSEN_SUSPECT;
    case MV_ASK_AUDIT: return MV_CHOSEN_AUDIT;
    case MV_ASK_AGAIN: break;
    }
    return MV_CHOSEN_AGAIN;
}

/* The item and, where asked for, its copies: places among the items. Returns
 * how many. */
static size_t settle(const struct mv_asking *asking, const struct mv_item *item,
                     bool copies, size_t *place)
{
    size_t n = 0;

    place[n++] = (size_t)(item - asking->item);
    for (size_t i = 0; copies && i < asking->n_items; i++)
        if (is_copy(asking, item, &asking->item[i]))
            place[n++] = i;
    return n;
}

static enum mv_status record(struct mv_asking *asking, const size_t *place,
                             size_t n, enum mv_label label, const char *kind,
                             struct mv_error *error)
{
    struct mv_labelling *rows = calloc(n, sizeof *rows);
    enum mv_status status;

    if (!rows)
        return no_memory(error);
    for (size_t i = 0; i < n; i++)
        rows[i] = (struct mv_labelling){.invitation = asking->item[place[i]].id,
                                        .annotator = asking->annotator,
                                        .value = label,
                                        .kind = kind,
                                        .at = mv_facade_now(),
                                        .chosen = i ? MV_CHOSEN_COPY
                                                    : mv_ask_chosen(asking)};
    status = mv_store_put_act(asking->motivo->store, rows, n, error);
    free(rows);
    for (size_t i = 0; status == MV_OK && i < n; i++) {
        asking->item[place[i]].answered = true;
        asking->item[place[i]].label = label;
        asking->item[place[i]].kind = kind;
    }
    return status;
}

enum mv_status mv_ask_answer(struct mv_asking *asking, size_t index,
                             enum mv_label label, const char *kind, bool copies,
                             struct mv_error *error)
{
    const struct mv_kind *known = mv_kind_find(kind);
    size_t *place;
    enum mv_status status;

    if (index >= asking->n_queue || (kind && !known) ||
        (known && known->label != label))
        return mv_error_set(error, MV_RANGE, NULL, 0,
                            "no such message, or a kind of the other label");
    place = calloc(asking->n_items, sizeof *place);
    if (!place)
        return no_memory(error);
    status = record(asking, place,
                    settle(asking, item_at(asking, index), copies, place),
                    label, known ? known->name : NULL, error);
    free(place);
    return status;
}

/* The place in the queue of an invitation, put there if it was not. */
static enum mv_status bring_in(struct mv_asking *asking, int64_t id,
                               size_t *index)
{
    size_t at = mv_ask_find(asking, id), i;

    if (at == asking->n_items) {
        struct mv_item *item = asking->item;

        if (at + 1 > asking->size_items)
            item = realloc(item, (2 * at + 16) * sizeof *item);
        if (!item)
            return MV_NOMEM;
        if (at + 1 > asking->size_items)
            asking->size_items = 2 * at + 16;
        asking->item = item;
        item[asking->n_items++] = (struct mv_item){.id = id, .copy = -1};
    }
    for (i = 0; i < asking->n_queue; i++)
        if (asking->queue[i] == at)
            break;
    *index = i;
    return i < asking->n_queue ? MV_OK : mv_ask_enqueue(asking, at);
}

/* Whose labels stand for an item. */
struct standing {
    struct mv_asking *asking;
    uint8_t *anyone, *me;
};

static enum mv_status see_standing(const struct mv_vote *vote, void *payload)
{
    struct standing *s = payload;
    size_t at = mv_ask_find(s->asking, vote->invitation);

    if (at == s->asking->n_items)
        return MV_OK;
    s->anyone[at] = 1;
    if (strcmp(vote->annotator, s->asking->annotator) == 0)
        s->me[at] = 1;
    return MV_OK;
}

/* What was answered and no longer stands waits again. */
static enum mv_status look_again(struct mv_asking *asking,
                                 struct mv_error *error)
{
    struct standing s = {asking, calloc(asking->n_items + 1, 1),
                         calloc(asking->n_items + 1, 1)};
    enum mv_status status =
        s.anyone && s.me ? mv_store_each_vote(asking->motivo->store, false,
                                              see_standing, &s, error)
                         : no_memory(error);

    for (size_t i = 0; status == MV_OK && i < asking->n_items; i++) {
        asking->item[i].answered = asking->item[i].answered && s.me[i];
        asking->item[i].labelled = s.anyone[i] != 0;
    }
    free(s.anyone);
    free(s.me);
    return status;
}

enum mv_status mv_ask_undo(struct mv_asking *asking, size_t *index,
                           struct mv_taken_back *out, struct mv_error *error)
{
    enum mv_status status =
        mv_label_undo(asking->motivo, asking->annotator, out, error);

    if (status == MV_OK && bring_in(asking, out->id, index) != MV_OK)
        status = no_memory(error);
    if (status == MV_OK)
        status = look_again(asking, error);
    if (status == MV_OK)
        item_at(asking, *index)->answered = false;
    return status;
}

enum mv_status mv_ask_note(struct mv_asking *asking, size_t index,
                           const char *text, struct mv_error *error)
{
    struct mv_noted note = {
        .annotator = asking->annotator, .at = mv_facade_now(), .text = text};

    if (index >= asking->n_queue)
        return mv_error_set(error, MV_RANGE, NULL, 0, "no such message");
    note.invitation = item_at(asking, index)->id;
    return mv_store_put_note(asking->motivo->store, &note, error);
}

/* --- what the model thinks of it ------------------------------------------ */

enum mv_status mv_ask_guess(struct mv_asking *asking, size_t index,
                            struct mv_guess *out, struct mv_error *error)
{
    struct mv_question question;
    struct mv_judgement said;
    enum mv_status status;

    if (!asking->model)
        return mv_error_set(error, MV_NOTFOUND, NULL, 0, "there is no model");
    if (index >= asking->n_queue || !item_at(asking, index)->answered)
        return mv_error_set(error, MV_RANGE, NULL, 0,
                            "the model is asked after the person");
    status = mv_ask_get(asking, index, &question, error);
    if (status == MV_OK)
        status = mv_judge(asking->model, asking->scratch, question.message,
                          question.message_len, &said, error);
    if (status != MV_OK)
        return status;
    *out = (struct mv_guess){.verdict = said.verdict,
                             .probability = said.probability,
                             .disagrees =
                                 (said.verdict == MV_VERDICT_PURPOSE &&
                                  question.label == MV_LABEL_NO_PURPOSE) ||
                                 (said.verdict == MV_VERDICT_NO_PURPOSE &&
                                  question.label == MV_LABEL_PURPOSE),
                             .reason = said.reason};
    return MV_OK;
}

/* --- how far it has come -------------------------------------------------- */

enum mv_status mv_ask_headway(struct mv_asking *asking, struct mv_headway *out,
                              struct mv_error *error)
{
    struct mv_store *store = asking->motivo->store;
    struct mv_labelled labelled;
    struct mv_advised advice;
    enum mv_status status = mv_store_get_labelled(
        store, asking->annotator, asking->midnight, &labelled, error);

    if (status != MV_OK)
        return status;
    *out = (struct mv_headway){.today = labelled.since};
    memcpy(out->label, labelled.label, sizeof out->label);
    for (size_t i = 0; i < asking->n_queue; i++)
        out->left += !item_at(asking, i)->answered;
    status = mv_store_get_advice(store, &advice, NULL);
    if (status == MV_NOTFOUND)
        return MV_OK;
    if (status != MV_OK)
        return mv_error_set(error, status, NULL, 0, "%s",
                            mv_status_name(status));
    out->advised = advice.since <= MV_ADVISE_MORE; /* else it is out of date */
    out->advised_labels = advice.labels;
    out->enough = advice.enough;
    out->gain = advice.gain;
    out->low = advice.low;
    out->high = advice.high;
    return MV_OK;
}
