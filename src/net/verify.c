#include "net/verify.h"

#include <openssl/x509v3.h>
#include <string.h>
#include <strings.h>

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
    {X509_V_ERR_PATH_LENGTH_EXCEEDED, "not-an-authority"},
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

static const char *code_of(int number)
{
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (codes[i].number == number)
            return codes[i].code;
    return "other";
}

const char *net_verify_text(int number)
{
    return X509_verify_cert_error_string(number);
}

static void record_error(net_verify_record *record, int number, int depth, int sent)
{
    for (size_t i = 0; i < record->count; i++)
        if (record->errors[i].number == number && record->errors[i].depth == depth)
            return;
    if (record->count < NET_VERIFY_MAX)
        record->errors[record->count++] = (net_verify_error){code_of(number), number, depth, sent};
}

static int place_among_sent(X509_STORE_CTX *context, const X509 *x509)
{
    const STACK_OF(X509) *sent = X509_STORE_CTX_get0_untrusted(context);

    for (int i = 0; x509 != NULL && i < sk_X509_num(sent); i++)
        if (X509_cmp(sk_X509_value(sent, i), x509) == 0)
            return i;
    return -1;
}

int net_verify_callback(int ok, X509_STORE_CTX *context)
{
    const SSL *ssl = X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx());
    net_verify_record *record = SSL_get_app_data(ssl);

    if (!ok)
        record_error(record, X509_STORE_CTX_get_error(context), X509_STORE_CTX_get_error_depth(context),
                     place_among_sent(context, X509_STORE_CTX_get_current_cert(context)));
    return 1;
}

static bool is_same(const char *a, const char *b, size_t length)
{
    return strncasecmp(a, b, length) == 0;
}

/* RFC 9525 6.3: "A wildcard in a presented identifier can only match one label in a reference identifier." Whatever the octets of
   that label are: hosts with a '_' are common, and browsers let them in. */
static bool is_name_of(const char *name, size_t length, const char *host)
{
    size_t host_length = strlen(host), label = strcspn(host, ".");

    if (memchr(name, '\0', length) != NULL)
        return false;
    if (length == host_length && is_same(name, host, length))
        return true;
    /* "*.test" would be for whoever registers there. */
    return length > 3 && name[0] == '*' && name[1] == '.' && memchr(name + 2, '.', length - 2) != NULL && label > 0 &&
           length - 1 == host_length - label && is_same(name + 1, host + label, length - 1);
}

static bool names_host(const X509 *leaf, const char *host)
{
    GENERAL_NAMES *names = X509_get_ext_d2i(leaf, NID_subject_alt_name, NULL, NULL);
    bool found = false;

    for (int i = 0; !found && i < sk_GENERAL_NAME_num(names); i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);

        if (name->type == GEN_DNS)
            found = is_name_of((const char *)ASN1_STRING_get0_data(name->d.dNSName),
                               (size_t)ASN1_STRING_length(name->d.dNSName), host);
    }
    GENERAL_NAMES_free(names);
    return found;
}

bool net_verify_host(X509 *leaf, const char *host, bool is_address, net_verify_record *record)
{
    const int number = is_address ? X509_V_ERR_IP_ADDRESS_MISMATCH : X509_V_ERR_HOSTNAME_MISMATCH;

    if (is_address ? X509_check_ip_asc(leaf, host, 0) == 1 : names_host(leaf, host))
        return true;
    /* However much else is wrong with the chain, this is told: it is always the last to be recorded. */
    if (record->count == NET_VERIFY_MAX && record->errors[NET_VERIFY_MAX - 1].number != number)
        record->count--;
    record_error(record, number, 0, 0);
    return false;
}
