#include "tls/chain_order.h"

#include <openssl/x509v3.h>

#include <stdbool.h>
#include <string.h>

/* By the names and key identifiers in both; signatures are the verifier's business. */
static bool is_issuer(X509 *issuer, X509 *subject)
{
    return X509_check_issued(issuer, subject) == X509_V_OK;
}

static bool is_duplicate(STACK_OF(X509) * sent, int i)
{
    for (int k = 0; k < i; k++)
        if (X509_cmp(sk_X509_value(sent, k), sk_X509_value(sent, i)) == 0)
            return true;
    return false;
}

/* The same authority by another certificate: one name, one key. */
static bool is_alternative(STACK_OF(X509) * sent, int i)
{
    X509 *x509 = sk_X509_value(sent, i);
    const EVP_PKEY *key = X509_get0_pubkey(x509);

    for (int k = 0; k < i; k++) {
        X509 *other = sk_X509_value(sent, k);
        const EVP_PKEY *other_key = X509_get0_pubkey(other);

        if (key != NULL && other_key != NULL && EVP_PKEY_eq(key, other_key) == 1 &&
            X509_NAME_cmp(X509_get_subject_name(x509), X509_get_subject_name(other)) == 0)
            return true;
    }
    return false;
}

/* Marks whatever leads up from the server's own certificate. */
static void find_related(STACK_OF(X509) * sent, int count, bool related[])
{
    bool more = true;

    related[0] = true;
    while (more) {
        more = false;
        for (int i = 1; i < count; i++)
            for (int k = 0; k < count && !related[i]; k++)
                if (related[k] && k != i && is_issuer(sk_X509_value(sent, i), sk_X509_value(sent, k)))
                    related[i] = more = true;
    }
}

void tls_chain_places(STACK_OF(X509) * sent, facts_place places[], size_t count)
{
    bool related[TLS_CHAIN_PLACES_MAX] = {false};
    int limit = count < TLS_CHAIN_PLACES_MAX ? (int)count : TLS_CHAIN_PLACES_MAX, last = 0;

    if (limit > 0)
        find_related(sent, limit, related);
    for (size_t i = 0; i < count; i++)
        places[i] = FACTS_PLACE_UNKNOWN;
    for (int i = 0; i < limit; i++) {
        X509 *x509 = sk_X509_value(sent, i);

        if (i == 0)
            places[i] = FACTS_PLACE_LEAF;
        else if (is_duplicate(sent, i))
            places[i] = FACTS_PLACE_DUPLICATE;
        else if (!related[i])
            places[i] = FACTS_PLACE_UNRELATED;
        else if (is_issuer(x509, x509))
            places[i] = FACTS_PLACE_ROOT;
        else if (is_alternative(sent, i))
            places[i] = FACTS_PLACE_ALTERNATIVE;
        else if (is_issuer(x509, sk_X509_value(sent, last)))
            places[last = i] = FACTS_PLACE_ISSUER;
        else
            places[last = i] = FACTS_PLACE_OUT_OF_ORDER;
    }
}
