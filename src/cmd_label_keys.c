/* Which keys the labeller offers, by what it shows. */
#include "cmd_label_screen.h"

static const struct mv_hint ASK[] = {
    {"p", "purpose"}, {"n", "no-purpose"}, {"s", "unsure"},
    {"u", "undo"},    {"k", "kind"},       {"b", "back"},
    {"?", "help"},    {"q", "quit"},       {NULL, NULL}};
static const struct mv_hint DISAGREE[] = {{"Enter", "keep it, go on"},
                                          {"u", "undo"},
                                          {"k", "kind"},
                                          {"o", "note"},
                                          {"?", "help"},
                                          {"q", "quit"},
                                          {NULL, NULL}};
static const struct mv_hint KIND[] = {
    {"a-q", "label with that kind"}, {"Esc", "back"}, {NULL, NULL}};
static const struct mv_hint COPIES[] = {{"p", "purpose, all"},
                                        {"n", "no-purpose, all"},
                                        {"s", "unsure, all"},
                                        {"Esc", "back"},
                                        {NULL, NULL}};
static const struct mv_hint NOTE[] = {
    {"Enter", "keep the note"}, {"Esc", "leave it as it was"}, {NULL, NULL}};
static const struct mv_hint HELP[] = {{"any key", "back"}, {NULL, NULL}};
static const struct mv_hint END[] = {{"u", "undo"},
                                     {"b", "back"},
                                     {"e", "estimate"},
                                     {"q", "quit"},
                                     {NULL, NULL}};

static const struct mv_hint *hints_of(enum mv_view view)
{
    switch (view) {
    case MV_VIEW_DISAGREE: return DISAGREE;
    case MV_VIEW_KIND: return KIND;
    case MV_VIEW_COPIES: return COPIES;
    case MV_VIEW_NOTE: return NOTE;
    case MV_VIEW_HELP: return HELP;
    case MV_VIEW_END: return END;
    case MV_VIEW_ASK: break;
    }
    return ASK;
}

int mv_label_hints(struct mv_ui *ui, int left, int right, int row)
{
    int column = left, rows = 1;

    for (const struct mv_hint *hint = hints_of(ui->view); hint->key; hint++) {
        int width =
            mv_screen_width(hint->key) + 1 + mv_screen_width(hint->what);

        if (column > left && column + width > right) {
            column = left;
            rows++;
        }
        if (row >= 0) {
            int at = mv_screen_put(ui->screen, row + rows - 1, column, right,
                                   MV_LOOK_KEY, hint->key);

            mv_screen_put(ui->screen, row + rows - 1, at + 1, right,
                          MV_LOOK_PLAIN, hint->what);
        }
        column += width + 2;
    }
    return rows;
}
