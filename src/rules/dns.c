/* What the DNS says of the names: aliases, addresses, HTTPS records, CAA. */
#include "rules/families.h"

#include "base/ascii.h"
#include "facts/http3.h"

/* The last known key of RFC 9460: a record in which a higher one is mandatory is for nobody whom Holdfast knows of. */
#define LAST_KEY 6
#define ALPN_SHOWN 8
#define SERVICES_MAX 8 /* records of one name that are judged */

/* The request to https://NAME, which findings about the name are told of; NULL: none was made. */
static const facts_hop *hop_of(const rule_context *context, const facts_name *name)
{
    const facts_site *site = context->site;
    const facts_redirects *chain = &site->chains[name == &site->names.list[0] ? FACTS_HTTPS : FACTS_WWW_HTTPS];

    return chain->count > 0 ? chain->hops[0] : NULL;
}

/* An answer came, whatever it says. */
static bool is_said(facts_dns_status status)
{
    return status == FACTS_DNS_ANSWERED || status == FACTS_DNS_NO_DATA;
}

/* The servers failed, and not this machine or its way to them. */
static bool is_failure(facts_dns_status status)
{
    return status == FACTS_DNS_SERVER_FAILURE || status == FACTS_DNS_REFUSED || status == FACTS_DNS_MALFORMED;
}

static bool is_word(hf_span span, const char *word)
{
    return base_ascii_is(span.data, span.length, word);
}

/* -- Addresses ----------------------------------------------------------------------------------------------------- */

static void judge_alias(const rule_context *context, const facts_name *name)
{
    const facts_alias *last = name->alias_count > 0 ? &name->aliases[name->alias_count - 1] : NULL;

    if (last != NULL && name->a.status == FACTS_DNS_NAME_UNKNOWN && name->aaaa.status == FACTS_DNS_NAME_UNKNOWN)
        rule_add_at(context, finding_at_record(last->from, "CNAME"), RULE_DNS_DANGLING,
                    "%s is a CNAME to %s, which does not exist", last->from, last->to);
}

/* A family that is answered shows that the servers can be asked; so silence about the other is their doing, too. */
static void judge_family(const rule_context *context, const facts_name *name, const char *type, facts_dns_status status,
                         facts_dns_status other)
{
    if (other == FACTS_DNS_ANSWERED && (is_failure(status) || status == FACTS_DNS_TIMEOUT))
        rule_add_at(context, finding_at_record(name->host.name, type), RULE_DNS_FAMILY_FAILED,
                    "the query for %s of %s ends with %s", type, name->host.name, facts_dns_status_name(status));
}

/* -- HTTPS records ------------------------------------------------------------------------------------------------- */

/* RFC 9460 8: a record is compatible if a client knows all keys that are mandatory in it. */
static bool is_compatible(const facts_https_record *record)
{
    for (size_t i = 0; i < record->mandatory_count; i++)
        if (record->mandatory[i] > LAST_KEY)
            return false;
    return true;
}

static const char *target_of(const facts_https_record *record, const facts_name *name)
{
    return strcmp(record->target, ".") == 0 ? name->host.name : record->target;
}

static finding_place https_place(const facts_name *name)
{
    return finding_at_record(name->https.name, "HTTPS");
}

/* What is wrong with the whole set; NULL if a browser can use it. */
static const char *void_reason(const facts_https *https)
{
    bool usable = false;

    for (size_t i = 0; i < https->count; i++) {
        if (https->records[i].fault != NULL)
            return https->records[i].fault;
        usable |= https->records[i].priority == 0 || is_compatible(&https->records[i]);
    }
    return usable ? NULL : "keys are mandatory in it that no browser knows";
}

static const char *alpn_text(const rule_context *context, const facts_https_record *record)
{
    const char *text = "";

    for (size_t i = 0; i < record->alpn_count && i < ALPN_SHOWN; i++)
        text = base_arena_format(context->arena, "%s%s%.*s", text, i > 0 ? "," : " alpn=", (int)record->alpn[i].length,
                                 record->alpn[i].data);
    return text;
}

static const char *record_text(const rule_context *context, const facts_https_record *record)
{
    if (record->priority == 0)
        return base_arena_format(context->arena, "an alias of %s", record->target);
    return base_arena_format(context->arena, "%u %s%s%s", record->priority, record->target, alpn_text(context, record),
                             record->ech ? " ech" : "");
}

/* Why HTTPS does not work at the hop; NULL if it does. */
static const char *broken_text(const facts_hop *hop)
{
    if (hop->exchange.tls.error_count > 0)
        return hop->exchange.tls.errors[0].text;
    if (hop->exchange.failure != NULL && rule_of_failure(hop->exchange.failure) != RULE_COUNT)
        return facts_code_text(hop->exchange.failure->code);
    return NULL;
}

static bool has_address(const facts_addresses *addresses, const char *const *hints, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < addresses->count; k++)
            if (strcmp(addresses->list[k].text, hints[i]) == 0)
                return true;
    return false;
}

/* True if hints and addresses are both known and have none in common. One in common is enough: who balances load gives
   each visitor some of many. */
static bool contradicts(const facts_addresses *addresses, const char *const *hints, size_t count)
{
    return count > 0 && addresses->count > 0 && !has_address(addresses, hints, count);
}

/* Hints are for the target; what the addresses of another one are was not asked. */
static void judge_hints(const rule_context *context, const facts_name *name, const facts_https_record *record)
{
    if (contradicts(&name->a, record->ipv4hint, record->ipv4hint_count))
        rule_add_at(context, https_place(name), RULE_HTTPS_RECORD_ADDRESS, "ipv4hint has %s, the A record %s",
                    record->ipv4hint[0], name->a.list[0].text);
    if (contradicts(&name->aaaa, record->ipv6hint, record->ipv6hint_count))
        rule_add_at(context, https_place(name), RULE_HTTPS_RECORD_ADDRESS, "ipv6hint has %s, the AAAA record %s",
                    record->ipv6hint[0], name->aaaa.list[0].text);
}

/* Records of the service itself. RFC 9460 2.4.1: "If an RRset contains a record in AliasMode, the recipient MUST ignore
   any ServiceMode records in the set." */
static size_t services_of(const facts_https *https, const facts_https_record *services[static SERVICES_MAX])
{
    size_t count = 0;

    for (size_t i = 0; i < https->count; i++) {
        if (https->records[i].priority == 0)
            return 0;
        if (is_compatible(&https->records[i]) && count < SERVICES_MAX)
            services[count++] = &https->records[i];
    }
    return count;
}

/* True if a browser that follows one of the records comes where the probe was. */
static bool judge_services(const rule_context *context, const facts_name *name)
{
    const facts_https_record *services[SERVICES_MAX];
    size_t count = services_of(&name->https, services);
    bool here = false;

    for (size_t i = 0; i < count; i++) {
        bool own = strcmp(target_of(services[i], name), name->host.name) == 0;
        bool usual = services[i]->port < 0 || services[i]->port == context->site->port;

        here |= own && usual;
        if (!usual)
            rule_add_at(context, https_place(name), RULE_HTTPS_RECORD_PORT, "the record %s says port %d",
                        record_text(context, services[i]), services[i]->port);
        if (own)
            judge_hints(context, name, services[i]);
    }
    return here;
}

static void judge_records(const rule_context *context, const facts_hop *hop, const facts_name *name)
{
    const facts_https *https = &name->https;
    const char *reason = void_reason(https), *broken = broken_text(hop);

    if (reason != NULL)
        rule_add_at(context, https_place(name), RULE_HTTPS_RECORD_VOID, "%s: %s", https->name, reason);
    else if (judge_services(context, name) && broken != NULL && !facts_http3_is_alone(context->site))
        rule_add_at(context, https_place(name), RULE_HTTPS_RECORD_WITHOUT_HTTPS,
                    "%s has an HTTPS record; over HTTPS: %s", https->name, broken);
    else
        rule_add_at(context, https_place(name), RULE_HTTPS_RECORD, "%s: %s", https->name,
                    record_text(context, &https->records[0]));
}

static void judge_https(const rule_context *context, const facts_hop *hop, const facts_name *name)
{
    if (name->https.count > 0)
        judge_records(context, hop, name);
    else if (is_failure(name->https.status) && (is_said(name->a.status) || is_said(name->aaaa.status)))
        rule_add_at(context, https_place(name), RULE_HTTPS_RECORD_FAILED, "the query for %s ends with %s",
                    name->https.name, facts_dns_status_name(name->https.status));
}

/* -- CAA ----------------------------------------------------------------------------------------------------------- */

/*
 * RFC 8659 4.2: issue-value is *WSP [issuer-domain-name *WSP] [";" *WSP [parameters *WSP]]. True if there is an issuer.
 * "An issue Property Tag where the issue-value does not match the ABNF grammar MUST be treated the same as one
 * specifying an empty issuer-domain-name": of that only what begins with no letter or digit is seen here; the rest is
 * for the authority to judge.
 */
static bool names_issuer(hf_span value)
{
    size_t i = 0;

    while (i < value.length && (value.data[i] == ' ' || value.data[i] == '\t'))
        i++;
    return i < value.length && ((value.data[i] >= '0' && value.data[i] <= '9') ||
                                ((value.data[i] | 32) >= 'a' && (value.data[i] | 32) <= 'z'));
}

/* How many properties of this tag there are, and how many of them let somebody issue. */
static size_t count_issuers(const facts_caa *caa, const char *tag, size_t *count)
{
    size_t issuers = 0;

    *count = 0;
    for (size_t i = 0; i < caa->count; i++)
        if (!caa->records[i].malformed && is_word(caa->records[i].tag, tag)) {
            ++*count;
            issuers += names_issuer(caa->records[i].value);
        }
    return issuers;
}

/* True if a certificate for the name is in use that has it by a wildcard alone. */
static bool has_wildcard_alone(const facts_hop *hop)
{
    const facts_certificate *leaf = hop->exchange.tls.certificates;
    bool wildcard = false;

    if (hop->exchange.tls.certificate_count == 0)
        return false;
    for (size_t i = 0; i < leaf->name_count; i++) {
        if (base_ascii_is(leaf->names[i], strlen(leaf->names[i]), hop->host.name))
            return false;
        wildcard |= leaf->names[i][0] == '*';
    }
    return wildcard;
}

/* RFC 8659 4.3: for a wildcard, properties of issuewild count instead of those of issue, if there are any. */
static void judge_issuers(const rule_context *context, const facts_hop *hop, const facts_caa *caa)
{
    const char *tag = "issue";
    size_t count, issuers;

    if (has_wildcard_alone(hop) && (count_issuers(caa, "issuewild", &count), count > 0))
        tag = "issuewild";
    issuers = count_issuers(caa, tag, &count);
    if (count > 0 && issuers == 0)
        rule_add_at(context, finding_at_record(caa->at, "CAA"), RULE_CAA_FORBIDS, "every %s property names no CA", tag);
}

/* The tags that were registered with IANA by 2025. */
static bool is_known_tag(hf_span tag)
{
    static const char *const known[] = {"issue",        "issuewild", "iodef",    "contactemail",
                                        "contactphone", "issuevmc",  "issuemail"};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (is_word(tag, known[i]))
            return true;
    return false;
}

/* RFC 8659 4.1: where a critical property is, and the authority does not know its tag, it must not issue. */
static void judge_caa(const rule_context *context, const facts_hop *hop, const facts_name *name)
{
    const facts_caa *caa = &name->caa;

    for (size_t i = 0; i < caa->count; i++) {
        const facts_caa_record *record = &caa->records[i];

        if (!record->malformed && (record->flags & FACTS_CAA_CRITICAL) != 0 && !is_known_tag(record->tag)) {
            rule_add_at(context, finding_at_record(caa->at, "CAA"), RULE_CAA_CRITICAL, "flags %u, tag %.*s",
                        record->flags, (int)record->tag.length, record->tag.data);
            break;
        }
    }
    judge_issuers(context, hop, caa);
    if (is_failure(caa->status) && (is_said(name->a.status) || is_said(name->aaaa.status)))
        rule_add_at(context, finding_at_record(caa->at, "CAA"), RULE_CAA_FAILED, "the query for %s ends with %s",
                    caa->at, facts_dns_status_name(caa->status));
}

static void judge_site(const rule_context *context)
{
    for (size_t i = 0; i < context->site->names.count; i++) {
        const facts_name *name = &context->site->names.list[i];
        const facts_hop *hop = hop_of(context, name);

        if (hop == NULL || name->unasked != FACTS_UNASKED_ASKED)
            continue;
        judge_alias(context, name);
        judge_family(context, name, "A", name->a.status, name->aaaa.status);
        judge_family(context, name, "AAAA", name->aaaa.status, name->a.status);
        judge_https(context, hop, name);
        judge_caa(context, hop, name);
    }
}

const rule_family rule_family_dns = {.name = "dns", .site = judge_site};
