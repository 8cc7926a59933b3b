/*
 * serve/http_state.h: a server and its visitors, for the files server*.c alone: server.c lets visitors in, server_http1.c and
 * server_http2.c answer them.
 */
#ifndef SERVE_HTTP_STATE_H
#define SERVE_HTTP_STATE_H

#include "serve/http.h"

#include "io/loop.h"
#include "io/stream.h"

#include "base/buffer.h"

#include <nghttp2/nghttp2.h>

typedef struct serve_connection serve_connection;
struct serve_connection {
    serve_connection *next, **at; /* in the list of its server */
    serve_http *server;
    io_stream *stream;
    io_timer *timer;
    bool secure;
    base_buffer received;   /* HTTP/1.1: the head of a request */
    nghttp2_session *http2; /* NULL: HTTP/1.1 is spoken */
    void *requests;         /* HTTP/2: those under way */
};

/* Closes the connection, at once or when all is written, and forgets the visitor. */
void serve_connection_close(serve_connection *v);
void serve_connection_finish(serve_connection *v);

/* The host that is named; the first when it is none. */
const serve_vhost *serve_http_host(const serve_http *server, const char *name, size_t length);
/* What a host says, in the form of HTTP/1.1; NULL: nothing. */
const char *serve_vhost_answer(const serve_vhost *host, const serve_connection *v, const char *method,
                               const char *target);

/* What a visitor sent. It may be gone afterwards. */
void serve_http1_data(serve_connection *v, const char *bytes, size_t length);
void serve_http2_begin(serve_connection *v);
void serve_http2_data(serve_connection *v, const char *bytes, size_t length);
void serve_http2_end(serve_connection *v);

#endif
