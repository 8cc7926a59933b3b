/* The name in a ClientHello: it is what stands behind its length, or there is none. */
#include "tls/hello.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool condition)
{
    if (!condition)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char name[TLS_HELLO_NAME_MAX + 1];
    uint8_t *exact = malloc(size + 1);

    check(exact != NULL);
    memcpy(exact, data, size);
    if (tls_hello_name(exact, size, name)) {
        size_t list = (size_t)exact[0] << 8 | exact[1], length = (size_t)exact[3] << 8 | exact[4];

        check(strlen(name) == length && length > 0 && list <= size - 2 && length + 3 <= list);
        check(exact[2] == 0 && memcmp(name, exact + 5, length) == 0);
    }
    free(exact);
    return 0;
}
