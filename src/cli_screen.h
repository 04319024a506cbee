/* layer 9: the terminal as a grid of characters, and its keys.
 *
 * The only file that knows curses (ncursesw). What is put to the right of text
 * that anybody may have written could be shifted by a terminal that takes its
 * characters for wider than we do: so such text always stands last in its
 * line, and every line is drawn whole.
 *
 * Thread-safety: none; there is one terminal.
 */
#ifndef MV_CLI_SCREEN_H
#define MV_CLI_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Keys that are no characters; everything else is a code point. */
enum mv_key {
    MV_KEY_NONE = -1,   /* a signal came, or nothing for a while */
    MV_KEY_CLOSED = -2, /* the terminal is gone */
    MV_KEY_RESIZE = -3,
    MV_KEY_UP = -4,
    MV_KEY_DOWN = -5,
    MV_KEY_LEFT = -6,
    MV_KEY_RIGHT = -7,
    MV_KEY_PAGE_UP = -8,
    MV_KEY_PAGE_DOWN = -9,
    MV_KEY_BACKSPACE = -10,
    MV_KEY_OTHER = -11,
    MV_KEY_ENTER = '\n',
    MV_KEY_ESCAPE = 27
};

enum mv_look {
    MV_LOOK_PLAIN = 0,
    MV_LOOK_BOLD,
    MV_LOOK_DIM,
    MV_LOOK_KEY,  /* what can be typed */
    MV_LOOK_GOOD, /* purpose */
    MV_LOOK_BAD,  /* no-purpose, failures */
    MV_LOOK_WARN
};

struct mv_screen;

/* Takes the terminal; false when there is none that can be drawn on. colour:
 * may be used. */
bool mv_screen_open(struct mv_screen **out, bool colour);
/* Gives it back as it was. NULL is allowed. */
void mv_screen_close(struct mv_screen *screen);

void mv_screen_size(const struct mv_screen *screen, int *rows, int *columns);
void mv_screen_clear(struct mv_screen *screen);

/* Puts text (UTF-8, clean: see mv_lines) up to its end or its first line break
 * at a place, cut at column `right`; between the bytes 1 and 2 it stands out.
 * Returns the column behind it. Outside of the screen nothing is put. */
int mv_screen_put(struct mv_screen *screen, int row, int column, int right,
                  enum mv_look look, const char *text);
/* A line from column to right. */
void mv_screen_rule(struct mv_screen *screen, int row, int column, int right);
/* Columns that the text takes. */
int mv_screen_width(const char *text);

/* Shows all that was put; the cursor stands there, or is hidden (row < 0). */
void mv_screen_show(struct mv_screen *screen, int row, int column);

/* Waits for a key. */
int32_t mv_screen_key(struct mv_screen *screen);

#endif
