#include "net/fetch_state.h"

#include <stdlib.h>

/* -- Time --------------------------------------------------------------------------------------------------------------------- */

static int64_t limit_of(const net_fetching *f, net_phase phase)
{
    const net_limits *limits = &f->client->limits;
    const int64_t of[] = {limits->resolve, limits->connect, limits->connect, limits->tls, limits->response};

    return of[phase];
}

void net_fetch_arm(net_fetching *f, int64_t now)
{
    int64_t left = f->deadline - now;
    int64_t phase = limit_of(f, f->phase);

    net_timer_start(f->timer, phase < left ? phase : left);
}

static void close_phase(net_fetching *f, int64_t now)
{
    f->outcome->milliseconds[f->phase] = now - f->phase_started;
}

void net_fetch_enter(net_fetching *f, net_phase phase)
{
    int64_t now = net_loop_now(f->client->loop);

    if (phase != f->phase)
        close_phase(f, now);
    f->phase = phase;
    f->phase_started = now;
    net_fetch_arm(f, now);
}

static void on_time_over(net_fetching *f)
{
    static const net_code codes[] = {NET_RESOLVE_TIMEOUT, NET_CONNECT_TIMEOUT, NET_PROXY_TIMEOUT, NET_TLS_TIMEOUT,
                                     NET_RESPONSE_TIMEOUT};
    bool all_over = net_loop_now(f->client->loop) >= f->deadline;
    net_failure failure = net_failure_make(f->phase, codes[f->phase], NULL);

    if (f->phase == NET_PHASE_CONNECT)
        net_fetch_next_address(f, &failure, !all_over);
    else if (f->http2 != NULL)
        net_fetch_http2_end(f, &failure, NET_CONTENT_TIMEOUT);
    else if (f->phase == NET_PHASE_RESPONSE)
        net_fetch_http1_timeout(f, &failure);
    else
        net_fetch_conclude(f, &failure);
}

/* -- The end ------------------------------------------------------------------------------------------------------------------ */

/* What keeps this machine from its proxy says nothing about the host. */
static net_failure seen_through_proxy(const net_fetching *f, const net_failure *failure)
{
    if (f->proxy == NULL || f->phase > NET_PHASE_CONNECT)
        return *failure;
    return net_failure_make(f->phase, NET_PROXY_UNREACHABLE, net_code_text(failure->code));
}

/* Questions that got no answer before the connection failed share its failure. */
static void fail_answers(net_fetching *f)
{
    for (size_t i = 0; i < f->ask_count; i++) {
        net_answer *answer = &f->answers[i];

        if (answer->response != NULL || answer->failed)
            continue;
        answer->failed = true;
        answer->failure = f->outcome->failure;
    }
}

void net_fetch_conclude(net_fetching *f, const net_failure *failure)
{
    net_outcome *outcome = f->outcome;

    if (f->concluded)
        return;
    f->concluded = true;
    /* What the second try failed of is of no interest to anybody whom the server refused the first. */
    if (failure != NULL && f->lenient && f->phase != NET_PHASE_RESPONSE) {
        failure = &f->refusal;
        f->phase = NET_PHASE_TLS;
    }
    close_phase(f, net_loop_now(f->client->loop));
    if (failure != NULL) {
        outcome->failed = true;
        outcome->failure = seen_through_proxy(f, failure);
        outcome->failure.phase = f->phase;
        fail_answers(f);
    }
    outcome->response = f->answers[0].response;
    if (f->has_tls)
        net_tls_report_read(f->stream, f->arena, &outcome->tls);
    net_stream_close(f->stream);
    net_lookup_cancel(f->lookup);
    net_timer_start(f->timer, 0);
}

void net_fetch_fail(net_fetching *f, net_code code)
{
    net_failure failure = net_failure_make(f->phase, code, NULL);

    net_fetch_conclude(f, &failure);
}

static void deliver(net_fetching *f)
{
    void (*done)(void *self) = f->done;
    void *self = f->self;

    net_timer_free(f->timer);
    net_http2_free(f->http2);
    base_buffer_done(&f->received);
    free(f);
    done(self);
}

static void on_timer(void *self)
{
    net_fetching *f = self;

    if (f->concluded)
        deliver(f);
    else
        on_time_over(f);
}

/* -- The beginning ------------------------------------------------------------------------------------------------------------ */

static net_fetching *prepare(const net_client *client, const net_request *request, base_arena *arena,
                             net_outcome *outcome)
{
    net_fetching *f = base_allocate(sizeof *f);

    memset(outcome, 0, sizeof *outcome);
    for (size_t i = 0; i < NET_PHASES; i++)
        outcome->milliseconds[i] = -1;
    f->client = client;
    f->request = request;
    f->arena = arena;
    f->outcome = outcome;
    f->timer = net_timer_new(client->loop, on_timer, f);
    f->phase_started = net_loop_now(client->loop);
    f->deadline = f->phase_started + client->limits.total;
    if (request->deadline != 0 && request->deadline < f->deadline)
        f->deadline = request->deadline;
    f->phase = NET_PHASE_RESOLVE;
    base_buffer_init(&f->received, NET_HEAD_MAX);
    return f;
}

static void begin(net_fetching *f, void (*done)(void *self), void *self)
{
    f->done = done;
    f->self = self;
    net_fetch_arm(f, f->phase_started);
    net_fetch_connect(f);
}

void net_fetch(const net_client *client, const net_request *request, base_arena *arena, net_outcome *outcome,
               void (*done)(void *self), void *self)
{
    net_fetching *f = prepare(client, request, arena, outcome);

    f->only_ask = (net_ask){request->method != NULL ? request->method : "GET", request->target};
    f->asks = &f->only_ask;
    f->answers = &f->only_answer;
    f->ask_count = 1;
    begin(f, done, self);
}

void net_fetch_all(const net_client *client, const net_request *request, const net_ask *asks, net_answer *answers,
                   size_t count, base_arena *arena, net_outcome *outcome, void (*done)(void *self), void *self)
{
    net_fetching *f = prepare(client, request, arena, outcome);

    memset(answers, 0, count * sizeof *answers);
    f->asks = asks;
    f->answers = answers;
    f->ask_count = count;
    begin(f, done, self);
}
