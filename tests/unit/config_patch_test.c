/* The edits of findings: which of them are made, what becomes of the file, and the diff that shows it. */
#include "config/patch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define EDITS_MAX 4
#define TEXT_MAX 65536

/* What an edit replaces: the first `old` of the file, and behind it where `old` ends in "|". */
typedef struct edit_case {
    const char *old, *new;
} edit_case;

typedef struct patch_case {
    const char *text;
    edit_case edits[EDITS_MAX]; /* of one finding each */
    const char *mended, *diff;  /* the diff without the names of the file */
    size_t left;
} patch_case;

static const char *find(const char *text, const char *part, size_t length)
{
    while (*text != '\0' && strncmp(text, part, length) != 0)
        text++;
    return text;
}

static void add_edit(config_lint *lint, config_file *file, const edit_case *edit)
{
    const size_t length = strlen(edit->old);
    const bool behind = length > 0 && edit->old[length - 1] == '|';
    const size_t size = behind ? length - 1 : length;
    const char *at = find(file->text, edit->old, size);

    config_lint_edit(lint, file, (size_t)(at - file->text) + (behind ? size : 0), behind ? 0 : size, edit->new);
}

static void check_case(const patch_case *wanted)
{
    config_estate estate = {0};
    config_file *file = config_estate_add(&estate, "a", wanted->text, strlen(wanted->text));
    config_lint lint;
    config_patches patches;
    base_buffer out;

    config_lint_init(&lint, &estate, (config_version){0});
    for (rule_id i = 0; i < EDITS_MAX && wanted->edits[i].old != NULL; i++) {
        assert_true(config_lint_at(&lint, file, NULL, 0, 0, i, "proof"));
        add_edit(&lint, file, &wanted->edits[i]);
    }
    config_patches_make(&lint, &patches);
    assert_int_equal(patches.count, 1);
    assert_int_equal(patches.left, wanted->left);
    assert_int_equal(patches.mended + patches.left, lint.findings.count);
    assert_int_equal(patches.items[0].mended, patches.mended);
    base_buffer_init(&out, TEXT_MAX);
    config_patch_text(&patches.items[0], &out);
    assert_string_equal(base_buffer_string(&out), wanted->mended);
    base_buffer_clear(&out);
    config_patch_diff(&patches.items[0], &out);
    if (wanted->diff != NULL)
        assert_string_equal(base_buffer_string(&out) + (out.length > 0 ? strlen("--- a\n+++ a\n") : 0), wanted->diff);
    base_buffer_done(&out);
    config_lint_done(&lint);
    config_estate_done(&estate);
}

#define CHECK(cases)                                                                                                   \
    for (size_t i = 0; i < sizeof(cases) / sizeof *(cases); i++)                                                       \
    check_case(&(cases)[i])

static void edits_are_made(void **state)
{
    static const patch_case cases[] = {
        {"one\ntwo\n", {{"two", "2"}}, "one\n2\n", "@@ -1,2 +1,2 @@\n one\n-two\n+2\n", 0},
        {"one",
         {{"one", "1"}},
         "1",
         "@@ -1 +1 @@\n-one\n\\ No newline at end of file\n+1\n\\ No newline at end of file\n",
         0},
        {"one", {{"one|", "\n"}}, "one\n", "@@ -1 +1 @@\n-one\n\\ No newline at end of file\n+one\n", 0},
        {"one\n", {{"one\n|", "two\n"}}, "one\ntwo\n", "@@ -1 +1,2 @@\n one\n+two\n", 0},
        {"one\n", {{"|", "two\n"}}, "two\none\n", "@@ -1 +1,2 @@\n+two\n one\n", 0},
        {"one\ntwo\n", {{"one\n", ""}}, "two\n", "@@ -1,2 +1 @@\n-one\n two\n", 0},
        {"one\n", {{"one\n", ""}}, "", "@@ -1 +0,0 @@\n-one\n", 0},
        {"", {{"|", "one\n"}}, "one\n", "@@ -0,0 +1 @@\n+one\n", 0},
        {"one\r\n", {{"one", "1"}}, "1\r\n", "@@ -1 +1 @@\n-one\r\n+1\r\n", 0},
        {"one\n", {{"one", "one"}}, "one\n", "", 0},
        /* A line that is added in the middle of a line, and what stays the same on both sides of it. */
        {"a {\nb;\n}\n", {{"{|", "\n    c;"}}, "a {\n    c;\nb;\n}\n", "@@ -1,3 +1,4 @@\n a {\n+    c;\n b;\n }\n", 0},
    };

    (void)state;
    CHECK(cases);
}

static void edits_that_overlap_wait(void **state)
{
    static const patch_case cases[] = {
        {"one two\n", {{"one", "1"}, {"one two", "12"}}, "1 two\n", NULL, 1},
        {"one two\n", {{"one two", "12"}, {"e t", "-"}, {"|", "0"}}, "012\n", NULL, 1},
        {"one two\n", {{"one two", "12"}, {"one|", "!"}}, "12\n", NULL, 1},
        /* Neither of two texts at one place is the first; the same text is put there once. */
        {"one\n", {{"one|", "!"}, {"one|", "?"}}, "one!\n", NULL, 1},
        {"one\n", {{"one|", "!"}, {"one|", "!"}, {"one", "1"}, {"one", "1"}}, "1!\n", NULL, 0},
        /* Side by side is no overlap. */
        {"one two\n", {{" two", " 2"}, {"one", "1"}, {"one|", ","}}, "1, 2\n", NULL, 0},
    };

    (void)state;
    CHECK(cases);
}

static void hunks(void **state)
{
    static const patch_case cases[] = {
        {"1\n2\n3\n4\n5\n6\n7\n8\n9\n",
         {{"5", "five"}},
         "1\n2\n3\n4\nfive\n6\n7\n8\n9\n",
         "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n",
         0},
        {"1\n2\n3\n4\n5\n6\n7\n8\n9\n",
         {{"1", "one"}, {"8", "eight"}},
         "one\n2\n3\n4\n5\n6\n7\neight\n9\n",
         "@@ -1,9 +1,9 @@\n-1\n+one\n 2\n 3\n 4\n 5\n 6\n 7\n-8\n+eight\n 9\n",
         0},
        {"1\n2\n3\n4\n5\n6\n7\n8\n9\n",
         {{"1\n", ""}, {"9", "nine"}},
         "2\n3\n4\n5\n6\n7\n8\nnine\n",
         "@@ -1,4 +1,3 @@\n-1\n 2\n 3\n 4\n@@ -6,4 +5,4 @@\n 6\n 7\n 8\n-9\n+nine\n",
         0},
        {"1\n2\n3\n", {{"1", "one"}, {"2", "two"}}, "one\ntwo\n3\n", "@@ -1,3 +1,3 @@\n-1\n-2\n+one\n+two\n 3\n", 0},
    };

    (void)state;
    CHECK(cases);
}

static void check_name(const char *name, const char *wanted)
{
    config_estate estate = {0};
    config_file *file = config_estate_add(&estate, name, "a\n", 2);
    config_edit edit = {.file = file, .offset = 0, .length = 1, .text = "b"};
    const config_patch patch = {.file = file, .edits = &edit, .count = 1};
    base_buffer out;

    base_buffer_init(&out, TEXT_MAX);
    config_patch_diff(&patch, &out);
    assert_int_equal(strncmp(base_buffer_string(&out), wanted, strlen(wanted)), 0);
    base_buffer_done(&out);
    config_estate_done(&estate);
}

static void odd_names_are_quoted(void **state)
{
    (void)state;
    check_name("a/b.conf", "--- a/b.conf\n+++ a/b.conf\n");
    check_name("a b", "--- a b\t\n+++ a b\t\n");
    check_name("a\nb", "--- \"a\\012b\"\n+++ \"a\\012b\"\n");
    check_name("a\"\\\xc3\xa9", "--- \"a\\\"\\\\\\303\\251\"\n");
}

/* A finding whose edits are in two files, of which one is taken: neither is made. */
static void whole_or_not_at_all(void **state)
{
    config_estate estate = {0};
    config_file *a = config_estate_add(&estate, "a", "one\n", 4), *b = config_estate_add(&estate, "b", "two\n", 4);
    config_lint lint;
    config_patches patches;

    (void)state;
    config_lint_init(&lint, &estate, (config_version){0});
    assert_true(config_lint_at(&lint, a, NULL, 0, 3, 0, "proof"));
    config_lint_edit(&lint, a, 0, 3, "1");
    assert_true(config_lint_at(&lint, a, NULL, 0, 3, 1, "proof"));
    config_lint_edit(&lint, b, 0, 3, "2");
    config_lint_edit(&lint, a, 1, 2, "?");
    config_patches_make(&lint, &patches);
    assert_int_equal(patches.count, 1);
    assert_ptr_equal(patches.items[0].file, a);
    assert_int_equal(patches.mended, 1);
    assert_int_equal(patches.left, 1);
    config_lint_done(&lint);
    config_estate_done(&estate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edits_are_made),       cmocka_unit_test(edits_that_overlap_wait), cmocka_unit_test(hunks),
        cmocka_unit_test(odd_names_are_quoted), cmocka_unit_test(whole_or_not_at_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
