/*
 * base/replace.h: a file written anew so that at every instant its name leads to the old one or to the whole new one.
 *
 * Everything happens in one open folder: the new file is made beside the old one under a name that was free (O_EXCL),
 * gets its owner and mode, is brought to the disk and renamed; then the folder is brought to the disk. Others who
 * rename folders on the way there, or put links in their place, change nothing about where it goes.
 */
#ifndef BASE_REPLACE_H
#define BASE_REPLACE_H

#include "base/claims.h"
#include "base/folder.h"

#include <stdint.h>
#include <sys/stat.h>

/* All zero: an ordinary path, whose links are followed (the link stays, the file it leads to is replaced). */
typedef struct base_replace_rules {
    const base_folder *folder; /* the path counts from here, and may not lead out */
    bool no_links;             /* a symbolic link is refused */
    bool streams;        /* a pipe, socket or device is written to as it is; else it is refused. It is never replaced */
    bool owned;          /* only in a folder of this user or root, so that root makes nothing in another user's */
    bool lock;           /* refuses a file on which another program holds a lock (flock), and holds one */
    uint32_t lock_wait;  /* milliseconds to wait for that other program */
    bool last_wins;      /* the new file does not depend on the old one, so a change meanwhile is overwritten */
    mode_t mode;         /* of a file that was not there, less the umask; 0: 0666 */
    base_claims *claims; /* the old file is claimed for writing, as `purpose`; NULL: it is not */
    const char *purpose;
} base_replace_rules;

typedef struct base_replacement {
    base_place place;
    const char *path;   /* as it was named: must outlive this */
    int old;            /* the old file, for reading; -1: there is none */
    struct stat status; /* of it */
    int fd;             /* what is to be written: the new file, or the pipe or device itself */
    bool is_stream, last_wins;
    char temporary[64];      /* the new file's name until the commit; "": there is none */
    char kept[NAME_MAX + 1]; /* the old file's other name, in the same folder; "": none */
} base_replacement;

/*
 * Opens the old file and makes the new one, with the same owner, group and mode (without set-user-ID and the like). A
 * new one in a folder of another user, which only root can make, becomes that user's. A file that this user may not
 * write to is not replaced. False, with the reason; then there is nothing to be done with.
 */
bool base_replace_begin(base_replacement *r, const char *path, const base_replace_rules *rules, base_error *error);

/*
 * Gives the old file a second name, NAME.ENDING or NAME.ENDING.2 and so on, or copies it where the file system knows no
 * links. Without an old file there is nothing to do. If the commit fails, or never comes, the name goes again.
 */
bool base_replace_keep_old(base_replacement *r, const char *ending, base_error *error);
/* The same with .NAME.ENDING, for a folder of which a program reads every file but the hidden ones. */
bool base_replace_hide_old(base_replacement *r, const char *ending, base_error *error);

/*
 * The same for a file that somebody else is about to write anew: `kept` is the name it got. Until then both names are
 * of one file. base_replace_forget takes the name back.
 */
bool base_replace_keep(const base_place *place, const char *ending, char kept[NAME_MAX + 1], base_error *error);
void base_replace_forget(const base_place *place, const char *kept);

/*
 * Puts the new file in the old one's place. False, with nothing changed, when the old file was changed or replaced
 * meanwhile (unless `last_wins`), or the file system refuses.
 */
bool base_replace_commit(base_replacement *r, base_error *error);

/* Without a commit the new file is removed, and what was kept of the old one. */
void base_replace_done(base_replacement *r);

#endif
