/* CSV and JSON lines of any dialect. The first byte picks the reader and the
 * options, so that one target covers every path. */
#include "linkedin.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* A key must be its own key. */
static void check_key(const char *url)
{
    char again[MV_LINKEDIN_KEY_SIZE];

    if (url && (mv_linkedin_key(mv_span_of(url), again) != MV_OK ||
                strcmp(again, url) != 0))
        abort();
}

static enum mv_status on_invite(void *payload, const struct mv_invite *invite,
                                long line, struct mv_error *error)
{
    (void)payload, (void)error;
    if (line < 1 || strlen(invite->message) != invite->message_len)
        abort();
    if (!invite->has_label && invite->kind)
        abort();
    check_key(invite->url);
    return MV_OK;
}

static enum mv_status on_contact(void *payload,
                                 const struct mv_contact *contact, long line,
                                 struct mv_error *error)
{
    (void)payload, (void)error;
    if (line < 1 || (!contact->name && !contact->url))
        abort();
    check_key(contact->url);
    return MV_OK;
}

static enum mv_status on_thread(void *payload, const struct mv_thread *thread,
                                struct mv_error *error)
{
    (void)payload, (void)error;
    if (!thread->id || thread->received + thread->sent < 1 ||
        thread->first_at > thread->last_at)
        abort();
    check_key(thread->url);
    return MV_OK;
}

static enum mv_status on_connected(void *payload, const char *url,
                                   const char *name, int64_t *out,
                                   struct mv_error *error)
{
    (void)payload, (void)error;
    if (!url && !name)
        abort();
    *out = 1767571200;
    return MV_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct mv_sink sink = {.invite = on_invite,
                           .contact = on_contact,
                           .thread = on_thread,
                           .connected_on = on_connected};
    struct mv_linkedin_owner owner = {"lee", "Lee Park"};
    struct mv_linkedin_options options = {0};
    struct mv_tally tally = {0};
    struct mv_error error = {0};
    struct mv_source *source;
    enum mv_status status;
    uint8_t choice;

    if (len == 0)
        return 0;
    choice = bytes[0];
    if (choice & 2)
        options.columns = (struct mv_columns){
            .text = "text", .label = "label", .positive = "yes"};
    if (choice & 4)
        options.owner = &owner;
    options.keep_empty = choice & 8;
    if (mv_source_open_memory(&source, "fuzz", bytes + 1, len - 1, NULL) !=
        MV_OK)
        return 0;
    status =
        choice & 1
            ? mv_linkedin_read_jsonl(source, &options, &sink, &tally, &error)
            : mv_linkedin_read_csv(source, &options, &sink, &tally, &error);
    if (status == MV_OK && tally.read != tally.kept + tally.skipped)
        abort();
    mv_source_close(source);
    return 0;
}
