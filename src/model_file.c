/* Model files.
 *
 * Little-endian, in this order: the 8 bytes of MAGIC; the format version and
 * the length of the body, both 32 bits; the body, whose fields `body` lists;
 * a 64-bit checksum of all before it. The same function reads and writes the
 * body, so the two can not disagree. Weights are kept for the slots that were
 * met in training only, as three arrays: slots (rising), v, q. Format 1 knew
 * neither concepts nor own examples, and nothing to hold new messages against;
 * it is still read, and such a model goes on without them.
 */
#include "model_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char MAGIC[8] = "motivo\r\n";
enum {
    VERSION = 2,
    HEAD = 16,          /* bytes before the body */
    BODY_MAX = 1 << 28, /* no model is longer */
    CHUNK = 1 << 16
};

/* A body under way: writing appends to buffer, reading walks along it. */
struct body {
    struct mv_buffer buffer;
    size_t at;
    uint32_t version; /* of the format */
    bool reading;
    bool failed; /* ran out of memory, or of bytes */
};

/* --- fields --------------------------------------------------------------- */

static void field_bytes(struct body *body, void *bytes, size_t len)
{
    if (body->failed)
        return;
    if (!body->reading) {
        body->failed = mv_buffer_put(&body->buffer, bytes, len) != MV_OK;
        return;
    }
    if (body->buffer.len - body->at < len) {
        body->failed = true;
        return;
    }
    memcpy(bytes, body->buffer.at + body->at, len);
    body->at += len;
}

static void field_u64(struct body *body, uint64_t *value)
{
    unsigned char bytes[8];

    for (int i = 0; i < 8; i++)
        bytes[i] = (unsigned char)(*value >> 8 * i);
    field_bytes(body, bytes, sizeof bytes);
    if (body->failed || !body->reading)
        return;
    *value = 0;
    for (int i = 0; i < 8; i++)
        *value |= (uint64_t)bytes[i] << 8 * i;
}

static void field_u32(struct body *body, uint32_t *value)
{
    unsigned char bytes[4];

    for (int i = 0; i < 4; i++)
        bytes[i] = (unsigned char)(*value >> 8 * i);
    field_bytes(body, bytes, sizeof bytes);
    if (body->failed || !body->reading)
        return;
    *value = 0;
    for (int i = 0; i < 4; i++)
        *value |= (uint32_t)bytes[i] << 8 * i;
}

static void field_float(struct body *body, float *value)
{
    uint32_t bits;

    memcpy(&bits, value, sizeof bits);
    field_u32(body, &bits);
    memcpy(value, &bits, sizeof bits);
}

static void field_double(struct body *body, double *value)
{
    uint64_t bits;

    memcpy(&bits, value, sizeof bits);
    field_u64(body, &bits);
    memcpy(value, &bits, sizeof bits);
}

static void field_int(struct body *body, int32_t *value)
{
    uint32_t bits;

    memcpy(&bits, value, sizeof bits);
    field_u32(body, &bits);
    memcpy(value, &bits, sizeof bits);
}

static void field_long(struct body *body, long *value)
{
    uint64_t bits = (uint64_t)*value;

    field_u64(body, &bits);
    *value = (long)bits;
}

/* --- the body ------------------------------------------------------------- */

static void features(struct body *body, struct mv_feature_options *f)
{
    field_u64(body, &f->seed);
    field_u32(body, &f->bits);
    field_u32(body, &f->word_max);
    field_u32(body, &f->char_min);
    field_u32(body, &f->char_max);
    if (body->version > 1)
        field_u64(body, &f->concepts);
}

static void calibration(struct body *body, struct mv_calibration *c)
{
    field_int(body, &c->kind);
    field_int(body, &c->knots);
    field_float(body, &c->a);
    field_float(body, &c->b);
    field_float(body, &c->floor);
    field_float(body, &c->loss_platt);
    field_float(body, &c->loss_isotonic);
    for (int i = 0; i < MV_CALIBRATION_KNOTS; i++) {
        field_float(body, &c->f[i]);
        field_float(body, &c->p[i]);
    }
}

static void interval(struct body *body, struct mv_interval *i)
{
    field_double(body, &i->value);
    field_double(body, &i->low);
    field_double(body, &i->high);
}

static void basis(struct body *body, enum mv_threshold_basis *b)
{
    uint32_t value = (uint32_t)*b;

    field_u32(body, &value);
    if (value > MV_THRESHOLD_UNREACHABLE)
        body->failed = true;
    else
        *b = (enum mv_threshold_basis)value;
}

static void thresholds(struct body *body, struct mv_thresholds *t)
{
    field_double(body, &t->low);
    field_double(body, &t->forced);
    field_double(body, &t->purpose);
    field_double(body, &t->mcc);
    basis(body, &t->purpose_basis);
    interval(body, &t->precision);
    field_long(body, &t->selected);
    field_long(body, &t->more_labels);
    basis(body, &t->low_basis);
    interval(body, &t->missed);
}

static void reference(struct body *body, struct mv_reference *r)
{
    field_u32(body, &r->bins);
    for (int i = 0; i < MV_REFERENCE_BINS - 1; i++)
        field_float(body, &r->edge[i]);
    for (int l = 0; l < 2; l++)
        for (int i = 0; i < MV_REFERENCE_BINS; i++)
            field_u32(body, &r->count[l][i]);
    for (int c = 0; c < MV_REFERENCE_CUTS; c++)
        field_u32(body, &r->cut[c]);
    for (int l = 0; l < 2; l++)
        field_float(body, &r->effective[l]);
}

static void record(struct body *body, struct mv_fit_record *r)
{
    field_u64(body, &r->seed);
    field_u32(body, &r->examples);
    field_u32(body, &r->positives);
    field_u32(body, &r->folds);
    field_u32(body, &r->repeats);
    field_u32(body, &r->groups);
    field_double(body, &r->c);
    field_double(body, &r->positive_weight);
    if (body->version > 1) {
        field_u32(body, &r->own);
        field_double(body, &r->own_weight);
    }
    field_u32(body, &r->n_trials);
    for (int i = 0; i < MV_TRIALS_MAX; i++) {
        field_float(body, &r->trial[i].c);
        field_float(body, &r->trial[i].positive_weight);
        field_float(body, &r->trial[i].mcc);
        if (body->version > 1) {
            field_float(body, &r->trial[i].own_weight);
            field_float(body, &r->trial[i].own_mcc);
        }
    }
    field_double(body, &r->target_precision);
    thresholds(body, &r->thresholds);
    field_bytes(body, r->corpus, sizeof r->corpus);
    for (int i = 0; i < MV_LANG_COUNT; i++)
        field_u32(body, &r->languages[i]);
    for (int i = 0; i < MV_SCORE_QUANTILES; i++)
        field_float(body, &r->score_quantile[i]);
    if (body->version == 1)
        return;
    reference(body, &r->reference);
    field_double(body, &r->unseen_mean);
    field_double(body, &r->unseen_sd);
}

static void body_of(struct body *body, struct mv_model *model)
{
    features(body, &model->features);
    field_double(body, &model->bias);
    calibration(body, &model->calibration);
    record(body, &model->record);
}

/* --- weights -------------------------------------------------------------- */

static void write_weights(struct body *body, struct mv_model *model)
{
    const struct mv_slots *slots = &model->slots;
    uint32_t n = (uint32_t)slots->n;

    field_u32(body, &n);
    for (uint32_t slot = 0; slot < slots->size; slot++)
        if (mv_slots_has(slots, slot))
            field_u32(body, &slot);
    for (size_t i = 1; i <= slots->n; i++)
        field_float(body, &slots->value[i].v);
    for (size_t i = 1; i <= slots->n; i++)
        field_float(body, &slots->value[i].q);
}

/* One field of the weight arrays, read where it stands: element i of the
 * array that begins at `start`. */
static uint32_t peek(const struct body *body, size_t start, size_t i)
{
    const unsigned char *at =
        (const unsigned char *)body->buffer.at + start + 4 * i;

    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
           (uint32_t)at[3] << 24;
}

static float peek_float(const struct body *body, size_t start, size_t i)
{
    uint32_t bits = peek(body, start, i);
    float value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Reads the weights. **Errors:** MV_FORMAT when they make no sense. */
static enum mv_status read_weights(struct body *body, struct mv_model *model)
{
    size_t size = model->slots.size, start, next = 0;
    uint32_t n = 0;

    field_u32(body, &n);
    start = body->at;
    if (body->failed || n > size || body->buffer.len - start != 12 * (size_t)n)
        return MV_FORMAT;
    if (mv_slots_reserve(&model->slots, n) != MV_OK)
        return MV_NOMEM;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t slot = peek(body, start, i);
        float v = peek_float(body, start + 4 * (size_t)n, i);
        float q = peek_float(body, start + 8 * (size_t)n, i);

        if (slot < next || slot >= size || !isfinite(v) || !isfinite(q) ||
            q <= 0)
            return MV_FORMAT;
        mv_slots_put(&model->slots, slot, (struct mv_weight){v, q});
        next = (size_t)slot + 1;
    }
    body->at = body->buffer.len;
    return MV_OK;
}

/* --- files ---------------------------------------------------------------- */

/* Takes eight bytes a step. Every step is a bijection of what came before, so
 * a change within one word of the file always changes the sum. */
static uint64_t checksum(const char *bytes, size_t len)
{
    uint64_t sum = UINT64_C(0x6D6F7469766F) ^ len;

    while (len) {
        uint64_t word = 0;
        size_t step = len < 8 ? len : 8;

        memcpy(&word, bytes, step);
        sum = (sum ^ word) * UINT64_C(0x9E3779B97F4A7C15);
        sum ^= sum >> 32;
        bytes += step;
        len -= step;
    }
    return sum;
}

enum mv_status mv_model_write(const struct mv_model *model, FILE *out,
                              struct mv_error *error)
{
    struct body body = {.version = VERSION};
    struct mv_model copy = *model; /* the fields are walked, not changed */
    char magic[8];
    uint32_t length = 0;
    uint64_t sum;
    enum mv_status status = MV_OK;

    memcpy(magic, MAGIC, sizeof magic);
    field_bytes(&body, magic, sizeof magic);
    field_u32(&body, &body.version);
    field_u32(&body, &length);
    body_of(&body, &copy);
    write_weights(&body, &copy);
    if (!body.failed) {
        length = (uint32_t)(body.buffer.len - HEAD);
        for (int i = 0; i < 4; i++)
            body.buffer.at[12 + i] = (char)(length >> 8 * i);
        sum = checksum(body.buffer.at, body.buffer.len);
        field_u64(&body, &sum);
    }
    if (body.failed)
        status = mv_error_set(error, MV_NOMEM, NULL, 0, "out of memory");
    else if (fwrite(body.buffer.at, 1, body.buffer.len, out) !=
                 body.buffer.len ||
             fflush(out) != 0)
        status = mv_error_set(error, MV_IO, NULL, 0,
                              "the model could not be written");
    mv_buffer_release(&body.buffer);
    return status;
}

static enum mv_status read_all(struct body *body, FILE *in, const char *source,
                               struct mv_error *error)
{
    size_t got;

    do {
        if (mv_buffer_reserve(&body->buffer, CHUNK) != MV_OK)
            return mv_error_set(error, MV_NOMEM, source, 0, "out of memory");
        got = fread(body->buffer.at + body->buffer.len, 1, CHUNK, in);
        body->buffer.len += got;
    } while (got > 0 && body->buffer.len < BODY_MAX);
    if (ferror(in))
        return mv_error_set(error, MV_IO, source, 0, "cannot be read");
    return MV_OK;
}

/* Checks everything that can be checked before the fields are read, and cuts
 * the checksum off. */
static enum mv_status check_frame(struct body *body, const char *source,
                                  struct mv_error *error)
{
    uint32_t length = 0;
    uint64_t sum = 0;
    size_t len = body->buffer.len;

    if (len < sizeof MAGIC || memcmp(body->buffer.at, MAGIC, sizeof MAGIC) != 0)
        return mv_error_set(error, MV_FORMAT, source, 0,
                            "not a motivo model file");
    body->at = sizeof MAGIC;
    field_u32(body, &body->version);
    field_u32(body, &length);
    if (!body->failed && body->version > VERSION)
        return mv_error_set(error, MV_FORMAT, source, 0,
                            "model of format %u, made by a newer motivo (this "
                            "one reads up to %d): update motivo",
                            body->version, VERSION);
    if (body->failed || len != HEAD + (size_t)length + 8 || body->version < 1)
        return mv_error_set(error, MV_FORMAT, source, 0,
                            "model file is incomplete or has been altered: "
                            "train or copy it again");
    body->at = HEAD + (size_t)length;
    field_u64(body, &sum);
    body->buffer.len = HEAD + (size_t)length;
    body->at = HEAD;
    if (sum != checksum(body->buffer.at, body->buffer.len))
        return mv_error_set(error, MV_FORMAT, source, 0,
                            "model file is damaged (its checksum is wrong): "
                            "train or copy it again");
    return MV_OK;
}

static bool is_sound(const struct mv_model *model)
{
    const struct mv_thresholds *t = &model->record.thresholds;

    return isfinite(model->bias) && mv_calibrate_valid(&model->calibration) &&
           t->low >= 0 && t->low <= t->forced && t->forced <= t->purpose &&
           t->purpose <= 1 && mv_quantify_valid(&model->record.reference) &&
           isfinite(model->record.unseen_mean) &&
           isfinite(model->record.unseen_sd) &&
           model->record.n_trials <= MV_TRIALS_MAX &&
           model->record.positives <= model->record.examples;
}

static enum mv_status parse(struct body *body, struct mv_model **out,
                            const char *source, struct mv_error *error)
{
    struct mv_feature_options options = {0};
    struct mv_model *model = NULL;
    size_t start = body->at;
    enum mv_status status;

    features(body, &options);
    if (!body->failed && options.concepts &&
        options.concepts != mv_concept_fingerprint())
        return mv_error_set(error, MV_FORMAT, source, 0,
                            "model was trained with another list of concepts "
                            "than this motivo has: train it again");
    if (body->failed || mv_feature_check(&options, NULL) != MV_OK)
        return mv_error_set(error, MV_FORMAT, source, 0,
                            "model file is inconsistent (feature options)");
    body->at = start;
    status = mv_model_new(&model, options);
    if (status != MV_OK)
        return mv_error_set(error, status, source, 0, "out of memory");
    body_of(body, model);
    status = body->failed || !is_sound(model) ? MV_FORMAT
                                              : read_weights(body, model);
    if (status != MV_OK) {
        mv_model_free(model);
        return mv_error_set(error, status, source, 0,
                            status == MV_NOMEM ? "out of memory"
                                               : "model file is inconsistent");
    }
    *out = model;
    return MV_OK;
}

enum mv_status mv_model_read(struct mv_model **out, FILE *in,
                             const char *source, struct mv_error *error)
{
    struct body body = {.reading = true};
    enum mv_status status = read_all(&body, in, source, error);

    if (status == MV_OK)
        status = check_frame(&body, source, error);
    if (status == MV_OK)
        status = parse(&body, out, source, error);
    mv_buffer_release(&body.buffer);
    return status;
}
