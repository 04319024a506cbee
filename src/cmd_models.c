#include "cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct mv_option OPTIONS[] = {
    {.name = "limit",
     .value = "N",
     .type = MV_OPTION_INTEGER,
     .low = 0,
     .high = 1000000,
     .help = "compare: show at most N messages, 0 all; default 10"},
    MV_CLI_JSON,
    {.name = NULL},
};

static enum mv_status list(struct mv_cli *cli, struct motivo *motivo,
                           const int64_t *id, struct mv_page **out)
{
    (void)id;
    return mv_models_list(motivo, out, &cli->error);
}

static enum mv_status show(struct mv_cli *cli, struct motivo *motivo,
                           const int64_t *id, struct mv_page **out)
{
    return mv_models_show(motivo, id[0], out, &cli->error);
}

static enum mv_status compare(struct mv_cli *cli, struct motivo *motivo,
                              const int64_t *id, struct mv_page **out)
{
    return mv_models_compare(motivo, id[0], id[1],
                             (long)mv_cli_integer(cli, "limit", 10),
                             &cli->progress, out, &cli->error);
}

static enum mv_status activate(struct mv_cli *cli, struct motivo *motivo,
                               const int64_t *id, struct mv_page **out)
{
    enum mv_status status = mv_models_activate(motivo, id[0], &cli->error);

    if (status == MV_OK)
        mv_cli_note(cli, "model %lld is the active one now", (long long)id[0]);
    (void)out;
    return status;
}

static enum mv_status rollback(struct mv_cli *cli, struct motivo *motivo,
                               const int64_t *id, struct mv_page **out)
{
    int64_t from = 0, to = 0;
    enum mv_status status = mv_models_rollback(motivo, &from, &to, &cli->error);

    if (status == MV_OK)
        mv_cli_note(cli,
                    "back from model %lld: model %lld is the active one now",
                    (long long)from, (long long)to);
    (void)id;
    (void)out;
    return status;
}

static const struct action {
    const char *name;
    size_t ids; /* how many models it takes */
    enum mv_status (*run)(struct mv_cli *, struct motivo *, const int64_t *,
                          struct mv_page **);
} ACTIONS[] = {{"list", 0, list},
               {"show", 1, show},
               {"compare", 2, compare},
               {"activate", 1, activate},
               {"rollback", 0, rollback}};
enum { N_ACTIONS = sizeof ACTIONS / sizeof *ACTIONS };

static int unknown_action(struct mv_cli *cli, const char *word)
{
    const char *names[N_ACTIONS + 1] = {0}, *near;
    size_t i;

    for (i = 0; i < N_ACTIONS; i++)
        names[i] = ACTIONS[i].name;
    near = mv_cli_nearest(word, names);
    if (near)
        return mv_cli_misuse(cli, "models can not '%s'; did you mean '%s'?",
                             word, near);
    return mv_cli_misuse(cli,
                         "models can not '%s'; it can list, show N, compare A "
                         "B, activate N and rollback",
                         word);
}

static int parse_id(struct mv_cli *cli, const char *word, int64_t *out)
{
    char *end;

    errno = 0;
    *out = strtoll(word, &end, 10);
    if (*end || errno || word[strspn(word, "0123456789")] || *out < 1)
        return mv_cli_misuse(cli, "'%s' is not the number of a model", word);
    return 0;
}

static int parse_ids(struct mv_cli *cli, const struct action *action,
                     int64_t id[2])
{
    size_t given = cli->n_arguments ? cli->n_arguments - 1 : 0;
    int exit = 0;

    if (action->ids == 0 && given)
        return mv_cli_misuse(cli, "models %s takes no argument", action->name);
    if (given != action->ids)
        return mv_cli_misuse(cli,
                             "models %s needs the number%s of %s: see "
                             "'motivo models'",
                             action->name, action->ids > 1 ? "s" : "",
                             action->ids > 1 ? "two models" : "a model");
    for (size_t i = 0; !exit && i < given; i++)
        exit = parse_id(cli, cli->arguments[i + 1], &id[i]);
    return exit;
}

static int act(struct mv_cli *cli, const struct action *action,
               const int64_t *id)
{
    struct motivo *motivo;
    struct mv_page *page = NULL;
    enum mv_status status;
    int exit = mv_cli_open(cli, false, &motivo);

    if (exit)
        return exit;
    status = action->run(cli, motivo, id, &page);
    if (status != MV_OK)
        exit = mv_cli_fail(cli, status);
    else if (page)
        exit = mv_cli_page(cli, page);
    mv_page_free(page);
    mv_close(motivo);
    return exit;
}

static int run(struct mv_cli *cli)
{
    const char *word = cli->n_arguments ? cli->arguments[0] : "list";
    int64_t id[2] = {0};
    size_t i;
    int exit;

    for (i = 0; i < N_ACTIONS; i++)
        if (strcmp(ACTIONS[i].name, word) == 0)
            break;
    if (i == N_ACTIONS)
        return unknown_action(cli, word);
    exit = parse_ids(cli, &ACTIONS[i], id);
    return exit ? exit : act(cli, &ACTIONS[i], id);
}

const struct mv_command mv_cmd_models = {
    .name = "models",
    .arguments = "[list | show N | compare A B | activate N | rollback]",
    .summary = "list the trained models, compare two, choose the one that "
               "judges",
    .help =
        "Every training is kept with its options, labels and figures. list,\n"
        "which is also done without an argument, shows all, how much each\n"
        "has judged and which was live when; show N one of them in full.\n"
        "\n"
        "compare A B shows the messages that the two judge differently, with\n"
        "the reasons of both, and what the labels say.\n"
        "\n"
        "activate N makes it the one that judges. rollback goes back to the\n"
        "one that was active before; done again, further back. Both are\n"
        "added to the history; nothing is taken out of it.",
    .example = "  motivo models\n"
               "  motivo models compare 1 2\n"
               "  motivo models rollback",
    .options = OPTIONS,
    .most = 3,
    .run = run,
};
