/*
 * base/identity.h: root acts with another user's rights for a while.
 *
 * Below the home of a user root opens and changes files as that user would: whatever links and renames lead it
 * elsewhere, it can do no more there than the user could. Thread rule: the whole process changes its effective user, so
 * no other thread may run.
 */
#ifndef BASE_IDENTITY_H
#define BASE_IDENTITY_H

#include "base/error.h"

#include <stdbool.h>
#include <sys/types.h>

/* What is given back. All zero: nothing was taken. */
typedef struct base_identity {
    bool taken;
    uid_t user;
    gid_t group;
    gid_t *groups;
    int group_count;
} base_identity;

/*
 * From here on this process has the rights of `user` and `group`, and of no other group. Who is not root keeps their
 * own rights, and so does root where `user` is root. False, with the reason, and nothing has changed.
 */
bool base_identity_take(base_identity *identity, uid_t user, gid_t group, base_error *error);

/* Ends the process if the old rights do not come back. May be called again, or for one that is all zero. */
void base_identity_return(base_identity *identity);

#endif
