/* Messages as lines for a terminal. */
#include "test.h"
#include "wrap.h"

#include <stdlib.h>

static char got[4096];

static const char *wrap(const char *text, size_t columns)
{
    struct mv_buffer out = {0};

    EQ(mv_wrap(&out, mv_span_of(text), columns, NULL, 0), MV_OK);
    snprintf(got, sizeof got, "%s", out.at ? out.at : "");
    mv_buffer_release(&out);
    return got;
}

int main(void)
{
    TEST("lines are broken at blanks")
    {
        STR(wrap("", 10), "");
        STR(wrap("  \n\t \n", 10), "");
        STR(wrap("hello", 10), "hello\n");
        STR(wrap("hello wide world", 10), "hello wide\nworld\n");
        STR(wrap("hello wide world", 9), "hello\nwide\nworld\n");
        STR(wrap("  a   b\t c  ", 10), "a b c\n");
        STR(wrap("exactly ten x", 11), "exactly ten\nx\n");
    }
    TEST("paragraphs stay, more than one empty line is one")
    {
        STR(wrap("a\nb", 10), "a\nb\n");
        STR(wrap("\n\na\r\n\r\n\r\n\rb \n", 10), "a\n\nb\n");
        STR(wrap("a\xe2\x80\xa8"
                 "b",
                 10),
            "a\nb\n");
    }
    TEST("words wider than a line are broken, at no mark")
    {
        STR(wrap("abcdefghij", 4), "abcd\nefgh\nij\n");
        STR(wrap("x abcdefghij", 4), "x ab\ncdef\nghij\n");
        STR(wrap("abce\xcc\x81"
                 "f",
                 4),
            "abce\xcc\x81\nf\n");
    }
    TEST("wide characters take two columns")
    {
        STR(wrap("日本語日本語", 6), "日本語\n日本語\n");
        STR(wrap("日本語日本語", 7), "日本語\n日本語\n");
        STR(wrap("a 日本 b", 5), "a\n日本\nb\n");
        STR(wrap("🎉🎉🎉", 5), "🎉🎉\n🎉\n");
    }
    TEST("what terminals draw differently, or must not draw, is left out")
    {
        /* family joined by ZWJ, skin tone, variation selector */
        STR(wrap("👩\xe2\x80\x8d👧 👍🏽 \xe2\x9a\xa0\xef\xb8\x8f", 20),
            "👩👧 👍 \xe2\x9a\xa0\n");
        /* right-to-left override and isolates */
        STR(wrap("\xe2\x80\xae"
                 "abc\xe2\x81\xa6",
                 20),
            "abc\n");
        STR(wrap("مرحبا بك", 20), "مرحبا بك\n");
        STR(wrap("a\x1b[31mb\x07", 20), "a\xef\xbf\xbd[31mb\xef\xbf\xbd\n");
        STR(wrap("a\xff\xc3", 20), "a\xef\xbf\xbd\xef\xbf\xbd\n");
    }
    TEST("marks need a base, and do not pile up")
    {
        STR(wrap("\xcc\x81"
                 "a",
                 5),
            "a\n");
        STR(wrap("a\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81", 5),
            "a\xcc\x81\xcc\x81\xcc\x81\xcc\x81\n");
        STR(wrap("\xcc\x81", 5), "");
    }
    TEST("phrases stand out within each line")
    {
        struct mv_buffer out = {0};
        struct mv_mark mark[2] = {{2, 7}, {9, 10}};

        EQ(mv_wrap(&out, mv_span_of("a bb cc d e"), 4, mark, 2), MV_OK);
        STR(out.at, "a \1bb\2\n\1cc\2 d\ne\n");
        mv_buffer_clear(&out);
        mark[1] = (struct mv_mark){10, 11};
        EQ(mv_wrap(&out, mv_span_of("a bb cc d e"), 20, mark, 2), MV_OK);
        STR(out.at, "a \1bb cc\2 d \1e\2\n");
        mv_buffer_release(&out);
    }
    return test_end();
}
