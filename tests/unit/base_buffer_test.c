/* base/buffer.h and base/error.h: bounds that hold, and one line for every error. */
#include "base/buffer.h"

#include "base/term.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void an_empty_buffer_is_an_empty_text(void **state)
{
    base_buffer buffer;

    (void)state;
    base_buffer_init(&buffer, 10);
    assert_string_equal(base_buffer_string(&buffer), "");
    base_buffer_append(&buffer, NULL, 0);
    assert_string_equal(base_buffer_string(&buffer), "");
    assert_false(buffer.failed);
    base_buffer_done(&buffer);
}

static void it_takes_up_to_its_maximum(void **state)
{
    base_buffer buffer;
    size_t i;

    (void)state;
    base_buffer_init(&buffer, 1000);
    for (i = 0; i < 1000; i++)
        base_buffer_char(&buffer, (char)('a' + i % 26));
    assert_false(buffer.failed);
    assert_int_equal(buffer.length, 1000);
    assert_int_equal(strlen(base_buffer_string(&buffer)), 1000);
    assert_int_equal(buffer.data[999], 'a' + 999 % 26);
    base_buffer_done(&buffer);
}

static void what_does_not_fit_is_left_out_whole_and_so_is_all_after_it(void **state)
{
    base_buffer buffer;

    (void)state;
    base_buffer_init(&buffer, 5);
    base_buffer_text(&buffer, "abc");
    base_buffer_appendf(&buffer, "%s", "def");
    base_buffer_char(&buffer, 'x');
    assert_true(buffer.failed);
    assert_string_equal(base_buffer_string(&buffer), "abc");
    assert_null(base_buffer_reserve(&buffer, 0));
    base_buffer_clear(&buffer);
    base_buffer_appendf(&buffer, "%d%s", 12, "345");
    assert_false(buffer.failed);
    assert_string_equal(base_buffer_string(&buffer), "12345");
    assert_null(base_buffer_reserve(&buffer, SIZE_MAX));
    base_buffer_done(&buffer);
}

static void flushing_writes_and_empties(void **state)
{
    FILE *file = tmpfile();
    char read[8] = {0};
    base_buffer buffer;
    base_error error;

    (void)state;
    assert_non_null(file);
    base_buffer_init(&buffer, 5);
    base_buffer_text(&buffer, "hello");
    assert_true(base_buffer_flush(&buffer, file, &error));
    assert_int_equal(buffer.length, 0);
    rewind(file);
    assert_int_equal(fread(read, 1, sizeof read, file), 5);
    assert_string_equal(read, "hello");
    base_buffer_text(&buffer, "too long");
    assert_false(base_buffer_flush(&buffer, file, &error));
    assert_non_null(strstr(error.text, "longer than 5 octets"));
    base_buffer_done(&buffer);
    fclose(file);
}

static void a_full_disk_is_an_error(void **state)
{
    FILE *file = fopen("/dev/full", "w");
    base_buffer buffer;
    base_error error;

    (void)state;
    if (file == NULL)
        skip();
    base_buffer_init(&buffer, 5);
    base_buffer_text(&buffer, "hello");
    assert_false(base_buffer_flush(&buffer, file, &error));
    assert_non_null(strstr(error.text, "cannot write"));
    base_buffer_done(&buffer);
    fclose(file);
}

static void an_error_gets_its_context_in_front(void **state)
{
    base_error error;

    (void)state;
    base_error_set(&error, "no %s", "route");
    base_error_wrap(&error, "host %d", 7);
    assert_string_equal(error.text, "host 7: no route");
    base_error_set(NULL, "nobody asked");
    base_error_wrap(NULL, "nobody asked");
}

static void a_long_error_is_cut(void **state)
{
    char text[2 * BASE_ERROR_MAX];
    base_error error;

    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    base_error_set(&error, "%s", text);
    assert_int_equal(strlen(error.text), BASE_ERROR_MAX - 1);
    base_error_wrap(&error, "%s", text);
    assert_int_equal(strlen(error.text), BASE_ERROR_MAX - 1);
}

static void an_error_prints_as_one_line(void **state)
{
    char read[64] = {0};
    FILE *file = tmpfile();
    base_error error;

    (void)state;
    assert_non_null(file);
    base_error_set(&error, "a\nb\x1b[m");
    base_error_print(&error, file);
    rewind(file);
    assert_true(fread(read, 1, sizeof read - 1, file) > 0);
    assert_string_equal(read, "holdfast: a\\x0ab\\x1b[m\n");
    fclose(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_buffer_is_an_empty_text),
        cmocka_unit_test(it_takes_up_to_its_maximum),
        cmocka_unit_test(what_does_not_fit_is_left_out_whole_and_so_is_all_after_it),
        cmocka_unit_test(flushing_writes_and_empties),
        cmocka_unit_test(a_full_disk_is_an_error),
        cmocka_unit_test(an_error_gets_its_context_in_front),
        cmocka_unit_test(a_long_error_is_cut),
        cmocka_unit_test(an_error_prints_as_one_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
