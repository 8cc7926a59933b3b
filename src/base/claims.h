/*
 * base/claims.h: which files one run of a command reads and writes, so that none is emptied that is to be read.
 *
 * Files are the same when device and inode are: links, "./x" and "x", standard input from a file. Every input is
 * claimed before the first output is opened. Pipes and devices may be used for both. Thread rule: one thread.
 */
#ifndef BASE_CLAIMS_H
#define BASE_CLAIMS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct base_claim base_claim;

/* All zero to begin with. */
typedef struct base_claims {
    base_claim *items;
    size_t count, capacity;
} base_claims;

/*
 * `fd` is open on a file that is used as `purpose` ("the list", "the output", "the state"; a constant), and written to
 * or not. False if another claim is on the same file and one of the two writes: *error says "X is both the list and the
 * output: name another file", and the command is to exit with 2, having written nothing.
 */
bool base_claims_add(base_claims *claims, int fd, const char *path, const char *purpose, bool writes,
                     base_error *error);
/*
 * The same for a file that is opened elsewhere, links followed; "-" is standard input, or output. What is to be written
 * need not be there yet.
 */
bool base_claims_add_path(base_claims *claims, const char *path, const char *purpose, bool writes, base_error *error);
void base_claims_done(base_claims *claims);

#endif
