/*
 * The head of a response beside a model of Chromium's reading (net/http: LocateEndOfHeaders, AssembleRawHeaders and
 * HttpUtil::HeadersIterator), written as simply as can be: it copies, joins folded lines by one blank, and knows
 * nothing of how ours reads. Status, fields, their order and their values are the same.
 *
 * Left out are heads that Chromium refuses (a NUL, values that differ), what stands in front of the status line, and an
 * interim response.
 */
#include "http/head.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FIELDS_MAX = 512, SIZE_MAX_HERE = 16384 };

static void check(bool condition)
{
    if (!condition)
        abort();
}

/* -- The model ----------------------------------------------------------------------------------------------------- */

typedef struct text {
    char octets[SIZE_MAX_HERE];
    size_t length;
} text;

typedef struct model {
    text lines[FIELDS_MAX]; /* folded ones joined; what is no field is there too */
    size_t count;
    bool is_full;
} model;

static bool is_lws(char c)
{
    return c == ' ' || c == '\t';
}

static void append(text *to, const char *from, size_t length)
{
    check(to->length + length <= sizeof to->octets);
    memcpy(to->octets + to->length, from, length);
    to->length += length;
}

/* Behind the first empty line; 0: there is none. */
static size_t end_of_head(const char *bytes, size_t size)
{
    for (size_t i = 1; i < size; i++)
        if (bytes[i] == '\n' && (bytes[i - 1] == '\n' || (i > 1 && bytes[i - 1] == '\r' && bytes[i - 2] == '\n')))
            return i + 1;
    return 0;
}

static bool is_continuable(const char *line, size_t length)
{
    const char *colon = memchr(line, ':', length);

    return colon != NULL && colon > line && !is_lws(line[0]);
}

static void add_line(model *m, const char *line, size_t length, bool *continuable)
{
    size_t blanks = 0;

    if (*continuable && is_lws(line[0])) {
        while (blanks < length && is_lws(line[blanks]))
            blanks++;
        append(&m->lines[m->count - 1], " ", 1);
        append(&m->lines[m->count - 1], line + blanks, length - blanks);
        return;
    }
    m->is_full = m->count == FIELDS_MAX;
    if (m->is_full)
        return;
    m->lines[m->count].length = 0;
    append(&m->lines[m->count++], line, length);
    *continuable = is_continuable(line, length);
}

/* Every run of CR and LF ends a line. */
static void read_lines(model *m, const char *bytes, size_t size)
{
    bool continuable = false;

    m->count = 0;
    m->is_full = false;
    for (size_t from = 0, to; from < size && !m->is_full; from = to + 1) {
        for (to = from; to < size && bytes[to] != '\r' && bytes[to] != '\n';)
            to++;
        if (to > from)
            add_line(m, bytes + from, to - from, &continuable);
    }
}

static hf_span trimmed(const char *from, size_t length)
{
    while (length > 0 && is_lws(*from))
        from++, length--;
    while (length > 0 && is_lws(from[length - 1]))
        length--;
    return (hf_span){from, length};
}

static bool is_name(hf_span name)
{
    for (size_t i = 0; i < name.length; i++)
        if (name.data[i] <= ' ' || name.data[i] >= 0x7f || strchr("()<>@,;:\\\"/[]?={}", name.data[i]) != NULL)
            return false;
    return name.length > 0;
}

static bool field_of(const text *line, hf_field *field)
{
    const char *colon = memchr(line->octets, ':', line->length);

    if (colon == NULL || colon == line->octets || is_lws(line->octets[0]))
        return false;
    field->name = trimmed(line->octets, (size_t)(colon - line->octets));
    field->value = trimmed(colon + 1, line->length - (size_t)(colon + 1 - line->octets));
    return is_name(field->name);
}

/* -- Beside ours --------------------------------------------------------------------------------------------------- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_plain(const char *bytes, size_t size)
{
    return size > 4 && memcmp(bytes, "HTTP", 4) == 0 && memchr(bytes, '\0', size) == NULL;
}

/* ParseStatusLine: the digits behind the first blanks; without them 200. */
static int status_of(const char *bytes, size_t size)
{
    size_t i = 0, digits;
    double status = 0;

    while (i < size && bytes[i] != ' ' && bytes[i] != '\r' && bytes[i] != '\n')
        i++;
    while (i < size && bytes[i] == ' ')
        i++;
    for (digits = i; i < size && is_digit(bytes[i]); i++)
        status = status * 10 + (bytes[i] - '0');
    return i == digits ? 200 : status > 2147483647.0 ? 2147483647 : (int)status;
}

/* Ours keeps folded lines as they were sent. */
static void unfold(hf_span value, text *out)
{
    out->length = 0;
    for (size_t i = 0; i < value.length;) {
        if (value.data[i] != '\r' && value.data[i] != '\n') {
            append(out, value.data + i++, 1);
            continue;
        }
        while (i < value.length && (value.data[i] == '\r' || value.data[i] == '\n'))
            i++;
        while (i < value.length && is_lws(value.data[i]))
            i++;
        append(out, " ", 1);
    }
}

static void compare(const model *m, const http_head *head)
{
    static text value;
    size_t count = 0;
    hf_field field;

    for (size_t i = 0; i < m->count; i++) {
        if (!field_of(&m->lines[i], &field))
            continue;
        check(count < head->count);
        const hf_field *ours = &head->fields[count++];
        check(ours->name.length == field.name.length);
        check(memcmp(ours->name.data, field.name.data, field.name.length) == 0);
        unfold(ours->value, &value);
        check(value.length == field.value.length);
        check(memcmp(value.octets, field.value.data, value.length) == 0);
    }
    check(count == head->count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static model m;
    static http_head head;
    const char *bytes = (const char *)data;
    http_head_progress progress = {.old = true};
    size_t end = size <= SIZE_MAX_HERE ? end_of_head(bytes, size) : 0, line = 0;
    int status;

    if (end == 0 || !is_plain(bytes, end))
        return 0;
    while (bytes[line] != '\r' && bytes[line] != '\n')
        line++;
    status = status_of(bytes, end);
    read_lines(&m, bytes + line, end - line);
    if (m.is_full || (status >= 100 && status < 200) ||
        http_head_parse(bytes, size, &progress, &head) != HTTP_HEAD_DONE)
        return 0;
    check(head.raw.length == end);
    check(head.status == status);
    compare(&m, &head);
    return 0;
}
