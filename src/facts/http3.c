#include "facts/http3.h"

#include <string.h>

/* "h3", or a draft of it. */
static bool is_http3(hf_span name)
{
    return name.length >= 2 && memcmp(name.data, "h3", 2) == 0 && (name.length == 2 || name.data[2] == '-');
}

/* RFC 7838 3: "h3=\":443\"; ma=86400, h2=...". */
static bool is_in_field(hf_span value)
{
    const char *at = value.data, *end = at + value.length;

    while (at < end) {
        const char *comma = memchr(at, ',', (size_t)(end - at)), *until = comma != NULL ? comma : end, *equals;

        while (at < until && (*at == ' ' || *at == '\t'))
            at++;
        equals = memchr(at, '=', (size_t)(until - at));
        if (equals != NULL && is_http3((hf_span){at, (size_t)(equals - at)}))
            return true;
        at = comma != NULL ? comma + 1 : end;
    }
    return false;
}

static bool is_in_record(const facts_https *https)
{
    for (size_t i = 0; i < https->count; i++)
        for (size_t k = 0; https->records[i].fault == NULL && k < https->records[i].alpn_count; k++)
            if (is_http3(https->records[i].alpn[k]))
                return true;
    return false;
}

facts_http3 facts_http3_of(const facts_site *site)
{
    const facts_exchange *https = facts_site_https(site);
    const hf_field *field = NULL;

    if (site->names.count > 0 && is_in_record(&site->names.list[0].https))
        return FACTS_HTTP3_IN_RECORD;
    if (https != NULL && https->response != NULL)
        field = facts_response_field(https->response, "alt-svc");
    return field != NULL && is_in_field(field->value) ? FACTS_HTTP3_IN_FIELD : FACTS_HTTP3_UNSAID;
}

bool facts_http3_is_alone(const facts_site *site)
{
    const facts_exchange *https = facts_site_https(site);
    const facts_failure *failure = https != NULL ? https->failure : NULL;

    return failure != NULL &&
           (failure->code == FACTS_FAILURE_CONNECTION_REFUSED || failure->code == FACTS_FAILURE_CONNECT_TIMEOUT) &&
           facts_http3_of(site) == FACTS_HTTP3_IN_RECORD;
}
