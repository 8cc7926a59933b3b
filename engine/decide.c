/*
 * The decision. RFC 6797 8.2: a congruent match, or a superdomain match whose entry asserts includeSubDomains, makes a
 * host known; 8.3 then rewrites the URL, 8.4 makes every TLS error final.
 */
#include "holdfast/decide.h"

#include "sized.h"

typedef struct reason_facts {
    const char *name, *section, *text;
} reason_facts;

static const reason_facts *facts_of(hf_reason reason)
{
    static const reason_facts none = {"?", "?", "?"}, facts[] = {
#define HF_X(symbol, name, section, text) {name, section, text},
                                                          HF_REASON_MAP(HF_X)
#undef HF_X
                                                      };

    return (size_t)reason < sizeof facts / sizeof facts[0] ? &facts[reason] : &none;
}

const char *hf_reason_name(hf_reason reason)
{
    return facts_of(reason)->name;
}

const char *hf_reason_section(hf_reason reason)
{
    return facts_of(reason)->section;
}

const char *hf_reason_text(hf_reason reason)
{
    return facts_of(reason)->text;
}

static bool localhost_is_exempt(const hf_known *known)
{
    return !(known->hosts != NULL && hf_hosts_enforces_localhost(known->hosts)) &&
           !(known->learned != NULL && known->learned->enforce_localhost);
}

/*
 * [RFC6797 8.3-3] "Else, if the substring is non-null and syntactically matches the IP-literal or IPv4address
 * productions from Section 3.2.2 of [RFC3986], then there is no match with any Known HSTS Host."
 */
static bool can_be_known(const hf_known *known, const hf_host *host, hf_reason *reason)
{
    if (host->kind != HF_HOST_NAME) {
        *reason = HF_REASON_IP_ADDRESS;
        return false;
    }
    *reason = HF_REASON_LOCALHOST;
    return !(localhost_is_exempt(known) && hf_host_is_localhost(host));
}

static hf_match match_hosts(const void *hosts, const hf_host *host, hf_span partition, int64_t now, hf_entry *entry)
{
    return hf_hosts_match(hosts, host, partition, now, entry);
}

static bool get_hosts(const void *hosts, const hf_host *host, hf_span partition, hf_entry *entry)
{
    return hf_hosts_get(hosts, host, partition, entry);
}

/* `reason` becomes the better one of "not known" and "expired" when there is no match. */
static void ask_learned(const hf_learned *learned, const hf_host *host, hf_span partition, int64_t now, hf_verdict *v)
{
    hf_entry entry = hf_entry_init();
    hf_match match = learned->match(learned->self, host, partition, now, &entry);

    if (match == HF_MATCH_NONE) {
        if (learned->get(learned->self, host, partition, &entry) && entry.state == HF_STATE_SET)
            v->reason = HF_REASON_EXPIRED;
        return;
    }
    v->learned = true;
    v->learned_include_subdomains = entry.include_subdomains;
    v->learned_offset = host->length - entry.host.length;
    v->learned_expires = entry.expires;
    v->reason = match == HF_MATCH_CONGRUENT ? HF_REASON_LEARNED_CONGRUENT : HF_REASON_LEARNED_SUPERDOMAIN;
}

/*
 * [RFC6797 7.1-5, 12.3-1] "Other mechanisms, such as a client-side pre-loaded Known HSTS Host list, MAY also be used".
 * It only ever adds to what was learned.
 */
static void ask_list(const hf_preload *list, const hf_host *host, int64_t now, hf_verdict *v)
{
    hf_preload_match match;

    if (!list->cover(list->self, host, &match))
        return;
    if (hf_preload_is_stale(list, now)) {
        if (!v->learned)
            v->reason = HF_REASON_LIST_STALE;
        return;
    }
    v->preloaded = true;
    v->preloaded_include_subdomains = match.include_subdomains;
    v->preloaded_offset = match.offset;
    if (!v->learned)
        v->reason = match.offset == 0 ? HF_REASON_PRELOADED_CONGRUENT : HF_REASON_PRELOADED_SUPERDOMAIN;
}

static int64_t list_expires(const hf_preload *list)
{
    if (list->life == HF_TIME_NEVER || list->list_time == HF_TIME_UNKNOWN ||
        list->list_time > HF_TIME_NEVER - list->life)
        return HF_TIME_NEVER;
    return list->list_time + list->life;
}

/* The verdict holds as long as the longer of its two grounds. */
static int64_t verdict_expires(const hf_verdict *v, const hf_preload *list)
{
    int64_t listed = v->preloaded ? list_expires(list) : INT64_MIN;
    int64_t learned = v->learned ? v->learned_expires : INT64_MIN;

    return listed > learned ? listed : learned;
}

/* [RFC6797 8.3-5] Any superdomain match with includeSubDomains, or else a congruent match, will do. */
static void ask(const hf_known *known, const hf_host *host, hf_span partition, int64_t now, hf_verdict *v)
{
    const hf_learned hosts = {sizeof hosts, match_hosts, get_hosts, known->hosts, false};

    if (!can_be_known(known, host, &v->reason))
        return;
    v->reason = HF_REASON_NOT_KNOWN;
    if (known->hosts != NULL)
        ask_learned(&hosts, host, partition, now, v);
    if (known->learned != NULL && !v->learned)
        ask_learned(known->learned, host, partition, now, v);
    if (known->preload != NULL)
        ask_list(known->preload, host, now, v);
}

/* What `parent` says about names below it. Its name begins at `at` of the host's. */
static void inherit(const hf_verdict *parent, size_t at, hf_verdict *v)
{
    if (!v->learned && parent->learned && parent->learned_include_subdomains) {
        v->learned = v->learned_include_subdomains = true;
        v->learned_offset = at + parent->learned_offset;
        v->learned_expires = parent->learned_expires;
    }
    if (!v->preloaded && parent->preloaded && parent->preloaded_include_subdomains) {
        v->preloaded = v->preloaded_include_subdomains = true;
        v->preloaded_offset = at + parent->preloaded_offset;
    }
}

/*
 * A host with an empty or overlong label matches label by label like any other (8.2), and some clients send it to a
 * proxy. It can only match the names that it lies below, so each of them is asked.
 */
static void ask_parents(const hf_known *known, const hf_host *host, hf_span partition, int64_t now, hf_verdict *v)
{
    v->reason = HF_REASON_NOT_A_DNS_NAME;
    for (size_t at = 0; at < host->length && !(v->learned && v->preloaded); at++) {
        hf_host parent = {.kind = HF_HOST_NAME, .length = host->length - at};
        hf_verdict found = hf_verdict_init();
        if (at > 0 && host->name[at - 1] != '.')
            continue;
        memcpy(parent.name, host->name + at, parent.length);
        ask(known, &parent, partition, now, &found);
        inherit(&found, at, v);
    }
    if (v->learned)
        v->reason = HF_REASON_LEARNED_SUPERDOMAIN;
    else if (v->preloaded)
        v->reason = HF_REASON_PRELOADED_SUPERDOMAIN;
}

/*
 * [RFC6797 6.1-1] The field "indicates to a UA that it MUST enforce the HSTS Policy".
 * [RFC6797 8.3-4] "Otherwise, the substring is a given domain name, which MUST be matched against the UA's Known HSTS
 * Hosts".
 */
static void decide(const hf_known *known, const hf_host *host, hf_span partition, int64_t now, hf_verdict *v)
{
    if (host->kind == HF_HOST_OTHER)
        ask_parents(known, host, partition, now, v);
    else
        ask(known, host, partition, now, v);
    v->enforce = v->learned || v->preloaded;
    /*
     * [RFC6797 8.4-1] "the UA MUST terminate the connection [...] if there are any errors, whether "warning" or
     * "fatal"".
     */
    v->tls_errors_fatal = v->enforce;
    if (v->enforce)
        v->expires = verdict_expires(v, known->preload);
}

/*
 * *ours is what is known, with a list that has every member: in `list`, if the caller's is older. A list of our own age
 * is asked without a copy.
 */
static hf_status read_known(const hf_known *theirs, hf_preload *list, hf_known *ours)
{
    if (theirs == NULL)
        return HF_E_ARGUMENT;
    *ours = *theirs;
    if (theirs->preload == NULL)
        return HF_OK;
    if (theirs->preload->size < sizeof *list) {
        hf__sized_read(list, sizeof *list, theirs->preload, theirs->preload->size);
        ours->preload = list;
    }
    return ours->preload->cover != NULL ? HF_OK : HF_E_ARGUMENT;
}

hf_status hf_decide(const hf_known *known, const hf_host *host, hf_span partition, int64_t now, hf_verdict *verdict)
{
    hf_verdict v = hf_verdict_init();
    hf_preload list;
    hf_known ours;

    if (host == NULL || verdict == NULL || verdict->size == 0 || read_known(known, &list, &ours) != HF_OK)
        return HF_E_ARGUMENT;
    decide(&ours, host, partition, now, &v);
    hf__sized_write(verdict, verdict->size, &v, sizeof v);
    return HF_OK;
}

/*
 * [RFC6797 8.3-1] "Whenever the UA prepares to "load" (also known as "dereference") any "http" URI [...], the UA MUST
 * first determine whether a domain name is given in the URI and whether it matches a Known HSTS Host".
 */
hf_status hf_decide_url(const hf_known *known, const hf_url *url, hf_span partition, int64_t now, hf_verdict *verdict)
{
    hf_verdict v = hf_verdict_init();
    hf_preload list;
    hf_known ours;

    if (url == NULL || verdict == NULL || verdict->size == 0 || read_known(known, &list, &ours) != HF_OK)
        return HF_E_ARGUMENT;
    if (url->scheme == HF_SCHEME_OTHER)
        v.reason = HF_REASON_SCHEME;
    else
        decide(&ours, &url->host, partition, now, &v);
    v.upgrade = v.enforce && (url->scheme == HF_SCHEME_HTTP || url->scheme == HF_SCHEME_WS);
    hf__sized_write(verdict, verdict->size, &v, sizeof v);
    return HF_OK;
}
