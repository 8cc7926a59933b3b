/* Which proxy, and which exceptions: as curl reads them. */
#include "http/proxy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void clear_environment(void)
{
    static const char *const names[] = {"http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY",
                                        "all_proxy",  "ALL_PROXY",  "no_proxy",    "NO_PROXY"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unsetenv(names[i]);
}

static void a_proxy_is_read(void **state)
{
    static const struct {
        const char *text, *name, *authorization;
    } cases[] = {
        {"http://p.test:3128", "http://p.test:3128", NULL},
        {"p.test", "http://p.test:1080", NULL},
        {"http://[::1]:8080/", "http://[::1]:8080", NULL},
        {"user:secret@p.test:1", "http://p.test:1", "Basic dXNlcjpzZWNyZXQ="},
        {"http://us%65r@p.test:1", "http://p.test:1", "Basic dXNlcjo="},
        {"http://a:b%3Ac@p.test:1", "http://p.test:1", "Basic YTpiOmM="},
        {"http://a:%zz%4@p.test:1", "http://p.test:1", "Basic YTolenolNA=="},
    };
    http_proxies proxies;
    base_error error;

    (void)state;
    clear_environment();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const http_proxy *proxy;

        assert_true(http_proxies_init(&proxies, cases[i].text, &error));
        proxy = http_proxy_for(&proxies, "a.test", true);
        assert_string_equal(proxy->name, cases[i].name);
        if (cases[i].authorization != NULL)
            assert_string_equal(proxy->authorization, cases[i].authorization);
        else
            assert_null(proxy->authorization);
        assert_non_null(http_proxy_for(&proxies, "a.test", false));
        http_proxies_done(&proxies);
    }
}

static void what_is_no_proxy_is_refused_without_its_password(void **state)
{
    static const char *const texts[] = {"https://u:secret@p.test", "socks5://p.test", "http://u:secret@",
                                        "http://p.test:0", "p.test:99999"};
    http_proxies proxies;
    base_error error;

    (void)state;
    clear_environment();
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_false(http_proxies_init(&proxies, texts[i], &error));
        assert_non_null(strstr(error.text, "--proxy"));
        assert_null(strstr(error.text, "secret"));
    }
}

static const char *name_for(bool secure)
{
    static char name[64];
    http_proxies proxies;
    const http_proxy *proxy;
    base_error error;

    assert_true(http_proxies_init(&proxies, NULL, &error));
    proxy = http_proxy_for(&proxies, "a.test", secure);
    strcpy(name, proxy != NULL ? proxy->name : "none");
    http_proxies_done(&proxies);
    return name;
}

static void the_environment_is_read_as_curl_does(void **state)
{
    (void)state;
    clear_environment();
    assert_string_equal(name_for(false), "none");
    /* A client of a CGI program sets this one by a header field. */
    setenv("HTTP_PROXY", "http://cgi.test:1", 1);
    assert_string_equal(name_for(false), "none");
    setenv("ALL_PROXY", "http://all.test:1", 1);
    assert_string_equal(name_for(false), "http://all.test:1");
    assert_string_equal(name_for(true), "http://all.test:1");
    setenv("http_proxy", "http://one.test:1", 1);
    setenv("HTTPS_PROXY", "http://two.test:1", 1);
    assert_string_equal(name_for(false), "http://one.test:1");
    assert_string_equal(name_for(true), "http://two.test:1");
    setenv("https_proxy", "http://three.test:1", 1);
    assert_string_equal(name_for(true), "http://three.test:1");
    setenv("https_proxy", "", 1);
    assert_string_equal(name_for(true), "none");
    setenv("no_proxy", "b.test,A.TEST", 1);
    assert_string_equal(name_for(false), "none");
    clear_environment();
}

static void exceptions_are_names_addresses_and_blocks(void **state)
{
    static const struct {
        const char *exceptions, *host;
        bool excepted;
    } cases[] = {
        {NULL, "a.test", false},
        {"", "a.test", false},
        {"*", "a.test", true},
        {"a.test", "a.test", true},
        {"a.test", "www.a.test", true},
        {".a.test", "a.test", true},
        {"a.test.", "a.test", true},
        {"a.test", "aa.test", false},
        {"www.a.test", "a.test", false},
        {" b.test\t, a.test", "a.test", true},
        {"192.0.2.1", "192.0.2.1", true},
        {"192.0.2.1", "192.0.2.10", false},
        {"192.0.2.0/24", "192.0.2.10", true},
        {"192.0.2.0/25", "192.0.2.200", false},
        {"192.0.2.0/33", "192.0.2.0", false},
        {"192.0.2.0/x", "192.0.2.0", false},
        {"0.0.0.0/0", "192.0.2.0", true},
        {"0.0.0.0/0", "::1", false},
        {"::1", "::1", true},
        {"[2001:db8::1]", "2001:db8::1", true},
        {"2001:db8::/32", "2001:db8:1::1", true},
        {"2001:db8::/33", "2001:db8:8000::1", false},
        {"2.0", "192.0.2.0", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(http_proxy_excepts(cases[i].exceptions, cases[i].host), cases[i].excepted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_proxy_is_read),
        cmocka_unit_test(what_is_no_proxy_is_refused_without_its_password),
        cmocka_unit_test(the_environment_is_read_as_curl_does),
        cmocka_unit_test(exceptions_are_names_addresses_and_blocks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
