#include "cli.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* A signal handler can reach nothing but static storage. */
static volatile sig_atomic_t stopped;
static char guarded[4096];

static void on_signal(int number)
{
    if (stopped) {
        if (guarded[0])
            unlink(guarded);
        _exit(128 + number);
    }
    stopped = 1;
}

void mv_cli_guard(const char *path)
{
    size_t len = path ? strlen(path) : 0;

    guarded[0] = 0;
    if (len == 0 || len >= sizeof guarded)
        return;
    /* The first byte last: the handler sees a whole name or none. */
    memcpy(guarded + 1, path + 1, len);
    guarded[0] = path[0];
}

bool mv_cli_stopped(void)
{
    return stopped != 0;
}

static int64_t now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void draw(struct mv_cli *cli, const char *what, double done)
{
    enum { WIDTH = 30 };
    static const char full[] = "##############################";
    static const char empty[] = "..............................";
    int filled;

    done = done >= 0 && done <= 1 ? done : 0;
    filled = (int)(done * WIDTH);
    fprintf(stderr, "\r\033[K%-24.24s [%s%.*s%s%.*s] %3d %%", what,
            cli->colour ? "\033[32m" : "", filled, full,
            cli->colour ? "\033[0m" : "", WIDTH - filled, empty,
            (int)(done * 100));
    fflush(stderr);
    cli->drawn = true;
}

static bool step(void *payload, const char *what, double done)
{
    struct mv_cli *cli = payload;
    int64_t time;

    if (stopped)
        return false;
    if (!cli->bar)
        return true;
    time = now();
    if (time - cli->drawn_at >= 100) { /* ten times a second is enough */
        cli->drawn_at = time;
        draw(cli, what, done);
    }
    return true;
}

void mv_cli_progress_clear(struct mv_cli *cli)
{
    if (!cli->drawn)
        return;
    fputs("\r\033[K", stderr);
    fflush(stderr);
    cli->drawn = false;
}

static bool has_terminal(void)
{
    const char *term = getenv("TERM");

    return isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0;
}

void mv_cli_progress_init(struct mv_cli *cli)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action = {.sa_handler = on_signal}, old;
    const char *no_colour = getenv("NO_COLOR");
    size_t i;

    /* No SA_RESTART: a read that waits for input must end, too. A signal that
     * the caller ignores (nohup) stays ignored. */
    for (i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (sigaction(numbers[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            sigaction(numbers[i], &action, NULL);
    /* A reader that goes away ends us without a word, also where the caller
     * had SIGPIPE ignored. */
    signal(SIGPIPE, SIG_DFL);
    cli->progress = (struct mv_progress){.step = step, .payload = cli};
    cli->bar = has_terminal() && !mv_cli_flag(cli, "quiet");
    cli->colour = !(no_colour && *no_colour);
}
