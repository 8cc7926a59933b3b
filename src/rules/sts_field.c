#include "rules/sts_field.h"

#include <string.h>

facts_sts_value rule_sts_value(rule_sts_values *values, hf_span value)
{
    for (size_t i = 0; i < values->count; i++) {
        const hf_span known = values->items[i].value;

        if (known.length == value.length && (value.length == 0 || memcmp(known.data, value.data, value.length) == 0))
            return values->items[i];
    }
    values->items =
        base_arena_grow(values->arena, values->items, values->count, &values->capacity, sizeof *values->items);
    values->items[values->count] = facts_sts_read(value, values->arena);
    return values->items[values->count++];
}

/* What the engine, which knows no host, does with the policy in these circumstances. */
static hf_noted note(const hf_host *host, const facts_tls *tls, int64_t now, const hf_policy *policy)
{
    hf_hosts_options options = hf_hosts_options_init();
    hf_response circumstances = hf_response_init();
    hf_noted noted = HF_NOTED_IGNORED_NO_FIELD;
    hf_hosts *hosts;

    options.limit = 1;
    if (hf_hosts_new(&options, &hosts) != HF_OK)
        base_out_of_memory();
    circumstances.now = now;
    circumstances.secure = tls->established;
    /* RFC 6797 8.1: the field counts only if "there are no underlying secure transport errors or warnings". */
    circumstances.tls_error = tls->error_count > 0;
    if (hf_hosts_note(hosts, host, policy, &circumstances, &noted) != HF_OK)
        base_out_of_memory();
    hf_hosts_free(hosts);
    return noted;
}

/* An invalid field that would be ignored in any case is ignored for that reason, as the engine has it. */
static hf_noted note_invalid(const hf_host *host, const facts_tls *tls, int64_t now)
{
    const hf_policy nothing = {.max_age = 0};
    hf_noted noted = note(host, tls, now, &nothing);

    return noted == HF_NOTED_IGNORED_UNKNOWN ? HF_NOTED_IGNORED_VOID : noted;
}

facts_sts_field rule_sts_field(const hf_host *host, const facts_exchange *https, int64_t now, rule_sts_values *values)
{
    const facts_response *response = https != NULL ? https->response : NULL;
    facts_sts_field field = {.noted = HF_NOTED_IGNORED_NO_FIELD};
    hf_span value;

    if (response == NULL)
        return field;
    field.count = facts_sts_count(response);
    if (field.count == 0)
        return field;
    value = facts_sts_first(response)->value;
    field.sent = values != NULL ? rule_sts_value(values, value) : facts_sts_read(value, NULL);
    field.noted =
        field.sent.valid ? note(host, &https->tls, now, &field.sent.policy) : note_invalid(host, &https->tls, now);
    field.in_force = field.noted == HF_NOTED_ADDED;
    return field;
}
