/* For people: the verdict on top, then what it rests on, then what to do. */
#include "report/finding.h"
#include "report/report.h"
#include "report/row.h"
#include "report/text_names.h"

#include "base/escape.h"
#include "base/time.h"

#define NAMES_SHOWN 8
#define NOTES_SHOWN 20
#define DAY 86400
#define DAYS_MAX 40

/* -- The certificate and the connection ---------------------------------------------------------------------------- */

static void add_names(base_table *table, const facts_certificate *certificate)
{
    base_buffer names;

    base_buffer_init(&names, REPORT_CELL_MAX);
    for (size_t i = 0; i < certificate->name_count && i < NAMES_SHOWN; i++)
        base_buffer_appendf(&names, "%s%s", i > 0 ? ", " : "", certificate->names[i]);
    if (certificate->name_count > NAMES_SHOWN)
        base_buffer_appendf(&names, " and %zu more", certificate->name_count - NAMES_SHOWN);
    report_row(table, BASE_STYLE_PLAIN, "names", "%s",
               certificate->name_count > 0 ? base_buffer_string(&names) : "none");
    base_buffer_done(&names);
}

static const char *days_text(int64_t seconds, const char *which, char text[static DAYS_MAX])
{
    long long days = (long long)(seconds / DAY);

    snprintf(text, DAYS_MAX, "%lld day%s%s", days, days == 1 ? "" : "s", which);
    return text;
}

static void add_validity(base_table *table, const facts_certificate *certificate, int64_t now)
{
    char from[BASE_TIME_MAX], until[BASE_TIME_MAX], days[DAYS_MAX];
    int64_t left;

    if (certificate->not_before == HF_TIME_UNKNOWN || certificate->not_after == HF_TIME_UNKNOWN) {
        report_row(table, BASE_STYLE_BAD, "valid", "its dates cannot be read");
        return;
    }
    left = certificate->not_after - now;
    base_time_format(certificate->not_before, from);
    base_time_format(certificate->not_after, until);
    if (now < certificate->not_before)
        report_row(table, BASE_STYLE_BAD, "valid", "%s to %s, not yet", from, until);
    else if (left < 0)
        report_row(table, BASE_STYLE_BAD, "valid", "%s to %s, expired %s", from, until, days_text(-left, " ago", days));
    else
        report_row(table, BASE_STYLE_PLAIN, "valid", "%s to %s, %s", from, until, days_text(left, " left", days));
}

static void add_chain(base_table *table, const facts_tls *tls)
{
    for (size_t i = 1; i < tls->certificate_count; i++) {
        const facts_certificate *certificate = &tls->certificates[i];
        bool usual = certificate->place == FACTS_PLACE_UNKNOWN || certificate->place == FACTS_PLACE_ISSUER;

        report_row(table, BASE_STYLE_PLAIN, i == 1 ? "sent with it" : "", "%s%s%s%s", certificate->subject,
                   usual ? "" : " (", usual ? "" : facts_place_name(certificate->place), usual ? "" : ")");
    }
}

/* What was not sent of the path to what is trusted, and whose root that is. */
static void add_path(base_table *table, const facts_tls *tls)
{
    static const char *const roots[] = {
        [FACTS_ROOT_UNKNOWN] = "", [FACTS_ROOT_PUBLIC] = ", a public root", [FACTS_ROOT_LOCAL] = ", no public root"};

    for (size_t i = 0; i < tls->path_count; i++)
        if (tls->path[i].sent < 0 || (i + 1 == tls->path_count && tls->root != FACTS_ROOT_UNKNOWN))
            report_row(table, BASE_STYLE_PLAIN, "trusted by", "%s%s", tls->path[i].subject,
                       i + 1 == tls->path_count ? roots[tls->root] : "");
    for (size_t i = 0; i < tls->verdict_count; i++)
        report_row(table, tls->verdicts[i].error_count == 0 ? BASE_STYLE_PLAIN : BASE_STYLE_BAD, "store", "%s: %s",
                   tls->verdicts[i].store, tls->verdicts[i].error_count == 0 ? "trusts it" : "does not trust it");
}

static void add_staple(base_table *table, const facts_tls *tls)
{
    const facts_staple *staple = tls->staple;
    const char *status = staple != NULL ? facts_revocation_name(staple->status) : NULL;
    const char *problem = staple != NULL ? facts_staple_problem_name(staple->problem) : NULL;
    size_t scts = tls->sct_count + tls->certificates[0].sct_count + (staple != NULL ? staple->sct_count : 0);
    char until[BASE_TIME_MAX] = "";

    if (staple != NULL && staple->next_update != HF_TIME_UNKNOWN)
        base_time_format(staple->next_update, until);
    if (staple != NULL)
        report_row(table, staple->problem == FACTS_STAPLE_NONE ? BASE_STYLE_PLAIN : BASE_STYLE_BAD, "OCSP staple",
                   "%s%s%s%s%s", status != NULL ? status : "no answer", problem != NULL ? ", but " : "",
                   problem != NULL ? problem : "", *until != '\0' ? ", for until " : "", until);
    if (scts > 0)
        report_row(table, BASE_STYLE_PLAIN, "timestamps", "%zu of certificate transparency", scts);
}

static void add_certificate(base_table *table, const facts_tls *tls, int64_t now)
{
    const facts_certificate *leaf = tls->certificates;

    if (tls->certificate_count == 0)
        return;
    report_row(table, BASE_STYLE_PLAIN, "certificate", "%s", leaf->subject);
    add_names(table, leaf);
    report_row(table, BASE_STYLE_PLAIN, "issuer", "%s", leaf->issuer);
    add_validity(table, leaf, now);
    report_row(table, BASE_STYLE_PLAIN, "key", "%s %d, signed with %s", leaf->key_type, leaf->key_bits,
               leaf->signature);
    add_chain(table, tls);
    add_path(table, tls);
    add_staple(table, tls);
}

static bool is_same_leaf(const facts_tls *a, const facts_tls *b)
{
    return a->certificate_count > 0 && b->certificate_count > 0 &&
           strcmp(a->certificates[0].fingerprint, b->certificates[0].fingerprint) == 0;
}

static void add_default_host(base_table *table, const facts_site *site, const facts_tls *tls)
{
    const facts_tls *other = &site->default_host.exchange.tls;

    if (other->certificate_count > 0 && !is_same_leaf(tls, other))
        report_row(table, BASE_STYLE_PLAIN, "without SNI", "%s", other->certificates[0].subject);
    else if (other->certificate_count > 0)
        report_row(table, BASE_STYLE_PLAIN, "without SNI", "the same certificate");
}

/* Each address of a name that has several. */
static void add_endpoints(base_table *table, const facts_endpoints *endpoints)
{
    if (endpoints->proxy != NULL)
        report_row(table, BASE_STYLE_DIM, "each address", "not looked at: the proxy %s stands before %s",
                   endpoints->proxy, endpoints->name);
    for (size_t i = 0; i < endpoints->count; i++) {
        const facts_endpoint *endpoint = &endpoints->items[i];
        const facts_exchange *exchange = &endpoint->exchange;
        bool bad = exchange->failure != NULL || exchange->tls.error_count > 0;

        report_row(table, bad ? BASE_STYLE_BAD : BASE_STYLE_PLAIN, i == 0 ? "each address" : "", "%s port %d, %s: %s",
                   endpoint->address, endpoint->port, endpoints->name,
                   exchange->failure != NULL             ? facts_code_text(exchange->failure->code)
                   : exchange->tls.error_count > 0       ? facts_tls_code_name(exchange->tls.errors[0].code)
                   : exchange->tls.certificate_count > 0 ? exchange->tls.certificates[0].subject
                                                         : "no certificate");
    }
}

static void add_attempts(base_table *table, const facts_exchange *exchange)
{
    if (exchange->proxy != NULL)
        report_row(table, BASE_STYLE_PLAIN, "via", "the proxy %s", exchange->proxy);
    for (size_t i = 0; i < exchange->attempt_count; i++) {
        const facts_attempt *attempt = &exchange->attempts[i];

        if (attempt->failure == NULL && exchange->tls.established)
            report_row(table, BASE_STYLE_PLAIN, "reached", "%s port %d, %s, %s", attempt->address, attempt->port,
                       exchange->tls.version, exchange->tls.cipher);
        else if (attempt->failure == NULL)
            report_row(table, BASE_STYLE_PLAIN, "reached", "%s port %d", attempt->address, attempt->port);
        else
            report_row(table, BASE_STYLE_BAD, "not reached", "%s port %d: %s", attempt->address, attempt->port,
                       facts_code_text(attempt->failure->code));
    }
}

/* -- The STS field ------------------------------------------------------------------------------------------------- */

static void add_notes(base_table *table, const facts_sts_field *field)
{
    static const base_style styles[] = {BASE_STYLE_DIM, BASE_STYLE_WARN, BASE_STYLE_BAD};

    for (size_t i = 0; i < field->sent.note_count && i < NOTES_SHOWN; i++) {
        hf_severity severity = hf_note_severity(field->sent.notes[i].id);

        report_row(table, styles[severity], "", "%s at octet %zu: %s (%s)", hf_severity_name(severity),
                   field->sent.notes[i].offset, hf_note_message(field->sent.notes[i].id),
                   hf_note_name(field->sent.notes[i].id));
    }
    if (field->sent.note_count > NOTES_SHOWN)
        report_row(table, BASE_STYLE_DIM, "", "and %zu more", field->sent.note_count - NOTES_SHOWN);
}

static void add_value(base_table *table, const char *label, const facts_sts_field *field, const char *where)
{
    base_buffer value;

    base_buffer_init(&value, REPORT_CELL_MAX);
    base_escape(field->sent.value.data, field->sent.value.length, &value);
    report_row(table, BASE_STYLE_PLAIN, label, "%s%s%s", base_buffer_string(&value), value.failed ? " ..." : "", where);
    base_buffer_done(&value);
}

static bool has_same_value(const facts_sts_field *a, const facts_sts_field *b)
{
    return a->sent.value.length == b->sent.value.length &&
           memcmp(a->sent.value.data, b->sent.value.data, a->sent.value.length) == 0;
}

/* The field that counts, whole; of the others those that say something else. */
static void add_fields(base_table *table, const finding_judgement *judgement)
{
    const facts_sts_field *own = judgement->own;
    char where[REPORT_CELL_MAX];

    if (own != NULL && own->count > 0) {
        add_value(table, "HSTS header", own, "");
        add_notes(table, own);
    }
    for (size_t i = 0; i < judgement->field_count; i++) {
        const facts_sts_field *field = &judgement->fields[i];

        if (field == own || field->count == 0 || (own != NULL && own->count > 0 && has_same_value(field, own)))
            continue;
        snprintf(where, sizeof where, " (at %s)", field->hop->url);
        add_value(table, "HSTS header", field, where);
        add_notes(table, field);
    }
}

/* -- The ways in --------------------------------------------------------------------------------------------------- */

static const facts_sts_field *field_of(const finding_judgement *judgement, const facts_hop *hop)
{
    for (size_t i = 0; i < judgement->field_count; i++)
        if (strcmp(judgement->fields[i].hop->url, hop->url) == 0)
            return &judgement->fields[i];
    return NULL;
}

/* What the header of the hop does, in a few words; "" where none is expected. */
static const char *policy_text(const finding_judgement *judgement, const facts_hop *hop,
                               char text[static REPORT_CELL_MAX])
{
    const facts_sts_field *field = field_of(judgement, hop);
    const char *must = judgement->own != NULL && hop == judgement->own->hop ? ", which must send the header" : "";
    char words[BASE_WORDS_MAX];

    if (field == NULL || !hop->exchange.secure)
        return "";
    if (field->sent.valid) {
        base_duration_words(field->sent.policy.max_age, words);
        snprintf(text, REPORT_CELL_MAX, "%s: %s, %s subdomains%s", must, words,
                 field->sent.policy.include_subdomains ? "with" : "without",
                 field->sent.policy.preload ? ", preload" : "");
    } else {
        snprintf(text, REPORT_CELL_MAX, "%s: %s", must, field->count > 0 ? "invalid HSTS header" : "no HSTS header");
    }
    return text;
}

static void add_hop(base_table *table, const char *label, const finding_judgement *judgement, const facts_hop *hop)
{
    const facts_response *response = hop->exchange.response;
    char text[REPORT_CELL_MAX];

    if (response != NULL)
        report_row(table, BASE_STYLE_PLAIN, label, "%d %s%s", response->status, hop->url,
                   policy_text(judgement, hop, text));
    else
        report_row(table, hop->exchange.secure ? BASE_STYLE_BAD : BASE_STYLE_PLAIN, label, "no answer %s: %s", hop->url,
                   hop->exchange.failure != NULL ? facts_code_text(hop->exchange.failure->code) : "");
}

static void add_way(base_table *table, const char *label, const finding_judgement *judgement,
                    const facts_redirects *chain)
{
    for (size_t i = 0; i < chain->count; i++)
        add_hop(table, i == 0 ? label : "  then", judgement, chain->hops[i]);
    if (chain->end == FACTS_END_LOOP)
        report_row(table, BASE_STYLE_BAD, "  then", "%s again, and so on", chain->hops[chain->count - 1]->to);
    if (chain->end == FACTS_END_HOST_BUDGET)
        report_row(table, BASE_STYLE_WARN, "  then", "not followed: %s", facts_code_text(FACTS_FAILURE_HOST_BUDGET));
    if (chain->end == FACTS_END_TOO_MANY)
        report_row(table, BASE_STYLE_BAD, "  then", "%s, and no further", chain->hops[chain->count - 1]->to);
}

static void add_ways(base_table *table, const facts_site *site, const finding_judgement *judgement)
{
    static const struct {
        facts_way way;
        const char *label;
    } ways[] = {
        {FACTS_HTTP, "http"}, {FACTS_HTTPS, "https"}, {FACTS_WWW_HTTP, "www, http"}, {FACTS_WWW_HTTPS, "www, https"}};

    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        add_way(table, ways[i].label, judgement, &site->chains[ways[i].way]);
}

/* The certificates of the other hosts on the way, a line each. */
static void add_other_certificates(base_table *table, const facts_site *site)
{
    const facts_certificate *shown[FACTS_WAYS * (FACTS_REDIRECTS_MAX + 1)] = {0};
    size_t count = 0;

    for (facts_way way = 0; way < FACTS_WAYS; way++)
        for (size_t i = 0; i < site->chains[way].count; i++) {
            const facts_hop *hop = site->chains[way].hops[i];
            const facts_certificate *leaf = hop->exchange.tls.certificates;
            char until[BASE_TIME_MAX];
            size_t k = 0;

            if (hop->exchange.tls.certificate_count == 0)
                continue;
            while (k < count && strcmp(shown[k]->fingerprint, leaf->fingerprint) != 0)
                k++;
            if (k < count)
                continue;
            shown[count++] = leaf;
            base_time_format(leaf->not_after, until);
            if (count > 1)
                report_row(table, BASE_STYLE_PLAIN, count == 2 ? "others" : "", "%s: %s from %s, valid to %s",
                           hop->host.name, leaf->subject, leaf->issuer, until);
        }
}

/* -- The verdict --------------------------------------------------------------------------------------------------- */

static void add_access(base_table *table, const char *label, facts_access access, const char *more)
{
    static const struct {
        base_style style;
        const char *text;
    } words[] = {{BASE_STYLE_GOOD, "gets in"},
                 {BASE_STYLE_BAD, "certificate warning; the user can proceed"},
                 {BASE_STYLE_BAD, "blocked: error page, cannot be bypassed"},
                 {BASE_STYLE_BAD, "no page"},
                 {BASE_STYLE_WARN, "not seen"}};

    report_row(table, words[access].style, label, "%s%s", words[access].text, access == FACTS_ACCESS_OPEN ? more : "");
}

/* What this response does to a policy that the visitor's browser holds. */
static const char *after_visit(const facts_verdict *verdict)
{
    if (verdict->in_force)
        return ", never over plain HTTP; the policy is renewed";
    return verdict->noted == HF_NOTED_IGNORED_UNKNOWN ? ", and the policy is forgotten"
                                                      : ", never over plain HTTP, until the policy runs out";
}

/* The worst that is met, and who meets something else: which browsers, and whoever comes to which address. */
static void add_visitors(base_table *table, const char *label, const facts_verdict *verdict, facts_visitor visitor,
                         facts_access worst, const char *more)
{
    const facts_entrance *entrance = &verdict->entrances[FACTS_HTTPS];

    add_access(table, label, worst, more);
    for (facts_engine engine = FACTS_ENGINE_ANY + 1; engine < FACTS_ENGINES; engine++)
        if (entrance->endings[visitor][engine].seen && entrance->endings[visitor][engine].access != worst)
            add_access(table, facts_browser_name(facts_engine_browser(engine)),
                       entrance->endings[visitor][engine].access, "");
    for (size_t i = 0; i < entrance->address_count; i++)
        if (entrance->addresses[i].answers && entrance->addresses[i].endings[visitor].seen &&
            entrance->addresses[i].endings[visitor].access != worst)
            add_access(table, entrance->addresses[i].address, entrance->addresses[i].endings[visitor].access, "");
}

static void add_verdict(base_table *table, const facts_site *site)
{
    const facts_verdict *verdict = &site->verdict;
    char until[BASE_TIME_MAX];

    if (!verdict->looked)
        return;
    base_time_format(verdict->policy_until, until);
    add_visitors(table, "first visit", verdict, FACTS_STRANGER, verdict->first_visit,
                 verdict->in_force ? ", and holds a policy from then on" : "");
    if (verdict->possible)
        add_visitors(table, "returning visitor", verdict, FACTS_RETURNING, verdict->later_visit, after_visit(verdict));
    else
        report_row(table, BASE_STYLE_DIM, "returning visitor", "browsers cannot store a policy for this host");
    if (verdict->in_force)
        report_row(table, BASE_STYLE_PLAIN, "policy expires", "%s (for a visit now)", until);
}

static void add_listing(base_table *table, const char *label, const facts_listing *listing)
{
    const char *more = listing->include_subdomains ? ", with its subdomains" : ", without its subdomains";

    if (!listing->readable)
        report_row(table, BASE_STYLE_PLAIN, label, "%s: the vendor does not publish its list", listing->browsers);
    else if (listing->matched != NULL)
        report_row(table, BASE_STYLE_GOOD, label, "%s: listed, as %s%s (%s)", listing->browsers, listing->matched, more,
                   listing->age);
    else if (listing->list != NULL)
        report_row(table, BASE_STYLE_PLAIN, label, "%s: not listed (%s)", listing->browsers, listing->age);
    else
        report_row(table, BASE_STYLE_PLAIN, label, "%s: %s", listing->browsers, listing->age);
}

static void add_listings(base_table *table, const facts_site *site)
{
    for (size_t i = 0; i < site->listing_count; i++)
        add_listing(table, i == 0 ? "preload list" : "", &site->listings[i]);
}

static base_style style_of(const facts_site *site, const finding_judgement *judgement)
{
    if (finding_reaches(&judgement->findings, HF_SEVERITY_ERROR) || !site->verdict.looked)
        return BASE_STYLE_BAD;
    return finding_reaches(&judgement->findings, HF_SEVERITY_WARNING) ? BASE_STYLE_WARN : BASE_STYLE_GOOD;
}

static void write_verdict(const report_item *item, base_term *term)
{
    base_term_print(term, BASE_STYLE_BOLD, "%s", item->site->host.name);
    if (item->site->port != 443)
        base_term_print(term, BASE_STYLE_BOLD, " port %d", item->site->port);
    base_term_line(term, style_of(item->site, item->judgement), ": %s", item->judgement->summary);
}

static void write_item(const report_item *item, base_term *term)
{
    const facts_exchange *exchange = facts_site_https(item->site);
    base_table table;

    write_verdict(item, term);
    base_table_init(&table, 2);
    add_verdict(&table, item->site);
    add_listings(&table, item->site);
    add_ways(&table, item->site, item->judgement);
    add_fields(&table, item->judgement);
    report_text_names(&table, &item->site->names);
    add_attempts(&table, exchange);
    add_certificate(&table, &exchange->tls, item->judgement->now);
    add_default_host(&table, item->site, &exchange->tls);
    for (size_t i = 0; i < sizeof item->site->endpoints / sizeof *item->site->endpoints; i++)
        add_endpoints(&table, &item->site->endpoints[i]);
    add_other_certificates(&table, item->site);
    base_table_print(&table, term, 2);
    base_table_done(&table);
    for (size_t i = 0; i < item->judgement->findings.count; i++)
        report_finding_text(&item->judgement->findings.items[i], term);
}

static bool write(const report_item *items, size_t count, bool brief, base_term *term, base_error *error)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && !brief)
            base_term_gap(term);
        if (brief)
            write_verdict(&items[i], term);
        else
            write_item(&items[i], term);
    }
    if (!ferror(term->out))
        return true;
    base_error_set(error, "cannot write the report");
    return false;
}

const report_format report_format_text = {"text", write};
