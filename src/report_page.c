/* The report in words, block by block. */
#include "report_doc.h"

#include <math.h>
#include <string.h>

static const enum mv_verdict ORDER[] = {MV_VERDICT_PURPOSE, MV_VERDICT_UNSURE,
                                        MV_VERDICT_NO_PURPOSE,
                                        MV_VERDICT_NO_NOTE};

static long notes(const long by_origin[4])
{
    return by_origin[MV_ORIGIN_NOTE] + by_origin[MV_ORIGIN_MAIL];
}

static long judged(const struct mv_counts *c)
{
    return c->verdicts[MV_VERDICT_PURPOSE] + c->verdicts[MV_VERDICT_UNSURE] +
           c->verdicts[MV_VERDICT_NO_PURPOSE] + c->verdicts[MV_VERDICT_NO_NOTE];
}

/* --- drift ---------------------------------------------------------------- */

static const char *join(struct mv_doc *doc, const char *text, const char *more)
{
    return mv_report_format(doc->page, "%s%s%s", text, *text ? "; " : "", more);
}

static const char *drifts(struct mv_doc *doc, const struct mv_report_batch *b)
{
    const char *text = "";

    if (b->drift & MV_DRIFT_WORDS)
        text = join(
            doc, text,
            mv_doc_fill(doc, MV_W_DRIFT_WORDS,
                        mv_doc_percent(doc, "batch.drift.new_words", b->unseen),
                        mv_doc_percent(doc, "batch.drift.new_words_trained",
                                       b->unseen_trained),
                        NULL));
    if (b->drift & MV_DRIFT_LANGUAGES)
        text = join(doc, text,
                    mv_doc_fill(doc, MV_W_DRIFT_LANGUAGES,
                                mv_doc_percent(
                                    doc, "batch.drift.languages_hardly_learnt",
                                    b->foreign),
                                NULL));
    if (b->drift & MV_DRIFT_SCORES)
        text = join(
            doc, text,
            mv_doc_fill(doc, MV_W_DRIFT_SCORES,
                        mv_doc_percent(doc, "batch.drift.open", b->share.open),
                        mv_doc_percent(doc, "batch.drift.open_expected",
                                       b->share.open_expected),
                        NULL));
    return text;
}

static void say_drift(struct mv_doc *doc, const struct mv_report_batch *b)
{
    struct mv_doc_block *block;
    const char *title;

    if (!b || !b->drift)
        return;
    mv_doc_add(doc, MV_BLOCK_WARNING,
               mv_doc_fill(doc, MV_W_DRIFT, drifts(doc, b),
                           mv_doc_word(doc, MV_W_DRIFT_SO), NULL));
    if (!b->n_label)
        return;
    title = mv_doc_fill(
        doc, mv_doc_plural((long)b->n_label, MV_W_LABEL_FIRST_ONE),
        mv_doc_count(doc, "batch.label_first.length", (double)b->n_label),
        NULL);
    mv_doc_heading(doc, "label", title, NULL);
    mv_doc_add(doc, MV_BLOCK_TEXT,
               mv_doc_fill(doc, MV_W_LABEL_HOW,
                           mv_doc_code(doc, "motivo label --set ID=purpose"),
                           mv_doc_code(doc, "ID=no-purpose"), NULL));
    block = mv_doc_add(doc, MV_BLOCK_LINES, mv_doc_plain(doc, title));
    block->row = b->label;
    block->n_row = b->n_label;
    block->path = "batch.label_first";
}

/* --- the first screen ----------------------------------------------------- */

static const char *others(struct mv_doc *doc, const struct mv_counts *c)
{
    long openings = c->invitations[MV_INCOMING][MV_ORIGIN_OPENING];
    long texts = c->invitations[MV_INCOMING][MV_ORIGIN_TEXT];
    const char *text = "";

    if (openings)
        text = mv_doc_fill(
            doc, mv_doc_plural(openings, MV_W_OPENINGS_ONE),
            mv_doc_count(doc, "counts.openings", (double)openings), NULL);
    if (texts)
        text = mv_report_format(
            doc->page, "%s%s", text,
            mv_doc_fill(doc, mv_doc_plural(texts, MV_W_TEXTS_ONE),
                        mv_doc_count(doc, "counts.texts", (double)texts),
                        NULL));
    return text;
}

static const char *correction(struct mv_doc *doc,
                              const struct mv_report_plan *plan)
{
    if (!isfinite(plan->purposes.low))
        return "";
    return mv_doc_fill(
        doc, MV_W_CORRECTED,
        mv_doc_count(doc, "plan.purposes.low", plan->purposes.low),
        mv_doc_count(doc, "plan.purposes.high", plan->purposes.high), NULL);
}

static const char *effort(struct mv_doc *doc, const struct mv_report_plan *plan)
{
    const char *weeks = "";

    if (plan->reply == 1)
        return mv_doc_word(doc, MV_W_ANSWER_ONE);
    if (plan->capacity)
        weeks = mv_doc_fill(
            doc, mv_doc_plural(plan->weeks, MV_W_WEEKS_ONE),
            mv_doc_count(doc, "plan.capacity", (double)plan->capacity),
            mv_doc_count(doc, "plan.weeks", (double)plan->weeks), NULL);
    return mv_doc_fill(doc, MV_W_ANSWER_MANY, weeks, NULL);
}

static const char *counted(struct mv_doc *doc, long n, enum mv_word one,
                           const char *path)
{
    return mv_doc_fill(doc, mv_doc_plural(n, one),
                       mv_doc_count(doc, path, (double)n), NULL);
}

static void say_actions(struct mv_doc *doc, const struct mv_report_triage *t)
{
    const struct mv_report_plan *plan = &t->plan;
    const char *text;

    text =
        plan->reply
            ? mv_doc_fill(doc, mv_doc_plural(plan->reply, MV_W_STATE_ONE),
                          mv_doc_count(doc, "plan.reply", (double)plan->reply),
                          correction(doc, plan), effort(doc, plan), NULL)
            : mv_doc_word(doc, MV_W_STATE_NONE);
    mv_doc_add(doc, MV_BLOCK_LEAD, text);
    text = "";
    if (plan->review)
        text = counted(doc, plan->review, MV_W_REVIEW_ONE, "plan.review");
    if (plan->accept)
        text = mv_report_format(
            doc->page, "%s%s%s", text, *text ? " " : "",
            counted(doc, plan->accept, MV_W_REST_ONE, "plan.accept"));
    if (*text)
        mv_doc_add(doc, MV_BLOCK_LEAD, text);
    if (t->counts->pending)
        mv_doc_add(doc, MV_BLOCK_LEAD,
                   counted(doc, t->counts->pending, MV_W_PENDING_ONE,
                           "counts.pending"));
}

/* "Of 100 ..., low to high": or one number, where both bounds round to it. */
static const char *of_100(struct mv_doc *doc, enum mv_word words,
                          const char *path, struct mv_interval of)
{
    struct mv_page *page = doc->page;
    const char *low, *high;

    if (!isfinite(of.low) || !isfinite(of.high))
        return mv_doc_fill(
            doc, words + 1,
            mv_doc_of_100(doc, mv_report_format(page, "%s.value", path),
                          of.value, false),
            NULL);
    low = mv_doc_of_100(doc, mv_report_format(page, "%s.low", path), of.low,
                        false);
    high = mv_doc_of_100(doc, mv_report_format(page, "%s.high", path), of.high,
                         true);
    return strcmp(mv_doc_plain(doc, low), mv_doc_plain(doc, high)) == 0
               ? mv_doc_fill(doc, words + 1, low, NULL)
               : mv_doc_fill(doc, words, low, high, NULL);
}

/* What an audit sample lacks that the precision does not rest on. */
static void say_audit(struct mv_doc *doc, const struct mv_report_audit *audit)
{
    const char *labels, *called;

    if (!audit->labels || !audit->missing)
        return;
    labels = mv_doc_count(doc, "evidence.audit.labels", (double)audit->labels);
    called = mv_doc_count(doc, "evidence.audit.called", (double)audit->called);
    if (audit->missing < 0)
        mv_doc_add(doc, MV_BLOCK_NOTE,
                   mv_doc_fill(doc, MV_W_AUDIT_NEVER, labels, called, NULL));
    else
        mv_doc_add(doc, MV_BLOCK_NOTE,
                   mv_doc_fill(doc, MV_W_AUDIT_SHORT, labels, called,
                               mv_doc_count(doc, "evidence.audit.missing",
                                            (double)audit->missing),
                               mv_doc_code(doc, mv_report_format(
                                                    doc->page,
                                                    "motivo label --audit %ld",
                                                    audit->size)),
                               NULL));
}

static void say_trust(struct mv_doc *doc, const struct mv_report_triage *t)
{
    if (t->basis == MV_BASIS_NONE || !isfinite(t->precision.value)) {
        mv_doc_add(doc, MV_BLOCK_LEAD, mv_doc_word(doc, MV_W_TRUST_NONE));
        return;
    }
    mv_doc_add(doc, MV_BLOCK_LEAD,
               of_100(doc, MV_W_TRUST, "evidence.precision", t->precision));
    if (isfinite(t->recall.value))
        mv_doc_add(
            doc, MV_BLOCK_NOTE,
            mv_doc_fill(doc, MV_W_MEASURED,
                        of_100(doc, MV_W_FINDS, "evidence.recall", t->recall),
                        mv_doc_basis(doc, t), NULL));
    say_audit(doc, &t->audit);
}

/* --- lists ---------------------------------------------------------------- */

static void say_list(struct mv_doc *doc, const char *path, enum mv_word title,
                     enum mv_word order, const struct mv_report_row *row,
                     size_t n, long total)
{
    const char *all = mv_doc_count(
        doc, mv_report_format(doc->page, "%s.total", path), (double)total);
    const char *note;
    struct mv_doc_block *block;

    if (!total)
        return;
    note = (long)n == total
               ? mv_doc_fill(doc, MV_W_LIST_ALL, all, mv_doc_word(doc, order),
                             NULL)
               : mv_doc_fill(
                     doc, MV_W_LIST_CUT,
                     mv_doc_count(doc,
                                  mv_report_format(doc->page, "%s.shown", path),
                                  (double)n),
                     all, mv_doc_word(doc, order),
                     mv_doc_code(doc, "motivo report --limit 0"), NULL);
    mv_doc_heading(doc, path, mv_doc_word(doc, title), note);
    block = mv_doc_add(doc, MV_BLOCK_CARDS, mv_doc_word(doc, title));
    block->row = row;
    block->n_row = n;
    block->path = mv_report_format(doc->page, "%s.invitations", path);
}

/* In HTML a script takes its place, see report_script.c. */
static void say_marks(struct mv_doc *doc, const struct mv_report_triage *t)
{
    if (t->n_reply + t->n_review)
        mv_doc_add(doc, MV_BLOCK_MARKS,
                   mv_doc_fill(doc, MV_W_MARK_HOW,
                               mv_doc_code(doc, "motivo useful ID yes"),
                               mv_doc_code(doc, "no"), NULL));
}

/* --- useful contacts ------------------------------------------------------ */

static void outcomes(struct mv_doc *doc, const char *name, const char *path,
                     const struct mv_report_outcomes *o)
{
    struct mv_page *page = doc->page;

    if (!o->known)
        return;
    mv_doc_cell(doc, name);
    mv_doc_cell(doc,
                mv_doc_count(doc, mv_report_format(page, "%s.useful", path),
                             (double)o->useful));
    mv_doc_cell(doc, mv_doc_count(doc, mv_report_format(page, "%s.known", path),
                                  (double)o->known));
    mv_doc_cell(doc,
                mv_doc_interval(doc, mv_report_format(page, "%s.share", path),
                                o->share));
    mv_doc_cell(doc, mv_doc_real(doc, mv_report_format(page, "%s.lift", path),
                                 o->lift));
}

static const char *source(struct mv_doc *doc, const struct mv_report_useful *u)
{
    if (u->said && u->threads)
        return mv_doc_fill(
            doc, MV_W_SOURCE_BOTH,
            mv_doc_count(doc, "useful.said", (double)u->said),
            mv_doc_count(doc, "useful.from_threads", (double)u->threads), NULL);
    return mv_doc_word(doc, u->said ? MV_W_SOURCE_SAID : MV_W_SOURCE_THREADS);
}

static const char *estimate(struct mv_doc *doc,
                            const struct mv_report_useful *u)
{
    if (!isfinite(u->estimate.share.value))
        return mv_doc_fill(doc, MV_W_NO_ESTIMATE,
                           mv_doc_count(doc, "useful.sample_missing",
                                        (double)(u->least - u->sample)),
                           NULL);
    return mv_doc_fill(
        doc, MV_W_ESTIMATE,
        mv_doc_count(doc, "useful.all.persons", (double)u->all.persons),
        mv_doc_count(doc, "useful.sample", (double)u->sample),
        mv_doc_interval(doc, "useful.estimate", u->estimate.share), NULL);
}

static void say_useful(struct mv_doc *doc, const struct mv_report_useful *u)
{
    static const enum mv_word HEAD[] = {MV_W_VERDICT, MV_W_USEFUL_COUNT,
                                        MV_W_KNOWN, MV_W_USEFUL_SHARE,
                                        MV_W_LIFT};

    mv_doc_heading(doc, "useful", mv_doc_word(doc, MV_W_USEFUL), NULL);
    mv_doc_add(doc, MV_BLOCK_TEXT, source(doc, u));
    mv_doc_table(doc, "lrrlr", HEAD, 5);
    for (int i = 0; i < 4; i++)
        outcomes(
            doc, mv_doc_verdict(doc, ORDER[i]),
            mv_report_format(doc->page, "useful.%s", mv_verdict_name(ORDER[i])),
            &u->of[ORDER[i]]);
    outcomes(doc, mv_doc_word(doc, MV_W_ALL), "useful.all", &u->all);
    mv_doc_add(doc, MV_BLOCK_TEXT, estimate(doc, u));
    mv_doc_add(doc, MV_BLOCK_NOTE,
               mv_doc_fill(doc, MV_W_REFERENCE,
                           mv_doc_of_100(doc, "useful.reference",
                                         MV_REPORT_REFERENCE, false),
                           NULL));
}

/* --- the whole ------------------------------------------------------------ */

void mv_doc_triage(struct mv_doc *doc, const struct mv_report_triage *t,
                   const struct mv_fit_record *record,
                   struct mv_report_step step)
{
    long incoming = notes(t->counts->invitations[MV_INCOMING]);
    bool any = t->model && judged(t->counts);

    say_drift(doc, t->batch);
    mv_doc_add(
        doc, MV_BLOCK_LEAD,
        mv_doc_fill(doc, mv_doc_plural(incoming, MV_W_WAIT_ONE),
                    mv_doc_count(doc, "counts.incoming", (double)incoming),
                    others(doc, t->counts), NULL));
    if (any) {
        say_actions(doc, t);
        say_trust(doc, t);
        say_list(doc, "reply", MV_W_ANSWER, MV_W_MOST_CERTAIN, t->reply,
                 t->n_reply, t->reply_total);
        say_list(doc, "review", MV_W_REVIEW, MV_W_CLOSEST, t->review,
                 t->n_review, t->review_total);
        say_marks(doc, t);
    } else {
        mv_doc_add(
            doc, MV_BLOCK_LEAD,
            mv_doc_word(doc, t->model ? MV_W_NOT_JUDGED : MV_W_NO_MODEL));
    }
    if (t->outcomes)
        say_useful(doc, t->outcomes);
    mv_doc_evidence(doc, t, record);
    if (t->graphs && doc->page->form == MV_REPORT_HTML)
        mv_doc_plots(doc, t);
    mv_doc_add(doc, MV_BLOCK_STEP, step.command)->note =
        mv_report_translate(doc->tongue, step.why);
}
