#include "cmd_label_screen.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const ORDERS[] = {"unsure", "random", "newest", "suspect",
                                     NULL};

static const struct mv_option OPTIONS[] = {
    {.name = "order",
     .value = "ORDER",
     .type = MV_OPTION_CHOICE,
     .words = ORDERS,
     .help = "which messages come first: unsure (default; where the model is "
             "least sure, no two alike), random, newest, or suspect (labels "
             "that a model which has not seen them contradicts, asked again)"},
    {.name = "audit",
     .value = "N",
     .type = MV_OPTION_INTEGER,
     .low = 1,
     .high = 1000000,
     .help = "ask about a random sample of N, kept apart from training: the "
             "ground for honest figures"},
    {.name = "again",
     .value = "N",
     .type = MV_OPTION_INTEGER,
     .low = 1,
     .high = 1000000,
     .help = "ask about N labelled messages once more, without showing the "
             "label"},
    {.name = "annotator",
     .value = "NAME",
     .type = MV_OPTION_TEXT,
     .help = "who says so; default: me"},
    {.name = "set",
     .value = "ID=LABEL",
     .type = MV_OPTION_TEXT,
     .help = "label invitation ID as purpose, no-purpose or unsure; may be "
             "given again"},
    {.name = "kind",
     .value = "KIND",
     .type = MV_OPTION_TEXT,
     .help = "with --set: the finer reason, such as question or mass-pitch"},
    {.name = "batch",
     .value = "FILE",
     .type = MV_OPTION_FILE,
     .help = "record the labels of a file, all or none: a CSV with the columns "
             "id, label and perhaps kind and note, or lines ID=LABEL; - is "
             "standard input"},
    {.name = "undo", .help = "take the last answer back"},
    {.name = "next",
     .value = "N",
     .type = MV_OPTION_INTEGER,
     .low = 1,
     .high = 1000000,
     .help = "print the next N messages to label as CSV (or --json), to be "
             "filled in and given to --batch"},
    {.name = "export",
     .value = "FILE",
     .type = MV_OPTION_FILE,
     .help = "write all labels ever given as CSV, which import reads back; - "
             "is standard output"},
    {.name = "agreement",
     .help = "print how far annotators agree, and where they do not"},
    {.name = "advice",
     .help = "print what 50 more labels would bring, and whether there are "
             "enough; takes seconds"},
    MV_CLI_MODEL,
    MV_CLI_SEED,
    MV_CLI_THREADS,
    MV_CLI_JSON,
    {.name = NULL},
};

/* --- what was asked for --------------------------------------------------- */

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

/* All that can be known to be wrong with --set before anything is written. */
static int check_set(struct mv_cli *cli)
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

/* Options that each say what to do: one of them at a time, but labels may be
 * given and written out in one go. */
static int check_actions(struct mv_cli *cli)
{
    static const char *const ACTIONS[] = {
        "batch", "undo", "next", "agreement", "advice", "set", "export", NULL};
    static const char *const ASKING[] = {"order", "audit", "again", NULL};
    const char *first = NULL;

    for (const char *const *name = ACTIONS; *name; name++) {
        if (!mv_cli_flag(cli, *name))
            continue;
        if (first &&
            !(strcmp(first, "set") == 0 ||
              (strcmp(first, "batch") == 0 && strcmp(*name, "export") == 0)))
            return mv_cli_misuse(cli, "--%s and --%s do not go together", first,
                                 *name);
        first = *name;
    }
    if (mv_cli_flag(cli, "kind") && !mv_cli_flag(cli, "set"))
        return mv_cli_misuse(cli, "--kind goes with --set ID=LABEL");
    for (const char *const *name = ASKING; *name; name++)
        for (const char *const *other = name + 1; *other; other++)
            if (mv_cli_flag(cli, *name) && mv_cli_flag(cli, *other))
                return mv_cli_misuse(cli, "--%s and --%s do not go together",
                                     *name, *other);
    if (mv_cli_text(cli, "annotator") && !*mv_cli_text(cli, "annotator"))
        return mv_cli_misuse(cli, "option '--annotator' needs a name");
    return check_set(cli);
}

/* --- labels without a screen ---------------------------------------------- */

static int put_labels(struct mv_cli *cli, struct motivo *motivo)
{
    const char *text;
    enum mv_status status;
    enum mv_label label = MV_LABEL_UNSURE;
    size_t at = 0;
    int64_t id = 0;
    int n = 0;

    while ((text = mv_cli_each(cli, "set", &at))) {
        if (parse_set(cli, text, &id, &label))
            return MV_EXIT_MISUSE;
        status = mv_label_put(motivo, id, label, mv_cli_text(cli, "kind"),
                              mv_cli_text(cli, "annotator"), &cli->error);
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

static int put_batch(struct mv_cli *cli, struct motivo *motivo)
{
    const char *path = mv_cli_text(cli, "batch");
    long n = 0;
    enum mv_status status;

    if (!path)
        return 0;
    status = mv_label_batch(motivo, path, mv_cli_text(cli, "annotator"), &n,
                            &cli->error);
    if (status != MV_OK)
        return mv_cli_fail(cli, status);
    mv_cli_note(cli, "%ld %s recorded", n, n == 1 ? "label" : "labels");
    return 0;
}

static int undo(struct mv_cli *cli, struct motivo *motivo)
{
    struct mv_taken_back back;
    enum mv_status status = mv_label_undo(motivo, mv_cli_text(cli, "annotator"),
                                          &back, &cli->error);

    if (status != MV_OK)
        return mv_cli_fail(cli, status);
    if (back.n > 1)
        mv_cli_note(cli, "taken back: %lld=%s and its %ld copies",
                    (long long)back.id, mv_label_name(back.label), back.n - 1);
    else
        mv_cli_note(cli, "taken back: %lld=%s", (long long)back.id,
                    mv_label_name(back.label));
    return 0;
}

static int export_labels(struct mv_cli *cli, struct motivo *motivo)
{
    const char *path = mv_cli_text(cli, "export");
    struct mv_output output;
    int exit;
    enum mv_status status;

    if (!path)
        return 0;
    exit = mv_cli_output_open(cli, &output, path);
    if (exit)
        return exit;
    status = mv_label_export(motivo, output.file, &cli->error);
    if (status != MV_OK)
        exit = mv_cli_fail(cli, status);
    return mv_cli_output_close(cli, &output, exit);
}

/* --- asking --------------------------------------------------------------- */

static const char *const TITLES[] = {"least sure first", "random order",
                                     "newest first",     "suspect labels",
                                     "audit sample",     "second pass"};

static enum mv_ask ask_of(const struct mv_cli *cli)
{
    const char *order = mv_cli_text(cli, "order");
    int i;

    if (mv_cli_flag(cli, "audit"))
        return MV_ASK_AUDIT;
    if (mv_cli_flag(cli, "again"))
        return MV_ASK_AGAIN;
    for (i = 0; order && ORDERS[i]; i++)
        if (strcmp(order, ORDERS[i]) == 0)
            return (enum mv_ask)i;
    return MV_ASK_UNSURE;
}

/* --model, else the active one, else the starter model; without any, messages
 * come in an order that spreads over all sorts of them. */
static int open_model(struct mv_cli *cli, struct motivo *motivo,
                      struct mv_model **out)
{
    char *path;
    enum mv_status status;

    *out = NULL;
    if (mv_cli_text(cli, "model"))
        return mv_cli_model(cli, out);
    status = mv_model_active(out, motivo, &cli->error);
    if (status == MV_OK)
        return 0;
    mv_error_clear(&cli->error);
    path = mv_cli_installed("MOTIVO_STARTER", "starter.motivo",
                            "models/starter.motivo");
    status = path ? mv_model_open(out, path, &cli->error) : MV_NOTFOUND;
    free(path);
    mv_error_clear(&cli->error);
    if (status != MV_OK && ask_of(cli) == MV_ASK_UNSURE)
        mv_cli_note(cli, "no model yet: messages come in a mixed order");
    return 0;
}

static int open_asking(struct mv_cli *cli, struct motivo *motivo,
                       const struct mv_model *model, struct mv_asking **out)
{
    struct mv_ask_options options = {
        .ask = ask_of(cli),
        .annotator = mv_cli_text(cli, "annotator"),
        .n = (long)mv_cli_integer(
            cli, "audit",
            mv_cli_integer(cli, "again", mv_cli_integer(cli, "next", 0))),
        .seed = (uint64_t)mv_cli_integer(cli, "seed", 1),
        .threads = (int)mv_cli_integer(cli, "threads", 0),
        .model = model,
    };
    enum mv_status status =
        mv_ask_open(out, motivo, &options, &cli->progress, &cli->error);

    return status == MV_OK ? 0 : mv_cli_fail(cli, status);
}

static int draw(struct mv_cli *cli, struct motivo *motivo,
                struct mv_asking *asking)
{
    struct mv_ui ui = {.cli = cli,
                       .motivo = motivo,
                       .asking = asking,
                       .title = TITLES[ask_of(cli)]};
    bool drawn = true;
    int exit = MV_EXIT_DONE;

    if (!mv_ask_count(asking))
        mv_cli_note(cli, ask_of(cli) == MV_ASK_SUSPECT
                             ? "no label is suspect"
                             : "there is nothing to label: import messages "
                               "first, or all have an answer (--undo takes "
                               "the last one back)");
    else
        exit = mv_label_screen(&ui, &drawn);
    if (!drawn)
        mv_cli_say(cli, "this terminal can not be drawn on; without one: "
                        "label --next N, --batch FILE, --set ID=LABEL");
    return exit;
}

static int ask(struct mv_cli *cli, struct motivo *motivo)
{
    struct mv_model *model;
    struct mv_asking *asking = NULL;
    struct mv_page *page = NULL;
    int exit = open_model(cli, motivo, &model);

    if (!exit)
        exit = open_asking(cli, motivo, model, &asking);
    if (!exit && mv_cli_flag(cli, "next")) {
        enum mv_status status = mv_ask_page(asking, &page, &cli->error);

        exit = mv_cli_answer(cli, status, page);
    } else if (!exit) {
        exit = draw(cli, motivo, asking);
    }
    mv_ask_close(asking);
    mv_model_close(model);
    return exit;
}

/* --- the command ---------------------------------------------------------- */

static int act(struct mv_cli *cli, struct motivo *motivo, bool labels)
{
    struct mv_page *page = NULL;
    enum mv_status status;
    int exit;

    if (mv_cli_flag(cli, "undo"))
        return undo(cli, motivo);
    if (mv_cli_flag(cli, "agreement")) {
        status = mv_label_agreement(motivo, &page, &cli->error);
        return mv_cli_answer(cli, status, page);
    }
    if (mv_cli_flag(cli, "advice")) {
        status =
            mv_label_advice(motivo, (uint64_t)mv_cli_integer(cli, "seed", 1),
                            (int)mv_cli_integer(cli, "threads", 0),
                            &cli->progress, &page, &cli->error);
        return mv_cli_answer(cli, status, page);
    }
    if (!labels)
        return ask(cli, motivo);
    exit = put_labels(cli, motivo);
    if (!exit)
        exit = put_batch(cli, motivo);
    return exit ? exit : export_labels(cli, motivo);
}

static int run(struct mv_cli *cli)
{
    struct motivo *motivo;
    bool labels = mv_cli_flag(cli, "set") || mv_cli_flag(cli, "batch") ||
                  mv_cli_flag(cli, "export");
    bool page = mv_cli_flag(cli, "undo") || mv_cli_flag(cli, "next") ||
                mv_cli_flag(cli, "agreement") || mv_cli_flag(cli, "advice");
    int exit = check_actions(cli);

    if (exit)
        return exit;
    if (!labels && !page && !(isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)))
        return mv_cli_misuse(
            cli, "this is not a terminal; say what to do: --next N prints "
                 "messages to label, --batch FILE and --set ID=LABEL label "
                 "them, --export FILE writes all labels");
    exit = mv_cli_open(cli, false, &motivo);
    if (exit)
        return exit;
    exit = act(cli, motivo, labels);
    mv_close(motivo);
    return exit;
}

const struct mv_command mv_cmd_label = {
    .name = "label",
    .arguments = "",
    .summary = "say which invitations state a purpose",
    .help =
        "On a terminal it shows one message at a time and takes one key for\n"
        "each: p purpose, n no-purpose, s unsure, u undo, ? all keys. Every\n"
        "key is saved at once. What the model thinks shows only after the\n"
        "answer.\n"
        "\n"
        "A label is what you say of a message: purpose when it states a\n"
        "concrete reason for writing to you, which a personal answer would\n"
        "serve; no-purpose for everything else, however friendly; unsure\n"
        "when you can not tell. Labels are a history: a later one counts,\n"
        "none is lost, also not one that is taken back. Training learns from\n"
        "them, the audit sample apart: that measures.\n"
        "\n"
        "Several people may label, each under a name of their own: what\n"
        "most of them say counts.",
    .example = "  motivo label\n"
               "  motivo label --audit 100\n"
               "  motivo label --order suspect\n"
               "  motivo label --again 50 --annotator ana\n"
               "  motivo label --set 12=purpose --kind question\n"
               "  motivo label --next 200 >todo.csv\n"
               "  motivo label --batch todo.csv\n"
               "  motivo label --export labels.csv",
    .options = OPTIONS,
    .run = run,
};
