/* Which of several rows of one host counts: the one noted last, and what it inherits. */
#include "stores/merge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static hf_row row_of(const char *name, int64_t observed, int64_t expires, bool include_subdomains)
{
    hf_row row = hf_row_init();

    row.host = (hf_span){name, strlen(name)};
    row.observed.seconds = observed;
    row.expires.seconds = expires;
    row.include_subdomains = include_subdomains;
    return row;
}

/* Adds the rows in their order, and decides. */
static void settle(stores_merge *merge, const hf_row *rows, size_t count, bool asked_for)
{
    const hf_format_options options = hf_format_options_init();

    for (size_t i = 0; i < count; i++)
        stores_merge_add(merge, i, stores_identity(&rows[i], NULL, &options), &rows[i], &options);
    stores_merge_settle(merge, count, asked_for);
}

static void assert_wins(const stores_merge *merge, uint64_t number, bool wins)
{
    bool include_subdomains;

    assert_int_equal(stores_merge_wins(merge, number, &include_subdomains), wins);
}

static void test_latest_note(void **state)
{
    const hf_row rows[] = {row_of("a.test", 100, 900, false), row_of("a.test", 300, 400, false),
                           row_of("a.test", 200, 999, false), row_of("b.test", 1, 2, false)};
    stores_merge merge = {0};

    (void)state;
    settle(&merge, rows, 4, false);
    assert_wins(&merge, 0, false);
    assert_wins(&merge, 1, true);
    assert_wins(&merge, 2, false);
    assert_wins(&merge, 3, true);
    stores_merge_done(&merge);
}

/* Where a store does not keep when a row was noted, its end counts; of equals the later row. */
static void test_no_times(void **state)
{
    const hf_row rows[] = {row_of("a.test", HF_TIME_UNKNOWN, 500, false), row_of("a.test", HF_TIME_UNKNOWN, 400, false),
                           row_of("b.test", HF_TIME_UNKNOWN, 7, false), row_of("b.test", HF_TIME_UNKNOWN, 7, false)};
    stores_merge merge = {0};

    (void)state;
    settle(&merge, rows, 4, false);
    assert_wins(&merge, 0, true);
    assert_wins(&merge, 1, false);
    assert_wins(&merge, 2, false);
    assert_wins(&merge, 3, true);
    stores_merge_done(&merge);
}

/* curl keeps the name and the name with a dot in front as two rows: with `widens` any of them is enough. */
static void test_subdomains(void **state)
{
    const hf_row rows[] = {row_of("a.test", 100, 900, true), row_of("a.test", 200, 900, false)};
    bool include_subdomains;

    (void)state;
    for (int widens = 0; widens < 2; widens++) {
        stores_merge merge = {.widens = widens == 1};

        settle(&merge, rows, 2, false);
        assert_true(stores_merge_wins(&merge, 1, &include_subdomains));
        assert_int_equal(include_subdomains, widens);
        stores_merge_done(&merge);
    }
}

static void test_identity(void **state)
{
    const hf_format_options options = hf_format_options_init();
    const hf_format *wget = hf_format_find("wget"), *curl = hf_format_find("curl");
    hf_row plain = row_of("a.test", 1, 2, false), ported = plain, other = row_of("b.test", 1, 2, false);
    stores_merge merge = {0};

    (void)state;
    ported.port = 8443;
    /* wget keeps policies by port, curl and we do not. */
    assert_int_not_equal(stores_identity(&plain, wget, &options), stores_identity(&ported, wget, &options));
    assert_int_equal(stores_identity(&plain, curl, &options), stores_identity(&ported, curl, &options));
    assert_int_equal(stores_identity(&plain, NULL, &options), stores_identity(&ported, NULL, &options));
    settle(&merge, &plain, 1, true);
    assert_true(stores_merge_holds(&merge, stores_identity(&plain, NULL, &options)));
    assert_false(stores_merge_holds(&merge, stores_identity(&other, NULL, &options)));
    stores_merge_done(&merge);
}

/* However late it was noted or ends, what is no policy never displaces one, nor does one for some visits only. */
static void test_standing(void **state)
{
    hf_row rows[] = {row_of("a.test", HF_TIME_UNKNOWN, 500, false),
                     row_of("a.test", HF_TIME_UNKNOWN, 900, false),
                     row_of("b.test", 100, 500, false),
                     row_of("b.test", 200, 900, true),
                     row_of("c.test", 100, 500, false),
                     row_of("c.test", 200, -1, true)};
    stores_merge merge = {0};

    (void)state;
    rows[1].state = HF_ROW_HPKP;
    rows[3].port = 8443;
    settle(&merge, rows, 6, false);
    for (uint64_t i = 0; i < 6; i++)
        assert_wins(&merge, i, i % 2 == 0);
    assert_false(merge.lowers);
    stores_merge_done(&merge);
}

/* A later note that ends sooner, or that takes the subdomains back, is told apart. */
static void test_lowers(void **state)
{
    const hf_row rows[] = {row_of("a.test", 100, 900, false), row_of("a.test", 200, 800, false),
                           row_of("b.test", 100, 800, true),  row_of("b.test", 200, 900, false),
                           row_of("c.test", 100, 800, true),  row_of("c.test", 200, 900, true)};
    stores_merge merge = {0};

    (void)state;
    settle(&merge, rows, 6, false);
    assert_true(merge.lowers);
    assert_true(stores_merge_lowers(&merge, 1));
    assert_true(stores_merge_lowers(&merge, 3));
    assert_false(stores_merge_lowers(&merge, 5));
    stores_merge_done(&merge);
}

/* What the target has: a policy there makes what is none give way, and a stronger one is told. */
static void test_meets(void **state)
{
    const hf_format_options options = hf_format_options_init();
    hf_row rows[] = {row_of("a.test", 100, 900, false), row_of("b.test", 100, 900, false)};
    const hf_row there = row_of("a.test", 50, 950, false), policy = row_of("b.test", 50, 800, false);
    stores_merge merge = {0};

    (void)state;
    rows[1].state = HF_ROW_UNSET;
    settle(&merge, rows, 2, true);
    assert_true(stores_merge_meet(&merge, stores_identity(&there, NULL, &options), &there, &options));
    assert_false(stores_merge_meet(&merge, stores_identity(&policy, NULL, &options), &policy, &options));
    assert_wins(&merge, 0, true);
    assert_wins(&merge, 1, false);
    assert_false(stores_merge_holds(&merge, stores_identity(&policy, NULL, &options)));
    stores_merge_done(&merge);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_latest_note), cmocka_unit_test(test_no_times), cmocka_unit_test(test_subdomains),
        cmocka_unit_test(test_identity),    cmocka_unit_test(test_standing), cmocka_unit_test(test_lowers),
        cmocka_unit_test(test_meets),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
