/* base/json.h written, base/json_read.h read back. */
#include "base/json.h"
#include "base/json_read.h"
#include "holdfast/status.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* -- writing ------------------------------------------------------------------------------------------------------- */

static void write_sample(base_json *json)
{
    base_json_object_begin(json);
    base_json_key(json, "a");
    base_json_array_begin(json);
    base_json_int(json, INT64_MIN);
    base_json_int(json, 0);
    base_json_int(json, INT64_MAX);
    base_json_array_begin(json);
    base_json_array_end(json);
    base_json_object_begin(json);
    base_json_object_end(json);
    base_json_array_end(json);
    base_json_key(json, "b");
    base_json_bool(json, true);
    base_json_key(json, "c");
    base_json_null(json);
    base_json_key(json, "d");
    base_json_object_begin(json);
    base_json_key(json, "e");
    base_json_string(json, NULL);
    base_json_object_end(json);
    base_json_object_end(json);
}

static void compact_and_pretty_differ_in_blanks_only(void **state)
{
    base_buffer out;
    base_json json;

    (void)state;
    base_buffer_init(&out, 4096);
    base_json_init(&json, &out, false);
    write_sample(&json);
    assert_string_equal(
        base_buffer_string(&out),
        "{\"a\":[-9223372036854775808,0,9223372036854775807,[],{}],\"b\":true,\"c\":null,\"d\":{\"e\":null}}");
    base_buffer_clear(&out);
    base_json_init(&json, &out, true);
    write_sample(&json);
    assert_string_equal(
        base_buffer_string(&out),
        "{\n  \"a\": [\n    -9223372036854775808,\n    0,\n    9223372036854775807,\n    [],\n    {}\n  ],\n"
        "  \"b\": true,\n  \"c\": null,\n  \"d\": {\n    \"e\": null\n  }\n}");
    base_buffer_done(&out);
}

static void check_text(const char *text, size_t length, const char *wanted)
{
    base_buffer out;
    base_json json;

    base_buffer_init(&out, 4096);
    base_json_init(&json, &out, false);
    base_json_text(&json, text, length);
    assert_string_equal(base_buffer_string(&out), wanted);
    base_buffer_done(&out);
}

#define CHECK_TEXT(text, wanted) check_text(text, sizeof(text) - 1, wanted)

static void text_is_escaped_and_mended(void **state)
{
    (void)state;
    CHECK_TEXT("a\"\\/\b\t\n\v\f\r\0\x1f\x7f", "\"a\\\"\\\\/\\b\\t\\n\\u000b\\f\\r\\u0000\\u001f\\u007f\"");
    CHECK_TEXT("\xc3\xbc\xf0\x9f\x98\x80", "\"\xc3\xbc\xf0\x9f\x98\x80\"");
    CHECK_TEXT("\xc2\x9b\xe2\x80\xae\xf3\xa0\x80\x81", "\"\\u009b\\u202e\\udb40\\udc01\"");
    CHECK_TEXT("\xff\xc3", "\"\xef\xbf\xbd\xef\xbf\xbd\"");
}

static void times_are_rfc3339_or_null(void **state)
{
    base_buffer out;
    base_json json;

    (void)state;
    base_buffer_init(&out, 4096);
    base_json_init(&json, &out, false);
    base_json_array_begin(&json);
    base_json_time(&json, 1795170300);
    base_json_time(&json, HF_TIME_UNKNOWN);
    base_json_time(&json, HF_TIME_NEVER);
    base_json_array_end(&json);
    assert_string_equal(base_buffer_string(&out), "[\"2026-11-20T10:25:00Z\",null,\"9999-12-31T23:59:59Z\"]");
    base_buffer_done(&out);
}

/* -- reading ------------------------------------------------------------------------------------------------------- */

static void check_octets(const char *line, size_t line_length, const char *wanted, size_t length)
{
    char out[64];
    size_t out_length = 99;
    base_error error = {{0}};

    if (!base_json_read_octets(line, line_length, out, sizeof out, &out_length, &error))
        fail_msg("%s: %s", line, error.text);
    assert_int_equal(out_length, length);
    assert_memory_equal(out, wanted, length);
}

#define CHECK_OCTETS(line, wanted) check_octets(line, sizeof(line) - 1, wanted, sizeof(wanted) - 1)

static void a_code_point_is_an_octet(void **state)
{
    (void)state;
    CHECK_OCTETS("\"\"", "");
    CHECK_OCTETS(" \t\"max-age=1\" \r", "max-age=1");
    CHECK_OCTETS("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t");
    CHECK_OCTETS("\"\\u0000\\u00fF\\u0041\"", "\0\xff"
                                              "A");
    CHECK_OCTETS("\"\xc3\xbf\xc2\x80\x7f\"", "\xff\x80\x7f");
}

static void check_refused(bool octets, const char *line, size_t length, const char *wanted)
{
    char out[8] = "unused";
    size_t out_length = 99;
    base_error error = {{0}};

    assert_false(
        (octets ? base_json_read_octets : base_json_read_text)(line, length, out, sizeof out, &out_length, &error));
    assert_string_equal(error.text, wanted);
    assert_int_equal(out_length, 99);
    assert_false(
        (octets ? base_json_read_octets : base_json_read_text)(line, length, out, sizeof out, &out_length, NULL));
}

#define REFUSED(line, wanted) check_refused(true, line, sizeof(line) - 1, wanted)
#define REFUSED_TEXT(line, wanted) check_refused(false, line, sizeof(line) - 1, wanted)

static void what_is_no_json_string_is_refused_with_its_place(void **state)
{
    (void)state;
    REFUSED("", "offset 0: a JSON string is wanted here");
    REFUSED("  ", "offset 2: a JSON string is wanted here");
    REFUSED("max-age", "offset 0: a JSON string is wanted here");
    REFUSED("\"", "offset 1: the string has no closing '\"'");
    REFUSED("\"a\\\"", "offset 4: the string has no closing '\"'");
    REFUSED("\"a\\", "offset 2: the string has no closing '\"'");
    REFUSED("\"\" x", "offset 3: something stands behind the string");
    REFUSED("\"\"\0", "offset 2: something stands behind the string");
    REFUSED("\"\\x41\"", "offset 1: no such escape in JSON");
    REFUSED("\"\\\0\"", "offset 1: no such escape in JSON");
    REFUSED("\"\\u12g4\"", "offset 5: \\u needs four hexadecimal digits");
    REFUSED("\"\\u12", "offset 5: \\u needs four hexadecimal digits");
    REFUSED("\"a\tb\"", "offset 2: a raw control character in a JSON string");
    REFUSED("\"a\0b\"", "offset 2: a raw control character in a JSON string");
    REFUSED("\"a\xff\"", "offset 2: not UTF-8");
    REFUSED("\"\xc3\"", "offset 1: not UTF-8");
    REFUSED("\"123456789\"", "offset 1: the string is too long");
}

static void a_higher_code_point_is_no_octet(void **state)
{
    (void)state;
    REFUSED("\"a\\u0100\"", "offset 2: U+0100 is no octet: a field value is octets, U+0000 to U+00FF");
    REFUSED("\"\xe2\x82\xac\"", "offset 1: U+20AC is no octet: a field value is octets, U+0000 to U+00FF");
    REFUSED("\"\\ud83d\\ude00\"", "offset 1: U+1F600 is no octet: a field value is octets, U+0000 to U+00FF");
    REFUSED("\"\\ud83d\"", "offset 1: a surrogate without its partner");
}

static void text_is_utf8(void **state)
{
    static const char line[] = "\"\\u00fc\\ud83d\\ude00\xe2\x82\xac\"";
    char out[16];
    size_t length;

    (void)state;
    assert_true(base_json_read_text(line, sizeof line - 1, out, sizeof out, &length, NULL));
    assert_int_equal(length, 9);
    assert_memory_equal(out, "\xc3\xbc\xf0\x9f\x98\x80\xe2\x82\xac", 9);
    REFUSED_TEXT("\"\\ude00\"", "offset 1: a surrogate without its partner");
    REFUSED_TEXT("\"\\ud83d\\u0041\"", "offset 1: a surrogate without its partner");
    REFUSED_TEXT("\"\\ud83d\\n\"", "offset 1: a surrogate without its partner");
    REFUSED_TEXT("\"\\ud83d", "offset 1: a surrogate without its partner");
}

/* What is written octet by octet is read back the same. */
static void octets_come_back(void **state)
{
    char octets[256], out[2048];
    base_buffer line;
    base_json json;
    size_t i, length;

    (void)state;
    for (i = 0; i < 256; i++)
        octets[i] = (char)i;
    base_buffer_init(&line, 4096);
    base_json_init(&json, &line, false);
    base_json_octets(&json, octets, sizeof octets);
    for (i = 0; i < line.length; i++)
        assert_in_range(line.data[i], 0x20, 0x7e);
    assert_true(base_json_read_octets(line.data, line.length, out, sizeof out, &length, NULL));
    assert_int_equal(length, sizeof octets);
    assert_memory_equal(out, octets, sizeof octets);
    base_buffer_done(&line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compact_and_pretty_differ_in_blanks_only),
        cmocka_unit_test(text_is_escaped_and_mended),
        cmocka_unit_test(times_are_rfc3339_or_null),
        cmocka_unit_test(a_code_point_is_an_octet),
        cmocka_unit_test(what_is_no_json_string_is_refused_with_its_place),
        cmocka_unit_test(a_higher_code_point_is_no_octet),
        cmocka_unit_test(text_is_utf8),
        cmocka_unit_test(octets_come_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
