#include "net/fetch.h"

#include "net/tcp.h"
#include "net/tunnel.h"

#include "base/buffer.h"
#include "holdfast/host.h"

#include <stdio.h>
#include <stdlib.h>

#define REQUEST_MAX (NET_HEAD_MAX + 8192) /* a target as long as a response head, and the rest */

typedef struct fetch {
    const net_client *client;
    const net_request *request;
    base_arena *arena;
    net_outcome *outcome;
    void (*done)(void *self);
    void *self;

    net_phase phase;
    int64_t deadline, phase_started;
    net_timer *timer;
    const net_proxy *proxy; /* NULL: none */
    const char *to;         /* where to, by the route */
    int to_port;
    bool concluded; /* the timer's next call delivers the outcome */
    net_lookup *lookup;
    net_address addresses[NET_ADDRESSES_MAX];
    size_t next; /* the address to try next */
    net_stream *stream;
    bool has_tls; /* `stream` is a TLS stream */
    net_tls_options tls;
    base_buffer received;
    net_head_progress progress;
} fetch;

/* -- Time --------------------------------------------------------------------------------------------------------------------- */

static int64_t limit_of(const fetch *f, net_phase phase)
{
    const net_limits *limits = &f->client->limits;
    const int64_t of[] = {limits->resolve, limits->connect, limits->connect, limits->tls, limits->response};

    return of[phase];
}

static void arm(fetch *f, int64_t now)
{
    int64_t left = f->deadline - now;
    int64_t phase = limit_of(f, f->phase);

    net_timer_start(f->timer, phase < left ? phase : left);
}

static void close_phase(fetch *f, int64_t now)
{
    f->outcome->milliseconds[f->phase] = now - f->phase_started;
}

static void enter(fetch *f, net_phase phase)
{
    int64_t now = net_loop_now(f->client->loop);

    if (phase != f->phase)
        close_phase(f, now);
    f->phase = phase;
    f->phase_started = now;
    arm(f, now);
}

/* -- The end ------------------------------------------------------------------------------------------------------------------ */

/* What keeps this machine from its proxy says nothing about the host. */
static net_failure seen_through_proxy(const fetch *f, const net_failure *failure)
{
    if (f->proxy == NULL || f->phase > NET_PHASE_CONNECT)
        return *failure;
    return net_failure_make(f->phase, NET_PROXY_UNREACHABLE, net_code_text(failure->code));
}

/* The outcome is delivered from the loop, not from here: whoever is on the stack still uses `f`. */
static void conclude(fetch *f, const net_failure *failure)
{
    net_outcome *outcome = f->outcome;

    if (f->concluded)
        return;
    f->concluded = true;
    close_phase(f, net_loop_now(f->client->loop));
    if (failure != NULL) {
        outcome->failed = true;
        outcome->failure = seen_through_proxy(f, failure);
        outcome->failure.phase = f->phase;
    }
    if (f->has_tls)
        net_tls_report_read(f->stream, f->arena, &outcome->tls);
    net_stream_close(f->stream);
    net_lookup_cancel(f->lookup);
    net_timer_start(f->timer, 0);
}

static void fail(fetch *f, net_code code)
{
    net_failure failure = net_failure_make(f->phase, code, NULL);

    conclude(f, &failure);
}

static void deliver(fetch *f)
{
    void (*done)(void *self) = f->done;
    void *self = f->self;

    net_timer_free(f->timer);
    base_buffer_done(&f->received);
    free(f);
    done(self);
}

/* As curl does: https always, and http too when the connection is to go elsewhere than the URL says. */
static bool needs_tunnel(const fetch *f)
{
    return f->request->secure || f->to != f->request->host || f->to_port != f->request->port;
}

/* -- The response ------------------------------------------------------------------------------------------------------------- */

/* The same octets, in a copy of what they lay in. */
static hf_span moved(hf_span span, const char *from, const char *to)
{
    return (hf_span){span.data != NULL ? to + (span.data - from) : NULL, span.length};
}

/* The same value, to be read as one line. */
static hf_span unfolded(base_arena *arena, hf_span value)
{
    char *copy;

    if (value.data == NULL || memchr(value.data, '\n', value.length) == NULL)
        return value;
    copy = base_arena_copy(arena, value.data, value.length);
    net_head_unfold(copy, value.length);
    return (hf_span){copy, value.length};
}

static void keep_response(fetch *f, const net_head *head)
{
    net_response *response = base_arena_take(f->arena, sizeof *response);
    hf_field *fields = base_arena_take(f->arena, head->count * sizeof *fields);
    const char *from = head->raw.data, *to = base_arena_copy(f->arena, from, head->raw.length);

    for (size_t i = 0; i < head->count; i++) {
        fields[i].name = moved(head->fields[i].name, from, to);
        fields[i].value = unfolded(f->arena, moved(head->fields[i].value, from, to));
    }
    *response = (net_response){.minor = head->minor,
                               .status = head->status,
                               .reason = moved(head->reason, from, to),
                               .raw = moved(head->raw, from, to),
                               .interim = f->progress.interim,
                               .skipped = head->skipped,
                               .fields = fields,
                               .count = head->count};
    f->outcome->response = response;
}

/* RFC 9110 15.5.8: 407 "is similar to 401 (Unauthorized), but it indicates that the client needs to authenticate itself in order
   to use a proxy". */
static void accept_head(fetch *f, const net_head *head)
{
    net_failure refused = net_failure_make(f->phase, NET_PROXY_REFUSED, "status 407");

    if (f->proxy != NULL && !needs_tunnel(f) && head->status == 407) {
        conclude(f, &refused);
        return;
    }
    keep_response(f, head);
    conclude(f, NULL);
}

static void on_head_data(void *self, const char *bytes, size_t length)
{
    static const net_code codes[] = {NET_NONE,
                                     NET_NONE,
                                     NET_RESPONSE_NOT_HTTP,
                                     NET_RESPONSE_TOO_LONG,
                                     NET_RESPONSE_TOO_MANY_FIELDS,
                                     NET_RESPONSE_TOO_MANY_HEADS};
    fetch *f = self;
    size_t room = NET_HEAD_MAX - f->received.length;
    net_head head;
    net_head_result result;

    base_buffer_append(&f->received, bytes, length < room ? length : room);
    if (f->received.failed) {
        fail(f, NET_LOCAL);
        return;
    }
    result = net_head_parse(f->received.data, f->received.length, &f->progress, &head);
    if (result == NET_HEAD_DONE)
        accept_head(f, &head);
    else if (result != NET_HEAD_MORE)
        fail(f, codes[result]);
}

static void on_head_end(void *self, const net_failure *failure)
{
    fetch *f = self;

    if (failure != NULL)
        conclude(f, failure);
    else
        fail(f, NET_RESPONSE_EMPTY);
}

static int default_port(const net_request *request)
{
    return request->secure ? 443 : 80;
}

/* RFC 9112 3.2: "A client MUST send a Host header field in all HTTP/1.1 request messages." And 3.2.2: "When making a request to a
   proxy, other than a CONNECT or server-wide OPTIONS request [...], a client MUST send the target URI in absolute-form". */
static void put_request(const fetch *f, base_buffer *out)
{
    const net_request *r = f->request;
    bool bracketed = r->is_address && strchr(r->host, ':') != NULL, absolute = f->proxy != NULL && !needs_tunnel(f);
    char authority[HF_HOST_MAX + 16], port[16] = "";

    if (r->port != default_port(r))
        snprintf(port, sizeof port, ":%d", r->port);
    snprintf(authority, sizeof authority, "%s%s%s%s", bracketed ? "[" : "", r->host, bracketed ? "]" : "", port);
    base_buffer_appendf(out, "%s %s%s%s HTTP/1.1\r\nHost: %s\r\nUser-Agent: holdfast/%s\r\nAccept: */*\r\n",
                        r->method != NULL ? r->method : "GET", absolute ? "http://" : "", absolute ? authority : "",
                        r->target, authority, hf_version());
    if (absolute && f->proxy->authorization != NULL)
        base_buffer_appendf(out, "Proxy-Authorization: %s\r\n", f->proxy->authorization);
    base_buffer_text(out, "Connection: close\r\n\r\n");
}

static void send_request(void *self)
{
    fetch *f = self;
    base_buffer request;

    base_buffer_init(&request, REQUEST_MAX);
    put_request(f, &request);
    if (request.failed) {
        fail(f, NET_LOCAL);
    } else {
        enter(f, NET_PHASE_RESPONSE);
        net_stream_write(f->stream, request.data, request.length);
    }
    base_buffer_done(&request);
}

/* -- TLS and TCP -------------------------------------------------------------------------------------------------------------- */

static void dial(fetch *f);

static void on_tls_ready(void *self)
{
    fetch *f = self;

    if (f->request->faultless)
        net_tls_report_read(f->stream, f->arena, &f->outcome->tls);
    if (f->request->faultless && f->outcome->tls.error_count > 0)
        fail(f, NET_TLS_CERTIFICATE);
    else
        send_request(f);
}

/* The way to the host is open. */
static void on_host_reached(void *self)
{
    fetch *f = self;
    net_sink sink = {f->request->secure ? on_tls_ready : send_request, on_head_data, on_head_end, f};

    if (!f->request->secure) {
        f->stream->sink = sink;
        send_request(f);
        return;
    }
    enter(f, NET_PHASE_TLS);
    f->tls = (net_tls_options){.trust = f->client->trust,
                               .host = f->request->host,
                               .is_address = f->request->is_address,
                               .nameless = f->request->nameless,
                               .at = f->request->at};
    f->stream = net_tls_client(f->stream, &f->tls, sink);
    f->has_tls = true;
}

static void on_tcp_ready(void *self)
{
    fetch *f = self;

    f->outcome->attempts[f->outcome->attempt_count - 1].connected = true;
    if (f->proxy == NULL || !needs_tunnel(f)) {
        on_host_reached(f);
        return;
    }
    enter(f, NET_PHASE_PROXY);
    f->stream = net_tunnel(f->stream, f->proxy, f->to, f->to_port, (net_sink){on_host_reached, NULL, on_head_end, f});
}

/* Of several failures the one that tells most: an address of a family without route says little about the host. */
static const net_failure *telling(const net_outcome *outcome)
{
    for (size_t i = 0; i < outcome->attempt_count; i++)
        if (outcome->attempts[i].failure.code != NET_NO_ROUTE)
            return &outcome->attempts[i].failure;
    return &outcome->attempts[0].failure;
}

/* What the system says of one address is kept; the next may still answer. */
static void next_address(fetch *f, const net_failure *failure, bool go_on)
{
    f->outcome->attempts[f->outcome->attempt_count - 1].failure = *failure;
    net_stream_close(f->stream);
    f->stream = NULL;
    if (go_on && f->next < f->outcome->address_count)
        dial(f);
    else
        conclude(f, telling(f->outcome));
}

static void on_tcp_end(void *self, const net_failure *failure)
{
    fetch *f = self;

    if (failure != NULL)
        next_address(f, failure, true);
}

static void dial(fetch *f)
{
    const net_address *address = &f->addresses[f->next];
    net_attempt *attempt = &f->outcome->attempts[f->outcome->attempt_count++];
    net_sink sink = {on_tcp_ready, NULL, on_tcp_end, f};
    net_failure failure;

    attempt->address = f->outcome->addresses[f->next++];
    attempt->port = net_address_port(address);
    arm(f, net_loop_now(f->client->loop));
    f->stream = net_tcp_connect(f->client->loop, address, sink, &failure);
    if (f->stream == NULL)
        next_address(f, &failure, true);
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
    fetch *f = self;
    net_outcome *outcome = f->outcome;
    char text[NET_ADDRESS_TEXT];

    f->lookup = NULL;
    if (failure != NULL) {
        conclude(f, failure);
        return;
    }
    count = keep_family(f->client->family, addresses, count, f->addresses);
    if (count == 0) {
        fail(f, NET_NAME_WITHOUT_ADDRESS);
        return;
    }
    outcome->addresses = base_arena_take(f->arena, count * sizeof *outcome->addresses);
    outcome->attempts = base_arena_take(f->arena, count * sizeof *outcome->attempts);
    outcome->address_count = count;
    for (size_t i = 0; i < count; i++) {
        net_address_format(&f->addresses[i], text);
        outcome->addresses[i] = base_arena_string(f->arena, text);
    }
    enter(f, NET_PHASE_CONNECT);
    dial(f);
}

static bool is_known(const net_known *known, const char *name, int port, net_address *addresses, size_t *count)
{
    if (known->name == NULL || strcmp(known->name, name) != 0)
        return false;
    *count = 0;
    for (size_t i = 0; i < known->count && *count < NET_ADDRESSES_MAX; i++)
        *count += net_address_from((const struct sockaddr *)&known->addresses[i].socket, port, &addresses[*count]);
    return true;
}

static void resolve(fetch *f)
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
               is_known(&f->client->known, f->to, f->to_port, given, &count)) {
        on_resolved(f, given, count, NULL);
    } else {
        f->lookup = net_resolve(f->client->resolver, f->to, f->to_port, f->client->family, on_resolved, f);
    }
}

/* -- The whole ---------------------------------------------------------------------------------------------------------------- */

static void on_time_over(fetch *f)
{
    static const net_code codes[] = {NET_RESOLVE_TIMEOUT, NET_CONNECT_TIMEOUT, NET_PROXY_TIMEOUT, NET_TLS_TIMEOUT,
                                     NET_RESPONSE_TIMEOUT};
    bool all_over = net_loop_now(f->client->loop) >= f->deadline;
    net_failure failure = net_failure_make(f->phase, codes[f->phase], NULL);

    if (f->phase == NET_PHASE_CONNECT)
        next_address(f, &failure, !all_over);
    else
        conclude(f, &failure);
}

static void on_timer(void *self)
{
    fetch *f = self;

    if (f->concluded)
        deliver(f);
    else
        on_time_over(f);
}

void net_fetch(const net_client *client, const net_request *request, base_arena *arena, net_outcome *outcome,
               void (*done)(void *self), void *self)
{
    fetch *f = base_allocate(sizeof *f);

    memset(outcome, 0, sizeof *outcome);
    for (size_t i = 0; i < NET_PHASES; i++)
        outcome->milliseconds[i] = -1;
    f->client = client;
    f->request = request;
    f->arena = arena;
    f->outcome = outcome;
    f->done = done;
    f->self = self;
    f->timer = net_timer_new(client->loop, on_timer, f);
    f->phase_started = net_loop_now(client->loop);
    f->deadline = f->phase_started + client->limits.total;
    if (request->deadline != 0 && request->deadline < f->deadline)
        f->deadline = request->deadline;
    f->phase = NET_PHASE_RESOLVE;
    base_buffer_init(&f->received, NET_HEAD_MAX);
    arm(f, f->phase_started);
    resolve(f);
}
