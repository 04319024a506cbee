#include "cli.h"

#include <string.h>

/* --- man page, in the language of man(7) ---------------------------------- */

/* What roff would take for itself: a backslash, a dot or quote that begins a
 * line, and the hyphen, which is to stay one that can be typed. */
static void put_roff(FILE *out, const char *text)
{
    if (*text == '.' || *text == '\'')
        fputs("\\&", out);
    for (; *text; text++) {
        if (*text == '\\')
            fputs("\\e", out);
        else if (*text == '-')
            fputs("\\-", out);
        else
            fputc(*text, out);
        if (*text == '\n' && (text[1] == '.' || text[1] == '\''))
            fputs("\\&", out);
    }
}

/* Paragraphs, apart by blank lines. */
static void put_paragraphs(FILE *out, const char *text)
{
    const char *gap;
    char one[2048];

    while ((gap = strstr(text, "\n\n"))) {
        snprintf(one, sizeof one, "%.*s", (int)(gap - text), text);
        put_roff(out, one);
        fputs("\n.PP\n", out);
        text = gap + 2;
    }
    put_roff(out, text);
    fputc('\n', out);
}

static void put_roff_words(FILE *out, const struct mv_option *option)
{
    const char *const *word = option->words;

    if (option->type != MV_OPTION_CHOICE)
        return;
    for (fputs(" (", out); *word; word++) {
        fputs(word == option->words ? "" : ", ", out);
        put_roff(out, *word);
    }
    fputc(')', out);
}

static void put_roff_options(FILE *out, const struct mv_option *option)
{
    char name[64];

    for (; option && option->name; option++) {
        if (option->hidden)
            continue;
        mv_cli_option_name(option, name, sizeof name);
        fputs(".TP\n.B ", out);
        put_roff(out, name);
        fputc('\n', out);
        put_roff(out, option->help);
        put_roff_words(out, option);
        fputs(".\n", out);
    }
}

static void put_roff_command(FILE *out, const struct mv_command *command)
{
    fprintf(out, ".SS %s\n.B motivo ", command->name);
    put_roff(out, command->name);
    if (command->options && !command->options->hidden)
        fputs(" [OPTION...]", out);
    fputs(*command->arguments ? " " : "", out);
    put_roff(out, command->arguments);
    fputs("\n.PP\n", out);
    put_paragraphs(out, command->help);
    put_roff_options(out, command->options);
    fputs(".PP\nExample:\n.PP\n.nf\n", out);
    put_roff(out, command->example);
    fputs("\n.fi\n", out);
}

static const char FILES[] =
    ".SH ENVIRONMENT\n"
    ".TP\n.B MOTIVO_DB\nThe database, unless \\-\\-db names it.\n"
    ".TP\n.B XDG_DATA_HOME\n"
    "Where the folder of the database is made; default ~/.local/share.\n"
    ".TP\n.B MOTIVO_CORPUS\nThe folder of the starter corpus.\n"
    ".TP\n.B MOTIVO_STARTER\nThe file of the starter model.\n"
    ".TP\n.B NO_COLOR\nWhen set, bars have no colour.\n"
    ".SH FILES\n"
    ".TP\n.I ~/.local/share/motivo/motivo.db\n"
    "The database: invitations, labels, models and verdicts. Nothing leaves\n"
    "the machine.\n";

static const char EXITS[] =
    ".SH \"EXIT STATUS\"\n"
    ".TP\n.B 0\nDone.\n"
    ".TP\n.B 1\nFailed; standard error says why.\n"
    ".TP\n.B 2\nMisuse: an unknown option, a value out of range.\n"
    ".TP\n.B 3\nDone, but below what \\-\\-require asked.\n";

void mv_cli_manual(const struct mv_cli *cli, FILE *out)
{
    size_t i;

    fprintf(out, ".TH MOTIVO 1 \"\" \"motivo %s\" \"User Commands\"\n",
            mv_version());
    fputs(
        ".SH NAME\n"
        "motivo \\- tell the invitations that state a purpose from the rest\n"
        ".SH SYNOPSIS\n"
        ".B motivo\n[\\-\\-db FILE] [\\-\\-quiet] COMMAND [ARGUMENT...]\n"
        ".SH DESCRIPTION\n"
        "motivo reads the invitations that people sent you, tells those that\n"
        "state a purpose from those that do not, shows why, and says how far\n"
        "to trust it. Data goes to standard output, all talk to standard\n"
        "error; \\- as a file is standard input or output.\n"
        ".SH OPTIONS\nEvery command has these.\n",
        out);
    put_roff_options(out, mv_cli_globals());
    fputs(".SH COMMANDS\n", out);
    for (i = 0; cli->commands[i]; i++)
        put_roff_command(out, cli->commands[i]);
    fputs(FILES, out);
    fputs(EXITS, out);
}

/* --- Markdown, for the README --------------------------------------------- */

/* A bar would end the cell of a table. */
static void put_cell(FILE *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '|')
            fputc('\\', out);
        fputc(*text, out);
    }
}

void mv_cli_markdown(const struct mv_cli *cli, FILE *out)
{
    const struct mv_option *option;
    size_t i;

    fputs("| command | does | options |\n|---|---|---|\n", out);
    for (i = 0; cli->commands[i]; i++) {
        const struct mv_command *command = cli->commands[i];
        const char *comma = "";

        fprintf(out, "| `%s%s", command->name, *command->arguments ? " " : "");
        put_cell(out, command->arguments);
        fputs("` | ", out);
        put_cell(out, command->summary);
        fputs(" | ", out);
        for (option = command->options; option && option->name; option++) {
            if (option->hidden)
                continue;
            fprintf(out, "%s`--%s`", comma, option->name);
            comma = " ";
        }
        fputs(" |\n", out);
    }
}

/* --- bash completion ------------------------------------------------------ */

static void put_options(FILE *out, const struct mv_option *option)
{
    for (; option && option->name; option++)
        if (!option->hidden)
            fprintf(out, " --%s", option->name);
}

static void put_names(const struct mv_cli *cli, FILE *out)
{
    size_t i;

    for (i = 0; cli->commands[i]; i++)
        fprintf(out, " %s", cli->commands[i]->name);
}

/* What can follow an option that takes one of a few words. */
static void put_choices(FILE *out, const struct mv_command *command)
{
    const struct mv_option *option = command->options;
    const char *const *word;

    for (; option && option->name; option++) {
        if (option->type != MV_OPTION_CHOICE)
            continue;
        fprintf(out, "    %s:--%s) words=\"", command->name, option->name);
        for (word = option->words; *word; word++)
            fprintf(out, "%s%s", word == option->words ? "" : " ", *word);
        fputs("\" ;;\n", out);
    }
}

static const char COMPLETE[] =
    "    if [[ $word == -* || ! $command || $command == help || $choice ]]; "
    "then\n"
    "        mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
    "    else\n"
    "        mapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n"
    "        compopt -o filenames\n"
    "    fi\n"
    "}\n"
    "complete -F _motivo motivo\n";

void mv_cli_completion(const struct mv_cli *cli, FILE *out)
{
    const struct mv_command *const *command;

    fputs("# bash completion of motivo\n"
          "_motivo()\n"
          "{\n"
          "    local word=${COMP_WORDS[COMP_CWORD]} command='' choice='' "
          "words='' i\n"
          "    local before=${COMP_WORDS[COMP_CWORD-1]}\n"
          "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
          "        case ${COMP_WORDS[i]} in\n"
          "        --db) ((i++)) ;;\n"
          "        -*) ;;\n"
          "        *) command=${COMP_WORDS[i]}; break ;;\n"
          "        esac\n"
          "    done\n"
          "    case $command:$before in\n",
          out);
    for (command = cli->commands; *command; command++)
        put_choices(out, *command);
    fputs("    esac\n"
          "    choice=$words\n"
          "    [[ $choice ]] || case $command in\n"
          "    '') words=\"",
          out);
    put_names(cli, out);
    fputs(" --db --quiet --help --version\" ;;\n", out);
    for (command = cli->commands; *command; command++) {
        fprintf(out, "    %s) words=\"--db --quiet --help", (*command)->name);
        put_options(out, (*command)->options);
        if (*command == &mv_cmd_help)
            put_names(cli, out);
        fputs("\" ;;\n", out);
    }
    fputs("    esac\n", out);
    fputs(COMPLETE, out);
}
