/* The key of a certificate, and the algorithm that it is signed with. */
#include "tls/strict_state.h"

#include <string.h>

#define RSA "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"
#define EC "\x2a\x86\x48\xce\x3d\x02\x01"
#define P256 "\x2a\x86\x48\xce\x3d\x03\x01\x07"
#define P384 "\x2b\x81\x04\x00\x22"
#define P521 "\x2b\x81\x04\x00\x23"
#define IS(span, bytes) tls_strict_is(span, bytes, sizeof(bytes) - 1)

#define WEAK_BITS 1024 /* Chromium counts bits, Firefox whole octets */

/* -- The key ------------------------------------------------------------------------------------------------------- */

static size_t bits_of(hf_span number)
{
    size_t bits;

    while (number.length > 0 && number.data[0] == 0)
        number = (hf_span){number.data + 1, number.length - 1};
    bits = number.length * 8;
    for (unsigned mask = 0x80; number.length > 0 && mask != 0 && ((unsigned char)number.data[0] & mask) == 0;
         mask >>= 1)
        bits--;
    return bits;
}

/* RFC 3279 2.3.1: "The parameters field MUST have ASN.1 type NULL". */
static void check_rsa(hf_span parameters, hf_span key, tls_strict *strict)
{
    hf_span inside;
    tls_der modulus, exponent;
    size_t bits;

    if (!tls_strict_one(parameters, TLS_DER_NULL, &inside) || inside.length > 0 ||
        !tls_strict_one(key, TLS_DER_SEQUENCE, &inside) || !tls_der_take(&inside, TLS_DER_INTEGER, &modulus) ||
        !tls_der_take(&inside, TLS_DER_INTEGER, &exponent) || inside.length > 0) {
        tls_strict_add(strict, FACTS_TLS_KEY_TYPE, "the RSA key is malformed");
        return;
    }
    bits = bits_of(modulus.content);
    if ((bits + 7) / 8 * 8 < WEAK_BITS)
        tls_strict_add(strict, FACTS_TLS_WEAK_KEY, "the RSA key has less than 1024 bits");
    else if (bits < WEAK_BITS)
        tls_strict_add(strict, FACTS_TLS_SHORT_KEY, "the RSA key has a few bits less than 1024");
}

static void check_curve(hf_span parameters, bool leaf, tls_strict *strict)
{
    hf_span curve;

    if (!tls_strict_one(parameters, TLS_DER_OBJECT, &curve))
        tls_strict_add(strict, FACTS_TLS_KEY_TYPE, "the key names no curve");
    else if (IS(curve, P521)) {
        if (leaf)
            tls_strict_add(strict, FACTS_TLS_KEY_CURVE, "the key is on the curve P-521");
    } else if (!IS(curve, P256) && !IS(curve, P384))
        tls_strict_add(strict, FACTS_TLS_KEY_TYPE, "the key is on a curve other than P-256, P-384 and P-521");
}

void tls_strict_key(hf_span key, bool leaf, tls_strict *strict)
{
    tls_der algorithm, type, bits;
    hf_span parameters;

    if (!tls_der_take(&key, TLS_DER_SEQUENCE, &algorithm) || !tls_der_take(&key, TLS_DER_BITS, &bits) ||
        key.length > 0 || bits.content.length < 2 || bits.content.data[0] != 0) {
        tls_strict_add(strict, FACTS_TLS_NOT_DER, "its key is malformed");
        return;
    }
    parameters = algorithm.content;
    if (!tls_der_take(&parameters, TLS_DER_OBJECT, &type))
        tls_strict_add(strict, FACTS_TLS_NOT_DER, "its key has no type");
    else if (IS(type.content, RSA))
        check_rsa(parameters, (hf_span){bits.content.data + 1, bits.content.length - 1}, strict);
    else if (IS(type.content, EC))
        check_curve(parameters, leaf, strict);
    else
        tls_strict_add(strict, FACTS_TLS_KEY_TYPE, "the key is neither RSA nor on a curve of NIST");
}

/* -- The signature ------------------------------------------------------------------------------------------------- */

/* RSASSA-PSS-params as the Baseline Requirements (CA/Browser Forum) 7.1.3.2.1 have them: for each digest one form. */
#define PSS(digest, salt)                                                                                              \
    "\x30\x34\xa0\x0f\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02" digest                                          \
    "\x05\x00\xa1\x1c\x30\x1a\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04" \
    "\x02" digest "\x05\x00\xa2\x03\x02\x01" salt
#define PSS_ID "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a"

typedef enum family { FAMILY_RSA, FAMILY_PSS, FAMILY_ECDSA } family;

#define ROW(family, digest, id, parameters)                                                                            \
    {                                                                                                                  \
        family, digest, {id, sizeof(id) - 1},                                                                          \
        {                                                                                                              \
            parameters, sizeof(parameters) - 1                                                                         \
        }                                                                                                              \
    }
static const struct algorithm {
    family family;
    tls_strict_digest digest;
    hf_span id, parameters;
} algorithms[] = {
    ROW(FAMILY_ECDSA, TLS_STRICT_SHA256, "\x2a\x86\x48\xce\x3d\x04\x03\x02", ""),
    ROW(FAMILY_ECDSA, TLS_STRICT_SHA384, "\x2a\x86\x48\xce\x3d\x04\x03\x03", ""),
    ROW(FAMILY_ECDSA, TLS_STRICT_SHA512, "\x2a\x86\x48\xce\x3d\x04\x03\x04", ""),
    ROW(FAMILY_RSA, TLS_STRICT_SHA256, "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b", ""),
    ROW(FAMILY_RSA, TLS_STRICT_SHA384, "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c", ""),
    ROW(FAMILY_RSA, TLS_STRICT_SHA512, "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d", ""),
    ROW(FAMILY_PSS, TLS_STRICT_SHA256, PSS_ID, PSS("\x01", "\x20")),
    ROW(FAMILY_PSS, TLS_STRICT_SHA384, PSS_ID, PSS("\x02", "\x30")),
    ROW(FAMILY_PSS, TLS_STRICT_SHA512, PSS_ID, PSS("\x03", "\x40")),
};

static const struct algorithm *find(hf_span identifier, hf_span *parameters)
{
    tls_der id;

    *parameters = identifier;
    if (!tls_der_take(parameters, TLS_DER_OBJECT, &id))
        return NULL;
    for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++)
        if (tls_strict_is(id.content, algorithms[i].id.data, algorithms[i].id.length) &&
            (algorithms[i].family != FAMILY_PSS ||
             tls_strict_is(*parameters, algorithms[i].parameters.data, algorithms[i].parameters.length)))
            return &algorithms[i];
    return NULL;
}

/* Firefox takes a NULL and its absence for the same; Chromium does so for RSA. */
static void check_parameters(const struct algorithm *algorithm, hf_span parameters, tls_strict *strict)
{
    if (algorithm->family == FAMILY_PSS || parameters.length == 0)
        return;
    if (!IS(parameters, "\x05\x00"))
        tls_strict_add(strict, FACTS_TLS_WEAK_SIGNATURE, "the algorithm of its signature has unknown parameters");
    else if (algorithm->family == FAMILY_ECDSA)
        tls_strict_add(strict, FACTS_TLS_ALGORITHM_PARAMETERS, "an ECDSA signature has the parameter NULL");
}

void tls_strict_algorithms(hf_span outside, hf_span inside, tls_strict *strict)
{
    hf_span outer_parameters, inner_parameters;
    const struct algorithm *outer = find(outside, &outer_parameters), *inner = find(inside, &inner_parameters);

    if (outer == NULL || inner == NULL) {
        tls_strict_add(strict, FACTS_TLS_WEAK_SIGNATURE, "browsers do not use the algorithm of its signature");
        return;
    }
    check_parameters(outer, outer_parameters, strict);
    check_parameters(inner, inner_parameters, strict);
    strict->digest = outer->digest;
    strict->one_algorithm = outer == inner;
    if (outer != inner)
        tls_strict_add(strict, FACTS_TLS_ALGORITHMS_DIFFER,
                       "what is signed names another algorithm than the signature");
}
