#include "base/wildcard.h"

#include "base/ascii.h"

#include <string.h>

/* RFC 9525 6.3: "A wildcard in a presented identifier can only match one label in a reference identifier." Whatever the
   octets of that label are: hosts with a '_' are common, and browsers let them in. */
bool base_wildcard_covers(const char *name, size_t length, const char *host)
{
    size_t host_length = strlen(host), label = strcspn(host, ".");

    if (length == 0 || memchr(name, '\0', length) != NULL)
        return false;
    if (length == host_length && base_ascii_same(name, host, length))
        return true;
    /* "*.test" would be for whoever registers there. */
    return length > 3 && name[0] == '*' && name[1] == '.' && memchr(name + 2, '.', length - 2) != NULL && label > 0 &&
           length - 1 == host_length - label && base_ascii_same(name + 1, host + label, length - 1);
}
