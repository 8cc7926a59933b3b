#include "net/mint.h"

#include "net/ssl.h"

#include "base/memory.h"

#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct net_authority {
    const net_authority *issuer;
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

net_authority *net_authority_new(const char *name, const net_authority *issuer, int64_t not_before, int64_t not_after)
{
    net_authority *authority = base_allocate(sizeof *authority);
    X509 *x509, *signer;

    authority->issuer = issuer;
    authority->key = EVP_EC_gen("P-256");
    x509 = authority->certificate =
        draft(name, authority->key, issuer != NULL ? issuer->certificate : NULL, not_before, not_after);
    signer = issuer != NULL ? issuer->certificate : x509;
    if (x509 != NULL && add_extension(x509, signer, NID_basic_constraints, "critical,CA:TRUE") &&
        add_extension(x509, signer, NID_key_usage, "critical,keyCertSign,cRLSign") &&
        add_extension(x509, signer, NID_subject_key_identifier, "hash") &&
        X509_sign(x509, issuer != NULL ? issuer->key : authority->key, EVP_sha256()) > 0)
        return authority;
    net_authority_free(authority);
    return NULL;
}

void net_authority_free(net_authority *authority)
{
    if (authority == NULL)
        return;
    X509_free(authority->certificate);
    EVP_PKEY_free(authority->key);
    free(authority);
}

bool net_authority_write(const net_authority *authority, const char *path)
{
    FILE *file = fopen(path, "w");
    bool done = file != NULL && PEM_write_X509(file, authority->certificate) == 1;

    return file != NULL && fclose(file) == 0 && done;
}

/* -- Identities --------------------------------------------------------------------------------------------------------------- */

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

static X509 *make_leaf(const net_mint *mint, EVP_PKEY *key)
{
    const net_authority *issuer = mint->issuer;
    X509 *x509 =
        draft(mint->names[0], key, issuer != NULL ? issuer->certificate : NULL, mint->not_before, mint->not_after);
    X509 *signer = issuer != NULL ? issuer->certificate : x509;

    if (x509 != NULL && add_extension(x509, signer, NID_basic_constraints, "critical,CA:FALSE") &&
        add_extension(x509, signer, NID_key_usage, "critical,digitalSignature") &&
        add_extension(x509, signer, NID_ext_key_usage, "serverAuth") && add_names(x509, signer, mint->names) &&
        X509_sign(x509, issuer != NULL ? issuer->key : key, EVP_sha256()) > 0)
        return x509;
    X509_free(x509);
    return NULL;
}

static bool use(SSL_CTX *context, const net_mint *mint, EVP_PKEY *key, X509 *leaf)
{
    const net_authority *issuer = mint->issuer;

    if (SSL_CTX_use_certificate(context, leaf) != 1 || SSL_CTX_use_PrivateKey(context, key) != 1)
        return false;
    SSL_CTX_set_alpn_select_cb(context, choose_http11, NULL);
    for (; issuer != NULL && issuer->issuer != NULL && !mint->without_chain; issuer = issuer->issuer)
        if (SSL_CTX_add1_chain_cert(context, issuer->certificate) != 1)
            return false;
    return true;
}

net_tls_identity *net_tls_identity_new(const net_mint *mint)
{
    net_tls_identity *identity = base_allocate(sizeof *identity);
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *leaf = key != NULL ? make_leaf(mint, key) : NULL;

    identity->context = net_ssl_context(TLS_server_method());
    if (leaf == NULL || identity->context == NULL || !use(identity->context, mint, key, leaf)) {
        net_tls_identity_free(identity);
        identity = NULL;
    }
    X509_free(leaf);
    EVP_PKEY_free(key);
    return identity;
}

void net_tls_identity_free(net_tls_identity *identity)
{
    if (identity == NULL)
        return;
    SSL_CTX_free(identity->context);
    free(identity);
}
