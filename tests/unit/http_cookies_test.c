/* The cookies of a visit: which are kept, and to whom they are sent. */
#include "http/cookies.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define NOW INT64_C(1795000000)

/* What is set at one URL, and what is then sent to another. */
typedef struct row {
    const char *at, *set, *to, *sent;
} row;

static http_url read(const char *text, base_arena *arena)
{
    http_url url;

    assert_int_equal(http_url_read(NULL, text, strlen(text), arena, &url, NULL), HTTP_URL_GOOD);
    return url;
}

static void set(http_cookies *cookies, const char *at, const char *value, base_arena *arena)
{
    const hf_field field = {{"Set-Cookie", 10}, {value, strlen(value)}};
    const facts_response response = {.status = 200, .fields = &field, .count = 1};
    const http_url url = read(at, arena);

    http_cookies_take(cookies, &url, &response, NOW, arena);
}

static void assert_sent(const http_cookies *cookies, const char *to, const char *wanted, base_arena *arena)
{
    const http_url url = read(to, arena);
    const char *sent = http_cookies_for(cookies, &url, arena);

    if (wanted == NULL)
        assert_null(sent);
    else
        assert_string_equal(sent, wanted);
}

static void to_whom_a_cookie_is_sent(void **state)
{
    static const row rows[] = {
        {"https://a.test/", "n=v", "https://a.test/", "n=v"},
        {"https://a.test/", "n=v; Secure; HttpOnly; SameSite=Lax", "https://a.test/b?c", "n=v"},
        {"https://a.test/", "n=v", "http://a.test:81/", "n=v"},
        {"https://a.test/", "n=v; secure", "http://a.test/", NULL},
        {"http://a.test/", "n=v; secure", "https://a.test/", NULL},
        {"https://a.test/", "n=v", "https://b.a.test/", NULL},
        {"https://a.test/", "n=v; Domain=a.test", "https://b.a.test/", "n=v"},
        {"https://github.io/", "n=v; Domain=github.io", "https://b.github.io/", NULL},
        {"https://github.io/", "n=v; Domain=github.io", "https://github.io/", "n=v"},
        {"https://www.example.org/", "n=v; Domain=.example.org", "https://example.org/", "n=v"},
        {"https://www.example.org/", "n=v; Domain=example.org", "https://other.example.org/", "n=v"},
        {"https://www.example.org/", "n=v; Domain=org", "https://www.example.org/", NULL},
        {"https://www.example.org/", "n=v; Domain=example.net", "https://www.example.org/", NULL},
        {"https://www.example.org/", "n=v; Domain=ww.example.org", "https://www.example.org/", NULL},
        {"https://192.0.2.1/", "n=v; Domain=2.1", "https://192.0.2.1/", NULL},
        {"https://a.test/x/y", "n=v", "https://a.test/x/z", "n=v"},
        {"https://a.test/x/y", "n=v", "https://a.test/x", "n=v"},
        {"https://a.test/x/y", "n=v", "https://a.test/xz", NULL},
        {"https://a.test/x/y", "n=v; Path=/", "https://a.test/", "n=v"},
        {"https://a.test/", "n=v; Path=/p", "https://a.test/p?q", "n=v"},
        {"https://a.test/", "n=v; Path=/p", "https://a.test/", NULL},
        {"https://a.test/", "n=v; Max-Age=0", "https://a.test/", NULL},
        {"https://a.test/", "n=v; Max-Age=-5", "https://a.test/", NULL},
        {"https://a.test/", "n=v; Max-Age=00", "https://a.test/", NULL},
        {"https://a.test/", "n=v; Max-Age=x", "https://a.test/", "n=v"},
        {"https://a.test/", "n=v; Expires=Thu, 01 Jan 1970 00:00:01 GMT", "https://a.test/", NULL},
        {"https://a.test/", "n=v; Expires=Thu, 01 Jan 1970 00:00:01 GMT; Max-Age=5", "https://a.test/", "n=v"},
        {"https://a.test/", "n=v; Max-Age=5; Expires=Thu, 01 Jan 1970 00:00:01 GMT", "https://a.test/", "n=v"},
        {"https://a.test/", "n=v; Expires=Thu, 01-Jan-2099 00:00:01 GMT", "https://a.test/", "n=v"},
        {"https://a.test/", "=v", "https://a.test/", "v"},
        {"https://a.test/", "  v ", "https://a.test/", "v"},
        {"https://a.test/", "n=", "https://a.test/", "n="},
        {"https://a.test/", "n = \"v w\" ;x", "https://a.test/", "n=\"v w\""},
        {"https://a.test/", ";n=v", "https://a.test/", NULL},
        {"https://a.test/", "n=v\x01w", "https://a.test/", NULL},
        {"https://a.test/", "__Secure-n=v", "https://a.test/", NULL},
        {"https://a.test/", "__Secure-n=v; Secure", "https://a.test/", "__Secure-n=v"},
        {"https://a.test/x/", "__host-n=v; Secure", "https://a.test/x/", NULL},
        {"https://a.test/x/", "__Host-n=v; Secure; Path=/", "https://a.test/x/", "__Host-n=v"},
        {"https://a.test/", "__Host-n=v; Secure; Path=/; Domain=a.test", "https://a.test/", NULL},
        {"https://a.test/", "n=v; SameSite=None", "https://a.test/", NULL},
        {"https://a.test/", "n=v; SameSite=None; Secure", "https://a.test/", "n=v"},
        {"https://a.test/", "n=v; SameSite=None; SameSite=Lax", "https://a.test/", "n=v"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        http_cookies cookies = {0};
        base_arena arena = {0};

        set(&cookies, rows[i].at, rows[i].set, &arena);
        assert_sent(&cookies, rows[i].to, rows[i].sent, &arena);
        base_arena_done(&arena);
    }
}

static void a_cookie_is_changed_and_expired(void **state)
{
    http_cookies cookies = {0};
    base_arena arena = {0};

    (void)state;
    set(&cookies, "https://a.test/", "a=1", &arena);
    set(&cookies, "https://a.test/", "b=2", &arena);
    set(&cookies, "https://a.test/", "a=3", &arena);
    assert_sent(&cookies, "https://a.test/", "a=3; b=2", &arena);
    set(&cookies, "https://a.test/", "a=; Max-Age=0", &arena);
    assert_sent(&cookies, "https://a.test/", "b=2", &arena);
    set(&cookies, "https://a.test/", "b=; Max-Age=0; Path=/other", &arena);
    assert_sent(&cookies, "https://a.test/", "b=2", &arena);
    base_arena_done(&arena);
}

static void bounds_hold(void **state)
{
    char value[HTTP_COOKIE_MAX + 64];
    http_cookies cookies = {0};
    base_arena arena = {0};
    size_t length;

    (void)state;
    memset(value, 'x', sizeof value);
    value[HTTP_COOKIE_MAX + 2] = '\0';
    value[1] = '=';
    set(&cookies, "https://a.test/", value, &arena);
    assert_int_equal(cookies.count, 0);
    value[HTTP_COOKIE_MAX + 1] = '\0';
    for (int i = 0; i < 2 * HTTP_COOKIES_MAX; i++) {
        value[0] = (char)('!' + i % 90);
        if (value[0] != ';' && value[0] != '=')
            set(&cookies, "https://a.test/", value, &arena);
    }
    assert_int_equal(cookies.count, HTTP_COOKIES_MAX);
    length = strlen(
        http_cookies_for(&cookies, &(http_url){.target = "/", .url = read("https://a.test/", &arena).url}, &arena));
    assert_true(length <= HTTP_COOKIE_FIELD_MAX && length > HTTP_COOKIE_FIELD_MAX - HTTP_COOKIE_MAX - 16);
    base_arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(to_whom_a_cookie_is_sent),
        cmocka_unit_test(a_cookie_is_changed_and_expired),
        cmocka_unit_test(bounds_hold),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
