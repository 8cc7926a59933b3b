/* http/pool_state.h: a pool, its connections and the exchanges on them, for the files pool.c and exchange.c alone. */
#ifndef HTTP_POOL_STATE_H
#define HTTP_POOL_STATE_H

#include "http/pool.h"

#include "base/buffer.h"

typedef struct http_pooled http_pooled;

/* A connection: idle, or with an exchange on it. */
struct http_pooled {
    http_pooled *next, **at; /* in the list of its pool */
    http_pool *pool;
    base_arena arena;
    http_request to; /* its strings lie in the arena */
    io_address address;
    facts_exchange exchange;
    http_connecting *connecting; /* NULL: it is there */
    io_stream *stream;
    io_timer *timer;  /* of the time that it may be idle */
    http_exchange *x; /* NULL: idle */
    bool reused;
};

struct http_pool {
    const http_client *client;
    http_pool_options options;
    http_pooled *idle; /* the latest first */
    http_pooled *busy;
    size_t idle_count;
    http_head *head; /* of the response that is read now */
};

struct http_exchange {
    http_pool *pool;
    http_pooled *c; /* NULL: none any more */
    http_exchange_events events;
    /* The head of the request, and what of its body was written too early; kept as long as it may be put again. */
    base_buffer request;
    char *method;
    bool chunked;
    bool may_repeat; /* and has not been */
    bool is_sent;    /* the head of the request is */
    bool finished;   /* the request is whole */
    int64_t quiet_ms;
    io_timer *timer;      /* of the server's silence */
    base_buffer received; /* heads */
    http_head_progress progress;
    http_body body;
    hf_span rest;  /* what came and has not been read */
    bool has_head; /* of the response */
    bool held, over;
    bool waits; /* for `drained` */
    int busy;   /* calls of ours on the stack: the memory must outlive them */
};

/* -- pool.c -------------------------------------------------------------------------------------------------------- */

/* Gives the exchange a connection: one that is kept, unless a new one is wanted. */
void http_pooled_find(http_exchange *x, const http_request *to, bool new_one);
/* Lets go of the connection of an exchange: it is kept for another, or closed, or handed out. */
void http_pooled_keep(http_pooled *c);
void http_pooled_close(http_pooled *c);
io_stream *http_pooled_release(http_pooled *c);

/* -- exchange.c ---------------------------------------------------------------------------------------------------- */

/* The connection is there, or could not be had. */
void http_exchange_connected(http_exchange *x);
void http_exchange_unconnected(http_exchange *x, const facts_failure *failure);
/* The pool goes. */
void http_exchange_drop(http_exchange *x);

#endif
