#include "base/claims.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct base_claim {
    dev_t device;
    ino_t inode;
    const char *purpose;
    bool writes;
};

static bool collides(const base_claim *claim, const struct stat *status, bool writes)
{
    return claim->device == status->st_dev && claim->inode == status->st_ino && (writes || claim->writes);
}

static void keep(base_claims *claims, const base_claim *claim)
{
    if (claims->count == claims->capacity) {
        size_t capacity = 2 * claims->capacity + 8;
        base_claim *items = base_allocate(capacity * sizeof *items);

        if (claims->count > 0)
            memcpy(items, claims->items, claims->count * sizeof *items);
        free(claims->items);
        claims->items = items;
        claims->capacity = capacity;
    }
    claims->items[claims->count++] = *claim;
}

bool base_claims_add(base_claims *claims, int fd, const char *path, const char *purpose, bool writes, base_error *error)
{
    struct stat status;

    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))
        return true;
    for (size_t i = 0; i < claims->count; i++) {
        if (!collides(&claims->items[i], &status, writes))
            continue;
        base_error_set(error, "%s is both %s and %s: name another file", BASE_CUT(path), claims->items[i].purpose,
                       purpose);
        return false;
    }
    keep(claims, &(base_claim){status.st_dev, status.st_ino, purpose, writes});
    return true;
}

void base_claims_done(base_claims *claims)
{
    free(claims->items);
    *claims = (base_claims){0};
}
