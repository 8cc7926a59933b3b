/* Streams on loopback, TCP and TLS: either end finishes on its own, a slow reader stops a fast writer, and nothing is
   lost. */
#include "http/tunnel.h"
#include "io/listener.h"
#include "io/tcp.h"
#include "tls/test_ca.h"
#include "tls/tls.h"

#include "base/buffer.h"
#include "lib/growth.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#define NOW 1790000000
#define HOUR 3600
#define PIECE 65536
#define BULK (32 << 20)
#define GROWTH_MAX (6 << 10) /* KiB by which the process may grow while 32 MiB pass */
#define PATIENCE 60000

typedef struct scene scene;

/* One end of the connection. */
typedef struct end {
    scene *scene;
    io_stream *stream;
    base_buffer got;
    size_t received, to_write, queued_max, drained;
    bool is_ready, ended, failed;
    bool counts;   /* what comes is held against the pattern, and not kept */
    size_t stride; /* pauses when so many bytes came since the last pause; 0: never */
    size_t since;
    io_timer *timer; /* ends the pause */
    void (*on_data)(struct end *e, const char *bytes, size_t length);
    void (*on_end)(struct end *e);
    void (*on_ready)(struct end *e);
} end;

struct scene {
    io_loop *loop;
    io_listener *listener;
    tls_trust_store *trust;
    tls_identity *identity; /* NULL: no TLS */
    tls_options options;
    end client, server;
    io_timer *watchdog;
    bool timed_out;
};

static char pattern_at(size_t place)
{
    return (char)((place * 7 + place / 251) & 0xff);
}

/* -- The ends ------------------------------------------------------------------------------------------------------ */

static void on_ready(void *self)
{
    end *e = self;

    e->is_ready = true;
    if (e->on_ready != NULL)
        e->on_ready(e);
}

static void check_pattern(end *e, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (bytes[i] != pattern_at(e->received + i))
            fail_msg("another octet than was written at %zu", e->received + i);
}

static void on_data(void *self, const char *bytes, size_t length)
{
    end *e = self;

    if (e->counts)
        check_pattern(e, bytes, length);
    else
        base_buffer_append(&e->got, bytes, length);
    e->received += length;
    e->since += length;
    if (e->stride > 0 && e->since >= e->stride) {
        e->since = 0;
        io_stream_pause(e->stream);
        io_timer_start(e->timer, 1);
    }
    if (e->on_data != NULL)
        e->on_data(e, bytes, length);
}

static void on_pause_over(void *self)
{
    io_stream_resume(((end *)self)->stream);
}

static void on_end(void *self, const facts_failure *failure)
{
    end *e = self;

    assert_false(e->failed);
    assert_true(failure != NULL || !e->ended);
    e->ended = true;
    e->failed = failure != NULL;
    if (e->on_end != NULL)
        e->on_end(e);
}

/* Writes as long as the peer takes it. */
static void pump(end *e)
{
    char piece[PIECE];
    size_t queued = io_stream_queued(e->stream);

    while (e->to_write > 0 && queued <= IO_QUEUE_HIGH) {
        size_t length = e->to_write < PIECE ? e->to_write : PIECE;

        for (size_t i = 0; i < length; i++)
            piece[i] = pattern_at(BULK - e->to_write + i);
        queued = io_stream_write(e->stream, piece, length);
        e->to_write -= length;
        if (queued > e->queued_max)
            e->queued_max = queued;
    }
    if (e->to_write == 0)
        io_stream_finish(e->stream);
}

static void on_drained(void *self)
{
    end *e = self;

    e->drained++;
    if (e->to_write > 0)
        pump(e);
}

static io_sink sink_of(end *e)
{
    return (io_sink){.ready = on_ready, .data = on_data, .end = on_end, .self = e, .drained = on_drained};
}

/* -- The scene ----------------------------------------------------------------------------------------------------- */

static const tls_identity *choose(void *self, const char *name)
{
    (void)name;
    return ((scene *)self)->identity;
}

static void on_accepted(void *self, io_stream *stream, const io_address *peer)
{
    scene *s = self;

    (void)peer;
    stream->sink = sink_of(&s->server);
    if (s->identity != NULL)
        stream = tls_server(stream, choose, s, sink_of(&s->server));
    s->server.stream = stream;
    s->server.is_ready = s->identity == NULL;
    if (s->server.is_ready && s->server.on_ready != NULL)
        s->server.on_ready(&s->server);
}

static void on_watchdog(void *self)
{
    scene *s = self;

    s->timed_out = true;
    io_loop_stop(s->loop);
}

static void on_connected(void *self)
{
    scene *s = self;

    if (s->identity != NULL)
        s->client.stream = tls_client(s->client.stream, &s->options, sink_of(&s->client));
    else
        s->client.stream->sink = sink_of(&s->client);
    if (s->identity == NULL)
        on_ready(&s->client);
}

static void on_unconnected(void *self, const facts_failure *failure)
{
    (void)self;
    fail_msg("no connection: %s", facts_code_name(failure->code));
}

static tls_identity *make_identity(void)
{
    static const char *const names[] = {"a.test", NULL};
    tls_test_certificate mint = {.names = names, .not_before = NOW - HOUR, .not_after = NOW + HOUR, .at = NOW};

    return tls_test_identity(&mint);
}

/* Of some other authority: that the certificate is not trusted ends no handshake. */
static tls_trust_store *make_trust(void)
{
    char path[] = "/tmp/holdfast-trust-XXXXXX";
    int fd = mkstemp(path);
    tls_test_ca *authority = tls_test_ca_new("An authority", NULL, NOW - HOUR, NOW + HOUR);
    tls_trust_store *trust;
    base_error error;

    assert_true(fd >= 0 && tls_test_ca_write(authority, path));
    trust = tls_trust_store_new(path, &error);
    assert_non_null(trust);
    close(fd);
    unlink(path);
    tls_test_ca_free(authority);
    return trust;
}

static void begin(scene *s, bool secure)
{
    base_error error;
    io_address address;

    memset(s, 0, sizeof *s);
    s->loop = io_loop_new();
    s->client.scene = s->server.scene = s;
    base_buffer_init(&s->client.got, 1 << 20);
    base_buffer_init(&s->server.got, 1 << 20);
    s->client.timer = io_timer_new(s->loop, on_pause_over, &s->client);
    s->server.timer = io_timer_new(s->loop, on_pause_over, &s->server);
    if (secure) {
        s->identity = make_identity();
        s->trust = make_trust();
        s->options = (tls_options){.trust = s->trust, .host = "a.test", .now = NOW};
    }
    assert_true(io_address_parse("127.0.0.1", 0, &address));
    s->listener = io_listener_tcp(s->loop, &address, false, on_accepted, s, &error);
    assert_non_null(s->listener);
    s->watchdog = io_timer_new(s->loop, on_watchdog, s);
    io_timer_start(s->watchdog, PATIENCE);
}

static void run(scene *s)
{
    facts_failure failure;
    io_address address;

    assert_true(io_address_parse("127.0.0.1", io_listener_port(s->listener), &address));
    s->client.stream =
        io_tcp_connect(s->loop, &address, (io_sink){.ready = on_connected, .end = on_unconnected, .self = s}, &failure);
    assert_non_null(s->client.stream);
    io_loop_run(s->loop);
    assert_false(s->timed_out);
}

static void end_scene(scene *s)
{
    io_stream_close(s->client.stream);
    io_stream_close(s->server.stream);
    io_listener_free(s->listener);
    io_timer_free(s->watchdog);
    io_timer_free(s->client.timer);
    io_timer_free(s->server.timer);
    io_loop_free(s->loop);
    tls_identity_free(s->identity);
    tls_trust_store_free(s->trust);
    base_buffer_done(&s->client.got);
    base_buffer_done(&s->server.got);
}

static void stop_when_both_ended(end *e)
{
    scene *s = e->scene;

    if (s->client.ended && s->server.ended)
        io_loop_stop(s->loop);
}

/* -- Either end finishes on its own -------------------------------------------------------------------------------- */

static void ask_and_finish(end *e)
{
    io_stream_write(e->stream, "question", 8);
    io_stream_finish(e->stream);
}

/* The asker has finished; what is said to it now must still arrive. */
static void answer_the_end(end *e)
{
    if (!e->failed && e->got.length == 8) {
        io_stream_write(e->stream, "answer", 6);
        io_stream_finish(e->stream);
    }
    stop_when_both_ended(e);
}

static void check_conversation(const end *asker, const end *answerer)
{
    assert_true(asker->ended && !asker->failed);
    assert_true(answerer->ended && !answerer->failed);
    assert_string_equal(base_buffer_string(&answerer->got), "question");
    assert_string_equal(base_buffer_string(&asker->got), "answer");
}

static void client_finishes_first(bool secure)
{
    scene s;

    begin(&s, secure);
    s.client.on_ready = ask_and_finish;
    s.client.on_end = stop_when_both_ended;
    s.server.on_end = answer_the_end;
    run(&s);
    check_conversation(&s.client, &s.server);
    end_scene(&s);
}

static void server_finishes_first(bool secure)
{
    scene s;

    begin(&s, secure);
    s.server.on_ready = ask_and_finish;
    s.server.on_end = stop_when_both_ended;
    s.client.on_end = answer_the_end;
    run(&s);
    check_conversation(&s.server, &s.client);
    end_scene(&s);
}

static void test_tcp_client_finishes_first(void **state)
{
    (void)state;
    client_finishes_first(false);
}

static void test_tcp_server_finishes_first(void **state)
{
    (void)state;
    server_finishes_first(false);
}

static void test_tls_client_finishes_first(void **state)
{
    (void)state;
    client_finishes_first(true);
}

static void test_tls_server_finishes_first(void **state)
{
    (void)state;
    server_finishes_first(true);
}

/* -- Flow ---------------------------------------------------------------------------------------------------------- */

static void pump_all(end *e)
{
    e->to_write = BULK;
    pump(e);
}

static void slow_reader(bool secure)
{
    scene s;
    long before, after;

    begin(&s, secure);
    s.client.on_ready = pump_all;
    s.server.counts = true;
    s.server.stride = 256 << 10;
    s.server.on_end = stop_when_both_ended;
    s.client.ended = true; /* only the reader's end is waited for */
    before = growth_peak_kib();
    run(&s);
    after = growth_peak_kib();
    assert_false(s.server.failed);
    assert_int_equal(s.server.received, BULK);
    assert_true(s.client.drained > 1);
    /* One piece beyond the mark, and what TLS adds. */
    assert_true(s.client.queued_max <= IO_QUEUE_HIGH + PIECE + PIECE / 8);
    print_message("%s: 32 MiB to a slow reader: at most %zu octets queued, the process grew by %ld KiB\n",
                  secure ? "tls" : "tcp", s.client.queued_max, after - before);
    assert_true(after - before <= GROWTH_MAX || !growth_counts());
    end_scene(&s);
}

static void test_tcp_slow_reader(void **state)
{
    (void)state;
    slow_reader(false);
}

static void test_tls_slow_reader(void **state)
{
    (void)state;
    slow_reader(true);
}

/* A reader that pauses after every octet that it is given, and gives half of it back. */
static void take_half(end *e, const char *bytes, size_t length)
{
    size_t half = length / 2;

    if (half == 0)
        return;
    e->received -= half;
    io_stream_unread(e->stream, bytes + length - half, half);
    io_stream_pause(e->stream);
    io_timer_start(e->timer, 0);
}

static void pump_some(end *e)
{
    char piece[PIECE];

    for (size_t i = 0; i < PIECE; i++)
        piece[i] = pattern_at(i);
    io_stream_write(e->stream, piece, PIECE);
    io_stream_finish(e->stream);
}

static void gives_back(bool secure)
{
    scene s;

    begin(&s, secure);
    s.client.on_ready = pump_some;
    s.client.ended = true;
    s.server.counts = true;
    s.server.on_data = take_half;
    s.server.on_end = stop_when_both_ended;
    run(&s);
    assert_int_equal(s.server.received, PIECE);
    end_scene(&s);
}

static void test_tcp_gives_back(void **state)
{
    (void)state;
    gives_back(false);
}

static void test_tls_gives_back(void **state)
{
    (void)state;
    gives_back(true);
}

/* Whoever takes over a stream whose peer has finished hears of that too, behind what was given back. */
static void hand_over_once(end *e)
{
    scene *s = e->scene;

    if (s->client.to_write++ > 0) {
        io_loop_stop(s->loop);
        return;
    }
    e->ended = false;
    base_buffer_clear(&e->got);
    io_stream_unread(e->stream, "again", 5);
}

static void reports_the_end_again(bool secure)
{
    scene s;

    begin(&s, secure);
    s.client.on_ready = ask_and_finish;
    s.server.on_end = hand_over_once;
    run(&s);
    assert_true(s.server.ended && !s.server.failed);
    assert_string_equal(base_buffer_string(&s.server.got), "again");
    end_scene(&s);
}

static void test_tcp_reports_the_end_again(void **state)
{
    (void)state;
    reports_the_end_again(false);
}

static void test_tls_reports_the_end_again(void **state)
{
    (void)state;
    reports_the_end_again(true);
}

/* -- The connection is lost ---------------------------------------------------------------------------------------- */

static void pause_at_once(end *e)
{
    io_stream_pause(e->stream);
    e->to_write = BULK;
    pump(e);
}

static void close_at_once(end *e, const char *bytes, size_t length)
{
    (void)bytes, (void)length;
    io_stream_close(e->stream);
    e->stream = NULL;
}

static void stop(end *e)
{
    io_loop_stop(e->scene->loop);
}

/* A writer whose reading is paused learns that the peer is gone. */
static void test_reset_while_paused(void **state)
{
    scene s;

    (void)state;
    begin(&s, false);
    s.client.on_ready = pause_at_once;
    s.client.on_end = stop;
    s.server.on_data = close_at_once;
    run(&s);
    assert_true(s.client.failed);
    end_scene(&s);
}

/* -- Leaving ------------------------------------------------------------------------------------------------------- */

/* Answers before the question is over, and leaves: the answer must not be lost to a reset. */
static void answer_and_leave(end *e, const char *bytes, size_t length)
{
    (void)bytes, (void)length;
    io_stream_write(e->stream, "enough", 6);
    io_stream_leave(e->stream);
    e->stream = NULL;
}

static void leaves(bool secure)
{
    scene s;

    begin(&s, secure);
    s.client.on_ready = pump_all;
    s.client.on_end = stop;
    s.server.on_data = answer_and_leave;
    run(&s);
    assert_string_equal(base_buffer_string(&s.client.got), "enough");
    assert_false(s.client.failed);
    end_scene(&s);
}

static void test_tcp_leaves(void **state)
{
    (void)state;
    leaves(false);
}

static void test_tls_leaves(void **state)
{
    (void)state;
    leaves(true);
}

/* -- Through a proxy ----------------------------------------------------------------------------------------------- */

static void tunnel_on_ready(end *e)
{
    static const http_proxy proxy = {.host = "127.0.0.1"};

    if (e->to_write++ > 0)
        return;
    e->stream = http_tunnel(e->stream, &proxy, "a.test", 443, sink_of(e));
    io_stream_pause(e->stream);
    io_timer_start(e->timer, 20);
}

/* The host's first words come right behind the proxy's. */
static void agree(end *e, const char *bytes, size_t length)
{
    (void)bytes, (void)length;
    if (strstr(base_buffer_string(&e->got), "\r\n\r\n") == NULL)
        return;
    io_stream_write(e->stream, "HTTP/1.1 200 OK\r\n\r\nhello", 24);
    io_stream_finish(e->stream);
}

static void test_tunnel_keeps_what_follows(void **state)
{
    scene s;

    (void)state;
    begin(&s, false);
    s.client.on_ready = tunnel_on_ready;
    s.client.on_end = stop;
    s.server.on_data = agree;
    run(&s);
    assert_int_equal(s.client.to_write, 2);
    assert_false(s.client.failed);
    assert_string_equal(base_buffer_string(&s.client.got), "hello");
    end_scene(&s);
}

/* -- Listeners ----------------------------------------------------------------------------------------------------- */

static void count_accepted(void *self, io_stream *stream, const io_address *peer)
{
    size_t *count = self;

    assert_null(peer);
    *count += 1;
    io_stream_close(stream);
}

static void test_addresses(void **state)
{
    io_loop *loop = io_loop_new();
    io_address address, taken;
    io_listener *listeners[3];
    base_error error;

    (void)state;
    io_address_parse("::1", 0, &address);
    listeners[0] = io_listener_tcp(loop, &address, false, count_accepted, NULL, &error);
    if (listeners[0] != NULL) {
        /* "::" is IPv6 alone, so that 0.0.0.0 may have the same port. */
        io_address_parse("::", 0, &address);
        listeners[1] = io_listener_tcp(loop, &address, false, count_accepted, NULL, &error);
        assert_non_null(listeners[1]);
        io_address_parse("0.0.0.0", io_listener_port(listeners[1]), &taken);
        listeners[2] = io_listener_tcp(loop, &taken, false, count_accepted, NULL, &error);
        assert_non_null(listeners[2]);
        for (size_t i = 0; i < 3; i++)
            io_listener_free(listeners[i]);
    }
    io_loop_free(loop);
}

static void test_address_in_use(void **state)
{
    io_loop *loop = io_loop_new();
    io_address address;
    io_listener *first, *second;
    base_error error;

    (void)state;
    io_address_parse("127.0.0.1", 0, &address);
    first = io_listener_tcp(loop, &address, true, count_accepted, NULL, &error);
    assert_non_null(first);
    io_address_parse("127.0.0.1", io_listener_port(first), &address);
    assert_null(io_listener_tcp(loop, &address, false, count_accepted, NULL, &error));
    assert_non_null(strstr(error.text, "cannot listen on 127.0.0.1 port"));
    second = io_listener_tcp(loop, &address, true, count_accepted, NULL, &error);
    assert_non_null(second);
    io_listener_free(first);
    io_listener_free(second);
    io_loop_free(loop);
}

static int local_socket(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    strcpy(address.sun_path, path);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    close(fd);
    return -1;
}

static void stop_loop(void *self)
{
    io_loop_stop(self);
}

static void test_path(void **state)
{
    char folder[] = "/tmp/holdfast-path-XXXXXX", path[64], longer[256];
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    io_loop *loop = io_loop_new();
    io_timer *timer = io_timer_new(loop, stop_loop, loop);
    io_listener *listener;
    base_error error;
    size_t count = 0;
    int left, fd;

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/socket", folder);
    /* A socket that nobody listens on any more is in the way. */
    strcpy(address.sun_path, path);
    left = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(left, (struct sockaddr *)&address, sizeof address), 0);
    close(left);
    listener = io_listener_local(loop, path, count_accepted, &count, &error);
    assert_non_null(listener);
    /* One that somebody listens on is not. */
    assert_null(io_listener_local(loop, path, count_accepted, &count, &error));
    memset(longer, 'a', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    assert_null(io_listener_local(loop, longer, count_accepted, &count, &error));
    fd = local_socket(path);
    assert_true(fd >= 0);
    io_timer_start(timer, 50);
    io_loop_run(loop);
    assert_true(count >= 1);
    close(fd);
    io_listener_free(listener);
    io_timer_free(timer);
    io_loop_free(loop);
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tcp_client_finishes_first),
        cmocka_unit_test(test_tcp_server_finishes_first),
        cmocka_unit_test(test_tls_client_finishes_first),
        cmocka_unit_test(test_tls_server_finishes_first),
        cmocka_unit_test(test_tcp_slow_reader),
        cmocka_unit_test(test_tls_slow_reader),
        cmocka_unit_test(test_tcp_gives_back),
        cmocka_unit_test(test_tls_gives_back),
        cmocka_unit_test(test_tcp_reports_the_end_again),
        cmocka_unit_test(test_tls_reports_the_end_again),
        cmocka_unit_test(test_reset_while_paused),
        cmocka_unit_test(test_tcp_leaves),
        cmocka_unit_test(test_tls_leaves),
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_tunnel_keeps_what_follows),
        cmocka_unit_test(test_address_in_use),
        cmocka_unit_test(test_path),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
