/* What differs between two lists: each name once, in order, with the flag of the list that has it. */
#include "preload/diff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void append(void *self, facts_preload_change kind, const hf_preload_entry *entry)
{
    static const char marks[] = "+-~";
    char *text = self;
    size_t length = strlen(text);

    snprintf(text + length, 200 - length, "%c%s%s ", marks[kind], entry->name, entry->include_subdomains ? "!" : "");
}

static void assert_diff(hf_preload_entry *old, size_t old_count, hf_preload_entry *new, size_t new_count,
                        const char *wanted)
{
    preload_names a = {.entries = old, .count = old_count}, b = {.entries = new, .count = new_count};
    char text[200] = "";

    preload_diff(&a, &b, append, text);
    assert_string_equal(text, wanted);
}

static void test_differences(void **state)
{
    hf_preload_entry old[] = {{"a.test", false}, {"b.test", true}, {"c.test", true}, {"e.test", false}};
    hf_preload_entry new[] = {{"b.test", false}, {"c.test", true}, {"d.test", true}, {"f.test", false}};

    (void)state;
    assert_diff(old, 4, new, 4, "-a.test ~b.test +d.test! -e.test +f.test ");
    assert_diff(old, 4, old, 4, "");
    assert_diff(old, 0, new, 1, "+b.test ");
    assert_diff(old, 1, new, 0, "-a.test ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_differences)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
