/* The way to the host: its addresses, a connection to one of them, a proxy's tunnel, TLS. */
#include "http/fetch_state.h"

#include "http/tunnel.h"

#include "base/unzeroed.h"

static bool needs_tunnel(const http_request *request, const char *to, int to_port)
{
    return request->secure || to != request->host || to_port != request->port;
}

bool http_fetch_needs_tunnel(const http_fetch_state *f)
{
    return needs_tunnel(f->request, f->to, f->to_port);
}

const http_proxy *http_absolute_proxy(const http_client *client, const http_request *request)
{
    const char *to;
    int to_port;

    http_route_target(client->route, request->host, request->port, &to, &to_port);
    return needs_tunnel(request, to, to_port) ? NULL : http_proxy_for(client->proxies, request->host, request->secure);
}

/* -- TLS and TCP --------------------------------------------------------------------------------------------------- */

static void begin_race(http_fetch_state *f, size_t first, size_t count, facts_attempt *attempts, size_t *attempt_count);

static void on_data(void *self, const char *bytes, size_t length)
{
    http_fetch_state *f = self;

    if (f->http2 != NULL)
        http_fetch_http2_data(f, bytes, length);
    else
        http_fetch_http1_data(f, bytes, length);
}

/* A server that browsers cannot agree with may still agree with OpenSSL, or with the one browser that offers a group
 * more, which is all that a strict request asks. What is no TLS, or knows no such name, would not. */
static bool may_be_old(const http_fetch_state *f, const facts_failure *failure)
{
    facts_code code = failure->code;

    if (f->request->strict && failure->alert != FACTS_ALERT_HANDSHAKE_FAILURE)
        return false;
    return f->phase == FACTS_PHASE_TLS && !f->legacy_tls && f->request->keys == TLS_KEYS_ALL &&
           failure->alert != FACTS_ALERT_NO_APPLICATION_PROTOCOL &&
           (code == FACTS_FAILURE_TLS_ALERT || code == FACTS_FAILURE_TLS_VERSION || code == FACTS_FAILURE_TLS_BROKEN ||
            code == FACTS_FAILURE_TLS_CLOSED || code == FACTS_FAILURE_CONNECTION_RESET);
}

/* The same address, once more, from the connection on. */
static void dial_again(http_fetch_state *f, const facts_failure *failure)
{
    f->legacy_tls = true;
    f->refusal = *failure;
    io_stream_close(f->stream);
    f->stream = NULL;
    f->has_tls = false;
    f->phase = FACTS_PHASE_CONNECT;
    f->phase_started = io_loop_now(f->client->loop);
    http_fetch_arm(f, f->phase_started);
    begin_race(f, f->reached, 1, &f->attempts[f->reached_by], &f->legacy_attempts);
}

/* Before the first question everything that ends the connection is its failure. */
static void on_end(void *self, const facts_failure *failure)
{
    http_fetch_state *f = self;

    if (f->http2 != NULL)
        http_fetch_http2_end(f, failure, FACTS_CONTENT_BROKEN);
    else if (f->phase == FACTS_PHASE_RESPONSE)
        http_fetch_http1_end(f, failure);
    else if (failure != NULL && may_be_old(f, failure))
        dial_again(f, failure);
    else if (failure != NULL)
        http_fetch_conclude(f, failure);
    else
        http_fetch_fail(f, FACTS_FAILURE_RESPONSE_EMPTY);
}

/* RFC 7301 3.1: the server selects one of the protocols that the client offered, or none. */
static facts_code judge_agreement(tls_protocol agreed, tls_offer offer)
{
    switch (agreed) {
    case TLS_AGREED_NOTHING:
        return offer == TLS_OFFER_HTTP2 ? FACTS_FAILURE_ALPN_REFUSED : FACTS_FAILURE_NONE;
    case TLS_AGREED_HTTP1:
        return offer == TLS_OFFER_HTTP2 ? FACTS_FAILURE_ALPN_WRONG : FACTS_FAILURE_NONE;
    case TLS_AGREED_HTTP2:
        return offer == TLS_OFFER_HTTP1 ? FACTS_FAILURE_ALPN_WRONG : FACTS_FAILURE_NONE;
    case TLS_AGREED_OTHER:
        break;
    }
    return FACTS_FAILURE_ALPN_WRONG;
}

/* RFC 9113 9.2.2: "Endpoints MAY choose to generate a connection error [...] of type INADEQUATE_SECURITY if one of the
   prohibited cipher suites is negotiated." Browsers do. */
static void begin_http2(http_fetch_state *f)
{
    f->exchange->http2_unsuitable = !tls_suits_http2(f->stream);
    if (f->request->strict && f->exchange->http2_unsuitable)
        http_fetch_fail(f, FACTS_FAILURE_HTTP2_UNSUITABLE_CIPHER);
    else
        http_fetch_http2_begin(f);
}

/* Asks, or hands the connection over, which then says nothing until somebody else listens. */
static void begin_http1(http_fetch_state *f)
{
    if (f->handed_over == NULL) {
        http_fetch_http1_begin(f);
        return;
    }
    io_stream_pause(f->stream);
    http_fetch_conclude(f, NULL);
}

static void on_tls_ready(void *self)
{
    http_fetch_state *f = self;
    tls_protocol agreed = tls_agreed(f->stream);
    facts_code wrong = judge_agreement(agreed, f->request->offer);

    if (f->request->strict || (f->client->as_browser != NULL && http_has_credentials(f->client->as_browser))) {
        tls_report_read(f->stream, f->arena, &f->exchange->tls);
        f->tls_trusted = f->exchange->tls.error_count == 0;
    }
    if (f->request->strict && f->exchange->tls.error_count > 0)
        http_fetch_fail(f, FACTS_FAILURE_TLS_CERTIFICATE);
    else if (wrong != FACTS_FAILURE_NONE)
        http_fetch_fail(f, wrong);
    else if (agreed == TLS_AGREED_HTTP2)
        begin_http2(f);
    else
        begin_http1(f);
}

static void on_clear_ready(void *self)
{
    begin_http1(self);
}

static bool count_handshake(void *self, bool after, facts_failure *failure)
{
    http_fetch_state *f = self;
    http_budget *budget = f->client->budget;

    budget->cpu_used += after ? http_budget_clock() : -http_budget_clock();
    return !after || http_budget_has_time(budget, failure);
}

/* The way to the host is open. */
static void on_host_reached(void *self)
{
    http_fetch_state *f = self;
    io_sink sink = {
        .ready = f->request->secure ? on_tls_ready : on_clear_ready, .data = on_data, .end = on_end, .self = f};

    if (!f->request->secure || f->request->way_alone) {
        f->stream->sink = sink;
        begin_http1(f);
        return;
    }
    http_fetch_enter(f, FACTS_PHASE_TLS);
    f->tls = (tls_options){.trust = f->client->trust,
                           .host = f->request->host,
                           .is_address = f->request->is_address,
                           .no_sni = f->request->no_sni,
                           .offer = f->request->offer,
                           .keys = f->request->keys,
                           .now = f->request->now,
                           .legacy_tls = f->legacy_tls && !f->request->strict,
                           .more_groups = f->legacy_tls,
                           .leaf_only = f->request->leaf_only,
                           .count = f->client->budget != NULL ? count_handshake : NULL,
                           .count_self = f};
    f->stream = tls_client(f->stream, &f->tls, sink);
    f->has_tls = true;
}

static void on_tcp_ready(void *self)
{
    http_fetch_state *f = self;

    if (f->proxy == NULL || !http_fetch_needs_tunnel(f)) {
        on_host_reached(f);
        return;
    }
    http_fetch_enter(f, FACTS_PHASE_PROXY);
    f->stream = http_tunnel(f->stream, f->proxy, f->to, f->to_port,
                            (io_sink){.ready = on_host_reached, .end = on_end, .self = f});
}

/* Of several failures the one that tells most: an address of a family without route says little about the host. */
static const facts_failure *telling(const facts_exchange *exchange)
{
    for (size_t i = 0; i < exchange->attempt_count; i++)
        if (exchange->attempts[i].failure->code != FACTS_FAILURE_NO_ROUTE)
            return exchange->attempts[i].failure;
    return exchange->attempts[0].failure;
}

/* A second try of a handshake is for its address alone, which did connect: the first try is then what is told. */
static void on_race_over(void *self, io_stream *stream, size_t address, size_t attempt)
{
    http_fetch_state *f = self;

    f->race = NULL;
    f->stream = stream;
    if (stream != NULL && !f->legacy_tls) {
        f->reached = address;
        f->reached_by = attempt;
    }
    if (stream != NULL) {
        on_tcp_ready(f);
    } else if (f->legacy_tls) {
        f->attempts[f->reached_by].failure = NULL;
        http_fetch_conclude(f, &f->refusal);
    } else {
        http_fetch_conclude(f, telling(f->exchange));
    }
}

void http_fetch_connect_timeout(http_fetch_state *f)
{
    http_race_end(f->race, FACTS_FAILURE_CONNECT_TIMEOUT);
    /* The time of the whole was over before the first attempt. */
    if (!f->legacy_tls && f->exchange->attempt_count == 0) {
        f->race = NULL;
        http_fetch_fail(f, FACTS_FAILURE_CONNECT_TIMEOUT);
    } else {
        on_race_over(f, NULL, 0, 0);
    }
}

static void begin_race(http_fetch_state *f, size_t first, size_t count, facts_attempt *attempts, size_t *attempt_count)
{
    const http_course course = {.loop = f->client->loop,
                                .arena = f->arena,
                                .addresses = f->addresses + first,
                                .texts = f->exchange->addresses + first,
                                .count = count,
                                .limit = f->client->limits.connect,
                                .attempts = attempts,
                                .attempt_count = attempt_count};

    f->race = http_race_begin(&course, on_race_over, f);
}

/* -- Names --------------------------------------------------------------------------------------------------------- */

static size_t keep_family(dns_family family, const io_address *from, size_t count, io_address *to)
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++)
        if (family == DNS_FAMILY_ANY || (from[i].socket.ss_family == AF_INET6) == (family == DNS_FAMILY_IPV6))
            to[kept++] = from[i];
    return kept;
}

/* By a route, a proxy, or because it is the very address that was asked for. */
static bool is_chosen(const http_fetch_state *f)
{
    const http_request *r = f->request;
    io_address addresses[IO_ADDRESSES_MAX];
    facts_unasked known;
    size_t count;

    if (f->proxy != NULL || f->to != r->host || f->to_port != r->port ||
        http_route_addresses(f->client->route, f->to, f->to_port, addresses, IO_ADDRESSES_MAX, &count))
        return true;
    known = dns_resolver_known(f->client->resolver, r->host, r->port, addresses, &count);
    return r->named && (known == FACTS_UNASKED_ADDRESS || known == FACTS_UNASKED_LOCALHOST);
}

/* How many of the addresses are left: those to which nobody but the DNS or a server leads are not gone to. */
static size_t keep_public(const http_fetch_state *f, io_address *addresses, size_t count)
{
    size_t kept = 0;

    if (!f->client->public_only || is_chosen(f))
        return count;
    for (size_t i = 0; i < count; i++)
        if (!io_address_is_private(&addresses[i]))
            addresses[kept++] = addresses[i];
    return kept;
}

static void on_resolved(void *self, const io_address *addresses, size_t count, const facts_failure *failure)
{
    http_fetch_state *f = self;
    const char **texts;
    char text[IO_ADDRESS_TEXT];

    f->lookup = NULL;
    if (failure != NULL) {
        http_fetch_conclude(f, failure);
        return;
    }
    f->addresses = base_arena_take(f->arena, count * sizeof *f->addresses);
    count = keep_family(f->client->family, addresses, count, f->addresses);
    if (count == 0) {
        http_fetch_fail(f, FACTS_FAILURE_NAME_WITHOUT_ADDRESS);
        return;
    }
    count = keep_public(f, f->addresses, count);
    if (count == 0) {
        http_fetch_fail(f, FACTS_FAILURE_PRIVATE_ADDRESS);
        return;
    }
    f->exchange->addresses = texts = base_arena_take(f->arena, count * sizeof *texts);
    f->exchange->address_count = count;
    f->exchange->attempts = f->attempts = base_arena_take(f->arena, count * sizeof *f->attempts);
    for (size_t i = 0; i < count; i++) {
        io_address_format(&f->addresses[i], text);
        texts[i] = base_arena_string(f->arena, text);
    }
    http_fetch_enter(f, FACTS_PHASE_CONNECT);
    begin_race(f, 0, count, f->attempts, &f->exchange->attempt_count);
}

static bool is_found(const http_found *found, const char *name, int port, io_address *addresses, size_t *count)
{
    if (found->name == NULL || strcmp(found->name, name) != 0)
        return false;
    *count = 0;
    for (size_t i = 0; i < found->count && *count < IO_ADDRESSES_MAX; i++)
        *count += io_address_from((const struct sockaddr *)&found->addresses[i].socket, port, &addresses[*count]);
    return true;
}

void http_fetch_connect(http_fetch_state *f)
{
    const http_request *r = f->request;
    BASE_UNZEROED io_address given[IO_ADDRESSES_MAX];
    size_t count;

    http_route_target(f->client->route, r->host, r->port, &f->to, &f->to_port);
    f->proxy = http_proxy_for(f->client->proxies, r->host, r->secure);
    if (f->proxy != NULL) {
        f->exchange->proxy = base_arena_string(f->arena, f->proxy->name);
        f->lookup = dns_resolve(f->client->resolver, f->proxy->host, f->proxy->port, f->client->family, on_resolved, f);
    } else if (r->address != NULL) {
        on_resolved(f, r->address, 1, NULL);
    } else if (http_route_addresses(f->client->route, f->to, f->to_port, given, IO_ADDRESSES_MAX, &count) ||
               is_found(&f->client->found, f->to, f->to_port, given, &count)) {
        on_resolved(f, given, count, NULL);
    } else {
        f->lookup = dns_resolve(f->client->resolver, f->to, f->to_port, f->client->family, on_resolved, f);
    }
}
