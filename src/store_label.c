/* Labels as history, and the examples that follow from them. */
#include "store_sql.h"

#include <stdint.h>
#include <string.h>

static const char *const CHOSEN[] = {"file",   "starter", "set",    "audit",
                                     "random", "newest",  "unsure", "suspect",
                                     "again",  "copy"};

const char *mv_store_chosen_name(enum mv_chosen chosen)
{
    return CHOSEN[chosen];
}

enum mv_chosen mv_store_chosen(const char *word)
{
    for (size_t i = 0; word && i < sizeof CHOSEN / sizeof *CHOSEN; i++)
        if (strcmp(word, CHOSEN[i]) == 0)
            return (enum mv_chosen)i;
    return MV_CHOSEN_FILE;
}

enum mv_status mv_store_add_label(struct mv_store *store,
                                  const struct mv_labelling *label, bool told,
                                  int64_t *id, struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_LABEL_ADD);
    enum mv_status status;

    mv_store_bind_int(&query, 1, label->invitation);
    mv_store_bind_text(&query, 2, label->annotator);
    mv_store_bind_int(&query, 3, label->value);
    mv_store_bind_text(&query, 4, label->kind);
    mv_store_bind_int(&query, 5, label->at);
    mv_store_bind_text(&query, 6, mv_store_chosen_name(label->chosen));
    mv_store_bind_id(&query, 7, label->undoes);
    mv_store_bind_id(&query, 8, label->act);
    mv_store_bind_int(&query, 9, told);
    mv_store_step(&query);
    if (query.rc == SQLITE_CONSTRAINT_FOREIGNKEY) {
        mv_store_end(&query, NULL);
        return mv_error_set(error, MV_NOTFOUND, store->path, 0,
                            "there is no invitation %lld",
                            (long long)label->invitation);
    }
    status = mv_store_end(&query, error);
    if (status == MV_OK && id)
        *id = sqlite3_last_insert_rowid(store->db);
    return status;
}

static enum mv_status check(struct mv_store *store,
                            const struct mv_labelling *label,
                            struct mv_error *error)
{
    if (!label->annotator || !*label->annotator ||
        (unsigned)label->value > MV_LABEL_UNSURE ||
        (unsigned)label->chosen > MV_CHOSEN_COPY)
        return mv_error_set(error, MV_RANGE, store->path, 0,
                            "a label needs an annotator and a known value");
    return MV_OK;
}

enum mv_status mv_store_put_label(struct mv_store *store,
                                  const struct mv_labelling *label,
                                  struct mv_error *error)
{
    struct mv_labelling one = *label;
    enum mv_status status = check(store, label, error);

    one.undoes = 0;
    one.act = 0;
    return status == MV_OK ? mv_store_add_label(store, &one, false, NULL, error)
                           : status;
}

enum mv_status mv_store_put_act(struct mv_store *store,
                                const struct mv_labelling *labels, size_t n,
                                struct mv_error *error)
{
    int64_t first = 0;
    bool own = false;
    enum mv_status status = mv_store_enter(store, &own, error);

    if (status != MV_OK)
        return status;
    for (size_t i = 0; status == MV_OK && i < n; i++) {
        struct mv_labelling one = labels[i];

        one.undoes = 0;
        one.act = first;
        status = check(store, &one, error);
        if (status == MV_OK)
            status = mv_store_add_label(store, &one, false, i ? NULL : &first,
                                        error);
    }
    return mv_store_leave(store, own, status, error);
}

static void read_example(struct mv_query *query, struct mv_example *out)
{
    *out = (struct mv_example){
        .id = mv_store_int(query, 0),
        .key = {(uint64_t)mv_store_int(query, 1),
                (uint64_t)mv_store_int(query, 2)},
        .message = mv_store_text(query, 3),
        .message_len = (size_t)sqlite3_column_bytes(query->statement, 3),
        .label = (enum mv_label)mv_store_int(query, 4),
        .kind = mv_store_text(query, 5),
        .lang = mv_store_text(query, 6),
        .origin = (enum mv_origin)mv_store_int(query, 7),
        .direction = (enum mv_direction)mv_store_int(query, 8),
        .starter = mv_store_int(query, 9) != 0,
        .audit = mv_store_int(query, 10) != 0,
        .run = mv_store_int(query, 11)};
}

enum mv_status
mv_store_each_example(struct mv_store *store, int64_t upto,
                      enum mv_status (*each)(const struct mv_example *, void *),
                      void *payload, struct mv_error *error)
{
    struct mv_query query = mv_store_query(store, ST_EXAMPLE_EACH);
    enum mv_status status = MV_OK, ended;

    mv_store_bind_int(&query, 1, upto ? upto : INT64_MAX);
    while (status == MV_OK && mv_store_step(&query)) {
        struct mv_example example;

        read_example(&query, &example);
        if (query.rc == SQLITE_ROW)
            status = each(&example, payload);
    }
    ended = mv_store_end(&query, error);
    return status != MV_OK ? status : ended;
}
