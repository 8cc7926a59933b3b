/*
 * Damage: said to the caller, with its place; and the damaged file kept beside the sound one.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>

#include "store.h"

typedef struct damage_row {
    const char *name, *text;
} damage_row;

static const damage_row *row_of(hf_damage_kind kind)
{
    static const damage_row unknown = {"?", "?"}, rows[] = {
#define HF_X(symbol, name, text) {name, text},
                                                      HF_DAMAGE_MAP(HF_X)
#undef HF_X
                                                  };

    return (size_t)kind < sizeof rows / sizeof *rows ? &rows[kind] : &unknown;
}

const char *hf_damage_name(hf_damage_kind kind)
{
    return row_of(kind)->name;
}

const char *hf_damage_text(hf_damage_kind kind)
{
    return row_of(kind)->text;
}

enum { COPIES_MAX = 9 };

static bool is_this_file(const hf_store *store, const hf__image *image, const char *name)
{
    struct stat status;

    return store->io->fstatat(store->folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
           status.st_dev == image->device && status.st_ino == image->inode;
}

/*
 * Gives the damaged file a second name: that costs no room, and the file of the first name will be written anew, not
 * changed. The name may have gone to another file just now; then whoever put that there has seen to this one.
 */
static bool set_aside(const hf_store *store, const hf__image *image, char *copy, size_t size)
{
    for (int i = 1; i <= COPIES_MAX; i++) {
        if (snprintf(copy, size, i == 1 ? "%s.damaged" : "%s.damaged.%d", store->path, i) >= (int)size)
            return false;
        const char *name = copy + (store->name - store->path);
        if (store->io->linkat(store->folder, store->name, store->folder, name, 0) == 0) {
            if (is_this_file(store, image, name))
                return true;
            store->io->unlinkat(store->folder, name, 0);
            return false;
        }
        if (errno != EEXIST)
            return false;
        if (is_this_file(store, image, name))
            return true;
    }
    return false;
}

void hf__damage_tell(const hf_store *store, const hf__image *image, hf_damage_kind kind, uint64_t offset,
                     uint64_t length)
{
    char copy[PATH_MAX];
    bool keeps =
        !store->options.read_only && (kind == HF_DAMAGE_HEADER || kind == HF_DAMAGE_INDEX || kind == HF_DAMAGE_ENTRIES);
    bool kept = keeps && set_aside(store, image, copy, sizeof copy);
    hf_damage damage = hf_damage_init();

    damage.kind = kind;
    damage.offset = offset;
    damage.length = length;
    damage.path = store->path;
    damage.copy = kept ? copy : NULL;
    if (store->options.damaged != NULL)
        store->options.damaged(store->options.self, &damage);
}
