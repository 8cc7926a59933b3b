#include "report/finding.h"

#include "report/wrap.h"

#include <string.h>

#define LINE_MAX ((size_t)1 << 20)
#define INDENT 4

void report_snippets_done(report_snippets *shown)
{
    base_arena_done(&shown->arena);
    *shown = (report_snippets){0};
}

static void write_title(const finding *item, const rule_entry *rule, base_term *term)
{
    static const base_style styles[] = {BASE_STYLE_DIM, BASE_STYLE_WARN, BASE_STYLE_BAD};
    bool in_rfc = rule->section[0] != '-';

    base_term_print(term, styles[item->severity], "  %s ", hf_severity_name(item->severity));
    base_term_print(term, BASE_STYLE_BOLD, "%s", rule->name);
    base_term_line(term, BASE_STYLE_PLAIN, ": %s%s%s%s", rule->title, in_rfc ? " (RFC 6797 " : "",
                   in_rfc ? rule->section : "", in_rfc ? ")" : "");
}

void report_lines(const char *text, size_t indent, base_term *term)
{
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");

        base_term_line(term, BASE_STYLE_BOLD, "%*s%.*s", (int)indent, "", (int)length, text);
        text += length + (text[length] == '\n');
    }
}

/* The finding for which this very text was shown; NULL: it was not. */
static const rule_entry *shown_for(const report_snippets *shown, const char *text)
{
    for (size_t i = 0; i < shown->count; i++)
        if (strcmp(shown->items[i].text, text) == 0)
            return rule_find(shown->items[i].rule);
    return NULL;
}

static void write_snippet(const report_item *site, const finding *item, report_snippets *shown, base_term *term)
{
    finding_snippet snippet;
    const rule_entry *before;
    base_buffer text;

    if (!finding_snippet_of(item, site->site, site->judgement, &shown->arena, &snippet))
        return;
    before = shown_for(shown, snippet.text);
    if (before != NULL) {
        base_term_line(term, BASE_STYLE_PLAIN, "%*s%s: as above, for %s", INDENT, "",
                       finding_server_title(snippet.server), before->name);
        return;
    }
    shown->items = base_arena_grow(&shown->arena, shown->items, shown->count, &shown->capacity, sizeof *shown->items);
    shown->items[shown->count++] = (struct report_snippet){snippet.text, item->rule};
    base_term_line(term, BASE_STYLE_PLAIN, "%*s%s:", INDENT, "", finding_server_title(snippet.server));
    report_lines(snippet.text, INDENT + 2, term);
    if (snippet.trap == NULL)
        return;
    base_buffer_init(&text, LINE_MAX);
    base_buffer_appendf(&text, "mind: %s", snippet.trap);
    report_wrap(term, INDENT, base_buffer_string(&text));
    base_buffer_done(&text);
}

void report_finding_text(const report_item *site, const finding *item, report_snippets *shown, base_term *term)
{
    const rule_entry *rule = rule_find(item->rule);
    base_buffer text;

    base_buffer_init(&text, LINE_MAX);
    base_term_gap(term);
    write_title(item, rule, term);
    base_buffer_appendf(&text, "why: %s", rule->why);
    report_wrap(term, INDENT, base_buffer_string(&text));
    base_buffer_clear(&text);
    finding_place_text(&item->place, &text);
    base_buffer_appendf(&text, ": %s", item->proof);
    report_wrap(term, INDENT, base_buffer_string(&text));
    base_buffer_clear(&text);
    base_buffer_appendf(&text, "fix: %s", item->fix);
    report_wrap(term, INDENT, base_buffer_string(&text));
    base_buffer_done(&text);
    if (item->severity > HF_SEVERITY_INFO)
        write_snippet(site, item, shown, term);
}

static void write_block(const report_item *site, const finding *item, base_json *json)
{
    base_arena arena = {0};
    finding_snippet snippet;

    base_json_key(json, "fix_block");
    if (finding_snippet_of(item, site->site, site->judgement, &arena, &snippet)) {
        base_json_object_begin(json);
        base_json_key_string(json, "server", finding_server_name(snippet.server));
        base_json_key_string(json, "text", snippet.text);
        base_json_key_string(json, "trap", snippet.trap);
        base_json_object_end(json);
    } else {
        base_json_null(json);
    }
    base_arena_done(&arena);
}

void report_finding_json(const report_item *site, const finding *item, base_json *json)
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
    write_block(site, item, json);
    base_json_key_string(json, "visitor", rule->visitor);
    base_json_object_end(json);
}
