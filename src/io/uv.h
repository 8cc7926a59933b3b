/* io/uv.h: inside of the loop, for the rooms of the wire alone. */
#ifndef IO_UV_H
#define IO_UV_H

#include "facts/failure.h"
#include "io/loop.h"

#include <stdbool.h>
#include <uv.h>

struct io_loop {
    uv_loop_t uv;
    /* What was read is used up before the next read, so all connections share one buffer, and an idle one costs
       none. */
    char read_buffer[65536];
    uv_signal_t signals[2];
    bool running;           /* io_loop_run is under way */
    struct io_socket *left; /* sockets that were left and are not closed yet */
};

/* For uv_read_start: lends the loop's one buffer. */
void io_uv_lend_buffer(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer);

/* What a system error of a connection means. */
facts_code io_code_of_uv(int error);

#endif
