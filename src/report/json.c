/* docs/schema/check.schema.json describes what is written here. */
#include "report/estate.h"
#include "report/field.h"
#include "report/finding.h"
#include "report/report.h"

#define DOCUMENT_MAX ((size_t)1 << 30)

static void write_field(base_json *json, const facts_sts_field *field)
{
    base_json_object_begin(json);
    base_json_key_string(json, "url", field->hop->url);
    base_json_key_int(json, "sts_fields", (int64_t)field->count);
    base_json_key(json, "sts_field");
    if (field->count == 0)
        base_json_null(json);
    else
        report_field_json(&field->sent, json);
    base_json_key_string(json, "noted", hf_noted_name(field->noted));
    base_json_object_end(json);
}

static void write_fields(base_json *json, const finding_judgement *judgement)
{
    base_json_key(json, "answers");
    base_json_array_begin(json);
    for (size_t i = 0; i < judgement->field_count; i++)
        write_field(json, &judgement->fields[i]);
    base_json_array_end(json);
}

static void write_findings(base_json *json, const report_item *item)
{
    base_json_key(json, "findings");
    base_json_array_begin(json);
    for (size_t i = 0; i < item->judgement->findings.count; i++)
        report_finding_json(item, &item->judgement->findings.items[i], json);
    base_json_array_end(json);
}

static void write_item(base_json *json, const report_item *item, bool brief)
{
    facts_site_limit_json(json);
    base_json_object_begin(json);
    base_json_key_string(json, "host", item->site->host.name);
    base_json_key_int(json, "port", item->site->port);
    base_json_key(json, "http_port");
    if (item->site->http_port != 0)
        base_json_int(json, item->site->http_port);
    else
        base_json_null(json);
    base_json_key_string(json, "target", item->site->target);
    base_json_key_time(json, "at", item->judgement->now);
    base_json_key(json, "verdict");
    facts_verdict_json(&item->site->verdict, item->judgement->summary, json);
    if (brief) {
        base_json_object_end(json);
        return;
    }
    base_json_key(json, "horizon");
    facts_horizon_json(&item->site->horizon, json);
    base_json_key(json, "preload");
    facts_listings_json(item->site, json);
    write_fields(json, item->judgement);
    write_findings(json, item);
    base_json_key(json, "facts");
    facts_site_json(item->site, json);
    base_json_object_end(json);
}

static void write_summary(const report_item *items, size_t count, base_json *json)
{
    base_arena arena = {0};
    finding_estate estate = report_estate_of(items, count, &arena);

    base_json_key(json, "summary");
    report_estate_json(&estate, json);
    base_arena_done(&arena);
}

static bool write(const report_item *items, size_t count, report_extent extent, base_term *term, base_error *error)
{
    base_buffer out;
    base_json json;
    bool written;

    base_buffer_init(&out, DOCUMENT_MAX);
    base_json_init(&json, &out, true);
    base_json_object_begin(&json);
    base_json_key(&json, "hosts");
    base_json_array_begin(&json);
    for (size_t i = 0; i < count; i++)
        write_item(&json, &items[i], extent == REPORT_BRIEF);
    base_json_array_end(&json);
    write_summary(items, count, &json);
    base_json_object_end(&json);
    base_buffer_char(&out, '\n');
    written = base_buffer_flush(&out, term->out, error);
    base_buffer_done(&out);
    return written;
}

const report_format report_format_json = {"json", write};
