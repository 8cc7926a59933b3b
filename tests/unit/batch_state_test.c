/* The state of --resume: what was marked last comes back, whatever became of the mark before or after. */
#include "batch/state.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define OPTIONS "holdfast 0 --depth field"
#define PLACE 196608
#define SIZE (4096 + 4 * PLACE)

static char path[] = "/tmp/holdfast-state-XXXXXX";
static base_error error;

static void open_state(batch_state *state, batch_mark *mark, size_t wanted)
{
    batch_mark marks[BATCH_MARKS];
    size_t count;

    if (!batch_state_open(state, path, OPTIONS, marks, &count, &error))
        fail_msg("%s", error.text);
    assert_int_equal(count, wanted);
    *mark = (batch_mark){0};
    if (count > 0)
        *mark = marks[0];
    for (size_t i = 1; i < count; i++)
        batch_mark_done(&marks[i]);
}

static void write_next(batch_state *state, uint64_t next, bool lasting)
{
    uint64_t open[2] = {next - 2, next - 1};
    batch_mark mark = {.output_length = next * 10,
                       .output_hash = next * 3,
                       .next = next,
                       .input_hash = next * 7,
                       .counts = {next, 5},
                       .count = 2,
                       .open = open,
                       .open_count = 2};

    assert_true(batch_state_write(state, &mark, lasting, &error));
}

static void assert_mark(batch_mark *mark, uint64_t next)
{
    assert_int_equal(mark->next, next);
    assert_int_equal(mark->output_length, next * 10);
    assert_int_equal(mark->input_hash, next * 7);
    assert_int_equal(mark->count, 2);
    assert_int_equal(mark->counts[0], next);
    assert_int_equal(mark->open_count, 2);
    assert_int_equal(mark->open[1], next - 1);
    batch_mark_done(mark);
}

static void begin_anew(void)
{
    assert_int_equal(truncate(path, 0), 0);
}

static void flip(size_t offset)
{
    int fd = open(path, O_RDWR);
    char byte;

    assert_int_equal(pread(fd, &byte, 1, (off_t)offset), 1);
    byte ^= 0x40;
    assert_int_equal(pwrite(fd, &byte, 1, (off_t)offset), 1);
    close(fd);
}

static void test_come_back(void **unused)
{
    batch_state state;
    batch_mark mark;
    struct stat is;

    (void)unused;
    begin_anew();
    open_state(&state, &mark, 0);
    for (uint64_t next = 10; next < 30; next++)
        write_next(&state, next, next % 7 == 0);
    batch_state_close(&state);
    open_state(&state, &mark, 4);
    assert_mark(&mark, 29);
    /* What is written now does not go over the newest. */
    write_next(&state, 40, false);
    batch_state_close(&state);
    assert_int_equal(stat(path, &is), 0);
    assert_int_equal(is.st_size, SIZE);
    open_state(&state, &mark, 4);
    assert_mark(&mark, 40);
    batch_state_close(&state);
    assert_int_equal(truncate(path, 4096 + PLACE), 0); /* of the first place alone something is left */
    open_state(&state, &mark, 1);
    batch_mark_done(&mark);
    batch_state_close(&state);
}

/* A mark that is not whole does not count, and the one before it does. */
static void test_torn(void **unused)
{
    batch_state state;
    batch_mark mark;

    (void)unused;
    for (size_t at = 0; at < 64 + 8 * 4; at++) {
        begin_anew();
        open_state(&state, &mark, 0);
        write_next(&state, 10, false); /* the second place: the first one is never the newest at first */
        write_next(&state, 11, false);
        batch_state_close(&state);
        flip(4096 + at);
        open_state(&state, &mark, 1);
        assert_mark(&mark, 10);
        batch_state_close(&state);
    }
}

static void refuse(const char *options, const char *wanted)
{
    batch_state state;
    batch_mark marks[BATCH_MARKS];
    size_t count;

    assert_false(batch_state_open(&state, path, options, marks, &count, &error));
    if (strstr(error.text, wanted) == NULL)
        fail_msg("no '%s' in '%s'", wanted, error.text);
}

static void test_refused(void **unused)
{
    batch_state state;
    batch_mark mark;
    FILE *file;

    (void)unused;
    begin_anew();
    open_state(&state, &mark, 0);
    write_next(&state, 10, false);
    batch_state_close(&state);
    refuse("holdfast 0 --depth full", "other options");
    flip(30);
    refuse(OPTIONS, "damaged");
    flip(30);
    flip(4096 + PLACE + 33);
    refuse(OPTIONS, "no mark in it is whole");
    file = fopen(path, "w");
    fputs("a list of hosts, given by mistake\n", file);
    fclose(file);
    refuse(OPTIONS, "not a state of");
    begin_anew();
    open_state(&state, &mark, 0); /* a run that died before its first mark */
    batch_state_close(&state);
    open_state(&state, &mark, 0);
    batch_state_close(&state);
}

static void test_locked(void **unused)
{
    batch_state state;
    batch_mark mark;
    int status;
    pid_t pid;

    (void)unused;
    begin_anew();
    open_state(&state, &mark, 0);
    pid = fork();
    if (pid == 0) {
        batch_state other;
        batch_mark marks[BATCH_MARKS];
        size_t count;

        _exit(batch_state_open(&other, path, OPTIONS, marks, &count, &error) ||
              strstr(error.text, "another run") == NULL);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    batch_state_close(&state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_come_back),
        cmocka_unit_test(test_torn),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_locked),
    };
    int fd = mkstemp(path), failed;

    if (fd < 0)
        return 1;
    close(fd);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path);
    return failed;
}
