#include "http/head.h"

#include "base/ascii.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_token(char c)
{
    if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))
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

/* The next line from *at, without its end; *at moves behind it. */
static hf_span take_line(const char **at, const char *end)
{
    const char *from = *at;
    const char *newline = memchr(from, '\n', (size_t)(end - from));
    const char *to = newline != NULL ? newline : end;

    *at = newline != NULL ? newline + 1 : end;
    if (to > from && to[-1] == '\r')
        to--;
    return (hf_span){from, (size_t)(to - from)};
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "HTTP/1.", or as much of it as there is, in either case: RFC 9112 2.3 wants capitals, browsers do not. */
static bool begins_as_http(const char *bytes, size_t length)
{
    static const char start[] = "http/1.";

    for (size_t i = 0; i < length && i < sizeof start - 1; i++)
        if ((bytes[i] >= 'A' && bytes[i] <= 'Z' ? bytes[i] - 'A' + 'a' : bytes[i]) != start[i])
            return false;
    return true;
}

/* RFC 9112 4: status-line = HTTP-version SP status-code SP [ reason-phrase ]; the last SP is often missing. */
static bool read_status_line(hf_span line, http_head *head)
{
    const char *s = line.data;

    if (line.length < 12 || !begins_as_http(s, 7) || !is_digit(s[7]) || s[8] != ' ')
        return false;
    if (s[9] < '1' || s[9] > '9' || !is_digit(s[10]) || !is_digit(s[11]) || (line.length > 12 && s[12] != ' '))
        return false;
    head->minor = s[7] - '0';
    head->status = (s[9] - '0') * 100 + (s[10] - '0') * 10 + (s[11] - '0');
    head->reason = trim(s + 12, s + line.length);
    return true;
}

static bool read_field(hf_span line, hf_field *field)
{
    const char *end = line.data + line.length;
    const char *colon = memchr(line.data, ':', line.length);

    if (colon == NULL)
        return false;
    field->name = trim(line.data, colon);
    field->value = trim(colon + 1, end);
    for (size_t i = 0; i < field->name.length; i++)
        if (!is_token(field->name.data[i]))
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

static http_head_result read_fields(const char *at, const char *end, http_head *head)
{
    bool foldable = false;

    while (at < end) {
        hf_span line = take_line(&at, end);
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
        foldable = read_field(line, &field);
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

/* The octet behind the blank line that ends the head, or 0 when it has not come yet. */
static size_t find_end(const char *bytes, size_t length, http_head_progress *progress)
{
    size_t from = progress->from, at = progress->scanned;

    for (; at < length; at++) {
        if (bytes[at] != '\n')
            continue;
        if (at >= from + 1 && bytes[at - 1] == '\n')
            break;
        if (at >= from + 2 && bytes[at - 1] == '\r' && bytes[at - 2] == '\n')
            break;
    }
    progress->scanned = at;
    return at < length ? at + 1 : 0;
}

static http_head_result parse_one(const char *bytes, size_t length, http_head *head)
{
    const char *at = bytes, *end = bytes + length;

    head->skipped = 0;
    head->count = 0;
    head->raw = (hf_span){bytes, length};
    if (!read_status_line(take_line(&at, end), head))
        return HTTP_HEAD_NOT_HTTP;
    return read_fields(at, end, head);
}

/* Without its end the head cannot be read; but is it worth waiting for? What speaks another protocol is told at once.
 */
static http_head_result incomplete(const char *bytes, size_t length, size_t from)
{
    if (!begins_as_http(bytes + from, length - from))
        return HTTP_HEAD_NOT_HTTP;
    return length >= HTTP_HEAD_MAX ? HTTP_HEAD_TOO_LONG : HTTP_HEAD_MORE;
}

/* Blank lines in front of the status line, which no grammar knows and browsers pass over. */
static void skip_blank_lines(const char *bytes, size_t length, http_head_progress *progress)
{
    while (progress->from < length && progress->blanks < HTTP_HEAD_BLANKS_MAX &&
           (bytes[progress->from] == '\r' || bytes[progress->from] == '\n')) {
        progress->from++;
        progress->blanks++;
    }
    if (progress->scanned < progress->from)
        progress->scanned = progress->from;
}

http_head_result http_head_parse(const char *bytes, size_t length, http_head_progress *progress, http_head *head)
{
    while (progress->interim <= HTTP_HEAD_INTERIM_MAX) {
        http_head_result result;
        size_t end;

        skip_blank_lines(bytes, length, progress);
        end = find_end(bytes, length, progress);
        if (end == 0)
            return incomplete(bytes, length, progress->from);
        if (end > HTTP_HEAD_MAX)
            return HTTP_HEAD_TOO_LONG;
        result = parse_one(bytes + progress->from, end - progress->from, head);
        /* RFC 9110 15.2: "A client MUST be able to parse one or more 1xx responses received prior to a final response".
         */
        if (result != HTTP_HEAD_DONE || head->status >= 200 || head->status == 101)
            return result;
        progress->from = progress->scanned = end;
        progress->interim++;
        if (progress->shows_interim)
            return result;
    }
    return HTTP_HEAD_TOO_MANY_HEADS;
}

void http_head_unfold(char *value, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (value[i] == '\n' && (i == 0 || value[i - 1] != '\r'))
            value[i] = ' ';
}
