#include "digest.h"

#include <glib.h>

/* struct mv_digest is GLib's object under another name, so that no field of
 * it is needed here. */
static GChecksum *checksum_of(struct mv_digest *digest)
{
    return (GChecksum *)(void *)digest;
}

enum mv_status mv_digest_new(struct mv_digest **out)
{
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);

    if (!sum)
        return MV_NOMEM;
    *out = (struct mv_digest *)(void *)sum;
    return MV_OK;
}

void mv_digest_put(struct mv_digest *digest, struct mv_span bytes)
{
    const size_t step = (size_t)G_MAXINT; /* a gssize on every platform */

    while (bytes.len) {
        size_t len = bytes.len < step ? bytes.len : step;

        g_checksum_update(checksum_of(digest), (const guchar *)bytes.at,
                          (gssize)len);
        bytes.at += len;
        bytes.len -= len;
    }
}

void mv_digest_finish(struct mv_digest *digest, unsigned char *raw)
{
    gsize size = MV_DIGEST_SIZE;

    g_checksum_get_digest(checksum_of(digest), raw, &size);
}

void mv_digest_free(struct mv_digest *digest)
{
    if (digest)
        g_checksum_free(checksum_of(digest));
}

enum mv_status mv_digest_of(struct mv_span bytes, unsigned char *raw)
{
    struct mv_digest *digest = NULL;
    enum mv_status status = mv_digest_new(&digest);

    if (status != MV_OK)
        return status;
    mv_digest_put(digest, bytes);
    mv_digest_finish(digest, raw);
    mv_digest_free(digest);
    return MV_OK;
}

void mv_digest_hex(const unsigned char *raw, char *hex)
{
    static const char DIGITS[] = "0123456789abcdef";

    for (int i = 0; i < MV_DIGEST_SIZE; i++) {
        *hex++ = DIGITS[raw[i] >> 4];
        *hex++ = DIGITS[raw[i] & 15];
    }
    *hex = '\0';
}

void mv_digest_base64(const unsigned char *raw, char *text)
{
    gint state = 0, save = 0;
    gsize len =
        g_base64_encode_step(raw, MV_DIGEST_SIZE, FALSE, text, &state, &save);

    len += g_base64_encode_close(FALSE, text + len, &state, &save);
    text[len] = '\0';
}
