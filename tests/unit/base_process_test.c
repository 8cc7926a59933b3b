/*
 * Other programs: pipelines, failures, bounds, and signals that come meanwhile.
 */
#include "base/process.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static base_buffer out;
static base_error error;

static bool run_in(const char *folder, int seconds, const char *const *first, const char *const *second)
{
    base_process process = {.commands = {first, second, NULL}, .folder = folder, .seconds = seconds, .out = &out};

    base_buffer_done(&out);
    base_buffer_init(&out, 1000);
    error.text[0] = '\0';
    return base_process_run(&process, &error);
}

static void one_program(void **state)
{
    const char *const echo[] = {"echo", "a;", "$HOME", NULL}, *const where[] = {"pwd", NULL};

    (void)state;
    assert_true(run_in(NULL, 10, echo, NULL));
    assert_string_equal(base_buffer_string(&out), "a; $HOME\n");
    assert_true(run_in("/", 10, where, NULL));
    assert_string_equal(base_buffer_string(&out), "/\n");
}

static void nothing_is_read(void **state)
{
    const char *const cat[] = {"cat", NULL};

    (void)state;
    assert_true(run_in(NULL, 10, cat, NULL));
    assert_int_equal(out.length, 0);
}

static void a_pipeline(void **state)
{
    const char *const say[] = {"printf", "b\\na\\n", NULL}, *const sort[] = {"sort", NULL};

    (void)state;
    assert_true(run_in(NULL, 10, say, sort));
    assert_string_equal(base_buffer_string(&out), "a\nb\n");
}

static void what_fails_says_why(void **state)
{
    const char *const say[] = {"sh", "-c", "echo first >&2; echo last words >&2; exit 7", NULL}, *const cat[] = {"cat",
                                                                                                                 NULL};
    const char *const none[] = {"holdfast-no-such-program", NULL}, *const killed[] = {"sh", "-c", "kill -9 $$", NULL};
    const char *const endless[] = {"yes", NULL}, *const refuses[] = {"sh", "-c", "echo no >&2; exit 3", NULL};

    (void)state;
    assert_false(run_in(NULL, 10, say, NULL));
    assert_string_equal(error.text, "sh: exit code 7: last words");
    assert_false(run_in(NULL, 10, say, cat)); /* the last one alone would be content */
    assert_string_equal(error.text, "sh: exit code 7: last words");
    assert_false(run_in(NULL, 10, none, NULL));
    assert_string_equal(error.text, "holdfast-no-such-program: there is no such program here");
    assert_false(run_in(NULL, 10, killed, NULL));
    assert_string_equal(error.text, "sh: ended by signal 9");
    assert_false(run_in(NULL, 10, endless, refuses)); /* not that the first had nobody to write to */
    assert_string_equal(error.text, "sh: exit code 3: no");
}

static void bounds(void **state)
{
    const char *const yes[] = {"yes", NULL}, *const sleep[] = {"sh", "-c", "sleep 60 & sleep 60", NULL};
    time_t begun = time(NULL);

    (void)state;
    assert_false(run_in(NULL, 10, yes, NULL));
    assert_string_equal(error.text, "yes: it writes more than 1000 octets");
    assert_false(run_in(NULL, 0, sleep, NULL));
    assert_string_equal(error.text, "sh: it takes too long");
    assert_true(time(NULL) - begun < 30);
}

static void many_words(void **state)
{
    const char *const chatter[] = {"sh", "-c", "seq 100000 >&2; exit 1", NULL};

    (void)state;
    assert_false(run_in(NULL, 10, chatter, NULL));
    assert_string_equal(error.text, "sh: exit code 1: 100000");
}

static int taken;

static void take(int number)
{
    (void)number;
    taken++;
}

static void a_signal_waits_for_the_clearing_away(void **state)
{
    const char *const sleep[] = {"sleep", "60", NULL};
    const struct sigaction action = {.sa_handler = take};
    struct sigaction before;
    sigset_t held;
    time_t begun = time(NULL);

    (void)state;
    sigaction(SIGTERM, &action, &before);
    base_signals_hold(&held);
    kill(getpid(), SIGTERM);
    assert_false(run_in(NULL, 60, sleep, NULL));
    assert_string_equal(error.text, "sleep: interrupted");
    assert_int_equal(taken, 0);
    base_signals_release(&held);
    assert_int_equal(taken, 1);
    assert_true(time(NULL) - begun < 30);
    sigaction(SIGTERM, &before, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_program),
        cmocka_unit_test(nothing_is_read),
        cmocka_unit_test(a_pipeline),
        cmocka_unit_test(what_fails_says_why),
        cmocka_unit_test(bounds),
        cmocka_unit_test(many_words),
        cmocka_unit_test(a_signal_waits_for_the_clearing_away),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    base_buffer_done(&out);
    return failed;
}
