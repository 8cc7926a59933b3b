/* Certificates: all that is read of what a server sends as one is printable, and the same as OpenSSL finds in it. */
#include "tls/certificate.h"
#include "tls/chain_order.h"
#include "tls/names.h"
#include "tls/tbs.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool condition)
{
    if (!condition)
        abort();
}

static void check_text(const char *text)
{
    for (; *text != '\0'; text++)
        check(*text >= ' ' && *text <= '~');
}

static void check_texts(const char *const *items, size_t count, size_t limit)
{
    check(count <= limit);
    for (size_t i = 0; i < count; i++)
        check_text(items[i]);
}

static void check_certificate(const facts_certificate *c)
{
    check_text(c->subject);
    check_text(c->issuer);
    check_text(c->serial);
    check_text(c->key_type);
    check_text(c->signature);
    check(strlen(c->fingerprint) == 64);
    check_texts(c->names, c->name_count, TLS_NAMES_MAX);
    check_texts(c->ocsp_urls, c->ocsp_url_count, TLS_URLS_MAX);
    check_texts(c->issuer_urls, c->issuer_url_count, TLS_URLS_MAX);
    check_texts(c->crl_urls, c->crl_url_count, TLS_URLS_MAX);
}

/* Sent twice, it is the server's own and a duplicate. */
static void check_places(X509 *x509)
{
    STACK_OF(X509) *sent = sk_X509_new_null();
    facts_place places[2];

    check(sent != NULL && sk_X509_push(sent, x509) == 1 && sk_X509_push(sent, x509) == 2);
    tls_chain_places(sent, places, 2);
    check(places[0] == FACTS_PLACE_LEAF && places[1] == FACTS_PLACE_DUPLICATE);
    sk_X509_free(sent);
}

/* -- What is read without OpenSSL, beside what OpenSSL reads ------------------------------------------------------- */

static int64_t time_of(const ASN1_TIME *time)
{
    ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
    int days, seconds;
    bool read = ASN1_TIME_diff(&days, &seconds, epoch, time) == 1;

    ASN1_TIME_free(epoch);
    return read ? (int64_t)days * 86400 + seconds : HF_TIME_UNKNOWN;
}

static bool is_same(const unsigned char *der, int length, hf_span span)
{
    return length >= 0 && (size_t)length == span.length && memcmp(der, span.data, span.length) == 0;
}

/* Where the extension is DER, both find the same names. */
static void check_names(const X509 *x509)
{
    GENERAL_NAMES *names = X509_get_ext_d2i(x509, NID_subject_alt_name, NULL, NULL);
    int at = X509_get_ext_by_NID(x509, NID_subject_alt_name, -1), length;
    const ASN1_OCTET_STRING *value = at >= 0 ? X509_EXTENSION_get_data(X509_get_ext(x509, at)) : NULL;
    unsigned char *der = NULL;
    hf_span rest = tls_names_of(x509);
    tls_der name;

    if (names != NULL && value != NULL) {
        length = i2d_GENERAL_NAMES(names, &der);
        if (is_same(der, length, (hf_span){(const char *)value->data, (size_t)value->length}))
            for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
                const GENERAL_NAME *other = sk_GENERAL_NAME_value(names, i);

                check(tls_der_next(&rest, &name));
                check((other->type == GEN_DNS) == (name.tag == TLS_NAME_DNS));
                check((other->type == GEN_IPADD) == (name.tag == TLS_NAME_ADDRESS));
                if (other->type == GEN_DNS)
                    check(is_same(other->d.dNSName->data, other->d.dNSName->length, name.content));
            }
        OPENSSL_free(der);
    }
    GENERAL_NAMES_free(names);
}

static void delete_extensions(X509 *x509, int nid)
{
    int at;

    while ((at = X509_get_ext_by_NID(x509, nid, -1)) >= 0)
        X509_EXTENSION_free(X509_delete_ext(x509, at));
}

/* Where OpenSSL would encode the certificate as it came, the hash is that of what it encodes without the two
 * extensions. */
static void check_tbs(const X509 *x509, const tls_tbs *tbs)
{
    X509 *copy = X509_dup((X509 *)x509);
    unsigned char *der = NULL;
    uint8_t digest[TLS_SHA256_SIZE], expected[TLS_SHA256_SIZE];
    int length = copy != NULL ? i2d_re_X509_tbs(copy, &der) : -1;

    if (is_same(der, length, tbs->whole)) {
        OPENSSL_free(der);
        der = NULL;
        delete_extensions(copy, NID_ct_precert_scts);
        delete_extensions(copy, NID_ct_precert_poison);
        length = i2d_re_X509_tbs(copy, &der);
        check(length > 0);
        tls_sha256(der, (size_t)length, expected);
        tls_tbs_digest(tbs, digest);
        check(memcmp(digest, expected, sizeof digest) == 0);
    }
    OPENSSL_free(der);
    X509_free(copy);
}

static void check_parts(const X509 *x509, const uint8_t *data, size_t size)
{
    tls_tbs tbs;
    uint8_t digest[TLS_SHA256_SIZE];

    if (!tls_tbs_read((hf_span){(const char *)data, size}, &tbs))
        return;
    check(tbs.whole.length <= size && tbs.key.length <= tbs.whole.length && tbs.key.length > 0);
    check(tbs.before.length + tbs.extensions.length <= tbs.whole.length);
    tls_tbs_digest(&tbs, digest);
    if (x509 != NULL)
        check_tbs(x509, &tbs);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const unsigned char *at = data;
    X509 *x509 = d2i_X509(NULL, &at, (long)size);
    base_arena arena = {0};
    facts_certificate whole, leaf_only;

    if (x509 != NULL) {
        tls_certificate_read(x509, &arena, &whole);
        check_certificate(&whole);
        tls_certificate_read_leaf_only(x509, NULL, &arena, &leaf_only);
        check(strcmp(whole.fingerprint, leaf_only.fingerprint) == 0);
        check(whole.not_before == leaf_only.not_before && whole.not_after == leaf_only.not_after);
        check(whole.name_count == leaf_only.name_count && (whole.tbs == NULL) == (leaf_only.tbs == NULL));
        check(whole.not_before == time_of(X509_get0_notBefore(x509)));
        check(whole.not_after == time_of(X509_get0_notAfter(x509)));
        check_places(x509);
        check_names(x509);
    }
    check_parts(x509, data, size);
    X509_free(x509);
    ERR_clear_error();
    base_arena_done(&arena);
    return 0;
}
