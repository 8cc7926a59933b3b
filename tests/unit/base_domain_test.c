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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_label_below_a_public_suffix)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
