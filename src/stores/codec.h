/*
 * stores/codec.h: the store of another program, read from a file that the caller has opened.
 *
 * All reading of foreign bytes goes through here. A codec runs in a child process in a sandbox (base/child.h): it has
 * the descriptor of a regular file whose length is bounded, and nothing else. Rows come back to its reader.
 */
#ifndef STORES_CODEC_H
#define STORES_CODEC_H

#include "base/sandbox.h"
#include "stores/file.h"
#include "stores/store.h"

/* All rows of the open file, as a store of `store`'s kind. False, with the reason, when it is nothing of the kind. */
bool stores_codec_read(const stores_store *store, const stores_file *file, const stores_reader *reader,
                       base_error *error);

/* What such a child gives up; `octets`: the length of the file. */
base_sandbox stores_codec_sandbox(uint64_t octets);

/* The format that the file looks like; NULL. */
const hf_format *stores_codec_detect(const stores_file *file);

#endif
