/* The list of hosts: what a line may say, what is refused, and how operands and files follow each other. */
#include "batch/targets.h"

#include "base/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static base_error error;

static void assert_target(const char *line, const char *name, int port)
{
    batch_target target = {0};

    if (!batch_target_read(line, strlen(line), &target, &error))
        fail_msg("%s: %s", line, error.text);
    assert_string_equal(target.host.name, name);
    assert_int_equal(target.port, port);
}

static void assert_refused(const char *line, const char *why)
{
    batch_target target = {0};

    assert_false(batch_target_read(line, strlen(line), &target, &error));
    if (strstr(error.text, why) == NULL)
        fail_msg("%s: no '%s' in '%s'", line, why, error.text);
}

static void test_lines(void **state)
{
    (void)state;
    assert_target("Example.COM.", "example.com", 443);
    assert_target("example.com:8443", "example.com", 8443);
    assert_target("[2001:DB8::1]:8443", "2001:db8::1", 8443);
    assert_target("2001:db8::1", "2001:db8::1", 443);
    assert_target("\"example.com:1\"", "example.com", 1);
    assert_target("{\"port\":65535,\"host\":\"example.com\"}", "example.com", 65535);
    assert_target("example.com/", "example.com", 443);
    assert_target("https://Example.com:8443/a?b#c", "example.com", 8443);
    assert_target("http://example.com:8080/", "example.com", 443);
    assert_target("{\"host\":\"example.com:8443\"}", "example.com", 8443);
}

static void test_refused(void **state)
{
    (void)state;
    assert_refused("https://example.com:0/", "at octet");
    assert_refused("https://a@example.com/", "user name");
    assert_refused("a b", "octet 1");
    assert_refused("example.com:0", "1 to 65535");
    assert_refused("example.com:65536", "1 to 65535");
    assert_refused("{\"host\":1}", "without a string \"host\"");
    assert_refused("{\"host\":\"example.com\",\"port\":0}", "1 to 65535");
    assert_refused("{\"host\":\"example.com\"", "offset");
    assert_refused("\"example.com", "closing");
}

/* The next of the list, which lies in a file, so that it can always be fed. */
static batch_got next(batch_targets *targets, batch_target *target)
{
    batch_got got;

    while ((got = batch_targets_next(targets, target, &error)) == BATCH_GOT_NONE)
        assert_true(batch_targets_feed(targets, &error));
    return got;
}

static void test_order(void **state)
{
    static const char list[] = "# a comment\n\n  one.test \r\nno host\ntwo.test:1";
    char path[] = "/tmp/holdfast-targets-XXXXXX", first[] = "first.test", last[] = "last.test";
    char *items[] = {first, path, last};
    const base_operands operands = {items, 3};
    batch_targets targets;
    batch_target target;
    uint64_t hash = BASE_HASH_START;
    int fd = mkstemp(path);

    (void)state;
    assert_int_equal(write(fd, list, strlen(list)), strlen(list));
    close(fd);
    assert_true(batch_targets_open(&targets, &operands, &error));
    assert_int_equal(targets.size, strlen(list));
    assert_int_equal(next(&targets, &target), BATCH_GOT_HOST);
    assert_string_equal(target.host.name, "first.test");
    assert_int_equal(next(&targets, &target), BATCH_GOT_HOST);
    assert_string_equal(target.host.name, "one.test");
    assert_int_equal(next(&targets, &target), BATCH_GOT_REFUSED);
    assert_int_equal(target.line, 4);
    assert_memory_equal(target.text.data, "no host", target.text.length);
    assert_int_equal(next(&targets, &target), BATCH_GOT_HOST);
    assert_int_equal(target.port, 1);
    assert_int_equal(next(&targets, &target), BATCH_GOT_HOST);
    assert_string_equal(target.host.name, "last.test");
    assert_int_equal(next(&targets, &target), BATCH_GOT_END);
    /* Refused lines count, comments and blanks around a line do not. */
    assert_int_equal(targets.next, 5);
    assert_int_equal(batch_targets_given(&targets), strlen(list));
    for (size_t i = 0; i < 5; i++) {
        static const char *const lines[] = {"first.test\n", "one.test\n", "no host\n", "two.test:1\n", "last.test\n"};

        hash = base_hash(hash, lines[i], strlen(lines[i]));
    }
    assert_int_equal(targets.hash, hash);
    batch_targets_close(&targets);
    unlink(path);
}

static void test_operands(void **state)
{
    char missing[] = "/nonexistent/list", url[] = "ftp://example.com/";
    char *items[] = {missing};
    const base_operands operands = {items, 1};
    batch_targets targets;

    (void)state;
    assert_false(batch_targets_open(&targets, &operands, &error));
    assert_non_null(strstr(error.text, "no such file"));
    items[0] = url;
    assert_false(batch_targets_open(&targets, &operands, &error));
    assert_non_null(strstr(error.text, "not a URL"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_operands),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
