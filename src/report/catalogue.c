#include "report/catalogue.h"

#include "report/finding.h"
#include "report/wrap.h"

#include <string.h>

#define TEXT_MAX ((size_t)16 << 10)
#define HOST "example.com"
#define TITLE_LEAST 36 /* columns beside the id, or the title gets a line of its own */

static const base_style styles[] = {BASE_STYLE_DIM, BASE_STYLE_WARN, BASE_STYLE_BAD};

/* -- All of them --------------------------------------------------------------------------------------------------- */

static size_t longest_name(void)
{
    size_t longest = 0;

    for (rule_id id = 0; id < RULE_COUNT; id++)
        if (strlen(rule_entries[id].name) > longest)
            longest = strlen(rule_entries[id].name);
    return longest;
}

static void write_row(const rule_entry *rule, size_t width, base_term *term)
{
    size_t before = 2 + width + 2 + strlen("warning") + 2;

    base_term_print(term, BASE_STYLE_BOLD, "  %-*s  ", (int)width, rule->name);
    base_term_print(term, styles[rule->severity], "%s", hf_severity_name(rule->severity));
    if (term->width >= before + TITLE_LEAST) {
        base_term_print(term, BASE_STYLE_PLAIN, "%*s",
                        (int)(before - 4 - width - strlen(hf_severity_name(rule->severity))), "");
        report_wrap_behind(term, before, rule->title);
    } else {
        base_term_gap(term);
        report_wrap(term, 6, rule->title);
    }
}

void report_catalogue(base_term *term)
{
    const finding_family *family = NULL;
    size_t width = longest_name();

    for (rule_id id = 0; id < RULE_COUNT; id++) {
        const rule_entry *rule = &rule_entries[id];

        if (rule->family != family) {
            if (family != NULL)
                base_term_gap(term);
            family = rule->family;
            report_wrap(term, 0, family->heading);
        }
        write_row(rule, width, term);
    }
    base_term_gap(term);
    base_term_line(term, BASE_STYLE_DIM, "holdfast help FINDING: what one of them means, and what to do");
}

/* -- One of them --------------------------------------------------------------------------------------------------- */

static void write_text(const char *label, const char *text, base_term *term)
{
    base_buffer line;

    if (text == NULL)
        return;
    base_buffer_init(&line, TEXT_MAX);
    base_buffer_appendf(&line, "%s: %s", label, text);
    base_term_gap(term);
    report_wrap(term, 0, base_buffer_string(&line));
    base_buffer_done(&line);
}

static void write_block(const rule_entry *rule, finding_server server, base_term *term)
{
    base_arena arena = {0};
    finding_snippet snippet;

    if (finding_block_of(rule, server, HOST, NULL, &arena, &snippet)) {
        base_term_gap(term);
        base_term_line(term, BASE_STYLE_PLAIN, "%s:", finding_server_title(server));
        report_lines(snippet.text, 2, term);
        if (snippet.trap != NULL)
            report_wrap(term, 2, base_arena_format(&arena, "mind: %s", snippet.trap));
    }
    base_arena_done(&arena);
}

void report_catalogue_entry(const rule_entry *rule, base_term *term)
{
    bool in_rfc = rule->section[0] != '-';

    base_term_print(term, styles[rule->severity], "%s ", hf_severity_name(rule->severity));
    base_term_print(term, BASE_STYLE_BOLD, "%s", rule->name);
    base_term_line(term, BASE_STYLE_PLAIN, ": %s%s%s%s", rule->title, in_rfc ? " (RFC 6797 " : "",
                   in_rfc ? rule->section : "", in_rfc ? ")" : "");
    if (rule->configuration != rule->severity)
        write_text("in a configuration", hf_severity_name(rule->configuration), term);
    write_text("why", rule->why, term);
    write_text("fix", rule->fix, term);
    for (finding_server server = 0; server < FINDING_SERVERS; server++)
        write_block(rule, server, term);
    write_text("visitors", rule->visitor, term);
    write_text("others", rule->others, term);
}
