#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- talk ----------------------------------------------------------------- */

static void say(struct mv_cli *cli, const char *format, va_list args)
{
    char line[1024], *at;

    vsnprintf(line, sizeof line, format, args);
    for (at = line; *at; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7f)
            *at = '?';
    mv_cli_progress_clear(cli);
    fprintf(stderr, "motivo: %s\n", line);
}

void mv_cli_say(struct mv_cli *cli, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    say(cli, format, args);
    va_end(args);
}

void mv_cli_note(struct mv_cli *cli, const char *format, ...)
{
    va_list args;

    if (mv_cli_flag(cli, "quiet"))
        return;
    va_start(args, format);
    say(cli, format, args);
    va_end(args);
}

int mv_cli_misuse(struct mv_cli *cli, const char *format, ...)
{
    va_list args;
    bool topic;

    va_start(args, format);
    say(cli, format, args);
    va_end(args);
    topic = cli->command && cli->command != &mv_cmd_help;
    fprintf(stderr, "motivo: see 'motivo help%s%s'\n", topic ? " " : "",
            topic ? cli->command->name : "");
    return MV_EXIT_MISUSE;
}

int mv_cli_fail(struct mv_cli *cli, enum mv_status status)
{
    struct mv_error *e = &cli->error;
    const char *message = *e->message ? e->message : mv_status_name(status);

    if (status == MV_STOPPED || mv_cli_stopped())
        mv_cli_say(cli, "interrupted; nothing was changed");
    else if (*e->source && e->line > 0)
        mv_cli_say(cli, "'%s' line %ld: %s", e->source, e->line, message);
    else if (*e->source)
        mv_cli_say(cli, "'%s': %s", e->source, message);
    else
        mv_cli_say(cli, "%s", message);
    mv_error_clear(e);
    return status == MV_RANGE ? MV_EXIT_MISUSE : MV_EXIT_FAILED;
}

int mv_cli_print(struct mv_cli *cli, const struct mv_page *page,
                 enum mv_format format)
{
    enum mv_status status;

    mv_cli_progress_clear(cli);
    status = mv_page_write(page, format, stdout, &cli->error);
    return status ? mv_cli_fail(cli, status) : MV_EXIT_DONE;
}

int mv_cli_page(struct mv_cli *cli, const struct mv_page *page)
{
    return mv_cli_print(
        cli, page, mv_cli_flag(cli, "json") ? MV_FORMAT_JSON : MV_FORMAT_TEXT);
}

int mv_cli_answer(struct mv_cli *cli, enum mv_status status,
                  struct mv_page *page)
{
    int exit =
        status == MV_OK ? mv_cli_page(cli, page) : mv_cli_fail(cli, status);

    mv_page_free(page);
    return exit;
}

/* --- the program ---------------------------------------------------------- */

/* A standard stream that the caller closed would be given to the next file that
 * is opened, and talk would land in a database. It becomes one that fails. */
static void hold_streams(void)
{
    int fd;

    for (fd = 0; fd < 3; fd++)
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
            open("/dev/null", fd ? O_RDONLY : O_WRONLY) != fd)
            _exit(MV_EXIT_FAILED);
}

static int count_arguments(struct mv_cli *cli)
{
    const struct mv_command *command = cli->command;
    int n = (int)cli->n_arguments;

    if (n < command->least)
        return mv_cli_misuse(cli, "%s needs %s", command->name,
                             command->arguments);
    if (command->most >= 0 && n > command->most)
        return mv_cli_misuse(cli, "'%s' is one argument too many for %s",
                             cli->arguments[command->most], command->name);
    return 0;
}

static int run(struct mv_cli *cli, int argc, char **argv)
{
    int status = mv_cli_parse(cli, argc, argv);

    if (status)
        return status;
    if (mv_cli_flag(cli, "version")) {
        printf("motivo %s\n", mv_version());
        return MV_EXIT_DONE;
    }
    if (mv_cli_flag(cli, "help")) {
        if (cli->command)
            mv_cli_help(cli->command, stdout);
        else
            mv_cli_usage(cli, stdout);
        return MV_EXIT_DONE;
    }
    if (!cli->command) {
        mv_cli_usage(cli, stderr);
        return MV_EXIT_MISUSE;
    }
    status = count_arguments(cli);
    if (status)
        return status;
    mv_cli_progress_init(cli);
    return cli->command->run(cli);
}

/* Output that did not arrive is a failure whatever was done before. */
static int close_output(struct mv_cli *cli, int status)
{
    bool bad = ferror(stdout) != 0;

    errno = 0;
    if (fclose(stdout) != 0)
        bad = true;
    if (!bad)
        return status;
    if (status == MV_EXIT_DONE || status == MV_EXIT_BELOW)
        mv_cli_say(cli, "cannot write to standard output%s%s",
                   errno ? ": " : "", errno ? strerror(errno) : "");
    return status == MV_EXIT_DONE ? MV_EXIT_FAILED : status;
}

int mv_cli_main(const struct mv_command *const *commands, int argc, char **argv)
{
    struct mv_cli cli = {.commands = commands};
    size_t n = argc > 0 ? (size_t)argc : 1;
    int status;

    hold_streams();
    cli.given = calloc(n, sizeof *cli.given);
    cli.arguments = calloc(n, sizeof *cli.arguments);
    if (cli.given && cli.arguments)
        status = run(&cli, argc, argv);
    else
        status = mv_cli_fail(&cli, MV_NOMEM);
    mv_cli_progress_clear(&cli);
    status = close_output(&cli, status);
    free(cli.given);
    free(cli.arguments);
    return status;
}
