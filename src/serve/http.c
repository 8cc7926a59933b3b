#include "serve/http_state.h"

#include "http/list.h"
#include "io/listener.h"

#include "base/memory.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#define CONNECTIONS_MAX 1024
#define ADDRESS_MAX 128
#define HEAD_MS 10000
#define IDLE_MS 60000
#define TLS_HANDSHAKE 0x16 /* the first octet of every TLS connection (RFC 8446 5.1) */

typedef struct serve_listener {
    struct serve_listener *next;
    serve_http *server;
    io_listener *listener;
    serve_security security;
} serve_listener;

/* -- The end of a connection --------------------------------------------------------------------------------------- */

static void free_if_idle(serve_connection *c)
{
    if (!c->over || c->busy > 0)
        return;
    if (c->protocol != NULL && c->state != NULL)
        c->protocol->free(c);
    free(c);
}

void serve_connection_exit(serve_connection *c)
{
    c->busy--;
    free_if_idle(c);
}

static void tell_stopped(serve_http *server)
{
    if (server->stopping && server->visitors.count == 0)
        io_timer_start(server->timer, 0);
}

io_stream *serve_connection_release(serve_connection *c)
{
    serve_http *server = c->server;
    io_stream *stream = c->visitor.stream;

    c->over = true;
    c->busy++;
    if (c->protocol != NULL && c->state != NULL)
        c->protocol->gone(c);
    serve_visitors_forget(&c->visitor);
    tell_stopped(server);
    serve_connection_exit(c);
    return stream;
}

void serve_connection_close(serve_connection *c)
{
    io_stream_close(serve_connection_release(c));
}

void serve_connection_leave(serve_connection *c)
{
    io_stream_leave(serve_connection_release(c));
}

/* -- What a connection reports ------------------------------------------------------------------------------------- */

static void on_data(void *self, const char *bytes, size_t length)
{
    serve_connection *c = self;

    c->busy++;
    c->protocol->data(c, bytes, length);
    serve_connection_exit(c);
}

static void on_end(void *self, const facts_failure *failure)
{
    serve_connection *c = self;

    c->busy++;
    if (failure != NULL || c->protocol == NULL)
        serve_connection_close(c);
    else
        c->protocol->end(c);
    /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): `busy` keeps it while a call of ours is on the stack */
    serve_connection_exit(c);
}

static void on_drained(void *self)
{
    serve_connection *c = self;

    c->busy++;
    if (c->protocol != NULL)
        c->protocol->drained(c);
    serve_connection_exit(c);
}

static void on_time_over(void *self)
{
    serve_connection *c = self;

    c->busy++;
    if (c->protocol == NULL)
        serve_connection_close(c);
    else
        c->protocol->time_over(c);
    /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): `busy` keeps it while a call of ours is on the stack */
    serve_connection_exit(c);
}

/* -- What is spoken ------------------------------------------------------------------------------------------------ */

static void speak(serve_connection *c, const serve_protocol *protocol, void (*open)(serve_connection *c))
{
    c->protocol = protocol;
    open(c);
    if (c->server->stopping)
        protocol->stop(c);
}

static void on_tls_ready(void *self)
{
    serve_connection *c = self;

    c->busy++;
    if (tls_agreed(c->visitor.stream) == TLS_AGREED_HTTP2)
        speak(c, &serve_http2, serve_http2_open);
    else
        speak(c, &serve_http1, serve_http1_open);
    serve_connection_exit(c);
}

static void speak_tls(serve_connection *c)
{
    const serve_http_options *options = &c->server->options;
    io_sink sink = {.ready = on_tls_ready, .data = on_data, .end = on_end, .self = c, .drained = on_drained};

    c->client.secure = true;
    c->visitor.stream = tls_server(c->visitor.stream, options->choose, options->choose_self, sink);
}

static void speak_plainly(serve_connection *c)
{
    c->visitor.stream->sink = (io_sink){.data = on_data, .end = on_end, .self = c, .drained = on_drained};
    speak(c, &serve_http1, serve_http1_open);
}

/* The first octet tells what the client speaks. */
static void on_first_data(void *self, const char *bytes, size_t length)
{
    serve_connection *c = self;
    io_stream *lower = c->visitor.stream;

    if (bytes[0] == TLS_HANDSHAKE)
        speak_tls(c);
    else
        speak_plainly(c);
    lower->sink.data(lower->sink.self, bytes, length);
}

/* -- Clients come in ----------------------------------------------------------------------------------------------- */

static bool is_same_host(const io_address *a, const io_address *b)
{
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)&a->socket, *six_too = (const void *)&b->socket;
    const struct sockaddr_in *four = (const struct sockaddr_in *)&a->socket, *four_too = (const void *)&b->socket;

    if (a->socket.ss_family != b->socket.ss_family)
        return false;
    return a->socket.ss_family == AF_INET6 ? memcmp(&six->sin6_addr, &six_too->sin6_addr, sizeof six->sin6_addr) == 0
                                           : four->sin_addr.s_addr == four_too->sin_addr.s_addr;
}

static bool has_too_many(const serve_http *server, const io_address *peer)
{
    size_t count = 0;

    for (const serve_visitor *v = server->visitors.first; v != NULL && peer != NULL; v = v->next) {
        const serve_connection *c = (const serve_connection *)v;

        count += c->client.address != NULL && is_same_host(c->client.address, peer);
    }
    return count >= server->options.address_max;
}

/* The idle one that came first makes room for a new one. */
static void make_room(serve_http *server)
{
    serve_connection *oldest = NULL;

    if (server->visitors.count < server->visitors.max)
        return;
    for (serve_visitor *v = server->visitors.first; v != NULL; v = v->next) {
        serve_connection *c = (serve_connection *)v;

        if (c->protocol != NULL && c->protocol->is_idle(c))
            oldest = c;
    }
    if (oldest != NULL)
        serve_connection_leave(oldest);
}

static void begin(serve_connection *c, serve_security security)
{
    io_timer_start(c->visitor.timer, c->server->options.head_ms);
    if (security == SERVE_PLAIN)
        speak_plainly(c);
    else if (security == SERVE_TLS)
        speak_tls(c);
    else
        c->visitor.stream->sink = (io_sink){.data = on_first_data, .end = on_end, .self = c};
}

static void on_accepted(void *self, io_stream *stream, const io_address *peer)
{
    const serve_listener *l = self;
    serve_http *server = l->server;
    serve_connection *c;

    if (has_too_many(server, peer)) {
        io_stream_close(stream);
        return;
    }
    make_room(server);
    /* Those that were left hold their descriptors until all is sent: they count too, and the oldest go first. */
    io_streams_left_max(server->loop, server->visitors.max - server->visitors.count);
    c = base_allocate(sizeof *c);
    if (!serve_visitors_let_in(&server->visitors, &c->visitor, stream, on_time_over)) {
        free(c);
        return;
    }
    c->server = server;
    if (peer != NULL) {
        c->address = *peer;
        c->client.address = &c->address;
    }
    begin(c, l->security);
}

/* -- The server ---------------------------------------------------------------------------------------------------- */

static void on_server_timer(void *self)
{
    serve_http *server = self;

    void (*stopped)(void *self) = server->stopped;

    while (server->visitors.first != NULL)
        /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): each takes itself out of the list, through `at` */
        serve_connection_close((serve_connection *)server->visitors.first);
    server->stopped = NULL;
    if (stopped != NULL)
        stopped(server->stopped_self);
}

serve_http *serve_http_new(io_loop *loop, const serve_http_options *options)
{
    serve_http *server = base_allocate(sizeof *server);

    *server = (serve_http){.loop = loop, .options = *options};
    if (options->connections_max == 0)
        server->options.connections_max = CONNECTIONS_MAX;
    if (options->address_max == 0)
        server->options.address_max = ADDRESS_MAX;
    if (options->head_ms == 0)
        server->options.head_ms = HEAD_MS;
    if (options->idle_ms == 0)
        server->options.idle_ms = IDLE_MS;
    server->visitors.max = server->options.connections_max;
    server->timer = io_timer_new(loop, on_server_timer, server);
    return server;
}

static serve_listener *listener_new(serve_http *server, serve_security security)
{
    serve_listener *l = base_allocate(sizeof *l);

    l->server = server;
    l->security = security;
    return l;
}

static bool keep_listener(serve_listener *l)
{
    serve_listener **at = &l->server->listeners;

    if (l->listener == NULL) {
        free(l);
        return false;
    }
    while (*at != NULL)
        at = &(*at)->next;
    *at = l;
    return true;
}

bool serve_http_listen(serve_http *server, const io_address *address, bool shared, serve_security security,
                       base_error *error)
{
    serve_listener *l = listener_new(server, security);

    l->listener = io_listener_tcp(server->loop, address, shared, on_accepted, l, error);
    return keep_listener(l);
}

bool serve_http_listen_local(serve_http *server, const char *path, serve_security security, base_error *error)
{
    serve_listener *l = listener_new(server, security);

    l->listener = io_listener_local(server->loop, path, on_accepted, l, error);
    return keep_listener(l);
}

int serve_http_port(const serve_http *server)
{
    return server->listeners != NULL ? io_listener_port(server->listeners->listener) : 0;
}

size_t serve_http_connections(const serve_http *server)
{
    return server->visitors.count;
}

static void stop_listening(serve_http *server)
{
    while (server->listeners != NULL) {
        serve_listener *l = server->listeners;

        server->listeners = l->next;
        io_listener_free(l->listener);
        free(l);
    }
}

void serve_http_stop(serve_http *server, int64_t grace_ms, void (*stopped)(void *self), void *self)
{
    serve_visitor *next;

    stop_listening(server);
    server->stopping = true;
    server->stopped = stopped;
    server->stopped_self = self;
    io_timer_start(server->timer, grace_ms);
    for (serve_visitor *v = server->visitors.first; v != NULL; v = next) {
        serve_connection *c = (serve_connection *)v;

        next = v->next;
        if (c->protocol != NULL)
            c->protocol->stop(c);
    }
    tell_stopped(server);
}

void serve_http_free(serve_http *server)
{
    if (server == NULL)
        return;
    stop_listening(server);
    server->stopped = NULL;
    on_server_timer(server);
    io_timer_free(server->timer);
    free(server);
}

/* -- Exchanges ----------------------------------------------------------------------------------------------------- */

bool serve_exchange_hand_out(serve_exchange *x)
{
    const serve_handler *handler = &x->connection->server->options.handler;

    handler->request(handler->self, x, &x->request);
    return x->attached;
}

void serve_connection_refuse(serve_connection *c, int status, const char *why)
{
    const serve_handler *handler = &c->server->options.handler;

    if (handler->refused != NULL)
        handler->refused(handler->self, &c->client, status, why);
}

bool serve_field_is_ours(const hf_field *field)
{
    return http_field_is(field, "connection") || http_field_is(field, "content-length") ||
           http_field_is(field, "transfer-encoding");
}

bool serve_has_no_body(const serve_request *request, int status)
{
    return serve_request_is(request, "HEAD") || status < 200 || status == 204 || status == 304;
}

const serve_client *serve_client_of(const serve_exchange *exchange)
{
    return &exchange->connection->client;
}

void serve_attach(serve_exchange *exchange, const serve_events *events)
{
    exchange->events = *events;
    exchange->attached = true;
    exchange->connection->protocol->attach(exchange);
}

void serve_pause(serve_exchange *exchange)
{
    exchange->connection->protocol->hold(exchange, true);
}

void serve_resume(serve_exchange *exchange)
{
    exchange->connection->protocol->hold(exchange, false);
}

void serve_begin(serve_exchange *exchange, const serve_response *response)
{
    exchange->connection->protocol->begin(exchange, response, NULL, 0);
}

size_t serve_write(serve_exchange *exchange, const char *bytes, size_t length)
{
    return exchange->connection->protocol->write(exchange, bytes, length);
}

void serve_end(serve_exchange *exchange)
{
    exchange->connection->protocol->finish(exchange);
}

void serve_answer(serve_exchange *exchange, const serve_response *response, const char *body, size_t length)
{
    serve_response whole = *response;

    whole.length = (int64_t)length;
    exchange->connection->protocol->begin(exchange, &whole, body, length);
    exchange->connection->protocol->finish(exchange);
}

void serve_interim(serve_exchange *exchange, int status, const hf_field *fields, size_t count)
{
    exchange->connection->protocol->interim(exchange, status, fields, count);
}

void serve_break(serve_exchange *exchange)
{
    exchange->connection->protocol->abandon(exchange);
}

io_stream *serve_take(serve_exchange *exchange, const serve_response *response)
{
    return exchange->connection->protocol->take(exchange, response);
}
