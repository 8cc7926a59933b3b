/*
 * stores/home.h: the home of a user, and whose rights are used in it.
 *
 * A home of another user is handled as that user would handle it, when this process is root, and never left: whatever
 * links and renames are found there, nothing outside of it is opened or written. In this user's own home links lead
 * where they lead.
 */
#ifndef STORES_HOME_H
#define STORES_HOME_H

#include "base/folder.h"
#include "base/identity.h"

typedef struct stores_home {
    base_folder folder;
    bool as_owner; /* this process is root, and the home another user's */
} stores_home;

/* `path` counts from `root`; NULL: an ordinary path. False, with the reason, when it cannot be opened. */
bool stores_home_open(stores_home *home, const base_folder *root, const char *path, base_error *error);
void stores_home_close(stores_home *home);

/* From here on this process has the owner's rights. False, with the reason. */
bool stores_home_enter(const stores_home *home, base_identity *before, base_error *error);

/*
 * For root, the first folder on the way to `path` in which another user has a say: their own, or one where they have
 * put a link. It is handled as a home, for what lies below is theirs to rename. *inner becomes what is left of the
 * path. False if there is none, or this process is not root.
 */
bool stores_home_on_way(stores_home *home, const char *path, const char **inner);

#endif
