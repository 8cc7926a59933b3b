#include "tls/trust_store.h"

#include "tls/openssl_provider.h"
#include "tls/ssl.h"
#include "tls/tls.h"
#include "tls/waiting.h"

#include "base/file.h"
#include "base/listing.h"
#include "base/memory.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define PUBLIC_ROOTS "/usr/share/ca-certificates/mozilla"
#define PUBLIC_FILES_MAX 65536
#define PEM_MAX ((size_t)64 << 20) /* octets of a file with certificates; that of Debian 12 has 219,342 */

/* NULL with the reason. `rules` say what may be read. */
static BIO *read_file(const char *path, const base_file_rules *rules, base_buffer *text, base_error *error)
{
    base_error why;
    BIO *bio;

    base_buffer_init(text, PEM_MAX);
    if (!base_file_read_by(path, rules, text, &why)) {
        base_error_set(error, "%s", why.text);
        base_buffer_done(text);
        return NULL;
    }
    bio = BIO_new_mem_buf(base_buffer_string(text), (int)text->length);
    if (bio == NULL)
        base_out_of_memory();
    return bio;
}

static bool load_file(X509_STORE *store, const char *path, base_error *error)
{
    base_buffer text;
    BIO *bio = read_file(path, &(base_file_rules){.streams = true}, &text, error);
    char why[80];

    if (bio == NULL)
        return false;
    int count = tls_waiting_add(store, bio);
    BIO_free(bio);
    base_buffer_done(&text);
    if (count > 0) {
        ERR_clear_error();
        return true;
    }
    tls_ssl_error(why, sizeof why);
    base_error_set(error, "'%s' holds no usable PEM certificates%s%s", BASE_CUT(path), count < 0 ? ": " : "",
                   count < 0 ? why : "");
    return false;
}

static bool load(SSL_CTX *context, const char *cafile, base_error *error)
{
    if (cafile != NULL)
        return load_file(SSL_CTX_get_cert_store(context), cafile, error);
    if (SSL_CTX_set_default_verify_paths(context) == 1)
        return true;
    base_error_set(error, "cannot load the system's trusted certificates");
    return false;
}

tls_trust_store *tls_trust_store_new(const char *cafile, base_error *error)
{
    tls_trust_store *trust = base_allocate(sizeof *trust);
    static const unsigned char http11[] = "\x08http/1.1";

    trust->context = tls_ssl_context(TLS_client_method());
    if (trust->context == NULL || !tls_ssl_offer_as_browsers(trust->context))
        base_out_of_memory();
    tls_ssl_ask_scts(trust->context);
    tls_ssl_note_requests(trust->context);
    if (!load(trust->context, cafile, error)) {
        tls_trust_store_free(trust);
        return NULL;
    }
    /* A certificate that was given to be trusted is trusted, even if it is no root, as in browsers and in curl. */
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(trust->context), X509_V_FLAG_PARTIAL_CHAIN);
    SSL_CTX_set_alpn_protos(trust->context, http11, sizeof http11 - 1);
    SSL_CTX_set_max_cert_list(trust->context, TLS_CERTIFICATES_MAX);
    /* The order of browsers. SHA-256 and AES-128 are in the hardware of most machines; SHA-384 is not. */
    SSL_CTX_set_ciphersuites(trust->context,
                             "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256");
    trust->verified = tls_verify_cache_new();
    SSL_CTX_set_cert_verify_callback(trust->context, tls_verify_cache_check, trust->verified);
    return trust;
}

/* -- Other stores -------------------------------------------------------------------------------------------------- */

bool tls_trust_store_add_store(tls_trust_store *trust, const char *name, const char *path, base_error *error)
{
    X509_STORE *store;
    char *copy;

    if (trust->store_count == TLS_OTHER_STORES_MAX) {
        base_error_set(error, "more than %d stores", TLS_OTHER_STORES_MAX);
        return false;
    }
    store = X509_STORE_new();
    copy = strdup(name);
    if (store == NULL || copy == NULL)
        base_out_of_memory();
    trust->stores[trust->store_count++] = (tls_other_store){copy, store};
    X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
    return load_file(store, path, error);
}

/* -- The public roots ---------------------------------------------------------------------------------------------- */

static int compare_digests(const void *a, const void *b)
{
    return memcmp(a, b, TLS_SHA256_SIZE);
}

static void add_public(tls_trust_store *trust, const X509 *x509)
{
    size_t count = trust->public_root_count;

    /* Grows when the count has reached a power of two. */
    if ((count & (count - 1)) == 0) {
        trust->public_roots = realloc(trust->public_roots, (count == 0 ? 1 : 2 * count) * TLS_SHA256_SIZE);
        if (trust->public_roots == NULL)
            base_out_of_memory();
    }
    X509_digest(x509, EVP_sha256(), trust->public_roots[trust->public_root_count++], NULL);
}

static bool add_public_file(tls_trust_store *trust, const char *path, const base_file_rules *rules, base_error *error)
{
    base_buffer text;
    BIO *bio = read_file(path, rules, &text, error);
    X509 *x509;

    if (bio == NULL)
        return false;
    while ((x509 = X509_new_ex(tls_openssl_context(), NULL)) != NULL && PEM_read_bio_X509(bio, &x509, NULL, NULL)) {
        add_public(trust, x509);
        X509_free(x509);
    }
    X509_free(x509);
    ERR_clear_error();
    BIO_free(bio);
    base_buffer_done(&text);
    return true;
}

/* Debian's files there are links to those of its packages. What is in the way is not among the roots. */
static void add_public_folder(tls_trust_store *trust, const base_listing *listing, const char *path)
{
    base_arena arena = {0};

    for (size_t i = 0; i < listing->count; i++)
        if (listing->names[i][0] != '.')
            (void)add_public_file(trust, base_arena_format(&arena, "%s/%s", path, listing->names[i]),
                                  &(base_file_rules){0}, NULL);
    base_arena_done(&arena);
}

static bool add_public_path(tls_trust_store *trust, const char *path, base_error *error)
{
    base_listing listing;

    if (!base_listing_read(&listing, NULL, path, PUBLIC_FILES_MAX))
        return add_public_file(trust, path, &(base_file_rules){.streams = true}, error);
    add_public_folder(trust, &listing, path);
    base_listing_done(&listing);
    return true;
}

bool tls_trust_store_set_public(tls_trust_store *trust, const char *path, base_error *error)
{
    if (!add_public_path(trust, path != NULL ? path : PUBLIC_ROOTS, error) && path != NULL)
        return false;
    if (trust->public_root_count == 0 && path != NULL) {
        base_error_set(error, "'%s' holds no PEM certificates", BASE_CUT(path));
        return false;
    }
    if (trust->public_root_count > 0)
        qsort(trust->public_roots, trust->public_root_count, TLS_SHA256_SIZE, compare_digests);
    return true;
}

bool tls_trust_store_knows_public(const tls_trust_store *trust)
{
    return trust->public_root_count > 0;
}

bool tls_trust_store_is_public(const tls_trust_store *trust, const X509 *root)
{
    uint8_t digest[TLS_SHA256_SIZE];

    return X509_digest(root, EVP_sha256(), digest, NULL) == 1 &&
           bsearch(digest, trust->public_roots, trust->public_root_count, TLS_SHA256_SIZE, compare_digests) != NULL;
}

const char *tls_trust_store_folders(void)
{
    const char *named = getenv(X509_get_default_cert_dir_env());

    return named != NULL ? named : X509_get_default_cert_dir();
}

void tls_trust_store_free(tls_trust_store *trust)
{
    if (trust == NULL)
        return;
    for (size_t i = 0; i < trust->store_count; i++) {
        X509_STORE_free(trust->stores[i].store);
        free(trust->stores[i].name);
    }
    free(trust->public_roots);
    SSL_CTX_free(trust->context);
    tls_verify_cache_free(trust->verified);
    free(trust);
}
