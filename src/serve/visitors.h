/*
 * serve/visitors.h: the connections of a server, how many there may be, and how long each may stay silent; for the
 * files of serve alone.
 */
#ifndef SERVE_VISITORS_H
#define SERVE_VISITORS_H

#include "io/loop.h"
#include "io/stream.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct serve_visitors serve_visitors;
typedef struct serve_visitor serve_visitor;

/* The first member of what a server keeps of a connection. */
struct serve_visitor {
    serve_visitor *next, **at; /* the latest first */
    serve_visitors *all;
    io_stream *stream;
    io_timer *timer;
};

struct serve_visitors {
    serve_visitor *first;
    size_t count, max;
};

/* Takes over a connection; `time_over(visitor)` when its timer, which is not started yet, has run down. False: there
   are as many as may be, and it was closed. */
bool serve_visitors_let_in(serve_visitors *all, serve_visitor *visitor, io_stream *stream,
                           void (*time_over)(void *visitor));

/* Forgets it. Its stream is the caller's business, its memory too. */
void serve_visitors_forget(serve_visitor *visitor);

#endif
