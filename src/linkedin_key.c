/* Profile URLs to keys. */
#include "linkedin.h"

#include <string.h>
#include <strings.h>

static bool take_prefix(struct mv_span *text, const char *prefix)
{
    size_t len = strlen(prefix);

    if (text->len < len || strncasecmp(text->at, prefix, len) != 0)
        return false;
    text->at += len;
    text->len -= len;
    return true;
}

static struct mv_span until(struct mv_span text, const char *stops)
{
    size_t n = 0;

    while (n < text.len && text.at[n] && !strchr(stops, text.at[n]))
        n++;
    return (struct mv_span){text.at, n};
}

/* Drops "https://www.linkedin.com/"; false when another host is named. */
static bool take_host(struct mv_span *url)
{
    static const char HOST[] = "linkedin.com";
    const size_t len = sizeof HOST - 1;
    struct mv_span host;
    bool scheme = take_prefix(url, "https://") || take_prefix(url, "http://");

    host = until(*url, "/?#");
    if (host.len < len ||
        strncasecmp(host.at + host.len - len, HOST, len) != 0 ||
        (host.len > len && host.at[host.len - len - 1] != '.'))
        return !scheme;
    url->at += host.len;
    url->len -= host.len;
    if (url->len && url->at[0] == '/')
        url->at++, url->len--;
    take_prefix(url, "comm/");
    return true;
}

static int hex_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Lower-cases ASCII and decodes what is percent-encoded beyond ASCII; only
 * that, so that decoding twice is decoding once. */
static size_t decode(struct mv_span text, char *to)
{
    size_t n = 0;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        int high = -1, low = -1;

        if (c == '%' && i + 2 < text.len) {
            high = hex_of(text.at[i + 1]);
            low = hex_of(text.at[i + 2]);
        }
        if (high >= 8 && low >= 0) {
            to[n++] = (char)(unsigned char)(16 * high + low);
            i += 2;
        } else {
            to[n++] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
        }
    }
    return n;
}

/* Strict UTF-8 is checked where text comes in; here only what decoding could
 * have broken: a stray byte beyond ASCII. */
static bool is_utf8(const char *text, size_t len)
{
    for (size_t i = 0; i < len;) {
        unsigned char c = (unsigned char)text[i++];
        int more = c < 0x80   ? 0
                   : c < 0xc2 ? -1
                   : c < 0xe0 ? 1
                   : c < 0xf0 ? 2
                              : 3;

        if (more < 0 || c > 0xf4)
            return false;
        for (; more; more--, i++)
            if (i >= len || ((unsigned char)text[i] & 0xc0) != 0x80)
                return false;
    }
    return true;
}

/* Letters, digits, - and _ of a profile's name; no blank, no dot. */
static bool is_slug(struct mv_span text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];

        if (c < 0x80 && !(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') &&
            !(c >= 'A' && c <= 'Z') && c != '-' && c != '_' && c != '%' &&
            c != '\'' && c != '&')
            return false;
    }
    return text.len > 0;
}

static enum mv_status write_key(const char *kind, struct mv_span slug,
                                char *key)
{
    size_t prefix = strlen(kind), n;
    char decoded[MV_LINKEDIN_KEY_SIZE];

    if (slug.len == 0 || prefix + slug.len >= MV_LINKEDIN_KEY_SIZE)
        return MV_NOTFOUND;
    n = decode(slug, decoded);
    if (!is_utf8(decoded, n)) {
        memcpy(decoded, slug.at, slug.len);
        n = slug.len;
        for (size_t i = 0; i < n; i++)
            if (decoded[i] >= 'A' && decoded[i] <= 'Z')
                decoded[i] = (char)(decoded[i] + 32);
    }
    memcpy(key, kind, prefix);
    memcpy(key + prefix, decoded, n);
    key[prefix + n] = '\0';
    return MV_OK;
}

enum mv_status mv_linkedin_key(struct mv_span url, char *key)
{
    static const char *const KINDS[] = {"pub/", "company/", "school/",
                                        "showcase/"};

    url = mv_span_trim(url);
    if (take_prefix(&url, "urn:li:")) {
        struct mv_span id = until(url, " \t\r\n/?#,\"");

        if (id.len == 0 || id.len != url.len ||
            id.len + 8 > MV_LINKEDIN_KEY_SIZE)
            return MV_NOTFOUND;
        memcpy(key, "urn:li:", 7);
        memcpy(key + 7, id.at, id.len);
        key[7 + id.len] = '\0';
        return MV_OK;
    }
    if (!take_host(&url))
        return MV_NOTFOUND;
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
        if (take_prefix(&url, KINDS[i])) {
            struct mv_span rest = until(url, "?# \t\r\n,");

            while (rest.len && rest.at[rest.len - 1] == '/')
                rest.len--;
            return write_key(KINDS[i], rest, key);
        }
    if (take_prefix(&url, "in/"))
        url = until(url, "/?#");
    return is_slug(url) ? write_key("", url, key) : MV_NOTFOUND;
}
