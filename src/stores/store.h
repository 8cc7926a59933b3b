/*
 * stores/store.h: a store of any kind, ours among them, read as rows.
 */
#ifndef STORES_STORE_H
#define STORES_STORE_H

#include "base/error.h"
#include "facts/stores.h"
#include "holdfast/formats.h"
#include "holdfast/store.h"

#include <stdbool.h>

#define STORES_PATH_MAX 4096 /* room that is enough for the path of our own store */

typedef struct stores_store {
    const char *kind;
    const char *path;
    const hf_format *format;        /* NULL: our own */
    const struct stores_home *home; /* NULL: `path` is an ordinary path; else the file is never looked for outside */
    const char *inner;              /* then: the path that counts from the home */
    uint32_t lock_wait;             /* milliseconds to wait for another process that has it locked; 0: as usual */
} stores_store;

/*
 * KIND:PATH, or KIND alone for our own at its usual place (kept in `own`, of `size` octets). `text` and `own` must
 * outlive the store. False, with the kinds there are, if it is no such thing.
 */
bool stores_store_parse(const char *text, char *own, size_t size, stores_store *store, base_error *error);

/* What a reader may want to know, besides the rows. */
typedef struct stores_reader {
    const hf_format_options *options; /* may be NULL */
    bool (*row)(void *self, const hf_row *row);
    /* One damaged place; `line` 0 and `offset` HF_OFFSET_NONE where there is none. May be NULL. */
    void (*damage)(void *self, const hf_row_damage *damage);
    /* Told now and then how much was read; may be NULL. */
    void (*progress)(void *self, uint64_t done, uint64_t all);
    void *self;
} stores_reader;

/*
 * Reads all rows. False, with the reason, when the file cannot be read or is nothing of the kind. Our own store that
 * is not there is an empty one.
 */
bool stores_store_read(const stores_store *store, const stores_reader *reader, base_error *error);

/* True for HF_OK; else *error says of the store what `status` means. */
bool stores_explain(const stores_store *store, hf_status status, base_error *error);

#endif
