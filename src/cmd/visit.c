/*
 * holdfast visit URL...: goes there as a conforming browser would, and tells the story; what it learns it keeps.
 */
#include "report/visit.h"
#include "agent/agent.h"
#include "base/json.h"
#include "browsers/policies.h"
#include "cmd/command.h"
#include "cmd/document.h"
#include "cmd/engine.h"
#include "http/transport.h"
#include "preload/lists.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define DOCUMENT_MAX ((size_t)1 << 30)
#define REDIRECTS_LIMIT 1000
#define AS_BROWSER SIZE_MAX /* as many redirects as the browser follows */
#define PATH_OCTETS_MAX 4096

typedef struct settings {
    cmd_common common;
    http_transport_options wire;
    const char *store;
    preload_lists_options lists;
    bool no_store, enforce_localhost, as_written;
    size_t redirects_max;
    facts_engine engine;
} settings;

/* One URL of the command line, and what came of it. */
typedef struct journey {
    http_url url;
    facts_visit visit;
} journey;

typedef struct job {
    const settings *settings;
    int64_t now;
    journey *visits;
    size_t count;
    agent_book book;
    preload_lists lists;
    io_loop *loop;
    bool over;    /* the visit under way is */
    bool damaged; /* some of what the store held is not known any more */
} job;

/* -- What was asked for -------------------------------------------------------------------------------------------- */

static bool read_url(const char *text, journey *visit, base_error *error)
{
    hf_diag diag;
    http_url_result result = http_url_read(NULL, text, strlen(text), &visit->visit.arena, &visit->url, &diag);

    visit->visit.asked = text;
    if (result == HTTP_URL_OTHER_SCHEME)
        base_error_set(error, "'%s': not an http or https URL: write http:// or https:// in front", text);
    else if (result != HTTP_URL_GOOD)
        base_error_set(error, "'%s': offset %zu: %s", text, diag.offset, diag.text);
    return result == HTTP_URL_GOOD;
}

static bool read_urls(job *j, const base_operands *urls, base_error *error)
{
    j->count = urls->count;
    j->visits = base_allocate(urls->count * sizeof *j->visits);
    for (size_t i = 0; i < urls->count; i++)
        if (!read_url(urls->items[i], &j->visits[i], error))
            return false;
    return true;
}

/* -- The known hosts ----------------------------------------------------------------------------------------------- */

static void on_damage(void *self, const hf_damage *damage)
{
    job *j = self;
    base_error warning;

    if (damage->kind == HF_DAMAGE_EMPTY) {
        base_error_set(&warning, "note: %s: %s", damage->path, hf_damage_text(damage->kind));
    } else {
        base_error_set(&warning, "warning: %s: offset %llu: %s%s%s", damage->path, (unsigned long long)damage->offset,
                       hf_damage_text(damage->kind), damage->copy != NULL ? "; the damaged file is kept as " : "",
                       damage->copy != NULL ? damage->copy : "");
        j->damaged = true;
    }
    base_error_print(&warning, stderr);
}

/* --timeout covers the wait for a store that another process has locked; milliseconds, 0 for the usual time. */
static uint32_t lock_wait(const settings *s)
{
    if (s->wire.timeout == HTTP_TIMEOUT_DEFAULT)
        return 0;
    return s->wire.timeout > UINT32_MAX / 1000 ? UINT32_MAX : (uint32_t)s->wire.timeout * 1000;
}

/* With --at and without --store nothing is written: what the usual file holds is taken for a beginning. */
static bool open_book(job *j, base_error *error)
{
    const settings *s = j->settings;
    const agent_book_options options = {.enforce_localhost =
                                            s->enforce_localhost || browsers_enforce_localhost(s->engine),
                                        .lock_wait = lock_wait(s),
                                        .damaged = on_damage,
                                        .self = j};
    char path[PATH_OCTETS_MAX];
    hf_status status;

    if (s->no_store)
        return agent_book_open_memory(&j->book, NULL, &options, error);
    if (s->store != NULL)
        return agent_book_open(&j->book, s->store, &options, error);
    status = hf_store_default_path(path, sizeof path);
    if (status != HF_OK) {
        base_error_set(error, "%s: name a file with --store, or say --no-store", hf_status_text(status));
        return false;
    }
    if (s->common.at != HF_TIME_UNKNOWN)
        return agent_book_open_memory(&j->book, path, &options, error);
    return agent_book_open(&j->book, path, &options, error);
}

/* -- Going --------------------------------------------------------------------------------------------------------- */

static void on_over(void *self)
{
    job *j = self;

    j->over = true;
    io_loop_stop(j->loop);
}

static size_t redirects_max(const settings *given)
{
    return given->redirects_max == AS_BROWSER ? browsers_redirects_max(given->engine) : given->redirects_max;
}

/* One after the other: what the first notes, the second knows. */
static void go(job *j, const http_client *client)
{
    agent_options options = {.wire = agent_transport_of(client),
                             .book = &j->book,
                             .now = j->now,
                             .redirects_max = redirects_max(j->settings),
                             .engine = j->settings->engine,
                             .as_written = j->settings->as_written};

    for (size_t i = 0; i < j->count; i++) {
        j->over = false;
        agent_go(&options, &j->visits[i].url, &j->visits[i].visit, on_over, j);
        if (!j->over)
            io_loop_run(j->loop);
    }
}

/* -- Telling ------------------------------------------------------------------------------------------------------- */

static void print(const job *j)
{
    base_term term;

    base_term_init(&term, stdout, j->settings->common.color);
    for (size_t i = 0; i < j->count; i++) {
        if (j->settings->common.quiet) {
            report_visit_brief(&j->visits[i].visit, &term);
            continue;
        }
        if (i > 0)
            base_term_gap(&term);
        report_visit_text(&j->visits[i].visit, &term);
    }
}

static bool print_json(const job *j, base_error *error)
{
    base_buffer out;
    base_json json;

    cmd_document_begin(&out, &json, DOCUMENT_MAX);
    base_json_object_begin(&json);
    base_json_key(&json, "at");
    base_json_time(&json, j->now);
    base_json_key(&json, "store");
    base_json_string(&json, j->book.store != NULL ? hf_store_path(j->book.store) : NULL);
    base_json_key(&json, "preload");
    base_json_string(&json, j->lists.image != NULL ? j->lists.image->source : NULL);
    base_json_key(&json, "visits");
    base_json_array_begin(&json);
    for (size_t i = 0; i < j->count; i++)
        report_visit_json(&j->visits[i].visit, &json);
    base_json_array_end(&json);
    base_json_object_end(&json);
    return cmd_document_end(&out, error);
}

/* Each policy that could not be kept is told on standard error too, for it is the next visit that is not protected. */
static bool all_kept(const job *j)
{
    bool kept = true;

    for (size_t i = 0; i < j->count; i++)
        for (size_t k = 0; k < j->visits[i].visit.count; k++) {
            const facts_visit_step *step = &j->visits[i].visit.steps[k];
            base_error error;

            if (step->note.trouble == NULL)
                continue;
            base_error_set(&error, "visit: %s: the policy was not kept: %s", step->url, step->note.trouble);
            base_error_print(&error, stderr);
            kept = false;
        }
    return kept;
}

/* A wall outweighs what could not be looked at. */
static int exit_code(const job *j)
{
    size_t unseen = 0;

    for (size_t i = 0; i < j->count; i++) {
        facts_visit_outcome outcome = j->visits[i].visit.outcome;

        if (outcome != FACTS_VISIT_ARRIVED && outcome != FACTS_VISIT_UNSEEN)
            return BASE_EXIT_FINDINGS;
        unseen += outcome == FACTS_VISIT_UNSEEN;
    }
    if (unseen == 0)
        return j->damaged ? BASE_EXIT_PARTLY : BASE_EXIT_CLEAN;
    return unseen == j->count ? BASE_EXIT_UNCHECKED : BASE_EXIT_PARTLY;
}

/* -- The whole ----------------------------------------------------------------------------------------------------- */

static int fail(base_error *error, int code)
{
    base_error_wrap(error, "visit");
    base_error_print(error, stderr);
    return code;
}

static int tell(const job *j)
{
    base_error error;
    bool kept = all_kept(j);

    if (!j->settings->common.json)
        print(j);
    else if (!print_json(j, &error))
        return fail(&error, BASE_EXIT_UNCHECKED);
    return kept || exit_code(j) != BASE_EXIT_CLEAN ? exit_code(j) : BASE_EXIT_UNCHECKED;
}

static int visit(job *j, http_route *route)
{
    const settings *s = j->settings;
    base_error error;
    http_transport wire;
    int code;

    if (!http_transport_open(&wire, j->loop, route, &s->wire, &error))
        return fail(&error, http_transport_was_asked_for(&s->wire) ? BASE_EXIT_USAGE : BASE_EXIT_UNCHECKED);
    if (open_book(j, &error)) {
        j->book.preload = j->lists.image;
        j->book.floor = j->lists.floor;
        j->book.life_max = browsers_life_max(s->engine);
        go(j, &wire.client);
        code = tell(j);
    } else {
        code = fail(&error, s->store != NULL ? BASE_EXIT_USAGE : BASE_EXIT_UNCHECKED);
    }
    agent_book_close(&j->book);
    http_transport_close(&wire);
    return code;
}

static const char *contradiction(const settings *s, const base_operands *urls)
{
    if (urls->count == 0)
        return "a URL is missing: holdfast visit http://example.com/";
    if (s->store != NULL && s->no_store)
        return "--store and --no-store contradict each other";
    if (s->lists.image != NULL && s->lists.none)
        return "--preload and --no-preload contradict each other";
    if (s->wire.ipv4 && s->wire.ipv6)
        return "--ipv4 and --ipv6 leave no address";
    return s->wire.timeout == 0 ? "--timeout: a timeout of 0 leaves no time to look" : NULL;
}

static int run(void *storage, const base_operands *urls)
{
    const settings *s = storage;
    job j = {.settings = s, .now = cmd_now(&s->common)};
    const char *problem = contradiction(s, urls);
    http_route *route;
    base_error error;
    int code;

    if (problem != NULL)
        return cmd_refuse("visit: %s", problem);
    route = http_transport_route(&s->wire, &error);
    if (route == NULL)
        return cmd_refuse("visit: %s", error.text);
    if (!preload_lists_open(&j.lists, &s->lists, j.now, &error)) {
        http_route_free(route);
        return cmd_refuse("visit: --preload: %s", error.text);
    }
    j.loop = io_loop_new();
    if (read_urls(&j, urls, &error)) {
        code = visit(&j, route);
    } else {
        http_route_free(route);
        code = cmd_refuse("visit: %s", error.text);
    }
    io_loop_free(j.loop);
    for (size_t i = 0; i < j.count; i++)
        facts_visit_done(&j.visits[i].visit);
    free(j.visits);
    preload_lists_close(&j.lists);
    return code;
}

static bool read_redirects(const char *text, void *target, base_error *error)
{
    size_t *count = target;

    *count = strlen(text) <= 4 && *text != '\0' && strspn(text, "0123456789") == strlen(text)
                 ? (size_t)strtoul(text, NULL, 10)
                 : REDIRECTS_LIMIT + 1;
    if (*count <= REDIRECTS_LIMIT)
        return true;
    base_error_set(error, "'%s' is not a number from 0 to %d", text, REDIRECTS_LIMIT);
    return false;
}

static const base_option options[] = {
    {"store", 0, "FILE", "the known hosts, instead of the usual file", base_read_text, offsetof(settings, store)},
    {"no-store", 0, NULL, "know no hosts at first, and keep none", NULL, offsetof(settings, no_store)},
    PRELOAD_LISTS_OPTIONS(settings),
    {"enforce-localhost", 0, NULL, "treat localhost like any other host", NULL, offsetof(settings, enforce_localhost)},
    {"max-redirects", 0, "N", "follow at most N redirects, internal ones included; as the browser by default",
     read_redirects, offsetof(settings, redirects_max)},
    {"no-https-first", 0, NULL, "request http URLs over http, as clients other than browsers do", NULL,
     offsetof(settings, as_written)},
    CMD_ENGINE_OPTION(settings, "go as one browser: chromium, firefox or safari"),
    HTTP_TRANSPORT_OPTIONS(settings),
    {"timeout", 0, "DURATION", "the most that one request may take, 30s by default", base_read_duration,
     offsetof(settings, wire.timeout)},
    {0},
};

static const settings defaults = {.lists = PRELOAD_LISTS_DEFAULTS,
                                  .wire = {.timeout = HTTP_TIMEOUT_DEFAULT, .patient = true},
                                  .redirects_max = AS_BROWSER};

const cmd_command cmd_visit = {
    .name = "visit",
    .summary = "go to a URL as a browser would, and tell the story step by step",
    .usage = "[options] URL...",
    .common = CMD_JSON | CMD_AT | CMD_QUIET,
    .options = options,
    .settings_size = sizeof(settings),
    .defaults = &defaults,
    .run = run,
};
