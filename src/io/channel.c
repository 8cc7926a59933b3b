#include "io/channel.h"

#include "io/uv.h"

#include "base/memory.h"

#include <stdbool.h>
#include <stdlib.h>

typedef struct io_channel_end {
    io_stream stream;
    uv_pipe_t handle;
    bool closed; /* nothing more is told */
} channel;

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

static void channel_close(io_stream *stream)
{
    channel *c = (channel *)stream;

    c->closed = true;
    if (!uv_is_closing((uv_handle_t *)&c->handle))
        uv_close((uv_handle_t *)&c->handle, on_closed);
}

static void on_read(uv_stream_t *handle, ssize_t count, const uv_buf_t *buffer)
{
    channel *c = handle->data;
    facts_failure failure;

    if (c->closed || count == 0)
        return;
    if (count > 0) {
        c->stream.sink.data(c->stream.sink.self, buffer->base, (size_t)count);
        return;
    }
    failure = facts_failure_make(FACTS_PHASE_CONNECT, io_code_of_uv((int)count), uv_strerror((int)count));
    uv_read_stop(handle);
    c->stream.sink.end(c->stream.sink.self, count == UV_EOF ? NULL : &failure);
}

static void channel_write(io_stream *stream, const char *bytes, size_t length)
{
    io_uv_write((uv_stream_t *)&((channel *)stream)->handle, bytes, length);
}

static const io_stream_ops channel_ops = {"channel", channel_write, channel_close, channel_close};

io_stream *io_channel(io_loop *loop, int fd, io_sink sink)
{
    channel *c = base_allocate(sizeof *c);

    c->stream.ops = &channel_ops;
    c->stream.sink = sink;
    uv_pipe_init(&loop->uv, &c->handle, 0);
    c->handle.data = c;
    if (uv_pipe_open(&c->handle, fd) == 0 && uv_read_start((uv_stream_t *)&c->handle, io_uv_lend_buffer, on_read) == 0)
        return &c->stream;
    channel_close(&c->stream);
    return NULL;
}
