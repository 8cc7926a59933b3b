#include "net/channel.h"

#include "net/uv.h"

#include "base/memory.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

typedef struct net_channel_end {
    net_stream stream;
    uv_pipe_t handle;
    bool closed; /* nothing more is told */
} channel;

/* What the kernel did not take at once. */
typedef struct pending {
    uv_write_t request;
    char bytes[];
} pending;

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

static void channel_close(net_stream *stream)
{
    channel *c = (channel *)stream;

    c->closed = true;
    if (!uv_is_closing((uv_handle_t *)&c->handle))
        uv_close((uv_handle_t *)&c->handle, on_closed);
}

static void lend_buffer(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
    net_loop *loop = (net_loop *)handle->loop;

    (void)suggested;
    *buffer = uv_buf_init(loop->read_buffer, sizeof loop->read_buffer);
}

static void on_read(uv_stream_t *handle, ssize_t count, const uv_buf_t *buffer)
{
    channel *c = handle->data;
    net_failure failure;

    if (c->closed || count == 0)
        return;
    if (count > 0) {
        c->stream.sink.data(c->stream.sink.self, buffer->base, (size_t)count);
        return;
    }
    failure = net_failure_make(NET_PHASE_CONNECT, net_code_of_uv((int)count), uv_strerror((int)count));
    uv_read_stop(handle);
    c->stream.sink.end(c->stream.sink.self, count == UV_EOF ? NULL : &failure);
}

static void on_written(uv_write_t *request, int error)
{
    (void)error;
    free(request->data);
}

static void channel_write(net_stream *stream, const char *bytes, size_t length)
{
    channel *c = (channel *)stream;
    uv_buf_t whole = uv_buf_init((char *)bytes, (unsigned)length);
    int taken = uv_try_write((uv_stream_t *)&c->handle, &whole, 1);
    size_t rest = length - (taken > 0 ? (size_t)taken : 0);
    pending *write;
    uv_buf_t buffer;

    if (rest == 0 || (taken < 0 && taken != UV_EAGAIN))
        return;
    write = base_allocate(sizeof *write + rest);
    memcpy(write->bytes, bytes + length - rest, rest);
    write->request.data = write;
    buffer = uv_buf_init(write->bytes, (unsigned)rest);
    if (uv_write(&write->request, (uv_stream_t *)&c->handle, &buffer, 1, on_written) != 0)
        free(write);
}

static const net_stream_ops channel_ops = {"channel", channel_write, channel_close, channel_close};

net_stream *net_channel(net_loop *loop, int fd, net_sink sink)
{
    channel *c = base_allocate(sizeof *c);

    c->stream.ops = &channel_ops;
    c->stream.sink = sink;
    uv_pipe_init(&loop->uv, &c->handle, 0);
    c->handle.data = c;
    if (uv_pipe_open(&c->handle, fd) == 0 && uv_read_start((uv_stream_t *)&c->handle, lend_buffer, on_read) == 0)
        return &c->stream;
    channel_close(&c->stream);
    return NULL;
}
