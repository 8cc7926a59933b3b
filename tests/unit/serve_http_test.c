/* The HTTP server and raw clients on loopback: bodies both ways, many requests on a connection, time, limits, and the
   end. */
#include "serve/http.h"

#include "io/tcp.h"

#include "base/buffer.h"
#include "lib/growth.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define PATIENCE 60000
#define PIECE 32768
#define BULK (32 << 20)
#define GROWTH_MAX (6 << 10) /* KiB by which the process may grow while 32 MiB pass */

typedef struct scene scene;

typedef struct client {
    scene *scene;
    io_stream *stream;
    const char *words; /* what it says as soon as it may */
    base_buffer got;
    size_t received;
    bool ended, failed;
    bool counts;          /* what comes is counted, and not kept */
    bool finishes;        /* its end, behind its words */
    size_t stride, since; /* pauses after so many bytes */
    io_timer *timer;
} client;

/* What the handler does with one request. */
typedef struct work {
    scene *scene;
    serve_exchange *exchange;
    base_buffer body;
    size_t received, to_write, queued_max;
    io_stream *taken;
} work;

struct scene {
    io_loop *loop;
    serve_http *server;
    client clients[4];
    work works[4];
    size_t work_count, gone, refused;
    int refused_status;
    bool stopped, timed_out, stops_when_gone;
    io_timer *watchdog, *timer;
    void (*stop_when)(scene *s);
};

static void look(scene *s)
{
    if (s->stop_when != NULL)
        s->stop_when(s);
}

/* -- The handler: the path says what it does ----------------------------------------------------------------------- */

static bool path_is(const serve_request *request, const char *path)
{
    return request->path.length == strlen(path) && memcmp(request->path.data, path, request->path.length) == 0;
}

static void on_gone(void *self)
{
    work *w = self;

    w->scene->gone++;
    w->exchange = NULL;
    if (w->scene->stops_when_gone)
        io_loop_stop(w->scene->loop);
}

static void on_body(void *self, const char *bytes, size_t length)
{
    work *w = self;

    base_buffer_append(&w->body, bytes, length);
    w->received += length;
}

static void echo(void *self)
{
    work *w = self;
    const hf_field type = {{"X-Type", 6}, {"a\nb", 3}};
    const serve_response response = {.status = 200, .fields = &type, .count = 1};

    serve_answer(w->exchange, &response, base_buffer_string(&w->body), w->body.length);
}

static void pump(void *self)
{
    work *w = self;
    char piece[PIECE];
    size_t queued = 0;

    memset(piece, 'x', sizeof piece);
    while (w->to_write > 0 && queued <= IO_QUEUE_HIGH) {
        size_t length = w->to_write < PIECE ? w->to_write : PIECE;

        w->to_write -= length;
        queued = serve_write(w->exchange, piece, length);
        if (queued > w->queued_max)
            w->queued_max = queued;
    }
    if (w->to_write == 0)
        serve_end(w->exchange);
}

static void send_bulk(work *w, int64_t length, size_t to_write)
{
    const serve_response response = {.status = 200, .length = length};

    w->to_write = to_write;
    serve_attach(w->exchange, &(serve_events){.gone = on_gone, .drained = pump, .self = w});
    serve_begin(w->exchange, &response);
    pump(w);
}

/* Reads a body as slowly as it can: pauses at every piece. */
static void on_slow_body(void *self, const char *bytes, size_t length)
{
    work *w = self;

    (void)bytes;
    w->received += length;
    serve_pause(w->exchange);
    io_timer_start(w->scene->timer, 0);
}

static void count_body(void *self)
{
    work *w = self;
    char text[32];

    snprintf(text, sizeof text, "%zu", w->received);
    serve_answer(w->exchange, &(serve_response){.status = 200}, text, strlen(text));
    w->exchange = NULL;
}

static void on_handler_timer(void *self)
{
    scene *s = self;
    work *w = &s->works[0];

    if (w->exchange != NULL)
        serve_resume(w->exchange);
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

static void take(work *w)
{
    w->taken = serve_take(w->exchange, &(serve_response){.status = 200, .reason = "Connection established"});
    w->taken->sink = (io_sink){.data = on_taken_data, .end = on_taken_end, .self = w};
}

static void on_request(void *self, serve_exchange *exchange, const serve_request *request)
{
    static const hf_field hint = {{"Link", 4}, {"</a>", 4}};
    scene *s = self;
    work *w = &s->works[s->work_count < 3 ? s->work_count++ : 3];

    w->scene = s;
    w->exchange = exchange;
    look(s);
    base_buffer_clear(&w->body);
    if (serve_request_is(request, "CONNECT"))
        take(w);
    else if (path_is(request, "/echo"))
        serve_attach(exchange, &(serve_events){.data = on_body, .end = echo, .gone = on_gone, .self = w});
    else if (path_is(request, "/count"))
        serve_attach(exchange, &(serve_events){.data = on_slow_body, .end = count_body, .gone = on_gone, .self = w});
    else if (path_is(request, "/bulk"))
        send_bulk(w, -1, BULK);
    else if (path_is(request, "/short"))
        send_bulk(w, 10, 5);
    else if (path_is(request, "/wait"))
        serve_attach(exchange, &(serve_events){.gone = on_gone, .self = w});
    else if (path_is(request, "/empty"))
        serve_answer(exchange, &(serve_response){.status = 204}, "", 0);
    else if (path_is(request, "/hint")) {
        serve_interim(exchange, 103, &hint, 1);
        serve_answer(exchange, &(serve_response){.status = 200}, "hinted", 6);
    } else if (path_is(request, "/break"))
        serve_break(exchange);
    else if (!path_is(request, "/nothing"))
        serve_answer(exchange, &(serve_response){.status = 404, .reason = "No such thing"}, "no", 2);
}

static void on_refused(void *self, const serve_client *whom, int status, const char *why)
{
    scene *s = self;

    assert_non_null(whom->address);
    assert_non_null(why);
    s->refused++;
    s->refused_status = status;
}

/* -- Clients ------------------------------------------------------------------------------------------------------- */

static void on_ready(void *self)
{
    client *c = self;

    io_stream_write(c->stream, c->words, strlen(c->words));
    if (c->finishes)
        io_stream_finish(c->stream);
}

static void on_data(void *self, const char *bytes, size_t length)
{
    client *c = self;

    c->received += length;
    c->since += length;
    if (!c->counts)
        base_buffer_append(&c->got, bytes, length);
    if (c->stride > 0 && c->since >= c->stride) {
        c->since = 0;
        io_stream_pause(c->stream);
        io_timer_start(c->timer, 1);
    }
    look(c->scene);
}

static void on_pause_over(void *self)
{
    io_stream_resume(((client *)self)->stream);
}

static void on_end(void *self, const facts_failure *failure)
{
    client *c = self;

    c->ended = true;
    c->failed = failure != NULL;
    if (c->scene->stop_when == NULL)
        io_loop_stop(c->scene->loop);
    look(c->scene);
}

static void on_watchdog(void *self)
{
    scene *s = self;

    s->timed_out = true;
    io_loop_stop(s->loop);
}

static void begin_with(scene *s, serve_http_options options)
{
    io_address address;
    base_error error;

    memset(s, 0, sizeof *s);
    options.handler = (serve_handler){.request = on_request, .self = s, .refused = on_refused};
    s->loop = io_loop_new();
    s->server = serve_http_new(s->loop, &options);
    io_address_parse("127.0.0.1", 0, &address);
    assert_true(serve_http_listen(s->server, &address, false, SERVE_PLAIN, &error));
    s->watchdog = io_timer_new(s->loop, on_watchdog, s);
    io_timer_start(s->watchdog, PATIENCE);
    s->timer = io_timer_new(s->loop, on_handler_timer, s);
    for (size_t i = 0; i < 4; i++)
        base_buffer_init(&s->works[i].body, 1 << 20);
}

static void begin(scene *s)
{
    begin_with(s, (serve_http_options){0});
}

static client *connect_client(scene *s, size_t i, const char *words)
{
    client *c = &s->clients[i];
    facts_failure failure;
    io_address address;

    c->scene = s;
    c->words = words;
    base_buffer_init(&c->got, 1 << 20);
    c->timer = io_timer_new(s->loop, on_pause_over, c);
    io_address_parse("127.0.0.1", serve_http_port(s->server), &address);
    c->stream = io_tcp_connect(s->loop, &address,
                               (io_sink){.ready = on_ready, .data = on_data, .end = on_end, .self = c}, &failure);
    assert_non_null(c->stream);
    return c;
}

static void run(scene *s)
{
    io_loop_run(s->loop);
    assert_false(s->timed_out);
}

static void end_scene(scene *s)
{
    for (size_t i = 0; i < 4; i++) {
        io_stream_close(s->clients[i].stream);
        io_timer_free(s->clients[i].timer);
        base_buffer_done(&s->clients[i].got);
        base_buffer_done(&s->works[i].body);
        io_stream_close(s->works[i].taken);
    }
    serve_http_free(s->server);
    io_timer_free(s->watchdog);
    io_timer_free(s->timer);
    io_loop_free(s->loop);
}

/* One client, who says its words, and what it hears until the server closes. */
static void assert_heard(const char *words, const char *wanted)
{
    scene s;
    client *c;

    begin(&s);
    c = connect_client(&s, 0, words);
    run(&s);
    assert_string_equal(base_buffer_string(&c->got), wanted);
    assert_true(c->ended && !c->failed);
    end_scene(&s);
}

#define HOST "Host: a.test\r\n"
#define LAST HOST "Connection: close\r\n"

/* -- Answers ------------------------------------------------------------------------------------------------------- */

static void test_answers(void **state)
{
    (void)state;
    assert_heard("GET / HTTP/1.1\r\n" LAST "\r\n",
                 "HTTP/1.1 404 No such thing\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
    assert_heard("HEAD / HTTP/1.1\r\n" LAST "\r\n",
                 "HTTP/1.1 404 No such thing\r\nContent-Length: 2\r\nConnection: close\r\n\r\n");
    assert_heard("GET /empty HTTP/1.1\r\n" LAST "\r\n", "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
    assert_heard("GET /hint HTTP/1.1\r\n" LAST "\r\n",
                 "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                 "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nhinted");
    /* HTTP/1.0 hears of no interim response. */
    assert_heard("GET /hint HTTP/1.0\r\n\r\n",
                 "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nhinted");
    assert_heard("GET /nothing HTTP/1.1\r\n" HOST "\r\n",
                 "HTTP/1.1 500 Internal Server Error\r\nContent-Type: text/plain\r\nContent-Length: 28\r\n"
                 "Connection: close\r\n\r\nthe handler does not answer\n");
    /* A request without a body has its end all the same. */
    assert_heard("GET /echo HTTP/1.1\r\n" LAST "\r\n",
                 "HTTP/1.1 200 OK\r\nX-Type: a b\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    assert_heard("GET /break HTTP/1.1\r\n" HOST "\r\n", "");
}

static void test_many_on_a_connection(void **state)
{
    (void)state;
    assert_heard("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello"
                 "GET / HTTP/1.1\r\n" HOST "\r\n"
                 "\r\nPOST /echo HTTP/1.1\r\n" HOST
                 "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n"
                 "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
                 "GET / HTTP/1.1\r\n" LAST "\r\n"
                 "GET / HTTP/1.1\r\n" LAST "\r\n",
                 "HTTP/1.1 200 OK\r\nX-Type: a b\r\nContent-Length: 5\r\n\r\nhello"
                 "HTTP/1.1 404 No such thing\r\nContent-Length: 2\r\n\r\nno"
                 "HTTP/1.1 200 OK\r\nX-Type: a b\r\nContent-Length: 6\r\n\r\nabcdef"
                 "HTTP/1.1 404 No such thing\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nno"
                 "HTTP/1.1 404 No such thing\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
}

/* A body that nobody reads is passed over, for the sake of what follows; a client that was not told to send it is not
   waited for. */
static void test_unread_bodies(void **state)
{
    (void)state;
    assert_heard("POST / HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello"
                 "GET /empty HTTP/1.1\r\n" LAST "\r\n",
                 "HTTP/1.1 404 No such thing\r\nContent-Length: 2\r\n\r\nno"
                 "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
    assert_heard("POST / HTTP/1.1\r\n" HOST "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n",
                 "HTTP/1.1 404 No such thing\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
    assert_heard("POST / HTTP/1.1\r\n" HOST "Content-Length: 1000000\r\n\r\n",
                 "HTTP/1.1 404 No such thing\r\nContent-Length: 2\r\n\r\nno");
}

static void test_continue(void **state)
{
    (void)state;
    assert_heard("POST /echo HTTP/1.1\r\n" LAST "Content-Length: 5\r\nExpect: 100-continue\r\n\r\nhello",
                 "HTTP/1.1 100 Continue\r\n\r\n"
                 "HTTP/1.1 200 OK\r\nX-Type: a b\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello");
}

/* A client that finishes still gets its answer. */
static void test_half_close(void **state)
{
    scene s;
    client *c;

    (void)state;
    begin(&s);
    c = connect_client(&s, 0, "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello");
    c->finishes = true;
    run(&s);
    assert_non_null(strstr(base_buffer_string(&c->got), "\r\n\r\nhello"));
    assert_false(c->failed);
    end_scene(&s);
}

/* -- Flow ---------------------------------------------------------------------------------------------------------- */

static void slow_client(const char *words, size_t least, size_t most)
{
    scene s;
    client *c;
    long before;

    begin(&s);
    c = connect_client(&s, 0, words);
    c->counts = true;
    c->stride = 256 << 10;
    before = growth_peak_kib();
    run(&s);
    assert_false(c->failed);
    assert_true(c->received >= least && c->received <= most);
    assert_true(s.works[0].queued_max <= IO_QUEUE_HIGH + 2 * PIECE);
    print_message("32 MiB to a slow client: at most %zu octets queued, the process grew by %ld KiB\n",
                  s.works[0].queued_max, growth_peak_kib() - before);
    assert_true(growth_peak_kib() - before <= GROWTH_MAX || !growth_counts());
    end_scene(&s);
}

static void test_slow_client(void **state)
{
    (void)state;
    slow_client("GET /bulk HTTP/1.1\r\n" LAST "\r\n", BULK + 1, BULK + 65536);
    /* HTTP/1.0 knows no chunks. */
    slow_client("GET /bulk HTTP/1.0\r\n\r\n", BULK + 1, BULK + 100);
    slow_client("HEAD /bulk HTTP/1.1\r\n" LAST "\r\n", 1, 100);
}

static void test_slow_handler(void **state)
{
    static char words[(1 << 20) + 128];
    scene s;
    client *c;

    (void)state;
    begin(&s);
    snprintf(words, sizeof words, "POST /count HTTP/1.1\r\n" LAST "Content-Length: 1048576\r\n\r\n%01048576d", 0);
    c = connect_client(&s, 0, words);
    run(&s);
    assert_non_null(strstr(base_buffer_string(&c->got), "\r\n\r\n1048576"));
    end_scene(&s);
}

/* A response that is shorter than its head says is cut, so that the client sees it. */
static void test_cut_short(void **state)
{
    scene s;
    client *c;

    (void)state;
    begin(&s);
    c = connect_client(&s, 0, "GET /short HTTP/1.1\r\n" HOST "\r\n");
    run(&s);
    assert_true(c->failed);
    assert_non_null(strstr(base_buffer_string(&c->got), "Content-Length: 10\r\n"));
    end_scene(&s);
}

/* -- The raw stream ------------------------------------------------------------------------------------------------ */

static void test_take(void **state)
{
    scene s;
    client *c;

    (void)state;
    begin(&s);
    c = connect_client(&s, 0, "CONNECT b.test:443 HTTP/1.1\r\n" HOST "\r\nraw octets");
    c->finishes = true;
    run(&s);
    assert_string_equal(base_buffer_string(&c->got), "HTTP/1.1 200 Connection established\r\n\r\nraw octets");
    assert_false(c->failed);
    assert_int_equal(serve_http_connections(s.server), 0);
    end_scene(&s);
}

/* -- Refusals ------------------------------------------------------------------------------------------------------ */

static void refused(const char *words, int status, const char *wanted)
{
    scene s;
    client *c;

    begin(&s);
    c = connect_client(&s, 0, words);
    run(&s);
    if (wanted != NULL && strncmp(base_buffer_string(&c->got), wanted, strlen(wanted)) != 0)
        fail_msg("heard %s", base_buffer_string(&c->got));
    assert_int_equal(s.refused, 1);
    assert_int_equal(s.refused_status, status);
    end_scene(&s);
}

static void test_refusals(void **state)
{
    (void)state;
    refused("GET / HTTP/1.1\r\n\r\n", 400, "HTTP/1.1 400 Bad Request\r\n");
    refused("GET / HTTP/3.0\r\n\r\n", 505, "HTTP/1.1 505 HTTP Version Not Supported\r\n");
    refused("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\nx\r\n", 400, "HTTP/1.1 400 ");
    refused("\x16\x03\x01 a ClientHello", 0, "");
}

/* -- Time ---------------------------------------------------------------------------------------------------------- */

static void timed(const char *words, int status, const char *wanted)
{
    scene s;
    client *c;

    begin_with(&s, (serve_http_options){.head_ms = 500, .idle_ms = 500});
    c = connect_client(&s, 0, words);
    run(&s);
    assert_true(c->ended);
    if (strncmp(base_buffer_string(&c->got), wanted, strlen(wanted)) != 0)
        fail_msg("heard %s", base_buffer_string(&c->got));
    assert_int_equal(s.refused_status, status);
    end_scene(&s);
}

static void test_time(void **state)
{
    (void)state;
    timed("", 0, "");
    timed("GET / HTT", 408, "HTTP/1.1 408 Request Timeout\r\n");
    timed("GET / HTTP/1.1\r\n" HOST "\r\n", 0, "HTTP/1.1 404 ");
    timed("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhell", 408, "HTTP/1.1 408 ");
}

/* A client that takes nothing of a long response is not waited for for ever; the handler hears of it. */
static void test_stalled_client(void **state)
{
    scene s;
    client *c;

    (void)state;
    begin_with(&s, (serve_http_options){.idle_ms = 200});
    s.stops_when_gone = true;
    c = connect_client(&s, 0, "GET /bulk HTTP/1.1\r\n" HOST "\r\n");
    io_stream_pause(c->stream);
    run(&s);
    assert_int_equal(s.gone, 1);
    assert_true(s.works[0].to_write > 0);
    end_scene(&s);
}

static void stop_when_asked(scene *s)
{
    if (s->work_count > 0)
        io_loop_stop(s->loop);
}

static void test_client_goes(void **state)
{
    scene s;

    (void)state;
    begin(&s);
    s.stop_when = stop_when_asked;
    connect_client(&s, 0, "GET /wait HTTP/1.1\r\n" HOST "\r\n");
    run(&s);
    io_stream_close(s.clients[0].stream);
    s.clients[0].stream = NULL;
    s.stops_when_gone = true;
    run(&s);
    assert_int_equal(s.gone, 1);
    end_scene(&s);
}

/* -- Limits, and the end ------------------------------------------------------------------------------------------- */

static void stop_when_first_answered(scene *s)
{
    if (s->clients[0].received > 0)
        io_loop_stop(s->loop);
}

static void stop_when_three_answered(scene *s)
{
    if (s->clients[0].ended && s->clients[1].received > 0 && s->clients[2].received > 0)
        io_loop_stop(s->loop);
}

/* The third connection takes the place of an idle one. */
static void test_connections_max(void **state)
{
    scene s;

    (void)state;
    begin_with(&s, (serve_http_options){.connections_max = 2});
    s.stop_when = stop_when_first_answered;
    connect_client(&s, 0, "GET / HTTP/1.1\r\n" HOST "\r\n");
    run(&s);
    assert_false(s.clients[0].ended);
    s.stop_when = stop_when_three_answered;
    connect_client(&s, 1, "GET /hint HTTP/1.1\r\n" HOST "\r\n");
    connect_client(&s, 2, "GET /hint HTTP/1.1\r\n" HOST "\r\n");
    run(&s);
    assert_true(serve_http_connections(s.server) <= 2);
    end_scene(&s);
}

#define LINGERERS 40

/* Descriptors of this process that are open. */
static size_t count_descriptors(void)
{
    size_t count = 0;

    for (int fd = 0; fd < 1024; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

/* A client that asks once, and then neither reads nor finishes. */
static int connect_lingerer(scene *s)
{
    static const char words[] = "GET / HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n";
    io_address address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    io_address_parse("127.0.0.1", serve_http_port(s->server), &address);
    assert_int_equal(connect(fd, (const struct sockaddr *)&address.socket, sizeof(struct sockaddr_in)), 0);
    assert_int_equal(write(fd, words, sizeof words - 1), sizeof words - 1);
    return fd;
}

/* The ends of such clients hold no more descriptors of the server's than connections there may be. */
static void test_left_are_counted(void **state)
{
    int fds[LINGERERS];
    size_t before;
    scene s;

    (void)state;
    begin_with(&s, (serve_http_options){.connections_max = 2});
    s.stop_when = stop_when_asked;
    before = count_descriptors();
    for (size_t i = 0; i < LINGERERS; i++) {
        fds[i] = connect_lingerer(&s);
        run(&s);
    }
    assert_true(count_descriptors() <= before + LINGERERS + 4);
    for (size_t i = 0; i < LINGERERS; i++)
        close(fds[i]);
    end_scene(&s);
}

static void stop_when_second_ends(scene *s)
{
    if (s->clients[1].ended)
        io_loop_stop(s->loop);
}

static void test_address_max(void **state)
{
    scene s;

    (void)state;
    begin_with(&s, (serve_http_options){.address_max = 1});
    s.stop_when = stop_when_second_ends;
    connect_client(&s, 0, "GET /wait HTTP/1.1\r\n" HOST "\r\n");
    connect_client(&s, 1, "GET / HTTP/1.1\r\n" HOST "\r\n");
    run(&s);
    assert_int_equal(s.clients[1].received, 0);
    assert_int_equal(serve_http_connections(s.server), 1);
    end_scene(&s);
}

static void on_stopped(void *self)
{
    scene *s = self;

    s->stopped = true;
    io_loop_stop(s->loop);
}

static void stop_when_one_waits(scene *s)
{
    if (s->work_count == 2 && s->clients[1].received > 0)
        io_loop_stop(s->loop);
}

static void stop_when_both_ended(scene *s)
{
    if (s->clients[0].ended && s->clients[1].ended)
        io_loop_stop(s->loop);
}

/* What is under way is finished, what is idle is closed. */
static void test_graceful_stop(void **state)
{
    scene s;

    (void)state;
    begin(&s);
    s.stop_when = stop_when_asked;
    connect_client(&s, 0, "GET /wait HTTP/1.1\r\n" HOST "\r\n");
    run(&s);
    s.stop_when = stop_when_one_waits;
    connect_client(&s, 1, "GET / HTTP/1.1\r\n" HOST "\r\n");
    run(&s);
    s.stop_when = stop_when_both_ended;
    serve_http_stop(s.server, PATIENCE, on_stopped, &s);
    assert_int_equal(serve_http_connections(s.server), 1);
    serve_answer(s.works[0].exchange, &(serve_response){.status = 200}, "late", 4);
    run(&s);
    if (!s.clients[0].ended || !s.clients[1].ended)
        run(&s);
    assert_true(s.stopped);
    assert_non_null(strstr(base_buffer_string(&s.clients[0].got), "Connection: close\r\n\r\nlate"));
    assert_true(!s.clients[0].failed && !s.clients[1].failed);
    end_scene(&s);
}

static void test_grace_ends(void **state)
{
    scene s;

    (void)state;
    begin(&s);
    s.stop_when = stop_when_asked;
    connect_client(&s, 0, "GET /wait HTTP/1.1\r\n" HOST "\r\n");
    run(&s);
    serve_http_stop(s.server, 50, on_stopped, &s);
    while (!s.stopped)
        run(&s);
    assert_int_equal(s.gone, 1);
    end_scene(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers),       cmocka_unit_test(test_many_on_a_connection),
        cmocka_unit_test(test_unread_bodies), cmocka_unit_test(test_continue),
        cmocka_unit_test(test_half_close),    cmocka_unit_test(test_slow_client),
        cmocka_unit_test(test_slow_handler),  cmocka_unit_test(test_cut_short),
        cmocka_unit_test(test_take),          cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_time),          cmocka_unit_test(test_stalled_client),
        cmocka_unit_test(test_client_goes),   cmocka_unit_test(test_connections_max),
        cmocka_unit_test(test_address_max),   cmocka_unit_test(test_graceful_stop),
        cmocka_unit_test(test_grace_ends),    cmocka_unit_test(test_left_are_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
