#include "canned.h"

#include <string.h>

/* Folded words without punctuation. They stand as LinkedIn wrote them over the
 * years: invitation mails of 2009 to 2024, the web page, and its sister texts
 * in other languages. Those with the same first word stand together. */
static const char *const TEXTS[] = {
    "i'd like to add you to my professional network on linkedin",
    "i'd like to add you to my professional network",
    "i'd like to add you to my linkedin network",
    "i'd like to connect with you on linkedin",
    "i'd like to join your linkedin network",
    "i'd like to join your professional network",
    "i'd like to join your network",
    "i would like to add you to my professional network on linkedin",
    "i would like to add you to my professional network",
    "i want to connect",
    "since you are a person i trust i wanted to invite you to join my network "
    "on linkedin",
    "please add me to your linkedin network",
    "join my network on linkedin",
    "would like to connect on linkedin how would you like to respond",
    "would like to add you to their professional network on linkedin",
    "me gustaria anadirte a mi red profesional en linkedin",
    "me gustaria anadirle a mi red profesional en linkedin",
    "me gustaria anadirte a mi red profesional",
    "me gustaria agregarte a mi red profesional en linkedin",
    "me gustaria unirme a tu red de linkedin",
    "me gustaria unirme a tu red profesional",
    "me gustaria contactar contigo en linkedin",
    "anademe a tu red de linkedin",
    "quisiera anadirte a mi red profesional en linkedin",
    "como eres una persona de confianza te invito a unirte a mi red en "
    "linkedin",
    "gostaria de adiciona lo a minha rede profissional no linkedin",
    "gostaria de adicionar voce a minha rede profissional no linkedin",
    "gostaria de me conectar com voce no linkedin",
    "eu gostaria de adiciona lo a minha rede profissional no linkedin",
    "j'aimerais vous ajouter a mon reseau professionnel sur linkedin",
    "je souhaiterais vous ajouter a mon reseau professionnel sur linkedin",
    "je vous invite a rejoindre mon reseau professionnel sur linkedin",
    "vorrei aggiungerti alla mia rete professionale su linkedin",
    "vorrei aggiungerla alla mia rete professionale su linkedin",
    "voglio collegarmi",
    "ich mochte sie gerne zu meinem beruflichen netzwerk auf linkedin "
    "hinzufugen",
    "ich mochte sie zu meinem beruflichen netzwerk auf linkedin hinzufugen",
    "m'agradaria afegir te a la meva xarxa professional a linkedin",
    "saya ingin menambahkan anda ke jaringan profesional saya di linkedin",
};

enum { TEXT_COUNT = sizeof TEXTS / sizeof *TEXTS };

static const char *const GREETINGS[] = {
    "hi",      "hello",      "hey",      "dear",      "hola",      "buenas",
    "buenos",  "estimado",   "estimada", "apreciado", "apreciada", "querido",
    "querida", "ola",        "oi",       "bonjour",   "bonsoir",   "ciao",
    "salve",   "buongiorno", "gentile",  "hallo",     "guten",     "liebe",
    "lieber",  "bon",        "good",     "caro",      "cara",      "bom",
};

static const char *const CLOSINGS[] = {
    "thanks",  "thank",   "regards", "best",     "cheers",   "sincerely",
    "gracias", "saludos", "saludo",  "un",       "abrazo",   "cordialmente",
    "merci",   "grazie",  "danke",   "obrigado", "obrigada", "kind",
};

enum { NAME_WORDS = 4, SIGNATURE_WORDS = 6 };

static bool is_word(const struct mv_token *token)
{
    return token->kind == MV_TOKEN_WORD || token->kind == MV_TOKEN_NUMBER;
}

/* Whether the token is the word of len bytes at `word`. */
static bool is(const struct mv_tokens *tokens, size_t i, const char *word,
               size_t len)
{
    const struct mv_token *token = &tokens->token[i];

    return token->len == len &&
           memcmp(tokens->folded.at + token->at, word, len) == 0;
}

static bool is_one_of(const struct mv_tokens *tokens, size_t i,
                      const char *const *words, size_t n)
{
    for (size_t k = 0; k < n; k++)
        if (is(tokens, i, words[k], strlen(words[k])))
            return true;
    return false;
}

#define IS_ONE_OF(tokens, i, words)                                            \
    is_one_of(tokens, i, words, sizeof(words) / sizeof *(words))

/* The token after the text, when it begins at token `first`; else 0. Between
 * its words there may be punctuation. */
static size_t match_at(const struct mv_tokens *tokens, size_t first,
                       const char *text)
{
    size_t i = first;

    while (*text) {
        const struct mv_token *token;
        const char *word;

        while (i < tokens->n && i > first && !is_word(&tokens->token[i]))
            i++;
        if (i >= tokens->n)
            return 0;
        token = &tokens->token[i++];
        word = tokens->folded.at + token->at;
        if (*word != *text || strncmp(word, text, token->len) != 0)
            return 0;
        text += token->len;
        if (*text && *text++ != ' ')
            return 0;
    }
    return i;
}

/* Before the text: nothing, a greeting with a name, a name with a comma, or
 * LinkedIn's line about a fellow group member. */
static bool is_opening(const struct mv_tokens *tokens, size_t end)
{
    size_t words = 0, fellow = 0;

    for (size_t i = 0; i < end; i++) {
        words += is_word(&tokens->token[i]);
        if (fellow == 0)
            fellow = match_at(tokens, i, "has indicated you are a fellow");
    }
    if (words == 0 || (fellow && fellow <= end))
        return true;
    if (words <= NAME_WORDS + 1 && IS_ONE_OF(tokens, 0, GREETINGS))
        return true;
    return words <= NAME_WORDS;
}

/* Behind the text: nothing, thanks, or a dash or line with a name. A question
 * mark or a sentence is more than a signature. */
static bool is_signature(const struct mv_tokens *tokens, size_t start)
{
    size_t words = 0;
    bool asks = false, links = false;

    for (size_t i = start; i < tokens->n; i++) {
        words += is_word(&tokens->token[i]);
        asks |= is(tokens, i, "?", 1);
        links |= tokens->token[i].kind == MV_TOKEN_URL ||
                 tokens->token[i].kind == MV_TOKEN_EMAIL;
    }
    if (links || words > SIGNATURE_WORDS || (asks && words > 0))
        return false;
    if (words <= 3)
        return true;
    while (start < tokens->n && is(tokens, start, ".", 1))
        start++;
    return is(tokens, start, "-", 1) || is(tokens, start, "--", 2) ||
           is(tokens, start, ",", 1) || IS_ONE_OF(tokens, start, CLOSINGS);
}

/* Whether the word, of len bytes, is the first one of the text. */
static bool is_first(const char *word, size_t len, const char *text)
{
    return *word == *text && strncmp(word, text, len) == 0 && text[len] == ' ';
}

unsigned mv_canned_opens(struct mv_span word)
{
    for (unsigned t = 0; t < TEXT_COUNT; t++)
        if (is_first(word.at, word.len, TEXTS[t]))
            return t + 1;
    return 0;
}

bool mv_canned_match_at(const struct mv_tokens *tokens, size_t first,
                        unsigned number)
{
    const struct mv_token *token = &tokens->token[first];
    const char *word = tokens->folded.at + token->at;

    for (unsigned t = number - 1; t < TEXT_COUNT; t++) {
        size_t end;

        if (!is_first(word, token->len, TEXTS[t]))
            break;
        end = match_at(tokens, first, TEXTS[t]);
        if (end && is_opening(tokens, first) && is_signature(tokens, end))
            return true;
    }
    return false;
}

bool mv_canned_match(const struct mv_tokens *tokens)
{
    for (size_t first = 0; first < tokens->n; first++) {
        const struct mv_token *token = &tokens->token[first];
        unsigned number = mv_canned_opens(
            (struct mv_span){tokens->folded.at + token->at, token->len});

        if (number && mv_canned_match_at(tokens, first, number))
            return true;
    }
    return false;
}
