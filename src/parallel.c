#include "parallel.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

enum { MAX_WORKERS = 256 };

struct loop {
    size_t n;
    enum mv_status (*fn)(void *, size_t, int, struct mv_error *);
    void *payload;
    pthread_mutex_t lock; /* guards next and stop */
    size_t next;
    bool stop;
};

/* What one worker remembers: its first failure is also its lowest, as the
 * indices that it is given rise. */
struct worker {
    struct loop *loop;
    int number;
    enum mv_status status;
    size_t failed_at;
    struct mv_error error;
    pthread_t thread;
};

int mv_parallel_workers(int threads, size_t n)
{
    long online;

    if (threads == 0) {
        online = sysconf(_SC_NPROCESSORS_ONLN);
        threads = online < 1             ? 1
                  : online > MAX_WORKERS ? MAX_WORKERS
                                         : (int)online;
    }
    if (threads > MAX_WORKERS)
        threads = MAX_WORKERS;
    if (threads > 0 && (size_t)threads > n)
        threads = (int)n;
    return threads < 1 ? 1 : threads;
}

static bool take(struct loop *loop, size_t *index)
{
    bool got;

    pthread_mutex_lock(&loop->lock);
    got = !loop->stop && loop->next < loop->n;
    if (got)
        *index = loop->next++;
    pthread_mutex_unlock(&loop->lock);
    return got;
}

static void *work(void *argument)
{
    struct worker *worker = argument;
    struct loop *loop = worker->loop;
    size_t index;

    while (worker->status == MV_OK && take(loop, &index)) {
        worker->status =
            loop->fn(loop->payload, index, worker->number, &worker->error);
        if (worker->status != MV_OK) {
            worker->failed_at = index;
            pthread_mutex_lock(&loop->lock);
            loop->stop = true;
            pthread_mutex_unlock(&loop->lock);
        }
    }
    return NULL;
}

static enum mv_status lowest_failure(const struct worker *workers, int count,
                                     struct mv_error *error)
{
    const struct worker *lowest = NULL;

    for (const struct worker *w = workers; w < workers + count; w++)
        if (w->status != MV_OK && (!lowest || w->failed_at < lowest->failed_at))
            lowest = w;
    if (!lowest)
        return MV_OK;
    if (error && error->code == MV_OK)
        *error = lowest->error;
    return lowest->status;
}

static enum mv_status run_threads(struct loop *loop, int count,
                                  struct mv_error *error)
{
    struct worker *workers = calloc((size_t)count, sizeof *workers);
    enum mv_status status;
    int started = 1;

    if (!workers)
        return mv_error_set(error, MV_NOMEM, NULL, 0,
                            "cannot start %d threads: out of memory", count);
    pthread_mutex_init(&loop->lock, NULL);
    for (int i = 0; i < count; i++) {
        workers[i].loop = loop;
        workers[i].number = i;
    }
    /* The caller's thread is worker 0, so that work is done even when no
     * other thread can be had. */
    while (started < count && pthread_create(&workers[started].thread, NULL,
                                             work, &workers[started]) == 0)
        started++;
    work(&workers[0]);
    for (int i = 1; i < started; i++)
        pthread_join(workers[i].thread, NULL);
    pthread_mutex_destroy(&loop->lock);
    status = lowest_failure(workers, started, error);
    free(workers);
    return status;
}

enum mv_status mv_parallel_for(int threads, size_t n,
                               enum mv_status (*fn)(void *payload, size_t index,
                                                    int worker,
                                                    struct mv_error *error),
                               void *payload, struct mv_error *error)
{
    struct loop loop = {.n = n, .fn = fn, .payload = payload};
    int count = mv_parallel_workers(threads, n);

    if (threads < 0)
        return mv_error_set(error, MV_RANGE, NULL, 0,
                            "%d threads asked for, expected 0 or more",
                            threads);
    if (count > 1)
        return run_threads(&loop, count, error);
    for (size_t i = 0; i < n; i++) {
        enum mv_status status = fn(payload, i, 0, error);

        if (status != MV_OK)
            return status;
    }
    return MV_OK;
}
