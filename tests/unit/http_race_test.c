/* The first address that answers wins: refused, silent and unreachable ones, in either family, on loopback. */
#include "http/race.h"
#include "io/tcp.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define LIMIT 5000

typedef struct run {
    io_loop *loop;
    base_arena arena;
    io_address addresses[4];
    const char *texts[4];
    facts_attempt attempts[4];
    size_t count, attempt_count;
    int64_t limit;
    bool over;
    io_stream *stream;
    size_t address, attempt;
} run;

static void set_up(run *r)
{
    *r = (run){.loop = io_loop_new(), .limit = LIMIT};
}

static void add(run *r, const char *address, int port)
{
    assert_true(io_address_parse(address, port, &r->addresses[r->count]));
    r->texts[r->count++] = address;
}

static void on_over(void *self, io_stream *stream, size_t address, size_t attempt)
{
    run *r = self;

    r->over = true;
    r->stream = stream;
    r->address = address;
    r->attempt = attempt;
    io_loop_stop(r->loop);
}

static void tear_down(run *r)
{
    io_stream_close(r->stream);
    io_loop_free(r->loop);
    base_arena_done(&r->arena);
}

static http_race *begin(run *r)
{
    const http_course course = {.loop = r->loop,
                                .arena = &r->arena,
                                .addresses = r->addresses,
                                .texts = r->texts,
                                .count = r->count,
                                .limit = r->limit,
                                .attempts = r->attempts,
                                .attempt_count = &r->attempt_count};

    return http_race_begin(&course, on_over, r);
}

static void race(run *r)
{
    begin(r);
    io_loop_run(r->loop);
    assert_true(r->over);
}

/* A socket that is bound, and listens with room for `backlog` unless that is -1; *port is its port. */
static int bound(int *port, int backlog)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int s = socket(AF_INET, SOCK_STREAM, 0);

    assert_true(s >= 0 && bind(s, (struct sockaddr *)&address, length) == 0);
    if (backlog >= 0)
        assert_int_equal(listen(s, backlog), 0);
    assert_int_equal(getsockname(s, (struct sockaddr *)&address, &length), 0);
    *port = ntohs(address.sin_port);
    return s;
}

/* A queue that is full: further SYNs are dropped, as behind a firewall. */
typedef struct hole {
    int listener, clients[4], port;
} hole;

static hole dig(void)
{
    hole h;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

    h.listener = bound(&h.port, 0);
    address.sin_port = htons((uint16_t)h.port);
    for (size_t i = 0; i < 4; i++) {
        h.clients[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        connect(h.clients[i], (struct sockaddr *)&address, sizeof address);
    }
    nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    return h;
}

static void fill(const hole *h)
{
    for (size_t i = 0; i < 4; i++)
        close(h->clients[i]);
    close(h->listener);
}

static facts_code failure_of(const run *r, size_t attempt)
{
    return r->attempts[attempt].failure != NULL ? r->attempts[attempt].failure->code : FACTS_FAILURE_NONE;
}

static void the_first_that_answers_wins(void **state)
{
    int port, s = bound(&port, 8);
    run r;

    (void)state;
    set_up(&r);
    add(&r, "127.0.0.1", port);
    add(&r, "127.0.0.2", port);
    race(&r);
    assert_non_null(r.stream);
    assert_int_equal(r.attempt_count, 1);
    assert_int_equal(failure_of(&r, 0), FACTS_FAILURE_NONE);
    assert_int_equal(r.attempts[0].port, port);
    tear_down(&r);
    close(s);
}

static void a_refusal_is_followed_at_once(void **state)
{
    int closed, port, other = bound(&closed, -1), s = bound(&port, 8);
    int64_t begun;
    run r;

    (void)state;
    set_up(&r);
    add(&r, "127.0.0.1", closed);
    add(&r, "127.0.0.1", port);
    begun = io_loop_now(r.loop);
    race(&r);
    assert_non_null(r.stream);
    assert_int_equal(r.address, 1);
    assert_int_equal(r.attempt, 1);
    assert_int_equal(failure_of(&r, 0), FACTS_FAILURE_CONNECTION_REFUSED);
    assert_true(io_loop_now(r.loop) - begun < LIMIT);
    tear_down(&r);
    close(s);
    close(other);
}

static void silence_is_outrun(void **state)
{
    hole h = dig();
    int port, s = bound(&port, 8);
    int64_t begun;
    run r;

    (void)state;
    set_up(&r);
    add(&r, "127.0.0.1", h.port);
    add(&r, "127.0.0.1", port);
    begun = io_loop_now(r.loop);
    race(&r);
    assert_non_null(r.stream);
    assert_int_equal(r.address, 1);
    assert_int_equal(failure_of(&r, 0), FACTS_FAILURE_OVERTAKEN);
    assert_int_equal(failure_of(&r, 1), FACTS_FAILURE_NONE);
    assert_true(io_loop_now(r.loop) - begun >= HTTP_RACE_DELAY - 1);
    tear_down(&r);
    close(s);
    fill(&h);
}

static void each_has_its_time_and_its_failure(void **state)
{
    hole h = dig();
    int closed, other = bound(&closed, -1);
    run r;

    (void)state;
    set_up(&r);
    r.limit = 400;
    add(&r, "127.0.0.1", h.port);
    add(&r, "127.0.0.1", closed);
    race(&r);
    assert_null(r.stream);
    assert_int_equal(r.attempt_count, 2);
    assert_int_equal(failure_of(&r, 0), FACTS_FAILURE_CONNECT_TIMEOUT);
    assert_int_equal(failure_of(&r, 1), FACTS_FAILURE_CONNECTION_REFUSED);
    tear_down(&r);
    close(other);
    fill(&h);
}

static void families_alternate(void **state)
{
    int closed, other = bound(&closed, -1);
    run r;

    (void)state;
    set_up(&r);
    add(&r, "::1", closed);
    add(&r, "::1", closed);
    add(&r, "127.0.0.1", closed);
    add(&r, "127.0.0.2", closed);
    race(&r);
    assert_null(r.stream);
    assert_int_equal(r.attempt_count, 4);
    assert_string_equal(r.attempts[0].address, "::1");
    assert_string_equal(r.attempts[1].address, "127.0.0.1");
    assert_string_equal(r.attempts[2].address, "::1");
    assert_string_equal(r.attempts[3].address, "127.0.0.2");
    tear_down(&r);
    close(other);
}

static void stop(void *self)
{
    io_loop_stop(self);
}

static void an_end_closes_what_is_open(void **state)
{
    hole h = dig();
    http_race *racing;
    io_timer *timer;
    run r;

    (void)state;
    set_up(&r);
    add(&r, "127.0.0.1", h.port);
    racing = begin(&r);
    timer = io_timer_new(r.loop, stop, r.loop);
    io_timer_start(timer, 50);
    io_loop_run(r.loop);
    io_timer_free(timer);
    http_race_end(racing, FACTS_FAILURE_CONNECT_TIMEOUT);
    http_race_end(NULL, FACTS_FAILURE_CONNECT_TIMEOUT);
    assert_false(r.over);
    assert_int_equal(failure_of(&r, 0), FACTS_FAILURE_CONNECT_TIMEOUT);
    tear_down(&r);
    fill(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_that_answers_wins), cmocka_unit_test(a_refusal_is_followed_at_once),
        cmocka_unit_test(silence_is_outrun),           cmocka_unit_test(each_has_its_time_and_its_failure),
        cmocka_unit_test(families_alternate),          cmocka_unit_test(an_end_closes_what_is_open),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
