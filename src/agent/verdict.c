/* The verdict: which visits are made, and what follows from their endings. */
#include "agent/verdict.h"

#include "agent/record.h"
#include "base/domain.h"
#include "browsers/causes.h"
#include "browsers/offers.h"
#include "browsers/policies.h"

#include <stdlib.h>
#include <string.h>

#define ASSUMED_LIFE 31536000 /* seconds, of the policy of a returning visitor whose host sends none today */

/* One visit to be made. */
typedef struct errand {
    facts_way way;
    facts_visitor visitor;
    facts_engine engine;
    facts_at_address *at; /* NULL: at any address */
    bool as_written;      /* http is asked as other clients than browsers do */
} errand;

/* What is known of each site that is being judged. */
typedef struct judging {
    agent_judging options;
    facts_site *site;
    void (*done)(void *self);
    void *self;
    errand *errands;
    size_t count, next, capacity;
    bool busy, working;
    /* The visit under way. */
    agent_record record;
    agent_book book;
    agent_options visiting;
    facts_visit visit;
} judging;

static facts_entrance *entrance_of(judging *j, facts_way way)
{
    return &j->site->verdict.entrances[way];
}

static bool is_secure(facts_way way)
{
    return way == FACTS_HTTPS || way == FACTS_WWW_HTTPS;
}

static facts_ending *ending_of(judging *j, const errand *e)
{
    if (e->as_written)
        return &entrance_of(j, e->way)->as_written;
    return e->at != NULL ? &e->at->endings[e->visitor] : &entrance_of(j, e->way)->endings[e->visitor][e->engine];
}

static void plan(judging *j, errand e)
{
    j->errands = base_grow(j->errands, j->count, &j->capacity, sizeof *j->errands);
    j->errands[j->count++] = e;
}

/* -- What returning visitors know ---------------------------------------------------------------------------------- */

static void note(agent_book *book, const hf_host *host, const hf_policy *policy, int64_t now)
{
    hf_response circumstances = hf_response_init();
    hf_noted noted;

    circumstances.now = now;
    circumstances.secure = true;
    if (hf_hosts_note(book->hosts, host, policy, &circumstances, &noted) != HF_OK)
        base_out_of_memory();
}

/* What a browser, as whom the site is judged, makes of it; NULL: nothing. */
static const facts_response *response_of(const facts_exchange *exchange, facts_engine engine)
{
    if (engine == FACTS_ENGINE_FIREFOX)
        return facts_exchange_reading(exchange, engine).response;
    return exchange->response != NULL || engine != FACTS_ENGINE_ANY || exchange->firefox == NULL
               ? exchange->response
               : exchange->firefox->response;
}

/* What the host serves with this response. False: nothing that could be held. */
static bool read_policy(const facts_hop *hop, facts_engine engine, hf_policy *policy)
{
    const hf_field *field = facts_sts_first(response_of(&hop->exchange, engine));
    facts_sts_value sent;

    if (!hop->exchange.secure || field == NULL)
        return false;
    sent = facts_sts_read(field->value, NULL);
    *policy = sent.policy;
    return sent.valid && sent.policy.max_age > 0;
}

/* The policies of the site's hosts on a way, noted before anything was wrong with their certificates. */
static void note_way(judging *j, facts_way way)
{
    const facts_redirects *chain = &j->site->chains[way];
    hf_policy policy;

    for (size_t i = 0; i < chain->count; i++)
        if (facts_hop_is_of_site(chain->hops[i], &j->site->host) &&
            read_policy(chain->hops[i], j->options.engine, &policy))
            note(&j->book, &chain->hops[i]->host, &policy, j->options.now);
}

/* The host's own policy comes last: a page further on may forget it, and its visitor is none who returns with one. */
static void note_all(judging *j, facts_way way)
{
    const hf_policy assumed = {.max_age = ASSUMED_LIFE};
    const hf_policy covering = {.max_age = ASSUMED_LIFE, .include_subdomains = true};
    const facts_redirects *own = &j->site->chains[FACTS_HTTPS];
    hf_policy policy;

    note_way(j, FACTS_HTTPS);
    note_way(j, way);
    if (j->options.cover != NULL)
        note(&j->book, j->options.cover, &covering, j->options.now);
    if (own->count > 0)
        note(&j->book, &j->site->host, read_policy(own->hops[0], j->options.engine, &policy) ? &policy : &assumed,
             j->options.now);
}

/* -- One visit ----------------------------------------------------------------------------------------------------- */

static const char *keep(judging *j, const char *text)
{
    return base_arena_string(&j->site->arena, text);
}

/* The http URL of a redirect, or of the entrance, that a policy turned into the URL at which it all ended. */
static const char *upgraded_to_end(const facts_visit *visit)
{
    for (size_t i = visit->count; i-- > 0;)
        if (visit->steps[i].kind == FACTS_VISIT_UPGRADE && visit->steps[i].by == FACTS_UPGRADE_HSTS)
            return strcmp(visit->steps[i].to, visit->url) == 0 ? visit->steps[i].url : NULL;
    return NULL;
}

static const char *known_host_at_end(const facts_visit *visit)
{
    for (size_t i = visit->count; i-- > 0;)
        if (visit->steps[i].kind == FACTS_VISIT_LOOKUP)
            return visit->steps[i].known_host;
    return NULL;
}

/* What the first answer of the host itself set. */
static bool has_noted(const facts_visit *visit)
{
    for (size_t i = 0; i < visit->count; i++)
        if (visit->steps[i].kind == FACTS_VISIT_NOTE)
            return strcmp(visit->steps[i].url, visit->steps[0].url) == 0 &&
                   (visit->steps[i].note.noted == HF_NOTED_ADDED || visit->steps[i].note.noted == HF_NOTED_RENEWED);
    return false;
}

static bool knows(judging *j, const hf_host *host)
{
    const hf_url url = {.scheme = HF_SCHEME_HTTP, .host = *host, .port = 80};
    hf_verdict verdict;

    agent_book_decide(&j->book, &url, j->options.now, &verdict);
    return verdict.enforce;
}

static void tell_first(const facts_visit *visit, facts_ending *ending)
{
    for (size_t i = 0; i < visit->count; i++) {
        const facts_visit_step *step = &visit->steps[i];

        ending->asked_first |= step->kind == FACTS_VISIT_UPGRADE && step->by != FACTS_UPGRADE_HSTS;
        ending->fell_back |= step->kind == FACTS_VISIT_FALLBACK;
    }
}

static void tell(judging *j, const errand *e, facts_ending *ending)
{
    const facts_visit *visit = &j->visit;
    const facts_visit_step *last = &visit->steps[visit->count - 1];

    *ending = (facts_ending){.seen = visit->outcome != FACTS_VISIT_UNSEEN && !visit->uncertain};
    ending->text = last->page != NULL ? last->page->text : NULL;
    if (!ending->seen)
        return;
    ending->access = visit->access;
    ending->url = keep(j, visit->url);
    ending->upgraded = keep(j, upgraded_to_end(visit));
    ending->known_host = keep(j, known_host_at_end(visit));
    ending->cause = last->page != NULL ? last->page->cause : NULL;
    if (last->page != NULL && e->engine != FACTS_ENGINE_ANY && ending->access != FACTS_ACCESS_OPEN)
        ending->code = last->page->shown[facts_engine_browser(e->engine)].code;
    ending->status = facts_visit_status(visit);
    tell_first(visit, ending);
    ending->noted = has_noted(visit);
    ending->knows = knows(j, &j->site->chains[e->way].hops[0]->host);
}

/* On the way there was what browsers do not read alike. */
static bool is_read_differently(const facts_visit *visit)
{
    for (size_t i = 0; i < visit->count; i++)
        if (visit->steps[i].kind == FACTS_VISIT_EXCHANGE && visit->steps[i].exchange->firefox != NULL)
            return true;
    return false;
}

/* On the way stood an http URL of no known host: browsers differ in which of those they ask https first. */
static bool met_http(const facts_visit *visit)
{
    for (size_t i = 0; i < visit->count; i++) {
        const facts_visit_step *step = &visit->steps[i];

        if (step->kind == FACTS_VISIT_LOOKUP && !step->verdict.upgrade && strncmp(step->url, "http:", 5) == 0)
            return true;
    }
    return false;
}

/* All browsers get in where the strictest does, and learn the same where they read the same and go the same way;
 * otherwise each is asked. */
static void share(judging *j, const errand *e, const facts_ending *ending)
{
    bool same = ending->access == FACTS_ACCESS_OPEN && !is_read_differently(&j->visit) && !met_http(&j->visit);
    facts_ending *all;

    if (e->engine != FACTS_ENGINE_ANY || !ending->seen)
        return;
    all = entrance_of(j, e->way)->endings[e->visitor];
    for (facts_engine engine = FACTS_ENGINE_ANY + 1; engine < FACTS_ENGINES; engine++) {
        if (same)
            all[engine] = *ending;
        else
            plan(j, (errand){.way = e->way, .visitor = e->visitor, .engine = engine});
    }
}

/* What other clients than browsers meet is what all meet, where nobody asks https first. */
static void see_as_written(judging *j, const errand *e, const facts_ending *ending)
{
    if (ending->asked_first && !is_secure(e->way))
        plan(j, (errand){.way = e->way, .visitor = e->visitor, .engine = e->engine, .as_written = true});
    else
        entrance_of(j, e->way)->as_written = *ending;
}

static void work(judging *j);

static void on_over(void *self)
{
    judging *j = self;
    errand e = j->errands[j->next++];
    facts_ending *ending = ending_of(j, &e);

    tell(j, &e, ending);
    if (e.at == NULL && !e.as_written && e.engine == j->options.engine) {
        see_as_written(j, &e, ending);
        share(j, &e, ending);
    }
    agent_book_close(&j->book);
    facts_visit_done(&j->visit);
    j->busy = false;
    work(j);
}

/* Of a browser that has learned nothing. */
static void open_book(judging *j)
{
    base_error error;

    if (!agent_book_open_memory(&j->book, NULL, &(agent_book_options){0}, &error))
        base_out_of_memory();
    j->book.preload = j->options.preload;
    j->book.floor = j->options.floor;
}

static void start(judging *j)
{
    const errand *e = &j->errands[j->next];
    const char *text = entrance_of(j, e->way)->url;
    http_url url;

    j->busy = true;
    open_book(j);
    if (e->visitor == FACTS_RETURNING)
        note_all(j, e->way);
    j->record.address = e->at != NULL ? e->at->address : NULL;
    j->record.way = e->way;
    j->record.host = entrance_of(j, e->way)->host;
    j->visiting = (agent_options){.wire = agent_transport_of_record(&j->record),
                                  .book = &j->book,
                                  .now = j->options.now,
                                  .redirects_max = browsers_redirects_max(e->engine),
                                  .engine = e->engine,
                                  .as_written = e->as_written};
    if (http_url_read(NULL, text, strlen(text), &j->visit.arena, &url, NULL) != HTTP_URL_GOOD)
        abort(); /* the probe wrote it */
    agent_go(&j->visiting, &url, &j->visit, on_over, j);
}

/* -- Which visits -------------------------------------------------------------------------------------------------- */

/* Whoever holds a policy never comes over plain HTTP: that visit is the one over HTTPS. */
static facts_visitor visitors_of(facts_way way)
{
    return is_secure(way) ? FACTS_VISITORS : FACTS_RETURNING;
}

/* Of the site's names, those whose addresses were asked one by one. */
static void plan_addresses(judging *j, facts_way way, const facts_endpoints *endpoints)
{
    facts_entrance *entrance = entrance_of(j, way);
    facts_at_address *items = base_arena_take(&j->site->arena, endpoints->count * sizeof *items);

    entrance->addresses = items;
    entrance->address_count = endpoints->count;
    for (size_t i = 0; i < endpoints->count; i++) {
        const facts_exchange *exchange = &endpoints->items[i].exchange;

        items[i].address = endpoints->items[i].address;
        items[i].ipv6 = strchr(items[i].address, ':') != NULL;
        items[i].answers = exchange->failure == NULL || exchange->failure->phase > FACTS_PHASE_CONNECT;
        items[i].port = endpoints->items[i].port;
        for (facts_visitor visitor = 0; items[i].answers && visitor < visitors_of(way); visitor++)
            plan(j, (errand){.way = way, .visitor = visitor, .engine = j->options.engine, .at = &items[i]});
    }
}

static void plan_way(judging *j, facts_way way)
{
    const facts_redirects *chain = &j->site->chains[way];
    facts_entrance *entrance = entrance_of(j, way);
    const facts_endpoints *endpoints = &j->site->endpoints[way];

    if (chain->count == 0)
        return;
    entrance->url = chain->hops[0]->url;
    entrance->host = chain->hops[0]->host.name;
    for (facts_visitor visitor = 0; visitor < visitors_of(way); visitor++)
        plan(j, (errand){.way = way, .visitor = visitor, .engine = j->options.engine});
    if (endpoints->count > 0)
        plan_addresses(j, way, endpoints);
}

/* -- The verdict --------------------------------------------------------------------------------------------------- */

static void take_until(const facts_tls *tls, int64_t *until)
{
    int64_t other = facts_tls_until(tls);

    if (other != HF_TIME_UNKNOWN && (*until == HF_TIME_UNKNOWN || other < *until))
        *until = other;
}

/* Of all addresses: which one was asked first is chance. */
static int64_t certificate_until(const facts_site *site)
{
    const facts_redirects *chain = &site->chains[FACTS_HTTPS];
    const facts_endpoints *endpoints = &site->endpoints[FACTS_HTTPS];
    int64_t until = HF_TIME_UNKNOWN;

    for (size_t i = 0; i < chain->count; i++)
        take_until(&chain->hops[i]->exchange.tls, &until);
    for (size_t i = 0; i < endpoints->count; i++)
        take_until(&endpoints->items[i].exchange.tls, &until);
    return until;
}

/* In the browser that is asked for; without one, in all of them. */
static bool is_invalid(const judging *j, const facts_tls *tls)
{
    facts_page page;

    return tls->error_count > 0 ||
           (j->options.engine != FACTS_ENGINE_ANY && browsers_page_of_tls(tls, j->options.engine, &page));
}

/* What becomes of the STS field of the first answer, when a browser reads it. */
static hf_noted noted_of(judging *j)
{
    const facts_redirects *chain = &j->site->chains[FACTS_HTTPS];
    const facts_exchange *exchange = chain->count > 0 ? &chain->hops[0]->exchange : NULL;
    const facts_response *response = exchange != NULL ? response_of(exchange, j->options.engine) : NULL;
    hf_response circumstances = hf_response_init();
    hf_noted noted = HF_NOTED_IGNORED_NO_FIELD;
    agent_book book;
    base_error error;

    if (response == NULL)
        return noted;
    circumstances.now = j->options.now;
    circumstances.secure = exchange->tls.established;
    circumstances.tls_error = is_invalid(j, &exchange->tls);
    if (!agent_book_open_memory(&book, NULL, &(agent_book_options){0}, &error) ||
        !agent_book_note(&book, &j->site->host, response->fields, response->count, &circumstances, &noted, &error))
        base_out_of_memory();
    agent_book_close(&book);
    return noted;
}

static bool is_nameless(const facts_failure *failure)
{
    return failure->code == FACTS_FAILURE_NAME_UNKNOWN || failure->code == FACTS_FAILURE_NAME_WITHOUT_ADDRESS;
}

/* That www has no name is no gap; that plain HTTP of a name that was found could not be looked at is one. */
static bool is_gap(const facts_redirects *chain, facts_way way, size_t index)
{
    const facts_failure *failure = chain->hops[index]->exchange.failure;

    if (failure == NULL || !facts_code_is_ours(failure->code))
        return false;
    return !is_nameless(failure) || (index == 0 && (way == FACTS_HTTPS || way == FACTS_HTTP));
}

/* At an address that answers, nobody saw where the visit ends. */
static bool has_gap_at_address(judging *j, facts_way way, facts_visitor visitor)
{
    const facts_entrance *entrance = entrance_of(j, way);

    for (size_t i = 0; i < entrance->address_count; i++)
        if (entrance->addresses[i].answers && !entrance->addresses[i].endings[visitor].seen)
            return true;
    return false;
}

static bool has_gap(judging *j, facts_way way)
{
    const facts_redirects *chain = &j->site->chains[way];
    const facts_failure *failure = chain->count > 0 ? chain->hops[0]->exchange.failure : NULL;

    for (size_t i = 0; i < chain->count; i++)
        if (is_gap(chain, way, i))
            return true;
    if (chain->count == 0 || (failure != NULL && is_nameless(failure)))
        return false;
    if (chain->end == FACTS_END_HOST_BUDGET)
        return true;
    for (facts_visitor visitor = 0; visitor < visitors_of(way); visitor++)
        if (!entrance_of(j, way)->endings[visitor][j->options.engine].seen || has_gap_at_address(j, way, visitor))
            return true;
    return false;
}

/* The header, if there is one for browsers, was not to be seen. */
static bool is_refused(judging *j)
{
    const facts_exchange *exchange = &j->site->chains[FACTS_HTTPS].hops[0]->exchange;
    const facts_response *response = exchange->response;

    if (facts_exchange_wants_certificate(exchange))
        return response == NULL || facts_sts_count(response) == 0;
    return response != NULL && facts_response_is_refusal(response) && facts_sts_count(response) == 0;
}

/* The worst that visitors of https://HOST meet, whichever address they come to. */
static facts_access worst(judging *j, facts_visitor visitor)
{
    const facts_entrance *entrance = entrance_of(j, FACTS_HTTPS);
    const facts_ending *ending = &entrance->endings[visitor][j->options.engine];
    facts_access access = ending->seen ? ending->access : FACTS_ACCESS_OPEN;

    for (size_t i = 0; i < entrance->address_count; i++)
        if (entrance->addresses[i].answers && entrance->addresses[i].endings[visitor].seen &&
            entrance->addresses[i].endings[visitor].access > access)
            access = entrance->addresses[i].endings[visitor].access;
    return ending->seen || access != FACTS_ACCESS_OPEN ? access
           : j->site->verdict.looked                   ? FACTS_ACCESS_UNSEEN
                                                       : FACTS_ACCESS_NONE;
}

static bool is_noted(judging *j)
{
    const facts_ending *endings = entrance_of(j, FACTS_HTTPS)->endings[FACTS_STRANGER];

    for (facts_engine engine = 0; engine < FACTS_ENGINES; engine++)
        if (endings[engine].seen && endings[engine].noted)
            return true;
    return false;
}

static int64_t policy_until(judging *j, facts_engine engine)
{
    const facts_redirects *chain = &j->site->chains[FACTS_HTTPS];
    hf_policy policy;

    if (!j->site->verdict.in_force || !read_policy(chain->hops[0], engine, &policy))
        return HF_TIME_UNKNOWN;
    return facts_visit_until(&policy, browsers_life_max(engine), j->options.now);
}

/* The first end among the browsers that hold the policy: where no browser is asked for, the worst counts. */
static int64_t first_policy_until(judging *j)
{
    const facts_ending *endings = entrance_of(j, FACTS_HTTPS)->endings[FACTS_STRANGER];
    int64_t first = policy_until(j, FACTS_ENGINE_ANY);

    for (facts_engine engine = FACTS_ENGINE_ANY + 1; engine < FACTS_ENGINES; engine++) {
        int64_t until = policy_until(j, engine);

        if (endings[engine].seen && endings[engine].noted && until != HF_TIME_UNKNOWN &&
            (first == HF_TIME_UNKNOWN || until < first))
            first = until;
    }
    return first;
}

/* A certificate that ends stops those alone who hold a policy for its host: what the site serves today, or a list. */
static int64_t lockout_from(judging *j)
{
    const facts_redirects *chain = &j->site->chains[FACTS_HTTPS];
    const facts_endpoints *endpoints = &j->site->endpoints[FACTS_HTTPS];
    int64_t from = HF_TIME_UNKNOWN;

    if (!j->site->verdict.possible || j->site->verdict.later_visit != FACTS_ACCESS_OPEN)
        return from;
    open_book(j);
    note_way(j, FACTS_HTTPS);
    for (size_t i = 0; i < chain->count; i++)
        if (chain->hops[i]->exchange.secure && knows(j, &chain->hops[i]->host))
            take_until(&chain->hops[i]->exchange.tls, &from);
    for (size_t i = 0; i < endpoints->count && knows(j, &j->site->host); i++)
        take_until(&endpoints->items[i].exchange.tls, &from);
    agent_book_close(&j->book);
    return from;
}

static void conclude(judging *j)
{
    facts_verdict *verdict = &j->site->verdict;
    const facts_redirects *chain = &j->site->chains[FACTS_HTTPS];

    for (facts_engine engine = FACTS_ENGINE_ANY + 1; engine < FACTS_ENGINES && j->site->offers.looked; engine++)
        j->site->offers.choices[engine] = browsers_choose(&j->site->offers, engine);
    verdict->looked = chain->count > 0 && !is_gap(chain, FACTS_HTTPS, 0);
    verdict->complete = verdict->looked && !is_refused(j);
    for (facts_way way = 0; way < FACTS_WAYS; way++)
        verdict->complete = verdict->complete && !has_gap(j, way);
    verdict->noted = noted_of(j);
    verdict->in_force = is_noted(j);
    verdict->first_visit = worst(j, FACTS_STRANGER);
    verdict->later_visit = worst(j, FACTS_RETURNING);
    verdict->certificate_until = certificate_until(j->site);
    verdict->policy_until[FACTS_ENGINE_ANY] = first_policy_until(j);
    for (facts_engine engine = FACTS_ENGINE_ANY + 1; engine < FACTS_ENGINES; engine++) {
        verdict->policy_until[engine] = policy_until(j, engine);
        verdict->renewal_step[engine] = browsers_renewal_step(engine);
    }
    verdict->lockout_from = lockout_from(j);
}

/* -- The whole ----------------------------------------------------------------------------------------------------- */

static void work(judging *j)
{
    void (*done)(void *self) = j->done;
    void *self = j->self;

    if (j->working)
        return; /* the loop below goes on */
    j->working = true;
    while (j->next < j->count && !j->busy)
        start(j);
    j->working = false;
    if (j->busy)
        return;
    conclude(j);
    free(j->errands);
    free(j);
    done(self);
}

void agent_judge(const agent_judging *options, facts_site *site, void (*done)(void *self), void *self)
{
    judging *j = base_allocate(sizeof *j);

    j->options = *options;
    j->site = site;
    j->done = done;
    j->self = self;
    j->record = (agent_record){
        .site = site, .wire = options->wire.exchange != NULL ? &j->options.wire : NULL, .deadline = options->deadline};
    site->verdict = (facts_verdict){.engine = options->engine,
                                    .possible = site->host.kind == HF_HOST_NAME && !hf_host_is_localhost(&site->host)};
    for (facts_way way = 0; way < FACTS_WAYS; way++)
        plan_way(j, way);
    work(j);
}

static void on_judged(void *self)
{
    (void)self;
}

void agent_judge_seen(const agent_judging *options, facts_site *site)
{
    agent_judging seen = *options;

    seen.wire = (agent_transport){0};
    agent_judge(&seen, site, on_judged, NULL);
}
