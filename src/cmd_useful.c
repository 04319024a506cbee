#include "cli.h"

static const struct mv_option OPTIONS[] = {
    {.name = "file",
     .value = "FILE",
     .type = MV_OPTION_FILE,
     .help = "a CSV file of two columns: number or address, and yes or no; - "
             "is standard input"},
    {.name = "from-threads",
     .help = "take conversations in which both sides wrote for yes, contacts "
             "without one for no, once 30 days have passed; what you said "
             "stands"},
    {.name = NULL},
};

static int misuse(struct mv_cli *cli)
{
    return mv_cli_misuse(cli, "say who, and yes or no: an invitation's number "
                              "or a profile's address, --file FILE, or "
                              "--from-threads");
}

static int check(struct mv_cli *cli, bool *useful)
{
    bool bulk = mv_cli_text(cli, "file") || mv_cli_flag(cli, "from-threads");

    if (cli->n_arguments == 1 || (cli->n_arguments == 0 && !bulk))
        return misuse(cli);
    if (cli->n_arguments == 2 &&
        mv_useful_parse(cli->arguments[1], useful) != MV_OK)
        return mv_cli_misuse(cli, "'%s' is not known; allowed: yes, no",
                             cli->arguments[1]);
    return 0;
}

static enum mv_status put_all(struct mv_cli *cli, struct motivo *motivo,
                              bool useful, struct mv_useful_counts *counts)
{
    const char *path = mv_cli_text(cli, "file");
    enum mv_status status = MV_OK;

    if (mv_cli_flag(cli, "from-threads"))
        status = mv_useful_threads(motivo, counts, &cli->error);
    if (status == MV_OK && path)
        status = mv_useful_file(motivo, path, counts, &cli->error);
    if (status == MV_OK && cli->n_arguments == 2)
        status = mv_useful_put(motivo, cli->arguments[0], useful, counts,
                               &cli->error);
    return status;
}

static int run(struct mv_cli *cli)
{
    struct mv_useful_counts counts = {0};
    struct motivo *motivo = NULL;
    enum mv_status status;
    bool useful = false;
    int exit = check(cli, &useful);

    if (!exit)
        exit = mv_cli_open(cli, false, &motivo);
    if (exit)
        return exit;
    status = put_all(cli, motivo, useful, &counts);
    if (status != MV_OK)
        exit = mv_cli_fail(cli, status);
    else
        mv_cli_note(cli, "%ld %s told, %ld useful; %ld new or changed",
                    counts.told, counts.told == 1 ? "contact" : "contacts",
                    counts.useful, counts.changed);
    if (status == MV_OK && counts.left_out)
        mv_cli_note(cli, "%ld not here any more, or without a name: left out",
                    counts.left_out);
    if (status == MV_OK && counts.undecided)
        mv_cli_note(cli,
                    "%ld without an answer left open: less than 30 days "
                    "have passed in your data",
                    counts.undecided);
    if (status == MV_OK && counts.withdrawn)
        mv_cli_note(cli,
                    "%ld of these counted as not useful before: taken back",
                    counts.withdrawn);
    mv_close(motivo);
    return exit;
}

const struct mv_command mv_cmd_useful = {
    .name = "useful",
    .arguments = "[ID|URL yes|no]",
    .summary = "say which contacts proved useful",
    .help =
        "A contact is useful who brought a result, or whom you could help.\n"
        "The HTML report marks contacts with a click and saves the file.\n"
        "report tells the share of useful contacts among those of whom you\n"
        "said so and estimates it over all; conversations are a second\n"
        "reading, taken only when you ask for it. Saying it again changes\n"
        "nothing, and the last word counts.",
    .example = "  motivo useful 12 yes\n"
               "  motivo useful https://www.linkedin.com/in/ana-ruiz no\n"
               "  motivo useful --file outcomes.csv\n"
               "  motivo useful --from-threads",
    .options = OPTIONS,
    .most = 2,
    .run = run,
};
