/* For people: the verdict on top, then what it rests on, then what to do. */
#include "report/formats.h"
#include "report/wrap.h"

#include "base/escape.h"
#include "base/table.h"
#include "base/time.h"
#include "rules/judge.h"

#include <stdarg.h>

#define CELL_MAX 4096
#define NAMES_SHOWN 8
#define NOTES_SHOWN 20
#define DAY 86400
#define DAYS_MAX 40

static void row(base_table *table, base_style style, const char *label, const char *format, ...) BASE_PRINTF(4, 5);

static void row(base_table *table, base_style style, const char *label, const char *format, ...)
{
    char text[CELL_MAX];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    base_table_add(table, BASE_STYLE_DIM, label);
    base_table_add(table, style, text);
}

/* -- The certificate and the connection --------------------------------------------------------------------------------------- */

static void add_names(base_table *table, const facts_certificate *certificate)
{
    base_buffer names;

    base_buffer_init(&names, CELL_MAX);
    for (size_t i = 0; i < certificate->name_count && i < NAMES_SHOWN; i++)
        base_buffer_appendf(&names, "%s%s", i > 0 ? ", " : "", certificate->names[i]);
    if (certificate->name_count > NAMES_SHOWN)
        base_buffer_appendf(&names, " and %zu more", certificate->name_count - NAMES_SHOWN);
    row(table, BASE_STYLE_PLAIN, "names", "%s", certificate->name_count > 0 ? base_buffer_string(&names) : "none");
    base_buffer_done(&names);
}

static const char *days_text(int64_t seconds, const char *which, char text[static DAYS_MAX])
{
    long long days = (long long)(seconds / DAY);

    snprintf(text, DAYS_MAX, "%lld day%s%s", days, days == 1 ? "" : "s", which);
    return text;
}

static void add_validity(base_table *table, const facts_certificate *certificate, int64_t at)
{
    char from[BASE_TIME_MAX], until[BASE_TIME_MAX], days[DAYS_MAX];
    int64_t left;

    if (certificate->not_before == HF_TIME_UNKNOWN || certificate->not_after == HF_TIME_UNKNOWN) {
        row(table, BASE_STYLE_BAD, "valid", "its dates cannot be read");
        return;
    }
    left = certificate->not_after - at;
    base_time_format(certificate->not_before, from);
    base_time_format(certificate->not_after, until);
    if (at < certificate->not_before)
        row(table, BASE_STYLE_BAD, "valid", "%s to %s, not yet", from, until);
    else if (left < 0)
        row(table, BASE_STYLE_BAD, "valid", "%s to %s, expired %s", from, until, days_text(-left, " ago", days));
    else
        row(table, BASE_STYLE_PLAIN, "valid", "%s to %s, %s", from, until, days_text(left, " left", days));
}

static void add_chain(base_table *table, const facts_tls *tls)
{
    for (size_t i = 1; i < tls->certificate_count; i++)
        row(table, BASE_STYLE_PLAIN, i == 1 ? "sent with it" : "", "%s", tls->certificates[i].subject);
}

static void add_certificate(base_table *table, const facts_tls *tls, int64_t at)
{
    const facts_certificate *leaf = tls->certificates;

    if (tls->certificate_count == 0)
        return;
    row(table, BASE_STYLE_PLAIN, "certificate", "%s", leaf->subject);
    add_names(table, leaf);
    row(table, BASE_STYLE_PLAIN, "issuer", "%s", leaf->issuer);
    add_validity(table, leaf, at);
    row(table, BASE_STYLE_PLAIN, "key", "%s %d, signed with %s", leaf->key_type, leaf->key_bits, leaf->signature);
    add_chain(table, tls);
}

static void add_attempts(base_table *table, const facts_exchange *exchange)
{
    for (size_t i = 0; i < exchange->attempt_count; i++) {
        const facts_attempt *attempt = &exchange->attempts[i];

        if (attempt->failure == NULL && exchange->tls.established)
            row(table, BASE_STYLE_PLAIN, "reached", "%s port %d, %s, %s", attempt->address, attempt->port,
                exchange->tls.version, exchange->tls.cipher);
        else if (attempt->failure == NULL)
            row(table, BASE_STYLE_PLAIN, "reached", "%s port %d", attempt->address, attempt->port);
        else
            row(table, BASE_STYLE_BAD, "not reached", "%s port %d: %s", attempt->address, attempt->port,
                attempt->failure->text);
    }
}

/* -- The STS field ------------------------------------------------------------------------------------------------------------ */

static void add_notes(base_table *table, const rule_report *report)
{
    static const base_style styles[] = {BASE_STYLE_DIM, BASE_STYLE_WARN, BASE_STYLE_BAD};

    for (size_t i = 0; i < report->note_count && i < NOTES_SHOWN; i++) {
        hf_severity severity = hf_note_severity(report->notes[i].id);

        row(table, styles[severity], "", "%s at octet %zu: %s (%s)", hf_severity_name(severity),
            report->notes[i].offset, hf_note_message(report->notes[i].id), hf_note_name(report->notes[i].id));
    }
    if (report->note_count > NOTES_SHOWN)
        row(table, BASE_STYLE_DIM, "", "and %zu more", report->note_count - NOTES_SHOWN);
}

static void add_field(base_table *table, const rule_report *report)
{
    char words[BASE_WORDS_MAX];
    base_buffer value;

    if (report->field == NULL)
        return;
    base_buffer_init(&value, CELL_MAX);
    base_escape(report->field->value.data, report->field->value.length, &value);
    row(table, BASE_STYLE_PLAIN, "STS field", "%s%s", base_buffer_string(&value), value.failed ? " ..." : "");
    base_buffer_done(&value);
    add_notes(table, report);
    if (!report->field_valid)
        return;
    base_duration_words(report->policy.max_age, words);
    row(table, BASE_STYLE_PLAIN, "policy", "%s, %s subdomains%s", words,
        report->policy.include_subdomains ? "with" : "without", report->policy.preload ? ", consent to preload" : "");
}

/* -- The verdict -------------------------------------------------------------------------------------------------------------- */

static void add_access(base_table *table, const char *label, rule_access access, const char *more)
{
    static const struct {
        base_style style;
        const char *text;
    } words[] = {{BASE_STYLE_GOOD, "gets in"},
                 {BASE_STYLE_BAD, "a certificate warning, which can be clicked away"},
                 {BASE_STYLE_BAD, "locked out: an error page, and no way round it"},
                 {BASE_STYLE_BAD, "no page"}};

    row(table, words[access].style, label, "%s%s", words[access].text, access == RULE_ACCESS_OPEN ? more : "");
}

/* What this response does to a policy that the visitor's browser holds. */
static const char *after_visit(const rule_verdict *verdict)
{
    if (verdict->in_force)
        return ", never over plain HTTP; the policy is renewed";
    return verdict->noted == HF_NOTED_IGNORED_UNKNOWN ? ", and the policy is forgotten"
                                                      : ", never over plain HTTP, until the policy runs out";
}

static void add_verdict(base_table *table, const rule_report *report)
{
    const rule_verdict *verdict = &report->verdict;
    char until[BASE_TIME_MAX];

    if (!verdict->looked)
        return;
    base_time_format(verdict->policy_until, until);
    add_access(table, "new visitor", verdict->first_visit,
               verdict->in_force ? ", and holds a policy from then on" : "");
    add_access(table, "with a policy", verdict->later_visit, after_visit(verdict));
    if (verdict->in_force)
        row(table, BASE_STYLE_PLAIN, "policy until", "%s, for who visits now", until);
}

static base_style style_of(const rule_report *report)
{
    if (rule_report_reaches(report, HF_SEVERITY_ERROR) || !report->verdict.looked)
        return BASE_STYLE_BAD;
    return rule_report_reaches(report, HF_SEVERITY_WARNING) ? BASE_STYLE_WARN : BASE_STYLE_GOOD;
}

static void write_finding(const rule_finding *finding, base_term *term)
{
    static const base_style styles[] = {BASE_STYLE_DIM, BASE_STYLE_WARN, BASE_STYLE_BAD};
    const rule_entry *rule = rule_find(finding->id);
    char text[CELL_MAX];

    base_term_gap(term);
    base_term_print(term, styles[rule->severity], "  %s ", hf_severity_name(rule->severity));
    base_term_print(term, BASE_STYLE_BOLD, "%s", rule->name);
    base_term_line(term, BASE_STYLE_PLAIN, ": %s%s%s%s", rule->title, *rule->section != '-' ? " (RFC 6797 " : "",
                   *rule->section != '-' ? rule->section : "", *rule->section != '-' ? ")" : "");
    snprintf(text, sizeof text, "seen: %s", finding->proof);
    report_wrap(term, 4, text);
    snprintf(text, sizeof text, "why: %s", rule->why);
    report_wrap(term, 4, text);
    snprintf(text, sizeof text, "fix: %s", rule->fix);
    report_wrap(term, 4, text);
}

static void write_verdict(const report_item *item, base_term *term)
{
    base_term_print(term, BASE_STYLE_BOLD, "%s", item->facts->host.name);
    if (item->facts->port != 443)
        base_term_print(term, BASE_STYLE_BOLD, " port %d", item->facts->port);
    base_term_line(term, style_of(item->report), ": %s", item->report->summary);
}

static void write_item(const report_item *item, base_term *term)
{
    const facts_exchange *exchange = &item->facts->https;
    base_table table;

    write_verdict(item, term);
    base_table_init(&table, 2);
    add_verdict(&table, item->report);
    add_certificate(&table, &exchange->tls, item->report->at);
    add_attempts(&table, exchange);
    if (exchange->response != NULL)
        row(&table, BASE_STYLE_PLAIN, "response", "HTTP/1.%d %d, %zu fields", exchange->response->minor,
            exchange->response->status, exchange->response->count);
    add_field(&table, item->report);
    base_table_print(&table, term, 2);
    base_table_done(&table);
    for (size_t i = 0; i < item->report->count; i++)
        write_finding(&item->report->findings[i], term);
}

bool report_text(const report_item *items, size_t count, bool brief, base_term *term, base_error *error)
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
