/* How good a model is on groups of messages, and where they differ. */
#include "report_text.h"

#include <math.h>
#include <string.h>

/* --- JSON ----------------------------------------------------------------- */

static void put_figures(struct mv_json *json, const struct mv_group *group)
{
    mv_json_put_integer(json, "n", group->n);
    mv_json_put_integer(json, "purposes", group->purposes);
    mv_report_put_interval(json, "accuracy", group->accuracy);
    mv_report_put_interval(json, "precision", group->precision);
    mv_report_put_interval(json, "recall", group->recall);
    mv_report_put_interval(json, "false_alarms", group->alarm);
}

static void put_tests(struct mv_json *json, const struct mv_groups *family)
{
    mv_json_put_real(json, "p_recall", family->p_recall);
    mv_json_put_real(json, "p_false_alarms", family->p_alarm);
    mv_json_put_bool(json, "differs", family->differs);
}

void mv_report_put_groups(struct mv_json *json, const struct mv_evaluation *e)
{
    mv_json_begin_array(json, "groups");
    for (int f = 0; f < MV_FAMILIES; f++) {
        const struct mv_groups *family = &e->family[f];

        if (!family->n)
            continue;
        mv_json_begin_object(json, NULL);
        mv_json_put_text(json, "by", family->name);
        put_tests(json, family);
        mv_json_begin_array(json, "groups");
        for (size_t i = 0; i < family->n; i++) {
            mv_json_begin_object(json, NULL);
            mv_json_put_text(json, "name", family->group[i].name);
            put_figures(json, &family->group[i]);
            mv_json_end(json);
        }
        mv_json_end(json);
        mv_json_end(json);
    }
    mv_json_end(json);
}

void mv_report_put_parity(struct mv_json *json, const struct mv_groups *family)
{
    if (!family->n) {
        mv_json_put_null(json, "parity");
        return;
    }
    mv_json_begin_object(json, "parity");
    put_tests(json, family);
    mv_json_begin_object(json, "languages");
    for (size_t i = 0; i < family->n; i++) {
        mv_json_begin_object(json, family->group[i].name);
        put_figures(json, &family->group[i]);
        mv_json_end(json);
    }
    mv_json_end(json);
    mv_json_end(json);
}

/* --- words ---------------------------------------------------------------- */

static const char *shown(enum mv_family family, const char *name)
{
    static const char *const WORDS[][2] = {{"es", "Spanish"},
                                           {"en", "English"},
                                           {"mixed", "mixed"},
                                           {"unseen", "new template"},
                                           {"seen", "seen template"}};

    if (family == MV_FAMILY_LANGUAGE || family == MV_FAMILY_TEMPLATE)
        for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
            if (strcmp(name, WORDS[i][0]) == 0)
                return WORDS[i][1];
    return name;
}

static void add_groups(struct mv_page *page, struct mv_report_table *table,
                       const struct mv_evaluation *e, enum mv_family f)
{
    const struct mv_groups *family = &e->family[f];

    for (size_t i = 0; i < family->n; i++) {
        const struct mv_group *g = &family->group[i];

        mv_report_cell(page, table, shown(f, g->name));
        mv_report_cell(page, table, mv_report_format(page, "%ld", g->n));
        mv_report_cell(page, table, mv_report_interval(page, g->accuracy));
        /* Messages of a kind have one label: accuracy says it all. */
        mv_report_cell(
            page, table,
            f == MV_FAMILY_KIND ? "" : mv_report_interval(page, g->precision));
        mv_report_cell(
            page, table,
            f == MV_FAMILY_KIND ? "" : mv_report_interval(page, g->recall));
    }
}

static void begin(struct mv_page *page, struct mv_report_table *table,
                  const char *title, bool one_label)
{
    mv_report_put(page, "\n%s\n", title);
    mv_report_cell(page, table, "");
    mv_report_cell(page, table, "messages");
    mv_report_cell(page, table, "accuracy");
    mv_report_cell(page, table, one_label ? "" : "precision");
    mv_report_cell(page, table, one_label ? "" : "recall");
}

static void warn(struct mv_page *page, const struct mv_groups *family)
{
    bool recall = family->p_recall < family->p_alarm;

    if (!family->differs)
        return;
    mv_report_put(page, "\n");
    mv_report_say(page, "",
                  "Warning: by %s it does not do equally well: the share of %s "
                  "differs (chi-square test, p = %.2g).",
                  family->name,
                  recall ? "purposes that it finds"
                         : "other messages that it calls purpose",
                  recall ? family->p_recall : family->p_alarm);
}

static void say_details(struct mv_page *page, const struct mv_evaluation *e)
{
    static const struct {
        enum mv_family family;
        const char *title;
    } PARTS[] = {{MV_FAMILY_LENGTH, "By length in characters, when forced"},
                 {MV_FAMILY_SOURCE, "By source, when forced"},
                 {MV_FAMILY_KIND, "By kind, when forced"}};

    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++) {
        struct mv_report_table table = {.align = "lrlll"};

        if (!e->family[PARTS[i].family].n)
            continue;
        begin(page, &table, PARTS[i].title, PARTS[i].family == MV_FAMILY_KIND);
        add_groups(page, &table, e, PARTS[i].family);
        mv_report_table_end(page, &table, "  ");
    }
}

void mv_report_say_groups(struct mv_page *page, const struct mv_evaluation *e,
                          bool details)
{
    struct mv_report_table table = {.align = "lrlll"};

    if (!e->family[MV_FAMILY_LANGUAGE].n)
        return;
    begin(page, &table, "By language and by template, when forced", false);
    add_groups(page, &table, e, MV_FAMILY_LANGUAGE);
    add_groups(page, &table, e, MV_FAMILY_TEMPLATE);
    mv_report_table_end(page, &table, "  ");
    if (details)
        say_details(page, e);
    for (int f = 0; f < MV_FAMILY_KIND; f++)
        warn(page, &e->family[f]);
}
