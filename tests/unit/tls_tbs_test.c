/* tls/tbs.h, tls/der.h and the hashes of a certificate: what OpenSSL finds once it has taken the extensions out itself.
 */
#include "tls/certificate.h"
#include "tls/der.h"
#include "tls/tbs.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define NOW 1800000000
#define YEAR 31536000
#define SCT_LIST "1.3.6.1.4.1.11129.2.4.2"
#define POISON "1.3.6.1.4.1.11129.2.4.3"
#define LONG 300 /* bytes of an extension that make the heads around it longer */

static EVP_PKEY *key;

static int set_up(void **state)
{
    (void)state;
    key = EVP_EC_gen("P-256");
    return key != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    EVP_PKEY_free(key);
    return 0;
}

static void extend(X509 *x509, int nid, const char *value)
{
    X509V3_CTX c;
    X509_EXTENSION *extension;

    X509V3_set_ctx(&c, x509, x509, NULL, NULL, 0);
    extension = X509V3_EXT_conf_nid(NULL, &c, nid, value);
    assert_non_null(extension);
    assert_int_equal(1, X509_add_ext(x509, extension, -1));
    X509_EXTENSION_free(extension);
}

static void extend_by(X509 *x509, const char *oid, size_t length, int at)
{
    ASN1_OBJECT *object = OBJ_txt2obj(oid, 1);
    ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
    unsigned char bytes[LONG] = {4};
    X509_EXTENSION *extension;

    ASN1_OCTET_STRING_set(value, bytes, (int)length);
    extension = X509_EXTENSION_create_by_OBJ(NULL, object, 0, value);
    assert_int_equal(1, X509_add_ext(x509, extension, at));
    X509_EXTENSION_free(extension);
    ASN1_OCTET_STRING_free(value);
    ASN1_OBJECT_free(object);
}

static X509 *draft(void)
{
    X509 *x509 = X509_new();

    X509_set_version(x509, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), 0x8765);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN", MBSTRING_UTF8, (const unsigned char *)"a.test", -1,
                               -1, 0);
    X509_set_issuer_name(x509, X509_get_subject_name(x509));
    ASN1_TIME_set(X509_getm_notBefore(x509), NOW);
    ASN1_TIME_set(X509_getm_notAfter(x509), NOW + YEAR);
    X509_set_pubkey(x509, key);
    return x509;
}

static void sign(X509 *x509)
{
    assert_true(X509_sign(x509, key, EVP_sha256()) > 0);
}

static void delete_extensions(X509 *x509, const char *oid)
{
    ASN1_OBJECT *object = OBJ_txt2obj(oid, 1);
    int at;

    while ((at = X509_get_ext_by_OBJ(x509, object, -1)) >= 0)
        X509_EXTENSION_free(X509_delete_ext(x509, at));
    ASN1_OBJECT_free(object);
}

static const char *hex(base_arena *arena, const uint8_t *bytes, size_t length)
{
    const char *text = "";

    for (size_t i = 0; i < length; i++)
        text = base_arena_format(arena, "%s%02x", text, bytes[i]);
    return text;
}

/* The hash of what OpenSSL encodes without both extensions. */
static const char *expected(const X509 *x509, base_arena *arena)
{
    X509 *copy = X509_dup((X509 *)x509);
    unsigned char *der = NULL;
    uint8_t digest[TLS_SHA256_SIZE];
    int length;

    delete_extensions(copy, SCT_LIST);
    delete_extensions(copy, POISON);
    length = i2d_re_X509_tbs(copy, &der);
    assert_true(length > 0);
    tls_sha256(der, (size_t)length, digest);
    OPENSSL_free(der);
    X509_free(copy);
    return hex(arena, digest, sizeof digest);
}

/* Frees the certificate. */
static void assert_hash(X509 *x509)
{
    base_arena arena = {0};
    facts_certificate whole, leaf;

    sign(x509);
    tls_certificate_read(x509, &arena, &whole);
    tls_certificate_read_leaf_only(x509, NULL, &arena, &leaf);
    assert_string_equal(whole.tbs, expected(x509, &arena));
    assert_string_equal(leaf.tbs, whole.tbs);
    assert_string_equal(leaf.fingerprint, whole.fingerprint);
    assert_string_equal(leaf.spki, whole.spki);
    base_arena_done(&arena);
    X509_free(x509);
}

static void the_hash_leaves_out_what_transparency_adds(void **state)
{
    static const char *const extensions[] = {NULL, SCT_LIST, POISON};

    (void)state;
    for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++)
        for (int at = -1; at <= 1; at++)
            for (size_t length = 4; length <= LONG; length += LONG - 4) {
                X509 *x509 = draft();

                extend(x509, NID_basic_constraints, "CA:FALSE");
                extend(x509, NID_subject_alt_name, "DNS:a.test");
                if (extensions[i] != NULL)
                    extend_by(x509, extensions[i], length, at);
                assert_hash(x509);
            }
}

static void without_other_extensions_the_field_goes_too(void **state)
{
    X509 *x509 = draft();

    (void)state;
    assert_hash(x509); /* no extension at all */
    x509 = draft();
    extend_by(x509, SCT_LIST, 4, -1);
    assert_hash(x509);
    x509 = draft();
    extend_by(x509, POISON, 4, -1);
    extend_by(x509, SCT_LIST, LONG, -1);
    assert_hash(x509);
}

/* A precertificate and what is issued for it differ in bytes, and not in this hash. */
static void a_precertificate_has_the_hash_of_its_certificate(void **state)
{
    base_arena arena = {0};
    facts_certificate facts[2];
    const char *const extensions[] = {POISON, SCT_LIST};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        X509 *x509 = draft();

        extend(x509, NID_subject_alt_name, "DNS:a.test");
        extend_by(x509, extensions[i], i == 0 ? 2 : LONG, -1);
        sign(x509);
        tls_certificate_read(x509, &arena, &facts[i]);
        X509_free(x509);
    }
    assert_string_equal(facts[0].tbs, facts[1].tbs);
    assert_string_not_equal(facts[0].fingerprint, facts[1].fingerprint);
    base_arena_done(&arena);
}

static void the_leaf_alone_says_who_it_is(void **state)
{
    static const uint8_t known[TLS_SHA256_SIZE] = {0xab};
    base_arena arena = {0};
    facts_certificate leaf;
    X509 *x509 = draft();
    unsigned char *spki = NULL;
    uint8_t digest[TLS_SHA256_SIZE];
    int length = i2d_PUBKEY(key, &spki);

    (void)state;
    extend(x509, NID_subject_key_identifier, "hash");
    extend(x509, NID_authority_key_identifier, "keyid:always");
    extend(x509, NID_subject_alt_name,
           "DNS:a.test, email:a@a.test, DNS:*.a.test, IP:192.0.2.1, IP:2001:db8::1, URI:https://a.test/");
    sign(x509);
    tls_certificate_read_leaf_only(x509, known, &arena, &leaf);
    tls_sha256(spki, (size_t)length, digest);
    assert_string_equal(leaf.spki, hex(&arena, digest, sizeof digest));
    assert_string_equal(leaf.fingerprint, hex(&arena, known, sizeof known));
    assert_string_equal(leaf.serial, "8765");
    assert_int_equal(strlen(leaf.authority_key), 40);
    assert_int_equal(leaf.not_before, NOW);
    assert_int_equal(leaf.not_after, NOW + YEAR);
    assert_int_equal(leaf.name_count, 4);
    assert_string_equal(leaf.names[0], "a.test");
    assert_string_equal(leaf.names[1], "*.a.test");
    assert_string_equal(leaf.names[2], "192.0.2.1");
    assert_string_equal(leaf.names[3], "2001:db8::1");
    OPENSSL_free(spki);
    X509_free(x509);
    base_arena_done(&arena);
}

/* RFC 5280 4.2: an extension stands there once; which of two would count nobody can tell. */
static void names_that_are_not_clear_are_none(void **state)
{
    base_arena arena = {0};
    facts_certificate leaf;
    X509 *x509 = draft();

    (void)state;
    extend(x509, NID_subject_alt_name, "DNS:a.test");
    extend(x509, NID_subject_alt_name, "DNS:b.test");
    sign(x509);
    tls_certificate_read_leaf_only(x509, NULL, &arena, &leaf);
    assert_int_equal(leaf.name_count, 0);
    assert_null(leaf.authority_key);
    X509_free(x509);
    x509 = draft();
    extend_by(x509, "2.5.29.17", 7, -1); /* no SEQUENCE */
    sign(x509);
    tls_certificate_read_leaf_only(x509, NULL, &arena, &leaf);
    assert_int_equal(leaf.name_count, 0);
    X509_free(x509);
    ERR_clear_error();
    base_arena_done(&arena);
}

static void times_are_those_that_openssl_reads(void **state)
{
    static const struct {
        const char *text;
        int64_t seconds;
    } cases[] = {
        {"700101000000Z", 0},
        {"491231235959Z", 2524607999},
        {"500101000000Z", -631152000},
        {"20000229120000Z", 951825600},
        {"99991231235959Z", 253402300799},
        {"230229000000Z", HF_TIME_UNKNOWN},
        {"261301000000Z", HF_TIME_UNKNOWN},
        {"260101000060Z", HF_TIME_UNKNOWN},
        {"nonsense", HF_TIME_UNKNOWN},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t length = strlen(cases[i].text);
        ASN1_TIME *time = ASN1_STRING_type_new(length == 15 ? V_ASN1_GENERALIZEDTIME : V_ASN1_UTCTIME);

        ASN1_STRING_set(time, cases[i].text, (int)length);
        assert_int_equal(tls_certificate_time(time), cases[i].seconds);
        ASN1_TIME_free(time);
    }
    ERR_clear_error();
}

/* -- DER ----------------------------------------------------------------------------------------------------------- */

#define SPAN(text)                                                                                                     \
    {                                                                                                                  \
        text, sizeof text - 1                                                                                          \
    }

static void der_is_read_in_one_form_alone(void **state)
{
    static const hf_span refused[] = {
        {"", 0},
        SPAN("\x30"),
        SPAN("\x30\x01"),
        SPAN("\x30\x80\0\0"),               /* indefinite */
        SPAN("\x30\x81\x01x"),              /* not the shortest */
        SPAN("\x30\x82\0\x80"),             /* the same */
        SPAN("\x30\x89\1\0\0\0\0\0\0\0\0"), /* longer than memory */
        SPAN("\x30\x88\xff\xff\xff\xff\xff\xff\xff\xff"),
        SPAN("\x1f\x81\1\0"), /* a tag of several bytes */
    };
    hf_span rest = SPAN("\x02\x01\x05\x04\x00");
    tls_der element;

    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        hf_span left = refused[i];

        assert_false(tls_der_next(&left, &element));
        assert_int_equal(left.length, refused[i].length);
    }
    assert_false(tls_der_take(&rest, TLS_DER_SEQUENCE, &element));
    assert_true(tls_der_next(&rest, &element));
    assert_int_equal(element.tag, 2);
    assert_int_equal(element.whole.length, 3);
    assert_memory_equal(element.content.data, "\x05", 1);
    assert_true(tls_der_take(&rest, 4, &element));
    assert_int_equal(element.content.length, 0);
    assert_int_equal(rest.length, 0);
}

static void heads_are_read_as_they_are_written(void **state)
{
    static const size_t lengths[] = {0, 1, 127, 128, 255, 256, 65535, 65536, 1 << 20};
    static char bytes[(1 << 20) + TLS_DER_HEAD_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        size_t head = tls_der_head(0xa3, lengths[i], bytes);
        hf_span rest = {bytes, head + lengths[i]};
        tls_der element;

        assert_true(tls_der_next(&rest, &element));
        assert_int_equal(element.tag, 0xa3);
        assert_int_equal(element.content.length, lengths[i]);
    }
}

static void what_is_no_certificate_has_no_parts(void **state)
{
    static const hf_span refused[] = {
        {"", 0},
        SPAN("\x30\x00"),
        SPAN("\x30\x02\x30\x00"),
        SPAN("\x30\x0e\x30\x0c\x02\x00\x30\x00\x30\x00\x30\x00\x30\x00\x30\x00\x05"),     /* and more behind it */
        SPAN("\x30\x0f\x30\x0d\x02\x00\x30\x00\x30\x00\x30\x00\x30\x00\x30\x00\x05"),     /* cut */
        SPAN("\x30\x10\x30\x0e\x02\x00\x30\x00\x30\x00\x30\x00\x30\x00\x30\x00\xa3\x00"), /* no list of extensions */
        SPAN("\x30\x12\x30\x10\x02\x00\x30\x00\x30\x00\x30\x00\x30\x00\x30\x00\xa3\x02\x30\x00"), /* an empty one */
    };
    const hf_span valid = SPAN("\x30\x0e\x30\x0c\x02\x00\x30\x00\x30\x00\x30\x00\x30\x00\x30\x00");
    tls_tbs tbs;

    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        assert_false(tls_tbs_read(refused[i], &tbs));
    assert_true(tls_tbs_read(valid, &tbs));
    assert_int_equal(tbs.whole.length, 14);
    assert_int_equal(tbs.before.length, 12);
    assert_int_equal(tbs.key.length, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_hash_leaves_out_what_transparency_adds),
        cmocka_unit_test(without_other_extensions_the_field_goes_too),
        cmocka_unit_test(a_precertificate_has_the_hash_of_its_certificate),
        cmocka_unit_test(the_leaf_alone_says_who_it_is),
        cmocka_unit_test(names_that_are_not_clear_are_none),
        cmocka_unit_test(times_are_those_that_openssl_reads),
        cmocka_unit_test(der_is_read_in_one_form_alone),
        cmocka_unit_test(heads_are_read_as_they_are_written),
        cmocka_unit_test(what_is_no_certificate_has_no_parts),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
