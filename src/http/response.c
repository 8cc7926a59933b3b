#include "http/response.h"

#include "base/ascii.h"

#include <curl/curl.h>
#include <string.h>
#include <time.h>

#define DATE_MAX 64 /* "Sunday, 06-Nov-94 08:49:37 GMT" has 30 */

/* RFC 9110 5.6.7: all three forms of it; browsers, and curl, read more. */
int64_t http_date(hf_span value)
{
    char text[DATE_MAX];
    time_t moment;

    if (value.length >= sizeof text || memchr(value.data, '\0', value.length) != NULL)
        return HF_TIME_UNKNOWN;
    memcpy(text, value.data, value.length);
    text[value.length] = '\0';
    moment = curl_getdate(text, NULL);
    return moment >= 0 ? (int64_t)moment : HF_TIME_UNKNOWN;
}

static hf_span find(const facts_response *response, const char *name)
{
    for (size_t i = 0; i < response->count; i++) {
        const hf_field *field = &response->fields[i];

        if (base_ascii_is(field->name.data, field->name.length, name))
            return field->value;
    }
    return (hf_span){NULL, 0};
}

int64_t http_real_clock(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec;
}

void http_response_date(facts_response *response, http_clock *clock)
{
    hf_span date = find(response, "date");

    response->received = clock();
    response->date = date.data != NULL ? http_date(date) : HF_TIME_UNKNOWN;
}
