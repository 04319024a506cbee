#include "model_parts.h"
#include "test.h"

#include <stdbool.h>
#include <stdlib.h>

/* A small world in which purpose is a question about the kiln. */
static const char *const TOPIC[] = {
    "the kiln in Soria",    "your pottery course", "la beca de cerámica",
    "the glaze workshop",   "el horno de leña",    "the museum roof",
    "tu charla en Teruel",  "the beehive survey",  "la feria de enero",
    "the harvest calendar", "el archivo del coro", "your lichen atlas"};
static const char *const ASK[] = {
    "Could you tell me which clay was used for %s? I need it by Friday.",
    "Te escribo porque necesito el plano de %s, ¿me lo podrías enviar?",
    "We met at %s and I promised you the photographs.",
    "Quiero encargarte un estudio sobre %s, ¿cuándo podríamos hablar?"};
static const char *const IDLE[] = {
    "I loved what you posted about %s. Would be great to connect!",
    "Me encanta tu perfil y lo de %s. Me gustaría ampliar mi red.",
    "We help people like you with %s, free audit, 15 minutes?",
    "Enhorabuena por %s, un saludo cordial y a seguir así."};

enum { TOPICS = 12, SHAPES = 4, N = TOPICS * SHAPES * 2 };

static char message[N][200];
static struct mv_fit_example example[N];

static void make_examples(void)
{
    for (int i = 0; i < N; i++) {
        const char *const *shape = i % 2 ? ASK : IDLE;
        const char *at = shape[i / 2 % SHAPES];
        const char *gap = strstr(at, "%s");

        snprintf(message[i], sizeof *message, "%.*s%s%s", (int)(gap - at), at,
                 TOPIC[i / 2 / SHAPES % TOPICS], gap + 2);
        example[i] = (struct mv_fit_example){.message = mv_span_of(message[i]),
                                             .label = i % 2,
                                             .language = MV_LANG_UND};
    }
}

static struct mv_model *fit(int threads, uint64_t seed)
{
    struct mv_fit_options options = {.seed = seed, .threads = threads};
    struct mv_model *model = NULL;
    struct mv_error error = {0};

    EQ(mv_model_fit(&model, example, N, &options, NULL, &error), MV_OK);
    STR(error.message, "");
    return model;
}

static void write_to(const struct mv_model *model, char **bytes, size_t *len)
{
    FILE *file = open_memstream(bytes, len);

    EQ(mv_model_write(model, file, NULL), MV_OK);
    fclose(file);
}

static enum mv_status read_from(struct mv_model **model, const char *bytes,
                                size_t len, struct mv_error *error)
{
    FILE *file = fmemopen((void *)(size_t)bytes, len ? len : 1, "rb");
    enum mv_status status;

    if (len == 0)
        fgetc(file);
    status = mv_model_read(model, file, "m", error);
    fclose(file);
    return status;
}

static struct mv_opinion judge(const struct mv_model *model,
                               struct mv_memo *memo, const char *text)
{
    struct mv_opinion opinion = {0};

    EQ(mv_model_score(model, memo, mv_span_of(text), &opinion, NULL), MV_OK);
    return opinion;
}

/* The curve rises to as many labels as the folds but one have, is the same for
 * any number of threads, and changes nothing about the model. */
static void check_curve(const struct mv_model *model)
{
    struct mv_learning_curve curve[2] = {{.n = 0}};
    char *bytes[2];
    size_t len[2];

    for (int i = 0; i < 2; i++) {
        struct mv_fit_options options = {.seed = 1, .threads = 1 + 2 * i};
        struct mv_out_of_fold oof = {.curve = &curve[i]};
        struct mv_model *same = NULL;

        EQ(mv_model_fit(&same, example, N, &options, &oof, NULL), MV_OK);
        write_to(i ? same : model, &bytes[i], &len[i]);
        mv_model_free(same);
    }
    EQ(curve[0].n, MV_CURVE_POINTS);
    OK(memcmp(&curve[0], &curve[1], sizeof *curve) == 0);
    OK(len[0] == len[1] && memcmp(bytes[0], bytes[1], len[0]) == 0);
    NEAR(curve[0].point[2].labels, 0.8 * N, 1);
    NEAR(curve[0].point[0].labels, 0.2 * N, N / 10);
    for (size_t i = 0; i < curve[0].n; i++) {
        struct mv_confusion c = curve[0].point[i].confusion;

        /* So few labels are dealt often enough for every fold to be judged. */
        EQ(c.tp + c.fp + c.fn + c.tn, N);
        EQ(c.tp + c.fn, N / 2);
    }
    OK(mv_metrics_mcc(curve[0].point[2].confusion) >
       mv_metrics_mcc(curve[0].point[0].confusion));
    OK(mv_metrics_mcc(curve[0].point[2].confusion) > 0.5);
    free(bytes[0]);
    free(bytes[1]);
}

/* How many folds the rows are found in whose voice, or else whose topic, is v.
 */
static int folds_of(int v, const int *of, const int *fold)
{
    unsigned seen = 0;

    for (int i = 0; i < N; i++)
        if (of[i] == v)
            seen |= 1u << fold[i];
    return __builtin_popcount(seen);
}

/* Voices keep to a fold when there are enough; two of one would be too few to
 * leave any out. */
static void check_voices(void)
{
    static struct mv_fit_example spoken[N];
    static int fold[MV_REPEATS_MAX * N], voice[N];
    struct mv_fit_options options = {.seed = 1, .threads = 1, .repeats = 1};
    struct mv_out_of_fold oof = {.fold = fold};

    for (int voices = 2; voices <= MV_VOICES; voices += MV_VOICES - 2) {
        struct mv_model *model = NULL;
        int kept = 0;

        for (int i = 0; i < N; i++) {
            voice[i] = i % voices;
            spoken[i] = example[i];
            spoken[i].voice = 77 + voice[i];
        }
        EQ(mv_model_fit(&model, spoken, N, &options, &oof, NULL), MV_OK);
        for (int v = 0; v < voices; v++)
            kept += folds_of(v, voice, fold) == 1;
        EQ(kept, voices == MV_VOICES ? MV_VOICES : 0);
        mv_model_free(model);
    }
}

/* A message of the user's that is a near-duplicate of a voice's goes with it.
 */
static void check_joined(void)
{
    enum { ROWS = MV_VOICES + 2 };
    struct mv_fit_example rows[ROWS] = {0};
    int group[ROWS], apart[ROWS];

    for (int i = 0; i < ROWS; i++) {
        rows[i].voice = i < MV_VOICES ? 5 * i + 5 : 0;
        group[i] = i;
    }
    group[MV_VOICES] = 3;
    EQ(mv_model_voices(apart, group, rows, ROWS), MV_OK);
    EQ(apart[MV_VOICES], apart[3]);
    OK(apart[MV_VOICES + 1] != apart[3] && apart[2] != apart[3]);
}

static void check_learnt(const struct mv_model *model, struct mv_memo *memo)
{
    OK(judge(model, memo,
             "Could you tell me which clay was used for the old chapel? I need "
             "it by Monday.")
           .forced);
    OK(!judge(model, memo,
              "I loved what you posted about the old chapel. Would be great to "
              "connect!")
            .forced);
}

static void check_bytes(const struct mv_model *model)
{
    struct mv_model *again[] = {fit(1, 1), fit(3, 1), fit(1, 2)};
    char *bytes[4];
    size_t len[4];

    write_to(model, &bytes[0], &len[0]);
    for (int i = 0; i < 3; i++) {
        write_to(again[i], &bytes[i + 1], &len[i + 1]);
        mv_model_free(again[i]);
    }
    OK(len[0] == len[1] && memcmp(bytes[0], bytes[1], len[0]) == 0);
    OK(len[0] == len[2] && memcmp(bytes[0], bytes[2], len[0]) == 0);
    OK(len[0] != len[3] || memcmp(bytes[0], bytes[3], len[0]) != 0);
    for (int i = 0; i < 4; i++)
        free(bytes[i]);
}

/* Every cut and every flipped bit must be told, none may be believed. */
static void check_damage(const struct mv_model *model)
{
    char *bytes;
    size_t len, step;
    struct mv_model *read = NULL;
    struct mv_error error = {0};

    write_to(model, &bytes, &len);
    step = len / 400 + 1;
    for (size_t cut = 0; cut < len; cut += cut < 300 ? 1 : step)
        EQ(read_from(&read, bytes, cut, NULL), MV_FORMAT);
    for (size_t at = 0; at < len; at += at < 300 ? 1 : step) {
        bytes[at] ^= (char)(1 << at % 8);
        EQ(read_from(&read, bytes, len, NULL), MV_FORMAT);
        bytes[at] ^= (char)(1 << at % 8);
    }
    bytes[8] = 99;
    EQ(read_from(&read, bytes, len, &error), MV_FORMAT);
    OK(strstr(error.message, "newer motivo") != NULL);
    OK(read == NULL);
    free(bytes);
}

/* A file of the first format knows no concepts, and nothing to hold new
 * messages against; it judges all the same. */
static void check_old(void)
{
    FILE *file = fopen("tests/fuzz/seeds/model/whole", "rb");
    struct mv_model *old = NULL;

    OK(file != NULL);
    if (!file)
        return;
    EQ(mv_model_read(&old, file, "old", NULL), MV_OK);
    fclose(file);
    if (old) {
        struct mv_memo *memo = NULL;

        EQ(mv_model_record(old)->reference.bins, 0);
        OK(mv_memo_new(&memo, old) == MV_OK);
        OK(isfinite(judge(old, memo, "We have an opening for a nurse.").score));
        mv_memo_free(memo);
    }
    mv_model_free(old);
}

/* What new messages are held against, and what is new in one of them. */
static void check_reference(const struct mv_model *model, struct mv_memo *memo)
{
    const struct mv_fit_record *record = mv_model_record(model);
    const struct mv_reference *r = &record->reference;
    uint32_t rows[2] = {0, 0};
    struct mv_novelty novelty;

    OK(r->bins > 1 && mv_quantify_valid(r));
    for (uint32_t i = 0; i < r->bins; i++)
        for (int l = 0; l < 2; l++)
            rows[l] += r->count[l][i];
    EQ(rows[1], record->positives);
    EQ(rows[0] + rows[1], record->examples);
    OK(record->unseen_mean >= 0 && record->unseen_mean <= 1);
    OK(record->unseen_sd >= 0 && record->unseen_sd <= 1);
    judge(model, memo, example[0].message.at);
    EQ(mv_model_novelty(model, memo, &novelty), MV_OK);
    OK(novelty.words > 3 && novelty.unseen == 0);
    judge(model, memo, "Qwertz qwertz plumbus, hello");
    EQ(mv_model_novelty(model, memo, &novelty), MV_OK);
    EQ(novelty.words, 3);
    OK(novelty.unseen >= 2);
    judge(model, memo, "!!!");
    EQ(mv_model_novelty(model, memo, &novelty), MV_OK);
    EQ(novelty.words, 0);
}

/* Puts the length and the checksum right again; see model_file.c. */
static void seal(char *bytes, size_t len)
{
    uint64_t sum = UINT64_C(0x6D6F7469766F) ^ (len - 8);

    for (int i = 0; i < 4; i++)
        bytes[12 + i] = (char)((len - 24) >> 8 * i);
    for (size_t at = 0; at < len - 8; at += 8) {
        uint64_t word = 0;

        memcpy(&word, bytes + at, len - 8 - at < 8 ? len - 8 - at : 8);
        sum = (sum ^ word) * UINT64_C(0x9E3779B97F4A7C15);
        sum ^= sum >> 32;
    }
    for (int i = 0; i < 8; i++)
        bytes[len - 8 + (size_t)i] = (char)(sum >> 8 * i);
}

/* A model of other concepts is refused. */
static void check_concepts(const struct mv_model *model)
{
    enum { CONCEPTS = 40 }; /* where their fingerprint is */
    char *bytes;
    size_t len;
    struct mv_model *read = NULL;
    struct mv_error error = {0};

    write_to(model, &bytes, &len);
    bytes[CONCEPTS]++;
    seal(bytes, len);
    EQ(read_from(&read, bytes, len, &error), MV_FORMAT);
    OK(strstr(error.message, "another list of concepts") != NULL);
    free(bytes);
}

static void check_same(const struct mv_model *model, struct mv_memo *memo)
{
    char *bytes;
    size_t len;
    struct mv_model *copy = NULL;
    struct mv_memo *other = NULL;

    write_to(model, &bytes, &len);
    EQ(read_from(&copy, bytes, len, NULL), MV_OK);
    OK(mv_memo_new(&other, copy) == MV_OK);
    for (int i = 0; i < N; i++) {
        struct mv_opinion a = judge(model, memo, message[i]);
        struct mv_opinion b = judge(copy, other, message[i]);

        OK(a.score == b.score && a.probability == b.probability &&
           a.verdict == b.verdict && a.language == b.language);
    }
    mv_memo_free(other);
    mv_model_free(copy);
    free(bytes);
}

/* The parts sum to the score; a memory that is full of other words gives the
 * same as a fresh one. */
static void check_parts(const struct mv_model *model, struct mv_memo *memo)
{
    for (int i = 0; i < N; i++) {
        struct mv_opinion opinion = judge(model, memo, message[i]), alone;
        struct mv_memo *fresh = NULL;
        const struct mv_part *part;
        double sum;
        size_t n;

        mv_model_explain(model, memo, &part, &n, &sum);
        for (size_t k = 0; k < n; k++) {
            sum += part[k].adds;
            OK(part[k].from < part[k].to && part[k].to <= strlen(message[i]));
        }
        NEAR(sum, opinion.score, 1e-5);
        OK(mv_memo_new(&fresh, model) == MV_OK);
        alone = judge(model, fresh, message[i]);
        OK(alone.score == opinion.score);
        mv_memo_free(fresh);
    }
}

static void check_spellings(const struct mv_model *model, struct mv_memo *memo)
{
    static const char *const SAME[] = {
        "¿Podrías enviarme el plano del horno? Lo necesito el martes.",
        "¿PODRÍAS ENVIARME EL PLANO DEL HORNO? LO NECESITO EL MARTES.",
        "¿Podrias enviarme el plano del horno? Lo necesito el martes.",
        "¿Podri\xCC\x81"
        "as enviarme el plano del horno? Lo necesito el "
        "martes.\n",
        "¿Podrías\xC2\xA0"
        "enviarme  el\nplano del horno? Lo necesito el "
        "martes.\xE2\x80\x8B",
    };
    struct mv_opinion first = judge(model, memo, SAME[0]);

    for (size_t i = 1; i < sizeof SAME / sizeof *SAME; i++) {
        struct mv_opinion opinion = judge(model, memo, SAME[i]);

        OK(opinion.score == first.score && opinion.verdict == first.verdict);
    }
}

static void check_special(const struct mv_model *model, struct mv_memo *memo)
{
    struct mv_opinion opinion = judge(model, memo, " \n\t");
    struct mv_buffer reason = {0};
    struct mv_span dutch =
        mv_span_of("Goedemorgen, ik zou graag willen weten of er nog plaats is "
                   "in de cursus van maandag");

    EQ(opinion.verdict, MV_VERDICT_NO_NOTE);
    OK(isnan(opinion.score) && isnan(opinion.probability));
    opinion = judge(model, memo,
                    "I'd like to add you to my professional network on "
                    "LinkedIn.");
    EQ(opinion.verdict, MV_VERDICT_NO_PURPOSE);
    OK(opinion.canned && opinion.probability == 0);
    EQ(mv_model_score(model, memo, dutch, &opinion, NULL), MV_OK);
    EQ(opinion.language, MV_LANG_OTHER);
    EQ(opinion.verdict, MV_VERDICT_UNSURE);
    EQ(mv_model_score(model, memo, (struct mv_span){"\xFF", 1}, &opinion, NULL),
       MV_FORMAT);
    opinion = judge(model, memo, message[1]);
    EQ(mv_model_reason(model, memo, mv_span_of(message[1]), &opinion, &reason),
       MV_OK);
    OK(reason.len > 0 && !strchr(reason.at, '\n'));
    mv_buffer_release(&reason);
}

static void check_refusals(void)
{
    struct mv_fit_options options = {.seed = 1, .threads = 1};
    struct mv_fit_example bad[N];
    struct mv_model *model = NULL;
    struct mv_error error = {0};

    EQ(mv_model_fit(&model, example, 5, &options, NULL, &error), MV_DATA);
    OK(strstr(error.message, "15 more") != NULL);
    memcpy(bad, example, sizeof bad);
    for (int i = 0; i < N; i++)
        bad[i].label = 1;
    mv_error_clear(&error);
    EQ(mv_model_fit(&model, bad, N, &options, NULL, &error), MV_DATA);
    OK(strstr(error.message, "0 no-purpose") != NULL);
    memcpy(bad, example, sizeof bad);
    bad[3].message = (struct mv_span){"\xC3(", 2};
    EQ(mv_model_fit(&model, bad, N, &options, NULL, NULL), MV_FORMAT);
    OK(model == NULL);
}

static bool stop(void *payload, const char *what, double done)
{
    (void)what;
    (void)done;
    ++*(int *)payload;
    return false;
}

int main(void)
{
    struct mv_model *model;
    struct mv_memo *memo = NULL;

    make_examples();
    model = fit(2, 1);
    OK(mv_memo_new(&memo, model) == MV_OK);
    TEST("it learns") check_learnt(model, memo);
    TEST("same seed, same bytes, any threads") check_bytes(model);
    TEST("a learning curve") check_curve(model);
    TEST("a read model is the written one") check_same(model, memo);
    TEST("damaged files are refused") check_damage(model);
    TEST("a file of the first format is read") check_old();
    TEST("it carries a reference") check_reference(model, memo);
    TEST("models of other concepts") check_concepts(model);
    TEST("parts sum to the score") check_parts(model, memo);
    TEST("spelling does not matter") check_spellings(model, memo);
    TEST("no note, canned text, foreign language") check_special(model, memo);
    TEST("too little to learn from") check_refusals();
    TEST("voices keep to one fold") check_voices();
    TEST("copies keep to the voice") check_joined();
    TEST("a fit can be stopped")
    {
        int asked = 0;
        struct mv_fit_options options = {
            .threads = 1, .step = stop, .payload = &asked};
        struct mv_model *none = NULL;

        EQ(mv_model_fit(&none, example, N, &options, NULL, NULL), MV_STOPPED);
        OK(asked > 0 && none == NULL);
    }
    mv_memo_free(memo);
    mv_model_free(model);
    return test_end();
}
