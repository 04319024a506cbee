#include "arena.h"
#include "invite.h"
#include "test.h"

#include <stdint.h>
#include <stdlib.h>

int main(void)
{
    TEST("the first error wins and is one line")
    {
        struct mv_error error = {0};

        EQ(mv_error_set(&error, MV_IO, "a.csv", 7, "no\ncolumn %d", 3), MV_IO);
        EQ(mv_error_set(&error, MV_DB, "b", 1, "later"), MV_DB);
        EQ(error.code, MV_IO);
        EQ(error.line, 7);
        STR(error.source, "a.csv");
        STR(error.message, "no?column 3");
        EQ(mv_error_set(NULL, MV_RANGE, NULL, 0, "x"), MV_RANGE);
        mv_error_clear(&error);
        EQ(error.code, MV_OK);
    }
    TEST("a long source keeps its end")
    {
        struct mv_error error = {0};
        char path[400];

        memset(path, 'd', sizeof path);
        memcpy(path + sizeof path - 6, "/x.csv", 6);
        path[sizeof path - 1] = 'v';
        path[399] = '\0';
        mv_error_set(&error, MV_IO, path, 0, "m");
        EQ(strlen(error.source), sizeof error.source - 1);
        OK(strncmp(error.source, "...", 3) == 0);
    }
    TEST("buffers grow and stay NUL-terminated")
    {
        struct mv_buffer buffer = {0};

        for (int i = 0; i < 1000; i++)
            EQ(mv_buffer_puts(&buffer, "abc"), MV_OK);
        EQ(buffer.len, 3000);
        EQ(strlen(buffer.at), 3000);
        EQ(mv_buffer_reserve(&buffer, SIZE_MAX - 10), MV_NOMEM);
        EQ(buffer.len, 3000);
        mv_buffer_clear(&buffer);
        STR(buffer.at, "");
        mv_buffer_release(&buffer);
        mv_buffer_release(NULL);
    }
    TEST("arena items are zeroed, aligned and apart")
    {
        struct mv_arena arena = {0};
        char *big = mv_arena_alloc(&arena, 200000);
        char *last = NULL;

        OK(big && big[0] == 0 && big[199999] == 0);
        for (int i = 0; i < 10000; i++) {
            char *item = mv_arena_alloc(&arena, (size_t)(i % 40));

            OK(item && (uintptr_t)item % sizeof(double) == 0);
            OK(item != last || i % 40 == 1);
            last = item;
        }
        STR(mv_arena_copy(&arena, mv_span_of("hola")), "hola");
        OK(mv_arena_alloc(&arena, SIZE_MAX) == NULL);
        mv_arena_release(&arena);
        mv_arena_release(NULL);
    }
    TEST("spans")
    {
        OK(mv_span_equal(mv_span_of(NULL), mv_span_of("")));
        OK(!mv_span_equal(mv_span_of("a"), mv_span_of("b")));
        OK(mv_span_equal(mv_span_trim(mv_span_of(" \t a b\r\n")),
                         mv_span_of("a b")));
    }
    TEST("words of labels, kinds and actions")
    {
        enum mv_label label = MV_LABEL_UNSURE;

        EQ(mv_label_parse("purpose", &label), MV_OK);
        EQ(label, MV_LABEL_PURPOSE);
        EQ(mv_label_parse("Purpose", &label), MV_NOTFOUND);
        EQ(mv_kind_find("met")->label, MV_LABEL_PURPOSE);
        EQ(mv_kind_find("mass-pitch")->label, MV_LABEL_NO_PURPOSE);
        OK(!mv_kind_find("nothing") && !mv_kind_find(NULL));
        EQ(mv_verdict_action(MV_VERDICT_PURPOSE), MV_ACTION_REPLY);
        EQ(mv_verdict_action(MV_VERDICT_UNSURE), MV_ACTION_REVIEW);
        EQ(mv_verdict_action(MV_VERDICT_NO_NOTE), MV_ACTION_ACCEPT);
        STR(mv_verdict_name(MV_VERDICT_NO_NOTE), "no-note");
    }
    return test_end();
}
