#include "cli.h"

static const struct mv_option OPTIONS[] = {
    MV_CLI_JSON,
    {.name = NULL},
};

static int run(struct mv_cli *cli)
{
    struct motivo *motivo;
    struct mv_page *page = NULL;
    enum mv_status status;
    int exit = mv_cli_open(cli, false, &motivo);

    if (exit)
        return exit;
    status = mv_overview(motivo, &page, &cli->error);
    exit = mv_cli_answer(cli, status, page);
    mv_close(motivo);
    return exit;
}

const struct mv_command mv_cmd_status = {
    .name = "status",
    .arguments = "",
    .summary = "what is here, what is active, what to do next",
    .help = "One screen: how many invitations and labels the database holds,\n"
            "which model is the active one, and what to do next.",
    .example = "  motivo status",
    .options = OPTIONS,
    .run = run,
};
