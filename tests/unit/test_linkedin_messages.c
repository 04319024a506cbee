#include "linkedin_log.h"

#define LEE "https://www.linkedin.com/in/lee"
#define ANA "https://www.linkedin.com/in/ana"
#define MIA "https://www.linkedin.com/in/mia"
#define DAY_OF_JAN_5 1767571200

/* The header since 2023-06, and a row of it. */
#define HEADER                                                                 \
    "CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,"           \
    "RECIPIENT PROFILE URLS,DATE,SUBJECT,CONTENT,FOLDER\n"
#define ROW(id, from, from_url, to, to_url, time, content)                     \
    id ",," from "," from_url "," to "," to_url ",2026-01-05 " time            \
       " UTC,," content ",INBOX\n"
#define FROM_ANA(time, content)                                                \
    ROW("c1", "Ana Ruiz", ANA, "Lee Park", LEE, time, content)
#define TO_ANA(time, content)                                                  \
    ROW("c1", "Lee Park", LEE, "Ana Ruiz", ANA, time, content)
#define TO_MIA ROW("c2", "Lee Park", LEE, "Mia Wong", MIA, "09:00:00", "Hello")

#define THREAD_ANA(counts, first, last)                                        \
    "thread c1 Ana Ruiz ana " counts " " first " " last "\n"
#define THREAD_MIA "thread c2 Mia Wong mia 0/1 1767603600 1767603600\n"

static void connected(int64_t on)
{
    log_connected = on;
    log_note = NULL;
}

static void test_headers(void)
{
    connected(DAY_OF_JAN_5);
    TEST("since 2023-06, newest first, with the owner found by URL")
    {
        EQ(read_csv(HEADER TO_ANA("11:00:00", "Yes") FROM_ANA(
               "10:00:00", "\"Hi Lee, we met at the fair\"") TO_MIA),
           MV_OK);
        LOG(THREAD_ANA("1/1", "1767607200", "1767610800") //
            "3 opening incoming 1767607200 Ana Ruiz ana [Hi Lee, we met at "
            "the fair]\n" //
            THREAD_MIA);
        STR(tally.dialect, "messages");
        EQ(tally.read, 3);
        EQ(tally.kept, 3);
        EQ(tally.threads, 2);
        EQ(tally.invites, 1);
    }
    TEST("2021 to 2023: no URLs of recipients")
    {
        EQ(read_csv("CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE "
                    "URL,TO,DATE,SUBJECT,CONTENT,FOLDER\n"
                    "c1,,\"Ana Ruiz, PhD\"," ANA
                    ",Lee Park,2026-01-05 10:00:00 UTC,,Hello,INBOX\n"
                    "c2,,Lee Park," LEE
                    ",Mia Wong,2026-01-05 09:00:00 UTC,,Hello,INBOX\n"
                    "c1,,Lee Park," LEE ",\"Ana Ruiz, PhD\","
                    "2026-01-05 11:00:00 UTC,,Yes,INBOX\n"),
           MV_OK);
        LOG("thread c1 Ana Ruiz, PhD ana 1/1 1767607200 1767610800\n"
            "2 opening incoming 1767607200 Ana Ruiz, PhD ana [Hello]\n"
            "thread c2 Mia Wong - 0/1 1767603600 1767603600\n");
    }
    TEST("2018: M/D/YY, direction, no ids")
    {
        EQ(read_csv("From,To,Date,Subject,Content,Direction,Folder\n"
                    "Ana Ruiz,Lee Park,\"1/5/26, 2:00 AM\",,Hello,INCOMING,"
                    "INBOX\n"
                    "Lee Park,Ana Ruiz,\"1/5/26, 3:00 AM\",,Yes,OUTGOING,"
                    "SENT\n"
                    "Lee Park,Mia Wong,\"1/5/26, 3:00 AM\",,Yes,OUTGOING,"
                    "SENT\n"),
           MV_OK);
        LOG("thread name:ana ruiz Ana Ruiz - 1/1 1767607200 1767610800\n"
            "2 opening incoming 1767607200 Ana Ruiz - [Hello]\n"
            "thread name:mia wong Mia Wong - 0/1 1767610800 1767610800\n");
    }
    TEST("2020: capitals and T in the date")
    {
        EQ(read_csv("FROM,TO,DATE,SUBJECT,CONTENT,DIRECTION,FOLDER\n"
                    "Ana Ruiz,Lee Park,2026-01-05T10:00:00,,Hello,INCOMING,"
                    "INBOX\n"),
           MV_OK);
        LOG("thread name:ana ruiz Ana Ruiz - 1/0 1767607200 1767607200\n"
            "2 opening incoming 1767607200 Ana Ruiz - [Hello]\n");
    }
    TEST("2026: everything quoted, real newlines, drafts and attachments")
    {
        EQ(read_csv(
               "\"CONVERSATION ID\",\"CONVERSATION TITLE\",\"FROM\",\"SENDER "
               "PROFILE URL\",\"TO\",\"RECIPIENT PROFILE URLS\",\"DATE\","
               "\"SUBJECT\",\"CONTENT\",\"FOLDER\",\"ATTACHMENTS\"\n"
               "\"c1\",\"\",\"Ana Ruiz\",\"" ANA "\",\"Lee Park\",\"" LEE
               "\",\"2026-01-05 10:00:00 UTC\",\"\",\"Hi Lee,\n\nwe met\","
               "\"INBOX\",\"\"\n"
               "\"c2\",\"\",\"Lee Park\",\"" LEE "\",\"Mia Wong\",\"" MIA
               "\",\"2026-01-05 09:00:00 UTC\",\"\",\"Hello\",\"INBOX\","
               "\"\"\n"),
           MV_OK);
        LOG("thread c1 Ana Ruiz ana 1/0 1767607200 1767607200\n"
            "2 opening incoming 1767607200 Ana Ruiz ana [Hi Lee,\n\nwe "
            "met]\n" THREAD_MIA);
    }
    TEST("2024-12 and later: drafts are no messages")
    {
        EQ(read_csv("CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE "
                    "URL,TO,RECIPIENT PROFILE URLS,DATE,SUBJECT,CONTENT,"
                    "FOLDER,ATTACHMENTS,IS MESSAGE DRAFT,IS CONVERSATION "
                    "DRAFT\n"
                    "c1,,Lee Park," LEE ",Ana Ruiz," ANA
                    ",2026-01-05 10:00:00 UTC,,x,INBOX,,Yes,No\n"
                    "c2,,Lee Park," LEE ",Mia Wong," MIA
                    ",2026-01-05 10:00:00 UTC,,x,INBOX,,No,true\n"),
           MV_OK);
        LOG("");
        SKIPPED("draft", 2, 2);
    }
    TEST("a sibling file is refused by its name")
    {
        EQ(log_run(mv_linkedin_read_csv, "x/coach_messages.csv", HEADER,
                   strlen(HEADER)),
           MV_FORMAT);
        OK(strstr(error.message, "not messages.csv"));
        EQ(log_run(mv_linkedin_read_csv, "x/Messages (1).csv", HEADER,
                   strlen(HEADER)),
           MV_OK);
    }
}

/* Whether the only message of c1 becomes an opening. */
static bool opens(const char *row)
{
    char text[6000];

    snprintf(text, sizeof text, "%s%s%s", HEADER, row, TO_MIA);
    EQ(read_csv(text), MV_OK);
    return strstr(log_text.at, "opening") != NULL;
}

static void test_openings(void)
{
    static char row[5000], body[2000];

    TEST("within a day of connecting")
    {
        connected(DAY_OF_JAN_5);
        OK(opens(FROM_ANA("23:59:59", "Hello")));
        connected(DAY_OF_JAN_5 + 86400);
        OK(opens(FROM_ANA("00:00:00", "Hello")));
        connected(DAY_OF_JAN_5 - 86400);
        OK(opens(FROM_ANA("23:59:59", "Hello")));
        connected(DAY_OF_JAN_5 + 2 * 86400);
        OK(!opens(FROM_ANA("23:59:59", "Hello")));
        connected(DAY_OF_JAN_5 - 2 * 86400);
        OK(!opens(FROM_ANA("00:00:00", "Hello")));
        connected(MV_NO_TIME);
        OK(!opens(FROM_ANA("10:00:00", "Hello")));
    }
    TEST("by the other side, with a text, which is no known note")
    {
        connected(DAY_OF_JAN_5);
        OK(!opens(TO_ANA("10:00:00", "Hello")));
        OK(!opens(TO_ANA("10:00:00", "Hello") FROM_ANA("11:00:00", "Yes")));
        OK(!opens(FROM_ANA("10:00:00", "")));
        log_note = "Hello";
        OK(!opens(FROM_ANA("10:00:00", "Hello")));
        OK(opens(FROM_ANA("10:00:00", "Hello again")));
    }
    TEST("at most 300 code points")
    {
        connected(DAY_OF_JAN_5);
        body[0] = '\0';
        for (int i = 0; i < 300; i++)
            strcat(body, "\xc3\xb1");
        snprintf(row, sizeof row, FROM_ANA("10:00:00", "%s"), body);
        OK(opens(row));
        snprintf(row, sizeof row, FROM_ANA("10:00:00", "%sx"), body);
        OK(!opens(row));
        snprintf(row, sizeof row, FROM_ANA("10:00:00", "<p class=\"y\">%s</p>"),
                 body);
        snprintf(row, sizeof row,
                 FROM_ANA("10:00:00", "\"<p class=\"\"y\"\">%s</p>\""), body);
        OK(opens(row));
    }
    TEST("HTML and entities become text")
    {
        EQ(read_csv(HEADER FROM_ANA(
               "10:00:00", "Hi&nbsp;Lee<br>R&amp;D &amp; AT&T") TO_MIA),
           MV_OK);
        OK(strstr(log_text.at, "[Hi\xc2\xa0Lee\nR&D & AT&T]"));
    }
    TEST("of equal times the file's order decides")
    {
        EQ(read_csv(HEADER TO_ANA("12:00:00", "z") TO_ANA("10:00:00", "b")
                        FROM_ANA("10:00:00", "a") TO_MIA),
           MV_OK);
        OK(strstr(log_text.at, "[a]"));
        EQ(read_csv(HEADER FROM_ANA("10:00:00", "a") TO_ANA("10:00:00", "b")
                        TO_ANA("12:00:00", "z") TO_MIA),
           MV_OK);
        OK(strstr(log_text.at, "[a]"));
    }
}

static void test_rows(void)
{
    connected(DAY_OF_JAN_5);
    TEST("rows that are no messages of people")
    {
        EQ(read_csv(HEADER
                    "c1,,LinkedIn Member,,Lee Park," LEE
                    ",2026-01-05 10:00:00 UTC,,x,INBOX\n"
                    "c1,,Ana Ruiz," ANA ",Lee Park," LEE
                    ",2026-01-05 10:00:00 UTC,,x,SPAM\n"
                    "c1,,,,Lee Park," LEE ",2026-01-05 10:00:00 UTC,,x,INBOX\n"
                    "c1,,Ana Ruiz," ANA ",Lee Park," LEE ",soon,,x,INBOX\n"
                    ",,Ana Ruiz," ANA ",Lee Park," LEE
                    ",2026-01-05 10:00:00 UTC,,x,INBOX\n"),
           MV_OK);
        LOG("");
        SKIPPED("hidden member", 1, 2);
        SKIPPED("SPAM", 1, 3);
        SKIPPED("no sender", 1, 4);
        SKIPPED("Date", 1, 5);
        SKIPPED("no conversation id", 1, 6);
        EQ(read_csv("FROM,TO,DATE,SUBJECT,CONTENT,DIRECTION,FOLDER\n"
                    "Ana Ruiz,Lee Park,2026-01-05T10:00:00,,x,SENT,INBOX\n"),
           MV_OK);
        SKIPPED("Direction", 1, 2);
    }
    TEST("groups are left out")
    {
        EQ(read_csv(HEADER FROM_ANA("10:00:00", "Hello") TO_MIA
                    "c3,,Lee Park," LEE ",\"Ana Ruiz, Mia Wong\",\"" ANA "," MIA
                    "\",2026-01-05 10:00:00 UTC,,x,INBOX\n"
                    "c3,,Eva Sanz,https://www.linkedin.com/in/eva,"
                    "\"Lee Park, Mia Wong\",\"" LEE "," MIA
                    "\",2026-01-05 10:00:00 UTC,,x,INBOX\n"),
           MV_OK);
        EQ(tally.threads, 2);
        WARNED("group", 1, 4);
    }
}

static void test_owner(void)
{
    struct mv_linkedin_owner owner = {{0}, {0}};

    TEST("a single conversation does not say whose it is, a hint does")
    {
        connected(DAY_OF_JAN_5);
        EQ(read_csv(HEADER FROM_ANA("10:00:00", "Hello")), MV_OK);
        LOG("");
        WARNED("whose messages", 1, 0);
        strcpy(owner.url, "lee");
        options.owner = &owner;
        EQ(read_csv(HEADER FROM_ANA("10:00:00", "Hello")), MV_OK);
        LOG("thread c1 Ana Ruiz ana 1/0 1767607200 1767607200\n"
            "2 opening incoming 1767607200 Ana Ruiz ana [Hello]\n");
        memset(&owner, 0, sizeof owner);
        strcpy(owner.name, "LEE PARK");
        EQ(read_csv(HEADER FROM_ANA("10:00:00", "Hello")), MV_OK);
        EQ(tally.threads, 1);
    }
    TEST("a hint about somebody else is not believed; the owner is told")
    {
        memset(&owner, 0, sizeof owner);
        strcpy(owner.url, "eva");
        EQ(read_csv(HEADER FROM_ANA("10:00:00", "Hello") TO_MIA), MV_OK);
        EQ(tally.threads, 2);
        STR(owner.url, "eva");
        memset(&owner, 0, sizeof owner);
        EQ(read_csv(HEADER FROM_ANA("10:00:00", "Hello") TO_MIA), MV_OK);
        STR(owner.url, "lee");
        STR(owner.name, "Lee Park");
        options.owner = NULL;
    }
}

static void test_large(void)
{
    TEST("many conversations, and one with many messages")
    {
        struct mv_buffer text = {0};
        char row[400];

        connected(DAY_OF_JAN_5);
        mv_buffer_puts(&text, HEADER);
        for (int i = 0; i < 5000; i++) {
            snprintf(row, sizeof row,
                     "c%d,,P %d,https://www.linkedin.com/in/p%d,Lee Park," LEE
                     ",2026-01-05 10:00:%02d UTC,,Hello %d,INBOX\n",
                     i, i, i, i % 60, i);
            mv_buffer_puts(&text, row);
        }
        for (int i = 0; i < 5000; i++) {
            snprintf(row, sizeof row,
                     "c0,,P 0,https://www.linkedin.com/in/p0,Lee Park," LEE
                     ",2026-01-%02d 10:00:00 UTC,,Again %d,INBOX\n",
                     10 + i % 20, i);
            mv_buffer_puts(&text, row);
        }
        EQ(read_csv(text.at), MV_OK);
        EQ(tally.kept, 10000);
        EQ(tally.threads, 5000);
        EQ(tally.invites, 5000);
        OK(strstr(log_text.at, "thread c0 P 0 p0 5001/0 "));
        mv_buffer_release(&text);
    }
}

int main(void)
{
    test_headers();
    test_openings();
    test_rows();
    test_owner();
    test_large();
    mv_buffer_release(&log_text);
    return test_end();
}
