/* Why one message got its verdict. */
#include "report_text.h"

#include <math.h>

/* --- JSON ----------------------------------------------------------------- */

static void put_parts(struct mv_json *json,
                      const struct mv_report_explanation *e)
{
    mv_json_begin_array(json, "parts");
    for (size_t i = 0; i < e->n; i++) {
        const struct mv_part *part = &e->parts[i];

        mv_json_begin_object(json, NULL);
        mv_json_put_span(json, "text",
                         (struct mv_span){e->message.at + part->from,
                                          part->to - part->from});
        mv_json_put_integer(json, "from", (long long)part->from);
        mv_json_put_integer(json, "to", (long long)part->to);
        mv_json_put_real(json, "adds", part->adds);
        mv_json_end(json);
    }
    mv_json_end(json);
}

static void put(struct mv_json *json, const struct mv_report_explanation *e)
{
    const struct mv_opinion *o = e->opinion;

    mv_json_begin_object(json, NULL);
    mv_json_put_text(json, "verdict", mv_verdict_name(o->verdict));
    mv_json_put_real(json, "probability", o->probability);
    mv_json_put_real(json, "score", o->score);
    mv_json_put_text(json, "language", mv_lang_name(o->language));
    mv_json_put_text(json, "action",
                     mv_action_name(mv_verdict_action(o->verdict)));
    mv_json_put_text(json, "reason", e->reason);
    mv_json_begin_object(json, "thresholds");
    mv_json_put_real(json, "low", e->thresholds->low);
    mv_json_put_real(json, "forced", e->thresholds->forced);
    mv_json_put_real(json, "purpose", e->thresholds->purpose);
    mv_json_end(json);
    mv_json_put_real(json, "constant", e->constant);
    put_parts(json, e);
    mv_json_end(json);
}

/* --- text ----------------------------------------------------------------- */

static void say_verdict(struct mv_page *page,
                        const struct mv_report_explanation *e)
{
    static const char *const MEANING[] = {
        [MV_VERDICT_NO_PURPOSE] = "accept without a word",
        [MV_VERDICT_PURPOSE] = "this one deserves an answer",
        [MV_VERDICT_UNSURE] = "read it yourself",
        [MV_VERDICT_NO_NOTE] = "there is no message to judge",
    };
    const struct mv_opinion *o = e->opinion;

    mv_report_put(page, "%s: %s\n", mv_verdict_name(o->verdict),
                  MEANING[o->verdict]);
    if (o->verdict == MV_VERDICT_NO_NOTE)
        return;
    mv_report_say(page, "", "Probability of a purpose %s, language %s.",
                  mv_report_figure(page, o->probability),
                  mv_report_language(o->language));
    mv_report_say(page, "",
                  "The model says purpose from %s on and no-purpose below %s.",
                  mv_report_figure(page, e->thresholds->purpose),
                  mv_report_figure(page, e->thresholds->low));
}

/* Verdicts that the probability alone does not explain. */
static void say_exception(struct mv_page *page,
                          const struct mv_report_explanation *e)
{
    const struct mv_opinion *o = e->opinion;

    if (o->canned)
        mv_report_say(page, "",
                      "This is the text that LinkedIn itself puts in: it is "
                      "no-purpose whatever the model has learnt.");
    else if (o->verdict == MV_VERDICT_UNSURE &&
             (o->probability >= e->thresholds->purpose ||
              o->probability < e->thresholds->low))
        mv_report_say(page, "",
                      "The model has learnt from too few messages in this "
                      "language to be believed: so it is unsure.");
}

/* Parts that add nothing go with their neighbours. */
static int sign(double adds)
{
    return (adds > 0) - (adds < 0);
}

/* The end of the run of parts of one sign that starts at i; *adds: its sum. */
static size_t run_end(const struct mv_report_explanation *e, size_t i,
                      double *adds)
{
    int run = 0;

    for (*adds = 0; i < e->n; i++) {
        int s = sign(e->parts[i].adds);

        if (s && run && s != run)
            break;
        run = s ? s : run;
        *adds += e->parts[i].adds;
    }
    return i;
}

static void say_parts(struct mv_page *page,
                      const struct mv_report_explanation *e)
{
    size_t end;
    double adds;

    mv_report_put(
        page, "\nWhat each piece adds (+ speaks for a purpose, - against)\n");
    for (size_t i = 0; i < e->n; i = end) {
        struct mv_span text = {e->message.at + e->parts[i].from, 0};

        end = run_end(e, i, &adds);
        text.len = e->parts[end - 1].to - e->parts[i].from;
        mv_report_put(page, "  %+7.2f  %s\n", adds,
                      mv_report_line(page, text, MV_REPORT_WIDTH - 11));
    }
    mv_report_put(page, "  %+7.2f  (where every message starts)\n",
                  e->constant);
    mv_report_put(page, "  %+7.2f  in all\n", e->opinion->score);
}

enum mv_status mv_report_explain(struct mv_page *page,
                                 const struct mv_report_explanation *e)
{
    put(page->json, e);
    say_verdict(page, e);
    say_exception(page, e);
    if (e->reason && *e->reason)
        mv_report_say(page, "Because of: ", "%s",
                      mv_report_clean(page, e->reason, 0));
    if (e->n && isfinite(e->opinion->score))
        say_parts(page, e);
    return mv_report_finish(page);
}
