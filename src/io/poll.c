#include "io/poll.h"

#include "io/uv.h"

#include "base/memory.h"

#include <stdlib.h>

struct io_poll {
    uv_poll_t handle;
    int fd;
    io_poll_ready *ready;
    void *self;
};

io_poll *io_poll_new(io_loop *loop, int fd, io_poll_ready *ready, void *self)
{
    io_poll *poll = base_allocate(sizeof *poll);

    if (uv_poll_init_socket(&loop->uv, &poll->handle, fd) != 0) {
        free(poll);
        return NULL;
    }
    poll->handle.data = poll;
    poll->fd = fd;
    poll->ready = ready;
    poll->self = self;
    return poll;
}

static void on_poll(uv_poll_t *handle, int status, int events)
{
    const io_poll *poll = handle->data;

    poll->ready(poll->self, poll->fd, status < 0 || (events & UV_READABLE), status < 0 || (events & UV_WRITABLE));
}

void io_poll_wait(io_poll *poll, bool readable, bool writable)
{
    int events = (readable ? UV_READABLE : 0) | (writable ? UV_WRITABLE : 0);

    if (events == 0)
        uv_poll_stop(&poll->handle);
    else
        uv_poll_start(&poll->handle, events, on_poll);
}

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

void io_poll_free(io_poll *poll)
{
    uv_poll_stop(&poll->handle);
    uv_close((uv_handle_t *)&poll->handle, on_closed);
}
