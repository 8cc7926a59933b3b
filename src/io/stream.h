/*
 * io/stream.h: one interface for every step of a connection (TCP, TLS, and whatever else may stand between them), so that steps
 * stack: each owns the one below, and tells the one above through its sink.
 *
 * Rules. Nothing is told from inside a call that creates, writes or closes, so a caller need not fear to be re-entered. After
 * `end` nothing more is told. Whoever holds a stream closes it, once, at any time, also from inside `ready`, `data` or `end`;
 * after that nothing is told.
 */
#ifndef IO_STREAM_H
#define IO_STREAM_H

#include "facts/failure.h"

#include <stddef.h>

typedef struct io_sink {
    void (*ready)(void *self); /* bytes may be written now */
    void (*data)(void *self, const char *bytes, size_t length);
    void (*end)(void *self, const facts_failure *failure); /* NULL: the peer has said all it had to say */
    void *self;
} io_sink;

typedef struct io_stream io_stream;

typedef struct io_stream_ops {
    const char *name;
    void (*write)(io_stream *stream, const char *bytes, size_t length); /* keeps a copy if it must */
    void (*finish)(io_stream *stream);                                  /* closes when all is written */
    void (*close)(io_stream *stream);                                   /* closes now */
} io_stream_ops;

struct io_stream {
    const io_stream_ops *ops;
    io_sink sink;
};

static inline void io_stream_write(io_stream *stream, const char *bytes, size_t length)
{
    stream->ops->write(stream, bytes, length);
}

static inline void io_stream_finish(io_stream *stream)
{
    stream->ops->finish(stream);
}

/* NULL is allowed. */
static inline void io_stream_close(io_stream *stream)
{
    if (stream != NULL)
        stream->ops->close(stream);
}

#endif
