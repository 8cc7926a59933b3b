#include "http/tunnel.h"

#include "http/head.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "base/unzeroed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct http_tunnel_stream {
    io_stream stream;
    io_stream *lower; /* NULL once it has been closed or left */
    base_buffer received;
    http_head_progress progress;
    bool open, held;
    bool ended, failed;
    bool closed; /* nothing more is told */
    int busy;    /* calls of ours on the stack: the memory must outlive them */
} tunnel;

static void free_if_idle(tunnel *t)
{
    if (!t->closed || t->busy > 0)
        return;
    base_buffer_done(&t->received);
    free(t);
}

static void tell_end(tunnel *t, const facts_failure *failure)
{
    if (t->closed || t->failed || (t->ended && failure == NULL))
        return;
    t->ended = true;
    t->failed = failure != NULL;
    t->stream.sink.end(t->stream.sink.self, failure);
}

static void refuse(tunnel *t, facts_code code, const char *detail)
{
    facts_failure failure = facts_failure_make(FACTS_PHASE_PROXY, code, detail);

    tell_end(t, &failure);
}

/* RFC 9110 9.3.6: "Any 2xx (Successful) response indicates that the sender [...] will switch to tunnel mode immediately
   after the response header section". */
static void judge(tunnel *t, const http_head *head)
{
    size_t rest = t->received.length - (size_t)(head->raw.data + head->raw.length - t->received.data);
    char detail[32];

    if (head->status < 200 || head->status > 299) {
        snprintf(detail, sizeof detail, "status %d", head->status);
        refuse(t, FACTS_FAILURE_PROXY_REFUSED, detail);
        return;
    }
    t->open = true;
    io_stream_unread(t->lower, t->received.data + t->received.length - rest, rest);
    if (t->held)
        io_stream_pause(t->lower);
    t->stream.sink.ready(t->stream.sink.self);
}

static void read_answer(tunnel *t, const char *bytes, size_t length)
{
    BASE_UNZEROED http_head head;

    base_buffer_append(&t->received, bytes, length);
    if (t->received.failed) {
        refuse(t, FACTS_FAILURE_PROXY_NOT_HTTP, "too much");
        return;
    }
    switch (http_head_parse(t->received.data, t->received.length, &t->progress, &head)) {
    case HTTP_HEAD_MORE:
        break;
    case HTTP_HEAD_DONE:
        judge(t, &head);
        break;
    default:
        refuse(t, FACTS_FAILURE_PROXY_NOT_HTTP, NULL);
    }
}

static void on_data(void *self, const char *bytes, size_t length)
{
    tunnel *t = self;

    t->busy++;
    if (t->open && !t->closed)
        t->stream.sink.data(t->stream.sink.self, bytes, length);
    else if (!t->ended && !t->closed)
        read_answer(t, bytes, length);
    t->busy--;
    free_if_idle(t);
}

static void on_end(void *self, const facts_failure *failure)
{
    tunnel *t = self;

    t->busy++;
    if (t->open)
        tell_end(t, failure);
    else
        refuse(t, FACTS_FAILURE_PROXY_CLOSED, failure != NULL ? facts_code_text(failure->code) : NULL);
    t->busy--;
    free_if_idle(t);
}

static void on_drained(void *self)
{
    tunnel *t = self;

    t->busy++;
    if (t->open && !t->closed && t->stream.sink.drained != NULL)
        t->stream.sink.drained(t->stream.sink.self);
    t->busy--;
    free_if_idle(t);
}

/* -- From above ---------------------------------------------------------------------------------------------------- */

static size_t tunnel_write(io_stream *stream, const char *bytes, size_t length)
{
    return io_stream_write(((tunnel *)stream)->lower, bytes, length);
}

static void tunnel_finish(io_stream *stream)
{
    io_stream_finish(((tunnel *)stream)->lower);
}

static void let_go(tunnel *t, void (*release)(io_stream *stream))
{
    release(t->lower);
    t->lower = NULL;
    t->closed = true;
    free_if_idle(t);
}

static void tunnel_leave(io_stream *stream)
{
    let_go((tunnel *)stream, io_stream_leave);
}

static void tunnel_close(io_stream *stream)
{
    let_go((tunnel *)stream, io_stream_close);
}

/* The proxy's answer is read in any case. */
static void tunnel_hold(io_stream *stream, bool held)
{
    tunnel *t = (tunnel *)stream;

    t->held = held;
    if (t->open)
        t->lower->ops->hold(t->lower, held);
}

static void tunnel_unread(io_stream *stream, const char *bytes, size_t length)
{
    io_stream_unread(((tunnel *)stream)->lower, bytes, length);
}

static const io_stream_ops tunnel_ops = {"tunnel",     tunnel_write, tunnel_finish, tunnel_leave,
                                         tunnel_close, tunnel_hold,  tunnel_unread};

io_stream *http_tunnel(io_stream *lower, const http_proxy *proxy, const char *host, int port, io_sink sink)
{
    tunnel *t = base_allocate(sizeof *t);
    bool bracketed = strchr(host, ':') != NULL;
    const char *left = bracketed ? "[" : "", *right = bracketed ? "]" : "";
    base_buffer request;

    t->stream = (io_stream){&tunnel_ops, lower->loop, sink};
    t->lower = lower;
    base_buffer_init(&t->received, HTTP_HEAD_MAX);
    lower->sink = (io_sink){.data = on_data, .end = on_end, .self = t, .drained = on_drained};
    base_buffer_init(&request, HTTP_HEAD_MAX);
    base_buffer_appendf(&request, "CONNECT %s%s%s:%d HTTP/1.1\r\nHost: %s%s%s:%d\r\n", left, host, right, port, left,
                        host, right, port);
    if (proxy->authorization != NULL)
        base_buffer_appendf(&request, "Proxy-Authorization: %s\r\n", proxy->authorization);
    base_buffer_text(&request, "\r\n");
    io_stream_write(lower, request.data, request.length);
    base_buffer_done(&request);
    return &t->stream;
}
