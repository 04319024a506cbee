/* layer 3: how products lie in memory, for the files of svm; see svm.h.
 *
 * libsvm wants the rows of a precomputed kernel as nodes of an index and a
 * value, 16 bytes each. It reads the values only; and of the 8 bytes of a value
 * the upper 4 tell it as well as any text needs (20 bits after the point). So
 * four rows share their nodes, each beginning 4 bytes after the one before: the
 * lower half of what libsvm reads is then the upper half of its neighbour,
 * which changes the value by less than a millionth part. A product takes 4
 * bytes.
 *
 * In other words: four rows are one array of quads, each quad one product of
 * each of the four. Quad 0 is unused but for its last word, which is read as
 * the lower half of quad 1; quad 1 holds the numbers of the rows, from 1 on, by
 * which libsvm finds the products of others with them; quad j + 2 holds the
 * products with row j.
 *
 * Thread-safety: as svm.h.
 */
#ifndef MV_SVM_PARTS_H
#define MV_SVM_PARTS_H

#include "svm.h"

#include <string.h>

/* The vectors that every x86-64 and ARM has: products, and as they lie. */
typedef float mv_quad __attribute__((vector_size(16)));
typedef uint32_t mv_quad_words __attribute__((vector_size(16)));

enum { MV_QUAD = 4 };

struct mv_gram {
    size_t n, width; /* rows, and products of each */
    size_t stride;   /* quads of four rows */
    mv_quad_words *quad;
};

/* Makes room for the products of n rows with `width` others.
 * **Errors:** MV_NOMEM. **Owns:** the caller, until mv_gram_free. */
enum mv_status mv_gram_make(struct mv_gram **out, size_t n, size_t width);

/* The upper half of a double, of a float: three bits are cut off and the
 * exponent gets another zero. What is smaller than TINY becomes that, lest
 * libsvm compute with what is no normal number: that is slow. */
static inline mv_quad_words mv_quad_pack(mv_quad value)
{
    const float TINY = 0x1p-100f;
    mv_quad_words bits = (mv_quad_words)(value + TINY);

    return (bits & 0x80000000u) |
           (((bits >> 3) & 0x0FFFFFFFu) + ((1023u - 127u) << 20));
}

/* The way back; the bits that were cut off count half. */
static inline float mv_quad_unpack(uint32_t word)
{
    uint32_t bits = (word & 0x80000000u) |
                    (((word & 0x7FFFFFFFu) - ((1023u - 127u) << 20)) << 3) | 4;
    float value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

/* The quads of the products of row i and its three neighbours: number j is of
 * the products with row j. */
static inline mv_quad_words *mv_gram_quads(const struct mv_gram *gram, size_t i)
{
    return gram->quad + i / MV_QUAD * gram->stride + 2;
}

static inline float mv_gram_product(const struct mv_gram *gram, size_t i,
                                    size_t j)
{
    return mv_quad_unpack(mv_gram_quads(gram, i)[j][i % MV_QUAD]);
}

#endif
