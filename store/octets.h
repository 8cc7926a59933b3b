/*
 * Numbers in the file: little-endian on every machine, at any address.
 */
#ifndef HF_STORE_OCTETS_H
#define HF_STORE_OCTETS_H

#include <stddef.h>
#include <stdint.h>

static inline uint16_t hf__get16(const uint8_t *at)
{
    return (uint16_t)(at[0] | at[1] << 8);
}

static inline uint32_t hf__get32(const uint8_t *at)
{
    return (uint32_t)hf__get16(at) | (uint32_t)hf__get16(at + 2) << 16;
}

static inline uint64_t hf__get64(const uint8_t *at)
{
    return (uint64_t)hf__get32(at) | (uint64_t)hf__get32(at + 4) << 32;
}

static inline void hf__put16(uint8_t *at, uint16_t value)
{
    at[0] = (uint8_t)value;
    at[1] = (uint8_t)(value >> 8);
}

static inline void hf__put32(uint8_t *at, uint32_t value)
{
    hf__put16(at, (uint16_t)value);
    hf__put16(at + 2, (uint16_t)(value >> 16));
}

static inline void hf__put64(uint8_t *at, uint64_t value)
{
    hf__put32(at, (uint32_t)value);
    hf__put32(at + 4, (uint32_t)(value >> 32));
}

#endif
