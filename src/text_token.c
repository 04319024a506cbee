/* Tokens: where each of a folded message ends, and what it is. */
#include "text_parts.h"

#include "text_scan.h"

#include <stdbool.h>
#include <string.h>

/* Whether c is one of the characters of set; NUL is not. */
static bool is_one_of(char c, const char *set)
{
    return c && strchr(set, c);
}

static size_t run_to_blank(const char *at)
{
    size_t len = strcspn(at, " ");

    while (len > 1 && is_one_of(at[len - 1], ".,;:!?)\"'>]"))
        len--;
    return len;
}

/* Length of the URL that starts here, or 0. Zeros behind the text make reading
 * on safe. */
static size_t url_length(const char *at)
{
    if ((memcmp(at, "http", 4) == 0 &&
         (memcmp(at + 4, "://", 3) == 0 || memcmp(at + 4, "s://", 4) == 0)) ||
        memcmp(at, "www.", 4) == 0)
        return run_to_blank(at);
    return 0;
}

/* Whether c can stand in an address before the @, letters and digits apart. */
static bool in_address(char c)
{
    return c == '.' || c == '_' || c == '-' || c == '+';
}

/* Length of the e-mail address whose first word, of len bytes, starts here, or
 * 0: name@host.tld without blanks. */
static size_t email_length(const char *at, size_t len)
{
    size_t end;
    const char *sign, *dot;

    while (in_address(at[len]) || (at[len] >= 'a' && at[len] <= 'z') ||
           (at[len] >= '0' && at[len] <= '9'))
        len++;
    if (at[len] != '@')
        return 0;
    end = run_to_blank(at);
    sign = at + len;
    if (end <= len)
        return 0;
    dot = memchr(sign, '.', end - len);
    return dot && dot > sign + 1 && dot < at + end - 1 ? end : 0;
}

/* Whether c can stand within a word (i'd) or a number (10.000, 16:00). */
static bool joins(char c, bool letters)
{
    return letters ? c == '\'' : c == '.' || c == ',' || c == ':';
}

/* Skips the ASCII letters and digits at `at`; whether there was a letter. */
static size_t skip_ascii(const char *at, bool *letters)
{
    size_t len = 0;

    for (;;) {
        struct mv_text_words words = mv_text_words(at + len);
        uint32_t other = ~(words.letter | words.digit);
        uint32_t n = (uint32_t)__builtin_ctz(other);

        *letters |= (words.letter & ((other & (0 - other)) - 1)) != 0;
        len += n;
        if (n < MV_TEXT_SCAN)
            return len;
    }
}

/* Length of the word or number at `at`; *kind says which. */
static size_t word_length(const char *at, enum mv_token_kind *kind)
{
    size_t len = 0;
    bool letters = false;

    for (;;) {
        size_t step, next;
        enum mv_glyph glyph;

        len += skip_ascii(at + len, &letters);
        if (at[len] == ' ')
            break;
        glyph = mv_text_look(at + len, &step);
        if (glyph == MV_GLYPH_LETTER)
            letters = true;
        else if (glyph != MV_GLYPH_DIGIT &&
                 (!joins(at[len], letters) ||
                  mv_text_look(at + len + 1, &next) !=
                      (letters ? MV_GLYPH_LETTER : MV_GLYPH_DIGIT)))
            break;
        len += step;
    }
    *kind = letters ? MV_TOKEN_WORD : MV_TOKEN_NUMBER;
    return len;
}

/* Length of the token at `at`, a letter or digit; *kind says what it is. */
static size_t text_length(const char *at, enum mv_token_kind *kind)
{
    size_t len = word_length(at, kind), special = 0;

    if (*at == 'h' || *at == 'w')
        special = url_length(at);
    if (special) {
        *kind = MV_TOKEN_URL;
        return special;
    }
    if (at[len] == ' ')
        return len;
    if (in_address(at[len]) || at[len] == '@')
        special = email_length(at, len);
    if (special) {
        *kind = MV_TOKEN_EMAIL;
        return special;
    }
    return len;
}

/* The same for most tokens at less cost: a word or number of ASCII with a
 * blank behind it, and nothing that may be part of an address. 0: it is not
 * one of these. */
static size_t plain_length(const char *at, enum mv_token_kind *kind)
{
    struct mv_text_words words = mv_text_words(at);
    uint32_t other = ~(words.letter | words.digit);
    uint32_t len = (uint32_t)__builtin_ctz(other);

    if (len == MV_TEXT_SCAN || at[len] != ' ' || *at == 'h' || *at == 'w')
        return 0;
    *kind = words.letter & ((other & (0 - other)) - 1) ? MV_TOKEN_WORD
                                                       : MV_TOKEN_NUMBER;
    return len;
}

/* Length of the token at `at`, which is no blank; *kind says what it is. */
static size_t token_length(const char *at, enum mv_token_kind *kind)
{
    size_t step, len;
    enum mv_glyph glyph = mv_text_look(at, &step);

    if (glyph == MV_GLYPH_LETTER || glyph == MV_GLYPH_DIGIT)
        return text_length(at, kind);
    if (glyph == MV_GLYPH_SYMBOL) {
        *kind = MV_TOKEN_SYMBOL;
        return step;
    }
    *kind = MV_TOKEN_PUNCT;
    len = step;
    while (memcmp(at, at + len, step) == 0)
        len += step;
    return len;
}

size_t mv_text_token(const char *at, enum mv_token_kind *kind)
{
    size_t len = plain_length(at, kind);

    return len ? len : token_length(at, kind);
}
