#include "base/listing.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add(base_listing *listing, const char *name)
{
    if (listing->count == listing->capacity) {
        size_t capacity = 2 * listing->capacity + 64;
        const char **names = base_arena_take(&listing->arena, capacity * sizeof *names);

        if (listing->count > 0)
            memcpy(names, listing->names, listing->count * sizeof *names);
        listing->names = names;
        listing->capacity = capacity;
    }
    listing->names[listing->count++] = base_arena_string(&listing->arena, name);
}

static void read_names(base_listing *listing, DIR *folder, size_t max)
{
    const struct dirent *entry;

    while (!listing->cut && (entry = readdir(folder)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        listing->cut = listing->count == max;
        if (!listing->cut)
            add(listing, entry->d_name);
    }
    if (listing->count > 1)
        qsort(listing->names, listing->count, sizeof *listing->names, by_bytes);
}

bool base_listing_read(base_listing *listing, const base_folder *folder, const char *path, size_t max)
{
    const int flags = O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_CLOEXEC;
    int fd = folder != NULL ? base_folder_openat(folder, path, flags, 0) : open(path, flags);
    DIR *opened = fd >= 0 ? fdopendir(fd) : NULL;

    *listing = (base_listing){.count = 0};
    if (opened == NULL) {
        int reason = errno;

        if (fd >= 0)
            close(fd);
        errno = reason;
        return false;
    }
    read_names(listing, opened, max);
    closedir(opened);
    return true;
}

void base_listing_done(base_listing *listing)
{
    base_arena_done(&listing->arena);
    *listing = (base_listing){.count = 0};
}
