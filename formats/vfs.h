/* SQLite over the caller's octets: a file system of one file, which exists only while it is open. */
#ifndef FORMATS_VFS_H
#define FORMATS_VFS_H

#include "holdfast/formats.h"

#include <sqlite3.h>

typedef struct hf__vfs {
    sqlite3_vfs base;
    char name[32];
    const hf_input *input;   /* reading; or */
    const hf_output *output; /* writing */
    uint64_t length;
    bool failed;  /* the caller's octets could not be read or written */
    bool has_log; /* the header says that a write-ahead log is used */
    bool registered;
    sqlite3 *db;
} hf__vfs;

/* One of `input` and `output` is NULL. Neither views nor functions of the file's schema run, and no trigger. */
HF_MUST_USE hf_status hf__vfs_open(hf__vfs *vfs, const hf_input *input, const hf_output *output, uint64_t length);
void hf__vfs_close(hf__vfs *vfs);

#endif
