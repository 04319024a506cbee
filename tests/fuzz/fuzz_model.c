/* Fuzz target: any bytes as a model file. Length and checksum are put right, so
 * that what lies behind them is reached; what is read must judge and must be
 * written back as it was. */
#include "../../src/model_file.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
    if (!condition)
        abort();
}

/* The bytes with a frame that holds, as a file of that format. */
static char *frame(const uint8_t *data, size_t size, int version, size_t *len)
{
    char *bytes = malloc(HEAD + size + 8);
    uint64_t sum;

    memcpy(bytes, MAGIC, sizeof MAGIC);
    memset(bytes + 8, 0, 8);
    bytes[8] = (char)version;
    for (int i = 0; i < 4; i++)
        bytes[12 + i] = (char)(size >> 8 * i);
    memcpy(bytes + HEAD, data, size);
    sum = checksum(bytes, HEAD + size);
    for (int i = 0; i < 8; i++)
        bytes[HEAD + size + (size_t)i] = (char)(sum >> 8 * i);
    *len = HEAD + size + 8;
    return bytes;
}

static void use(const struct mv_model *model)
{
    static const char TEXT[] = "Hola Ana, could you send me the plan? Gracias";
    struct mv_memo *memo = NULL;
    struct mv_opinion opinion;
    struct mv_span message = {TEXT, sizeof TEXT - 1};

    require(mv_memo_new(&memo, model) == MV_OK);
    require(mv_model_score(model, memo, message, &opinion, NULL) == MV_OK);
    require(opinion.verdict <= MV_VERDICT_NO_NOTE);
    mv_memo_free(memo);
}

static enum mv_status read_bytes(const void *bytes, size_t len,
                                 struct mv_model **model)
{
    FILE *file = fmemopen((void *)(size_t)bytes, len, "rb");
    enum mv_status status = mv_model_read(model, file, "fuzz", NULL);

    fclose(file);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mv_model *model = NULL;
    size_t len;
    char *bytes;

    if (size == 0)
        return 0;
    if (read_bytes(data, size, &model) == MV_OK)
        mv_model_free(model);
    model = NULL;
    for (int version = 1; version <= VERSION; version++) {
        bytes = frame(data, size, version, &len);
        if (read_bytes(bytes, len, &model) == MV_OK) {
            use(model);
            mv_model_free(model);
        }
        free(bytes);
    }
    return 0;
}
