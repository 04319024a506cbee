/* layer 4: erasing a person from the database.
 *
 * What there is of a person, deleting it, writing the file anew so that no
 * deleted byte stays behind, and looking whether one did. Whom that hits is
 * decided elsewhere (motivo). As store.h in all else: errors, borrowing,
 * threads.
 *
 * Thread-safety: as store.h says.
 */
#ifndef MV_STORE_FORGET_H
#define MV_STORE_FORGET_H

#include "arena.h"
#include "store.h"

enum { MV_TRACE_KEYS = 8 };

/* What there is of a person. Rows are told by URL; those without one by name
 * (or, of a mail, by its id; of a bare text, by the text), as long as only one
 * URL bears that name: what might be another's is left alone. */
struct mv_trace {
    int64_t *invitation; /* ids, rising */
    size_t invitations, size;
    long contacts, threads, outcomes, labels, verdicts;
    int64_t *doubtful; /* invitations without URL that bear the name, which
                        * several URLs bear, too */
    size_t doubts, doubts_size;
    struct mv_span *word; /* every name, URL and text of those rows, distinct */
    size_t words, words_size;
    struct mv_arena arena; /* of the words */

    int64_t person[MV_TRACE_KEYS], named[MV_TRACE_KEYS]; /* keys */
    int persons, names;
};

/* Finds a person by invitation id or, when id is 0, by URL as it is stored.
 * **Errors:** MV_NOTFOUND. **Owns:** the caller, until mv_trace_release, also
 * after a failure; *out is {0} before. */
enum mv_status mv_store_trace(struct mv_store *store, int64_t id,
                              const char *url, struct mv_trace *out,
                              struct mv_error *error);
void mv_trace_release(struct mv_trace *trace);

/* Deletes all of it, and the names of imported files that bear the person's
 * name, in one transaction. *runs: how many such names there were. */
enum mv_status mv_store_erase(struct mv_store *store,
                              const struct mv_trace *trace, int64_t *runs,
                              struct mv_error *error);
/* Empties the log of writes into the database. **Errors:** MV_DB, also when
 * another program is reading. */
enum mv_status mv_store_empty_log(struct mv_store *store,
                                  struct mv_error *error);
/* Writes the database anew without what was deleted, and empties the log.
 * **Errors:** as mv_store_empty_log. */
enum mv_status mv_store_scrub(struct mv_store *store, struct mv_error *error);

/* How many rows hold the bytes of word in some text column, and up to 8
 * invitations that do: id, n. */
enum { MV_HOLDERS = 8 };
enum mv_status mv_store_holders(struct mv_store *store, struct mv_span word,
                                int64_t *rows, int64_t *id, size_t *n,
                                struct mv_error *error);

#endif
