#include "cli_screen.h"

#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

struct mv_screen {
    SCREEN *screen;
    bool colour;
    int failures;       /* times in a row that input came and brought nothing */
    uint32_t character; /* on its way in, and how many bytes it still lacks */
    int missing;
};

/* --- opening ----------------------------------------------------------------
 */

/* Names are written in every script: where the locale can not, UTF-8 can. */
static void set_characters(void)
{
    if (!setlocale(LC_CTYPE, "") || strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        setlocale(LC_CTYPE, "C.UTF-8");
}

static void set_colours(struct mv_screen *screen, bool colour)
{
    screen->colour = colour && has_colors();
    if (!screen->colour)
        return;
    start_color();
    use_default_colors();
    init_pair(MV_LOOK_KEY, COLOR_CYAN, -1);
    init_pair(MV_LOOK_GOOD, COLOR_GREEN, -1);
    init_pair(MV_LOOK_BAD, COLOR_RED, -1);
    init_pair(MV_LOOK_WARN, COLOR_YELLOW, -1);
}

bool mv_screen_open(struct mv_screen **out, bool colour)
{
    struct mv_screen *screen;
    const char *term = getenv("TERM");

    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || !term || !*term ||
        strcmp(term, "dumb") == 0)
        return false;
    screen = calloc(1, sizeof *screen);
    if (!screen)
        return false;
    set_characters();
    screen->screen = newterm(NULL, stdout, stdin);
    if (!screen->screen) {
        free(screen);
        return false;
    }
    set_term(screen->screen);
    cbreak(); /* Ctrl-C and Ctrl-Z stay signals */
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    set_escdelay(25);
    leaveok(stdscr, FALSE);
    set_colours(screen, colour);
    *out = screen;
    return true;
}

void mv_screen_close(struct mv_screen *screen)
{
    if (!screen)
        return;
    erase(); /* where there is no second screen to leave */
    refresh();
    endwin();
    delscreen(screen->screen);
    setlocale(LC_CTYPE, "C");
    free(screen);
}

/* --- drawing ----------------------------------------------------------------
 */

void mv_screen_size(const struct mv_screen *screen, int *rows, int *columns)
{
    (void)screen;
    getmaxyx(stdscr, *rows, *columns);
}

void mv_screen_clear(struct mv_screen *screen)
{
    (void)screen;
    erase();
}

static attr_t attributes_of(const struct mv_screen *screen, enum mv_look look)
{
    attr_t attributes = look == MV_LOOK_DIM     ? A_DIM
                        : look == MV_LOOK_PLAIN ? 0
                                                : A_BOLD;

    if (screen->colour && look >= MV_LOOK_KEY)
        attributes |= (attr_t)COLOR_PAIR(look);
    return attributes;
}

/* The next character; *wide: what curses is to draw. Returns its columns. */
static int decode(const char **text, mbstate_t *state, wchar_t *wide)
{
    size_t used = mbrtowc(wide, *text, strlen(*text), state);
    int width;

    if (used == 0 || used > 4) {
        memset(state, 0, sizeof *state);
        used = 1;
        *wide = 0xfffd;
    }
    *text += used;
    width = wcwidth(*wide);
    if (width >= 0)
        return width;
    *wide = 0xfffd; /* too new for this C library */
    return 1;
}

int mv_screen_put(struct mv_screen *screen, int row, int column, int right,
                  enum mv_look look, const char *text)
{
    mbstate_t state = {0};
    bool on = false;
    int rows, columns;

    getmaxyx(stdscr, rows, columns);
    if (right > columns)
        right = columns;
    if (row < 0 || row >= rows || column < 0)
        return column;
    while (*text && *text != '\n') {
        wchar_t wide[2] = {0, 0};
        attr_t attributes = attributes_of(screen, look);
        int width;

        if (*text == 1 || *text == 2) {
            on = *text++ == 1;
            continue;
        }
        width = decode(&text, &state, wide);
        if (column + width > right)
            break;
        if (on)
            attributes = attributes_of(screen, MV_LOOK_WARN) | A_UNDERLINE;
        attrset((int)attributes);
        if (width > 0)
            mvaddnwstr(row, column, wide, 1);
        else if (column > 0)
            addnwstr(wide, 1); /* joins the cell before */
        column += width;
    }
    attrset(A_NORMAL);
    return column;
}

void mv_screen_rule(struct mv_screen *screen, int row, int column, int right)
{
    int rows, columns;

    getmaxyx(stdscr, rows, columns);
    if (row < 0 || row >= rows)
        return;
    for (; column < right && column < columns; column++)
        mv_screen_put(screen, row, column, right, MV_LOOK_DIM, "─");
}

int mv_screen_width(const char *text)
{
    mbstate_t state = {0};
    int sum = 0;

    while (*text && *text != '\n') {
        wchar_t wide;

        if (*text == 1 || *text == 2)
            text++;
        else
            sum += decode(&text, &state, &wide);
    }
    return sum;
}

void mv_screen_show(struct mv_screen *screen, int row, int column)
{
    (void)screen;
    curs_set(row >= 0);
    if (row >= 0)
        move(row, column);
    redrawwin(stdscr); /* whole lines: see the header */
    refresh();
}

/* --- keys -------------------------------------------------------------------
 */

static int32_t function_key(int key)
{
    switch (key) {
    case KEY_RESIZE: return MV_KEY_RESIZE;
    case KEY_UP: return MV_KEY_UP;
    case KEY_DOWN: return MV_KEY_DOWN;
    case KEY_LEFT: return MV_KEY_LEFT;
    case KEY_RIGHT: return MV_KEY_RIGHT;
    case KEY_PPAGE: return MV_KEY_PAGE_UP;
    case KEY_NPAGE: return MV_KEY_PAGE_DOWN;
    case KEY_BACKSPACE: return MV_KEY_BACKSPACE;
    case KEY_ENTER: return MV_KEY_ENTER;
    default: return MV_KEY_OTHER;
    }
}

/* Waits until there is something to read. curses would go on reading when a
 * signal comes, so the waiting is done here. */
static enum mv_key await(struct mv_screen *screen)
{
    struct pollfd input = {STDIN_FILENO, POLLIN, 0};
    int got = poll(&input, 1, 1000);

    if (got > 0 && !(input.revents & POLLIN))
        return MV_KEY_CLOSED;
    if (got > 0 && ++screen->failures > 3) /* the end of the input */
        return MV_KEY_CLOSED;
    return MV_KEY_NONE;
}

/* A character, when this is its last byte of UTF-8. Its bytes may come apart
 * over a slow line, and curses' own get_wch then drops the first ones. */
static int32_t character(struct mv_screen *screen, uint32_t byte)
{
    if ((byte & 0xC0) == 0x80) {
        if (screen->missing == 0)
            return MV_KEY_OTHER;
        screen->character = screen->character << 6 | (byte & 0x3F);
        screen->missing--;
    } else {
        screen->missing = (byte >= 0xC0) + (byte >= 0xE0) + (byte >= 0xF0);
        screen->character = byte & (0x7Fu >> screen->missing);
    }
    return screen->missing ? MV_KEY_NONE : (int32_t)screen->character;
}

int32_t mv_screen_key(struct mv_screen *screen)
{
    int key = getch();

    if (key == ERR)
        return await(screen);
    screen->failures = 0;
    if (key > 0xFF)
        return function_key(key);
    if (key == '\r')
        return MV_KEY_ENTER;
    if (key == 0x7f || key == 8)
        return MV_KEY_BACKSPACE;
    return character(screen, (uint32_t)key);
}
