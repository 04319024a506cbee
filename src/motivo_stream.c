/* The batch scorer: blocks go round a ring, from the reading thread to whoever
 * is free, and back to be written in their order. */
#include "motivo_stream.h"

#include "motivo_parts.h"
#include "parallel.h"
#include "source.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum {
    THREADS_MAX = 256,
    SLOTS_A_THREAD = 4, /* so that nobody waits while one block is written */
    STEP_NS = 50000000  /* 20 times a second */
};

/* --- reading -------------------------------------------------------------- */

struct reader {
    struct mv_source *source;
    enum mv_table from;
    struct mv_buffer rest; /* read, but its record has not ended yet */
    long line;             /* on which rest starts */
    bool started, end;
    double bytes, size; /* done, and of the file; size 0: not known */
};

/* How many leading bytes are whole records. */
static size_t complete(const struct reader *reader, const struct mv_buffer *in)
{
    const char *end;

    if (reader->from == MV_TABLE_CSV)
        return mv_csv_complete(in->at, in->len);
    end = memrchr(in->at, '\n', in->len);
    return end ? (size_t)(end - in->at) + 1 : 0;
}

static long count_lines(const struct reader *reader, const struct mv_buffer *in)
{
    const char *at = in->at, *end = in->at + in->len;
    long n = 0;

    if (reader->from == MV_TABLE_CSV)
        return mv_csv_lines(in->at, in->len);
    while (at < end && (at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        n++;
        at++;
    }
    return n;
}

/* Reads until the block holds at least one whole record; a record that never
 * ends is handed over as it is, for whoever splits it to say so. */
static enum mv_status read_whole(struct reader *reader, struct mv_buffer *in,
                                 size_t *whole, struct mv_error *error)
{
    size_t limit = MV_CSV_RECORD_MAX + 2, room = MV_ROWS_BLOCK, got;
    enum mv_status status;

    *whole = 0;
    while (!*whole && !reader->end) {
        if (room <= in->len)
            room = 2 * in->len;
        if (mv_buffer_reserve(in, room - in->len) != MV_OK)
            return MV_NOMEM;
        room -= in->len;
        status =
            mv_source_read(reader->source, in->at + in->len, room, &got, error);
        if (status != MV_OK)
            return status;
        in->len += got;
        in->at[in->len] = '\0';
        reader->end = got < room;
        room = in->len;
        *whole = complete(reader, in);
        if (reader->end || (!*whole && in->len >= limit))
            *whole = in->len;
    }
    return MV_OK;
}

static enum mv_status fill(struct reader *reader, struct mv_rows_block *block,
                           struct mv_error *error)
{
    struct mv_buffer *in = &block->in;
    size_t whole;
    enum mv_status status;

    if (in->size > 4 * (size_t)MV_ROWS_BLOCK) /* one long record */
        mv_buffer_release(in);
    mv_buffer_clear(in);
    status = mv_buffer_put(in, reader->rest.at, reader->rest.len);
    if (status == MV_OK)
        status = read_whole(reader, in, &whole, error);
    mv_buffer_clear(&reader->rest);
    if (status == MV_OK)
        status = mv_buffer_put(&reader->rest, in->at + whole, in->len - whole);
    if (status != MV_OK)
        return mv_error_set(error, status, mv_source_name(reader->source),
                            reader->line, "cannot read: out of memory");
    in->len = whole;
    in->at[whole] = '\0';
    block->line = reader->line;
    block->first = !reader->started;
    reader->started = true;
    reader->line += count_lines(reader, in);
    reader->bytes += (double)whole;
    return MV_OK;
}

static double share_done(const struct reader *reader)
{
    return reader->size > reader->bytes ? reader->bytes / reader->size : 0;
}

/* --- pace and output ------------------------------------------------------ */

enum mv_status mv_rows_pace(struct mv_rows_pace *pace, double done,
                            struct mv_error *error)
{
    const struct mv_progress *progress = pace->progress;
    struct timespec t;
    int64_t now;

    if (!progress || !progress->step)
        return MV_OK;
    clock_gettime(CLOCK_MONOTONIC, &t);
    now = (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
    if (now < pace->next)
        return MV_OK;
    pace->next = now + STEP_NS;
    if (progress->step(progress->payload, "scoring", done))
        return MV_OK;
    return mv_error_set(error, MV_STOPPED, NULL, 0,
                        "scoring was interrupted; the output is not complete");
}

enum mv_status mv_rows_write(struct mv_rows_block *block, FILE *out,
                             struct mv_score_counts *counts,
                             struct mv_error *error)
{
    struct mv_buffer *text = &block->out;

    errno = 0;
    if (text->len && fwrite(text->at, 1, text->len, out) != text->len)
        return mv_error_set(error, MV_IO, NULL, 0, "cannot write: %s",
                            errno ? strerror(errno) : "output was refused");
    counts->rows += block->counts.rows;
    for (int i = 0; i < 4; i++)
        counts->verdict[i] += block->counts.verdict[i];
    memset(&block->counts, 0, sizeof block->counts);
    mv_buffer_clear(text);
    if (block->status != MV_OK && error && error->code == MV_OK)
        *error = block->error;
    return block->status;
}

static enum mv_status flush(FILE *out, struct mv_error *error)
{
    if (fflush(out) == 0)
        return MV_OK;
    return mv_error_set(error, MV_IO, NULL, 0, "cannot write: %s",
                        strerror(errno));
}

/* --- the ring ------------------------------------------------------------- */

/* A block, and whether it has been scored. */
struct slot {
    struct mv_rows_block block;
    bool done;
};

struct ring;

/* A thread that scores. The caller's is the first. */
struct hand {
    struct ring *ring;
    struct mv_rows_worker worker;
    pthread_t thread;
};

/* Block n is in slot n % slots: those below `written` are history, those below
 * `taken` are with a hand or wait to be written, those below `filled` wait for
 * a hand. */
struct ring {
    pthread_mutex_t lock; /* guards all up to stop, and slot[].done */
    pthread_cond_t is_filled, is_scored;
    size_t filled, taken, written;
    bool stop;

    struct slot *slot;
    size_t slots;
    struct hand *hand;
    int hands, started; /* wanted; threads that run */
};

static struct slot *slot_of(struct ring *ring, size_t number)
{
    return &ring->slot[number % ring->slots];
}

/* Takes the next block, with the lock held, and scores it without. */
static void score_next(struct hand *hand)
{
    struct ring *ring = hand->ring;
    struct slot *slot = slot_of(ring, ring->taken++);

    pthread_mutex_unlock(&ring->lock);
    if (slot->block.status == MV_OK)
        mv_rows_score(&hand->worker, &slot->block);
    pthread_mutex_lock(&ring->lock);
    slot->done = true;
    pthread_cond_signal(&ring->is_scored);
}

static void *work(void *argument)
{
    struct hand *hand = argument;
    struct ring *ring = hand->ring;

    pthread_mutex_lock(&ring->lock);
    while (!ring->stop) {
        if (ring->taken < ring->filled)
            score_next(hand);
        else
            pthread_cond_wait(&ring->is_filled, &ring->lock);
    }
    pthread_mutex_unlock(&ring->lock);
    return NULL;
}

static enum mv_status open_ring(struct ring *ring, int threads,
                                const char *name, struct mv_error *error)
{
    ring->hands = threads;
    ring->slots = threads > 1 ? SLOTS_A_THREAD * (size_t)threads : 1;
    ring->slot = calloc(ring->slots, sizeof *ring->slot);
    ring->hand = calloc((size_t)threads, sizeof *ring->hand);
    pthread_mutex_init(&ring->lock, NULL);
    pthread_cond_init(&ring->is_filled, NULL);
    pthread_cond_init(&ring->is_scored, NULL);
    if (ring->slot && ring->hand)
        return MV_OK;
    return mv_error_set(error, MV_NOMEM, name, 0,
                        "cannot score: out of memory");
}

/* Starts the threads; one that can not be had is done without. */
static enum mv_status start_hands(struct ring *ring, const struct mv_rows *rows,
                                  struct mv_error *error)
{
    enum mv_status status = MV_OK;

    for (int i = 0; status == MV_OK && i < ring->hands; i++) {
        ring->hand[i].ring = ring;
        status = mv_rows_worker_init(&ring->hand[i].worker, rows, error);
    }
    for (int i = 1; status == MV_OK && i < ring->hands; i++) {
        struct hand *hand = &ring->hand[i];

        if (pthread_create(&hand->thread, NULL, work, hand) != 0)
            break;
        ring->started++;
    }
    return status;
}

static void close_ring(struct ring *ring)
{
    pthread_mutex_lock(&ring->lock);
    ring->stop = true;
    pthread_cond_broadcast(&ring->is_filled);
    pthread_mutex_unlock(&ring->lock);
    for (int i = 1; i <= ring->started; i++)
        pthread_join(ring->hand[i].thread, NULL);
    for (int i = 0; ring->hand && i < ring->hands; i++)
        mv_rows_worker_release(&ring->hand[i].worker);
    for (size_t i = 0; ring->slot && i < ring->slots; i++) {
        mv_buffer_release(&ring->slot[i].block.in);
        mv_buffer_release(&ring->slot[i].block.out);
    }
    free(ring->slot);
    free(ring->hand);
    pthread_cond_destroy(&ring->is_filled);
    pthread_cond_destroy(&ring->is_scored);
    pthread_mutex_destroy(&ring->lock);
}

/* --- one input ------------------------------------------------------------ */

/* A table on its way from the reader to the output. */
struct stream {
    struct reader reader;
    struct mv_rows rows;
    struct ring ring;
    struct mv_rows_pace pace;
    FILE *out;
    struct mv_score_counts counts;
    struct mv_error *error;
};

/* Fills the next slot. What can not be read becomes a block that has failed,
 * so that all before it is written first. */
static void fill_next(struct stream *stream)
{
    struct ring *ring = &stream->ring;
    struct slot *slot = slot_of(ring, ring->filled);
    struct mv_rows_block *block = &slot->block;

    slot->done = false;
    mv_error_clear(&block->error);
    block->status = fill(&stream->reader, block, &block->error);
    if (block->status != MV_OK)
        stream->reader.end = true;
    pthread_mutex_lock(&ring->lock);
    ring->filled++;
    pthread_cond_signal(&ring->is_filled);
    pthread_mutex_unlock(&ring->lock);
}

static enum mv_status write_next(struct stream *stream)
{
    struct ring *ring = &stream->ring;
    enum mv_status status =
        mv_rows_write(&slot_of(ring, ring->written)->block, stream->out,
                      &stream->counts, stream->error);

    pthread_mutex_lock(&ring->lock);
    ring->written++;
    pthread_mutex_unlock(&ring->lock);
    return status;
}

/* What the caller's thread is needed for most. */
enum job { WRITE, FILL, SCORE, WAIT, NOTHING };

static enum job choose(struct stream *stream)
{
    struct ring *ring = &stream->ring;

    if (ring->written < ring->filled && slot_of(ring, ring->written)->done)
        return WRITE;
    if (!stream->reader.end && ring->filled - ring->written < ring->slots)
        return FILL;
    if (ring->taken < ring->filled)
        return SCORE;
    return ring->written < ring->filled ? WAIT : NOTHING;
}

static enum mv_status run(struct stream *stream)
{
    struct ring *ring = &stream->ring;
    enum mv_status status = MV_OK;
    enum job job = WAIT;

    while (status == MV_OK && job != NOTHING) {
        status = mv_rows_pace(&stream->pace, share_done(&stream->reader),
                              stream->error);
        if (status != MV_OK)
            break;
        pthread_mutex_lock(&ring->lock);
        job = choose(stream);
        if (job == SCORE)
            score_next(&ring->hand[0]);
        else if (job == WAIT)
            pthread_cond_wait(&ring->is_scored, &ring->lock);
        pthread_mutex_unlock(&ring->lock);
        if (job == WRITE)
            status = write_next(stream);
        else if (job == FILL)
            fill_next(stream);
    }
    return status;
}

/* Reads the first block, which tells what the rows are, and writes the head of
 * the result. */
static enum mv_status open_rows(struct stream *stream,
                                const struct mv_mapping *mapping)
{
    struct mv_rows_block *block = &stream->ring.slot[0].block;
    struct mv_span bytes;
    enum mv_status status;

    fill_next(stream);
    if (block->status != MV_OK)
        return mv_rows_write(block, stream->out, &stream->counts,
                             stream->error);
    bytes = mv_buffer_span(&block->in);
    status = mv_rows_open(&stream->rows, &bytes, mapping, stream->error);
    if (status == MV_OK)
        status = mv_rows_heading(&stream->rows, &block->out, stream->error);
    return status;
}

static enum mv_status score_table(struct stream *stream,
                                  const struct mv_score_options *options)
{
    const char *name = mv_source_name(stream->reader.source);
    int threads = mv_parallel_workers(options->threads, THREADS_MAX);
    enum mv_status status =
        open_ring(&stream->ring, threads, name, stream->error);

    stream->rows.name = name;
    stream->rows.from = stream->reader.from;
    stream->rows.to = options->table;
    stream->rows.spreadsheet = options->spreadsheet;
    if (status == MV_OK)
        status = open_rows(stream, &options->mapping);
    if (status == MV_OK)
        status = start_hands(&stream->ring, &stream->rows, stream->error);
    if (status == MV_OK)
        status = run(stream);
    close_ring(&stream->ring);
    mv_rows_close(&stream->rows);
    if (status == MV_OK)
        status = flush(stream->out, stream->error);
    return status;
}

static double size_of(const char *path)
{
    struct stat info;

    if (strcmp(path, "-") == 0 || stat(path, &info) != 0 ||
        !S_ISREG(info.st_mode))
        return 0;
    return (double)info.st_size;
}

enum mv_status mv_score_file(const struct mv_model *model, const char *path,
                             const struct mv_score_options *options, FILE *out,
                             const struct mv_progress *progress,
                             struct mv_score_counts *counts,
                             struct mv_error *error)
{
    struct stream stream = {.reader.line = 1,
                            .reader.size = size_of(path),
                            .rows.model = model,
                            .pace.progress = progress,
                            .out = out,
                            .error = error};
    enum mv_input input;
    enum mv_status status = mv_facade_sniff(path, &input, error);

    if (status != MV_OK)
        return status;
    if (input == MV_INPUT_ARCHIVE || input == MV_INPUT_MAIL)
        return mv_rows_score_records(model, path, options, out, progress,
                                     counts, error);
    stream.reader.from =
        input == MV_INPUT_JSONL ? MV_TABLE_JSONL : MV_TABLE_CSV;
    status = mv_source_open(&stream.reader.source, path, error);
    if (status == MV_OK)
        status = score_table(&stream, options);
    mv_source_close(stream.reader.source);
    mv_buffer_release(&stream.reader.rest);
    if (status == MV_OK && counts)
        *counts = stream.counts;
    return status;
}
