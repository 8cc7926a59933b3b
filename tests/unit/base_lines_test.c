/* base/lines.h: lines through a pipe, in pieces of any size. */
#include "base/lines.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char path[] = "/tmp/holdfast-lines.XXXXXX";

static int make_file(void **state)
{
    int fd = mkstemp(path);

    (void)state;
    return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

static void open_text(base_lines *lines, const char *text, size_t length, size_t max)
{
    FILE *file = fopen(path, "w");
    base_error error;

    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    assert_true(base_lines_open(lines, path, max, &error));
}

static void expect_line(base_lines *lines, const char *wanted)
{
    base_error error;
    hf_span line;

    assert_int_equal(base_lines_next(lines, &line, &error), BASE_LINE_GOOD);
    assert_int_equal(line.length, strlen(wanted));
    if (line.length > 0)
        assert_memory_equal(line.data, wanted, line.length);
}

static void expect_end(base_lines *lines)
{
    base_error error;
    hf_span line;

    assert_int_equal(base_lines_next(lines, &line, &error), BASE_LINE_END);
    assert_int_equal(base_lines_next(lines, &line, &error), BASE_LINE_END);
}

static void lines_end_in_lf_or_cr_lf_or_the_end(void **state)
{
    base_lines lines;

    (void)state;
    open_text(&lines, "a\n\nb\r\nc\rd\nlast", 14, 100);
    expect_line(&lines, "a");
    expect_line(&lines, "");
    expect_line(&lines, "b");
    expect_line(&lines, "c\rd");
    expect_line(&lines, "last");
    assert_int_equal(lines.number, 5);
    expect_end(&lines);
    base_lines_close(&lines);
}

static void a_byte_order_mark_is_passed_over_at_the_beginning(void **state)
{
    base_lines lines;

    (void)state;
    open_text(&lines, "\xef\xbb\xbf-a\n\xef\xbb\xbf-b\n", 12, 100);
    expect_line(&lines, "-a");
    expect_line(&lines, "\xef\xbb\xbf-b");
    expect_end(&lines);
    base_lines_close(&lines);
    open_text(&lines, "\xef\xbb\xbf\r\n\xef\xbb", 7, 100);
    expect_line(&lines, "");
    expect_line(&lines, "\xef\xbb");
    expect_end(&lines);
    base_lines_close(&lines);
    open_text(&lines, "\xef\xbb", 2, 100);
    expect_line(&lines, "\xef\xbb");
    base_lines_close(&lines);
}

static void an_empty_file_has_no_line(void **state)
{
    base_lines lines;

    (void)state;
    open_text(&lines, "", 0, 100);
    expect_end(&lines);
    base_lines_close(&lines);
}

static void an_overlong_line_is_passed_over(void **state)
{
    static char text[400000];
    base_error error;
    base_lines lines;
    hf_span line;

    (void)state;
    memset(text, 'x', sizeof text);
    memcpy(text, "12345\n123456\n", 13);
    text[399000] = '\n';
    memcpy(text + sizeof text - 6, "\nlast\n", 6);
    open_text(&lines, text, sizeof text, 5);
    expect_line(&lines, "12345");
    assert_int_equal(base_lines_next(&lines, &line, &error), BASE_LINE_TOO_LONG);
    assert_string_equal(error.text, "the line is longer than 5 octets");
    assert_int_equal(base_lines_next(&lines, &line, &error), BASE_LINE_TOO_LONG);
    assert_int_equal(base_lines_next(&lines, &line, &error), BASE_LINE_TOO_LONG);
    assert_int_equal(lines.number, 4);
    expect_line(&lines, "last");
    expect_end(&lines);
    assert_true(lines.capacity < sizeof text); /* its length costs no memory */
    base_lines_close(&lines);
}

static void a_long_line_within_the_maximum_is_whole(void **state)
{
    static char text[300001];
    base_lines lines;

    (void)state;
    memset(text, 'y', sizeof text - 1);
    open_text(&lines, text, sizeof text - 1, sizeof text - 1);
    expect_line(&lines, text);
    expect_end(&lines);
    base_lines_close(&lines);
}

static void ready_says_whether_a_line_must_be_waited_for(void **state)
{
    base_error error;
    base_lines lines;
    int ends[2];

    (void)state;
    open_text(&lines, "", 0, 100);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(dup2(ends[0], lines.fd), lines.fd);
    assert_int_equal(write(ends[1], "a\nb\nc", 5), 5);
    assert_false(base_lines_ready(&lines));
    expect_line(&lines, "a");
    assert_true(base_lines_ready(&lines));
    expect_line(&lines, "b");
    assert_false(base_lines_ready(&lines));
    assert_int_equal(write(ends[1], "d\n", 2), 2);
    expect_line(&lines, "cd");
    close(ends[1]);
    expect_end(&lines);
    assert_true(base_lines_ready(&lines));
    close(ends[0]);
    base_lines_close(&lines);
    assert_false(base_lines_open(&lines, "/nonexistent/file", 100, &error));
    assert_non_null(strstr(error.text, "cannot open /nonexistent/file: "));
    base_lines_close(&lines);
}

static void what_has_no_end_is_an_error(void **state)
{
    base_lines lines;
    hf_span line;
    base_error error = {""};

    (void)state;
    alarm(20); /* what is read for ever would end the test */
    assert_true(base_lines_open(&lines, "/dev/zero", 100, &error));
    assert_int_equal(base_lines_next(&lines, &line, &error), BASE_LINE_FAILED);
    assert_non_null(strstr(error.text, "/dev/zero: line 1 is longer than 16777216 bytes"));
    assert_true(lines.capacity < 1000000);
    base_lines_close(&lines);
    open_text(&lines, "1\n2\n3\n", 6, 100);
    lines.octets_max = 5;
    assert_int_equal(base_lines_next(&lines, &line, &error), BASE_LINE_GOOD);
    assert_int_equal(base_lines_next(&lines, &line, &error), BASE_LINE_GOOD);
    assert_int_equal(base_lines_next(&lines, &line, &error), BASE_LINE_GOOD);
    assert_int_equal(base_lines_next(&lines, &line, &error), BASE_LINE_FAILED);
    assert_non_null(strstr(error.text, "is larger than 5 bytes"));
    base_lines_close(&lines);
    alarm(0);
}

static void what_cannot_be_read_is_an_error(void **state)
{
    base_error error;
    base_lines lines;
    hf_span line;

    (void)state;
    assert_false(base_lines_open(&lines, "/", 100, &error));
    assert_string_equal(error.text, "/ is a folder");
    assert_true(base_lines_open(&lines, "/proc/self/mem", 100, &error));
    assert_int_equal(base_lines_next(&lines, &line, &error), BASE_LINE_FAILED);
    assert_non_null(strstr(error.text, "cannot read /proc/self/mem: "));
    base_lines_close(&lines);
}

/* Across many reads, and over lines that were thrown away: the file has at that place what the line says. */
static void a_line_knows_where_it_begins(void **state)
{
    static char text[300000];
    char there[64];
    base_lines lines;
    base_error error;
    base_line got;
    hf_span line;
    size_t length = 0, seen = 0;

    (void)state;
    while (length < sizeof text - 5000) {
        size_t filler = length % 7919 == 0 ? 4000 : length % 50;
        length += (size_t)snprintf(text + length, sizeof text - length, "%zu-", length);
        memset(text + length, 'x', filler);
        length += filler;
        length += (size_t)snprintf(text + length, sizeof text - length, "%s", length % 3 == 0 ? "\r\n" : "\n");
    }
    open_text(&lines, text, length, 100);
    while ((got = base_lines_next(&lines, &line, &error)) != BASE_LINE_END) {
        if (got == BASE_LINE_TOO_LONG)
            continue;
        snprintf(there, sizeof there, "%llu-", (unsigned long long)base_lines_offset(&lines, line));
        assert_true(line.length >= strlen(there));
        assert_memory_equal(line.data, there, strlen(there));
        seen++;
    }
    assert_true(seen > 5000);
    base_lines_close(&lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_knows_where_it_begins),
        cmocka_unit_test(lines_end_in_lf_or_cr_lf_or_the_end),
        cmocka_unit_test(a_byte_order_mark_is_passed_over_at_the_beginning),
        cmocka_unit_test(an_empty_file_has_no_line),
        cmocka_unit_test(an_overlong_line_is_passed_over),
        cmocka_unit_test(a_long_line_within_the_maximum_is_whole),
        cmocka_unit_test(ready_says_whether_a_line_must_be_waited_for),
        cmocka_unit_test(what_has_no_end_is_an_error),
        cmocka_unit_test(what_cannot_be_read_is_an_error),
    };

    return cmocka_run_group_tests(tests, make_file, remove_file);
}
