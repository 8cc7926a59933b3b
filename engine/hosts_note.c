/*
 * Noting a host: RFC 6797 8.1 and 8.1.1, and what came with experience (14.9, localhost).
 */
#include "holdfast/hosts.h"

#include "hosts_table.h"
#include "sized.h"

typedef struct noted_row {
    const char *name, *text;
} noted_row;

static const noted_row noted_rows[] = {
#define HF_X(symbol, name, text) {name, text},
    HF_NOTED_MAP(HF_X)
#undef HF_X
};

static const noted_row *row_of(hf_noted noted)
{
    static const noted_row unknown = {"?", "?"};
    size_t i = (size_t)noted;

    return i < sizeof noted_rows / sizeof *noted_rows ? &noted_rows[i] : &unknown;
}

const char *hf_noted_name(hf_noted noted)
{
    return row_of(noted)->name;
}

const char *hf_noted_text(hf_noted noted)
{
    return row_of(noted)->text;
}

/*
 * [RFC6797 8.1-3] "The max-age value is essentially a "time to live" value relative to the reception time of the STS
 * header field." Now and max-age may both be as large as they like; a policy that would outlast time itself never
 * expires.
 */
static int64_t expiry(int64_t now, int64_t max_age)
{
    return now > 0 && max_age > INT64_MAX - now ? HF_TIME_NEVER : now + max_age;
}

static hf_status check_partition(hf_span partition)
{
    if (partition.data == NULL && partition.length > 0)
        return HF_E_ARGUMENT;
    return partition.length > HF_PARTITION_MAX ? HF_E_PARTITION_TOO_LONG : HF_OK;
}

/* -- Whether a field may be heeded at all -------------------------------------------------------------------------- */

/* True, and *noted says why, if nothing in this response may be noted, whatever its field says. */
static bool is_refused(const hf_hosts *hosts, const hf_host *host, const hf_response *response, hf_noted *noted)
{
    /* [RFC6797 8.1-7] "If an HTTP response is received over insecure transport, the UA MUST ignore any present STS
     * header field(s)." */
    if (!response->secure)
        *noted = HF_NOTED_IGNORED_INSECURE;
    /* [RFC6797 8.1-1] "[...] and there are no underlying secure transport errors or warnings" */
    else if (response->tls_error)
        *noted = HF_NOTED_IGNORED_TLS_ERROR;
    /* [RFC6797 8.1.1-1] "[...] syntactically matches the IP-literal or IPv4address productions from Section 3.2.2 of
     * [RFC3986], then the UA MUST NOT note this host as a Known HSTS Host." */
    else if (host->kind == HF_HOST_IPV4 || host->kind == HF_HOST_IPV6)
        *noted = HF_NOTED_IGNORED_IP;
    else if (host->kind != HF_HOST_NAME)
        *noted = HF_NOTED_IGNORED_NOT_A_DNS_NAME;
    else if (!hosts->enforce_localhost && hf_host_is_localhost(host))
        *noted = HF_NOTED_IGNORED_LOCALHOST;
    /*
     * [RFC6797 14.9-1] "Such a technique could potentially be abused as yet another form of "web tracking"
     * [WebTracking]."
     */
    else if (response->context == HF_CONTEXT_CROSS_SITE && !response->allow_cross_site)
        *noted = HF_NOTED_IGNORED_CROSS_SITE;
    else
        return false;
    return true;
}

/* Copies the caller's response, and says whether host and response keep the contract. */
static hf_status read_response(const hf_host *host, const hf_response *theirs, hf_response *response)
{
    if (host == NULL || theirs == NULL || theirs->size == 0)
        return HF_E_ARGUMENT;
    hf__sized_read(response, sizeof *response, theirs, theirs->size);
    if (host->kind == HF_HOST_NAME && (host->length == 0 || host->length > HF_HOST_MAX))
        return HF_E_ARGUMENT;
    if ((unsigned)response->context > HF_CONTEXT_CROSS_SITE)
        return HF_E_ARGUMENT;
    return check_partition(response->partition);
}

/* -- What is noted ------------------------------------------------------------------------------------------------- */

/*
 * [RFC6797 8.1-1] "Note the host as a Known HSTS Host if it is not already so noted" or [RFC6797 8.1-2] "Update the
 * UA's cached information for the Known HSTS Host". [RFC6797 8.1.1-2] "[...] noting along with it the expiry time of
 * this information, as effectively stipulated per the given max-age value, as well as whether the includeSubDomains
 * directive is asserted or not."
 *
 * [RFC6797 8.1-4, 8.1-5, 6.1.1-3, 6.2-2] "If the max-age header field value token has a value of zero, the UA MUST
 * remove its cached HSTS Policy information (including the includeSubDomains directive, if asserted) if the HSTS Host
 * is known, or the UA MUST NOT note this HSTS Host if it is not yet known."
 *
 * [RFC6797 8.1.1-3, 5.3-2] "The UA MUST NOT modify the expiry time or the includeSubDomains directive of any
 * superdomain matched Known HSTS Host." Only the entry of exactly this host and partition is ever touched.
 */
static hf_status record_policy(hf_hosts *hosts, const hf_host *host, const hf_policy *policy,
                               const hf_response *response, hf_noted *noted)
{
    hf_entry entry = hf_entry_init();

    entry.host = (hf_span){host->name, host->length};
    entry.partition = response->partition;
    if (policy->max_age == 0) {
        bool was_known = hf__hosts_remove(hosts, &(hf__key){entry.host, entry.partition});
        *noted = was_known ? HF_NOTED_FORGOTTEN : HF_NOTED_IGNORED_UNKNOWN;
        return HF_OK;
    }
    entry.max_age = policy->max_age;
    entry.observed = response->now;
    entry.expires = expiry(response->now, policy->max_age);
    entry.include_subdomains = policy->include_subdomains;
    bool renewed;
    hf_status status = hf__hosts_set(hosts, &entry, response->now, &renewed);
    *noted = renewed ? HF_NOTED_RENEWED : HF_NOTED_ADDED;
    return status;
}

/*
 * [RFC6797 7.1-4] "Establishing a given host as a Known HSTS Host [...] MAY be accomplished over HTTP, which is in turn
 * running over secure transport".
 */
hf_status hf_hosts_note(hf_hosts *hosts, const hf_host *host, const hf_policy *policy, const hf_response *response,
                        hf_noted *noted)
{
    hf_response ours;
    hf_noted became;

    if (hosts == NULL || policy == NULL || policy->max_age < 0)
        return HF_E_ARGUMENT;
    hf_status status = read_response(host, response, &ours);
    if (status == HF_OK && !is_refused(hosts, host, &ours, &became))
        status = record_policy(hosts, host, policy, &ours, &became);
    if (status == HF_OK && noted != NULL)
        *noted = became;
    return status;
}

/*
 * [RFC6797 8.1-6, 8.1-8] "The UA MUST ignore any STS header fields not conforming to the grammar specified in Section
 * 6.1" and, since hf_header_first chose it, "the UA MUST process only the first such header field."
 */
static hf_status note_first_field(hf_hosts *hosts, const hf_host *host, const hf_span *value,
                                  const hf_response *response, hf_noted *noted)
{
    if (is_refused(hosts, host, response, noted))
        return HF_OK;
    hf_policy policy;
    if (!hf_header_parse(value->data, value->length, &policy, NULL)) {
        *noted = HF_NOTED_IGNORED_VOID;
        return HF_OK;
    }
    return record_policy(hosts, host, &policy, response, noted);
}

hf_status hf_hosts_note_fields(hf_hosts *hosts, const hf_host *host, const hf_field *fields, size_t count,
                               const hf_response *response, hf_noted *noted)
{
    hf_response ours;

    if (hosts == NULL || (fields == NULL && count > 0))
        return HF_E_ARGUMENT;
    hf_status status = read_response(host, response, &ours);
    /* [RFC6797 8.6-1] "[...] the UA MUST continue to treat the host as a Known HSTS Host until the max-age value for
     * the knowledge of that Known HSTS Host is reached." */
    hf_noted became = HF_NOTED_IGNORED_NO_FIELD;
    size_t first = hf_header_first(fields, count);
    if (status == HF_OK && first < count)
        status = note_first_field(hosts, host, &fields[first].value, &ours, &became);
    if (status == HF_OK && noted != NULL)
        *noted = became;
    return status;
}

hf_status hf_hosts_put(hf_hosts *hosts, const hf_entry *entry, int64_t now)
{
    hf_entry ours;

    if (hosts == NULL || entry == NULL || entry->size == 0)
        return HF_E_ARGUMENT;
    hf__sized_read(&ours, sizeof ours, entry, entry->size);
    if (ours.host.data == NULL || ours.host.length == 0 || ours.host.length > HF_HOST_MAX)
        return HF_E_ARGUMENT;
    if ((unsigned)ours.source > HF_SOURCE_USER || (unsigned)ours.state > HF_STATE_NEGATIVE)
        return HF_E_ARGUMENT;
    bool replaced;
    hf_status status = check_partition(ours.partition);
    return status != HF_OK ? status : hf__hosts_set(hosts, &ours, now, &replaced);
}
