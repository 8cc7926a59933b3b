#include "report/probe_fields.h"

#include "base/closest.h"
#include "base/json_read.h"
#include "findings/estate.h"

#include <stdlib.h>
#include <string.h>

#define NAME_MAX_LENGTH 64
#define FINDINGS_MAX (512 << 10) /* octets of a line behind which no further finding begins */
#define CELL_MAX ((size_t)4 << 20)
#define JSON_INTEGER_MAX INT64_C(9007199254740991)

typedef const report_probed item_t;

/* -- The host ------------------------------------------------------------------------------------------------------ */

static void write_index(item_t *i, const char *key, base_json *json)
{
    base_json_key_int(json, key, (int64_t)(i->probed != NULL ? i->probed->index : i->refused->index));
}

static void write_host(item_t *i, const char *key, base_json *json)
{
    base_json_key_string(json, key, i->probed->host->name);
}

static void write_port(item_t *i, const char *key, base_json *json)
{
    base_json_key_int(json, key, i->probed->port);
}

static void write_depth(item_t *i, const char *key, base_json *json)
{
    base_json_key_string(json, key, facts_depth_name(i->probed->depth));
}

static void write_at(item_t *i, const char *key, base_json *json)
{
    base_json_key_time(json, key, i->probed->now);
}

static void write_attempts(item_t *i, const char *key, base_json *json)
{
    base_json_key_int(json, key, i->probed->tries);
}

/* The one that answered, or else the last that was tried. */
static void write_address(item_t *i, const char *key, base_json *json)
{
    const facts_exchange *https = i->probed->https;
    const char *reached = https != NULL ? facts_exchange_address(https) : NULL;

    if (reached == NULL && https != NULL && https->attempt_count > 0)
        reached = https->attempts[https->attempt_count - 1].address;
    base_json_key_string(json, key, reached);
}

static void write_status(item_t *i, const char *key, base_json *json)
{
    const facts_response *response = i->probed->https != NULL ? i->probed->https->response : NULL;

    base_json_key(json, key);
    if (response != NULL)
        base_json_int(json, response->status);
    else
        base_json_null(json);
}

/* -- Why there is no answer ---------------------------------------------------------------------------------------- */

static bool has_failure(item_t *i)
{
    return i->probed != NULL && i->probed->failure != NULL;
}

static void write_phase(item_t *i, const char *key, base_json *json)
{
    base_json_key_string(json, key, facts_phase_name(i->probed->failure->phase));
}

static void write_code(item_t *i, const char *key, base_json *json)
{
    base_json_key_string(json, key, facts_code_name(i->probed->failure->code));
}

static void write_detail(item_t *i, const char *key, base_json *json)
{
    base_json_key_string(json, key, i->probed->failure->detail);
}

/* -- The STS field ------------------------------------------------------------------------------------------------- */

static bool has_sts(item_t *i)
{
    return i->probed != NULL && i->sts->count > 0;
}

static void write_value(item_t *i, const char *key, base_json *json)
{
    base_json_key_cut(json, key, i->sts->sent.value.data, i->sts->sent.value.length, 0);
}

static void write_count(item_t *i, const char *key, base_json *json)
{
    base_json_key_int(json, key, (int64_t)i->sts->count);
}

static void write_valid(item_t *i, const char *key, base_json *json)
{
    base_json_key_bool(json, key, i->sts->sent.valid);
}

static void write_max_age(item_t *i, const char *key, base_json *json)
{
    int64_t max_age = i->sts->sent.policy.max_age;

    if (i->sts->sent.valid)
        base_json_key_int(json, key, max_age < JSON_INTEGER_MAX ? max_age : JSON_INTEGER_MAX);
}

static void write_subdomains(item_t *i, const char *key, base_json *json)
{
    if (i->sts->sent.valid)
        base_json_key_bool(json, key, i->sts->sent.policy.include_subdomains);
}

static void write_preload(item_t *i, const char *key, base_json *json)
{
    if (i->sts->sent.valid)
        base_json_key_bool(json, key, i->sts->sent.policy.preload);
}

static void write_in_force(item_t *i, const char *key, base_json *json)
{
    base_json_key_bool(json, key, i->sts->in_force);
}

/* -- TLS ----------------------------------------------------------------------------------------------------------- */

static const facts_tls *tls_of(item_t *i)
{
    return &i->probed->https->tls;
}

static bool has_tls(item_t *i)
{
    return i->probed != NULL && i->probed->https != NULL &&
           (tls_of(i)->established || tls_of(i)->certificate_count > 0);
}

static void write_version(item_t *i, const char *key, base_json *json)
{
    base_json_key_string(json, key, tls_of(i)->version);
}

static void write_not_after(item_t *i, const char *key, base_json *json)
{
    base_json_key_time(json, key,
                       tls_of(i)->certificate_count > 0 ? tls_of(i)->certificates->not_after : HF_TIME_UNKNOWN);
}

static void write_certificate(item_t *i, const char *key, base_json *json)
{
    base_json_key(json, key);
    if (tls_of(i)->certificate_count > 0)
        facts_certificate_identity_json(tls_of(i)->certificates, json);
    else
        base_json_null(json);
}

static void write_errors(item_t *i, const char *key, base_json *json)
{
    base_json_key(json, key);
    base_json_array_begin(json);
    for (size_t error = 0; error < tls_of(i)->error_count; error++)
        base_json_string(json, facts_tls_code_name(tls_of(i)->errors[error].code));
    base_json_array_end(json);
}

/* -- How long it took ---------------------------------------------------------------------------------------------- */

static void write_milliseconds(int64_t milliseconds, const char *key, base_json *json)
{
    if (milliseconds >= 0)
        base_json_key_int(json, key, milliseconds);
}

static void write_phase_time(item_t *i, facts_phase phase, const char *key, base_json *json)
{
    write_milliseconds(i->probed->https != NULL ? i->probed->https->milliseconds[phase] : -1, key, json);
}

static void write_resolve(item_t *i, const char *key, base_json *json)
{
    write_milliseconds(i->probed->resolve_ms, key, json);
}

static void write_connect(item_t *i, const char *key, base_json *json)
{
    write_phase_time(i, FACTS_PHASE_CONNECT, key, json);
}

static void write_tls(item_t *i, const char *key, base_json *json)
{
    write_phase_time(i, FACTS_PHASE_TLS, key, json);
}

static void write_response(item_t *i, const char *key, base_json *json)
{
    write_phase_time(i, FACTS_PHASE_RESPONSE, key, json);
}

/* -- The verdict --------------------------------------------------------------------------------------------------- */

static bool has_verdict(item_t *i)
{
    return i->with_verdict && i->judgement != NULL;
}

static const facts_verdict *verdict_of(item_t *i)
{
    return &i->probed->site->verdict;
}

static void write_summary(item_t *i, const char *key, base_json *json)
{
    base_json_key_string(json, key, i->judgement->summary);
}

static void write_harm(item_t *i, const char *key, base_json *json)
{
    const finding *worst;

    base_json_key_string(json, key, finding_harm_name(finding_harm_of(i->probed->site, i->judgement, &worst)));
}

static void write_policy(item_t *i, const char *key, base_json *json)
{
    base_json_key_string(json, key, finding_policy_name(finding_policy_of(i->probed->site, i->judgement)));
}

static void write_looked(item_t *i, const char *key, base_json *json)
{
    base_json_key_bool(json, key, verdict_of(i)->looked);
}

static void write_complete(item_t *i, const char *key, base_json *json)
{
    base_json_key_bool(json, key, verdict_of(i)->complete);
}

static void write_hsts(item_t *i, const char *key, base_json *json)
{
    base_json_key_bool(json, key, verdict_of(i)->in_force);
}

static void write_first(item_t *i, const char *key, base_json *json)
{
    base_json_key_string(json, key, verdict_of(i)->looked ? facts_access_name(verdict_of(i)->first_visit) : NULL);
}

static void write_later(item_t *i, const char *key, base_json *json)
{
    base_json_key_string(json, key, verdict_of(i)->looked ? facts_access_name(verdict_of(i)->later_visit) : NULL);
}

static void write_certificate_until(item_t *i, const char *key, base_json *json)
{
    base_json_key_time(json, key, verdict_of(i)->certificate_until);
}

static void write_policy_until(item_t *i, const char *key, base_json *json)
{
    base_json_key_time(json, key, verdict_of(i)->policy_until[verdict_of(i)->engine]);
}

/* -- Findings: an array of objects --------------------------------------------------------------------------------- */

static bool has_findings(item_t *i)
{
    return i->judgement != NULL;
}

static void write_finding(const finding *of, const char *key, base_json *json)
{
    if (strcmp(key, "id") == 0) {
        base_json_key_string(json, key, rule_find(of->rule)->name);
    } else if (strcmp(key, "severity") == 0) {
        base_json_key_string(json, key, hf_severity_name(of->severity));
    } else if (strcmp(key, "place") == 0) {
        base_json_key(json, key);
        finding_place_json(&of->place, json);
    } else {
        base_json_key_string(json, key, of->place.url);
    }
}

/* -- A refused line ------------------------------------------------------------------------------------------------ */

static bool is_refused(item_t *i)
{
    return i->refused != NULL;
}

static void write_source(item_t *i, const char *key, base_json *json)
{
    base_json_key_string(json, key, i->refused->source);
}

static void write_line(item_t *i, const char *key, base_json *json)
{
    base_json_key_int(json, key, (int64_t)i->refused->line);
}

static void write_text(item_t *i, const char *key, base_json *json)
{
    base_json_key(json, key);
    base_json_input(json, i->refused->text.data, i->refused->text.length);
}

static void write_message(item_t *i, const char *key, base_json *json)
{
    base_json_key(json, key);
    base_json_input(json, i->refused->message, strlen(i->refused->message));
}

/* -- Facts --------------------------------------------------------------------------------------------------------- */

static bool has_facts(item_t *i)
{
    return i->probed != NULL && i->probed->site != NULL && i->probed->depth > FACTS_DEPTH_FIELD;
}

static void write_facts(item_t *i, const char *key, base_json *json)
{
    if (i->without_facts) {
        base_json_key_bool(json, "facts_cut", true);
        return;
    }
    base_json_key(json, key);
    facts_site_json(i->probed->site, json);
}

/* -- The table ----------------------------------------------------------------------------------------------------- */

static bool is_host(item_t *i)
{
    return i->probed != NULL;
}

static bool is_any(item_t *i)
{
    (void)i;
    return true;
}

typedef enum kind {
    KIND_MEMBER, /* of the line itself */
    KIND_OBJECT, /* null if it is not there */
    KIND_OPTION, /* an object that is left out if it is not there */
    KIND_ARRAY,  /* of findings */
} kind;

#define OWN(name) NULL, name, name
#define OF(object, name) object, name, object "." name

/* Members of one object stand together, in the order of the line. */
static const struct row {
    const char *object, *name, *whole; /* whole: with the object in front */
    kind kind;
    unsigned width;
    bool (*there)(item_t *item);
    void (*write)(item_t *item, const char *key, base_json *json); /* NULL: write_finding */
} rows[] = {
    {OWN("index"), KIND_MEMBER, 7, is_any, write_index},
    {OWN("host"), KIND_MEMBER, 32, is_host, write_host},
    {OWN("port"), KIND_MEMBER, 5, is_host, write_port},
    {OWN("depth"), KIND_MEMBER, 8, is_host, write_depth},
    {OWN("at"), KIND_MEMBER, 20, is_host, write_at},
    {OWN("attempts"), KIND_MEMBER, 8, is_host, write_attempts},
    {OWN("address"), KIND_MEMBER, 15, is_host, write_address},
    {OF("failure", "phase"), KIND_OBJECT, 8, has_failure, write_phase},
    {OF("failure", "code"), KIND_OBJECT, 20, has_failure, write_code},
    {OF("failure", "detail"), KIND_OBJECT, 24, has_failure, write_detail},
    {OWN("status"), KIND_MEMBER, 6, is_host, write_status},
    {OF("sts", "value"), KIND_OBJECT, 44, has_sts, write_value},
    {OF("sts", "fields"), KIND_OBJECT, 6, has_sts, write_count},
    {OF("sts", "valid"), KIND_OBJECT, 5, has_sts, write_valid},
    {OF("sts", "max_age"), KIND_OBJECT, 10, has_sts, write_max_age},
    {OF("sts", "include_subdomains"), KIND_OBJECT, 5, has_sts, write_subdomains},
    {OF("sts", "preload"), KIND_OBJECT, 5, has_sts, write_preload},
    {OF("sts", "in_force"), KIND_OBJECT, 5, has_sts, write_in_force},
    {OF("tls", "version"), KIND_OBJECT, 7, has_tls, write_version},
    {OF("tls", "not_after"), KIND_OBJECT, 20, has_tls, write_not_after},
    {OF("tls", "certificate"), KIND_OBJECT, 24, has_tls, write_certificate},
    {OF("tls", "errors"), KIND_OBJECT, 20, has_tls, write_errors},
    {OF("milliseconds", "resolve"), KIND_OBJECT, 7, is_host, write_resolve},
    {OF("milliseconds", "connect"), KIND_OBJECT, 7, is_host, write_connect},
    {OF("milliseconds", "tls"), KIND_OBJECT, 7, is_host, write_tls},
    {OF("milliseconds", "response"), KIND_OBJECT, 8, is_host, write_response},
    {OF("verdict", "summary"), KIND_OPTION, 60, has_verdict, write_summary},
    {OF("verdict", "harm"), KIND_OPTION, 9, has_verdict, write_harm},
    {OF("verdict", "policy"), KIND_OPTION, 20, has_verdict, write_policy},
    {OF("verdict", "looked"), KIND_OPTION, 5, has_verdict, write_looked},
    {OF("verdict", "complete"), KIND_OPTION, 5, has_verdict, write_complete},
    {OF("verdict", "hsts_in_force"), KIND_OPTION, 5, has_verdict, write_hsts},
    {OF("verdict", "first_visit"), KIND_OPTION, 10, has_verdict, write_first},
    {OF("verdict", "later_visit"), KIND_OPTION, 10, has_verdict, write_later},
    {OF("verdict", "certificate_until"), KIND_OPTION, 20, has_verdict, write_certificate_until},
    {OF("verdict", "policy_until"), KIND_OPTION, 20, has_verdict, write_policy_until},
    {OF("findings", "id"), KIND_ARRAY, 40, has_findings, NULL},
    {OF("findings", "severity"), KIND_ARRAY, 16, has_findings, NULL},
    {OF("findings", "place"), KIND_ARRAY, 40, has_findings, NULL},
    {OF("findings", "url"), KIND_ARRAY, 40, has_findings, NULL},
    {OWN("facts"), KIND_MEMBER, 40, has_facts, write_facts},
    {OF("error", "source"), KIND_OPTION, 16, is_refused, write_source},
    {OF("error", "line"), KIND_OPTION, 6, is_refused, write_line},
    {OF("error", "text"), KIND_OPTION, 24, is_refused, write_text},
    {OF("error", "message"), KIND_OPTION, 40, is_refused, write_message},
};

#define ROWS (sizeof rows / sizeof *rows)

/* -- Names --------------------------------------------------------------------------------------------------------- */

static bool is_same_object(const struct row *a, const struct row *b)
{
    return a->object != NULL && b->object != NULL && strcmp(a->object, b->object) == 0;
}

static size_t end_of_object(size_t first)
{
    size_t end = first + 1;

    while (end < ROWS && is_same_object(&rows[first], &rows[end]))
        end++;
    return end;
}

static bool find_column(const char *text, report_column *column)
{
    for (size_t i = 0; i < ROWS; i++) {
        if (strcmp(rows[i].whole, text) == 0) {
            *column = (report_column){.name = rows[i].whole, .first = i, .end = i + 1};
            return true;
        }
        if (rows[i].object != NULL && strcmp(rows[i].object, text) == 0) {
            *column = (report_column){.name = rows[i].object, .first = i, .end = end_of_object(i)};
            return true;
        }
    }
    return false;
}

static bool refuse(const char *text, base_error *error)
{
    base_closest closest = {.word = text};

    for (size_t i = 0; i < ROWS; i++) {
        base_closest_offer(&closest, rows[i].whole);
        if (rows[i].object != NULL)
            base_closest_offer(&closest, rows[i].object);
    }
    if (strncmp(text, "facts.", 6) == 0)
        base_error_set(error, "'%s': facts are one field, 'facts', with all that is in them", BASE_CUT(text));
    else if (closest.found != NULL)
        base_error_set(error, "there is no field '%s': did you mean %s?", BASE_CUT(text), closest.found);
    else
        base_error_set(error, "there is no field '%s': they are named as in the lines of --jsonl, as sts.max_age",
                       BASE_CUT(text));
    return false;
}

bool report_fields_read(report_fields *fields, const char *text, base_error *error)
{
    char name[NAME_MAX_LENGTH];

    for (;;) {
        size_t length = strcspn(text, ",");

        if (fields->count + 1 == REPORT_FIELDS_MAX) {
            base_error_set(error, "more than %d fields", REPORT_FIELDS_MAX - 1);
            return false;
        }
        snprintf(name, sizeof name, "%.*s", (int)(length < sizeof name ? length : sizeof name - 1), text);
        if (!find_column(name, &fields->columns[fields->count]))
            return refuse(name, error);
        fields->count++;
        if (text[length] == '\0')
            return true;
        text += length + 1;
    }
}

bool report_fields_have(const report_fields *fields, const char *object)
{
    for (size_t i = 0; i < fields->count; i++) {
        const struct row *row = &rows[fields->columns[i].first];

        if (row->object != NULL && strcmp(row->object, object) == 0)
            return true;
    }
    return false;
}

/* -- JSON ---------------------------------------------------------------------------------------------------------- */

/* Each has a URL, which a server may make as long as a head. */
static void write_findings(item_t *item, const bool *chosen, size_t first, size_t end, base_json *json)
{
    const finding_list *findings = &item->judgement->findings;
    size_t i;

    base_json_array_begin(json);
    for (i = 0; i < findings->count && json->out->length < FINDINGS_MAX; i++) {
        base_json_object_begin(json);
        for (size_t row = first; row < end; row++)
            if (chosen[row])
                write_finding(&findings->items[i], rows[row].name, json);
        base_json_object_end(json);
    }
    base_json_array_end(json);
    if (i < findings->count)
        base_json_key_int(json, "findings_cut", (int64_t)(findings->count - i));
}

static void write_members(item_t *item, const bool *chosen, size_t first, size_t end, base_json *json)
{
    base_json_object_begin(json);
    for (size_t row = first; row < end; row++)
        if (chosen[row])
            rows[row].write(item, rows[row].name, json);
    base_json_object_end(json);
}

static void write_object(item_t *item, const bool *chosen, size_t first, size_t end, base_json *json)
{
    if (!rows[first].there(item) && rows[first].kind != KIND_OBJECT)
        return;
    base_json_key(json, rows[first].object);
    if (!rows[first].there(item))
        base_json_null(json);
    else if (rows[first].kind == KIND_ARRAY)
        write_findings(item, chosen, first, end, json);
    else
        write_members(item, chosen, first, end, json);
}

static bool has_any(const bool *chosen, size_t first, size_t end)
{
    for (size_t row = first; row < end; row++)
        if (chosen[row])
            return true;
    return false;
}

void report_fields_json(const report_fields *fields, const report_probed *item, base_json *json)
{
    bool chosen[ROWS];

    memset(chosen, fields->count == 0, sizeof chosen);
    for (size_t i = 0; i < fields->count; i++)
        memset(chosen + fields->columns[i].first, true, fields->columns[i].end - fields->columns[i].first);
    for (size_t row = 0, end; row < ROWS; row = end) {
        end = rows[row].object != NULL ? end_of_object(row) : row + 1;
        if (!has_any(chosen, row, end))
            continue;
        if (rows[row].object != NULL)
            write_object(item, chosen, row, end, json);
        else if (rows[row].there(item))
            rows[row].write(item, rows[row].name, json);
    }
}

/* -- Cells --------------------------------------------------------------------------------------------------------- */

/* Behind the string that begins at `at`. */
static size_t end_of_string(const char *text, size_t at)
{
    for (at++; text[at] != '"' && text[at] != '\0'; at++)
        at += text[at] == '\\' && text[at + 1] != '\0';
    return at + (text[at] == '"');
}

/* Behind the value that begins at `at`. */
static size_t end_of_value(const char *text, size_t at)
{
    size_t depth = 0;

    for (; text[at] != '\0'; at++) {
        if (text[at] == '"') {
            at = end_of_string(text, at) - 1;
        } else if (text[at] == '{' || text[at] == '[') {
            depth++;
        } else if (text[at] == '}' || text[at] == ']') {
            if (depth == 0)
                return at;
            depth--;
        } else if (text[at] == ',' && depth == 0) {
            return at;
        }
    }
    return at;
}

/* A value as JSON has it: text without its quotes. */
static void add_value(const char *text, size_t length, base_buffer *out)
{
    char *room;
    size_t got;

    if (length == 4 && memcmp(text, "null", 4) == 0)
        return;
    if (*text != '"') {
        base_buffer_append(out, text, length);
        return;
    }
    room = base_buffer_reserve(out, length);
    if (room != NULL && base_json_read_text(text, length, room, length, &got, NULL))
        base_buffer_commit(out, got);
}

static bool is_texts(const char *text, size_t length)
{
    return length > 1 && text[0] == '[' && (text[1] == '"' || text[1] == ']');
}

static void add_texts(const char *text, size_t length, base_buffer *out)
{
    for (size_t at = 1, end; at + 1 < length; at = end + 1) {
        end = end_of_value(text, at);
        if (at > 1)
            base_buffer_char(out, ' ');
        add_value(text + at, end - at, out);
    }
}

static void add_cell(const char *text, size_t length, base_buffer *out)
{
    if (is_texts(text, length))
        add_texts(text, length, out);
    else
        add_value(text, length, out);
}

static void add_findings(item_t *item, const struct row *row, base_buffer *scratch, base_buffer *out)
{
    const finding_list *findings = &item->judgement->findings;
    size_t prefix = strlen(row->name) + strlen("{\"\":");

    for (size_t i = 0; i < findings->count && out->length < FINDINGS_MAX; i++) {
        base_json json;

        base_buffer_clear(scratch);
        base_json_init(&json, scratch, false);
        base_json_object_begin(&json);
        write_finding(&findings->items[i], row->name, &json);
        base_json_object_end(&json);
        if (i > 0)
            base_buffer_char(out, ' ');
        add_value(scratch->data + prefix, scratch->length - prefix - 1, out);
    }
}

/* Of an object the whole, as JSON has it. */
static void add_member(const report_column *column, item_t *item, base_buffer *scratch, base_buffer *out)
{
    const struct row *row = &rows[column->first];
    bool chosen[ROWS], whole = column->end - column->first > 1;
    size_t prefix = strlen(whole ? row->object : row->name) + strlen("{\"\":");
    base_json json;

    memset(chosen, true, sizeof chosen);
    base_json_init(&json, scratch, false);
    facts_site_limit_json(&json);
    base_json_object_begin(&json);
    if (whole)
        write_object(item, chosen, column->first, column->end, &json);
    else
        row->write(item, row->name, &json);
    base_json_object_end(&json);
    if (!scratch->failed && scratch->length > prefix)
        add_cell(scratch->data + prefix, end_of_value(scratch->data, prefix) - prefix, out);
}

void report_column_text(const report_column *column, const report_probed *item, base_buffer *out)
{
    const struct row *row = &rows[column->first];
    base_buffer scratch;

    if (!row->there(item))
        return;
    base_buffer_init(&scratch, CELL_MAX);
    if (row->kind == KIND_ARRAY && column->end - column->first == 1)
        add_findings(item, row, &scratch, out);
    else
        add_member(column, item, &scratch, out);
    base_buffer_done(&scratch);
}

size_t report_column_width(const report_column *column)
{
    size_t width = rows[column->first].width, name = strlen(column->name);

    return width > name ? width : name;
}
