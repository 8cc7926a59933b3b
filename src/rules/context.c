/* What every family uses to say what it found. */
#include "rules/context.h"

#include "base/escape.h"
#include "base/time.h"

#include <stdarg.h>

/* The number of the hop in its chain, from 1 on; 0: it is in none. */
static size_t number_of(const facts_site *site, const facts_hop *hop)
{
    for (facts_way way = 0; way < FACTS_WAYS; way++)
        for (size_t i = 0; i < site->chains[way].count; i++)
            if (site->chains[way].hops[i] == hop)
                return i + 1;
    return 0;
}

finding_place rule_place(const rule_context *context, const facts_hop *hop)
{
    return finding_at_hop(hop, number_of(context->site, hop));
}

finding *rule_add(const rule_context *context, const facts_hop *hop, rule_id id, const char *proof, ...)
{
    const finding_place place = rule_place(context, hop);
    va_list arguments;
    finding *added;

    va_start(arguments, proof);
    added = finding_vadd(&context->judgement->findings, &place, id, proof, arguments);
    va_end(arguments);
    return added;
}

finding *rule_add_at(const rule_context *context, finding_place place, rule_id id, const char *proof, ...)
{
    va_list arguments;
    finding *added;

    va_start(arguments, proof);
    added = finding_vadd(&context->judgement->findings, &place, id, proof, arguments);
    va_end(arguments);
    return added;
}

finding_place rule_certificate_place(const facts_hop *hop, int sent)
{
    const facts_tls *tls = &hop->exchange.tls;
    bool is_sent = sent >= 0 && (size_t)sent < tls->certificate_count;

    return finding_at_certificate(hop, is_sent ? sent : -1, is_sent ? tls->certificates[sent].subject : NULL);
}

const char *rule_escaped(hf_span octets, size_t max, const char *more, base_arena *arena)
{
    base_buffer out;
    const char *text;

    base_buffer_init(&out, max * BASE_ESCAPED_MAX);
    base_escape(octets.data, octets.length < max ? octets.length : max, &out);
    text = base_arena_format(arena, "%s%s", base_buffer_string(&out), octets.length > max ? more : "");
    base_buffer_done(&out);
    return text;
}

const char *rule_time_text(base_arena *arena, int64_t time)
{
    char text[BASE_TIME_MAX];

    base_time_format(time, text);
    return base_arena_string(arena, text);
}

bool rule_is_late(const rule_context *context, const facts_certificate *leaf, int64_t until)
{
    return facts_warn_before_is_late(&context->site->warn_before, leaf->not_before, leaf->not_after, until,
                                     context->judgement->now);
}

bool rule_is_www_unused(const facts_site *site)
{
    const facts_redirects *https = &site->chains[FACTS_WWW_HTTPS], *http = &site->chains[FACTS_WWW_HTTP];

    return https->count > 0 && https->hops[0]->exchange.response == NULL &&
           https->hops[0]->exchange.tls.certificate_count == 0 &&
           (http->count == 0 || http->hops[0]->exchange.response == NULL);
}
