#include "base/time.h"

#include <string.h>

#define DAY INT64_C(86400)
#define YEAR (365 * DAY)
#define YEARS_MAX 1000 /* beyond it nobody counts days */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/*
 * Days between 1970-01-01 and a date, and back. The year is taken to begin in March, so that the leap day is its last
 * day and the months before have a fixed rhythm: 153 days every five months.
 */
static int64_t days_from_date(int64_t year, int month, int day)
{
    int64_t y = month > 2 ? year : year - 1;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static void date_from_days(int64_t days, int *year, int *month, int *day)
{
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t day_of_era = z - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t march_month = (5 * day_of_year + 2) / 153;

    *day = (int)(day_of_year - (153 * march_month + 2) / 5 + 1);
    *month = (int)(march_month < 10 ? march_month + 3 : march_month - 9);
    *year = (int)(year_of_era + era * 400 + (*month <= 2 ? 1 : 0));
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return month == 2 && leap ? 29 : days[month - 1];
}

/* Exactly `count` digits at *text, in [low, high]. */
static bool take_number(const char **text, int count, int low, int high, int *number)
{
    int value = 0, i;

    for (i = 0; i < count; i++) {
        if (!is_digit((*text)[i]))
            return false;
        value = value * 10 + ((*text)[i] - '0');
    }
    *text += count;
    *number = value;
    return value >= low && value <= high;
}

static bool take_char(const char **text, const char *allowed)
{
    if (**text == '\0' || strchr(allowed, **text) == NULL)
        return false;
    (*text)++;
    return true;
}

static bool take_date(const char **text, int64_t *days)
{
    int year, month, day;

    if (!take_number(text, 4, 0, 9999, &year) || !take_char(text, "-") || !take_number(text, 2, 1, 12, &month) ||
        !take_char(text, "-") || !take_number(text, 2, 1, 31, &day) || day > days_in_month(year, month))
        return false;
    *days = days_from_date(year, month, day);
    return true;
}

/* The time of day, with a fraction that is passed over. Second 60 is a leap second. */
static bool take_clock(const char **text, int64_t *seconds)
{
    int hour, minute, second;

    if (!take_number(text, 2, 0, 23, &hour) || !take_char(text, ":") || !take_number(text, 2, 0, 59, &minute) ||
        !take_char(text, ":") || !take_number(text, 2, 0, 60, &second))
        return false;
    if (take_char(text, ".")) {
        if (!is_digit(**text))
            return false;
        while (is_digit(**text))
            (*text)++;
    }
    *seconds = hour * 3600 + minute * 60 + second;
    return true;
}

static bool take_zone(const char **text, int64_t *seconds)
{
    bool west = **text == '-';
    int hour, minute;

    *seconds = 0;
    if (take_char(text, "Zz"))
        return true;
    if (!take_char(text, "+-") || !take_number(text, 2, 0, 23, &hour) || !take_char(text, ":") ||
        !take_number(text, 2, 0, 59, &minute))
        return false;
    *seconds = (west ? -1 : 1) * (hour * 3600 + minute * 60);
    return true;
}

/* "2026-11-20" is the moment when it begins. */
static bool parse_day(const char *text, int64_t *time)
{
    int64_t days;

    if (!take_date(&text, &days) || *text != '\0')
        return false;
    *time = days * DAY;
    return true;
}

static bool parse_rfc3339(const char *text, int64_t *time)
{
    int64_t days, seconds, east;

    if (!take_date(&text, &days) || !take_char(&text, "Tt ") || !take_clock(&text, &seconds) ||
        !take_zone(&text, &east) || *text != '\0')
        return false;
    *time = days * DAY + seconds - east;
    return true;
}

/* Digits up to a character that is none. False on overflow or when there is no digit. */
static bool take_digits(const char **text, int64_t *value)
{
    int64_t total = 0;

    if (!is_digit(**text))
        return false;
    for (; is_digit(**text); (*text)++) {
        int digit = **text - '0';
        if (total > (INT64_MAX - digit) / 10)
            return false;
        total = total * 10 + digit;
    }
    *value = total;
    return true;
}

static bool parse_unix(const char *text, int64_t *time)
{
    bool before = *text == '-';
    int64_t value;

    if (before)
        text++;
    if (!take_digits(&text, &value) || *text != '\0')
        return false;
    *time = before ? -value : value;
    return true;
}

bool base_time_parse(const char *text, int64_t *time, base_error *error)
{
    if (parse_unix(text, time) || parse_day(text, time) || parse_rfc3339(text, time))
        return true;
    base_error_set(error, "'%s' is not a time: write 2026-11-20, 2026-11-20T10:25:00Z or Unix seconds", BASE_CUT(text));
    return false;
}

void base_time_format(int64_t time, char out[BASE_TIME_MAX])
{
    int64_t kept = time < BASE_TIME_FIRST ? BASE_TIME_FIRST : time > BASE_TIME_LAST ? BASE_TIME_LAST : time;
    int64_t days = (kept - BASE_TIME_FIRST) / DAY;
    unsigned second = (unsigned)((kept - BASE_TIME_FIRST) % DAY);
    int year, month, day;

    date_from_days(days + BASE_TIME_FIRST / DAY, &year, &month, &day);
    snprintf(out, BASE_TIME_MAX, "%04u-%02u-%02uT%02u:%02u:%02uZ", (unsigned)year % 10000, (unsigned)month % 100,
             (unsigned)day % 100, second / 3600 % 100, second / 60 % 60, second % 60);
}

/* Seconds in a unit's letter; 0 for a letter that is none. */
static int64_t unit_seconds(const char *unit)
{
    if (unit[0] == '\0')
        return 1;
    if (unit[1] != '\0')
        return 0;
    switch (unit[0]) {
    case 's':
        return 1;
    case 'm':
        return 60;
    case 'h':
        return 3600;
    case 'd':
        return DAY;
    case 'w':
        return 7 * DAY;
    case 'y':
        return YEAR;
    default:
        return 0;
    }
}

bool base_duration_parse(const char *text, int64_t *seconds, base_error *error)
{
    const char *at = text;
    int64_t count = 0, unit = 0;

    if (take_digits(&at, &count))
        unit = unit_seconds(at);
    else if (is_digit(text[0]))
        count = INT64_MAX;
    if (unit == 0 && count != INT64_MAX) {
        base_error_set(error, "'%s' is not a duration: write 300, 5m, 12h, 30d, 2w or 1y", BASE_CUT(text));
        return false;
    }
    if (unit == 0 || count > INT64_MAX / unit) {
        base_error_set(error, "'%s' is longer than 63 bits of seconds hold", BASE_CUT(text));
        return false;
    }
    *seconds = count * unit;
    return true;
}

void base_duration_words(int64_t seconds, char out[BASE_WORDS_MAX])
{
    static const struct {
        const char *name;
        int64_t seconds;
    } units[] = {{"year", YEAR}, {"day", DAY}, {"hour", 3600}, {"minute", 60}, {"second", 1}};
    size_t length = 0, i;

    if (seconds / YEAR > YEARS_MAX) {
        snprintf(out, BASE_WORDS_MAX, "over %d years", YEARS_MAX);
        return;
    }
    for (i = 0; i < sizeof units / sizeof units[0]; i++) {
        long long count = (long long)(seconds / units[i].seconds);
        seconds %= units[i].seconds;
        if (count > 0)
            length += (size_t)snprintf(out + length, BASE_WORDS_MAX - length, "%s%lld %s%s", length > 0 ? " " : "",
                                       count, units[i].name, count == 1 ? "" : "s");
    }
    if (length == 0)
        snprintf(out, BASE_WORDS_MAX, "0 seconds");
}
