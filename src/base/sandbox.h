/*
 * base/sandbox.h: a process gives up, for good, what its work does not need: before it reads what others wrote.
 *
 * Whoever takes the process over by a fault of ours or of a library finds no more than the profile allows. Each layer
 * is there without the others: limits (setrlimit), another user (root becomes nobody), Landlock and the filter on
 * system calls. Where the system lacks one, the others hold, and the answer says which is missing.
 */
#ifndef BASE_SANDBOX_H
#define BASE_SANDBOX_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

/* Sanitizers reserve terabytes of address space, and say on standard error what they found. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define BASE_SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define BASE_SANITIZED true
#endif
#endif
#ifndef BASE_SANITIZED
#define BASE_SANITIZED false
#endif

typedef enum base_sandbox_profile {
    /* Works on descriptors that are open, and on memory. Opens nothing, connects nowhere. */
    BASE_SANDBOX_READER,
    /* Connects over IPv4 and IPv6, and reads what looking up names and certificates asks for. Writes no file. */
    BASE_SANDBOX_PROBER,
} base_sandbox_profile;

typedef struct base_sandbox {
    base_sandbox_profile profile;
    unsigned seconds; /* of processor time; 0: any */
    uint64_t memory;  /* octets of address space beyond what is in use; 0: any. Not under a sanitizer */
    const char *also; /* further folders that the prober may read, with ':' between them; NULL: none */
} base_sandbox;

/* What the system lacks: symbol, bit, what it means. */
#define BASE_SANDBOX_LACK_MAP(X)                                                                                       \
    X(LANDLOCK, 0, "this kernel has no Landlock: the files that child processes open are not restricted")              \
    X(FILTER, 1, "this kernel takes no seccomp filter: the system calls of child processes are not restricted")        \
    X(USER, 2, "child processes run as root: they cannot become nobody, or nobody may not read what they need")        \
    X(MEMORY, 3, "the memory of child processes cannot be limited")

enum {
#define BASE_X(symbol, bit, text) BASE_SANDBOX_LACKS_##symbol = 1 << (bit),
    BASE_SANDBOX_LACK_MAP(BASE_X)
#undef BASE_X
};

/* Enters the profile. There is no way back. Returns a set of what is missing. */
unsigned base_sandbox_enter(const base_sandbox *sandbox);

/* The files and folders that a profile may read, ended by NULL. A file is the one that is there on entering: one that
 * takes its place later is closed. */
const char *const *base_sandbox_paths(base_sandbox_profile which);

/* What base_sandbox_enter returns here: a child tries it. */
unsigned base_sandbox_lacks(const base_sandbox *sandbox);

/* Writes a line to `out` for each of `lacks`. */
void base_sandbox_explain(unsigned lacks, FILE *out);

#endif
