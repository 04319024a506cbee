#include "json.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH = 32 };

struct mv_json {
    json_t *root;
    json_t *open[DEPTH]; /* borrowed: the open objects and arrays */
    size_t depth;
    enum mv_status failure; /* the first one; sticks */
    const char *reason;
    struct mv_arena texts; /* what mv_json_get had to write out */
};

struct mv_json *mv_json_new(void)
{
    return calloc(1, sizeof(struct mv_json));
}

void mv_json_clear(struct mv_json *json)
{
    if (!json)
        return;
    json_decref(json->root);
    mv_arena_release(&json->texts);
    memset(json, 0, sizeof *json);
}

void mv_json_free(struct mv_json *json)
{
    mv_json_clear(json);
    free(json);
}

/* --- building --------------------------------------------------------------
 */

static void fail(struct mv_json *json, enum mv_status code, const char *reason)
{
    if (json->failure != MV_OK)
        return;
    json->failure = code;
    json->reason = reason;
}

/* A text as a value; NULL when it can not be one, and that has been noted. */
static json_t *text_value(struct mv_json *json, const char *at, size_t len)
{
    bool has_nul = memchr(at, 0, len) != NULL;
    json_t *value = has_nul ? NULL : json_stringn(at, len), *unchecked;

    if (value)
        return value;
    /* The library says NULL for bad UTF-8 and for no memory alike. */
    unchecked = json_stringn_nocheck(at, len);
    if (unchecked && !has_nul)
        value = json_stringn(at, len);
    if (!unchecked)
        fail(json, MV_NOMEM, "out of memory");
    else if (!value)
        fail(json, MV_FORMAT, "a text or name is not UTF-8 or holds a NUL");
    json_decref(unchecked);
    return value;
}

/* Puts value, which is the callee's from now on, at the open place. */
static void put(struct mv_json *json, const char *key, json_t *value)
{
    json_t *into = json->depth ? json->open[json->depth - 1] : NULL;
    int failed = 0;

    if (!value) {
        fail(json, MV_NOMEM, "out of memory");
    } else if (!into && json->root) {
        json_decref(value);
        fail(json, MV_RANGE, "a second outermost value");
    } else if (!into) {
        json->root = value;
    } else if (json_is_array(into)) {
        failed = json_array_append_new(into, value);
    } else if (key) {
        failed = json_object_set_new(into, key, value);
    } else {
        json_decref(value);
        fail(json, MV_RANGE, "a member without a name");
    }
    if (failed) {
        if (key)
            json_decref(text_value(json, key, strlen(key)));
        fail(json, MV_NOMEM, "out of memory");
    }
}

static bool ready(const struct mv_json *json)
{
    return json && json->failure == MV_OK;
}

static void begin(struct mv_json *json, const char *key, json_t *value)
{
    if (json->depth == DEPTH) {
        json_decref(value);
        fail(json, MV_RANGE, "more than 32 levels");
        return;
    }
    put(json, key, value);
    if (json->failure == MV_OK)
        json->open[json->depth++] = value;
}

void mv_json_begin_object(struct mv_json *json, const char *key)
{
    if (ready(json))
        begin(json, key, json_object());
}

void mv_json_begin_array(struct mv_json *json, const char *key)
{
    if (ready(json))
        begin(json, key, json_array());
}

void mv_json_end(struct mv_json *json)
{
    if (!ready(json))
        return;
    if (json->depth)
        json->depth--;
    else
        fail(json, MV_RANGE, "an end without a begin");
}

void mv_json_put_span(struct mv_json *json, const char *key,
                      struct mv_span text)
{
    json_t *value;

    if (!ready(json))
        return;
    value = text_value(json, text.at ? text.at : "", text.len);
    if (value)
        put(json, key, value);
}

void mv_json_put_text(struct mv_json *json, const char *key, const char *text)
{
    if (text)
        mv_json_put_span(json, key, mv_span_of(text));
    else
        mv_json_put_null(json, key);
}

void mv_json_put_integer(struct mv_json *json, const char *key, long long value)
{
    if (ready(json))
        put(json, key, json_integer(value));
}

void mv_json_put_real(struct mv_json *json, const char *key, double value)
{
    if (ready(json))
        put(json, key, isfinite(value) ? json_real(value) : json_null());
}

void mv_json_put_bool(struct mv_json *json, const char *key, bool value)
{
    if (ready(json))
        put(json, key, json_boolean(value));
}

void mv_json_put_null(struct mv_json *json, const char *key)
{
    if (ready(json))
        put(json, key, json_null());
}

/* --- writing ---------------------------------------------------------------
 * The library's own dump prints 0.95 as 0.94999999999999996 or rounds. */

static enum mv_status print(struct mv_buffer *buffer, json_t *value,
                            bool indented, size_t level);

static enum mv_status print_real(struct mv_buffer *buffer, double value)
{
    char text[40];
    int digits;
    char *c;

    for (digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    /* The decimal sign may be another one where a caller set the locale. */
    for (c = text; *c; c++)
        if (!strchr("0123456789+-e", *c))
            *c = '.';
    if (!strpbrk(text, ".e"))
        memcpy(c, ".0", 3);
    return mv_buffer_puts(buffer, text);
}

static enum mv_status print_text(struct mv_buffer *buffer, const char *at,
                                 size_t len)
{
    static const char hex[] = "0123456789abcdef";
    static const char short_form[] = "\b\t\n?\f\r";
    static const char short_name[] = "btn?fr";
    enum mv_status status = mv_buffer_put(buffer, "\"", 1);
    size_t i, from = 0;

    for (i = 0; i < len && status == MV_OK; i++) {
        unsigned char c = (unsigned char)at[i];
        char escape[6] = {'\\', 'u', '0', '0', hex[c >> 4 & 15], hex[c & 15]};
        const char *found = c < 0x20 ? strchr(short_form, c) : NULL;
        size_t size = 6;

        if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f)
            continue;
        if (c == '"' || c == '\\')
            escape[1] = at[i], size = 2;
        else if (found && c)
            escape[1] = short_name[found - short_form], size = 2;
        status = mv_buffer_put(buffer, at + from, i - from);
        if (status == MV_OK)
            status = mv_buffer_put(buffer, escape, size);
        from = i + 1;
    }
    if (status == MV_OK)
        status = mv_buffer_put(buffer, at + from, len - from);
    return status == MV_OK ? mv_buffer_put(buffer, "\"", 1) : status;
}

static enum mv_status print_break(struct mv_buffer *buffer, bool indented,
                                  size_t level)
{
    enum mv_status status = MV_OK;

    if (!indented)
        return MV_OK;
    status = mv_buffer_put(buffer, "\n", 1);
    for (; level && status == MV_OK; level--)
        status = mv_buffer_put(buffer, "  ", 2);
    return status;
}

static enum mv_status print_array(struct mv_buffer *buffer, json_t *array,
                                  bool indented, size_t level)
{
    enum mv_status status = mv_buffer_put(buffer, "[", 1);
    size_t i, n = json_array_size(array);

    for (i = 0; i < n && status == MV_OK; i++) {
        if (i)
            status = mv_buffer_put(buffer, ",", 1);
        if (status == MV_OK)
            status = print_break(buffer, indented, level + 1);
        if (status == MV_OK)
            status =
                print(buffer, json_array_get(array, i), indented, level + 1);
    }
    if (n && status == MV_OK)
        status = print_break(buffer, indented, level);
    return status == MV_OK ? mv_buffer_put(buffer, "]", 1) : status;
}

static enum mv_status print_object(struct mv_buffer *buffer, json_t *object,
                                   bool indented, size_t level)
{
    enum mv_status status = mv_buffer_put(buffer, "{", 1);
    void *at = json_object_iter(object);
    bool empty = !at;

    for (; at && status == MV_OK; at = json_object_iter_next(object, at)) {
        const char *key = json_object_iter_key(at);

        status = print_break(buffer, indented, level + 1);
        if (status == MV_OK)
            status = print_text(buffer, key, strlen(key));
        if (status == MV_OK)
            status = mv_buffer_puts(buffer, indented ? ": " : ":");
        if (status == MV_OK)
            status =
                print(buffer, json_object_iter_value(at), indented, level + 1);
        if (status == MV_OK && json_object_iter_next(object, at))
            status = mv_buffer_put(buffer, ",", 1);
    }
    if (!empty && status == MV_OK)
        status = print_break(buffer, indented, level);
    return status == MV_OK ? mv_buffer_put(buffer, "}", 1) : status;
}

/* Depth: at most that of the parser, 2048. */
static enum mv_status print(struct mv_buffer *buffer, json_t *value,
                            bool indented, size_t level)
{
    char text[32];

    switch (json_typeof(value)) {
    case JSON_OBJECT: return print_object(buffer, value, indented, level);
    case JSON_ARRAY: return print_array(buffer, value, indented, level);
    case JSON_STRING:
        return print_text(buffer, json_string_value(value),
                          json_string_length(value));
    case JSON_INTEGER:
        snprintf(text, sizeof text, "%lld",
                 (long long)json_integer_value(value));
        return mv_buffer_puts(buffer, text);
    case JSON_REAL: return print_real(buffer, json_real_value(value));
    case JSON_TRUE: return mv_buffer_puts(buffer, "true");
    case JSON_FALSE: return mv_buffer_puts(buffer, "false");
    case JSON_NULL: break;
    }
    return mv_buffer_puts(buffer, "null");
}

enum mv_status mv_json_dump(const struct mv_json *json,
                            struct mv_buffer *buffer, bool indented,
                            struct mv_error *error)
{
    size_t before = buffer->len;

    if (!json)
        goto no_memory;
    if (json->failure != MV_OK)
        return mv_error_set(error, json->failure, NULL, 0,
                            "cannot write JSON: %s", json->reason);
    if (!json->root)
        return mv_error_set(error, MV_RANGE, NULL, 0,
                            "cannot write JSON: no value");
    if (print(buffer, json->root, indented, 0) == MV_OK)
        return MV_OK;
    buffer->len = before;
    if (buffer->at)
        buffer->at[before] = '\0';
no_memory:
    return mv_error_set(error, MV_NOMEM, NULL, 0,
                        "cannot write JSON: out of memory");
}

enum mv_status mv_json_write(const struct mv_json *json, FILE *file,
                             bool indented, struct mv_error *error)
{
    struct mv_buffer buffer = {0};
    enum mv_status status = mv_json_dump(json, &buffer, indented, error);

    if (status == MV_OK && mv_buffer_put(&buffer, "\n", 1) != MV_OK)
        status = mv_error_set(error, MV_NOMEM, NULL, 0,
                              "cannot write JSON: out of memory");
    if (status == MV_OK && fwrite(buffer.at, 1, buffer.len, file) != buffer.len)
        status = mv_error_set(error, MV_IO, NULL, 0, "cannot write JSON: %s",
                              strerror(errno));
    mv_buffer_release(&buffer);
    return status;
}

/* --- reading ---------------------------------------------------------------
 */

/* The library's words name its flags and quote the text: ours do not. */
static const char *syntax_reason(const json_error_t *cause)
{
    switch (json_error_code(cause)) {
    case json_error_stack_overflow: return "too many levels";
    case json_error_premature_end_of_input: return "the text ends too early";
    case json_error_end_of_input_expected:
        return "something follows the object";
    case json_error_invalid_utf8: return "invalid UTF-8";
    case json_error_duplicate_key: return "a member stands twice";
    case json_error_numeric_overflow: return "a number is too large";
    case json_error_null_character:
    case json_error_null_byte_in_key: return "a text holds a NUL character";
    default: return "bad JSON";
    }
}

static enum mv_status no_memory(struct mv_error *error, const char *name,
                                long line)
{
    return mv_error_set(error, MV_NOMEM, name, line,
                        "cannot read JSON: out of memory");
}

enum mv_status mv_json_parse(struct mv_json *json, const char *at, size_t len,
                             const char *name, long line,
                             struct mv_error *error)
{
    json_error_t cause = {0};

    if (!json)
        return no_memory(error, name, line);
    mv_json_clear(json);
    json->root = json_loadb(at ? at : "", len, JSON_REJECT_DUPLICATES, &cause);
    if (json_is_object(json->root)) {
        json->open[json->depth++] = json->root;
        return MV_OK;
    }
    if (json->root) {
        mv_json_clear(json);
        return mv_error_set(error, MV_FORMAT, name, line,
                            "a JSON object such as {\"text\": \"...\"} was "
                            "expected");
    }
    /* Without memory it mostly says nothing. */
    if (!cause.text[0] || json_error_code(&cause) == json_error_out_of_memory)
        return no_memory(error, name, line);
    return mv_error_set(error, MV_FORMAT, name, line, "%s at column %d",
                        syntax_reason(&cause), cause.column);
}

enum mv_status mv_json_next(struct mv_json *json, struct mv_source *source,
                            long *line, struct mv_error *error)
{
    const char *at;
    enum mv_status status;
    size_t len;

    mv_json_clear(json);
    do {
        *line = 0;
        status = mv_source_line(source, &at, &len, line, error);
        if (status != MV_OK || !at)
            return status;
    } while (!mv_span_trim((struct mv_span){at, len}).len);
    return mv_json_parse(json, at, len, mv_source_name(source), *line, error);
}

enum mv_status mv_json_get(struct mv_json *json, const char *key,
                           struct mv_span *out)
{
    struct mv_buffer buffer = {0};
    enum mv_status status = MV_NOMEM;
    json_t *value;
    char *copy = NULL;

    value = json ? json_object_get(json->root, key) : NULL;
    if (!value)
        return MV_NOTFOUND;
    if (json_is_null(value)) {
        *out = (struct mv_span){0};
        return MV_OK;
    }
    if (json_is_string(value)) {
        *out = (struct mv_span){json_string_value(value),
                                json_string_length(value)};
        return MV_OK;
    }
    if (print(&buffer, value, false, 0) == MV_OK)
        copy = mv_arena_copy(&json->texts, mv_buffer_span(&buffer));
    if (copy) {
        *out = (struct mv_span){copy, buffer.len};
        status = MV_OK;
    }
    mv_buffer_release(&buffer);
    return status;
}

const char *mv_json_key(const struct mv_json *json, size_t index)
{
    void *at;

    if (!json || !json_is_object(json->root))
        return NULL;
    at = json_object_iter(json->root);
    for (; at && index; index--)
        at = json_object_iter_next(json->root, at);
    return at ? json_object_iter_key(at) : NULL;
}
