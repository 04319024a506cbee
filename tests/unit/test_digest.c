#include "digest.h"
#include "test.h"

static const char *hex_of(const char *bytes, size_t len)
{
    static char hex[MV_DIGEST_HEX_SIZE];
    unsigned char raw[MV_DIGEST_SIZE];

    hex[0] = '\0';
    if (mv_digest_of((struct mv_span){bytes, len}, raw) == MV_OK)
        mv_digest_hex(raw, hex);
    return hex;
}

int main(void)
{
    TEST("the examples of FIPS 180-4")
    {
        STR(hex_of(NULL, 0), "e3b0c44298fc1c149afbf4c8996fb924"
                             "27ae41e4649b934ca495991b7852b855");
        STR(hex_of("abc", 3), "ba7816bf8f01cfea414140de5dae2223"
                              "b00361a396177a9cb410ff61f20015ad");
        STR(hex_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                   56),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    }
    TEST("base64, as a browser names the empty script")
    {
        unsigned char raw[MV_DIGEST_SIZE];
        char text[MV_DIGEST_BASE64_SIZE];

        EQ(mv_digest_of((struct mv_span){NULL, 0}, raw), MV_OK);
        mv_digest_base64(raw, text);
        STR(text, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }
    TEST("NUL bytes count")
    {
        char first[MV_DIGEST_HEX_SIZE];

        memcpy(first, hex_of("a", 1), sizeof first);
        OK(strcmp(hex_of("a\0b", 3), first) != 0);
    }
    TEST("pieces give the digest of the whole")
    {
        struct mv_digest *digest = NULL;
        unsigned char raw[MV_DIGEST_SIZE];
        char hex[MV_DIGEST_HEX_SIZE];

        EQ(mv_digest_new(&digest), MV_OK);
        for (int i = 0; i < 1000000 / 50; i++)
            mv_digest_put(digest, mv_span_of("aaaaaaaaaaaaaaaaaaaaaaaaa"
                                             "aaaaaaaaaaaaaaaaaaaaaaaaa"));
        mv_digest_put(digest, (struct mv_span){NULL, 0});
        mv_digest_finish(digest, raw);
        mv_digest_free(digest);
        mv_digest_hex(raw, hex);
        STR(hex, "cdc76e5c9914fb9281a1c7e284d73e67"
                 "f1809a48a497200e046d39ccc7112cd0");
        mv_digest_free(NULL);
    }
    return test_end();
}
