/*
 * http/transport.h: what every command that touches hosts needs: a loop, a resolver, trust, and the way to reach hosts.
 */
#ifndef HTTP_TRANSPORT_H
#define HTTP_TRANSPORT_H

#include "base/claims.h"
#include "base/options.h"
#include "facts/site.h"
#include "http/fetch.h"

typedef struct http_transport {
    http_client client;
    dns_resolver *resolver;
    tls_trust_store *trust;
    http_route *route;
    http_proxies proxies;
    http_as_browser as_browser;
} http_transport;

#define HTTP_TIMEOUT_DEFAULT 30

typedef struct http_transport_options {
    base_texts connect_to, resolve;
    http_as_browser as_browser;
    const char *cafile;            /* NULL: the system's trust */
    const char *dns_servers;       /* NULL: the system's */
    int64_t timeout;               /* the seconds that one exchange, or one site, may take in all */
    const char *proxy;             /* as http_proxies_init takes it */
    bool with_private, no_private; /* private networks are gone to, or not; neither: as the command decides */
    bool ipv4, ipv6;               /* use addresses of this family alone */
    base_texts also_trust;         /* "NAME=FILE": stores that are asked besides */
    const char *public_roots;      /* as tls_trust_store_set_public takes it */
    bool patient;                  /* for visits of one person: a response may take all of the time */
    bool tells_roots;              /* public roots are told from those of this machine; without it nobody asks */
} http_transport_options;

/* The options of whoever reaches hosts, whose settings have a http_transport_options named `wire`. */
#define HTTP_TRANSPORT_OPTIONS(settings)                                                                               \
    {"connect-to",    0,                                                                                               \
     "H1:P1:H2:P2",   "reach H1:P1 at H2:P2, as curl does; may be repeated",                                           \
     base_read_texts, offsetof(settings, wire.connect_to)},                                                            \
        {"resolve",        0,                                                                                          \
         "HOST:PORT:ADDR", "take ADDR[,ADDR] as the addresses of HOST for PORT; may be repeated",                      \
         base_read_texts,  offsetof(settings, wire.resolve)},                                                          \
        {"dns",          0,                                                                                            \
         "ADDR",         "ask the DNS server at ADDR[:PORT] instead of the system's",                                  \
         base_read_text, offsetof(settings, wire.dns_servers)},                                                        \
        {"dns-server", 0, "ADDR", "another name of --dns", base_read_text, offsetof(settings, wire.dns_servers)},      \
        {"cafile",       0,                                                                                            \
         "FILE",         "trust the certificates in FILE (PEM) instead of the system's",                               \
         base_read_text, offsetof(settings, wire.cafile)},                                                             \
        {"proxy",        0,                                                                                            \
         "URL",          "go through this HTTP proxy; empty: through none, whatever the environment says",             \
         base_read_text, offsetof(settings, wire.proxy)},                                                              \
        {"user-agent",    0,                                                                                           \
         "TEXT",          "send TEXT as User-Agent, instead of a browser's",                                           \
         http_read_agent, offsetof(settings, wire.as_browser)},                                                        \
        {"header",        0,                                                                                           \
         "FIELD",         "send this field too ('Name: value'), to the hosts named here alone; may be repeated",       \
         http_read_field, offsetof(settings, wire.as_browser)},                                                        \
        {"private", 0,                                                                                                 \
         NULL,      "go into private networks, wherever names and redirects lead",                                     \
         NULL,      offsetof(settings, wire.with_private)},                                                            \
        {"no-private", 0,                                                                                              \
         NULL,         "let neither names nor redirects lead into private networks",                                   \
         NULL,         offsetof(settings, wire.no_private)},                                                           \
        {"ipv4", '4', NULL, "use IPv4 addresses alone", NULL, offsetof(settings, wire.ipv4)},                          \
    {                                                                                                                  \
        "ipv6", '6', NULL, "use IPv6 addresses alone", NULL, offsetof(settings, wire.ipv6)                             \
    }

/* Readers of options: http_give_agent and http_give_field, into a http_as_browser. */
bool http_read_agent(const char *text, void *target, base_error *error);
bool http_read_field(const char *text, void *target, base_error *error);

/* Those of whoever looks at certificates in depth. */
#define HTTP_TRUST_OPTIONS(settings)                                                                                   \
    {"also-trust",    0,                                                                                               \
     "NAME=FILE",     "say what another store, certificates in FILE (PEM), makes of it; may be repeated",              \
     base_read_texts, offsetof(settings, wire.also_trust)},                                                            \
    {                                                                                                                  \
        "public-roots", 0, "PATH",                                                                                     \
            "the roots that browsers ship, to tell those of this machine from: a PEM file or a folder",                \
            base_read_text, offsetof(settings, wire.public_roots)                                                      \
    }

/* Reads the name of a depth that is `least` or more. */
bool facts_depth_parse(const char *text, facts_depth least, facts_depth *depth, base_error *error);

/* From the values of --connect-to and --resolve. NULL with the reason: one is malformed. */
http_route *http_transport_route(const http_transport_options *options, base_error *error);

/* Claims the files that the options name, for reading (base/claims.h). */
bool http_transport_claim(const http_transport_options *options, base_claims *claims, base_error *error);

/* True if what cannot be opened may be something that the options name. */
bool http_transport_was_asked_for(const http_transport_options *options);

/* Borrows `loop`, takes over `route`, also on failure. */
bool http_transport_open(http_transport *wire, io_loop *loop, http_route *route, const http_transport_options *options,
                         base_error *error);
void http_transport_close(http_transport *wire);

/* The folders that certificates are read from when they are needed, with ':' between them; see base/sandbox.h. */
const char *http_transport_folders(void);

#endif
