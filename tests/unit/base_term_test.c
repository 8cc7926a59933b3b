/* base/term.h and base/table.h: nothing raw, nothing coloured unasked, columns that align. */
#include "base/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char *text;
static size_t length;
static FILE *file;

static int open_file(void **state)
{
    (void)state;
    file = tmpfile();
    return file != NULL ? 0 : -1;
}

static int close_file(void **state)
{
    (void)state;
    free(text);
    text = NULL;
    return fclose(file);
}

static const char *printed(void)
{
    length = (size_t)ftell(file);
    text = calloc(length + 1, 1);
    assert_non_null(text);
    rewind(file);
    assert_int_equal(fread(text, 1, length, file), length);
    return text;
}

static void a_file_is_not_coloured(void **state)
{
    base_term term;

    (void)state;
    base_term_init(&term, file, BASE_COLOR_AUTO);
    assert_int_equal(term.width, 80);
    base_term_print(&term, BASE_STYLE_BAD, "%s", "a\nb");
    base_term_line(&term, BASE_STYLE_GOOD, "%d\x1b", 7);
    base_term_gap(&term);
    assert_string_equal(printed(), "a\\x0ab7\\x1b\n\n");
}

static void colour_stands_around_the_escaped_text(void **state)
{
    base_term term;

    (void)state;
    base_term_init(&term, file, BASE_COLOR_ALWAYS);
    base_term_text(&term, BASE_STYLE_WARN, "\x1b[0m", 4);
    base_term_text(&term, BASE_STYLE_PLAIN, "x", 1);
    base_term_text(&term, BASE_STYLE_BAD, "", 0);
    assert_string_equal(printed(), "\x1b[33m\\x1b[0m\x1b[0mx");
}

static void columns_align_whatever_is_in_them(void **state)
{
    base_table table;
    base_term term;

    (void)state;
    base_term_init(&term, file, BASE_COLOR_NEVER);
    base_table_init(&table, 2);
    base_table_add(&table, BASE_STYLE_BOLD, "b\xc3\xbc");
    base_table_add(&table, BASE_STYLE_PLAIN, "x");
    base_table_add(&table, BASE_STYLE_BOLD, "\x1b");
    base_table_add(&table, BASE_STYLE_PLAIN, "");
    base_table_add(&table, BASE_STYLE_BOLD, "half a row is not printed");
    base_table_print(&table, &term, 1);
    base_table_done(&table);
    assert_string_equal(printed(), " b\xc3\xbc    x\n \\x1b  \n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_file_is_not_coloured, open_file, close_file),
        cmocka_unit_test_setup_teardown(colour_stands_around_the_escaped_text, open_file, close_file),
        cmocka_unit_test_setup_teardown(columns_align_whatever_is_in_them, open_file, close_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
