/* usage: terminal COLUMNSxROWS COMMAND [ARGUMENT...] <script
 * Runs a command in a terminal of its own and does what the script says, line
 * by line:
 *   expect TEXT   waits until TEXT stands on the screen, within a line
 *   keys TEXT     types; \n Enter, \e Escape, \b Backspace, \U \D \L \R arrows,
 *                 \s a blank
 *   size CxR      makes the terminal another size
 *   show          prints the screen without blank ends
 *   kill          kill -9
 *   signal N      sends a signal
 *   run COMMAND   runs a shell command meanwhile
 *   file NAME     waits until that file is there
 *   wait          waits for the end and prints the exit status
 * The terminal knows what a vt100 knows. It complains when a character does
 * not fit into its line: a program that lays out lines never lets that happen.
 */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

enum { ROWS = 100, COLUMNS = 300, CELL = 24, PATIENCE = 90 /* seconds */ };

struct terminal {
    int rows, columns, row, column;
    bool pending; /* the last column was written; the next one wraps */
    bool full;    /* the program lays the screen out, and talks no more */
    bool wrapped; /* a character did wrap then */
    char cell[ROWS][COLUMNS][CELL]; /* UTF-8; "" behind a wide one */
    char text[64];                  /* bytes of an unfinished character */
    size_t len;
    bool closed; /* the program has ended */
    int fd;
    pid_t pid;
};

/* --- the screen ----------------------------------------------------------- */

static void blank(struct terminal *t, int row, int from, int to)
{
    for (int i = from; i < to; i++)
        strcpy(t->cell[row][i], " ");
}

static void scroll_up(struct terminal *t)
{
    memmove(t->cell[0], t->cell[1], (ROWS - 1) * sizeof t->cell[0]);
    blank(t, t->rows - 1, 0, COLUMNS);
}

static void new_line(struct terminal *t)
{
    t->pending = false;
    if (t->row + 1 < t->rows)
        t->row++;
    else
        scroll_up(t);
}

static void put(struct terminal *t, wchar_t code, const char *bytes, size_t len)
{
    int width = wcwidth(code);
    int at = t->column - (t->pending ? 0 : 1);
    size_t end;

    if (width == 0) {
        while (at > 0 && !t->cell[t->row][at][0])
            at--;
        if (at >= 0 && (end = strlen(t->cell[t->row][at])) + len < CELL) {
            memcpy(t->cell[t->row][at] + end, bytes, len);
            t->cell[t->row][at][end + len] = '\0';
        }
        return;
    }
    if (width < 0 || t->pending || t->column + width > t->columns) {
        if (t->full && !t->wrapped)
            printf("column %d of %d, row %d of %d: '%.*s' does not fit\n",
                   t->column, t->columns, t->row, t->rows, (int)len, bytes);
        t->wrapped = t->wrapped || t->full;
        new_line(t);
        t->column = 0;
    }
    snprintf(t->cell[t->row][t->column], CELL, "%.*s", (int)len, bytes);
    if (width == 2)
        t->cell[t->row][t->column + 1][0] = '\0';
    t->column += width;
    t->pending = t->column == t->columns;
    t->column -= t->pending;
}

static void erase(struct terminal *t, char what, int how)
{
    if (how == 0)
        blank(t, t->row, t->column, COLUMNS);
    else
        blank(t, t->row, 0, how == 1 ? t->column + 1 : COLUMNS);
    if (what == 'J')
        for (int i = 0; i < ROWS; i++)
            if (how == 2 || (how == 0 ? i > t->row : i < t->row))
                blank(t, i, 0, COLUMNS);
}

static int clamp(int value, int least, int most)
{
    return value < least ? least : value > most ? most : value;
}

/* ESC [ a ; b final */
static void control(struct terminal *t, char final, int a, int b)
{
    int n = a > 0 ? a : 1;

    switch (final) {
    case 'H':
    case 'f':
        t->row = n - 1;
        t->column = (b > 0 ? b : 1) - 1;
        break;
    case 'A': t->row -= n; break;
    case 'B': t->row += n; break;
    case 'C': t->column += n; break;
    case 'D': t->column -= n; break;
    case 'J':
    case 'K': erase(t, final, a > 0 ? a : 0); break;
    default: return; /* colours, modes */
    }
    t->row = clamp(t->row, 0, t->rows - 1);
    t->column = clamp(t->column, 0, t->columns - 1);
    t->pending = false;
}

/* Takes one whole item off the front of at; 0 when it is not whole yet. */
static size_t escape(struct terminal *t, const char *at, size_t len)
{
    int value[2] = {-1, -1}, n = 0;

    if (len < 2)
        return 0;
    if (at[1] == '(' || at[1] == ')')
        return len < 3 ? 0 : 3;
    if (at[1] != '[')
        return 2;
    for (size_t i = 2; i < len; i++) {
        if (at[i] >= '@' && at[i] <= '~') {
            control(t, at[i], value[0], value[1]);
            if (at[2] == '?' && value[0] == 1) /* the keypad */
                t->full = at[i] == 'h';
            return i + 1;
        }
        if (at[i] == ';' && n < 1)
            n++;
        else if (at[i] >= '0' && at[i] <= '9')
            value[n] = 10 * (value[n] < 0 ? 0 : value[n]) + (at[i] - '0');
    }
    return 0;
}

static size_t character(struct terminal *t, const char *at, size_t len)
{
    mbstate_t state = {0};
    wchar_t code;
    size_t used;

    switch (*at) {
    case '\033': return escape(t, at, len);
    case '\r': t->column = 0; break;
    case '\b': t->column -= t->column > 0; break;
    case '\n': new_line(t); break;
    default:
        if ((unsigned char)*at < ' ')
            return 1;
        used = mbrtowc(&code, at, len, &state);
        if (used == (size_t)-2)
            return 0;
        if (used > len)
            return 1;
        put(t, code, at, used);
        return used;
    }
    t->pending = false;
    return 1;
}

/* Reads what the program wrote; false when it has ended or time is over. */
static bool absorb(struct terminal *t, int milliseconds)
{
    struct pollfd poller = {t->fd, POLLIN, 0};
    char block[4096];
    ssize_t got;

    if (poll(&poller, 1, milliseconds) <= 0)
        return false;
    got = read(t->fd, block, sizeof block);
    t->closed = got <= 0;
    for (ssize_t i = 0; i < got; i++) {
        t->text[t->len++] = block[i];
        if (character(t, t->text, t->len) > 0 || t->len == sizeof t->text)
            t->len = 0;
    }
    return got > 0;
}

static void line_of(const struct terminal *t, int row, char *line, size_t size)
{
    size_t len = 0, end = 0;

    for (int i = 0; i < t->columns; i++) {
        const char *cell = t->cell[row][i];

        len += (size_t)snprintf(line + len, size - len, "%s", cell);
        if (*cell && strcmp(cell, " ") != 0)
            end = len;
    }
    line[end] = '\0';
}

static void show(const struct terminal *t)
{
    static char line[ROWS][COLUMNS * CELL];
    int last = -1;

    for (int i = 0; i < t->rows; i++) {
        line_of(t, i, line[i], sizeof line[i]);
        if (*line[i])
            last = i;
    }
    for (int i = 0; i <= last; i++)
        puts(line[i]);
}

static bool holds(const struct terminal *t, const char *text)
{
    char line[COLUMNS * CELL];

    for (int i = 0; i < t->rows; i++) {
        line_of(t, i, line, sizeof line);
        if (strstr(line, text))
            return true;
    }
    return false;
}

/* Whether the program sleeps: it has nothing to do but wait for keys. */
static bool sleeps(const struct terminal *t)
{
    char path[64], line[512] = "", *at;
    FILE *file;

    snprintf(path, sizeof path, "/proc/%d/stat", (int)t->pid);
    file = fopen(path, "r");
    if (file && !fgets(line, sizeof line, file))
        line[0] = '\0';
    if (file)
        fclose(file);
    at = strrchr(line, ')');
    return !at || at[2] == 'S';
}

/* Waits until the picture is whole: the program sleeps and says no more. */
static void settle(struct terminal *t)
{
    time_t end = time(NULL) + PATIENCE;

    for (int calm = 0; calm < 2 && !t->closed && time(NULL) < end;) {
        bool said = absorb(t, 15);

        calm = !said && sleeps(t) ? calm + 1 : 0;
    }
}

/* --- the script ----------------------------------------------------------- */

static void expect(struct terminal *t, const char *text)
{
    time_t end = time(NULL) + PATIENCE;

    while (!holds(t, text)) {
        if (!absorb(t, 200) && (t->closed || time(NULL) > end)) {
            printf("'%s' is not on the screen:\n", text);
            show(t);
            fflush(stdout);
            kill(t->pid, SIGKILL);
            exit(1);
        }
    }
    settle(t);
}

static void type(const struct terminal *t, const char *text)
{
    static const char *const KEYS[] = {"n\r",     "e\033",   "b\177",
                                       "s ",      "U\033OA", "D\033OB",
                                       "R\033OC", "L\033OD", NULL};

    for (; *text; text++) {
        const char *bytes = text;
        size_t len = 1;

        for (int i = 0; *text == '\\' && KEYS[i]; i++)
            if (KEYS[i][0] == text[1]) {
                bytes = KEYS[i] + 1;
                len = strlen(bytes);
            }
        text += *text == '\\' && text[1];
        if (write(t->fd, bytes, len) < 0)
            perror("write");
    }
}

/* Only when the picture of the size before is whole: what was drawn for it
 * would not fit. */
static void resize(struct terminal *t, const char *size)
{
    struct winsize window = {0};

    settle(t);
    sscanf(size, "%dx%d", &t->columns, &t->rows);
    window.ws_col = (unsigned short)t->columns;
    window.ws_row = (unsigned short)t->rows;
    for (int i = 0; i < ROWS; i++)
        blank(t, i, 0, COLUMNS);
    t->row = t->column = 0;
    ioctl(t->fd, TIOCSWINSZ, &window);
}

static void await(struct terminal *t)
{
    int status;

    while (absorb(t, 1000 * PATIENCE))
        ;
    waitpid(t->pid, &status, 0);
    if (WIFSIGNALED(status))
        printf("signal %d\n", WTERMSIG(status));
    else
        printf("exit %d\n", WEXITSTATUS(status));
}

static void await_file(struct terminal *t, const char *name)
{
    time_t end = time(NULL) + PATIENCE;

    while (access(name, F_OK) != 0 && time(NULL) < end)
        absorb(t, 100);
}

static void act(struct terminal *t, char *line)
{
    char *rest = strchr(line, ' ');

    if (rest)
        *rest++ = '\0';
    else
        rest = line + strlen(line);
    if (strcmp(line, "expect") == 0)
        expect(t, rest);
    else if (strcmp(line, "keys") == 0)
        type(t, rest);
    else if (strcmp(line, "size") == 0)
        resize(t, rest);
    else if (strcmp(line, "show") == 0)
        show(t);
    else if (strcmp(line, "kill") == 0)
        kill(t->pid, SIGKILL);
    else if (strcmp(line, "signal") == 0)
        kill(t->pid, atoi(rest));
    else if (strcmp(line, "wait") == 0)
        await(t);
    else if (strcmp(line, "file") == 0)
        await_file(t, rest);
    else if (strcmp(line, "run") == 0 && system(rest) != 0)
        printf("failed: %s\n", rest);
    else if (strcmp(line, "run") == 0)
        return;
    else if (*line && *line != '#')
        printf("no such line: %s\n", line);
}

int main(int argc, char **argv)
{
    static struct terminal t;
    struct winsize window = {0};
    char line[1024];

    setlocale(LC_CTYPE, "C.UTF-8");
    if (argc < 3 || sscanf(argv[1], "%dx%d", &t.columns, &t.rows) != 2) {
        fputs("usage: terminal COLUMNSxROWS COMMAND... <script\n", stderr);
        return 2;
    }
    window.ws_col = (unsigned short)t.columns;
    window.ws_row = (unsigned short)t.rows;
    for (int i = 0; i < ROWS; i++)
        blank(&t, i, 0, COLUMNS);
    t.pid = forkpty(&t.fd, NULL, NULL, &window);
    if (t.pid == 0) {
        setenv("TERM", "vt100", 1);
        unsetenv("COLUMNS");
        unsetenv("LINES");
        execvp(argv[2], argv + 2);
        _exit(127);
    }
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = '\0';
        act(&t, line);
        fflush(stdout);
    }
    if (t.wrapped)
        puts("a character did not fit into its line");
    kill(t.pid, SIGKILL);
    return t.wrapped;
}
