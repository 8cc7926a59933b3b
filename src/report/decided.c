#include "report/decided.h"

#include "base/time.h"

#include <string.h>

/* NULL if HSTS does not concern the scheme, or the host is none that the DNS could know. */
static const char *canonical_host(const facts_decided *a)
{
    return a->url.scheme != HF_SCHEME_OTHER && a->url.host.kind != HF_HOST_OTHER ? a->url.host.name : NULL;
}

/* The known host that covers the URL's: its own name, or a parent's. NULL if there is none. */
static const char *matched_host(const facts_decided *a)
{
    if (a->verdict.learned)
        return a->url.host.name + a->verdict.learned_offset;
    if (a->verdict.preloaded)
        return a->url.host.name + a->verdict.preloaded_offset;
    return NULL;
}

/* Of RFC 6797; NULL for what it does not speak of. */
static const char *section_of(const hf_verdict *verdict)
{
    const char *section = hf_reason_section(verdict->reason);

    return section[0] != '-' ? section : NULL;
}

static const char *source_name(const hf_verdict *verdict)
{
    return verdict->learned ? "learned" : verdict->preloaded ? "preloaded" : NULL;
}

/* -- JSON ---------------------------------------------------------------------------------------------------------- */

/* "no-scheme", or what the engine calls HF_E_HOST_CHARACTER: "host-character". */
static void write_error_id(const facts_decided *a, base_json *json)
{
    const char *name = a->lacks_scheme ? "NO_SCHEME" : hf_status_name(a->diag.status) + strlen("HF_E_");
    char id[32];
    size_t i;

    for (i = 0; name[i] != '\0' && i < sizeof id; i++)
        id[i] = (char)(name[i] == '_' ? '-' : name[i] | 0x20);
    base_json_text(json, id, i);
}

static void write_error(const facts_decided *a, base_json *json)
{
    base_json_key(json, "error");
    base_json_object_begin(json);
    base_json_key(json, "id");
    write_error_id(a, json);
    base_json_key_int(json, "offset", (int64_t)a->diag.offset);
    base_json_key_int(json, "length", (int64_t)a->diag.length);
    base_json_key_string(json, "message", a->diag.text);
    base_json_object_end(json);
}

static void write_verdict(const facts_decided *a, base_json *json)
{
    const hf_verdict *verdict = &a->verdict;

    base_json_key_bool(json, "upgrade", verdict->upgrade);
    base_json_key(json, "upgraded");
    if (verdict->upgrade)
        base_json_exact(json, a->request.data, a->request.length);
    else
        base_json_null(json);
    base_json_key(json, "request");
    base_json_exact(json, a->request.data, a->request.length);
    base_json_key_bool(json, "enforce", verdict->enforce);
    base_json_key_bool(json, "tls_errors_fatal", verdict->tls_errors_fatal);
    base_json_key_string(json, "reason", hf_reason_name(verdict->reason));
    base_json_key_string(json, "section", section_of(verdict));
    base_json_key_string(json, "message", hf_reason_text(verdict->reason));
    base_json_key_string(json, "host", canonical_host(a));
    base_json_key_string(json, "matched", matched_host(a));
    base_json_key_string(json, "source", source_name(verdict));
    base_json_key_time(json, "expires", verdict->enforce ? verdict->expires : HF_TIME_UNKNOWN);
}

void report_decided_json(const facts_decided *a, base_json *json)
{
    base_json_object_begin(json);
    base_json_key(json, "url");
    base_json_text(json, a->text.data, a->text.length);
    if (a->malformed)
        write_error(a, json);
    else
        write_verdict(a, json);
    base_json_object_end(json);
}

/* -- Text ---------------------------------------------------------------------------------------------------------- */

/* `then` is not before `now`, but --at may name a moment so early that the way is longer than 63 bits. */
static int64_t seconds_until(int64_t then, int64_t now)
{
    return now < 0 && then > INT64_MAX + now ? INT64_MAX : then - now;
}

static void print_expiry(const facts_decided *a, int64_t now, base_term *term)
{
    char time[BASE_TIME_MAX], words[BASE_WORDS_MAX];

    if (a->verdict.expires == HF_TIME_NEVER) {
        base_term_line(term, BASE_STYLE_PLAIN, "  until       for ever");
        return;
    }
    base_time_format(a->verdict.expires, time);
    base_duration_words(seconds_until(a->verdict.expires, now), words);
    base_term_line(term, BASE_STYLE_PLAIN, "  until       %s, %s from now", time, words);
}

static void print_details(const facts_decided *a, base_term *term)
{
    const hf_verdict *verdict = &a->verdict;

    base_term_line(term, BASE_STYLE_DIM, "  scheme      %s", hf_scheme_name(a->url.scheme));
    if (canonical_host(a) == NULL)
        return;
    base_term_line(term, BASE_STYLE_DIM, "  host        %s", canonical_host(a));
    base_term_line(term, BASE_STYLE_DIM, "  port        %d", a->url.port);
    if (verdict->learned)
        base_term_line(term, BASE_STYLE_DIM, "  subdomains  %s",
                       verdict->learned_include_subdomains ? "covered too" : "not covered");
}

/* True if the URL to request is the one that was given. */
static bool is_unchanged(const facts_decided *a)
{
    return a->request.length == a->text.length && memcmp(a->request.data, a->text.data, a->text.length) == 0;
}

void report_decided_text(const facts_decided *a, int64_t now, bool quiet, bool verbose, base_term *term)
{
    const hf_verdict *verdict = &a->verdict;
    const char *section = section_of(verdict), *matched = matched_host(a);

    base_term_text(term, BASE_STYLE_BOLD, a->text.data, a->text.length);
    base_term_print(term, BASE_STYLE_PLAIN, "%s",
                    verdict->upgrade  ? " -> "
                    : is_unchanged(a) ? " stays"
                                      : " stays, as ");
    if (!is_unchanged(a))
        base_term_text(term, BASE_STYLE_GOOD, a->request.data, a->request.length);
    base_term_gap(term);
    if (quiet)
        return;
    base_term_line(term, verdict->enforce ? BASE_STYLE_GOOD : BASE_STYLE_WARN, "  HSTS        %s",
                   verdict->enforce ? "in force" : "not in force");
    base_term_line(term, BASE_STYLE_PLAIN, "  because     %s (%s%s%s)", hf_reason_text(verdict->reason),
                   hf_reason_name(verdict->reason), section != NULL ? ", RFC 6797 " : "",
                   section != NULL ? section : "");
    if (verdict->enforce) {
        base_term_line(term, BASE_STYLE_PLAIN, "  known host  %s, %s", matched, source_name(verdict));
        print_expiry(a, now, term);
    }
    base_term_line(term, BASE_STYLE_PLAIN, "  TLS errors  %s",
                   verdict->tls_errors_fatal ? "end the connection, and cannot be bypassed (RFC 6797 8.4)"
                                             : "are for the user to judge");
    if (verbose)
        print_details(a, term);
}
