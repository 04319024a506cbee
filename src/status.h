/* layer 0: status codes and the caller-owned error record.
 *
 * Every fallible function of motivo returns an enum mv_status and takes a
 * struct mv_error * as its last parameter. The record is plain data of fixed
 * size that belongs to the caller; NULL means "I do not want the details".
 * The first error wins: a record that already holds one is left alone, so a
 * clean-up path can not hide the cause. Nothing here allocates or prints.
 *
 * Thread-safety: no shared state; a record must not be used by two threads at
 * once.
 */
#ifndef MV_STATUS_H
#define MV_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

enum mv_status {
    MV_OK = 0,   /* done */
    MV_NOMEM,    /* memory ran out */
    MV_IO,       /* a file could not be opened, read or written */
    MV_DB,       /* the database refused: locked, read-only, damaged, newer */
    MV_FORMAT,   /* bytes that are not what they should be; see line */
    MV_DATA,     /* well-formed, but too little or unfit: one class only, ... */
    MV_RANGE,    /* a parameter outside of its documented range */
    MV_NOTFOUND, /* no such invitation, model, column, member */
    MV_STOPPED   /* the caller's progress callback asked to stop */
};

/* A failure, told in one line: "'source' line N: message". */
struct mv_error {
    enum mv_status code; /* MV_OK while nothing has failed */
    long line;           /* 1-based line in source; 0: not about a line */
    char source[160];    /* file name or "" (cut at its start when longer) */
    char message[320];   /* no capital, no full stop, no line break */
};

/* Resets *error to "nothing has failed". error may be NULL. */
void mv_error_clear(struct mv_error *error);

/* Records a failure unless error is NULL or already holds one, and returns
 * code, so that a caller can write `return mv_error_set(...)`.
 * source: NULL or "" when no file is concerned. line: 0 when none.
 * format: as in printf; the result is cut at the size of the record and its
 * control characters are replaced, so that it is always one line. */
#if defined(__GNUC__)
__attribute__((format(printf, 5, 6)))
#endif
enum mv_status
mv_error_set(struct mv_error *error, enum mv_status code, const char *source,
             long line, const char *format, ...);

/* A short constant English name ("out of memory", "bad format", ...).
 * Any value of code is allowed. Borrowed: constant storage. */
const char *mv_status_name(enum mv_status code);

#ifdef __cplusplus
}
#endif
#endif
