#include "motivo_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

const char *mv_version(void)
{
    return MV_VERSION;
}

int64_t mv_facade_now(void)
{
    return (int64_t)time(NULL);
}

struct mv_columns mv_facade_columns(const struct mv_mapping *mapping)
{
    return (struct mv_columns){
        .text = mapping->text,
        .label = mapping->label,
        .positive = mapping->positive,
        .lang = mapping->lang,
        .name = mapping->name,
        .url = mapping->url,
        .date = mapping->date,
    };
}

/* --- pages ---------------------------------------------------------------- */

enum mv_status mv_page_write(const struct mv_page *page, enum mv_format format,
                             FILE *out, struct mv_error *error)
{
    if (format == MV_FORMAT_JSON)
        return mv_json_write(page->json, out, true, error);
    if (page->form != (format == MV_FORMAT_HTML       ? MV_REPORT_HTML
                       : format == MV_FORMAT_MARKDOWN ? MV_REPORT_MARKDOWN
                                                      : MV_REPORT_TEXT))
        return mv_error_set(error, MV_RANGE, NULL, 0,
                            "the page was not made in that format");
    if (fwrite(page->text.at ? page->text.at : "", 1, page->text.len, out) !=
        page->text.len)
        return mv_error_set(error, MV_IO, NULL, 0, "output was refused");
    return MV_OK;
}

enum mv_status mv_page_number(const struct mv_page *page, const char *path,
                              double *out, struct mv_error *error)
{
    return mv_report_number(page, path, out, error);
}

void mv_page_free(struct mv_page *page)
{
    mv_report_free(page);
}

enum mv_status mv_facade_page(struct mv_page **out, struct mv_error *error)
{
    enum mv_status status = mv_report_new(out);

    return status == MV_OK
               ? MV_OK
               : mv_error_set(error, status, NULL, 0, "out of memory");
}

enum mv_status mv_facade_finish(struct mv_page **out, struct mv_page *page,
                                enum mv_status status, struct mv_error *error)
{
    if (status == MV_OK) {
        *out = page;
        return MV_OK;
    }
    mv_report_free(page);
    return mv_error_set(error, status, NULL, 0, "%s", mv_status_name(status));
}

/* --- the database --------------------------------------------------------- */

enum mv_status mv_open(struct motivo **out, const char *path, bool create,
                       struct mv_error *error)
{
    struct mv_store_options options = {.create = create};
    struct motivo *motivo = calloc(1, sizeof *motivo);
    enum mv_status status = MV_NOMEM;

    if (motivo)
        motivo->path = strdup(path);
    if (!motivo || !motivo->path)
        mv_error_set(error, MV_NOMEM, NULL, 0, "out of memory");
    else
        status = mv_store_open(&motivo->store, path, &options, error);
    if (status != MV_OK) {
        mv_close(motivo);
        return status;
    }
    *out = motivo;
    return MV_OK;
}

void mv_close(struct motivo *motivo)
{
    if (!motivo)
        return;
    mv_store_close(motivo->store);
    free(motivo->path);
    free(motivo);
}

/* --- models --------------------------------------------------------------- */

enum mv_status mv_model_open(struct mv_model **out, const char *path,
                             struct mv_error *error)
{
    FILE *file = fopen(path, "rb");
    enum mv_status status;

    if (!file)
        return mv_error_set(error, MV_IO, path, 0,
                            "the model file cannot be opened: %s",
                            strerror(errno));
    status = mv_model_read(out, file, path, error);
    fclose(file);
    return status;
}

void mv_model_close(struct mv_model *model)
{
    mv_model_free(model);
}

enum mv_status mv_model_active(struct mv_model **out, struct motivo *motivo,
                               struct mv_error *error)
{
    struct mv_arena arena = {0};
    struct mv_model_row row;
    enum mv_status status =
        mv_store_get_model(motivo->store, 0, &arena, &row, NULL);
    char *path = NULL;

    if (status == MV_NOTFOUND)
        mv_error_set(error, status, motivo->path, 0,
                     "no model is active yet: run 'motivo train' first");
    else if (status != MV_OK)
        mv_error_set(error, status, motivo->path, 0,
                     "the active model cannot be looked up");
    if (status == MV_OK)
        path = mv_facade_beside(motivo, row.file);
    if (status == MV_OK)
        status = path ? mv_model_open(out, path, error) : MV_NOMEM;
    free(path);
    mv_arena_release(&arena);
    return status;
}

/* --- judging -------------------------------------------------------------- */

enum mv_status mv_scratch_new(struct mv_scratch **out,
                              const struct mv_model *model)
{
    struct mv_scratch *scratch = calloc(1, sizeof *scratch);
    enum mv_status status =
        scratch ? mv_memo_new(&scratch->memo, model) : MV_NOMEM;

    if (status == MV_OK)
        *out = scratch;
    else
        mv_scratch_free(scratch);
    return status;
}

void mv_scratch_free(struct mv_scratch *scratch)
{
    if (!scratch)
        return;
    mv_memo_free(scratch->memo);
    mv_buffer_release(&scratch->reason);
    free(scratch);
}

enum mv_status mv_judge(const struct mv_model *model,
                        struct mv_scratch *scratch, const char *message,
                        size_t len, struct mv_judgement *out,
                        struct mv_error *error)
{
    struct mv_span span = {message, len};
    struct mv_opinion opinion;
    enum mv_status status =
        mv_model_score(model, scratch->memo, span, &opinion, error);

    if (status != MV_OK)
        return status;
    mv_buffer_clear(&scratch->reason);
    if (mv_buffer_reserve(&scratch->reason, 0) != MV_OK ||
        mv_model_reason(model, scratch->memo, span, &opinion,
                        &scratch->reason) != MV_OK)
        return mv_error_set(error, MV_NOMEM, NULL, 0, "out of memory");
    *out = (struct mv_judgement){
        .verdict = opinion.verdict,
        .action = mv_verdict_action(opinion.verdict),
        .probability = opinion.probability,
        .score = opinion.score,
        .language = mv_lang_name(opinion.language),
        .reason = scratch->reason.at,
    };
    return MV_OK;
}

/* Fills a page with what memo knows of the message it scored last. */
static enum mv_status explain(const struct mv_model *model,
                              struct mv_memo *memo, struct mv_span message,
                              struct mv_page *page, struct mv_error *error)
{
    struct mv_opinion opinion;
    struct mv_buffer reason = {0};
    struct mv_report_explanation e = {.message = message, .opinion = &opinion};
    enum mv_status status =
        mv_model_score(model, memo, message, &opinion, error);

    if (status == MV_OK)
        status = mv_buffer_reserve(&reason, 0);
    if (status == MV_OK)
        status = mv_model_reason(model, memo, message, &opinion, &reason);
    if (status == MV_OK) {
        e.thresholds = &mv_model_record(model)->thresholds;
        e.reason = reason.at;
        mv_model_explain(model, memo, &e.parts, &e.n, &e.constant);
        status = mv_report_explain(page, &e);
    }
    mv_buffer_release(&reason);
    return status;
}

enum mv_status mv_explain(const struct mv_model *model, const char *message,
                          size_t len, struct mv_page **out,
                          struct mv_error *error)
{
    struct mv_page *page = NULL;
    struct mv_memo *memo = NULL;
    enum mv_status status = mv_facade_page(&page, error);

    if (status == MV_OK)
        status = mv_memo_new(&memo, model);
    if (status == MV_OK)
        status =
            explain(model, memo, (struct mv_span){message, len}, page, error);
    mv_memo_free(memo);
    return mv_facade_finish(out, page, status, error);
}

/* --- small things that several files need --------------------------------- */

void mv_facade_time(int64_t at, char *text)
{
    time_t seconds = (time_t)at;
    struct tm utc;

    text[0] = '\0';
    if (at != MV_NO_TIME && gmtime_r(&seconds, &utc))
        strftime(text, MV_FACADE_TIME, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

char *mv_facade_beside(const struct motivo *motivo, const char *name)
{
    const char *slash = strrchr(motivo->path, '/');
    size_t folder =
        slash && name[0] != '/' ? (size_t)(slash - motivo->path) + 1 : 0;
    char *path = malloc(folder + strlen(name) + 1);

    if (path) {
        memcpy(path, motivo->path, folder);
        memcpy(path + folder, name, strlen(name) + 1);
    }
    return path;
}
