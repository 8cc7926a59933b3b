/* Patterns find what they would find as paths, in order, and nothing outside of the folder. */
#include "lib/scratch.h"
#include "stores/match.h"

#include <errno.h>

static char seen[4096], passed[4096];

static void on_found(void *self, const char *path)
{
    size_t length = strlen(seen);

    (void)self;
    snprintf(seen + length, sizeof seen - length, "%s ", path);
}

static void on_passed(void *self, const char *path, int reason)
{
    size_t length = strlen(passed);

    (void)self;
    snprintf(passed + length, sizeof passed - length, "%s:%s ", path, strerror(reason));
}

static void expect(const base_folder *folder, const char *pattern, const char *wanted)
{
    const stores_matcher matcher = {on_found, on_passed, NULL};

    seen[0] = passed[0] = '\0';
    stores_match(folder, pattern, &matcher);
    if (strcmp(seen, wanted) != 0)
        fail_msg("'%s': '%s', not '%s'", pattern, seen, wanted);
}

static void make_tree(void)
{
    static const char *const folders[] = {"home", "home/a", "home/b", "home/.c", "home/b/d", "away", "away/d"};

    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
        assert_int_equal(mkdir(folders[i], 0755), 0);
    scratch_file("home/file", "");
    scratch_file("home/b/d/x1", "");
    scratch_file("home/b/d/x2", "");
    scratch_file("away/d/x3", "");
    assert_int_equal(symlink("../away", "home/out"), 0);
    assert_int_equal(symlink("b", "home/in"), 0);
}

static void patterns(void **state)
{
    base_folder folder;

    (void)state;
    make_tree();
    assert_true(base_folder_open(&folder, "home", NULL));
    expect(&folder, "a/none/at/all", "a/none/at/all "); /* whether it is there, the caller sees */
    expect(&folder, "*", "a b file in out ");
    expect(&folder, "*/d", "a/d b/d file/d in/d out/d ");
    expect(&folder, "/*//d/", "a/d b/d file/d in/d out/d ");
    expect(&folder, "b/*/x*", "b/d/x1 b/d/x2 ");
    expect(&folder, "*/d/x*", "b/d/x1 b/d/x2 in/d/x1 in/d/x2 ");
    assert_non_null(strstr(passed, "out/d:"));
    expect(&folder, ".*", ".c ");
    expect(&folder, "none/*", "");
    assert_string_equal(passed, "");
    expect(&folder, "../away/d/*", "");
    assert_non_null(strstr(passed, strerror(EXDEV)));
    folder.ours = false; /* as in the home of another user: no link is followed */
    expect(&folder, "*/d/x*", "b/d/x1 b/d/x2 ");
    folder.open_ended = true; /* as in this user's own */
    expect(&folder, "out/*/x*", "out/d/x3 ");
    base_folder_close(&folder);
}

static void a_pattern_that_is_too_long(void **state)
{
    static char pattern[10000];
    base_folder folder;

    (void)state;
    assert_true(base_folder_open(&folder, ".", NULL));
    for (size_t i = 0; i + 1 < sizeof pattern; i++)
        pattern[i] = i % 2 == 0 ? 'a' : '/';
    expect(&folder, pattern, "");
    memset(pattern, 'a', 300);
    pattern[300] = '\0';
    expect(&folder, pattern, "");
    base_folder_close(&folder);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, scratch_enter, scratch_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(patterns),
        TEST(a_pattern_that_is_too_long),
    };

    return cmocka_run_group_tests_name("stores_match", tests, NULL, NULL);
}
