#include "eval.h"

#include "invite.h"
#include "test.h"

enum { N = 240 };

static char text[N][400];
static struct mv_fit_example example[N];
static int forced[N];

/* 120 Spanish and 120 English messages, each second one a purpose; a share of
 * the Spanish purposes is missed. */
static void invent(int missed)
{
    for (int i = 0; i < N; i++) {
        bool spanish = i < N / 2;

        snprintf(text[i], sizeof text[i],
                 spanish ? "Hola, ¿te puedo preguntar algo de la nave %d%d?"
                         : "Hi, can I ask you something about the barn %d%d?",
                 i * 7919, i * 104729);
        example[i] = (struct mv_fit_example){
            .message = mv_span_of(text[i]),
            .label = i % 2,
            .language = spanish ? MV_LANG_ES : MV_LANG_EN,
            .kind = i % 2 ? "question" : NULL,
            .origin = MV_ORIGIN_NOTE,
        };
        forced[i] = i % 2 && !(spanish && i < missed);
    }
}

static struct mv_groups groups[MV_FAMILIES];

static enum mv_status part(const struct mv_eval_options *options)
{
    return mv_eval_groups(groups, example, N, forced, options, NULL);
}

static const struct mv_group *find(enum mv_family family, const char *name)
{
    for (size_t i = 0; i < groups[family].n; i++)
        if (strcmp(groups[family].group[i].name, name) == 0)
            return &groups[family].group[i];
    return NULL;
}

static void check_parity(void)
{
    struct mv_eval_options options = {0};
    const struct mv_group *es;

    invent(0);
    EQ(part(&options), MV_OK);
    EQ(groups[MV_FAMILY_LANGUAGE].n, 2);
    OK(!groups[MV_FAMILY_LANGUAGE].differs);
    NEAR(groups[MV_FAMILY_LANGUAGE].p_recall, 1, 0);
    EQ(groups[MV_FAMILY_TEMPLATE].n, 0);
    invent(40);
    EQ(part(&options), MV_OK);
    es = find(MV_FAMILY_LANGUAGE, "es");
    OK(es && es->n == 120 && es->purposes == 60 && es->found == 40);
    if (es)
        NEAR(es->recall.value, 2 / 3.0, 1e-12);
    OK(groups[MV_FAMILY_LANGUAGE].differs);
    OK(groups[MV_FAMILY_LANGUAGE].p_recall < 1e-5);
    NEAR(groups[MV_FAMILY_LANGUAGE].p_alarm, 1, 0);
    OK(find(MV_FAMILY_KIND, "question")->n == 120);
    OK(!groups[MV_FAMILY_KIND].differs);
    EQ(find(MV_FAMILY_SOURCE, "note")->n, N);
}

static void check_traits(void)
{
    struct mv_eval_options options = {.trained = example, .n_trained = 60};
    const struct mv_group *mixed, *seen;
    char longer[320];

    invent(0);
    memset(longer, 'x', sizeof longer);
    for (size_t i = 7; i < sizeof longer; i += 8)
        longer[i] = ' ';
    example[200].message =
        mv_span_of("Hola Ana, me gusta lo que haces con la cooperativa. I "
                   "would like to talk with you about the project that we "
                   "have in the north");
    example[201].message = (struct mv_span){longer, sizeof longer};
    example[202].message = mv_span_of("");
    EQ(part(&options), MV_OK);
    mixed = find(MV_FAMILY_LANGUAGE, "mixed");
    OK(mixed && mixed->n == 1);
    OK(find(MV_FAMILY_LENGTH, "301-") &&
       find(MV_FAMILY_LENGTH, "301-")->n == 1);
    EQ(find(MV_FAMILY_SOURCE, "note")->n, N - 1);
    seen = find(MV_FAMILY_TEMPLATE, "seen");
    OK(seen && seen->n >= 60 && seen->n <= 120);
    OK(find(MV_FAMILY_TEMPLATE, "unseen") != NULL);
}

int main(void)
{
    TEST("groups that differ are told")
    {
        check_parity();
    }
    TEST("mixed, long, empty, seen before")
    {
        check_traits();
    }
    return test_end();
}
