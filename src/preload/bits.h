/*
 * preload/bits.h: a string of bits, the first bit the highest of the first octet, written at its end.
 */
#ifndef PRELOAD_BITS_H
#define PRELOAD_BITS_H

#include <stddef.h>
#include <stdint.h>

typedef struct preload_bits {
    uint8_t *octets; /* padded with zeros to a whole number */
    size_t length;   /* bits */
    size_t capacity; /* octets */
} preload_bits;

void preload_bits_done(preload_bits *bits);

/* The lowest `count` (up to 32) bits of `value`, the highest of them first. */
void preload_bits_put(preload_bits *bits, uint32_t value, unsigned count);

/* The `count` (up to 32) bits from bit `at` on. */
uint32_t preload_bits_get(const preload_bits *bits, size_t at, unsigned count);

#endif
