/*
 * holdfast store add HOST FIELD: a policy set by hand, as if HOST had sent FIELD over TLS.
 */
#include "cmd/store.h"
#include "report/store_outcome.h"
#include "stores/set.h"
#include "stores/writer.h"

#include <string.h>

static bool tell(const cmd_store_settings *s, const facts_store_outcome *outcome, base_error *error)
{
    base_buffer out;
    base_json json;
    base_term term;

    if (s->common.json) {
        cmd_document_begin(&out, &json, CMD_STORE_OUTPUT_MAX);
        base_json_object_begin(&json);
        report_store_outcome_json(outcome, &json);
        base_json_object_end(&json);
        return cmd_document_end(&out, error);
    }
    base_term_init(&term, stdout, s->common.color);
    if (!s->common.quiet)
        report_store_outcome_text(outcome, s->common.verbose, &term);
    return true;
}

static int add(const cmd_store_settings *s, const stores_store *target, const hf_host *host, const hf_policy *policy)
{
    facts_store_outcome outcome;
    stores_context context;
    base_error error;
    bool added;

    if (!cmd_store_context(s, NULL, &context, &error))
        return cmd_store_fail(&error);
    added = stores_set(target, &context, host, policy, s->dry_run, &outcome, &error) && tell(s, &outcome, &error);
    stores_outcome_done(&outcome);
    stores_context_done(&context);
    return added ? BASE_EXIT_CLEAN : cmd_store_fail(&error);
}

static int run(void *storage, const base_operands *operands)
{
    const cmd_store_settings *s = storage;
    char own[STORES_PATH_MAX];
    stores_store target;
    hf_policy policy;
    hf_host host;
    base_error error;

    if (operands->count != 2)
        return cmd_refuse("store add: a HOST and a FIELD: holdfast store add example.com 'max-age=31536000'");
    if (!stores_host(operands->items[0], &host, &error) ||
        !cmd_store_parse(s, s->to != NULL ? s->to : FACTS_STORE_OWN, own, &target, &error))
        return cmd_refuse("store add: %s", error.text);
    if (!hf_header_parse(operands->items[1], strlen(operands->items[1]), &policy, NULL))
        return cmd_refuse("store add: the field is void: holdfast header '%s' explains it", operands->items[1]);
    if (policy.max_age == 0)
        return cmd_refuse("store add: max-age=0 is how a host takes its policy back: holdfast store delete %s",
                          host.name);
    return add(s, &target, &host, &policy);
}

static const base_option options[] = {
    CMD_STORE_TO,
    CMD_STORE_DRY_RUN,
    CMD_STORE_TIMEOUT,
    {0},
};

const cmd_command cmd_store_add = {
    .name = "store add",
    .summary = "set a policy by hand, as if HOST had sent FIELD",
    .usage = "[options] HOST FIELD",
    .common = CMD_JSON | CMD_AT | CMD_QUIET | CMD_VERBOSE,
    .options = options,
    .settings_size = sizeof(cmd_store_settings),
    .defaults = &cmd_store_defaults,
    .run = run,
};
