/* The fields of a request: Chromium's, and what a user changes of them. */
#include "http/as_browser.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define TEXT_MAX 4096

static const http_addressee over_http1 = {.secure = true, .named = true, .trusted = true};
static const http_addressee over_http2 = {.secure = true, .http2 = true, .named = true, .trusted = true};
static const http_addressee in_clear = {.named = true};
static const http_addressee elsewhere = {.secure = true, .trusted = true};
static const http_addressee untrusted = {.secure = true, .named = true};

/* A line a field. */
static void write_fields(const http_as_browser *with, const http_addressee *to, char text[static TEXT_MAX])
{
    hf_field fields[HTTP_FIELDS_MAX];
    base_arena arena = {0};
    size_t count = http_browser_fields(with, to, &arena, fields), length = 0;

    for (size_t i = 0; i < count; i++)
        length += (size_t)snprintf(text + length, TEXT_MAX - length, "%.*s: %.*s\n", (int)fields[i].name.length,
                                   fields[i].name.data, (int)fields[i].value.length, fields[i].value.data);
    base_arena_done(&arena);
}

#define HINTS                                                                                                          \
    "sec-ch-ua: \"Not:A-Brand\";v=\"8\", \"Chromium\";v=\"156\"\nsec-ch-ua-mobile: ?0\n"                               \
    "sec-ch-ua-platform: \"Linux\"\n"
#define AGENT                                                                                                          \
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 "             \
    "Safari/537.36\n"
#define ACCEPT                                                                                                         \
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/jxl,image/avif,image/webp,image/apng,*/*;"    \
    "q=0.8,application/signed-exchange;v=b3;q=0.7\n"
#define FETCH "Sec-Fetch-Site: none\nSec-Fetch-Mode: navigate\nSec-Fetch-User: ?1\nSec-Fetch-Dest: document\n"
#define REST "Accept-Encoding: identity\nAccept-Language: en-US,en;q=0.9\n"

static void assert_fields(const http_as_browser *with, const http_addressee *to, const char *wanted)
{
    char text[TEXT_MAX] = "";

    write_fields(with, to, text);
    assert_string_equal(text, wanted);
}

static void they_are_a_browsers(void **state)
{
    const http_as_browser with = {0};
    http_addressee with_cookies = over_http1;

    (void)state;
    with_cookies.cookies = "a=b; c=d";
    assert_fields(&with, &over_http1, HINTS "Upgrade-Insecure-Requests: 1\n" AGENT ACCEPT FETCH REST);
    assert_fields(&with, &over_http2,
                  HINTS "Upgrade-Insecure-Requests: 1\n" AGENT ACCEPT FETCH REST "priority: u=0, i\n");
    assert_fields(&with, &in_clear, "Upgrade-Insecure-Requests: 1\n" AGENT ACCEPT REST);
    assert_fields(&with, &with_cookies,
                  HINTS "Upgrade-Insecure-Requests: 1\n" AGENT ACCEPT FETCH REST "Cookie: a=b; c=d\n");
}

static void the_hints_go_with_chromes_name_alone(void **state)
{
    http_as_browser with = {0};
    base_error error;

    (void)state;
    assert_true(http_give_agent(&with, "probe/1", &error));
    assert_fields(&with, &over_http1, "Upgrade-Insecure-Requests: 1\nUser-Agent: probe/1\n" ACCEPT FETCH REST);
    assert_true(http_give_agent(&with, "Mozilla/5.0 Chrome/156.0.0.0 Safari/537.36 Edg/156", &error));
    assert_fields(&with, &over_http1,
                  HINTS "Upgrade-Insecure-Requests: 1\nUser-Agent: Mozilla/5.0 Chrome/156.0.0.0 Safari/537.36 "
                        "Edg/156\n" ACCEPT FETCH REST);
}

static void give(http_as_browser *with, const char *text)
{
    base_error error;

    assert_true(http_give_field(with, text, &error));
}

static void what_is_given_takes_a_browsers_place_everywhere(void **state)
{
    http_as_browser with = {0};

    (void)state;
    give(&with, "accept-language:  de \t");
    give(&with, "ACCEPT:");
    give(&with, "Sec-Fetch-Site: cross-site");
    assert_fields(&with, &in_clear,
                  "Upgrade-Insecure-Requests: 1\n" AGENT
                  "Sec-Fetch-Site: cross-site\nAccept-Encoding: identity\nAccept-Language: de\n");
    assert_fields(&with, &elsewhere,
                  HINTS "Upgrade-Insecure-Requests: 1\n" AGENT
                        "Sec-Fetch-Site: cross-site\nSec-Fetch-Mode: navigate\nSec-Fetch-User: ?1\n"
                        "Sec-Fetch-Dest: document\nAccept-Encoding: identity\nAccept-Language: de\n");
}

static bool is_sent(const http_as_browser *with, const http_addressee *to, const char *line)
{
    char text[TEXT_MAX] = "";

    write_fields(with, to, text);
    return strstr(text, line) != NULL;
}

static void other_fields_go_to_the_named_host_and_credentials_over_good_tls_alone(void **state)
{
    static const char *const credentials[] = {"Authorization: Basic eA==", "X-Api-Key: k",
                                              "x-amz-security-token: t",   "X-Session: s",
                                              "X-Hub-Signature: g",        "my-SECRET: x"};

    (void)state;
    for (size_t i = 0; i < sizeof credentials / sizeof *credentials; i++) {
        http_as_browser with = {0};

        give(&with, credentials[i]);
        assert_true(http_has_credentials(&with));
        assert_true(is_sent(&with, &over_http1, credentials[i]));
        assert_true(is_sent(&with, &over_http2, credentials[i]));
        assert_false(is_sent(&with, &in_clear, credentials[i]));
        assert_false(is_sent(&with, &untrusted, credentials[i]));
        assert_false(is_sent(&with, &elsewhere, credentials[i]));
    }
    for (size_t i = 0; i < 1; i++) {
        http_as_browser with = {0};

        give(&with, "X-Forwarded-Proto: https");
        assert_false(http_has_credentials(&with));
        assert_true(is_sent(&with, &in_clear, "X-Forwarded-Proto: https"));
        assert_true(is_sent(&with, &untrusted, "X-Forwarded-Proto: https"));
        assert_false(is_sent(&with, &elsewhere, "X-Forwarded-Proto: https"));
    }
}

/* RFC 6265 5.4: there is but one. */
static void cookies_are_one_field(void **state)
{
    http_as_browser with = {0};
    http_addressee to = over_http1;

    (void)state;
    give(&with, "Cookie: beta=1");
    assert_true(is_sent(&with, &to, "\nCookie: beta=1\n"));
    to.cookies = "jar=2";
    assert_true(is_sent(&with, &to, "\nCookie: beta=1; jar=2\n"));
    to.trusted = false;
    assert_true(is_sent(&with, &to, "\nCookie: jar=2\n"));
}

static void what_would_be_another_message_is_refused_without_its_value(void **state)
{
    static const char *const texts[] = {"X: secret\r\nHost: a.test",
                                        "X: secret\n",
                                        "X: sec\x01ret",
                                        "X: secret\x7f",
                                        "X secret: v",
                                        "X : secret",
                                        ": secret",
                                        "secret",
                                        "",
                                        "Host: secret.test",
                                        "hOsT: secret",
                                        "Content-Length: 5",
                                        "Transfer-Encoding: x",
                                        "Connection: secret",
                                        "TE: trailers",
                                        "Upgrade: secret",
                                        "X\r\nY: secret",
                                        "\xc3\xa9: secret",
                                        "Expect: x"};
    http_as_browser with = {0};
    base_error error;
    char longer[HTTP_GIVEN_OCTETS_MAX + 8];

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_false(http_give_field(&with, texts[i], &error));
        assert_null(strstr(error.text, "secret"));
    }
    memset(longer, 'a', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    longer[1] = ':';
    assert_false(http_give_field(&with, longer, &error));
    assert_int_equal(with.given_count, 0);
    for (size_t i = 0; i < HTTP_GIVEN_MAX; i++)
        give(&with, "X: v");
    assert_false(http_give_field(&with, "X: v", &error));
}

static void a_user_agent_is_one_line(void **state)
{
    static const char *const texts[] = {"", " a", "a ", "a\r\nX: y", "a\tb\n"};
    http_as_browser with = {0};
    base_error error;

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_false(http_give_agent(&with, texts[i], &error));
    assert_null(with.user_agent);
    assert_true(http_give_agent(&with, "a b\xc3\xa9", &error));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_are_a_browsers),
        cmocka_unit_test(the_hints_go_with_chromes_name_alone),
        cmocka_unit_test(what_is_given_takes_a_browsers_place_everywhere),
        cmocka_unit_test(other_fields_go_to_the_named_host_and_credentials_over_good_tls_alone),
        cmocka_unit_test(cookies_are_one_field),
        cmocka_unit_test(what_would_be_another_message_is_refused_without_its_value),
        cmocka_unit_test(a_user_agent_is_one_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
