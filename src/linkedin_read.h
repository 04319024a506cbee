/* layer 3: what the readers of linkedin share: a run, its tally, its rows.
 *
 * Private to the linkedin module.
 *
 * Thread-safety: as linkedin.h.
 */
#ifndef MV_LINKEDIN_READ_H
#define MV_LINKEDIN_READ_H

#include "csv.h"
#include "linkedin.h"
#include "text.h"

/* --- a map from strings to numbers ---------------------------------------- */

struct mv_linkedin_map_slot {
    const char *key; /* NULL: free */
    uint64_t hash;
    size_t value;
};

/* `= {0}` initialises it. Keys live in the arena that put was given. */
struct mv_linkedin_map {
    struct mv_linkedin_map_slot *slots;
    size_t size, used; /* size: 0 or a power of two */
};

/* The value of key, made 0 when it was not there (*added then); NULL when
 * memory runs out. Borrowed until the next put. */
size_t *mv_linkedin_map_put(struct mv_linkedin_map *map, struct mv_arena *arena,
                            struct mv_span key, bool *added);
/* The value of key, or NULL. Borrowed until the next put. */
size_t *mv_linkedin_map_get(const struct mv_linkedin_map *map,
                            struct mv_span key);
/* Frees the slots. NULL is allowed. */
void mv_linkedin_map_release(struct mv_linkedin_map *map);

/* --- a run over one source ------------------------------------------------ */

struct mv_linkedin_run {
    struct mv_source *source;
    const char *name; /* of the source */
    const struct mv_linkedin_options *options;
    const struct mv_sink *sink;
    struct mv_tally *tally;
    struct mv_error *error;
    struct mv_text *text; /* folds names */
    struct mv_tokens tokens;
    struct mv_buffer row;  /* NUL-terminated copies of one row's fields */
    struct mv_buffer html; /* a body as plain text */
    struct mv_arena arena; /* lives as long as the run */
    struct mv_linkedin_map names;
};

/* Starts a run; NULL options or sink become empty ones. Errors: MV_NOMEM.
 * Owns: the caller, until mv_linkedin_run_release. */
enum mv_status mv_linkedin_run_init(struct mv_linkedin_run *run,
                                    struct mv_source *source,
                                    const struct mv_linkedin_options *options,
                                    const struct mv_sink *sink,
                                    struct mv_tally *tally,
                                    struct mv_error *error);
/* Frees what the run holds; tells what the source had to convert. */
void mv_linkedin_run_release(struct mv_linkedin_run *run);

/* Says to tally and sink what is being read. */
enum mv_status mv_linkedin_run_begin(struct mv_linkedin_run *run,
                                     const char *dialect);

/* Counts a row as skipped for a reason (constant storage). */
void mv_linkedin_skip(struct mv_linkedin_run *run, const char *why, long line);
/* Counts a warning. line: 0 when it is about the whole file. */
void mv_linkedin_warn(struct mv_linkedin_run *run, const char *what, long line);

/* Forgets the copies of the last row and makes room for n more strings of
 * bytes in total. Errors: MV_NOMEM. */
enum mv_status mv_linkedin_row_start(struct mv_linkedin_run *run, size_t bytes,
                                     size_t n);
/* A NUL-terminated copy without blanks at its ends, NULL when that is empty.
 * Room was made by mv_linkedin_row_start. Borrowed until its next call. */
const char *mv_linkedin_row_copy(struct mv_linkedin_run *run,
                                 struct mv_span field);
/* The same with its blanks, "" when it is empty. */
const char *mv_linkedin_row_raw(struct mv_linkedin_run *run,
                                struct mv_span field);
/* The key of a profile URL in the same way; NULL when it has none. The room
 * to be made for it is MV_LINKEDIN_KEY_SIZE. */
const char *mv_linkedin_row_key(struct mv_linkedin_run *run,
                                struct mv_span url);

/* The folded name, blanks collapsed. Borrowed until the next call.
 * Errors: MV_NOMEM. */
enum mv_status mv_linkedin_fold(struct mv_linkedin_run *run,
                                struct mv_span name, struct mv_span *out);

/* Whether the field is this word, ASCII case and blanks at its ends apart. */
bool mv_linkedin_is(struct mv_span field, const char *word);

/* Hands a record to the sink and counts it. */
enum mv_status mv_linkedin_give_invite(struct mv_linkedin_run *run,
                                       const struct mv_invite *invite,
                                       long line);
enum mv_status mv_linkedin_give_contact(struct mv_linkedin_run *run,
                                        const struct mv_contact *contact,
                                        long line);
enum mv_status mv_linkedin_give_thread(struct mv_linkedin_run *run,
                                       const struct mv_thread *thread);

/* --- rows of a table (linkedin_table.c) ------------------------------------
 */

/* The cells of a row by role; at is NULL where there is no such column. */
struct mv_linkedin_cells {
    struct mv_span text, label, lang, name, url, date, kind, annotator,
        direction, origin, natural, split, chosen, told_at, event, act, note;
};

/* The names that the options give, or the default ones. */
struct mv_columns mv_linkedin_table_columns(const struct mv_columns *columns);
/* The name for role i (0..16, the order of struct mv_linkedin_cells), and the
 * cell of that role. */
const char *mv_linkedin_table_name(const struct mv_columns *columns, int i);
struct mv_span *mv_linkedin_table_cell(struct mv_linkedin_cells *cells, int i);
#define MV_LINKEDIN_ROLES 17

/* Turns one row into an invitation, or skips it.
 * Errors: MV_FORMAT for a label that is none of the words. */
enum mv_status mv_linkedin_table_row(struct mv_linkedin_run *run,
                                     const struct mv_linkedin_cells *cells,
                                     long line);

/* Appends the name of a column found to a list in an error message of size
 * bytes; what is too long or looks like data is not told. */
void mv_linkedin_list_column(char *list, size_t size, struct mv_span name);

/* --- whose Invitations.csv it is (linkedin_owner.c) --------------------------
 */

/* Who invites in OUTGOING rows and is invited in INCOMING ones: the majority,
 * by the vote of Boyer and Moore (1981). `= {0}` initialises it. */
struct mv_linkedin_vote {
    struct mv_linkedin_owner owner; /* the candidate */
    long votes;
};

/* Takes one row's vote; url or name may be empty. */
void mv_linkedin_vote_put(struct mv_linkedin_vote *vote, struct mv_span url,
                          struct mv_span name);
/* Writes the winner to *owner, if there is one; owner may be NULL. */
void mv_linkedin_vote_end(const struct mv_linkedin_vote *vote,
                          struct mv_linkedin_owner *owner);

/* --- mails (linkedin_note.c) ------------------------------------------------
 */

/* text in ASCII lower case with straight apostrophes, cut to size bytes. */
void mv_linkedin_lower(struct mv_span text, char *to, size_t size);

/* Puts the note of a mail's body, or LinkedIn's default text, into *out; ""
 * when there is none. name: the sender's; by_line: every line is a paragraph.
 * Errors: MV_NOMEM. */
enum mv_status mv_linkedin_note(struct mv_span text, const char *name,
                                bool by_line, struct mv_buffer *out);

/* --- messages.csv (linkedin_messages.c) ------------------------------------
 */

/* One message of it. at is NULL where there is no such column. */
struct mv_linkedin_message {
    struct mv_span conversation, from, from_url, to, to_urls, date, content,
        folder, direction, draft, draft_conversation;
    long line;
};

struct mv_linkedin_threads;

/* Errors: MV_NOMEM. Owns: the caller, until mv_linkedin_threads_free, which
 * accepts NULL. */
enum mv_status mv_linkedin_threads_new(struct mv_linkedin_threads **out);
void mv_linkedin_threads_free(struct mv_linkedin_threads *threads);

/* Adds a message to its thread, or skips it. Errors: MV_NOMEM. */
enum mv_status mv_linkedin_threads_add(struct mv_linkedin_run *run,
                                       struct mv_linkedin_threads *threads,
                                       const struct mv_linkedin_message *row);

/* Finds the owner and gives threads and openings to the sink, in the order in
 * which the threads were first seen. */
enum mv_status mv_linkedin_threads_give(struct mv_linkedin_run *run,
                                        struct mv_linkedin_threads *threads);

/* One side of a conversation. */
struct mv_linkedin_person {
    const char *url;    /* key, or NULL */
    const char *name;   /* as written, or NULL */
    const char *folded; /* name folded, or NULL */
    long sent;          /* messages by this person */
};

/* A conversation under way; people beyond three make a group all the same. */
#define MV_LINKEDIN_PEOPLE 3
struct mv_linkedin_thread {
    const char *id;
    struct mv_linkedin_person people[MV_LINKEDIN_PEOPLE];
    int n;     /* people in the array */
    int other; /* index of the other side, -1: not known */
    bool group;
    bool falling; /* rows come newest first */
    int64_t first_at, last_at, seen_at;
    int first_by;      /* index of who wrote the first message */
    long line;         /* where that one is */
    char *first;       /* its text when it can be an opening */
    size_t first_size; /* room of first */
    size_t first_len;  /* 0: it can not be one */
};

struct mv_linkedin_threads {
    struct mv_linkedin_map by_id;
    struct mv_linkedin_thread *list;
    size_t n, room;
    bool directed; /* there is a Direction column: other is known by it */
};

/* Decides for each thread who the other side is (linkedin_owner.c).
 * Errors: MV_NOMEM; MV_NOTFOUND when the owner is not recognised. */
enum mv_status mv_linkedin_find_owner(struct mv_linkedin_run *run,
                                      struct mv_linkedin_threads *threads);

#endif
