/*
 * stores/replace.h: a file written anew so that at every instant either the old one or the whole new one is there.
 */
#ifndef STORES_REPLACE_H
#define STORES_REPLACE_H

#include "base/error.h"
#include "base/memory.h"
#include "stores/file.h"

#include <sys/stat.h>

typedef struct stores_replacement {
    base_arena arena;
    const char *path;      /* symbolic links resolved */
    const char *temporary; /* beside it */
    const char *backup;    /* after the commit: where the old file is; NULL when there was none */
    bool is_new;           /* there was no file */
    int old_fd;            /* the old file, locked; -1 */
    int fd;                /* the new one, to be written */
    stores_file old;       /* for reading; of length 0 when there was none */
    struct stat status;    /* of the old file */
} stores_replacement;

/*
 * Opens the old file and makes a new one beside it, with the same owner and mode; a file that was not there gets
 * 0600. False, with the reason, when that cannot be; then there is nothing to abandon.
 */
bool stores_replace_begin(stores_replacement *r, const char *path, base_error *error);

/*
 * Puts the new file, brought to the disk, in the place of the old one, of which a backup stays (PATH.holdfast-backup,
 * then .2 ...). False, with nothing changed, when the old file changed meanwhile or the file system refuses. The
 * struct is done with only after stores_replace_done.
 */
bool stores_replace_commit(stores_replacement *r, base_error *error);

/* Without a commit the new file is removed. */
void stores_replace_done(stores_replacement *r);

#endif
