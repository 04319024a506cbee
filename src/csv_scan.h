/* layer 2: what the files of csv share: 64 bytes at once, and text checks.
 *
 * Not for other modules. A mask has bit i set when byte i of the 64 is of that
 * class, so that records are found by bit arithmetic and not byte by byte
 * (Langdale and Lemire 2019, Parsing gigabytes of JSON per second, section 3).
 *
 * Thread-safety: no state.
 */
#ifndef MV_CSV_SCAN_H
#define MV_CSV_SCAN_H

#include "arena.h"
#include "csv.h"

#include <stdbool.h>
#include <stdint.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

struct mv_csv_masks {
    uint64_t quote, comma, cr, lf, nul, high;
};

/* Eight bytes, the first one lowest, on any machine. */
static inline uint64_t mv_csv_load(const char *from)
{
    const unsigned char *at = (const unsigned char *)from;

    return (uint64_t)at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16 |
           (uint64_t)at[3] << 24 | (uint64_t)at[4] << 32 |
           (uint64_t)at[5] << 40 | (uint64_t)at[6] << 48 |
           (uint64_t)at[7] << 56;
}

#define MV_CSV_ONES UINT64_C(0x0101010101010101)
#define MV_CSV_TOPS UINT64_C(0x8080808080808080)

/* Gathers the top bits of eight bytes into eight bits. */
static inline uint64_t mv_csv_gather(uint64_t tops)
{
    return ((tops >> 7) * UINT64_C(0x0102040810204080)) >> 56;
}

/* Bits of the bytes of word that equal c; exact, without carries between
 * bytes. */
static inline uint64_t mv_csv_equal(uint64_t word, unsigned char c)
{
    uint64_t x = word ^ (MV_CSV_ONES * c);
    uint64_t y = (x & ~MV_CSV_TOPS) + ~MV_CSV_TOPS;

    return mv_csv_gather(~(y | x | ~MV_CSV_TOPS));
}

/* at: 64 bytes. The way for machines without SSE2. */
static inline struct mv_csv_masks mv_csv_masks_portable(const char *at)
{
    struct mv_csv_masks m = {0};
    int i;

    for (i = 0; i < 8; i++) {
        uint64_t word = mv_csv_load(at + (size_t)8 * (size_t)i);
        int shift = 8 * i;

        m.quote |= mv_csv_equal(word, '"') << shift;
        m.comma |= mv_csv_equal(word, ',') << shift;
        m.cr |= mv_csv_equal(word, '\r') << shift;
        m.lf |= mv_csv_equal(word, '\n') << shift;
        m.nul |= mv_csv_equal(word, 0) << shift;
        m.high |= mv_csv_gather(word & MV_CSV_TOPS) << shift;
    }
    return m;
}

#if defined(__SSE2__)
static inline uint64_t mv_csv_bits(__m128i a, __m128i b, __m128i c, __m128i d)
{
    return (uint64_t)(unsigned)_mm_movemask_epi8(a) |
           (uint64_t)(unsigned)_mm_movemask_epi8(b) << 16 |
           (uint64_t)(unsigned)_mm_movemask_epi8(c) << 32 |
           (uint64_t)(unsigned)_mm_movemask_epi8(d) << 48;
}

static inline uint64_t mv_csv_equal16(const __m128i v[4], char c)
{
    __m128i x = _mm_set1_epi8(c);

    return mv_csv_bits(_mm_cmpeq_epi8(v[0], x), _mm_cmpeq_epi8(v[1], x),
                       _mm_cmpeq_epi8(v[2], x), _mm_cmpeq_epi8(v[3], x));
}

/* at: 64 bytes. */
static inline struct mv_csv_masks mv_csv_masks(const char *at)
{
    const __m128i *from = (const __m128i *)(const void *)at;
    const __m128i v[4] = {_mm_loadu_si128(from), _mm_loadu_si128(from + 1),
                          _mm_loadu_si128(from + 2), _mm_loadu_si128(from + 3)};

    return (struct mv_csv_masks){
        .quote = mv_csv_equal16(v, '"'),
        .comma = mv_csv_equal16(v, ','),
        .cr = mv_csv_equal16(v, '\r'),
        .lf = mv_csv_equal16(v, '\n'),
        .nul = mv_csv_equal16(v, 0),
        .high = mv_csv_bits(v[0], v[1], v[2], v[3]),
    };
}
#else
static inline struct mv_csv_masks mv_csv_masks(const char *at)
{
    return mv_csv_masks_portable(at);
}
#endif

/* How many bits are set. (The compiler's own is a function call without
 * -mpopcnt.) */
static inline unsigned mv_csv_count(uint64_t x)
{
    x = x - ((x >> 1) & UINT64_C(0x5555555555555555));
    x = (x & UINT64_C(0x3333333333333333)) +
        ((x >> 2) & UINT64_C(0x3333333333333333));
    x = (x + (x >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
    return (unsigned)((x * MV_CSV_ONES) >> 56);
}

/* Bit i: whether an odd number of bits is set in 0 .. i. */
static inline uint64_t mv_csv_parity(uint64_t x)
{
    x ^= x << 1;
    x ^= x << 2;
    x ^= x << 4;
    x ^= x << 8;
    x ^= x << 16;
    return x ^ (x << 32);
}

/* Whether the bytes are strict UTF-8 (Unicode 15, table 3-7). */
bool mv_csv_is_utf8(struct mv_span text);

/* Replaces what is in the buffer by text converted from Windows-1252; its five
 * undefined bytes become U+FFFD. Errors: MV_NOMEM. */
enum mv_status mv_csv_recode(struct mv_buffer *buffer, struct mv_span text);

/* The line on which the splitter stands; after the last row of a block, the
 * line on which the next block starts. */
long mv_csv_splitter_line(const struct mv_csv_splitter *splitter);

/* Whether the splitter gave up on its block, for it met a record without an
 * end. */
bool mv_csv_splitter_lost(const struct mv_csv_splitter *splitter);

#endif
