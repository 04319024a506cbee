#include "cli.h"

#include <string.h>
#include <unistd.h>

static const struct mv_option OPTIONS[] = {
    {.name = "yes", .help = "erase without asking"},
    MV_CLI_JSON,
    {.name = NULL},
};

/* Shows what there is and asks. Returns 0 to go on, or the exit status. */
static int ask(struct mv_cli *cli, struct motivo *motivo)
{
    struct mv_page *page = NULL;
    char answer[16] = "";
    bool ignored = false;
    enum mv_status status = mv_forget(motivo, cli->arguments[0], true, &ignored,
                                      &page, &cli->error);
    int exit = 0;

    if (status == MV_OK)
        status = mv_page_write(page, MV_FORMAT_TEXT, stderr, &cli->error);
    mv_page_free(page);
    if (status != MV_OK)
        return mv_cli_fail(cli, status);
    fputs("\nErase all of it? It can not be undone. (yes, no) ", stderr);
    fflush(stderr);
    if (!fgets(answer, sizeof answer, stdin) || mv_cli_stopped() ||
        strcmp(answer, "yes\n") != 0)
        exit = MV_EXIT_FAILED;
    if (exit)
        mv_cli_say(cli, "nothing was erased");
    return exit;
}

static int erase(struct mv_cli *cli, struct motivo *motivo)
{
    struct mv_page *page = NULL;
    bool proved = false;
    enum mv_status status = mv_forget(motivo, cli->arguments[0], false, &proved,
                                      &page, &cli->error);
    int exit = mv_cli_answer(cli, status, page);

    return exit == MV_EXIT_DONE && !proved ? MV_EXIT_FAILED : exit;
}

static int run(struct mv_cli *cli)
{
    bool asks = !mv_cli_flag(cli, "yes");
    struct motivo *motivo;
    int exit;

    if (asks && !isatty(STDIN_FILENO))
        return mv_cli_misuse(cli, "forget erases for good: pass --yes where "
                                  "there is no terminal to ask on");
    exit = mv_cli_open(cli, false, &motivo);
    if (exit)
        return exit;
    if (asks)
        exit = ask(cli, motivo);
    if (!exit)
        exit = erase(cli, motivo);
    mv_close(motivo);
    return exit;
}

const struct mv_command mv_cmd_forget = {
    .name = "forget",
    .arguments = "ID|URL",
    .summary = "erase a person from the database, and prove it",
    .help =
        "Erases whoever sent invitation ID, or has the profile address URL:\n"
        "invitations, openings, labels, verdicts, contact, conversations,\n"
        "outcome, and names of imported files that bear the name. Then the\n"
        "database is written anew, and its bytes and those of the models are\n"
        "searched for every name, address and text of the person. Status 1\n"
        "when something is left that does not belong to others.\n"
        "\n"
        "Asks before it erases; --yes does not. Says which models have\n"
        "learnt from what is gone, so that you can train again.",
    .example = "  motivo forget 4076\n"
               "  motivo forget https://www.linkedin.com/in/somebody --yes",
    .options = OPTIONS,
    .least = 1,
    .most = 1,
    .run = run,
};
