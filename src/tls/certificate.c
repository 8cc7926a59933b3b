#include "tls/certificate.h"

#include "io/address.h"
#include "tls/names.h"
#include "tls/sct.h"
#include "tls/tbs.h"

#include "base/time.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/tls1.h>
#include <openssl/x509v3.h>

#include <stdio.h>
#include <string.h>

/* Printable ASCII as it is, everything else and '\' as \xNN. */
static const char *printable(base_arena *arena, const unsigned char *bytes, size_t length)
{
    char *text = base_arena_take(arena, length * 4 + 1), *out = text;

    for (size_t i = 0; i < length; i++)
        if (bytes[i] >= ' ' && bytes[i] <= '~' && bytes[i] != '\\')
            *out++ = (char)bytes[i];
        else
            out += snprintf(out, 5, "\\x%02x", bytes[i]);
    return text;
}

static const char *hexadecimal(base_arena *arena, const unsigned char *bytes, size_t length)
{
    static const char digits[] = "0123456789abcdef";
    char *text = base_arena_take(arena, length * 2 + 1), *out = text;

    for (size_t i = 0; i < length; i++) {
        *out++ = digits[bytes[i] >> 4];
        *out++ = digits[bytes[i] & 15];
    }
    return text;
}

static const char *read_name(base_arena *arena, const X509_NAME *name)
{
    BIO *bio = BIO_new(BIO_s_mem());
    const char *text = "";
    char *data;
    long length;

    /* XN_FLAG_RFC2253 escapes controls and whatever is not ASCII. */
    if (bio != NULL && X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253) >= 0) {
        length = BIO_get_mem_data(bio, &data);
        text = base_arena_copy(arena, data, (size_t)length);
    }
    BIO_free(bio);
    return text;
}

static const char *read_ip(base_arena *arena, hf_span octets)
{
    char text[IO_ADDRESS_TEXT];
    io_address address;

    if (!io_address_from_octets(octets.data, octets.length, 0, &address))
        return hexadecimal(arena, (const unsigned char *)octets.data, octets.length);
    io_address_format(&address, text);
    return base_arena_string(arena, text);
}

/* Of the first TLS_NAMES_MAX names those that are DNS names or addresses. */
static void read_names(const X509 *x509, base_arena *arena, facts_certificate *certificate)
{
    hf_span rest = tls_names_of(x509), counted = rest;
    const char **texts;
    size_t count = 0;
    tls_der name;

    while (count < TLS_NAMES_MAX && tls_der_next(&counted, &name))
        count++;
    if (count == 0)
        return;
    certificate->names = texts = base_arena_take(arena, count * sizeof *texts);
    for (; count > 0 && tls_der_next(&rest, &name); count--) {
        if (name.tag == TLS_NAME_DNS)
            texts[certificate->name_count++] =
                printable(arena, (const unsigned char *)name.content.data, name.content.length);
        else if (name.tag == TLS_NAME_ADDRESS)
            texts[certificate->name_count++] = read_ip(arena, name.content);
    }
}

/* RFC 5280 4.1.2.5: YYMMDDHHMMSSZ from 1950 to 2049, YYYYMMDDHHMMSSZ. Every other form is left to OpenSSL, at ten times
 * the cost. */
static bool read_usual_time(const ASN1_TIME *time, int64_t *seconds)
{
    const char *at = (const char *)ASN1_STRING_get0_data(time), *century = *at < '5' ? "20" : "19";
    bool is_short = ASN1_STRING_type(time) == V_ASN1_UTCTIME;
    char text[BASE_TIME_MAX];

    if (ASN1_STRING_length(time) != (is_short ? 13 : 15) || at[ASN1_STRING_length(time) - 1] != 'Z')
        return false;
    if (!is_short) {
        century = at;
        at += 2;
    }
    if (at[10] > '5') /* a leap second */
        return false;
    snprintf(text, sizeof text, "%.2s%.2s-%.2s-%.2sT%.2s:%.2s:%.2sZ", century, at, at + 2, at + 4, at + 6, at + 8,
             at + 10);
    return base_time_parse(text, seconds, NULL);
}

int64_t tls_certificate_time(const ASN1_TIME *time)
{
    ASN1_TIME *epoch;
    int days, seconds;
    int64_t result = HF_TIME_UNKNOWN;

    if (read_usual_time(time, &result))
        return result;
    epoch = ASN1_TIME_set(NULL, 0);
    if (epoch != NULL && ASN1_TIME_diff(&days, &seconds, epoch, time) == 1)
        result = (int64_t)days * 86400 + seconds;
    ASN1_TIME_free(epoch);
    return result;
}

static void read_key(X509 *x509, base_arena *arena, facts_certificate *certificate)
{
    const EVP_PKEY *key = X509_get0_pubkey(x509);
    const char *type = key != NULL ? EVP_PKEY_get0_type_name(key) : NULL;
    char signature[80];

    certificate->key_type = base_arena_string(arena, type != NULL ? type : "unknown");
    certificate->key_bits = key != NULL ? EVP_PKEY_get_bits(key) : 0;
    OBJ_obj2txt(signature, sizeof signature, OBJ_nid2obj(X509_get_signature_nid(x509)), 0);
    certificate->signature = base_arena_string(arena, signature);
}

static const char *digest_text(base_arena *arena, const uint8_t digest[static TLS_SHA256_SIZE])
{
    return hexadecimal(arena, digest, TLS_SHA256_SIZE);
}

/* The hashes of its DER form; the one of all of it may be known. */
static void read_hashes(hf_span der, const uint8_t *known, base_arena *arena, facts_certificate *certificate)
{
    uint8_t digest[TLS_SHA256_SIZE];
    tls_tbs tbs;

    if (known == NULL)
        tls_sha256(der.data, der.length, digest);
    certificate->fingerprint = digest_text(arena, known != NULL ? known : digest);
    if (!tls_tbs_read(der, &tbs))
        return;
    tls_tbs_digest(&tbs, digest);
    certificate->tbs = digest_text(arena, digest);
    tls_sha256(tbs.key.data, tbs.key.length, digest);
    certificate->spki = digest_text(arena, digest);
}

/* What OpenSSL has at hand once it has parsed a certificate. */
static void read_parsed(X509 *x509, base_arena *arena, facts_certificate *certificate)
{
    const ASN1_INTEGER *serial = X509_get0_serialNumber(x509);
    const ASN1_OCTET_STRING *authority = X509_get0_authority_key_id(x509);

    certificate->serial = hexadecimal(arena, serial->data, (size_t)serial->length);
    if (authority != NULL)
        certificate->authority_key = hexadecimal(arena, authority->data, (size_t)authority->length);
    certificate->not_before = tls_certificate_time(X509_get0_notBefore(x509));
    certificate->not_after = tls_certificate_time(X509_get0_notAfter(x509));
    read_names(x509, arena, certificate);
}

/* -- Where more is to be had --------------------------------------------------------------------------------------- */

/* URLs of one kind. */
typedef struct urls {
    const char **items;
    size_t count;
} urls;

static void add_url(urls *texts, const GENERAL_NAME *name, base_arena *arena)
{
    const ASN1_IA5STRING *url;

    if (name->type != GEN_URI || texts->count == TLS_URLS_MAX)
        return;
    if (texts->items == NULL)
        texts->items = base_arena_take(arena, TLS_URLS_MAX * sizeof *texts->items);
    url = name->d.uniformResourceIdentifier;
    texts->items[texts->count++] = printable(arena, url->data, (size_t)url->length);
}

static void read_access(const X509 *x509, base_arena *arena, facts_certificate *certificate)
{
    urls ocsp = {0}, issuer = {0};
    AUTHORITY_INFO_ACCESS *access = X509_get_ext_d2i(x509, NID_info_access, NULL, NULL);

    for (int i = 0; i < sk_ACCESS_DESCRIPTION_num(access); i++) {
        const ACCESS_DESCRIPTION *item = sk_ACCESS_DESCRIPTION_value(access, i);
        int method = OBJ_obj2nid(item->method);

        if (method == NID_ad_OCSP)
            add_url(&ocsp, item->location, arena);
        else if (method == NID_ad_ca_issuers)
            add_url(&issuer, item->location, arena);
    }
    AUTHORITY_INFO_ACCESS_free(access);
    certificate->ocsp_urls = ocsp.items;
    certificate->ocsp_url_count = ocsp.count;
    certificate->issuer_urls = issuer.items;
    certificate->issuer_url_count = issuer.count;
}

static void read_subject_key(const X509 *x509, base_arena *arena, facts_certificate *certificate)
{
    const ASN1_OCTET_STRING *own = X509_get0_subject_key_id((X509 *)x509);

    if (own != NULL)
        certificate->subject_key = hexadecimal(arena, own->data, (size_t)own->length);
}

static void read_crl_points(const X509 *x509, base_arena *arena, facts_certificate *certificate)
{
    urls crl = {0};
    CRL_DIST_POINTS *points = X509_get_ext_d2i(x509, NID_crl_distribution_points, NULL, NULL);

    for (int i = 0; i < sk_DIST_POINT_num(points); i++) {
        const DIST_POINT *point = sk_DIST_POINT_value(points, i);

        if (point->distpoint == NULL || point->distpoint->type != 0)
            continue;
        for (int k = 0; k < sk_GENERAL_NAME_num(point->distpoint->name.fullname); k++)
            add_url(&crl, sk_GENERAL_NAME_value(point->distpoint->name.fullname, k), arena);
    }
    CRL_DIST_POINTS_free(points);
    certificate->crl_urls = crl.items;
    certificate->crl_url_count = crl.count;
}

/* -- What it promises ---------------------------------------------------------------------------------------------- */

/* RFC 7633 4.2.3.1: a server certificate with the feature status_request (5) is to be shown with its OCSP response. */
static bool asks_for_staple(const X509 *x509)
{
    TLS_FEATURE *features = X509_get_ext_d2i(x509, NID_tlsfeature, NULL, NULL);
    bool found = false;

    for (int i = 0; i < sk_ASN1_INTEGER_num(features); i++)
        found |= ASN1_INTEGER_get(sk_ASN1_INTEGER_value(features, i)) == TLSEXT_TYPE_status_request;
    TLS_FEATURE_free(features);
    return found;
}

static size_t count_scts(const X509 *x509)
{
    int at = X509_get_ext_by_NID(x509, NID_ct_precert_scts, -1);

    return at < 0 ? 0 : tls_sct_count_extension(X509_EXTENSION_get_data(X509_get_ext(x509, at)));
}

static void read_strength(const X509 *x509, facts_certificate *certificate)
{
    const EVP_PKEY *key = X509_get0_pubkey(x509);
    int bits = 0;

    certificate->key_security = key != NULL ? EVP_PKEY_get_security_bits(key) : 0;
    if (X509_get_signature_info((X509 *)x509, NULL, NULL, &bits, NULL) == 1 && bits > 0)
        certificate->signature_security = bits;
}

void tls_certificate_read(X509 *x509, base_arena *arena, facts_certificate *certificate)
{
    unsigned char *der = NULL;
    int length = i2d_X509(x509, &der);

    *certificate = (facts_certificate){.fingerprint = ""};
    if (length > 0) {
        certificate->der = (hf_span){base_arena_copy(arena, der, (size_t)length), (size_t)length};
        read_hashes(certificate->der, NULL, arena, certificate);
    }
    OPENSSL_free(der);
    read_parsed(x509, arena, certificate);
    read_key(x509, arena, certificate);
    read_strength(x509, certificate);
    read_access(x509, arena, certificate);
    read_crl_points(x509, arena, certificate);
    read_subject_key(x509, arena, certificate);
    certificate->subject = read_name(arena, X509_get_subject_name(x509));
    certificate->issuer = read_name(arena, X509_get_issuer_name(x509));
    certificate->self_issued = X509_NAME_cmp(X509_get_subject_name(x509), X509_get_issuer_name(x509)) == 0;
    certificate->authority = X509_check_ca(x509) != 0;
    certificate->must_staple = asks_for_staple(x509);
    certificate->sct_count = count_scts(x509);
    ERR_clear_error();
}

void tls_certificate_read_leaf_only(X509 *x509, const uint8_t *digest, base_arena *arena,
                                    facts_certificate *certificate)
{
    unsigned char *der = NULL;
    int length = i2d_X509(x509, &der);

    *certificate = (facts_certificate){.subject = "", .issuer = "", .fingerprint = "", .key_type = "", .signature = ""};
    if (length > 0)
        read_hashes((hf_span){(const char *)der, (size_t)length}, digest, arena, certificate);
    OPENSSL_free(der);
    read_parsed(x509, arena, certificate);
}
