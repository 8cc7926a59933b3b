#include "base/wildcard.h"

#include <string.h>

static bool is_same(const char *a, const char *b, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        char x = a[i], y = b[i];

        /* In every locale alike: RFC 4343 knows the letters of ASCII alone. */
        x = (char)(x >= 'A' && x <= 'Z' ? x - 'A' + 'a' : x);
        y = (char)(y >= 'A' && y <= 'Z' ? y - 'A' + 'a' : y);
        if (x != y)
            return false;
    }
    return true;
}

/* RFC 9525 6.3: "A wildcard in a presented identifier can only match one label in a reference identifier." Whatever the
   octets of that label are: hosts with a '_' are common, and browsers let them in. */
bool base_wildcard_covers(const char *name, size_t length, const char *host)
{
    size_t host_length = strlen(host), label = strcspn(host, ".");

    if (length == 0 || memchr(name, '\0', length) != NULL)
        return false;
    if (length == host_length && is_same(name, host, length))
        return true;
    /* "*.test" would be for whoever registers there. */
    return length > 3 && name[0] == '*' && name[1] == '.' && memchr(name + 2, '.', length - 2) != NULL && label > 0 &&
           length - 1 == host_length - label && is_same(name + 1, host + label, length - 1);
}
