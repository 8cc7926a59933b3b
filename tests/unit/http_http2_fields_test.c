/* What Chromium 156 and Firefox 153 ESR make of the fields of an HTTP/2 response: each row was served to both. */
#include "http/http2_fields.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define ROW(text)                                                                                                      \
    {                                                                                                                  \
        text, sizeof text - 1                                                                                          \
    }
#define SPAN(text) ((hf_span)ROW(text))

enum { NEITHER, CHROMIUM, FIREFOX, BOTH }; /* who takes it */

static int takers(const http2_head *head)
{
    return (head->refused[HTTP_READER_CHROMIUM] == FACTS_FAILURE_NONE ? CHROMIUM : 0) |
           (head->refused[HTTP_READER_FIREFOX] == FACTS_FAILURE_NONE ? FIREFOX : 0);
}

static void fields(void **state)
{
    static const struct {
        hf_span name, value;
        int takers;
    } rows[] = {
        {ROW("connection"), ROW("keep-alive"), BOTH},
        {ROW("keep-alive"), ROW("timeout=5"), BOTH},
        {ROW("proxy-connection"), ROW("keep-alive"), BOTH},
        {ROW("upgrade"), ROW("h2,h2c"), BOTH},
        {ROW("te"), ROW("gzip"), BOTH},
        {ROW("transfer-encoding"), ROW("chunked"), FIREFOX},
        {ROW("transfer-encoding"), ROW(""), FIREFOX},
        {ROW("content-length"), ROW("eleven"), BOTH},
        {ROW("content-length"), ROW("-5"), BOTH},
        {ROW("x y"), ROW("z"), NEITHER},
        {ROW("x "), ROW("z"), NEITHER},
        {ROW("x:y"), ROW("z"), NEITHER},
        {ROW(""), ROW("z"), NEITHER},
        {ROW("X-Foo"), ROW("z"), NEITHER},
        {ROW("x\0y"), ROW("z"), NEITHER},
        {ROW("x-\xc3\xa9"), ROW("z"), NEITHER},
        {ROW("x\x7f"), ROW("z"), NEITHER},
        {ROW("x(y"), ROW("z"), NEITHER},
        {ROW("x_y"), ROW("z"), BOTH},
        {ROW("x!#$%&'*+-.^`|~"), ROW("z"), BOTH},
        {ROW("x"), ROW("a\0b"), NEITHER},
        {ROW("x"), ROW("a\rb"), NEITHER},
        {ROW("x"), ROW("a\n"), NEITHER},
        {ROW("x"), ROW("a\x01"), FIREFOX},
        {ROW("x"), ROW("a\x7f"), FIREFOX},
        {ROW("x"), ROW("\ta\t"), BOTH},
        {ROW("x"), ROW(" a "), BOTH},
        {ROW("x"), ROW("\xc3\xa9\xff"), BOTH},
        {ROW("x"), ROW(""), BOTH},
        {ROW(":foo"), ROW("x"), NEITHER},
        {ROW(":status"), ROW("200"), NEITHER},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        http2_head head = {0};

        http2_head_field(&head, SPAN(":status"), SPAN("200"));
        http2_head_field(&head, SPAN("a"), SPAN("b"));
        http2_head_field(&head, rows[i].name, rows[i].value);
        http2_head_end(&head);
        assert_int_equal(takers(&head), rows[i].takers);
    }
}

static void statuses(void **state)
{
    static const struct {
        hf_span value;
        int takers, chromium, firefox;
    } rows[] = {
        {ROW("200"), BOTH, 200, 200},
        {ROW("999"), BOTH, 999, 999},
        {ROW("20"), BOTH, 20, 20},
        {ROW("0"), BOTH, 0, 0},
        {ROW("0302"), CHROMIUM, 302, 0},
        {ROW("+302"), CHROMIUM, 200, 0},
        {ROW("-1"), CHROMIUM, 200, 0},
        {ROW("1000"), CHROMIUM, 1000, 0},
        {ROW("2147483647"), CHROMIUM, 2147483647, 0},
        {ROW("99999999999"), NEITHER, 0, 0},
        {ROW(""), NEITHER, 0, 0},
        {ROW(" 200"), NEITHER, 0, 0},
        {ROW("200 OK"), NEITHER, 0, 0},
        {ROW("20\0"), NEITHER, 0, 0},
        {ROW("101"), NEITHER, 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        http2_head head = {0};

        http2_head_field(&head, SPAN(":status"), rows[i].value);
        http2_head_end(&head);
        assert_int_equal(takers(&head), rows[i].takers);
        if (rows[i].takers & CHROMIUM)
            assert_int_equal(head.status[HTTP_READER_CHROMIUM], rows[i].chromium);
        if (rows[i].takers & FIREFOX)
            assert_int_equal(head.status[HTTP_READER_FIREFOX], rows[i].firefox);
    }
}

/* Pseudo-fields in front of the others: Chromium lets unknown ones be, Firefox a second :status, the last of which
   counts. */
static void pseudo_fields(void **state)
{
    http2_head head = {0}, twice = {0}, none = {0}, late = {0};

    (void)state;
    http2_head_field(&head, SPAN(":foo"), SPAN("x"));
    http2_head_field(&head, SPAN(":status"), SPAN("200"));
    assert_int_equal(takers(&head), CHROMIUM);
    http2_head_field(&twice, SPAN(":status"), SPAN("200"));
    http2_head_field(&twice, SPAN(":status"), SPAN("404"));
    assert_int_equal(takers(&twice), FIREFOX);
    assert_int_equal(twice.status[HTTP_READER_FIREFOX], 404);
    http2_head_end(&none);
    assert_int_equal(takers(&none), NEITHER);
    http2_head_field(&late, SPAN("a"), SPAN("b"));
    http2_head_field(&late, SPAN(":status"), SPAN("200"));
    assert_int_equal(takers(&late), NEITHER);
}

static void sizes(void **state)
{
    static char octets[1000];
    http2_head head = {0};

    (void)state;
    memset(octets, 'y', sizeof octets);
    http2_head_field(&head, SPAN(":status"), SPAN("200"));
    for (int i = 0; i < 252; i++)
        http2_head_field(&head, SPAN("x-000"), (hf_span){octets, sizeof octets});
    assert_int_equal(takers(&head), BOTH);
    for (int i = 0; i < 4; i++)
        http2_head_field(&head, SPAN("x-000"), (hf_span){octets, sizeof octets});
    assert_int_equal(takers(&head), FIREFOX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(fields), cmocka_unit_test(statuses),
                                       cmocka_unit_test(pseudo_fields), cmocka_unit_test(sizes)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
