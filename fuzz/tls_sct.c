/* Timestamps: what is counted fills the list to its last octet, and what is not a list counts as nothing. */
#include "tls/sct.h"

#include <openssl/asn1.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool condition)
{
    if (!condition)
        abort();
}

/* How many there are, by walking the list the other way round: from any place on to the end, longest first. */
static size_t count_from(const uint8_t *data, size_t size)
{
    size_t length, rest;

    if (size == 0)
        return 1; /* so that 0 is left for what is no list */
    if (size < 2)
        return 0;
    length = (size_t)data[0] * 256 + data[1];
    if (length == 0 || length + 2 > size)
        return 0;
    rest = count_from(data + 2 + length, size - 2 - length);
    return rest == 0 ? 0 : rest + 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
    size_t expected = 0;

    if (size >= 2 && size <= 65537 && (size_t)data[0] * 256 + data[1] == size - 2)
        expected = count_from(data + 2, size - 2);
    check(tls_sct_count(data, size) == (expected == 0 ? 0 : expected - 1));
    check(value != NULL && ASN1_OCTET_STRING_set(value, data, (int)size) == 1);
    check(tls_sct_count_extension(value) <= size / 3);
    ASN1_OCTET_STRING_free(value);
    return 0;
}
