#include "tls/digest.h"

#include <openssl/sha.h>

void tls_sha256(const void *bytes, size_t length, uint8_t digest[TLS_SHA256_SIZE])
{
    SHA256(bytes, length, digest);
}
