#include "lang.h"

#include "lang_cld2.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    SLOTS = 2048, /* a power of two, well above the number of words */
    WORD_MAX = 12 /* longest function word, in bytes */
};

struct entry {
    char word[WORD_MAX + 1];
    uint8_t len;
    uint8_t set;
};

struct mv_lang {
    struct entry entry[SLOTS];
};

static const char *const NAMES[MV_LANG_COUNT] = {
    "es", "en", "pt", "fr", "it", "de", "ca", "other", "und"};

/* Folded: no accents, lower case. A word of several languages stands in each
 * of them, so that it decides nothing between them. MV_LANG_OTHER holds words
 * of languages that would otherwise pass for a neighbour. */
static const char *const WORDS[MV_LANG_OTHER + 1] = {
    [MV_LANG_ES] =
        "el la los las un una unos unas de del al y o e que en por para con "
        "sin se su sus mi mis tu tus me te le les nos lo es son esta estoy "
        "estas estan soy eres ser fue era ha he has hemos hay hola gracias "
        "muy mas pero como cuando donde porque si no ya este esto estos ese "
        "eso esa usted ustedes vos yo tengo tiene tienes quiero puedo puede "
        "podria podrias gusta gustaria saludo saludos buenas buenos dias "
        "estamos somos desde sobre todo toda todos hasta entre tambien "
        "nuestro nuestra nuestros vi veo saber algo cual quien aqui "
        "hace hacer bien mucho mucha solo contigo conmigo",
    [MV_LANG_EN] =
        "the a an and or of to in on for with at by from is are am was were "
        "be been have has had i you your my me we our us it its this that "
        "these those hi hello hey thanks thank would could can will do does "
        "did not but if as about what when where who how i'd i'm i'll i've "
        "you're we're we've let's it's that's don't so just any some here "
        "there they them their his her she he into out up than then there's "
        "love like know see which while should may please",
    [MV_LANG_PT] =
        "o a os as um uma uns umas de do da dos das em no na nos nas e ou que "
        "por para com sem se seu sua seus suas meu minha meus minhas voce "
        "voces eu me te nao sim muito muita mais mas como quando onde porque "
        "este esta isso isto ola oi obrigado obrigada ao aos pelo pela sou "
        "estou tenho tem gostaria bom boa dia tudo bem sobre nosso nossa "
        "tambem ja foi ser estao sao vi quero posso poderia",
    [MV_LANG_FR] =
        "le la les un une des de du et ou que qui en pour par avec sans sur "
        "dans je j'ai tu vous nous il elle on mon ma mes votre vos notre nos "
        "ce cette ces est sont suis ai avez avons bonjour merci pas ne plus "
        "tres mais comme quand si au aux c'est d'un d'une j'aimerais qu'il "
        "se son sa ses leur etre cordialement bien tout vu",
    [MV_LANG_IT] =
        "il lo la i gli le un uno una di del della dei delle dello da dal "
        "dalla in con su per tra e o che non mi ti si ci vi io tu lei noi voi "
        "mio mia tuo tua suo sua sono sei siamo ho hai ha abbiamo ciao salve "
        "buongiorno grazie molto piu ma come quando dove perche questo questa "
        "nel nella al alla ai vorrei anche se sul sulla ed l'ho saluti",
    [MV_LANG_DE] =
        "der die das den dem des ein eine einen einem einer und oder zu zum "
        "zur in im an am auf fur mit ohne von vom aus bei nach ist sind bin "
        "war haben habe hat ich du sie wir ihr mir mich dich uns ihre ihren "
        "ihnen nicht kein keine aber wie wenn wo was hallo danke guten tag "
        "sehr auch noch nur schon gerne wurde wurden dass als um so es dein "
        "mein unsere grusse",
    [MV_LANG_CA] =
        "el la els les un una uns unes de del dels al als i o que en per amb "
        "sense se seu seva seus meu meva teu teva em et li ens us no si molt "
        "mes pero com quan on perque aquest aquesta aixo hola gracies soc "
        "estic tinc vull puc m'agradaria bon dia som jo he ha han hem va vaig "
        "voldria tambe nosaltres vosaltres fer aqui fins les vostre",
    [MV_LANG_OTHER] =
        "ik je het een niet van voor met ook maar zijn heb wij deze naar op "
        "is unha coa moi grazas polo pola dende sunt pentru este cu si la "
        "saya dan yang untuk dengan anda nie jest sie na w z do ve bir bu "
        "icin jag och att det som er og til ikke jeg med",
};

static uint32_t slot_of(struct mv_span word)
{
    uint32_t hash = 2166136261u; /* FNV-1a */

    for (size_t i = 0; i < word.len; i++)
        hash = (hash ^ (unsigned char)word.at[i]) * 16777619u;
    return (hash ^ hash >> 15) & (SLOTS - 1);
}

/* The entry of the word, or the free one where it belongs. */
static size_t find(const struct mv_lang *lang, struct mv_span word)
{
    size_t slot = slot_of(word);

    while (lang->entry[slot].len &&
           (lang->entry[slot].len != word.len ||
            memcmp(lang->entry[slot].word, word.at, word.len) != 0))
        slot = (slot + 1) & (SLOTS - 1);
    return slot;
}

static void add_words(struct mv_lang *lang, int language)
{
    const char *at = WORDS[language];

    while (*at) {
        size_t len = strcspn(at, " ");
        struct entry *entry =
            &lang->entry[find(lang, (struct mv_span){at, len})];

        entry->len = (uint8_t)len;
        memcpy(entry->word, at, len);
        entry->set |= (uint8_t)(1u << language);
        at += len + strspn(at + len, " ");
    }
}

enum mv_status mv_lang_new(struct mv_lang **out)
{
    struct mv_lang *lang = calloc(1, sizeof *lang);

    if (!lang)
        return MV_NOMEM;
    for (int language = 0; language <= MV_LANG_OTHER; language++)
        add_words(lang, language);
    *out = lang;
    return MV_OK;
}

void mv_lang_free(struct mv_lang *lang)
{
    free(lang);
}

uint8_t mv_lang_word(const struct mv_lang *lang, struct mv_span word)
{
    if (word.len == 0 || word.len > WORD_MAX)
        return 0;
    return lang->entry[find(lang, word)].set;
}

mv_lang_votes mv_lang_add(mv_lang_votes votes, uint8_t set)
{
    /* Spreads eight bits to eight bytes: the multiplication copies the set
     * into every byte, the mask keeps another bit in each; the addition then
     * carries any bit to the top of its byte. */
    uint64_t spread =
        (set * UINT64_C(0x0101010101010101)) & UINT64_C(0x8040201008040201);

    return votes + ((spread + UINT64_C(0x7F7F7F7F7F7F7F7F)) >> 7 &
                    UINT64_C(0x0101010101010101));
}

/* Whether one language leads so clearly that nobody needs to be asked: by at
 * least two words, a quarter more than the runner-up, and a sixth of all words.
 * On 34,000 labelled texts this settles 66 % of them, 99.8 % rightly or better
 * in every set, which CLD2 alone does not reach. */
static bool is_clear(mv_lang_votes votes, size_t words, enum mv_language *best)
{
    unsigned first = 0, second = 0;

    for (unsigned language = 0; language <= MV_LANG_OTHER; language++) {
        unsigned count = votes >> 8 * language & 0xFF;

        if (count > first) {
            second = first;
            first = count;
            *best = (enum mv_language)language;
        } else if (count > second) {
            second = count;
        }
    }
    return first >= second + 2 && 4 * first >= 5 * second &&
           6 * first >= words && *best != MV_LANG_OTHER;
}

enum mv_language mv_lang_decide(mv_lang_votes votes, size_t words,
                                struct mv_span message)
{
    enum mv_language best = MV_LANG_UND;

    if (is_clear(votes, words, &best))
        return best;
    if (message.len == 0 || message.len > INT32_MAX)
        return MV_LANG_UND;
    return mv_lang_parse(mv_lang_cld2(message.at, (int)message.len));
}

const char *mv_lang_name(enum mv_language language)
{
    return NAMES[language];
}

enum mv_language mv_lang_parse(const char *code)
{
    if (!code || !*code || strcmp(code, "un") == 0 ||
        strcmp(code, "und") == 0 || strcmp(code, "mix") == 0)
        return MV_LANG_UND;
    for (int language = 0; language < MV_LANG_OTHER; language++)
        if (strcmp(code, NAMES[language]) == 0)
            return (enum mv_language)language;
    return MV_LANG_OTHER;
}
