#include "io/channel.h"

#include "io/socket.h"

io_stream *io_channel(io_loop *loop, int fd, io_sink sink)
{
    io_socket *s = io_socket_new(loop, false, sink);

    if (uv_pipe_open(&s->handle.pipe, fd) == 0) {
        io_socket_open(s);
        return &s->stream;
    }
    io_stream_close(&s->stream);
    return NULL;
}
