/* layer 7: results to pages, for people and for programs.
 *
 * Every page has two forms that say the same: plain text, readable in 80
 * columns, and JSON with keys that do not change; the report may be made as
 * Markdown or HTML in place of plain text. This module does no
 * arithmetic beyond rounding for display: what it prints was computed below.
 * Undefined figures are null in JSON and "-" in text. Text that comes from
 * outside (names, messages) is stripped of control characters for the
 * terminal; JSON escapes it.
 *
 * Thread-safety: a struct mv_page belongs to one thread at a time.
 */
#ifndef MV_REPORT_H
#define MV_REPORT_H

#include "eval.h"
#include "json.h"
#include "linkedin.h"
#include "ppi.h"
#include "quantify.h"
#include "report_words.h"
#include "store.h"
#include "store_forget.h"

/* What a page is written in, beside JSON. */
enum mv_report_form {
    MV_REPORT_TEXT = 0,
    MV_REPORT_MARKDOWN,
    MV_REPORT_HTML
};

/* A page: both forms. `= {0}` is not enough; see mv_report_new. */
struct mv_page {
    struct mv_json *json; /* complete; mv_json_dump tells what it lacks */
    struct mv_buffer text;
    enum mv_report_form form; /* of the text */
    struct mv_arena arena; /* pieces of the text while it is made */
    bool failed;           /* memory ran out for the text */
};

/* An empty page. **Errors:** MV_NOMEM. **Owns:** the caller, until
 * mv_report_free, which accepts NULL. */
enum mv_status mv_report_new(struct mv_page **out);
void mv_report_free(struct mv_page *page);

/* Each function below fills an empty page. All can fail with MV_NOMEM. */

/* --- import --------------------------------------------------------------- */

/* One file of an import. */
struct mv_report_file {
    const char *name;             /* within the archive, or the path */
    const char *encoding;         /* NULL: plain UTF-8 */
    const struct mv_tally *tally; /* what the reader saw */
    long added, known, ambiguous; /* what the store did */
};

enum mv_status mv_report_import(struct mv_page *page, const char *path,
                                const struct mv_report_file *files, size_t n);

/* --- evaluation ----------------------------------------------------------- */

/* Where the figures come from. */
struct mv_report_evaluation {
    const char *basis; /* "test file 'x.csv'", "audit sample", "nested
                        * cross-validation of 600 labels" */
    const char *model; /* file or "model 3"; NULL: the method, refitted */
    long left_out;     /* rows labelled unsure */
    const struct mv_evaluation *evaluation;
    bool details; /* all of it in words, too */
};

/* The JSON keys are the contract of DESIGN: n, prevalence, threshold,
 * confusion {tp,fp,fn,tn}, accuracy, precision, recall, f1, mcc {value,low,
 * high}, average_precision, brier, ece (numbers), unsure {share, precision,
 * recall}, languages [{language, ...the same}]; and basis, model, left_out,
 * no_note, roc_auc, unsure.missed, intervals {average_precision, brier, ece},
 * groups [{by, p_recall, p_alarm, differs, groups [{name, n, ...}]}]. */
enum mv_status mv_report_evaluate(struct mv_page *page,
                                  const struct mv_report_evaluation *e);

/* --- training ------------------------------------------------------------- */

/* On what two models were compared. */
enum mv_gate_basis {
    MV_GATE_AUDIT = 0, /* the audit sample */
    MV_GATE_OWN,       /* own labels, by cross-validation */
    MV_GATE_ALL        /* all labels, likewise */
};

/* A message that the active model got right and the new one does not. */
struct mv_report_lost {
    int64_t id;
    enum mv_label label;
    struct mv_span message;
};

/* Whether a new model does worse than the active one. */
struct mv_report_gate {
    int64_t rival; /* the active model; 0: there is none */
    enum mv_gate_basis basis;
    const char *why;               /* it could not be compared with; or NULL */
    bool compares;                 /* the rest is meaningful */
    bool loss;                     /* significantly worse, by either test */
    struct mv_comparison compared; /* first: the active, second: the new */
    struct mv_report_lost *lost;
    size_t n_lost;
};

struct mv_report_training {
    int64_t id;       /* model number in the database */
    const char *file; /* where the model file is */
    bool active;      /* it was made the active one */
    const struct mv_fit_record *record;
    const struct mv_evaluation *out_of_fold;
    double seconds;
    const struct mv_report_gate *gate; /* NULL: was not asked */
    bool forced;      /* made active although the gate said no */
    size_t set_aside; /* own labels that were too few to take part */
    size_t own_least; /* how many are enough */
};

enum mv_status mv_report_train(struct mv_page *page,
                               const struct mv_report_training *t);

/* That nothing was trained, and why: model `id` has learnt from the same labels
 * with the same options, as own labels are too few to take part. */
enum mv_status mv_report_stays(struct mv_page *page,
                               const struct mv_report_training *t);

/* What the gate found in a few words, for the history: "no loss: 2 lost, 7 won
 * of 45 audited". text: MV_GATE_WORDS bytes. */
enum { MV_GATE_WORDS = 160 };
void mv_report_gate_words(const struct mv_report_gate *gate, char *text);

/* What was chosen, read back from a model's row: what is not there is 0.
 * **Errors:** MV_NOMEM. */
enum mv_status mv_report_read_options(const struct mv_model_row *model,
                                      struct mv_fit_record *record);

/* The record and the out-of-fold figures as one JSON object each, in one line,
 * for the store's model table; appended to *options and *metrics. The figures
 * have the keys of mv_report_evaluate, but "languages" is an object with the
 * language codes as members, "parity" holds the family of languages as
 * mv_report_triage has it, and "curve" has an MCC by number of labels. */
enum mv_status mv_report_model_json(const struct mv_fit_record *record,
                                    const struct mv_evaluation *out_of_fold,
                                    struct mv_buffer *options,
                                    struct mv_buffer *metrics);

/* --- one message ---------------------------------------------------------- */

struct mv_report_explanation {
    struct mv_span message;
    const struct mv_opinion *opinion;
    const struct mv_thresholds *thresholds;
    const struct mv_part *parts; /* in the order of the message */
    size_t n;
    double constant;
    const char *reason;
};

/* Text: the verdict line, then the message's phrases with their signed
 * contributions (neighbouring parts of one sign joined), then the constant and
 * the sum. JSON: verdict, probability, score, language, action, reason,
 * thresholds, constant, parts [{text, from, to, adds}]. */
enum mv_status mv_report_explain(struct mv_page *page,
                                 const struct mv_report_explanation *e);

/* --- triage, overview, models --------------------------------------------- */

/* One invitation of a list. */
struct mv_report_row {
    int64_t id;
    const char *name, *url, *message, *reason, *language;
    int64_t sent_at;
    double probability;
    bool connected;
    enum mv_origin origin;
    bool has_outcome, useful; /* useful: meaningful with has_outcome */
    bool said; /* likewise: by the user; false: taken from conversations */
};

/* Why a batch of messages is not like those that the model learnt from. */
enum mv_report_drift {
    MV_DRIFT_WORDS = 1,     /* too many of its words are new */
    MV_DRIFT_LANGUAGES = 2, /* too many are in languages hardly learnt */
    MV_DRIFT_SCORES = 4     /* no share of purpose explains its scores, and more
                             * of them are open than in training */
};

/* The messages that were judged and not labelled, as a batch. */
struct mv_report_batch {
    size_t n;         /* messages */
    long labelled[2]; /* messages beside them that are, by enum mv_label */
    struct mv_quantified share;
    double unseen, unseen_trained; /* mean share of words that are new; of the
                                    * training messages, each without itself */
    double unseen_p;               /* of no difference */
    double languages; /* half the sum of differences between the shares of
                       * languages here and in training */
    double foreign;   /* share of messages in a language hardly learnt */
    unsigned drift;   /* bits of enum mv_report_drift; 0: none */
    const struct mv_report_row *label; /* to be labelled first */
    size_t n_label;
};

/* Useful contacts among persons of one verdict. */
struct mv_report_outcomes {
    long persons, known, useful;
    struct mv_interval share; /* useful / known */
    double lift;              /* over the share of all */
};

/* The share of the blogger whose rule motivo follows: a line to compare with. */
#define MV_REPORT_REFERENCE 0.05

struct mv_report_useful {
    struct mv_report_outcomes all;   /* persons who wrote or invited */
    struct mv_report_outcomes of[4]; /* by enum mv_verdict */
    long said, threads;              /* where outcomes come from: persons */
    long sample;                     /* known ones of the audit sample */
    long least;                      /* that an estimate needs */
    struct mv_ppi estimate;          /* over all; undefined below that */
};

/* What to do, in numbers. */
struct mv_report_plan {
    long waiting;                /* judged and not */
    long reply, review, accept;  /* before the lists are cut */
    struct mv_interval purposes; /* how many state one: labels, and the share
                                  * of the others, corrected; undefined when
                                  * it is not known */
    double share[4]; /* of all that was judged, by enum mv_verdict */
    long capacity; /* answers a week; 0: not said */
    long weeks;    /* that the answers take */
};

/* What the plots show. */
enum { MV_REPORT_BINS = 20 };

struct mv_report_week {
    int64_t start; /* its Monday, UTC */
    long verdict[4];
};

/* Precision and recall of messages that were not learnt from, at a threshold
 * that the model might have had. */
struct mv_report_cut {
    double threshold;
    struct mv_interval precision, recall;
    bool chosen; /* it is the one that says purpose */
};

/* Messages of like probability, and how many of them state a purpose. */
struct mv_report_band {
    double from, to;
    long n;
    struct mv_interval share;
};

struct mv_report_learning {
    int64_t model;
    long labels;
    struct mv_interval mcc, precision;
};

struct mv_report_graphs {
    long histogram[4][MV_REPORT_BINS]; /* by enum mv_verdict, of [0, 1] */
    const struct mv_report_week *week; /* that have any; in order */
    size_t n_week;
    const struct mv_report_cut *cut; /* by falling threshold */
    size_t n_cut;
    const struct mv_report_band *band; /* by rising probability */
    size_t n_band;
    const struct mv_report_learning *learning; /* every model, in order */
    size_t n_learning;
    struct mv_learnt curve[MV_CURVE_POINTS]; /* of the active model */
    size_t n_curve;
};

/* What the precision of "purpose" was measured on. */
enum mv_report_basis {
    MV_BASIS_NONE = 0, /* nothing: it is not known */
    MV_BASIS_TRAINING, /* the model's own labels, out of fold */
    MV_BASIS_AUDIT     /* the audit sample, which no model learns from */
};

struct mv_report_audit {
    long labels, called; /* settled; called purpose by the model */
    long missing; /* labels, about, until precision rests on the sample; 0 when
                   * it does, below 0 when the messages here are too few */
    long size;    /* that the sample would have to be drawn to */
};

struct mv_report_triage {
    const struct mv_counts *counts;
    const struct mv_model_row *model;  /* NULL: no active model */
    const struct mv_report_row *reply; /* most certain first */
    size_t n_reply;
    const struct mv_report_row *review; /* closest to purpose first */
    size_t n_review;
    long reply_total, review_total; /* before the lists were cut */
    struct mv_report_plan plan;
    const struct mv_report_graphs *graphs;
    struct mv_interval precision, recall; /* of "purpose" */
    enum mv_report_basis basis;
    struct mv_report_audit audit;
    /* the same by language, of the training's labels out of fold; n is 0 when
     * it was not measured */
    struct mv_groups parity;
    /* share of useful contacts among those whose outcome is known (said by
     * the user), and two-way threads among contacts, as a second reading */
    struct mv_interval useful, two_way;
    const struct mv_report_batch *batch;     /* NULL: nothing was judged */
    const struct mv_report_useful *outcomes; /* NULL: no outcome is known */
};

/* First screen in plain words (how many wait, how many state a purpose: answer
 * these; how many need an eye; the rest: accept without a word; how far to
 * trust it), then the two lists, then the evidence; in the form and the
 * language that are asked for. The JSON form is always made. Figures in HTML
 * are <data> elements that name their place in the JSON form. */
enum mv_status mv_report_triage(struct mv_page *page,
                                const struct mv_report_triage *t,
                                enum mv_report_form form,
                                enum mv_tongue tongue);

/* What is here, what is active, and what to do next (the next command to
 * type, spelled out). */
enum mv_status mv_report_overview(struct mv_page *page, const char *database,
                                  const struct mv_counts *counts,
                                  const struct mv_model_row *model);

/* All that is known of models. */
struct mv_report_registry {
    const struct mv_model_row *model;
    size_t models;
    const struct mv_activation *activation; /* newest first */
    size_t activations;
    const struct mv_verdict_count *verdict;
    size_t verdicts;
};

/* The models, how much each has judged, and which was live when. */
enum mv_status mv_report_models(struct mv_page *page,
                                const struct mv_report_registry *registry);
/* One of them in full. model: one of the registry's. */
enum mv_status mv_report_model(struct mv_page *page,
                               const struct mv_model_row *model,
                               const struct mv_report_registry *registry);

/* A message on which two models do not agree. */
struct mv_report_flip {
    int64_t id;
    const char *name;
    struct mv_span message;
    enum mv_verdict verdict[2];
    double probability[2];
    const char *reason[2];
};

struct mv_report_contrast {
    int64_t model[2];
    long verdicts[3][3]; /* of the first, of the second: enum mv_verdict */
    const struct mv_report_flip *flip; /* furthest apart first */
    size_t flips, shown;
    struct mv_comparison unseen; /* on labels that neither has learnt from */
    struct mv_comparison all;    /* on all labels */
};

/* Where two models differ, why, and which of them the labels bear out. */
enum mv_status mv_report_compare(struct mv_page *page,
                                 const struct mv_report_contrast *c);

/* Whether a model can be made again from what is on record. */
struct mv_report_verification {
    const struct mv_model_row *model;
    bool equal;
    bool file_missing, file_changed; /* not there; not what was written */
    bool options_differ;             /* those in the file and on record */
    bool labels_differ;
    long labels, labels_then;
    char file_sha256[65];
    char again_sha256[65]; /* "": it was not trained again */
};

enum mv_status mv_report_verify(struct mv_page *page,
                                const struct mv_report_verification *v);

/* What there is of a person, or was before it was erased. */
struct mv_report_erasure {
    const struct mv_trace *trace;
    const int64_t *model; /* have learnt from it */
    size_t models;
    long runs;    /* names of imported files */
    bool done;    /* erased; what follows is the proof */
    bool proved;  /* nothing is left that is not of others */
    long files;   /* looked through */
    long pieces;  /* looked for */
    long skipped; /* words too short for that */
    long before, after;
    long explained, unexplained;
    const int64_t *holder; /* invitations of others that hold a piece */
    size_t holders;
};

/* Names no person. */
enum mv_status mv_report_forget(struct mv_page *page,
                                const struct mv_report_erasure *e);

/* The number at a dotted path of the page's JSON; see mv_page_number. */
enum mv_status mv_report_number(const struct mv_page *page, const char *path,
                                double *out, struct mv_error *error);

#endif
