#include "report/finding.h"

#include "report/wrap.h"

#define LINE_MAX ((size_t)1 << 20)

static void write_title(const finding *item, const rule_entry *rule, base_term *term)
{
    static const base_style styles[] = {BASE_STYLE_DIM, BASE_STYLE_WARN, BASE_STYLE_BAD};
    bool in_rfc = rule->section[0] != '-';

    base_term_print(term, styles[item->severity], "  %s ", hf_severity_name(item->severity));
    base_term_print(term, BASE_STYLE_BOLD, "%s", rule->name);
    base_term_line(term, BASE_STYLE_PLAIN, ": %s%s%s%s", rule->title, in_rfc ? " (RFC 6797 " : "",
                   in_rfc ? rule->section : "", in_rfc ? ")" : "");
}

void report_finding_text(const finding *item, base_term *term)
{
    const rule_entry *rule = rule_find(item->rule);
    base_buffer text;

    base_buffer_init(&text, LINE_MAX);
    base_term_gap(term);
    write_title(item, rule, term);
    finding_place_text(&item->place, &text);
    base_buffer_appendf(&text, ": %s", item->proof);
    report_wrap(term, 4, base_buffer_string(&text));
    base_buffer_clear(&text);
    base_buffer_appendf(&text, "why: %s", rule->why);
    report_wrap(term, 4, base_buffer_string(&text));
    base_buffer_clear(&text);
    base_buffer_appendf(&text, "fix: %s", item->fix);
    report_wrap(term, 4, base_buffer_string(&text));
    base_buffer_done(&text);
}

void report_finding_json(const finding *item, base_json *json)
{
    const rule_entry *rule = rule_find(item->rule);

    base_json_object_begin(json);
    base_json_key_string(json, "id", rule->name);
    base_json_key_string(json, "severity", hf_severity_name(item->severity));
    base_json_key_string(json, "section", rule->section);
    base_json_key(json, "place");
    finding_place_json(&item->place, json);
    base_json_key_string(json, "url", item->place.url);
    base_json_key_string(json, "title", rule->title);
    base_json_key_string(json, "proof", item->proof);
    base_json_key_string(json, "why", rule->why);
    base_json_key_string(json, "fix", item->fix);
    base_json_object_end(json);
}
