/*
 * stores/codec.h: the store of another program, read from a file that the caller has opened.
 *
 * All reading of foreign bytes goes through here. A codec opens nothing: it gets the descriptor of a regular file whose
 * length is bounded, and hands rows to its reader.
 */
#ifndef STORES_CODEC_H
#define STORES_CODEC_H

#include "stores/file.h"
#include "stores/store.h"

/* All rows of the open file, as a store of `store`'s kind. False, with the reason, when it is nothing of the kind. */
bool stores_codec_read(const stores_store *store, const stores_file *file, const stores_reader *reader,
                       base_error *error);

/* The format that the file looks like; NULL. */
const hf_format *stores_codec_detect(const stores_file *file);

#endif
