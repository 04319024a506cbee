/* CSV files: the header says the dialect, then row by row. */
#include "linkedin.h"

#include "linkedin_read.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* LinkedIn's notes above the header of Connections.csv take three lines. */
enum { PREAMBLE_LINES = 10, COLUMNS_MAX = 13 };

enum dialect { UNKNOWN = 0, INVITATIONS, CONNECTIONS, MESSAGES, TABLE };

static const char *const DIALECTS[] = {"", "invitations", "connections",
                                       "messages", "table"};

/* The columns of each dialect, in the order in which cell() asks for them. */
static const char *const INVITATION_COLUMNS[COLUMNS_MAX] = {
    "From",
    "To",
    "Sent At",
    "Message",
    "Direction",
    "inviterProfileUrl",
    "inviteeProfileUrl",
    "inviterProfileUrn",
    "inviteeProfileUrn"};
static const char *const CONNECTION_COLUMNS[COLUMNS_MAX] = {
    "First Name", "Last Name", "Connected On", "URL", "Company", "Position"};
static const char *const MESSAGE_COLUMNS[COLUMNS_MAX] = {
    "From",
    "Date",
    "Content",
    "Conversation ID",
    "Direction",
    "Sender Profile URL",
    "To",
    "Recipient Profile URLs",
    "Folder",
    "Is Message Draft",
    "Is Conversation Draft"};

struct reader {
    struct mv_linkedin_run run;
    struct mv_csv *csv;
    struct mv_csv_row row;
    enum dialect dialect;
    size_t width; /* fields of the header */
    ptrdiff_t column[MV_LINKEDIN_ROLES];
    struct mv_columns names; /* of a table */
    struct mv_linkedin_threads *threads;
    struct mv_linkedin_vote vote;
};

/* --- header --------------------------------------------------------------- */

/* Finds the columns of a list; whether the first `needed` are all there. */
static bool match(struct reader *reader, const char *const *columns, int needed)
{
    for (int i = 0; i < COLUMNS_MAX; i++) {
        reader->column[i] = columns[i]
                                ? mv_csv_column(reader->row.fields,
                                                reader->row.n, columns[i], NULL)
                                : -1;
        if (i < needed && reader->column[i] < 0)
            return false;
    }
    return true;
}

static bool match_table(struct reader *reader)
{
    const struct mv_columns *mapped = &reader->run.options->columns;

    reader->names = mv_linkedin_table_columns(mapped);
    for (int i = 0; i < MV_LINKEDIN_ROLES; i++) {
        const char *name = mv_linkedin_table_name(&reader->names, i);

        reader->column[i] =
            name ? mv_csv_column(reader->row.fields, reader->row.n, name, NULL)
                 : -1;
    }
    if (reader->column[0] < 0)
        return false;
    return mapped->text || reader->column[1] >= 0;
}

static enum dialect dialect_of(struct reader *reader)
{
    if (reader->run.options->columns.text)
        return match_table(reader) ? TABLE : UNKNOWN;
    if (match(reader, INVITATION_COLUMNS, 5))
        return INVITATIONS;
    if (match(reader, CONNECTION_COLUMNS, 3))
        return CONNECTIONS;
    if (match(reader, MESSAGE_COLUMNS, 3) &&
        (reader->column[3] >= 0 || reader->column[4] >= 0))
        return MESSAGES;
    return match_table(reader) ? TABLE : UNKNOWN;
}

/* Roles that the options name must be there; the default ones need not. */
static enum mv_status check_mapping(struct reader *reader, const char *found)
{
    const struct mv_columns *mapped = &reader->run.options->columns;

    for (int i = 0; mapped->text && i < MV_LINKEDIN_ROLES; i++) {
        const char *name = mv_linkedin_table_name(mapped, i);

        if (name && reader->column[i] < 0)
            return mv_error_set(reader->run.error, MV_FORMAT, reader->run.name,
                                reader->row.line,
                                "no column '%.40s'; the columns are: %s", name,
                                found);
    }
    return MV_OK;
}

static enum mv_status unknown_header(struct reader *reader, long line,
                                     const char *found)
{
    const char *text = reader->run.options->columns.text;

    if (text)
        return mv_error_set(reader->run.error, MV_FORMAT, reader->run.name,
                            line, "no column '%.40s'; the columns are: %s",
                            text, found);
    return mv_error_set(
        reader->run.error, MV_FORMAT, reader->run.name, line,
        "unknown columns: %s; expected the header of Invitations.csv, "
        "Connections.csv or messages.csv, or columns text and label; for "
        "another table name the column of the messages: --text COLUMN",
        found);
}

/* Files of courses and coaching have the header of messages.csv. */
static bool is_sibling(const char *name)
{
    static const char *const SIBLINGS[] = {"coach", "guide", "learning"};
    const char *slash = strrchr(name, '/');

    name = slash ? slash + 1 : name;
    for (size_t i = 0; i < sizeof SIBLINGS / sizeof *SIBLINGS; i++)
        if (strncasecmp(name, SIBLINGS[i], strlen(SIBLINGS[i])) == 0)
            return true;
    return false;
}

static void list_columns(const struct mv_csv_row *row, char *list, size_t size)
{
    list[0] = '\0';
    for (size_t i = 0; i < row->n && i < 40; i++)
        mv_linkedin_list_column(list, size, row->fields[i]);
}

/* A spreadsheet in some countries writes ';' or tabs. */
static bool is_other_table(const struct mv_csv_row *row)
{
    const struct mv_span *field = &row->fields[0];

    return row->n == 1 && field->len < 1000 &&
           (memchr(field->at, '\t', field->len) ||
            memchr(field->at, ';', field->len));
}

/* Reads up to the header. */
static enum mv_status find_header(struct reader *reader)
{
    char found[140] = "", columns[140];
    bool other = false;
    long first = 0;

    for (;;) {
        enum mv_status status =
            mv_csv_next(reader->csv, &reader->row, reader->run.error);

        if (status != MV_OK)
            return status;
        if (reader->row.n == 0 || reader->row.line > PREAMBLE_LINES)
            break;
        list_columns(&reader->row, columns, sizeof columns);
        if (first == 0) {
            first = reader->row.line;
            memcpy(found, columns, sizeof found);
            other = is_other_table(&reader->row);
        }
        reader->dialect = dialect_of(reader);
        if (reader->dialect != UNKNOWN)
            break;
    }
    reader->width = reader->row.n;
    if (first == 0)
        return mv_error_set(reader->run.error, MV_FORMAT, reader->run.name, 0,
                            "empty file: expected a CSV with a header line");
    if (reader->dialect == UNKNOWN && other)
        return mv_error_set(reader->run.error, MV_FORMAT, reader->run.name,
                            first,
                            "columns are separated by ';' or tabs: save the "
                            "file as CSV with commas");
    if (reader->dialect == UNKNOWN)
        return unknown_header(reader, first, found);
    if (reader->dialect == MESSAGES && is_sibling(reader->run.name))
        return mv_error_set(reader->run.error, MV_FORMAT, reader->run.name, 0,
                            "not messages.csv but a file of courses or "
                            "coaching, which holds no conversations");
    return check_mapping(reader, columns);
}

/* --- rows ----------------------------------------------------------------- */

static struct mv_span cell(const struct reader *reader, int i)
{
    ptrdiff_t column = reader->column[i];

    return column < 0 ? (struct mv_span){NULL, 0} : reader->row.fields[column];
}

/* Without a URL a person is a name: tells of names that come back. */
static enum mv_status check_name(struct reader *reader, const char *name)
{
    struct mv_span folded;
    bool added;
    enum mv_status status;

    if (!name)
        return MV_OK;
    status = mv_linkedin_fold(&reader->run, mv_span_of(name), &folded);
    if (status != MV_OK)
        return status;
    if (!mv_linkedin_map_put(&reader->run.names, &reader->run.arena, folded,
                             &added))
        return mv_error_set(reader->run.error, MV_NOMEM, reader->run.name, 0,
                            "no memory to compare names");
    if (!added)
        mv_linkedin_warn(&reader->run,
                         "the same name again and no URL: it may be two people",
                         reader->row.line);
    return MV_OK;
}

static enum mv_status read_invitation(struct reader *reader)
{
    struct mv_linkedin_run *run = &reader->run;
    long line = reader->row.line;
    struct mv_span message = cell(reader, 3);
    struct mv_invite invite = {.origin = MV_ORIGIN_NOTE};
    bool incoming = mv_linkedin_is(cell(reader, 4), "INCOMING");
    int other = incoming ? 0 : 1;
    enum mv_status status;

    if (!incoming && !mv_linkedin_is(cell(reader, 4), "OUTGOING")) {
        mv_linkedin_skip(run, "Direction is neither INCOMING nor OUTGOING",
                         line);
        return MV_OK;
    }
    if (mv_linkedin_time_pacific(cell(reader, 2), &invite.sent_at) != MV_OK) {
        mv_linkedin_skip(run, "Sent At is not of the form M/D/YY, h:mm AM",
                         line);
        return MV_OK;
    }
    invite.direction = incoming ? MV_INCOMING : MV_OUTGOING;
    invite.name = mv_linkedin_row_copy(run, cell(reader, other));
    invite.url = mv_linkedin_row_key(run, cell(reader, 5 + other));
    if (!invite.url)
        invite.url = mv_linkedin_row_key(run, cell(reader, 7 + other));
    if (!invite.name && !invite.url) {
        mv_linkedin_skip(run, "neither name nor URL", line);
        return MV_OK;
    }
    mv_linkedin_vote_put(&reader->vote, cell(reader, 6 - other),
                         cell(reader, 1 - other));
    invite.message = mv_linkedin_row_raw(run, message);
    invite.message_len = message.len;
    status = !invite.url && incoming ? check_name(reader, invite.name) : MV_OK;
    if (status != MV_OK)
        return status;
    run->tally->kept++;
    return mv_linkedin_give_invite(run, &invite, line);
}

/* "First Last"; either may be empty. */
static const char *full_name(struct reader *reader)
{
    struct mv_span first = mv_span_trim(cell(reader, 0));
    struct mv_span last = mv_span_trim(cell(reader, 1));
    struct mv_buffer *row = &reader->run.row;
    const char *name;

    if (first.len == 0 || last.len == 0)
        return mv_linkedin_row_copy(&reader->run, first.len ? first : last);
    name = mv_linkedin_row_raw(&reader->run, first);
    row->at[row->len - 1] = ' ';
    mv_linkedin_row_raw(&reader->run, last);
    return name;
}

static enum mv_status read_connection(struct reader *reader)
{
    struct mv_linkedin_run *run = &reader->run;
    long line = reader->row.line;
    struct mv_contact contact = {.connected_on = MV_NO_TIME};
    enum mv_status status = MV_OK;

    contact.name = full_name(reader);
    contact.url = mv_linkedin_row_key(run, cell(reader, 3));
    contact.company = mv_linkedin_row_copy(run, cell(reader, 4));
    contact.position = mv_linkedin_row_copy(run, cell(reader, 5));
    if (!contact.name && !contact.url) {
        mv_linkedin_skip(run, "hidden or closed account: no name and no URL",
                         line);
        return MV_OK;
    }
    if (mv_linkedin_time_day(cell(reader, 2), &contact.connected_on) != MV_OK)
        mv_linkedin_warn(run, "Connected On is not a date such as 04 Apr 2021",
                         line);
    if (!contact.url)
        status = check_name(reader, contact.name);
    if (status != MV_OK)
        return status;
    run->tally->kept++;
    return mv_linkedin_give_contact(run, &contact, line);
}

static enum mv_status read_message(struct reader *reader)
{
    struct mv_linkedin_message message = {
        .from = cell(reader, 0),
        .date = cell(reader, 1),
        .content = cell(reader, 2),
        .conversation = cell(reader, 3),
        .direction = cell(reader, 4),
        .from_url = cell(reader, 5),
        .to = cell(reader, 6),
        .to_urls = cell(reader, 7),
        .folder = cell(reader, 8),
        .draft = cell(reader, 9),
        .draft_conversation = cell(reader, 10),
        .line = reader->row.line,
    };

    return mv_linkedin_threads_add(&reader->run, reader->threads, &message);
}

static enum mv_status read_table_row(struct reader *reader)
{
    struct mv_linkedin_cells cells = {0};

    for (int i = 0; i < MV_LINKEDIN_ROLES; i++)
        *mv_linkedin_table_cell(&cells, i) = cell(reader, i);
    return mv_linkedin_table_row(&reader->run, &cells, reader->row.line);
}

static enum mv_status read_row(struct reader *reader)
{
    struct mv_linkedin_run *run = &reader->run;
    size_t bytes = 3 * (size_t)MV_LINKEDIN_KEY_SIZE;
    enum mv_status status;

    run->tally->read++;
    if (reader->row.n != reader->width) {
        mv_linkedin_skip(run,
                         reader->row.n < reader->width
                             ? "fewer fields than the header"
                             : "more fields than the header",
                         reader->row.line);
        return MV_OK;
    }
    if (reader->row.recoded)
        mv_linkedin_warn(run, "not UTF-8: read as Windows-1252",
                         reader->row.line);
    for (size_t i = 0; i < reader->row.n; i++)
        bytes += reader->row.fields[i].len + 1;
    status = mv_linkedin_row_start(run, bytes, reader->row.n + 8);
    if (status != MV_OK)
        return status;
    switch (reader->dialect) {
    case INVITATIONS: return read_invitation(reader);
    case CONNECTIONS: return read_connection(reader);
    case MESSAGES: return read_message(reader);
    case TABLE: return read_table_row(reader);
    case UNKNOWN: break;
    }
    return MV_OK;
}

static void skip_damage(struct reader *reader, long line)
{
    reader->run.tally->read++;
    mv_linkedin_skip(&reader->run, "not well-formed CSV", line);
}

/* A record that is no CSV is skipped. At the end of a file it is fatal: most
 * likely a quote was opened there that is never closed, and what it swallowed
 * must not go missing in silence. */
static enum mv_status next_row(struct reader *reader)
{
    struct mv_error damage = {0}, failure;
    enum mv_status status;

    for (;;) {
        mv_error_clear(&failure);
        status = mv_csv_next(reader->csv, &reader->row, &failure);
        if (status == MV_OK && reader->row.n == 0 && damage.code != MV_OK) {
            status = damage.code;
            failure = damage;
            break;
        }
        if (damage.code != MV_OK)
            skip_damage(reader, damage.line);
        if (status != MV_FORMAT)
            break;
        damage = failure;
    }
    if (status != MV_OK && reader->run.error &&
        reader->run.error->code == MV_OK)
        *reader->run.error = failure;
    return status;
}

static enum mv_status read_rows(struct reader *reader)
{
    enum mv_status status = MV_OK;

    if (reader->dialect == MESSAGES)
        status = mv_linkedin_threads_new(&reader->threads);
    if (status == MV_OK)
        status = mv_linkedin_run_begin(&reader->run, DIALECTS[reader->dialect]);
    while (status == MV_OK) {
        status = next_row(reader);
        if (status != MV_OK || reader->row.n == 0)
            break;
        status = read_row(reader);
    }
    if (status == MV_OK && reader->dialect == MESSAGES)
        status = mv_linkedin_threads_give(&reader->run, reader->threads);
    if (status == MV_OK && reader->dialect == INVITATIONS)
        mv_linkedin_vote_end(&reader->vote, reader->run.options->owner);
    return status;
}

enum mv_status mv_linkedin_read_csv(struct mv_source *source,
                                    const struct mv_linkedin_options *options,
                                    const struct mv_sink *sink,
                                    struct mv_tally *tally,
                                    struct mv_error *error)
{
    struct reader *reader = calloc(1, sizeof *reader);
    enum mv_status status;

    if (!reader)
        return mv_error_set(error, MV_NOMEM, mv_source_name(source), 0,
                            "no memory to read");
    status =
        mv_linkedin_run_init(&reader->run, source, options, sink, tally, error);
    if (status == MV_OK)
        status = mv_csv_open(&reader->csv, source, error);
    if (status == MV_OK)
        status = find_header(reader);
    if (status == MV_OK)
        status = read_rows(reader);
    mv_linkedin_threads_free(reader->threads);
    mv_csv_close(reader->csv);
    mv_linkedin_run_release(&reader->run);
    free(reader);
    return status;
}
