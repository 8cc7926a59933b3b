/* Numbers and dates as stores write them: without locale, without overflow. */
#ifndef FORMATS_NUMBER_H
#define FORMATS_NUMBER_H

#include "holdfast/formats.h"

#define HF__YEAR_9999_END INT64_C(253402300799) /* 9999-12-31T23:59:59Z */

/* Digits only. A number beyond INT64_MAX becomes INT64_MAX. False if there is no digit, or something else. */
bool hf__digits(hf_span text, int64_t *value);

/* A number as in JSON: [-] digits [. digits] [e [+-] digits]. Beyond INT64_MAX seconds: never. What follows 9 places is
 * cut off. */
bool hf__decimal(hf_span text, hf_moment *moment);

/* Room for any moment written by hf__decimal_print. */
#define HF__DECIMAL_MAX 32
/* The shortest such number, with at least one place behind the dot: "1810938143.015447", "1795170143.0". Not for never.
 */
size_t hf__decimal_print(hf_moment moment, char out[HF__DECIMAL_MAX]);

/* The proleptic Gregorian calendar. `year` is from 0 to 292,000,000,000; false if there is no such day or second. */
typedef struct hf__date {
    int64_t year;
    int month, day, hour, minute, second;
} hf__date;

bool hf__date_seconds(const hf__date *date, int64_t *seconds);
hf__date hf__date_of(int64_t seconds);

/* a + b, held at the ends of the range. */
int64_t hf__sum(int64_t a, int64_t b);

#endif
