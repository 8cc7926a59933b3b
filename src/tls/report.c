#include "tls/report.h"

#include "tls/certificate.h"
#include "tls/chain_order.h"
#include "tls/objections.h"
#include "tls/path.h"
#include "tls/ssl.h"
#include "tls/staple.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>

#define PATH_MAX_LENGTH 32 /* certificates of the path that is shown */
#define NAME_SHOWN 256     /* octets of a name in another path */

/* -- The certificates that were sent ------------------------------------------------------------------------------- */

static void read_leaf(const tls_handshake *tls, base_arena *arena, facts_tls *facts)
{
    facts_certificate *certificate;

    if (tls->leaf == NULL)
        return;
    certificate = base_arena_take(arena, sizeof *certificate);
    tls_certificate_read_leaf_only(tls->leaf, tls->record->has_digest ? tls->record->digest : NULL, arena, certificate);
    facts->certificates = certificate;
    facts->certificate_count = 1;
}

static void read_certificates(const tls_handshake *tls, base_arena *arena, facts_tls *facts)
{
    int count = sk_X509_num(tls->sent); /* -1 for none */
    facts_certificate *certificates;
    facts_place *places;

    if (count <= 0)
        return;
    certificates = base_arena_take(arena, (size_t)count * sizeof *certificates);
    places = base_arena_take(arena, (size_t)count * sizeof *places);
    tls_chain_places(tls->sent, places, (size_t)count);
    for (int i = 0; i < count; i++) {
        tls_certificate_read(sk_X509_value(tls->sent, i), arena, &certificates[i]);
        certificates[i].place = places[i];
    }
    facts->certificates = certificates;
    facts->certificate_count = (size_t)count;
}

/* -- The path ------------------------------------------------------------------------------------------------------ */

static int place_among_sent(const tls_handshake *tls, const X509 *x509)
{
    for (int i = 0; i < sk_X509_num(tls->sent); i++)
        if (X509_cmp(sk_X509_value(tls->sent, i), x509) == 0)
            return i;
    return -1;
}

static facts_link link_of(const tls_handshake *tls, const facts_tls *facts, X509 *x509, base_arena *arena)
{
    int sent = place_among_sent(tls, x509);
    const facts_certificate *certificate = sent >= 0 ? &facts->certificates[sent] : NULL;
    facts_certificate stored;

    if (certificate == NULL) {
        tls_certificate_read(x509, arena, &stored);
        certificate = &stored;
    }
    return (facts_link){.subject = certificate->subject,
                        .fingerprint = certificate->fingerprint,
                        .not_after = certificate->not_after,
                        .sent = sent,
                        .self_issued = certificate->self_issued,
                        .subject_key = certificate->subject_key};
}

/* OpenSSL stops at the first certificate that is trusted. If that is no root, and the root is in the store too, the
 * path goes on: it shows then that the server left out what lies between. */
static void climb(const tls_handshake *tls, STACK_OF(X509) * path)
{
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    X509 *last, *issuer;
    X509_STORE *store = SSL_CTX_get_cert_store(tls->options->trust->context);

    if (context == NULL || X509_STORE_CTX_init(context, store, NULL, NULL) != 1)
        base_out_of_memory();
    while (sk_X509_num(path) < PATH_MAX_LENGTH) {
        last = sk_X509_value(path, sk_X509_num(path) - 1);
        if (X509_NAME_cmp(X509_get_subject_name(last), X509_get_issuer_name(last)) == 0 ||
            X509_STORE_CTX_get1_issuer(&issuer, context, last) != 1)
            break;
        if (sk_X509_push(path, issuer) == 0)
            base_out_of_memory();
    }
    X509_STORE_CTX_free(context);
}

STACK_OF(X509) * tls_report_path(const tls_handshake *tls)
{
    STACK_OF(X509) * path;

    if (sk_X509_num(tls->verified) <= 0)
        return NULL;
    path = X509_chain_up_ref(tls->verified);
    if (path == NULL)
        base_out_of_memory();
    if (tls_verify_is_anchored(tls->record))
        climb(tls, path);
    return path;
}

static void read_path(const tls_handshake *tls, base_arena *arena, facts_tls *facts)
{
    STACK_OF(X509) *path = tls_report_path(tls);
    const tls_trust_store *trust = tls->options->trust;
    bool anchored = tls_verify_is_anchored(tls->record);
    facts_link *links;

    if (path == NULL)
        return;
    facts->path_count = (size_t)sk_X509_num(path);
    facts->path = links = base_arena_take(arena, facts->path_count * sizeof *links);
    for (size_t i = 0; i < facts->path_count; i++)
        links[i] = link_of(tls, facts, sk_X509_value(path, (int)i), arena);
    if (anchored && tls_trust_store_knows_public(trust))
        facts->root = tls_trust_store_is_public(trust, sk_X509_value(path, (int)facts->path_count - 1))
                          ? FACTS_ROOT_PUBLIC
                          : FACTS_ROOT_LOCAL;
    sk_X509_pop_free(path, X509_free);
}

static X509 *issuer_of(const tls_handshake *tls)
{
    if (sk_X509_num(tls->verified) > 1)
        return sk_X509_value(tls->verified, 1);
    return X509_check_issued(tls->leaf, tls->leaf) == X509_V_OK ? tls->leaf : NULL;
}

/* -- The other paths ----------------------------------------------------------------------------------------------- */

static facts_tls_error *errors_of(const tls_verify_record *record, base_arena *arena)
{
    facts_tls_error *errors = base_arena_take(arena, record->count * sizeof *errors);

    memcpy(errors, record->errors, record->count * sizeof *errors);
    return errors;
}

static bool is_taken(const tls_path_try *try, const STACK_OF(X509) * taken)
{
    for (size_t i = 0; i < try->count; i++)
        if ((int)i >= sk_X509_num(taken) || X509_cmp(sk_X509_value(taken, (int)i), try->certificates[i]) != 0)
            return false;
    return (int)try->count == sk_X509_num(taken);
}

/* Names are cut: a certificate may be in every path. */
static facts_path path_of(const tls_handshake *tls, const facts_tls *facts, const tls_path_try *try, base_arena *arena)
{
    facts_link *links = base_arena_take(arena, try->count * sizeof *links);

    for (size_t i = 0; i < try->count; i++) {
        links[i] = link_of(tls, facts, try->certificates[i], arena);
        links[i].subject = base_arena_format(arena, "%.*s", NAME_SHOWN, links[i].subject);
    }
    return (facts_path){links, try->count, errors_of(&try->record, arena), try->record.count};
}

/* A search as for the verification, which found the same: it is not kept, for few are interested. */
static void read_other_paths(const tls_handshake *tls, base_arena *arena, facts_tls *facts)
{
    X509_STORE *store = SSL_CTX_get_cert_store(tls->options->trust->context);
    tls_paths *paths = tls_paths_search(store, tls->leaf, tls->sent, tls->options->now);
    size_t count = paths != NULL ? tls_paths_count(paths) : 0;
    facts_path *others = base_arena_take(arena, FACTS_OTHER_PATHS_MAX * sizeof *others);

    for (size_t i = 0; i < count && facts->other_path_count < FACTS_OTHER_PATHS_MAX; i++) {
        const tls_path_try *try = tls_paths_at(paths, i);

        if (try->record.count > 0 && !is_taken(try, tls->verified))
            others[facts->other_path_count++] = path_of(tls, facts, try, arena);
    }
    facts->other_paths = others;
    tls_paths_free(paths);
}

/* -- The errors ---------------------------------------------------------------------------------------------------- */

static void read_verdicts(const tls_handshake *tls, base_arena *arena, facts_tls *facts)
{
    const tls_trust_store *trust = tls->options->trust;
    facts_store_verdict *verdicts = base_arena_take(arena, trust->store_count * sizeof *verdicts);

    for (size_t i = 0; i < trust->store_count; i++) {
        tls_verify_record record = {0};

        if (tls_path_verify_with(trust->stores[i].store, tls->leaf, tls->sent, tls->options->now, &record))
            verdicts[facts->verdict_count++] = (facts_store_verdict){base_arena_string(arena, trust->stores[i].name),
                                                                     errors_of(&record, arena), record.count};
    }
    facts->verdicts = verdicts;
}

/* RFC 6960 2.2: "once revoked" a certificate stays so, however old the answer is; but only its signer can say it. */
static bool says_revoked(const facts_staple *staple)
{
    return staple->status == FACTS_REVOCATION_REVOKED &&
           (staple->problem == FACTS_STAPLE_NONE || staple->problem == FACTS_STAPLE_EXPIRED);
}

static void read_staple(const tls_handshake *tls, base_arena *arena, facts_tls *facts)
{
    const unsigned char *octets;
    long length = SSL_get_tlsext_status_ocsp_resp(tls->ssl, &octets);
    facts_staple *staple;

    if (length <= 0)
        return;
    staple = base_arena_take(arena, sizeof *staple);
    tls_staple_read(octets, (size_t)length, tls->leaf, issuer_of(tls), tls->options->now, arena, staple);
    facts->staple = staple;
    if (says_revoked(staple))
        tls_verify_add(tls->record, X509_V_ERR_CERT_REVOKED, 0, 0);
}

/* The names are separated by colons, and one may be the end of another. */
static bool is_browser_cipher(const char *name)
{
    size_t length = strlen(name);

    for (const char *at = tls_ssl_browser_ciphers; at != NULL; at = strchr(at, ':')) {
        at += *at == ':';
        if (strncmp(at, name, length) == 0 && (at[length] == ':' || at[length] == '\0'))
            return true;
    }
    return false;
}

/* What browsers would not have agreed to: they would have got no connection. False: nothing. */
static bool is_refused(const tls_handshake *tls, facts_tls_code *code)
{
    int version = SSL_version(tls->ssl), digest = NID_undef, group = (int)SSL_get_negotiated_group(tls->ssl);

    *code = FACTS_TLS_OLD_VERSION;
    if (version < TLS1_2_VERSION)
        return true;
    *code = FACTS_TLS_NO_COMMON_CIPHER;
    if (version < TLS1_3_VERSION && !is_browser_cipher(SSL_get_cipher_name(tls->ssl)))
        return true;
    *code = FACTS_TLS_NO_COMMON_GROUP;
    if (group != NID_undef && group != NID_X25519 && group != NID_X9_62_prime256v1 && group != NID_secp384r1 &&
        group != NID_secp521r1)
        return true;
    *code = FACTS_TLS_NO_COMMON_SIGNATURE;
    /* A key exchange by RSA encryption has no signature of the server. */
    if (SSL_get_peer_signature_nid(tls->ssl, &digest) != 1)
        return false;
    return digest != NID_sha256 && digest != NID_sha384 && digest != NID_sha512;
}

static void put_first(facts_tls_code code, const char *text, base_arena *arena, facts_tls *facts)
{
    facts_tls_error *errors = base_arena_take(arena, (facts->error_count + 1) * sizeof *errors);

    errors[0] = (facts_tls_error){code, text, 0, -1, -1};
    memcpy(errors + 1, facts->errors, facts->error_count * sizeof *errors);
    facts->errors = errors;
    facts->error_count++;
}

static void add_refusal(const tls_handshake *tls, base_arena *arena, facts_tls *facts)
{
    facts_tls_code code;

    if (tls->record->large_group > 0)
        put_first(FACTS_TLS_NO_COMMON_CIPHER,
                  base_arena_format(arena,
                                    "the server chose %s, which browsers do not offer, with a group of %d bits; "
                                    "Holdfast computes none above %d bits",
                                    SSL_CIPHER_get_name(SSL_get_pending_cipher(tls->ssl)), tls->record->large_group,
                                    TLS_GROUP_MAX),
                  arena, facts);
    if (tls->ready && tls->options->legacy_tls && is_refused(tls, &code))
        put_first(code,
                  base_arena_format(arena, "the handshake ended with %s and %s, which browsers do not offer",
                                    SSL_get_version(tls->ssl), SSL_get_cipher_name(tls->ssl)),
                  arena, facts);
}

static const char *group_of(const tls_handshake *tls, base_arena *arena)
{
    int nid = (int)SSL_get_negotiated_group(tls->ssl);

    if (nid <= 0)
        return NULL;
    return (nid & TLSEXT_nid_unknown) == 0 ? base_arena_string(arena, OBJ_nid2sn(nid))
                                           : base_arena_format(arena, "0x%04x", (unsigned)nid & 0xffffu);
}

static void read_handshake(const tls_handshake *tls, base_arena *arena, facts_tls *facts)
{
    const unsigned char *alpn;
    unsigned length;

    facts->established = true;
    facts->version = base_arena_string(arena, SSL_get_version(tls->ssl));
    facts->cipher = base_arena_string(arena, SSL_get_cipher_name(tls->ssl));
    facts->group = group_of(tls, arena);
    SSL_get0_alpn_selected(tls->ssl, &alpn, &length);
    if (length > 0)
        facts->alpn = base_arena_copy(arena, alpn, length);
}

void tls_report_make(const tls_handshake *tls, base_arena *arena, facts_tls *facts)
{
    memset(facts, 0, sizeof *facts);
    if (tls->ready)
        read_handshake(tls, arena, facts);
    if (tls->ssl != NULL && tls->leaf != NULL)
        read_staple(tls, arena, facts);
    if (tls->leaf != NULL && tls->options->host != NULL)
        tls_verify_host(tls->leaf, tls->options->host, tls->options->is_address, tls->record);
    facts->errors = errors_of(tls->record, arena);
    facts->error_count = tls->record->count;
    facts->path_limit = tls->record->limit;
    facts->sct_count = tls->record->sct_count;
    facts->asks_certificate = tls->record->asks_certificate;
    add_refusal(tls, arena, facts);
    if (tls->options->leaf_only && facts->error_count == 0) {
        read_leaf(tls, arena, facts);
    } else if (tls->leaf != NULL) {
        read_certificates(tls, arena, facts);
        read_path(tls, arena, facts);
        tls_objections_judge(tls, arena, facts);
        read_other_paths(tls, arena, facts);
        read_verdicts(tls, arena, facts);
    }
    ERR_clear_error();
}
