/* base/operand.h: URLs and files in the place of hosts. */
#include "base/operand.h"

#include "lib/scratch.h"

#include <string.h>

static void what_a_url_names(void **state)
{
    static const struct {
        const char *text, *host; /* NULL: it is no URL, or names no host */
    } cases[] = {
        {"https://a.test/", "a.test"},
        {"HTTPS://A.Test", "a.test"},
        {"https://u:p@a.test:443/x?y@z", "a.test"},
        {"a.test:443", "a.test"},
        {"a.test/path", "a.test"},
        {"//a.test\\x", "a.test"},
        {"https://b\xc3\xbc.test./#x", "xn--b-eha.test"},
        {"a.test", NULL},
        {"a..test", NULL},
        {"https://", NULL},
        {"https://[::1]/", NULL},
        {"https://a.test:x/", NULL},
        {"::1", NULL},
        {"", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char host[HF_HOST_MAX + 1] = "";
        bool is_url = base_operand_host(cases[i].text, host);

        if (is_url != (cases[i].host != NULL) || (is_url && strcmp(host, cases[i].host) != 0))
            fail_msg("%s names '%s'", cases[i].text, host);
    }
}

static void what_is_a_file(void **state)
{
    static const struct {
        const char *text, *why; /* NULL: a host */
    } cases[] = {
        {"hosts.txt", "'hosts.txt': there is no such file; a list of hosts WHERE (a host of this name: 'hosts.txt.')"},
        {"HOSTS.CSV", "'HOSTS.CSV': there is no such file; "},
        {"there.json", "'there.json' is a file; "},
        {"folder", "'folder' is a folder; "},
        {"folder.test", NULL}, /* sites are kept in folders of their names */
        {"file.test", NULL},
        {"hosts.txt.", NULL},
        {"hosts.txt:443", NULL},
        {"mail", NULL},
        {"a.zip", NULL}, /* a top-level domain */
        {"txt", NULL},
    };

    (void)state;
    scratch_file("there.json", "[]");
    scratch_file("file.test", "");
    assert_int_equal(mkdir("folder", 0700), 0);
    assert_int_equal(mkdir("folder.test", 0700), 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        base_error error = {""};
        bool is_host = base_operand_is_no_file(cases[i].text, "WHERE", &error);

        if (is_host != (cases[i].why == NULL) || (!is_host && strstr(error.text, cases[i].why) == NULL))
            fail_msg("%s: '%s'", cases[i].text, error.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_url_names),
        cmocka_unit_test_setup_teardown(what_is_a_file, scratch_enter, scratch_leave),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
