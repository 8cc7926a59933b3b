#include "tls/verify.h"

#include "tls/names.h"

#include "base/wildcard.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>

static const struct {
    int number;
    facts_tls_code code;
} codes[] = {
    {X509_V_ERR_CERT_HAS_EXPIRED, FACTS_TLS_EXPIRED},
    {X509_V_ERR_CERT_NOT_YET_VALID, FACTS_TLS_NOT_YET_VALID},
    {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, FACTS_TLS_SELF_SIGNED},
    {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, FACTS_TLS_UNTRUSTED_ROOT},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, FACTS_TLS_ISSUER_MISSING},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, FACTS_TLS_ISSUER_MISSING},
    {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, FACTS_TLS_SIGNATURE_UNCHECKED},
    {X509_V_ERR_CERT_UNTRUSTED, FACTS_TLS_UNTRUSTED},
    {X509_V_ERR_CERT_REJECTED, FACTS_TLS_UNTRUSTED},
    {X509_V_ERR_CERT_SIGNATURE_FAILURE, FACTS_TLS_BAD_SIGNATURE},
    {X509_V_ERR_CERT_REVOKED, FACTS_TLS_REVOKED},
    {X509_V_ERR_INVALID_CA, FACTS_TLS_NOT_AN_AUTHORITY},
    {X509_V_ERR_KEYUSAGE_NO_CERTSIGN, FACTS_TLS_NO_CERT_SIGN},
    {X509_V_ERR_PATH_LENGTH_EXCEEDED, FACTS_TLS_PATH_LENGTH},
    {X509_V_ERR_CERT_CHAIN_TOO_LONG, FACTS_TLS_CHAIN_TOO_LONG},
    {X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD, FACTS_TLS_BAD_DATE},
    {X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD, FACTS_TLS_BAD_DATE},
    {X509_V_ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY, FACTS_TLS_BAD_KEY},
    {X509_V_ERR_EC_KEY_EXPLICIT_PARAMS, FACTS_TLS_BAD_KEY},
    {X509_V_ERR_SUBTREE_MINMAX, FACTS_TLS_NAME_CONSTRAINTS},
    {X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE, FACTS_TLS_NAME_CONSTRAINTS},
    {X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX, FACTS_TLS_NAME_CONSTRAINTS},
    {X509_V_ERR_UNSUPPORTED_NAME_SYNTAX, FACTS_TLS_NAME_CONSTRAINTS},
    {X509_V_ERR_INVALID_PURPOSE, FACTS_TLS_WRONG_PURPOSE},
    {X509_V_ERR_EE_KEY_TOO_SMALL, FACTS_TLS_WEAK_KEY},
    {X509_V_ERR_CA_KEY_TOO_SMALL, FACTS_TLS_WEAK_KEY},
    {X509_V_ERR_CA_MD_TOO_WEAK, FACTS_TLS_WEAK_SIGNATURE},
    {X509_V_ERR_PERMITTED_VIOLATION, FACTS_TLS_NAME_CONSTRAINTS},
    {X509_V_ERR_EXCLUDED_VIOLATION, FACTS_TLS_NAME_CONSTRAINTS},
    {X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION, FACTS_TLS_UNKNOWN_EXTENSION},
    {X509_V_ERR_HOSTNAME_MISMATCH, FACTS_TLS_NAME_MISMATCH},
    {X509_V_ERR_IP_ADDRESS_MISMATCH, FACTS_TLS_NAME_MISMATCH},
};

static facts_tls_code code_of(int number)
{
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (codes[i].number == number)
            return codes[i].code;
    return FACTS_TLS_OTHER;
}

/* What a verdict turns on, and what no other error implies. */
static bool is_decisive(int number)
{
    return number == X509_V_ERR_CERT_REVOKED || number == X509_V_ERR_HOSTNAME_MISMATCH ||
           number == X509_V_ERR_IP_ADDRESS_MISMATCH;
}

/* However much else is wrong with the chain, a decisive error finds its place: the last of the others makes room. */
static void make_room(tls_verify_record *record)
{
    size_t i = record->count;

    while (i > 0 && is_decisive(record->errors[i - 1].number))
        i--;
    if (i == 0)
        return;
    record->count--;
    memmove(&record->errors[i - 1], &record->errors[i], (record->count - (i - 1)) * sizeof *record->errors);
}

void tls_verify_add(tls_verify_record *record, int number, int depth, int sent)
{
    for (size_t i = 0; i < record->count; i++)
        if (record->errors[i].number == number && record->errors[i].depth == depth)
            return;
    if (record->count == TLS_VERIFY_MAX && is_decisive(number))
        make_room(record);
    if (record->count < TLS_VERIFY_MAX)
        record->errors[record->count++] =
            (facts_tls_error){code_of(number), X509_verify_cert_error_string(number), number, depth, sent};
}

/* -- One path ------------------------------------------------------------------------------------------------------ */

/* What the callbacks of a verification need; its app data. */
typedef struct watch {
    tls_verify_record *record;
    const STACK_OF(X509) * sent;
    const tls_verify_path *path; /* the only one that may be built; NULL: any */
} watch;

static int place_among_sent(const STACK_OF(X509) * sent, const X509 *x509)
{
    for (int i = 0; x509 != NULL && i < sk_X509_num(sent); i++)
        if (X509_cmp(sk_X509_value(sent, i), x509) == 0)
            return i;
    return -1;
}

/* RFC 5280 4.1.2.5: a certificate is valid "through notAfter, inclusive"; to OpenSSL that second is over. */
static bool is_last_second(X509_STORE_CTX *context)
{
    const X509 *x509 = X509_STORE_CTX_get_current_cert(context);
    time_t before = X509_VERIFY_PARAM_get_time(X509_STORE_CTX_get0_param(context)) - 1;

    return X509_STORE_CTX_get_error(context) == X509_V_ERR_CERT_HAS_EXPIRED && x509 != NULL &&
           X509_cmp_time(X509_get0_notAfter(x509), &before) > 0;
}

/* OpenSSL has one number for a certificate that is no authority; what forbids it is told apart. */
static int number_of(X509_STORE_CTX *context)
{
    int number = X509_STORE_CTX_get_error(context);
    X509 *x509 = X509_STORE_CTX_get_current_cert(context);

    if (number == X509_V_ERR_INVALID_CA && x509 != NULL && (X509_get_key_usage(x509) & KU_KEY_CERT_SIGN) == 0)
        return X509_V_ERR_KEYUSAGE_NO_CERTSIGN;
    return number;
}

static int on_certificate(int ok, X509_STORE_CTX *context)
{
    const watch *w = X509_STORE_CTX_get_app_data(context);

    if (!ok && is_last_second(context))
        X509_STORE_CTX_set_error(context, w->record->count > 0 ? w->record->errors[0].number : X509_V_OK);
    else if (!ok)
        tls_verify_add(w->record, number_of(context), X509_STORE_CTX_get_error_depth(context),
                       place_among_sent(w->sent, X509_STORE_CTX_get_current_cert(context)));
    return 1;
}

static bool verify(X509_STORE_CTX *context, watch *w)
{
    bool done = true;

    w->record->count = 0;
    X509_STORE_CTX_set_app_data(context, w);
    X509_STORE_CTX_set_verify_cb(context, on_certificate);
    X509_VERIFY_PARAM_set_auth_level(X509_STORE_CTX_get0_param(context), TLS_VERIFY_LEVEL);
    /* What stops the verification itself (a store that cannot be read, memory) is told to no callback. */
    if (X509_verify_cert(context) <= 0 && w->record->count == 0) {
        int error = X509_STORE_CTX_get_error(context);

        tls_verify_add(w->record, error != X509_V_OK ? error : X509_V_ERR_UNSPECIFIED, 0, 0);
        done = false;
    }
    X509_STORE_CTX_set_app_data(context, NULL);
    return done;
}

bool tls_verify_once(X509_STORE_CTX *context, tls_verify_record *record)
{
    watch w = {.record = record, .sent = X509_STORE_CTX_get0_untrusted(context)};

    return verify(context, &w);
}

/* Only the next one of the path is an issuer; key identifiers refuse nobody. */
static int is_next(X509_STORE_CTX *context, X509 *subject, X509 *issuer)
{
    const watch *w = X509_STORE_CTX_get_app_data(context);
    const tls_verify_path *path = w->path;

    if (subject == issuer)
        return X509_NAME_cmp(X509_get_subject_name(subject), X509_get_issuer_name(subject)) == 0;
    for (size_t i = 0; i + 1 < path->count; i++)
        if (path->certificates[i] == subject)
            return path->certificates[i + 1] == issuer;
    return 0;
}

void tls_verify_exactly(const tls_verify_path *path, int64_t now, tls_verify_record *record)
{
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    watch w = {.record = record, .sent = path->sent, .path = path};

    STACK_OF(X509) *between = sk_X509_new_null();

    if (store == NULL || context == NULL || between == NULL)
        base_out_of_memory();
    X509_STORE_set_check_issued(store, is_next);
    X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
    for (size_t i = 0; i < path->count; i++)
        if (path->anchored && i + 1 == path->count ? X509_STORE_add_cert(store, path->certificates[i]) != 1
                                                   : sk_X509_push(between, path->certificates[i]) <= 0)
            base_out_of_memory();
    if (X509_STORE_CTX_init(context, store, path->certificates[0], between) != 1 ||
        X509_STORE_CTX_set_default(context, "ssl_server") != 1)
        base_out_of_memory();
    X509_VERIFY_PARAM_set_time(X509_STORE_CTX_get0_param(context), (time_t)now);
    verify(context, &w);
    X509_STORE_CTX_free(context);
    X509_STORE_free(store);
    sk_X509_free(between);
    ERR_clear_error();
}

/* -- Of a record --------------------------------------------------------------------------------------------------- */

static bool is_loose(facts_tls_code code)
{
    return code == FACTS_TLS_SELF_SIGNED || code == FACTS_TLS_UNTRUSTED_ROOT || code == FACTS_TLS_ISSUER_MISSING ||
           code == FACTS_TLS_UNTRUSTED || code == FACTS_TLS_SIGNATURE_UNCHECKED;
}

bool tls_verify_is_anchored(const tls_verify_record *record)
{
    for (size_t i = 0; i < record->count; i++)
        if (is_loose(record->errors[i].code))
            return false;
    return true;
}

static bool names_host(const X509 *leaf, const char *host)
{
    hf_span names = tls_names_of(leaf);
    tls_der name;

    while (tls_der_next(&names, &name))
        if (name.tag == TLS_NAME_DNS && base_wildcard_covers(name.content.data, name.content.length, host))
            return true;
    return false;
}

bool tls_verify_host(X509 *leaf, const char *host, bool is_address, tls_verify_record *record)
{
    const int number = is_address ? X509_V_ERR_IP_ADDRESS_MISMATCH : X509_V_ERR_HOSTNAME_MISMATCH;

    if (is_address ? X509_check_ip_asc(leaf, host, 0) == 1 : names_host(leaf, host))
        return true;
    tls_verify_add(record, number, 0, 0);
    return false;
}
