/* The report of a configuration's findings: the line with its marks, whatever is in it, what is not said twice, the
 * end.
 */
#include "report/lint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define WIDTH 60
#define TEXT_MAX 65536

/* Valid until the next one. */
static char *printed(const report_lint *lint, bool quiet)
{
    static char text[TEXT_MAX];
    base_term term = {.out = fmemopen(text, sizeof text, "w"), .width = WIDTH};

    text[0] = '\0';
    report_lint_text(lint, quiet, &term);
    fclose(term.out);
    return text;
}

static void assert_holds(const char *text, const char *wanted)
{
    if (strstr(text, wanted) == NULL)
        fail_msg("no '%s' in:\n%s", wanted, text);
}

static void assert_lacks(const char *text, const char *unwanted)
{
    if (strstr(text, unwanted) != NULL)
        fail_msg("'%s' in:\n%s", unwanted, text);
}

static finding finding_of(rule_id rule, size_t column, size_t end_column)
{
    return (finding){.rule = rule,
                     .severity = HF_SEVERITY_ERROR,
                     .place = finding_at_file("a.conf", 7, column, end_column),
                     .proof = "this is the proof",
                     .fix = "do this."};
}

/* -- The line ------------------------------------------------------------------------------------------------------ */

typedef struct line_case {
    const char *line;
    size_t column, end_column;
    const char *shown; /* two lines */
} line_case;

static void check_line(const line_case *wanted)
{
    const finding said = finding_of(RULE_NO_ALWAYS, wanted->column, wanted->end_column);
    const report_lint_item item = {.said = &said, .line = {wanted->line, strlen(wanted->line)}};
    char *text = printed(&(report_lint){.items = &item, .count = 1, .files = 1}, false);

    assert_holds(text, wanted->shown);
}

static void marks_stand_under_what_they_mean(void **state)
{
    static const line_case cases[] = {
        {"add_header A b;", 12, 13, "    add_header A b;\n               ^\n"},
        {"add_header A b;", 1, 11, "    add_header A b;\n    ^~~~~~~~~~\n"},
        {"    add_header A b;", 5, 15, "    add_header A b;\n    ^~~~~~~~~~\n"},
        {"\tadd_header\tA b;", 13, 14, "    add_header  A b;\n                ^\n"},
        /* A mark that has no place of its own, and a line that ends in front of it. */
        {"abc", 4, 5, "    abc\n       ^\n"},
        {"abc", 400, 500, "    abc\n       ^\n"},
        {"", 1, 2, "    \n    ^\n"},
        /* Wide characters, marks on characters, and what a terminal would obey. */
        {"\xe6\xbc\xa2\xe5\xad\x97 x", 8, 9, "    \xe6\xbc\xa2\xe5\xad\x97 x\n         ^\n"},
        {"\xe6\xbc\xa2 x", 1, 4, "    \xe6\xbc\xa2 x\n    ^~\n"},
        {"e\xcc\x81 x", 5, 6, "    e\xcc\x81 x\n      ^\n"},
        {"\x1b[31m x", 7, 8, "    \\x1b[31m x\n             ^\n"},
        {"\x1b x", 1, 2, "    \\x1b x\n    ^~~~\n"},
        {"\xff x", 3, 4, "    \\xff x\n         ^\n"},
        {"a\xe2\x80\xae x", 6, 7, "    a\\u{202e} x\n              ^\n"},
        {"proxy_pass http://me:secret@b; x", 32, 33,
         "    proxy_pass http://me:***@b; x\n                                ^\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_line(&cases[i]);
}

/* A line of `length` octets with '!' in the midst, and what is printed of it. */
static void check_long(size_t length, size_t column, const char *filling, size_t size)
{
    const finding said = finding_of(RULE_NO_ALWAYS, column, column + 1);
    char *line = malloc(length + 1), *text, *mark, *shown;
    report_lint_item item;

    for (size_t i = 0; i < length; i++)
        line[i] = filling[i % size];
    line[column - 1] = '!';
    item = (report_lint_item){.said = &said, .line = {line, length}};
    text = printed(&(report_lint){.items = &item, .count = 1, .files = 1}, false);
    mark = strchr(text, '^');
    assert_non_null(mark);
    shown = strchr(text, '\n') + 1;
    assert_true(strcspn(shown, "\n") <= WIDTH);
    /* In a secret it stands under the mask. */
    if (strcspn(shown, "!") < strcspn(shown, "\n"))
        assert_int_equal(mark - strchr(shown, '\n') - 1, strchr(shown, '!') - shown);
    free(line);
}

static void long_lines_are_cut(void **state)
{
    static const size_t columns[] = {1, 20, 40, 56, 60, 500, 999, 1000};

    (void)state;
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        check_long(1000, columns[i], "a", 1);
        check_long(1000, columns[i], "\x01", 1);
        check_long(1 << 20, columns[i], "ab ", 3);
        check_long(1 << 20, columns[i], "//a:b@", 6);
    }
    check_long(1 << 20, 1 << 20, "//a:b@", 6);
    check_long(1 << 20, 1 << 19, "\t", 1);
}

/* Marks on a character have no width, so any number of them fits a line. */
static void marks_without_width_are_bounded(void **state)
{
    const finding said = finding_of(RULE_NO_ALWAYS, 1, 2);
    const size_t length = 100000;
    char *line = malloc(length), *text;
    report_lint_item item;

    (void)state;
    for (size_t i = 0; i < length; i += 2) {
        line[i] = '\xcc';
        line[i + 1] = '\x81';
    }
    line[0] = line[1] = 'a';
    item = (report_lint_item){.said = &said, .line = {line, length}};
    text = printed(&(report_lint){.items = &item, .count = 1, .files = 1}, false);
    assert_true(strlen(text) < 4000);
    free(line);
}

/* -- The whole ----------------------------------------------------------------------------------------------------- */

static void what_was_said_is_not_said_again(void **state)
{
    finding said[3] = {finding_of(RULE_NO_ALWAYS, 1, 2), finding_of(RULE_NO_ALWAYS, 1, 2),
                       finding_of(RULE_NO_ALWAYS, 1, 2)};
    const report_lint_item items[] = {{.said = &said[0]}, {.said = &said[1]}, {.said = &said[2]}};
    char *text, *second, *third;

    (void)state;
    said[1].place.line = 8;
    said[2].place.line = 9;
    said[2].fix = "do that.";
    text = printed(&(report_lint){.items = items, .count = 3, .files = 1}, false);
    second = strstr(text, "a.conf:8:1");
    third = strstr(text, "a.conf:9:1");
    assert_holds(text, "fix: do this.");
    assert_holds(third, "fix: do that.");
    assert_lacks(third, "why:");
    *third = '\0';
    assert_lacks(second, "why:");
    assert_lacks(second, "fix:");
    assert_holds(second, "this is the proof");
}

static void includes_and_counts(void **state)
{
    static const finding_include includes[] = {{"b.conf", 3}, {"c.conf", 4}};
    finding said[2] = {finding_of(RULE_SYNTAX_ERROR, 1, 2), finding_of(RULE_NO_ALWAYS, 1, 2)};
    const report_lint_item items[] = {{.said = &said[0]}, {.said = &said[1], .fixable = true}};
    report_lint lint = {.items = items, .count = 2, .files = 1, .ignored = 3, .left_out = 4};
    char *text;

    (void)state;
    said[0].place.includes = includes;
    said[0].place.include_count = 2;
    said[1].severity = HF_SEVERITY_INFO;
    text = printed(&lint, false);
    assert_holds(text, "a.conf:7:1: error syntax-error: ");
    assert_holds(text, "    included from b.conf:3\n    included from c.conf:4\n");
    assert_holds(text, "\n1 error, 1 notice; 3 ignored; 4 left out, because there are so many\n--fix mends 1 of them");
    text = printed(&lint, true);
    assert_string_equal(text, "a.conf:7:1: error: the configuration cannot be read [syntax-error]\n"
                              "a.conf:7:1: info: error pages have no HSTS header [no-always]\n");
    lint = (report_lint){.files = 12, .ignored = 1};
    text = printed(&lint, false);
    assert_string_equal(text, "no findings in 12 files; 1 ignored\n");
    text = printed(&lint, true);
    assert_string_equal(text, "");
}

static void what_was_mended_comes_first(void **state)
{
    static const report_lint_mended mended = {"a.conf", ".a.conf.orig", 2};
    char *text = printed(&(report_lint){.files = 1, .fixed = true, .mended = &mended, .mended_count = 1}, false);

    (void)state;
    assert_string_equal(text, "a.conf: 2 findings mended; the old file is .a.conf.orig\n\nno findings in 1 file\n");
    text = printed(&(report_lint){.files = 1, .fixed = true}, false);
    assert_string_equal(text, "no file was changed\n\nno findings in 1 file\n");
}

static void a_diff_is_escaped(void **state)
{
    static const char diff[] = "--- a\n+\tb\x1b[31m\n c\r\n";
    char text[TEXT_MAX];
    base_term term = {.out = fmemopen(text, sizeof text, "w"), .width = WIDTH};

    (void)state;
    report_lint_diff(diff, sizeof diff - 1, &term);
    fclose(term.out);
    assert_string_equal(text, "--- a\n+\tb\\x1b[31m\n c\\x0d\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_stand_under_what_they_mean),
        cmocka_unit_test(long_lines_are_cut),
        cmocka_unit_test(marks_without_width_are_bounded),
        cmocka_unit_test(what_was_said_is_not_said_again),
        cmocka_unit_test(includes_and_counts),
        cmocka_unit_test(what_was_mended_comes_first),
        cmocka_unit_test(a_diff_is_escaped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
