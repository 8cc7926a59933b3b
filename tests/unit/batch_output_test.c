/* Where lines go that a pipe takes slowly: what it has taken is not kept. */
#include "batch/output.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_slow_pipe)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
