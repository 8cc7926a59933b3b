/* Answers remembered: as long as they are good, no more of them than there is room for. Then the same over a real
 * server. */
#include "dns/query.h"
#include "dns/resolve.h"
#include "serve/dns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define NOW 1000000

static const dns_reply answered = {
    .status = FACTS_DNS_ANSWERED, .detail = "", .bytes = (const unsigned char *)"message", .length = 7};

static void an_answer_lives_as_long_as_it_says(void **state)
{
    dns_cache *cache = dns_cache_new(4);
    dns_reply reply;

    (void)state;
    assert_false(dns_cache_find(cache, "a.test", DNS_A, NOW, &reply));
    dns_cache_put(cache, "a.test", DNS_A, &answered, NOW, 60);
    assert_true(dns_cache_find(cache, "a.test", DNS_A, NOW + 59, &reply));
    assert_int_equal(reply.age, 59);
    assert_int_equal(reply.length, 7);
    assert_memory_equal(reply.bytes, "message", 7);
    assert_false(dns_cache_find(cache, "a.test", DNS_AAAA, NOW, &reply));
    assert_false(dns_cache_find(cache, "b.test", DNS_A, NOW, &reply));
    assert_false(dns_cache_find(cache, "a.test", DNS_A, NOW + 60, &reply));
    assert_int_equal(dns_cache_count(cache), 0);
    /* What may not be kept forgets what was. */
    dns_cache_put(cache, "a.test", DNS_A, &answered, NOW, 60);
    dns_cache_put(cache, "a.test", DNS_A, &answered, NOW, 0);
    assert_int_equal(dns_cache_count(cache), 0);
    dns_cache_free(cache);
    dns_cache_free(NULL);
}

static void the_one_asked_for_longest_ago_makes_room(void **state)
{
    dns_cache *cache = dns_cache_new(4);
    char name[32];
    dns_reply reply;

    (void)state;
    for (int i = 0; i < 4; i++) {
        snprintf(name, sizeof name, "%d.test", i);
        dns_cache_put(cache, name, DNS_A, &answered, NOW, 60);
    }
    assert_true(dns_cache_find(cache, "0.test", DNS_A, NOW, &reply));
    dns_cache_put(cache, "4.test", DNS_A, &answered, NOW, 60);
    assert_int_equal(dns_cache_count(cache), 4);
    assert_true(dns_cache_find(cache, "0.test", DNS_A, NOW, &reply));
    assert_false(dns_cache_find(cache, "1.test", DNS_A, NOW, &reply));
    dns_cache_free(cache);
}

static void there_are_never_more_than_the_bound(void **state)
{
    static unsigned char large[DNS_CACHE_OCTETS + 1];
    dns_cache *cache = dns_cache_new(DNS_CACHE_ENTRIES);
    const dns_reply too_large = {.bytes = large, .length = sizeof large};
    char name[32];
    dns_reply reply;

    (void)state;
    for (int i = 0; i < 3 * DNS_CACHE_ENTRIES; i++) {
        snprintf(name, sizeof name, "%d.test", i);
        dns_cache_put(cache, name, DNS_A, &answered, NOW, 60);
        assert_true(dns_cache_find(cache, name, DNS_A, NOW, &reply));
    }
    assert_int_equal(dns_cache_count(cache), DNS_CACHE_ENTRIES);
    dns_cache_put(cache, "large.test", DNS_A, &too_large, NOW, 60);
    assert_false(dns_cache_find(cache, "large.test", DNS_A, NOW, &reply));
    dns_cache_free(cache);
}

/* -- Over a server ------------------------------------------------------------------------------------------------- */

typedef struct world {
    io_loop *loop;
    serve_zone *zone;
    serve_dns *server;
    dns_client *dns;
    dns_resolver *resolver;
    size_t told, count;
    facts_dns_status status;
    facts_code code;
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
    w->loop = io_loop_new();
    w->zone = serve_zone_new("test");
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        assert_true(serve_zone_add(w->zone, lines[i][0], lines[i][1], &error));
    w->server = serve_dns_new(w->loop, w->zone);
    assert_non_null(w->server);
    snprintf(at, sizeof at, "127.0.0.1:%d", serve_dns_port(w->server));
    w->dns = dns_client_new(w->loop, at, &error);
    w->resolver = dns_resolver_new(w->loop, at, &error);
    assert_non_null(w->dns);
    assert_non_null(w->resolver);
}

static void close_world(world *w)
{
    dns_client_free(w->dns);
    dns_resolver_free(w->resolver);
    serve_dns_free(w->server);
    serve_zone_free(w->zone);
    io_loop_free(w->loop);
}

static void tell(world *w)
{
    if (++w->told == w->until && w->running)
        io_loop_stop(w->loop);
}

static void on_reply(void *self, const dns_reply *reply)
{
    world *w = self;

    w->status = reply->status;
    tell(w);
}

static void on_resolved(void *self, const io_address *addresses, size_t count, const facts_failure *failure)
{
    world *w = self;

    (void)addresses;
    w->count = count;
    w->code = failure != NULL ? failure->code : FACTS_FAILURE_NONE;
    tell(w);
}

static void run(world *w)
{
    w->running = true;
    io_loop_run(w->loop);
    w->running = false;
}

/* Asks, and waits for the answer. */
static facts_dns_status ask(world *w, const char *name, dns_type type)
{
    w->until = w->told + 1;
    if (dns_ask(w->dns, name, type, on_reply, w) != NULL)
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
        assert_non_null(dns_ask(w.dns, i % 2 ? "a.test" : "A.TEST", DNS_A, on_reply, &w));
    run(&w);
    assert_int_equal(w.told, 8);
    assert_int_equal(serve_dns_asked(w.server), 1);
    /* And it is remembered, as is that there is nothing. */
    assert_int_equal(ask(&w, "a.test", DNS_A), FACTS_DNS_ANSWERED);
    assert_int_equal(serve_dns_asked(w.server), 1);
    assert_int_equal(ask(&w, "nobody.test", DNS_A), FACTS_DNS_NAME_UNKNOWN);
    asked = serve_dns_asked(w.server);
    assert_int_equal(ask(&w, "nobody.test", DNS_A), FACTS_DNS_NAME_UNKNOWN);
    assert_int_equal(serve_dns_asked(w.server), asked);
    close_world(&w);
}

static void what_became_of_a_question_is_told(void **state)
{
    world w;

    (void)state;
    open_world(&w);
    assert_int_equal(ask(&w, "fail.test", DNS_A), FACTS_DNS_SERVER_FAILURE);
    assert_int_equal(ask(&w, "no.test", DNS_A), FACTS_DNS_REFUSED);
    assert_int_equal(ask(&w, "a.test", DNS_CAA), FACTS_DNS_NO_DATA);
    assert_int_equal(ask(&w, "caa.test", DNS_CAA), FACTS_DNS_ANSWERED);
    assert_int_equal(ask(&w, "large.test", DNS_HTTPS), FACTS_DNS_ANSWERED); /* over TCP */
    assert_int_equal(ask(&w, "a.onion", DNS_A), FACTS_DNS_NAME_UNKNOWN);
    assert_int_equal(ask(&w, "", DNS_A), FACTS_DNS_MALFORMED);
    assert_int_equal(ask(&w, "a..test", DNS_A), FACTS_DNS_MALFORMED);
    serve_dns_free(w.server);
    w.server = NULL;
    assert_int_equal(ask(&w, "b.test", DNS_A), FACTS_DNS_UNREACHABLE);
    close_world(&w);
}

static void one_that_gives_up_does_not_stop_the_others(void **state)
{
    world w;
    dns_waiter *first;

    (void)state;
    open_world(&w);
    first = dns_ask(w.dns, "a.test", DNS_A, on_reply, &w);
    dns_ask(w.dns, "a.test", DNS_A, on_reply, &w);
    dns_cancel(first);
    dns_cancel(NULL);
    w.until = 1;
    run(&w);
    assert_int_equal(w.told, 1);
    /* An answer that nobody waits for is remembered all the same; one that never comes is let go. */
    dns_cancel(dns_ask(w.dns, "a.test", DNS_AAAA, on_reply, &w));
    dns_cancel(dns_ask(w.dns, "silent.test", DNS_A, on_reply, &w));
    assert_int_equal(ask(&w, "caa.test", DNS_CAA), FACTS_DNS_ANSWERED);
    assert_null(dns_ask(w.dns, "a.test", DNS_AAAA, on_reply, &w));
    assert_int_equal(w.told, 3);
    close_world(&w);
}

static void assert_resolves(world *w, const char *name, dns_family wanted, size_t count, facts_code code)
{
    w->until = w->told + 1;
    if (dns_resolve(w->resolver, name, 443, wanted, on_resolved, w) != NULL)
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
    assert_resolves(&w, "a.test", DNS_FAMILY_ANY, 2, FACTS_FAILURE_NONE);
    asked = serve_dns_asked(w.server);
    assert_int_equal(asked, 2);
    assert_resolves(&w, "a.test", DNS_FAMILY_IPV4, 1, FACTS_FAILURE_NONE);
    assert_resolves(&w, "a.test", DNS_FAMILY_ANY, 2, FACTS_FAILURE_NONE);
    assert_int_equal(serve_dns_asked(w.server), asked);
    assert_resolves(&w, "alias.test", DNS_FAMILY_IPV6, 1, FACTS_FAILURE_NONE);
    assert_resolves(&w, "gone.test", DNS_FAMILY_ANY, 0, FACTS_FAILURE_NAME_UNKNOWN);
    assert_resolves(&w, "nobody.test", DNS_FAMILY_ANY, 0, FACTS_FAILURE_NAME_UNKNOWN);
    assert_resolves(&w, "caa.test", DNS_FAMILY_ANY, 0, FACTS_FAILURE_NAME_WITHOUT_ADDRESS);
    assert_resolves(&w, "fail.test", DNS_FAMILY_ANY, 0, FACTS_FAILURE_RESOLVER_FAILED);
    assert_resolves(&w, "192.0.2.7", DNS_FAMILY_ANY, 1, FACTS_FAILURE_NONE);
    assert_resolves(&w, "x.localhost", DNS_FAMILY_ANY, 2, FACTS_FAILURE_NONE);
    dns_lookup_cancel(dns_resolve(w.resolver, "silent.test", 443, DNS_FAMILY_ANY, on_resolved, &w));
    dns_lookup_cancel(NULL);
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
