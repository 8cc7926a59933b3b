#include "tls/digest.h"

#include "base/memory.h"

#include <openssl/evp.h>

#include <pthread.h>

/* Looking the algorithm up costs as much as hashing a hundred bytes: it is done once. */
static EVP_MD *algorithm;

static void fetch(void)
{
    algorithm = EVP_MD_fetch(NULL, "SHA256", NULL);
}

void tls_sha256(const void *bytes, size_t length, uint8_t digest[TLS_SHA256_SIZE])
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, fetch);
    if (algorithm == NULL || EVP_Digest(bytes, length, digest, NULL, algorithm, NULL) != 1)
        base_out_of_memory();
}
