/*
 * Where the file lies: the usual path, folders made, symbolic links followed, and whether all of it may be trusted.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "store.h"

hf_status hf_store_default_path(char *path, size_t size)
{
    const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    int length;
    if (path == NULL)
        return HF_E_ARGUMENT;
    if (data != NULL && data[0] == '/')
        length = snprintf(path, size, "%s/holdfast/known-hosts", data);
    else if (home != NULL && home[0] == '/')
        length = snprintf(path, size, "%s/.local/share/holdfast/known-hosts", home);
    else
        return HF_E_STORE_NO_HOME;
    return length < 0 || (size_t)length >= size ? HF_E_BUFFER : HF_OK;
}

/* -- Trust -------------------------------------------------------------------------------------------------------------------- */

static bool is_ours(uid_t owner)
{
    return owner == geteuid();
}

/* Who may write a file only as its owner leaves it to him must not be able to write it, nor put another in its place. */
static hf_status check_folder(const hf_store *store, const char *folder, hf_store_error *error)
{
    struct stat status;
    if (store->io->fstat(store->folder, &status) != 0)
        return hf__fail_system(error, "look at the folder", folder);
    if (!is_ours(status.st_uid) && status.st_uid != 0)
        return hf__fail(
            error, HF_E_STORE_OWNER, 0,
            "the folder %s belongs to user %lu, not to this user (%lu): run as its owner, or name a file elsewhere",
            folder, (unsigned long)status.st_uid, (unsigned long)geteuid());
    bool shared = (status.st_mode & S_IWOTH) != 0 || ((status.st_mode & S_IWGRP) != 0 && status.st_gid != getegid());
    if (shared && (status.st_mode & S_ISVTX) == 0)
        return hf__fail(error, HF_E_STORE_MODE, 0,
                        "others may put files into the folder %s (mode %04o): chmod go-w it, or name a file elsewhere",
                        folder, (unsigned)(status.st_mode & 07777));
    return HF_OK;
}

hf_status hf__place_check_file(const hf_store *store, const struct stat *status, hf_store_error *error)
{
    if (!S_ISREG(status->st_mode))
        return hf__fail(error, HF_E_STORE_TYPE, 0, "%s is no regular file: name another one", store->path);
    if (!is_ours(status->st_uid) && !(store->options.read_only && status->st_uid == 0))
        return hf__fail(error, HF_E_STORE_OWNER, 0,
                        "%s belongs to user %lu, not to this user (%lu): run as its owner, or chown it", store->path,
                        (unsigned long)status->st_uid, (unsigned long)geteuid());
    if ((status->st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return hf__fail(error, HF_E_STORE_MODE, 0,
                        "%s may be written by others (mode %04o): look whether it is as you left it, then chmod 600 it",
                        store->path, (unsigned)(status->st_mode & 07777));
    return HF_OK;
}

/* -- The path ----------------------------------------------------------------------------------------------------------------- */

static hf_status set_path(hf_store *store, char *path)
{
    if (path == NULL)
        return HF_E_MEMORY;
    free(store->path);
    store->path = path;
    char *slash = strrchr(path, '/');
    store->name = slash != NULL ? slash + 1 : path;
    return HF_OK;
}

/* A link that is somebody else's could lead us to any file of ours. */
static hf_status follow_link(hf_store *store, hf_store_error *error)
{
    struct stat status;
    if (lstat(store->path, &status) != 0 || !S_ISLNK(status.st_mode))
        return HF_OK;
    if (!is_ours(status.st_uid) && status.st_uid != 0)
        return hf__fail(error, HF_E_STORE_OWNER, 0, "%s is a symbolic link of user %lu: name the file itself",
                        store->path, (unsigned long)status.st_uid);
    char *target = realpath(store->path, NULL);
    if (target == NULL)
        return hf__fail_system(error, "follow the symbolic link", store->path);
    return set_path(store, target);
}

/* Makes the folders that are missing on the way to the file. */
static hf_status make_folders(const char *path, hf_store_error *error)
{
    char *part = strdup(path);
    if (part == NULL)
        return HF_E_MEMORY;
    hf_status status = HF_OK;
    for (char *slash = strchr(part + 1, '/'); slash != NULL && status == HF_OK; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(part, S_IRWXU) != 0 && errno != EEXIST && errno != EISDIR && access(part, F_OK) != 0)
            status = hf__fail_system(error, "make the folder", part);
        *slash = '/';
    }
    free(part);
    return status;
}

/* The folder's path with all links resolved, and the file's name behind it. NULL with errno. */
static char *real_path_of(const hf_store *store)
{
    size_t folder_length = (size_t)(store->name - store->path);
    char *folder = folder_length > 0 ? strndup(store->path, folder_length) : strdup(".");
    char *real = folder != NULL ? realpath(folder, NULL) : NULL;
    free(folder);
    if (real == NULL)
        return NULL;
    size_t size = strlen(real) + strlen(store->name) + 2;
    char *path = malloc(size);
    if (path != NULL)
        snprintf(path, size, "%s/%s", strcmp(real, "/") == 0 ? "" : real, store->name);
    free(real);
    return path;
}

static hf_status open_folder(hf_store *store, hf_store_error *error)
{
    char *path = real_path_of(store);
    if (path == NULL && errno == ENOENT && store->options.read_only)
        return HF_OK;
    if (path == NULL)
        return hf__fail_system(error, "find the folder of", store->path);
    hf_status status = set_path(store, path);
    if (status != HF_OK)
        return status;
    char *folder = strndup(store->path, store->name - store->path > 1 ? (size_t)(store->name - store->path - 1) : 1);
    if (folder == NULL)
        return HF_E_MEMORY;
    store->folder = store->io->openat(AT_FDCWD, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    status =
        store->folder >= 0 ? check_folder(store, folder, error) : hf__fail_system(error, "open the folder", folder);
    if (status != HF_OK && store->folder >= 0) {
        store->io->close(store->folder);
        store->folder = -1;
    }
    free(folder);
    return status;
}

hf_status hf__place_open(hf_store *store, hf_store_error *error)
{
    if (store->path == NULL) {
        hf_status status = set_path(store, strdup(store->options.path));
        if (status != HF_OK)
            return status;
    }
    if (store->name[0] == '\0' || strcmp(store->name, ".") == 0 || strcmp(store->name, "..") == 0)
        return hf__fail(error, HF_E_STORE_TYPE, 0, "%s is a folder: name a file in it", store->path);
    hf_status status = follow_link(store, error);
    if (status == HF_OK && !store->options.read_only)
        status = make_folders(store->path, error);
    return status == HF_OK ? open_folder(store, error) : status;
}
