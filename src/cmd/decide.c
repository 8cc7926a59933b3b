/*
 * holdfast decide URL...: what a conforming browser would do with these URLs.
 */
#include "agent/book.h"
#include "base/idna.h"
#include "base/json.h"
#include "base/memory.h"
#include "browsers/policies.h"
#include "cmd/command.h"
#include "cmd/document.h"
#include "cmd/engine.h"
#include "cmd/known.h"
#include "cmd/pipe.h"
#include "preload/lists.h"
#include "report/decided.h"

#include <stdlib.h>
#include <string.h>

#define DOCUMENT_MAX ((size_t)1 << 30)

typedef struct settings {
    cmd_common common;
    const char *known;
    preload_lists_options lists;
    bool enforce_localhost;
    facts_engine engine;
} settings;

typedef struct decider {
    hf_hosts *hosts;
    preload_lists lists;
    int64_t now;
    char *buffer; /* for the URL to request */
    size_t capacity;
} decider;

static bool is_scheme_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '-' ||
           c == '.';
}

/*
 * True for a text that a person took for a URL: no scheme at all, or a host and a port, which look like a scheme and
 * its rest ("example.com:8080/", "localhost:80").
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

/* What the verdict is about, as every reader of URLs reads it. */
static void write_request(decider *d, facts_decided *a)
{
    const char *text = a->text.data;
    size_t length;
    hf_status status;

    if (d->capacity < HF_URL_WRITTEN_MAX(a->text.length)) {
        free(d->buffer);
        d->capacity = HF_URL_WRITTEN_MAX(a->text.length);
        d->buffer = base_allocate(d->capacity);
    }
    if (a->verdict.upgrade)
        status = hf_url_upgrade(&a->url, text, a->text.length, d->buffer, d->capacity, &length);
    else
        status = hf_url_write(&a->url, text, a->text.length, d->buffer, d->capacity, &length);
    if (status != HF_OK)
        abort(); /* the capacity is always enough */
    a->request = (hf_span){d->buffer, length};
}

/* The answer's texts live until the next call. */
static void decide(decider *d, const char *text, size_t length, facts_decided *a)
{
    hf_known known = {.hosts = d->hosts, .preload = d->lists.image};

    *a = (facts_decided){.text = {text, length}, .verdict = hf_verdict_init()};
    a->malformed = hf_url_parse(text, length, base_idna(), &a->url, &a->diag) != HF_OK;
    if (!a->malformed && a->url.scheme == HF_SCHEME_OTHER && lacks_scheme(text, length)) {
        a->malformed = a->lacks_scheme = true;
        a->diag = no_scheme;
    }
    if (a->malformed)
        return;
    agent_decide(&known, d->lists.floor, &a->url, d->now, &a->verdict);
    write_request(d, a);
}

static int refuse_url(const facts_decided *a)
{
    return cmd_refuse("decide: '%s': offset %zu: %s", BASE_CUT(a->text.data), a->diag.offset, a->diag.text);
}

static int run_json(decider *d, const base_operands *urls)
{
    base_buffer out;
    base_error error;
    base_json json;
    int code = BASE_EXIT_CLEAN;
    size_t i;

    cmd_document_begin(&out, &json, DOCUMENT_MAX);
    base_json_object_begin(&json);
    base_json_key(&json, "at");
    base_json_time(&json, d->now);
    base_json_key(&json, "urls");
    base_json_array_begin(&json);
    for (i = 0; i < urls->count; i++) {
        facts_decided a;
        decide(d, urls->items[i], strlen(urls->items[i]), &a);
        report_decided_json(&a, &json);
        if (a.malformed)
            code = refuse_url(&a);
    }
    base_json_array_end(&json);
    base_json_object_end(&json);
    if (!cmd_document_end(&out, &error)) {
        base_error_print(&error, stderr);
        code = BASE_EXIT_UNCHECKED;
    }
    return code;
}

static bool answer_line(void *self, const char *item, size_t length, base_json *json)
{
    facts_decided a;

    decide(self, item, length, &a);
    report_decided_json(&a, json);
    return !a.malformed;
}

static int run_text(decider *d, const settings *s, const base_operands *urls)
{
    int code = BASE_EXIT_CLEAN;
    base_term term;
    size_t i;

    base_term_init(&term, stdout, s->common.color);
    for (i = 0; i < urls->count; i++) {
        facts_decided a;
        decide(d, urls->items[i], strlen(urls->items[i]), &a);
        if (a.malformed)
            code = refuse_url(&a);
        else
            report_decided_text(&a, d->now, s->common.quiet, s->common.verbose, &term);
    }
    if (!s->common.quiet && code == BASE_EXIT_CLEAN) {
        if (s->known == NULL)
            fputs("holdfast: note: without --known FILE no host is known but those on preload lists\n", stderr);
        if (s->known == NULL || d->lists.image != NULL)
            preload_lists_mention(&d->lists, d->now);
    }
    return code;
}

/* The browser's own list, if it is installed, before that of another; a file that was named stays. */
static void prefer_list(decider *d, const settings *s)
{
    const preload_which which = s->engine == FACTS_ENGINE_FIREFOX ? PRELOAD_FIREFOX : PRELOAD_CHROMIUM;

    if (s->engine != FACTS_ENGINE_ANY && s->lists.image == NULL && d->lists.files[which].image != NULL)
        d->lists.image = &d->lists.files[which].preload;
}

static int decide_all(decider *d, const settings *s, const base_operands *urls)
{
    cmd_known_settings known = {.path = s->known,
                                .now = d->now,
                                .enforce_localhost = s->enforce_localhost || browsers_enforce_localhost(s->engine),
                                .life_max = browsers_life_max(s->engine),
                                .quiet = s->common.quiet};
    cmd_pipe pipe = {.octets = false, .answer = answer_line, .self = d};
    base_error error;

    if (!preload_lists_open(&d->lists, &s->lists, d->now, &error))
        return cmd_refuse("decide: --preload: %s", error.text);
    prefer_list(d, s);
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
    CMD_ENGINE_OPTION(settings, "decide as one browser: chromium, firefox or safari"),
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
