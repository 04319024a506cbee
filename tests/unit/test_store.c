#include "store.h"
#include "store_sql.h"
#include "test.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- a fresh folder for every test ------------------------------------------
 */

static char folder[512];

static const char *in_folder(const char *name)
{
    static char path[4][640];
    static int turn;
    char *out = path[turn++ % 4];

    snprintf(out, sizeof path[0], "%s/%s", folder, name);
    return out;
}

static void make_folder(void)
{
    const char *base = getenv("TMPDIR");

    snprintf(folder, sizeof folder, "%s/test_store.XXXXXX",
             base && *base ? base : P_tmpdir);
    if (!mkdtemp(folder)) {
        perror("mkdtemp");
        exit(1);
    }
}

static void remove_folder(void)
{
    static const char *const NAMES[] = {"a.db",     "a.db-wal", "a.db-shm",
                                        "b.db",     "b.db-wal", "b.db-shm",
                                        "x/y/c.db", "x/y",      "x"};

    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        remove(in_folder(NAMES[i]));
    OK(rmdir(folder) == 0);
}

static struct mv_store *open_db(const char *name)
{
    struct mv_store_options options = {.create = true, .busy_ms = 2000};
    struct mv_store *store = NULL;
    struct mv_error error = {0};

    if (mv_store_open(&store, in_folder(name), &options, &error) != MV_OK) {
        printf("open: %s\n", error.message);
        exit(1);
    }
    return store;
}

/* An empty database with an open import run. */
static struct mv_store *start(void)
{
    struct mv_run run = {.file = "a.csv", .dialect = "test", .at = 1000};
    struct mv_store *store;

    make_folder();
    store = open_db("a.db");
    EQ(mv_store_run_start(store, &run, NULL), MV_OK);
    return store;
}

static void stop(struct mv_store *store)
{
    mv_store_close(store);
    remove_folder();
}

static void next_run(struct mv_store *store)
{
    struct mv_run run = {.file = "b.csv", .dialect = "test", .at = 2000};

    EQ(mv_store_run_start(store, &run, NULL), MV_OK);
}

static int64_t sql_int(struct mv_store *store, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    int64_t value = -1;

    if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

/* --- records
 * ------------------------------------------------------------------ */

static struct mv_invite text_row(const char *message)
{
    return (struct mv_invite){.origin = MV_ORIGIN_TEXT,
                              .sent_at = MV_NO_TIME,
                              .message = message,
                              .message_len = strlen(message)};
}

static struct mv_invite note(const char *name, const char *url, int64_t sent_at,
                             const char *message)
{
    return (struct mv_invite){.sent_at = sent_at,
                              .name = name,
                              .url = url,
                              .message = message,
                              .message_len = strlen(message)};
}

static struct mv_invite labelled(const char *message, enum mv_label label,
                                 const char *annotator)
{
    struct mv_invite invite = text_row(message);

    invite.has_label = true;
    invite.label = label;
    invite.annotator = annotator;
    return invite;
}

static enum mv_put put(struct mv_store *store, struct mv_invite invite,
                       int64_t *id)
{
    enum mv_put how = MV_PUT_NEW;
    struct mv_error error = {0};

    EQ(mv_store_put_invite(store, &invite, id, &how, &error), MV_OK);
    STR(error.message, "");
    return how;
}

static void say(struct mv_store *store, int64_t id, const char *who,
                enum mv_label value, enum mv_chosen chosen)
{
    struct mv_labelling label = {.invitation = id,
                                 .annotator = who,
                                 .value = value,
                                 .at = 5,
                                 .chosen = chosen};

    EQ(mv_store_put_label(store, &label, NULL), MV_OK);
}

/* --- what walks collect -----------------------------------------------------
 */

struct seen {
    char text[2048];
    int n;
    struct mv_stored last;
    struct mv_example example;
    struct mv_store *store;
};

static void note_down(struct seen *seen, const char *text)
{
    size_t len = strlen(seen->text);

    snprintf(seen->text + len, sizeof seen->text - len, "%s|", text);
    seen->n++;
}

static enum mv_status see(const struct mv_stored *row, void *payload)
{
    struct seen *seen = payload;

    note_down(seen, row->invite.message);
    seen->last = *row;
    return MV_OK;
}

static enum mv_status see_nested(const struct mv_stored *row, void *payload)
{
    struct seen *seen = payload;
    struct seen inner = {0};

    EQ(mv_store_each_invite(seen->store, NULL, see, &inner, NULL), MV_OK);
    note_down(seen, inner.text);
    return row->id == 2 ? MV_STOPPED : MV_OK;
}

static enum mv_status see_example(const struct mv_example *example,
                                  void *payload)
{
    struct seen *seen = payload;
    char text[300];

    snprintf(text, sizeof text, "%s=%d%s%s", example->message,
             (int)example->label, example->kind ? ":" : "",
             example->kind ? example->kind : "");
    note_down(seen, text);
    seen->example = *example;
    return MV_OK;
}

static enum mv_status see_label(const struct mv_labelling *label,
                                const struct mv_stored *row, void *payload)
{
    char text[300];

    snprintf(text, sizeof text, "%s:%s=%s(%s)", row->invite.message,
             label->annotator, mv_label_name(label->value),
             mv_store_chosen_name(label->chosen));
    EQ(label->invitation, row->id);
    note_down(payload, text);
    return MV_OK;
}

static enum mv_status see_activation(const struct mv_activation *row,
                                     void *payload)
{
    char text[300];

    snprintf(text, sizeof text, "%d@%d %s", (int)row->model, (int)row->at,
             row->reason ? row->reason : "-");
    note_down(payload, text);
    return MV_OK;
}

static enum mv_status see_model(const struct mv_model_row *row, void *payload)
{
    char text[300];

    snprintf(text, sizeof text, "%s%s", row->file, row->active ? "*" : "");
    note_down(payload, text);
    return MV_OK;
}

static enum mv_status see_verdict(const struct mv_verdict_row *row,
                                  void *payload)
{
    char text[300];

    snprintf(text, sizeof text, "%d %s %.2f", (int)row->model,
             mv_verdict_name(row->verdict), row->probability);
    note_down(payload, text);
    return MV_OK;
}

static enum mv_status see_thread(const struct mv_thread *row, void *payload)
{
    char text[300];

    snprintf(text, sizeof text, "%s %s %ld %ld %d %d", row->id,
             row->url ? row->url : "-", row->received, row->sent,
             (int)row->first_at, (int)row->last_at);
    note_down(payload, text);
    return MV_OK;
}

static enum mv_status see_run(const struct mv_run *row, void *payload)
{
    char text[300];

    snprintf(text, sizeof text, "%s %s %ld %ld %ld %ld %ld", row->file,
             row->dialect, row->read, row->added, row->known, row->ambiguous,
             row->skipped);
    note_down(payload, text);
    return MV_OK;
}

static struct seen walk(struct mv_store *store, struct mv_store_filter filter)
{
    struct seen seen = {0};

    EQ(mv_store_each_invite(store, &filter, see, &seen, NULL), MV_OK);
    return seen;
}

static struct seen examples(struct mv_store *store, int64_t upto)
{
    struct seen seen = {0};

    EQ(mv_store_each_example(store, upto, see_example, &seen, NULL), MV_OK);
    return seen;
}

static struct mv_counts counts(struct mv_store *store)
{
    struct mv_counts out = {0};

    EQ(mv_store_get_counts(store, &out, NULL), MV_OK);
    return out;
}

/* --- files -------------------------------------------------------------------
 */

static void write_file(const char *path, const char *bytes, size_t len)
{
    FILE *file = fopen(path, "wb");

    OK(file != NULL);
    if (!file)
        return;
    EQ(fwrite(bytes, 1, len, file), len);
    fclose(file);
}

static int mode_of(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 ? (int)(info.st_mode & 0777) : -1;
}

/* Opens without waiting and expects a refusal with those words. */
static void refused(const char *path, bool create, enum mv_status want,
                    const char *words)
{
    struct mv_store_options options = {.create = create, .busy_ms = -1};
    struct mv_store *store = (struct mv_store *)&options;
    struct mv_error error = {0};

    EQ(mv_store_open(&store, path, &options, &error), want);
    OK(store == NULL);
    EQ(error.code, want);
    if (!strstr(error.message, words))
        STR(error.message, words);
    mv_store_close(store);
}

static void test_files(void)
{
    TEST("a new database is private, and so are the folders made for it")
    {
        struct mv_store *store;
        mode_t mask = umask(0);
        int steps = 0;

        make_folder();
        store = open_db("x/y/c.db");
        EQ(mode_of(in_folder("x")), 0700);
        EQ(mode_of(in_folder("x/y")), 0700);
        EQ(mode_of(in_folder("x/y/c.db")), 0600);
        EQ(mode_of(in_folder("x/y/c.db-wal")), 0600);
        EQ(sql_int(store, "PRAGMA application_id"), MV_STORE_APPLICATION);
        mv_store_steps(&steps);
        EQ(sql_int(store, "PRAGMA user_version"), steps);
        EQ(sql_int(store, "PRAGMA foreign_keys"), 1);
        EQ(sql_int(store, "PRAGMA secure_delete"), 1);
        EQ(sql_int(store, "SELECT count(*) FROM pragma_table_list WHERE "
                          "schema = 'main' AND type = 'table' AND strict = 0 "
                          "AND name NOT LIKE 'sqlite_%'"),
           0);
        mv_store_close(store);
        umask(mask);
        remove_folder();
    }
    TEST("every statement prepares")
    {
        struct mv_store *store = start();

        for (int i = 0; i < ST_COUNT; i++) {
            struct mv_query query =
                mv_store_query(store, (enum mv_store_statement)i);

            EQ(query.rc, SQLITE_OK);
            EQ(mv_store_end(&query, NULL), MV_OK);
        }
        stop(store);
    }
    TEST("what is not ours is refused and left alone")
    {
        static const char JUNK[] = "this is not a database, but it is longer "
                                   "than the header of one, which has a "
                                   "hundred bytes, so it must be looked at";
        sqlite3 *other = NULL;
        struct mv_store *store = start();

        mv_store_close(store);
        refused(in_folder("none.db"), false, MV_NOTFOUND, "motivo import");
        refused(folder, true, MV_DB, "this is a folder");
        refused(in_folder("a.db/b.db"), true, MV_IO, "can not make");
        write_file(in_folder("b.db"), JUNK, sizeof JUNK);
        refused(in_folder("b.db"), true, MV_DB, "not a motivo database");
        remove(in_folder("b.db"));
        EQ(sqlite3_open(in_folder("b.db"), &other), SQLITE_OK);
        sqlite3_exec(other, "CREATE TABLE t (x)", NULL, NULL, NULL);
        sqlite3_close(other);
        refused(in_folder("b.db"), true, MV_DB, "another program");
        remove_folder();
    }
    TEST("an empty file becomes a database; a damaged one is told")
    {
        char page[8192];
        FILE *file;

        make_folder();
        write_file(in_folder("a.db"), "", 0);
        mv_store_close(open_db("a.db"));
        file = fopen(in_folder("a.db"), "r+b");
        memset(page, 0x5a, sizeof page);
        OK(file && fseek(file, 100, SEEK_SET) == 0 &&
           fwrite(page, 1, 4000, file) == 4000);
        if (file)
            fclose(file);
        refused(in_folder("a.db"), false, MV_DB, "damaged");
        write_file(in_folder("b.db"), page, 50);
        refused(in_folder("b.db"), false, MV_DB, "not a motivo database");
        remove_folder();
    }
    TEST("a newer version is refused")
    {
        struct mv_store *store = start();

        sqlite3_exec(store->db, "PRAGMA user_version = 9", NULL, NULL, NULL);
        mv_store_close(store);
        refused(in_folder("a.db"), true, MV_DB,
                "made by a newer motivo (schema 9");
        remove_folder();
    }
    TEST("migrations go forward, each wholly or not at all")
    {
        struct mv_store *store = start();
        int count = 0;
        const char *const *ours = mv_store_steps(&count);
        const char *steps[32];

        OK(count + 2 <= 32);
        memcpy(steps, ours, (size_t)count * sizeof *steps);
        steps[count] = "CREATE TABLE extra (x INTEGER) STRICT;";
        steps[count + 1] = "CREATE TABLE more (x INTEGER) STRICT; "
                           "INSERT INTO nowhere VALUES (1);";
        EQ(mv_store_migrate(store, steps, count, NULL), MV_OK);
        EQ(sql_int(store, "PRAGMA user_version"), count);
        EQ(mv_store_migrate(store, steps, count + 2, NULL), MV_DB);
        EQ(sql_int(store, "PRAGMA user_version"), count + 1);
        EQ(sql_int(store, "SELECT count(*) FROM sqlite_schema "
                          "WHERE name IN ('extra', 'more')"),
           1);
        EQ(sqlite3_get_autocommit(store->db), 1);
        stop(store);
    }
    TEST("a schema of any steps behind is brought up to date on opening")
    {
        int count = 0;
        const char *const *steps = mv_store_steps(&count);

        for (int have = 1; have < count; have++) {
            struct mv_store *store = NULL;
            sqlite3 *db = NULL;
            char version[96];

            make_folder();
            write_file(in_folder("a.db"), "", 0);
            sqlite3_open(in_folder("a.db"), &db);
            for (int i = 0; i < have; i++)
                EQ(sqlite3_exec(db, steps[i], NULL, NULL, NULL), SQLITE_OK);
            snprintf(version, sizeof version,
                     "PRAGMA application_id = %d; PRAGMA user_version = %d",
                     (int)MV_STORE_APPLICATION, have);
            sqlite3_exec(db, version, NULL, NULL, NULL);
            sqlite3_exec(db,
                         "INSERT INTO invitation (person, item, origin, "
                         "direction, seen_run, starter, message) "
                         "VALUES (1, 2, 3, 0, 1, 0, 'hola')",
                         NULL, NULL, NULL);
            if (have > 1)
                sqlite3_exec(db,
                             "INSERT INTO label (invitation, value, at, "
                             "annotator, chosen) VALUES (1, 1, 5, 'me', 'set')",
                             NULL, NULL, NULL);
            sqlite3_close(db);
            store = open_db("a.db");
            EQ(sql_int(store, "PRAGMA user_version"), count);
            EQ(walk(store, (struct mv_store_filter){0}).n, 1);
            EQ(counts(store).labelled[MV_LABEL_PURPOSE], have > 1);
            stop(store);
        }
    }
    TEST("activations of before are taken as made by hand")
    {
        struct mv_store *store = start();
        const char *const *ours;
        int count = 0;

        ours = mv_store_steps(&count);
        sqlite3_exec(store->db,
                     "DROP TABLE verdict; DROP TABLE activation; "
                     "DROP TABLE model; DROP TABLE note; DROP TABLE advice; "
                     "DROP TABLE label; PRAGMA user_version = 1",
                     NULL, NULL, NULL);
        EQ(mv_store_migrate(store, ours, 2, NULL), MV_OK);
        EQ(sqlite3_exec(store->db,
                        "INSERT INTO model (created_at, last_label, file, "
                        "sha256, corpus, options, metrics) "
                        "VALUES (1, 2, 'm', 's', 'c', '{}', '{}'); "
                        "INSERT INTO activation (model, at) VALUES (1, 7)",
                        NULL, NULL, NULL),
           SQLITE_OK);
        mv_store_close(store);
        store = open_db("a.db");
        EQ(sql_int(store, "SELECT how FROM activation WHERE at = 7"),
           MV_ACTIVATED_BY_HAND);
        EQ(mv_store_activate(store, 99, 30, MV_ACTIVATED_FIRST, NULL, NULL),
           MV_NOTFOUND);
        stop(store);
    }
    TEST("closing nothing is allowed")
    {
        mv_store_close(NULL);
    }
}

/* --- other processes ---------------------------------------------------------
 */

static int wait_for(pid_t child)
{
    int status = -1;

    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    return status;
}

/* In a child: puts rows in a transaction, says so, and hangs on to it. */
static void hold_transaction(int tell, int n)
{
    struct mv_run run = {.file = "k.csv", .dialect = "test", .at = 1};
    struct mv_store *store = open_db("a.db");
    char text[64];

    /* A cache this small spills into the file long before the end. */
    sqlite3_exec(store->db, "PRAGMA cache_size = 10", NULL, NULL, NULL);
    mv_store_begin(store, NULL);
    mv_store_run_start(store, &run, NULL);
    for (int i = 0; i < n; i++) {
        struct mv_invite invite;

        snprintf(text, sizeof text, "killed %d", i);
        invite = text_row(text);
        mv_store_put_invite(store, &invite, NULL, NULL, NULL);
    }
    if (write(tell, "x", 1) != 1)
        _exit(1);
    for (;;)
        pause();
}

static pid_t start_holder(int n)
{
    int ends[2];
    char byte;
    pid_t child;

    if (pipe(ends) != 0)
        return -1;
    fflush(stdout);
    child = fork();
    if (child == 0) {
        close(ends[0]);
        hold_transaction(ends[1], n);
    }
    close(ends[1]);
    EQ(read(ends[0], &byte, 1), 1);
    close(ends[0]);
    return child;
}

/* As a user without rights, which root has to become. */
static void open_read_only(const char *path)
{
    struct mv_store *store = NULL;
    struct mv_error error = {0};

    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
        _exit(3);
    if (mv_store_open(&store, path, NULL, &error) != MV_DB)
        _exit(4);
    _exit(strstr(error.message, "can not be written") ? 0 : 5);
}

static void test_processes(void)
{
    TEST("a killed transaction leaves the file as it was")
    {
        struct mv_store *store = start();
        struct stat info;
        pid_t child;

        put(store, text_row("before"), NULL);
        mv_store_close(store);
        child = start_holder(5000);
        kill(child, SIGKILL);
        OK(WIFSIGNALED(wait_for(child)));
        OK(stat(in_folder("a.db-wal"), &info) == 0 && info.st_size > 100000);
        store = open_db("a.db");
        STR(walk(store, (struct mv_store_filter){0}).text, "before|");
        EQ(sql_int(store, "SELECT count(*) FROM import_run"), 1);
        EQ(sql_int(store, "SELECT count(*) FROM pragma_integrity_check "
                          "WHERE integrity_check = 'ok'"),
           1);
        next_run(store);
        EQ(put(store, text_row("after"), NULL), MV_PUT_NEW);
        stop(store);
    }
    TEST("a second writer waits, then is told; readers are not disturbed")
    {
        struct mv_store_options options = {.busy_ms = 50};
        struct mv_labelling label = {.invitation = 1, .annotator = "me"};
        struct mv_store *store = start();
        struct mv_error error = {0};
        pid_t child;

        put(store, text_row("before"), NULL);
        mv_store_close(store);
        child = start_holder(10);
        EQ(mv_store_open(&store, in_folder("a.db"), &options, NULL), MV_OK);
        EQ(mv_store_begin(store, &error), MV_DB);
        OK(strstr(error.message, "in use by another program") != NULL);
        OK(strstr(error.source, "a.db") != NULL);
        EQ(mv_store_put_label(store, &label, NULL), MV_DB);
        STR(walk(store, (struct mv_store_filter){0}).text, "before|");
        kill(child, SIGKILL);
        wait_for(child);
        EQ(mv_store_begin(store, NULL), MV_OK);
        EQ(mv_store_commit(store, NULL), MV_OK);
        EQ(mv_store_put_label(store, &label, NULL), MV_OK);
        stop(store);
    }
    TEST("two processes may make the same database at once")
    {
        pid_t children[4];
        struct mv_store *store;

        make_folder();
        fflush(stdout);
        for (int i = 0; i < 4; i++) {
            children[i] = fork();
            if (children[i] == 0) {
                struct mv_run run = {.file = "k", .dialect = "t", .at = 1};

                store = open_db("a.db");
                _exit(mv_store_run_start(store, &run, NULL) != MV_OK);
            }
        }
        for (int i = 0; i < 4; i++)
            EQ(wait_for(children[i]), 0);
        store = open_db("a.db");
        EQ(sql_int(store, "SELECT count(*) FROM import_run"), 4);
        stop(store);
    }
    TEST("a read-only database says so")
    {
        struct mv_store *store = start();
        pid_t child;

        mv_store_close(store);
        chmod(in_folder("a.db"), 0444);
        chmod(folder, 0555);
        fflush(stdout);
        child = fork();
        if (child == 0)
            open_read_only(in_folder("a.db"));
        EQ(wait_for(child), 0);
        chmod(folder, 0700);
        remove_folder();
    }
    TEST("transactions")
    {
        struct mv_store *store = start();

        EQ(mv_store_begin(store, NULL), MV_OK);
        EQ(mv_store_begin(store, NULL), MV_RANGE);
        put(store, text_row("gone"), NULL);
        mv_store_rollback(store);
        mv_store_rollback(store);
        EQ(mv_store_commit(store, NULL), MV_DB);
        EQ(walk(store, (struct mv_store_filter){0}).n, 0);
        EQ(mv_store_begin(store, NULL), MV_OK);
        put(store, text_row("kept"), NULL);
        EQ(mv_store_commit(store, NULL), MV_OK);
        STR(walk(store, (struct mv_store_filter){0}).text, "kept|");
        stop(store);
    }
}

/* --- imports
 * ------------------------------------------------------------------ */

static void test_idempotence(void)
{
    TEST("the same note twice is one, in this run and in the next")
    {
        struct mv_store *store = start();
        struct mv_invite out = note("Ana Ruiz", "ana", 60, "hola");
        int64_t first = 0, again = 0;

        EQ(put(store, note("Ana Ruiz", "ana", 60, "hola"), &first), MV_PUT_NEW);
        EQ(put(store, note("Ana Ruiz", "ana", 60, "hola"), &again),
           MV_PUT_KNOWN);
        EQ(first, again);
        EQ(put(store, note("Ana R. Soto", "ana", 60, "hola"), &again),
           MV_PUT_KNOWN);
        next_run(store);
        EQ(put(store, note("Ana Ruiz", "ana", 60, "hola"), &again),
           MV_PUT_KNOWN);
        EQ(put(store, note("Ana Ruiz", "ana", 120, "hola"), &again),
           MV_PUT_NEW);
        out.direction = MV_OUTGOING;
        EQ(put(store, out, &again), MV_PUT_NEW);
        out.origin = MV_ORIGIN_OPENING;
        EQ(put(store, out, &again), MV_PUT_NEW);
        EQ(walk(store, (struct mv_store_filter){0}).n, 4);
        stop(store);
    }
    TEST("names are told by their folded form")
    {
        OK(mv_store_person_name("\xc3\x81NGEL  PE\xc3\x91"
                                "A ") ==
           mv_store_person_name(" \xc3\xa1ngel\xc2\xa0pe\xc3\xb1"
                                "a"));
        OK(mv_store_person_name("\xd0\x98\xd0\x92\xd0\x90\xd0\x9d") ==
           mv_store_person_name("\xd0\xb8\xd0\xb2\xd0\xb0\xd0\xbd"));
        OK(mv_store_person_name("\xc5\xbb") ==
           mv_store_person_name("\xc5\xbc"));
        OK(mv_store_person_name("a b") != mv_store_person_name("ab"));
        OK(mv_store_person_name("ana") != mv_store_person_url("ana"));
        OK(mv_store_person_name("\xc3") != mv_store_person_name("\xc3\xa1"));
        /* Stored keys: these numbers never change. */
        EQ(mv_store_person_url("ana"), 2064874620097970120);
        EQ(mv_store_person_name("Ana"), 5670017445554996429);
    }
    TEST("a note without URL gets it from a later export")
    {
        struct mv_store *store = start();
        int64_t old = 0, id = 0;

        put(store, note("Ana Ruiz", NULL, 60, "hola"), &old);
        next_run(store);
        EQ(put(store, note("ANA RUIZ", "ana", 60, "hola"), &id), MV_PUT_KNOWN);
        EQ(id, old);
        STR(walk(store, (struct mv_store_filter){0}).text, "hola|");
        EQ(sql_int(store, "SELECT url = 'ana' FROM invitation"), 1);
        next_run(store);
        EQ(put(store, note("Ana Ruiz", "ana", 60, "hola"), &id), MV_PUT_KNOWN);
        EQ(put(store, note("Ana Ruiz", NULL, 60, "hola"), &id), MV_PUT_KNOWN);
        EQ(id, old);
        EQ(put(store, note("Ana Ruiz", NULL, 61, "hola"), &id), MV_PUT_NEW);
        stop(store);
    }
    TEST("two of a name and a time stay two, and doubt is counted")
    {
        struct mv_store *store = start();
        struct mv_run run = {0};

        EQ(put(store, note("Ana Ruiz", "ana-1", 60, "a"), NULL), MV_PUT_NEW);
        EQ(put(store, note("Ana Ruiz", "ana-2", 60, "b"), NULL), MV_PUT_NEW);
        EQ(put(store, note("Ana Ruiz", NULL, 60, "a"), NULL), MV_PUT_AMBIGUOUS);
        EQ(mv_store_run_finish(store, 4, 1, &run, NULL), MV_OK);
        EQ(run.added, 2);
        EQ(run.known, 1);
        EQ(run.ambiguous, 1);
        EQ(mv_store_run_finish(store, 4, 1, &run, NULL), MV_RANGE);
        {
            struct seen seen = {0};

            EQ(mv_store_each_run(store, see_run, &seen, NULL), MV_OK);
            STR(seen.text, "a.csv test 4 2 1 1 1|");
        }
        stop(store);
    }
    TEST("member numbers of the 2023 exports are joined like URLs")
    {
        struct mv_store *store = start();
        struct mv_invite urn = note("Ana Ruiz", NULL, 60, "hola");
        int64_t a = 0, b = 0, c = 0;

        urn.natural = "urn:7";
        put(store, note("Ana Ruiz", NULL, 60, "hola"), &a);
        EQ(put(store, urn, &b), MV_PUT_KNOWN);
        EQ(put(store, note("Ana Ruiz", "ana", 60, "hola"), &c), MV_PUT_KNOWN);
        OK(a == b && b == c);
        EQ(put(store, urn, &b), MV_PUT_KNOWN);
        EQ(a, b);
        stop(store);
    }
    TEST("a reminder is the same mail")
    {
        struct mv_store *store = start();
        struct mv_invite mail = note("Ana Ruiz", NULL, 60, "hola");

        mail.origin = MV_ORIGIN_MAIL;
        mail.natural = "6001";
        EQ(put(store, mail, NULL), MV_PUT_NEW);
        mail.sent_at = 9000;
        EQ(put(store, mail, NULL), MV_PUT_KNOWN);
        mail.natural = "6002";
        EQ(put(store, mail, NULL), MV_PUT_NEW);
        stop(store);
    }
    TEST("equal rows of a generic file are counted, once")
    {
        struct mv_store *store = start();
        int64_t ids[50], id = 0;

        for (int i = 0; i < 50; i++) {
            EQ(put(store, text_row("same"), &ids[i]), MV_PUT_NEW);
            EQ(put(store, text_row(i % 2 ? "odd" : "even"), NULL), MV_PUT_NEW);
        }
        next_run(store);
        for (int i = 0; i < 50; i++) {
            EQ(put(store, text_row("same"), &id), MV_PUT_KNOWN);
            EQ(id, ids[i]);
            EQ(put(store, text_row(i % 2 ? "odd" : "even"), NULL),
               MV_PUT_KNOWN);
        }
        EQ(put(store, text_row("same"), &id), MV_PUT_NEW);
        EQ(walk(store, (struct mv_store_filter){0}).n, 101);
        stop(store);
    }
    TEST("a rolled back import counts its equal rows anew")
    {
        struct mv_store *store = start();
        struct mv_store_filter all = {0};

        mv_store_begin(store, NULL);
        for (int i = 0; i < 5; i++)
            put(store, text_row("same"), NULL);
        mv_store_rollback(store);
        for (int i = 0; i < 3; i++)
            EQ(put(store, text_row("same"), NULL), MV_PUT_NEW);
        next_run(store);
        for (int i = 0; i < 3; i++)
            EQ(put(store, text_row("same"), NULL), MV_PUT_KNOWN);
        EQ(walk(store, all).n, 3);
        mv_store_begin(store, NULL);
        next_run(store);
        mv_store_rollback(store);
        EQ(mv_store_run_finish(store, 0, 0, NULL, NULL), MV_RANGE);
        stop(store);
    }
    TEST("fields can not run into each other")
    {
        struct mv_invite a = text_row("c"), b = text_row("c");

        a.name = "ab";
        a.url = "c";
        b.name = "a";
        b.url = "bc";
        OK(mv_store_key(&a, 0).item != mv_store_key(&b, 0).item);
        OK(mv_store_key(&a, 0).item != mv_store_key(&a, 1).item);
        a = text_row("");
        b = text_row("");
        b.message_len = 0;
        b.message = NULL;
        OK(mv_store_key(&a, 0).item == mv_store_key(&b, 0).item);
    }
    TEST("what does not fit is refused")
    {
        struct mv_store *store = start();
        struct mv_invite bad = text_row("x");
        struct mv_thread thread = {.id = NULL};
        struct mv_outcome nobody = {.useful = true};

        bad.origin = (enum mv_origin)7;
        EQ(mv_store_put_invite(store, &bad, NULL, NULL, NULL), MV_RANGE);
        bad = text_row("x");
        bad.message = NULL;
        EQ(mv_store_put_invite(store, &bad, NULL, NULL, NULL), MV_RANGE);
        bad = labelled("x", (enum mv_label)3, NULL);
        EQ(mv_store_put_invite(store, &bad, NULL, NULL, NULL), MV_RANGE);
        EQ(mv_store_put_thread(store, &thread, NULL, NULL), MV_RANGE);
        EQ(mv_store_put_outcome(store, &nobody, NULL, NULL), MV_RANGE);
        EQ(mv_store_run_finish(store, 0, 0, NULL, NULL), MV_OK);
        bad = text_row("x");
        EQ(mv_store_put_invite(store, &bad, NULL, NULL, NULL), MV_RANGE);
        EQ(walk(store, (struct mv_store_filter){0}).n, 0);
        stop(store);
    }
}

/* --- reading
 * ------------------------------------------------------------------ */

static void test_reading(void)
{
    TEST("an invitation comes back as it went in")
    {
        struct mv_store *store = start();
        struct mv_arena arena = {0};
        struct mv_stored row = {0};
        struct mv_invite invite = note("Ana Ruiz", "ana", 60, "");
        struct mv_error error = {0};
        int64_t id = 0, found = 0;

        invite.message = "a\0b \xf0\x9f\x99\x82\n";
        invite.message_len = 9;
        invite.natural = "n1";
        invite.lang = "es";
        invite.direction = MV_OUTGOING;
        put(store, invite, &id);
        EQ(mv_store_get_invite(store, id, &arena, &row, NULL), MV_OK);
        EQ(row.invite.message_len, 9);
        OK(memcmp(row.invite.message, invite.message, 10) == 0);
        STR(row.invite.name, "Ana Ruiz");
        STR(row.invite.url, "ana");
        STR(row.invite.natural, "n1");
        STR(row.invite.lang, "es");
        EQ(row.invite.sent_at, 60);
        EQ(row.invite.direction, MV_OUTGOING);
        OK(!row.invite.has_label && !row.has_verdict && !row.connected);
        EQ(row.connected_on, MV_NO_TIME);
        EQ(mv_store_find_key(store, row.key, &found, NULL), MV_OK);
        EQ(found, id);
        row.key.item++;
        EQ(mv_store_find_key(store, row.key, &found, NULL), MV_NOTFOUND);
        EQ(mv_store_get_invite(store, 99, &arena, &row, &error), MV_NOTFOUND);
        STR(error.message, "there is no invitation 99");
        mv_arena_release(&arena);
        stop(store);
    }
    TEST("filters and orders")
    {
        struct mv_store *store = start();
        struct mv_run starter = {
            .file = "s", .dialect = "text", .at = 1, .starter = true};
        struct mv_invite out = note("Carla Gil", "carla", 50, "out");
        int64_t id = 0;

        put(store, note("Ana Ruiz", "ana", 60, "a"), &id);
        put(store, note("Benito Paz", "benito", 180, ""), NULL);
        put(store, note("Dora Sanz", "dora", 120, "d"), NULL);
        out.direction = MV_OUTGOING;
        put(store, out, NULL);
        EQ(mv_store_run_start(store, &starter, NULL), MV_OK);
        put(store, text_row("corpus"), NULL);
        say(store, id, "me", MV_LABEL_PURPOSE, MV_CHOSEN_SET);
        STR(walk(store, (struct mv_store_filter){0}).text, "a||d|out|corpus|");
        STR(walk(store, (struct mv_store_filter){.order = MV_ORDER_NEWEST})
                .text,
            "|d|a|out|corpus|");
        STR(walk(store,
                 (struct mv_store_filter){.order = MV_ORDER_NEWEST, .limit = 2})
                .text,
            "|d|");
        STR(walk(store, (struct mv_store_filter){.incoming = true}).text,
            "a||d|corpus|");
        STR(walk(store,
                 (struct mv_store_filter){.inbox = true, .with_message = true})
                .text,
            "a|d|out|");
        STR(walk(store, (struct mv_store_filter){.unlabelled = true,
                                                 .with_message = true})
                .text,
            "d|out|corpus|");
        STR(walk(store, (struct mv_store_filter){.unlabelled = true,
                                                 .annotator = "she",
                                                 .inbox = true})
                .text,
            "a||d|out|");
        EQ(walk(store, (struct mv_store_filter){.pending = true}).n, 5);
        OK(walk(store, (struct mv_store_filter){0}).last.starter);
        stop(store);
    }
    TEST("a walk may hold another, and stops when told")
    {
        struct mv_store *store = start();
        struct seen seen = {.store = store};

        put(store, text_row("a"), NULL);
        put(store, text_row("b"), NULL);
        put(store, text_row("c"), NULL);
        EQ(mv_store_each_invite(store, NULL, see_nested, &seen, NULL),
           MV_STOPPED);
        STR(seen.text, "a|b|c||a|b|c||");
        STR(walk(store, (struct mv_store_filter){0}).text, "a|b|c|");
        stop(store);
    }
    TEST("a person's invitations, notes and contact")
    {
        struct mv_store *store = start();
        struct mv_contact ana = {
            .name = "Ana Ruiz", .url = "ana", .connected_on = 86400};
        struct mv_contact old = {.name = "Benito Paz", .connected_on = 172800};
        struct mv_contact empty = {.connected_on = 5};
        enum mv_put how = MV_PUT_NEW;
        struct seen seen = {0};
        bool yes = false;
        int64_t on = 0;

        put(store, note("Ana Ruiz", "ana", 60, "hola"), NULL);
        put(store, note("Ana Ruiz", "ana", 90, "otra"), NULL);
        put(store, note("Benito Paz", "benito", 60, "ciao"), NULL);
        put(store, note("Dora Sanz", NULL, 60, "d"), NULL);
        EQ(mv_store_put_contact(store, &ana, &how, NULL), MV_OK);
        EQ(how, MV_PUT_NEW);
        EQ(mv_store_put_contact(store, &ana, &how, NULL), MV_OK);
        EQ(how, MV_PUT_KNOWN);
        EQ(mv_store_put_contact(store, &old, NULL, NULL), MV_OK);
        EQ(mv_store_put_contact(store, &empty, &how, NULL), MV_OK);
        EQ(how, MV_PUT_KNOWN);
        EQ(mv_store_each_of(store, "ana", see, &seen, NULL), MV_OK);
        STR(seen.text, "hola|otra|");
        OK(seen.last.connected);
        EQ(seen.last.connected_on, 86400);
        mv_store_connected_on(store, "benito", "benito paz", &yes, &on, NULL);
        OK(yes && on == 172800);
        mv_store_connected_on(store, NULL, "Ana Ruiz", &yes, &on, NULL);
        OK(yes && on == 86400);
        mv_store_connected_on(store, "ana-2", "Ana Ruiz", &yes, &on, NULL);
        OK(!yes && on == MV_NO_TIME);
        mv_store_connected_on(store, NULL, NULL, &yes, NULL, NULL);
        OK(!yes);
        mv_store_has_note(store, "ana", NULL, mv_span_of("otra"), &yes, NULL);
        OK(yes);
        mv_store_has_note(store, "ana", NULL, mv_span_of("otr"), &yes, NULL);
        OK(!yes);
        mv_store_has_note(store, "dora", "DORA sanz", mv_span_of("d"), &yes,
                          NULL);
        OK(yes);
        mv_store_has_note(store, NULL, NULL, mv_span_of("d"), &yes, NULL);
        OK(!yes);
        stop(store);
    }
    TEST("contacts of one name are not guessed; a URL is learnt")
    {
        struct mv_store *store = start();
        struct mv_contact one = {.name = "Ana Ruiz", .connected_on = 86400};
        struct mv_contact two = {.name = "Ana Ruiz", .connected_on = 99999};
        bool yes = true;

        mv_store_put_contact(store, &one, NULL, NULL);
        mv_store_put_contact(store, &two, NULL, NULL);
        EQ(counts(store).contacts, 2);
        mv_store_connected_on(store, NULL, "Ana Ruiz", &yes, NULL, NULL);
        OK(!yes);
        one.url = "ana";
        one.company = "Molinos Sol";
        mv_store_put_contact(store, &one, NULL, NULL);
        EQ(counts(store).contacts, 2);
        mv_store_connected_on(store, "ana", "x", &yes, NULL, NULL);
        OK(yes);
        one.url = NULL;
        mv_store_put_contact(store, &one, NULL, NULL);
        EQ(counts(store).contacts, 2);
        mv_store_connected_on(store, "ana", "x", &yes, NULL, NULL);
        OK(yes);
        stop(store);
    }
    TEST("threads keep the larger counts")
    {
        struct mv_store *store = start();
        struct mv_thread thread = {
            .id = "t1", .received = 3, .first_at = 50, .last_at = MV_NO_TIME};
        enum mv_put how = MV_PUT_KNOWN;
        struct seen seen = {0};

        EQ(mv_store_put_thread(store, &thread, &how, NULL), MV_OK);
        EQ(how, MV_PUT_NEW);
        thread = (struct mv_thread){.id = "t1",
                                    .url = "ana",
                                    .received = 1,
                                    .sent = 2,
                                    .first_at = 70,
                                    .last_at = 90};
        EQ(mv_store_put_thread(store, &thread, &how, NULL), MV_OK);
        EQ(how, MV_PUT_KNOWN);
        EQ(mv_store_each_thread(store, see_thread, &seen, NULL), MV_OK);
        STR(seen.text, "t1 ana 3 2 50 90|");
        EQ(counts(store).two_way, 1);
        stop(store);
    }
}

/* --- labels
 * -------------------------------------------------------------------- */

static void test_labels(void)
{
    TEST("labels are history")
    {
        struct mv_store *store = start();
        struct mv_labelling wrong = {.invitation = 77, .annotator = "me"};
        struct seen seen = {0};
        int64_t id = 0;

        put(store, text_row("a"), &id);
        say(store, id, "me", MV_LABEL_PURPOSE, MV_CHOSEN_AUDIT);
        say(store, id, "me", MV_LABEL_NO_PURPOSE, MV_CHOSEN_SET);
        EQ(mv_store_each_label(store, see_label, &seen, NULL), MV_OK);
        STR(seen.text, "a:me=purpose(audit)|a:me=no-purpose(audit)|");
        EQ(walk(store, (struct mv_store_filter){0}).last.invite.label,
           MV_LABEL_NO_PURPOSE);
        EQ(mv_store_put_label(store, &wrong, NULL), MV_NOTFOUND);
        wrong.invitation = id;
        wrong.annotator = "";
        EQ(mv_store_put_label(store, &wrong, NULL), MV_RANGE);
        OK(sqlite3_exec(store->db, "UPDATE label SET value = 1", NULL, NULL,
                        NULL) != SQLITE_OK);
        EQ(sqlite3_exec(store->db, "DELETE FROM invitation", NULL, NULL, NULL),
           SQLITE_OK);
        EQ(sql_int(store, "SELECT count(*) FROM label"), 0);
        stop(store);
    }
    TEST("importing labels again adds none; a changed one is appended")
    {
        struct mv_store *store = start();
        struct mv_invite row = labelled("a", MV_LABEL_PURPOSE, NULL);
        struct seen seen = {0};

        row.kind = "met";
        put(store, row, NULL);
        next_run(store);
        put(store, row, NULL);
        next_run(store);
        row.kind = NULL;
        put(store, row, NULL);
        EQ(counts(store).labels, 1);
        next_run(store);
        row.label = MV_LABEL_UNSURE;
        put(store, row, NULL);
        next_run(store);
        row.annotator = "she";
        put(store, row, NULL);
        mv_store_each_label(store, see_label, &seen, NULL);
        STR(seen.text, "a:file=purpose(file)|a:file=unsure(file)|"
                       "a:she=unsure(file)|");
        stop(store);
    }
    TEST("the majority of the annotators' newest labels settles")
    {
        struct mv_store *store = start();
        int64_t id = 0;

        put(store, text_row("m"), &id);
        EQ(examples(store, 0).n, 0);
        say(store, id, "a", MV_LABEL_PURPOSE, MV_CHOSEN_SET); /* label 1 */
        STR(examples(store, 0).text, "m=1|");
        say(store, id, "a", MV_LABEL_NO_PURPOSE, MV_CHOSEN_SET);
        STR(examples(store, 0).text, "m=0|");
        say(store, id, "b", MV_LABEL_PURPOSE, MV_CHOSEN_SET);
        EQ(examples(store, 0).n, 0);
        say(store, id, "c", MV_LABEL_UNSURE, MV_CHOSEN_SET);
        EQ(examples(store, 0).n, 0);
        EQ(counts(store).unsettled, 1);
        say(store, id, "c", MV_LABEL_PURPOSE, MV_CHOSEN_SET);
        STR(examples(store, 0).text, "m=1|");
        say(store, id, "c", MV_LABEL_UNSURE, MV_CHOSEN_SET);
        say(store, id, "d", MV_LABEL_UNSURE, MV_CHOSEN_SET);
        EQ(examples(store, 0).n, 0);
        STR(examples(store, 1).text, "m=1|");
        STR(examples(store, 2).text, "m=0|");
        EQ(counts(store).last_label, 7);
        EQ(counts(store).annotators, 4);
        stop(store);
    }
    TEST("an example knows its kind, its origin and its sample")
    {
        struct mv_store *store = start();
        struct mv_run starter = {
            .file = "s", .dialect = "text", .at = 1, .starter = true};
        struct mv_invite row = labelled("m", MV_LABEL_PURPOSE, "s1");
        struct mv_example example;
        int64_t id = 0;

        EQ(mv_store_run_start(store, &starter, NULL), MV_OK);
        row.kind = "met";
        row.lang = "es";
        put(store, row, &id);
        example = examples(store, 0).example;
        STR(examples(store, 0).text, "m=1:met|");
        OK(example.starter && !example.audit);
        EQ(example.origin, MV_ORIGIN_TEXT);
        EQ(example.id, id);
        EQ(counts(store).own, 0);
        say(store, id, "me", MV_LABEL_PURPOSE, MV_CHOSEN_AUDIT);
        say(store, id, "me", MV_LABEL_PURPOSE, MV_CHOSEN_SET);
        example = examples(store, 0).example;
        OK(!example.starter && example.audit);
        EQ(counts(store).own, 1);
        EQ(counts(store).audit, 1);
        stop(store);
    }
    TEST("the order of examples does not depend on the order of imports")
    {
        struct mv_store *store = start(), *other;
        struct mv_run run = {.file = "o", .dialect = "test", .at = 3};
        char text[32];
        struct seen a, b;

        other = open_db("b.db");
        EQ(mv_store_run_start(other, &run, NULL), MV_OK);
        for (int i = 0; i < 60; i++) {
            snprintf(text, sizeof text, "%d", i / 2);
            put(store, labelled(text, MV_LABEL_PURPOSE, "me"), NULL);
            snprintf(text, sizeof text, "%d", (59 - i) / 2);
            put(other, labelled(text, MV_LABEL_PURPOSE, "me"), NULL);
        }
        a = examples(store, 0);
        b = examples(other, 0);
        EQ(a.n, 60);
        STR(a.text, b.text);
        OK(strncmp(a.text, "0=1|0=1|1=1|", 12) != 0);
        mv_store_close(other);
        stop(store);
    }
}

/* --- models
 * -------------------------------------------------------------------- */

static int64_t put_model(struct mv_store *store, const char *file)
{
    struct mv_model_row model = {.file = file,
                                 .sha256 = "00ff",
                                 .corpus = "c0",
                                 .options = "{}",
                                 .metrics = "{\"f1\":0.5}",
                                 .note = "n",
                                 .last_label = 3,
                                 .created_at = 8};
    int64_t id = 0;

    EQ(mv_store_put_model(store, &model, &id, NULL), MV_OK);
    return id;
}

static void test_models(void)
{
    TEST("activations are history")
    {
        struct mv_store *store = start();
        struct mv_model_row model = {.file = "x"};
        struct mv_arena arena = {0};
        struct mv_error error = {0};
        struct seen seen = {0};
        int64_t one = put_model(store, "one"), two = put_model(store, "two");

        EQ(mv_store_put_model(store, &model, NULL, NULL), MV_RANGE);
        EQ(mv_store_get_model(store, 0, &arena, &model, &error), MV_NOTFOUND);
        OK(strstr(error.message, "no model is active") != NULL);
        EQ(mv_store_activate(store, one, 10, MV_ACTIVATED_BY_HAND, "first",
                             NULL),
           MV_OK);
        EQ(mv_store_activate(store, two, 20, MV_ACTIVATED_BY_HAND, NULL, NULL),
           MV_OK);
        EQ(mv_store_activate(store, two, 25, MV_ACTIVATED_BY_HAND, "again",
                             NULL),
           MV_OK);
        EQ(mv_store_activate(store, 99, 30, MV_ACTIVATED_BY_HAND, NULL, NULL),
           MV_NOTFOUND);
        EQ(mv_store_activate(store, 0, 30, MV_ACTIVATED_BY_HAND, NULL, NULL),
           MV_NOTFOUND);
        EQ(mv_store_activate(store, one, 40, MV_ACTIVATED_BY_HAND, "rollback",
                             NULL),
           MV_OK);
        EQ(mv_store_each_activation(store, see_activation, &seen, NULL), MV_OK);
        STR(seen.text, "1@40 rollback|2@20 -|1@10 first|");
        seen = (struct seen){0};
        EQ(mv_store_each_model(store, see_model, &seen, NULL), MV_OK);
        STR(seen.text, "one*|two|");
        EQ(mv_store_get_model(store, 0, &arena, &model, NULL), MV_OK);
        STR(model.file, "one");
        STR(model.metrics, "{\"f1\":0.5}");
        OK(model.active && !model.card && model.last_label == 3);
        EQ(mv_store_get_model(store, 7, &arena, &model, NULL), MV_NOTFOUND);
        mv_arena_release(&arena);
        stop(store);
    }
    TEST("steps back lead further back, and are history, too")
    {
        struct mv_store *store = start();
        int64_t m[3], from = 0, to = 0;
        struct mv_error error = {0};

        EQ(mv_store_step_back(store, 1, &from, &to, &error), MV_NOTFOUND);
        for (int i = 0; i < 3; i++) {
            m[i] = put_model(store, "m");
            EQ(mv_store_activate(store, m[i], i, MV_ACTIVATED_PASSED, NULL,
                                 NULL),
               MV_OK);
        }
        EQ(mv_store_step_back(store, 10, &from, &to, NULL), MV_OK);
        OK(from == m[2] && to == m[1]);
        EQ(mv_store_step_back(store, 11, &from, &to, NULL), MV_OK);
        OK(from == m[1] && to == m[0]);
        EQ(mv_store_step_back(store, 12, NULL, NULL, NULL), MV_NOTFOUND);
        EQ(mv_store_activate(store, m[2], 13, MV_ACTIVATED_BY_HAND, NULL, NULL),
           MV_OK);
        EQ(mv_store_step_back(store, 14, &from, &to, NULL), MV_OK);
        OK(from == m[2] && to == m[0]);
        EQ(sql_int(store, "SELECT count(*) FROM activation"), 7);
        EQ(sql_int(store, "SELECT model FROM activation ORDER BY id DESC "
                          "LIMIT 1"),
           m[0]);
        stop(store);
    }
    TEST("verdicts are those of the model asked about")
    {
        struct mv_store *store = start();
        int64_t one = put_model(store, "one"), two = put_model(store, "two");
        struct mv_verdict_row v = {.model = one,
                                   .verdict = MV_VERDICT_PURPOSE,
                                   .probability = 0.75,
                                   .language = "es",
                                   .at = 5};
        struct mv_store_filter pending = {.pending = true};
        struct seen seen = {0};

        put(store, text_row("m"), &v.invitation);
        EQ(mv_store_put_verdict(store, &v, NULL), MV_OK);
        OK(!walk(store, (struct mv_store_filter){0}).last.has_verdict);
        EQ(mv_store_activate(store, one, 10, MV_ACTIVATED_BY_HAND, NULL, NULL),
           MV_OK);
        EQ(walk(store, pending).n, 0);
        seen = walk(store, (struct mv_store_filter){0});
        OK(seen.last.has_verdict);
        NEAR(seen.last.probability, 0.75, 0);
        EQ(seen.last.verdict_model, one);
        OK(!seen.last.novelty.known);
        v.novelty = (struct mv_noted_words){true, false, 12, 5};
        EQ(mv_store_put_verdict(store, &v, NULL), MV_OK);
        seen = walk(store, (struct mv_store_filter){0});
        OK(seen.last.novelty.known && !seen.last.novelty.canned);
        EQ(seen.last.novelty.words, 12);
        EQ(seen.last.novelty.unseen, 5);
        pending.model = two;
        EQ(walk(store, pending).n, 1);
        v.probability = 0.25;
        v.verdict = MV_VERDICT_UNSURE;
        EQ(mv_store_put_verdict(store, &v, NULL), MV_OK);
        v.model = two;
        v.verdict = MV_VERDICT_NO_NOTE;
        v.probability = (double)NAN;
        EQ(mv_store_put_verdict(store, &v, NULL), MV_OK);
        seen = (struct seen){0};
        mv_store_each_verdict(store, v.invitation, see_verdict, &seen, NULL);
        STR(seen.text, "1 unsure 0.25|2 no-note nan|");
        v.probability = 1.5;
        EQ(mv_store_put_verdict(store, &v, NULL), MV_RANGE);
        v.probability = 0.5;
        v.model = 99;
        EQ(mv_store_put_verdict(store, &v, NULL), MV_NOTFOUND);
        sqlite3_exec(store->db, "DELETE FROM invitation", NULL, NULL, NULL);
        EQ(sql_int(store, "SELECT count(*) FROM verdict"), 0);
        stop(store);
    }
    TEST("outcomes: what the user said stands")
    {
        struct mv_store *store = start();
        struct mv_outcome said = {.url = "ana", .useful = false, .said = true};
        struct mv_outcome seen_in = {.url = "ana", .useful = true};
        struct mv_stored row;

        struct mv_outcome silent = {.url = "ana"};
        bool changed = false;

        put(store, note("Ana Ruiz", "ana", 60, "hola"), NULL);
        EQ(mv_store_put_outcome(store, &silent, &changed, NULL), MV_OK);
        OK(changed);
        EQ(mv_store_withdraw_outcome(store, "ana", NULL, &changed, NULL),
           MV_OK);
        OK(changed);
        OK(!walk(store, (struct mv_store_filter){0}).last.has_outcome);
        EQ(mv_store_put_outcome(store, &silent, &changed, NULL), MV_OK);
        EQ(mv_store_put_outcome(store, &seen_in, &changed, NULL), MV_OK);
        OK(changed);
        EQ(mv_store_withdraw_outcome(store, "ana", NULL, &changed, NULL),
           MV_OK);
        OK(!changed);
        EQ(mv_store_put_outcome(store, &silent, &changed, NULL), MV_OK);
        OK(!changed);
        EQ(mv_store_put_outcome(store, &seen_in, &changed, NULL), MV_OK);
        OK(!changed);
        row = walk(store, (struct mv_store_filter){0}).last;
        OK(row.has_outcome && row.useful && !row.said);
        EQ(counts(store).said, 0);
        EQ(mv_store_put_outcome(store, &said, &changed, NULL), MV_OK);
        OK(changed);
        EQ(mv_store_put_outcome(store, &said, &changed, NULL), MV_OK);
        OK(!changed);
        EQ(mv_store_put_outcome(store, &seen_in, &changed, NULL), MV_OK);
        OK(!changed);
        EQ(mv_store_withdraw_outcome(store, "ana", NULL, &changed, NULL),
           MV_OK);
        OK(!changed);
        EQ(counts(store).said, 1);
        row = walk(store, (struct mv_store_filter){0}).last;
        OK(row.has_outcome && !row.useful && row.said);
        EQ(counts(store).useful, 0);
        EQ(counts(store).not_useful, 1);
        stop(store);
    }
    TEST("counts")
    {
        struct mv_store *store = start();
        struct mv_run starter = {
            .file = "s", .dialect = "text", .at = 3000, .starter = true};
        struct mv_verdict_row v = {.verdict = MV_VERDICT_PURPOSE,
                                   .probability = 0.9};
        struct mv_counts c = counts(store);

        EQ(c.last_label_at, MV_NO_TIME);
        EQ(c.last_import_at, 1000);
        put(store, note("Ana Ruiz", "ana", 60, "hola"), &v.invitation);
        put(store, note("Benito Paz", "benito", 60, "x"), NULL);
        put(store, note("Dora Sanz", "dora", 60, ""), NULL);
        mv_store_run_start(store, &starter, NULL);
        put(store, labelled("corpus", MV_LABEL_NO_PURPOSE, "s1"), NULL);
        v.model = put_model(store, "one");
        mv_store_activate(store, v.model, 1, MV_ACTIVATED_BY_HAND, NULL, NULL);
        mv_store_put_verdict(store, &v, NULL);
        say(store, v.invitation, "me", MV_LABEL_PURPOSE, MV_CHOSEN_AUDIT);
        c = counts(store);
        EQ(c.invitations[MV_INCOMING][MV_ORIGIN_NOTE], 3);
        EQ(c.with_message[MV_INCOMING][MV_ORIGIN_NOTE], 2);
        EQ(c.invitations[MV_INCOMING][MV_ORIGIN_TEXT], 0);
        EQ(c.starter, 1);
        EQ(c.verdicts[MV_VERDICT_PURPOSE], 1);
        EQ(c.pending, 1);
        EQ(c.labels, 2);
        EQ(c.labelled[MV_LABEL_PURPOSE], 1);
        EQ(c.labelled[MV_LABEL_NO_PURPOSE], 1);
        EQ(c.own, 1);
        EQ(c.audit, 1);
        EQ(c.models, 1);
        EQ(c.runs, 2);
        EQ(c.active_model, v.model);
        EQ(c.last_label_at, 5);
        EQ(c.last_import_at, 3000);
        stop(store);
    }
    TEST("a full transaction says what to do, without quoting a message")
    {
        struct mv_store *store = start();
        struct mv_error error = {0};
        struct mv_invite big = text_row("secret words");
        char *text = malloc(3000000);

        OK(text != NULL);
        if (text) {
            memset(text, 's', 3000000);
            big.message = text;
            big.message_len = 3000000;
            sqlite3_exec(store->db, "PRAGMA max_page_count = 60", NULL, NULL,
                         NULL);
            EQ(mv_store_put_invite(store, &big, NULL, NULL, &error), MV_DB);
            OK(strstr(error.message, "the disk is full") != NULL);
            OK(!strstr(error.message, "sss"));
            EQ(sqlite3_get_autocommit(store->db), 1);
            EQ(put(store, text_row("small"), NULL), MV_PUT_NEW);
        }
        free(text);
        stop(store);
    }
}

int main(void)
{
    test_files();
    test_processes();
    test_idempotence();
    test_reading();
    test_labels();
    test_models();
    return test_end();
}
