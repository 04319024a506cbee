/* messages.csv: rows to threads, threads and openings to the sink. Of each
 * thread there are counts, times, and the text of its first message as long as
 * that can be an opening: memory grows with conversations, not messages. */
#include "linkedin_read.h"

#include "html.h"

#include <stdlib.h>
#include <string.h>

enum { DAY = 86400 };

enum mv_status mv_linkedin_threads_new(struct mv_linkedin_threads **out)
{
    *out = calloc(1, sizeof **out);
    return *out ? MV_OK : MV_NOMEM;
}

void mv_linkedin_threads_free(struct mv_linkedin_threads *threads)
{
    if (!threads)
        return;
    mv_linkedin_map_release(&threads->by_id);
    free(threads->list);
    free(threads);
}

static enum mv_status no_memory(struct mv_linkedin_run *run)
{
    return mv_error_set(run->error, MV_NOMEM, run->name, 0,
                        "no memory to collect conversations");
}

/* --- people --------------------------------------------------------------- */

static bool is_yes(struct mv_span field)
{
    return mv_linkedin_is(field, "yes") || mv_linkedin_is(field, "true") ||
           mv_linkedin_is(field, "1");
}

/* Two records of a person are one when the URLs agree or, where one of them
 * has none, the folded names. */
static bool is_person(const struct mv_linkedin_person *person, const char *url,
                      struct mv_span folded)
{
    if (person->url && url)
        return strcmp(person->url, url) == 0;
    return person->folded && folded.len &&
           mv_span_equal(mv_span_of(person->folded), folded);
}

/* Keeps a span in the arena unless *to is there already. */
static bool fill(struct mv_arena *arena, const char **to, struct mv_span span)
{
    if (*to || span.len == 0)
        return true;
    *to = mv_arena_copy(arena, span);
    return *to != NULL;
}

/* The index of a person of the thread, who is added when not there; -1 for
 * those whom a group has too many of, and for nobody. */
static enum mv_status add_person(struct mv_linkedin_run *run,
                                 struct mv_linkedin_thread *thread,
                                 struct mv_span url, struct mv_span name,
                                 int *index)
{
    char key[MV_LINKEDIN_KEY_SIZE];
    const char *known = mv_linkedin_key(url, key) == MV_OK ? key : NULL;
    struct mv_linkedin_person *person;
    struct mv_span folded;
    enum mv_status status;
    int i = 0;

    *index = -1;
    name = mv_span_trim(name);
    if (!known && name.len == 0)
        return MV_OK;
    status = mv_linkedin_fold(run, name, &folded);
    if (status != MV_OK)
        return status;
    while (i < thread->n && !is_person(&thread->people[i], known, folded))
        i++;
    if (i == MV_LINKEDIN_PEOPLE) {
        thread->group = true;
        return MV_OK;
    }
    person = &thread->people[i];
    if (i == thread->n)
        thread->n++;
    *index = i;
    if (!fill(&run->arena, &person->url, mv_span_of(known)) ||
        !fill(&run->arena, &person->name, name) ||
        !fill(&run->arena, &person->folded, folded))
        return no_memory(run);
    return MV_OK;
}

/* The recipients: by URLs joined with ',' where there are any, else To as one
 * name, for names may hold ", " themselves. */
static enum mv_status add_recipients(struct mv_linkedin_run *run,
                                     struct mv_linkedin_thread *thread,
                                     const struct mv_linkedin_message *row)
{
    struct mv_span left = mv_span_trim(row->to_urls);
    const struct mv_span none = {NULL, 0};
    enum mv_status status = MV_OK;
    bool single = !left.len || !memchr(left.at, ',', left.len);
    int index;

    if (single)
        return add_person(run, thread, left, row->to, &index);
    while (status == MV_OK && left.len && !thread->group) {
        const char *comma = memchr(left.at, ',', left.len);
        struct mv_span url = left;

        if (comma)
            url.len = (size_t)(comma - left.at);
        left.at += url.len + (comma ? 1 : 0);
        left.len -= url.len + (comma ? 1 : 0);
        status = add_person(run, thread, url, none, &index);
    }
    return status;
}

/* --- a message into its thread -------------------------------------------- */

static size_t code_points(struct mv_span text)
{
    size_t n = 0;

    for (size_t i = 0; i < text.len; i++)
        n += ((unsigned char)text.at[i] & 0xc0) != 0x80;
    return n;
}

/* Keeps the text of what is the first message so far, when it is short enough
 * for an opening. The room is used again: newest rows come first. */
static enum mv_status keep_first(struct mv_linkedin_run *run,
                                 struct mv_linkedin_thread *thread,
                                 struct mv_span content)
{
    enum mv_status status;
    struct mv_span text;

    thread->first_len = 0;
    mv_buffer_clear(&run->html);
    status = mv_html_text(content, &run->html, NULL);
    if (status == MV_NOMEM)
        return no_memory(run);
    text = mv_span_trim(mv_buffer_span(&run->html));
    if (status != MV_OK || text.len == 0 ||
        text.len > 4 * MV_LINKEDIN_OPENING_MAX ||
        code_points(text) > MV_LINKEDIN_OPENING_MAX)
        return MV_OK;
    if (text.len + 1 > thread->first_size) {
        size_t size = 2 * thread->first_size;

        size = size < text.len + 1 ? text.len + 1 : size;
        thread->first = mv_arena_alloc(&run->arena, size);
        if (!thread->first)
            return no_memory(run);
        thread->first_size = size;
    }
    memcpy(thread->first, text.at, text.len);
    thread->first[text.len] = '\0';
    thread->first_len = text.len;
    return MV_OK;
}

/* Among messages of one second the file's order decides: in a file that lists
 * the newest first, the later row is the earlier message. */
static bool is_first(const struct mv_linkedin_thread *thread, int64_t at)
{
    if (thread->first_at == MV_NO_TIME || at < thread->first_at)
        return true;
    return at == thread->first_at && thread->falling;
}

static enum mv_status add_message(struct mv_linkedin_run *run,
                                  struct mv_linkedin_thread *thread,
                                  const struct mv_linkedin_message *row,
                                  int64_t at, bool directed)
{
    enum mv_status status;
    int sender;

    status = add_person(run, thread, row->from_url, row->from, &sender);
    if (status == MV_OK)
        status = add_recipients(run, thread, row);
    if (status != MV_OK)
        return status;
    if (sender >= 0)
        thread->people[sender].sent++;
    if (directed && thread->other < 0 && sender >= 0)
        thread->other = mv_linkedin_is(row->direction, "INCOMING")
                            ? sender
                            : (thread->n == 2 ? 1 - sender : -1);
    if (thread->seen_at != MV_NO_TIME && at != thread->seen_at)
        thread->falling = at < thread->seen_at;
    thread->seen_at = at;
    if (thread->last_at == MV_NO_TIME || at > thread->last_at)
        thread->last_at = at;
    if (!is_first(thread, at))
        return MV_OK;
    thread->first_at = at;
    thread->first_by = sender;
    thread->line = row->line;
    return keep_first(run, thread, row->content);
}

/* The thread of an id, made when it is new; NULL when memory runs out. */
static struct mv_linkedin_thread *thread_of(struct mv_linkedin_run *run,
                                            struct mv_linkedin_threads *threads,
                                            struct mv_span id)
{
    bool added;
    size_t *index =
        mv_linkedin_map_put(&threads->by_id, &run->arena, id, &added);

    if (!index)
        return NULL;
    if (!added)
        return &threads->list[*index];
    if (threads->n == threads->room) {
        size_t room = threads->room ? 2 * threads->room : 64;
        struct mv_linkedin_thread *list =
            realloc(threads->list, room * sizeof *list);

        if (!list)
            return NULL;
        threads->list = list;
        threads->room = room;
    }
    *index = threads->n;
    threads->list[threads->n] = (struct mv_linkedin_thread){
        .id = mv_arena_copy(&run->arena, id),
        .other = -1,
        .first_by = -1,
        .first_at = MV_NO_TIME,
        .last_at = MV_NO_TIME,
        .seen_at = MV_NO_TIME,
    };
    if (!threads->list[threads->n].id)
        return NULL;
    return &threads->list[threads->n++];
}

/* Why a row is no message to be counted; NULL when it is one. */
static const char *unfit(const struct mv_linkedin_message *row, bool directed)
{
    struct mv_span from = mv_span_trim(row->from);
    bool url = mv_span_trim(row->from_url).len > 0;

    if (mv_linkedin_is(row->folder, "SPAM"))
        return "in the SPAM folder";
    if (is_yes(row->draft) || is_yes(row->draft_conversation))
        return "draft";
    if (!url && from.len == 0)
        return "no sender";
    if (!url && mv_linkedin_is(from, "LinkedIn Member"))
        return "hidden member or advertisement";
    if (directed && !mv_linkedin_is(row->direction, "INCOMING") &&
        !mv_linkedin_is(row->direction, "OUTGOING"))
        return "Direction is neither INCOMING nor OUTGOING";
    if (directed && !mv_linkedin_is(row->direction, "INCOMING") &&
        mv_span_trim(row->to).len == 0)
        return "no recipient";
    return NULL;
}

/* Before 2021 there is no conversation id: it is the other side's name. */
static enum mv_status make_id(struct mv_linkedin_run *run,
                              const struct mv_linkedin_message *row,
                              struct mv_span *id)
{
    bool incoming = mv_linkedin_is(row->direction, "INCOMING");
    struct mv_span folded;
    enum mv_status status =
        mv_linkedin_fold(run, incoming ? row->from : row->to, &folded);

    if (status != MV_OK)
        return status;
    mv_buffer_clear(&run->html);
    if (mv_buffer_puts(&run->html, "name:") != MV_OK ||
        mv_buffer_put(&run->html, folded.at, folded.len) != MV_OK)
        return no_memory(run);
    *id = mv_buffer_span(&run->html);
    return MV_OK;
}

enum mv_status mv_linkedin_threads_add(struct mv_linkedin_run *run,
                                       struct mv_linkedin_threads *threads,
                                       const struct mv_linkedin_message *row)
{
    struct mv_span id = mv_span_trim(row->conversation);
    bool directed = row->conversation.at == NULL;
    const char *why = unfit(row, directed);
    struct mv_linkedin_thread *thread;
    enum mv_status status;
    int64_t at = 0;

    if (!why && mv_linkedin_time_utc(row->date, &at) != MV_OK &&
        mv_linkedin_time_pacific(row->date, &at) != MV_OK)
        why = "Date is not of the form YYYY-MM-DD hh:mm:ss UTC";
    if (!why && !directed && id.len == 0)
        why = "no conversation id";
    if (why) {
        mv_linkedin_skip(run, why, row->line);
        return MV_OK;
    }
    threads->directed = directed;
    if (directed) {
        status = make_id(run, row, &id);
        if (status != MV_OK)
            return status;
    }
    thread = thread_of(run, threads, id);
    if (!thread)
        return no_memory(run);
    run->tally->kept++;
    return add_message(run, thread, row, at, directed);
}

/* --- giving --------------------------------------------------------------- */

/* Whether the thread began within a day of connecting. */
static enum mv_status check_connected(struct mv_linkedin_run *run,
                                      const struct mv_linkedin_thread *thread,
                                      const struct mv_linkedin_person *other,
                                      bool *out)
{
    const struct mv_sink *sink = run->sink;
    int64_t on = MV_NO_TIME, days;
    enum mv_status status;

    *out = false;
    if (!sink->connected_on)
        return MV_OK;
    status = sink->connected_on(sink->payload, other->url, other->name, &on,
                                run->error);
    if (status == MV_NOTFOUND || (status == MV_OK && on == MV_NO_TIME)) {
        mv_error_clear(status == MV_NOTFOUND ? run->error : NULL);
        return MV_OK;
    }
    if (status != MV_OK)
        return status;
    days = thread->first_at / DAY - on / DAY;
    *out = days >= -1 && days <= 1;
    return MV_OK;
}

static enum mv_status give_opening(struct mv_linkedin_run *run,
                                   const struct mv_linkedin_thread *thread)
{
    const struct mv_linkedin_person *other = &thread->people[thread->other];
    const struct mv_sink *sink = run->sink;
    struct mv_invite invite = {
        .origin = MV_ORIGIN_OPENING,
        .direction = MV_INCOMING,
        .sent_at = thread->first_at,
        .name = other->name,
        .url = other->url,
        .message = thread->first,
        .message_len = thread->first_len,
    };
    bool is_opening = false, known = false;
    enum mv_status status;

    if (thread->first_by != thread->other || thread->first_len == 0)
        return MV_OK;
    status = check_connected(run, thread, other, &is_opening);
    if (status == MV_OK && is_opening && sink->has_note)
        status =
            sink->has_note(sink->payload, other->url, other->name,
                           (struct mv_span){thread->first, thread->first_len},
                           &known, run->error);
    if (status != MV_OK || !is_opening || known)
        return status;
    return mv_linkedin_give_invite(run, &invite, thread->line);
}

static enum mv_status give_thread(struct mv_linkedin_run *run,
                                  const struct mv_linkedin_thread *thread)
{
    const struct mv_linkedin_person *other, *owner;
    struct mv_thread record = {.id = thread->id,
                               .first_at = thread->first_at,
                               .last_at = thread->last_at};
    enum mv_status status;

    if (thread->group || thread->n > 2) {
        mv_linkedin_warn(run, "a group, not a conversation of two: left out",
                         thread->line);
        return MV_OK;
    }
    if (thread->other < 0) {
        mv_linkedin_warn(run, "the other side is not known: left out",
                         thread->line);
        return MV_OK;
    }
    other = &thread->people[thread->other];
    owner = thread->n == 2 ? &thread->people[1 - thread->other] : NULL;
    record.name = other->name;
    record.url = other->url;
    record.received = other->sent;
    record.sent = owner ? owner->sent : 0;
    status = mv_linkedin_give_thread(run, &record);
    return status == MV_OK ? give_opening(run, thread) : status;
}

enum mv_status mv_linkedin_threads_give(struct mv_linkedin_run *run,
                                        struct mv_linkedin_threads *threads)
{
    enum mv_status status = MV_OK;

    if (threads->n && !threads->directed)
        status = mv_linkedin_find_owner(run, threads);
    if (status == MV_NOTFOUND) {
        mv_linkedin_warn(run,
                         "whose messages these are is not clear: no threads "
                         "(import Invitations.csv first)",
                         0);
        return MV_OK;
    }
    for (size_t i = 0; i < threads->n && status == MV_OK; i++)
        status = give_thread(run, &threads->list[i]);
    return status;
}
