#include "serve/dns.h"

#include "io/address.h"
#include "io/listener.h"
#include "io/uv.h"
#include "serve/visitors.h"

#include "base/buffer.h"
#include "base/memory.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#define VISITORS_MAX 64 /* TCP connections at once; more are closed as they come */
#define PATIENCE 10000  /* milliseconds until a connection must have asked */
#define ATTEMPTS 16     /* TCP ports tried, until one is free for UDP too */
#define RECEIVED_MAX (2 * (LENGTH + SERVE_ZONE_REPLY_MAX))
#define LENGTH 2 /* octets in front of a message over TCP (RFC 1035 4.2.2) */

typedef struct visitor {
    serve_visitor base;
    serve_dns *server;
    base_buffer received;
} visitor;

struct serve_dns {
    io_loop *loop;
    const serve_zone *zone;
    io_listener *listener;
    uv_udp_t *udp;
    serve_visitors visitors;
    size_t asked, port_count;
    bool ports[65536]; /* those that datagrams came from */
    bool loses_case;
    unsigned char reply[LENGTH + SERVE_ZONE_REPLY_MAX];
};

/* -- UDP ----------------------------------------------------------------------------------------------------------- */

static void lend_buffer(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
    io_loop *loop = (io_loop *)handle->loop;

    (void)suggested;
    *buffer = uv_buf_init(loop->read_buffer, sizeof loop->read_buffer);
}

static void count_port(serve_dns *server, const struct sockaddr *from)
{
    unsigned port = ntohs(((const struct sockaddr_in *)from)->sin_port);

    server->port_count += !server->ports[port];
    server->ports[port] = true;
}

/* Of the question alone, which stands behind the header. */
static void lower(unsigned char *query, size_t length)
{
    for (size_t i = 12; i < length && query[i] != 0; i++)
        if (query[i] >= 'A' && query[i] <= 'Z')
            query[i] |= 0x20;
}

static void on_datagram(uv_udp_t *handle, ssize_t count, const uv_buf_t *buffer, const struct sockaddr *from,
                        unsigned flags)
{
    serve_dns *server = handle->data;
    size_t length;
    uv_buf_t reply;

    (void)flags;
    if (count <= 0 || from == NULL)
        return;
    server->asked++;
    count_port(server, from);
    if (server->loses_case)
        lower((unsigned char *)buffer->base, (size_t)count);
    length = serve_zone_reply(server->zone, (const unsigned char *)buffer->base, (size_t)count, true, server->reply);
    reply = uv_buf_init((char *)server->reply, (unsigned)length);
    /* One that the system does not take at once is lost, as datagrams may be. */
    if (length > 0)
        uv_udp_try_send(handle, &reply, 1, from);
}

static void on_udp_closed(uv_handle_t *handle)
{
    free(handle);
}

/* The same port as TCP's; false if it is taken. */
static bool bind_udp(serve_dns *server)
{
    io_address address;

    io_address_parse("127.0.0.1", io_listener_port(server->listener), &address);
    server->udp = base_allocate(sizeof *server->udp);
    uv_udp_init(&server->loop->uv, server->udp);
    server->udp->data = server;
    if (uv_udp_bind(server->udp, (const struct sockaddr *)&address.socket, 0) == 0 &&
        uv_udp_recv_start(server->udp, lend_buffer, on_datagram) == 0)
        return true;
    uv_close((uv_handle_t *)server->udp, on_udp_closed);
    server->udp = NULL;
    return false;
}

/* -- TCP ----------------------------------------------------------------------------------------------------------- */

static void on_end(void *self, const facts_failure *failure)
{
    visitor *v = self;

    (void)failure;
    io_stream_close(v->base.stream);
    serve_visitors_forget(&v->base);
    base_buffer_done(&v->received);
    free(v);
}

static void on_patience_over(void *self)
{
    on_end(self, NULL);
}

/* The length of the message that stands whole at the beginning of what came; 0: not yet. */
static size_t whole_message(const base_buffer *received)
{
    size_t length;

    if (received->length < LENGTH)
        return 0;
    length = dns_u16((const unsigned char *)received->data);
    return received->length - LENGTH < length ? 0 : length;
}

static void consume(base_buffer *received, size_t length)
{
    received->length -= length;
    memmove(received->data, received->data + length, received->length);
}

static void answer(visitor *v, size_t query)
{
    serve_dns *server = v->server;
    size_t reply = serve_zone_reply(server->zone, (const unsigned char *)v->received.data + LENGTH, query, false,
                                    server->reply + LENGTH);

    server->asked++;
    server->reply[0] = (unsigned char)(reply >> 8);
    server->reply[1] = (unsigned char)reply;
    if (reply > 0)
        io_stream_write(v->base.stream, (const char *)server->reply, LENGTH + reply);
}

/* RFC 7766 6.2.1.1: queries may follow each other on a connection without waiting. */
static void on_data(void *self, const char *bytes, size_t length)
{
    visitor *v = self;
    size_t query;

    base_buffer_append(&v->received, bytes, length);
    if (v->received.failed) {
        on_end(v, NULL);
        return;
    }
    while ((query = whole_message(&v->received)) > 0) {
        answer(v, query);
        consume(&v->received, LENGTH + query);
    }
}

static void on_ready(void *self)
{
    (void)self; /* the visitor speaks first */
}

static void on_accepted(void *self, io_stream *stream, const io_address *peer)
{
    serve_dns *server = self;
    visitor *v = base_allocate(sizeof *v);

    (void)peer;
    if (!serve_visitors_let_in(&server->visitors, &v->base, stream, on_patience_over)) {
        free(v);
        return;
    }
    v->server = server;
    base_buffer_init(&v->received, RECEIVED_MAX);
    io_timer_start(v->base.timer, PATIENCE);
    stream->sink = (io_sink){.ready = on_ready, .data = on_data, .end = on_end, .self = v};
}

/* -- Both ---------------------------------------------------------------------------------------------------------- */

static bool listen_somewhere(serve_dns *server)
{
    io_address address;
    base_error error;

    io_address_parse("127.0.0.1", 0, &address);
    server->listener = io_listener_tcp(server->loop, &address, false, on_accepted, server, &error);
    if (server->listener == NULL)
        return false;
    if (bind_udp(server))
        return true;
    io_listener_free(server->listener);
    server->listener = NULL;
    return false;
}

serve_dns *serve_dns_new(io_loop *loop, const serve_zone *zone)
{
    serve_dns *server = base_allocate(sizeof *server);

    server->loop = loop;
    server->zone = zone;
    server->visitors.max = VISITORS_MAX;
    for (size_t i = 0; i < ATTEMPTS; i++)
        if (listen_somewhere(server))
            return server;
    free(server);
    return NULL;
}

int serve_dns_port(const serve_dns *server)
{
    return io_listener_port(server->listener);
}

size_t serve_dns_asked(const serve_dns *server)
{
    return server->asked;
}

size_t serve_dns_ports(const serve_dns *server)
{
    return server->port_count;
}

void serve_dns_lose_case(serve_dns *server)
{
    server->loses_case = true;
}

void serve_dns_free(serve_dns *server)
{
    if (server == NULL)
        return;
    while (server->visitors.first != NULL)
        /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): each takes itself out of the list, through `at` */
        on_end(server->visitors.first, NULL);
    uv_close((uv_handle_t *)server->udp, on_udp_closed);
    io_listener_free(server->listener);
    free(server);
}
