#include "net/digest.h"

#include <openssl/sha.h>

void net_sha256(const void *bytes, size_t length, uint8_t digest[NET_SHA256_SIZE])
{
    SHA256(bytes, length, digest);
}
