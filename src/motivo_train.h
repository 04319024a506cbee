/* layer 8: what the files about training and models share; see motivo.h.
 *
 * motivo_examples.c turns labels into examples, motivo_gate.c compares a new
 * model with the active one, motivo_train.c joins the two; motivo_evaluate.c
 * measures, motivo_verify.c trains again, motivo_models.c and motivo_compare.c
 * tell of models.
 *
 * Thread-safety: as motivo.h.
 */
#ifndef MOTIVO_TRAIN_H
#define MOTIVO_TRAIN_H

#include "digest.h"
#include "motivo_parts.h"

enum { MV_AUDIT_LEAST = 30 /* a smaller audit sample measures nothing */ };

/* --- examples ------------------------------------------------------------- */

/* A growing list of labelled messages, and the memory behind their texts. */
struct mv_examples {
    struct mv_arena arena;
    struct mv_fit_example *at;
    int64_t *id; /* of the invitations; 0 for rows of a file */
    size_t n, size;
    long left_out; /* rows of a file that are labelled unsure */
    long unlabelled;
    bool audit;       /* the audit sample, or all but it */
    size_t own;       /* messages labelled by others than the starter corpus */
    size_t set_aside; /* of these, left out as too few */
};

/* Appends a copy of an example. kind: any word; kept when the guide knows it.
 * **Errors:** MV_NOMEM. */
enum mv_status mv_examples_add(struct mv_examples *examples, int64_t id,
                               const struct mv_fit_example *example);
/* Reads what is labelled, by labels up to `upto` (0: all): the audit sample,
 * or all but it as a training takes it: own labels beside those of the starter
 * corpus are marked as own, and set aside when they are fewer than
 * MV_OWN_LEAST; without a starter corpus there is nothing to mark. Beyond
 * MV_FIT_MOST messages those of the starter corpus give way, in the order of
 * their keys, which are hashes: as good as drawn.
 * **Errors:** MV_DB, MV_NOMEM. */
enum mv_status mv_examples_load(struct mv_examples *examples,
                                struct motivo *motivo, int64_t upto, bool audit,
                                struct mv_error *error);
void mv_examples_release(struct mv_examples *examples);

/* --- model files ---------------------------------------------------------- */

/* Writes a model under a temporary name, brings it to the disk, and renames
 * it: whoever looks sees the old file or the new one. **Errors:** MV_IO. */
enum mv_status mv_facade_write_model(const struct mv_model *model,
                                     const char *path, struct mv_error *error);
/* SHA-256 of a file in hexadecimal, hex: MV_DIGEST_HEX_SIZE. **Errors:** MV_IO.
 */
enum mv_status mv_facade_digest(const char *path, char *hex,
                                struct mv_error *error);
/* The same of the file that the model would be written as. */
enum mv_status mv_facade_model_digest(const struct mv_model *model, char *hex,
                                      struct mv_error *error);
/* The row of model id; 0: of the active one. **Errors:** MV_NOTFOUND. */
enum mv_status mv_facade_find_model(struct motivo *motivo, int64_t id,
                                    struct mv_arena *arena,
                                    struct mv_model_row *row,
                                    struct mv_error *error);
/* Opens the file of a model row. **Errors:** as mv_model_open. */
enum mv_status mv_facade_open_row(struct mv_model **out,
                                  const struct motivo *motivo,
                                  const struct mv_model_row *row,
                                  struct mv_error *error);

/* --- the gate ------------------------------------------------------------- */

/* What a fit left for the comparison. */
struct mv_candidate {
    const struct mv_model *model;
    const struct mv_examples *examples;
    const int *forced; /* out of fold, see struct mv_out_of_fold */
    const int *group, *fold;
};

/* Compares a candidate with the active model on the audit sample or, when that
 * has fewer than MV_AUDIT_LEAST messages, on the own labels or, when there are
 * none, on all that the candidate has learnt from, each message judged by the
 * two ways of learning without its fold. out->lost is in *arena.
 * **Errors:** those of training; MV_DB. A rival that can not be read or
 * taught again is no error: out->why says so. */
enum mv_status mv_gate_pass(struct motivo *motivo,
                            const struct mv_candidate *candidate,
                            const struct mv_train_options *options,
                            const struct mv_progress *progress,
                            struct mv_arena *arena, struct mv_report_gate *out,
                            struct mv_error *error);

#endif
