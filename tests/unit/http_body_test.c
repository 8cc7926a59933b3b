/* Where bodies end: Content-Length, chunks, close; and what is none. */
#include "http/body.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static http_head head;

static http_body begin(const char *text, bool is_head)
{
    http_head_progress progress = {.upgrades = true};
    http_body body;

    assert_int_equal(http_head_parse(text, strlen(text), &progress, &head), HTTP_HEAD_DONE);
    http_body_begin(&body, &head, is_head);
    return body;
}

/* Reads `bytes` in steps; the content is in `out`, and *used tells how much was taken. */
static http_body_result read_all(http_body body, const char *bytes, size_t step, char out[static 256], size_t *used)
{
    size_t length = strlen(bytes), at = 0, kept = 0;
    http_body_result result = body.state == HTTP_BODY_AT_END ? HTTP_BODY_DONE : HTTP_BODY_MORE;

    while (at < length && result == HTTP_BODY_MORE) {
        size_t piece = length - at < step ? length - at : step, taken;
        hf_span content;

        result = http_body_read(&body, bytes + at, piece, &taken, &content);
        assert_true(taken <= piece && kept + content.length < 256);
        memcpy(out + kept, content.data, content.length);
        kept += content.length;
        at += taken;
        assert_true(taken > 0 || result != HTTP_BODY_MORE);
    }
    out[kept] = '\0';
    *used = at;
    return result;
}

static const char chunked[] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

static void assert_content(const char *head_text, const char *bytes, http_body_result wanted, const char *content,
                           size_t taken)
{
    char out[256];
    size_t used;

    for (size_t step = 1; step <= 64; step *= 4) {
        http_body body = begin(head_text, false);

        assert_int_equal(read_all(body, bytes, step, out, &used), wanted);
        if (wanted == HTTP_BODY_MALFORMED)
            continue;
        assert_string_equal(out, content);
        assert_int_equal(used, taken);
    }
}

static void length_ends_it(void **state)
{
    (void)state;
    assert_content("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "helloHTTP/1.1", HTTP_BODY_DONE, "hello", 5);
    assert_content("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "hell", HTTP_BODY_MORE, "hell", 4);
    assert_content("HTTP/1.1 200 OK\r\nContent-Length: 3, 3\r\nContent-Length: 3\r\n\r\n", "abc", HTTP_BODY_DONE, "abc",
                   3);
    assert_content("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "x", HTTP_BODY_DONE, "", 0);
    assert_content("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "abcd", HTTP_BODY_MALFORMED, "", 0);
    assert_content("HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999999\r\n\r\n", "abcd", HTTP_BODY_MALFORMED, "",
                   0);
}

static void close_ends_it(void **state)
{
    http_body body = begin("HTTP/1.1 200 OK\r\n\r\n", false);

    (void)state;
    assert_int_equal(body.framing, FACTS_FRAMING_CLOSE);
    assert_true(http_body_may_end(&body));
    assert_false(body.keeps);
    assert_content("HTTP/1.1 200 OK\r\n\r\n", "as long as it comes", HTTP_BODY_MORE, "as long as it comes", 19);
    /* RFC 9112 6.3: a coding whose last is not chunked. */
    body = begin("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\nContent-Length: 3\r\n\r\n", false);
    assert_int_equal(body.framing, FACTS_FRAMING_CLOSE);
}

static void chunks_end_it(void **state)
{
    (void)state;
    assert_content(chunked, "5\r\nhello\r\n0\r\n\r\nX", HTTP_BODY_DONE, "hello", 15);
    assert_content(chunked, "3;a=b;c=\"d\"\r\nabc\r\n00A \r\n0123456789\r\n0\r\n\r\n", HTTP_BODY_DONE, "abc0123456789",
                   41);
    assert_content(chunked, "0\r\nTrailer: x\r\nAnother: y\r\n\r\n", HTTP_BODY_DONE, "", 29);
    assert_content(chunked, "2\nab\n0\n\n", HTTP_BODY_DONE, "ab", 8);
    assert_content(chunked, "5\r\nhel", HTTP_BODY_MORE, "hel", 6);
    /* RFC 9112 6.3: "If a message is received with both a Transfer-Encoding and a Content-Length header field, the
       Transfer-Encoding overrides the Content-Length." */
    assert_content("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n",
                   "1\r\na\r\n0\r\n\r\n", HTTP_BODY_DONE, "a", 11);
}

static void what_is_no_chunk_is_refused(void **state)
{
    static const char *const bad[] = {
        "\r\n",       "x\r\n",          "-1\r\n", "3\r\nabcd\r\n", "3\r\nabcX0\r\n\r\n",  "1x\r\na",
        "3\rabc\r\n", "3\r\nabc\r\r\n", ";\r\n",  "0x3\r\nabc",    "1000000000000000\r\n"};

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_content(chunked, bad[i], HTTP_BODY_MALFORMED, "", 0);
}

/* A line without end, and trailers without end. */
static void floods_are_bounded(void **state)
{
    char *flood = malloc(100000);
    char out[256];
    size_t used;

    (void)state;
    memset(flood, 'a', 99999);
    memcpy(flood, "1;", 2);
    flood[99999] = '\0';
    assert_int_equal(read_all(begin(chunked, false), flood, 4096, out, &used), HTTP_BODY_MALFORMED);
    assert_true(used <= HTTP_BODY_LINE_MAX + 4);
    memcpy(flood, "0\r\n", 3);
    assert_int_equal(read_all(begin(chunked, false), flood, 4096, out, &used), HTTP_BODY_MALFORMED);
    assert_true(used <= HTTP_BODY_LINE_MAX + 8);
    for (size_t i = 3; i < 99999; i++)
        flood[i] = i % 4 == 3 ? '\n' : 'a';
    flood[3] = 'a';
    assert_int_equal(read_all(begin(chunked, false), flood, 4096, out, &used), HTTP_BODY_MALFORMED);
    assert_true(used <= HTTP_BODY_TRAILERS_MAX + 8);
    free(flood);
}

static void some_have_none(void **state)
{
    static const char *const heads[] = {"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n",
                                        "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n",
                                        "HTTP/1.1 101 Switching Protocols\r\n\r\n"};
    http_body body = begin("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", true);

    (void)state;
    assert_int_equal(body.framing, FACTS_FRAMING_NONE);
    assert_int_equal(body.declared, 5);
    assert_true(body.state == HTTP_BODY_AT_END && body.keeps);
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        body = begin(heads[i], false);
        assert_int_equal(body.framing, FACTS_FRAMING_NONE);
        assert_true(body.state == HTTP_BODY_AT_END);
        assert_int_equal(body.keeps, i < 2);
    }
}

static void connections_are_kept_or_not(void **state)
{
    (void)state;
    assert_true(begin("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n", false).keeps);
    assert_false(begin("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: foo, Close\r\n\r\n", false).keeps);
    assert_false(begin("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\n", false).keeps);
    assert_true(begin("HTTP/1.0 200 OK\r\nContent-Length: 1\r\nConnection: Keep-Alive\r\n\r\n", false).keeps);
    assert_false(begin("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", false).keeps);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(length_ends_it),
        cmocka_unit_test(close_ends_it),
        cmocka_unit_test(chunks_end_it),
        cmocka_unit_test(what_is_no_chunk_is_refused),
        cmocka_unit_test(floods_are_bounded),
        cmocka_unit_test(some_have_none),
        cmocka_unit_test(connections_are_kept_or_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
