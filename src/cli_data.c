#include "cli.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *variable_of(const char *name)
{
    const char *value = getenv(name);

    return value && *value ? value : NULL;
}

/* The two strings in one, or NULL when memory runs out. */
static char *join(const char *a, const char *b)
{
    size_t size = strlen(a) + strlen(b) + 1;
    char *both = malloc(size);

    if (both)
        snprintf(both, size, "%s%s", a, b);
    return both;
}

int mv_cli_database(struct mv_cli *cli, char **out)
{
    const char *path = mv_cli_text(cli, "db"), *folder;

    if (!path)
        path = variable_of("MOTIVO_DB");
    if (path) {
        *out = strdup(path);
    } else if ((folder = variable_of("XDG_DATA_HOME")) && *folder == '/') {
        *out = join(folder, "/motivo/motivo.db");
    } else if ((folder = variable_of("HOME"))) {
        *out = join(folder, "/.local/share/motivo/motivo.db");
    } else {
        return mv_cli_misuse(cli, "no home folder to keep the database in; "
                                  "name a file with --db or in MOTIVO_DB");
    }
    return *out ? 0 : mv_cli_fail(cli, MV_NOMEM);
}

int mv_cli_open(struct mv_cli *cli, bool create, struct motivo **out)
{
    enum mv_status status;
    char *path;
    int exit = mv_cli_database(cli, &path);

    if (exit)
        return exit;
    status = mv_open(out, path, create, &cli->error);
    free(path);
    return status ? mv_cli_fail(cli, status) : 0;
}

/* PREFIX/share/motivo/name where PREFIX/bin/motivo is running, so that an
 * installed tree can be moved. NULL when that can not be told. */
static char *beside_program(const char *name)
{
    char path[4096], *slash;
    ssize_t len = readlink("/proc/self/exe", path, sizeof path - 1);
    char *prefix, *whole;
    int i;

    path[len > 0 ? len : 0] = 0;
    for (i = 0; i < 2; i++) { /* off with the file, and with bin */
        slash = strrchr(path, '/');
        if (!slash)
            return NULL;
        *slash = 0;
    }
    prefix = join(path, "/share/motivo/");
    whole = prefix ? join(prefix, name) : NULL;
    free(prefix);
    return whole;
}

char *mv_cli_installed(const char *variable, const char *name,
                       const char *local)
{
    const char *said = variable_of(variable);
    char *path;

    if (said)
        return strdup(said);
    path = beside_program(name);
    if (path && access(path, R_OK) == 0)
        return path;
    free(path);
    return access(local, R_OK) == 0 ? strdup(local) : NULL;
}

/* The active model of a database that is there and has one: MV_NOTFOUND where
 * that is not so. */
static enum mv_status open_active(struct mv_cli *cli, const char *path,
                                  struct mv_model **out)
{
    struct motivo *motivo;
    enum mv_status status = mv_open(&motivo, path, false, &cli->error);

    if (status == MV_OK) {
        status = mv_model_active(out, motivo, &cli->error);
        mv_close(motivo);
    }
    return status;
}

static int open_starter(struct mv_cli *cli, struct mv_model **out)
{
    char *path = mv_cli_installed("MOTIVO_STARTER", "starter.motivo",
                                  "models/starter.motivo");
    enum mv_status status;

    if (!path) {
        mv_cli_say(cli, "no model: train one with 'motivo train', or name a "
                        "file with --model");
        return MV_EXIT_FAILED;
    }
    status = mv_model_open(out, path, &cli->error);
    if (status == MV_OK)
        mv_cli_note(cli, "no model of your own yet; judging with the starter "
                         "model");
    free(path);
    return status ? mv_cli_fail(cli, status) : 0;
}

int mv_cli_model(struct mv_cli *cli, struct mv_model **out)
{
    const char *file = mv_cli_text(cli, "model");
    enum mv_status status;
    char *path;
    int exit;

    if (file) {
        status = mv_model_open(out, file, &cli->error);
        return status ? mv_cli_fail(cli, status) : 0;
    }
    exit = mv_cli_database(cli, &path);
    if (exit)
        return exit;
    status = open_active(cli, path, out);
    free(path);
    if (status != MV_NOTFOUND)
        return status ? mv_cli_fail(cli, status) : 0;
    mv_error_clear(&cli->error);
    return open_starter(cli, out);
}
