/* layer 8: the public interface of libmotivo.
 *
 * motivo reads invitations to connect and tells those whose sender states a
 * purpose from the rest, shows why, and says how far to trust it. This header
 * is the only place where the stages are joined: a database of invitations and
 * labels, models trained from it, and verdicts by a model.
 *
 * It opens no network connection, prints nothing, never exits, and keeps no
 * global state.
 *
 * Errors: every function that can fail returns MV_OK or the code of status.h
 * and describes the failure in *error, which may be NULL. Outputs are written
 * on success only.
 * Ownership: what comes out through a struct X ** belongs to the caller, who
 * gives it to mv_X_free or mv_close; returned const pointers are borrowed from
 * the first argument. Every free and close accepts NULL.
 * Thread-safety: a struct motivo belongs to one thread at a time; a struct
 * mv_model is immutable and may be shared; a struct mv_scratch belongs to one
 * thread at a time.
 */
#ifndef MOTIVO_H
#define MOTIVO_H

#include "invite.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif
#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif

/* --- pages: what a command has to tell ------------------------------------ */

/* The result of a command, for people (text) and for programs (JSON). */
struct mv_page;

/* Markdown and HTML: only a report that was made as such (mv_report). */
enum mv_format {
    MV_FORMAT_TEXT,
    MV_FORMAT_JSON,
    MV_FORMAT_MARKDOWN,
    MV_FORMAT_HTML
};

/* Writes the page to a stream. **Errors:** MV_IO when the stream refuses;
 * MV_RANGE when the page was not made in that format. */
enum mv_status mv_page_write(const struct mv_page *page, enum mv_format format,
                             FILE *out, struct mv_error *error);

/* The number at a path of the JSON form ("precision.value", "mcc.low", "n").
 * A path that leads to an object takes its "value". **Errors:** MV_NOTFOUND
 * when there is no number (null included). */
enum mv_status mv_page_number(const struct mv_page *page, const char *path,
                              double *out, struct mv_error *error);

void mv_page_free(struct mv_page *page);

/* --- the database --------------------------------------------------------- */

struct motivo;

/* Opens the database at path, made (with its folder) when it is not there and
 * create is set. **Errors:** MV_NOTFOUND when it is not there and create is
 * not set; MV_DB when it is not motivo's, is newer, locked or read-only. */
enum mv_status mv_open(struct motivo **out, const char *path, bool create,
                       struct mv_error *error);
void mv_close(struct motivo *motivo);

/* Long work reports through this and stops when step returns false.
 * what: a short English name of the phase. done: 0..1. `= {0}`: silent. */
struct mv_progress {
    bool (*step)(void *payload, const char *what, double done);
    void *payload;
};

/* --- import --------------------------------------------------------------- */

/* How to read a file that is not LinkedIn's. Names of columns (CSV) or members
 * (JSONL), NULL where there is none; text == NULL: LinkedIn's own formats and
 * motivo's own label export only. */
struct mv_mapping {
    const char *text, *label, *lang, *name, *url, *date;
    const char *positive; /* the label value that means purpose; NULL: the
                           * words purpose, no-purpose and unsure */
};

struct mv_import_options {
    struct mv_mapping mapping;
    const char *annotator; /* whose labels a file carries; NULL: "file" */
    bool starter;          /* path is the folder of the starter corpus; its
                            * rows for testing are left out */
};

/* Imports one path: ZIP archive, folder, CSV, JSONL, .eml, .mbox, or "-" for
 * standard input. Every file in it is one transaction; what is there already
 * is left alone. The page tells per file: read, new, known, skipped and why.
 * **Errors:** MV_IO, MV_FORMAT with the line, MV_DB, MV_STOPPED. */
enum mv_status mv_import(struct motivo *motivo, const char *path,
                         const struct mv_import_options *options,
                         const struct mv_progress *progress,
                         struct mv_page **out, struct mv_error *error);

/* --- labels --------------------------------------------------------------- */

/* Appends a label to the history of an invitation. kind: one of mv_kinds()
 * whose label agrees, or NULL. **Errors:** MV_NOTFOUND for the id, MV_RANGE
 * for a kind that is unknown or belongs to the other label. */
enum mv_status mv_label_put(struct motivo *motivo, int64_t id,
                            enum mv_label label, const char *kind,
                            const char *annotator, struct mv_error *error);

/* Labels what a file says: a CSV with the columns id and label, and kind, note
 * and chosen (as mv_ask_page writes it) where they are there (other columns do
 * not matter, rows with an empty label are passed over), or lines ID=LABEL.
 * path: "-" is standard input. All of it or nothing is recorded. *n: labels
 * recorded.
 * **Errors:** MV_FORMAT with the line; MV_NOTFOUND for an id, with the line. */
enum mv_status mv_label_batch(struct motivo *motivo, const char *path,
                              const char *annotator, long *n,
                              struct mv_error *error);

/* What was taken back. */
struct mv_taken_back {
    int64_t id; /* the invitation; of copies the first */
    enum mv_label label;
    long n; /* messages: more than one when an answer settled copies */
};

/* Takes back the annotator's last answer that stands. The history keeps both.
 * **Errors:** MV_NOTFOUND when there is none. */
enum mv_status mv_label_undo(struct motivo *motivo, const char *annotator,
                             struct mv_taken_back *out, struct mv_error *error);

/* Writes the whole label history as CSV that mv_import reads back: labels,
 * what was taken back, and notes. Importing it into an empty database and
 * writing it again gives the same, numbers of invitations apart. */
enum mv_status mv_label_export(struct motivo *motivo, FILE *out,
                               struct mv_error *error);

/* How far annotators agree, pair by pair and with themselves when asked again,
 * and the messages they do not agree about. */
enum mv_status mv_label_agreement(struct motivo *motivo, struct mv_page **out,
                                  struct mv_error *error);

/* What more labels are expected to bring, from models fitted on parts of the
 * own labels: takes seconds, and is kept for mv_ask_headway.
 * **Errors:** MV_DATA when there are too few labels; MV_STOPPED. */
enum mv_status mv_label_advice(struct motivo *motivo, uint64_t seed,
                               int threads, const struct mv_progress *progress,
                               struct mv_page **out, struct mv_error *error);

/* --- asking for labels ---------------------------------------------------- */

/* Which messages, in which order. */
enum mv_ask {
    MV_ASK_UNSURE = 0, /* where the model is least sure, no two alike */
    MV_ASK_RANDOM,
    MV_ASK_NEWEST,
    MV_ASK_SUSPECT, /* labels that a model which has not seen them contradicts;
                     * asked again without showing them */
    MV_ASK_AUDIT,   /* the first n of the audit sample: drawn at random from
                     * all messages, labelled or not, and kept apart */
    MV_ASK_AGAIN    /* n labelled ones once more, without showing the label */
};

struct mv_ask_options {
    enum mv_ask ask;
    const char *annotator; /* NULL: "me" */
    long n;                /* at most so many; 0: all, or for AUDIT, AGAIN 50 */
    uint64_t seed;
    int threads;
    const struct mv_model *model; /* for UNSURE and for guesses; NULL: none.
                                   * Borrowed until mv_ask_close */
};

/* A session of labelling. */
struct mv_asking;

/* Works out which messages to ask about. **Errors:** MV_DATA where SUSPECT has
 * too few labels to fit a model; MV_STOPPED; MV_NOMEM; MV_DB. */
enum mv_status mv_ask_open(struct mv_asking **out, struct motivo *motivo,
                           const struct mv_ask_options *options,
                           const struct mv_progress *progress,
                           struct mv_error *error);
void mv_ask_close(struct mv_asking *asking);

/* How many messages there are, numbered from 0. */
size_t mv_ask_count(const struct mv_asking *asking);

/* A message with what is known of it, never with what a model or anybody else
 * says of it. Strings may be NULL where not known; borrowed until the next
 * call of mv_ask_get or mv_ask_copy. */
struct mv_question {
    int64_t id;
    const char *name, *company, *position, *url;
    char date[12];        /* "2026-08-31", or "" */
    const char *language; /* "Spanish", ..., "unclear"; NULL: not said, and
                           * there is no model to tell it */
    enum mv_origin origin;
    const char *message;
    size_t message_len;
    size_t copies; /* other unlabelled messages with this text */
    bool answered; /* in this session: */
    enum mv_label label;
    const char *kind;
    const char *note; /* of this annotator */
};
enum mv_status mv_ask_get(struct mv_asking *asking, size_t index,
                          struct mv_question *out, struct mv_error *error);
/* Copy k (below copies) of message index. */
enum mv_status mv_ask_copy(struct mv_asking *asking, size_t index, size_t k,
                           struct mv_question *out, struct mv_error *error);

/* The next message from index on that has no answer yet, or mv_ask_count. */
size_t mv_ask_next(const struct mv_asking *asking, size_t index);

/* Records the answer at once; with copies, also for the copies, as one act.
 * kind: as in mv_label_put. */
enum mv_status mv_ask_answer(struct mv_asking *asking, size_t index,
                             enum mv_label label, const char *kind, bool copies,
                             struct mv_error *error);

/* Takes back the annotator's last answer that stands, of whatever session, and
 * tells which message that is: it is put into this session if it was not. */
enum mv_status mv_ask_undo(struct mv_asking *asking, size_t *index,
                           struct mv_taken_back *out, struct mv_error *error);

/* Notes something down about a message; "" withdraws the note. */
enum mv_status mv_ask_note(struct mv_asking *asking, size_t index,
                           const char *text, struct mv_error *error);

/* What the model says of an answered message. Strings are borrowed until the
 * next call. **Errors:** MV_RANGE before the answer, MV_NOTFOUND without a
 * model. */
struct mv_guess {
    enum mv_verdict verdict;
    double probability; /* of purpose */
    bool disagrees;     /* a sure verdict against the answer */
    const char *reason; /* phrases joined with " | " */
};
enum mv_status mv_ask_guess(struct mv_asking *asking, size_t index,
                            struct mv_guess *out, struct mv_error *error);

/* How far the annotator has come. */
struct mv_headway {
    long today, label[3]; /* messages: labelled since midnight; by label */
    size_t left;          /* of this session without an answer */
    bool advised;         /* the following are known, and not out of date: */
    long advised_labels;  /* worked out from so many labels */
    bool enough;
    double gain, low, high; /* of F1 by the next 50 labels; NaN: can not tell */
};
enum mv_status mv_ask_headway(struct mv_asking *asking, struct mv_headway *out,
                              struct mv_error *error);

/* The messages of a session as a page: CSV to be filled in for mv_label_batch
 * as text, and JSON. */
enum mv_status mv_ask_page(struct mv_asking *asking, struct mv_page **out,
                           struct mv_error *error);

/* Text as a terminal shows it: lines of at most columns (>= 2), each ended by
 * LF, without controls. phrases: joined with " | ", the places where they
 * stand are put between the bytes 1 and 2; NULL: none. **Owns:** the caller
 * frees *out. */
enum mv_status mv_lines(const char *text, size_t len, size_t columns,
                        const char *phrases, char **out,
                        struct mv_error *error);

/* --- useful contacts ------------------------------------------------------ */

/* What became of outcomes that were told; each call adds to it. */
struct mv_useful_counts {
    long told, left_out; /* persons named; rows of nobody who is here */
    long changed;        /* of these: not known before, or other than before */
    long useful;         /* of those told */
    long undecided, withdrawn; /* who may answer yet; of these, taken back */
};

/* Records whether a contact proved useful; twice is as once. who: number of an
 * invitation or a profile address (MV_FORMAT), known (MV_NOTFOUND). */
enum mv_status mv_useful_put(struct motivo *motivo, const char *who,
                             bool useful, struct mv_useful_counts *counts,
                             struct mv_error *error);

/* The same for every line of a CSV file whose first column says who and whose
 * second says yes or no (sí, 1 ...); a first line may name the columns. Whom
 * put does not find is left out. All or nothing. **Errors:** as put, MV_IO. */
enum mv_status mv_useful_file(struct motivo *motivo, const char *path,
                              struct mv_useful_counts *counts,
                              struct mv_error *error);

/* Takes conversations for outcomes: who wrote with the user, both ways, is
 * useful; any other contact is not, once 30 days of data have passed since both
 * the contact and the last message. What the user said stands.
 * **Errors:** MV_DATA when no conversation was imported. */
enum mv_status mv_useful_threads(struct motivo *motivo,
                                 struct mv_useful_counts *counts,
                                 struct mv_error *error);

/* "yes", "no" and their like. **Errors:** MV_NOTFOUND. */
enum mv_status mv_useful_parse(const char *word, bool *useful);

/* --- training and evaluation ---------------------------------------------- */

struct mv_train_options {
    uint64_t seed;           /* of folds; 0 is a seed like any other */
    int threads;             /* 0: all processors; never changes the result */
    double target_precision; /* 0.5..0.999; 0: 0.90 */
    const char *output;      /* also write the model file here, or NULL */
    bool activate;           /* make it the active model, if it may */
    bool force;              /* ... also when it does worse than that one */
};

/* Trains on all settled labels of the database but the audit sample, and
 * records the model. The page tells what was chosen and how well it does, out
 * of fold, with intervals.
 *
 * Beside those of the starter corpus own labels take part from 50 on, and then
 * count as many times as does best on them; fewer are set aside, and when the
 * active model has learnt the rest already, nothing is trained. The first
 * model goes live. A later one is compared with the active one on the audit
 * sample (or, below 30, by cross-validation): where McNemar's exact test or a
 * paired bootstrap shows a loss it stays a candidate, unless forced.
 * When it fails or is stopped, everything is as before.
 * **Errors:** MV_DATA when there are too few labels or one class only (and
 * says how many are missing); MV_STOPPED; MV_NOMEM; MV_DB. */
enum mv_status mv_train(struct motivo *motivo,
                        const struct mv_train_options *options,
                        const struct mv_progress *progress,
                        struct mv_page **out, struct mv_error *error);

struct mv_evaluate_options {
    const char *test; /* a labelled file; NULL: the audit sample, or nested
                       * cross-validation of the database's labels */
    struct mv_mapping mapping; /* of test; text NULL: columns text, label,
                                * lang, positive purpose */
    const char *model;         /* model file; NULL: the active model */
    uint64_t seed;             /* of bootstrap and folds */
    int threads;
    bool details; /* the text says all that the JSON form says */
};

/* Measures a model. motivo may be NULL when test and model are given. */
enum mv_status mv_evaluate(struct motivo *motivo,
                           const struct mv_evaluate_options *options,
                           const struct mv_progress *progress,
                           struct mv_page **out, struct mv_error *error);

/* --- models and verdicts -------------------------------------------------- */

struct mv_model;
struct mv_scratch;

/* Reads a model file; it is validated as a whole before use.
 * **Errors:** MV_IO; MV_FORMAT for what is not a model, is damaged or newer. */
enum mv_status mv_model_open(struct mv_model **out, const char *path,
                             struct mv_error *error);
/* The active model of a database. **Errors:** MV_NOTFOUND when none is. */
enum mv_status mv_model_active(struct mv_model **out, struct motivo *motivo,
                               struct mv_error *error);
void mv_model_close(struct mv_model *model);

/* Working memory of one thread for one model: remembers words it has met. */
enum mv_status mv_scratch_new(struct mv_scratch **out,
                              const struct mv_model *model);
void mv_scratch_free(struct mv_scratch *scratch);

/* A verdict. reason is borrowed from the scratch until its next use. */
struct mv_judgement {
    enum mv_verdict verdict;
    enum mv_action action;
    double probability;   /* of purpose, 0..1; NaN for no-note */
    double score;         /* decision value; NaN for no-note */
    const char *language; /* "es", ..., "und" */
    const char *reason;   /* the phrases that weighed most, as written */
};

/* Judges one message of len bytes of UTF-8; empty or blank is no-note.
 * **Errors:** MV_FORMAT when it is not UTF-8; MV_NOMEM. */
enum mv_status mv_judge(const struct mv_model *model,
                        struct mv_scratch *scratch, const char *message,
                        size_t len, struct mv_judgement *out,
                        struct mv_error *error);

/* The pieces of a message with what each adds to the score; they and the
 * constant sum to it. */
enum mv_status mv_explain(const struct mv_model *model, const char *message,
                          size_t len, struct mv_page **out,
                          struct mv_error *error);

enum mv_table { MV_TABLE_CSV = 0, MV_TABLE_JSONL };

struct mv_score_options {
    struct mv_mapping mapping;
    enum mv_table table;
    int threads;      /* 0: all processors */
    bool spreadsheet; /* CSV for Excel, LibreOffice and their like: a byte
                       * order mark, and an apostrophe before what they could
                       * take for a formula */
};

/* How many rows got which verdict, by enum mv_verdict. */
struct mv_score_counts {
    long rows;
    long verdict[4];
};

/* Scores whatever mv_import reads, without a database: same rows, same order,
 * all input columns, and verdict,probability,language,action,reason appended.
 * Memory does not grow with the input. **Errors:** MV_IO, MV_FORMAT with the
 * line, MV_STOPPED. */
enum mv_status mv_score_file(const struct mv_model *model, const char *path,
                             const struct mv_score_options *options, FILE *out,
                             const struct mv_progress *progress,
                             struct mv_score_counts *counts,
                             struct mv_error *error);

/* Scores every incoming invitation of the database by its active model and
 * keeps the verdicts; with out not NULL writes them as a table. */
enum mv_status mv_score_database(struct motivo *motivo,
                                 const struct mv_score_options *options,
                                 FILE *out, const struct mv_progress *progress,
                                 struct mv_score_counts *counts,
                                 struct mv_error *error);

/* --- what is here --------------------------------------------------------- */

struct mv_report_options {
    enum mv_format format; /* what the page will be written as */
    long limit;            /* most invitations listed a section; 0: all */
    long capacity;         /* answers that the user can give a week; 0: no
                            * plan is made */
    const char *language;  /* "en", "es"; NULL: "en". JSON has one form */
};

/* Triage and trust on one page. Plots of the HTML form are drawn by gnuplot,
 * if that is installed. **Errors:** MV_RANGE for an unknown language. */
enum mv_status mv_report(struct motivo *motivo,
                         const struct mv_report_options *options,
                         struct mv_page **out, struct mv_error *error);

/* What is here, what is active, what to do next. */
enum mv_status mv_overview(struct motivo *motivo, struct mv_page **out,
                           struct mv_error *error);

/* All models; one of them in full; make one the active one. */
enum mv_status mv_models_list(struct motivo *motivo, struct mv_page **out,
                              struct mv_error *error);
enum mv_status mv_models_show(struct motivo *motivo, int64_t id,
                              struct mv_page **out, struct mv_error *error);
enum mv_status mv_models_activate(struct motivo *motivo, int64_t id,
                                  struct mv_error *error);
/* Goes back to the model that was active before *from; again: further back.
 * Nothing is taken out of the history. **Errors:** MV_NOTFOUND when there is
 * none; MV_IO, MV_FORMAT when its file can not be read. */
enum mv_status mv_models_rollback(struct motivo *motivo, int64_t *from,
                                  int64_t *to, struct mv_error *error);
/* Where two models judge the messages of the inbox differently, the reasons of
 * both, and paired figures on what is labelled. limit: most messages shown in
 * the text, 0: all. */
enum mv_status mv_models_compare(struct motivo *motivo, int64_t first,
                                 int64_t second, long limit,
                                 const struct mv_progress *progress,
                                 struct mv_page **out, struct mv_error *error);

/* Trains model id (0: the active one) again from the labels that it has learnt
 * and its options, and compares the bytes. The page says what differs.
 * **Errors:** MV_NOTFOUND; those of mv_train. */
enum mv_status mv_verify(struct motivo *motivo, int64_t id, int threads,
                         const struct mv_progress *progress, bool *equal,
                         struct mv_page **out, struct mv_error *error);

/* Erases a person: who is the number of an invitation, or a profile address.
 * Then writes the database anew and looks for every name, address and text of
 * theirs in the bytes of its files and of the models. look_only: tells what
 * there is, and erases nothing. *proved: nothing is left but what stands in
 * rows of others. **Errors:** MV_NOTFOUND; MV_RANGE; MV_DB, also when another
 * program keeps the log from being emptied. The database is closed and opened
 * on the way; when that fails motivo is good for mv_close only. */
enum mv_status mv_forget(struct motivo *motivo, const char *who, bool look_only,
                         bool *proved, struct mv_page **out,
                         struct mv_error *error);

/* "0.1.0". Borrowed: constant storage. */
const char *mv_version(void);

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif
#endif
