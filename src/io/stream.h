/*
 * io/stream.h: one interface for every step of a connection (TCP, TLS, a proxy's tunnel), so that steps stack: each
 * owns the one below, and reports to the one above through its sink.
 *
 * Rules. Nothing is reported from inside a call of this page, so a caller need not fear to be re-entered. The holder of
 * a stream closes or leaves it, once, at any time, also from inside `ready`, `data`, `end` or `drained`; after that
 * nothing is reported.
 *
 * Two ends. Either side finishes on its own. `end` with NULL says that the peer has finished: nothing more comes in,
 * but writing goes on, and so does `drained`. `end` with a failure says that the connection is lost, both ways; it is
 * the last report, and it may follow an `end` with NULL, when what is written then does not arrive.
 *
 * Flow. A stream that is paused reports no `data` and no `end` with NULL, and the peer comes to wait; a failure of
 * writing is reported all the same. What is written is never refused: what the peer does not take is kept.
 * io_stream_write returns how much that is. A writer that respects the peer stops above IO_QUEUE_HIGH, and goes on when
 * `drained` says that no more than IO_QUEUE_LOW is left.
 */
#ifndef IO_STREAM_H
#define IO_STREAM_H

#include "facts/failure.h"
#include "io/loop.h"

#include <stdbool.h>
#include <stddef.h>

#define IO_QUEUE_HIGH 65536
#define IO_QUEUE_LOW 16384

typedef struct io_sink {
    void (*ready)(void *self); /* bytes may be written now */
    void (*data)(void *self, const char *bytes, size_t length);
    void (*end)(void *self, const facts_failure *failure);
    void *self;
    void (*drained)(void *self); /* NULL: the holder does not need to know */
} io_sink;

typedef struct io_stream io_stream;

typedef struct io_stream_ops {
    const char *name;
    size_t (*write)(io_stream *stream, const char *bytes, size_t length);
    void (*finish)(io_stream *stream);
    void (*leave)(io_stream *stream);
    void (*close)(io_stream *stream);
    void (*hold)(io_stream *stream, bool held); /* pause or resume */
    void (*unread)(io_stream *stream, const char *bytes, size_t length);
} io_stream_ops;

struct io_stream {
    const io_stream_ops *ops;
    io_loop *loop;
    io_sink sink;
};

/* Returns the bytes that wait for the peer, these included. */
static inline size_t io_stream_write(io_stream *stream, const char *bytes, size_t length)
{
    return stream->ops->write(stream, bytes, length);
}

/* The bytes that wait for the peer. */
static inline size_t io_stream_queued(io_stream *stream)
{
    return stream->ops->write(stream, NULL, 0);
}

/* Says to the peer, when all is written, that nothing more will come. Reading goes on; the stream is still to be closed
   or left. */
static inline void io_stream_finish(io_stream *stream)
{
    stream->ops->finish(stream);
}

/*
 * Finishes, and closes when the peer has finished too, or takes too long. What still comes is dropped: RFC 9112 9.6,
 * "the server performs a half-close by closing only the write side of the read/write connection. The server then
 * continues to read".
 */
static inline void io_stream_leave(io_stream *stream)
{
    stream->ops->leave(stream);
}

/* Of the streams of a loop that were left and are not closed yet, the latest `count` stay; the others are closed now.
 */
void io_streams_left_max(io_loop *loop, size_t count);

/* Closes now; what still waits to be written is lost. NULL is allowed. */
static inline void io_stream_close(io_stream *stream)
{
    if (stream != NULL)
        stream->ops->close(stream);
}

static inline void io_stream_pause(io_stream *stream)
{
    stream->ops->hold(stream, true);
}

static inline void io_stream_resume(io_stream *stream)
{
    stream->ops->hold(stream, false);
}

/*
 * Gives back bytes that came and are another's: they are reported again, before any that follow, and so is an `end`
 * with NULL that was reported already. For a stream that changes hands, and for a holder that pauses in the middle of
 * what it was given.
 */
static inline void io_stream_unread(io_stream *stream, const char *bytes, size_t length)
{
    stream->ops->unread(stream, bytes, length);
}

#endif
