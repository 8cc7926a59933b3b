#include "tls/certificates.h"

#include "tls/openssl_provider.h"
#include "tls/ssl.h"

#include "base/base64.h"
#include "base/memory.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#define BEGIN "-----BEGIN "
#define PEM_LINE 48 /* octets: 64 characters */

struct tls_certificates {
    STACK_OF(X509) * stack;
};

const char *tls_form_name(tls_form form)
{
    static const char *const names[] = {
#define TLS_X(symbol, name) name,
        TLS_FORM_MAP(TLS_X)
#undef TLS_X
    };

    return names[form];
}

tls_certificates *tls_certificates_new(void)
{
    tls_certificates *certificates = base_allocate(sizeof *certificates);

    certificates->stack = sk_X509_new_null();
    if (certificates->stack == NULL)
        base_out_of_memory();
    return certificates;
}

void tls_certificates_free(tls_certificates *certificates)
{
    if (certificates == NULL)
        return;
    sk_X509_pop_free(certificates->stack, X509_free);
    free(certificates);
}

size_t tls_certificates_count(const tls_certificates *certificates)
{
    return (size_t)sk_X509_num(certificates->stack);
}

struct stack_st_X509 *tls_certificates_stack(const tls_certificates *certificates)
{
    return certificates->stack;
}

/* -- One certificate ----------------------------------------------------------------------------------------------- */

static bool is_full(const tls_certificates *certificates)
{
    return tls_certificates_count(certificates) == TLS_CERTIFICATES_COUNT_MAX;
}

/* What stands behind it in `octets`; NULL: they do not begin with a certificate. */
static const char *add_first(tls_certificates *certificates, hf_span octets)
{
    const unsigned char *at = (const unsigned char *)octets.data;
    X509 *x509 = X509_new_ex(tls_openssl_context(), NULL);

    if (x509 == NULL)
        base_out_of_memory();
    if (d2i_X509(&x509, &at, (long)octets.length) == NULL) { /* frees it */
        ERR_clear_error();
        return NULL;
    }
    if (sk_X509_push(certificates->stack, x509) <= 0)
        base_out_of_memory();
    return (const char *)at;
}

bool tls_certificates_add(tls_certificates *certificates, hf_span der)
{
    return !is_full(certificates) && add_first(certificates, der) != NULL;
}

bool tls_certificates_add_x509(tls_certificates *certificates, const X509 *x509)
{
    unsigned char *der = NULL;
    int length = i2d_X509(x509, &der);
    bool is_added = length > 0 && tls_certificates_add(certificates, (hf_span){(const char *)der, (size_t)length});

    OPENSSL_free(der);
    return is_added;
}

static bool refuse_more(base_error *error)
{
    base_error_set(error, "more than %d certificates", TLS_CERTIFICATES_COUNT_MAX);
    return false;
}

/* -- PKCS #7 ------------------------------------------------------------------------------------------------------- */

static bool add_all(tls_certificates *certificates, const STACK_OF(X509) * found, base_error *error)
{
    for (int i = 0; i < sk_X509_num(found); i++) {
        if (is_full(certificates))
            return refuse_more(error);
        if (!tls_certificates_add_x509(certificates, sk_X509_value(found, i))) {
            base_error_set(error, "certificate %d of the PKCS #7 structure cannot be read", i + 1);
            return false;
        }
    }
    if (sk_X509_num(found) > 0)
        return true;
    base_error_set(error, "a PKCS #7 structure without certificates");
    return false;
}

/* What stands behind it; NULL, with the reason: nothing of the kind stands there. */
static const char *read_pkcs7(tls_certificates *certificates, hf_span octets, base_error *error)
{
    const unsigned char *at = (const unsigned char *)octets.data;
    PKCS7 *pkcs7 = d2i_PKCS7(NULL, &at, (long)octets.length);
    bool is_read = false;

    if (pkcs7 == NULL)
        base_error_set(error, "neither a certificate nor a PKCS #7 structure");
    else if (!PKCS7_type_is_signed(pkcs7) || pkcs7->d.sign == NULL)
        base_error_set(error, "a PKCS #7 structure of a type that holds no certificates");
    else
        is_read = add_all(certificates, pkcs7->d.sign->cert, error);
    PKCS7_free(pkcs7);
    ERR_clear_error();
    return is_read ? (const char *)at : NULL;
}

/* -- DER ----------------------------------------------------------------------------------------------------------- */

/* A SEQUENCE of more than 127 octets, or of a length that BER leaves open: no text begins so, and no certificate is
 * shorter. */
static bool is_der(hf_span octets)
{
    return octets.length > 2 && octets.data[0] == 0x30 && ((unsigned char)octets.data[1] & 0x80u) != 0;
}

static bool read_der(tls_certificates *certificates, hf_span octets, tls_form *form, base_error *error)
{
    const char *end = octets.data + octets.length, *behind;

    *form = TLS_FORM_DER;
    if (is_full(certificates))
        return refuse_more(error);
    behind = add_first(certificates, octets);
    if (behind == NULL) {
        *form = TLS_FORM_PKCS7;
        behind = read_pkcs7(certificates, octets, error);
    }
    if (behind == NULL || behind == end)
        return behind != NULL;
    base_error_set(error, "%zu octets stand behind the %s structure", (size_t)(end - behind), tls_form_name(*form));
    return false;
}

/* -- PEM ----------------------------------------------------------------------------------------------------------- */

typedef struct pem_block {
    char *name, *header;
    unsigned char *data;
    long length;
} pem_block;

static void free_block(pem_block *block)
{
    OPENSSL_free(block->name);
    OPENSSL_free(block->header);
    OPENSSL_clear_free(block->data, (size_t)block->length); /* it may be a private key */
    *block = (pem_block){0};
}

static bool is_named(const pem_block *block, const char *name)
{
    return strcmp(block->name, name) == 0;
}

/* What OpenSSL calls trusted has more behind the certificate, which is not asked for. */
static bool read_block(tls_certificates *certificates, const pem_block *block, size_t number, tls_form *form,
                       base_error *error)
{
    hf_span octets = {(const char *)block->data, (size_t)block->length};

    if (is_named(block, PEM_STRING_PKCS7) || is_named(block, PEM_STRING_PKCS7_SIGNED) ||
        is_named(block, PEM_STRING_CMS)) {
        *form = TLS_FORM_PKCS7;
        if (read_pkcs7(certificates, octets, error) != NULL)
            return true;
        base_error_wrap(error, "PEM block %zu", number);
        return false;
    }
    if (!is_named(block, PEM_STRING_X509) && !is_named(block, PEM_STRING_X509_OLD) &&
        !is_named(block, PEM_STRING_X509_TRUSTED))
        return true;
    if (is_full(certificates))
        return refuse_more(error);
    if (add_first(certificates, octets) != NULL)
        return true;
    base_error_set(error, "PEM block %zu is no certificate, though it says so", number);
    return false;
}

/* False at the end, with the reason if it is not the end of the file. */
static bool next_block(BIO *bio, pem_block *block, size_t number, bool *good, base_error *error)
{
    char why[80];

    if (PEM_read_bio(bio, &block->name, &block->header, &block->data, &block->length) == 1)
        return true;
    *good = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    if (!*good) {
        tls_ssl_error(why, sizeof why);
        base_error_set(error, "PEM block %zu is malformed: %s", number, why);
    }
    ERR_clear_error();
    return false;
}

static bool read_pem(tls_certificates *certificates, hf_span octets, tls_form *form, base_error *error)
{
    BIO *bio = BIO_new_mem_buf(octets.data, (int)octets.length);
    size_t before = tls_certificates_count(certificates), number = 1;
    pem_block block = {0};
    bool good = true;

    if (bio == NULL)
        base_out_of_memory();
    *form = TLS_FORM_PEM;
    while (good && next_block(bio, &block, number, &good, error)) {
        good = read_block(certificates, &block, number++, form, error);
        free_block(&block);
    }
    BIO_free(bio);
    if (good && tls_certificates_count(certificates) == before) {
        base_error_set(error, "PEM without a certificate");
        good = false;
    }
    return good;
}

/* -- Whichever form it has ----------------------------------------------------------------------------------------- */

static bool holds(hf_span octets, const char *text)
{
    size_t length = strlen(text);

    for (size_t i = 0; i + length <= octets.length; i++)
        if (memcmp(octets.data + i, text, length) == 0)
            return true;
    return false;
}

bool tls_certificates_read(tls_certificates *certificates, hf_span octets, tls_form *form, base_error *error)
{
    if (octets.length > TLS_CERTIFICATES_FILE_MAX)
        base_error_set(error, "longer than %zu octets", TLS_CERTIFICATES_FILE_MAX);
    else if (octets.length == 0)
        base_error_set(error, "empty");
    else if (is_der(octets))
        return read_der(certificates, octets, form, error);
    else if (holds(octets, BEGIN))
        return read_pem(certificates, octets, form, error);
    else
        base_error_set(error, "no certificates in PEM, DER or PKCS #7");
    return false;
}

/* -- Writing ------------------------------------------------------------------------------------------------------- */

void tls_certificates_write_pem(hf_span der, base_buffer *out)
{
    base_buffer_text(out, BEGIN PEM_STRING_X509 "-----\n");
    for (size_t at = 0; at < der.length; at += PEM_LINE) {
        base_base64_write(der.data + at, der.length - at < PEM_LINE ? der.length - at : PEM_LINE, out);
        base_buffer_char(out, '\n');
    }
    base_buffer_text(out, "-----END " PEM_STRING_X509 "-----\n");
}
