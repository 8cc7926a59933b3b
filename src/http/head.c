#include "http/head.h"

#include "http/head_lines.h"

#include <stdint.h>

/* The octet behind the blank line that ends the head, or 0 when it has not come yet. */
static size_t find_end(const char *bytes, size_t length, http_head_progress *progress)
{
    size_t from = progress->from, at = progress->scanned > from ? progress->scanned : from;

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

static size_t length_max(http_reader reader)
{
    return reader == HTTP_READER_CHROMIUM ? HTTP_HEAD_CHROMIUM_MAX : HTTP_HEAD_MAX;
}

/* A page without a head, which is all content. */
static http_head_result read_old(const char *bytes, const http_head_progress *progress, http_head *head)
{
    /* "If we saw a status line previously, the server can speak HTTP/1.x so it is not reasonable to interpret the
       response as an HTTP/0.9 response." */
    if (progress->interim > 0 || !progress->old)
        return HTTP_HEAD_NOT_HTTP;
    head->headless = true;
    head->minor = 0;
    head->status = 200;
    head->raw = head->reason = (hf_span){bytes + progress->from, 0};
    head->count = head->skipped = 0;
    return HTTP_HEAD_DONE;
}

/* The peer has closed, and no status line begins in what it sent. */
static http_head_result read_stump(const char *bytes, size_t length, http_head_progress *progress, http_head *head)
{
    size_t left = length - progress->from;

    if (left == 0)
        return HTTP_HEAD_EMPTY;
    if (progress->reader == HTTP_READER_CHROMIUM && progress->secure)
        return HTTP_HEAD_CUT;
    /* The beginning of a status line is no page. */
    if (progress->reader == HTTP_READER_CHROMIUM || left >= 7 || memcmp(bytes + progress->from, "HTTP/1.", left) != 0)
        return read_old(bytes, progress, head);
    progress->has_start = left >= 4;
    return HTTP_HEAD_CUT;
}

/* Whether a status line is there. HTTP_HEAD_MORE: that is not to be said yet. */
static http_head_result find_start(const char *bytes, size_t length, http_head_progress *progress, http_head *head)
{
    bool sure;
    size_t start = http_head_start(progress->reader, progress->interim == 0, bytes + progress->from,
                                   length - progress->from, &sure);

    if (start != SIZE_MAX) {
        progress->from += start;
        progress->has_start = true;
        return HTTP_HEAD_DONE;
    }
    if (sure)
        return read_old(bytes, progress, head);
    return progress->over ? read_stump(bytes, length, progress, head) : HTTP_HEAD_MORE;
}

static http_head_result read_one(const char *bytes, size_t end, const http_head_progress *progress, http_head *head)
{
    if (end > length_max(progress->reader))
        return HTTP_HEAD_TOO_LONG;
    /* Chromium minds a NUL in what stands in front of the status line, too. */
    if (progress->reader == HTTP_READER_CHROMIUM &&
        memchr(bytes + progress->behind, '\0', progress->from - progress->behind) != NULL)
        return HTTP_HEAD_NUL;
    head->raw = (hf_span){bytes + progress->from, end - progress->from};
    return http_head_read(progress->reader, head->raw.data, head->raw.length, head);
}

/* RFC 9110 15.2: "A client MUST be able to parse one or more 1xx responses received prior to a final response". To
 * Chromium, which has asked for no upgrade, 101 is one of them. */
static bool is_interim(const http_head_progress *progress, int status)
{
    if (status == 101)
        return progress->reader == HTTP_READER_CHROMIUM && !progress->upgrades;
    return status >= 100 && status < 200;
}

/* Without its end the head cannot be read, but by those who read as well as they can what is cut short. */
static http_head_result incomplete(const char *bytes, size_t length, const http_head_progress *progress,
                                   http_head *head)
{
    http_head_result result;

    if (length >= length_max(progress->reader))
        return HTTP_HEAD_TOO_LONG;
    if (!progress->over)
        return HTTP_HEAD_MORE;
    if (progress->reader == HTTP_READER_CHROMIUM && progress->secure)
        return HTTP_HEAD_CUT;
    result = read_one(bytes, length, progress, head);
    return result == HTTP_HEAD_DONE && is_interim(progress, head->status) ? HTTP_HEAD_EMPTY : result;
}

http_head_result http_head_parse(const char *bytes, size_t length, http_head_progress *progress, http_head *head)
{
    while (progress->interim <= HTTP_HEAD_INTERIM_MAX) {
        http_head_result result = progress->has_start ? HTTP_HEAD_DONE : find_start(bytes, length, progress, head);
        size_t end;

        if (!progress->has_start)
            return result;
        end = find_end(bytes, length, progress);
        if (end == 0)
            return incomplete(bytes, length, progress, head);
        result = read_one(bytes, end, progress, head);
        if (result != HTTP_HEAD_DONE || !is_interim(progress, head->status))
            return result;
        progress->behind = progress->from = progress->scanned = end;
        progress->has_start = false;
        progress->interim++;
        if (progress->shows_interim)
            return result;
    }
    return HTTP_HEAD_TOO_MANY_HEADS;
}

facts_code http_head_failure(http_head_result result)
{
    static const facts_code codes[HTTP_HEAD_RESULTS] = {
        [HTTP_HEAD_NOT_HTTP] = FACTS_FAILURE_RESPONSE_NOT_HTTP,
        [HTTP_HEAD_TOO_LONG] = FACTS_FAILURE_RESPONSE_TOO_LONG,
        [HTTP_HEAD_TOO_MANY_FIELDS] = FACTS_FAILURE_RESPONSE_TOO_MANY_FIELDS,
        [HTTP_HEAD_TOO_MANY_HEADS] = FACTS_FAILURE_RESPONSE_TOO_MANY_HEADS,
        [HTTP_HEAD_EMPTY] = FACTS_FAILURE_RESPONSE_EMPTY,
        [HTTP_HEAD_CUT] = FACTS_FAILURE_RESPONSE_CUT,
        [HTTP_HEAD_NUL] = FACTS_FAILURE_RESPONSE_NUL,
        [HTTP_HEAD_BAD_STATUS] = FACTS_FAILURE_RESPONSE_BAD_STATUS,
        [HTTP_HEAD_SEVERAL_LENGTHS] = FACTS_FAILURE_RESPONSE_SEVERAL_LENGTHS,
        [HTTP_HEAD_SEVERAL_CONTENTS] = FACTS_FAILURE_RESPONSE_SEVERAL_CONTENTS,
        [HTTP_HEAD_SEVERAL_LOCATIONS] = FACTS_FAILURE_RESPONSE_SEVERAL_LOCATIONS,
    };

    return codes[result];
}

void http_head_unfold(http_reader reader, char *value, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        bool follows = i + 1 < length && value[i + 1] == '\n';

        if (value[i] == '\n' && (i == 0 || value[i - 1] != '\r'))
            value[i] = ' ';
        else if (reader == HTTP_READER_CHROMIUM && value[i] == '\r' && !follows)
            value[i] = ' ';
    }
}
