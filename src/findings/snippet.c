#include "findings/snippet.h"

#include "base/ascii.h"
#include "base/domain.h"

#include <string.h>

#define TEXT_MAX ((size_t)16 << 10)

static const struct {
    const char *name, *title;
} servers[] = {
#define FINDINGS_X(symbol, name, title) [FINDING_SERVER_##symbol] = {name, title},
    FINDING_SERVER_MAP(FINDINGS_X)
#undef FINDINGS_X
};

const char *finding_server_name(finding_server server)
{
    return servers[server].name;
}

const char *finding_server_title(finding_server server)
{
    return servers[server].title;
}

/* -- Which server -------------------------------------------------------------------------------------------------- */

/* True if `value` is `product`, alone or with a version or a comment: "Apache/2.4 (Debian)", but not
 * "Apache-Coyote/1.1", another program. */
static bool is_product(hf_span value, const char *product)
{
    size_t length = strlen(product);

    if (value.length < length || !base_ascii_is(value.data, length, product))
        return false;
    return value.length == length || value.data[length] == '/' ||
           (value.length > length + 1 && memcmp(value.data + length, " (", 2) == 0);
}

finding_server finding_server_of(const facts_response *response)
{
    static const struct {
        const char *product;
        finding_server server;
    } products[] = {{"nginx", FINDING_SERVER_NGINX},
                    {"openresty", FINDING_SERVER_NGINX},
                    {"Apache", FINDING_SERVER_APACHE},
                    {"Caddy", FINDING_SERVER_CADDY}};
    const hf_field *field = response != NULL ? facts_response_field(response, "Server") : NULL;

    for (size_t i = 0; field != NULL && i < sizeof products / sizeof *products; i++)
        if (is_product(field->value, products[i].product))
            return products[i].server;
    return FINDING_SERVERS;
}

/* The hop at the place itself, or else any hop of the same host whose server says what it is: the one over plain HTTP
 * where HTTPS gives no response. */
static finding_server server_at(const finding_place *place, const facts_site *site)
{
    const char *host = place->host != NULL ? place->host : site->host.name;
    finding_server found = FINDING_SERVERS;

    for (facts_way way = 0; way < FACTS_WAYS; way++)
        for (size_t i = 0; i < site->chains[way].count; i++) {
            const facts_hop *hop = site->chains[way].hops[i];
            finding_server server = finding_server_of(hop->exchange.response);

            if (server == FINDING_SERVERS)
                continue;
            if (place->url != NULL && strcmp(place->url, hop->url) == 0)
                return server;
            if (found == FINDING_SERVERS && strcmp(hop->host.name, host) == 0)
                found = server;
        }
    return found;
}

/* -- What is pasted ------------------------------------------------------------------------------------------------ */

/* The policy in force, if it concerns the place; NULL: none. */
static const char *policy_for(const finding *item, const facts_site *site, const finding_judgement *judgement,
                              char text[static HF_HEADER_MAX])
{
    const facts_sts_field *own = judgement->own;
    const char *host = item->place.host != NULL ? item->place.host : site->host.name;
    size_t length;

    if (base_domain_is_within(host, site->host.name) && own != NULL && own->in_force &&
        hf_header_format(&own->sent.policy, text, HF_HEADER_MAX, &length) == HF_OK)
        return text;
    return NULL;
}

/* `text` with what stands for something replaced: HOST and POLICY. */
static const char *filled_in(const char *text, const char *host, const char *policy, base_arena *arena)
{
    base_buffer out;
    const char *filled;

    base_buffer_init(&out, TEXT_MAX);
    while (*text != '\0') {
        if (strncmp(text, "HOST", 4) == 0) {
            base_buffer_append(&out, host, strlen(host));
            text += 4;
        } else if (strncmp(text, "POLICY", 6) == 0 && policy != NULL) {
            base_buffer_append(&out, policy, strlen(policy));
            text += 6;
        } else {
            base_buffer_char(&out, *text++);
        }
    }
    filled = base_arena_string(arena, base_buffer_string(&out));
    base_buffer_done(&out);
    return filled;
}

bool finding_block_of(const rule_entry *rule, finding_server server, const char *host, const char *policy,
                      base_arena *arena, finding_snippet *snippet)
{
    const char *text = rule->block != NULL ? rule->block->servers[server].text : NULL;

    if (text == NULL)
        return false;
    *snippet = (finding_snippet){.server = server,
                                 .text = filled_in(text, host, policy != NULL ? policy : rule->policy, arena),
                                 .trap = rule->block->servers[server].trap};
    return true;
}

bool finding_snippet_of(const finding *item, const facts_site *site, const finding_judgement *judgement,
                        base_arena *arena, finding_snippet *snippet)
{
    const char *host = item->place.host != NULL ? item->place.host : site->host.name;
    finding_server server = server_at(&item->place, site);
    char policy[HF_HEADER_MAX];

    return server != FINDING_SERVERS && finding_block_of(rule_find(item->rule), server, host,
                                                         policy_for(item, site, judgement, policy), arena, snippet);
}
