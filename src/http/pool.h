/*
 * http/pool.h: requests over HTTP/1.1 whose bodies stream both ways, on connections that are kept for the next one. For
 * a proxy: heads, bodies, interim responses and upgrades pass as they come, and a slow side makes the other wait
 * (io/stream.h).
 *
 * Responses are read strictly where it matters to whoever reads them next: their framing. Nothing is reported from
 * inside a call.
 */
#ifndef HTTP_POOL_H
#define HTTP_POOL_H

#include "http/body.h"
#include "http/fetch.h"
#include "io/stream.h"

typedef struct http_pool http_pool;
typedef struct http_exchange http_exchange;

typedef struct http_pool_options {
    size_t idle_max;      /* connections that wait for their next request; 0: 64 */
    size_t idle_host_max; /* of them, to one place; 0: 8 */
    int64_t idle_ms;      /* how long; 0: 60 s */
} http_pool_options;

/* What is asked. All is copied. */
typedef struct http_ask {
    const http_request *to; /* where, and how strictly; of its method, target, offer and content_max nothing is used */
    const char *method, *target;
    const hf_field *fields; /* without those of framing and the connection; Host is added if it is not among them */
    size_t count;
    int64_t length; /* of the body; 0: none; -1: not known, it is sent in chunks */
    /* How long the server may be silent while it is due to say something; 0: the client's limit of a response. */
    int64_t quiet_ms;
    bool upgrades; /* "Connection: Upgrade" is sent; `fields` has Upgrade */
} http_ask;

/* The head of a response, good for the time of the call. Names and values are as they came; a value may be folded
   (http/head.h). */
typedef struct http_answer_head {
    int status, minor;
    hf_span reason;
    const hf_field *fields;
    size_t count;
    facts_framing framing;
    int64_t length; /* of the body, with FACTS_FRAMING_LENGTH; else -1 */
} http_answer_head;

/* What came of it. Each may be NULL, but for `end` and `failed`, one of which comes last: the exchange is then over,
   and so it is after http_exchange_cancel and http_exchange_take. */
typedef struct http_exchange_events {
    void (*interim)(void *self, const http_answer_head *head); /* 1xx but 101 */
    void (*head)(void *self, const http_answer_head *head);
    void (*data)(void *self, const char *bytes, size_t length);
    void (*drained)(void *self); /* of the request's body no more than IO_QUEUE_LOW waits */
    void (*end)(void *self);     /* the response is whole */
    void (*failed)(void *self, const facts_failure *failure); /* it is missing, or not whole */
    void *self;
} http_exchange_events;

/* Borrows `client`, and `options` until it returns. */
http_pool *http_pool_new(const http_client *client, const http_pool_options *options);
/* Closes all connections; exchanges that are not over are over, and nothing is reported of them. NULL is allowed. */
void http_pool_free(http_pool *pool);
size_t http_pool_idle(const http_pool *pool);

/*
 * Begins. A request without a body that may be put twice (RFC 9110 9.2.2) is put once more when a connection that was
 * kept turns out to be closed before anything came back.
 */
http_exchange *http_pool_ask(http_pool *pool, const http_ask *ask, const http_exchange_events *events);

/* The request's body: any number of writes, which return how much waits, and its end. */
size_t http_exchange_write(http_exchange *x, const char *bytes, size_t length);
void http_exchange_finish(http_exchange *x);

/* No more `data` until http_exchange_resume. The end of a body that was given whole is reported all the same. */
void http_exchange_pause(http_exchange *x);
void http_exchange_resume(http_exchange *x);

/* Ends it, and its connection. */
void http_exchange_cancel(http_exchange *x);

/* From inside `head`, with status 101, or 2xx to CONNECT: the connection itself. What came behind the head is reported
   first; its sink is to be set at once. */
io_stream *http_exchange_take(http_exchange *x);

/* How its connection came about: addresses, TLS. From inside `head`. */
const facts_exchange *http_exchange_facts(const http_exchange *x);

#endif
