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

struct mv_report_training {
    int64_t id;       /* model number in the database */
    const char *file; /* where the model file is */
    bool active;      /* it was made the active one */
    const struct mv_fit_record *record;
    const struct mv_evaluation *out_of_fold;
    double seconds;
};

enum mv_status mv_report_train(struct mv_page *page,
                               const struct mv_report_training *t);

/* The record and the out-of-fold figures as one JSON object each, in one line,
 * for the store's model table; appended to *options and *metrics. The figures
 * have the keys of mv_report_evaluate, but "languages" is an object with the
 * language codes as members. */
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
    /* what is known of the precision of "purpose": the audit sample's or the
     * training's out-of-fold figure, and which of the two it is */
    struct mv_interval precision, recall;
    const char *precision_basis; /* NULL: nothing is known */
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

enum mv_status mv_report_models(struct mv_page *page,
                                const struct mv_model_row *models, size_t n);
/* verdicts: how many the model gave, by enum mv_verdict. */
enum mv_status mv_report_model(struct mv_page *page,
                               const struct mv_model_row *model,
                               const struct mv_activation *history, size_t n,
                               const long verdicts[4]);

/* The number at a dotted path of the page's JSON; see mv_page_number. */
enum mv_status mv_report_number(const struct mv_page *page, const char *path,
                                double *out, struct mv_error *error);

#endif
