#include "io/socket.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define LEAVE 30000 /* milliseconds that a socket which was left may take to send what waits */
#define LINGER 5000 /* and then the peer, to finish */

/* -- Closing ------------------------------------------------------------------------------------------------------- */

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

/* False: there is nothing left to close. */
static bool let_go(io_socket *s)
{
    if (s->closed && !s->left)
        return false;
    s->closed = true;
    if (s->left) {
        s->left = false;
        *s->at = s->next;
        if (s->next != NULL)
            s->next->at = s->at;
    }
    io_timer_free(s->timer);
    io_replay_done(&s->replay);
    return true;
}

static void socket_close(io_stream *stream)
{
    io_socket *s = (io_socket *)stream;

    if (!let_go(s))
        return;
    /* A reset ends it at both ends at once; a closing handshake would leave its state behind here for a minute (RFC
       9293 3.6). */
    if (!s->is_tcp || uv_tcp_close_reset(&s->handle.tcp, on_closed) != 0)
        uv_close(&s->handle.any, on_closed);
}

/* Both have finished: a reset now could overtake what was sent last. */
static void close_in_order(io_socket *s)
{
    if (let_go(s))
        uv_close(&s->handle.any, on_closed);
}

void io_socket_close_left(io_loop *loop)
{
    while (loop->left != NULL)
        /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): each takes itself out of the list, through `at` */
        socket_close(&loop->left->stream);
}

void io_streams_left_max(io_loop *loop, size_t count)
{
    io_socket *s = loop->left, *next;

    while (s != NULL && count > 0) {
        s = s->next;
        count--;
    }
    for (; s != NULL; s = next) {
        next = s->next;
        socket_close(&s->stream);
    }
}

/* -- Reading ------------------------------------------------------------------------------------------------------- */

static void on_read(uv_stream_t *handle, ssize_t count, const uv_buf_t *buffer);

static void update_reading(io_socket *s)
{
    bool wanted = s->open && !s->ended && (s->left || (!s->held && !s->replay.due && !s->closed));

    if (wanted == s->reading)
        return;
    s->reading = wanted;
    if (wanted)
        uv_read_start(&s->handle.stream, io_uv_lend_buffer, on_read);
    else
        uv_read_stop(&s->handle.stream);
}

void io_socket_fail(io_socket *s, int error)
{
    facts_failure failure = facts_failure_make(FACTS_PHASE_CONNECT, io_code_of_uv(error), uv_strerror(error));

    if (s->closed || s->failed)
        return;
    s->ended = s->failed = true;
    update_reading(s);
    s->stream.sink.end(s->stream.sink.self, &failure);
}

/* libuv calls it an end of file when a reset comes together with the last octets, or has failed a write; the system, or
   the write, still knows better. */
static int true_end(const io_socket *s)
{
    int error = 0;
    socklen_t length = sizeof error;
    uv_os_fd_t fd;

    if (s->write_error != 0)
        return s->write_error;
    if (uv_fileno(&s->handle.any, &fd) == 0 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0 && error != 0)
        return uv_translate_sys_error(error);
    return UV_EOF;
}

static void accept_end(io_socket *s)
{
    s->ended = true;
    update_reading(s);
    if (!s->left)
        s->stream.sink.end(s->stream.sink.self, NULL);
    else if (s->is_shut)
        close_in_order(s);
}

static void on_read(uv_stream_t *handle, ssize_t count, const uv_buf_t *buffer)
{
    io_socket *s = handle->data;
    int error = count == UV_EOF ? true_end(s) : (int)count;

    if (count > 0 && !s->closed)
        s->stream.sink.data(s->stream.sink.self, buffer->base, (size_t)count);
    else if (count < 0 && error == UV_EOF)
        accept_end(s);
    else if (count < 0 && s->left)
        socket_close(&s->stream);
    else if (count < 0)
        io_socket_fail(s, error);
}

/* -- What was given back ------------------------------------------------------------------------------------------- */

static void tell_again(io_socket *s)
{
    if (!s->failed)
        io_replay_report(&s->replay, &s->stream, s->ended, &s->held, &s->closed);
    if (!s->closed)
        update_reading(s);
}

static void on_timer(void *self)
{
    io_socket *s = self;

    if (s->left)
        socket_close(&s->stream);
    else
        tell_again(s);
    if (s->unsent && !s->closed)
        io_socket_fail(s, s->write_error);
}

static void start_timer(io_socket *s, int64_t milliseconds)
{
    if (s->timer == NULL)
        s->timer = io_timer_new(s->stream.loop, on_timer, s);
    io_timer_start(s->timer, milliseconds);
}

static void socket_hold(io_stream *stream, bool held)
{
    io_socket *s = (io_socket *)stream;

    s->held = held;
    if (!held && s->replay.due)
        start_timer(s, 0);
    update_reading(s);
}

static void socket_unread(io_stream *stream, const char *bytes, size_t length)
{
    io_socket *s = (io_socket *)stream;

    io_replay_put(&s->replay, bytes, length, s->ended);
    if (!s->held)
        start_timer(s, 0);
    update_reading(s);
}

/* -- Writing ------------------------------------------------------------------------------------------------------- */

/* What the kernel did not take at once. */
typedef struct pending {
    uv_write_t request;
    char bytes[];
} pending;

static void on_written(uv_write_t *request, int error)
{
    io_socket *s = request->handle->data;
    io_stream *stream = &s->stream;

    free(request);
    if (error != 0 && s->write_error == 0)
        s->write_error = error;
    if (s->closed && !s->left)
        return;
    /* While it is read from, reading shows the failure too, behind what the peer said before. */
    if (error != 0 && s->left)
        socket_close(stream);
    else if (error != 0 && !s->reading)
        io_socket_fail(s, error);
    else if (error == 0 && s->over && uv_stream_get_write_queue_size(&s->handle.stream) <= IO_QUEUE_LOW) {
        s->over = false;
        if (stream->sink.drained != NULL && !s->closed)
            stream->sink.drained(stream->sink.self);
    }
}

static void keep(io_socket *s, const char *bytes, size_t length)
{
    pending *write = base_allocate(sizeof *write + length);
    uv_buf_t buffer = uv_buf_init(write->bytes, (unsigned)length);
    int error;

    memcpy(write->bytes, bytes, length);
    error = uv_write(&write->request, &s->handle.stream, &buffer, 1, on_written);
    if (error == 0)
        return;
    free(write);
    s->write_error = s->write_error != 0 ? s->write_error : error;
    s->unsent = true;
    start_timer(s, 0);
}

/* Writes at once what the kernel takes, and keeps a copy of the rest until it takes that. An error too is left for
   uv_write to find; it is reported from the loop. */
static size_t socket_write(io_stream *stream, const char *bytes, size_t length)
{
    io_socket *s = (io_socket *)stream;
    uv_buf_t whole = uv_buf_init((char *)bytes, (unsigned)length);
    size_t queued;
    int taken;

    if (length > 0 && !s->finished && !s->failed) {
        taken = uv_try_write(&s->handle.stream, &whole, 1);
        if (taken < 0)
            taken = 0;
        if ((size_t)taken < length)
            keep(s, bytes + taken, length - (size_t)taken);
    }
    queued = uv_stream_get_write_queue_size(&s->handle.stream);
    s->over = s->over || queued > IO_QUEUE_HIGH;
    return queued;
}

static void on_shut(uv_shutdown_t *request, int error)
{
    io_socket *s = request->handle->data;

    s->is_shut = error == 0;
    if (!s->left)
        return;
    if (s->ended || error != 0)
        close_in_order(s);
    else
        io_timer_start(s->timer, LINGER);
}

static void socket_finish(io_stream *stream)
{
    io_socket *s = (io_socket *)stream;

    if (s->finished || s->failed)
        return;
    s->finished = uv_shutdown(&s->shutdown, &s->handle.stream, on_shut) == 0;
}

/* A socket that was left keeps no loop running once all is sent. */
static void socket_leave(io_stream *stream)
{
    io_socket *s = (io_socket *)stream;

    socket_finish(stream);
    if (!s->finished || s->failed || (s->ended && s->is_shut)) {
        socket_close(stream);
        return;
    }
    s->closed = s->left = true;
    s->next = stream->loop->left;
    s->at = &stream->loop->left;
    if (s->next != NULL)
        s->next->at = &s->next;
    stream->loop->left = s;
    start_timer(s, s->is_shut ? LINGER : LEAVE);
    io_timer_background(s->timer);
    uv_unref(&s->handle.any);
    update_reading(s);
}

static const io_stream_ops socket_ops = {"socket",     socket_write, socket_finish, socket_leave,
                                         socket_close, socket_hold,  socket_unread};

io_socket *io_socket_new(io_loop *loop, bool is_tcp, io_sink sink)
{
    io_socket *s = base_allocate(sizeof *s);

    s->stream = (io_stream){&socket_ops, loop, sink};
    s->is_tcp = is_tcp;
    io_replay_init(&s->replay);
    if (is_tcp)
        uv_tcp_init(&loop->uv, &s->handle.tcp);
    else
        uv_pipe_init(&loop->uv, &s->handle.pipe, 0);
    s->handle.any.data = s;
    return s;
}

void io_socket_open(io_socket *s)
{
    if (s->is_tcp)
        uv_tcp_nodelay(&s->handle.tcp, 1);
    s->open = true;
    update_reading(s);
}
