/* layer 2: the files of a LinkedIn export, in a ZIP archive or a folder.
 *
 * An archive is a list of regular files, at most two folders deep, each of
 * which can be read once from its start to its end, as a stream. Sizes said
 * in ZIP headers are never believed: the bytes that come out are counted.
 * Nothing is ever written or unpacked to disk, passwords are not asked for,
 * and symbolic links inside a folder are not followed, wherever they lead.
 *
 * Thread-safety: no shared state; an archive and its members must not be used
 * by two threads at once.
 */
#ifndef MV_ARCHIVE_H
#define MV_ARCHIVE_H

#include "arena.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* The most bytes that a ZIP member may give. */
#define MV_ARCHIVE_MEMBER_MAX ((int64_t)1 << 30)
/* Beyond MV_ARCHIVE_RATIO_FROM bytes, the most that it may give for each
 * compressed byte. CSV deflates to a fifth or a tenth; 200 is no text. */
#define MV_ARCHIVE_RATIO_MAX 200
#define MV_ARCHIVE_RATIO_FROM ((int64_t)16 << 20)
/* Folders above a member: "a/b/x.csv" is the deepest that is listed. */
#define MV_ARCHIVE_DEPTH 2
/* The most entries of an archive or folder. */
#define MV_ARCHIVE_ENTRIES_MAX 100000

struct mv_archive;
struct mv_archive_member;

/* Whether the first bytes of a file are those of a ZIP archive. */
bool mv_archive_is_zip(struct mv_span bytes);

/* Opens the ZIP archive or the folder at path, and lists its files.
 * **Errors:** MV_IO (missing or unreadable), MV_FORMAT (not a ZIP, cut off or
 * damaged; a member's name that is absolute, holds ".." or a backslash; too
 * many entries), MV_NOMEM. **Owns:** the caller, until mv_archive_close. */
enum mv_status mv_archive_open(struct mv_archive **out, const char *path,
                               struct mv_error *error);

/* Closes the archive; its members must be closed before. NULL is allowed. */
void mv_archive_close(struct mv_archive *archive);

/* How many files are listed. */
size_t mv_archive_count(const struct mv_archive *archive);

/* The name of file index (0 <= index < count) within the archive, with its
 * folders: "Jobs/Saved Jobs.csv". Borrowed from archive. */
const char *mv_archive_name(const struct mv_archive *archive, size_t index);

/* The index of the file whose base name is `base`, or -1. Neither the case of
 * ASCII letters nor blanks and underscores count, so that "messages.csv" finds
 * "Export/Messages.csv" and "Rich Media.csv" finds "rich_media.csv"; of
 * several, the one under the fewest folders wins, then the first listed. */
ptrdiff_t mv_archive_find(const struct mv_archive *archive, const char *base);

/* Whether two file names are equal in the sense of mv_archive_find; folders
 * before them do not count. */
bool mv_archive_same_name(const char *a, const char *b);

/* Opens file index (0 <= index < count) for reading.
 * **Errors:** MV_FORMAT (encrypted, a compression that libzip does not know,
 * damaged), MV_IO, MV_NOMEM. **Owns:** the caller, until
 * mv_archive_close_member. */
enum mv_status mv_archive_open_member(struct mv_archive *archive, size_t index,
                                      struct mv_archive_member **out,
                                      struct mv_error *error);

/* The member's bytes as a stream that can be read but not sought. When it
 * ends with ferror(), mv_archive_failure says why. Borrowed from member: do
 * not fclose it. */
FILE *mv_archive_file(const struct mv_archive_member *member);

/* What ended the stream before its time, or NULL: MV_FORMAT for what looks
 * like a ZIP bomb and for damaged bytes, MV_IO for a file that could not be
 * read. A reader of the stream knows only that reading failed, so the caller
 * puts this error in the place of the reader's. Borrowed from member. */
const struct mv_error *
mv_archive_failure(const struct mv_archive_member *member);

/* Closes the member and its stream. NULL is allowed. */
void mv_archive_close_member(struct mv_archive_member *member);

#endif
