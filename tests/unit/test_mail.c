#include "mail.h"
#include "test.h"

#include <stdlib.h>

static struct mv_source *source;
static struct mv_mail_reader *reader;
static struct mv_mail mail;
static struct mv_error error;

static void finish(void)
{
    mv_mail_close(reader);
    mv_source_close(source);
    reader = NULL;
    source = NULL;
}

static void start(const char *bytes)
{
    finish();
    mv_error_clear(&error);
    EQ(mv_source_open_memory(&source, "box", bytes, strlen(bytes), NULL),
       MV_OK);
    EQ(mv_mail_open(&reader, source, NULL), MV_OK);
}

static enum mv_status next(void)
{
    return mv_mail_next(reader, &mail, &error);
}

/* Reads the only message of bytes. */
static void only(const char *bytes)
{
    start(bytes);
    EQ(next(), MV_OK);
    EQ(mail.number, 1);
}

static const char *copy(struct mv_span span)
{
    static char text[4096];

    snprintf(text, sizeof text, "%.*s", (int)span.len, span.at ? span.at : "");
    return text;
}

static void test_headers(void)
{
    TEST("sender, subject and date are decoded")
    {
        only("From: =?UTF-8?Q?Mar=C3=ADa_L=C3=B3pez?= "
             "<invitations@linkedin.com>\n"
             "Subject: =?iso-8859-1?B?QfH6bg==?= =?utf-8?Q?_m=C3=A1s?=\n"
             "Date: Mon, 5 Jan 2026 10:00:00 -0800\n"
             "\n"
             "Hola\n");
        STR(mail.from_name, "Mar\xc3\xad"
                            "a L\xc3\xb3pez");
        STR(mail.from_address, "invitations@linkedin.com");
        STR(mail.subject, "A\xc3\xb1\xc3\xban m\xc3\xa1s");
        EQ(mail.date, 1767636000);
        STR(copy(mail.text), "Hola\n");
        EQ(mail.html.len, 0);
        EQ(mail.line, 1);
        EQ(next(), MV_OK);
        EQ(mail.number, 0);
        EQ(next(), MV_OK);
        EQ(mail.number, 0);
    }
    TEST("what is not said is empty")
    {
        only("X-Nothing: 1\n\n");
        STR(mail.from_name, "");
        STR(mail.from_address, "");
        STR(mail.subject, "");
        EQ(mail.date, INT64_MIN);
        EQ(mail.text.len, 0);
    }
    TEST("two senders are no sender")
    {
        only("From: a@linkedin.com, b@example.org\n\nx");
        STR(mail.from_address, "");
        only("From: a@linkedin.com\nFrom: b@example.org\n\nx");
        STR(mail.from_address, "");
    }
    TEST("CRLF and a byte order mark")
    {
        only("\xef\xbb\xbf"
             "Subject: one\r\nFrom: A <a@b.example>\r\n\r\ntext\r\n");
        STR(mail.subject, "one");
        STR(mail.from_name, "A");
    }
}

static void test_bodies(void)
{
    TEST("quoted-printable, base64 and charsets")
    {
        only("Content-Type: text/plain; charset=iso-8859-1\n"
             "Content-Transfer-Encoding: quoted-printable\n\n"
             "a=F1o =\nnuevo\n");
        STR(copy(mail.text), "a\xc3\xb1o nuevo\n");
        only("Content-Type: text/plain; charset=utf-8\n"
             "Content-Transfer-Encoding: base64\n\n"
             "wr9RdcOpIHRhbD8=\n");
        STR(copy(mail.text), "\xc2\xbfQu\xc3\xa9 tal?");
        only("Content-Type: text/plain; charset=no-such-charset\n\n"
             "plain\n");
        STR(copy(mail.text), "plain\n");
    }
    TEST("bytes that are not UTF-8 become UTF-8")
    {
        only("Content-Type: text/plain; charset=utf-8\n"
             "Content-Transfer-Encoding: 8bit\n\n"
             "a\xf1o\n");
        STR(copy(mail.text), "a\xc3\xb1o\n");
    }
    TEST("both parts of a nested alternative, attachments apart")
    {
        only("Content-Type: multipart/mixed; boundary=m\n\n"
             "--m\n"
             "Content-Type: text/plain\n"
             "Content-Disposition: attachment; filename=x.txt\n\n"
             "attached\n"
             "--m\n"
             "Content-Type: multipart/alternative; boundary=a\n\n"
             "--a\nContent-Type: text/plain;charset=UTF-8\n\nplain\n"
             "--a\nContent-Type: text/html;charset=UTF-8\n\n<p>html</p>\n"
             "--a--\n"
             "--m\nContent-Type: text/plain\n\nfooter\n"
             "--m--\n");
        STR(copy(mail.text), "plain");
        STR(copy(mail.html), "<p>html</p>");
    }
    TEST("an attached message is not looked into")
    {
        only("Content-Type: message/rfc822\n\n"
             "From: a@b.example\nContent-Type: text/plain\n\ninner\n");
        EQ(mail.text.len, 0);
    }
}

static void test_mailbox(void)
{
    TEST("a mailbox is cut at its From lines")
    {
        start("From a@b.example Mon Jan  5 10:00:00 2026\n"
              "Subject: one\n\n"
              "first\n"
              "From here on there is text\n"
              ">From quoted\n"
              ">>From twice\n"
              "\n"
              "From the start without a time\n"
              "\n"
              "From c@d.example Mon Jan  5 11:00:00 2026\n"
              "Subject: two\n\n"
              "second\n");
        EQ(next(), MV_OK);
        STR(mail.subject, "one");
        EQ(mail.line, 1);
        STR(copy(mail.text), "first\nFrom here on there is text\n"
                             "From quoted\n>From twice\n\n"
                             "From the start without a time\n\n");
        EQ(next(), MV_OK);
        STR(mail.subject, "two");
        EQ(mail.number, 2);
        EQ(mail.line, 11);
        STR(copy(mail.text), "second\n");
        EQ(next(), MV_OK);
        EQ(mail.number, 0);
    }
    TEST("a message of nothing keeps nothing of the one before")
    {
        start("From a@b Mon Jan  5 10:00:00 2026\nSubject: one\n\nx\n\n"
              "From a@b Mon Jan  5 10:00:00 2026\n");
        EQ(next(), MV_OK);
        EQ(next(), MV_OK);
        EQ(mail.number, 2);
        STR(mail.subject, "");
        EQ(mail.text.len, 0);
    }
    TEST("many messages, and a line longer than the window")
    {
        struct mv_buffer box = {0};
        int n = 0;

        for (int i = 0; i < 500; i++) {
            mv_buffer_puts(&box, "From a@b Mon Jan  5 10:00:00 2026\n"
                                 "Subject: s\n\n");
            for (int k = 0; k < (i == 250 ? 200000 : 7); k++)
                mv_buffer_puts(&box, "y");
            mv_buffer_puts(&box, "\n\n");
        }
        start(box.at);
        while (next() == MV_OK && mail.number) {
            EQ(mail.text.len, n == 250 ? 200002 : 9);
            n++;
        }
        EQ(n, 500);
        mv_buffer_release(&box);
    }
    TEST("a message that is too long is cut and said to be")
    {
        struct mv_buffer box = {0};

        mv_buffer_puts(&box, "From a@b Mon Jan  5 10:00:00 2026\n\n");
        for (size_t i = 0; i < MV_MAIL_MAX / 8 + 100; i++)
            mv_buffer_puts(&box, "1234567\n");
        mv_buffer_puts(&box, "\nFrom a@b Mon Jan  5 10:00:00 2026\n"
                             "Subject: next\n\nz\n");
        start(box.at);
        EQ(next(), MV_OK);
        OK(mail.cut);
        OK(mail.text.len < MV_MAIL_MAX && mail.text.len > MV_MAIL_MAX / 2);
        EQ(next(), MV_OK);
        OK(!mail.cut);
        STR(mail.subject, "next");
        mv_buffer_release(&box);
    }
}

static void test_bad(void)
{
    TEST("what is no mail is refused")
    {
        start("just some text\nwithout headers\n");
        EQ(next(), MV_FORMAT);
        OK(strstr(error.message, "not a mail"));
        EQ(error.line, 1);
        EQ(next(), MV_OK);
        EQ(mail.number, 0);
        start("");
        EQ(next(), MV_FORMAT);
        start("\n\nSubject: x\n\n");
        EQ(next(), MV_FORMAT);
        OK(mv_mail_is_mail(mv_span_of("Subject: x\n")));
        OK(mv_mail_is_mail(
            mv_span_of("From a@b Mon Jan  5 10:00:00 2026\nX: y")));
        OK(!mv_mail_is_mail(mv_span_of("From,To,Sent At\n")));
        OK(!mv_mail_is_mail(mv_span_of("")));
        mv_mail_close(NULL);
    }
    TEST("a message of too many parts is refused, the next one is read")
    {
        struct mv_buffer box = {0};

        mv_buffer_puts(&box, "From a@b Mon Jan  5 10:00:00 2026\n");
        for (int i = 0; i < 5000; i++)
            mv_buffer_puts(&box, "Content-Type: message/rfc822\n\n");
        mv_buffer_puts(&box, "\nFrom a@b Mon Jan  5 10:00:00 2026\n"
                             "Subject: next\n\nz\n");
        start(box.at);
        EQ(next(), MV_FORMAT);
        EQ(mail.number, 1);
        OK(strstr(error.message, "parts"));
        mv_error_clear(&error);
        EQ(next(), MV_OK);
        STR(mail.subject, "next");
        mv_buffer_release(&box);
    }
}

int main(void)
{
    test_headers();
    test_bodies();
    test_mailbox();
    test_bad();
    finish();
    return test_end();
}
