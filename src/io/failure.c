#include "io/failure.h"

#include <stdio.h>

static const struct {
    const char *name, *text;
} codes[] = {
#define IO_X(symbol, name, text) {name, text},
    IO_FAILURE_MAP(IO_X)
#undef IO_X
};

static const char *const phases[] = {"resolve", "connect", "proxy", "tls", "response"};

const char *io_code_name(io_code code)
{
    return codes[code].name;
}

const char *io_code_text(io_code code)
{
    return codes[code].text;
}

const char *io_phase_name(io_phase phase)
{
    return phases[phase];
}

io_failure io_failure_make(io_phase phase, io_code code, const char *detail)
{
    io_failure failure = {.phase = phase, .code = code};

    snprintf(failure.detail, sizeof failure.detail, "%s", detail != NULL ? detail : "");
    return failure;
}
