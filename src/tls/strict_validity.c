/* The dates of a certificate, as browsers read them. */
#include "tls/strict_state.h"

#include <string.h>

#define YEAR_MIN 1970 /* of Firefox */

/* Seconds are not needed: dates are compared as the digits that they are. */
typedef struct moment {
    char digits[15]; /* YYYYMMDDHHMMSS */
    bool readable, usual;
} moment;

static int two(const char *at)
{
    return (at[0] - '0') * 10 + at[1] - '0';
}

static bool are_digits(const char *at, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (at[i] < '0' || at[i] > '9')
            return false;
    return true;
}

static int days_of(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

/* Chromium reads a leap second, and any year. */
static void judge(moment *m)
{
    const char *at = m->digits;
    int year = two(at) * 100 + two(at + 2), month = two(at + 4), day = two(at + 6), second = two(at + 12);

    m->readable = month >= 1 && month <= 12 && day >= 1 && day <= days_of(year, month) && two(at + 8) <= 23 &&
                  two(at + 10) <= 59 && second <= 60;
    m->usual = m->readable && second <= 59 && year >= YEAR_MIN;
}

/* RFC 5280 4.1.2.5: YYMMDDHHMMSSZ, or YYYYMMDDHHMMSSZ. */
static bool take_moment(hf_span *rest, moment *m)
{
    size_t century = 0;
    tls_der element;
    hf_span text;

    *m = (moment){0};
    if (!tls_der_next(rest, &element) || (element.tag != TLS_DER_UTC_TIME && element.tag != TLS_DER_GENERAL_TIME))
        return false;
    text = element.content;
    if (element.tag == TLS_DER_UTC_TIME)
        century = 2;
    if (text.length != 15 - century || text.data[text.length - 1] != 'Z' || !are_digits(text.data, text.length - 1))
        return false;
    if (century > 0)
        memcpy(m->digits, text.data[0] < '5' ? "20" : "19", 2);
    memcpy(m->digits + century, text.data, text.length - 1);
    judge(m);
    return m->readable;
}

void tls_strict_validity(hf_span validity, tls_strict *strict)
{
    moment begin, end;

    if (!take_moment(&validity, &begin) || !take_moment(&validity, &end) || validity.length > 0)
        tls_strict_add(strict, FACTS_TLS_BAD_DATE, "a date is not of the form YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ");
    else if (!begin.usual || !end.usual)
        tls_strict_add(strict, FACTS_TLS_ODD_DATE, "a date lies before 1970, or in a second 60");
    else if (memcmp(begin.digits, end.digits, sizeof begin.digits) > 0)
        tls_strict_add(strict, FACTS_TLS_ODD_DATE, "its validity ends before it begins");
}
