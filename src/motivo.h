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
    MV_FORMAT_TEXT = 0,
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

/* Writes the whole label history as CSV that mv_import reads back. */
enum mv_status mv_label_export(struct motivo *motivo, FILE *out,
                               struct mv_error *error);

/* --- useful contacts ------------------------------------------------------ */

/* What became of outcomes that were told. */
struct mv_useful_counts {
    long told;    /* persons named */
    long changed; /* of these: not known before, or other than before */
    long useful;  /* of those told */
};

/* Records whether a contact proved useful. who: the number of an invitation or
 * a profile address. Saying it again changes nothing. *counts is added to.
 * **Errors:** MV_NOTFOUND: no such invitation, nobody with that address. */
enum mv_status mv_useful_put(struct motivo *motivo, const char *who,
                             bool useful, struct mv_useful_counts *counts,
                             struct mv_error *error);

/* The same for every line of a CSV file whose first column says who and whose
 * second says yes or no (sí, 1, useful ...); a first line that names the
 * columns is left out. All or nothing. **Errors:** MV_FORMAT and MV_NOTFOUND
 * with the line; MV_IO. */
enum mv_status mv_useful_file(struct motivo *motivo, const char *path,
                              struct mv_useful_counts *counts,
                              struct mv_error *error);

/* Takes conversations for outcomes: a person with whom both sides wrote is
 * useful, every other contact is not. What the user said stands. **Errors:**
 * MV_DATA when no conversation was imported. */
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
    bool activate;           /* make it the active model */
};

/* Trains on all settled labels of the database and records the model. The page
 * tells what was chosen and how well it does, out of fold, with intervals.
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
    int threads; /* 0: all processors */
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

/* "0.1.0". Borrowed: constant storage. */
const char *mv_version(void);

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif
#endif
