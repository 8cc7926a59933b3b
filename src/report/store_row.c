#include "report/store_row.h"

#include "base/time.h"

#include <inttypes.h>
#include <string.h>

#define LAST_SECOND INT64_C(253402300799) /* 9999-12-31T23:59:59Z, the last that RFC 3339 can say */
#define NANOSECONDS 1000000000

static bool is_time(hf_moment moment)
{
    return moment.seconds != HF_TIME_NEVER && moment.seconds != HF_TIME_UNKNOWN;
}

/* ".25" for a quarter of a second, "" for none. */
static void print_fraction(int32_t nanoseconds, char out[16])
{
    size_t length = (size_t)snprintf(out, 16, ".%09" PRId32, nanoseconds);

    while (length > 0 && (out[length - 1] == '0' || out[length - 1] == '.'))
        out[--length] = '\0';
}

bool report_moment(hf_moment moment, char out[REPORT_MOMENT_MAX])
{
    char whole[BASE_TIME_MAX], fraction[16] = "";

    out[0] = '\0';
    if (!is_time(moment))
        return false;
    base_time_format(moment.seconds, whole);
    if (moment.seconds <= LAST_SECOND)
        print_fraction(moment.nanoseconds, fraction);
    snprintf(out, REPORT_MOMENT_MAX, "%.19s%sZ", whole, fraction);
    return true;
}

/* Exact: the digits are the number, no double is between. */
static void print_unix(hf_moment moment, char out[REPORT_MOMENT_MAX])
{
    char fraction[16];
    bool before = moment.seconds < 0 && moment.nanoseconds > 0;

    print_fraction(before ? NANOSECONDS - moment.nanoseconds : moment.nanoseconds, fraction);
    snprintf(out, REPORT_MOMENT_MAX, "%s%" PRId64 "%s", before && moment.seconds == -1 ? "-" : "",
             before ? moment.seconds + 1 : moment.seconds, fraction);
}

void report_key_span(base_json *json, const char *key, hf_span value)
{
    base_json_key(json, key);
    if (value.length > 0)
        base_json_text(json, value.data, value.length);
    else
        base_json_null(json);
}

void report_key_moment(base_json *json, const char *key, hf_moment moment)
{
    char text[REPORT_MOMENT_MAX];

    base_json_key_string(json, key, report_moment(moment, text) ? text : NULL);
}

static void key_number(base_json *json, const char *key, bool known, int64_t value)
{
    base_json_key(json, key);
    if (known)
        base_json_int(json, value);
    else
        base_json_null(json);
}

void report_store_row_json(const facts_store_row *shown, base_json *json)
{
    const hf_row *row = shown->row;
    char text[REPORT_MOMENT_MAX] = "null";

    report_key_span(json, "host", row->host);
    report_key_span(json, "host_hash", row->host_hash);
    base_json_key(json, "include_subdomains");
    base_json_bool(json, row->include_subdomains);
    report_key_moment(json, "expires", row->expires);
    if (is_time(row->expires))
        print_unix(row->expires, text);
    base_json_key(json, "expires_unix");
    base_json_number(json, text);
    report_key_moment(json, "observed", row->observed);
    key_number(json, "max_age", row->max_age != HF_TIME_UNKNOWN, row->max_age);
    key_number(json, "port", row->port != 0, row->port);
    report_key_span(json, "partition", shown->partition);
    base_json_key_string(json, "state", hf_row_state_name(row->state));
    base_json_key(json, "expired");
    base_json_bool(json, shown->expired);
    key_number(json, "offset", row->offset != HF_OFFSET_NONE, (int64_t)row->offset);
    base_json_key(json, "raw");
    if (row->raw.length > 0)
        base_json_octets(json, row->raw.data, row->raw.length);
    else
        base_json_null(json);
}
