#include "tls/trust_store.h"

#include "tls/ssl.h"
#include "tls/tls.h"

#include "base/memory.h"

#include <dirent.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PUBLIC_ROOTS "/usr/share/ca-certificates/mozilla"

/* Opens the file first, for OpenSSL's own reason is only that some system call failed. */
static bool is_readable(const char *path, base_error *error)
{
    FILE *file = fopen(path, "r");

    if (file == NULL) {
        base_error_set(error, "'%s' cannot be read: %s", BASE_CUT(path), strerror(errno));
        return false;
    }
    fclose(file);
    return true;
}

static bool load_file(SSL_CTX *context, const char *cafile, base_error *error)
{
    char text[80];

    if (!is_readable(cafile, error))
        return false;
    if (SSL_CTX_load_verify_file(context, cafile) == 1)
        return true;
    tls_ssl_error(text, sizeof text);
    base_error_set(error, "'%s' holds no usable PEM certificates: %s", BASE_CUT(cafile), text);
    return false;
}

static bool load(SSL_CTX *context, const char *cafile, base_error *error)
{
    if (cafile != NULL)
        return load_file(context, cafile, error);
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
    char text[80], *copy;

    if (trust->store_count == TLS_OTHER_STORES_MAX) {
        base_error_set(error, "more than %d stores", TLS_OTHER_STORES_MAX);
        return false;
    }
    if (!is_readable(path, error))
        return false;
    store = X509_STORE_new();
    copy = strdup(name);
    if (store == NULL || copy == NULL)
        base_out_of_memory();
    trust->stores[trust->store_count++] = (tls_other_store){copy, store};
    X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
    if (X509_STORE_load_file(store, path) == 1)
        return true;
    tls_ssl_error(text, sizeof text);
    base_error_set(error, "'%s' holds no usable PEM certificates: %s", BASE_CUT(path), text);
    return false;
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

static void add_public_file(tls_trust_store *trust, const char *path)
{
    FILE *file = fopen(path, "r");
    X509 *x509;

    while (file != NULL && (x509 = PEM_read_X509(file, NULL, NULL, NULL)) != NULL) {
        add_public(trust, x509);
        X509_free(x509);
    }
    ERR_clear_error();
    if (file != NULL)
        fclose(file);
}

static void add_public_folder(tls_trust_store *trust, DIR *folder, const char *path)
{
    const struct dirent *entry;
    base_arena arena = {0};

    while ((entry = readdir(folder)) != NULL)
        if (entry->d_name[0] != '.')
            add_public_file(trust, base_arena_format(&arena, "%s/%s", path, entry->d_name));
    base_arena_done(&arena);
}

bool tls_trust_store_set_public(tls_trust_store *trust, const char *path, base_error *error)
{
    const char *where = path != NULL ? path : PUBLIC_ROOTS;
    DIR *folder = opendir(where);

    if (folder != NULL) {
        add_public_folder(trust, folder, where);
        closedir(folder);
    } else if (path != NULL && !is_readable(path, error)) {
        return false;
    } else {
        add_public_file(trust, where);
    }
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
