/*
 * A stand-in for cmocka where Debian has none (make portability): the same words, as far as the engine's tests use
 * them. A test that needs more fails to compile here, and then this grows by a line. On the machine at home the real
 * cmocka is used.
 */
#ifndef HOLDFAST_CROSS_CMOCKA_H
#define HOLDFAST_CROSS_CMOCKA_H

#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef void (*cross_test_function)(void **state);
typedef int (*cross_fixture)(void **state);

struct CMUnitTest {
    const char *name;
    cross_test_function run;
    cross_fixture setup, teardown;
    void *initial_state;
};

static jmp_buf cross_failed;

enum { CROSS_FAILED = 1, CROSS_SKIPPED = 2 };

_Noreturn static inline void cross_fail(const char *file, int line, const char *what)
{
    printf("%s:%d: %s\n", file, line, what);
    longjmp(cross_failed, CROSS_FAILED);
}

static inline void cross_equal(uint64_t a, uint64_t b, int wanted, const char *what, const char *file, int line)
{
    if ((a == b) != wanted) {
        printf("%lld and %lld: ", (long long)a, (long long)b);
        cross_fail(file, line, what);
    }
}

static inline void cross_string(const char *a, const char *b, int wanted, const char *what, const char *file, int line)
{
    if ((strcmp(a, b) == 0) != wanted) {
        printf("\"%s\" and \"%s\": ", a, b);
        cross_fail(file, line, what);
    }
}

static inline void cross_true(int holds, const char *what, const char *file, int line)
{
    if (!holds)
        cross_fail(file, line, what);
}

#define CROSS_EQUAL(a, b, wanted, what) cross_equal((uint64_t)(a), (uint64_t)(b), wanted, what, __FILE__, __LINE__)
#define CROSS_TRUE(holds, what) cross_true((holds) ? 1 : 0, what, __FILE__, __LINE__)
#define assert_true(x) CROSS_TRUE(x, "not true: " #x)
#define assert_false(x) CROSS_TRUE(!(x), "not false: " #x)
#define assert_non_null(x) CROSS_TRUE((x) != NULL, "null: " #x)
#define assert_null(x) CROSS_TRUE((x) == NULL, "not null: " #x)
#define assert_ptr_equal(a, b) CROSS_TRUE((const void *)(a) == (const void *)(b), #a " is not " #b)
#define assert_ptr_not_equal(a, b) CROSS_TRUE((const void *)(a) != (const void *)(b), #a " is " #b)
#define assert_int_equal(a, b) CROSS_EQUAL(a, b, 1, #a " is not " #b)
#define assert_int_not_equal(a, b) CROSS_EQUAL(a, b, 0, #a " is " #b)
#define assert_in_range(x, low, high)                                                                                  \
    CROSS_TRUE((uint64_t)(x) >= (uint64_t)(low) && (uint64_t)(x) <= (uint64_t)(high), #x " is out of its range")
#define assert_string_equal(a, b) cross_string(a, b, 1, #a " is not " #b, __FILE__, __LINE__)
#define assert_string_not_equal(a, b) cross_string(a, b, 0, #a " is " #b, __FILE__, __LINE__)
#define assert_memory_equal(a, b, n) CROSS_TRUE(memcmp(a, b, n) == 0, #a " is not " #b)
#define assert_memory_not_equal(a, b, n) CROSS_TRUE(memcmp(a, b, n) != 0, #a " is " #b)
#define fail() cross_fail(__FILE__, __LINE__, "failed")
#define skip() longjmp(cross_failed, CROSS_SKIPPED)
#define fail_msg(...) (printf(__VA_ARGS__), fail())
#define print_message(...) printf(__VA_ARGS__)
#define print_error(...) printf(__VA_ARGS__)

#define cmocka_unit_test(f) cmocka_unit_test_setup_teardown(f, NULL, NULL)
#define cmocka_unit_test_setup_teardown(f, up, down) cmocka_unit_test_prestate_setup_teardown(f, up, down, NULL)
#define cmocka_unit_test_prestate(f, state) cmocka_unit_test_prestate_setup_teardown(f, NULL, NULL, state)
#define cmocka_unit_test_prestate_setup_teardown(f, up, down, state)                                                   \
    {                                                                                                                  \
#f, f, up, down, state                                                                                         \
    }
#define cmocka_run_group_tests(tests, up, down)                                                                        \
    cross_run(tests, sizeof(tests) / sizeof((tests)[0]), (cross_fixture)(up), (cross_fixture)(down))

static inline int cross_run_one(const struct CMUnitTest *test, void *group_state)
{
    void *state = test->initial_state ? test->initial_state : group_state;
    int end = setjmp(cross_failed);

    if (end == 0) {
        end = test->setup && test->setup(&state) != 0 ? CROSS_FAILED : 0;
        if (end == 0)
            test->run(&state);
        if (test->teardown && test->teardown(&state) != 0)
            end = CROSS_FAILED;
    }
    printf("%s %s\n", end == CROSS_FAILED ? "failed:" : end == CROSS_SKIPPED ? "skipped:" : "passed:", test->name);
    fflush(stdout);
    return end == CROSS_FAILED;
}

static inline int cross_run(const struct CMUnitTest *tests, size_t count, cross_fixture up, cross_fixture down)
{
    void *state = NULL;
    int failures = up && up(&state) != 0;

    for (size_t i = 0; i < count; i++)
        failures += cross_run_one(&tests[i], state);
    if (down && down(&state) != 0)
        failures++;
    return failures;
}

#endif
