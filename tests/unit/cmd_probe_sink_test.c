/* Where lines go that a pipe takes slowly: what it has taken is not kept. */
#include "cmd/probe_sink.h"

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
    cmd_probe_sink sink;
    char line[LINE];
    int ends[2];
    size_t at = 0;

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
    assert_int_equal(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
    assert_true(cmd_probe_sink_open(&sink, NULL, false, &error));
    sink.fd = ends[1];
    sink.regular = false;
    for (int i = 0; i < 5000; i++) {
        memset(line, 'a' + i % 26, LINE);
        cmd_probe_sink_add(&sink, line, LINE);
        /* Never quite empty. */
        while (cmd_probe_sink_backlog(&sink) > WAITING_AT_MOST / 4) {
            assert_true(cmd_probe_sink_write(&sink, &error));
            read_on(ends[0], &at, 8192);
        }
        assert_true(sink.waiting.length <= WAITING_AT_MOST);
    }
    while (cmd_probe_sink_backlog(&sink) > 0) {
        assert_true(cmd_probe_sink_write(&sink, &error));
        read_on(ends[0], &at, SIZE_MAX);
    }
    assert_int_equal(at, 5000 * (LINE + 1));
    assert_int_equal(sink.length, at);
    assert_true(cmd_probe_sink_close(&sink, &error));
    close(ends[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_slow_pipe)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
