#include "motivo_train.h"
#include "test.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

/* A small world in which purpose is a question about something named. */
static const char *const TOPIC[] = {
    "the kiln in Soria",    "your pottery course", "la beca de ceramica",
    "the glaze workshop",   "el horno de barro",   "the museum roof",
    "tu charla en Teruel",  "the beehive survey",  "la feria de enero",
    "the harvest calendar", "el archivo del coro", "your lichen atlas"};
static const char *const ASK[] = {
    "Could you tell me which clay was used for %s? I need it by Friday.",
    "Te escribo porque necesito el plano de %s, me lo puedes enviar?",
    "We met at %s and I promised you the photographs.",
    "Quiero encargarte un estudio sobre %s, cuando hablamos?"};
static const char *const IDLE[] = {
    "I loved what you posted about %s. Would be great to connect!",
    "Me encanta tu perfil y lo de %s. Me gustaria ampliar mi red.",
    "We help people like you with %s, free audit, 15 minutes?",
    "Enhorabuena por %s, un saludo cordial y a seguir asi."};

enum { TOPICS = 12, SHAPES = 4, WORLD = TOPICS * SHAPES * 2 };

static char folder[512];

static const char *in_folder(const char *name)
{
    static char path[2][640];
    static int turn;
    char *out = path[turn++ % 2];

    snprintf(out, sizeof path[0], "%s/%s", folder, name);
    return out;
}

static struct motivo *open_world(void)
{
    const char *base = getenv("TMPDIR");
    struct motivo *motivo = NULL;

    snprintf(folder, sizeof folder, "%s/test_train.XXXXXX",
             base && *base ? base : P_tmpdir);
    OK(mkdtemp(folder) != NULL);
    EQ(mv_open(&motivo, in_folder("a.db"), true, NULL), MV_OK);
    return motivo;
}

/* Files of a folder; remove: deletes them and the folder. */
static int files_in(const char *path, int erase)
{
    DIR *dir = opendir(path);
    struct dirent *entry;
    int n = 0;

    while (dir && (entry = readdir(dir))) {
        char name[1200];

        if (entry->d_name[0] == '.')
            continue;
        n++;
        snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        if (erase && remove(name) != 0)
            files_in(name, erase);
    }
    if (dir)
        closedir(dir);
    if (erase)
        rmdir(path);
    return n;
}

static void close_world(struct motivo *motivo)
{
    mv_close(motivo);
    files_in(folder, 1);
}

/* Message i of the world: odd ones ask. */
static void message_of(int i, const char *tail, char *text, size_t size)
{
    const char *const *shape = i % 2 ? ASK : IDLE;
    const char *at = shape[i / 2 % SHAPES];
    const char *gap = strstr(at, "%s");

    snprintf(text, size, "%.*s%s%s%s", (int)(gap - at), at,
             TOPIC[i / 2 / SHAPES % TOPICS], gap + 2, tail);
}

/* Puts messages [from, to) with their labels, or the opposite ones. */
static void put(struct motivo *motivo, int from, int to, const char *tail,
                bool starter, enum mv_chosen chosen, bool opposite)
{
    struct mv_run run = {
        .file = "a.csv", .dialect = "text", .at = 1, .starter = starter};

    EQ(mv_store_run_start(motivo->store, &run, NULL), MV_OK);
    for (int i = from; i < to; i++) {
        char text[240];
        int64_t id = 0;
        struct mv_invite invite = {.origin = MV_ORIGIN_TEXT,
                                   .sent_at = MV_NO_TIME,
                                   .has_label = starter,
                                   .annotator = "a",
                                   .message = text};

        message_of(i, tail, text, sizeof text);
        invite.message_len = strlen(text);
        invite.label =
            (i % 2 == 1) != opposite ? MV_LABEL_PURPOSE : MV_LABEL_NO_PURPOSE;
        EQ(mv_store_put_invite(motivo->store, &invite, &id, NULL, NULL), MV_OK);
        if (!starter) {
            struct mv_labelling label = {.invitation = id,
                                         .annotator = "me",
                                         .value = invite.label,
                                         .at = 2,
                                         .chosen = chosen};

            EQ(mv_store_put_label(motivo->store, &label, NULL), MV_OK);
        }
    }
    EQ(mv_store_run_finish(motivo->store, to - from, 0, NULL, NULL), MV_OK);
}

static void put_own(struct motivo *motivo, int from, int to)
{
    put(motivo, from, to, " Un saludo.", false, MV_CHOSEN_SET, false);
}

static struct mv_page *train(struct motivo *motivo, uint64_t seed, bool force)
{
    struct mv_train_options options = {
        .seed = seed, .threads = 1, .activate = true, .force = force};
    struct mv_page *page = NULL;
    struct mv_error error = {0};

    EQ(mv_train(motivo, &options, NULL, &page, &error), MV_OK);
    STR(error.message, "");
    return page;
}

static double number(const struct mv_page *page, const char *path)
{
    double value = NAN;

    mv_page_number(page, path, &value, NULL);
    return value;
}

static int says(const struct mv_page *page, const char *what)
{
    char *bytes = NULL;
    size_t len = 0;
    FILE *file = open_memstream(&bytes, &len);
    int found;

    mv_page_write(page, MV_FORMAT_TEXT, file, NULL);
    mv_page_write(page, MV_FORMAT_JSON, file, NULL);
    fclose(file);
    found = strstr(bytes, what) != NULL;
    if (!found)
        printf("no '%s' in:\n%s\n", what, bytes);
    free(bytes);
    return found;
}

static int64_t active(struct motivo *motivo)
{
    struct mv_counts counts;

    EQ(mv_store_get_counts(motivo->store, &counts, NULL), MV_OK);
    return counts.active_model;
}

static long models(struct motivo *motivo)
{
    struct mv_counts counts;

    EQ(mv_store_get_counts(motivo->store, &counts, NULL), MV_OK);
    return counts.models;
}

/* --- which labels take part ----------------------------------------------- */

static void test_own(void)
{
    struct motivo *motivo = open_world();
    struct mv_page *page;

    TEST("only the starter corpus: the first model goes live")
    {
        put(motivo, 0, WORLD, "", true, MV_CHOSEN_STARTER, false);
        page = train(motivo, 1, false);
        OK(says(page, "Model 1 is trained and active."));
        OK(says(page, "\"gate\": null"));
        EQ(number(page, "own"), 0);
        mv_page_free(page);
    }
    TEST("with 12 own labels the model stays, and it says why")
    {
        put_own(motivo, 0, 12);
        page = train(motivo, 1, false);
        OK(says(page, "Model 1 stays active; nothing was trained."));
        OK(says(page, "12 labels of your own are set aside"));
        OK(says(page, "(38 more)"));
        OK(says(page, "\"trained\": false"));
        EQ(models(motivo), 1);
        mv_page_free(page);
    }
    TEST("... so that training again is not what comes next")
    {
        struct mv_score_options options = {0};

        EQ(mv_score_database(motivo, &options, NULL, NULL, NULL, NULL), MV_OK);
        EQ(mv_overview(motivo, &page, NULL), MV_OK);
        OK(says(page, "Next: motivo label"));
        OK(says(page, "from 50 of your own on"));
        mv_page_free(page);
    }
    TEST("... and other options train on the starter corpus alone")
    {
        page = train(motivo, 2, false);
        EQ(number(page, "examples"), WORLD);
        EQ(number(page, "own_set_aside"), 12);
        OK(says(page, "12 labels of your own are set aside"));
        mv_page_free(page);
    }
    TEST("from 50 on they take part, and the weights tried are told")
    {
        put_own(motivo, 12, 60);
        page = train(motivo, 1, false);
        EQ(number(page, "examples"), WORLD + 60);
        EQ(number(page, "own"), 60);
        OK(number(page, "own_weight") >= 1);
        OK(says(page, "60 of them are your own"));
        OK(says(page, "\"own_weight\": 8.0,\n      \"own_mcc\": "));
        OK(says(page, "\"basis\": \"own labels\""));
        EQ(number(page, "gate.n"), 60);
        mv_page_free(page);
    }
    close_world(motivo);
    motivo = open_world();
    TEST("only own labels: all of them, and none counts more")
    {
        put_own(motivo, 0, 40);
        page = train(motivo, 1, false);
        EQ(number(page, "examples"), 40);
        EQ(number(page, "own"), 0);
        OK(says(page, "Model 1 is trained and active."));
        mv_page_free(page);
    }
    close_world(motivo);
}

/* --- the gate ------------------------------------------------------------- */

static enum mv_status see_how(const struct mv_activation *row, void *payload)
{
    char *text = payload;

    snprintf(text + strlen(text), 64, "%d:%d ", (int)row->model, (int)row->how);
    return MV_OK;
}

static void test_gate(void)
{
    struct motivo *motivo = open_world();
    struct mv_page *page;
    char how[512] = "";
    int64_t from = 0, to = 0;
    struct mv_error error = {0};

    put(motivo, 0, WORLD, "", true, MV_CHOSEN_STARTER, false);
    put(motivo, 0, WORLD, " Gracias.", false, MV_CHOSEN_AUDIT, false);
    mv_page_free(train(motivo, 1, false));
    put(motivo, 0, WORLD, " Hasta pronto.", false, MV_CHOSEN_SET, true);
    put(motivo, 0, WORLD, " Best wishes.", false, MV_CHOSEN_SET, true);
    put(motivo, 0, WORLD, " Kind regards.", false, MV_CHOSEN_SET, true);
    TEST("a model that does worse stays a candidate, and it says what it lost")
    {
        page = train(motivo, 1, false);
        OK(says(page, "Model 2 is trained, as a candidate."));
        OK(says(page, "the audit sample of 96 messages"));
        OK(says(page, "That is a loss: model 1 stays active"));
        OK(says(page, "Wrong now (10 of "));
        OK(says(page, "labelled purpose\n"));
        OK(says(page, "\"loss\": true"));
        OK(says(page, "\"overridden\": false"));
        OK(number(page, "gate.only_rival_right") >
           number(page, "gate.only_new_right"));
        EQ(active(motivo), 1);
        mv_page_free(page);
    }
    TEST("unless one insists, which is recorded")
    {
        page = train(motivo, 2, true);
        OK(says(page, "Model 3 is trained and active."));
        OK(says(page, "\"overridden\": true"));
        OK(says(page, "made active all the same"));
        EQ(active(motivo), 3);
        mv_page_free(page);
        EQ(mv_store_each_activation(motivo->store, see_how, how, NULL), MV_OK);
        STR(how, "3:3 1:1 ");
    }
    TEST("a model that stayed a candidate is not asked for again and again")
    {
        struct mv_score_options options = {0};

        EQ(mv_score_database(motivo, &options, NULL, NULL, NULL, NULL), MV_OK);
        EQ(mv_models_rollback(motivo, &from, &to, NULL), MV_OK);
        EQ(mv_score_database(motivo, &options, NULL, NULL, NULL, NULL), MV_OK);
        EQ(mv_overview(motivo, &page, NULL), MV_OK);
        OK(says(page, "Next: motivo report"));
        mv_page_free(page);
        EQ(mv_models_activate(motivo, 3, NULL), MV_OK);
    }
    TEST("the way back")
    {
        EQ(mv_models_rollback(motivo, &from, &to, NULL), MV_OK);
        EQ(from, 3);
        EQ(to, 1);
        EQ(mv_models_rollback(motivo, &from, &to, &error), MV_NOTFOUND);
        EQ(active(motivo), 1);
    }
    TEST("a comparison says what the labels say that neither has learnt from")
    {
        EQ(mv_models_compare(motivo, 1, 3, 2, NULL, &page, NULL), MV_OK);
        EQ(number(page, "unseen_labels.n"), WORLD);
        EQ(number(page, "all_labels.n"), 5 * WORLD);
        OK(number(page, "unseen_labels.only_first_right") > 10);
        OK(says(page, "Judged differently (2 of "));
        OK(says(page, "because of: "));
        mv_page_free(page);
    }
    close_world(motivo);
}

/* --- interruption --------------------------------------------------------- */

struct stopper {
    int left;
};

static bool step(void *payload, const char *what, double done)
{
    struct stopper *stopper = payload;

    OK(what != NULL && done >= 0 && done <= 1);
    return stopper->left-- > 0;
}

static void test_stop(void)
{
    struct motivo *motivo = open_world();
    struct mv_train_options options = {
        .seed = 5, .threads = 1, .activate = true};

    put(motivo, 0, WORLD, "", true, MV_CHOSEN_STARTER, false);
    mv_page_free(train(motivo, 1, false));
    TEST("a training that is stopped leaves everything as it was")
    {
        int files = files_in(in_folder("a.db-models"), 0), stops = 0;

        for (int n = 0; n < 100; n += 9) {
            struct stopper stopper = {n};
            struct mv_progress progress = {step, &stopper};
            struct mv_page *page = NULL;
            struct mv_error error = {0};
            enum mv_status status =
                mv_train(motivo, &options, &progress, &page, &error);

            mv_page_free(page);
            if (status == MV_OK)
                break;
            stops++;
            EQ(status, MV_STOPPED);
            EQ(models(motivo), 1);
            EQ(active(motivo), 1);
            EQ(files_in(in_folder("a.db-models"), 0), files);
        }
        OK(stops > 5); /* within the choice, and within the comparison */
    }
    close_world(motivo);
}

/* --- verification --------------------------------------------------------- */

static struct mv_page *verify(struct motivo *motivo, int64_t id, bool *equal)
{
    struct mv_page *page = NULL;

    EQ(mv_verify(motivo, id, 2, NULL, equal, &page, NULL), MV_OK);
    return page;
}

static void spoil_file(struct motivo *motivo)
{
    struct mv_arena arena = {0};
    struct mv_model_row row;
    char *path;
    FILE *file;

    EQ(mv_store_get_model(motivo->store, 1, &arena, &row, NULL), MV_OK);
    path = mv_facade_beside(motivo, row.file);
    file = fopen(path, "r+b");
    fseek(file, 100, SEEK_SET);
    fputc(7, file);
    fclose(file);
    free(path);
    mv_arena_release(&arena);
}

static void test_verify(void)
{
    struct motivo *motivo = open_world();
    struct mv_page *page;
    struct mv_error error = {0};
    bool equal = false;

    put(motivo, 0, WORLD, "", true, MV_CHOSEN_STARTER, false);
    put_own(motivo, 0, 60);
    mv_page_free(train(motivo, 9, false));
    TEST("the same labels and options give the same bytes")
    {
        put_own(motivo, 60, 70); /* labels of later do not matter */
        page = verify(motivo, 0, &equal);
        OK(equal);
        OK(says(page, "byte for byte"));
        mv_page_free(page);
    }
    TEST("a label that is gone is told")
    {
        bool proved = false;

        mv_page_free(train(motivo, 9, false));
        EQ(mv_forget(motivo, "3", false, &proved, &page, NULL), MV_OK);
        OK(says(page, "model 1, 2"));
        mv_page_free(page);
        page = verify(motivo, 2, &equal);
        OK(!equal);
        OK(says(page, "\"labels_differ\": true"));
        OK(says(page, "\"file_changed\": false"));
        mv_page_free(page);
    }
    TEST("a damaged file is told")
    {
        spoil_file(motivo);
        page = verify(motivo, 1, &equal);
        OK(!equal);
        OK(says(page, "\"file_changed\": true"));
        mv_page_free(page);
        EQ(mv_models_activate(motivo, 1, &error), MV_FORMAT);
        EQ(mv_verify(motivo, 12, 1, NULL, &equal, &page, NULL), MV_NOTFOUND);
    }
    close_world(motivo);
}

static void test_many(void)
{
    TEST("beyond what fits, messages of the starter corpus give way to own ones")
    {
        struct motivo *motivo = open_world();
        struct mv_examples examples = {0};
        size_t own = 0;

        EQ(mv_store_begin(motivo->store, NULL), MV_OK);
        put(motivo, 0, MV_FIT_MOST + 40, "", true, MV_CHOSEN_STARTER, false);
        put_own(motivo, 0, 60);
        EQ(mv_store_commit(motivo->store, NULL), MV_OK);
        EQ(mv_examples_load(&examples, motivo, 0, false, NULL), MV_OK);
        EQ(examples.n, MV_FIT_MOST);
        for (size_t i = 0; i < examples.n; i++)
            own += examples.at[i].own;
        EQ(own, 60);
        mv_examples_release(&examples);
        close_world(motivo);
    }
}

int main(void)
{
    test_own();
    test_many();
    test_gate();
    test_stop();
    test_verify();
    return test_end();
}
