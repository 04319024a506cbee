#include "linkedin_log.h"

/* 2026-01-05 10:04 in Los Angeles, which is UTC-8 then. */
#define AT "\"1/5/26, 10:04 AM\""
#define UTC "1767636240"

static const char *key_of(const char *url)
{
    static char key[MV_LINKEDIN_KEY_SIZE];

    strcpy(key, "(none)");
    mv_linkedin_key(mv_span_of(url), key);
    return key;
}

static long long pacific(const char *text)
{
    int64_t at;

    return mv_linkedin_time_pacific(mv_span_of(text), &at) == MV_OK ? at : -1;
}

static long long utc(const char *text)
{
    int64_t at;

    return mv_linkedin_time_utc(mv_span_of(text), &at) == MV_OK ? at : -1;
}

static long long day(const char *text)
{
    int64_t at;

    return mv_linkedin_time_day(mv_span_of(text), &at) == MV_OK ? at : -1;
}

static void test_times(void)
{
    TEST("Sent At is US Pacific time, summer and winter")
    {
        EQ(pacific("1/5/26, 10:04 AM"), 1767636240);
        EQ(pacific("7/5/26, 10:04 AM"), 1783271040);
        EQ(pacific("12/31/25, 11:59 PM"), 1767254340);
        EQ(pacific("1/5/26, 12:00 AM"), 1767600000);
        EQ(pacific("1/5/26, 12:00 PM"), 1767643200);
        EQ(pacific(" 1/5/26,  10:04 AM "), 1767636240);
        EQ(pacific("1/5/26, 10:04\xe2\x80\xaf"
                   "AM"),
           1767636240);
        EQ(pacific("1/5/26,\xc2\xa0"
                   "10:04\xc2\xa0"
                   "am"),
           1767636240);
        EQ(pacific("2/29/24, 1:00 PM"), 1709240400);
    }
    TEST("the hour that is skipped and the one that comes twice")
    {
        /* 2024-03-10 10:00 UTC and 2024-11-03 09:00 UTC are the changes. */
        EQ(pacific("3/10/24, 1:59 AM"), 1710064740);
        EQ(pacific("3/10/24, 2:00 AM"), 1710064800);
        EQ(pacific("3/10/24, 2:30 AM"), 1710066600);
        EQ(pacific("3/10/24, 3:00 AM"), 1710064800);
        EQ(pacific("11/3/24, 12:59 AM"), 1730620740);
        EQ(pacific("11/3/24, 1:30 AM"), 1730622600);
        EQ(pacific("11/3/24, 1:59 AM"), 1730624340);
        EQ(pacific("11/3/24, 2:00 AM"), 1730628000);
    }
    TEST("the rule of 2006 and before, and of 2007")
    {
        EQ(pacific("4/2/06, 1:59 AM"), 1143971940);
        EQ(pacific("4/2/06, 3:00 AM"), 1143972000);
        EQ(pacific("3/12/06, 3:00 AM"), 1142161200);
        EQ(pacific("10/29/06, 1:59 AM"), 1162112340);
        EQ(pacific("10/29/06, 2:00 AM"), 1162116000);
        EQ(pacific("3/11/07, 3:00 AM"), 1173607200);
        EQ(pacific("11/4/07, 2:00 AM"), 1194170400);
        EQ(mv_linkedin_time_offset(utc("1987-04-05T03:00")), -7 * 3600);
        EQ(mv_linkedin_time_offset(utc("1987-10-25T02:00")), -8 * 3600);
        EQ(mv_linkedin_time_offset(utc("1999-07-01")), -7 * 3600);
    }
    TEST("Sent At is strict")
    {
        static const char *const BAD[] = {"",
                                          "1/5/26",
                                          "13/5/26, 10:04 AM",
                                          "1/32/26, 10:04 AM",
                                          "2/29/25, 10:04 AM",
                                          "1/5/2026, 10:04 AM",
                                          "1/5/26 10:04 AM",
                                          "1/5/26, 13:04 PM",
                                          "1/5/26, 0:04 AM",
                                          "1/5/26, 10:60 AM",
                                          "1/5/26, 10:04",
                                          "1/5/26, 10:04 AM x",
                                          "1/5/26, 10:04AM",
                                          "2026-01-05 10:04:00",
                                          "1/5/26,10:04 AM",
                                          "1/5/26, 10:4 AM"};

        for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
            EQ(pacific(BAD[i]), -1);
    }
    TEST("UTC forms")
    {
        EQ(utc("2026-02-09 01:21:47 UTC"), 1770600107);
        EQ(utc("2019-11-06T02:08:20"), 1573006100);
        EQ(utc("2024/02/01 15:02:55 UTC"), 1706799775);
        EQ(utc("2026-02-09"), 1770595200);
        EQ(utc("2026-02-09T01:21:47Z"), 1770600107);
        EQ(utc("2026-02-09T03:21:47.250+02:00"), 1770600107);
        EQ(utc("2026-02-08 17:21:47-0800"), 1770600107);
        EQ(utc("2026-02-30"), -1);
        EQ(utc("2026-02/09"), -1);
        EQ(utc("2026-02-09 25:00"), -1);
        EQ(utc("2026-02-09x"), -1);
        EQ(utc("next week"), -1);
        EQ(utc(""), -1);
    }
    TEST("days")
    {
        EQ(day("04 Apr 2021"), 1617494400);
        EQ(day("4-Apr-21"), 1617494400);
        EQ(day("2021-04-04 13:00:00 UTC"), 1617494400);
        EQ(day("10/9/18, 5:32 AM"), 1539043200);
        EQ(day("04 Abr 2021"), -1);
        EQ(day("31 Apr 2021"), -1);
        EQ(day(""), -1);
    }
}

static void test_keys(void)
{
    TEST("profile URLs of one person have one key")
    {
        STR(key_of("https://www.linkedin.com/in/ana-ruiz-1"), "ana-ruiz-1");
        STR(key_of("http://linkedin.com/in/Ana-Ruiz-1/"), "ana-ruiz-1");
        STR(key_of("www.linkedin.com/in/ana-ruiz-1?trk=x"), "ana-ruiz-1");
        STR(key_of("https://es.linkedin.com/in/ana-ruiz-1/en#top"),
            "ana-ruiz-1");
        STR(key_of("https://www.linkedin.com/comm/in/ana-ruiz-1"),
            "ana-ruiz-1");
        STR(key_of("  ana-ruiz-1 "), "ana-ruiz-1");
        STR(key_of("in/ana-ruiz-1"), "ana-ruiz-1");
        STR(key_of("urn:li:member:123"), "urn:li:member:123");
        STR(key_of("https://www.linkedin.com/in/jos%C3%A9-mu%c3%b1oz"),
            "jos\xc3\xa9-mu\xc3\xb1oz");
        STR(key_of("https://www.linkedin.com/company/Huerta/"),
            "company/huerta");
        STR(key_of("https://www.linkedin.com/pub/ana/1a/2b/3c"),
            "pub/ana/1a/2b/3c");
    }
    TEST("a key is its own key")
    {
        static const char *const URLS[] = {
            "https://www.linkedin.com/in/jos%C3%A9-mu%c3%b1oz",
            "https://www.linkedin.com/in/a%FFb%25c", "urn:li:member:123",
            "https://www.linkedin.com/company/Huerta/"};
        char once[MV_LINKEDIN_KEY_SIZE];

        for (size_t i = 0; i < sizeof URLS / sizeof *URLS; i++) {
            strcpy(once, key_of(URLS[i]));
            OK(strcmp(once, "(none)") != 0);
            STR(key_of(once), once);
        }
    }
    TEST("what is no profile has no key")
    {
        char longest[600];

        memset(longest, 'a', sizeof longest);
        longest[sizeof longest - 1] = '\0';
        STR(key_of(""), "(none)");
        STR(key_of("https://www.linkedin.com/"), "(none)");
        STR(key_of("https://www.linkedin.com/in/"), "(none)");
        STR(key_of("https://example.com/in/ana"), "(none)");
        STR(key_of("https://linkedin.com.example.com/in/ana"), "(none)");
        STR(key_of("https://notlinkedin.com/in/ana"), "(none)");
        STR(key_of("Ana Ruiz"), "(none)");
        STR(key_of("urn:li:"), "(none)");
        STR(key_of(longest), "(none)");
    }
}

static void test_invitations(void)
{
    TEST("the header until 2023-06")
    {
        EQ(read_csv("From,To,Sent At,Message,Direction\n"
                    "Ana Ruiz,Lee Park," AT ",\"Hi, \"\"Lee\"\"\",INCOMING\n"
                    "Lee Park,Mia Wong," AT ",,OUTGOING\n"),
           MV_OK);
        LOG("2 note incoming " UTC " Ana Ruiz - [Hi, \"Lee\"]\n"
            "3 note outgoing " UTC " Mia Wong - []\n");
        STR(tally.dialect, "invitations");
        EQ(tally.read, 2);
        EQ(tally.kept, 2);
        EQ(tally.invites, 2);
    }
    TEST("the header of 2023-07: URNs")
    {
        EQ(read_csv("From,To,Sent At,Message,Direction,inviterProfileUrn,"
                    "inviteeProfileUrn\n"
                    "Ana Ruiz,Lee Park," AT
                    ",,INCOMING,urn:li:member:7,urn:li:member:1\n"
                    "Lee Park,Mia Wong," AT
                    ",,OUTGOING,urn:li:member:1,urn:li:member:8\n"),
           MV_OK);
        LOG("2 note incoming " UTC " Ana Ruiz urn:li:member:7 []\n"
            "3 note outgoing " UTC " Mia Wong urn:li:member:8 []\n");
    }
    TEST("the header since 2023-12: URLs, and whose export it is")
    {
        struct mv_linkedin_owner owner = {{0}, {0}};

        options.owner = &owner;
        EQ(read_csv("From,To,Sent At,Message,Direction,inviterProfileUrl,"
                    "inviteeProfileUrl\n"
                    "Ana Ruiz,Lee Park," AT
                    ",,INCOMING,https://www.linkedin.com/in/Ana-1,"
                    "https://www.linkedin.com/in/lee-p\n"
                    "Lee Park,Mia Wong," AT
                    ",,OUTGOING,https://www.linkedin.com/in/lee-p,"
                    "https://www.linkedin.com/in/mia\n"),
           MV_OK);
        options.owner = NULL;
        LOG("2 note incoming " UTC " Ana Ruiz ana-1 []\n"
            "3 note outgoing " UTC " Mia Wong mia []\n");
        STR(owner.url, "lee-p");
        STR(owner.name, "Lee Park");
    }
    TEST("columns by name, in any order and case, quoted, CRLF, BOM")
    {
        EQ(read_csv("\xef\xbb\xbf\"DIRECTION\",\" message \",\"sent at\",\"x\","
                    "\"to\",\"FROM\"\r\n"
                    "\"INCOMING\",\"two\r\nlines\"," AT
                    ",\"\",\"Lee Park\",\"Ana Ruiz\"\r\n"),
           MV_OK);
        LOG("2 note incoming " UTC " Ana Ruiz - [two\r\nlines]\n");
    }
    TEST("U+202F in Sent At, no newline at the end")
    {
        EQ(read_csv("From,To,Sent At,Message,Direction\n"
                    "Ana Ruiz,Lee Park,\"1/5/26, 10:04\xe2\x80\xaf"
                    "AM\",,INCOMING"),
           MV_OK);
        LOG("2 note incoming " UTC " Ana Ruiz - []\n");
    }
    TEST("UTF-16 and Windows-1252 are read with a warning")
    {
        static const char text[] =
            "From,To,Sent At,Message,Direction\n"
            "Ana Ruiz,Lee Park,\"1/5/26, 10:04 AM\",Hola,INCOMING\n";
        char wide[2 * sizeof text];

        for (size_t i = 0; i < sizeof text - 1; i++) {
            wide[2 * i] = text[i];
            wide[2 * i + 1] = '\0';
        }
        EQ(log_run(mv_linkedin_read_csv, "x", wide, 2 * (sizeof text - 1)),
           MV_OK);
        LOG("2 note incoming " UTC " Ana Ruiz - [Hola]\n");
        WARNED("UTF-16", 1, 0);
        EQ(read_csv("From,To,Sent At,Message,Direction\n"
                    "Ana Ruiz,Lee Park," AT ",a\xf1o,INCOMING\n"),
           MV_OK);
        LOG("2 note incoming " UTC " Ana Ruiz - [a\xc3\xb1o]\n");
        WARNED("Windows-1252", 1, 2);
    }
    TEST("rows that can not be used are counted with their lines")
    {
        EQ(read_csv("From,To,Sent At,Message,Direction\n"
                    "Ana Ruiz,Lee Park," AT ",,SENT\n"
                    "Ana Ruiz,Lee Park,2022-03-01 10:00:00,,INCOMING\n"
                    "Ana Ruiz,Lee Park," AT ",\n"
                    "Ana Ruiz,Lee Park," AT ",,INCOMING,x,y\n"
                    ",Lee Park," AT ",,INCOMING\n"
                    "Ana Ruiz,Lee Park," AT ",a\"b\"c\"\"\"d\",INCOMING\n"
                    "\"x\"y,Lee Park," AT ",,INCOMING\n"
                    "Mia Wong,Lee Park," AT ",,INCOMING\n"),
           MV_OK);
        SKIPPED("Direction", 1, 2);
        SKIPPED("Sent At", 1, 3);
        SKIPPED("fewer fields", 1, 4);
        SKIPPED("more fields", 1, 5);
        SKIPPED("neither name", 1, 6);
        EQ(tally.read, 8);
        OK(strstr(log_text.at, "9 note incoming " UTC " Mia Wong - []\n"));
    }
    TEST("a name that comes twice without a URL is told")
    {
        EQ(read_csv("From,To,Sent At,Message,Direction\n"
                    "Ana  RUIZ,Lee Park," AT ",,INCOMING\n"
                    "Ana Ruiz,Lee Park,\"1/6/26, 10:04 AM\",,INCOMING\n"),
           MV_OK);
        EQ(tally.kept, 2);
        WARNED("same name", 1, 3);
    }
    TEST("only the first lines of a reason are kept, all are counted")
    {
        struct mv_buffer text = {0};

        mv_buffer_puts(&text, "From,To,Sent At,Message,Direction\n");
        for (int i = 0; i < 50; i++)
            mv_buffer_puts(&text, "Ana Ruiz,Lee Park,x,,INCOMING\n");
        EQ(read_csv(text.at), MV_OK);
        SKIPPED("Sent At", 50, 2);
        EQ(tally.skips[0].lines[MV_TALLY_LINES - 1], 1 + MV_TALLY_LINES);
        mv_buffer_release(&text);
    }
}

#define NOTES                                                                  \
    "Notes:\n\"When exporting your connection data, you may notice that "      \
    "some of the email addresses are missing.\"\n\n"

static void test_connections(void)
{
    TEST("the header of 2018")
    {
        EQ(read_csv("First Name,Last Name,Email Address,Company,Position,"
                    "Connected On\n"
                    "Ana,Ruiz,a@example.com,\"Huerta, S.A.\",Agronomist,"
                    "\"10/9/18, 5:32 AM\"\n"),
           MV_OK);
        LOG("2 1539043200 Ana Ruiz - Huerta, S.A. Agronomist\n");
        STR(tally.dialect, "connections");
    }
    TEST("the preamble of 2021")
    {
        EQ(read_csv(NOTES "First Name,Last Name,Email Address,Company,"
                          "Position,Connected On\n"
                          "Ana,Ruiz,,Huerta,Agronomist,04 Apr 2021\n"),
           MV_OK);
        LOG("5 1617494400 Ana Ruiz - Huerta Agronomist\n");
    }
    TEST("the preamble and URL of 2023, no newline at the end")
    {
        EQ(read_csv(NOTES
                    "First Name,Last Name,URL,Email Address,Company,Position,"
                    "Connected On\n"
                    "Ana,Ruiz,https://www.linkedin.com/in/ana-1,,,,04 Apr "
                    "2021\n"
                    ",Wong,https://www.linkedin.com/in/mia,,,,4-Apr-21"),
           MV_OK);
        LOG("5 1617494400 Ana Ruiz ana-1 - -\n"
            "6 1617494400 Wong mia - -\n");
    }
    TEST("the preamble deleted by the user, and a longer one")
    {
        EQ(read_csv("First Name,Last Name,URL,Email Address,Company,Position,"
                    "Connected On\n"
                    "Ana,Ruiz,,,,,04 Apr 2021\n"),
           MV_OK);
        LOG("2 1617494400 Ana Ruiz - - -\n");
        EQ(read_csv("a\nb\nc\nd\ne\nf\ng\nh\ni\nFirst Name,Last Name,"
                    "Connected On\nAna,Ruiz,04 Apr 2021\n"),
           MV_OK);
        LOG("11 1617494400 Ana Ruiz - - -\n");
        EQ(read_csv("a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nFirst Name,Last Name,"
                    "Connected On\nAna,Ruiz,04 Apr 2021\n"),
           MV_FORMAT);
    }
    TEST("hidden members, dates that are none, equal names")
    {
        EQ(read_csv("First Name,Last Name,Email Address,Company,Position,"
                    "Connected On\n"
                    ",,,,,04 Apr 2021\n"
                    "Ana,Ruiz,,,,04 Abr 2021\n"
                    "Ana,Ruiz,,,,05 Apr 2021\n"),
           MV_OK);
        LOG("3 - Ana Ruiz - - -\n4 1617580800 Ana Ruiz - - -\n");
        SKIPPED("hidden or closed", 1, 2);
        WARNED("Connected On", 1, 3);
        WARNED("same name", 1, 4);
    }
}

static void test_bad(void)
{
    TEST("an empty file is an error, a header alone is not")
    {
        EQ(read_csv(""), MV_FORMAT);
        OK(strstr(error.message, "empty file"));
        EQ(read_csv("\n\n"), MV_FORMAT);
        EQ(read_csv("From,To,Sent At,Message,Direction\n"), MV_OK);
        EQ(tally.read, 0);
        STR(tally.dialect, "invitations");
        EQ(read_csv(NOTES "First Name,Last Name,Connected On\n"), MV_OK);
        EQ(tally.read, 0);
    }
    TEST("unknown columns are listed, with what to do")
    {
        EQ(read_csv("Name,Note\nAna,Hello\n"), MV_FORMAT);
        OK(strstr(error.message, "unknown columns: Name, Note;"));
        OK(strstr(error.message, "--text COLUMN"));
        EQ(error.line, 1);
        EQ(read_csv("From,To,Sent At,Message\nAna,Lee," AT ",x\n"), MV_FORMAT);
        OK(strstr(error.message, "From, To, Sent At, Message"));
    }
    TEST("another separator is told")
    {
        EQ(read_csv("text;label\na;purpose\n"), MV_FORMAT);
        OK(strstr(error.message, "separated by ';' or tabs"));
        EQ(read_csv("\"text\tlabel\"\na\n"), MV_FORMAT);
        OK(strstr(error.message, "separated by ';' or tabs"));
    }
    TEST("a file without a header does not tell its messages")
    {
        EQ(read_csv("Ana Ruiz,Lee Park," AT ",\"Hi, shall we talk about the "
                    "secret orchard tomorrow?\",INCOMING\n"),
           MV_FORMAT);
        OK(!strstr(error.message, "orchard"));
        OK(strstr(error.message, "(not a name)"));
    }
    TEST("a quote that is never closed")
    {
        EQ(read_csv("From,To,Sent At,Message,Direction\n"
                    "Ana Ruiz,Lee Park," AT ",,INCOMING\n"
                    "Ana Ruiz,Lee Park," AT ",\"never closed,INCOMING\n"
                    "Mia Wong,Lee Park,x,,INCOMING\n"),
           MV_FORMAT);
        EQ(error.line, 3);
        OK(!strstr(error.message, "never closed,"));
    }
}

static enum mv_status refuse(void *payload, const struct mv_invite *invite,
                             long line, struct mv_error *failure)
{
    (void)payload, (void)invite, (void)line;
    return mv_error_set(failure, MV_STOPPED, NULL, 0, "stopped");
}

static void test_sink(void)
{
    static const char TEXT[] = "From,To,Sent At,Message,Direction\n"
                               "Ana Ruiz,Lee Park," AT ",,INCOMING\n"
                               "Ana Ruiz,Lee Park," AT ",,INCOMING\n";
    struct mv_source *source;

    TEST("what the sink says ends the reading")
    {
        struct mv_sink sink = {.invite = refuse};

        memset(&tally, 0, sizeof tally);
        mv_error_clear(&error);
        mv_source_open_memory(&source, NULL, TEXT, strlen(TEXT), NULL);
        EQ(mv_linkedin_read_csv(source, NULL, &sink, &tally, &error),
           MV_STOPPED);
        EQ(tally.read, 1);
        mv_source_close(source);
    }
    TEST("without a sink rows are counted")
    {
        memset(&tally, 0, sizeof tally);
        mv_source_open_memory(&source, NULL, TEXT, strlen(TEXT), NULL);
        EQ(mv_linkedin_read_csv(source, NULL, NULL, &tally, NULL), MV_OK);
        EQ(tally.kept, 2);
        mv_source_close(source);
    }
}

int main(void)
{
    test_times();
    test_keys();
    test_invitations();
    test_connections();
    test_bad();
    test_sink();
    mv_buffer_release(&log_text);
    return test_end();
}
