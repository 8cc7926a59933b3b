/* HOST and HOST:PORT. */
#include "base/host_port.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void read_ones(void **state)
{
    static const struct {
        const char *text, *host;
        int port; /* 7: none */
    } cases[] = {
        {"a.test", "a.test", 7},
        {"A.Test.:443", "a.test", 443},
        {"a.test:1", "a.test", 1},
        {"a.test:65535", "a.test", 65535},
        {"a.test:00443", "a.test", 443},
        {"192.0.2.1:8443", "192.0.2.1", 8443},
        {"::1", "::1", 7},
        {"[::1]", "::1", 7},
        {"[::1]:8443", "::1", 8443},
        {"2001:db8::443", "2001:db8::443", 7},
        {"b\xc3\xbc"
         "cher.test:80",
         "xn--bcher-kva.test", 80},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hf_host host;
        hf_diag diag;
        int port = 7;

        assert_true(base_host_port(cases[i].text, strlen(cases[i].text), &host, &port, &diag));
        assert_string_equal(host.name, cases[i].host);
        assert_int_equal(port, cases[i].port);
    }
}

static void refused_ones(void **state)
{
    static const struct {
        const char *text;
        size_t offset;
    } cases[] = {
        {"", 0},          {":443", 0},         {"a.test:", 7},
        {"a.test:0", 7},  {"a.test:65536", 7}, {"a.test:99999999999999999999", 7},
        {"a.test:4x", 7}, {"a b:443", 1},      {"a.test:1:2", 0},
        {"[::1]:", 6},    {"[::1:443", 0},     {"a..test:443", 2},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hf_host host;
        hf_diag diag;
        int port = 7;

        assert_false(base_host_port(cases[i].text, strlen(cases[i].text), &host, &port, &diag));
        assert_int_equal(diag.offset, cases[i].offset);
        assert_non_null(diag.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(read_ones), cmocka_unit_test(refused_ones)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
