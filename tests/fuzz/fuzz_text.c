/* Fuzz target: any bytes as a message, through folding, tokens, features,
 * language, LinkedIn's own texts, and lines for a terminal. */
#include "canned.h"
#include "feature.h"
#include "lang.h"
#include "text.h"
#include "wrap.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
    if (!condition)
        abort();
}

/* The folded text folds to itself, and its tokens stay inside. */
static void check_tokens(const struct mv_text *text,
                         const struct mv_tokens *tokens)
{
    struct mv_tokens again = {0};
    size_t end = 0;

    require(mv_text_tokens(text, mv_buffer_span(&tokens->folded), &again,
                           NULL) == MV_OK);
    if (tokens->folded.len < MV_TEXT_MAX)
        require(again.folded.len == tokens->folded.len &&
                memcmp(again.folded.at, tokens->folded.at, again.folded.len) ==
                    0);
    for (size_t i = 0; i < tokens->n; i++) {
        size_t from, to;

        require(tokens->token[i].at >= end && tokens->token[i].len > 0);
        end = tokens->token[i].at + tokens->token[i].len;
        mv_text_origin(tokens, i, i, &from, &to);
        require(from <= to && to <= tokens->input);
    }
    require(end <= tokens->folded.len);
    mv_tokens_release(&again);
}

static void check_concepts(const struct mv_feature_options *options,
                           const struct mv_piece *piece, size_t n)
{
    struct mv_concept *concept = NULL;
    struct mv_lang *lang = NULL;
    uint64_t *symbol = calloc(n + 1, sizeof *symbol);
    struct mv_frame *frame =
        calloc(mv_feature_concept_room(n) + 1, sizeof *frame);

    require(mv_concept_new(&concept) == MV_OK && mv_lang_new(&lang) == MV_OK);
    for (size_t i = 0; i < n; i++)
        symbol[i] = mv_feature_symbol(options, concept, lang, piece[i]);
    require(mv_feature_concepts(options, symbol, n, frame) <=
            mv_feature_concept_room(n));
    free(symbol);
    free(frame);
    mv_lang_free(lang);
    mv_concept_free(concept);
}

static void check_features(const struct mv_tokens *tokens)
{
    struct mv_feature_options options = mv_feature_defaults();
    struct mv_hit hits[MV_FEATURE_HITS];
    struct mv_piece *piece = calloc(tokens->n + 1, sizeof *piece);
    struct mv_frame *frame =
        calloc(mv_feature_frame_room(tokens->n), sizeof *frame);

    for (size_t i = 0; i < tokens->n; i++) {
        piece[i] = mv_feature_piece(&options, tokens, i);
        require(mv_feature_word(&options, piece[i], hits) <= MV_FEATURE_HITS);
        if (i > 0)
            require(mv_feature_pair(&options, piece[i - 1], piece[i], hits) <=
                    MV_FEATURE_HITS);
    }
    if (tokens->n)
        require(mv_feature_frame(&options, piece, tokens->n, frame) <=
                mv_feature_frame_room(tokens->n));
    check_concepts(&options, piece, tokens->n);
    free(piece);
    free(frame);
}

/* No line is wider than asked for, or holds what a terminal must not get. */
static void check_lines(struct mv_span message, size_t columns)
{
    struct mv_mark mark = {message.len / 3, message.len / 2 + 1};
    struct mv_buffer lines = {0};
    size_t width = 0, used;
    bool on = false;
    uint32_t code;

    require(mv_wrap(&lines, message, columns, &mark, 1) == MV_OK);
    for (size_t at = 0; at < lines.len; at += used) {
        struct mv_span rest = {lines.at + at, lines.len - at};
        int wide;

        used = 1;
        if (*rest.at == MV_WRAP_ON || *rest.at == MV_WRAP_OFF) {
            require(on != (*rest.at == MV_WRAP_ON));
            on = !on;
        } else if (*rest.at == '\n') {
            require(!on);
            width = 0;
        } else {
            wide = mv_text_columns(rest, &used, &code);
            require(wide >= 0);
            width += (size_t)wide;
            require(width <= columns && (unsigned char)*rest.at >= ' ');
        }
    }
    require(width == 0); /* the last line is ended */
    mv_buffer_release(&lines);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mv_span message = {(const char *)data, size};
    struct mv_text *text = NULL;
    struct mv_tokens tokens = {0};

    require(mv_text_new(&text) == MV_OK);
    if (mv_text_tokens(text, message, &tokens, NULL) == MV_OK) {
        check_tokens(text, &tokens);
        check_features(&tokens);
        mv_canned_match(&tokens);
        require(mv_lang_name(mv_lang_decide(0, 0, message)) != NULL);
    }
    check_lines(message, 2);
    check_lines(message, 30);
    mv_tokens_release(&tokens);
    mv_text_free(text);
    return 0;
}
