#include "stores/home.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_root(void)
{
    return geteuid() == 0;
}

/* As its owner this process follows the owner's links, which cannot lead out. */
static void own(stores_home *home)
{
    home->as_owner = is_root() && home->folder.owner != 0;
    home->folder.ours = home->folder.ours || home->as_owner;
}

bool stores_home_open(stores_home *home, const base_folder *root, const char *path, base_error *error)
{
    bool is_open = root != NULL ? base_folder_open_beneath(&home->folder, root, path, error)
                                : base_folder_open(&home->folder, path, error);

    if (is_open)
        own(home);
    return is_open;
}

void stores_home_close(stores_home *home)
{
    base_folder_close(&home->folder);
}

bool stores_home_enter(const stores_home *home, base_identity *before, base_error *error)
{
    *before = (base_identity){.taken = false};
    if (!home->as_owner || base_identity_take(before, home->folder.owner, home->folder.group, error))
        return true;
    base_error_wrap(error, "%s", home->folder.path);
    return false;
}

/* Where everybody may put names, a link of another user could lead anywhere. */
static bool is_foreign_link(const base_folder *folder, const char *name)
{
    struct stat status;

    return fstatat(folder->fd, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(status.st_mode) &&
           status.st_uid != 0;
}

/* True if what lies below `folder` is for root alone to rename, up to the next folder. */
static bool is_roots(const base_folder *folder, const char *inner)
{
    char name[NAME_MAX + 1];

    snprintf(name, sizeof name, "%.*s", (int)strcspn(inner, "/"), inner);
    return folder->owner == 0 && !is_foreign_link(folder, name);
}

bool stores_home_on_way(stores_home *home, const char *path, const char **inner)
{
    const char *from = path + strspn(path, "/");
    char folder[PATH_MAX];

    if (!is_root() || strlen(path) >= sizeof folder)
        return false;
    for (;; from += strspn(from, "/")) {
        snprintf(folder, sizeof folder, "%.*s", (int)(from - path), path);
        if (!base_folder_open(&home->folder, from > path ? folder : ".", NULL))
            return false;
        if (!is_roots(&home->folder, from))
            break;
        base_folder_close(&home->folder);
        from += strcspn(from, "/");
        if (*from == '\0')
            return false;
    }
    own(home);
    *inner = from;
    return true;
}
