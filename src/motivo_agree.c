/* What annotators agree about, and what more labels would bring. */
#include "motivo_parts.h"

#include "advise.h"
#include "report_label.h"

#include <stdlib.h>
#include <string.h>

/* --- votes ---------------------------------------------------------------- */

/* One answer that counts for a pair. */
struct answer {
    int64_t invitation;
    size_t who; /* place in annotator */
    enum mv_label first, value;
};

struct votes {
    struct mv_arena arena;
    const char **annotator;
    size_t n_annotators;
    struct answer *answer;
    size_t n, size;
};

static enum mv_status find_annotator(struct votes *votes, const char *name,
                                     size_t *who)
{
    const char **more;
    size_t n = votes->n_annotators;

    for (*who = 0; *who < n; ++*who)
        if (strcmp(votes->annotator[*who], name) == 0)
            return MV_OK;
    more = realloc(votes->annotator, (n + 1) * sizeof *more);
    if (!more)
        return MV_NOMEM;
    votes->annotator = more;
    more[n] = mv_arena_copy(&votes->arena, mv_span_of(name));
    if (!more[n])
        return MV_NOMEM;
    votes->n_annotators++;
    return MV_OK;
}

static enum mv_status keep(const struct mv_vote *vote, void *payload)
{
    struct votes *votes = payload;
    struct answer *answer;

    if (votes->n == votes->size) {
        size_t size = votes->size ? 2 * votes->size : 256;

        answer = realloc(votes->answer, size * sizeof *answer);
        if (!answer)
            return MV_NOMEM;
        votes->answer = answer;
        votes->size = size;
    }
    answer = &votes->answer[votes->n];
    *answer = (struct answer){vote->invitation, 0, vote->first, vote->value};
    if (find_annotator(votes, vote->annotator, &answer->who) != MV_OK)
        return MV_NOMEM;
    votes->n++;
    return MV_OK;
}

static void release(struct votes *votes)
{
    free(votes->annotator);
    free(votes->answer);
    mv_arena_release(&votes->arena);
}

/* --- pairs ---------------------------------------------------------------- */

struct agreement {
    struct votes votes, again;
    struct mv_report_pair *pair;
    size_t n_pairs;
    struct mv_report_dispute *dispute;
    size_t n_disputes;
    struct mv_arena arena;
};

static struct mv_agreement *pair_of(struct agreement *a, const char *first,
                                    const char *second)
{
    struct mv_report_pair *more;

    for (size_t i = 0; i < a->n_pairs; i++)
        if (strcmp(a->pair[i].first, first) == 0 &&
            strcmp(a->pair[i].second, second) == 0)
            return &a->pair[i].agreement;
    more = realloc(a->pair, (a->n_pairs + 1) * sizeof *more);
    if (!more)
        return NULL;
    a->pair = more;
    more[a->n_pairs] = (struct mv_report_pair){first, second, {.n = 0}};
    return &more[a->n_pairs++].agreement;
}

/* "ana: purpose" behind what is there. */
static enum mv_status put_saying(struct mv_buffer *says, const char *who,
                                 enum mv_label label)
{
    if ((says->len && mv_buffer_puts(says, ", ") != MV_OK) ||
        mv_buffer_puts(says, who) != MV_OK ||
        mv_buffer_puts(says, ": ") != MV_OK)
        return MV_NOMEM;
    return mv_buffer_puts(says, mv_label_name(label));
}

static enum mv_status add_dispute(struct agreement *a, int64_t invitation,
                                  struct mv_buffer *says)
{
    size_t n = a->n_disputes;
    struct mv_report_dispute *more =
        realloc(a->dispute, (n + 1) * sizeof *more);

    if (!more)
        return MV_NOMEM;
    a->dispute = more;
    more[n] = (struct mv_report_dispute){
        .id = invitation,
        .says = mv_arena_copy(&a->arena, mv_buffer_span(says))};
    mv_buffer_clear(says);
    if (!more[n].says)
        return MV_NOMEM;
    a->n_disputes++;
    return MV_OK;
}

/* Answers [from, to) are about one invitation. */
static enum mv_status compare(struct agreement *a, size_t from, size_t to,
                              struct mv_buffer *says)
{
    const struct answer *answer = a->votes.answer;
    const char **name = a->votes.annotator;
    bool differ = false;
    enum mv_status status = MV_OK;

    for (size_t i = from; i < to; i++) {
        differ = differ || answer[i].value != answer[from].value;
        for (size_t k = i + 1; k < to; k++) {
            struct mv_agreement *pair =
                pair_of(a, name[answer[i].who], name[answer[k].who]);

            if (!pair)
                return MV_NOMEM;
            pair->cell[answer[i].value][answer[k].value]++;
        }
    }
    for (size_t i = from; differ && status == MV_OK && i < to; i++)
        status = put_saying(says, name[answer[i].who], answer[i].value);
    return status == MV_OK && differ
               ? add_dispute(a, answer[from].invitation, says)
               : status;
}

/* The store tells the votes by invitation, and of each by annotator. */
static enum mv_status compare_all(struct agreement *a)
{
    struct mv_buffer says = {.len = 0};
    const struct votes *votes = &a->votes, *again = &a->again;
    enum mv_status status = MV_OK;

    for (size_t i = 0, end; status == MV_OK && i < votes->n; i = end) {
        for (end = i + 1; end < votes->n && votes->answer[end].invitation ==
                                                votes->answer[i].invitation;)
            end++;
        status = compare(a, i, end, &says);
    }
    for (size_t i = 0; status == MV_OK && i < again->n; i++) {
        const char *name = again->annotator[again->answer[i].who];
        struct mv_agreement *pair = pair_of(a, name, name);

        if (!pair)
            status = MV_NOMEM;
        else
            pair->cell[again->answer[i].first][again->answer[i].value]++;
        if (status == MV_OK && again->answer[i].first != again->answer[i].value)
            status = put_saying(&says, name, again->answer[i].first);
        if (status == MV_OK && says.len)
            status = put_saying(&says, "later", again->answer[i].value);
        if (status == MV_OK && says.len)
            status = add_dispute(a, again->answer[i].invitation, &says);
    }
    mv_buffer_release(&says);
    for (size_t i = 0; i < a->n_pairs; i++)
        mv_metrics_agree(&a->pair[i].agreement, 0);
    return status;
}

static enum mv_status name_disputes(struct motivo *motivo, struct agreement *a,
                                    struct mv_error *error)
{
    enum mv_status status = MV_OK;

    for (size_t i = 0; status == MV_OK && i < a->n_disputes; i++) {
        struct mv_stored stored;

        status = mv_store_get_invite(motivo->store, a->dispute[i].id, &a->arena,
                                     &stored, error);
        if (status != MV_OK)
            break;
        a->dispute[i].name = stored.invite.name;
        a->dispute[i].message =
            (struct mv_span){stored.invite.message, stored.invite.message_len};
    }
    return status;
}

enum mv_status mv_label_agreement(struct motivo *motivo, struct mv_page **out,
                                  struct mv_error *error)
{
    struct agreement a = {.n_pairs = 0};
    struct mv_page *page = NULL;
    enum mv_status status =
        mv_store_each_vote(motivo->store, false, keep, &a.votes, error);

    if (status == MV_OK)
        status = mv_store_each_vote(motivo->store, true, keep, &a.again, error);
    if (status == MV_OK)
        status = compare_all(&a);
    if (status == MV_OK)
        status = name_disputes(motivo, &a, error);
    if (status == MV_OK)
        status = mv_facade_page(&page, error);
    if (status == MV_OK)
        status = mv_report_agreement(page, a.pair, a.n_pairs, a.dispute,
                                     a.n_disputes);
    status = mv_facade_finish(out, page, status, error);
    release(&a.votes);
    release(&a.again);
    free(a.pair);
    free(a.dispute);
    mv_arena_release(&a.arena);
    return status;
}

/* --- advice --------------------------------------------------------------- */

struct examples {
    struct mv_arena arena;
    struct mv_fit_example *at;
    size_t n, size;
};

static enum mv_status keep_own(const struct mv_example *stored, void *payload)
{
    struct examples *e = payload;
    struct mv_span message = {stored->message, stored->message_len};

    if (stored->starter || !message.len)
        return MV_OK;
    if (e->n == e->size) {
        size_t size = e->size ? 2 * e->size : 256;
        struct mv_fit_example *at = realloc(e->at, size * sizeof *at);

        if (!at)
            return MV_NOMEM;
        e->at = at;
        e->size = size;
    }
    message.at = mv_arena_copy(&e->arena, message);
    e->at[e->n++] =
        (struct mv_fit_example){.message = message,
                                .label = stored->label == MV_LABEL_PURPOSE,
                                .language = mv_lang_parse(stored->lang)};
    return message.at ? MV_OK : MV_NOMEM;
}

/* Keeps what was found, so that the labeller can show it at once. */
static enum mv_status remember(struct motivo *motivo,
                               const struct mv_curve *curve,
                               struct mv_error *error)
{
    struct mv_advised advice = {.at = mv_facade_now(),
                                .labels = (long)curve->labels,
                                .enough = curve->enough,
                                .gain = curve->gain.value,
                                .low = curve->gain.low,
                                .high = curve->gain.high};
    struct mv_counts counts;
    enum mv_status status = mv_store_get_counts(motivo->store, &counts, error);

    advice.last_label = status == MV_OK ? counts.last_label : 0;
    return status == MV_OK ? mv_store_put_advice(motivo->store, &advice, error)
                           : status;
}

enum mv_status mv_label_advice(struct motivo *motivo, uint64_t seed,
                               int threads, const struct mv_progress *progress,
                               struct mv_page **out, struct mv_error *error)
{
    struct examples own = {.n = 0};
    struct mv_advise_options options = {.seed = seed, .threads = threads};
    struct mv_curve curve;
    struct mv_page *page = NULL;
    enum mv_status status =
        mv_store_each_example(motivo->store, 0, keep_own, &own, error);

    if (progress) {
        options.step = progress->step;
        options.payload = progress->payload;
    }
    if (status == MV_OK)
        status = mv_advise(&curve, own.at, own.n, &options, error);
    if (status == MV_OK)
        status = remember(motivo, &curve, error);
    if (status == MV_OK)
        status = mv_facade_page(&page, error);
    if (status == MV_OK)
        status = mv_report_advice(page, &curve);
    status = mv_facade_finish(out, page, status, error);
    free(own.at);
    mv_arena_release(&own.arena);
    return status;
}
