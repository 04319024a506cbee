/* layer 9: the full-screen labeller, shared by its files.
 *
 * Thread-safety: none; as cli.h.
 */
#ifndef MV_CMD_LABEL_SCREEN_H
#define MV_CMD_LABEL_SCREEN_H

#include "cli.h"
#include "cli_screen.h"

/* What the screen shows. */
enum mv_view {
    MV_VIEW_ASK = 0,
    MV_VIEW_DISAGREE, /* the answer was given, and the model says otherwise */
    MV_VIEW_KIND,
    MV_VIEW_COPIES,
    MV_VIEW_NOTE,
    MV_VIEW_HELP,
    MV_VIEW_END /* nothing is left to ask */
};

enum { MV_NOTE_MAX = 400 };

struct mv_ui {
    struct mv_cli *cli;
    struct motivo *motivo;
    struct mv_asking *asking;
    struct mv_screen *screen;
    const char *title; /* of the order: "unsure first" */
    enum mv_view view;
    size_t index;  /* of the message */
    size_t scroll; /* first line of the body that shows */
    size_t most;   /* highest scroll that makes sense, as drawn last */
    size_t page;   /* lines of the body, as drawn last */
    bool has_question;
    struct mv_question question;
    struct mv_headway headway;
    bool has_guess;
    enum mv_verdict guess;
    double probability;
    char reason[400];  /* why the model disagrees */
    char status[240];  /* what was done last */
    enum mv_look look; /* of it */
    char note[MV_NOTE_MAX];
    long answers; /* of this session that stand */
};

/* A key and what it does. */
struct mv_hint {
    const char *key, *what;
};

/* Puts the keys of the view between two columns, from a row on; row < 0: only
 * counts. Returns the rows that they take. */
int mv_label_hints(struct mv_ui *ui, int left, int right, int row);

/* Draws what the view says. */
void mv_label_draw(struct mv_ui *ui);

/* The kind that a key stands for in the menu, or NULL. */
const struct mv_kind *mv_label_kind(int32_t key);

/* The whole session. Returns the exit status; MV_EXIT_MISUSE and *drawn false
 * when there is no terminal to draw on. */
int mv_label_screen(struct mv_ui *ui, bool *drawn);

#endif
