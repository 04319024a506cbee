#include "csv.h"
#include "csv_scan.h"
#include "test.h"

#include <stdlib.h>

/* --- rows as one text: "[a|b]1 [c]2! E3"
 * -------------------------------------- fields between bars, then the line,
 * "!" when recoded; E and the line of an error at the end. */

static void put_row(struct mv_buffer *out, const struct mv_csv_row *row)
{
    char number[24];
    size_t i;

    mv_buffer_puts(out, out->len ? " [" : "[");
    for (i = 0; i < row->n; i++) {
        if (i)
            mv_buffer_puts(out, "|");
        mv_buffer_put(out, row->fields[i].at, row->fields[i].len);
    }
    snprintf(number, sizeof number, "]%ld%s", row->line,
             row->recoded ? "!" : "");
    mv_buffer_puts(out, number);
}

static void put_failure(struct mv_buffer *out, const struct mv_error *error)
{
    char number[24];

    snprintf(number, sizeof number, "%sE%ld", out->len ? " " : "", error->line);
    mv_buffer_puts(out, number);
}

/* Reads with the reader; the first error ends it. */
static void read_all(struct mv_buffer *out, const char *at, size_t len,
                     struct mv_error *error)
{
    struct mv_source *source = NULL;
    struct mv_csv *csv = NULL;
    struct mv_csv_row row;

    mv_buffer_clear(out);
    mv_buffer_puts(out, "");
    mv_error_clear(error);
    EQ(mv_source_open_memory(&source, "m.csv", at, len, NULL), MV_OK);
    EQ(mv_csv_open(&csv, source, NULL), MV_OK);
    while (mv_csv_next(csv, &row, error) == MV_OK && row.n)
        put_row(out, &row);
    if (error->code != MV_OK)
        put_failure(out, error);
    mv_csv_close(csv);
    mv_source_close(source);
}

static const char *rows(const char *text, struct mv_error *error)
{
    static struct mv_buffer out;
    static struct mv_error ignored;

    if (!text) {
        mv_buffer_release(&out);
        return NULL;
    }
    read_all(&out, text, strlen(text), error ? error : &ignored);
    return out.at;
}

static void test_rows(void)
{
    TEST("fields, line ends and lines")
    {
        STR(rows("", NULL), "");
        STR(rows("a", NULL), "[a]1");
        STR(rows("a,b\nc,d\n", NULL), "[a|b]1 [c|d]2");
        STR(rows("a\r\nb\rc\nd", NULL), "[a]1 [b]2 [c]3 [d]4");
        STR(rows("a\r\n\r\n \t\n\rb", NULL), "[a]1 [b]5");
        STR(rows(",,\n,\n", NULL), "[||]1 [|]2");
        STR(rows("\"\"\n\"\",\"\"", NULL), "[]1 [|]2");
        STR(rows(" a b ,\tc\t, \n", NULL), "[a b|c|]1");
    }
    TEST("quotes")
    {
        STR(rows("\"a,b\",\"c\"\"d\"\"\"\n", NULL), "[a,b|c\"d\"]1");
        STR(rows("\"a\nb\r\nc\rd\",x\ny", NULL), "[a\nb\r\nc\rd|x]1 [y]5");
        STR(rows("\"\"\"\",\"\"\"\"\"\"", NULL), "[\"|\"\"]1");
        STR(rows(" \"a \" ,\"b\"\t,c", NULL), "[a |b|c]1");
        STR(rows("\" \",\"\t\"", NULL), "[ |\t]1");
    }
    TEST("the raw bytes are the record's own")
    {
        static const char text[] = "a,\"b\"\"\nc\" \r\n x , y\nlast,";
        static const char *const want[] = {"a,\"b\"\"\nc\" ", " x , y",
                                           "last,"};
        struct mv_csv_splitter *s = NULL;
        struct mv_csv_row row;
        size_t i;

        EQ(mv_csv_splitter_new(&s, NULL, NULL), MV_OK);
        mv_csv_splitter_set(s, text, sizeof text - 1, 10);
        for (i = 0; i < 3; i++) {
            EQ(mv_csv_splitter_next(s, &row, NULL), MV_OK);
            OK(mv_span_equal(row.raw, mv_span_of(want[i])));
        }
        EQ(row.line, 13);
        EQ(mv_csv_splitter_next(s, &row, NULL), MV_OK);
        EQ(row.n, 0);
        mv_csv_splitter_free(s);
        mv_csv_splitter_free(NULL);
    }
}

#define FAILS(text, want, part)                                                \
    do {                                                                       \
        STR(rows((text), &error), (want));                                     \
        EQ(error.code, MV_FORMAT);                                             \
        STR(error.source, "m.csv");                                            \
        OK(strstr(error.message, (part)) != NULL);                             \
    } while (0)

static void test_errors(void)
{
    struct mv_error error = {0};
    struct mv_buffer out = {0};

    TEST("an unclosed quote is told by the line where its record starts")
    {
        FAILS("a\n\"b\nc\nd", "[a]1 E2", "never closed");
        FAILS("a\nb,c,\"", "[a]1 E2", "never closed");
        FAILS("x,\"a\n\n\"\"", "E1", "never closed");
    }
    TEST("text next to a quote is told by its own line")
    {
        FAILS("a\n\"b\"c,d\ne\n", "[a]1 E2", "after a closing quote");
        FAILS("\"b\n\nc\" x\n", "E3", "after a closing quote");
        FAILS("\"b\" \"c\"", "E1", "after a closing quote");
        FAILS("a,b\"c\"\nd", "E1", "quote inside a field");
        FAILS("5\" pipe,x\nd\ne", "E1", "quote inside a field");
        FAILS("ok\n5\" pipe,x\nd,\"e\n", "[ok]1 E2", "quote inside a field");
    }
    TEST("NUL bytes")
    {
        read_all(&out, "a\n\"b\n\0\"\nc", 10, &error);
        STR(out.at, "[a]1 E3");
        OK(strstr(error.message, "NUL") != NULL);
        read_all(&out, "\0", 1, &error);
        STR(out.at, "E1");
    }
    TEST("a bad record can be stepped over, an open quote can not")
    {
        static const char text[] = "\"a\"b\nc\n\0\nd\ne\"\n";
        struct mv_csv_splitter *s = NULL;
        struct mv_csv_row row;

        mv_csv_splitter_new(&s, "m", NULL);
        mv_csv_splitter_set(s, text, sizeof text - 1, 1);
        EQ(mv_csv_splitter_next(s, &row, NULL), MV_FORMAT);
        EQ(mv_csv_splitter_next(s, &row, NULL), MV_OK);
        EQ(row.line, 2);
        EQ(mv_csv_splitter_next(s, &row, NULL), MV_FORMAT);
        EQ(mv_csv_splitter_next(s, &row, NULL), MV_OK);
        EQ(row.line, 4);
        EQ(mv_csv_splitter_next(s, &row, NULL), MV_FORMAT);
        EQ(mv_csv_splitter_next(s, &row, NULL), MV_OK);
        EQ(row.n, 0);
        mv_csv_splitter_free(s);
    }
    mv_buffer_release(&out);
}

static void test_limits(void)
{
    struct mv_error error = {0};
    struct mv_buffer out = {0};
    size_t size = 3 * MV_CSV_RECORD_MAX;
    char *text = malloc(size);

    if (!text)
        return;
    TEST("65536 fields, not one more")
    {
        memset(text, ',', MV_CSV_FIELDS_MAX + 1);
        read_all(&out, text, MV_CSV_FIELDS_MAX - 1, &error);
        EQ(out.len, MV_CSV_FIELDS_MAX + 2);
        read_all(&out, text, MV_CSV_FIELDS_MAX, &error);
        STR(out.at, "E1");
        OK(strstr(error.message, "65536 fields") != NULL);
    }
    TEST("8 MiB a record, whatever its line end, not one byte more")
    {
        size_t i, max = MV_CSV_RECORD_MAX;
        const char *const ends[] = {"", "\n", "\r", "\r\n"};

        for (i = 0; i < 4; i++) {
            memset(text, 'x', max + 8);
            memcpy(text + max, ends[i], strlen(ends[i]));
            read_all(&out, text, max + strlen(ends[i]), &error);
            EQ(out.len, max + 3);
            memset(text, 'x', max + 8);
            memcpy(text + max + 1, ends[i], strlen(ends[i]));
            read_all(&out, text, max + 1 + strlen(ends[i]), &error);
            STR(out.at, "E1");
            OK(strstr(error.message, "longer than 8 MiB") != NULL);
        }
    }
    TEST("a quote left open does not swallow the file")
    {
        struct mv_source *source = NULL;
        struct mv_csv *csv = NULL;
        struct mv_csv_row row;
        FILE *file = tmpfile();

        memset(text, 'x', size);
        for (size_t i = 79; i < size; i += 80)
            text[i] = '\n';
        memcpy(text, "ok\n\"", 4);
        OK(file && fwrite(text, 1, size, file) == size);
        rewind(file);
        mv_source_open_file(&source, "big.csv", file, NULL);
        mv_csv_open(&csv, source, NULL);
        mv_error_clear(&error);
        EQ(mv_csv_next(csv, &row, &error), MV_OK);
        EQ(mv_csv_next(csv, &row, &error), MV_FORMAT);
        EQ(error.line, 2);
        STR(error.message, "record longer than 8 MiB: is a quote left open?");
        OK(ftell(file) <= (long)(2 * MV_CSV_RECORD_MAX + (1 << 17)));
        EQ(mv_csv_next(csv, &row, &error), MV_OK);
        EQ(row.n, 0);
        mv_csv_close(csv);
        mv_csv_close(NULL);
        mv_source_close(source);
        fclose(file);
        memcpy(text, "o\"\n", 3);
        read_all(&out, text, size, &error);
        STR(out.at, "E1");
        OK(strstr(error.message, "quote inside a field") != NULL);
    }
    free(text);
    mv_buffer_release(&out);
}

static void test_text(void)
{
    static const char *const good[] = {
        "",
        "abcdefghijklmnop",
        "\xC2\x80\xDF\xBF",
        "\xE0\xA0\x80\xEC\xBF\xBF\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF",
        "\xF0\x90\x80\x80\xF3\xBF\xBF\xBF\xF4\x8F\xBF\xBF",
    };
    static const char *const bad[] = {
        "\x80",         "\xC0\x80",
        "\xC1\xBF",     "\xC3",
        "\xC3x",        "\xE0\x9F\xBF",
        "\xE2\x82",     "\xE2\x82x",
        "\xED\xA0\x80", "\xF0\x8F\xBF\xBF",
        "\xF0\x9F\x91", "\xF4\x90\x80\x80",
        "\xF5\x80",     "\xFF",
    };
    size_t i, shift;
    char line[64];

    TEST("strict UTF-8, wherever it stands in a word of eight")
    {
        for (shift = 0; shift < 9; shift++) {
            for (i = 0; i < sizeof good / sizeof *good; i++) {
                snprintf(line, sizeof line, "%.*s%s", (int)shift, "abcdefghi",
                         good[i]);
                OK(mv_csv_is_utf8(mv_span_of(line)));
            }
            for (i = 0; i < sizeof bad / sizeof *bad; i++) {
                snprintf(line, sizeof line, "%.*s%s", (int)shift, "abcdefghi",
                         bad[i]);
                OK(!mv_csv_is_utf8(mv_span_of(line)));
            }
        }
    }
    TEST("a row that is not UTF-8 is read as Windows-1252, alone")
    {
        STR(rows("\xC3\xA9,a\n\xE9\x80\x81,\"x\"\"\xFF\"\nb", NULL),
            "[\xC3\xA9|a]1 "
            "[\xC3\xA9\xE2\x82\xAC\xEF\xBF\xBD|x\"\xC3\xBF]2! [b]3");
    }
    TEST("every byte of Windows-1252, against the published table")
    {
        struct mv_buffer to = {0};
        static const char all[] =
            "\x80\x82\x83\x84\x85\x86\x87\x88\x89\x8A\x8B\x8C\x8E\x91\x92\x93"
            "\x94\x95\x96\x97\x98\x99\x9A\x9B\x9C\x9E\x9F\xA0\xFF"
            "\x81\x8D\x8F\x90\x9D";

        mv_csv_recode(&to, mv_span_of(all));
        STR(to.at,
            "\u20AC\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160"
            "\u2039\u0152\u017D\u2018\u2019\u201C\u201D\u2022\u2013\u2014"
            "\u02DC\u2122\u0161\u203A\u0153\u017E\u0178\u00A0\u00FF"
            "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD");
        mv_buffer_release(&to);
    }
}

static const char *file_rows(const char *path, struct mv_buffer *out)
{
    struct mv_source *source = NULL;
    struct mv_csv *csv = NULL;
    struct mv_csv_row row;
    struct mv_error error = {0};

    mv_buffer_clear(out);
    if (mv_source_open(&source, path, &error) != MV_OK)
        return mv_status_name(error.code);
    mv_csv_open(&csv, source, NULL);
    while (mv_csv_next(csv, &row, &error) == MV_OK && row.n)
        put_row(out, &row);
    if (error.code != MV_OK)
        put_failure(out, &error);
    mv_csv_close(csv);
    mv_source_close(source);
    return out->at;
}

static void test_files(void)
{
    struct mv_buffer out = {0};

    TEST("files")
    {
        STR(file_rows("tests/data/csv-pass-mixed-ends.csv", &out),
            "[From|To|Message]1 [Ana|Luis|two\nlines, one \"field\"]2 "
            "[Eva|Luis|]4 [Iris|Luis|last]7");
        STR(file_rows("tests/data/csv-pass-windows1252.csv", &out),
            "[Name|Message]1 [Jos\u00E9|Qu\u00E9 tal \u2013 te vi en "
            "\u201CDatos\u201D]2! [Ana|hola]3");
        STR(file_rows("tests/data/csv-pass-utf16le.csv", &out),
            "[Name|Message]1 [Jos\u00E9|\u00BFHablamos? \U0001F44B]2");
        STR(file_rows("tests/data/csv-pass-utf16be.csv", &out),
            "[Name|Message]1 [Jos\u00E9|hola]2");
        STR(file_rows("tests/data/csv-pass-bom.csv", &out),
            "[Name|Message]1 [Ana|hola]2");
        STR(file_rows("tests/data/csv-fail-open-quote.csv", &out),
            "[Name|Message]1 [Ana|hola]2 E3");
        STR(file_rows("tests/data/csv-fail-stray-quote.csv", &out),
            "[Name|Message]1 E2");
        STR(file_rows("tests/data/csv-fail-nul.csv", &out),
            "[Name|Message]1 E3");
    }
    mv_buffer_release(&out);
}

/* Many blocks of the reader, with records across their ends, and lines. */
static void test_long(void)
{
    enum { N = 40000 };
    struct mv_buffer text = {0};
    struct mv_source *source = NULL;
    struct mv_csv *csv = NULL;
    struct mv_csv_row row;
    long i, wrong = 0;

    TEST("a long input keeps rows and lines")
    {
        for (i = 0; i < N; i++) {
            char line[80];

            snprintf(line, sizeof line, "%ld,\"a\r\nb, \"\"c\"\"\",%.*s\r\n", i,
                     (int)(i % 23), "xxxxxxxxxxxxxxxxxxxxxxxx");
            mv_buffer_puts(&text, line);
        }
        mv_source_open_memory(&source, "m", text.at, text.len, NULL);
        mv_csv_open(&csv, source, NULL);
        for (i = 0; i < N; i++) {
            wrong += mv_csv_next(csv, &row, NULL) != MV_OK || row.n != 3 ||
                     row.line != 2 * i + 1;
            if (row.n == 3)
                wrong += strtol(row.fields[0].at, NULL, 10) != i ||
                         row.fields[1].len != 9 ||
                         row.fields[2].len != (size_t)(i % 23);
        }
        EQ(wrong, 0);
        EQ(mv_csv_next(csv, &row, NULL), MV_OK);
        EQ(row.n, 0);
        mv_csv_close(csv);
        mv_source_close(source);
        mv_buffer_release(&text);
    }
}

static void test_complete(void)
{
    TEST("where a block may be cut")
    {
        EQ(mv_csv_complete("", 0), 0);
        EQ(mv_csv_complete(NULL, 0), 0);
        EQ(mv_csv_complete("a,b", 3), 0);
        EQ(mv_csv_complete("a\nb", 3), 2);
        EQ(mv_csv_complete("a\nb\n", 4), 4);
        EQ(mv_csv_complete("a\nb\r", 4), 2);
        EQ(mv_csv_complete("a\r\nb", 4), 3);
        EQ(mv_csv_complete("a\rb", 3), 2);
        EQ(mv_csv_complete("a\n\"b\nc", 6), 2);
        EQ(mv_csv_complete("\"a\nb\"\"\n\"\nc", 10), 9);
        EQ(mv_csv_lines("a\r\n\r\n\n\rb", 8), 4);
    }
}

static void test_column(void)
{
    const struct mv_span header[] = {
        {"From", 4}, {" Sent At ", 9}, {"to", 2}, {"From", 4}};
    const char *const others[] = {"De", "TO", NULL};

    TEST("columns by name")
    {
        EQ(mv_csv_column(header, 4, "from", NULL), 0);
        EQ(mv_csv_column(header, 4, "SENT AT", NULL), 1);
        EQ(mv_csv_column(header, 4, "Sent", NULL), -1);
        EQ(mv_csv_column(header, 4, "Para", others), 2);
        EQ(mv_csv_column(header, 4, "Sent At", others), 1);
        EQ(mv_csv_column(NULL, 0, "from", others), -1);
    }
}

static void test_writing(void)
{
    static const char *const fields[] = {"",    "a",      " a",   "a ",  "\t",
                                         "a,b", "\"",     "a\"b", "a\n", "a\rb",
                                         "a b", "\u00E9", "=1+1", "x"};
    struct mv_buffer out = {0}, back = {0}, want = {0};
    struct mv_error error = {0};
    size_t i, n = sizeof fields / sizeof *fields;

    TEST("what is written")
    {
        mv_csv_put(&out, mv_span_of("a"));
        mv_csv_put(&out, mv_span_of("b,\"c\""));
        mv_csv_put(&out, mv_span_of(""));
        mv_csv_end(&out);
        mv_csv_put_raw(&out, mv_span_of("x, \"y\" "));
        mv_csv_put(&out, mv_span_of(" z"));
        mv_csv_end(&out);
        mv_csv_put(&out, mv_span_of(""));
        mv_csv_end(&out);
        mv_csv_put(&out, mv_span_of(NULL));
        mv_csv_put(&out, mv_span_of(""));
        mv_csv_end(&out);
        STR(out.at, "a,\"b,\"\"c\"\"\",\nx, \"y\" ,\" z\"\n\"\"\n,\n");
    }
    TEST("what is written reads back")
    {
        mv_buffer_clear(&out);
        mv_buffer_puts(&want, "[");
        for (i = 0; i < n; i++) {
            mv_csv_put(&out, mv_span_of(fields[i]));
            mv_buffer_puts(&want, fields[i]);
            mv_buffer_puts(&want, i + 1 < n ? "|" : "]1");
        }
        mv_csv_end(&out);
        read_all(&back, out.at, out.len, &error);
        STR(back.at, want.at);
    }
    TEST("what a spreadsheet could take for a formula")
    {
        static const char *const formulas[] = {
            "=1", "+1", "-1", "@a", "\t=1", "\r1", "\n1", "  =1", "\uff1d1"};
        static const char *const others[] = {"1", "a=1", "",
                                             " ", "'=1", "\u00e9"};

        for (i = 0; i < sizeof formulas / sizeof *formulas; i++) {
            mv_buffer_clear(&out);
            EQ(mv_csv_put_defused(&out, mv_span_of(formulas[i])), MV_OK);
            EQ(out.at[*out.at == '"'], '\'');
            OK(strstr(out.at, formulas[i]));
        }
        for (i = 0; i < sizeof others / sizeof *others; i++) {
            mv_buffer_clear(&out);
            mv_buffer_clear(&want);
            EQ(mv_csv_put_defused(&out, mv_span_of(others[i])), MV_OK);
            EQ(mv_csv_put(&want, mv_span_of(others[i])), MV_OK);
            STR(out.at, want.at);
        }
    }
    TEST("a lone empty field at the start of a buffer")
    {
        mv_buffer_release(&out);
        mv_csv_put(&out, mv_span_of(""));
        mv_csv_end(&out);
        STR(out.at, "\"\"\n");
    }
    mv_buffer_release(&out);
    mv_buffer_release(&back);
    mv_buffer_release(&want);
}

int main(void)
{
    test_rows();
    test_errors();
    test_limits();
    test_text();
    test_files();
    test_long();
    test_complete();
    test_column();
    test_writing();
    rows(NULL, NULL);
    return test_end();
}
