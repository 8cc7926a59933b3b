#include "tls/ssl.h"

#include "tls/openssl_provider.h"
#include "tls/sct.h"
#include "tls/verify.h"

#include <openssl/err.h>
#include <stdio.h>

#define DH_LEAST_SECURITY                                                                                              \
    80 /* bits of security, which a group of 1024 bits has: below OpenSSL takes none at any level */
#define ALL_CIPHERS "ALL:!aNULL:!eNULL:!PSK:!SRP"
/* In the order that old servers care for; each is known to every OpenSSL 3. */
#define BROWSER_SIGNATURES                                                                                             \
    "ECDSA+SHA256:RSA-PSS+SHA256:RSA+SHA256:ECDSA+SHA384:RSA-PSS+SHA384:RSA+SHA384:ECDSA+SHA512:RSA-PSS+SHA512:RSA+"   \
    "SHA512"
#define ALL_SIGNATURES                                                                                                 \
    BROWSER_SIGNATURES ":ed25519:ed448:rsa_pss_pss_sha256:rsa_pss_pss_sha384:rsa_pss_pss_sha512:ECDSA+SHA224:RSA+"     \
                       "SHA224:ECDSA+SHA1:RSA+SHA1:DSA+SHA256:DSA+SHA224:DSA+SHA1"
#define RSA_SIGNATURES "RSA-PSS+SHA256:RSA+SHA256:RSA-PSS+SHA384:RSA+SHA384:RSA-PSS+SHA512:RSA+SHA512"
#define ECDSA_SIGNATURES "ECDSA+SHA256:ECDSA+SHA384"
#define ECDSA_CIPHERS                                                                                                  \
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES256-"    \
    "SHA:"                                                                                                             \
    "ECDHE-ECDSA-AES128-SHA"
#define RSA_CIPHERS                                                                                                    \
    "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-CHACHA20-POLY1305:ECDHE-RSA-AES128-SHA:"        \
    "ECDHE-RSA-AES256-SHA:AES128-GCM-SHA256:AES256-GCM-SHA384:AES128-SHA:AES256-SHA"
/* Those that Chromium offers too; the last one that Firefox adds is for a second try, for a server may prefer it. */
#define BROWSER_GROUPS "X25519:P-256:P-384"
#define MORE_GROUPS BROWSER_GROUPS ":P-521"
#define ALL_GROUPS                                                                                                     \
    MORE_GROUPS ":X448:brainpoolP256r1:brainpoolP384r1:brainpoolP512r1:secp256k1:ffdhe2048:ffdhe3072:ffdhe4096"

/* Of TLS 1.2; the three of TLS 1.3 are in every list. Chromium 156 and Firefox 153. */
const char tls_ssl_browser_ciphers[] =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES256-SHA:"
    "ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA:ECDHE-RSA-AES256-SHA:AES128-GCM-SHA256:AES256-GCM-SHA384:AES128-SHA:"
    "AES256-SHA";

unsigned long tls_ssl_error(char *text, size_t size)
{
    unsigned long error = ERR_peek_last_error();
    const char *reason = ERR_reason_error_string(error);

    snprintf(text, size, "%s", reason != NULL ? reason : "");
    ERR_clear_error();
    return error;
}

SSL_CTX *tls_ssl_context(const SSL_METHOD *method)
{
    SSL_CTX *context = SSL_CTX_new_ex(method == TLS_client_method() ? tls_openssl_context() : NULL, NULL, method);

    if (context == NULL)
        return NULL;
    /* What is too weak is seen and told, by the verification; it does not end the handshake. */
    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    /* Many servers leave out the closing alert; whether an answer is whole, HTTP knows. Browsers let servers in that
       know nothing of RFC 5746. */
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_LEGACY_SERVER_CONNECT);
    return context;
}

bool tls_ssl_offer_as_browsers(SSL_CTX *context)
{
    return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
           SSL_CTX_set_cipher_list(context, tls_ssl_browser_ciphers) == 1 &&
           SSL_CTX_set1_sigalgs_list(context, BROWSER_SIGNATURES) == 1 &&
           SSL_CTX_set1_groups_list(context, BROWSER_GROUPS) == 1;
}

/* As OpenSSL's own at level 0, and no large group: this is asked between ServerKeyExchange and the computation. */
static int is_secure(const SSL *ssl, const SSL_CTX *context, int what, int bits, int nid, void *other, void *unused)
{
    tls_verify_record *record = SSL_get_app_data(ssl);

    (void)context, (void)nid, (void)unused;
    if (what != SSL_SECOP_TMP_DH)
        return 1;
    if (other != NULL && EVP_PKEY_get_bits(other) > TLS_GROUP_MAX)
        record->large_group = EVP_PKEY_get_bits(other);
    return bits >= DH_LEAST_SECURITY && record->large_group == 0;
}

void tls_ssl_offer_more_groups(SSL *ssl)
{
    if (SSL_set1_groups_list(ssl, MORE_GROUPS) != 1)
        ERR_clear_error();
}

void tls_ssl_offer_all(SSL *ssl)
{
    SSL_set_security_callback(ssl, is_secure);
    SSL_set_min_proto_version(ssl, TLS1_VERSION);
    /* A library that was built without one of these goes on with what browsers offer. */
    if (SSL_set_cipher_list(ssl, ALL_CIPHERS) != 1 || SSL_set1_sigalgs_list(ssl, ALL_SIGNATURES) != 1 ||
        SSL_set1_groups_list(ssl, ALL_GROUPS) != 1)
        ERR_clear_error();
}

/* In TLS 1.3 the signatures alone say it. */
void tls_ssl_offer_keys(SSL *ssl, tls_keys keys)
{
    bool is_rsa = keys == TLS_KEYS_RSA;

    if (keys == TLS_KEYS_ALL)
        return;
    if (SSL_set_cipher_list(ssl, is_rsa ? RSA_CIPHERS : ECDSA_CIPHERS) != 1 ||
        SSL_set1_sigalgs_list(ssl, is_rsa ? RSA_SIGNATURES : ECDSA_SIGNATURES) != 1)
        ERR_clear_error();
}

static int on_scts(SSL *ssl, unsigned type, unsigned context, const unsigned char *octets, size_t length, X509 *x509,
                   size_t place, int *alert, void *unused)
{
    tls_verify_record *record = SSL_get_app_data(ssl);

    (void)type, (void)context, (void)x509, (void)alert, (void)unused;
    if (place == 0)
        record->sct_count += tls_sct_count(octets, length);
    return 1;
}

void tls_ssl_ask_scts(SSL_CTX *context)
{
    SSL_CTX_add_custom_ext(context, TLSEXT_TYPE_signed_certificate_timestamp,
                           SSL_EXT_CLIENT_HELLO | SSL_EXT_TLS1_2_SERVER_HELLO | SSL_EXT_TLS1_3_CERTIFICATE, NULL, NULL,
                           NULL, on_scts, NULL);
}

static int on_request(SSL *ssl, X509 **certificate, EVP_PKEY **key)
{
    tls_verify_record *record = SSL_get_app_data(ssl);

    (void)certificate, (void)key;
    record->asks_certificate = true;
    return 0;
}

void tls_ssl_note_requests(SSL_CTX *context)
{
    SSL_CTX_set_client_cert_cb(context, on_request);
}
