#include "status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void mv_error_clear(struct mv_error *error)
{
    if (error)
        memset(error, 0, sizeof *error);
}

/* Keeps the end of a long path: the file's own name says most. */
static void copy_tail(char *to, size_t size, const char *from)
{
    size_t len = strlen(from);

    if (len < size) {
        memcpy(to, from, len + 1);
        return;
    }
    from += len - (size - 1);
    memcpy(to, from, size);
    memcpy(to, "...", 3);
}

static void strip_controls(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            *text = '?';
}

enum mv_status mv_error_set(struct mv_error *error, enum mv_status code,
                            const char *source, long line, const char *format,
                            ...)
{
    va_list args;

    if (!error || error->code != MV_OK)
        return code;
    error->code = code;
    error->line = line;
    copy_tail(error->source, sizeof error->source, source ? source : "");
    va_start(args, format);
    vsnprintf(error->message, sizeof error->message, format, args);
    va_end(args);
    strip_controls(error->source);
    strip_controls(error->message);
    return code;
}

const char *mv_status_name(enum mv_status code)
{
    switch (code) {
    case MV_OK: return "done";
    case MV_NOMEM: return "out of memory";
    case MV_IO: return "input/output error";
    case MV_DB: return "database error";
    case MV_FORMAT: return "bad format";
    case MV_DATA: return "unfit data";
    case MV_RANGE: return "out of range";
    case MV_NOTFOUND: return "not found";
    case MV_STOPPED: return "stopped";
    }
    return "unknown status";
}
