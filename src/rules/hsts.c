/* What the STS field does, by the engine: the same code that a user agent would run on this response. */
#include "rules/family.h"

#define SHORT (180 * 86400) /* what checkers and MDN ask for at least */
#define NOTES_NAMED 5       /* in the proof of a finding */

static size_t count_fields(const facts_response *response)
{
    size_t count = 0;

    for (size_t i = 0; i < response->count; i++)
        count += hf_header_is_sts(response->fields[i].name.data, response->fields[i].name.length);
    return count;
}

/* What becomes of this response in a browser that knows no host yet. */
static hf_noted note(const facts_host *facts, const facts_response *response, int64_t at)
{
    hf_hosts_options options = hf_hosts_options_init();
    hf_response circumstances = hf_response_init();
    hf_noted noted = HF_NOTED_IGNORED_NO_FIELD;
    hf_hosts *hosts;

    options.limit = 1;
    if (hf_hosts_new(&options, &hosts) != HF_OK)
        base_out_of_memory();
    circumstances.now = at;
    circumstances.secure = facts->https.tls.established;
    /* RFC 6797 8.1: the field counts only if "there are no underlying secure transport errors or warnings". */
    circumstances.tls_error = facts->https.tls.error_count > 0;
    if (hf_hosts_note_fields(hosts, &facts->host, response->fields, response->count, &circumstances, &noted) != HF_OK)
        base_out_of_memory();
    hf_hosts_free(hosts);
    return noted;
}

/* The first notes that matter, in one line; the report shows each at its place. NULL: there is none. */
static const char *notes_text(const rule_report *report, hf_severity severity, base_arena *arena)
{
    const char *text = NULL;
    size_t count = 0;

    for (size_t i = 0; i < report->note_count; i++) {
        hf_note_id id = report->notes[i].id;

        if (hf_note_severity(id) >= severity && count++ < NOTES_NAMED)
            text = base_arena_format(arena, "%s%s%s (at octet %zu)", text != NULL ? text : "", text != NULL ? "; " : "",
                                     hf_note_message(id), report->notes[i].offset);
    }
    return count > NOTES_NAMED ? base_arena_format(arena, "%s; and %zu more", text, count - NOTES_NAMED) : text;
}

static void read_field(base_arena *arena, rule_report *report)
{
    hf_span value = report->field->value;
    hf_notes notes = {0};

    /* Once to count the notes, and once to keep them. */
    report->field_valid = hf_header_parse(value.data, value.length, &report->policy, &notes);
    notes.capacity = notes.count;
    notes.items = base_arena_take(arena, notes.count * sizeof *notes.items);
    report->field_valid = hf_header_parse(value.data, value.length, &report->policy, &notes);
    report->notes = notes.items;
    report->note_count = notes.count;
}

static void judge_field(base_arena *arena, rule_report *report)
{
    const char *warnings;

    read_field(arena, report);
    if (!report->field_valid) {
        rule_add(report, arena, RULE_HSTS_VOID, "%s", notes_text(report, HF_SEVERITY_ERROR, arena));
        return;
    }
    warnings = notes_text(report, HF_SEVERITY_WARNING, arena);
    if (warnings != NULL)
        rule_add(report, arena, RULE_HSTS_PECULIAR, "%s", warnings);
    if (report->policy.max_age == 0)
        rule_add(report, arena, RULE_HSTS_OFF, "max-age=0");
    else if (report->policy.max_age < SHORT)
        rule_add(report, arena, RULE_HSTS_SHORT, "max-age=%lld", (long long)report->policy.max_age);
}

void rule_hsts(const facts_host *facts, base_arena *arena, rule_report *report)
{
    const facts_response *response = facts->https.response;
    size_t first;

    if (response == NULL)
        return;
    report->verdict.noted = note(facts, response, report->at);
    report->field_count = count_fields(response);
    first = hf_header_first(response->fields, response->count);
    if (first == response->count) {
        rule_add(report, arena, RULE_HSTS_MISSING, "%zu fields came with status %d, none of them " HF_HEADER_NAME,
                 response->count, response->status);
        return;
    }
    report->field = &response->fields[first];
    judge_field(arena, report);
    if (report->field_count > 1)
        rule_add(report, arena, RULE_HSTS_SEVERAL, "%zu fields", report->field_count);
    if (facts->host.kind != HF_HOST_NAME)
        rule_add(report, arena, RULE_HSTS_IP_ADDRESS, "the host is %s", facts->host.name);
    if (report->verdict.noted == HF_NOTED_IGNORED_LOCALHOST)
        rule_add(report, arena, RULE_HSTS_LOCALHOST, "the host is %s", facts->host.name);
}
