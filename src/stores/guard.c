#include "stores/guard.h"

#include "base/file.h"
#include "stores/places.h"
#include "stores/running.h"
#include "stores/way.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* A rollback journal or write-ahead log that is not empty holds what the file itself does not say. */
static bool has_journal(const base_place *place, const char *ending)
{
    char name[NAME_MAX + 16];
    struct stat status;

    snprintf(name, sizeof name, "%s%s", place->name, ending);
    return fstatat(place->folder, name, &status, 0) == 0 && status.st_size > 0;
}

static bool was_left_open(const base_place *place)
{
    return has_journal(place, "-journal") || has_journal(place, "-wal");
}

/* A device is in use by whoever has it open, and no store for all that. */
static bool is_no_file(const base_place *place)
{
    struct stat status;

    return fstatat(place->folder, place->name, &status, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISREG(status.st_mode);
}

static bool holds(const stores_store *store, bool (*what)(const base_place *place))
{
    base_place place;
    stores_way way;
    bool is_so = false;

    if (!stores_way_open(&way, store, NULL))
        return false;
    if (base_place_find(&place, way.path, way.folder, false, NULL)) {
        is_so = what(&place);
        base_place_done(&place);
    }
    stores_way_close(&way);
    return is_so;
}

static void tell_in_use(const stores_store *store, const char *who, base_error *error)
{
    char real[PATH_MAX];
    const stores_place *place;
    const char *page, *ending = stores_ending_of(store->kind);

    base_file_real_path(store->path, real);
    place = stores_place_of(store->kind, real);
    page = stores_page_of(store->kind, real);
    base_error_set(error, "%s: %s is in use by %s: nothing was written. How to tell: %s. Or while it runs: %s",
                   store->path, place != NULL ? place->program : store->kind, who,
                   ending != NULL ? ending : "ask the system", page != NULL ? page : "wait until it is done");
}

bool stores_may_write(const stores_store *store, base_error *error)
{
    char who[FACTS_WHO_MAX];

    if (holds(store, is_no_file)) {
        base_error_set(error, "%s is not a regular file: nothing was written", BASE_CUT(store->path));
        return false;
    }
    if (stores_is_running(store, who) == FACTS_RUNNING) {
        tell_in_use(store, who, error);
        return false;
    }
    if (strcmp(store->kind, "libsoup") == 0 && holds(store, was_left_open)) {
        base_error_set(error, "%s was not closed (a journal lies beside it): start its program and close it again",
                       store->path);
        return false;
    }
    return true;
}
