/* The head of a response: what is read, what is passed over, and where reading ends. */
#include "http/head.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static http_head head;

static http_head_result parse(const char *text)
{
    http_head_progress progress = {0};

    return http_head_parse(text, strlen(text), &progress, &head);
}

static void assert_span(hf_span span, const char *text)
{
    assert_int_equal(span.length, strlen(text));
    assert_memory_equal(span.data, text, span.length);
}

static void fields_keep_order_and_duplicates(void **state)
{
    (void)state;
    assert_int_equal(parse("HTTP/1.1 404 Not Found\r\nB: 1\r\na:\r\nB:  2 \t\r\n\r\nbody: x\r\n"), HTTP_HEAD_DONE);
    assert_int_equal(head.minor, 1);
    assert_int_equal(head.status, 404);
    assert_span(head.reason, "Not Found");
    assert_int_equal(head.count, 3);
    assert_span(head.fields[0].name, "B");
    assert_span(head.fields[0].value, "1");
    assert_span(head.fields[1].name, "a");
    assert_span(head.fields[1].value, "");
    assert_span(head.fields[2].name, "B");
    assert_span(head.fields[2].value, "2");
    assert_span(head.raw, "HTTP/1.1 404 Not Found\r\nB: 1\r\na:\r\nB:  2 \t\r\n\r\n");
}

static void bare_line_feeds_end_lines(void **state)
{
    (void)state;
    assert_int_equal(parse("HTTP/1.0 200\nA: 1\n\n"), HTTP_HEAD_DONE);
    assert_int_equal(head.minor, 0);
    assert_span(head.reason, "");
    assert_int_equal(head.count, 1);
}

static void a_fold_belongs_to_the_field_before(void **state)
{
    (void)state;
    assert_int_equal(parse("HTTP/1.1 200 OK\r\n stray\r\nA: 1\r\n\t2\r\n \r\nB: 3\r\nC:\r\n 4\r\n\r\n"),
                     HTTP_HEAD_DONE);
    assert_int_equal(head.count, 3);
    assert_span(head.fields[2].value, "4");
    assert_int_equal(head.skipped, 1);
    assert_span(head.fields[0].value, "1\r\n\t2");
    assert_span(head.fields[1].value, "3");
}

/* As Chromium reads: blanks in front of the colon are passed over, and so are lines that are no field. */
static void odd_lines_are_passed_over(void **state)
{
    (void)state;
    assert_int_equal(parse("HTTP/1.1 200 OK\r\nA : 1\r\nno colon\r\n: empty\r\nb c: 2\r\n  fold\r\nD: 4\r\n\r\n"),
                     HTTP_HEAD_DONE);
    assert_int_equal(head.count, 2);
    assert_span(head.fields[0].name, "A");
    assert_span(head.fields[1].name, "D");
    assert_int_equal(head.skipped, 4);
}

static void octets_of_any_kind_stay_in_the_value(void **state)
{
    static const char text[] = "HTTP/1.1 200 OK\r\nA: \x1b\x01\xff\r\n\r\n";
    http_head_progress progress = {0};

    (void)state;
    assert_int_equal(http_head_parse(text, sizeof text - 1, &progress, &head), HTTP_HEAD_DONE);
    assert_int_equal(head.fields[0].value.length, 3);
    assert_memory_equal(head.fields[0].value.data, "\x1b\x01\xff", 3);
}

static void interim_responses_are_passed_over(void **state)
{
    char text[32 * (HTTP_HEAD_INTERIM_MAX + 1)] = "";

    (void)state;
    assert_int_equal(
        parse("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nA: 1\r\n\r\nHTTP/1.1 200 OK\r\nB: 2\r\n\r\n"),
        HTTP_HEAD_DONE);
    assert_int_equal(head.status, 200);
    assert_int_equal(head.count, 1);
    assert_span(head.fields[0].name, "B");
    assert_int_equal(parse("HTTP/1.1 101 Switching\r\n\r\n"), HTTP_HEAD_MORE);
    for (int i = 0; i <= HTTP_HEAD_INTERIM_MAX; i++)
        strcat(text, "HTTP/1.1 100 C\r\n\r\n");
    assert_int_equal(parse(text), HTTP_HEAD_TOO_MANY_HEADS);
}

static void what_is_no_http_is_told_at_once(void **state)
{
    static const char *const texts[] = {"SSH-2.0-x\r\n\r\n", "<html></html>", "xttp/1.1 200", "abcdeHTTP/1.1 200 OK"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(parse(texts[i]), HTTP_HEAD_NOT_HTTP);
    assert_int_equal(parse(""), HTTP_HEAD_MORE);
    assert_int_equal(parse("HTT"), HTTP_HEAD_MORE);
    assert_int_equal(parse("HTTP/1.1 200 OK\r\nA: 1\r\n"), HTTP_HEAD_MORE);
}

/* An octet more each time gives the same head as all at once. */
static void a_drip_is_read_like_a_flood(void **state)
{
    static const char text[] = "HTTP/1.1 103 X\r\n\r\nHTTP/1.1 200 OK\r\nA: 1\r\n 2\r\n\r\n";
    http_head_progress progress = {0};

    (void)state;
    for (size_t length = 0; length < sizeof text - 1; length++)
        assert_int_equal(http_head_parse(text, length, &progress, &head), HTTP_HEAD_MORE);
    assert_int_equal(http_head_parse(text, sizeof text - 1, &progress, &head), HTTP_HEAD_DONE);
    assert_int_equal(progress.interim, 1);
    assert_span(head.fields[0].value, "1\r\n 2");
}

static http_head_result parse_filled(const char *before, char filler, size_t count, const char *after)
{
    size_t length = strlen(before) + count + strlen(after);
    char *text = malloc(length + 1);
    http_head_progress progress = {0};
    http_head_result result;

    assert_non_null(text);
    strcpy(text, before);
    memset(text + strlen(before), filler, count);
    strcpy(text + strlen(before) + count, after);
    result = http_head_parse(text, length, &progress, &head);
    free(text);
    return result;
}

/* As Chromium reads. */
static void blank_lines_and_small_letters_are_let_in(void **state)
{
    const char *text = "\r\n\nhttp/1.1 200 ok\r\nA: 1\r\n\r\n";
    http_head_progress progress = {0};

    (void)state;
    assert_int_equal(parse(text), HTTP_HEAD_DONE);
    assert_int_equal(head.status, 200);
    assert_span(head.raw, text + 3);
    for (size_t length = 0; length < strlen(text); length++)
        assert_int_equal(http_head_parse(text, length, &progress, &head), HTTP_HEAD_MORE);
    assert_int_equal(http_head_parse(text, strlen(text), &progress, &head), HTTP_HEAD_DONE);
    assert_int_equal(head.count, 1);
    assert_int_equal(parse("\n\n\n\n\nHTTP/1.1 200 OK\r\n\r\n"), HTTP_HEAD_NOT_HTTP);
}

static void bare_line_feeds_of_a_fold_become_blanks(void **state)
{
    char value[] = "1\n 2\r\n 3\n\n\r\r\n 4", same[sizeof value];

    (void)state;
    memcpy(same, value, sizeof same);
    http_head_unfold(HTTP_READER_CHROMIUM, value, strlen(value));
    assert_string_equal(value, "1  2\r\n 3   \r\n 4");
    http_head_unfold(HTTP_READER_FIREFOX, same, strlen(same));
    assert_string_equal(same, "1  2\r\n 3  \r\r\n 4");
}

static void every_size_has_its_bound(void **state)
{
    const char *start = "HTTP/1.1 200 OK\r\nA:";
    char text[HTTP_HEAD_FIELDS_MAX * 6 + 64];
    size_t length = (size_t)snprintf(text, sizeof text, "HTTP/1.1 200 OK\r\n");

    (void)state;
    assert_int_equal(parse_filled(start, 'a', HTTP_HEAD_CHROMIUM_MAX - strlen(start) - 4, "\r\n\r\n"), HTTP_HEAD_DONE);
    assert_int_equal(parse_filled(start, 'a', HTTP_HEAD_CHROMIUM_MAX - strlen(start) - 3, "\r\n\r\n"),
                     HTTP_HEAD_TOO_LONG);
    assert_int_equal(parse_filled(start, '\n', HTTP_HEAD_CHROMIUM_MAX, ""), HTTP_HEAD_DONE);
    assert_int_equal(parse_filled(start, 'a', HTTP_HEAD_CHROMIUM_MAX, ""), HTTP_HEAD_TOO_LONG);
    assert_int_equal(parse_filled("HTTP/1.", '1', HTTP_HEAD_CHROMIUM_MAX, "\r\n\r\n"), HTTP_HEAD_TOO_LONG);
    for (int i = 0; i < HTTP_HEAD_FIELDS_MAX; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, "A:1\r\n");
    snprintf(text + length, sizeof text - length, "\r\n");
    assert_int_equal(parse(text), HTTP_HEAD_DONE);
    assert_int_equal(head.count, HTTP_HEAD_FIELDS_MAX);
    snprintf(text + length, sizeof text - length, "B:1\r\n\r\n");
    assert_int_equal(parse(text), HTTP_HEAD_TOO_MANY_FIELDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_keep_order_and_duplicates),
        cmocka_unit_test(bare_line_feeds_end_lines),
        cmocka_unit_test(blank_lines_and_small_letters_are_let_in),
        cmocka_unit_test(bare_line_feeds_of_a_fold_become_blanks),
        cmocka_unit_test(a_fold_belongs_to_the_field_before),
        cmocka_unit_test(odd_lines_are_passed_over),
        cmocka_unit_test(octets_of_any_kind_stay_in_the_value),
        cmocka_unit_test(interim_responses_are_passed_over),
        cmocka_unit_test(what_is_no_http_is_told_at_once),
        cmocka_unit_test(a_drip_is_read_like_a_flood),
        cmocka_unit_test(every_size_has_its_bound),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
