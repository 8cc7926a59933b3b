/* Answers remembered: as long as they are good, no more of them than there is room for. Then the same over a real server. */
#include "net/dns.h"
#include "net/dns_server.h"
#include "net/resolve.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define NOW 1000000

static const net_dns_reply answered = {
    .status = NET_DNS_STATUS_ANSWERED, .detail = "", .bytes = (const unsigned char *)"message", .length = 7};

static void an_answer_lives_as_long_as_it_says(void **state)
{
    net_dns_cache *cache = net_dns_cache_new(4);
    net_dns_reply reply;

    (void)state;
    assert_false(net_dns_cache_find(cache, "a.test", NET_DNS_A, NOW, &reply));
    net_dns_cache_put(cache, "a.test", NET_DNS_A, &answered, NOW, 60);
    assert_true(net_dns_cache_find(cache, "a.test", NET_DNS_A, NOW + 59, &reply));
    assert_int_equal(reply.age, 59);
    assert_int_equal(reply.length, 7);
    assert_memory_equal(reply.bytes, "message", 7);
    assert_false(net_dns_cache_find(cache, "a.test", NET_DNS_AAAA, NOW, &reply));
    assert_false(net_dns_cache_find(cache, "b.test", NET_DNS_A, NOW, &reply));
    assert_false(net_dns_cache_find(cache, "a.test", NET_DNS_A, NOW + 60, &reply));
    assert_int_equal(net_dns_cache_count(cache), 0);
    /* What may not be kept forgets what was. */
    net_dns_cache_put(cache, "a.test", NET_DNS_A, &answered, NOW, 60);
    net_dns_cache_put(cache, "a.test", NET_DNS_A, &answered, NOW, 0);
    assert_int_equal(net_dns_cache_count(cache), 0);
    net_dns_cache_free(cache);
    net_dns_cache_free(NULL);
}

static void the_one_asked_for_longest_ago_makes_room(void **state)
{
    net_dns_cache *cache = net_dns_cache_new(4);
    char name[32];
    net_dns_reply reply;

    (void)state;
    for (int i = 0; i < 4; i++) {
        snprintf(name, sizeof name, "%d.test", i);
        net_dns_cache_put(cache, name, NET_DNS_A, &answered, NOW, 60);
    }
    assert_true(net_dns_cache_find(cache, "0.test", NET_DNS_A, NOW, &reply));
    net_dns_cache_put(cache, "4.test", NET_DNS_A, &answered, NOW, 60);
    assert_int_equal(net_dns_cache_count(cache), 4);
    assert_true(net_dns_cache_find(cache, "0.test", NET_DNS_A, NOW, &reply));
    assert_false(net_dns_cache_find(cache, "1.test", NET_DNS_A, NOW, &reply));
    net_dns_cache_free(cache);
}

static void there_are_never_more_than_the_bound(void **state)
{
    static unsigned char large[NET_DNS_CACHE_OCTETS + 1];
    net_dns_cache *cache = net_dns_cache_new(NET_DNS_CACHE_ENTRIES);
    const net_dns_reply too_large = {.bytes = large, .length = sizeof large};
    char name[32];
    net_dns_reply reply;

    (void)state;
    for (int i = 0; i < 3 * NET_DNS_CACHE_ENTRIES; i++) {
        snprintf(name, sizeof name, "%d.test", i);
        net_dns_cache_put(cache, name, NET_DNS_A, &answered, NOW, 60);
        assert_true(net_dns_cache_find(cache, name, NET_DNS_A, NOW, &reply));
    }
    assert_int_equal(net_dns_cache_count(cache), NET_DNS_CACHE_ENTRIES);
    net_dns_cache_put(cache, "large.test", NET_DNS_A, &too_large, NOW, 60);
    assert_false(net_dns_cache_find(cache, "large.test", NET_DNS_A, NOW, &reply));
    net_dns_cache_free(cache);
}

/* -- Over a server ------------------------------------------------------------------------------------------------------------ */

typedef struct world {
    net_loop *loop;
    net_dns_zone *zone;
    net_dns_server *server;
    net_dns *dns;
    net_resolver *resolver;
    size_t told, count;
    net_dns_status status;
    net_code code;
    size_t until; /* the loop ends with so many told */
    bool running;
} world;

static const char *const lines[][2] = {
    {"a.test", "A 192.0.2.1"},           {"a.test", "AAAA 2001:db8::1"},
    {"fail.test", "SERVFAIL"},           {"no.test", "REFUSED"},
    {"large.test", "TRUNCATED"},         {"large.test", "HTTPS 1 . alpn=h2"},
    {"silent.test", "SILENT"},           {"alias.test", "CNAME a.test"},
    {"gone.test", "CNAME nowhere.test"}, {"caa.test", "CAA 0 issue ca.test"},
};

static void open_world(world *w)
{
    char at[32];
    base_error error;

    memset(w, 0, sizeof *w);
    w->loop = net_loop_new();
    w->zone = net_dns_zone_new("test");
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        assert_true(net_dns_zone_add(w->zone, lines[i][0], lines[i][1], &error));
    w->server = net_dns_server_new(w->loop, w->zone);
    assert_non_null(w->server);
    snprintf(at, sizeof at, "127.0.0.1:%d", net_dns_server_port(w->server));
    w->dns = net_dns_new(w->loop, at, &error);
    w->resolver = net_resolver_new(w->loop, at, &error);
    assert_non_null(w->dns);
    assert_non_null(w->resolver);
}

static void close_world(world *w)
{
    net_dns_free(w->dns);
    net_resolver_free(w->resolver);
    net_dns_server_free(w->server);
    net_dns_zone_free(w->zone);
    net_loop_free(w->loop);
}

static void tell(world *w)
{
    if (++w->told == w->until && w->running)
        net_loop_stop(w->loop);
}

static void on_reply(void *self, const net_dns_reply *reply)
{
    world *w = self;

    w->status = reply->status;
    tell(w);
}

static void on_resolved(void *self, const net_address *addresses, size_t count, const net_failure *failure)
{
    world *w = self;

    (void)addresses;
    w->count = count;
    w->code = failure != NULL ? failure->code : NET_NONE;
    tell(w);
}

static void run(world *w)
{
    w->running = true;
    net_loop_run(w->loop);
    w->running = false;
}

/* Asks, and waits for the answer. */
static net_dns_status ask(world *w, const char *name, net_dns_type type)
{
    w->until = w->told + 1;
    if (net_dns_ask(w->dns, name, type, on_reply, w) != NULL)
        run(w);
    assert_int_equal(w->told, w->until);
    return w->status;
}

static void the_same_question_is_put_once(void **state)
{
    world w;
    size_t asked;

    (void)state;
    open_world(&w);
    w.until = 8;
    for (size_t i = 0; i < 8; i++)
        assert_non_null(net_dns_ask(w.dns, i % 2 ? "a.test" : "A.TEST", NET_DNS_A, on_reply, &w));
    run(&w);
    assert_int_equal(w.told, 8);
    assert_int_equal(net_dns_server_asked(w.server), 1);
    /* And it is remembered, as is that there is nothing. */
    assert_int_equal(ask(&w, "a.test", NET_DNS_A), NET_DNS_STATUS_ANSWERED);
    assert_int_equal(net_dns_server_asked(w.server), 1);
    assert_int_equal(ask(&w, "nobody.test", NET_DNS_A), NET_DNS_STATUS_NAME_UNKNOWN);
    asked = net_dns_server_asked(w.server);
    assert_int_equal(ask(&w, "nobody.test", NET_DNS_A), NET_DNS_STATUS_NAME_UNKNOWN);
    assert_int_equal(net_dns_server_asked(w.server), asked);
    close_world(&w);
}

static void what_became_of_a_question_is_told(void **state)
{
    world w;

    (void)state;
    open_world(&w);
    assert_int_equal(ask(&w, "fail.test", NET_DNS_A), NET_DNS_STATUS_SERVER_FAILURE);
    assert_int_equal(ask(&w, "no.test", NET_DNS_A), NET_DNS_STATUS_REFUSED);
    assert_int_equal(ask(&w, "a.test", NET_DNS_CAA), NET_DNS_STATUS_NO_DATA);
    assert_int_equal(ask(&w, "caa.test", NET_DNS_CAA), NET_DNS_STATUS_ANSWERED);
    assert_int_equal(ask(&w, "large.test", NET_DNS_HTTPS), NET_DNS_STATUS_ANSWERED); /* over TCP */
    assert_int_equal(ask(&w, "a.onion", NET_DNS_A), NET_DNS_STATUS_NAME_UNKNOWN);
    assert_int_equal(ask(&w, "", NET_DNS_A), NET_DNS_STATUS_MALFORMED);
    assert_int_equal(ask(&w, "a..test", NET_DNS_A), NET_DNS_STATUS_MALFORMED);
    net_dns_server_free(w.server);
    w.server = NULL;
    assert_int_equal(ask(&w, "b.test", NET_DNS_A), NET_DNS_STATUS_UNREACHABLE);
    close_world(&w);
}

static void one_that_gives_up_does_not_stop_the_others(void **state)
{
    world w;
    net_dns_waiter *first;

    (void)state;
    open_world(&w);
    first = net_dns_ask(w.dns, "a.test", NET_DNS_A, on_reply, &w);
    net_dns_ask(w.dns, "a.test", NET_DNS_A, on_reply, &w);
    net_dns_cancel(first);
    net_dns_cancel(NULL);
    w.until = 1;
    run(&w);
    assert_int_equal(w.told, 1);
    /* An answer that nobody waits for is remembered all the same; one that never comes is let go. */
    net_dns_cancel(net_dns_ask(w.dns, "a.test", NET_DNS_AAAA, on_reply, &w));
    net_dns_cancel(net_dns_ask(w.dns, "silent.test", NET_DNS_A, on_reply, &w));
    assert_int_equal(ask(&w, "caa.test", NET_DNS_CAA), NET_DNS_STATUS_ANSWERED);
    assert_null(net_dns_ask(w.dns, "a.test", NET_DNS_AAAA, on_reply, &w));
    assert_int_equal(w.told, 3);
    close_world(&w);
}

static void assert_resolves(world *w, const char *name, net_family wanted, size_t count, net_code code)
{
    w->until = w->told + 1;
    if (net_resolve(w->resolver, name, 443, wanted, on_resolved, w) != NULL)
        run(w);
    assert_int_equal(w->told, w->until);
    assert_int_equal(w->count, count);
    assert_int_equal(w->code, code);
}

static void names_become_addresses(void **state)
{
    world w;
    size_t asked;

    (void)state;
    open_world(&w);
    assert_resolves(&w, "a.test", NET_FAMILY_ANY, 2, NET_NONE);
    asked = net_dns_server_asked(w.server);
    assert_int_equal(asked, 2);
    assert_resolves(&w, "a.test", NET_FAMILY_IPV4, 1, NET_NONE);
    assert_resolves(&w, "a.test", NET_FAMILY_ANY, 2, NET_NONE);
    assert_int_equal(net_dns_server_asked(w.server), asked);
    assert_resolves(&w, "alias.test", NET_FAMILY_IPV6, 1, NET_NONE);
    assert_resolves(&w, "gone.test", NET_FAMILY_ANY, 0, NET_NAME_UNKNOWN);
    assert_resolves(&w, "nobody.test", NET_FAMILY_ANY, 0, NET_NAME_UNKNOWN);
    assert_resolves(&w, "caa.test", NET_FAMILY_ANY, 0, NET_NAME_WITHOUT_ADDRESS);
    assert_resolves(&w, "fail.test", NET_FAMILY_ANY, 0, NET_RESOLVER_FAILED);
    assert_resolves(&w, "192.0.2.7", NET_FAMILY_ANY, 1, NET_NONE);
    assert_resolves(&w, "x.localhost", NET_FAMILY_ANY, 2, NET_NONE);
    net_lookup_cancel(net_resolve(w.resolver, "silent.test", 443, NET_FAMILY_ANY, on_resolved, &w));
    net_lookup_cancel(NULL);
    close_world(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_lives_as_long_as_it_says),
        cmocka_unit_test(the_one_asked_for_longest_ago_makes_room),
        cmocka_unit_test(there_are_never_more_than_the_bound),
        cmocka_unit_test(the_same_question_is_put_once),
        cmocka_unit_test(what_became_of_a_question_is_told),
        cmocka_unit_test(one_that_gives_up_does_not_stop_the_others),
        cmocka_unit_test(names_become_addresses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
