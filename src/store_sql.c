/* The one table of statements. */
#include "store_sql.h"

/* What mv_store_read_invite reads, columns 0 to 29. ?1 in the joins: the model
 * whose verdict is shown. A contact without URL (exports before 2023), or one
 * of an invitation without, is told by its name, if that is the only one. */
#define INVITE                                                                 \
    "SELECT i.id, i.person, i.item, i.origin, i.direction, i.sent_at, "        \
    "i.starter, i.name, i.url, i.natural_id, i.lang, i.message, "              \
    "l.value, l.kind, l.annotator, l.at, l.chosen, l.id, "                     \
    "v.verdict, v.probability, v.language, v.at, v.model, "                    \
    "o.useful, c.id, c.connected_on, v.words, v.unseen, v.canned, "            \
    "o.said "
#define CONTACT_OF(person, named, url)                                         \
    "coalesce((SELECT min(id) FROM contact WHERE person = " person             \
    " AND url IS NOT NULL), (SELECT min(id) FROM contact WHERE named = " named \
    " HAVING count(*) = 1 AND (" url " IS NULL OR max(url) IS NULL)))"
#define JOINS                                                                  \
    " LEFT JOIN verdict v ON v.invitation = i.id AND v.model = ?1"             \
    " LEFT JOIN outcome o ON o.person = i.person"                              \
    " LEFT JOIN contact c ON c.id = " CONTACT_OF("i.person", "i.named",        \
                                                 "i.url")
/* Labels that were not taken back (by a row with an id <= upto). */
#define STOOD(l, upto)                                                         \
    l ".undoes IS NULL AND NOT EXISTS (SELECT 1 FROM label w"                  \
      " WHERE w.undoes = " l ".id AND w.id <= " upto ")"
#define STANDS(l)                                                              \
    l ".undoes IS NULL AND NOT EXISTS (SELECT 1 FROM label w"                  \
      " WHERE w.undoes = " l ".id)"
#define NEWEST_LABEL                                                           \
    " LEFT JOIN label l ON l.id ="                                             \
    " (SELECT max(n.id) FROM label n WHERE n.invitation = i.id AND " STANDS(   \
        "n") ")"
/* ?2 incoming, ?3 inbox, ?4 with message, ?5 unlabelled, ?6 annotator, ?7
 * pending (all 0 or 1, but ?6: text or NULL), ?8 limit (-1: none) */
#define FILTER                                                                 \
    " WHERE (?2 = 0 OR i.direction = 0) AND (?3 = 0 OR i.starter = 0)"         \
    " AND (?4 = 0 OR i.message <> '')"                                         \
    " AND (?5 = 0 OR NOT EXISTS (SELECT 1 FROM label u"                        \
    " WHERE u.invitation = i.id AND (?6 IS NULL OR u.annotator = ?6) "         \
    "AND " STANDS("u") "))"                                                    \
                       " AND (?7 = 0 OR v.verdict IS NULL)"
/* Votes by invitation, of the labels with id <= ?1: max(id) makes SQLite take
 * the other columns from the newest row of an annotator. value is NULL where
 * no value has strictly the most votes, or `unsure` has. */
#define SETTLED                                                                \
    "(SELECT invitation, CASE WHEN yes > no AND yes > open THEN 1"             \
    " WHEN no > yes AND no > open THEN 0 END AS value, starter, audit"         \
    " FROM (SELECT invitation, sum(value = 1) AS yes, sum(value = 0) AS no,"   \
    " sum(value = 2) AS open, min(chosen = 'starter') AS starter,"             \
    " sum(drawn) > 0 AS audit FROM (SELECT invitation, value, chosen,"         \
    " max(id), sum(chosen = 'audit') AS drawn FROM label s"                    \
    " WHERE id <= ?1 AND " STOOD("s", "?1") " GROUP BY invitation, annotator)" \
                                            " GROUP BY invitation))"
#define MODEL                                                                  \
    "SELECT m.id, file, sha256, corpus, options, metrics, card, note, "        \
    "last_label, created_at, m.id = coalesce((SELECT model FROM activation "   \
    "ORDER BY id DESC LIMIT 1), 0) FROM model m "

/* Messages never go through a sorter: it would hold them all at once. Where an
 * order is asked for, ids are sorted (LIMIT keeps SQLite from dropping the
 * order of a joined subquery) and the rows are looked up in that order. */
const char *const mv_store_sql[ST_COUNT] = {
    [ST_BEGIN] = "BEGIN IMMEDIATE",
    [ST_COMMIT] = "COMMIT",
    [ST_ROLLBACK] = "ROLLBACK",
    /* file, dialect, at, starter */
    [ST_RUN_ADD] = "INSERT INTO import_run (file, dialect, at, starter) "
                   "VALUES (?1, ?2, ?3, ?4)",
    /* id, read, added, known, ambiguous, skipped */
    [ST_RUN_END] = "UPDATE import_run SET read = ?2, added = ?3, known = ?4, "
                   "ambiguous = ?5, skipped = ?6 WHERE id = ?1",
    /* -> id, file, dialect, at, starter, read, added, known, ambiguous,
     * skipped */
    [ST_RUN_EACH] = "SELECT id, file, dialect, at, starter, read, added, "
                    "known, ambiguous, skipped FROM import_run ORDER BY id",

    /* person, item -> id, seen_run */
    [ST_INVITE_BY_KEY] = "SELECT id, seen_run FROM invitation "
                         "WHERE person = ?1 AND item = ?2",
    /* named, sent_at, origin, direction -> id, url, natural_id. The bound
     * keeps a file of one name and one time from taking forever. */
    [ST_INVITE_BY_NAME] = "SELECT id, url, natural_id FROM invitation "
                          "WHERE named = ?1 AND sent_at = ?2 AND origin = ?3 "
                          "AND direction = ?4 LIMIT 16",
    /* person, item, named, origin, direction, sent_at, seen_run, starter, name,
     * url, natural_id, lang, message */
    [ST_INVITE_ADD] =
        "INSERT INTO invitation (person, item, named, origin, direction, "
        "sent_at, seen_run, starter, name, url, natural_id, lang, message) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    /* id, run */
    [ST_INVITE_SEEN] = "UPDATE invitation SET seen_run = ?2 WHERE id = ?1",
    /* id, url, natural_id, person, item */
    [ST_INVITE_IDENTIFY] =
        "UPDATE invitation SET url = coalesce(url, ?2), "
        "natural_id = coalesce(natural_id, ?3), person = ?4, item = ?5 "
        "WHERE id = ?1",
    /* person, person -> message */
    [ST_INVITE_NOTES] =
        "SELECT message FROM invitation WHERE person IN (?1, ?2) "
        "AND direction = 0 AND origin IN (0, 2) AND message <> ''",
    /* model, id -> INVITE */
    [ST_INVITE_GET] =
        INVITE "FROM invitation i" NEWEST_LABEL JOINS " WHERE i.id = ?2",
    /* model, person -> INVITE */
    [ST_INVITE_OF] = INVITE "FROM invitation i" NEWEST_LABEL JOINS
                            " WHERE i.person = ?2 ORDER BY i.id",
    /* model, FILTER -> INVITE */
    [ST_INVITE_EACH] = INVITE "FROM invitation i" NEWEST_LABEL JOINS FILTER
                              " ORDER BY i.id LIMIT ?8",
    [ST_INVITE_NEWEST] = INVITE
    "FROM (SELECT id FROM invitation ORDER BY sent_at DESC, id LIMIT -1) s "
    "CROSS JOIN invitation i ON i.id = s.id" NEWEST_LABEL JOINS FILTER
    " LIMIT ?8",

    /* person -> id; person is by URL */
    [ST_CONTACT_BY_PERSON] =
        "SELECT id FROM contact WHERE person = ?1 AND url IS NOT NULL",
    /* named, connected_on, url -> id: same name and day, not two URLs */
    [ST_CONTACT_BY_NAME] =
        "SELECT id FROM contact WHERE named = ?1 AND connected_on IS ?2 "
        "AND (url IS NULL OR ?3 IS NULL) LIMIT 1",
    /* person, named, url -> connected_on */
    [ST_CONTACT_CONNECTED] =
        "SELECT connected_on FROM contact WHERE id = " CONTACT_OF("?1", "?2",
                                                                  "?3"),
    /* invitation -> company, position */
    [ST_CONTACT_WORK] =
        "SELECT c.company, c.position FROM invitation i JOIN contact c "
        "ON c.id = " CONTACT_OF("i.person", "i.named",
                                "i.url") " "
                                         "WHERE i.id = ?1",
    /* person, named, name, url, company, position, connected_on */
    [ST_CONTACT_ADD] =
        "INSERT INTO contact (person, named, name, url, company, position, "
        "connected_on) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    /* as ST_CONTACT_ADD, id; a row without URL does not take one away */
    [ST_CONTACT_SET] =
        "UPDATE contact SET person = iif(?4 IS NULL, person, ?1), named = ?2, "
        "name = ?3, url = coalesce(?4, url), company = coalesce(?5, company), "
        "position = coalesce(?6, position), "
        "connected_on = coalesce(?7, connected_on) WHERE id = ?8",
    [ST_CONTACT_EACH] = "SELECT name, url, company, position, connected_on "
                        "FROM contact ORDER BY id",
    /* id -> 1 */
    [ST_THREAD_KNOWN] = "SELECT 1 FROM thread WHERE id = ?1",
    /* id, name, url, received, sent, first_at, last_at */
    [ST_THREAD_PUT] =
        "INSERT INTO thread (id, name, url, received, sent, first_at, last_at) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (id) DO UPDATE SET "
        "name = coalesce(excluded.name, name), "
        "url = coalesce(excluded.url, url), "
        "received = max(received, excluded.received), "
        "sent = max(sent, excluded.sent), "
        "first_at = coalesce(min(first_at, excluded.first_at), first_at, "
        "excluded.first_at), "
        "last_at = coalesce(max(last_at, excluded.last_at), last_at, "
        "excluded.last_at)",
    [ST_THREAD_EACH] = "SELECT id, name, url, received, sent, first_at, "
                       "last_at FROM thread ORDER BY id",

    /* invitation, annotator -> value, kind */
    [ST_LABEL_LAST] = "SELECT value, kind, id, chosen FROM label l "
                      "WHERE invitation = ?1 AND annotator = ?2 "
                      "AND " STANDS("l") " ORDER BY id DESC LIMIT 1",
    /* invitation, annotator, value, kind, at, chosen, undoes, act, whether
     * the time is to be kept. Who sets another label in the place of one of
     * the audit sample leaves the message in the sample. */
    [ST_LABEL_ADD] = "INSERT INTO label (invitation, annotator, value, kind, "
                     "at, chosen, undoes, act) VALUES (?1, ?2, ?3, ?4, "
                     "iif(?9, ?5, max(?5, coalesce((SELECT max(at) + 1 "
                     "FROM label WHERE invitation = ?1 AND annotator = ?2), "
                     "?5))), iif(?6 = 'set' AND (SELECT chosen FROM label l "
                     "WHERE invitation = ?1 AND annotator = ?2 AND " STANDS(
                         "l") " ORDER BY id DESC LIMIT 1) = 'audit', 'audit', "
                              "?6), ?7, ?8)",
    /* model (0) -> INVITE, undoes, act: NULL where it has but one row */
    [ST_LABEL_EACH] = INVITE ", l.undoes, iif(l.act IS NULL AND EXISTS "
                             "(SELECT 1 FROM label a WHERE a.act = l.id), "
                             "l.id, l.act) FROM label l JOIN invitation i "
                             "ON i.id = l.invitation" JOINS " ORDER BY l.id",
    /* invitation, annotator, at, value, undoes -> id, act */
    [ST_LABEL_TOLD] = "SELECT id, coalesce(act, id) FROM label "
                      "WHERE invitation = ?1 AND annotator = ?2 AND at = ?3 "
                      "AND value = ?4 AND (undoes IS NOT NULL) = ?5 LIMIT 1",
    /* annotator -> act */
    [ST_LABEL_LAST_ACT] = "SELECT coalesce(act, id) FROM label l "
                          "WHERE annotator = ?1 AND " STANDS(
                              "l") " "
                                   "AND chosen NOT IN ('file', 'starter') "
                                   "ORDER BY id DESC LIMIT 1",
    /* act, annotator -> id, invitation, value, kind, chosen */
    [ST_LABEL_ACT] =
        "SELECT id, invitation, value, kind, chosen FROM label l "
        "WHERE annotator = ?2 AND id >= ?1 "
        "AND coalesce(act, id) = ?1 AND " STANDS("l") " "
                                                      "ORDER BY id",
    /* -> invitation, annotator, value, id, chosen: of each annotator the
     * newest */
    [ST_LABEL_VOTES] =
        "SELECT invitation, annotator, value, max(id), chosen "
        "FROM label l WHERE " STANDS("l") " "
                                          "GROUP BY invitation, annotator "
                                          "ORDER BY invitation, annotator",
    /* -> invitation, annotator, first value, later value, id, chosen */
    [ST_LABEL_AGAIN] =
        "SELECT * FROM (SELECT invitation, annotator, (SELECT value FROM "
        "label p WHERE p.invitation = l.invitation "
        "AND p.annotator = l.annotator AND p.id < l.id AND " STANDS(
            "p") " "
                 "ORDER BY p.id DESC LIMIT 1) AS first, value, id, chosen FROM "
                 "label l "
                 "WHERE chosen = 'again' AND " STANDS(
                     "l") ") WHERE first IS NOT NULL "
                          "ORDER BY invitation, id",
    /* annotator, since -> no-purpose, purpose, unsure, since then */
    [ST_LABEL_PROGRESS] =
        "SELECT coalesce(sum(value = 0), 0), coalesce(sum(value = 1), 0), "
        "coalesce(sum(value = 2), 0), coalesce(sum(at >= ?2), 0) FROM "
        "(SELECT value, at, max(id) FROM label l WHERE annotator = ?1 "
        "AND " STANDS("l") " GROUP BY invitation)",
    /* invitation, annotator, at, text */
    [ST_NOTE_ADD] = "INSERT INTO note (invitation, annotator, at, text) "
                    "VALUES (?1, ?2, ?3, ?4)",
    /* invitation, annotator -> text */
    [ST_NOTE_GET] = "SELECT text FROM note WHERE invitation = ?1 "
                    "AND annotator = ?2 ORDER BY id DESC LIMIT 1",
    /* invitation, annotator, at, text -> 1 */
    [ST_NOTE_TOLD] = "SELECT 1 FROM note WHERE invitation = ?1 "
                     "AND annotator = ?2 AND at = ?3 AND text = ?4 LIMIT 1",
    /* model (0) -> INVITE (label columns: none), annotator, at, text */
    [ST_NOTE_EACH] = INVITE ", n.annotator, n.at, n.text FROM note n "
                            "JOIN invitation i ON i.id = n.invitation "
                            "LEFT JOIN label l ON 0" JOINS " ORDER BY n.id",
    /* at, last_label, labels, enough, gain, low, high */
    [ST_ADVICE_PUT] = "INSERT INTO advice (at, last_label, labels, enough, "
                      "gain, low, high) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    /* -> the same, entries since then */
    [ST_ADVICE_GET] = "SELECT at, last_label, labels, enough, gain, low, high, "
                      "(SELECT count(*) FROM label l WHERE l.id > last_label) "
                      "FROM advice ORDER BY id DESC LIMIT 1",
    /* upto -> id, person, item, message, value, kind, lang, origin, direction,
     * starter, audit */
    [ST_EXAMPLE_EACH] =
        "SELECT i.id, i.person, i.item, i.message, s.value, (SELECT kind FROM "
        "label k WHERE invitation = i.id AND id <= ?1 AND value = s.value "
        "AND kind IS NOT NULL AND " STOOD(
            "k", "?1") " "
                       "ORDER BY id DESC LIMIT 1), "
                       "i.lang, i.origin, i.direction, s.starter, s.audit, "
                       "i.seen_run "
                       "FROM (SELECT t.* FROM " SETTLED " t JOIN invitation k "
                       "ON k.id = t.invitation WHERE t.value IS NOT NULL "
                       "ORDER BY k.person, k.item LIMIT -1) s "
                       "CROSS JOIN invitation i ON i.id = s.invitation",

    /* file, sha256, corpus, options, metrics, card, note, last_label,
     * created_at */
    [ST_MODEL_ADD] = "INSERT INTO model (file, sha256, corpus, options, "
                     "metrics, card, note, last_label, created_at) "
                     "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    /* id -> MODEL */
    [ST_MODEL_GET] = MODEL "WHERE m.id = ?1",
    [ST_MODEL_EACH] = MODEL "ORDER BY m.id",
    /* -> model */
    [ST_ACTIVE] = "SELECT model FROM activation ORDER BY id DESC LIMIT 1",
    /* model, at, reason, how */
    [ST_ACTIVATE] = "INSERT INTO activation (model, at, reason, how) "
                    "VALUES (?1, ?2, ?3, ?4)",
    /* -> id, model, at, reason, how */
    [ST_ACTIVATION_EACH] =
        "SELECT id, model, at, reason, how FROM activation ORDER BY id DESC",
    /* invitation, model, verdict, probability, language, at, words, unseen,
     * canned */
    [ST_VERDICT_PUT] =
        "INSERT INTO verdict (invitation, model, verdict, probability, "
        "language, at, words, unseen, canned) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) "
        "ON CONFLICT (invitation, model) DO UPDATE SET "
        "verdict = excluded.verdict, probability = excluded.probability, "
        "language = excluded.language, at = excluded.at, "
        "words = excluded.words, unseen = excluded.unseen, "
        "canned = excluded.canned",
    /* invitation -> model, verdict, probability, language, at */
    [ST_VERDICT_EACH] = "SELECT model, verdict, probability, language, at "
                        "FROM verdict WHERE invitation = ?1 ORDER BY model",
    /* -> model, verdicts of kind 0, 1, 2, 3, first at, last at */
    [ST_VERDICT_COUNT] =
        "SELECT model, sum(verdict = 0), sum(verdict = 1), sum(verdict = 2), "
        "sum(verdict = 3), min(at), max(at) FROM verdict GROUP BY model",
    /* person, name, url, useful, said, at */
    [ST_OUTCOME_PUT] =
        "INSERT INTO outcome (person, name, url, useful, said, at) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (person) DO UPDATE SET "
        "useful = excluded.useful, said = excluded.said, at = excluded.at "
        "WHERE excluded.said > outcome.said OR "
        "(excluded.said AND excluded.useful <> outcome.useful) OR "
        "(NOT outcome.said AND excluded.useful > outcome.useful)",
    /* person */
    [ST_OUTCOME_WITHDRAW] = "DELETE FROM outcome WHERE person = ?1 "
                            "AND NOT said AND NOT useful",

    /* id -> person */
    [ST_TRACE_ID] = "SELECT person FROM invitation WHERE id = ?1",
    /* person -> id, name, url, natural_id, message */
    [ST_TRACE_PERSON] = "SELECT id, name, url, natural_id, message "
                        "FROM invitation WHERE person = ?1",
    /* named -> the same, of rows without URL */
    [ST_TRACE_NAMED] = "SELECT id, name, url, natural_id, message "
                       "FROM invitation WHERE named = ?1 AND url IS NULL",
    /* person -> the names that it bears, as keys */
    [ST_TRACE_NAMES] =
        "SELECT named FROM invitation WHERE person = ?1 AND named IS NOT NULL "
        "UNION SELECT named FROM contact WHERE person = ?1 "
        "AND named IS NOT NULL",
    /* named -> persons with a URL that bear it */
    [ST_TRACE_URLS] =
        "SELECT person FROM invitation WHERE named = ?1 AND url IS NOT NULL "
        "UNION SELECT person FROM contact WHERE named = ?1 "
        "AND url IS NOT NULL LIMIT 3",
    /* person, named or NULL -> name, url */
    [ST_TRACE_CONTACTS] = "SELECT name, url FROM contact WHERE person = ?1 "
                          "OR (named = ?2 AND url IS NULL)",
    [ST_TRACE_OUTCOMES] =
        "SELECT name, url FROM outcome WHERE person = ?1 OR person = ?2",
    /* invitation -> labels, verdicts */
    [ST_TRACE_LABELS] =
        "SELECT (SELECT count(*) FROM label WHERE invitation = ?1), "
        "(SELECT count(*) FROM verdict WHERE invitation = ?1)",
    /* id; labels and verdicts go with it */
    [ST_ERASE_INVITE] = "DELETE FROM invitation WHERE id = ?1",
    /* person, named or NULL */
    [ST_ERASE_CONTACTS] = "DELETE FROM contact WHERE person = ?1 "
                          "OR (named = ?2 AND url IS NULL)",
    [ST_ERASE_OUTCOMES] =
        "DELETE FROM outcome WHERE person = ?1 OR person = ?2",
    /* id */
    [ST_ERASE_THREAD] = "DELETE FROM thread WHERE id = ?1",
    /* word */
    [ST_ERASE_RUNS] = "UPDATE import_run SET file = '(erased)' "
                      "WHERE instr(lower(file), lower(?1)) > 0",
    [ST_VACUUM] = "VACUUM",
    /* -> busy */
    [ST_TRUNCATE] = "PRAGMA wal_checkpoint(TRUNCATE)",
    /* word -> rows */
    [ST_HOLDERS] =
        "SELECT (SELECT count(*) FROM invitation WHERE instr(message, ?1) "
        "OR instr(name, ?1) OR instr(url, ?1) OR instr(natural_id, ?1) "
        "OR instr(lang, ?1)) + (SELECT count(*) FROM contact "
        "WHERE instr(name, ?1) OR instr(url, ?1) OR instr(company, ?1) "
        "OR instr(position, ?1)) + (SELECT count(*) FROM thread "
        "WHERE instr(id, ?1) OR instr(name, ?1) OR instr(url, ?1)) + "
        "(SELECT count(*) FROM outcome WHERE instr(name, ?1) "
        "OR instr(url, ?1)) + (SELECT count(*) FROM import_run "
        "WHERE instr(file, ?1)) + (SELECT count(*) FROM label "
        "WHERE instr(annotator, ?1)) + (SELECT count(*) FROM note "
        "WHERE instr(annotator, ?1) OR instr(text, ?1))",
    /* word -> id */
    [ST_HOLDING] = "SELECT id FROM invitation WHERE instr(message, ?1) "
                   "OR instr(name, ?1) OR instr(url, ?1) "
                   "OR instr(natural_id, ?1) ORDER BY id LIMIT 8",

    /* model -> direction, origin, starter, has message, verdict */
    [ST_COUNT_INVITES] =
        "SELECT i.direction, i.origin, i.starter, i.message <> '', v.verdict "
        "FROM invitation i LEFT JOIN verdict v ON v.invitation = i.id "
        "AND v.model = ?1",
    /* upto -> value or NULL, starter, audit, invitations */
    [ST_COUNT_SETTLED] = "SELECT value, starter, audit, count(*) FROM " SETTLED
                         " GROUP BY 1, 2, 3",
    /* -> in the order of read_rest */
    [ST_COUNT_REST] =
        "SELECT (SELECT count(*) - 2 * count(undoes) FROM label), "
        "(SELECT count(DISTINCT annotator) FROM label), "
        "(SELECT count(*) FROM contact), (SELECT count(*) FROM thread), "
        "(SELECT count(*) FROM thread WHERE received > 0 AND sent > 0), "
        "(SELECT count(*) FROM outcome WHERE useful), "
        "(SELECT count(*) FROM outcome WHERE NOT useful), "
        "(SELECT count(*) FROM outcome WHERE said), "
        "(SELECT count(*) FROM model), (SELECT count(*) FROM import_run), "
        "coalesce((SELECT max(id) FROM label), 0), "
        "(SELECT at FROM label ORDER BY id DESC LIMIT 1), "
        "(SELECT max(at) FROM import_run), "
        "coalesce((SELECT max(last_label) FROM model), 0)",
};
