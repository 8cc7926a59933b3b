/*
 * holdfast store add HOST FIELD: a policy set by hand, as if HOST had sent FIELD over TLS.
 */
#include "cmd/store_sink.h"
#include "holdfast/header.h"
#include "stores/merge.h"

#include <string.h>

typedef struct adding {
    const stores_store *target;
    const cmd_store_codec *codec;
    uint64_t identity;
} adding;

static bool is_other(void *self, const hf_row *row)
{
    const adding *a = self;
    return stores_identity(row, a->target->format, &a->codec->options) != a->identity;
}

/* What a policy of max-age seconds is from now on; it never ends when the sum is beyond 63 bits. */
static hf_row row_of(const hf_host *host, const hf_policy *policy, int64_t now)
{
    hf_entry entry = hf_entry_init();
    hf_row row;

    entry.host = (hf_span){host->name, host->length};
    entry.max_age = policy->max_age;
    entry.observed = now;
    entry.expires = policy->max_age > INT64_MAX - 1 - now ? HF_TIME_NEVER : now + policy->max_age;
    entry.include_subdomains = policy->include_subdomains;
    hf_row_from_entry(&entry, &row);
    return row;
}

/* Said by hand, it replaces whatever was noted, and is kept as such. */
static bool put_own(const stores_store *target, const hf_row *row, base_error *error)
{
    hf_store_error problem = hf_store_error_init();
    hf_entry entry;
    hf_store *own;

    if (!stores_store_open_own(target, false, &own, error))
        return false;
    hf_status status = hf_row_to_entry(row, &entry) ? HF_OK : HF_E_ARGUMENT;
    entry.source = HF_SOURCE_USER;
    if (status == HF_OK)
        status = hf_store_put(own, &entry, row->observed.seconds, &problem);
    if (status != HF_OK)
        base_error_set(error, "%s", problem.text);
    hf_store_close(own);
    return status == HF_OK;
}

static bool put(const cmd_store_settings *s, adding *a, const hf_row *row, cmd_store_outcome *outcome,
                base_error *error)
{
    cmd_store_sink *sink = NULL;

    if (a->target->format == NULL) {
        *outcome = (cmd_store_outcome){.added = 1, .dry_run = s->dry_run};
        return s->dry_run || put_own(a->target, row, error);
    }
    a->identity = stores_identity(row, a->target->format, &a->codec->options);
    bool done = cmd_store_sink_open(a->target, is_other, a, a->codec, s->dry_run, outcome, &sink, error) &&
                cmd_store_sink_add(sink, row, error) && cmd_store_sink_commit(sink, error);
    cmd_store_sink_close(sink);
    return done;
}

static bool tell(const cmd_store_settings *s, const stores_store *target, const cmd_store_outcome *outcome,
                 base_error *error)
{
    base_buffer out;
    base_json json;
    base_term term;
    bool told = true;

    if (s->common.json) {
        base_buffer_init(&out, CMD_STORE_OUTPUT_MAX);
        base_json_init(&json, &out, true);
        base_json_object_begin(&json);
        cmd_store_outcome_json(outcome, target, &json);
        base_json_object_end(&json);
        base_buffer_char(&out, '\n');
        told = base_buffer_flush(&out, stdout, error);
        base_buffer_done(&out);
    } else if (!s->common.quiet) {
        base_term_init(&term, stdout, s->common.color);
        cmd_store_outcome_print(outcome, target, &term, s->common.verbose);
    }
    return told;
}

static int add(const cmd_store_settings *s, const stores_store *target, const hf_row *row)
{
    cmd_store_outcome outcome = {0};
    cmd_store_codec codec;
    base_error error;

    if (!cmd_store_codec_init(&codec, s, NULL, &error))
        return cmd_store_fail(&error);
    adding a = {.target = target, .codec = &codec};
    bool added = put(s, &a, row, &outcome, &error) && tell(s, target, &outcome, &error);
    cmd_store_outcome_done(&outcome);
    cmd_store_codec_done(&codec);
    return added ? BASE_EXIT_CLEAN : cmd_store_fail(&error);
}

static int run(void *storage, const base_operands *operands)
{
    const cmd_store_settings *s = storage;
    char own[CMD_STORE_PATH_MAX];
    stores_store target;
    hf_policy policy;
    hf_host host;
    base_error error;

    if (operands->count != 2)
        return cmd_refuse("store add: a HOST and a FIELD: holdfast store add example.com 'max-age=31536000'");
    if (!stores_host(operands->items[0], &host, &error) ||
        !stores_store_parse(s->to != NULL ? s->to : STORES_OWN, own, sizeof own, &target, &error))
        return cmd_refuse("store add: %s", error.text);
    if (!hf_header_parse(operands->items[1], strlen(operands->items[1]), &policy, NULL))
        return cmd_refuse("store add: the field is void: holdfast header '%s' explains it", operands->items[1]);
    if (policy.max_age == 0)
        return cmd_refuse("store add: max-age=0 is how a host takes its policy back: holdfast store delete %s",
                          host.name);
    hf_row row = row_of(&host, &policy, cmd_now(&s->common));
    return add(s, &target, &row);
}

static const base_option options[] = {
    CMD_STORE_TO,
    CMD_STORE_DRY_RUN,
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
