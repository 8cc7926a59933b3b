#include "io/tcp.h"

#include "io/uv.h"

#include "base/memory.h"

#include <stdlib.h>
#include <sys/socket.h>

typedef struct io_tcp {
    io_stream stream;
    uv_tcp_t handle;
    uv_connect_t connect;
    uv_shutdown_t shutdown;
    bool closed; /* nothing more is told */
} io_tcp;

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

static void tell_end(io_tcp *tcp, int error)
{
    facts_failure failure = facts_failure_make(FACTS_PHASE_CONNECT, io_code_of_uv(error), uv_strerror(error));

    uv_read_stop((uv_stream_t *)&tcp->handle);
    if (!tcp->closed)
        tcp->stream.sink.end(tcp->stream.sink.self, error == UV_EOF ? NULL : &failure);
}

/* libuv calls it an end of file when a reset comes together with the last octets; the system still knows better. */
static int true_end(io_tcp *tcp)
{
    int error = 0;
    socklen_t length = sizeof error;
    uv_os_fd_t fd;

    if (uv_fileno((uv_handle_t *)&tcp->handle, &fd) == 0 &&
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0 && error != 0)
        return uv_translate_sys_error(error);
    return UV_EOF;
}

static void on_read(uv_stream_t *handle, ssize_t count, const uv_buf_t *buffer)
{
    io_tcp *tcp = handle->data;

    if (count < 0)
        tell_end(tcp, count == UV_EOF ? true_end(tcp) : (int)count);
    else if (count > 0 && !tcp->closed)
        tcp->stream.sink.data(tcp->stream.sink.self, buffer->base, (size_t)count);
}

static void on_connected(uv_connect_t *request, int error)
{
    io_tcp *tcp = request->handle->data;

    if (tcp->closed)
        return;
    if (error != 0) {
        tell_end(tcp, error);
        return;
    }
    uv_tcp_nodelay(&tcp->handle, 1);
    uv_read_start((uv_stream_t *)&tcp->handle, io_uv_lend_buffer, on_read);
    tcp->stream.sink.ready(tcp->stream.sink.self);
}

static void tcp_write(io_stream *stream, const char *bytes, size_t length)
{
    io_uv_write((uv_stream_t *)&((io_tcp *)stream)->handle, bytes, length);
}

static void tcp_close(io_stream *stream)
{
    io_tcp *tcp = (io_tcp *)stream;

    tcp->closed = true;
    if (uv_is_closing((uv_handle_t *)&tcp->handle))
        return;
    /* A reset ends it at both ends at once; a closing handshake would leave its state behind here for a minute (RFC 9293 3.6). */
    if (uv_tcp_close_reset(&tcp->handle, on_closed) != 0)
        uv_close((uv_handle_t *)&tcp->handle, on_closed);
}

static void on_shut_down(uv_shutdown_t *request, int error)
{
    (void)error;
    tcp_close(request->handle->data);
}

static void tcp_finish(io_stream *stream)
{
    io_tcp *tcp = (io_tcp *)stream;

    tcp->closed = true;
    if (uv_shutdown(&tcp->shutdown, (uv_stream_t *)&tcp->handle, on_shut_down) != 0)
        tcp_close(stream);
}

static const io_stream_ops tcp_ops = {"tcp", tcp_write, tcp_finish, tcp_close};

static io_tcp *tcp_new(io_loop *loop, io_sink sink)
{
    io_tcp *tcp = base_allocate(sizeof *tcp);

    tcp->stream.ops = &tcp_ops;
    tcp->stream.sink = sink;
    uv_tcp_init(&loop->uv, &tcp->handle);
    tcp->handle.data = tcp;
    return tcp;
}

io_stream *io_tcp_connect(io_loop *loop, const io_address *address, io_sink sink, facts_failure *failure)
{
    io_tcp *tcp = tcp_new(loop, sink);
    int error = uv_tcp_connect(&tcp->connect, &tcp->handle, (const struct sockaddr *)&address->socket, on_connected);

    if (error == 0)
        return &tcp->stream;
    *failure = facts_failure_make(FACTS_PHASE_CONNECT, io_code_of_uv(error), uv_strerror(error));
    tcp_close(&tcp->stream);
    return NULL;
}

/* -- Listening ---------------------------------------------------------------------------------------------------------------- */

/* A free port of 127.0.0.1 for the handle; 0 if there is none. */
static int bind_somewhere(uv_tcp_t *handle)
{
    io_address address;
    int length = sizeof address.socket;

    io_address_parse("127.0.0.1", 0, &address);
    if (uv_tcp_bind(handle, (struct sockaddr *)&address.socket, 0) != 0 ||
        uv_tcp_getsockname(handle, (struct sockaddr *)&address.socket, &length) != 0)
        return 0;
    return io_address_port(&address);
}

struct io_listener {
    uv_tcp_t handle;
    io_loop *loop;
    void (*accepted)(void *self, io_stream *stream);
    void *self;
    int port;
};

static void on_connection(uv_stream_t *handle, int error)
{
    io_listener *listener = handle->data;
    io_tcp *tcp;

    if (error != 0)
        return;
    tcp = tcp_new(listener->loop, (io_sink){0});
    if (uv_accept(handle, (uv_stream_t *)&tcp->handle) != 0) {
        tcp_close(&tcp->stream);
        return;
    }
    listener->accepted(listener->self, &tcp->stream);
    if (!tcp->closed)
        uv_read_start((uv_stream_t *)&tcp->handle, io_uv_lend_buffer, on_read);
}

io_listener *io_listener_new(io_loop *loop, void (*accepted)(void *self, io_stream *stream), void *self)
{
    io_listener *listener = base_allocate(sizeof *listener);

    *listener = (io_listener){.loop = loop, .accepted = accepted, .self = self};
    uv_tcp_init(&loop->uv, &listener->handle);
    listener->handle.data = listener;
    listener->port = bind_somewhere(&listener->handle);
    if (listener->port != 0 && uv_listen((uv_stream_t *)&listener->handle, 128, on_connection) == 0)
        return listener;
    io_listener_free(listener);
    return NULL;
}

int io_listener_port(const io_listener *listener)
{
    return listener->port;
}

void io_listener_free(io_listener *listener)
{
    if (listener != NULL)
        uv_close((uv_handle_t *)&listener->handle, on_closed);
}

struct io_port {
    uv_tcp_t handle;
    int number;
};

io_port *io_port_new(io_loop *loop)
{
    io_port *port = base_allocate(sizeof *port);

    uv_tcp_init(&loop->uv, &port->handle);
    port->handle.data = port;
    port->number = bind_somewhere(&port->handle);
    if (port->number != 0)
        return port;
    io_port_free(port);
    return NULL;
}

int io_port_number(const io_port *port)
{
    return port->number;
}

void io_port_free(io_port *port)
{
    if (port != NULL)
        uv_close((uv_handle_t *)&port->handle, on_closed);
}
