/* io/uv.h: inside of the loop, for the files of io alone. */
#ifndef IO_UV_H
#define IO_UV_H

#include "facts/failure.h"
#include "io/loop.h"

#include <uv.h>

struct io_loop {
    uv_loop_t uv;
    /* What was read is used up before the next read, so all connections share one buffer, and an idle one costs none. */
    char read_buffer[65536];
    uv_signal_t signals[2];
};

/* For uv_read_start: lends the loop's one buffer. */
void io_uv_lend_buffer(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer);

/* Writes at once what the kernel takes, and keeps a copy of the rest until it takes that. A failure shows in reading too. */
void io_uv_write(uv_stream_t *stream, const char *bytes, size_t length);

/* What a system error of a connection means. */
facts_code io_code_of_uv(int error);

#endif
