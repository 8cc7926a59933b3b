#include "facts/warn_before.h"

#include "base/time.h"
#include "holdfast/status.h"

#include <stdlib.h>
#include <string.h>

#define DAY INT64_C(86400)
#define DAYS (14 * DAY)
#define SHORT_LIFE (10 * DAY)

static bool read_percent(const char *text, size_t length, facts_warn_before *before, base_error *error)
{
    long percent = length > 0 && length <= 3 && strspn(text, "0123456789") == length ? strtol(text, NULL, 10) : 0;

    if (percent < 1 || percent > 99) {
        base_error_set(error, "'%s': a share of the certificate's life is from 1%% to 99%%", BASE_CUT(text));
        return false;
    }
    *before = (facts_warn_before){.percent = (int)percent};
    return true;
}

bool facts_warn_before_read(const char *text, facts_warn_before *before, base_error *error)
{
    size_t length = strlen(text);
    int64_t seconds;

    if (length > 0 && text[length - 1] == '%')
        return read_percent(text, length - 1, before, error);
    if (length > 0 && strspn(text, "0123456789") == length) {
        base_error_set(error, "'%s' has no unit: 14d is two weeks, 33%% a third of the certificate's life",
                       BASE_CUT(text));
        return false;
    }
    if (!base_duration_parse(text, &seconds, error)) {
        base_error_wrap(error, "neither a duration such as 14d nor a share such as 33%%");
        return false;
    }
    if (seconds == 0) {
        base_error_set(error, "'%s': that is when the certificate has ended", BASE_CUT(text));
        return false;
    }
    *before = (facts_warn_before){.seconds = seconds};
    return true;
}

/* A share of a life, which no product is too long for. */
static int64_t share(int64_t life, int percent)
{
    return life / 100 * percent + life % 100 * percent / 100;
}

static int64_t usual(int64_t life)
{
    int64_t renewal = life < SHORT_LIFE ? life / 2 : life / 3;

    return renewal < DAYS ? renewal : DAYS;
}

bool facts_warn_before_is_late(const facts_warn_before *before, int64_t from, int64_t to, int64_t until, int64_t now)
{
    bool known = from != HF_TIME_UNKNOWN && to != HF_TIME_UNKNOWN && to > from;
    int64_t limit = before->seconds;

    if (until == HF_TIME_UNKNOWN || until < now)
        return false;
    if (now < 0 && until > INT64_MAX + now)
        return false; /* more than can be counted */
    if (before->percent > 0)
        limit = known ? share(to - from, before->percent) : 0;
    else if (limit == 0)
        limit = known ? usual(to - from) : DAYS;
    return until - now < limit;
}
