#include "batch/tally.h"

#include "base/exit.h"

void batch_tally_add(facts_tally *tally, const batch_result *result, unsigned tries)
{
    tally->hosts++;
    tally->in_force += result->in_force;
    tally->tls_errors += result->tls_errors;
    tally->partly += result->partly && result->code == FACTS_FAILURE_NONE;
    tally->failing += result->failing;
    tally->errors += result->errors;
    tally->warnings += result->warnings;
    tally->again += tries > 0 ? tries - 1 : 0;
    tally->codes[result->code < FACTS_FAILURES ? result->code : FACTS_FAILURE_LOCAL]++;
}

bool batch_may_pass(uint32_t code)
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

static uint64_t count_ours(const facts_tally *tally)
{
    uint64_t ours = 0;

    for (uint32_t code = 0; code < FACTS_FAILURES; code++)
        ours += facts_code_is_ours((facts_code)code) ? tally->codes[code] : 0;
    return ours;
}

int batch_tally_code(const facts_tally *tally)
{
    uint64_t ours = count_ours(tally);

    if (tally->hosts == 0)
        return tally->refused > 0 ? BASE_EXIT_USAGE : BASE_EXIT_CLEAN;
    if (tally->failing > 0)
        return BASE_EXIT_FINDINGS;
    if (ours == tally->hosts)
        return BASE_EXIT_UNCHECKED;
    return ours > 0 || tally->partly > 0 || tally->refused > 0 ? BASE_EXIT_PARTLY : BASE_EXIT_CLEAN;
}
