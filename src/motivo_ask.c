/* Which messages a session of labelling asks about, and in which order. */
#include "motivo_ask.h"

#include "choose.h"
#include "parallel.h"
#include "split.h"
#include "text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    USUAL = 50,      /* of an audit or a second pass, when not said */
    TEMPLATE = 3,    /* copies from which on a template comes first */
    AUDIT_SEED = 77, /* the audit sample is the same in every session */
    SCORE_BLOCK = 256
};

static enum mv_status no_memory(struct mv_error *error)
{
    return mv_error_set(error, MV_NOMEM, NULL, 0, "out of memory");
}

/* --- loading -------------------------------------------------------------- */

struct loading {
    struct mv_asking *asking;
    struct mv_ask_texts *texts;
    struct mv_text *text;
    struct mv_tokens tokens;
};

static enum mv_status grow(struct loading *loading)
{
    struct mv_asking *asking = loading->asking;
    struct mv_ask_texts *texts = loading->texts;
    size_t size = texts->size ? 2 * texts->size : 1024;
    struct mv_item *item = realloc(asking->item, size * sizeof *item);
    struct mv_span *span;

    if (!item)
        return MV_NOMEM;
    asking->item = item;
    asking->size_items = size;
    struct mv_span **const all[] = {&texts->message, &texts->folded,
                                    &texts->name};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        span = realloc(*all[i], size * sizeof *span);
        if (!span)
            return MV_NOMEM;
        *all[i] = span;
    }
    texts->size = size;
    return MV_OK;
}

/* A copy of the folded text; what is not UTF-8 is taken as it is. */
static enum mv_status fold(struct loading *loading, struct mv_span text,
                           struct mv_span *out)
{
    enum mv_status status =
        text.len ? mv_text_tokens(loading->text, text, &loading->tokens, NULL)
                 : MV_FORMAT;

    if (status == MV_NOMEM)
        return status;
    if (status == MV_OK)
        text = mv_buffer_span(&loading->tokens.folded);
    out->at = mv_arena_copy(&loading->texts->arena, text);
    out->len = text.len;
    return out->at ? MV_OK : MV_NOMEM;
}

static enum mv_status load_one(const struct mv_stored *stored, void *payload)
{
    struct loading *loading = payload;
    struct mv_asking *asking = loading->asking;
    struct mv_ask_texts *texts = loading->texts;
    struct mv_span message = {stored->invite.message,
                              stored->invite.message_len};
    size_t n = asking->n_items;

    if (n == texts->size && grow(loading) != MV_OK)
        return MV_NOMEM;
    asking->item[n] = (struct mv_item){
        .id = stored->id,
        .key = stored->key.person ^
               (stored->key.item << 1 | stored->key.item >> 63),
        .sent_at = stored->invite.sent_at,
        .labelled = stored->invite.has_label,
    };
    texts->message[n] =
        (struct mv_span){mv_arena_copy(&texts->arena, message), message.len};
    if (!texts->message[n].at ||
        fold(loading, message, &texts->folded[n]) != MV_OK ||
        fold(loading, mv_span_of(stored->invite.name), &texts->name[n]) !=
            MV_OK)
        return MV_NOMEM;
    /* What nobody can see is no message. */
    asking->n_items += texts->folded[n].len > 0;
    return MV_OK;
}

static bool get_arrays(struct mv_ask_texts *texts, size_t n)
{
    texts->p = calloc(n + 1, sizeof *texts->p);
    texts->group = calloc(n + 1, sizeof *texts->group);
    texts->label = calloc(n + 1, sizeof *texts->label);
    texts->done = calloc(n + 1, sizeof *texts->done);
    texts->at = calloc(n + 1, sizeof *texts->at);
    texts->key = calloc(n + 1, sizeof *texts->key);
    return texts->p && texts->group && texts->label && texts->done &&
           texts->at && texts->key;
}

/* Near-duplicates, and among them the copies of templates. */
static enum mv_status group(struct mv_asking *asking,
                            struct mv_ask_texts *texts, struct mv_error *error)
{
    size_t n = asking->n_items;
    int *copy = calloc(n + 1, sizeof *copy);
    enum mv_status status = MV_NOMEM;

    if (copy && get_arrays(texts, n))
        status = mv_split_group(texts->group, NULL, n, texts->folded, error);
    if (status == MV_OK)
        status = mv_choose_copies(copy, n, texts->folded, texts->name,
                                  texts->group, error);
    for (size_t i = 0; status == MV_OK && i < n; i++) {
        asking->item[i].copy = copy[i];
        texts->p[i] = (double)NAN;
        texts->at[i] = asking->item[i].sent_at;
        texts->key[i] = asking->item[i].key;
        texts->done[i] = asking->item[i].labelled;
    }
    free(copy);
    return status;
}

enum mv_status mv_ask_load(struct mv_asking *asking, struct mv_ask_texts *texts,
                           struct mv_error *error)
{
    struct mv_store_filter filter = {
        .incoming = true, .inbox = true, .with_message = true};
    struct loading loading = {.asking = asking, .texts = texts};
    enum mv_status status = mv_text_new(&loading.text);

    if (status == MV_OK)
        status = mv_store_each_invite(asking->motivo->store, &filter, load_one,
                                      &loading, error);
    mv_text_free(loading.text);
    mv_tokens_release(&loading.tokens);
    asking->n_loaded = asking->n_items;
    if (status == MV_OK)
        status = group(asking, texts, error);
    return status == MV_NOMEM ? no_memory(error) : status;
}

void mv_ask_texts_release(struct mv_ask_texts *texts)
{
    mv_arena_release(&texts->arena);
    free(texts->message);
    free(texts->folded);
    free(texts->name);
    free(texts->p);
    free(texts->group);
    free(texts->label);
    free(texts->done);
    free(texts->at);
    free(texts->key);
}

/* --- what the model says -------------------------------------------------- */

struct scoring {
    const struct mv_asking *asking;
    struct mv_ask_texts *texts;
    struct mv_memo **memo; /* one a worker */
};

/* Scores a block of messages; one that can not be read stays unknown. */
static enum mv_status score_block(void *payload, size_t index, int worker,
                                  struct mv_error *error)
{
    struct scoring *s = payload;
    size_t from = index * SCORE_BLOCK, to = from + SCORE_BLOCK;
    struct mv_opinion opinion;
    enum mv_status status;

    (void)error;
    for (size_t i = from; i < to && i < s->asking->n_items; i++) {
        if (s->texts->done[i])
            continue;
        status = mv_model_score(s->asking->model, s->memo[worker],
                                s->texts->message[i], &opinion, NULL);
        if (status == MV_OK)
            s->texts->p[i] = opinion.probability;
        else if (status != MV_FORMAT)
            return status;
    }
    return MV_OK;
}

static enum mv_status score(struct mv_asking *asking,
                            struct mv_ask_texts *texts, int threads,
                            struct mv_error *error)
{
    size_t blocks = asking->n_items / SCORE_BLOCK + 1;
    int workers = mv_parallel_workers(threads, blocks);
    struct scoring s = {.asking = asking, .texts = texts};
    enum mv_status status = MV_OK;

    s.memo = calloc((size_t)workers, sizeof *s.memo);
    if (!s.memo)
        return no_memory(error);
    for (int i = 0; status == MV_OK && i < workers; i++)
        status = mv_memo_new(&s.memo[i], asking->model);
    if (status == MV_OK)
        status = mv_parallel_for(threads, blocks, score_block, &s, error);
    for (int i = 0; i < workers; i++)
        mv_memo_free(s.memo[i]);
    free(s.memo);
    return status;
}

/* --- labels that the model contradicts ------------------------------------ */

struct examples {
    struct mv_arena arena;
    struct mv_fit_example *at;
    int64_t *id;
    size_t n, size;
};

static enum mv_status keep_example(const struct mv_example *stored,
                                   void *payload)
{
    struct examples *e = payload;

    if (!stored->message_len)
        return MV_OK;
    if (e->n == e->size) {
        size_t size = e->size ? 2 * e->size : 1024;
        struct mv_fit_example *at = realloc(e->at, size * sizeof *at);
        int64_t *id;

        if (!at)
            return MV_NOMEM;
        e->at = at;
        id = realloc(e->id, size * sizeof *id);
        if (!id)
            return MV_NOMEM;
        e->id = id;
        e->size = size;
    }
    e->at[e->n] = (struct mv_fit_example){
        .message = {mv_arena_copy(
                        &e->arena,
                        (struct mv_span){stored->message, stored->message_len}),
                    stored->message_len},
        .label = stored->label == MV_LABEL_PURPOSE,
        .language = mv_lang_parse(stored->lang),
        .own = !stored->starter};
    e->id[e->n] = stored->id;
    return e->at[e->n++].message.at ? MV_OK : MV_NOMEM;
}

/* Out-of-fold probabilities of all labels, for the items among them. */
static enum mv_status contradict(struct mv_asking *asking,
                                 struct mv_ask_texts *texts,
                                 const struct mv_ask_options *options,
                                 const struct mv_progress *progress,
                                 struct mv_error *error)
{
    struct examples e = {.n = 0};
    struct mv_fit_options fit = {.seed = options->seed,
                                 .threads = options->threads};
    struct mv_out_of_fold oof = {0};
    struct mv_model *model = NULL;
    enum mv_status status = mv_store_each_example(asking->motivo->store, 0,
                                                  keep_example, &e, error);

    if (progress) {
        fit.step = progress->step;
        fit.payload = progress->payload;
    }
    if (status == MV_OK && !(oof.probability = calloc(e.n + 1, sizeof(double))))
        status = MV_NOMEM;
    if (status == MV_OK)
        status = mv_model_fit(&model, e.at, e.n, &fit, &oof, error);
    memset(texts->done, 0, asking->n_items);
    for (size_t i = 0; status == MV_OK && i < e.n; i++) {
        size_t at = mv_ask_find(asking, e.id[i]);

        if (at == asking->n_items)
            continue;
        texts->done[at] = 1;
        texts->p[at] = oof.probability[i];
        texts->label[at] = e.at[i].label;
    }
    mv_model_free(model);
    free(oof.probability);
    free(e.at);
    free(e.id);
    mv_arena_release(&e.arena);
    return status == MV_NOMEM ? no_memory(error) : status;
}

/* --- who has been asked what ---------------------------------------------- */

/* For each item: what the annotator's newest label is, if any. */
struct asked {
    struct mv_asking *asking;
    uint8_t *mine; /* 1: labelled by the annotator */
    uint8_t *met;  /* 1: ... in the way that is asked for now */
    enum mv_chosen chosen;
};

static enum mv_status see_vote(const struct mv_vote *vote, void *payload)
{
    struct asked *asked = payload;
    size_t at = mv_ask_find(asked->asking, vote->invitation);

    if (at == asked->asking->n_items ||
        strcmp(vote->annotator, asked->asking->annotator) != 0)
        return MV_OK;
    asked->mine[at] = 1;
    asked->met[at] = vote->chosen == asked->chosen;
    return MV_OK;
}

/* --- the queue ------------------------------------------------------------ */

enum mv_status mv_ask_enqueue(struct mv_asking *asking, size_t item)
{
    if (asking->n_queue == asking->size_queue) {
        size_t size = asking->size_queue ? 2 * asking->size_queue : 256;
        size_t *queue = realloc(asking->queue, size * sizeof *queue);

        if (!queue)
            return MV_NOMEM;
        asking->queue = queue;
        asking->size_queue = size;
    }
    asking->queue[asking->n_queue++] = item;
    return MV_OK;
}

static enum mv_choose_order order_of(enum mv_ask ask)
{
    switch (ask) {
    case MV_ASK_UNSURE: return MV_CHOOSE_UNSURE;
    case MV_ASK_NEWEST: return MV_CHOOSE_NEWEST;
    case MV_ASK_SUSPECT: return MV_CHOOSE_SUSPECT;
    case MV_ASK_RANDOM:
    case MV_ASK_AUDIT:
    case MV_ASK_AGAIN: break;
    }
    return MV_CHOOSE_RANDOM;
}

/* A template that many sent comes before everything else, the largest first:
 * one answer settles it. */
struct head {
    size_t copies, at;
};

static int larger(const void *a, const void *b)
{
    const struct head *x = a, *y = b;

    if (x->copies != y->copies)
        return x->copies > y->copies ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

static enum mv_status templates_first(const struct mv_asking *asking,
                                      size_t *order, size_t n)
{
    size_t *copies = calloc(asking->n_items + 1, sizeof *copies);
    struct head *head = calloc(n + 1, sizeof *head);
    size_t *sorted = calloc(n + 1, sizeof *sorted);

    if (copies && head && sorted) {
        for (size_t i = 0; i < n; i++)
            copies[asking->item[order[i]].copy]++;
        for (size_t i = 0; i < n; i++) {
            size_t *of = &copies[asking->item[order[i]].copy];

            head[i] = (struct head){*of >= TEMPLATE ? *of : 0, i};
            *of = *of >= TEMPLATE ? 0 : *of; /* only its first one */
        }
        qsort(head, n, sizeof *head, larger);
        for (size_t i = 0; i < n; i++)
            sorted[i] = order[head[i].at];
        memcpy(order, sorted, n * sizeof *order);
    }
    free(copies);
    free(head);
    free(sorted);
    return copies && head && sorted ? MV_OK : MV_NOMEM;
}

/* Fills the queue from the order, as far as it goes. */
static enum mv_status fill(struct mv_asking *asking,
                           const struct mv_ask_options *options,
                           const size_t *order, size_t n,
                           const struct asked *asked)
{
    bool sample = options->ask == MV_ASK_AUDIT;
    bool again = options->ask == MV_ASK_AGAIN;
    size_t most = options->n > 0    ? (size_t)options->n
                  : sample || again ? USUAL
                                    : n;
    enum mv_status status = MV_OK;

    /* Of the audit sample what was asked is part of the n; a second pass asks
     * first about what others labelled, then about the annotator's own. */
    for (size_t i = 0; sample && status == MV_OK && i < n && i < most; i++)
        if (!asked->met[order[i]])
            status = mv_ask_enqueue(asking, order[i]);
    for (int own = 0; !sample && own < 2; own++)
        for (size_t i = 0; status == MV_OK && i < n && asking->n_queue < most;
             i++)
            if (asked->met[order[i]] == 0 &&
                (again ? asked->mine[order[i]] == own : own == 0))
                status = mv_ask_enqueue(asking, order[i]);
    return status;
}

/* Which rows are out of the question. */
static enum mv_status prepare(struct mv_asking *asking,
                              struct mv_ask_texts *texts,
                              const struct mv_ask_options *options,
                              const struct mv_progress *progress,
                              struct asked *asked, struct mv_error *error)
{
    static const enum mv_chosen CHOSEN[] = {MV_CHOSEN_UNSURE, MV_CHOSEN_RANDOM,
                                            MV_CHOSEN_NEWEST, MV_CHOSEN_SUSPECT,
                                            MV_CHOSEN_AUDIT,  MV_CHOSEN_AGAIN};
    enum mv_status status = MV_OK;

    asked->chosen = CHOSEN[options->ask];
    status = mv_store_each_vote(asking->motivo->store, false, see_vote, asked,
                                error);
    if (status == MV_OK && options->ask == MV_ASK_SUSPECT)
        status = contradict(asking, texts, options, progress, error);
    else if (status == MV_OK && options->ask == MV_ASK_UNSURE && asking->model)
        status = score(asking, texts, options->threads, error);
    for (size_t i = 0; i < asking->n_items; i++)
        if (options->ask == MV_ASK_AUDIT)
            texts->done[i] = 0;
        else if (options->ask == MV_ASK_AGAIN)
            texts->done[i] = !asking->item[i].labelled;
    return status;
}

enum mv_status mv_ask_order(struct mv_asking *asking,
                            struct mv_ask_texts *texts,
                            const struct mv_ask_options *options,
                            const struct mv_progress *progress,
                            struct mv_error *error)
{
    size_t n = asking->n_items, count = 0;
    struct mv_choose_rows rows = {
        n,           texts->folded, texts->p,  texts->group,
        texts->done, texts->label,  texts->at, texts->key};
    struct mv_choose_options choosing = {.order = order_of(options->ask),
                                         .seed = options->seed};
    struct asked asked = {
        .asking = asking, .mine = calloc(n + 1, 1), .met = calloc(n + 1, 1)};
    size_t *order = calloc(n + 1, sizeof *order);
    enum mv_status status = MV_NOMEM;

    if (options->ask == MV_ASK_AUDIT)
        choosing.seed = AUDIT_SEED;
    if (order && asked.mine && asked.met)
        status = prepare(asking, texts, options, progress, &asked, error);
    if (status == MV_OK)
        status = mv_choose(order, &count, &rows, &choosing, error);
    if (status == MV_OK && options->ask == MV_ASK_UNSURE)
        status = templates_first(asking, order, count);
    if (status == MV_OK)
        status = fill(asking, options, order, count, &asked);
    free(order);
    free(asked.mine);
    free(asked.met);
    return status == MV_NOMEM ? no_memory(error) : status;
}
