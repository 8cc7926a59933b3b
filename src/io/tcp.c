#include "io/tcp.h"

#include "io/socket.h"

static void on_connected(uv_connect_t *request, int error)
{
    io_socket *s = request->handle->data;

    if (s->closed)
        return;
    if (error != 0) {
        io_socket_fail(s, error);
        return;
    }
    io_socket_open(s);
    s->stream.sink.ready(s->stream.sink.self);
}

io_stream *io_tcp_connect(io_loop *loop, const io_address *address, io_sink sink, facts_failure *failure)
{
    io_socket *s = io_socket_new(loop, true, sink);
    int error = uv_tcp_connect(&s->connect, &s->handle.tcp, (const struct sockaddr *)&address->socket, on_connected);

    if (error == 0)
        return &s->stream;
    *failure = facts_failure_make(FACTS_PHASE_CONNECT, io_code_of_uv(error), uv_strerror(error));
    io_stream_close(&s->stream);
    return NULL;
}
