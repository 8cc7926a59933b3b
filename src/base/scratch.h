/*
 * base/scratch.h: a folder and files of this process alone, below $TMPDIR or /tmp.
 */
#ifndef BASE_SCRATCH_H
#define BASE_SCRATCH_H

#include "base/error.h"

#include <limits.h>
#include <stdbool.h>

/* Makes the folder NAME-XXXXXX, which nobody else may enter; `path` becomes its path. */
bool base_scratch_make(char path[PATH_MAX], const char *name, base_error *error);

/* Removes the folder and the files in it. */
void base_scratch_remove(const char *path);

/* A file without a name, open for reading and writing, which is gone when it is closed. NULL with errno. */
FILE *base_scratch_file(void);

#endif
