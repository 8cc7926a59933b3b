#include "rules/judge.h"

#include "rules/family.h"

#include <stdarg.h>
#include <stdio.h>

void rule_add(rule_report *report, base_arena *arena, rule_id id, const char *proof, ...)
{
    char text[2048];
    va_list arguments;

    if (report->count == RULE_FINDINGS_MAX)
        return;
    va_start(arguments, proof);
    vsnprintf(text, sizeof text, proof, arguments);
    va_end(arguments);
    report->findings[report->count++] = (rule_finding){id, base_arena_string(arena, text)};
}

void rule_judge(const facts_host *facts, int64_t at, base_arena *arena, rule_report *report)
{
    memset(report, 0, sizeof *report);
    report->at = at;
    report->verdict.looked = true;
    report->verdict.noted = HF_NOTED_IGNORED_NO_FIELD;
    rule_connection(facts, arena, report);
    rule_certificate(facts, arena, report);
    rule_hsts(facts, arena, report);
    rule_verdict_of(facts, arena, report);
}

bool rule_report_reaches(const rule_report *report, hf_severity severity)
{
    for (size_t i = 0; i < report->count; i++)
        if (rule_find(report->findings[i].id)->severity >= severity)
            return true;
    return false;
}
