/*
 * serve/http_state.h: a server, its connections and their exchanges, for the files http*.c alone: http.c lets clients
 * in and hands exchanges on, http1.c and http2.c speak with them.
 */
#ifndef SERVE_HTTP_STATE_H
#define SERVE_HTTP_STATE_H

#include "serve/http.h"
#include "serve/visitors.h"

#include "base/buffer.h"

typedef struct serve_connection serve_connection;

struct serve_http {
    io_loop *loop;
    serve_http_options options;
    struct serve_listener *listeners;
    serve_visitors visitors;
    bool stopping;
    io_timer *timer; /* ends the grace; then reports that the server has stopped */
    void (*stopped)(void *self);
    void *stopped_self;
};

/* One of HTTP/1.1 and HTTP/2. */
typedef struct serve_protocol {
    void (*data)(serve_connection *c, const char *bytes, size_t length);
    void (*end)(serve_connection *c); /* the client has finished */
    void (*drained)(serve_connection *c);
    void (*time_over)(serve_connection *c);
    void (*stop)(serve_connection *c);          /* after what is under way, no more */
    bool (*is_idle)(const serve_connection *c); /* no exchange is under way */
    void (*gone)(serve_connection *c);          /* the connection is over, and with it the exchanges that are not */
    void (*free)(serve_connection *c);          /* its state */
    /* What a handler asks of an exchange. */
    void (*attach)(serve_exchange *x);
    void (*hold)(serve_exchange *x, bool held);
    void (*begin)(serve_exchange *x, const serve_response *response, const char *body,
                  size_t length); /* body: if it is whole */
    size_t (*write)(serve_exchange *x, const char *bytes, size_t length);
    void (*finish)(serve_exchange *x);
    void (*interim)(serve_exchange *x, int status, const hf_field *fields, size_t count);
    void (*abandon)(serve_exchange *x);
    io_stream *(*take)(serve_exchange *x, const serve_response *response);
} serve_protocol;

struct serve_connection {
    serve_visitor visitor;
    serve_http *server;
    serve_client client;
    io_address address;
    const serve_protocol *protocol; /* NULL: not known yet */
    void *state;                    /* of the protocol */
    int busy;                       /* calls of ours on the stack: the memory must outlive them */
    bool over;                      /* it has been closed, left, or handed over */
};

struct serve_exchange {
    serve_connection *connection;
    serve_events events;
    bool attached;
    serve_request request;
};

extern const serve_protocol serve_http1, serve_http2;

/* Sets the state. */
void serve_http1_open(serve_connection *c);
void serve_http2_open(serve_connection *c);

/* Lets go of the stream in one way or another, and forgets the connection. */
void serve_connection_close(serve_connection *c);
void serve_connection_leave(serve_connection *c);
io_stream *serve_connection_release(serve_connection *c);

/* Behind a `busy++` of one's own: frees the connection if it is over. */
void serve_connection_exit(serve_connection *c);

/* The handler is given a request. False: it did not do as it must, and is to be answered for. */
bool serve_exchange_hand_out(serve_exchange *x);

/* Reports that the server itself refuses a client. */
void serve_connection_refuse(serve_connection *c, int status, const char *why);

/* True for fields that are the server's. */
bool serve_field_is_ours(const hf_field *field);
/* A response to that request and with that status has no body (RFC 9110 6.4.1). */
bool serve_has_no_body(const serve_request *request, int status);

#endif
