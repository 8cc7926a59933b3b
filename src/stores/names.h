/*
 * stores/names.h: names in a file, one a line, by Chromium's hash of each. They stay in the file, for a million of
 * them in memory would be most of what a conversion may take: 8 octets a name are held.
 */
#ifndef STORES_NAMES_H
#define STORES_NAMES_H

#include "base/error.h"
#include "holdfast/formats.h"

#include <stdint.h>

/* A name that the user wrote, in canonical form. False, with the reason: it is not a name, or an address. */
bool stores_host(const char *text, hf_host *host, base_error *error);

/* All zero: no file. */
typedef struct stores_names {
    int fd; /* of the file */
    uint64_t *places;
    size_t count, capacity;
    hf_names *kept; /* of what is no file, a pipe for instance, the names themselves */
} stores_names;

/* Reads the names. What is no name is passed over, as are comments (#). False with the reason. */
bool stores_names_open(stores_names *names, const char *path, base_error *error);
void stores_names_close(stores_names *names);

/* True and *host, if a name of the file has this hash. */
bool stores_names_resolve(const stores_names *names, const unsigned char hash[32], hf_host *host);

#endif
