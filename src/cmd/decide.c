/*
 * holdfast decide URL...: what a conforming browser would do with these URLs.
 */
#include "holdfast/decide.h"
#include "agent/book.h"
#include "base/idna.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/time.h"
#include "cmd/commands.h"
#include "cmd/known.h"
#include "cmd/pipe.h"
#include "preload/lists.h"

#include <stdlib.h>
#include <string.h>

#define DOCUMENT_MAX ((size_t)1 << 30)

typedef struct settings {
    cmd_common common;
    const char *known;
    preload_lists_options lists;
    bool enforce_localhost;
} settings;

/* Everything there is to say about one URL. */
typedef struct answer {
    const char *text;
    size_t length;
    bool malformed;    /* `diag` tells why, and nothing below it is set */
    bool lacks_scheme; /* it is, though the engine takes the host for a scheme that it does not know */
    hf_diag diag;
    hf_url url;
    hf_verdict verdict;
    hf_span upgraded; /* empty when the URL stays */
} answer;

typedef struct decider {
    hf_hosts *hosts;
    preload_lists lists;
    int64_t now;
    char *buffer; /* for the upgraded URL */
    size_t capacity;
} decider;

static bool is_scheme_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '-' ||
           c == '.';
}

/*
 * True for a text that a person took for a URL: no scheme at all, or a host and a port, which look like a scheme and its rest
 * ("example.com:8080/", "localhost:80").
 */
static bool lacks_scheme(const char *text, size_t length)
{
    size_t end = 0, digits = 0;
    bool has_dot = false;

    while (end < length && is_scheme_character(text[end])) {
        has_dot = has_dot || text[end] == '.';
        end++;
    }
    if (end == 0 || end == length || text[end] != ':')
        return true;
    while (end + 1 + digits < length && text[end + 1 + digits] >= '0' && text[end + 1 + digits] <= '9')
        digits++;
    return digits > 0 && (has_dot || (end == 9 && memcmp(text, "localhost", 9) == 0));
}

static const hf_diag no_scheme = {HF_E_URL_NO_HOST, 0, 0, "the URL has no scheme: did you mean http:// in front?"};

static void upgrade(decider *d, answer *a)
{
    size_t length;

    if (!a->verdict.upgrade)
        return;
    if (d->capacity < a->length + 3) {
        free(d->buffer);
        d->capacity = a->length + 3;
        d->buffer = base_allocate(d->capacity);
    }
    if (hf_url_upgrade(&a->url, a->text, a->length, d->buffer, d->capacity, &length) != HF_OK)
        abort(); /* length + 2 octets and the NUL are always enough */
    a->upgraded = (hf_span){d->buffer, length};
}

/* The answer's texts live until the next call. */
static void decide(decider *d, const char *text, size_t length, answer *a)
{
    hf_known known = {.hosts = d->hosts, .preload = d->lists.image};

    *a = (answer){.text = text, .length = length, .verdict = hf_verdict_init()};
    a->malformed = hf_url_parse(text, length, base_idna(), &a->url, &a->diag) != HF_OK;
    if (!a->malformed && a->url.scheme == HF_SCHEME_OTHER && lacks_scheme(text, length)) {
        a->malformed = a->lacks_scheme = true;
        a->diag = no_scheme;
    }
    if (a->malformed)
        return;
    agent_decide(&known, d->lists.floor, &a->url, d->now, &a->verdict);
    upgrade(d, a);
}

/* NULL if HSTS does not concern the scheme, or the host is none that the DNS could know. */
static const char *canonical_host(const answer *a)
{
    return a->url.scheme != HF_SCHEME_OTHER && a->url.host.kind != HF_HOST_OTHER ? a->url.host.name : NULL;
}

/* The known host that covers the URL's: its own name, or a parent's. NULL if there is none. */
static const char *matched_host(const answer *a)
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

static int refuse_url(const answer *a)
{
    return cmd_refuse("decide: '%s': offset %zu: %s", BASE_CUT(a->text), a->diag.offset, a->diag.text);
}

/* -- JSON --------------------------------------------------------------------------------------------------------------------- */

/* "no-scheme", or what the engine calls HF_E_HOST_CHARACTER: "host-character". */
static void write_error_id(const answer *a, base_json *json)
{
    const char *name = a->lacks_scheme ? "NO_SCHEME" : hf_status_name(a->diag.status) + strlen("HF_E_");
    char id[32];
    size_t i;

    for (i = 0; name[i] != '\0' && i < sizeof id; i++)
        id[i] = (char)(name[i] == '_' ? '-' : name[i] | 0x20);
    base_json_text(json, id, i);
}

static void write_error(const answer *a, base_json *json)
{
    base_json_key(json, "error");
    base_json_object_begin(json);
    base_json_key(json, "id");
    write_error_id(a, json);
    base_json_key(json, "offset");
    base_json_int(json, (int64_t)a->diag.offset);
    base_json_key(json, "length");
    base_json_int(json, (int64_t)a->diag.length);
    base_json_key(json, "message");
    base_json_string(json, a->diag.text);
    base_json_object_end(json);
}

static void write_verdict(const answer *a, base_json *json)
{
    const hf_verdict *verdict = &a->verdict;

    base_json_key(json, "upgrade");
    base_json_bool(json, verdict->upgrade);
    base_json_key(json, "upgraded");
    if (verdict->upgrade)
        base_json_text(json, a->upgraded.data, a->upgraded.length);
    else
        base_json_null(json);
    base_json_key(json, "enforce");
    base_json_bool(json, verdict->enforce);
    base_json_key(json, "tls_errors_fatal");
    base_json_bool(json, verdict->tls_errors_fatal);
    base_json_key(json, "reason");
    base_json_string(json, hf_reason_name(verdict->reason));
    base_json_key(json, "section");
    base_json_string(json, section_of(verdict));
    base_json_key(json, "message");
    base_json_string(json, hf_reason_text(verdict->reason));
    base_json_key(json, "host");
    base_json_string(json, canonical_host(a));
    base_json_key(json, "matched");
    base_json_string(json, matched_host(a));
    base_json_key(json, "source");
    base_json_string(json, source_name(verdict));
    base_json_key(json, "expires");
    base_json_time(json, verdict->enforce ? verdict->expires : HF_TIME_UNKNOWN);
}

static void write_answer(const answer *a, base_json *json)
{
    base_json_object_begin(json);
    base_json_key(json, "url");
    base_json_text(json, a->text, a->length);
    if (a->malformed)
        write_error(a, json);
    else
        write_verdict(a, json);
    base_json_object_end(json);
}

static int run_json(decider *d, const base_operands *urls)
{
    base_buffer out;
    base_error error;
    base_json json;
    int code = BASE_EXIT_CLEAN;
    size_t i;

    base_buffer_init(&out, DOCUMENT_MAX);
    base_json_init(&json, &out, true);
    base_json_object_begin(&json);
    base_json_key(&json, "at");
    base_json_time(&json, d->now);
    base_json_key(&json, "urls");
    base_json_array_begin(&json);
    for (i = 0; i < urls->count; i++) {
        answer a;
        decide(d, urls->items[i], strlen(urls->items[i]), &a);
        write_answer(&a, &json);
        if (a.malformed)
            code = refuse_url(&a);
    }
    base_json_array_end(&json);
    base_json_object_end(&json);
    base_buffer_char(&out, '\n');
    if (!base_buffer_flush(&out, stdout, &error)) {
        base_error_print(&error, stderr);
        code = BASE_EXIT_UNCHECKED;
    }
    base_buffer_done(&out);
    return code;
}

static bool answer_line(void *self, const char *item, size_t length, base_json *json)
{
    answer a;

    decide(self, item, length, &a);
    write_answer(&a, json);
    return !a.malformed;
}

/* -- text --------------------------------------------------------------------------------------------------------------------- */

/* `then` is not before `now`, but --at may name a moment so early that the way is longer than 63 bits. */
static int64_t seconds_until(int64_t then, int64_t now)
{
    return now < 0 && then > INT64_MAX + now ? INT64_MAX : then - now;
}

static void print_expiry(const answer *a, int64_t now, base_term *term)
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

static void print_details(const answer *a, base_term *term)
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

static void print_answer(const answer *a, const decider *d, const cmd_common *common, base_term *term)
{
    const hf_verdict *verdict = &a->verdict;
    const char *section = section_of(verdict), *matched = matched_host(a);

    base_term_text(term, BASE_STYLE_BOLD, a->text, a->length);
    base_term_print(term, BASE_STYLE_PLAIN, "%s", verdict->upgrade ? " -> " : " stays");
    base_term_text(term, BASE_STYLE_GOOD, a->upgraded.data, a->upgraded.length);
    base_term_gap(term);
    if (common->quiet)
        return;
    base_term_line(term, verdict->enforce ? BASE_STYLE_GOOD : BASE_STYLE_WARN, "  HSTS        %s",
                   verdict->enforce ? "in force" : "not in force");
    base_term_line(term, BASE_STYLE_PLAIN, "  because     %s (%s%s%s)", hf_reason_text(verdict->reason),
                   hf_reason_name(verdict->reason), section != NULL ? ", RFC 6797 " : "",
                   section != NULL ? section : "");
    if (verdict->enforce) {
        base_term_line(term, BASE_STYLE_PLAIN, "  known host  %s, %s", matched, source_name(verdict));
        print_expiry(a, d->now, term);
    }
    base_term_line(term, BASE_STYLE_PLAIN, "  TLS errors  %s",
                   verdict->tls_errors_fatal ? "end the connection, with no way round (RFC 6797 8.4)"
                                             : "are for the user to judge");
    if (common->verbose)
        print_details(a, term);
}

static int run_text(decider *d, const settings *s, const base_operands *urls)
{
    int code = BASE_EXIT_CLEAN;
    base_term term;
    size_t i;

    base_term_init(&term, stdout, s->common.color);
    for (i = 0; i < urls->count; i++) {
        answer a;
        decide(d, urls->items[i], strlen(urls->items[i]), &a);
        if (a.malformed)
            code = refuse_url(&a);
        else
            print_answer(&a, d, &s->common, &term);
    }
    if (!s->common.quiet && code == BASE_EXIT_CLEAN) {
        if (s->known == NULL)
            fputs("holdfast: note: without --known FILE no host is known but those on preload lists\n", stderr);
        if (s->known == NULL || d->lists.image != NULL)
            preload_lists_mention(&d->lists, d->now);
    }
    return code;
}

static int decide_all(decider *d, const settings *s, const base_operands *urls)
{
    cmd_known_settings known = {s->known, d->now, s->enforce_localhost, s->common.quiet};
    cmd_pipe pipe = {.octets = false, .answer = answer_line, .self = d};
    base_error error;

    if (!preload_lists_open(&d->lists, &s->lists, d->now, &error))
        return cmd_refuse("decide: --preload: %s", error.text);
    if (!cmd_known_load(&known, &d->hosts, &error))
        return cmd_refuse("decide: --known: %s", error.text);
    if (s->common.jsonl != NULL)
        return cmd_pipe_run(&pipe, s->common.jsonl);
    return s->common.json ? run_json(d, urls) : run_text(d, s, urls);
}

static int run(void *storage, const base_operands *urls)
{
    const settings *s = storage;
    decider d = {.now = cmd_now(&s->common)};
    int code;

    if (s->lists.image != NULL && s->lists.none)
        return cmd_refuse("decide: --preload and --no-preload contradict each other");
    if (s->common.jsonl != NULL && urls->count > 0)
        return cmd_refuse("decide: '%s' is one too many: --jsonl takes no URL", BASE_CUT(urls->items[0]));
    if (s->common.jsonl == NULL && urls->count == 0)
        return cmd_refuse("decide: a URL is missing: holdfast decide http://example.com/");
    if (s->common.jsonl != NULL && s->known != NULL && strcmp(s->common.jsonl, "-") == 0 && strcmp(s->known, "-") == 0)
        return cmd_refuse("decide: --known and --jsonl cannot both read standard input");
    code = decide_all(&d, s, urls);
    free(d.buffer);
    hf_hosts_free(d.hosts);
    preload_lists_close(&d.lists);
    return code;
}

static const base_option options[] = {
    {"known", 'k', "FILE", "the responses seen before, HOST [@TIME] FIELD-VALUE a line", base_read_text,
     offsetof(settings, known)},
    PRELOAD_LISTS_OPTIONS(settings),
    {"enforce-localhost", 0, NULL, "treat localhost like any other host", NULL, offsetof(settings, enforce_localhost)},
    {0},
};

static const settings defaults = {.lists = PRELOAD_LISTS_DEFAULTS};

const cmd_command cmd_decide = {
    .name = "decide",
    .summary = "say what a browser does with a URL: upgrade it, and are TLS errors fatal",
    .usage = "[options] URL...",
    .common = CMD_JSON | CMD_JSONL | CMD_AT | CMD_QUIET | CMD_VERBOSE,
    .options = options,
    .settings_size = sizeof(settings),
    .defaults = &defaults,
    .run = run,
};
