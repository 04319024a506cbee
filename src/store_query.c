/* The life of a statement: made ready, bound, stepped through, and ended. */
#include "store_sql.h"

#include <math.h>
#include <string.h>

struct mv_query mv_store_query(struct mv_store *store,
                               enum mv_store_statement which)
{
    struct mv_query query = {.store = store, .which = which};
    sqlite3_stmt *cached = store->statements[which];

    if (cached && !sqlite3_stmt_busy(cached)) {
        query.statement = cached;
        return query;
    }
    query.rc = sqlite3_prepare_v3(store->db, mv_store_sql[which], -1,
                                  cached ? 0 : SQLITE_PREPARE_PERSISTENT,
                                  &query.statement, NULL);
    if (!cached && query.rc == SQLITE_OK)
        store->statements[which] = query.statement;
    return query;
}

static bool is_good(const struct mv_query *query)
{
    return query->rc == SQLITE_OK || query->rc == SQLITE_ROW;
}

void mv_store_bind_int(struct mv_query *query, int n, int64_t value)
{
    if (is_good(query))
        query->rc = sqlite3_bind_int64(query->statement, n, value);
}

void mv_store_bind_span(struct mv_query *query, int n, struct mv_span span)
{
    if (is_good(query))
        query->rc =
            sqlite3_bind_text64(query->statement, n, span.at ? span.at : "",
                                span.len, SQLITE_STATIC, SQLITE_UTF8);
}

static void bind_null(struct mv_query *query, int n)
{
    if (is_good(query))
        query->rc = sqlite3_bind_null(query->statement, n);
}

void mv_store_bind_text(struct mv_query *query, int n, const char *text)
{
    if (text && *text)
        mv_store_bind_span(query, n, mv_span_of(text));
    else
        bind_null(query, n);
}

void mv_store_bind_id(struct mv_query *query, int n, int64_t id)
{
    if (id)
        mv_store_bind_int(query, n, id);
    else
        bind_null(query, n);
}

void mv_store_bind_time(struct mv_query *query, int n, int64_t time)
{
    if (time == MV_NO_TIME)
        bind_null(query, n);
    else
        mv_store_bind_int(query, n, time);
}

void mv_store_bind_real(struct mv_query *query, int n, double value)
{
    if (isnan(value))
        bind_null(query, n);
    else if (is_good(query))
        query->rc = sqlite3_bind_double(query->statement, n, value);
}

bool mv_store_step(struct mv_query *query)
{
    if (is_good(query))
        query->rc = sqlite3_step(query->statement);
    return query->rc == SQLITE_ROW;
}

int64_t mv_store_int(struct mv_query *query, int n)
{
    return sqlite3_column_int64(query->statement, n);
}

bool mv_store_null(struct mv_query *query, int n)
{
    return sqlite3_column_type(query->statement, n) == SQLITE_NULL;
}

const char *mv_store_text(struct mv_query *query, int n)
{
    const char *text = (const char *)sqlite3_column_text(query->statement, n);

    if (!text && !mv_store_null(query, n))
        query->rc = SQLITE_NOMEM; /* the only reason there is */
    return text;
}

int64_t mv_store_time(struct mv_query *query, int n)
{
    return mv_store_null(query, n) ? MV_NO_TIME : mv_store_int(query, n);
}

double mv_store_real(struct mv_query *query, int n)
{
    return mv_store_null(query, n) ? (double)NAN
                                   : sqlite3_column_double(query->statement, n);
}

enum mv_status mv_store_end(struct mv_query *query, struct mv_error *error)
{
    if (query->statement == query->store->statements[query->which])
        sqlite3_reset(query->statement);
    else
        sqlite3_finalize(query->statement);
    query->statement = NULL;
    if (is_good(query) || query->rc == SQLITE_DONE)
        return MV_OK;
    return mv_store_fail(query->store, query->rc, error);
}

enum mv_status mv_store_run(struct mv_query *query, struct mv_error *error)
{
    while (mv_store_step(query))
        ;
    return mv_store_end(query, error);
}

static const char *advice(int rc)
{
    switch (rc & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return "the database is in use by another program: wait until that "
               "one has finished, then try again";
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
    case SQLITE_AUTH:
        return "the database can not be written: give yourself the right to "
               "write to the file and its folder, or choose another one";
    case SQLITE_NOTADB:
        return "this is not a motivo database: choose another file";
    case SQLITE_CORRUPT:
        return "the database is damaged: put a backup in its place, or move it "
               "away and import again";
    case SQLITE_FULL:
        return "the disk is full: make room and try again; nothing was lost";
    case SQLITE_IOERR:
        return "the disk failed while the database was read or written: check "
               "the disk, then try again";
    case SQLITE_CONSTRAINT:
        return "a row does not fit the rules of the database: nothing was "
               "stored";
    default: return NULL;
    }
}

/* SQLite's own text for a code is constant; its text for the last error could
 * quote data, so it is never shown. */
enum mv_status mv_store_fail(struct mv_store *store, int rc,
                             struct mv_error *error)
{
    const char *told = advice(rc);

    if ((rc & 0xff) == SQLITE_NOMEM)
        return mv_error_set(error, MV_NOMEM, store->path, 0, "out of memory");
    if ((rc & 0xff) == SQLITE_TOOBIG)
        return mv_error_set(error, MV_RANGE, store->path, 0,
                            "a text is longer than the database can hold: "
                            "shorten it below 1000 MB");
    if (told)
        return mv_error_set(error, MV_DB, store->path, 0, "%s", told);
    return mv_error_set(error, MV_DB, store->path, 0,
                        "the database refused: %s (code %d)",
                        sqlite3_errstr(rc), rc);
}
