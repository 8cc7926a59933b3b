#include "stores/guard.h"

#include "stores/places.h"
#include "stores/running.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A rollback journal or write-ahead log that is not empty holds what the file itself does not say. */
static bool has_journal(const char *path, const char *ending)
{
    char name[4096];
    struct stat status;
    int length = snprintf(name, sizeof name, "%s%s", path, ending);

    return length < (int)sizeof name && stat(name, &status) == 0 && status.st_size > 0;
}

bool stores_may_write(const char *kind, const char *path, base_error *error)
{
    char who[FACTS_WHO_MAX], *real = realpath(path, NULL);
    const stores_place *place = stores_place_of(kind, real != NULL ? real : path);
    const char *page = stores_page_of(kind, real != NULL ? real : path), *ending = stores_ending_of(kind);

    free(real); /* the texts are constants */

    if (stores_is_running(kind, path, who) == FACTS_RUNNING) {
        base_error_set(error, "%s: %s is in use by %s: nothing was written. How to tell: %s. Or while it runs: %s",
                       path, place != NULL ? place->program : kind, who, ending != NULL ? ending : "ask the system",
                       page != NULL ? page : "wait until it is done");
        return false;
    }
    if (strcmp(kind, "libsoup") == 0 && (has_journal(path, "-journal") || has_journal(path, "-wal"))) {
        base_error_set(error, "%s was not closed (a journal lies beside it): start its program and close it again",
                       path);
        return false;
    }
    return true;
}
