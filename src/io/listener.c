#define _DEFAULT_SOURCE /* SO_REUSEPORT, which Linux has beyond POSIX */

#include "io/listener.h"

#include "io/socket.h"

#include "base/memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 1024 /* connections that the system keeps until they are accepted */

struct io_listener {
    union {
        uv_handle_t any;
        uv_stream_t stream;
        uv_tcp_t tcp;
        uv_pipe_t pipe;
    } handle;
    io_loop *loop;
    io_accepted *accepted;
    void *self;
    bool is_tcp;
    int port;
};

/* -- Connections --------------------------------------------------------------------------------------------------- */

static bool find_peer(const io_socket *s, io_address *peer)
{
    int length = sizeof peer->socket;

    memset(peer, 0, sizeof *peer);
    return s->is_tcp && uv_tcp_getpeername(&s->handle.tcp, (struct sockaddr *)&peer->socket, &length) == 0;
}

static void on_connection(uv_stream_t *handle, int error)
{
    io_listener *listener = handle->data;
    io_address peer;
    io_socket *s;

    if (error != 0)
        return;
    s = io_socket_new(listener->loop, listener->is_tcp, (io_sink){0});
    if (uv_accept(handle, &s->handle.stream) != 0) {
        io_stream_close(&s->stream);
        return;
    }
    listener->accepted(listener->self, &s->stream, find_peer(s, &peer) ? &peer : NULL);
    if (!s->closed)
        io_socket_open(s);
}

/* -- Listeners ----------------------------------------------------------------------------------------------------- */

static io_listener *listener_new(io_loop *loop, bool is_tcp, io_accepted *accepted, void *self)
{
    io_listener *listener = base_allocate(sizeof *listener);

    *listener = (io_listener){.loop = loop, .is_tcp = is_tcp, .accepted = accepted, .self = self};
    return listener;
}

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

void io_listener_free(io_listener *listener)
{
    if (listener != NULL)
        uv_close(&listener->handle.any, on_closed);
}

static io_listener *listen_on(io_listener *listener, int error, const char *where, base_error *reason)
{
    if (error == 0)
        error = uv_listen(&listener->handle.stream, BACKLOG, on_connection);
    if (error == 0)
        return listener;
    base_error_set(reason, "cannot listen on %s: %s", where, uv_strerror(error));
    io_listener_free(listener);
    return NULL;
}

/* A port of 0 becomes the one that the system chose. An error of libuv's, or 0. */
static int bind_tcp(uv_tcp_t *handle, const io_address *address, bool shared, int *port)
{
    bool six = address->socket.ss_family == AF_INET6;
    io_address bound;
    int length = sizeof bound.socket, on = 1, error;
    uv_os_fd_t fd;

    if (shared &&
        (uv_fileno((uv_handle_t *)handle, &fd) != 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0))
        return UV_ENOTSUP;
    error = uv_tcp_bind(handle, (const struct sockaddr *)&address->socket, six ? UV_TCP_IPV6ONLY : 0);
    if (error == 0)
        error = uv_tcp_getsockname(handle, (struct sockaddr *)&bound.socket, &length);
    if (error == 0)
        *port = io_address_port(&bound);
    return error;
}

io_listener *io_listener_tcp(io_loop *loop, const io_address *address, bool shared, io_accepted *accepted, void *self,
                             base_error *error)
{
    io_listener *listener = listener_new(loop, true, accepted, self);
    char host[IO_ADDRESS_TEXT], where[IO_ADDRESS_TEXT + 16];
    int failure = uv_tcp_init_ex(&loop->uv, &listener->handle.tcp, address->socket.ss_family);

    io_address_format(address, host);
    snprintf(where, sizeof where, "%s port %d", host, io_address_port(address));
    if (failure != 0) {
        base_error_set(error, "cannot listen on %s: %s", where, uv_strerror(failure));
        free(listener);
        return NULL;
    }
    listener->handle.any.data = listener;
    failure = bind_tcp(&listener->handle.tcp, address, shared, &listener->port);
    return listen_on(listener, failure, where, error);
}

/* What a process that is gone left behind: a socket on which nobody listens. */
static bool is_stale(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct stat status;
    bool stale;
    int fd;

    if (lstat(path, &status) != 0 || !S_ISSOCK(status.st_mode))
        return false;
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    memcpy(address.sun_path, path, strlen(path) + 1);
    stale = fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) != 0 && errno == ECONNREFUSED;
    if (fd >= 0)
        close(fd);
    return stale;
}

static int bind_local(uv_pipe_t *handle, const char *path)
{
    int error;

    if (strlen(path) >= sizeof((struct sockaddr_un *)0)->sun_path)
        return UV_ENAMETOOLONG;
    error = uv_pipe_bind(handle, path);
    if (error == UV_EADDRINUSE && is_stale(path) && unlink(path) == 0)
        error = uv_pipe_bind(handle, path);
    return error;
}

io_listener *io_listener_local(io_loop *loop, const char *path, io_accepted *accepted, void *self, base_error *error)
{
    io_listener *listener = listener_new(loop, false, accepted, self);

    uv_pipe_init(&loop->uv, &listener->handle.pipe, 0);
    listener->handle.any.data = listener;
    return listen_on(listener, bind_local(&listener->handle.pipe, path), path, error);
}

int io_listener_port(const io_listener *listener)
{
    return listener->port;
}

/* -- A port that refuses ------------------------------------------------------------------------------------------- */

struct io_port {
    uv_tcp_t handle;
    int number;
};

io_port *io_port_new(io_loop *loop)
{
    io_port *port = base_allocate(sizeof *port);
    io_address address;

    io_address_parse("127.0.0.1", 0, &address);
    uv_tcp_init_ex(&loop->uv, &port->handle, AF_INET);
    port->handle.data = port;
    if (bind_tcp(&port->handle, &address, false, &port->number) == 0)
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
