#include "archive.h"
#include "test.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

static char folder[200];

/* A path below the test's own folder; two live at a time. */
static const char *at(const char *name)
{
    static char paths[2][400];
    static int turn;

    turn = !turn;
    snprintf(paths[turn], sizeof paths[turn], "%s/%s", folder, name);
    return paths[turn];
}

static void write_file(const char *name, const char *bytes, size_t len)
{
    FILE *file = fopen(at(name), "wb");

    OK(file != NULL);
    if (!file)
        return;
    EQ(fwrite(bytes, 1, len, file), len);
    fclose(file);
}

static void add(zip_t *zip, const char *name, const char *bytes, size_t len)
{
    zip_source_t *source = zip_source_buffer(zip, bytes, len, 0);

    OK(zip_file_add(zip, name, source, ZIP_FL_OVERWRITE) >= 0);
}

/* A ZIP of the members names (NULL-ended), each holding its own name. */
static void write_zip(const char *name, const char *const *names)
{
    zip_t *zip = zip_open(at(name), ZIP_CREATE | ZIP_TRUNCATE, NULL);

    OK(zip != NULL);
    for (; zip && *names; names++)
        add(zip, *names, *names, strlen(*names));
    EQ(zip_close(zip), 0);
}

static enum mv_status open_status(const char *name, struct mv_error *error)
{
    struct mv_archive *archive = NULL;
    enum mv_status status;

    mv_error_clear(error);
    status = mv_archive_open(&archive, at(name), error);
    OK((status == MV_OK) == (archive != NULL));
    OK((status == MV_OK) == (error->code == MV_OK));
    mv_archive_close(archive);
    return status;
}

/* Reads a member to its end: bytes read; -1 when the stream failed. */
static long drain(struct mv_archive_member *member, char *first, size_t size)
{
    static char block[1 << 16];
    long total = 0;
    size_t got;

    while ((got = fread(block, 1, sizeof block, mv_archive_file(member))) > 0) {
        if (total == 0 && first) {
            size_t len = got < size - 1 ? got : size - 1;

            memcpy(first, block, len);
            first[len] = '\0';
        }
        total += (long)got;
    }
    return ferror(mv_archive_file(member)) ? -1 : total;
}

static const char *content(struct mv_archive *archive, const char *base)
{
    static char text[200];
    struct mv_archive_member *member = NULL;
    ptrdiff_t index = mv_archive_find(archive, base);

    text[0] = '\0';
    if (index < 0)
        return "(not found)";
    EQ(mv_archive_open_member(archive, (size_t)index, &member, NULL), MV_OK);
    if (member)
        OK(drain(member, text, sizeof text) >= 0);
    mv_archive_close_member(member);
    return text;
}

/* Makes a ZIP with one member of len equal bytes. */
static void write_bomb(const char *name, size_t len)
{
    char *bytes = calloc(1, len);
    zip_t *zip = zip_open(at(name), ZIP_CREATE | ZIP_TRUNCATE, NULL);

    add(zip, "Invitations.csv", bytes, len);
    EQ(zip_close(zip), 0);
    free(bytes);
}

static char *slurp(const char *name, size_t *len)
{
    static char bytes[1 << 20];
    FILE *file = fopen(at(name), "rb");

    *len = file ? fread(bytes, 1, sizeof bytes, file) : 0;
    if (file)
        fclose(file);
    return bytes;
}

static void test_zip(void)
{
    TEST("members by base name, any case, blanks and underscores apart")
    {
        static const char *const NAMES[] = {"Jobs/Saved Jobs.csv",
                                            "Export/Messages.csv",
                                            "INVITATIONS.CSV",
                                            "a/b/Rich_Media.csv",
                                            "a/b/c/Deep.csv",
                                            "a/b/messages.csv",
                                            "coach_messages.csv",
                                            "empty/",
                                            NULL};
        struct mv_archive *archive = NULL;

        write_zip("a.zip", NAMES);
        EQ(mv_archive_open(&archive, at("a.zip"), NULL), MV_OK);
        EQ(mv_archive_count(archive), 6);
        STR(mv_archive_name(archive, 0), "Jobs/Saved Jobs.csv");
        STR(content(archive, "messages.csv"), "Export/Messages.csv");
        STR(content(archive, "Invitations.csv"), "INVITATIONS.CSV");
        STR(content(archive, "rich media.csv"), "a/b/Rich_Media.csv");
        STR(content(archive, "SAVED_JOBS.CSV"), "Jobs/Saved Jobs.csv");
        STR(content(archive, "Deep.csv"), "(not found)");
        STR(content(archive, "Connections.csv"), "(not found)");
        mv_archive_close(archive);
        mv_archive_close(NULL);
        mv_archive_close_member(NULL);
    }
    TEST("names are equal or not")
    {
        OK(mv_archive_same_name("x/Messages.csv", "messages.csv"));
        OK(mv_archive_same_name("", "_ "));
        OK(!mv_archive_same_name("coach_messages.csv", "messages.csv"));
        OK(!mv_archive_same_name("messages.csv", "messages.cs"));
    }
    TEST("names that lead out are refused")
    {
        static const char *const BAD[] = {"../Invitations.csv",
                                          "a/../../Invitations.csv",
                                          "/etc/Invitations.csv",
                                          "..\\Invitations.csv",
                                          "C:/Invitations.csv",
                                          "a/..",
                                          NULL};
        static const char *const GOOD[] = {"..a/b..c", "a../x...csv", NULL};
        struct mv_error error = {0};

        for (int i = 0; BAD[i]; i++) {
            const char *const names[] = {"Invitations.csv", BAD[i], NULL};

            write_zip("bad.zip", names);
            EQ(open_status("bad.zip", &error), MV_FORMAT);
            OK(strstr(error.message, "leads out of the archive"));
        }
        write_zip("good.zip", GOOD);
        EQ(open_status("good.zip", &error), MV_OK);
    }
}

static void test_bad_zip(void)
{
    static const char *const NAMES[] = {"Invitations.csv", NULL};
    struct mv_error error = {0};
    size_t len;
    char *bytes;

    TEST("what is no ZIP, empty, missing or cut off")
    {
        write_file("text.zip", "From,To,Sent At\n", 16);
        EQ(open_status("text.zip", &error), MV_FORMAT);
        OK(strstr(error.message, "not a ZIP archive"));
        write_file("none.zip", "", 0);
        EQ(open_status("none.zip", &error), MV_FORMAT);
        EQ(open_status("missing.zip", &error), MV_IO);
        write_zip("cut.zip", NAMES);
        bytes = slurp("cut.zip", &len);
        OK(mv_archive_is_zip((struct mv_span){bytes, len}));
        OK(!mv_archive_is_zip((struct mv_span){bytes, 3}));
        OK(!mv_archive_is_zip(mv_span_of("From,To")));
        for (size_t cut = 1; cut < len; cut++) {
            write_file("cut2.zip", bytes, cut);
            OK(open_status("cut2.zip", &error) != MV_OK);
        }
    }
    TEST("damaged bytes are told by the checksum")
    {
        struct mv_archive *archive = NULL;
        struct mv_archive_member *member = NULL;

        write_zip("crc.zip", NAMES);
        bytes = slurp("crc.zip", &len);
        bytes[30 + strlen(NAMES[0]) + 2] ^= 0x20;
        write_file("crc.zip", bytes, len);
        EQ(mv_archive_open(&archive, at("crc.zip"), NULL), MV_OK);
        EQ(mv_archive_open_member(archive, 0, &member, NULL), MV_OK);
        EQ(drain(member, NULL, 0), -1);
        OK(mv_archive_failure(member) != NULL);
        EQ(mv_archive_failure(member)->code, MV_FORMAT);
        OK(strstr(mv_archive_failure(member)->source,
                  "crc.zip/Invitations.csv"));
        mv_archive_close_member(member);
        mv_archive_close(archive);
    }
    TEST("encrypted members say so")
    {
        struct mv_archive *archive = NULL;
        struct mv_archive_member *member = NULL;
        zip_t *zip = zip_open(at("key.zip"), ZIP_CREATE | ZIP_TRUNCATE, NULL);

        add(zip, "Invitations.csv", "x", 1);
        EQ(zip_file_set_encryption(zip, 0, ZIP_EM_AES_256, "pass"), 0);
        EQ(zip_close(zip), 0);
        mv_error_clear(&error);
        EQ(mv_archive_open(&archive, at("key.zip"), &error), MV_OK);
        EQ(mv_archive_open_member(archive, 0, &member, &error), MV_FORMAT);
        OK(member == NULL);
        OK(strstr(error.message, "encrypted"));
        mv_archive_close(archive);
    }
}

static void test_bomb(void)
{
    TEST("a ZIP bomb is cut off, a large plain member is not")
    {
        struct mv_archive *archive = NULL;
        struct mv_archive_member *member = NULL;

        write_bomb("bomb.zip", (size_t)40 << 20);
        EQ(mv_archive_open(&archive, at("bomb.zip"), NULL), MV_OK);
        EQ(mv_archive_open_member(archive, 0, &member, NULL), MV_OK);
        EQ(drain(member, NULL, 0), -1);
        OK(mv_archive_failure(member) != NULL);
        OK(strstr(mv_archive_failure(member)->message,
                  "looks like a ZIP bomb"));
        clearerr(mv_archive_file(member));
        EQ(fgetc(mv_archive_file(member)), EOF);
        mv_archive_close_member(member);
        mv_archive_close(archive);

        write_bomb("small.zip", (size_t)16 << 20);
        EQ(mv_archive_open(&archive, at("small.zip"), NULL), MV_OK);
        EQ(mv_archive_open_member(archive, 0, &member, NULL), MV_OK);
        EQ(drain(member, NULL, 0), 16 << 20);
        OK(mv_archive_failure(member) == NULL);
        mv_archive_close_member(member);
        mv_archive_close(archive);
    }
    TEST("a header that says a small size does not help a bomb")
    {
        struct mv_archive *archive = NULL;
        struct mv_archive_member *member = NULL;
        size_t len;
        char *bytes;

        write_bomb("lie.zip", (size_t)40 << 20);
        bytes = slurp("lie.zip", &len);
        for (size_t i = 0; i + 46 < len; i++)
            if (memcmp(bytes + i, "PK\1\2", 4) == 0)
                memcpy(bytes + i + 24, "\x10\0\0\0", 4);
        write_file("lie.zip", bytes, len);
        if (mv_archive_open(&archive, at("lie.zip"), NULL) == MV_OK &&
            mv_archive_open_member(archive, 0, &member, NULL) == MV_OK)
            EQ(drain(member, NULL, 0), -1);
        mv_archive_close_member(member);
        mv_archive_close(archive);
    }
}

static void test_folder(void)
{
    TEST("a folder is read through the same calls")
    {
        struct mv_archive *archive = NULL;
        struct mv_archive_member *member = NULL;
        struct mv_error error = {0};

        mkdir(at("f"), 0700);
        mkdir(at("f/Jobs"), 0700);
        mkdir(at("f/Jobs/x"), 0700);
        mkdir(at("f/Jobs/x/deep"), 0700);
        mkdir(at("secret"), 0700);
        write_file("f/invitations.csv", "one", 3);
        write_file("f/Jobs/Saved Jobs.csv", "two", 3);
        write_file("f/Jobs/x/Third.csv", "three", 5);
        write_file("f/Jobs/x/deep/Fourth.csv", "four", 4);
        write_file("secret/Messages.csv", "secret", 6);
        EQ(symlink("../secret/Messages.csv", at("f/Messages.csv")), 0);
        EQ(symlink("../secret", at("f/more")), 0);
        EQ(mkfifo(at("f/Connections.csv"), 0600), 0);
        EQ(mv_archive_open(&archive, at("f"), NULL), MV_OK);
        EQ(mv_archive_count(archive), 3);
        STR(content(archive, "Invitations.csv"), "one");
        STR(content(archive, "saved_jobs.csv"), "two");
        STR(content(archive, "third.csv"), "three");
        STR(content(archive, "Messages.csv"), "(not found)");
        STR(content(archive, "Connections.csv"), "(not found)");
        unlink(at("f/invitations.csv"));
        EQ(symlink("../secret/Messages.csv", at("f/invitations.csv")), 0);
        EQ(mv_archive_open_member(
               archive, (size_t)mv_archive_find(archive, "invitations.csv"),
               &member, &error),
           MV_IO);
        OK(member == NULL);
        mv_archive_close(archive);
    }
    TEST("an empty folder has no files")
    {
        struct mv_archive *archive = NULL;

        mkdir(at("none"), 0700);
        EQ(mv_archive_open(&archive, at("none"), NULL), MV_OK);
        EQ(mv_archive_count(archive), 0);
        EQ(mv_archive_find(archive, "x"), -1);
        mv_archive_close(archive);
    }
}

int main(void)
{
    const char *tmp = getenv("TMPDIR");
    char command[300];

    snprintf(folder, sizeof folder, "%s/motivo-archive-XXXXXX",
             tmp && *tmp ? tmp : P_tmpdir);
    if (!mkdtemp(folder)) {
        perror("mkdtemp");
        return 1;
    }
    test_zip();
    test_bad_zip();
    test_bomb();
    test_folder();
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    OK(system(command) == 0);
    return test_end();
}
