#include "report/visit.h"

#include "base/escape.h"
#include "base/time.h"
#include "report/row.h"

#include <string.h>

#define OCTETS_SHOWN 400 /* of a value that a server sent */
#define ADDRESSES_SHOWN 4

/* A row of octets that a server sent. */
static void row_octets(base_table *table, const char *label, hf_span octets)
{
    base_buffer text;

    base_buffer_init(&text, REPORT_CELL_MAX);
    base_escape(octets.data, octets.length < OCTETS_SHOWN ? octets.length : OCTETS_SHOWN, &text);
    report_row(table, BASE_STYLE_PLAIN, label, "%s%s", base_buffer_string(&text),
               octets.length > OCTETS_SHOWN ? " ..." : "");
    base_buffer_done(&text);
}

/* -- Each kind of step --------------------------------------------------------------------------------------------- */

#define UNTIL_MAX (BASE_TIME_MAX + 8)

static void until_text(int64_t expires, char text[UNTIL_MAX])
{
    char time[BASE_TIME_MAX];

    base_time_format(expires, time);
    snprintf(text, UNTIL_MAX, "%s%s", expires == HF_TIME_NEVER ? "for ever" : "until ",
             expires == HF_TIME_NEVER ? "" : time);
}

static void add_lookup(base_table *table, const facts_visit_step *step)
{
    char until[UNTIL_MAX];

    if (!step->verdict.enforce) {
        report_row(table, BASE_STYLE_PLAIN, "known hosts", "%s", hf_reason_text(step->verdict.reason));
        return;
    }
    until_text(step->verdict.expires, until);
    report_row(table, BASE_STYLE_GOOD, "known hosts", "%s: %s; in force %s", step->known_host,
               hf_reason_text(step->verdict.reason), until);
}

static void add_upgrade(base_table *table, const facts_visit_step *step, facts_engine engine)
{
    if (step->by == FACTS_UPGRADE_HTTPS_FIRST) {
        if (engine == FACTS_ENGINE_ANY)
            report_row(table, BASE_STYLE_PLAIN, "https first", "browsers try %s first", step->to);
        else
            report_row(table, BASE_STYLE_PLAIN, "https first", "%s tries %s first",
                       facts_browser_name(facts_engine_browser(engine)), step->to);
        report_row(table, BASE_STYLE_PLAIN, "", "without HSTS: if that fails, over plain HTTP after all");
        return;
    }
    report_row(table, BASE_STYLE_GOOD, "upgrade", "307 Internal Redirect to %s", step->to);
    report_row(table, BASE_STYLE_PLAIN, "", "Non-Authoritative-Reason: %s; no packet has left this machine",
               facts_upgrade_reason(step->by));
}

static void add_fallback(base_table *table, const facts_visit_step *step)
{
    report_row(table, BASE_STYLE_WARN, "fallback", "to %s over plain HTTP: %s", step->to, step->page->text);
}

static void add_addresses(base_table *table, const facts_exchange *exchange)
{
    base_buffer text;

    if (exchange->address_count == 0)
        return;
    base_buffer_init(&text, REPORT_CELL_MAX);
    for (size_t i = 0; i < exchange->address_count && i < ADDRESSES_SHOWN; i++)
        base_buffer_appendf(&text, "%s%s", i > 0 ? ", " : "", exchange->addresses[i]);
    if (exchange->address_count > ADDRESSES_SHOWN)
        base_buffer_appendf(&text, " and %zu more", exchange->address_count - ADDRESSES_SHOWN);
    report_row(table, BASE_STYLE_PLAIN, "addresses", "%s", base_buffer_string(&text));
    base_buffer_done(&text);
}

static void add_attempts(base_table *table, const facts_exchange *exchange)
{
    for (size_t i = 0; i < exchange->attempt_count; i++) {
        const facts_attempt *attempt = &exchange->attempts[i];

        if (attempt->failure == NULL)
            report_row(table, BASE_STYLE_PLAIN, "connected", "%s port %d", attempt->address, attempt->port);
        else
            report_row(table, BASE_STYLE_BAD, "not connected", "%s port %d: %s", attempt->address, attempt->port,
                       facts_code_text(attempt->failure->code));
    }
}

static void add_tls(base_table *table, const facts_tls *tls)
{
    const facts_certificate *leaf = tls->certificates;
    char until[BASE_TIME_MAX] = "an unreadable date";

    if (tls->version != NULL)
        report_row(table, BASE_STYLE_PLAIN, "TLS", "%s%s%s", tls->version, tls->cipher != NULL ? ", " : "",
                   tls->cipher != NULL ? tls->cipher : "");
    if (tls->certificate_count > 0) {
        if (leaf->not_after != HF_TIME_UNKNOWN)
            base_time_format(leaf->not_after, until);
        report_row(table, BASE_STYLE_PLAIN, "certificate", "%s, signed by %s, valid until %s", leaf->subject,
                   leaf->issuer, until);
    }
    for (size_t i = 0; i < tls->error_count; i++)
        report_row(table, BASE_STYLE_BAD, "TLS error", "%s at depth %d: %s", facts_tls_code_name(tls->errors[i].code),
                   tls->errors[i].depth, tls->errors[i].text);
}

static void add_exchange(base_table *table, const facts_exchange *exchange)
{
    const facts_response *response = exchange->response;
    base_buffer reason;

    if (exchange->proxy != NULL)
        report_row(table, BASE_STYLE_PLAIN, "via", "the proxy %s", exchange->proxy);
    add_addresses(table, exchange);
    add_attempts(table, exchange);
    add_tls(table, &exchange->tls);
    if (response == NULL)
        return;
    base_buffer_init(&reason, REPORT_CELL_MAX);
    base_escape(response->reason.data, response->reason.length < OCTETS_SHOWN ? response->reason.length : OCTETS_SHOWN,
                &reason);
    report_row(table, BASE_STYLE_PLAIN, "response", "%d %s", response->status, base_buffer_string(&reason));
    base_buffer_done(&reason);
}

static void add_note(base_table *table, const facts_visit_note *note)
{
    char until[BASE_TIME_MAX], words[BASE_WORDS_MAX];
    bool taken = note->noted == HF_NOTED_ADDED || note->noted == HF_NOTED_RENEWED;

    if (note->sent != NULL)
        row_octets(table, "HSTS header", note->sent->value);
    if (note->trouble != NULL) {
        report_row(table, BASE_STYLE_BAD, "not kept", "%s", note->trouble);
        return;
    }
    report_row(table, taken ? BASE_STYLE_GOOD : BASE_STYLE_PLAIN, "policy", "%s: %s", hf_noted_name(note->noted),
               hf_noted_text(note->noted));
    if (!taken || note->sent == NULL)
        return;
    base_time_format(note->until, until);
    base_duration_words(note->sent->policy.max_age, words);
    report_row(table, BASE_STYLE_PLAIN, "", "%s, %s subdomains: until %s", words,
               note->sent->policy.include_subdomains ? "with" : "without", until);
}

static void add_redirect(base_table *table, const facts_visit_step *step)
{
    row_octets(table, "Location", *step->location);
    report_row(table, BASE_STYLE_PLAIN, "redirect", "to %s", step->to);
}

static void add_step(base_table *table, const facts_visit_step *step, facts_engine engine)
{
    switch (step->kind) {
    case FACTS_VISIT_LOOKUP:
        add_lookup(table, step);
        break;
    case FACTS_VISIT_UPGRADE:
        add_upgrade(table, step, engine);
        break;
    case FACTS_VISIT_FALLBACK:
        add_fallback(table, step);
        break;
    case FACTS_VISIT_EXCHANGE:
        add_exchange(table, step->exchange);
        break;
    case FACTS_VISIT_NOTE:
        add_note(table, &step->note);
        break;
    case FACTS_VISIT_REDIRECT:
        add_redirect(table, step);
        break;
    case FACTS_VISIT_FAILURE:
        if (step->location != NULL)
            row_octets(table, "Location", *step->location);
        break;
    case FACTS_VISIT_ARRIVAL:
    case FACTS_VISIT_WALL:
    case FACTS_VISIT_WARNING:
        break;
    }
}

/* -- The outcome --------------------------------------------------------------------------------------------------- */

static base_style style_of(const facts_visit *visit)
{
    return visit->outcome == FACTS_VISIT_ARRIVED ? BASE_STYLE_GOOD : BASE_STYLE_BAD;
}

static const char *outcome_words(facts_visit_outcome outcome)
{
    static const char *const words[] = {
        [FACTS_VISIT_ARRIVED] = "Arrived",
        [FACTS_VISIT_BLOCKED] = "Blocked by HSTS",
        [FACTS_VISIT_WARNED] = "A browser would show a warning",
        [FACTS_VISIT_FAILED] = "Failed",
        [FACTS_VISIT_UNSEEN] = "Could not look",
    };

    return words[outcome];
}

static void add_code(base_table *table, const char *label, const facts_shown *shown)
{
    if (shown->lets_in)
        report_row(table, BASE_STYLE_PLAIN, label, "the site");
    else if (shown->code != NULL)
        report_row(table, BASE_STYLE_BOLD, label, "%s", shown->code);
}

/* A TLS error of a host without a policy, which not every browser lets its user bypass. */
static const char *bypass_words(const facts_page *page)
{
    if (page->shown[FACTS_BROWSER_CHROME].lets_in)
        return "not possible in Firefox; Chrome lets visitors in";
    if (page->shown[FACTS_BROWSER_CHROME].bypass)
        return "possible in Chrome, not in Firefox (no HSTS policy for this host)";
    return page->shown[FACTS_BROWSER_FIREFOX].bypass
               ? "possible in Firefox, not in Chrome (no HSTS policy for this host)"
               : "not possible, also without HSTS";
}

static void print_page(const facts_visit_step *step, const facts_visit *visit, base_term *term)
{
    char until[UNTIL_MAX];
    base_table table;

    base_table_init(&table, 2);
    add_code(&table, "Chrome shows", &step->page->shown[FACTS_BROWSER_CHROME]);
    add_code(&table, "Firefox shows", &step->page->shown[FACTS_BROWSER_FIREFOX]);
    if (visit->outcome == FACTS_VISIT_BLOCKED) {
        until_text(step->verdict.expires, until);
        report_row(&table, BASE_STYLE_BAD, "bypass",
                   "not possible: the host has an HSTS policy, valid %s (RFC 6797 8.4, 12.1)", until);
        report_row(&table, BASE_STYLE_PLAIN, "",
                   "nothing was sent; the page opens again when the owner has repaired this");
    } else if (visit->outcome == FACTS_VISIT_WARNED) {
        report_row(&table, BASE_STYLE_WARN, "bypass", "possible (no HSTS policy for this host)");
        report_row(&table, BASE_STYLE_PLAIN, "", "nothing was sent, and no policy is noted (RFC 6797 8.1)");
    } else if (step->page->tls) {
        report_row(&table, BASE_STYLE_BAD, "bypass", "%s", bypass_words(step->page));
    }
    base_table_print(&table, term, 2);
    base_table_done(&table);
}

static void print_outcome(const facts_visit *visit, base_term *term)
{
    const facts_visit_step *last = &visit->steps[visit->count - 1];

    base_term_print(term, style_of(visit), "%s", outcome_words(visit->outcome));
    if (visit->outcome == FACTS_VISIT_ARRIVED) {
        base_term_line(term, BASE_STYLE_PLAIN, ": %s, status %d", visit->url, facts_visit_status(visit));
        return;
    }
    base_term_line(term, BASE_STYLE_PLAIN, ": %s: %s (%s)", visit->url, last->page->text, last->page->cause);
}

void report_visit_brief(const facts_visit *visit, base_term *term)
{
    print_outcome(visit, term);
}

void report_visit_text(const facts_visit *visit, base_term *term)
{
    const facts_visit_step *last = &visit->steps[visit->count - 1];

    for (size_t i = 0; i < visit->count;) {
        const char *url = visit->steps[i].url;
        base_table table;

        base_term_line(term, BASE_STYLE_BOLD, "%s", url);
        base_table_init(&table, 2);
        if (i == 0 && visit->asked != NULL && strcmp(visit->asked, url) != 0)
            report_row(&table, BASE_STYLE_PLAIN, "asked for", "%s", visit->asked);
        for (; i < visit->count && visit->steps[i].url == url; i++)
            add_step(&table, &visit->steps[i], visit->engine);
        base_table_print(&table, term, 2);
        base_table_done(&table);
    }
    print_outcome(visit, term);
    if (last->page != NULL)
        print_page(last, visit, term);
}
