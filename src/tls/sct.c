#include "tls/sct.h"

#include <openssl/asn1.h>

static size_t read_u16(const unsigned char *at)
{
    return (size_t)at[0] << 8 | at[1];
}

/* RFC 6962 3.3: "opaque SerializedSCT<1..2^16-1>; struct { SerializedSCT sct_list <1..2^16-1>; }" */
size_t tls_sct_count(const void *octets, size_t length)
{
    const unsigned char *at = octets;
    size_t count = 0, left;

    if (length < 2 || read_u16(at) != length - 2)
        return 0;
    for (at += 2, left = length - 2; left > 0; count++) {
        size_t size = left >= 2 ? read_u16(at) : 0;

        if (size == 0 || size > left - 2)
            return 0;
        at += 2 + size;
        left -= 2 + size;
    }
    return count;
}

size_t tls_sct_count_extension(const ASN1_OCTET_STRING *value)
{
    const unsigned char *at = ASN1_STRING_get0_data(value);
    ASN1_OCTET_STRING *list = d2i_ASN1_OCTET_STRING(NULL, &at, ASN1_STRING_length(value));
    size_t count = 0;

    if (list != NULL)
        count = tls_sct_count(ASN1_STRING_get0_data(list), (size_t)ASN1_STRING_length(list));
    ASN1_OCTET_STRING_free(list);
    return count;
}
