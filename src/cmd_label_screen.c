/* The full-screen labeller: what each key does. */
#include "cmd_label_screen.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LOOK_AHEAD = 20 /* answers after which quitting looks ahead */ };

/* --- status --------------------------------------------------------------- */

static void tell(struct mv_ui *ui, enum mv_look look, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void tell(struct mv_ui *ui, enum mv_look look, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(ui->status, sizeof ui->status, format, args);
    va_end(args);
    ui->look = look;
}

/* A failure does not end the session: the next key may do better. */
static void tell_error(struct mv_ui *ui)
{
    struct mv_error *error = &ui->cli->error;

    tell(ui, MV_LOOK_BAD, "not saved: %s",
         *error->message ? error->message : "out of memory");
    mv_error_clear(error);
}

/* --- moving --------------------------------------------------------------- */

static void refresh_headway(struct mv_ui *ui)
{
    if (mv_ask_headway(ui->asking, &ui->headway, &ui->cli->error) != MV_OK)
        tell_error(ui);
}

/* Shows message index, or that there is nothing left. */
static void go_to(struct mv_ui *ui, size_t index)
{
    ui->scroll = 0;
    ui->has_question = index < mv_ask_count(ui->asking);
    ui->view = ui->has_question ? MV_VIEW_ASK : MV_VIEW_END;
    if (!ui->has_question)
        return;
    ui->index = index;
    if (mv_ask_get(ui->asking, index, &ui->question, &ui->cli->error) !=
        MV_OK) {
        tell_error(ui);
        ui->has_question = false;
    }
}

/* The next message without an answer, from the beginning again at the end. */
static void go_on(struct mv_ui *ui)
{
    size_t count = mv_ask_count(ui->asking);
    size_t next = mv_ask_next(ui->asking, ui->index + 1);

    go_to(ui, next < count ? next : mv_ask_next(ui->asking, 0));
}

static void go_back(struct mv_ui *ui)
{
    if (!ui->has_question)
        go_to(ui, ui->index);
    else if (ui->index > 0)
        go_to(ui, ui->index - 1);
    else
        tell(ui, MV_LOOK_DIM, "this is the first message");
}

static void go_forward(struct mv_ui *ui)
{
    if (ui->index + 1 < mv_ask_count(ui->asking))
        go_to(ui, ui->index + 1);
    else
        tell(ui, MV_LOOK_DIM, "this is the last message");
}

static void scroll(struct mv_ui *ui, int32_t key)
{
    size_t page = ui->page > 2 ? ui->page - 1 : 1;
    size_t step = key == MV_KEY_UP || key == MV_KEY_DOWN ? 1 : page;

    if (key == MV_KEY_UP || key == MV_KEY_PAGE_UP)
        ui->scroll -= ui->scroll < step ? ui->scroll : step;
    else
        ui->scroll +=
            ui->most - ui->scroll < step ? ui->most - ui->scroll : step;
}

/* --- answers -------------------------------------------------------------- */

/* Only now the model is asked. Whether it says the opposite. */
static bool see_guess(struct mv_ui *ui, const char *said)
{
    struct mv_guess guess;
    enum mv_status status =
        mv_ask_guess(ui->asking, ui->index, &guess, &ui->cli->error);

    mv_error_clear(&ui->cli->error);
    if (status != MV_OK) {
        tell(ui, MV_LOOK_GOOD, "%s", said);
        return false;
    }
    ui->guess = guess.verdict;
    ui->probability = guess.probability;
    snprintf(ui->reason, sizeof ui->reason, "%s", guess.reason);
    if (guess.verdict == MV_VERDICT_UNSURE)
        tell(ui, MV_LOOK_GOOD, "%s. The model was not sure (%.2f).", said,
             guess.probability);
    else if (!guess.disagrees)
        tell(ui, MV_LOOK_GOOD, "%s. The model said %s (%.2f).", said,
             mv_verdict_name(guess.verdict), guess.probability);
    else
        tell(ui, MV_LOOK_WARN, "%s. The model disagrees.", said);
    return guess.disagrees;
}

static void answer(struct mv_ui *ui, enum mv_label label, const char *kind,
                   bool copies)
{
    char said[120];
    size_t n = copies ? ui->question.copies + 1 : 1;
    bool disagrees;

    if (mv_ask_answer(ui->asking, ui->index, label, kind, copies,
                      &ui->cli->error) != MV_OK) {
        tell_error(ui);
        return;
    }
    ui->answers += (long)n;
    snprintf(said, sizeof said, "Saved: %s%s%s", mv_label_name(label),
             kind ? ", " : "", kind ? kind : "");
    if (n > 1)
        snprintf(said, sizeof said, "Saved: %s, %zu messages",
                 mv_label_name(label), n);
    disagrees = see_guess(ui, said);
    refresh_headway(ui);
    if (!disagrees) {
        go_on(ui);
        return;
    }
    go_to(ui, ui->index);
    ui->view = MV_VIEW_DISAGREE;
    ui->scroll = (size_t)-1 / 2; /* the reason stands last; drawing clamps */
}

static void undo(struct mv_ui *ui)
{
    struct mv_taken_back back;
    size_t index;
    enum mv_status status =
        mv_ask_undo(ui->asking, &index, &back, &ui->cli->error);

    if (status == MV_NOTFOUND) {
        mv_error_clear(&ui->cli->error);
        tell(ui, MV_LOOK_DIM, "there is no answer of yours to take back");
        return;
    }
    if (status != MV_OK) {
        tell_error(ui);
        return;
    }
    ui->answers -= back.n;
    if (back.n > 1)
        tell(ui, MV_LOOK_WARN, "Taken back: %s, %ld messages",
             mv_label_name(back.label), back.n);
    else
        tell(ui, MV_LOOK_WARN, "Taken back: %s", mv_label_name(back.label));
    refresh_headway(ui);
    go_to(ui, index);
}

/* --- looking ahead -------------------------------------------------------- */

static bool step(void *payload, const char *what, double done)
{
    struct mv_ui *ui = payload;

    tell(ui, MV_LOOK_DIM, "%s: %d %% (Ctrl-C quits)", what, (int)(100 * done));
    mv_label_draw(ui);
    return !mv_cli_stopped();
}

static void estimate(struct mv_ui *ui)
{
    struct mv_progress progress = {step, ui};
    struct mv_page *page = NULL;
    enum mv_status status;

    status =
        mv_label_advice(ui->motivo, 1, 0, &progress, &page, &ui->cli->error);
    mv_page_free(page);
    if (status == MV_OK)
        tell(ui, MV_LOOK_GOOD, "motivo label --advice shows the whole curve");
    else
        tell(ui, MV_LOOK_WARN, "%s", ui->cli->error.message);
    mv_error_clear(&ui->cli->error);
    refresh_headway(ui);
}

/* --- keys by view --------------------------------------------------------- */

static void show(struct mv_ui *ui, enum mv_view view)
{
    ui->view = view;
    ui->scroll = 0;
    ui->status[0] = '\0';
}

static void start_note(struct mv_ui *ui)
{
    snprintf(ui->note, sizeof ui->note, "%s",
             ui->question.note ? ui->question.note : "");
    ui->view = MV_VIEW_NOTE;
}

static void start_copies(struct mv_ui *ui)
{
    if (ui->question.copies)
        show(ui, MV_VIEW_COPIES);
    else
        tell(ui, MV_LOOK_DIM, "no other message has this text");
}

/* Keys that are the same wherever a message shows. Returns whether it was one.
 */
static bool common_key(struct mv_ui *ui, int32_t key)
{
    switch (key) {
    case 'u': undo(ui); return true;
    case 'e': estimate(ui); return true;
    case '?':
    case 'h': show(ui, MV_VIEW_HELP); return true;
    case 'b':
    case MV_KEY_LEFT: go_back(ui); return true;
    case MV_KEY_UP:
    case MV_KEY_DOWN:
    case MV_KEY_PAGE_UP:
    case MV_KEY_PAGE_DOWN: scroll(ui, key); return true;
    default: return false;
    }
}

static void ask_key(struct mv_ui *ui, int32_t key)
{
    ui->status[0] = '\0';
    if (common_key(ui, key) || !ui->has_question)
        return;
    switch (key) {
    case 'p': answer(ui, MV_LABEL_PURPOSE, NULL, false); break;
    case 'n': answer(ui, MV_LABEL_NO_PURPOSE, NULL, false); break;
    case 's': answer(ui, MV_LABEL_UNSURE, NULL, false); break;
    case 'k': show(ui, MV_VIEW_KIND); break;
    case 'c': start_copies(ui); break;
    case 'o': start_note(ui); break;
    case 'f':
    case MV_KEY_RIGHT: go_forward(ui); break;
    case ' ': scroll(ui, MV_KEY_PAGE_DOWN); break;
    default: break;
    }
}

/* No key labels here: a person who types ahead must not answer twice. */
static void disagree_key(struct mv_ui *ui, int32_t key)
{
    if (key == MV_KEY_ENTER || key == ' ' || key == 'f' ||
        key == MV_KEY_RIGHT) {
        ui->status[0] = '\0';
        go_on(ui);
    } else if (key == 'k') {
        show(ui, MV_VIEW_KIND);
    } else if (key == 'o') {
        start_note(ui);
    } else if (!common_key(ui, key)) {
        tell(ui, MV_LOOK_WARN, "Enter keeps it, u takes it back");
    }
}

static void kind_key(struct mv_ui *ui, int32_t key)
{
    const struct mv_kind *kind = mv_label_kind(key);

    ui->view = MV_VIEW_ASK;
    if (kind)
        answer(ui, kind->label, kind->name, false);
    else
        go_to(ui, ui->index);
}

static void copies_key(struct mv_ui *ui, int32_t key)
{
    enum mv_label label = key == 'p'   ? MV_LABEL_PURPOSE
                          : key == 'n' ? MV_LABEL_NO_PURPOSE
                                       : MV_LABEL_UNSURE;

    if (key == 'p' || key == 'n' || key == 's')
        answer(ui, label, NULL, true);
    else if (key == MV_KEY_UP || key == MV_KEY_DOWN || key == MV_KEY_PAGE_UP ||
             key == MV_KEY_PAGE_DOWN)
        scroll(ui, key);
    else if (key == ' ')
        scroll(ui, MV_KEY_PAGE_DOWN);
    else
        go_to(ui, ui->index);
}

/* Appends a code point to the note, as UTF-8. */
static void add_to_note(struct mv_ui *ui, uint32_t code)
{
    size_t len = strlen(ui->note), n = code < 0x80      ? 1
                                       : code < 0x800   ? 2
                                       : code < 0x10000 ? 3
                                                        : 4;
    char *at = ui->note + len;

    if (len + n >= sizeof ui->note)
        return;
    if (n == 1) {
        at[0] = (char)code;
    } else {
        for (size_t i = n - 1; i > 0; i--, code >>= 6)
            at[i] = (char)(0x80 | (code & 0x3f));
        at[0] = (char)((0xf0 << (4 - n)) | code);
    }
    at[n] = '\0';
}

static void shorten_note(struct mv_ui *ui)
{
    size_t len = strlen(ui->note);

    while (len > 0 && ((unsigned char)ui->note[--len] & 0xc0) == 0x80)
        ;
    ui->note[len] = '\0';
}

static void note_key(struct mv_ui *ui, int32_t key)
{
    bool keep = key == MV_KEY_ENTER;

    if (key == MV_KEY_BACKSPACE) {
        shorten_note(ui);
    } else if (key >= ' ' && key != MV_KEY_ESCAPE) {
        add_to_note(ui, (uint32_t)key);
    } else if (keep || key == MV_KEY_ESCAPE) {
        if (keep && mv_ask_note(ui->asking, ui->index, ui->note,
                                &ui->cli->error) != MV_OK)
            tell_error(ui);
        else if (keep)
            tell(ui, MV_LOOK_GOOD, "Note %s",
                 *ui->note ? "saved" : "withdrawn");
        go_to(ui, ui->index);
    }
}

static void handle(struct mv_ui *ui, int32_t key)
{
    switch (ui->view) {
    case MV_VIEW_ASK:
    case MV_VIEW_END: ask_key(ui, key); break;
    case MV_VIEW_DISAGREE: disagree_key(ui, key); break;
    case MV_VIEW_KIND: kind_key(ui, key); break;
    case MV_VIEW_COPIES: copies_key(ui, key); break;
    case MV_VIEW_NOTE: note_key(ui, key); break;
    case MV_VIEW_HELP:
        if (key == MV_KEY_UP || key == MV_KEY_DOWN || key == ' ' ||
            key == MV_KEY_PAGE_UP || key == MV_KEY_PAGE_DOWN)
            scroll(ui, key == ' ' ? MV_KEY_PAGE_DOWN : key);
        else
            go_to(ui, ui->has_question ? ui->index : mv_ask_count(ui->asking));
        break;
    }
}

/* --- the session ---------------------------------------------------------- */

static void run(struct mv_ui *ui)
{
    int32_t key;

    refresh_headway(ui);
    go_to(ui, mv_ask_next(ui->asking, 0));
    for (;;) {
        mv_label_draw(ui);
        do
            key = mv_screen_key(ui->screen);
        while (key == MV_KEY_NONE && !mv_cli_stopped());
        if (key == MV_KEY_CLOSED || mv_cli_stopped() ||
            (key == 'q' && ui->view != MV_VIEW_NOTE &&
             ui->view != MV_VIEW_KIND))
            return;
        if (key != MV_KEY_RESIZE)
            handle(ui, key);
    }
}

/* What came of it, and what next. */
static int conclude(struct mv_ui *ui)
{
    struct mv_cli *cli = ui->cli;
    struct mv_page *page = NULL;
    enum mv_status status;
    int exit = MV_EXIT_DONE;

    mv_cli_note(cli, "%ld %s in this session; all are saved",
                ui->answers > 0 ? ui->answers : 0,
                ui->answers == 1 ? "label" : "labels");
    if (ui->answers < LOOK_AHEAD || mv_cli_stopped())
        return exit;
    status =
        mv_label_advice(ui->motivo, 1, 0, &cli->progress, &page, &cli->error);
    if (status == MV_OK)
        exit = mv_cli_print(cli, page, MV_FORMAT_TEXT);
    mv_error_clear(&cli->error); /* too few labels, or it was cut short */
    mv_page_free(page);
    return exit;
}

int mv_label_screen(struct mv_ui *ui, bool *drawn)
{
    mv_cli_progress_clear(ui->cli);
    *drawn = mv_screen_open(&ui->screen, ui->cli->colour);
    if (!*drawn)
        return MV_EXIT_MISUSE;
    run(ui);
    mv_screen_close(ui->screen);
    return conclude(ui);
}
