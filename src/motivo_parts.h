/* layer 8: what the files of the facade share; see motivo.h.
 *
 * Thread-safety: as motivo.h.
 */
#ifndef MOTIVO_PARTS_H
#define MOTIVO_PARTS_H

#include "arena.h"
#include "linkedin.h"
#include "model.h"
#include "motivo.h"
#include "report.h"
#include "store.h"
#include "store_history.h"

/* An open database. */
struct motivo {
    struct mv_store *store;
    char *path; /* of the database file */
};

struct mv_scratch {
    struct mv_memo *memo;
    struct mv_buffer reason;
};

/* The columns that a mapping names, for the readers of linkedin.h. */
struct mv_columns mv_facade_columns(const struct mv_mapping *mapping);

/* What a path holds, told by its name and its first bytes. */
enum mv_input {
    MV_INPUT_CSV = 0,
    MV_INPUT_JSONL,
    MV_INPUT_MAIL,
    MV_INPUT_ARCHIVE /* a ZIP file or a folder */
};

/* **Errors:** MV_IO when the path can not be opened. "-" is CSV, or JSONL when
 * its first byte is '{'. */
enum mv_status mv_facade_sniff(const char *path, enum mv_input *out,
                               struct mv_error *error);

/* Reads every record of an input, whatever it is: each known file of an
 * archive in the order Connections, Invitations, messages. start is called
 * before each file with its name; finish after it, unless it failed, with its
 * encoding (see mv_source_encoding) and tally. Either may be NULL. */
struct mv_intake {
    const struct mv_linkedin_options *options;
    const struct mv_sink *sink;
    void *payload;
    enum mv_status (*start)(void *payload, const char *name,
                            struct mv_error *error);
    enum mv_status (*finish)(void *payload, const char *name,
                             const char *encoding, const struct mv_tally *tally,
                             struct mv_error *error);
};
enum mv_status mv_facade_read(const char *path, const struct mv_intake *intake,
                              struct mv_error *error);

/* The same for every .csv file of a folder, in the order of their names: the
 * starter corpus. **Errors:** MV_NOTFOUND when there is none. */
enum mv_status mv_facade_read_tables(const char *folder,
                                     const struct mv_intake *intake,
                                     struct mv_error *error);

/* What is known without looking at single invitations, and the memory behind
 * it: counts, the active model, and how good it was on its own labels.
 * `= {0}`. **Errors:** MV_NOMEM, MV_DB. **Owns:** the caller releases arena. */
struct mv_evidence {
    struct mv_counts counts;
    struct mv_model_row row;
    struct mv_arena arena;
};
enum mv_status mv_facade_evidence(struct motivo *motivo,
                                  struct mv_evidence *evidence,
                                  struct mv_report_triage *out,
                                  struct mv_error *error);
/* Lets the active model judge the audit sample and has precision and recall
 * rest on it when it is large enough; else out->audit says what is missing.
 * **Errors:** MV_NOMEM, MV_DB. */
enum mv_status mv_facade_audit(struct motivo *motivo,
                               const struct mv_model *model,
                               struct mv_report_triage *out,
                               struct mv_error *error);

/* What the report says of the messages that were judged, and the memory behind
 * it. `= {0}`; opened, each incoming invitation is taken, then the rest is
 * filled in. model, error: borrowed until then; model is the active one.
 * **Errors:** MV_NOMEM, MV_DB. **Owns:** the caller, until
 * mv_facade_batch_release. */
struct mv_batch_reading;
struct mv_batch {
    struct mv_report_batch report;
    struct mv_arena arena;
    struct mv_report_row *row; /* behind report.label */
    struct mv_batch_reading *reading;
};
enum mv_status mv_facade_batch_open(struct motivo *motivo,
                                    const struct mv_model *model,
                                    struct mv_batch *out,
                                    struct mv_error *error);
enum mv_status mv_facade_batch_take(struct mv_batch *batch,
                                    const struct mv_stored *stored);
enum mv_status mv_facade_batch(struct motivo *motivo, struct mv_batch *batch);
void mv_facade_batch_release(struct mv_batch *batch);

/* Those who sent an invitation. `= {0}`. **Owns:** the caller frees at. */
struct mv_person;
struct mv_persons {
    struct mv_person *at;
    size_t n, size;
};
/* What is known of useful contacts: each incoming invitation is taken, then
 * *out is written when any outcome is known. **Errors:** MV_NOMEM. */
enum mv_status mv_facade_outcomes_take(struct mv_persons *persons,
                                       const struct mv_stored *stored);
enum mv_status mv_facade_outcomes(struct mv_persons *persons,
                                  const struct mv_counts *counts, bool *any,
                                  struct mv_report_useful *out,
                                  struct mv_error *error);

/* The numbers behind the report's plots, and the memory behind them: each
 * incoming invitation is taken, then the rest is filled in. `= {0}`.
 * **Errors:** MV_NOMEM, MV_DB. **Owns:** the caller, until
 * mv_facade_graphs_release. */
struct mv_seen {
    int64_t week;
    enum mv_verdict verdict;
};
struct mv_graphs {
    struct mv_report_graphs report;
    struct mv_arena arena;
    struct mv_seen *seen;
    size_t n_seen, room;
};
enum mv_status mv_facade_graphs_take(struct mv_graphs *graphs,
                                     const struct mv_stored *stored);
enum mv_status mv_facade_graphs(struct motivo *motivo,
                                const struct mv_model *model,
                                struct mv_graphs *graphs,
                                struct mv_error *error);
void mv_facade_graphs_release(struct mv_graphs *graphs);

/* Current time, UTC seconds: the only place that asks the clock. */
int64_t mv_facade_now(void);

/* "2026-08-31T17:04:00Z", or "" for MV_NO_TIME. text: MV_FACADE_TIME bytes. */
enum { MV_FACADE_TIME = 32 };
void mv_facade_time(int64_t at, char *text);

/* An empty page; and the end of a function that fills one: gives it out, or
 * frees it and makes sure that the error says something. */
enum mv_status mv_facade_page(struct mv_page **out, struct mv_error *error);
enum mv_status mv_facade_finish(struct mv_page **out, struct mv_page *page,
                                enum mv_status status, struct mv_error *error);

/* The path of a file that is named relative to the database's folder.
 * Owns: the caller frees it; NULL when memory runs out. */
char *mv_facade_beside(const struct motivo *motivo, const char *name);

#endif
