#include "report_label.h"

#include "report_text.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- agreement ------------------------------------------------------------ */

static void put_pairs(struct mv_json *json, const struct mv_report_pair *pairs,
                      size_t n)
{
    mv_json_begin_array(json, "pairs");
    for (size_t i = 0; i < n; i++) {
        const struct mv_report_pair *pair = &pairs[i];

        mv_json_begin_object(json, NULL);
        mv_json_put_text(json, "first", pair->first);
        mv_json_put_text(json, "second", pair->second);
        mv_json_put_bool(json, "again", strcmp(pair->first, pair->second) == 0);
        mv_json_put_integer(json, "n", pair->agreement.n);
        mv_report_put_interval(json, "same", pair->agreement.same);
        mv_report_put_interval(json, "kappa", pair->agreement.kappa);
        mv_json_end(json);
    }
    mv_json_end(json);
}

static void put_disputes(struct mv_json *json,
                         const struct mv_report_dispute *disputes, size_t n)
{
    mv_json_begin_array(json, "disputes");
    for (size_t i = 0; i < n; i++) {
        mv_json_begin_object(json, NULL);
        mv_json_put_integer(json, "id", disputes[i].id);
        mv_json_put_text(json, "name", disputes[i].name);
        mv_json_put_span(json, "text", disputes[i].message);
        mv_json_put_text(json, "says", disputes[i].says);
        mv_json_end(json);
    }
    mv_json_end(json);
}

/* Landis and Koch 1977, in plain words. */
static const char *word_for(double kappa)
{
    return isnan(kappa)  ? "-"
           : kappa > 0.8 ? "almost complete"
           : kappa > 0.6 ? "substantial"
           : kappa > 0.4 ? "moderate"
           : kappa > 0.2 ? "fair"
                         : "slight";
}

static void say_pairs(struct mv_page *page, const struct mv_report_pair *pairs,
                      size_t n)
{
    struct mv_report_table table = {.align = "lrlll"};
    static const char *const HEAD[] = {"who", "messages", "same answer",
                                       "kappa", "agreement"};

    for (size_t i = 0; i < sizeof HEAD / sizeof *HEAD; i++)
        mv_report_cell(page, &table, HEAD[i]);
    for (size_t i = 0; i < n; i++) {
        const struct mv_report_pair *pair = &pairs[i];
        const struct mv_agreement *a = &pair->agreement;
        bool again = strcmp(pair->first, pair->second) == 0;

        mv_report_cell(
            page, &table,
            again ? mv_report_format(page, "%s, asked again",
                                     mv_report_clean(page, pair->first, 16))
                  : mv_report_format(page, "%s and %s",
                                     mv_report_clean(page, pair->first, 12),
                                     mv_report_clean(page, pair->second, 12)));
        mv_report_cell(page, &table, mv_report_format(page, "%ld", a->n));
        mv_report_cell(page, &table, mv_report_interval(page, a->same));
        mv_report_cell(page, &table, mv_report_interval(page, a->kappa));
        mv_report_cell(page, &table, word_for(a->kappa.value));
    }
    mv_report_table_end(page, &table, "  ");
}

static void say_disputes(struct mv_page *page,
                         const struct mv_report_dispute *disputes, size_t n)
{
    mv_report_put(page, "\nNot agreed about (%zu)\n", n);
    for (size_t i = 0; i < n; i++) {
        mv_report_put(page, "  %5" PRId64 "  %s  %s\n", disputes[i].id,
                      mv_report_clean(
                          page, disputes[i].name ? disputes[i].name : "-", 24),
                      mv_report_clean(page, disputes[i].says, 44));
        mv_report_put(page, "         %s\n",
                      mv_report_line(page, disputes[i].message, 70));
    }
    mv_report_put(page, "\n");
    mv_report_say(page, "",
                  "Where most annotators say the same, that settles it; where "
                  "they tie, the message is left out of training. To settle "
                  "one:");
    mv_report_put(
        page, "  motivo label --set %" PRId64 "=purpose --annotator referee\n",
        disputes[0].id);
}

enum mv_status mv_report_agreement(struct mv_page *page,
                                   const struct mv_report_pair *pairs, size_t n,
                                   const struct mv_report_dispute *disputes,
                                   size_t n_disputes)
{
    mv_json_begin_object(page->json, NULL);
    put_pairs(page->json, pairs, n);
    put_disputes(page->json, disputes, n_disputes);
    mv_json_end(page->json);
    if (!n) {
        mv_report_say(page, "",
                      "No message has been labelled twice yet. A second pass, "
                      "without the first answers on the screen:");
        mv_report_put(page, "  motivo label --again 50\n"
                            "  motivo label --again 50 --annotator ana\n");
        return mv_report_finish(page);
    }
    mv_report_put(page, "Agreement of annotators\n\n");
    say_pairs(page, pairs, n);
    mv_report_put(page, "\n");
    mv_report_say(page, "",
                  "Kappa (Cohen) is the share of agreement beyond chance: 1 is "
                  "complete, 0 is what guessing brings. In brackets: 95 %% "
                  "intervals.");
    if (n_disputes)
        say_disputes(page, disputes, n_disputes);
    else
        mv_report_put(page, "\nThere is nothing to settle.\n");
    return mv_report_finish(page);
}

/* --- advice --------------------------------------------------------------- */

static void put_curve(struct mv_json *json, const struct mv_curve *curve)
{
    mv_json_begin_object(json, NULL);
    mv_json_put_integer(json, "labels", (long long)curve->labels);
    mv_json_put_integer(json, "used", (long long)curve->used);
    mv_json_begin_array(json, "curve");
    for (size_t i = 0; i < curve->points; i++) {
        mv_json_begin_object(json, NULL);
        mv_json_put_integer(json, "labels", (long long)curve->point[i].labels);
        mv_report_put_interval(json, "f1", curve->point[i].f1);
        mv_json_end(json);
    }
    mv_json_end(json);
    mv_json_put_integer(json, "more", MV_ADVISE_MORE);
    mv_report_put_interval(json, "gain", curve->gain);
    mv_json_put_bool(json, "enough", curve->enough);
    mv_json_end(json);
}

/* "0.7": of 100. */
static const char *points_of(struct mv_page *page, double share)
{
    return isnan(share) ? "-" : mv_report_format(page, "%.1f", 100 * share);
}

static void say_gain(struct mv_page *page, const struct mv_curve *curve)
{
    const struct mv_interval *gain = &curve->gain;

    if (isnan(gain->value)) {
        mv_report_put(page, "\n");
        mv_report_say(page, "",
                      "What more labels bring can not be told yet: there are "
                      "too few.");
        return;
    }
    mv_report_put(page, "\n");
    mv_report_say(page, "",
                  "%d more labels are expected to add %s points of F1 (%s to "
                  "%s).",
                  (int)MV_ADVISE_MORE, points_of(page, gain->value),
                  points_of(page, gain->low), points_of(page, gain->high));
    if (curve->enough)
        mv_report_say(page, "",
                      "That is enough labels: further ones of this sort would "
                      "hardly change anything. What may still help: 'motivo "
                      "label --order suspect'.");
    else
        mv_report_say(page, "", "It is worth going on: 'motivo label'.");
}

enum mv_status mv_report_advice(struct mv_page *page,
                                const struct mv_curve *curve)
{
    struct mv_report_table table = {.align = "rl"};

    put_curve(page->json, curve);
    mv_report_say(page, "",
                  "How good models of your own %zu labels alone are, by how "
                  "many of them they learnt from%s:",
                  curve->labels,
                  curve->used < curve->labels ? " (measured on a part)" : "");
    mv_report_put(page, "\n");
    mv_report_cell(page, &table, "labels");
    mv_report_cell(page, &table, "F1 of purpose (95 %)");
    for (size_t i = 0; i < curve->points; i++) {
        mv_report_cell(page, &table,
                       mv_report_format(page, "%zu", curve->point[i].labels));
        mv_report_cell(page, &table,
                       mv_report_interval(page, curve->point[i].f1));
    }
    mv_report_table_end(page, &table, "  ");
    say_gain(page, curve);
    return mv_report_finish(page);
}
