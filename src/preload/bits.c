#include "preload/bits.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

void preload_bits_done(preload_bits *bits)
{
    free(bits->octets);
    *bits = (preload_bits){0};
}

static void make_room(preload_bits *bits)
{
    size_t capacity = bits->capacity > 0 ? 2 * bits->capacity : 64;
    uint8_t *octets = realloc(bits->octets, capacity);

    if (octets == NULL)
        base_out_of_memory();
    memset(octets + bits->capacity, 0, capacity - bits->capacity);
    bits->octets = octets;
    bits->capacity = capacity;
}

void preload_bits_put(preload_bits *bits, uint32_t value, unsigned count)
{
    while (count > 0) {
        unsigned room = 8 - (unsigned)(bits->length % 8), now = count < room ? count : room;
        if (bits->length / 8 == bits->capacity)
            make_room(bits);
        uint32_t piece = value >> (count - now) & ((1u << now) - 1);
        bits->octets[bits->length / 8] |= (uint8_t)(piece << (room - now));
        bits->length += now;
        count -= now;
    }
}

uint32_t preload_bits_get(const preload_bits *bits, size_t at, unsigned count)
{
    uint32_t value = 0;

    while (count > 0) {
        unsigned left = 8 - (unsigned)(at % 8), now = count < left ? count : left;
        value = value << now | (bits->octets[at / 8] >> (left - now) & ((1u << now) - 1));
        at += now;
        count -= now;
    }
    return value;
}
