#include "cli.h"

static const struct mv_option OPTIONS[] = {
    {.name = "output",
     .letter = 'o',
     .value = "FILE",
     .type = MV_OPTION_FILE,
     .help = "write the model to a file, too"},
    {.name = "target-precision",
     .value = "P",
     .type = MV_OPTION_REAL,
     .low = 0.5,
     .high = 0.999,
     .help = "how often 'purpose' must be right, at the low end of what the "
             "labels can tell; default 0.90"},
    {.name = "activate",
     .help = "take the model into use also when it does worse than the active "
             "one; that is recorded"},
    {.name = "no-activate", .help = "keep the active model as it is"},
    MV_CLI_SEED,
    MV_CLI_THREADS,
    MV_CLI_JSON,
    {.name = NULL},
};

static int run(struct mv_cli *cli)
{
    struct mv_train_options options = {
        .seed = (uint64_t)mv_cli_integer(cli, "seed", 1),
        .threads = (int)mv_cli_integer(cli, "threads", 0),
        .target_precision = mv_cli_real(cli, "target-precision", 0),
        .output = mv_cli_text(cli, "output"),
        .activate = !mv_cli_flag(cli, "no-activate"),
        .force = mv_cli_flag(cli, "activate"),
    };
    struct motivo *motivo;
    struct mv_page *page = NULL;
    enum mv_status status;
    int exit;

    if (options.force && !options.activate)
        return mv_cli_misuse(cli, "--activate and --no-activate contradict "
                                  "each other");
    exit = mv_cli_output_check(cli, options.output);
    if (!exit)
        exit = mv_cli_open(cli, false, &motivo);
    if (exit)
        return exit;
    status = mv_train(motivo, &options, &cli->progress, &page, &cli->error);
    exit = mv_cli_answer(cli, status, page);
    mv_close(motivo);
    return exit;
}

const struct mv_command mv_cmd_train = {
    .name = "train",
    .arguments = "",
    .summary = "learn from all labels of the database",
    .help =
        "Trains a model on all labels but the unsure ones and the audit\n"
        "sample, and measures it by cross-validation on messages that it did\n"
        "not learn from. Prints what was chosen and how well it does, with\n"
        "95 % intervals. The same labels, options and seed give the same\n"
        "model, byte for byte.\n"
        "\n"
        "Your own labels take part beside the starter corpus from 50 on, and\n"
        "count as many times as does best on them. With fewer, the model of\n"
        "the starter corpus stays.\n"
        "\n"
        "The first model goes live. A later one does so unless it is worse\n"
        "than the active one: by an exact McNemar test or a paired bootstrap,\n"
        "on the audit sample or, when that has fewer than 30 messages, by\n"
        "cross-validation. A worse one is kept as a candidate, and the\n"
        "messages that it gets wrong are shown.\n"
        "\n"
        "The threshold of 'purpose' is the one that keeps the target\n"
        "precision at the low end of its interval; what lies below it and\n"
        "is not clearly without purpose is called unsure.",
    .example = "  motivo train\n"
               "  motivo train --target-precision 0.95 -o mine.motivo",
    .options = OPTIONS,
    .run = run,
};
