/* Model files: written whole, told apart by their bytes. */
#include "motivo_train.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whether a rename to path would put away something that is no plain file: a
 * device, a pipe, a folder. */
static bool is_special(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 && !S_ISREG(info.st_mode);
}

enum mv_status mv_facade_write_model(const struct mv_model *model,
                                     const char *path, struct mv_error *error)
{
    size_t len = strlen(path);
    char *temporary = malloc(len + 8);
    FILE *file = NULL;
    enum mv_status status = MV_OK;
    int fd;

    if (!temporary)
        return mv_error_set(error, MV_NOMEM, NULL, 0, "out of memory");
    if (is_special(path)) {
        free(temporary);
        return mv_error_set(error, MV_IO, path, 0,
                            "not a plain file: name another for the model");
    }
    memcpy(temporary, path, len);
    memcpy(temporary + len, ".XXXXXX", 8);
    fd = mkstemp(temporary);
    if (fd >= 0)
        file = fdopen(fd, "wb");
    if (!file)
        status =
            mv_error_set(error, MV_IO, path, 0,
                         "the model cannot be written: %s", strerror(errno));
    else
        status = mv_model_write(model, file, error);
    if (file && status == MV_OK && fsync(fd) != 0)
        status = MV_IO;
    if (file && fclose(file) != 0 && status == MV_OK)
        status = MV_IO;
    if (status == MV_OK && rename(temporary, path) != 0)
        status = MV_IO;
    if (status != MV_OK) {
        mv_error_set(error, status, path, 0, "the model cannot be written: %s",
                     strerror(errno));
        unlink(temporary);
    }
    free(temporary);
    return status;
}

enum mv_status mv_facade_digest(const char *path, char *hex,
                                struct mv_error *error)
{
    unsigned char raw[MV_DIGEST_SIZE];
    struct mv_digest *digest = NULL;
    char block[1 << 16];
    size_t got;
    FILE *file = fopen(path, "rb");
    enum mv_status status = file ? mv_digest_new(&digest) : MV_IO;

    while (status == MV_OK && (got = fread(block, 1, sizeof block, file)) > 0)
        mv_digest_put(digest, (struct mv_span){block, got});
    if (status == MV_OK) {
        mv_digest_finish(digest, raw);
        mv_digest_hex(raw, hex);
    } else {
        mv_error_set(error, status, path, 0, "cannot be read back: %s",
                     strerror(errno));
    }
    mv_digest_free(digest);
    if (file)
        fclose(file);
    return status;
}

enum mv_status mv_facade_model_digest(const struct mv_model *model, char *hex,
                                      struct mv_error *error)
{
    unsigned char raw[MV_DIGEST_SIZE];
    struct mv_digest *digest = NULL;
    char *bytes = NULL;
    size_t len = 0;
    FILE *file = open_memstream(&bytes, &len);
    enum mv_status status = file ? mv_digest_new(&digest) : MV_NOMEM;

    if (status == MV_OK)
        status = mv_model_write(model, file, error);
    if (file && fclose(file) != 0 && status == MV_OK)
        status = MV_NOMEM;
    if (status == MV_OK) {
        mv_digest_put(digest, (struct mv_span){bytes, len});
        mv_digest_finish(digest, raw);
        mv_digest_hex(raw, hex);
    }
    mv_digest_free(digest);
    free(bytes);
    return status == MV_OK
               ? status
               : mv_error_set(error, status, NULL, 0, "out of memory");
}

enum mv_status mv_facade_open_row(struct mv_model **out,
                                  const struct motivo *motivo,
                                  const struct mv_model_row *row,
                                  struct mv_error *error)
{
    char *path = mv_facade_beside(motivo, row->file);
    enum mv_status status = path ? mv_model_open(out, path, error) : MV_NOMEM;

    free(path);
    return status;
}
