/* The figures of `status` and `report`. */
#include "store_sql.h"

#include <stdint.h>

static enum mv_status count_invites(struct mv_store *store,
                                    struct mv_counts *out,
                                    struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_COUNT_INVITES);

    mv_store_bind_int(&query, 1, out->active_model);
    while (mv_store_step(&query)) {
        int64_t direction = mv_store_int(&query, 0);
        int64_t origin = mv_store_int(&query, 1);
        bool message = mv_store_int(&query, 3) != 0;

        if (mv_store_int(&query, 2)) {
            out->starter++;
            continue;
        }
        out->invitations[direction][origin]++;
        out->with_message[direction][origin] += message;
        if (direction != MV_INCOMING)
            continue;
        if (!mv_store_null(&query, 4))
            out->verdicts[mv_store_int(&query, 4)]++;
        else
            out->pending += message;
    }
    return mv_store_end(&query, error);
}

static enum mv_status count_settled(struct mv_store *store,
                                    struct mv_counts *out,
                                    struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_COUNT_SETTLED);

    mv_store_bind_int(&query, 1, INT64_MAX);
    while (mv_store_step(&query)) {
        long n = (long)mv_store_int(&query, 3);
        bool audit = mv_store_int(&query, 2) != 0;

        out->drawn += audit ? n : 0;
        if (mv_store_null(&query, 0)) {
            out->unsettled += n;
            continue;
        }
        out->labelled[mv_store_int(&query, 0)] += n;
        out->own += mv_store_int(&query, 1) ? 0 : n;
        out->audit += audit ? n : 0;
    }
    return mv_store_end(&query, error);
}

static enum mv_status count_rest(struct mv_store *store, struct mv_counts *out,
                                 struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_COUNT_REST);
    long *const counts[] = {&out->labels,     &out->annotators, &out->contacts,
                            &out->threads,    &out->two_way,    &out->useful,
                            &out->not_useful, &out->said,       &out->models,
                            &out->runs};
    int n = 0;

    if (mv_store_step(&query)) {
        for (; n < (int)(sizeof counts / sizeof *counts); n++)
            *counts[n] = (long)mv_store_int(&query, n);
        out->last_label = mv_store_int(&query, n);
        out->last_label_at = mv_store_time(&query, n + 1);
        out->last_import_at = mv_store_time(&query, n + 2);
        out->learnt_label = mv_store_int(&query, n + 3);
    }
    return mv_store_end(&query, error);
}

enum mv_status mv_store_get_counts(struct mv_store *store,
                                   struct mv_counts *out,
                                   struct mv_error *error)
{
    enum mv_status status;

    *out = (struct mv_counts){.last_label_at = MV_NO_TIME,
                              .last_import_at = MV_NO_TIME};
    status = mv_store_active(store, &out->active_model, error);
    if (status == MV_OK)
        status = count_invites(store, out, error);
    if (status == MV_OK)
        status = count_settled(store, out, error);
    if (status == MV_OK)
        status = count_rest(store, out, error);
    return status;
}
