#include "cli.h"

#include <string.h>

static const char *const FORMATS[] = {"text", "json", NULL};

static const struct mv_option OPTIONS[] = {
    {.name = "limit",
     .value = "N",
     .type = MV_OPTION_INTEGER,
     .low = 0,
     .high = 1000000000,
     .help = "list at most N invitations in a section, 0: all; default 10"},
    {.name = "format",
     .value = "FORMAT",
     .type = MV_OPTION_CHOICE,
     .words = FORMATS,
     .help = "how to print; default text"},
    {.name = "json", .help = "the same as --format json"},
    {.name = NULL},
};

static int run(struct mv_cli *cli)
{
    const char *word = mv_cli_text(cli, "format");
    bool json = mv_cli_flag(cli, "json") || (word && strcmp(word, "json") == 0);
    enum mv_status status;
    struct motivo *motivo;
    struct mv_page *page = NULL;
    int exit = mv_cli_open(cli, false, &motivo);

    if (exit)
        return exit;
    status = mv_report(motivo, (long)mv_cli_integer(cli, "limit", 10), &page,
                       &cli->error);
    exit = status ? mv_cli_fail(cli, status)
                  : mv_cli_print(cli, page,
                                 json ? MV_FORMAT_JSON : MV_FORMAT_TEXT);
    mv_page_free(page);
    mv_close(motivo);
    return exit;
}

const struct mv_command mv_cmd_report = {
    .name = "report",
    .arguments = "",
    .summary = "whom to answer, and how far to trust that, on one page",
    .help = "Lists whom to answer and what to look at, counts the rest, and\n"
            "says how often the verdicts are right, with intervals. It tells\n"
            "what score has kept: run that first.",
    .example = "  motivo report\n"
               "  motivo report --limit 0 --format json",
    .options = OPTIONS,
    .run = run,
};
