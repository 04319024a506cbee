#include "json.h"
#include "test.h"

#include <float.h>
#include <stdlib.h>

/* What json says, compact; shows a failure as its name. */
static const char *dump(const struct mv_json *json, struct mv_buffer *buffer)
{
    enum mv_status status;

    mv_buffer_clear(buffer);
    status = mv_json_dump(json, buffer, false, NULL);
    return status == MV_OK ? buffer->at : mv_status_name(status);
}

static void test_building(struct mv_json *json, struct mv_buffer *buffer)
{
    TEST("members keep their order, and their place when put twice")
    {
        mv_json_clear(json);
        mv_json_begin_object(json, NULL);
        mv_json_put_integer(json, "z", 1);
        mv_json_put_text(json, "a", "\xC3\xA9 \"q\" \\ \n\t\x01");
        mv_json_begin_array(json, "list");
        mv_json_put_bool(json, NULL, true);
        mv_json_put_null(json, NULL);
        mv_json_begin_object(json, NULL);
        mv_json_end(json);
        mv_json_end(json);
        mv_json_put_text(json, "none", NULL);
        mv_json_put_span(json, "span", (struct mv_span){"abc", 2});
        mv_json_put_integer(json, "z", 2);
        mv_json_end(json);
        STR(dump(json, buffer),
            "{\"z\":2,\"a\":\"\xC3\xA9 \\\"q\\\" \\\\ \\n\\t\\u0001\","
            "\"list\":[true,null,{}],\"none\":null,\"span\":\"ab\"}");
    }
    TEST("indented")
    {
        mv_json_clear(json);
        mv_json_begin_object(json, NULL);
        mv_json_put_integer(json, "n", -3);
        mv_json_begin_array(json, "list");
        mv_json_put_integer(json, NULL, 1);
        mv_json_put_integer(json, NULL, 2);
        mv_json_end(json);
        mv_json_begin_array(json, "empty");
        mv_json_end(json);
        mv_json_end(json);
        mv_buffer_clear(buffer);
        EQ(mv_json_dump(json, buffer, true, NULL), MV_OK);
        STR(buffer->at, "{\n  \"n\": -3,\n  \"list\": [\n    1,\n    2\n  ],\n"
                        "  \"empty\": []\n}");
    }
}

static void test_reals(struct mv_json *json, struct mv_buffer *buffer)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {0.95, "0.95"},
        {0.1 + 0.2, "0.30000000000000004"},
        {1.0, "1.0"},
        {-0.0, "-0.0"},
        {1e-7, "1e-07"},
        {1.0 / 3, "0.3333333333333333"},
        {1e22, "1e+22"},
        {123456789012345.6, "123456789012345.6"},
        {DBL_MAX, "1.7976931348623157e+308"},
        {(double)NAN, "null"},
        {(double)INFINITY, "null"},
        {-(double)INFINITY, "null"},
    };
    unsigned long long state = 7;
    size_t i;

    TEST("reals read back as they were, with the fewest digits")
    {
        for (i = 0; i < sizeof cases / sizeof *cases; i++) {
            mv_json_clear(json);
            mv_json_put_real(json, NULL, cases[i].value);
            STR(dump(json, buffer), cases[i].text);
        }
        for (i = 0; i < 2000; i++) {
            double value;

            state = state * 6364136223846793005u + 1442695040888963407u;
            memcpy(&value, &state, sizeof value);
            if (!isfinite(value))
                continue;
            mv_json_clear(json);
            mv_json_put_real(json, NULL, value);
            OK(strtod(dump(json, buffer), NULL) == value);
        }
    }
}

static void test_failures(struct mv_json *json, struct mv_buffer *buffer)
{
    struct mv_error error = {0};
    int i;

    TEST("the first failure sticks and leaves the buffer alone")
    {
        mv_json_clear(json);
        mv_json_begin_object(json, NULL);
        mv_json_put_text(json, "a", "\xFF");
        mv_json_put_integer(json, "b", 1);
        mv_json_end(json);
        mv_buffer_clear(buffer);
        mv_buffer_puts(buffer, "kept");
        EQ(mv_json_dump(json, buffer, false, &error), MV_FORMAT);
        STR(buffer->at, "kept");
        OK(strstr(error.message, "UTF-8") != NULL);
    }
    TEST("names and texts must be UTF-8 without NUL")
    {
        mv_json_clear(json);
        mv_json_begin_object(json, NULL);
        mv_json_put_integer(json, "\xC3", 1);
        STR(dump(json, buffer), "bad format");
        mv_json_clear(json);
        mv_json_put_span(json, NULL, (struct mv_span){"a\0b", 3});
        STR(dump(json, buffer), "bad format");
    }
    TEST("values without a place")
    {
        mv_json_clear(json);
        STR(dump(json, buffer), "out of range");
        mv_json_put_integer(json, NULL, 1);
        mv_json_put_integer(json, NULL, 2);
        STR(dump(json, buffer), "out of range");
        mv_json_clear(json);
        mv_json_begin_object(json, NULL);
        mv_json_put_integer(json, NULL, 2);
        STR(dump(json, buffer), "out of range");
        mv_json_clear(json);
        mv_json_end(json);
        STR(dump(json, buffer), "out of range");
        mv_json_clear(json);
        for (i = 0; i < 32; i++)
            mv_json_begin_array(json, NULL);
        OK(dump(json, buffer)[0] == '[');
        mv_json_begin_array(json, NULL);
        STR(dump(json, buffer), "out of range");
    }
    TEST("NULL is a value that memory did not suffice for")
    {
        mv_json_begin_object(NULL, NULL);
        mv_json_put_real(NULL, "a", 1);
        mv_json_end(NULL);
        STR(dump(NULL, buffer), "out of memory");
        mv_json_free(NULL);
    }
    TEST("writing to a stream that refuses")
    {
        FILE *full = fopen("/dev/full", "w");

        mv_json_clear(json);
        mv_json_put_integer(json, NULL, 12);
        if (full) {
            setvbuf(full, NULL, _IONBF, 0);
            mv_error_clear(&error);
            EQ(mv_json_write(json, full, false, &error), MV_IO);
            OK(strstr(error.message, "No space") != NULL);
            fclose(full);
        }
    }
}

static enum mv_status parse(struct mv_json *json, const char *text,
                            struct mv_error *error)
{
    mv_error_clear(error);
    return mv_json_parse(json, text, strlen(text), "f.jsonl", 12, error);
}

static const char *get(struct mv_json *json, const char *key)
{
    static char text[200];
    struct mv_span span = {"?", 1};
    enum mv_status status = mv_json_get(json, key, &span);

    if (status != MV_OK)
        return mv_status_name(status);
    if (!span.at)
        return "(null)";
    snprintf(text, sizeof text, "%.*s", (int)span.len, span.at);
    return text;
}

static void test_parsing(struct mv_json *json, struct mv_buffer *buffer)
{
    struct mv_error error = {0};

    TEST("members as text")
    {
        EQ(parse(json,
                 " {\"text\":\"\\u00bfhola?\\n\",\"n\":-12,\"p\":0.950,"
                 "\"t\":true,\"f\":false,\"x\":null,\"y\":[1, {\"z\":2.5}]} ",
                 &error),
           MV_OK);
        STR(get(json, "text"), "\xC2\xBFhola?\n");
        STR(get(json, "n"), "-12");
        STR(get(json, "p"), "0.95");
        STR(get(json, "t"), "true");
        STR(get(json, "f"), "false");
        STR(get(json, "x"), "(null)");
        STR(get(json, "y"), "[1,{\"z\":2.5}]");
        STR(get(json, "absent"), "not found");
        STR(mv_json_key(json, 0), "text");
        STR(mv_json_key(json, 6), "y");
        OK(mv_json_key(json, 7) == NULL);
    }
    TEST("what is put after parsing becomes the last members")
    {
        parse(json, "{\"b\": 1, \"a\": [ ], \"verdict\": \"old\"}", &error);
        mv_json_put_text(json, "verdict", "purpose");
        mv_json_put_real(json, "probability", 0.25);
        STR(dump(json, buffer), "{\"b\":1,\"a\":[],\"verdict\":\"purpose\","
                                "\"probability\":0.25}");
        parse(json, "{}", &error);
        mv_json_put_null(json, "language");
        STR(dump(json, buffer), "{\"language\":null}");
    }
}

static void test_bad_lines(struct mv_json *json)
{
    struct mv_error error = {0};
    char deep[5000];
    size_t i;

    TEST("bad lines are told with line and column")
    {
        static const struct {
            const char *text, *reason;
        } cases[] = {
            {"{\"a\":1,\"a\":2}", "a member stands twice"},
            {"{\"a\":\"\xFF\"}", "invalid UTF-8"},
            {"{\"a\":\"\\ud800\"}", "bad JSON"},
            {"{\"a\":\"\\u0000\"}", "a text holds a NUL character"},
            {"{\"a\":1", "the text ends too early"},
            {"{\"a\":1} x", "something follows the object"},
            {"{\"a\":12345678901234567890123}", "a number is too large"},
            {"{\"a\":1e999}", "a number is too large"},
            {"{'a':1}", "bad JSON"},
            {"{\"a\":NaN}", "bad JSON"},
            {"", "the text ends too early"},
            {"[1]", "a JSON object such as"},
            {"3", "bad JSON"},
        };

        for (i = 0; i < sizeof cases / sizeof *cases; i++) {
            EQ(parse(json, cases[i].text, &error), MV_FORMAT);
            EQ(error.line, 12);
            STR(error.source, "f.jsonl");
            OK(strncmp(error.message, cases[i].reason,
                       strlen(cases[i].reason)) == 0);
            STR(get(json, "a"), "not found");
        }
        parse(json, "{\"a\":1, \"a\":2}", &error);
        STR(error.message, "a member stands twice at column 11");
    }
    TEST("too deep")
    {
        memset(deep, '[', sizeof deep);
        memcpy(deep, "{\"a\":", 5);
        deep[sizeof deep - 1] = '\0';
        EQ(parse(json, deep, &error), MV_FORMAT);
        OK(strstr(error.message, "too many levels") != NULL);
    }
    TEST("a NUL byte in the line")
    {
        EQ(mv_json_parse(json, "{\"a\"\0:1}", 8, NULL, 0, NULL), MV_FORMAT);
        EQ(mv_json_parse(json, NULL, 0, NULL, 0, NULL), MV_FORMAT);
    }
}

static void test_lines(struct mv_json *json)
{
    static const char text[] = "\xEF\xBB\xBF{\"a\":1}\r\n\n  \n{\"a\":}\n"
                               "{\"a\":3}";
    struct mv_source *source = NULL;
    struct mv_error error = {0};
    long line;

    TEST("lines of a source; a bad one can be stepped over")
    {
        mv_source_open_memory(&source, "f", text, sizeof text - 1, NULL);
        EQ(mv_json_next(json, source, &line, NULL), MV_OK);
        EQ(line, 1);
        STR(get(json, "a"), "1");
        EQ(mv_json_next(json, source, &line, &error), MV_FORMAT);
        EQ(line, 4);
        EQ(error.line, 4);
        EQ(mv_json_next(json, source, &line, NULL), MV_OK);
        EQ(line, 5);
        STR(get(json, "a"), "3");
        EQ(mv_json_next(json, source, &line, NULL), MV_OK);
        EQ(line, 0);
        STR(get(json, "a"), "not found");
        mv_source_close(source);
    }
}

int main(void)
{
    struct mv_buffer buffer = {0};
    struct mv_json *json = mv_json_new();

    OK(json != NULL);
    test_building(json, &buffer);
    test_reals(json, &buffer);
    test_failures(json, &buffer);
    test_parsing(json, &buffer);
    test_bad_lines(json);
    test_lines(json);
    mv_json_free(json);
    mv_buffer_release(&buffer);
    return test_end();
}
