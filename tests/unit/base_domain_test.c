/* Registrable domains. */
#include "base/domain.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void one_label_below_a_public_suffix(void **state)
{
    static const struct {
        const char *name;
        bool registrable;
    } cases[] = {
        {"example.com", true},   {"www.example.com", false}, {"com", false},
        {"example.co.uk", true}, {"co.uk", false},           {"localhost", false},
        {"192.0.2.1", false},    {"xn--bcher-kva.de", true}, {"example.test", true},
        {"::1", false},
    };
    hf_host host;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(hf_host_parse(cases[i].name, strlen(cases[i].name), NULL, &host, NULL), HF_OK);
        assert_int_equal(base_domain_is_registrable(&host), cases[i].registrable);
    }
}

static void names_of_the_public_dns(void **state)
{
    static const struct {
        const char *name;
        bool below, whole;
    } cases[] = {
        {"example.com", true, true}, {"a.b.example.com", true, true}, {"com", false, true},
        {"co.uk", true, true},       {"github.io", true, true},       {"x.home.arpa", true, true},
        {"shop.test", false, false}, {"a.lan", false, false},         {"intranet", false, false},
        {"192.0.2.1", false, false}, {"a.internal", false, false},    {"localhost", false, false},
        {"a.xn--p1ai", true, true},
    };
    hf_host host;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(hf_host_parse(cases[i].name, strlen(cases[i].name), NULL, &host, NULL), HF_OK);
        assert_int_equal(base_domain_is_public(&host, false), cases[i].below);
        assert_int_equal(base_domain_is_public(&host, true), cases[i].whole);
    }
}

static void www_in_front(void **state)
{
    hf_host host, www = {.length = 1}, same, parsed;
    char longest[HF_HOST_MAX + 1];

    (void)state;
    assert_int_equal(hf_host_parse("a.test", 6, NULL, &host, NULL), HF_OK);
    assert_true(base_domain_www(&host, &www));
    assert_int_equal(hf_host_parse("www.a.test", 10, NULL, &parsed, NULL), HF_OK);
    assert_memory_equal(&www, &parsed, sizeof www);
    same = host;
    assert_true(base_domain_www(&same, &same));
    assert_string_equal(same.name, "www.a.test");
    assert_int_equal(hf_host_parse("192.0.2.1", 9, NULL, &host, NULL), HF_OK);
    assert_false(base_domain_www(&host, &same));
    /* 249 octets leave room for four more, 251 do not. */
    for (size_t length = 249; length <= 251; length += 2) {
        memset(longest, 'a', length);
        for (size_t i = 49; i < length - 1; i += 50)
            longest[i] = '.';
        assert_int_equal(hf_host_parse(longest, length, NULL, &host, NULL), HF_OK);
        assert_int_equal(base_domain_www(&host, &www), length == 249);
    }
    assert_int_equal(www.length, HF_HOST_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_label_below_a_public_suffix),
                                       cmocka_unit_test(names_of_the_public_dns), cmocka_unit_test(www_in_front)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
