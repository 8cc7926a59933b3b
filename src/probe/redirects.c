#include "probe/redirects.h"

#include "facts/location.h"
#include "facts/sts_field.h"
#include "http/cookies.h"

#define CLEAR_CONTENT_KEPT 1024 /* octets of a body that came in clear */

typedef struct walk {
    const http_client *client;
    bool follow; /* redirects */
    http_request request;
    http_url url; /* of the hop under way */
    base_arena *arena;
    facts_redirects *chain;
    http_cookies cookies;
    const char *cookie_field; /* for the URL under way */
    facts_exchange to_head;   /* what HEAD brought, before GET was asked */
    void (*done)(void *self);
    void *self;
} walk;

static void request_hop(walk *w);
static void on_answer(void *self);

/* True if a hop before asked the same, with the same cookies: then the answer will be the same too. */
static bool was_here(const facts_redirects *chain, const http_url *url, const char *cookies)
{
    size_t length = strcspn(url->text, "#");

    for (size_t i = 0; i < chain->count; i++) {
        const char *before = chain->hops[i]->url;

        if (length == strcspn(before, "#") && memcmp(before, url->text, length) == 0 &&
            facts_exchange_sent(&chain->hops[i]->exchange, cookies))
            return true;
    }
    return false;
}

/* Where the hop leads; false, with the end set, if the chain is over. */
static bool find_next(walk *w, facts_hop *hop, http_url *next)
{
    const facts_response *response = hop->exchange.response;
    facts_failure none;
    facts_location redirect = response != NULL ? facts_location_of(response, &hop->location) : FACTS_STAY;

    w->chain->end = response != NULL ? FACTS_END_ANSWERED : FACTS_END_FAILED;
    if (response != NULL)
        http_cookies_take(&w->cookies, &w->url, response, w->request.now, w->arena);
    if (redirect == FACTS_STAY)
        return false;
    w->chain->end = FACTS_END_HOST_BUDGET;
    if (redirect == FACTS_FOLLOW &&
        !http_budget_has_room(w->client->budget, PROBE_FACTS_OF_LOCATION * hop->location->length, FACTS_PHASE_PROBE,
                              &none))
        return false;
    w->chain->end = FACTS_END_NOWHERE;
    if (http_url_read(&w->url, hop->location->data, hop->location->length, w->arena, next, NULL) != HTTP_URL_GOOD)
        return false;
    hop->to = next->text;
    w->cookie_field = http_cookies_for(&w->cookies, next, w->arena);
    w->chain->end = !w->follow                                   ? FACTS_END_UNFOLLOWED
                    : was_here(w->chain, next, w->cookie_field)  ? FACTS_END_LOOP
                    : w->chain->count == FACTS_REDIRECTS_MAX + 1 ? FACTS_END_TOO_MANY
                                                                 : FACTS_END_ANSWERED;
    return w->chain->end == FACTS_END_ANSWERED;
}

/* The failure may be one of HEAD or of HTTP/1.1 alone. Silence would only come once more, and who wants a certificate
   of the client wants it in any case. */
static bool is_for_http1(const facts_failure *failure)
{
    if (failure->code == FACTS_FAILURE_ALPN_WRONG || failure->alert == FACTS_ALERT_NO_APPLICATION_PROTOCOL)
        return true;
    return failure->phase == FACTS_PHASE_RESPONSE && failure->code != FACTS_FAILURE_RESPONSE_TIMEOUT &&
           failure->code != FACTS_FAILURE_CLIENT_CERTIFICATE;
}

/* Many servers answer HEAD otherwise than GET, which is what browsers ask: with an error, without the header, or not at
 * all. */
static bool needs_get(const walk *w, const facts_exchange *exchange)
{
    const facts_response *response = exchange->response;

    if (w->request.method != FACTS_METHOD_HEAD)
        return false;
    if (response == NULL)
        return is_for_http1(exchange->failure);
    return response->status >= 400 || facts_sts_count(response) == 0;
}

static void ask_again(walk *w, facts_hop *hop)
{
    w->to_head = hop->exchange;
    w->request.method = FACTS_METHOD_GET;
    w->request.offer = TLS_OFFER_BOTH;
    http_fetch(w->client, &w->request, w->arena, &hop->exchange, on_answer, w);
}

static void on_answer(void *self)
{
    walk *w = self;
    facts_hop *hop = w->chain->hops[w->chain->count - 1];
    http_url next;

    if (needs_get(w, &hop->exchange)) {
        ask_again(w, hop);
        return;
    }
    if (hop->exchange.response == NULL && w->to_head.response != NULL)
        hop->exchange = w->to_head;
    if (find_next(w, hop, &next)) {
        w->url = next;
        request_hop(w);
    } else {
        w->done(w->self);
    }
}

static void request_hop(walk *w)
{
    facts_hop *hop = base_arena_take(w->arena, sizeof *hop);
    const hf_url *url = &w->url.url;

    hop->url = w->url.text;
    hop->host = url->host;
    hop->port = url->port;
    w->chain->hops[w->chain->count++] = hop;
    w->request.host = hop->host.name;
    w->request.named = strcmp(hop->host.name, w->chain->hops[0]->host.name) == 0;
    w->request.is_address = hop->host.kind != HF_HOST_NAME;
    w->request.root_dot = w->url.url.root_dot;
    w->request.port = url->port;
    w->request.secure = url->scheme == HF_SCHEME_HTTPS;
    w->request.target = w->url.target;
    w->request.cookies = w->cookie_field;
    w->request.content_max = w->follow && !w->request.secure ? CLEAR_CONTENT_KEPT : 0;
    http_fetch(w->client, &w->request, w->arena, &hop->exchange, on_answer, w);
}

void probe_redirects(const probe_context *context, const http_url *url, facts_depth depth, base_arena *arena,
                     facts_redirects *chain, void (*done)(void *self), void *self)
{
    walk *w = base_arena_take(arena, sizeof *w);

    w->client = context->client;
    w->follow = depth != FACTS_DEPTH_FIELD;
    w->url = *url;
    w->request = (http_request){.now = context->now,
                                .deadline = context->deadline,
                                .leaf_only = context->leaf_only,
                                .method = w->follow ? FACTS_METHOD_GET : FACTS_METHOD_HEAD,
                                .offer = w->follow ? TLS_OFFER_BOTH : TLS_OFFER_HTTP1};
    w->arena = arena;
    w->chain = chain;
    w->done = done;
    w->self = self;
    chain->count = 0;
    request_hop(w);
}
