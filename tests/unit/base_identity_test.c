/* Root acts as another user and comes back; nobody else changes. */
#include "base/identity.h"
#include "lib/scratch.h"

enum { SOMEBODY = 12345, THEIR_GROUP = 12346 };

static void what_is_made_meanwhile_is_theirs(void **state)
{
    gid_t before[256], groups[256];
    int count = getgroups(256, before);
    base_identity identity;
    struct stat status;

    (void)state;
    if (geteuid() != 0)
        skip();
    assert_int_equal(mkdir("shared", 0777) | chmod("shared", 0777) | chmod(".", 0755), 0);
    scratch_file("secret", "of root");
    assert_int_equal(chmod("secret", 0600), 0);
    assert_true(base_identity_take(&identity, SOMEBODY, THEIR_GROUP, NULL));
    assert_int_equal(geteuid(), SOMEBODY);
    assert_int_equal(getegid(), THEIR_GROUP);
    assert_int_equal(getgroups(256, groups), 1);
    assert_int_equal(groups[0], THEIR_GROUP);
    assert_string_equal(scratch_text("secret"), "(none)");
    scratch_file("shared/file", "x");
    base_identity_return(&identity);
    assert_int_equal(geteuid() | getegid(), 0);
    assert_int_equal(getgroups(256, groups), count);
    assert_memory_equal(groups, before, (size_t)count * sizeof *groups);
    assert_string_equal(scratch_text("secret"), "of root");
    assert_int_equal(stat("shared/file", &status), 0);
    assert_int_equal(status.st_uid, SOMEBODY);
    assert_int_equal(status.st_gid, THEIR_GROUP);
    base_identity_return(&identity); /* once more does nothing */
    assert_int_equal(geteuid(), 0);
}

static void who_is_not_root_stays(void **state)
{
    base_identity outer = {.taken = false}, inner;
    uid_t before;

    (void)state;
    assert_true(base_identity_take(&outer, SOMEBODY, THEIR_GROUP, NULL));
    before = geteuid();
    assert_int_not_equal(before, 0);
    assert_true(base_identity_take(&inner, SOMEBODY + 1, THEIR_GROUP + 1, NULL));
    assert_false(inner.taken);
    assert_int_equal(geteuid(), before);
    base_identity_return(&inner);
    base_identity_return(&outer);
    assert_int_equal(geteuid(), getuid());
}

static void root_stays_root_for_root(void **state)
{
    base_identity identity;

    (void)state;
    assert_true(base_identity_take(&identity, 0, 0, NULL));
    assert_false(identity.taken);
    base_identity_return(&identity);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, scratch_enter, scratch_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_made_meanwhile_is_theirs),
        TEST(who_is_not_root_stays),
        TEST(root_stays_root_for_root),
    };

    return cmocka_run_group_tests_name("base_identity", tests, NULL, NULL);
}
