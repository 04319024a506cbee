/* layer 1: one loop spread over threads, with the result of a plain loop.
 *
 * Indices are handed out one at a time, in rising order, to whichever worker
 * is free. What an index computes must depend on the index alone, never on the
 * worker, so that results do not depend on the number of threads. There is no
 * pool: the threads live as long as the call. It does not nest well (an inner
 * call starts threads of its own): give inner loops threads = 1.
 *
 * Thread-safety: no shared state; may be called by several threads at once.
 */
#ifndef MV_PARALLEL_H
#define MV_PARALLEL_H

#include "status.h"

#include <stddef.h>

/* The number of workers that mv_parallel_for uses: threads, or the processors
 * that are online when threads is 0; at most n, at most 256, at least 1.
 * Size per-worker workspaces with it. */
int mv_parallel_workers(int threads, size_t n);

/* Calls fn(payload, index, worker, error) once for every index in [0, n).
 * threads: >= 0, see mv_parallel_workers; 1 runs inline, without a thread.
 * worker: in [0, mv_parallel_workers(threads, n)); no two calls with the same
 * worker overlap, so a workspace per worker needs no lock.
 * fn: returns MV_OK or fails and may describe why in the error it is given,
 * which belongs to its worker. payload may be NULL. n may be 0.
 * After a failure no new index is handed out, but all lower ones are finished.
 * A thread that can not be started is done without.
 * Errors: that of the lowest failing index, whatever the number of threads;
 * MV_RANGE when threads < 0; MV_NOMEM. */
enum mv_status mv_parallel_for(int threads, size_t n,
                               enum mv_status (*fn)(void *payload, size_t index,
                                                    int worker,
                                                    struct mv_error *error),
                               void *payload, struct mv_error *error);

#endif
