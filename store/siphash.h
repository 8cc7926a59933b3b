/*
 * SipHash-1-3: the checksum of everything in the file, and with a key drawn for each file the hash by which names are
 * found.
 *
 * As a checksum, with keys that anybody knows, it finds damage and no forgery: who may write the file may write what he
 * likes.
 */
#ifndef HF_STORE_SIPHASH_H
#define HF_STORE_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

typedef struct hf__siphash_key {
    uint64_t a, b;
} hf__siphash_key;

uint64_t hf__siphash(hf__siphash_key key, const void *data, size_t length);

#endif
