/*
 * Name constraints beside a naive model, label by label. The input makes a chain: an authority that may sign for some
 * names only, and a certificate with names; all out of a few labels, so that they meet. The chain is verified in full,
 * and twice through the memory of verified chains, which has seen the authority sign for nobody: each time the
 * certificate is refused for its names exactly if the model refuses it.
 *
 * An octet of the input is a name: two bits where it goes (permitted, excluded, or a name of the certificate), three
 * bits a number of labels and whether a dot stands in front, and the rest, with the octets that follow, the labels.
 * Wildcards are left out: whether "*.a.test" is below an excluded "b.a.test" is read in two ways.
 */
#include "tls/path.h"
#include "tls/verify_cache.h"

#include <openssl/evp.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

enum { NAMES_MAX = 6, LABELS_MAX = 4, NOW = 1800000000, YEAR = 31536000 };

static EVP_PKEY *key;
static X509 *root;
static X509_STORE *trusted;
static SSL *ssl;

static void check(bool condition)
{
    if (!condition)
        abort();
}

/* -- What the input says ------------------------------------------------------------------------------------------- */

typedef struct name {
    size_t count;
    const char *labels[LABELS_MAX];
    bool dotted; /* a dot in front: of a constraint, "only what is below" */
} name;

typedef struct names {
    size_t count;
    name names[NAMES_MAX];
} names;

typedef struct input {
    names permitted, excluded, own;
} input;

static void add(names *to, const name *what)
{
    if (to->count < NAMES_MAX)
        to->names[to->count++] = *what;
}

static void read_input(const uint8_t *data, size_t size, input *in)
{
    static const char *const labels[] = {"a", "b", "A", "ab", "test", "TEST", "xn--a", "a-b"};
    const name fallback = {2, {"a", "test"}, false};

    memset(in, 0, sizeof *in);
    for (size_t at = 0; at < size;) {
        uint8_t head = data[at++];
        name n = {.count = (head >> 2) % (LABELS_MAX + 1), .dotted = (head & 0x80) != 0};
        for (size_t i = 0; i < n.count; i++)
            n.labels[i] = labels[at < size ? data[at++] % 8 : 4];
        n.dotted = n.dotted && n.count > 0 && (head & 3) < 2;
        if ((head & 3) < 2)
            add((head & 3) == 0 ? &in->permitted : &in->excluded, &n);
        else if (n.count > 0)
            add(&in->own, &n);
    }
    if (in->own.count == 0)
        add(&in->own, &fallback);
}

/* -- The model ----------------------------------------------------------------------------------------------------- */

static bool is_within(const name *n, const name *constraint)
{
    if (n->count < constraint->count + constraint->dotted)
        return false;
    for (size_t i = 1; i <= constraint->count; i++)
        if (strcasecmp(n->labels[n->count - i], constraint->labels[constraint->count - i]) != 0)
            return false;
    return true;
}

static bool is_within_any(const name *n, const names *constraints)
{
    bool found = false;

    for (size_t i = 0; i < constraints->count; i++)
        found = found || is_within(n, &constraints->names[i]);
    return found;
}

static bool is_allowed(const input *in)
{
    for (size_t i = 0; i < in->own.count; i++)
        if ((in->permitted.count > 0 && !is_within_any(&in->own.names[i], &in->permitted)) ||
            is_within_any(&in->own.names[i], &in->excluded))
            return false;
    return true;
}

/* -- The chain ----------------------------------------------------------------------------------------------------- */

static GENERAL_NAME *general_name(const name *n)
{
    char text[64] = "";
    int length = 0;
    GENERAL_NAME *made = GENERAL_NAME_new();
    ASN1_IA5STRING *string = ASN1_IA5STRING_new();

    for (size_t i = 0; i < n->count; i++)
        length +=
            snprintf(text + length, sizeof text - (size_t)length, "%s%s", i > 0 || n->dotted ? "." : "", n->labels[i]);
    check(made != NULL && string != NULL && ASN1_STRING_set(string, text, length) == 1);
    GENERAL_NAME_set0_value(made, GEN_DNS, string);
    return made;
}

static STACK_OF(GENERAL_SUBTREE) * subtrees(const names *from)
{
    STACK_OF(GENERAL_SUBTREE) *all = from->count > 0 ? sk_GENERAL_SUBTREE_new_null() : NULL;

    for (size_t i = 0; i < from->count; i++) {
        GENERAL_SUBTREE *tree = GENERAL_SUBTREE_new();
        check(all != NULL && tree != NULL);
        GENERAL_NAME_free(tree->base);
        tree->base = general_name(&from->names[i]);
        check(sk_GENERAL_SUBTREE_push(all, tree) > 0);
    }
    return all;
}

static X509 *draft(const char *subject, const char *issuer, bool is_authority)
{
    static long serial;
    X509 *x509 = X509_new();
    BASIC_CONSTRAINTS *basic = BASIC_CONSTRAINTS_new();

    check(x509 != NULL && basic != NULL && X509_set_version(x509, X509_VERSION_3) == 1);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), ++serial);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN", MBSTRING_UTF8, (const unsigned char *)subject, -1, -1,
                               0);
    X509_NAME_add_entry_by_txt(X509_get_issuer_name(x509), "CN", MBSTRING_UTF8, (const unsigned char *)issuer, -1, -1,
                               0);
    ASN1_TIME_set(X509_getm_notBefore(x509), NOW - YEAR);
    ASN1_TIME_set(X509_getm_notAfter(x509), NOW + YEAR);
    basic->ca = is_authority ? 0xff : 0;
    check(X509_add1_ext_i2d(x509, NID_basic_constraints, basic, 1, X509V3_ADD_DEFAULT) == 1);
    BASIC_CONSTRAINTS_free(basic);
    check(X509_set_pubkey(x509, key) == 1);
    return x509;
}

static X509 *make_authority(const input *in)
{
    X509 *x509 = draft("authority", "root", true);
    NAME_CONSTRAINTS *constraints = NAME_CONSTRAINTS_new();

    check(constraints != NULL);
    constraints->permittedSubtrees = subtrees(&in->permitted);
    constraints->excludedSubtrees = subtrees(&in->excluded);
    if (in->permitted.count + in->excluded.count > 0)
        check(X509_add1_ext_i2d(x509, NID_name_constraints, constraints, 1, X509V3_ADD_DEFAULT) == 1);
    NAME_CONSTRAINTS_free(constraints);
    check(X509_sign(x509, key, EVP_sha256()) > 0);
    return x509;
}

static X509 *make_leaf(const names *own)
{
    X509 *x509 = draft("leaf", "authority", false);
    GENERAL_NAMES *all = GENERAL_NAMES_new();

    for (size_t i = 0; i < own->count; i++)
        check(all != NULL && sk_GENERAL_NAME_push(all, general_name(&own->names[i])) > 0);
    if (own->count > 0)
        check(X509_add1_ext_i2d(x509, NID_subject_alt_name, all, 0, X509V3_ADD_DEFAULT) == 1);
    GENERAL_NAMES_free(all);
    check(X509_sign(x509, key, EVP_sha256()) > 0);
    return x509;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());

    (void)argc, (void)argv;
    key = EVP_EC_gen("P-256");
    trusted = X509_STORE_new();
    check(context != NULL && key != NULL && trusted != NULL);
    root = draft("root", "root", true);
    check(X509_sign(root, key, EVP_sha256()) > 0 && X509_STORE_add_cert(trusted, root) == 1);
    ssl = SSL_new(context);
    SSL_CTX_free(context);
    check(ssl != NULL);
    return 0;
}

/* -- Beside ours --------------------------------------------------------------------------------------------------- */

static void check_record(const tls_verify_record *record, bool allowed)
{
    bool refused = false;

    for (size_t i = 0; i < record->count; i++) {
        check(record->errors[i].code == FACTS_TLS_NAME_CONSTRAINTS); /* there is nothing else wrong */
        refused = true;
    }
    check(refused == !allowed);
}

/* As the handshake asks. */
static void check_remembered(X509 *leaf, STACK_OF(X509) * sent, tls_verify_cache *verified, bool allowed)
{
    static tls_verify_record record;
    X509_STORE_CTX *context = X509_STORE_CTX_new();

    memset(&record, 0, sizeof record);
    SSL_set_app_data(ssl, &record);
    check(context != NULL && X509_STORE_CTX_init(context, trusted, leaf, sent) == 1);
    X509_STORE_CTX_set_default(context, "ssl_server");
    X509_STORE_CTX_set_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx(), ssl);
    X509_VERIFY_PARAM_set_time(X509_STORE_CTX_get0_param(context), NOW);
    X509_VERIFY_PARAM_set_flags(X509_STORE_CTX_get0_param(context), X509_V_FLAG_PARTIAL_CHAIN);
    X509_VERIFY_PARAM_set_auth_level(X509_STORE_CTX_get0_param(context), TLS_VERIFY_LEVEL);
    tls_verify_cache_check(context, verified);
    check_record(&record, allowed);
    X509_STORE_CTX_free(context);
}

static void check_leaf(const names *own, X509 *authority, tls_verify_cache *verified, bool allowed)
{
    static tls_verify_record record;
    STACK_OF(X509) *sent = sk_X509_new_null();
    X509 *leaf = make_leaf(own);

    memset(&record, 0, sizeof record);
    check(sent != NULL && sk_X509_push(sent, leaf) > 0 && sk_X509_push(sent, authority) > 0);
    check(tls_path_verify_with(trusted, leaf, sent, NOW, &record));
    check_record(&record, allowed);
    check_remembered(leaf, sent, verified, allowed);
    check_remembered(leaf, sent, verified, allowed);
    sk_X509_free(sent);
    X509_free(leaf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const names nobody = {0};
    tls_verify_cache *verified = tls_verify_cache_new();
    input in;

    read_input(data, size, &in);
    X509 *authority = make_authority(&in);
    check(verified != NULL);
    check_leaf(&nobody, authority, verified, true);
    check_leaf(&in.own, authority, verified, is_allowed(&in));
    tls_verify_cache_free(verified);
    X509_free(authority);
    return 0;
}
