/* layer 4: private to store: the handle, its statements and its keys.
 *
 * The only file that includes <sqlite3.h>; nothing of it crosses store.h. All
 * SQL of the program stands in store_sql.c, in one table, under these names.
 *
 * Thread-safety: as store.h says.
 */
#ifndef MV_STORE_SQL_H
#define MV_STORE_SQL_H

#include "arena.h"
#include "store.h"
#include "store_history.h"

#include <sqlite3.h>

enum mv_store_statement {
    ST_BEGIN,
    ST_COMMIT,
    ST_ROLLBACK,
    ST_RUN_ADD,
    ST_RUN_END,
    ST_RUN_EACH,
    ST_INVITE_BY_KEY,
    ST_INVITE_BY_NAME,
    ST_INVITE_ADD,
    ST_INVITE_SEEN,
    ST_INVITE_IDENTIFY,
    ST_INVITE_NOTES,
    ST_INVITE_GET,
    ST_INVITE_OF,
    ST_INVITE_EACH,
    ST_INVITE_NEWEST,
    ST_CONTACT_BY_PERSON,
    ST_CONTACT_BY_NAME,
    ST_CONTACT_CONNECTED,
    ST_CONTACT_WORK,
    ST_CONTACT_ADD,
    ST_CONTACT_SET,
    ST_CONTACT_EACH,
    ST_THREAD_KNOWN,
    ST_THREAD_PUT,
    ST_THREAD_EACH,
    ST_LABEL_LAST,
    ST_LABEL_ADD,
    ST_LABEL_EACH,
    ST_LABEL_TOLD,
    ST_LABEL_LAST_ACT,
    ST_LABEL_ACT,
    ST_LABEL_VOTES,
    ST_LABEL_AGAIN,
    ST_LABEL_PROGRESS,
    ST_NOTE_ADD,
    ST_NOTE_GET,
    ST_NOTE_TOLD,
    ST_NOTE_EACH,
    ST_ADVICE_PUT,
    ST_ADVICE_GET,
    ST_EXAMPLE_EACH,
    ST_MODEL_ADD,
    ST_MODEL_GET,
    ST_MODEL_EACH,
    ST_ACTIVE,
    ST_ACTIVATE,
    ST_ACTIVATION_EACH,
    ST_VERDICT_PUT,
    ST_VERDICT_EACH,
    ST_VERDICT_COUNT,
    ST_OUTCOME_PUT,
    ST_OUTCOME_WITHDRAW,
    ST_TRACE_ID,
    ST_TRACE_PERSON,
    ST_TRACE_NAMED,
    ST_TRACE_NAMES,
    ST_TRACE_URLS,
    ST_TRACE_CONTACTS,
    ST_TRACE_OUTCOMES,
    ST_TRACE_LABELS,
    ST_ERASE_INVITE,
    ST_ERASE_CONTACTS,
    ST_ERASE_OUTCOMES,
    ST_ERASE_THREAD,
    ST_ERASE_RUNS,
    ST_VACUUM,
    ST_TRUNCATE,
    ST_HOLDERS,
    ST_HOLDING,
    ST_COUNT_INVITES,
    ST_COUNT_SETTLED,
    ST_COUNT_REST,
    ST_COUNT /* how many there are */
};
extern const char *const mv_store_sql[ST_COUNT];

struct mv_store {
    sqlite3 *db;
    char *path;
    sqlite3_stmt *statements[ST_COUNT]; /* prepared when first used */
    struct mv_run run;                  /* id 0: none is open */
    bool run_inside; /* it was started in the open transaction */
    /* Row put last whose equals this run has had, and its ordinal: a start
     * for the search of the next. 0: none. */
    struct mv_key equal;
    uint64_t ordinal;
    /* The act of labelling that the file told last, and its number here. */
    long told_act;
    int64_t act;
};

/* One use of a statement. The first failure sticks: later calls do nothing, so
 * a caller binds and steps without looking and asks once, at the end. */
struct mv_query {
    struct mv_store *store;
    sqlite3_stmt *statement;
    enum mv_store_statement which;
    int rc;
};

/* Takes a statement: the cached one, or where a walk is using it, a new one. */
struct mv_query mv_store_query(struct mv_store *store,
                               enum mv_store_statement which);
/* Bind parameter n (from 1). text: NULL or "" binds NULL; time: MV_NO_TIME
 * binds NULL; real: NaN binds NULL; id: 0 binds NULL. Bytes are borrowed until
 * the end. */
void mv_store_bind_int(struct mv_query *query, int n, int64_t value);
void mv_store_bind_id(struct mv_query *query, int n, int64_t id);
void mv_store_bind_text(struct mv_query *query, int n, const char *text);
void mv_store_bind_span(struct mv_query *query, int n, struct mv_span span);
void mv_store_bind_time(struct mv_query *query, int n, int64_t time);
void mv_store_bind_real(struct mv_query *query, int n, double value);
/* Whether there is a (further) row. */
bool mv_store_step(struct mv_query *query);
/* Column n (from 0) of the row; text is NULL where the value is. */
int64_t mv_store_int(struct mv_query *query, int n);
const char *mv_store_text(struct mv_query *query, int n);
int64_t mv_store_time(struct mv_query *query, int n);
double mv_store_real(struct mv_query *query, int n);
bool mv_store_null(struct mv_query *query, int n);
/* Gives the statement back and tells the first failure. */
enum mv_status mv_store_end(struct mv_query *query, struct mv_error *error);
/* Steps to the end, then as mv_store_end. */
enum mv_status mv_store_run(struct mv_query *query, struct mv_error *error);

/* Turns an SQLite result code into MV_DB or MV_NOMEM with advice. */
enum mv_status mv_store_fail(struct mv_store *store, int rc,
                             struct mv_error *error);

/* Begins a transaction unless one is open (*own says so), and ends it by
 * status: MV_OK commits, anything else rolls back. Only when own. */
enum mv_status mv_store_enter(struct mv_store *store, bool *own,
                              struct mv_error *error);
enum mv_status mv_store_leave(struct mv_store *store, bool own,
                              enum mv_status status, struct mv_error *error);

/* Runs steps[have], steps[have + 1], ... steps[count - 1], each in a
 * transaction that raises user_version, where have is the file's version. */
enum mv_status mv_store_migrate(struct mv_store *store,
                                const char *const *steps, int count,
                                struct mv_error *error);
/* The steps from an empty file to the schema of this program. */
const char *const *mv_store_steps(int *count);

enum {
    MV_STORE_APPLICATION = 0x6d6f7476, /* "motv" */
    MV_STORE_CACHE_KIB = 64 * 1024     /* holds the indexes of 10^6 rows */
};

/* The hash of a person: by URL, or of a name, folded. Never 0 in practice;
 * stored as a signed integer. */
int64_t mv_store_person_url(const char *url);
int64_t mv_store_person_name(const char *name);
/* The key of an invitation; ordinal counts equal rows of a generic file, it is
 * 0 for all others. */
struct mv_key mv_store_key(const struct mv_invite *invite, uint64_t ordinal);

/* Reads the row of an ST_INVITE_... statement; borrowed until the next step. */
void mv_store_read_invite(struct mv_query *query, struct mv_stored *out);
/* Appends a label with its undoes and act; the invitation is known to be there.
 * Its time is kept if told is set; else, where the annotator has said something
 * of the invitation then or later, it is put a second after that.
 * *id (may be NULL): of the new row. */
enum mv_status mv_store_add_label(struct mv_store *store,
                                  const struct mv_labelling *label, bool told,
                                  int64_t *id, struct mv_error *error);
/* Appends what a history (invite->told) says of invitation id, unless it is
 * there. */
enum mv_status mv_store_put_told(struct mv_store *store, int64_t id,
                                 const struct mv_invite *invite,
                                 const char *annotator, struct mv_error *error);
/* The active model's id, 0 when there is none. */
enum mv_status mv_store_active(struct mv_store *store, int64_t *id,
                               struct mv_error *error);

#endif
