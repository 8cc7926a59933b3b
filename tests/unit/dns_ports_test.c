/* Answers are hard to forge: every question leaves from a port of its own, in a case of its own, and nothing but its
 * answer is taken for one. */
#include "dns/query.h"
#include "dns/question.h"
#include "io/poll.h"
#include "serve/dns.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define QUESTIONS 64

/* -- The question and its echo ------------------------------------------------------------------------------------- */

static const unsigned char query[] = "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00"
                                     "\x01"
                                     "a\x04test\x00\x00\x01\x00\x01";
#define QUERY_LENGTH (sizeof query - 1)

static dns_echo echo_of(size_t at, unsigned char octet)
{
    unsigned char reply[QUERY_LENGTH];

    memcpy(reply, query, sizeof reply);
    reply[2] |= 0x80;
    reply[at] = octet;
    return dns_question_echo(query, QUERY_LENGTH, reply, sizeof reply);
}

static void an_answer_has_the_question(void **state)
{
    (void)state;
    assert_int_equal(dns_question_end(query, QUERY_LENGTH), QUERY_LENGTH);
    assert_int_equal(dns_question_end(query, QUERY_LENGTH - 1), 0);
    assert_int_equal(echo_of(3, 0x80), DNS_ECHO_SAME);
    assert_int_equal(echo_of(0, 0x13), DNS_ECHO_FOREIGN);
    assert_int_equal(echo_of(2, 0x01), DNS_ECHO_FOREIGN); /* a question */
    assert_int_equal(echo_of(5, 0), DNS_ECHO_FOREIGN);    /* without one */
    assert_int_equal(echo_of(13, 'b'), DNS_ECHO_FOREIGN);
    assert_int_equal(echo_of(13, 'A'), DNS_ECHO_OTHER_CASE);
    assert_int_equal(echo_of(14, 0x24), DNS_ECHO_FOREIGN);
    assert_int_equal(echo_of(QUERY_LENGTH - 3, 28), DNS_ECHO_FOREIGN);
    assert_int_equal(echo_of(QUERY_LENGTH - 1, 3), DNS_ECHO_FOREIGN);
    assert_int_equal(dns_question_echo(query, QUERY_LENGTH, query, QUERY_LENGTH - 1), DNS_ECHO_FOREIGN);
}

static void the_case_of_letters_is_chosen(void **state)
{
    unsigned char varied[QUERY_LENGTH], all[32], none[32] = {0};

    (void)state;
    memset(all, 0xff, sizeof all);
    memcpy(varied, query, sizeof varied);
    dns_question_vary(varied, sizeof varied, none);
    assert_memory_equal(varied, query, sizeof varied);
    dns_question_vary(varied, sizeof varied, all);
    assert_memory_equal(varied + 12,
                        "\x01"
                        "A\x04TEST\x00\x00\x01\x00\x01",
                        sizeof varied - 12);
}

/* -- A server ------------------------------------------------------------------------------------------------------ */

typedef struct world {
    io_loop *loop;
    serve_zone *zone;
    serve_dns *server;
    dns_client *dns;
    size_t told, until;
    char address[16];
    /* One that also forges. */
    int fd;
    io_poll *poll;
    size_t forged, lower, upper;
} world;

static void open_dns(world *w, int port)
{
    char at[32];
    base_error error;

    snprintf(at, sizeof at, "127.0.0.1:%d", port);
    w->dns = dns_client_new(w->loop, at, &error);
    assert_non_null(w->dns);
}

static void open_world(world *w)
{
    base_error error;

    memset(w, 0, sizeof *w);
    w->loop = io_loop_new();
    w->zone = serve_zone_new("test");
    for (int i = 0; i < QUESTIONS; i++) {
        char name[64];

        snprintf(name, sizeof name, "a-long-name-of-letters-%d.test", i);
        assert_true(serve_zone_add(w->zone, name, "A 192.0.2.1", &error));
    }
    w->server = serve_dns_new(w->loop, w->zone);
    assert_non_null(w->server);
    open_dns(w, serve_dns_port(w->server));
}

static void close_world(world *w)
{
    dns_client_free(w->dns);
    serve_dns_free(w->server);
    serve_zone_free(w->zone);
    io_loop_free(w->loop);
}

static void on_reply(void *self, const dns_reply *reply)
{
    world *w = self;
    base_arena arena = {0};
    dns_answer answer;

    dns_reply_read(reply, DNS_A, &arena, &answer);
    assert_int_equal(answer.status, FACTS_DNS_ANSWERED);
    assert_int_equal(answer.count, 1);
    inet_ntop(AF_INET, answer.values[0].data.data, w->address, sizeof w->address);
    base_arena_done(&arena);
    if (++w->told == w->until)
        io_loop_stop(w->loop);
}

/* Asks for so many names, all at once or one after the other. */
static void ask(world *w, size_t count, bool together)
{
    char name[64];

    for (size_t i = 0; i < count; i++) {
        snprintf(name, sizeof name, "a-long-name-of-letters-%zu.test", i);
        w->until = together ? count : i + 1;
        assert_non_null(dns_ask(w->dns, name, DNS_A, on_reply, w));
        if (!together)
            io_loop_run(w->loop);
    }
    if (together)
        io_loop_run(w->loop);
    assert_int_equal(w->told, count);
}

/* The system may choose a port twice, but not often. */
static void every_question_has_its_port(void **state)
{
    (void)state;
    for (int together = 0; together < 2; together++) {
        world w;

        open_world(&w);
        ask(&w, QUESTIONS, together != 0);
        assert_true(serve_dns_asked(w.server) >= QUESTIONS);
        assert_true(serve_dns_ports(w.server) > QUESTIONS * 3 / 4);
        close_world(&w);
    }
}

/* The first question is put twice; the server is known from then on. */
static void a_server_may_lose_the_case(void **state)
{
    world w;

    (void)state;
    open_world(&w);
    serve_dns_lose_case(w.server);
    ask(&w, QUESTIONS, false);
    assert_in_range(serve_dns_asked(w.server), QUESTIONS + 1, QUESTIONS * 3 / 2);
    close_world(&w);
}

/* -- One that forges ----------------------------------------------------------------------------------------------- */

/* An answer with the address 192.0.2.LAST, and one octet of the question another. */
static void reply(world *w, const unsigned char *asked, size_t length, const struct sockaddr_in *to, size_t at,
                  unsigned char flip, unsigned char last)
{
    unsigned char bytes[512];
    const unsigned char record[] = {0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, last};

    memcpy(bytes, asked, length);
    bytes[2] = 0x81;
    bytes[3] = 0x80;
    bytes[7] = 1;
    bytes[at] ^= flip;
    memcpy(bytes + length, record, sizeof record);
    sendto(w->fd, bytes, length + sizeof record, 0, (const struct sockaddr *)to, sizeof *to);
    w->forged += flip != 0;
}

static void on_query(void *self, int fd, bool readable, bool writable)
{
    world *w = self;
    unsigned char asked[256];
    struct sockaddr_in from;
    socklen_t from_length = sizeof from;
    ssize_t length = recvfrom(fd, asked, sizeof asked, 0, (struct sockaddr *)&from, &from_length);

    (void)readable, (void)writable;
    if (length < 20)
        return;
    for (ssize_t i = 13; i < length - 5; i++) {
        w->lower += asked[i] >= 'a' && asked[i] <= 'z';
        w->upper += asked[i] >= 'A' && asked[i] <= 'Z';
    }
    reply(w, asked, (size_t)length, &from, 0, 1, 66);                  /* another identifier */
    reply(w, asked, (size_t)length, &from, 15, 1, 66);                 /* another name */
    reply(w, asked, (size_t)length, &from, (size_t)length - 3, 1, 66); /* another type */
    if (w->forged < 6)
        reply(w, asked, (size_t)length, &from, 15, 0x20, 66); /* in another case, the first time */
    reply(w, asked, (size_t)length, &from, 0, 0, 1);
}

static void forged_answers_are_ignored(void **state)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof at;
    world w = {.loop = io_loop_new()};

    (void)state;
    w.fd = socket(AF_INET, SOCK_DGRAM, 0);
    assert_int_equal(bind(w.fd, (const struct sockaddr *)&at, sizeof at), 0);
    getsockname(w.fd, (struct sockaddr *)&at, &length);
    w.poll = io_poll_new(w.loop, w.fd, on_query, &w);
    io_poll_wait(w.poll, true, false);
    open_dns(&w, ntohs(at.sin_port));
    ask(&w, 8, false);
    assert_string_equal(w.address, "192.0.2.1");
    assert_true(w.forged >= 8 * 3);
    /* And of some 200 letters many are of either case. */
    assert_true(w.lower > 20 && w.upper > 20);
    dns_client_free(w.dns);
    io_poll_free(w.poll);
    close(w.fd);
    io_loop_free(w.loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_has_the_question),  cmocka_unit_test(the_case_of_letters_is_chosen),
        cmocka_unit_test(every_question_has_its_port), cmocka_unit_test(a_server_may_lose_the_case),
        cmocka_unit_test(forged_answers_are_ignored),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
