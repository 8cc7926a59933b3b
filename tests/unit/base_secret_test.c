/* What is masked of a text, and what is not. */
#include "base/escape.h"
#include "base/secret.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static void expect(const char *text, const char *wanted)
{
    base_buffer out;

    base_buffer_init(&out, 4096);
    base_escape(text, strlen(text), &out);
    assert_string_equal(base_buffer_string(&out), wanted);
    base_buffer_done(&out);
}

/* Of what is refused. */
static void expect_input(const char *text, const char *wanted)
{
    size_t length = 0;
    char *out = NULL;
    FILE *file = open_memstream(&out, &length);

    assert_non_null(file);
    base_escape_input(text, strlen(text), file);
    fclose(file);
    assert_string_equal(out, wanted);
    free(out);
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
    expect("https://ghp_x@h/", "https://***@h/");
    expect("https://ghp_x:@h/", "https://***@h/");
    expect("https://ghp_x:x-oauth-basic@h/", "https://***@h/");
    expect("https://0123456789abcdefghij:x@h/", "https://***@h/");
    expect("to https://***@h/ and https://a@b/", "to https://***@h/ and https://***@b/");
}

static void parameters_that_give_access_are_masked(void **state)
{
    (void)state;
    expect("https://h/p?access_token=se/cr=et&x=1", "https://h/p?access_token=***&x=1");
    expect("https://h/p?x=1&Token=secret#top", "https://h/p?x=1&Token=***#top");
    expect("https://h/#id_token=secret&state=1", "https://h/#id_token=***&state=1");
    expect("/next?api-key=secret", "/next?api-key=***");
    expect("/?apiKey=a&password=b;pwd=c&sig=d", "/?apiKey=***&password=***;pwd=***&sig=***");
    expect("/?X-Amz-Signature=a&X-Amz-Security-Token=b&X-Amz-Credential=c&X-Amz-Date=d",
           "/?X-Amz-Signature=***&X-Amz-Security-Token=***&X-Amz-Credential=***&X-Amz-Date=d");
    expect("/?key=a&code=b&sid=c&client_secret=d", "/?key=***&code=***&sid=***&client_secret=***");
    expect("'https://h/?token=secret' is", "'https://h/?token=***' is");
    expect("https://u:p@h/?token=secret, then /?token=other", "https://u:***@h/?token=***, then /?token=***");
    expect("https://h/?a?token=secret", "https://h/?a?token=***");
}

static void sentences_keep_their_punctuation(void **state)
{
    (void)state;
    expect("Arrived: https://h/?token=secret, status 200", "Arrived: https://h/?token=***, status 200");
    expect("https://h/?token=secret: no answer", "https://h/?token=***: no answer");
    expect("https://h/?token=a,b:c", "https://h/?token=***");
    expect("'https://h/?token=', and \"/?token=\": x", "'https://h/?token=', and \"/?token=\": x");
    expect_input("https://h/status?domain=a.test: the answer", "https://h/status?domain=a.test: the answer");
    expect_input("https://h/status?domain=a.test&x=secret: the answer", "https://h/status?***: the answer");
    expect_input("https://h/status?secret, the answer", "https://h/status?***, the answer");
}

static void secrets_are_known_however_they_are_written(void **state)
{
    (void)state;
    expect("/?token='secret'&x=1", "/?token='***'&x=1");
    expect("/?user[password]=a&TOKEN[]=b&token[0]=c&user[key]=d",
           "/?user[password]=***&TOKEN[]=***&token[0]=***&user[key]=***");
    expect("/?user%5Bpassword%5D=a&token%5B%5D=b", "/?user%5Bpassword%5D=***&token%5B%5D=***");
    expect("/?password[x]=a&key[name]=b&a]=c&[=d", "/?password[x]=a&key[name]=b&a]=c&[=d");
    expect("/?%74oken=secret&%74%6F%6b%65%6E=secret", "/?%74oken=***&%74%6F%6b%65%6E=***");
    expect("/?PHPSESSID=ff", "/?PHPSESSID=***");
    expect("/path;jsessionid=secret", "/path;jsessionid=***");
    expect("/?next=http%3A%2F%2Fu%3Apw%40h2%2F", "/?next=http%3A%2F%2Fu%3A***%40h2%2F");
    expect("/?next=http:%2f%2fu:pw@h2&a=%2F%2Fghp_x%40h", "/?next=http:%2f%2fu:***@h2&a=%2F%2F***%40h");
    expect("/?next=http%3A%2F%2Fh%2F%3Ftoken%3Da%20b%26x%3D1&y=%2F%2Fh%2Fa@b",
           "/?next=http%3A%2F%2Fh%2F%3Ftoken%3D***%26x%3D1&y=%2F%2Fh%2Fa@b");
    expect("http://u:a/b@h/", "http://u:***@h/");
    expect("http://u:a?b@h/", "http://u:***@h/");
    expect("http://u:12/3@h/ and http://[::1]/3@h and http://u:a/ b@h",
           "http://u:12/3@h/ and http://[::1]/3@h and http://u:a/ b@h");
    expect("100% of %2 and %", "100% of %2 and %");
}

static void what_is_no_password_stays(void **state)
{
    (void)state;
    expect("https://a.test:8443/x@y", "https://a.test:8443/x@y");
    expect("https://h/?tokens=1&keyboard=2&monkey=3&error_code=4&signal=5&token",
           "https://h/?tokens=1&keyboard=2&monkey=3&error_code=4&signal=5&token");
    expect("https://h/?token=&q=1#key", "https://h/?token=&q=1#key");
    expect("token=1; password=2", "token=1; password=2");
    expect("max-age=1;token=2", "max-age=1;token=2");
    expect("https://@h/", "https://@h/");
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

/* As long as a head may be: each of the many beginnings is looked at for a bounded length. */
static void hostile_texts_take_no_square_of_time(void **state)
{
    static const char *const pieces[] = {"/", "http:", "//a", "?a", "%2f%2f", "=%2f%2f"};
    static char text[262144];
    base_secret secret;
    clock_t began = clock();

    (void)state;
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        size_t length = strlen(pieces[i]);

        text[0] = '@';
        for (size_t at = 1; at < sizeof text; at++)
            text[at] = pieces[i][(at - 1) % length];
        (void)base_secret_find(text, sizeof text, 0, BASE_SECRETS_OF_URLS, &secret);
    }
    assert_true((clock() - began) / CLOCKS_PER_SEC < 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(passwords_of_urls_are_masked),
        cmocka_unit_test(parameters_that_give_access_are_masked),
        cmocka_unit_test(sentences_keep_their_punctuation),
        cmocka_unit_test(secrets_are_known_however_they_are_written),
        cmocka_unit_test(what_is_no_password_stays),
        cmocka_unit_test(hostile_texts_take_no_square_of_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
