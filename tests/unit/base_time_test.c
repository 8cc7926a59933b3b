/* base/time.h: the calendar, from one end of 64 bits to the other. */
#include "base/time.h"
#include "holdfast/status.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void check_time(const char *text, int64_t wanted)
{
    base_error error = {{0}};
    int64_t time = 0;

    if (!base_time_parse(text, &time, &error))
        fail_msg("%s: %s", text, error.text);
    assert_int_equal(time, wanted);
}

static void times_are_read(void **state)
{
    (void)state;
    check_time("1970-01-01T00:00:00Z", 0);
    check_time("2026-11-20T10:25:00Z", 1795170300);
    check_time("2026-11-20", 1795132800);
    check_time("2026-11-20t10:25:00z", 1795170300);
    check_time("2026-11-20 10:25:00Z", 1795170300);
    check_time("2026-11-20T11:25:00+01:00", 1795170300);
    check_time("2026-11-19T23:55:00.999-10:30", 1795170300);
    check_time("2000-02-29T00:00:00Z", 951782400);
    check_time("1969-12-31T23:59:60Z", 0);
    check_time("0000-01-01T00:00:00Z", -INT64_C(62167219200));
    check_time("9999-12-31T23:59:59Z", INT64_C(253402300799));
    check_time("0", 0);
    check_time("-1", -1);
    check_time("9223372036854775807", INT64_MAX);
}

static void what_is_no_time_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "now",
        "2026-11-31",
        "2026-11-20T",
        "2026-11-20T10:25:00",
        "2026-11-20T10:25Z",
        "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z",
        "2026-01-00T00:00:00Z",
        "2026-04-31T00:00:00Z",
        "2023-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "2026-01-01T24:00:00Z",
        "2026-01-01T00:60:00Z",
        "2026-01-01T00:00:61Z",
        "2026-01-01T00:00:00.Z",
        "2026-01-01T00:00:00+24:00",
        "2026-01-01T00:00:00+0100",
        "2026-01-01T00:00:00Zx",
        "12345-01-01T00:00:00Z",
        "+1",
        "--1",
        "- 1",
        "1 ",
        " 1",
        "0x10",
        "1.5",
        "9223372036854775808",
        "99999999999999999999",
        "-",
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        base_error error = {{0}};
        int64_t time = 7;
        if (base_time_parse(texts[i], &time, &error))
            fail_msg("'%s' was read as %lld", texts[i], (long long)time);
        assert_non_null(strstr(error.text, "is not a time"));
    }
}

static void check_format(int64_t time, const char *wanted)
{
    char text[BASE_TIME_MAX];

    base_time_format(time, text);
    assert_string_equal(text, wanted);
}

static void times_are_written(void **state)
{
    (void)state;
    check_format(0, "1970-01-01T00:00:00Z");
    check_format(-1, "1969-12-31T23:59:59Z");
    check_format(1795170300, "2026-11-20T10:25:00Z");
    check_format(INT64_C(253402300799), "9999-12-31T23:59:59Z");
    check_format(INT64_C(253402300800), "9999-12-31T23:59:59Z");
    check_format(HF_TIME_NEVER, "9999-12-31T23:59:59Z");
    check_format(-INT64_C(62167219200), "0000-01-01T00:00:00Z");
    check_format(INT64_MIN, "0000-01-01T00:00:00Z");
}

static void check_day(int64_t day)
{
    char text[BASE_TIME_MAX];
    int64_t read = 0;

    base_time_format(day * 86400 + 86399, text);
    if (!base_time_parse(text, &read, NULL) || read != day * 86400 + 86399)
        fail_msg("day %lld is written %s", (long long)day, text);
}

/* Every day of 400 years, after which the calendar repeats itself, and every 61st of 10,000. */
static void the_calendar_has_no_gap(void **state)
{
    int64_t day;

    (void)state;
    for (day = 0; day < 146097; day++)
        check_day(day);
    for (day = -719528; day <= 2932896; day += 61)
        check_day(day);
}

static void check_duration(const char *text, int64_t wanted)
{
    base_error error = {{0}};
    int64_t seconds = 0;

    if (!base_duration_parse(text, &seconds, &error))
        fail_msg("%s: %s", text, error.text);
    assert_int_equal(seconds, wanted);
}

static void durations_are_read(void **state)
{
    (void)state;
    check_duration("0", 0);
    check_duration("300", 300);
    check_duration("300s", 300);
    check_duration("5m", 300);
    check_duration("12h", 43200);
    check_duration("30d", 2592000);
    check_duration("2w", 1209600);
    check_duration("1y", 31536000);
    check_duration("9223372036854775807", INT64_MAX);
    check_duration("292471208677y", INT64_C(9223372036837872000));
}

static void check_no_duration(const char *text, const char *wanted)
{
    base_error error = {{0}};
    int64_t seconds = 7;

    assert_false(base_duration_parse(text, &seconds, &error));
    assert_non_null(strstr(error.text, wanted));
    assert_int_equal(seconds, 7);
}

static void what_is_no_duration_or_too_long_is_refused(void **state)
{
    (void)state;
    check_no_duration("", "is not a duration");
    check_no_duration("y", "is not a duration");
    check_no_duration("-1", "is not a duration");
    check_no_duration("1Y", "is not a duration");
    check_no_duration("1 y", "is not a duration");
    check_no_duration("1yy", "is not a duration");
    check_no_duration("1.5h", "is not a duration");
    check_no_duration("9223372036854775808", "63 bits");
    check_no_duration("292471208678y", "63 bits");
    check_no_duration("9223372036854775807m", "63 bits");
}

static void check_words(int64_t seconds, const char *wanted)
{
    char words[BASE_WORDS_MAX];

    base_duration_words(seconds, words);
    assert_string_equal(words, wanted);
}

static void durations_are_put_into_words(void **state)
{
    (void)state;
    check_words(0, "0 seconds");
    check_words(1, "1 second");
    check_words(31536000, "1 year");
    check_words(63072000, "2 years");
    check_words(15768000, "182 days 12 hours");
    check_words(90061, "1 day 1 hour 1 minute 1 second");
    check_words(INT64_C(1001) * 365 * 86400 - 1, "1000 years 364 days 23 hours 59 minutes 59 seconds");
    check_words(INT64_C(1001) * 365 * 86400, "over 1000 years");
    check_words(INT64_MAX, "over 1000 years");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_read),
        cmocka_unit_test(what_is_no_time_is_refused),
        cmocka_unit_test(times_are_written),
        cmocka_unit_test(the_calendar_has_no_gap),
        cmocka_unit_test(durations_are_read),
        cmocka_unit_test(what_is_no_duration_or_too_long_is_refused),
        cmocka_unit_test(durations_are_put_into_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
