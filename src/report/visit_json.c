#include "report/visit.h"

#include "report/field.h"

static void key_octets(base_json *json, const char *key, const hf_span *octets)
{
    base_json_key(json, key);
    if (octets != NULL)
        base_json_octets(json, octets->data, octets->length);
    else
        base_json_null(json);
}

static void key_status(base_json *json, int status)
{
    base_json_key(json, "status");
    if (status != 0)
        base_json_int(json, status);
    else
        base_json_null(json);
}

static void write_lookup(const facts_visit_step *step, base_json *json)
{
    const hf_verdict *verdict = &step->verdict;

    base_json_key_bool(json, "enforce", verdict->enforce);
    base_json_key_bool(json, "upgrade", verdict->upgrade);
    base_json_key_bool(json, "tls_errors_fatal", verdict->tls_errors_fatal);
    base_json_key_string(json, "reason", hf_reason_name(verdict->reason));
    base_json_key_string(json, "section", hf_reason_section(verdict->reason));
    base_json_key_string(json, "message", hf_reason_text(verdict->reason));
    base_json_key_string(json, "known_host", step->known_host);
    base_json_key_string(json, "source", verdict->learned ? "learned" : verdict->preloaded ? "preloaded" : NULL);
    base_json_key_time(json, "expires", verdict->enforce ? verdict->expires : HF_TIME_UNKNOWN);
}

static void write_upgrade(const facts_visit_step *step, base_json *json)
{
    key_status(json, 307);
    base_json_key_string(json, "non_authoritative_reason", facts_upgrade_reason(step->by));
    base_json_key_string(json, "by", facts_upgrade_name(step->by));
    base_json_key_string(json, "to", step->to);
}

static void write_fallback(const facts_visit_step *step, base_json *json)
{
    base_json_key_string(json, "cause", step->page->cause);
    base_json_key_string(json, "message", step->page->text);
    base_json_key_string(json, "to", step->to);
}

static void write_note(const facts_visit_note *note, base_json *json)
{
    bool taken = note->trouble == NULL && (note->noted == HF_NOTED_ADDED || note->noted == HF_NOTED_RENEWED);

    base_json_key_string(json, "noted", note->trouble == NULL ? hf_noted_name(note->noted) : NULL);
    base_json_key_string(json, "message", note->trouble == NULL ? hf_noted_text(note->noted) : note->trouble);
    base_json_key_bool(json, "kept", note->trouble == NULL);
    base_json_key(json, "field");
    if (note->sent != NULL)
        report_field_json(note->sent, json);
    else
        base_json_null(json);
    base_json_key_time(json, "until", taken ? note->until : HF_TIME_UNKNOWN);
}

static void write_redirect(const facts_visit_step *step, base_json *json)
{
    key_status(json, step->exchange->response->status);
    key_octets(json, "location", step->location);
    base_json_key_string(json, "to", step->to);
}

static void write_page(const facts_visit_step *step, base_json *json)
{
    base_json_key_string(json, "cause", step->page->cause);
    base_json_key_string(json, "message", step->page->text);
    base_json_key_string(json, "chrome", step->page->shown[FACTS_BROWSER_CHROME].code);
    base_json_key_string(json, "edge", step->page->shown[FACTS_BROWSER_EDGE].code);
    base_json_key_string(json, "firefox", step->page->shown[FACTS_BROWSER_FIREFOX].code);
    base_json_key_string(json, "safari", step->page->shown[FACTS_BROWSER_SAFARI].code);
    base_json_key_bool(json, "bypass", step->kind == FACTS_VISIT_WARNING);
    key_octets(json, "location", step->location);
}

static void write_step(const facts_visit_step *step, base_json *json)
{
    base_json_object_begin(json);
    base_json_key_string(json, "kind", facts_visit_kind_name(step->kind));
    base_json_key_string(json, "url", step->url);
    switch (step->kind) {
    case FACTS_VISIT_LOOKUP:
        write_lookup(step, json);
        break;
    case FACTS_VISIT_UPGRADE:
        write_upgrade(step, json);
        break;
    case FACTS_VISIT_FALLBACK:
        write_fallback(step, json);
        break;
    case FACTS_VISIT_EXCHANGE:
        base_json_key(json, "exchange");
        facts_exchange_json(step->exchange, json);
        break;
    case FACTS_VISIT_NOTE:
        write_note(&step->note, json);
        break;
    case FACTS_VISIT_REDIRECT:
        write_redirect(step, json);
        break;
    case FACTS_VISIT_ARRIVAL:
        key_status(json, step->exchange->response->status);
        break;
    case FACTS_VISIT_WALL:
    case FACTS_VISIT_WARNING:
    case FACTS_VISIT_FAILURE:
        write_page(step, json);
        break;
    }
    base_json_object_end(json);
}

void report_visit_json(const facts_visit *visit, base_json *json)
{
    base_json_object_begin(json);
    base_json_key_string(json, "asked", visit->asked);
    base_json_key_string(json, "outcome", facts_visit_outcome_name(visit->outcome));
    base_json_key_string(json, "access",
                         visit->outcome != FACTS_VISIT_UNSEEN ? facts_access_name(visit->access) : NULL);
    base_json_key_string(json, "url", visit->url);
    key_status(json, facts_visit_status(visit));
    base_json_key(json, "steps");
    base_json_array_begin(json);
    for (size_t i = 0; i < visit->count; i++)
        write_step(&visit->steps[i], json);
    base_json_array_end(json);
    base_json_object_end(json);
}
