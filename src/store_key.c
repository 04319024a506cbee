/* Keys: what makes two rows one. They are stored, so nothing here may ever
 * change: neither the hash nor the folding. That is why names are not folded
 * with the Unicode library, whose tables grow with every version. */
#include "store_sql.h"

#include <string.h>

/* --- a 64-bit hash ---------------------------------------------------------
 * The state passes through the finaliser of splitmix64 (Steele, Lea and Flood
 * 2014, in Stafford's variant 13) after every eight bytes. Each step is a
 * bijection of the state for a given word and of the word for a given state,
 * and lengths are mixed in, so fields can not run into each other. A key is
 * two such hashes over different fields from different seeds: two rows out of
 * n are mistaken for one with a probability of about n^2 / 2^129, or n^2 / 2^65
 * among the rows of one person. */
static uint64_t mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

/* Up to eight bytes as a little-endian number, on any machine. */
static uint64_t word_of(const unsigned char *at, size_t len)
{
    uint64_t word = 0;

    for (size_t i = 0; i < len; i++)
        word |= (uint64_t)at[i] << (8 * i);
    return word;
}

static uint64_t put_bytes(uint64_t h, const char *bytes, size_t len)
{
    const unsigned char *at = (const unsigned char *)bytes;
    size_t left = len;

    for (; left >= 8; at += 8, left -= 8)
        h = mix(h ^ word_of(at, 8));
    if (left)
        h = mix(h ^ word_of(at, left));
    return mix(h ^ len);
}

static uint64_t put_text(uint64_t h, const char *text)
{
    return put_bytes(h, text ? text : "", text ? strlen(text) : 0);
}

static uint64_t put_number(uint64_t h, uint64_t number)
{
    return mix(h ^ number);
}

/* --- folded names ----------------------------------------------------------
 * Lower case of the Latin, Greek and Cyrillic letters that two bytes of UTF-8
 * hold, blanks (with NBSP) collapsed and trimmed. Accents stay. */
static unsigned lower(unsigned c)
{
    if ((c >= 0xc0 && c <= 0xde && c != 0xd7) || (c >= 0x391 && c <= 0x3a9) ||
        (c >= 0x410 && c <= 0x42f))
        return c + 0x20;
    if (c >= 0x400 && c <= 0x40f)
        return c + 0x50;
    if (c == 0x178)
        return 0xff;
    if ((c >= 0x100 && c <= 0x12f) || (c >= 0x132 && c <= 0x137) ||
        (c >= 0x14a && c <= 0x177))
        return c | 1;
    if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e))
        return c + (c & 1);
    return c;
}

/* Takes one folded character off *at: a byte, two packed as a code point, or
 * ' ' for a run of blanks. Bytes above the two-byte range go through as they
 * are; the text is known to be UTF-8 or hashed as the bytes that it is. */
static unsigned next_folded(const unsigned char **at)
{
    const unsigned char *p = *at;
    unsigned c;

    while (*p == ' ' || (*p >= '\t' && *p <= '\r') ||
           (p[0] == 0xc2 && p[1] == 0xa0))
        p += *p == 0xc2 ? 2 : 1;
    if (p != *at) {
        *at = p;
        return ' ';
    }
    c = *p++;
    if (c >= 'A' && c <= 'Z')
        c += 'a' - 'A';
    else if (c >= 0xc2 && c <= 0xdf && (*p & 0xc0) == 0x80)
        c = lower((c & 0x1fu) << 6 | (*p++ & 0x3fu));
    *at = p;
    return c;
}

static uint64_t put_folded(uint64_t h, const char *name)
{
    const unsigned char *at = (const unsigned char *)(name ? name : "");
    unsigned pending = 0;
    uint64_t count = 0;

    while (*at) {
        unsigned c = next_folded(&at);

        if (c == ' ') {
            pending = count ? ' ' : 0;
            continue;
        }
        if (pending)
            h = put_number(h, pending);
        pending = 0;
        h = put_number(h, c);
        count++;
    }
    return mix(h ^ (count << 32));
}

/* --- keys ------------------------------------------------------------------
 */

/* Seeds tell apart what is hashed; any constants do. */
enum { SEED_URL = 1, SEED_NAME, SEED_NATURAL, SEED_TEXT, SEED_ITEM };

static bool is_set(const char *text)
{
    return text && *text;
}

int64_t mv_store_person_url(const char *url)
{
    return (int64_t)put_text(mix(SEED_URL), url);
}

int64_t mv_store_person_name(const char *name)
{
    return (int64_t)put_folded(mix(SEED_NAME), name);
}

static uint64_t person_of(const struct mv_invite *invite)
{
    if (is_set(invite->url))
        return (uint64_t)mv_store_person_url(invite->url);
    if (invite->origin != MV_ORIGIN_TEXT && is_set(invite->natural))
        return put_text(mix(SEED_NATURAL), invite->natural);
    if (is_set(invite->name))
        return (uint64_t)mv_store_person_name(invite->name);
    return put_bytes(mix(SEED_TEXT), invite->message, invite->message_len);
}

struct mv_key mv_store_key(const struct mv_invite *invite, uint64_t ordinal)
{
    bool mail = invite->origin == MV_ORIGIN_MAIL && is_set(invite->natural);
    bool somebody =
        is_set(invite->url) || is_set(invite->natural) || is_set(invite->name);
    uint64_t h = mix(SEED_ITEM);

    h = put_number(h, (uint64_t)invite->origin);
    h = put_number(h, (uint64_t)invite->direction);
    /* A reminder is another mail, at another time, of the same invitation. */
    if (mail)
        h = put_text(h, invite->natural);
    else
        h = put_number(h, (uint64_t)invite->sent_at);
    if (invite->origin == MV_ORIGIN_TEXT) {
        h = put_text(h, invite->name);
        h = put_text(h, invite->url);
    }
    if (invite->origin == MV_ORIGIN_TEXT || !somebody)
        h = put_bytes(h, invite->message, invite->message_len);
    h = put_number(h, ordinal);
    return (struct mv_key){person_of(invite), h};
}
