#include "http/body.h"

#include "http/list.h"

#include "base/ascii.h"

#define LENGTH_DIGITS_MAX 18
#define SIZE_DIGITS_MAX 15

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Of all fields of the name together, the last element; an empty span without one. */
static hf_span last_element(const http_head *head, const char *name)
{
    hf_span last = {"", 0};

    for (size_t i = 0; i < head->count; i++) {
        hf_span list = head->fields[i].value;

        while (http_field_is(&head->fields[i], name) && http_list_take(&list, &last))
            ;
    }
    return last;
}

/* RFC 9110 8.6: Content-Length = 1*DIGIT. */
static int64_t read_length(hf_span text)
{
    int64_t length = 0;

    if (text.length == 0 || text.length > LENGTH_DIGITS_MAX)
        return -1;
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return -1;
        length = length * 10 + (text.data[i] - '0');
    }
    return length;
}

/* RFC 9112 6.3: several that say the same are one; others are "an unrecoverable error". -1: none, -2: such. */
static int64_t declared_length(const hf_field *fields, size_t count)
{
    int64_t declared = -1;

    for (size_t i = 0; i < count; i++) {
        hf_span list = fields[i].value, element;

        while (http_field_is(&fields[i], "content-length") && http_list_take(&list, &element)) {
            int64_t length = read_length(element);

            if (length < 0 || (declared >= 0 && declared != length))
                return -2;
            declared = length;
        }
    }
    return declared;
}

int64_t http_body_declared(const hf_field *fields, size_t count)
{
    int64_t declared = declared_length(fields, count);

    return declared >= 0 ? declared : -1;
}

/* RFC 9112 6.3, in its order. */
static void begin_framed(http_body *body, const http_head *head)
{
    hf_span coding = last_element(head, "transfer-encoding");
    int64_t declared = declared_length(head->fields, head->count);

    if (coding.length > 0) {
        bool chunked = base_ascii_is(coding.data, coding.length, "chunked");

        body->framing = chunked ? FACTS_FRAMING_CHUNKED : FACTS_FRAMING_CLOSE;
        body->state = chunked ? HTTP_BODY_IN_SIZE : HTTP_BODY_IN_CONTENT;
    } else if (declared == -2) {
        body->framing = FACTS_FRAMING_LENGTH;
        body->state = HTTP_BODY_IN_RUIN;
    } else if (declared >= 0) {
        body->framing = FACTS_FRAMING_LENGTH;
        body->left = (uint64_t)declared;
        body->state = declared > 0 ? HTTP_BODY_IN_CONTENT : HTTP_BODY_AT_END;
    } else {
        body->framing = FACTS_FRAMING_CLOSE;
        body->state = HTTP_BODY_IN_CONTENT;
    }
}

/* RFC 9112 9.3: HTTP/1.1 keeps the connection unless told otherwise, HTTP/1.0 only if told so. */
static bool keeps_connection(const http_head *head)
{
    if (http_list_has(head->fields, head->count, "connection", "close") || head->status == 101)
        return false;
    return head->minor > 0 || http_list_has(head->fields, head->count, "connection", "keep-alive");
}

void http_body_begin(http_body *body, const http_head *head, bool is_head)
{
    *body = (http_body){.declared = http_body_declared(head->fields, head->count), .state = HTTP_BODY_AT_END};
    /* "Any response to a HEAD request and any response with a 1xx (Informational), 204 (No Content), or 304 (Not
       Modified) status code is always terminated by the first empty line after the header fields" */
    if (!is_head && head->status >= 200 && head->status != 204 && head->status != 304)
        begin_framed(body, head);
    body->keeps = keeps_connection(head) && body->framing != FACTS_FRAMING_CLOSE && body->state != HTTP_BODY_IN_RUIN;
}

void http_body_begin_request(http_body *body, facts_framing framing, uint64_t length)
{
    bool chunked = framing == FACTS_FRAMING_CHUNKED;

    *body = (http_body){.framing = framing, .declared = chunked ? -1 : (int64_t)length, .left = length, .strict = true};
    body->state = chunked ? HTTP_BODY_IN_SIZE : length > 0 ? HTTP_BODY_IN_CONTENT : HTTP_BODY_AT_END;
}

/* -- Chunks (RFC 9112 7.1) ----------------------------------------------------------------------------------------- */

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* A bare LF ends a line too, as it does in heads. */
static http_body_state end_of_size(http_body *body)
{
    body->line = 0;
    body->after_cr = false;
    body->trailers = 0;
    return body->left > 0 ? HTTP_BODY_IN_CONTENT : HTTP_BODY_IN_TRAILER;
}

static http_body_state read_size(http_body *body, char c)
{
    int digit = hex_value(c);

    if (digit >= 0) {
        body->left = body->left * 16 + (unsigned)digit;
        return ++body->line <= SIZE_DIGITS_MAX ? HTTP_BODY_IN_SIZE : HTTP_BODY_IN_RUIN;
    }
    if (body->line == 0 || (c != '\r' && c != '\n' && c != ';' && !is_blank(c)))
        return HTTP_BODY_IN_RUIN;
    if (body->strict && c != '\r' && c != ';')
        return HTTP_BODY_IN_RUIN;
    if (c == '\n')
        return end_of_size(body);
    body->after_cr = c == '\r';
    return HTTP_BODY_IN_EXTENSION;
}

/* A CR that no LF follows is where servers and those in front of them come to disagree about what is said. */
static http_body_state read_extension(http_body *body, char c)
{
    if (c == '\n' && body->strict && !body->after_cr)
        return HTTP_BODY_IN_RUIN;
    if (c == '\n')
        return end_of_size(body);
    if (body->after_cr || ++body->line > HTTP_BODY_LINE_MAX)
        return HTTP_BODY_IN_RUIN;
    body->after_cr = c == '\r';
    return HTTP_BODY_IN_EXTENSION;
}

static http_body_state read_crlf(http_body *body, char c)
{
    bool after_cr = body->after_cr;

    body->after_cr = c == '\r';
    if (c == '\n' && body->strict && !after_cr)
        return HTTP_BODY_IN_RUIN;
    if (c == '\n') {
        body->left = 0;
        body->line = 0;
        return HTTP_BODY_IN_SIZE;
    }
    return c == '\r' && !after_cr ? HTTP_BODY_IN_CRLF : HTTP_BODY_IN_RUIN;
}

/* Lines behind the last chunk, up to an empty one; what they say is of no account. */
static http_body_state read_trailer(http_body *body, char c)
{
    bool after_cr = body->after_cr;

    body->after_cr = c == '\r';
    if (++body->trailers > HTTP_BODY_TRAILERS_MAX || (body->strict && after_cr != (c == '\n')))
        return HTTP_BODY_IN_RUIN;
    if (c == '\n') {
        bool empty = body->line == 0;

        body->line = 0;
        return empty ? HTTP_BODY_AT_END : HTTP_BODY_IN_TRAILER;
    }
    body->line += c != '\r';
    return body->line <= HTTP_BODY_LINE_MAX ? HTTP_BODY_IN_TRAILER : HTTP_BODY_IN_RUIN;
}

static http_body_state read_octet(http_body *body, char c)
{
    switch (body->state) {
    case HTTP_BODY_IN_SIZE:
        return read_size(body, c);
    case HTTP_BODY_IN_EXTENSION:
        return read_extension(body, c);
    case HTTP_BODY_IN_CRLF:
        return read_crlf(body, c);
    case HTTP_BODY_IN_TRAILER:
        return read_trailer(body, c);
    case HTTP_BODY_IN_CONTENT:
    case HTTP_BODY_AT_END:
    case HTTP_BODY_IN_RUIN:
        break;
    }
    return body->state;
}

static hf_span take_content(http_body *body, const char *bytes, size_t length)
{
    size_t count = length;

    if (body->framing == FACTS_FRAMING_CLOSE)
        return (hf_span){bytes, length};
    if (count > body->left)
        count = (size_t)body->left;
    body->left -= count;
    if (body->left == 0)
        body->state = body->framing == FACTS_FRAMING_CHUNKED ? HTTP_BODY_IN_CRLF : HTTP_BODY_AT_END;
    return (hf_span){bytes, count};
}

http_body_result http_body_read(http_body *body, const char *bytes, size_t length, size_t *used, hf_span *content)
{
    size_t at = 0;

    *content = (hf_span){bytes, 0};
    while (at < length && body->state != HTTP_BODY_AT_END && body->state != HTTP_BODY_IN_RUIN) {
        if (body->state == HTTP_BODY_IN_CONTENT) {
            *content = take_content(body, bytes + at, length - at);
            at += content->length;
            break;
        }
        body->state = read_octet(body, bytes[at++]);
    }
    *used = at;
    if (body->state == HTTP_BODY_IN_RUIN)
        return HTTP_BODY_MALFORMED;
    return body->state == HTTP_BODY_AT_END ? HTTP_BODY_DONE : HTTP_BODY_MORE;
}

bool http_body_may_end(const http_body *body)
{
    return body->framing == FACTS_FRAMING_CLOSE || body->state == HTTP_BODY_AT_END;
}
