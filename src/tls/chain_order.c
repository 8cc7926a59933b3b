#include "tls/chain_order.h"

#include <openssl/x509v3.h>

#include <stdbool.h>
#include <string.h>

/* The certificates that are compared, and what was found out about pairs of them. */
typedef struct chain {
    STACK_OF(X509) * sent;
    int count;
    bool related[TLS_CHAIN_PLACES_MAX];                                /* some path leads to it from the server's own */
    signed char signed_by[TLS_CHAIN_PLACES_MAX][TLS_CHAIN_PLACES_MAX]; /* by subject and issuer; 0: not known */
    int signatures;
} chain;

static X509 *at(const chain *c, int i)
{
    return sk_X509_value(c->sent, i);
}

static bool is_duplicate(const chain *c, int i)
{
    for (int k = 0; k < i; k++)
        if (X509_cmp(at(c, k), at(c, i)) == 0)
            return true;
    return false;
}

static bool is_same_name(X509 *a, X509 *b)
{
    return X509_NAME_cmp(X509_get_subject_name(a), X509_get_subject_name(b)) == 0;
}

static bool is_same_key(X509 *a, X509 *b)
{
    const EVP_PKEY *one = X509_get0_pubkey(a), *other = X509_get0_pubkey(b);

    return one != NULL && other != NULL && EVP_PKEY_eq(one, other) == 1;
}

/* The same authority by another certificate: one name, one key. */
static bool is_alternative(const chain *c, int i)
{
    for (int k = 0; k < i; k++)
        if (is_same_name(at(c, i), at(c, k)) && is_same_key(at(c, i), at(c, k)))
            return true;
    return false;
}

/* -- Issuers ------------------------------------------------------------------------------------------------------- */

static bool bears_name_of_issuer(const chain *c, int issuer, int subject)
{
    return X509_NAME_cmp(X509_get_subject_name(at(c, issuer)), X509_get_issuer_name(at(c, subject))) == 0;
}

/* The key identifiers disagree, or another key of this name was sent too: then the name alone says nothing. */
static bool is_doubtful(const chain *c, int issuer, int subject)
{
    int found = X509_check_issued(at(c, issuer), at(c, subject));

    if (found == X509_V_ERR_AKID_SKID_MISMATCH || found == X509_V_ERR_AKID_ISSUER_SERIAL_MISMATCH)
        return true;
    for (int i = 0; i < c->count; i++)
        if (is_same_name(at(c, i), at(c, issuer)) && !is_same_key(at(c, i), at(c, issuer)))
            return true;
    return false;
}

/* One signature a certificate is computed, on the average; the names decide beyond. */
static bool has_signed(chain *c, int issuer, int subject)
{
    signed char *known = &c->signed_by[subject][issuer];
    EVP_PKEY *key = X509_get0_pubkey(at(c, issuer));

    if (*known == 0 && (!is_doubtful(c, issuer, subject) || c->signatures == TLS_CHAIN_PLACES_MAX))
        *known = 1;
    if (*known == 0) {
        c->signatures++;
        *known = key != NULL && X509_verify(at(c, subject), key) == 1 ? 1 : -1;
    }
    return *known == 1;
}

static bool is_issuer(chain *c, int issuer, int subject)
{
    return bears_name_of_issuer(c, issuer, subject) && has_signed(c, issuer, subject);
}

/* Marks whatever leads up from the server's own certificate. */
static void find_related(chain *c)
{
    bool more = c->count > 0;

    c->related[0] = true;
    while (more) {
        more = false;
        for (int i = 1; i < c->count; i++)
            for (int k = 0; k < c->count && !c->related[i]; k++)
                if (c->related[k] && k != i && is_issuer(c, i, k))
                    c->related[i] = more = true;
    }
}

static bool is_namesake(const chain *c, int i)
{
    for (int k = 0; k < c->count; k++)
        if (c->related[k] && bears_name_of_issuer(c, i, k))
            return true;
    return false;
}

/* -- Places -------------------------------------------------------------------------------------------------------- */

/* `last`: the uppermost of those in order. */
static facts_place place_of(chain *c, int i, int last)
{
    if (i == 0)
        return FACTS_PLACE_LEAF;
    if (is_duplicate(c, i))
        return FACTS_PLACE_DUPLICATE;
    if (!c->related[i])
        return is_namesake(c, i) ? FACTS_PLACE_OTHER_KEY : FACTS_PLACE_UNRELATED;
    if (X509_check_issued(at(c, i), at(c, i)) == X509_V_OK)
        return FACTS_PLACE_ROOT;
    if (is_alternative(c, i))
        return FACTS_PLACE_ALTERNATIVE;
    return is_issuer(c, i, last) ? FACTS_PLACE_ISSUER : FACTS_PLACE_OUT_OF_ORDER;
}

void tls_chain_places(STACK_OF(X509) * sent, facts_place places[], size_t count)
{
    chain c = {.sent = sent, .count = count < TLS_CHAIN_PLACES_MAX ? (int)count : TLS_CHAIN_PLACES_MAX};
    int last = 0;

    find_related(&c);
    for (size_t i = 0; i < count; i++)
        places[i] = FACTS_PLACE_UNKNOWN;
    for (int i = 0; i < c.count; i++) {
        places[i] = place_of(&c, i, last);
        if (places[i] == FACTS_PLACE_ISSUER || places[i] == FACTS_PLACE_OUT_OF_ORDER)
            last = i;
    }
}
