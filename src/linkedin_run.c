/* A run's tally, row copies and map: what all readers need. */
#include "linkedin_read.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* --- map ------------------------------------------------------------------ */

/* FNV-1a, 64 bits (Fowler, Noll, Vo), and a last mix for the low bits. */
static uint64_t hash_of(struct mv_span key)
{
    uint64_t hash = 0xcbf29ce484222325u;

    for (size_t i = 0; i < key.len; i++)
        hash = (hash ^ (unsigned char)key.at[i]) * 0x100000001b3u;
    return hash ^ (hash >> 32);
}

static struct mv_linkedin_map_slot *find(struct mv_linkedin_map_slot *slots,
                                         size_t size, struct mv_span key,
                                         uint64_t hash)
{
    size_t i = (size_t)hash & (size - 1);

    while (slots[i].key &&
           (slots[i].hash != hash || strlen(slots[i].key) != key.len ||
            memcmp(slots[i].key, key.at, key.len) != 0))
        i = (i + 1) & (size - 1);
    return &slots[i];
}

static bool grow(struct mv_linkedin_map *map)
{
    size_t size = map->size ? 2 * map->size : 256;
    struct mv_linkedin_map_slot *slots = calloc(size, sizeof *slots);

    if (!slots)
        return false;
    for (size_t i = 0; i < map->size; i++)
        if (map->slots[i].key)
            *find(slots, size, mv_span_of(map->slots[i].key),
                  map->slots[i].hash) = map->slots[i];
    free(map->slots);
    map->slots = slots;
    map->size = size;
    return true;
}

size_t *mv_linkedin_map_put(struct mv_linkedin_map *map, struct mv_arena *arena,
                            struct mv_span key, bool *added)
{
    uint64_t hash = hash_of(key);
    struct mv_linkedin_map_slot *slot;

    if (4 * map->used >= 3 * map->size && !grow(map))
        return NULL;
    slot = find(map->slots, map->size, key, hash);
    *added = !slot->key;
    if (!slot->key) {
        slot->key = mv_arena_copy(arena, key);
        if (!slot->key)
            return NULL;
        slot->hash = hash;
        slot->value = 0;
        map->used++;
    }
    return &slot->value;
}

size_t *mv_linkedin_map_get(const struct mv_linkedin_map *map,
                            struct mv_span key)
{
    struct mv_linkedin_map_slot *slot;

    if (!map->size)
        return NULL;
    slot = find(map->slots, map->size, key, hash_of(key));
    return slot->key ? &slot->value : NULL;
}

void mv_linkedin_map_release(struct mv_linkedin_map *map)
{
    if (!map)
        return;
    free(map->slots);
    *map = (struct mv_linkedin_map){0};
}

/* --- run ------------------------------------------------------------------ */

enum mv_status mv_linkedin_run_init(struct mv_linkedin_run *run,
                                    struct mv_source *source,
                                    const struct mv_linkedin_options *options,
                                    const struct mv_sink *sink,
                                    struct mv_tally *tally,
                                    struct mv_error *error)
{
    static const struct mv_linkedin_options NO_OPTIONS;
    static const struct mv_sink NO_SINK;
    enum mv_status status;

    *run = (struct mv_linkedin_run){
        .source = source,
        .name = mv_source_name(source),
        .options = options ? options : &NO_OPTIONS,
        .sink = sink ? sink : &NO_SINK,
        .tally = tally,
        .error = error,
    };
    status = mv_text_new(&run->text);
    if (status != MV_OK)
        mv_error_set(error, status, run->name, 0, "no memory to read");
    return status;
}

void mv_linkedin_run_release(struct mv_linkedin_run *run)
{
    if (strncmp(mv_source_encoding(run->source), "UTF-16", 6) == 0)
        mv_linkedin_warn(run, "the file is in UTF-16 and was converted", 0);
    if (mv_source_replaced(run->source))
        mv_linkedin_warn(run, "damaged UTF-16 characters were replaced", 0);
    mv_text_free(run->text);
    mv_tokens_release(&run->tokens);
    mv_buffer_release(&run->row);
    mv_buffer_release(&run->html);
    mv_arena_release(&run->arena);
    mv_linkedin_map_release(&run->names);
}

enum mv_status mv_linkedin_run_begin(struct mv_linkedin_run *run,
                                     const char *dialect)
{
    run->tally->dialect = dialect;
    if (!run->sink->begin)
        return MV_OK;
    return run->sink->begin(run->sink->payload, dialect, run->error);
}

/* --- tally ---------------------------------------------------------------- */

static void count(struct mv_reason *list, const char *what, long line)
{
    struct mv_reason *reason = list;
    int n = 0;

    while (reason < list + MV_TALLY_REASONS - 1 && reason->what &&
           strcmp(reason->what, what) != 0)
        reason++;
    if (!reason->what)
        reason->what = what;
    reason->count++;
    while (n < MV_TALLY_LINES && reason->lines[n])
        n++;
    if (n < MV_TALLY_LINES && line > 0)
        reason->lines[n] = line;
}

void mv_linkedin_skip(struct mv_linkedin_run *run, const char *why, long line)
{
    run->tally->skipped++;
    count(run->tally->skips, why, line);
}

void mv_linkedin_warn(struct mv_linkedin_run *run, const char *what, long line)
{
    count(run->tally->warnings, what, line);
}

/* --- rows ----------------------------------------------------------------- */

enum mv_status mv_linkedin_row_start(struct mv_linkedin_run *run, size_t bytes,
                                     size_t n)
{
    enum mv_status status;

    mv_buffer_clear(&run->row);
    status = mv_buffer_reserve(&run->row, bytes + n);
    if (status != MV_OK)
        mv_error_set(run->error, status, run->name, 0,
                     "no memory to read a row");
    return status;
}

const char *mv_linkedin_row_raw(struct mv_linkedin_run *run,
                                struct mv_span field)
{
    struct mv_buffer *row = &run->row;
    char *copy = row->at + row->len;

    assert(row->len + field.len + 1 < row->size);
    if (field.len)
        memcpy(copy, field.at, field.len);
    copy[field.len] = '\0';
    row->len += field.len + 1;
    return copy;
}

const char *mv_linkedin_row_copy(struct mv_linkedin_run *run,
                                 struct mv_span field)
{
    field = mv_span_trim(field);
    return field.len ? mv_linkedin_row_raw(run, field) : NULL;
}

const char *mv_linkedin_row_key(struct mv_linkedin_run *run, struct mv_span url)
{
    char key[MV_LINKEDIN_KEY_SIZE];

    if (url.len == 0 || mv_linkedin_key(url, key) != MV_OK)
        return NULL;
    return mv_linkedin_row_copy(run, mv_span_of(key));
}

enum mv_status mv_linkedin_fold(struct mv_linkedin_run *run,
                                struct mv_span name, struct mv_span *out)
{
    enum mv_status status = mv_text_tokens(run->text, name, &run->tokens, NULL);

    *out = status == MV_OK ? mv_buffer_span(&run->tokens.folded) : name;
    if (status == MV_NOMEM)
        return mv_error_set(run->error, status, run->name, 0,
                            "no memory to fold a name");
    return MV_OK;
}

bool mv_linkedin_is(struct mv_span field, const char *word)
{
    field = mv_span_trim(field);
    return field.len == strlen(word) &&
           strncasecmp(field.at ? field.at : "", word, field.len) == 0;
}

/* --- records -------------------------------------------------------------- */

enum mv_status mv_linkedin_give_invite(struct mv_linkedin_run *run,
                                       const struct mv_invite *invite,
                                       long line)
{
    run->tally->invites++;
    if (!run->sink->invite)
        return MV_OK;
    return run->sink->invite(run->sink->payload, invite, line, run->error);
}

enum mv_status mv_linkedin_give_contact(struct mv_linkedin_run *run,
                                        const struct mv_contact *contact,
                                        long line)
{
    run->tally->contacts++;
    if (!run->sink->contact)
        return MV_OK;
    return run->sink->contact(run->sink->payload, contact, line, run->error);
}

enum mv_status mv_linkedin_give_thread(struct mv_linkedin_run *run,
                                       const struct mv_thread *thread)
{
    run->tally->threads++;
    if (!run->sink->thread)
        return MV_OK;
    return run->sink->thread(run->sink->payload, thread, run->error);
}
