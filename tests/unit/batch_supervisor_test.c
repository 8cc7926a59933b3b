/*
 * A whole run with callbacks of one's own: every host is judged in a worker and delivered once, also the one that
 * kills its worker; and none is blamed for the deaths that it only happened to see.
 */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "batch/batch.h"

#include "base/exit.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <netinet/in.h>

#include <cmocka.h>

#define HOSTS 16
#define KILLER 7
#define VICTIM 11 /* its process dies of something else, so often, also when it is alone there */
#define BLOWS 3
#define NOTE "what is counted"

typedef struct seen {
    unsigned times[HOSTS + 1];
    char lines[HOSTS + 1][64];
    pid_t supervisor;
    unsigned *blows; /* of all processes */
    int notes;
} seen;

/* Nothing is answered on the port: every host ends at once, the same on every machine. */
static void judge(void *self, const facts_probed *probed, batch_result *result, base_buffer *line, base_buffer *note)
{
    const seen *s = self;

    base_buffer_text(note, NOTE);
    if (probed->index == KILLER && getpid() != s->supervisor)
        raise(SIGKILL);
    if (probed->index == VICTIM && *s->blows < BLOWS) {
        ++*s->blows;
        raise(SIGKILL);
    }
    result->warnings = 1;
    base_buffer_appendf(line, "%s %s%s", probed->host->name, facts_code_name(probed->failure->code),
                        getpid() == s->supervisor ? " here" : "");
}

static void count(void *self, const char *note, size_t length)
{
    seen *s = self;

    assert_int_equal(length, sizeof NOTE - 1);
    assert_memory_equal(note, NOTE, sizeof NOTE - 1);
    s->notes++;
}

static void refuse(void *self, const facts_refused *refused, base_buffer *line)
{
    (void)self;
    base_buffer_appendf(line, "refused %.*s", (int)refused->text.length, refused->text.data);
}

static void deliver(void *self, uint64_t index, const char *line, size_t length)
{
    seen *s = self;

    assert_in_range(index, 0, HOSTS);
    s->times[index]++;
    snprintf(s->lines[index], sizeof s->lines[index], "%.*s", (int)length, line);
}

/* A port of the loopback that is bound, and on which nobody listens. */
static int closed_port(int *fd)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;

    *fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(*fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(getsockname(*fd, (struct sockaddr *)&address, &length), 0);
    return ntohs(address.sin_port);
}

static void write_list(char *path, int port)
{
    int fd = mkstemp(path);

    assert_true(fd >= 0);
    for (int i = 0; i < HOSTS; i++)
        dprintf(fd, "127.0.0.1:%d\n", port);
    dprintf(fd, "no host\n");
    close(fd);
}

static void test_run(void **state)
{
    const http_transport_options transport = {.timeout = 10, .proxy = ""};
    batch_options options = {.transport = &transport,
                             .depth = FACTS_DEPTH_FIELD,
                             .now = 1700000000,
                             .total = 10000,
                             .concurrency = 8,
                             .jobs = 2,
                             .form = {"", "", "\n"}};
    static seen s;
    const batch_hooks hooks = {.self = &s, .judge = judge, .refuse = refuse, .deliver = deliver, .count = count};
    char path[] = "/tmp/holdfast-batch-XXXXXX", *items[] = {path};
    const base_operands operands = {items, 1};
    batch_outcome outcome;
    int fd;

    (void)state;
    s.supervisor = getpid();
    s.blows = mmap(NULL, sizeof *s.blows, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(s.blows, MAP_FAILED);
    write_list(path, closed_port(&fd));
    batch_run(&options, &hooks, &operands, &outcome);
    close(fd);
    unlink(path);
    if (outcome.failed)
        fail_msg("%s", outcome.error.text);
    assert_true(outcome.went_through);
    assert_false(outcome.stopped);
    for (size_t i = 0; i <= HOSTS; i++) {
        assert_int_equal(s.times[i], 1);
        assert_string_equal(s.lines[i], i == HOSTS    ? "refused no host"
                                        : i == KILLER ? "127.0.0.1 probe-crashed here"
                                                      : "127.0.0.1 connection-refused");
    }
    assert_int_equal(*s.blows, BLOWS);
    assert_int_equal(outcome.tally.hosts, HOSTS);
    assert_int_equal(s.notes, HOSTS);
    assert_int_equal(outcome.tally.refused, 1);
    assert_int_equal(outcome.tally.warnings, HOSTS);
    assert_int_equal(outcome.tally.codes[FACTS_FAILURE_CONNECTION_REFUSED], HOSTS - 1);
    assert_int_equal(outcome.tally.codes[FACTS_FAILURE_PROBE_CRASHED], 1);
    assert_int_equal(outcome.code, BASE_EXIT_PARTLY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_run)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
