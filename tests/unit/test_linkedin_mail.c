#include "linkedin_log.h"

#define UTC_OF_MAIL "1767636000"

static enum mv_status read_mail(const char *text)
{
    return log_run(mv_linkedin_read_mail, "x.mbox", text, strlen(text));
}

/* Reads a file of tests/data and gives it to the reader. */
static enum mv_status read_file(const char *name)
{
    struct mv_source *source = NULL;
    char path[200];
    enum mv_status status;

    snprintf(path, sizeof path, "tests/data/%s", name);
    mv_buffer_clear(&log_text);
    mv_error_clear(&error);
    memset(&tally, 0, sizeof tally);
    status = mv_source_open(&source, path, &error);
    EQ(status, MV_OK);
    if (status != MV_OK)
        return status;
    status = mv_linkedin_read_mail(source, NULL, &log_sink, &tally, &error);
    mv_source_close(source);
    return status;
}

#define FROM(who) "From: " who "\nDate: Mon, 5 Jan 2026 10:00:00 -0800\n"
#define FROM_ANA FROM("Ana Ruiz <invitations@linkedin.com>")
#define LINKS                                                                  \
    "View profile: https://www.linkedin.com/comm/profile/view?id=AAE&mid=x\n"  \
    "Accept: https://www.linkedin.com/comm/people/invite-accept?mboxid=I6&"    \
    "sharedKey=s3cr3t&invitationId=6123456789012345678&trk=eml\n"              \
    "\n..........\n\n"                                                         \
    "Unsubscribe: https://www.linkedin.com/e/v2?midToken=t0k3n\n"              \
    "This email was intended for Lee Park (Engineer).\n"

static void test_english(void)
{
    TEST("the layout of 2016: greeting, note, name, headline, links")
    {
        EQ(read_mail(FROM_ANA
                     "Subject: Lee, please add me to your LinkedIn network\n\n"
                     "Hi Lee,\n\n"
                     "We met at the seed fair.\nMay I visit on Tuesday?\n\n"
                     "Ana Ruiz\nAgronomist at Huerta\n\n" LINKS),
           MV_OK);
        LOG("1 mail incoming " UTC_OF_MAIL
            " Ana Ruiz - [We met at the seed fair.\nMay I visit on Tuesday?]"
            " id=6123456789012345678\n");
        STR(tally.dialect, "mail");
        OK(!strstr(log_text.at, "s3cr3t"));
        OK(!strstr(log_text.at, "t0k3n"));
    }
    TEST("the default text is the message")
    {
        EQ(read_mail(FROM_ANA
                     "Subject: Invitation to connect on LinkedIn\n\n"
                     "I'd like to add you to my professional network on "
                     "LinkedIn.\n\n"
                     "- Ana Ruiz\n\n" LINKS),
           MV_OK);
        OK(strstr(log_text.at, "[I'd like to add you to my professional "
                               "network on LinkedIn.] id="));
    }
    TEST("the name first, a note of several paragraphs")
    {
        EQ(read_mail(FROM_ANA "Subject: I want to connect\n\n"
                              "Ana Ruiz\nAgronomist at Huerta\n\n"
                              "Hi Lee, we met at the fair.\n\n"
                              "May I visit?\n\n" LINKS),
           MV_OK);
        OK(strstr(log_text.at,
                  "[Hi Lee, we met at the fair.\n\nMay I visit?]"));
    }
    TEST("the name first, then the headline apart")
    {
        EQ(read_mail(FROM_ANA "Subject: I want to connect\n\n"
                              "Ana Ruiz\n\nAgronomist at Huerta\n\n"
                              "Hi Lee, we met at the fair\n\n" LINKS),
           MV_OK);
        OK(strstr(log_text.at, "[Hi Lee, we met at the fair]"));
    }
    TEST("a link to the profile gives the key, without its query")
    {
        EQ(read_mail(FROM_ANA
                     "Subject: I want to connect\n\n"
                     "Have a look at https://example.com/a?sharedKey=q and "
                     "tell me what is wrong.\n\n"
                     "View profile: https://www.linkedin.com/comm/in/Ana-R-1?"
                     "midToken=t0k3n\n"),
           MV_OK);
        LOG("1 mail incoming " UTC_OF_MAIL
            " Ana Ruiz ana-r-1 [Have a look at https://example.com/a and "
            "tell me what is wrong.]\n");
    }
    TEST("CRLF")
    {
        EQ(read_mail("From: Ana Ruiz <invitations@linkedin.com>\r\n"
                     "Subject: I want to connect\r\n\r\n"
                     "Hi Lee,\r\n\r\nOne\r\nTwo\r\n\r\nAna Ruiz\r\n\r\n"
                     "Accept: https://x\r\n"),
           MV_OK);
        LOG("1 mail incoming - Ana Ruiz - [One\nTwo]\n");
        WARNED("without a date", 1, 1);
    }
}

static void test_spanish(void)
{
    TEST("a Spanish default, quoted-printable, a name of RFC 2047")
    {
        EQ(read_mail(
               FROM("=?UTF-8?Q?Mar=C3=ADa_L=C3=B3pez?= "
                    "<invitations@linkedin.com>") //
               "Subject: Lee, =?UTF-8?Q?a=C3=B1=C3=A1deme?= a tu red de "
               "LinkedIn\n"
               "Content-Type: multipart/alternative; boundary=b\n\n"
               "--b\nContent-Type: text/plain;charset=UTF-8\n"
               "Content-Transfer-Encoding: quoted-printable\n\n"
               "Has recibido una invitaci=C3=B3n a conectar.\n\n"
               "Hola, Lee:\n\n"
               "Me gustar=C3=ADa a=C3=B1adirte a mi red profesional en =\n"
               "LinkedIn.\n\n"
               "Mar=C3=ADa L=C3=B3pez\nAgr=C3=B3noma\n\n"
               "Ver perfil: https://www.linkedin.com/comm/profile/view?id=A\n"
               "Aceptar: https://www.linkedin.com/comm/x?invitationId=3D77\n"
               "--b\nContent-Type: text/html;charset=UTF-8\n\n<p>no</p>\n"
               "--b--\n"),
           MV_OK);
        LOG("1 mail incoming " UTC_OF_MAIL " Mar\xc3\xad"
            "a L\xc3\xb3pez - [Me gustar\xc3\xad"
            "a a\xc3\xb1"
            "adirte a mi red profesional en LinkedIn.] id=77\n");
    }
    TEST("a Spanish note")
    {
        EQ(read_mail(FROM_ANA
                     "Subject: Quiero conectar\n\n"
                     "Hola Lee,\n\n"
                     "Te escribo por el riego del huerto de la escuela.\n\n"
                     "Ana Ruiz\nAgr\xc3\xb3noma\n\n"
                     "Ver perfil de Ana: x\n"
                     "Aceptar: https://x\n"),
           MV_OK);
        OK(strstr(log_text.at, "[Te escribo por el riego del huerto de la "
                               "escuela.]"));
    }
}

static void test_html(void)
{
    TEST("HTML alone, by paragraphs")
    {
        EQ(read_mail(FROM_ANA
                     "Subject: I want to connect\n"
                     "Content-Type: text/html; charset=utf-8\n\n"
                     "<html><head><style>p{}</style></head><body>"
                     "<p>Hi Lee,</p><p>We met at the R&amp;D fair.</p>"
                     "<p>Ana Ruiz<br>Agronomist</p>"
                     "<a href=\"https://www.linkedin.com/comm/x?"
                     "invitationId=88&amp;sharedKey=s3cr3t\">Accept</a>"
                     "<p>Unsubscribe</p></body></html>\n"),
           MV_OK);
        LOG("1 mail incoming " UTC_OF_MAIL
            " Ana Ruiz - [We met at the R&D fair.] id=88\n");
    }
    TEST("HTML of table cells, by lines")
    {
        EQ(read_mail(FROM_ANA "Subject: I want to connect\n"
                              "Content-Type: text/html; charset=utf-8\n\n"
                              "<div>Ana Ruiz</div><div>Agronomist</div>"
                              "<div>Hi Lee, we met at the fair.</div>"
                              "<div><a href=\"https://www.linkedin.com/comm/in/"
                              "ana-r?trk=1\">View profile</a></div>"
                              "<div>Accept</div>\n"),
           MV_OK);
        LOG("1 mail incoming " UTC_OF_MAIL
            " Ana Ruiz ana-r [Hi Lee, we met at the fair.]\n");
    }
}

static void test_others(void)
{
    TEST("a mailbox of many things: what is no invitation is counted")
    {
        EQ(read_mail("From a@b Mon Jan  5 10:00:00 2026\n"
                     "From: Eva <eva@example.org>\nSubject: Lunch\n\nAt one?\n"
                     "\n"
                     "From a@b Mon Jan  5 10:00:00 2026\n" FROM_ANA
                     "Subject: Lee, start a conversation with your new "
                     "connection, Ana\n\nHello\n\n"
                     "From a@b Mon Jan  5 10:00:00 2026\n"
                     "From: Ana Ruiz <invitations@linkedin.com.example.org>\n"
                     "Subject: Invitation to connect on LinkedIn\n\n"
                     "I'd like to add you to my professional network.\n\n"
                     "Accept: https://example.org/?x\n\n"
                     "From a@b Mon Jan  5 10:00:00 2026\n"
                     "From: \"Ana Ruiz invitations@linkedin.com\" "
                     "<x@notlinkedin.com>\n"
                     "Subject: I want to connect\n\nJoin me on LinkedIn\n\n"
                     "From a@b Mon Jan  5 10:00:00 2026\n"
                     "From: LinkedIn <messages@linkedin.com>\n"
                     "Subject: You have an invitation\n\nThree people wait\n\n"
                     "From a@b Mon Jan  5 10:00:00 2026\n"
                     "From: Jobs <jobs@e.linkedin.com>\n"
                     "Subject: Ten new jobs for you\n\nLook\n\n"
                     "From a@b Mon Jan  5 10:00:00 2026\n" FROM_ANA
                     "Subject: Invitation to connect\n\nHi Lee,\n\n"
                     "We met.\n\nAna Ruiz\n\nAccept: x\n"),
           MV_OK);
        SKIPPED("not a LinkedIn invitation", 2, 1);
        SKIPPED("acceptance notice", 1, 7);
        SKIPPED("look-alike", 2, 14);
        SKIPPED("no sender name", 1, 28);
        EQ(tally.read, 7);
        EQ(tally.kept, 1);
        LOG("40 mail incoming " UTC_OF_MAIL " Ana Ruiz - [We met.]\n");
    }
    TEST("subdomains are LinkedIn's own")
    {
        EQ(read_mail(FROM("Ana Ruiz <invitations@e.LinkedIn.com>") //
                     "Subject: I want to connect\n\nWe met.\n"),
           MV_OK);
        EQ(tally.kept, 1);
    }
    TEST("two senders are a disguise")
    {
        EQ(read_mail("From: Ana <a@linkedin.com>, Eva <e@example.org>\n"
                     "Subject: I want to connect\n\nWe met on LinkedIn.\n"),
           MV_OK);
        SKIPPED("look-alike", 1, 1);
    }
    TEST("what is no mail")
    {
        EQ(read_mail("From,To,Sent At\nx,y,z\n"), MV_FORMAT);
        EQ(read_mail(""), MV_FORMAT);
    }
    TEST("files")
    {
        EQ(read_file("mail-invitation.eml"), MV_OK);
        LOG("1 mail incoming 1462104000 Ada Brunet - [I saw your talk on "
            "grafting old pear trees. Could you tell me which rootstock you "
            "used?] id=6130000000000000001\n");
        EQ(read_file("mail-box.mbox"), MV_OK);
        EQ(tally.kept, 2);
        EQ(tally.skipped, 2);
    }
}

int main(void)
{
    test_english();
    test_spanish();
    test_html();
    test_others();
    mv_buffer_release(&log_text);
    return test_end();
}
