/* Scoring archives and mails: incoming invitations, as a table. */
#include "motivo_stream.h"

#include "motivo_parts.h"

#include <stdlib.h>
#include <string.h>

static const char *const COLUMNS[] = {"origin", "direction", "name",
                                      "url",    "date",      "text"};
enum { TEXT = 5, WIDTH = 6 };

/* --- who is a contact, which notes are known ------------------------------ */

/* A number for each of many 64-bit hashes, in 16 bytes an entry. */
struct memory {
    uint64_t *key; /* 0: free */
    int64_t *value;
    size_t used, size; /* size: 0 or a power of two */
};

/* FNV-1a over the words, each with its NUL so that "ab" "c" is not "a" "bc";
 * never 0. */
static uint64_t hash_of(const char *person, struct mv_span text)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    do
        hash = (hash ^ (unsigned char)*person) * UINT64_C(0x100000001b3);
    while (*person++);
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char)text.at[i]) * UINT64_C(0x100000001b3);
    return hash ^ hash >> 32 ? hash ^ hash >> 32 : 1;
}

static size_t find(const struct memory *memory, uint64_t key)
{
    size_t i = (size_t)key & (memory->size - 1);

    while (memory->key[i] && memory->key[i] != key)
        i = (i + 1) & (memory->size - 1);
    return i;
}

static enum mv_status grow(struct memory *memory)
{
    struct memory more = {.size = memory->size ? 2 * memory->size : 1024};

    more.key = calloc(more.size, sizeof *more.key);
    more.value = calloc(more.size, sizeof *more.value);
    if (!more.key || !more.value) {
        free(more.key);
        free(more.value);
        return MV_NOMEM;
    }
    for (size_t i = 0; i < memory->size; i++) {
        size_t to = memory->key[i] ? find(&more, memory->key[i]) : 0;

        if (memory->key[i]) {
            more.key[to] = memory->key[i];
            more.value[to] = memory->value[i];
        }
    }
    more.used = memory->used;
    free(memory->key);
    free(memory->value);
    *memory = more;
    return MV_OK;
}

static enum mv_status remember(struct memory *memory, uint64_t key,
                               int64_t value)
{
    size_t i;

    if (2 * memory->used >= memory->size && grow(memory) != MV_OK)
        return MV_NOMEM;
    i = find(memory, key);
    memory->used += memory->key[i] == 0;
    memory->key[i] = key;
    memory->value[i] = value;
    return MV_OK;
}

static bool recall(const struct memory *memory, uint64_t key, int64_t *value)
{
    size_t i = memory->size ? find(memory, key) : 0;

    if (!memory->size || !memory->key[i])
        return false;
    *value = memory->value[i];
    return true;
}

static void forget(struct memory *memory)
{
    free(memory->key);
    free(memory->value);
}

/* --- the sink ------------------------------------------------------------- */

struct records {
    struct mv_rows rows;
    struct mv_rows_worker worker;
    struct mv_rows_block block; /* only what comes out of it */
    struct mv_rows_pace pace;
    struct memory connected, notes;
    FILE *out;
    struct mv_score_counts counts;
};

static enum mv_status out_of_memory(struct records *records,
                                    struct mv_error *error)
{
    return mv_error_set(error, MV_NOMEM, records->rows.name, 0,
                        "cannot score: out of memory");
}

static enum mv_status start(void *payload, const char *name,
                            struct mv_error *error)
{
    struct records *records = payload;

    (void)error;
    records->rows.name = name;
    return MV_OK;
}

static enum mv_status put_contact(void *payload,
                                  const struct mv_contact *contact, long line,
                                  struct mv_error *error)
{
    static const struct mv_span NONE = {NULL, 0};
    struct records *records = payload;
    const char *const keys[] = {contact->url, contact->name};

    (void)line;
    for (int i = 0; contact->connected_on != MV_NO_TIME && i < 2; i++)
        if (keys[i] && remember(&records->connected, hash_of(keys[i], NONE),
                                contact->connected_on) != MV_OK)
            return out_of_memory(records, error);
    return MV_OK;
}

/* A person is known by the URL or, where there is none, by the name. */
static enum mv_status connected_on(void *payload, const char *url,
                                   const char *name, int64_t *out,
                                   struct mv_error *error)
{
    static const struct mv_span NONE = {NULL, 0};
    struct records *records = payload;

    (void)error;
    return recall(&records->connected, hash_of(url ? url : name, NONE), out)
               ? MV_OK
               : MV_NOTFOUND;
}

static enum mv_status has_note(void *payload, const char *url, const char *name,
                               struct mv_span text, bool *out,
                               struct mv_error *error)
{
    struct records *records = payload;
    int64_t ignored;

    (void)error;
    *out = recall(&records->notes, hash_of(url ? url : name, text), &ignored);
    return MV_OK;
}

static enum mv_status remember_note(struct records *records,
                                    const struct mv_invite *invite,
                                    struct mv_span text)
{
    const char *person = invite->url ? invite->url : invite->name;

    if (!person || invite->origin != MV_ORIGIN_NOTE || !text.len)
        return MV_OK;
    return remember(&records->notes, hash_of(person, text), 0);
}

static enum mv_status put_invite(void *payload, const struct mv_invite *invite,
                                 long line, struct mv_error *error)
{
    struct records *records = payload;
    struct mv_rows_block *block = &records->block;
    struct mv_span text = {invite->message, invite->message_len};
    char date[MV_FACADE_TIME];
    enum mv_status status = mv_rows_pace(&records->pace, 0, error);

    if (status != MV_OK || invite->direction != MV_INCOMING)
        return status;
    if (remember_note(records, invite, text) != MV_OK)
        return out_of_memory(records, error);
    mv_facade_time(invite->sent_at, date);
    block->status = mv_rows_score_fields(
        &records->worker, block,
        (const struct mv_span[WIDTH]){
            mv_span_of(mv_origin_name(invite->origin)),
            mv_span_of(mv_direction_name(invite->direction)),
            mv_span_of(invite->name), mv_span_of(invite->url),
            mv_span_of(*date ? date : NULL), text},
        line);
    if (block->status == MV_OK && block->out.len < MV_ROWS_BLOCK)
        return MV_OK;
    return mv_rows_write(block, records->out, &records->counts, error);
}

/* --- the whole input ------------------------------------------------------ */

static enum mv_status read_records(struct records *records, const char *path,
                                   const struct mv_score_options *options,
                                   struct mv_error *error)
{
    struct mv_linkedin_owner owner = {{0}, {0}};
    struct mv_linkedin_options reading = {
        .columns = mv_facade_columns(&options->mapping), .owner = &owner};
    struct mv_sink sink = {.payload = records,
                           .invite = put_invite,
                           .contact = put_contact,
                           .connected_on = connected_on,
                           .has_note = has_note};
    struct mv_intake intake = {
        .options = &reading, .sink = &sink, .payload = records, .start = start};
    enum mv_status status = mv_facade_read(path, &intake, error);

    records->rows.name = path;
    if (status == MV_OK)
        status = mv_rows_write(&records->block, records->out, &records->counts,
                               error);
    if (status == MV_OK && fflush(records->out) != 0)
        status = mv_error_set(error, MV_IO, NULL, 0, "cannot write: %s",
                              "output was refused");
    return status;
}

enum mv_status
mv_rows_score_records(const struct mv_model *model, const char *path,
                      const struct mv_score_options *options, FILE *out,
                      const struct mv_progress *progress,
                      struct mv_score_counts *counts, struct mv_error *error)
{
    struct records records = {.rows.model = model,
                              .rows.name = path,
                              .rows.to = options->table,
                              .rows.spreadsheet = options->spreadsheet,
                              .rows.text = TEXT,
                              .pace.progress = progress,
                              .out = out};
    enum mv_status status = mv_rows_name(&records.rows, COLUMNS, WIDTH, error);

    if (status == MV_OK)
        status = mv_rows_worker_init(&records.worker, &records.rows, error);
    if (status == MV_OK)
        status = mv_rows_heading(&records.rows, &records.block.out, error);
    if (status == MV_OK)
        status = read_records(&records, path, options, error);
    if (status == MV_OK && counts)
        *counts = records.counts;
    mv_rows_worker_release(&records.worker);
    mv_buffer_release(&records.block.out);
    mv_rows_close(&records.rows);
    forget(&records.connected);
    forget(&records.notes);
    return status;
}
