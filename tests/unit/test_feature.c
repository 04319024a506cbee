#include "feature.h"
#include "test.h"

#include <stdbool.h>

static struct mv_text *text;
static struct mv_tokens tokens;
static struct mv_feature_options options;
static struct mv_hit hits[MV_FEATURE_HITS];

static struct mv_piece piece_of(const char *message, size_t i)
{
    mv_text_tokens(text, mv_span_of(message), &tokens, NULL);
    return mv_feature_piece(&options, &tokens, i);
}

static size_t count(const struct mv_hit *list, size_t n, enum mv_block block)
{
    size_t found = 0;

    for (size_t i = 0; i < n; i++)
        found += list[i].block == block;
    return found;
}

/* Whether the character n-grams of "ab cd" are those of " ab ", " cd " and the
 * ones that the pair adds: nothing is counted twice or left out. */
static void check_pair(void)
{
    /* " ab cd " has 6 + 5 + 4 + 3 n-grams of 2..5 characters; " ab " and
     * " cd " have 3 + 2 + 1 each; so 18 - 12 = 6 remain, less those that reach
     * across an outer blank, which a pair does not see. */
    struct mv_piece ab = piece_of("ab cd", 0), cd = piece_of("ab cd", 1);
    size_t n = mv_feature_pair(&options, ab, cd, hits);

    EQ(count(hits, n, MV_BLOCK_WORD), 1);
    EQ(count(hits, n, MV_BLOCK_CHAR), 4); /* b_c ab_c b_cd ab_cd */
    options.word_max = 1;
    EQ(count(hits, mv_feature_pair(&options, ab, cd, hits), MV_BLOCK_WORD), 0);
    options = mv_feature_defaults();
}

static void check_frame(void)
{
    struct mv_piece piece[32];
    struct mv_frame frame[32 * 5 + 24];
    size_t n;

    mv_text_tokens(text, mv_span_of("Hola Ana. Gracias por todo"), &tokens,
                   NULL);
    for (size_t i = 0; i < tokens.n; i++)
        piece[i] = mv_feature_piece(&options, &tokens, i);
    n = mv_feature_frame(&options, piece, tokens.n, frame);
    /* 3 opening and 3 closing n-grams, 4 + 4 near the ends, and of the two
     * sentences 2 + 2 and 3 + 2; and the length. */
    EQ(n, 3 + 3 + 8 + 4 + 5 + 1);
    OK(n <= mv_feature_frame_room(tokens.n));
    for (size_t i = 0; i < n; i++) {
        OK(frame[i].first <= frame[i].last && frame[i].last < tokens.n);
        EQ(frame[i].hit.block, MV_BLOCK_FRAME);
        for (size_t k = 0; k < i; k++)
            OK(frame[i].key != frame[k].key);
    }
    EQ(mv_feature_frame(&options, piece, 1, frame), 1 + 1 + 2 + 2 + 1);
}

static struct mv_concept *concept;
static struct mv_lang *lang;

static size_t symbols_of(const char *message, uint64_t *symbol)
{
    mv_text_tokens(text, mv_span_of(message), &tokens, NULL);
    for (size_t i = 0; i < tokens.n; i++)
        symbol[i] = mv_feature_symbol(&options, concept, lang,
                                      mv_feature_piece(&options, &tokens, i));
    return tokens.n;
}

static void check_symbols(void)
{
    uint64_t es[16], en[16], other[16];

    EQ(symbols_of("Busco una enfermera en Getafe 24", es), 6);
    EQ(symbols_of("Looking for a nurse in Leeds, 7", en), 8);
    OK(es[0] == en[0]); /* the same concept */
    OK(es[2] == en[3]);
    OK(es[4] == en[5]);                                     /* any other word */
    OK(es[5] == en[7]);                                     /* any number */
    OK(es[1] != en[2] && es[3] != en[4] && es[1] != es[3]); /* themselves */
    OK(en[6] == piece_of(",", 0).hash);
    EQ(symbols_of("ik ben", other), 2);
    OK(other[0] == es[4]); /* function word of a language without concepts */
}

static void check_concepts(void)
{
    uint64_t symbol[16];
    struct mv_frame frame[16 * 3];
    size_t n = symbols_of("we need a nurse", symbol);

    OK(mv_feature_concept_room(4) <= 16 * 3);
    n = mv_feature_concepts(&options, symbol, n, frame);
    EQ(n, 4 + 3 + 2);
    for (size_t i = 0; i < n; i++) {
        OK(frame[i].first <= frame[i].last && frame[i].last < 4);
        OK(frame[i].last - frame[i].first < 3);
        OK(frame[i].hit.slot < 1u << options.bits);
        EQ(frame[i].hit.block, MV_BLOCK_CONCEPT);
        for (size_t k = 0; k < i; k++)
            OK(frame[i].key != frame[k].key);
    }
    EQ(mv_feature_concepts(&options, symbol, 0, frame), 0);
    options.concepts = 0;
    EQ(mv_feature_concepts(&options, symbol, 4, frame), 0);
    options = mv_feature_defaults();
}

int main(void)
{
    OK(mv_text_new(&text) == MV_OK);
    OK(mv_concept_new(&concept) == MV_OK);
    OK(mv_lang_new(&lang) == MV_OK);
    options = mv_feature_defaults();
    TEST("one word: itself and the n-grams inside of it")
    {
        struct mv_piece hola = piece_of("hola", 0);
        size_t n = mv_feature_word(&options, hola, hits);

        EQ(count(hits, n, MV_BLOCK_WORD), 1);
        EQ(count(hits, n, MV_BLOCK_CHAR), 5 + 4 + 3 + 2);
        for (size_t i = 0; i < n; i++)
            OK(hits[i].slot < 1u << options.bits);
    }
    TEST("n-grams are of characters, not of bytes")
    {
        struct mv_piece word = piece_of("мир", 0);
        size_t n = mv_feature_word(&options, word, hits);

        EQ(count(hits, n, MV_BLOCK_CHAR), 4 + 3 + 2 + 1);
    }
    TEST("equal words are equal, others are not")
    {
        OK(piece_of("Ana ana ANÁ", 0).hash == piece_of("Ana ana ANÁ", 2).hash);
        OK(piece_of("ana eva", 0).hash != piece_of("ana eva", 1).hash);
        OK(piece_of("http://a.example/x", 0).hash ==
           piece_of("www.b.example", 0).hash);
        OK(piece_of("a@b.example", 0).hash == piece_of("c@d.example", 0).hash);
        OK(piece_of("url", 0).hash != piece_of("http://a.example", 0).hash);
    }
    TEST("pairs") check_pair();
    TEST("triples")
    {
        struct mv_piece c = piece_of("a b c", 2);
        uint64_t ab = mv_feature_pair_hash(piece_of("a b c", 0).hash,
                                           piece_of("a b c", 1).hash);

        EQ(mv_feature_triple(&options, ab, c, hits), 1);
        EQ(hits[0].block, MV_BLOCK_TRIPLE);
        options.word_max = 2;
        EQ(mv_feature_triple(&options, ab, c, hits), 0);
        options = mv_feature_defaults();
    }
    TEST("the frame") check_frame();
    TEST("symbols of concepts") check_symbols();
    TEST("n-grams of concepts") check_concepts();
    TEST("the longest token stays within the room for hits")
    {
        char longest[4001];

        memset(longest, 'x', 4000);
        longest[4000] = '\0';
        EQ(piece_of(longest, 0).len, MV_FEATURE_TOKEN_MAX);
        OK(mv_feature_word(&options, piece_of(longest, 0), hits) <
           MV_FEATURE_HITS);
    }
    TEST("options out of range are refused")
    {
        EQ(mv_feature_check(&options, NULL), MV_OK);
        options.bits = 23;
        EQ(mv_feature_check(&options, NULL), MV_RANGE);
        options = mv_feature_defaults();
        options.char_min = 6;
        EQ(mv_feature_check(&options, NULL), MV_RANGE);
        options = mv_feature_defaults();
        options.concepts++;
        EQ(mv_feature_check(&options, NULL), MV_RANGE);
        options.concepts = 0;
        EQ(mv_feature_check(&options, NULL), MV_OK);
    }
    mv_lang_free(lang);
    mv_concept_free(concept);
    mv_tokens_release(&tokens);
    mv_text_free(text);
    return test_end();
}
