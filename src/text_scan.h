/* layer 2: what text.c does to 16 bytes at once.
 *
 * Not for other modules. A mask has bit i set when byte i is of that class, so
 * that folding and splitting go by whole words and not by guesses, byte for
 * byte, where one ends: a wrong guess costs a processor more than 16 bytes do.
 *
 * Thread-safety: no state.
 */
#ifndef MV_TEXT_SCAN_H
#define MV_TEXT_SCAN_H

#include <stdint.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum { MV_TEXT_SCAN = 16 };

/* What 16 bytes of a message are. */
struct mv_text_ascii {
    uint32_t odd;   /* not printable ASCII, or a grave accent */
    uint32_t blank; /* ' ' */
};

/* What 16 bytes of folded text are. */
struct mv_text_words {
    uint32_t letter; /* a to z */
    uint32_t digit;  /* 0 to 9 */
};

/* The way for machines without SSE2. */
static inline struct mv_text_ascii mv_text_lower_portable(const char *in,
                                                          char *out)
{
    struct mv_text_ascii m = {0, 0};

    for (unsigned i = 0; i < MV_TEXT_SCAN; i++) {
        unsigned char c = (unsigned char)in[i];

        m.odd |= (uint32_t)(c < 0x20 || c >= 0x7F || c == '`') << i;
        m.blank |= (uint32_t)(c == ' ') << i;
        out[i] = (char)(c >= 'A' && c <= 'Z' ? c + 0x20 : c);
    }
    return m;
}

/* The way for machines without SSE2. */
static inline struct mv_text_words mv_text_words_portable(const char *at)
{
    struct mv_text_words m = {0, 0};

    for (unsigned i = 0; i < MV_TEXT_SCAN; i++) {
        m.letter |= (uint32_t)(at[i] >= 'a' && at[i] <= 'z') << i;
        m.digit |= (uint32_t)(at[i] >= '0' && at[i] <= '9') << i;
    }
    return m;
}

#if defined(__SSE2__)
/* The bytes of v in (low, high); those above 0x7F are in no such range. */
static inline __m128i mv_text_between(__m128i v, char low, char high)
{
    return _mm_and_si128(_mm_cmpgt_epi8(v, _mm_set1_epi8(low)),
                         _mm_cmplt_epi8(v, _mm_set1_epi8(high)));
}

/* Copies 16 bytes, A to Z lower-cased, and says what they were. */
static inline struct mv_text_ascii mv_text_lower(const char *in, char *out)
{
    __m128i v = _mm_loadu_si128((const __m128i *)(const void *)in);
    __m128i odd =
        _mm_or_si128(_mm_cmplt_epi8(v, _mm_set1_epi8(' ')),
                     _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(0x7F)),
                                  _mm_cmpeq_epi8(v, _mm_set1_epi8('`'))));
    __m128i blank = _mm_cmpeq_epi8(v, _mm_set1_epi8(' '));
    __m128i upper = mv_text_between(v, 'A' - 1, 'Z' + 1);

    v = _mm_add_epi8(v, _mm_and_si128(upper, _mm_set1_epi8(0x20)));
    _mm_storeu_si128((__m128i *)(void *)out, v);
    return (struct mv_text_ascii){(uint32_t)_mm_movemask_epi8(odd),
                                  (uint32_t)_mm_movemask_epi8(blank)};
}

/* Says what the 16 bytes at `at` are. */
static inline struct mv_text_words mv_text_words(const char *at)
{
    __m128i v = _mm_loadu_si128((const __m128i *)(const void *)at);

    return (struct mv_text_words){
        (uint32_t)_mm_movemask_epi8(mv_text_between(v, 'a' - 1, 'z' + 1)),
        (uint32_t)_mm_movemask_epi8(mv_text_between(v, '0' - 1, '9' + 1))};
}
#else
static inline struct mv_text_ascii mv_text_lower(const char *in, char *out)
{
    return mv_text_lower_portable(in, out);
}

static inline struct mv_text_words mv_text_words(const char *at)
{
    return mv_text_words_portable(at);
}
#endif

#endif
