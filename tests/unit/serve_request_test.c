/* Heads of requests: what RFC 9112 allows is read, and what it does not, or what two readers could read in two ways, is
   refused. */
#include "serve/request.h"

#include "http/body.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static serve_request request;

static serve_request_result parse(const char *text, size_t *taken)
{
    serve_request_progress progress = {0};
    serve_request_result result = serve_request_parse(text, strlen(text), &progress, &request);

    *taken = progress.scanned;
    return result;
}

static void assert_span(hf_span span, const char *wanted)
{
    if (span.length != strlen(wanted) || (span.length > 0 && memcmp(span.data, wanted, span.length) != 0))
        fail_msg("'%.*s', not '%s'", (int)span.length, span.data, wanted);
}

static void accept(const char *text)
{
    size_t taken;

    if (parse(text, &taken) != SERVE_REQUEST_DONE)
        fail_msg("%d %s: %s", request.status, request.why, text);
}

#define HOST "Host: a.test\r\n"

/* -- What is read -------------------------------------------------------------------------------------------------- */

static void test_origin(void **state)
{
    size_t taken;

    (void)state;
    assert_int_equal(parse("\r\nGET /a?b HTTP/1.1\r\nHost: a.test:80\r\nX: \t a b \t\r\nx-empty:\r\n\r\nrest", &taken),
                     SERVE_REQUEST_DONE);
    assert_int_equal(taken, 62);
    assert_span(request.method, "GET");
    assert_span(request.target, "/a?b");
    assert_span(request.path, "/a?b");
    assert_span(request.authority, "a.test:80");
    assert_int_equal(request.form, SERVE_TARGET_ORIGIN);
    assert_int_equal(request.count, 3);
    assert_span(request.fields[1].value, "a b");
    assert_span(request.fields[2].name, "x-empty");
    assert_int_equal(request.framing, FACTS_FRAMING_NONE);
    assert_true(request.keeps);
}

static void test_targets(void **state)
{
    (void)state;
    accept("GET HTTP://b.test:8080?q HTTP/1.1\r\n" HOST "\r\n");
    assert_int_equal(request.form, SERVE_TARGET_ABSOLUTE);
    assert_span(request.authority, "b.test:8080");
    assert_span(request.path, "?q");
    accept("GET http://[2001:db8::1]/ HTTP/1.1\r\n" HOST "\r\n");
    assert_span(request.authority, "[2001:db8::1]");
    accept("CONNECT b.test:443 HTTP/1.1\r\n" HOST "\r\n");
    assert_int_equal(request.form, SERVE_TARGET_AUTHORITY);
    assert_span(request.authority, "b.test:443");
    accept("OPTIONS * HTTP/1.1\r\nHost:\r\n\r\n");
    assert_int_equal(request.form, SERVE_TARGET_ASTERISK);
    assert_span(request.authority, "");
}

static void test_bodies(void **state)
{
    (void)state;
    accept("POST / HTTP/1.1\r\n" HOST "Content-Length: 000042\r\nExpect: 100-Continue\r\n\r\n");
    assert_int_equal(request.framing, FACTS_FRAMING_LENGTH);
    assert_int_equal(request.length, 42);
    assert_true(request.expects);
    accept("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: CHUNKED\r\n\r\n");
    assert_int_equal(request.framing, FACTS_FRAMING_CHUNKED);
    accept("POST / HTTP/1.1\r\n" HOST "Content-Length: 0\r\nExpect: 100-continue\r\n\r\n");
    assert_int_equal(request.framing, FACTS_FRAMING_NONE);
    assert_false(request.expects);
    accept("CONNECT a:1 HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n");
}

static void test_keeping(void **state)
{
    (void)state;
    accept("GET / HTTP/1.1\r\n" HOST "Connection: x, Close\r\n\r\n");
    assert_false(request.keeps);
    accept("GET / HTTP/1.0\r\n\r\n");
    assert_false(request.keeps);
    accept("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\nExpect: strange\r\n\r\n");
    assert_true(request.keeps);
    accept("GET / HTTP/1.7\r\n" HOST "\r\n");
    assert_string_equal(request.version, "1.1");
}

/* -- What is refused ----------------------------------------------------------------------------------------------- */

static const struct {
    int status;
    const char *text;
} bad[] = {
    /* Lines */
    {400, "GET / HTTP/1.1\nHost: a\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\nHost: a\n\r\n"},
    {400, "GET / HTTP/1.1\r\nHost: a\r\n\n"},
    {400, "GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\nHost: a\r\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\nX: a\x01\r\n" HOST "\r\n"},
    {400, "GET / HTTP/1.1\r\nX: a\x7f\r\n" HOST "\r\n"},
    {400, "\nGET / HTTP/1.1\r\n" HOST "\r\n"},
    {400, "\r\n\r\nGET / HTTP/1.1\r\n" HOST "\r\n"},
    /* The request line */
    {400, "GET / HTTP/1.1 \r\n" HOST "\r\n"},
    {400, "GET  / HTTP/1.1\r\n" HOST "\r\n"},
    {400, " GET / HTTP/1.1\r\n" HOST "\r\n"},
    {400, "GET\t/\tHTTP/1.1\r\n" HOST "\r\n"},
    {400, "G(T / HTTP/1.1\r\n" HOST "\r\n"},
    {400, "GET /\r\n" HOST "\r\n"},
    {400, "GET / http/1.1\r\n" HOST "\r\n"},
    {400, "GET / HTTP/1.10\r\n" HOST "\r\n"},
    {400, "GET / HTTP/11\r\n" HOST "\r\n"},
    {400, "GET /a b HTTP/1.1\r\n" HOST "\r\n"},
    {505, "GET / HTTP/2.0\r\n" HOST "\r\n"},
    {505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
    {505, "GET / HTTP/0.9\r\n" HOST "\r\n"},
    /* Targets */
    {400, "GET a HTTP/1.1\r\n" HOST "\r\n"},
    {400, "GET * HTTP/1.1\r\n" HOST "\r\n"},
    {400, "GET /#f HTTP/1.1\r\n" HOST "\r\n"},
    {400, "GET /\xc3\xa4 HTTP/1.1\r\n" HOST "\r\n"},
    {400, "GET http:/a HTTP/1.1\r\n" HOST "\r\n"},
    {400, "GET http:// HTTP/1.1\r\n" HOST "\r\n"},
    {400, "GET http:///a HTTP/1.1\r\n" HOST "\r\n"},
    {400, "GET 1http://a/ HTTP/1.1\r\n" HOST "\r\n"},
    {400, "GET http://user@a/ HTTP/1.1\r\n" HOST "\r\n"},
    {400, "GET http://a:b/ HTTP/1.1\r\n" HOST "\r\n"},
    {400, "GET http://a:123456/ HTTP/1.1\r\n" HOST "\r\n"},
    {400, "GET http://a\\b/ HTTP/1.1\r\n" HOST "\r\n"},
    {400, "GET http://[::1%25lo]/ HTTP/1.1\r\n" HOST "\r\n"},
    {400, "CONNECT a HTTP/1.1\r\n" HOST "\r\n"},
    {400, "CONNECT a: HTTP/1.1\r\n" HOST "\r\n"},
    {400, "CONNECT /a HTTP/1.1\r\n" HOST "\r\n"},
    {400, "CONNECT http://a:443/ HTTP/1.1\r\n" HOST "\r\n"},
    {400, "CONNECT u@a:443 HTTP/1.1\r\n" HOST "\r\n"},
    /* Fields */
    {400, "GET / HTTP/1.1\r\n " HOST "\r\n"},
    {400, "GET / HTTP/1.1\r\n" HOST "X: a\r\n b\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\n" HOST "X : a\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\n" HOST ": a\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\n" HOST "X\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\n" HOST "X(: a\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\n" HOST "X\xc3\xa4: a\r\n\r\n"},
    /* Host */
    {400, "GET / HTTP/1.1\r\n\r\n"},
    {400, "GET http://a.test/ HTTP/1.1\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\n" HOST HOST "\r\n"},
    {400, "GET / HTTP/1.0\r\n" HOST "host: b\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\nHost: a:80:80\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\nHost: :80\r\n\r\n"},
    /* Framing */
    {400, "POST / HTTP/1.1\r\n" HOST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"},
    {400, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n"},
    {400, "POST / HTTP/1.1\r\n" HOST "Content-Length: 5\r\nContent-Length: 5\r\n\r\n"},
    {400, "POST / HTTP/1.1\r\n" HOST "Content-Length: 5, 5\r\n\r\n"},
    {400, "POST / HTTP/1.1\r\n" HOST "Content-Length: +5\r\n\r\n"},
    {400, "POST / HTTP/1.1\r\n" HOST "Content-Length: -5\r\n\r\n"},
    {400, "POST / HTTP/1.1\r\n" HOST "Content-Length: 0x5\r\n\r\n"},
    {400, "POST / HTTP/1.1\r\n" HOST "Content-Length:\r\n\r\n"},
    {400, "POST / HTTP/1.1\r\n" HOST "Content-Length: 1234567890123456789\r\n\r\n"},
    {400, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked, chunked\r\n\r\n"},
    {400, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"},
    {400, "POST / HTTP/1.0\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"},
    {501, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip, chunked\r\n\r\n"},
    {501, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: xchunked\r\n\r\n"},
    {501, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: \"chunked\"\r\n\r\n"},
    {501, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: identity\r\n\r\n"},
    {400, "CONNECT a:1 HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\n"},
    {400, "CONNECT a:1 HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"},
    {417, "POST / HTTP/1.1\r\n" HOST "Content-Length: 5\r\nExpect: 200-ok\r\n\r\n"},
};

static void test_refusals(void **state)
{
    size_t taken;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (parse(bad[i].text, &taken) != SERVE_REQUEST_BAD || request.status != bad[i].status)
            fail_msg("%d (%s), not %d: %s", request.status, request.why, bad[i].status, bad[i].text);
        assert_non_null(request.why);
    }
}

static void test_nul(void **state)
{
    static const char text[] = "GET /\0 HTTP/1.1\r\n";
    serve_request_progress progress = {0};

    (void)state;
    assert_int_equal(serve_request_parse(text, sizeof text - 1, &progress, &request), SERVE_REQUEST_BAD);
    assert_int_equal(request.status, 400);
}

/* -- Bounds -------------------------------------------------------------------------------------------------------- */

/* A request line, `lines` times `line`, and the end. */
static void assert_bound(const char *first, const char *line, size_t lines, int status)
{
    char *text = malloc(strlen(first) + lines * strlen(line) + 3);
    size_t taken;

    strcpy(text, first);
    for (size_t i = 0; i < lines; i++)
        strcat(text, line);
    strcat(text, "\r\n");
    assert_int_equal(parse(text, &taken), status == 0 ? SERVE_REQUEST_DONE : SERVE_REQUEST_BAD);
    assert_int_equal(request.status, status);
    free(text);
}

static void test_bounds(void **state)
{
    char target[SERVE_REQUEST_TARGET_MAX + 64], line[1024];

    (void)state;
    snprintf(target, sizeof target, "GET /%0*d HTTP/1.1\r\n" HOST, SERVE_REQUEST_TARGET_MAX - 1, 0);
    assert_bound(target, "", 0, 0);
    snprintf(target, sizeof target, "GET /%0*d HTTP/1.1\r\n" HOST, SERVE_REQUEST_TARGET_MAX, 0);
    assert_bound(target, "", 0, 414);
    assert_bound("GET /", "0123456789", 2000, 414);
    assert_bound("GET / HTTP/1.1\r\n" HOST, "X: a\r\n", SERVE_REQUEST_FIELDS_MAX - 1, 0);
    assert_bound("GET / HTTP/1.1\r\n" HOST, "X: a\r\n", SERVE_REQUEST_FIELDS_MAX, 431);
    snprintf(line, sizeof line, "X: %0*d\r\n", 900, 0);
    assert_bound("GET / HTTP/1.1\r\n" HOST, line, 71, 0);
    assert_bound("GET / HTTP/1.1\r\n" HOST, line, 73, 431);
}

/* -- Chunks -------------------------------------------------------------------------------------------------------- */

static http_body_result read_chunks(const char *bytes, char out[static 64])
{
    http_body_result result = HTTP_BODY_MORE;
    size_t length = strlen(bytes), kept = 0;
    http_body body;

    http_body_begin_request(&body, FACTS_FRAMING_CHUNKED, 0);
    while (length > 0 && result == HTTP_BODY_MORE) {
        hf_span piece;
        size_t used;

        result = http_body_read(&body, bytes, length, &used, &piece);
        memcpy(out + kept, piece.data, piece.length);
        kept += piece.length;
        bytes += used;
        length -= used;
    }
    out[kept] = '\0';
    return result;
}

static void test_chunks(void **state)
{
    static const char *const malformed[] = {"5\nhello\r\n0\r\n\r\n",
                                            "5\r\nhello\n0\r\n\r\n",
                                            "5\r\nhello\r\n0\n\r\n",
                                            "5\r\nhello\r\n0\r\n\n",
                                            "5 \r\nhello\r\n0\r\n\r\n",
                                            "5;a=b\nhello\r\n0\r\n\r\n",
                                            "0x5\r\nhello\r\n0\r\n\r\n",
                                            "\r\n",
                                            "5\r\nhello0\r\n\r\n",
                                            "+5\r\nhello\r\n0\r\n\r\n",
                                            "5\r\rhello\r\n0\r\n\r\n",
                                            "1234567890123456\r\n",
                                            "5\r\nhello\r\n0\r\nA: b\n\r\n",
                                            "5\r\nhello\r\n0\r\nA: b\rc\r\n\r\n",
                                            "-5\r\n",
                                            " 5\r\n"};
    char out[64];

    (void)state;
    assert_int_equal(read_chunks("5;a=\"b\"\r\nhello\r\n06\r\n world\r\n0\r\nA: b\r\n\r\n", out), HTTP_BODY_DONE);
    assert_string_equal(out, "hello world");
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++)
        if (read_chunks(malformed[i], out) != HTTP_BODY_MALFORMED)
            fail_msg("read: %s", malformed[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_origin),  cmocka_unit_test(test_targets),  cmocka_unit_test(test_bodies),
        cmocka_unit_test(test_keeping), cmocka_unit_test(test_refusals), cmocka_unit_test(test_nul),
        cmocka_unit_test(test_bounds),  cmocka_unit_test(test_chunks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
