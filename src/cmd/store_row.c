/* Rows as text, the same in every command of `holdfast store`. */
#include "base/time.h"
#include "cmd/store.h"

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

bool cmd_store_moment(hf_moment moment, char out[CMD_STORE_MOMENT_MAX])
{
    char whole[BASE_TIME_MAX], fraction[16] = "";

    out[0] = '\0';
    if (!is_time(moment))
        return false;
    base_time_format(moment.seconds, whole);
    if (moment.seconds <= LAST_SECOND)
        print_fraction(moment.nanoseconds, fraction);
    snprintf(out, CMD_STORE_MOMENT_MAX, "%.19s%sZ", whole, fraction);
    return true;
}

/* Exact: the digits are the number, no double is between. */
static void print_unix(hf_moment moment, char out[CMD_STORE_MOMENT_MAX])
{
    char fraction[16];
    bool before = moment.seconds < 0 && moment.nanoseconds > 0;

    print_fraction(before ? NANOSECONDS - moment.nanoseconds : moment.nanoseconds, fraction);
    snprintf(out, CMD_STORE_MOMENT_MAX, "%s%" PRId64 "%s", before && moment.seconds == -1 ? "-" : "",
             before ? moment.seconds + 1 : moment.seconds, fraction);
}

/* wget writes rows with a max-age of 0, which no program obeys. */
bool cmd_store_enforces(const hf_row *row, int64_t now)
{
    return row->state == HF_ROW_SET && row->max_age != 0 && !hf_row_is_expired(row, now);
}

void cmd_store_key_string(base_json *json, const char *key, const char *value)
{
    base_json_key(json, key);
    base_json_string(json, value);
}

void cmd_store_key_span(base_json *json, const char *key, hf_span value)
{
    base_json_key(json, key);
    if (value.length > 0)
        base_json_text(json, value.data, value.length);
    else
        base_json_null(json);
}

void cmd_store_key_moment(base_json *json, const char *key, hf_moment moment)
{
    char text[CMD_STORE_MOMENT_MAX];

    cmd_store_key_string(json, key, cmd_store_moment(moment, text) ? text : NULL);
}

static void key_number(base_json *json, const char *key, bool known, int64_t value)
{
    base_json_key(json, key);
    if (known)
        base_json_int(json, value);
    else
        base_json_null(json);
}

/*
 * A partition is a suffix of Firefox's key. The session of Safari's is none, and stands in `raw`. The older Firefox had origin attributes that part no storage between sites (first-party isolation, containers): of its store a
 * suffix is a partition only if it names one. The whole key stands in `raw`.
 */
hf_span cmd_store_partition(const hf_row *row, const char *kind)
{
    static const char word[] = "partitionKey=";
    hf_span suffix = row->partition;

    if (strcmp(kind, "safari") == 0)
        return (hf_span){0};
    if (strcmp(kind, "firefox-txt") != 0)
        return suffix;
    for (size_t i = 0; i + strlen(word) <= suffix.length; i++) {
        if (memcmp(suffix.data + i, word, strlen(word)) == 0)
            return suffix;
    }
    return (hf_span){0};
}

void cmd_store_row_json(const hf_row *row, const char *kind, int64_t now, base_json *json)
{
    char text[CMD_STORE_MOMENT_MAX] = "null";

    cmd_store_key_span(json, "host", row->host);
    cmd_store_key_span(json, "host_hash", row->host_hash);
    base_json_key(json, "include_subdomains");
    base_json_bool(json, row->include_subdomains);
    cmd_store_key_moment(json, "expires", row->expires);
    if (is_time(row->expires))
        print_unix(row->expires, text);
    base_json_key(json, "expires_unix");
    base_json_number(json, text);
    cmd_store_key_moment(json, "observed", row->observed);
    key_number(json, "max_age", row->max_age != HF_TIME_UNKNOWN, row->max_age);
    key_number(json, "port", row->port != 0, row->port);
    cmd_store_key_span(json, "partition", cmd_store_partition(row, kind));
    cmd_store_key_string(json, "state", hf_row_state_name(row->state));
    base_json_key(json, "expired");
    base_json_bool(json, hf_row_is_expired(row, now));
    key_number(json, "offset", row->offset != HF_OFFSET_NONE, (int64_t)row->offset);
    base_json_key(json, "raw");
    if (row->raw.length > 0)
        base_json_octets(json, row->raw.data, row->raw.length);
    else
        base_json_null(json);
}

bool cmd_store_drain(base_buffer *out, base_error *error)
{
    return out->length < CMD_STORE_DRAIN || base_buffer_flush(out, stdout, error);
}
