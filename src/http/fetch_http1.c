/* Questions and answers over HTTP/1.1, one after the other. */
#include "http/fetch_state.h"

#include "http/cookies.h"

#include <stdio.h>

#define REQUEST_MAX                                                                                                    \
    (HTTP_HEAD_MAX + HTTP_COOKIE_FIELD_MAX + HTTP_GIVEN_OCTETS_MAX + 8192) /* a target as long as a response head */

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

size_t http_fetch_fields(const http_fetch_state *f, hf_field fields[static HTTP_FIELDS_MAX])
{
    static const http_as_browser unchanged;
    const http_as_browser *with = f->client->as_browser != NULL ? f->client->as_browser : &unchanged;
    const http_addressee to = {.secure = f->request->secure,
                               .http2 = f->speaks_http2,
                               .named = f->request->named,
                               .trusted = f->tls_trusted,
                               .cookies = f->request->cookies};

    return http_browser_fields(with, &to, f->arena, fields);
}

/* RFC 9112 3.2: "A client MUST send a Host header field in all HTTP/1.1 request messages." And 3.2.2: "When making a
   request to a proxy, other than a CONNECT or server-wide OPTIONS request [...], a client MUST send the target URI in
   absolute-form". */
static void put_request(const http_fetch_state *f, base_buffer *out)
{
    const http_request_line *ask = &f->asks[f->current];
    bool absolute = f->proxy != NULL && !http_fetch_needs_tunnel(f), last = f->current + 1 == f->ask_count;
    char authority[HTTP_AUTHORITY_MAX];
    hf_field fields[HTTP_FIELDS_MAX];
    size_t count = http_fetch_fields(f, fields);

    http_fetch_authority(f->request, authority);
    base_buffer_appendf(out, "%s %s%s%s HTTP/1.1\r\nHost: %s\r\nConnection: %s\r\n", facts_method_name(ask->method),
                        absolute ? "http://" : "", absolute ? authority : "", ask->target, authority,
                        last ? "close" : "keep-alive");
    if (absolute && f->proxy->authorization != NULL)
        base_buffer_appendf(out, "Proxy-Authorization: %s\r\n", f->proxy->authorization);
    for (size_t i = 0; i < count; i++) {
        base_buffer_append(out, fields[i].name.data, fields[i].name.length);
        base_buffer_text(out, ": ");
        base_buffer_append(out, fields[i].value.data, fields[i].value.length);
        base_buffer_text(out, "\r\n");
    }
    base_buffer_text(out, "\r\n");
}

void http_fetch_http1_begin(http_fetch_state *f)
{
    base_buffer request;

    base_buffer_init(&request, REQUEST_MAX);
    put_request(f, &request);
    if (request.failed) {
        http_fetch_fail(f, FACTS_FAILURE_LOCAL);
    } else {
        http_fetch_head_begin(f);
        http_fetch_enter(f, FACTS_PHASE_RESPONSE);
        io_stream_write(f->stream, request.data, request.length);
    }
    base_buffer_done(&request);
}

static void ask_next(http_fetch_state *f)
{
    f->current++;
    f->reading = NULL;
    base_buffer_clear(&f->received);
    http_fetch_http1_begin(f);
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

void http_fetch_body_data(http_fetch_state *f, const char *bytes, size_t length)
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

void http_fetch_http1_data(http_fetch_state *f, const char *bytes, size_t length)
{
    if (f->reading != NULL)
        http_fetch_body_data(f, bytes, length);
    else
        http_fetch_head_data(f, bytes, length);
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
        http_fetch_head_end(f);
}

void http_fetch_http1_timeout(http_fetch_state *f, const facts_failure *failure)
{
    if (f->reading != NULL)
        end_body(f, FACTS_CONTENT_TIMEOUT, false);
    else
        http_fetch_conclude(f, failure);
}
