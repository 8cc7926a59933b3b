#include "report/probe_line.h"

#include "base/escape.h"
#include "base/json.h"
#include "base/term.h"

#include <inttypes.h>
#include <stdlib.h>

#define HOST_WIDTH 32
#define VALUE_MAX 160            /* octets of a field that a line of text shows */
#define FINDINGS_MAX (512 << 10) /* octets of a line behind which no further finding begins */
#define JSON_INTEGER_MAX INT64_C(9007199254740991)

/* -- JSON ---------------------------------------------------------------------------------------------------------- */

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

static void key_sts(base_json *json, const facts_sts_field *sts)
{
    const hf_policy *policy = &sts->sent.policy;

    base_json_key(json, "sts");
    if (sts->count == 0) {
        base_json_null(json);
        return;
    }
    base_json_object_begin(json);
    base_json_key_cut(json, "value", sts->sent.value.data, sts->sent.value.length, 0);
    base_json_key_int(json, "fields", (int64_t)sts->count);
    base_json_key_bool(json, "valid", sts->sent.valid);
    if (sts->sent.valid) {
        base_json_key_int(json, "max_age", policy->max_age < JSON_INTEGER_MAX ? policy->max_age : JSON_INTEGER_MAX);
        base_json_key_bool(json, "include_subdomains", policy->include_subdomains);
        base_json_key_bool(json, "preload", policy->preload);
    }
    base_json_key_bool(json, "in_force", sts->in_force);
    base_json_object_end(json);
}

static void key_tls(base_json *json, const facts_exchange *https)
{
    const facts_tls *tls = https != NULL ? &https->tls : NULL;
    const facts_certificate *leaf = tls != NULL && tls->certificate_count > 0 ? tls->certificates : NULL;

    base_json_key(json, "tls");
    if (tls == NULL || (!tls->established && tls->certificate_count == 0)) {
        base_json_null(json);
        return;
    }
    base_json_object_begin(json);
    base_json_key_string(json, "version", tls->version);
    base_json_key_time(json, "not_after", leaf != NULL ? leaf->not_after : HF_TIME_UNKNOWN);
    base_json_key(json, "certificate");
    if (leaf != NULL)
        facts_certificate_identity_json(leaf, json);
    else
        base_json_null(json);
    base_json_key(json, "errors");
    base_json_array_begin(json);
    for (size_t i = 0; i < tls->error_count; i++)
        base_json_string(json, facts_tls_code_name(tls->errors[i].code));
    base_json_array_end(json);
    base_json_object_end(json);
}

/* The one that answered, or else the last that was tried. */
static const char *address_of(const facts_exchange *https)
{
    const char *reached = https != NULL ? facts_exchange_address(https) : NULL;

    return reached != NULL || https == NULL || https->attempt_count == 0
               ? reached
               : https->attempts[https->attempt_count - 1].address;
}

static void key_milliseconds(base_json *json, const facts_probed *probed)
{
    const facts_exchange *https = probed->https;

    const struct {
        const char *key;
        int64_t milliseconds;
    } timings[] = {{"resolve", probed->resolve_ms},
                   {"connect", https != NULL ? https->milliseconds[FACTS_PHASE_CONNECT] : -1},
                   {"tls", https != NULL ? https->milliseconds[FACTS_PHASE_TLS] : -1},
                   {"response", https != NULL ? https->milliseconds[FACTS_PHASE_RESPONSE] : -1}};

    base_json_key(json, "milliseconds");
    base_json_object_begin(json);
    for (size_t i = 0; i < sizeof timings / sizeof *timings; i++)
        if (timings[i].milliseconds >= 0)
            base_json_key_int(json, timings[i].key, timings[i].milliseconds);
    base_json_object_end(json);
}

/* Each has a URL, which a server may make as long as a head. */
static void key_findings(base_json *json, const finding_list *findings)
{
    size_t i;

    base_json_key(json, "findings");
    base_json_array_begin(json);
    for (i = 0; i < findings->count && json->out->length < FINDINGS_MAX; i++) {
        const finding *item = &findings->items[i];

        base_json_object_begin(json);
        base_json_key_string(json, "id", rule_find(item->rule)->name);
        base_json_key_string(json, "severity", hf_severity_name(item->severity));
        base_json_key(json, "place");
        finding_place_json(&item->place, json);
        base_json_key_string(json, "url", item->place.url);
        base_json_object_end(json);
    }
    base_json_array_end(json);
    if (i < findings->count)
        base_json_key_int(json, "findings_cut", (int64_t)(findings->count - i));
}

static void write_json(const facts_probed *probed, const facts_sts_field *sts, const finding_list *findings, bool whole,
                       base_buffer *out)
{
    const facts_response *response = probed->https != NULL ? probed->https->response : NULL;
    base_json json;

    base_json_init(&json, out, false);
    facts_site_limit_json(&json);
    base_json_object_begin(&json);
    base_json_key_int(&json, "index", (int64_t)probed->index);
    base_json_key_string(&json, "host", probed->host->name);
    base_json_key_int(&json, "port", probed->port);
    base_json_key_string(&json, "depth", facts_depth_name(probed->depth));
    base_json_key_time(&json, "at", probed->now);
    base_json_key_int(&json, "attempts", probed->tries);
    base_json_key_string(&json, "address", address_of(probed->https));
    key_failure(&json, probed->failure);
    base_json_key(&json, "status");
    if (response != NULL)
        base_json_int(&json, response->status);
    else
        base_json_null(&json);
    key_sts(&json, sts);
    key_tls(&json, probed->https);
    key_milliseconds(&json, probed);
    if (findings != NULL)
        key_findings(&json, findings);
    if (probed->site != NULL && whole) {
        base_json_key(&json, "facts");
        facts_site_json(probed->site, &json);
    } else if (probed->site != NULL) {
        base_json_key_bool(&json, "facts_cut", true);
    }
    base_json_object_end(&json);
}

/* -- Text ---------------------------------------------------------------------------------------------------------- */

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

static void print_state(base_term *term, const facts_probed *probed, const facts_sts_field *sts)
{
    const facts_tls *tls = &probed->https->tls;
    bool sent = sts->count > 0;
    bool good = tls->error_count == 0;
    const char *state = !sent                           ? "no HSTS"
                        : !sts->sent.valid              ? "invalid"
                        : sts->sent.policy.max_age == 0 ? "disabled"
                        : sts->in_force                 ? "in force"
                                                        : "ignored";

    base_term_print(term, sts->in_force ? BASE_STYLE_GOOD : BASE_STYLE_WARN, good && !sent ? "%s" : "%-10s", state);
    for (size_t i = 0; i < tls->error_count; i++)
        base_term_print(term, BASE_STYLE_BAD, "%s%s", i > 0 ? "," : "", facts_tls_code_name(tls->errors[i].code));
    if (sent && !good)
        fputs("  ", term->out);
    if (sent)
        print_value(term, sts->sent.value);
}

static void write_text(const report_line_form *form, const facts_probed *probed, const facts_sts_field *sts,
                       const finding_list *findings, FILE *out)
{
    base_term term = {.out = out, .colored = form->colored};
    char name[HF_HOST_MAX + 16], port[16] = "";
    bool bracketed = probed->host->kind == HF_HOST_IPV6 && probed->port != 443; /* as a list has it */

    if (probed->port != 443)
        snprintf(port, sizeof port, ":%d", probed->port);
    snprintf(name, sizeof name, bracketed ? "[%s]%s" : "%s%s", probed->host->name, port);
    base_term_print(&term, BASE_STYLE_PLAIN, "%-*s  ", HOST_WIDTH, name);
    if (probed->failure != NULL) {
        base_term_print(&term, BASE_STYLE_BAD, "%s", facts_code_name(probed->failure->code));
        base_term_print(&term, BASE_STYLE_PLAIN, ": %s", facts_code_text(probed->failure->code));
        if (*probed->failure->detail != '\0')
            base_term_print(&term, BASE_STYLE_DIM, " (%s)", probed->failure->detail);
        return;
    }
    base_term_print(&term, BASE_STYLE_PLAIN, "%d  %-7s  ", probed->https->response->status,
                    probed->https->tls.version != NULL ? probed->https->tls.version : "-");
    print_state(&term, probed, sts);
    if (findings != NULL && findings->count > 0)
        base_term_print(&term, BASE_STYLE_DIM, "  %zu finding%s", findings->count, findings->count == 1 ? "" : "s");
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
    const report_line_form *form;
    const facts_probed *probed;
    const facts_sts_field *sts;
    const finding_list *findings;
    const facts_refused *refused;
} printing;

static void print_probed(const void *self, FILE *file)
{
    const printing *p = self;

    write_text(p->form, p->probed, p->sts, p->findings, file);
}

void report_probe_line(const report_line_form *form, const facts_probed *probed, const facts_sts_field *sts,
                       const finding_list *findings, base_buffer *out)
{
    const printing text = {form, probed, sts, findings, NULL};

    if (!form->json) {
        print_into(out, print_probed, &text);
        return;
    }
    write_json(probed, sts, findings, true, out);
    if (!out->failed)
        return;
    /* The facts are too long: the rest is said without them. */
    base_buffer_clear(out);
    write_json(probed, sts, findings, false, out);
}

/* -- Refused ------------------------------------------------------------------------------------------------------- */

static void print_refused(const void *self, FILE *file)
{
    const printing *p = self;
    base_term term = {.out = file, .colored = p->form->colored};

    base_term_print(&term, BASE_STYLE_PLAIN, "%-*s  ", HOST_WIDTH, "-");
    base_term_print(&term, BASE_STYLE_BAD, "refused");
    base_term_print(&term, BASE_STYLE_PLAIN, ": %s, line %" PRIu64 ": ", p->refused->source, p->refused->line);
    base_escape_input(p->refused->message, strlen(p->refused->message), file);
}

void report_refused_line(const report_line_form *form, const facts_refused *refused, base_buffer *out)
{
    const printing text = {form, NULL, NULL, NULL, refused};
    base_json json;

    if (!form->json) {
        print_into(out, print_refused, &text);
        return;
    }
    base_json_init(&json, out, false);
    base_json_object_begin(&json);
    base_json_key_int(&json, "index", (int64_t)refused->index);
    base_json_key(&json, "error");
    base_json_object_begin(&json);
    base_json_key_string(&json, "source", refused->source);
    base_json_key_int(&json, "line", (int64_t)refused->line);
    base_json_key(&json, "text");
    base_json_input(&json, refused->text.data, refused->text.length);
    base_json_key(&json, "message");
    base_json_input(&json, refused->message, strlen(refused->message));
    base_json_object_end(&json);
    base_json_object_end(&json);
}
