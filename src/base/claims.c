#include "base/claims.h"

#include "base/folder.h"
#include "base/memory.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct base_claim {
    dev_t device;
    ino_t inode;
    char name[NAME_MAX + 1]; /* of a file that is to be made in that folder; "": the file itself */
    const char *purpose;
    bool writes;
};

static bool collides(const base_claim *claim, const base_claim *other)
{
    return claim->device == other->device && claim->inode == other->inode && strcmp(claim->name, other->name) == 0 &&
           (claim->writes || other->writes);
}

static void keep(base_claims *claims, const base_claim *claim)
{
    claims->items = base_grow(claims->items, claims->count, &claims->capacity, sizeof *claims->items);
    claims->items[claims->count++] = *claim;
}

static bool add(base_claims *claims, const base_claim *claim, const char *path, base_error *error)
{
    for (size_t i = 0; i < claims->count; i++) {
        if (!collides(&claims->items[i], claim))
            continue;
        base_error_set(error, "%s is both %s and %s: name another file", BASE_CUT(path), claims->items[i].purpose,
                       claim->purpose);
        return false;
    }
    keep(claims, claim);
    return true;
}

bool base_claims_add(base_claims *claims, int fd, const char *path, const char *purpose, bool writes, base_error *error)
{
    struct stat status;

    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))
        return true;
    return add(claims, &(base_claim){status.st_dev, status.st_ino, "", purpose, writes}, path, error);
}

/* A file that is to be made is known by its folder and its name there. */
static bool add_new(base_claims *claims, const char *path, const char *purpose, base_error *error)
{
    base_claim claim = {.purpose = purpose, .writes = true};
    struct stat status;
    base_place place;
    bool added;

    if (!base_place_find(&place, path, NULL, false, NULL))
        return true;
    added = fstat(place.folder, &status) != 0;
    claim.device = status.st_dev;
    claim.inode = status.st_ino;
    memcpy(claim.name, place.name, sizeof claim.name);
    base_place_done(&place);
    return added || add(claims, &claim, path, error);
}

bool base_claims_add_path(base_claims *claims, const char *path, const char *purpose, bool writes, base_error *error)
{
    struct stat status;

    if (strcmp(path, "-") == 0)
        return base_claims_add(claims, writes ? STDOUT_FILENO : STDIN_FILENO,
                               writes ? "standard output" : "standard input", purpose, writes, error);
    if (stat(path, &status) != 0)
        return !writes || add_new(claims, path, purpose, error);
    if (!S_ISREG(status.st_mode))
        return true;
    return add(claims, &(base_claim){status.st_dev, status.st_ino, "", purpose, writes}, path, error);
}

void base_claims_done(base_claims *claims)
{
    free(claims->items);
    *claims = (base_claims){0};
}
