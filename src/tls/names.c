#include "tls/names.h"

#include <openssl/x509v3.h>

static bool are_well_formed(hf_span names)
{
    tls_der name;

    while (names.length > 0)
        if (!tls_der_next(&names, &name))
            return false;
    return true;
}

/* RFC 5280 4.2: "A certificate MUST NOT include more than one instance of a particular extension." */
static hf_span extension_of(const X509 *x509)
{
    int at = X509_get_ext_by_NID(x509, NID_subject_alt_name, -1);
    const ASN1_OCTET_STRING *value;

    if (at < 0 || X509_get_ext_by_NID(x509, NID_subject_alt_name, at) >= 0)
        return (hf_span){NULL, 0};
    value = X509_EXTENSION_get_data(X509_get_ext(x509, at));
    return (hf_span){(const char *)ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value)};
}

hf_span tls_names_of(const X509 *x509)
{
    hf_span extension = extension_of(x509);
    tls_der list;

    if (!tls_der_take(&extension, TLS_DER_SEQUENCE, &list) || extension.length > 0 || !are_well_formed(list.content))
        return (hf_span){NULL, 0};
    return list.content;
}
