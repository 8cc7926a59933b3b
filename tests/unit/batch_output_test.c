/* Where lines go that a pipe takes slowly: what it has taken is not kept. */
#include "batch/output.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define LINE 1000
#define WAITING_AT_MOST ((size_t)256 << 10)

static base_error error;

/* Reads so much, and sees that it is the next of the text: each line one letter, in turn. */
static void read_on(int fd, size_t *at, size_t most)
{
    char chunk[4096];
    ssize_t got;

    while (most > 0 && (got = read(fd, chunk, most < sizeof chunk ? most : sizeof chunk)) > 0) {
        for (ssize_t i = 0; i < got; i++, ++*at)
            assert_int_equal(chunk[i], *at % (LINE + 1) == LINE ? '\n' : 'a' + (int)(*at / (LINE + 1) % 26));
        most -= (size_t)got;
    }
}

static void test_slow_pipe(void **state)
{
    batch_output output;
    char line[LINE];
    int ends[2];
    size_t at = 0;

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
    assert_int_equal(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
    assert_true(batch_output_open(&output, NULL, false, &error));
    output.fd = ends[1];
    output.regular = false;
    for (int i = 0; i < 5000; i++) {
        memset(line, 'a' + i % 26, LINE);
        batch_output_add(&output, line, LINE);
        /* Never quite empty. */
        while (batch_output_backlog(&output) > WAITING_AT_MOST / 4) {
            assert_true(batch_output_write(&output, &error));
            read_on(ends[0], &at, 8192);
        }
        assert_true(output.waiting.length <= WAITING_AT_MOST);
    }
    while (batch_output_backlog(&output) > 0) {
        assert_true(batch_output_write(&output, &error));
        read_on(ends[0], &at, SIZE_MAX);
    }
    assert_int_equal(at, 5000 * (LINE + 1));
    assert_int_equal(output.length, at);
    assert_true(batch_output_close(&output, &error));
    close(ends[0]);
}

/* The lines come in the order in which they were added, with what the form puts around them. */
static void test_forms(void **state)
{
    static const batch_output_form forms[] = {{"", "", "\n"}, {"[", ",\n", ""}};
    static const char *const wanted[] = {"one\ntwo\nend", "[one,\ntwoend"};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        char path[] = "/tmp/holdfast-output-XXXXXX", text[64];
        batch_output output;
        int fd = mkstemp(path);

        assert_true(batch_output_open(&output, path, false, &error));
        assert_true(output.regular);
        batch_output_begin(&output, forms[i]);
        batch_output_add(&output, "one", 3);
        batch_output_add(&output, "two", 3);
        batch_output_text(&output, "end");
        assert_true(batch_output_write(&output, &error));
        assert_int_equal(batch_output_backlog(&output), 0);
        assert_int_equal(output.length, strlen(wanted[i]));
        assert_true(batch_output_matches(&output, output.length, output.hash));
        assert_false(batch_output_matches(&output, output.length - 1, output.hash));
        /* What stands behind a mark goes. */
        assert_true(batch_output_cut(&output, output.length - 3, 0, &error));
        assert_true(batch_output_close(&output, &error));
        assert_int_equal(read(fd, text, sizeof text), strlen(wanted[i]) - 3);
        assert_memory_equal(text, wanted[i], strlen(wanted[i]) - 3);
        close(fd);
        unlink(path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_slow_pipe), cmocka_unit_test(test_forms)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
