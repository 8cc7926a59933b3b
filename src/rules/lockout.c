/* Lock-outs: who is stopped by a policy now, from when on if nothing changes, and until when. The verdict says who gets
 * in; what stands here explains it. */
#include "rules/families.h"

#include "browsers/causes.h"

#define ADDRESSES_NAMED 4

static const char *name_of(facts_engine engine)
{
    return facts_browser_name(facts_engine_browser(engine));
}

/* The browser counts: it is the one that was asked for, or none was. */
static bool is_asked(const facts_verdict *verdict, facts_engine engine)
{
    return verdict->engine == FACTS_ENGINE_ANY || verdict->engine == engine;
}

/* -- Now ----------------------------------------------------------------------------------------------------------- */

static bool is_locked(const facts_ending *ending)
{
    return ending->seen && ending->access == FACTS_ACCESS_LOCKED_OUT;
}

/* "Chrome shows NET::ERR_CERT_DATE_INVALID, Firefox SEC_ERROR_EXPIRED_CERTIFICATE"; "" if it is not known of any. */
static const char *codes_text(const rule_context *context, const facts_ending endings[static FACTS_ENGINES])
{
    const char *text = "";

    for (facts_engine engine = FACTS_ENGINE_ANY + 1; engine < FACTS_ENGINES; engine++)
        if (is_locked(&endings[engine]) && endings[engine].code != NULL)
            text = base_arena_format(context->arena, "%s%s%s %s", text, *text != '\0' ? ", " : "; ", name_of(engine),
                                     endings[engine].code);
    return *text == '\0' ? "" : base_arena_format(context->arena, "; error codes: %s", text + 2);
}

/* The browsers that let the same visitors in; "" where none does. */
static const char *others_text(const rule_context *context, const facts_ending endings[static FACTS_ENGINES])
{
    const char *text = "";

    for (facts_engine engine = FACTS_ENGINE_ANY + 1; engine < FACTS_ENGINES; engine++)
        if (endings[engine].seen && endings[engine].access == FACTS_ACCESS_OPEN)
            text = base_arena_format(context->arena, "%s%s%s", text, *text != '\0' ? " and " : "", name_of(engine));
    return *text == '\0' ? "" : base_arena_format(context->arena, "; those who use %s get in", text);
}

/* There is a policy that somebody can hold: the host sends one today, if only with a bad certificate, or a history
 * tells of one. */
static bool has_holders(const rule_context *context)
{
    const facts_sts_field *own = context->judgement->own;

    return (own != NULL && own->count > 0 && own->sent.valid && own->sent.policy.max_age > 0) ||
           context->site->horizon.holds[FACTS_ENGINE_ANY].held;
}

/* In any browser; NULL: nobody is locked out. */
static const facts_ending *first_locked(const facts_ending endings[static FACTS_ENGINES])
{
    for (facts_engine engine = 0; engine < FACTS_ENGINES; engine++)
        if (is_locked(&endings[engine]))
            return &endings[engine];
    return NULL;
}

/* Where only those are stopped who come to some of the addresses. */
static void judge_addresses(const rule_context *context, const facts_hop *hop, const facts_entrance *entrance)
{
    const facts_ending *worst = NULL;
    const char *text = "";
    size_t count = 0;

    for (size_t i = 0; i < entrance->address_count; i++) {
        const facts_at_address *at = &entrance->addresses[i];

        if (!at->answers || !is_locked(&at->endings[FACTS_RETURNING]))
            continue;
        worst = &at->endings[FACTS_RETURNING];
        if (count++ < ADDRESSES_NAMED)
            text = base_arena_format(context->arena, "%s%s%s", text, count > 1 ? ", " : "", at->address);
    }
    if (count > ADDRESSES_NAMED)
        text = base_arena_format(context->arena, "%s and %zu more", text, count - ADDRESSES_NAMED);
    if (count > 0)
        rule_add(context, hop, RULE_LOCKOUT_NOW, "returning visitors that reach %s are blocked: %s", text, worst->text);
}

static void judge_entrance(const rule_context *context, facts_way way)
{
    const facts_redirects *chain = &context->site->chains[way];
    const facts_entrance *entrance = &context->site->verdict.entrances[way];
    const facts_ending *strangers = entrance->endings[FACTS_STRANGER];
    const facts_ending *returning = entrance->endings[FACTS_RETURNING];
    const facts_ending *all = first_locked(strangers), *held = has_holders(context) ? first_locked(returning) : NULL;

    if (all != NULL || held != NULL) {
        const facts_ending *endings = all != NULL ? strangers : returning;

        rule_add(context, chain->hops[0], RULE_LOCKOUT_NOW, "%s are blocked: %s%s%s",
                 all != NULL ? "all visitors" : "returning visitors", (all != NULL ? all : held)->text,
                 codes_text(context, endings), others_text(context, endings));
    } else if (has_holders(context)) {
        judge_addresses(context, chain->hops[0], entrance);
    }
}

/* -- From when on -------------------------------------------------------------------------------------------------- */

/* The certificate whose end comes first. */
typedef struct first_end {
    finding_place place;
    const char *subject;
    const facts_certificate *leaf; /* of the path that it is in */
    bool issuer;                   /* it is one above the leaf */
} first_end;

static void find_link(const facts_hop *hop, const facts_tls *tls, int64_t until, first_end *end)
{
    for (size_t i = 0; i < tls->path_count; i++)
        if (tls->path[i].not_after == until) {
            *end = (first_end){finding_at_certificate(hop, tls->path[i].sent, tls->path[i].subject),
                               tls->path[i].subject, tls->certificates, i > 0};
            return;
        }
    *end = (first_end){rule_certificate_place(hop, 0), tls->certificates->subject, tls->certificates,
                       tls->certificates->not_after != until};
}

/* Where the certificate was seen that the verdict means. */
static bool find_end(const facts_site *site, int64_t until, first_end *end)
{
    const facts_redirects *chain = &site->chains[FACTS_HTTPS];
    const facts_endpoints *endpoints = &site->endpoints[FACTS_HTTPS];

    for (size_t i = 0; i < chain->count; i++)
        if (facts_tls_until(&chain->hops[i]->exchange.tls) == until) {
            find_link(chain->hops[i], &chain->hops[i]->exchange.tls, until, end);
            return true;
        }
    for (size_t i = 0; i < endpoints->count; i++) {
        const facts_endpoint *endpoint = &endpoints->items[i];

        if (facts_tls_until(&endpoint->exchange.tls) != until)
            continue;
        find_link(chain->hops[0], &endpoint->exchange.tls, until, end);
        end->place = finding_at_address(chain->hops[0], endpoint->address, endpoint->port);
        return true;
    }
    return false;
}

/* The browsers that know the host before the first visit: "" if none does. */
static const char *listed_text(const rule_context *context)
{
    const facts_site *site = context->site;
    const char *text = "";

    for (size_t i = 0; i < site->listing_count; i++)
        if (site->listings[i].matched != NULL && !site->listings[i].stale &&
            is_asked(&site->verdict, site->listings[i].engine))
            text = base_arena_format(context->arena, "%s%s%s", text, *text != '\0' ? " and " : "",
                                     site->listings[i].browsers);
    return *text == '\0' ? "" : base_arena_format(context->arena, " (and first visitors in %s: it is preloaded)", text);
}

/* How long those are held who came last before it: as long as a policy of today, from then on. */
static const char *reach_text(const rule_context *context, int64_t from)
{
    const facts_verdict *verdict = &context->site->verdict;
    int64_t now = context->judgement->now, first = HF_TIME_UNKNOWN;
    const char *text = "";
    bool differ = false;

    for (facts_engine engine = FACTS_ENGINE_ANY + 1; engine < FACTS_ENGINES; engine++) {
        int64_t until = verdict->policy_until[engine];

        if (!is_asked(verdict, engine) || until == HF_TIME_UNKNOWN)
            continue;
        until = until - now > HF_TIME_NEVER - from ? HF_TIME_NEVER : until - now + from;
        differ = differ || (first != HF_TIME_UNKNOWN && first != until);
        first = until;
        text = base_arena_format(context->arena, "%s%s%s in %s", text, *text != '\0' ? ", " : "",
                                 rule_time_text(context->arena, until), name_of(engine));
    }
    if (first == HF_TIME_UNKNOWN)
        return "";
    return base_arena_format(context->arena, ", some of them until %s",
                             differ ? text : rule_time_text(context->arena, first));
}

/* What browsers will show. */
static const char *future_codes(const rule_context *context, bool issuer)
{
    const facts_tls_error error = {.code = FACTS_TLS_EXPIRED, .depth = issuer, .sent = issuer};
    const char *text = "";
    facts_page page;

    browsers_page_of_errors(&error, 1, &page);
    for (facts_engine engine = FACTS_ENGINE_ANY + 1; engine < FACTS_ENGINES; engine++) {
        const char *code = page.shown[facts_engine_browser(engine)].code;

        if (is_asked(&context->site->verdict, engine) && code != NULL)
            text = base_arena_format(context->arena, "%s%s%s %s", text,
                                     *text != '\0' ? ", " : "; error codes: ", name_of(engine), code);
    }
    return text;
}

static void judge_ahead(const rule_context *context)
{
    int64_t from = context->site->verdict.lockout_from;
    first_end end;

    if (from == HF_TIME_UNKNOWN || !find_end(context->site, from, &end) || !rule_is_late(context, end.leaf, from))
        return;
    rule_add_at(context, end.place, RULE_LOCKOUT_AHEAD,
                "if nothing changes, returning visitors%s will be locked out from %s, when the certificate of %s "
                "expires%s%s",
                listed_text(context), rule_time_text(context->arena, from), end.subject, reach_text(context, from),
                future_codes(context, end.issuer));
}

/* -- For how long -------------------------------------------------------------------------------------------------- */

static int64_t last_of(const facts_verdict *verdict)
{
    int64_t last = HF_TIME_UNKNOWN;

    for (facts_engine engine = FACTS_ENGINE_ANY + 1; engine < FACTS_ENGINES; engine++)
        if (is_asked(verdict, engine) && verdict->policy_until[engine] > last)
            last = verdict->policy_until[engine];
    return last;
}

static void judge_horizon(const rule_context *context)
{
    const facts_site *site = context->site;
    const facts_hold *last = &site->horizon.holds[site->verdict.engine];
    const char *text = "";

    if (!last->held || last->preloaded || last->until <= last_of(&site->verdict) ||
        site->chains[FACTS_HTTPS].count == 0)
        return;
    for (facts_engine engine = FACTS_ENGINE_ANY + 1; engine < FACTS_ENGINES; engine++)
        if (is_asked(&site->verdict, engine) && site->horizon.holds[engine].held)
            text = base_arena_format(context->arena, "%s, in %s until %s", text, name_of(engine),
                                     rule_time_text(context->arena, site->horizon.holds[engine].until));
    rule_add_at(context, finding_at_host(&site->host), RULE_LOCKOUT_HORIZON,
                "by the history, visitors can hold a policy of %s until %s%s", last->by,
                rule_time_text(context->arena, last->until), text);
}

static void judge_site(const rule_context *context)
{
    const facts_site *site = context->site;

    if (!site->verdict.possible)
        return;
    for (facts_way way = 0; way < FACTS_WAYS; way++)
        if ((way == FACTS_HTTPS || (way == FACTS_WWW_HTTPS && !rule_is_www_unused(site))) &&
            site->chains[way].count > 0)
            judge_entrance(context, way);
    judge_ahead(context);
    judge_horizon(context);
}

const rule_family rule_family_lockout = {.name = "lockout", .site = judge_site};
