#include "lang.h"
#include "test.h"
#include "text.h"

#include <stdbool.h>

static struct mv_text *text;
static struct mv_lang *lang;

/* What the whole module says of a message; *asked: CLD2 had to decide. */
static enum mv_language detect(const char *message)
{
    struct mv_tokens tokens = {0};
    struct mv_span span = mv_span_of(message);
    mv_lang_votes votes = 0;
    size_t words = 0;
    enum mv_language language;

    mv_text_tokens(text, span, &tokens, NULL);
    for (size_t i = 0; i < tokens.n && words < 255; i++)
        if (tokens.token[i].kind == MV_TOKEN_WORD) {
            struct mv_span word = {tokens.folded.at + tokens.token[i].at,
                                   tokens.token[i].len};

            votes = mv_lang_add(votes, mv_lang_word(lang, word));
            words++;
        }
    language = mv_lang_decide(votes, words, mv_buffer_span(&tokens.folded));
    mv_tokens_release(&tokens);
    return language;
}

#define LANGUAGE(message, want) STR(mv_lang_name(detect(message)), want)

int main(void)
{
    OK(mv_text_new(&text) == MV_OK);
    OK(mv_lang_new(&lang) == MV_OK);
    TEST("messages in every language")
    {
        LANGUAGE("Hola, me gustaría saber si el taller sigue abierto", "es");
        LANGUAGE("Could you tell me where the workshop is held?", "en");
        LANGUAGE("Olá, gostaria de saber se você ainda tem vagas", "pt");
        LANGUAGE("Bonjour, je voudrais savoir si vous avez encore de la "
                 "place pour nous",
                 "fr");
        LANGUAGE("Buongiorno, vorrei sapere se c'è ancora posto per noi", "it");
        LANGUAGE("Guten Tag, ich möchte wissen ob es noch einen Platz gibt",
                 "de");
        LANGUAGE("Bon dia, voldria saber si encara teniu lloc per a nosaltres",
                 "ca");
        LANGUAGE("Goedemorgen, ik zou graag willen weten of er nog plaats is",
                 "other");
        LANGUAGE("Здравствуйте, есть ли ещё места в вашей мастерской?",
                 "other");
    }
    TEST("nothing to tell from")
    {
        LANGUAGE("", "und");
        LANGUAGE("👍", "und");
        LANGUAGE("12345", "und");
    }
    TEST("votes")
    {
        struct mv_span para = mv_span_of("para"), the = mv_span_of("the");
        mv_lang_votes votes = 0;

        EQ(mv_lang_word(lang, the), 1 << MV_LANG_EN);
        EQ(mv_lang_word(lang, para), 1 << MV_LANG_ES | 1 << MV_LANG_PT);
        EQ(mv_lang_word(lang, mv_span_of("zapatero")), 0);
        EQ(mv_lang_word(lang, mv_span_of("averylongwordindeed")), 0);
        for (int i = 0; i < 255; i++)
            votes = mv_lang_add(votes, 0xFF);
        EQ(votes, -1);
        EQ(mv_lang_add(0, 0x85), 0x0100000000010001);
    }
    TEST("codes")
    {
        EQ(mv_lang_parse("es"), MV_LANG_ES);
        EQ(mv_lang_parse("nl"), MV_LANG_OTHER);
        EQ(mv_lang_parse("mix"), MV_LANG_UND);
        EQ(mv_lang_parse(NULL), MV_LANG_UND);
        STR(mv_lang_name(MV_LANG_CA), "ca");
    }
    mv_lang_free(lang);
    mv_lang_free(NULL);
    mv_text_free(text);
    return test_end();
}
