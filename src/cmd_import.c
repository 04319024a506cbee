#include "cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct mv_option OPTIONS[] = {
    {.name = "starter",
     .help = "add the starter corpus that comes with motivo"},
    MV_CLI_MAPPING,
    {.name = "annotator",
     .value = "NAME",
     .type = MV_OPTION_TEXT,
     .help = "who gave the labels of the files; default: file"},
    MV_CLI_JSON,
    {.name = NULL},
};

/* --- importing ------------------------------------------------------------ */

/* Every file is one transaction, so what was finished stays. */
static int stopped(struct mv_cli *cli, const char *path)
{
    if (strcmp(path, "-") == 0)
        path = "standard input";
    mv_cli_say(cli,
               "interrupted in '%s'; files that were finished are "
               "imported, the rest is not",
               path);
    return MV_EXIT_FAILED;
}

static int import_one(struct mv_cli *cli, struct motivo *motivo,
                      const char *path, const struct mv_import_options *options)
{
    struct mv_page *page = NULL;
    enum mv_status status =
        mv_import(motivo, path, options, &cli->progress, &page, &cli->error);
    int exit;

    if (status != MV_OK && mv_cli_stopped())
        return stopped(cli, path);
    exit = mv_cli_answer(cli, status, page);
    return exit;
}

static int import_all(struct mv_cli *cli, const char *starter)
{
    struct mv_import_options options = {
        .mapping = mv_cli_mapping(cli),
        .annotator = mv_cli_text(cli, "annotator"),
    };
    struct motivo *motivo = NULL;
    int exit = mv_cli_open(cli, true, &motivo);
    size_t i;

    if (!exit && starter)
        exit = import_one(cli, motivo, starter,
                          &(struct mv_import_options){.starter = true});
    for (i = 0; i < cli->n_arguments && !exit; i++)
        exit = import_one(cli, motivo, cli->arguments[i], &options);
    mv_close(motivo);
    return exit;
}

/* Before anything is written: a name mistyped at the end of a long line must
 * not leave half of the line done, nor an empty database. */
static int check_paths(struct mv_cli *cli)
{
    size_t i;

    for (i = 0; i < cli->n_arguments; i++) {
        const char *path = cli->arguments[i];

        if (strcmp(path, "-") != 0 && access(path, R_OK) != 0) {
            mv_cli_say(cli, "cannot open '%s': %s", path, strerror(errno));
            return MV_EXIT_FAILED;
        }
    }
    return 0;
}

static int check_mapping(struct mv_cli *cli)
{
    struct mv_mapping m = mv_cli_mapping(cli);

    if (!m.text && (m.label || m.lang || m.name || m.url || m.date))
        return mv_cli_misuse(cli, "which column holds the message? Say so "
                                  "with --text");
    if (m.positive && !m.label)
        return mv_cli_misuse(cli, "--positive needs --label");
    return 0;
}

static int run(struct mv_cli *cli)
{
    bool wanted = mv_cli_flag(cli, "starter");
    char *starter = NULL;
    int exit;

    if (!wanted && !cli->n_arguments)
        return mv_cli_misuse(cli, "import needs PATH... or --starter");
    exit = check_mapping(cli);
    if (!exit)
        exit = check_paths(cli);
    if (!exit && wanted) {
        starter = mv_cli_installed("MOTIVO_CORPUS", "corpus", "corpus");
        if (!starter) {
            mv_cli_say(cli, "no starter corpus here; name its folder in "
                            "MOTIVO_CORPUS");
            exit = MV_EXIT_FAILED;
        }
    }
    if (!exit)
        exit = import_all(cli, starter);
    free(starter);
    return exit;
}

const struct mv_command mv_cmd_import = {
    .name = "import",
    .arguments = "PATH...",
    .summary = "read invitations and labels into the database",
    .help =
        "PATH is the ZIP archive that LinkedIn sends on request, its\n"
        "unzipped folder, one of the files Invitations.csv, Connections.csv\n"
        "and messages.csv, a mail or mailbox with notifications (.eml,\n"
        ".mbox), or, with --text, any CSV or JSON Lines file. - is standard\n"
        "input.\n"
        "\n"
        "What the database has already is left alone, so that the same or a\n"
        "newer export can be imported at any time. Every file is imported\n"
        "as a whole or not at all. The report says for each how many rows\n"
        "were read, new, known and skipped, and why, by line.\n"
        "\n"
        "--starter adds the labelled messages that come with motivo: from\n"
        "$MOTIVO_CORPUS, else from where motivo is installed, else from\n"
        "./corpus.",
    .example = "  motivo import --starter\n"
               "  motivo import Basic_LinkedInDataExport.zip\n"
               "  motivo import notes.csv --text message --label answer "
               "--positive yes",
    .options = OPTIONS,
    .most = -1,
    .run = run,
};
