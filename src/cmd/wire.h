/*
 * cmd/wire.h: what every command that touches hosts needs: a loop, a resolver, trust, and the way to reach hosts.
 */
#ifndef CMD_WIRE_H
#define CMD_WIRE_H

#include "base/options.h"
#include "net/fetch.h"

typedef struct cmd_wire {
    net_client client;
    net_resolver *resolver;
    net_trust *trust;
    net_route *route;
    net_proxies proxies;
} cmd_wire;

/* From the values of --connect-to and --resolve. NULL with the reason: one is malformed. */
net_route *cmd_wire_route(const base_texts *connect_to, const base_texts *resolve, base_error *error);

#define CMD_TIMEOUT_DEFAULT 30

typedef struct cmd_wire_options {
    const char *cafile;       /* NULL: the system's trust */
    const char *dns_servers;  /* NULL: the system's */
    int64_t timeout;          /* the seconds that one exchange, or one site, may take in all */
    const char *proxy;        /* as net_proxies_init takes it */
    bool ipv4, ipv6;          /* use addresses of this family alone */
    base_texts also_trust;    /* "NAME=FILE": stores that are asked besides */
    const char *public_roots; /* as net_trust_set_public takes it */
    bool tells_roots;         /* public roots are told from those of this machine; without it nobody asks */
} cmd_wire_options;

/* Borrows `loop`, takes over `route`, also on failure. */
bool cmd_wire_open(cmd_wire *wire, net_loop *loop, net_route *route, const cmd_wire_options *options,
                   base_error *error);
void cmd_wire_close(cmd_wire *wire);

#endif
