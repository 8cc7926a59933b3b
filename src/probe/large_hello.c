/*
 * A ClientHello as large as browsers send it, whole, and then in two pieces, as it comes in two packets. If one is not
 * answered, a small one is sent and then the same once more: only when the small one is answered, and the other again
 * is not, size is the reason.
 */
#include "probe/context.h"

#include "http/greet.h"
#include "tls/offers.h"

#define TIMES 5           /* so many answers fit into the time there is: four are waited for at most */
#define FIRST_PACKET 1400 /* octets of it that fit into the first packet on most ways */

typedef enum step { WHOLE, SPLIT, SMALL, AGAIN } step;

typedef struct look {
    const probe_context *context;
    facts_site *site;
    http_request request;
    tls_hello large, small;
    http_greeting greeting;
    step step;
    facts_failure first; /* how the large one ended */
    void (*done)(void *self);
    void *self;
} look;

static void ask(look *l);

/* How the greeting ended that is over; false: it was answered, or the host was not reached. */
static bool has_failed(const look *l, facts_failure *failure)
{
    if (l->greeting.exchange.failure != NULL || l->greeting.state == TLS_REPLY_HELLO)
        return false;
    if (l->greeting.state == TLS_REPLY_MORE) {
        *failure = *l->greeting.failure;
        return true;
    }
    *failure = facts_failure_make(
        FACTS_PHASE_TLS, l->greeting.state == TLS_REPLY_ALERT ? FACTS_FAILURE_TLS_ALERT : FACTS_FAILURE_TLS_NOT_TLS,
        NULL);
    failure->alert = l->greeting.reply.alert;
    return true;
}

static void go_on(look *l, step next)
{
    l->step = next;
    ask(l);
}

static void on_greeting(void *self)
{
    look *l = self;
    facts_large_hello *facts = &l->site->large_hello;
    facts_failure failure;
    bool failed = has_failed(l, &failure), reached = l->greeting.exchange.failure == NULL;

    if (!reached) {
        l->done(l->self);
        return;
    }
    if (l->step == WHOLE || l->step == SPLIT) {
        facts->looked = true;
        facts->octets = (int)l->greeting.octets;
        facts->split = l->step == SPLIT;
        l->first = failed ? failure : l->first;
    }
    if (l->step == WHOLE && !failed)
        go_on(l, SPLIT);
    else if (l->step <= SPLIT && failed)
        go_on(l, SMALL);
    else if (l->step == SMALL && !failed)
        go_on(l, AGAIN);
    else {
        if (l->step == AGAIN && failed)
            facts->failure = facts_failure_keep(&l->first, &l->site->arena);
        facts->split = facts->failure != NULL && facts->split;
        l->done(l->self);
    }
}

static void ask(look *l)
{
    l->greeting = (http_greeting){.hello = l->step == SMALL ? &l->small : &l->large,
                                  .limit = l->context->client->limits.total / TIMES};
    if (l->step == SPLIT || (l->step == AGAIN && l->site->large_hello.split))
        l->greeting.first_piece = FIRST_PACKET;
    http_greet(l->context->client, &l->request, &l->site->arena, &l->greeting, on_greeting, l);
    if (l->step == SMALL)
        l->site->large_hello.small_octets = (int)l->greeting.octets;
}

static void look_at_site(const probe_context *context, facts_site *site, void (*done)(void *self), void *self)
{
    look *l = base_arena_take(&site->arena, sizeof *l);

    *l = (look){.context = context, .site = site, .done = done, .self = self};
    l->large = tls_offer_of_browser(site->host.kind == HF_HOST_NAME ? site->host.name : NULL, false);
    l->small = tls_offer_of_browser(l->large.host, true);
    l->request = (http_request){.host = site->host.name,
                                .named = true,
                                .is_address = site->host.kind != HF_HOST_NAME,
                                .port = site->port,
                                .deadline = context->deadline};
    ask(l);
}

const probe_look probe_look_large_hello = {FACTS_DEPTH_FULL, look_at_site};
