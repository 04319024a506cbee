/* Simulations of what the figures promise; run by scripts/bench.
 *
 *     simulate coverage           intervals of proportions, F1 and MCC
 *     simulate share SEEDS        share of purpose under shift
 *     simulate promise SEEDS      the precision that a threshold promises
 *
 * share and promise read labelled messages from standard input, one a line:
 * 0 or 1, a tab, the text. All print tables of numbers that are parted by
 * tabs, with a line of names. */
#include "metrics.h"
#include "model.h"
#include "quantify.h"
#include "split.h"
#include "text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void need(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "simulate: %s\n", what);
    exit(1);
}

static void *make(size_t n, size_t size)
{
    void *memory = calloc(n + 1, size);

    need(memory != NULL, "out of memory");
    return memory;
}

/* --- coverage ------------------------------------------------------------- */

typedef struct mv_interval interval_of(long, long, double);

/* The exact chance that the interval of a binomial count holds its p. */
static double covered(const struct mv_interval *all, long n, double p)
{
    double sum = 0;

    for (long k = 0; k <= n; k++)
        if (all[k].low <= p && p <= all[k].high)
            sum += exp(lgamma((double)n + 1) - lgamma((double)k + 1) -
                       lgamma((double)(n - k) + 1) + (double)k * log(p) +
                       (double)(n - k) * log1p(-p));
    return sum;
}

enum { GRID = 481, WINDOW = 25 }; /* p = 0.02, 0.022, ..., 0.98; ± 0.05 */

static void cover_proportion(const char *name, interval_of *interval, long n)
{
    struct mv_interval *all = make((size_t)n + 1, sizeof *all);
    double at[GRID], mean = 0, low = 1, high = 0, least = 1, most = 0;

    for (long k = 0; k <= n; k++)
        all[k] = interval(k, n, 0.95);
    for (int i = 0; i < GRID; i++) {
        at[i] = covered(all, n, 0.02 + 0.002 * i);
        mean += at[i] / GRID;
        least = fmin(least, at[i]);
        most = fmax(most, at[i]);
    }
    for (int i = 0; i < GRID; i++) {
        int from = i < WINDOW ? 0 : i - WINDOW;
        int to = i + WINDOW < GRID ? i + WINDOW : GRID - 1;
        double sum = 0;

        for (int k = from; k <= to; k++)
            sum += at[k] / (to - from + 1);
        low = fmin(low, sum);
        high = fmax(high, sum);
    }
    printf("%s\t%ld\t%.4f\t%.4f\t%.4f\t%.4f\t%.4f\n", name, n, mean, low, high,
           least, most);
    free(all);
}

/* One table of n rows drawn from a classifier with these rates: whether the
 * intervals of F1 and MCC hold the figures of the rates. */
static void cover_table(struct mv_rng *rng, size_t n, double prevalence,
                        double tpr, double fpr, int hit[2], double *p,
                        int *label, uint64_t seed)
{
    size_t purposes = (size_t)(prevalence * (double)n + 0.5);
    double m = (double)purposes, other = (double)(n - purposes);
    double tp = m * tpr, fp = other * fpr;
    double f1 = 2 * tp / (tp + fp + m), called = tp + fp;
    double mcc =
        (tpr - fpr) * sqrt(m * other / (called * ((double)n - called)));
    struct mv_metrics_rows rows = {
        .n = n, .label = label, .p = p, .threshold = 0.5};
    struct mv_metrics_options options = {.seed = seed, .threads = 1};
    struct mv_metrics got;

    for (size_t i = 0; i < n; i++) {
        label[i] = i < purposes;
        p[i] = mv_rng_real(rng) < (label[i] ? tpr : fpr);
    }
    need(mv_metrics_measure(&got, &rows, &options, NULL) == MV_OK, "measure");
    hit[0] += got.f1.low <= f1 && f1 <= got.f1.high;
    hit[1] +=
        isnan(got.mcc.value) || (got.mcc.low <= mcc && mcc <= got.mcc.high);
}

static void cover_tables(size_t n)
{
    static const double RATES[][2] = {{0.6, 0.1}, {0.8, 0.05}, {0.9, 0.2}};
    static const double SHARES[] = {0.1, 0.3, 0.5};
    enum { DRAWS = 100 };
    double *p = make(n, sizeof *p);
    int *label = make(n, sizeof *label), total = 0, hit[2] = {0, 0};
    struct mv_rng *rng = NULL;

    need(mv_rng_new(&rng, n) == MV_OK, "out of memory");
    for (int r = 0; r < 3; r++)
        for (int s = 0; s < 3; s++)
            for (int i = 0; i < DRAWS; i++, total++)
                cover_table(rng, n, SHARES[s], RATES[r][0], RATES[r][1], hit, p,
                            label, (uint64_t)total);
    printf("F1\t%zu\t%.4f\t\t\t\t\n", n, (double)hit[0] / total);
    printf("MCC\t%zu\t%.4f\t\t\t\t\n", n, (double)hit[1] / total);
    mv_rng_free(rng);
    free(p);
    free(label);
}

static void coverage(void)
{
    static const long SIZES[] = {30, 50, 100, 200, 300, 500, 1000};
    enum { COUNT = sizeof SIZES / sizeof *SIZES };

    printf("interval\tn\tmean\tlocal low\tlocal high\tleast\tmost\n");
    for (int i = 0; i < COUNT; i++)
        cover_proportion("Wilson", mv_stats_wilson, SIZES[i]);
    for (int i = 0; i < COUNT; i++)
        cover_proportion("Clopper-Pearson", mv_stats_clopper_pearson, SIZES[i]);
    for (int i = 0; i < COUNT; i++)
        cover_tables((size_t)SIZES[i]);
}

/* --- messages ------------------------------------------------------------- */

struct messages {
    size_t n;
    struct mv_fit_example *at;
    int *label, *group;
};

static void read_messages(struct messages *m)
{
    char *line = NULL;
    size_t size = 0, room = 0;
    ssize_t len;

    while ((len = getline(&line, &size, stdin)) > 0) {
        struct mv_fit_example *example;
        char *text;

        if (m->n == room) {
            room = room ? 2 * room : 1024;
            m->at = realloc(m->at, room * sizeof *m->at);
            need(m->at != NULL, "out of memory");
        }
        need(len > 2 && line[1] == '\t', "expected label, tab, text");
        line[len - 1] = 0;
        example = &m->at[m->n++];
        text = strdup(line + 2);
        need(text != NULL, "out of memory");
        *example = (struct mv_fit_example){.message = {text, (size_t)len - 3},
                                           .label = line[0] == '1',
                                           .language = MV_LANG_UND};
    }
    free(line);
}

static void group_messages(struct messages *m)
{
    struct mv_text *text = NULL;
    struct mv_tokens *tokens = make(m->n, sizeof *tokens);
    struct mv_span *folded = make(m->n, sizeof *folded);

    m->label = make(m->n, sizeof *m->label);
    m->group = make(m->n, sizeof *m->group);
    need(mv_text_new(&text) == MV_OK, "out of memory");
    for (size_t i = 0; i < m->n; i++) {
        need(mv_text_tokens(text, m->at[i].message, &tokens[i], NULL) == MV_OK,
             "text");
        folded[i] = mv_buffer_span(&tokens[i].folded);
        m->label[i] = m->at[i].label;
    }
    need(mv_split_group(m->group, NULL, m->n, folded, NULL) == MV_OK, "groups");
    for (size_t i = 0; i < m->n; i++)
        mv_tokens_release(&tokens[i]);
    free(tokens);
    free(folded);
    mv_text_free(text);
}

/* A model of `most` messages or fewer, and what it says of the others. */
struct trial {
    struct mv_model *model;
    size_t n[2];    /* held-out messages by label */
    double *p[2];   /* their probabilities, in random order */
    size_t trained; /* out-of-fold rows */
    double *oof;
    int *oof_label;
};

static void trial_fit(struct trial *t, const struct messages *m,
                      const int *held, size_t most, uint64_t seed,
                      double target)
{
    struct mv_fit_example *train = make(m->n, sizeof *train);
    size_t *order = make(m->n, sizeof *order), n = 0;
    struct mv_fit_options options = {.seed = seed, .target_precision = target};
    struct mv_out_of_fold oof = {0};
    struct mv_rng *rng = NULL;
    struct mv_error error = {0};

    need(mv_rng_new(&rng, seed) == MV_OK, "out of memory");
    for (size_t i = 0; i < m->n; i++)
        if (!held[i])
            order[n++] = i;
    mv_rng_shuffle(rng, order, n, sizeof *order);
    n = n < most ? n : most;
    t->oof = make(n, sizeof *t->oof);
    t->oof_label = make(n, sizeof *t->oof_label);
    for (size_t i = 0; i < n; i++) {
        train[i] = m->at[order[i]];
        t->oof_label[i] = train[i].label;
    }
    t->trained = n;
    oof.probability = t->oof;
    need(mv_model_fit(&t->model, train, n, &options, &oof, &error) == MV_OK,
         error.message);
    mv_rng_free(rng);
    free(train);
    free(order);
}

static void trial_judge(struct trial *t, const struct messages *m,
                        const int *held, uint64_t seed)
{
    struct mv_memo *memo = NULL;
    struct mv_rng *rng = NULL;
    struct mv_opinion said;

    need(mv_memo_new(&memo, t->model) == MV_OK, "out of memory");
    need(mv_rng_new(&rng, seed) == MV_OK, "out of memory");
    for (int l = 0; l < 2; l++)
        t->p[l] = make(m->n, sizeof **t->p);
    for (size_t i = 0; i < m->n; i++) {
        int l = m->label[i];

        if (!held[i])
            continue;
        need(mv_model_score(t->model, memo, m->at[i].message, &said, NULL) ==
                 MV_OK,
             "score");
        if (said.verdict != MV_VERDICT_NO_NOTE)
            t->p[l][t->n[l]++] = said.probability;
    }
    for (int l = 0; l < 2; l++)
        mv_rng_shuffle(rng, t->p[l], t->n[l], sizeof **t->p);
    mv_rng_free(rng);
    mv_memo_free(memo);
}

static void trial_run(struct trial *t, const struct messages *m, double share,
                      size_t most, uint64_t seed, double target)
{
    struct mv_split_rows rows = {m->n, m->label, NULL, m->group};
    int *held = make(m->n, sizeof *held);

    *t = (struct trial){0};
    need(mv_split_holdout(held, &rows, share, seed, NULL) == MV_OK, "split");
    trial_fit(t, m, held, most, seed, target);
    trial_judge(t, m, held, seed);
    free(held);
}

static void trial_end(struct trial *t)
{
    mv_model_free(t->model);
    free(t->p[0]);
    free(t->p[1]);
    free(t->oof);
    free(t->oof_label);
}

/* --- share ---------------------------------------------------------------- */

enum { BATCH = 400, DRAWS_EACH = 20, MOST_TRAINED = 2000 };
static const double SHARES[] = {0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6};
enum { SHARE_COUNT = sizeof SHARES / sizeof *SHARES };

struct errors {
    double raw, adjusted, em, sweep, width;
    long share_in, em_in, sweep_in, n, misfit;
};

/* A batch of the held-out messages in which `share` is purpose. */
static void share_draw(const struct trial *t, double share, struct mv_rng *rng,
                       uint64_t seed, struct errors *e)
{
    const struct mv_fit_record *record = mv_model_record(t->model);
    struct mv_quantify_options options = {.seed = seed, .replicates = 500};
    size_t purposes = (size_t)(share * BATCH + 0.5);
    struct mv_quantified got;
    double batch[BATCH];

    for (int l = 0; l < 2; l++)
        mv_rng_shuffle(rng, t->p[l], t->n[l], sizeof **t->p);
    need(purposes <= t->n[1] && BATCH - purposes <= t->n[0],
         "too few messages");
    memcpy(batch, t->p[1], purposes * sizeof *batch);
    memcpy(batch + purposes, t->p[0], (BATCH - purposes) * sizeof *batch);
    need(mv_quantify_share(&got, &record->reference, BATCH, batch, &options,
                           NULL) == MV_OK,
         "share");
    e->n++;
    e->raw += fabs(got.raw - share);
    e->sweep += fabs(got.sweep.value - share);
    e->adjusted += fabs(got.adjusted.value - share);
    e->em += fabs(got.em.value - share);
    e->width += got.share.high - got.share.low;
    e->share_in += got.share.low <= share && share <= got.share.high;
    e->sweep_in += got.sweep.low <= share && share <= got.sweep.high;
    e->em_in += got.em.low <= share && share <= got.em.high;
    e->misfit += got.misfit.p < 0.01 && got.misfit.d > 0.1;
}

static void share_tell(double share, const struct errors *e)
{
    double n = (double)e->n;

    printf("%g\t%ld\t%.4f\t%.4f\t%.4f\t%.4f\t%.4f\t%.4f\t%.4f\t%.4f\t%.4f\n",
           share, e->n, e->raw / n, e->adjusted / n, e->sweep / n, e->em / n,
           (double)e->sweep_in / n, (double)e->em_in / n,
           (double)e->share_in / n, e->width / n, (double)e->misfit / n);
}

static void share(struct messages *m, uint64_t seeds)
{
    struct errors e[SHARE_COUNT] = {{0}};

    for (uint64_t seed = 1; seed <= seeds; seed++) {
        struct mv_rng *rng = NULL;
        struct trial t;

        need(mv_rng_new(&rng, seed) == MV_OK, "out of memory");
        trial_run(&t, m, 0.5, MOST_TRAINED, seed, 0);
        for (int s = 0; s < SHARE_COUNT; s++)
            for (int i = 0; i < DRAWS_EACH; i++)
                share_draw(&t, SHARES[s], rng, (uint64_t)i, &e[s]);
        mv_rng_free(rng);
        trial_end(&t);
    }
    printf("share\tdraws\traw\tadjusted\tsweep\tem\tsweep in\tem in\t"
           "both in\twidth\tmisfit\n");
    for (int s = 0; s < SHARE_COUNT; s++)
        share_tell(SHARES[s], &e[s]);
}

/* --- promise -------------------------------------------------------------- */

enum { SPLITS = 200 };

/* What became of a promise over several splits. */
struct promise {
    double target;
    long splits, met, thin, below;
    double realised, recall;
};

/* Chooses on the rows of one list, and looks at the other list. */
static void promise_try(struct promise *promise, size_t n, const double *p,
                        const int *label, size_t m, const double *q,
                        const int *truth)
{
    struct mv_threshold_options options = {.target_precision = promise->target,
                                           .match_below = 400};
    struct mv_thresholds t;
    double called = 0, right = 0, purposes = 0;

    need(mv_calibrate_thresholds(&t, n, p, label, &options, NULL) == MV_OK,
         "thresholds");
    promise->splits++;
    promise->thin += t.purpose_basis == MV_THRESHOLD_THIN;
    if (t.purpose_basis != MV_THRESHOLD_MET)
        return;
    for (size_t i = 0; i < m; i++) {
        purposes += truth[i];
        called += q[i] >= t.purpose;
        right += q[i] >= t.purpose && truth[i];
    }
    promise->met++;
    if (called == 0)
        return;
    promise->below += right / called < promise->target;
    promise->realised += right / called;
    promise->recall += right / purposes;
}

/* The out-of-fold rows of one fit, halved at random again and again. */
static void promise_halves(struct promise *promise, struct trial *t)
{
    size_t n = t->trained, half = n / 2;
    double *p = make(n, sizeof *p);
    int *label = make(n, sizeof *label);
    size_t *order = make(n, sizeof *order);
    struct mv_rng *rng = NULL;

    need(mv_rng_new(&rng, 1) == MV_OK, "out of memory");
    for (size_t i = 0; i < n; i++)
        order[i] = i;
    for (int s = 0; s < SPLITS; s++) {
        mv_rng_shuffle(rng, order, n, sizeof *order);
        for (size_t i = 0; i < n; i++) {
            p[i] = t->oof[order[i]];
            label[i] = t->oof_label[order[i]];
        }
        promise_try(promise, half, p, label, n - half, p + half, label + half);
    }
    mv_rng_free(rng);
    free(p);
    free(label);
    free(order);
}

static void promise_refit(struct promise *promise, const struct trial *t)
{
    size_t n = t->n[0] + t->n[1];
    double *p = make(n, sizeof *p);
    int *label = make(n, sizeof *label);

    for (size_t i = 0; i < n; i++) {
        label[i] = i >= t->n[0];
        p[i] = label[i] ? t->p[1][i - t->n[0]] : t->p[0][i];
    }
    promise_try(promise, t->trained, t->oof, t->oof_label, n, p, label);
    free(p);
    free(label);
}

static void promise_tell(const char *what, const struct promise *p)
{
    double met = (double)p->met;

    printf("%s\t%g\t%ld\t%ld\t%ld\t%.4f\t%.4f\t%.4f\n", what, p->target,
           p->splits, p->met, p->thin, met > 0 ? (double)p->below / met : 0,
           met > 0 ? p->realised / met : 0, met > 0 ? p->recall / met : 0);
}

static void promise(struct messages *m, uint64_t seeds)
{
    struct promise halves[2] = {{.target = 0.9}, {.target = 0.95}};
    struct promise refits[2] = {{.target = 0.9}, {.target = 0.95}};

    for (uint64_t seed = 1; seed <= seeds; seed++) {
        struct trial t;

        trial_run(&t, m, 0.5, MOST_TRAINED, seed, 0);
        for (int i = 0; i < 2; i++) {
            promise_refit(&refits[i], &t);
            if (seed == 1)
                promise_halves(&halves[i], &t);
        }
        trial_end(&t);
    }
    printf("splits\ttarget\tn\tpromised\trefused, thin\tbelow\trealised\t"
           "recall\n");
    for (int i = 0; i < 2; i++) {
        promise_tell("halves", &halves[i]);
        promise_tell("refits", &refits[i]);
    }
}

int main(int argc, char **argv)
{
    struct messages m = {0};
    uint64_t seeds = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;

    need(argc > 1, "coverage, share SEEDS or promise SEEDS");
    if (strcmp(argv[1], "coverage") == 0) {
        coverage();
        return 0;
    }
    read_messages(&m);
    group_messages(&m);
    if (strcmp(argv[1], "share") == 0)
        share(&m, seeds);
    else if (strcmp(argv[1], "promise") == 0)
        promise(&m, seeds);
    for (size_t i = 0; i < m.n; i++)
        free((char *)(size_t)m.at[i].message.at);
    free(m.at);
    free(m.label);
    free(m.group);
    return 0;
}
