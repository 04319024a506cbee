/* The messages that were judged, held against those the model learnt from. */
#include "motivo_parts.h"

#include "split.h"
#include "text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    BATCH_LEAST = 30, /* fewer messages tell nothing as a batch */
    LABEL_FIRST = 30, /* how many to label when it drifts */
    CANDIDATES = 300  /* among which these are looked for */
};

/* A difference counts when it is sure (p) and large. */
static const double SURE = 0.01;
static const double WORDS_MORE = 0.10;   /* of the words, beyond training */
static const double FOREIGN_MOST = 0.10; /* of the messages */
static const double MISFIT_MOST = 0.10;  /* Kolmogorov–Smirnov distance */

/* A message without a label. */
struct message {
    int64_t id;
    double p, unseen, worth;
};

/* A labelled message: the model may have learnt from it, under whatever name
 * it came. */
struct labelled {
    uint64_t hash;
    enum mv_label label;
};

struct mv_batch_reading {
    struct labelled *known; /* by hash */
    size_t n_known, known_size;
    const struct mv_model *model;
    struct mv_memo *memo;
    struct mv_error *error;
    struct mv_report_batch *batch;
    struct message *at;
    size_t n, size;
    double languages[MV_LANG_COUNT];
    double worded, sum, square; /* messages with words, their new shares */
};

/* --- reading -------------------------------------------------------------- */

static uint64_t hash_of(const char *text, size_t len)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
    return hash ^ hash >> 32;
}

static enum mv_status know(const struct mv_example *example, void *payload)
{
    struct mv_batch_reading *r = payload;

    if (r->n_known == r->known_size) {
        size_t size = r->known_size ? 2 * r->known_size : 1024;
        struct labelled *known = realloc(r->known, size * sizeof *known);

        if (!known)
            return MV_NOMEM;
        r->known = known;
        r->known_size = size;
    }
    r->known[r->n_known++] = (struct labelled){
        hash_of(example->message, example->message_len), example->label};
    return MV_OK;
}

static int by_hash(const void *a, const void *b)
{
    const struct labelled *x = a, *y = b;

    return (x->hash > y->hash) - (x->hash < y->hash);
}

static const struct labelled *find(const struct mv_batch_reading *r,
                                   const struct mv_invite *invite)
{
    struct labelled key = {.hash =
                               hash_of(invite->message, invite->message_len)};

    return r->n_known ? bsearch(&key, r->known, r->n_known, sizeof key, by_hash)
                      : NULL;
}

static enum mv_status append(struct mv_batch_reading *r, struct message message)
{
    if (r->n == r->size) {
        size_t size = r->size ? 2 * r->size : 256;
        struct message *at = realloc(r->at, size * sizeof *at);

        if (!at)
            return MV_NOMEM;
        r->at = at;
        r->size = size;
    }
    r->at[r->n++] = message;
    return MV_OK;
}

/* Judges again what an older version has judged without noting this. */
static enum mv_status judge(struct mv_batch_reading *r,
                            const struct mv_stored *stored,
                            struct mv_noted_words *out)
{
    struct mv_span text = {stored->invite.message, stored->invite.message_len};
    struct mv_novelty novelty = {0, 0};
    struct mv_opinion said;
    enum mv_status status =
        mv_model_score(r->model, r->memo, text, &said, r->error);

    if (status == MV_OK && !said.canned)
        status = mv_model_novelty(r->model, r->memo, &novelty);
    if (status == MV_OK)
        *out = (struct mv_noted_words){true, said.canned, (long)novelty.words,
                                       (long)novelty.unseen};
    return status;
}

static enum mv_status look(struct mv_batch_reading *r,
                           const struct mv_stored *stored)
{
    struct message message = {.id = stored->id, .p = stored->probability};
    struct mv_noted_words novelty = stored->novelty;
    enum mv_status status = MV_OK;

    if (!novelty.known)
        status = judge(r, stored, &novelty);
    /* LinkedIn's own text is no-purpose for sure and says nothing of drift. */
    if (status != MV_OK || novelty.canned)
        return status;
    r->languages[mv_lang_parse(stored->language)]++;
    if (novelty.words) {
        message.unseen = (double)novelty.unseen / (double)novelty.words;
        r->worded++;
        r->sum += message.unseen;
        r->square += message.unseen * message.unseen;
    }
    return append(r, message);
}

enum mv_status mv_facade_batch_take(struct mv_batch *batch,
                                    const struct mv_stored *stored)
{
    struct mv_batch_reading *r = batch->reading;
    const struct labelled *known;

    if (!stored->has_verdict || stored->verdict == MV_VERDICT_NO_NOTE)
        return MV_OK;
    known = find(r, &stored->invite);
    if (known)
        batch->report.labelled[known->label]++;
    if (known || stored->invite.has_label)
        return MV_OK;
    return look(r, stored);
}

/* --- comparing ------------------------------------------------------------ */

static void compare_words(struct mv_batch_reading *r,
                          const struct mv_fit_record *record)
{
    struct mv_report_batch *b = r->batch;
    double n = r->worded, mean = r->sum / n, variance, error;

    b->unseen_trained = record->reference.bins ? record->unseen_mean : NAN;
    b->unseen = b->unseen_p = NAN;
    if (n < 2)
        return;
    variance = fmax(r->square / n - mean * mean, 0);
    error = sqrt(variance / n + record->unseen_sd * record->unseen_sd /
                                    (double)record->examples);
    b->unseen = mean;
    b->unseen_p =
        error > 0
            ? 2 * mv_stats_normal_cdf(-fabs(mean - record->unseen_mean) / error)
            : 1;
    if (mean - b->unseen_trained > WORDS_MORE && b->unseen_p < SURE)
        b->drift |= MV_DRIFT_WORDS;
}

static void compare_languages(struct mv_batch_reading *r,
                              const struct mv_fit_record *record)
{
    struct mv_report_batch *b = r->batch;
    double n = (double)r->n, all = (double)record->examples;

    for (int l = 0; l < MV_LANG_COUNT; l++) {
        double here = r->languages[l] / n;
        double there = (double)record->languages[l] / all;

        b->languages += fabs(here - there) / 2;
        if (l != MV_LANG_UND && there < 0.01)
            b->foreign += here;
    }
    if (mv_stats_wilson((long)(b->foreign * n + 0.5), (long)r->n, 0.95).low >
        FOREIGN_MOST)
        b->drift |= MV_DRIFT_LANGUAGES;
}

static enum mv_status compare_scores(struct mv_batch_reading *r,
                                     const struct mv_fit_record *record)
{
    struct mv_quantify_options options = {.seed = record->seed};
    double *p = malloc((r->n + 1) * sizeof *p);
    enum mv_status status = p ? MV_OK : MV_NOMEM;

    for (size_t i = 0; p && i < r->n; i++)
        p[i] = r->at[i].p;
    if (status == MV_OK)
        status = mv_quantify_share(&r->batch->share, &record->reference, r->n,
                                   p, &options, r->error);
    free(p);
    /* Messages that are clearer than the training's differ, too: no harm. */
    if (status == MV_OK && r->batch->share.misfit.d > MISFIT_MOST &&
        r->batch->share.misfit.p < SURE &&
        r->batch->share.open > r->batch->share.open_expected)
        r->batch->drift |= MV_DRIFT_SCORES;
    return status;
}

/* --- what to label first -------------------------------------------------- */

static int most_worth_first(const void *a, const void *b)
{
    const struct message *x = a, *y = b;

    if (x->worth > y->worth || x->worth < y->worth)
        return x->worth < y->worth ? 1 : -1;
    return (x->id > y->id) - (x->id < y->id);
}

/* A label teaches most where the verdict is open and the words are new. */
static void weigh(struct mv_batch_reading *r, double threshold)
{
    for (size_t i = 0; i < r->n; i++) {
        double p = r->at[i].p;
        double open = p >= threshold ? (1 - p) / fmax(1 - threshold, 1e-9)
                                     : p / fmax(threshold, 1e-9);

        r->at[i].worth = open + r->at[i].unseen;
    }
    qsort(r->at, r->n, sizeof *r->at, most_worth_first);
}

static enum mv_status fetch(struct motivo *motivo,
                            const struct message *message, struct mv_batch *out,
                            struct mv_report_row *row, struct mv_error *error)
{
    struct mv_stored stored;
    enum mv_status status = mv_store_get_invite(motivo->store, message->id,
                                                &out->arena, &stored, error);

    if (status != MV_OK)
        return status;
    *row = (struct mv_report_row){.id = stored.id,
                                  .name = stored.invite.name,
                                  .url = stored.invite.url,
                                  .message = stored.invite.message,
                                  .language = stored.language,
                                  .sent_at = stored.invite.sent_at,
                                  .probability = message->p,
                                  .connected = stored.connected,
                                  .has_outcome = stored.has_outcome,
                                  .useful = stored.useful,
                                  .origin = stored.invite.origin};
    return MV_OK;
}

/* Keeps the first row of each set of near-duplicates. */
static enum mv_status drop_copies(struct mv_batch *out, size_t n,
                                  struct mv_error *error)
{
    struct mv_text *text = NULL;
    struct mv_tokens *tokens = calloc(n, sizeof *tokens);
    struct mv_span *folded = calloc(n, sizeof *folded);
    int *group = calloc(n, sizeof *group), seen = -1;
    size_t kept = 0;
    enum mv_status status =
        tokens && folded && group ? mv_text_new(&text) : MV_NOMEM;

    for (size_t i = 0; status == MV_OK && i < n; i++) {
        status = mv_text_tokens(text, mv_span_of(out->row[i].message),
                                &tokens[i], error);
        folded[i] = mv_buffer_span(&tokens[i].folded);
    }
    if (status == MV_OK)
        status = mv_split_group(group, NULL, n, folded, error);
    for (size_t i = 0; status == MV_OK && i < n && kept < LABEL_FIRST; i++)
        if (group[i] > seen) { /* numbered in order of appearance */
            seen = group[i];
            out->row[kept++] = out->row[i];
        }
    for (size_t i = 0; tokens && i < n; i++)
        mv_tokens_release(&tokens[i]);
    free(tokens);
    free(folded);
    free(group);
    mv_text_free(text);
    out->report.label = out->row;
    out->report.n_label = kept;
    return status;
}

static enum mv_status choose(struct motivo *motivo, struct mv_batch_reading *r,
                             struct mv_batch *out)
{
    size_t n = r->n < CANDIDATES ? r->n : CANDIDATES;
    enum mv_status status = MV_OK;

    weigh(r, mv_model_record(r->model)->thresholds.forced);
    out->row = calloc(n + 1, sizeof *out->row);
    if (!out->row)
        return MV_NOMEM;
    for (size_t i = 0; status == MV_OK && i < n; i++)
        status = fetch(motivo, &r->at[i], out, &out->row[i], r->error);
    return status == MV_OK ? drop_copies(out, n, r->error) : status;
}

/* --- the whole ------------------------------------------------------------ */

static enum mv_status compare(struct motivo *motivo, struct mv_batch_reading *r,
                              struct mv_batch *out)
{
    const struct mv_fit_record *record = mv_model_record(r->model);
    enum mv_status status;

    out->report.n = r->n;
    if (r->n < BATCH_LEAST || record->reference.bins == 0) {
        struct mv_quantify_options options = {0};

        out->report.unseen = out->report.unseen_trained = out->report.unseen_p =
            NAN;
        out->report.languages = out->report.foreign = NAN;
        return mv_quantify_share(&out->report.share, &record->reference, 0,
                                 NULL, &options, r->error);
    }
    compare_words(r, record);
    compare_languages(r, record);
    status = compare_scores(r, record);
    if (status == MV_OK && out->report.drift)
        status = choose(motivo, r, out);
    return status;
}

enum mv_status mv_facade_batch_open(struct motivo *motivo,
                                    const struct mv_model *model,
                                    struct mv_batch *out,
                                    struct mv_error *error)
{
    struct mv_batch_reading *r = calloc(1, sizeof *r);
    enum mv_status status;

    if (!r)
        return MV_NOMEM;
    *r = (struct mv_batch_reading){
        .model = model, .error = error, .batch = &out->report};
    out->reading = r;
    status = mv_memo_new(&r->memo, model);
    if (status == MV_OK)
        status = mv_store_each_example(motivo->store, 0, know, r, error);
    if (r->n_known)
        qsort(r->known, r->n_known, sizeof *r->known, by_hash);
    return status;
}

enum mv_status mv_facade_batch(struct motivo *motivo, struct mv_batch *batch)
{
    return compare(motivo, batch->reading, batch);
}

void mv_facade_batch_release(struct mv_batch *batch)
{
    if (batch->reading) {
        mv_memo_free(batch->reading->memo);
        free(batch->reading->at);
        free(batch->reading->known);
    }
    free(batch->reading);
    free(batch->row);
    mv_arena_release(&batch->arena);
}
