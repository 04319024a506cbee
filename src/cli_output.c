#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int refuse(struct mv_cli *cli, const char *what, const char *path)
{
    mv_cli_say(cli, "cannot %s '%s': %s", what, path, strerror(errno));
    return MV_EXIT_FAILED;
}

static mode_t usual_mode(void)
{
    mode_t mask = umask(0);

    umask(mask);
    return 0666 & ~mask;
}

/* Beside the file itself, so that the rename stays within one file system. */
static FILE *open_temporary(struct mv_output *output, mode_t mode)
{
    size_t size = strlen(output->path) + sizeof ".XXXXXX";
    FILE *file = NULL;
    int fd;

    output->temporary = malloc(size);
    if (!output->temporary)
        return NULL;
    snprintf(output->temporary, size, "%s.XXXXXX", output->path);
    fd = mkstemp(output->temporary);
    if (fd >= 0) {
        mv_cli_guard(output->temporary);
        if (fchmod(fd, mode) == 0)
            file = fdopen(fd, "w");
        if (!file) {
            unlink(output->temporary);
            close(fd);
        }
    }
    if (!file) {
        free(output->temporary);
        output->temporary = NULL;
    }
    return file;
}

int mv_cli_output_check(struct mv_cli *cli, const char *path)
{
    struct stat there;

    if (!path || stat(path, &there) != 0 || S_ISREG(there.st_mode))
        return 0;
    mv_cli_say(cli, "cannot write '%s': it is there and not an ordinary file",
               path);
    return MV_EXIT_FAILED;
}

int mv_cli_output_open(struct mv_cli *cli, struct mv_output *output,
                       const char *path)
{
    struct stat there;
    bool exists;

    memset(output, 0, sizeof *output);
    if (!path || strcmp(path, "-") == 0) {
        output->file = stdout;
        /* Rows scroll past there: a bar between them would be noise. */
        cli->bar = cli->bar && !isatty(STDOUT_FILENO);
        return 0;
    }
    exists = stat(path, &there) == 0;
    /* A link keeps pointing to where it points: what it names is replaced. */
    output->path = exists ? realpath(path, NULL) : strdup(path);
    if (!output->path)
        return refuse(cli, "open", path);
    if (exists && S_ISDIR(there.st_mode))
        errno = EISDIR;
    else if (exists && !S_ISREG(there.st_mode)) /* a device, a pipe */
        output->file = fopen(path, "w");
    else
        output->file = open_temporary(output, exists ? there.st_mode & 0777
                                                     : usual_mode());
    if (output->file)
        return 0;
    free(output->path);
    output->path = NULL;
    return refuse(cli, "create", path);
}

/* Makes the new name survive a power cut. Not all file systems can: ignored. */
static void sync_folder(const char *path)
{
    char *folder = strdup(path), *slash = folder ? strrchr(folder, '/') : NULL;
    int fd;

    if (slash)
        slash[slash == folder] = 0;
    fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
        close(fd);
    }
    free(folder);
}

/* Everything written and safe on the disk? errno says why not. */
static bool finish(struct mv_output *output)
{
    bool bad = ferror(output->file) != 0;

    if (fflush(output->file) != 0)
        bad = true;
    if (!bad && output->temporary && fsync(fileno(output->file)) != 0)
        bad = true;
    if (fclose(output->file) != 0)
        bad = true;
    return !bad;
}

int mv_cli_output_close(struct mv_cli *cli, struct mv_output *output, int exit)
{
    if (!output->file || output->file == stdout)
        return exit;
    errno = 0;
    if (!finish(output) && exit == MV_EXIT_DONE) {
        errno = errno ? errno : EIO;
        exit = refuse(cli, "write", output->path);
    }
    if (output->temporary && exit == MV_EXIT_DONE) {
        if (rename(output->temporary, output->path) == 0)
            sync_folder(output->path);
        else
            exit = refuse(cli, "replace", output->path);
    }
    if (output->temporary && exit != MV_EXIT_DONE)
        unlink(output->temporary);
    mv_cli_guard(NULL);
    free(output->path);
    free(output->temporary);
    memset(output, 0, sizeof *output);
    return exit;
}
