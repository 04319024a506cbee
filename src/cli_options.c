#include "cli.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct mv_option GLOBALS[] = {
    {.name = "db",
     .value = "FILE",
     .type = MV_OPTION_FILE,
     .help = "the database; default: $MOTIVO_DB, else "
             "~/.local/share/motivo/motivo.db"},
    {.name = "quiet", .help = "tell errors only"},
    {.name = "help", .letter = 'h', .help = "print help"},
    {.name = "version", .help = "print the version"},
    {.name = NULL},
};

const struct mv_option *mv_cli_globals(void)
{
    return GLOBALS;
}

/* --- finding an option ---------------------------------------------------- */

/* word: as typed, dashes included, len bytes of it. */
static const struct mv_option *in_table(const struct mv_option *table,
                                        const char *word, size_t len)
{
    for (; table && table->name; table++) {
        if (len == 2 && table->letter && word[1] == table->letter)
            return table;
        if (len > 2 && word[1] == '-' && strlen(table->name) == len - 2 &&
            memcmp(table->name, word + 2, len - 2) == 0)
            return table;
    }
    return NULL;
}

static const struct mv_option *find(const struct mv_cli *cli, const char *word,
                                    size_t len)
{
    const struct mv_option *option = in_table(GLOBALS, word, len);

    if (!option && cli->command)
        option = in_table(cli->command->options, word, len);
    return option;
}

static int unknown_option(struct mv_cli *cli, const char *word, size_t len)
{
    const char *names[64] = {0}, *near = NULL;
    const struct mv_option *option;
    char typed[64];
    size_t n = 0;

    for (option = GLOBALS; option->name; option++)
        names[n++] = option->name;
    option = cli->command ? cli->command->options : NULL;
    for (; option && option->name && n < 63; option++)
        names[n++] = option->name;
    snprintf(typed, sizeof typed, "%.*s", (int)len, word);
    if (len > 2)
        near = mv_cli_nearest(typed + strspn(typed, "-"), names);
    if (near)
        return mv_cli_misuse(cli, "unknown option '%s'; did you mean '--%s'?",
                             typed, near);
    if (!cli->command)
        return mv_cli_misuse(cli,
                             "unknown option '%s'; the options of a "
                             "command stand after its name",
                             typed);
    return mv_cli_misuse(cli, "unknown option '%s'", typed);
}

/* --- reading a value ------------------------------------------------------ */

/* strtod alone would also take blanks, hexadecimals, inf and nan. */
static bool read_number(struct mv_given *given)
{
    bool whole = given->option->type == MV_OPTION_INTEGER;
    const char *allowed = whole ? "+-0123456789" : "+-.0123456789eE";
    char *end;

    if (!*given->text || given->text[strspn(given->text, allowed)])
        return false;
    errno = 0;
    if (whole) {
        given->integer = strtoll(given->text, &end, 10);
        given->real = (double)given->integer;
    } else {
        given->real = strtod(given->text, &end);
    }
    return !*end && end != given->text && !errno && isfinite(given->real) &&
           given->real >= given->option->low &&
           given->real <= given->option->high;
}

static int bad_value(struct mv_cli *cli, const struct mv_given *given)
{
    const struct mv_option *option = given->option;
    const char *const *word = option->words;
    char allowed[256];
    size_t at = 0;

    if (option->type == MV_OPTION_CHOICE)
        for (; *word && at < sizeof allowed; word++)
            at += (size_t)snprintf(allowed + at, sizeof allowed - at, "%s%s",
                                   at ? ", " : "", *word);
    else
        snprintf(allowed, sizeof allowed, "a %snumber from %.16g to %.16g",
                 option->type == MV_OPTION_INTEGER ? "whole " : "", option->low,
                 option->high);
    return mv_cli_misuse(cli, "option '--%s' is '%s'; allowed: %s",
                         option->name, given->text, allowed);
}

static int read_value(struct mv_cli *cli, struct mv_given *given)
{
    const char *const *word = given->option->words;

    switch (given->option->type) {
    case MV_OPTION_FLAG:
    case MV_OPTION_TEXT: return 0;
    case MV_OPTION_FILE:
        if (*given->text)
            return 0;
        return mv_cli_misuse(cli, "option '--%s' needs a file name",
                             given->option->name);
    case MV_OPTION_INTEGER:
    case MV_OPTION_REAL: return read_number(given) ? 0 : bad_value(cli, given);
    case MV_OPTION_CHOICE: break;
    }
    for (; *word; word++)
        if (strcmp(*word, given->text) == 0)
            return 0;
    return bad_value(cli, given);
}

/* --- the words of the command line ---------------------------------------- */

/* Takes argv[*at], and argv[*at + 1] where that is its value. */
static int take_option(struct mv_cli *cli, int argc, char **argv, int *at)
{
    const char *word = argv[*at], *equals = strchr(word, '=');
    size_t len = equals ? (size_t)(equals - word) : strlen(word);
    struct mv_given *given = &cli->given[cli->n_given];

    if (word[1] != '-' && len > 2) /* -oFILE */
        len = 2;
    given->option = find(cli, word, len);
    if (!given->option)
        return unknown_option(cli, word, len);
    if (word[1] != '-')
        equals = word[2] ? word + 1 : NULL;
    if (given->option->type == MV_OPTION_FLAG && equals)
        return mv_cli_misuse(cli, "option '--%s' takes no value",
                             given->option->name);
    if (equals)
        given->text = equals + 1;
    else if (given->option->type != MV_OPTION_FLAG && *at + 1 < argc)
        given->text = argv[++*at];
    else if (given->option->type != MV_OPTION_FLAG)
        return mv_cli_misuse(cli, "option '--%s' needs a value: %s",
                             given->option->name, given->option->value);
    cli->n_given++;
    return read_value(cli, given);
}

static int take_command(struct mv_cli *cli, const char *word)
{
    const char *names[64] = {0}, *near;
    size_t i;

    for (i = 0; i < 63 && cli->commands[i]; i++) {
        names[i] = cli->commands[i]->name;
        if (strcmp(names[i], word) == 0)
            cli->command = cli->commands[i];
    }
    if (cli->command)
        return 0;
    near = mv_cli_nearest(word, names);
    if (near)
        return mv_cli_misuse(cli, "unknown command '%s'; did you mean '%s'?",
                             word, near);
    return mv_cli_misuse(cli, "unknown command '%s'", word);
}

int mv_cli_parse(struct mv_cli *cli, int argc, char **argv)
{
    bool ended = false;
    int status = 0, at;

    for (at = 1; at < argc && !status; at++) {
        const char *word = argv[at];

        if (!ended && strcmp(word, "--") == 0)
            ended = true;
        else if (!ended && word[0] == '-' && word[1])
            status = take_option(cli, argc, argv, &at);
        else if (!cli->command)
            status = take_command(cli, word);
        else
            cli->arguments[cli->n_arguments++] = word;
    }
    return status;
}

/* --- asking for them ------------------------------------------------------ */

static const struct mv_given *last(const struct mv_cli *cli, const char *name)
{
    size_t i = cli->n_given;
    char word[64];

    snprintf(word, sizeof word, "--%s", name);
    assert(find(cli, word, strlen(word)));
    while (i--)
        if (strcmp(cli->given[i].option->name, name) == 0)
            return &cli->given[i];
    return NULL;
}

bool mv_cli_flag(const struct mv_cli *cli, const char *name)
{
    return last(cli, name) != NULL;
}

const char *mv_cli_text(const struct mv_cli *cli, const char *name)
{
    const struct mv_given *given = last(cli, name);

    return given ? given->text : NULL;
}

int64_t mv_cli_integer(const struct mv_cli *cli, const char *name,
                       int64_t otherwise)
{
    const struct mv_given *given = last(cli, name);

    return given ? given->integer : otherwise;
}

double mv_cli_real(const struct mv_cli *cli, const char *name, double otherwise)
{
    const struct mv_given *given = last(cli, name);

    return given ? given->real : otherwise;
}

const char *mv_cli_each(const struct mv_cli *cli, const char *name, size_t *at)
{
    while (*at < cli->n_given) {
        const struct mv_given *given = &cli->given[(*at)++];

        if (strcmp(given->option->name, name) == 0)
            return given->text;
    }
    return NULL;
}

struct mv_mapping mv_cli_mapping(const struct mv_cli *cli)
{
    return (struct mv_mapping){
        .text = mv_cli_text(cli, "text"),
        .label = mv_cli_text(cli, "label"),
        .lang = mv_cli_text(cli, "lang"),
        .name = mv_cli_text(cli, "name"),
        .url = mv_cli_text(cli, "url"),
        .date = mv_cli_text(cli, "date"),
        .positive = mv_cli_text(cli, "positive"),
    };
}
