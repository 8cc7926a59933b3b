#include "browsers/ports.h"

#include <stddef.h>

/* The bad ports of the Fetch standard (https://fetch.spec.whatwg.org/#port-blocking). Firefox 153 ESR blocks these and
 * no other of all 65536 (measured); Chromium 156 these but two (measured). Safari: documented, WebKit follows Fetch. */
static const int bad[] = {
    0,    1,    7,    9,    11,   13,   15,   17,   19,   20,   21,   22,   23,   25,   37,    42,   43,
    53,   69,   77,   79,   87,   95,   101,  102,  103,  104,  109,  110,  111,  113,  115,   117,  119,
    123,  135,  137,  139,  143,  161,  179,  389,  427,  465,  512,  513,  514,  515,  526,   530,  531,
    532,  540,  548,  554,  556,  563,  587,  601,  636,  989,  990,  993,  995,  1719, 1720,  1723, 2049,
    3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
};

static bool is_open_to_chromium(int port)
{
    return port == 4190 || port == 6679;
}

bool browsers_port_is_blocked(int port, facts_engine engine)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (bad[i] == port)
            return engine != FACTS_ENGINE_CHROMIUM || !is_open_to_chromium(port);
    return false;
}
