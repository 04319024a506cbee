#include "feature.h"

#include <stdbool.h>
#include <string.h>

/* Which sort of n-gram a hash belongs to: the same bytes as a word and as a
 * run of characters are different features. */
enum sort {
    SORT_WORD = 1,
    SORT_PAIR,
    SORT_TRIPLE,
    SORT_CHARS,
    SORT_OPENS, /* the message begins with these tokens */
    SORT_CLOSES,
    SORT_NEAR_OPENING, /* this token is among the first */
    SORT_NEAR_CLOSING,
    SORT_SENTENCE_OPENS,
    SORT_SENTENCE_CLOSES,
    SORT_SIGNAL /* what the message looks like as a whole */
};

struct mv_feature_options mv_feature_defaults(void)
{
    return (struct mv_feature_options){
        .seed = UINT64_C(0x6D6F7469766F0001),
        .bits = 20,
        .word_max = 3,
        .char_min = 2,
        .char_max = 5,
        .concepts = mv_concept_fingerprint(),
    };
}

enum mv_status mv_feature_check(const struct mv_feature_options *options,
                                struct mv_error *error)
{
    if (options->bits < 10 || options->bits > 22 || options->word_max < 1 ||
        options->word_max > 3 || options->char_min < 1 ||
        options->char_max > 6 || options->char_min > options->char_max)
        return mv_error_set(error, MV_RANGE, NULL, 0,
                            "feature options out of range: %u bits, words to "
                            "%u, characters %u to %u",
                            options->bits, options->word_max, options->char_min,
                            options->char_max);
    if (options->concepts && options->concepts != mv_concept_fingerprint())
        return mv_error_set(error, MV_RANGE, NULL, 0,
                            "features of another list of concepts");
    return MV_OK;
}

/* Hashes len bytes, behind which 8 more can be read. Eight bytes a step, the
 * first one lowest; those that are too many are cut off again. */
static inline uint64_t hash_bytes(uint64_t seed, const char *at, size_t len)
{
    uint64_t hash = seed ^ len * UINT64_C(0x9E3779B97F4A7C15);
    uint64_t word;

    for (; len >= 8; len -= 8, at += 8) {
        memcpy(&word, at, 8);
        hash = mv_feature_mix(hash ^ word);
    }
    if (len) {
        memcpy(&word, at, 8);
        hash = mv_feature_mix(hash ^ (word & ((UINT64_C(1) << 8 * len) - 1)));
    }
    return mv_feature_mix(hash);
}

static struct mv_hit hit(const struct mv_feature_options *options,
                         uint64_t hash, enum sort sort, enum mv_block block)
{
    uint64_t mixed = mv_feature_mix(hash + (uint64_t)sort);

    return (struct mv_hit){(uint32_t)(mixed >> (64 - options->bits)), block};
}

static const char URL[16] = "<url>", EMAIL[16] = "<email>";

static inline void cut_piece(const struct mv_feature_options *options,
                             const struct mv_tokens *tokens, size_t i,
                             struct mv_piece *piece)
{
    const struct mv_token *token = &tokens->token[i];

    piece->at = tokens->folded.at + token->at;
    piece->len = token->len;
    piece->kind = token->kind;
    if (token->kind == MV_TOKEN_URL) {
        piece->at = URL;
        piece->len = 5;
    } else if (token->kind == MV_TOKEN_EMAIL) {
        piece->at = EMAIL;
        piece->len = 7;
    } else if (token->len > MV_FEATURE_TOKEN_MAX) {
        piece->len = MV_FEATURE_TOKEN_MAX;
    }
    piece->hash = hash_bytes(options->seed, piece->at, piece->len);
}

struct mv_piece mv_feature_piece(const struct mv_feature_options *options,
                                 const struct mv_tokens *tokens, size_t i)
{
    struct mv_piece piece;

    cut_piece(options, tokens, i, &piece);
    return piece;
}

/* --- characters ----------------------------------------------------------- */

static bool starts_character(char c)
{
    return ((unsigned char)c & 0xC0) != 0x80;
}

/* Adds the character n-grams that begin at `start` and end within len bytes,
 * behind which a blank can be read. Those that do not reach beyond `beyond`
 * bytes are left out (they belong to somebody else); pass 0 for all. There is
 * room: at most MV_FEATURE_TOKEN_MAX + 2 of each of six sizes. */
static size_t add_chars(const struct mv_feature_options *options,
                        const char *at, size_t len, size_t start, size_t beyond,
                        struct mv_hit *hits, size_t n)
{
    const struct mv_feature_options o = *options;
    uint64_t hash = o.seed;
    uint32_t size = 0;

    for (size_t end = start; end < len;) {
        hash = (hash ^ (unsigned char)at[end]) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 29;
        if (!starts_character(at[++end]))
            continue;
        if (++size >= o.char_min && end > beyond)
            hits[n++] = hit(&o, hash, SORT_CHARS, MV_BLOCK_CHAR);
        if (size == o.char_max)
            break;
    }
    return n;
}

size_t mv_feature_word(const struct mv_feature_options *options,
                       struct mv_piece piece, struct mv_hit *hits)
{
    char padded[MV_FEATURE_TOKEN_MAX + 3];
    size_t len = piece.len + 2, n = 0;

    hits[n++] = hit(options, piece.hash, SORT_WORD, MV_BLOCK_WORD);
    padded[0] = ' ';
    memcpy(padded + 1, piece.at, piece.len);
    padded[len - 1] = padded[len] = ' ';
    for (size_t start = 0; start < len; start++)
        if (starts_character(padded[start]))
            n = add_chars(options, padded, len, start, 0, hits, n);
    return n;
}

/* Where the last `count` characters of a piece begin. */
static size_t tail_start(struct mv_piece piece, uint32_t count)
{
    size_t start = piece.len;

    while (start > 0 && count > 0)
        if (starts_character(piece.at[--start]))
            count--;
    return start;
}

/* Where the first `count` characters of a piece end. */
static size_t head_end(struct mv_piece piece, uint32_t count)
{
    size_t end = 0;

    while (end < piece.len) {
        if (starts_character(piece.at[end]) && count-- == 0)
            break;
        end++;
    }
    return end;
}

/* How many characters on either side of the blank an n-gram across it has. */
static uint32_t reach_of(const struct mv_feature_options *options)
{
    return options->char_max > 2 ? options->char_max - 2 : 0;
}

uint64_t mv_feature_head(const struct mv_feature_options *options,
                         struct mv_piece piece)
{
    return hash_bytes(options->seed, piece.at,
                      head_end(piece, reach_of(options)));
}

uint64_t mv_feature_tail(const struct mv_feature_options *options,
                         struct mv_piece piece)
{
    size_t start = tail_start(piece, reach_of(options));

    return hash_bytes(options->seed, piece.at + start, piece.len - start);
}

size_t mv_feature_joint(const struct mv_feature_options *options,
                        struct mv_piece left, struct mv_piece right,
                        struct mv_hit *hits)
{
    char joined[2 * 4 * 6 + 2];
    uint32_t reach = reach_of(options);
    size_t start = tail_start(left, reach), len = left.len - start, blank, end;
    size_t n = 0;

    memcpy(joined, left.at + start, len);
    blank = len;
    joined[len++] = ' ';
    end = head_end(right, reach);
    memcpy(joined + len, right.at, end);
    len += end;
    joined[len] = ' ';
    for (start = 0; start < blank; start++)
        if (starts_character(joined[start]))
            n = add_chars(options, joined, len, start, blank + 1, hits, n);
    return n;
}

size_t mv_feature_pair(const struct mv_feature_options *options,
                       struct mv_piece left, struct mv_piece right,
                       struct mv_hit *hits)
{
    size_t n = 0;

    if (options->word_max >= 2)
        hits[n++] = hit(options, mv_feature_pair_hash(left.hash, right.hash),
                        SORT_PAIR, MV_BLOCK_WORD);
    return n + mv_feature_joint(options, left, right, hits + n);
}

size_t mv_feature_triple(const struct mv_feature_options *options,
                         uint64_t pair, struct mv_piece right,
                         struct mv_hit *hits)
{
    if (options->word_max < 3)
        return 0;
    hits[0] = hit(options, mv_feature_pair_hash(pair, right.hash), SORT_TRIPLE,
                  MV_BLOCK_TRIPLE);
    return 1;
}

void mv_feature_pieces(const struct mv_feature_options *options,
                       const struct mv_tokens *tokens, struct mv_piece *out)
{
    for (size_t i = 0; i < tokens->n; i++)
        cut_piece(options, tokens, i, &out[i]);
}

void mv_feature_grams(const struct mv_feature_options *options,
                      const struct mv_piece *piece, size_t count,
                      struct mv_ngram *out)
{
    uint64_t last = 0, pair;

    for (size_t i = 1; i < count; i++, last = pair) {
        pair = mv_feature_pair_hash(piece[i - 1].hash, piece[i].hash);
        out[i].pair = pair;
        out[i].triple = mv_feature_pair_hash(last, piece[i].hash);
        out[i].hit[0] = hit(options, pair, SORT_PAIR, MV_BLOCK_WORD);
        out[i].hit[1] =
            hit(options, out[i].triple, SORT_TRIPLE, MV_BLOCK_TRIPLE);
    }
}

/* --- the frame ------------------------------------------------------------ */

enum {
    FRAME_GRAM = 3, /* tokens that a message or sentence begins or ends with */
    FRAME_NEAR = 4, /* tokens that count as near its beginning or end */
    CLOSING_GRAM = 2, /* tokens that a sentence ends with */
    LONG_NUMBER = 5   /* digits of a number that is none to count with */
};

/* What a message looks like as a whole. */
enum signal {
    SIGNAL_LENGTH,
    SIGNAL_LINK,
    SIGNAL_ADDRESS,
    SIGNAL_LONG_NUMBER,
    SIGNAL_NUMBERS,
    SIGNAL_MONEY,
    SIGNAL_QUESTIONS,
    SIGNAL_CALLS,
    SIGNAL_SYMBOLS,
    SIGNAL_PLACEHOLDER,
    SIGNALS
};

size_t mv_feature_frame_room(size_t n)
{
    return SIGNALS + 2 * (FRAME_GRAM + FRAME_NEAR) +
           (FRAME_GRAM + CLOSING_GRAM) * n;
}

static struct mv_frame frame_of(const struct mv_feature_options *options,
                                uint64_t hash, enum sort sort, size_t first,
                                size_t last)
{
    return (struct mv_frame){mv_feature_mix(hash + (uint64_t)sort),
                             hit(options, hash, sort, MV_BLOCK_FRAME),
                             (uint32_t)first, (uint32_t)last};
}

/* The n-grams of 1..grams tokens that begin at token first, before end. */
static size_t add_openings(const struct mv_feature_options *options,
                           const struct mv_piece *piece, size_t first,
                           size_t end, size_t grams, enum sort sort,
                           struct mv_frame *out)
{
    uint64_t hash = 0;
    size_t n = 0;

    for (size_t i = first; i < end && n < grams; i++) {
        hash = mv_feature_pair_hash(hash, piece[i].hash);
        out[n++] = frame_of(options, hash, sort, first, i);
    }
    return n;
}

/* The n-grams of 1..grams tokens that end before token end, from first on. */
static size_t add_closings(const struct mv_feature_options *options,
                           const struct mv_piece *piece, size_t first,
                           size_t end, size_t grams, enum sort sort,
                           struct mv_frame *out)
{
    uint64_t hash = 0;
    size_t n = 0;

    for (size_t i = end; i > first && n < grams; i--) {
        hash = mv_feature_pair_hash(hash, piece[i - 1].hash);
        out[n++] = frame_of(options, hash, sort, i - 1, end - 1);
    }
    return n;
}

/* Whether the token parts two sentences (or clauses: a colon does). */
static bool ends_sentence(const struct mv_piece *piece)
{
    return piece->kind == MV_TOKEN_PUNCT && strchr(".!?;:", piece->at[0]);
}

static size_t add_sentences(const struct mv_feature_options *options,
                            const struct mv_piece *piece, size_t count,
                            struct mv_frame *out)
{
    size_t first = 0, n = 0;

    for (size_t i = 0; i <= count; i++) {
        if (i < count && !ends_sentence(&piece[i]))
            continue;
        n += add_openings(options, piece, first, i, FRAME_GRAM,
                          SORT_SENTENCE_OPENS, out + n);
        n += add_closings(options, piece, first, i, CLOSING_GRAM,
                          SORT_SENTENCE_CLOSES, out + n);
        first = i + 1;
    }
    return n;
}

/* How often each signal is there. */
static void count_signals(const struct mv_piece *piece, size_t count,
                          uint32_t *seen)
{
    seen[SIGNAL_LENGTH] = (uint32_t)count;
    for (size_t i = 0; i < count; i++) {
        const char *at = piece[i].at;
        bool number = piece[i].kind == MV_TOKEN_NUMBER;

        if (piece[i].kind == MV_TOKEN_WORD)
            continue;
        seen[SIGNAL_LINK] += piece[i].kind == MV_TOKEN_URL;
        seen[SIGNAL_ADDRESS] += piece[i].kind == MV_TOKEN_EMAIL;
        seen[SIGNAL_NUMBERS] += number;
        seen[SIGNAL_LONG_NUMBER] += number && piece[i].len >= LONG_NUMBER;
        seen[SIGNAL_SYMBOLS] += piece[i].kind == MV_TOKEN_SYMBOL;
        seen[SIGNAL_MONEY] += *at == '$' ||
                              memcmp(at, "\xE2\x82\xAC", 3) == 0 ||
                              memcmp(at, "\xC2\xA3", 2) == 0;
        seen[SIGNAL_QUESTIONS] += *at == '?';
        seen[SIGNAL_CALLS] += *at == '!';
        seen[SIGNAL_PLACEHOLDER] += piece[i].kind == MV_TOKEN_PUNCT &&
                                    piece[i].len > 1 &&
                                    (*at == '{' || *at == '[');
    }
}

/* One feature a signal that is there, by the magnitude of its count. They
 * belong to the whole message, so to its first token as well as to any. */
static size_t add_signals(const struct mv_feature_options *options,
                          const struct mv_piece *piece, size_t count,
                          struct mv_frame *out)
{
    uint32_t seen[SIGNALS] = {0};
    size_t n = 0;

    count_signals(piece, count, seen);
    for (uint64_t signal = 0; signal < SIGNALS; signal++) {
        uint64_t magnitude = 0;

        for (uint32_t left = seen[signal]; left; left /= 2)
            magnitude++;
        if (magnitude)
            out[n++] = frame_of(options,
                                options->seed ^
                                    mv_feature_mix(signal * 64 + magnitude),
                                SORT_SIGNAL, 0, count - 1);
    }
    return n;
}

size_t mv_feature_frame(const struct mv_feature_options *options,
                        const struct mv_piece *piece, size_t count,
                        struct mv_frame *out)
{
    size_t near = count < FRAME_NEAR ? count : FRAME_NEAR, n;

    n = add_openings(options, piece, 0, count, FRAME_GRAM, SORT_OPENS, out);
    n += add_closings(options, piece, 0, count, FRAME_GRAM, SORT_CLOSES,
                      out + n);
    for (size_t i = 0; i < near; i++) {
        size_t back = count - 1 - i;

        out[n++] = frame_of(options, piece[i].hash, SORT_NEAR_OPENING, i, i);
        out[n++] =
            frame_of(options, piece[back].hash, SORT_NEAR_CLOSING, back, back);
    }
    n += add_sentences(options, piece, count, out + n);
    return n + add_signals(options, piece, count, out + n);
}

/* --- concepts ------------------------------------------------------------- */

enum { CONCEPT_GRAM = 3 }; /* symbols in a row, at most */

/* Symbols that are neither a concept nor a piece. */
enum { SYMBOL_WORD = 256, SYMBOL_NUMBER };

uint64_t mv_feature_symbol(const struct mv_feature_options *options,
                           const struct mv_concept *concept,
                           const struct mv_lang *lang, struct mv_piece piece)
{
    struct mv_span word = {piece.at, piece.len};
    uint64_t symbol;

    if (piece.kind == MV_TOKEN_NUMBER)
        return mv_feature_pair_hash(options->seed, SYMBOL_NUMBER);
    if (piece.kind != MV_TOKEN_WORD)
        return piece.hash;
    symbol = mv_concept_of(concept, word);
    if (!symbol && mv_lang_word(lang, word) & ~(1u << MV_LANG_OTHER))
        return piece.hash;
    return mv_feature_pair_hash(options->seed, symbol ? symbol : SYMBOL_WORD);
}

size_t mv_feature_concept_room(size_t n)
{
    return CONCEPT_GRAM * n;
}

size_t mv_feature_concepts(const struct mv_feature_options *options,
                           const uint64_t *symbol, size_t count,
                           struct mv_frame *out)
{
    size_t n = 0;

    if (!options->concepts)
        return 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t hash = 0;

        for (size_t back = 0; back < CONCEPT_GRAM && back <= i; back++) {
            hash = mv_feature_pair_hash(hash, symbol[i - back]);
            out[n++] = (struct mv_frame){
                hash,
                {(uint32_t)(hash >> (64 - options->bits)), MV_BLOCK_CONCEPT},
                (uint32_t)(i - back),
                (uint32_t)i};
        }
    }
    return n;
}
