/* The way to the host: its addresses, a connection to one of them, a proxy's tunnel, TLS. */
#include "net/fetch_state.h"

#include "net/tcp.h"
#include "net/tunnel.h"

bool net_fetch_needs_tunnel(const net_fetching *f)
{
    return f->request->secure || f->to != f->request->host || f->to_port != f->request->port;
}

/* -- TLS and TCP -------------------------------------------------------------------------------------------------------------- */

static void dial(net_fetching *f);

static void on_data(void *self, const char *bytes, size_t length)
{
    net_fetching *f = self;

    if (f->http2 != NULL)
        net_fetch_http2_data(f, bytes, length);
    else
        net_fetch_http1_data(f, bytes, length);
}

/* A server that browsers cannot agree with may still agree with OpenSSL. What is no TLS, or knows no such name, would not. */
static bool may_be_old(const net_fetching *f, const net_failure *failure)
{
    net_code code = failure->code;

    return f->phase == NET_PHASE_TLS && !f->request->faultless && !f->lenient &&
           (code == NET_TLS_ALERT || code == NET_TLS_VERSION || code == NET_TLS_BROKEN || code == NET_TLS_CLOSED ||
            code == NET_CONNECTION_RESET) &&
           strstr(failure->detail, "unrecognized name") == NULL;
}

/* The same address, once more, from the connection on. */
static void dial_again(net_fetching *f, const net_failure *failure)
{
    f->lenient = true;
    f->refusal = *failure;
    net_stream_close(f->stream);
    f->stream = NULL;
    f->has_tls = false;
    f->next--;
    f->outcome->attempt_count--;
    f->phase = NET_PHASE_CONNECT;
    f->phase_started = net_loop_now(f->client->loop);
    dial(f);
}

/* Before the first question everything that ends the connection is its failure. */
static void on_end(void *self, const net_failure *failure)
{
    net_fetching *f = self;

    if (f->http2 != NULL)
        net_fetch_http2_end(f, failure, NET_CONTENT_BROKEN);
    else if (f->phase == NET_PHASE_RESPONSE)
        net_fetch_http1_end(f, failure);
    else if (failure != NULL && may_be_old(f, failure))
        dial_again(f, failure);
    else if (failure != NULL)
        net_fetch_conclude(f, failure);
    else
        net_fetch_fail(f, NET_RESPONSE_EMPTY);
}

/* RFC 7301 3.1: the server selects one of the protocols that the client offered, or none. */
static net_code judge_agreement(net_agreed agreed, net_offer offer)
{
    switch (agreed) {
    case NET_AGREED_NOTHING:
        return offer == NET_OFFER_HTTP2 ? NET_ALPN_REFUSED : NET_NONE;
    case NET_AGREED_HTTP1:
        return offer == NET_OFFER_HTTP2 ? NET_ALPN_WRONG : NET_NONE;
    case NET_AGREED_HTTP2:
        return offer == NET_OFFER_HTTP1 ? NET_ALPN_WRONG : NET_NONE;
    case NET_AGREED_OTHER:
        break;
    }
    return NET_ALPN_WRONG;
}

/* RFC 9113 9.2.2: "Endpoints MAY choose to generate a connection error [...] of type INADEQUATE_SECURITY if one of the prohibited
   cipher suites is negotiated." Browsers do. */
static void begin_http2(net_fetching *f)
{
    net_failure inadequate =
        net_failure_make(f->phase, NET_HTTP2_BROKEN, "it agrees to HTTP/2 with a cipher that HTTP/2 prohibits");

    if (f->request->faultless && !net_tls_suits_http2(f->stream))
        net_fetch_conclude(f, &inadequate);
    else
        net_fetch_http2_begin(f);
}

static void on_tls_ready(void *self)
{
    net_fetching *f = self;
    net_agreed agreed = net_tls_agreed(f->stream);
    net_code wrong = judge_agreement(agreed, f->request->offer);

    if (f->request->faultless)
        net_tls_report_read(f->stream, f->arena, &f->outcome->tls);
    if (f->request->faultless && f->outcome->tls.error_count > 0)
        net_fetch_fail(f, NET_TLS_CERTIFICATE);
    else if (wrong != NET_NONE)
        net_fetch_fail(f, wrong);
    else if (agreed == NET_AGREED_HTTP2)
        begin_http2(f);
    else
        net_fetch_http1_begin(f);
}

static void on_clear_ready(void *self)
{
    net_fetch_http1_begin(self);
}

/* The way to the host is open. */
static void on_host_reached(void *self)
{
    net_fetching *f = self;
    net_sink sink = {f->request->secure ? on_tls_ready : on_clear_ready, on_data, on_end, f};

    if (!f->request->secure) {
        f->stream->sink = sink;
        net_fetch_http1_begin(f);
        return;
    }
    net_fetch_enter(f, NET_PHASE_TLS);
    f->tls = (net_tls_options){.trust = f->client->trust,
                               .host = f->request->host,
                               .is_address = f->request->is_address,
                               .nameless = f->request->nameless,
                               .offer = f->request->offer,
                               .at = f->request->at,
                               .lenient = f->lenient,
                               .brief = f->request->brief};
    f->stream = net_tls_client(f->stream, &f->tls, sink);
    f->has_tls = true;
}

static void on_tcp_ready(void *self)
{
    net_fetching *f = self;

    f->outcome->attempts[f->outcome->attempt_count - 1].connected = true;
    if (f->proxy == NULL || !net_fetch_needs_tunnel(f)) {
        on_host_reached(f);
        return;
    }
    net_fetch_enter(f, NET_PHASE_PROXY);
    f->stream = net_tunnel(f->stream, f->proxy, f->to, f->to_port, (net_sink){on_host_reached, NULL, on_end, f});
}

/* Of several failures the one that tells most: an address of a family without route says little about the host. */
static const net_failure *telling(const net_outcome *outcome)
{
    for (size_t i = 0; i < outcome->attempt_count; i++)
        if (outcome->attempts[i].failure.code != NET_NO_ROUTE)
            return &outcome->attempts[i].failure;
    return &outcome->attempts[0].failure;
}

/* What the system says of one address is kept; the next may still answer. A second try of a handshake is for its address alone,
   which did connect: the first try is then what is told. */
void net_fetch_next_address(net_fetching *f, const net_failure *failure, bool go_on)
{
    if (f->lenient) {
        net_fetch_conclude(f, failure);
        return;
    }
    f->outcome->attempts[f->outcome->attempt_count - 1].failure = *failure;
    net_stream_close(f->stream);
    f->stream = NULL;
    if (go_on && f->next < f->outcome->address_count)
        dial(f);
    else
        net_fetch_conclude(f, telling(f->outcome));
}

static void on_tcp_end(void *self, const net_failure *failure)
{
    net_fetching *f = self;

    if (failure != NULL)
        net_fetch_next_address(f, failure, true);
}

static void dial(net_fetching *f)
{
    const net_address *address = &f->addresses[f->next];
    net_attempt *attempt = &f->outcome->attempts[f->outcome->attempt_count++];
    net_sink sink = {on_tcp_ready, NULL, on_tcp_end, f};
    net_failure failure;

    attempt->address = f->outcome->addresses[f->next++];
    attempt->port = net_address_port(address);
    net_fetch_arm(f, net_loop_now(f->client->loop));
    f->stream = net_tcp_connect(f->client->loop, address, sink, &failure);
    if (f->stream == NULL)
        net_fetch_next_address(f, &failure, true);
}

/* -- Names -------------------------------------------------------------------------------------------------------------------- */

static size_t keep_family(net_family family, const net_address *from, size_t count, net_address *to)
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++)
        if (family == NET_FAMILY_ANY || (from[i].socket.ss_family == AF_INET6) == (family == NET_FAMILY_IPV6))
            to[kept++] = from[i];
    return kept;
}

static void on_resolved(void *self, const net_address *addresses, size_t count, const net_failure *failure)
{
    net_fetching *f = self;
    net_outcome *outcome = f->outcome;
    char text[NET_ADDRESS_TEXT];

    f->lookup = NULL;
    if (failure != NULL) {
        net_fetch_conclude(f, failure);
        return;
    }
    f->addresses = base_arena_take(f->arena, count * sizeof *f->addresses);
    count = keep_family(f->client->family, addresses, count, f->addresses);
    if (count == 0) {
        net_fetch_fail(f, NET_NAME_WITHOUT_ADDRESS);
        return;
    }
    outcome->addresses = base_arena_take(f->arena, count * sizeof *outcome->addresses);
    outcome->attempts = base_arena_take(f->arena, count * sizeof *outcome->attempts);
    outcome->address_count = count;
    for (size_t i = 0; i < count; i++) {
        net_address_format(&f->addresses[i], text);
        outcome->addresses[i] = base_arena_string(f->arena, text);
    }
    net_fetch_enter(f, NET_PHASE_CONNECT);
    dial(f);
}

static bool is_found(const net_found *found, const char *name, int port, net_address *addresses, size_t *count)
{
    if (found->name == NULL || strcmp(found->name, name) != 0)
        return false;
    *count = 0;
    for (size_t i = 0; i < found->count && *count < NET_ADDRESSES_MAX; i++)
        *count += net_address_from((const struct sockaddr *)&found->addresses[i].socket, port, &addresses[*count]);
    return true;
}

void net_fetch_connect(net_fetching *f)
{
    const net_request *r = f->request;
    net_address given[NET_ADDRESSES_MAX];
    size_t count;

    net_route_target(f->client->route, r->host, r->port, &f->to, &f->to_port);
    f->proxy = net_proxy_for(f->client->proxies, r->host, r->secure);
    if (f->proxy != NULL) {
        f->outcome->proxy = base_arena_string(f->arena, f->proxy->name);
        f->lookup = net_resolve(f->client->resolver, f->proxy->host, f->proxy->port, f->client->family, on_resolved, f);
    } else if (r->address != NULL) {
        on_resolved(f, r->address, 1, NULL);
    } else if (net_route_addresses(f->client->route, f->to, f->to_port, given, NET_ADDRESSES_MAX, &count) ||
               is_found(&f->client->found, f->to, f->to_port, given, &count)) {
        on_resolved(f, given, count, NULL);
    } else {
        f->lookup = net_resolve(f->client->resolver, f->to, f->to_port, f->client->family, on_resolved, f);
    }
}
