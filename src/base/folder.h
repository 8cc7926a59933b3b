/*
 * base/folder.h: an open folder, and what may be done below it.
 *
 * Whoever holds the folder's descriptor means the same folder whatever its path leads to later. If the folder belongs
 * to somebody else (root reads the home of a user), no symbolic link below it is followed: it could lead to what only
 * we may read. In a folder of our own links are followed as long as they stay below it. Only in a folder that was taken
 * as `open_ended`, the home of this user, do they lead wherever they lead.
 */
#ifndef BASE_FOLDER_H
#define BASE_FOLDER_H

#include "base/error.h"

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

typedef struct base_folder {
    int fd;
    uid_t owner;
    gid_t group;
    bool ours;           /* it belongs to the user that this process runs as */
    bool open_ended;     /* links may lead out of it: set by whoever opened it */
    char path[PATH_MAX]; /* for messages, as it was named */
} base_folder;

/* False, with the reason and errno, if it is not there or not a folder. Links in the path are followed as base/named.h
 * says: the user named it. */
bool base_folder_open(base_folder *folder, const char *path, base_error *error);
/* `path` counts from `outer`, also an absolute one. */
bool base_folder_open_beneath(base_folder *folder, const base_folder *outer, const char *path, base_error *error);
void base_folder_close(base_folder *folder);

/* Opens below the folder as openat does, by the rule above; O_CLOEXEC is set. -1 with errno, as base_beneath_open. */
int base_folder_openat(const base_folder *folder, const char *path, int flags, mode_t mode);

/* Brings the folder's names to the disk. Some file systems know no such thing; what they promise is all there is. */
void base_folder_sync(int fd);

/*
 * Where a path ends: the folder that holds the file, open, and the file's name in it. All steps of a change go through
 * the one descriptor.
 */
typedef struct base_place {
    int folder;
    char name[NAME_MAX + 1];
    char path[PATH_MAX]; /* of the file, without the links that its last component was; for messages */
} base_place;

/*
 * Finds the place of a file that need not be there. If the last component is a symbolic link, the place is where it
 * leads to, or with `no_links` there is none; a link that belongs neither to this user nor to root is never followed.
 * `beneath` is NULL for an ordinary path. False, with the reason; then there is nothing to close.
 */
bool base_place_find(base_place *place, const char *path, const base_folder *beneath, bool no_links, base_error *error);
void base_place_done(base_place *place);

/* Opens the folder that is `up` levels above that of the file. False with errno. */
bool base_place_above(const base_place *place, unsigned up, base_folder *folder);

/* What the symbolic link `name` in the open folder leads to. False with errno: it is none, or not there. */
bool base_folder_read_link(int folder, const char *name, char target[PATH_MAX]);

/*
 * Makes the folders that lead to `path`, those that are missing, with `mode`. Root makes none in a folder of another
 * user: under sudo with HOME kept, what root made there the user could not remove.
 */
bool base_folder_make(const char *path, mode_t mode, base_error *error);

#endif
