#include "base/host_port.h"

#include "base/idna.h"

#include <string.h>

#define DIGITS_MAX 5

/* The colon before a port: the only one, or the one behind an address in brackets. NULL: there is none. */
static const char *find_colon(const char *text, size_t length)
{
    const char *bracket = length > 0 && *text == '[' ? memchr(text, ']', length) : NULL;
    const char *from = bracket != NULL ? bracket : text, *end = text + length;
    const char *colon = memchr(from, ':', (size_t)(end - from));

    return colon != NULL && memchr(colon + 1, ':', (size_t)(end - colon) - 1) == NULL ? colon : NULL;
}

static bool read_port(const char *digits, size_t length, int *port)
{
    long number = 0;

    for (size_t i = 0; i < length && length <= DIGITS_MAX; i++) {
        if (digits[i] < '0' || digits[i] > '9')
            return false;
        number = 10 * number + (digits[i] - '0');
    }
    if (number < 1 || number > 65535)
        return false;
    *port = (int)number;
    return true;
}

bool base_host_port(const char *text, size_t length, hf_host *host, int *port, hf_diag *diag)
{
    const char *colon = find_colon(text, length);
    size_t host_length = colon != NULL ? (size_t)(colon - text) : length;

    *diag = (hf_diag){0};
    if (hf_host_parse(text, host_length, base_idna(), host, diag) != HF_OK)
        return false;
    if (colon == NULL || read_port(colon + 1, length - host_length - 1, port))
        return true;
    *diag = (hf_diag){HF_E_URL_PORT, host_length + 1, length - host_length - 1, "a port is a number from 1 to 65535"};
    return false;
}
