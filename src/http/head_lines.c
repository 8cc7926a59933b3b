#include "http/head_lines.h"

#include "http/single.h"

#include "base/ascii.h"

#include <stdint.h>

#define START_OF_CHROMIUM 8 /* octets: the slop, and "http" */
#define START_OF_FIREFOX 11 /* the slop, and "HTTP/1." */
#define START_LATER 1024    /* behind an interim response Firefox passes over up to 128 KiB; this is where we stop */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool http_head_is_token(char c)
{
    if (is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))
        return true;
    return c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL;
}

static hf_span trim(const char *from, const char *to)
{
    while (from < to && is_blank(*from))
        from++;
    while (to > from && is_blank(to[-1]))
        to--;
    return (hf_span){from, (size_t)(to - from)};
}

/* -- Where it begins ----------------------------------------------------------------------------------------------- */

/* LocateStartOfStatusLine. */
static size_t start_of_chromium(const char *bytes, size_t length)
{
    for (size_t i = 0; i + 4 <= length && i <= HTTP_HEAD_SLOP_MAX; i++)
        if (base_ascii_is(bytes + i, 4, "http"))
            return i;
    return SIZE_MAX;
}

static bool is_space(char c)
{
    return is_blank(c) || c == '\r' || c == '\n';
}

/* LocateHttpStart: "HTTP/1." behind any slop, "HTTP/2", "HTTP/3" and what ShoutCast says behind blanks alone. */
static size_t start_of_firefox(const char *bytes, size_t length, size_t most)
{
    size_t end = length < most ? length : most;
    bool blank = length >= 7;

    for (size_t i = 0; i < end; i++) {
        const char *at = bytes + i;
        size_t left = end - i;

        if (left >= 7 && memcmp(at, "HTTP/1.", 7) == 0)
            return i;
        if (blank && left >= 6 && (memcmp(at, "HTTP/2", 6) == 0 || memcmp(at, "HTTP/3", 6) == 0))
            return i;
        if (blank && left >= 4 && base_ascii_is(at, 4, "icy "))
            return i;
        blank = blank && is_space(*at);
    }
    return SIZE_MAX;
}

size_t http_head_start(http_reader reader, bool first, const char *bytes, size_t length, bool *sure)
{
    size_t most = reader == HTTP_READER_CHROMIUM ? START_OF_CHROMIUM : first ? START_OF_FIREFOX : START_LATER;
    size_t start =
        reader == HTTP_READER_CHROMIUM ? start_of_chromium(bytes, length) : start_of_firefox(bytes, length, most);

    *sure = start != SIZE_MAX || length >= most;
    return start;
}

/* -- The status line ----------------------------------------------------------------------------------------------- */

/* Both take the first digit on each side of the dot: "HTTP/1.10" is 1.1, and what is beyond 1.9 speaks as 1.1 does. */
static int read_minor(hf_span line)
{
    const char *s = line.data;
    const char *dot = line.length > 5 && s[4] == '/' ? memchr(s, '.', line.length) : NULL;

    if (dot == NULL || dot + 1 == s + line.length || !is_digit(s[5]) || !is_digit(dot[1]))
        return line.length > 5 && s[4] == '/' && (s[5] == '2' || s[5] == '3');
    return s[5] == '1' ? dot[1] - '0' : s[5] > '1';
}

#define STATUS_MAX 2147483647

static int read_number(const char *from, const char *to)
{
    int64_t number = 0;

    for (; from < to && number <= STATUS_MAX; from++)
        number = number * 10 + (*from - '0');
    return number > STATUS_MAX ? STATUS_MAX : (int)number;
}

/* HttpResponseHeaders::ParseStatusLine: without a number it is 200, and a number may be any. */
static void status_of_chromium(hf_span line, http_head *head)
{
    const char *end = line.data + line.length, *at = memchr(line.data, ' ', line.length), *digits;

    for (at = at != NULL ? at : end; at < end && *at == ' ';)
        at++;
    for (digits = at; at < end && is_digit(*at);)
        at++;
    head->status = at > digits ? read_number(digits, at) : 200;
    head->reason = trim(at, end);
}

/* nsHttpResponseHead::ParseStatusLine: without a blank it is 200, otherwise one to three digits and a blank must
 * follow. */
static bool status_of_firefox(hf_span line, http_head *head)
{
    const char *end = line.data + line.length, *at = memchr(line.data, ' ', line.length), *digits;

    head->status = 200;
    head->reason = (hf_span){end, 0};
    if (at == NULL)
        return true;
    while (at < end && is_space(*at))
        at++;
    for (digits = at; at < end && is_digit(*at);)
        at++;
    if (at == digits || at - digits > 3 || (at < end && !is_space(*at)))
        return false;
    head->status = read_number(digits, at);
    head->reason = trim(at, end);
    return true;
}

/* -- Lines --------------------------------------------------------------------------------------------------------- */

/* To Chromium every run of CR and LF ends a line. */
static hf_span line_of_chromium(const char **at, const char *end)
{
    const char *from = *at, *to = from;

    while (to < end && *to != '\r' && *to != '\n')
        to++;
    for (*at = to; *at < end && (**at == '\r' || **at == '\n');)
        (*at)++;
    return (hf_span){from, (size_t)(to - from)};
}

static hf_span line_of_firefox(const char **at, const char *end)
{
    const char *from = *at;
    const char *newline = memchr(from, '\n', (size_t)(end - from));
    const char *to = newline != NULL ? newline : end;

    *at = newline != NULL ? newline + 1 : end;
    if (to > from && to[-1] == '\r')
        to--;
    return (hf_span){from, (size_t)(to - from)};
}

static hf_span take_line(http_reader reader, const char **at, const char *end)
{
    return reader == HTTP_READER_CHROMIUM ? line_of_chromium(at, end) : line_of_firefox(at, end);
}

/* -- Fields -------------------------------------------------------------------------------------------------------- */

/* Blanks in front of the colon are passed over by Chromium; to Firefox that is no field. */
static bool read_field(http_reader reader, hf_span line, hf_field *field)
{
    const char *end = line.data + line.length;
    const char *colon = memchr(line.data, ':', line.length);

    if (colon == NULL)
        return false;
    field->name =
        reader == HTTP_READER_CHROMIUM ? trim(line.data, colon) : (hf_span){line.data, (size_t)(colon - line.data)};
    field->value = trim(colon + 1, end);
    for (size_t i = 0; i < field->name.length; i++)
        if (!http_head_is_token(field->name.data[i]))
            return false;
    return field->name.length > 0;
}

/* RFC 9112 5.2: a line that begins with a blank goes on with the field before it ("obs-fold"). */
static void fold_into(hf_field *field, hf_span line)
{
    hf_span more = trim(line.data, line.data + line.length);

    if (field->value.length == 0)
        field->value = more;
    else if (more.length > 0)
        field->value.length = (size_t)(more.data + more.length - field->value.data);
}

static http_head_result read_fields(http_reader reader, const char *at, const char *end, http_head *head)
{
    bool foldable = false;

    while (at < end) {
        hf_span line = take_line(reader, &at, end);
        hf_field field;

        if (line.length == 0)
            break;
        if (is_blank(line.data[0])) {
            if (foldable)
                fold_into(&head->fields[head->count - 1], line);
            else
                head->skipped++;
            continue;
        }
        foldable = read_field(reader, line, &field);
        if (!foldable) {
            head->skipped++;
            continue;
        }
        if (head->count == HTTP_HEAD_FIELDS_MAX)
            return HTTP_HEAD_TOO_MANY_FIELDS;
        head->fields[head->count++] = field;
    }
    return HTTP_HEAD_DONE;
}

/* -- What is refused ----------------------------------------------------------------------------------------------- */

static bool has_nul(const char *bytes, size_t length)
{
    return length > 0 && memchr(bytes, '\0', length) != NULL;
}

/* Firefox minds a NUL in the value of a field alone. */
static bool has_nul_value(const http_head *head)
{
    for (size_t i = 0; i < head->count; i++)
        if (has_nul(head->fields[i].value.data, head->fields[i].value.length))
            return true;
    return false;
}

static http_head_result read_chromium(const char *at, const char *end, http_head *head)
{
    hf_span line;

    if (has_nul(at, (size_t)(end - at)))
        return HTTP_HEAD_NUL;
    line = line_of_chromium(&at, end);
    head->minor = read_minor(line);
    status_of_chromium(line, head);
    return read_fields(HTTP_READER_CHROMIUM, at, end, head);
}

static http_head_result read_firefox(const char *at, const char *end, http_head *head)
{
    hf_span line = line_of_firefox(&at, end);
    http_head_result result;

    head->minor = read_minor(line);
    if (!status_of_firefox(line, head))
        return HTTP_HEAD_BAD_STATUS;
    result = read_fields(HTTP_READER_FIREFOX, at, end, head);
    return result == HTTP_HEAD_DONE && has_nul_value(head) ? HTTP_HEAD_NUL : result;
}

http_head_result http_head_read(http_reader reader, const char *bytes, size_t length, http_head *head)
{
    const char *end = bytes + length;
    http_head_result result;

    head->headless = false;
    head->skipped = 0;
    head->count = 0;
    result = reader == HTTP_READER_CHROMIUM ? read_chromium(bytes, end, head) : read_firefox(bytes, end, head);
    return result == HTTP_HEAD_DONE ? http_single_check(reader, head->minor, head->fields, head->count) : result;
}
