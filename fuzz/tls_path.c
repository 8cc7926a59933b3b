/*
 * Paths beside a naive model. The input is a bag of certificates of a few authorities, each of which may be certified
 * by any other, with something wrong or not, sent or trusted. The model tries every sequence of them, without any order
 * or hint; the chain is accepted exactly if one of those is good.
 *
 * Three octets are a certificate: whose it is and who issued it; with which key it was signed, and what key it holds;
 * what is wrong with it. The first three are the server's own.
 */
#include "tls/path.h"

#include <openssl/evp.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

enum { NAMES = 5, KEYS = 6, MAX = 6, NOW = 1800000000, YEAR = 31536000, OWN_KEY = 5, NO_LIMIT = 255 };

static EVP_PKEY *keys[KEYS];

static void check(bool condition)
{
    if (!condition)
        abort();
}

/* -- What the input says ------------------------------------------------------------------------------------------- */

typedef struct certificate {
    uint8_t subject, issuer, key, signer;
    bool expired, plain, lies, trusted;
    uint8_t length; /* the path length constraint */
    X509 *x509;
} certificate;

static void read_certificate(const uint8_t *octets, bool is_leaf, certificate *c)
{
    *c = (certificate){.subject = octets[0] % NAMES,
                       .issuer = (octets[0] >> 4) % NAMES,
                       .key = octets[1] % OWN_KEY,
                       .signer = (octets[1] >> 4) % OWN_KEY,
                       .expired = (octets[2] & 3) == 3,
                       .plain = (octets[2] & 12) == 12,
                       .lies = (octets[2] & 16) != 0,
                       .trusted = !is_leaf && (octets[2] & 96) == 96,
                       .length = (octets[2] & 128) != 0 ? octets[0] >> 3 & 1 : NO_LIMIT};
    if (is_leaf) {
        c->subject = NAMES; /* it is nobody's issuer */
        c->key = OWN_KEY;
        c->plain = true;
        c->length = NO_LIMIT;
    }
}

/* -- The model ----------------------------------------------------------------------------------------------------- */

/* Authorities below number `depth` of the path, without the server's own and those that issued themselves. */
static size_t count_between(const certificate *const path[], size_t depth)
{
    size_t count = 0;

    for (size_t i = 1; i < depth; i++)
        count += path[i]->subject != path[i]->issuer;
    return count;
}

static bool is_good(const certificate *const path[], size_t length)
{
    if (!path[length - 1]->trusted)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (path[i]->expired || (i > 0 && (path[i]->plain || count_between(path, i) > path[i]->length)))
            return false;
        if (i + 1 < length && (path[i]->issuer != path[i + 1]->subject || path[i]->signer != path[i + 1]->key))
            return false;
    }
    return true;
}

/* Neither browser goes through an authority twice, and both stop at the first that is trusted. */
static bool may_follow(const certificate *const path[], size_t length, const certificate *next)
{
    if (path[length - 1]->trusted)
        return false;
    for (size_t i = 0; i < length && !next->trusted; i++)
        if (path[i]->subject == next->subject && path[i]->key == next->key)
            return false;
    for (size_t i = 0; i < length; i++)
        if (path[i] == next)
            return false;
    return true;
}

static bool has_good_path(const certificate *path[], size_t length, const certificate all[], size_t count)
{
    bool found = is_good(path, length);

    for (size_t i = 1; !found && i < count; i++)
        if (may_follow(path, length, &all[i])) {
            path[length] = &all[i];
            found = has_good_path(path, length + 1, all, count);
        }
    return found;
}

/* -- The certificates ---------------------------------------------------------------------------------------------- */

static void name(X509_NAME *to, uint8_t number)
{
    const unsigned char letter = (unsigned char)('a' + number);

    check(X509_NAME_add_entry_by_txt(to, "CN", MBSTRING_UTF8, &letter, 1, -1, 0) == 1);
}

static void constrain(X509 *x509, const certificate *c)
{
    BASIC_CONSTRAINTS *basic = BASIC_CONSTRAINTS_new();

    check(basic != NULL);
    basic->ca = c->plain ? 0 : 0xff;
    if (!c->plain && c->length != NO_LIMIT) {
        basic->pathlen = ASN1_INTEGER_new();
        check(basic->pathlen != NULL && ASN1_INTEGER_set(basic->pathlen, c->length) == 1);
    }
    check(X509_add1_ext_i2d(x509, NID_basic_constraints, basic, 1, X509V3_ADD_DEFAULT) == 1);
    BASIC_CONSTRAINTS_free(basic);
}

static void identify(X509 *x509, const certificate *c)
{
    const unsigned char own[] = {c->key}, authority[] = {c->lies ? 0xff : c->signer};
    ASN1_OCTET_STRING *identifier = ASN1_OCTET_STRING_new();
    AUTHORITY_KEYID *above = AUTHORITY_KEYID_new();

    check(identifier != NULL && above != NULL && ASN1_OCTET_STRING_set(identifier, own, 1) == 1);
    check(X509_add1_ext_i2d(x509, NID_subject_key_identifier, identifier, 0, X509V3_ADD_DEFAULT) == 1);
    check(ASN1_OCTET_STRING_set(identifier, authority, 1) == 1);
    above->keyid = identifier;
    check(X509_add1_ext_i2d(x509, NID_authority_key_identifier, above, 0, X509V3_ADD_DEFAULT) == 1);
    AUTHORITY_KEYID_free(above);
}

static void make(certificate *c, long serial)
{
    X509 *x509 = c->x509 = X509_new();

    check(x509 != NULL && X509_set_version(x509, X509_VERSION_3) == 1);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), serial);
    name(X509_get_subject_name(x509), c->subject);
    name(X509_get_issuer_name(x509), c->issuer);
    ASN1_TIME_set(X509_getm_notBefore(x509), NOW - YEAR);
    ASN1_TIME_set(X509_getm_notAfter(x509), c->expired ? NOW - 1 : NOW + YEAR);
    check(X509_set_pubkey(x509, keys[c->key]) == 1);
    constrain(x509, c);
    identify(x509, c);
    check(X509_sign(x509, keys[c->signer], EVP_sha256()) > 0);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    for (int i = 0; i < KEYS; i++) {
        keys[i] = EVP_EC_gen("P-256");
        check(keys[i] != NULL);
    }
    return 0;
}

/* -- Beside ours --------------------------------------------------------------------------------------------------- */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static tls_verify_record record;
    certificate all[MAX];
    const certificate *path[MAX] = {&all[0]};
    X509_STORE *store = X509_STORE_new();
    size_t count = 0;

    STACK_OF(X509) *sent = sk_X509_new_null();

    check(store != NULL && sent != NULL);
    X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
    for (; count < MAX && 3 * (count + 1) <= size; count++) {
        read_certificate(data + 3 * count, count == 0, &all[count]);
        make(&all[count], (long)count + 1);
        check(all[count].trusted ? X509_STORE_add_cert(store, all[count].x509) == 1
                                 : sk_X509_push(sent, all[count].x509) > 0);
    }
    if (count > 0) {
        memset(&record, 0, sizeof record);
        check(tls_path_verify_with(store, all[0].x509, sent, NOW, &record));
        check((record.count == 0) == has_good_path(path, 1, all, count));
        check(record.limit != FACTS_PATH_LIMIT_FIREFOX); /* there are not enough for that */
    }
    for (size_t i = 0; i < count; i++)
        X509_free(all[i].x509);
    sk_X509_free(sent);
    X509_STORE_free(store);
    return 0;
}
