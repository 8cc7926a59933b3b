/* Files of certificates, and what AIA URLs answer with: what is read of them, written as PEM, is read as the same. */
#include "tls/certificates.h"
#include "tls/private_key.h"

#include <openssl/x509.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool condition)
{
    if (!condition)
        abort();
}

static void write_all(STACK_OF(X509) * stack, base_buffer *pem)
{
    for (int i = 0; i < sk_X509_num(stack); i++) {
        unsigned char *der = NULL;
        int length = i2d_X509(sk_X509_value(stack, i), &der);

        check(length > 0);
        tls_certificates_write_pem((hf_span){(const char *)der, (size_t)length}, pem);
        OPENSSL_free(der);
    }
}

static void read_back(const tls_certificates *certificates)
{
    tls_certificates *again = tls_certificates_new();

    STACK_OF(X509) *stack = tls_certificates_stack(certificates), *other = tls_certificates_stack(again);
    base_buffer pem;
    tls_form form;
    base_error error;

    base_buffer_init(&pem, 4 * TLS_CERTIFICATES_FILE_MAX);
    write_all(stack, &pem);
    if (pem.length <= TLS_CERTIFICATES_FILE_MAX) {
        check(tls_certificates_read(again, (hf_span){base_buffer_string(&pem), pem.length}, &form, &error));
        check(form == TLS_FORM_PEM && sk_X509_num(stack) == sk_X509_num(other));
        for (int i = 0; i < sk_X509_num(stack); i++)
            check(X509_cmp(sk_X509_value(stack, i), sk_X509_value(other, i)) == 0);
    }
    base_buffer_done(&pem);
    tls_certificates_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const hf_span octets = {(const char *)data, size};
    tls_certificates *certificates = tls_certificates_new();
    tls_form form;
    base_error error = {""};
    bool good = tls_certificates_read(certificates, octets, &form, &error);

    check(good == (error.text[0] == '\0'));
    check(!good || tls_certificates_count(certificates) > 0);
    check(tls_certificates_count(certificates) <= TLS_CERTIFICATES_COUNT_MAX);
    if (good)
        read_back(certificates);
    tls_certificates_free(certificates);
    tls_private_key_free(tls_private_key_read(octets, &error));
    return 0;
}
