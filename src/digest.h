/* layer 2: SHA-256 of bytes, at one stroke or piece by piece.
 *
 * FIPS 180-4 by GLib's GChecksum. This module does not read files and knows no
 * other algorithm. GLib ends the process when memory runs out, so there is no
 * MV_NOMEM here; what it takes is below one kilobyte.
 *
 * Thread-safety: a struct mv_digest belongs to one thread at a time.
 */
#ifndef MV_DIGEST_H
#define MV_DIGEST_H

#include "arena.h"
#include "status.h"

enum {
    MV_DIGEST_SIZE = 32,       /* bytes of a digest */
    MV_DIGEST_HEX_SIZE = 65,   /* its hexadecimal form and the NUL */
    MV_DIGEST_BASE64_SIZE = 45 /* likewise, in base64 (RFC 4648) */
};

/* A digest under way; opaque. */
struct mv_digest;

/* Starts a digest of no bytes. **Errors:** MV_NOMEM when GLib was built
 * without SHA-256. **Owns:** the caller, until mv_digest_free. */
enum mv_status mv_digest_new(struct mv_digest **out);

/* Adds bytes; at may be NULL when len is 0. Not after mv_digest_finish. */
void mv_digest_put(struct mv_digest *digest, struct mv_span bytes);

/* The digest of all that was put. raw: MV_DIGEST_SIZE bytes. To be called
 * once; only mv_digest_free may follow. */
void mv_digest_finish(struct mv_digest *digest, unsigned char *raw);

/* Frees the digest. NULL is allowed. */
void mv_digest_free(struct mv_digest *digest);

/* The digest of one span. raw: MV_DIGEST_SIZE bytes, written on success.
 * **Errors:** as mv_digest_new. */
enum mv_status mv_digest_of(struct mv_span bytes, unsigned char *raw);

/* Writes raw (MV_DIGEST_SIZE bytes) as 64 lower-case digits and a NUL.
 * hex: MV_DIGEST_HEX_SIZE bytes. */
void mv_digest_hex(const unsigned char *raw, char *hex);

/* Writes raw in base64 with its padding, as a page's policy names a script.
 * text: MV_DIGEST_BASE64_SIZE bytes. */
void mv_digest_base64(const unsigned char *raw, char *text);

#endif
