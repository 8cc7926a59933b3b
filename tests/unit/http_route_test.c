/* --connect-to and --resolve, read as curl reads them. */
#include "http/route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void assert_target(const http_route *route, const char *host, int port, const char *wanted, int wanted_port)
{
    const char *to;
    int to_port;

    http_route_target(route, host, port, &to, &to_port);
    assert_string_equal(to, wanted);
    assert_int_equal(to_port, wanted_port);
}

static void connections_are_led_elsewhere(void **state)
{
    http_route *route = http_route_new();
    base_error error;

    (void)state;
    assert_target(NULL, "a.test", 443, "a.test", 443);
    assert_target(route, "a.test", 443, "a.test", 443);
    assert_true(http_route_add_connect_to(route, "a.test:443:127.0.0.1:8443", &error));
    assert_true(http_route_add_connect_to(route, "b.test::[::1]:", &error));
    assert_true(http_route_add_connect_to(route, "[2001:db8::1]:443:c.test:1", &error));
    assert_true(http_route_add_connect_to(route, ":8080::80", &error));
    assert_true(http_route_add_connect_to(route, "a.test:443:too.late:9", &error));
    assert_target(route, "A.test", 443, "127.0.0.1", 8443);
    assert_target(route, "a.test", 444, "a.test", 444);
    assert_target(route, "b.test", 443, "::1", 443);
    assert_target(route, "b.test", 80, "::1", 80);
    assert_target(route, "2001:db8::1", 443, "c.test", 1);
    assert_target(route, "d.test", 8080, "d.test", 80);
    http_route_free(route);
}

static void names_are_given_addresses(void **state)
{
    http_route *route = http_route_new();
    io_address addresses[4];
    char text[IO_ADDRESS_TEXT];
    size_t count = 0;
    base_error error;

    (void)state;
    assert_false(http_route_addresses(NULL, "a.test", 443, addresses, 4, &count));
    assert_true(http_route_add_resolve(route, "a.test:443:192.0.2.1,[2001:db8::1],192.0.2.3", &error));
    assert_true(http_route_add_resolve(route, "*:80:192.0.2.9", &error));
    assert_false(http_route_addresses(route, "a.test", 444, addresses, 4, &count));
    assert_true(http_route_addresses(route, "a.test", 443, addresses, 4, &count));
    assert_int_equal(count, 3);
    io_address_format(&addresses[1], text);
    assert_string_equal(text, "2001:db8::1");
    assert_int_equal(io_address_port(&addresses[1]), 443);
    assert_true(http_route_addresses(route, "any.test", 80, addresses, 4, &count));
    assert_int_equal(count, 1);
    assert_true(http_route_addresses(route, "a.test", 443, addresses, 2, &count));
    assert_int_equal(count, 2);
    http_route_free(route);
}

static void malformed_rules_are_refused(void **state)
{
    static const char *const connect_to[] = {"",
                                             "a",
                                             "a:1:b",
                                             "a:1:b:2:3",
                                             "a:x:b:2",
                                             "a:1:b:0",
                                             "a:1:b:65536",
                                             "[::1:1:b:2",
                                             "[::1]x:1:b:2",
                                             "a:+1:b:2",
                                             "a:1:b:99999999999"};
    static const char *const resolve[] = {"",
                                          "a",
                                          "a:443",
                                          "a::1.2.3.4",
                                          ":443:1.2.3.4",
                                          "a:443:",
                                          "a:443:b",
                                          "a:443:1.2.3.4,",
                                          "a:443:1.2.3.4,,1.2.3.5",
                                          "a:443:1.2.3.256"};
    http_route *route = http_route_new();
    base_error error;

    (void)state;
    for (size_t i = 0; i < sizeof connect_to / sizeof *connect_to; i++)
        assert_false(http_route_add_connect_to(route, connect_to[i], &error));
    for (size_t i = 0; i < sizeof resolve / sizeof *resolve; i++)
        assert_false(http_route_add_resolve(route, resolve[i], &error));
    assert_target(route, "a", 1, "a", 1);
    http_route_free(route);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(connections_are_led_elsewhere),
        cmocka_unit_test(names_are_given_addresses),
        cmocka_unit_test(malformed_rules_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
