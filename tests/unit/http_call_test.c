/* Calls that do not block, against our own server on the same loop: over HTTP/1.1 and HTTP/2, and all that a call must
   refuse. With them, what the server does over HTTP/2. */
#include "http/call.h"

#include "serve/http.h"
#include "tls/test_ca.h"

#include "base/buffer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define HOUR 3600
#define PATIENCE 60000
#define BULK (4 << 20)
#define PIECE 32768

typedef struct work {
    struct scene *scene;
    serve_exchange *exchange;
    base_buffer body;
    size_t received, to_write, queued_max;
} work;

typedef struct scene {
    io_loop *loop;
    serve_http *server;
    http_caller *caller;
    tls_test_ca *authority;
    tls_identity *identity;
    char cafile[32], plain_url[64];
    base_texts routes;
    char route[64];
    work work;
    io_timer *timer, *watchdog;
    size_t requests, gone, finished, waited_for;
    char version[4];
    bool timed_out, stops_at_request;
    /* What the last call heard. */
    size_t calls;
    http_called called;
    char error[256], type[64];
    base_buffer body;
} scene;

/* -- The server ---------------------------------------------------------------------------------------------------- */

static const tls_identity *choose(void *self, const char *name)
{
    (void)name;
    return ((scene *)self)->identity;
}

static void on_gone(void *self)
{
    ((work *)self)->scene->gone++;
    ((work *)self)->exchange = NULL;
}

static void on_finished(void *self)
{
    work *w = self;

    w->scene->finished++;
    io_loop_stop(w->scene->loop);
    serve_break(w->exchange);
    w->exchange = NULL;
}

static void on_body(void *self, const char *bytes, size_t length)
{
    base_buffer_append(&((work *)self)->body, bytes, length);
}

static void echo(void *self)
{
    work *w = self;
    const hf_field fields[] = {{{"X-Type", 6}, {"some\nthing", 10}}, {{"Connection", 10}, {"x", 1}}};

    serve_answer(w->exchange, &(serve_response){.status = 201, .fields = fields, .count = 2},
                 base_buffer_string(&w->body), w->body.length);
    w->exchange = NULL;
}

static void on_slow_body(void *self, const char *bytes, size_t length)
{
    work *w = self;

    (void)bytes;
    w->received += length;
    serve_pause(w->exchange);
    io_timer_start(w->scene->timer, 0);
}

static void on_timer(void *self)
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

static void pump(void *self)
{
    static char piece[PIECE];
    work *w = self;
    size_t queued = 0;

    while (w->to_write > 0 && queued <= IO_QUEUE_HIGH) {
        queued = serve_write(w->exchange, piece, PIECE);
        w->to_write -= PIECE;
        if (queued > w->queued_max)
            w->queued_max = queued;
    }
    if (w->to_write > 0)
        return;
    serve_end(w->exchange);
    w->exchange = NULL;
}

static void send_bulk(work *w)
{
    w->to_write = BULK;
    serve_attach(w->exchange, &(serve_events){.gone = on_gone, .drained = pump, .self = w});
    serve_begin(w->exchange, &(serve_response){.status = 200, .length = -1});
    pump(w);
}

static bool path_is(const serve_request *request, const char *path)
{
    return request->path.length == strlen(path) && memcmp(request->path.data, path, request->path.length) == 0;
}

static void on_request(void *self, serve_exchange *exchange, const serve_request *request)
{
    static const hf_field location = {{"Location", 8}, {"https://a.test/echo", 19}};
    scene *s = self;
    work *w = &s->work;

    s->requests++;
    if (s->stops_at_request)
        io_loop_stop(s->loop);
    snprintf(s->version, sizeof s->version, "%s", request->version);
    w->exchange = exchange;
    if (path_is(request, "/echo"))
        serve_attach(exchange, &(serve_events){.data = on_body, .end = echo, .gone = on_gone, .self = w});
    else if (path_is(request, "/count"))
        serve_attach(exchange, &(serve_events){.data = on_slow_body, .end = count_body, .gone = on_gone, .self = w});
    else if (path_is(request, "/wait"))
        serve_attach(exchange, &(serve_events){.gone = on_gone, .finished = on_finished, .self = w});
    else if (path_is(request, "/bulk"))
        send_bulk(w);
    else if (path_is(request, "/moved"))
        serve_answer(exchange, &(serve_response){.status = 307, .fields = &location, .count = 1}, "", 0);
    else if (path_is(request, "/break"))
        serve_break(exchange);
    else
        serve_answer(exchange, &(serve_response){.status = 404}, "no", 2);
}

/* -- Calls --------------------------------------------------------------------------------------------------------- */

static void on_called(void *self, const http_called *called)
{
    scene *s = self;

    s->called = *called;
    snprintf(s->error, sizeof s->error, "%s", called->error != NULL ? called->error : "");
    base_buffer_clear(&s->body);
    base_buffer_append(&s->body, called->body, called->body_length);
    s->type[0] = '\0';
    for (size_t i = 0; i < called->field_count; i++)
        if (called->fields[i].name.length == 6 && strncasecmp(called->fields[i].name.data, "x-type", 6) == 0)
            snprintf(s->type, sizeof s->type, "%s", called->fields[i].value.data);
    if (++s->calls == s->waited_for)
        io_loop_stop(s->loop);
}

static void on_watchdog(void *self)
{
    scene *s = self;

    s->timed_out = true;
    io_loop_stop(s->loop);
}

static void make_authority(scene *s, bool http2)
{
    static const char *const names[] = {"a.test", NULL};
    int64_t now = (int64_t)time(NULL);
    tls_test_certificate mint = {.names = names, .not_before = now - HOUR, .not_after = now + HOUR, .at = now};
    int fd;

    s->authority = tls_test_ca_new("An authority", NULL, now - HOUR, now + HOUR);
    mint.issuer = s->authority;
    s->identity = tls_test_identity(&mint);
    if (http2)
        tls_identity_speak_http2(s->identity);
    strcpy(s->cafile, "/tmp/holdfast-call-XXXXXX");
    fd = mkstemp(s->cafile);
    assert_true(fd >= 0 && tls_test_ca_write(s->authority, s->cafile));
    close(fd);
}

static void begin(scene *s, bool http2)
{
    const serve_http_options options = {
        .handler = {.request = on_request, .self = s}, .choose = choose, .choose_self = s};
    io_address address;
    base_error error;

    memset(s, 0, sizeof *s);
    make_authority(s, http2);
    s->loop = io_loop_new();
    s->server = serve_http_new(s->loop, &options);
    io_address_parse("127.0.0.1", 0, &address);
    assert_true(serve_http_listen(s->server, &address, false, SERVE_EITHER, &error));
    snprintf(s->route, sizeof s->route, "a.test:443:127.0.0.1:%d", serve_http_port(s->server));
    snprintf(s->plain_url, sizeof s->plain_url, "http://127.0.0.1:%d/echo", serve_http_port(s->server));
    s->routes.items[0] = s->route;
    s->routes.count = 1;
    s->caller = http_caller_new(s->loop);
    s->watchdog = io_timer_new(s->loop, on_watchdog, s);
    io_timer_start(s->watchdog, PATIENCE);
    s->timer = io_timer_new(s->loop, on_timer, s);
    s->work.scene = s;
    base_buffer_init(&s->work.body, 1 << 20);
    base_buffer_init(&s->body, BULK);
    s->waited_for = 1;
}

static http_call_options options_for(const scene *s, const char *url)
{
    return (http_call_options){
        .url = url, .cafile = s->cafile, .connect_to = &s->routes, .answer_max = BULK, .timeout_ms = PATIENCE};
}

static void run(scene *s)
{
    io_loop_run(s->loop);
    assert_false(s->timed_out);
}

static void call(scene *s, const http_call_options *options)
{
    base_error error;

    if (http_call_begin(s->caller, options, on_called, s, &error) == NULL)
        fail_msg("%s", error.text);
    run(s);
}

static void end_scene(scene *s)
{
    http_caller_free(s->caller);
    serve_http_free(s->server);
    io_timer_free(s->timer);
    io_timer_free(s->watchdog);
    io_loop_free(s->loop);
    tls_identity_free(s->identity);
    tls_test_ca_free(s->authority);
    unlink(s->cafile);
    base_buffer_done(&s->work.body);
    base_buffer_done(&s->body);
}

/* -- What works ---------------------------------------------------------------------------------------------------- */

static void post(bool http2)
{
    static const char *const headers[] = {"Content-Type: application/json", NULL};
    scene s;
    http_call_options options;

    begin(&s, http2);
    options = options_for(&s, "https://a.test/echo");
    options.headers = headers;
    options.body = "{\"a\": 1}";
    options.body_length = 8;
    call(&s, &options);
    assert_string_equal(s.error, "");
    assert_int_equal(s.called.status, 201);
    assert_string_equal(s.version, http2 ? "2" : "1.1");
    assert_string_equal(base_buffer_string(&s.body), "{\"a\": 1}");
    assert_string_equal(s.type, "some thing");
    assert_false(s.called.cut);
    end_scene(&s);
}

static void test_post_http1(void **state)
{
    (void)state;
    post(false);
}

static void test_post_http2(void **state)
{
    (void)state;
    post(true);
}

/* A body that the server reads piece by piece, pausing at each. */
static void upload(bool http2)
{
    char *body = calloc(1, 1 << 20);
    scene s;
    http_call_options options;

    begin(&s, http2);
    options = options_for(&s, "https://a.test/count");
    options.method = "PUT";
    options.body = body;
    options.body_length = 1 << 20;
    call(&s, &options);
    assert_string_equal(base_buffer_string(&s.body), "1048576");
    end_scene(&s);
    free(body);
}

static void test_upload_http1(void **state)
{
    (void)state;
    upload(false);
}

static void test_upload_http2(void **state)
{
    (void)state;
    upload(true);
}

static void download(bool http2)
{
    scene s;
    http_call_options options;

    begin(&s, http2);
    options = options_for(&s, "https://a.test/bulk");
    call(&s, &options);
    assert_string_equal(s.error, "");
    assert_int_equal(s.body.length, BULK);
    assert_true(s.work.queued_max <= IO_QUEUE_HIGH + 2 * PIECE);
    end_scene(&s);
}

static void test_download_http1(void **state)
{
    (void)state;
    download(false);
}

static void test_download_http2(void **state)
{
    (void)state;
    download(true);
}

static void test_many_at_once(void **state)
{
    scene s;
    http_call_options options;
    base_error error;

    (void)state;
    begin(&s, true);
    options = options_for(&s, "https://a.test/else");
    s.waited_for = 20;
    for (size_t i = 0; i < 20; i++)
        assert_non_null(http_call_begin(s.caller, &options, on_called, &s, &error));
    run(&s);
    assert_int_equal(s.requests, 20);
    assert_int_equal(s.called.status, 404);
    end_scene(&s);
}

static void test_head(void **state)
{
    scene s;
    http_call_options options;

    (void)state;
    begin(&s, true);
    options = options_for(&s, "https://a.test/else");
    options.method = "HEAD";
    call(&s, &options);
    assert_string_equal(s.error, "");
    assert_int_equal(s.called.status, 404);
    assert_int_equal(s.body.length, 0);
    end_scene(&s);
}

/* -- Bounds -------------------------------------------------------------------------------------------------------- */

static void test_answer_max(void **state)
{
    scene s;
    http_call_options options;

    (void)state;
    begin(&s, true);
    options = options_for(&s, "https://a.test/bulk");
    options.answer_max = 1000;
    call(&s, &options);
    assert_string_equal(s.error, "");
    assert_int_equal(s.called.status, 200);
    assert_true(s.called.cut);
    assert_int_equal(s.body.length, 1000);
    end_scene(&s);
}

static void test_timeout(void **state)
{
    scene s;
    http_call_options options;

    (void)state;
    begin(&s, false);
    options = options_for(&s, "https://a.test/wait");
    options.timeout_ms = 300;
    call(&s, &options);
    assert_true(s.called.timed_out);
    assert_string_not_equal(s.error, "");
    end_scene(&s);
}

static void test_break(void **state)
{
    scene s;
    http_call_options options;

    (void)state;
    begin(&s, false);
    options = options_for(&s, "https://a.test/break");
    call(&s, &options);
    assert_string_not_equal(s.error, "");
    assert_int_equal(s.called.status, 0);
    end_scene(&s);
}

/* -- What is not done unasked -------------------------------------------------------------------------------------- */

static void test_redirects(void **state)
{
    scene s;
    http_call_options options;

    (void)state;
    begin(&s, true);
    options = options_for(&s, "https://a.test/moved");
    call(&s, &options);
    assert_int_equal(s.called.status, 307);
    options.follows = true;
    s.waited_for = 2;
    call(&s, &options);
    assert_int_equal(s.called.status, 201);
    end_scene(&s);
}

static void test_certificate(void **state)
{
    char other[] = "/tmp/holdfast-call-XXXXXX";
    int fd = mkstemp(other);
    int64_t now = (int64_t)time(NULL);
    tls_test_ca *authority = tls_test_ca_new("Another authority", NULL, now - HOUR, now + HOUR);
    scene s;
    http_call_options options;

    (void)state;
    assert_true(fd >= 0 && tls_test_ca_write(authority, other));
    close(fd);
    begin(&s, true);
    options = options_for(&s, "https://a.test/echo");
    options.cafile = other;
    call(&s, &options);
    unlink(other);
    tls_test_ca_free(authority);
    assert_non_null(strstr(s.error, "certificate"));
    assert_int_equal(s.requests, 0);
    end_scene(&s);
}

static void test_urls(void **state)
{
    static const char *const bad[] = {"http://a.test/", "ftp://a.test/", "file:///etc/passwd", "a.test"};
    scene s;
    base_error error;
    http_call_options options;

    (void)state;
    begin(&s, false);
    options = options_for(&s, NULL);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        options.url = bad[i];
        assert_null(http_call_begin(s.caller, &options, on_called, &s, &error));
    }
    /* To this very machine nobody is on the way. */
    options.url = s.plain_url;
    call(&s, &options);
    assert_int_equal(s.called.status, 201);
    end_scene(&s);
}

static bool refuse_all(const io_address *address)
{
    (void)address;
    return false;
}

static void test_addresses(void **state)
{
    scene s;
    http_call_options options;

    (void)state;
    begin(&s, false);
    options = options_for(&s, "https://a.test/echo");
    options.allows = refuse_all;
    call(&s, &options);
    assert_string_not_equal(s.error, "");
    assert_int_equal(serve_http_connections(s.server), 0);
    end_scene(&s);
}

static void test_line_breaks(void **state)
{
    static const char *const headers[] = {"X: a\r\nY: b", NULL};
    scene s;
    base_error error;
    http_call_options options;

    (void)state;
    begin(&s, false);
    options = options_for(&s, "https://a.test/echo");
    options.headers = headers;
    assert_null(http_call_begin(s.caller, &options, on_called, &s, &error));
    options.headers = NULL;
    options.method = "GET /other HTTP/1.1\r\n";
    assert_null(http_call_begin(s.caller, &options, on_called, &s, &error));
    end_scene(&s);
}

static void test_cancel(void **state)
{
    scene s;
    base_error error;
    http_call_options options;
    http_call *waiting;

    (void)state;
    begin(&s, false);
    options = options_for(&s, "https://a.test/wait");
    waiting = http_call_begin(s.caller, &options, on_called, &s, &error);
    assert_non_null(waiting);
    s.stops_at_request = true;
    run(&s);
    assert_int_equal(s.requests, 1);
    http_call_cancel(waiting);
    run(&s);
    assert_int_equal(s.calls, 0);
    assert_int_equal(s.finished, 1);
    end_scene(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_post_http1),     cmocka_unit_test(test_post_http2),
        cmocka_unit_test(test_upload_http1),   cmocka_unit_test(test_upload_http2),
        cmocka_unit_test(test_download_http1), cmocka_unit_test(test_download_http2),
        cmocka_unit_test(test_many_at_once),   cmocka_unit_test(test_head),
        cmocka_unit_test(test_answer_max),     cmocka_unit_test(test_timeout),
        cmocka_unit_test(test_break),          cmocka_unit_test(test_redirects),
        cmocka_unit_test(test_certificate),    cmocka_unit_test(test_urls),
        cmocka_unit_test(test_addresses),      cmocka_unit_test(test_line_breaks),
        cmocka_unit_test(test_cancel),
    };

    /* What the environment says of proxies is not what is tested here. */
    setenv("no_proxy", "*", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
