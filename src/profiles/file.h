/*
 * profiles/file.h: a file as the codecs see it, octets in and out.
 */
#ifndef PROFILES_FILE_H
#define PROFILES_FILE_H

#include "base/error.h"
#include "holdfast/formats.h"

#include <stdbool.h>

/* A regular file, open for reading. It may not be moved once it is open: the input points to it. */
typedef struct profile_file {
    int fd;
    hf_input input;
} profile_file;

/* False, with the reason, if it cannot be opened or is no regular file. */
bool profile_file_open(profile_file *file, const char *path, base_error *error);
void profile_file_close(profile_file *file);

/* A file that is open already; `fd` stays the caller's. */
bool profile_file_of(profile_file *file, int fd, const char *path, base_error *error);

/* Writes to `*fd`, which must outlive the output. */
hf_output profile_output_to(int *fd);

#endif
