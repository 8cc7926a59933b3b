/*
 * cmd/store_names.h: names in a file, one a line, by Chromium's hash of each. They stay in the file, for a million of them in memory would
 * be most of what a conversion may take: 8 octets a name are held.
 */
#ifndef CMD_STORE_NAMES_H
#define CMD_STORE_NAMES_H

#include "base/error.h"
#include "holdfast/formats.h"

#include <stdint.h>

/* All zero: no file. */
typedef struct cmd_store_names {
    int fd; /* of the file */
    uint64_t *places;
    size_t count, capacity;
    hf_names *kept; /* of what is no file, a pipe for instance, the names themselves */
} cmd_store_names;

/* Reads the names. What is no name is passed over, as are comments (#). False with the reason. */
bool cmd_store_names_open(cmd_store_names *names, const char *path, base_error *error);
void cmd_store_names_close(cmd_store_names *names);

/* True and *host, if a name of the file has this hash. */
bool cmd_store_names_resolve(const cmd_store_names *names, const unsigned char hash[32], hf_host *host);

#endif
