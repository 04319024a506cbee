/* The same decisions by groups of messages, and whether the groups differ. */
#include "eval.h"

#include "split.h"
#include "text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    ENOUGH = 10,     /* messages of a label, for a group to be tested */
    TESTS = 6,       /* of recall and alarm, in three families */
    MIXED_LEAST = 2, /* function words of either language */
    MIXED_SHARE = 5  /* one in so many of both */
};

static const char *const FAMILIES[MV_FAMILIES] = {"language", "length",
                                                  "source", "kind", "template"};
static const char *const LANGUAGES[] = {"es", "en", "mixed", "other"};
static const char *const LENGTHS[] = {"1-60", "61-150", "151-300", "301-"};
static const char *const TEMPLATES[] = {"unseen", "seen"};

/* What is read of the messages, and of the training messages behind them. */
struct reading {
    const struct mv_fit_example *example;
    size_t n, all; /* all: with the training messages */
    struct mv_text *text;
    struct mv_lang *lang;
    struct mv_tokens *tokens; /* all */
    struct mv_span *folded;   /* all */
    int *group;               /* all */
    int *language, *length;   /* n */
};

static void release(struct reading *r)
{
    for (size_t i = 0; r->tokens && i < r->all; i++)
        mv_tokens_release(&r->tokens[i]);
    free(r->tokens);
    free(r->folded);
    free(r->group);
    free(r->language);
    free(r->length);
    mv_text_free(r->text);
    mv_lang_free(r->lang);
}

/* --- what a message is ---------------------------------------------------- */

static int language_of(const struct reading *r, const struct mv_tokens *tokens,
                       enum mv_language said)
{
    mv_lang_votes votes = 0;
    size_t voters = 0, es = 0, en = 0;

    for (size_t i = 0; i < tokens->n && voters < 255; i++) {
        struct mv_span word = {tokens->folded.at + tokens->token[i].at,
                               tokens->token[i].len};
        uint8_t set;

        if (tokens->token[i].kind != MV_TOKEN_WORD)
            continue;
        set = mv_lang_word(r->lang, word);
        votes = mv_lang_add(votes, set);
        voters++;
        es += set & 1 << MV_LANG_ES && !(set & 1 << MV_LANG_EN);
        en += set & 1 << MV_LANG_EN && !(set & 1 << MV_LANG_ES);
    }
    if (es >= MIXED_LEAST && en >= MIXED_LEAST &&
        MIXED_SHARE * (es < en ? es : en) >= es + en)
        return 2;
    if (said == MV_LANG_UND)
        said = mv_lang_decide(votes, voters, mv_buffer_span(&tokens->folded));
    return said == MV_LANG_ES ? 0 : said == MV_LANG_EN ? 1 : 3;
}

/* The band of a message's length; -1 for none. */
static int length_of(struct mv_span message)
{
    size_t characters = 0;

    for (size_t i = 0; i < message.len; i++)
        characters += ((unsigned char)message.at[i] & 0xC0) != 0x80;
    if (characters == 0)
        return -1;
    return characters <= 60    ? 0
           : characters <= 150 ? 1
                               : 2 + (characters > 300);
}

static int kind_of(const char *name)
{
    const struct mv_kind *kinds = mv_kinds();

    for (int k = 0; name && kinds[k].name && k < MV_GROUPS_MAX; k++)
        if (strcmp(kinds[k].name, name) == 0)
            return k;
    return -1;
}

static enum mv_status open_reading(struct reading *r,
                                   const struct mv_fit_example *examples,
                                   size_t n, size_t trained)
{
    *r = (struct reading){.example = examples, .n = n, .all = n + trained};
    r->tokens = calloc(r->all + 1, sizeof *r->tokens);
    r->folded = calloc(r->all + 1, sizeof *r->folded);
    r->group = calloc(r->all + 1, sizeof *r->group);
    r->language = calloc(n + 1, sizeof *r->language);
    r->length = calloc(n + 1, sizeof *r->length);
    if (!r->tokens || !r->folded || !r->group || !r->language || !r->length ||
        mv_text_new(&r->text) != MV_OK)
        return MV_NOMEM;
    return mv_lang_new(&r->lang);
}

static enum mv_status read_all(struct reading *r,
                               const struct mv_eval_options *options,
                               struct mv_error *error)
{
    enum mv_status status = MV_OK;

    for (size_t i = 0; status == MV_OK && i < r->all; i++) {
        const struct mv_fit_example *example =
            i < r->n ? &r->example[i] : &options->trained[i - r->n];

        status =
            mv_text_tokens(r->text, example->message, &r->tokens[i], error);
        if (status != MV_OK)
            break;
        r->folded[i] = mv_buffer_span(&r->tokens[i].folded);
        if (i >= r->n)
            continue;
        r->language[i] = language_of(r, &r->tokens[i], example->language);
        r->length[i] = length_of(example->message);
    }
    if (status == MV_OK && r->all > r->n)
        status = mv_split_group(r->group, NULL, r->all, r->folded, error);
    return status;
}

/* --- counting ------------------------------------------------------------- */

static void add(struct mv_groups *groups, int which, const char *name,
                bool purpose, bool called)
{
    struct mv_group *group;

    if (which < 0 || which >= MV_GROUPS_MAX)
        return;
    group = &groups->group[which];
    group->name = name;
    group->n++;
    group->purposes += purpose;
    group->found += purpose && called;
    group->alarms += !purpose && called;
}

static enum mv_status count(struct mv_groups *out, const struct reading *r,
                            const int *forced)
{
    bool *seen = calloc(r->all + 1, sizeof *seen);

    if (!seen)
        return MV_NOMEM;
    for (size_t i = r->n; i < r->all; i++)
        seen[r->group[i]] = true;
    for (size_t i = 0; i < r->n; i++) {
        const struct mv_fit_example *e = &r->example[i];
        bool is = e->label == 1, says = forced[i] == 1;
        int length = r->length[i], kind = kind_of(e->kind);

        if (length < 0) /* nothing was said */
            continue;
        add(&out[MV_FAMILY_LANGUAGE], r->language[i], LANGUAGES[r->language[i]],
            is, says);
        add(&out[MV_FAMILY_LENGTH], length, LENGTHS[length], is, says);
        add(&out[MV_FAMILY_SOURCE], e->origin,
            mv_origin_name((enum mv_origin)e->origin), is, says);
        add(&out[MV_FAMILY_KIND], kind, e->kind, is, says);
        if (r->all > r->n)
            add(&out[MV_FAMILY_TEMPLATE], seen[r->group[i]],
                TEMPLATES[seen[r->group[i]]], is, says);
    }
    free(seen);
    return MV_OK;
}

/* --- figures -------------------------------------------------------------- */

static void measure(struct mv_group *g)
{
    long others = g->n - g->purposes;

    g->accuracy = mv_stats_wilson(g->found + others - g->alarms, g->n, 0.95);
    g->precision = mv_stats_wilson(g->found, g->found + g->alarms, 0.95);
    g->recall = mv_stats_wilson(g->found, g->purposes, 0.95);
    g->alarm = mv_stats_wilson(g->alarms, others, 0.95);
}

static void compare(struct mv_groups *groups, bool says)
{
    long found[MV_GROUPS_MAX], purposes[MV_GROUPS_MAX];
    long alarms[MV_GROUPS_MAX], others[MV_GROUPS_MAX];
    size_t n = 0, m = 0;

    for (size_t i = 0; i < groups->n; i++) {
        const struct mv_group *g = &groups->group[i];

        if (g->purposes >= ENOUGH) {
            found[n] = g->found;
            purposes[n++] = g->purposes;
        }
        if (g->n - g->purposes >= ENOUGH) {
            alarms[m] = g->alarms;
            others[m++] = g->n - g->purposes;
        }
    }
    groups->p_recall = mv_stats_homogeneity(found, purposes, n);
    groups->p_alarm = mv_stats_homogeneity(alarms, others, m);
    groups->differs =
        says && TESTS * fmin(groups->p_recall, groups->p_alarm) < 0.05;
}

/* Drops the groups that are empty. */
static void finish(struct mv_groups *groups, int family)
{
    groups->name = FAMILIES[family];
    groups->n = 0;
    for (int i = 0; i < MV_GROUPS_MAX; i++)
        if (groups->group[i].n) {
            groups->group[groups->n] = groups->group[i];
            measure(&groups->group[groups->n++]);
        }
    compare(groups, family < MV_FAMILY_KIND);
}

enum mv_status mv_eval_groups(struct mv_groups *out,
                              const struct mv_fit_example *examples, size_t n,
                              const int *forced,
                              const struct mv_eval_options *options,
                              struct mv_error *error)
{
    struct reading r;
    enum mv_status status = open_reading(
        &r, examples, n, options->trained ? options->n_trained : 0);

    memset(out, 0, MV_FAMILIES * sizeof *out);
    if (status == MV_OK)
        status = read_all(&r, options, error);
    if (status == MV_OK)
        status = count(out, &r, forced);
    for (int family = 0; status == MV_OK && family < MV_FAMILIES; family++)
        finish(&out[family], family);
    release(&r);
    if (status == MV_NOMEM)
        mv_error_set(error, status, NULL, 0, "out of memory");
    return status;
}
