/*
 * stores/file.h: a file as the codecs see it, octets in and out.
 */
#ifndef STORES_FILE_H
#define STORES_FILE_H

#include "base/error.h"
#include "holdfast/formats.h"
#include "stores/store.h"

#include <stdbool.h>

#define STORES_OCTETS_MAX (UINT64_C(512) << 20) /* of a store of another program */

/* A regular file, open for reading. It may not be moved once it is open: the input points to it. */
typedef struct stores_file {
    int fd;
    hf_input input;
} stores_file;

/* With the rights that it asks for. False, with the reason, if it cannot be opened, is not a regular file, or longer
 * than a store. */
bool stores_file_open(stores_file *file, const stores_store *store, base_error *error);
void stores_file_close(stores_file *file);

/* A file that is open already; `fd` stays the caller's. */
bool stores_file_of(stores_file *file, int fd, const char *path, base_error *error);

/* Writes to `*fd`, which must outlive the output. */
hf_output stores_output_to(int *fd);

#endif
