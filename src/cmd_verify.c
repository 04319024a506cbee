#include "cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct mv_option OPTIONS[] = {
    MV_CLI_THREADS,
    MV_CLI_JSON,
    {.name = NULL},
};

static int parse_id(struct mv_cli *cli, int64_t *id)
{
    const char *word = cli->n_arguments ? cli->arguments[0] : NULL;
    char *end;

    *id = 0;
    if (!word)
        return 0;
    errno = 0;
    *id = strtoll(word, &end, 10);
    if (*end || errno || word[strspn(word, "0123456789")] || *id < 1)
        return mv_cli_misuse(cli, "'%s' is not the number of a model", word);
    return 0;
}

static int run(struct mv_cli *cli)
{
    struct motivo *motivo;
    struct mv_page *page = NULL;
    enum mv_status status;
    bool equal = false;
    int64_t id;
    int exit = parse_id(cli, &id);

    if (!exit)
        exit = mv_cli_open(cli, false, &motivo);
    if (exit)
        return exit;
    status = mv_verify(motivo, id, (int)mv_cli_integer(cli, "threads", 0),
                       &cli->progress, &equal, &page, &cli->error);
    exit = mv_cli_answer(cli, status, page);
    if (exit == MV_EXIT_DONE && !equal)
        exit = MV_EXIT_FAILED;
    mv_close(motivo);
    return exit;
}

const struct mv_command mv_cmd_verify = {
    .name = "verify",
    .arguments = "[N]",
    .summary = "train a model again from the record and compare the bytes",
    .help =
        "Trains the active model, or model N, again from the labels that it\n"
        "has learnt and the options on record, and compares the bytes with\n"
        "its file. Says equal (status 0) or different (status 1) and, when\n"
        "different, what differs: labels, options, file or program. Nothing\n"
        "is changed.",
    .example = "  motivo verify\n"
               "  motivo verify 2 --json",
    .options = OPTIONS,
    .most = 1,
    .run = run,
};
