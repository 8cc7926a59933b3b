#include "facts/answers.h"

const facts_attempt *facts_exchange_reached(const facts_exchange *exchange)
{
    for (size_t i = 0; i < exchange->attempt_count; i++)
        if (exchange->attempts[i].failure == NULL)
            return &exchange->attempts[i];
    return NULL;
}

const char *facts_exchange_address(const facts_exchange *exchange)
{
    const facts_attempt *reached = facts_exchange_reached(exchange);

    return reached != NULL ? reached->address : NULL;
}

static void write_answer(const facts_answer *answer, base_json *json)
{
    const facts_exchange *exchange = &answer->hop.exchange;

    base_json_object_begin(json);
    base_json_key_string(json, "method", facts_method_name(answer->method));
    base_json_key_string(json, "url", answer->hop.url);
    base_json_key_bool(json, "missing", answer->missing);
    base_json_key_string(json, "address", facts_exchange_address(exchange));
    base_json_key_string(json, "alpn", exchange->tls.alpn);
    base_json_key(json, "failure");
    facts_failure_json(exchange->failure, json);
    base_json_key(json, "response");
    facts_response_json(exchange->response, json);
    base_json_object_end(json);
}

void facts_answers_json(const facts_answers *answers, base_json *json)
{
    base_json_array_begin(json);
    for (size_t i = 0; i < answers->count; i++)
        write_answer(answers->items[i], json);
    base_json_array_end(json);
}
