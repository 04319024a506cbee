/* What the report's precision and recall rest on. */
#include "motivo_train.h"

#include "report_text.h"

#include <math.h>

/* Messages of the audit sample that are called purpose: with fewer, even if
 * all of them are right, Wilson's range of the precision is more than 20 points
 * wide (its low end is k / (k + 3.84)). */
enum { CALLED_LEAST = 16 };

enum mv_status mv_facade_evidence(struct motivo *motivo,
                                  struct mv_evidence *evidence,
                                  struct mv_report_triage *out,
                                  struct mv_error *error)
{
    struct mv_counts *counts = &evidence->counts;
    struct mv_evaluation figures;
    enum mv_status status = mv_store_get_counts(motivo->store, counts, error);

    out->counts = counts;
    out->precision = out->recall = mv_stats_undefined();
    if (status != MV_OK)
        return status;
    out->useful = mv_stats_wilson(counts->useful,
                                  counts->useful + counts->not_useful, 0.95);
    out->two_way = mv_stats_wilson(counts->two_way, counts->contacts, 0.95);
    status = mv_store_get_model(motivo->store, 0, &evidence->arena,
                                &evidence->row, NULL);
    if (status == MV_NOTFOUND)
        return MV_OK;
    if (status == MV_OK)
        status = mv_report_read_model(&evidence->row, NULL, &figures);
    if (status == MV_OK) {
        out->model = &evidence->row;
        out->precision = figures.all.unsure.precision;
        out->recall = figures.all.unsure.recall;
        out->basis = MV_BASIS_TRAINING;
        out->parity = figures.family[MV_FAMILY_LANGUAGE];
    }
    return status;
}

/* --- the audit sample ----------------------------------------------------- */

struct tally {
    long labels, purposes, called, right;
};

static enum mv_status judge(const struct mv_model *model,
                            const struct mv_examples *sample,
                            struct tally *tally, struct mv_error *error)
{
    struct mv_memo *memo = NULL;
    enum mv_status status = mv_memo_new(&memo, model);

    for (size_t i = 0; status == MV_OK && i < sample->n; i++) {
        struct mv_opinion opinion;
        bool purpose = sample->at[i].label == 1, called;

        status =
            mv_model_score(model, memo, sample->at[i].message, &opinion, error);
        if (status != MV_OK)
            break;
        called = opinion.verdict == MV_VERDICT_PURPOSE;
        tally->labels++;
        tally->purposes += purpose;
        tally->called += called;
        tally->right += purpose && called;
    }
    mv_memo_free(memo);
    return status;
}

/* How many more labels it takes, by how often messages are called purpose, and
 * how large the sample then is: those that were drawn and answered with unsure
 * are of it. */
static void lack(struct mv_report_audit *audit, const struct mv_counts *counts)
{
    const long *verdicts = counts->verdicts;
    long called = verdicts[MV_VERDICT_PURPOSE];
    long all =
        called + verdicts[MV_VERDICT_UNSURE] + verdicts[MV_VERDICT_NO_PURPOSE];
    double more = (double)(MV_AUDIT_LEAST - audit->labels);

    if (audit->called < CALLED_LEAST)
        more = called ? fmax(more, ceil((double)(CALLED_LEAST - audit->called) *
                                        (double)all / (double)called))
                      : INFINITY;
    audit->missing =
        (double)counts->drawn + more <= (double)all ? (long)more : -1;
    audit->size = counts->drawn + audit->missing;
}

enum mv_status mv_facade_audit(struct motivo *motivo,
                               const struct mv_model *model,
                               struct mv_report_triage *out,
                               struct mv_error *error)
{
    struct mv_examples sample = {0};
    struct tally tally = {0};
    enum mv_status status = MV_OK;

    if (out->counts->audit)
        status = mv_examples_load(&sample, motivo, 0, true, error);
    if (status == MV_OK)
        status = judge(model, &sample, &tally, error);
    mv_examples_release(&sample);
    if (status != MV_OK)
        return status;
    out->audit = (struct mv_report_audit){tally.labels, tally.called, 0, 0};
    if (tally.labels >= MV_AUDIT_LEAST && tally.called >= CALLED_LEAST) {
        out->basis = MV_BASIS_AUDIT;
        out->precision = mv_stats_wilson(tally.right, tally.called, 0.95);
        out->recall = mv_stats_wilson(tally.right, tally.purposes, 0.95);
    } else {
        lack(&out->audit, out->counts);
    }
    return MV_OK;
}
