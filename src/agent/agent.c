#include "agent/agent.h"

#include "browsers/causes.h"
#include "browsers/policies.h"
#include "browsers/ports.h"
#include "browsers/upgrades.h"
#include "facts/location.h"
#include "http/cookies.h"

#include <stdlib.h>
#include <string.h>

#define PROXY_AUTHENTICATION_REQUIRED 407
#define STEPS_OF_A_URL 5 /* at most: look-up, a way back, exchange, note, and what comes of it */

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
    /* Https is asked first, in place of this URL, to which the visit goes back if that fails; NULL: it does not. */
    const http_url *first;
    const browsers_upgrade *upgrade;
    int64_t spent;         /* milliseconds, on what was asked so */
    bool waits;            /* for an answer, as long as for any other */
    const char **given_up; /* hosts that are asked as it is written from now on */
    size_t given_up_count;
    size_t fresh_from; /* the step from which on a request is one that was made before */
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
    for (size_t i = w->fresh_from; i < w->visit->count; i++) {
        const facts_visit_step *step = &w->visit->steps[i];

        if (step->kind == FACTS_VISIT_EXCHANGE && http_url_same_request(step->url, at_hand(w)->text) &&
            facts_exchange_sent(step->exchange, cookies))
            return true;
    }
    return false;
}

static void request(walk *w, const char *cookies);

/* Nothing is sent to a port that the browser blocks. */
static void block(walk *w)
{
    facts_failure blocked = facts_failure_make(FACTS_PHASE_CONNECT, FACTS_FAILURE_UNSAFE_PORT, NULL);
    facts_page page;

    browsers_page_of_failure(&blocked, &page);
    add_page(w, FACTS_VISIT_FAILURE, &page);
    end(w, FACTS_VISIT_FAILED, FACTS_ACCESS_NONE);
}

static void make_request(walk *w)
{
    const char *cookies = http_cookies_for(&w->cookies, at_hand(w), &w->visit->arena);

    if (browsers_port_is_blocked(at_hand(w)->url.port, w->options->engine))
        block(w);
    else if (was_requested(w, cookies))
        refuse(w, BROWSERS_REDIRECT_LOOP, NULL);
    else
        request(w, cookies);
}

static void upgrade_url(walk *w, facts_upgrade by)
{
    facts_visit_step *step = add_step(w, FACTS_VISIT_UPGRADE);

    http_url_upgrade(at_hand(w), &w->visit->arena, &w->urls[w->url_count]);
    step->to = w->urls[w->url_count].text;
    step->by = by;
    if (!may_go_on(w, NULL))
        return;
    w->url_count++;
    look_up(w);
    make_request(w);
}

/* -- Https first --------------------------------------------------------------------------------------------------- */

static bool is_given_up(const walk *w)
{
    for (size_t i = 0; i < w->given_up_count; i++)
        if (strcmp(w->given_up[i], at_hand(w)->url.host.name) == 0)
            return true;
    return false;
}

static bool asks_first(const walk *w)
{
    const hf_url *url = &at_hand(w)->url;
    io_address address;
    bool reachable = url->host.kind != HF_HOST_NAME && io_address_parse(url->host.name, url->port, &address) &&
                     !io_address_is_private(&address);

    return !is_given_up(w) && browsers_upgrades(w->upgrade, url, reachable);
}

/* Https was asked in place of this URL, and its answer has led back here. */
static bool has_come_back(const walk *w)
{
    const char *here = at_hand(w)->text;
    http_url secure;

    http_url_upgrade(at_hand(w), &w->visit->arena, &secure);
    if (w->url_count > 1 && http_url_same_request(w->urls[w->url_count - 2].text, secure.text))
        return true;
    for (size_t i = 0; w->upgrade->whole_way && i < w->visit->count; i++)
        if (w->visit->steps[i].kind == FACTS_VISIT_UPGRADE && http_url_same_request(w->visit->steps[i].url, here))
            return true;
    return false;
}

/* From now on the host is asked as it is written. */
static void give_up(walk *w, const http_url *to, const facts_page *why)
{
    add_page(w, FACTS_VISIT_FALLBACK, why)->to = to->text;
    w->given_up[w->given_up_count++] = to->url.host.name;
    w->first = NULL;
    w->fresh_from = w->visit->count;
}

static void ask_first(walk *w)
{
    facts_page page;

    if (has_come_back(w)) {
        browsers_page_of_redirect(BROWSERS_REDIRECT_LOOP, &page);
        give_up(w, at_hand(w), &page);
        make_request(w);
    } else {
        w->first = at_hand(w);
        upgrade_url(w, FACTS_UPGRADE_HTTPS_FIRST);
    }
}

/* RFC 9460 9.5: the record says as much as a redirect to https, and there is no way back. */
static void on_record(void *self, bool has)
{
    walk *w = self;

    w->waits = has && w->upgrade->record == BROWSERS_RECORD_WAITED_FOR;
    if (has && w->upgrade->record == BROWSERS_RECORD_OBEYED) {
        w->first = NULL;
        upgrade_url(w, FACTS_UPGRADE_HTTPS_RECORD);
    } else if (asks_first(w)) {
        ask_first(w);
    } else {
        make_request(w);
    }
}

/* True if the browser would ask for an HTTPS record, and do something about it. */
static bool minds_record(const walk *w)
{
    const hf_url *url = &at_hand(w)->url;

    return w->options->wire.find_record != NULL && w->upgrade->record != BROWSERS_RECORD_IGNORED &&
           url->scheme == HF_SCHEME_HTTP && url->port == 80 && url->host.kind == HF_HOST_NAME;
}

/*
 * Every URL, however it came about, is looked up before anything is sent. RFC 6797 8.3: "The UA MUST replace the URI
 * scheme with "https"" before "dereferencing" it.
 */
static void open_url(walk *w)
{
    look_up(w);
    if (w->verdict.upgrade)
        upgrade_url(w, FACTS_UPGRADE_HSTS);
    else if (w->options->as_written)
        make_request(w);
    else if (minds_record(w))
        w->options->wire.find_record(w->options->wire.self, &at_hand(w)->url.host, on_record, w);
    else
        on_record(w, false);
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
    if (!w->upgrade->whole_way)
        w->first = NULL;
    if (may_go_on(w, location)) {
        w->url_count++;
        open_url(w);
    }
}

static void note(walk *w)
{
    const facts_response *response = w->exchange->response;
    const hf_field *first = facts_sts_first(response);
    hf_response circumstances = hf_response_init();
    facts_sts_value *sent = NULL;
    base_error error;
    facts_visit_step *step;

    /* Over plain HTTP there is nothing to tell, unless a field was sent that must be ignored (RFC 6797 8.1). And who
       shows a 407 at all, Firefox, takes it for that of a proxy. */
    if ((first == NULL && !w->request.secure) || response->status == PROXY_AUTHENTICATION_REQUIRED)
        return;
    step = add_step(w, FACTS_VISIT_NOTE);
    if (first != NULL) {
        sent = base_arena_take(&w->visit->arena, sizeof *sent);
        *sent = facts_sts_read(first->value, &w->visit->arena);
        step->note.sent = sent;
    }
    circumstances.now = w->options->now;
    circumstances.secure = w->request.secure;
    circumstances.tls_error = w->exchange->tls.error_count > 0;
    if (!agent_book_note(w->options->book, &at_hand(w)->url.host, response->fields, response->count, &circumstances,
                         &step->note.noted, &error))
        step->note.trouble = base_arena_string(&w->visit->arena, error.text);
    else if (sent != NULL)
        step->note.until = facts_visit_until(&sent->policy, browsers_life_max(w->options->engine), w->options->now);
}

/* What browsers keep of a response. */
static void take(walk *w)
{
    note(w);
    http_cookies_take(&w->cookies, at_hand(w), w->exchange->response, w->options->now, &w->visit->arena);
}

/* Firefox requests the URL at hand again, and again; Chrome shows the page that came with it. */
static bool is_empty_location_refused(const walk *w)
{
    return (w->options->engine == FACTS_ENGINE_ANY || w->options->engine == FACTS_ENGINE_FIREFOX) &&
           facts_location_is_empty(w->exchange->response);
}

/* From here on the response is what this browser makes of it. Of Safari nobody knows, where the others differ. */
static void read_as(walk *w, facts_engine engine)
{
    facts_reading reading = facts_exchange_reading(w->exchange, engine);

    if (w->exchange->firefox != NULL && engine == FACTS_ENGINE_SAFARI)
        w->visit->uncertain = true;
    w->exchange->failure = reading.failure;
    w->exchange->response = reading.response;
}

static void read_response(walk *w)
{
    const hf_span *location;
    facts_location redirect;

    read_as(w, w->options->engine);
    redirect = facts_location_of(w->exchange->response, &location);
    take(w);
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
    /* What all browsers refuse is fatal in each; whether one refuses what others accept must be known. */
    bool refused = w->exchange->failure != NULL || w->exchange->tls.error_count > 0;
    bool fatal = w->verdict.tls_errors_fatal, warned = !fatal && page->bypass;

    add_page(w, fatal ? FACTS_VISIT_WALL : warned ? FACTS_VISIT_WARNING : FACTS_VISIT_FAILURE, page);
    w->visit->uncertain = !(fatal && refused) && !browsers_page_is_known(page, w->options->engine);
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

    browsers_page_of_exchange(w->exchange, w->options->engine, &page);
    read_as(w, w->options->engine);
    if (page.tls) {
        stop_at_tls(w, &page, FACTS_ACCESS_NONE);
        return;
    }
    add_page(w, FACTS_VISIT_FAILURE, &page);
    w->visit->uncertain = w->visit->uncertain || !browsers_page_is_known(&page, w->options->engine);
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

/* What is wrong with the answer, from the browser's side; false: nothing, or this machine could not look. */
static bool find_fault(const walk *w, facts_page *page)
{
    static const facts_page error_status = {.cause = "error-status", .text = "the status is an error"};
    const facts_reading reading = facts_exchange_reading(w->exchange, w->options->engine);

    if (browsers_page_of_tls(&w->exchange->tls, w->options->engine, page))
        return true;
    if (reading.failure != NULL) {
        browsers_page_of_failure(reading.failure, page);
        return !facts_code_is_ours(reading.failure->code) || is_dead_name(w, reading.failure);
    }
    *page = error_status;
    return browsers_goes_back_at(w->upgrade, reading.response->status);
}

static void count_time(walk *w)
{
    for (facts_phase phase = 0; w->first != NULL && phase < FACTS_PHASES; phase++)
        if (w->exchange->milliseconds[phase] > 0)
            w->spent += w->exchange->milliseconds[phase];
}

/* True, and the visit goes on over http: https was asked first, and failed. */
static bool goes_back(walk *w)
{
    const http_url *to = w->first;
    facts_page page, refused;

    count_time(w);
    if (to == NULL || !find_fault(w, &page))
        return false;
    read_as(w, w->options->engine);
    if (w->exchange->response != NULL && !browsers_page_of_tls(&w->exchange->tls, w->options->engine, &refused))
        take(w);
    give_up(w, to, &page);
    if (may_go_on(w, NULL)) {
        w->urls[w->url_count++] = *to;
        open_url(w);
    }
    return true;
}

/* Chrome ends the handshake, and shows a page of the network: of its pages about certificates the codes begin with
 * NET::. */
static bool is_handshake_ended(const walk *w, const facts_page *page)
{
    const facts_shown *shown = &page->shown[FACTS_BROWSER_CHROME];

    return w->options->engine == FACTS_ENGINE_CHROMIUM && shown->code != NULL && strncmp(shown->code, "NET::", 5) != 0;
}

static void on_exchange(void *self)
{
    walk *w = self;
    const facts_tls *tls = &w->exchange->tls;
    facts_page page;

    if (goes_back(w))
        return;
    if (browsers_page_of_tls(tls, w->options->engine, &page))
        stop_at_tls(w, &page,
                    is_handshake_refused(tls) || is_handshake_ended(w, &page) ? FACTS_ACCESS_NONE
                                                                              : FACTS_ACCESS_LOCKED_OUT);
    else if (facts_exchange_reading(w->exchange, w->options->engine).failure != NULL)
        fail(w, facts_exchange_reading(w->exchange, w->options->engine).failure);
    else
        read_response(w);
}

/* Milliseconds for an answer to what is asked first; 0: as for any other. */
static int64_t patience_left(const walk *w)
{
    if (w->first == NULL || w->waits || w->upgrade->patience == 0)
        return 0;
    return w->spent < w->upgrade->patience ? w->upgrade->patience - w->spent : 1;
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
                                .patience = patience_left(w),
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
    visit->engine = options->engine;
    w->options = options;
    w->upgrade = browsers_upgrade_of(options->engine);
    w->given_up = base_arena_take(&visit->arena, urls_max * sizeof *w->given_up);
    w->visit = visit;
    w->done = done;
    w->self = self;
    w->urls = base_arena_take(&visit->arena, urls_max * sizeof *w->urls);
    w->urls[w->url_count++] = *url;
    open_url(w);
}
