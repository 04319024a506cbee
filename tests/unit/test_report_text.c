#include "report_fixture.h"

/* --- helpers -------------------------------------------------------------- */

static void test_lines(void)
{
    struct mv_page *page = open_page();

    TEST("one line for the terminal")
    {
        STR(mv_report_clean(page, "Ana P\xc3\xa9rez", 0), "Ana P\xc3\xa9rez");
        STR(mv_report_clean(page, " a\r\n\tb\xc2\xa0 c  ", 0), "a b c");
        STR(mv_report_clean(page, NULL, 10), "");
        STR(mv_report_clean(page, " \n ", 10), "");
        STR(mv_report_clean(page, "\x1b[2Jx\x7f", 0), "\ufffd[2Jx\ufffd");
        STR(mv_report_clean(page,
                            "a\xc2\x9b"
                            "31m",
                            0),
            "a\ufffd31m");
        /* Turned around, this would read as another name. */
        STR(mv_report_clean(page,
                            "a\xe2\x80\xae"
                            "b\xe2\x81\xa6",
                            0),
            "a\ufffdb\ufffd");
        /* Broken bytes: alone, cut short, overlong, a surrogate. */
        STR(mv_report_clean(page,
                            "\xff"
                            "a\xc3",
                            0),
            "\ufffda\ufffd");
        STR(mv_report_clean(page, "\xc0\xaf", 0), "\ufffd\ufffd");
        STR(mv_report_clean(page, "\xed\xa0\x80", 0), "\ufffd\ufffd\ufffd");
        STR(mv_report_line(page, (struct mv_span){"a\0b", 3}, 0), "a\ufffdb");
    }
    TEST("cut to fit")
    {
        STR(mv_report_clean(page, "abcdef", 6), "abcdef");
        STR(mv_report_clean(page, "abcdefg", 6), "abcde\u2026");
        STR(mv_report_clean(page, "abcd efg", 6), "abcd\u2026");
        STR(mv_report_clean(page, "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", 3),
            "\xc3\xa9\xc3\xa9\u2026");
        /* Wide characters take two columns each. */
        STR(mv_report_clean(page, "\u6771\u4eac\u90fd", 5),
            "\u6771\u4eac\u2026");
        STR(mv_report_clean(page, "\u6771\u4eac\u90fd", 6),
            "\u6771\u4eac\u90fd");
        EQ(mv_report_width("\u6771a\U0001f44b\u0301"), 5);
    }
    mv_report_put(page, "\n");
    mv_json_begin_object(page->json, NULL);
    mv_json_end(page->json);
    close_page(page);
}

static void test_paragraphs(void)
{
    struct mv_page *page = open_page();
    char words[256];

    TEST("paragraphs break before the edge and stay under their lead")
    {
        memset(words, 'x', 70);
        memcpy(words + 70, " yyyyyyy zz", 12);
        mv_report_say(page, "", "%s", words);
        EQ(page->text.len, 82);
        EQ(page->text.at[78], '\n');
        mv_buffer_clear(&page->text);
        mv_report_say(page, "  ab  ", "%s", words);
        OK(strstr(page->text.at, "x\n      yyyyyyy zz\n"));
        mv_buffer_clear(&page->text);
        mv_report_say(page, "- ", "%s", "");
        STR(page->text.at, "- \n");
    }
    mv_report_free(page);
}

static void test_figures(void)
{
    struct mv_page *page = open_page();

    TEST("figures")
    {
        STR(mv_report_figure(page, 0.934), "0.93");
        STR(mv_report_figure(page, -0.001), "0.00");
        STR(mv_report_figure(page, NAN), "-");
        STR(mv_report_figure(page, INFINITY), "-");
        STR(mv_report_interval(page, INTERVAL(.93, .9, .95)),
            "0.93 (0.90-0.95)");
        STR(mv_report_interval(page, INTERVAL(-.1, -.2, .05)),
            "-0.10 (-0.20 to 0.05)");
        STR(mv_report_interval(page, INTERVAL(1, NAN, NAN)), "1.00");
        STR(mv_report_interval(page, mv_stats_undefined()), "-");
        STR(mv_report_percent(page, 0.347), "35 %");
        STR(mv_report_percent(page, 0), "0 %");
        STR(mv_report_percent(page, 1), "100 %");
        STR(mv_report_percent(page, 0.0001), "less than 1 %");
        STR(mv_report_percent(page, 0.9999), "over 99 %");
        STR(mv_report_percent(page, NAN), "-");
        STR(mv_report_of_100(page, INTERVAL(.94, .886, .961)), "88 to 97");
        STR(mv_report_of_100(page, INTERVAL(.94, .29, .57)), "29 to 57");
        STR(mv_report_of_100(page, INTERVAL(.94, NAN, NAN)), "94");
        STR(mv_report_of_100(page, mv_stats_undefined()), "-");
        STR(mv_report_at_least(page, 0.909), "90");
        STR(mv_report_at_least(page, 0.29), "29");
        STR(mv_report_at_least(page, NAN), "-");
        STR(mv_report_count(page, 1, "row", "rows"), "1 row");
        STR(mv_report_count(page, 0, "row", "rows"), "0 rows");
    }
    TEST("dates and languages")
    {
        STR(mv_report_day(page, 1770600107), "2026-02-09");
        STR(mv_report_day(page, -1), "1969-12-31");
        STR(mv_report_day(page, MV_NO_TIME), "-");
        STR(mv_report_day(page, INT64_MAX), "-");
        STR(mv_report_language(MV_LANG_CA), "Catalan");
        STR(mv_report_language_of("es"), "Spanish");
        STR(mv_report_language_of("nl"), "another");
        STR(mv_report_language_of(NULL), "unclear");
    }
    mv_report_free(page);
}

static void test_table(void)
{
    struct mv_page *page = open_page();
    struct mv_report_table table = {.align = "lrl"};
    const char *const cell[] = {"a", "1",   "", "\u6771", "10",
                                "x", "ccc", "", ""};

    TEST("tables align by what is seen and leave no blanks at line ends")
    {
        for (size_t i = 0; i < 9; i++)
            mv_report_cell(page, &table, cell[i]);
        mv_report_table_end(page, &table, "> ");
        STR(page->text.at, "> a     1\n> \u6771   10  x\n> ccc\n");
        EQ(table.n, 0);
        mv_buffer_clear(&page->text);
        mv_report_table_end(page, &table, "> ");
        EQ(page->text.len, 0);
    }
    mv_report_free(page);
}

/* --- numbers -------------------------------------------------------------- */

static void test_numbers(void)
{
    struct mv_page *page = open_page();
    struct mv_json *json = page->json;
    struct mv_error error = {0};
    double value = 7;

    mv_json_begin_object(json, NULL);
    mv_json_put_integer(json, "n", 600);
    mv_report_put_interval(json, "mcc", INTERVAL(.5, -.25, NAN));
    mv_json_begin_object(json, "unsure");
    mv_report_put_interval(json, "recall", INTERVAL(.75, .5, 1));
    mv_json_end(json);
    mv_json_put_text(json, "basis", "nan");
    mv_json_put_bool(json, "active", true);
    mv_json_put_null(json, "none");
    mv_json_put_real(json, "small", 1e-7);
    mv_json_end(json);
    TEST("numbers by path")
    {
        NEAR(number_of(page, "n"), 600, 0);
        NEAR(number_of(page, "mcc"), .5, 0);
        NEAR(number_of(page, "mcc.value"), .5, 0);
        NEAR(number_of(page, "mcc.low"), -.25, 0);
        NEAR(number_of(page, "unsure.recall"), .75, 0);
        NEAR(number_of(page, "unsure.recall.high"), 1, 0);
        NEAR(number_of(page, "small"), 1e-7, 0);
    }
    TEST("what is no number")
    {
        static const char *const NONE[] = {"",
                                           "x",
                                           "mcc.",
                                           "mcc.high",
                                           "mcc.value.value",
                                           "n.value",
                                           ".n",
                                           "unsure",
                                           "basis",
                                           "active",
                                           "none",
                                           "none.low",
                                           "unsure..recall"};

        for (size_t i = 0; i < sizeof NONE / sizeof *NONE; i++) {
            mv_error_clear(&error);
            EQ(mv_report_number(page, NONE[i], &value, &error), MV_NOTFOUND);
            EQ(error.code, MV_NOTFOUND);
        }
        NEAR(value, 7, 0);
        mv_error_clear(&error);
        mv_report_number(page, "mcc.high", &value, &error);
        STR(error.message,
            "the page has no number 'mcc.high', or it is undefined");
    }
    mv_report_free(page);
    mv_report_free(NULL);
}

int main(void)
{
    test_lines();
    test_paragraphs();
    test_figures();
    test_table();
    test_numbers();
    return test_end();
}
