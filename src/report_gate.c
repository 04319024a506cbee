/* Whether a new model took the place of the active one, and why. */
#include "report_text.h"

#include <math.h>
#include <stdio.h>

enum { LOST_SHOWN = 10, TEXT_COLUMNS = 66 };

static const char *const BASES[] = {"audit sample", "own labels", "labels"};

/* --- JSON ----------------------------------------------------------------- */

static void put_lost(struct mv_json *json, const struct mv_report_gate *gate)
{
    mv_json_begin_array(json, "lost");
    for (size_t i = 0; i < gate->n_lost; i++) {
        mv_json_begin_object(json, NULL);
        mv_json_put_integer(json, "id", gate->lost[i].id);
        mv_json_put_text(json, "label", mv_label_name(gate->lost[i].label));
        mv_json_put_span(json, "text", gate->lost[i].message);
        mv_json_end(json);
    }
    mv_json_end(json);
}

void mv_report_put_gate(struct mv_json *json,
                        const struct mv_report_training *t)
{
    const struct mv_report_gate *gate = t->gate;

    if (!gate || !gate->rival) {
        mv_json_put_null(json, "gate");
        return;
    }
    mv_json_begin_object(json, "gate");
    mv_json_put_integer(json, "rival", gate->rival);
    mv_json_put_text(json, "why", gate->why);
    if (gate->compares) {
        mv_json_put_text(json, "basis", BASES[gate->basis]);
        mv_json_put_bool(json, "loss", gate->loss);
        mv_json_put_bool(json, "overridden", t->forced);
        mv_report_put_comparison(json, &gate->compared, "rival", "new");
        put_lost(json, gate);
    }
    mv_json_end(json);
}

/* --- words ---------------------------------------------------------------- */

void mv_report_gate_words(const struct mv_report_gate *gate, char *text)
{
    static const char *const OF[] = {"audited", "own labels", "labels"};
    const struct mv_comparison *c = &gate->compared;

    if (!gate->rival)
        snprintf(text, MV_GATE_WORDS, "the first model");
    else if (!gate->compares)
        snprintf(text, MV_GATE_WORDS, "model %lld could not be compared with",
                 (long long)gate->rival);
    else
        snprintf(text, MV_GATE_WORDS, "%s: %ld lost, %ld won of %zu %s",
                 gate->loss ? "loss" : "no loss", c->only_first, c->only_second,
                 c->n, OF[gate->basis]);
}

static const char *ground(struct mv_page *page,
                          const struct mv_report_gate *gate)
{
    static const char FOLDS[] = "each of them judged by the two ways of "
                                "learning without it";
    unsigned long n = (unsigned long)gate->compared.n;

    if (gate->basis == MV_GATE_AUDIT)
        return mv_report_format(page,
                                "the audit sample of %lu messages, which "
                                "neither has learnt from",
                                n);
    if (gate->basis == MV_GATE_OWN)
        return mv_report_format(page, "your own %lu labels, %s", n, FOLDS);
    return mv_report_format(page, "all %lu labels, %s", n, FOLDS);
}

static void say_lost(struct mv_page *page, const struct mv_report_training *t)
{
    const struct mv_report_gate *gate = t->gate;
    size_t shown = gate->n_lost < LOST_SHOWN ? gate->n_lost : LOST_SHOWN;

    if (!shown || !gate->loss)
        return;
    mv_report_put(page,
                  "\nWrong now (%lu of %lu; all of its other verdicts: "
                  "motivo models compare %lld %lld)\n",
                  (unsigned long)shown, (unsigned long)gate->n_lost,
                  (long long)gate->rival, (long long)t->id);
    for (size_t i = 0; i < shown; i++) {
        const struct mv_report_lost *lost = &gate->lost[i];

        mv_report_put(page, "  %6lld  labelled %s\n          %s\n",
                      (long long)lost->id, mv_label_name(lost->label),
                      mv_report_line(page, lost->message, TEXT_COLUMNS));
    }
}

static void say_outcome(struct mv_page *page,
                        const struct mv_report_training *t)
{
    const struct mv_report_gate *gate = t->gate;

    if (!gate->loss)
        mv_report_say(page, "", "No loss can be shown%s",
                      t->active ? ": it takes the place of the active model."
                                : ".");
    else if (t->forced)
        mv_report_say(page, "",
                      "That is a loss. It was made active all the "
                      "same, as you asked, and that is on record.");
    else
        mv_report_say(page, "",
                      "That is a loss: model %lld stays active, and this one "
                      "is a candidate.",
                      (long long)gate->rival);
}

void mv_report_say_gate(struct mv_page *page,
                        const struct mv_report_training *t)
{
    const struct mv_report_gate *gate = t->gate;

    if (!gate || !gate->rival)
        return;
    mv_report_put(page, "\nAgainst model %lld, which was active\n",
                  (long long)gate->rival);
    if (!gate->compares) {
        mv_report_say(page, "", "It could not be compared with: %s.",
                      mv_report_clean(page, gate->why, 0));
        return;
    }
    mv_report_say(page, "", "Compared on %s.", ground(page, gate));
    mv_report_put(page, "\n");
    mv_report_say_comparison(page, &gate->compared, "before", "now");
    mv_report_put(page, "\n");
    say_outcome(page, t);
    say_lost(page, t);
}
