/* What is masked of a text, and what is not. */
#include "base/escape.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void expect(const char *text, const char *wanted)
{
    base_buffer out;

    base_buffer_init(&out, 4096);
    base_escape(text, strlen(text), &out);
    assert_string_equal(base_buffer_string(&out), wanted);
    base_buffer_done(&out);
}

static void passwords_of_urls_are_masked(void **state)
{
    (void)state;
    expect("https://u:secret@h/", "https://u:***@h/");
    expect("https:/u:secret@h/", "https:/u:***@h/");
    expect("HTTPS:u:secret@h/", "HTTPS:u:***@h/");
    expect("http:\\\\u:secret@h/", "http:\\\\u:***@h/");
    expect("wss:////u:secret@h", "wss:////u:***@h");
    expect("//u:secret@h", "//u:***@h");
    expect("https://u:se\"cr<e>t@h/", "https://u:***@h/");
    expect("https://u:se@cret@h/", "https://u:***@h/");
    expect("Location: https://a:b@c/ and http:/d:e@f/", "Location: https://a:***@c/ and http:/d:***@f/");
    expect("https://u:***@h/", "https://u:***@h/");
    expect("https://ghp_0123456789abcdefghij@h/", "https://***@h/");
    expect("https://x-token-auth:0123456789abcdefghij@h/", "https://x-token-auth:***@h/");
}

static void what_is_no_password_stays(void **state)
{
    (void)state;
    expect("https://a.test:8443/x@y", "https://a.test:8443/x@y");
    expect("https://user@h/", "https://user@h/");
    expect("https://h:443#a@b", "https://h:443#a@b");
    expect("https://h:443?a@b", "https://h:443?a@b");
    expect("https://a.long.name.of.a.host.test, or me@h", "https://a.long.name.of.a.host.test, or me@h");
    expect("mail me@a.test: now", "mail me@a.test: now");
    expect("at https://a.test:443/: it redirects to https://b.test/",
           "at https://a.test:443/: it redirects to https://b.test/");
    expect("notes: a:b@c", "notes: a:b@c");
    expect("https:", "https:");
    expect("https://", "https://");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(passwords_of_urls_are_masked),
        cmocka_unit_test(what_is_no_password_stays),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
