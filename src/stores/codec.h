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

/*
 * True, with the reason, if the file is plainly a store of another kind than `store` says. Reads what it is given: for
 * the child.
 */
bool stores_codec_is_other(const stores_store *store, const hf_input *file, base_error *error);

/* The reason for that, and what to write instead. */
void stores_codec_tell_other(const char *path, const hf_format *found, base_error *error);

#endif
