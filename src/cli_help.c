#include "cli.h"

#include <string.h>

enum { EDGE = 79, VALUES = 26 };

void mv_cli_wrap(FILE *out, const char *text, size_t column)
{
    size_t at = column, len;

    while (*text) {
        len = strcspn(text, " ");
        if (at > column && at + 1 + len > EDGE) {
            fprintf(out, "\n%*s", (int)column, "");
            at = column;
        } else if (at > column) {
            fputc(' ', out);
            at++;
        }
        fwrite(text, 1, len, out);
        at += len;
        text += len;
        text += strspn(text, " ");
    }
    fputc('\n', out);
}

void mv_cli_option_name(const struct mv_option *option, char *to, size_t size)
{
    char letter[8] = "";

    if (option->letter)
        snprintf(letter, sizeof letter, "-%c, ", option->letter);
    snprintf(to, size, "%s--%s%s%s", letter, option->name,
             option->value ? " " : "", option->value ? option->value : "");
}

static void put_words(FILE *out, const struct mv_option *option)
{
    const char *const *word = option->words;

    fprintf(out, "%*s(", VALUES, "");
    for (; *word; word++)
        fprintf(out, "%s%s", word == option->words ? "" : ", ", *word);
    fputs(")\n", out);
}

static void put_options(FILE *out, const struct mv_option *option)
{
    char name[64];

    for (; option && option->name; option++) {
        if (option->hidden)
            continue;
        mv_cli_option_name(option, name, sizeof name);
        fprintf(out, "  %-*s", VALUES - 2, name);
        if (strlen(name) > VALUES - 4)
            fprintf(out, "\n%*s", VALUES, "");
        mv_cli_wrap(out, option->help, VALUES);
        if (option->type == MV_OPTION_CHOICE)
            put_words(out, option);
    }
}

void mv_cli_usage(const struct mv_cli *cli, FILE *out)
{
    size_t i;

    fputs("usage: motivo [--db FILE] [--quiet] COMMAND [ARGUMENT...]\n\n"
          "motivo reads the invitations that people sent you, tells those that "
          "state a\npurpose from those that do not, shows why, and says how "
          "far to trust it.\n\ncommands:\n",
          out);
    for (i = 0; cli->commands[i]; i++) {
        fprintf(out, "  %-10s ", cli->commands[i]->name);
        mv_cli_wrap(out, cli->commands[i]->summary, 13);
    }
    fputs("\noptions of every command:\n", out);
    put_options(out, mv_cli_globals());
    fputs("\nTo begin: motivo import --starter, then motivo import "
          "YOUR-EXPORT.zip,\nmotivo train, motivo score, motivo report. "
          "More: motivo help COMMAND\n",
          out);
}

/* Paragraphs are filled already, by whoever wrote them. */
void mv_cli_help(const struct mv_command *command, FILE *out)
{
    bool options = command->options && !command->options->hidden;

    fprintf(out, "usage: motivo %s%s%s%s\n\n%s: %s\n\n%s\n", command->name,
            options ? " [OPTION...]" : "", *command->arguments ? " " : "",
            command->arguments, command->name, command->summary, command->help);
    if (options) {
        fputs("\noptions:\n", out);
        put_options(out, command->options);
    }
    fputs("\noptions of every command:\n", out);
    put_options(out, mv_cli_globals());
    fprintf(out, "\nexample:\n%s\n", command->example);
}
