#include "cmd/probe_line.h"

#include "base/escape.h"
#include "base/json.h"
#include "base/term.h"

#include <inttypes.h>
#include <stdlib.h>

#define HOST_WIDTH 32
#define VALUE_MAX 160 /* octets of a field that a line of text shows */
#define JSON_INTEGER_MAX INT64_C(9007199254740991)

bool cmd_probe_sts_of(const hf_host *host, const facts_exchange *https, cmd_probe_sts *sts)
{
    const facts_response *response = https != NULL ? https->response : NULL;

    *sts = (cmd_probe_sts){0};
    for (size_t i = 0; response != NULL && i < response->count; i++)
        if (hf_header_is_sts(response->fields[i].name.data, response->fields[i].name.length)) {
            if (sts->count++ == 0)
                sts->value = response->fields[i].value;
        }
    if (sts->count == 0)
        return false;
    sts->valid = hf_header_parse(sts->value.data, sts->value.length, &sts->policy, NULL);
    /* RFC 6797 8.1: a UA notes a host "if [...] there are no underlying secure transport errors or warnings"; 8.1.1 and 8.3: and if
       it is no IP address. */
    sts->in_force = sts->valid && sts->policy.max_age > 0 && https->tls.error_count == 0 &&
                    host->kind == HF_HOST_NAME && !hf_host_is_localhost(host);
    return true;
}

/* -- JSON --------------------------------------------------------------------------------------------------------------------- */

static void key_failure(base_json *json, const facts_failure *failure)
{
    base_json_key(json, "failure");
    if (failure == NULL) {
        base_json_null(json);
        return;
    }
    base_json_object_begin(json);
    base_json_key_string(json, "phase", facts_phase_name(failure->phase));
    base_json_key_string(json, "code", facts_code_name(failure->code));
    base_json_key_string(json, "detail", failure->detail);
    base_json_object_end(json);
}

static void key_sts(base_json *json, const cmd_probe_entry *entry)
{
    cmd_probe_sts sts;

    base_json_key(json, "sts");
    if (!cmd_probe_sts_of(entry->host, entry->https, &sts)) {
        base_json_null(json);
        return;
    }
    base_json_object_begin(json);
    base_json_key_octets(json, "value", sts.value.data, sts.value.length);
    base_json_key_int(json, "fields", (int64_t)sts.count);
    base_json_key_bool(json, "valid", sts.valid);
    if (sts.valid) {
        base_json_key_int(json, "max_age",
                          sts.policy.max_age < JSON_INTEGER_MAX ? sts.policy.max_age : JSON_INTEGER_MAX);
        base_json_key_bool(json, "include_subdomains", sts.policy.include_subdomains);
        base_json_key_bool(json, "preload", sts.policy.preload);
    }
    base_json_key_bool(json, "in_force", sts.in_force);
    base_json_object_end(json);
}

static void key_tls(base_json *json, const facts_exchange *https)
{
    const facts_tls *tls = https != NULL ? &https->tls : NULL;

    base_json_key(json, "tls");
    if (tls == NULL || (!tls->established && tls->certificate_count == 0)) {
        base_json_null(json);
        return;
    }
    base_json_object_begin(json);
    base_json_key_string(json, "version", tls->version);
    base_json_key_time(json, "not_after",
                       tls->certificate_count > 0 ? tls->certificates[0].not_after : HF_TIME_UNKNOWN);
    base_json_key(json, "errors");
    base_json_array_begin(json);
    for (size_t i = 0; i < tls->error_count; i++)
        base_json_string(json, tls->errors[i].code);
    base_json_array_end(json);
    base_json_object_end(json);
}

/* The one that answered, or else the last that was tried. */
static const char *address_of(const facts_exchange *https)
{
    return https != NULL && https->attempt_count > 0 ? https->attempts[https->attempt_count - 1].address : NULL;
}

static void key_milliseconds(base_json *json, const cmd_probe_entry *entry)
{
    const facts_exchange *https = entry->https;
    const struct {
        const char *key;
        int64_t milliseconds;
    } timings[] = {{"resolve", entry->resolve_ms},
                   {"connect", https != NULL ? https->connect_ms : -1},
                   {"tls", https != NULL ? https->tls_ms : -1},
                   {"response", https != NULL ? https->response_ms : -1}};

    base_json_key(json, "milliseconds");
    base_json_object_begin(json);
    for (size_t i = 0; i < sizeof timings / sizeof *timings; i++)
        if (timings[i].milliseconds >= 0)
            base_json_key_int(json, timings[i].key, timings[i].milliseconds);
    base_json_object_end(json);
}

static void key_findings(base_json *json, const rule_report *report)
{
    base_json_key(json, "findings");
    base_json_array_begin(json);
    for (size_t i = 0; i < report->count; i++) {
        base_json_object_begin(json);
        base_json_key_string(json, "id", rule_find(report->findings[i].id)->name);
        base_json_key_string(json, "severity", hf_severity_name(rule_find(report->findings[i].id)->severity));
        base_json_key_string(json, "url", report->findings[i].hop->url);
        base_json_object_end(json);
    }
    base_json_array_end(json);
}

static void write_json(const cmd_probe_entry *entry, bool whole, base_buffer *out)
{
    const facts_response *response = entry->https != NULL ? entry->https->response : NULL;
    base_json json;

    base_json_init(&json, out, false);
    base_json_object_begin(&json);
    base_json_key_int(&json, "index", (int64_t)entry->index);
    base_json_key_string(&json, "host", entry->host->name);
    base_json_key_int(&json, "port", entry->port);
    base_json_key_string(&json, "depth", facts_depth_name(entry->depth));
    base_json_key_time(&json, "at", entry->at);
    base_json_key_int(&json, "attempts", entry->tries);
    base_json_key_string(&json, "address", address_of(entry->https));
    key_failure(&json, entry->failure);
    base_json_key(&json, "status");
    if (response != NULL)
        base_json_int(&json, response->status);
    else
        base_json_null(&json);
    key_sts(&json, entry);
    key_tls(&json, entry->https);
    key_milliseconds(&json, entry);
    if (entry->report != NULL)
        key_findings(&json, entry->report);
    if (entry->site != NULL && whole) {
        base_json_key(&json, "facts");
        facts_site_json(entry->site, &json);
    }
    base_json_object_end(&json);
}

/* -- Text --------------------------------------------------------------------------------------------------------------------- */

static void print_value(base_term *term, hf_span value)
{
    char text[BASE_ESCAPED_MAX];
    size_t length = value.length < VALUE_MAX ? value.length : VALUE_MAX;

    for (size_t i = 0; i < length; i++) {
        base_escape_octet((unsigned char)value.data[i], text);
        fputs(text, term->out);
    }
    if (length < value.length)
        fputs("...", term->out);
}

static void print_state(base_term *term, const cmd_probe_entry *entry)
{
    const facts_tls *tls = &entry->https->tls;
    cmd_probe_sts sts;
    bool sent = cmd_probe_sts_of(entry->host, entry->https, &sts);
    bool good = tls->error_count == 0;
    const char *state = !sent                     ? "no HSTS"
                        : !sts.valid              ? "void"
                        : sts.policy.max_age == 0 ? "off"
                        : sts.in_force            ? "in force"
                                                  : "ignored";

    base_term_print(term, sent && sts.in_force ? BASE_STYLE_GOOD : BASE_STYLE_WARN, good && !sent ? "%s" : "%-10s",
                    state);
    for (size_t i = 0; i < tls->error_count; i++)
        base_term_print(term, BASE_STYLE_BAD, "%s%s", i > 0 ? "," : "", tls->errors[i].code);
    if (sent && !good)
        fputs("  ", term->out);
    if (sent)
        print_value(term, sts.value);
}

static void write_text(const cmd_probe_form *form, const cmd_probe_entry *entry, FILE *out)
{
    base_term term = {.out = out, .colored = form->colored};
    char name[HF_HOST_MAX + 16], port[16] = "";
    bool bracketed = entry->host->kind == HF_HOST_IPV6 && entry->port != 443; /* as a list has it */

    if (entry->port != 443)
        snprintf(port, sizeof port, ":%d", entry->port);
    snprintf(name, sizeof name, bracketed ? "[%s]%s" : "%s%s", entry->host->name, port);
    base_term_print(&term, BASE_STYLE_PLAIN, "%-*s  ", HOST_WIDTH, name);
    if (entry->failure != NULL) {
        base_term_print(&term, BASE_STYLE_BAD, "%s", facts_code_name(entry->failure->code));
        base_term_print(&term, BASE_STYLE_PLAIN, ": %s", facts_code_text(entry->failure->code));
        if (*entry->failure->detail != '\0')
            base_term_print(&term, BASE_STYLE_DIM, " (%s)", entry->failure->detail);
        return;
    }
    base_term_print(&term, BASE_STYLE_PLAIN, "%d  %-7s  ", entry->https->response->status,
                    entry->https->tls.version != NULL ? entry->https->tls.version : "-");
    print_state(&term, entry);
    if (entry->report != NULL && entry->report->count > 0)
        base_term_print(&term, BASE_STYLE_DIM, "  %zu finding%s", entry->report->count,
                        entry->report->count == 1 ? "" : "s");
}

/* What `write` prints, behind `out`. */
static void print_into(base_buffer *out, void write(const void *self, FILE *file), const void *self)
{
    char *text = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&text, &length);

    if (file == NULL) {
        out->failed = true;
        return;
    }
    write(self, file);
    if (fclose(file) == 0)
        base_buffer_append(out, text, length);
    free(text);
}

typedef struct printing {
    const cmd_probe_form *form;
    const cmd_probe_entry *entry;
    const cmd_probe_refusal *refusal;
} printing;

static void print_entry(const void *self, FILE *file)
{
    const printing *p = self;

    write_text(p->form, p->entry, file);
}

void cmd_probe_line(const cmd_probe_form *form, const cmd_probe_entry *entry, base_buffer *out)
{
    const printing text = {form, entry, NULL};

    if (!form->json) {
        print_into(out, print_entry, &text);
        return;
    }
    write_json(entry, true, out);
    if (!out->failed)
        return;
    /* The facts are too long: the rest is said without them, and that is the sign. */
    base_buffer_clear(out);
    write_json(entry, false, out);
}

/* -- Refused ------------------------------------------------------------------------------------------------------------------ */

static void print_refusal(const void *self, FILE *file)
{
    const printing *p = self;
    base_term term = {.out = file, .colored = p->form->colored};

    base_term_print(&term, BASE_STYLE_PLAIN, "%-*s  ", HOST_WIDTH, "-");
    base_term_print(&term, BASE_STYLE_BAD, "refused");
    base_term_print(&term, BASE_STYLE_PLAIN, ": %s, line %" PRIu64 ": %s", p->refusal->source, p->refusal->line,
                    p->refusal->message);
}

void cmd_probe_line_refused(const cmd_probe_form *form, const cmd_probe_refusal *refusal, base_buffer *out)
{
    const printing text = {form, NULL, refusal};
    base_json json;

    if (!form->json) {
        print_into(out, print_refusal, &text);
        return;
    }
    base_json_init(&json, out, false);
    base_json_object_begin(&json);
    base_json_key_int(&json, "index", (int64_t)refusal->index);
    base_json_key(&json, "error");
    base_json_object_begin(&json);
    base_json_key_string(&json, "source", refusal->source);
    base_json_key_int(&json, "line", (int64_t)refusal->line);
    base_json_key(&json, "text");
    base_json_text(&json, refusal->text.data, refusal->text.length);
    base_json_key_string(&json, "message", refusal->message);
    base_json_object_end(&json);
    base_json_object_end(&json);
}
