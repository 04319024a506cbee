#include "cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct mv_option OPTIONS[] = {
    MV_CLI_JSON,
    {.name = NULL},
};

static enum mv_status list(struct mv_cli *cli, struct motivo *motivo,
                           int64_t id, struct mv_page **out)
{
    (void)id;
    return mv_models_list(motivo, out, &cli->error);
}

static enum mv_status show(struct mv_cli *cli, struct motivo *motivo,
                           int64_t id, struct mv_page **out)
{
    return mv_models_show(motivo, id, out, &cli->error);
}

static enum mv_status activate(struct mv_cli *cli, struct motivo *motivo,
                               int64_t id, struct mv_page **out)
{
    enum mv_status status = mv_models_activate(motivo, id, &cli->error);

    if (status == MV_OK)
        mv_cli_note(cli, "model %lld is the active one now", (long long)id);
    (void)out;
    return status;
}

static const struct action {
    const char *name;
    bool takes_id;
    enum mv_status (*run)(struct mv_cli *, struct motivo *, int64_t,
                          struct mv_page **);
} ACTIONS[] = {
    {"list", false, list}, {"show", true, show}, {"activate", true, activate}};
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
                         "models can not '%s'; it can list, show N and "
                         "activate N",
                         word);
}

static int parse_id(struct mv_cli *cli, const struct action *action,
                    int64_t *out)
{
    const char *word = cli->n_arguments > 1 ? cli->arguments[1] : NULL;
    char *end;

    if (!action->takes_id && word)
        return mv_cli_misuse(cli, "models %s takes no argument", action->name);
    if (!action->takes_id)
        return 0;
    if (!word)
        return mv_cli_misuse(cli,
                             "models %s needs the number of a model: see "
                             "'motivo models'",
                             action->name);
    errno = 0;
    *out = strtoll(word, &end, 10);
    if (*end || errno || word[strspn(word, "0123456789")] || *out < 1)
        return mv_cli_misuse(cli, "'%s' is not the number of a model", word);
    return 0;
}

static int act(struct mv_cli *cli, const struct action *action, int64_t id)
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
    int64_t id = 0;
    size_t i;
    int exit;

    for (i = 0; i < N_ACTIONS; i++)
        if (strcmp(ACTIONS[i].name, word) == 0)
            break;
    if (i == N_ACTIONS)
        return unknown_action(cli, word);
    exit = parse_id(cli, &ACTIONS[i], &id);
    return exit ? exit : act(cli, &ACTIONS[i], id);
}

const struct mv_command mv_cmd_models = {
    .name = "models",
    .arguments = "[list | show N | activate N]",
    .summary = "list the trained models, show one, make one active",
    .help =
        "Every training is kept with its options, labels and figures. list,\n"
        "which is also done without an argument, shows all; show N one of\n"
        "them in full; activate N makes it the one that judges.",
    .example = "  motivo models\n"
               "  motivo models show 2\n"
               "  motivo models activate 1",
    .options = OPTIONS,
    .most = 2,
    .run = run,
};
