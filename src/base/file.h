/*
 * base/file.h: whole files: read up to a stated size, and replaced in one step.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/buffer.h"

/* Appends what `path`, or standard input for "-", holds to `buffer`, whose maximum bounds it. */
bool base_file_read(const char *path, base_buffer *buffer, base_error *error);

/*
 * Writes a file beside `path` and renames it there: who reads `path` sees the old octets or the new ones, whole, and on any failure
 * the old file stays. "-" is standard output.
 */
bool base_file_replace(const char *path, const void *bytes, size_t length, base_error *error);

/* Makes the folders that lead to `path`, those that are missing, with `mode`. */
bool base_file_make_folders(const char *path, unsigned mode, base_error *error);

#endif
