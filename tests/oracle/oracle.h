/* Reads the tables that scripts/make-oracles wrote: one line of names, then
 * lines of numbers. Tests run in the root of the repository. */
#ifndef MV_ORACLE_H
#define MV_ORACLE_H

#include <stdio.h>
#include <stdlib.h>

/* All numbers, row by row; *rows counts the rows. The caller frees it. Ends
 * the test program when the file is not as it should be. */
static inline double *oracle_read(const char *name, size_t columns,
                                  size_t *rows)
{
    char path[256], line[1024], *at, *end;
    double *all = NULL;
    size_t used = 0;
    FILE *in;

    snprintf(path, sizeof path, "tests/oracle/%s", name);
    in = fopen(path, "r");
    if (!in || !fgets(line, sizeof line, in)) {
        printf("cannot read '%s'\n", path);
        exit(1);
    }
    while (fgets(line, sizeof line, in)) {
        all = realloc(all, (used + columns) * sizeof *all);
        if (!all)
            exit(1);
        at = line;
        for (size_t c = 0; c < columns; c++, at = end + 1) {
            all[used++] = strtod(at, &end);
            if (end == at) {
                printf("'%s': expected %zu numbers: %s", path, columns, line);
                exit(1);
            }
        }
    }
    fclose(in);
    *rows = used / columns;
    return all;
}

#endif
