#include "model_parts.h"
#include "test.h"

#include <stdlib.h>

enum { FEW = 1000, MANY = 5000 };

static int8_t label[MANY];

/* A selection over n messages of which every second is purpose. */
static struct mv_selection make(struct mv_matrix *matrix, size_t n)
{
    matrix->rows.n = n;
    for (size_t i = 0; i < n; i++)
        label[i] = (int8_t)(i % 2);
    return (struct mv_selection){.matrix = matrix, .label = label};
}

static void rate(struct mv_selection *selection, const float *mcc)
{
    for (size_t t = 0; t < selection->path; t++)
        selection->trial[t].mcc = mcc[t];
}

int main(void)
{
    struct mv_matrix matrix = {0};
    struct mv_selection selection;

    TEST("few messages try the whole path, many leave out the smallest costs")
    {
        double last;

        selection = make(&matrix, FEW);
        mv_selection_plan(&selection, false);
        EQ(selection.path, 7);
        last = (double)selection.trial[6].c;
        selection = make(&matrix, MANY);
        mv_selection_plan(&selection, false);
        EQ(selection.path, 4);
        NEAR((double)selection.trial[3].c, last, 1e-9);
        mv_selection_plan(&selection, true);
        EQ(selection.path, 7);
        NEAR((double)selection.trial[6].c, last, 1e-9);
    }
    TEST("what was left out is asked for when the path's first trial is best")
    {
        selection = make(&matrix, MANY);
        mv_selection_plan(&selection, false);
        rate(&selection, (const float[]){0.7f, 0.8f, 0.8f, 0.7f});
        OK(!mv_selection_is_cut_short(&selection));
        rate(&selection, (const float[]){0.8f, 0.7f, 0.6f, 0.5f});
        OK(mv_selection_is_cut_short(&selection));
        mv_selection_plan(&selection, true);
        rate(&selection, (const float[]){0.8f, 0.7f, 0.6f, 0.5f, 0.4f, 0.3f,
                                         0.2f});
        OK(!mv_selection_is_cut_short(&selection));
    }
    TEST("of trials that differ by noise the smaller cost is taken")
    {
        selection = make(&matrix, MANY);
        mv_selection_plan(&selection, false);
        rate(&selection, (const float[]){0.7f, 0.8f, 0.8f, 0.8f});
        EQ(mv_selection_best(&selection, selection.trial), 2);
        rate(&selection, (const float[]){0.7f, 0.8f, 0.8f, 0.80005f});
        EQ(mv_selection_best(&selection, selection.trial), 2);
        rate(&selection, (const float[]){0.7f, 0.8f, 0.8f, 0.81f});
        EQ(mv_selection_best(&selection, selection.trial), 3);
    }
    return test_end();
}
