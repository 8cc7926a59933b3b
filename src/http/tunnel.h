/*
 * http/tunnel.h: a tunnel through an HTTP proxy (RFC 9110 9.3.6, CONNECT), as one more step between TCP and TLS.
 */
#ifndef HTTP_TUNNEL_H
#define HTTP_TUNNEL_H

#include "http/proxy.h"
#include "io/stream.h"

/*
 * Takes over `lower`, which must be ready and leads to the proxy, and asks for host:port. `ready` follows once the
 * proxy has agreed, `end` with FACTS_FAILURE_PROXY_REFUSED, FACTS_FAILURE_PROXY_NOT_HTTP or FACTS_FAILURE_PROXY_CLOSED
 * if it does not.
 */
io_stream *http_tunnel(io_stream *lower, const http_proxy *proxy, const char *host, int port, io_sink sink);

#endif
