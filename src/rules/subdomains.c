/* The names below the host that includeSubDomains leaves nothing but HTTPS. */
#include "rules/families.h"

#include <string.h>

#define NAMES_SHOWN 8 /* in one proof; reports list them all */

/* Names with the same fate are one finding. */
static rule_id rule_of(const facts_subdomain *item)
{
    switch (item->state) {
    case FACTS_SUBDOMAIN_BROKEN:
        return item->plain == FACTS_PLAIN_ANSWERS ? RULE_SUBDOMAIN_PLAIN_HTTP_ONLY
                                                  : RULE_SUBDOMAIN_UNREACHABLE_BY_HTTPS;
    case FACTS_SUBDOMAIN_UNKNOWN:
        return RULE_SUBDOMAIN_UNKNOWN;
    case FACTS_SUBDOMAIN_WILDCARD:
        return RULE_SUBDOMAIN_WILDCARD;
    case FACTS_SUBDOMAIN_DELEGATED:
        return RULE_SUBDOMAIN_DELEGATED;
    default:
        return RULE_COUNT;
    }
}

static bool is_like(const facts_subdomain *a, const facts_subdomain *b)
{
    const char *cause = a->cause != NULL ? a->cause : "", *other = b->cause != NULL ? b->cause : "";

    return rule_of(a) == rule_of(b) && strcmp(cause, other) == 0 &&
           memcmp(a->refused, b->refused, sizeof a->refused) == 0;
}

static bool is_first(const facts_subdomains *subdomains, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (is_like(&subdomains->items[i], &subdomains->items[index]))
            return false;
    return true;
}

/* "a.test, b.test and 3 more": those of a kind. */
static const char *names_text(const rule_context *context, const facts_subdomain *kind)
{
    const facts_subdomains *subdomains = &context->site->subdomains;
    const char *text = "", *wild = kind->state == FACTS_SUBDOMAIN_WILDCARD ? "*." : "";
    size_t count = 0;

    for (size_t i = 0; i < subdomains->count; i++)
        if (is_like(&subdomains->items[i], kind) && count++ < NAMES_SHOWN)
            text = base_arena_format(context->arena, "%s%s%s%s", text, count > 1 ? ", " : "", wild,
                                     subdomains->items[i].name);
    return count <= NAMES_SHOWN ? text
                                : base_arena_format(context->arena, "%s and %zu more", text, count - NAMES_SHOWN);
}

static const char *browsers_text(const rule_context *context, const facts_subdomain *kind)
{
    const char *text = "";

    for (facts_engine engine = FACTS_ENGINE_ANY + 1; engine < FACTS_ENGINES; engine++)
        if (kind->refused[engine])
            text = base_arena_format(context->arena, "%s%s%s", text, *text != '\0' ? ", " : "; no page in ",
                                     facts_browser_name(facts_engine_browser(engine)));
    return text;
}

static void judge_kind(const rule_context *context, const facts_subdomain *kind, rule_id rule)
{
    finding_place place = finding_at_site(&context->site->host);

    if (kind->text == NULL)
        rule_add_at(context, place, rule, "%s", names_text(context, kind));
    else
        rule_add_at(context, place, rule, "%s%s: %s%s", names_text(context, kind),
                    kind->state == FACTS_SUBDOMAIN_BROKEN ? "; over HTTPS" : "", kind->text,
                    browsers_text(context, kind));
}

static void judge(const rule_context *context)
{
    const facts_subdomains *subdomains = &context->site->subdomains;
    finding_place place = finding_at_site(&context->site->host);

    for (size_t i = 0; i < subdomains->count; i++)
        if (rule_of(&subdomains->items[i]) != RULE_COUNT && is_first(subdomains, i))
            judge_kind(context, &subdomains->items[i], rule_of(&subdomains->items[i]));
    if (subdomains->left_out > 0)
        rule_add_at(context, place, RULE_SUBDOMAIN_UNKNOWN, "%zu names more than the %d that are looked at",
                    subdomains->left_out, FACTS_SUBDOMAINS_MAX);
    for (size_t i = 0; i < subdomains->failure_count; i++)
        rule_add_at(context, place, RULE_SUBDOMAIN_SOURCE_UNREAD, "%s from %s: %s",
                    facts_source_text(subdomains->failures[i].source), subdomains->failures[i].from,
                    subdomains->failures[i].text);
}

const rule_family rule_family_subdomains = {.name = "subdomains", .site = judge};
