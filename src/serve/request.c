#include "serve/request.h"

#include "http/list.h"

#include "base/ascii.h"

#include <string.h>

#define LENGTH_DIGITS_MAX 18
#define LINE_MAX_BEYOND_TARGET 128 /* octets of a method, a version and the blanks between them */

/* False, so that whoever finds something wrong can end with it. */
static bool refuse(serve_request *request, int status, const char *why)
{
    request->status = status;
    request->why = why;
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_token(hf_span text)
{
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];

        if (!is_digit(c) && !is_letter(c) && (c == '\0' || strchr("!#$%&'*+-.^_`|~", c) == NULL))
            return false;
    }
    return text.length > 0;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* -- Lines --------------------------------------------------------------------------------------------------------- */

/* RFC 9112 2.2: "A recipient of such a bare CR MUST consider that element to be invalid". And a line ends in CR LF
   alone: what others read as the end of a line must not be the middle of one here. */
static bool check_octet(const char *bytes, size_t at, size_t from, serve_request *request)
{
    bool after_cr = at > from && bytes[at - 1] == '\r';
    unsigned char c = (unsigned char)bytes[at];

    if (c == '\n')
        return after_cr || refuse(request, 400, "a line ends in LF without CR");
    if (after_cr)
        return refuse(request, 400, "a CR without LF");
    if ((c < ' ' && c != '\t' && c != '\r') || c == 0x7f)
        return refuse(request, 400, "a control character");
    return true;
}

/* A head is known to be too long before its end has come. */
static bool check_length(const serve_request_progress *p, size_t at, serve_request *request)
{
    if (p->lines == 0 && at - p->line > SERVE_REQUEST_TARGET_MAX + LINE_MAX_BEYOND_TARGET)
        return refuse(request, 414, "the request line is too long");
    if (at - p->from >= SERVE_REQUEST_HEAD_MAX)
        return refuse(request, 431, "the head is too long");
    if (p->lines > SERVE_REQUEST_FIELDS_MAX + 1)
        return refuse(request, 431, "too many fields");
    return true;
}

/* True at the end of the line that ends the head. RFC 9112 2.2: "a server [...] SHOULD ignore at least one empty line
   (CRLF) received prior to the request-line"; it is one here. */
static bool end_line(serve_request_progress *p, size_t at)
{
    bool empty = at == p->line + 1;

    p->line = at + 1;
    if (!empty) {
        p->lines++;
        return false;
    }
    if (p->lines > 0 || p->from > 0)
        return true;
    p->from = at + 1;
    return false;
}

static serve_request_result find_end(const char *bytes, size_t length, serve_request_progress *p,
                                     serve_request *request)
{
    while (p->scanned < length) {
        size_t at = p->scanned++;

        if (!check_octet(bytes, at, p->from, request) || !check_length(p, at, request))
            return SERVE_REQUEST_BAD;
        if (bytes[at] == '\n' && end_line(p, at))
            return SERVE_REQUEST_DONE;
    }
    return SERVE_REQUEST_MORE;
}

/* The next line from *at, without its CR LF, which is there. */
static hf_span take_line(const char **at)
{
    const char *from = *at, *to = from;

    while (*to != '\n')
        to++;
    *at = to + 1;
    return (hf_span){from, to > from ? (size_t)(to - 1 - from) : 0};
}

/* -- The host ------------------------------------------------------------------------------------------------------ */

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* "[", IPv6 address, "]": which address it is, is for others to say. 0: it is none. */
static size_t skip_bracketed(hf_span text)
{
    size_t i = 1;

    while (i < text.length && (is_hex(text.data[i]) || text.data[i] == ':' || text.data[i] == '.'))
        i++;
    return i < text.length && i > 1 && text.data[i] == ']' ? i + 1 : 0;
}

/* RFC 3986 3.2.2: reg-name, but for commas, by which a list of two hosts would pass for one. */
static size_t skip_name(hf_span text)
{
    size_t i = 0;

    for (; i < text.length && text.data[i] != ':'; i++) {
        char c = text.data[i];

        if (c == '%' && i + 2 < text.length && is_hex(text.data[i + 1]) && is_hex(text.data[i + 2]))
            continue;
        if (!is_digit(c) && !is_letter(c) && (c == '\0' || strchr("-._~!$&'()*+;=", c) == NULL))
            return 0;
    }
    return i;
}

/* uri-host [ ":" port ]; *has_port: the port has digits. No user information. */
static bool is_authority(hf_span text, bool *has_port)
{
    size_t at = text.length > 0 && text.data[0] == '[' ? skip_bracketed(text) : skip_name(text), digits;

    *has_port = false;
    if (at == 0)
        return false;
    if (at == text.length)
        return true;
    digits = text.length - at - 1;
    for (size_t i = at + 1; i < text.length; i++)
        if (!is_digit(text.data[i]))
            return false;
    *has_port = digits > 0;
    return text.data[at] == ':' && digits <= 5;
}

/* -- The request line ---------------------------------------------------------------------------------------------- */

/* "scheme://authority", and what follows it. */
static bool read_absolute(serve_request *request)
{
    const char *at = request->target.data, *end = at + request->target.length, *from;
    bool has_port;

    while (at < end && (is_letter(*at) || is_digit(*at) || *at == '+' || *at == '-' || *at == '.'))
        at++;
    if (!is_letter(*request->target.data) || end - at < 3 || memcmp(at, "://", 3) != 0)
        return refuse(request, 400, "the target is not a path, and not a URL with a host");
    from = at += 3;
    while (at < end && *at != '/' && *at != '?')
        at++;
    request->form = SERVE_TARGET_ABSOLUTE;
    request->authority = (hf_span){from, (size_t)(at - from)};
    request->path = (hf_span){at, (size_t)(end - at)};
    return is_authority(request->authority, &has_port) || refuse(request, 400, "the target's host is invalid");
}

/* RFC 9112 3.2.3: "a client MUST send only the host and port of the tunnel destination as the request target". */
static bool read_connect(serve_request *request)
{
    bool has_port;

    request->form = SERVE_TARGET_AUTHORITY;
    request->authority = request->target;
    request->path = (hf_span){request->target.data + request->target.length, 0};
    return (is_authority(request->target, &has_port) && has_port) ||
           refuse(request, 400, "the target of CONNECT is not HOST:PORT");
}

static bool read_target(serve_request *request)
{
    hf_span target = request->target;

    for (size_t i = 0; i < target.length; i++)
        if (target.data[i] < 0x21 || target.data[i] > 0x7e || target.data[i] == '#')
            return refuse(request, 400, "the target has a character that none may have");
    if (target.length > SERVE_REQUEST_TARGET_MAX)
        return refuse(request, 414, "the target is too long");
    if (serve_request_is(request, "CONNECT"))
        return read_connect(request);
    request->path = target;
    if (target.length == 1 && target.data[0] == '*') {
        request->form = SERVE_TARGET_ASTERISK;
        return serve_request_is(request, "OPTIONS") || refuse(request, 400, "the target * is for OPTIONS alone");
    }
    request->form = SERVE_TARGET_ORIGIN;
    return target.data[0] == '/' || read_absolute(request);
}

/* RFC 9112 2.3: HTTP-version = HTTP-name "/" DIGIT "." DIGIT. A minor version that is not known is read as the highest
   that is. */
static bool read_version(hf_span text, serve_request *request)
{
    if (text.length != 8 || memcmp(text.data, "HTTP/", 5) != 0 || !is_digit(text.data[5]) || text.data[6] != '.' ||
        !is_digit(text.data[7]))
        return refuse(request, 400, "the request line does not end in HTTP/1.1");
    if (text.data[5] != '1')
        return refuse(request, 505, "this version of HTTP is not spoken here");
    request->version = text.data[7] == '0' ? "1.0" : "1.1";
    return true;
}

/* method SP request-target SP HTTP-version */
static bool read_request_line(hf_span line, serve_request *request)
{
    const char *end = line.data + line.length;
    const char *first = memchr(line.data, ' ', line.length), *second;

    request->method = (hf_span){line.data, first != NULL ? (size_t)(first - line.data) : line.length};
    if (!is_token(request->method))
        return refuse(request, 400, "the method is not a word");
    second = first != NULL ? memchr(first + 1, ' ', (size_t)(end - first - 1)) : NULL;
    if (second == NULL || second == first + 1)
        return refuse(request, 400, "the request line is not METHOD TARGET HTTP/1.1");
    request->target = (hf_span){first + 1, (size_t)(second - first - 1)};
    return read_version((hf_span){second + 1, (size_t)(end - second - 1)}, request) && read_target(request);
}

/* -- Fields -------------------------------------------------------------------------------------------------------- */

/* RFC 9112 5: field-line = field-name ":" OWS field-value OWS; 5.1: "No whitespace is allowed between the field name
   and colon." */
static bool read_field(hf_span line, serve_request *request)
{
    const char *colon = memchr(line.data, ':', line.length), *from, *to = line.data + line.length;
    hf_field *field = &request->fields[request->count];

    if (request->count == SERVE_REQUEST_FIELDS_MAX)
        return refuse(request, 431, "too many fields");
    if (is_blank(line.data[0]))
        return refuse(request, 400, "a line that begins with a blank");
    if (colon == NULL)
        return refuse(request, 400, "a line without a colon");
    field->name = (hf_span){line.data, (size_t)(colon - line.data)};
    if (!is_token(field->name))
        return refuse(request, 400, "a field name that is not a word, with its colon right behind");
    from = colon + 1;
    while (from < to && is_blank(*from))
        from++;
    while (to > from && is_blank(to[-1]))
        to--;
    field->value = (hf_span){from, (size_t)(to - from)};
    request->count++;
    return true;
}

/* RFC 9112 3.2: "A server MUST respond with a 400 (Bad Request) status code to any HTTP/1.1 request message that lacks
   a Host header field and to any request message that contains more than one Host header field line or a Host header
   field with an invalid field value." And 3.2.2: of an absolute target the Host field is ignored. */
static bool read_host(serve_request *request)
{
    const hf_field *host = NULL;
    bool has_port;

    for (size_t i = 0; i < request->count; i++) {
        if (!http_field_is(&request->fields[i], "host"))
            continue;
        if (host != NULL)
            return refuse(request, 400, "several Host fields");
        host = &request->fields[i];
    }
    if (host == NULL)
        return strcmp(request->version, "1.0") == 0 || refuse(request, 400, "no Host field");
    if (host->value.length > 0 && !is_authority(host->value, &has_port))
        return refuse(request, 400, "the Host field is invalid");
    if (request->form == SERVE_TARGET_ORIGIN || request->form == SERVE_TARGET_ASTERISK)
        request->authority = host->value;
    return true;
}

static bool read_length(hf_span text, uint64_t *length)
{
    *length = 0;
    if (text.length == 0 || text.length > LENGTH_DIGITS_MAX)
        return false;
    for (size_t i = 0; i < text.length; i++) {
        if (!is_digit(text.data[i]))
            return false;
        *length = *length * 10 + (uint64_t)(text.data[i] - '0');
    }
    return true;
}

/* RFC 9112 6.1: "A server that receives a request message with a transfer coding it does not understand SHOULD respond
   with 501". */
static bool read_coding(const hf_field *field, serve_request *request)
{
    hf_span list = field->value, first;

    if (request->framing == FACTS_FRAMING_CHUNKED)
        return refuse(request, 400, "several Transfer-Encoding fields");
    if (strcmp(request->version, "1.0") == 0)
        return refuse(request, 400, "Transfer-Encoding in HTTP/1.0");
    request->framing = FACTS_FRAMING_CHUNKED;
    if (base_ascii_is(field->value.data, field->value.length, "chunked"))
        return true;
    if (http_list_take(&list, &first) && base_ascii_is(first.data, first.length, "chunked"))
        return refuse(request, 400, "chunked is not the last transfer coding");
    return refuse(request, 501, "this transfer coding is not spoken here");
}

/* RFC 9112 6.3. Beyond it, Content-Length beside Transfer-Encoding is refused, and so are several that say the same. */
static bool read_framing(serve_request *request)
{
    const hf_field *length = NULL;

    request->framing = FACTS_FRAMING_NONE;
    for (size_t i = 0; i < request->count; i++) {
        const hf_field *field = &request->fields[i];

        if (http_field_is(field, "transfer-encoding") && !read_coding(field, request))
            return false;
        if (!http_field_is(field, "content-length"))
            continue;
        if (length != NULL)
            return refuse(request, 400, "several Content-Length fields");
        length = field;
        if (!read_length(length->value, &request->length))
            return refuse(request, 400, "the Content-Length field is not a number");
    }
    if (length != NULL && request->framing == FACTS_FRAMING_CHUNKED)
        return refuse(request, 400, "Content-Length beside Transfer-Encoding");
    if (request->form == SERVE_TARGET_AUTHORITY && (request->framing == FACTS_FRAMING_CHUNKED || request->length > 0))
        return refuse(request, 400, "CONNECT with a body");
    if (request->length > 0)
        request->framing = FACTS_FRAMING_LENGTH;
    return true;
}

/* RFC 9112 9.3; RFC 9110 10.1.1: "A server that receives an Expect field value containing a member other than
   100-continue MAY respond with a 417", and one of HTTP/1.0 is ignored. */
static bool read_intentions(serve_request *request)
{
    const hf_field *expect = http_field_find(request->fields, request->count, "expect");
    bool is_old = strcmp(request->version, "1.0") == 0;

    request->keeps = !http_list_has(request->fields, request->count, "connection", "close") &&
                     (!is_old || http_list_has(request->fields, request->count, "connection", "keep-alive"));
    if (expect == NULL || is_old)
        return true;
    request->expects = request->framing != FACTS_FRAMING_NONE;
    return base_ascii_is(expect->value.data, expect->value.length, "100-continue") ||
           refuse(request, 417, "an expectation other than 100-continue");
}

/* -- The whole ----------------------------------------------------------------------------------------------------- */

static bool read_head(const char *at, const char *end, serve_request *request)
{
    if (!read_request_line(take_line(&at), request))
        return false;
    while (at < end - 2)
        if (!read_field(take_line(&at), request))
            return false;
    return read_host(request) && read_framing(request) && read_intentions(request);
}

serve_request_result serve_request_parse(const char *bytes, size_t length, serve_request_progress *progress,
                                         serve_request *request)
{
    serve_request_result result;

    memset(request, 0, offsetof(serve_request, fields));
    result = find_end(bytes, length, progress, request);
    if (result == SERVE_REQUEST_DONE && !read_head(bytes + progress->from, bytes + progress->scanned, request))
        return SERVE_REQUEST_BAD;
    return result;
}

bool serve_request_is(const serve_request *request, const char *method)
{
    return request->method.length == strlen(method) &&
           memcmp(request->method.data, method, request->method.length) == 0;
}
