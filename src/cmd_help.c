#include "cli.h"

#include <string.h>

static const struct mv_option OPTIONS[] = {
    {.name = "man", .help = "print the man page", .hidden = true},
    {.name = "markdown", .help = "print as Markdown", .hidden = true},
    {.name = "completion", .help = "print bash completion", .hidden = true},
    {.name = NULL},
};

static int help_on(struct mv_cli *cli, const char *word)
{
    const char *names[64] = {0}, *near;
    size_t i;

    for (i = 0; i < 63 && cli->commands[i]; i++) {
        names[i] = cli->commands[i]->name;
        if (strcmp(names[i], word) == 0) {
            mv_cli_help(cli->commands[i], stdout);
            return MV_EXIT_DONE;
        }
    }
    near = mv_cli_nearest(word, names);
    if (near)
        return mv_cli_misuse(cli, "unknown command '%s'; did you mean '%s'?",
                             word, near);
    return mv_cli_misuse(cli, "unknown command '%s'", word);
}

static int run(struct mv_cli *cli)
{
    if (cli->n_arguments)
        return help_on(cli, cli->arguments[0]);
    if (mv_cli_flag(cli, "man"))
        mv_cli_manual(cli, stdout);
    else if (mv_cli_flag(cli, "markdown"))
        mv_cli_markdown(cli, stdout);
    else if (mv_cli_flag(cli, "completion"))
        mv_cli_completion(cli, stdout);
    else
        mv_cli_usage(cli, stdout);
    return MV_EXIT_DONE;
}

const struct mv_command mv_cmd_help = {
    .name = "help",
    .arguments = "[COMMAND]",
    .summary = "print help",
    .help = "Without COMMAND, lists the commands.",
    .example = "  motivo help import",
    .options = OPTIONS,
    .most = 1,
    .run = run,
};
