#include "agent/subdomains.h"

#include "agent/sites.h"
#include "base/domain.h"
#include "facts/sts_field.h"

#include <stdlib.h>
#include <string.h>

#define AT_ONCE 16   /* names that are asked at once: they often share one machine */
#define SEEN_MAX 128 /* names that the answers of one host tell */
#define IN_MEMORY 256

/* -- What covers them ---------------------------------------------------------------------------------------------- */

static bool policy_covers(const facts_site *site)
{
    const facts_exchange *https = facts_site_https(site);
    const hf_field *field =
        https != NULL ? facts_sts_first(facts_exchange_reading(https, site->verdict.engine).response) : NULL;
    facts_sts_value sent;

    if (!site->verdict.in_force || field == NULL)
        return false;
    sent = facts_sts_read(field->value, NULL);
    return sent.valid && sent.policy.include_subdomains;
}

facts_cover agent_cover_of(const facts_site *site)
{
    if (policy_covers(site))
        return FACTS_COVER_POLICY;
    for (size_t i = 0; i < site->listing_count; i++)
        if (site->listings[i].matched != NULL && site->listings[i].include_subdomains && !site->listings[i].stale)
            return FACTS_COVER_PRELOAD;
    return FACTS_COVER_WOULD;
}

/* -- Names that were seen ------------------------------------------------------------------------------------------ */

static bool is_there(const facts_subdomains *subdomains, const char *name)
{
    for (size_t i = 0; i < subdomains->count; i++)
        if (strcmp(subdomains->items[i].name, name) == 0)
            return true;
    return false;
}

/* A server may name thousands of hosts, and the user has asked for none of them. */
static bool is_one_too_many(facts_site *site, const char *name)
{
    if (!base_domain_is_within(name, site->host.name) || strcmp(name, site->host.name) == 0 ||
        is_there(&site->subdomains, name))
        return false;
    if (site->subdomains.seen++ < SEEN_MAX)
        return false;
    site->subdomains.left_out++;
    return true;
}

/* What is seen by the way is not the user's: that it names other hosts too is no matter, and a certificate for
 * "*.a.test" says nothing about which names there are. */
static void add_seen(facts_site *site, const char *name, facts_source source)
{
    size_t outside = site->subdomains.outside, passed_over = site->subdomains.passed_over;

    if (*name != '*' && !is_one_too_many(site, name))
        facts_subdomains_add(&site->subdomains, &site->host, name, source, FACTS_SUBDOMAIN_UNKNOWN, &site->arena);
    site->subdomains.outside = outside;
    site->subdomains.passed_over = passed_over;
}

static void add_certificate(facts_site *site, const facts_tls *tls)
{
    for (size_t i = 0; tls->certificate_count > 0 && i < tls->certificates[0].name_count; i++)
        add_seen(site, tls->certificates[0].names[i], FACTS_SOURCE_CERTIFICATE);
}

void agent_subdomains_seen(facts_site *site)
{
    for (facts_way way = 0; way < FACTS_WAYS; way++) {
        const facts_redirects *chain = &site->chains[way];

        for (size_t i = 0; i < chain->count; i++) {
            add_certificate(site, &chain->hops[i]->exchange.tls);
            if (strcmp(chain->hops[i]->host.name, chain->hops[0]->host.name) != 0)
                add_seen(site, chain->hops[i]->host.name, FACTS_SOURCE_REDIRECT);
        }
        for (size_t i = 0; i < site->endpoints[way].count; i++)
            add_certificate(site, &site->endpoints[way].items[i].exchange.tls);
    }
}

/* -- What becomes of a name ---------------------------------------------------------------------------------------- */

static const facts_failure *failure_of(const facts_redirects *chain)
{
    return chain->count > 0 ? chain->hops[0]->exchange.failure : NULL;
}

static bool failed_with(const facts_redirects *chain, facts_code code)
{
    return failure_of(chain) != NULL && failure_of(chain)->code == code;
}

static bool is_timeout(const facts_failure *failure)
{
    return failure != NULL &&
           (failure->code == FACTS_FAILURE_CONNECT_TIMEOUT || failure->code == FACTS_FAILURE_TLS_TIMEOUT ||
            failure->code == FACTS_FAILURE_RESPONSE_TIMEOUT);
}

static facts_plain plain_of(const facts_redirects *chain)
{
    const facts_hop *first = chain->count > 0 ? chain->hops[0] : NULL;
    const facts_hop *next = chain->count > 1 ? chain->hops[1] : NULL;

    if (first == NULL)
        return FACTS_PLAIN_UNSEEN;
    if (first->exchange.response == NULL)
        return first->exchange.failure != NULL && facts_code_is_ours(first->exchange.failure->code)
                   ? FACTS_PLAIN_UNSEEN
                   : FACTS_PLAIN_SILENT;
    return next != NULL && next->exchange.secure && strcmp(next->host.name, first->host.name) == 0
               ? FACTS_PLAIN_REDIRECTS
               : FACTS_PLAIN_ANSWERS;
}

static void set(facts_subdomain *item, facts_subdomain_state state, const char *cause, const char *text,
                base_arena *arena)
{
    item->state = state;
    item->cause = base_arena_string(arena, cause);
    item->text = base_arena_string(arena, text);
}

static void set_failure(facts_subdomain *item, facts_subdomain_state state, facts_code code)
{
    item->state = state;
    item->cause = facts_code_name(code);
    item->text = facts_code_text(code);
}

/* How the visit of somebody ends who holds the policy of the host above. */
static void set_ending(facts_subdomain *item, const facts_entrance *entrance, facts_engine as, base_arena *arena)
{
    const facts_ending *endings = entrance->endings[FACTS_RETURNING], *ending = &endings[as];
    const char *text = ending->text;

    if (!ending->seen) {
        set(item, FACTS_SUBDOMAIN_UNKNOWN, "not-seen", text != NULL ? text : "where visitors arrive was not seen",
            arena);
        return;
    }
    if (ending->access == FACTS_ACCESS_OPEN) {
        item->state = FACTS_SUBDOMAIN_GOOD;
        return;
    }
    if (ending->upgraded != NULL)
        text = base_arena_format(arena, "the redirect to %s becomes %s, and there: %s", ending->upgraded, ending->url,
                                 text);
    else if (strcmp(ending->url, entrance->url) != 0)
        text = base_arena_format(arena, "%s, which it redirects to: %s", ending->url, text);
    set(item, FACTS_SUBDOMAIN_BROKEN, ending->cause, text, arena);
    item->refused[FACTS_ENGINE_ANY] = true;
    for (facts_engine engine = FACTS_ENGINE_ANY + 1; engine < FACTS_ENGINES; engine++)
        item->refused[engine] = endings[engine].seen && endings[engine].access != FACTS_ACCESS_OPEN;
}

/*
 * The facts of a name, looked at as a site or, of www, with the site above it. Whoever refuses connections on both
 * ports has no visitors to lose; one who says nothing on either may answer from elsewhere, so that nobody can say.
 */
static void conclude(facts_subdomain *item, const facts_site *seen, facts_way secure, facts_way clear,
                     base_arena *arena)
{
    const facts_redirects *https = &seen->chains[secure], *http = &seen->chains[clear];
    const facts_exchange *exchange = &https->hops[0]->exchange;

    item->plain = plain_of(http);
    if (failed_with(https, FACTS_FAILURE_NAME_UNKNOWN) || failed_with(https, FACTS_FAILURE_NAME_WITHOUT_ADDRESS))
        set_failure(item, FACTS_SUBDOMAIN_ABSENT, exchange->failure->code);
    else if (exchange->failure != NULL && facts_code_is_ours(exchange->failure->code))
        set_failure(item, FACTS_SUBDOMAIN_UNKNOWN, exchange->failure->code);
    else if (failed_with(https, FACTS_FAILURE_CONNECTION_REFUSED) &&
             failed_with(http, FACTS_FAILURE_CONNECTION_REFUSED))
        set(item, FACTS_SUBDOMAIN_SILENT, "connection-refused", "nothing listens on either port", arena);
    else if (is_timeout(exchange->failure) && item->plain <= FACTS_PLAIN_SILENT)
        set_failure(item, FACTS_SUBDOMAIN_UNKNOWN, exchange->failure->code);
    else if (exchange->response == NULL && exchange->tls.error_count == 0 && facts_exchange_wants_certificate(exchange))
        set_failure(item, FACTS_SUBDOMAIN_UNKNOWN, FACTS_FAILURE_CLIENT_CERTIFICATE);
    else
        set_ending(item, &seen->verdict.entrances[secure], seen->verdict.engine, arena);
}

/* -- Asking -------------------------------------------------------------------------------------------------------- */

typedef struct asking {
    const agent_below *below;
    size_t done, all;
} asking;

static void on_judged(void *self)
{
    asking *a = self;

    a->done++;
    if (a->below->tell != NULL)
        a->below->tell(a->below->self, a->done, a->all);
}

/* Www was looked at with the site, by somebody who holds its policy. */
static bool is_seen_www(const facts_site *site, const facts_subdomain *item)
{
    return site->subdomains.cover == FACTS_COVER_POLICY && site->chains[FACTS_WWW_HTTPS].count > 0 &&
           strncmp(item->name, "www.", 4) == 0 && strcmp(item->name + 4, site->host.name) == 0;
}

static void look_at(asking *a, facts_site *site, facts_subdomain *const *items, size_t count)
{
    facts_site *below = base_allocate(count * sizeof *below);
    agent_judging judging = *a->below->judging;
    http_client client = *a->below->client;
    http_as_browser bare = {0};
    hf_host host;

    /* Nobody named these hosts as the place for a header: a server did, or a zone. */
    if (client.as_browser != NULL)
        bare.user_agent = client.as_browser->user_agent;
    client.as_browser = &bare;
    judging.cover = &site->host;
    judging.judged = on_judged;
    judging.self = a;
    for (size_t i = 0; i < count; i++) {
        if (hf_host_parse(items[i]->name, strlen(items[i]->name), NULL, &host, NULL) != HF_OK)
            abort(); /* it was read so */
        facts_site_init(&below[i], &host, site->port);
        below[i].http_port = site->http_port;
    }
    agent_look(&client, &judging, below, count, AT_ONCE);
    for (size_t i = 0; i < count; i++) {
        conclude(items[i], &below[i], FACTS_HTTPS, FACTS_HTTP, &site->arena);
        facts_site_done(&below[i]);
    }
    free(below);
}

void agent_look_below(const agent_below *below, facts_site *site)
{
    facts_subdomains *subdomains = &site->subdomains;
    facts_subdomain **items = base_allocate((subdomains->count + 1) * sizeof *items);
    asking a = {.below = below};

    for (size_t i = 0; i < subdomains->count; i++) {
        if (subdomains->items[i].state != FACTS_SUBDOMAIN_UNKNOWN)
            continue;
        if (is_seen_www(site, &subdomains->items[i]))
            conclude(&subdomains->items[i], site, FACTS_WWW_HTTPS, FACTS_WWW_HTTP, &site->arena);
        else
            items[a.all++] = &subdomains->items[i];
    }
    for (size_t i = 0; i < a.all; i += IN_MEMORY)
        look_at(&a, site, items + i, a.all - i < IN_MEMORY ? a.all - i : IN_MEMORY);
    free(items);
}
