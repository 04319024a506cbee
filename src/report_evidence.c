/* How far to trust the verdicts: the evidence of the report in words. */
#include "report_doc.h"

#include <math.h>
#include <string.h>

/* From most to least work. */
static const enum mv_verdict ORDER[] = {MV_VERDICT_PURPOSE, MV_VERDICT_UNSURE,
                                        MV_VERDICT_NO_PURPOSE,
                                        MV_VERDICT_NO_NOTE};

/* --- figures -------------------------------------------------------------- */

const char *mv_doc_basis(struct mv_doc *doc, const struct mv_report_triage *t)
{
    if (t->basis == MV_BASIS_AUDIT)
        return mv_doc_fill(
            doc, MV_W_BASIS_AUDIT,
            mv_doc_count(doc, "evidence.audit.labels", (double)t->audit.labels),
            NULL);
    return mv_doc_word(doc, MV_W_BASIS_TRAINING);
}

static void figure(struct mv_doc *doc, enum mv_word name, const char *path,
                   struct mv_interval of, const char *meaning)
{
    if (!isfinite(of.value))
        return;
    mv_doc_cell(doc, mv_doc_word(doc, name));
    mv_doc_cell(doc, mv_doc_interval(doc, path, of));
    mv_doc_cell(doc, meaning);
}

static void say_share(struct mv_doc *doc, const struct mv_report_batch *b)
{
    if (!b || !isfinite(b->share.share.value) || b->drift)
        return;
    figure(doc, MV_W_SHARE, "batch.share.corrected", b->share.share,
           mv_doc_fill(doc, MV_W_SHARE_IS,
                       mv_doc_count(doc, "batch.messages", (double)b->n),
                       NULL));
    mv_doc_cell(doc, mv_doc_word(doc, MV_W_COUNTED));
    mv_doc_cell(doc, mv_doc_real(doc, "batch.share.counted", b->share.raw));
    mv_doc_cell(doc, mv_doc_word(doc, MV_W_COUNTED_IS));
}

static void say_figures(struct mv_doc *doc, const struct mv_report_triage *t)
{
    static const enum mv_word HEAD[] = {MV_W_FIGURE, MV_W_VALUE, MV_W_MEANING};

    mv_doc_table(doc, MV_DOC_MEANINGS, HEAD, 3);
    if (t->basis != MV_BASIS_NONE) {
        figure(doc, MV_W_PRECISION, "evidence.precision", t->precision,
               mv_doc_fill(doc, MV_W_PRECISION_IS, mv_doc_basis(doc, t), NULL));
        figure(doc, MV_W_RECALL, "evidence.recall", t->recall,
               mv_doc_word(doc, MV_W_RECALL_IS));
    }
    say_share(doc, t->batch);
    figure(
        doc, MV_W_TWO_WAY, "evidence.two_way", t->two_way,
        mv_doc_fill(
            doc, MV_W_TWO_WAY_IS,
            mv_doc_count(doc, "counts.two_way", (double)t->counts->two_way),
            mv_doc_count(doc, "counts.contacts", (double)t->counts->contacts),
            NULL));
}

/* --- languages ------------------------------------------------------------ */

static const char *language(struct mv_doc *doc, const struct mv_group *group)
{
    if (strcmp(group->name, "mixed") == 0)
        return mv_doc_word(doc, MV_W_MIXED);
    if (strcmp(group->name, "other") == 0)
        return mv_doc_word(doc, MV_W_OTHERS);
    return mv_doc_language(doc, group->name);
}

static void add_group(struct mv_doc *doc, const struct mv_group *group)
{
    struct mv_page *page = doc->page;
    const char *path =
        mv_report_format(page, "evidence.parity.languages.%s", group->name);

    mv_doc_cell(doc, language(doc, group));
    mv_doc_cell(doc, mv_doc_count(doc, mv_report_format(page, "%s.n", path),
                                  (double)group->n));
    mv_doc_cell(
        doc, mv_doc_interval(doc, mv_report_format(page, "%s.precision", path),
                             group->precision));
    mv_doc_cell(doc,
                mv_doc_interval(doc, mv_report_format(page, "%s.recall", path),
                                group->recall));
}

/* Whether all languages are served alike. Plain text, which is to fit a
 * screen, tells it only when they are not. */
static void say_parity(struct mv_doc *doc, const struct mv_groups *parity)
{
    static const enum mv_word HEAD[] = {MV_W_PARITY_LANGUAGE, MV_W_MESSAGES,
                                        MV_W_PRECISION, MV_W_RECALL};

    if (parity->n < 2 ||
        (doc->page->form == MV_REPORT_TEXT && !parity->differs))
        return;
    if (parity->differs)
        mv_doc_add(doc, MV_BLOCK_WARNING,
                   mv_doc_word(doc, parity->p_recall < parity->p_alarm
                                        ? MV_W_PARITY_RECALL
                                        : MV_W_PARITY_ALARM));
    mv_doc_add(doc, MV_BLOCK_TEXT,
               mv_doc_fill(doc, MV_W_PARITY,
                           mv_doc_word(doc, MV_W_BASIS_TRAINING), NULL));
    mv_doc_table(doc, "lrll", HEAD, 4);
    for (size_t i = 0; i < parity->n; i++)
        add_group(doc, &parity->group[i]);
}

/* --- verdicts, the model ---------------------------------------------------
 */

static void say_verdicts(struct mv_doc *doc, const struct mv_report_triage *t)
{
    static const enum mv_word HEAD[] = {MV_W_VERDICT, MV_W_ACTION, MV_W_COUNT,
                                        MV_W_SHARE_OF_ALL};
    const struct mv_counts *c = t->counts;
    struct mv_page *page = doc->page;

    mv_doc_table(doc, "llrr", HEAD, 4);
    for (size_t i = 0; i < 4; i++) {
        enum mv_verdict v = ORDER[i];
        const char *name = mv_verdict_name(v);

        mv_doc_cell(doc, mv_doc_verdict(doc, v));
        mv_doc_cell(
            doc,
            mv_doc_word(doc, MV_W_ACCEPT + (enum mv_word)mv_verdict_action(v)));
        mv_doc_cell(doc,
                    mv_doc_count(
                        doc, mv_report_format(page, "counts.verdicts.%s", name),
                        (double)c->verdicts[v]));
        mv_doc_cell(
            doc,
            mv_doc_percent(doc, mv_report_format(page, "plan.shares.%s", name),
                           t->plan.share[v]));
    }
}

/* "Spanish 2,085, English 1,687": most frequent first. */
static const char *languages(struct mv_doc *doc,
                             const uint32_t count[MV_LANG_COUNT])
{
    bool told[MV_LANG_COUNT] = {false};
    const char *text = "";

    for (int k = 0; k < MV_LANG_COUNT; k++) {
        int best = -1;

        for (int l = 0; l < MV_LANG_COUNT; l++)
            if (!told[l] && count[l] && (best < 0 || count[l] > count[best]))
                best = l;
        if (best < 0)
            break;
        told[best] = true;
        text = mv_report_format(
            doc->page, "%s%s%s", text, *text ? ", " : "",
            mv_doc_fill(
                doc, MV_W_LANGUAGES,
                mv_doc_word(doc, MV_W_LANGUAGE + (enum mv_word)best),
                mv_doc_count(
                    doc,
                    mv_report_format(doc->page, "evidence.example_languages.%s",
                                     mv_lang_name((enum mv_language)best)),
                    count[best]),
                NULL));
    }
    return text;
}

static const char *model(struct mv_doc *doc, const struct mv_model_row *row,
                         const struct mv_fit_record *r)
{
    const char *id = mv_doc_count(doc, "evidence.model", (double)row->id);
    const char *day = mv_doc_day(doc, row->created_at);

    if (!r->examples)
        return mv_doc_fill(doc, MV_W_LEARNT, id, day, NULL);
    return mv_doc_fill(
        doc, MV_W_MODEL, id, day,
        mv_doc_count(doc, "evidence.examples", r->examples),
        mv_doc_count(doc, "evidence.positives", r->positives),
        mv_doc_count(doc, "evidence.negatives", r->examples - r->positives),
        languages(doc, r->languages), NULL);
}

void mv_doc_evidence(struct mv_doc *doc, const struct mv_report_triage *t,
                     const struct mv_fit_record *record)
{
    if (!t->model)
        return;
    mv_doc_heading(doc, "evidence", mv_doc_word(doc, MV_W_EVIDENCE), NULL);
    say_figures(doc, t);
    say_parity(doc, &t->parity);
    if (t->plan.waiting > t->counts->pending &&
        doc->page->form != MV_REPORT_TEXT)
        say_verdicts(doc, t); /* text says it on its first lines */
    mv_doc_add(doc, MV_BLOCK_NOTE, model(doc, t->model, record));
    mv_doc_add(doc, MV_BLOCK_NOTE, mv_doc_word(doc, MV_W_BRACKETS));
}
