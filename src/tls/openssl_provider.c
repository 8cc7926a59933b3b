#include "tls/openssl_provider.h"

#include "tls/p256.h"

#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/provider.h>

#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#define KEPT_MAX 32

/*
 * Of each operation the algorithms that are kept, by their first name: what a TLS client of the most permissive kind
 * can be asked for, and every key and digest that a certificate may be signed with. An operation that has no line is
 * kept whole.
 */
typedef struct sieve {
    int operation;
    const char *kept; /* each between two blanks; NULL: none */
    OSSL_ALGORITHM algorithms[KEPT_MAX + 1];
} sieve;

#define KEYS " RSA RSA-PSS EC ED25519 ED448 DSA "

enum { DECODERS, KEY_MANAGEMENT };

static sieve sieves[] = {
    /* Of these the readers of public keys alone: is_kept. SM2 has the same identifier as EC, and costs each EC key a
       second reading. */
    [DECODERS] = {.operation = OSSL_OP_DECODER, .kept = KEYS},
    [KEY_MANAGEMENT] = {.operation = OSSL_OP_KEYMGMT, .kept = KEYS "X25519 X448 DH HMAC "},
    {.operation = OSSL_OP_DIGEST,
     .kept = " SHA1 SHA2-224 SHA2-256 SHA2-384 SHA2-512 SHA2-512/224 SHA2-512/256 SHA3-224 SHA3-256 SHA3-384 SHA3-512 "
             "SM3 MD5 MD5-SHA1 RIPEMD-160 NULL "},
    {.operation = OSSL_OP_CIPHER,
     .kept = " NULL AES-128-CBC AES-256-CBC AES-128-GCM AES-256-GCM AES-128-CCM AES-256-CCM AES-128-CBC-HMAC-SHA1 "
             "AES-256-CBC-HMAC-SHA1 AES-128-CBC-HMAC-SHA256 AES-256-CBC-HMAC-SHA256 ARIA-128-GCM ARIA-256-GCM "
             "CAMELLIA-128-CBC "
             "CAMELLIA-256-CBC DES-EDE3-CBC ChaCha20-Poly1305 "},
    {.operation = OSSL_OP_MAC, .kept = " HMAC "},
    {.operation = OSSL_OP_KDF, .kept = " HKDF TLS13-KDF TLS1-PRF "},
    {.operation = OSSL_OP_RAND, .kept = " CTR-DRBG SEED-SRC "},
    {.operation = OSSL_OP_KEYEXCH, .kept = " DH ECDH X25519 X448 "},
    {.operation = OSSL_OP_SIGNATURE, .kept = " RSA DSA ECDSA ED25519 ED448 HMAC "},
    {.operation = OSSL_OP_ENCODER},
    {.operation = OSSL_OP_STORE},
};

#define SIEVES (sizeof sieves / sizeof *sieves)

static OSSL_PROVIDER *whole; /* the default provider, in a context of its own */
static OSSL_LIB_CTX *lean, *keyless;

static bool is_kept(const sieve *s, const OSSL_ALGORITHM *algorithm)
{
    size_t length = strcspn(algorithm->algorithm_names, ":");
    const char *at = s->kept;

    if (s->operation == OSSL_OP_DECODER &&
        strstr(algorithm->property_definition, "structure=SubjectPublicKeyInfo") == NULL)
        return false;
    while (at != NULL && (at = strchr(at, ' ')) != NULL) {
        at++;
        if (strncmp(at, algorithm->algorithm_names, length) == 0 && at[length] == ' ')
            return true;
    }
    return false;
}

/* False if there is more than there is room for: then this OpenSSL is none that the table was made for. */
static bool sift(sieve *s)
{
    int no_cache;
    size_t count = 0;
    const OSSL_ALGORITHM *all = OSSL_PROVIDER_query_operation(whole, s->operation, &no_cache);

    for (; all != NULL && all->algorithm_names != NULL; all++)
        if (is_kept(s, all)) {
            if (count == KEPT_MAX)
                return false;
            s->algorithms[count++] = *all;
        }
    return count > 0 || s->kept == NULL;
}

/* -- The provider: the default one, seen through the sieve --------------------------------------------------------- */

/* Each key of a certificate costs a copy of the list of all that the context has cached. Ciphers need no place there:
   an SSL_CTX fetches them once, and keeps them. */
static const OSSL_ALGORITHM *query(void *context, int operation, int *no_cache)
{
    (void)context;
    *no_cache = operation == OSSL_OP_CIPHER;
    for (size_t i = 0; i < SIEVES; i++)
        if (sieves[i].operation == operation)
            return sieves[i].algorithms;
    return OSSL_PROVIDER_query_operation(whole, operation, no_cache);
}

/* The TLS groups. */
static int capabilities(void *context, const char *capability, OSSL_CALLBACK *callback, void *argument)
{
    (void)context;
    return OSSL_PROVIDER_get_capabilities(whole, capability, callback, argument);
}

static const OSSL_ALGORITHM *find(int which, const char *name)
{
    const OSSL_ALGORITHM *at = sieves[which].algorithms;
    size_t length = strlen(name);

    while (at->algorithm_names != NULL &&
           (strncmp(at->algorithm_names, name, length) != 0 || strchr(":", at->algorithm_names[length]) == NULL))
        at++;
    return at->algorithm_names != NULL ? at : NULL;
}

static int init(const OSSL_CORE_HANDLE *handle, const OSSL_DISPATCH *in, const OSSL_DISPATCH **out, void **context)
{
    static const OSSL_DISPATCH table[] = {
        {OSSL_FUNC_PROVIDER_QUERY_OPERATION, (void (*)(void))query},
        {OSSL_FUNC_PROVIDER_GET_CAPABILITIES, (void (*)(void))capabilities},
        {0, NULL},
    };

    OSSL_ALGORITHM *decoder = (OSSL_ALGORITHM *)find(DECODERS, "EC");
    const OSSL_ALGORITHM *keys = find(KEY_MANAGEMENT, "EC");

    (void)handle;
    *out = table;
    /* The functions are those of the default provider, and so is the context that they are called with. */
    *context = OSSL_PROVIDER_get0_provider_ctx(whole);
    return decoder != NULL && keys != NULL && tls_p256_begin(decoder, keys, *context, in);
}

/* -- Whether it may be used ---------------------------------------------------------------------------------------- */

static int look_for_others(OSSL_PROVIDER *provider, void *others)
{
    const char *name = OSSL_PROVIDER_get0_name(provider);

    if (strcmp(name, "default") != 0 && strcmp(name, "base") != 0)
        *(bool *)others = true;
    return 1;
}

/* The default context does what an untouched OpenSSL does: no other provider, no FIPS. */
static bool is_ordinary(void)
{
    bool others = false;

    OSSL_PROVIDER_do_all(NULL, look_for_others, &others);
    return !others && OSSL_PROVIDER_available(NULL, "default") == 1 &&
           EVP_default_properties_is_fips_enabled(NULL) == 0;
}

static bool make(void)
{
    OSSL_LIB_CTX *behind = OSSL_LIB_CTX_new();

    whole = behind != NULL ? OSSL_PROVIDER_load(behind, "default") : NULL;
    if (whole == NULL)
        return false;
    for (size_t i = 0; i < SIEVES; i++)
        if (!sift(&sieves[i]))
            return false;
    lean = OSSL_LIB_CTX_new();
    return lean != NULL && OSSL_PROVIDER_add_builtin(lean, "holdfast", init) == 1 &&
           OSSL_PROVIDER_load(lean, "holdfast") != NULL;
}

static void make_once(void)
{
    if (is_ordinary() && !make()) {
        OSSL_LIB_CTX_free(lean);
        lean = NULL;
    }
}

static void make_keyless(void)
{
    keyless = OSSL_LIB_CTX_new();
    if (keyless != NULL && OSSL_PROVIDER_load(keyless, "null") != NULL)
        return;
    OSSL_LIB_CTX_free(keyless);
    keyless = NULL;
}

OSSL_LIB_CTX *tls_openssl_keyless(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, make_keyless);
    return keyless;
}

OSSL_LIB_CTX *tls_openssl_context(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, make_once);
    return lean;
}
