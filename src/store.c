/* Opening, closing and transactions. */
#include "store.h"

#include "store_sql.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUSY_MS = 5000, RETRY_MS = 10 };

/* Makes the folders above path that are missing, for the owner alone. */
static enum mv_status make_folders(char *path, struct mv_error *error)
{
    for (char *at = path + 1; (at = strchr(at, '/')) != NULL; at++) {
        int failed;

        *at = '\0';
        failed = mkdir(path, 0700) != 0 && errno != EEXIST ? errno : 0;
        /* A folder that is there may still say something else than EEXIST. */
        if (failed && access(path, F_OK) == 0)
            failed = 0;
        if (failed)
            mv_error_set(error, MV_IO, path, 0,
                         "can not make the folder of the database: %s; make it "
                         "or choose another place",
                         strerror(failed));
        *at = '/';
        if (failed)
            return MV_IO;
    }
    return MV_OK;
}

/* Makes the empty file ourselves: SQLite would let others read it. It is left
 * alone when it exists, since closing any descriptor of a file drops all locks
 * that this process holds on it. */
static enum mv_status make_file(struct mv_store *store, struct mv_error *error)
{
    enum mv_status status = make_folders(store->path, error);
    int fd;

    if (status != MV_OK)
        return status;
    fd = open(store->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 && errno != EEXIST)
        return mv_error_set(error, MV_IO, store->path, 0,
                            "can not make the database: %s; choose a place "
                            "that you may write to",
                            strerror(errno));
    if (fd >= 0)
        close(fd);
    return MV_OK;
}

static enum mv_status check_file(struct mv_store *store, bool create,
                                 struct mv_error *error)
{
    struct stat info;

    if (stat(store->path, &info) != 0) {
        if (create)
            return make_file(store, error);
        return mv_error_set(
            error, errno == ENOENT || errno == ENOTDIR ? MV_NOTFOUND : MV_DB,
            store->path, 0,
            "can not open the database: %s; `motivo import` "
            "makes one",
            strerror(errno));
    }
    if (S_ISDIR(info.st_mode))
        return mv_error_set(error, MV_DB, store->path, 0,
                            "this is a folder, not a database: choose a file");
    return MV_OK;
}

/* The one integer that sql yields, e.g. that of a pragma. */
static int ask(sqlite3 *db, const char *sql, int *out)
{
    sqlite3_stmt *statement = NULL;
    int rc = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);

    if (rc != SQLITE_OK)
        return rc;
    rc = sqlite3_step(statement);
    if (rc == SQLITE_ROW)
        *out = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    return rc == SQLITE_ROW ? SQLITE_OK : rc;
}

/* *version: that of the schema; 0 for an empty file. */
static enum mv_status check_owner(struct mv_store *store, int *version,
                                  struct mv_error *error)
{
    int application = 0, tables = 0, ours = 0, rc;

    mv_store_steps(&ours);
    /* In one transaction: another program may just be making the database. */
    rc = sqlite3_exec(store->db, "BEGIN", NULL, NULL, NULL);
    if (rc == SQLITE_OK)
        rc = ask(store->db, "PRAGMA application_id", &application);
    if (rc == SQLITE_OK)
        rc = ask(store->db, "PRAGMA user_version", version);
    if (rc == SQLITE_OK)
        rc = ask(store->db, "SELECT count(*) FROM sqlite_schema", &tables);
    if (rc != SQLITE_OK)
        return mv_store_fail(store, rc, error);
    sqlite3_exec(store->db, "COMMIT", NULL, NULL, NULL);
    if (application != MV_STORE_APPLICATION &&
        (application != 0 || *version != 0 || tables != 0))
        return mv_error_set(error, MV_DB, store->path, 0,
                            "this database belongs to another program: choose "
                            "another file");
    if (*version > ours)
        return mv_error_set(error, MV_DB, store->path, 0,
                            "made by a newer motivo (schema %d, this one knows "
                            "%d): update motivo",
                            *version, ours);
    if (sqlite3_db_readonly(store->db, "main") == 1)
        return mv_store_fail(store, SQLITE_READONLY, error);
    return MV_OK;
}

/* The change to WAL does not wait for locks by itself. */
static enum mv_status use_wal(struct mv_store *store, int busy_ms,
                              struct mv_error *error)
{
    sqlite3_stmt *pragma = NULL;
    bool wal = false;
    int rc;

    for (int waited = 0;; waited += RETRY_MS) {
        rc = sqlite3_prepare_v2(store->db, "PRAGMA journal_mode = WAL", -1,
                                &pragma, NULL);
        if (rc == SQLITE_OK)
            rc = sqlite3_step(pragma);
        if (rc == SQLITE_ROW) {
            const char *mode = (const char *)sqlite3_column_text(pragma, 0);

            wal = mode && strcmp(mode, "wal") == 0;
            rc = SQLITE_OK;
        }
        sqlite3_finalize(pragma);
        if ((rc & 0xff) != SQLITE_BUSY || waited >= busy_ms)
            break;
        sqlite3_sleep(RETRY_MS);
    }
    if (rc != SQLITE_OK)
        return mv_store_fail(store, rc, error);
    if (!wal)
        return mv_error_set(error, MV_DB, store->path, 0,
                            "this file system can not hold the database: "
                            "choose a place on a local disk");
    return MV_OK;
}

/* Sorts and temporary tables stay in memory: no text of a message is written
 * where the owner does not look for it, and deleted text is overwritten. */
static enum mv_status configure(struct mv_store *store, struct mv_error *error)
{
    char pragmas[320];
    int rc;

    snprintf(pragmas, sizeof pragmas,
             "PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;"
             "PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;"
             "PRAGMA cell_size_check = ON; PRAGMA cache_size = -%d;"
             "PRAGMA journal_size_limit = 0",
             (int)MV_STORE_CACHE_KIB);
    rc = sqlite3_exec(store->db, pragmas, NULL, NULL, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    return rc == SQLITE_OK ? MV_OK : mv_store_fail(store, rc, error);
}

static enum mv_status open_file(struct mv_store *store,
                                const struct mv_store_options *options,
                                struct mv_error *error)
{
    int busy_ms = options->busy_ms == 0  ? BUSY_MS
                  : options->busy_ms < 0 ? 0
                                         : options->busy_ms;
    int version = 0, count = 0, rc;
    const char *const *steps = mv_store_steps(&count);
    enum mv_status status = check_file(store, options->create, error);

    if (status != MV_OK)
        return status;
    rc = sqlite3_open_v2(store->path, &store->db,
                         SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (rc != SQLITE_OK)
        return mv_store_fail(store, rc, error);
    sqlite3_extended_result_codes(store->db, 1);
    sqlite3_busy_timeout(store->db, busy_ms);
    status = check_owner(store, &version, error);
    if (status == MV_OK && version == 0) {
        sqlite3_exec(store->db, "PRAGMA page_size = 8192", NULL, NULL, NULL);
        status = use_wal(store, busy_ms, error);
    }
    if (status == MV_OK)
        status = configure(store, error);
    if (status == MV_OK && version < count)
        status = mv_store_migrate(store, steps, count, error);
    return status;
}

enum mv_status mv_store_open(struct mv_store **out, const char *path,
                             const struct mv_store_options *options,
                             struct mv_error *error)
{
    static const struct mv_store_options DEFAULTS = {0};
    struct mv_store *store = calloc(1, sizeof *store);
    size_t size = strlen(path) + 3;
    enum mv_status status = MV_NOMEM;

    *out = NULL;
    if (!store || !(store->path = malloc(size))) {
        mv_error_set(error, MV_NOMEM, path, 0, "out of memory");
        goto out;
    }
    /* "./" keeps SQLite from reading "file:..." and ":memory:" as more than
     * names of files. */
    snprintf(store->path, size, "%s%s",
             *path == '/' || strncmp(path, "./", 2) == 0 ? "" : "./", path);
    status = open_file(store, options ? options : &DEFAULTS, error);
    if (status == MV_OK)
        *out = store;
out:
    if (status != MV_OK)
        mv_store_close(store);
    return status;
}

void mv_store_close(struct mv_store *store)
{
    if (!store)
        return;
    for (int i = 0; i < ST_COUNT; i++)
        sqlite3_finalize(store->statements[i]);
    sqlite3_close_v2(store->db);
    free(store->path);
    free(store);
}

enum mv_status mv_store_begin(struct mv_store *store, struct mv_error *error)
{
    struct mv_query query;

    if (!sqlite3_get_autocommit(store->db))
        return mv_error_set(error, MV_RANGE, store->path, 0,
                            "a transaction is under way already");
    query = mv_store_query(store, ST_BEGIN);
    return mv_store_run(&query, error);
}

enum mv_status mv_store_commit(struct mv_store *store, struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_COMMIT);
    enum mv_status status = mv_store_run(&query, error);

    if (status == MV_OK)
        store->run_inside = false;
    return status;
}

void mv_store_rollback(struct mv_store *store)
{
    struct mv_query query;

    if (sqlite3_get_autocommit(store->db))
        return;
    store->ordinal = 0;
    if (store->run_inside)
        store->run = (struct mv_run){0};
    store->run_inside = false;
    query = mv_store_query(store, ST_ROLLBACK);
    mv_store_run(&query, NULL);
}

enum mv_status mv_store_enter(struct mv_store *store, bool *own,
                              struct mv_error *error)
{
    *own = sqlite3_get_autocommit(store->db) != 0;
    return *own ? mv_store_begin(store, error) : MV_OK;
}

enum mv_status mv_store_leave(struct mv_store *store, bool own,
                              enum mv_status status, struct mv_error *error)
{
    if (own && status == MV_OK)
        status = mv_store_commit(store, error);
    if (own && status != MV_OK)
        mv_store_rollback(store);
    return status;
}
