/* The head of a response, where browsers do not forgive what it is like, or do not read it alike. */
#include "rules/families.h"

#include "base/ascii.h"
#include "browsers/ports.h"

#define VALUE_SHOWN 200 /* octets of what a server sent, in the proof */
#define VALUES_SHOWN 4  /* of one field, in the proof */

static const char *shown(const rule_context *context, hf_span octets)
{
    return rule_escaped(octets, VALUE_SHOWN, "...", context->arena);
}

/* -- Two values ---------------------------------------------------------------------------------------------------- */

static const char *conflict_name(facts_code code)
{
    switch (code) {
    case FACTS_FAILURE_RESPONSE_SEVERAL_LENGTHS:
        return "Content-Length";
    case FACTS_FAILURE_RESPONSE_SEVERAL_CONTENTS:
        return "Content-Disposition";
    default:
        return "Location";
    }
}

/* Each value that the field was sent with. */
static const char *values_text(const rule_context *context, const facts_response *response, const char *name)
{
    const char *text = "";
    size_t count = 0;

    for (size_t i = 0; i < response->count; i++) {
        const hf_field *field = &response->fields[i];

        if (base_ascii_is(field->name.data, field->name.length, name) && ++count <= VALUES_SHOWN)
            text = base_arena_format(context->arena, "%s%s%s: %s", text, *text != '\0' ? ", and with " : "", name,
                                     shown(context, field->value));
    }
    if (count > VALUES_SHOWN)
        text = base_arena_format(context->arena, "%s, and with %zu more", text, count - VALUES_SHOWN);
    return text;
}

static void judge_conflict(const rule_context *context, const facts_hop *hop)
{
    facts_code code = hop->exchange.failure->code;
    const facts_response *refused = hop->exchange.refused;
    rule_id id = code == FACTS_FAILURE_RESPONSE_SEVERAL_LOCATIONS ? RULE_REDIRECT_CONFLICT : RULE_RESPONSE_CONFLICT;

    rule_add(context, hop, id, "the answer is %d with %s", refused->status,
             values_text(context, refused, conflict_name(code)));
}

/* -- Two readings -------------------------------------------------------------------------------------------------- */

/* What a browser sees of the response, for people. */
static const char *reading_text(const rule_context *context, const facts_failure *failure,
                                const facts_response *response)
{
    const hf_field *field = facts_sts_first(response);

    if (failure != NULL || response == NULL)
        return failure != NULL ? facts_code_text(failure->code) : "no response";
    if (response->version == FACTS_HTTP_0_9)
        return "a page without headers";
    if (field == NULL)
        return base_arena_format(context->arena, "status %d, no HSTS header", response->status);
    return base_arena_format(context->arena, "status %d, HSTS header '%s'", response->status,
                             shown(context, field->value));
}

static void judge_readings(const rule_context *context, const facts_hop *hop)
{
    const facts_exchange *exchange = &hop->exchange;
    const facts_reading *firefox = exchange->firefox;
    bool one = (exchange->failure == NULL) != (firefox->failure == NULL);

    if (exchange->failure != NULL && firefox->failure != NULL)
        return; /* that it is malformed is a finding already */
    rule_add(context, hop, one ? RULE_RESPONSE_ONE_BROWSER : RULE_RESPONSE_DIFFERS, "Chrome reads: %s; Firefox: %s",
             reading_text(context, exchange->failure, exchange->response),
             reading_text(context, firefox->failure, firefox->response));
}

/* -- HTTP/2 -------------------------------------------------------------------------------------------------------- */

/* RFC 9113 8.2.2: "An endpoint MUST NOT generate an HTTP/2 message containing connection-specific header fields." */
static bool is_of_connection(const hf_field *field)
{
    static const char *const names[] = {"connection",        "keep-alive", "proxy-connection",
                                        "transfer-encoding", "upgrade",    "te"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (base_ascii_is(field->name.data, field->name.length, names[i]))
            return true;
    return false;
}

static bool is_number(hf_span value)
{
    for (size_t i = 0; i < value.length; i++)
        if (value.data[i] < '0' || value.data[i] > '9')
            return false;
    return value.length > 0 && value.length < 19;
}

/* The first of each kind. */
static void judge_http2(const rule_context *context, const facts_hop *hop)
{
    const facts_response *response = hop->exchange.response;
    const hf_field *connection = NULL, *bad = NULL;
    size_t lengths = 0;

    for (size_t i = 0; i < response->count; i++) {
        const hf_field *field = &response->fields[i];

        if (connection == NULL && is_of_connection(field))
            connection = field;
        if (!base_ascii_is(field->name.data, field->name.length, "content-length"))
            continue;
        if (bad == NULL && (++lengths > 1 || !is_number(field->value)))
            bad = field;
    }
    if (connection != NULL)
        rule_add(context, hop, RULE_HTTP2_CONNECTION_FIELD, "%s: %s", shown(context, connection->name),
                 shown(context, connection->value));
    if (bad != NULL)
        rule_add(context, hop, RULE_HTTP2_CONTENT_LENGTH, "Content-Length: %s%s", shown(context, bad->value),
                 lengths > 1 ? ", and more than once" : "");
}

static void judge_hop(const rule_context *context, facts_way way, size_t index)
{
    const facts_hop *hop = context->site->chains[way].hops[index];
    const facts_exchange *exchange = &hop->exchange;

    if (browsers_port_is_blocked(hop->port, context->site->verdict.engine))
        rule_add(context, hop, RULE_PORT_BLOCKED, "port %d", hop->port);
    if (exchange->refused != NULL && exchange->failure != NULL)
        judge_conflict(context, hop);
    if (exchange->response != NULL && exchange->response->version == FACTS_HTTP_2)
        judge_http2(context, hop);
    if (exchange->firefox != NULL)
        judge_readings(context, hop);
    else if (exchange->response != NULL && exchange->response->version == FACTS_HTTP_0_9)
        rule_add(context, hop, RULE_RESPONSE_HEADLESS, "the %s was read as a page without headers",
                 exchange->secure ? "answer over TLS" : "answer over plain HTTP");
}

const rule_family rule_family_response = {.name = "response", .hop = judge_hop};
