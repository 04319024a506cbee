/* Runs the readers of linkedin over a string and writes what the sink is given
 * into a log, one record a line, so that a test compares text. */
#ifndef MV_LINKEDIN_LOG_H
#define MV_LINKEDIN_LOG_H

#include "linkedin.h"
#include "test.h"

#include <stdlib.h>

static struct mv_buffer log_text;
static struct mv_tally tally;
static struct mv_error error;
static struct mv_linkedin_options options;
/* What the "database" answers about openings. */
static int64_t log_connected = MV_NO_TIME;
static const char *log_note;

static const char *or_none(const char *text)
{
    return text ? text : "-";
}

static void log_time(int64_t at, char *to, size_t size)
{
    if (at == MV_NO_TIME)
        snprintf(to, size, "-");
    else
        snprintf(to, size, "%lld", (long long)at);
}

static enum mv_status log_invite(void *payload, const struct mv_invite *invite,
                                 long line, struct mv_error *failure)
{
    char at[32], text[4000];

    (void)failure;
    log_time(invite->sent_at, at, sizeof at);
    OK(strlen(invite->message) == invite->message_len);
    snprintf(
        text, sizeof text, "%ld %s %s %s %s %s [%s]%s%s%s%s%s%s%s%s\n", line,
        mv_origin_name(invite->origin), mv_direction_name(invite->direction),
        at, or_none(invite->name), or_none(invite->url), invite->message,
        invite->has_label ? " " : "",
        invite->has_label ? mv_label_name(invite->label) : "",
        invite->kind ? " kind=" : "", invite->kind ? invite->kind : "",
        invite->lang ? " lang=" : "", invite->lang ? invite->lang : "",
        invite->natural ? " id=" : "", invite->natural ? invite->natural : "");
    if (invite->told) /* a further line, for all the tests that know none */
        snprintf(text + strlen(text), sizeof text - strlen(text),
                 "  told %s at %lld chosen=%s act=%ld note=[%s]\n",
                 mv_event_name(invite->event), (long long)invite->told_at,
                 or_none(invite->chosen), invite->act, invite->note);
    return mv_buffer_puts(payload, text);
}

static enum mv_status log_contact(void *payload,
                                  const struct mv_contact *contact, long line,
                                  struct mv_error *failure)
{
    char at[32], text[2000];

    (void)failure;
    log_time(contact->connected_on, at, sizeof at);
    snprintf(text, sizeof text, "%ld %s %s %s %s %s\n", line, at,
             or_none(contact->name), or_none(contact->url),
             or_none(contact->company), or_none(contact->position));
    return mv_buffer_puts(payload, text);
}

static enum mv_status log_thread(void *payload, const struct mv_thread *thread,
                                 struct mv_error *failure)
{
    char first[32], last[32], text[2000];

    (void)failure;
    log_time(thread->first_at, first, sizeof first);
    log_time(thread->last_at, last, sizeof last);
    snprintf(text, sizeof text, "thread %s %s %s %ld/%ld %s %s\n", thread->id,
             or_none(thread->name), or_none(thread->url), thread->received,
             thread->sent, first, last);
    return mv_buffer_puts(payload, text);
}

static enum mv_status log_connected_on(void *payload, const char *url,
                                       const char *name, int64_t *out,
                                       struct mv_error *failure)
{
    (void)payload;
    OK(url || name);
    if (log_connected == MV_NO_TIME)
        return mv_error_set(failure, MV_NOTFOUND, NULL, 0, "nobody");
    *out = log_connected;
    return MV_OK;
}

static enum mv_status log_has_note(void *payload, const char *url,
                                   const char *name, struct mv_span text,
                                   bool *out, struct mv_error *failure)
{
    (void)payload, (void)failure;
    OK(url || name);
    *out = log_note && mv_span_equal(mv_span_of(log_note), text);
    return MV_OK;
}

static const struct mv_sink log_sink = {
    .payload = &log_text,
    .invite = log_invite,
    .contact = log_contact,
    .thread = log_thread,
    .connected_on = log_connected_on,
    .has_note = log_has_note,
};

typedef enum mv_status log_reader(struct mv_source *,
                                  const struct mv_linkedin_options *,
                                  const struct mv_sink *, struct mv_tally *,
                                  struct mv_error *);

static enum mv_status log_run(log_reader *reader, const char *name,
                              const char *bytes, size_t len)
{
    struct mv_source *source = NULL;
    enum mv_status status;

    mv_buffer_clear(&log_text);
    mv_error_clear(&error);
    memset(&tally, 0, sizeof tally);
    EQ(mv_source_open_memory(&source, name, bytes, len, NULL), MV_OK);
    status = reader(source, &options, &log_sink, &tally, &error);
    mv_source_close(source);
    if (status == MV_OK)
        EQ(tally.read, tally.kept + tally.skipped);
    OK((status == MV_OK) == (error.code == MV_OK));
    return status;
}

static inline enum mv_status read_csv(const char *text)
{
    return log_run(mv_linkedin_read_csv, "x.csv", text, strlen(text));
}

/* Whether the tally holds a reason with this count and first line. */
static inline int has_reason(const struct mv_reason *list, const char *part,
                             long count, long line)
{
    for (int i = 0; i < MV_TALLY_REASONS && list[i].what; i++)
        if (strstr(list[i].what, part))
            return list[i].count == count && list[i].lines[0] == line;
    return 0;
}

#define SKIPPED(part, count, line)                                             \
    OK(has_reason(tally.skips, part, count, line))
#define WARNED(part, count, line)                                              \
    OK(has_reason(tally.warnings, part, count, line))
#define LOG(want) STR(log_text.at ? log_text.at : "", want)

#endif
