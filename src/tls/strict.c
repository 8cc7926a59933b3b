#include "tls/strict.h"

#include "tls/strict_state.h"

#include <string.h>

#define VERSION 0xa0        /* [0] EXPLICIT */
#define ISSUER_UNIQUE 0x81  /* [1] IMPLICIT */
#define SUBJECT_UNIQUE 0x82 /* [2] IMPLICIT */
#define EXTENSIONS 0xa3     /* [3] EXPLICIT */

void tls_strict_add(tls_strict *strict, facts_tls_code code, const char *why)
{
    for (size_t i = 0; i < strict->count; i++)
        if (strict->finds[i].code == code)
            return;
    if (strict->count < TLS_STRICT_MAX)
        strict->finds[strict->count++] = (tls_strict_find){code, why};
}

bool tls_strict_one(hf_span input, unsigned tag, hf_span *content)
{
    tls_der element;

    if (!tls_der_take(&input, tag, &element) || input.length > 0)
        return false;
    *content = element.content;
    return true;
}

bool tls_strict_is(hf_span octets, const char *bytes, size_t length)
{
    return octets.length == length && memcmp(octets.data, bytes, length) == 0;
}

/* -- The parts of TBSCertificate ----------------------------------------------------------------------------------- */

typedef struct parts {
    int version; /* 1 to 3; 0: unusual */
    hf_span algorithm, issuer, validity, subject, key, extensions;
    bool has_extensions;
} parts;

/* Chromium: version 1 must be left out, and 2 and 3 are the others; Firefox knows 1 to 4. */
static void read_version(hf_span *rest, parts *p, tls_strict *strict)
{
    tls_der element;
    hf_span number;

    p->version = 1;
    if (!tls_der_take(rest, VERSION, &element))
        return;
    if (!tls_strict_one(element.content, TLS_DER_INTEGER, &number) || number.length != 1 || number.data[0] < 0 ||
        number.data[0] > 3) {
        tls_strict_add(strict, FACTS_TLS_UNREADABLE, "its version is none of 1, 2 and 3");
        p->version = 0;
    } else if (number.data[0] == 0 || number.data[0] == 3) {
        tls_strict_add(strict, FACTS_TLS_CERTIFICATE_FORM,
                       number.data[0] == 0 ? "it writes out version 1, which must be left out" : "its version is 4");
        p->version = 0;
    } else {
        p->version = number.data[0] + 1;
    }
}

static bool take(hf_span *rest, unsigned tag, hf_span *content)
{
    tls_der element;

    if (!tls_der_take(rest, tag, &element))
        return false;
    *content = element.content;
    return true;
}

/* RFC 5280 4.1: "extensions [3] EXPLICIT Extensions OPTIONAL -- If present, version MUST be v3" */
static void read_rest(hf_span rest, parts *p, tls_strict *strict)
{
    hf_span unused, field;

    take(&rest, ISSUER_UNIQUE, &unused);
    take(&rest, SUBJECT_UNIQUE, &unused);
    if (rest.length == 0)
        return;
    if (!take(&rest, EXTENSIONS, &field) || rest.length > 0 ||
        !tls_strict_one(field, TLS_DER_SEQUENCE, &p->extensions)) {
        tls_strict_add(strict, FACTS_TLS_UNREADABLE, "its parts end with something else than a list of extensions");
        return;
    }
    p->has_extensions = true;
    if (p->version == 1 || p->version == 2)
        tls_strict_add(strict, FACTS_TLS_CERTIFICATE_FORM, "it has extensions, and its version is not 3");
}

static bool read_parts(hf_span content, parts *p, tls_strict *strict)
{
    hf_span rest = content, serial;

    read_version(&rest, p, strict);
    if (!take(&rest, TLS_DER_INTEGER, &serial) || !take(&rest, TLS_DER_SEQUENCE, &p->algorithm) ||
        !take(&rest, TLS_DER_SEQUENCE, &p->issuer) || !take(&rest, TLS_DER_SEQUENCE, &p->validity) ||
        !take(&rest, TLS_DER_SEQUENCE, &p->subject) || !take(&rest, TLS_DER_SEQUENCE, &p->key))
        return false;
    read_rest(rest, p, strict);
    return true;
}

/* -- Names --------------------------------------------------------------------------------------------------------- */

/* AttributeTypeAndValue ::= SEQUENCE { type OBJECT IDENTIFIER, value ANY } */
static bool is_attribute(hf_span content)
{
    tls_der type, value;

    return tls_der_take(&content, TLS_DER_OBJECT, &type) && tls_der_next(&content, &value) && content.length == 0;
}

static bool is_relative_name(hf_span content)
{
    tls_der attribute;

    if (content.length == 0)
        return false;
    while (content.length > 0)
        if (!tls_der_take(&content, TLS_DER_SEQUENCE, &attribute) || !is_attribute(attribute.content))
            return false;
    return true;
}

/* Firefox compares the names of subject and issuer octet by octet, and reads neither. */
static void check_name(hf_span name, tls_strict *strict)
{
    tls_der relative;

    while (name.length > 0)
        if (!tls_der_take(&name, TLS_DER_SET, &relative) || !is_relative_name(relative.content)) {
            tls_strict_add(strict, FACTS_TLS_CERTIFICATE_FORM,
                           "its subject or issuer is not a list of sets of attributes");
            return;
        }
}

/* -- The certificate ----------------------------------------------------------------------------------------------- */

static bool read_certificate(hf_span der, hf_span *body, hf_span *algorithm, tls_strict *strict)
{
    hf_span rest, bits;
    tls_der inside;

    if (!tls_strict_one(der, TLS_DER_SEQUENCE, &rest) || !tls_der_take(&rest, TLS_DER_SEQUENCE, &inside))
        return false;
    strict->signed_part = inside.whole;
    *body = inside.content;
    if (!take(&rest, TLS_DER_SEQUENCE, algorithm) || !take(&rest, TLS_DER_BITS, &bits) || rest.length > 0 ||
        bits.length == 0 || bits.data[0] != 0)
        return false;
    strict->signature = (hf_span){bits.data + 1, bits.length - 1};
    return true;
}

void tls_strict_read(hf_span der, bool leaf, tls_strict *strict)
{
    hf_span body, algorithm;
    parts p = {0};

    *strict = (tls_strict){.explicit_policy = -1};
    if (!read_certificate(der, &body, &algorithm, strict) || !read_parts(body, &p, strict)) {
        tls_strict_add(strict, FACTS_TLS_NOT_DER, "a part of it is missing, or has a length that is not the shortest");
        return;
    }
    check_name(p.issuer, strict);
    check_name(p.subject, strict);
    tls_strict_validity(p.validity, strict);
    tls_strict_key(p.key, leaf, strict);
    tls_strict_algorithms(algorithm, p.algorithm, strict);
    if (p.has_extensions)
        tls_strict_extensions(p.extensions, leaf, p.subject.length == 0, strict);
}
