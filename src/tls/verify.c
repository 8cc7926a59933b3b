#include "tls/verify.h"

#include "base/wildcard.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>

static const struct {
    int number;
    const char *code;
} codes[] = {
    {X509_V_ERR_CERT_HAS_EXPIRED, "expired"},
    {X509_V_ERR_CERT_NOT_YET_VALID, "not-yet-valid"},
    {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, "self-signed"},
    {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, "untrusted-root"},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, "issuer-missing"},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, "issuer-missing"},
    {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, "signature-unchecked"},
    {X509_V_ERR_CERT_UNTRUSTED, "untrusted"},
    {X509_V_ERR_CERT_REJECTED, "untrusted"},
    {X509_V_ERR_CERT_SIGNATURE_FAILURE, "bad-signature"},
    {X509_V_ERR_CERT_REVOKED, "revoked"},
    {X509_V_ERR_INVALID_CA, "not-an-authority"},
    {X509_V_ERR_KEYUSAGE_NO_CERTSIGN, "not-an-authority"},
    {X509_V_ERR_PATH_LENGTH_EXCEEDED, "path-length"},
    {X509_V_ERR_CERT_CHAIN_TOO_LONG, "chain-too-long"},
    {X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD, "bad-date"},
    {X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD, "bad-date"},
    {X509_V_ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY, "bad-key"},
    {X509_V_ERR_EC_KEY_EXPLICIT_PARAMS, "bad-key"},
    {X509_V_ERR_SUBTREE_MINMAX, "name-constraints"},
    {X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE, "name-constraints"},
    {X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX, "name-constraints"},
    {X509_V_ERR_UNSUPPORTED_NAME_SYNTAX, "name-constraints"},
    {X509_V_ERR_INVALID_PURPOSE, "wrong-purpose"},
    {X509_V_ERR_EE_KEY_TOO_SMALL, "weak-key"},
    {X509_V_ERR_CA_KEY_TOO_SMALL, "weak-key"},
    {X509_V_ERR_CA_MD_TOO_WEAK, "weak-signature"},
    {X509_V_ERR_PERMITTED_VIOLATION, "name-constraints"},
    {X509_V_ERR_EXCLUDED_VIOLATION, "name-constraints"},
    {X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION, "unknown-extension"},
    {X509_V_ERR_HOSTNAME_MISMATCH, "name-mismatch"},
    {X509_V_ERR_IP_ADDRESS_MISMATCH, "name-mismatch"},
};

const char *tls_verify_code(int number)
{
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (codes[i].number == number)
            return codes[i].code;
    return "other";
}

const char *tls_verify_text(int number)
{
    return X509_verify_cert_error_string(number);
}

void tls_verify_add(tls_verify_record *record, int number, int depth, int sent)
{
    for (size_t i = 0; i < record->count; i++)
        if (record->errors[i].number == number && record->errors[i].depth == depth)
            return;
    if (record->count < TLS_VERIFY_MAX)
        record->errors[record->count++] = (tls_verify_error){tls_verify_code(number), number, depth, sent};
}

static int place_among_sent(X509_STORE_CTX *context, const X509 *x509)
{
    const STACK_OF(X509) *sent = X509_STORE_CTX_get0_untrusted(context);

    for (int i = 0; x509 != NULL && i < sk_X509_num(sent); i++)
        if (X509_cmp(sk_X509_value(sent, i), x509) == 0)
            return i;
    return -1;
}

static int on_certificate(int ok, X509_STORE_CTX *context)
{
    tls_verify_record *record = X509_STORE_CTX_get_app_data(context);

    if (!ok)
        tls_verify_add(record, X509_STORE_CTX_get_error(context), X509_STORE_CTX_get_error_depth(context),
                       place_among_sent(context, X509_STORE_CTX_get_current_cert(context)));
    return 1;
}

static void verify(X509_STORE_CTX *context, tls_verify_record *record)
{
    X509_STORE_CTX_set_app_data(context, record);
    X509_STORE_CTX_set_verify_cb(context, on_certificate);
    X509_VERIFY_PARAM_set_auth_level(X509_STORE_CTX_get0_param(context), TLS_VERIFY_LEVEL);
    /* What stops the verification itself (a store that cannot be read, memory) is told to no callback. */
    if (X509_verify_cert(context) <= 0 && record->count == 0) {
        int error = X509_STORE_CTX_get_error(context);

        tls_verify_add(record, error != X509_V_OK ? error : X509_V_ERR_UNSPECIFIED, 0, 0);
    }
}

void tls_verify_chain(X509_STORE_CTX *context)
{
    const SSL *ssl = X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx());

    verify(context, SSL_get_app_data(ssl));
}

bool tls_verify_with(X509_STORE *store, X509 *leaf, STACK_OF(X509) * sent, int64_t at, tls_verify_record *record)
{
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    bool done = context != NULL && X509_STORE_CTX_init(context, store, leaf, sent) == 1 &&
                X509_STORE_CTX_set_default(context, "ssl_server") == 1;

    if (done) {
        X509_VERIFY_PARAM_set_time(X509_STORE_CTX_get0_param(context), (time_t)at);
        verify(context, record);
    }
    X509_STORE_CTX_free(context);
    ERR_clear_error();
    return done;
}

bool tls_verify_is_anchored(const tls_verify_record *record)
{
    static const char *const loose[] = {"self-signed", "untrusted-root", "issuer-missing", "untrusted",
                                        "signature-unchecked"};

    for (size_t i = 0; i < record->count; i++)
        for (size_t k = 0; k < sizeof loose / sizeof *loose; k++)
            if (strcmp(record->errors[i].code, loose[k]) == 0)
                return false;
    return true;
}

static bool names_host(const X509 *leaf, const char *host)
{
    GENERAL_NAMES *names = X509_get_ext_d2i(leaf, NID_subject_alt_name, NULL, NULL);
    bool found = false;

    for (int i = 0; !found && i < sk_GENERAL_NAME_num(names); i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);

        if (name->type == GEN_DNS)
            found = base_wildcard_covers((const char *)ASN1_STRING_get0_data(name->d.dNSName),
                                         (size_t)ASN1_STRING_length(name->d.dNSName), host);
    }
    GENERAL_NAMES_free(names);
    return found;
}

bool tls_verify_host(X509 *leaf, const char *host, bool is_address, tls_verify_record *record)
{
    const int number = is_address ? X509_V_ERR_IP_ADDRESS_MISMATCH : X509_V_ERR_HOSTNAME_MISMATCH;

    if (is_address ? X509_check_ip_asc(leaf, host, 0) == 1 : names_host(leaf, host))
        return true;
    /* However much else is wrong with the chain, this is told: it is always the last to be recorded. */
    if (record->count == TLS_VERIFY_MAX && record->errors[TLS_VERIFY_MAX - 1].number != number)
        record->count--;
    tls_verify_add(record, number, 0, 0);
    return false;
}
