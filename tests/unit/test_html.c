#include "html.h"
#include "test.h"

#include <stdlib.h>
#include <time.h>

static struct mv_buffer out;

static const char *text_of(const char *body)
{
    mv_buffer_clear(&out);
    if (mv_html_text(mv_span_of(body), &out, NULL) != MV_OK)
        return "(failed)";
    return out.at ? out.at : "";
}

/* unit repeated n times, between before and after. */
static char *repeat(const char *before, const char *unit, size_t n,
                    const char *after)
{
    struct mv_buffer all = {0};

    mv_buffer_puts(&all, before);
    for (size_t i = 0; i < n; i++)
        mv_buffer_puts(&all, unit);
    mv_buffer_puts(&all, after);
    return all.at;
}

/* A hostile body must be answered in time, whatever the answer is. */
static void hostile(const char *before, const char *unit, const char *after)
{
    size_t n = (MV_HTML_MAX - strlen(before) - strlen(after)) / strlen(unit);
    char *body = repeat(before, unit, n, after);
    clock_t start = clock();

    mv_buffer_clear(&out);
    mv_html_text(mv_span_of(body), &out, NULL);
    OK((double)(clock() - start) / CLOCKS_PER_SEC < 20);
    free(body);
}

int main(void)
{
    TEST("text without markup is untouched")
    {
        STR(text_of(""), "");
        STR(text_of("  Hola,\n\n  \xc2\xbfqu\xc3\xa9 tal?  "),
            "  Hola,\n\n  \xc2\xbfqu\xc3\xa9 tal?  ");
        OK(!mv_html_suspect(mv_span_of("plain")));
        OK(!mv_html_suspect((struct mv_span){NULL, 0}));
        OK(mv_html_suspect(mv_span_of("a<b")));
        OK(mv_html_suspect(mv_span_of("a&b")));
    }
    TEST("angle brackets and ampersands that are text survive")
    {
        STR(text_of("AT&T"), "AT&T");
        STR(text_of("R&D &c"), "R&D &c");
        STR(text_of("a < b and b > a"), "a < b and b > a");
        STR(text_of("I <3 it"), "I <3 it");
        STR(text_of("Hi <first name>, see you"), "Hi <first name>, see you");
        STR(text_of("write to <ana@example.com>"),
            "write to <ana@example.com>");
        STR(text_of("if a<b or c"), "if a<b or c");
        STR(text_of("x <b"), "x <b");
        STR(text_of("&nosuchentity; &; &#; &#x; & <"),
            "&nosuchentity; &; &#; &#x; & <");
        STR(text_of("<!-- never closed"), "<!-- never closed");
        STR(text_of("AT&T <br> R&D"), "AT&T\nR&D");
    }
    TEST("entities, also without any tag")
    {
        STR(text_of("you &amp; me"), "you & me");
        STR(text_of("a&nbsp;b"), "a\xc2\xa0"
                                 "b");
        STR(text_of("it&rsquo;s"), "it\xe2\x80\x99s");
        STR(text_of("&#72;&#x6f;la &gt; &lt;br&gt;"), "Hola > <br>");
        STR(text_of("&amp;amp;"), "&amp;");
        STR(text_of("it&apos;s"), "it's");
        STR(text_of("one &amp;\n\ntwo  three"), "one &\n\ntwo  three");
    }
    TEST("tags that break lines")
    {
        STR(text_of("one<br>two<br/>three"), "one\ntwo\nthree");
        STR(text_of("<p>one</p><p class=\"a > b\">two</p>"), "one\n\ntwo");
        STR(text_of("list:<ul><li>a</li><li>b</li></ul>end"),
            "list:\n\na\nb\n\nend");
        STR(text_of("<div>a</div>\n  <div> b\n c </div>"), "a\nb c");
        STR(text_of("<table><tr><td>a</td><td>b</td></tr></table>"), "a b");
        STR(text_of("a <b>bold</b> word\nnext"), "a bold word\nnext");
        STR(text_of("<P>UPPER</P>"), "UPPER");
    }
    TEST("script, style, head and comments are dropped")
    {
        STR(text_of("a<script>alert('x<y')</script>b"), "ab");
        STR(text_of("<html><head><title>T</title><style>p{}</style></head>"
                    "<body>text</body></html>"),
            "text");
        STR(text_of("a<!-- <p>hidden</p> -->b"), "ab");
        STR(text_of("<a href=\"https://example.com/?q=1\">site</a>"), "site");
    }
    TEST("a charset said in the body does not change UTF-8")
    {
        STR(text_of("<meta charset=iso-8859-1><p>\xc3\xb1"
                    "and\xc3\xba</p>"),
            "\xc3\xb1"
            "and\xc3\xba");
        STR(text_of("<meta http-equiv=\"Content-Type\" content=\"text/html; "
                    "charset=utf-16\"><p>\xe2\x82\xac</p>"),
            "\xe2\x82\xac");
    }
    TEST("broken HTML still gives its text")
    {
        STR(text_of("<p>one<p>two</div></p></p>three"), "one\n\ntwo\n\nthree");
        STR(text_of("<a title=it's>x</a> don't"), "x don't");
        STR(text_of("<b>open"), "open");
    }
    TEST("a body of nothing, into a buffer that holds nothing")
    {
        struct mv_buffer fresh = {0};

        EQ(mv_html_text(mv_span_of("<p>"), &fresh, NULL), MV_OK);
        EQ(fresh.len, 0);
        mv_buffer_release(&fresh);
    }
    TEST("what was in the buffer stays, also after a failure")
    {
        struct mv_error error = {0};
        char *deep = repeat("x", "<div>", MV_HTML_DEPTH + 10, "y");
        char *large = repeat("&amp;", "x", MV_HTML_MAX, "");

        mv_buffer_clear(&out);
        mv_buffer_puts(&out, "before ");
        EQ(mv_html_text(mv_span_of("a<br>b"), &out, &error), MV_OK);
        STR(out.at, "before a\nb");
        EQ(mv_html_text(mv_span_of(deep), &out, &error), MV_FORMAT);
        OK(strstr(error.message, "nested deeper"));
        STR(out.at, "before a\nb");
        mv_error_clear(&error);
        EQ(mv_html_text(mv_span_of(large), &out, &error), MV_RANGE);
        STR(out.at, "before a\nb");
        free(deep);
        free(large);
    }
    TEST("NUL and control bytes do not cut the text")
    {
        mv_buffer_clear(&out);
        EQ(mv_html_text((struct mv_span){"a\0b &amp; c\1d", 13}, &out, NULL),
           MV_OK);
        STR(out.at, "a b & c d");
    }
    TEST("hostile bodies end in time")
    {
        hostile("", "<a \"", ">");
        hostile("", "<b x='", "");
        hostile("", "<!--", "");
        hostile("", "&", "");
        hostile("", "<", "");
        hostile("", "<i></b>", "");
        hostile("<b><b><b><b><b><b>", "</p>", "");
        hostile("", "<p>", "");
        hostile("<p>", "&#1;", "");
        hostile("", "<br>", "");
    }
    mv_buffer_release(&out);
    return test_end();
}
