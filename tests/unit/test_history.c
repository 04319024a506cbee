/* The label history: acts, taking back, notes, histories in files, votes. */
#include "store.h"
#include "store_history.h"
#include "test.h"

#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

static char path[512];

static struct mv_store *open_store(void)
{
    struct mv_store_options options = {.create = true};
    struct mv_store *store = NULL;

    EQ(mv_store_open(&store, path, &options, NULL), MV_OK);
    return store;
}

static void start_run(struct mv_store *store)
{
    struct mv_run run = {.file = "a.csv", .dialect = "table", .at = 1000};

    EQ(mv_store_run_start(store, &run, NULL), MV_OK);
}

/* A new database with n messages, 1..n. */
static struct mv_store *start(int n)
{
    const char *base = getenv("TMPDIR");
    struct mv_store *store;
    int fd;

    snprintf(path, sizeof path, "%s/test_history.XXXXXX",
             base && *base ? base : P_tmpdir);
    fd = mkstemp(path);
    OK(fd >= 0);
    close(fd);
    store = open_store();
    start_run(store);
    for (int i = 0; i < n; i++) {
        char text[32];
        struct mv_invite invite = {
            .origin = MV_ORIGIN_TEXT, .sent_at = MV_NO_TIME, .message = text};

        snprintf(text, sizeof text, "message %d", i + 1);
        invite.message_len = strlen(text);
        EQ(mv_store_put_invite(store, &invite, NULL, NULL, NULL), MV_OK);
    }
    return store;
}

static void stop(struct mv_store *store)
{
    char other[600];

    mv_store_close(store);
    remove(path);
    snprintf(other, sizeof other, "%s-wal", path);
    remove(other);
    snprintf(other, sizeof other, "%s-shm", path);
    remove(other);
}

static void say(struct mv_store *store, int64_t id, const char *who,
                enum mv_label value, enum mv_chosen chosen)
{
    struct mv_labelling label = {.invitation = id,
                                 .annotator = who,
                                 .value = value,
                                 .at = 100,
                                 .chosen = chosen};

    EQ(mv_store_put_label(store, &label, NULL), MV_OK);
}

struct chosen {
    enum mv_chosen chosen;
    int n;
};

static enum mv_status count_chosen(const struct mv_vote *vote, void *payload)
{
    struct chosen *of = payload;

    of->n += vote->chosen == of->chosen;
    return MV_OK;
}

/* How many newest labels came about so. */
static int votes_of(struct mv_store *store, enum mv_chosen chosen)
{
    struct chosen of = {chosen, 0};

    EQ(mv_store_each_vote(store, false, count_chosen, &of, NULL), MV_OK);
    return of.n;
}

static struct mv_undone undo(struct mv_store *store, const char *who)
{
    struct mv_undone undone = {0};

    EQ(mv_store_undo(store, who, 100, &undone, NULL), MV_OK);
    return undone;
}

/* --- what walks collect --------------------------------------------------- */

static void add(char *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void add(char *text, const char *format, ...)
{
    size_t len = strlen(text);
    va_list args;

    va_start(args, format);
    vsnprintf(text + len, 1024 - len, format, args);
    va_end(args);
}

static enum mv_status see_example(const struct mv_example *e, void *payload)
{
    add(payload, "%lld=%d%s ", (long long)e->id, (int)e->label,
        e->audit ? "a" : "");
    return MV_OK;
}

static const char *examples(struct mv_store *store, int64_t upto)
{
    static char text[1024];

    text[0] = '\0';
    EQ(mv_store_each_example(store, upto, see_example, text, NULL), MV_OK);
    return text;
}

static enum mv_status see_label(const struct mv_labelling *l,
                                const struct mv_stored *stored, void *payload)
{
    (void)stored;
    add(payload, "%lld:%s%s@%lld%s ", (long long)l->invitation,
        l->undoes ? "-" : "", mv_label_name(l->value), (long long)l->at,
        l->act ? "*" : "");
    return MV_OK;
}

static const char *history(struct mv_store *store)
{
    static char text[1024];

    text[0] = '\0';
    EQ(mv_store_each_label(store, see_label, text, NULL), MV_OK);
    return text;
}

static enum mv_status see_note(const struct mv_noted *note,
                               const struct mv_stored *stored, void *payload)
{
    EQ(stored->id, note->invitation);
    OK(!stored->invite.has_label);
    add(payload, "%lld:%s:%s ", (long long)note->invitation, note->annotator,
        note->text);
    return MV_OK;
}

static enum mv_status see_vote(const struct mv_vote *vote, void *payload)
{
    add(payload, "%lld:%s=%d", (long long)vote->invitation, vote->annotator,
        (int)vote->value);
    if (vote->has_first)
        add(payload, "<%d", (int)vote->first);
    add(payload, " ");
    return MV_OK;
}

static const char *votes(struct mv_store *store, bool again)
{
    static char text[1024];

    text[0] = '\0';
    EQ(mv_store_each_vote(store, again, see_vote, text, NULL), MV_OK);
    return text;
}

static int64_t last_label(struct mv_store *store)
{
    struct mv_counts counts;

    EQ(mv_store_get_counts(store, &counts, NULL), MV_OK);
    return counts.last_label;
}

static bool has_label(struct mv_store *store, int64_t id)
{
    struct mv_arena arena = {NULL};
    struct mv_stored stored;

    EQ(mv_store_get_invite(store, id, &arena, &stored, NULL), MV_OK);
    mv_arena_release(&arena);
    return stored.invite.has_label;
}

/* --- tests ---------------------------------------------------------------- */

static void test_undo(void)
{
    TEST("what is taken back is appended, to any depth")
    {
        struct mv_store *store = start(3);
        struct mv_undone undone;
        int64_t then;

        say(store, 1, "me", MV_LABEL_PURPOSE, MV_CHOSEN_UNSURE);
        say(store, 2, "me", MV_LABEL_NO_PURPOSE, MV_CHOSEN_UNSURE);
        say(store, 3, "ana", MV_LABEL_PURPOSE, MV_CHOSEN_UNSURE);
        then = last_label(store);
        STR(examples(store, 0), "2=0 1=1 3=1 ");
        EQ(undo(store, "me").invitation, 2);
        STR(examples(store, 0), "1=1 3=1 ");
        STR(examples(store, then), "2=0 1=1 3=1 "); /* as it was then */
        OK(last_label(store) > then);
        OK(!has_label(store, 2));
        mv_store_close(store);
        store = open_store(); /* a restart */
        undone = undo(store, "me");
        EQ(undone.invitation, 1);
        EQ(undone.value, MV_LABEL_PURPOSE);
        EQ(undone.n, 1);
        EQ(mv_store_undo(store, "me", 100, &undone, NULL), MV_NOTFOUND);
        STR(examples(store, 0), "3=1 ");
        say(store, 1, "me", MV_LABEL_NO_PURPOSE, MV_CHOSEN_SET);
        STR(examples(store, 0), "1=0 3=1 ");
        STR(history(store), "1:purpose@100 2:no-purpose@100 3:purpose@100 "
                            "2:-no-purpose@101 1:-purpose@101 "
                            "1:no-purpose@102 ");
        stop(store);
    }
    TEST("an earlier answer of the same annotator counts again")
    {
        struct mv_store *store = start(1);

        say(store, 1, "me", MV_LABEL_PURPOSE, MV_CHOSEN_AUDIT);
        say(store, 1, "me", MV_LABEL_NO_PURPOSE, MV_CHOSEN_SUSPECT);
        STR(examples(store, 0), "1=0a ");
        undo(store, "me");
        STR(examples(store, 0), "1=1a ");
        undo(store, "me");
        STR(examples(store, 0), "");
        stop(store);
    }
    TEST("a correction of an audit label is of the sample still")
    {
        struct mv_store *store = start(2);

        say(store, 1, "me", MV_LABEL_PURPOSE, MV_CHOSEN_AUDIT);
        say(store, 1, "me", MV_LABEL_NO_PURPOSE, MV_CHOSEN_SET);
        say(store, 2, "me", MV_LABEL_PURPOSE, MV_CHOSEN_AUDIT);
        say(store, 2, "you", MV_LABEL_PURPOSE, MV_CHOSEN_SET);
        undo(store, "me");
        say(store, 2, "me", MV_LABEL_PURPOSE, MV_CHOSEN_SET);
        EQ(votes_of(store, MV_CHOSEN_AUDIT), 1);
        EQ(votes_of(store, MV_CHOSEN_SET), 2);
        stop(store);
    }
    TEST("files and the starter corpus are not taken back")
    {
        struct mv_store *store = start(2);
        struct mv_undone undone;

        say(store, 1, "me", MV_LABEL_PURPOSE, MV_CHOSEN_FILE);
        say(store, 2, "me", MV_LABEL_PURPOSE, MV_CHOSEN_STARTER);
        EQ(mv_store_undo(store, "me", 1, &undone, NULL), MV_NOTFOUND);
        stop(store);
    }
}

static void test_acts(void)
{
    TEST("an act is put as one and taken back as one")
    {
        struct mv_store *store = start(4);
        struct mv_labelling rows[3];
        struct mv_undone undone;

        for (int i = 0; i < 3; i++)
            rows[i] = (struct mv_labelling){.invitation = i + 1,
                                            .annotator = "me",
                                            .value = MV_LABEL_NO_PURPOSE,
                                            .kind = "mass-pitch",
                                            .at = 7,
                                            .chosen = MV_CHOSEN_COPY};
        say(store, 4, "me", MV_LABEL_PURPOSE, MV_CHOSEN_SET);
        EQ(mv_store_put_act(store, rows, 3, NULL), MV_OK);
        STR(examples(store, 0), "2=0 1=0 3=0 4=1 ");
        undone = undo(store, "me");
        EQ(undone.n, 3);
        EQ(undone.invitation, 1);
        STR(examples(store, 0), "4=1 ");
        rows[2].invitation = 99;
        EQ(mv_store_put_act(store, rows, 3, NULL), MV_NOTFOUND);
        STR(examples(store, 0), "4=1 ");
        EQ(undo(store, "me").invitation, 4);
        stop(store);
    }
}

static struct mv_invite told(const char *text, enum mv_event event,
                             enum mv_label label, int64_t at)
{
    return (struct mv_invite){.origin = MV_ORIGIN_TEXT,
                              .sent_at = MV_NO_TIME,
                              .message = text,
                              .message_len = strlen(text),
                              .natural = text,
                              .has_label = event != MV_EVENT_NOTE,
                              .label = label,
                              .annotator = "me",
                              .told = true,
                              .event = event,
                              .told_at = at,
                              .chosen = "unsure",
                              .note = "look"};
}

static void put(struct mv_store *store, struct mv_invite invite)
{
    EQ(mv_store_put_invite(store, &invite, NULL, NULL, NULL), MV_OK);
}

static void put_history(struct mv_store *store)
{
    struct mv_invite copy = told("c", MV_EVENT_LABEL, MV_LABEL_PURPOSE, 50);

    start_run(store);
    put(store, told("a", MV_EVENT_LABEL, MV_LABEL_PURPOSE, 10));
    put(store, told("a", MV_EVENT_LABEL, MV_LABEL_NO_PURPOSE, 20));
    put(store, told("a", MV_EVENT_UNDO, MV_LABEL_NO_PURPOSE, 30));
    put(store, told("a", MV_EVENT_LABEL, MV_LABEL_PURPOSE, 40));
    put(store, told("a", MV_EVENT_NOTE, 0, 45));
    copy.act = 1;
    put(store, copy);
    copy.message = copy.natural = "d";
    put(store, copy);
}

static void test_told(void)
{
    static const char WANT[] =
        "1:purpose@10 1:no-purpose@20 1:-no-purpose@30 1:purpose@40 "
        "2:purpose@50* 3:purpose@50* ";

    TEST("a history comes back as it was, and twice adds nothing")
    {
        struct mv_store *store = start(0);
        char notes[1024] = "";

        put_history(store);
        STR(history(store), WANT);
        put_history(store);
        STR(history(store), WANT);
        EQ(mv_store_each_note(store, see_note, notes, NULL), MV_OK);
        STR(notes, "1:me:look ");
        STR(examples(store, 0), "1=1 2=1 3=1 ");
        EQ(undo(store, "me").n, 2); /* the act is known again */
        EQ(undo(store, "me").invitation, 1);
        EQ(undo(store, "me").invitation, 1);
        STR(examples(store, 0), "");
        put_history(store); /* what was taken back since stays so */
        STR(examples(store, 0), "");
        stop(store);
    }
    TEST("taking back what is not there is no entry")
    {
        struct mv_store *store = start(0);

        start_run(store);
        put(store, told("a", MV_EVENT_UNDO, MV_LABEL_PURPOSE, 30));
        STR(history(store), "");
        stop(store);
    }
}

static void test_notes(void)
{
    TEST("the newest note holds, an empty one withdraws it")
    {
        struct mv_store *store = start(1);
        struct mv_arena arena = {NULL};
        struct mv_noted note = {1, "me", 5, "ask Ana"};
        const char *text;

        EQ(mv_store_get_note(store, 1, "me", &arena, &text, NULL), MV_OK);
        OK(!text);
        EQ(mv_store_put_note(store, &note, NULL), MV_OK);
        EQ(mv_store_get_note(store, 1, "me", &arena, &text, NULL), MV_OK);
        STR(text, "ask Ana");
        EQ(mv_store_get_note(store, 1, "ana", &arena, &text, NULL), MV_OK);
        OK(!text);
        note.text = "";
        EQ(mv_store_put_note(store, &note, NULL), MV_OK);
        EQ(mv_store_get_note(store, 1, "me", &arena, &text, NULL), MV_OK);
        OK(!text);
        note.invitation = 9;
        EQ(mv_store_put_note(store, &note, NULL), MV_NOTFOUND);
        note.annotator = "";
        EQ(mv_store_put_note(store, &note, NULL), MV_RANGE);
        mv_arena_release(&arena);
        stop(store);
    }
}

static void test_votes(void)
{
    TEST("votes, second answers, and how far one has come")
    {
        struct mv_store *store = start(3);
        struct mv_labelled labelled;

        say(store, 1, "me", MV_LABEL_PURPOSE, MV_CHOSEN_UNSURE);
        say(store, 1, "ana", MV_LABEL_NO_PURPOSE, MV_CHOSEN_AGAIN);
        say(store, 2, "me", MV_LABEL_UNSURE, MV_CHOSEN_UNSURE);
        say(store, 1, "me", MV_LABEL_NO_PURPOSE, MV_CHOSEN_AGAIN);
        STR(votes(store, false), "1:ana=0 1:me=0 2:me=2 ");
        STR(votes(store, true), "1:me=0<1 ");
        EQ(mv_store_get_labelled(store, "me", 101, &labelled, NULL), MV_OK);
        EQ(labelled.label[MV_LABEL_NO_PURPOSE], 1);
        EQ(labelled.label[MV_LABEL_PURPOSE], 0);
        EQ(labelled.label[MV_LABEL_UNSURE], 1);
        EQ(labelled.since, 1); /* the second answer came at 101 */
        undo(store, "me");
        STR(votes(store, false), "1:ana=0 1:me=1 2:me=2 ");
        STR(votes(store, true), "");
        stop(store);
    }
    TEST("advice is kept")
    {
        struct mv_store *store = start(1);
        struct mv_advised got, put_in = {5, 0, 70, true, 0.01, NAN, 0.02, 0};

        EQ(mv_store_get_advice(store, &got, NULL), MV_NOTFOUND);
        EQ(mv_store_put_advice(store, &put_in, NULL), MV_OK);
        EQ(mv_store_get_advice(store, &got, NULL), MV_OK);
        EQ(got.labels, 70);
        OK(got.enough && isnan(got.low));
        NEAR(got.high, 0.02, 0);
        EQ(got.since, 0);
        say(store, 1, "me", MV_LABEL_PURPOSE, MV_CHOSEN_SET);
        EQ(mv_store_get_advice(store, &got, NULL), MV_OK);
        EQ(got.since, 1);
        stop(store);
    }
}

int main(void)
{
    test_undo();
    test_acts();
    test_told();
    test_notes();
    test_votes();
    return test_end();
}
