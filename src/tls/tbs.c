#include "tls/tbs.h"

#include "tls/der.h"

#include "base/buffer.h"

#include <string.h>

#define VERSION 0xa0    /* [0] EXPLICIT */
#define EXTENSIONS 0xa3 /* [3] EXPLICIT */

static bool is_object(hf_span object, const char *bytes, size_t length)
{
    return object.length == length && memcmp(object.data, bytes, length) == 0;
}

/* RFC 6962 3.3 and 3.1. */
static bool is_of_transparency(hf_span object)
{
    static const char list[] = "\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x02",
                      poison[] = "\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x03";

    return is_object(object, list, sizeof list - 1) || is_object(object, poison, sizeof poison - 1);
}

/* RFC 5280 4.1: Extension ::= SEQUENCE { extnID OBJECT IDENTIFIER, critical BOOLEAN DEFAULT FALSE, extnValue OCTET
 * STRING } */
static bool take_extension(hf_span *rest, tls_der *extension, hf_span *object)
{
    tls_der id;
    hf_span inside;

    if (!tls_der_take(rest, TLS_DER_SEQUENCE, extension))
        return false;
    inside = extension->content;
    *object = tls_der_take(&inside, TLS_DER_OBJECT, &id) ? id.content : (hf_span){NULL, 0};
    return object->length > 0;
}

static bool are_well_formed(hf_span extensions)
{
    tls_der extension;
    hf_span object;

    while (extensions.length > 0)
        if (!take_extension(&extensions, &extension, &object))
            return false;
    return true;
}

static bool read_extensions(hf_span field, tls_tbs *tbs)
{
    tls_der list;

    if (!tls_der_take(&field, TLS_DER_SEQUENCE, &list) || field.length > 0)
        return false;
    tbs->extensions = list.content;
    return list.content.length > 0 && are_well_formed(list.content);
}

/*
 * TBSCertificate ::= SEQUENCE { version [0], serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo,
 * issuerUniqueID [1] OPTIONAL, subjectUniqueID [2] OPTIONAL, extensions [3] OPTIONAL }
 */
static bool read_parts(hf_span content, tls_tbs *tbs)
{
    hf_span rest = content;
    tls_der part = {0};

    tls_der_take(&rest, VERSION, &part);
    for (int i = 0; i < 6; i++)
        if (!tls_der_next(&rest, &part))
            return false;
    tbs->key = part.whole;
    tbs->before = content;
    while (rest.length > 0) {
        tbs->before.length = (size_t)(rest.data - content.data);
        if (!tls_der_next(&rest, &part))
            return false;
        if (part.tag == EXTENSIONS)
            return rest.length == 0 && read_extensions(part.content, tbs);
    }
    tbs->before.length = content.length;
    return true;
}

bool tls_tbs_read(hf_span der, tls_tbs *tbs)
{
    tls_der certificate, inside;
    hf_span content;

    *tbs = (tls_tbs){0};
    if (!tls_der_take(&der, TLS_DER_SEQUENCE, &certificate) || der.length > 0)
        return false;
    content = certificate.content;
    if (!tls_der_take(&content, TLS_DER_SEQUENCE, &inside))
        return false;
    tbs->whole = inside.whole;
    return read_parts(inside.content, tbs);
}

/* -- The hash ------------------------------------------------------------------------------------------------------ */

/* The next extension that the hash has. */
static bool take_kept(hf_span *rest, tls_der *extension)
{
    hf_span object;

    while (take_extension(rest, extension, &object))
        if (!is_of_transparency(object))
            return true;
    return false;
}

static size_t length_of_kept(hf_span rest)
{
    tls_der extension;
    size_t length = 0;

    while (take_kept(&rest, &extension))
        length += extension.whole.length;
    return length;
}

static void put_head(base_buffer *out, unsigned tag, size_t length)
{
    char head[TLS_DER_HEAD_MAX];

    base_buffer_append(out, head, tls_der_head(tag, length, head));
}

/* RFC 5280 4.1: "Extensions ::= SEQUENCE SIZE (1..MAX)": without any the whole field is left out. */
static void encode(const tls_tbs *tbs, size_t kept, base_buffer *out)
{
    char head[TLS_DER_HEAD_MAX];
    size_t list = tls_der_head(TLS_DER_SEQUENCE, kept, head) + kept;
    size_t field = kept > 0 ? tls_der_head(EXTENSIONS, list, head) + list : 0;
    hf_span rest = tbs->extensions;
    tls_der extension;

    put_head(out, TLS_DER_SEQUENCE, tbs->before.length + field);
    base_buffer_append(out, tbs->before.data, tbs->before.length);
    if (kept == 0)
        return;
    put_head(out, EXTENSIONS, list);
    put_head(out, TLS_DER_SEQUENCE, kept);
    while (take_kept(&rest, &extension))
        base_buffer_append(out, extension.whole.data, extension.whole.length);
}

void tls_tbs_digest(const tls_tbs *tbs, uint8_t digest[static TLS_SHA256_SIZE])
{
    size_t kept = length_of_kept(tbs->extensions);
    base_buffer out;

    if (kept == tbs->extensions.length) {
        tls_sha256(tbs->whole.data, tbs->whole.length, digest);
        return;
    }
    base_buffer_init(&out, tbs->whole.length);
    encode(tbs, kept, &out);
    tls_sha256(out.data, out.length, digest);
    base_buffer_done(&out);
}
