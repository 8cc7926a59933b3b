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

typedef struct rewriting {
    const char *from, *to;
} rewriting;

static void check_upgrades(const rewriting *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_string_equal(upgraded(cases[i].from), cases[i].to);
}

#define CHECK_UPGRADES(cases) check_upgrades(cases, sizeof(cases) / sizeof *(cases))

/* [RFC6797 8.3-6] */
static void scheme_and_port_80_change(void **state)
{
    static const rewriting cases[] = {
        {"http://example.com", "https://example.com"},
        {"http://example.com/", "https://example.com/"},
        {"ws://example.com/s", "wss://example.com/s"},
        {"http://example.com:80/x", "https://example.com/x"},
        {"http://example.com:00080/x", "https://example.com/x"},
        {"http://example.com:/x", "https://example.com/x"},
        {"http://example.com:8080/x", "https://example.com:8080/x"},
        {"http://example.com:008080/x", "https://example.com:8080/x"},
        {"http://example.com:443/x", "https://example.com:443/x"},
        {"http://example.com:0/x", "https://example.com:0/x"},
        {"http://example.com:65535/x", "https://example.com:65535/x"},
        {"http://example.com?:80", "https://example.com?:80"},
        {"http://example.com#@a:80/", "https://example.com#@a:80/"},
        {"https://example.com:80/", "https://example.com:80/"},
        {"wss://example.com", "wss://example.com"},
    };

    (void)state;
    CHECK_UPGRADES(cases);
}

static void the_authority_is_written_anew(void **state)
{
    static const rewriting cases[] = {
        {"HTTP://Example.COM/A", "https://example.com/A"},
        {"http://ex%61mple.com:80/%zz", "https://example.com/%zz"},
        {"http://example.com./", "https://example.com./"},
        {"http://example.com%2e:80/", "https://example.com./"},
        {"http://[::1]:80/", "https://[::1]/"},
        {"http://[0:0::0001]", "https://[::1]"},
        {"http://0x7f.1./", "https://127.0.0.1/"},
        {"http://A..EX%41mple.com./", "https://a..example.com./"},
        {"http://%41..example.com../x", "https://a..example.com../x"},
        {"http:example.com/x", "https://example.com/x"},
        {"http:/example.com", "https://example.com"},
        {"http:////example.com", "https://example.com"},
        {"http:\\\\example.com", "https://example.com"},
        {"HTTPS:\\/Example.com:443/", "https://example.com:443/"},
        {"https://example.com\\@other.test/", "https://example.com/@other.test/"},
    };

    (void)state;
    CHECK_UPGRADES(cases);
}

static void the_user_cannot_end_before_the_host(void **state)
{
    static const rewriting cases[] = {
        {"http://u:p@example.com:80?q#f", "https://u:p@example.com?q#f"},
        {"http://user:@example.com/", "https://user@example.com/"},
        {"http://:@example.com/", "https://example.com/"},
        {"http://@example.com/", "https://example.com/"},
        {"http://\t:\n@example.com/", "https://example.com/"},
        {"http://:p@example.com/", "https://:p@example.com/"},
        {"http://a@b@example.com/", "https://a%40b@example.com/"},
        {"http://a:b:c@example.com/", "https://a:b%3Ac@example.com/"},
        {"http://[a]|^`{}<>\"=;%41@example.com/", "https://%5Ba%5D%7C%5E%60%7B%7D%3C%3E%22%3D%3B%41@example.com/"},
        {"http://a b\x7f\xc3\xa9@example.com/", "https://a%20b%7F%C3%A9@example.com/"},
        {"http://-._~!$&'()*+,@example.com/", "https://-._~!$&'()*+,@example.com/"},
    };

    (void)state;
    CHECK_UPGRADES(cases);
}

static void the_rest_stays_but_for_controls_and_blanks(void **state)
{
    static const rewriting cases[] = {
        {"http://example.com/\r\nX: y", "https://example.com/X:%20y"},
        {"http://example.com/\x01\x1f\x7f?\x02#\x03x", "https://example.com/%01%1F%7F?%02#%03x"},
        {"http://example.com/ a? b# c ", "https://example.com/%20a?%20b#%20c"},
        {"http://example.com\\a\\b?\\c#\\d", "https://example.com/a/b?\\c#\\d"},
        {"http://example.com/a#b?\\c", "https://example.com/a#b?\\c"},
        {"http://example.com/../a%2F\"<>`{}|^[]'\xc3\xa9", "https://example.com/../a%2F\"<>`{}|^[]'\xc3\xa9"},
        {"ht\ntp:/\t/exa\tmple.com:8\r0/", "https://example.com/"},
        {"http://ex%6\t1mple.com:8\n080/%\t41", "https://example.com:8080/%41"},
        {" \x01 http://example.com:80 \x01 ", "https://example.com"},
    };

    (void)state;
    CHECK_UPGRADES(cases);
}

/* What is no URL of ours cannot break a line either. */
static void other_texts_stay_on_their_line(void **state)
{
    static const rewriting cases[] = {
        {"ftp://example.com:80/", "ftp://example.com:80/"},
        {"example.com:80", "example.com:80"},
        {"httpss://Example.com\\a", "httpss://Example.com\\a"},
        {"http", "http"},
        {"", ""},
        {" mailto:a\r\nb c\x01 ", "mailto:ab%20c"},
        {"ht\x01tp:a", "ht%01tp:a"},
    };

    (void)state;
    CHECK_UPGRADES(cases);
}

static void a_nul_is_an_octet_like_any_other(void **state)
{
    static const char text[] = "http://example.com/a\0b";
    char out[64];
    size_t length;
    hf_url url;

    (void)state;
    assert_int_equal(hf_url_parse(text, sizeof text - 1, NULL, &url, NULL), HF_OK);
    assert_int_equal(hf_url_upgrade(&url, text, sizeof text - 1, out, sizeof out, &length), HF_OK);
    assert_string_equal(out, "https://example.com/a%00b");
}

static void what_is_not_upgraded_keeps_scheme_and_port(void **state)
{
    static const rewriting cases[] = {
        {"http://Example.com:080\\a", "http://example.com:80/a"},
        {"WS:example.com:", "ws://example.com"},
        {"https://example.com:443", "https://example.com:443"},
        {"http://other.test\\@example.com/", "http://other.test/@example.com/"},
        {"/a\tb", "/ab"},
    };
    char out[64];
    size_t length;
    hf_url url;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(hf_url_parse(cases[i].from, strlen(cases[i].from), NULL, &url, NULL), HF_OK);
        assert_int_equal(hf_url_write(&url, cases[i].from, strlen(cases[i].from), out, sizeof out, &length), HF_OK);
        assert_string_equal(out, cases[i].to);
        assert_int_equal(length, strlen(out));
    }
}

/* Every octet grows to three. */
static void the_stated_capacity_is_enough(void **state)
{
    char text[300] = "http://", out[HF_URL_WRITTEN_MAX(sizeof text)];
    size_t length, half = 150;
    hf_url url;

    (void)state;
    memset(text + 7, '|', half - 7);
    memcpy(text + half, "@h", 2);
    memset(text + half + 2, '\x01', sizeof text - half - 2);
    memcpy(text + half + 2, "?", 1);
    memcpy(text + sizeof text - 1, "x", 1);
    assert_int_equal(hf_url_parse(text, sizeof text, NULL, &url, NULL), HF_OK);
    assert_int_equal(hf_url_upgrade(&url, text, sizeof text, out, sizeof out, &length), HF_OK);
    assert_int_equal(length, 8 + 3 * (half - 7) + 3 + 3 * (sizeof text - half - 4) + 1);
}

/* An IDNA hook that makes a long name of a short one, and after `turns` turns refuses it. */
typedef struct hook {
    int turns;
} hook;

static bool lengthen(void *self, const char *name, size_t length, char *out, size_t capacity, size_t *out_length)
{
    hook *h = self;

    (void)name, (void)length;
    if (h->turns-- == 0)
        return false;
    memset(out, 'X', capacity);
    out[5] = out[6] = '.';
    *out_length = capacity;
    return true;
}

static void a_host_that_is_no_dns_name_is_converted_again(void **state)
{
    static const char text[] = "http://\xc3\xa9/";
    hook turns = {3};
    const hf_idna idna = {lengthen, &turns};
    char out[HF_URL_WRITTEN_MAX(sizeof text)], wanted[HF_HOST_TEXT_MAX];
    size_t length;
    hf_url url;

    (void)state;
    memset(wanted, 'x', sizeof wanted);
    wanted[5] = wanted[6] = '.';
    assert_int_equal(hf_url_parse(text, sizeof text - 1, &idna, &url, NULL), HF_OK);
    assert_int_equal(url.host.kind, HF_HOST_OTHER);
    assert_int_equal(hf_url_upgrade(&url, text, sizeof text - 1, out, sizeof out, &length), HF_OK);
    assert_int_equal(length, 8 + sizeof wanted + 1);
    assert_memory_equal(out + 8, wanted, sizeof wanted);
    assert_int_equal(hf_url_upgrade(&url, text, sizeof text - 1, out, 8 + sizeof wanted + 1, &length), HF_E_BUFFER);
    assert_int_equal(hf_url_upgrade(&url, text, sizeof text - 1, out, sizeof out, &length), HF_E_HOST_IDNA);
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

#define LABEL_64 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static void a_host_that_is_no_dns_name_is_no_error(void **state)
{
    static const struct {
        const char *text, *name;
    } cases[] = {
        {"http://a..B/", "b"},        {"http://./", ""},           {"http://../", ""},
        {"http://.a/", "a"},          {"http://a.b../", "a.b"},    {"http://x." LABEL_64 ".y.Test/", "y.test"},
        {"http://" LABEL_64 "/", ""}, {"http://127.0.0.1../", ""},
    };
    hf_url url;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(hf_url_parse(cases[i].text, strlen(cases[i].text), NULL, &url, NULL), HF_OK);
        assert_int_equal(url.host.kind, HF_HOST_OTHER);
        assert_string_equal(url.host.name, cases[i].name);
        assert_int_equal(url.host.length, strlen(cases[i].name));
    }
}

/* A label ends where the name would be too long. */
static void the_part_that_is_a_dns_name_has_253_octets_at_most(void **state)
{
    char text[8 + 2 * 200] = "http://";
    hf_url url;

    (void)state;
    for (size_t i = 7; i < sizeof text - 1; i += 2)
        memcpy(text + i, "a.", 2);
    assert_int_equal(hf_url_parse(text, sizeof text - 1, NULL, &url, NULL), HF_OK);
    assert_int_equal(url.host.kind, HF_HOST_OTHER);
    assert_int_equal(url.host.length, HF_HOST_MAX);
    assert_int_equal(url.host.name[0], 'a');
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
        {"http://0..0x300/", HF_E_HOST_IPV4, 7, 8},
        {"http://a..1./", HF_E_HOST_IPV4, 7, 5},
        {"http://[::%31]/", HF_E_HOST_IPV6, 7, 7},
        {"http://u@[%3A:1]/", HF_E_HOST_IPV6, 9, 7},
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
        cmocka_unit_test(scheme_and_port_80_change),
        cmocka_unit_test(the_authority_is_written_anew),
        cmocka_unit_test(the_user_cannot_end_before_the_host),
        cmocka_unit_test(the_rest_stays_but_for_controls_and_blanks),
        cmocka_unit_test(other_texts_stay_on_their_line),
        cmocka_unit_test(a_nul_is_an_octet_like_any_other),
        cmocka_unit_test(what_is_not_upgraded_keeps_scheme_and_port),
        cmocka_unit_test(the_stated_capacity_is_enough),
        cmocka_unit_test(a_host_that_is_no_dns_name_is_converted_again),
        cmocka_unit_test(the_parts_are_found),
        cmocka_unit_test(a_host_that_is_no_dns_name_is_no_error),
        cmocka_unit_test(the_part_that_is_a_dns_name_has_253_octets_at_most),
        cmocka_unit_test(refusals_say_where),
        cmocka_unit_test(a_small_buffer_is_left_alone),
        cmocka_unit_test(an_endless_host_is_refused_not_ignored),
        cmocka_unit_test(every_prefix_is_bounded),
        cmocka_unit_test(schemes_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
