/* layer 2: the ZIP half of archive: libzip behind a few calls.
 *
 * Private to the archive module. Bytes are counted as they come out and a
 * member that gives too many of them is refused; see archive.h for the limits.
 *
 * Thread-safety: as archive.h.
 */
#ifndef MV_ARCHIVE_ZIP_H
#define MV_ARCHIVE_ZIP_H

#include "status.h"

#include <stdint.h>
#include <sys/types.h>

struct mv_archive_zip;
struct mv_archive_zip_file;

/* Opens the ZIP at path, whose length is bytes.
 * **Errors:** MV_IO, MV_FORMAT, MV_NOMEM. **Owns:** the caller, until
 * mv_archive_zip_close. */
enum mv_status mv_archive_zip_open(struct mv_archive_zip **out,
                                   const char *path, int64_t bytes,
                                   struct mv_error *error);
/* Closes it. NULL is allowed. */
void mv_archive_zip_close(struct mv_archive_zip *zip);

/* How many entries it has, and the name of one; NULL or "" when unreadable.
 * Borrowed from zip. */
int64_t mv_archive_zip_count(const struct mv_archive_zip *zip);
const char *mv_archive_zip_name(const struct mv_archive_zip *zip,
                                int64_t index);

/* Opens an entry for reading. source: its name in errors, borrowed.
 * **Errors:** MV_FORMAT (encrypted, damaged, unknown compression), MV_IO,
 * MV_NOMEM. **Owns:** the caller, until mv_archive_zip_close_file. */
enum mv_status mv_archive_zip_open_file(struct mv_archive_zip *zip,
                                        int64_t index, const char *source,
                                        struct mv_archive_zip_file **out,
                                        struct mv_error *error);
/* Reads up to room bytes; 0 is the end, -1 a failure told in *error. */
ssize_t mv_archive_zip_read(struct mv_archive_zip_file *file, char *to,
                            size_t room, struct mv_error *error);
/* Closes it. NULL is allowed. */
void mv_archive_zip_close_file(struct mv_archive_zip_file *file);

#endif
