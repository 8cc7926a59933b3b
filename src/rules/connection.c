/* What keeps a visitor from ever seeing a response. */
#include "rules/family.h"

/* Failures that say nothing about the host, only that this machine could not look, are not here. */
static const struct {
    const char *code;
    rule_id id;
} rules[] = {
    {"connection-refused", RULE_PORT_CLOSED},
    {"connect-timeout", RULE_NO_ANSWER},
    {"connection-reset", RULE_CONNECTION_LOST},
    {"connection-failed", RULE_CONNECTION_LOST},
    {"tls-plain-http", RULE_TLS_PLAIN_HTTP},
    {"tls-not-tls", RULE_TLS_NOT_TLS},
    {"tls-version", RULE_TLS_VERSION},
    {"tls-alert", RULE_TLS_FAILED},
    {"tls-closed", RULE_TLS_FAILED},
    {"tls-timeout", RULE_TLS_FAILED},
    {"tls-broken", RULE_TLS_FAILED},
    {"tls-too-long", RULE_TLS_FAILED},
    {"response-empty", RULE_RESPONSE_FAILED},
    {"response-timeout", RULE_RESPONSE_FAILED},
    {"response-not-http", RULE_RESPONSE_FAILED},
    {"response-too-long", RULE_RESPONSE_FAILED},
    {"response-too-many-fields", RULE_RESPONSE_FAILED},
    {"response-too-many-heads", RULE_RESPONSE_FAILED},
    {"alpn-refused", RULE_RESPONSE_FAILED},
    {"alpn-wrong", RULE_RESPONSE_FAILED},
    {"http2-flood", RULE_RESPONSE_FAILED},
    {"http2-goaway", RULE_RESPONSE_FAILED},
    {"http2-reset", RULE_RESPONSE_FAILED},
    {"http2-broken", RULE_RESPONSE_FAILED},
};

rule_id rule_of_failure(const facts_failure *failure)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (strcmp(rules[i].code, failure->code) == 0)
            return rules[i].id;
    return RULE_COUNT;
}

void rule_connection(const rule_context *scene, const facts_hop *hop)
{
    const facts_failure *failure = hop->exchange.failure;

    rule_add(scene, hop, rule_of_failure(failure), "%s%s%s (phase %s)", failure->text, *failure->detail ? ": " : "",
             failure->detail, failure->phase);
}
