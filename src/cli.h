/* layer 9: what the commands of the program share: options, help, files, talk.
 *
 * A command is one constant entry of a table; its usage, help, man page, shell
 * completion and README section are all printed from that entry, so they can
 * not drift apart. Commands reach the library through motivo.h only.
 *
 * Data goes to standard output, all talk to standard error. A function that
 * returns an exit status has already said what went wrong.
 *
 * Thread-safety: none; the program's one thread owns all of this.
 */
#ifndef MV_CLI_H
#define MV_CLI_H

#include "motivo.h"

/* Exit statuses. */
enum { MV_EXIT_DONE = 0, MV_EXIT_FAILED, MV_EXIT_MISUSE, MV_EXIT_BELOW };

struct mv_cli;

/* --- tables --------------------------------------------------------------- */

/* What an option takes. MV_OPTION_FILE is text that names a file. */
enum mv_option_type {
    MV_OPTION_FLAG = 0,
    MV_OPTION_TEXT,
    MV_OPTION_FILE,
    MV_OPTION_INTEGER,
    MV_OPTION_REAL,
    MV_OPTION_CHOICE
};

struct mv_option {
    const char *name;  /* without the dashes */
    const char *value; /* name of the value in help; NULL for a flag */
    const char *help;  /* one sentence, no full stop */
    enum mv_option_type type;
    bool hidden;              /* left out of help */
    char letter;              /* of the short form, or 0 */
    double low, high;         /* MV_OPTION_INTEGER, MV_OPTION_REAL: allowed */
    const char *const *words; /* MV_OPTION_CHOICE: allowed, ended by NULL */
};

struct mv_command {
    const char *name;
    const char *arguments;           /* as in usage: "PATH..."; may be "" */
    const char *summary;             /* one line, no full stop */
    const char *help;                /* paragraphs apart by blank lines */
    const char *example;             /* lines as one would type them */
    const struct mv_option *options; /* ended by name NULL; may be NULL */
    int least, most;                 /* how many arguments; most -1: any */
    int (*run)(struct mv_cli *cli);  /* returns the exit status */
};

/* The options that say which columns of a foreign file hold what. */
#define MV_CLI_MAPPING                                                         \
    {.name = "text",                                                           \
     .value = "COLUMN",                                                        \
     .type = MV_OPTION_TEXT,                                                   \
     .help = "the column that holds the message; makes any CSV or JSONL "      \
             "file readable"},                                                 \
        {.name = "label",                                                      \
         .value = "COLUMN",                                                    \
         .type = MV_OPTION_TEXT,                                               \
         .help = "the column that holds the label"},                           \
        {.name = "positive",                                                   \
         .value = "VALUE",                                                     \
         .type = MV_OPTION_TEXT,                                               \
         .help = "the label that means purpose; default: the words purpose, "  \
                 "no-purpose and unsure"},                                     \
        {.name = "lang",                                                       \
         .value = "COLUMN",                                                    \
         .type = MV_OPTION_TEXT,                                               \
         .help = "the column that holds the language, as es or en"},           \
        {.name = "name",                                                       \
         .value = "COLUMN",                                                    \
         .type = MV_OPTION_TEXT,                                               \
         .help = "the column that holds the sender's name"},                   \
        {.name = "url",                                                        \
         .value = "COLUMN",                                                    \
         .type = MV_OPTION_TEXT,                                               \
         .help = "the column that holds the sender's profile address"},        \
    {                                                                          \
        .name = "date", .value = "COLUMN", .type = MV_OPTION_TEXT,             \
        .help = "the column that holds the time of sending"                    \
    }

#define MV_CLI_JSON                                                            \
    {                                                                          \
        .name = "json", .help = "print JSON"                                   \
    }
#define MV_CLI_MODEL                                                           \
    {                                                                          \
        .name = "model", .value = "FILE", .type = MV_OPTION_FILE,              \
        .help = "the model file to use instead of the active model"            \
    }
#define MV_CLI_SEED                                                            \
    {                                                                          \
        .name = "seed", .value = "N", .type = MV_OPTION_INTEGER, .low = 0,     \
        .high = 9007199254740992.0, /* 2^53: exact as a double */              \
            .help = "start of the random numbers; default 1"                   \
    }
#define MV_CLI_THREADS                                                         \
    {                                                                          \
        .name = "threads", .value = "N", .type = MV_OPTION_INTEGER, .low = 0,  \
        .high = 256,                                                           \
        .help = "threads to use, which never changes the result; default 0: "  \
                "one for each processor"                                       \
    }

extern const struct mv_command mv_cmd_import, mv_cmd_label, mv_cmd_train,
    mv_cmd_evaluate, mv_cmd_score, mv_cmd_explain, mv_cmd_report, mv_cmd_models,
    mv_cmd_verify, mv_cmd_forget, mv_cmd_status, mv_cmd_useful, mv_cmd_help;

/* --- a run ---------------------------------------------------------------- */

/* An option that was given, with its value. */
struct mv_given {
    const struct mv_option *option;
    const char *text;
    int64_t integer;
    double real;
};

struct mv_cli {
    const struct mv_command *const *commands; /* all, ended by NULL */
    const struct mv_command *command;         /* the one asked for, or NULL */
    struct mv_given *given;                   /* n_given, in given order */
    size_t n_given;
    const char **arguments; /* n_arguments; NULL after the last */
    size_t n_arguments;
    struct mv_progress progress; /* hand this to the library */
    bool bar;                    /* progress is drawn */
    bool colour;
    bool drawn;            /* a bar stands on the terminal */
    int64_t drawn_at;      /* milliseconds of the monotonic clock */
    struct mv_error error; /* for the library to fill */
};

/* The whole program: parses argv, runs the command, returns the exit status.
 * commands: in the order in which help lists them, ended by NULL. */
int mv_cli_main(const struct mv_command *const *commands, int argc,
                char **argv);

/* Options that every command has, ended by name NULL. Constant storage. */
const struct mv_option *mv_cli_globals(void);

/* Fills given, arguments and command. Returns 0, or MV_EXIT_MISUSE. */
int mv_cli_parse(struct mv_cli *cli, int argc, char **argv);

/* What was said of an option of this command's table or the global one. name
 * must be in one of them (asserted). The last one given wins.
 * Text: NULL when not given; borrowed from argv. */
bool mv_cli_flag(const struct mv_cli *cli, const char *name);
const char *mv_cli_text(const struct mv_cli *cli, const char *name);
int64_t mv_cli_integer(const struct mv_cli *cli, const char *name,
                       int64_t otherwise);
double mv_cli_real(const struct mv_cli *cli, const char *name,
                   double otherwise);
/* The next value of an option that may be given several times, NULL after the
 * last. *at: 0 before the first call. */
const char *mv_cli_each(const struct mv_cli *cli, const char *name, size_t *at);
/* What the MV_CLI_MAPPING options said. */
struct mv_mapping mv_cli_mapping(const struct mv_cli *cli);

/* The word of words (ended by NULL) that looks most like word, or NULL when
 * none is near: for "did you mean". */
const char *mv_cli_nearest(const char *word, const char *const *words);

/* --- help ----------------------------------------------------------------- */

/* The usage of the program, or of one command with its options, to out. */
void mv_cli_usage(const struct mv_cli *cli, FILE *out);
void mv_cli_help(const struct mv_command *command, FILE *out);
/* Prints text from column on, broken before 80 columns; the cursor is in
 * column already. */
void mv_cli_wrap(FILE *out, const char *text, size_t column);
/* "--model FILE", "-o, --output FILE" into to. Cut when it does not fit. */
void mv_cli_option_name(const struct mv_option *option, char *to, size_t size);
/* The man page, the README section and the bash completion of all commands. */
void mv_cli_manual(const struct mv_cli *cli, FILE *out);
void mv_cli_markdown(const struct mv_cli *cli, FILE *out);
void mv_cli_completion(const struct mv_cli *cli, FILE *out);

/* --- talk ----------------------------------------------------------------- */

/* One line "motivo: ..." on standard error. Control characters are replaced. */
void mv_cli_say(struct mv_cli *cli, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The same unless --quiet: for news that nobody has to act on. */
void mv_cli_note(struct mv_cli *cli, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The same and where to read on. Returns MV_EXIT_MISUSE. */
int mv_cli_misuse(struct mv_cli *cli, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Tells cli->error (or the name of status when it is empty) and clears it; a
 * run that a signal stopped is told as such. Returns the exit status. */
int mv_cli_fail(struct mv_cli *cli, enum mv_status status);
/* Prints a page to standard output. Returns the exit status. */
int mv_cli_print(struct mv_cli *cli, const struct mv_page *page,
                 enum mv_format format);
/* The same, in the format that --json chooses. */
int mv_cli_page(struct mv_cli *cli, const struct mv_page *page);
/* What a call came to: prints its page, or says why there is none; frees the
 * page, which may be NULL. Returns the exit status. */
int mv_cli_answer(struct mv_cli *cli, enum mv_status status,
                  struct mv_page *page);

/* --- progress and signals ------------------------------------------------- */

/* Turns SIGINT, SIGTERM and SIGHUP into an answer of the progress callback, and
 * decides whether bars are drawn. */
void mv_cli_progress_init(struct mv_cli *cli);
/* Takes the bar off the terminal. */
void mv_cli_progress_clear(struct mv_cli *cli);
/* Whether a signal asked to stop. */
bool mv_cli_stopped(void);
/* A second signal ends the process at once and removes this file first; NULL:
 * none. The name is copied. */
void mv_cli_guard(const char *path);

/* --- files ---------------------------------------------------------------- */

/* Standard output, or a file that appears under its name only when whole. */
struct mv_output {
    FILE *file;
    char *path, *temporary; /* NULL: written in place */
};

/* path: NULL or "-" for standard output. Returns 0 or the exit status. */
int mv_cli_output_open(struct mv_cli *cli, struct mv_output *output,
                       const char *path);
/* For a file that the library will put in place by renaming: refuses a device,
 * a pipe or a folder, before the work. path may be NULL. Returns 0 or the exit
 * status. */
int mv_cli_output_check(struct mv_cli *cli, const char *path);
/* Closes; puts the file in place when exit is 0, else removes it. Returns exit,
 * or MV_EXIT_FAILED when the file could not be finished. */
int mv_cli_output_close(struct mv_cli *cli, struct mv_output *output, int exit);

/* The path of the database. Returns 0 with *out for the caller to free, or the
 * exit status. */
int mv_cli_database(struct mv_cli *cli, char **out);
/* Opens it. Returns 0 or the exit status. */
int mv_cli_open(struct mv_cli *cli, bool create, struct motivo **out);
/* The model to judge with: --model, else the active one, else the starter
 * model. Returns 0 or the exit status. */
int mv_cli_model(struct mv_cli *cli, struct mv_model **out);
/* $variable, else name in the folder share/motivo that the running program was
 * installed with, else local; the latter two where they are there. For the
 * caller to free; NULL when there is none. */
char *mv_cli_installed(const char *variable, const char *name,
                       const char *local);

#endif
