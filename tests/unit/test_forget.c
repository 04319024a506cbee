#include "motivo_train.h"
#include "test.h"

#include <stdlib.h>
#include <unistd.h>

static char folder[512], path[640];

static void open_folder(void)
{
    const char *base = getenv("TMPDIR");

    snprintf(folder, sizeof folder, "%s/test_forget.XXXXXX",
             base && *base ? base : P_tmpdir);
    OK(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/a.db", folder);
}

static void remove_folder(void)
{
    static const char *const ENDS[] = {"", "-wal", "-shm"};

    for (int i = 0; i < 3; i++) {
        char name[700];

        snprintf(name, sizeof name, "%s%s", path, ENDS[i]);
        remove(name);
    }
    OK(rmdir(folder) == 0);
}

/* How often word stands in the bytes of the database's files: an oracle apart
 * from the program's own search. */
static long bytes_hold(const char *word)
{
    static const char *const ENDS[] = {"", "-wal", "-shm", "-journal"};
    size_t len = strlen(word);
    long found = 0;

    for (int i = 0; i < 4; i++) {
        char name[700];
        FILE *file;
        size_t at = 0;
        int c;

        snprintf(name, sizeof name, "%s%s", path, ENDS[i]);
        file = fopen(name, "rb");
        while (file && (c = fgetc(file)) != EOF) {
            at = (char)c == word[at] ? at + 1 : (char)c == word[0];
            if (at == len) {
                found++;
                at = 0;
            }
        }
        if (file)
            fclose(file);
    }
    return found;
}

static int64_t put(struct motivo *m, const char *name, const char *url,
                   int64_t at, const char *message)
{
    struct mv_invite invite = {.origin = MV_ORIGIN_NOTE,
                               .name = name,
                               .url = url,
                               .sent_at = at,
                               .has_label = true,
                               .label = MV_LABEL_PURPOSE,
                               .annotator = "me",
                               .message = message,
                               .message_len = strlen(message)};
    struct mv_verdict_row verdict = {.model = 1, .probability = 0.5};
    int64_t id = 0;

    EQ(mv_store_put_invite(m->store, &invite, &id, NULL, NULL), MV_OK);
    verdict.invitation = id;
    mv_store_put_verdict(m->store, &verdict, NULL);
    return id;
}

static void put_people(struct motivo *m, const char *name, const char *url,
                       const char *thread)
{
    struct mv_contact contact = {.name = name,
                                 .url = url,
                                 .company = "Taller Umbralejo",
                                 .connected_on = 5};
    struct mv_thread t = {.id = thread,
                          .name = name,
                          .url = url,
                          .received = 1,
                          .sent = 1,
                          .first_at = MV_NO_TIME,
                          .last_at = MV_NO_TIME};
    struct mv_outcome outcome = {
        .url = url, .name = name, .useful = true, .said = true, .at = 3};

    EQ(mv_store_put_contact(m->store, &contact, NULL, NULL), MV_OK);
    EQ(mv_store_put_thread(m->store, &t, NULL, NULL), MV_OK);
    EQ(mv_store_put_outcome(m->store, &outcome, NULL, NULL), MV_OK);
}

static struct motivo *open_world(const char *file)
{
    struct mv_run run = {.file = file, .dialect = "test", .at = 1};
    struct mv_model_row row = {.file = "none.motivo",
                               .sha256 = "0",
                               .corpus = "0",
                               .options = "{}",
                               .metrics = "{}",
                               .last_label = 1};
    struct motivo *m = NULL;

    open_folder();
    EQ(mv_open(&m, path, true, NULL), MV_OK);
    EQ(mv_store_put_model(m->store, &row, NULL, NULL), MV_OK);
    EQ(mv_store_run_start(m->store, &run, NULL), MV_OK);
    return m;
}

static struct mv_page *forget(struct motivo *m, const char *who, bool *proved)
{
    struct mv_page *page = NULL;
    struct mv_error error = {0};

    *proved = false;
    EQ(mv_forget(m, who, false, proved, &page, &error), MV_OK);
    STR(error.message, "");
    return page;
}

static double number(const struct mv_page *page, const char *name)
{
    double value = NAN;

    mv_page_number(page, name, &value, NULL);
    return value;
}

static struct mv_counts counts(struct motivo *m)
{
    struct mv_counts out;

    EQ(mv_store_get_counts(m->store, &out, NULL), MV_OK);
    return out;
}

/* A message of several pages. */
static char *long_message(void)
{
    static char text[40000];
    size_t used = 0;

    for (int i = 0; used + 40 < sizeof text; i++)
        used += (size_t)snprintf(text + used, sizeof text - used,
                                 "Zarzaquemada %d y otras cosas. ", i);
    return text;
}

static void test_bytes(void)
{
    struct motivo *m = open_world("Quirina Bolandeira.eml");
    struct mv_page *page;
    bool proved;
    char *text = long_message();
    int64_t id = put(m, "Quirina Bolandeira", "quirina-bolandeira-77", 10,
                     "Te escribo por el horno de Umbralejo");

    put(m, "Quirina  bolandeira", NULL, 20, "Segunda nota sin direccion");
    put(m, "Quirina Bolandeira", "quirina-bolandeira-77", 30, text);
    put(m, "Otra Persona", "otra-persona", 40, "Nada que ver con lo demas");
    put_people(m, "Quirina Bolandeira", "quirina-bolandeira-77",
               "hilo-9081726");
    put_people(m, "Otra Persona", "otra-persona", "hilo-1111111");
    TEST("everything of a person is there before")
    {
        OK(bytes_hold("Quirina Bolandeira") >= 3);
        OK(bytes_hold("quirina-bolandeira-77") >= 3);
        OK(bytes_hold("horno de Umbralejo") >= 1);
        OK(bytes_hold("Zarzaquemada 700") >= 1);
        OK(bytes_hold("hilo-9081726") >= 1);
    }
    TEST("looking changes nothing")
    {
        char who[24];

        snprintf(who, sizeof who, "%lld", (long long)id);
        EQ(mv_forget(m, who, true, &proved, &page, NULL), MV_OK);
        OK(strstr(page->text.at, "There is of Quirina Bolandeira") != NULL);
        EQ(counts(m).labels, 4);
        mv_page_free(page);
    }
    TEST("and nothing of them in the bytes afterwards")
    {
        page = forget(m, "https://www.linkedin.com/in/Quirina-Bolandeira-77/",
                      &proved);
        OK(proved);
        EQ(bytes_hold("Quirina"), 0);
        EQ(bytes_hold("olandeira"), 0);
        EQ(bytes_hold("quirina"), 0);
        EQ(bytes_hold("horno de"), 0);
        EQ(bytes_hold("Segunda nota"), 0);
        EQ(bytes_hold("Zarzaquemada"), 0);
        EQ(bytes_hold("hilo-9081726"), 0);
        EQ(number(page, "contacts"), 1);
        EQ(number(page, "conversations"), 1);
        EQ(number(page, "outcomes"), 1);
        EQ(number(page, "labels"), 3);
        EQ(number(page, "verdicts"), 3);
        EQ(number(page, "imports"), 1);
        EQ(number(page, "proof.unexplained"), 0);
        OK(number(page, "proof.found_before") > 100);
        EQ(number(page, "proof.found_after"), 0);
        OK(strstr(page->text.at, "Quirina") == NULL);
        mv_page_free(page);
    }
    TEST("the others are all there")
    {
        EQ(counts(m).contacts, 1);
        EQ(counts(m).threads, 1);
        EQ(counts(m).labels, 1);
        OK(bytes_hold("Nada que ver") == 1);
        EQ(mv_forget(m, "quirina-bolandeira-77", false, &proved, &page, NULL),
           MV_NOTFOUND);
        EQ(mv_forget(m, "1", false, &proved, &page, NULL), MV_NOTFOUND);
        EQ(mv_forget(m, "0", false, &proved, &page, NULL), MV_RANGE);
    }
    mv_close(m);
    remove_folder();
}

static void test_namesakes(void)
{
    struct motivo *m = open_world("a.csv");
    struct mv_page *page;
    bool proved;
    int64_t third;
    char who[24];

    put(m, "Ana Garcia", "ana-garcia-1", 10, "Nota de la primera Ana");
    put(m, "Ana Garcia", "ana-garcia-2", 20, "Nota de la segunda Ana");
    third = put(m, "Ana Garcia", NULL, 30, "Nota de cualquiera de las dos");
    put(m, "Luis Ros", "luis-ros", 40, "Me manda Ana Garcia, de Soria");
    TEST("what may be another's is left, and told; so is who holds the name")
    {
        page = forget(m, "ana-garcia-1", &proved);
        OK(proved);
        EQ(number(page, "proof.of_others"), 1);
        EQ(bytes_hold("ana-garcia-1"), 0);
        EQ(bytes_hold("primera Ana"), 0);
        OK(bytes_hold("ana-garcia-2") >= 1);
        OK(bytes_hold("cualquiera de las dos") >= 1);
        EQ(counts(m).labels, 3);
        snprintf(who, sizeof who, "%lld", (long long)third);
        OK(strstr(page->text.at, "several people bear the name") != NULL);
        OK(strstr(page->text.at, who) != NULL);
        mv_page_free(page);
    }
    TEST("when only one is left that bears the name, the rest is theirs")
    {
        page = forget(m, who, &proved);
        OK(proved);
        EQ(bytes_hold("ana-garcia-2"), 0);
        EQ(bytes_hold("cualquiera"), 0);
        EQ(counts(m).labels, 1);
        EQ(bytes_hold("Ana Garcia"), 1); /* Luis says so */
        mv_page_free(page);
    }
    mv_close(m);
    remove_folder();
}

struct reader {
    struct motivo *motivo;
    int asked;
};

/* Called while another handle is reading. */
static enum mv_status forget_now(const struct mv_stored *row, void *payload)
{
    struct reader *reader = payload;
    struct mv_page *page = NULL;
    struct mv_error error = {0};
    bool proved = true;

    (void)row;
    reader->asked++;
    EQ(mv_forget(reader->motivo, "ana-garcia-1", false, &proved, &page, &error),
       MV_DB);
    OK(strstr(error.message, "in use") != NULL);
    return MV_OK;
}

static void test_in_use(void)
{
    struct motivo *m = open_world("a.csv");
    struct mv_store *other = NULL;
    bool proved;

    put(m, "Ana Garcia", "ana-garcia-1", 10, "Nota de la primera Ana");
    EQ(mv_store_open(&other, path, NULL, NULL), MV_OK);
    TEST("a reader that keeps the log from being emptied: nothing is erased")
    {
        struct reader reader = {m, 0};

        EQ(mv_store_each_invite(other, NULL, forget_now, &reader, NULL), MV_OK);
        EQ(reader.asked, 1);
        EQ(counts(m).labels, 1);
        mv_page_free(forget(m, "ana-garcia-1", &proved));
        OK(proved);
    }
    mv_store_close(other);
    mv_close(m);
    remove_folder();
}

int main(void)
{
    test_bytes();
    test_namesakes();
    test_in_use();
    return test_end();
}
