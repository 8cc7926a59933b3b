/* URLs: what is read, what is refused and where, what is written. Many more stand in tests/vectors/. */
#include <holdfast/url.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static const char *upgraded(const char *text)
{
    static char out[256];
    hf_url url;
    size_t length;
    assert_int_equal(hf_url_parse(text, strlen(text), NULL, &url, NULL), HF_OK);
    assert_int_equal(hf_url_upgrade(&url, text, strlen(text), out, sizeof out, &length), HF_OK);
    assert_int_equal(length, strlen(out));
    return out;
}

/* [RFC6797 8.3-6] */
static void everything_but_scheme_and_port_80_stays(void **state)
{
    static const struct {
        const char *from, *to;
    } cases[] = {
        {"http://example.com", "https://example.com"},
        {"http://example.com/", "https://example.com/"},
        {"HTTP://Example.COM/A", "https://Example.COM/A"},
        {"ws://example.com/s", "wss://example.com/s"},
        {"http://example.com:80/x", "https://example.com/x"},
        {"http://example.com:00080/x", "https://example.com/x"},
        {"http://example.com:/x", "https://example.com:/x"},
        {"http://example.com:8080/x", "https://example.com:8080/x"},
        {"http://example.com:443/x", "https://example.com:443/x"},
        {"http://u:p@example.com:80?q#f", "https://u:p@example.com?q#f"},
        {"http://a@b@example.com/", "https://a@b@example.com/"},
        {"http://[::1]:80/", "https://[::1]/"},
        {"http://[::1]", "https://[::1]"},
        {"http:\\\\example.com\\x", "https:\\\\example.com\\x"},
        {"http:example.com/x", "https:example.com/x"},
        {"http:////example.com", "https:////example.com"},
        {"ht\ntp://exa\tmple.com:8\r0/", "https://exa\tmple.com/"},
        {"  http://example.com:80  ", "  https://example.com  "},
        {"http://ex%61mple.com:80/%zz", "https://ex%61mple.com/%zz"},
        {"http://ex%6\t1mple.com:80/", "https://ex%6\t1mple.com/"},
        {"http://example.com?:80", "https://example.com?:80"},
        {"http://example.com#@a:80/", "https://example.com#@a:80/"},
        {"https://example.com:80/", "https://example.com:80/"},
        {"wss://example.com", "wss://example.com"},
        {"ftp://example.com:80/", "ftp://example.com:80/"},
        {"example.com:80", "example.com:80"},
        {"httpss://example.com", "httpss://example.com"},
        {"http", "http"},
        {"", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(upgraded(cases[i].from), cases[i].to);
}

static void the_parts_are_found(void **state)
{
    static const char text[] = " http://user:pw@Example.com:8080/path?q#f";
    hf_url url;
    (void)state;
    assert_int_equal(hf_url_parse(text, strlen(text), NULL, &url, NULL), HF_OK);
    assert_int_equal(url.scheme, HF_SCHEME_HTTP);
    assert_int_equal(url.scheme_at, 1);
    assert_int_equal(url.scheme_end, 5);
    assert_memory_equal(text + url.userinfo_at, "user:pw", url.userinfo_length);
    assert_int_equal(url.userinfo_length, 7);
    assert_memory_equal(text + url.host_at, "Example.com", url.host_length);
    assert_memory_equal(text + url.port_at, ":8080", url.port_length);
    assert_int_equal(url.port, 8080);
    assert_string_equal(text + url.rest_at, "/path?q#f");
    assert_string_equal(url.host.name, "example.com");
}

static void a_host_that_is_no_dns_name_is_no_error(void **state)
{
    static const char *const texts[] = {
        "http://a..b/", "http://./", "http://.a/",
        "http://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.test/"};
    hf_url url;
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_int_equal(hf_url_parse(texts[i], strlen(texts[i]), NULL, &url, NULL), HF_OK);
        assert_int_equal(url.host.kind, HF_HOST_OTHER);
    }
}

static void refusals_say_where(void **state)
{
    static const struct {
        const char *text;
        hf_status status;
        size_t offset, length;
    } cases[] = {
        {"http://", HF_E_URL_NO_HOST, 7, 0},
        {"http:///", HF_E_URL_NO_HOST, 8, 0},
        {"http://:80/", HF_E_URL_NO_HOST, 7, 0},
        {"http://user@/", HF_E_URL_NO_HOST, 12, 0},
        {"http://example.com:8o/", HF_E_URL_PORT, 20, 1},
        {"http://example.com:65536/", HF_E_URL_PORT, 19, 5},
        {"http://example.com:999999999999999999999/", HF_E_URL_PORT, 19, 21},
        {"http://a:b:80/", HF_E_URL_PORT, 9, 1},
        {"http://exa mple.com/", HF_E_HOST_CHARACTER, 10, 1},
        {"http://[v1.fe80::a]/", HF_E_HOST_IPV6, 7, 12},
        {"http://[::1]x/", HF_E_HOST_IPV6, 7, 6},
        {"http://a%2/", HF_E_HOST_ESCAPE, 8, 1},
        {"http://a%zz/", HF_E_HOST_ESCAPE, 8, 1},
        {"http://a\t%z/", HF_E_HOST_ESCAPE, 9, 1},
        {"http://%3A%3A1/", HF_E_HOST_CHARACTER, 7, 7},
        {"http://%5B%3A%3A1%5D/", HF_E_HOST_CHARACTER, 7, 13},
        {"http://a%00b/", HF_E_HOST_CHARACTER, 7, 5},
        {"http://1.2.3.4.5/", HF_E_HOST_IPV4, 7, 9},
        {"http://b\xc3\xbc.test/", HF_E_HOST_NO_IDNA, 7, 8},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        hf_url url = {.port = 99};
        hf_diag diag = {HF_OK, 99, 99, NULL};
        assert_int_equal(hf_url_parse(cases[i].text, strlen(cases[i].text), NULL, &url, &diag), cases[i].status);
        assert_int_equal(diag.status, cases[i].status);
        assert_int_equal(diag.offset, cases[i].offset);
        assert_int_equal(diag.length, cases[i].length);
        assert_int_equal(url.port, 99);
    }
}

static void a_small_buffer_is_left_alone(void **state)
{
    static const char text[] = "http://a.test:80/";
    char out[32] = "#";
    size_t length = 77;
    hf_url url;
    (void)state;
    assert_int_equal(hf_url_parse(text, strlen(text), NULL, &url, NULL), HF_OK);
    for (size_t capacity = 0; capacity <= strlen("https://a.test/"); capacity++) {
        assert_int_equal(hf_url_upgrade(&url, text, strlen(text), out, capacity, &length), HF_E_BUFFER);
        assert_string_equal(out, "#");
        assert_int_equal(length, 77);
    }
    assert_int_equal(hf_url_upgrade(&url, text, strlen(text), out, 16, &length), HF_OK);
    assert_string_equal(out, "https://a.test/");
    assert_int_equal(hf_url_upgrade(&url, text, 3, out, sizeof out, &length), HF_E_ARGUMENT);
    assert_int_equal(hf_url_upgrade(NULL, text, 3, out, sizeof out, &length), HF_E_ARGUMENT);
    assert_int_equal(hf_url_parse(NULL, 1, NULL, &url, NULL), HF_E_ARGUMENT);
}

static void an_endless_host_is_refused_not_ignored(void **state)
{
    char *text = malloc(5000);
    hf_url url;
    (void)state;
    assert_non_null(text);
    memset(text, 'a', 5000);
    memcpy(text, "http://", 7);
    assert_int_equal(hf_url_parse(text, 5000, NULL, &url, NULL), HF_E_HOST_TEXT_TOO_LONG);
    free(text);
}

static void every_prefix_is_bounded(void **state)
{
    static const char text[] = "http://u%41:p@[::1]@ex%61mple\t.com%2ea:80\\x?y#z";
    char out[128];
    size_t out_length;
    (void)state;
    for (size_t length = 0; length < sizeof text; length++) {
        char *block = malloc(length + (length == 0));
        hf_url url;
        assert_non_null(block);
        memcpy(block, text, length);
        if (hf_url_parse(block, length, NULL, &url, NULL) == HF_OK)
            assert_int_equal(hf_url_upgrade(&url, block, length, out, sizeof out, &out_length), HF_OK);
        free(block);
    }
}

static void schemes_have_names(void **state)
{
    (void)state;
    assert_string_equal(hf_scheme_name(HF_SCHEME_WSS), "wss");
    assert_string_equal(hf_scheme_name(HF_SCHEME_OTHER), "other");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_but_scheme_and_port_80_stays),
        cmocka_unit_test(the_parts_are_found),
        cmocka_unit_test(a_host_that_is_no_dns_name_is_no_error),
        cmocka_unit_test(refusals_say_where),
        cmocka_unit_test(a_small_buffer_is_left_alone),
        cmocka_unit_test(an_endless_host_is_refused_not_ignored),
        cmocka_unit_test(every_prefix_is_bounded),
        cmocka_unit_test(schemes_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
