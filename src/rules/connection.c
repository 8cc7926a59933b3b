/* What keeps a visitor from ever seeing a response. */
#include "rules/family.h"

/* Failures that say nothing about the host, only that this machine could not look, are not here. */
static const struct {
    facts_code code;
    rule_id id;
} rules[] = {
    {FACTS_FAILURE_CONNECTION_REFUSED, RULE_PORT_CLOSED},
    {FACTS_FAILURE_CONNECT_TIMEOUT, RULE_NO_ANSWER},
    {FACTS_FAILURE_CONNECTION_RESET, RULE_CONNECTION_LOST},
    {FACTS_FAILURE_CONNECTION_FAILED, RULE_CONNECTION_LOST},
    {FACTS_FAILURE_TLS_PLAIN_HTTP, RULE_TLS_PLAIN_HTTP},
    {FACTS_FAILURE_TLS_NOT_TLS, RULE_TLS_NOT_TLS},
    {FACTS_FAILURE_TLS_VERSION, RULE_TLS_VERSION},
    {FACTS_FAILURE_TLS_ALERT, RULE_TLS_FAILED},
    {FACTS_FAILURE_TLS_UNRECOGNIZED_NAME, RULE_TLS_FAILED},
    {FACTS_FAILURE_TLS_CLOSED, RULE_TLS_FAILED},
    {FACTS_FAILURE_TLS_TIMEOUT, RULE_TLS_FAILED},
    {FACTS_FAILURE_TLS_BROKEN, RULE_TLS_FAILED},
    {FACTS_FAILURE_TLS_TOO_LONG, RULE_TLS_FAILED},
    {FACTS_FAILURE_RESPONSE_EMPTY, RULE_RESPONSE_FAILED},
    {FACTS_FAILURE_RESPONSE_TIMEOUT, RULE_RESPONSE_FAILED},
    {FACTS_FAILURE_RESPONSE_NOT_HTTP, RULE_RESPONSE_FAILED},
    {FACTS_FAILURE_RESPONSE_TOO_LONG, RULE_RESPONSE_FAILED},
    {FACTS_FAILURE_RESPONSE_TOO_MANY_FIELDS, RULE_RESPONSE_FAILED},
    {FACTS_FAILURE_RESPONSE_TOO_MANY_HEADS, RULE_RESPONSE_FAILED},
    {FACTS_FAILURE_ALPN_REFUSED, RULE_RESPONSE_FAILED},
    {FACTS_FAILURE_ALPN_WRONG, RULE_RESPONSE_FAILED},
    {FACTS_FAILURE_HTTP2_FLOOD, RULE_RESPONSE_FAILED},
    {FACTS_FAILURE_HTTP2_GOAWAY, RULE_RESPONSE_FAILED},
    {FACTS_FAILURE_HTTP2_RESET, RULE_RESPONSE_FAILED},
    {FACTS_FAILURE_HTTP2_UNSUITABLE_CIPHER, RULE_RESPONSE_FAILED},
    {FACTS_FAILURE_HTTP2_BROKEN, RULE_RESPONSE_FAILED},
};

rule_id rule_of_failure(const facts_failure *failure)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (rules[i].code == failure->code)
            return rules[i].id;
    return RULE_COUNT;
}

void rule_connection(const rule_context *scene, const facts_hop *hop)
{
    const facts_failure *failure = hop->exchange.failure;

    rule_add(scene, hop, rule_of_failure(failure), "%s%s%s (phase %s)", facts_code_text(failure->code),
             *failure->detail ? ": " : "", failure->detail, facts_phase_name(failure->phase));
}
