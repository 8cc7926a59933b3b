#include "number.h"

#include <stdio.h>

#define DAY 86400
#define DAYS_TO_1970 719468 /* from 0000-03-01 */
#define DIGITS_MAX 64

bool hf__digits(hf_span text, int64_t *value)
{
    int64_t sum = 0;

    if (text.length == 0)
        return false;
    for (size_t i = 0; i < text.length; i++) {
        int digit = text.data[i] - '0';
        if (digit < 0 || digit > 9)
            return false;
        sum = sum > (INT64_MAX - digit) / 10 ? INT64_MAX : sum * 10 + digit;
    }
    *value = sum;
    return true;
}

/* The digits of a number without leading zeros, and how many of them stand in front of the point. */
typedef struct digits {
    char digit[DIGITS_MAX];
    size_t count;
    int64_t point;
    bool negative;
} digits;

static size_t take_digits(hf_span text, size_t at, digits *d, bool behind_point)
{
    for (; at < text.length && text.data[at] >= '0' && text.data[at] <= '9'; at++) {
        bool leading = d->count == 0 && text.data[at] == '0';
        if (!leading && d->count < DIGITS_MAX)
            d->digit[d->count++] = text.data[at];
        d->point += behind_point ? (leading ? -1 : 0) : (leading ? 0 : 1);
    }
    return at;
}

static bool take_exponent(hf_span text, size_t at, int64_t *exponent)
{
    bool negative = at < text.length && text.data[at] == '-';

    if (at < text.length && (text.data[at] == '-' || text.data[at] == '+'))
        at++;
    if (!hf__digits((hf_span){text.data + at, text.length - at}, exponent))
        return false;
    if (*exponent > 100000)
        *exponent = 100000;
    if (negative)
        *exponent = -*exponent;
    return true;
}

static bool take_number(hf_span text, digits *d)
{
    int64_t exponent = 0;
    size_t at = 0;

    *d = (digits){.negative = text.length > 0 && text.data[0] == '-'};
    at = take_digits(text, d->negative, d, false);
    if (at == (size_t)d->negative)
        return false;
    if (at < text.length && text.data[at] == '.') {
        size_t from = at + 1;
        at = take_digits(text, from, d, true);
        if (at == from)
            return false;
    }
    if (at < text.length && (text.data[at] == 'e' || text.data[at] == 'E')) {
        if (!take_exponent(text, at + 1, &exponent))
            return false;
        at = text.length;
    }
    d->point += exponent;
    return at == text.length;
}

/* The number that `count` digits from `from` make; places that were never written are zeros. */
static int64_t part(const digits *d, int64_t from, int64_t count)
{
    int64_t sum = 0;

    for (int64_t i = from; i < from + count; i++) {
        int digit = i >= 0 && i < (int64_t)d->count ? d->digit[i] - '0' : 0;
        if (sum > (INT64_MAX - digit) / 10)
            return INT64_MAX;
        sum = sum * 10 + digit;
    }
    return sum;
}

bool hf__decimal(hf_span text, hf_moment *moment)
{
    digits d;

    if (!take_number(text, &d))
        return false;
    if (d.count == 0)
        d.point = 0;
    if (d.point > 19)
        d.point = 20;
    *moment = (hf_moment){d.point > 0 ? part(&d, 0, d.point) : 0, (int32_t)part(&d, d.point, 9)};
    if (moment->seconds == INT64_MAX)
        *moment = d.negative ? (hf_moment){-INT64_MAX, 0} : (hf_moment){HF_TIME_NEVER, 0};
    else if (d.negative && moment->nanoseconds > 0)
        *moment = (hf_moment){-moment->seconds - 1, 1000000000 - moment->nanoseconds};
    else if (d.negative)
        moment->seconds = -moment->seconds;
    return true;
}

size_t hf__decimal_print(hf_moment moment, char out[HF__DECIMAL_MAX])
{
    bool negative = moment.seconds < 0;

    if (negative && moment.nanoseconds > 0) {
        moment.seconds += 1;
        moment.nanoseconds = 1000000000 - moment.nanoseconds;
    }
    uint64_t whole = negative ? 0 - (uint64_t)moment.seconds : (uint64_t)moment.seconds;
    int length = snprintf(out, HF__DECIMAL_MAX, "%s%llu.%09d", negative ? "-" : "", (unsigned long long)whole,
                          (int)moment.nanoseconds);
    while (out[length - 1] == '0' && out[length - 2] != '.')
        out[--length] = '\0';
    return (size_t)length;
}

/* Days since 1970, with years that begin in March, so that the leap day is the last. */
static int64_t days_of(int64_t year, int month, int day)
{
    year -= month <= 2;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - DAYS_TO_1970;
}

static int days_in(int64_t year, int month)
{
    static const char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (month == 2 && leap);
}

bool hf__date_seconds(const hf__date *date, int64_t *seconds)
{
    if (date->year < 1 || date->year > INT64_C(292000000000) || date->month < 1 || date->month > 12 || date->day < 1 ||
        date->day > days_in(date->year, date->month))
        return false;
    if (date->hour < 0 || date->hour > 23 || date->minute < 0 || date->minute > 59 || date->second < 0 ||
        date->second > 60)
        return false;
    *seconds = days_of(date->year, date->month, date->day) * DAY + date->hour * 3600 + date->minute * 60 + date->second;
    return true;
}

hf__date hf__date_of(int64_t seconds)
{
    hf__date date = {0};
    int64_t days = seconds / DAY - (seconds % DAY < 0);
    int rest = (int)(seconds - days * DAY);

    date.hour = rest / 3600;
    date.minute = rest / 60 % 60;
    date.second = rest % 60;
    days += DAYS_TO_1970;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t of_era = days - era * 146097;
    int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int month = (int)((5 * of_year + 2) / 153);
    date.day = (int)(of_year - (153 * month + 2) / 5 + 1);
    date.month = month < 10 ? month + 3 : month - 9;
    date.year = year_of_era + era * 400 + (date.month <= 2);
    return date;
}

int64_t hf__sum(int64_t a, int64_t b)
{
    if (b > 0 && a > INT64_MAX - b)
        return INT64_MAX;
    if (b < 0 && a < -INT64_MAX - b)
        return -INT64_MAX;
    return a + b;
}
