#include "tls/private_key.h"

#include "tls/ssl.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

struct tls_private_key {
    EVP_PKEY *key;
};

/* -- Which block it is --------------------------------------------------------------------------------------------- */

typedef enum block_kind { BLOCK_OTHER, BLOCK_KEY, BLOCK_ENCRYPTED, BLOCK_NONE } block_kind;

/* "Proc-Type: 4,ENCRYPTED" (RFC 1421) is the old form, a block of its own name (RFC 7468 11) the new one. */
static block_kind kind_of(const char *name, const char *header)
{
    const char *kind = strstr(name, "PRIVATE KEY");

    if (kind == NULL || kind[strlen("PRIVATE KEY")] != '\0')
        return BLOCK_OTHER;
    if (strcmp(name, PEM_STRING_PKCS8) == 0 || strstr(header, "ENCRYPTED") != NULL)
        return BLOCK_ENCRYPTED;
    return BLOCK_KEY;
}

static block_kind next_kind(BIO *bio)
{
    char *name, *header;
    unsigned char *data;
    long length;
    block_kind kind;

    if (PEM_read_bio(bio, &name, &header, &data, &length) != 1)
        return BLOCK_NONE;
    kind = kind_of(name, header);
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_clear_free(data, (size_t)length);
    return kind;
}

static block_kind first_kind(hf_span octets)
{
    BIO *bio = BIO_new_mem_buf(octets.data, (int)octets.length);
    block_kind kind = BLOCK_OTHER;

    if (bio == NULL)
        base_out_of_memory();
    while (kind == BLOCK_OTHER)
        kind = next_kind(bio);
    BIO_free(bio);
    ERR_clear_error();
    return kind;
}

/* -- Reading ------------------------------------------------------------------------------------------------------- */

/* OpenSSL would ask at the terminal. */
static int give_no_passphrase(char *passphrase, int size, int writes, void *self)
{
    (void)passphrase, (void)size, (void)writes, (void)self;
    return -1;
}

static EVP_PKEY *read_key(hf_span octets, base_error *error)
{
    BIO *bio = BIO_new_mem_buf(octets.data, (int)octets.length);
    EVP_PKEY *key;
    char why[80];

    if (bio == NULL)
        base_out_of_memory();
    ERR_clear_error();
    key = PEM_read_bio_PrivateKey(bio, NULL, give_no_passphrase, NULL);
    if (key == NULL) {
        tls_ssl_error(why, sizeof why);
        base_error_set(error, "the private key cannot be read: %s", why);
    }
    BIO_free(bio);
    ERR_clear_error();
    return key;
}

tls_private_key *tls_private_key_read(hf_span octets, base_error *error)
{
    tls_private_key *key;
    EVP_PKEY *read;

    switch (first_kind(octets)) {
    case BLOCK_ENCRYPTED:
        base_error_set(error, "the private key is encrypted, and no passphrase is asked for: decrypt it first "
                              "(openssl pkey -in FILE -out KEY), or leave --key out");
        return NULL;
    case BLOCK_NONE:
    case BLOCK_OTHER:
        base_error_set(error, "no private key in PEM");
        return NULL;
    case BLOCK_KEY:
        break;
    }
    read = read_key(octets, error);
    if (read == NULL)
        return NULL;
    key = base_allocate(sizeof *key);
    key->key = read;
    return key;
}

void tls_private_key_free(tls_private_key *key)
{
    if (key == NULL)
        return;
    EVP_PKEY_free(key->key);
    free(key);
}

void tls_private_key_forget(void *octets, size_t length)
{
    OPENSSL_cleanse(octets, length);
}

/* -- What it is ---------------------------------------------------------------------------------------------------- */

const char *tls_private_key_type(const tls_private_key *key, base_arena *arena)
{
    const char *type = EVP_PKEY_get0_type_name(key->key);

    return base_arena_string(arena, type != NULL ? type : "unknown");
}

int tls_private_key_bits(const tls_private_key *key)
{
    return EVP_PKEY_get_bits(key->key);
}

/* In the default context, as the key: the lean one of tls/openssl_provider.h knows public keys alone. */
bool tls_private_key_fits(const tls_private_key *key, hf_span certificate)
{
    const unsigned char *at = (const unsigned char *)certificate.data;
    X509 *x509 = d2i_X509(NULL, &at, (long)certificate.length);
    bool fits = x509 != NULL && X509_check_private_key(x509, key->key) == 1;

    X509_free(x509);
    ERR_clear_error();
    return fits;
}
