#include "archive.h"

#include "archive_zip.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct entry {
    const char *name; /* from the archive's arena */
    int64_t at;       /* index within the ZIP */
    int depth;        /* folders above it */
};

struct mv_archive {
    struct mv_archive_zip *zip; /* NULL for a folder */
    int folder;                 /* descriptor of the folder, or -1 */
    char *path;
    struct entry *entries;
    size_t n, room;
    long seen; /* entries met, listed or not */
    struct mv_arena arena;
};

struct mv_archive_member {
    struct mv_archive_zip_file *zip; /* NULL for a file of a folder */
    int fd;                          /* or -1 */
    FILE *file;
    char *source; /* "archive.zip/member.csv", for errors */
    struct mv_error failure;
};

/* --- names --------------------------------------------------------------- */

static const char *base_of(const char *name)
{
    const char *slash = strrchr(name, '/');

    return slash ? slash + 1 : name;
}

static int depth_of(const char *name)
{
    int depth = 0;

    for (; *name; name++)
        depth += *name == '/';
    return depth;
}

/* The next character that counts, in lower case; 0 at the end. */
static int next_char(const char **at)
{
    char c;

    while (**at == ' ' || **at == '_')
        ++*at;
    c = **at;
    if (c)
        ++*at;
    return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

bool mv_archive_same_name(const char *a, const char *b)
{
    int x, y;

    a = base_of(a);
    b = base_of(b);
    do {
        x = next_char(&a);
        y = next_char(&b);
    } while (x == y && x);
    return x == y;
}

/* Names that could lead out of the archive. motivo never writes to them, but
 * who makes such an archive wants harm. */
static bool is_hostile(const char *name)
{
    const char *part = name;

    if (name[0] == '/' || strchr(name, '\\') ||
        (name[0] && name[1] == ':' && name[2] == '/'))
        return true;
    while (part) {
        if (strncmp(part, "..", 2) == 0 && (!part[2] || part[2] == '/'))
            return true;
        part = strchr(part, '/');
        part = part ? part + 1 : NULL;
    }
    return false;
}

/* --- listing ------------------------------------------------------------- */

static enum mv_status too_many(const struct mv_archive *archive,
                               struct mv_error *error)
{
    return mv_error_set(error, MV_FORMAT, archive->path, 0,
                        "more than %d entries: not a LinkedIn export",
                        MV_ARCHIVE_ENTRIES_MAX);
}

static enum mv_status add_entry(struct mv_archive *archive, const char *name,
                                int64_t at)
{
    if (archive->n == archive->room) {
        size_t room = archive->room ? 2 * archive->room : 64;
        struct entry *entries =
            realloc(archive->entries, room * sizeof *entries);

        if (!entries)
            return MV_NOMEM;
        archive->entries = entries;
        archive->room = room;
    }
    name = mv_arena_copy(&archive->arena, mv_span_of(name));
    if (!name)
        return MV_NOMEM;
    archive->entries[archive->n++] =
        (struct entry){.name = name, .at = at, .depth = depth_of(name)};
    return MV_OK;
}

static enum mv_status list_zip(struct mv_archive *archive,
                               struct mv_error *error)
{
    int64_t n = mv_archive_zip_count(archive->zip);
    enum mv_status status = MV_OK;

    if (n > MV_ARCHIVE_ENTRIES_MAX)
        return too_many(archive, error);
    for (int64_t i = 0; i < n && status == MV_OK; i++) {
        const char *name = mv_archive_zip_name(archive->zip, i);
        size_t len = name ? strlen(name) : 0;

        if (len == 0)
            continue;
        if (is_hostile(name))
            return mv_error_set(error, MV_FORMAT, archive->path, 0,
                                "member name '%.80s' leads out of the "
                                "archive: not a LinkedIn export",
                                name);
        if (name[len - 1] != '/' && depth_of(name) <= MV_ARCHIVE_DEPTH)
            status = add_entry(archive, name, i);
    }
    return status;
}

static enum mv_status list_folder(struct mv_archive *, int, const char *, int,
                                  struct mv_error *);

/* Lists what stands in a folder under one name; at is the folder. */
static enum mv_status list_item(struct mv_archive *archive, int at,
                                const char *prefix, const char *base, int depth,
                                struct mv_error *error)
{
    struct mv_buffer name = {0};
    enum mv_status status;
    struct stat st;

    if (strcmp(base, ".") == 0 || strcmp(base, "..") == 0 ||
        fstatat(at, base, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return MV_OK;
    if (++archive->seen > MV_ARCHIVE_ENTRIES_MAX)
        return too_many(archive, error);
    status = mv_buffer_puts(&name, prefix);
    if (status == MV_OK)
        status = mv_buffer_puts(&name, base);
    if (status == MV_OK && S_ISREG(st.st_mode)) {
        status = add_entry(archive, name.at, 0);
    } else if (status == MV_OK && S_ISDIR(st.st_mode) &&
               depth < MV_ARCHIVE_DEPTH) {
        int fd =
            openat(at, base, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

        status = mv_buffer_puts(&name, "/");
        if (fd >= 0 && status == MV_OK)
            status = list_folder(archive, fd, name.at, depth + 1, error);
        else if (fd >= 0)
            close(fd);
    }
    mv_buffer_release(&name);
    return status;
}

/* Lists a folder by its descriptor, which it closes. */
static enum mv_status list_folder(struct mv_archive *archive, int fd,
                                  const char *prefix, int depth,
                                  struct mv_error *error)
{
    enum mv_status status = MV_OK;
    struct dirent *item;
    DIR *dir = fdopendir(fd);

    if (!dir) {
        close(fd);
        return MV_NOMEM;
    }
    while (status == MV_OK && (item = readdir(dir)) != NULL)
        status = list_item(archive, fd, prefix, item->d_name, depth, error);
    closedir(dir);
    return status;
}

static int by_name(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;

    return strcmp(x->name, y->name);
}

/* --- opening ------------------------------------------------------------- */

static enum mv_status open_folder(struct mv_archive *archive,
                                  struct mv_error *error)
{
    enum mv_status status;
    int fd;

    archive->folder = open(archive->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    fd = archive->folder < 0 ? -1 : fcntl(archive->folder, F_DUPFD_CLOEXEC, 0);
    if (fd < 0)
        return mv_error_set(error, MV_IO, archive->path, 0,
                            "cannot open the folder: %s", strerror(errno));
    status = list_folder(archive, fd, "", 0, error);
    if (status == MV_OK && archive->n)
        qsort(archive->entries, archive->n, sizeof *archive->entries, by_name);
    return status;
}

enum mv_status mv_archive_open(struct mv_archive **out, const char *path,
                               struct mv_error *error)
{
    struct mv_archive *archive = calloc(1, sizeof *archive);
    enum mv_status status = MV_NOMEM;
    struct stat st;

    *out = NULL;
    if (!archive)
        goto out;
    archive->folder = -1;
    archive->path = strdup(path);
    if (!archive->path)
        goto out;
    if (stat(path, &st) != 0) {
        status = mv_error_set(error, MV_IO, path, 0, "cannot open: %s",
                              strerror(errno));
        goto out;
    }
    if (S_ISDIR(st.st_mode)) {
        status = open_folder(archive, error);
    } else {
        status = mv_archive_zip_open(&archive->zip, path, st.st_size, error);
        if (status == MV_OK)
            status = list_zip(archive, error);
    }
out:
    if (status == MV_OK) {
        *out = archive;
        return MV_OK;
    }
    if (status == MV_NOMEM)
        mv_error_set(error, status, path, 0, "no memory to list the files");
    mv_archive_close(archive);
    return status;
}

void mv_archive_close(struct mv_archive *archive)
{
    if (!archive)
        return;
    mv_archive_zip_close(archive->zip);
    if (archive->folder >= 0)
        close(archive->folder);
    mv_arena_release(&archive->arena);
    free(archive->entries);
    free(archive->path);
    free(archive);
}

bool mv_archive_is_zip(struct mv_span bytes)
{
    return bytes.len >= 4 && (memcmp(bytes.at, "PK\3\4", 4) == 0 ||
                              memcmp(bytes.at, "PK\5\6", 4) == 0);
}

size_t mv_archive_count(const struct mv_archive *archive)
{
    return archive->n;
}

const char *mv_archive_name(const struct mv_archive *archive, size_t index)
{
    return archive->entries[index].name;
}

ptrdiff_t mv_archive_find(const struct mv_archive *archive, const char *base)
{
    ptrdiff_t best = -1;

    for (size_t i = 0; i < archive->n; i++)
        if (mv_archive_same_name(archive->entries[i].name, base) &&
            (best < 0 ||
             archive->entries[i].depth < archive->entries[best].depth))
            best = (ptrdiff_t)i;
    return best;
}

/* --- reading a member ---------------------------------------------------- */

static ssize_t read_fd(struct mv_archive_member *member, char *to, size_t room)
{
    ssize_t got;

    do
        got = read(member->fd, to, room);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        mv_error_set(&member->failure, MV_IO, member->source, 0,
                     "cannot read: %s", strerror(errno));
    return got;
}

/* A failure is for good: a bomb must not go on when it is read again. */
static ssize_t on_read(void *cookie, char *to, size_t room)
{
    struct mv_archive_member *member = cookie;
    ssize_t got = -1;

    if (member->failure.code == MV_OK)
        got = member->zip
                  ? mv_archive_zip_read(member->zip, to, room, &member->failure)
                  : read_fd(member, to, room);
    if (got < 0)
        errno = EIO;
    return got;
}

/* Opens a file by its path below a folder, one step at a time, so that a
 * folder which has become a symbolic link since it was listed is refused. */
static int open_below(int folder, const char *name)
{
    int at = fcntl(folder, F_DUPFD_CLOEXEC, 0);
    char part[NAME_MAX + 1];
    struct stat st;

    while (at >= 0) {
        const char *slash = strchr(name, '/');
        size_t len = slash ? (size_t)(slash - name) : strlen(name);
        int next = -1, flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;

        if (len < sizeof part) {
            memcpy(part, name, len);
            part[len] = '\0';
            next = openat(at, part, slash ? flags | O_DIRECTORY : flags);
        }
        close(at);
        at = next;
        if (!slash)
            break;
        name = slash + 1;
    }
    if (at >= 0 && (fstat(at, &st) != 0 || !S_ISREG(st.st_mode))) {
        close(at);
        errno = EINVAL;
        return -1;
    }
    return at;
}

static char *join(const char *folder, const char *name)
{
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = malloc(size);

    if (path)
        snprintf(path, size, "%s/%s", folder, name);
    return path;
}

enum mv_status mv_archive_open_member(struct mv_archive *archive, size_t index,
                                      struct mv_archive_member **out,
                                      struct mv_error *error)
{
    const struct entry *entry = &archive->entries[index];
    struct mv_archive_member *member = calloc(1, sizeof *member);
    cookie_io_functions_t io = {.read = on_read};
    enum mv_status status = MV_NOMEM;

    *out = NULL;
    if (!member)
        goto out;
    member->fd = -1;
    member->source = join(archive->path, entry->name);
    if (!member->source)
        goto out;
    if (archive->zip) {
        status = mv_archive_zip_open_file(archive->zip, entry->at,
                                          member->source, &member->zip, error);
    } else {
        member->fd = open_below(archive->folder, entry->name);
        status = member->fd >= 0
                     ? MV_OK
                     : mv_error_set(error, MV_IO, member->source, 0,
                                    "cannot open: %s", strerror(errno));
    }
    if (status != MV_OK)
        goto out;
    member->file = fopencookie(member, "r", io);
    status = member->file ? MV_OK : MV_NOMEM;
out:
    if (status == MV_OK) {
        *out = member;
        return MV_OK;
    }
    if (status == MV_NOMEM)
        mv_error_set(error, status, archive->path, 0,
                     "no memory to open '%.80s'", entry->name);
    mv_archive_close_member(member);
    return status;
}

FILE *mv_archive_file(const struct mv_archive_member *member)
{
    return member->file;
}

const struct mv_error *
mv_archive_failure(const struct mv_archive_member *member)
{
    return member->failure.code == MV_OK ? NULL : &member->failure;
}

void mv_archive_close_member(struct mv_archive_member *member)
{
    if (!member)
        return;
    if (member->file)
        fclose(member->file);
    mv_archive_zip_close_file(member->zip);
    if (member->fd >= 0)
        close(member->fd);
    free(member->source);
    free(member);
}
