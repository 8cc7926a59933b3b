#include "tls/objections.h"

#include "tls/certificate.h"
#include "tls/names.h"
#include "tls/scope.h"
#include "tls/ssl.h"
#include "tls/strict.h"

#include "base/domain.h"
#include "base/wildcard.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>

#define KEPT_MAX 96         /* errors of one chain */
#define SHORT_RSA_BITS 1024 /* what browsers ask of CAs that are not public */

/* One certificate of the path: the server's own comes first. */
typedef struct chain_link {
    tls_strict strict;
    X509 *x509;
    int sent;    /* its place among those sent; -1: it came from the trust store */
    bool judged; /* browsers read it, and do not only trust it */
} chain_link;

typedef struct judging {
    const tls_handshake *tls;
    const facts_tls *facts;
    chain_link links[TLS_SCOPE_MAX];
    size_t count;
    facts_tls_error kept[KEPT_MAX];
    size_t kept_count;
} judging;

static void keep(judging *j, facts_tls_error error)
{
    if (j->kept_count < KEPT_MAX)
        j->kept[j->kept_count++] = error;
}

static void object(judging *j, facts_tls_code code, const char *why, size_t depth)
{
    for (size_t i = 0; i < j->kept_count; i++)
        if (j->kept[i].code == code && j->kept[i].depth == (int)depth)
            return;
    keep(j, (facts_tls_error){code, why, 0, (int)depth, j->links[depth].sent});
}

static bool has_find(const tls_strict *strict, facts_tls_code code)
{
    for (size_t i = 0; i < strict->count; i++)
        if (strict->finds[i].code == code)
            return true;
    return false;
}

/* -- The chain ----------------------------------------------------------------------------------------------------- */

static void add_link(judging *j, X509 *x509, int sent, bool judged)
{
    chain_link *l = &j->links[j->count];

    *l = (chain_link){.x509 = x509, .sent = sent, .judged = judged};
    if (sent >= 0 && (size_t)sent < j->facts->certificate_count)
        tls_strict_read(j->facts->certificates[sent].der, j->count == 0, &l->strict);
    else /* what is in the store is trusted to allow what is below it */
        l->strict = (tls_strict){.explicit_policy = -1, .maps_policies = true};
    j->count++;
}

/* The end of the path is trusted as it is, unless it is the server's own certificate. */
static void read_chain(judging *j)
{
    STACK_OF(X509) *path = j->tls->verified;
    bool anchored = tls_verify_is_anchored(j->tls->record);
    int count = sk_X509_num(path);

    for (int i = 0; i < count && i < TLS_SCOPE_MAX; i++) {
        int sent = (size_t)i < j->facts->path_count ? j->facts->path[i].sent : -1;

        add_link(j, sk_X509_value(path, i), sent, sent >= 0 && (i == 0 || !anchored || i + 1 < count));
    }
    if (count <= 0 && j->facts->certificate_count > 0)
        add_link(j, j->tls->leaf, 0, true);
}

/* -- OpenSSL's errors that browsers judge in another way ----------------------------------------------------------- */

static const EVP_MD *digest_of(tls_strict_digest digest)
{
    return digest == TLS_STRICT_SHA256 ? EVP_sha256() : digest == TLS_STRICT_SHA384 ? EVP_sha384() : EVP_sha512();
}

/* OpenSSL takes two ways to write one algorithm for two algorithms, and does not look at the signature then. */
static bool is_signed_all_the_same(const judging *j, size_t depth)
{
    const tls_strict *strict = &j->links[depth].strict;
    EVP_PKEY *key = depth + 1 < j->count ? X509_get0_pubkey(j->links[depth + 1].x509) : NULL;
    EVP_MD_CTX *context;
    bool good;

    if (key == NULL || !strict->one_algorithm)
        return false;
    context = EVP_MD_CTX_new();
    good = context != NULL && EVP_DigestVerifyInit(context, NULL, digest_of(strict->digest), NULL, key) == 1 &&
           EVP_DigestVerify(context, (const unsigned char *)strict->signature.data, strict->signature.length,
                            (const unsigned char *)strict->signed_part.data, strict->signed_part.length) == 1;
    EVP_MD_CTX_free(context);
    return good;
}

/* Browsers ask 2048 bits of public CAs alone. */
static bool is_long_enough(const judging *j, const chain_link *l)
{
    EVP_PKEY *key = X509_get0_pubkey(l->x509);

    return key != NULL && EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA && j->facts->root != FACTS_ROOT_PUBLIC &&
           EVP_PKEY_get_bits(key) >= SHORT_RSA_BITS;
}

/* True if our own reading of the certificate does not bear it out. RFC 5280 4.1.2.5: the last second of the validity is
 * part of it; OpenSSL leaves it out. */
static bool is_superseded(const judging *j, const facts_tls_error *error)
{
    const chain_link *l = error->depth >= 0 && (size_t)error->depth < j->count ? &j->links[error->depth] : NULL;

    if (l == NULL)
        return false;
    if (error->code == FACTS_TLS_EXPIRED)
        return tls_certificate_time(X509_get0_notAfter(l->x509)) == j->tls->options->now;
    if (error->code == FACTS_TLS_WEAK_KEY)
        return is_long_enough(j, l) || has_find(&l->strict, FACTS_TLS_SHORT_KEY) ||
               has_find(&l->strict, FACTS_TLS_KEY_TYPE);
    if (!l->judged)
        return false;
    switch (error->code) {
    case FACTS_TLS_BAD_DATE:
    case FACTS_TLS_WRONG_PURPOSE:
    case FACTS_TLS_UNKNOWN_EXTENSION:
        return !has_find(&l->strict, error->code);
    case FACTS_TLS_BAD_SIGNATURE:
        return has_find(&l->strict, FACTS_TLS_ALGORITHMS_DIFFER) || is_signed_all_the_same(j, (size_t)error->depth);
    default:
        return error->number == X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX ||
               error->number == X509_V_ERR_INVALID_EXTENSION;
    }
}

static void keep_errors(judging *j)
{
    for (size_t i = 0; i < j->facts->error_count; i++)
        if (!is_superseded(j, &j->facts->errors[i]))
            keep(j, j->facts->errors[i]);
}

/* -- The host's own certificate ------------------------------------------------------------------------------------ */

/* Of TLS 1.2 the key exchange may be encryption to the server's key; otherwise the server signs. */
static bool is_encrypted_to(const SSL *ssl)
{
    const SSL_CIPHER *cipher = ssl != NULL ? SSL_get_current_cipher(ssl) : NULL;

    return cipher != NULL && SSL_version(ssl) < TLS1_3_VERSION && SSL_CIPHER_get_kx_nid(cipher) == NID_kx_rsa;
}

/* Chromium asks for the usage that this key exchange needs, Firefox for any that some key exchange needs. */
static void judge_usage(judging *j)
{
    const tls_strict *strict = &j->links[0].strict;
    unsigned needed = is_encrypted_to(j->tls->ssl) ? TLS_USAGE_ENCIPHERMENT : TLS_USAGE_SIGNATURE;
    const char *why = needed == TLS_USAGE_SIGNATURE
                          ? "its key usage lacks digitalSignature, which this key exchange needs"
                          : "its key usage lacks keyEncipherment, which this key exchange needs";

    if (!strict->has_usage || (strict->usage & needed) != 0 || has_find(strict, FACTS_TLS_BAD_KEY_USAGE))
        return;
    if ((strict->usage & (TLS_USAGE_SIGNATURE | TLS_USAGE_ENCIPHERMENT | TLS_USAGE_AGREEMENT)) == 0)
        object(j, FACTS_TLS_NO_KEY_USAGE, why, 0);
    else
        object(j, FACTS_TLS_KEY_USAGE, why, 0);
}

/* Chromium passes over a dot at the end of a name, and takes no wildcard right below a public suffix. */
static bool is_for_host_in_chrome(X509 *leaf, const char *host)
{
    hf_span names = tls_names_of(leaf);
    tls_der name;

    while (tls_der_next(&names, &name)) {
        hf_span text = name.content;

        if (name.tag != TLS_NAME_DNS || text.length == 0)
            continue;
        if (text.data[text.length - 1] == '.')
            text.length--;
        if (base_wildcard_covers(text.data, text.length, host) &&
            (text.data[0] != '*' || !base_domain_is_registry(text.data + 2, text.length - 2)))
            return true;
    }
    return false;
}

static void judge_name(judging *j)
{
    const tls_options *options = j->tls->options;
    size_t i = 0;

    while (i < j->kept_count && j->kept[i].code != FACTS_TLS_NAME_MISMATCH)
        i++;
    if (options->host == NULL || options->is_address ||
        is_for_host_in_chrome(j->links[0].x509, options->host) != (i < j->kept_count))
        return;
    if (i < j->kept_count)
        j->kept[i] = (facts_tls_error){FACTS_TLS_NAME_DOT, facts_tls_code_text(FACTS_TLS_NAME_DOT), 0, 0, 0};
    else
        object(j, FACTS_TLS_WILDCARD_SUFFIX, facts_tls_code_text(FACTS_TLS_WILDCARD_SUFFIX), 0);
}

/* -- The whole ----------------------------------------------------------------------------------------------------- */

static void judge_scope(judging *j)
{
    const tls_strict *path[TLS_SCOPE_MAX];
    tls_strict_find find;

    for (size_t i = 0; i < j->count; i++)
        path[i] = &j->links[i].strict;
    if (tls_scope_names(path, j->count, &find))
        object(j, find.code, find.why, 0);
    if (tls_scope_requires_policy(path, j->count))
        object(j, FACTS_TLS_POLICY_REQUIRED, facts_tls_code_text(FACTS_TLS_POLICY_REQUIRED), 0);
}

static void write(const judging *j, bool disputed, base_arena *arena, const facts_tls_error **list, size_t *count)
{
    facts_tls_error *out = base_arena_take(arena, (j->kept_count + 1) * sizeof *out);

    *list = out;
    *count = 0;
    for (size_t i = 0; i < j->kept_count; i++)
        if (facts_tls_code_is_disputed(j->kept[i].code) == disputed)
            out[(*count)++] = j->kept[i];
}

/* It is offered at the second try alone: the server has none of the others. */
static void judge_group(judging *j)
{
    if (j->tls->ready && (int)SSL_get_negotiated_group(j->tls->ssl) == NID_secp521r1)
        keep(j, (facts_tls_error){FACTS_TLS_EXCHANGE_GROUP, "the server has no group for the key exchange but P-521", 0,
                                  -1, -1});
}

void tls_objections_judge(const tls_handshake *tls, base_arena *arena, facts_tls *facts)
{
    judging *j = base_allocate(sizeof *j);

    j->tls = tls;
    j->facts = facts;
    read_chain(j);
    keep_errors(j);
    judge_group(j);
    for (size_t i = 0; i < j->count; i++)
        for (size_t k = 0; j->links[i].judged && k < j->links[i].strict.count; k++)
            if (i > 0 || j->count > 1 || j->links[0].strict.finds[k].code != FACTS_TLS_WEAK_SIGNATURE)
                object(j, j->links[i].strict.finds[k].code, j->links[i].strict.finds[k].why, i);
    if (j->count > 0 && j->links[0].judged) {
        judge_usage(j);
        judge_name(j);
        judge_scope(j);
    }
    write(j, false, arena, &facts->errors, &facts->error_count);
    write(j, true, arena, &facts->disputed, &facts->disputed_count);
    free(j);
    ERR_clear_error();
}
