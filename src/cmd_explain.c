#include "cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST = 1 << 20 };

static const struct mv_option OPTIONS[] = {
    MV_CLI_MODEL,
    MV_CLI_JSON,
    {.name = NULL},
};

static int read_input(struct mv_cli *cli, char *to, size_t *len)
{
    *len = fread(to, 1, LONGEST + 1, stdin);
    if (ferror(stdin) && mv_cli_stopped())
        return mv_cli_fail(cli, MV_STOPPED);
    if (ferror(stdin)) {
        mv_cli_say(cli, "cannot read standard input: %s", strerror(errno));
        return MV_EXIT_FAILED;
    }
    if (*len > LONGEST) {
        mv_cli_say(cli,
                   "standard input is longer than a message may be (%d "
                   "bytes); score reads files",
                   LONGEST);
        return MV_EXIT_FAILED;
    }
    return 0;
}

static int explain(struct mv_cli *cli, const char *text, size_t len)
{
    struct mv_model *model;
    struct mv_page *page = NULL;
    enum mv_status status;
    int exit = mv_cli_model(cli, &model);

    if (exit)
        return exit;
    status = mv_explain(model, text, len, &page, &cli->error);
    exit = mv_cli_answer(cli, status, page);
    mv_model_close(model);
    return exit;
}

static int run(struct mv_cli *cli)
{
    const char *text = cli->arguments[0];
    char *input;
    size_t len;
    int exit;

    if (strcmp(text, "-") != 0)
        return explain(cli, text, strlen(text));
    input = malloc(LONGEST + 1);
    if (!input)
        return mv_cli_fail(cli, MV_NOMEM);
    exit = read_input(cli, input, &len);
    if (!exit)
        exit = explain(cli, input, len);
    free(input);
    return exit;
}

const struct mv_command mv_cmd_explain = {
    .name = "explain",
    .arguments = "TEXT",
    .summary = "show which phrases of a message make the verdict",
    .help =
        "TEXT is one message, in quotes; - reads it from standard input.\n"
        "Prints the verdict and the pieces of the text with what each adds\n"
        "to the score: they and the constant sum to it. The model is chosen\n"
        "as in score.",
    .example = "  motivo explain 'Hi, could you send me the slides of your "
               "talk in Lugo?'",
    .options = OPTIONS,
    .least = 1,
    .most = 1,
    .run = run,
};
