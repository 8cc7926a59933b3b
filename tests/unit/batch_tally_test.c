/* What a run counts, and its exit code. */
#include "batch/tally.h"

#include "base/exit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const batch_result answered = {.code = FACTS_FAILURE_NONE, .answered = true, .in_force = true, .errors = 2};
static const batch_result refused = {.code = FACTS_FAILURE_CONNECTION_REFUSED, .warnings = 1};
static const batch_result unknown = {.code = FACTS_FAILURE_NAME_UNKNOWN};

static void test_sums(void **state)
{
    facts_tally tally = {0};

    (void)state;
    batch_tally_add(&tally, &answered, 1);
    batch_tally_add(&tally, &answered, 3);
    batch_tally_add(&tally, &refused, 2);
    assert_int_equal(tally.hosts, 3);
    assert_int_equal(tally.in_force, 2);
    assert_int_equal(tally.errors, 4);
    assert_int_equal(tally.warnings, 1);
    assert_int_equal(tally.again, 3);
    assert_int_equal(tally.codes[FACTS_FAILURE_NONE], 2);
    assert_int_equal(tally.codes[FACTS_FAILURE_CONNECTION_REFUSED], 1);
    /* A code that no version of ours sends does not write elsewhere. */
    batch_tally_add(&tally, &(batch_result){.code = UINT32_MAX}, 1);
    assert_int_equal(tally.codes[FACTS_FAILURE_LOCAL], 1);
}

/* 3 only if nothing could be checked, 4 if something could not; what a host does is clean. */
static void test_exit_codes(void **state)
{
    facts_tally tally = {0};

    (void)state;
    assert_int_equal(batch_tally_code(&tally), BASE_EXIT_CLEAN);
    tally.refused = 1;
    assert_int_equal(batch_tally_code(&tally), BASE_EXIT_USAGE);
    batch_tally_add(&tally, &answered, 1);
    assert_int_equal(batch_tally_code(&tally), BASE_EXIT_PARTLY);
    tally.refused = 0;
    batch_tally_add(&tally, &refused, 1);
    assert_int_equal(batch_tally_code(&tally), BASE_EXIT_CLEAN);
    batch_tally_add(&tally, &unknown, 1);
    assert_int_equal(batch_tally_code(&tally), BASE_EXIT_PARTLY);
    /* How many answered does not count. */
    tally = (facts_tally){0};
    batch_tally_add(&tally, &refused, 1);
    batch_tally_add(&tally, &(batch_result){.code = FACTS_FAILURE_CONNECT_TIMEOUT}, 1);
    batch_tally_add(&tally, &(batch_result){.code = FACTS_FAILURE_TLS_CLOSED}, 1);
    assert_int_equal(batch_tally_code(&tally), BASE_EXIT_CLEAN);
    batch_tally_add(&tally, &unknown, 1);
    assert_int_equal(batch_tally_code(&tally), BASE_EXIT_PARTLY);
    tally = (facts_tally){0};
    batch_tally_add(&tally, &unknown, 1);
    batch_tally_add(&tally, &(batch_result){.code = FACTS_FAILURE_PROBE_CRASHED}, 1);
    assert_int_equal(batch_tally_code(&tally), BASE_EXIT_UNCHECKED);
}

static void test_another_try(void **state)
{
    (void)state;
    assert_true(batch_may_pass(FACTS_FAILURE_CONNECT_TIMEOUT));
    assert_true(batch_may_pass(FACTS_FAILURE_LOCAL));
    assert_false(batch_may_pass(FACTS_FAILURE_NONE));
    assert_false(batch_may_pass(FACTS_FAILURE_CONNECTION_REFUSED));
    assert_false(batch_may_pass(FACTS_FAILURE_NAME_UNKNOWN));
    assert_false(batch_may_pass(FACTS_FAILURE_PROBE_CRASHED));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sums),
        cmocka_unit_test(test_exit_codes),
        cmocka_unit_test(test_another_try),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
