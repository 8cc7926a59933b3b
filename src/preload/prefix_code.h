/*
 * preload/prefix_code.h: the best prefix codes (Huffman's) whose lengths keep to a maximum.
 */
#ifndef PRELOAD_PREFIX_CODE_H
#define PRELOAD_PREFIX_CODE_H

#include <stddef.h>
#include <stdint.h>

/*
 * The lengths for `count` symbols of these weights. A symbol of weight 0 gets length 0 and no code; a symbol that is
 * alone gets length 1. There must be no more than 2^max symbols with a weight.
 */
void preload_code_lengths(const uint32_t *weights, size_t count, unsigned max, uint8_t *lengths);

/* The canonical codes of these lengths (up to 15): ascending by length, then by number. */
void preload_codes(const uint8_t *lengths, size_t count, uint16_t *codes);

#endif
