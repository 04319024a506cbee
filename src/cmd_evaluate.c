#include "cli.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct mv_option OPTIONS[] = {
    {.name = "test",
     .value = "FILE",
     .type = MV_OPTION_FILE,
     .help = "a labelled CSV file to measure on; its columns are text, label "
             "and lang unless said otherwise"},
    MV_CLI_MAPPING,
    MV_CLI_MODEL,
    {.name = "require",
     .value = "METRIC>=X",
     .type = MV_OPTION_TEXT,
     .help = "end with status 3 unless the measure reaches X (or, with <=, "
             "stays below it); may be given again"},
    {.name = "details",
     .help = "print all figures: the counts, the probabilities, and by "
             "language, length, source, kind and template"},
    MV_CLI_SEED,
    MV_CLI_THREADS,
    MV_CLI_JSON,
    {.name = NULL},
};

/* The measures of the JSON form that have one number each. */
static const char *const METRICS[] = {
    "n",
    "prevalence",
    "threshold",
    "accuracy",
    "f1",
    "precision",
    "recall",
    "mcc",
    "ece",
    "brier",
    "average_precision",
    "unsure.share",
    "unsure.precision",
    "unsure.recall",
    NULL,
};

/* "precision.low>=0.9" */
struct requirement {
    char metric[64];
    bool at_least;
    double bound;
};

/* "precision", "precision.value", ".low" and ".high" are the same measure. */
static bool is_metric(const char *name)
{
    const char *const *metric = METRICS, *rest;

    for (; *metric; metric++) {
        size_t len = strlen(*metric);

        rest = name + len;
        if (strncmp(name, *metric, len) == 0 &&
            (!*rest || strcmp(rest, ".value") == 0 ||
             strcmp(rest, ".low") == 0 || strcmp(rest, ".high") == 0))
            return true;
    }
    return false;
}

static int unknown_metric(struct mv_cli *cli, const char *name)
{
    const char *near = mv_cli_nearest(name, METRICS);
    const char *const *metric = METRICS;
    char allowed[256];
    size_t at = 0;

    if (near)
        return mv_cli_misuse(cli, "unknown measure '%s'; did you mean '%s'?",
                             name, near);
    for (; *metric && at < sizeof allowed; metric++)
        at += (size_t)snprintf(allowed + at, sizeof allowed - at, "%s%s",
                               at ? ", " : "", *metric);
    return mv_cli_misuse(cli,
                         "unknown measure '%s'; known: %s, and .low or "
                         ".high of them",
                         name, allowed);
}

static int parse(struct mv_cli *cli, const char *text, struct requirement *out)
{
    size_t len = strcspn(text, "<>=");
    const char *sign = text + len;
    char *end = NULL;

    if ((strncmp(sign, ">=", 2) == 0 || strncmp(sign, "<=", 2) == 0) && sign[2])
        out->bound = strtod(sign + 2, &end);
    if (!end || *end || !isfinite(out->bound) || !len ||
        len >= sizeof out->metric)
        return mv_cli_misuse(cli,
                             "option '--require' is '%s'; allowed: a "
                             "measure, '>=' or '<=' and a number, as in "
                             "precision.low>=0.9",
                             text);
    memcpy(out->metric, text, len);
    out->metric[len] = 0;
    out->at_least = *sign == '>';
    return is_metric(out->metric) ? 0 : unknown_metric(cli, out->metric);
}

static int check(struct mv_cli *cli)
{
    struct requirement wanted;
    const char *text;
    size_t at = 0;
    int exit = 0;

    while (!exit && (text = mv_cli_each(cli, "require", &at)))
        exit = parse(cli, text, &wanted);
    if (!exit && !mv_cli_text(cli, "test") && mv_cli_mapping(cli).text)
        exit = mv_cli_misuse(cli, "--text tells how to read the file of "
                                  "--test, which is missing");
    if (!exit && !mv_cli_text(cli, "test") && mv_cli_text(cli, "model"))
        exit = mv_cli_misuse(cli, "--model needs --test: without it the "
                                  "database's labels are measured, with "
                                  "models trained anew for each part");
    return exit;
}

/* An undefined measure (no message called purpose, say) reaches nothing. */
static bool reaches(struct mv_cli *cli, const struct mv_page *page,
                    const struct requirement *wanted)
{
    const char *sign = wanted->at_least ? ">=" : "<=";
    double got;

    if (mv_page_number(page, wanted->metric, &got, NULL) != MV_OK) {
        mv_cli_say(cli, "required %s %s %g, measured: undefined",
                   wanted->metric, sign, wanted->bound);
        return false;
    }
    if (wanted->at_least ? got >= wanted->bound : got <= wanted->bound)
        return true;
    mv_cli_say(cli, "required %s %s %g, measured %.4g", wanted->metric, sign,
               wanted->bound, got);
    return false;
}

static int compare(struct mv_cli *cli, const struct mv_page *page)
{
    struct requirement wanted;
    const char *text;
    size_t at = 0;
    int exit = MV_EXIT_DONE;

    while ((text = mv_cli_each(cli, "require", &at)))
        if (parse(cli, text, &wanted) == 0 && !reaches(cli, page, &wanted))
            exit = MV_EXIT_BELOW;
    return exit;
}

static int measure(struct mv_cli *cli, struct motivo *motivo)
{
    struct mv_evaluate_options options = {
        .test = mv_cli_text(cli, "test"),
        .mapping = mv_cli_mapping(cli),
        .model = mv_cli_text(cli, "model"),
        .seed = (uint64_t)mv_cli_integer(cli, "seed", 1),
        .threads = (int)mv_cli_integer(cli, "threads", 0),
        .details = mv_cli_flag(cli, "details"),
    };
    struct mv_page *page = NULL;
    enum mv_status status =
        mv_evaluate(motivo, &options, &cli->progress, &page, &cli->error);
    int exit;

    if (status != MV_OK)
        return mv_cli_fail(cli, status);
    exit = mv_cli_page(cli, page);
    if (exit == MV_EXIT_DONE)
        exit = compare(cli, page);
    mv_page_free(page);
    return exit;
}

static int run(struct mv_cli *cli)
{
    bool alone = mv_cli_text(cli, "test") && mv_cli_text(cli, "model");
    struct motivo *motivo = NULL;
    int exit = check(cli);

    if (!exit && !alone)
        exit = mv_cli_open(cli, false, &motivo);
    if (!exit)
        exit = measure(cli, motivo);
    mv_close(motivo);
    return exit;
}

const struct mv_command mv_cmd_evaluate = {
    .name = "evaluate",
    .arguments = "",
    .summary = "measure how far a model can be trusted",
    .help =
        "Measures on the labelled file of --test, else on the audit sample\n"
        "of the database, else by nested cross-validation of its labels.\n"
        "Every figure comes with its 95 % interval; what can not be\n"
        "computed is said to be undefined. --details and the JSON form tell\n"
        "more.\n"
        "\n"
        "With --require the exit status is 3 when a measure falls short:\n"
        "accuracy, precision, recall, f1, mcc, average_precision, brier,\n"
        "ece, unsure.share and others as in the JSON form; .low and .high\n"
        "name the ends of an interval.",
    .example = "  motivo evaluate\n"
               "  motivo evaluate --test mine.csv --require "
               "'precision.low>=0.85'",
    .options = OPTIONS,
    .run = run,
};
