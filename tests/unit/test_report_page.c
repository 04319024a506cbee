/* The report as HTML and Markdown, in two languages; what the plots show. */
#include "report_doc.h"
#include "report_fixture.h"

#include <stdlib.h>

struct made {
    struct mv_page *page;
    struct mv_buffer options, metrics;
    struct mv_counts counts;
    struct mv_model_row model;
};

static const char *make(struct made *made, const struct mv_report_triage *with,
                        enum mv_report_form form, enum mv_tongue tongue)
{
    struct mv_report_triage t;

    *made = (struct made){.page = open_page(), .counts = fixture_counts()};
    made->model = fixture_model(&made->options, &made->metrics);
    t = fixture_triage(&made->counts, &made->model);
    if (with) {
        t.batch = with->batch;
        t.outcomes = with->outcomes;
        t.graphs = with->graphs;
        if (with->parity.n)
            t.parity = with->parity;
        if (with->audit.labels) {
            t.audit = with->audit;
            t.basis = with->basis;
        }
        if (with->reply) {
            t.reply = with->reply;
            t.n_reply = with->n_reply;
        }
    }
    EQ(mv_report_triage(made->page, &t, form, tongue), MV_OK);
    return made->page->text.at;
}

static void unmake(struct made *made)
{
    if (made->page->form == MV_REPORT_TEXT)
        close_page(made->page);
    else /* lines of any length */
        mv_report_free(made->page);
    mv_buffer_release(&made->options);
    mv_buffer_release(&made->metrics);
}

#define HAS(text, part) OK(strstr((text), (part)) != NULL)
#define LACKS(text, part) OK(strstr((text), (part)) == NULL)

/* --- words ---------------------------------------------------------------- */

static int places(const char *text)
{
    int found = 0;

    for (; (text = strchr(text, '{')); text++) {
        OK(text[1] >= '0' && text[1] <= '9' && text[2] == '}');
        found |= 1 << (text[1] - '0');
    }
    return found;
}

static void test_words(void)
{
    TEST("every word is there in both languages, with the same places")
    {
        for (int w = 0; w < MV_WORDS; w++) {
            const char *en = mv_report_word(MV_TONGUE_EN, (enum mv_word)w);
            const char *es = mv_report_word(MV_TONGUE_ES, (enum mv_word)w);

            OK(en && *en && es && *es);
            if (en && es)
                EQ(places(en), places(es));
        }
    }
    TEST("a reason is found by its English")
    {
        STR(mv_report_translate(MV_TONGUE_ES, "learn from the labels"),
            "aprende de las etiquetas");
        STR(mv_report_translate(MV_TONGUE_ES, "what nobody says"),
            "what nobody says");
    }
}

/* --- HTML ----------------------------------------------------------------- */

static void test_html(void)
{
    struct made made;
    const char *html = make(&made, NULL, MV_REPORT_HTML, MV_TONGUE_EN);

    TEST("the first screen, with figures that name their place in JSON")
    {
        HAS(html, "<html lang=\"en\">");
        HAS(html, "<p class=\"lead\"><data value=\"362\" "
                  "data-json=\"counts.incoming\">362</data> invitations wait, "
                  "and <data value=\"85\" data-json=\"counts.openings\">85"
                  "</data> contacts have opened a conversation.</p>");
        HAS(html, "state a purpose (in all between <data value=\"29\" "
                  "data-json=\"plan.purposes.low\">29</data> and ");
        HAS(html, "at <data value=\"10\" data-json=\"plan.capacity\">10</data> "
                  "a week that takes <data value=\"4\" "
                  "data-json=\"plan.weeks\">4</data> weeks.");
        HAS(html, "<data value=\"0.88\" data-json=\"evidence.precision.low\">"
                  "88</data>");
    }
    TEST("a message with its reasons marked and its language told")
    {
        HAS(html, "<blockquote dir=\"auto\" lang=\"es\">Hola Ana, "
                  "<mark>vi tu charla</mark> sobre <mark>faros</mark>. Saludos"
                  "</blockquote>");
        HAS(html, "href=\"https://www.linkedin.com/in/ana-perez\"");
        HAS(html, "<time datetime=\"2026-02-09\">9\u00a0Feb\u00a02026</time>");
    }
    TEST("an escape shows as text")
    {
        HAS(html, "<bdi>Bob <span class=\"c\">U+FFFD</span>[31m Li</bdi>");
        LACKS(html, "\x1b");
    }
    unmake(&made);
    html = make(&made, NULL, MV_REPORT_HTML, MV_TONGUE_ES);
    TEST("the same in Spanish, with a decimal comma")
    {
        HAS(html, "<html lang=\"es\">");
        HAS(html, "</data> dicen para qué escriben (en total entre ");
        HAS(html, ">0,94</data> (<data");
        HAS(html, "<time datetime=\"2026-02-09\">9\u00a0feb\u00a02026</time>");
        HAS(html, "9\u00a0feb\u00a02026, aprendió de");
    }
    unmake(&made);
}

static void test_html_hostile(void)
{
    static const struct mv_report_row ROWS[] = {
        {1, "<b>\"x'&", "a\" onclick=\"b",
         "<script>x</script>\xe2\x80\xae&amp;\t\r\nz", "<script>x | none", "en",
         0, .5, false, MV_ORIGIN_NOTE, false, false, false},
        {2, NULL, "..%2fx", NULL, NULL, NULL, MV_NO_TIME, NAN, false,
         MV_ORIGIN_NOTE, false, false, false}};
    struct mv_report_triage with = {.reply = ROWS, .n_reply = 2};
    struct made made;
    const char *html = make(&made, &with, MV_REPORT_HTML, MV_TONGUE_EN);

    TEST("what looks like HTML, turns the writing or is no address is text")
    {
        HAS(html, "dir=\"auto\" lang=\"en\"><mark>&lt;script&gt;x</mark>"
                  "&lt;/script&gt;<span class=\"c\">U+202E</span>&amp;amp;\t\nz"
                  "</blockquote>");
        HAS(html, "<h3><bdi>&lt;b&gt;&quot;x&#39;&amp;</bdi></h3>");
        LACKS(html, "<script>x");
        LACKS(html, "onclick=\"");
    }
    TEST("the page's own script stands behind everything, and alone")
    {
        const char *script = strstr(html, "<script>");

        OK(script && strstr(script + 1, "<script") == NULL);
        HAS(script ? script : "", "</script>\n</body>\n</html>\n");
        HAS(html, "script-src 'sha256-");
    }
    unmake(&made);
}

static void test_html_long(void)
{
    char *text = malloc(100001);
    struct mv_report_row row = {.id = 1, .name = "A", .message = text};
    struct mv_report_triage with = {.reply = &row, .n_reply = 1};
    struct made made;

    memset(text, '<', 100000);
    text[100000] = '\0';
    TEST("a message that would make the page too long is cut, and says so")
    {
        const char *html = make(&made, &with, MV_REPORT_HTML, MV_TONGUE_EN);

        HAS(html, "&lt;… <em>(cut)</em></blockquote>");
        OK(made.page->text.len < 20000);
        unmake(&made);
    }
    free(text);
}

static void test_html_marks(void)
{
    static const struct mv_report_row NOBODY = {.id = 15,
                                                .name = "",
                                                .message = "Hola",
                                                .language = "es",
                                                .sent_at = MV_NO_TIME};
    static const struct mv_report_row GUESS = {.id = 14,
                                               .name = "Eva",
                                               .url = "eva",
                                               .message = "Hola",
                                               .language = "es",
                                               .sent_at = MV_NO_TIME,
                                               .has_outcome = true,
                                               .useful = true};
    const struct mv_report_triage unnamed = {.reply = &NOBODY, .n_reply = 1};
    const struct mv_report_triage guessed = {.reply = &GUESS, .n_reply = 1};
    struct mv_page *page = open_page();
    struct mv_doc empty = {.page = page};
    struct made made;
    const char *html = make(&made, NULL, MV_REPORT_HTML, MV_TONGUE_ES);

    TEST("what is known of a contact shows, and how to say it without a script")
    {
        HAS(html, "<li id=\"i12\" data-useful=\"yes\">");
        HAS(html, "<span>fue útil</span>");
        HAS(html, "<li id=\"i13\"><h3>");
        HAS(html, "<p class=\"note\" id=\"marking\">¿Fue útil un contacto? "
                  "Dilo con su número: <code>motivo useful ID yes</code>");
        HAS(html, "<aside id=\"marks\" hidden>");
    }
    unmake(&made);
    html = make(&made, &guessed, MV_REPORT_HTML, MV_TONGUE_ES);
    TEST("a guess from conversations shows, but stands on no button")
    {
        HAS(html, "<li id=\"i14\"><h3>");
        HAS(html, "<span>fue útil</span>");
        LACKS(html, "data-useful=\"");
    }
    unmake(&made);
    html = make(&made, &unnamed, MV_REPORT_HTML, MV_TONGUE_ES);
    TEST("nobody without name and address gets buttons")
    {
        HAS(html, "<li id=\"i15\" data-nobody><h3>");
        HAS(html, "<li id=\"i13\"><h3>");
        HAS(html, ".cards > li:not([data-nobody])");
    }
    unmake(&made);
    mv_doc_write_html(&empty);
    TEST("without invitations there is nothing to run")
    {
        LACKS(page->text.at, "<script");
        LACKS(page->text.at, "script-src");
        HAS(page->text.at, "content=\"default-src 'none'; ");
    }
    mv_report_free(page);
}

/* --- evidence ------------------------------------------------------------- */

static struct mv_groups parity(void)
{
    return (struct mv_groups){
        .name = "language",
        .n = 2,
        .p_recall = 1e-5,
        .p_alarm = 0.4,
        .differs = true,
        .group = {{"es", 400, 140, 120, 6, INTERVAL(.9, .88, .93),
                   INTERVAL(.95, .9, .98), INTERVAL(.86, .79, .91),
                   INTERVAL(.02, .01, .05)},
                  {"mixed", 30, 10, 3, 0, INTERVAL(.77, .59, .88),
                   INTERVAL(1, .44, 1), INTERVAL(.3, .11, .6),
                   INTERVAL(0, 0, .16)}}};
}

static void test_parity(void)
{
    struct mv_report_triage with = {.parity = parity()};
    struct mv_buffer json = {0};
    struct made made;
    const char *page = make(&made, &with, MV_REPORT_HTML, MV_TONGUE_EN);

    TEST("languages side by side, and a warning where they differ")
    {
        HAS(page, "<p class=\"warning\" role=\"note\">motivo does not serve "
                  "all languages alike: it finds more");
        HAS(page, "<th scope=\"row\">mixed</th><td class=\"r\">"
                  "<data value=\"30\" "
                  "data-json=\"evidence.parity.languages.mixed.n\">30</data>");
        HAS(page, "data-json=\"evidence.parity.languages.es.recall.value\">"
                  "0.86</data>");
        HAS(json_of(made.page, &json),
            "\"parity\":{\"p_recall\":1e-05,\"p_false_alarms\":0.4,"
            "\"differs\":true,\"languages\":{\"es\":{\"n\":400,");
    }
    unmake(&made);
    page = make(&made, &with, MV_REPORT_TEXT, MV_TONGUE_EN);
    TEST("plain text tells it, too")
    {
        HAS(page, "  mixed           30  1.00 (0.44–1.00)  0.30 (0.11–0.60)\n");
    }
    unmake(&made);
    with.parity.differs = false;
    page = make(&made, &with, MV_REPORT_MARKDOWN, MV_TONGUE_ES);
    TEST("nothing to warn of")
    {
        LACKS(page, "no trata igual");
        HAS(page, "| mezclado | 30 | 1,00 (0,44–1,00) | 0,30 (0,11–0,60) |");
    }
    unmake(&made);
    page = make(&made, &with, MV_REPORT_TEXT, MV_TONGUE_EN);
    TEST("plain text has no room for what does not matter")
    {
        LACKS(page, "By language");
    }
    unmake(&made);
    mv_buffer_release(&json);
}

static void test_audit(void)
{
    struct mv_report_triage with = {.audit = {120, 31, 0, 0},
                                    .basis = MV_BASIS_AUDIT};
    struct made made;
    const char *page = make(&made, &with, MV_REPORT_MARKDOWN, MV_TONGUE_EN);

    TEST("what precision was measured on")
    {
        HAS(page, "(Measured on: audit sample of 120.)");
        HAS(page, "called purpose (audit sample of 120) |");
        LACKS(page, "too few to measure by");
    }
    unmake(&made);
    with.audit = (struct mv_report_audit){40, 9, 31, 75};
    with.basis = MV_BASIS_TRAINING;
    page = make(&made, &with, MV_REPORT_MARKDOWN, MV_TONGUE_EN);
    TEST("how many labels an audit sample lacks")
    {
        HAS(page, "(Measured on: training labels, out of fold.)");
        HAS(page, "Labels in the audit sample: 40, of which 9 are of messages "
                  "that motivo calls purposeful; too few to measure by. With "
                  "about 31 more (`motivo label --audit 75`) this figure rests "
                  "on it.");
    }
    unmake(&made);
    with.audit = (struct mv_report_audit){40, 0, -1, 0};
    page = make(&made, &with, MV_REPORT_MARKDOWN, MV_TONGUE_EN);
    TEST("a sample that cannot grow large enough")
    {
        HAS(page, "Labels in the audit sample: 40, of which 0 are of messages "
                  "that motivo calls purposeful; too few to measure by, and so "
                  "are all the messages that are here.");
        LACKS(page, "--audit");
    }
    unmake(&made);
}

/* --- reasons -------------------------------------------------------------- */

static void test_reasons(void)
{
    struct mv_report_row row = {.message = "uno dos\ntres cuatro uno dos",
                                .reason = "dos tres | uno | uno | nada"};
    struct mv_doc_piece piece[MV_DOC_REASONS];

    TEST("reasons are found as written, apart from each other; neighbours join")
    {
        EQ(mv_doc_reasons(&row, piece), 2);
        EQ(piece[0].from, 0);
        EQ(piece[0].to, 12);
        EQ(piece[1].from, 20);
        EQ(piece[1].to, 23);
    }
    TEST("no reason, no message")
    {
        row.reason = "";
        EQ(mv_doc_reasons(&row, piece), 0);
        row.message = NULL;
        row.reason = "a";
        EQ(mv_doc_reasons(&row, piece), 0);
    }
}

/* --- Markdown ------------------------------------------------------------- */

static void test_markdown(void)
{
    static const struct mv_report_row ROW = {
        1,      "*A* [b](c)",   NULL,  "# uno\n- dos `tres` <b>\x1b 1. x",
        "tres", "es",           0,     .5,
        false,  MV_ORIGIN_NOTE, false, false,
        false};
    struct mv_report_triage with = {.reply = &ROW, .n_reply = 1};
    struct made made;
    const char *text = make(&made, &with, MV_REPORT_MARKDOWN, MV_TONGUE_EN);

    TEST("Markdown: what it could take for its own is text")
    {
        OK(strncmp(text, "# Whom to answer\n\n**362** invitations", 36) == 0);
        HAS(text, "1. **\\*A\\* \\[b\\](c)** (1), 1970-01-01, Spanish, 50% "
                  "certain\n\n"
                  "   > \\# uno  \n   > \\- dos \\`**tres**\\` &lt;b\\>"
                  "[U+001B] 1\\. x\n\n");
        HAS(text, "\n| verdict | do | number | share |\n"
                  "| --- | --- | ---: | ---: |\n"
                  "| purpose | answer | 31 | 7% |\n");
        LACKS(text, "\1");
    }
    unmake(&made);
}

/* --- drift, useful contacts, plots ---------------------------------------- */

static void test_drift(void)
{
    struct mv_report_batch batch = {.n = 90,
                                    .share = {.share = INTERVAL(.3, .2, .4),
                                              .raw = .4,
                                              .open = .5,
                                              .open_expected = .1},
                                    .unseen = .4,
                                    .unseen_trained = .1,
                                    .foreign = .25,
                                    .drift = 7,
                                    .label = FIXTURE_ROWS,
                                    .n_label = 2};
    struct mv_report_triage with = {.batch = &batch};
    struct made made;
    const char *text = make(&made, &with, MV_REPORT_TEXT, MV_TONGUE_EN);

    TEST("drift comes first, with what to label, and no corrected share")
    {
        OK(strstr(text, "These messages are not like those that the model "
                        "learnt from: 40% of their\n"
                        "words are new to it (10% in training); 25% are in "
                        "languages that it has hardly\n"
                        "learnt; motivo is unsure of 50% of them (10% "
                        "expected). The figures below may\n"
                        "be wrong.\n") == text);
        HAS(text, "\nLabel these 2 first\n");
        HAS(text, "     12  Hola Ana, vi tu charla sobre faros. Saludos\n");
        LACKS(text, "unlabelled");
        OK(strstr(text, "Label these") < strstr(text, "invitations wait"));
    }
    unmake(&made);
    batch.drift = 0;
    text = make(&made, &with, MV_REPORT_TEXT, MV_TONGUE_EN);
    TEST("without drift the share is told")
    {
        LACKS(text, "Label these");
        HAS(text, "  purposes   0.30 (0.20–0.40)   share among 90 unlabelled "
                  "messages, corrected\n");
    }
    unmake(&made);
}

static struct mv_report_outcomes outcomes(long known, long useful)
{
    return (struct mv_report_outcomes){known, known, useful,
                                       mv_stats_wilson(useful, known, .95), 2};
}

static void test_useful(void)
{
    struct mv_report_useful u = {.all = outcomes(40, 10),
                                 .said = 40,
                                 .sample = 10,
                                 .least = 30,
                                 .estimate = {.share = mv_stats_undefined()}};
    struct mv_report_triage with = {.outcomes = &u};
    struct made made;
    const char *text;

    u.of[MV_VERDICT_PURPOSE] = outcomes(10, 6);
    text = make(&made, &with, MV_REPORT_TEXT, MV_TONGUE_EN);
    TEST("useful contacts: what is known, and what an estimate still needs")
    {
        HAS(text, "\nUseful contacts\nUseful: you said so.\n");
        HAS(text, "  purpose       6     10  0.60 (0.31–0.83)   2.00\n"
                  "  all          10     40  0.25 (0.14–0.40)   2.00\n");
        HAS(text, "needs the outcome\nof 20 more persons");
        EQ(number_of(made.page, "useful.sample_missing"), 20);
    }
    unmake(&made);
}

static void test_plots(void)
{
    static const struct mv_report_week WEEKS[] = {{0, {1, 2, 3, 4}},
                                                  {604800, {5, 6, 7, 8}}};
    static const struct mv_report_cut CUTS[] = {
        {.9, {.95, .9, .99}, {.5, .4, .6}, false},
        {.7, {.90, .8, .95}, {.7, .6, .8}, true},
        {.0, {.50, .4, .60}, {1., .9, 1.}, false}};
    static const struct mv_report_band BANDS[] = {{0, .4, 50, {.1, .05, .2}},
                                                  {.4, 1, 60, {.9, .8, .95}}};
    struct mv_report_graphs graphs = {.week = WEEKS,
                                      .n_week = 2,
                                      .cut = CUTS,
                                      .n_cut = 3,
                                      .band = BANDS,
                                      .n_band = 2};
    struct mv_report_triage with = {.graphs = &graphs};
    struct made made;
    const char *html, *path = getenv("PATH");
    char *saved = strdup(path ? path : "");

    graphs.histogram[MV_VERDICT_PURPOSE][19] = 12;
    graphs.curve[0] = (struct mv_learnt){150, INTERVAL(.6, .5, .7)};
    graphs.curve[1] = (struct mv_learnt){600, INTERVAL(.8, .7, .9)};
    graphs.n_curve = 2;
    setenv("PATH", "/nowhere", 1);
    html = make(&made, &with, MV_REPORT_HTML, MV_TONGUE_EN);
    TEST("without gnuplot the page says so and has the figures")
    {
        HAS(html, "<p class=\"note\">There are no plots: gnuplot is not ");
        LACKS(html, "<svg");
        HAS(html, "<figure id=\"weeks\">");
        HAS(html, "<figure id=\"curve\">");
        HAS(html, "<data value=\"150\" data-json=\"graphs.curve.0.labels\">");
        HAS(html, "<details open>");
        HAS(html, "<data value=\"8\" data-json=\"graphs.weeks.1.no-note\">8");
        HAS(html, "<data value=\"12\" data-json=\"graphs.histogram.19.purpose"
                  "\">12");
        HAS(html, "The dot is the threshold in use, <data value="
                  "\"0.7\" "
                  "data-json=\"graphs.precision_recall.1.threshold\">0.70");
        LACKS(html, "What labels have brought");
        OK(strstr(json_of(made.page, &made.options), "\"reliability\":[{"));
    }
    unmake(&made);
    setenv("PATH", saved, 1);
    free(saved);
}

int main(void)
{
    test_words();
    test_html();
    test_html_hostile();
    test_html_long();
    test_html_marks();
    test_parity();
    test_audit();
    test_reasons();
    test_markdown();
    test_drift();
    test_useful();
    test_plots();
    return test_end();
}
