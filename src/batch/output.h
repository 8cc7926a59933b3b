/*
 * batch/output.h: where the lines go: a file, or standard output, which may be slow to take them.
 */
#ifndef BATCH_OUTPUT_H
#define BATCH_OUTPUT_H

#include "base/buffer.h"

#include <stdint.h>

/* What stands before the first line, between two, and behind each. */
typedef struct batch_output_form {
    const char *before, *between, *after;
} batch_output_form;

typedef struct batch_output {
    const char *name; /* for messages */
    int fd;
    bool regular;  /* a regular file: it takes everything at once */
    bool terminal; /* the lines stand where progress is told, too */
    bool any;      /* a line has been added */
    batch_output_form form;
    base_buffer waiting;
    size_t sent;           /* octets of it that have been taken */
    uint64_t length, hash; /* of all that has been taken (base/hash.h) */
} batch_output;

/* `path` NULL: standard output. `keep`: what the file holds stays, for now; else it is emptied. */
bool batch_output_open(batch_output *output, const char *path, bool keep, base_error *error);
/* False, with the reason, if closing shows that not all is written. */
bool batch_output_close(batch_output *output, base_error *error);

/* True if the file's first `length` octets have this hash. */
bool batch_output_matches(const batch_output *output, uint64_t length, uint64_t hash);
/* What stands behind goes, and what is added next stands there. */
bool batch_output_cut(batch_output *output, uint64_t length, uint64_t hash, base_error *error);

/* Before the first line is added; without it a line feed stands behind each line, and nothing else. */
void batch_output_begin(batch_output *output, batch_output_form form);
/* After batch_output_cut: what stands before the first line is written only where nothing is. */
void batch_output_go_on(batch_output *output, batch_output_form form);
void batch_output_add(batch_output *output, const char *line, size_t length);
void batch_output_text(batch_output *output, const char *text);

/* How many octets wait to be taken. */
size_t batch_output_backlog(const batch_output *output);
/* Writes some of them, all if it is a regular file; call it when the descriptor can be written. */
bool batch_output_write(batch_output *output, base_error *error);

#endif
