#include "advise.h"

#include "parallel.h"
#include "split.h"
#include "text.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { FOLDS = 5, REPLICATES = 500 };

static const double SHARE[MV_ADVISE_POINTS] = {0.25, 0.5, 0.75, 1};

/* One run: every fold with every share. */
struct study {
    const struct mv_fit_example *example; /* those that are looked at */
    size_t n;
    int *label, *fold;
    int folds;
    size_t *order; /* by chance: a smaller part is within a larger one */
    int8_t *said;  /* MV_ADVISE_POINTS x n: forced decisions; -1: none */
    size_t size[MV_ADVISE_POINTS]; /* labels fitted on, summed over folds */
    struct mv_rng *rng;
    const struct mv_advise_options *options;
    atomic_int finished;
    atomic_bool stopped;
};

/* --- fits ----------------------------------------------------------------- */

/* The training messages of a fold, cut to a share; returns how many. */
static size_t take_part(const struct study *study, int fold, double share,
                        struct mv_fit_example *part)
{
    size_t all = 0, n = 0, most;

    for (size_t i = 0; i < study->n; i++)
        all += study->fold[i] != fold;
    most = (size_t)(share * (double)all + 0.5);
    for (size_t i = 0; i < study->n && n < most; i++)
        if (study->fold[study->order[i]] != fold)
            part[n++] = study->example[study->order[i]];
    return n;
}

/* Judges the messages of the fold; those that nobody can read stay -1. */
static enum mv_status judge(struct study *study, int fold, int point,
                            const struct mv_model *model,
                            struct mv_error *error)
{
    struct mv_memo *memo = NULL;
    struct mv_opinion opinion;
    enum mv_status status = mv_memo_new(&memo, model);

    for (size_t i = 0; status == MV_OK && i < study->n; i++) {
        if (study->fold[i] != fold)
            continue;
        status = mv_model_score(model, memo, study->example[i].message,
                                &opinion, error);
        if (status == MV_OK && opinion.verdict != MV_VERDICT_NO_NOTE)
            study->said[(size_t)point * study->n + i] = opinion.forced;
    }
    mv_memo_free(memo);
    return status;
}

static bool go_on(struct study *study, int worker)
{
    const struct mv_advise_options *options = study->options;
    int all = study->folds * MV_ADVISE_POINTS;

    if (worker == 0 && options->step &&
        !options->step(options->payload, "looking ahead",
                       (double)atomic_load(&study->finished) / all))
        atomic_store(&study->stopped, true);
    return !atomic_load(&study->stopped);
}

/* Too small a part, or one without both labels, has no model: its messages
 * count as turned down, which is what having no model means. */
static enum mv_status fit_one(void *payload, size_t index, int worker,
                              struct mv_error *error)
{
    struct study *study = payload;
    int fold = (int)index % study->folds;
    int point = MV_ADVISE_POINTS - 1 - (int)index / study->folds;
    struct mv_fit_options options = {
        .seed = study->options->seed, .threads = 1, .repeats = 1};
    struct mv_fit_example *part;
    struct mv_model *model = NULL;
    enum mv_status status;
    size_t n;

    if (!go_on(study, worker))
        return MV_STOPPED;
    part = calloc(study->n + 1, sizeof *part);
    if (!part)
        return mv_error_set(error, MV_NOMEM, NULL, 0, "out of memory");
    n = take_part(study, fold, SHARE[point], part);
    status = mv_model_fit(&model, part, n, &options, NULL, NULL);
    if (status == MV_OK)
        status = judge(study, fold, point, model, error);
    else if (status == MV_DATA)
        status = MV_OK;
    mv_model_free(model);
    free(part);
    atomic_fetch_add(&study->finished, 1);
    return status;
}

/* --- figures -------------------------------------------------------------- */

/* F1 at a point over count rows. */
static double f1_of(const struct study *study, int point, const size_t *rows,
                    size_t count)
{
    struct mv_confusion c = {0, 0, 0, 0};

    for (size_t k = 0; k < count; k++) {
        size_t i = rows ? rows[k] : k;
        bool says = study->said[(size_t)point * study->n + i] == 1;
        bool is = study->label[i] == 1;

        c.tp += says && is;
        c.fp += says && !is;
        c.fn += !says && is;
        c.tn += !says && !is;
    }
    return mv_metrics_f1(c);
}

/* The gain of `more` labels behind n, from the errors at the points: those are
 * e(s) = a s^-b, b >= 0, by least squares of their logarithms; the curve is
 * then led through the last point. */
static double gain_of(const double *size, const double *error, int points,
                      double n, double more)
{
    double mean_x = 0, mean_y = 0, xy = 0, xx = 0, b;
    const double least = 1e-4; /* an error of 0 has no logarithm */

    for (int i = 0; i < points; i++) {
        mean_x += log(size[i]) / points;
        mean_y += log(fmax(error[i], least)) / points;
    }
    for (int i = 0; i < points; i++) {
        double x = log(size[i]) - mean_x;

        xy += x * (log(fmax(error[i], least)) - mean_y);
        xx += x * x;
    }
    b = xx > 0 ? fmax(0, -xy / xx) : 0;
    /* From the size fitted on to all labels, and from there on. */
    return error[points - 1] * pow(n / size[points - 1], -b) *
           (1 - pow((n + more) / n, -b));
}

/* The points of at least MV_FIT_LEAST labels, and what they reach on rows. */
static double measure(const struct study *study, const size_t *rows,
                      size_t count, double labels, double *f1)
{
    double size[MV_ADVISE_POINTS], error[MV_ADVISE_POINTS];
    int points = 0;

    for (int i = 0; i < MV_ADVISE_POINTS; i++) {
        f1[i] = (double)NAN;
        if (study->size[i] < MV_FIT_LEAST)
            continue;
        f1[i] = f1_of(study, i, rows, count);
        size[points] = (double)study->size[i];
        error[points++] = isnan(f1[i]) ? 1 : 1 - f1[i];
    }
    return points > 1 ? gain_of(size, error, points, labels, MV_ADVISE_MORE)
                      : (double)NAN;
}

static enum mv_status conclude(const struct study *study, struct mv_curve *out)
{
    size_t n = study->n;
    size_t *rows = calloc(n + 1, sizeof *rows);
    double *draws = calloc((MV_ADVISE_POINTS + 1) * REPLICATES, sizeof *draws);
    double f1[MV_ADVISE_POINTS], again[MV_ADVISE_POINTS], gain;

    if (!rows || !draws) {
        free(rows);
        free(draws);
        return MV_NOMEM;
    }
    gain = measure(study, NULL, n, (double)out->labels, f1);
    for (size_t r = 0; r < REPLICATES; r++) {
        mv_rng_seed(study->rng, study->options->seed, r);
        for (size_t i = 0; i < n; i++)
            rows[i] = mv_rng_below(study->rng, n);
        draws[MV_ADVISE_POINTS * REPLICATES + r] =
            measure(study, rows, n, (double)out->labels, again);
        for (int i = 0; i < MV_ADVISE_POINTS; i++)
            draws[(size_t)i * REPLICATES + r] = again[i];
    }
    out->gain = mv_stats_percentile(gain, draws + MV_ADVISE_POINTS * REPLICATES,
                                    REPLICATES, 0.95);
    for (int i = 0; i < MV_ADVISE_POINTS; i++)
        if (study->size[i] >= MV_FIT_LEAST) {
            out->point[out->points].labels = study->size[i];
            out->point[out->points++].f1 = mv_stats_percentile(
                f1[i], draws + i * REPLICATES, REPLICATES, 0.95);
        }
    out->enough = out->gain.high < MV_ADVISE_ENOUGH;
    free(rows);
    free(draws);
    return MV_OK;
}

/* --- the study ------------------------------------------------------------ */

/* Folded copies in arena; what is not UTF-8 the fit will complain about. */
static enum mv_status fold(const struct study *study, struct mv_span *texts,
                           struct mv_arena *arena)
{
    struct mv_text *text = NULL;
    struct mv_tokens tokens = {.n = 0};
    enum mv_status status = mv_text_new(&text);

    for (size_t i = 0; status == MV_OK && i < study->n; i++) {
        status = mv_text_tokens(text, study->example[i].message, &tokens, NULL);
        if (status != MV_OK)
            break;
        texts[i].at = mv_arena_copy(arena, mv_buffer_span(&tokens.folded));
        texts[i].len = tokens.folded.len;
        status = texts[i].at ? MV_OK : MV_NOMEM;
    }
    mv_text_free(text);
    mv_tokens_release(&tokens);
    return status;
}

static enum mv_status deal(struct study *study, struct mv_error *error)
{
    struct mv_arena arena = {NULL};
    struct mv_span *texts = calloc(study->n + 1, sizeof *texts);
    int *group = calloc(study->n + 1, sizeof *group);
    struct mv_split_rows rows = {study->n, study->label, NULL, group};
    enum mv_status status =
        texts && group ? fold(study, texts, &arena) : MV_NOMEM;

    if (status == MV_OK)
        status = mv_split_group(group, NULL, study->n, texts, error);
    if (status == MV_OK)
        status = mv_split_folds(study->fold, &study->folds, &rows, FOLDS,
                                study->options->seed, error);
    mv_arena_release(&arena);
    free(texts);
    free(group);
    return status;
}

static enum mv_status run(struct study *study, struct mv_curve *out,
                          struct mv_error *error)
{
    size_t n = study->n;
    enum mv_status status;

    for (size_t i = 0; i < n; i++) {
        study->label[i] = study->example[i].label;
        study->order[i] = i;
    }
    mv_rng_seed(study->rng, study->options->seed, REPLICATES);
    mv_rng_shuffle(study->rng, study->order, n, sizeof *study->order);
    memset(study->said, -1, MV_ADVISE_POINTS * n);
    status = deal(study, error);
    if (status != MV_OK)
        return status;
    for (int i = 0; i < MV_ADVISE_POINTS; i++)
        study->size[i] =
            (size_t)(SHARE[i] * (double)n * (study->folds - 1) / study->folds +
                     0.5);
    status = mv_parallel_for(study->options->threads,
                             (size_t)study->folds * MV_ADVISE_POINTS, fit_one,
                             study, error);
    return status == MV_OK ? conclude(study, out) : status;
}

/* A part of many messages by chance, for time. Owns: the caller. */
static struct mv_fit_example *
draw(const struct study *study, const struct mv_fit_example *examples, size_t n)
{
    struct mv_fit_example *copy = malloc((n + 1) * sizeof *copy);

    if (!copy)
        return NULL;
    memcpy(copy, examples, n * sizeof *copy);
    mv_rng_seed(study->rng, study->options->seed, REPLICATES + 1);
    mv_rng_shuffle(study->rng, copy, n, sizeof *copy);
    return copy;
}

enum mv_status mv_advise(struct mv_curve *out,
                         const struct mv_fit_example *examples, size_t n,
                         const struct mv_advise_options *options,
                         struct mv_error *error)
{
    size_t used = n < MV_ADVISE_MOST ? n : MV_ADVISE_MOST;
    struct study study = {.n = used, .options = options};
    struct mv_fit_example *copy;
    enum mv_status status = MV_NOMEM;

    if (n < MV_ADVISE_LEAST)
        return mv_error_set(error, MV_DATA, NULL, 0,
                            "too few labels of your own to look ahead: %zu "
                            "of the %d that it takes",
                            n, (int)MV_ADVISE_LEAST);
    *out = (struct mv_curve){.labels = n, .used = used};
    if (mv_rng_new(&study.rng, options->seed) != MV_OK)
        return mv_error_set(error, MV_NOMEM, NULL, 0, "out of memory");
    study.example = copy = draw(&study, examples, n);
    study.label = calloc(used, sizeof *study.label);
    study.fold = calloc(used, sizeof *study.fold);
    study.order = calloc(used, sizeof *study.order);
    study.said = calloc(used, MV_ADVISE_POINTS);
    if (copy && study.label && study.fold && study.order && study.said)
        status = run(&study, out, error);
    mv_rng_free(study.rng);
    free(copy);
    free(study.label);
    free(study.fold);
    free(study.order);
    free(study.said);
    return status == MV_NOMEM
               ? mv_error_set(error, status, NULL, 0, "out of memory")
               : status;
}
