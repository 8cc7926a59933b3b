/* What one host may cost: memory, CPU time, connections; and what is left of an answer for which there is nothing left.
 */
#include "http/fetch.h"
#include "serve/http.h"
#include "tls/test_ca.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define NOW 1800000000
#define HOUR 3600
#define PATIENCE 60000
#define FIELD 12000 /* octets of the one field of the answer */

typedef struct scene {
    io_loop *loop;
    serve_http *server;
    tls_test_ca *authority;
    tls_identity *identity;
    tls_trust_store *trust;
    base_arena arena;
    http_budget budget;
    http_client client;
    io_address address;
    facts_exchange exchange;
    const char *target;
} scene;

static void on_request(void *self, serve_exchange *exchange, const serve_request *request)
{
    static char value[FIELD];
    const hf_field field = {{"X-Long", 6}, {value, sizeof value}};

    bool small = request->path.length > 1;

    (void)self;
    memset(value, 'a', sizeof value);
    serve_answer(exchange, &(serve_response){.status = 200, .fields = &field, .count = small ? 0 : 1}, "ok", 2);
}

static const tls_identity *choose(void *self, const char *name)
{
    (void)name;
    return ((scene *)self)->identity;
}

static void make_identity(scene *s)
{
    static const char *const names[] = {"a.test", NULL};
    tls_test_certificate mint = {.names = names, .not_before = NOW - HOUR, .not_after = NOW + HOUR, .at = NOW};
    char cafile[] = "/tmp/holdfast-test.XXXXXX";
    base_error error;
    int fd = mkstemp(cafile);

    s->authority = tls_test_ca_new("An authority", NULL, NOW - HOUR, NOW + HOUR);
    mint.issuer = s->authority;
    s->identity = tls_test_identity(&mint);
    tls_identity_speak_http2(s->identity);
    assert_true(fd >= 0 && tls_test_ca_write(s->authority, cafile));
    s->trust = tls_trust_store_new(cafile, &error);
    assert_non_null(s->trust);
    close(fd);
    unlink(cafile);
}

static void begin(scene *s)
{
    serve_http_options options = {.handler = {.request = on_request, .self = s}, .choose = choose, .choose_self = s};
    base_error error;

    memset(s, 0, sizeof *s);
    s->loop = io_loop_new();
    s->target = "/";
    make_identity(s);
    s->server = serve_http_new(s->loop, &options);
    io_address_parse("127.0.0.1", 0, &s->address);
    assert_true(serve_http_listen(s->server, &s->address, false, SERVE_EITHER, &error));
    io_address_parse("127.0.0.1", serve_http_port(s->server), &s->address);
    s->budget = HTTP_BUDGET_OF(&s->arena);
    s->client = (http_client){.loop = s->loop,
                              .trust = s->trust,
                              .limits = {PATIENCE, PATIENCE, PATIENCE, PATIENCE, PATIENCE},
                              .clock = http_real_clock,
                              .budget = &s->budget};
}

static void end(scene *s)
{
    base_arena_done(&s->arena);
    serve_http_free(s->server);
    tls_trust_store_free(s->trust);
    tls_identity_free(s->identity);
    tls_test_ca_free(s->authority);
    io_loop_free(s->loop);
}

static void on_done(void *self)
{
    io_loop_stop(((scene *)self)->loop);
}

typedef enum manner { CLEAR, HTTP1, HTTP2, MANNERS } manner;

/* The code of what failed. */
static facts_code fetch(scene *s, manner how)
{
    const http_request request = {.host = "a.test",
                                  .port = how == CLEAR ? 80 : 443,
                                  .secure = how != CLEAR,
                                  .target = s->target,
                                  .address = &s->address,
                                  .now = NOW,
                                  .offer = how == HTTP2 ? TLS_OFFER_HTTP2 : TLS_OFFER_HTTP1};

    http_fetch(&s->client, &request, &s->arena, &s->exchange, on_done, s);
    io_loop_run(s->loop);
    if (s->exchange.failure == NULL) {
        assert_non_null(s->exchange.response);
        return FACTS_FAILURE_NONE;
    }
    assert_null(s->exchange.response);
    return s->exchange.failure->code;
}

static void assert_spent(scene *s, manner how, const char *what)
{
    assert_int_equal(fetch(s, how), FACTS_FAILURE_HOST_BUDGET);
    assert_string_equal(s->exchange.failure->detail, what);
    assert_true(facts_code_is_ours(s->exchange.failure->code));
    assert_int_equal(s->budget.held, 0);
}

static void memory_is_limited(void **state)
{
    (void)state;
    for (manner how = CLEAR; how < MANNERS; how++) {
        scene s;

        begin(&s);
        assert_int_equal(fetch(&s, how), FACTS_FAILURE_NONE);
        assert_int_equal(s.budget.held, 0);
        assert_true(s.arena.taken >= FIELD);
        s.budget.memory = s.arena.taken + FIELD; /* a copy, but not what is received too */
        assert_spent(&s, how, "memory");
        s.budget.memory = s.arena.taken;
        assert_spent(&s, how, "memory");
        end(&s);
    }
}

/* The answer came, but with what certificate is not kept: so it did not. */
static void certificates_are_limited(void **state)
{
    scene s;

    (void)state;
    begin(&s);
    assert_int_equal(fetch(&s, HTTP1), FACTS_FAILURE_NONE);
    assert_int_equal(s.exchange.tls.certificate_count, 1);
    s.target = "/small";
    s.budget.memory = s.arena.taken + 1500; /* room for the head, and not for the certificate behind it */
    assert_spent(&s, HTTP1, "memory");
    assert_int_equal(s.exchange.tls.certificate_count, 0);
    assert_false(s.exchange.tls.established);
    end(&s);
}

static void time_is_limited(void **state)
{
    scene s;

    (void)state;
    begin(&s);
    assert_int_equal(fetch(&s, HTTP2), FACTS_FAILURE_NONE);
    assert_true(s.budget.cpu_used > 0 && s.budget.cpu_used < HTTP_BUDGET_CPU);
    s.budget.cpu = s.budget.cpu_used + 1; /* it ends in the handshake */
    assert_spent(&s, HTTP2, "CPU time");
    assert_int_equal(s.exchange.failure->phase, FACTS_PHASE_TLS);
    assert_spent(&s, CLEAR, "CPU time");
    end(&s);
}

static void connections_are_limited(void **state)
{
    scene s;

    (void)state;
    begin(&s);
    s.budget.connections = 2;
    assert_int_equal(fetch(&s, CLEAR), FACTS_FAILURE_NONE);
    assert_int_equal(fetch(&s, HTTP1), FACTS_FAILURE_NONE);
    assert_spent(&s, HTTP1, "connections");
    assert_int_equal(s.exchange.attempt_count, 0);
    s.client.budget = NULL;
    assert_int_equal(fetch(&s, HTTP1), FACTS_FAILURE_NONE);
    end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_limited),
        cmocka_unit_test(certificates_are_limited),
        cmocka_unit_test(time_is_limited),
        cmocka_unit_test(connections_are_limited),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
