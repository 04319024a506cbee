#include "csv.h"
#include "csv_scan.h"
#include "test.h"

/* libcsv's header, to compare with: it is called csv.h like ours. */
#include <../include/csv.h>

static unsigned long long random_state = 20240501;

static size_t below(size_t n)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (size_t)(random_state >> 33) % n;
}

/* Mostly well-formed: what is wrong somewhere is wrong early otherwise. */
static size_t make_text(char *to, size_t size)
{
    static const char *const parts[] = {",",
                                        ",",
                                        "\n",
                                        "\n",
                                        "\r\n",
                                        "\r",
                                        "a",
                                        "bc",
                                        " ",
                                        "\t",
                                        "\"\"",
                                        "\"x\"",
                                        "\"a,b\"",
                                        "\"q\"\"r\"",
                                        ",,",
                                        "\n\n",
                                        "h\xC3\xA9",
                                        "\"m\nn\r\no\"",
                                        "long enough to cross it",
                                        "\""};
    size_t n = sizeof parts / sizeof *parts, len = 0;
    size_t clean = below(4) ? 1 : 0;

    for (;;) {
        const char *part = parts[below(n - clean)];

        if (len + strlen(part) > size || !below(400))
            return len;
        /* A quoted part starts a field but for now and then. */
        if (part[0] == '"' && len && !strchr(",\r\n", to[len - 1]) && below(50))
            continue;
        if (part[0] != ',' && part[0] != '\n' && part[0] != '\r' && len &&
            to[len - 1] == '"' && below(50))
            continue;
        memcpy(to + len, part, strlen(part));
        len += strlen(part);
    }
}

struct reference {
    struct mv_buffer *out;
    int in_row;
};

static void on_field(void *at, size_t len, void *data)
{
    struct reference *r = data;

    if (!r->in_row)
        mv_buffer_puts(r->out, "{");
    r->in_row = 1;
    mv_buffer_put(r->out, at, len);
    mv_buffer_puts(r->out, "|");
}

static void on_row(int end, void *data)
{
    struct reference *r = data;

    (void)end;
    mv_buffer_puts(r->out, "}");
    r->in_row = 0;
}

/* Rows of libcsv alone up to its first error; false after one. A row that the
 * error cuts off is taken back. */
static int reference_rows(struct mv_buffer *out, const char *at, size_t len)
{
    struct csv_parser parser;
    struct reference r = {out, 0};
    size_t done;
    int good;

    mv_buffer_clear(out);
    mv_buffer_puts(out, "");
    csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI);
    done = csv_parse(&parser, at, len, on_field, on_row, &r);
    good = done == len && csv_fini(&parser, on_field, on_row, &r) == 0;
    csv_free(&parser);
    if (r.in_row) {
        while (out->at[out->len - 1] != '{')
            out->len--;
        out->at[--out->len] = '\0';
    }
    return good;
}

static int our_rows(struct mv_buffer *out, struct mv_csv_splitter *s,
                    const char *at, size_t len, long *line)
{
    struct mv_csv_row row;
    enum mv_status status;
    size_t i;

    mv_csv_splitter_set(s, at, len, *line);
    while ((status = mv_csv_splitter_next(s, &row, NULL)) == MV_OK && row.n) {
        mv_buffer_puts(out, "{");
        for (i = 0; i < row.n; i++) {
            mv_buffer_put(out, row.fields[i].at, row.fields[i].len);
            mv_buffer_puts(out, "|");
        }
        mv_buffer_puts(out, "}");
    }
    *line += mv_csv_lines(at, len);
    return status == MV_OK;
}

static long slow_lines(const char *at, size_t len)
{
    long n = 0;
    size_t i;

    for (i = 0; i < len; i++)
        n += at[i] == '\n' ||
             (at[i] == '\r' && (i + 1 == len || at[i + 1] != '\n'));
    return n;
}

/* Cuts the text into blocks of at most step bytes, as a reading thread would,
 * and longer ones where a record is. */
static int block_rows(struct mv_buffer *out, struct mv_csv_splitter *s,
                      const char *at, size_t len, size_t step, long *line)
{
    while (len) {
        size_t room = step, whole = 0;

        while (!whole && room < len) {
            whole = mv_csv_complete(at, room);
            room += step;
        }
        if (!whole)
            whole = len;
        if (!our_rows(out, s, at, whole, line))
            return 0;
        at += whole;
        len -= whole;
    }
    return 1;
}

static void test_random(void)
{
    enum { SIZE = 600, ROUNDS = 20000 };
    struct mv_buffer want = {0}, got = {0}, cut = {0};
    struct mv_csv_splitter *s = NULL;
    int i, wrong = 0, wrong_cut = 0, wrong_lines = 0, good_ones = 0;

    TEST("random texts: the same rows as libcsv, whole and in blocks")
    {
        mv_csv_splitter_new(&s, NULL, NULL);
        for (i = 0; i < ROUNDS; i++) {
            char text[SIZE];
            size_t len = make_text(text, sizeof text);
            long line = 1, cut_line = 1;
            int good = reference_rows(&want, text, len);

            mv_buffer_clear(&got);
            mv_buffer_puts(&got, "");
            mv_buffer_clear(&cut);
            mv_buffer_puts(&cut, "");
            good_ones += good && len > 64;
            wrong += our_rows(&got, s, text, len, &line) != good ||
                     strcmp(got.at, want.at) != 0;
            wrong_cut += block_rows(&cut, s, text, len, 1 + below(90),
                                    &cut_line) != good ||
                         strcmp(cut.at, want.at) != 0 ||
                         (good && cut_line != line);
            wrong_lines += mv_csv_lines(text, len) != slow_lines(text, len);
        }
        EQ(wrong, 0);
        EQ(wrong_cut, 0);
        EQ(wrong_lines, 0);
        OK(good_ones > ROUNDS / 10);
        mv_csv_splitter_free(s);
    }
    mv_buffer_release(&want);
    mv_buffer_release(&got);
    mv_buffer_release(&cut);
}

static void test_masks(void)
{
    TEST("the portable masks are those of the machine")
    {
        int i, wrong = 0;

        for (i = 0; i < 2000; i++) {
            struct mv_csv_masks a, b;
            char text[64];
            size_t j;

            for (j = 0; j < sizeof text; j++)
                text[j] = below(2) ? "\",\r\n\0\x01\x80\xA2!"[below(9)]
                                   : (char)below(256);
            a = mv_csv_masks(text);
            b = mv_csv_masks_portable(text);
            wrong += a.quote != b.quote || a.comma != b.comma || a.cr != b.cr ||
                     a.lf != b.lf || a.nul != b.nul || a.high != b.high;
            for (j = 0; j < sizeof text; j++)
                wrong += (b.quote >> j & 1) != (text[j] == '"') ||
                         (b.nul >> j & 1) != (text[j] == 0) ||
                         (b.high >> j & 1) != ((text[j] & 0x80) != 0);
        }
        EQ(wrong, 0);
    }
}

int main(void)
{
    test_random();
    test_masks();
    return test_end();
}
