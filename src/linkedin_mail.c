/* Notification mails to invitations: which are, and what they say. */
#include "linkedin_read.h"

#include "html.h"
#include "mail.h"

#include <string.h>
#include <strings.h>

enum { NATURAL_MAX = 24, LOOK_AT = 1 << 16 };

static const char LOOK_ALIKE[] =
    "look-alike: the From address is not at linkedin.com";

/* A subject or text that an invitation has; lower case, straight quotes. */
static const char *const INVITATION_WORDS[] = {
    "invitation to connect",
    "invitation is waiting",
    "join my network",
    "join my professional network",
    "add me to your linkedin network",
    "you have an invitation",
    "i want to connect",
    "wants to connect",
    "would like to connect",
    "sent you an invitation",
    "like to add you to my",
    "like to join your",
    "like to connect with you",
    "invitaci\xc3\xb3n a conectar",
    "invitaci\xc3\xb3n para conectar",
    "tienes una invitaci\xc3\xb3n",
    "te ha enviado una invitaci\xc3\xb3n",
    "a\xc3\xb1\xc3\xa1"
    "deme a tu red",
    "quiero conectar",
    "quiere conectar",
    "quiere a\xc3\xb1"
    "adirte",
    "me gustar\xc3\xad"
    "a a\xc3\xb1"
    "adirte a mi red",
    "me gustar\xc3\xad"
    "a unirme a tu red",
    NULL};

static const char *const ACCEPTANCE_WORDS[] = {
    "start a conversation with your new connection",
    "accepted your invitation",
    "is now a connection",
    "ha aceptado tu invitaci\xc3\xb3n",
    "acept\xc3\xb3 tu invitaci\xc3\xb3n",
    "inicia una conversaci\xc3\xb3n con tu nuevo contacto",
    NULL};

/* --- comparing ------------------------------------------------------------ */

static bool holds_any(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (strstr(text, *words))
            return true;
    return false;
}

/* linkedin.com itself or a subdomain; a name that merely contains it is the
 * commonest disguise. */
static bool is_linkedin(const char *address)
{
    static const char DOMAIN[] = "linkedin.com";
    const char *at = strrchr(address, '@');
    size_t len = at ? strlen(at + 1) : 0, want = sizeof DOMAIN - 1;

    if (len < want || strcasecmp(at + 1 + len - want, DOMAIN) != 0)
        return false;
    return len == want || at[len - want] == '.';
}

/* --- facts ---------------------------------------------------------------- */

/* The digits behind "invitationId=" in a link; natural: NATURAL_MAX bytes. */
static bool find_natural(struct mv_span text, char *natural)
{
    static const char *const MARKS[] = {"invitationId=", "invitationId%3D",
                                        "invitationId%3d", NULL};

    for (const char *const *mark = MARKS; *mark && text.len; mark++) {
        const char *at = memmem(text.at, text.len, *mark, strlen(*mark));
        const char *end = text.at + text.len;
        size_t n = 0;

        if (!at)
            continue;
        at += strlen(*mark);
        while (at < end && n + 1 < NATURAL_MAX && *at >= '0' && *at <= '9')
            natural[n++] = *at++;
        natural[n] = '\0';
        if (n)
            return true;
    }
    return false;
}

/* The sender's key from the first profile link that has a slug. */
static bool find_url(struct mv_span text, char *key)
{
    static const char *const MARKS[] = {"linkedin.com/comm/in/",
                                        "linkedin.com/in/", NULL};

    for (const char *const *mark = MARKS; *mark && text.len; mark++) {
        const char *at = memmem(text.at, text.len, *mark, strlen(*mark));
        struct mv_span url;

        if (!at)
            continue;
        url.at = at;
        url.len = strlen(*mark);
        while (url.at + url.len < text.at + text.len &&
               !strchr(" \t\r\n?#\"'<>)/", url.at[url.len]))
            url.len++;
        if (mv_linkedin_key(url, key) == MV_OK)
            return true;
    }
    return false;
}

/* Why a mail is no invitation; NULL when it is one. text: its beginning in
 * lower case. */
static const char *judge(const struct mv_mail *mail, const char *text)
{
    char subject[300];
    bool claims;

    mv_linkedin_lower(mv_span_of(mail->subject), subject, sizeof subject);
    claims = holds_any(subject, INVITATION_WORDS) ||
             holds_any(text, INVITATION_WORDS) ||
             strstr(text, "invite-accept") || strstr(text, "invitationid=");
    if (!is_linkedin(mail->from_address)) {
        bool mentions = strstr(subject, "linkedin") || strstr(text, "linkedin");

        return claims && mentions ? LOOK_ALIKE : "not a LinkedIn invitation";
    }
    if (holds_any(subject, ACCEPTANCE_WORDS))
        return "acceptance notice";
    if (!claims)
        return "not a LinkedIn invitation";
    if (!mail->from_name[0] || strncasecmp(mail->from_name, "LinkedIn", 8) == 0)
        return "no sender name: a summary of several invitations";
    return NULL;
}

static enum mv_status unfit(struct mv_linkedin_run *run,
                            const struct mv_mail *mail, const char **why)
{
    struct mv_span body = mail->text.len ? mail->text : mail->html;
    enum mv_status status = mv_linkedin_row_start(run, LOOK_AT, 1);

    if (status != MV_OK)
        return status;
    mv_linkedin_lower(body, run->row.at, LOOK_AT);
    *why = judge(mail, run->row.at);
    return MV_OK;
}

/* --- mails ---------------------------------------------------------------- */

/* "Ana Ruiz via LinkedIn" is how some years write the sender. */
static struct mv_span sender_name(const char *from_name)
{
    static const char *const TAILS[] = {" via LinkedIn", " (via LinkedIn)",
                                        " a trav\xc3\xa9s de LinkedIn", NULL};
    struct mv_span name = mv_span_trim(mv_span_of(from_name));

    for (const char *const *tail = TAILS; *tail; tail++) {
        size_t len = strlen(*tail);

        if (name.len > len &&
            strncasecmp(name.at + name.len - len, *tail, len) == 0)
            name.len -= len;
    }
    return name;
}

/* The note, from the text part; else from the HTML part, by paragraphs, or
 * by lines where it does not set paragraphs off. */
static enum mv_status note_of(struct mv_linkedin_run *run,
                              const struct mv_mail *mail, const char *name,
                              struct mv_buffer *note)
{
    enum mv_status status = mv_linkedin_note(mail->text, name, false, note);
    struct mv_span html;

    if (status != MV_OK || note->len || mail->html.len == 0)
        return status;
    mv_buffer_clear(&run->html);
    status = mv_html_text(mail->html, &run->html, NULL);
    if (status == MV_NOMEM)
        return status;
    html = mv_buffer_span(&run->html);
    status = mv_linkedin_note(html, name, false, note);
    if (status == MV_OK && note->len == 0)
        status = mv_linkedin_note(html, name, true, note);
    return status;
}

static enum mv_status give_mail(struct mv_linkedin_run *run,
                                const struct mv_mail *mail,
                                struct mv_buffer *note)
{
    char natural[NATURAL_MAX], key[MV_LINKEDIN_KEY_SIZE];
    struct mv_invite invite = {.origin = MV_ORIGIN_MAIL,
                               .direction = MV_INCOMING,
                               .sent_at = mail->date};
    struct mv_span name = sender_name(mail->from_name);
    enum mv_status status = mv_linkedin_row_start(run, name.len, 4);

    if (status != MV_OK)
        return status;
    invite.name = mv_linkedin_row_copy(run, name);
    status = note_of(run, mail, invite.name ? invite.name : "", note);
    if (status != MV_OK)
        return mv_error_set(run->error, status, run->name, mail->line,
                            "no memory to read a mail");
    if (find_natural(mail->text, natural) || find_natural(mail->html, natural))
        invite.natural = natural;
    if (find_url(mail->text, key) || find_url(mail->html, key))
        invite.url = key;
    invite.message = note->at ? note->at : "";
    invite.message_len = note->len;
    if (invite.sent_at == MV_NO_TIME)
        mv_linkedin_warn(run, "a mail without a date", mail->line);
    if (mail->cut)
        mv_linkedin_warn(run, "a very long mail was cut", mail->line);
    run->tally->kept++;
    return mv_linkedin_give_invite(run, &invite, mail->line);
}

/* Reads the next mail; one that can not be parsed is skipped. */
static enum mv_status next_mail(struct mv_linkedin_run *run,
                                struct mv_mail_reader *reader,
                                struct mv_mail *mail)
{
    for (;;) {
        struct mv_error failure = {0};
        enum mv_status status = mv_mail_next(reader, mail, &failure);

        if (status == MV_OK)
            return MV_OK;
        if (status != MV_FORMAT || mail->number == 0) {
            if (run->error && run->error->code == MV_OK)
                *run->error = failure;
            return status;
        }
        run->tally->read++;
        mv_linkedin_skip(run, "a mail of too many parts", mail->line);
    }
}

static enum mv_status read_mails(struct mv_linkedin_run *run,
                                 struct mv_mail_reader *reader,
                                 struct mv_buffer *note)
{
    enum mv_status status = mv_linkedin_run_begin(run, "mail");
    struct mv_mail mail;

    while (status == MV_OK) {
        const char *why = NULL;

        status = next_mail(run, reader, &mail);
        if (status != MV_OK || mail.number == 0)
            break;
        run->tally->read++;
        status = unfit(run, &mail, &why);
        if (status == MV_OK && why)
            mv_linkedin_skip(run, why, mail.line);
        else if (status == MV_OK)
            status = give_mail(run, &mail, note);
    }
    return status;
}

enum mv_status mv_linkedin_read_mail(struct mv_source *source,
                                     const struct mv_linkedin_options *options,
                                     const struct mv_sink *sink,
                                     struct mv_tally *tally,
                                     struct mv_error *error)
{
    struct mv_linkedin_run run;
    struct mv_mail_reader *reader = NULL;
    struct mv_buffer note = {0};
    enum mv_status status =
        mv_linkedin_run_init(&run, source, options, sink, tally, error);

    if (status == MV_OK)
        status = mv_mail_open(&reader, source, error);
    if (status == MV_OK)
        status = read_mails(&run, reader, &note);
    mv_mail_close(reader);
    mv_buffer_release(&note);
    mv_linkedin_run_release(&run);
    return status;
}
