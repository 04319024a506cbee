#include "archive_zip.h"

#include "archive.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

struct mv_archive_zip {
    zip_t *zip;
    int64_t bytes; /* size of the ZIP itself */
};

struct mv_archive_zip_file {
    zip_file_t *file;
    const char *source;
    int64_t given;  /* bytes that came out */
    int64_t packed; /* compressed bytes, at most */
};

static bool is_system_error(int code)
{
    return code == ZIP_ER_OPEN || code == ZIP_ER_READ || code == ZIP_ER_SEEK;
}

/* What libzip's code means to someone who has a file and not a library;
 * NULL when it has no better words than libzip's own. */
static const char *plain_words(int code)
{
    switch (code) {
    case ZIP_ER_NOZIP:
        return "not a ZIP archive, or one that is cut off: download it again";
    case ZIP_ER_NOPASSWD:
    case ZIP_ER_WRONGPASSWD:
    case ZIP_ER_ENCRNOTSUPP:
        return "encrypted: unpack it with its password first";
    case ZIP_ER_COMPNOTSUPP:
        return "compressed in a way that libzip cannot read: unpack it first";
    case ZIP_ER_OPEN:
    case ZIP_ER_READ:
    case ZIP_ER_SEEK:
    case ZIP_ER_CRC:
    case ZIP_ER_INCONS:
    case ZIP_ER_EOF:
    case ZIP_ER_ZLIB:
    case ZIP_ER_COMPRESSED_DATA:
        return "the ZIP archive is cut off or damaged: download it again";
    default: return NULL;
    }
}

static enum mv_status failure(struct mv_error *error, const char *source,
                              int code, int system)
{
    const char *words = plain_words(code);
    zip_error_t detail;

    if (code == ZIP_ER_MEMORY)
        return mv_error_set(error, MV_NOMEM, source, 0,
                            "no memory to read the archive");
    if (is_system_error(code) && system)
        return mv_error_set(error, MV_IO, source, 0, "cannot read: %s",
                            strerror(system));
    if (words)
        return mv_error_set(error, MV_FORMAT, source, 0, "%s", words);
    zip_error_init_with_code(&detail, code);
    mv_error_set(error, MV_FORMAT, source, 0, "cannot read the ZIP: %s",
                 zip_error_strerror(&detail));
    zip_error_fini(&detail);
    return MV_FORMAT;
}

enum mv_status mv_archive_zip_open(struct mv_archive_zip **out,
                                   const char *path, int64_t bytes,
                                   struct mv_error *error)
{
    struct mv_archive_zip *zip = calloc(1, sizeof *zip);
    enum mv_status status;
    int code = 0;

    *out = NULL;
    if (!zip)
        return MV_NOMEM;
    if (bytes == 0) { /* which libzip takes for an archive of no members */
        free(zip);
        return failure(error, path, ZIP_ER_NOZIP, 0);
    }
    zip->bytes = bytes;
    errno = 0;
    zip->zip = zip_open(path, ZIP_RDONLY, &code);
    if (!zip->zip) {
        status = failure(error, path, code, errno);
        free(zip);
        return status;
    }
    *out = zip;
    return MV_OK;
}

void mv_archive_zip_close(struct mv_archive_zip *zip)
{
    if (!zip)
        return;
    zip_discard(zip->zip);
    free(zip);
}

int64_t mv_archive_zip_count(const struct mv_archive_zip *zip)
{
    return zip_get_num_entries(zip->zip, 0);
}

const char *mv_archive_zip_name(const struct mv_archive_zip *zip, int64_t index)
{
    return zip_get_name(zip->zip, (zip_uint64_t)index, 0);
}

enum mv_status mv_archive_zip_open_file(struct mv_archive_zip *zip,
                                        int64_t index, const char *source,
                                        struct mv_archive_zip_file **out,
                                        struct mv_error *error)
{
    struct mv_archive_zip_file *file = calloc(1, sizeof *file);
    enum mv_status status;
    zip_error_t *detail;
    zip_stat_t st;

    *out = NULL;
    if (!file)
        return MV_NOMEM;
    file->source = source;
    file->packed = zip->bytes;
    if (zip_stat_index(zip->zip, (zip_uint64_t)index, 0, &st) != 0)
        goto fail;
    if ((st.valid & ZIP_STAT_ENCRYPTION_METHOD) && st.encryption_method) {
        free(file);
        return failure(error, source, ZIP_ER_NOPASSWD, 0);
    }
    if ((st.valid & ZIP_STAT_COMP_SIZE) &&
        st.comp_size < (zip_uint64_t)zip->bytes)
        file->packed = (int64_t)st.comp_size;
    file->file = zip_fopen_index(zip->zip, (zip_uint64_t)index, 0);
    if (!file->file)
        goto fail;
    *out = file;
    return MV_OK;
fail:
    free(file);
    detail = zip_get_error(zip->zip);
    status = failure(error, source, zip_error_code_zip(detail),
                     zip_error_code_system(detail));
    return status;
}

/* The header's compressed size is bounded by the file itself, so that a
 * header can make this test stricter but never blind. */
static bool is_bomb(const struct mv_archive_zip_file *file)
{
    if (file->given > MV_ARCHIVE_MEMBER_MAX)
        return true;
    return file->given > MV_ARCHIVE_RATIO_FROM &&
           file->given / MV_ARCHIVE_RATIO_MAX > file->packed;
}

ssize_t mv_archive_zip_read(struct mv_archive_zip_file *file, char *to,
                            size_t room, struct mv_error *error)
{
    zip_int64_t got = zip_fread(file->file, to, room);
    zip_error_t *detail;

    if (got < 0) {
        detail = zip_file_get_error(file->file);
        failure(error, file->source, zip_error_code_zip(detail),
                zip_error_code_system(detail));
        return -1;
    }
    file->given += got;
    if (is_bomb(file)) {
        mv_error_set(error, MV_FORMAT, file->source, 0,
                     "looks like a ZIP bomb: %lld bytes came out of %lld",
                     (long long)file->given, (long long)file->packed);
        return -1;
    }
    return (ssize_t)got;
}

void mv_archive_zip_close_file(struct mv_archive_zip_file *file)
{
    if (!file)
        return;
    zip_fclose(file->file);
    free(file);
}
