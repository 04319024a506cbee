/* Reading: whatever a path holds, as records. */
#include "motivo_parts.h"

#include "archive.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/* The files of an export that hold invitations, in the order in which they
 * must be read: openings need to know when somebody became a contact, and
 * which notes are there already. */
static const char *const KNOWN[] = {"Connections.csv", "Invitations.csv",
                                    "messages.csv"};

/* --- what is it? ---------------------------------------------------------- */

static bool ends_with(const char *path, const char *suffix)
{
    size_t len = strlen(path), end = strlen(suffix);

    return len >= end && strcasecmp(path + len - end, suffix) == 0;
}

/* Whether the bytes begin like a mail: an mbox line, or "Header-Name: ". */
static bool is_mail(const char *at, size_t len)
{
    size_t i = 0;

    if (len > 5 && memcmp(at, "From ", 5) == 0)
        return true;
    while (i < len && (at[i] == '-' || (at[i] >= 'A' && at[i] <= 'Z') ||
                       (at[i] >= 'a' && at[i] <= 'z')))
        i++;
    return i > 1 && i + 1 < len && at[i] == ':' && at[i + 1] == ' ';
}

static enum mv_input input_of(const char *path, const char *at, size_t len)
{
    size_t first = 0;

    if (mv_archive_is_zip((struct mv_span){at, len}) || ends_with(path, ".zip"))
        return MV_INPUT_ARCHIVE;
    if (ends_with(path, ".eml") || ends_with(path, ".mbox"))
        return MV_INPUT_MAIL;
    if (ends_with(path, ".jsonl") || ends_with(path, ".ndjson"))
        return MV_INPUT_JSONL;
    if (ends_with(path, ".csv"))
        return MV_INPUT_CSV;
    while (first < len && strchr(" \t\r\n", at[first]) && at[first])
        first++;
    if (first < len && at[first] == '{')
        return MV_INPUT_JSONL;
    return is_mail(at, len) ? MV_INPUT_MAIL : MV_INPUT_CSV;
}

/* Standard input can be looked at one character deep. */
static enum mv_input sniff_stdin(void)
{
    int c = getc(stdin);

    if (c != EOF)
        ungetc(c, stdin);
    return c == '{' ? MV_INPUT_JSONL : MV_INPUT_CSV;
}

enum mv_status mv_facade_sniff(const char *path, enum mv_input *out,
                               struct mv_error *error)
{
    struct stat info;
    char head[512];
    FILE *file;

    if (strcmp(path, "-") == 0) {
        *out = sniff_stdin();
        return MV_OK;
    }
    if (stat(path, &info) != 0)
        return mv_error_set(error, MV_IO, path, 0, "cannot open: %s",
                            strerror(errno));
    if (S_ISDIR(info.st_mode)) {
        *out = MV_INPUT_ARCHIVE;
        return MV_OK;
    }
    file = fopen(path, "rb");
    if (!file)
        return mv_error_set(error, MV_IO, path, 0, "cannot open: %s",
                            strerror(errno));
    *out = MV_INPUT_CSV;
    if (S_ISREG(info.st_mode))
        *out = input_of(path, head, fread(head, 1, sizeof head, file));
    fclose(file);
    return MV_OK;
}

/* --- reading -------------------------------------------------------------- */

static enum mv_status read_source(struct mv_source *source, const char *name,
                                  enum mv_input input,
                                  const struct mv_intake *intake,
                                  struct mv_error *error)
{
    struct mv_tally tally = {0};
    enum mv_status status = MV_OK;

    if (intake->start)
        status = intake->start(intake->payload, name, error);
    if (status != MV_OK)
        return status;
    if (input == MV_INPUT_JSONL)
        status = mv_linkedin_read_jsonl(source, intake->options, intake->sink,
                                        &tally, error);
    else if (input == MV_INPUT_MAIL)
        status = mv_linkedin_read_mail(source, intake->options, intake->sink,
                                       &tally, error);
    else
        status = mv_linkedin_read_csv(source, intake->options, intake->sink,
                                      &tally, error);
    if (status == MV_OK && intake->finish)
        status = intake->finish(intake->payload, name,
                                mv_source_encoding(source), &tally, error);
    return status;
}

static enum mv_status read_member(struct mv_archive *archive, size_t index,
                                  const struct mv_intake *intake,
                                  struct mv_error *error)
{
    struct mv_archive_member *member = NULL;
    struct mv_source *source = NULL;
    const char *name = mv_archive_name(archive, index);
    enum mv_status status =
        mv_archive_open_member(archive, index, &member, error);

    if (status != MV_OK)
        return status;
    status = mv_source_open_file(&source, name, mv_archive_file(member), error);
    if (status == MV_OK)
        status = read_source(source, name, MV_INPUT_CSV, intake, error);
    if (status != MV_OK && mv_archive_failure(member)) {
        /* The reader saw a broken stream; the archive knows why. */
        status = mv_archive_failure(member)->code;
        if (error)
            *error = *mv_archive_failure(member);
    }
    mv_source_close(source);
    mv_archive_close_member(member);
    return status;
}

static enum mv_status read_archive(const char *path,
                                   const struct mv_intake *intake,
                                   struct mv_error *error)
{
    struct mv_archive *archive = NULL;
    enum mv_status status = mv_archive_open(&archive, path, error);
    int found = 0;

    for (size_t k = 0; status == MV_OK && k < sizeof KNOWN / sizeof *KNOWN;
         k++) {
        ptrdiff_t index = mv_archive_find(archive, KNOWN[k]);

        if (index < 0)
            continue;
        found++;
        status = read_member(archive, (size_t)index, intake, error);
    }
    if (status == MV_OK && !found)
        status = mv_error_set(error, MV_FORMAT, path, 0,
                              "none of its %zu files is Invitations.csv, "
                              "Connections.csv or messages.csv: is this "
                              "LinkedIn's export?",
                              mv_archive_count(archive));
    mv_archive_close(archive);
    return status;
}

/* alphasort would follow the locale. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_table(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && ends_with(entry->d_name, ".csv");
}

static enum mv_status read_file(const char *path, enum mv_input input,
                                const struct mv_intake *intake,
                                struct mv_error *error)
{
    struct mv_source *source = NULL;
    enum mv_status status = mv_source_open(&source, path, error);

    if (status == MV_OK)
        status =
            read_source(source, mv_source_name(source), input, intake, error);
    mv_source_close(source);
    return status;
}

enum mv_status mv_facade_read_tables(const char *folder,
                                     const struct mv_intake *intake,
                                     struct mv_error *error)
{
    struct dirent **entry = NULL;
    int n = scandir(folder, &entry, is_table, by_name);
    enum mv_status status = MV_OK;

    if (n < 0)
        return mv_error_set(error, MV_IO, folder, 0, "cannot open: %s",
                            strerror(errno));
    if (n == 0)
        status = mv_error_set(error, MV_NOTFOUND, folder, 0,
                              "no .csv file in this folder");
    for (int i = 0; i < n; i++) {
        char *path = NULL;

        if (status == MV_OK &&
            asprintf(&path, "%s/%s", folder, entry[i]->d_name) < 0)
            status = mv_error_set(error, MV_NOMEM, NULL, 0, "out of memory");
        if (status == MV_OK)
            status = read_file(path, MV_INPUT_CSV, intake, error);
        free(path);
        free(entry[i]);
    }
    free(entry);
    return status;
}

enum mv_status mv_facade_read(const char *path, const struct mv_intake *intake,
                              struct mv_error *error)
{
    enum mv_input input;
    enum mv_status status = mv_facade_sniff(path, &input, error);

    if (status != MV_OK)
        return status;
    if (input == MV_INPUT_ARCHIVE)
        return read_archive(path, intake, error);
    return read_file(path, input, intake, error);
}
