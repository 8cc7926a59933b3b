/* The canonical host name, without IDNA (the hook of the tools is tested with base). */
#include <holdfast/host.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static hf_host parse(const char *text)
{
    hf_host host;

    assert_int_equal(hf_host_parse(text, strlen(text), NULL, &host, NULL), HF_OK);
    assert_int_equal(host.length, strlen(host.name));
    return host;
}

static void names_become_canonical(void **state)
{
    static const struct {
        const char *text, *name;
    } cases[] = {
        {"Example.COM", "example.com"},
        {"example.com.", "example.com"},
        {"a_b.-c-.example", "a_b.-c-.example"},
        {"XN--0.example", "xn--0.example"},
        {"com", "com"},
        {"1.2.3.4.example", "1.2.3.4.example"},
        {"0x.example", "0x.example"},
        {"1.2.3.4a", "1.2.3.4a"},
        {"a!$&'()*+,;=~.b", "a!$&'()*+,;=~.b"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        hf_host host = parse(cases[i].text);
        assert_int_equal(host.kind, HF_HOST_NAME);
        assert_string_equal(host.name, cases[i].name);
    }
}

static void addresses_are_told_apart_in_every_spelling(void **state)
{
    static const struct {
        const char *text, *name;
        hf_host_kind kind;
    } cases[] = {
        {"127.0.0.1", "127.0.0.1", HF_HOST_IPV4},
        {"127.0.0.1.", "127.0.0.1", HF_HOST_IPV4},
        {"0x7f000001", "127.0.0.1", HF_HOST_IPV4},
        {"2130706433", "127.0.0.1", HF_HOST_IPV4},
        {"017700000001", "127.0.0.1", HF_HOST_IPV4},
        {"0x7F.1", "127.0.0.1", HF_HOST_IPV4},
        {"127.1", "127.0.0.1", HF_HOST_IPV4},
        {"1.2.772", "1.2.3.4", HF_HOST_IPV4},
        {"0x", "0.0.0.0", HF_HOST_IPV4},
        {"4294967295", "255.255.255.255", HF_HOST_IPV4},
        {"[::1]", "::1", HF_HOST_IPV6},
        {"::1", "::1", HF_HOST_IPV6},
        {"[::]", "::", HF_HOST_IPV6},
        {"[2001:DB8:0:0:1:0:0:1]", "2001:db8::1:0:0:1", HF_HOST_IPV6},
        {"[0:0:0:0:0:0:0:1]", "::1", HF_HOST_IPV6},
        {"[1:0:0:0:0:0:0:0]", "1::", HF_HOST_IPV6},
        {"[1:2:3:4:5:6:7::]", "1:2:3:4:5:6:7:0", HF_HOST_IPV6},
        {"[::ffff:192.0.2.1]", "::ffff:c000:201", HF_HOST_IPV6},
        {"[1:2:3:4:5:6:1.2.3.4]", "1:2:3:4:5:6:102:304", HF_HOST_IPV6},
        {"fe80::a:b", "fe80::a:b", HF_HOST_IPV6},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        hf_host host = parse(cases[i].text);
        assert_int_equal(host.kind, cases[i].kind);
        assert_string_equal(host.name, cases[i].name);
    }
}

static void refusals_say_where(void **state)
{
    static const struct {
        const char *text;
        hf_status status;
        size_t offset, length;
    } cases[] = {
        {"", HF_E_HOST_EMPTY, 0, 0},
        {".", HF_E_HOST_LABEL_EMPTY, 0, 0},
        {"...", HF_E_HOST_LABEL_EMPTY, 0, 0},
        {"a..b", HF_E_HOST_LABEL_EMPTY, 2, 0},
        {".a", HF_E_HOST_LABEL_EMPTY, 0, 0},
        {"a..", HF_E_HOST_LABEL_EMPTY, 2, 0},
        {"exa mple.com", HF_E_HOST_CHARACTER, 3, 1},
        {"example.com:80", HF_E_HOST_CHARACTER, 11, 1},
        {"a.b\x7f", HF_E_HOST_CHARACTER, 3, 1},
        {"a%2eb", HF_E_HOST_CHARACTER, 1, 1},
        {"b\xc3\xbc"
         "cher.test",
         HF_E_HOST_NO_IDNA, 0, 12},
        {"256.256.256.256", HF_E_HOST_IPV4, 0, 15},
        {"1.2.3.4.5", HF_E_HOST_IPV4, 0, 9},
        {"1.2.3.09", HF_E_HOST_IPV4, 0, 8},
        {"4294967296", HF_E_HOST_IPV4, 0, 10},
        {"99999999999999999999999", HF_E_HOST_IPV4, 0, 23},
        {"foo.0x", HF_E_HOST_IPV4, 0, 6},
        {"foo.127", HF_E_HOST_IPV4, 0, 7},
        {"[v1.fe80::a]", HF_E_HOST_IPV6, 0, 12},
        {"[::1", HF_E_HOST_IPV6, 0, 4},
        {"[]", HF_E_HOST_IPV6, 0, 2},
        {"[", HF_E_HOST_IPV6, 0, 1},
        {"[1:2:3:4:5:6:7]", HF_E_HOST_IPV6, 0, 15},
        {"[1:2:3:4:5:6:7:8:9]", HF_E_HOST_IPV6, 0, 19},
        {"[1::2::3]", HF_E_HOST_IPV6, 0, 9},
        {"[:1::2]", HF_E_HOST_IPV6, 0, 7},
        {"[1:]", HF_E_HOST_IPV6, 0, 4},
        {"[:]", HF_E_HOST_IPV6, 0, 3},
        {"[::1%25eth0]", HF_E_HOST_IPV6, 0, 12},
        {"[::12345]", HF_E_HOST_IPV6, 0, 9},
        {"[::1.2.3]", HF_E_HOST_IPV6, 0, 9},
        {"[::1.2.3.256]", HF_E_HOST_IPV6, 0, 13},
        {"[::1.2.3.04]", HF_E_HOST_IPV6, 0, 12},
        {"[::1.2.3.4.5]", HF_E_HOST_IPV6, 0, 13},
        {"[1:2:3:4:5:6:7:1.2.3.4]", HF_E_HOST_IPV6, 0, 23},
        {"[1:2:3:4:5:6:7:8::]", HF_E_HOST_IPV6, 0, 19},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        hf_host host = {.length = 99};
        hf_diag diag = {HF_OK, 99, 99, NULL};
        assert_int_equal(hf_host_parse(cases[i].text, strlen(cases[i].text), NULL, &host, &diag), cases[i].status);
        assert_int_equal(diag.status, cases[i].status);
        assert_int_equal(diag.offset, cases[i].offset);
        assert_int_equal(diag.length, cases[i].length);
        assert_string_equal(diag.text, hf_status_text(cases[i].status));
        assert_int_equal(host.length, 99);
    }
}

static void limits_are_exact(void **state)
{
    char text[HF_HOST_TEXT_MAX + 2];
    hf_host host;

    (void)state;
    memset(text, 'a', sizeof text);
    assert_int_equal(hf_host_parse(text, 63, NULL, &host, NULL), HF_OK);
    assert_int_equal(hf_host_parse(text, 64, NULL, &host, NULL), HF_E_LABEL_TOO_LONG);
    for (size_t i = 63; i < sizeof text; i += 64)
        text[i] = '.';
    assert_int_equal(hf_host_parse(text, 253, NULL, &host, NULL), HF_OK);
    assert_int_equal(host.length, 253);
    assert_int_equal(hf_host_parse(text, 254, NULL, &host, NULL), HF_E_HOST_TOO_LONG);
    text[253] = '.';
    assert_int_equal(hf_host_parse(text, 254, NULL, &host, NULL), HF_OK);
    assert_int_equal(host.length, 253);
    assert_int_equal(hf_host_parse(text, HF_HOST_TEXT_MAX, NULL, &host, NULL), HF_E_HOST_TOO_LONG);
    assert_int_equal(hf_host_parse(text, HF_HOST_TEXT_MAX + 1, NULL, &host, NULL), HF_E_HOST_TEXT_TOO_LONG);
}

/* A hook for the test: answers every label with `self`. */
static bool answer_self(void *self, const char *label, size_t length, char *out, size_t capacity, size_t *out_length)
{
    (void)label;
    (void)length;
    *out_length = strlen(self);
    if (*out_length > capacity)
        return false;
    memcpy(out, self, *out_length);
    return true;
}

/* [RFC6797 8-1] [RFC6797 10-1] Names outside ASCII go through the hook, as a whole; its answer is checked like any
 * name. */
static void the_hook_converts_names(void **state)
{
    static const struct {
        const char *answer;
        hf_status status;
    } cases[] = {
        {"a%b", HF_E_HOST_CHARACTER},      {"a b", HF_E_HOST_CHARACTER},    {"", HF_E_HOST_EMPTY},
        {".test", HF_E_HOST_LABEL_EMPTY},  {"a..b", HF_E_HOST_LABEL_EMPTY}, {"x.999", HF_E_HOST_IPV4},
        {"\xc3\xbc.test", HF_E_HOST_IDNA},
    };
    hf_idna idna = {answer_self, "XN--bcher-kva.Test."};
    hf_diag diag;
    hf_host host;

    (void)state;
    assert_int_equal(hf_host_parse("\xc3\xbc", 2, &idna, &host, NULL), HF_OK);
    assert_string_equal(host.name, "xn--bcher-kva.test");
    idna.self = "127.1";
    assert_int_equal(hf_host_parse("\xef\xbc\x91", 3, &idna, &host, NULL), HF_OK);
    assert_int_equal(host.kind, HF_HOST_IPV4);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        idna.self = (void *)cases[i].answer;
        assert_int_equal(hf_host_parse("x.\xc3\xbc", 4, &idna, &host, &diag), cases[i].status);
        assert_int_equal(diag.offset, 0);
        assert_true(diag.length == 4 || diag.length == 0);
    }
    assert_int_equal(hf_host_parse("a_b.test", 8, &idna, &host, NULL), HF_OK);
    assert_string_equal(host.name, "a_b.test");
}

static void localhost_is_a_name_and_what_is_below_it(void **state)
{
    hf_host host;

    (void)state;
    host = parse("LOCALHOST.");
    assert_true(hf_host_is_localhost(&host));
    host = parse("a.b.localhost");
    assert_true(hf_host_is_localhost(&host));
    host = parse("notlocalhost");
    assert_false(hf_host_is_localhost(&host));
    host = parse("localhost.test");
    assert_false(hf_host_is_localhost(&host));
    host = parse("127.0.0.1");
    assert_false(hf_host_is_localhost(&host));
}

static void arguments_are_checked(void **state)
{
    hf_host host;

    (void)state;
    assert_int_equal(hf_host_parse(NULL, 1, NULL, &host, NULL), HF_E_ARGUMENT);
    assert_int_equal(hf_host_parse("a", 1, NULL, NULL, NULL), HF_E_ARGUMENT);
    assert_int_equal(hf_host_parse(NULL, 0, NULL, &host, NULL), HF_E_HOST_EMPTY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_become_canonical),  cmocka_unit_test(addresses_are_told_apart_in_every_spelling),
        cmocka_unit_test(refusals_say_where),      cmocka_unit_test(limits_are_exact),
        cmocka_unit_test(the_hook_converts_names), cmocka_unit_test(localhost_is_a_name_and_what_is_below_it),
        cmocka_unit_test(arguments_are_checked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
