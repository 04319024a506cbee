#include "csv_scan.h"

#include <string.h>

/* Length of the well-formed character at the front of len > 0 bytes; 0: none.
 * Unicode 15, table 3-7: what follows the first byte may not make an overlong
 * form, a surrogate, or a code point beyond U+10FFFF. */
static size_t character(const unsigned char *at, size_t len)
{
    unsigned char c = at[0], low = 0x80, high = 0xBF;
    size_t i, n;

    if (c < 0x80)
        return 1;
    if (c < 0xC2 || c > 0xF4)
        return 0;
    n = c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
    if (len < n)
        return 0;
    if (c == 0xE0)
        low = 0xA0;
    else if (c == 0xED)
        high = 0x9F;
    else if (c == 0xF0)
        low = 0x90;
    else if (c == 0xF4)
        high = 0x8F;
    if (at[1] < low || at[1] > high)
        return 0;
    for (i = 2; i < n; i++)
        if ((at[i] & 0xC0) != 0x80)
            return 0;
    return n;
}

bool mv_csv_is_utf8(struct mv_span text)
{
    const unsigned char *at = (const unsigned char *)text.at;
    size_t i = 0, n;

    while (i < text.len) {
        if (text.len - i >= 8) {
            uint64_t high = mv_csv_load(text.at + i) & MV_CSV_TOPS;

            i += high ? (size_t)__builtin_ctzll(high) / 8 : 8;
            if (!high)
                continue;
        }
        n = character(at + i, text.len - i);
        if (!n)
            return false;
        i += n;
    }
    return true;
}

/* Windows-1252 from 0x80 to 0x9F; the rest is Latin-1. A table, because iconv
 * stops at the five undefined bytes and may lack the table on small systems. */
static const unsigned short upper[32] = {
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD,
    0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};

/* Writes a code point from 0x80 to 0xFFFF; returns its 2 or 3 bytes. */
static size_t put(char *to, unsigned c)
{
    if (c < 0x800) {
        to[0] = (char)(0xC0 | (c >> 6));
        to[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    to[0] = (char)(0xE0 | (c >> 12));
    to[1] = (char)(0x80 | ((c >> 6) & 0x3F));
    to[2] = (char)(0x80 | (c & 0x3F));
    return 3;
}

enum mv_status mv_csv_recode(struct mv_buffer *buffer, struct mv_span text)
{
    size_t i;
    char *to;

    mv_buffer_clear(buffer);
    if (mv_buffer_reserve(buffer, 3 * text.len) != MV_OK)
        return MV_NOMEM;
    to = buffer->at;
    for (i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];

        if (c < 0x80)
            *to++ = (char)c;
        else
            to += put(to, c < 0xA0 ? upper[c - 0x80] : c);
    }
    *to = '\0';
    buffer->len = (size_t)(to - buffer->at);
    return MV_OK;
}
