#include "net/trust.h"

#include "net/provider.h"
#include "net/ssl.h"
#include "net/tls.h"

#include "base/memory.h"

#include <errno.h>
#include <openssl/err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECURITY_LEVEL 2 /* RSA from 2048 bits, no SHA-1: about what browsers ask for */

unsigned long net_ssl_error(char *text, size_t size)
{
    unsigned long error = ERR_peek_last_error();
    const char *reason = ERR_reason_error_string(error);

    snprintf(text, size, "%s", reason != NULL ? reason : "");
    ERR_clear_error();
    return error;
}

SSL_CTX *net_ssl_context(const SSL_METHOD *method)
{
    SSL_CTX *context = SSL_CTX_new_ex(method == TLS_client_method() ? net_provider_context() : NULL, NULL, method);

    if (context == NULL)
        return NULL;
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_security_level(context, SECURITY_LEVEL);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    /* Many servers leave out the closing alert; whether an answer is whole, HTTP knows. */
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_IGNORE_UNEXPECTED_EOF);
    return context;
}

/* Opens the file first, for OpenSSL's own reason is only that some system call failed. */
static bool load_file(SSL_CTX *context, const char *cafile, base_error *error)
{
    FILE *file = fopen(cafile, "r");
    char text[80];

    if (file == NULL) {
        base_error_set(error, "'%s' cannot be read: %s", BASE_CUT(cafile), strerror(errno));
        return false;
    }
    fclose(file);
    if (SSL_CTX_load_verify_file(context, cafile) == 1)
        return true;
    net_ssl_error(text, sizeof text);
    base_error_set(error, "'%s' holds no usable PEM certificates: %s", BASE_CUT(cafile), text);
    return false;
}

static bool load(SSL_CTX *context, const char *cafile, base_error *error)
{
    if (cafile != NULL)
        return load_file(context, cafile, error);
    if (SSL_CTX_set_default_verify_paths(context) == 1)
        return true;
    base_error_set(error, "cannot load the system's trusted certificates");
    return false;
}

net_trust *net_trust_new(const char *cafile, base_error *error)
{
    net_trust *trust = base_allocate(sizeof *trust);
    static const unsigned char http11[] = "\x08http/1.1";

    trust->context = net_ssl_context(TLS_client_method());
    if (trust->context == NULL)
        base_out_of_memory();
    if (!load(trust->context, cafile, error)) {
        net_trust_free(trust);
        return NULL;
    }
    /* A certificate that was given to be trusted is trusted, even if it is no root, as in browsers and in curl. */
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(trust->context), X509_V_FLAG_PARTIAL_CHAIN);
    SSL_CTX_set_alpn_protos(trust->context, http11, sizeof http11 - 1);
    SSL_CTX_set_max_cert_list(trust->context, NET_TLS_CERTIFICATES_MAX);
    /* The order of browsers. SHA-256 and AES-128 are in the hardware of most machines; SHA-384 is not. */
    SSL_CTX_set_ciphersuites(trust->context,
                             "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256");
    trust->verified = net_verified_new();
    SSL_CTX_set_cert_verify_callback(trust->context, net_verified_check, trust->verified);
    return trust;
}

void net_trust_free(net_trust *trust)
{
    if (trust == NULL)
        return;
    SSL_CTX_free(trust->context);
    net_verified_free(trust->verified);
    free(trust);
}
