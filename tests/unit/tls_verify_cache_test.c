/* The shortcut for known chains finds what the full verification finds, in every case; and the lean context reads every
 * key. */
#include "tls/certificate.h"
#include "tls/openssl_provider.h"
#include "tls/path.h"
#include "tls/verify_cache.h"

#include <openssl/dsa.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define NOW 1800000000
#define YEAR 31536000

typedef struct authority {
    X509 *x509;
    EVP_PKEY *key;
} authority;

static authority root, intermediate, impostor;
static X509_STORE *store;
static SSL_CTX *context;
static SSL *ssl;
static tls_verify_record record;

static void extend(X509 *x509, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX c;
    X509_EXTENSION *extension;

    X509V3_set_ctx(&c, issuer, x509, NULL, NULL, 0);
    extension = X509V3_EXT_conf_nid(NULL, &c, nid, value);
    assert_non_null(extension);
    X509_add_ext(x509, extension, -1);
    X509_EXTENSION_free(extension);
}

static X509 *draft(const char *name, EVP_PKEY *key, X509 *issuer, int64_t from, int64_t until)
{
    static long serial;
    X509 *x509 = X509_new();

    X509_set_version(x509, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), ++serial);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1,
                               0);
    X509_set_issuer_name(x509, X509_get_subject_name(issuer != NULL ? issuer : x509));
    ASN1_TIME_set(X509_getm_notBefore(x509), (time_t)from);
    ASN1_TIME_set(X509_getm_notAfter(x509), (time_t)until);
    X509_set_pubkey(x509, key);
    return x509;
}

static authority make_authority(const char *name, const authority *issuer, int64_t until)
{
    authority new = {NULL, EVP_EC_gen("P-256")};

    new.x509 = draft(name, new.key, issuer != NULL ? issuer->x509 : NULL, NOW - YEAR, until);
    extend(new.x509, new.x509, NID_basic_constraints, "critical,CA:TRUE");
    extend(new.x509, new.x509, NID_key_usage, "critical,keyCertSign");
    assert_true(X509_sign(new.x509, issuer != NULL ? issuer->key : new.key, EVP_sha256()) > 0);
    return new;
}

typedef struct kind {
    const char *name;
    int64_t from, until;
    int nid; /* an extension besides; 0: none */
    const char *value;
    const authority *signer;
    bool broken;   /* an octet of the signature is wrong */
    bool shortcut; /* nothing is wrong, and so the second time is short */
} kind;

static X509 *make_leaf(const kind *k, EVP_PKEY *key)
{
    X509 *x509 = draft("leaf", key, k->signer->x509, k->from, k->until);
    const ASN1_BIT_STRING *signature;

    extend(x509, intermediate.x509, NID_subject_alt_name, "DNS:leaf.test");
    if (k->nid != 0)
        extend(x509, intermediate.x509, k->nid, k->value);
    assert_true(X509_sign(x509, k->signer->key, EVP_sha256()) > 0);
    X509_get0_signature(&signature, NULL, x509);
    if (k->broken)
        signature->data[signature->length - 1] ^= 1;
    return x509;
}

typedef struct answer {
    int error, chain;
    tls_verify_record record;
} answer;

static answer ask(X509 *leaf, int64_t at, tls_verify_cache *verified)
{
    X509_STORE_CTX *c = X509_STORE_CTX_new();

    STACK_OF(X509) *sent = sk_X509_new_null();
    answer a = {0};

    sk_X509_push(sent, leaf);
    sk_X509_push(sent, intermediate.x509);
    memset(&record, 0, sizeof record);
    assert_int_equal(1, X509_STORE_CTX_init(c, store, leaf, sent));
    X509_STORE_CTX_set_default(c, "ssl_server");
    X509_STORE_CTX_set_ex_data(c, SSL_get_ex_data_X509_STORE_CTX_idx(), ssl);
    X509_VERIFY_PARAM_set_time(X509_STORE_CTX_get0_param(c), (time_t)at);
    X509_VERIFY_PARAM_set_flags(X509_STORE_CTX_get0_param(c), X509_V_FLAG_PARTIAL_CHAIN);
    X509_VERIFY_PARAM_set_auth_level(X509_STORE_CTX_get0_param(c), 2);
    if (verified != NULL)
        tls_verify_cache_check(c, verified);
    else
        tls_path_verify(c);
    a.error = X509_STORE_CTX_get_error(c);
    a.chain = sk_X509_num(X509_STORE_CTX_get0_chain(c));
    a.record = record;
    X509_STORE_CTX_free(c);
    sk_X509_free(sent);
    return a;
}

static void assert_same(const answer *a, const answer *b, const char *name)
{
    if (a->error != b->error || a->chain != b->chain || a->record.count != b->record.count)
        fail_msg("%s: error %d %d, chain %d %d, errors %zu %zu", name, a->error, b->error, a->chain, b->chain,
                 a->record.count, b->record.count);
    for (size_t i = 0; i < a->record.count; i++) {
        assert_int_equal(a->record.errors[i].number, b->record.errors[i].number);
        assert_int_equal(a->record.errors[i].depth, b->record.errors[i].depth);
        assert_int_equal(a->record.errors[i].sent, b->record.errors[i].sent);
    }
}

static void test_same_answers(void **state)
{
    const kind kinds[] = {
        {"good", NOW - 10, NOW + YEAR, 0, NULL, &intermediate, false, true},
        {"good, for servers", NOW - 10, NOW + YEAR, NID_ext_key_usage, "serverAuth", &intermediate, false, true},
        {"from now on", NOW, NOW + YEAR, 0, NULL, &intermediate, false, true},
        {"until now", NOW - 10, NOW, 0, NULL, &intermediate, false, false},
        {"until a second later", NOW - 10, NOW + 1, 0, NULL, &intermediate, false, true},
        {"expired", NOW - 10, NOW - 5, 0, NULL, &intermediate, false, false},
        {"of tomorrow", NOW + 1, NOW + YEAR, 0, NULL, &intermediate, false, false},
        {"for mail", NOW - 10, NOW + YEAR, NID_ext_key_usage, "emailProtection", &intermediate, false, false},
        {"an authority", NOW - 10, NOW + YEAR, NID_basic_constraints, "critical,CA:TRUE", &intermediate, false, false},
        {"a wrong signature", NOW - 10, NOW + YEAR, 0, NULL, &intermediate, true, false},
        {"of an impostor", NOW - 10, NOW + YEAR, 0, NULL, &impostor, false, false},
        {"of the root", NOW - 10, NOW + YEAR, 0, NULL, &root, false, false},
        {"with name constraints", NOW - 10, NOW + YEAR, NID_name_constraints, "critical,permitted;DNS:a.test",
         &intermediate, false, false},
    };
    EVP_PKEY *key = EVP_EC_gen("P-256");
    tls_verify_cache *verified = tls_verify_cache_new();
    X509 *first = make_leaf(&kinds[0], key);

    (void)state;
    ask(first, NOW, verified);
    assert_int_equal(1, tls_verify_cache_counted(verified).full);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        X509 *leaf = make_leaf(&kinds[i], key);
        size_t before = tls_verify_cache_counted(verified).full;

        for (int round = 0; round < 3; round++) {
            answer full = ask(leaf, NOW, NULL), other = ask(leaf, NOW, verified);

            assert_same(&full, &other, kinds[i].name);
        }
        assert_int_equal(kinds[i].shortcut ? 0 : 3, tls_verify_cache_counted(verified).full - before);
        X509_free(leaf);
    }
    assert_true(tls_verify_cache_counted(verified).whole > 0 && tls_verify_cache_counted(verified).issuer > 0);
    /* A chain that was good is not when its intermediate has expired; the last second counts (RFC 5280 4.1.2.5). */
    for (int64_t at = NOW + 2 * YEAR - 1; at <= NOW + 2 * YEAR + 1; at++) {
        kind late = {"late", NOW, NOW + 9 * (int64_t)YEAR, 0, NULL, &intermediate, false, false};
        X509 *leaf = make_leaf(&late, key);
        answer full = ask(leaf, at, NULL), other = ask(leaf, at, verified);

        assert_same(&full, &other, late.name);
        assert_int_equal(at <= NOW + 2 * YEAR ? 0 : 1, full.record.count);
        X509_free(leaf);
    }
    X509_free(first);
    EVP_PKEY_free(key);
    tls_verify_cache_free(verified);
}

static int find_no_issuer(X509 **issuer, X509_STORE_CTX *c, X509 *x509)
{
    (void)c, (void)x509;
    *issuer = NULL;
    return -1;
}

/* OpenSSL calls nobody back when it cannot verify at all; that is no chain without errors. */
static void test_no_verdict(void **state)
{
    const kind good = {"good", NOW - 10, NOW + YEAR, 0, NULL, &intermediate, false, true};
    EVP_PKEY *key = EVP_EC_gen("P-256");
    tls_verify_cache *verified = tls_verify_cache_new();
    X509 *leaf = make_leaf(&good, key);
    X509_STORE_CTX_get_issuer_fn usual = X509_STORE_get_get_issuer(store);

    (void)state;
    X509_STORE_set_get_issuer(store, find_no_issuer);
    assert_int_equal(1, ask(leaf, NOW, NULL).record.count);
    assert_int_equal(1, ask(leaf, NOW, verified).record.count);
    X509_STORE_set_get_issuer(store, usual);
    assert_int_equal(0, ask(leaf, NOW, verified).record.count);
    assert_int_equal(2, tls_verify_cache_counted(verified).full);
    X509_free(leaf);
    EVP_PKEY_free(key);
    tls_verify_cache_free(verified);
}

/* More authorities than there is room for: the oldest go, nothing grows, and the answers stay right. */
static void test_eviction(void **state)
{
    tls_verify_cache *verified = tls_verify_cache_new();
    EVP_PKEY *key = EVP_EC_gen("P-256");
    authority kept = intermediate;
    const kind good = {"good", NOW - 10, NOW + YEAR, 0, NULL, &intermediate, false, true};

    (void)state;
    for (int i = 0; i < 280; i++) {
        X509 *leaf;
        answer a;

        intermediate = make_authority("one of many", &root, NOW + YEAR);
        leaf = make_leaf(&good, key);
        a = ask(leaf, NOW, verified);
        assert_int_equal(0, a.record.count);
        a = ask(leaf, NOW, verified);
        assert_int_equal(0, a.record.count);
        X509_free(leaf);
        X509_free(intermediate.x509);
        EVP_PKEY_free(intermediate.key);
    }
    assert_int_equal(280, tls_verify_cache_counted(verified).full);
    intermediate = kept;
    EVP_PKEY_free(key);
    tls_verify_cache_free(verified);
}

static void assert_key_read(EVP_PKEY *key)
{
    const bool edwards = EVP_PKEY_is_a(key, "ED25519") || EVP_PKEY_is_a(key, "ED448");
    X509 *x509 = draft("key", key, NULL, NOW, NOW + YEAR), *lean = X509_new_ex(tls_openssl_context(), NULL);
    unsigned char *der = NULL;
    const unsigned char *at;
    facts_certificate one, other;
    base_arena arena = {0};
    int length;

    assert_true(X509_sign(x509, key, edwards ? NULL : EVP_sha256()) > 0);
    length = i2d_X509(x509, &der);
    at = der;
    assert_non_null(d2i_X509(&lean, &at, length));
    tls_certificate_read(x509, &arena, &one);
    tls_certificate_read(lean, &arena, &other);
    assert_string_equal(one.key_type, other.key_type);
    assert_int_equal(one.key_bits, other.key_bits);
    assert_string_equal(one.fingerprint, other.fingerprint);
    assert_int_equal(1, X509_verify(lean, X509_get0_pubkey(lean)));
    base_arena_done(&arena);
    OPENSSL_free(der);
    X509_free(x509);
    X509_free(lean);
    EVP_PKEY_free(key);
}

static void test_keys(void **state)
{
    EVP_PKEY_CTX *dsa = EVP_PKEY_CTX_new_from_name(NULL, "DSA", NULL);
    EVP_PKEY *params = NULL, *key = NULL;

    (void)state;
    if (tls_openssl_context() == NULL)
        skip(); /* another provider is configured */
    assert_key_read(EVP_EC_gen("P-256"));
    assert_key_read(EVP_EC_gen("P-384"));
    assert_key_read(EVP_EC_gen("P-521"));
    assert_key_read(EVP_EC_gen("secp256k1"));
    assert_key_read(EVP_RSA_gen(1024));
    assert_key_read(EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"));
    assert_key_read(EVP_PKEY_Q_keygen(NULL, NULL, "ED448"));
    assert_int_equal(1, EVP_PKEY_paramgen_init(dsa));
    assert_int_equal(1, EVP_PKEY_CTX_set_dsa_paramgen_bits(dsa, 1024));
    assert_int_equal(1, EVP_PKEY_CTX_set_dsa_paramgen_q_bits(dsa, 160));
    assert_int_equal(1, EVP_PKEY_paramgen(dsa, &params));
    EVP_PKEY_CTX_free(dsa);
    dsa = EVP_PKEY_CTX_new_from_pkey(NULL, params, NULL);
    assert_int_equal(1, EVP_PKEY_keygen_init(dsa));
    assert_int_equal(1, EVP_PKEY_keygen(dsa, &key));
    EVP_PKEY_CTX_free(dsa);
    EVP_PKEY_free(params);
    assert_key_read(key);
}

/* A point that is not on the curve is no key, in either context. */
static void test_point_off_curve(void **state)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *x509 = draft("key", key, NULL, NOW, NOW + YEAR);
    OSSL_LIB_CTX *contexts[] = {NULL, tls_openssl_context()};
    unsigned char *der = NULL, *point;
    int length;

    (void)state;
    assert_true(X509_sign(x509, key, EVP_sha256()) > 0);
    length = i2d_X509(x509, &der);
    point = X509_get0_pubkey_bitstr(x509)->data;
    for (int i = 0; i + 65 <= length; i++)
        if (memcmp(der + i, point, 65) == 0)
            der[i + 64] ^= 1;
    for (int i = 0; i < 2; i++) {
        X509 *other = X509_new_ex(contexts[i], NULL);
        const unsigned char *at = der;

        assert_non_null(d2i_X509(&other, &at, length));
        assert_null(X509_get0_pubkey(other));
        X509_free(other);
    }
    OPENSSL_free(der);
    X509_free(x509);
    EVP_PKEY_free(key);
}

static bool is_recorded(const tls_verify_record *errors, int number)
{
    for (size_t i = 0; i < errors->count; i++)
        if (errors->errors[i].number == number)
            return true;
    return false;
}

/* A chain with more errors than are kept: neither a revocation nor the name is lost, in whatever order they come. */
static void test_decisive_errors(void **state)
{
    static const int decisive[] = {X509_V_ERR_CERT_REVOKED, X509_V_ERR_HOSTNAME_MISMATCH};

    (void)state;
    for (int order = 0; order < 2; order++) {
        tls_verify_record errors = {0};

        for (int depth = 0; depth < TLS_VERIFY_MAX + 8; depth++)
            tls_verify_add(&errors, X509_V_ERR_CERT_HAS_EXPIRED, depth, depth);
        for (int i = 0; i < 2; i++)
            tls_verify_add(&errors, decisive[i ^ order], 0, 0);
        assert_int_equal(errors.count, TLS_VERIFY_MAX);
        assert_true(is_recorded(&errors, decisive[0]) && is_recorded(&errors, decisive[1]));
        assert_int_equal(errors.errors[TLS_VERIFY_MAX - 3].depth, TLS_VERIFY_MAX - 3);
    }
}

static int set_up(void **state)
{
    (void)state;
    root = make_authority("root", NULL, NOW + 9 * (int64_t)YEAR);
    intermediate = make_authority("intermediate", &root, NOW + 2 * YEAR);
    impostor = make_authority("intermediate", &root, NOW + 2 * YEAR);
    store = X509_STORE_new();
    X509_STORE_add_cert(store, root.x509);
    context = SSL_CTX_new(TLS_client_method());
    ssl = SSL_new(context);
    SSL_set_app_data(ssl, &record);
    return 0;
}

static int tear_down(void **state)
{
    authority *all[] = {&root, &intermediate, &impostor};

    (void)state;
    for (int i = 0; i < 3; i++) {
        X509_free(all[i]->x509);
        EVP_PKEY_free(all[i]->key);
    }
    SSL_free(ssl);
    SSL_CTX_free(context);
    X509_STORE_free(store);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_answers),    cmocka_unit_test(test_no_verdict),
        cmocka_unit_test(test_eviction),        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_point_off_curve), cmocka_unit_test(test_decisive_errors),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
