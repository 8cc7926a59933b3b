#include "io/uv.h"

void io_uv_lend_buffer(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
    io_loop *loop = (io_loop *)handle->loop;

    (void)suggested;
    *buffer = uv_buf_init(loop->read_buffer, sizeof loop->read_buffer);
}
