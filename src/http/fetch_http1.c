/* Questions and answers over HTTP/1.1, one after the other. */
#include "http/fetch_state.h"

#include "http/cookies.h"

#include "base/unzeroed.h"

#include <stdio.h>

#define REQUEST_MAX (HTTP_HEAD_MAX + HTTP_COOKIE_FIELD_MAX + 8192) /* a target as long as a response head */

/* -- Asking -------------------------------------------------------------------------------------------------------- */

void http_fetch_authority(const http_request *request, char authority[static HTTP_AUTHORITY_MAX])
{
    bool bracketed = request->is_address && strchr(request->host, ':') != NULL;
    char port[16] = "";

    if (request->port != (request->secure ? 443 : 80))
        snprintf(port, sizeof port, ":%d", request->port);
    snprintf(authority, HTTP_AUTHORITY_MAX, "%s%s%s%s", bracketed ? "[" : "", request->host,
             bracketed           ? "]"
             : request->root_dot ? "."
                                 : "",
             port);
}

/* RFC 9112 3.2: "A client MUST send a Host header field in all HTTP/1.1 request messages." And 3.2.2: "When making a
   request to a proxy, other than a CONNECT or server-wide OPTIONS request [...], a client MUST send the target URI in
   absolute-form". */
static void put_request(const http_fetch_state *f, base_buffer *out)
{
    const http_request_line *ask = &f->asks[f->current];
    bool absolute = f->proxy != NULL && !http_fetch_needs_tunnel(f), last = f->current + 1 == f->ask_count;
    char authority[HTTP_AUTHORITY_MAX];

    http_fetch_authority(f->request, authority);
    base_buffer_appendf(out, "%s %s%s%s HTTP/1.1\r\nHost: %s\r\nUser-Agent: holdfast/%s\r\nAccept: */*\r\n",
                        facts_method_name(ask->method), absolute ? "http://" : "", absolute ? authority : "",
                        ask->target, authority, hf_version());
    if (f->request->cookies != NULL)
        base_buffer_appendf(out, "Cookie: %s\r\n", f->request->cookies);
    if (absolute && f->proxy->authorization != NULL)
        base_buffer_appendf(out, "Proxy-Authorization: %s\r\n", f->proxy->authorization);
    base_buffer_appendf(out, "Connection: %s\r\n\r\n", last ? "close" : "keep-alive");
}

void http_fetch_http1_begin(http_fetch_state *f)
{
    base_buffer request;

    base_buffer_init(&request, REQUEST_MAX);
    put_request(f, &request);
    if (request.failed) {
        http_fetch_fail(f, FACTS_FAILURE_LOCAL);
    } else {
        http_fetch_enter(f, FACTS_PHASE_RESPONSE);
        io_stream_write(f->stream, request.data, request.length);
    }
    base_buffer_done(&request);
}

static void ask_next(http_fetch_state *f)
{
    f->current++;
    f->reading = NULL;
    f->progress = (http_head_progress){0};
    base_buffer_clear(&f->received);
    http_fetch_http1_begin(f);
}

/* -- The head ------------------------------------------------------------------------------------------------------ */

/* The same octets, in a copy of what they lay in. */
static hf_span moved(hf_span span, const char *from, const char *to)
{
    return (hf_span){span.data != NULL ? to + (span.data - from) : NULL, span.length};
}

/* The same value, to be read as one line. */
static hf_span unfolded(base_arena *arena, hf_span value)
{
    char *copy;

    if (value.data == NULL || memchr(value.data, '\n', value.length) == NULL)
        return value;
    copy = base_arena_copy(arena, value.data, value.length);
    http_head_unfold(copy, value.length);
    return (hf_span){copy, value.length};
}

static facts_response *make_response(http_fetch_state *f, const http_head *head)
{
    facts_response *response = base_arena_take(f->arena, sizeof *response);
    hf_field *fields = base_arena_take(f->arena, head->count * sizeof *fields);
    const char *from = head->raw.data, *to = base_arena_copy(f->arena, from, head->raw.length);

    for (size_t i = 0; i < head->count; i++) {
        fields[i].name = moved(head->fields[i].name, from, to);
        fields[i].value = unfolded(f->arena, moved(head->fields[i].value, from, to));
    }
    *response = (facts_response){.version = FACTS_HTTP_1_0 + (facts_http)head->minor,
                                 .status = head->status,
                                 .reason = moved(head->reason, from, to),
                                 .raw = moved(head->raw, from, to),
                                 .interim = f->progress.interim,
                                 .skipped = head->skipped,
                                 .fields = fields,
                                 .count = head->count,
                                 .content = {.framing = f->body.framing, .declared = f->body.declared}};
    http_response_date(response, f->client->clock);
    return response;
}

/* -- The body ------------------------------------------------------------------------------------------------------ */

/* The body is over, or given up: on to the next question if the connection is good for it. */
static void end_body(http_fetch_state *f, facts_content_end end, bool is_clean)
{
    f->reading->content.end = end;
    if (f->current + 1 < f->ask_count && is_clean && f->body.keeps)
        ask_next(f);
    else
        http_fetch_conclude(f, NULL);
}

/* Copies of a body what is to be kept. */
static void keep_content(http_fetch_state *f, hf_span piece)
{
    facts_content *content = &f->reading->content;
    size_t max = f->request->content_max, room = max - content->prefix.length;
    size_t count = piece.length < room ? piece.length : room;

    content->received += piece.length;
    if (count == 0)
        return;
    if (content->prefix.data == NULL)
        content->prefix.data = base_arena_take(f->arena, max);
    memcpy((char *)content->prefix.data + content->prefix.length, piece.data, count);
    content->prefix.length += count;
}

/* Nothing more of this body is of any use: enough is kept, and no further question waits behind it; or it is too long.
 */
static bool has_enough(const http_fetch_state *f)
{
    const facts_content *content = &f->reading->content;

    if (content->received > HTTP_CONTENT_MAX)
        return true;
    return content->prefix.length == f->request->content_max &&
           (f->current + 1 == f->ask_count || f->body.framing == FACTS_FRAMING_CLOSE);
}

static void read_body(http_fetch_state *f, const char *bytes, size_t length)
{
    http_body_result result = HTTP_BODY_MORE;

    do {
        hf_span piece;
        size_t used;

        result = http_body_read(&f->body, bytes, length, &used, &piece);
        keep_content(f, piece);
        bytes += used;
        length -= used;
    } while (result == HTTP_BODY_MORE && length > 0);
    if (result == HTTP_BODY_MALFORMED)
        end_body(f, FACTS_CONTENT_MALFORMED, false);
    else if (result == HTTP_BODY_DONE)
        /* What comes behind the body was not asked for. */
        end_body(f, FACTS_CONTENT_WHOLE, length == 0);
    else if (has_enough(f))
        end_body(f, FACTS_CONTENT_CUT, false);
}

/* -- Reading ------------------------------------------------------------------------------------------------------- */

/* RFC 9110 15.5.8: 407 "is similar to 401 (Unauthorized), but it indicates that the client needs to authenticate itself
   in order to use a proxy". */
static void accept_head(http_fetch_state *f, const http_head *head, const char *rest, size_t rest_length)
{
    facts_failure refused = facts_failure_make(f->phase, FACTS_FAILURE_PROXY_REFUSED, "status 407");
    const http_request_line *ask = &f->asks[f->current];

    if (f->proxy != NULL && !http_fetch_needs_tunnel(f) && head->status == 407) {
        http_fetch_conclude(f, &refused);
        return;
    }
    http_body_begin(&f->body, head, ask->method == FACTS_METHOD_HEAD);
    f->reading = make_response(f, head);
    f->answers[f->current].response = f->reading;
    if (f->request->content_max == 0 && f->current + 1 == f->ask_count)
        http_fetch_conclude(f, NULL);
    else
        read_body(f, rest, rest_length);
}

/* What is received becomes as much in the facts again. */
static bool hold(http_fetch_state *f, size_t length)
{
    facts_failure failure;

    if (!http_budget_has_room(f->client->budget, 2 * length, f->phase, &failure)) {
        http_fetch_conclude(f, &failure);
        return false;
    }
    http_budget_hold(f->client->budget, length);
    f->held += length;
    return true;
}

/* The fields take more than their text where there are many, and short ones. */
static bool has_room_for(http_fetch_state *f, const http_head *head)
{
    size_t octets = head->raw.length + head->count * sizeof(hf_field);
    facts_failure failure;

    if (http_budget_has_room(f->client->budget, octets, f->phase, &failure))
        return true;
    http_fetch_conclude(f, &failure);
    return false;
}

/* A connection may carry a body right behind its head: what did not go into the buffer is read from where it came. */
static void read_head(http_fetch_state *f, const char *bytes, size_t length)
{
    static const facts_code codes[] = {FACTS_FAILURE_NONE,
                                       FACTS_FAILURE_NONE,
                                       FACTS_FAILURE_RESPONSE_NOT_HTTP,
                                       FACTS_FAILURE_RESPONSE_TOO_LONG,
                                       FACTS_FAILURE_RESPONSE_TOO_MANY_FIELDS,
                                       FACTS_FAILURE_RESPONSE_TOO_MANY_HEADS};
    size_t before = f->received.length, room = HTTP_HEAD_MAX - before;
    BASE_UNZEROED http_head head;
    http_head_result result;

    if (!hold(f, length < room ? length : room))
        return;
    base_buffer_append(&f->received, bytes, length < room ? length : room);
    if (f->received.failed) {
        http_fetch_fail(f, FACTS_FAILURE_LOCAL);
        return;
    }
    result = http_head_parse(f->received.data, f->received.length, &f->progress, &head);
    if (result == HTTP_HEAD_DONE && has_room_for(f, &head)) {
        size_t taken = (size_t)(head.raw.data + head.raw.length - f->received.data) - before;

        accept_head(f, &head, bytes + taken, length - taken);
    } else if (result != HTTP_HEAD_DONE && result != HTTP_HEAD_MORE) {
        http_fetch_fail(f, codes[result]);
    }
}

void http_fetch_http1_data(http_fetch_state *f, const char *bytes, size_t length)
{
    if (f->reading != NULL)
        read_body(f, bytes, length);
    else
        read_head(f, bytes, length);
}

/* A server that kept the connection open may close it before the next question reaches it: then that one was never put.
 */
void http_fetch_http1_end(http_fetch_state *f, const facts_failure *failure)
{
    bool was_idle = f->reading == NULL && f->current > 0 && f->received.length == 0;

    if (f->reading != NULL)
        end_body(f, http_body_may_end(&f->body) ? FACTS_CONTENT_WHOLE : FACTS_CONTENT_BROKEN, false);
    else if (failure != NULL && !was_idle)
        http_fetch_conclude(f, failure);
    else if (was_idle)
        http_fetch_conclude(f, NULL);
    else
        http_fetch_fail(f, FACTS_FAILURE_RESPONSE_EMPTY);
}

void http_fetch_http1_timeout(http_fetch_state *f, const facts_failure *failure)
{
    if (f->reading != NULL)
        end_body(f, FACTS_CONTENT_TIMEOUT, false);
    else
        http_fetch_conclude(f, failure);
}
