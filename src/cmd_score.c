#include "cli.h"

#include <string.h>

static const char *const TABLES[] = {"csv", "jsonl", NULL};

static const struct mv_option OPTIONS[] = {
    MV_CLI_MODEL,
    {.name = "output",
     .letter = 'o',
     .value = "FILE",
     .type = MV_OPTION_FILE,
     .help = "write the table there; default with PATH: standard output, "
             "without: no table"},
    {.name = "format",
     .value = "FORMAT",
     .type = MV_OPTION_CHOICE,
     .words = TABLES,
     .help = "the form of the table; default csv"},
    {.name = "spreadsheet",
     .help = "CSV that a spreadsheet opens right: a byte order mark, and an "
             "apostrophe before cells that begin with = + - @"},
    MV_CLI_MAPPING,
    MV_CLI_THREADS,
    {.name = NULL},
};

static enum mv_status score(struct mv_cli *cli, struct motivo *motivo,
                            struct mv_model *model, FILE *out,
                            struct mv_score_counts *counts)
{
    const char *format = mv_cli_text(cli, "format");
    struct mv_score_options options = {
        .mapping = mv_cli_mapping(cli),
        .table = format && strcmp(format, "jsonl") == 0 ? MV_TABLE_JSONL
                                                        : MV_TABLE_CSV,
        .threads = (int)mv_cli_integer(cli, "threads", 0),
        .spreadsheet = mv_cli_flag(cli, "spreadsheet"),
    };

    if (motivo)
        return mv_score_database(motivo, &options, out, &cli->progress, counts,
                                 &cli->error);
    return mv_score_file(model, cli->arguments[0], &options, out,
                         &cli->progress, counts, &cli->error);
}

static void tell(struct mv_cli *cli, const struct mv_score_counts *counts)
{
    mv_cli_note(cli,
                "%ld scored: %ld purpose, %ld unsure, %ld no-purpose, "
                "%ld no-note",
                counts->rows, counts->verdict[MV_VERDICT_PURPOSE],
                counts->verdict[MV_VERDICT_UNSURE],
                counts->verdict[MV_VERDICT_NO_PURPOSE],
                counts->verdict[MV_VERDICT_NO_NOTE]);
}

static int write_scores(struct mv_cli *cli, struct motivo *motivo,
                        struct mv_model *model)
{
    const char *path = mv_cli_text(cli, "output");
    struct mv_score_counts counts = {0};
    struct mv_output output = {0};
    enum mv_status status;
    int exit = 0;

    /* The verdicts of the database are kept there: a table only when asked. */
    if (path || model)
        exit = mv_cli_output_open(cli, &output, path);
    if (exit)
        return exit;
    status = score(cli, motivo, model, output.file, &counts);
    if (status != MV_OK)
        exit = mv_cli_fail(cli, status);
    exit = mv_cli_output_close(cli, &output, exit);
    if (exit == MV_EXIT_DONE)
        tell(cli, &counts);
    return exit;
}

static int run(struct mv_cli *cli)
{
    struct motivo *motivo = NULL;
    struct mv_model *model = NULL;
    const char *format = mv_cli_text(cli, "format");
    int exit;

    if (mv_cli_flag(cli, "spreadsheet") && format &&
        strcmp(format, "csv") != 0)
        return mv_cli_misuse(cli, "--spreadsheet is for --format csv");
    if (!cli->n_arguments && mv_cli_text(cli, "model"))
        return mv_cli_misuse(cli, "--model needs PATH: the database is scored "
                                  "by its active model, which 'motivo models "
                                  "activate' chooses");
    exit = cli->n_arguments ? mv_cli_model(cli, &model)
                            : mv_cli_open(cli, false, &motivo);
    if (!exit)
        exit = write_scores(cli, motivo, model);
    mv_model_close(model);
    mv_close(motivo);
    return exit;
}

const struct mv_command mv_cmd_score = {
    .name = "score",
    .arguments = "[PATH]",
    .summary = "judge invitations: purpose, no-purpose, unsure or no-note",
    .help =
        "With PATH, judges all rows of any file that import reads, without\n"
        "touching the database, and prints the same rows in the same order\n"
        "with five columns more: verdict, probability, language, action and\n"
        "reason. - is standard input (CSV or JSON Lines). Memory does not grow\n"
        "with the file. JSON Lines that have some of these names for members\n"
        "of their own keep them; the verdict's are then motivo_verdict and so\n"
        "on. With all five they are an earlier result, and replaced.\n"
        "\n"
        "Without PATH, judges the invitations of the database and keeps the\n"
        "verdicts for the report; with -o, writes them as a table, too.\n"
        "\n"
        "The model is the one of --model, else the active one of the\n"
        "database, else the starter model that comes with motivo\n"
        "($MOTIVO_STARTER names another). The action is reply for purpose,\n"
        "review for unsure, accept for the rest.",
    .example = "  motivo score\n"
               "  motivo score -o triage.csv --spreadsheet\n"
               "  motivo score Invitations.csv -o scored.csv\n"
               "  motivo score notes.jsonl --text message --format jsonl",
    .options = OPTIONS,
    .most = 1,
    .run = run,
};
