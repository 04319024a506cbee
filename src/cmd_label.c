#include "cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct mv_option OPTIONS[] = {
    {.name = "set",
     .value = "ID=LABEL",
     .type = MV_OPTION_TEXT,
     .help = "label invitation ID as purpose, no-purpose or unsure; may be "
             "given again"},
    {.name = "kind",
     .value = "KIND",
     .type = MV_OPTION_TEXT,
     .help = "the finer reason, such as question or mass-pitch"},
    {.name = "annotator",
     .value = "NAME",
     .type = MV_OPTION_TEXT,
     .help = "who says so; default: me"},
    {.name = "export",
     .value = "FILE",
     .type = MV_OPTION_FILE,
     .help = "write all labels ever given as CSV, which import reads back; - "
             "is standard output"},
    {.name = NULL},
};

/* "12=purpose" */
static int parse_set(struct mv_cli *cli, const char *text, int64_t *id,
                     enum mv_label *label)
{
    const char *equals = strchr(text, '=');
    char *end;

    errno = 0;
    *id = strtoll(text, &end, 10);
    if (!equals || end != equals || text[0] < '0' || text[0] > '9' || errno)
        return mv_cli_misuse(cli,
                             "option '--set' is '%s'; allowed: the number "
                             "of an invitation, '=' and a label, as in "
                             "12=purpose",
                             text);
    if (mv_label_parse(equals + 1, label) != MV_OK)
        return mv_cli_misuse(cli,
                             "label '%s' is not known; allowed: purpose, "
                             "no-purpose, unsure",
                             equals + 1);
    return 0;
}

static int unknown_kind(struct mv_cli *cli, const char *name)
{
    const struct mv_kind *kind = mv_kinds();
    char allowed[512];
    size_t at = 0;

    for (; kind->name && at < sizeof allowed; kind++)
        at += (size_t)snprintf(allowed + at, sizeof allowed - at, "%s%s",
                               at ? ", " : "", kind->name);
    return mv_cli_misuse(cli, "kind '%s' is not known; allowed: %s", name,
                         allowed);
}

/* All that can be known to be wrong before anything is written. */
static int check(struct mv_cli *cli)
{
    const char *name = mv_cli_text(cli, "kind"), *text;
    const struct mv_kind *kind = mv_kind_find(name);
    enum mv_label label;
    size_t at = 0;
    int64_t id;
    int exit;

    if (name && !kind)
        return unknown_kind(cli, name);
    while ((text = mv_cli_each(cli, "set", &at))) {
        exit = parse_set(cli, text, &id, &label);
        if (exit)
            return exit;
        if (kind && kind->label != label)
            return mv_cli_misuse(cli,
                                 "kind '%s' goes with the label %s, not "
                                 "with %s",
                                 name, mv_label_name(kind->label),
                                 mv_label_name(label));
    }
    return 0;
}

static int put_labels(struct mv_cli *cli, struct motivo *motivo)
{
    const char *annotator = mv_cli_text(cli, "annotator"), *text;
    enum mv_status status;
    enum mv_label label = MV_LABEL_UNSURE;
    size_t at = 0;
    int64_t id = 0;
    int n = 0;

    while ((text = mv_cli_each(cli, "set", &at))) {
        if (parse_set(cli, text, &id, &label))
            return MV_EXIT_MISUSE;
        status = mv_label_put(motivo, id, label, mv_cli_text(cli, "kind"),
                              annotator ? annotator : "me", &cli->error);
        if (status != MV_OK && n)
            mv_cli_say(cli, "labels recorded before this: %d", n);
        if (status != MV_OK)
            return mv_cli_fail(cli, status);
        n++;
    }
    if (n)
        mv_cli_note(cli, "%d %s recorded", n, n == 1 ? "label" : "labels");
    return 0;
}

static int export_labels(struct mv_cli *cli, struct motivo *motivo,
                         const char *path)
{
    struct mv_output output;
    int exit = mv_cli_output_open(cli, &output, path);
    enum mv_status status;

    if (exit)
        return exit;
    status = mv_label_export(motivo, output.file, &cli->error);
    if (status != MV_OK)
        exit = mv_cli_fail(cli, status);
    return mv_cli_output_close(cli, &output, exit);
}

static int run(struct mv_cli *cli)
{
    const char *path = mv_cli_text(cli, "export");
    struct motivo *motivo;
    int exit;

    if (!path && !mv_cli_text(cli, "set"))
        return mv_cli_misuse(cli, "say what to label: --set ID=LABEL labels "
                                  "one invitation (motivo report shows the "
                                  "numbers), --export FILE writes all labels");
    exit = check(cli);
    if (exit)
        return exit;
    exit = mv_cli_open(cli, false, &motivo);
    if (exit)
        return exit;
    exit = put_labels(cli, motivo);
    if (!exit && path)
        exit = export_labels(cli, motivo, path);
    mv_close(motivo);
    return exit;
}

const struct mv_command mv_cmd_label = {
    .name = "label",
    .arguments = "",
    .summary = "say which invitations state a purpose",
    .help =
        "A label is what you say of a message: purpose when it states a\n"
        "concrete reason for writing to you, which a personal answer would\n"
        "serve; no-purpose for everything else, however friendly; unsure\n"
        "when you can not tell. Labels are a history: a later one counts,\n"
        "none is lost. Training learns from them.",
    .example = "  motivo label --set 12=purpose --kind question\n"
               "  motivo label --set 13=no-purpose --set 14=no-purpose\n"
               "  motivo label --export labels.csv",
    .options = OPTIONS,
    .run = run,
};
