/* URLs as browsers read, normalise and resolve them. The expected forms are those of the WHATWG URL standard. */
#include "http/url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BASE "http://user:pass@a.test:8080/d/e/f?q#frag"

static void resolved(void **state)
{
    static const struct {
        const char *base, *text, *wanted;
    } cases[] = {
        {NULL, "http://a.test", "http://a.test/"},
        {NULL, "HTTP://A.Test:80/%7e/..//x", "http://a.test//x"},
        {NULL, "https://a.test:443", "https://a.test/"},
        {NULL, "https://a.test:80/", "https://a.test:80/"},
        {NULL, "http:a.test\\b\\..\\c?d\\e#f g", "http://a.test/c?d\\e#f%20g"},
        {NULL, "\x01 http://a.te\tst/\n ", "http://a.test/"},
        {NULL, "http://a.test./", "http://a.test./"},
        {NULL, "http://A.TEST%2e:8080", "http://a.test.:8080/"},
        {NULL,
         "http://b\xc3\xbc"
         "cher.test/\xc3\xbc?\xff",
         "http://xn--bcher-kva.test/%C3%BC?%FF"},
        {NULL, "http://0x7f.1/", "http://127.0.0.1/"},
        {NULL, "http://[0::1]:80/", "http://[::1]/"},
        {NULL, "http://u s:p@ss@a.test/", "http://u%20s:p%40ss@a.test/"},
        {NULL, "http://a.test/a b\"<>`{}^|'\x1b\x7f", "http://a.test/a%20b%22%3C%3E%60%7B%7D%5E|'%1B%7F"},
        {NULL, "http://a.test?'\"<>#'\"<>`", "http://a.test/?%27%22%3C%3E#'%22%3C%3E%60"},
        {NULL, "http://a.test/./.%2e/%2E%2e/x/%2e", "http://a.test/x/"},
        {NULL, "http://a.test/..", "http://a.test/"},
        {NULL, "http://a.test/a/...", "http://a.test/a/..."},
        {BASE, "", "http://user:pass@a.test:8080/d/e/f?q"},
        {BASE, "#g", "http://user:pass@a.test:8080/d/e/f?q#g"},
        {BASE, "?r", "http://user:pass@a.test:8080/d/e/f?r"},
        {BASE, "g", "http://user:pass@a.test:8080/d/e/g"},
        {BASE, "../g", "http://user:pass@a.test:8080/d/g"},
        {BASE, "../../../g", "http://user:pass@a.test:8080/g"},
        {BASE, "..\\g", "http://user:pass@a.test:8080/d/g"},
        {BASE, "/g", "http://user:pass@a.test:8080/g"},
        {BASE, "//b.test/g", "http://b.test/g"},
        {BASE, "\\\\b.test", "http://b.test/"},
        {BASE, "/\\b.test", "http://b.test/"},
        {BASE, "////b.test/g", "http://b.test/g"},
        {BASE, "http:g", "http://user:pass@a.test:8080/d/e/g"},
        {BASE, "http:/g", "http://user:pass@a.test:8080/g"},
        {BASE, "http:\\\\b.test/g", "http://b.test/g"},
        {BASE, "http://b.test", "http://b.test/"},
        {BASE, "https:g", "https://g/"},
        {BASE, "https:/g/h", "https://g/h"},
        {BASE, "http://a.test:8080/x", "http://a.test:8080/x"},
        {BASE, "1a:b", "http://user:pass@a.test:8080/d/e/1a:b"},
        {BASE, " \t/\ng ", "http://user:pass@a.test:8080/g"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        base_arena arena = {0};
        http_url base, url;

        if (cases[i].base != NULL)
            assert_int_equal(http_url_read(NULL, cases[i].base, strlen(cases[i].base), &arena, &base, NULL),
                             HTTP_URL_GOOD);
        assert_int_equal(http_url_read(cases[i].base != NULL ? &base : NULL, cases[i].text, strlen(cases[i].text),
                                       &arena, &url, NULL),
                         HTTP_URL_GOOD);
        assert_string_equal(url.text, cases[i].wanted);
        base_arena_done(&arena);
    }
}

static void refused(void **state)
{
    static const struct {
        const char *text;
        http_url_result wanted;
    } cases[] = {
        {"", HTTP_URL_OTHER_SCHEME},
        {"a.test", HTTP_URL_OTHER_SCHEME},
        {"ftp://a.test/", HTTP_URL_OTHER_SCHEME},
        {"wss://a.test/", HTTP_URL_OTHER_SCHEME},
        {"javascript:alert(1)", HTTP_URL_OTHER_SCHEME},
        {"http://", HTTP_URL_MALFORMED},
        {"http:///", HTTP_URL_MALFORMED},
        {"http://a b/", HTTP_URL_MALFORMED},
        {"http://a.test:x/", HTTP_URL_MALFORMED},
        {"http://a.test:65536/", HTTP_URL_MALFORMED},
        {"http://[::1", HTTP_URL_MALFORMED},
        {"http://a%00b/", HTTP_URL_MALFORMED},
        {"http://1.2.3.4.5/", HTTP_URL_MALFORMED},
        {"http://a..b/", HTTP_URL_UNREACHABLE},
        {"http://a.test:0/", HTTP_URL_UNREACHABLE},
    };
    base_arena arena = {0};
    http_url url;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(http_url_read(NULL, cases[i].text, strlen(cases[i].text), &arena, &url, NULL),
                         cases[i].wanted);
    assert_int_equal(http_url_read(NULL, "http://a.test/\0", 15, &arena, &url, NULL), HTTP_URL_MALFORMED);
    base_arena_done(&arena);
}

static void too_long(void **state)
{
    char *text = malloc(HTTP_URL_MAX + 1);
    base_arena arena = {0};
    http_url url;
    hf_diag diag;

    (void)state;
    memset(text, 0xff, HTTP_URL_MAX + 1);
    memcpy(text, "http://a.test/", 14);
    assert_int_equal(http_url_read(NULL, text, HTTP_URL_MAX, &arena, &url, &diag), HTTP_URL_GOOD);
    assert_int_equal(strlen(url.text), 14 + 3 * (HTTP_URL_MAX - 14));
    assert_int_equal(http_url_read(NULL, text, HTTP_URL_MAX + 1, &arena, &url, &diag), HTTP_URL_MALFORMED);
    base_arena_done(&arena);
    free(text);
}

static void parts(void **state)
{
    static const char text[] = "http://a.test:80/x?y#z";
    base_arena arena = {0};
    http_url url, upgraded;

    (void)state;
    assert_int_equal(http_url_read(NULL, text, strlen(text), &arena, &url, NULL), HTTP_URL_GOOD);
    assert_string_equal(url.target, "/x?y");
    assert_string_equal(url.fragment, "#z");
    http_url_upgrade(&url, &arena, &upgraded);
    assert_string_equal(upgraded.text, "https://a.test/x?y#z");
    assert_int_equal(upgraded.url.port, 443);
    assert_true(http_url_same_request(url.text, "http://a.test/x?y#other"));
    assert_true(http_url_same_request(url.text, "http://a.test/x?y"));
    assert_false(http_url_same_request(url.text, upgraded.text));
    assert_false(http_url_same_request(url.text, "http://a.test/x?yy"));
    assert_int_equal(http_url_read(NULL, "http://a.test:443/", 18, &arena, &upgraded, NULL), HTTP_URL_GOOD);
    http_url_upgrade(&upgraded, &arena, &upgraded);
    assert_string_equal(upgraded.text, "https://a.test/");
    assert_int_equal(http_url_read(&url, "/w", 2, &arena, &upgraded, NULL), HTTP_URL_GOOD);
    http_url_take_fragment(&upgraded, url.fragment, &arena);
    assert_string_equal(upgraded.text, "http://a.test/w#z");
    assert_string_equal(upgraded.target, "/w");
    base_arena_done(&arena);
}

static void unreachable_ones_say_why(void **state)
{
    static const struct {
        const char *text;
        size_t offset;
    } cases[] = {{"http://a.test:0/", 13}, {"  http://a.test:0/", 15}, {"https://u@a..b/x", 12}};
    base_arena arena = {0};
    http_url url;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hf_diag diag = {0};

        assert_int_equal(http_url_read(NULL, cases[i].text, strlen(cases[i].text), &arena, &url, &diag),
                         HTTP_URL_UNREACHABLE);
        assert_int_equal(diag.offset, cases[i].offset);
        assert_non_null(diag.text);
    }
    base_arena_done(&arena);
}

/* What is made is what would be read. */
static void made_without_text(void **state)
{
    static const char *const hosts[] = {"a.test", "192.0.2.1", "2001:db8::1", "xn--bcher-kva.test"};
    static const char *const targets[] = {"/", "/a/b?c=d", "/?"};
    static const int ports[] = {1, 80, 443, 65535};
    base_arena arena = {0};

    (void)state;
    for (size_t i = 0; i < 4 * 3 * 4 * 2; i++) {
        const hf_scheme scheme = i % 2 == 0 ? HF_SCHEME_HTTP : HF_SCHEME_HTTPS;
        const char *name = hosts[i / 2 % 4], *target = targets[i / 8 % 3];
        http_url made, read;
        hf_host host;

        assert_int_equal(hf_host_parse(name, strlen(name), NULL, &host, NULL), HF_OK);
        http_url_make(scheme, &host, ports[i / 24], target, &arena, &made);
        assert_int_equal(http_url_read(NULL, made.text, strlen(made.text), &arena, &read, NULL), HTTP_URL_GOOD);
        assert_string_equal(made.text, read.text);
        assert_string_equal(made.target, read.target);
        assert_string_equal(made.target, target);
        assert_string_equal(made.fragment, "");
        assert_memory_equal(&made.url, &read.url, sizeof made.url);
    }
    base_arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(resolved),
        cmocka_unit_test(refused),
        cmocka_unit_test(too_long),
        cmocka_unit_test(parts),
        cmocka_unit_test(unreachable_ones_say_why),
        cmocka_unit_test(made_without_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
