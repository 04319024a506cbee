/* Whether a model can be made again from what is on record. */
#include "report_text.h"

static void put(struct mv_json *json, const struct mv_report_verification *v)
{
    mv_json_begin_object(json, NULL);
    mv_json_put_integer(json, "model", v->model->id);
    mv_json_put_bool(json, "equal", v->equal);
    mv_json_put_text(json, "recorded_sha256", v->model->sha256);
    mv_json_put_text(json, "file_sha256",
                     v->file_missing ? NULL : v->file_sha256);
    mv_json_put_text(json, "again_sha256",
                     *v->again_sha256 ? v->again_sha256 : NULL);
    mv_json_put_bool(json, "file_missing", v->file_missing);
    mv_json_put_bool(json, "file_changed", v->file_changed);
    mv_json_put_bool(json, "labels_differ", v->labels_differ);
    mv_json_put_bool(json, "options_differ", v->options_differ);
    mv_json_put_integer(json, "labels", v->labels);
    mv_json_put_integer(json, "labels_then", v->labels_then);
    mv_json_end(json);
}

static void say_labels(struct mv_page *page,
                       const struct mv_report_verification *v)
{
    if (v->labels != v->labels_then)
        mv_report_say(page, "  - ",
                      "the labels: %ld were learnt, %ld of that time are here "
                      "now (some were erased, withdrawn or moved to the audit "
                      "sample)",
                      v->labels_then, v->labels);
    else
        mv_report_say(page, "  - ",
                      "the labels: as many as then, %ld, but not the same ones",
                      v->labels);
    mv_report_say(page, "    ",
                  "so it was not trained again: motivo train "
                  "makes a model of the labels of today");
}

/* What is left when labels, options and file are as they were. */
static bool is_program(const struct mv_report_verification *v)
{
    return *v->again_sha256 && !v->options_differ &&
           mv_span_equal(mv_span_of(v->model->sha256),
                         mv_span_of(v->again_sha256)) == false;
}

static void say_differences(struct mv_page *page,
                            const struct mv_report_verification *v)
{
    mv_report_put(page, "\nWhat differs\n");
    if (v->file_missing)
        mv_report_say(page, "  - ", "the file is not there, or not readable");
    if (v->file_changed)
        mv_report_say(page, "  - ",
                      "the file: it is not the one that was written "
                      "(damaged, or put in its place)");
    if (v->options_differ)
        mv_report_say(page, "  - ",
                      "the options: those in the file are not "
                      "those on record");
    if (v->labels_differ)
        say_labels(page, v);
    if (is_program(v))
        mv_report_say(page, "  - ",
                      "the program: from the same labels and options this one "
                      "(motivo %s) makes another model than the one that "
                      "trained it",
                      MV_VERSION);
}

enum mv_status mv_report_verify(struct mv_page *page,
                                const struct mv_report_verification *v)
{
    put(page->json, v);
    if (v->equal)
        mv_report_say(page, "",
                      "Model %lld is equal: trained again from its %ld labels "
                      "and its options it is the same, byte for byte.",
                      (long long)v->model->id, v->labels);
    else
        mv_report_say(page, "", "Model %lld is different.",
                      (long long)v->model->id);
    mv_report_put(page, "  recorded  %s\n",
                  mv_report_clean(page, v->model->sha256, 0));
    mv_report_put(page, "  file      %s\n",
                  v->file_missing ? "-" : v->file_sha256);
    mv_report_put(page, "  again     %s\n",
                  *v->again_sha256 ? v->again_sha256 : "-");
    if (!v->equal)
        say_differences(page, v);
    return mv_report_finish(page);
}
