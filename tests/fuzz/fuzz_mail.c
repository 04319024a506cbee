/* Mails and mailboxes: whatever the bytes are, the reader ends, and the
 * query of no address is in what it gives (sharedKey, midToken). */
#include "linkedin.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* No address in a message may have a query left. */
static void check_addresses(const char *text)
{
    while ((text = strstr(text, "://")) != NULL) {
        size_t len = strcspn(text, " \t\n");

        if (memchr(text, '?', len) || memchr(text, '#', len))
            abort();
        text += len;
    }
}

static enum mv_status on_invite(void *payload, const struct mv_invite *invite,
                                long line, struct mv_error *error)
{
    (void)payload, (void)error;
    if (line < 1 || strlen(invite->message) != invite->message_len)
        abort();
    check_addresses(invite->message);
    return MV_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct mv_sink sink = {.invite = on_invite};
    struct mv_tally tally = {0};
    struct mv_error error = {0};
    struct mv_source *source;

    if (mv_source_open_memory(&source, "fuzz", bytes, len, NULL) != MV_OK)
        return 0;
    if (mv_linkedin_read_mail(source, NULL, &sink, &tally, &error) == MV_OK &&
        tally.read != tally.kept + tally.skipped)
        abort();
    mv_source_close(source);
    return 0;
}
