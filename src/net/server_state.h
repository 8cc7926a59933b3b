/*
 * net/server_state.h: a server and its visitors, for the files server*.c alone: server.c lets visitors in, server_http1.c and
 * server_http2.c answer them.
 */
#ifndef NET_SERVER_STATE_H
#define NET_SERVER_STATE_H

#include "net/server.h"

#include "net/loop.h"
#include "net/stream.h"

#include "base/buffer.h"

#include <nghttp2/nghttp2.h>

typedef struct net_visitor net_visitor;
struct net_visitor {
    net_visitor *next, **at; /* in the list of its server */
    net_server *server;
    net_stream *stream;
    net_timer *timer;
    bool secure;
    base_buffer received;   /* HTTP/1.1: the head of a request */
    nghttp2_session *http2; /* NULL: HTTP/1.1 is spoken */
    void *requests;         /* HTTP/2: those under way */
};

/* Closes the connection, at once or when all is written, and forgets the visitor. */
void net_visitor_close(net_visitor *v);
void net_visitor_finish(net_visitor *v);

/* The host that is named; the first when it is none. */
const net_vhost *net_server_host(const net_server *server, const char *name, size_t length);
/* What a host says, in the form of HTTP/1.1; NULL: nothing. */
const char *net_vhost_answer(const net_vhost *host, const net_visitor *v, const char *method, const char *target);

/* What a visitor sent. It may be gone afterwards. */
void net_server_http1_data(net_visitor *v, const char *bytes, size_t length);
void net_server_http2_begin(net_visitor *v);
void net_server_http2_data(net_visitor *v, const char *bytes, size_t length);
void net_server_http2_end(net_visitor *v);

#endif
