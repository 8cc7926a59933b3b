/* HTTP/1.1 (RFC 9112): one request after the other, each read and answered before the next is looked at. */
#include "serve/http_state.h"

#include "http/body.h"

#include "base/memory.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define PASS_OVER_MAX 65536 /* octets of a body that nobody wants, for the sake of the next request */
#define TOGETHER_MAX 16384  /* octets of a body that go out in one write with the head */
#define OUT_MAX (16 << 20)  /* octets of a response's head, far beyond what any handler writes */
#define TLS_HANDSHAKE 0x16

typedef struct http1 {
    serve_exchange x;
    hf_span rest;         /* what came and has not been read */
    base_buffer received; /* the head of the request under way */
    serve_request_progress progress;
    http_body body;
    base_buffer out; /* a head or a chunk, to be written at once */
    uint64_t left;   /* of the response's body, what may still be written */
    size_t passed_over;
    bool active;       /* an exchange is under way */
    bool body_over;    /* the request's */
    bool held;         /* the handler reads no body now */
    bool begun, ended; /* the response's head is written; all of it */
    bool continued;    /* 100 was sent */
    bool keeps;        /* the connection, after this response */
    bool chunked, no_body;
    bool stalled;    /* the client does not take what is written */
    bool peer_ended; /* it sends no more requests */
} http1;

static io_stream *stream_of(const serve_connection *c)
{
    return c->visitor.stream;
}

static void wait_idle(serve_connection *c)
{
    io_timer_start(c->visitor.timer, c->server->options.idle_ms);
}

static size_t send_bytes(serve_connection *c, const char *bytes, size_t length)
{
    http1 *h = c->state;
    size_t queued = io_stream_write(stream_of(c), bytes, length);

    if (queued > IO_QUEUE_HIGH && !h->stalled) {
        h->stalled = true;
        wait_idle(c);
    }
    return queued;
}

/* What is in `out`. */
static size_t flush(serve_connection *c)
{
    http1 *h = c->state;
    size_t queued = send_bytes(c, base_buffer_string(&h->out), h->out.length);

    base_buffer_clear(&h->out);
    return queued;
}

/* -- Heads of responses -------------------------------------------------------------------------------------------- */

/* RFC 9110 5.5: field values with CR, LF or NUL are dangerous; "a recipient [...] MUST either reject the message or
   replace each of those characters with SP". */
static void put_field(base_buffer *out, const hf_field *field)
{
    size_t from;

    base_buffer_append(out, field->name.data, field->name.length);
    base_buffer_text(out, ": ");
    from = out->length;
    base_buffer_append(out, field->value.data, field->value.length);
    for (size_t i = from; i < out->length; i++)
        if (out->data[i] == '\r' || out->data[i] == '\n' || out->data[i] == '\0')
            out->data[i] = ' ';
    base_buffer_text(out, "\r\n");
}

static void put_status(base_buffer *out, int status, const char *reason)
{
    base_buffer_appendf(out, "HTTP/1.1 %d %s\r\n", status, reason != NULL ? reason : serve_reason(status));
}

static void put_framing(base_buffer *out, const http1 *h, const serve_response *response)
{
    bool may_have_length = response->status >= 200 && response->status != 204 && response->status != 304;

    if (h->chunked)
        base_buffer_text(out, "Transfer-Encoding: chunked\r\n");
    else if (response->length >= 0 && may_have_length)
        base_buffer_appendf(out, "Content-Length: %" PRId64 "\r\n", response->length);
    if (!h->keeps)
        base_buffer_text(out, "Connection: close\r\n");
    else if (strcmp(h->x.request.version, "1.0") == 0)
        base_buffer_text(out, "Connection: keep-alive\r\n");
}

/* RFC 9112 6.3: a body of unknown length is chunked; to a client of HTTP/1.0 it ends with the connection. */
static void choose_framing(http1 *h, const serve_response *response, bool stopping)
{
    bool is_old = strcmp(h->x.request.version, "1.0") == 0, unknown = response->length < 0;

    h->no_body = serve_has_no_body(&h->x.request, response->status);
    h->chunked = !h->no_body && unknown && !is_old;
    h->left = unknown ? UINT64_MAX : (uint64_t)response->length;
    h->keeps = h->x.request.keeps && !stopping && !h->peer_ended && (h->no_body || !unknown || !is_old);
    /* Whether the client sends a body that it was not told to send, nobody knows. */
    if (h->x.request.expects && !h->continued && !h->body_over)
        h->keeps = false;
}

static void begin(serve_exchange *x, const serve_response *response, const char *body, size_t length)
{
    http1 *h = (http1 *)x;

    if (h->begun)
        return;
    h->begun = true;
    choose_framing(h, response, x->connection->server->stopping);
    put_status(&h->out, response->status, response->reason);
    for (size_t i = 0; i < response->count; i++)
        if (!serve_field_is_ours(&response->fields[i]))
            put_field(&h->out, &response->fields[i]);
    put_framing(&h->out, h, response);
    base_buffer_text(&h->out, "\r\n");
    h->left -= length;
    if (!h->no_body && length <= TOGETHER_MAX)
        base_buffer_append(&h->out, body, length);
    flush(x->connection);
    if (!h->no_body && length > TOGETHER_MAX)
        send_bytes(x->connection, body, length);
}

static void interim(serve_exchange *x, int status, const hf_field *fields, size_t count)
{
    http1 *h = (http1 *)x;

    if (h->begun || strcmp(x->request.version, "1.0") == 0)
        return;
    h->continued = h->continued || status == 100;
    put_status(&h->out, status, NULL);
    for (size_t i = 0; i < count; i++)
        put_field(&h->out, &fields[i]);
    base_buffer_text(&h->out, "\r\n");
    flush(x->connection);
}

/* -- Refusals of the server itself --------------------------------------------------------------------------------- */

static void refuse(serve_connection *c, int status, const char *why)
{
    http1 *h = c->state;

    serve_connection_refuse(c, status, why);
    put_status(&h->out, status, NULL);
    base_buffer_appendf(&h->out, "Content-Type: text/plain\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s\n",
                        strlen(why) + 1, why);
    flush(c);
    serve_connection_leave(c);
}

/* -- From one request to the next ---------------------------------------------------------------------------------- */

static void next_request(serve_connection *c)
{
    http1 *h = c->state;

    h->active = false;
    h->progress = (serve_request_progress){0};
    base_buffer_clear(&h->received);
    if (h->peer_ended) {
        serve_connection_leave(c);
        return;
    }
    wait_idle(c);
    io_stream_resume(stream_of(c));
}

/* The response is written; what is left of the request is passed over if it is little. */
static void settle(serve_connection *c)
{
    http1 *h = c->state;
    bool is_long = !h->body_over && h->body.framing == FACTS_FRAMING_LENGTH && h->body.left > PASS_OVER_MAX;

    if (!h->keeps || is_long) {
        serve_connection_leave(c);
    } else if (h->body_over) {
        next_request(c);
    } else {
        h->held = false;
        wait_idle(c);
        io_stream_resume(stream_of(c));
    }
}

static void abandon(serve_exchange *x)
{
    http1 *h = (http1 *)x;

    h->ended = true;
    if (h->begun)
        serve_connection_close(x->connection);
    else
        serve_connection_leave(x->connection);
}

static void finish(serve_exchange *x)
{
    http1 *h = (http1 *)x;

    if (!h->no_body && !h->chunked && h->left > 0 && h->left < UINT64_MAX) {
        abandon(x);
        return;
    }
    if (h->chunked)
        io_stream_write(stream_of(x->connection), "0\r\n\r\n", 5);
    h->ended = true;
    settle(x->connection);
}

/* What goes beyond the length that the head tells is dropped: the client would take it for the next response. */
static size_t write_body(serve_exchange *x, const char *bytes, size_t length)
{
    http1 *h = (http1 *)x;

    if (length > h->left)
        length = (size_t)h->left;
    if (!h->begun || h->no_body || length == 0)
        return io_stream_queued(stream_of(x->connection));
    if (h->left < UINT64_MAX)
        h->left -= length;
    if (!h->chunked)
        return send_bytes(x->connection, bytes, length);
    base_buffer_appendf(&h->out, "%zx\r\n", length);
    if (length > TOGETHER_MAX) {
        flush(x->connection);
        send_bytes(x->connection, bytes, length);
    } else {
        base_buffer_append(&h->out, bytes, length);
    }
    base_buffer_text(&h->out, "\r\n");
    return flush(x->connection);
}

/* -- What the handler asks ----------------------------------------------------------------------------------------- */

static void attach(serve_exchange *x)
{
    http1 *h = (http1 *)x;

    if (x->request.expects && !x->connection->server->options.leaves_continue && !h->body_over)
        interim(x, 100, NULL, 0);
}

/* A stream whose request is over is paused for another reason. */
static void hold(serve_exchange *x, bool held)
{
    http1 *h = (http1 *)x;

    h->held = held;
    if (h->body_over)
        return;
    if (held) {
        io_timer_stop(x->connection->visitor.timer);
        io_stream_pause(stream_of(x->connection));
    } else {
        wait_idle(x->connection);
        io_stream_resume(stream_of(x->connection));
    }
}

static io_stream *take(serve_exchange *x, const serve_response *response)
{
    serve_connection *c = x->connection;
    http1 *h = (http1 *)x;
    io_stream *stream = stream_of(c);

    if (response != NULL) {
        put_status(&h->out, response->status, response->reason);
        for (size_t i = 0; i < response->count; i++)
            put_field(&h->out, &response->fields[i]);
        base_buffer_text(&h->out, "\r\n");
        flush(c);
    }
    h->ended = true;
    io_stream_unread(stream, h->rest.data, h->rest.length);
    io_stream_resume(stream);
    return serve_connection_release(c);
}

/* -- What comes in ------------------------------------------------------------------------------------------------- */

static void use_up(http1 *h, size_t length)
{
    h->rest.data += length;
    h->rest.length -= length;
}

static void report_end(http1 *h)
{
    if (h->x.events.end != NULL)
        h->x.events.end(h->x.events.self);
}

static void begin_exchange(serve_connection *c)
{
    http1 *h = c->state;
    const serve_request *request = &h->x.request;
    bool is_attached;

    h->active = true;
    h->held = h->begun = h->ended = h->continued = h->chunked = h->no_body = h->stalled = false;
    h->passed_over = 0;
    h->body_over = request->framing == FACTS_FRAMING_NONE;
    h->x.attached = false;
    h->x.events = (serve_events){0};
    http_body_begin_request(&h->body, request->framing, request->length);
    if (h->body_over)
        io_timer_stop(c->visitor.timer);
    else
        wait_idle(c);
    is_attached = serve_exchange_hand_out(&h->x);
    if (c->over || !h->active || h->ended)
        return;
    if (!is_attached)
        refuse(c, 500, "the handler does not answer");
    else if (h->body_over)
        report_end(h);
}

static void take_head(serve_connection *c)
{
    http1 *h = c->state;
    size_t before = h->received.length, room = h->received.max - before;

    if (before == 0)
        io_timer_start(c->visitor.timer, c->server->options.head_ms);
    if (before == 0 && h->rest.data[0] == TLS_HANDSHAKE) {
        serve_connection_refuse(c, 0, "the client speaks TLS where plain HTTP is spoken");
        serve_connection_close(c);
        return;
    }
    base_buffer_append(&h->received, h->rest.data, h->rest.length < room ? h->rest.length : room);
    switch (serve_request_parse(h->received.data, h->received.length, &h->progress, &h->x.request)) {
    case SERVE_REQUEST_MORE:
        use_up(h, h->rest.length);
        break;
    case SERVE_REQUEST_BAD:
        refuse(c, h->x.request.status, h->x.request.why);
        break;
    case SERVE_REQUEST_DONE:
        use_up(h, h->progress.scanned - before);
        begin_exchange(c);
        break;
    }
}

/* Nobody wants it any more; but behind it the next request begins. */
static void pass_over(serve_connection *c, size_t length)
{
    http1 *h = c->state;

    h->passed_over += length;
    if (h->passed_over > PASS_OVER_MAX)
        serve_connection_leave(c);
}

static void end_body(serve_connection *c)
{
    http1 *h = c->state;

    h->body_over = true;
    if (!h->stalled)
        io_timer_stop(c->visitor.timer);
    if (h->ended)
        settle(c);
    else
        report_end(h);
}

static void take_body(serve_connection *c)
{
    http1 *h = c->state;
    hf_span piece;
    size_t used;
    http_body_result result = http_body_read(&h->body, h->rest.data, h->rest.length, &used, &piece);

    use_up(h, used);
    if (h->ended)
        pass_over(c, piece.length);
    else if (piece.length > 0 && h->x.events.data != NULL)
        h->x.events.data(h->x.events.self, piece.data, piece.length);
    if (c->over)
        return;
    if (result == HTTP_BODY_MALFORMED && h->begun)
        serve_connection_close(c);
    else if (result == HTTP_BODY_MALFORMED)
        refuse(c, 400, "the body is malformed");
    else if (result == HTTP_BODY_DONE)
        end_body(c);
    else if (!h->held)
        wait_idle(c);
}

/* What comes behind a request waits until that has its answer, and until the client takes its answers; and so does what
   a handler does not read now. */
static void set_aside(serve_connection *c)
{
    http1 *h = c->state;

    io_stream_unread(stream_of(c), h->rest.data, h->rest.length);
    io_stream_pause(stream_of(c));
    h->rest.length = 0;
}

static void on_data(serve_connection *c, const char *bytes, size_t length)
{
    http1 *h = c->state;

    h->rest = (hf_span){bytes, length};
    while (!c->over && h->rest.length > 0) {
        if (h->active ? h->body_over || h->held : h->stalled)
            set_aside(c);
        else if (!h->active)
            take_head(c);
        else
            take_body(c);
    }
    h->rest = (hf_span){"", 0};
}

/* A client that has said all it had to say still waits for the answer. */
static void on_end(serve_connection *c)
{
    http1 *h = c->state;

    if (!h->active) {
        serve_connection_leave(c);
    } else if (!h->body_over) {
        serve_connection_close(c);
    } else {
        h->peer_ended = true;
        h->keeps = false;
        if (!h->ended && h->x.events.finished != NULL)
            h->x.events.finished(h->x.events.self);
    }
}

static void on_drained(serve_connection *c)
{
    http1 *h = c->state;

    if (h->stalled) {
        h->stalled = false;
        if (!h->active)
            io_stream_resume(stream_of(c));
        if (h->active && (h->body_over || h->held))
            io_timer_stop(c->visitor.timer);
        else
            wait_idle(c);
    }
    if (h->active && h->begun && !h->ended && h->x.events.drained != NULL)
        h->x.events.drained(h->x.events.self);
}

static void on_time_over(serve_connection *c)
{
    http1 *h = c->state;

    if (!h->active && h->received.length == 0)
        serve_connection_leave(c);
    else if (!h->active || (!h->begun && !h->stalled))
        refuse(c, 408, "the request took too long");
    else
        serve_connection_close(c);
}

/* -- The connection ------------------------------------------------------------------------------------------------ */

static bool is_idle(const serve_connection *c)
{
    const http1 *h = c->state;

    return !h->active && h->received.length == 0;
}

static void stop(serve_connection *c)
{
    http1 *h = c->state;

    h->keeps = false;
    if (is_idle(c))
        serve_connection_leave(c);
}

static void on_gone(serve_connection *c)
{
    http1 *h = c->state;

    if (h->active && !h->ended && h->x.attached)
        h->x.events.gone(h->x.events.self);
}

static void free_state(serve_connection *c)
{
    http1 *h = c->state;

    base_buffer_done(&h->received);
    base_buffer_done(&h->out);
    free(h);
}

void serve_http1_open(serve_connection *c)
{
    http1 *h = base_allocate(sizeof *h);

    h->x.connection = c;
    h->rest = (hf_span){"", 0};
    base_buffer_init(&h->received, SERVE_REQUEST_HEAD_MAX + 4);
    base_buffer_init(&h->out, OUT_MAX);
    c->state = h;
}

const serve_protocol serve_http1 = {.data = on_data,
                                    .end = on_end,
                                    .drained = on_drained,
                                    .time_over = on_time_over,
                                    .stop = stop,
                                    .is_idle = is_idle,
                                    .gone = on_gone,
                                    .free = free_state,
                                    .attach = attach,
                                    .hold = hold,
                                    .begin = begin,
                                    .write = write_body,
                                    .finish = finish,
                                    .interim = interim,
                                    .abandon = abandon,
                                    .take = take};
