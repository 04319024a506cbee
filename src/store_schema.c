/* The schema, as the steps that lead to it. A step that was released is never
 * changed: what is new is a further step. */
#include "store_sql.h"

#include <stdio.h>

/* Small columns come first, so that filters need not walk over the message.
 * The key is two integers rather than a blob: smaller in the index, and its
 * first half finds a person. Ids are never used again (AUTOINCREMENT): a user
 * may have noted one. */
static const char INVITATIONS[] =
    "CREATE TABLE import_run ("
    " id INTEGER PRIMARY KEY,"
    " at INTEGER NOT NULL,"
    " starter INTEGER NOT NULL CHECK (starter IN (0, 1)),"
    " read INTEGER NOT NULL DEFAULT 0,"
    " added INTEGER NOT NULL DEFAULT 0,"
    " known INTEGER NOT NULL DEFAULT 0,"
    " ambiguous INTEGER NOT NULL DEFAULT 0,"
    " skipped INTEGER NOT NULL DEFAULT 0,"
    " file TEXT NOT NULL,"
    " dialect TEXT NOT NULL) STRICT;"

    "CREATE TABLE invitation ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " person INTEGER NOT NULL," /* key: who */
    " item INTEGER NOT NULL,"   /* key: the rest */
    " named INTEGER,"           /* hash of the folded name */
    " origin INTEGER NOT NULL CHECK (origin BETWEEN 0 AND 3),"
    " direction INTEGER NOT NULL CHECK (direction IN (0, 1)),"
    " sent_at INTEGER,"
    " seen_run INTEGER NOT NULL," /* the last import_run that held it */
    " starter INTEGER NOT NULL CHECK (starter IN (0, 1)),"
    " name TEXT,"
    " url TEXT,"
    " natural_id TEXT,"
    " lang TEXT,"
    " message TEXT NOT NULL) STRICT;"
    "CREATE UNIQUE INDEX invitation_key ON invitation (person, item);"
    "CREATE INDEX invitation_named ON invitation (named, sent_at)"
    " WHERE named IS NOT NULL;"

    "CREATE TABLE contact ("
    " id INTEGER PRIMARY KEY,"
    " person INTEGER NOT NULL," /* by URL, lacking one by name */
    " named INTEGER,"
    " connected_on INTEGER,"
    " name TEXT,"
    " url TEXT,"
    " company TEXT,"
    " position TEXT) STRICT;"
    "CREATE INDEX contact_person ON contact (person);"
    "CREATE INDEX contact_named ON contact (named);"

    "CREATE TABLE thread ("
    " id TEXT PRIMARY KEY NOT NULL,"
    " received INTEGER NOT NULL CHECK (received >= 0),"
    " sent INTEGER NOT NULL CHECK (sent >= 0),"
    " first_at INTEGER,"
    " last_at INTEGER,"
    " name TEXT,"
    " url TEXT) STRICT, WITHOUT ROWID;"

    "CREATE TABLE outcome ("
    " person INTEGER PRIMARY KEY NOT NULL,"
    " useful INTEGER NOT NULL CHECK (useful IN (0, 1)),"
    " said INTEGER NOT NULL CHECK (said IN (0, 1)),"
    " at INTEGER NOT NULL,"
    " name TEXT,"
    " url TEXT) STRICT;";

static const char LABELS[] =
    "CREATE TABLE label ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " invitation INTEGER NOT NULL"
    "  REFERENCES invitation (id) ON DELETE CASCADE,"
    " value INTEGER NOT NULL CHECK (value BETWEEN 0 AND 2),"
    " at INTEGER NOT NULL,"
    " annotator TEXT NOT NULL CHECK (annotator <> ''),"
    " kind TEXT,"
    " chosen TEXT NOT NULL) STRICT;"
    "CREATE INDEX label_of ON label (invitation, annotator, id);"
    "CREATE TRIGGER label_is_history BEFORE UPDATE ON label"
    " BEGIN SELECT RAISE(ABORT, 'labels are history'); END;"

    "CREATE TABLE model ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " created_at INTEGER NOT NULL,"
    " last_label INTEGER NOT NULL,"
    " file TEXT NOT NULL,"
    " sha256 TEXT NOT NULL,"
    " corpus TEXT NOT NULL,"
    " options TEXT NOT NULL,"
    " metrics TEXT NOT NULL,"
    " card TEXT,"
    " note TEXT) STRICT;"

    "CREATE TABLE activation ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " model INTEGER NOT NULL REFERENCES model (id) ON DELETE CASCADE,"
    " at INTEGER NOT NULL,"
    " reason TEXT) STRICT;"
    "CREATE TRIGGER activation_is_history BEFORE UPDATE ON activation"
    " BEGIN SELECT RAISE(ABORT, 'activations are history'); END;"

    "CREATE TABLE verdict ("
    " invitation INTEGER NOT NULL"
    "  REFERENCES invitation (id) ON DELETE CASCADE,"
    " model INTEGER NOT NULL REFERENCES model (id) ON DELETE CASCADE,"
    " verdict INTEGER NOT NULL CHECK (verdict BETWEEN 0 AND 3),"
    " at INTEGER NOT NULL,"
    " probability REAL CHECK (probability BETWEEN 0 AND 1),"
    " language TEXT,"
    " PRIMARY KEY (invitation, model)) STRICT, WITHOUT ROWID;";

/* enum mv_activation_how; what was there before is taken as done by hand. */
static const char WAYS[] =
    "ALTER TABLE activation ADD COLUMN how INTEGER NOT NULL DEFAULT 0"
    " CHECK (how BETWEEN 0 AND 4);";

/* An act of labelling may settle several copies of one message, and may be
 * taken back: by a further row that names the label it undoes, so that nothing
 * is ever changed. Notes are history, too. Advice is kept because it takes
 * seconds to work out. */
static const char LABELLING[] =
    "ALTER TABLE label ADD COLUMN undoes INTEGER"
    "  REFERENCES label (id) ON DELETE CASCADE;"
    "ALTER TABLE label ADD COLUMN act INTEGER;" /* first of the act, or NULL */
    "CREATE UNIQUE INDEX label_undone ON label (undoes)"
    " WHERE undoes IS NOT NULL;"
    "CREATE INDEX label_of_act ON label (act) WHERE act IS NOT NULL;"
    "CREATE INDEX label_by ON label (annotator, id);"

    "CREATE TABLE note ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " invitation INTEGER NOT NULL"
    "  REFERENCES invitation (id) ON DELETE CASCADE,"
    " at INTEGER NOT NULL,"
    " annotator TEXT NOT NULL CHECK (annotator <> ''),"
    " text TEXT NOT NULL) STRICT;" /* '': the one before no longer holds */
    "CREATE INDEX note_of ON note (invitation, annotator, id);"
    "CREATE TRIGGER note_is_history BEFORE UPDATE ON note"
    " BEGIN SELECT RAISE(ABORT, 'notes are history'); END;"

    "CREATE TABLE advice ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " at INTEGER NOT NULL,"
    " last_label INTEGER NOT NULL,"
    " labels INTEGER NOT NULL,"
    " enough INTEGER NOT NULL CHECK (enough IN (0, 1)),"
    " gain REAL, low REAL, high REAL) STRICT;";

/* What the report asks of every message beside the verdict, so that it need not
 * judge them all again. NULL: by an older version, not noted. */
static const char NOVELTY[] =
    "ALTER TABLE verdict ADD COLUMN words INTEGER;"
    "ALTER TABLE verdict ADD COLUMN unseen INTEGER;"
    "ALTER TABLE verdict ADD COLUMN canned INTEGER;";

static const char *const STEPS[] = {INVITATIONS, LABELS, WAYS, LABELLING,
                                    NOVELTY};

const char *const *mv_store_steps(int *count)
{
    *count = (int)(sizeof STEPS / sizeof *STEPS);
    return STEPS;
}

/* The version is read again inside of the transaction: another program may
 * have taken the same step meanwhile. */
static int take_step(sqlite3 *db, const char *const *steps, int count,
                     int *have)
{
    sqlite3_stmt *version = NULL;
    char pragma[96];
    int rc = sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &version, NULL);

    if (rc == SQLITE_OK && sqlite3_step(version) == SQLITE_ROW)
        *have = sqlite3_column_int(version, 0);
    rc = sqlite3_finalize(version);
    if (rc != SQLITE_OK || *have >= count)
        return rc;
    rc = sqlite3_exec(db, steps[*have], NULL, NULL, NULL);
    if (rc != SQLITE_OK)
        return rc;
    snprintf(pragma, sizeof pragma,
             "PRAGMA application_id = %d; PRAGMA user_version = %d",
             (int)MV_STORE_APPLICATION, *have + 1);
    rc = sqlite3_exec(db, pragma, NULL, NULL, NULL);
    if (rc == SQLITE_OK)
        ++*have;
    return rc;
}

enum mv_status mv_store_migrate(struct mv_store *store,
                                const char *const *steps, int count,
                                struct mv_error *error)
{
    int have = 0, before;

    do {
        int rc = sqlite3_exec(store->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);

        before = have;
        if (rc == SQLITE_OK)
            rc = take_step(store->db, steps, count, &have);
        if (rc == SQLITE_OK)
            rc = sqlite3_exec(store->db, "COMMIT", NULL, NULL, NULL);
        if (rc != SQLITE_OK) {
            if (!sqlite3_get_autocommit(store->db))
                sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
            return mv_store_fail(store, rc, error);
        }
    } while (have < count && have > before);
    return MV_OK;
}
