#include "agent/agent.h"

#include "browsers/causes.h"
#include "facts/location.h"
#include "http/cookies.h"

#include <stdlib.h>
#include <string.h>

#define STEPS_OF_A_URL 4 /* at most: look-up, exchange, note, and what comes of it */

/* One visit on its way. */
typedef struct walk {
    const agent_options *options;
    facts_visit *visit;
    void (*done)(void *self);
    void *self;
    size_t redirects;
    http_url *urls; /* every one so far, the internal redirects' too; the last is the current one */
    size_t url_count;
    hf_verdict verdict; /* on the URL at hand */
    http_cookies cookies;
    http_request request;
    facts_exchange *exchange;
} walk;

static const http_url *at_hand(const walk *w)
{
    return &w->urls[w->url_count - 1];
}

static facts_visit_step *add_step(walk *w, facts_visit_kind kind)
{
    facts_visit_step *step = &w->visit->steps[w->visit->count++];

    *step = (facts_visit_step){.kind = kind, .url = at_hand(w)->text};
    return step;
}

static void end(walk *w, facts_visit_outcome outcome, facts_access access)
{
    void (*done)(void *self) = w->done;
    void *self = w->self;

    w->visit->outcome = outcome;
    w->visit->access = access;
    w->visit->url = at_hand(w)->text;
    free(w);
    done(self);
}

static facts_visit_step *add_page(walk *w, facts_visit_kind kind, const facts_page *page)
{
    facts_page *kept = base_arena_take(&w->visit->arena, sizeof *kept);
    facts_visit_step *step = add_step(w, kind);

    *kept = *page;
    step->page = kept;
    step->verdict = w->verdict;
    return step;
}

static void refuse(walk *w, browsers_redirect reason, const hf_span *location)
{
    facts_page page;

    browsers_page_of_redirect(reason, &page);
    add_page(w, FACTS_VISIT_FAILURE, &page)->location = location;
    end(w, FACTS_VISIT_FAILED, FACTS_ACCESS_NONE);
}

/* -- Before anything is sent --------------------------------------------------------------------------------------- */

static const char *known_host(const walk *w)
{
    const char *host = at_hand(w)->url.host.name;

    if (w->verdict.learned)
        return base_arena_string(&w->visit->arena, host + w->verdict.learned_offset);
    return w->verdict.preloaded ? base_arena_string(&w->visit->arena, host + w->verdict.preloaded_offset) : NULL;
}

static void look_up(walk *w)
{
    facts_visit_step *step = add_step(w, FACTS_VISIT_LOOKUP);

    agent_book_decide(w->options->book, &at_hand(w)->url, w->options->now, &w->verdict);
    step->verdict = w->verdict;
    step->known_host = known_host(w);
}

/* False, and the visit is over: no further redirect is followed. */
static bool may_go_on(walk *w, const hf_span *location)
{
    if (w->redirects++ < w->options->redirects_max)
        return true;
    refuse(w, BROWSERS_REDIRECT_TOO_MANY, location);
    return false;
}

/* Nothing but known hosts and cookies is kept between two requests, so what was asked for before, with the same
 * cookies, comes out the same again. */
static bool was_requested(const walk *w, const char *cookies)
{
    for (size_t i = 0; i < w->visit->count; i++) {
        const facts_visit_step *step = &w->visit->steps[i];

        if (step->kind == FACTS_VISIT_EXCHANGE && http_url_same_request(step->url, at_hand(w)->text) &&
            facts_exchange_sent(step->exchange, cookies))
            return true;
    }
    return false;
}

static void request(walk *w, const char *cookies);

/*
 * Every URL, however it came about, is looked up before anything is sent. RFC 6797 8.3: "The UA MUST replace the URI
 * scheme with "https"" before "dereferencing" it.
 */
static void open_url(walk *w)
{
    facts_visit_step *step;
    const char *cookies;

    look_up(w);
    if (w->verdict.upgrade) {
        step = add_step(w, FACTS_VISIT_UPGRADE);
        http_url_upgrade(at_hand(w), &w->visit->arena, &w->urls[w->url_count]);
        step->to = w->urls[w->url_count].text;
        if (!may_go_on(w, NULL))
            return;
        w->url_count++;
        look_up(w);
    }
    cookies = http_cookies_for(&w->cookies, at_hand(w), &w->visit->arena);
    if (was_requested(w, cookies))
        refuse(w, BROWSERS_REDIRECT_LOOP, NULL);
    else
        request(w, cookies);
}

/* -- After the response -------------------------------------------------------------------------------------------- */

static void follow(walk *w, const hf_span *location)
{
    static const browsers_redirect reasons[] = {[HTTP_URL_MALFORMED] = BROWSERS_REDIRECT_BAD_LOCATION,
                                                [HTTP_URL_OTHER_SCHEME] = BROWSERS_REDIRECT_OTHER_SCHEME,
                                                [HTTP_URL_UNREACHABLE] = BROWSERS_REDIRECT_NO_ADDRESS_POSSIBLE};
    base_arena *arena = &w->visit->arena;
    http_url *next = &w->urls[w->url_count];
    http_url_result result = http_url_read(at_hand(w), location->data, location->length, arena, next, NULL);
    facts_visit_step *step;

    if (result != HTTP_URL_GOOD) {
        refuse(w, reasons[result], location);
        return;
    }
    if (*next->fragment == '\0' && *at_hand(w)->fragment != '\0')
        http_url_take_fragment(next, at_hand(w)->fragment, arena);
    step = add_step(w, FACTS_VISIT_REDIRECT);
    step->to = next->text;
    step->location = location;
    step->exchange = w->exchange;
    if (may_go_on(w, location)) {
        w->url_count++;
        open_url(w);
    }
}

static void note(walk *w)
{
    const facts_response *response = w->exchange->response;
    size_t first = hf_header_first(response->fields, response->count);
    hf_response circumstances = hf_response_init();
    facts_sts_value *sent;
    base_error error;
    facts_visit_step *step;

    /* Over plain HTTP there is nothing to tell, unless a field was sent that must be ignored (RFC 6797 8.1). */
    if (first == response->count && !w->request.secure)
        return;
    step = add_step(w, FACTS_VISIT_NOTE);
    if (first < response->count) {
        sent = base_arena_take(&w->visit->arena, sizeof *sent);
        *sent = facts_sts_read(response->fields[first].value, &w->visit->arena);
        step->note.sent = sent;
    }
    circumstances.now = w->options->now;
    circumstances.secure = w->request.secure;
    circumstances.tls_error = w->exchange->tls.error_count > 0;
    if (!agent_book_note(w->options->book, &at_hand(w)->url.host, response->fields, response->count, &circumstances,
                         &step->note.noted, &error))
        step->note.trouble = base_arena_string(&w->visit->arena, error.text);
}

/* Firefox requests the URL at hand again, and again; Chrome shows the page that came with it. */
static bool is_empty_location_refused(const walk *w)
{
    return (w->options->engine == FACTS_ENGINE_ANY || w->options->engine == FACTS_ENGINE_FIREFOX) &&
           facts_location_is_empty(w->exchange->response);
}

static void read_response(walk *w)
{
    const hf_span *location;
    facts_location redirect = facts_location_of(w->exchange->response, &location);

    /* Browsers throw this answer away whole: nothing of it is noted. */
    if (redirect == FACTS_FOLLOW_IMPOSSIBLE) {
        refuse(w, BROWSERS_REDIRECT_SEVERAL_LOCATIONS, location);
        return;
    }
    note(w);
    http_cookies_take(&w->cookies, at_hand(w), w->exchange->response, w->options->now, &w->visit->arena);
    if (is_empty_location_refused(w)) {
        refuse(w, BROWSERS_REDIRECT_EMPTY_LOCATION, NULL);
    } else if (redirect == FACTS_FOLLOW) {
        follow(w, location);
    } else {
        add_step(w, FACTS_VISIT_ARRIVAL)->exchange = w->exchange;
        end(w, FACTS_VISIT_ARRIVED, FACTS_ACCESS_OPEN);
    }
}

/*
 * RFC 6797 8.4: "When connecting to a Known HSTS Host, the UA MUST terminate the connection (see also Section 12 ("User
 * Agent Implementation Advice")) if there are any errors, whether "warning" or "fatal" or any other error level, with
 * the underlying secure transport."
 */
static void stop_at_tls(walk *w, const facts_page *page, facts_access access)
{
    bool fatal = w->verdict.tls_errors_fatal, warned = !fatal && page->bypass;

    add_page(w, fatal ? FACTS_VISIT_WALL : warned ? FACTS_VISIT_WARNING : FACTS_VISIT_FAILURE, page);
    w->visit->uncertain = !fatal && !browsers_page_is_known(page, w->options->engine);
    end(w,
        fatal    ? FACTS_VISIT_BLOCKED
        : warned ? FACTS_VISIT_WARNED
                 : FACTS_VISIT_FAILED,
        warned ? FACTS_ACCESS_WARNED : access);
}

/* The name that a redirect leads to, and nobody has: browsers show an error page. Of the name that was asked for it
 * only says that this machine could not look. */
static bool is_dead_name(const walk *w, const facts_failure *failure)
{
    return (failure->code == FACTS_FAILURE_NAME_UNKNOWN || failure->code == FACTS_FAILURE_NAME_WITHOUT_ADDRESS) &&
           strcmp(at_hand(w)->url.host.name, w->urls[0].url.host.name) != 0;
}

static void fail(walk *w, const facts_failure *failure)
{
    facts_page page;

    browsers_page_of_failure(failure, &page);
    if (page.tls) {
        stop_at_tls(w, &page, FACTS_ACCESS_NONE);
        return;
    }
    add_page(w, FACTS_VISIT_FAILURE, &page);
    end(w, facts_code_is_ours(failure->code) && !is_dead_name(w, failure) ? FACTS_VISIT_UNSEEN : FACTS_VISIT_FAILED,
        FACTS_ACCESS_NONE);
}

/* Browsers and the server do not agree about TLS itself: there is no certificate to judge. */
static bool is_handshake_refused(const facts_tls *tls)
{
    for (size_t i = 0; i < tls->error_count; i++)
        if (tls->errors[i].depth < 0)
            return true;
    return false;
}

static void on_exchange(void *self)
{
    walk *w = self;
    const facts_tls *tls = &w->exchange->tls;
    facts_page page;

    if (browsers_page_of_tls(tls, w->options->engine, &page))
        stop_at_tls(w, &page, is_handshake_refused(tls) ? FACTS_ACCESS_NONE : FACTS_ACCESS_LOCKED_OUT);
    else if (w->exchange->failure != NULL)
        fail(w, w->exchange->failure);
    else
        read_response(w);
}

static void request(walk *w, const char *cookies)
{
    const http_url *url = at_hand(w);

    w->exchange = base_arena_take(&w->visit->arena, sizeof *w->exchange);
    w->request = (http_request){.host = url->url.host.name,
                                .named = strcmp(url->url.host.name, w->urls[0].url.host.name) == 0,
                                .is_address = url->url.host.kind != HF_HOST_NAME,
                                .root_dot = url->url.root_dot,
                                .port = url->url.port,
                                .secure = url->url.scheme == HF_SCHEME_HTTPS,
                                .target = url->target,
                                .cookies = cookies,
                                .now = w->options->now,
                                .strict = true,
                                .offer = TLS_OFFER_BOTH};
    add_step(w, FACTS_VISIT_EXCHANGE)->exchange = w->exchange;
    w->options->wire.exchange(w->options->wire.self, &w->request, &w->visit->arena, w->exchange, on_exchange, w);
}

/* -- The whole ----------------------------------------------------------------------------------------------------- */

void agent_go(const agent_options *options, const http_url *url, facts_visit *visit, void (*done)(void *self),
              void *self)
{
    size_t urls_max = options->redirects_max + 2; /* the first, every redirect, and the one that is refused */
    walk *w = base_allocate(sizeof *w);

    visit->count = 0;
    visit->steps = base_arena_take(&visit->arena, urls_max * STEPS_OF_A_URL * sizeof *visit->steps);
    w->options = options;
    w->visit = visit;
    w->done = done;
    w->self = self;
    w->urls = base_arena_take(&visit->arena, urls_max * sizeof *w->urls);
    w->urls[w->url_count++] = *url;
    open_url(w);
}
