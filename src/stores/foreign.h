/*
 * stores/foreign.h: rows on their way into the store of another program. The codec that reads the old octets and writes
 * the new ones runs in a child process in a sandbox (base/child.h), which has both files open and nothing else.
 */
#ifndef STORES_FOREIGN_H
#define STORES_FOREIGN_H

#include "facts/stores.h"
#include "stores/context.h"
#include "stores/file.h"
#include "stores/store.h"

#include <stdio.h>

typedef struct stores_foreign_options {
    const stores_store *target;
    const stores_context *context;
    bool (*keep)(void *self, const hf_row *row); /* called in the child; NULL: all rows of the old file stay */
    void *self;
    FILE *left_out;         /* as stores_writer_options has it; it is written to in the child */
    const stores_file *old; /* NULL: there is none */
    int fd;                 /* of the new file, for reading and writing */
} stores_foreign_options;

typedef struct stores_foreign stores_foreign;

/* What the options point to, and `outcome`, must outlive it. False, with the reason. */
bool stores_foreign_open(const stores_foreign_options *options, facts_store_outcome *outcome, stores_foreign **foreign,
                         base_error *error);
bool stores_foreign_add(stores_foreign *foreign, const hf_row *row, base_error *error);
/* Completes the new file, reads it back as its program would, and completes the outcome. */
bool stores_foreign_finish(stores_foreign *foreign, base_error *error);
void stores_foreign_close(stores_foreign *foreign); /* NULL is allowed */

#endif
