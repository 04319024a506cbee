#include "test.h"
#include "text.h"

#include <stdlib.h>
#include <utf8proc.h>

static struct mv_text *text;
static struct mv_tokens tokens;

static const char *fold(const char *message)
{
    if (mv_text_tokens(text, mv_span_of(message), &tokens, NULL) != MV_OK)
        return "(error)";
    return tokens.folded.at;
}

/* The tokens with a bar between, for reading. */
static const char *split(const char *message)
{
    static char out[1000];

    out[0] = '\0';
    fold(message);
    for (size_t i = 0; i < tokens.n; i++) {
        size_t len = strlen(out);

        snprintf(out + len, sizeof out - len, "%s%.*s", i ? "|" : "",
                 (int)tokens.token[i].len,
                 tokens.folded.at + tokens.token[i].at);
    }
    return out;
}

static unsigned long long state = 1;

static unsigned next_random(unsigned below)
{
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return (unsigned)(state >> 33) % below;
}

/* What straighten() of text.c does on purpose beyond Unicode. */
static int is_special(int c)
{
    return (c >= 0x2010 && c <= 0x2015) || (c >= 0x2018 && c <= 0x201F) ||
           c == 0x2032 || c == 0x2033 || c == 0x2212 || c == 0x02BC ||
           c == 0xB4 || c == '`' || c == 0xAB || c == 0xBB ||
           (c >= 0x1F3FB && c <= 0x1F3FF);
}

/* Collapses every blank and control of an utf8proc result. */
static void collapse(const char *in, char *out)
{
    size_t n = 0;

    while (*in) {
        utf8proc_int32_t c;
        utf8proc_ssize_t len =
            utf8proc_iterate((const utf8proc_uint8_t *)in, -1, &c);
        utf8proc_category_t category = utf8proc_category(c);
        int blank = c <= 0x20 || (c >= 0x7F && c < 0xA0) ||
                    category == UTF8PROC_CATEGORY_ZS ||
                    category == UTF8PROC_CATEGORY_ZL ||
                    category == UTF8PROC_CATEGORY_ZP;

        if (blank && n && out[n - 1] != ' ')
            out[n++] = ' ';
        else if ((c >= 0x2010 && c <= 0x2015) ||
                 c == 0x2212) /* a part of a ligature */
            out[n++] = '-';
        else if (c == 0x02BC || c == 0x2032 || c == '`')
            out[n++] = '\'';
        else if (!blank) {
            memcpy(out + n, in, (size_t)len);
            n += (size_t)len;
        }
        in += len;
    }
    while (n && out[n - 1] == ' ')
        n--;
    out[n] = '\0';
}

static void check_against_utf8proc(const char *message)
{
    utf8proc_uint8_t *mapped = NULL;
    char want[4096];

    utf8proc_map((const utf8proc_uint8_t *)message, 0, &mapped,
                 UTF8PROC_NULLTERM | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT |
                     UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK | UTF8PROC_IGNORE);
    collapse((const char *)mapped, want);
    free(mapped);
    if (strcmp(fold(message), want) != 0)
        STR(tokens.folded.at, want);
    else
        test_passed++;
}

static size_t put(char *out, int c)
{
    size_t n = (size_t)utf8proc_encode_char(c, (utf8proc_uint8_t *)out);

    out[n] = '\0';
    return n;
}

static int random_code_point(void)
{
    static const int LIMIT[] = {0x80, 0x80, 0x80, 0x250, 0x2100, 0x20000};
    int c;

    do
        c = (int)next_random((unsigned)LIMIT[next_random(6)]);
    while (c == 0 || is_special(c) || (c >= 0xD800 && c < 0xE000));
    return c;
}

/* The same message as other keyboards and mail programs would send it. */
static void check_invariance(void)
{
    static const char *const SAME[][2] = {
        {"¿Podría usted ayudarme?", "¿PODRIA USTED AYUDARME?"},
        {"Mañana hablé contigo", "Man\xCC\x83"
                                 "ana hable\xCC\x81 contigo\n"},
        {"I’d “love” to – talk", "I'd \"love\" to - talk"},
        {"a\xC2\xA0"
         "b\xE2\x80\xAF"
         "c",
         " a  b\t\nc "},
        {"ho\xE2\x80\x8Bla", "hola"},
        {"ok \xE2\x9C\x8C\xEF\xB8\x8F", "ok \xE2\x9C\x8C"},
        {"\xF0\x9F\x91\x8D\xF0\x9F\x8F\xBD", "\xF0\x9F\x91\x8D"},
        {"Straße", "STRASSE"},
        {"ﬁn…", "fin..."},
        {"\xEF\xBC\xA8ola", "hola"},
    };

    for (size_t i = 0; i < sizeof SAME / sizeof *SAME; i++) {
        char *first = strdup(fold(SAME[i][0]));

        STR(fold(SAME[i][1]), first);
        free(first);
    }
}

static void check_origin(const char *message, size_t first, size_t last,
                         const char *want)
{
    size_t from, to;
    char got[200];

    fold(message);
    mv_text_origin(&tokens, first, last, &from, &to);
    snprintf(got, sizeof got, "%.*s", (int)(to - from), message + from);
    STR(got, want);
}

int main(void)
{
    OK(mv_text_new(&text) == MV_OK);
    TEST("every code point folds as utf8proc says")
    {
        char message[16];

        for (int c = 1; c < 0x110000; c++) {
            if ((c >= 0xD800 && c < 0xE000) || is_special(c))
                continue;
            message[0] = 'a';
            memcpy(message + 1 + put(message + 1, c), "B", 2);
            check_against_utf8proc(message);
        }
    }
    TEST("random text folds as utf8proc says")
    {
        for (int round = 0; round < 20000; round++) {
            char message[600];
            size_t len = 0;

            message[0] = '\0';
            for (unsigned n = next_random(60); n; n--)
                len += put(message + len, random_code_point());
            check_against_utf8proc(message);
        }
    }
    TEST("spellings that must not matter") check_invariance();
    TEST("tokens")
    {
        STR(split("Hi Ana, I'd like 10.000 of it!!!"),
            "hi|ana|,|i'd|like|10.000|of|it|!!!");
        STR(split("mira https://x.example/a?b=1, ya."),
            "mira|https://x.example/a?b=1|,|ya|.");
        STR(split("a ana.perez@vino.example"), "a|ana.perez@vino.example");
        STR(split("@ana y @ luis"), "@|ana|y|@|luis");
        STR(split("{{firstName}} 5€ 👍🏽👍"),
            "{{|firstname|}}|5|€|👍|👍");
        STR(split("rock'n'roll 'quoted'"), "rock'n'roll|'|quoted|'");
        STR(split("Привет 你好"), "привет|你好");
        STR(split(""), "");
        STR(split(" \n\t "), "");
        fold("write a.b@c.example now 3 €");
        EQ(tokens.token[1].kind, MV_TOKEN_EMAIL);
        EQ(tokens.token[3].kind, MV_TOKEN_NUMBER);
        EQ(tokens.token[4].kind, MV_TOKEN_SYMBOL);
    }
    TEST("tokens lead back to the original")
    {
        check_origin("Hola  José, ¿qué tal?", 1, 1, "José");
        check_origin("Hola  José, ¿qué tal?", 0, 2, "Hola  José,");
        check_origin("Hola  José, ¿qué tal?", 4, 6, "qué tal?");
        check_origin("straße ﬁn", 0, 0, "straße");
        check_origin("ABC def", 0, 1, "ABC def");
        /* One character that folds to four words, amid others. */
        check_origin("a \uFDFA b", 1, 1, "\uFDFA");
        check_origin("a \uFDFA b", 4, 5, "\uFDFA b");
    }
    TEST("bad bytes are refused with their place")
    {
        struct mv_error error = {0};
        struct mv_span bad = {"ab\xFF"
                              "c",
                              4};

        EQ(mv_text_tokens(text, bad, &tokens, &error), MV_FORMAT);
        OK(strstr(error.message, "byte 3") != NULL);
        STR(fold("a\xED\xA0\x80"), "(error)");
        STR(fold("a\xC0\x80"), "(error)");
    }
    TEST("NUL is a blank, and a huge message is cut at a code point")
    {
        char *huge = malloc(3 * MV_TEXT_MAX);
        struct mv_span nul = {"a\0b", 3};

        EQ(mv_text_tokens(text, nul, &tokens, NULL), MV_OK);
        STR(tokens.folded.at, "a b");
        for (size_t i = 0; i < MV_TEXT_MAX; i++)
            memcpy(huge + 3 * i, "\xE2\x82\xAC", 3);
        EQ(mv_text_tokens(text, (struct mv_span){huge, 3 * MV_TEXT_MAX},
                          &tokens, NULL),
           MV_OK);
        EQ(tokens.input, MV_TEXT_MAX - MV_TEXT_MAX % 3);
        free(huge);
    }
    mv_tokens_release(&tokens);
    mv_tokens_release(NULL);
    mv_text_free(text);
    return test_end();
}
