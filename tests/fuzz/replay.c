/* Runs a fuzz target over its seeds without libFuzzer, and over any files that
 * are named: how a failing input is looked at. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int passed, failed;

/* The target gets a block of exactly its size, so that sanitizers see a read
 * beyond it. */
static int run(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = NULL;
    long size = -1;
    int done = 0;

    /* Told beforehand: a target that fails does not come back. */
    printf("%s\n", path);
    fflush(stdout);
    if (file && fseek(file, 0, SEEK_END) == 0)
        size = ftell(file);
    if (size >= 0 && fseek(file, 0, SEEK_SET) == 0)
        data = malloc(size ? (size_t)size : 1);
    if (data && fread(data, 1, (size_t)size, file) == (size_t)size) {
        LLVMFuzzerTestOneInput(data, (size_t)size);
        done = 1;
    }
    free(data);
    if (file)
        fclose(file);
    return done;
}

static void count(const char *path)
{
    if (run(path))
        passed++;
    else
        failed++;
}

static void run_folder(const char *folder)
{
    struct dirent **entries;
    int n = scandir(folder, &entries, NULL, alphasort), i;

    for (i = 0; i < n; i++) {
        size_t size = strlen(folder) + strlen(entries[i]->d_name) + 2;
        char *path = malloc(size);

        if (path && entries[i]->d_name[0] != '.') {
            snprintf(path, size, "%s/%s", folder, entries[i]->d_name);
            count(path);
        }
        free(path);
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
}

int main(int argc, char **argv)
{
    int i;

    for (i = 1; i < argc; i++)
        count(argv[i]);
    if (argc < 2)
        run_folder(SEEDS);
    printf("%d passed, %d failed\n", passed, failed);
    return failed || !passed;
}
