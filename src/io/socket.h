/*
 * io/socket.h: a connection of libuv's, TCP or a pair of local sockets, as an io_stream; for the files of io alone.
 */
#ifndef IO_SOCKET_H
#define IO_SOCKET_H

#include "io/replay.h"
#include "io/stream.h"
#include "io/uv.h"

typedef struct io_socket io_socket;
struct io_socket {
    io_stream stream;
    union {
        uv_handle_t any;
        uv_stream_t stream;
        uv_tcp_t tcp;
        uv_pipe_t pipe;
    } handle;
    uv_connect_t connect;
    uv_shutdown_t shutdown;
    io_replay replay;
    io_timer *timer; /* reports what was given back; of a socket that was left: closes it */
    int write_error; /* 0: none so far */
    bool unsent;     /* libuv refused a write at once, and has no call to report it by */
    bool is_tcp;
    bool open;              /* connected, and with a sink */
    bool held, reading;     /* paused; libuv reads */
    bool over;              /* more than IO_QUEUE_HIGH waited, and `drained` has not been reported since */
    bool ended, failed;     /* the peer has finished; the connection is lost */
    bool finished, is_shut; /* we have; and all of it has been sent */
    bool closed;            /* nothing more is reported */
    bool left;
    io_socket *next, **at; /* among those of the loop that were left */
};

/* Neither bound nor connected. */
io_socket *io_socket_new(io_loop *loop, bool is_tcp, io_sink sink);

/* It is connected: reading begins. */
void io_socket_open(io_socket *socket);

/* Reports that the connection is lost, by an error of libuv's. */
void io_socket_fail(io_socket *socket, int error);

/* Those of the loop that were left and are not closed yet. */
void io_socket_close_left(io_loop *loop);

#endif
