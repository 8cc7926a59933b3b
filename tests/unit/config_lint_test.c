/* Findings of a configuration, whatever the platform: told once of a line, in the order of files and lines, kept back
 * by marks. */
#include "config/lint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct fixture {
    config_estate estate;
    config_lint lint;
} fixture;

static void begin(fixture *f)
{
    *f = (fixture){0};
    config_lint_init(&f->lint, &f->estate, (config_version){0});
}

static void end(fixture *f)
{
    config_lint_done(&f->lint);
    config_estate_done(&f->estate);
}

/* With its comments, which the parser of a platform notes else. */
static config_file *add_file(fixture *f, const char *name, const char *text)
{
    config_file *file = config_estate_add(&f->estate, name, text, strlen(text));

    for (const char *mark = strchr(file->text, '#'); mark != NULL; mark = strchr(mark, '#')) {
        const char *from = mark + 1;

        mark += strcspn(mark, "\n");
        config_comment_add(&f->estate, file, (size_t)(from - 1 - file->text), (hf_span){from, (size_t)(mark - from)});
    }
    return file;
}

static bool say(fixture *f, config_file *file, const char *word, rule_id rule)
{
    const char *at = strstr(file->text, word);

    assert_non_null(at);
    return config_lint_at(&f->lint, file, NULL, (size_t)(at - file->text), strlen(word), rule, "proof");
}

static void assert_found(const fixture *f, size_t index, rule_id rule, const char *file, size_t line, size_t column)
{
    const finding *item = &f->lint.findings.items[index];

    assert_true(index < f->lint.findings.count);
    assert_string_equal(rule_find(item->rule)->name, rule_find(rule)->name);
    assert_string_equal(item->place.file, file);
    assert_int_equal(item->place.line, line);
    assert_int_equal(item->place.column, column);
}

static void once_a_line(void **state)
{
    fixture f;
    config_file *file;

    (void)state;
    begin(&f);
    file = add_file(&f, "a", "one two\nthree\n");
    assert_true(say(&f, file, "one", RULE_NO_ALWAYS));
    assert_false(say(&f, file, "two", RULE_NO_ALWAYS));
    config_lint_edit(&f.lint, file, 0, 1, "gone");
    config_lint_say(&f.lint, "gone");
    assert_true(say(&f, file, "two", RULE_SYNTAX_ERROR));
    assert_true(say(&f, file, "three", RULE_NO_ALWAYS));
    config_lint_finish(&f.lint);
    assert_int_equal(f.lint.findings.count, 3);
    assert_int_equal(f.lint.fixes[0].count, 0);
    assert_string_not_equal(f.lint.findings.items[0].fix, "gone");
    assert_int_equal(f.lint.ignored, 0);
    end(&f);
}

static void in_the_order_of_files_and_lines(void **state)
{
    fixture f;
    config_file *first, *second;

    (void)state;
    begin(&f);
    first = add_file(&f, "b", "one\n  two three\n");
    second = add_file(&f, "a", "four\n");
    assert_true(say(&f, second, "four", RULE_NO_ALWAYS));
    assert_true(say(&f, first, "three", RULE_SYNTAX_ERROR));
    config_lint_edit(&f.lint, first, 4, 1, "edit of three");
    assert_true(say(&f, first, "two", RULE_NO_ALWAYS));
    assert_true(say(&f, first, "one", RULE_NO_ALWAYS));
    config_lint_finish(&f.lint);
    assert_int_equal(f.lint.findings.count, 4);
    assert_found(&f, 0, RULE_NO_ALWAYS, "b", 1, 1);
    assert_found(&f, 1, RULE_NO_ALWAYS, "b", 2, 3);
    assert_found(&f, 2, RULE_SYNTAX_ERROR, "b", 2, 7);
    assert_found(&f, 3, RULE_NO_ALWAYS, "a", 1, 1);
    assert_int_equal(f.lint.fixes[2].count, 1);
    assert_string_equal(f.lint.fixes[2].edits[0].text, "edit of three");
    end(&f);
}

static void severity_is_that_of_configurations(void **state)
{
    fixture f;

    (void)state;
    begin(&f);
    assert_true(say(&f, add_file(&f, "a", "one\n"), "one", RULE_REDIRECT_TEMPORARY));
    assert_int_equal(f.lint.findings.items[0].severity, rule_find(RULE_REDIRECT_TEMPORARY)->configuration);
    end(&f);
}

/* A file in which no-always is said of "here"; how many findings it has then, and how many are ignored. */
static void check_mark(const char *text, size_t found, size_t ignored)
{
    fixture f;

    begin(&f);
    say(&f, add_file(&f, "a", text), "here", RULE_NO_ALWAYS);
    config_lint_finish(&f.lint);
    if (f.lint.findings.count != found || f.lint.ignored != ignored)
        fail_msg("%s: %zu findings, %zu ignored", text, f.lint.findings.count, f.lint.ignored);
    end(&f);
}

static void marks_keep_findings_back(void **state)
{
    (void)state;
    check_mark("here\n", 1, 0);
    check_mark("here # holdfast: ignore no-always it is a test\n", 0, 1);
    check_mark("here # HOLDFAST: ignore no-always it is a test\n", 1, 0);
    check_mark("here #holdfast:  ignore\tNo-Always it is a test", 0, 1);
    check_mark("# holdfast: ignore no-always it is a test\nhere\n", 0, 1);
    check_mark("  # holdfast: ignore no-always it is a test\n# and why\n#\nhere\n", 0, 1);
    /* Of another line, of another rule, of none, without a reason. */
    check_mark("one # holdfast: ignore no-always it is a test\nhere\n", 2, 0);
    check_mark("# holdfast: ignore no-always it is a test\n\nhere\n", 2, 0);
    check_mark("here\n# holdfast: ignore no-always it is a test\n", 2, 0);
    check_mark("here # holdfast: ignore syntax-error it is a test\n", 2, 0);
    check_mark("here # holdfast: ignore\n", 2, 0);
    check_mark("here # holdfast: ignored no-always it is a test\n", 1, 0);
    check_mark("here # do holdfast: ignore no-always it is a test\n", 1, 0);
    check_mark("here # holdfast: ignore no-always\n", 1, 1);
}

/* A mark without a reason is itself found, and so is one that keeps nothing back. */
static void marks_are_judged(void **state)
{
    fixture f;
    config_file *file;

    (void)state;
    begin(&f);
    file = add_file(&f, "a", "here # holdfast: ignore no-always\nthere # holdfast: ignore no-always because\n");
    assert_false(say(&f, file, "here", RULE_NO_ALWAYS));
    config_lint_finish(&f.lint);
    assert_int_equal(f.lint.findings.count, 2);
    assert_found(&f, 0, RULE_IGNORE_WITHOUT_REASON, "a", 1, 6);
    assert_found(&f, 1, RULE_IGNORE_UNUSED, "a", 2, 7);
    end(&f);
}

/* Many marks, each of which is looked for, cost no more than they are. */
static void a_file_of_marks_is_no_burden(void **state)
{
    static const char line[] = "# holdfast: ignore no-always because\n";
    const size_t count = CONFIG_FINDINGS_MAX + 5000, size = sizeof line - 1;
    char *text = malloc(count * size + 1);
    fixture f;

    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i < count; i++)
        memcpy(text + i * size, line, size + 1);
    begin(&f);
    add_file(&f, "a", text);
    config_lint_finish(&f.lint);
    assert_int_equal(f.lint.findings.count, CONFIG_FINDINGS_MAX);
    assert_int_equal(f.lint.left_out, count - CONFIG_FINDINGS_MAX);
    end(&f);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(once_a_line),
        cmocka_unit_test(in_the_order_of_files_and_lines),
        cmocka_unit_test(severity_is_that_of_configurations),
        cmocka_unit_test(marks_keep_findings_back),
        cmocka_unit_test(marks_are_judged),
        cmocka_unit_test(a_file_of_marks_is_no_burden),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
