#include "source.h"
#include "test.h"

#include <stdlib.h>
#include <unistd.h>

/* All that a source gives in reads of step bytes, NUL-terminated. */
static char *slurp(struct mv_source *source, size_t step, size_t *len)
{
    size_t size = 1 << 16, got;
    char *text = malloc(size);

    *len = 0;
    for (;;) {
        if (!text || mv_source_read(source, text + *len, step, &got, NULL))
            break;
        *len += got;
        if (!got || *len + step + 1 > size)
            break;
    }
    if (text)
        text[*len] = '\0';
    return text;
}

static void expect_text(const void *bytes, size_t n, const char *encoding,
                        const char *want, long replaced)
{
    size_t step, len;

    for (step = 1; step < 6; step++) {
        struct mv_source *source = NULL;
        char *text;

        EQ(mv_source_open_memory(&source, "m", bytes, n, NULL), MV_OK);
        if (!source)
            return;
        STR(mv_source_encoding(source), encoding);
        text = slurp(source, step, &len);
        EQ(len, strlen(want));
        STR(text, want);
        EQ(mv_source_replaced(source), replaced);
        free(text);
        mv_source_close(source);
    }
}

#define TEXT(bytes, encoding, want, replaced)                                  \
    expect_text((bytes), sizeof(bytes) - 1, (encoding), (want), (replaced))

static void test_encodings(void)
{
    TEST("UTF-8 passes, its mark is dropped")
    {
        TEXT("", "UTF-8", "", 0);
        TEXT("a", "UTF-8", "a", 0);
        TEXT("a,\xC3\xA9\n", "UTF-8", "a,\xC3\xA9\n", 0);
        TEXT("\xEF\xBB\xBFx", "UTF-8 with BOM", "x", 0);
        TEXT("\xEF\xBB\xBF", "UTF-8 with BOM", "", 0);
        TEXT("\xEF\xBB", "UTF-8", "\xEF\xBB", 0);
        TEXT("\xFF\xC3", "UTF-8", "\xFF\xC3", 0);
    }
    TEST("UTF-16 is told by its mark")
    {
        TEXT("\xFF\xFE"
             "a\0\xE9\0",
             "UTF-16LE", "a\xC3\xA9", 0);
        TEXT("\xFE\xFF\0a\0\xE9", "UTF-16BE", "a\xC3\xA9", 0);
        TEXT("\xFF\xFE\x3D\xD8\x4B\xDC", "UTF-16LE", "\xF0\x9F\x91\x8B", 0);
        TEXT("\xFF\xFE", "UTF-16LE", "", 0);
    }
    TEST("and by its NUL bytes without one")
    {
        TEXT("a\0b\0", "UTF-16LE", "ab", 0);
        TEXT("\0a\0b\0\xE9", "UTF-16BE", "ab\xC3\xA9", 0);
        TEXT("a\0", "UTF-16LE", "a", 0);
    }
    TEST("damaged UTF-16 becomes U+FFFD and is counted")
    {
        TEXT("\xFF\xFE\x3D\xD8x\0", "UTF-16LE", "\xEF\xBF\xBDx", 1);
        TEXT("\xFF\xFE\x4B\xDCx\0", "UTF-16LE", "\xEF\xBF\xBDx", 1);
        TEXT("a\0b\0c", "UTF-16LE", "ab\xEF\xBF\xBD", 1);
        TEXT("a\0b\0\x3D\xD8", "UTF-16LE", "ab\xEF\xBF\xBD", 1);
        TEXT("a\0b\0\x3D\xD8\x4B", "UTF-16LE", "ab\xEF\xBF\xBD\xEF\xBF\xBD", 2);
    }
    TEST("UTF-32 is refused")
    {
        struct mv_source *source;
        struct mv_error error = {0};

        EQ(mv_source_open_memory(&source, "m", "\xFF\xFE\0\0a\0\0\0", 8,
                                 &error),
           MV_FORMAT);
        OK(source == NULL);
        OK(strstr(error.message, "UTF-32") != NULL);
    }
}

/* Much more than any block inside, so that characters are cut by their ends:
 * one byte of offset puts a surrogate pair across each of them. */
static void test_long_utf16(void)
{
    TEST("UTF-16 of many blocks")
    {
        enum { N = 100000 };
        unsigned char *bytes = malloc(2 + 2 + 4 * N);
        struct mv_source *source = NULL;
        char block[4099];
        size_t i, got, total = 0, wrong = 0;

        if (!bytes)
            return;
        memcpy(bytes, "\xFF\xFEx", 4);
        for (i = 0; i < N; i++)
            memcpy(bytes + 4 + 4 * i, "\x3D\xD8\x4B\xDC", 4);
        EQ(mv_source_open_memory(&source, NULL, bytes, 4 + 4 * N, NULL), MV_OK);
        do {
            EQ(mv_source_read(source, block, sizeof block, &got, NULL), MV_OK);
            for (i = 0; i < got; i++, total++)
                wrong += total ? block[i] != "\xF0\x9F\x91\x8B"[(total - 1) % 4]
                               : block[i] != 'x';
        } while (got);
        EQ(total, 1 + 4 * N);
        EQ(wrong, 0);
        EQ(mv_source_replaced(source), 0);
        mv_source_close(source);
        free(bytes);
    }
}

static void test_files(void)
{
    struct mv_source *source;
    struct mv_error error = {0};
    size_t len;
    char *text;

    TEST("a missing file and a directory are told with their cause")
    {
        EQ(mv_source_open(&source, "no/such/file.csv", &error), MV_IO);
        OK(source == NULL);
        STR(error.source, "no/such/file.csv");
        STR(error.message, "cannot open: No such file or directory");
        mv_error_clear(&error);
        EQ(mv_source_open(&source, "tests", &error), MV_IO);
        OK(source == NULL);
        STR(error.message, "cannot read: Is a directory");
    }
    TEST("a file, and its name")
    {
        EQ(mv_source_open(&source, "tests/data/csv-pass-utf16le.csv", NULL),
           MV_OK);
        STR(mv_source_name(source), "tests/data/csv-pass-utf16le.csv");
        STR(mv_source_encoding(source), "UTF-16LE");
        text = slurp(source, 7, &len);
        STR(text, "Name,Message\r\nJos\xC3\xA9,\"\xC2\xBFHablamos? "
                  "\xF0\x9F\x91\x8B\"\r\n");
        free(text);
        mv_source_close(source);
    }
    TEST("a caller's stream is read from where it stands, and stays open")
    {
        FILE *file = tmpfile();

        fputs("skip,rest", file);
        fseek(file, 5, SEEK_SET);
        EQ(mv_source_open_file(&source, "s", file, NULL), MV_OK);
        text = slurp(source, 100, &len);
        STR(text, "rest");
        free(text);
        mv_source_close(source);
        EQ(fseek(file, 0, SEEK_SET), 0);
        EQ(fclose(file), 0);
    }
    TEST("- is standard input")
    {
        OK(freopen("tests/data/csv-pass-bom.csv", "rb", stdin) != NULL);
        EQ(mv_source_open(&source, "-", NULL), MV_OK);
        STR(mv_source_name(source), "standard input");
        text = slurp(source, 100, &len);
        STR(text, "\"Name\",Message\nAna,hola\n");
        free(text);
        mv_source_close(source);
        EQ(feof(stdin) != 0, 1);
    }
    mv_source_close(NULL);
}

static void test_lines(void)
{
    struct mv_source *source;
    struct mv_error error = {0};
    const char *line;
    size_t len;
    long number = 0;

    TEST("lines end in LF or CRLF, blank ones count, the last may lack it")
    {
        mv_source_open_memory(&source, "m", "a\r\n\n\r\nb\rc\nlast", 14, NULL);
        EQ(mv_source_line(source, &line, &len, &number, NULL), MV_OK);
        STR(line, "a");
        EQ(number, 1);
        mv_source_line(source, &line, &len, &number, NULL);
        STR(line, "");
        mv_source_line(source, &line, &len, &number, NULL);
        STR(line, "");
        mv_source_line(source, &line, &len, &number, NULL);
        STR(line, "b\rc");
        mv_source_line(source, &line, &len, &number, NULL);
        STR(line, "last");
        EQ(len, 4);
        EQ(number, 5);
        EQ(mv_source_line(source, &line, &len, NULL, NULL), MV_OK);
        OK(line == NULL);
        EQ(mv_source_line(source, &line, &len, NULL, NULL), MV_OK);
        OK(line == NULL);
        mv_source_close(source);
    }
    TEST("no line at all")
    {
        mv_source_open_memory(&source, "m", NULL, 0, NULL);
        EQ(mv_source_line(source, &line, &len, &number, NULL), MV_OK);
        OK(line == NULL);
        mv_source_close(source);
    }
    TEST("8 MiB is the longest line")
    {
        size_t size = MV_SOURCE_LINE_MAX + 64;
        char *bytes = malloc(size);

        if (!bytes)
            return;
        memset(bytes, 'x', size);
        memcpy(bytes, "first\n", 6);
        memcpy(bytes + 6 + MV_SOURCE_LINE_MAX, "\r\nnext\n", 7);
        mv_source_open_memory(&source, "m", bytes, size, NULL);
        mv_source_line(source, &line, &len, &number, NULL);
        EQ(mv_source_line(source, &line, &len, &number, NULL), MV_OK);
        EQ(len, MV_SOURCE_LINE_MAX);
        mv_source_line(source, &line, &len, &number, NULL);
        STR(line, "next");
        mv_source_close(source);
        bytes[6 + MV_SOURCE_LINE_MAX] = 'x';
        mv_source_open_memory(&source, "m", bytes, size, NULL);
        mv_source_line(source, &line, &len, &number, NULL);
        EQ(mv_source_line(source, &line, &len, &number, &error), MV_FORMAT);
        EQ(error.line, 2);
        STR(error.message, "line longer than 8 MiB");
        EQ(mv_source_line(source, &line, &len, &number, NULL), MV_OK);
        OK(line == NULL);
        mv_source_close(source);
        free(bytes);
    }
}

int main(void)
{
    test_encodings();
    test_long_utf16();
    test_files();
    test_lines();
    return test_end();
}
