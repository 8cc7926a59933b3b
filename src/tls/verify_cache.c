#include "tls/verify_cache.h"

#include "tls/digest.h"
#include "tls/path.h"

#include "base/memory.h"
#include "base/unzeroed.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define ISSUERS 256   /* chains above the host's own certificate; the oldest of a bucket makes room */
#define LEAVES 4096   /* whole chains */
#define WAYS 4        /* places of a bucket */
#define SENT_MAX 8    /* certificates; who sends more is verified in full */
#define DER_MAX 16384 /* octets of one; the same */
#define EXTENSIONS_MAX 32

typedef uint8_t digest[TLS_SHA256_SIZE];

/* All that stands above a host's own certificate: certificates sent, then those of the store. */
typedef struct issuer {
    digest key; /* of what was sent beside the host's own certificate */
    STACK_OF(X509) * above;
    uint64_t used;
} issuer;

typedef struct leaf {
    digest key; /* of the certificate, its issuer's key, and what strength was asked for */
    uint64_t used;
} leaf;

struct tls_verify_cache {
    issuer issuers[ISSUERS];
    leaf leaves[LEAVES];
    uint64_t clock; /* counts uses; 0 marks a free place */
    tls_verify_cache_count count;
};

tls_verify_cache *tls_verify_cache_new(void)
{
    return base_allocate(sizeof(tls_verify_cache));
}

static void free_certificates(STACK_OF(X509) * certificates)
{
    sk_X509_pop_free(certificates, X509_free);
}

void tls_verify_cache_free(tls_verify_cache *verified)
{
    if (verified == NULL)
        return;
    for (size_t i = 0; i < ISSUERS; i++)
        free_certificates(verified->issuers[i].above);
    free(verified);
}

tls_verify_cache_count tls_verify_cache_counted(const tls_verify_cache *verified)
{
    return verified->count;
}

/* -- The tables ---------------------------------------------------------------------------------------------------- */

static size_t bucket_of(const digest key, size_t places)
{
    uint32_t number;

    memcpy(&number, key, sizeof number);
    return number % (places / WAYS) * WAYS;
}

static issuer *find_issuer(tls_verify_cache *v, const digest key)
{
    issuer *bucket = &v->issuers[bucket_of(key, ISSUERS)];

    for (size_t i = 0; i < WAYS; i++)
        if (bucket[i].used != 0 && memcmp(bucket[i].key, key, sizeof(digest)) == 0) {
            bucket[i].used = ++v->clock;
            return &bucket[i];
        }
    return NULL;
}

/* Takes over `above`. */
static void keep_issuer(tls_verify_cache *v, const digest key, STACK_OF(X509) * above)
{
    issuer *bucket = &v->issuers[bucket_of(key, ISSUERS)], *oldest = bucket;

    for (size_t i = 1; i < WAYS; i++)
        if (bucket[i].used < oldest->used)
            oldest = &bucket[i];
    free_certificates(oldest->above);
    memcpy(oldest->key, key, sizeof(digest));
    oldest->above = above;
    oldest->used = ++v->clock;
}

static bool knows_leaf(tls_verify_cache *v, const digest key)
{
    leaf *bucket = &v->leaves[bucket_of(key, LEAVES)];

    for (size_t i = 0; i < WAYS; i++)
        if (bucket[i].used != 0 && memcmp(bucket[i].key, key, sizeof(digest)) == 0) {
            bucket[i].used = ++v->clock;
            return true;
        }
    return false;
}

static void keep_leaf(tls_verify_cache *v, const digest key)
{
    leaf *bucket = &v->leaves[bucket_of(key, LEAVES)], *oldest = bucket;

    for (size_t i = 1; i < WAYS; i++)
        if (bucket[i].used < oldest->used)
            oldest = &bucket[i];
    memcpy(oldest->key, key, sizeof(digest));
    oldest->used = ++v->clock;
}

/* -- Keys ---------------------------------------------------------------------------------------------------------- */

static bool digest_of(X509 *x509, digest out)
{
    BASE_UNZEROED unsigned char der[DER_MAX];
    unsigned char *at = der;
    int length = i2d_X509(x509, NULL);

    if (length <= 0 || length > DER_MAX || i2d_X509(x509, &at) != length)
        return false;
    tls_sha256(der, (size_t)length, out);
    return true;
}

/* Of all that was sent but the host's own certificate. */
static bool key_of_issuer(const STACK_OF(X509) * sent, digest out)
{
    digest each[SENT_MAX];
    int count = sk_X509_num(sent);

    if (count < 2 || count > SENT_MAX)
        return false;
    for (int i = 1; i < count; i++)
        if (!digest_of(sk_X509_value(sent, i), each[i]))
            return false;
    tls_sha256(each[1], (size_t)(count - 1) * sizeof(digest), out);
    return true;
}

/* `own` becomes the digest of the certificate itself. */
static bool key_of_leaf(X509 *x509, const digest issuer_key, int level, digest own, digest out)
{
    unsigned char all[2 * sizeof(digest) + 1];

    if (!digest_of(x509, own))
        return false;
    memcpy(all, own, sizeof(digest));
    memcpy(all + sizeof(digest), issuer_key, sizeof(digest));
    all[2 * sizeof(digest)] = (unsigned char)level;
    tls_sha256(all, sizeof all, out);
    return true;
}

/* -- What is ordinary ---------------------------------------------------------------------------------------------- */

/* Nothing is asked for but validity at a given moment, and by whom the chain may be trusted. */
static bool is_ordinary_question(X509_STORE_CTX *context)
{
    X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(context);
    unsigned long flags = X509_VERIFY_PARAM_get_flags(param);
    const unsigned long usual = X509_V_FLAG_USE_CHECK_TIME | X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_TRUSTED_FIRST;

    return (flags & X509_V_FLAG_USE_CHECK_TIME) != 0 && (flags & ~usual) == 0 &&
           X509_VERIFY_PARAM_get0_host(param, 0) == NULL && X509_VERIFY_PARAM_get_auth_level(param) <= 5;
}

/* X509_cmp_time tells -1 where the time is not after the moment. */
static bool is_valid_at(const X509 *x509, time_t at)
{
    return X509_cmp_time(X509_get0_notBefore(x509), &at) < 0 && X509_cmp_time(X509_get0_notAfter(x509), &at) > 0;
}

/* Extensions that make a verification look at more than the two certificates concerned. */
static bool has_far_reaching_extension(const X509 *x509)
{
    static const int far[] = {NID_name_constraints,   NID_policy_mappings,  NID_policy_constraints,
                              NID_inhibit_any_policy, NID_sbgp_ipAddrBlock, NID_sbgp_autonomousSysNum,
                              NID_proxyCertInfo};
    int count = X509_get_ext_count(x509);

    if (count > EXTENSIONS_MAX)
        return true;
    for (int i = 0; i < count; i++) {
        int nid = OBJ_obj2nid(X509_EXTENSION_get_object(X509_get_ext(x509, i)));

        for (size_t j = 0; j < sizeof far / sizeof *far; j++)
            if (nid == far[j])
                return true;
    }
    return false;
}

static bool is_strong(X509 *x509, EVP_PKEY *key, int level)
{
    static const int bits[] = {0, 80, 112, 128, 192, 256}; /* as SSL_CTX_set_security_level(3) has them */
    int explicit_curve = 0, of_signature = -1;

    if (EVP_PKEY_get_int_param(key, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &explicit_curve) == 1 &&
        explicit_curve != 0)
        return false;
    if (level <= 0)
        return true;
    return EVP_PKEY_get_security_bits(key) >= bits[level] &&
           X509_get_signature_info(x509, NULL, NULL, &of_signature, NULL) == 1 && of_signature >= bits[level];
}

static bool is_ordinary_leaf(X509 *x509, time_t at, int level)
{
    const uint32_t odd = EXFLAG_INVALID | EXFLAG_CRITICAL | EXFLAG_CA | EXFLAG_SI | EXFLAG_SS | EXFLAG_PROXY |
                         EXFLAG_V1 | EXFLAG_INVALID_POLICY | EXFLAG_NO_FINGERPRINT;
    EVP_PKEY *key = X509_get0_pubkey(x509);

    return key != NULL && (X509_get_extension_flags(x509) & odd) == 0 && is_valid_at(x509, at) &&
           X509_check_purpose(x509, X509_PURPOSE_SSL_SERVER, 0) == 1 && !has_far_reaching_extension(x509) &&
           is_strong(x509, key, level);
}

/* -- The shortcut -------------------------------------------------------------------------------------------------- */

static bool is_signed_by(X509 *x509, const issuer *by)
{
    X509 *signer = sk_X509_value(by->above, 0);

    return X509_check_issued(signer, x509) == X509_V_OK && X509_verify(x509, X509_get0_pubkey(signer)) == 1;
}

static bool are_valid_at(const STACK_OF(X509) * certificates, time_t at)
{
    for (int i = 0; i < sk_X509_num(certificates); i++)
        if (!is_valid_at(sk_X509_value(certificates, i), at))
            return false;
    return true;
}

/* The chain as X509_verify_cert would have built it. */
static bool give_chain(X509_STORE_CTX *context, X509 *x509, const STACK_OF(X509) * above)
{
    STACK_OF(X509) *chain = X509_chain_up_ref((STACK_OF(X509) *)above);

    if (chain == NULL || X509_up_ref(x509) != 1 || sk_X509_unshift(chain, x509) <= 0) {
        free_certificates(chain);
        return false;
    }
    X509_STORE_CTX_set0_verified_chain(context, chain);
    X509_STORE_CTX_set_error(context, X509_V_OK);
    return true;
}

/* Of the connection; NULL: the verification is of none. */
static tls_verify_record *record_of(X509_STORE_CTX *context)
{
    const SSL *ssl = X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx());

    return ssl != NULL ? SSL_get_app_data(ssl) : NULL;
}

/* The report needs it too. */
static void keep_digest(tls_verify_record *record, const digest own)
{
    if (record == NULL)
        return;
    record->has_digest = true;
    memcpy(record->digest, own, sizeof(digest));
}

static bool is_known(tls_verify_cache *v, X509_STORE_CTX *context, const digest key, bool *is_seen)
{
    const X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(context);
    time_t at = X509_VERIFY_PARAM_get_time(param);
    int level = X509_VERIFY_PARAM_get_auth_level(param);
    X509 *x509 = X509_STORE_CTX_get0_cert(context);
    const issuer *by = find_issuer(v, key);
    digest own, leaf_key;

    if (by == NULL || !are_valid_at(by->above, at) || !is_ordinary_leaf(x509, at, level) ||
        !key_of_leaf(x509, key, level, own, leaf_key))
        return false;
    keep_digest(record_of(context), own);
    *is_seen = knows_leaf(v, leaf_key);
    if (!*is_seen && !is_signed_by(x509, by))
        return false;
    if (!give_chain(context, x509, by->above))
        return false;
    if (!*is_seen)
        keep_leaf(v, leaf_key);
    return true;
}

/* -- What is remembered -------------------------------------------------------------------------------------------- */

/* Nobody else could be taken for the issuer: not one that the store holds, and not another one that was sent. */
static bool is_only_issuer(X509_STORE_CTX *context, const STACK_OF(X509) * sent)
{
    const X509_NAME *name = X509_get_subject_name(sk_X509_value(sent, 1));

    STACK_OF(X509) *stored = X509_STORE_CTX_get1_certs(context, name);
    bool only = sk_X509_num(stored) <= 0;

    free_certificates(stored);
    for (int i = 0; only && i < sk_X509_num(sent); i++)
        only = i == 1 || X509_NAME_cmp(name, X509_get_subject_name(sk_X509_value(sent, i))) != 0;
    return only;
}

static bool is_far_reaching(const STACK_OF(X509) * chain)
{
    for (int i = 0; i < sk_X509_num(chain); i++)
        if (has_far_reaching_extension(sk_X509_value(chain, i)))
            return true;
    return false;
}

static bool is_without_error(X509_STORE_CTX *context)
{
    const tls_verify_record *record = record_of(context);

    return record != NULL && record->count == 0 && record->limit == FACTS_PATH_LIMIT_NONE &&
           X509_STORE_CTX_get_error(context) == X509_V_OK;
}

static void remember(tls_verify_cache *v, X509_STORE_CTX *context, const digest key)
{
    const STACK_OF(X509) *sent = X509_STORE_CTX_get0_untrusted(context);

    STACK_OF(X509) *chain = X509_STORE_CTX_get1_chain(context);

    if (sk_X509_num(chain) >= 3 && X509_cmp(sk_X509_value(chain, 1), sk_X509_value(sent, 1)) == 0 &&
        !is_far_reaching(chain) && is_only_issuer(context, sent)) {
        X509_free(sk_X509_shift(chain));
        keep_issuer(v, key, chain);
    } else {
        free_certificates(chain);
    }
}

int tls_verify_cache_check(X509_STORE_CTX *context, void *self)
{
    tls_verify_cache *v = self;
    digest key;
    bool keyed, seen = false, known;

    /* libssl gives the verification the security level of the handshake, so the level is set here, behind it. */
    X509_VERIFY_PARAM_set_auth_level(X509_STORE_CTX_get0_param(context), TLS_VERIFY_LEVEL);
    ERR_set_mark();
    keyed = is_ordinary_question(context) && key_of_issuer(X509_STORE_CTX_get0_untrusted(context), key);
    known = keyed && is_known(v, context, key, &seen);
    ERR_pop_to_mark();
    if (known) {
        v->count.whole += seen;
        v->count.issuer += !seen;
        return 1;
    }
    v->count.full++;
    tls_path_verify(context);
    if (keyed && is_without_error(context))
        remember(v, context, key);
    return 1;
}
