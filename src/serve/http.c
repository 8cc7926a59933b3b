#include "serve/http_state.h"

#include "io/listener.h"
#include "tls/tls.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PATIENCE 30000     /* milliseconds until a connection must have asked */
#define REQUEST_MAX 65536  /* octets of a request's head */
#define VISITORS_MAX 256   /* connections at once; more are closed as they come */
#define TLS_HANDSHAKE 0x16 /* the first octet of every TLS connection (RFC 8446 5.1) */

struct serve_http {
    io_loop *loop;
    io_listener *listener;
    const serve_vhost *hosts;
    size_t count;
    serve_connection *visitors;
    size_t visitor_count;
};

static void visitor_free(serve_connection *v)
{
    v->server->visitor_count--;
    *v->at = v->next;
    if (v->next != NULL)
        v->next->at = v->at;
    io_timer_free(v->timer);
    base_buffer_done(&v->received);
    serve_http2_end(v);
    free(v);
}

void serve_connection_close(serve_connection *v)
{
    io_stream_close(v->stream);
    visitor_free(v);
}

void serve_connection_finish(serve_connection *v)
{
    io_stream_leave(v->stream);
    visitor_free(v);
}

static void on_end(void *self, const facts_failure *failure)
{
    (void)failure;
    serve_connection_close(self);
}

static void on_patience_over(void *self)
{
    serve_connection_close(self);
}

/* -- The host that is meant --------------------------------------------------------------------------------------------------- */

const serve_vhost *serve_http_host(const serve_http *server, const char *name, size_t length)
{
    for (size_t i = 0; i < server->count; i++)
        if (strncasecmp(server->hosts[i].name, name, length) == 0 && server->hosts[i].name[length] == '\0')
            return &server->hosts[i];
    return &server->hosts[0];
}

static const tls_identity *choose_identity(void *self, const char *name)
{
    const serve_http *server = self;

    return serve_http_host(server, name != NULL ? name : "", name != NULL ? strlen(name) : 0)->identity;
}

const char *serve_vhost_answer(const serve_vhost *host, const serve_connection *v, const char *method,
                               const char *target)
{
    if (!v->secure)
        return host->plain;
    if (v->http2 != NULL)
        return host->http2;
    if (host->head != NULL && strcmp(method, "HEAD") == 0)
        return host->head;
    return host->missing != NULL && strcmp(target, "/") != 0 ? host->missing : host->secure;
}

/* -- Visitors ----------------------------------------------------------------------------------------------------------------- */

static void on_request_data(void *self, const char *bytes, size_t length)
{
    serve_connection *v = self;

    if (v->http2 != NULL)
        serve_http2_data(v, bytes, length);
    else
        serve_http1_data(v, bytes, length);
}

static void on_tls_ready(void *self)
{
    serve_connection *v = self;

    if (tls_agreed(v->stream) == TLS_AGREED_HTTP2)
        serve_http2_begin(v);
}

static void on_ready(void *self)
{
    (void)self; /* the visitor speaks first */
}

/* The first octet tells what the visitor speaks. */
static void on_first_data(void *self, const char *bytes, size_t length)
{
    serve_connection *v = self;
    io_stream *lower = v->stream;
    io_sink sink = {.ready = on_tls_ready, .data = on_request_data, .end = on_end, .self = v};

    v->secure = bytes[0] == TLS_HANDSHAKE;
    if (v->secure)
        v->stream = tls_server(lower, choose_identity, v->server, sink);
    else
        lower->sink = sink;
    lower->sink.data(lower->sink.self, bytes, length);
}

static void on_accepted(void *self, io_stream *stream, const io_address *peer)
{
    serve_http *server = self;
    serve_connection *v;

    if (server->visitor_count == VISITORS_MAX) {
        io_stream_close(stream);
        return;
    }
    server->visitor_count++;
    v = base_allocate(sizeof *v);
    v->server = server;
    v->next = server->visitors;
    v->at = &server->visitors;
    if (v->next != NULL)
        v->next->at = &v->next;
    server->visitors = v;
    base_buffer_init(&v->received, REQUEST_MAX);
    v->timer = io_timer_new(server->loop, on_patience_over, v);
    io_timer_start(v->timer, PATIENCE);
    stream->sink = (io_sink){.ready = on_ready, .data = on_first_data, .end = on_end, .self = v};
    v->stream = stream;
    (void)peer;
}

serve_http *serve_http_new(io_loop *loop, const serve_vhost *hosts, size_t count)
{
    serve_http *server = base_allocate(sizeof *server);
    io_address address;
    base_error error;

    *server = (serve_http){.loop = loop, .hosts = hosts, .count = count};
    io_address_parse("127.0.0.1", 0, &address);
    server->listener = io_listener_tcp(loop, &address, false, on_accepted, server, &error);
    if (server->listener != NULL)
        return server;
    free(server);
    return NULL;
}

int serve_http_port(const serve_http *server)
{
    return io_listener_port(server->listener);
}

void serve_http_free(serve_http *server)
{
    if (server == NULL)
        return;
    while (server->visitors != NULL)
        /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): each takes itself out of the list, through `at` */
        serve_connection_close(server->visitors);
    io_listener_free(server->listener);
    free(server);
}
