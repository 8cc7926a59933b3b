#include "http/fetch_state.h"

#include <stdlib.h>

/* -- Time ---------------------------------------------------------------------------------------------------------- */

static int64_t limit_of(const http_fetch_state *f, facts_phase phase)
{
    const http_limits *limits = &f->client->limits;
    /* The race keeps the time of each address. */
    const int64_t of[] = {limits->resolve, limits->total, limits->connect, limits->tls, limits->response};

    return of[phase];
}

void http_fetch_arm(http_fetch_state *f, int64_t now)
{
    int64_t left = f->deadline - now;
    int64_t phase = limit_of(f, f->phase);

    io_timer_start(f->timer, phase < left ? phase : left);
}

static void close_phase(http_fetch_state *f, int64_t now)
{
    f->exchange->milliseconds[f->phase] = now - f->phase_started;
}

void http_fetch_enter(http_fetch_state *f, facts_phase phase)
{
    int64_t now = io_loop_now(f->client->loop);

    if (phase != f->phase)
        close_phase(f, now);
    f->phase = phase;
    f->phase_started = now;
    http_fetch_arm(f, now);
}

static void on_time_over(http_fetch_state *f)
{
    static const facts_code codes[] = {FACTS_FAILURE_RESOLVE_TIMEOUT, FACTS_FAILURE_CONNECT_TIMEOUT,
                                       FACTS_FAILURE_PROXY_TIMEOUT, FACTS_FAILURE_TLS_TIMEOUT,
                                       FACTS_FAILURE_RESPONSE_TIMEOUT};
    facts_failure failure = facts_failure_make(f->phase, codes[f->phase], NULL);

    if (f->phase == FACTS_PHASE_CONNECT)
        http_fetch_connect_timeout(f);
    else if (f->http2 != NULL)
        http_fetch_http2_end(f, &failure, FACTS_CONTENT_TIMEOUT);
    else if (f->phase == FACTS_PHASE_RESPONSE)
        http_fetch_http1_timeout(f, &failure);
    else
        http_fetch_conclude(f, &failure);
}

/* -- The end ------------------------------------------------------------------------------------------------------- */

/* What keeps this machine from its proxy says nothing about the host. */
static facts_failure seen_through_proxy(const http_fetch_state *f, const facts_failure *failure)
{
    if (f->proxy == NULL || f->phase > FACTS_PHASE_CONNECT)
        return *failure;
    return facts_failure_make(f->phase, FACTS_FAILURE_PROXY_UNREACHABLE, facts_code_text(failure->code));
}

/* Requests that got no answer before the connection failed share its failure. */
static void fail_answers(http_fetch_state *f)
{
    for (size_t i = 0; i < f->ask_count; i++)
        if (f->answers[i].response == NULL && f->answers[i].failure == NULL)
            f->answers[i].failure = f->exchange->failure;
}

/* What the certificates come to as facts: their octets, and all that is read out of them. */
#define FACTS_OF_DER 4

/* Without its certificates an answer would look better than it is: what there is no room for was not seen. */
static const facts_failure *read_tls(http_fetch_state *f, const facts_failure *failure, facts_failure *ours)
{
    http_budget *budget = f->client->budget;
    int64_t began = budget != NULL ? http_budget_clock() : 0;

    /* Only where not any chain has room they are counted. */
    if (!http_budget_has_room(budget, FACTS_OF_DER * TLS_CERTIFICATES_MAX, f->phase, ours) &&
        !http_budget_has_room(budget, FACTS_OF_DER * tls_certificates_size(f->stream), f->phase, ours))
        return ours;
    tls_report_read(f->stream, f->arena, &f->exchange->tls);
    if (budget != NULL)
        budget->cpu_used += http_budget_clock() - began;
    return failure;
}

static void drop_answers(http_fetch_state *f)
{
    for (size_t i = 0; i < f->ask_count; i++)
        f->answers[i] = (http_answer){0};
}

static void fail(http_fetch_state *f, const facts_failure *failure)
{
    facts_failure seen = seen_through_proxy(f, failure);

    seen.phase = f->phase;
    f->exchange->failure = facts_failure_keep(&seen, f->arena);
    fail_answers(f);
}

void http_fetch_conclude(http_fetch_state *f, const facts_failure *failure)
{
    facts_failure ours;

    if (f->concluded)
        return;
    f->concluded = true;
    /* A failure of the second handshake says less than the server's refusal of the first. */
    if (failure != NULL && f->legacy_tls && f->phase != FACTS_PHASE_RESPONSE) {
        failure = &f->refusal;
        f->phase = FACTS_PHASE_TLS;
    }
    close_phase(f, io_loop_now(f->client->loop));
    if (f->has_tls) {
        failure = read_tls(f, failure, &ours);
        if (failure == &ours)
            drop_answers(f);
    }
    if (failure != NULL)
        fail(f, failure);
    if (f->ask_count > 0) {
        f->exchange->response = f->answers[0].response;
        f->exchange->firefox = f->answers[0].firefox;
        f->exchange->refused = f->answers[0].refused;
    }
    if (f->handed_over != NULL && failure == NULL)
        *f->handed_over = f->stream;
    else
        io_stream_close(f->stream);
    f->stream = NULL;
    dns_lookup_cancel(f->lookup);
    http_race_end(f->race, FACTS_FAILURE_CONNECT_TIMEOUT);
    f->race = NULL;
    io_timer_start(f->timer, 0);
}

void http_fetch_fail(http_fetch_state *f, facts_code code)
{
    facts_failure failure = facts_failure_make(f->phase, code, NULL);

    http_fetch_conclude(f, &failure);
}

static void release(http_fetch_state *f)
{
    io_timer_free(f->timer);
    http2_free(f->http2);
    http_budget_release(f->client->budget, f->held);
    base_buffer_done(&f->received);
    free(f);
}

static void deliver(http_fetch_state *f)
{
    void (*done)(void *self) = f->done;
    void *self = f->self;

    release(f);
    done(self);
}

static void on_timer(void *self)
{
    http_fetch_state *f = self;

    if (f->concluded)
        deliver(f);
    else
        on_time_over(f);
}

/* -- The beginning ------------------------------------------------------------------------------------------------- */

static http_fetch_state *prepare(const http_client *client, const http_request *request, base_arena *arena,
                                 facts_exchange *exchange)
{
    http_fetch_state *f = base_allocate(sizeof *f);

    *exchange = (facts_exchange){.secure = request->secure, .cookies = request->cookies};
    for (size_t i = 0; i < FACTS_PHASES; i++)
        exchange->milliseconds[i] = -1;
    f->client = client;
    f->request = request;
    f->arena = arena;
    f->exchange = exchange;
    f->timer = io_timer_new(client->loop, on_timer, f);
    f->phase_started = io_loop_now(client->loop);
    f->deadline = f->phase_started + client->limits.total;
    if (request->deadline != 0 && request->deadline < f->deadline)
        f->deadline = request->deadline;
    if (request->patience != 0 && f->phase_started + request->patience < f->deadline)
        f->deadline = f->phase_started + request->patience;
    f->phase = FACTS_PHASE_RESOLVE;
    base_buffer_init(&f->received, HTTP_HEAD_MAX);
    return f;
}

static void begin(http_fetch_state *f, void (*done)(void *self), void *self)
{
    facts_failure failure;

    f->done = done;
    f->self = self;
    http_fetch_arm(f, f->phase_started);
    if (http_budget_connect(f->client->budget, &failure))
        http_fetch_connect(f);
    else
        http_fetch_conclude(f, &failure);
}

void http_fetch(const http_client *client, const http_request *request, base_arena *arena, facts_exchange *exchange,
                void (*done)(void *self), void *self)
{
    http_fetch_state *f = prepare(client, request, arena, exchange);

    f->only_ask = (http_request_line){request->method, request->target};
    f->asks = &f->only_ask;
    f->answers = &f->only_answer;
    f->ask_count = 1;
    begin(f, done, self);
}

void http_fetch_all(const http_client *client, const http_request *request, const http_request_line *asks,
                    http_answer *answers, size_t count, base_arena *arena, facts_exchange *exchange,
                    void (*done)(void *self), void *self)
{
    http_fetch_state *f = prepare(client, request, arena, exchange);

    memset(answers, 0, count * sizeof *answers);
    f->asks = asks;
    f->answers = answers;
    f->ask_count = count;
    begin(f, done, self);
}

http_connecting *http_connect(const http_client *client, const http_request *request, base_arena *arena,
                              facts_exchange *exchange, io_stream **stream, void (*done)(void *self), void *self)
{
    http_fetch_state *f = prepare(client, request, arena, exchange);

    *stream = NULL;
    f->handed_over = stream;
    begin(f, done, self);
    return f;
}

void http_connect_cancel(http_connecting *connecting)
{
    io_stream *stream = connecting->concluded ? *connecting->handed_over : connecting->stream;

    io_stream_close(stream);
    if (!connecting->concluded) {
        dns_lookup_cancel(connecting->lookup);
        http_race_end(connecting->race, FACTS_FAILURE_OVERTAKEN);
    }
    release(connecting);
}
