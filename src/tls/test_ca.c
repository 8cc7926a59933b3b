#include "tls/test_ca.h"

#include "tls/ssl.h"

#include "base/file.h"
#include "base/memory.h"

#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tls_test_ca {
    const tls_test_ca *issuer;
    EVP_PKEY *key;
    X509 *certificate;
};

static bool set_serial(X509 *x509)
{
    unsigned char bytes[16];
    BIGNUM *number;
    bool done;

    if (RAND_bytes(bytes, sizeof bytes) != 1)
        return false;
    bytes[0] &= 0x7f;
    number = BN_bin2bn(bytes, sizeof bytes, NULL);
    done = number != NULL && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509)) != NULL;
    BN_free(number);
    return done;
}

static bool set_name(X509 *x509, const char *name)
{
    return X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN", MBSTRING_UTF8, (const unsigned char *)name, -1,
                                      -1, 0) == 1;
}

static bool set_validity(X509 *x509, int64_t not_before, int64_t not_after)
{
    return ASN1_TIME_set(X509_getm_notBefore(x509), (time_t)not_before) != NULL &&
           ASN1_TIME_set(X509_getm_notAfter(x509), (time_t)not_after) != NULL;
}

static bool add_extension(X509 *x509, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509_EXTENSION *extension;
    bool done;

    X509V3_set_ctx(&context, issuer, x509, NULL, NULL, 0);
    extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    done = extension != NULL && X509_add_ext(x509, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return done;
}

static bool add_names(X509 *x509, X509 *issuer, const char *const *names)
{
    char value[1024] = "";
    size_t used = 0;

    for (; *names != NULL && used < sizeof value; names++)
        used += (size_t)snprintf(value + used, sizeof value - used, "%sDNS:%s", used > 0 ? "," : "", *names);
    return used < sizeof value && add_extension(x509, issuer, NID_subject_alt_name, value);
}

/* A certificate for `key`, complete but for its extensions and its signature. */
static X509 *draft(const char *name, EVP_PKEY *key, const X509 *issuer, int64_t not_before, int64_t not_after)
{
    X509 *x509 = X509_new();

    if (x509 != NULL && X509_set_version(x509, X509_VERSION_3) == 1 && set_serial(x509) && set_name(x509, name) &&
        set_validity(x509, not_before, not_after) && X509_set_pubkey(x509, key) == 1 &&
        X509_set_issuer_name(x509, X509_get_subject_name(issuer != NULL ? issuer : x509)) == 1)
        return x509;
    X509_free(x509);
    return NULL;
}

static bool add_optional(X509 *x509, X509 *issuer, int nid, const char *value)
{
    return value == NULL || add_extension(x509, issuer, nid, value);
}

tls_test_ca *tls_test_ca_limited(const char *name, const tls_test_ca *issuer, int64_t not_before, int64_t not_after,
                                 const char *basic, const char *constraints)
{
    tls_test_ca *authority = base_allocate(sizeof *authority);
    X509 *x509, *signer;

    authority->issuer = issuer;
    authority->key = EVP_EC_gen("P-256");
    x509 = authority->certificate =
        draft(name, authority->key, issuer != NULL ? issuer->certificate : NULL, not_before, not_after);
    signer = issuer != NULL ? issuer->certificate : x509;
    if (x509 != NULL &&
        add_extension(x509, signer, NID_basic_constraints, basic != NULL ? basic : "critical,CA:TRUE") &&
        add_extension(x509, signer, NID_key_usage, "critical,keyCertSign,cRLSign") &&
        add_extension(x509, signer, NID_subject_key_identifier, "hash") &&
        add_optional(x509, signer, NID_name_constraints, constraints) &&
        X509_sign(x509, issuer != NULL ? issuer->key : authority->key, EVP_sha256()) > 0)
        return authority;
    tls_test_ca_free(authority);
    return NULL;
}

tls_test_ca *tls_test_ca_new(const char *name, const tls_test_ca *issuer, int64_t not_before, int64_t not_after)
{
    return tls_test_ca_limited(name, issuer, not_before, not_after, NULL, NULL);
}

void tls_test_ca_free(tls_test_ca *authority)
{
    if (authority == NULL)
        return;
    X509_free(authority->certificate);
    EVP_PKEY_free(authority->key);
    free(authority);
}

bool tls_test_ca_write(const tls_test_ca *authority, const char *path)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *text = NULL;
    bool done = bio != NULL && PEM_write_bio_X509(bio, authority->certificate) == 1;
    long length = done ? BIO_get_mem_data(bio, &text) : 0;

    done = length > 0 && base_file_replace(path, text, (size_t)length, NULL);
    BIO_free(bio);
    return done;
}

/* -- Identities ---------------------------------------------------------------------------------------------------- */

static int choose_http11(SSL *ssl, const unsigned char **out, unsigned char *length, const unsigned char *offered,
                         unsigned offered_length, void *self)
{
    static const unsigned char http11[] = "\x08http/1.1";
    unsigned char *chosen;

    (void)ssl;
    (void)self;
    if (SSL_select_next_proto(&chosen, length, http11, sizeof http11 - 1, offered, offered_length) !=
        OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_NOACK;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

static EVP_PKEY *make_key(tls_test_key kind)
{
    switch (kind) {
    case TLS_TEST_RSA1024:
        return EVP_RSA_gen(1024);
    case TLS_TEST_RSA2048:
        return EVP_RSA_gen(2048);
    default:
        return EVP_EC_gen("P-256");
    }
}

static X509 *make_leaf(const tls_test_certificate *mint, EVP_PKEY *key)
{
    const tls_test_ca *issuer = mint->issuer;
    X509 *x509 =
        draft(mint->names[0], key, issuer != NULL ? issuer->certificate : NULL, mint->not_before, mint->not_after);
    X509 *signer = issuer != NULL ? issuer->certificate : x509;

    if (x509 != NULL && add_extension(x509, signer, NID_basic_constraints, "critical,CA:FALSE") &&
        add_extension(x509, signer, NID_key_usage,
                      mint->key == TLS_TEST_P256 ? "critical,digitalSignature"
                                                 : "critical,digitalSignature,keyEncipherment") &&
        add_extension(x509, signer, NID_ext_key_usage, mint->for_clients ? "clientAuth" : "serverAuth") &&
        (mint->no_names || add_names(x509, signer, mint->names)) &&
        add_optional(x509, signer, NID_tlsfeature, mint->must_staple ? "status_request" : NULL) &&
        X509_sign(x509, issuer != NULL ? issuer->key : key, mint->sha1 ? EVP_sha1() : EVP_sha256()) > 0)
        return x509;
    X509_free(x509);
    return NULL;
}

/* -- The chain that is sent ---------------------------------------------------------------------------------------- */

static bool add_chain(SSL_CTX *context, const tls_test_ca *authority, bool reversed, bool root)
{
    X509 *x509;

    if (authority == NULL || (authority->issuer == NULL && !root))
        return true;
    x509 = authority->certificate;
    if (reversed)
        return add_chain(context, authority->issuer, true, root) && SSL_CTX_add1_chain_cert(context, x509) == 1;
    return SSL_CTX_add1_chain_cert(context, x509) == 1 && add_chain(context, authority->issuer, false, root);
}

/* An authority that nobody knows, and that signed nothing. */
static bool add_stranger(SSL_CTX *context, const tls_test_certificate *mint)
{
    tls_test_ca *stranger =
        tls_test_ca_new("An authority that does not belong here", NULL, mint->not_before, mint->not_after);
    bool done = stranger != NULL && SSL_CTX_add1_chain_cert(context, stranger->certificate) == 1;

    tls_test_ca_free(stranger);
    return done;
}

static bool add_all(SSL_CTX *context, const tls_test_certificate *mint, X509 *leaf)
{
    if (mint->chain == TLS_TEST_CHAIN_MISSING)
        return true;
    if (!add_chain(context, mint->issuer, mint->chain == TLS_TEST_CHAIN_REVERSED, mint->chain == TLS_TEST_CHAIN_ROOT))
        return false;
    if (mint->chain == TLS_TEST_CHAIN_DUPLICATE)
        return SSL_CTX_add1_chain_cert(context, leaf) == 1;
    return mint->chain != TLS_TEST_CHAIN_EXTRA || add_stranger(context, mint);
}

/* -- The staple ---------------------------------------------------------------------------------------------------- */

#define DAY 86400

static bool add_status(OCSP_BASICRESP *basic, const tls_test_certificate *mint, X509 *leaf)
{
    static const int statuses[] = {[TLS_TEST_STAPLE_GOOD] = V_OCSP_CERTSTATUS_GOOD,
                                   [TLS_TEST_STAPLE_REVOKED] = V_OCSP_CERTSTATUS_REVOKED,
                                   [TLS_TEST_STAPLE_UNKNOWN] = V_OCSP_CERTSTATUS_UNKNOWN,
                                   [TLS_TEST_STAPLE_EXPIRED] = V_OCSP_CERTSTATUS_GOOD,
                                   [TLS_TEST_STAPLE_FOREIGN] = V_OCSP_CERTSTATUS_GOOD};
    int64_t from = mint->at - (mint->staple == TLS_TEST_STAPLE_EXPIRED ? 9 * DAY : DAY);
    OCSP_CERTID *id = OCSP_cert_to_id(EVP_sha1(), leaf, mint->issuer->certificate);
    ASN1_GENERALIZEDTIME *revoked = ASN1_GENERALIZEDTIME_set(NULL, (time_t)from);
    ASN1_GENERALIZEDTIME *next = ASN1_GENERALIZEDTIME_set(NULL, (time_t)(from + 7 * DAY));
    bool done = id != NULL && revoked != NULL && next != NULL &&
                OCSP_basic_add1_status(basic, id, statuses[mint->staple], OCSP_REVOKED_STATUS_KEYCOMPROMISE, revoked,
                                       revoked, next) != NULL;

    OCSP_CERTID_free(id);
    ASN1_GENERALIZEDTIME_free(revoked);
    ASN1_GENERALIZEDTIME_free(next);
    return done;
}

/* What is signed by the server's own key is of no use to anybody: RFC 6960 wants the issuer, or whom it has appointed.
 */
static bool sign_response(OCSP_BASICRESP *basic, const tls_test_certificate *mint, X509 *leaf, EVP_PKEY *own)
{
    bool foreign = mint->staple == TLS_TEST_STAPLE_FOREIGN;

    return OCSP_basic_sign(basic, foreign ? leaf : mint->issuer->certificate, foreign ? own : mint->issuer->key,
                           EVP_sha256(), NULL, OCSP_NOCERTS | OCSP_RESPID_KEY) == 1;
}

static bool make_staple(tls_identity *identity, const tls_test_certificate *mint, EVP_PKEY *own, X509 *leaf)
{
    OCSP_BASICRESP *basic = OCSP_BASICRESP_new();
    OCSP_RESPONSE *response = NULL;
    int length;

    if (basic != NULL && add_status(basic, mint, leaf) && sign_response(basic, mint, leaf, own))
        response = OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic);
    length = response != NULL ? i2d_OCSP_RESPONSE(response, &identity->staple) : 0;
    identity->staple_length = length > 0 ? (size_t)length : 0;
    OCSP_RESPONSE_free(response);
    OCSP_BASICRESP_free(basic);
    return length > 0;
}

/* The library takes over what it is given. */
static int on_status_wanted(SSL *ssl, void *self)
{
    const tls_identity *identity = self;
    unsigned char *copy = OPENSSL_memdup(identity->staple, identity->staple_length);

    if (copy == NULL)
        return SSL_TLSEXT_ERR_NOACK;
    SSL_set_tlsext_status_ocsp_resp(ssl, copy, (long)identity->staple_length);
    return SSL_TLSEXT_ERR_OK;
}

static bool add_staple(tls_identity *identity, const tls_test_certificate *mint, EVP_PKEY *own, X509 *leaf)
{
    static const unsigned char malformed[] = {0x30, 0x03, 0x0a, 0x01, 0x00};

    if (mint->staple == TLS_TEST_STAPLE_NONE)
        return true;
    if (mint->staple == TLS_TEST_STAPLE_MALFORMED) {
        identity->staple = OPENSSL_memdup(malformed, sizeof malformed);
        identity->staple_length = sizeof malformed;
    } else if (!make_staple(identity, mint, own, leaf)) {
        return false;
    }
    SSL_CTX_set_tlsext_status_cb(identity->context, on_status_wanted);
    SSL_CTX_set_tlsext_status_arg(identity->context, identity);
    return identity->staple != NULL;
}

/* -- The whole ----------------------------------------------------------------------------------------------------- */

static bool fill(tls_identity *identity, const tls_test_certificate *mint, EVP_PKEY *key, X509 *leaf)
{
    SSL_CTX *context = identity->context;

    if (context == NULL || SSL_CTX_use_certificate(context, leaf) != 1 || SSL_CTX_use_PrivateKey(context, key) != 1)
        return false;
    SSL_CTX_set_alpn_select_cb(context, choose_http11, NULL);
    return add_all(context, mint, leaf) && add_staple(identity, mint, key, leaf);
}

tls_identity *tls_test_identity(const tls_test_certificate *mint)
{
    tls_identity *identity = base_allocate(sizeof *identity);
    EVP_PKEY *key = make_key(mint->key);
    X509 *leaf = key != NULL ? make_leaf(mint, key) : NULL;

    identity->min_version = mint->min_version;
    identity->max_version = mint->max_version;
    identity->cipher = mint->cipher != NULL ? OPENSSL_cipher_name(mint->cipher) : NULL;
    identity->context = tls_ssl_context(TLS_server_method());
    if (leaf == NULL || !fill(identity, mint, key, leaf)) {
        tls_identity_free(identity);
        identity = NULL;
    }
    X509_free(leaf);
    EVP_PKEY_free(key);
    return identity;
}
