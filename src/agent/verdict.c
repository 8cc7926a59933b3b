/* The verdict: which visits are made, and what follows from their endings. */
#include "agent/verdict.h"

#include "agent/record.h"
#include "base/domain.h"

#include <stdlib.h>
#include <string.h>

#define ASSUMED_LIFE 31536000 /* seconds, of the policy of a returning visitor whose host sends none today */

/* One visit to be made. */
typedef struct errand {
    facts_way way;
    facts_visitor visitor;
    facts_engine engine;
    facts_at_address *at; /* NULL: at any address */
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

/* What the host serves with this response. False: nothing that could be held. */
static bool read_policy(const facts_hop *hop, hf_policy *policy)
{
    const facts_response *response = hop->exchange.response;
    size_t first = response != NULL ? hf_header_first(response->fields, response->count) : 0;
    facts_sts_value sent;

    if (response == NULL || !hop->exchange.secure || first == response->count)
        return false;
    sent = facts_sts_read(response->fields[first].value, NULL);
    *policy = sent.policy;
    return sent.valid && sent.policy.max_age > 0;
}

/* The policies of the site's hosts on a way, noted before anything was wrong with their certificates. */
static void note_way(judging *j, facts_way way)
{
    const facts_redirects *chain = &j->site->chains[way];
    hf_policy policy;

    for (size_t i = 0; i < chain->count; i++)
        if (facts_hop_is_of_site(chain->hops[i], &j->site->host) && read_policy(chain->hops[i], &policy))
            note(&j->book, &chain->hops[i]->host, &policy, j->options.now);
}

/* The host's own policy comes last: a page further on may forget it, and its visitor is none who returns with one. */
static void note_all(judging *j, facts_way way)
{
    const hf_policy assumed = {.max_age = ASSUMED_LIFE};
    const facts_redirects *own = &j->site->chains[FACTS_HTTPS];
    hf_policy policy;

    note_way(j, FACTS_HTTPS);
    note_way(j, way);
    if (own->count > 0)
        note(&j->book, &j->site->host, read_policy(own->hops[0], &policy) ? &policy : &assumed, j->options.now);
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
        if (visit->steps[i].kind == FACTS_VISIT_UPGRADE)
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

static bool knows(judging *j, facts_way way)
{
    const hf_url url = {.scheme = HF_SCHEME_HTTP, .host = j->site->chains[way].hops[0]->host, .port = 80};
    hf_verdict verdict;

    agent_book_decide(&j->book, &url, j->options.now, &verdict);
    return verdict.enforce;
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
    ending->status = facts_visit_status(visit);
    ending->noted = has_noted(visit);
    ending->knows = knows(j, e->way);
}

/* All browsers get in where the strictest does; otherwise each is asked. */
static void share(judging *j, const errand *e, const facts_ending *ending)
{
    facts_ending *all;

    if (e->at != NULL || e->engine != FACTS_ENGINE_ANY)
        return;
    all = entrance_of(j, e->way)->endings[e->visitor];
    for (facts_engine engine = FACTS_ENGINE_ANY + 1; engine < FACTS_ENGINES; engine++) {
        if (ending->seen && ending->access == FACTS_ACCESS_OPEN)
            all[engine] = *ending;
        else if (ending->seen)
            plan(j, (errand){e->way, e->visitor, engine, NULL});
    }
}

static void work(judging *j);

static void on_over(void *self)
{
    judging *j = self;
    errand e = j->errands[j->next++];
    facts_ending *ending = ending_of(j, &e);

    tell(j, &e, ending);
    share(j, &e, ending);
    agent_book_close(&j->book);
    facts_visit_done(&j->visit);
    j->busy = false;
    work(j);
}

static void start(judging *j)
{
    const errand *e = &j->errands[j->next];
    const char *text = entrance_of(j, e->way)->url;
    base_error error;
    http_url url;

    j->busy = true;
    if (!agent_book_open_memory(&j->book, NULL, false, 0, NULL, &error))
        base_out_of_memory();
    j->book.preload = j->options.preload;
    j->book.floor = j->options.floor;
    if (e->visitor == FACTS_RETURNING)
        note_all(j, e->way);
    j->record.address = e->at != NULL ? e->at->address : NULL;
    j->record.address_port = e->at != NULL ? e->at->port : 0;
    j->record.way = e->way;
    j->record.host = entrance_of(j, e->way)->host;
    j->visiting = (agent_options){.wire = agent_transport_of_record(&j->record),
                                  .book = &j->book,
                                  .now = j->options.now,
                                  .redirects_max = AGENT_REDIRECTS_DEFAULT,
                                  .engine = e->engine};
    if (http_url_read(NULL, text, strlen(text), &j->visit.arena, &url, NULL) != HTTP_URL_GOOD)
        abort(); /* the probe wrote it */
    agent_go(&j->visiting, &url, &j->visit, on_over, j);
}

/* -- Which visits -------------------------------------------------------------------------------------------------- */

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
        for (facts_visitor visitor = 0; items[i].answers && visitor < FACTS_VISITORS; visitor++)
            plan(j, (errand){way, visitor, j->options.engine, &items[i]});
    }
}

/* Whoever holds a policy never comes over plain HTTP: that visit is the one over HTTPS. */
static void plan_way(judging *j, facts_way way)
{
    const facts_redirects *chain = &j->site->chains[way];
    facts_entrance *entrance = entrance_of(j, way);
    const facts_endpoints *endpoints = &j->site->endpoints[way == FACTS_HTTPS ? 0 : 1];

    if (chain->count == 0)
        return;
    entrance->url = chain->hops[0]->url;
    entrance->host = chain->hops[0]->host.name;
    plan(j, (errand){way, FACTS_STRANGER, j->options.engine, NULL});
    if (!is_secure(way))
        return;
    plan(j, (errand){way, FACTS_RETURNING, j->options.engine, NULL});
    if (endpoints->count > 0)
        plan_addresses(j, way, endpoints);
}

/* -- The verdict --------------------------------------------------------------------------------------------------- */

static int64_t certificate_until(const facts_redirects *chain)
{
    int64_t until = HF_TIME_UNKNOWN;

    for (size_t i = 0; i < chain->count; i++) {
        int64_t hop = facts_tls_until(&chain->hops[i]->exchange.tls);

        if (hop != HF_TIME_UNKNOWN && (until == HF_TIME_UNKNOWN || hop < until))
            until = hop;
    }
    return until;
}

/* What becomes of the STS field of the first answer, when a browser reads it. */
static hf_noted noted_of(judging *j)
{
    const facts_redirects *chain = &j->site->chains[FACTS_HTTPS];
    const facts_exchange *exchange = chain->count > 0 ? &chain->hops[0]->exchange : NULL;
    hf_response circumstances = hf_response_init();
    hf_noted noted = HF_NOTED_IGNORED_NO_FIELD;
    agent_book book;
    base_error error;

    if (exchange == NULL || exchange->response == NULL)
        return noted;
    circumstances.now = j->options.now;
    circumstances.secure = exchange->tls.established;
    circumstances.tls_error = exchange->tls.error_count > 0;
    if (!agent_book_open_memory(&book, NULL, false, 0, NULL, &error) ||
        !agent_book_note(&book, &j->site->host, exchange->response->fields, exchange->response->count, &circumstances,
                         &noted, &error))
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
    for (facts_visitor visitor = 0; visitor < (is_secure(way) ? FACTS_VISITORS : FACTS_RETURNING); visitor++)
        if (!entrance_of(j, way)->endings[visitor][j->options.engine].seen)
            return true;
    return false;
}

/* The header, if there is one for browsers, was not to be seen. */
static bool is_refused(judging *j)
{
    const facts_response *response = j->site->chains[FACTS_HTTPS].hops[0]->exchange.response;

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

static void conclude(judging *j)
{
    facts_verdict *verdict = &j->site->verdict;
    const facts_redirects *chain = &j->site->chains[FACTS_HTTPS];
    hf_policy policy;

    verdict->looked = chain->count > 0 && !is_gap(chain, FACTS_HTTPS, 0);
    verdict->complete = verdict->looked && !is_refused(j);
    for (facts_way way = 0; way < FACTS_WAYS; way++)
        verdict->complete = verdict->complete && !has_gap(j, way);
    verdict->noted = noted_of(j);
    verdict->in_force = is_noted(j);
    verdict->first_visit = worst(j, FACTS_STRANGER);
    verdict->later_visit = worst(j, FACTS_RETURNING);
    verdict->certificate_until = certificate_until(chain);
    verdict->policy_until = verdict->in_force && read_policy(chain->hops[0], &policy)
                                ? facts_visit_until(&policy, j->options.now)
                                : HF_TIME_UNKNOWN;
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
