/*
 * serve/http.h: an HTTP server, HTTP/1.1 and over TLS also HTTP/2, on any number of addresses. What it answers is its
 * handler's business: each request is given to it as an exchange, and may be answered at once or later, whole or piece
 * by piece.
 *
 * What comes in is bounded: heads (serve/request.h), connections, those of one address, and time. A client that sends
 * slower than the handler reads, or the other way round, makes the other wait (io/stream.h).
 */
#ifndef SERVE_HTTP_H
#define SERVE_HTTP_H

#include "io/address.h"
#include "io/loop.h"
#include "io/stream.h"
#include "serve/request.h"
#include "tls/tls.h"

#include "base/error.h"

typedef struct serve_http serve_http;
typedef struct serve_exchange serve_exchange;

/* The client's end of the connection. */
typedef struct serve_client {
    const io_address *address; /* NULL: it came by a path */
    bool secure;
} serve_client;

/*
 * A request and its answer. It is over when the handler has called one of serve_answer, serve_end, serve_break and
 * serve_take, or when `gone` was reported: after that neither the exchange nor its request may be used.
 */
typedef struct serve_handler {
    /* The head of a request has come. The handler answers, or it calls serve_attach, before it returns. */
    void (*request)(void *self, serve_exchange *exchange, const serve_request *request);
    void *self;
    /* A client was refused by the server itself, with that status, or without an answer (0). NULL: nobody wants to
       know. */
    void (*refused)(void *self, const serve_client *client, int status, const char *why);
} serve_handler;

/* What a handler hears of an exchange that it does not answer at once. Each may be NULL, but for `gone`. */
typedef struct serve_events {
    void (*data)(void *self, const char *bytes, size_t length); /* of the body */
    void (*end)(void *self);                                    /* the body is whole; or there is none */
    void (*drained)(void *self); /* of what was written no more than IO_QUEUE_LOW waits */
    /* The client has closed its end: it waits for the answer, or it has gone away, and nobody can tell. */
    void (*finished)(void *self);
    void (*gone)(void *self); /* the client is gone, or its body is malformed */
    void *self;
} serve_events;

/* The head of a response. The fields of the connection and of framing are the server's: Connection, Content-Length and
   Transfer-Encoding are left out of those given. */
typedef struct serve_response {
    int status;
    const char *reason; /* NULL: the one that goes with the status */
    const hf_field *fields;
    size_t count;
    int64_t length; /* of the body; -1: not known yet */
} serve_response;

/* -- Exchanges ----------------------------------------------------------------------------------------------------- */

const serve_client *serve_client_of(const serve_exchange *exchange);

/* From inside `request` alone. A body without `data` is passed over. A client that waits for it is told to send its
   body (100), unless the server was told to leave that to the handler. */
void serve_attach(serve_exchange *exchange, const serve_events *events);

/* No more `data` until serve_resume. The end of a body that was given whole is reported all the same. */
void serve_pause(serve_exchange *exchange);
void serve_resume(serve_exchange *exchange);

/* The whole answer: response->length is ignored, `length` counts. A body that was not read is passed over, or the
   connection ends. */
void serve_answer(serve_exchange *exchange, const serve_response *response, const char *body, size_t length);

/* An answer in pieces: its head, any number of serve_write, serve_end. serve_write returns how much waits for the
   client; what is written to HEAD, or with a status that has no body, is dropped. */
void serve_begin(serve_exchange *exchange, const serve_response *response);
size_t serve_write(serve_exchange *exchange, const char *bytes, size_t length);
void serve_end(serve_exchange *exchange);

/* An interim response (1xx but 101), before the head of the answer. */
void serve_interim(serve_exchange *exchange, int status, const hf_field *fields, size_t count);

/* Ends it so that the client sees that the answer is missing, or not whole. */
void serve_break(serve_exchange *exchange);

/*
 * The connection itself, after CONNECT or an upgrade: sends the head of `response`, as it is, unless that is NULL, and
 * hands over the stream, whose sink is to be set at once; what the client sent behind its request is reported first.
 * NULL, with the exchange going on: the request came over HTTP/2.
 */
io_stream *serve_take(serve_exchange *exchange, const serve_response *response);

/* -- Servers ------------------------------------------------------------------------------------------------------- */

typedef enum serve_security {
    SERVE_PLAIN,
    SERVE_TLS,
    SERVE_EITHER, /* TLS to a client that begins with it, plain HTTP to the others */
} serve_security;

typedef struct serve_http_options {
    serve_handler handler;
    tls_choose *choose; /* of the certificates; NULL: no TLS */
    void *choose_self;
    size_t connections_max, address_max; /* in all, and of one address; 0: 1024 and 128 */
    int64_t head_ms;                     /* until a handshake, or a head, must be whole; 0: 10 s */
    int64_t idle_ms;      /* between requests, and for a client that neither sends nor takes what it should; 0: 60 s */
    bool leaves_continue; /* 100 is sent by the handler, with serve_interim */
} serve_http_options;

/* A server that listens nowhere yet. */
serve_http *serve_http_new(io_loop *loop, const serve_http_options *options);

/* As io_listener_tcp and io_listener_local. False with the reason. Any number of times. */
bool serve_http_listen(serve_http *server, const io_address *address, bool shared, serve_security security,
                       base_error *error);
bool serve_http_listen_local(serve_http *server, const char *path, serve_security security, base_error *error);

/* The port of its first listener. */
int serve_http_port(const serve_http *server);
size_t serve_http_connections(const serve_http *server);

/*
 * No new connections; idle ones are closed, exchanges go on for `grace_ms` at most. `stopped(self)` from the loop when
 * none is left; then, or any time before, call serve_http_free.
 */
void serve_http_stop(serve_http *server, int64_t grace_ms, void (*stopped)(void *self), void *self);

/* Closes all connections; `gone` is reported of exchanges that are not over. NULL is allowed. */
void serve_http_free(serve_http *server);

/* The phrase that goes with a status; "Unknown" if there is none. */
const char *serve_reason(int status);

#endif
