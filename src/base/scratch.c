#include "base/scratch.h"

#include "base/listing.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILES_MAX 65536

bool base_scratch_make(char path[PATH_MAX], const char *name, base_error *error)
{
    const char *where = getenv("TMPDIR");
    bool is_set = where != NULL && *where == '/' && strlen(where) < PATH_MAX / 2;

    snprintf(path, PATH_MAX, "%s/%.100s-XXXXXX", is_set ? where : "/tmp", name);
    if (mkdtemp(path) != NULL)
        return true;
    base_error_set(error, "cannot make the folder %s: %s", path, strerror(errno));
    return false;
}

void base_scratch_remove(const char *path)
{
    base_listing listing;
    base_folder folder;

    if (base_folder_open(&folder, path, NULL)) {
        if (base_listing_read(&listing, &folder, ".", FILES_MAX)) {
            for (size_t i = 0; i < listing.count; i++)
                (void)unlinkat(folder.fd, listing.names[i], 0);
            base_listing_done(&listing);
        }
        base_folder_close(&folder);
    }
    (void)rmdir(path);
}

FILE *base_scratch_file(void)
{
    return tmpfile();
}
