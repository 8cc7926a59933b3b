#include "io/uv.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* What the kernel did not take at once. */
typedef struct pending {
    uv_write_t request;
    char bytes[];
} pending;

void io_uv_lend_buffer(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
    io_loop *loop = (io_loop *)handle->loop;

    (void)suggested;
    *buffer = uv_buf_init(loop->read_buffer, sizeof loop->read_buffer);
}

static void on_written(uv_write_t *request, int error)
{
    (void)error;
    free(request->data);
}

void io_uv_write(uv_stream_t *stream, const char *bytes, size_t length)
{
    uv_buf_t whole = uv_buf_init((char *)bytes, (unsigned)length);
    int taken = uv_try_write(stream, &whole, 1);
    size_t rest = length - (taken > 0 ? (size_t)taken : 0);
    pending *write;
    uv_buf_t buffer;

    if (rest == 0 || (taken < 0 && taken != UV_EAGAIN))
        return;
    write = base_allocate(sizeof *write + rest);
    memcpy(write->bytes, bytes + length - rest, rest);
    write->request.data = write;
    buffer = uv_buf_init(write->bytes, (unsigned)rest);
    if (uv_write(&write->request, stream, &buffer, 1, on_written) != 0)
        free(write);
}
