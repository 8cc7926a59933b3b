/*
 * peers/dafsa.h: libpsl's file of rules, a DAFSA, octet for octet as psl-make-dafsa makes it, in a moment instead of a
 * minute.
 */
#ifndef BENCH_PEERS_DAFSA_H
#define BENCH_PEERS_DAFSA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct dafsa_word {
    const char *name; /* printable ASCII */
    uint8_t value;    /* what libpsl keeps for it, below 16 */
} dafsa_word;

/* `words` are sorted by strcmp, and differ. False: out of memory, or the file cannot be written. */
bool dafsa_write(const dafsa_word *words, size_t count, const char *path);

#endif
