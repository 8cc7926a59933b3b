#include "cmd/probe_tally.h"

#include "cmd/command.h"
#include "cmd/probe_line.h"

#include <inttypes.h>

void cmd_probe_tally_add(cmd_probe_tally *tally, const cmd_probe_result *result, unsigned tries)
{
    tally->hosts++;
    tally->in_force += result->in_force;
    tally->tls_errors += result->tls_errors;
    tally->errors += result->errors;
    tally->warnings += result->warnings;
    tally->again += tries > 0 ? tries - 1 : 0;
    tally->codes[result->code < FACTS_FAILURES ? result->code : FACTS_FAILURE_LOCAL]++;
}

bool cmd_probe_code_may_pass(uint32_t code)
{
    switch (code) {
    case FACTS_FAILURE_RESOLVER_FAILED:
    case FACTS_FAILURE_RESOLVE_TIMEOUT:
    case FACTS_FAILURE_CONNECT_TIMEOUT:
    case FACTS_FAILURE_CONNECTION_RESET:
    case FACTS_FAILURE_CONNECTION_FAILED:
    case FACTS_FAILURE_PROXY_UNREACHABLE:
    case FACTS_FAILURE_PROXY_CLOSED:
    case FACTS_FAILURE_PROXY_TIMEOUT:
    case FACTS_FAILURE_TLS_CLOSED:
    case FACTS_FAILURE_TLS_TIMEOUT:
    case FACTS_FAILURE_RESPONSE_EMPTY:
    case FACTS_FAILURE_RESPONSE_TIMEOUT:
    case FACTS_FAILURE_LOCAL:
        return true;
    default:
        return false;
    }
}

static uint64_t count_ours(const cmd_probe_tally *tally)
{
    uint64_t ours = 0;

    for (uint32_t code = 0; code < FACTS_FAILURES; code++)
        ours += facts_code_is_ours((facts_code)code) ? tally->codes[code] : 0;
    return ours;
}

int cmd_probe_tally_code(const cmd_probe_tally *tally)
{
    uint64_t ours = count_ours(tally);

    if (tally->hosts == 0)
        return tally->refused > 0 ? CMD_USAGE : CMD_CLEAN;
    if (ours == tally->hosts)
        return CMD_UNCHECKED;
    return ours > 0 || tally->refused > 0 ? CMD_PARTLY : CMD_CLEAN;
}

static void print_failures(const cmd_probe_tally *tally, base_term *term)
{
    for (uint32_t code = 1; code < FACTS_FAILURES; code++)
        if (tally->codes[code] > 0)
            base_term_line(term, BASE_STYLE_PLAIN, "  %-24s %" PRIu64, facts_code_name((facts_code)code),
                           tally->codes[code]);
    if (tally->refused > 0)
        base_term_line(term, BASE_STYLE_PLAIN, "  %-24s %" PRIu64, "lines refused", tally->refused);
}

void cmd_probe_tally_print(const cmd_probe_tally *tally, const cmd_probe_cost *cost, base_term *term)
{
    base_term_line(term, BASE_STYLE_BOLD,
                   "%" PRIu64 " host%s: %" PRIu64 " answered, HSTS in force at %" PRIu64
                   ", certificate errors at %" PRIu64,
                   tally->hosts, tally->hosts == 1 ? "" : "s", tally->codes[FACTS_FAILURE_NONE], tally->in_force,
                   tally->tls_errors);
    print_failures(tally, term);
    if (tally->errors + tally->warnings > 0)
        base_term_line(term, BASE_STYLE_PLAIN,
                       "  %" PRIu64 " findings of severity error, %" PRIu64 " of severity warning", tally->errors,
                       tally->warnings);
    if (tally->again > 0)
        base_term_line(term, BASE_STYLE_PLAIN, "  %" PRIu64 " tried again", tally->again);
    base_term_line(term, BASE_STYLE_DIM, "%.1f s, %.0f hosts a second, %.2f s of CPU, %.2f ms a host", cost->seconds,
                   cost->seconds > 0 ? (double)cost->hosts / cost->seconds : 0.0, cost->cpu,
                   cost->hosts > 0 ? cost->cpu * 1000 / (double)cost->hosts : 0.0);
}

void cmd_probe_tally_json(const cmd_probe_tally *tally, const cmd_probe_cost *cost, base_json *json)
{
    base_json_object_begin(json);
    base_json_key_int(json, "hosts", (int64_t)tally->hosts);
    base_json_key_int(json, "answered", (int64_t)tally->codes[FACTS_FAILURE_NONE]);
    base_json_key_int(json, "in_force", (int64_t)tally->in_force);
    base_json_key_int(json, "tls_errors", (int64_t)tally->tls_errors);
    base_json_key_int(json, "refused", (int64_t)tally->refused);
    base_json_key_int(json, "tried_again", (int64_t)tally->again);
    base_json_key(json, "failures");
    base_json_object_begin(json);
    for (uint32_t code = 1; code < FACTS_FAILURES; code++)
        if (tally->codes[code] > 0)
            base_json_key_int(json, facts_code_name((facts_code)code), (int64_t)tally->codes[code]);
    base_json_object_end(json);
    base_json_key_int(json, "milliseconds", (int64_t)(cost->seconds * 1000));
    base_json_key_int(json, "cpu_milliseconds", (int64_t)(cost->cpu * 1000));
    base_json_object_end(json);
}
