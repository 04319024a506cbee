#include "cli.h"

#include <stdlib.h>
#include <string.h>

static const char *const FORMATS[] = {"text", "json", "markdown", "html", NULL};
static const char *const LANGUAGES[] = {"en", "es", NULL};

/* What is listed unless --limit says: text stays on one screen, a page for a
 * browser within 5 MB. */
enum { SHORT = 3, LONG = 1000 };

static const struct mv_option OPTIONS[] = {
    {.name = "format",
     .value = "FORMAT",
     .type = MV_OPTION_CHOICE,
     .words = FORMATS,
     .help = "how to write it; default text"},
    {.name = "output",
     .letter = 'o',
     .value = "FILE",
     .type = MV_OPTION_FILE,
     .help = "write it there instead of to standard output"},
    {.name = "lang",
     .value = "LANGUAGE",
     .type = MV_OPTION_CHOICE,
     .words = LANGUAGES,
     .help = "the language of the report; default that of the locale"},
    {.name = "capacity",
     .value = "N",
     .type = MV_OPTION_INTEGER,
     .low = 0,
     .high = 1000000,
     .help = "how many you can answer a week, 0: not said; default 80"},
    {.name = "limit",
     .value = "N",
     .type = MV_OPTION_INTEGER,
     .low = 0,
     .high = 1000000000,
     .help = "list at most N invitations in a section, 0: all; default 3 in "
             "text, 1000 otherwise"},
    {.name = "json", .help = "the same as --format json"},
    {.name = NULL},
};

static enum mv_format format_of(const struct mv_cli *cli)
{
    const char *word = mv_cli_text(cli, "format");

    if (mv_cli_flag(cli, "json") || (word && strcmp(word, "json") == 0))
        return MV_FORMAT_JSON;
    if (word && strcmp(word, "markdown") == 0)
        return MV_FORMAT_MARKDOWN;
    return word && strcmp(word, "html") == 0 ? MV_FORMAT_HTML : MV_FORMAT_TEXT;
}

/* The language that messages are wanted in, as POSIX has it. */
static const char *language_of(const struct mv_cli *cli)
{
    static const char *const NAMES[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    const char *said = mv_cli_text(cli, "lang");

    for (size_t i = 0; !said && i < sizeof NAMES / sizeof *NAMES; i++) {
        const char *value = getenv(NAMES[i]);

        if (value && *value)
            said = strncmp(value, "es", 2) == 0 &&
                           (!value[2] || strchr("_.@", value[2]))
                       ? "es"
                       : "en";
    }
    return said ? said : "en";
}

static int write_page(struct mv_cli *cli, const struct mv_page *page,
                      enum mv_format format)
{
    const char *path = mv_cli_text(cli, "output");
    struct mv_output output;
    enum mv_status status;
    int exit;

    if (!path)
        return mv_cli_print(cli, page, format);
    exit = mv_cli_output_open(cli, &output, path);
    if (exit)
        return exit;
    status = mv_page_write(page, format, output.file, &cli->error);
    if (status != MV_OK)
        exit = mv_cli_fail(cli, status);
    return mv_cli_output_close(cli, &output, exit);
}

static int run(struct mv_cli *cli)
{
    enum mv_format format = format_of(cli);
    struct mv_report_options options = {
        .format = format,
        .limit = (long)mv_cli_integer(cli, "limit",
                                      format == MV_FORMAT_TEXT ? SHORT : LONG),
        .capacity = (long)mv_cli_integer(cli, "capacity", 80),
        .language = language_of(cli),
    };
    enum mv_status status;
    struct motivo *motivo;
    struct mv_page *page = NULL;
    int exit = mv_cli_open(cli, false, &motivo);

    if (exit)
        return exit;
    status = mv_report(motivo, &options, &page, &cli->error);
    exit = status ? mv_cli_fail(cli, status) : write_page(cli, page, format);
    mv_page_free(page);
    mv_close(motivo);
    return exit;
}

const struct mv_command mv_cmd_report = {
    .name = "report",
    .arguments = "",
    .summary = "whom to answer, and how far to trust that, on one page",
    .help = "Lists whom to answer and what to look at, counts the rest, and\n"
            "says how often the verdicts are right, with intervals. It tells\n"
            "what score has kept: run that first.\n"
            "\n"
            "HTML is one file that loads nothing, for a browser or the\n"
            "printer; its plots are drawn by gnuplot, if that is installed.\n"
            "With its buttons you mark which contacts proved useful; it saves\n"
            "your marks as a file for useful --file.",
    .example = "  motivo report\n"
               "  motivo report --format html -o report.html --lang es\n"
               "  motivo report --capacity 30 --limit 0 --format json",
    .options = OPTIONS,
    .run = run,
};
