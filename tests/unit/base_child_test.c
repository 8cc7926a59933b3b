/*
 * What becomes of a child that does not do what it should: the parent says what it was, and waits for none of it.
 */
#include "base/child.h"
#include "lib/scratch.h"

#include <signal.h>
#include <sys/wait.h>

enum { ANSWER = 7 };

static int secret;

static void answers(void *self, int fd)
{
    base_buffer out;

    base_buffer_init(&out, 1024);
    base_frame_put(&out, ANSWER, 3, self, strlen(self));
    base_child_answer(fd, &out);
}

static void says_nothing(void *self, int fd)
{
    (void)self;
    (void)fd;
}

static void spins(void *self, int fd)
{
    (void)self;
    (void)fd;
    for (volatile unsigned turns = 0;; turns++)
        continue;
}

static void crashes(void *self, int fd)
{
    (void)self;
    (void)fd;
    raise(SIGKILL);
}

static void answers_without_end(void *self, int fd)
{
    const base_frame frame = {.kind = ANSWER, .length = UINT64_MAX};
    char zeros[4096] = {0};

    (void)self;
    if (write(fd, &frame, sizeof frame) == sizeof frame)
        while (write(fd, zeros, sizeof zeros) > 0)
            continue;
}

static void turns_away(void *self, int fd)
{
    close(fd);
    spins(self, fd);
}

static void echoes(void *self, int fd)
{
    base_buffer in;

    (void)self;
    base_buffer_init(&in, 1 << 20);
    while (base_child_hear(fd, &in))
        if (in.length == 5)
            answers(in.data, fd);
}

/* What the parent has open, and standard output, are nothing of a child's. */
static void looks_around(void *self, int fd)
{
    char c;
    bool is_alone = read(secret, &c, 1) < 0 && lseek(STDOUT_FILENO, 0, SEEK_END) <= 0;

    (void)self;
    answers(is_alone ? "alone" : "not alone", fd);
}

static base_child start(void (*work)(void *self, int fd), void *self)
{
    const base_child_plan plan = {
        .sandbox = {.profile = BASE_SANDBOX_READER, .seconds = 1}, .work = work, .self = self};
    base_child child;

    assert_true(base_child_start(&child, &plan, NULL));
    return child;
}

static void expect_answer(base_child *child, const char *text)
{
    base_error error = {{0}};
    base_frame frame;
    const char *body;

    if (!base_child_next(child, &frame, &body, &error))
        fail_msg("%s", error.text);
    assert_int_equal(frame.kind, ANSWER);
    assert_int_equal(frame.slot, 3);
    assert_int_equal(frame.length, strlen(text));
    assert_memory_equal(body, text, strlen(text));
}

static void expect_end(void (*work)(void *self, int fd), const char *why)
{
    base_child child = start(work, NULL);
    base_error error = {{0}};
    base_frame frame;
    const char *body;

    assert_false(base_child_next(&child, &frame, &body, &error));
    if (strstr(error.text, why) == NULL)
        fail_msg("'%s' is not in '%s'", why, error.text);
    base_child_end(&child);
}

static void test_answer(void **state)
{
    base_child child = start(answers, "hello");

    (void)state;
    expect_answer(&child, "hello");
    base_child_end(&child);
}

static void test_dialogue(void **state)
{
    base_child child = start(echoes, NULL);

    (void)state;
    assert_true(base_child_send(&child, "he", 2));
    assert_true(base_child_send(&child, "llo", 3));
    expect_answer(&child, "hello");
    base_child_end(&child);
}

static void test_alone(void **state)
{
    base_child child = start(looks_around, NULL);

    (void)state;
    expect_answer(&child, "alone");
    base_child_end(&child);
}

static void test_ends(void **state)
{
    (void)state;
    expect_end(says_nothing, "ended with code 0, and its answer is incomplete");
    expect_end(spins, "more than 1 s of processor time");
    expect_end(crashes, "ended by signal 9");
    expect_end(answers_without_end, "answers without end");
    expect_end(turns_away, "the child process ");
}

static void test_ended_early(void **state)
{
    base_child child = start(spins, NULL);

    (void)state;
    base_child_end(&child);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* none is left */
}

static int set_up(void **state)
{
    if (scratch_enter(state) != 0)
        return -1;
    scratch_file("secret", "secret");
    secret = open("secret", O_RDONLY);
    return secret >= 0 ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answer), cmocka_unit_test(test_dialogue),    cmocka_unit_test(test_alone),
        cmocka_unit_test(test_ends),   cmocka_unit_test(test_ended_early),
    };

    return cmocka_run_group_tests(tests, set_up, scratch_leave);
}
