#include "net/failure.h"

#include <stdio.h>

static const struct {
    const char *name, *text;
} codes[] = {
#define NET_X(symbol, name, text) {name, text},
    NET_FAILURE_MAP(NET_X)
#undef NET_X
};

static const char *const phases[] = {"resolve", "connect", "proxy", "tls", "response"};

const char *net_code_name(net_code code)
{
    return codes[code].name;
}

const char *net_code_text(net_code code)
{
    return codes[code].text;
}

const char *net_phase_name(net_phase phase)
{
    return phases[phase];
}

net_failure net_failure_make(net_phase phase, net_code code, const char *detail)
{
    net_failure failure = {.phase = phase, .code = code};

    snprintf(failure.detail, sizeof failure.detail, "%s", detail != NULL ? detail : "");
    return failure;
}
