/*
 * base/time.h: times and durations, read and written. The proleptic Gregorian calendar in UTC; no clock, no locale, no
 * time zone.
 */
#ifndef BASE_TIME_H
#define BASE_TIME_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

#define BASE_TIME_MAX 21  /* "2026-11-20T10:25:00Z" and a NUL */
#define BASE_WORDS_MAX 96 /* "1000 years 364 days 23 hours 59 minutes 59 seconds" and a NUL */

/* What RFC 3339 can write. */
#define BASE_TIME_FIRST (-INT64_C(62167219200)) /* 0000-01-01T00:00:00Z */
#define BASE_TIME_LAST INT64_C(253402300799)    /* 9999-12-31T23:59:59Z */

/*
 * RFC 3339 ("2026-11-20T10:25:00Z", with an offset such as +01:00 too, a fraction is dropped, a leap second is the
 * second after), a day, which is the moment when it begins in UTC, or Unix seconds ("1795170300").
 */
bool base_time_parse(const char *text, int64_t *time, base_error *error);

/* RFC 3339 in UTC, to the second. What lies outside the years 0000 to 9999 is written as their first or last second. */
void base_time_format(int64_t time, char out[BASE_TIME_MAX]);

/* "300", "300s", "5m", "12h", "30d", "2w", "1y" (365 days, as browsers and the preload list count). Never negative. */
bool base_duration_parse(const char *text, int64_t *seconds, base_error *error);

/* "1 year", "182 days 12 hours", "0 seconds": exact up to 1000 years, then "over 1000 years". `seconds` is not
 * negative. */
void base_duration_words(int64_t seconds, char out[BASE_WORDS_MAX]);

#endif
