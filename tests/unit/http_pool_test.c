/* The pool and our own server on one loop: connections are kept and used again, bodies stream both ways, and what a
   server does wrong is a failure with a name. */
#include "http/pool.h"

#include "io/listener.h"
#include "serve/http.h"
#include "tls/test_ca.h"

#include "base/buffer.h"
#include "lib/growth.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define NOW 1790000000
#define HOUR 3600
#define PATIENCE 60000
#define BULK (32 << 20)
#define PIECE 32768
#define GROWTH_MAX (6 << 10) /* KiB by which the process may grow while 32 MiB pass */

typedef struct scene scene;

/* What the server does with a request: it sends back what it gets, piece by piece. */
typedef struct work {
    scene *scene;
    serve_exchange *exchange;
    size_t to_write, received;
    io_stream *taken;
} work;

struct scene {
    io_loop *loop;
    /* The server, or a listener whose words are written down. */
    serve_http *server;
    io_listener *listener;
    const char *says; /* to each request */
    size_t accepted, asked;
    bool closes_second; /* the connection, at the second request on it, without a word */
    io_stream *raw;
    size_t raw_asked;
    work work;
    tls_identity *identity;
    tls_trust_store *trust;
    char cafile[40];
    /* The client. */
    http_client client;
    http_pool *pool;
    io_address address;
    http_request to;
    http_exchange *x;
    base_buffer body;
    size_t received, to_write, queued_max, interims;
    bool counts, slow, takes;
    int status;
    int64_t quiet_ms; /* 0: as the pool has it */
    bool ended, failed;
    facts_failure failure;
    io_stream *taken;
    io_timer *timer, *handler_timer, *watchdog;
    bool timed_out;
};

/* -- The server ---------------------------------------------------------------------------------------------------- */

static void on_gone(void *self)
{
    ((work *)self)->exchange = NULL;
}

static void on_body(void *self, const char *bytes, size_t length)
{
    work *w = self;

    w->received += length;
    if (serve_write(w->exchange, bytes, length) > IO_QUEUE_HIGH)
        serve_pause(w->exchange);
}

static void on_server_drained(void *self)
{
    serve_resume(((work *)self)->exchange);
}

static void on_body_end(void *self)
{
    work *w = self;

    serve_end(w->exchange);
    w->exchange = NULL;
}

static void on_slow_body(void *self, const char *bytes, size_t length)
{
    work *w = self;

    (void)bytes;
    w->received += length;
    serve_pause(w->exchange);
    io_timer_start(w->scene->handler_timer, 0);
}

static void on_handler_timer(void *self)
{
    scene *s = self;

    if (s->work.exchange != NULL)
        serve_resume(s->work.exchange);
}

static void count_body(void *self)
{
    work *w = self;
    char text[32];

    snprintf(text, sizeof text, "%zu", w->received);
    serve_answer(w->exchange, &(serve_response){.status = 200}, text, strlen(text));
    w->exchange = NULL;
}

static void pump_server(void *self)
{
    static char piece[PIECE];
    work *w = self;
    size_t queued = 0;

    while (w->to_write > 0 && queued <= IO_QUEUE_HIGH) {
        queued = serve_write(w->exchange, piece, PIECE);
        w->to_write -= PIECE;
    }
    if (w->to_write == 0)
        serve_end(w->exchange);
}

static void on_taken_data(void *self, const char *bytes, size_t length)
{
    io_stream_write(((work *)self)->taken, bytes, length);
}

static void on_taken_end(void *self, const facts_failure *failure)
{
    work *w = self;

    (void)failure;
    io_stream_leave(w->taken);
    w->taken = NULL;
}

static void upgrade(work *w)
{
    static const hf_field fields[] = {{{"Connection", 10}, {"Upgrade", 7}}, {{"Upgrade", 7}, {"echo", 4}}};

    w->taken = serve_take(w->exchange, &(serve_response){.status = 101, .fields = fields, .count = 2});
    w->taken->sink = (io_sink){.data = on_taken_data, .end = on_taken_end, .self = w};
    io_stream_write(w->taken, "welcome ", 8);
}

static bool path_is(const serve_request *request, const char *path)
{
    return request->path.length == strlen(path) && memcmp(request->path.data, path, request->path.length) == 0;
}

static void on_request(void *self, serve_exchange *exchange, const serve_request *request)
{
    static const hf_field hint = {{"Link", 4}, {"</a>", 4}};
    scene *s = self;
    work *w = &s->work;
    serve_events events = {
        .data = on_body, .end = on_body_end, .drained = on_server_drained, .gone = on_gone, .self = w};

    s->asked++;
    *w = (work){.scene = s, .exchange = exchange};
    if (path_is(request, "/echo")) {
        serve_attach(exchange, &events);
        serve_begin(exchange, &(serve_response){.status = 200, .length = -1});
    } else if (path_is(request, "/count")) {
        events.data = on_slow_body;
        events.end = count_body;
        serve_attach(exchange, &events);
    } else if (path_is(request, "/bulk")) {
        w->to_write = BULK;
        serve_attach(exchange, &(serve_events){.gone = on_gone, .drained = pump_server, .self = w});
        serve_begin(exchange, &(serve_response){.status = 200, .length = BULK});
        pump_server(w);
    } else if (path_is(request, "/wait")) {
        serve_attach(exchange, &(serve_events){.gone = on_gone, .self = w});
    } else if (path_is(request, "/upgrade")) {
        upgrade(w);
    } else {
        serve_interim(exchange, 103, &hint, 1);
        serve_answer(exchange, &(serve_response){.status = 404}, "no", 2);
    }
}

/* A server that says what is written down. */
static void on_raw_data(void *self, const char *bytes, size_t length)
{
    scene *s = self;

    (void)bytes, (void)length;
    if (++s->raw_asked == 2 && s->closes_second) {
        io_stream_leave(s->raw);
        s->raw = NULL;
        return;
    }
    s->asked++;
    io_stream_write(s->raw, s->says, strlen(s->says));
    if (strstr(s->says, "keep") == NULL)
        io_stream_finish(s->raw);
}

static void on_raw_end(void *self, const facts_failure *failure)
{
    scene *s = self;

    (void)failure;
    io_stream_close(s->raw);
    s->raw = NULL;
}

static void on_raw_accepted(void *self, io_stream *stream, const io_address *peer)
{
    scene *s = self;

    (void)peer;
    s->accepted++;
    s->raw_asked = 0;
    s->raw = stream;
    stream->sink = (io_sink){.data = on_raw_data, .end = on_raw_end, .self = s};
}

/* -- The client ---------------------------------------------------------------------------------------------------- */

static void on_interim(void *self, const http_answer_head *head)
{
    scene *s = self;

    assert_int_equal(head->status, 103);
    assert_int_equal(head->count, 1);
    s->interims++;
}

static void on_took_data(void *self, const char *bytes, size_t length)
{
    scene *s = self;

    base_buffer_append(&s->body, bytes, length);
    if (s->body.length >= strlen("welcome hello"))
        io_loop_stop(s->loop);
}

static void on_took_end(void *self, const facts_failure *failure)
{
    (void)failure;
    io_loop_stop(((scene *)self)->loop);
}

static void on_head(void *self, const http_answer_head *head)
{
    scene *s = self;

    s->status = head->status;
    if (!s->takes)
        return;
    s->taken = http_exchange_take(s->x);
    s->taken->sink = (io_sink){.data = on_took_data, .end = on_took_end, .self = s};
    io_stream_write(s->taken, "hello", 5);
}

static void on_data(void *self, const char *bytes, size_t length)
{
    scene *s = self;

    s->received += length;
    if (!s->counts)
        base_buffer_append(&s->body, bytes, length);
    if (!s->slow)
        return;
    http_exchange_pause(s->x);
    io_timer_start(s->timer, 0);
}

static void on_timer(void *self)
{
    scene *s = self;

    if (!s->ended && !s->failed)
        http_exchange_resume(s->x);
}

static void on_end(void *self)
{
    scene *s = self;

    s->ended = true;
    io_loop_stop(s->loop);
}

static void on_failed(void *self, const facts_failure *failure)
{
    scene *s = self;

    s->failed = true;
    s->failure = *failure;
    io_loop_stop(s->loop);
}

static void pump(void *self)
{
    static char piece[PIECE];
    scene *s = self;
    size_t queued = 0;

    while (s->to_write > 0 && queued <= IO_QUEUE_HIGH) {
        queued = http_exchange_write(s->x, piece, PIECE);
        s->to_write -= PIECE;
        if (queued > s->queued_max)
            s->queued_max = queued;
    }
    if (s->to_write == 0)
        http_exchange_finish(s->x);
}

static void on_watchdog(void *self)
{
    scene *s = self;

    s->timed_out = true;
    io_loop_stop(s->loop);
}

static const tls_identity *choose(void *self, const char *name)
{
    assert_true(name == NULL || strcmp(name, "a.test") == 0);
    return ((scene *)self)->identity;
}

static void begin_client(scene *s, int port, http_pool_options options)
{
    io_address_parse("127.0.0.1", port, &s->address);
    s->client =
        (http_client){.loop = s->loop, .trust = s->trust, .limits = {PATIENCE, PATIENCE, PATIENCE, PATIENCE, PATIENCE}};
    s->to = (http_request){.host = "a.test", .port = 80, .address = &s->address, .now = NOW, .strict = true};
    s->pool = http_pool_new(&s->client, &options);
    s->timer = io_timer_new(s->loop, on_timer, s);
    s->handler_timer = io_timer_new(s->loop, on_handler_timer, s);
    s->watchdog = io_timer_new(s->loop, on_watchdog, s);
    base_buffer_init(&s->body, 1 << 20);
}

static void begin_with(scene *s, http_pool_options options, serve_http_options server)
{
    io_address address;
    base_error error;

    s->loop = io_loop_new();
    server.handler = (serve_handler){.request = on_request, .self = s};
    server.choose = choose;
    server.choose_self = s;
    s->server = serve_http_new(s->loop, &server);
    io_address_parse("127.0.0.1", 0, &address);
    assert_true(serve_http_listen(s->server, &address, false, SERVE_EITHER, &error));
    begin_client(s, serve_http_port(s->server), options);
}

static void begin(scene *s)
{
    memset(s, 0, sizeof *s);
    begin_with(s, (http_pool_options){0}, (serve_http_options){0});
}

static void begin_raw(scene *s, const char *says)
{
    io_address address;
    base_error error;

    memset(s, 0, sizeof *s);
    s->loop = io_loop_new();
    s->says = says;
    io_address_parse("127.0.0.1", 0, &address);
    s->listener = io_listener_tcp(s->loop, &address, false, on_raw_accepted, s, &error);
    assert_non_null(s->listener);
    begin_client(s, io_listener_port(s->listener), (http_pool_options){0});
}

/* Asks, and waits for the end. */
static void ask(scene *s, const char *method, const char *target, int64_t length, const char *body)
{
    const http_exchange_events events = {.interim = on_interim,
                                         .head = on_head,
                                         .data = on_data,
                                         .drained = pump,
                                         .end = on_end,
                                         .failed = on_failed,
                                         .self = s};
    const hf_field fields[] = {{{"X-A", 3}, {"b\r\nX-C: d", 9}}, {{"Content-Length", 14}, {"7", 1}}};
    const http_ask a = {.to = &s->to,
                        .method = method,
                        .target = target,
                        .fields = fields,
                        .count = 2,
                        .length = length,
                        .quiet_ms = s->quiet_ms};

    s->ended = s->failed = false;
    s->status = 0;
    s->received = 0;
    base_buffer_clear(&s->body);
    io_timer_start(s->watchdog, PATIENCE);
    s->x = http_pool_ask(s->pool, &a, &events);
    if (body != NULL) {
        http_exchange_write(s->x, body, strlen(body));
        http_exchange_finish(s->x);
    } else if (s->to_write > 0) {
        pump(s);
    }
    io_loop_run(s->loop);
    assert_false(s->timed_out);
}

/* Lets what is under way come to its end. */
static void settle(scene *s, int64_t milliseconds)
{
    io_timer_start(s->watchdog, milliseconds);
    io_loop_run(s->loop);
    s->timed_out = false;
}

static void wait_for_none_idle(scene *s)
{
    for (size_t i = 0; i < 1000 && http_pool_idle(s->pool) > 0; i++)
        settle(s, 20);
    assert_int_equal(http_pool_idle(s->pool), 0);
}

static void end_scene(scene *s)
{
    http_pool_free(s->pool);
    io_stream_close(s->taken);
    io_stream_close(s->work.taken);
    io_stream_close(s->raw);
    serve_http_free(s->server);
    io_listener_free(s->listener);
    io_timer_free(s->timer);
    io_timer_free(s->handler_timer);
    io_timer_free(s->watchdog);
    io_loop_free(s->loop);
    tls_identity_free(s->identity);
    tls_trust_store_free(s->trust);
    base_buffer_done(&s->body);
}

/* -- Connections are kept ------------------------------------------------------------------------------------------ */

static void test_reuse(void **state)
{
    scene s;

    (void)state;
    begin(&s);
    for (size_t i = 0; i < 5; i++) {
        ask(&s, "GET", "/", 0, NULL);
        assert_true(s.ended);
        assert_int_equal(s.status, 404);
        assert_string_equal(base_buffer_string(&s.body), "no");
        assert_int_equal(http_pool_idle(s.pool), 1);
        assert_int_equal(serve_http_connections(s.server), 1);
    }
    assert_int_equal(s.interims, 5);
    ask(&s, "HEAD", "/", 0, NULL);
    assert_int_equal(s.body.length, 0);
    assert_int_equal(serve_http_connections(s.server), 1);
    /* Another host, another way to speak with it: another connection. */
    s.to.host = "b.test";
    ask(&s, "GET", "/", 0, NULL);
    s.to.strict = false;
    ask(&s, "GET", "/", 0, NULL);
    assert_int_equal(serve_http_connections(s.server), 3);
    end_scene(&s);
}

static void test_idle_bounds(void **state)
{
    static const char *const hosts[] = {"a.test", "b.test", "c.test"};
    scene s;

    (void)state;
    memset(&s, 0, sizeof s);
    begin_with(&s, (http_pool_options){.idle_max = 2}, (serve_http_options){0});
    for (size_t i = 0; i < 3; i++) {
        s.to.host = hosts[i];
        ask(&s, "GET", "/", 0, NULL);
    }
    assert_int_equal(http_pool_idle(s.pool), 2);
    end_scene(&s);
    memset(&s, 0, sizeof s);
    begin_with(&s, (http_pool_options){.idle_ms = 50}, (serve_http_options){0});
    ask(&s, "GET", "/", 0, NULL);
    wait_for_none_idle(&s);
    end_scene(&s);
}

/* The server closes what is idle; the pool notices. */
static void test_server_closes(void **state)
{
    scene s;

    (void)state;
    memset(&s, 0, sizeof s);
    begin_with(&s, (http_pool_options){0}, (serve_http_options){.idle_ms = 100});
    ask(&s, "GET", "/", 0, NULL);
    wait_for_none_idle(&s);
    ask(&s, "GET", "/", 0, NULL);
    assert_true(s.ended);
    end_scene(&s);
}

/* A server that closes a kept connection just as it is used again: GET is put once more, POST is not. */
static void test_repeat(void **state)
{
    scene s;

    (void)state;
    begin_raw(&s, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nkeep");
    s.closes_second = true;
    ask(&s, "GET", "/", 0, NULL);
    assert_true(s.ended);
    ask(&s, "GET", "/", 0, NULL);
    assert_true(s.ended);
    assert_int_equal(s.accepted, 2);
    ask(&s, "POST", "/", 0, NULL);
    assert_true(s.failed);
    assert_int_equal(s.failure.code, FACTS_FAILURE_RESPONSE_EMPTY);
    assert_int_equal(s.accepted, 2);
    end_scene(&s);
}

/* -- Bodies -------------------------------------------------------------------------------------------------------- */

static void test_echo(void **state)
{
    scene s;

    (void)state;
    begin(&s);
    ask(&s, "POST", "/echo", 5, "hello");
    assert_string_equal(base_buffer_string(&s.body), "hello");
    ask(&s, "POST", "/echo", -1, "of unknown length");
    assert_string_equal(base_buffer_string(&s.body), "of unknown length");
    ask(&s, "POST", "/echo", 0, NULL);
    assert_int_equal(s.body.length, 0);
    assert_int_equal(serve_http_connections(s.server), 1);
    end_scene(&s);
}

static void bulk(const char *method, const char *target, int64_t length, size_t to_write, bool slow, size_t expected)
{
    scene s;
    long before;

    begin(&s);
    s.counts = true;
    s.slow = slow;
    s.to_write = to_write;
    before = growth_peak_kib();
    ask(&s, method, target, length, NULL);
    assert_true(s.ended);
    assert_int_equal(s.received, expected);
    assert_true(s.queued_max <= IO_QUEUE_HIGH + 2 * PIECE);
    print_message("%s %s: at most %zu octets queued, the process grew by %ld KiB\n", method, target, s.queued_max,
                  growth_peak_kib() - before);
    assert_true(growth_peak_kib() - before <= GROWTH_MAX || !growth_counts());
    end_scene(&s);
}

static void test_bulk(void **state)
{
    (void)state;
    bulk("GET", "/bulk", 0, 0, true, BULK);
    bulk("PUT", "/count", BULK, BULK, false, 8);
    bulk("PUT", "/echo", -1, BULK, true, BULK);
}

/* -- The raw stream ------------------------------------------------------------------------------------------------ */

static void test_take(void **state)
{
    scene s;

    (void)state;
    begin(&s);
    s.takes = true;
    ask(&s, "GET", "/upgrade", 0, NULL);
    assert_int_equal(s.status, 101);
    assert_string_equal(base_buffer_string(&s.body), "welcome hello");
    end_scene(&s);
}

/* -- What goes wrong ----------------------------------------------------------------------------------------------- */

static void assert_fails(const char *says, facts_code code)
{
    scene s;

    begin_raw(&s, says);
    ask(&s, "POST", "/", 0, NULL);
    if (!s.failed || s.failure.code != code)
        fail_msg("%s: %s", s.failed ? facts_code_name(s.failure.code) : "no failure", says);
    assert_int_equal(http_pool_idle(s.pool), 0);
    end_scene(&s);
}

static void assert_works(const char *says, const char *body, size_t idle)
{
    scene s;

    begin_raw(&s, says);
    ask(&s, "POST", "/", 0, NULL);
    if (!s.ended)
        fail_msg("%s: %s", facts_code_name(s.failure.code), says);
    assert_string_equal(base_buffer_string(&s.body), body);
    assert_int_equal(http_pool_idle(s.pool), idle);
    end_scene(&s);
}

static void test_framing(void **state)
{
    (void)state;
    assert_works("HTTP/1.1 200 OK\r\n\r\nuntil the end", "until the end", 0);
    assert_works("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nkeep", "keep", 1);
    assert_works("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nkeep", "keep", 0);
    /* What nobody asked for is nobody's answer. */
    assert_works("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nkeepHTTP/1.1 200 OK\r\n\r\n", "keep", 0);
    assert_fails("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nkeep",
                 FACTS_FAILURE_RESPONSE_SEVERAL_LENGTHS);
    assert_fails("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\nkeep\n0\n\n",
                 FACTS_FAILURE_RESPONSE_NOT_HTTP);
    assert_fails("SSH-2.0-keep\r\n", FACTS_FAILURE_RESPONSE_NOT_HTTP);
    assert_fails("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nless", FACTS_FAILURE_CONNECTION_RESET);
    assert_fails("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n50\r\nless", FACTS_FAILURE_CONNECTION_RESET);
    assert_fails("HTTP/1.1 200 OK\r\nContent-", FACTS_FAILURE_RESPONSE_EMPTY);
}

static void test_silence(void **state)
{
    scene s;

    (void)state;
    begin(&s);
    s.quiet_ms = 300;
    ask(&s, "GET", "/wait", 0, NULL);
    assert_true(s.failed);
    assert_int_equal(s.failure.code, FACTS_FAILURE_RESPONSE_TIMEOUT);
    end_scene(&s);
}

static void test_refused(void **state)
{
    scene s;
    io_port *port;

    (void)state;
    begin(&s);
    port = io_port_new(s.loop);
    io_address_parse("127.0.0.1", io_port_number(port), &s.address);
    ask(&s, "GET", "/", 0, NULL);
    assert_true(s.failed);
    assert_int_equal(s.failure.code, FACTS_FAILURE_CONNECTION_REFUSED);
    io_port_free(port);
    end_scene(&s);
}

/* The pool goes, or the exchange is called off, in the midst of it. */
static void test_cancel(void **state)
{
    const http_exchange_events events = {.end = on_end, .failed = on_failed};
    http_ask a = {.method = "GET", .target = "/wait"};
    http_exchange *x;
    scene s;

    (void)state;
    begin(&s);
    a.to = &s.to;
    x = http_pool_ask(s.pool, &a, &events);
    http_exchange_cancel(x);
    x = http_pool_ask(s.pool, &a, &events);
    for (size_t i = 0; i < 1000 && s.asked == 0; i++)
        settle(&s, 20);
    assert_int_equal(s.asked, 1);
    http_exchange_cancel(x);
    http_pool_ask(s.pool, &a, &events);
    for (size_t i = 0; i < 1000 && s.asked == 1; i++)
        settle(&s, 20);
    http_pool_ask(s.pool, &a, &events);
    end_scene(&s);
}

/* -- TLS ----------------------------------------------------------------------------------------------------------- */

static void test_tls(void **state)
{
    static const char *const names[] = {"a.test", NULL};
    tls_test_ca *authority = tls_test_ca_new("An authority", NULL, NOW - HOUR, NOW + HOUR);
    tls_test_certificate mint = {
        .names = names, .issuer = authority, .not_before = NOW - HOUR, .not_after = NOW + HOUR, .at = NOW};
    base_error error;
    scene s;
    int fd;

    (void)state;
    memset(&s, 0, sizeof s);
    strcpy(s.cafile, "/tmp/holdfast-pool-XXXXXX");
    fd = mkstemp(s.cafile);
    assert_true(fd >= 0 && tls_test_ca_write(authority, s.cafile));
    close(fd);
    s.trust = tls_trust_store_new(s.cafile, &error);
    unlink(s.cafile);
    s.identity = tls_test_identity(&mint);
    begin_with(&s, (http_pool_options){0}, (serve_http_options){0});
    s.to.secure = true;
    s.to.port = 443;
    for (size_t i = 0; i < 3; i++) {
        ask(&s, "POST", "/echo", -1, "over TLS");
        assert_string_equal(base_buffer_string(&s.body), "over TLS");
        assert_int_equal(serve_http_connections(s.server), 1);
    }
    /* After its end the certificate is not good enough for who is strict, and nothing is asked. */
    s.to.now = NOW + 2 * HOUR;
    s.to.no_sni = false;
    http_pool_free(s.pool);
    s.pool = http_pool_new(&s.client, &(http_pool_options){0});
    s.asked = 0;
    ask(&s, "GET", "/", 0, NULL);
    assert_true(s.failed);
    assert_int_equal(s.failure.code, FACTS_FAILURE_TLS_CERTIFICATE);
    assert_int_equal(s.asked, 0);
    tls_test_ca_free(authority);
    end_scene(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reuse),   cmocka_unit_test(test_idle_bounds), cmocka_unit_test(test_server_closes),
        cmocka_unit_test(test_repeat),  cmocka_unit_test(test_echo),        cmocka_unit_test(test_bulk),
        cmocka_unit_test(test_take),    cmocka_unit_test(test_framing),     cmocka_unit_test(test_silence),
        cmocka_unit_test(test_refused), cmocka_unit_test(test_cancel),      cmocka_unit_test(test_tls),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
