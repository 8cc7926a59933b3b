#include "net/server.h"

#include "net/tcp.h"
#include "net/tls.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

#define PATIENCE 30000 /* milliseconds until a connection must have asked */

typedef struct visitor visitor;
struct visitor {
    visitor *next, **at; /* in the list of its server */
    net_server *server;
    net_stream *stream;
    net_timer *timer;
    unsigned matched; /* octets of the CR LF CR LF that ends a request's head */
};

struct net_server {
    net_loop *loop;
    net_listener *listener;
    const net_tls_identity *identity;
    const char *response;
    visitor *visitors;
};

static void visitor_free(visitor *v)
{
    *v->at = v->next;
    if (v->next != NULL)
        v->next->at = v->at;
    net_timer_free(v->timer);
    free(v);
}

static void on_end(void *self, const net_failure *failure)
{
    visitor *v = self;

    (void)failure;
    net_stream_close(v->stream);
    visitor_free(v);
}

static void on_patience_over(void *self)
{
    on_end(self, NULL);
}

static void on_data(void *self, const char *bytes, size_t length)
{
    static const char end[] = "\r\n\r\n";
    visitor *v = self;

    for (size_t i = 0; i < length && v->matched < 4; i++)
        v->matched = bytes[i] == end[v->matched] ? v->matched + 1 : bytes[i] == '\r';
    if (v->matched < 4)
        return;
    net_stream_write(v->stream, v->server->response, strlen(v->server->response));
    net_stream_finish(v->stream);
    visitor_free(v);
}

static void on_ready(void *self)
{
    (void)self; /* the visitor speaks first */
}

static void on_accepted(void *self, net_stream *stream)
{
    net_server *server = self;
    visitor *v = base_allocate(sizeof *v);
    net_sink sink = {on_ready, on_data, on_end, v};

    v->server = server;
    v->next = server->visitors;
    v->at = &server->visitors;
    if (v->next != NULL)
        v->next->at = &v->next;
    server->visitors = v;
    v->timer = net_timer_new(server->loop, on_patience_over, v);
    net_timer_start(v->timer, PATIENCE);
    stream->sink = sink;
    v->stream = server->identity != NULL ? net_tls_server(stream, server->identity, sink) : stream;
}

net_server *net_server_new(net_loop *loop, const net_tls_identity *identity, const char *response)
{
    net_server *server = base_allocate(sizeof *server);

    *server = (net_server){.loop = loop, .identity = identity, .response = response};
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
        on_end(server->visitors, NULL);
    net_listener_free(server->listener);
    free(server);
}
