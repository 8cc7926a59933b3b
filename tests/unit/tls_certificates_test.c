/* Files of certificates: each form is read, what is no certificate is refused with the reason; and the key with them.
 */
#include "tls/certificates.h"
#include "tls/private_key.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static EVP_PKEY *own_key, *other_key;
static X509 *own;

static X509 *make(EVP_PKEY *key)
{
    X509 *x509 = X509_new();

    X509_set_version(x509, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN", MBSTRING_UTF8, (const unsigned char *)"a", -1, -1, 0);
    X509_set_issuer_name(x509, X509_get_subject_name(x509));
    X509_gmtime_adj(X509_getm_notBefore(x509), 0);
    X509_gmtime_adj(X509_getm_notAfter(x509), 86400);
    X509_set_pubkey(x509, key);
    assert_true(X509_sign(x509, key, EVP_sha256()) > 0);
    return x509;
}

static int set_up(void **state)
{
    (void)state;
    own_key = EVP_EC_gen("P-256");
    other_key = EVP_EC_gen("P-256");
    own = make(own_key);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    X509_free(own);
    EVP_PKEY_free(own_key);
    EVP_PKEY_free(other_key);
    return 0;
}

static void put_der(base_buffer *out)
{
    unsigned char *der = NULL;
    int length = i2d_X509(own, &der);

    base_buffer_append(out, (const char *)der, (size_t)length);
    OPENSSL_free(der);
}

static void put_pem(base_buffer *out)
{
    base_buffer der;

    base_buffer_init(&der, 65536);
    put_der(&der);
    tls_certificates_write_pem((hf_span){base_buffer_string(&der), der.length}, out);
    base_buffer_done(&der);
}

/* "Certs-only": nobody signs anything. */
static void put_pkcs7(base_buffer *out, size_t count)
{
    PKCS7 *pkcs7 = PKCS7_new();
    unsigned char *der = NULL;
    int length;

    PKCS7_set_type(pkcs7, NID_pkcs7_signed);
    PKCS7_content_new(pkcs7, NID_pkcs7_data);
    for (size_t i = 0; i < count; i++)
        PKCS7_add_certificate(pkcs7, own);
    length = i2d_PKCS7(pkcs7, &der);
    base_buffer_append(out, (const char *)der, (size_t)length);
    OPENSSL_free(der);
    PKCS7_free(pkcs7);
}

static void assert_read(const base_buffer *octets, size_t count, tls_form form)
{
    tls_certificates *certificates = tls_certificates_new();
    tls_form found;
    base_error error;

    if (!tls_certificates_read(certificates, (hf_span){base_buffer_string(octets), octets->length}, &found, &error))
        fail_msg("%s", error.text);
    assert_int_equal(tls_certificates_count(certificates), count);
    assert_int_equal(found, form);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(X509_cmp(sk_X509_value(tls_certificates_stack(certificates), (int)i), own), 0);
    tls_certificates_free(certificates);
}

static void assert_refused(const base_buffer *octets, const char *why)
{
    tls_certificates *certificates = tls_certificates_new();
    tls_form form;
    base_error error = {""};

    assert_false(
        tls_certificates_read(certificates, (hf_span){base_buffer_string(octets), octets->length}, &form, &error));
    if (strstr(error.text, why) == NULL)
        fail_msg("no '%s' in: %s", why, error.text);
    tls_certificates_free(certificates);
}

static void each_form_is_read(void **state)
{
    base_buffer octets;

    (void)state;
    base_buffer_init(&octets, TLS_CERTIFICATES_FILE_MAX);
    put_der(&octets);
    assert_read(&octets, 1, TLS_FORM_DER);
    base_buffer_clear(&octets);
    put_pkcs7(&octets, 3);
    assert_read(&octets, 3, TLS_FORM_PKCS7);
    base_buffer_clear(&octets);
    base_buffer_text(&octets, "0 s:CN=a\n-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n");
    put_pem(&octets);
    put_pem(&octets);
    assert_read(&octets, 2, TLS_FORM_PEM);
    base_buffer_done(&octets);
}

static void what_is_no_certificate_is_refused(void **state)
{
    static const struct {
        const char *text, *why;
    } cases[] = {
        {"", "empty"},
        {"hello", "no certificates in PEM, DER or PKCS #7"},
        {"-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n", "PEM without a certificate"},
        {"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n", "PEM block 1 is no certificate"},
        {"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICAT-----\n", "PEM block 1 is malformed"},
        {"-----BEGIN PKCS7-----\nMAA=\n-----END PKCS7-----\n", "PEM block 1: neither"},
        {"0\x82xx", "neither a certificate nor"},
    };
    base_buffer octets;

    (void)state;
    base_buffer_init(&octets, 2 * TLS_CERTIFICATES_FILE_MAX);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        base_buffer_clear(&octets);
        base_buffer_text(&octets, cases[i].text);
        assert_refused(&octets, cases[i].why);
    }
    base_buffer_clear(&octets);
    put_pkcs7(&octets, 0);
    assert_refused(&octets, "no certificates in"); /* shorter than any certificate */
    base_buffer_clear(&octets);
    put_der(&octets);
    base_buffer_char(&octets, '\n');
    assert_refused(&octets, "1 octets stand behind");
    base_buffer_clear(&octets);
    for (size_t i = 0; i <= TLS_CERTIFICATES_COUNT_MAX; i++)
        put_pem(&octets);
    assert_refused(&octets, "more than 64 certificates");
    while (octets.length <= TLS_CERTIFICATES_FILE_MAX)
        base_buffer_text(&octets, "and so on, and so on, and so on");
    assert_refused(&octets, "longer than");
    base_buffer_done(&octets);
}

static tls_private_key *read_key(const EVP_PKEY *key, const EVP_CIPHER *cipher, base_error *error)
{
    BIO *bio = BIO_new(BIO_s_mem());
    tls_private_key *read;
    char *text;
    long length;

    assert_int_equal(PEM_write_bio_PKCS8PrivateKey(bio, key, cipher, "secret", 6, NULL, NULL), 1);
    length = BIO_get_mem_data(bio, &text);
    read = tls_private_key_read((hf_span){text, (size_t)length}, error);
    BIO_free(bio);
    return read;
}

static void a_key_fits_its_certificate_alone(void **state)
{
    base_arena arena = {0};
    base_buffer der;
    base_error error;
    tls_private_key *good = read_key(own_key, NULL, &error), *bad = read_key(other_key, NULL, &error);

    (void)state;
    base_buffer_init(&der, 65536);
    put_der(&der);
    assert_non_null(good);
    assert_non_null(bad);
    assert_true(tls_private_key_fits(good, (hf_span){base_buffer_string(&der), der.length}));
    assert_false(tls_private_key_fits(bad, (hf_span){base_buffer_string(&der), der.length}));
    assert_false(tls_private_key_fits(good, (hf_span){"", 0}));
    assert_string_equal(tls_private_key_type(good, &arena), "EC");
    assert_int_equal(tls_private_key_bits(good), 256);
    assert_null(read_key(own_key, EVP_aes_128_cbc(), &error));
    assert_non_null(strstr(error.text, "is encrypted"));
    tls_private_key_free(good);
    tls_private_key_free(bad);
    base_buffer_done(&der);
    base_arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_form_is_read),
        cmocka_unit_test(what_is_no_certificate_is_refused),
        cmocka_unit_test(a_key_fits_its_certificate_alone),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
