/* HTTP/2 as a peer may speak it: answers, and everything that must end in a named failure. Frames are written down by
 * hand. */
#include "http/head.h"
#include "http/http2.h"

#include "base/buffer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION };
enum { END_STREAM = 1, ACK = 1, END_HEADERS = 4 };

typedef struct scene {
    base_arena arena;
    http_answer answers[2];
    http2_session *http2;
    facts_failure failure;
    base_buffer sent; /* what we sent */
} scene;

#define NOW INT64_C(1795727620)

static const http_request_line asks[] = {{FACTS_METHOD_HEAD, "/"}, {FACTS_METHOD_GET, "/"}};

static void flush(scene *s)
{
    size_t length;
    const char *bytes;

    while (bytes = http2_output(s->http2, &length), length > 0)
        base_buffer_append(&s->sent, bytes, length);
}

static int64_t now(void)
{
    return NOW;
}

static void set_up(scene *s, size_t count, size_t content_max)
{
    http2_config order = {.authority = "a.test",
                          .asks = asks + (2 - count),
                          .answers = s->answers,
                          .count = count,
                          .content_max = content_max,
                          .arena = &s->arena,
                          .clock = now};

    memset(s, 0, sizeof *s);
    base_buffer_init(&s->sent, 1 << 20);
    s->http2 = http2_new(&order);
    flush(s);
}

static void tear_down(scene *s)
{
    http2_free(s->http2);
    base_arena_done(&s->arena);
    base_buffer_done(&s->sent);
}

/* False: the connection is over. */
static bool give(scene *s, const char *bytes, size_t length)
{
    bool going = http2_input(s->http2, bytes, length, &s->failure);

    if (!going)
        http2_end(s->http2, &s->failure, FACTS_CONTENT_BROKEN);
    flush(s);
    return going;
}

static bool frame(scene *s, int type, int flags, uint32_t stream, const char *payload, size_t length)
{
    char *bytes = malloc(9 + length);
    const unsigned char head[9] = {
        (unsigned char)(length >> 16), (unsigned char)(length >> 8), (unsigned char)length,
        (unsigned char)type,           (unsigned char)flags,         (unsigned char)(stream >> 24),
        (unsigned char)(stream >> 16), (unsigned char)(stream >> 8), (unsigned char)stream};
    bool going;

    memcpy(bytes, head, 9);
    if (length > 0)
        memcpy(bytes + 9, payload, length);
    going = give(s, bytes, 9 + length);
    free(bytes);
    return going;
}

static bool settings(scene *s)
{
    return frame(s, SETTINGS, 0, 0, NULL, 0);
}

/* A literal field without indexing (RFC 7541 6.2.2), new name. */
static size_t put_field(char *to, const char *name, const char *value)
{
    size_t n = strlen(name), v = strlen(value);

    to[0] = 0;
    to[1] = (char)n;
    memcpy(to + 2, name, n);
    to[2 + n] = (char)v;
    memcpy(to + 3 + n, value, v);
    return 3 + n + v;
}

static bool headers(scene *s, uint32_t stream, int flags, const char *status, const char *name, const char *value)
{
    char block[512];
    size_t length = put_field(block, ":status", status);

    if (name != NULL)
        length += put_field(block + length, name, value);
    return frame(s, HEADERS, flags | END_HEADERS, stream, block, length);
}

static void assert_failed(scene *s, facts_code code, const char *detail)
{
    assert_string_equal(facts_code_name(s->failure.code), facts_code_name(code));
    assert_non_null(strstr(s->failure.detail, detail));
    for (size_t i = 0; i < 2; i++)
        assert_true(s->answers[i].response == NULL || s->answers[i].failure == NULL);
    assert_true(http2_is_done(s->http2));
    tear_down(s);
}

static void answers_come_in_any_order(void **state)
{
    scene s;
    const facts_response *response;

    (void)state;
    set_up(&s, 2, 4);
    assert_true(settings(&s));
    assert_true(headers(&s, 3, 0, "200", "strict-transport-security", " max-age=1 "));
    assert_true(headers(&s, 1, END_STREAM, "404", "date", "Thu, 26 Nov 2026 21:13:39 GMT"));
    assert_false(http2_is_done(s.http2));
    assert_true(frame(&s, DATA, 0, 3, "hel", 3));
    assert_true(frame(&s, DATA, 0, 3, "lo", 2));
    assert_true(http2_is_done(s.http2));
    response = s.answers[0].response;
    assert_int_equal(response->version, FACTS_HTTP_2);
    assert_int_equal(response->status, 404);
    assert_int_equal(response->date, 1795727619);
    assert_int_equal(response->received, NOW);
    assert_int_equal(response->content.end, FACTS_CONTENT_WHOLE);
    response = s.answers[1].response;
    assert_int_equal(response->status, 200);
    assert_int_equal(response->count, 1);
    assert_memory_equal(response->raw.data, "HTTP/2 200\r\nstrict-transport-security:  max-age=1 \r\n\r\n",
                        response->raw.length);
    assert_memory_equal(response->fields[0].value.data, " max-age=1 ", 11);
    assert_int_equal(response->content.end, FACTS_CONTENT_CUT);
    assert_memory_equal(response->content.prefix.data, "hell", 4);
    assert_int_equal(response->content.received, 5);
    tear_down(&s);
}

static void a_body_that_nobody_wants_is_called_off(void **state)
{
    static const char reset[] = {0, 0, 4, RST_STREAM, 0, 0, 0, 0, 1, 0, 0, 0, 8};
    scene s;

    (void)state;
    set_up(&s, 1, 0);
    settings(&s);
    assert_true(headers(&s, 1, 0, "200", NULL, NULL));
    assert_true(http2_is_done(s.http2));
    assert_int_equal(s.answers[0].response->content.end, FACTS_CONTENT_UNREAD);
    assert_true(s.sent.length > sizeof reset);
    assert_memory_equal(s.sent.data + s.sent.length - sizeof reset, reset, sizeof reset);
    tear_down(&s);
}

static void interim_and_trailers_are_passed_over(void **state)
{
    char block[64];
    scene s;

    (void)state;
    set_up(&s, 1, 10);
    settings(&s);
    assert_true(headers(&s, 1, 0, "103", "strict-transport-security", "max-age=0"));
    assert_true(headers(&s, 1, 0, "200", "a", "b"));
    assert_true(frame(&s, DATA, 0, 1, "x", 1));
    assert_true(frame(&s, HEADERS, END_HEADERS | END_STREAM, 1, block,
                      put_field(block, "strict-transport-security", "max-age=9")));
    assert_true(http2_is_done(s.http2));
    assert_int_equal(s.answers[0].response->interim, 1);
    assert_int_equal(s.answers[0].response->count, 1);
    assert_int_equal(s.answers[0].response->content.end, FACTS_CONTENT_WHOLE);
    tear_down(&s);
    set_up(&s, 1, 0);
    settings(&s);
    for (size_t i = 0; i < HTTP_HEAD_INTERIM_MAX; i++)
        assert_true(headers(&s, 1, 0, "100", NULL, NULL));
    assert_false(headers(&s, 1, 0, "100", NULL, NULL));
    assert_failed(&s, FACTS_FAILURE_RESPONSE_TOO_MANY_HEADS, "");
}

static void forbidden_fields_end_the_stream(void **state)
{
    scene s;

    (void)state;
    /* Chromium minds a control in a value, Firefox does not. */
    set_up(&s, 1, 0);
    settings(&s);
    assert_true(headers(&s, 1, END_STREAM, "200", "strict-transport-security", "max-age=\x01"));
    assert_non_null(s.answers[0].failure);
    assert_int_equal(s.answers[0].failure->code, FACTS_FAILURE_HTTP2_BAD_FIELD);
    assert_non_null(s.answers[0].firefox);
    assert_null(s.answers[0].firefox->failure);
    assert_int_equal(s.answers[0].firefox->response->count, 1);
    tear_down(&s);
    /* Capitals make the whole head malformed (RFC 9113 8.2.1), for browsers too. */
    set_up(&s, 1, 0);
    settings(&s);
    headers(&s, 1, END_STREAM, "200", "Strict-Transport-Security", "max-age=1");
    assert_non_null(s.answers[0].failure);
    assert_string_equal(facts_code_name(s.answers[0].failure->code), "http2-bad-field");
    assert_null(s.answers[0].firefox);
    tear_down(&s);
}

static void floods_end_at_their_number(void **state)
{
    static const struct {
        int type, flags;
        uint32_t stream;
        const char *payload;
        size_t length, bound;
        const char *detail;
    } floods[] = {
        {SETTINGS, 0, 0, NULL, 0, 16, "more than 16 SETTINGS frames"},
        {PING, 0, 0, "12345678", 8, 16, "more than 16 PING frames"},
        {WINDOW_UPDATE, 0, 0, "\0\0\0\1", 4, 256, "more than 256 WINDOW_UPDATE frames"},
        {DATA, 0, 1, NULL, 0, 32, "more than 32 empty DATA frames"},
        {PRIORITY, 0, 1, "\0\0\0\0\1", 5, 64, "more than 64 PRIORITY frames"},
        {RST_STREAM, 0, 3, "\0\0\0\0", 4, 64, "more than 64 RST_STREAM frames"},
        {0x21, 0, 0, "x", 1, 64, "more than 64 frames of unknown kinds"},
        {GOAWAY, 0, 0, "\0\0\0\3\0\0\0\0", 8, 8, "more than 8 GOAWAY frames"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof floods / sizeof *floods; i++) {
        scene s;
        size_t given = 0;

        /* An answer whose body goes on, and one that is waited for. */
        set_up(&s, 2, 100);
        settings(&s);
        if (floods[i].type == DATA)
            headers(&s, 1, 0, "200", NULL, NULL);
        while (frame(&s, floods[i].type, floods[i].flags, floods[i].stream, floods[i].payload, floods[i].length))
            assert_true(++given <= floods[i].bound);
        assert_true(given == floods[i].bound || (floods[i].type == SETTINGS && given == floods[i].bound - 1));
        assert_failed(&s, FACTS_FAILURE_HTTP2_FLOOD, floods[i].detail);
    }
}

static void a_head_without_end_is_bounded(void **state)
{
    char block[64];
    size_t length = put_field(block, ":status", "200"), given = 0;
    scene s;

    (void)state;
    set_up(&s, 1, 0);
    settings(&s);
    assert_true(frame(&s, HEADERS, 0, 1, block, length));
    while (frame(&s, CONTINUATION, 0, 1, block, put_field(block, "a", "b")))
        given++;
    assert_int_equal(given, 8);
    assert_failed(&s, FACTS_FAILURE_HTTP2_FLOOD, "more than 8 CONTINUATION frames");
}

/* One large field in the table of HPACK, and then an octet for each time that it is meant. */
static void a_bomb_of_fields_is_bounded(void **state)
{
    static char block[16384];
    size_t length = put_field(block, ":status", "200");
    scene s;

    (void)state;
    set_up(&s, 1, 0);
    settings(&s);
    block[length++] = 0x40; /* with indexing */
    block[length++] = 1;
    block[length++] = 'a';
    block[length++] = 0x7f; /* 4000 octets */
    block[length++] = (char)((4000 - 127) % 128 + 128);
    block[length++] = (4000 - 127) / 128;
    memset(block + length, 'x', 4000);
    length += 4000;
    memset(block + length, 0xbe, sizeof block - length);
    assert_false(frame(&s, HEADERS, END_HEADERS, 1, block, sizeof block));
    assert_failed(&s, FACTS_FAILURE_RESPONSE_TOO_LONG, "");
}

static void too_many_fields_are_refused(void **state)
{
    static char block[16384];
    size_t length = put_field(block, ":status", "200");
    scene s;

    (void)state;
    set_up(&s, 1, 0);
    settings(&s);
    memset(block + length, 0xa0,
           sizeof block - length); /* "date: ", of the static table, 6 octets and an end of line each */
    assert_false(frame(&s, HEADERS, END_HEADERS, 1, block, sizeof block));
    assert_failed(&s, FACTS_FAILURE_RESPONSE_TOO_MANY_FIELDS, "");
}

static void a_body_cannot_grow_beyond_the_window(void **state)
{
    static char data[16384];
    size_t taken = 0;
    scene s;

    (void)state;
    set_up(&s, 1, 1 << 20);
    settings(&s);
    headers(&s, 1, 0, "200", NULL, NULL);
    while (!http2_is_done(s.http2) && frame(&s, DATA, 0, 1, data, sizeof data))
        assert_true(++taken <= 4);
    assert_true(s.answers[0].response->content.received <= 65535 + 16384);
    tear_down(&s);
}

static void resets_and_goaway_are_named(void **state)
{
    scene s;

    (void)state;
    set_up(&s, 2, 10);
    settings(&s);
    assert_true(frame(&s, RST_STREAM, 0, 1, "\0\0\0\x0b", 4));
    assert_non_null(s.answers[0].failure);
    assert_string_equal(facts_code_name(s.answers[0].failure->code), "http2-reset");
    assert_string_equal(s.answers[0].failure->detail, "ENHANCE_YOUR_CALM");
    headers(&s, 3, 0, "200", NULL, NULL);
    assert_true(frame(&s, RST_STREAM, 0, 3, "\0\0\0\2", 4));
    assert_true(http2_is_done(s.http2));
    assert_null(s.answers[1].failure);
    assert_int_equal(s.answers[1].response->content.end, FACTS_CONTENT_BROKEN);
    tear_down(&s);
    set_up(&s, 2, 0);
    settings(&s);
    assert_true(frame(&s, GOAWAY, 0, 0, "\0\0\0\1\0\0\0\0", 8));
    assert_null(s.answers[0].failure); /* the first stream will still be answered */
    assert_string_equal(facts_code_name(s.answers[1].failure->code), "http2-goaway");
    assert_true(headers(&s, 1, END_STREAM, "200", NULL, NULL));
    assert_true(http2_is_done(s.http2));
    tear_down(&s);
    set_up(&s, 2, 0);
    settings(&s);
    frame(&s, GOAWAY, 0, 0, "\0\0\0\3\0\0\0\1", 8);
    assert_true(http2_is_done(s.http2));
    assert_string_equal(s.answers[0].failure->detail, "PROTOCOL_ERROR");
    tear_down(&s);
}

static void what_is_no_http2_is_told(void **state)
{
    static const char http1[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
    static char garbage[4096];
    scene s;

    (void)state;
    set_up(&s, 1, 0);
    assert_false(give(&s, http1, sizeof http1 - 1));
    assert_failed(&s, FACTS_FAILURE_HTTP2_BROKEN, "HTTP/1.x");
    set_up(&s, 1, 0);
    memset(garbage, 0xff, sizeof garbage);
    assert_false(give(&s, garbage, sizeof garbage));
    assert_failed(&s, FACTS_FAILURE_HTTP2_BROKEN, "");
    /* Data before the head, a frame on a stream that was never opened, a push that was forbidden. */
    set_up(&s, 1, 0);
    settings(&s);
    frame(&s, DATA, 0, 1, "x", 1);
    assert_true(http2_is_done(s.http2) && s.answers[0].failure != NULL);
    assert_string_equal(facts_code_name(s.answers[0].failure->code), "http2-broken");
    tear_down(&s);
    set_up(&s, 1, 0);
    settings(&s);
    assert_false(headers(&s, 2, 0, "200", NULL, NULL));
    assert_failed(&s, FACTS_FAILURE_HTTP2_BROKEN, "");
    set_up(&s, 1, 0);
    settings(&s);
    frame(&s, SETTINGS, ACK, 0, NULL, 0);
    for (size_t given = 0; frame(&s, PUSH_PROMISE, END_HEADERS, 1, "\0\0\0\2\x82", 5); given++)
        assert_true(given < 8);
    assert_true(s.answers[0].failure != NULL && http2_is_done(s.http2));
    tear_down(&s);
    /* A head without :status. */
    set_up(&s, 1, 0);
    settings(&s);
    frame(&s, HEADERS, END_HEADERS | END_STREAM, 1, "\0\1a\1b", 5);
    assert_non_null(s.answers[0].failure);
    assert_string_equal(facts_code_name(s.answers[0].failure->code), "http2-bad-status");
    tear_down(&s);
}

static void an_end_without_answers_fails_them(void **state)
{
    facts_failure failure = facts_failure_make(FACTS_PHASE_RESPONSE, FACTS_FAILURE_RESPONSE_TIMEOUT, NULL);
    scene s;

    (void)state;
    set_up(&s, 2, 10);
    settings(&s);
    headers(&s, 1, 0, "200", NULL, NULL);
    http2_end(s.http2, &failure, FACTS_CONTENT_TIMEOUT);
    assert_int_equal(s.answers[0].response->content.end, FACTS_CONTENT_TIMEOUT);
    assert_int_equal(s.answers[1].failure->code, FACTS_FAILURE_RESPONSE_TIMEOUT);
    tear_down(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_come_in_any_order),
        cmocka_unit_test(a_body_that_nobody_wants_is_called_off),
        cmocka_unit_test(interim_and_trailers_are_passed_over),
        cmocka_unit_test(forbidden_fields_end_the_stream),
        cmocka_unit_test(floods_end_at_their_number),
        cmocka_unit_test(a_head_without_end_is_bounded),
        cmocka_unit_test(a_bomb_of_fields_is_bounded),
        cmocka_unit_test(too_many_fields_are_refused),
        cmocka_unit_test(a_body_cannot_grow_beyond_the_window),
        cmocka_unit_test(resets_and_goaway_are_named),
        cmocka_unit_test(what_is_no_http2_is_told),
        cmocka_unit_test(an_end_without_answers_fails_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
