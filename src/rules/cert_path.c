/* The paths from the server's certificate to a root: which of them fail, and what only some browsers find. */
#include "rules/families.h"

#define PATHS_SHOWN 4
#define ERRORS_SHOWN 4

static void judge_limit(const rule_context *context, const facts_hop *hop)
{
    const facts_tls *tls = &hop->exchange.tls;
    const finding_place place = rule_certificate_place(hop, 0);

    if (tls->path_limit == FACTS_PATH_LIMIT_FIREFOX)
        rule_add_at(context, place, RULE_CERT_PATH_LENGTH,
                    "the path has %zu certificates, and no good one is shorter; Firefox follows %d", tls->path_count,
                    FACTS_PATH_FIREFOX_LENGTH);
    else if (tls->path_limit == FACTS_PATH_LIMIT_CHROMIUM)
        rule_add_at(context, place, RULE_CERT_PATH_SEARCH,
                    "%zu certificates are sent, and the good path is not among those that Chromium builds from the "
                    "first %d issuers that it tries",
                    tls->certificate_count, FACTS_PATH_CHROMIUM_STEPS);
}

/* "CN=a from CN=b from CN=c: expired (CN=b)". */
static const char *path_text(base_arena *arena, const facts_path *path)
{
    const char *text = "";

    for (size_t i = 0; i < path->count; i++)
        text = base_arena_format(arena, "%s%s%s", text, i > 0 ? ", issued by " : "", path->links[i].subject);
    for (size_t i = 0; i < path->error_count && i < ERRORS_SHOWN; i++) {
        int depth = path->errors[i].depth;
        const char *of = depth >= 0 && (size_t)depth < path->count ? path->links[depth].subject : NULL;

        text = base_arena_format(arena, "%s%s%s%s%s%s", text, i > 0 ? ", " : ": ",
                                 facts_tls_code_name(path->errors[i].code), of != NULL ? " (" : "",
                                 of != NULL ? of : "", of != NULL ? ")" : "");
    }
    return text;
}

static void judge_others(const rule_context *context, const facts_hop *hop)
{
    const facts_tls *tls = &hop->exchange.tls;
    const char *text = "";

    for (size_t i = 0; i < tls->other_path_count && i < PATHS_SHOWN; i++)
        text = base_arena_format(context->arena, "%s%s%s", text, i > 0 ? "; " : "",
                                 path_text(context->arena, &tls->other_paths[i]));
    if (tls->other_path_count > PATHS_SHOWN)
        text = base_arena_format(context->arena, "%s; and %zu more", text, tls->other_path_count - PATHS_SHOWN);
    if (tls->other_path_count > 0)
        rule_add_at(context, rule_certificate_place(hop, 0), RULE_CHAIN_OTHER_PATHS, "%s", text);
}

static void judge_hop(const rule_context *context, facts_way way, size_t index)
{
    const facts_hop *hop = context->site->chains[way].hops[index];

    judge_limit(context, hop);
    judge_others(context, hop);
}

const rule_family rule_family_cert_path = {.name = "cert-path", .hop = judge_hop};
