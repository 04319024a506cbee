#include "parallel.h"

#include "test.h"

#include <stdlib.h>

struct squares {
    double value[1000];
    int calls[1000];
    int worker_limit;
    int worker_bad;
};

static enum mv_status square(void *payload, size_t index, int worker,
                             struct mv_error *error)
{
    struct squares *squares = payload;
    double x = 0;

    (void)error;
    /* Uneven work, so that workers overtake each other. */
    for (size_t i = 0; i <= index % 37 * 100; i++)
        x += (double)index;
    squares->value[index] = x;
    squares->calls[index]++;
    if (worker < 0 || worker >= squares->worker_limit)
        squares->worker_bad = 1;
    return MV_OK;
}

static enum mv_status fail_some(void *payload, size_t index, int worker,
                                struct mv_error *error)
{
    int *ran = payload;

    (void)worker;
    ran[index] = 1;
    if (index < 300 || index % 3)
        return MV_OK;
    return mv_error_set(error, index == 300 ? MV_DATA : MV_IO, NULL, 0,
                        "index %zu", index);
}

/* Each worker counts in a place of its own. */
static enum mv_status count_mine(void *payload, size_t index, int worker,
                                 struct mv_error *error)
{
    long *counts = payload;

    (void)index;
    (void)error;
    counts[16 * worker]++;
    return MV_OK;
}

static const int THREADS[] = {1, 2, 3, 8, 0};

int main(void)
{
    TEST("workers")
    {
        EQ(mv_parallel_workers(4, 100), 4);
        EQ(mv_parallel_workers(4, 3), 3);
        EQ(mv_parallel_workers(4, 0), 1);
        EQ(mv_parallel_workers(100000, 1000000), 256);
        OK(mv_parallel_workers(0, 1000) >= 1);
        EQ(mv_parallel_workers(-3, 10), 1);
    }
    TEST("every index once, the same results for any number of threads")
    {
        static struct squares one, many;

        one.worker_limit = 1;
        EQ(mv_parallel_for(1, 1000, square, &one, NULL), MV_OK);
        for (int t = 0; t < 5; t++) {
            int wrong = 0;

            memset(&many, 0, sizeof many);
            many.worker_limit = mv_parallel_workers(THREADS[t], 1000);
            EQ(mv_parallel_for(THREADS[t], 1000, square, &many, NULL), MV_OK);
            for (int i = 0; i < 1000; i++)
                wrong += many.calls[i] != 1 || many.value[i] != one.value[i];
            EQ(wrong, 0);
            OK(!many.worker_bad);
        }
    }
    TEST("the lowest failure wins, and all below it ran")
    {
        for (int t = 0; t < 5; t++) {
            struct mv_error error = {0};
            int ran[1000] = {0}, missing = 0;

            EQ(mv_parallel_for(THREADS[t], 1000, fail_some, ran, &error),
               MV_DATA);
            STR(error.message, "index 300");
            EQ(error.code, MV_DATA);
            for (int i = 0; i <= 300; i++)
                missing += !ran[i];
            EQ(missing, 0);
            OK(!ran[999]);
            EQ(mv_parallel_for(THREADS[t], 1000, fail_some, ran, NULL),
               MV_DATA);
        }
    }
    TEST("an error that is there already is kept")
    {
        struct mv_error error = {0};
        int ran[1000] = {0};

        mv_error_set(&error, MV_DB, NULL, 0, "earlier");
        EQ(mv_parallel_for(4, 1000, fail_some, ran, &error), MV_DATA);
        STR(error.message, "earlier");
    }
    TEST("a workspace for each worker needs no lock")
    {
        static long counts[16 * 8];
        long sum = 0;

        EQ(mv_parallel_for(8, 5000, count_mine, counts, NULL), MV_OK);
        for (int i = 0; i < 8; i++)
            sum += counts[16 * i];
        EQ(sum, 5000);
    }
    TEST("nothing to do, and bad input")
    {
        struct mv_error error = {0};

        EQ(mv_parallel_for(4, 0, square, NULL, NULL), MV_OK);
        EQ(mv_parallel_for(-1, 5, square, NULL, &error), MV_RANGE);
        EQ(error.code, MV_RANGE);
    }
    return test_end();
}
