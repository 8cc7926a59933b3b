/*
 * net/tunnel.h: a tunnel through an HTTP proxy (RFC 9110 9.3.6, CONNECT), as one more step between TCP and TLS.
 */
#ifndef NET_TUNNEL_H
#define NET_TUNNEL_H

#include "net/proxy.h"
#include "net/stream.h"

/*
 * Takes over `lower`, which must be ready and leads to the proxy, and asks for host:port. `ready` follows once the proxy has
 * agreed, `end` with NET_PROXY_REFUSED, NET_PROXY_NOT_HTTP or NET_PROXY_CLOSED if it does not.
 */
net_stream *net_tunnel(net_stream *lower, const net_proxy *proxy, const char *host, int port, net_sink sink);

#endif
