#include "base/identity.h"

#include "base/exit.h"
#include "base/memory.h"

#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool keep(base_identity *identity)
{
    int count = getgroups(0, NULL);

    if (count < 0)
        return false;
    identity->user = geteuid();
    identity->group = getegid();
    identity->groups = base_allocate(((size_t)count + 1) * sizeof *identity->groups);
    identity->group_count = getgroups(count, identity->groups);
    return identity->group_count >= 0;
}

/* The user comes last: whoever is not root may change neither groups nor group. */
static bool change(uid_t user, gid_t group)
{
    return setgroups(1, &group) == 0 && setegid(group) == 0 && seteuid(user) == 0;
}

bool base_identity_take(base_identity *identity, uid_t user, gid_t group, base_error *error)
{
    *identity = (base_identity){.taken = false};
    if (geteuid() != 0 || user == 0)
        return true;
    identity->taken = keep(identity);
    if (identity->taken && change(user, group))
        return true;
    base_error_set(error, "cannot act as user %lu: %s", (unsigned long)user, strerror(errno));
    base_identity_return(identity);
    return false;
}

/* Going on with rights that are not known would be worse than not going on. */
void base_identity_return(base_identity *identity)
{
    static const char lost[] = "holdfast: the rights of this process did not come back\n";

    if (identity->taken &&
        ((geteuid() != identity->user && seteuid(identity->user) != 0) || setegid(identity->group) != 0 ||
         setgroups((size_t)identity->group_count, identity->groups) != 0)) {
        if (write(STDERR_FILENO, lost, sizeof lost - 1) < 0)
            _exit(BASE_EXIT_UNCHECKED);
        _exit(BASE_EXIT_UNCHECKED);
    }
    free(identity->groups);
    *identity = (base_identity){.taken = false};
}
