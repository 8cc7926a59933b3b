/*
 * net/stream.h: one interface for every step of a connection (TCP, TLS, and whatever else may stand between them), so that steps
 * stack: each owns the one below, and tells the one above through its sink.
 *
 * Rules. Nothing is told from inside a call that creates, writes or closes, so a caller need not fear to be re-entered. After
 * `end` nothing more is told. Whoever holds a stream closes it, once, at any time, also from inside `ready`, `data` or `end`;
 * after that nothing is told.
 */
#ifndef NET_STREAM_H
#define NET_STREAM_H

#include "net/failure.h"

#include <stddef.h>

typedef struct net_sink {
    void (*ready)(void *self); /* bytes may be written now */
    void (*data)(void *self, const char *bytes, size_t length);
    void (*end)(void *self, const net_failure *failure); /* NULL: the peer has said all it had to say */
    void *self;
} net_sink;

typedef struct net_stream net_stream;

typedef struct net_stream_ops {
    const char *name;
    void (*write)(net_stream *stream, const char *bytes, size_t length); /* keeps a copy if it must */
    void (*finish)(net_stream *stream);                                  /* closes when all is written */
    void (*close)(net_stream *stream);                                   /* closes now */
} net_stream_ops;

struct net_stream {
    const net_stream_ops *ops;
    net_sink sink;
};

static inline void net_stream_write(net_stream *stream, const char *bytes, size_t length)
{
    stream->ops->write(stream, bytes, length);
}

static inline void net_stream_finish(net_stream *stream)
{
    stream->ops->finish(stream);
}

/* NULL is allowed. */
static inline void net_stream_close(net_stream *stream)
{
    if (stream != NULL)
        stream->ops->close(stream);
}

#endif
