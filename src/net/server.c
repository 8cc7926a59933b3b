#include "net/server_state.h"

#include "net/tcp.h"
#include "net/tls.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PATIENCE 30000     /* milliseconds until a connection must have asked */
#define REQUEST_MAX 65536  /* octets of a request's head */
#define VISITORS_MAX 256   /* connections at once; more are closed as they come */
#define TLS_HANDSHAKE 0x16 /* the first octet of every TLS connection (RFC 8446 5.1) */

struct net_server {
    net_loop *loop;
    net_listener *listener;
    const net_vhost *hosts;
    size_t count;
    net_visitor *visitors;
    size_t visitor_count;
};

static void visitor_free(net_visitor *v)
{
    v->server->visitor_count--;
    *v->at = v->next;
    if (v->next != NULL)
        v->next->at = v->at;
    net_timer_free(v->timer);
    base_buffer_done(&v->received);
    net_server_http2_end(v);
    free(v);
}

void net_visitor_close(net_visitor *v)
{
    net_stream_close(v->stream);
    visitor_free(v);
}

void net_visitor_finish(net_visitor *v)
{
    net_stream_finish(v->stream);
    visitor_free(v);
}

static void on_end(void *self, const net_failure *failure)
{
    (void)failure;
    net_visitor_close(self);
}

static void on_patience_over(void *self)
{
    net_visitor_close(self);
}

/* -- The host that is meant --------------------------------------------------------------------------------------------------- */

const net_vhost *net_server_host(const net_server *server, const char *name, size_t length)
{
    for (size_t i = 0; i < server->count; i++)
        if (strncasecmp(server->hosts[i].name, name, length) == 0 && server->hosts[i].name[length] == '\0')
            return &server->hosts[i];
    return &server->hosts[0];
}

static const net_tls_identity *choose_identity(void *self, const char *name)
{
    const net_server *server = self;

    return net_server_host(server, name != NULL ? name : "", name != NULL ? strlen(name) : 0)->identity;
}

const char *net_vhost_answer(const net_vhost *host, const net_visitor *v, const char *method, const char *target)
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
    net_visitor *v = self;

    if (v->http2 != NULL)
        net_server_http2_data(v, bytes, length);
    else
        net_server_http1_data(v, bytes, length);
}

static void on_tls_ready(void *self)
{
    net_visitor *v = self;

    if (net_tls_agreed(v->stream) == NET_AGREED_HTTP2)
        net_server_http2_begin(v);
}

static void on_ready(void *self)
{
    (void)self; /* the visitor speaks first */
}

/* The first octet tells what the visitor speaks. */
static void on_first_data(void *self, const char *bytes, size_t length)
{
    net_visitor *v = self;
    net_stream *lower = v->stream;
    net_sink sink = {on_tls_ready, on_request_data, on_end, v};

    v->secure = bytes[0] == TLS_HANDSHAKE;
    if (v->secure)
        v->stream = net_tls_server(lower, choose_identity, v->server, sink);
    else
        lower->sink = sink;
    lower->sink.data(lower->sink.self, bytes, length);
}

static void on_accepted(void *self, net_stream *stream)
{
    net_server *server = self;
    net_visitor *v;

    if (server->visitor_count == VISITORS_MAX) {
        net_stream_close(stream);
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
    v->timer = net_timer_new(server->loop, on_patience_over, v);
    net_timer_start(v->timer, PATIENCE);
    stream->sink = (net_sink){on_ready, on_first_data, on_end, v};
    v->stream = stream;
}

net_server *net_server_new(net_loop *loop, const net_vhost *hosts, size_t count)
{
    net_server *server = base_allocate(sizeof *server);

    *server = (net_server){.loop = loop, .hosts = hosts, .count = count};
    server->listener = net_listener_new(loop, on_accepted, server);
    if (server->listener != NULL)
        return server;
    free(server);
    return NULL;
}

int net_server_port(const net_server *server)
{
    return net_listener_port(server->listener);
}

void net_server_free(net_server *server)
{
    if (server == NULL)
        return;
    while (server->visitors != NULL)
        /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): each takes itself out of the list, through `at` */
        net_visitor_close(server->visitors);
    net_listener_free(server->listener);
    free(server);
}
