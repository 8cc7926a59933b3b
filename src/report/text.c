/* For people: the verdict on top, then what it rests on, then what to do. */
#include "report/estate.h"
#include "report/finding.h"
#include "report/report.h"
#include "report/row.h"
#include "report/text_certificate.h"
#include "report/text_mended.h"
#include "report/text_names.h"
#include "report/text_offers.h"
#include "report/text_subdomains.h"

#include "base/escape.h"
#include "base/time.h"

#define NOTES_SHOWN 20

/* -- The certificate and the connection ---------------------------------------------------------------------------- */

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

/* What is told of an address that has no certificate error. */
static const char *answer_text(const facts_endpoint *endpoint)
{
    const facts_tls *tls = &endpoint->exchange.tls;

    if (!endpoint->exchange.secure)
        return endpoint->to != NULL ? "redirects" : "answers without a redirect";
    return tls->certificate_count > 0 ? tls->certificates[0].subject : "no certificate";
}

/* Each address of a name that has several. */
static void add_endpoints(base_table *table, const facts_endpoints *endpoints)
{
    if (endpoints->proxy != NULL)
        report_row(table, BASE_STYLE_DIM, "each address", "not checked: the proxy %s stands in front of %s",
                   endpoints->proxy, endpoints->name);
    for (size_t i = 0; i < endpoints->count; i++) {
        const facts_endpoint *endpoint = &endpoints->items[i];
        const facts_exchange *exchange = &endpoint->exchange;
        bool bad = exchange->failure != NULL || exchange->tls.error_count > 0;

        report_row(table, bad ? BASE_STYLE_BAD : BASE_STYLE_PLAIN, i == 0 ? "each address" : "", "%s port %d, %s: %s",
                   endpoint->address, endpoint->port, endpoints->name,
                   exchange->failure != NULL       ? facts_code_text(exchange->failure->code)
                   : exchange->tls.error_count > 0 ? facts_tls_code_name(exchange->tls.errors[0].code)
                                                   : answer_text(endpoint));
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

/* After a visit now. */
static bool holds(const facts_verdict *verdict, const facts_ending endings[static FACTS_ENGINES], facts_engine engine)
{
    return endings[engine].seen && endings[engine].noted && verdict->policy_until[engine] != HF_TIME_UNKNOWN;
}

/* Browsers that hold the policy, and until when: those that hold it to the same moment together. */
static void add_reach(base_table *table, const facts_verdict *verdict)
{
    const facts_ending *endings = verdict->entrances[FACTS_HTTPS].endings[FACTS_STRANGER];
    bool told[FACTS_ENGINES] = {false};
    char text[REPORT_CELL_MAX] = "", until[BASE_TIME_MAX];
    size_t length = 0, groups = 0;

    for (facts_engine engine = FACTS_ENGINE_ANY + 1; engine < FACTS_ENGINES; engine++) {
        if (told[engine] || !holds(verdict, endings, engine))
            continue;
        base_time_format(verdict->policy_until[engine], until);
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%s in ", groups++ > 0 ? ", " : "", until);
        for (facts_engine other = engine; other < FACTS_ENGINES; other++) {
            if (!holds(verdict, endings, other) || verdict->policy_until[other] != verdict->policy_until[engine])
                continue;
            told[other] = true;
            length += (size_t)snprintf(text + length, sizeof text - length, "%s%s", other > engine ? " and " : "",
                                       facts_browser_name(facts_engine_browser(other)));
        }
    }
    base_time_format(verdict->policy_until[verdict->engine], until);
    if (groups > 1)
        report_row(table, BASE_STYLE_PLAIN, "policy expires", "%s (for a visit now)", text);
    else
        report_row(table, BASE_STYLE_PLAIN, "policy expires", "%s (for a visit now)", until);
}

/* Where the end of the policy could be taken for the end of it all: the last one that was served may not be the
 * longest. */
static void add_horizon(base_table *table, const facts_site *site)
{
    const facts_horizon *horizon = &site->horizon;
    const facts_hold *last = &horizon->holds[site->verdict.engine];
    base_arena arena = {0};
    char until[BASE_TIME_MAX];

    if (last->held) {
        base_time_format(last->until, until);
        report_row(table, BASE_STYLE_PLAIN, "horizon", "%s: until then somebody can hold the %s of %s", until,
                   last->preloaded ? "preload entry" : "policy", last->by);
    } else if (horizon->gap == FACTS_HORIZON_NONE) {
        report_row(table, BASE_STYLE_PLAIN, "horizon", "nobody holds a policy any more");
    } else if (horizon->gap == FACTS_HORIZON_NAME_MISSING ||
               (site->verdict.possible && site->verdict.noted == HF_NOTED_IGNORED_UNKNOWN)) {
        report_row(table, BASE_STYLE_WARN, "horizon", "unknown until when earlier visitors hold a policy: %s",
                   facts_horizon_gap_text(horizon, &arena));
    }
    base_arena_done(&arena);
}

static void add_verdict(base_table *table, const facts_site *site)
{
    const facts_verdict *verdict = &site->verdict;
    char from[BASE_TIME_MAX];

    if (!verdict->looked)
        return;
    add_visitors(table, "first visit", verdict, FACTS_STRANGER, verdict->first_visit,
                 verdict->in_force ? ", and holds a policy from then on" : "");
    if (verdict->possible)
        add_visitors(table, "returning visitor", verdict, FACTS_RETURNING, verdict->later_visit, after_visit(verdict));
    else
        report_row(table, BASE_STYLE_DIM, "returning visitor", "browsers cannot store a policy for this host");
    if (verdict->in_force)
        add_reach(table, verdict);
    base_time_format(verdict->lockout_from, from);
    if (verdict->lockout_from != HF_TIME_UNKNOWN)
        report_row(table, BASE_STYLE_PLAIN, "locked out from", "%s, when a certificate expires, unless it is renewed",
                   from);
    add_horizon(table, site);
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

static void write_facts(const report_item *item, bool all, base_term *term)
{
    const facts_exchange *exchange = facts_site_https(item->site);
    base_table table;

    base_table_init(&table, 2);
    add_verdict(&table, item->site);
    add_listings(&table, item->site);
    add_ways(&table, item->site, item->judgement);
    add_fields(&table, item->judgement);
    report_text_names(&table, &item->site->names);
    add_attempts(&table, exchange);
    report_text_certificate(&table, &exchange->tls, item->judgement->now);
    report_text_mended(&table, &item->site->mended);
    add_default_host(&table, item->site, &exchange->tls);
    for (facts_way way = 0; way < FACTS_WAYS; way++)
        add_endpoints(&table, &item->site->endpoints[way]);
    add_other_certificates(&table, item->site);
    report_text_offers(&table, &item->site->offers);
    report_text_subdomains(&table, &item->site->subdomains, all);
    base_table_print(&table, term, 2);
    base_table_done(&table);
}

/* What is a notice at every site of many would be read many times; JSON has it. */
static void write_findings(const report_item *item, report_extent extent, const finding_estate *estate,
                           report_snippets *shown, base_term *term)
{
    const finding_list *findings = &item->judgement->findings;
    hf_severity least = extent >= REPORT_WHOLE ? HF_SEVERITY_INFO : HF_SEVERITY_WARNING;

    for (size_t i = 0; i < findings->count && findings->items[i].severity >= least; i++)
        if (!estate->everywhere[findings->items[i].rule])
            report_finding_text(item, &findings->items[i], shown, term);
}

static void write_one(const report_item *item, report_extent extent, const finding_estate *estate,
                      report_snippets *shown, base_term *term)
{
    write_verdict(item, term);
    if (extent >= REPORT_WHOLE)
        write_facts(item, extent == REPORT_ALL, term);
    if (extent != REPORT_BRIEF)
        write_findings(item, extent, estate, shown, term);
}

static bool write(const report_item *items, size_t count, report_extent extent, base_term *term, base_error *error)
{
    report_snippets shown = {0};
    base_arena arena = {0};
    finding_estate estate = report_estate_of(items, count, &arena);

    for (size_t i = 0; i < count; i++) {
        if (i > 0 && extent != REPORT_BRIEF)
            base_term_gap(term);
        write_one(&items[i], extent, &estate, &shown, term);
    }
    if (count > 1 && extent != REPORT_BRIEF) {
        base_term_gap(term);
        report_estate_everywhere(&estate, &shown, term);
        report_estate_text(&estate, term);
    }
    report_snippets_done(&shown);
    base_arena_done(&arena);
    if (!ferror(term->out))
        return true;
    base_error_set(error, "cannot write the report");
    return false;
}

const report_format report_format_text = {"text", write};
